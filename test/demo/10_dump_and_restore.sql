-- 10. Dump and restore
--
-- Revisions and state are rows of the database: a dump takes them along.

CREATE DATABASE chat_copy;
\! pg_dump chat | psql --quiet --no-psqlrc --output=/dev/null chat_copy
\connect chat_copy
SET search_path = public, migrate;

SELECT * FROM migrate_version ORDER BY schema_name, revision;
SELECT revision, message, marks FROM migrate_history();
SELECT * FROM migrate_upgrade();

-- And the copy goes its own way from here.

SELECT migrate_revision('conversation can be archived',
    rev_id    => 'f7d3a0b1c2e4',
    upgrade   => $$ALTER TABLE conversation ADD COLUMN archived_at timestamptz$$,
    downgrade => $$ALTER TABLE conversation DROP COLUMN archived_at$$);
SELECT * FROM migrate_upgrade();
SELECT revision, message, marks FROM migrate_current();
