"""Commands that look, and store nothing."""

from __future__ import annotations

import re
from typing import Any

import click

from ..app import App
from ..cli import command
from ..complete import revisions
from ..errors import Failure, Found, Refused, Usage
from ..graph import NeedsDatabase, Node
from ..output import fitted
from ..revision import Revision


def marks(node: Node, current: set[str]) -> list[str]:
    """Return what there is to say of a revision's place in the graph."""
    real = not node.children and not node.dependants
    found = [
        ("head", real),
        ("effective head", not node.children and not real),
        ("current", node.id in current),
        ("branch point", len(node.children) > 1),
        ("merge point", len(node.revision.parents) > 1),
    ]
    return [name for name, is_so in found if is_so]


def row_of(app: App, node: Node, current: set[str]) -> dict[str, Any]:
    """Return a revision for a program."""
    revision = node.revision
    return {
        "revision": revision.id,
        "message": revision.message,
        "marks": marks(node, current),
        "down_revision": list(revision.parents),
        "depends_on": list(revision.depends_on),
        "branch_labels": list(revision.labels),
        "created": revision.created or None,
        "file": app.relative(revision.path),
    }


def title(node: Node, current: set[str]) -> str:
    """Return message, labels and marks on one line."""
    text = node.revision.message
    labels = node.revision.labels
    if labels:
        text = f"[{', '.join(labels)}] {text}"
    shown = marks(node, current)
    return f"({', '.join(shown)}) {text}" if shown else text


def list_nodes(
    app: App,
    nodes: list[Node],
    verbose: bool,
    current: set[str] | None = None,
) -> None:
    """Print revisions, one to a line, or in full."""
    applied = current or set()
    app.output.json([row_of(app, node, applied) for node in nodes])
    if verbose:
        for node in nodes:
            show_node(app, node, applied, scripts=False)
            app.output.line()
        return
    app.output.table(
        [
            (
                node.id,
                ", ".join(node.revision.parents) or "base",
                title(node, applied),
            )
            for node in nodes
        ],
        styles=("yellow", "dim", ""),
    )


verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="All about each revision."
)


@command("heads", "pg-migrate heads")
@verbose_option
@click.option(
    "--resolve-dependencies",
    is_flag=True,
    help="Only those that no other depends on.",
)
def heads_command(app: App, verbose: bool, resolve_dependencies: bool) -> None:
    """List the revisions that nothing stands on."""
    nodes = app.folder.graph.heads(resolve_dependencies)
    list_nodes(app, nodes, verbose)
    real = app.folder.graph.heads(real=True)
    if len(real) > 1:
        app.warn_of_gap()
        app.output.next("pg-migrate merge joins them")
    elif not nodes:
        app.output.line("no revisions")
        app.output.next('pg-migrate revision -m "..."')


@command("branches", "pg-migrate branches")
@verbose_option
def branches_command(app: App, verbose: bool) -> None:
    """List the revisions where branches begin."""
    nodes = [n for n in app.folder.graph.nodes.values() if len(n.children) > 1]
    nodes.sort(key=lambda node: node.order, reverse=True)
    if verbose:
        list_nodes(app, nodes, True)
        return
    app.output.json(
        [
            {**row_of(app, n, set()), "children": [c.id for c in n.children]}
            for n in nodes
        ]
    )
    for node in nodes:
        rows = [("", node.id, node.revision.message)]
        rows += [("->", c.id, title(c, set())) for c in node.children]
        app.output.table(rows, styles=("dim", "yellow"))
    if not nodes:
        app.output.line("no branches")


