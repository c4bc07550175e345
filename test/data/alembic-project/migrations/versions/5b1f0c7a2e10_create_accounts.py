"""create accounts

An account belongs to a person; its state is an enum.

Revision ID: 5b1f0c7a2e10
Revises:
Create Date: 2024-02-01 09:15:00.250000

"""
from alembic import op
import sqlalchemy as sa

revision = "5b1f0c7a2e10"
down_revision = None
branch_labels = ("core",)
depends_on = None


def upgrade():
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True),
                  nullable=False),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("state", sa.Enum("new", "active", "it's over",
                                   name="account_state"),
                  server_default="new", nullable=False),
        sa.Column("share", sa.Numeric(5, 2),
                  comment="in %, with \\ and 'quotes'"),
        sa.CheckConstraint("share % 1 = 0", name="whole"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        comment="who may log in",
    )
    op.create_index(op.f("ix_account_state"), "account", ["state"],
                    postgresql_where=sa.text("state <> 'new'"))


def downgrade():
    op.drop_index(op.f("ix_account_state"), table_name="account")
    op.drop_table("account")
    op.execute("DROP TYPE account_state")
