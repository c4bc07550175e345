--
-- Irreversible revisions: refused before anything runs
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_irreversible;
CREATE EXTENSION pg_migrations SCHEMA mig_run_irreversible;
SET search_path = mig_run_irreversible;

SELECT migrate_revision('first', 'CREATE TABLE one ()', 'DROP TABLE one', rev_id => 'r1');
SELECT migrate_revision('second', 'CREATE TABLE two ()', rev_id => 'r2');
SELECT migrate_revision('third', 'CREATE TABLE three ()', rev_id => 'r3');
SELECT migrate_revision('fourth', 'CREATE TABLE four ()', 'DROP TABLE four', rev_id => 'r4');
SELECT revision FROM migrate_upgrade();

SELECT migrate_downgrade('base'); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade('r2'); -- fails
SELECT migrate_redo('r1'); -- fails
\echo :SQLSTATE
-- the plan can be looked at
SELECT step, revision, statements, script FROM migrate_plan('base', downgrade => true);
SELECT to_regclass('four') IS NOT NULL AS "nothing was undone";
SELECT revision FROM migrate_version;

-- down to the last one is fine
SELECT revision FROM migrate_downgrade('r3');
SELECT migrate_downgrade('-1'); -- fails

-- a downgrade script may be given afterwards, or taken away
SELECT migrate_edit('r3', downgrade => 'DROP TABLE three');
SELECT revision FROM migrate_downgrade('-1');
SELECT migrate_edit('r2', downgrade => '');
SELECT revision, statements FROM migrate_downgrade('-1');
SELECT to_regclass('two') IS NOT NULL AS "nothing to do";
SELECT migrate_edit('r1', irreversible => true);
SELECT migrate_downgrade('base'); -- fails

-- a stamp asks no such question
SELECT migrate_stamp('base');
SELECT count(*) FROM migrate_applied;

DROP SCHEMA mig_run_irreversible CASCADE;
