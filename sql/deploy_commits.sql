--
-- Deploys: a commit after each revision, what they return, log and tell
--
CREATE SCHEMA mig_deploy_commits;
CREATE EXTENSION pg_migrations SCHEMA mig_deploy_commits;
SET search_path = mig_deploy_commits;
SET client_min_messages = warning;

SELECT migrate_revision('create a', 'CREATE TABLE a (id int)', 'DROP TABLE a', rev_id => 'aaaa');
SELECT migrate_revision('create b', 'CREATE TABLE b (id int)', 'DROP TABLE b', rev_id => 'bbbb');
SELECT migrate_revision('create c', 'CREATE TABLE c (id int); INSERT INTO c VALUES (1)', 'DROP TABLE c', rev_id => 'cccc');
RESET client_min_messages;

CREATE FUNCTION tables() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(relname, ' ' ORDER BY relname COLLATE "C") FROM pg_class
    WHERE relnamespace = 'mig_deploy_commits'::regnamespace AND relkind = 'r' AND relname !~ '^migrate_'
$$;

---------------------------------------------------------------------------
-- One by one, all, and nothing to do
---------------------------------------------------------------------------
CALL migrate_deploy('+1');
CALL migrate_deploy();
CALL migrate_deploy();
CALL migrate_deploy('aaaa');
CALL migrate_deploy('heads', NULL, 'release 7', '1 min', 42, 'ignored');
SELECT tables();

-- the result for a program
CALL migrate_revert('bbbb') \gset
SELECT :'reverted' AS reverted, :'heads' AS heads, tables();
CALL migrate_deploy('head', tag => 'release 7', wait => '0');
CALL migrate_revert('cccc');
CALL migrate_revert('-2', tag => 'back');
CALL migrate_revert('base');
CALL migrate_revert('base');
SELECT tables() IS NULL AS "nothing is there";

SELECT id, action, revision, outcome, statements, tag, elapsed >= '0' AS took, sqlstate FROM migrate_log ORDER BY id;

-- the applied rows are those of an upgrade
CALL migrate_deploy('bbbb', tag => 'x');
SELECT revision FROM migrate_upgrade('cccc');
SELECT revision, tip, late, applied_by = current_user AS "by me", elapsed > '0' AS took, a.checksum = r.checksum AS "same script", tag, how
    FROM migrate_applied a JOIN migrate_revision r USING (revision) ORDER BY 1;
-- and a downgrade undoes what a deploy did
SELECT revision FROM migrate_downgrade('base');

---------------------------------------------------------------------------
-- A failure: what was done stays
---------------------------------------------------------------------------
SET client_min_messages = warning;
SELECT migrate_revision('fails', E'CREATE TABLE d (id int);\nINSERT INTO d\n  VALUES (1 / 0)', 'DROP TABLE d', rev_id => 'dddd');
SELECT migrate_revision('never comes', 'CREATE TABLE e ()', 'DROP TABLE e', rev_id => 'eeee');
CALL migrate_deploy(tag => 'release 8'); -- fails
\echo :SQLSTATE
SELECT tables();
SELECT action, revision, outcome, tag, sqlstate, message, statement, line, context FROM migrate_log ORDER BY id DESC LIMIT 2;
SELECT heads, pending, pid, revision, step, steps, statement, since, waiting_for,
    last_action, last_revision, last_outcome, last_at IS NOT NULL AS at, last_message FROM migrate_status();
SELECT migrate_edit('dddd', upgrade => 'CREATE TABLE d (id int)');
CALL migrate_deploy();
SELECT heads, pending, last_action, last_revision, last_outcome, last_message FROM migrate_status();
SELECT tables();

-- a downgrade that fails
SELECT migrate_edit('cccc', downgrade => 'DROP TABLE not_there');
CALL migrate_revert('aaaa'); -- fails
\echo :SQLSTATE
SELECT tables();
SELECT action, revision, outcome, sqlstate, statement, line FROM migrate_log ORDER BY id DESC LIMIT 3;
SELECT migrate_edit('cccc', downgrade => 'DROP TABLE c');
CALL migrate_revert('aaaa');

