"""Schema migrations inside PostgreSQL: the client of pg_migrations.

upgrade() and upgrade_async() are for an application's start; pg-migrate is
the program for people and for CI.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    """Import what is asked for: the program begins before its imports."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import api, errors

    return getattr(api if hasattr(api, name) else errors, name)
