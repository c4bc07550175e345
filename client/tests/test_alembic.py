"""Projects of Alembic: env.py is run, and its hooks are called as they are."""

from __future__ import annotations

import importlib.util
import json
import os

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("alembic") is None
    or importlib.util.find_spec("psycopg2") is None,
    reason="no Alembic or psycopg2",
)
INI = """\
[alembic]
script_location = db
prepend_sys_path = .
sqlalchemy.url = driver://user:pass@localhost/dbname
file_template = %%(year)d-%%(rev)s_%%(slug)s
"""
MODELS = """\
import os

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String
from sqlalchemy import Table, UniqueConstraint

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)
Table(
    "person", metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(50), index=True),
    Column("account", ForeignKey("account.id")),
)
Table("account", metadata, Column("id", Integer, primary_key=True),
      info={"theirs": True})
"""
ENV = """\
import os

from alembic import context
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

import models

print("what an application prints")
config = context.config


def include_object(object, name, type_, reflected, compare_to):
    if type_ == "table" and object.info.get("theirs"):
        return False
    if type_ == "table" and reflected and compare_to is None:
        return not name.startswith("celery_")
    return name not in ("by_hand", "one_name")


def include_name(name, type_, parent_names):
    if type_ == "schema":
        return name in (None, "billing")
    if type_ == "table":
        return parent_names["schema_qualified_table_name"] != "scratch"
    return True


def process_revision_directives(context, revision, directives):
    assert config.cmd_opts.autogenerate
    script = directives[0]
    if script.upgrade_ops.is_empty():
        directives[:] = []
        return
    folder = ScriptDirectory.from_config(context.config)
    assert tuple(folder.get_heads()) == tuple(revision)
    script.rev_id = "%04d" % (int(folder.get_current_head() or 0) + 1)
    if os.environ.get("GRANTS"):
        from alembic.operations.ops import ExecuteSQLOp

        script.upgrade_ops.ops.append(
            ExecuteSQLOp("COMMENT ON TABLE person IS 'people'")
        )


if context.is_offline_mode():
    context.configure(url="postgresql://", target_metadata=models.metadata)
    context.run_migrations()
else:
    engine = create_engine(os.environ["SHOP_URL"])
    with engine.connect() as connection:
        assert "person" not in inspect(connection).get_table_names()
        context.configure(
            connection=connection,
            target_metadata=models.metadata,
            version_table="versions",
            include_object=include_object,
            include_name=include_name,
            process_revision_directives=process_revision_directives,
        )
        with context.begin_transaction():
            context.run_migrations()
"""
REVISION = '''\
"""make person

Revision ID: 0001
Create Date: 2024-01-02 03:04:05
"""
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50)),
        sa.Column("account", sa.Integer, sa.ForeignKey("account.id")),
    )
    op.create_index("ix_person_name", "person", ["name"])


def downgrade():
    op.drop_table("person")
'''
THEIRS = """
CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE versions (version_num varchar(32) PRIMARY KEY);
CREATE TABLE celery_task (id int);
CREATE TABLE scratch (id int)"""


@pytest.fixture
def shop(project, monkeypatch):
    """A project with one revision, and a database that has it."""
    where = f"postgresql://{os.environ.get('PGUSER', '')}@/{project.database}"
    monkeypatch.setenv("SHOP_URL", where)
    # libpq's variables would do; this one tells where it leads
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost:1/wrong")
    (project.root / "migrations").rmdir()
    project.write("alembic.ini", INI)
    project.write("models.py", MODELS)
    project.write("db/env.py", ENV)
    project.write("db/versions/0001_make_person.py", REVISION)
    for statement in THEIRS.split(";"):
        project.query(statement)
    return project


def moved(shop):
    """Take the project over."""
    shop.run("init", "--from-alembic", raw=True)
    shop.run("upgrade")
    return shop


