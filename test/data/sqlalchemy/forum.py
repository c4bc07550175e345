"""A forum with declarative models, for SQLAlchemy 1.4 and later."""

import enum
import uuid

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    event,
    func,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import declarative_base, relationship
from sqlalchemy.schema import DDL
from sqlalchemy.types import TypeDecorator, UserDefinedType

# What create_all() expects
BEFORE_CREATE_ALL = "CREATE EXTENSION citext"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Base = declarative_base(metadata=metadata)


class Role(enum.Enum):
    """Labels of the type are the names, not the values."""

    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"


class CIText(UserDefinedType):
    """A type that SQLAlchemy does not know before 2.0."""

    cache_ok = True

    def get_col_spec(self, **kw):
        return "CITEXT"


class Labels(TypeDecorator):
    """A set of words, kept as an array."""

    impl = ARRAY(String(30))
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else sorted(value)


class RoleList(TypeDecorator):
    """An array of enums behind a decorator."""

    impl = ARRAY(Enum(Role, name="role"))
    cache_ok = True


membership = Table(
    "membership",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"),
           primary_key=True),
    Column("group_id", ForeignKey("group.id", ondelete="CASCADE"),
           primary_key=True),
    Column("since", DateTime(timezone=True), server_default=func.now(),
           nullable=False),
)


class User(Base):
    __tablename__ = "user"
    __table_args__ = {"comment": "People and bots"}

    id = Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)
    email = Column(CIText, nullable=False, unique=True)
    role = Column(Enum(Role, name="role"), nullable=False,
                  default=Role.GUEST)
    settings = Column(JSONB, nullable=False, default=dict)
    flags = Column(JSON, nullable=False, default={"beta": False})
    is_bot = Column(Boolean, nullable=False, default=False)
    motto = Column(Text, nullable=False, default="it's\nme")
    karma = Column(Integer, default=0, nullable=False, index=True)
    full_name = Column(String(100), info={"renamed_from": "name"})
    groups = relationship("Group", secondary=membership)


class Group(Base):
    __tablename__ = "group"
    __table_args__ = {"info": {"renamed_from": "Team"}}

    id = Column(Integer, primary_key=True)
    name = Column(String(50), unique=True, nullable=False)
    allowed = Column(RoleList)


class Post(Base):
    __tablename__ = "post"
    __table_args__ = (
        Index(None, "author_id", text("created DESC")),
        Index("post_search", text("to_tsvector('english', body)"),
              postgresql_using="gin"),
        Index("post_trgm", "title", postgresql_using="gin",
              postgresql_ops={"title": "gin_trgm_ops"}),
    )

    id = Column(Integer, primary_key=True)
    parent_id = Column(ForeignKey("post.id"))
    author_id = Column(ForeignKey("user.id"), nullable=False)
    title = Column(String(200), nullable=False, server_default="")
    body = Column(Text, nullable=False)
    labels = Column(Labels, nullable=False, default=[])
    created = Column(DateTime, server_default=func.now(), nullable=False)
    changed = Column(DateTime, server_default=text("now()"))
    children = relationship("Post")


touch = DDL("""\
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := now();
    RETURN NEW;
END $$;""")
touched = DDL(
    "CREATE TRIGGER touch BEFORE UPDATE ON %(fullname)s\n"
    "    FOR EACH ROW WHEN (OLD.title LIKE '%%;%%') EXECUTE FUNCTION touch()"
)
event.listen(metadata, "before_create", DDL(
    "CREATE EXTENSION IF NOT EXISTS pg_trgm"))
event.listen(metadata, "before_create", touch)
event.listen(Post.__table__, "after_create",
             touched.execute_if(dialect="postgresql"))
event.listen(Post.__table__, "after_create",
             DDL("never").execute_if(dialect="sqlite"))


@event.listens_for(metadata, "after_create")
def make_view(target, connection, **kw):
    """A listener that asks before it acts."""
    if connection.execute(text("SELECT 1 FROM pg_views "
                               "WHERE viewname = 'recent'")).scalar():
        return
    if "recent" in inspect(connection).get_view_names():
        return
    connection.execute(text(
        "CREATE VIEW recent AS SELECT id, title FROM post\n"
        "  WHERE created > now() - interval '1 day' -- since \\:yesterday"))


@event.listens_for(Group.__table__, "after_create")
def first_group(target, connection, **kw):
    """Rows belong to no schema."""
    connection.execute(target.insert(), {"name": "all"})
