"""Completion of revisions in the shell, from the folder alone."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from .app import App
from .errors import Failure


def revisions(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return ids, labels and words that begin so."""
    app = context.find_object(App) or App()
    # the second part of a range A:B
    before, colon, incomplete = incomplete.rpartition(":")
    items = [
        CompletionItem(word) for word in ("head", "heads", "base", "current")
    ]
    try:
        for label, node in app.folder.graph.labels.items():
            items.append(CompletionItem(label, help=node.revision.message))
        for revision in app.folder.revisions.values():
            items.append(CompletionItem(revision.id, help=revision.message))
    except Failure:
        pass  # completion says nothing
    found = [item for item in items if item.value.startswith(incomplete)]
    for item in found:
        item.value = before + colon + item.value
        if colon:
            item.help = None  # zsh would take what is behind it for one
    return found


def databases(context: click.Context, incomplete: str) -> list[str]:
    """Return the names in [databases] that begin so."""
    app = context.find_object(App) or App()
    try:
        names = app.config.databases
    except Failure:
        return []
    return [name for name in names if name.startswith(incomplete)]
