"""What needs no server: files, graph, identifiers, new revisions."""

from __future__ import annotations

import pytest

from pg_migrate.errors import Usage
from pg_migrate.graph import Graph, NeedsDatabase
from pg_migrate.revision import Revision, file_name, read, slug, utc


def graph(*rows):
    """Make a graph of (id, parents, labels, depends_on), in this order."""
    revisions = []
    for number, row in enumerate(rows):
        id, parents, labels, depends_on = (*row, "", "", "")[:4]
        revisions.append(
            Revision(
                id=id,
                parents=tuple(parents.split()),
                labels=tuple(labels.split()),
                depends_on=tuple(depends_on.split()),
                created=f"2026-01-01 00:00:{number:02}",
            )
        )
    return Graph(revisions)


LINE = graph(("aaaa1",), ("aaab2", "aaaa1"), ("cccc3", "aaab2"))
FORK = graph(
    ("base0",),
    ("left1", "base0", "west"),
    ("left2", "left1"),
    ("rght1", "base0", "east"),
    ("rght2", "rght1"),
)
TIED = graph(
    ("core1", "", "core"),
    ("core2", "core1"),
    ("plug1", "", "plugin", "core2"),
)
MERGE = graph(
    ("base0",),
    ("left1", "base0"),
    ("rght1", "base0"),
    ("both2", "left1 rght1"),
    ("last3", "both2"),
)


def ids(nodes):
    return " ".join(node.id for node in nodes)


@pytest.mark.parametrize(
    ("tree", "text", "found"),
    [
        (LINE, "head", "cccc3"),
        (LINE, "heads", "cccc3"),
        (LINE, "base", ""),
        (LINE, "c", "cccc3"),
        (LINE, "aaaa", "aaaa1"),
        (LINE, "head-1", "aaab2"),
        (LINE, "aaaa1+1", "aaab2"),
        (LINE, "base+2", "aaab2"),
        (LINE, " aaaa1 , cccc3 ", "aaaa1 cccc3"),
        (LINE, "heads-2", "aaaa1"),
        (FORK, "heads", "left2 rght2"),
        (FORK, "west", "left1"),
        (FORK, "west@head", "left2"),
        (FORK, "east@heads", "rght2"),
        (FORK, "west@head-1", "left1"),
        (FORK, "west@base+2", "left1"),
        (FORK, "left1@left2", "left2"),
        (TIED, "head", "plug1"),
        (TIED, "heads", "plug1"),
        (TIED, "core@head", "core2"),
        (MERGE, "head-1", "both2"),
    ],
)
def test_targets(tree, text, found):
    assert ids(tree.resolve_target(text)) == found


@pytest.mark.parametrize(
    ("tree", "text", "code"),
    [
        (FORK, "head", "MG001"),
        (FORK, "base0@head", "MG001"),
        (LINE, "nosuch", "MG002"),
        (LINE, "nosuch@head", "MG002"),
        (LINE, "aaa", "MG003"),
        (FORK, "west@rght2", "MG004"),
        (FORK, "west@rght", "MG004"),
        (FORK, "base0+1", "MG005"),
        (MERGE, "both2-1", "MG005"),
        (LINE, "head+1", "MG006"),
        (LINE, "head-3", "MG006"),
        (LINE, "", "MG010"),
        (LINE, "a@", "MG010"),
        (LINE, "@head", "MG010"),
        (LINE, "a:b", "MG010"),
        (LINE, "a b", "MG010"),
        (LINE, "+0", "MG010"),
        (LINE, "aaaa1+x", "MG010"),
        (LINE, "aaaa1,,cccc3", "MG010"),
    ],
)
def test_refused(tree, text, code):
    with pytest.raises(Usage) as caught:
        tree.resolve_target(text)
    assert caught.value.code == code
    assert caught.value.next


@pytest.mark.parametrize("text", ["+1", "-1", "west@+1", "current"])
def test_what_counts_from_the_database(text):
    with pytest.raises(NeedsDatabase):
        FORK.resolve_target(text)


@pytest.mark.parametrize(
    ("tree", "span", "found"),
    [
        (LINE, "base:heads", "cccc3 aaab2 aaaa1"),
        (LINE, "aaab2:", "cccc3 aaab2"),
        (LINE, ":aaab2", "aaab2 aaaa1"),
        (LINE, "-2:", "cccc3 aaab2 aaaa1"),
        (LINE, "-1:", "cccc3 aaab2"),
        (LINE, "aaaa1:+1", "aaab2 aaaa1"),
        (LINE, "aaaa1:head-1", "aaab2 aaaa1"),
        (FORK, "base:heads", "left2 left1 rght2 rght1 base0"),
        (FORK, "west:", "left2 left1"),
        (FORK, "base:east@head", "rght2 rght1 base0"),
        (MERGE, ":", "last3 both2 left1 rght1 base0"),
        (MERGE, "left1:both2", "both2 left1"),
        (TIED, ":plugin@head", "plug1 core2 core1"),
    ],
)
def test_ranges(tree, span, found):
    assert ids(tree.history(span)) == found


