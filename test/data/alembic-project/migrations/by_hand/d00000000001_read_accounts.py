"""read accounts

Revision ID: d00000000001
Revises: c4b3a2918071
Create Date: 2024-03-01 10:00:00

"""
from alembic import op
import sqlalchemy as sa

revision = "d00000000001"
down_revision = "c4b3a2918071"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("account", sa.Column("domain", sa.Text()))
    bind = op.get_bind()
    for id_, login in bind.execute(sa.text("SELECT id, login FROM account")):
        bind.execute(
            sa.text("UPDATE account SET domain = :domain WHERE id = :id"),
            {"domain": login.split("@")[-1], "id": id_})


def downgrade():
    op.drop_column("account", "domain")
