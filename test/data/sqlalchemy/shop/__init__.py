"""A package whose models register when their modules are imported."""

from sqlalchemy import MetaData
from sqlalchemy.orm import declarative_base

print("a library that talks while it is imported")

Base = declarative_base()
other = MetaData()


def both():
    return [Base, other]
