#!/usr/bin/env python3
"""Writes the revisions of an Alembic project as revision files.

    from_alembic.py [-c FILE] [-n NAME] [-x ARG]... [OPTION]... DIRECTORY

Each revision becomes one SQL file with the same id, parents, dependencies,
labels, message and date.  The scripts are what Alembic's offline mode makes
of upgrade() and downgrade(), one revision at a time, for PostgreSQL, without
the bookkeeping of Alembic's version table.  No database is needed and none is
connected to.

What a function does in Python with the contents of a database cannot be
written as SQL.  Such a function is named on stderr with its file and line,
and its script is one that raises an error until it is completed by hand.

Exit status: 0 everything is written, 1 an error, 2 wrong usage, 3 everything
is written, but some scripts have to be completed.

Runs with the Python that Alembic and the project's packages are installed
for; Alembic 1.8 or later.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import datetime
import decimal
import enum
import importlib
import inspect
import json
import logging
import operator
import os
import re
import signal
import sys
import textwrap
import traceback
import types
import unittest.mock
import uuid
import warnings
from typing import Any, Iterator

if __name__ == "__main__":  # Ctrl-C: pg-migrate says it, in one line
    signal.signal(signal.SIGINT, signal.SIG_DFL)

try:
    import alembic
    import alembic.config
    import alembic.script
    import alembic.util
    import sqlalchemy
    import sqlalchemy.engine
    import sqlalchemy.inspection
    from alembic.operations import Operations
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.dialects.postgresql import base as postgresql
    from sqlalchemy.schema import DDLElement
    from sqlalchemy.sql import dml, visitors
    from sqlalchemy.sql.elements import BindParameter, TextClause
except ImportError as missing:
    sys.exit("pg-migrate: %s\npg-migrate: run it with the Python that "
             "Alembic is installed for: --python FILE" % missing)

ILLEGAL = re.compile(r"[@\-+:,/\\\s\x00-\x1f\x7f]|^\.|^$")
WORDS = ("head", "heads", "base", "current")


def say(text: object) -> None:
    """Say something to the user."""
    sys.stderr.write("pg-migrate: %s\n" % text)


class Failure(Exception):
    """Nothing can be written; the message says why."""


class Unrendered(Exception):
    """The revision does something that SQL text cannot hold."""


# ---------------------------------------------------------------------------
# SQL text
# ---------------------------------------------------------------------------

TOKEN = re.compile(r"""
    (?P<comment> --[^\n]*)
  | (?P<block> /\*)
  | (?P<escaped> [eE]'[^'\\]*(?:(?:\\.|'')[^'\\]*)*')
  | (?P<literal> '[^']*(?:''[^']*)*')
  | (?P<quoted> "[^"]*(?:""[^"]*)*")
  | (?P<dollar> (?<![\w$])(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag))
  | (?P<word> [^\W\d][\w$]*)
  | (?P<space> \s+)
  | (?P<other> .)
""", re.VERBOSE | re.DOTALL)


def tokens(sql: Any) -> Iterator[Any]:
    """Yield the tokens of SQL text as pairs of kind and text."""
    at = 0
    while at < len(sql):
        match: Any = TOKEN.match(sql, at)
        kind, end = match.lastgroup, match.end()
        if kind == "tag":
            kind = "dollar"
        elif kind == "block":
            end = end_of_comment(sql, end)
        yield kind, sql[at:end]
        at = end


def end_of_comment(sql: Any, at: Any) -> Any:
    """Return where a block comment ends; such comments nest."""
    depth = 1
    for match in re.compile(r"/\*|\*/").finditer(sql, at):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    return len(sql)


def statements(sql: Any) -> Iterator[Any]:
    """Split SQL text at its semicolons.

    Yields the text of each statement without its semicolon, and its words in
    upper case; none where there are only comments.  What is in parentheses,
    or between BEGIN ATOMIC and END, belongs to its statement.
    """
    words: list[str] = []
    text, depth, parentheses = "", 0, 0
    for kind, token in tokens(sql):
        if token == ";" and depth == 0 and parentheses <= 0:
            yield text, words
            text, words, parentheses = "", [], 0
            continue
        text += token
        parentheses += (token == "(") - (token == ")")
        if kind == "word":
            word = token.upper()
            if word == "ATOMIC" and words and words[-1] == "BEGIN":
                depth = 1
            elif word == "CASE" and depth > 0:
                depth += 1
            elif word == "END" and depth > 0:
                depth -= 1
            words.append(word)
        elif kind in ("literal", "escaped", "quoted", "dollar", "other"):
            words.append("")
    if text.strip():
        yield text, words


def terminated(text: str) -> Any:
    """Return a statement with its semicolon, outside of comments."""
    text = text.strip()
    last = None
    for last in tokens(text):
        pass
    return text + ("\n;" if last and last[0] == "comment" else ";")


def tidy(sql: Any) -> str:
    """Return SQLAlchemy's DDL without tabs and blanks at ends of lines."""
    return "".join(
        re.sub(" +\n", "\n", token).replace("\t", "    ")
        if kind == "space" else token
        for kind, token in tokens(sql.strip()))


def without_schema(sql: Any, schema: Any) -> str:
    """Return SQL text with the names of one schema unqualified."""
    names = {schema.lower(), '"%s"' % schema.replace('"', '""')}
    result: list[Any] = []
    waiting = None              # the schema's name, before its dot
    for kind, token in tokens(sql):
        if waiting is not None:
            if token == ".":
                waiting = None
                continue
            result.append(waiting)
            waiting = None
        if kind == "dollar":
            tag = token[:token.index("$", 1) + 1]
            body = token[len(tag):-len(tag)]
            token = tag + without_schema(body, schema) + tag
        elif ((kind == "word" and token.lower() in names)
                or (kind == "quoted" and token in names)):
            if not result or result[-1] != ".":
                waiting = token
                continue
        result.append(token)
    if waiting is not None:
        result.append(waiting)
    return "".join(result)


# Statements by their first words, and what becomes of them here: Alembic's
# transactions are none of the script's business.
LEFT_OUT = {"BEGIN", "COMMIT", "END", "START"}
REFUSED = {"ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"}


def needs_own_transactions(words: Any) -> Any:
    """Tell whether a statement cannot run in a transaction."""
    return ("CONCURRENTLY" in words and words[0] != "REFRESH"
            or words[0] == "VACUUM" or words[:2] == ["ALTER", "SYSTEM"]
            or (words[0] in ("CREATE", "DROP")
                and words[1:2] in (["DATABASE"], ["TABLESPACE"])))


# DDL that asks first
GUARDS = (
    (r"CREATE (TABLE|SEQUENCE|SCHEMA) ", r"CREATE \1 IF NOT EXISTS "),
    (r"CREATE (UNIQUE )?INDEX ", r"CREATE \1INDEX IF NOT EXISTS "),
    (r"DROP (TABLE|SEQUENCE|SCHEMA|INDEX|TYPE|DOMAIN) ",
     r"DROP \1 IF EXISTS "),
)


def guarded(sql: Any) -> Any:
    """Return DDL that does nothing where its object is (or is not) there."""
    for pattern, replacement in GUARDS:
        result = re.sub("^" + pattern, replacement, sql)
        if result != sql:
            return result
    match = re.match(r'CREATE (?:TYPE|DOMAIN) ((?:[\w.]|"[^"]*")+) ', sql)
    if match:
        return ("DO $migrate$\nBEGIN\n"
                "    IF to_regtype(%s) IS NULL THEN\n        %s;\n"
                "    END IF;\nEND\n$migrate$"
                % (quoted(match.group(1)), sql))
    return sql


def quoted(value: Any) -> str:
    """Return text as an SQL literal."""
    if "\0" in value:
        raise Unrendered("a text with a zero byte")
    return "'%s'" % value.replace("'", "''")


def array_text(values: Any) -> str:
    """Return a list as the text form of an array."""
    items = []
    for value in values:
        if value is None:
            items.append("NULL")
        elif isinstance(value, (list, tuple)):
            items.append(array_text(value))
        else:
            text = plain_text(value)
            items.append('"%s"' % text.replace("\\", "\\\\")
                         .replace('"', '\\"'))
    return "{%s}" % ",".join(items)


def plain_text(value: Any) -> Any:
    """Return the text form of a Python value, as PostgreSQL reads it."""
    if isinstance(value, enum.Enum):
        return plain_text(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return "%d days %d.%06d seconds" % (
            value.days, value.seconds, value.microseconds)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "\\x" + bytes(value).hex()
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, (set, frozenset)):
        raise Unrendered("a set, which has no order")
    if isinstance(value, (list, tuple)):
        return array_text(value)
    if isinstance(value, (str, int, float, decimal.Decimal, uuid.UUID)):
        return str(value)
    own: Any = type(value).__str__
    if own is object.__str__:
        raise Unrendered("a value of type %s" % type(value).__name__)
    return str(value)


def literal(value: Any, type_: Any, dialect: Any) -> Any:
    """Return a Python value as an SQL literal, after what its type does."""
    process = type_.dialect_impl(dialect).bind_processor(dialect)
    if process is not None:
        value = process(value)
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return plain_text(value)
    if (isinstance(value, (int, decimal.Decimal, float))
            and not isinstance(value, enum.Enum)
            and re.match(r"-?\d", str(value))):
        return str(value)
    return quoted(plain_text(value))


class Compiler(postgresql.PGDialect.statement_compiler):
    """Writes all values into the text, also those SQLAlchemy does not."""

    in_text = False

    def visit_textclause(self, *args: Any, **kw: Any) -> Any:
        outer, self.in_text = self.in_text, True
        try:
            return super().visit_textclause(*args, **kw)
        finally:
            self.in_text = outer

    def visit_bindparam(self, bindparam: Any, *args: Any, **kw: Any) -> Any:
        if (bindparam.required and bindparam.value is None
                and bindparam.callable is None
                and bindparam.key not in self.dialect.bind_values):
            raise Unrendered("has no value for " + str(bindparam.key))
        # Not every clause hands this down.
        kw["literal_binds"] = True
        return super().visit_bindparam(bindparam, *args, **kw)

    def render_literal_value(
        self, value: Any, type_: Any, *args: Any, **kw: Any
    ) -> Any:
        text = literal(value, type_, self.dialect)
        if self.in_text:
            # SQLAlchemy will take one backslash away, as from its own text.
            text = re.sub(r"\\(:[\w$]*)(?![:\w$])", r"\\\\\1", text)
        return text

    def render_literal_bindparam(self, bindparam: Any, **kw: Any) -> Any:
        values = self.dialect.bind_values
        if bindparam.key in values:
            return self.render_literal_value(values[bindparam.key],
                                             bindparam.type)
        # To JSON, None is a value.
        if (bindparam.value is None and bindparam.callable is None
                and bindparam.type.should_evaluate_none):
            return self.render_literal_value(None, bindparam.type)
        return super().render_literal_bindparam(bindparam, **kw)


def make_dialect() -> Any:
    """Return PostgreSQL's dialect without any driver's peculiarities."""
    dialect = postgresql.PGDialect(paramstyle="named")
    dialect.statement_compiler = Compiler
    dialect.bind_values = {}    # of the statement being compiled
    # What it learns from a server, it learns from none that is 15.
    server = unittest.mock.MagicMock(name="server")
    for name, value in (("_get_server_version_info", (15, 0)),
                        ("_get_default_schema_name", "public"),
                        ("get_default_isolation_level", "READ COMMITTED"),
                        ("_check_max_identifier_length", None)):
        setattr(dialect, name, lambda *args, value=value: value)
    dialect.initialize(server)
    dialect._backslash_escapes = False
    # Every driver can do this; without, numbers would become floats.
    dialect.supports_native_decimal = True
    # INSERT would ask for the new key, which nobody reads.
    dialect.implicit_returning = False
    return dialect


# ---------------------------------------------------------------------------
# What stands in for the database
# ---------------------------------------------------------------------------

class Result:
    """The result of a statement, which nobody may look at."""

    def __init__(self, recorder: Any, sql: Any) -> None:
        object.__setattr__(self, "_refuse", lambda: recorder.refuse(
            "reads the result of: " + textwrap.shorten(
                sql, 120, placeholder=" ...")))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse()

    def close(self) -> None:
        """Closing is not looking."""

    def _read(self, *args: Any) -> Any:
        self._refuse()

    __iter__ = __len__ = __bool__ = __getitem__ = __contains__ = _read
    __enter__ = __eq__ = __ne__ = __lt__ = __gt__ = _read
    __hash__ = object.__hash__


class Transaction:
    """What a session takes for its transaction."""

    is_active = True

    def __init__(self, recorder: Any) -> None:
        self.recorder = recorder

    def commit(self) -> None:
        """The caller will."""

    close = commit

    def rollback(self) -> None:
        """What was recorded cannot be taken back."""
        self.recorder.refuse("rolls back")

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *args: Any) -> Any:
        return None


class Recorder:
    """A connection that keeps the statements of one function as text.

    It takes what needs no answer.  The first thing that needs one is kept
    with its line, and the function counts as not rendered even if it catches
    the error.
    """

    def __init__(self, dialect: Any, schema: Any = None) -> None:
        self.dialect = dialect
        self.schema = schema
        # Alembic's, of one run
        self.memo: dict[Any, Any] = {}
        # created by earlier functions
        self.types: set[Any] = set()
        self.begin_function(None)

    def begin_function(self, path: str | None) -> None:
        """Start to record a function of a file; None: record nothing."""
        self.memo.clear()
        self.path = path
        self.statements: list[Any] = []
        self.autocommit = False
        self.refusal: Any = None
        self.notes: list[Any] = []
        self.guard = False

    def refuse(self, reason: Any) -> None:
        """Note that the function needs a database, and end it."""
        if self.refusal is None:
            stack = traceback.walk_stack(sys._getframe(1))
            self.refusal = (line_of(stack, self.path), reason)
        raise Unrendered(reason)

    def note(self, text: str) -> None:
        """Note something that the user should look at."""
        stack = traceback.walk_stack(sys._getframe(1))
        self.notes.append((line_of(stack, self.path), text))

    # What Alembic's operations and SQLAlchemy call

    def execute(
        self, statement: Any, params: Any = None, *more: Any, **options: Any
    ) -> Any:
        """Record a statement, once for each set of parameters."""
        options.pop("execution_options", None)
        if more:
            params = [params] + list(more)
        elif options:
            params = dict(params or {}, **options)
        if not hasattr(statement, "_execute_on_connection"):
            statement = sqlalchemy.text(statement)
        sql = ""
        for row in params if isinstance(params, (list, tuple)) else [params]:
            sql = self.compile(statement, row)
            known = self.follow_types(sql)
            if isinstance(statement, DDLElement) and (known or self.guard):
                sql = guarded(sql)
            self.record(sql)
        return Result(self, sql)

    def follow_types(self, sql: Any) -> Any:
        """Keep track of types; tell whether one is created once more.

        A column's enum type is created with the table.  Where two tables have
        it Alembic creates it once in a run; whether both are in one run is
        not known here.
        """
        match = re.match(r"\s*(CREATE|DROP) TYPE (?:IF EXISTS )?([^\s;,]+)",
                         sql, re.IGNORECASE)
        if match is None:
            return False
        known = match.group(2) in self.types
        if match.group(1).upper() == "CREATE":
            self.types.add(match.group(2))
            return known
        self.types.discard(match.group(2))
        return False

    def scalar(self, statement: Any, *args: Any, **kw: Any) -> None:
        """A statement whose result is looked at."""
        self.execute(statement, *args, **kw).first()

    scalars = scalar

    def exec_driver_sql(
        self, sql: Any, params: Any = None, execution_options: Any = None
    ) -> Any:
        """Record a statement in the driver's own form."""
        if params:
            self.refuse("passes parameters to the driver")
        self.record(sql.replace("%%", "%"))
        return Result(self, sql)

    def compile(self, statement: Any, params: Any) -> Any:
        """Return a statement as text with its values."""
        if isinstance(statement, DDLElement):
            return tidy(str(statement.compile(dialect=self.dialect)))
        if isinstance(statement, dml.Insert):
            statement = statement.inline()
        binds = {}
        if params and isinstance(statement, TextClause):
            statement = statement.bindparams(**params)
        elif params:
            names = {e.key for e in visitors.iterate(statement)
                     if isinstance(e, BindParameter)}
            binds = {k: v for k, v in params.items() if k in names}
            values = {k: v for k, v in params.items() if k not in names}
            if values:
                statement = statement.values(values)
        self.dialect.bind_values = binds
        try:
            return self.compile_literally(statement)
        finally:
            self.dialect.bind_values = {}

    def compile_literally(self, statement: Any) -> Any:
        """Return a statement as text, with the defaults of its columns."""
        result = statement.compile(dialect=self.dialect)
        columns = [(c, c.default) for c in
                   getattr(result, "insert_prefetch", None) or ()]
        columns += [(c, c.onupdate) for c in
                    getattr(result, "update_prefetch", None) or ()]
        for column, default in columns:
            value = default.arg
            if default.is_callable:
                value = value(None)
                self.note("takes the default of column %s as it is now"
                          % column.key)
            self.dialect.bind_values[column.key] = value
        if columns:
            result = statement.compile(dialect=self.dialect)
        return str(result).strip()

    def record(self, sql: Any) -> None:
        """Keep SQL text, without statements that control transactions."""
        if self.path is None:
            return
        if re.search(r"(?m)^\s*--\s*migrate:", sql):
            self.refuse("a line of the SQL reads as a section mark")
        if ADDRESS.search(sql):
            self.refuse("a text holds the address of an object: %s"
                        % ADDRESS.sub("", sql.strip()))
        parts = list(statements(sql))
        for text, words in parts:
            first = words[0] if words else ""
            if first in REFUSED or words[:2] == ["PREPARE", "TRANSACTION"]:
                self.refuse("controls the transaction: " + text.strip())
            if first in LEFT_OUT:
                self.autocommit = True
                self.note("left out: " + text.strip())
        if self.schema:
            parts = [(without_schema(text, self.schema), words)
                     for text, words in parts]
            if any(re.search(r"\b%s\b" % re.escape(self.schema), text)
                   for text, words in parts):
                self.note("still names schema " + self.schema)
        for text, words in parts:
            if words and words[0] not in LEFT_OUT:
                self.autocommit |= needs_own_transactions(words)
                self.statements.append(terminated(text))
            elif not words and text.strip():
                self.statements.append(text.strip())

    def _run_ddl_visitor(
        self, visitor: Any, element: Any, checkfirst: bool = False, **kw: Any
    ) -> None:
        """CREATE or DROP of a whole object: Enum.create() and the like."""
        if isinstance(element, sqlalchemy.MetaData):
            self.note("takes all tables of a MetaData as they are now")
        outer, self.guard = self.guard, bool(checkfirst) or self.guard
        try:
            visitor(self.dialect, self, checkfirst=False,
                    **kw).traverse_single(element)
        finally:
            self.guard = outer

    _run_visitor = _run_ddl_visitor

    @property
    def engine(self) -> Any:
        """A connection's engine; it is asked for connections only."""
        return self

    @property
    def name(self) -> Any:
        """An engine's name is its dialect's."""
        return self.dialect.name

    def schema_for_object(self, thing: Any) -> Any:
        """Schemas are not translated."""
        return thing.schema

    def connect(self, *args: Any, **kw: Any) -> Any:
        """A session over this connection uses this connection."""
        return self

    def execution_options(self, **options: Any) -> Any:
        """Take the isolation level for an answer to "in a transaction?"."""
        if options.pop("isolation_level", None) == "AUTOCOMMIT":
            self.autocommit = True
        if "schema_translate_map" in options:
            self.refuse("translates schema names")
        return self

    def _execute_20(
        self, statement: Any, params: Any = None, options: Any = None
    ) -> Any:
        """What sessions of SQLAlchemy 1.4 call."""
        return self.execute(statement, params)

    def begin(self) -> Any:
        """Transactions are the caller's; so are their ends."""
        return Transaction(self)

    def commit(self) -> None:
        """The caller will."""

    close = commit

    def in_transaction(self) -> bool:
        """Say that a session may begin what it takes for a transaction."""
        return False

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *args: Any) -> Any:
        return None

    def __getattr__(self, name: Any) -> None:
        if name.startswith("_"):
            raise AttributeError(name)
        self.refuse("asks the connection for %s" % name)

    # What Alembic's context calls, on behalf of the function

    def operation(
        self,
        construct: Any,
        execution_options: Any = None,
        multiparams: Any = None,
        params: Any = None,
    ) -> None:
        """Stand in for DefaultImpl._exec()."""
        self.execution_options(**dict(execution_options or {}))
        self.execute(construct, multiparams or params or None)

    @contextlib.contextmanager
    def autocommit_block(self) -> Iterator[Any]:
        """Stand in for MigrationContext.autocommit_block()."""
        self.autocommit = True
        yield


def line_of(frames: Any, path: str | None) -> Any:
    """Return the line of the innermost frame that is in a file, or None.

    Frames of a traceback come with the innermost last, those of the stack
    with the innermost first; both are (frame, line).
    """
    if path is None:
        return None
    lines = [(frame.f_code.co_filename, line) for frame, line in frames]
    for name, line in lines:
        if os.path.realpath(name) == os.path.realpath(path):
            return line
    return None


def line_of_error(error: Any, path: str) -> Any:
    """Return the line of a file that an error comes from, or None."""
    return line_of(list(traceback.walk_tb(error.__traceback__))[::-1], path)


def refuse_inspection(recorder: Any) -> None:
    """Make sqlalchemy.inspect() of a Recorder a refusal of its own."""
    recorder.refuse("inspects the database")


sqlalchemy.inspection._inspects(Recorder)(refuse_inspection)


def make_environment(
    config: Any, script: Any, recorder: Any, write: Any
) -> Any:
    """Return Alembic's environment, with a context that renders.

    Where env.py runs it configures its own context; PostgreSQL without a
    connection is what comes of it, whatever it says.  The first time that it
    runs the migrations, write() is called with the arguments for them.
    """
    environment = EnvironmentContext(
        config, script, as_sql=True, destination_rev="heads",
        starting_rev=None, tag=None)
    runs: list[Any] = []

    def is_offline_mode() -> bool:
        # To revisions it is the upgrade of a database; env.py is left to
        # what needs no connection.
        return not runs

    def configure(
        connection: Any = None,
        url: Any = None,
        dialect_name: Any = None,
        dialect_opts: Any = None,
        **options: Any,
    ) -> None:
        opts = dict(environment.context_opts)
        opts.setdefault("target_metadata", None)
        opts.update(options, as_sql=True, transactional_ddl=True,
                    literal_binds=True, output_buffer=None)
        # It would tell of a database that there is none of.
        logging.getLogger("alembic.runtime.migration").disabled = True
        context = MigrationContext.configure(
            dialect=recorder.dialect, environment_context=environment,
            opts=opts)
        context.connection = context.impl.connection = recorder
        recorder.memo = context.impl.memo
        context.autocommit_block = recorder.autocommit_block
        context.impl._exec = recorder.operation
        context.impl.static_output = recorder.record
        context.impl.emit_begin = context.impl.emit_commit = lambda: None
        environment._migration_context = context

    def run_migrations(**arguments: Any) -> None:
        runs.append(arguments)
        if len(runs) == 1:
            context = environment.get_context()
            context.as_sql = context.opts["as_sql"] = False
            with Operations.context(context):
                write(arguments)
            context.as_sql = context.opts["as_sql"] = True
        elif len(runs) == 2:
            say("note: env.py runs the migrations several times; the first "
                "time was taken")

    # Its proxies are made for this class alone: no subclass would do.
    environment.is_offline_mode = is_offline_mode
    environment.configure = configure
    environment.run_migrations = run_migrations
    return environment


@contextlib.contextmanager
def no_connections(
    recorder: Any, heard: Any = lambda engine: None
) -> Iterator[Any]:
    """Let nobody connect to a database; heard() is told who wants to.

    env.py gets something that takes everything; for revisions it is something
    that cannot be rendered.
    """
    def connect(engine: Any, *args: Any, **kw: Any) -> Any:
        if recorder.path is not None:
            recorder.refuse("connects to a database on its own")
        heard(engine)
        connection = unittest.mock.MagicMock(name="connection")
        connection.dialect = recorder.dialect
        connection.__enter__.return_value = connection
        connection.__exit__.return_value = None
        connection.execution_options.return_value = connection
        return connection

    with contextlib.ExitStack() as stack:
        for name in ("connect", "begin", "raw_connection"):
            stack.enter_context(unittest.mock.patch.object(
                sqlalchemy.engine.Engine, name, connect))
        yield


# ---------------------------------------------------------------------------
# Reading the project
# ---------------------------------------------------------------------------

def make_config(options: Any) -> Any:
    """Return Alembic's configuration from the command line."""
    accepted = inspect.signature(alembic.config.Config.__init__).parameters
    files = options.config or [
        os.environ.get("ALEMBIC_CONFIG", "alembic.ini")]
    if is_called(files[0]):
        return called_config(files[0], options)
    arguments = {"ini_section": options.name, "cmd_opts": options}
    for name in files:
        if name.endswith(".toml"):
            if "toml_file" not in accepted:
                raise Failure("Alembic %s does not read %s"
                              % (alembic.__version__, name))
            arguments["toml_file"] = name
        else:
            arguments["file_"] = name
    if not options.config and not os.path.exists(files[0]):
        if not ("toml_file" in accepted and os.path.exists("pyproject.toml")):
            raise Failure("no file %s; name it with -c" % files[0])
        arguments["toml_file"] = "pyproject.toml"
    for name in options.config or []:
        if not os.path.exists(name):
            raise Failure("no file " + name)
    if "toml_file" not in arguments and "toml_file" in accepted:
        beside = os.path.join(os.path.dirname(files[0]), "pyproject.toml")
        if os.path.exists(beside):
            arguments["toml_file"] = beside
    config = alembic.config.Config(**arguments)
    folder = os.path.dirname(files[0])
    if (not config.get_main_option("script_location")
            and "toml_file" not in arguments
            and os.path.exists(os.path.join(folder, "env.py"))):
        # Flask-Migrate keeps its file beside env.py and says no more.
        config.set_main_option("script_location", folder or ".")
    return config


def is_called(name: str) -> bool:
    """Tell whether this is MODULE:NAME rather than a file."""
    return not os.path.exists(name) and bool(
        re.fullmatch(r"[^\W\d][\w.]*:[^\W\d][\w.]*", name))


def called_config(name: str, options: Any) -> Any:
    """Return the configuration that a program of the project makes."""
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    with contextlib.redirect_stdout(sys.stderr):
        config = load(name, "-c")
        try:
            config = config() if callable(config) else config
        except Exception as error:
            raise Failure("-c %s: %s" % (name, describe(error))) from error
    if not isinstance(config, alembic.config.Config):
        raise Failure("-c %s is no Config of Alembic's, but: %r"
                      % (name, config))
    config.cmd_opts = options
    return config


def enter_project(options: Any) -> None:
    """Work in the project's folder.

    Alembic takes relative paths from the current folder.  Where it is not the
    project's, the folder of the configuration file is tried.
    """
    if options.config and is_called(options.config[0]):
        return
    script_location = make_config(options).get_main_option("script_location")
    if (options.config and script_location and ":" not in script_location
            and not os.path.isdir(script_location)):
        folder = os.path.dirname(os.path.abspath(options.config[0]))
        if os.path.isdir(os.path.join(folder, script_location)):
            options.config = [os.path.abspath(f) for f in options.config]
            os.chdir(folder)


def load_or_stand_in(load: Any) -> Any:
    """Return a loader of revision files that does not give up.

    Where a file cannot be imported, its header is read from its source, and
    the error is kept for when its functions are rendered.
    """
    def load_python_file(folder: Any, filename: Any) -> Any:
        try:
            return load(folder, filename)
        except Exception as error:
            if os.path.basename(filename) == "env.py":
                raise
            path = os.path.join(folder, filename)
            module = header_of(path, error)
            module.import_error = (line_of_error(error, path) or 1,
                                   "cannot be imported: " + describe(error))
            return module
    return load_python_file


def header_of(path: str, error: Any) -> Any:
    """Return a module with what the source says about the revision."""
    try:
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read(), path)
    except (SyntaxError, ValueError, OSError) as worse:
        raise Failure("%s: %s" % (path, worse)) from worse
    module = types.ModuleType("revision", ast.get_docstring(tree, False))
    node: Any
    target: Any
    for node in tree.body:
        targets = (node.targets if isinstance(node, ast.Assign) else
                   [node.target] if isinstance(node, ast.AnnAssign) else [])
        for target in targets:
            if getattr(target, "id", None) in (
                    "revision", "down_revision", "branch_labels",
                    "depends_on"):
                with contextlib.suppress(ValueError, TypeError):
                    setattr(module, target.id, ast.literal_eval(node.value))
    if not (hasattr(module, "revision") and hasattr(module, "down_revision")):
        raise Failure("%s: %s" % (path, describe(error))) from error
    return module


ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+(?=>)")


