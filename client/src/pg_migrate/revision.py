"""A revision as its file tells it: reading and writing one."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from .errors import Usage

HEADERS = (
    "revision",
    "down_revision",
    "message",
    "branch_labels",
    "depends_on",
    "transactional",
    "created",
)
HEADER = re.compile(r"-- ([a-z_]+):[ \t]*(.*?)[ \t]*\Z")
SECTION = re.compile(r"-- migrate:(upgrade|downgrade|verify)[ \t]*\Z")


@dataclass(frozen=True)
class Revision:
    """One revision, as far as its file tells."""

    id: str
    parents: tuple[str, ...] = ()
    message: str = ""
    labels: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    created: str = ""  # as text: UTC, which sorts
    description: str = ""
    transactional: bool | None = None
    upgrade: str | None = None
    downgrade: str | None = None
    verify: str | None = None
    path: str = ""
    line: int = 1


def utc(text: str) -> str:
    """Return a date of a header in UTC, in a form that sorts as text."""
    match = re.fullmatch(
        r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?"
        r"\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?",
        text,
    )
    if match is None:
        return text
    day, time, fraction, zone = match.groups()
    if time.count(":") == 1:
        time += ":00"
    zone = "+00" if zone in (None, "Z", "UTC") else zone
    digits = zone[1:].replace(":", "").ljust(4, "0")
    moment = datetime.fromisoformat(
        f"{day} {time}.{(fraction or '').ljust(6, '0')}"
        f"{zone[0]}{digits[:2]}:{digits[2:]}"
    ).astimezone(timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f+00")


def shown(path: str | Path) -> str:
    """Return a path as it is typed from here."""
    short = os.path.relpath(path)
    return str(path) if short.startswith("../..") else short


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def read(text: str, path: str) -> list[Revision]:
    """Return the revisions of a file of our own format.

    Nothing where it is not in that format.  What is malformed is refused with
    its line; what the scripts hold is the server's to judge.
    """
    lines = text.split("\n")
    if lines and lines[0].endswith("\r"):
        lines = [line[:-1] if line.endswith("\r") else line for line in lines]
    starts = [
        n for n, line in enumerate(lines) if line.startswith("-- revision:")
    ]
    if not starts:
        return []
    # headers may stand above the first one's line of the id
    starts[0] = 0
    ends = [*starts[1:], len(lines)]
    return [
        _read_one(lines[start:end], path, start + 1)
        for start, end in zip(starts, ends)
    ]


def _read_one(lines: list[str], path: str, first: int) -> Revision:
    fields: dict[str, str] = {}
    description: list[str] = []
    sections: dict[str, list[str]] = {}
    section: list[str] | None = None

    def refuse(number: int, detail: str) -> Usage:
        where = os.path.basename(path)
        return Usage(
            f'malformed revision file "{where}" at line {first + number}',
            detail=detail,
            code="MG030",
            next="an editor; the headers are " + ", ".join(HEADERS),
            file=shown(path),
            line=first + number,
        )

    for number, line in enumerate(lines):
        mark = SECTION.match(line)
        if mark:
            if mark.group(1) in sections:
                raise refuse(number, f"A second section {mark.group(1)}.")
            section = sections.setdefault(mark.group(1), [])
            continue
        if section is not None:
            section.append(line)
            continue
        header = HEADER.match(line)
        if header and line[3] != " ":
            if header.group(1) not in HEADERS:
                raise refuse(
                    number, f'There is no header "{header.group(1)}".'
                )
            if header.group(1) in fields:
                raise refuse(
                    number, f'Header "{header.group(1)}" is given twice.'
                )
            fields[header.group(1)] = header.group(2)
        elif line.startswith("--   "):
            description.append(line[5:])
        elif line.strip() == "--":
            description.append("")
        elif line.strip() and not line.startswith("-- migrate:file "):
            raise refuse(number, "Neither a header nor an empty line.")
    if not fields.get("revision"):
        raise refuse(0, "The id of the revision is missing.")
    if "upgrade" not in sections:
        raise refuse(len(lines) - 1, 'There is no line "-- migrate:upgrade".')
    scripts = {name: _script(body) for name, body in sections.items()}
    transactional = fields.get("transactional")
    return Revision(
        id=fields["revision"],
        parents=_list(fields.get("down_revision", "")),
        message=fields.get("message", ""),
        labels=_list(fields.get("branch_labels", "")),
        depends_on=_list(fields.get("depends_on", "")),
        created=utc(fields.get("created", "")),
        description="\n".join(description).strip("\n"),
        transactional=(transactional == "yes" if transactional else None),
        upgrade=scripts["upgrade"],
        downgrade=scripts.get("downgrade"),
        verify=scripts.get("verify"),
        path=path,
        line=first,
    )


def _script(lines: list[str]) -> str:
    """Return a script without empty lines before and white space behind."""
    while lines and not lines[0].strip():
        lines = lines[1:]
    return "\n".join(lines).rstrip()


def text_of(revision: Revision) -> str:
    """Return the text of a new file."""
    lines = [
        f"-- revision: {revision.id}",
        f"-- down_revision: {', '.join(revision.parents)}",
        f"-- message: {revision.message}",
        f"-- branch_labels: {', '.join(revision.labels)}",
        f"-- depends_on: {', '.join(revision.depends_on)}",
    ]
    if revision.transactional is not None:
        word = "yes" if revision.transactional else "no"
        lines.append(f"-- transactional: {word}")
    lines.append(f"-- created: {revision.created}")
    lines += [f"--   {line}" for line in revision.description.splitlines()]
    for name in ("upgrade", "downgrade", "verify"):
        script = getattr(revision, name)
        if script is not None:
            lines += ["", f"-- migrate:{name}"]
            lines += [script] if script else []
    return "\n".join(line.rstrip() for line in lines) + "\n"


# ---------------------------------------------------------------------------
# Names of files
# ---------------------------------------------------------------------------

DEFAULT_TEMPLATE = "YYYYMMDD_HHMM_<revision>_<slug>"
LETTERS = (
    ("YYYY", "year"),
    ("DD", "day"),
    ("HH", "hour"),
    ("MI", "minute"),
    ("SS", "second"),
)
DIGITS = {"year": 4, "epoch": 0}


def slug(message: str) -> str:
    """Return the words of a message, as many as fit."""
    text = "_".join(re.findall(r"\w+", message.lower()))
    if len(text) > 40:
        text = text[:40].rsplit("_", 1)[0] + "_"
    return text


def file_name(template: str, revision: Revision) -> str:
    """Return the name that a new file gets, as the server would name it."""
    moment = datetime.fromisoformat(revision.created.replace("+00", "+00:00"))
    values: dict[str, object] = {
        "revision": revision.id,
        "rev": revision.id,
        "slug": slug(revision.message),
        "epoch": int(moment.timestamp()),
    }
    for part in ("year", "month", "day", "hour", "minute", "second"):
        values[part] = getattr(moment, part)

    def padded(name: str, digits: str | None = None) -> str:
        if name not in values:
            raise Usage(
                f'file_template has no part "{name}"',
                next="revision, slug, epoch, year, month, day, hour, minute "
                "or second",
            )
        value = values[name]
        if isinstance(value, str):
            return value
        width = int(digits or 0) or (
            DIGITS.get(name, 2) if digits is None else 0
        )
        return str(value).zfill(width)

    def dated(match: re.Match[str]) -> str:
        word, result, hour = match.group(), "", False
        while word:
            if word.startswith("MM"):
                part, length = ("minute" if hour else "month"), 2
            else:
                known = [p for p in LETTERS if word.startswith(p[0])]
                if not known:
                    return match.group()
                part, length = known[0][1], len(known[0][0])
            result += padded(part)
            hour = part == "hour"
            word = word[length:]
        return result

    def put_in(match: re.Match[str]) -> str:
        if match.group("angle"):
            return padded(match.group("angle"))
        if match.group("name"):
            digits = (match.group("digits") or "").replace(".", "")
            return padded(match.group("name"), digits or None)
        if match.group("percent"):
            return "%"
        return dated(match)

    result = re.sub(
        r"<(?P<angle>\w+)>|%%?\((?P<name>\w+)\)(?P<digits>[.\d]*)[sd]"
        r"|(?P<percent>%%)|(?<![A-Za-z])[A-Z]+(?![A-Za-z])",
        put_in,
        template,
    )
    if not result.endswith(".sql"):
        result += ".sql"
    parts = result.split("/")
    if result.startswith("/") or ".." in parts or "" in parts:
        raise Usage(
            f'file_template leads out of the folder: "{result}"',
            next="a template without .. and / at its beginning",
        )
    return result
