"""The documentation's sessions in a shell, run and compared.

Each ```console block of a page runs in one folder, with an empty database,
from top to bottom; what a command prints must be what stands there.  Comments
tell what a reader need not see:

    <!-- client: fresh -->            an empty folder and database
    <!-- client: setup
    commands of the shell
    -->
    <!-- client: file: app/models.py -->    the next block becomes that file
    <!-- client: not run: the reason -->    the next console block is not run

Ids differ from run to run: each is taken for the one that stands in its
place.  WRITE_DOCS=1 writes what was really printed into the pages.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

TOP = Path(__file__).parents[2]
PAGES = [
    path.name
    for path in sorted((TOP / "docs").glob("*.md"))
    if "```console\n" in path.read_text("utf-8")
]
TOKEN = re.compile(
    r"^<!-- client: (?P<verb>fresh|setup|file|not run)"
    r"(?:: (?P<argument>[^\n]*?))?(?:\n(?P<body>.*?)\n)? ?-->$"
    r"|^```(?P<language>\w*)\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])")
VARYING = (
    (
        re.compile(r"\b20\d\d-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d+)?)?(\+00)?"),
        "WHEN",
    ),
    (re.compile(r"\b20\d{6}_\d{4}_"), "WHEN_"),
    (re.compile(r" \d+:\d\d$", re.MULTILINE), " TIME"),
    (re.compile(r"in \d+:\d\d;"), "in TIME;"),
)
needs = pytest.mark.skipif(
    subprocess.run(
        [sys.executable, "-c", "import sqlalchemy, alembic"],
        check=False,
        stderr=subprocess.DEVNULL,
    ).returncode
    != 0,
    reason="SQLAlchemy or Alembic is not installed",
)


class Session:
    """A folder, a database, and a shell for one page."""

    def __init__(self, root, maintenance):
        self.root = root
        self.maintenance = maintenance
        self.ids = {}
        self.databases = []
        self.count = 0
        self.fresh()

    def fresh(self):
        self.count += 1
        self.folder = self.root / str(self.count) / "shop"
        self.folder.mkdir(parents=True)
        self.database = f"shop{secrets.token_hex(2)}"
        self.maintenance.execute(f"CREATE DATABASE {self.database}")
        self.databases.append(self.database)
        with psycopg.connect(
            dbname=self.database, autocommit=True
        ) as connection:
            connection.execute("CREATE SCHEMA migrate")
            connection.execute("CREATE EXTENSION pg_migrations SCHEMA migrate")

    def close(self):
        for name in self.databases:
            self.maintenance.execute(f"DROP DATABASE {name} (FORCE)")

    def shell(self, command):
        """Run a command; what it prints, in the words of the page."""
        for known, real in self.ids.items():
            command = re.sub(rf"\b{known[:4]}[0-9a-f]{{0,8}}\b", real, command)
        prelude = f'pg-migrate() {{ {sys.executable} -m pg_migrate "$@"; }}\n'
        done = subprocess.run(
            ["bash", "-c", prelude + command],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            env={
                **{k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"},
                "PYTHONPATH": os.pathsep.join(
                    [str(TOP / "client/src"), *sys.path]
                ),
                "PGDATABASE": self.database,
                "PG_MIGRATE_PYTHON": sys.executable,
                "TOP": str(TOP),
                "COLUMNS": "80",
                "LC_ALL": "C.UTF-8",
            },
        )
        text = done.stdout.replace(str(self.folder), "/home/me/shop")
        text = text.replace(self.database, "shop").replace(str(TOP), "TOP")
        return text, done.returncode

    def matches(self, expected, got):
        """Compare, and learn which id stands for which."""
        for known, real in zip(ID.findall(expected), ID.findall(got)):
            self.ids.setdefault(known, real)
        for known, real in self.ids.items():
            got = got.replace(real, known)
        return plain(expected) == plain(got)


def plain(text):
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return [line.rstrip() for line in text.strip().splitlines()]


def commands(block):
    """Yield the commands of a block with what stands below each."""
    command, output = None, []
    for line in block.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, "\n".join(output)
            command, output = line[2:], []
        elif line.startswith("> ") and not output:
            command += "\n" + line[2:]
        else:
            output.append(line)
    yield command, "\n".join(output)


@needs
@pytest.mark.parametrize("page", PAGES)
def test_page(page, tmp_path, maintenance):
    path = TOP / "docs" / page
    text = path.read_text("utf-8")
    session = Session(tmp_path, maintenance)
    wrong, pieces, at, verb, argument = [], [], 0, None, None
    try:
        for token in TOKEN.finditer(text):
            if token["verb"] == "fresh":
                session.fresh()
            elif token["verb"] == "setup":
                out, status = session.shell("set -e\n" + token["body"])
                assert status == 0, f"{page}: setup: {out}"
            elif token["verb"]:
                verb, argument = token["verb"], token["argument"]
            elif verb == "file":
                file = session.folder / argument
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(token["code"], "utf-8")
                verb = None
            elif token["language"] == "console":
                if verb != "not run":
                    block = run_block(session, token["code"], wrong)
                    pieces += [text[at : token.start()], block]
                    at = token.end()
                verb = None
    finally:
        session.close()
    if os.environ.get("WRITE_DOCS"):
        path.write_text("".join(pieces) + text[at:], "utf-8")
    assert not wrong, f"{page}:\n" + "\n".join(wrong)


def run_block(session, code, wrong):
    """Run a block; what it is with what was really printed."""
    lines = ["```console"]
    status = 0
    for command, expected in commands(code):
        if command == "echo $?":
            out = f"{status}\n"
        else:
            out, status = session.shell(command)
        if not session.matches(expected, out):
            wrong.append(f"$ {command}\n{out}--- expected:\n{expected}")
        for known, real in session.ids.items():
            out = out.replace(real, known)
        lines += [
            f"{'$ ' if n == 0 else '> '}{part}"
            for n, part in enumerate(command.split("\n"))
        ]
        lines += out.splitlines()
    return "\n".join([*lines, "```"])


def test_keystrokes():
    """The table of what is typed: not much more than with Alembic."""
    text = (TOP / "docs/client.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `(alembic [^`]*)` \| `(pg-migrate[^`]*)` \|", text, re.M
    )
    assert len(rows) >= 14
    theirs = sum(len(alembic) for alembic, _ in rows)
    ours = sum(len(pg_migrate) for _, pg_migrate in rows)
    assert f"{theirs} keystrokes with Alembic, {ours} here" in text
    assert ours <= 1.2 * theirs


JOB = """
pip() {{ printf '%s\\n' "$@" >>pip.txt; }}
pg-migrate() {{ {python} -m pg_migrate "$@"; }}
set -euo pipefail
"""
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def jobs():
    """The jobs for CIs in the pages: what they run, and what they keep."""
    yaml = pytest.importorskip("yaml")
    found = {}
    text = (TOP / "docs/client.md").read_text("utf-8")
    for block in YAML.findall(text):
        name = block.splitlines()[0].removeprefix("# ")
        found[name] = yaml.safe_load(block)
    return found


def test_jobs(tmp_path, maintenance):
    """Each is well formed, and its steps do what it says."""
    there = jobs()
    assert set(there) == {".github/workflows/migrations.yml", ".gitlab-ci.yml"}
    github = there[".github/workflows/migrations.yml"]
    # YAML takes "on" for a truth
    assert github[True] == "pull_request"
    github = github["jobs"]["migrations"]
    gitlab = there[".gitlab-ci.yml"]["migrations"]
    images = (
        github["services"]["postgres"]["image"],
        gitlab["services"][0]["name"],
    )
    assert images[0] == images[1]
    password = github["services"]["postgres"]["env"]["POSTGRES_PASSWORD"]
    assert f":{password}@localhost/" in github["env"]["DATABASE_URL"]
    alias = gitlab["services"][0]["alias"]
    password = gitlab["variables"]["POSTGRES_PASSWORD"]
    assert f":{password}@{alias}/" in gitlab["variables"]["DATABASE_URL"]
    assert gitlab["artifacts"]["reports"] == {"codequality": "migrations.json"}
    runs = [step["run"] for step in github["steps"] if "run" in step]
    for number, steps in enumerate((runs, gitlab["script"])):
        for good in (True, False):
            root = tmp_path / f"{number}{good}"
            done = run_job(root, steps, good, maintenance)
            assert (done.returncode == 0) == good, done
            wheel = next(
                word
                for word in (root / "pip.txt").read_text().split()
                if word.endswith(".whl")
            )
            project = (TOP / "client/pyproject.toml").read_text("utf-8")
            (version,) = re.findall(r'^version = "(.*)"$', project, re.M)
            assert f"_client-{version}-py3-" in wheel
            if number == 0:
                assert ("::error file=" in done.stdout) != good
            else:
                report = json.loads((root / "migrations.json").read_text())
                assert len(report) == (0 if good else 1)


def run_job(root, steps, good, maintenance):
    """Run the steps of a job in a project, with a database."""
    (root / "migrations").mkdir(parents=True)
    (root / "migrations/a.sql").write_text(
        "-- revision: aaaa1111\n-- down_revision:\n-- message: a\n\n"
        f"-- migrate:upgrade\nCREATE TABLE a{'' if good else '('} ();\n\n"
        "-- migrate:downgrade\nDROP TABLE a;\n"
    )
    name = f"job{secrets.token_hex(3)}"
    maintenance.execute(f"CREATE DATABASE {name}")
    try:
        return subprocess.run(
            [
                "bash",
                "-c",
                JOB.format(python=sys.executable) + "\n".join(steps),
            ],
            cwd=root,
            capture_output=True,
            encoding="utf-8",
            check=False,
            env={
                **os.environ,
                "DATABASE_URL": f"postgresql:///{name}",
                "PYTHONPATH": os.pathsep.join(
                    [str(TOP / "client/src"), *sys.path]
                ),
            },
        )
    finally:
        maintenance.execute(f"DROP DATABASE {name} (FORCE)")
