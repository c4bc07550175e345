"""What goes wrong is told with its place and with the next command."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg.pq import DiagnosticField

from pg_migrate.cli import FAMILIES, common_options, program
from pg_migrate.output import Progress, fitted

SOURCE = Path(__file__).parents[1] / "src"


class Terminal:
    """A command in a terminal of 80 columns."""

    def __init__(self, root, *arguments, **environment):
        try:
            self.process, self.file = pty.fork()
        except OSError as error:  # such as no /dev/pts in a chroot
            pytest.skip(str(error))
        if self.process == 0:
            os.chdir(root)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.environ.update(
                {"PYTHONPATH": str(SOURCE), "COLUMNS": "80", "TERM": "xterm"}
            )
            os.environ.update(environment)
            call = [sys.executable, "-m", "pg_migrate", *arguments]
            os.execv(sys.executable, call)
        self.said = ""

    def read(self, until=None):
        """Read until something stands there, or to the end."""
        with suppress(OSError):  # the end
            while until is None or until not in self.said:
                found = os.read(self.file, 10000)
                if not found:
                    break
                self.said += found.decode()
        return self.said

    def end(self):
        """Read to the end; the exit status."""
        self.read()
        os.close(self.file)
        status = os.waitpid(self.process, 0)[1]
        return os.waitstatus_to_exitcode(status)


def shown(text):
    """Return lines as they stand in the terminal, without colours."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).split("\r\n")
    return [line.rpartition("\r")[2] for line in lines]


def test_terminal(project):
    message = "数" * 60
    project.revision("aaaa1111", message=message)
    project.revision("bbbb2222", "aaaa1111", message="red \x1b[31m")
    terminal = Terminal(project.root, "upgrade")
    assert terminal.end() == 0
    assert "\x1b[32m" in terminal.said, "in colours"
    first, second, *_ = shown(terminal.said)
    assert re.fullmatch("\\[1/2\\] aaaa1111  数+… +done +0:00", first)
    # a letter takes two columns
    assert len(first) + first.count("数") == 80
    assert len(second) == 80
    assert "red \ufffd[31m" in second, "which colours nothing"
    terminal = Terminal(project.root, "history", NO_COLOR="1")
    terminal.end()
    assert "\x1b" not in terminal.said
    lines = shown(terminal.said)
    assert lines[1].startswith("aaaa1111  base      数")
    assert len(lines[1]) + lines[1].count("数") in (79, 80)


def test_dumb_terminal(project):
    """Neither colours nor a line that is written twice."""
    project.revision(
        "aaaa1111", up="DROP TABLE IF EXISTS nosuch; CREATE TABLE a ();"
    )
    terminal = Terminal(project.root, "upgrade", TERM="dumb")
    assert terminal.end() == 0
    assert "\x1b" not in terminal.said
    assert terminal.said.count("[1/1] aaaa1111") == 1
    assert "\r" not in terminal.said.replace("\r\n", "")


def test_long_messages(project):
    """Lines of 80 columns, whatever people write."""
    message = "one message of many words, " * 6
    project.revision("aaaa1111", message=message)
    project.revision("bbbb2222", "aaaa1111", message="another")
    for command in (
        ["show", "aaaa1111"],
        ["history", "-v"],
        ["heads", "-v"],
        ["graph"],
        ["branches"],
        ["plan"],
        ["pending"],
        ["upgrade"],
        ["current", "-v"],
        ["status"],
        ["plan", "-2"],
        ["test"],
        ["ci"],
        ["import"],
    ):
        project.run(*command)  # which looks at the width
    assert project.run("show", "aaaa1111").startswith(
        "aaaa1111  one message of many words, "
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("capture",),
        ("upgrade", "--nosuch"),
        ("upgrade", "a", "b"),
        ("nosuch",),
        ("graph", "--as", "nosuch"),
    ],
)
def test_usage_in_json(folder, arguments):
    """One document, also where the command line is not understood."""
    for form in (["--format", "json"], ["--format=json"]):
        out = folder.run(*arguments, *form, status=2, raw=True)
        error = json.loads(out)["error"]
        assert error["status"] == 2 and error["message"] and error["next"]
        assert folder.err == ""


def test_narrow_terminal(project):
    project.revision("aaaa1111", message="a message of several words")
    for arguments in ("upgrade", "ci", "plan", "status", "diff"):
        terminal = Terminal(project.root, arguments, COLUMNS="10")
        terminal.end()
        assert "Traceback" not in terminal.said
        assert "aaaa1111" in terminal.said or arguments == "diff"


