"""A chat application with SQLModel."""

import uuid
from datetime import datetime, timezone
from enum import Enum
from typing import List, Optional

from sqlalchemy import JSON, Column, DateTime, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, Relationship, SQLModel


def now():
    return datetime.now(timezone.utc)


class Kind(str, Enum):
    human = "human"
    assistant = "assistant"


class Dated(SQLModel):
    created_at: datetime = Field(
        default_factory=now,
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": func.now()},
        nullable=False,
    )


class MemberLink(SQLModel, table=True):
    conversation_id: Optional[int] = Field(
        default=None, foreign_key="conversation.id", primary_key=True,
        ondelete="CASCADE")
    person_id: Optional[uuid.UUID] = Field(
        default=None, foreign_key="person.id", primary_key=True)
    muted: bool = False


class Person(Dated, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    email: str = Field(max_length=320, unique=True, index=True)
    full_name: Optional[str] = Field(
        default=None, sa_column_kwargs={"info": {"renamed_from": "name"}})
    is_active: bool = True
    credits: int = Field(default=10, ge=0)
    interests: List[str] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(Text), nullable=False, default=list))
    conversations: List["Conversation"] = Relationship(
        back_populates="people", link_model=MemberLink)


class Conversation(Dated, table=True):
    __table_args__ = (
        UniqueConstraint("slug", name="conversation_slug"),
        {"comment": "A thread"},
    )
    id: Optional[int] = Field(default=None, primary_key=True)
    title: str = "untitled"
    slug: str = Field(max_length=60)
    settings: dict = Field(default={}, sa_type=JSONB, nullable=False)
    people: List[Person] = Relationship(
        back_populates="conversations", link_model=MemberLink)
    parent_id: Optional[int] = Field(
        default=None, foreign_key="conversation.id")


class Message(Dated, table=True):
    __tablename__ = "message"
    id: Optional[int] = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    kind: Kind = Kind.human
    body: str = Field(sa_column=Column(Text, nullable=False, comment="text"))
    extra: Optional[dict] = Field(default=None, sa_column=Column(JSON))
    score: float = Field(default=0.5)