@command("history", "pg-migrate history -r ae10:head")
@click.option(
    "-r",
    "--rev-range",
    "span",
    default="base:heads",
    metavar="A:B",
    shell_complete=revisions,
    help="From a revision to another; current may be one.",
)
@click.option(
    "-i", "--indicate-current", is_flag=True, help="Mark what is applied."
)
@verbose_option
def history_command(
    app: App, span: str, indicate_current: bool, verbose: bool
) -> None:
    """List revisions, newest first."""
    graph = app.folder.graph
    current: list[str] | None = None
    if indicate_current or "current" in span:
        current = app.server.applied(app.schema)
    try:
        nodes = graph.history(span, current)
    except NeedsDatabase:
        current = app.server.applied(app.schema)
        nodes = graph.history(span, current)
    list_nodes(app, nodes, verbose, set(current or ()))
    strangers = [c for c in current or () if c not in graph.nodes]
    if strangers:
        app.output.line(
            f"The database is at {', '.join(strangers)}, not in this folder."
        )
    if not graph.nodes:
        app.output.line("no revisions")


def show_node(app: App, node: Node, current: set[str], scripts: bool) -> None:
    """Print all about a revision."""
    revision = node.revision
    shown = marks(node, current)
    indent = len(revision.id) + 2
    head = f"{revision.id}  {revision.message}"
    app.output.wrapped(head, indent, "bold")
    rows = [
        ("is", ", ".join(shown)),
        ("on", ", ".join(revision.parents) or "base"),
        ("needs", ", ".join(revision.depends_on)),
        ("below", ", ".join(child.id for child in node.children)),
        ("labels", ", ".join(revision.labels)),
        ("made", revision.created[:16]),
        ("file", app.relative(revision.path)),
    ]
    for name, value in rows:
        if value:
            app.output.wrapped(f"  {name:<7} {value}", 10)
    for line in revision.description.splitlines():
        app.output.line(f"  {line}".rstrip())
    if scripts:
        show_scripts(app, revision)


def show_scripts(app: App, revision: Revision) -> None:
    """Print the scripts of a revision."""
    if revision.upgrade is None:  # another tool's file
        with open(revision.path, encoding="utf-8-sig") as file:
            app.output.line()
            app.output.line(file.read().rstrip())
        return
    for name in ("upgrade", "downgrade", "verify"):
        script = getattr(revision, name)
        if script is None and name == "downgrade":
            app.output.line()
            app.output.line("no downgrade: it is irreversible", "yellow")
        elif script is not None:
            app.output.line()
            app.output.line(f"-- {name}", "dim")
            app.output.line(script or "-- nothing to do")


@command("show", "pg-migrate show ae10")
@click.argument(
    "name", metavar="[REVISION]", default="head", shell_complete=revisions
)
def show_command(app: App, name: str) -> None:
    """Show a revision with its scripts."""
    graph = app.folder.graph
    if name == "current":
        name = ",".join(app.server.applied(app.schema)) or "base"
    nodes = graph.resolve_target(name)
    app.output.json(
        [
            {
                **row_of(app, node, set()),
                "upgrade": node.revision.upgrade,
                "downgrade": node.revision.downgrade,
                "verify": node.revision.verify,
            }
            for node in nodes
        ]
    )
    for number, node in enumerate(nodes):
        if number:
            app.output.line()
        show_node(app, node, set(), scripts=True)
    if not nodes:
        app.output.line("no revisions")


@command("current", "pg-migrate current --check-heads")
@verbose_option
@click.option(
    "--check-heads",
    is_flag=True,
    help="Exit status 1 unless the heads of the folder are applied.",
)
def current_command(app: App, verbose: bool, check_heads: bool) -> None:
    """Show what is applied."""
    server = app.server
    rows = server.rows("migrate_current", schema=app.schema)
    app.output.json(rows)
    known = app.folder.revisions if check_heads or app.output.text else {}
    table: list[tuple[Any, ...]] = []
    for row in rows:
        message = row["message"] or ""
        if row["revision"] not in known:
            message = f"(not in this folder) {message}"
        elif row["marks"]:
            message = f"({row['marks']}) {message}"
        line: tuple[Any, ...] = (row["revision"], row["applied_at"], message)
        if verbose:
            line = (*line[:2], row["how"], row["applied_by"], message)
        table.append(line)
    app.output.table(table, styles=("yellow",))
    if not rows:
        app.output.line("base: nothing is applied")
    if check_heads:
        missing = [
            head
            for head in app.folder.heads
            if head not in {row["revision"] for row in rows}
            and not is_applied(app, head)
        ]
        if missing:
            raise Found(
                f"not applied: {', '.join(missing)}",
                code="MG022",
                next="pg-migrate upgrade",
            )


