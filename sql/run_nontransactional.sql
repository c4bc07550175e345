--
-- Statements that cannot run in a transaction block: found out when a script
-- is stored, refused before anything runs
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_nontransactional;
CREATE EXTENSION pg_migrations SCHEMA mig_run_nontransactional;
SET search_path = mig_run_nontransactional;

CREATE FUNCTION transactional(script text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    result boolean;
BEGIN
    PERFORM mig_run_nontransactional.migrate_revision('x', script, '', rev_id => 'x');
    SELECT transactional INTO result FROM mig_run_nontransactional.migrate_revision WHERE revision = 'x';
    PERFORM mig_run_nontransactional.migrate_remove('x');
    RETURN result;
END
$$;

---------------------------------------------------------------------------
-- Which ones
---------------------------------------------------------------------------
SELECT s, transactional(s) FROM unnest(ARRAY[
    'CREATE INDEX CONCURRENTLY i ON t (a)', 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)',
    'DROP INDEX CONCURRENTLY i', 'REINDEX INDEX CONCURRENTLY i', 'REINDEX (CONCURRENTLY) TABLE t',
    'REINDEX (CONCURRENTLY true, VERBOSE) INDEX i', 'REINDEX SCHEMA s', 'REINDEX DATABASE postgres', 'REINDEX SYSTEM postgres',
    'VACUUM', 'VACUUM (FULL) t', 'CLUSTER', 'ALTER SYSTEM SET work_mem = ''4MB''', 'CREATE DATABASE d',
    'DROP DATABASE d', 'ALTER DATABASE d SET TABLESPACE t', 'CREATE TABLESPACE t LOCATION ''/x''', 'DROP TABLESPACE t',
    'ALTER TABLE t DETACH PARTITION p CONCURRENTLY', 'CREATE SUBSCRIPTION s CONNECTION '''' PUBLICATION p',
    'DROP SUBSCRIPTION s', 'ALTER SUBSCRIPTION s REFRESH PUBLICATION', 'ALTER SUBSCRIPTION s SET PUBLICATION p',
    'ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (copy_data = false)', 'ALTER SUBSCRIPTION s SET (failover = false)',
    'ALTER SUBSCRIPTION s SET (two_phase = true)',
    'SELECT 1; SELECT 2; VACUUM t; SELECT 3']) s
WHERE transactional(s);
SELECT s AS "can run in one" FROM unnest(ARRAY[
    'CREATE INDEX i ON t (a)', 'DROP INDEX i', 'REINDEX INDEX i', 'REINDEX TABLE t', 'REINDEX (CONCURRENTLY off) TABLE t',
    'ANALYZE', 'ANALYZE t', 'CLUSTER t USING i', 'ALTER DATABASE d SET work_mem = ''4MB''',
    'ALTER DATABASE d CONNECTION LIMIT 5', 'ALTER TABLE t DETACH PARTITION p', 'ALTER TABLE t DETACH PARTITION p FINALIZE',
    'CREATE SUBSCRIPTION s CONNECTION '''' PUBLICATION p WITH (connect = false)',
    'CREATE SUBSCRIPTION s CONNECTION '''' PUBLICATION p WITH (create_slot = false)',
    'ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)', 'ALTER SUBSCRIPTION s DISABLE',
    'ALTER TYPE t ADD VALUE ''x''', 'REFRESH MATERIALIZED VIEW CONCURRENTLY m', 'SELECT ''VACUUM''',
    'DO ''BEGIN EXECUTE ''''VACUUM''''; END''', 'LISTEN x']) s
WHERE NOT transactional(s);

