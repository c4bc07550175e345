"""Models: SQLAlchemy's and DDL, compared and made revisions."""

from __future__ import annotations

import importlib.util
import json
import sys

import pytest

needs_sqlalchemy = pytest.mark.skipif(
    importlib.util.find_spec("sqlalchemy") is None, reason="no SQLAlchemy"
)
CHAT = """\
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table

metadata = MetaData()
conversation = Table(
    "conversation", metadata,
    Column("id", Integer, primary_key=True),
    Column("title", String({length}), nullable=False),{more}
)
"""


def models(project, length=200, more=""):
    project.write("app/__init__.py", "")
    project.write("app/models.py", CHAT.format(length=length, more=more))
    project.write(
        "pg-migrate.toml",
        f'models = "app.models"\npython = "{sys.executable}"\n',
    )


@needs_sqlalchemy
def test_the_cycle(project):
    """Edit the models, generate, review, apply, check."""
    models(project)
    out = project.run("revision", "--autogenerate", "-m", "start")
    assert out.startswith("migrations/DATE_")
    assert project.stored() == "", "the file is what comes of it"
    assert "1 applied" in project.run("upgrade")
    assert project.run("diff") == (
        f"app.models against {project.database} on localhost: no differences\n"
    )
    assert project.run("check").startswith("app.models and ")
    assert project.run("revision", "--autogenerate", "-m", "again") == (
        "app.models: no changes\n"
    )
    models(project, 100, '\n    Column("kind", String, nullable=False),')
    assert project.run("diff", status=1) == (
        f"app.models against {project.database} on localhost: "
        "2 differences\n"
        " ~ alter column public.conversation.title\n"
        "     rewrites the table: no session can use it meanwhile (0 rows"
        " now); MAY FAIL:\n"
        '       values of column "title" that are longer than 100 characters'
        " (0 rows now)\n"
        " + create column public.conversation.kind\n"
        "     scans the table: each row is written before, no session can use"
        " it\n"
        "       meanwhile (0 rows now); TO COMPLETE: the rows that are there"
        " need a value\n"
        '       in column "kind" (0 rows now)\n'
        'Next: pg-migrate revision --autogenerate -m "..."; or diff --sql\n'
    )
    text = project.fails("check", status=1)
    assert "MG021" in text and "public.conversation.kind" in text
    out = project.run("revision", "--autogenerate", "-m", "kind")
    assert "TO COMPLETE: the rows that are there need a value" in out
    assert "MAY FAIL" in out
    assert out.endswith("then upgrade\n")
    files = project.files()
    assert {n.split("_")[-1] for n in files} == {"start.sql", "kind.sql"}
    models(project, 120, '\n    Column("kind", String, nullable=False),')
    out = project.run("revision", "--autogenerate", "--amend")
    assert project.files() == files, "the same file"
    path = next((project.root / "migrations").glob("*_kind.sql"))
    assert "character varying(120)" in path.read_text()
    project.run("upgrade")
    project.run("check")
    # somebody deletes the file and generates it anew
    project.run("downgrade", "-1")
    path.unlink()
    project.run("revision", "--autogenerate", "-m", "other kind")
    project.run("sync")
    project.run("check", "--against", "database")


@needs_sqlalchemy
def test_printing_and_storing(project):
    models(project)
    text = project.run("model", raw=True)
    assert text.startswith("CREATE TABLE conversation (\n    id SERIAL")
    assert json.loads(project.run("model", "--format", "json", raw=True)) == {
        "model": text
    }
    project.run("model", "--store")
    assert project.run("model", "--stored", raw=True) == text
    project.run("revision", "--autogenerate", "-m", "start")
    project.run("upgrade")
    found = project.run("model", "--from-database", raw=True)
    assert "CREATE TABLE public.conversation" in found
    # without models it is the stored one
    project.write("pg-migrate.toml", "")
    assert project.run("check").startswith("the stored model and ")


@needs_sqlalchemy
def test_trouble_with_models(project):
    models(project)
    project.write("app/models.py", "1/0\n")
    project.fails("check", status=2)
    assert "ZeroDivisionError" in project.said
    project.write("pg-migrate.toml", 'models = "app.nothing"\n')
    project.fails("model", "--python", sys.executable, status=2)
    assert "no module named app.nothing" in project.said
    project.revision("aaaa1111")
    # the folder that it names is as long as it is
    out = project.run("ci", raw=True, status=1)
    assert out.count("ok  ") == 3
    assert "FAIL  models    the models could not be read" in out
    assert "no module named app.nothing" in " ".join(out.split())
    # reports have the reason, too
    text = project.run("ci", "--format", "json", raw=True, status=1)
    finding = json.loads(text)["findings"][-1]
    assert finding["check"] == "models" and not finding["ok"]
    assert "no module named app.nothing" in finding["message"]
    text = project.run("ci", "--format", "junit", raw=True, status=1)
    assert "no module named app.nothing" in text
    text = project.run("check", "--format", "json", raw=True, status=2)
    assert "no module named app.nothing" in text
    text = project.fails("model", "--python", "/nowhere/python", status=2)
    assert "there is no Python /nowhere/python" in text
    project.write("pg-migrate.toml", "")
    assert "no models are set" in project.fails("model", status=2)