@pytest.mark.parametrize(
    ("text", "room", "cut"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("数数", 3, "数…"),
        ("数数", 2, "…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("abc", 0, "…"),
        ("abc", -5, "…"),  # a terminal that has no room for it
        pytest.param("数" * 100000, 5, "数数…", id="long"),
    ],
)
def test_text_that_is_cut(text, room, cut):
    assert fitted(text, room) == cut


def test_notices_stand_above_their_step(project):
    up = "DROP TABLE IF EXISTS nosuch; SELECT 1;"
    project.revision("aaaa1111", up=up)
    terminal = Terminal(project.root, "upgrade")
    assert terminal.end() == 0
    lines = shown(terminal.said)
    assert lines[0].endswith('table "nosuch" does not exist, skipping')
    assert re.fullmatch(
        r"\[1/1\] aaaa1111  make aaaa1111 +done +0:00", lines[1]
    )


def test_help():
    """Each option says what it is for."""
    for family in FAMILIES.values():
        for name in family:
            command = program.get_command(None, name)
            assert command.example, name
            for option in command.params + common_options():
                if option.param_type_name == "option":
                    assert option.help, f"{name} {option.name}"


def test_no_connection(project):
    for url, message, follow in (
        (
            "postgresql://localhost:1/shop",
            'cannot connect to database "shop" on localhost as ',
            "Next: pg_isready -h localhost -p 1; DATABASE_URL or --url",
        ),
        ("postgresql:///nosuch", '"nosuch" does not', "Next: createdb nosuch"),
        (
            "postgresql://nobody@/postgres",
            'role "nobody" does not exist',
            "Next: createuser nobody; or another role in --url",
        ),
    ):
        text = project.fails("status", "--url", url, status=4)
        assert message in text
        assert follow in text


def test_no_libpq(project, tmp_path):
    """Without the library: what needs no server, and the next command."""
    project.revision("aaaa1111")
    psycopg = tmp_path / "broken/psycopg/__init__.py"
    psycopg.parent.mkdir(parents=True)
    for text, reason in (
        (
            "raise ImportError('no pq wrapper available.\\n"
            "- could not import: libpq library not found')",
            "could not import: libpq library not found",
        ),
        ("raise ModuleNotFoundError('none', name='psycopg')", "none"),
    ):
        psycopg.write_text(text)
        for command, status in (("heads", 0), ("current", 2)):
            done = subprocess.run(
                [sys.executable, "-m", "pg_migrate", command],
                cwd=project.root,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(
                        [str(tmp_path / "broken"), *sys.path]
                    ),
                },
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            assert done.returncode == status, done
        assert f"does not work here\n  {reason}\n" in done.stderr
        assert "Next: pip install 'psycopg[binary]'" in done.stderr


def test_settings_that_the_server_refuses(project):
    project.revision("aaaa1111")
    for setting, message in (
        ("lock_timeout=soon", "invalid value for parameter"),
        ("lock_timoeut=1s", "migrate.lock_timoeut"),
    ):
        text = project.fails("upgrade", "--set", setting, status=3)
        assert message in text
        assert "Next: [settings] of pg-migrate.toml, or --set" in text
    assert project.applied() == ""
    text = project.fails("upgrade", "--role", "nobody", status=3)
    assert "Next: role = ... in pg-migrate.toml, or --role" in text
    text = project.fails("upgrade", "--wait", "soon", status=3)
    assert "unnamed portal" not in text


def test_an_older_extension(project):
    project.revision("aaaa1111")
    project.query("ALTER EXTENSION pg_migrations DROP FUNCTION migrate_status")
    project.query("DROP FUNCTION migrate_status")
    text = project.fails("status", status=3)
    assert "is older than this client: 0." in text
    assert "has no migrate_status()" in text
    assert "a newer extension on the server, then pg-migrate psql" in text
    project.query("SET allow_system_table_mods = on")
    project.query(
        "CREATE OR REPLACE VIEW pg_available_extensions AS"
        " SELECT a.*, NULL::text AS installed_version, NULL::text AS comment"
        " FROM (SELECT NULL::name AS name, NULL::text AS default_version) a"
        " WHERE false"
    )
    assert text == project.fails("status", status=3), "its files are gone"


def test_no_rights(project):
    project.revision("aaaa1111")
    project.query("CREATE ROLE regress_mig_client")
    try:
        text = project.fails(
            "upgrade", "--role", "regress_mig_client", status=3
        )
        assert "error 42501: permission denied for schema" in text
        assert "Next: GRANT" in text
    finally:
        project.query("DROP ROLE regress_mig_client")


def test_the_line_of_the_file(project):
    project.revision("aaaa1111", up="\nSELECT 1;\n\nSELECT 1/0;")
    text = project.fails("upgrade", status=3)
    assert "migrations/aaaa1111.sql:9 Next: pg-migrate edit aaaa1111" in text
    out = project.run("upgrade", "--format", "json", status=3, raw=True)
    assert json.loads(out)["error"]["line"] == 9
    out = project.run("upgrade", "--format", "github", status=3, raw=True)
    assert "file=migrations/aaaa1111.sql,line=9," in out
    # with blanks behind the mark, and a sign that ends no line
    path = project.root / "migrations/aaaa1111.sql"
    text = path.read_text().replace("migrate:upgrade", "migrate:upgrade ")
    path.write_text(text.replace("SELECT 1;", "SELECT '\f';"))
    project.fails("upgrade", status=3)
    assert "migrations/aaaa1111.sql:9 " in project.said
    project.revision("aaaa1111", up="SELECT 1;", down="\n\nSELECT 1/0;")
    project.run("upgrade")
    text = project.fails("downgrade", "base", "--yes", status=3)
    assert "migrations/aaaa1111.sql:11 " in text
    assert "edit aaaa1111, then pg-migrate downgrade" in text
    # refused before it runs, by a message that does not name the revision
    project.revision("bbbb2222", "aaaa1111", up="SELECT 1;\nCOMMIT;")
    text = project.fails("upgrade", status=3)
    assert "MG016: a script cannot hold transaction control" in text
    assert "migrations/bbbb2222.sql:7 Next: pg-migrate edit bbbb2222" in text


def test_files_that_ci_refuses(project):
    """The same answer whoever notices: the client, or the server."""
    good = "-- revision: aaaa1111\n-- down_revision:\n\n-- migrate:upgrade\n"
    for text, place in (
        ("SELECT 1;\n", "migrations/a.sql"),
        (good + "\nSELECT 1;\n\nSELECT 'x;\n", "migrations/a.sql:8"),
        (good.replace("\n\n", "\n-- foo: bar\n"), "migrations/a.sql:3"),
        (good + "-- migrate:upgrade\n", "migrations/a.sql:5"),
    ):
        project.write("migrations/a.sql", text)
        out = project.run("ci", status=1)
        assert out.startswith("FAIL  files "), out
        assert f" {place}\n" in out
        assert "None" not in out
    # a place that is far away is told from the root
    far = project.write("migrations/a.sql", good + "-- migrate:upgrade\n")
    here = project.write("a/b/pg-migrate.toml", "").parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project, "root", here)
        folder = ("--folder", str(far.parent))
        out = project.run("ci", *folder, status=1, raw=True)
    assert f" {far}:5\n" in out
    project.write("migrations/a.sql", good)
    project.write("migrations/b.sql", good)
    out = project.run("ci", status=1, raw=True)
    assert "revision aaaa1111 is in two files" in " ".join(out.split())


