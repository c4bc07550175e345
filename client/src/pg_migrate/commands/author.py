"""Commands that write revisions: init, revision, merge, edit."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from ..app import App
from ..cli import command, models_option
from ..complete import revisions
from ..config import FILE
from ..errors import Refused, Usage
from ..folder import write_whole
from ..graph import Node, check_new_name, names, parse_list
from ..models import ALEMBIC
from ..revision import Revision, file_name, read, shown, text_of

STARTER = """\
# Settings of pg-migrate.  Each is an option of the commands, too.

folder = {folder}
{python}{models}
# Where to connect.  ${{NAME}} is a variable of the environment; where this is
# left out it is {otherwise}.
{url}

# [databases.production]
# url = "${{PRODUCTION_URL}}"

{settings}
"""
MODELS = """
# What the tables shall be: SQLAlchemy or SQLModel as MODULE:NAME, or a file of
# DDL as schema.sql.
{models}
"""
ALEMBIC_MODELS = """
# What the tables shall be: what env.py hands to Alembic, with its hooks.
# "app.models:Base" instead, or also "schema.sql" behind it, will do as well.
models = {models}
"""


@command(
    "init",
    """
    pg-migrate init --models app.db.models:Base
    pg-migrate init --from-alembic
    """,
)
@click.argument("directory", default="")
@click.option("--models", metavar="MODULE:NAME", help="The models.")
@click.option(
    "--from-alembic",
    is_flag=True,
    help="Take models, URL and names of files from alembic.ini and env.py, "
    "and write the revisions as files; with --models FILE, FILE:SECTION or "
    "MODULE:NAME, a function that returns Alembic's Config.",
)
@click.option(
    "--extension",
    is_flag=True,
    help="Also create the extension, in schema migrate (superusers).",
)
def init_command(
    app: App,
    directory: str,
    models: str | None,
    from_alembic: bool,
    extension: bool,
) -> int:
    """Begin: write pg-migrate.toml, make the folder."""
    there = app.config.file
    written = []
    status = 0
    if there is None:
        if from_alembic:
            models = alembic_file(models)
        directory = directory or free_folder(from_alembic)
        text = starter(app, directory, models, from_alembic)
        write_whole(Path(FILE), text)
        written.append(FILE)
        del app.__dict__["config"]
        if not Path(directory).is_dir():
            written.append(f"{directory}/")
        Path(directory).mkdir(parents=True, exist_ok=True)
    elif not extension:
        app.output.note(f"{app.relative(there)} is there and stays")
    for path in written:
        app.output.line(f"written  {path}")
    convert = from_alembic and there is None and has_revisions(app)
    if convert:
        from .files import convert_alembic

        status = convert_alembic(app, app.config.folders[0], [])
    if extension:
        create_extension(app)
    app.output.json({"written": written})
    if convert:
        return status
    if app.config.models:
        app.output.next('pg-migrate revision --autogenerate -m "..."')
    elif there and models:
        app.output.next(f'models = "{models}" in {app.relative(there)}')
    else:
        app.output.next(
            'pg-migrate revision -m "..."; or models = ... in pg-migrate.toml'
        )
    return status


def has_revisions(app: App) -> bool:
    """Tell whether there is something to convert."""
    return bool(app.alembic and app.alembic.about["revisions"])


def starter(
    app: App, directory: str, models: str | None, from_alembic: bool
) -> str:
    """Return the text of a new file with settings."""
    quoted = json.dumps
    values = {
        "folder": quoted(directory),
        "python": "",
        "otherwise": "DATABASE_URL, or PGHOST and the like",
        "url": '# url = "${DATABASE_URL}"',
        "settings": '# [settings]\n# lock_timeout = "2s"',
    }
    if app.config.python:
        values["python"] = f"python = {quoted(app.config.python)}\n"
    if from_alembic and models:
        values["models"] = ALEMBIC_MODELS.format(models=quoted(models))
        app.config.models = [models]
        if app.alembic is None:
            raise Usage(
                f"{models} has no settings of Alembic",
                next="pg-migrate init --from-alembic --models "
                "PATH/alembic.ini",
            )
        about = app.alembic.about
        if about["problem"]:
            app.output.warn(
                "env.py does not run here; commands that need it ask again: "
                + about["problem"]
            )
        values["otherwise"] = "what env.py says"
        if about["variable"]:
            values["url"] = f'url = "${{{about["variable"]}}}"'
        template = about["file_template"]
        if template and "%(rev)s" not in template:
            template += "_%(rev)s"
            app.output.note(
                "file_template gets a %(rev)s, which makes names unique"
            )
        if template:
            values["settings"] = (
                f"[settings]\nfile_template = {quoted(template)}"
            )
    else:
        comment = "" if models else "# "
        line = f"{comment}models = {quoted(models or 'app.db.models:Base')}"
        values["models"] = MODELS.format(models=line)
    return STARTER.format(**values)


def alembic_file(named: str | None) -> str:
    """Return where Alembic's settings are, as models = ... has it."""
    if named:
        called = f"alembic:{named}"
        is_called = not ALEMBIC.match(named) and ALEMBIC.match(called)
        return called if is_called else named
    here = Path(os.environ.get("ALEMBIC_CONFIG", "alembic.ini"))
    found = [here] if here.is_file() else sorted(Path().glob("*/alembic.ini"))
    pyproject = Path("pyproject.toml")
    if (
        not found
        and pyproject.is_file()
        and "[tool.alembic]" in pyproject.read_text("utf-8")
    ):
        found = [pyproject]
    if len(found) == 1:
        return found[0].as_posix()
    if not found:
        raise Usage(
            "there is no alembic.ini here",
            next="pg-migrate init --from-alembic --models PATH/alembic.ini",
        )
    raise Usage(
        "there are several: " + ", ".join(path.as_posix() for path in found),
        next=f"pg-migrate init --from-alembic --models {found[0]}",
    )


