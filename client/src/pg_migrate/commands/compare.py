"""Commands that compare models, database and revisions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import click

from ..app import App
from ..cli import command, models_option
from ..complete import revisions
from ..errors import Failure, Found, Refused, Usage
from ..folder import bundle_parts, write_whole
from ..generate import NOT_BUILT, compared_with, say_fallback
from ..hooks import leave_alone
from ..output import Finding
from .author import tell_written

CAPTURE = 'pg-migrate capture -m "..." keeps it; or undo it'
SIGNS = {"create": "+", "add": "+", "drop": "-"}


@command("model", "pg-migrate model > model.sql")
@models_option
@click.option(
    "--from-database",
    is_flag=True,
    help="The schema of the database instead, as a model.",
)
@click.option("--store", is_flag=True, help="Keep the models in the database.")
@click.option(
    "--stored", is_flag=True, help="Print what is kept in the database."
)
@click.option(
    "--server-version",
    type=int,
    metavar="MAJOR",
    help="The PostgreSQL to write for; else that of the database, or 17.",
)
def model_command(
    app: App,
    from_database: bool,
    store: bool,
    stored: bool,
    server_version: int | None,
) -> None:
    """Print the models as DDL."""
    if from_database:
        text = "\n".join(app.server.lines("migrate_schema_sql", **app.scope()))
    elif stored:
        text = app.server.value("migrate_get_model") or ""
    elif store:
        app.require_models()
        arguments = app.comparison()
        app.server.rows(
            "migrate_set_model",
            ddl=arguments["model"],
            include=arguments["include"],
            exclude=arguments["exclude"],
        )
        app.output.line(f"stored {app.models_name} in {app.server.place}")
        app.output.json({"stored": app.models_name})
        app.output.next("pg-migrate check")
        return
    else:
        app.require_models()
        text = app.model(server_version)
    if app.output.format == "json":
        app.output.json({"model": text})
    else:
        app.output.raw(text)


def warn_of_strangers(app: App) -> None:
    """Say that a database has what others have applied."""
    try:
        known = app.folder.revisions
    except Usage:
        return
    strangers = app.folder.lacks(app.server.applied(app.schema))
    if strangers and known:
        app.output.warn(
            "the database has what this folder lacks, which counts as a "
            f"difference: {', '.join(strangers)}"
        )


@command("diff", "pg-migrate diff --sql")
@models_option
@click.option("--sql", is_flag=True, help="The statements, nothing else.")
@click.option(
    "--against",
    default="database",
    show_default=True,
    metavar="REVISION",
    shell_complete=revisions,
    help="Compare with what the revisions up to this build.",
)
def diff_command(app: App, sql: bool, against: str) -> int | None:
    """Show how models and database differ.

    Exit status 1 if they do.
    """
    server = app.server
    arguments = app.comparison()
    where = server.place
    if against == "database":
        warn_of_strangers(app)
        leave_alone(app, arguments)
        rows = server.rows("migrate_diff", **arguments)
    else:
        nodes = app.folder.graph.resolve_target(against)
        arguments["against"] = ",".join(node.id for node in nodes) or "base"
        where = f"the revisions up to {against}"
        with server.transaction(keep=False):
            server.store(app.folder.bundle)
            leave_alone(app, arguments)
            rows = server.rows("migrate_diff", **arguments)
    if sql and app.output.text:
        for row in rows:
            app.output.raw(row["upgrade"] + "\n")
        return 1 if rows else 0
    app.output.json(rows)
    word = "difference" if len(rows) == 1 else "differences"
    app.output.wrapped(
        f"{app.models_name} against {where}: {len(rows) or 'no'} {word}", 2
    )
    for row in rows:
        sign = SIGNS.get(str(row["operation"]).split()[0], "~")
        color = {"+": "green", "-": "red"}.get(sign, "cyan")
        app.output.line(
            f" {sign} {row['operation']} {row['kind']} {row['object']}", color
        )
        if row["hazard"]:
            for line in str(row["hazard"]).splitlines():
                app.output.wrapped(f"     {line}", 7, "yellow")
    if rows:
        app.output.next(
            'pg-migrate revision --autogenerate -m "..."; or diff --sql'
        )
    return 1 if rows else 0


def check_models(app: App, against: str | None) -> str:
    """Compare the models; Found where they differ.  What was compared."""
    server = app.server
    arguments = app.comparison()
    try:
        if compared_with(app, against):
            arguments["against"] = ",".join(app.folder.heads)
            try:
                with server.transaction(keep=False):
                    server.store(app.folder.bundle)
                    leave_alone(app, arguments)
                    server.rows("migrate_check", **arguments)
                return "the revisions"
            except Refused as failure:
                if failure.code not in NOT_BUILT or against:
                    raise
                say_fallback(app, failure)
                del arguments["against"]
        leave_alone(app, arguments)
        server.rows("migrate_check", **arguments)
        return server.place
    except Refused as failure:
        if failure.code == "MG021":
            raise Found(
                failure.message,
                detail=failure.detail,
                code=failure.code,
                next=failure.next,
            )
        raise


@command("check", "pg-migrate check")
@models_option
@click.option(
    "--against",
    type=click.Choice(["revisions", "database"]),
    help="What the models are compared with; else the revisions, and the "
    "database where these cannot be built.",
)
def check_command(app: App, against: str | None) -> None:
    """Compare models and revisions.

    Exit status 1 if they differ.
    """
    try:
        place = check_models(app, against)
    except Found as found:
        if app.output.format in ("text", "json"):
            raise
        finding = Finding("check", found.whole, next=found.next)
        app.output.findings([finding], "check")
        raise click.exceptions.Exit(1)
    finding = Finding("check", f"{app.models_name} and {place} agree", True)
    if app.output.text:
        app.output.line(finding.message, "green")
    else:
        app.output.findings([finding], "check")


def rename_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --rename, names that were given by hand."""
    return click.option(
        "--rename",
        "renames",
        multiple=True,
        metavar="OLD=NEW",
        help="What was renamed by hand: public.users.name=full_name.",
    )(function)


