"""What a command works with: settings, folder, server, models, output."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import config as settings
from .errors import Failure, Usage
from .folder import Folder
from .output import Output, Progress
from .revision import shown

if TYPE_CHECKING:
    from .hooks import AlembicProject
    from .server import Server


SCRIPT_LINE = re.compile(
    r"line (?P<line>\d+) of (?P<script>upgrade|downgrade|verify) script"
    r' of revision "(?P<revision>[^"]+)"'
)


class App:
    """Everything that the options of the command line lead to."""

    def __init__(self) -> None:
        """Begin with nothing; options fill it in."""
        self.options: dict[str, Any] = {}

    def _option(self, name: str) -> Any:
        return self.options.get(name)

    @cached_property
    def output(self) -> Output:
        """Where results go."""
        return Output(
            self._option("format") or "text", bool(self._option("quiet"))
        )

    @cached_property
    def config(self) -> settings.Config:
        """The settings, with what the command line says on top."""
        config = settings.load(
            self._option("config"), self._option("database")
        )
        if self._option("folder"):
            config.folders = [Path.cwd() / f for f in self._option("folder")]
        for name in ("url", "schema", "role", "python"):
            if self._option(name):
                setattr(config, name, self._option(name))
        if self._option("models"):
            config.models = list(self._option("models"))
        for text in self._option("set") or ():
            name, value = settings.check_setting(text)
            full = name if "." in name else f"migrate.{name}"
            config.settings[full] = value
        for text in self._option("x") or ():
            name, value = settings.check_setting(text)
            config.settings[f"migrate_x.{name}"] = value
        return config

    @cached_property
    def folder(self) -> Folder:
        """The revision files."""
        return Folder(self.config.folders)

    @cached_property
    def progress(self) -> Progress:
        """The steps of a run, as the server announces them."""
        return Progress(self.output)

    @cached_property
    def connect_text(self) -> str:
        """Where to connect, for libpq."""
        from .server import connect_text

        if self.config.url is None and self.alembic:
            self.config.url = self.alembic.url
        return connect_text(self.config, self.output.warn)

    @cached_property
    def bare_server(self) -> Server:
        """A connection, whether or not the extension is there."""
        from .progress import Listener
        from .server import Server

        return Server.connect(
            self.connect_text, self.config, Listener(self).hear
        )

    @cached_property
    def server(self) -> Server:
        """A connection to a database that has the extension."""
        return self.bare_server.find_extension()

    @property
    def schema(self) -> str | None:
        """The target schema; None is the database as a whole."""
        return self.config.schema

    # Models

    @cached_property
    def alembic(self) -> AlembicProject | None:
        """The Alembic project that the models are of, if they are."""
        from .models import alembic_models

        found = alembic_models(self.config)
        if found is None:
            return None
        from .hooks import AlembicProject

        return AlembicProject(
            self.config, *found, self._option("x") or (), self.output.warn
        )

    @cached_property
    def default(self) -> str:
        """The schema of names without one."""
        if self.schema:
            return self.schema
        rows = self.server.query("SELECT pg_catalog.current_schema() AS name")
        return rows[0]["name"] or "public"

    def scope(self) -> dict[str, Any]:
        """Return include and exclude as arguments of the functions."""
        return {
            "include": self.config.include or None,
            "exclude": self.config.exclude or None,
        }

    def comparison(self) -> dict[str, Any]:
        """Return models and scope as arguments of the functions.

        Without models the database has them stored.
        """
        arguments = {"schema": self.schema, **self.scope(), "model": None}
        if self.config.models:
            said = self._models(self.server.version, self.default)
            exclude = [*self.config.exclude, *said["exclude"]]
            arguments["model"] = said["model"]
            arguments["include"] = self.config.include or said["include"]
            arguments["exclude"] = exclude or None
        return arguments

    def model(self, version: int | None) -> str:
        """Return the DDL of the models."""
        text: str = self._models(version, self.schema or "public")["model"]
        return text

    def _models(self, version: int | None, schema: str) -> dict[str, Any]:
        """Return the DDL of the models, and the scope that env.py sets."""
        from .models import before_tables, model_text

        text = model_text(self.config, version)
        if self.alembic is None:
            return {"model": text, "include": None, "exclude": ()}
        said = self.alembic.ask("model", server=version, schema=schema)
        model = before_tables(said["model"], said["before"])
        model += "".join(f"\n{one}\n" for one in said["behind"])
        return {**said, "model": model + text}

    @property
    def models_name(self) -> str:
        """What the models are called in messages."""
        return ", ".join(self.config.models) or "the stored model"

    def require_models(self) -> None:
        """Refuse where no models are set."""
        if not self.config.models:
            raise Usage(
                "no models are set",
                next='models = "app.db.models:Base" in pg-migrate.toml, or '
                "--models",
            )

    # Files

    def warn_of_gap(self) -> None:
        """Say what is missing: what stands on it looks like a branch."""
        graph = self.folder.graph
        for sentence in graph.gap(graph.nodes.values()):
            self.output.warn(sentence.rstrip("."))

    def locate(self, failure: Failure) -> None:
        """Note the line of the file whose script has failed."""
        match = SCRIPT_LINE.search(failure.context or "")
        if match is None or failure.file:
            return
        with suppress(Usage):
            revision = match["revision"]
            failure.line = self.folder.line_of(
                revision, match["script"], int(match["line"])
            )
            if failure.line:
                failure.file = self.relative(self.folder.file_of(revision))

    def relative(self, path: Any) -> str:
        """Return a path as it is typed from here."""
        return shown(path)
