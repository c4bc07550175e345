"""create notes

Revision ID: ab12cd34ef56
Revises:
Create Date: 2024-04-01 09:00:00

"""
from alembic import context, op
import sqlalchemy as sa

revision = "ab12cd34ef56"
down_revision = None
branch_labels = ("tenant",)
depends_on = None

schema = context.get_x_argument(as_dictionary=True)["tenant"]


def upgrade():
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("parent", sa.Integer(),
                  sa.ForeignKey(schema + ".note.id")),
        sa.Column("text", sa.Text()),
        schema=schema,
    )
    op.execute(f"COMMENT ON TABLE {schema}.note IS '{schema}.note'")


def downgrade():
    op.drop_table("note", schema=schema)