def free_folder(from_alembic: bool) -> str:
    """Return the folder for the files: not one that is Alembic's."""
    if from_alembic and any(Path("migrations").glob("*.py")):
        return "revisions"
    return "migrations"


def create_extension(app: App) -> None:
    """Create the extension where it is missing."""
    server = app.bare_server
    try:
        server.find_extension()
        app.output.line("the extension is there already")
    except Refused:
        try:
            with server.transaction():
                server.query("CREATE SCHEMA IF NOT EXISTS migrate")
                server.query("CREATE EXTENSION pg_migrations SCHEMA migrate")
        except Refused as failure:
            if failure.code != "42501":
                failure.next = "docs/install.md, on the machine of the server"
            raise
        app.output.line(f"created the extension in {server.place}")


def now() -> str:
    """Return the time, as headers have it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f+00")


def new_id(app: App, rev_id: str | None) -> str:
    """Return the id of a new revision."""
    if rev_id is None:
        return secrets.token_hex(6)
    return check_new_id(app, rev_id)


def check_new_id(app: App, rev_id: str) -> str:
    """Return an id that somebody has chosen, unless it is taken."""
    check_new_name(rev_id)
    if rev_id in app.folder.revisions or rev_id in app.folder.graph.labels:
        raise Usage(
            f'"{rev_id}" is taken',
            code="MG013",
            next=f"pg-migrate show {rev_id}",
        )
    return rev_id


def check_message(app: App, message: str) -> tuple[str, str]:
    """Return message and description."""
    subject, _, description = message.strip().partition("\n")
    if not subject.strip():
        raise Usage("what does the revision do?", next='-m "..."')
    graph = app.folder.graph
    if subject in graph.nodes or subject in graph.labels:
        raise Usage(
            f'the message "{subject}" is a revision',
            code="MG013",
            next=f"pg-migrate show {subject}, or another message",
        )
    return subject.strip(), description.strip("\n")


def parents_of(app: App, head: str, splice: bool) -> list[Node]:
    """Return what a new revision stands on."""
    graph = app.folder.graph
    nodes: list[Node] = []
    for ident in parse_list(head):
        found = (
            graph.resolve_relative(ident)
            if ident.offset is not None and ident.name
            else None
        )
        for node in [found] if found else graph.resolve_many(ident):
            if node in nodes:
                raise Usage(
                    f"revision {node.id} is given twice",
                    code="MG012",
                    next="each of them once",
                )
            if node.children and not splice:
                raise Usage(
                    f"revision {node.id} is not a head",
                    detail="On it stands: "
                    + ", ".join(child.id for child in node.children),
                    code="MG012",
                    next="--splice makes a branch there",
                )
            nodes.append(node)
    return nodes


def dependencies(app: App, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return dependencies as they are written: whole ids, or labels."""
    graph = app.folder.graph
    result = []
    for text in names:
        for ident in parse_list(text):
            node = graph.resolve_one(ident)
            if node is None:
                raise Usage("base cannot be depended on", next="a revision")
            known = ident.name in graph.labels and ident.branch is None
            result.append(ident.name if known else node.id)
    return tuple(dict.fromkeys(result))


def new_revision(
    app: App,
    parents: list[Node],
    texts: tuple[str, str],
    rev_id: str | None,
    branch_label: str | None,
    depends_on: tuple[str, ...],
) -> Revision:
    """Return a revision that does nothing yet."""
    message, description = texts
    return Revision(
        id=new_id(app, rev_id),
        parents=tuple(node.id for node in parents),
        message=message,
        description=description,
        labels=(branch_label,) if branch_label else (),
        depends_on=dependencies(app, depends_on),
        created=now(),
        upgrade="",
        downgrade="",
    )


