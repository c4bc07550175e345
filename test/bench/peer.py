"""Alembic, to be held against."""

import os
import subprocess
import sys

COMPARE = """
import sys, time
from sqlalchemy import *
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
meta = MetaData()
for i in range(int(sys.argv[1])):
    table = Table(f"t{i}", meta,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("name", Text, nullable=False),
        Column("code", String(20), unique=True),
        Column("amount", Numeric(12, 2), CheckConstraint("amount >= 0"), server_default="0"),
        Column("parent_id", BigInteger, *([ForeignKey(f"t{i - 1}.id")] if i % 10 else [])),
        Column("created_at", TIMESTAMP(timezone=True), nullable=False, server_default=func.now()),
        *([Column("extra", String(100))] if i % 100 == 0 else []), comment=f"number {i}")
    Index(f"t{i}_name_idx", func.lower(table.c.name))
    Index(f"t{i}_created_idx", table.c.created_at, postgresql_where=table.c.amount > 0)
with create_engine("postgresql+psycopg2:///live").connect() as connection:
    start = time.perf_counter()
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    script = produce_migrations(context, meta)
    render_python_code(script.upgrade_ops)
    render_python_code(script.downgrade_ops)
    print(time.perf_counter() - start)
"""

ENVIRONMENT = '''
from alembic import context
from sqlalchemy import create_engine
engine = create_engine("postgresql+psycopg2:///work")
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
'''

VERSION = '''
from alembic import op
revision = "r{i:06}"
down_revision = {parent!r}

def upgrade():
    op.execute("""{up}""")

def downgrade():
    op.execute("""{down}""")
'''


def install(folder):
    """The newest from PyPI, else Debian's; its version, or None."""
    target = folder / "peer"
    os.environ["PYTHONPATH"] = str(target)
    for pip in ([sys.executable, "-m", "pip"], ["pip3"], ["pip"]):
        try:
            subprocess.run([*pip, "install", "--quiet", "--target", target, "alembic",
                            "psycopg2-binary"], check=True, timeout=120,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return version()
        except (OSError, subprocess.SubprocessError):
            continue
    del os.environ["PYTHONPATH"]
    return version()


def version():
    done = subprocess.run([sys.executable, "-c", "import alembic; print(alembic.__version__)"],
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True)
    return done.stdout.strip() or None


def make_project(folder, scripts):
    """Scripts, up and down each, as a chain of Alembic's; its settings."""
    project = folder / f"alembic_{len(scripts)}"
    (project / "versions").mkdir(parents=True)
    (project / "env.py").write_text(ENVIRONMENT)
    (project / "alembic.ini").write_text(f"[alembic]\nscript_location = {project}\n")
    for i, (up, down) in enumerate(scripts):
        (project / "versions" / f"r{i:06}.py").write_text(VERSION.format(
            i=i, up=up, down=down, parent=f"r{i - 1:06}" if i else None))
    return project / "alembic.ini"