def describe(error: Any) -> Any:
    """Return an exception as one line, the same in every run."""
    text = re.sub(r"\s+", " ", str(error)).strip()
    text = text.split(" (Background on this error")[0]
    text = ADDRESS.sub("", text)
    name = type(error).__name__
    if isinstance(error, (Unrendered, Warning)):
        return text
    return "%s: %s" % (name, text) if text else name


def as_names(value: Any) -> Any:
    """Return what Alembic takes for one or several names as a list."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value] if value else []
    return sorted(value) if isinstance(value, (set, frozenset)) else list(
        value)


class Revision:
    """What a file says about one revision, from Alembic's Script."""

    FIELDS = re.compile(r"^\s*(Revision ID|Revises|Create Date|Branch Labels|"
                        r"Depends On)\s*:(.*)$", re.IGNORECASE)

    def __init__(self, script: Any, prefix: str = "") -> None:
        self.module = script.module
        self.id = prefix + script.revision
        self.own_id = script.revision
        self.path = script.path
        self.parents = [prefix + n for n in as_names(script.down_revision)]
        self.depends_on = as_names(getattr(script.module, "depends_on", None))
        self.labels = as_names(getattr(script.module, "branch_labels", None))
        self.created = None
        self.message, self.description = self.read_docstring(script.longdoc)

    def check_names(self) -> None:
        """Fail if an id or label is none for the extension."""
        for name in [self.id] + self.labels:
            if (ILLEGAL.search(name) or name in WORDS
                    or len(name.encode()) > 63):
                raise Failure("%s: \"%s\" cannot be kept as an id or label"
                              % (self.path, name))

    def read_docstring(self, text: str) -> Any:
        """Take the message, the description and the date out of it."""
        rest = []
        for line in inspect.cleandoc(text).splitlines():
            field = self.FIELDS.match(line)
            if field is None:
                rest.append(line.rstrip())
            elif field.group(1).lower() == "create date":
                self.created = read_date(field.group(2).strip())
        text = "\n".join(rest).strip()
        message, _, description = text.partition("\n\n")
        message = " ".join(message.split())
        if not message:
            stem = os.path.splitext(os.path.basename(self.path))[0]
            message = re.sub(r"[\W_]+", " ", stem.replace(
                self.own_id, "")).strip() or self.id
        return message, description.strip("\n")

    def __repr__(self) -> str:
        return "<%s>" % self.id


