"""Commands for files and other tools: import, export, convert, psql."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from ..app import App
from ..cli import command
from ..complete import revisions
from ..errors import Found, NotReached, Usage
from ..folder import bundle_parts, write_whole
from ..hooks import quoted
from ..report import Report
from ..revision import Revision, read


@command("import", "pg-migrate import --dry-run --strict")
@click.option(
    "--strict",
    is_flag=True,
    help="Exit status 1, and nothing stored, if the database has revisions "
    "that the folder lacks or the folder has several heads.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what it would do, store nothing."
)
def import_command(app: App, strict: bool, dry_run: bool) -> None:
    """Store the files in the database, and run nothing."""
    if not app.folder.files:
        raise Usage("the folder has no revisions", next="--folder")
    found: list[str] = []
    with app.server.transaction(keep=not (strict or dry_run)):
        report = Report(app)
        app.server.store(app.folder.bundle)
        report.collect([])
    heads = app.folder.graph.heads()
    if len(heads) > 1 and len(app.folder.heads) > 1:
        found.append("the folder has several heads")
    if report.database_only:
        found.append("the database has revisions that are not in the folder")
    if strict and not found and not dry_run:
        app.server.store(app.folder.bundle)
    report.show()
    if strict and found:
        raise Found(
            "; ".join(found),
            detail="Nothing was stored (--strict).",
            next="pg-migrate merge, or pg-migrate export",
        )
    if dry_run:
        app.output.note("nothing was stored (--dry-run)")
    else:
        app.output.next("pg-migrate upgrade")


def same(old: Revision, new: Revision) -> bool:
    """Tell whether a file says what the database has."""
    fields = ["id", "parents", "message", "labels", "depends_on"]
    fields += ["description", "upgrade", "downgrade", "verify"]
    if old.created:
        fields.append("created")
    if any(getattr(old, f) != getattr(new, f) for f in fields):
        return False
    written = True if old.transactional is None else old.transactional
    return written == new.transactional


@command("export", "pg-migrate export ae10:head")
@click.argument(
    "names", nargs=-1, metavar="[REVISION]...", shell_complete=revisions
)
def export_command(app: App, names: tuple[str, ...]) -> None:
    """Write revisions of the database into files.

    A revision keeps the file that it has; one that says the same is not
    touched, and none is deleted.
    """
    folder = app.folder
    for file in folder.files:
        if not file.revisions:
            raise Usage(
                f"not a revision file: {file.path}",
                detail="Files of other tools are not written anew.",
                next="--folder with another folder",
            )
    exported: dict[str, tuple[str, Revision, str]] = {}
    for name in names or ("base:heads",):
        text = app.server.value(
            "migrate_export", revision=name, file_names=True
        )
        for file_name, content in bundle_parts(text or ""):
            revision = read(content, file_name)[0]
            exported[revision.id] = (file_name, revision, content)
    rows = []
    taken = {file.path for file in folder.files}
    for revision_id, (file_name, revision, content) in exported.items():
        old = folder.revisions.get(revision_id)
        path = Path(old.path) if old else folder.paths[0] / file_name
        if old is not None:
            if same(old, revision):
                continue
            if old.path in folder.shared:
                raise Usage(
                    f"a file with several revisions: {path}",
                    next="a file for each",
                )
        elif path in taken:
            raise Usage(f"another revision is in {path}", next="move it")
        write_whole(path, content)
        word = "changed" if old else "written"
        rows.append((word, revision_id, app.relative(path)))
    if not names:
        rows += [
            ("folder only", r.id, app.relative(r.path))
            for r in folder.revisions.values()
            if r.id not in exported
        ]
    app.output.json(
        [{"action": a, "revision": r, "file": f} for a, r, f in rows]
    )
    app.output.table(rows, styles=("", "yellow"))
    if not rows:
        app.output.line("the files say what the database has")


@command("adopt", "pg-migrate adopt schema_migrations")
@click.argument("version_table", default="")
def adopt_command(app: App, version_table: str) -> None:
    """Take over what another tool has applied.

    VERSION_TABLE is Alembic's, if it is left out.
    """
    server = app.server
    version_table = version_table or alembic_table(app)
    before = server.applied(app.schema)
    with server.transaction():
        server.store(app.folder.bundle)
        heads = server.value(
            "migrate_adopt", version_table=version_table, schema=app.schema
        )
    now = server.applied(app.schema)
    app.output.json({"adopted": heads, "before": before, "current": now})
    if before == now:
        app.output.line(f"adopted already: at {', '.join(now) or 'base'}")
    else:
        app.output.line(f"adopted {version_table}: at {', '.join(now)}")
    app.output.next("pg-migrate plan")


def alembic_table(app: App) -> str:
    """Return the name of Alembic's table, as SQL writes it."""
    about = app.alembic.about if app.alembic else {}
    names = (about.get("version_table_schema"), about.get("version_table"))
    parts = [quoted(str(name)) for name in names if name]
    return ".".join(parts) or "alembic_version"