def is_applied(app: App, revision: str) -> bool:
    """Ask the server, as anybody may."""
    try:
        app.server.rows(
            "migrate_require", revision=revision, schema=app.schema
        )
    except Failure as failure:
        if failure.code in ("MG022", "MG002"):
            return False
        raise
    return True


def planned(app: App, target: str, down: bool = False) -> list[Any]:
    """Return the plan, with the folder beside what is stored."""
    return app.server.rows(
        "migrate_plan",
        target=target,
        schema=app.schema,
        downgrade=True if down else None,
        files=app.folder.bundle or None,
    )


def place_line(app: App, steps: int) -> str:
    """Say where database and folder are."""
    applied = app.server.applied(app.schema)
    heads = app.folder.heads
    at = ", ".join(applied) or "base"
    text = f"{app.server.place} | at {at} | "
    if app.schema:
        text = f"{app.server.place}, schema {app.schema} | at {at} | "
    if not heads:
        return text + "the folder has no revisions"
    strangers = app.folder.lacks(applied)
    if strangers and not steps:
        return text + f"beyond the folder, {', '.join(heads)}"
    if not steps:
        return text + "nothing to apply"
    return text + f"folder at {', '.join(heads)}, {steps} to apply"


@command("plan", "pg-migrate plan")
@click.argument("target", default="head", shell_complete=revisions)
@click.option("--downgrade", is_flag=True, help="The way down to TARGET.")
def plan_command(app: App, target: str, downgrade: bool) -> None:
    """Show what upgrade would run, storing nothing."""
    from .run import folder_target

    down = downgrade or bool(re.fullmatch(r"(.*@)?-\d+", target))
    wanted: str | None = target
    if not down:
        wanted = folder_target(app, target)
    rows: list[Any] = []
    if wanted is not None:
        rows = planned(app, wanted, down)
    for row in rows:
        row.pop("script", None)
    app.output.json(rows)
    if down:
        app.output.line(f"{app.server.place} | {len(rows)} to undo")
    else:
        app.output.wrapped(place_line(app, len(rows)), 2)
    table = []
    for row in rows:
        how = "" if row["transactional"] else "alone"
        table.append(
            (f"{row['step']:>2}", row["revision"], how, row["message"])
        )
    app.output.table(table, styles=("", "yellow", "cyan"))
    risky = [row for row in rows if row.get("hazard")]
    for row in risky:
        text = f"{row['revision']}: {row['hazard']}"
        app.output.wrapped(text, 4, "yellow")
    if rows and down:
        app.output.next(f"pg-migrate downgrade {target}")
    elif rows:
        first = rows[0]["revision"]
        app.output.next(f"pg-migrate upgrade; or pg-migrate show {first}")


@command("pending", "pg-migrate pending")
def pending_command(app: App) -> None:
    """List what is in the folder and not applied."""
    rows: list[Any] = []
    heads = ",".join(app.folder.heads)
    if heads:
        rows = planned(app, heads)
    applied = set(app.server.applied(app.schema))
    below = app.folder.graph.ancestors(
        [n for n in app.folder.graph.nodes.values() if n.id in applied], True
    )
    late = {node.id for node in below}
    listed = [
        {
            "revision": row["revision"],
            "message": row["message"],
            "late": row["revision"] in late,
            "transactional": row["transactional"],
        }
        for row in rows
    ]
    app.output.json(listed)
    app.output.table(
        [
            (r["revision"], "late" if r["late"] else "", r["message"])
            for r in listed
        ],
        styles=("yellow", "cyan"),
    )
    if listed and len(app.folder.graph.heads()) > 1:
        app.output.next("pg-migrate merge joins the heads")
    elif listed:
        app.output.next("pg-migrate upgrade")
    else:
        app.output.line("nothing is pending")


