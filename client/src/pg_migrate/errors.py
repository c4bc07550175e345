"""What can go wrong, and the exit status that tells it."""

from __future__ import annotations


class Failure(Exception):
    """Something that ends a command; each kind has its exit status."""

    status = 1

    def __init__(
        self,
        message: str,
        *,
        detail: str | None = None,
        next: str | None = None,
        code: str | None = None,
        context: str | None = None,
        hint: str | None = None,
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        """Say what is wrong; "next" is the command that goes on."""
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.next = next
        self.code = code
        self.context = context
        self.hint = hint
        self.file = file
        self.line = line

    @property
    def whole(self) -> str:
        """The message and the detail."""
        return "\n".join(filter(None, (self.message, self.detail)))


class Found(Failure):
    """What was looked for was found: differences, drift, a failed test."""

    status = 1


class Usage(Failure):
    """The command line, the settings or the files are not right."""

    status = 2


class Refused(Failure):
    """The server says no."""

    status = 3


class Stopped(Failure):
    """The user has stopped it."""

    status = 130


class NotReached(Failure):
    """There is no connection, or there is none any more."""

    status = 4


# The next command for the refusals of the extension, by their SQLSTATE.  A
# "{}" is the name of the revision that the message puts between quotes.
NEXT = {
    "MG001": "pg-migrate heads; join them with pg-migrate merge",
    "MG002": "pg-migrate history",
    "MG003": "pg-migrate history, and more characters of the id",
    "MG004": "pg-migrate graph",
    "MG005": "pg-migrate history, and an id instead of a number of steps",
    "MG006": "pg-migrate history",
    "MG007": "pg-migrate current",
    "MG008": "pg-migrate stamp --purge REVISION",
    "MG009": "pg-migrate edit {}, and a downgrade section",
    "MG010": "pg-migrate upgrade --help",
    "MG011": "pg-migrate history",
    "MG012": "pg-migrate revision --splice, or --head",
    "MG013": "pg-migrate show {}",
    "MG014": "pg-migrate downgrade {}@-1, or a new revision",
    "MG015": "pg-migrate history",
    "MG016": "pg-migrate edit {}",
    "MG017": "pg-migrate upgrade, without --atomic",
    "MG018": "pg-migrate edit {}, and the call left out of its script",
    "MG019": "pg-migrate adopt",
    "MG020": "pg-migrate upgrade",
    "MG021": 'pg-migrate revision --autogenerate -m "..."',
    "MG022": "pg-migrate upgrade",
    "MG023": 'pg-migrate capture -m "...", or undo it',
    "MG024": "pg-migrate test, and pg-migrate edit of what has failed",
    "MG030": "an editor, then pg-migrate import --dry-run",
    "MG031": "pg-migrate sync (development), or a new revision",
    "MG040": "an editor: the model defines what it uses, and nothing else",
    "MG041": "an editor, and the statement left out of the model",
    "MG042": 'models = "app.db.models:Base" in pg-migrate.toml, or --models',
    "MG043": "pg-migrate test",
    "MG044": 'pg-migrate revision -m "...", and write it by hand',
    "22007": "--help",
    "25006": "the same on the primary: -n NAME, or --url",
    "42501": "GRANT, as docs/install.md has it below Roles; or another --role",
    "55P03": "pg-migrate status, then the same again",
}