def test_init(shop):
    """Models, URL and the names of files come from Alembic's files."""
    out = shop.run("init", "--from-alembic", raw=True)
    assert out.startswith("written  pg-migrate.toml\nwritten  migrations/\n")
    text = (shop.root / "pg-migrate.toml").read_text()
    assert 'models = "alembic.ini"\n' in text
    assert 'url = "${SHOP_URL}"\n' in text
    assert 'file_template = "%(year)d-%(rev)s_%(slug)s"' in text
    assert shop.files() == ["20240102_0304_0001_make_person.sql"] or (
        shop.files() == ["DATE_0001_make_person.sql"]
    )
    assert "INFO" not in shop.err
    assert "timezone" not in shop.err


def test_time_zone(shop):
    """Dates are in UTC, whatever alembic.ini says of new ones."""
    shop.write("alembic.ini", INI + "timezone = Asia/Tokyo\n")
    shop.run("init", "--from-alembic", raw=True)
    assert "timezone = Asia/Tokyo is not taken over" in shop.said
    assert "in UTC" in shop.said


MANAGE = """
import alembic.config

def config():
    made = alembic.config.Config("alembic.ini")
    made.set_main_option("version_locations", "db/versions db/versions/2024")
    made.own_options = ["app"]
    return made

wrong = {}
def fails():
    raise KeyError("APP_CONF")
"""


def test_settings_that_a_program_makes(shop):
    """Of a project that is not run by the program alembic."""
    below = REVISION.replace("0001", "0002").replace("= None", '= "0001"')
    shop.write("db/versions/2024/0002_more.py", below)
    shop.run("init", "--from-alembic", raw=True)
    assert "not read, as Alembic would not: db/versions/2024 Is" in shop.said
    assert "-c MODULE:NAME" in shop.said
    shop.write("manage.py", MANAGE)
    convert = ("convert", "--from", "alembic", "--", "-c")
    out = shop.run(*convert, "manage:config", raw=True)
    assert out.startswith("1 revision written to ") and "1 kept" in out
    assert "not read" not in shop.said
    assert len(shop.files()) == 2
    for name, message in (
        ("manage:wrong", "-c manage:wrong is no Config of Alembic's, but: {}"),
        ("manage:fails", "-c manage:fails: KeyError: 'APP_CONF'"),
        ("manage:no", "-c manage:no: AttributeError: "),
        ("nosuch:no", "-c nosuch:no: ModuleNotFoundError: "),
    ):
        shop.run(*convert, name, status=2)
        assert message in shop.said


def test_init_with_settings_that_a_program_makes(shop):
    """The same function tells where models and revisions are."""
    shop.write("manage.py", MANAGE.replace(" db/versions/2024", ""))
    start = ("init", "--from-alembic", "--models")
    message = shop.fails(*start, "manage:wrong", status=2)
    assert "manage:wrong is no Config of Alembic's" in message
    shop.run(*start, "manage:config", raw=True)
    text = (shop.root / "pg-migrate.toml").read_text()
    assert 'models = "alembic:manage:config"\n' in text
    assert len(shop.files()) == 1
    shop.run("upgrade")
    assert "agree" in shop.run("check")


def test_adopt(shop):
    """The version table is the one that env.py names."""
    shop.query("INSERT INTO versions VALUES ('0001')")
    out = shop.run("init", "--from-alembic", "--format", "json", raw=True)
    assert json.loads(out)["written"] == ["pg-migrate.toml", "migrations/"]
    assert 'adopted "versions": at 0001' in shop.run("adopt")
    assert shop.applied() == "0001"


def test_url_of_env(shop):
    """Without one in the settings it is env.py's, as for Alembic."""
    moved(shop)
    path = shop.root / "pg-migrate.toml"
    path.write_text(path.read_text().replace('url = "$', '# url = "$'))
    assert "0001" in shop.run("current")
    assert "what an application prints" in shop.err


