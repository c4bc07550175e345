"""From the URL that an application has to what libpq takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from .errors import Usage

SCHEME = re.compile(
    r"(?:jdbc:)?(?:postgres|postgresql|postgis|pgsql)(?:\+\w+)?://"
)
SSL = {
    "true": "require",
    "on": "require",
    "1": "require",
    "false": "disable",
    "off": "disable",
    "0": "disable",
}
SSLMODES = (
    "disable",
    "allow",
    "prefer",
    "require",
    "verify-ca",
    "verify-full",
)


def _sslmode(value: str) -> str:
    mode = SSL.get(value.lower(), value)
    if mode not in SSLMODES:
        raise Usage(
            f"cannot tell what ssl={value} means in the database's URL",
            next="sslmode=require, or another sslmode",
        )
    return mode


def _checked(text: str, **parameters: str) -> str:
    """Return a connection string that libpq can read."""
    try:
        return make_conninfo(text, **parameters)
    except ProgrammingError as error:
        reason = str(error).split(': "')[0].strip()  # it quotes the password
        raise Usage(
            f"the database's URL is malformed: {reason}",
            next="postgresql://USER@HOST/DATABASE",
        )


def conninfo(url: str, warn: Callable[[str], None]) -> str:
    """Return the connection string of libpq for a URL.

    A driver's name in the scheme is dropped; parameters that libpq does not
    know are left out and named by warn(); ssl, search_path and Prisma's
    schema become what libpq calls them.
    """
    if "://" not in url:
        if not re.match(r"\s*[a-z_]+\s*=", url):
            raise Usage(
                "the database's URL is not one of PostgreSQL",
                next="postgresql://USER@HOST/DATABASE",
            )
        return _checked(url)
    match = SCHEME.match(url)
    if match is None:
        raise Usage(
            f"the database's URL is not one of PostgreSQL: it begins with "
            f'"{url.split("://")[0]}"',
            next="postgresql://USER@HOST/DATABASE",
        )
    rest, _, query = url[match.end() :].partition("?")
    parameters: dict[str, str] = {}
    options: list[str] = []
    left_out: list[str] = []
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        value = unquote(value)
        if name == "options":
            options.append(value)
        elif name in ("search_path", "schema"):
            path = re.sub(r"[ +]", r"\\ ", value)
            options.append(f"-csearch_path={path}")
        elif name == "ssl":
            parameters.setdefault("sslmode", _sslmode(value))
        elif name in known:
            parameters[name] = value
        else:
            left_out.append(name)
    if options:
        parameters["options"] = " ".join(options)
    if left_out:
        warn("left out of the database's URL: " + ", ".join(left_out))
    return _checked("postgresql://" + rest, **parameters)
