"""Creates the schema of models as an application does it.

create_all.py MODULE:ATTR URL
"""

import importlib
import sys

import sqlalchemy

name, attr = sys.argv[1].split(":")
module = importlib.import_module(name)
thing = getattr(module, attr)
options = getattr(module, "ENGINE_OPTIONS", {})
engine = sqlalchemy.create_engine(sys.argv[2], **options)
with engine.begin() as connection:
    before = getattr(module, "BEFORE_CREATE_ALL", "")
    if before:
        connection.connection.cursor().execute(before)
    getattr(thing, "metadata", thing).create_all(connection)
