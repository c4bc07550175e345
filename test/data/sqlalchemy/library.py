"""A library in the style of SQLAlchemy 1.x: tables, schemas, sequences."""

from sqlalchemy import (
    BLANK_SCHEMA,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import (
    ARRAY,
    DATERANGE,
    ENUM,
    INET,
    JSONB,
    TSVECTOR,
    UUID,
    ExcludeConstraint,
)

# What create_all() expects
BEFORE_CREATE_ALL = r"""
CREATE SCHEMA library;
CREATE SCHEMA people;
CREATE EXTENSION btree_gist;
CREATE TYPE people."Item state" AS ENUM
    ('on shelf', 'lent', 'lost, \ or ''gone''');
"""

# CREATE INDEX CONCURRENTLY needs to be outside of a transaction.
ENGINE_OPTIONS = {"isolation_level": "AUTOCOMMIT"}

metadata = MetaData(schema="library")

shelf_numbers = Sequence(
    "shelf_numbers", start=100, increment=10, metadata=metadata
)
card_numbers = Sequence(
    "card_numbers", schema="people", data_type=Integer, cycle=True,
    start=1000, minvalue=1000, maxvalue=9999, metadata=metadata,
)

branch = Table(
    "branch",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("opens", Time, server_default=text("'09:00'")),
    Column("address", INET),
    comment="A house with books; it's 100% \"ours\"",
)

shelf = Table(
    "shelf",
    metadata,
    Column(
        "number", Integer, shelf_numbers, primary_key=True,
        server_default=shelf_numbers.next_value(),
    ),
    Column("branch_id", ForeignKey(branch.c.id), nullable=False),
    Column("label", String(40, collation="C")),
)

medium = Enum("book", "film", "map", name="medium", schema="library")
state = ENUM(
    "on shelf", "lent", "lost, \\ or 'gone'", name="Item state",
    schema="people", create_type=False,
)

item = Table(
    "item",
    metadata,
    Column("id", BigInteger, Identity(always=True, start=1000),
           primary_key=True),
    Column("medium", medium, nullable=False, server_default="book"),
    Column("state", state, nullable=False),
    Column("Title", Text, nullable=False, comment="as on the cover\nor spine"),
    Column("isbn", String(13)),
    Column("pages", Integer, CheckConstraint("pages > 0")),
    Column("price", Numeric(10, 2), server_default="0"),
    Column("vat", Numeric(10, 2), Computed("price * 0.07", persisted=True)),
    Column("tags", ARRAY(Text), nullable=False,
           server_default=text("'{}'::text[]")),
    Column("meta", JSONB(none_as_null=True)),
    Column("words", TSVECTOR),
    Column("scan", LargeBinary),
    Column("seen", DateTime(timezone=True), server_default=func.now()),
    Column("shelf_number", Integer),
    ForeignKeyConstraint(
        ["shelf_number"], ["library.shelf.number"], name="item on shelf",
        ondelete="SET NULL", onupdate="CASCADE", deferrable=True,
        initially="DEFERRED",
    ),
    UniqueConstraint("isbn", "shelf_number", deferrable=True),
    CheckConstraint("price >= 0 AND \"Title\" <> '%'", name="sane"),
)
Index("item_title", func.lower(item.c.Title).label("low"),
      postgresql_using="btree", postgresql_ops={"low": "text_pattern_ops"},
      postgresql_with={"fillfactor": 70})
Index("item_words", item.c.words, postgresql_using="gin",
      postgresql_with={"fastupdate": "off"})
Index("item_tags", item.c.tags, postgresql_using="gin",
      postgresql_concurrently=True)
Index("item_cheap", item.c.price.desc().nullslast(), item.c.isbn,
      postgresql_where=item.c.price < 10, postgresql_include=["pages"],
      unique=True)
Index("item_title_c", text('"Title" COLLATE "C"'), _table=item)

reader = Table(
    "reader",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True,
           server_default=func.gen_random_uuid()),
    Column("card", Integer, card_numbers, nullable=False,
           server_default=card_numbers.next_value()),
    Column("born", Date),
    Column("active", Boolean(create_constraint=True, name="is_bool"),
           nullable=False, default=True),
    Column("patience", Interval, server_default=text("'3 days'::interval")),
    Column("favourite", ForeignKey("library.item.id", use_alter=True,
                                   name="reader_favourite")),
    Column("last_loan", Integer),
    ForeignKeyConstraint(["last_loan"], ["people.loan.id"],
                         name="reader_last_loan", use_alter=True),
    schema="people",
    comment="Wer ausleihen m\u00f6chte",
)

loan = Table(
    "loan",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reader_id", ForeignKey(reader.c.id, ondelete="CASCADE"),
           nullable=False),
    Column("item_id", ForeignKey(item.c.id), nullable=False),
    Column("during", DATERANGE, nullable=False),
    ExcludeConstraint(("item_id", "="), ("during", "&&"), using="gist",
                      name="loan_once", where=text("reader_id IS NOT NULL")),
    schema="people",
)

log = Table(
    "log",
    metadata,
    Column("at", DateTime, nullable=False, primary_key=True),
    Column("what", Text, default="none", nullable=False),
    schema=BLANK_SCHEMA,
    postgresql_partition_by="RANGE (at)",
)
draft = Table(
    "draft",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    prefixes=["UNLOGGED"],
)