@command(
    "convert",
    """
    pg-migrate convert --from alembic
    pg-migrate convert --from alembic -- -c db/alembic.ini --label shop
    """,
    context_settings={"ignore_unknown_options": True},
)
@click.option(
    "--from",
    "tool",
    type=click.Choice(["alembic"]),
    required=True,
    help="The tool.  goose, dbmate, golang-migrate and pop need none: their "
    "files are read as they are.",
)
@click.option("--into", metavar="DIR", help="Instead of the folder.")
@click.argument("arguments", nargs=-1, metavar="[OPTION]...")
def convert_command(
    app: App, tool: str, into: str | None, arguments: tuple[str, ...]
) -> int | None:
    """Write revision files from another tool's project.

    Runs by the project's Python, without a database.  What stands behind
    "--" goes to the converter; "-- --help" lists its options.
    """
    target = Path(into) if into else app.config.folders[0]
    status = convert_alembic(app, target, list(arguments))
    app.output.json({"folder": str(target), "complete": status == 0})
    return status


def convert_alembic(app: App, target: Path, arguments: list[str]) -> int:
    """Convert an Alembic project; 1 where scripts are to be completed."""
    from ..models import INCOMPLETE, alembic_models, reason, run_inside

    known = alembic_models(app.config)
    if known and not {"-c", "--config"} & set(arguments):
        arguments = ["-c", known[0], "-n", known[1], *arguments]
    done = run_inside(
        app.config, "from_alembic", [*arguments, app.relative(target)]
    )
    if done.stdout:
        app.output.line(done.stdout.rstrip())
    if done.returncode == INCOMPLETE:
        app.output.next("complete what is named above, then pg-migrate import")
        return 1
    if done.returncode:
        raise Usage(
            "the project could not be converted",
            detail=reason(done),
            next="pg-migrate convert --from alembic, when that is mended; "
            '"-- --help" lists what it can do without',
        )
    app.output.next("pg-migrate adopt, in each database")
    return 0


@command(
    "psql",
    'pg-migrate psql -- -c "SELECT * FROM migrate.migrate_log"',
    context_settings={"ignore_unknown_options": True},
)
@click.argument("arguments", nargs=-1, metavar="[OPTION]...")
def psql_command(app: App, arguments: tuple[str, ...]) -> None:
    """Run psql, connected as the settings say."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    parts = conninfo_to_dict(app.connect_text)
    environment = dict(os.environ)
    environment.pop("DATABASE_URL", None)
    password = parts.pop("password", None)
    if password:
        # everybody on the machine may read a command line
        environment["PGPASSWORD"] = str(password)
    where = make_conninfo(**{k: str(v) for k, v in parts.items() if v})
    call = ["psql", *([f"--dbname={where}"] if where else []), *arguments]
    try:
        os.execvpe("psql", call, environment)
    except OSError as error:
        raise NotReached(f"cannot run psql: {error.strerror}", next="PATH")


@command("completion", 'eval "$(pg-migrate completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(app: App, shell: str) -> None:
    """Print what makes a shell complete commands."""
    from click.shell_completion import get_completion_class

    from ..cli import program

    kind = get_completion_class(shell)
    assert kind is not None
    made = kind(program, {}, "pg-migrate", "_PG_MIGRATE_COMPLETE")
    source = made.source()
    if shell == "bash":
        source = with_whole_words(source)
    app.output.raw(source)


# bash takes a colon and = for ends of words: a range would be three of them.
WORDS = """
    local words=() cword=0 word i before
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 0)) && [[ $word != [:=]* && ${words[cword]} != *[:=] ]]; then
            ((cword += 1))
        fi
        words[cword]+=$word
    done
    before=${words[cword]%"${words[cword]##*[:=]}"}
"""


def with_whole_words(source: str) -> str:
    """Let a completion function of bash see its words whole."""
    source = re.sub(
        r"(?m)^(\w+_completion\(\) \{)$", lambda m: m[1] + WORDS, source
    )
    source = source.replace("${COMP_WORDS[*]}", "${words[*]}")
    source = source.replace("=$COMP_CWORD ", "=$cword ")
    return re.sub(
        r"(?m)^( *)(IFS=',' read type value .*)$",
        r'\1\2\n\1value=${value#"$before"}',
        source,
    )
