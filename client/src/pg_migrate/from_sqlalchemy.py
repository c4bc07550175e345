#!/usr/bin/env python3
"""Prints the schema that SQLAlchemy models describe, as DDL for PostgreSQL.

    from_sqlalchemy.py [OPTION]... MODULE[:ATTR]...

The text is a model for pg_migrations.  pg-migrate runs this file by the Python
of the application, so it needs SQLAlchemy (1.4 or later, also SQLModel) and
nothing else, not even the rest of this package.

SQLAlchemy's own create_all() writes the statements, against an engine that
collects instead of executing.  What is added here: schemas and extensions
that the statements need, types with create_type=False, marks for
pg_migrations, an order that is the same in every run, and a layout.

Exit status: 0 done, 1 trouble with the models, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import decimal
import enum
import importlib
import io
import itertools
import json
import math
import os
import pkgutil
import re
import signal
import sys
import traceback
import uuid
import warnings
from typing import Any, Iterator

if __name__ == "__main__":  # Ctrl-C: pg-migrate says it, in one line
    signal.signal(signal.SIGINT, signal.SIG_DFL)

try:
    import sqlalchemy
    from sqlalchemy import schema as sa_schema
    from sqlalchemy import types as sa_types
    from sqlalchemy.dialects import postgresql
except ImportError as error:
    sys.exit(
        "pg-migrate: %s has no SQLAlchemy (%s)\n"
        "Activate the virtual environment of the application, or name its "
        "Python:\n  pg-migrate --python /path/to/venv/bin/python ..."
        % (sys.executable, error)
    )

# The PostgreSQL that DDL is written for, unless it is said
DEFAULT_SERVER = 17

# Extensions by what they define: types, and words that may stand in an index,
# a constraint or a default.
EXTENSION_TYPES = {
    "vector": ("vector", "halfvec", "sparsevec"),
    "citext": ("citext",),
    "hstore": ("hstore",),
    "ltree": ("ltree", "lquery", "ltxtquery"),
    "cube": ("cube",),
    "seg": ("seg",),
    "lo": ("lo",),
    "isn": ("ean13", "isbn", "isbn13", "ismn", "issn", "issn13", "upc"),
    "postgis": ("geometry", "geography"),
    "postgis_raster": ("raster",),
}
EXTENSION_WORDS = {
    "bloom": r"USING bloom\b",
    "intarray": r"\b(gin|gist)__int(big)?_ops\b",
    "pg_trgm": r"\b(gin|gist)_trgm_ops\b|\bsimilarity\(",
    "pgcrypto": r"\b(crypt|digest|gen_random_bytes|gen_salt|hmac"
    r"|pgp_(sym|pub)_(en|de)crypt(_bytea)?)\(",
    "unaccent": r"\bunaccent\(",
    "uuid-ossp": r"\buuid_generate_v\d(mc)?\(",
    "vector": r"USING (hnsw|ivfflat)\b",
}

# Types that GIN and GiST do not index by themselves
PLAIN_TYPES = (
    sa_types.Boolean,
    sa_types.Date,
    sa_types.DateTime,
    sa_types.Integer,
    sa_types.Interval,
    sa_types.Numeric,
    sa_types.String,  # enums, too
    sa_types.Time,
    postgresql.UUID,
)

# Pieces of SQL that keep their white space: strings, names, comments
VERBATIM = (
    r"[Ee]'(?:[^'\\]|\\.|'')*'"
    r"|'(?:[^']|'')*'"
    r'|"(?:[^"]|"")*"'
    r"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$"
    r"|--[^\n]*"
    r"|/\*.*?\*/"
)

# What listeners may execute and a model does not consist of: questions, and
# changes of rows
COMMENTS = r"(?s)--[^\n]*|/\*.*?\*/"
NO_DDL = (
    r"\s*(CALL|COPY|DELETE|EXPLAIN|INSERT|LISTEN|LOCK|NOTIFY|SELECT|SHOW"
    r"|TABLE|TRUNCATE|UPDATE|VALUES|WITH)\b"
)


class Trouble(Exception):
    """Something that the user has to set right."""


def warn(message: str) -> None:
    """Say something that does not stop the work."""
    print("pg-migrate: warning: " + message, file=sys.stderr)


# ---------------------------------------------------------------------------
# Finding the metadata
# ---------------------------------------------------------------------------


def import_module(name: Any) -> Any:
    """Import a module by its dotted name, or by the path of its file."""
    if name.endswith(".py"):
        name = name[:-3].replace(os.sep, ".").lstrip(".")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name + ".").startswith(error.name + "."):
            raise Trouble(
                "no module named %s\nIt is looked for in %s, then in "
                "PYTHONPATH and the packages of %s."
                % (error.name, os.getcwd(), sys.executable)
            )
        explain_failure(error)
        raise Trouble("%s could not be imported: %s" % (name, error))
    except (Exception, SystemExit) as error:
        explain_failure(error)
        raise Trouble(
            "%s could not be imported: %s: %s"
            % (name, type(error).__name__, error)
        )


def explain_failure(error: Any) -> None:
    """Show where the user's code failed, without the frames of others."""
    package = os.path.dirname(sqlalchemy.__file__)
    others = ("importlib", "contextlib", package, __file__)
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not any(other in frame.filename for other in others)
    ]
    sys.stderr.writelines(traceback.format_list(frames[-3:]))


