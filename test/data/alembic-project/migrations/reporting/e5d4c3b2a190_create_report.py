"""create report

Revision ID: e5d4c3b2a190
Revises:
Create Date: 2024-02-02 12:00:00

"""
from alembic import op
import sqlalchemy as sa

revision = "e5d4c3b2a190"
down_revision = None
branch_labels = ("reporting",)
depends_on = "core"


def upgrade():
    op.execute("CREATE SCHEMA reporting")
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.BigInteger(),
                  sa.ForeignKey("account.id"), index=True),
        schema="reporting",
    )


def downgrade():
    op.drop_table("report", schema="reporting")
    op.execute("DROP SCHEMA reporting")
