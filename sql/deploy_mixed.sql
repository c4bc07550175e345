--
-- Deploys of revisions with statements that cannot run in a transaction
-- block, alone and among others; resuming them; going down
--
SET client_min_messages = warning;
CREATE SCHEMA mig_deploy_mixed;
CREATE EXTENSION pg_migrations SCHEMA mig_deploy_mixed;
SET search_path = mig_deploy_mixed;

CREATE TABLE ran (n int);
CREATE FUNCTION marks() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(direction || ' ' || statement || CASE WHEN done THEN ' done' ELSE ' begun' END, ', ' ORDER BY revision, statement)
    FROM mig_deploy_mixed.migrate_progress
$$;
CREATE FUNCTION indexes(tab regclass) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(relname || CASE WHEN indisvalid THEN '' ELSE ' (invalid)' END, ', ' ORDER BY relname COLLATE "C")
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = tab
$$;

SELECT migrate_revision('create item', 'CREATE TABLE item (id int, v int); INSERT INTO item VALUES (1, 1), (1, 2)', 'DROP TABLE item', rev_id => 'aaaa');
SELECT migrate_revision('index item', $$
    INSERT INTO ran VALUES (1);
    CREATE INDEX CONCURRENTLY item_v ON item (v);
    CREATE UNIQUE INDEX CONCURRENTLY item_id ON item (id);
    INSERT INTO ran VALUES (4);
    VACUUM (ANALYZE) item;
    INSERT INTO ran SELECT 6 / (count(*) - 2)::int FROM item$$, $$
    DROP INDEX CONCURRENTLY item_id;
    INSERT INTO ran VALUES (-2);
    DROP INDEX CONCURRENTLY IF EXISTS item_v$$,
    verify => 'SELECT 1 / count(*) FROM ran WHERE n = 6 HAVING count(*) < 2',
    rev_id => 'bbbb');
SELECT migrate_revision('on top', 'INSERT INTO ran VALUES (100)', '', rev_id => 'cccc');

---------------------------------------------------------------------------
-- Not in the caller's transaction
---------------------------------------------------------------------------
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT step, revision, transactional, statements FROM migrate_plan();

---------------------------------------------------------------------------
-- Duplicates: the second index fails
---------------------------------------------------------------------------
RESET client_min_messages;
CALL migrate_deploy(); -- fails
\echo :SQLSTATE
SET client_min_messages = warning;
SELECT marks();
SELECT indexes('item');
SELECT n FROM ran ORDER BY n;
SELECT revision FROM migrate_current();
SELECT revision, outcome, sqlstate, statement, line FROM migrate_log WHERE action = 'upgrade' ORDER BY id;
SELECT heads, pending, pid, last_revision, last_outcome, last_message FROM migrate_status();
-- the message only for those who may read the log
GRANT USAGE ON SCHEMA mig_deploy_mixed TO pg_monitor;
SET ROLE pg_monitor;
SELECT last_outcome, last_message FROM migrate_status();
RESET ROLE;
REVOKE USAGE ON SCHEMA mig_deploy_mixed FROM pg_monitor;

-- what has run stays as it is
SELECT migrate_edit('bbbb', upgrade => 'SELECT 1'); -- fails
\echo :SQLSTATE

-- mend the data and go on: up to the statement that divides by zero
UPDATE item SET id = v;
\set VERBOSITY terse
CALL migrate_deploy(); -- fails
\echo :SQLSTATE
SELECT marks();
SELECT indexes('item');
SELECT n FROM ran ORDER BY n;

-- mend the rest of the script
SELECT migrate_edit('bbbb', upgrade => $$
    INSERT INTO ran VALUES (1);
    CREATE INDEX CONCURRENTLY item_v ON item (v);
    CREATE UNIQUE INDEX CONCURRENTLY item_id ON item (id);
    INSERT INTO ran VALUES (4);
    VACUUM (ANALYZE) item;
    INSERT INTO ran VALUES (6)$$);
