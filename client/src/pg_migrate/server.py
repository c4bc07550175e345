"""The functions of the extension, over one connection."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Optional, cast

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from .config import Config
from .errors import NEXT, Failure, NotReached, Refused
from .url import conninfo

Row = dict[str, Any]
NoticeHandler = Callable[[str, str, Optional[str], Optional[str]], None]

FIND = """
    SELECT n.nspname
    FROM pg_catalog.pg_extension e
         JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_migrations'"""
INSTALL = (
    'pg-migrate init --extension, or "CREATE SCHEMA migrate; CREATE '
    'EXTENSION pg_migrations SCHEMA migrate", as a superuser'
)


# What comes first, as hints have it for psql
BEFORE = re.compile(
    r"migrate_(?P<function>deploy|revert|squash)\('(?P<target>[^']+)'[^)]*\)"
    r" (?:undoes it first|applies all of them|goes on with it"
    r"|does the same here)"
)
COMMANDS = {"deploy": "upgrade", "revert": "downgrade", "squash": "squash"}


def next_command(
    code: str | None, message: str, context: str
) -> str | None:
    """Return what to do after an error of the extension."""
    command = NEXT.get(code or "")
    if command is None:
        return None
    name = re.search(r'"([^"]+)"', message) or re.search(
        r'revision "([^"]+)"', context
    )
    return command.replace("{}", name.group(1) if name else "REVISION")


def failure_of(error: psycopg.Error) -> Failure:
    """Return what an error of the driver means here."""
    diag = error.diag
    message = diag.message_primary or str(error).strip()
    code = error.sqlstate
    if code is None or code.startswith(("08", "57P")):
        return NotReached(
            message,
            detail=diag.message_detail,
            code=code,
            next="pg-migrate status, when the server is there",
        )
    # of a parameter the server tells its number
    context = re.sub(r"unnamed portal .*\n?", "", diag.context or "")
    follow = next_command(code, message, context)
    named = re.search(r'revision "([^"]+)"', context)
    if follow is None and named:
        verb = "downgrade" if "downgrade script" in context else "upgrade"
        follow = f"pg-migrate edit {named.group(1)}, then pg-migrate {verb}"
    first = BEFORE.search(diag.message_hint or "")
    if first:
        command = COMMANDS[first["function"]]
        follow = f"pg-migrate {command} {first['target']}, then the same again"
        if (diag.message_hint or "").startswith("Apply the files from before"):
            follow = "the files from before that; " + follow
    return Refused(
        message,
        detail=diag.message_detail,
        code=code,
        context=context or None,
        hint=without_calls(diag.message_hint),
        next=follow or "pg-migrate status",
    )


def not_connected(error: psycopg.Error, conninfo: str) -> NotReached:
    """Return what it means that there is no connection."""
    defaults = Conninfo.get_defaults()
    known = {o.keyword.decode(): o.val.decode() for o in defaults if o.val}
    given = conninfo_to_dict(conninfo)
    known.update((name, str(value)) for name, value in given.items())
    host, user = known.get("host") or "localhost", known.get("user", "")
    text = str(error).strip()
    # of several addresses it tells each attempt
    first, *rest = [line.strip() for line in text.splitlines()] or [""]
    missing = re.search(r'(database|role) "([^"]+)" does not exist', text)
    if missing:
        program = "createdb" if missing[1] == "database" else "createuser"
        follow = f"{program} {missing[2]}; or another {missing[1]} in --url"
    elif "password" in text or "authentication" in text:
        follow = "PGPASSWORD, ~/.pgpass, or the password in DATABASE_URL"
    else:
        place = f" -h {known['host']}" if known.get("host") else ""
        follow = (
            f"pg_isready{place} -p {known.get('port', '5432')}; "
            "DATABASE_URL or --url says where"
        )
    return NotReached(
        f'cannot connect to database "{known.get("dbname") or user}" on '
        f'{host} as "{user}": '
        + re.sub(r"^connection (failed|is bad): ", "", first),
        detail=" ".join(rest) or None,
        code=error.sqlstate,
        next=follow,
    )


def without_calls(hint: str | None) -> str | None:
    """Return a hint without the sentences that are for psql.

    An alternative to one of them goes along.
    """
    kept: list[str] = []
    left_out = False
    for sentence in re.split(r"(?<=[.;])\s+", hint or ""):
        left_out = bool(re.search(r"\bmigrate_\w+\(", sentence)) or (
            left_out and sentence.startswith("Or ")
        )
        if not left_out:
            kept.append(sentence)
    return re.sub(r"^or ", "Or ", " ".join(kept)) or None


def connect_text(config: Config, warn: Callable[[str], None]) -> str:
    """Return where to connect: settings, DATABASE_URL, the PG* variables."""
    url = config.url or os.environ.get("DATABASE_URL")
    return conninfo(url, warn) if url else ""