def read_date(text: str) -> Any:
    """Return a date of a docstring in UTC, or None.

    Without a time zone it is whatever the author's clock showed: taken as it
    stands.
    """
    text = re.sub(r"Z$", "+00:00", text)
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text)
    try:
        date = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    if date.tzinfo is not None:
        date = date.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return date


def add_labels(revisions: Any, options: Any) -> None:
    """Give bases the labels of the command line, NAME or NAME=BASE."""
    bases = [r for r in revisions if not r.parents]
    for option in options.label:
        name, _, base = option.partition("=")
        found = [r for r in bases if r.own_id.startswith(base)]
        if len(found) != 1:
            raise Failure(
                "--label %s: there are the bases %s; write --label %s=BASE"
                % (option, ", ".join(r.own_id for r in bases), name))
        if name not in found[0].labels:
            found[0].labels.append(name)


def add_prefix(revisions: Any, prefix: Any) -> None:
    """Give dependencies on revisions of the tree their prefix, too."""
    ids = {r.own_id for r in revisions}
    for revision in revisions:
        revision.depends_on = [prefix + n if n in ids else n
                               for n in revision.depends_on]


def read_revisions(script: Any, options: Any) -> Any:
    """Return all revisions, parents and dependencies first."""
    load = alembic.util.load_python_file
    with unittest.mock.patch.object(alembic.util, "load_python_file",
                                    load_or_stand_in(load)):
        with warnings.catch_warnings():
            # Alembic warns of broken graphs and goes on.
            warnings.filterwarnings("error", r"Revision \S+ ", UserWarning)
            try:
                scripts = list(script.walk_revisions())
            except (KeyError, UserWarning) as error:
                raise Failure("the graph of revisions is broken: %s"
                              % describe(error)) from error
    if not scripts:
        raise Failure("no revisions in " + ", ".join(
            map(str, script._version_locations)))
    revisions = [Revision(s, options.prefix) for s in reversed(scripts)]
    add_prefix(revisions, options.prefix)
    add_labels(revisions, options)
    for revision in revisions:
        revision.check_names()
    revisions = parents_first(revisions)
    set_dates(revisions)
    return revisions


