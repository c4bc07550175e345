"""create orders

Revision ID: a91c3d4e5f60
Revises: 5b1f0c7a2e10
Create Date: 2024-02-01 09:15:00.250000

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "a91c3d4e5f60"
down_revision = "5b1f0c7a2e10"
branch_labels = None
depends_on = None

kind = postgresql.ENUM("retail", "trade", name="order_kind",
                       create_type=False)


def upgrade():
    kind.create(op.get_bind(), checkfirst=True)
    op.create_table(
        "order",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("account_id", sa.BigInteger(),
                  sa.ForeignKey("account.id", ondelete="CASCADE"),
                  nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("net", sa.Numeric(12, 2), nullable=False),
        sa.Column("gross", sa.Numeric(12, 2),
                  sa.Computed("net * 1.2", persisted=True)),
        sa.Column("tags", postgresql.ARRAY(sa.Text()),
                  server_default=sa.text("'{}'")),
        sa.Column("placed_at", sa.DateTime(timezone=True),
                  server_default=sa.text("now()"), nullable=False),
    )
    with op.batch_alter_table("order") as batch:
        batch.add_column(sa.Column("note", sa.Text()))
        batch.create_check_constraint("positive", "net >= 0")
        batch.alter_column("tags", nullable=False)


def downgrade():
    op.drop_table("order")
    kind.drop(op.get_bind(), checkfirst=True)