def test_a_parent_that_is_not_there(project):
    project.revision("aaaa1111")
    project.revision("bbbb2222", "nosuch")
    text = project.fails("upgrade", status=2)
    assert "What bbbb2222 stands on is not in the folder: nosuch." in text


def test_ctrl_c(project):
    project.revision("aaaa1111")
    project.revision("bbbb2222", "aaaa1111", up="SELECT pg_sleep(600);")
    for arguments in ((), ("--atomic",)):
        terminal = Terminal(project.root, "upgrade", *arguments)
        terminal.read("bbbb2222")
        os.write(terminal.file, b"\x03")
        assert terminal.end() == 130
        last = [line for line in shown(terminal.said) if line][-3:]
        assert re.search(r"bbbb2222  make bbbb2222 +stopped +0:0", last[0])
        assert last[1:] == [
            "pg-migrate: error: stopped",
            "Next: pg-migrate status",
        ]
        assert project.applied() == "aaaa1111"
        # nothing of it goes on in the server
        assert not project.query(
            "SELECT FROM pg_stat_activity WHERE state = 'active'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert "failed" in project.run("status")


def test_ctrl_c_while_programs_are_imported(project, tmp_path):
    """One line says it, wherever it comes."""
    wait = "import sys, time\nprint('here', file=sys.stderr, flush=True)\n"
    project.write("app.py", wait + "time.sleep(600)\n")
    terminal = Terminal(project.root, "model", "--models", "app")
    terminal.read("here\r\n")
    os.write(terminal.file, b"\x03")
    assert terminal.end() == 130
    assert shown(terminal.said) == [
        "here",
        "^Cpg-migrate: error: stopped",
        "Next: pg-migrate status",
        "",
    ]
    (tmp_path / "click.py").write_text(wait + "time.sleep(600)\n")
    path = f"{tmp_path}:{SOURCE}"
    terminal = Terminal(project.root, "heads", PYTHONPATH=path)
    terminal.read("here\r\n")
    os.write(terminal.file, b"\x03")
    assert terminal.end() == 130
    assert shown(terminal.said) == [
        "here",
        "^Cpg-migrate: stopped; nothing was changed",
        "",
    ]


def test_ctrl_c_while_a_notice_is_printed(project, monkeypatch):
    """An interrupt in the callback of a connection is not lost."""
    project.revision("aaaa1111", up="SELECT pg_sleep(600);")
    shown = Progress.step

    def step(self, *arguments):
        shown(self, *arguments)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Progress, "step", step)
    # whoever runs the tests in the background may ignore it
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert "stopped" in project.run("upgrade", status=130)
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_in_frames_of_the_driver(project, monkeypatch):
    """Nor is one that comes around that callback."""
    project.revision("aaaa1111", up="SELECT pg_sleep(600);")
    kind = psycopg.connection.BaseConnection
    told = kind._notice_handler

    def tell(wself, result):
        told(wself, result)
        said = result.error_field(DiagnosticField.MESSAGE_PRIMARY)
        if b"[1/1]" in said:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(kind, "_notice_handler", staticmethod(tell))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    hook = sys.unraisablehook
    try:
        assert "stopped" in project.run("upgrade", status=130)
    finally:
        signal.signal(signal.SIGINT, before)
    assert sys.unraisablehook is hook


