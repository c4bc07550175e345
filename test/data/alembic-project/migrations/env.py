"""Connects to the database of DATABASE_URL; there is no offline mode."""

import os

from alembic import context
from sqlalchemy import create_engine, pool

from models import metadata


def include_object(obj, name, type_, reflected, compare_to):
    """Leave alone what belongs to others."""
    return not (type_ == "table" and name.startswith("legacy_"))


def run_migrations_online():
    """Run the revisions in one transaction."""
    engine = create_engine(os.environ["DATABASE_URL"],
                           poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata,
                          include_object=include_object)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
