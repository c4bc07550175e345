"""report on orders

Revision ID: f6e5d4c3b2a1
Revises: e5d4c3b2a190
Create Date: 2024-02-09 12:00:00

"""
from alembic import op

revision = "f6e5d4c3b2a1"
down_revision = "e5d4c3b2a190"
branch_labels = None
depends_on = ("7e6d5c4b3a21",)


def upgrade():
    op.execute("CREATE VIEW reporting.turnover AS "
               "SELECT account_id, sum(gross) FROM \"order\" GROUP BY 1")


def downgrade():
    op.execute("DROP VIEW reporting.turnover")
