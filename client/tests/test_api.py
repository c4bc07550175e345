"""What an application calls at its start, and the fixture for its tests."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys

import psycopg
import pytest
from psycopg.rows import dict_row, namedtuple_row

from pg_migrate import (
    NotReached,
    Refused,
    Result,
    Usage,
    upgrade,
    upgrade_async,
)


def two(project):
    project.revision("aaaa1111")
    project.revision("bbbb2222", "aaaa1111")
    return project.root / "migrations"


def test_upgrade(project, caplog):
    folder = two(project)
    caplog.set_level(logging.INFO, "pg_migrate")
    with psycopg.connect(autocommit=True) as connection:
        result = upgrade(connection, folder)
        assert result == Result(2, ("bbbb2222",))
        assert upgrade(connection, [folder]) == Result(0, ("bbbb2222",))
    said = [r.getMessage() for r in caplog.records if r.name == "pg_migrate"]
    assert any("[1/2] upgrade base -> aaaa1111" in text for text in said)


def test_in_the_callers_transaction(project):
    folder = two(project)
    with psycopg.connect() as connection:
        assert upgrade(connection, folder).applied == 2
        connection.rollback()
    assert project.applied() == ""
    with psycopg.connect() as connection:
        upgrade(connection, folder, "aaaa")
    assert project.applied() == "aaaa1111"


def test_an_older_image(project):
    folder = two(project)
    upgrade(f"dbname={project.database}", folder)
    (folder / "bbbb2222.sql").unlink()
    result = upgrade(f"dbname={project.database}", folder)
    assert result == Result(0, ("aaaa1111",))
    assert project.applied() == "aaaa1111 bbbb2222"


def test_async(project):
    folder = two(project)

    async def start():
        async with await psycopg.AsyncConnection.connect(
            autocommit=True
        ) as connection:
            return await upgrade_async(connection, folder)

    assert asyncio.run(start()) == Result(2, ("bbbb2222",))
    again = upgrade_async(f"dbname={project.database}", folder)
    assert asyncio.run(again) == Result(0, ("bbbb2222",))


def test_ctrl_c_while_a_notice_is_logged(project):
    """An interrupt in the handler of a logger is not lost."""

    class Interrupting(logging.Handler):
        def emit(self, record):
            if "[1/1]" in record.getMessage():
                os.kill(os.getpid(), signal.SIGINT)

    project.revision("aaaa1111", up="SELECT pg_sleep(600);")
    handler = Interrupting(logging.INFO)
    logger = logging.getLogger("pg_migrate")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    # whoever runs the tests in the background may ignore it
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            upgrade(f"dbname={project.database}", project.root / "migrations")
    finally:
        signal.signal(signal.SIGINT, before)
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert project.applied() == ""


def test_refusals(project):
    folder = two(project)
    project.revision("cccc3333", "aaaa1111")
    with psycopg.connect(autocommit=True) as connection:
        with pytest.raises(Usage) as caught:
            upgrade(connection, folder)
        assert caught.value.code == "MG001"
        with pytest.raises(Usage) as caught:
            upgrade(connection, folder, "+1")
        assert caught.value.code == "MG010"
        project.query("DROP EXTENSION pg_migrations")
        with pytest.raises(Refused):
            upgrade(connection, folder, "heads")


def test_a_script_that_fails(project):
    """What goes wrong is a Failure, over a connection and to a URL."""
    project.revision("aaaa1111", up="SELECT 1/0;")
    folder = project.root / "migrations"

    async def start():
        async with await psycopg.AsyncConnection.connect() as connection:
            await upgrade_async(connection, folder)

    url = f"dbname={project.database}"
    for call in (
        lambda: upgrade(url, folder),
        lambda: asyncio.run(upgrade_async(url, folder)),
        lambda: asyncio.run(start()),
    ):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.code == "22012"
        assert "aaaa1111" in caught.value.next
    with psycopg.connect(autocommit=True) as connection:
        with pytest.raises(Refused):
            upgrade(connection, folder)
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_no_server(project):
    folder = two(project)
    with pytest.raises(NotReached):
        upgrade("host=/nowhere", folder)
    with pytest.raises(NotReached):
        asyncio.run(upgrade_async("host=/nowhere", folder))


@pytest.mark.parametrize("rows", [dict_row, namedtuple_row])
def test_rows_of_any_form(project, rows):
    folder = two(project)
    with psycopg.connect(autocommit=True, row_factory=rows) as connection:
        assert upgrade(connection, folder).applied == 2
    with psycopg.connect(row_factory=rows) as connection:
        assert upgrade(connection, folder).applied == 0


def test_fixture(project):
    two(project)
    project.write(
        "test_app.py",
        "def test_one(pg_migrate):\n"
        "    assert pg_migrate.heads == ('bbbb2222',)\n"
        "    with pg_migrate.connect() as connection:\n"
        "        connection.execute('DROP TABLE bbbb2222')\n\n"
        "def test_two(pg_migrate):\n"
        "    with pg_migrate.connect() as connection:\n"
        "        connection.execute('TABLE bbbb2222')\n",
    )
    out = pytest_there(project)
    assert "2 passed" in out, out
    assert databases_left(project) == 0


def test_fixture_of_a_folder_that_fails(project):
    project.revision("aaaa1111", up="SELECT 1/0;")
    project.write("test_app.py", "def test_one(pg_migrate):\n    pass\n")
    out = pytest_there(project)
    assert "division by zero" in out and "1 error" in out, out
    assert databases_left(project) == 0


def pytest_there(project):
    """Run pytest in the project; what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         "-p", "pg_migrate.pytest_plugin", "test_app.py"],
        cwd=project.root, stdout=subprocess.PIPE, encoding="utf-8",
        check=False,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
             "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    return done.stdout


def databases_left(project):
    return project.value(
        "SELECT count(*) FROM pg_database WHERE datname ~ '^pg_migrate_test_'"
    )
