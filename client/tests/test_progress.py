"""Each notice of the extension, and what the client makes of it.

The client tells notices by their words, which nobody translates.  Here stand
all that the source has: a new one fails until somebody has said how it is to
be heard.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest

from pg_migrate.progress import Listener

SOURCE = Path(__file__).parents[2] / "src"

WIDTH = 60  # of a message: enough to tell one from another
# One line for each step of a run
STEP = {
    "[%d/%d] downgrade %s -> %s, %s",
    "[%d/%d] upgrade %s -> %s, %s",
}
# Commands say it themselves, in their own words
SAID = {
    'revision "%s" takes in %d other',
    'revision "%s" takes in %d others',
    "%s and model agree (%s)",
    "%s and model agree, no revision was made",
    'generated revision "%s" anew',
    "model: %s",
    "nothing to adopt: what table %s names is applied",
    'nothing to apply: "%s" stands for no revision',
    'nothing to apply: already at "%s"',
    'nothing to apply: already at "%s" (%s)',
    'nothing to apply: the database is beyond "%s"',
    "nothing to stamp: already at %s",
    'nothing to undo: no applied revision is above "%s"',
    'nothing to undo: nothing is applied with tag "%s"',
    "nothing was changed by hand, no revision was made",
    "revisions from files: %s",
    "stamped %s -> %s",
    'stored revision "%s" as a base',
    'stored revision "%s" as the baseline, recorded as applied',
    'stored revision "%s" on %s',
    'stored what was changed by hand as revision "%s", recorded a',
    "the database is what its revisions build (%s)",
    "the generated scripts are not proven",
    "the upgrade script is to be looked at before it runs",
    "the upgrade script loses data",
}
# Everything else is printed
SHOWN = {
    "%d column is inherited and its table's own as well, in %s it",
    "%d columns are inherited and their tables' own as well, in %",
    "%d file for another database is left out",
    "%d files for other databases are left out",
    "%d mark of the model fills nothing",
    "%d mark of the model renames nothing",
    "%d marks of the model fill nothing",
    "%d marks of the model rename nothing",
    "%d object is not in the model, and stays: its schema is not ",
    "%d objects are not in the model, and stay: their schemas are",
    "%d partition is not in the model, and stays: the model has n",
    "%d partitions are not in the model, and stay: the model has ",
    "%d revision builds something by the rows that it finds: what",
    "%d revision is recorded here and never ran: what differs may",
    "%d revisions are recorded here and never ran: what differs m",
    "%d revisions build something by the rows that they find: wha",
    "%d statement of the revisions is about the server, and was n",
    "%d statements of the revisions are about the server, and wer",
    "%d verify script is gone",
    "%d verify scripts are gone",
    "could not log that %s changed the schema: %s",
    'could not log that revision "%s" failed',
    'extension "%s" has version %s, in the model it has %s',
    'extension "pg_migrations" has version %s, its module has %s',
    "no revision can do what was changed by hand, none was made",
    'publication "%s" holds tables of extension "pg_migrations"',
    'revision "%s" counts as stored by role "%s"',
    'revision "%s" is irreversible: it has no downgrade script',
    'revisions are recorded as applied in schema "%s", which does',
    "the %s has what the model says (%s), and more",
    "the %s has what the model says, no revision was made",
    "the database has %d table, and no revision has made it",
    "the database has %d tables, and no revision has made them",
    "the downgrade script may fail, or is to be completed",
    'the mark "migrate:partitions elsewhere" at table %s means no',
    "the model is built anew in each session, since it was stored",
    "the model names roles that do not exist: %s",
    "trying again, %d of %d: %s",
    "waiting for a prepared transaction",
    "waiting for another migration",
    "waiting for another session that compares a model with this ",
    'waiting for revision "%s", which nobody has stored yet',
}
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
TEXTS = re.compile(r'(?:"(?:[^"\\]|\\.)*"\s*)+')


def balanced(text, start):
    """Return what stands between the parenthesis there and its partner."""
    depth = 0
    for match in re.compile(r'"(?:[^"\\]|\\.)*"|[()]').finditer(text, start):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth == 0:
            return text[start + 1 : match.start()]
    raise AssertionError(text[start : start + 80])


def messages():
    found = set()
    for path in SOURCE.rglob("*.c"):
        text = path.read_text("utf-8")
        for report in re.finditer(r"\bereport\(", text):
            call = balanced(text, report.end() - 1)
            if not re.search(r"\b(NOTICE|WARNING)\b", call.split("(")[0]):
                continue
            for message in re.finditer(r"\berrmsg(_\w+)?\(", call):
                inside = balanced(call, message.end() - 1)
                for literals in TEXTS.findall(inside):
                    words = "".join(LITERAL.findall(literals))
                    found.add(words.replace('\\"', '"')[:WIDTH])
    return found - {", ", "base"}  # what stands in a placeholder


def test_all_notices_are_known():
    assert messages() == STEP | SAID | SHOWN


class Heard:
    """An App whose output is listened to."""

    def __init__(self):
        self.output = self.progress = self
        self.calls = []

    def aside(self):
        return contextlib.nullcontext()

    def __getattr__(self, name):
        return lambda *arguments: self.calls.append((name, *arguments))


def heard(text, severity="NOTICE"):
    app = Heard()
    Listener(app).hear(severity, text, None, None)
    return [call for call in app.calls if call[0] != "end"]


@pytest.mark.parametrize("message", sorted(SAID | SHOWN))
def test_notice(message):
    text = message.replace("%d", "3").replace("%s", "database")
    calls = heard(text)
    if message in SAID:
        assert calls == []
    else:
        assert calls[0] == ("note", text)
        assert heard(text, "WARNING")[0] == ("warn", text)


def test_steps():
    """A merge has parents between commas, and so may a message."""
    for text, revision, message in (
        ("[1/2] upgrade base -> ae1027a6acf4, a, b", "ae1027a6acf4", "a, b"),
        ("[1/2] upgrade 1975ea83, 5e6fa91b -> m1, join", "m1", "join"),
        ("[1/2] upgrade a -> ae10, -> x, y -> z", "ae10", "-> x, y -> z"),
        ("[1/2] downgrade m1 -> 1975ea83, 5e6fa91b, join", "m1", "join"),
        ("[1/2] downgrade 0002 -> 0001, 12 steps", "0002", "12 steps"),
        ("[1/2] downgrade a -> base, two\nlines", "a", "two\nlines"),
    ):
        assert heard(text) == [("step", "[1/2]", revision, message)], text