def parents_first(revisions: Any) -> Any:
    """Return revisions in an order that keeps parents before children."""
    of_name = {}
    for revision in revisions:
        for name in [revision.id] + revision.labels:
            of_name[name] = revision
    result, seen = [], set()
    for revision in revisions:
        stack = [revision]
        while stack:
            top = stack[-1]
            below = [of_name[n] for n in top.parents + top.depends_on
                     if n in of_name and of_name[n].id not in seen]
            if below:
                stack.append(below[0])
                continue
            stack.pop()
            if top.id not in seen:
                seen.add(top.id)
                result.append(top)
    return result


def set_dates(revisions: Any) -> None:
    """Give each revision a date of its own.

    Where one has none it is its parent's.  Equal ones are told apart by a
    microsecond, parents before children.
    """
    step = datetime.timedelta(microseconds=1)
    known = [r.created for r in revisions if r.created]
    first = min(known, default=datetime.datetime(2000, 1, 1, 0, 0, 1))
    date_of: dict[Any, Any] = {}
    for revision in revisions:
        below = [date_of[name] for name in revision.parents
                 if name in date_of]
        if revision.created is None:
            revision.created = max(below) if below else (
                first - datetime.timedelta(seconds=1))
        date_of[revision.id] = revision.created
    last = None
    for revision in sorted(revisions, key=lambda r: r.created):
        if last is not None and revision.created <= last:
            revision.created = last + step
        last = revision.created


