--
-- What is logged
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_log;
CREATE EXTENSION pg_migrations SCHEMA mig_run_log;
SET search_path = mig_run_log;
SET application_name = 'the deployer';
CREATE ROLE regress_mig_log;
GRANT USAGE, CREATE ON SCHEMA mig_run_log TO regress_mig_log;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_run_log TO regress_mig_log;

CREATE VIEW log AS
    SELECT id, schema_name AS schema, action, revision, outcome, statements,
        elapsed >= interval '0' AS elapsed, tag, message
    FROM migrate_log ORDER BY id;

---------------------------------------------------------------------------
-- Making and changing revisions
---------------------------------------------------------------------------
SELECT migrate_revision('first', 'SELECT 1; SELECT 2', '', 'SELECT 3', rev_id => 'r1');
SELECT migrate_revision('second', '', '', rev_id => 'r2');
SELECT migrate_revision('fork', '', '', head => 'r1', splice => true, rev_id => 'f2');
SELECT migrate_merge(rev_id => 'm3');
SELECT migrate_edit('r2', upgrade => 'SELECT 1', message => 'the second', transactional => true);
SELECT migrate_edit('m3', head => 'r2');
SELECT migrate_edit('m3', head => 'f2, r2', verify => '', irreversible => true);
SELECT migrate_edit('m3', downgrade => '');
SELECT migrate_edit('r2');
SELECT migrate_revision('removed', '', '', rev_id => 'r4');
SELECT migrate_remove('r4');
SELECT * FROM log;

---------------------------------------------------------------------------
-- Runs and stamps
---------------------------------------------------------------------------
SELECT count(*) FROM migrate_upgrade('r2', tag => 'build 17');
SELECT count(*) FROM migrate_upgrade('m3');
SELECT count(*) FROM migrate_upgrade('m3', tag => 'nothing to do');
SELECT count(*) FROM migrate_downgrade('-1', tag => 'oops');
SELECT count(*) FROM migrate_redo('r1');
SELECT migrate_stamp('r1', tag => 'by hand');
SELECT migrate_stamp('r1', tag => 'no change');
SELECT migrate_stamp('r2', schema => 'mig_run_log');
SELECT migrate_stamp('base', purge => true);
SELECT * FROM log WHERE id > 11;

---------------------------------------------------------------------------
-- Looking, refusals and failures leave no trace
---------------------------------------------------------------------------
SELECT max(id) AS last FROM migrate_log \gset
SELECT count(*) FROM migrate_history();
SELECT migrate_upgrade('nonesuch'); -- fails
SELECT migrate_edit('r2', upgrade => 'SELECT 1 / 0');
SELECT migrate_upgrade('r2'); -- fails
BEGIN;
SELECT migrate_stamp('r1');
ROLLBACK;
SELECT action, revision FROM migrate_log WHERE id > :last;

---------------------------------------------------------------------------
-- By whom, from where
---------------------------------------------------------------------------
SELECT DISTINCT role_name = current_user AS role, session_role = session_user AS session_role, application_name,
    client_addr IS NOT DISTINCT FROM inet_client_addr() AS client_addr,
    sqlstate, statement, line, context
FROM migrate_log;
SELECT bool_and(at BETWEEN now() - interval '1 hour' AND clock_timestamp()) AS at FROM migrate_log;
SELECT bool_and(l.at >= (SELECT max(at) FROM migrate_log e WHERE e.id < l.id)) AS "in order of time" FROM migrate_log l;
SET ROLE regress_mig_log;
RESET application_name;
SELECT migrate_edit('r1', upgrade => 'SELECT 1');
SELECT count(*) FROM migrate_upgrade('r1');
RESET ROLE;
SELECT action, revision, role_name, session_role = session_user AS session_role, application_name
FROM migrate_log WHERE role_name = 'regress_mig_log' ORDER BY id;
SELECT revision, applied_by = 'regress_mig_log' AS by_that_role, how FROM migrate_applied ORDER BY schema_name, revision;

DROP SCHEMA mig_run_log CASCADE;
DROP ROLE regress_mig_log;
