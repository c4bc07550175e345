"""use a session

Revision ID: d00000000003
Revises: d00000000002
Create Date: 2024-03-01 10:02:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy import orm

revision = "d00000000003"
down_revision = "d00000000002"
branch_labels = None
depends_on = None


def upgrade():
    session = orm.Session(bind=op.get_bind())
    session.execute(sa.text("UPDATE account SET phone = :p WHERE id = :i"),
                    {"p": "+43:1", "i": 1})
    session.commit()


def downgrade():
    session = orm.Session(bind=op.get_bind())
    if session.execute(sa.text("SELECT count(*) FROM account")).scalar():
        raise RuntimeError("there are accounts")