# ---------------------------------------------------------------------------
# Rendering
# ---------------------------------------------------------------------------

class Script:
    """What came of one function: SQL text or the reason why not."""

    def __init__(
        self,
        sql: Any = None,
        transactional: bool = True,
        problem: Any = None,
        notes: Any = (),
    ) -> None:
        self.sql = sql          # None: no way down; up to the problem
        self.transactional = transactional
        self.problem = problem  # (line, reason)
        self.notes = notes      # [(line, text)]
        self.failed = False     # the problem is an error of the function


def render(
    revision: Any, direction: Any, recorder: Any, arguments: Any
) -> Any:
    """Run a revision's function over a recorder; return its Script."""
    if hasattr(revision.module, "import_error"):
        return Script(problem=revision.module.import_error)
    script = render_module(revision, revision.module, direction, recorder,
                           arguments)
    if script.failed and direction == "downgrade":
        # Perhaps for what upgrade() left in the module.
        with contextlib.suppress(Exception):
            module = alembic.util.load_python_file(
                *os.path.split(revision.path))
            return render_module(revision, module, direction, recorder,
                                 arguments)
    return script


# Errors of the revision itself, which no database would keep away
FAILS_ANYWAY = (NameError, sqlalchemy.exc.ArgumentError,
                sqlalchemy.exc.CompileError)
