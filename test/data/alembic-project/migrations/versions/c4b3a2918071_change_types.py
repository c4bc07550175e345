"""change types

Revision ID: c4b3a2918071
Revises: 9a8b7c6d5e41
Create Date: 2024-02-08 11:00:00

"""
from alembic import op
import sqlalchemy as sa

revision = "c4b3a2918071"
down_revision = "9a8b7c6d5e41"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_constraint("uq_account_email", "account", type_="unique")
    op.alter_column("account", "email", new_column_name="login",
                    type_=sa.Text(), existing_type=sa.String(255),
                    comment="was: email")
    op.create_unique_constraint(None, "account", ["login"])
    op.alter_column("setting", "rate", type_=sa.Integer(),
                    postgresql_using="rate::integer",
                    server_default="0")
    op.create_exclude_constraint("one_a_moment", "order",
                                 ("placed_at", "="), using="btree")
    op.rename_table("setting", "option")


def downgrade():
    op.rename_table("option", "setting")
    op.drop_constraint("one_a_moment", "order")
    op.alter_column("setting", "rate", type_=sa.Numeric(),
                    server_default=None)
    op.drop_constraint("uq_account_login", "account", type_="unique")
    op.alter_column("account", "login", new_column_name="email",
                    type_=sa.String(255), existing_type=sa.Text(),
                    comment=None, existing_comment="was: email")
    op.create_unique_constraint(op.f("uq_account_email"), "account",
                                ["email"])
