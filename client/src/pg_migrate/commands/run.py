"""Commands that change the database: upgrade, downgrade, stamp, sync."""

from __future__ import annotations

import re
import sys
import time
from contextlib import nullcontext

import click

from ..app import App
from ..cli import command
from ..complete import revisions
from ..errors import Failure, Refused, Usage
from ..graph import NeedsDatabase
from ..output import duration
from ..report import Report


def folder_target(app: App, text: str) -> str | None:
    """Return what the folder takes a target for, as ids; None: nothing.

    What counts from what is applied goes to the server as it is.
    """
    try:
        nodes = app.folder.graph.resolve_target(text)
    except NeedsDatabase:
        return text
    return ",".join(node.id for node in nodes) or None


def counted(app: App, text: str) -> str | None:
    """Return the revision that a relative target leads to.

    Refused where the way leads through what is not in the folder.
    """
    rows = app.server.rows("migrate_plan", target=text, schema=app.schema)
    strangers = app.folder.lacks(row["revision"] for row in rows)
    if strangers:
        raise Usage(
            f'"{text}" leads through revisions that are not in the folder',
            detail=", ".join(strangers),
            next="pg-migrate upgrade, or export them first",
        )
    return rows[-1]["revision"] if rows else None


def run_upgrade(
    app: App, target: str, atomic: bool, tag: str | None, wait: str
) -> tuple[int, str | None]:
    """Load the folder and apply it; the number of steps and the target."""
    server = app.server
    wanted = folder_target(app, target)
    with server.transaction() if atomic else nullcontext():
        server.store(app.folder.bundle)
        if wanted is not None and not all(
            part in app.folder.revisions for part in wanted.split(",")
        ):
            wanted = counted(app, wanted)
        if wanted is None:
            return 0, None
        arguments = {"target": wanted, "schema": app.schema, "tag": tag}
        if atomic:
            return len(server.rows("migrate_upgrade", **arguments)), wanted
        row = server.call("migrate_deploy", **arguments, wait=wait)
    return row["applied"] or 0, wanted


@command(
    "upgrade",
    """
    pg-migrate upgrade
    pg-migrate upgrade +1
    pg-migrate upgrade --sql > upgrade.sql
    """,
)
@click.argument("target", default="head", shell_complete=revisions)
@click.option("--atomic", is_flag=True, help="All of it in one transaction.")
@click.option(
    "--sql",
    is_flag=True,
    help="Print the script instead; TARGET may be a range, such as ae10:head.",
)
@click.option("--tag", help="Kept in the log, for what was deployed.")
@click.option(
    "--wait",
    default="5 min",
    show_default=True,
    help="How long to wait for another migration.",
)
def upgrade_command(
    app: App,
    target: str,
    atomic: bool,
    sql: bool,
    tag: str | None,
    wait: str,
) -> None:
    """Apply the folder, up to its head or to TARGET.

    With a commit after each revision, unless --atomic is given.  An older
    folder runs nothing.
    """
    folder = app.folder
    if not folder.files:
        app.output.line("the folder has no revisions")
        app.output.json({"applied": 0, "target": None})
        app.output.next('pg-migrate revision -m "..."')
        return
    if sql:
        print_sql(app, target if ":" in target else f"base:{target}")
        return
    if ":" in target:
        raise Usage(
            "a range is for --sql",
            code="MG010",
            next="pg-migrate upgrade REVISION",
        )
    before = app.server.applied(app.schema)
    began = time.monotonic()
    steps, wanted = run_upgrade(app, target, atomic, tag, wait)
    app.progress.end("done")
    tell_upgraded(app, before, steps, time.monotonic() - began, wanted)


def tell_upgraded(
    app: App,
    before: list[str],
    steps: int,
    seconds: float,
    wanted: str | None,
) -> None:
    """Say what an upgrade has come to."""
    server, output = app.server, app.output
    applied = server.applied(app.schema)
    at = ", ".join(applied) or "base"
    strangers = app.folder.lacks(applied)
    output.json(
        {
            "applied": steps,
            "target": wanted,
            "before": before,
            "current": applied,
            "not_in_folder": strangers,
        }
    )
    if steps:
        output.wrapped(
            f"{steps} applied in {duration(seconds)}; now at {at}", 2
        )
    elif strangers:
        output.wrapped(
            f"nothing to apply: the database is at {at}, beyond this folder"
            f" ({', '.join(app.folder.heads)})",
            2,
        )
    else:
        output.line(f"nothing to apply: already at {at}")
    if steps and strangers:
        output.line(f"not in this folder: {', '.join(strangers)}")
    if not steps and server.emptied(app.schema):
        output.warn(
            "revisions are recorded as applied, and there is no table, view "
            "or function; if they were dropped: pg-migrate stamp base"
        )