def renames_argument(renames: tuple[str, ...]) -> str | None:
    """Return them as an argument of the functions."""
    names = {}
    for rename in renames:
        old, equals, new = rename.partition("=")
        if not (old and equals and new):
            raise Usage(
                f'--rename takes OLD=NEW, not "{rename}"',
                next="pg-migrate drift --rename public.users.name=full_name",
            )
        names[old] = new
    return json.dumps(names) if names else None


@command("drift", "pg-migrate drift")
@rename_option
def drift_command(app: App, renames: tuple[str, ...]) -> int | None:
    """Show what somebody changed by hand.

    Exit status 1 if there is such a change.
    """
    rows = app.server.rows(
        "migrate_drift",
        schema=app.schema,
        renames=renames_argument(renames),
        **app.scope(),
    )
    if app.output.format in ("github", "gitlab", "junit"):
        app.output.findings(
            [
                Finding(
                    "drift",
                    f"{r['operation']} {r['kind']} {r['object']}",
                    next=CAPTURE,
                )
                for r in rows
            ]
            or [Finding("drift", "none", True)],
            "drift",
        )
        return 1 if rows else 0
    app.output.json(rows)
    if not rows:
        app.output.line(
            f"no drift: {app.server.place} is what its revisions build",
            "green",
        )
        return 0
    app.output.line(f"{app.server.place}: {len(rows)} changed by hand")
    for row in rows:
        app.output.line(f" {row['operation']} {row['kind']} {row['object']}")
        if row.get("seen_at"):
            app.output.line(
                f"     {row['seen_at']:%Y-%m-%d %H:%M} by {row['seen_by']}"
            )
        for line in str(row["undo"] or "").splitlines():
            app.output.line(f"     undo: {line}", "dim")
    app.output.next(CAPTURE)
    return 1


