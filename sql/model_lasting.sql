--
-- A model, and a look at rows, leave nothing behind that a rollback does not
-- undo
--
SELECT count(*) < 1 AS lacking FROM pg_available_extensions WHERE name IN ('dblink') \gset
\if :lacking
    \echo left out: the server has no dblink
    \quit
\endif

SET client_min_messages = warning;
CREATE SCHEMA mig_lasting;
CREATE SCHEMA mig_app;
CREATE SCHEMA mig_other;
CREATE EXTENSION pg_migrations SCHEMA mig_lasting;
CREATE EXTENSION dblink SCHEMA mig_other;
SET search_path = mig_app, mig_lasting;
\pset format unaligned
\pset tuples_only on

CREATE FUNCTION mig_lasting.looked(model text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    PERFORM FROM mig_lasting.migrate_diff(model);
    RETURN 'compared';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, NULLIF(detail, ''));
END $$;

---------------------------------------------------------------------------
-- Sequences that are not the model's
---------------------------------------------------------------------------
CREATE SEQUENCE mig_other.s;
CREATE FUNCTION mig_other.next() RETURNS bigint LANGUAGE sql AS 'SELECT nextval(''mig_other.s'')';
SELECT mig_lasting.looked('CREATE TABLE t (a bigint); ' || model) FROM (VALUES
    (1, 'ALTER TABLE t ALTER a SET DEFAULT nextval(''mig_other.s''); INSERT INTO t DEFAULT VALUES'),
    (2, 'INSERT INTO t VALUES (nextval(''mig_other.s''))'),
    (3, 'INSERT INTO t VALUES (mig_other.next())'),
    (4, 'INSERT INTO t SELECT a FROM (VALUES (1)) x (a) WHERE EXISTS (SELECT setval(''mig_other.s'', 1000) OFFSET 0)'),
    (5, 'CREATE TABLE u AS SELECT setval(''mig_other.s'', 1000)'),
    (6, 'DO $$BEGIN PERFORM setval(''mig_other.s'', 1000); END$$'),
    (7, 'DO $$BEGIN EXECUTE ''SELECT setval(''''mig_other.s'''', 1000)''; END$$'),
    (8, 'DO $$DECLARE x bigint; BEGIN x := nextval(''mig_other.s''); END$$'),
    (9, 'DO $$DECLARE x bigint; BEGIN x := mig_other.next(); END$$'),
    (10, 'DO $$DECLARE x text := ''mig_other.s''; BEGIN PERFORM setval(x, 1000); END$$'),
    (11, 'DO $$BEGIN PERFORM setval(format(''%I.%I'', schemaname, sequencename)::regclass, 1000, true) FROM pg_sequences; END$$'),
    (12, 'CREATE FUNCTION f() RETURNS bigint LANGUAGE sql IMMUTABLE AS ''SELECT setval(''''mig_other.s'''', 1000)''; INSERT INTO t VALUES (1); CREATE INDEX ON t ((a + f()))'),
    (13, 'CREATE OPERATOR !!! (RIGHTARG = regclass, FUNCTION = pg_catalog.nextval); INSERT INTO t VALUES (!!! ''mig_other.s''::regclass)'),
    (14, 'INSERT INTO t VALUES (1); ALTER TABLE t ADD b bigint DEFAULT setval(''mig_other.s'', 1000)'),
    (15, 'INSERT INTO t VALUES (1); ALTER TABLE t ALTER a TYPE bigint USING setval(''mig_other.s'', 1000)'),
    (16, 'ALTER TABLE t ADD CHECK (setval(''mig_other.s'', 1000) > 0); INSERT INTO t VALUES (1)'),
    (17, 'CREATE DOMAIN d AS int CHECK (setval(''mig_other.s'', 1000) > 0); INSERT INTO t VALUES (1::d)'),
    (18, 'DO $$BEGIN PERFORM query_to_xml(''SELECT setval(''''mig_other.s'''', 1000)'', true, false, ''''); END$$')
    ) x (id, model) ORDER BY id;
SELECT last_value, is_called FROM mig_other.s;
-- the default of a column that comes to rows has moved it, and is an error
SELECT mig_lasting.looked('CREATE TABLE t (a bigint); INSERT INTO t VALUES (1); ALTER TABLE t ADD b bigint DEFAULT nextval(''mig_other.s'')');
SELECT last_value, is_called FROM mig_other.s;
-- the model's own may be moved, and others named
SELECT mig_lasting.looked($m$
CREATE SEQUENCE s;
CREATE TABLE t (id bigserial, a bigint DEFAULT nextval('s'), b bigint DEFAULT nextval('mig_other.s'));
INSERT INTO t (b) VALUES (1);
ALTER TABLE t ADD c serial;
ALTER TABLE t ADD d bigint GENERATED ALWAYS AS IDENTITY;
DO $$DECLARE x bigint; BEGIN
    PERFORM setval('t_id_seq', 5), setval(pg_get_serial_sequence('mig_app.t', 'c'), 5);
    x := nextval('s');
END$$;
SELECT pg_catalog.setval('mig_app.t_id_seq', 1, false);
SELECT setval('mig_other.s', 1000);
CREATE VIEW v AS SELECT nextval('mig_other.s');
CREATE MATERIALIZED VIEW m AS SELECT setval('mig_other.s', 1000);
CREATE TABLE e AS SELECT last_value FROM mig_other.s;
$m$);
-- so may its functions do
SELECT split_part(mig_lasting.looked(format($m$
CREATE SEQUENCE s;
CREATE FUNCTION own() RETURNS text LANGUAGE sql AS 'SELECT ''a'' || nextval(''s'')';
CREATE FUNCTION of(text) RETURNS bigint LANGUAGE sql AS 'SELECT nextval($1::regclass)';
CREATE TABLE t (a text DEFAULT own());
UPDATE t SET a = own();
INSERT INTO t SELECT of('mig_other.s') FROM t;
%s
UPDATE t SET a = own() WHERE a IS NULL;
$m$, insert)), ' | ', 1) FROM (VALUES (''), ('INSERT INTO t DEFAULT VALUES;'), ('INSERT INTO t VALUES (of(''mig_other.s''));')) x (insert);
SELECT last_value, is_called FROM mig_other.s;
-- and they are put into expressions, where the server finds what is wrong in them
SELECT mig_lasting.looked('SET check_function_bodies = off; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS ''SELECT nowhere($1)''; CREATE TABLE t (a int); ALTER TABLE t ADD b int GENERATED ALWAYS AS (f(a)) STORED');

---------------------------------------------------------------------------
-- Functions, wherever they are called
---------------------------------------------------------------------------
SELECT call, mig_lasting.looked('CREATE TABLE t (); DO $d$BEGIN PERFORM ' || call || '; END$d$') FROM unnest(ARRAY[
    'pg_advisory_lock(4712)', 'pg_advisory_lock_shared(47, 12)', 'pg_try_advisory_lock(4712)', 'pg_advisory_unlock(4712)', 'pg_advisory_unlock_all()',
    'pg_create_physical_replication_slot(''regress_mig_slot'')', 'pg_create_logical_replication_slot(''regress_mig_slot'', ''pgoutput'')',
    'pg_drop_replication_slot(''regress_mig_slot'')', 'pg_replication_origin_create(''regress_mig_origin'')', 'pg_logical_emit_message(false, ''a'', ''b'')',
    'pg_notify(''a'', '''')', 'setseed(0.5)',
    'pg_terminate_backend(pg_backend_pid())', 'pg_cancel_backend(pg_backend_pid())', 'pg_reload_conf()', 'pg_rotate_logfile()', 'pg_switch_wal()',
    'pg_create_restore_point(''a'')', 'pg_stat_reset()', 'lo_export(1, ''/nix/nix'')', 'lo_import(''/nix/nix'')',
    'mig_other.dblink_connect(''a'', '''')', 'mig_other.dblink_exec(''a'', ''SELECT 1'')']) call;
SELECT mig_lasting.looked('CREATE TABLE t (a int DEFAULT pg_advisory_lock(4712)::text::int); INSERT INTO t DEFAULT VALUES');
SELECT mig_lasting.looked('CREATE FUNCTION f() RETURNS void LANGUAGE sql AS ''SELECT pg_advisory_lock(4712)''; CREATE TABLE t AS SELECT f()');
SELECT mig_lasting.looked('CREATE PROCEDURE p() LANGUAGE sql AS ''SELECT pg_advisory_lock(4712)''; DO $$BEGIN CALL p(); END$$');
SELECT mig_lasting.looked('CREATE DOMAIN d AS int CHECK (pg_try_advisory_lock(4712)); CREATE TABLE t (a d); INSERT INTO t VALUES (1)');
SELECT mig_lasting.looked('CREATE FUNCTION pg_reload_conf() RETURNS int LANGUAGE sql AS ''SELECT 1''; CREATE TABLE t AS SELECT mig_app.pg_reload_conf()');
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'regress_mig%';
-- what is rolled back with the rest may be
SELECT call, mig_lasting.looked('CREATE TABLE t (); DO $d$BEGIN PERFORM ' || call || '; END$d$') FROM unnest(ARRAY[
    'set_config(''work_mem'', ''1MB'', false)', 'pg_advisory_xact_lock(4712)', 'lo_from_bytea(0, ''a'')']) call;
SELECT current_setting('work_mem') <> '1MB', count(*) FROM pg_largeobject_metadata;
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();

---------------------------------------------------------------------------
-- Statements in code
---------------------------------------------------------------------------
PREPARE mine AS SELECT 'is there';
SELECT statement, mig_lasting.looked('CREATE TABLE t (); DO $d$BEGIN EXECUTE $x$' || statement || '$x$; END$d$') FROM unnest(ARRAY[
    'PREPARE theirs AS SELECT 1', 'EXECUTE mine', 'DEALLOCATE mine', 'DEALLOCATE ALL', 'DISCARD PLANS', 'DISCARD TEMP',
    'LISTEN a', 'UNLISTEN *', 'NOTIFY a', 'DECLARE c CURSOR WITH HOLD FOR SELECT 1', 'FETCH FROM c', 'CLOSE ALL', 'LOAD ''nix''', 'CHECKPOINT',
    'COPY t TO ''/nix/nix''', 'COPY t FROM ''/nix/nix''', 'COPY (SELECT 1) TO PROGRAM ''false''',
    'ALTER ROLE regress_mig_nix SUPERUSER', 'ALTER SYSTEM SET work_mem = 1', 'IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c']) statement;