@pytest.mark.parametrize(
    ("tree", "span", "code"),
    [
        (LINE, "cccc3:aaaa1", "MG011"),
        (FORK, "left1:rght2", "MG011"),
        (FORK, "-3:", "MG011"),
        (LINE, "aaaa1", "MG010"),
        (LINE, "a:b:c", "MG010"),
    ],
)
def test_ranges_refused(tree, span, code):
    with pytest.raises(Usage) as caught:
        tree.history(span)
    assert caught.value.code == code


def test_current_in_a_range():
    with pytest.raises(NeedsDatabase):
        LINE.history("current:")
    assert ids(LINE.history("current:", ["aaab2"])) == "cccc3 aaab2"
    assert ids(LINE.history(":current", ["aaab2"])) == "aaab2 aaaa1"


def test_cycle():
    with pytest.raises(Usage) as caught:
        graph(("aaaa1", "bbbb2"), ("bbbb2", "aaaa1"))
    assert caught.value.code == "MG013"


FILE = """\
-- down_revision: 1975ea83b712, 5e6f
-- revision: ae1027a6acf
-- message: add: a field
-- branch_labels: one, two
-- transactional: no
-- created: 2026-01-13 15:30+01
--   first line
--
--   third line

-- migrate:upgrade

SELECT 1;
-- a comment

-- migrate:downgrade
-- migrate:verify
SELECT 2;
"""


@pytest.mark.parametrize(
    "text", [FILE, FILE.replace("\n", "\r\n")], ids=["lf", "crlf"]
)
def test_reading_a_file(text):
    (revision,) = read(text, "x.sql")
    assert revision.id == "ae1027a6acf"
    assert revision.parents == ("1975ea83b712", "5e6f")
    assert revision.message == "add: a field"
    assert revision.labels == ("one", "two")
    assert revision.transactional is False
    assert revision.created == "2026-01-13 14:30:00.000000+00"
    assert revision.description == "first line\n\nthird line"
    assert revision.upgrade == "SELECT 1;\n-- a comment"
    assert revision.downgrade == ""
    assert revision.verify == "SELECT 2;"


@pytest.mark.parametrize(
    ("change", "line", "detail"),
    [
        (("-- message", "-- mesage"), 3, 'no header "mesage"'),
        (("-- branch_labels", "-- message"), 4, "given twice"),
        (("-- migrate:upgrade", ""), 13, "Neither a header"),
        (("-- migrate:verify", "-- migrate:upgrade"), 17, "second section"),
    ],
)
def test_malformed_files(change, line, detail):
    with pytest.raises(Usage) as caught:
        read(FILE.replace(*change), "dir/x.sql")
    assert caught.value.code == "MG030"
    assert f'"x.sql" at line {line}' in caught.value.message
    assert detail in caught.value.detail


def test_several_in_a_file():
    found = read(FILE + FILE.replace("ae1027a6acf", "b")[35:], "x.sql")
    assert [(r.id, r.line) for r in found] == [("ae1027a6acf", 1), ("b", 20)]


def test_dates():
    assert utc("2026-01-13 00:10:00-02:30") == (
        "2026-01-13 02:40:00.000000+00"
    )
    assert utc("2026-01-13 00:10") == "2026-01-13 00:10:00.000000+00"


def test_names_of_files():
    revision = Revision(
        id="ae10",
        message="Add a: column, quickly",
        created="2026-01-03 14:05:09.000000+00",
    )
    assert slug("x" * 30 + " yyyyyyyyyyyyyyyyyyyy") == "x" * 30 + "_"
    for template, name in (
        (
            "YYYYMMDD_HHMM_<revision>_<slug>",
            "20260103_1405_ae10_add_a_column_quickly.sql",
        ),
        ("<rev>", "ae10.sql"),
        ("YYYY/MM/<rev>", "2026/01/ae10.sql"),
        (
            "%(year)d_%(month).2d-%(rev)s_%(slug)s",
            "2026_01-ae10_add_a_column_quickly.sql",
        ),
        ("%%(rev)s.sql", "ae10.sql"),
        ("DATA_<rev>", "DATA_ae10.sql"),
    ):
        assert file_name(template, revision) == name, template
    for template in ("../<rev>", "/<rev>", "<nosuch>"):
        with pytest.raises(Usage):
            file_name(template, revision)


# ---------------------------------------------------------------------------
# Commands without a server
# ---------------------------------------------------------------------------


