"""merge orders and settings

Revision ID: 3f2e1d0c9b81
Revises: 7e6d5c4b3a21, 0c2d9b8a7f61
Create Date: 2024-02-06 11:00:00

"""

revision = "3f2e1d0c9b81"
down_revision = ("7e6d5c4b3a21", "0c2d9b8a7f61")
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
