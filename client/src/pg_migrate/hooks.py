"""What Alembic's env.py says of models and of what is compared."""

from __future__ import annotations

import atexit
import json
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .config import Config
from .errors import Refused, Usage
from .models import before_tables, copied, interpreter
from .revision import Revision

if TYPE_CHECKING:
    from .app import App

PROGRAMS = ("alembic_project", "from_alembic", "from_sqlalchemy")


class AlembicProject:
    """env.py, which runs once in a process of its own and is then asked."""

    def __init__(
        self,
        config: Config,
        file: str,
        section: str,
        x: Sequence[str],
        warn: Callable[[str], None],
    ) -> None:
        """Name the settings; nothing runs before something is asked."""
        self.config = config
        self.arguments = [file, section, *x]
        self.warn = warn
        self._process: subprocess.Popen[str] | None = None

    def _start(self) -> None:
        """Run env.py, unless it has run."""
        if self._process is not None:
            return
        with copied(*PROGRAMS) as path:
            process = subprocess.Popen(
                [interpreter(self.config), path, *self.arguments],
                cwd=self.config.root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
            atexit.register(process.kill)
            self._process = process
            # the programs are needed until they are imported
            self._about = self._exchange({"do": "describe"})

    def _exchange(self, request: dict[str, Any]) -> dict[str, Any]:
        process = self._process
        assert process and process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        found: dict[str, Any] = json.loads(line) if line else {}
        if not line or "error" in found:
            raise Usage(
                found.get("error") or "Alembic's project could not be read",
                next=found.get("next")
                or "env.py, as for alembic check; --python names another "
                "interpreter",
            )
        return found

    def ask(self, do: str, **values: Any) -> dict[str, Any]:
        """Ask for something; what is to be noted of it is a warning."""
        self._start()
        found = self._exchange({"do": do, **values})
        for note in found.get("notes", ()):
            self.warn(note)
        return found

    @property
    def about(self) -> dict[str, Any]:
        """What env.py is like; "problem" tells why it did not run."""
        self._start()
        return self._about

    @property
    def url(self) -> str | None:
        """Where env.py would connect."""
        if self.about["problem"]:
            raise Usage(
                self.about["problem"],
                next='env.py, as for alembic current; or url = "..." in '
                "pg-migrate.toml",
            )
        found: str | None = self.about["url"]
        return found


# ---------------------------------------------------------------------------
# What is left alone
# ---------------------------------------------------------------------------

# Kinds that models can say something of; what these lack of other kinds is
# nobody's to drop.
OF_MODELS = {
    "column",
    "constraint",
    "domain",
    "enumerated type",
    "extension",
    "foreign key",
    "index",
    "schema",
    "sequence",
    "table",
}
# The kinds that patterns may have before them
KINDS = (
    "aggregate",
    "class",
    "collation",
    "configuration",
    "conversion",
    "dictionary",
    "family",
    "function",
    "operator",
    "parser",
    "policy",
    "procedure",
    "rule",
    "statistics",
    "template",
    "trigger",
    "type",
    "view",
)
NAME = r'(?:"(?:[^"]|"")+"|[^".\s(]+)'
OBJECT = re.compile(
    rf"(?:(?P<part>{NAME}) ON )?(?P<schema>{NAME})\.(?P<name>{NAME})"
    rf"(?:\.(?P<column>{NAME}))?"
)
FUNCTION = re.compile(
    r"^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) "
    rf"{NAME}\.(?P<name>{NAME})\("
    r"(?:(?!^CREATE ).)*?^AS (?:'.*?', )?(?P<quote>\$\w*\$).*?(?P=quote);$",
    re.MULTILINE | re.DOTALL,
)
NO_ROW_SECURITY = re.compile(
    rf"^ALTER TABLE ({NAME}\.{NAME}) "
    r"(?:DISABLE|NO FORCE) ROW LEVEL SECURITY;$",
    re.MULTILINE,
)


def bare(name: str) -> str:
    """Return a name without its quotes."""
    if name.startswith('"'):
        return name[1:-1].replace('""', '"')
    return name


def quoted(name: str) -> str:
    """Return a name in quotes."""
    return '"' + name.replace('"', '""') + '"'


TABLES = """
    SELECT n.nspname AS schema, c.relname AS name, t.relname AS table,
           NULL AS type
    FROM pg_catalog.pg_index i
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
         JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    UNION ALL
    SELECT n.nspname, o.conname, t.relname, o.contype::pg_catalog.text
    FROM pg_catalog.pg_constraint o
         JOIN pg_catalog.pg_class t ON t.oid = o.conrelid
         JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
    WHERE o.contype IN ('u', 'c')"""


def leave_alone(app: App, arguments: dict[str, Any]) -> None:
    """Keep what the hooks do not want dropped out of a comparison.

    It is looked for in a comparison before: there an object that is not in
    the models stands as one to drop.
    """
    if app.alembic is None:
        return
    rows = differences(app, arguments)
    drops = [
        (row["kind"], match)
        for row in rows
        if row["operation"] == "drop"
        for match in [OBJECT.match(row["object"])]
        if match
    ]
    patterns = list(arguments["exclude"] or ())
    if not app.config.ddl_files:
        keep_row_security(rows, arguments)
        patterns += [
            pattern(word, match)
            for kind, match in drops
            for word in [kind.replace(" object", "").split()[-1]]
            if kind not in OF_MODELS and word in KINDS
        ]
        # a family is dropped with its classes, which are no rows then
        if any(kind == "operator family" for kind, _ in drops):
            patterns.append("class:*")
    patterns += like_alembic(app, arguments, rows, drops)
    known = [described(kind, match) for kind, match in drops]
    if any(known):
        patterns += unwanted(app, [one for one in known if one])
    arguments["exclude"] = patterns or None


def asked_of(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments that all comparisons have."""
    names = ("model", "schema", "include", "exclude", "against")
    return {name: arguments.get(name) for name in names}


def differences(app: App, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """Compare; the models may call functions that only revisions make.

    Where the model fails for the want of them, it gets those that it names.
    """
    asked = asked_of(arguments)
    known: list[tuple[str, str]] | None = None
    while True:
        try:
            with app.server.savepoint():
                return app.server.rows("migrate_diff", **asked)
        except Refused as failure:
            if failure.code != "MG040" or app.config.ddl_files:
                raise
            if known is None:
                known = functions_there(app, asked)
            text = asked["model"] + (failure.detail or "")
            needed = [one for one in known if is_called(one[0], text)]
            if not needed:
                failure.next = (
                    'what they use, as models = [..., "functions.sql"], or '
                    "in a revision"
                )
                raise
            known = [one for one in known if one not in needed]
            asked["model"] = arguments["model"] = before_tables(
                asked["model"], [definition for _, definition in needed]
            )


def is_called(name: str, text: str) -> bool:
    """Tell whether a text has calls of a function that it does not create."""
    call = rf'(?<!\w){re.escape(name)}"?\('
    created = rf'^CREATE (?:OR REPLACE )?\w+ (?:{NAME}\.)?"?{call}'
    return bool(re.search(call, text)) and not re.search(
        created, text, re.MULTILINE | re.IGNORECASE
    )


def functions_there(app: App, asked: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the functions of revisions or database: name, definition."""
    text = made_again(app, {**asked, "model": ""})
    return [
        (bare(match["name"]), match.group())
        for match in FUNCTION.finditer(text)
    ]


def made_again(app: App, asked: dict[str, Any]) -> str:
    """Return the script that makes what the models lack."""
    with app.server.savepoint():
        rows = app.server.rows("migrate_autogenerate_sql", **asked)
    return str(rows[0]["downgrade"])


def like_alembic(
    app: App,
    arguments: dict[str, Any],
    rows: list[dict[str, Any]],
    drops: list[tuple[str, re.Match[str]]],
) -> list[str]:
    """Return patterns of what Alembic and its plugins would pass over.

    Those are sequences that are no column's, which nothing drops and what is
    left alone may use, and functions of alembic_utils that are written with
    other white space.
    """
    sequences = [match for kind, match in drops if kind == "sequence"]
    altered = [
        (row["object"], function)
        for row in rows
        if row["kind"] in ("function", "procedure")
        for function in functions_in(str(row["upgrade"]))
    ]
    if not sequences and not altered:
        return []
    text = made_again(app, asked_of(arguments))
    before = functions_in(text)
    meant = {name for name, function in altered if function not in before}
    patterns = [
        pattern("sequence", match)
        for match in sequences
        if f"ALTER SEQUENCE {match.group()} OWNED BY " not in text
    ]
    for name in {name for name, _ in altered} - meant:
        match = OBJECT.match(name)
        if match and not any(
            other.startswith(f"{match.group()}(") for other in meant
        ):
            patterns.append(pattern("function", match))
    return patterns


def functions_in(text: str) -> list[str]:
    """Return the functions that a script creates, with single blanks."""
    return [
        " ".join(re.sub(r"(\$\w*\$)", r" \1 ", match.group()).split())
        for match in FUNCTION.finditer(text)
    ]


def unwanted(app: App, known: list[dict[str, Any]]) -> list[str]:
    """Return patterns of what the hooks do not want dropped."""
    assert app.alembic
    tables = {
        (row["schema"], row["name"]): row for row in app.server.query(TABLES)
    }
    for one in known:
        row = tables.get((one["schema"], one["name"]))
        if row and one["type"] in ("index", "unique_constraint"):
            one["table"] = row["table"]
            if row["type"] == "c":
                one["type"] = "check_constraint"
    reply = app.alembic.ask("keep", objects=known, schema=app.default)
    patterns = []
    for one, keep in zip(known, reply["keep"]):
        if keep:
            continue
        if one["pattern"]:
            patterns.append(one["pattern"])
            continue
        app.output.warn(
            f"the hooks of env.py leave column {one['table']}.{one['name']} "
            "alone, which is compared all the same"
        )
    return patterns


def pattern(kind: str, match: re.Match[str]) -> str:
    """Return the pattern of an object of a comparison."""
    name = match["part"] or match["name"]
    return f"{kind}:{quoted(bare(match['schema']))}.{quoted(bare(name))}"


def described(kind: str, match: re.Match[str]) -> dict[str, Any] | None:
    """Return an object that would be dropped, as the hooks take it."""
    if kind.endswith(" table"):
        kind = "table"
    types = {
        "table": "table",
        "column": "column",
        "index": "index",
        "constraint": "unique_constraint",
        "foreign key": "foreign_key_constraint",
    }
    if kind not in types:
        return None
    word = "constraint" if kind == "foreign key" else kind
    return {
        "type": types[kind],
        "schema": bare(match["schema"]),
        "name": bare(match["part"] or match["column"] or match["name"]),
        "table": bare(match["name"]),
        "pattern": None if kind == "column" else pattern(word, match),
    }


def keep_row_security(
    rows: list[dict[str, Any]], arguments: dict[str, Any]
) -> None:
    """Let tables keep their row security, which models do not tell of."""
    for row in rows:
        for match in NO_ROW_SECURITY.finditer(str(row["upgrade"])):
            word = "FORCE" if "NO FORCE" in match.group() else "ENABLE"
            arguments["model"] += (
                f"ALTER TABLE {match.group(1)} {word} ROW LEVEL SECURITY;\n"
            )


# ---------------------------------------------------------------------------
# process_revision_directives
# ---------------------------------------------------------------------------

CHANGED = "-- NOT PROVEN: process_revision_directives has changed the script\n"


def process_directives(app: App, revision: Revision) -> Revision | None:
    """Let the hook look at a generated revision.

    Returns the revision as the hook wants it; None where it wants none.
    """
    if app.alembic is None:
        return revision
    reply = app.alembic.ask(
        "directives",
        revision={
            "id": revision.id,
            "message": revision.message,
            "parents": revision.parents,
            "upgrade": revision.upgrade,
            "downgrade": revision.downgrade,
        },
        folder=[
            {
                "id": known.id,
                "message": known.message,
                "parents": known.parents,
                "labels": known.labels,
                "depends_on": known.depends_on,
                "path": known.path,
            }
            for known in app.folder.revisions.values()
            if known.id != revision.id
        ],
    )
    made = reply["revision"]
    if made is None:
        return None
    if reply["changed"]:
        made["upgrade"] = CHANGED + made["upgrade"]
    return replace(revision, **made)
