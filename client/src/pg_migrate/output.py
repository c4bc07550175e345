"""What commands print: 80 columns for people, or a format for programs."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any, TextIO
from unicodedata import category, east_asian_width

import click

from .errors import Failure

WIDTH = 80
NARROWEST = 40  # a narrower terminal breaks the lines itself


@dataclass
class Finding:
    """Something that a check has to say of a place."""

    check: str
    message: str
    ok: bool = False
    file: str | None = None
    line: int | None = None
    revision: str | None = None
    next: str | None = None
    skipped: bool = False  # nothing was found out

    @property
    def whole(self) -> str:
        """The message, and how to go on."""
        return self.message + (f"\nNext: {self.next}" if self.next else "")


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)


def duration(seconds: float) -> str:
    """Return a time as minutes and seconds."""
    whole = int(seconds)
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 60}:{whole % 60:02}"


def cell(value: Any) -> str:
    """Return a value as people read it in a table, on one line."""
    if value is None:
        return ""
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, (list, tuple)):
        return ", ".join(map(cell, value))
    return " ".join(str(value).split())


def within(path: str, variable: str) -> str:
    """Return a path as it is below the root of the repository.

    Its place is in a variable of the environment, if this is a CI's.
    """
    root = os.environ.get(variable)
    if not root:
        return path
    below = os.path.relpath(os.path.realpath(path), os.path.realpath(root))
    return path if below.startswith("..") else below


# Scripts and messages may hold what a terminal takes for commands, and XML
# does not take at all.
CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], "\ufffd")
for kept in "\t\n":
    del CONTROLS[ord(kept)]


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if category(sign) in ("Mn", "Me", "Cf")
        else 2
        if east_asian_width(sign) in "WF"
        else 1
        for sign in text
    )


def fitted(text: str, room: int) -> str:
    """Return a text, cut where it is too long."""
    if columns(text) <= room:
        return text
    ends = accumulate(map(columns, text))
    return text[: sum(end < room for end in ends)] + "…"


def padded(text: str, room: int) -> str:
    """Return a text with blanks up to a column."""
    return text + " " * (room - columns(text))


def painted(text: str, style: str) -> str:
    """Return a text in a style, such as "bold red"."""
    text = text.translate(CONTROLS)
    words = set(style.split())
    effects = {word: True for word in words & {"bold", "dim"}}
    color = next(iter(words - set(effects)), None)
    return click.style(text, fg=color, **effects) if words else text


class Stream:
    """Where lines go: in colours on a terminal, without them elsewhere."""

    def __init__(self, file: TextIO) -> None:
        """Look whether it is a terminal."""
        self.file = file
        dumb = os.environ.get("TERM") == "dumb"
        self.is_terminal = file.isatty() and not dumb
        plain = dumb or os.environ.get("NO_COLOR")
        self.color = False if plain else None

    def print(self, text: str, style: str = "") -> None:
        """Print a line in a style."""
        self.echo(painted(text, style) + "\n")

    def echo(self, text: str) -> None:
        """Print what is painted already."""
        click.echo(text, file=self.file, nl=False, color=self.color)


class Output:
    """Where everything is printed."""

    def __init__(self, format: str = "text", quiet: bool = False) -> None:
        """Print in a format; quiet leaves progress and advice out."""
        self.format = format
        self.quiet = quiet
        self.answered = False  # in JSON: there is one document
        self.out = Stream(sys.stdout)
        self.err = Stream(sys.stderr)
        self.width = WIDTH
        if sys.stdout.isatty():
            columns = shutil.get_terminal_size().columns
            self.width = max(NARROWEST, min(WIDTH, columns))

    @property
    def text(self) -> bool:
        """Whether a person reads it."""
        return self.format == "text"

    # Lines

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line of the result."""
        if self.text:
            self.out.print(text, style)

    def wrapped(self, text: str, indent: int, style: str = "") -> None:
        """Print a line, and what is too long for it below."""
        for line in self.pieces(text, indent):
            self.line(line, style)

    def pieces(self, text: str, indent: int, room: int = 0) -> list[str]:
        """Break a line that is too long, or has no room for what is before."""
        return textwrap.wrap(
            text,
            self.width - room,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def raw(self, text: str) -> None:
        """Print what other programs read: SQL, or a file."""
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()

    def note(self, text: str, style: str = "") -> None:
        """Say something beside the result."""
        if not self.quiet:
            indent = len(text) - len(text.lstrip()) + 2
            for piece in self.pieces(text, indent) or [""]:
                self.err.print(piece, style)

    def warn(self, text: str) -> None:
        """Say something that somebody has to know."""
        for piece in self.pieces(f"pg-migrate: warning: {text}", 2):
            self.err.print(piece, "yellow")

    def next(self, command: str) -> None:
        """Say how to go on."""
        if self.text and not self.quiet:
            self.wrapped(f"Next: {command}", 2, "dim")

    def json(self, value: Any) -> None:
        """Print the result for a program."""
        if self.format == "json":
            self.answered = True
            self.raw(
                json.dumps(value, default=plain, indent=2, ensure_ascii=False)
            )

    def table(
        self,
        rows: Iterable[Sequence[Any]],
        grow: int = -1,
        styles: Sequence[str] = (),
    ) -> None:
        """Print rows in columns; the one that grows is cut to fit."""
        cells = [[cell(value) for value in row] for row in rows]
        if not cells or not self.text:
            return
        count = len(cells[0])
        grow = grow % count
        widths = [max(columns(row[i]) for row in cells) for i in range(count)]
        others = sum(w + 2 for i, w in enumerate(widths) if w and i != grow)
        widths[grow] = max(8, min(widths[grow], self.width - others))
        for row in cells:
            line, gap = "", 0
            for i, text in enumerate(row):
                style = styles[i] if i < len(styles) else ""
                if text:
                    text = fitted(text, widths[i])
                    line += " " * gap + painted(text, style)
                    gap = -columns(text)
                gap += widths[i] + 2 if widths[i] else 0
            self.out.echo(line + "\n")

    # Failures

    def failure(self, failure: Failure) -> None:
        """Print what has gone wrong, with the next command.

        To a result in JSON that is there already it is said beside it.
        """
        if self.format == "json" and not self.answered:
            self.json(
                {
                    "error": {
                        "status": failure.status,
                        "code": failure.code,
                        "message": failure.message,
                        "detail": failure.detail,
                        "hint": failure.hint,
                        "context": failure.context,
                        "file": failure.file,
                        "line": failure.line,
                        "next": failure.next,
                    }
                }
            )
            return
        if self.format not in ("text", "json"):
            found = Finding("pg-migrate", failure.whole, next=failure.next)
            found.file, found.line = failure.file, failure.line
            self._formatted([found], "ci")
        code = f" {failure.code}" if failure.code else ""
        for line in f"pg-migrate: error{code}: {failure.message}".splitlines():
            for piece in self.pieces(line, 2):
                self.err.print(piece, "bold red")
        place = failure.file and f"{failure.file}:{failure.line}"
        for part in (failure.detail, failure.hint, failure.context, place):
            for line in (part or "").splitlines():
                for piece in self.pieces("  " + line, 4):
                    self.err.print(piece)
        for piece in self.pieces(f"Next: {failure.next or '--help'}", 2):
            self.err.print(piece, "dim")

    # Findings of checks, for programs

    def findings(self, findings: Sequence[Finding], name: str = "ci") -> None:
        """Print findings in the format that was asked for.

        A report goes into a file; the log shall tell what is wrong, too.
        """
        if self.format == "text":
            self._listed(findings, self.out)
            return
        self._formatted(findings, name)
        if self.format in ("gitlab", "junit"):
            self._listed([f for f in findings if not f.ok], self.err)

    def _listed(self, findings: Iterable[Finding], stream: Stream) -> None:
        for finding in findings:
            mark = "ok  " if finding.ok else "FAIL"
            style = "green" if finding.ok else "bold red"
            place = finding.file or ""
            if place and finding.line:
                place += f":{finding.line}"
            head = f"{finding.check:<8}  "
            first, *rest = [
                piece
                for line in self._told(finding).splitlines() or [""]
                for piece in self.pieces(line, 0, 16) or [""]
            ]
            stream.echo(painted(mark, style) + "  ")
            stream.print(head + first)
            for line in rest + ([place] if place else []):
                stream.print(f"                {line}".rstrip())

    def _told(self, finding: Finding) -> str:
        """Return the message, with advice where it is not said below."""
        return finding.message if self.text else finding.whole

    def advice(self, findings: Iterable[Finding], again: str) -> None:
        """Say how to go on from what is not good."""
        ways = [f.next for f in findings if not f.ok and f.next]
        if ways:
            self.next("; ".join([*dict.fromkeys(ways), f"then {again}"]))

    def _formatted(self, findings: Sequence[Finding], name: str) -> None:
        if self.format == "json":
            self.json(
                {
                    "ok": all(finding.ok for finding in findings),
                    "findings": [asdict(finding) for finding in findings],
                }
            )
        elif self.format == "github":
            self._github(findings)
        elif self.format == "gitlab":
            self._gitlab(findings)
        else:
            self._junit(findings, name)

    def _github(self, findings: Sequence[Finding]) -> None:
        def data(text: str) -> str:
            text = text.translate(CONTROLS)
            return text.replace("%", "%25").replace("\n", "%0A")

        for finding in findings:
            if finding.ok:
                first = finding.message.split("\n")[0].translate(CONTROLS)
                self.raw(f"ok  {finding.check}  {first}")
                continue
            where = f"title={data(finding.check).replace(',', '%2C')}"
            if finding.file:
                file = data(within(finding.file, "GITHUB_WORKSPACE"))
                file = file.replace(":", "%3A").replace(",", "%2C")
                where = f"file={file},line={finding.line or 1},{where}"
            self.raw(f"::error {where}::{data(finding.whole)}")

    def _gitlab(self, findings: Sequence[Finding]) -> None:
        from hashlib import sha256

        reports = []
        for finding in findings:
            if finding.ok:
                continue
            key = f"{finding.check}\0{finding.file}\0{finding.message}"
            reports.append(
                {
                    "description": finding.whole,
                    "check_name": finding.check,
                    "fingerprint": sha256(key.encode()).hexdigest(),
                    "severity": "major",
                    "location": {
                        "path": within(
                            finding.file or "migrations", "CI_PROJECT_DIR"
                        ),
                        "lines": {"begin": finding.line or 1},
                    },
                }
            )
        self.raw(json.dumps(reports, indent=2, ensure_ascii=False))

    def _junit(self, findings: Sequence[Finding], name: str) -> None:
        from xml.sax import saxutils

        def escape(text: str) -> str:
            return saxutils.escape(text.translate(CONTROLS))

        def quoteattr(text: str) -> str:
            return saxutils.quoteattr(text.translate(CONTROLS))

        failed = sum(not finding.ok for finding in findings)
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuite name={quoteattr('pg-migrate ' + name)} "
            f'tests="{len(findings)}" failures="{failed}" errors="0">',
        ]
        for finding in findings:
            case = finding.check + (
                f" {finding.revision}" if finding.revision else ""
            )
            start = (
                f"  <testcase classname={quoteattr('pg-migrate')} "
                f"name={quoteattr(case)}"
            )
            first = finding.message.split("\n")[0]
            if finding.ok and finding.skipped:
                lines.append(
                    f"{start}><skipped message={quoteattr(first)}/></testcase>"
                )
                continue
            if finding.ok:
                lines.append(start + "/>")
                continue
            lines += [
                start + ">",
                f"    <failure message={quoteattr(first)}>"
                f"{escape(finding.whole)}</failure>",
                "  </testcase>",
            ]
        lines.append("</testsuite>")
        self.raw("\n".join(lines))