@command("capture", 'pg-migrate capture -m "index made at night"')
@click.option("-m", "--message", required=True, help="What it was.")
@click.option("--head", metavar="REVISION", help="What it stands on.")
@click.option("--rev-id", metavar="ID", help="Instead of a random one.")
@click.option("--branch-label", metavar="LABEL", help="A name for the branch.")
@rename_option
def capture_command(
    app: App,
    message: str,
    head: str | None,
    rev_id: str | None,
    branch_label: str | None,
    renames: tuple[str, ...],
) -> None:
    """Make what was changed by hand a revision.

    It counts as applied here.  On other databases that have the change
    already: pg-migrate stamp.
    """
    server = app.server
    with server.transaction():
        server.store(app.folder.bundle)
        revision = server.value(
            "migrate_capture",
            message=message,
            schema=app.schema,
            head=head,
            rev_id=rev_id,
            branch_label=branch_label,
            renames=renames_argument(renames),
            **app.scope(),
        )
        text = revision and server.value(
            "migrate_export", revision=revision, file_names=True
        )
    if not revision:
        app.output.line("no drift: there is nothing to capture")
        app.output.json({"revision": None, "file": None})
        return
    write_export(app, revision, text)


def write_export(app: App, revision: str, text: str) -> None:
    """Write a revision that the database has made into its file."""
    name, content = bundle_parts(text)[0]
    path = app.folder.paths[0] / name
    write_whole(path, content)
    tell_written(
        app,
        revision,
        path,
        f"commit it; pg-migrate stamp {revision}, where the change is already",
    )


@command("baseline", "pg-migrate baseline")
@click.option(
    "-m",
    "--message",
    default="baseline",
    show_default=True,
    help="What it is.",
)
@click.option("--rev-id", metavar="ID", help="Instead of a random one.")
def baseline_command(app: App, message: str, rev_id: str | None) -> None:
    """Make the tables of a database the first revision."""
    if app.folder.revisions:
        raise Usage(
            "the folder has revisions already",
            next='pg-migrate revision --autogenerate -m "..."',
        )
    server = app.server
    with server.transaction():
        revision = server.value(
            "migrate_baseline", message=message, rev_id=rev_id, **app.scope()
        )
        text = server.value(
            "migrate_export", revision=revision, file_names=True
        )
    write_export(app, revision, text)


# ---------------------------------------------------------------------------
# Tests of the revisions
# ---------------------------------------------------------------------------

# Why migrate_test() skips what is no finding of its own: nobody wants it, or
# another row tells what did not go up.  Whatever else it skips is one: a test
# that was not made shows nothing.
EXCUSES = (
    "The revision is declared irreversible.",
    "It needs revision ",
    "Not all revisions go up.",
)


def test_findings(app: App, span: str) -> list[Finding]:
    """Run migrate_test() on the folder, which stores nothing.

    The database may have revisions that the folder lacks.
    """
    if span == "base:heads" and len(app.folder.heads) == 1:
        span = f"base:{app.folder.heads[0]}"
    arguments: dict[str, Any] = {
        "range": span,
        "schema": app.schema,
        "files": app.folder.bundle or None,
        **app.scope(),
    }
    rows = app.server.rows("migrate_test", **arguments)
    findings = []
    for row in rows:
        revision = row["revision"]
        known = app.folder.revisions.get(revision or "")
        text = str(row["result"])
        failed = row["result"] == "failed"
        skipped = row["result"] == "skipped"
        detail = row["detail"] or ""
        good = not failed and (not skipped or detail.startswith(EXCUSES))
        if detail:
            text += f": {detail}"
        findings.append(
            Finding(
                check=row["test"],
                message=f"{revision or ''} {text}".strip(),
                ok=good,
                skipped=skipped,
                file=app.relative(known.path) if known else None,
                line=known.line if known else None,
                revision=revision,
                next=f"pg-migrate edit {revision}"
                if failed and revision
                else None,
            )
        )
    return findings


def counted(findings: list[Finding]) -> str:
    """Tell how many have passed, and which were not tried, if any."""
    skipped = sum(f.skipped for f in findings)
    passed = f"{sum(f.ok and not f.skipped for f in findings)} passed"
    return f"{passed}, {skipped} skipped" if skipped else passed


