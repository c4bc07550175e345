"""Metadata that define something twice, or not at all."""

import sqlalchemy as sa

enum = sa.MetaData()
sa.Table("orders", enum, sa.Column("state", sa.Enum("new", "paid", name="s")))
sa.Table("bills", enum, sa.Column("state", sa.Enum("open", "paid", name="s")))

index = sa.MetaData()
sa.Table("orders", index, sa.Column("id", sa.Integer), sa.Index("i", "id"))
sa.Table("bills", index, sa.Column("no", sa.Integer), sa.Index("i", "no"))

check = sa.MetaData()
sa.Table(
    "orders",
    check,
    sa.Column("id", sa.Integer),
    sa.CheckConstraint("id > 0", name="c"),
    sa.CheckConstraint("id > 1", name="c"),
)

tables = [sa.MetaData(), sa.MetaData()]
sa.Table("orders", tables[0], sa.Column("id", sa.Integer))
sa.Table("orders", tables[1], sa.Column("no", sa.Integer))

# which the server takes for one
key = sa.MetaData()
sa.Table(
    "orders",
    key,
    sa.Column("id", sa.Integer),
    sa.UniqueConstraint("id", name="u"),
    sa.UniqueConstraint("id", name="u"),
)

# an index of nothing
empty = sa.MetaData()
sa.Table("orders", empty, sa.Column("id", sa.Integer), sa.Index("i"))