class Progress:
    """One line for each step of a run, completed when it is over."""

    def __init__(self, output: Output) -> None:
        """Print to where results go; for programs, beside them."""
        self.output = output
        self.stream = output.out if output.text else output.err
        self.began = 0.0
        self.open = ""

    def step(self, number: str, revision: str, message: str) -> None:
        """Begin a line."""
        self.end("done")
        if self.output.quiet:
            return
        room = self.output.width - len(number) - len(revision) - 18
        self.open = f"{number} {revision}  {fitted(cell(message), room)}"
        self.began = time.monotonic()
        self._begin()

    def _begin(self) -> None:
        if self.open and self.stream.is_terminal:
            self.stream.echo(painted(self.open, ""))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let something be printed above the line that is open."""
        if self.open and self.stream.is_terminal:
            self.stream.echo(f"\r{' ' * columns(self.open)}\r")
        yield
        self._begin()

    def end(self, word: str, style: str = "green") -> None:
        """Complete the line that is open."""
        if not self.open:
            return
        if self.stream.is_terminal:
            self.stream.echo("\r")
        spent = duration(time.monotonic() - self.began)
        room = self.output.width - 8 - max(6, len(word))
        self.stream.echo(
            painted(padded(self.open, room), "")
            + painted(f"{word:>6}", style)
            + f"  {spent:>6}\n"
        )
        self.open = ""