-- an enum value that is used behind the statement that adds it, in a literal or in code
SELECT s, transactional(s) FROM unnest(ARRAY[
    $$ALTER TYPE e ADD VALUE 'a'; SELECT 'a'$$, $$SELECT 'a'; ALTER TYPE e ADD VALUE 'a'$$,
    $$ALTER TYPE e ADD VALUE 'a'; SELECT 'b'; ALTER TYPE e ADD VALUE 'b'$$,
    $$ALTER TYPE e ADD VALUE 'a'; ALTER TYPE e ADD VALUE 'b' AFTER 'a'$$, $$ALTER TYPE e RENAME VALUE 'b' TO 'a'; SELECT 'a'$$,
    $$ALTER TYPE e ADD VALUE 'a'; ALTER TYPE f ADD VALUE 'a'; CREATE TYPE g AS ENUM ('a'); COMMENT ON TYPE g IS 'a'$$,
    $$ALTER TYPE e ADD VALUE 'a'; SELECT 'a'::s."F", 'a'::text$$, $$ALTER TYPE s.e ADD VALUE 'a'; SELECT 'a' :: "s".E$$,
    $$ALTER TYPE e ADD VALUE 'a'; ALTER TYPE f ADD VALUE 'a'; SELECT 'a'::f$$,
    $$ALTER TYPE e ADD VALUE 'a'; SELECT "a", a, 'A', 'aa', 'a '$$, 'ALTER TYPE e ADD VALUE ''a''; SELECT $x$a$x$',
    $$ALTER TYPE e ADD VALUE 'it''s'; SELECT E'it\'s'$$, $$ALTER TYPE e ADD VALUE 'it''s'; DO 'SELECT ''it''''s'''$$,
    $$ALTER TYPE e ADD VALUE 'a'; DO $d$ SELECT 'it''s', 'a' $d$ $$, $$ALTER TYPE e ADD VALUE 'a'; DO $d$ EXECUTE 'SELECT ''a''' $d$ $$,
    $$ALTER TYPE e ADD VALUE 'a'; DO $d$ SELECT a, "a", 'b a b' $d$ $$, $$ALTER TYPE e ADD VALUE 'a'; SELECT $d$ 'a' $d$ $$,
    'ALTER TYPE e ADD VALUE ''' || repeat('x', 63) || '''; DO $d$ ''' || repeat('x', 63) || ''' $d$',
    'ALTER TYPE e ADD VALUE ''' || repeat('x', 63) || '''; DO $d$ ''' || repeat('x', 64) || ''' $d$']) s;
-- each literal of a large script is looked at once, and not the rest of the script with it
SELECT transactional('ALTER TYPE e ADD VALUE ''a''; INSERT INTO t VALUES ' || many || last) FROM (
    SELECT string_agg(format('(''row %s'', ''a''::text, ''{a}''::text[])', n), ', ') FROM generate_series(1, 20000) n) s (many),
    unnest(ARRAY['', '; SELECT ''a'' :: s . e']) last;

-- a downgrade or verify script counts, too
SELECT migrate_revision('down', '', 'DROP INDEX CONCURRENTLY i', rev_id => 'd1');
SELECT migrate_revision('verify', '', '', 'VACUUM', rev_id => 'd2');
SELECT revision, transactional FROM migrate_revision ORDER BY seq;
SELECT migrate_remove('d2');
SELECT migrate_remove('d1');

---------------------------------------------------------------------------
-- Given by hand: false is possible, true only if it is
---------------------------------------------------------------------------
SELECT migrate_revision('x', 'SELECT 1; VACUUM', '', rev_id => 'x1', transactional => true); -- fails
\echo :SQLSTATE
SELECT migrate_revision('x', '', 'SELECT 1; SELECT 2; VACUUM', rev_id => 'x1', transactional => true); -- fails
SELECT migrate_revision('x', '', '', 'VACUUM', rev_id => 'x1', transactional => true); -- fails
SELECT migrate_revision('table', 'CREATE TABLE t (a int)', 'DROP TABLE t', rev_id => 'r1', transactional => true);
SELECT migrate_revision('index', 'CREATE INDEX CONCURRENTLY i ON t (a)', 'DROP INDEX CONCURRENTLY i', rev_id => 'r2', transactional => false);
SELECT migrate_revision('by hand', 'SELECT 1', '', rev_id => 'r3', transactional => false);
SELECT revision, transactional FROM migrate_revision ORDER BY seq;

---------------------------------------------------------------------------
-- migrate_upgrade() and its like refuse them before anything runs
---------------------------------------------------------------------------
\set VERBOSITY terse
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT to_regclass('t') IS NULL AS "nothing ran";
SELECT revision FROM migrate_upgrade('r1');
SELECT migrate_upgrade('r2'); -- fails
\echo :SQLSTATE
SELECT step, revision, transactional FROM migrate_plan();
SELECT revision, transactional FROM migrate_pending();
SELECT migrate_stamp('r3');
SELECT migrate_downgrade('-1'); -- fails
\echo :SQLSTATE
SELECT migrate_redo(); -- fails
\echo :SQLSTATE
-- nothing to do is nothing to refuse
SELECT revision FROM migrate_upgrade();

-- one that the check cannot see fails when it runs
SELECT migrate_revision('hidden', $$DO 'BEGIN EXECUTE ''VACUUM''; END'$$, '', rev_id => 'r4');
\set VERBOSITY sqlstate
SELECT migrate_upgrade(); -- fails

-- others it has to be told of: a table may have partitions, a procedure may commit
SELECT migrate_edit('r4', upgrade => 'CREATE TYPE mood AS ENUM (''ok''); ALTER TYPE mood ADD VALUE ''sad''; REINDEX TABLE t', transactional => false);
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r4', upgrade => $$CREATE TYPE mood AS ENUM ('ok'); ALTER TYPE mood ADD VALUE 'sad';
    CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'; CALL p()$$);
SELECT migrate_upgrade(); -- fails

DROP SCHEMA mig_run_nontransactional CASCADE;