def import_extra(name: Any) -> None:
    """Import MODULE, or with MODULE.* all modules below a package."""
    if not name.endswith(".*"):
        import_module(name)
        return
    package = import_module(name[:-2])
    for found in pkgutil.walk_packages(
        getattr(package, "__path__", ()), package.__name__ + "."
    ):
        if not found.name.endswith(".__main__"):
            import_module(found.name)


def metadata_of(thing: Any) -> Any:
    """The MetaData that an object is, or has; else None."""
    if isinstance(thing, sa_schema.MetaData):
        return thing
    try:
        metadata = getattr(thing, "metadata", None)
    except Exception:  # a proxy outside of its context
        return None
    return metadata if isinstance(metadata, sa_schema.MetaData) else None


def named_metadata(thing: Any, name: Any, may_call: bool = True) -> Any:
    """All MetaData that a named attribute stands for, as a list."""
    metadata = metadata_of(thing)
    if metadata is not None:
        return [metadata]
    if isinstance(thing, dict):
        thing = list(thing.values())
    if isinstance(thing, (list, tuple, set, frozenset)):
        return [
            found for item in thing for found in named_metadata(item, name)
        ]
    if callable(thing) and not isinstance(thing, type) and may_call:
        try:
            thing = thing()
        except Exception as error:
            explain_failure(error)
            raise Trouble("%s() failed: %s" % (name, error))
        return named_metadata(thing, name + "()", may_call=False)
    raise Trouble(
        "%s is neither a MetaData nor has one: it is of type %s"
        % (name, type(thing).__name__)
    )


def metadata_in(module: Any) -> list[Any]:
    """The only MetaData with tables in a module, as a list."""
    found: dict[Any, Any] = {}
    for name, thing in vars(module).items():
        metadata = metadata_of(thing)
        if metadata is not None and metadata.tables:
            found.setdefault(id(metadata), (name, metadata))
    if len(found) > 1:
        raise Trouble(
            "%s has several: %s\nName all that are meant, as MODULE:ATTR."
            % (
                module.__name__,
                ", ".join(
                    "%s (%d tables)" % (name, len(metadata.tables))
                    for name, metadata in found.values()
                ),
            )
        )
    return [metadata for _, metadata in found.values()]


def find_metadata(target: Any) -> Any:
    """All MetaData of MODULE or MODULE:ATTR, as a list."""
    name, _, path = target.partition(":")
    module = import_module(name)
    if not path:
        return metadata_in(module)
    thing = module
    for part in path.split("."):
        try:
            thing = getattr(thing, part)
        except AttributeError:
            raise Trouble("%s has no attribute %s" % (name, path))
    return named_metadata(thing, target)


def load_metadata(targets: Any, extra: Any) -> Any:
    """Import everything; return the MetaData with tables, each once."""
    found = {}
    for name in extra:
        import_extra(name)
    for target in targets:
        for metadata in find_metadata(target):
            found[id(metadata)] = metadata
    metadatas = [m for m in found.values() if m.tables]
    if not metadatas:
        raise Trouble(
            "no tables in %s\n"
            "Usual causes:\n"
            "  the modules that define the models were not imported: name "
            "them in the setting import, as MODULE or PACKAGE.*\n"
            "  the models belong to another Base or MetaData: name that one, "
            "as MODULE:ATTR\n"
            "  the classes of SQLModel lack table=True, those of SQLAlchemy "
            "__tablename__" % ", ".join(targets)
        )
    return metadatas


