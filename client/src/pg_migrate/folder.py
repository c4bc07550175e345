"""The folders of revision files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .errors import Usage
from .graph import Graph
from .revision import Revision, read, shown

# Files of other tools have their number in their name.
NUMBERED = re.compile(r"(?P<number>\d+)[^/]*?(?P<direction>\.(?:up|down))?\Z")


@dataclass(frozen=True)
class File:
    """A file and what it holds."""

    path: Path
    name: str  # below its folder
    text: str
    revisions: tuple[Revision, ...]


def _files_below(folder: Path) -> list[Path]:
    """Return all *.sql there and below; what begins with a dot is hidden."""

    def refuse(error: OSError) -> None:
        raise Usage(
            f"cannot read {shown(error.filename)}: {error.strerror}",
            next="chmod",
        )

    found = []
    for where, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in names + folders:
            if name.endswith(".sql") and not name.startswith("."):
                path = Path(where, name)
                if not path.is_file():
                    raise Usage(
                        f"cannot read {shown(path)}",
                        next="a file, or another name",
                    )
                found.append(path)
    return sorted(found, key=lambda path: str(path))


def _read_file(path: Path, name: str) -> File:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise Usage(
            f"{shown(path)} is not UTF-8 at line {line}",
            code="MG030",
            next=f"iconv -f latin1 -t utf-8 {shown(path)}",
        )
    except OSError as error:
        raise Usage(
            f"cannot read {shown(path)}: {error.strerror}", next="chmod"
        )
    text = text.lstrip("\ufeff")
    revisions = tuple(read(text.replace("\n\ufeff", "\n"), str(path)))
    return File(path, name, text, revisions)


class Folder:
    """What the revision files of one or several folders say."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Read all of them."""
        self.paths = list(paths)
        self.files: list[File] = []
        for path in self.paths:
            if not path.is_dir():
                raise Usage(
                    f"there is no folder {shown(path)}",
                    next="pg-migrate init, or --folder",
                )
            for file in _files_below(path):
                name = file.relative_to(path).as_posix()
                self.files.append(_read_file(file, name))

    @cached_property
    def revisions(self) -> dict[str, Revision]:
        """The revisions by their ids."""
        found: dict[str, Revision] = {}
        for file in self.files:
            for revision in file.revisions:
                other = found.setdefault(revision.id, revision)
                if other is not revision:
                    raise Usage(
                        f"revision {revision.id} is in two files: "
                        f"{shown(other.path)} and {shown(revision.path)}",
                        code="MG013",
                        next="delete one of them",
                    )
        for revision in self._numbered():
            found.setdefault(revision.id, revision)
        return found

    def _numbered(self) -> list[Revision]:
        """Return the revisions of files of other tools, each on the last."""
        names: dict[str, tuple[str, str]] = {}
        for file in self.files:
            if file.revisions:
                continue
            stem = Path(file.name).name[: -len(".sql")]
            match = NUMBERED.match(stem)
            if match is None:
                raise Usage(
                    f"not a revision file: {shown(file.path)}",
                    detail='There is no line "-- revision:".',
                    code="MG030",
                    next="move it away, or give it a header",
                )
            number = match.group("number")
            direction = match.group("direction") or ""
            message = stem[len(number) : len(stem) - len(direction)]
            if direction != ".down":
                names[number] = (message.lstrip("_-."), str(file.path))
            else:
                names.setdefault(number, (message, str(file.path)))
        result = []
        parents: tuple[str, ...] = ()
        for number in sorted(names, key=int):
            message, path = names[number]
            result.append(
                Revision(
                    id=number,
                    parents=parents,
                    message=message,
                    created=number.zfill(20),
                    path=path,
                )
            )
            parents = (number,)
        return result

    @cached_property
    def shared(self) -> set[str]:
        """The paths of files that have several revisions."""
        return {str(f.path) for f in self.files if len(f.revisions) > 1}

    @cached_property
    def graph(self) -> Graph:
        """The graph of the revisions."""
        return Graph(self.revisions.values())

    @cached_property
    def bundle(self) -> str:
        """All files as one text for migrate_import()."""
        parts = []
        for file in self.files:
            end = "" if file.text.endswith("\n") else "\n"
            parts.append(f"-- migrate:file {file.name}\n{file.text}{end}")
        return "".join(parts)

    @property
    def heads(self) -> list[str]:
        """The ids of the heads that nothing depends on."""
        return [node.id for node in self.graph.heads(real=True)]

    def lacks(self, names: Iterable[str]) -> list[str]:
        """Return those of some revisions that are not in the folders."""
        return [name for name in names if name not in self.revisions]

    def line_of(self, revision: str, script: str, line: int) -> int | None:
        """Return the line of a revision's file that is one of a script's."""
        known = self.revisions.get(revision)
        if known is None or known.upgrade is None:
            return None
        text = next(f.text for f in self.files if str(f.path) == known.path)
        # as read() takes them, which is how the server counts
        lines = [line.rstrip() for line in text.split("\n")]
        try:
            start = lines.index(f"-- migrate:{script}", known.line - 1) + 1
        except ValueError:
            return None
        # the script begins with its first line that is not empty
        while start < len(lines) and not lines[start].strip():
            start += 1
        return start + line

    def file_of(self, revision: str) -> Path:
        """Return the path of a revision's file."""
        return Path(self.revisions[revision].path)


# What stands before each file of a bundle
FILE_LINE = re.compile(r"^-- migrate:file (.*)\n", re.MULTILINE)


def bundle_parts(text: str) -> list[tuple[str, str]]:
    """Take what migrate_export() returns apart: names and texts."""
    parts = FILE_LINE.split(text)[1:]
    return [
        (name, content.rstrip("\n") + "\n")
        for name, content in zip(parts[::2], parts[1::2])
    ]


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_bytes(text.encode("utf-8"))
        os.replace(temporary, path)
    except OSError as error:
        raise Usage(f"cannot write {path}: {error.strerror}", next="chmod")
    finally:
        temporary.unlink(missing_ok=True)
