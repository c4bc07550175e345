"""A day of two developers and a CI, with git between them."""

from __future__ import annotations

import os
import shutil
import subprocess

import psycopg
import pytest

PERSON = "CREATE TABLE person (id int PRIMARY KEY);\n"
EMAIL = "ALTER TABLE person ADD email text;\n"
AGE = "ALTER TABLE person ADD age int;\n"
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


class Clone:
    """A clone of the repository, and a database of its own."""

    def __init__(self, project, root, database):
        self.project = project
        self.root = root
        self.database = database
        first = root.parent / "alice"
        if root == first:
            root.mkdir()
            self.git("init", "-q", "-b", "main")
        else:
            subprocess.run(
                ["git", "clone", "-q", first, root],
                check=True,
            )

    def git(self, *arguments):
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            check=False,
            capture_output=True,
            encoding="utf-8",
            env={
                **os.environ,
                **{
                    f"GIT_{who}_{what}": "somebody@localhost"
                    for who in ("AUTHOR", "COMMITTER")
                    for what in ("NAME", "EMAIL")
                },
            },
        )
        return done.returncode

    def commit(self, message):
        self.git("add", "-A")
        assert self.git("commit", "-q", "-m", message) == 0

    def model(self, *parts):
        (self.root / "schema.sql").write_text("".join(parts), "utf-8")

    def use(self):
        self.project.root = self.root
        self.project.monkeypatch.setenv("PGDATABASE", self.database)

    def run(self, *arguments, **options):
        self.use()
        return self.project.run(*arguments, **options)

    def fails(self, *arguments, **options):
        self.use()
        return self.project.fails(*arguments, **options)


@pytest.fixture
def databases(project, maintenance, template):
    """Databases for bob, the CI and production; alice has the project's."""
    names = {}
    for who in ("bob", "ci", "production"):
        names[who] = f"{project.database}_{who}"
        maintenance.execute(
            f"CREATE DATABASE {names[who]} TEMPLATE {template}"
        )
    yield names
    for name in names.values():
        maintenance.execute(f"DROP DATABASE {name} (FORCE)")


def test_a_day(project, tmp_path, databases):
    """Two branches, a merge, an edit too late, an older image."""
    alice = Clone(project, tmp_path / "alice", project.database)
    alice.model(PERSON)
    alice.run("init", "--models", "schema.sql")
    alice.run("revision", "--autogenerate", "-m", "create person")
    alice.run("upgrade")
    alice.commit("person")
    bob = Clone(project, tmp_path / "bob", databases["bob"])
    bob.run("upgrade")

    # both change the same table
    bob.model(PERSON, EMAIL)
    bob.run("revision", "--autogenerate", "-m", "add email")
    bob.run("upgrade")
    bob.commit("email")
    alice.model(PERSON, AGE)
    alice.run("revision", "--autogenerate", "-m", "add age")
    alice.run("upgrade")
    alice.commit("age")

    # bob takes hers in: git sees a conflict in the model, we see two heads
    assert bob.git("pull", "-q", "--no-rebase") != 0
    bob.model(PERSON, EMAIL, AGE)
    bob.commit("merge")
    message = bob.fails("upgrade", status=2)
    assert "MG001" in message and "pg-migrate merge" in message
    out = bob.run("ci", status=1)
    assert out.startswith("FAIL  heads ")
    assert "\nNext: pg-migrate merge joins them; " in out
    assert out.endswith("then pg-migrate ci\n")
    out = bob.run("ci", "--format", "github", status=1, raw=True)
    assert "%0ANext: pg-migrate merge joins them; " in out
    bob.run("merge")
    assert "2 applied" in bob.run("upgrade")
    assert "agree" in bob.run("check")
    bob.commit("merge heads")

    # the CI, on an empty database, in which nothing stays
    ci = Clone(project, tmp_path / "ci", databases["ci"])
    ci.git("pull", "-q", str(bob.root), "main")
    out = ci.run("ci")
    assert out.count("ok  ") == 4 and "FAIL" not in out
    project.root = ci.root
    assert project.stored() == ""

    # production has both
    ci.database = databases["production"]
    assert "4 applied" in ci.run("upgrade", "--tag", "one")

    # alice gets it; hers is below the merge
    assert alice.git("pull", "-q", str(bob.root), "main") == 0
    assert "2 applied" in alice.run("upgrade")

    # somebody edits what is applied
    (path,) = (alice.root / "migrations").glob("*email.sql")
    text = path.read_text("utf-8")
    path.write_text(text.replace("email text", "email varchar"), "utf-8")
    for command in ("upgrade", "plan", "check"):
        assert "MG031" in alice.fails(command, status=3)
    assert "is in line 9" in " ".join(alice.run("ci", status=1).split())
    path.write_text(text, "utf-8")

    # an image of yesterday starts on the newer database, and runs nothing
    ci.git("checkout", "-q", "HEAD~2")
    out = " ".join(ci.run("upgrade").split())
    assert "beyond this folder" in out
    assert "not in this folder" in ci.run("current")
    ci.run("current", "--check-heads")
    assert "nothing is pending" in ci.run("pending")

    # the release goes back, without its files
    assert "4 undone" in ci.run("downgrade", "--before-tag", "one")
    with psycopg.connect(dbname=ci.database) as connection:
        assert connection.execute(
            "SELECT to_regclass('person')"
        ).fetchone() == (None,)


def test_somebody_elses_revision_in_a_shared_database(project):
    """What the folder lacks is in nobody's way."""
    project.write("pg-migrate.toml", 'models = "schema.sql"\n')
    project.write("schema.sql", PERSON)
    project.run("revision", "--autogenerate", "-m", "x", "--rev-id", "aa11")
    project.run("upgrade")
    theirs = project.revision(
        "bb22", "aa11", up="ALTER TABLE person ADD b int;"
    )
    project.run("upgrade")
    theirs.unlink()
    project.write("schema.sql", PERSON + AGE)
    project.run("revision", "--autogenerate", "-m", "y", "--rev-id", "cc33")
    (file,) = project.root.glob("migrations/*cc33*")
    assert "-- down_revision: aa11\n" in file.read_text()
    assert "ADD COLUMN age integer" in file.read_text()
    assert project.applied() == "aa11 bb22", "nothing else has changed"
    project.run("diff", status=1)
    assert "which counts as a difference: bb22" in project.said
    assert "bb22" not in project.run("test", "--format", "json")
    assert "cc33" in project.run("test", "--format", "json")
    assert "not in this folder: bb22" in project.run("upgrade")
    assert project.applied() == "aa11 bb22 cc33"
