--
-- Verify scripts: run after an upgrade, and undo it by an error
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_verify;
CREATE EXTENSION pg_migrations SCHEMA mig_run_verify;
SET search_path = mig_run_verify;

SELECT migrate_revision('create', 'CREATE TABLE t (a int)', 'DROP TABLE t', 'SELECT a FROM t LIMIT 0', rev_id => 'r1');
SELECT migrate_revision('fill', 'INSERT INTO t VALUES (1), (2)', 'TRUNCATE t', $$
    -- exactly two
    DO $do$
    BEGIN
        ASSERT (SELECT count(*) FROM t) = 2, 'not two rows';
    END
    $do$;
    SELECT 1;$$, rev_id => 'r2');

-- it counts among the statements of an upgrade, and does not run in a downgrade
SELECT step, direction, revision, statements, script FROM migrate_plan();
SELECT revision, statements FROM migrate_upgrade();
SELECT step, direction, revision, statements FROM migrate_plan('base', downgrade => true);
SELECT revision, statements FROM migrate_downgrade('r1');

-- an error in it undoes the whole run
INSERT INTO t VALUES (0);
SELECT migrate_revision('more', 'CREATE TABLE u ()', 'DROP TABLE u', rev_id => 'r3');
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT * FROM t;
SELECT to_regclass('u');
SELECT revision FROM migrate_version;
DELETE FROM t;
SELECT revision, statements FROM migrate_upgrade();

-- it may be edited while the revision is applied; '' takes it away
SELECT migrate_edit('r2', verify => 'SELECT 1 / 0');
SELECT revision FROM migrate_redo('r1'); -- fails
SELECT migrate_edit('r2', verify => '');
SELECT revision, statements FROM migrate_redo('r1');
SELECT revision, verify_sql FROM migrate_revision ORDER BY seq;

-- it is checked like any script when stored
SELECT migrate_revision('x', '', '', 'SELEKT 1', rev_id => 'r4'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('x', '', '', 'ROLLBACK', rev_id => 'r4'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('x', '', '', '', rev_id => 'r4');
SELECT verify_sql IS NULL FROM migrate_revision WHERE revision = 'r4';

-- its deferred constraints are checked, too; what it changes stays
CREATE TABLE v (a int UNIQUE DEFERRABLE INITIALLY DEFERRED);
SELECT migrate_edit('r4', verify => 'INSERT INTO v VALUES (1)');
SELECT revision FROM migrate_upgrade();
SELECT migrate_downgrade('r3') IS NOT NULL AS done;
SELECT migrate_upgrade(); -- fails
SELECT * FROM v;

DROP SCHEMA mig_run_verify CASCADE;
