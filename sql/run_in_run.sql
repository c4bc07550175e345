--
-- A run inside a run is refused, however it comes about
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_in_run;
CREATE EXTENSION pg_migrations SCHEMA mig_run_in_run;
SET search_path = mig_run_in_run;

SELECT migrate_revision('first', 'CREATE TABLE t (a int)', 'DROP TABLE t', rev_id => 'r1');
SELECT migrate_revision('nested', '', '', rev_id => 'r2');
CREATE FUNCTION try(script text) RETURNS void LANGUAGE sql AS
    $$ SELECT mig_run_in_run.migrate_edit('r2', upgrade => script) $$;

---------------------------------------------------------------------------
-- Every function that changes something
---------------------------------------------------------------------------
CREATE FUNCTION attempt(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mig_run_in_run.migrate_edit('r2', upgrade => command);
    PERFORM mig_run_in_run.migrate_upgrade();
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ': ' || SQLERRM;
END
$$;
SELECT c, attempt(c) FROM unnest(ARRAY[
    'SELECT migrate_upgrade()', 'SELECT * FROM migrate_upgrade(''r1'')', 'SELECT migrate_downgrade(''base'')',
    'SELECT migrate_redo()', 'SELECT migrate_stamp(''r1'')', 'SELECT migrate_revision(''x'')', 'SELECT migrate_merge()',
    'SELECT migrate_edit(''r2'', message => ''x'')', 'SELECT migrate_remove(''r2'')']) c;

---------------------------------------------------------------------------
-- By a DO block, a trigger, a deferred trigger, a verify or downgrade script
---------------------------------------------------------------------------
SELECT try('DO ''BEGIN PERFORM mig_run_in_run.migrate_upgrade(); END''');
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
CREATE FUNCTION nest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mig_run_in_run.migrate_stamp('base');
    RETURN NULL;
END
$$;
SELECT try('CREATE TRIGGER tr AFTER INSERT ON t EXECUTE FUNCTION nest(); INSERT INTO t VALUES (1)');
SELECT migrate_upgrade(); -- fails
SELECT try('CREATE CONSTRAINT TRIGGER tr AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nest(); INSERT INTO t VALUES (1)');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r2', upgrade => '', verify => 'SELECT migrate_stamp(''r1'')');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r2', verify => '', downgrade => 'SELECT migrate_upgrade()');
SELECT revision FROM migrate_upgrade();
SELECT migrate_downgrade('-1'); -- fails
SELECT migrate_edit('r2', downgrade => '');

-- whoever catches it may go on
SELECT revision FROM migrate_downgrade('-1');
SELECT try($$DO 'BEGIN PERFORM mig_run_in_run.migrate_upgrade(); EXCEPTION WHEN SQLSTATE ''MG018'' THEN NULL; END'$$);
SELECT revision FROM migrate_upgrade();

---------------------------------------------------------------------------
-- Looking is no run
---------------------------------------------------------------------------
SELECT revision FROM migrate_downgrade('-1');
SELECT try($$CREATE TABLE looked AS SELECT
    (SELECT count(*) FROM migrate_history()) AS history, (SELECT count(*) FROM migrate_current()) AS current,
    (SELECT count(*) FROM migrate_pending()) AS pending, (SELECT count(*) FROM migrate_plan()) AS plan,
    (SELECT count(*) FROM migrate_heads()) AS heads, (SELECT count(*) FROM migrate_graph()) AS graph,
    (SELECT count(*) FROM migrate_sql()) > 0 AS sql; SELECT migrate_require('base')$$);
SELECT revision FROM migrate_upgrade();
SELECT * FROM looked;

-- and after a failed run the next one works
SELECT migrate_redo(); -- fails
DROP TABLE looked;
SELECT revision FROM migrate_redo();

---------------------------------------------------------------------------
-- The extension cannot go away under a run
---------------------------------------------------------------------------
SELECT migrate_downgrade('r1') IS NOT NULL AS done;
\set VERBOSITY sqlstate
SELECT try('DROP EXTENSION pg_migrations');
SELECT migrate_upgrade(); -- fails
\set VERBOSITY default
SELECT try('CREATE TABLE kept ()');
SELECT revision FROM migrate_upgrade();

---------------------------------------------------------------------------
-- Two runs in one transaction are no run in a run
---------------------------------------------------------------------------
BEGIN;
SELECT revision FROM migrate_downgrade('base');
DROP TABLE kept;
SELECT revision FROM migrate_upgrade('r1');
SELECT revision FROM migrate_upgrade('r2');
COMMIT;
SELECT revision FROM migrate_version;

DROP SCHEMA mig_run_in_run CASCADE;
