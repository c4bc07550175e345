#!/usr/bin/env python3
"""Tells what an Alembic project's env.py says of models and comparison.

    alembic_project.py ALEMBIC.INI|MODULE:NAME SECTION [NAME=VALUE]...

pg-migrate runs this file, with from_alembic.py and from_sqlalchemy.py beside
it, by the Python of the application.  It runs env.py once, without any
connection, keeps what that hands to context.configure(), and then answers
requests: one line of JSON in, one line of JSON out.  The hooks of env.py are
called as they are.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import re
import signal
import sys
import types
import unittest.mock
from collections.abc import Iterator
from typing import Any, TextIO

if __name__ == "__main__":  # Ctrl-C: pg-migrate says it, in one line
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from_alembic: Any = importlib.import_module("from_alembic")
from_sqlalchemy: Any = importlib.import_module("from_sqlalchemy")

alembic: Any = importlib.import_module("alembic")
ops: Any = importlib.import_module("alembic.operations.ops")
sqlalchemy: Any = importlib.import_module("sqlalchemy")

PLACEHOLDER = "driver://user:pass@localhost/dbname"
Answer = dict[str, Any]


def quoted(name: str) -> str:
    """Return a name as patterns of migrate.exclude have it."""
    return '"%s"' % name.replace('"', '""')


def pattern(kind: str, schema: str, name: str) -> str:
    """Return the pattern of one object."""
    return "%s:%s.%s" % (kind, quoted(schema), quoted(name))


class Project:
    """An Alembic project, whose env.py has run."""

    def __init__(self, file: str, section: str, x: list[str]) -> None:
        """Read the configuration and run env.py."""
        options = argparse.Namespace(
            config=[file],
            name=section,
            x=x,
            sql=False,
            tag=None,
            revision="heads",
            autogenerate=True,
        )
        from_alembic.enter_project(options)
        sys.path.append(os.getcwd())
        self.urls: list[str] = []
        self.runs: list[Answer] = []
        self.recorder = from_alembic.Recorder(from_alembic.make_dialect())
        self.config = from_alembic.make_config(options)
        self.script = alembic.script.ScriptDirectory.from_config(self.config)
        self.environment = from_alembic.make_environment(
            self.config, self.script, self.recorder, lambda arguments: None
        )
        self._listen()
        self.problem: str | None = None
        with from_alembic.no_connections(self.recorder, self._connected):
            self.environment.__enter__()
            try:
                from_alembic.run_env_py(self.script)
            except (Exception, SystemExit) as error:
                self.problem = self._place(error)
        if self.problem is None and not self.runs:
            self.problem = "%s does not call context.configure()" % (
                os.path.relpath(self.script.env_py_location)
            )
        self.said = self.runs[0] if self.runs else {}

    def _listen(self) -> None:
        """Keep what env.py hands to context.configure().

        It takes its online branch: the other one often says less.
        """
        configure = self.environment.configure

        def hear(
            connection: Any = None, url: Any = None, **options: Any
        ) -> None:
            self.runs.append(dict(options, url=url))
            configure(connection=connection, url=url, **options)

        self.environment.configure = hear
        # to env.py that looks around there is an empty database
        sqlalchemy.inspection._inspects(unittest.mock.MagicMock)(
            from_sqlalchemy.NoDatabase
        )
        self.environment.is_offline_mode = lambda: False

    def _connected(self, engine: Any) -> None:
        self.urls.append(engine.url.render_as_string(hide_password=False))

    def _place(self, error: BaseException) -> str:
        """Return an error with the line of env.py."""
        path = self.script.env_py_location
        return "%s:%d: %s" % (
            os.path.relpath(path),
            from_alembic.line_of_error(error, path) or 1,
            from_alembic.describe(error),
        )

    @property
    def url(self) -> str | None:
        """Where env.py would connect."""
        given = self.said.get("url")
        found = self.urls[0] if self.urls else None
        url = found or given or self.config.get_main_option("sqlalchemy.url")
        return None if not url or url == PLACEHOLDER else str(url)

    def _variable(self) -> str | None:
        """Return the variable of the environment that has the URL."""

        def place(url: str) -> Any:
            made = sqlalchemy.engine.make_url(url)
            return made.set(drivername="postgresql")

        for name, value in os.environ.items():
            if self.url and "://" in value:
                with contextlib.suppress(Exception):
                    if place(value) == place(self.url):
                        return name
        return None

    def hook(self, name: str, *arguments: Any, **named: Any) -> Any:
        """Call what env.py has handed over; True where it has nothing."""
        function = self.said.get(name)
        if function is None:
            return True
        try:
            return function(*arguments, **named)
        except Exception as error:
            raise from_alembic.Failure(
                "%s of %s" % (name, self._place(error))
            ) from error

    # Requests

    def describe(self) -> Answer:
        """Return what init writes down."""
        template = self.config.get_main_option("file_template")
        said = self.said
        places = [str(place) for place in self.script._version_locations]
        return {
            "revisions": any(
                name.endswith(".py")
                for place in places
                if os.path.isdir(place)
                for name in os.listdir(place)
            ),
            "problem": self.problem,
            "url": self.url,
            "variable": self._variable(),
            "file_template": template,
            "version_table": said.get("version_table") or "alembic_version",
            "version_table_schema": said.get("version_table_schema"),
        }

    def metadatas(self) -> list[Any]:
        """Return the MetaData that autogenerate would compare."""
        if self.problem:
            raise from_alembic.Failure(self.problem)
        target = self.said.get("target_metadata")
        if target is None:
            raise from_alembic.Failure(
                "%s hands no target_metadata to context.configure()"
                % os.path.relpath(self.script.env_py_location)
            )
        found = from_sqlalchemy.named_metadata(target, "target_metadata")
        found = [metadata for metadata in found if metadata.tables]
        if not found:
            raise from_alembic.Failure("target_metadata has no tables")
        return list(found)

    def model(self, server: int | None, schema: str) -> Answer:
        """Return the models as DDL, and what the hooks leave out of them."""
        metadatas = self.metadatas()
        exclude = [
            pattern(
                "table",
                str(self.said.get("version_table_schema") or schema),
                str(self.said.get("version_table") or "alembic_version"),
            )
        ]
        notes: list[str] = []
        for metadata in metadatas:
            for table in metadata.tables.values():
                self._ask_of_table(table, schema, exclude, notes)
        text = from_sqlalchemy.model_text(
            metadatas, server or from_sqlalchemy.DEFAULT_SERVER
        )
        schemas = sorted(
            {
                str(table.schema or schema)
                for metadata in metadatas
                for table in metadata.tables.values()
            }
        )
        everywhere = self.said.get("include_schemas")
        return {
            "model": text,
            **self._entities(),
            "exclude": exclude,
            "include": schemas if everywhere else None,
            "notes": notes,
        }

    def _entities(self) -> dict[str, list[str]]:
        """Return what alembic_utils has registered, but for privileges.

        Tables may call functions; views and triggers need the tables.
        """
        utils = sys.modules.get("alembic_utils.replaceable_entity")
        texts: dict[str, list[str]] = {"before": [], "behind": []}
        for entity in utils.registry.entities() if utils else ():
            kind = type(entity).__name__
            if kind != "PGGrantTable":
                place = "before" if kind in BEFORE_TABLES else "behind"
                creation = ops.ExecuteSQLOp(entity.to_sql_statement_create())
                texts[place] += self._texts([ops.UpgradeOps([creation])])
        return texts

    def _ask_of_table(
        self, table: Any, schema: str, exclude: list[str], notes: list[str]
    ) -> None:
        place = str(table.schema or schema)

        def wanted(thing: Any, name: Any, kind: str) -> bool:
            return bool(
                self.hook("include_object", thing, name, kind, False, None)
            )

        if not wanted(table, table.name, "table"):
            exclude.append(pattern("table", place, str(table.name)))
            return
        for column in table.columns:
            if not wanted(column, column.name, "column"):
                notes.append(
                    "include_object leaves out column %s.%s, which is "
                    "compared all the same" % (table.fullname, column.name)
                )
        for index in table.indexes:
            if not wanted(index, index.name, "index") and index.name:
                exclude.append(pattern("index", place, str(index.name)))
        kinds = {
            sqlalchemy.UniqueConstraint: "unique_constraint",
            sqlalchemy.ForeignKeyConstraint: "foreign_key_constraint",
        }
        for item in table.constraints:
            kind = kinds.get(type(item))
            if kind and not wanted(item, item.name, kind) and item.name:
                exclude.append(pattern("constraint", place, str(item.name)))

    def keep(self, objects: list[Answer], schema: str) -> Answer:
        """Tell of objects that the models lack whether they are compared."""
        return {"keep": [self._is_compared(o, schema) for o in objects]}

    def _is_compared(self, known: Answer, default: str) -> bool:
        """Ask as of something that was reflected from the database."""
        kind, name = known["type"], known["name"]
        schema = None if known["schema"] == default else known["schema"]
        table_name = known.get("table") or name
        if kind == "check_constraint":
            return True  # Alembic has no word for them
        full = ".".join(filter(None, (schema, table_name)))
        parents: Answer = {"schema_name": schema}
        if not self.hook("include_name", schema, "schema", {}):
            return False
        parents["schema_qualified_table_name"] = full
        if kind != "table":
            parents["table_name"] = table_name
        if not self.hook("include_name", name, kind, parents):
            return False
        thing = reflected(kind, name, table_name, schema)
        return bool(self.hook("include_object", thing, name, kind, True, None))

    def directives(self, revision: Answer, folder: list[Answer]) -> Answer:
        """Let process_revision_directives look at a new revision."""
        function = self.said.get("process_revision_directives")
        if function is None:
            return {"revision": {}, "changed": False, "notes": []}
        before = [pieces(revision["upgrade"]), pieces(revision["downgrade"])]
        up, down = ([StatementOp(t) for t in texts] for texts in before)
        heads = tuple(revision["parents"])
        script = ops.MigrationScript(
            revision["id"],
            ops.UpgradeOps(up),
            ops.DowngradeOps(down),
            message=revision["message"],
            head=",".join(heads) or "base",
        )
        context = self.environment.get_context()
        context.get_current_heads = lambda: heads
        directives = [script]
        # what is in Alembic's folder is not what a new revision stands on
        self.script.revision_map = revision_map(folder)
        with unittest.mock.patch.object(
            alembic.script.ScriptDirectory,
            "from_config",
            lambda config: self.script,
        ):
            self.hook(
                "process_revision_directives", context, heads, directives
            )
        if not directives:
            return {"revision": None, "changed": True, "notes": []}
        made = directives[0]
        after = [
            self._texts(made.upgrade_ops_list),
            self._texts(made.downgrade_ops_list),
        ]
        found = {"id": made.rev_id, "message": made.message}
        if after != before:
            found["upgrade"] = "\n\n".join(after[0])
            if after[1] or revision["downgrade"] is not None:
                found["downgrade"] = "\n\n".join(after[1])
        return {
            "revision": found,
            "changed": after != before,
            "notes": list(unmatched(function)),
        }

    def _texts(self, containers: list[Any]) -> list[str]:
        """Return what became of the operations, each as SQL."""
        texts: list[str] = []
        for op in (op for container in containers for op in container.ops):
            if isinstance(op, StatementOp):
                texts.append(str(op.sqltext))
                continue
            self.recorder.begin_function(self.script.env_py_location)
            try:
                context = self.environment.get_context()
                alembic.operations.Operations(context).invoke(op)
                texts += self.recorder.statements
            finally:
                self.recorder.begin_function(None)
        return texts


# Of alembic_utils: what tables may need
BEFORE_TABLES = ("PGExtension", "PGFunction")


class StatementOp(ops.ExecuteSQLOp):  # type: ignore[misc]
    """A statement of a generated script, as process_... gets it."""

    TABLE = re.compile(
        r"^(?:CREATE TABLE|ALTER TABLE(?: ONLY)?|DROP TABLE|"
        r"CREATE (?:UNIQUE )?INDEX \S+ ON(?: ONLY)?) "
        r'((?:[\w.$]|"[^"]*")+)',
        re.MULTILINE,
    )

    def __init__(self, text: str) -> None:
        """Name the table, as Alembic's operations do."""
        super().__init__(text)
        match = self.TABLE.search(text)
        if match:
            parts = [p.strip('"') for p in match.group(1).split(".")]
            self.table_name = parts[-1]
            self.schema = parts[0] if len(parts) > 1 else None