class Server:
    """A connection and the extension in its database."""

    def __init__(
        self, connection: psycopg.Connection[Any], config: Config
    ) -> None:
        """Take a connection; find_extension() comes before its functions."""
        self.connection = connection
        self.config = config
        self.schema = ""
        self._arguments: dict[str, list[str]] = {}

    def find_extension(self) -> Server:
        """Find the extension's schema, or refuse."""
        found = self.query(FIND)
        if not found:
            raise Refused(
                f'database "{self.connection.info.dbname}" does not have the '
                "extension pg_migrations",
                code="42704",
                next=INSTALL,
            )
        self.schema = found[0]["nspname"]
        own = [n for n in self.config.settings if n.startswith("migrate.")]
        if own:
            # which values are good is known where the library is loaded
            self.query("SELECT FROM {mig}.migrate_heads() LIMIT 0")
        for name in own:
            self._set(name)
        return self

    # Connecting

    @classmethod
    def connect(
        cls,
        conninfo: str,
        config: Config,
        on_notice: NoticeHandler | None = None,
    ) -> Server:
        """Connect as the settings say."""
        try:
            connection = psycopg.connect(
                conninfo,
                autocommit=True,
                fallback_application_name="pg-migrate",
            )
        except psycopg.Error as error:
            raise not_connected(error, conninfo)
        if on_notice is not None:
            handler = on_notice

            def hear(diag: psycopg.errors.Diagnostic) -> None:
                handler(
                    diag.severity_nonlocalized or "NOTICE",
                    diag.message_primary or "",
                    diag.message_detail,
                    diag.message_hint,
                )

            connection.add_notice_handler(hear)
        server = cls(connection, config)
        server._prepare()
        return server

    def _set(self, name: str) -> None:
        value = self.config.settings[name]
        try:
            self.query(
                "SELECT pg_catalog.set_config(%s, %s, false)", (name, value)
            )
        except Refused as failure:
            failure.next = "[settings] of pg-migrate.toml, or --set"
            raise

    def _prepare(self) -> None:
        for name in self.config.settings:
            if not name.startswith("migrate."):
                self._set(name)
        role = self.config.role
        if role:
            try:
                self.execute(
                    sql.SQL("SET ROLE {}").format(sql.Identifier(role))
                )
            except Refused as failure:
                failure.next = "role = ... in pg-migrate.toml, or --role"
                raise

    @property
    def place(self) -> str:
        """The database and where it is, for people."""
        info = self.connection.info
        host = info.host or "localhost"
        host = "localhost" if host.startswith(("/", "@")) else host
        return f"{info.dbname} on {host}"

    @property
    def version(self) -> int:
        """The major version of the server."""
        return self.connection.info.server_version // 10000

    # Statements

    def execute(self, statement: Any, arguments: Any = None) -> list[Row]:
        """Run a statement and return its rows."""
        try:
            cursor = self.connection.cursor(row_factory=dict_row)
            cursor.execute(statement, arguments, prepare=False)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            raise self.failure(error) from error

    def failure(self, error: psycopg.Error) -> Failure:
        """Return what an error means on this server."""
        failure = failure_of(error)
        if failure.code == "25006" and not failure.detail:
            status = self.connection.info.parameter_status("in_hot_standby")
            what = "a standby" if status == "on" else "read-only"
            failure.detail = f"{self.place} is {what}."
        return failure

    def query(self, statement: str, arguments: Any = None) -> list[Row]:
        """Run a query of our own; {mig} is the extension's schema."""
        # Literal only for the checker: no statement comes from outside.
        composed: Any = sql.SQL(cast(Any, statement))
        if "{mig}" in statement:
            composed = composed.format(mig=sql.Identifier(self.schema))
        return self.execute(composed, arguments)

    def arguments(self, function: str) -> list[str]:
        """Return the names of a function's arguments; none if it is absent."""
        if function not in self._arguments:
            rows = self.query(
                "SELECT coalesce(p.proargnames, '{}') AS names"
                " FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n"
                " ON n.oid = p.pronamespace WHERE n.nspname = %s"
                " AND p.proname = %s",
                (self.schema, function),
            )
            self._arguments[function] = rows[0]["names"] if rows else []
        return self._arguments[function]

    def _older(self, what: str) -> Refused:
        """Return the refusal of an extension that lacks something."""
        rows = self.query(
            "SELECT e.extversion AS here, a.default_version AS there"
            " FROM pg_catalog.pg_extension e"
            " LEFT JOIN pg_catalog.pg_available_extensions a"
            " ON a.name = e.extname"
            " WHERE e.extname = 'pg_migrations'"
        )
        here, there = rows[0]["here"], rows[0]["there"]
        update = 'pg-migrate psql -- -c "ALTER EXTENSION pg_migrations UPDATE"'
        return Refused(
            f"the extension in {self.place} is older than this client: "
            f"{here} has no {what}",
            code="42883",
            next=update
            if there != here
            else f"a newer extension on the server, then {update}",
        )

    def _composed(
        self, shape: str, function: str, named: dict[str, Any]
    ) -> tuple[sql.Composed, dict[str, Any]]:
        known = self.arguments(function)
        if not known:
            raise self._older(f"{function}()")
        values = {}
        for name, value in named.items():
            if value is None:
                continue
            if name not in known:
                raise self._older(f'argument "{name}" of {function}()')
            values[name] = Jsonb(value) if isinstance(value, dict) else value
        listed = sql.SQL(", ").join(
            sql.SQL("{} => {}").format(
                sql.Identifier(name), sql.Placeholder(name)
            )
            for name in values
        )
        statement = sql.SQL(cast(Any, shape)).format(
            function=sql.Identifier(self.schema, function), arguments=listed
        )
        return statement, values

    def rows(self, function: str, /, **named: Any) -> list[Row]:
        """Return the rows of a function; arguments that are None stay out."""
        statement, values = self._composed(
            "SELECT * FROM {function}({arguments})", function, named
        )
        return self.execute(statement, values)

    def value(self, function: str, /, **named: Any) -> Any:
        """Return the one value of a function."""
        statement, values = self._composed(
            "SELECT {function}({arguments}) AS value", function, named
        )
        rows = self.execute(statement, values)
        return rows[0]["value"] if rows else None

    def text(self, function: str, /, **named: Any) -> str | None:
        """Return the one text of a function."""
        value = self.value(function, **named)
        return None if value is None else str(value)

    def lines(self, function: str, /, **named: Any) -> list[str]:
        """Return what a function prints line by line."""
        statement, values = self._composed(
            "SELECT {function}({arguments}) AS value", function, named
        )
        return [row["value"] for row in self.execute(statement, values)]

    def call(self, procedure: str, /, **named: Any) -> Row:
        """Call a procedure; what it returns in its INOUT arguments."""
        statement, values = self._composed(
            "CALL {function}({arguments})", procedure, named
        )
        rows = self.execute(statement, values)
        return rows[0] if rows else {}

    @contextmanager
    def transaction(self, keep: bool = True) -> Iterator[None]:
        """Run what is inside in one transaction; without keep, look only."""
        try:
            with self.connection.transaction(force_rollback=not keep):
                yield
        except psycopg.Error as error:
            raise self.failure(error) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Let an error undo what is inside and nothing else."""
        with self.connection.transaction():
            yield

    # What several commands ask

    def store(self, bundle: str) -> None:
        """Store the revisions of files, if there are any."""
        if bundle:
            self.value("migrate_import", files=bundle)

    def applied(self, schema: str | None) -> list[str]:
        """Return what is applied in a target schema."""
        rows = self.query(
            "SELECT revision FROM {mig}.migrate_version"
            " WHERE schema_name = %s ORDER BY revision",
            (schema or "",),
        )
        return [row["revision"] for row in rows]

    def emptied(self, schema: str | None) -> bool:
        """Tell whether revisions are recorded and no object is there."""
        rows = self.query(EMPTIED, {"schema": schema or ""})
        return bool(rows[0]["n"])

    def above(self, names: list[str]) -> list[str]:
        """Return revisions and all that stands on them, the highest first."""
        return [r["revision"] for r in self.query(ABOVE, (names,))]


ABOVE = """
    WITH RECURSIVE gone AS
    (
        SELECT pg_catalog.unnest(%s::pg_catalog.text[]) COLLATE "C" AS revision
        UNION
        SELECT e.child
        FROM gone g
             JOIN {mig}.migrate_edge e
                ON e.parent = g.revision AND e.kind IN ('p', 'd')
    )
    SELECT revision
    FROM gone JOIN {mig}.migrate_revision USING (revision)
    ORDER BY generation DESC"""

EMPTIED = """
    SELECT count(*) AS n
    FROM {mig}.migrate_version a
    WHERE a.schema_name = %(schema)s AND NOT EXISTS
    (
        SELECT
        FROM (SELECT tableoid AS class, oid, relnamespace AS nsp
              FROM pg_catalog.pg_class
              UNION ALL
              SELECT tableoid, oid, pronamespace FROM pg_catalog.pg_proc) o
             JOIN pg_catalog.pg_namespace n ON n.oid = o.nsp
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND %(schema)s IN ('', n.nspname)
              AND NOT EXISTS
              (SELECT FROM pg_catalog.pg_depend d
               WHERE d.classid = o.class AND d.objid = o.oid
                     AND d.deptype IN ('e', 'i'))
              AND NOT EXISTS
              (SELECT FROM pg_catalog.pg_depend d
                      JOIN pg_catalog.pg_index i ON d.objid = i.indrelid
               WHERE i.indexrelid = o.oid AND d.deptype = 'e')
    )"""
