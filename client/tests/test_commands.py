"""Commands over a folder and a database: what they print and do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import psycopg
import pytest

from pg_migrate.cli import main

SAME = "the files say what the database has\n"


def two(project):
    """A folder with two revisions."""
    project.revision("aaaa1111")
    project.revision("bbbb2222", "aaaa1111")


def test_upgrade_and_downgrade(project):
    two(project)
    assert project.run("plan") == (
        f"{project.database} on localhost | at base | "
        "folder at bbbb2222, 2 to apply\n"
        "1  aaaa1111  make aaaa1111\n"
        "2  bbbb2222  make bbbb2222\n"
        "Next: pg-migrate upgrade; or pg-migrate show aaaa1111\n"
    )
    assert project.stored() == "", "looking stores nothing"
    assert project.run("pending") == (
        "aaaa1111  make aaaa1111\nbbbb2222  make bbbb2222\n"
        "Next: pg-migrate upgrade\n"
    )
    assert project.run("current") == "base: nothing is applied\n"
    assert project.stored() == ""
    lines = project.run("upgrade", "+1").splitlines()
    assert lines[0].split() == (
        ["[1/1]", "aaaa1111", "make", "aaaa1111", "done", "M:SS"]
    )
    assert lines[1] == "1 applied in M:SS; now at aaaa1111"
    assert project.run("current") == (
        "aaaa1111  YYYY-MM-DD HH:MM  (current) make aaaa1111\n"
    )
    project.run("upgrade")
    assert project.applied() == "aaaa1111 bbbb2222"
    assert project.run("upgrade") == "nothing to apply: already at bbbb2222\n"
    assert project.run("pending") == "nothing is pending\n"
    out = project.run("plan", "-1")
    assert out.splitlines()[0].endswith("| 1 to undo")
    assert "pg-migrate downgrade -1" in out
    out = project.run("downgrade", "-1")
    assert "1 undone in M:SS; now at aaaa1111\n" in out
    assert project.run("downgrade", "base", "--atomic").endswith(
        "now at base\nNext: pg-migrate upgrade brings them back\n"
    )
    assert project.run("downgrade", "base") == "nothing to undo: at base\n"
    assert "2 applied" in project.run("upgrade", "--atomic")
    project.run("downgrade", "aaaa")
    assert project.applied() == "aaaa1111"


def test_json(project):
    two(project)
    plan = json.loads(project.run("plan", "--format", "json", raw=True))
    assert [(s["step"], s["revision"]) for s in plan] == [
        (1, "aaaa1111"),
        (2, "bbbb2222"),
    ]
    done = json.loads(project.run("upgrade", "--format", "json", raw=True))
    assert done == {
        "applied": 2,
        "target": "bbbb2222",
        "before": [],
        "current": ["bbbb2222"],
        "not_in_folder": [],
    }
    for atomic in ((), ("--atomic",)):
        out = project.run(
            "upgrade", "bbbb2222", "--format", "json", *atomic, raw=True
        )
        assert json.loads(out)["target"] == "bbbb2222"
    current = json.loads(project.run("current", "--format", "json", raw=True))
    assert current[0]["revision"] == "bbbb2222"
    assert current[0]["how"] == "ran"
    status = json.loads(project.run("status", "--format", "json", raw=True))
    assert status["heads"] == "bbbb2222"
    out = project.run(
        "upgrade", "zzzz", "--format", "json", raw=True, status=2
    )
    assert json.loads(out)["error"]["code"] == "MG002"
    out = project.run(
        "downgrade", "bbbb@+1", "--format", "json", raw=True, status=3
    )
    assert json.loads(out)["error"]["status"] == 3
    for command in (
        "heads",
        "history",
        "show",
        "branches",
        "pending",
        "graph",
        "export",
        "import",
    ):
        json.loads(project.run(command, "--format", "json", raw=True))


def test_one_document(project):
    """What was looked for is found after the result: that stays alone."""
    two(project)
    out = project.run(
        "current", "--check-heads", "--format", "json", raw=True, status=1
    )
    assert json.loads(out) == []
    assert "error MG022: not applied: bbbb2222" in project.said
    project.run("import")
    (project.root / "migrations/bbbb2222.sql").unlink()
    out = project.run(
        "import", "--strict", "--format", "json", raw=True, status=1
    )
    assert json.loads(out)["database_only"] == ["bbbb2222"]
    assert "that are not in the folder" in project.said


def test_a_failure_says_what_stays(project):
    two(project)
    project.revision("cccc3333", "bbbb2222", up="SELECT 1;\nSELECT 1/0;")
    out = project.run("upgrade", status=3)
    assert [line.split()[-2] for line in out.splitlines()] == (
        ["done", "done", "FAILED"]
    )
    assert "error 22012: division by zero" in project.said
    assert "cccc3333" in project.said, "the context names the revision"
    assert "statement 2" in project.said
    assert project.applied() == "aaaa1111 bbbb2222"
    out = project.run("status")
    assert "last      upgrade cccc3333 failed\n" in out
    assert "division by zero" in out
    project.revision("cccc3333", "bbbb2222", up="SELECT 1;")
    project.run("upgrade")
    assert project.applied() == "aaaa1111 bbbb2222 cccc3333"


def test_atomic_leaves_nothing(project):
    two(project)
    project.revision("cccc3333", "bbbb2222", up="SELECT 1/0;")
    project.run("upgrade", "--atomic", status=3)
    assert (project.applied(), project.stored()) == ("", "")
    project.revision("cccc3333", "bbbb2222", up="VACUUM;", down="")
    text = project.fails("upgrade", "--atomic", status=3)
    assert "error MG017" in text
    assert "Next: pg-migrate upgrade, without --atomic" in text
    project.run("upgrade")
    assert "cccc3333" in project.applied()


def test_what_was_reviewed_runs(project):
    """The folder is loaded before each run: an edited file is what runs."""
    two(project)
    project.run("import")
    project.revision(
        "bbbb2222",
        "aaaa1111",
        up="CREATE TABLE edited ();",
        down="DROP TABLE edited;",
    )
    project.run("upgrade")
    assert project.value("SELECT to_regclass('edited')::text") == "edited"
    project.revision("bbbb2222", "aaaa1111", up="CREATE TABLE more ();")
    text = project.fails("upgrade", status=3)
    assert "error MG031" in text and "pg-migrate sync" in text
    project.revision(
        "bbbb2222",
        "aaaa1111",
        up="CREATE TABLE edited ();",
        down="DROP TABLE edited; CREATE TABLE mended ();",
    )
    project.run("downgrade", "-1")
    assert project.value("SELECT to_regclass('mended')::text") == "mended"


def test_an_older_folder(project):
    two(project)
    project.run("upgrade")
    (project.root / "migrations/bbbb2222.sql").unlink()
    assert project.run("upgrade") == (
        "nothing to apply: the database is at bbbb2222, beyond this folder"
        " (aaaa1111)\n"
    )
    assert project.run("upgrade", "--atomic").startswith("nothing to apply:")
    assert project.applied() == "aaaa1111 bbbb2222"
    assert project.run("current") == (
        "bbbb2222  YYYY-MM-DD HH:MM  (not in this folder) make bbbb2222\n"
    )
    assert project.run("plan") == (
        f"{project.database} on localhost | at bbbb2222 | "
        "beyond the folder, aaaa1111\n"
    )
    assert "beyond: bbbb2222" in project.run("status")
    assert "The database is at bbbb2222" in project.run("history", "-i")
    project.run("current", "--check-heads")
    # the way back needs no file
    project.run("downgrade", "-1")
    assert project.applied() == "aaaa1111"
    text = project.fails("upgrade", "+1", status=2)
    assert "not in the folder" in text
    assert project.run("upgrade") == "nothing to apply: already at aaaa1111\n"


def test_unmerged_branches(project):
    two(project)
    project.run("upgrade")
    (project.root / "migrations/bbbb2222.sql").unlink()
    project.revision("cccc3333", "aaaa1111")
    out = project.run("upgrade")
    assert "1 applied in M:SS; now at bbbb2222, cccc3333\n" in out
    assert "not in this folder: bbbb2222\n" in out
    project.revision("bbbb2222", "aaaa1111")
    text = project.fails("upgrade", status=2)
    assert "MG001" in text and "pg-migrate merge" in text
    project.run("merge", "--rev-id", "dddd4444")
    project.run("upgrade")
    project.run("current", "--check-heads")
    assert project.run("graph") == (
        "* dddd4444 (head, current, merge point) merge heads\n"
        "|\\\n"
        "* | bbbb2222 make bbbb2222\n"
        "| * cccc3333 make cccc3333\n"
        "|/\n"
        "* aaaa1111 (branch point) make aaaa1111\n"
    )
    out = project.run("downgrade", "-1")
    assert "now at bbbb2222, cccc3333" in out
    text = project.fails("current", "--check-heads", status=1)
    assert "not applied: dddd4444" in text


def test_late(project):
    two(project)
    project.run("upgrade")
    project.revision("abab0000", "aaaa1111")
    project.revision("bbbb2222", "abab0000")
    assert project.run("pending") == (
        "abab0000  late  make abab0000\nNext: pg-migrate upgrade\n"
    )
    project.run("upgrade")
    assert project.applied() == "aaaa1111 abab0000 bbbb2222"


def test_stamp(project):
    two(project)
    assert project.run("stamp", "head") == "stamped base -> bbbb2222\n"
    assert project.run("stamp", "aaaa") == "stamped bbbb2222 -> aaaa1111\n"
    assert project.run("stamp", "base") == "stamped aaaa1111 -> base\n"
    assert project.value("SELECT to_regclass('aaaa1111')::text") is None
    project.fails("stamp", "nosuch", status=2)


def test_emptied(project):
    two(project)
    project.run("upgrade")
    project.query("DROP TABLE aaaa1111, bbbb2222")
    project.run("upgrade")
    assert "pg-migrate stamp base" in project.said
    project.run("stamp", "base")
    assert "2 applied" in project.run("upgrade")


def test_offline_script(project):
    two(project)
    script = project.run("upgrade", "--sql", raw=True)
    assert "CREATE TABLE aaaa1111 ();" in script
    assert "CREATE TABLE bbbb2222 ();" in script
    script = project.run("upgrade", "--sql", "aaaa:", raw=True)
    assert "CREATE TABLE aaaa1111" not in script
    script = project.run("downgrade", "--sql", "head:aaaa", raw=True)
    assert "DROP TABLE bbbb2222;" in script
    assert (project.applied(), project.stored()) == ("", "")


def test_import_and_export(project):
    two(project)
    assert project.run("import", "--dry-run") == (
        "stored  aaaa1111  make aaaa1111\n"
        "stored  bbbb2222  make bbbb2222\n"
        "2 revisions in the folder; its heads: bbbb2222\n"
    )
    assert project.stored() == ""
    project.run("import", "--strict")
    assert project.stored() == "aaaa1111 bbbb2222"
    assert project.run("import") == (
        "2 revisions in the folder; its heads: bbbb2222\n"
        "Next: pg-migrate upgrade\n"
    )
    assert project.run("export") == SAME
    project.query(
        "SELECT migrate_revision('by hand', 'SELECT 1', '',"
        " rev_id => 'cccc3333')"
    )
    project.query("SELECT migrate_edit('bbbb', message => 'renamed')")
    text = project.fails("import", "--strict", status=1)
    assert "revisions that are not in the folder" in text
    assert project.run("export", "cccc") == (
        "written  cccc3333  migrations/DATE_cccc3333_by_hand.sql\n"
    )
    project.revision("dddd4444", "cccc3333")
    assert project.run("export") == (
        "changed      bbbb2222  migrations/bbbb2222.sql\n"
        "folder only  dddd4444  migrations/dddd4444.sql\n"
    )
    assert project.run("import") == (
        "stored  dddd4444  make dddd4444\n"
        "4 revisions in the folder; its heads: dddd4444\n"
        "Next: pg-migrate upgrade\n"
    )
    project.revision("eeee5555", "cccc3333")
    text = project.fails("import", "--strict", status=1)
    assert "several heads" in text
    assert "eeee5555" not in project.stored()


def test_names_that_are_hard_to_quote(project):
    value = r"back\slash \n \. :v :'v' $x `id` %s %(x)s {} {mig} &amp; ümläut"
    project.revision(
        "aaaa1111",
        up=f"CREATE TABLE t (t text);\nINSERT INTO t VALUES ($q${value}$q$);",
        message='it\'s \\ 100% {mig} "x"',
    )
    (project.root / "migrations/aaaa1111.sql").rename(
        project.root / "migrations/-- 'x' %s {}.sql"
    )
    project.run("upgrade")
    assert project.value("TABLE t") == value
    assert project.run("export") == SAME
    assert 'it\'s \\ 100% {mig} "x"' in project.run("current")


def test_sync(project):
    """From a branch to another, and back, in a development database."""
    two(project)
    project.run("upgrade")
    (project.root / "migrations/bbbb2222.sql").unlink()
    project.revision("cccc3333", "aaaa1111")
    out = project.run("sync", "--dry-run")
    assert "undone   bbbb2222  make bbbb2222\n" in out
    assert project.applied() == "aaaa1111 bbbb2222"
    assert project.run("sync").splitlines()[2:] == [
        "undone   bbbb2222  make bbbb2222",
        "removed  bbbb2222  make bbbb2222",
        "stored   cccc3333  make cccc3333",
        "applied  cccc3333  make cccc3333",
        "2 revisions in the folder; its heads: cccc3333",
    ]
    assert project.applied() == project.stored() == "aaaa1111 cccc3333"
    # another script of a revision, below one that stays
    project.revision("dddd4444", "cccc3333")
    project.run("upgrade")
    project.revision(
        "cccc3333", "aaaa1111", up="CREATE TABLE cccc3333 (i int);"
    )
    out = project.run("sync")
    assert out.splitlines()[-4:] == [
        "replaced  cccc3333  make cccc3333",
        "applied   cccc3333  make cccc3333",
        "applied   dddd4444  make dddd4444",
        "3 revisions in the folder; its heads: dddd4444",
    ]
    assert project.applied() == "aaaa1111 cccc3333 dddd4444"
    assert project.run("sync").startswith("3 revisions in the folder;")
    # nothing of it happens if a script fails
    (project.root / "migrations/dddd4444.sql").unlink()
    project.revision("eeee5555", "cccc3333", up="SELECT 1/0;")
    project.run("sync", status=3)
    assert project.applied() == "aaaa1111 cccc3333 dddd4444"
    # what cannot run in a transaction
    project.revision("eeee5555", "cccc3333", up="VACUUM;", down="")
    project.run("sync")
    assert project.applied() == "aaaa1111 cccc3333 eeee5555"


def test_adopt(project):
    two(project)
    project.query(
        "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"
        "INSERT INTO alembic_version VALUES ('aaaa1111')"
    )
    assert project.run("adopt") == (
        "adopted alembic_version: at aaaa1111\nNext: pg-migrate plan\n"
    )
    assert project.run("adopt").startswith("adopted already: at aaaa1111\n")


def test_target_schema(project):
    two(project)
    project.query("CREATE SCHEMA tenant")
    project.run("upgrade", "--schema", "tenant")
    assert project.value("SELECT to_regclass('tenant.bbbb2222')::text")
    assert project.run("current") == "base: nothing is applied\n"
    assert "bbbb2222" in project.run("current", "--schema", "tenant")
    assert ", schema tenant | at bbbb2222 |" in project.run(
        "plan", "--schema", "tenant"
    )
    text = project.fails("upgrade", "--schema", "nosuch", status=3)
    assert "3F000" in text


def test_settings_reach_the_server(project):
    project.revision(
        "aaaa1111",
        up="CREATE TABLE t AS SELECT current_setting('migrate_x.name') n,"
        " current_user::text u, current_setting('migrate.lock_timeout') l;",
        down="DROP TABLE t;",
    )
    project.query("DROP ROLE IF EXISTS regress_mig_client")
    project.query("CREATE ROLE regress_mig_client")
    try:
        project.query(
            "GRANT CREATE ON SCHEMA public TO regress_mig_client;"
            'GRANT USAGE ON SCHEMA "Mig 1" TO regress_mig_client;'
            'GRANT EXECUTE ON ALL ROUTINES IN SCHEMA "Mig 1"'
            " TO regress_mig_client;"
        )
        project.write(
            "pg-migrate.toml",
            f'[databases.here]\nurl = "postgresql:///{project.database}"\n'
            'role = "regress_mig_client"\n'
            '[settings]\nlock_timeout = "7s"\n',
        )
        project.monkeypatch.setenv("PGDATABASE", "postgres")
        project.run("-n", "here", "upgrade", "-x", "name=it's me")
        project.monkeypatch.setenv("PGDATABASE", project.database)
        assert project.query("TABLE t") == [
            ("it's me", "regress_mig_client", "7s")
        ]
        project.query("DROP TABLE t")
    finally:
        project.query("DROP OWNED BY regress_mig_client")
        project.query("DROP ROLE regress_mig_client")


def test_without_rights(project):
    two(project)
    project.query("DROP ROLE IF EXISTS regress_mig_reader")
    project.query("CREATE ROLE regress_mig_reader")
    try:
        project.query('GRANT USAGE ON SCHEMA "Mig 1" TO regress_mig_reader')
        text = project.fails(
            "upgrade", "--role", "regress_mig_reader", status=3
        )
        assert "error 42501: permission denied for function" in text
    finally:
        project.query("DROP OWNED BY regress_mig_reader")
        project.query("DROP ROLE regress_mig_reader")


def test_what_is_not_tried(project):
    """What stands on a revision that fails has not passed."""
    project.revision("aaaa1111")
    project.revision("bbbb2222", "aaaa1111", up="SELECT 1/0;")
    project.revision("cccc3333", "bbbb2222")
    out = project.run("test", status=1)
    assert "3 passed, 1 skipped, 1 failed" in out
    text = project.run("test", "--format", "junit", raw=True, status=1)
    assert text.count("<skipped message=") == 1


def test_what_may_not_be_tried(project):
    """What is skipped for lack of rights has not passed, as with strict."""
    project.revision("aaaa1111", down=False)
    assert "1 passed, 1 skipped, 0 failed" in project.run("test")
    assert "1 passed, 1 skipped" in project.run("ci")
    # which no shadow may do
    project.revision(
        "bbbb2222", "aaaa1111", up="COPY pg_class TO PROGRAM 'cat';"
    )
    project.revision("cccc3333", "bbbb2222")
    out = project.run("test", status=1)
    assert "1 passed, 3 skipped, 0 failed" in out
    assert "FAIL  upgrade   bbbb2222 skipped: " in out
    assert "cccc3333" not in out, "which only needs it"
    assert "FAIL  test" not in project.run("ci", status=1)
    text = project.run("test", "--format", "junit", raw=True, status=1)
    assert 'failures="1"' in text
    assert text.count("<skipped message=") == 2


def test_ci_without_rights(project):
    """What a role may not do is a finding, and no end of the others."""
    two(project)
    project.query("DROP ROLE IF EXISTS regress_mig_reader")
    project.query("CREATE ROLE regress_mig_reader")
    try:
        project.query('GRANT USAGE ON SCHEMA "Mig 1" TO regress_mig_reader')
        out = project.run("ci", "--role", "regress_mig_reader", status=1)
        assert "ok    heads" in out
        said = " ".join(out.split())
        assert "FAIL files permission denied for function" in said
        assert "FAIL test permission denied for function" in said
        assert "Next: GRANT, as docs/install.md has it" in said
        text = project.run(
            "ci",
            "--role",
            "regress_mig_reader",
            "--format",
            "junit",
            raw=True,
            status=1,
        )
        assert 'tests="3" failures="2"' in text
    finally:
        project.query("DROP OWNED BY regress_mig_reader")
        project.query("DROP ROLE regress_mig_reader")


def test_no_extension(project):
    two(project)
    project.query("DROP EXTENSION pg_migrations")
    text = project.fails("upgrade", status=3)
    assert "does not have the extension" in text
    assert "Next: pg-migrate init --extension" in text
    out = project.run("init", "--extension")
    assert f"created the extension in {project.database}" in out
    assert "there already" in project.run("init", "--extension")
    project.run("upgrade")


@pytest.mark.parametrize(
    "scheme",
    ["postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg2",
     "jdbc:postgresql"],
)  # fmt: skip
def test_urls(project, scheme):
    import os

    url = (
        f"{scheme}:///{project.database}?host={os.environ['PGHOST']}"
        "&ssl=prefer&prepared_statement_cache_size=0&search_path=a,%20b"
        "&application_name=it%26me"
    )
    project.monkeypatch.setenv("DATABASE_URL", url)
    project.monkeypatch.setenv("PGDATABASE", "postgres")
    project.revision(
        "aaaa1111",
        up="CREATE TABLE public.seen AS SELECT"
        " current_setting('search_path') AS path;",
    )
    project.run("upgrade")
    assert "left out of the database's URL: prepared_statement_cache_size" in (
        project.said
    )
    project.monkeypatch.setenv("PGDATABASE", project.database)
    assert project.value("SELECT path FROM public.seen") == "a, b"


@pytest.mark.parametrize(
    ("url", "status", "text"),
    [
        ("mysql://root@localhost/app", 2, "not one of PostgreSQL"),
        ("app", 2, "not one of PostgreSQL"),
        ("postgresql:///x?ssl=maybe", 2, "cannot tell what ssl=maybe means"),
        ("postgresql://a:secret%zz@/app", 2, "invalid percent-encoded"),
        ("dbname = 'app", 2, "is malformed"),
        ("nosuch=1", 2, "is malformed"),
        ("postgresql:///no_such_db", 4, "does not exist"),
    ],
)
def test_wrong_urls(project, url, status, text):
    two(project)
    assert text in project.fails("current", "--url", url, status=status)
    assert "secret" not in project.said
    if status == 2:
        assert text in project.fails("psql", "--url", url, status=status)


def test_psql(project, tmp_path):
    """psql replaces the process; so it needs one."""
    import os
    import subprocess
    import sys

    url = (
        f"postgresql+asyncpg://:p%40ss@/{project.database}?host="
        + (os.environ["PGHOST"])
    )
    done = subprocess.run(
        [sys.executable, "-m", "pg_migrate", "psql", "--url", url, "--",
         "-XAt", "-c", "SELECT current_database()",
         "-c", r'\! printf %s "$PGPASSWORD"'],
        stdout=subprocess.PIPE, encoding="utf-8", cwd=tmp_path, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.stdout == f"{project.database}\np@ss"


def test_waiting_for_another(project):
    """One that may not migrate waits until somebody has."""
    two(project)
    text = project.fails("wait", "--for", "10 ms", status=3)
    assert "bbbb2222" in text

    def later():
        with psycopg.connect(autocommit=True) as connection:
            from pg_migrate import upgrade

            upgrade(connection, project.root / "migrations")

    thread = threading.Thread(target=later)
    thread.start()
    assert project.run("wait") == "applied: bbbb2222\n"
    thread.join()


def test_the_connection_is_lost(project):
    project.revision(
        "aaaa1111", up="SELECT pg_terminate_backend(pg_backend_pid());"
    )
    text = project.fails("upgrade", status=4)
    assert "terminating connection" in text


def test_quiet(project):
    two(project)
    out = project.run("upgrade", "-q")
    assert out == "2 applied in M:SS; now at bbbb2222\n"
    assert project.err == ""


def test_squash(project):
    """One file of several; another database is told the same."""
    for name, parent in (("aa11", ""), ("bb22", "aa11"), ("cc33", "bb22")):
        project.revision(name, parent)
    project.run("upgrade", "bb22")
    other = f"{project.database}_other"
    project.query(f"CREATE DATABASE {other} TEMPLATE template0")
    where = f"postgresql:///{other}"
    project.monkeypatch.setenv("PGDATABASE", other)
    project.query('CREATE SCHEMA "Mig 1"')
    project.query('CREATE EXTENSION pg_migrations SCHEMA "Mig 1"')
    project.run("upgrade")
    project.monkeypatch.setenv("PGDATABASE", project.database)
    assert "is not a range" in project.fails("squash", "aa", status=2)
    out = project.run("squash", "aa:bb", "-m", "both")
    assert "removed  migrations/aa11.sql\n" in out
    assert "changed  migrations/bb22.sql\n" in out
    assert "bb22 takes in aa11\n" in out
    text = (project.root / "migrations/bb22.sql").read_text()
    assert "-- down_revision:\n-- message: both\n" in text
    assert text.index("CREATE TABLE aa11") < text.index("CREATE TABLE bb22")
    assert project.applied() == "bb22"
    assert "1 applied" in project.run("upgrade")
    message = project.fails("upgrade", "--url", where, status=3)
    assert 'MG031: revision "bb22" takes in others that are' in message
    assert "Next: pg-migrate squash aa11:bb22, then the same again" in message
    project.run("squash", "aa11:bb22", "--url", where)
    assert project.files() == ["bb22.sql", "cc33.sql"]
    assert "nothing to apply" in project.run("upgrade", "--url", where)
    project.query(f"DROP DATABASE {other} (FORCE)")


@pytest.mark.parametrize("gone", ["aa11", "bb22", "both", "none"])
def test_squash_beside_files_that_are_gone(project, gone):
    """The database has the range; the folder is what comes of it."""
    for name, parent in (("aa11", ""), ("bb22", "aa11"), ("cc33", "bb22")):
        project.revision(name, parent)
    project.revision("dd44", "cc33")
    project.run("upgrade")
    for name in {"both": ["aa11", "bb22"], "none": []}.get(gone, [gone]):
        (project.root / f"migrations/{name}.sql").unlink()
    out = project.run("squash", "aa11:cc33")
    assert "changed  migrations/cc33.sql\n" in out
    assert "cc33 takes in aa11, bb22\n" in out
    assert project.files() == ["cc33.sql", "dd44.sql"]
    text = (project.root / "migrations/cc33.sql").read_text()
    assert text.index("CREATE TABLE aa11") < text.index("CREATE TABLE cc33")
    assert project.run("upgrade") == "nothing to apply: already at dd44\n"
    message = project.fails("squash", "aa11:cc33", status=3)
    assert "MG002" in message and "with the files from before" in message


def test_squashed_files_in_the_middle(project):
    """What has run in part does not run again."""
    for name, parent in (("aa11", ""), ("bb22", "aa11"), ("cc33", "bb22")):
        project.revision(name, parent)
    project.run("upgrade", "bb22")
    before = {
        path: path.read_text()
        for path in (project.root / "migrations").iterdir()
    }
    for path in before:
        path.unlink()
    project.revision(
        "cc33",
        up="-- from aa11: a\nCREATE TABLE IF NOT EXISTS aa11 ();\n"
        "-- from bb22: b\nCREATE TABLE IF NOT EXISTS bb22 ();\n"
        "-- from cc33: c\nCREATE TABLE cc33 ();",
    )
    message = project.fails("upgrade", status=3)
    assert "takes in others that are stored here" in message
    assert "Next: pg-migrate squash aa11:cc33, then the same" in message
    message = project.fails("squash", "aa11:cc33", status=3)
    assert "stands in the middle" in message
    assert "with the files from before the squash" in message
    assert project.applied() == "aa11 bb22"
    for path, text in before.items():
        path.write_text(text)
    project.run("upgrade")
    assert project.applied() == "aa11 bb22 cc33"


def test_a_gap_in_the_folder(project):
    """What stands on a file that is gone is no branch of its own."""
    for name, parent in (("aa11", ""), ("bb22", "aa11"), ("cc33", "bb22")):
        project.revision(name, parent)
    project.run("upgrade")
    (project.root / "migrations/bb22.sql").unlink()
    message = project.fails("upgrade", status=2)
    assert "What cc33 stands on is not in the folder: bb22." in message
    assert "pg-migrate export bb22" in message
    message = project.fails("history", "-r", "aa11:cc33", status=2)
    assert "What cc33 stands on is not in the folder: bb22." in message
    project.run("heads")
    assert "What cc33 stands on is not in the folder: bb22" in project.said
    project.run("export", "bb22")
    assert project.run("upgrade") == "nothing to apply: already at cc33\n"
    project.run("heads")
    assert project.said == ""


def test_status_of_a_shared_database(project):
    """What others have stored there is not pending here."""
    project.revision("aa11")
    theirs = project.revision("bb22", "aa11")
    project.run("import")
    theirs.unlink()
    assert "pending   1\n" in project.run("status")
    project.run("upgrade")
    out = project.run("status")
    assert "pending   0\n" in out and "Next:" not in out
    told = json.loads(project.run("status", "--format", "json", raw=True))
    assert told["pending"] == 1, "of those that are stored"
    assert told["folder"] == {
        "heads": ["aa11"],
        "pending": 0,
        "not_in_folder": [],
        "problem": None,
    }
    project.revision("aa11", up="CREATE TABLE other ();")
    out = project.run("status")
    assert "pending   0\n" in out
    assert 'the upgrade script of revision "aa11" differs' in out
    assert out.endswith("Next: pg-migrate plan\n")
    project.query("CREATE ROLE regress_mig_looks")
    project.query('GRANT USAGE ON SCHEMA "Mig 1" TO regress_mig_looks')
    try:
        project.revision("bb22", "aa11")
        out = project.run("status", "--role", "regress_mig_looks")
        assert "pending   1\n" in out and "denied" not in out
    finally:
        project.query("DROP OWNED BY regress_mig_looks")
        project.query("DROP ROLE regress_mig_looks")
    (project.root / "migrations").rename(project.root / "away")
    out = project.run("status")
    assert "pending   1 of those that are stored\n" in out
    assert "folder" not in out


def test_squash_refused(project):
    """The end is one revision, the beginning is told by the folder alone."""
    for name, parent in (("aa11", ""), ("bb22", "aa11"), ("cc33", "aa11")):
        project.revision(name, parent)
    message = project.fails("squash", "aa11:heads", status=2)
    assert '"heads" is not one revision, but: ' in message
    assert "cc33" in message and "bb22" in message
    project.run("upgrade", "aa11")
    message = project.fails("squash", "current:bb22", status=2)
    assert '"current" counts from what is applied' in message
    bb22 = project.root / "migrations/bb22.sql"
    text = bb22.read_text()
    bb22.unlink()
    text += text.replace("bb22", "cc33").replace("aa11", "bb22")
    path = project.write("migrations/cc33.sql", text)
    message = project.fails("squash", "aa11:bb22", status=3)
    assert "Next: pg-migrate upgrade bb22, then the same again" in message
    project.run("downgrade", "base")
    message = project.fails("squash", "aa11:bb22", status=2)
    assert "cc33.sql cannot be changed" in message
    assert "aa11" in project.stored()
    project.run("import")
    path.write_text(path.read_text().replace("make bb22", "other"))
    message = project.fails("export", status=2)
    assert "a file with several revisions: " in message


def test_downgrade_before_tag(project):
    """What was applied with a tag goes, and nothing that lacks it."""
    project.revision("aa11")
    project.run("upgrade", "--tag", "one")
    project.revision("bb22", "aa11")
    project.revision("cc33", "bb22")
    project.run("upgrade", "--tag", "two words")
    out = project.run("downgrade", "--before-tag", "two words")
    assert out.endswith(
        "2 undone in M:SS; now at aa11\n"
        "Next: pg-migrate upgrade brings them back\n"
    )
    project.run("upgrade")
    message = project.fails("downgrade", "--before-tag", "one", status=3)
    assert 'applied with tag "one": revision "bb22" needs it' in message
    assert " Or name a target instead of the tag. Next: " in message
    assert message.endswith(
        "Next: pg-migrate downgrade bb22@aa11, then the same again"
    )
    assert project.applied() == "aa11 bb22 cc33"
    message = project.fails("downgrade", "--before-tag", "no", status=3)
    assert 'nothing was ever applied with tag "no"' in message
    project.fails("downgrade", status=2)
    project.fails("downgrade", "-1", "--before-tag", "one", status=2)
    project.run("downgrade", "aa11")
    project.revision("dd44", "aa11", down=False)
    project.revision("ee55", "dd44")
    project.run("upgrade", "ee55", "--tag", "no way back")
    project.fails(
        "downgrade", "--before-tag", "no way back", "--atomic", status=3
    )
    assert project.applied() == "aa11 dd44 ee55", "all or nothing"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(folder, shell):
    """Commands, options, revisions, databases; in a shell where it is."""
    folder.revision("aa11", message="first")
    folder.revision("bb22", "aa11", message="second")
    folder.write("pg-migrate.toml", "[databases.production]\n")
    source = folder.run("completion", shell, raw=True)
    assert f"_PG_MIGRATE_COMPLETE={shell}_complete" in source
    for words, expected in (
        (["upg"], ["upgrade"]),
        (["upgrade", "--at"], ["--atomic"]),
        (["show", "bb"], ["bb22"]),
        (["history", "-r", "aa11:b"], ["aa11:base", "aa11:bb22"]),
        (["upgrade", "-n", "pro"], ["production"]),
        (["graph", "--as", "d"], ["dot"]),
    ):
        line = " ".join(["pg-migrate", *words])
        last = words[-1] if shell == "fish" else str(len(words))
        folder.monkeypatch.setenv("_PG_MIGRATE_COMPLETE", f"{shell}_complete")
        folder.monkeypatch.setenv("COMP_WORDS", line)
        folder.monkeypatch.setenv("COMP_CWORD", last)
        folder.monkeypatch.chdir(folder.root)
        folder.capfd.readouterr()
        with pytest.raises(SystemExit):
            main([])
        out = folder.capfd.readouterr().out
        assert all(word in out for word in expected), out
        assert "heads" not in out
    folder.monkeypatch.delenv("_PG_MIGRATE_COMPLETE")


def test_completion_in_bash(folder):
    """What bash itself makes of it."""
    folder.revision("aa11")
    script = """
        pg-migrate() { "$PYTHON" -m pg_migrate "$@"; }
        env() { local -x "${@:1:3}"; shift 3; "$@"; }
        eval "$(pg-migrate completion bash)"
        COMP_WORDS=(pg-migrate show a) COMP_CWORD=2
        _pg_migrate_completion pg-migrate
        echo "<${COMPREPLY[*]}>"
        COMP_WORDS=(pg-migrate history -r aa11 : b) COMP_CWORD=5 COMPREPLY=()
        _pg_migrate_completion pg-migrate
        echo "<${COMPREPLY[*]}>"
        COMP_WORDS=(pg-migrate history -r aa11 :) COMP_CWORD=4 COMPREPLY=()
        _pg_migrate_completion pg-migrate
        echo "<${COMPREPLY[*]}>"
        COMP_WORDS=(pg-migrate show --format = js) COMP_CWORD=4 COMPREPLY=()
        _pg_migrate_completion pg-migrate
        echo "<${COMPREPLY[*]}>"
        complete -p pg-migrate"""
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder.root,
        env={
            **os.environ,
            "PYTHON": sys.executable,
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.startswith(
        "<aa11>\n<base>\n<head heads base current aa11>\n<json>\ncomplete "
    ), done