@command("status", "pg-migrate status")
def status_command(app: App) -> None:
    """Show what is applied, what runs, how it ended."""
    server = app.server
    row = server.rows("migrate_status", schema=app.schema)[0]
    folder = folder_status(app)
    app.output.json({**row, "folder": folder})
    output = app.output

    def say(name: str, text: str, style: str = "") -> None:
        output.wrapped(f"{name:<9} {text}", 10, style)

    say("database", server.place)
    say("at", row["heads"] or "base")
    if folder is None:
        say("pending", f"{row['pending']} of those that are stored")
    else:
        say("pending", str(folder["pending"]))
    if row["pid"]:
        what = row["revision"] or ""
        if row["steps"]:
            what = f"{row['step']}/{row['steps']} {what}"
        if row["statement"]:
            what += f", statement {row['statement']}"
        say("running", f"{what}, pid {row['pid']}", "cyan")
        if row["waiting_for"]:
            say("", f"waits for {row['waiting_for']}", "yellow")
    if row["last_action"]:
        failed = row["last_outcome"] == "failed"
        say(
            "last",
            f"{row['last_action']} {row['last_revision'] or ''} "
            f"{row['last_outcome'] or ''}".strip(),
            "bold red" if failed else "",
        )
        message = row["last_message"]
        if failed and message:
            say("", str(message))
    if folder is not None:
        text = ", ".join(folder["heads"]) or "no revisions"
        if folder["not_in_folder"]:
            beyond = ", ".join(folder["not_in_folder"])
            text += f"; the database is beyond: {beyond}"
        say("folder", text)
        if folder["problem"]:
            say("", folder["problem"], "yellow")
    if row["pending"] if folder is None else todo(folder):
        output.next("pg-migrate plan")


def todo(folder: dict[str, Any]) -> bool:
    """Tell whether a plan has something to say."""
    return bool(folder["pending"] or folder["problem"])


def folder_status(app: App) -> dict[str, Any] | None:
    """Return where the folder is; None for those who have none.

    What others have stored in the database is not pending here.
    """
    try:
        heads = app.folder.heads
    except Usage:
        return None
    applied = app.server.applied(app.schema)
    known = app.folder.revisions
    rows = app.server.query(
        "SELECT revision FROM {mig}.migrate_applied WHERE schema_name = %s",
        (app.schema or "",),
    )
    found: dict[str, Any] = {
        "heads": heads,
        "pending": len(set(known) - {row["revision"] for row in rows}),
        "not_in_folder": app.folder.lacks(applied),
        "problem": None,
    }
    try:
        if heads:
            planned(app, ",".join(heads))
    except Failure as failure:
        # the plan tells the whole of it; not everybody may see one
        if failure.code != "42501":
            found["problem"] = failure.message
    return found


@command("graph", "pg-migrate graph --as mermaid")
@click.option(
    "--as",
    "form",
    type=click.Choice(["text", "dot", "mermaid"]),
    default="text",
    show_default=True,
    help="For people, Graphviz or Markdown.",
)
def graph_command(app: App, form: str) -> None:
    """Draw the revisions of the folder, and mark what is applied."""
    server = app.server
    lines: list[str] = []
    try:
        with server.transaction(keep=False):
            server.store(app.folder.bundle)
            lines = server.lines(
                "migrate_graph", format=form, schema=app.schema
            )
    except Refused as failure:
        if failure.code != "25006":
            raise
        app.output.warn("read-only server: what it has, not the folder")
        lines = server.lines("migrate_graph", format=form, schema=app.schema)
    app.output.json({"format": form, "graph": "\n".join(lines)})
    for line in lines:
        # other programs read the rest
        cut = fitted(line, app.output.width) if form == "text" else line
        app.output.line(cut)