def print_sql(app: App, span: str) -> None:
    """Print a range as one script for psql, storing nothing."""
    server = app.server
    with server.transaction(keep=False):
        server.store(app.folder.bundle)
        lines = server.lines("migrate_sql", range=span, schema=app.schema)
    if app.output.format == "json":
        app.output.json({"range": span, "sql": "\n".join(lines)})
    else:
        app.output.raw("\n".join(lines))


@command(
    "downgrade",
    """
    pg-migrate downgrade -1
    pg-migrate downgrade ae10
    pg-migrate downgrade --before-tag 'release 12'
    """,
)
@click.argument("target", required=False, shell_complete=revisions)
@click.option(
    "--before-tag",
    metavar="TAG",
    help="Instead of TARGET: undo all that was applied with this tag.",
)
@click.option("--atomic", is_flag=True, help="All of it in one transaction.")
@click.option("--sql", is_flag=True, help="Print the script of a range B:A.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--tag", help="Kept in the log.")
@click.option(
    "--wait",
    default="5 min",
    show_default=True,
    help="How long to wait for another migration.",
)
def downgrade_command(
    app: App,
    target: str | None,
    before_tag: str | None,
    atomic: bool,
    sql: bool,
    yes: bool,
    tag: str | None,
    wait: str,
) -> None:
    """Undo what is applied above TARGET: -1, a revision, base.

    The database has the scripts; the files need not be there.  On a terminal
    you are asked first.
    """
    if (target is None) == (before_tag is None) or (sql and before_tag):
        raise Usage(
            "one of TARGET and --before-tag is needed"
            if not sql
            else "--sql takes a TARGET",
            next="pg-migrate downgrade -1",
        )
    if sql and target:
        span = target if ":" in target else f"head:{target}"
        print_sql(app, span)
        return
    server = app.server
    if target is not None:
        target = lower_target(app, target)
    wanted = {
        "target": target,
        "before_tag": before_tag,
        "schema": app.schema,
        "tag": tag,
    }
    before = server.applied(app.schema)
    store_if_known(app)
    if sys.stdin.isatty() and not yes and app.output.text:
        ask_downgrade(app, target, before_tag)
    began = time.monotonic()
    if atomic:
        steps = len(server.rows("migrate_downgrade", **wanted))
    else:
        row = server.call("migrate_revert", **wanted, wait=wait)
        steps = row["reverted"] or 0
    app.progress.end("done")
    applied = server.applied(app.schema)
    app.output.json({"reverted": steps, "before": before, "current": applied})
    at = ", ".join(applied) or "base"
    if steps:
        seconds = duration(time.monotonic() - began)
        app.output.line(f"{steps} undone in {seconds}; now at {at}")
        app.output.next("pg-migrate upgrade brings them back")
    else:
        app.output.line(f"nothing to undo: at {at}")


def lower_target(app: App, target: str) -> str:
    """Return a target as the server shall take it.

    An id, prefix or label that the folder knows becomes the whole id;
    anything else is left to the server, which may know more.
    """
    if not re.fullmatch(r"[^@+:,-]+", target):
        return target
    try:
        nodes = app.folder.graph.resolve_target(target)
    except Usage:
        return target
    if len(nodes) == 1 and target not in app.folder.graph.labels:
        return nodes[0].id
    return target


def store_if_known(app: App) -> None:
    """Bring mended downgrade scripts to the database, where that works."""
    try:
        bundle = app.folder.bundle
    except Usage as failure:
        app.output.warn(f"{failure.message}; the stored scripts run")
        return
    app.server.store(bundle)


def ask_downgrade(app: App, target: str | None, tag: str | None) -> None:
    """Show what would be undone, and ask."""
    rows = app.server.rows(
        "migrate_plan",
        target=target or "base",
        schema=app.schema,
        downgrade=True,
    )
    if tag is not None:
        tagged = app.server.query(
            "SELECT revision FROM {mig}.migrate_applied"
            " WHERE schema_name = %s AND tag = %s",
            (app.schema or "", tag),
        )
        names = {row["revision"] for row in tagged}
        rows = [row for row in rows if row["revision"] in names]
    if not rows:
        return
    app.output.table(
        [(r["revision"], r["message"], r["hazard"]) for r in rows],
        grow=1,
    )
    click.confirm(f"Undo {len(rows)} in {app.server.place}?", abort=True)


