"""The DDL of the models, by the Python of the application.

Models are imported in a process of their own: by the interpreter that has
the application's packages, whichever has ours.
"""

from __future__ import annotations

import os
import pkgutil
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .config import Config
from .errors import Usage

# The exit status of a converter that has left something to be completed
INCOMPLETE = 3


def interpreter(config: Config) -> str:
    """Return the Python that the project's packages are installed for."""
    if config.python:
        if os.sep not in config.python:
            found = shutil.which(config.python)
        else:
            # not resolved: a link into another place is how a virtual
            # environment is known
            found = os.path.join(config.root, config.python)
        if not found or not os.access(found, os.X_OK):
            raise Usage(
                f"there is no Python {config.python}",
                next="python = ... in pg-migrate.toml, or --python",
            )
        return found
    environments = [config.root / ".venv", config.root / "venv"]
    if os.environ.get("VIRTUAL_ENV"):
        environments.insert(0, Path(os.environ["VIRTUAL_ENV"]))
    for folder in environments:
        for name in ("bin/python", "Scripts/python.exe"):
            if os.access(folder / name, os.X_OK):
                return str(folder / name)
    return sys.executable


@contextmanager
def copied(*programs: str) -> Iterator[str]:
    """Copy programs of this package, which may be in a zip file; the first."""
    with tempfile.TemporaryDirectory(prefix="pg-migrate.") as folder:
        for program in programs:
            source = pkgutil.get_data(__package__, f"{program}.py")
            if source is None:
                raise RuntimeError(f"no {program}.py")
            Path(folder, f"{program}.py").write_bytes(source)
        yield os.path.join(folder, f"{programs[0]}.py")


def run_inside(
    config: Config,
    program: str,
    arguments: Sequence[str],
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program of this package by the project's Python.

    What the project's modules say is printed as it comes.  What the program
    itself says is printed at the end, unless it fails: then it is the
    caller's, so that reports have it, too.
    """
    said: list[str] = []
    with copied(program) as path, subprocess.Popen(
        [interpreter(config), path, *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="backslashreplace",
    ) as process:
        assert process.stdout and process.stderr
        hearing = threading.Thread(
            target=hear, args=(process.stderr, said), daemon=True
        )
        hearing.start()
        try:
            out = process.stdout.read()
            hearing.join()
        except BaseException:
            process.kill()
            hearing.join(1)
            raise
    done = subprocess.CompletedProcess(
        process.args, process.returncode, out, "".join(said)
    )
    if done.returncode in (0, INCOMPLETE):
        sys.stderr.write(done.stderr)
    return done


def hear(lines: Iterable[str], said: list[str]) -> None:
    """Print lines up to the first of the program's own; keep the others."""
    for line in lines:
        if said or line.startswith("pg-migrate: "):
            said.append(line)
        else:
            sys.stderr.write(line)
            sys.stderr.flush()


def reason(done: subprocess.CompletedProcess[str]) -> str | None:
    """Return why a program has failed, as it says it."""
    text = re.sub(r"^pg-migrate: ", "", done.stderr, flags=re.MULTILINE)
    return text.rstrip() or None


# Models as Alembic's env.py has them: alembic.ini, alembic.ini:SECTION, or
# alembic:MODULE:NAME where a program of the project makes the settings
ALEMBIC = re.compile(
    r"alembic:(?P<call>[^\W\d][\w.]*:[^\W\d][\w.]*)\Z|"
    r"(?P<file>.*\.ini|(?:.*/)?pyproject\.toml)(?::(?P<section>\w+))?\Z"
)


def alembic_models(config: Config) -> tuple[str, str] | None:
    """Return what from_alembic.py takes as -c and -n, of the models."""
    for name in config.models:
        match = ALEMBIC.match(name)
        if match:
            call = match["call"]
            file = call or str(config.root / match["file"])
            return file, match["section"] or "alembic"
    return None


def model_text(config: Config, version: int | None) -> str:
    """Return the DDL that the models describe, but for Alembic's."""
    texts = []
    modules = []
    for name in config.models:
        if name.endswith(".sql"):
            path = config.root / name
            try:
                texts.append(path.read_text("utf-8-sig"))
            except OSError as error:
                raise Usage(
                    f"cannot read {path}: {error.strerror}",
                    next="models = ... in pg-migrate.toml",
                )
        elif not ALEMBIC.match(name):
            modules.append(name)
    if modules:
        arguments = list(modules)
        for name in config.imports:
            arguments += ["--import", name]
        if version:
            arguments += ["--server-version", str(version)]
        done = run_inside(
            config, "from_sqlalchemy", arguments, cwd=config.root
        )
        if done.returncode:
            raise Usage(
                f"the models could not be read: {', '.join(modules)}",
                detail=reason(done),
                next="pg-migrate model, when that is mended; python = ... "
                "names another interpreter",
            )
        texts.append(done.stdout)
    return "\n".join(texts)


def before_tables(model: str, texts: Sequence[str]) -> str:
    """Put statements into a model, behind its extensions and schemas."""
    match = re.search(r"^CREATE (?:\w+ )*TABLE ", model, re.MULTILINE)
    place = match.start() if match else len(model)
    added = "".join(f"{text}\n\n" for text in texts)
    return model[:place] + added + model[place:]