FAILS_IN_ALEMBIC = "fails in Alembic, too: "


def render_module(
    revision: Any, module: Any, direction: Any, recorder: Any, arguments: Any
) -> Any:
    """Run the function of a revision's module; return its Script."""
    function: Any = getattr(module, direction, None)
    if function is None and direction == "downgrade":
        return Script()
    recorder.begin_function(revision.path)
    problem = None
    try:
        with contextlib.redirect_stdout(sys.stderr):
            function(**arguments)
    except (Exception, SystemExit) as error:
        frames = list(traceback.walk_tb(error.__traceback__))[::-1]
        line = line_of(frames, revision.path)
        if direction == "downgrade" and recorder.refusal is None and (
                refuses_on_purpose(revision, frames, error, recorder)):
            return Script()
        problem = (line, describe(error))
        if isinstance(error, FAILS_ANYWAY) and recorder.refusal is None:
            problem = (line, FAILS_IN_ALEMBIC + describe(error))
    finally:
        script = Script("\n\n".join(recorder.statements),
                        not recorder.autocommit,
                        recorder.refusal or problem, recorder.notes)
        script.failed = bool(problem and not recorder.refusal)
        recorder.begin_function(None)
    if script.problem and script.problem[0] is None:
        code = getattr(function, "__code__", None)
        script.problem = (code.co_firstlineno if code else 1,
                          script.problem[1])
    return script


