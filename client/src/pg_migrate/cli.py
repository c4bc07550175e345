"""The program pg-migrate: options, commands, exit status."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import click

from .errors import Failure, Stopped, Usage
from .interrupt import interrupts_kept

# The commands by what they are for, as --help lists them.  Each is a function
# of a module in commands/, which is imported when it is needed.
FAMILIES = {
    "Write revisions": {
        "init": "author",
        "revision": "author",
        "merge": "author",
        "edit": "author",
        "squash": "author",
    },
    "Run them": {
        "upgrade": "run",
        "downgrade": "run",
        "stamp": "run",
        "sync": "run",
        "wait": "run",
    },
    "Look": {
        "current": "look",
        "history": "look",
        "heads": "look",
        "branches": "look",
        "show": "look",
        "graph": "look",
        "pending": "look",
        "plan": "look",
        "status": "look",
    },
    "Compare": {
        "check": "compare",
        "diff": "compare",
        "model": "compare",
        "drift": "compare",
        "capture": "compare",
        "baseline": "compare",
        "test": "compare",
        "ci": "compare",
    },
    "Files and other tools": {
        "import": "files",
        "export": "files",
        "convert": "files",
        "adopt": "files",
        "psql": "files",
        "completion": "files",
    },
}
STATUS = (
    "Exit status: 0 good, 1 found something, 2 usage, settings or files, "
    "3 refused by the server, 4 the server was not reached."
)


def _keep(
    context: click.Context, parameter: click.Parameter, value: Any
) -> None:
    """Hand an option to the App, where it stands above the settings."""
    from .app import App

    app = context.ensure_object(App)
    if value not in (None, (), False) and parameter.name:
        app.options[parameter.name] = value


def _databases(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Return the names in [databases], for completion."""
    from .complete import databases

    return databases(context, incomplete)


def common_options() -> list[click.Option]:
    """Return the options that every command has."""

    def option(*names: str, **attributes: Any) -> click.Option:
        return click.Option(
            names, expose_value=False, callback=_keep, **attributes
        )

    return [
        option("-c", "--config", metavar="FILE", help="Settings."),
        option(
            "-n",
            "--database",
            metavar="NAME",
            help="One of [databases].",
            shell_complete=_databases,
        ),
        option("--url", help="Where to connect; else DATABASE_URL, PG*."),
        option("--folder", multiple=True, metavar="DIR", help="Revisions."),
        option("--schema", metavar="NAME", help="The target schema."),
        option(
            "--python", metavar="FILE", help="What has the models' packages."
        ),
        option("--role", metavar="NAME", help="SET ROLE first."),
        option(
            "--set",
            multiple=True,
            metavar="NAME=VALUE",
            help="A setting of the server, as migrate.lock_timeout.",
        ),
        option(
            "-x",
            multiple=True,
            metavar="NAME=VALUE",
            help="migrate_x.NAME for scripts.",
        ),
        option("-q", "--quiet", is_flag=True, help="No progress, no advice."),
        option(
            "--format",
            type=click.Choice(["text", "json", "github", "gitlab", "junit"]),
            help="text for people; github, gitlab, junit: what checks find.",
        ),
    ]


models_option = click.option(
    "--models",
    multiple=True,
    metavar="MODULE:NAME",
    help="The models.",
    expose_value=False,
    callback=_keep,
)


