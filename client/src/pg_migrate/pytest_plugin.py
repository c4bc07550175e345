"""A fixture for tests of an application that has revision files.

pytest.ini or pyproject.toml say where they are, unless pg-migrate.toml does:

    [pytest]
    pg_migrate_folder = migrations

Each test that asks for it gets a database of its own, made once a session
from the folder and copied for the test.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the settings of the plugin."""
    parser.addini("pg_migrate_folder", "folder of revision files")
    parser.addini("pg_migrate_url", "server for databases of tests")


@dataclass(frozen=True)
class Migrated:
    """A database that has all revisions of the folder."""

    conninfo: str
    folder: tuple[Path, ...]
    heads: tuple[str, ...]

    def connect(self, **options: Any) -> Any:
        """Return a new connection of psycopg."""
        import psycopg

        return psycopg.connect(self.conninfo, **options)


class _Template:
    """A database that is migrated once, to be copied."""

    def __init__(self, config: pytest.Config) -> None:
        import psycopg

        from .config import load
        from .folder import Folder
        from .server import connect_text

        settings = load()
        url = config.getini("pg_migrate_url")
        if url:
            settings.url = str(url)
        folder = config.getini("pg_migrate_folder")
        if folder:
            settings.folders = [config.rootpath / str(folder)]
        self.folder = Folder(settings.folders)
        self.conninfo = connect_text(settings, print)
        self.name = f"pg_migrate_test_{os.getpid()}_{secrets.token_hex(3)}"
        self.heads: tuple[str, ...] = ()
        self.maintenance = psycopg.connect(self.conninfo, autocommit=True)
        self.maintenance.execute(f'CREATE DATABASE "{self.name}"')
        try:
            self._fill()
        except BaseException:
            self.close()
            raise

    def place(self, name: str) -> str:
        """Return how to connect to a database of this server."""
        from psycopg.conninfo import make_conninfo

        return make_conninfo(self.conninfo, dbname=name)

    def _fill(self) -> None:
        import psycopg

        from .api import upgrade

        with psycopg.connect(self.place(self.name), autocommit=True) as db:
            db.execute("CREATE SCHEMA IF NOT EXISTS migrate")
            db.execute(
                "CREATE EXTENSION IF NOT EXISTS pg_migrations SCHEMA migrate"
            )
            result = upgrade(db, self.folder.paths, "heads")
        self.heads = result.heads

    def drop(self, name: str) -> None:
        """Drop a database."""
        self.maintenance.execute(f'DROP DATABASE IF EXISTS "{name}" (FORCE)')

    def close(self) -> None:
        """Leave nothing behind."""
        self.drop(self.name)
        self.maintenance.close()


@pytest.fixture(scope="session")
def _pg_migrate_template(request: pytest.FixtureRequest) -> Iterator[Any]:
    template = _Template(request.config)
    try:
        yield template
    finally:
        template.close()


@pytest.fixture
def pg_migrate(_pg_migrate_template: Any) -> Iterator[Migrated]:
    """Return a database of the test's own, at the head of the folder."""
    template: _Template = _pg_migrate_template
    name = f"{template.name}_{secrets.token_hex(3)}"
    template.maintenance.execute(
        f'CREATE DATABASE "{name}" TEMPLATE "{template.name}"'
    )
    try:
        yield Migrated(
            template.place(name), tuple(template.folder.paths), template.heads
        )
    finally:
        template.drop(name)