def refuses_on_purpose(
    revision: Any, frames: Any, error: Any, recorder: Any
) -> bool:
    """Tell whether a downgrade says that there is none.

    That is a raise statement of its own: NotImplementedError, or any other
    before anything was done.
    """
    frame, line = frames[0]
    if os.path.realpath(frame.f_code.co_filename) != os.path.realpath(
            revision.path):
        return False
    if recorder.statements and not isinstance(error, NotImplementedError):
        return False
    with open(revision.path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    return any(isinstance(node, ast.Raise)
               and node.lineno <= line <= node.end_lineno
               for node in ast.walk(tree))


# In the error of a script that has to be completed
NOT_RENDERED = "is not rendered from Alembic"


def stand_in(revision: Any, direction: Any, script: Any) -> str:
    """Return a script that raises an error until somebody completes it."""
    line, reason = script.problem
    where = "%s line %d" % (os.path.basename(revision.path), line)
    lines = ["-- Not rendered: %s: %s" % (where, reason),
             "-- Replace the DO block by what %s() does:" % direction, "--"]
    lines += ["--   " + s for s in source_of(revision, direction)]
    if script.sql:
        lines += ["--", "-- What it did until then:", "--"]
        lines += ["--   " + s for s in script.sql.splitlines()]
    hint = "Complete the %s section of its file." % direction
    if direction == "downgrade" and reason.startswith(FAILS_IN_ALEMBIC):
        hint = ("Complete the downgrade section of its file, or leave it out: "
                "then the revision is irreversible.")
    lines += [
        "DO $migrate$", "BEGIN",
        "    RAISE EXCEPTION %s USING" % quoted(
            "the %s of revision %s %s"
            % (direction, revision.id, NOT_RENDERED)),
        "        DETAIL = %s," % quoted("%s: %s" % (where, reason)),
        "        HINT = %s;" % quoted(hint),
        "END", "$migrate$;"]
    return "\n".join(s.rstrip() for s in lines)


def source_of(revision: Any, direction: Any) -> Any:
    """Return the lines of a function's source."""
    try:
        with open(revision.path, encoding="utf-8") as file:
            source = file.read()
        for node in ast.parse(source).body:
            if getattr(node, "name", None) == direction:
                return source.splitlines()[node.lineno - 1:node.end_lineno]
    except (OSError, SyntaxError, ValueError):
        pass
    return []


# ---------------------------------------------------------------------------
# Writing the files
# ---------------------------------------------------------------------------

def transactional_line(revision: Any, scripts: Any) -> Any:
    """Return whether a revision is transactional, as lines of its file.

    Where a script has to be completed that is left to what it will be, unless
    the function says so by itself.
    """
    if not all(s.transactional for s in scripts.values()):
        return ["-- transactional: no"]
    incomplete = [d for d, script in scripts.items() if script.problem]
    source = "\n".join(s for d in incomplete for s in source_of(revision, d))
    if re.search(r"autocommit_block|AUTOCOMMIT|concurrently", source,
                 re.IGNORECASE):
        return ["-- transactional: no"]
    return [] if incomplete else ["-- transactional: yes"]


def file_text(revision: Any, scripts: Any) -> Any:
    """Return the text of a revision file."""
    lines = [
        "-- revision: " + revision.id,
        "-- down_revision: " + ", ".join(revision.parents),
        "-- message: " + revision.message,
        "-- branch_labels: " + ", ".join(revision.labels),
        "-- depends_on: " + ", ".join(revision.depends_on)]
    lines += transactional_line(revision, scripts)
    lines += ["-- created: " + revision.created.isoformat(
        " ", "microseconds") + "+00"]
    lines += ["--   " + s for s in revision.description.splitlines()]
    for direction, script in scripts.items():
        sql = script.sql
        if script.problem:
            sql = stand_in(revision, direction, script)
        if sql is not None:
            lines += ["", "-- migrate:" + direction]
            lines += [sql] if sql else []
    return "\n".join(s.rstrip(" ") if s.startswith("-- ") and "\n" not in s
                     else s for s in lines) + "\n"


def file_name(revision: Any) -> str:
    """Return the name that the extension gives a new file."""
    slug = "_".join(re.findall(r"[^\W_]+", revision.message.lower()))
    if len(slug) > 40:
        slug = slug[:40].rsplit("_", 1)[0] + "_"
    return "%s_%s%s.sql" % (revision.created.strftime("%Y%m%d_%H%M"),
                            revision.id, "_" + slug if slug else "")


def existing_files(folder: Any) -> Any:
    """Return a folder's revision files, name and text by revision."""
    result = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".sql"):
            with open(os.path.join(folder, name),
                      encoding="utf-8-sig") as file:
                text = file.read()
            match = re.search(r"(?m)^-- revision: *(\S+)", text)
            if match:
                result[match.group(1)] = (name, text)
    return result


class Writer:
    """Renders revisions, writes their files, and tells what happened."""

    def __init__(self, options: Any, recorder: Any) -> None:
        self.folder = options.directory
        self.overwrite = options.overwrite
        self.recorder = recorder
        self.called = False
        self.written = self.kept = self.failed = 0

    def write_all(self, revisions: Any, arguments: Any) -> None:
        """Write the files of all revisions."""
        self.called = True
        os.makedirs(self.folder, exist_ok=True)
        existing = existing_files(self.folder)
        scripts = {}
        for direction in ("upgrade", "downgrade"):
            self.recorder.types.clear()
            for revision in revisions:
                scripts[revision.id, direction] = render(
                    revision, direction, self.recorder, arguments)
            revisions = revisions[::-1]
        for revision in revisions:
            name, text = existing.get(revision.id, (None, ""))
            if name and not self.overwrite:
                self.kept += 1
                if NOT_RENDERED in text:
                    self.failed += 1
                    say("%s is still to be completed" % name)
                continue
            self.write(revision, name or file_name(revision),
                       {direction: scripts[revision.id, direction]
                        for direction in ("upgrade", "downgrade")})

    def write(self, revision: Any, name: Any, scripts: Any) -> None:
        """Write the file of one revision, whole or not at all."""
        self.report(revision, scripts)
        path = os.path.join(self.folder, name)
        with open(path + ".tmp", "w", encoding="utf-8",
                  newline="\n") as file:
            file.write(file_text(revision, scripts))
        os.replace(path + ".tmp", path)
        self.written += 1

    def report(self, revision: Any, scripts: Any) -> None:
        """Say on stderr what was not rendered and what to look at."""
        path = os.path.relpath(revision.path)
        if path.startswith(os.pardir):
            path = revision.path
        for direction, script in scripts.items():
            for line, text in script.notes:
                sys.stderr.write("%s:%d: note: %s() of %s %s\n" % (
                    path, line or 1, direction, revision.id, text))
            if script.problem:
                sys.stderr.write("%s:%d: %s() of %s not rendered: %s\n" % (
                    path, script.problem[0], direction, revision.id,
                    script.problem[1]))
        if any(script.problem for script in scripts.values()):
            self.failed += 1


def name_and_value(text: str) -> Any:
    """Check an argument of the form NAME=VALUE."""
    if not re.match(r"[^\W\d]\w*=", text):
        raise argparse.ArgumentTypeError("%r is not NAME=VALUE" % text)
    return text


