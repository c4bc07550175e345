"""What became of the revisions that are stored."""

from __future__ import annotations

from typing import Any

from .app import App

COLUMNS = """
    SELECT coalesce(pg_catalog.string_agg(
               pg_catalog.quote_ident(a.attname), ', '), 'revision') AS columns
    FROM pg_catalog.pg_attribute a
         JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relname = 'migrate_revision'
          AND a.attname IN
              ('down_revision', 'depends_on', 'branch_labels', 'message',
               'description', 'upgrade_sql', 'downgrade_sql', 'verify_sql',
               'transactional', 'created_at')
          AND pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
"""
ORDER = ("undone", "removed", "updated", "replaced", "stored", "applied")


class Report:
    """The revisions before, and what is different afterwards."""

    def __init__(self, app: App) -> None:
        """Remember what is stored and applied."""
        self.app = app
        self.stored = self._stored()
        self._applied_before = self._applied()
        self.rows: list[tuple[str, str, str]] = []
        self.database_only: list[str] = []
        self.messages: dict[str, str] = {}

    def _stored(self) -> dict[str, Any]:
        server = self.app.server
        # the names come from the catalog, quoted
        columns = server.query(COLUMNS, (server.schema,))[0]["columns"]
        rows = server.query(
            "SELECT revision, checksum, message, pg_catalog.hashtextextended("
            f"ROW({columns})::pg_catalog.text, 0) AS hash"
            " FROM {mig}.migrate_revision ORDER BY created_at, revision"
        )
        return {row["revision"]: row for row in rows}

    def _applied(self) -> set[tuple[str, str]]:
        rows = self.app.server.query(
            "SELECT schema_name, revision FROM {mig}.migrate_applied"
        )
        return {(row["schema_name"], row["revision"]) for row in rows}

    def undone(self) -> list[str]:
        """Return what was applied before and is not now."""
        gone = {r for _, r in self._applied_before - self._applied()}
        return [r for r in reversed(list(self.stored)) if r in gone]

    def collect(self, applied: list[str]) -> None:
        """Look at what has become of it, before a transaction ends."""
        before, now = self.stored, self._stored()
        known = self.app.folder.revisions
        rows = []
        for revision in self.undone():
            rows.append(("undone", revision, before[revision]["message"]))
        for revision in reversed(list(before)):
            if revision not in now:
                message = before[revision]["message"]
                rows.append(("removed", revision, message))
        for revision, new in now.items():
            was = before.get(revision)
            if was is None:
                word = "stored"
            elif was["checksum"] != new["checksum"]:
                word = "replaced"
            elif was["hash"] != new["hash"]:
                word = "updated"
            else:
                continue
            rows.append((word, revision, new["message"]))
        for revision in applied:
            rows.append(("applied", revision, now[revision]["message"]))
        self.rows = sorted(rows, key=lambda row: ORDER.index(row[0]))
        self.database_only = [r for r in now if r not in known]
        self.messages = {r: now[r]["message"] for r in self.database_only}

    def show(self) -> None:
        """Print it."""
        output = self.app.output
        output.json(
            {
                "changes": [
                    {"action": a, "revision": r, "message": m}
                    for a, r, m in self.rows
                ],
                "database_only": self.database_only,
                "heads": self.app.folder.heads,
            }
        )
        listed = self.rows + [
            ("database only", r, self.messages[r]) for r in self.database_only
        ]
        output.table(listed, styles=("", "yellow"))
        heads = ", ".join(self.app.folder.heads) or "none"
        count = len(self.app.folder.revisions)
        word = "revision" if count == 1 else "revisions"
        output.wrapped(f"{count} {word} in the folder; its heads: {heads}", 2)
