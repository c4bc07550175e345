"""What the server says while it works."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .server import without_calls

if TYPE_CHECKING:
    from .app import App

# A merge has several parents, which the message cannot be told from by the
# comma alone.
STEP = re.compile(
    r"(\[\d+/\d+\]) (upgrade|downgrade) (.+?) -> "
    r"([^,\s]+(?:, [0-9a-f]{8,})*), (.*)",
    re.DOTALL,
)
# Said by the commands themselves, in their own words
SAID = re.compile(
    r"revisions from files:|nothing (to (apply|undo|stamp|adopt)|was changed)|"
    r"stamped |stored (revision|what was changed)|generated revision|model:|"
    r'revision "[^"]*" takes in |'
    r".* and model agree|the database is what its revisions build|"
    r"the (upgrade|downgrade) script (is to be looked at|loses data)|"
    r"the generated scripts are not proven"
)


class Listener:
    """Turns notices into progress and warnings."""

    def __init__(self, app: App) -> None:
        """Print where the command prints."""
        self.app = app
        self.truncated: set[str] = set()

    def hear(
        self,
        severity: str,
        message: str,
        detail: str | None,
        hint: str | None,
    ) -> None:
        """Take a notice."""
        step = STEP.match(message)
        if step:
            number, direction, left, right, text = step.groups()
            revision = right if direction == "upgrade" else left
            self.app.progress.step(number, revision, text)
            return
        if SAID.match(message):
            return
        if severity in ("DEBUG", "LOG", "INFO"):
            return
        if "will be truncated to" in message:  # each time it is parsed
            if message in self.truncated:
                return
            self.truncated.add(message)
        if "no revision has made" in message:
            hint = "pg-migrate baseline makes the first revision of it."
        output = self.app.output
        with self.app.progress.aside():
            if severity == "WARNING":
                output.warn(message)
            else:
                output.note(message)
            for part in (detail, without_calls(hint)):
                for line in (part or "").splitlines():
                    output.note(f"  {line}", "dim")