def pieces(script: str | None) -> list[str]:
    """Return the statements of a script, each with the comments before it."""
    return [
        from_alembic.terminated(text) if words else text.strip()
        for text, words in from_alembic.statements(script or "")
    ]


def reflected(
    kind: str, name: str, table_name: str, schema: str | None
) -> Any:
    """Return an object as Alembic would reflect it, as far as is known."""
    column = sqlalchemy.Column(
        name if kind == "column" else "id", sqlalchemy.types.NullType()
    )
    table = sqlalchemy.Table(
        table_name, sqlalchemy.MetaData(), column, schema=schema
    )
    if kind == "column":
        return column
    if kind == "index":
        return sqlalchemy.Index(name, column)
    if kind == "unique_constraint":
        thing = sqlalchemy.UniqueConstraint(column, name=name)
    elif kind == "foreign_key_constraint":
        target = sqlalchemy.Table(
            "other", table.metadata, sqlalchemy.Column("id")
        )
        thing = sqlalchemy.ForeignKeyConstraint(
            [column], [target.c.id], name=name
        )
    else:
        return table
    table.append_constraint(thing)
    return thing


def revision_map(folder: list[Answer]) -> Any:
    """Return the revisions of our folder as Alembic has its own."""

    def scripts() -> Iterator[Any]:
        for row in folder:
            module = types.ModuleType(row["id"], row["message"])
            values = {
                "revision": row["id"],
                "down_revision": tuple(row["parents"]) or None,
                "branch_labels": tuple(row["labels"]) or None,
                "depends_on": tuple(row["depends_on"]) or None,
            }
            for name, value in values.items():
                setattr(module, name, value)
            yield alembic.script.Script(module, row["id"], row["path"])

    return alembic.script.revision.RevisionMap(scripts)