def write_revision(
    app: App, revision: Revision, next_command: str, edit: bool
) -> None:
    """Write the file of a new revision into the first folder."""
    folder = app.folder.paths[0]
    name = file_name(app.config.file_template, revision)
    path = folder / name
    if path.exists():
        raise Usage(f"{path} exists", next="another message, or --rev-id")
    write_whole(path, text_of(revision))
    tell_written(app, revision.id, path, next_command)
    if edit:
        open_editor(path)


def tell_written(
    app: App, revision: str, path: Path, next_command: str
) -> None:
    """Say which file a revision is in."""
    shown = app.relative(path)
    app.output.line(shown)
    app.output.json({"revision": revision, "file": shown})
    app.output.next(next_command)


options_of_new = [
    click.option("--rev-id", metavar="ID", help="Instead of a random one."),
    click.option(
        "--branch-label", metavar="LABEL", help="A name for the branch."
    ),
    click.option(
        "--depends-on",
        multiple=True,
        metavar="REVISION",
        help="What must be applied before, beside the parent.",
    ),
    click.option(
        "-e", "--edit", is_flag=True, help="Open the file in $EDITOR."
    ),
]


def with_options(function: Any) -> Any:
    """Add the options that revision and merge share."""
    for option in reversed(options_of_new):
        function = option(function)
    return function


@command(
    "revision",
    """
    pg-migrate revision -m "add message.kind"
    pg-migrate revision --autogenerate -m "add message.kind"
    """,
)
@click.option("-m", "--message", help="What it does.")
@click.option(
    "--autogenerate",
    is_flag=True,
    help="Write both scripts: from the revisions to the models.",
)
@click.option(
    "--head",
    default="head",
    metavar="REVISION",
    shell_complete=revisions,
    help="What it stands on; base begins anew.",
)
@click.option("--splice", is_flag=True, help="The parent need not be a head.")
@click.option(
    "--amend",
    is_flag=True,
    help="Generate the newest revision anew, if it is not applied.",
)
@click.option(
    "--against",
    type=click.Choice(["revisions", "database"]),
    help="What the models are compared with; else the revisions, and the "
    "database where these cannot be built.",
)
@models_option
@with_options
def revision_command(
    app: App,
    message: str | None,
    autogenerate: bool,
    head: str,
    splice: bool,
    amend: bool,
    against: str | None,
    rev_id: str | None,
    branch_label: str | None,
    depends_on: tuple[str, ...],
    edit: bool,
) -> None:
    """Write a new revision file, empty or from the models."""
    if (amend or against) and not autogenerate:
        raise Usage(
            "--amend and --against belong to --autogenerate",
            next="pg-migrate revision --autogenerate --amend",
        )
    if not message and not amend:
        raise Usage("what does the revision do?", next='-m "..."')
    texts = check_message(app, message) if message else ("", "")
    if branch_label:
        check_new_name(branch_label)
    if autogenerate:
        from ..generate import Wanted, autogenerate_revision

        wanted = Wanted(
            message=message,
            head=head,
            splice=splice,
            amend=amend,
            rev_id=new_id(app, rev_id) if rev_id else None,
            branch_label=branch_label,
            depends_on=dependencies(app, depends_on),
            against=against,
        )
        path = autogenerate_revision(app, wanted)
        if path is not None and edit:
            open_editor(path)
        return
    parents = parents_of(app, head, splice)
    revision = new_revision(
        app, parents, texts, rev_id, branch_label, depends_on
    )
    write_revision(
        app, revision, f"pg-migrate edit {revision.id}, then upgrade", edit
    )


@command(
    "merge",
    """
    pg-migrate merge -m "merge the two"
    pg-migrate merge ae10 5e6f
    """,
)
@click.argument(
    "named", nargs=-1, metavar="[REVISION]...", shell_complete=revisions
)
@click.option(
    "-m",
    "--message",
    default="merge heads",
    show_default=True,
    help="What it does.",
)
@click.option("--splice", is_flag=True, help="They need not be heads.")
@with_options
def merge_command(
    app: App,
    named: tuple[str, ...],
    message: str,
    splice: bool,
    rev_id: str | None,
    branch_label: str | None,
    depends_on: tuple[str, ...],
    edit: bool,
) -> None:
    """Join heads by a revision that does nothing.

    All of them, or those that are named.
    """
    texts = check_message(app, message)
    if branch_label:
        check_new_name(branch_label)
    graph = app.folder.graph
    if not named or named == ("heads",):
        parents = graph.heads()
        app.warn_of_gap()
    else:
        parents = parents_of(app, ",".join(named), splice)
    if len(parents) < 2:
        only = parents[0].id if parents else "none"
        raise Usage(
            f"there is nothing to merge: the only head is {only}",
            code="MG012",
            next="pg-migrate heads",
        )
    revision = new_revision(
        app, parents, texts, rev_id, branch_label, depends_on
    )
    write_revision(app, revision, "pg-migrate upgrade", edit)