# ---------------------------------------------------------------------------
# Collecting the statements
# ---------------------------------------------------------------------------


class Statement:
    """A statement as it was handed to the engine, and its text."""

    def __init__(self, element: Any, text: str) -> None:
        self.element = element
        self.text = text

    @property
    def kind(self) -> Any:
        """What it does, as the name of SQLAlchemy's class."""
        return type(self.element).__name__

    def creates(self, what: Any) -> Any:
        """The name, where this is CREATE SCHEMA or CREATE EXTENSION."""
        match = re.match(
            r"\s*CREATE\s+%s\s+(?:IF\s+NOT\s+EXISTS\s+)?"
            r'(?:"((?:[^"]|"")+)"|(\w+))[^;]*;?\s*\Z' % what,
            self.text,
            re.IGNORECASE,
        )
        if match is None:
            return None
        quoted, plain = match.groups()
        return quoted.replace('""', '"') if quoted else plain.lower()


class NoAnswer:
    """What every statement returns: no rows."""

    returns_rows = False
    rowcount = 0

    def __iter__(self) -> Any:
        return iter(())

    def __getattr__(self, name: Any) -> Any:
        if name in ("scalars", "mappings", "unique"):
            return lambda *args: self
        if name in ("all", "fetchall", "fetchmany", "partitions"):
            return lambda *args: []
        if name in ("first", "fetchone", "one_or_none", "close"):
            return lambda *args: None
        if name in ("scalar", "scalar_one_or_none"):
            return lambda *args: None
        raise AttributeError(name)


class NoDatabase:
    """What inspect() makes of our engine: nothing is there yet."""

    def __init__(self, engine: Any) -> None:
        self.engine = self.bind = engine

    def __getattr__(self, name: Any) -> Any:
        if name.startswith("has_"):
            return lambda *args, **kw: False
        if name.startswith("get_"):
            return lambda *args, **kw: []
        raise AttributeError(name)