def unmatched(function: Any) -> Iterator[str]:
    """Name what a Rewriter waits for and never gets: our operations."""
    while function is not None:
        dispatch = getattr(function, "dispatch", None)
        for cls in getattr(dispatch, "_registry", ()):
            name = getattr(cls, "__name__", "")
            if name and not issubclass(
                cls, (ops.OpContainer, ops.ExecuteSQLOp, ops.MigrationScript)
            ):
                yield (
                    "process_revision_directives has a rule for %s, and the "
                    "operations here are statements of SQL" % name
                )
        function = getattr(function, "_chained", None)


def answer(project: Project, request: Answer) -> Answer:
    """Answer one request."""
    method = getattr(project, request.pop("do"))
    try:
        found: Answer = method(**request)
        return found
    except from_sqlalchemy.Trouble as error:
        return {
            "error": str(error),
            "next": "pg-migrate model, when the models are mended",
        }
    except (from_alembic.Failure, from_alembic.Unrendered) as error:
        return {"error": str(error)}


def channels() -> tuple[TextIO, TextIO]:
    """Return where requests come from and answers go.

    What an application prints goes to stderr, what it reads is nothing.
    """
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    return requests, answers


def main() -> None:
    """Run env.py, then answer."""
    sys.dont_write_bytecode = True
    requests, answers = channels()
    project: Project | None = None
    failure = ""
    try:
        project = Project(sys.argv[1], sys.argv[2], sys.argv[3:])
    except (
        from_alembic.Failure,
        alembic.util.CommandError,
        OSError,
    ) as error:
        failure = str(error)
    for line in requests:
        found = (
            answer(project, json.loads(line))
            if project
            else {"error": failure}
        )
        sys.stdout.flush()  # what env.py has printed comes first
        answers.write(json.dumps(found) + "\n")
        answers.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
