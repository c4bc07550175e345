"""all sorts of statements

Revision ID: 1a2b3c4d5e60
Revises:
Create Date: 2024-02-10 08:30:00.000001+01:00

"""
import datetime
import decimal
import enum

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert

revision = "1a2b3c4d5e60"
down_revision = None
branch_labels = None
depends_on = None


class Color(enum.Enum):
    red = 1
    green = "g"


metadata = sa.MetaData()
thing = sa.Table(
    "thing", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("color", sa.Enum(Color, name="color")),
    sa.Column("name", sa.Text, onupdate="changed", index=True),
    sa.Column("size", sa.Numeric, default=decimal.Decimal("1.50")),
    sa.Column("seen", sa.DateTime(timezone=True)),
    sa.Column("extra", postgresql.JSONB),
    sa.Column("numbers", postgresql.ARRAY(sa.Integer)),
)
noon = datetime.datetime(2024, 2, 10, 12, tzinfo=datetime.timezone.utc)


def upgrade():
    bind = op.get_bind()
    metadata.create_all(bind)
    op.bulk_insert(thing, [
        {"id": 1, "color": Color.red, "name": "100% \\: :a", "seen": noon,
         "extra": {"k": "v%"}, "numbers": [1, None, 3]},
        {"id": 2, "color": Color.green, "name": "", "seen": None,
         "extra": [], "numbers": []},
    ])
    bind.execute(thing.insert(), [{"id": 3, "name": "three"},
                                  {"id": 4, "name": "it's four"}])
    bind.execute(thing.update().where(thing.c.id == sa.bindparam("which")),
                 [{"which": 3, "color": Color.red}])
    op.execute(insert(thing).values(id=4, name="new")
               .on_conflict_do_update(index_elements=["id"],
                                      set_={"name": ":kept \\:b"}))
    op.execute(thing.update()
               .where(thing.c.seen <= noon)
               .where(thing.c.extra["k"].astext == "v%")
               .values(size=thing.c.size + decimal.Decimal("0.25")))
    op.execute(thing.insert().from_select(
        ["id", "name"],
        sa.select(thing.c.id + 10, thing.c.name + " %(copy)s")
        .where(thing.c.id.in_([1, 4]))))
    op.execute(sa.text("UPDATE thing SET name = :name WHERE id IN :ids")
               .bindparams(sa.bindparam("ids", [2, 14], expanding=True),
                           name="a\\:b :c"))
    op.execute(r"UPDATE thing SET name = name || '\:d 10:30 100%'"
               " WHERE name LIKE 'a%'; SELECT 1 -- the end")


def downgrade():
    metadata.drop_all(op.get_bind())
