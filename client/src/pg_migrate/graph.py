"""The revisions of a folder as a graph, and what identifiers mean in it.

The client's part of the grammar: ids, prefixes, labels, head(s), base, and
steps from one of these.  What counts from what is applied, +1 and current,
is for who knows that.  The server has the same rules in rev/ident.c,
rev/resolve.c, rev/range.c and rev/sort.c.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from .errors import Usage
from .revision import Revision

WORDS = ("head", "heads", "base", "current")
ILLEGAL = re.compile(r"[@\-+:,/\\\s\x00-\x20\x7f-\xa0\u200b-\u200f\ufeff]")
SHELL = re.compile(r"[*?<>|\"'$`]")


class NeedsDatabase(Usage):
    """The identifier counts from what is applied.

    Where the database can be asked this is caught; elsewhere it is a refusal.
    """

    def __init__(self, text: str) -> None:
        """Say which identifier it is."""
        super().__init__(
            f'"{text}" counts from what is applied',
            code="MG010",
            next="head-1, an id or a label",
        )


def fault(text: str, detail: str, code: str = "MG010") -> Usage:
    """Return the refusal of an identifier."""
    return Usage(
        f'malformed revision identifier "{text}"',
        detail=detail,
        code=code,
        next="head, ae1027a6acf, +1, -1, label@head or ae10:head",
    )


def name_fault(name: str) -> str | None:
    """Return what is wrong with an id or label, as a sentence."""
    if not name:
        return "It is empty."
    if len(name.encode()) > 63:
        return "It is longer than 63 bytes."
    if name.startswith("."):
        return "It begins with a dot."
    if name in WORDS:
        return "The word has a meaning of its own."
    match = ILLEGAL.search(name)
    if match and match.group().isprintable() and not match.group().isspace():
        return f'It contains the character "{match.group()}".'
    if match:
        return "It contains white space or a control character."
    return None


def check_new_name(name: str) -> None:
    """Refuse an id or label that may not be given."""
    problem = name_fault(name)
    match = SHELL.search(name)
    if problem is None and match:
        problem = f"It contains the character {match.group()}."
    if problem:
        raise Usage(
            f'"{name}" cannot be a revision or a label',
            detail=problem,
            code="MG013",
            next="letters, digits and underscores",
        )


@dataclass(frozen=True)
class Ident:
    """An identifier, taken apart; offset is None unless it is relative."""

    text: str
    branch: str | None
    name: str
    offset: int | None

    @property
    def symbol(self) -> str | None:
        """The word that it is, if it is one."""
        return self.name if self.name in WORDS else None


def parse_ident(text: str) -> Ident:
    """Take one identifier apart."""
    text = text.strip()
    if not text:
        raise fault(text, "An identifier is missing.")
    if ":" in text:
        raise Usage(
            f'range "{text}" is not possible here',
            code="MG010",
            next="one revision; ranges are for history",
        )
    branch: str | None = None
    rest = text
    if "@" in text:
        branch, rest = text.split("@", 1)
        if not branch:
            raise fault(text, 'Nothing stands before "@".')
        problem = name_fault(branch)
        if problem:
            raise fault(text, problem)
        if not rest:
            raise fault(text, 'Nothing stands behind "@".')
    match = re.match(r"[^+-]*", rest)
    name = match.group() if match else ""
    if name and name not in WORDS:
        problem = name_fault(name)
        if problem:
            raise fault(text, problem)
    sign = rest[len(name) :]
    if not sign:
        return Ident(text, branch, name, None)
    if not re.fullmatch(r"[+-][0-9]+", sign):
        raise fault(
            text,
            "A sign is followed by the number of revisions, and nothing else.",
        )
    offset = max(min(int(sign), 2**31 - 1), 1 - 2**31)
    if offset == 0 and not name:
        raise fault(text, "The number of revisions is zero.")
    return Ident(text, branch, name, offset)


def parse_list(text: str) -> list[Ident]:
    """Take identifiers apart that are separated by commas."""
    return [parse_ident(part) for part in text.split(",")]


@dataclass(eq=False)
class Node:
    """A revision with its edges in both directions."""

    revision: Revision
    down: list[Node] = field(default_factory=list)
    deps: list[Node] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    dependants: list[Node] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The revision's id."""
        return self.revision.id

    @property
    def order(self) -> tuple[str, str]:
        """When it was made, which breaks ties."""
        return self.revision.created or "9999", self.id