@pytest.fixture(scope="module")
def standby(tmp_path_factory, maintenance):
    """A standby of the server; None where it cannot be made."""
    (place,) = maintenance.execute("SHOW data_directory").fetchone()
    folder = Path(place).parent / f"standby{os.getpid()}"
    (programs,) = maintenance.execute(
        "SELECT setting FROM pg_config WHERE name = 'BINDIR'"
    ).fetchone()
    try:
        owner = os.stat(place).st_uid
    except OSError:
        pytest.skip("the server is elsewhere")
    user = {} if os.getuid() == owner else {"user": owner}
    socket = os.environ.get("PGHOST", "")

    def run(program, *arguments):
        return subprocess.run(
            [os.path.join(programs, program), *arguments],
            cwd="/",
            capture_output=True,
            text=True,
            **user,
        )

    made = run(
        "pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-D", str(folder)
    )
    if made.returncode:
        pytest.skip(f"no standby: {made.stderr}")
    try:
        with open(folder / "postgresql.auto.conf", "a") as file:
            file.write("hot_standby = on\n")
        options = f"-c port=5999 -c unix_socket_directories={socket}"
        started = run(
            "pg_ctl",
            "-D",
            str(folder),
            "-l",
            f"{folder}/log",
            "-w",
            "-o",
            options,
            "start",
        )
        assert started.returncode == 0, (folder / "log").read_text()
        yield "5999"
    finally:
        run("pg_ctl", "-D", str(folder), "-m", "immediate", "-w", "stop")
        subprocess.run(["rm", "-rf", str(folder)], check=False)


def test_standby(project, standby, maintenance, monkeypatch):
    """What looks works; what writes says where it is."""
    project.revision("aaaa1111")
    project.run("upgrade")
    project.revision("bbbb2222", "aaaa1111")
    (end,) = maintenance.execute("SELECT pg_current_wal_lsn()").fetchone()
    monkeypatch.setenv("PGPORT", standby)
    deadline = time.monotonic() + 60
    while True:
        with suppress(psycopg.OperationalError), psycopg.connect() as there:
            (replayed,) = there.execute(
                "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (end,)
            ).fetchone()
            if replayed:
                break
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert "at        aaaa1111\n" in project.run("status")
    assert "bbbb2222  make bbbb2222\n" in project.run("pending")
    assert "folder at bbbb2222, 1 to apply" in project.run("plan")
    assert "aaaa1111 (current" in project.run("graph").replace("head, ", "")
    assert "read-only server" in project.said
    project.run("history", "-i")
    project.fails("current", "--check-heads", status=1)
    for arguments in (
        "upgrade",
        "upgrade --atomic",
        "downgrade -1 --yes",
        "stamp base",
        "import",
        "sync",
        "test",
        "ci",
        "check --models schema.sql",
    ):
        project.write("schema.sql", "CREATE TABLE a ();")
        text = project.fails(*arguments.split(), status=3)
        assert "error 25006: " in text, arguments
        assert f"{project.database} on localhost is a standby." in text
        assert "Next: the same on the primary" in text
    (project.root / "migrations/bbbb2222.sql").unlink()
    assert project.run("upgrade") == "nothing to apply: already at aaaa1111\n"
