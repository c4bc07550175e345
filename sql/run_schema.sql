--
-- Target schemas: each keeps its own applied set and is first in the path
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_schema;
CREATE EXTENSION pg_migrations SCHEMA mig_run_schema;
SET search_path = mig_run_schema, pg_catalog;
CREATE SCHEMA mig_tenant_a;
CREATE SCHEMA "mig ""Tenant"" b's";

CREATE VIEW applied AS
    SELECT schema_name, string_agg(revision, ' ' ORDER BY revision) AS revisions,
        string_agg(revision, ' ' ORDER BY revision) FILTER (WHERE tip) AS tips
    FROM migrate_applied GROUP BY 1 ORDER BY 1;
CREATE VIEW tables AS
    SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relname IN ('account', 'invoice') ORDER BY 1, 2;

SELECT migrate_revision('account', 'CREATE TABLE account (name text, path text); INSERT INTO account VALUES (current_schema, current_setting(''search_path''))',
    'DROP TABLE account', 'SELECT name FROM account', rev_id => 'r1');
SELECT migrate_revision('invoice', 'CREATE TABLE invoice ()', 'DROP TABLE invoice', rev_id => 'r2');

---------------------------------------------------------------------------
-- Up
---------------------------------------------------------------------------
SELECT revision FROM migrate_upgrade('r1', schema => 'mig_tenant_a');
SELECT revision FROM migrate_upgrade(schema => 'mig "Tenant" b''s', tag => 'first');
SELECT revision FROM migrate_upgrade('head', 'mig "Tenant" b''s');
SELECT * FROM applied;
SELECT * FROM tables;
SELECT * FROM mig_tenant_a.account;
SELECT * FROM "mig ""Tenant"" b's".account;
SHOW search_path;
-- the database as a whole is another thing; NULL and '' mean it
SELECT revision FROM migrate_upgrade(schema => '');
SELECT revision FROM migrate_upgrade(schema => NULL);
SELECT * FROM mig_run_schema.account;
SELECT * FROM applied;

---------------------------------------------------------------------------
-- Each function looks at one of them
---------------------------------------------------------------------------
SELECT revision, tag FROM migrate_current('mig "Tenant" b''s');
SELECT revision FROM migrate_current('mig_tenant_a');
SELECT revision FROM migrate_pending('mig_tenant_a');
SELECT revision, marks FROM migrate_history(schema => 'mig_tenant_a');
SELECT migrate_graph(schema => 'mig_tenant_a');
SELECT revision FROM migrate_plan(schema => 'mig_tenant_a');
SELECT revision FROM migrate_plan('-1', schema => 'mig_tenant_a');
SELECT migrate_require('r2', schema => 'mig "Tenant" b''s');

---------------------------------------------------------------------------
-- Down, redo, stamp
---------------------------------------------------------------------------
SELECT revision FROM migrate_downgrade('-1', schema => 'mig "Tenant" b''s');
SELECT revision FROM migrate_redo(schema => 'mig_tenant_a');
SELECT * FROM tables;
SELECT migrate_stamp('r2', schema => 'mig_tenant_a', tag => 'by hand');
SELECT * FROM applied;
SELECT migrate_stamp('r1', schema => 'mig_tenant_a');

---------------------------------------------------------------------------
-- An error names the place, the next schema is not hurt
---------------------------------------------------------------------------
CREATE TABLE mig_tenant_a.invoice ();
SELECT migrate_upgrade(schema => 'mig_tenant_a'); -- fails
\echo :SQLSTATE
DROP TABLE mig_tenant_a.invoice;
SHOW search_path;

-- a session without any path
SELECT migrate_downgrade('r1') IS NOT NULL AS done;
SELECT migrate_edit('r2', upgrade => 'CREATE TABLE invoice (); SELECT name FROM account');
SET search_path = '';
SELECT revision FROM mig_run_schema.migrate_upgrade(schema => 'mig_tenant_a');
SHOW search_path;
SET search_path = mig_run_schema, pg_catalog;
SELECT * FROM tables;

---------------------------------------------------------------------------
-- public is a schema like others
---------------------------------------------------------------------------
SELECT migrate_stamp('r2', schema => 'public');
SELECT * FROM applied;
SELECT migrate_stamp('base', schema => 'public');

---------------------------------------------------------------------------
-- A schema that is not there
---------------------------------------------------------------------------
SELECT migrate_upgrade(schema => 'mig_nonesuch'); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade('base', schema => 'mig_nonesuch'); -- fails
SELECT migrate_redo(schema => 'MIG_TENANT_A'); -- fails
SELECT migrate_stamp('heads', schema => 'mig_nonesuch'); -- fails
SELECT migrate_plan(schema => 'mig_nonesuch'); -- fails
SELECT migrate_pending('mig_nonesuch'); -- fails
SELECT migrate_require('r1', schema => 'mig_nonesuch'); -- fails
SELECT migrate_current('mig_nonesuch'); -- fails
\echo :SQLSTATE
-- where a session has seen one applied says nothing of another schema, nor of
-- the same one later
SELECT revision FROM migrate_upgrade('head', schema => 'mig "Tenant" b''s');
SELECT revision FROM migrate_upgrade('head', schema => 'mig "Tenant" b''s');
SELECT revision FROM migrate_upgrade('head', schema => 'mig_tenant_a');
SELECT revision FROM migrate_downgrade('-1', schema => 'mig "Tenant" b''s');
SELECT revision FROM migrate_upgrade('head', schema => 'mig "Tenant" b''s');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT revision FROM migrate_upgrade('head', schema => 'mig "Tenant" b''s');
SELECT revision FROM migrate_redo(schema => 'mig "Tenant" b''s');
SELECT revision FROM migrate_upgrade('head', schema => 'mig "Tenant" b''s');
ROLLBACK;
SELECT revision FROM migrate_upgrade('head', schema => 'mig "Tenant" b''s');
VACUUM migrate_applied;
SELECT revision FROM migrate_upgrade('head', schema => 'mig "Tenant" b''s');
SELECT * FROM applied;

-- one that was dropped: its record is cleared by a stamp, a new one starts anew
DROP SCHEMA mig_tenant_a CASCADE;
SELECT migrate_upgrade(schema => 'mig_tenant_a'); -- fails
SELECT migrate_stamp('base', schema => 'mig_tenant_a');
SELECT * FROM applied;
CREATE SCHEMA mig_tenant_a;
SELECT revision FROM migrate_upgrade(schema => 'mig_tenant_a');
SELECT DISTINCT schema_name FROM migrate_log ORDER BY 1;

DROP SCHEMA mig_run_schema, mig_tenant_a, "mig ""Tenant"" b's" CASCADE;
