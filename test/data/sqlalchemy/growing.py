"""Models of an application that changes: before and after a release."""

import os

from sqlalchemy import Boolean, Column, Enum, Integer, Text
from sqlalchemy.orm import declarative_base

Base = declarative_base()
# A CHECK that the server writes down in another way each time it is read
Size = Enum("small", "large", name="size", native_enum=False, length=10,
            create_constraint=True)

if os.environ.get("RELEASE") != "2":

    class Person(Base):
        __tablename__ = "person"
        id = Column(Integer, primary_key=True)
        name = Column(Text)
        size = Column(Size)

else:

    class Person(Base):
        __tablename__ = "people"
        __table_args__ = {"info": {"renamed_from": "person"}}
        id = Column(Integer, primary_key=True)
        full_name = Column(Text, info={"renamed_from": "name"})
        size = Column(Size)
        active = Column(Boolean, nullable=False, default=True)
        note = Column(Text, nullable=False, default="it's\nnew")