def test_revisions_merges_and_looks(folder):
    out = folder.run("heads")
    assert out == 'no revisions\nNext: pg-migrate revision -m "..."\n'
    folder.run("revision", "-m", "start\nwhy and how", "--rev-id", "aaaa1111")
    folder.run("revision", "-m", "left", "--rev-id", "bbbb2222")
    folder.run(
        "revision",
        "-m",
        "right",
        "--rev-id",
        "cccc3333",
        "--head",
        "aaaa",
        "--splice",
        "--branch-label",
        "east",
        "--depends-on",
        "bbbb",
    )
    assert folder.run("heads") == (
        "bbbb2222  aaaa1111  (effective head) left\n"
        "cccc3333  aaaa1111  (head) [east] right\n"
    )
    assert folder.run("heads", "--resolve-dependencies") == (
        "cccc3333  aaaa1111  (head) [east] right\n"
    )
    out = folder.run("merge", "--rev-id", "dddd4444")
    assert out == (
        "migrations/DATE_dddd4444_merge_heads.sql\nNext: pg-migrate upgrade\n"
    )
    assert folder.run("history") == (
        "dddd4444  bbbb2222, cccc3333  (head, merge point) merge heads\n"
        "cccc3333  aaaa1111            [east] right\n"
        "bbbb2222  aaaa1111            left\n"
        "aaaa1111  base                (branch point) start\n"
    )
    assert folder.run("branches") == (
        "    aaaa1111  start\n->  bbbb2222  left\n->  cccc3333  [east] right\n"
    )
    assert folder.run("show", "aaaa") == (
        "aaaa1111  start\n"
        "  is      branch point\n"
        "  on      base\n"
        "  below   bbbb2222, cccc3333\n"
        "  made    YYYY-MM-DD HH:MM\n"
        "  file    migrations/DATE_aaaa1111_start.sql\n"
        "  why and how\n"
        "\n-- upgrade\n-- nothing to do\n"
        "\n-- downgrade\n-- nothing to do\n"
    )
    assert folder.run("history", "-r", "cccc:", "-v").startswith(
        "dddd4444  merge heads\n  is      head, merge point\n"
    )


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("revision",), "what does the revision do?"),
        (("revision", "-m", "x", "--head", "zzzz"), "no revision or branch"),
        (("revision", "-m", "x", "--head", "aaaa1111"), "is not a head"),
        (("revision", "-m", "x", "--rev-id", "a b"), "cannot be a revision"),
        (("revision", "-m", "x", "--rev-id", "head"), "cannot be a revision"),
        (("revision", "-m", "x", "--rev-id", "aaaa1111"), "is taken"),
        (("revision", "-m", "aaaa1111"), "is a revision"),
        (("revision", "-m", "x", "--amend"), "belong to --autogenerate"),
        (("merge",), "nothing to merge"),
        (("show", "-r"), "No such option"),
        (("show", "+1"), "counts from what is applied"),
        (("edit", "-1"), '"-1" counts from what is applied'),
        (("merge", "current"), "counts from what is applied"),
        (("revision", "-m", "x", "--head", "current"), "counts from what"),
        (("revision", "-m", "x", "--depends-on", "current"), "counts from"),
        (("history", "-r", "head"), "is not a range"),
        (("edit", "nosuch"), "no revision or branch"),
        (("--folder", "nowhere", "heads"), "there is no folder"),
        (("-c", "nowhere.toml", "heads"), "cannot read nowhere.toml"),
        (("-n", "other", "heads"), 'no database "other"'),
        (("nosuch",), 'no command "nosuch"'),
        (("upgrad",), "Next: pg-migrate upgrade"),
        (("upgrade", "a:b"), "a range is for --sql"),
        (("--set", "x", "heads"), "is not NAME=VALUE"),
    ],
)
def test_usage(folder, arguments, text):
    folder.revision("aaaa1111")
    folder.revision("bbbb2222", "aaaa1111")
    assert text in folder.fails(*arguments, status=2)


@pytest.mark.parametrize(
    "command",
    ["current", "upgrade", "plan", "pending", "status", "graph", "import",
     "stamp head", "downgrade -1", "diff", "check", "drift", "sync", "wait"],
)  # fmt: skip
def test_no_server(folder, command):
    folder.revision("aaaa1111")
    text = folder.fails(*command.split(), status=4)
    assert 'cannot connect to database "postgres" on /nowhere' in text
    assert "pg_isready -h /nowhere" in text
    assert "DATABASE_URL or --url says where" in text


def test_files_that_are_none(folder):
    folder.write("migrations/notes.sql", "SELECT 1;\n")
    text = folder.fails("heads", status=2)
    assert "not a revision file" in text
    (folder.root / "migrations/notes.sql").unlink()
    folder.revision("aaaa1111")
    folder.write(
        "migrations/again.sql", "-- revision: aaaa1111\n-- migrate:upgrade\n"
    )
    assert "is in two files" in folder.fails("heads", status=2)
    (folder.root / "migrations/again.sql").write_bytes(b"\n\xff\n")
    assert "is not UTF-8 at line 2" in folder.fails("heads", status=2)


