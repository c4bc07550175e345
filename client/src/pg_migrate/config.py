"""Settings: pg-migrate.toml, or [tool.pg-migrate] of pyproject.toml."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import Usage

FILE = "pg-migrate.toml"
KEYS = {
    "folder": (str, list),
    "models": (str, list),
    "import": (str, list),
    "python": (str,),
    "schema": (str,),
    "role": (str,),
    "url": (str,),
    "include": (str, list),
    "exclude": (str, list),
    "settings": (dict,),
    "databases": (dict,),
}


@dataclass
class Config:
    """What is set, in a file, in the environment and on the command line."""

    root: Path = field(default_factory=Path.cwd)
    file: Path | None = None
    folders: list[Path] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    python: str | None = None
    schema: str | None = None
    role: str | None = None
    url: str | None = None
    include: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    databases: list[str] = field(default_factory=list)

    @property
    def ddl_files(self) -> list[str]:
        """Those of the models that are files of DDL."""
        return [name for name in self.models if name.endswith(".sql")]

    @property
    def file_template(self) -> str:
        """The template for names of new files."""
        from .revision import DEFAULT_TEMPLATE

        return self.settings.get("migrate.file_template", DEFAULT_TEMPLATE)


def _load(path: Path) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except tomllib.TOMLDecodeError as error:
        raise Usage(f"{path}: {error}", next="an editor")
    except OSError as error:
        raise Usage(f"cannot read {path}: {error.strerror}", next="--config")


def find_file(start: Path) -> Path | None:
    """Return the file with the settings, there or above."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder / FILE
        pyproject = folder / "pyproject.toml"
        if pyproject.is_file() and "pg-migrate" in _load(pyproject).get(
            "tool", {}
        ):
            return pyproject
    return None


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(v) for v in value]


def _text(value: Any) -> str:
    """Return a value of a setting as the server reads it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _check(table: dict[str, Any], where: str) -> None:
    for key, value in table.items():
        if key not in KEYS:
            raise Usage(
                f'{where}: there is no setting "{key}"',
                next="one of " + ", ".join(KEYS),
            )
        if not isinstance(value, KEYS[key]):
            raise Usage(
                f"{where}: {key} is a {type(value).__name__}",
                next="a text" if KEYS[key] == (str,) else "another value",
            )


def expand(url: str, where: str) -> str:
    """Put variables of the environment into a URL: ${NAME}."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in os.environ:
            raise Usage(
                f"{where}: {name} is not set in the environment",
                next=f"export {name}=...",
            )
        return os.environ[name]

    return re.sub(r"\$\{(\w+)\}", value, url)


def load(file: str | None = None, database: str | None = None) -> Config:
    """Return the settings for a database."""
    path = Path(file) if file else find_file(Path.cwd())
    config = Config()
    table: dict[str, Any] = {}
    if path is not None:
        config.file = path
        config.root = path.absolute().parent
        table = _load(path)
        if path.name == "pyproject.toml":
            table = table.get("tool", {}).get("pg-migrate", {})
        _check(table, str(path))
    where = str(path or FILE)
    databases = table.pop("databases", {})
    config.databases = list(databases)
    if database is not None:
        if database not in databases:
            raise Usage(
                f'{where}: there is no database "{database}"',
                next="one of " + ", ".join(databases)
                if databases
                else f"a table [databases.{database}] in it",
            )
        own = databases[database]
        _check(own, f"{where}, databases.{database}")
        settings = {**table.get("settings", {}), **own.get("settings", {})}
        table = {**table, **own, "settings": settings}
    folders = _as_list(table.get("folder", "migrations"))
    config.folders = [config.root / folder for folder in folders]
    config.models = _as_list(table.get("models", []))
    config.imports = _as_list(table.get("import", []))
    config.include = _as_list(table.get("include", []))
    config.exclude = _as_list(table.get("exclude", []))
    config.python = table.get("python")
    config.schema = table.get("schema")
    config.role = table.get("role")
    if "url" in table:
        config.url = expand(table["url"], where)
    config.settings = flat(table.get("settings", {}))
    return config


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Return settings by their full names; migrate. may be left out."""
    found = {}
    for name, value in table.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{prefix}{name}."))
        else:
            full = prefix + name
            found[full if "." in full else f"migrate.{full}"] = _text(value)
    return found


def check_setting(text: str) -> tuple[str, str]:
    """Take NAME=VALUE apart."""
    name, sign, value = text.partition("=")
    if not sign or not re.fullmatch(r"[A-Za-z_][\w.]*", name):
        raise Usage(f'"{text}" is not NAME=VALUE', next="NAME=VALUE")
    return name, value