SELECT mig_lasting.looked('CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''NOTIFY a; SELECT 1''; CREATE TABLE t AS SELECT f()');
SELECT mig_lasting.looked('CREATE TABLE t (); DO $d$BEGIN DELETE FROM pg_description; END$d$');
-- a membership that the model itself needs goes with the shadow
SELECT mig_lasting.looked('CREATE TABLE t (); DO $d$BEGIN GRANT pg_monitor TO CURRENT_USER; END$d$');
SELECT count(*) FROM pg_auth_members WHERE roleid = 'pg_monitor'::regrole AND member = CURRENT_USER::regrole;
EXECUTE mine;
SELECT count(*) FROM pg_prepared_statements;
SELECT count(*) FROM pg_cursors WHERE name = 'c';
-- the error says which line of the model
SELECT migrate_diff(E'CREATE TABLE t (a int);\nDO $$BEGIN\n    PERFORM pg_advisory_lock(4712);\nEND$$');
-- and behind it all runs again, behind a cancel, too
SET statement_timeout = '1s';
\set VERBOSITY terse
SELECT count(*) FROM migrate_diff('CREATE TABLE t (); DO $$BEGIN PERFORM pg_sleep(60); END$$');
\set VERBOSITY default
RESET statement_timeout;
SELECT pg_advisory_lock(4712), pg_advisory_unlock(4712);
SELECT nextval('mig_other.s') > 0;
DEALLOCATE mine;
CREATE MATERIALIZED VIEW filled AS SELECT 1 AS a;
SELECT a FROM filled;

DROP EXTENSION pg_migrations, dblink;
DROP SCHEMA mig_lasting, mig_app, mig_other CASCADE;