-- refused before anything runs, and not logged
SELECT migrate_revision('irreversible', 'SELECT 1', head => 'eeee', rev_id => 'ffff');
CALL migrate_deploy();
SELECT max(id) AS last FROM migrate_log \gset
CALL migrate_revert('base'); -- fails
\echo :SQLSTATE
SELECT count(*) AS "nothing is logged" FROM migrate_log WHERE id > :last;
SELECT tables();

---------------------------------------------------------------------------
-- Arguments
---------------------------------------------------------------------------
\set VERBOSITY terse
CALL migrate_deploy(NULL); -- fails
\echo :SQLSTATE
CALL migrate_revert(NULL); -- fails
CALL migrate_wait(NULL); -- fails
CALL migrate_deploy('nothing'); -- fails
\echo :SQLSTATE
CALL migrate_deploy('aaaa:bbbb'); -- fails
\echo :SQLSTATE
CALL migrate_deploy(schema => 'mig_not_there'); -- fails
\echo :SQLSTATE
CALL migrate_revert('-9'); -- fails
\echo :SQLSTATE
CALL migrate_deploy('-1'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- A target schema
---------------------------------------------------------------------------
CREATE SCHEMA mig_deploy_tenant;
CALL migrate_deploy('cccc', schema => 'mig_deploy_tenant');
SELECT count(*) FROM mig_deploy_tenant.c;
SHOW search_path;
SELECT heads, pending FROM migrate_status('mig_deploy_tenant');
CALL migrate_revert('base', schema => 'mig_deploy_tenant');
SELECT heads, pending, last_action FROM migrate_status('mig_deploy_tenant');
SELECT heads, pending FROM migrate_status();
SELECT count(*) FROM pg_class WHERE relnamespace = 'mig_deploy_tenant'::regnamespace;

---------------------------------------------------------------------------
-- Waiting for a revision
---------------------------------------------------------------------------
CALL migrate_wait('ffff');
CALL migrate_wait('heads, aaaa');
CALL migrate_wait('ffff', schema => 'mig_deploy_tenant', wait => '1 ms'); -- fails
\echo :SQLSTATE
\set VERBOSITY default
CALL migrate_wait('not_there', wait => '1 ms'); -- fails
\echo :SQLSTATE
\set VERBOSITY terse

---------------------------------------------------------------------------
-- Rights
---------------------------------------------------------------------------
CREATE ROLE regress_mig_deployer;
GRANT USAGE ON SCHEMA mig_deploy_commits TO regress_mig_deployer;
SET ROLE regress_mig_deployer;
CALL migrate_deploy(); -- fails
CALL migrate_revert('base'); -- fails
\echo :SQLSTATE
SELECT heads, pending, last_revision FROM migrate_status();
RESET ROLE;
GRANT EXECUTE ON PROCEDURE migrate_deploy, migrate_revert TO regress_mig_deployer;
GRANT EXECUTE ON FUNCTION migrate_revision, migrate_remove TO regress_mig_deployer;
GRANT CREATE ON SCHEMA mig_deploy_tenant TO regress_mig_deployer;
GRANT USAGE ON SCHEMA mig_deploy_tenant TO regress_mig_deployer;
SET ROLE regress_mig_deployer;
SELECT migrate_revision('by the deployer', 'CREATE TABLE mig_deploy_tenant.mine ()', 'DROP TABLE mig_deploy_tenant.mine', rev_id => 'gggg');
CALL migrate_deploy();
SELECT relowner::regrole FROM pg_class WHERE oid = 'mig_deploy_tenant.mine'::regclass;
CALL migrate_revert('-1');
RESET ROLE;
SELECT role_name, session_role = session_user AS "session role", action, outcome FROM migrate_log ORDER BY id DESC LIMIT 2;
-- what a lesser role stored is not for a superuser
CALL migrate_deploy(); -- fails
\echo :SQLSTATE

-- no lock is left
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
SELECT application_name = current_setting('application_name') AS "name is back" FROM pg_stat_activity WHERE pid = pg_backend_pid();

SET client_min_messages = warning;
DROP SCHEMA mig_deploy_tenant CASCADE;
DROP SCHEMA mig_deploy_commits CASCADE;
DROP ROLE regress_mig_deployer;