def test_hooks_of_comparison(shop):
    """What the hooks leave alone is neither made nor dropped."""
    moved(shop)
    assert "agree" in shop.run("check")
    shop.query("CREATE INDEX by_hand ON person (account)")
    shop.query("CREATE INDEX other ON person (account)")
    shop.query("ALTER TABLE person ADD CONSTRAINT one_name UNIQUE (name)")
    shop.query("CREATE VIEW adults AS SELECT * FROM person")
    for kind in (
        "CONFIGURATION by_stem (PARSER = default)",
        "DICTIONARY stems (TEMPLATE = simple)",
        "TEMPLATE plain (LEXIZE = dsimple_lexize)",
        "PARSER words (START = prsd_start, GETTOKEN = prsd_nexttoken,"
        " END = prsd_end, LEXTYPES = prsd_lextype)",
    ):
        shop.query(f"CREATE TEXT SEARCH {kind}")
    shop.query(
        "CREATE OPERATOR CLASS backwards FOR TYPE int USING btree AS"
        " OPERATOR 1 >, FUNCTION 1 btint4cmp(int, int)"
    )
    shop.query("CREATE TABLE outdated (id int)")
    shop.query("ALTER TABLE person ENABLE ROW LEVEL SECURITY")
    out = shop.run("diff", status=1)
    assert "2 differences" in out
    assert "drop index public.other" in out
    assert "drop table public.outdated" in out


def test_hooks_against_the_revisions(shop):
    """What revisions make beside the models stays as the hooks say."""
    shop.query("DROP TABLE account")
    shop.write("models.py", MODELS.replace(', ForeignKey("account.id")', ""))
    shop.write(
        "db/versions/0001_make_person.py",
        REVISION.replace(', sa.ForeignKey("account.id")', "").replace(
            "def downgrade():",
            '    op.execute("CREATE TABLE celery_x (id int)")\n'
            '    op.execute("CREATE FUNCTION f() RETURNS int"\n'
            "               \" LANGUAGE sql AS 'SELECT 1'\")\n\n\n"
            "def downgrade():",
        ),
    )
    text = (shop.root / "models.py").read_text()
    shop.write(
        "models.py",
        text.replace('Column("account")', 'Column("account", Integer)'),
    )
    moved(shop)
    assert "and the revisions agree" in shop.run("check")
    assert shop.err.count("warning") == 0, shop.err


def without_account(shop, revision=REVISION, models=""):
    """Take a project over whose revisions need no table of others."""
    shop.query("DROP TABLE account")
    shop.write(
        "models.py", MODELS.replace('ForeignKey("account.id")', "Integer")
    )
    with (shop.root / "models.py").open("a") as file:
        file.write(models)
    shop.write(
        "db/versions/0001_make_person.py",
        revision.replace(', sa.ForeignKey("account.id")', ""),
    )
    return moved(shop)


MADE = """
    op.execute("CREATE SEQUENCE numbers")
    op.execute(\'\'\'
        CREATE FUNCTION plain(t text) RETURNS text LANGUAGE sql IMMUTABLE
            AS $$ SELECT lower(t) $$;
        CREATE FUNCTION plain(t int) RETURNS int LANGUAGE sql IMMUTABLE
            AS $$ SELECT t $$;
        CREATE FUNCTION "next No"() RETURNS bigint LANGUAGE plpgsql
            AS $$BEGIN RETURN nextval('numbers'); END$$;
        CREATE FUNCTION unused() RETURNS trigger LANGUAGE plpgsql
            AS $$BEGIN RETURN NEW; END$$
    \'\'\')
    op.execute("CREATE TABLE ticket (id bigint DEFAULT \\"next No\\"()"
               " CONSTRAINT pk_ticket PRIMARY KEY, title text)")
    op.execute("CREATE INDEX by_title ON ticket (plain(title))")


def downgrade():
    op.drop_table("ticket")
"""
TICKET = """
from sqlalchemy import BigInteger, Text, text

Table(
    "ticket", metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False,
           server_default=text('"next No"()')),
    Column("title", Text),
    Index("by_title", text("plain(title)")),
)
"""


