"""The programs of docs/applications.md in Go, Java and JavaScript, run.

They fetch their drivers from registries, and tests do not go to the network
unless somebody asks for it: TEST_RUNTIMES=1 runs them.  Each is skipped where
its runtime is not installed, or its driver cannot be had.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import socketserver
import subprocess
import threading
from pathlib import Path
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.skipif(
    not os.environ.get("TEST_RUNTIMES"), reason="TEST_RUNTIMES is not set"
)

PAGE = Path(__file__).parents[2] / "docs/applications.md"
FILE = re.compile(
    r"^<!-- client: file: (?P<name>\S+) -->\n\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
NEXT = """\
-- revision: bbbb1111
-- down_revision: ae1027a6acf4
-- message: it's $1 and ? and :x

-- migrate:upgrade
CREATE TABLE next (id int DEFAULT 1);
"""


def installed(*programs):
    return pytest.mark.skipif(
        not all(map(shutil.which, programs)),
        reason=f"no {' or '.join(programs)}",
    )


class Program:
    """The files of the page in a folder, and a database."""

    def __init__(self, root, database):
        self.root = root
        self.database = database
        for name, text in FILE.findall(PAGE.read_text("utf-8")):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def call(self, *command, **environment):
        return subprocess.run(
            command,
            cwd=self.root,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
            env={
                **os.environ,
                "HOME": str(self.root),
                "DATABASE_URL": "postgresql://{}@/{}?host={}".format(
                    os.environ.get("PGUSER", ""),
                    self.database,
                    quote(os.environ.get("PGHOST", "/tmp"), safe=""),
                ),
                **environment,
            },
        )

    def get(self, *command, **environment):
        """Fetch a driver, or skip."""
        try:
            done = self.call(*command, **environment)
        except subprocess.TimeoutExpired:
            pytest.skip("the registry does not answer")
        if done.returncode:
            pytest.skip(done.stderr.strip().splitlines()[-1])

    def check(self, *command, **environment):
        """Start it twice, and again with one more revision."""
        for applied, head in ((1, "ae1027a6acf4"), (0, "ae1027a6acf4")):
            self.starts(applied, head, *command, **environment)
        path = self.root / "migrations/next.sql"
        path.write_text(NEXT, "utf-8")
        self.starts(1, "bbbb1111", *command, **environment)
        path.unlink()
        self.starts(0, "bbbb1111", *command, **environment)

    def starts(self, applied, head, *command, **environment):
        done = self.call(*command, **environment)
        said = f"{applied} revisions applied, now at {head}\n"
        assert said in done.stdout + done.stderr, done


@pytest.fixture
def program(tmp_path, maintenance):
    name = f"runtime{os.getpid()}"
    maintenance.execute(f"CREATE DATABASE {name}")
    import psycopg

    with psycopg.connect(dbname=name, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA migrate")
        connection.execute("CREATE EXTENSION pg_migrations SCHEMA migrate")
    yield Program(tmp_path, name)
    maintenance.execute(f"DROP DATABASE {name} (FORCE)")


class ToSocket(socketserver.BaseRequestHandler):
    """Lead a connection over TCP to the server's socket: JDBC has no other."""

    def handle(self):
        path = "{}/.s.PGSQL.{}".format(
            os.environ["PGHOST"], os.environ.get("PGPORT", "5432")
        )
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(path)
            there = threading.Thread(
                target=self.copy, args=(self.request, server)
            )
            there.start()
            self.copy(server, self.request)
            there.join()

    @staticmethod
    def copy(source, target):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def port():
    """A port of this machine that leads to the server."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), ToSocket) as made:
        made.daemon_threads = True
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made.server_address[1]
        made.shutdown()


@installed("go")
def test_go(program):
    program.get("go", "mod", "init", "shop")
    program.get("go", "get", "github.com/jackc/pgx/v5@v5.7.6")
    program.get("go", "build", "-o", "start", ".")
    # compiled each time: the files are in the program
    program.check("go", "run", ".")
    # the module cache is read-only
    program.call("go", "clean", "-modcache")


@installed("node", "npm")
def test_node(program):
    program.get("npm", "install", "--silent", "pg@8.16.3")
    program.check("node", "migrate.mjs")


@installed("java", "mvn")
def test_java(program, port):
    jar = "org.postgresql:postgresql:42.7.8"
    program.get(
        "mvn",
        "-q",
        "dependency:copy",
        f"-Dartifact={jar}",
        "-DoutputDirectory=.",
    )
    found = next(program.root.glob("postgresql-*.jar")).name
    program.check(
        "java",
        "-cp",
        found,
        "Migrate.java",
        JDBC_URL="jdbc:postgresql://127.0.0.1:{}/{}?user={}".format(
            port, program.database, os.environ.get("PGUSER", "")
        ),
    )