def by_creation(nodes: Iterable[Node]) -> list[Node]:
    """Return nodes, each once, in the order in which they were made."""
    return sorted(dict.fromkeys(nodes), key=lambda node: node.order)


def names(nodes: Iterable[Node]) -> str:
    """Return ids with commas."""
    return ", ".join(node.id for node in nodes)


def reachable(
    start: Iterable[Node], follow: Callable[[Node], list[Node]]
) -> set[Node]:
    """Return some nodes and all that edges lead to from them."""
    seen = set(start)
    stack = list(seen)
    while stack:
        new = [n for n in follow(stack.pop()) if n not in seen]
        seen.update(new)
        stack += new
    return seen


class Graph:
    """What stands on what."""

    def __init__(self, revisions: Iterable[Revision]) -> None:
        """Join revisions by what they name."""
        self.nodes = {r.id: Node(r) for r in revisions}
        self.labels = {
            label: node
            for node in self.nodes.values()
            for label in node.revision.labels
        }
        self.missing: list[tuple[str, Node]] = []  # parents, dependencies
        for node in self.nodes.values():
            for parent in node.revision.parents:
                self._join(node, parent, node.down, "children")
            for name in node.revision.depends_on:
                self._join(node, name, node.deps, "dependants")
        for node in self.nodes.values():
            node.children = by_creation(node.children)
            node.dependants = by_creation(node.dependants)
        self._check_cycles()

    def _join(
        self, node: Node, name: str, edges: list[Node], back: str
    ) -> None:
        """Add an edge; what it names need not be in the folder."""
        other = self.nodes.get(name) or self.labels.get(name)
        if other is None:
            self.missing.append((name, node))
        elif other not in edges:
            edges.append(other)
            getattr(other, back).append(node)

    def _check_cycles(self) -> None:
        """Refuse a graph in which something stands on itself."""
        waiting = {n: len(n.down) + len(n.deps) for n in self.nodes.values()}
        ready = [n for n, count in waiting.items() if count == 0]
        while ready:
            node = ready.pop()
            del waiting[node]
            for above in node.children + node.dependants:
                waiting[above] -= 1
                if waiting[above] == 0:
                    ready.append(above)
        if waiting:
            raise Usage(
                "revisions stand on themselves: "
                + names(by_creation(waiting)),
                code="MG013",
                next="an editor: their lines down_revision and depends_on",
            )

    # The shape of the graph

    def heads(self, real: bool = False) -> list[Node]:
        """Return what has no child; real heads no dependant either."""
        return by_creation(
            node
            for node in self.nodes.values()
            if not node.children and not (real and node.dependants)
        )

    def bases(self) -> list[Node]:
        """Return what has no parent."""
        return by_creation(
            node for node in self.nodes.values() if not node.revision.parents
        )

    @staticmethod
    def ancestors(start: Iterable[Node], all_edges: bool) -> set[Node]:
        """Return what is below some nodes, with these."""
        return reachable(
            start, lambda n: n.down + (n.deps if all_edges else [])
        )

    @staticmethod
    def descendants(start: Iterable[Node], all_edges: bool) -> set[Node]:
        """Return what is above some nodes, with these."""
        return reachable(
            start, lambda n: n.children + (n.dependants if all_edges else [])
        )

    def _on_branch(self, nodes: Iterable[Node], branch: Node) -> list[Node]:
        """Return those that lie below or above a revision, or are it."""
        line = self.ancestors([branch], False) | self.descendants(
            [branch], False
        )
        return [node for node in nodes if node in line]

    def maximal(self, nodes: Sequence[Node]) -> list[Node]:
        """Return those that no other of them needs."""
        needed = self.ancestors(
            (below for node in nodes for below in node.down + node.deps), True
        )
        return by_creation(node for node in nodes if node not in needed)

    # What identifiers stand for

    def resolve_name(
        self, name: str, branch: Node | None = None, branch_name: str = ""
    ) -> Node:
        """Return the revision of an id, a label or the beginning of one."""
        node = self.nodes.get(name) or self.labels.get(name)
        if node is None:
            node = self._resolve_prefix(name, branch)
        if branch is not None and not self._on_branch([node], branch):
            raise Usage(
                f'revision "{node.id}" is not on branch "{branch_name}"',
                code="MG004",
                next="pg-migrate history",
            )
        return node

    def _resolve_prefix(self, name: str, branch: Node | None) -> Node:
        found: dict[str, Node] = {}
        elsewhere = []
        for candidate, node in {**self.labels, **self.nodes}.items():
            if len(candidate) <= 3 or not candidate.startswith(name):
                continue
            if branch is not None and not self._on_branch([node], branch):
                elsewhere.append(candidate)
                continue
            found[candidate] = node
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            raise Usage(
                f'revision identifier "{name}" is ambiguous',
                detail=f"It could be: {', '.join(sorted(found)[:10])}.",
                code="MG003",
                next="more characters of it",
            )
        if elsewhere:
            raise Usage(
                f'no revision "{name}" is on that branch',
                detail=f"Elsewhere there is: {', '.join(elsewhere[:10])}.",
                code="MG004",
                next="pg-migrate history",
            )
        near = get_close_matches(name, [*self.nodes, *self.labels], 3, 0.5)
        raise Usage(
            f'there is no revision or branch label "{name}" in the folder',
            detail=f"Did you mean {' or '.join(near)}?" if near else None,
            code="MG002",
            next="pg-migrate history",
        )

    def only_head(self, text: str, branch: Node | None) -> Node | None:
        """Return the only head, else the only real head."""
        heads = self.heads()
        if branch is None:
            if len(heads) > 1:
                real = self.heads(real=True)
                heads = real if len(real) == 1 else heads
        else:
            heads = self._on_branch(heads, branch)
        if len(heads) > 1:
            gap = self.gap(heads)
            raise Usage(
                f'"{text}" is ambiguous: the folder has several heads',
                detail="\n".join([f"The heads are: {names(heads)}.", *gap]),
                code="MG001",
                next=self.fill_gap
                if gap
                else "pg-migrate merge joins them; or name heads, "
                "label@head or one of them",
            )
        return heads[0] if heads else None

    def gap(self, nodes: Iterable[Node]) -> list[str]:
        """Tell what is missing below some revisions, as sentences."""
        below = self.ancestors(nodes, True)
        return [
            f"What {node.id} stands on is not in the folder: {name}."
            for name, node in self.missing
            if node in below
        ]

    @property
    def fill_gap(self) -> str:
        """The next command where something is missing."""
        gone = dict.fromkeys(name for name, _ in self.missing)
        return (
            f"the file of {', '.join(gone)}, from version control or by "
            f"pg-migrate export {' '.join(gone)}; or pg-migrate merge"
        )

    def resolve_many(self, ident: Ident) -> list[Node]:
        """Return what an identifier stands for; nothing is the base."""
        if ident.offset is not None:
            raise fault(ident.text, "A number of steps is not possible here.")
        if ident.symbol == "current":
            raise NeedsDatabase(ident.text)
        branch = self.resolve_name(ident.branch) if ident.branch else None
        if ident.symbol == "base":
            return []
        if ident.symbol == "heads":
            if branch is None:
                return self.heads(real=True)
            return self._on_branch(self.heads(), branch)
        if ident.symbol == "head":
            node = self.only_head(ident.text, branch)
            return [node] if node else []
        return [self.resolve_name(ident.name, branch, ident.branch or "")]

    def resolve_one(self, ident: Ident) -> Node | None:
        """Return what an identifier stands for; None is the base."""
        nodes = self.resolve_many(ident)
        if len(nodes) > 1:
            raise Usage(
                f'"{ident.text}" stands for several revisions',
                detail=f"They are: {names(nodes)}.",
                code="MG001",
                next="pg-migrate heads, and name one of them",
            )
        return nodes[0] if nodes else None

    def resolve_target(self, text: str) -> list[Node]:
        """Return the targets of an upgrade, each once.

        NeedsDatabase where that counts from what is applied.
        """
        targets: list[Node] = []
        for ident in parse_list(text):
            if ident.offset is None:
                targets += self.resolve_many(ident)
                continue
            if not ident.name or ident.symbol == "current":
                raise NeedsDatabase(ident.text)
            node = self.resolve_relative(ident)
            targets += [node] if node else []
        return by_creation(targets)

    def resolve_relative(
        self, ident: Ident, at_end: bool = False
    ) -> Node | None:
        """Return what is some steps from a symbol; None is the base."""
        offset = ident.offset or 0
        start = Ident(ident.text, ident.branch, ident.name, None)
        if offset <= 0:
            return self._walk_down(ident, self.resolve_one(start), -offset)
        branch = self.resolve_name(ident.branch) if ident.branch else None
        several = len(self.heads(real=True)) > 1
        if not (ident.symbol in ("head", "heads") and branch and several):
            start = Ident(ident.text, None, ident.name, None)
        node = self.resolve_one(start)
        return self.walk_up(ident, node, branch, at_end)

    def walk_up(
        self,
        ident: Ident,
        node: Node | None,
        branch: Node | None,
        at_end: bool,
    ) -> Node | None:
        """Go steps up along parents, from the bases if at the base."""
        steps = ident.offset or 0
        for done in range(steps):
            ways = node.children if node else self.bases()
            if branch is not None:
                ways = self._on_branch(ways, branch)
            if not ways:
                if at_end:
                    return node
                raise self._too_far(ident, done, node)
            if len(ways) > 1:
                raise Usage(
                    f'"{ident.text}" is ambiguous: there is more than one '
                    "way up",
                    detail=f"From {node.id if node else 'base'} a step leads "
                    f"to: {names(ways)}.",
                    code="MG005",
                    next="name the revision, or label@+N",
                )
            node = ways[0]
        return node

    def _walk_down(
        self, ident: Ident, node: Node | None, steps: int
    ) -> Node | None:
        """Go steps down along parents, not as far as the base."""
        for done in range(steps):
            if node is None:
                raise self._too_far(ident, done, node)
            if len(node.down) > 1:
                raise Usage(
                    f'"{ident.text}" is ambiguous: there is more than one '
                    "way down",
                    detail=f"Revision {node.id} merges: {names(node.down)}.",
                    code="MG005",
                    next="name the revision",
                )
            if not node.down:
                raise self._too_far(ident, done, node)
            node = node.down[0]
        return node

    def _too_far(self, ident: Ident, done: int, node: Node | None) -> Usage:
        return Usage(
            f'"{ident.text}" goes too far',
            detail=f"It got {done} of {abs(ident.offset or 0)} steps, to "
            f"{node.id if node else 'base'}.",
            code="MG006",
            next="pg-migrate history",
        )

    # Ranges of the history

    def history(
        self, text: str, current: list[str] | None = None
    ) -> list[Node]:
        """Return the revisions of a range, newest first.

        current are the applied tips; NeedsDatabase where they are asked for
        and not given.
        """
        tips = None
        if current is not None:
            tips = [self.nodes[c] for c in current if c in self.nodes]
        if text.count(":") != 1:
            raise Usage(
                f'"{text}" is not a range',
                code="MG010",
                next="from:to, from: or :to, such as base:head or ae10:",
            )
        left_text, right_text = (side.strip() for side in text.split(":"))
        left, has_left = self._range_left(left_text, tips)
        right = self._range_right(right_text, left, tips)
        if left_text:
            ident = parse_ident(left_text)
            if ident.branch:
                branch = self.resolve_name(ident.branch)
                right = [n for n in right if self._carries(n, branch)]
        return self._between(text, left, has_left, right)

    def _side(self, text: str, tips: list[Node] | None) -> list[Node]:
        nodes: list[Node] = []
        for ident in parse_list(text):
            if ident.symbol == "current" and ident.offset is None:
                if tips is None:
                    raise NeedsDatabase(text)
                nodes += tips
            else:
                nodes += self.resolve_many(ident)
        return list(dict.fromkeys(nodes))

    def _range_left(
        self, text: str, tips: list[Node] | None
    ) -> tuple[list[Node], bool]:
        if not text:
            return [], False
        ident = parse_ident(text)
        if ident.offset is None or ident.name or ident.offset > 0:
            nodes = self._side(text, tips)
            return nodes, bool(nodes)
        nodes = []
        bases = beyond = 0
        heads = self.heads(real=True)
        if ident.branch:
            label = self.labels.get(ident.branch)
            heads = [n for n in heads if label and self._carries(n, label)]
        for head in heads:
            node: Node | None = head
            for _ in range(-ident.offset - 1):
                node = self._below(ident, node)
            if node is None:
                beyond += 1
                continue
            node = self._below(ident, node)
            if node is None:
                bases += 1
            elif node not in nodes:
                nodes.append(node)
        if bases and len(heads) > 1:
            raise Usage(
                f'"{ident.text}" is not the beginning of a range',
                detail=f"{-ident.offset} below one of the heads lies the "
                "base.",
                code="MG011",
                next="name the revision to begin at",
            )
        return nodes, bool(nodes) and not beyond

    def _below(self, ident: Ident, node: Node | None) -> Node | None:
        if node is None or not node.down:
            return None
        one = Ident(ident.text, None, node.id, -1)
        return self._walk_down(one, node, 1)

    def _range_right(
        self, text: str, left: list[Node], tips: list[Node] | None
    ) -> list[Node]:
        if not text:
            return self.heads(real=True)
        ident = parse_ident(text)
        if ident.offset is not None:
            if ident.name:
                node = self.resolve_relative(ident, at_end=True)
            else:
                node = self._from_left(ident, left)
            return [node] if node else []
        nodes = self._side(text, tips)
        if not nodes and ident.symbol == "current":
            return self.heads(real=True)
        return nodes

    def _from_left(self, ident: Ident, left: list[Node]) -> Node | None:
        """Return what +N on the right counts to, from the left side."""
        if (ident.offset or 0) < 0:
            raise Usage(
                f'"{ident.text}" does not lead upwards',
                code="MG006",
                next="pg-migrate downgrade goes down",
            )
        branch = self.resolve_name(ident.branch) if ident.branch else None
        start = self._on_branch(left, branch) if branch else left
        if len(start) > 1:
            raise Usage(
                f'"{ident.text}" is ambiguous: several revisions are current',
                detail=f"They are: {names(start)}.",
                code="MG005",
                next="label@+N",
            )
        return self.walk_up(ident, start[0] if start else None, branch, True)

    def _carries(self, node: Node, labelled: Node) -> bool:
        """Tell whether a label holds for a node.

        It does for the labelled revision and what is above, and for what is
        below down to the nearest fork or merge, if there is none above.
        """
        if labelled in self.ancestors([node], False):
            return True
        n = labelled
        while True:
            if len(n.children) + len(n.dependants) > 1 or len(n.down) > 1:
                return False
            if not n.children:
                break
            n = n.children[0]
        n = labelled
        while n.down:
            n = n.down[0]
            if len(n.children) + len(n.dependants) > 1 or len(n.down) > 1:
                return False
            if n is node:
                return True
        return False

    def _between(
        self, text: str, left: list[Node], has_left: bool, right: list[Node]
    ) -> list[Node]:
        below_right = self.ancestors(right, True)
        if len(self.maximal(left)) < len(left):
            raise Usage(
                f'range "{text}" begins at several revisions, one above '
                "another",
                detail=f"They are: {names(left)}.",
                code="MG011",
                next="pg-migrate history",
            )
        for node in left:
            if node not in below_right:
                raise Usage(
                    f'range "{text}" does not lead from ancestor to '
                    "descendant",
                    detail="\n".join(
                        [
                            f"Revision {node.id} is not below: "
                            f"{names(right) or 'base'}.",
                            *self.gap(right),
                        ]
                    ),
                    code="MG011",
                    next="pg-migrate history",
                )
        if not has_left:
            return self.newest_first(below_right, below_right)
        below_left = self.ancestors(left, True)
        found = {
            node
            for node in below_right & self.descendants(left, False)
            if node not in below_left or node in left
        }
        return self.newest_first(found, below_right)

    def newest_first(self, nodes: set[Node], scope: set[Node]) -> list[Node]:
        """Sort nodes as Alembic does, down to its ties.

        From the newest go down one line as long as nothing above waits; at a
        fork fall back to the leftmost line above; at a merge go on with the
        first parent and queue the others at the end.
        """
        entries: list[Node] = by_creation(
            n for n in nodes if not nodes & {*n.children, *n.dependants}
        )
        emitted: set[Node] = set()
        result: list[Node] = []
        at = 0
        while entries:
            node = entries[at]
            above = (self.descendants([node], True) & scope) - {node}
            waiting = [
                i
                for i, entry in enumerate(entries)
                if i != at and entry in above
            ]
            if waiting:
                at = waiting[0]
                continue
            emitted.add(node)
            result.append(node)
            below = [
                n
                for n in dict.fromkeys(node.down + node.deps)
                if n in nodes
                and n not in emitted
                and n not in entries
                and (n in node.down or not self._is_implied(node, n))
            ]
            if below:
                entries[at] = below[0]
                entries += below[1:]
            else:
                del entries[at]
                at = max(at - 1, 0)
        return result

    def _is_implied(self, node: Node, dependency: Node) -> bool:
        """Tell whether an ancestor depends on the same."""
        return any(
            dependency in below.deps
            for below in self.ancestors(node.down, False)
        )