class Collector:
    """An engine that keeps statements instead of executing them."""

    def __init__(self, server: Any) -> None:
        self.statements: list[Any] = []
        self.marks: list[Any] = []
        self.engine = sqlalchemy.create_mock_engine(
            "postgresql+psycopg2://", self.execute, paramstyle="named"
        )
        self.dialect = self.engine.dialect
        self._prepare_dialect(server)
        self._prepare_engine()

    def _prepare_dialect(self, server: Any) -> None:
        """Set what SQLAlchemy learns from the server when it connects."""
        dialect = self.dialect
        dialect.server_version_info = (server, 0)
        dialect.supports_virtual_generated_columns = server >= 18
        dialect._backslash_escapes = False
        # A model is built in a transaction.
        dialect._supports_create_index_concurrently = False
        dialect.ddl_compiler = self._marking(dialect.ddl_compiler)

    def _marking(self, base: Any) -> Any:
        """A compiler that leaves a place for a mark after each column."""
        collector = self

        class MarkingCompiler(base):
            def visit_create_column(self, create: Any, **kw: Any) -> Any:
                text = base.visit_create_column(self, create, **kw)
                mark = column_mark(create.element, collector.dialect)
                if text is None or mark is None:
                    return text
                collector.marks.append(mark)
                return text + "\x01%d\x01" % (len(collector.marks) - 1)

        return MarkingCompiler

    def _prepare_engine(self) -> None:
        """Add what listeners may use of a connection, and a mock lacks."""
        engine = self.engine
        inspectors = sqlalchemy.inspection._registrars
        inspectors.setdefault(type(engine), NoDatabase)
        engine.exec_driver_sql = self.execute
        engine.scalar = lambda *args, **kw: self.execute(*args).scalar()
        engine.begin = engine.begin_nested = self._no_transaction
        engine.commit = engine.close = lambda: None

    @contextlib.contextmanager
    def _no_transaction(self) -> Iterator[Any]:
        yield self.engine

    def execute(self, element: Any, *multiparams: Any, **params: Any) -> Any:
        """Keep a statement; called by SQLAlchemy and by listeners."""
        if multiparams and isinstance(multiparams[0], dict):
            params = multiparams[0]
        if getattr(element, "is_dml", False):
            text = str(element)
        else:
            if params and hasattr(element, "bindparams"):
                element = element.bindparams(**params)
            text = self._compile(element)
        if re.match(NO_DDL, re.sub(COMMENTS, "", text), re.IGNORECASE):
            shown = " ".join(text.split())[:100]
            warn("no part of a schema, left out: " + shown)
        else:
            self.statements.append(Statement(element, text))
        return NoAnswer()

    def _compile(self, element: Any) -> Any:
        if isinstance(element, str):
            return element
        options = {}
        if not isinstance(element, sa_schema.DDLElement):
            options["compile_kwargs"] = {"literal_binds": True}
        return str(element.compile(dialect=self.dialect, **options))

    def collect(self, metadatas: Any) -> Any:
        """All statements that create the metadatas, in order."""
        for metadata in metadatas:
            self._create_hidden_types(metadata)
            try:
                metadata.create_all(self.engine, checkfirst=False)
            except Exception as error:
                explain_failure(error)
                raise Trouble(
                    "the models could not be written as DDL: %s: %s"
                    % (type(error).__name__, error)
                )
        return self.statements

    def _create_hidden_types(self, metadata: Any) -> None:
        """Create the types that create_all() leaves to somebody else.

        With create_type=False an enum or domain is expected to exist.  A
        model has to define it all the same.
        """
        hidden: dict[Any, Any] = {}
        made = set()
        for column in all_columns(metadata):
            native = native_type(column.type, self.dialect)
            key = (native.schema, native.name) if is_named(native) else None
            if key is None or native.create_type:
                made.add(key)
            else:
                hidden.setdefault(key, native)
        for key, native in hidden.items():
            if key not in made:
                native.create(bind=self.engine, checkfirst=False)


def all_columns(metadata: Any) -> list[Any]:
    """Every column of every table, in order of definition."""
    return [c for table in metadata.tables.values() for c in table.columns]


def native_type(kind: Any, dialect: Any) -> Any:
    """PostgreSQL's type below decorators, variants and arrays."""
    while True:
        # 1.4 forgets create_type when it adapts its own type.
        if not isinstance(kind, postgresql.ENUM):
            kind = kind.dialect_impl(dialect)
        if isinstance(kind, sa_types.TypeDecorator):
            kind = kind.impl
        elif isinstance(kind, sa_types.ARRAY):
            kind = kind.item_type
        else:
            return kind


def is_named(native: Any) -> Any:
    """Whether a type is created by a statement of its own."""
    return hasattr(native, "create_type")


def check_twice(metadatas: Any, dialect: Any) -> None:
    """Refuse what is defined twice, and name both places."""
    seen = {}
    for key, definition, place in defined_names(metadatas, dialect):
        if key not in seen:
            seen[key] = definition, place
        elif definition is None or definition != seen[key][0]:
            name = ".".join(part for part in key[1:] if part)
            raise Trouble(
                "%s %s is defined twice:\n  %s\n  %s"
                % (key[0], name, seen[key][1], place)
            )


def check_indexes(metadatas: Any) -> None:
    """Refuse indexes of nothing, which SQLAlchemy would write."""
    for table in (t for m in metadatas for t in m.tables.values()):
        for index in table.indexes:
            if not index.expressions:
                raise Trouble(
                    "index %s of table %s has no columns"
                    % (index.name, table.fullname)
                )


def defined_names(metadatas: Any, dialect: Any) -> Iterator[Any]:
    """What has a name: a key, a definition, and where it is.

    A definition that is not None may be there more than once.
    """
    for number, metadata in enumerate(metadatas, 1):
        origin = "MetaData %d" % number
        for table in metadata.tables.values():
            yield from table_names(table, origin, dialect)
        for sequence in metadata._sequences.values():
            key = ("relation", sequence.schema, str(sequence.name))
            yield key, str(sequence.name), "sequence %s" % sequence.name
        for column in all_columns(metadata):
            native = native_type(column.type, dialect)
            if isinstance(native, postgresql.ENUM):
                labels = ", ".join(native.enums)
                key = ("type", native.schema, str(native.name))
                yield key, labels, "column %s: %s" % (column, labels)