def read_options(arguments: Any) -> Any:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="pg-migrate convert --from alembic --",
        description="Write the revisions of an Alembic project as revision "
        "files of pg_migrations.",
        epilog="Exit status: 0 written, 1 error, 2 usage, 3 written, but "
        "some scripts have to be completed by hand.")
    parser.add_argument("-c", "--config", action="append", metavar="FILE",
                        help="as in Alembic: alembic.ini, pyproject.toml; or "
                        "MODULE:NAME, a Config that the project makes, or "
                        "what returns it")
    parser.add_argument("-n", "--name", default="alembic",
                        help="as in Alembic: the section of the file")
    parser.add_argument("-x", action="append", metavar="ARG",
                        help="as in Alembic: arguments for env.py and "
                        "revisions")
    parser.add_argument("--env", action="store_true", default=None,
                        help="run env.py, without a connection; the default "
                        "where the project has a naming convention")
    parser.add_argument("--no-env", action="store_false", dest="env",
                        help="do not run env.py")
    parser.add_argument("--metadata", metavar="MODULE:NAME",
                        help="take the naming convention from this "
                        "MetaData instead of running env.py")
    parser.add_argument("--argument", metavar="NAME=VALUE",
                        action="append", default=[], type=name_and_value,
                        help="what env.py would hand to upgrade() and "
                        "downgrade()")
    parser.add_argument("--schema", metavar="NAME",
                        help="write the names in this schema unqualified, "
                        "for a schema per tenant")
    parser.add_argument("--label", metavar="NAME[=BASE]", action="append",
                        default=[],
                        help="a branch label for the tree, so that NAME@head "
                        "is its head where others are beside it")
    parser.add_argument("--prefix", metavar="TEXT", default="",
                        help="put this before each id, for a tree whose ids "
                        "another one has, too")
    parser.add_argument("--overwrite", action="store_true",
                        help="write revisions anew whose file exists")
    parser.add_argument("directory", metavar="DIRECTORY",
                        help="where the files are written")
    options = parser.parse_args(arguments)
    options.directory = os.path.abspath(options.directory)
    options.sql, options.tag, options.revision = True, None, "heads"
    return options


def run(options: Any) -> Any:
    """Do the work; return the exit status."""
    enter_project(options)
    sys.path.append(os.getcwd())
    recorder = Recorder(make_dialect(), options.schema)
    writer = Writer(options, recorder)
    config = make_config(options)
    script = alembic.script.ScriptDirectory.from_config(config)
    # Revisions are loaded when the environment stands: some ask it.
    environment = make_environment(
        config, script, recorder,
        lambda arguments: writer.write_all(read_revisions(script, options),
                                           arguments))
    with no_connections(recorder), environment:
        if options.env or (options.env is None
                           and needs_env(options, script)):
            run_env(script, writer)
        else:
            environment.configure(target_metadata=load(options.metadata))
            environment.run_migrations(**dict(
                argument.split("=", 1) for argument in options.argument))
    word = "revision" if writer.written == 1 else "revisions"
    print("%d %s written to %s" % (writer.written, word, options.directory)
          + (", %d kept" % writer.kept if writer.kept else "")
          + (", %d of them to be completed" % writer.failed
             if writer.failed else ""))
    zone = config.get_main_option("timezone")
    if zone:
        say("timezone = %s is not taken over: dates in headers and names of "
            "files are in UTC" % zone)
    tell_below(script)
    return 3 if writer.failed else 0


def tell_below(script: Any) -> None:
    """Name folders with revisions that the settings do not lead to."""
    known = {os.path.realpath(p) for p in script._version_locations}
    below = {
        os.path.relpath(folder)
        for place in known if not getattr(
            script, "recursive_version_locations", False)
        for folder, folders, files in os.walk(place)
        if folder not in known and any(map(holds_revision, (
            os.path.join(folder, f) for f in files if f.endswith(".py"))))
    }
    if below:
        say("not read, as Alembic would not: %s%s\n  Is "
            "recursive_version_locations not set? Where a program of the "
            "project makes\n  the settings: -c MODULE:NAME, its function that "
            "returns Alembic's Config"
            % (", ".join(sorted(below)[:3]), " ..." if len(below) > 3 else ""))


def holds_revision(path: str) -> bool:
    """Tell whether a Python file is a revision."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return re.search(r"^down_revision\b", file.read(), re.M) is not None


def run_env(script: Any, writer: Any) -> None:
    """Run env.py, which runs the migrations."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            run_env_py(script)
    except (Failure, alembic.util.CommandError):
        raise
    except (Exception, SystemExit) as error:
        raise Failure(
            "%s:%d: %s\npg-migrate: see --no-env and --metadata"
            % (script.env_py_location,
               line_of_error(error, script.env_py_location) or 1,
               describe(error))) from error
    if not writer.called:
        raise Failure("%s does not run the migrations; see --no-env"
                      % script.env_py_location)


def run_env_py(script: Any) -> None:
    """Run env.py; that of Flask-Migrate within its application."""
    try:
        script.run_env()
    except RuntimeError as error:
        if "application context" not in str(error):
            raise
        info = importlib.import_module("flask.cli").ScriptInfo()
        with info.load_app().app_context():
            script.run_env()


def needs_env(options: Any, script: Any) -> bool:
    """Tell whether env.py must run: the project has a naming convention.

    Names of constraints depend on it, and only env.py tells Alembic of it.
    """
    if options.metadata:
        return False
    versions = [os.path.realpath(p) for p in script._version_locations]
    for root in {os.path.realpath("."), package_of(script.dir)}:
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(
                f for f in folders if not f.startswith((".", "__"))
                and f not in ("node_modules", "site-packages")
                and os.path.join(folder, f) not in versions
                and not os.path.exists(
                    os.path.join(folder, f, "pyvenv.cfg")))
            for name in sorted(files):
                path = os.path.join(folder, name)
                if name.endswith(".py") and has_naming_convention(path):
                    say("%s has a naming convention: running env.py"
                        % os.path.relpath(path))
                    return True
    return False


def package_of(folder: str) -> str:
    """Return the package that a folder is in, or the folder.

    That is the whole of a project which is installed.
    """
    found = os.path.realpath(folder)
    above = os.path.dirname(found)
    while os.path.exists(os.path.join(above, "__init__.py")):
        found, above = above, os.path.dirname(above)
    return found


def has_naming_convention(path: str) -> bool:
    """Tell whether a Python file names a naming convention."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return "naming_convention" in file.read()
    except OSError:
        return False


def load(name: Any, option: str = "--metadata") -> Any:
    """Return the object that MODULE:NAME means; None for None."""
    if name is None:
        return None
    module, _, attribute = name.partition(":")
    try:
        return operator.attrgetter(attribute or "metadata")(
            importlib.import_module(module))
    except (ImportError, AttributeError) as error:
        raise Failure("%s %s: %s" % (option, name, describe(error))) from error


def main() -> Any:
    """Run the program."""
    sys.dont_write_bytecode = True
    try:
        return run(read_options(sys.argv[1:]))
    except (Failure, alembic.util.CommandError, OSError) as error:
        say(error)
    return 1


if __name__ == "__main__":
    sys.exit(main())
