"""Schema migrations inside PostgreSQL: the client of pg_migrations.

upgrade() and upgrade_async() are for an application's start; pg-migrate is
the program for people and for CI.
"""

from .api import Result, upgrade, upgrade_async
from .errors import Failure, Found, NotReached, Refused, Usage

__version__ = "0.2.0"
__all__ = [
    "Failure",
    "Found",
    "NotReached",
    "Refused",
    "Result",
    "Usage",
    "upgrade",
    "upgrade_async",
]
