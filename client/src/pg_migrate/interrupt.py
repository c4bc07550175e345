"""Ctrl-C: an interrupt that comes where no exception can leave."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_inside = 0
_before = sys.unraisablehook


def _again() -> None:
    """Interrupt the main thread once more, soon."""
    if sys.platform == "win32":
        again = threading.Timer(0.05, signal.raise_signal, (signal.SIGINT,))
    else:
        main = threading.main_thread().ident
        assert main is not None
        target = (main, signal.SIGINT)
        again = threading.Timer(0.05, signal.pthread_kill, target)
    again.start()


def _hook(unraisable: Any) -> None:
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        _again()
    else:
        _before(unraisable)


@contextmanager
def interrupts_kept() -> Iterator[None]:
    """Repeat an interrupt that would be lost in here.

    libpq calls psycopg, and that the handlers of notices, from C: what is
    raised on the way, in whoever's frames, cannot go on to the caller, and
    the interpreter hands it to a hook instead.  Interrupts are raised in the
    main thread alone; tasks may come and leave there in any order.
    """
    global _inside, _before
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    if _inside == 0:
        _before, sys.unraisablehook = sys.unraisablehook, _hook
    _inside += 1
    try:
        yield
    finally:
        _inside -= 1
        if _inside == 0:
            sys.unraisablehook = _before
