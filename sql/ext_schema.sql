--
-- The extension in any schema, and on the move
--
SET client_min_messages = warning;
CREATE SCHEMA "mig Ext ""S'chema";
CREATE EXTENSION pg_migrations SCHEMA "mig Ext ""S'chema";
CREATE SCHEMA mig_ext_other;
CREATE SCHEMA mig_ext_app;
CREATE SCHEMA mig_ext_tenant;
\set ext '"mig Ext ""S''chema"'

---------------------------------------------------------------------------
-- In a schema outside the search_path, with a name that must be quoted
---------------------------------------------------------------------------
SET search_path = mig_ext_app;
SELECT :ext.migrate_revision('first', 'CREATE TABLE t1 (a int)', 'DROP TABLE t1', 'TABLE t1', rev_id => 'r1', branch_label => 'main');
SELECT :ext.migrate_revision('second', 'CREATE TABLE t2 (a int)', 'DROP TABLE t2', rev_id => 'r2');
SELECT :ext.migrate_revision('third', 'SELECT 1', '', rev_id => 'r3');
SELECT :ext.migrate_edit('r3', message => 'the third');
SELECT revision FROM :ext.migrate_upgrade('r2');
SELECT :ext.migrate_stamp('r2');
SELECT revision FROM :ext.migrate_redo();
SELECT revision FROM :ext.migrate_downgrade('r1');
SELECT revision, marks FROM :ext.migrate_history();
SELECT revision FROM :ext.migrate_current();
SELECT revision FROM :ext.migrate_heads();
SELECT revision FROM :ext.migrate_branches();
SELECT revision FROM :ext.migrate_pending();
SELECT revision FROM :ext.migrate_plan();
SELECT :ext.migrate_require('main');
SELECT count(*) > 0 AS shown FROM :ext.migrate_show('r1');
SELECT count(*) > 0 AS drawn FROM :ext.migrate_graph();
SELECT count(*) > 0 AS written FROM :ext.migrate_sql();
SELECT :ext.migrate_remove('r3');
SELECT revision FROM :ext.migrate_version;
SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relname ~ '^t[12]$' AND nspname LIKE 'mig_ext%';

-- no search_path at all
SET search_path = '';
SELECT revision FROM :ext.migrate_upgrade('head', 'mig_ext_tenant');
SELECT revision FROM :ext.migrate_downgrade('base', 'mig_ext_tenant');
-- scripts need one, of course
SELECT revision FROM :ext.migrate_upgrade(); -- fails
SET search_path = mig_ext_app;

-- the offline script finds it
SELECT string_agg(l, E'\n') AS script FROM :ext.migrate_sql('r1:r2') AS s (l) \gset
:script
SELECT revision FROM :ext.migrate_current();

---------------------------------------------------------------------------
-- Moved in mid-session, renamed, dropped and made again
---------------------------------------------------------------------------
ALTER EXTENSION pg_migrations SET SCHEMA mig_ext_other;
SELECT revision FROM mig_ext_other.migrate_current();
SELECT revision FROM mig_ext_other.migrate_downgrade('-1');
SELECT revision FROM mig_ext_other.migrate_upgrade();
SELECT mig_ext_other.migrate_revision('fourth', rev_id => 'r4');
\set VERBOSITY terse
SELECT revision FROM :ext.migrate_current(); -- fails
\set VERBOSITY default
ALTER SCHEMA mig_ext_other RENAME TO mig_ext_renamed;
SELECT revision FROM mig_ext_renamed.migrate_upgrade();
SELECT revision, marks FROM mig_ext_renamed.migrate_history();
-- in a transaction that is rolled back
BEGIN;
ALTER EXTENSION pg_migrations SET SCHEMA mig_ext_app;
SELECT revision FROM mig_ext_app.migrate_downgrade('-1');
ROLLBACK;
SELECT revision FROM mig_ext_renamed.migrate_current();
-- another schema under the old name
CREATE SCHEMA mig_ext_other;
SELECT mig_ext_renamed.migrate_stamp('r1');
SELECT revision FROM mig_ext_renamed.migrate_current();

DROP EXTENSION pg_migrations;
SELECT to_regclass('mig_ext_renamed.migrate_log'), to_regclass('mig_ext_app.t1') IS NOT NULL AS t1;
CREATE EXTENSION pg_migrations SCHEMA mig_ext_other;
SELECT revision FROM mig_ext_other.migrate_history();
SELECT mig_ext_other.migrate_revision('anew', 'CREATE TABLE t5 ()', 'DROP TABLE t5', rev_id => 'n1');
SELECT revision FROM mig_ext_other.migrate_upgrade();
SELECT id, action, revision FROM mig_ext_other.migrate_log ORDER BY id;
DROP EXTENSION pg_migrations;
CREATE EXTENSION pg_migrations SCHEMA mig_ext_renamed;
SELECT revision FROM mig_ext_renamed.migrate_upgrade();
SELECT mig_ext_renamed.migrate_revision('anew', rev_id => 'n1');

---------------------------------------------------------------------------
-- Temporary objects do not get in the way of our tables or of operators
---------------------------------------------------------------------------
CREATE TEMP TABLE migrate_revision (x int);
CREATE TEMP TABLE migrate_applied (x int);
CREATE TEMP TABLE pg_class (x int);
CREATE SCHEMA mig_ext_evil;
CREATE FUNCTION mig_ext_evil.eq(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'caught'; END $$;
CREATE OPERATOR mig_ext_evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = mig_ext_evil.eq);
CREATE FUNCTION mig_ext_evil.unnest(text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'caught'; END $$;
SET search_path = mig_ext_evil, pg_temp, mig_ext_renamed, pg_catalog;
SELECT migrate_revision('second', rev_id => 'n2');
SELECT revision FROM migrate_upgrade();
SELECT migrate_stamp('n1');
SELECT revision FROM migrate_current();
RESET search_path;
DROP TABLE pg_temp.migrate_revision, pg_temp.migrate_applied, pg_temp.pg_class;

DROP SCHEMA mig_ext_other, mig_ext_app, mig_ext_tenant, mig_ext_renamed, mig_ext_evil, "mig Ext ""S'chema" CASCADE;
