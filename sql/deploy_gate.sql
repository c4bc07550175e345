--
-- Procedures that commit are refused where they cannot, with a hint
--
SET client_min_messages = warning;
CREATE SCHEMA mig_deploy_gate;
CREATE EXTENSION pg_migrations SCHEMA mig_deploy_gate;
SET search_path = mig_deploy_gate;
SELECT migrate_revision('one', 'CREATE TABLE one ()', 'DROP TABLE one', rev_id => 'aaaa');

---------------------------------------------------------------------------
-- Transaction blocks
---------------------------------------------------------------------------
BEGIN;
CALL migrate_deploy(); -- fails
\echo :SQLSTATE
ROLLBACK;
BEGIN;
CALL migrate_revert('base'); -- fails
ROLLBACK;
BEGIN;
CALL migrate_wait('aaaa'); -- fails
\set VERBOSITY terse
\echo :SQLSTATE
ROLLBACK;
-- several statements in one message are a transaction, too
SELECT 1 AS one \; CALL migrate_deploy(); -- fails
CALL migrate_deploy() \; SELECT 1 AS one; -- fails

---------------------------------------------------------------------------
-- Functions, triggers, DO blocks, procedures
---------------------------------------------------------------------------
CREATE FUNCTION in_function() RETURNS void LANGUAGE plpgsql AS $$
DECLARE a int; h text;
BEGIN
    CALL mig_deploy_gate.migrate_deploy(applied => a, heads => h);
END $$;
SELECT in_function(); -- fails
CREATE TABLE t ();
CREATE FUNCTION in_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM mig_deploy_gate.in_function(); RETURN NULL; END $$;
CREATE TRIGGER deploy AFTER INSERT ON t EXECUTE FUNCTION in_trigger();
INSERT INTO t DEFAULT VALUES; -- fails
\set VERBOSITY default
DO $$
DECLARE a int; h text;
BEGIN
    CALL mig_deploy_gate.migrate_deploy(applied => a, heads => h);
END $$; -- fails
\echo :SQLSTATE
\set VERBOSITY terse
DO $$ BEGIN COMMIT; CALL mig_deploy_gate.migrate_wait('aaaa'); END $$; -- fails
CREATE PROCEDURE in_procedure() LANGUAGE plpgsql AS $$
DECLARE a int; h text;
BEGIN
    COMMIT;
    CALL mig_deploy_gate.migrate_revert('base', reverted => a, heads => h);
END $$;
CALL in_procedure(); -- fails
CREATE PROCEDURE in_definer() LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN CALL mig_deploy_gate.migrate_wait('aaaa'); END $$;
CALL in_definer(); -- fails
CREATE PROCEDURE in_sql() LANGUAGE sql AS $$ CALL mig_deploy_gate.migrate_wait('aaaa') $$;
CALL in_sql(); -- fails

---------------------------------------------------------------------------
-- From a script
---------------------------------------------------------------------------
SELECT migrate_revision('two', 'SELECT mig_deploy_gate.in_function()', '', rev_id => 'bbbb');
CALL migrate_deploy(); -- fails
\echo :SQLSTATE
SELECT migrate_edit('bbbb', upgrade => 'SELECT 1');

---------------------------------------------------------------------------
-- Read-only
---------------------------------------------------------------------------
SET default_transaction_read_only = on;
CALL migrate_deploy(); -- fails
\echo :SQLSTATE
CALL migrate_deploy('aaaa'); -- nothing to do
RESET default_transaction_read_only;

CALL migrate_deploy();
SELECT revision FROM migrate_current();
DROP SCHEMA mig_deploy_gate CASCADE;