def test_models_as_ddl(project):
    """A team that writes SQL needs no SQLAlchemy."""
    project.write("pg-migrate.toml", 'models = "schema.sql"\n')
    assert "cannot read" in project.fails("diff", status=2)
    project.write("schema.sql", "CREATE TABLE a (id int PRIMARY KEY);\n")
    out = project.run("diff", "--sql", status=1, raw=True)
    assert out.startswith("CREATE TABLE public.a (\n")
    project.run("revision", "--autogenerate", "-m", "start")
    project.run("upgrade")
    project.run("check")
    project.query("CREATE TABLE by_hand ()")
    out = project.run("diff", status=1)
    assert " - drop table public.by_hand\n" in out
    project.write(
        "pg-migrate.toml", 'models = "schema.sql"\nexclude = "by_*"\n'
    )
    project.run("diff")
    project.write("schema.sql", "CREATE TABLE a (id int PRIMARY KEY")
    assert "syntax error" in project.fails("diff", status=3)


@pytest.mark.parametrize("form", ["github", "gitlab", "junit", "json"])
def test_formats_of_check(project, form):
    project.write("pg-migrate.toml", 'models = "schema.sql"\n')
    project.write("schema.sql", "CREATE TABLE a ();\n")
    out = project.run("check", "--format", form, status=1, raw=True)
    if form == "github":
        assert out.startswith("::error title=check::")
        assert "%0A" in out and out.count("\n") == 1
    elif form == "gitlab":
        (report,) = json.loads(out)
        assert report["check_name"] == "check"
        assert "create table public.a" in report["description"]
    elif form == "junit":
        assert (
            '<testsuite name="pg-migrate check" tests="1" failures="1" '
            'errors="0">' in out
        )
    else:
        assert json.loads(out)["error"]["code"] == "MG021"
    project.query("CREATE TABLE a ()")
    out = project.run("check", "--format", form, raw=True)
    agree = (
        f"ok  check  schema.sql and {project.database} on localhost agree\n"
    )
    assert {"github": agree, "gitlab": "[]\n"}.get(form, out) == out


def test_formats_of_ci(project, monkeypatch):
    """Files as they are in the repository; nothing that XML does not take."""
    from xml.etree import ElementTree

    up = "DO $$BEGIN RAISE 'no \x1b[31m <&\"> %', 'it''s'; END$$;"
    project.revision("aaaa1111", up=up)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project.root.parent))
    monkeypatch.setenv("CI_PROJECT_DIR", str(project.root.parent))
    file = f"{project.root.name}/migrations/aaaa1111.sql"
    out = project.run("ci", "--format", "github", status=1, raw=True)
    assert out.startswith("ok  heads  aaaa1111\nok  files  1 well formed\n")
    assert f"::error file={file},line=1," in out
    out = project.run("ci", "--format", "gitlab", status=1, raw=True)
    (report,) = json.loads(out)
    assert report["location"] == {"path": file, "lines": {"begin": 1}}
    assert report["severity"] == "major" and len(report["fingerprint"]) == 64
    assert project.err.startswith("FAIL  upgrade   aaaa1111 failed: revision")
    monkeypatch.setenv("CI_PROJECT_DIR", str(project.root / "elsewhere"))
    out = project.run("ci", "--format", "gitlab", status=1, raw=True)
    assert '"migrations/aaaa1111.sql"' in out
    out = project.run("ci", "--format", "junit", status=1, raw=True)
    suite = ElementTree.fromstring(out)
    assert suite.get("tests") == "3" and suite.get("failures") == "1"
    # what Jenkins' schema of it wants to be there
    assert set(suite.attrib) == {"name", "tests", "failures", "errors"}
    assert all(case.get("name") for case in suite.iter("testcase"))
    (failure,) = suite.iter("failure")
    assert "no \ufffd[31m <&\"> it's" in failure.text
    assert failure.get("message") in failure.text


def test_long_names_are_told_once(project):
    name = "a" * 64
    project.write("pg-migrate.toml", 'models = "schema.sql"\n')
    text = f"CREATE TABLE a ({name} int);\nCREATE INDEX ON a ({name});\n"
    project.write("schema.sql", text)
    project.run("check", status=1)
    assert project.said.count("will be truncated to") == 1


def test_baseline(project):
    project.query("CREATE TABLE old (id int)")
    project.write("pg-migrate.toml", 'models = "schema.sql"\n')
    project.write("schema.sql", "CREATE TABLE old (id int);\n")
    project.run("revision", "--autogenerate", "-m", "x")
    assert "no revision has made it" in project.said
    assert "pg-migrate baseline makes the first revision" in project.said
    out = project.run("baseline", "--rev-id", "aaaa1111")
    assert out.startswith("migrations/DATE_aaaa1111_baseline.sql\n")
    assert project.applied() == "aaaa1111"
    project.run("check")
    assert project.run("upgrade").startswith("nothing to apply")
    project.fails("baseline", status=2)