def table_names(table: Any, origin: Any, dialect: Any) -> Iterator[Any]:
    """The names of a table, its indexes and its constraints."""
    yield (
        ("relation", table.schema, str(table.name)),
        None,
        "table %s of %s: columns %s"
        % (table.fullname, origin, ", ".join(table.columns.keys())),
    )
    format_name = dialect.identifier_preparer.format_constraint
    found = []
    for item in table.indexes | table.constraints:
        name = None if item.name is None else format_name(item)
        if name is None:
            continue
        values = [str(value.name) for value in getattr(item, "columns", ())]
        text = ", ".join(values) or str(getattr(item, "sqltext", ""))
        what = "%s of table %s" % (type(item).__name__, table.fullname)
        found.append((name.strip('"'), item, "%s (%s)" % (what, text)))
    for name, item, place in sorted(found, key=lambda entry: entry[::2]):
        # The server makes one key of two that are the same.
        is_key = isinstance(item, sa_schema.UniqueConstraint)
        definition = place if is_key else None
        if not isinstance(item, sa_schema.Index):
            yield ("constraint", table.fullname, name), definition, place
        if not isinstance(
            item, (sa_schema.CheckConstraint, sa_schema.ForeignKeyConstraint)
        ):
            yield ("relation", table.schema, name), definition, place


# ---------------------------------------------------------------------------
# Marks: what pg_migrations cannot see in DDL
# ---------------------------------------------------------------------------


def rename_mark(info: Any, dialect: Any) -> Any:
    """The mark for info={'renamed_from': 'old'}, else None."""
    old = info.get("renamed_from")
    if not old:
        return None
    quote_name = dialect.identifier_preparer.quote
    parts = [quote_name(part) for part in str(old).split(".")]
    return "-- migrate:renamed from " + ".".join(parts)


def column_mark(column: Any, dialect: Any) -> Any:
    """The comment at the end of a column's line, else None."""
    mark = rename_mark(column.info, dialect)
    if mark is None:
        fill = fill_literal(column, dialect)
        mark = None if fill is None else "-- migrate:fill " + fill
    return mark


def fill_literal(column: Any, dialect: Any) -> Any:
    """What existing rows get when the column is added, as SQL, else None.

    That is the default which SQLAlchemy fills in itself, where it is a
    constant and the server knows of none.
    """
    if (
        column.nullable
        or column.primary_key
        or column.server_default is not None
        or column.default is None
        or getattr(column.default, "is_sequence", False)
    ):
        return None
    value = column.default.arg
    if getattr(value, "__wrapped__", None) in (dict, list, str):
        value = value.__wrapped__()
    elif not column.default.is_scalar:
        return None
    try:
        literal = sql_literal(value, column.type, dialect)
    except Exception:  # a type of the user's that has no literals
        return None
    return literal and one_line(literal)


def sql_literal(value: Any, kind: Any, dialect: Any) -> Any:
    """A Python value as a literal of a column's type, else None."""
    native = native_type(kind, dialect)
    processor = kind.dialect_impl(dialect).bind_processor(dialect)
    if processor:
        value = processor(value)
    if isinstance(value, (dict, list)) and isinstance(native, sa_types.JSON):
        value = json.dumps(value)
    if isinstance(value, list):
        text = array_text(value)
    else:
        text = plain_text(value)
    if text is None or isinstance(value, (bool, int, decimal.Decimal)):
        return text
    if isinstance(value, float) and math.isfinite(value):
        return text
    return quote(text)


