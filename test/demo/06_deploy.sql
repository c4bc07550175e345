-- 6. A deploy
--
-- The tables have grown, and an index must not keep anybody from writing.
-- It is built concurrently, which cannot be done in a transaction.

SELECT migrate_revision('titles are unique',
    rev_id    => 'd4a91c33f0be',
    upgrade   => $$
        UPDATE conversation SET title = trim(title);
        CREATE UNIQUE INDEX CONCURRENTLY conversation_title_key ON conversation (title);
        CREATE INDEX CONCURRENTLY message_author_idx ON message (author);
        ANALYZE conversation, message;
    $$,
    downgrade => $$
        DROP INDEX CONCURRENTLY message_author_idx;
        DROP INDEX CONCURRENTLY conversation_title_key;
    $$,
    verify    => $$
        SELECT 1 / count(*) FROM pg_index
            WHERE indexrelid = 'conversation_title_key'::regclass AND indisvalid;
    $$);
SELECT step, revision, transactional, statements FROM migrate_plan();
SELECT * FROM migrate_upgrade(); -- fails

-- A deploy commits each revision by itself, and such a revision statement by
-- statement. But somebody has given a title twice.

INSERT INTO conversation (title) VALUES ('first steps ');
CALL migrate_deploy(); -- fails

-- Statement 1 is done and stays. Statement 2 has left an invalid index, and
-- its mark says that it was begun. The failure is in the log.

SELECT heads, pending, last_revision, last_outcome FROM migrate_status();
SELECT revision, outcome, sqlstate, statement, line FROM migrate_log ORDER BY id DESC LIMIT 1;
SELECT statement, done FROM migrate_progress ORDER BY statement;
\d conversation

-- The data are mended. The same call drops what is left over, and goes on at
-- the statement that failed.

UPDATE conversation SET title = 'second steps' WHERE id = 2;
CALL migrate_deploy(tag => 'release 8');
\d conversation
SELECT statement, done FROM migrate_progress;
SELECT revision, message, marks, how, tag FROM migrate_current();

-- Each of fifty replicas may make this call when it starts. One works; the
-- others wait for it and find nothing to do, as this one.

CALL migrate_deploy();

-- In a transaction it is refused.

BEGIN;
CALL migrate_deploy(); -- fails
ROLLBACK;

-- Two conversations may well have one title, says Ada. A revert is the way
-- back, and what is applied nowhere can be removed.

CALL migrate_revert('-1');
SELECT migrate_remove('d4a9');
DELETE FROM conversation WHERE id = 2;
SELECT revision, message, marks FROM migrate_current();
