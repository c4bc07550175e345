"""seed settings

Revision ID: 0c2d9b8a7f61
Revises: 5b1f0c7a2e10
Create Date: 2024-02-03 10:00:00+02:00

"""
import datetime
import decimal
import uuid

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0c2d9b8a7f61"
down_revision = "5b1f0c7a2e10"
branch_labels = None
depends_on = None


def upgrade():
    setting = op.create_table(
        "setting",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("id", postgresql.UUID(as_uuid=True)),
        sa.Column("value", postgresql.JSONB()),
        sa.Column("plain", postgresql.JSON()),
        sa.Column("words", postgresql.ARRAY(sa.Text())),
        sa.Column("data", sa.LargeBinary()),
        sa.Column("day", sa.Date()),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("pause", sa.Interval()),
        sa.Column("rate", sa.Numeric()),
        sa.Column("ratio", sa.Float()),
        sa.Column("active", sa.Boolean()),
    )
    op.bulk_insert(setting, [
        {"name": "it's 100% \\ :sure", "id": uuid.UUID(int=7),
         "value": {"a": ["x'y", "\\", None, 1.5]}, "plain": ["%", ":b"],
         "words": ["a b", 'c"d', "e\\f", "", None], "data": b"\x00\xff'",
         "day": datetime.date(2024, 2, 29),
         "since": datetime.datetime(2024, 2, 29, 12, 30, 15, 123456,
                                    datetime.timezone.utc),
         "pause": datetime.timedelta(days=-1, seconds=30, microseconds=5),
         "rate": decimal.Decimal("-0.10"), "ratio": 0.1, "active": True},
        {"name": "empty", "id": None, "value": None, "plain": None,
         "words": [], "data": b"", "day": None, "since": None,
         "pause": None, "rate": None, "ratio": None, "active": False},
    ])
    op.get_bind().execute(
        sa.text("UPDATE setting SET value = :v WHERE name = :n"),
        {"v": '{"b": "a\\\\b"}', "n": "empty"})
    op.execute(
        setting.update().where(setting.c.name == "empty")
        .values(rate=sa.literal(5) + 1))


def downgrade():
    op.drop_table("setting")