def plain_text(value: Any) -> Any:
    """A Python value as PostgreSQL reads it, else None."""
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, decimal.Decimal, str, uuid.UUID)):
        return str(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return "%s seconds" % value.total_seconds()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return None


def array_text(values: Any) -> Any:
    """A list as PostgreSQL reads an array, else None."""
    items = []
    for value in values:
        nested = isinstance(value, list)
        text = array_text(value) if nested else plain_text(value)
        if text is None and value is not None:
            return None
        if isinstance(value, str):
            text = '"%s"' % re.sub(r'(["\\])', r"\\\1", text)
        items.append("NULL" if text is None else text)
    return "{%s}" % ",".join(items)


def quote(text: str) -> Any:
    """A string as a literal."""
    return "'" + text.replace("'", "''") + "'"


def one_line(literal: Any) -> Any:
    """A literal without line breaks, which would end a comment; or None."""
    if not re.search(r"[\r\n]", literal):
        return literal
    if not re.match(r"'(?:[^']|'')*'\Z", literal):
        return None
    literal = literal.replace("\\", "\\\\")
    return "E" + literal.replace("\r", "\\r").replace("\n", "\\n")


# ---------------------------------------------------------------------------
# What the statements need: schemas and extensions
# ---------------------------------------------------------------------------


def needed_schemas(metadatas: Any, dialect: Any) -> list[Any]:
    """Names of the schemas in which something is created, in order."""
    names = []
    for metadata in metadatas:
        things = list(metadata.tables.values())
        things += metadata._sequences.values()
        things += [native_type(c.type, dialect) for c in all_columns(metadata)]
        names += [getattr(thing, "schema", None) for thing in things]
    return [
        name
        for name in dict.fromkeys(names)
        if name and str(name) not in ("public", "pg_catalog")
    ]


def needed_extensions(metadatas: Any, statements: Any, dialect: Any) -> Any:
    """Names of the known extensions that the statements use, sorted."""
    needed = set()
    owner = {
        name: extension
        for extension, names in EXTENSION_TYPES.items()
        for name in names
    }
    for metadata in metadatas:
        for column in all_columns(metadata):
            native = native_type(column.type, dialect)
            name = re.findall(r"^\w*", type_text(native, dialect))[0]
            needed.add(owner.get(name.lower()))
        for table in metadata.tables.values():
            needed |= {
                btree_extension(item)
                for item in table.constraints | table.indexes
            }
    for statement in statements:
        code = re.sub(VERBATIM, "", statement.text, flags=re.DOTALL)
        needed |= {
            extension
            for extension, words in EXTENSION_WORDS.items()
            if re.search(words, code, re.IGNORECASE)
        }
    return sorted(needed - {None})


def type_text(kind: Any, dialect: Any) -> str:
    """How a type is written, '' where SQLAlchemy cannot tell."""
    try:
        return str(kind.compile(dialect=dialect))
    except Exception:  # an enum without a name, NullType
        return ""


def btree_extension(item: Any) -> Any:
    """btree_gin or btree_gist, where an index of theirs is on plain values.

    The item is an index or a constraint; None where it needs neither.
    """
    if isinstance(item, postgresql.ExcludeConstraint):
        method, classes = item.using, item.ops
        values = [
            e for e, _, sign in item._render_exprs if sign in ("=", "<>")
        ]
    elif isinstance(item, sa_schema.Index):
        options = item.dialect_options["postgresql"]
        method, classes = options["using"], options["ops"]
        values = item.expressions
    else:
        return None
    plain = any(
        isinstance(getattr(value, "type", None), PLAIN_TYPES)
        and getattr(value, "key", None) not in classes
        for value in values
    )
    method = str(method).lower()
    return "btree_" + method if plain and method in ("gin", "gist") else None


def with_needs(statements: Any, metadatas: Any, dialect: Any) -> Any:
    """The statements, below the schemas and extensions that they need.

    Those that listeners create are moved to the top.
    """
    quote_name = dialect.identifier_preparer.quote
    top = []
    for what, names in (
        ("SCHEMA", needed_schemas(metadatas, dialect)),
        ("EXTENSION", needed_extensions(metadatas, statements, dialect)),
    ):
        moved = [s for s in statements if s.creates(what)]
        there = {s.creates(what) for s in moved}
        statements = [s for s in statements if s not in moved]
        top += [
            Statement(
                None,
                "CREATE %s IF NOT EXISTS %s" % (what, quote_name(str(name))),
            )
            for name in names
            if str(name) not in there
        ]
        top += moved
    return top + statements


# ---------------------------------------------------------------------------
# Order and layout
# ---------------------------------------------------------------------------


def in_stable_order(statements: Any) -> Any:
    """The statements, in an order that is the same in every run.

    SQLAlchemy keeps indexes and constraints in sets.
    """
    loose = ("CreateIndex", "AddConstraint", "SetConstraintComment")
    result: list[Any] = []
    for kind, group in itertools.groupby(statements, lambda s: s.kind):
        run = list(group)
        if kind in loose:
            run.sort(key=lambda statement: statement.text)
        result += run
    return result


def each_type_once(statements: Any) -> Iterator[Any]:
    """The statements without repeated types of several MetaData."""
    seen = set()
    for statement in statements:
        if statement.kind in ("CreateEnumType", "CreateDomainType"):
            if statement.text in seen:
                continue
            seen.add(statement.text)
        yield statement


def laid_out(statement: Any, marks: Any, dialect: Any) -> Any:
    """The text of a statement, with marks, ready to be read."""

    def tidy(match: Any) -> Any:
        if match.group("mark"):
            comma = "," if match.group("comma") else ""
            return comma + " " + marks[int(match.group("mark"))]
        return "" if match.group("blank") else match.group()

    text = re.sub(
        VERBATIM
        + "|\x01(?P<mark>\\d+)\x01(?P<comma>,?)[ \t]*"
        + r"|(?P<blank>[ \t]+)(?=\n|\Z)",
        tidy,
        statement.text.strip().rstrip("; \t\r\n"),
        flags=re.DOTALL,
    )
    if statement.kind == "CreateTable":
        text = re.sub(
            VERBATIM + r"|\n\t",
            lambda m: "\n    " if m.group() == "\n\t" else m.group(),
            text,
            flags=re.DOTALL,
        )
        mark = rename_mark(statement.element.element.info, dialect)
        if mark:
            text = mark + "\n" + text
    last_line = text.rsplit("\n", 1)[-1]
    return text + ("\n;" if "--" in last_line else ";")


def joined(texts: Any) -> Any:
    """All statements as one text; one-liners stand together."""
    result = ""
    previous = None
    for text in texts:
        if previous is not None:
            short = "\n" not in text and "\n" not in previous
            same = text.split()[:2] == previous.split()[:2]
            result += "" if short and same else "\n"
        result += text + "\n"
        previous = text
    return result


def model_text(metadatas: Any, server: Any) -> Any:
    """The DDL of the metadatas as one text."""
    collector = Collector(server)
    dialect = collector.dialect
    check_twice(metadatas, dialect)
    check_indexes(metadatas)
    statements = in_stable_order(collector.collect(metadatas))
    statements = with_needs(statements, metadatas, dialect)
    return joined(
        laid_out(statement, collector.marks, dialect)
        for statement in each_type_once(statements)
    )


# ---------------------------------------------------------------------------
# The program
# ---------------------------------------------------------------------------


def parse_arguments() -> Any:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="from_sqlalchemy.py",
        description="Prints the schema that SQLAlchemy or SQLModel models "
        "describe, as DDL for PostgreSQL.",
    )
    parser.add_argument(
        "target",
        nargs="+",
        metavar="MODULE[:ATTR]",
        help="a module, and in it a Base, a MetaData, SQLModel, a list of "
        "them, or a function that returns one",
    )
    parser.add_argument(
        "--import",
        dest="extra",
        action="append",
        default=[],
        metavar="MODULE",
        help="import this first; PACKAGE.* is everything below it",
    )
    parser.add_argument(
        "--server-version",
        type=int,
        default=DEFAULT_SERVER,
        metavar="MAJOR",
        help="the PostgreSQL to write for (%d)" % DEFAULT_SERVER,
    )
    return parser.parse_args()


def main() -> None:
    """Load the models and print them."""
    arguments = parse_arguments()
    # Python put the folder of this program there.
    sys.path[0] = os.getcwd()
    # What an application prints while it is imported is no DDL.
    with contextlib.redirect_stdout(sys.stderr):
        metadatas = load_metadata(arguments.target, arguments.extra)
    # SQLAlchemy's warnings come from our lines, which help nobody.
    warnings.showwarning = lambda message, *others, **kw: warn(str(message))
    with contextlib.redirect_stdout(sys.stderr):
        model = model_text(metadatas, arguments.server_version)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(model)


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit("pg-migrate: %s" % trouble)