def test_models_that_use_functions_of_revisions(shop):
    """Such functions are not in the models, which Alembic does not run."""
    upgrade, _, _ = REVISION.partition("\n\n\ndef downgrade")
    without_account(shop, upgrade + MADE, TICKET)
    assert "and the revisions agree" in shop.run("check")
    assert "agree" in shop.run("check", "--against", "database")
    assert "no differences" in shop.run("diff")
    assert "warning" not in shop.err
    path = shop.root / "models.py"
    path.write_text(path.read_text().replace("plain(title)", "upper(title)"))
    out = shop.run("revision", "--autogenerate", "-m", "upper case")
    assert "-0002_upper_case.sql" in out
    made = next((shop.root / "migrations").glob("*upper_case.sql"))
    assert "DROP FUNCTION" not in made.read_text()
    assert "1 applied" in shop.run("upgrade")
    path.write_text(path.read_text().replace("upper(title)", "other(title)"))
    message = shop.fails("check", status=3)
    assert "function other(text) does not exist" in message
    assert '"functions.sql"' in message


UTILS = """
from sqlalchemy import text

class Registry:
    def entities(self):
        return self.known

class PGFunction:
    def __init__(self, sql):
        self.sql = sql

    def to_sql_statement_create(self):
        return text(self.sql.replace(":", "\\\\:"))

class PGTrigger(PGFunction):
    pass

class PGGrantTable(PGFunction):
    pass

registry = Registry()
registry.known = [
    PGTrigger('CREATE TRIGGER "touch" BEFORE UPDATE ON person FOR EACH ROW'
              ' EXECUTE FUNCTION touch()'),
    PGFunction('''CREATE FUNCTION "public"."touch"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.name := upper(NEW.name)::text;
    RETURN NEW;
END $$'''),
    PGGrantTable("GRANT SELECT ON person TO nobody_is_called_so"),
]
"""


def test_alembic_utils(shop):
    """What is registered there is compared, as long as words differ."""
    shop.write("alembic_utils/__init__.py", "")
    shop.write("alembic_utils/replaceable_entity.py", UTILS)
    without_account(shop, models="import alembic_utils.replaceable_entity")
    message = shop.fails("check", status=1)
    assert "create function public.touch()" in message
    assert "create trigger touch ON public.person" in message
    shop.run("revision", "--autogenerate", "-m", "touch")
    shop.run("upgrade")
    assert "and the revisions agree" in shop.run("check")
    path = shop.root / "alembic_utils" / "replaceable_entity.py"
    text = path.read_text()
    path.write_text(text.replace("    RETURN NEW;", "  RETURN  NEW;\n"))
    assert "and the revisions agree" in shop.run("check")
    path.write_text(text.replace("upper", "lower"))
    message = shop.fails("check", status=1)
    assert "alter function public.touch() (definition)" in message
    assert "1 place" in message


def test_hooks_beside_settings(shop):
    """What the settings leave out is left out, too."""
    moved(shop)
    shop.query("CREATE TABLE by_hand (id int)")
    path = shop.root / "pg-migrate.toml"
    path.write_text('exclude = "table:by_hand"\n' + path.read_text())
    assert "no differences" in shop.run("diff")
    assert "agree" in shop.run("check", "--against", "database")


def test_directives(shop):
    """They name revisions, refuse empty ones, and add statements."""
    moved(shop)
    assert "no changes" in shop.run("revision", "--autogenerate", "-m", "no")
    more = MODELS.replace("50", "80")
    shop.write("models.py", more)
    out = shop.run("revision", "--autogenerate", "-m", "longer names")
    assert out.startswith("migrations/20") and "-0002_longer_names.sql" in out
    shop.monkeypatch.setenv("GRANTS", "yes")
    shop.run("upgrade")
    shop.write("models.py", MODELS)
    out = shop.run(
        "revision",
        "--autogenerate",
        "-m",
        "shorter",
        "--format",
        "json",
        raw=True,
    )
    path = shop.root / json.loads(out)["file"]
    text = path.read_text()
    assert text.startswith("-- revision: 0003\n-- down_revision: 0002\n")
    assert "COMMENT ON TABLE person IS 'people';\n\n-- migrate:down" in text
    assert "NOT PROVEN: process_revision_directives has changed" in text
    assert "2 applied" not in shop.run("upgrade")
    assert shop.applied() == "0001 0002 0003"


