"""Revisions from the models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .app import App
from .errors import Failure, Usage
from .folder import bundle_parts, write_whole
from .hooks import leave_alone, process_directives
from .revision import file_name, read, text_of

# The revisions cannot be built in a shadow
NOT_BUILT = ("MG043", "MG041")


@dataclass
class Wanted:
    """What the revision shall be."""

    message: str | None
    head: str = "head"
    splice: bool = False
    amend: bool = False
    rev_id: str | None = None
    branch_label: str | None = None
    depends_on: tuple[str, ...] = ()
    against: str | None = None


def compared_with(app: App, against: str | None) -> bool:
    """Tell whether the models are compared with the revisions."""
    return against != "database" and bool(app.folder.revisions)


def autogenerate_revision(app: App, wanted: Wanted) -> Path | None:
    """Write the revision that leads to the models; None: nothing differs.

    All of it happens in a transaction that is rolled back: the file is what
    comes of it, and the next upgrade brings it to the database.
    """
    from .commands.author import check_new_id

    server = app.server
    folder = app.folder
    arguments = {
        **app.comparison(),
        "message": wanted.message or amended_message(app),
        "amend": wanted.amend or None,
        "head": wanted.head,
        "rev_id": wanted.rev_id,
        "branch_label": wanted.branch_label,
        "depends_on": ",".join(wanted.depends_on) or None,
    }
    if folder.revisions and not wanted.amend:
        arguments["head"] = parent(app, wanted)
    elif not folder.revisions:
        arguments["head"] = "base"
    if compared_with(app, wanted.against):
        base = arguments["head"]
        if wanted.amend:
            nodes = folder.graph.resolve_target("head")
            base = ",".join(nodes[0].revision.parents) or "base"
        arguments["against"] = base
    with server.transaction(keep=False):
        forget_others(app)
        server.store(folder.bundle)
        revision = generated(app, arguments)
        text = (
            server.value("migrate_export", revision=revision, file_names=True)
            if revision
            else ""
        )
    made = None
    if revision:
        name, content = bundle_parts(text)[0]
        built = read(content, name)[0]
        made = process_directives(app, built)
    if made is None:
        app.output.line(f"{app.models_name}: no changes")
        app.output.json({"revision": None, "file": None})
        return None
    if made != built:
        if made.id != revision:
            check_new_id(app, made.id)
        name = file_name(app.config.file_template, made)
        content = text_of(made)
    if revision in folder.revisions:
        path = folder.file_of(revision)
    else:
        path = folder.paths[0] / name
    write_whole(path, content)
    tell(app, made.id, path, content)
    return path


def forget_others(app: App) -> None:
    """Remove what is neither in the folder nor applied.

    A file that was deleted leaves its revision in the database until a sync;
    the new one may stand where it stood.
    """
    server = app.server
    rows = server.query(
        "SELECT revision FROM {mig}.migrate_revision r"
        " WHERE revision <> ALL (%s) AND NOT EXISTS"
        " (SELECT FROM {mig}.migrate_applied a"
        " WHERE a.revision = r.revision)",
        (list(app.folder.revisions),),
    )
    gone = [row["revision"] for row in rows]
    for revision in server.above(gone):
        if revision in gone:
            server.rows("migrate_remove", revision=revision)


def forget_strangers(app: App) -> None:
    """Leave out what others have applied here and the folder lacks.

    The head of the folder is no head in a database that has more.
    """
    server = app.server
    rows = server.query(
        "SELECT DISTINCT schema_name FROM {mig}.migrate_applied"
        " WHERE revision <> ALL (%s)",
        (list(app.folder.revisions),),
    )
    for row in rows:
        server.rows(
            "migrate_stamp",
            target="base",
            schema=row["schema_name"],
            purge=True,
        )
    if rows:
        forget_others(app)


def amended_message(app: App) -> str:
    """Return the message that a revision keeps when it is made anew."""
    nodes = app.folder.graph.resolve_target("head")
    if not nodes:
        raise Usage("there is no revision to amend", next='-m "..."')
    return nodes[0].revision.message


def parent(app: App, wanted: Wanted) -> str:
    """Return the parents of the new revision, which are in the folder."""
    from .commands.author import parents_of

    nodes = parents_of(app, wanted.head, wanted.splice)
    return ",".join(node.id for node in nodes) or "base"


def generated(app: App, arguments: dict[str, Any]) -> str | None:
    """Call migrate_autogenerate(); fall back to the database."""
    server = app.server
    if "against" not in arguments:
        leave_alone(app, arguments)
        return server.text("migrate_autogenerate", **arguments)
    try:
        with server.savepoint():
            if not arguments["amend"]:
                forget_strangers(app)
            leave_alone(app, arguments)
            return server.text("migrate_autogenerate", **arguments)
    except Failure as failure:
        if failure.code not in NOT_BUILT:
            raise
        say_fallback(app, failure)
    del arguments["against"]
    return generated(app, arguments)


def say_fallback(app: App, failure: Failure) -> None:
    """Say that the database stands in for the revisions, and why."""
    app.output.warn(
        "the revisions cannot be built; comparing with the database: "
        + failure.message
    )


def tell(app: App, revision: str, path: Path, content: str) -> None:
    """Say which file was written and what to look at in it."""
    shown = app.relative(path)
    output = app.output
    output.line(shown)
    found = hazards(content)
    for line, text in found:
        output.wrapped(f"{line:5}  {text}", 7, "yellow")
    output.json(
        {
            "revision": revision,
            "file": shown,
            "hazards": [{"line": n, "text": text} for n, text in found],
        }
    )
    output.next(f"review it (pg-migrate edit {revision}), then upgrade")


# Comments of generated scripts: the name of the hazard, then what it is.
HAZARD = re.compile(r"-- ([A-Za-z][A-Za-z -]*: .+)")


def hazards(content: str) -> list[tuple[int, str]]:
    """Return the hazards of the upgrade script, with their lines."""
    found = []
    inside = False
    for number, line in enumerate(content.splitlines(), 1):
        if line.startswith("-- migrate:"):
            inside = line == "-- migrate:upgrade"
        match = HAZARD.match(line)
        if inside and match:
            found.append((number, match.group(1)))
    return found
