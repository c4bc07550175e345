"""grow the enum

Revision ID: 9a8b7c6d5e41
Revises: 3f2e1d0c9b81
Create Date: 2024-02-07 11:00:00

"""
from alembic import op

revision = "9a8b7c6d5e41"
down_revision = "3f2e1d0c9b81"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE account_state ADD VALUE 'paused' "
                   "AFTER 'active'")
        op.create_index("order_kind_placed", "order", ["kind", "placed_at"],
                        postgresql_concurrently=True)


def downgrade():
    raise NotImplementedError("an enum does not shrink")
