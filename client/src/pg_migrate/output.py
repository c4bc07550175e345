"""What commands print: 80 columns for people, or a format for programs."""

from __future__ import annotations

import json
import sys
import textwrap
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from rich.console import Console
from rich.text import Text

from .errors import Failure

WIDTH = 80


@dataclass
class Finding:
    """Something that a check has to say of a place."""

    check: str
    message: str
    ok: bool = False
    file: str | None = None
    line: int | None = None
    revision: str | None = None


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


class Output:
    """Where everything is printed."""

    def __init__(self, format: str = "text", quiet: bool = False) -> None:
        """Print in a format; quiet leaves progress and advice out."""
        self.format = format
        self.quiet = quiet
        self.answered = False  # in JSON: there is one document
        self.out = Console(highlight=False, markup=False, soft_wrap=True)
        self.err = Console(
            stderr=True, highlight=False, markup=False, soft_wrap=True
        )
        self.width = (
            min(WIDTH, self.out.width) if self.out.is_terminal else WIDTH
        )

    @property
    def text(self) -> bool:
        """Whether a person reads it."""
        return self.format == "text"

    # Lines

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line of the result."""
        if self.text:
            self.out.print(Text(text, style=style))

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
            self.err.print(Text(text, style=style))

    def warn(self, text: str) -> None:
        """Say something that somebody has to know."""
        for piece in self.pieces(f"pg-migrate: warning: {text}", 2):
            self.err.print(Text(piece, style="yellow"))

    def next(self, command: str) -> None:
        """Say how to go on."""
        if self.text and not self.quiet:
            self.out.print(Text(f"Next: {command}", style="dim"))

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
        columns = len(cells[0])
        grow = grow % columns
        widths = [max(len(row[i]) for row in cells) for i in range(columns)]
        kept = [
            i
            for i in range(columns)
            if i == grow or any(row[i] for row in cells)
        ]
        others = sum(widths[i] + 2 for i in kept if i != grow)
        widths[grow] = max(8, min(widths[grow], self.width - others))
        for row in cells:
            line = Text()
            for i in kept:
                text = row[i]
                if len(text) > widths[i]:
                    text = text[: widths[i] - 1] + "…"
                style = styles[i] if i < len(styles) else ""
                line.append(
                    text if i == kept[-1] else text.ljust(widths[i] + 2),
                    style=style,
                )
            line.rstrip()
            self.out.print(line)

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
                        "next": failure.next,
                    }
                }
            )
            return
        if self.format not in ("text", "json"):
            text = failure.message
            if failure.detail:
                text += "\n" + failure.detail
            self.findings([Finding("pg-migrate", text)])
        code = f" {failure.code}" if failure.code else ""
        for line in f"pg-migrate: error{code}: {failure.message}".splitlines():
            for piece in self.pieces(line, 2):
                self.err.print(Text(piece, style="bold red"))
        for part in (failure.detail, failure.hint, failure.context):
            for line in (part or "").splitlines():
                for piece in self.pieces("  " + line, 4):
                    self.err.print(Text(piece))
        for piece in self.pieces(f"Next: {failure.next or '--help'}", 2):
            self.err.print(Text(piece, style="dim"))

    # Findings of checks, for programs

    def findings(self, findings: Sequence[Finding], name: str = "ci") -> None:
        """Print findings in the format that was asked for."""
        if self.format == "text":
            for finding in findings:
                mark = "ok  " if finding.ok else "FAIL"
                style = "green" if finding.ok else "bold red"
                place = finding.file or ""
                if place and finding.line:
                    place += f":{finding.line}"
                head = f"{finding.check:<8}  "
                first, *rest = [
                    piece
                    for line in finding.message.splitlines() or [""]
                    for piece in self.pieces(line, 0, 16) or [""]
                ]
                self.out.print(
                    Text(mark, style=style).append(f"  {head}{first}", "")
                )
                for line in rest + ([place] if place else []):
                    self.out.print(Text(f"                {line}".rstrip()))
        elif self.format == "json":
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
            for sign, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
                text = text.replace(sign, code)
            return text

        for finding in findings:
            if finding.ok:
                continue
            where = f"title={data(finding.check).replace(',', '%2C')}"
            if finding.file:
                file = data(finding.file)
                file = file.replace(":", "%3A").replace(",", "%2C")
                where = f"file={file},line={finding.line or 1},{where}"
            self.raw(f"::error {where}::{data(finding.message)}")

    def _gitlab(self, findings: Sequence[Finding]) -> None:
        reports = []
        for finding in findings:
            if finding.ok:
                continue
            key = f"{finding.check}\0{finding.file}\0{finding.message}"
            reports.append(
                {
                    "description": finding.message,
                    "check_name": finding.check,
                    "fingerprint": sha256(key.encode()).hexdigest(),
                    "severity": "major",
                    "location": {
                        "path": finding.file or "migrations",
                        "lines": {"begin": finding.line or 1},
                    },
                }
            )
        self.raw(json.dumps(reports, indent=2, ensure_ascii=False))

    def _junit(self, findings: Sequence[Finding], name: str) -> None:
        failed = sum(not finding.ok for finding in findings)
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuite name={quoteattr('pg-migrate ' + name)} "
            f'tests="{len(findings)}" failures="{failed}">',
        ]
        for finding in findings:
            case = finding.check + (
                f" {finding.revision}" if finding.revision else ""
            )
            start = (
                f"  <testcase classname={quoteattr('pg-migrate')} "
                f"name={quoteattr(case)}"
            )
            if finding.ok:
                lines.append(start + "/>")
                continue
            first = finding.message.split("\n")[0]
            lines += [
                start + ">",
                f"    <failure message={quoteattr(first)}>"
                f"{escape(finding.message)}</failure>",
                "  </testcase>",
            ]
        lines.append("</testsuite>")
        self.raw("\n".join(lines))


class Progress:
    """One line for each step of a run, completed when it is over."""

    def __init__(self, output: Output) -> None:
        """Print to where results go; for programs, beside them."""
        self.output = output
        self.console = output.out if output.text else output.err
        self.began = 0.0
        self.open = ""

    def step(self, number: str, revision: str, message: str) -> None:
        """Begin a line."""
        self.end("done")
        if self.output.quiet:
            return
        room = self.output.width - len(number) - len(revision) - 18
        text = cell(message)
        if len(text) > room:
            text = text[: room - 1] + "…"
        self.open = f"{number} {revision}  {text}"
        self.began = time.monotonic()
        if self.console.is_terminal:
            self.console.print(Text(self.open), end="")

    def end(self, word: str, style: str = "green") -> None:
        """Complete the line that is open."""
        if not self.open:
            return
        if self.console.is_terminal:
            self.console.print("\r", end="")
        width = self.output.width - 14
        line = Text(self.open.ljust(width))
        line.append(f"{word:>6}", style=style)
        line.append(f"  {duration(time.monotonic() - self.began):>6}")
        self.console.print(line)
        self.open = ""