def open_editor(path: Path) -> None:
    """Open a file in the user's editor, and look at what comes of it."""
    before = path.read_text("utf-8")
    click.edit(filename=str(path))
    text = path.read_text("utf-8")
    if text != before:
        read(text, str(path))


@command("edit", "pg-migrate edit ae10")
@click.argument(
    "name", metavar="[REVISION]", default="head", shell_complete=revisions
)
def edit_command(app: App, name: str) -> None:
    """Open a revision's file in $EDITOR."""
    if name == "current":
        applied = app.server.applied(app.schema)
        name = ",".join(applied) or "base"
    node = one_node(app, name)
    path = app.folder.file_of(node.id)
    open_editor(path)
    tell_written(app, node.id, path, "pg-migrate upgrade")


def one_node(app: App, name: str) -> Node:
    """Return the one revision that a name stands for."""
    nodes = app.folder.graph.resolve_target(name)
    if len(nodes) != 1:
        raise Usage(
            f'"{name}" is not one revision, but: {names(nodes) or "none"}',
            code="MG001",
            next="pg-migrate heads",
        )
    return nodes[0]


@command(
    "squash",
    """
    pg-migrate squash ae10:40d7 -m "the first year"
    """,
)
@click.argument("span", metavar="A:B", shell_complete=revisions)
@click.option(
    "-m", "--message", help="What they do together; else that of the last."
)
def squash_command(app: App, span: str, message: str | None) -> None:
    """Make one revision of several in a line.

    In the database and in the folder; it keeps the id of the last.  Do it in
    each other database, too, before its next upgrade: there the files may be
    gone already.
    """
    first, colon, last = span.partition(":")
    if not (first and colon and last):
        raise Usage(
            f'"{span}" is not a range', next="pg-migrate squash ae10:40d7"
        )
    server = app.server
    end = one_node(app, last)
    first = squash_begin(app, first)
    with server.transaction():
        if first in app.folder.revisions:
            server.store(app.folder.bundle)
        before = stored(app)
        try:
            was = server.value("migrate_export", revision=end.id)
            revision = server.value(
                "migrate_squash",
                range=f"{first}:{end.id}",
                message=message or end.revision.message,
            )
        except Refused as failure:
            there = first in app.folder.revisions
            if failure.code == "MG002" or (
                failure.code == "MG014" and not there
            ):
                failure.next = (
                    "pg-migrate upgrade, with the files from before the "
                    "squash if it has some of them; then the same again"
                )
            raise
        gone = sorted(before - stored(app))
        text = server.value("migrate_export", revision=revision)
        changes = squash_files(app, end, gone)
        if end.revision.upgrade == read(was, "")[0].upgrade:
            changes[Path(end.revision.path)] = text
    for path, content in changes.items():
        if content is None:
            path.unlink()
            app.output.line(f"removed  {app.relative(path)}")
        else:
            write_whole(path, content)
            app.output.line(f"changed  {app.relative(path)}")
    app.output.wrapped(f"{revision} takes in {', '.join(gone)}", 2)
    app.output.json({"revision": revision, "gone": gone})
    app.output.next(
        "commit it; then the same with each other database, before its "
        "next upgrade"
    )


def squash_begin(app: App, first: str) -> str:
    """Return the beginning of a range as the server shall take it.

    Its file may be gone: another database was first.
    """
    try:
        nodes = app.folder.graph.resolve_target(first)
    except Usage as failure:
        if failure.code != "MG002":
            raise
        return first
    if len(nodes) > 1:
        return one_node(app, first).id
    return nodes[0].id if nodes else "base"


def squash_files(
    app: App, end: Node, gone: list[str]
) -> dict[Path, str | None]:
    """Return the files that go; refuse where one cannot be changed."""
    folder = app.folder
    changes: dict[Path, str | None] = {}
    for name in (end.id, *gone):
        revision = folder.revisions.get(name)
        if revision is None:
            continue
        if revision.path in folder.shared or revision.upgrade is None:
            raise Usage(
                f"{shown(revision.path)} cannot be changed: it is another "
                "tool's, or has several revisions",
                next="a file for each revision",
            )
        if name != end.id:
            changes[Path(revision.path)] = None
    return changes


def stored(app: App) -> set[str]:
    """Return the revisions that are stored."""
    rows = app.server.query("SELECT revision FROM {mig}.migrate_revision")
    return {row["revision"] for row in rows}
