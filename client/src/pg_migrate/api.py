"""For an application's start: apply the revision files of its image."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

from .errors import Refused
from .folder import Folder
from .interrupt import interrupts_kept

logger = logging.getLogger("pg_migrate")
Paths = Union[str, Path, Sequence[Union[str, Path]]]


@dataclass(frozen=True)
class Result:
    """What an upgrade has come to."""

    applied: int
    heads: tuple[str, ...]


FIND = (
    "SELECT pg_catalog.quote_ident(n.nspname)"
    " FROM pg_catalog.pg_extension e"
    " JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
    " WHERE e.extname = 'pg_migrations'"
)
DEPLOY = "CALL {}.migrate_deploy(%s, schema => %s, tag => %s)"
UPGRADE = "SELECT count(*) FROM {}.migrate_upgrade(%s, %s, %s)"
IMPORT = "SELECT {}.migrate_import(%s)"


def _folder(paths: Paths) -> Folder:
    if isinstance(paths, (str, Path)):
        paths = [paths]
    return Folder([Path(path) for path in paths])


def _target(folder: Folder, target: str) -> str | None:
    """Return the folder's revisions that a target stands for."""
    nodes = folder.graph.resolve_target(target)
    return ",".join(node.id for node in nodes) or None


def _hear(diagnostic: Any) -> None:
    level = logging.INFO
    if diagnostic.severity_nonlocalized == "WARNING":
        level = logging.WARNING
    logger.log(level, "%s", diagnostic.message_primary)


@contextmanager
def _failures() -> Iterator[None]:
    """Let what goes wrong be a Failure."""
    import psycopg

    from .server import failure_of

    try:
        yield
    except psycopg.Error as error:
        raise failure_of(error) from error


@contextmanager
def _cursor(connection: Any) -> Iterator[Any]:
    """Listen to a connection, and give a cursor of plain rows."""
    from psycopg.rows import tuple_row

    connection.add_notice_handler(_hear)
    try:
        with interrupts_kept(), _failures():
            yield connection.cursor(row_factory=tuple_row)
    finally:
        connection.remove_notice_handler(_hear)


def _installed(row: tuple[str] | None) -> str:
    if row is None:
        raise Refused(
            "the database does not have the extension pg_migrations",
            code="42704",
            next="CREATE SCHEMA migrate; CREATE EXTENSION pg_migrations "
            "SCHEMA migrate",
        )
    return row[0]


def _atomic(connection: Any, atomic: bool | None) -> bool:
    """Tell whether to run in the caller's transaction."""
    return not connection.autocommit if atomic is None else atomic


def upgrade(
    connection: Any,
    folder: Paths = "migrations",
    target: str = "head",
    *,
    schema: str | None = None,
    tag: str | None = None,
    atomic: bool | None = None,
) -> Result:
    """Apply a folder's revisions over a connection of psycopg, or to a URL.

    A connection in autocommit commits after each revision, waits for other
    replicas and resumes; any other runs all of it in the transaction that it
    is in, which the caller commits.  An older folder runs nothing.  What
    happens goes to the logger pg_migrate.
    """
    if isinstance(connection, str):
        import psycopg

        from .url import conninfo

        text = conninfo(connection, logger.warning)
        with _failures(), psycopg.connect(text, autocommit=True) as opened:
            return upgrade(
                opened, folder, target, schema=schema, tag=tag, atomic=atomic
            )
    files = _folder(folder)
    wanted = _target(files, target)
    with _cursor(connection) as cursor:
        mig = _installed(cursor.execute(FIND).fetchone())
        if wanted is None:
            return Result(0, ())
        cursor.execute(IMPORT.format(mig), (files.bundle,))
        statement = UPGRADE if _atomic(connection, atomic) else DEPLOY
        cursor.execute(statement.format(mig), (wanted, schema, tag))
        return _result(cursor.fetchone(), wanted)


async def upgrade_async(
    connection: Any,
    folder: Paths = "migrations",
    target: str = "head",
    *,
    schema: str | None = None,
    tag: str | None = None,
    atomic: bool | None = None,
) -> Result:
    """Do the same over an asynchronous connection of psycopg, or to a URL."""
    if isinstance(connection, str):
        import psycopg

        from .url import conninfo

        text = conninfo(connection, logger.warning)
        with _failures():
            async with await psycopg.AsyncConnection.connect(
                text, autocommit=True
            ) as opened:
                return await upgrade_async(
                    opened,
                    folder,
                    target,
                    schema=schema,
                    tag=tag,
                    atomic=atomic,
                )
    files = _folder(folder)
    wanted = _target(files, target)
    with _cursor(connection) as cursor:
        await cursor.execute(FIND)
        mig = _installed(await cursor.fetchone())
        if wanted is None:
            return Result(0, ())
        await cursor.execute(IMPORT.format(mig), (files.bundle,))
        statement = UPGRADE if _atomic(connection, atomic) else DEPLOY
        await cursor.execute(statement.format(mig), (wanted, schema, tag))
        return _result(await cursor.fetchone(), wanted)


def _result(row: tuple[int | None], wanted: str) -> Result:
    applied = row[0] or 0
    logger.info("%d applied, target %s", applied, wanted)
    return Result(applied, tuple(wanted.split(",")))
