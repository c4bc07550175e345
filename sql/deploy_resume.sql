--
-- A statement at top level broke off: its mark says that it was begun, not that
-- it was done, and the catalogs say what there is to do
--
SET client_min_messages = warning;
SET allow_in_place_tablespaces = on;
CREATE SCHEMA mig_resume;
CREATE EXTENSION pg_migrations SCHEMA mig_resume;
SET search_path = mig_resume;

-- As if the server had gone down at the first statement of a revision: what the
-- deploy makes of it, and whether an object is there then
CREATE PROCEDURE broke_off(id text, script text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM migrate_revision(id, script, '', rev_id => id);
    INSERT INTO migrate_progress VALUES ('', id, 'upgrade', 1, now(), false);
END $$;
CREATE VIEW there AS
    SELECT 'database' AS what, datname AS name FROM pg_database WHERE datname LIKE 'regress_mig_%'
    UNION ALL SELECT 'tablespace', spcname FROM pg_tablespace WHERE spcname LIKE 'regress_mig_%'
    UNION ALL SELECT 'subscription', subname FROM pg_subscription WHERE subname LIKE 'regress_mig_%'
    ORDER BY 1, 2;

---------------------------------------------------------------------------
-- What is to be created is there, or not
---------------------------------------------------------------------------
CREATE DATABASE regress_mig_there;
COMMENT ON DATABASE regress_mig_there IS 'made before';
CREATE TABLESPACE regress_mig_there LOCATION '';
COMMENT ON TABLESPACE regress_mig_there IS 'made before';
SET client_min_messages = error;
CREATE SUBSCRIPTION regress_mig_there CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false, slot_name = NONE);
SET client_min_messages = warning;
CALL broke_off('aaa1', 'CREATE DATABASE regress_mig_there');
CALL broke_off('aaa2', 'CREATE DATABASE regress_mig_new');
CALL broke_off('aaa3', 'CREATE TABLESPACE regress_mig_there LOCATION ''''');
CALL broke_off('aaa4', 'CREATE TABLESPACE regress_mig_new LOCATION ''''');
CALL broke_off('aaa5', 'CREATE SUBSCRIPTION regress_mig_there CONNECTION ''dbname=none'' PUBLICATION p');
CALL migrate_deploy();
SELECT * FROM there;
SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'regress_mig_there';
SELECT shobj_description(oid, 'pg_tablespace') FROM pg_tablespace WHERE spcname = 'regress_mig_there';
-- one that is not there is tried again
CALL broke_off('aaa6', 'CREATE SUBSCRIPTION regress_mig_new CONNECTION ''host=/nonesuch dbname=none'' PUBLICATION p');
\set VERBOSITY sqlstate
CALL migrate_deploy(); -- fails
\set VERBOSITY default
SELECT count(*) FROM migrate_progress;
SELECT migrate_edit('aaa6', upgrade => '');
CALL migrate_deploy();

---------------------------------------------------------------------------
-- What is to be dropped is gone, or not
---------------------------------------------------------------------------
CALL broke_off('bbb1', 'DROP DATABASE regress_mig_gone');
CALL broke_off('bbb2', 'DROP DATABASE regress_mig_new');
CALL broke_off('bbb3', 'DROP DATABASE regress_mig_there');
CALL broke_off('bbb4', 'DROP TABLESPACE regress_mig_gone');
CALL broke_off('bbb5', 'DROP TABLESPACE regress_mig_new');
CALL broke_off('bbb6', 'DROP TABLESPACE regress_mig_there');
CALL broke_off('bbb7', 'DROP SUBSCRIPTION regress_mig_gone');
CALL broke_off('bbb8', 'DROP SUBSCRIPTION regress_mig_there');
CALL migrate_deploy();
SELECT * FROM there;

---------------------------------------------------------------------------
-- What nobody can tell is run again
---------------------------------------------------------------------------
CREATE TABLE t (a int);
CALL broke_off('ccc1', 'VACUUM t; DROP TABLE t');
CALL migrate_deploy();
SELECT to_regclass('t');

---------------------------------------------------------------------------
-- After an error: not even the look at what is left succeeds, and the log does
-- not take the failure
---------------------------------------------------------------------------
SELECT migrate_revision('ddd1', 'CREATE INDEX CONCURRENTLY i ON elsewhere.mig_resume.t (a)', '', rev_id => 'ddd1');
CALL migrate_deploy(); -- fails
SELECT statement, done FROM migrate_progress;
ALTER TABLE migrate_log ADD CHECK (outcome <> 'failed' OR message NOT LIKE '%zero%');
SELECT migrate_edit('ddd1', upgrade => 'SELECT 1 / 0', transactional => true);
CALL migrate_deploy(); -- fails
SELECT count(*) FROM migrate_log WHERE sqlstate = '22012';
SELECT revision FROM migrate_pending();

DROP SCHEMA mig_resume CASCADE;