class Command(click.Command):
    """A command with the common options, an example and the exit status."""

    def __init__(
        self, *arguments: Any, example: str = "", **attributes: Any
    ) -> None:
        """Add what all commands have."""
        super().__init__(*arguments, **attributes)
        own = {option for p in self.params for option in p.opts}
        self.common = [
            option for option in common_options() if not own & set(option.opts)
        ]
        self.params += self.common
        self.example = example

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Let -1 be a target, not an option."""
        if any(re.fullmatch(r"-\d+", argument) for argument in args):
            context.ignore_unknown_options = True
        return super().parse_args(context, args)

    def format_options(
        self, context: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List its own options before the common ones."""
        parts = (
            (
                "Options",
                [
                    p
                    for p in self.get_params(context)
                    if isinstance(p, click.Option) and p not in self.common
                ],
            ),
            ("Options of all commands", list(self.common)),
        )
        for title, parameters in parts:
            records = [p.get_help_record(context) for p in parameters]
            listed = [record for record in records if record]
            if listed:
                with formatter.section(title):
                    formatter.write_dl(listed)

    def format_epilog(
        self, context: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Show the example and the exit status."""
        if self.example:
            with formatter.section("Example"):
                for line in self.example.strip().splitlines():
                    formatter.write(f"  {line.strip()}\n")
        formatter.write_paragraph()
        formatter.write_text(STATUS)


def command(
    name: str, example: str, **attributes: Any
) -> Callable[[Callable[..., Any]], Command]:
    """Make a function a command; its docstring is the help."""

    def decorate(function: Callable[..., Any]) -> Command:
        made = click.command(name, cls=Command, example=example, **attributes)(
            click.pass_obj(function)
        )
        assert isinstance(made, Command)
        return made

    return decorate


class Program(click.Group):
    """The commands, which are imported one at a time."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names in the order of the families."""
        return [name for family in FAMILIES.values() for name in family]

    def invoke(self, context: click.Context) -> Any:
        """Run a command, which Ctrl-C may stop."""
        try:
            with interrupts_kept():
                return super().invoke(context)
        except KeyboardInterrupt:
            raise Stopped("stopped", next="pg-migrate status")

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of one that is not there, what is like it."""
        name = args[0]
        if self.get_command(context, name) is None and name[:1] != "-":
            from difflib import get_close_matches

            near = get_close_matches(name, self.list_commands(context), 1)
            raise Usage(
                f'there is no command "{name}"',
                next=f"pg-migrate {near[0] if near else '--help'}",
            )
        return super().resolve_command(context, args)

    def get_command(
        self, context: click.Context, name: str
    ) -> click.Command | None:
        """Import a command."""
        import importlib

        for family in FAMILIES.values():
            if name in family:
                module = importlib.import_module(
                    f"{__package__}.commands.{family[name]}"
                )
                found = getattr(module, f"{name}_command")
                assert isinstance(found, click.Command)
                return found
        return None

    def format_commands(
        self, context: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands by families."""
        for title, family in FAMILIES.items():
            rows = []
            for name in family:
                found = self.get_command(context, name)
                rows.append(
                    (name, found.get_short_help_str(60) if found else "")
                )
            with formatter.section(title):
                formatter.write_dl(rows)


@click.group(
    cls=Program,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 80,
    },
    epilog=STATUS,
    params=common_options(),
)
@click.version_option(
    package_name=None, version="0.2.0", prog_name="pg-migrate"
)
def program() -> None:
    """Schema migrations inside PostgreSQL, for those who know Alembic.

    The files of the folder decide what runs; pg-migrate.toml, or
    [tool.pg-migrate] of pyproject.toml, has the settings.
    """


def wants_json(arguments: list[str]) -> bool:
    """Tell whether a command line asks for JSON."""
    line = " ".join(arguments).split(" -- ")[0]
    return bool(re.search(r"(^| )--format[ =]json( |$)", line))


def no_driver(error: ImportError) -> Failure:
    """Return what it means that psycopg cannot be imported."""
    reason = str(error).strip().splitlines() or [""]
    return Usage(
        "psycopg, which talks to the server, does not work here",
        detail=reason[-1].lstrip("- "),
        next="pip install 'psycopg[binary]' by this Python "
        f"({sys.executable}), or libpq: libpq5 in Debian",
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the program; return the exit status."""
    from .app import App

    app = App()
    given = sys.argv[1:] if arguments is None else arguments
    if wants_json(given):  # also where a command line is not understood
        app.options["format"] = "json"

    def end(word: str, style: str, failure: Failure) -> int:
        app.progress.end(word, style)
        app.locate(failure)
        app.output.failure(failure)
        return failure.status

    try:
        status = program.main(
            args=arguments,
            prog_name="pg-migrate",
            standalone_mode=False,
            obj=app,
        )
        return status if isinstance(status, int) else 0
    except Stopped as failure:
        return end("stopped", "yellow", failure)
    except Failure as failure:
        return end("FAILED", "bold red", failure)
    except ImportError as error:
        if "libpq" not in str(error) and error.name != "psycopg":
            raise
        return end("FAILED", "bold red", no_driver(error))
    except click.ClickException as error:
        if app.options.get("format") == "json":
            context = getattr(error, "ctx", None)
            where = context.command_path if context else "pg-migrate"
            message = error.format_message()
            return end("", "", Usage(message, next=f"{where} --help"))
        error.show()
        return 2
    except click.Abort:  # before anything was done
        raise KeyboardInterrupt
    except BrokenPipeError:
        sys.stderr.close()
        return 0
