"""Projects and databases for the tests; the server is the one of PGHOST."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import psycopg
import pytest

from pg_migrate.cli import main

TIMES = (
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "YYYY-MM-DD HH:MM"),
    (re.compile(r"\b\d+:\d\d$", re.MULTILINE), "M:SS"),
    (re.compile(r"in \d+:\d\d;"), "in M:SS;"),
    (re.compile(r"\d{8}_\d{4}_"), "DATE_"),
)


@pytest.fixture(scope="session")
def maintenance():
    with psycopg.connect("dbname=postgres", autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def template(maintenance):
    """A database with the extension, in a schema off the search_path."""
    name = f"client{secrets.token_hex(2)}"
    maintenance.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(f"dbname={name}", autocommit=True) as connection:
        connection.execute('CREATE SCHEMA "Mig 1"')
        connection.execute('CREATE EXTENSION pg_migrations SCHEMA "Mig 1"')
    yield name
    maintenance.execute(f"DROP DATABASE {name} (FORCE)")


class Project:
    """A folder to work in, and a database."""

    def __init__(self, root, name, capfd, monkeypatch):
        self.root = root
        self.database = name
        self.capfd = capfd
        self.monkeypatch = monkeypatch
        self.err = ""
        self.said = ""  # the same on one line

    def run(self, *arguments, status=0, raw=False):
        """Run pg-migrate; what it prints, without what differs each time."""
        self.monkeypatch.chdir(self.root)
        self.capfd.readouterr()
        got = main(list(arguments))
        out, err = self.capfd.readouterr()
        self.err = self.plain(err)
        self.said = " ".join(self.err.split())
        assert got == status, f"{arguments}: status {got}\n{out}{err}"
        for line in out.splitlines():
            if not raw:
                assert len(line) <= 80, f"{arguments}: {line}"
            assert "\x1b" not in line
        return out if raw else self.plain(out)

    def fails(self, *arguments, status):
        """Run it where it must not work; what it complains."""
        self.run(*arguments, status=status, raw=True)
        assert re.search(r"^Next: \S", self.err, re.MULTILINE) or (
            "Usage:" in self.err
        ), self.err
        return " ".join(self.err.split())

    @staticmethod
    def plain(text):
        for pattern, word in TIMES:
            text = pattern.sub(word, text)
        return text

    def query(self, sql, *arguments):
        with psycopg.connect(autocommit=True) as connection:
            connection.execute('SET search_path = public, "Mig 1"')
            cursor = connection.execute(sql, arguments)
            return cursor.fetchall() if cursor.description else None

    def value(self, sql, *arguments):
        return self.query(sql, *arguments)[0][0]

    def applied(self):
        return self.value(
            "SELECT coalesce(string_agg(revision, ' ' ORDER BY revision), '')"
            " FROM migrate_applied"
        )

    def stored(self):
        return self.value(
            "SELECT coalesce(string_agg(revision, ' ' ORDER BY revision), '')"
            " FROM migrate_revision"
        )

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def revision(self, id, parents="", up=None, down=None, **headers):
        """Write a revision that makes a table of its name."""
        up = f"CREATE TABLE {id} ();" if up is None else up
        down = f"DROP TABLE {id};" if down is None else down
        lines = [f"-- revision: {id}", f"-- down_revision: {parents}"]
        headers.setdefault("message", f"make {id}")
        lines += [f"-- {name}: {value}" for name, value in headers.items()]
        lines += ["", "-- migrate:upgrade", up]
        if down is not False:
            lines += ["", "-- migrate:downgrade", down]
        return self.write(f"migrations/{id}.sql", "\n".join(lines) + "\n")

    def files(self):
        return sorted(
            self.plain(p.name) for p in (self.root / "migrations").iterdir()
        )


@pytest.fixture
def project(tmp_path, capfd, monkeypatch, maintenance, template):
    """A project with an empty folder and a database of its own."""
    name = f"{template}_{secrets.token_hex(2)}"
    maintenance.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    for variable in ("DATABASE_URL", "VIRTUAL_ENV", "NO_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PGDATABASE", name)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "migrations").mkdir()
    yield Project(tmp_path, name, capfd, monkeypatch)
    maintenance.execute(f"DROP DATABASE {name} (FORCE)")


@pytest.fixture
def folder(tmp_path, capfd, monkeypatch):
    """A project without any server."""
    monkeypatch.setenv("PGHOST", "/nowhere")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "migrations").mkdir()
    return Project(Path(tmp_path), "", capfd, monkeypatch)
