"""The program: pg-migrate, python -m pg_migrate, and the zipapp."""

import sys


def run() -> None:
    """Run the program and exit; Ctrl-C may come while it is imported."""
    try:
        from pg_migrate.cli import main

        status = main()
    except KeyboardInterrupt:
        sys.stderr.write("pg-migrate: stopped; nothing was changed\n")
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    run()
