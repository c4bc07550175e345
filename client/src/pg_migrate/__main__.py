"""python -m pg_migrate, and the zipapp."""

from pg_migrate.cli import run

run()