def test_env_that_fails(shop):
    """What env.py asks for is said with its line; the files are written."""
    shop.monkeypatch.delenv("SHOP_URL")
    shop.write("models.py", MODELS.replace("naming_convention", "info"))
    shop.run("init", "--from-alembic", raw=True)
    assert "env.py does not run here" in shop.said
    # once: the converter needs no env.py here
    assert shop.said.count("what an application prints") == 1
    assert "db/env.py:50: KeyError: 'SHOP_URL'" in shop.said
    assert len(shop.files()) == 1
    message = shop.fails("current", status=2)
    assert "db/env.py:50: KeyError: 'SHOP_URL'" in message


FLASK = """\
import contextlib


class ScriptInfo:
    @staticmethod
    def load_app():
        return ScriptInfo

    @staticmethod
    @contextlib.contextmanager
    def app_context():
        import models

        models.running = True
        yield
"""


def test_env_within_an_application(shop):
    """Flask-Migrate's runs within it, for models and for revisions."""
    shop.write("flask/cli.py", FLASK)
    shop.write("models.py", MODELS + "running = False\n")
    refusal = 'raise RuntimeError("Working outside of application context.")'
    shop.write(
        "db/env.py",
        ENV.replace(
            "print(", f"if not models.running:\n    {refusal}\nprint("
        ),
    )
    moved(shop)
    assert shop.applied() == "0001"
    assert "agree" in shop.run("check")


def test_models_that_postgresql_cannot_have(shop):
    """Two constraints of one name, which Alembic does not notice."""
    moved(shop)
    text = (
        MODELS.replace(
            'Column("account", ',
            'UniqueConstraint("name", name="u"),\n    Column("account", ',
        )
        .replace("info={", 'UniqueConstraint("id", name="u"), info={')
        .replace('"theirs": True', '"theirs": False')
    )
    shop.write("models.py", text)
    message = shop.fails("check", status=2)
    assert "relation u is defined twice" in message
    assert message.endswith(
        "Next: pg-migrate model, when the models are mended"
    )


def test_hook_that_fails(shop):
    """So is what a hook raises."""
    shop.write(
        "db/env.py",
        ENV.replace("assert config", "config.gone\n    assert config"),
    )
    moved(shop)
    shop.write("models.py", MODELS.replace("50", "80"))
    message = shop.fails("revision", "--autogenerate", "-m", "x", status=2)
    assert "process_revision_directives of db/env.py:" in message
    assert "AttributeError" in message


def test_a_project_that_is_installed(tmp_path):
    """Its naming convention is looked for in its whole package."""
    from pg_migrate.from_alembic import package_of

    package = tmp_path / "site-packages" / "shop"
    folder = package / "db" / "migrations"
    folder.mkdir(parents=True)
    assert package_of(str(folder)) == str(folder)
    (package / "__init__.py").touch()
    (package / "db" / "__init__.py").touch()
    assert package_of(str(folder)) == str(package)


def test_no_alembic_here(folder):
    """Nothing to begin with."""
    assert "no alembic.ini" in folder.fails("init", "--from-alembic", status=2)
    for name in ("a", "b"):
        folder.write(f"{name}/alembic.ini", INI)
    message = folder.fails("init", "--from-alembic", status=2)
    assert "a/alembic.ini, b/alembic.ini" in message
    message = folder.fails(
        "init", "--from-alembic", "--models", "models:metadata", status=2
    )
    assert "models:metadata: ModuleNotFoundError" in message
    assert not (folder.root / "pg-migrate.toml").exists()
