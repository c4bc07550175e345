"""look before

Revision ID: d00000000002
Revises: d00000000001
Create Date: 2024-03-01 10:01:00

"""
from alembic import op
import sqlalchemy as sa

revision = "d00000000002"
down_revision = "d00000000001"
branch_labels = None
depends_on = None


def has_column(table, column):
    inspector = sa.inspect(op.get_bind())
    return column in [c["name"] for c in inspector.get_columns(table)]


def upgrade():
    try:
        found = has_column("account", "phone")
    except Exception:
        found = False
    if not found:
        op.add_column("account", sa.Column("phone", sa.Text()))


def downgrade():
    if has_column("account", "phone"):
        op.drop_column("account", "phone")