@command(
    "stamp",
    """
    pg-migrate stamp head
    pg-migrate stamp base
    """,
)
@click.argument("target", shell_complete=revisions)
@click.option(
    "--purge", is_flag=True, help="Forget first what is recorded now."
)
@click.option("--tag", help="Kept in the log.")
def stamp_command(app: App, target: str, purge: bool, tag: str | None) -> None:
    """Record what is applied, and run nothing."""
    server = app.server
    before = server.applied(app.schema)
    wanted = folder_target(app, target) or "base"
    with server.transaction():
        server.store(app.folder.bundle)
        server.rows(
            "migrate_stamp",
            target=wanted,
            schema=app.schema,
            purge=purge,
            tag=tag,
        )
    applied = server.applied(app.schema)
    app.output.json({"before": before, "current": applied})
    old, new = ", ".join(before) or "base", ", ".join(applied) or "base"
    app.output.line(f"stamped {old} -> {new}")


@command("wait", "pg-migrate wait --for '10 min'")
@click.argument("target", default="heads", shell_complete=revisions)
@click.option(
    "--for",
    "wait",
    default="5 min",
    show_default=True,
    help="How long, at most.",
)
def wait_command(app: App, target: str, wait: str) -> None:
    """Wait until somebody else has applied the folder."""
    wanted = folder_target(app, target)
    if wanted is None:
        raise Usage("the folder has no revisions", next="--folder")
    for revision in wanted.split(","):
        app.server.call(
            "migrate_wait",
            revision=revision.strip(),
            schema=app.schema,
            wait=wait,
        )
    app.output.line(f"applied: {wanted}")
    app.output.json({"applied": wanted.split(",")})


# ---------------------------------------------------------------------------
# A development database
# ---------------------------------------------------------------------------

GONE = """
    WITH RECURSIVE undo AS
    (
        SELECT a.schema_name, a.revision
        FROM {mig}.migrate_applied a
        WHERE a.revision = ANY (%s)
        UNION
        SELECT a.schema_name, a.revision
        FROM undo u
             JOIN {mig}.migrate_edge e
                ON e.parent = u.revision AND e.kind IN ('p', 'd')
             JOIN {mig}.migrate_applied a
                ON a.revision = e.child AND a.schema_name = u.schema_name
    )
    SELECT schema_name, revision
    FROM undo JOIN {mig}.migrate_revision USING (revision)
    ORDER BY schema_name, generation DESC, created_at DESC, revision DESC"""


def undo(app: App, names: list[str]) -> None:
    """Undo revisions and what is applied above them, the highest first."""
    server = app.server
    applied = (
        "SELECT 1 FROM {mig}.migrate_applied"
        " WHERE schema_name = %s AND revision = %s"
    )
    for row in server.query(GONE, (names,)):
        place = (row["schema_name"], row["revision"])
        if server.query(applied, place):
            server.rows(
                "migrate_downgrade",
                target=f"{row['revision']}@-1",
                schema=row["schema_name"],
            )


def store_exactly(app: App) -> None:
    """Store the files; undo what was applied with another script first."""
    server = app.server
    while True:
        try:
            with server.savepoint():
                server.store(app.folder.bundle)
            return
        except Failure as failure:
            match = re.search(r'"(.*?)"', failure.message)
            if failure.code not in ("MG031", "MG014") or match is None:
                raise
            if not server.query(GONE, ([match.group(1)],)):
                raise
            undo(app, [match.group(1)])


@command("sync", "pg-migrate sync --dry-run")
@click.option(
    "--dry-run", is_flag=True, help="Do all of it, and roll it back."
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def sync_command(app: App, dry_run: bool, yes: bool) -> None:
    """Make a development database what the folder is.

    What the folder lacks, or has with another script, is undone by the
    downgrade scripts that the database keeps, and removed; then the folder is
    applied.  Undoing drops tables with their rows.  On a terminal you are
    asked first if something is undone.
    """
    server, folder = app.server, app.folder
    if not folder.files:
        raise Usage("the folder has no revisions", next="--folder")
    target = ",".join(node.id for node in folder.graph.resolve_target("head"))
    later = False
    with server.transaction(keep=not dry_run):
        report = Report(app)
        gone = [r for r in report.stored if r not in folder.revisions]
        undo(app, gone)
        for revision in server.above(gone):
            server.rows("migrate_remove", revision=revision)
        store_exactly(app)
        app.progress.end("done")
        undone = report.undone()
        if undone and not (yes or dry_run) and sys.stdin.isatty():
            for revision in undone:
                app.output.line(f"undone  {revision}", "yellow")
            click.confirm(f"Keep that in {server.place}?", abort=True)
        try:
            with server.savepoint():
                rows = server.rows(
                    "migrate_upgrade", target=target, schema=app.schema
                )
        except Refused as failure:
            if failure.code != "MG017" or dry_run:
                raise
            rows, later = [], True
        app.progress.end("done")
        report.collect([row["revision"] for row in rows])
    if later:
        server.call("migrate_deploy", target=target, schema=app.schema)
        app.progress.end("done")
    report.show()
    if dry_run:
        app.output.note("nothing was changed (--dry-run)")
    if later:
        app.output.line(f"now at {', '.join(server.applied(app.schema))}")
