"""A factory with the typed models of SQLAlchemy 2."""

import datetime
import decimal
import enum
import uuid
from typing import Annotated, Any, List, Optional

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    MetaData,
    Numeric,
    String,
    Table,
    UniqueConstraint,
    event,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import (
    ARRAY,
    CITEXT,
    DOMAIN,
    ENUM,
    HSTORE,
    INT4RANGE,
    JSONB,
    TSTZRANGE,
    ExcludeConstraint,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    declared_attr,
    mapped_column,
    relationship,
)
from sqlalchemy.schema import CreateSchema

# What create_all() expects
BEFORE_CREATE_ALL = """
CREATE EXTENSION btree_gist;
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
"""


class Colour(str, enum.Enum):
    RED = "red"
    GREEN = "green"
    NONE = "it's none"


class Status(enum.Enum):
    NEW = "new"
    DONE = "done"


Key = Annotated[
    int, mapped_column(Identity(always=False, cache=20), primary_key=True)
]
Money = Annotated[decimal.Decimal, mapped_column(Numeric(12, 2))]
Sku = DOMAIN("sku", String(12), not_null=False,
             check=r"VALUE ~ '^[A-Z\d]+$'", constraint_name="sku_form")


class Base(DeclarativeBase):
    metadata = MetaData(
        schema="factory",
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map = {
        dict[str, Any]: JSONB,
        list[str]: ARRAY(String(20)),
        # values, not names
        Colour: Enum(Colour, name="colour", inherit_schema=True,
                     values_callable=lambda e: [m.value for m in e]),
        datetime.datetime: DateTime(timezone=True),
    }


event.listen(Base.metadata, "before_create",
             CreateSchema("factory", if_not_exists=True))
event.listen(Base.metadata, "before_create", CreateSchema("partners"))


class Stamped:
    """Columns and a listener for every table that is stamped."""

    created: Mapped[datetime.datetime] = mapped_column(
        server_default=func.clock_timestamp(), sort_order=100)
    version: Mapped[int] = mapped_column(default=1, sort_order=101)

    @declared_attr.directive
    def __table_args__(cls):
        return (
            Index(None, "created", postgresql_using="brin",
                  postgresql_with={"pages_per_range": 32}),
            {"comment": f"{cls.__name__}, stamped"},
        )


part_supplier = Table(
    "part_supplier",
    Base.metadata,
    Column("part_id", ForeignKey("factory.part.id"), primary_key=True),
    Column("supplier_id", ForeignKey("partners.supplier.id"),
           primary_key=True),
    Column("rank", INT4RANGE),
)


class Part(Stamped, Base):
    __tablename__ = "part"

    id: Mapped[Key]
    sku: Mapped[str] = mapped_column(Sku, unique=True)
    name: Mapped[str] = mapped_column(String(60), index=True)
    colour: Mapped[Colour] = mapped_column(default=Colour.NONE)
    other_colours: Mapped[Optional[List[Colour]]] = mapped_column(
        ARRAY(Enum(Colour, name="colour", inherit_schema=True,
                   values_callable=lambda e: [m.value for m in e])))
    tags: Mapped[list[str]] = mapped_column(default=list)
    sizes: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    made_of_id: Mapped[Optional[int]] = mapped_column(
        ForeignKey("part.id", ondelete="SET NULL"))
    made_of: Mapped[Optional["Part"]] = relationship(remote_side="Part.id")
    price: Mapped[Money] = mapped_column(default=decimal.Decimal("0.50"))
    gross: Mapped[Money] = mapped_column(
        Computed("round(price * 1.19, 2)", persisted=True))
    due: Mapped[datetime.date] = mapped_column(
        default=datetime.date(2030, 1, 1))


class Supplier(Base):
    __tablename__ = "supplier"
    __table_args__ = (
        UniqueConstraint("name", "country",
                         postgresql_nulls_not_distinct=True),
        CheckConstraint("length(country) = 2", name="country"),
        Index(None, "name", unique=True, postgresql_where=text("NOT gone"),
              postgresql_include=["notes"],
              postgresql_nulls_not_distinct=True),
        {"schema": "partners"},
    )

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=text("gen_random_uuid()"))
    name: Mapped[str] = mapped_column(CITEXT)
    country: Mapped[Optional[str]] = mapped_column(String(2))
    notes: Mapped[dict] = mapped_column(HSTORE, default=dict)
    gone: Mapped[bool] = mapped_column(default=False)
    main_order_id: Mapped[Optional[int]]
    main_order_line: Mapped[Optional[int]]


Supplier.__table__.append_constraint(
    ForeignKeyConstraint(
        ["main_order_id", "main_order_line"],
        ["factory.order.id", "factory.order.line"],
    )
)


class Order(Base):
    __tablename__ = "order"
    __table_args__ = (
        ExcludeConstraint(("machine", "="), ("slot", "&&"), name="one_job",
                          using="gist", deferrable=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("partners.supplier.id", match="FULL",
                   postgresql_not_valid=True))
    status: Mapped[Status] = mapped_column(
        ENUM(Status, name="status", create_type=True),
        server_default=Status.NEW.name,
        comment="what comes next;\n  'new' or 'done'")
    machine: Mapped[int]
    slot: Mapped[Optional[Any]] = mapped_column(TSTZRANGE)
    renamed: Mapped[Optional[str]] = mapped_column(
        info={"renamed_from": "Old \"name"})


class Event(Base):
    __tablename__ = "event"
    __table_args__ = {
        "postgresql_partition_by": "LIST (kind)",
        "schema": "factory",
    }

    at: Mapped[datetime.datetime] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    data: Mapped[Optional[dict[str, Any]]]


class Shape(Base):
    """Single and joined table inheritance."""

    __tablename__ = "shape"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "s"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]


class Circle(Shape):
    __mapper_args__ = {"polymorphic_identity": "c"}
    radius: Mapped[Optional[float]]


class Square(Shape):
    __tablename__ = "square"
    __mapper_args__ = {"polymorphic_identity": "q"}
    id: Mapped[int] = mapped_column(ForeignKey("shape.id"), primary_key=True)
    side: Mapped[float]


@event.listens_for(Event.__table__, "after_create")
def make_partition(target, connection, **kw):
    connection.exec_driver_sql(
        "CREATE TABLE factory.event_rest PARTITION OF factory.event DEFAULT")
    with connection.begin_nested():
        connection.execute(text(
            "CREATE RULE quiet AS ON DELETE TO factory.event DO INSTEAD "
            "NOTHING"))
