"""import what is gone

Revision ID: d00000000004
Revises: d00000000003
Create Date: 2024-03-01 10:03:00

"""
from alembic import op

from shop.models_of_2019 import Basket

revision: str = "d00000000004"
down_revision: str = "d00000000003"
branch_labels = None
depends_on = None


def upgrade():
    Basket.__table__.create(op.get_bind())


def downgrade():
    Basket.__table__.drop(op.get_bind())