@command("test", "pg-migrate test ae10:head")
@click.argument(
    "span", metavar="[A:B]", default="base:heads", shell_complete=revisions
)
def test_command(app: App, span: str) -> int:
    """Try each revision up, down and up again.

    In a shadow that is rolled back; nothing of the database is touched.  What
    is skipped, for want of rights say, has not passed; a downgrade that is
    declared irreversible is excused.
    """
    findings = test_findings(app, span)
    failed = [f for f in findings if not f.ok]
    if app.output.text:
        app.output.findings(failed)
        app.output.line(
            f"{counted(findings)}, "
            f"{sum(not f.skipped for f in failed)} failed",
            "bold red" if failed else "green",
        )
        app.output.advice(failed, "pg-migrate test")
    else:
        app.output.findings(findings, "test")
    return 1 if failed else 0


@command("ci", "pg-migrate ci --format github")
@models_option
def ci_command(app: App) -> int:
    """All checks of a merge request: heads, files, test, models.

    One head; every file is well formed; each revision goes up, down and up
    again; the revisions build the models.  Any database will do, an empty one
    as well, and nothing stays in it.
    """
    try:
        files = ci_files(app)
        is_read = files.ok
    except Refused as failure:
        # the other checks may need less
        files = denied("files", failure)
        is_read = True
    findings = [files]
    if is_read:
        findings.insert(0, ci_heads(app))
        if app.folder.files:
            findings += ci_tests(app)
            if app.config.models:
                findings.append(ci_models(app))
    app.output.findings(findings, "ci")
    app.output.advice(findings, "pg-migrate ci")
    return 0 if all(finding.ok for finding in findings) else 1


def denied(check: str, failure: Refused) -> Finding:
    """Tell that the role may not do it; all else is no finding."""
    if failure.code != "42501":
        raise failure
    return Finding(check, failure.whole, next=failure.next)


def ci_heads(app: App) -> Finding:
    """Tell whether the folder has one head."""
    try:
        node = app.folder.graph.only_head("head", None)
    except Usage as failure:
        return Finding("heads", failure.whole, next=failure.next)
    return Finding("heads", node.id if node else "no revisions", True)


FILE = re.compile(r'file "([^"]+)"(?: at line (\d+))?')
# Refusals that say nothing of the files
OF_SERVER = ("25006", "42501", "42883", "55P03")


def place_of(app: App, failure: Failure) -> tuple[str | None, int | None]:
    """Find the file and the line that a failure names."""
    app.locate(failure)
    if failure.file:
        return failure.file, failure.line
    match = FILE.search(f"{failure.message}\n{failure.context}")
    if match is None:
        return None, None
    for folder in app.config.folders:
        for path in sorted(folder.rglob("*.sql")):
            name = path.relative_to(folder).as_posix()
            if match[1] in (name, path.name):
                return app.relative(path), int(match[2] or 1)
    return None, None


def ci_files(app: App) -> Finding:
    """Tell whether the server takes all files; nothing is stored."""
    try:
        app.folder.graph  # noqa: B018  which reads all of them
        with app.server.transaction(keep=False):
            app.server.store(app.folder.bundle)
    except (Refused, Usage) as failure:
        if failure.code is None or failure.code in OF_SERVER:
            raise
        file, line = place_of(app, failure)
        return Finding(
            "files",
            failure.whole,
            file=file,
            line=line,
            next=failure.next,
        )
    return Finding("files", f"{len(app.folder.files)} well formed", True)


def ci_tests(app: App) -> list[Finding]:
    """Run the tests; one finding where all is well."""
    try:
        findings = test_findings(app, "base:heads")
    except Refused as failure:
        if failure.code in OF_SERVER:
            return [denied("test", failure)]
        return [Finding("test", failure.message, next=failure.next)]
    failed = [f for f in findings if not f.ok]
    return failed or [Finding("test", counted(findings), True)]


def ci_models(app: App) -> Finding:
    """Tell whether the revisions build the models."""
    try:
        place = check_models(app, "revisions")
    except Failure as failure:
        unread = failure.status == 2 and failure.code is None
        if failure.code not in ("MG021", "42501", *NOT_BUILT) and not unread:
            raise
        return Finding("models", failure.whole, next=failure.next)
    return Finding("models", f"{app.models_name} and {place} agree", True)