RESET client_min_messages;
CALL migrate_deploy();
SET client_min_messages = warning;
SELECT marks() IS NULL AS "nothing is under way";
SELECT n FROM ran ORDER BY n;
SELECT revision, outcome, sqlstate, statements FROM migrate_log WHERE action = 'upgrade' ORDER BY id;
SELECT revision, tip, how, elapsed > '0' AS took FROM migrate_applied ORDER BY revision;
\set VERBOSITY default
SELECT migrate_edit('bbbb', upgrade => 'SELECT 1'); -- fails
\set VERBOSITY terse

---------------------------------------------------------------------------
-- Down
---------------------------------------------------------------------------
SELECT migrate_downgrade('aaaa'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('bbbb', downgrade => 'DROP INDEX CONCURRENTLY item_id; INSERT INTO ran VALUES (-2); DROP INDEX CONCURRENTLY item_v, item_id');
CALL migrate_revert('aaaa'); -- fails
\echo :SQLSTATE
SELECT marks();
SELECT indexes('item');
SELECT migrate_stamp('bbbb');
SELECT marks();
SELECT migrate_edit('bbbb', downgrade => 'DROP INDEX CONCURRENTLY item_id; INSERT INTO ran VALUES (-2); DROP INDEX CONCURRENTLY IF EXISTS item_v');
CALL migrate_revert('base');
SELECT to_regclass('item') IS NULL AS gone, marks() IS NULL AS "nothing is under way";
SELECT n FROM ran WHERE n < 0;

---------------------------------------------------------------------------
-- A verify script that fails leaves the statements done
---------------------------------------------------------------------------
SELECT migrate_edit('aaaa', upgrade => 'CREATE TABLE item (id int, v int)');
SELECT migrate_edit('bbbb', verify => 'SELECT 1 / 0');
\set VERBOSITY default
CALL migrate_deploy(); -- fails
\set VERBOSITY terse
SELECT marks();
SELECT migrate_edit('bbbb', verify => '');
CALL migrate_deploy();
CALL migrate_revert('base');

---------------------------------------------------------------------------
-- An enum value that is used in the same script
---------------------------------------------------------------------------
CREATE TYPE mood AS ENUM ('sad');
SELECT migrate_revision('mood', $$ALTER TYPE mood ADD VALUE 'ok'; CREATE TABLE feeling (m mood DEFAULT 'ok'); INSERT INTO feeling DEFAULT VALUES$$,
    'DROP TABLE feeling', head => 'base', rev_id => 'eeee', branch_label => 'moods');
SELECT transactional FROM migrate_revision WHERE revision = 'eeee';
CALL migrate_deploy('moods@head');
SELECT m FROM feeling;

---------------------------------------------------------------------------
-- Given by hand: each statement is committed by itself
---------------------------------------------------------------------------
SELECT migrate_revision('by hand', 'INSERT INTO ran VALUES (201); SELECT 1 / 0', '', rev_id => 'ffff', head => 'eeee', transactional => false);
CALL migrate_deploy('ffff'); -- fails
SELECT marks();
SELECT n FROM ran WHERE n > 200;
-- a stamp says that the rest was done by hand
SELECT migrate_stamp('ffff');
SELECT marks() IS NULL AS "nothing is under way";
CALL migrate_deploy('ffff');

---------------------------------------------------------------------------
-- The marks of a revision that was broken off go with a stamp that purges, and
-- with the revision
---------------------------------------------------------------------------
SELECT migrate_revision('gone', 'INSERT INTO ran VALUES (301); VACUUM ran; SELECT 1 / 0', '', rev_id => 'gggg', head => 'ffff');
CALL migrate_deploy('gggg'); -- fails
SELECT migrate_stamp('ffff');
SELECT marks();
SELECT migrate_stamp('ffff', purge => true);
SELECT marks() IS NULL AS "nothing is under way";
CALL migrate_deploy('gggg'); -- fails
SELECT migrate_remove('gggg');
SELECT marks() IS NULL AS "nothing is under way";

SELECT count(*) AS "locks left" FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
DROP SCHEMA mig_deploy_mixed CASCADE;