def test_files_of_other_tools(folder):
    folder.write("migrations/2_b.up.sql", "SELECT 1;\n")
    folder.write("migrations/2_b.down.sql", "SELECT 1;\n")
    folder.write("migrations/10_c.up.sql", "SELECT 1;\n")
    folder.write("migrations/.hidden.sql", "nothing\n")
    assert folder.run("history") == "10  2     (head) c\n2   base  b\n"
    folder.run("revision", "-m", "ours", "--rev-id", "aaaa1111")
    assert folder.run("heads") == "aaaa1111  10  (head) ours\n"


def test_settings(folder):
    folder.write(
        "pyproject.toml",
        '[tool.pg-migrate]\nfolder = ["db/one", "db/two"]\n'
        '[tool.pg-migrate.settings]\nfile_template = "<rev>-<slug>"\n',
    )
    for name in ("one", "two", "three"):
        (folder.root / "db" / name).mkdir(parents=True)
    folder.run("revision", "-m", "a b", "--rev-id", "aaaa1111")
    assert (folder.root / "db/one/aaaa1111-a_b.sql").exists()
    path = folder.root / "db/two/x.sql"
    path.write_text(
        "-- revision: bbbb2222\n-- down_revision: aaaa1111\n"
        "-- message: b\n-- migrate:upgrade\n"
    )
    folder.root = folder.root / "db/three"
    assert folder.run("heads") == "bbbb2222  aaaa1111  (head) b\n"
    folder.write("pg-migrate.toml", 'folder = "."\n')
    assert folder.run("heads").startswith("no revisions\n")
    for text, complaint in (
        ("foldr = 1\n", 'there is no setting "foldr"'),
        ("folder = 1\n", "folder is a int"),
        ("folder = \n", "pg-migrate.toml: Invalid value"),
        ('url = "${NOBODY_HAS_THIS}"\n', "NOBODY_HAS_THIS is not set"),
    ):
        folder.write("pg-migrate.toml", text)
        assert complaint in folder.fails("heads", status=2)


def test_editor(folder, monkeypatch):
    path = folder.revision("aaaa1111")
    monkeypatch.setenv("EDITOR", "sed -i s/make/made/")
    out = folder.run("edit", "aaaa")
    assert out == "migrations/aaaa1111.sql\nNext: pg-migrate upgrade\n"
    assert "made aaaa1111" in path.read_text()
    monkeypatch.setenv("EDITOR", "sed -i s/upgrade/upgrad/")
    assert "malformed revision file" in folder.fails("edit", status=2)


def test_starting(folder):
    (folder.root / "migrations").rmdir()
    out = folder.run("init", "--models", "app.models")
    assert out == (
        "written  pg-migrate.toml\nwritten  migrations/\n"
        'Next: pg-migrate revision --autogenerate -m "..."\n'
    )
    text = (folder.root / "pg-migrate.toml").read_text()
    assert '\nmodels = "app.models"\n' in text
    folder.run("init")
    assert "is there and stays" in folder.said
    assert (folder.root / "pg-migrate.toml").read_text() == text


def test_help(folder):
    from pg_migrate.cli import FAMILIES

    text = folder.run("--help")
    assert "..." not in text.split("\n", 1)[1], (
        "the line of each command is whole"
    )
    for family in FAMILIES.values():
        for name in family:
            assert f"\n  {name} " in text
            out = folder.run(name, "--help")
            assert "\nExample:\n  " in out, name
            assert f"pg-migrate {name}" in out, name
            assert "Exit status: 0 good, 1 found something" in out, name
            assert "--format" in out, name
    assert folder.run("--version").startswith("pg-migrate, version 0.2.0")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(folder, shell):
    assert "pg-migrate" in folder.run("completion", shell, raw=True)


def test_completing_revisions(folder, monkeypatch):
    from click.shell_completion import ShellComplete

    from pg_migrate.cli import program

    folder.revision("aaaa1111")
    folder.revision("bbbb2222", "aaaa1111", branch_labels="best")
    monkeypatch.chdir(folder.root)
    shell = ShellComplete(program, {}, "pg-migrate", "_PG_MIGRATE_COMPLETE")
    found = [i.value for i in shell.get_completions(["upgrade"], "b")]
    assert found == ["base", "best", "bbbb2222"]
    found = [i.value for i in shell.get_completions([], "do")]
    assert found == ["downgrade"]


def test_init_says_where_models_go(folder):
    out = folder.run("init")
    assert out.endswith("or models = ... in pg-migrate.toml\n")
    out = folder.run("init", "--models", "app.models")
    assert out == 'Next: models = "app.models" in pg-migrate.toml\n'
    assert folder.run("show") == "no revisions\n"
