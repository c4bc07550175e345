--
-- Rows of the extension's tables that are changed by hand under a run: here by
-- the scripts themselves; by another session in a TAP test.  A clear error, or
-- a clean result; nothing is recorded that was not done or is not stored.
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rows;
CREATE EXTENSION pg_migrations SCHEMA mig_rows;
SET search_path = mig_rows;

-- A revision r1 whose script, up or down, does something, and r2 behind it in
-- that direction
CREATE FUNCTION store(script text, transactional boolean DEFAULT true, down boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    inner_up text := CASE WHEN down THEN '' ELSE script END;
    inner_down text := CASE WHEN down THEN script ELSE '' END;
BEGIN
    TRUNCATE migrate_revision, migrate_edge, migrate_applied, migrate_progress, migrate_log;
    DROP TABLE IF EXISTS made;
    IF NOT down THEN
        PERFORM migrate_revision('first', inner_up, inner_down, rev_id => 'r1', transactional => transactional);
    END IF;
    PERFORM migrate_revision('makes a table', 'CREATE TABLE mig_rows.made (a int)', 'DROP TABLE mig_rows.made', rev_id => 'r2');
    IF down THEN
        PERFORM migrate_revision('first', inner_up, inner_down, rev_id => 'r1', transactional => transactional);
    END IF;
END $$;
CREATE FUNCTION state(OUT stored text, OUT applied text, OUT made boolean, OUT failure text) LANGUAGE sql AS $$
    SELECT (SELECT string_agg(revision, ' ' ORDER BY revision) FROM mig_rows.migrate_revision),
        (SELECT string_agg(revision || CASE WHEN tip THEN ' (tip)' ELSE '' END, ' ' ORDER BY revision) FROM mig_rows.migrate_applied),
        to_regclass('mig_rows.made') IS NOT NULL,
        (SELECT revision || ': ' || sqlstate || ' ' || message FROM mig_rows.migrate_log WHERE outcome = 'failed' ORDER BY id DESC LIMIT 1)
$$;
-- A run in the caller's transaction
CREATE FUNCTION attempt(script text, down boolean DEFAULT false) RETURNS TABLE (result text, applied text, made boolean) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM store(script, down => down);
    IF down THEN
        PERFORM migrate_upgrade();
    END IF;
    BEGIN
        IF down THEN
            SELECT string_agg(revision, ' ' ORDER BY step) INTO result FROM migrate_downgrade('base');
        ELSE
            SELECT string_agg(revision, ' ' ORDER BY step) INTO result FROM migrate_upgrade();
        END IF;
    EXCEPTION WHEN OTHERS THEN
        result := sqlstate || ' ' || sqlerrm;
    END;
    SELECT s.applied, s.made INTO attempt.applied, attempt.made FROM state() s;
    RETURN NEXT;
END $$;

---------------------------------------------------------------------------
-- What an error says
---------------------------------------------------------------------------
SELECT store($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r2'$$);
CALL migrate_deploy(); -- fails
SELECT store($$UPDATE mig_rows.migrate_revision SET transactional = false WHERE revision = 'r2'$$);
CALL migrate_deploy(); -- fails
SELECT store($$UPDATE mig_rows.migrate_revision SET downgrade_sql = NULL WHERE revision = 'r2'$$, down => true);
CALL migrate_deploy();
CALL migrate_revert('base'); -- fails
SELECT store($$INSERT INTO mig_rows.migrate_applied SELECT '', revision, false, false, now(), 'me', NULL, NULL, NULL, 'ran' FROM mig_rows.migrate_revision$$);
CALL migrate_deploy(); -- fails

-- the server's own hint stays beside ours
SELECT store($$DO 'BEGIN RAISE ''could not extend file'' USING ERRCODE = ''53100'', HINT = ''Check free disk space.''; END'$$);
CALL migrate_deploy(); -- fails
SELECT store($$DO 'BEGIN RAISE ''out of shared memory'' USING ERRCODE = ''53200'', HINT = ''You might need to increase max_locks_per_transaction.''; END'$$);
CALL migrate_deploy(); -- fails
SELECT migrate_edit('r1', upgrade => '');
SELECT migrate_edit('r2', upgrade => $$DO 'BEGIN RAISE ''out of shared memory'' USING ERRCODE = ''53200'', HINT = ''You might need to increase max_locks_per_transaction.''; END'$$);
CALL migrate_deploy(); -- fails
SELECT revision FROM migrate_downgrade('base');
SELECT revision FROM migrate_upgrade(); -- fails

---------------------------------------------------------------------------
-- A deploy; a revision that is not transactional
---------------------------------------------------------------------------
\set VERBOSITY sqlstate
-- deleted: the next one, itself, all
SELECT store($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r2'$$);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r2'$$, false);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r1'$$);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r1'$$, false);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store('TRUNCATE mig_rows.migrate_revision CASCADE');
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store('TRUNCATE mig_rows.migrate_revision CASCADE', false);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
-- and on the way down; that a revision is gone which has been undone is no harm
SELECT store($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r2'$$, down => true);
CALL migrate_deploy();
CALL migrate_revert('base'); -- fails
SELECT * FROM state();
SELECT store($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r2'$$, false, down => true);
CALL migrate_deploy();
CALL migrate_revert('base'); -- fails
SELECT * FROM state();
SELECT store($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r1'$$, down => true);
CALL migrate_deploy();
CALL migrate_revert('base');
SELECT * FROM state();

-- changed
SELECT store($$UPDATE mig_rows.migrate_revision SET revision = 'other' WHERE revision = 'r2'$$);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store($$UPDATE mig_rows.migrate_revision SET upgrade_sql = NULL WHERE revision = 'r2'$$);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store($$ALTER TABLE mig_rows.migrate_revision ALTER upgrade_sql DROP NOT NULL; UPDATE mig_rows.migrate_revision SET upgrade_sql = NULL WHERE revision = 'r2'$$, false);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT migrate_show('r2'); -- fails
DELETE FROM migrate_revision;
ALTER TABLE migrate_revision ALTER upgrade_sql SET NOT NULL;
SELECT store($$UPDATE mig_rows.migrate_revision SET transactional = false WHERE revision = 'r2'$$, false);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
-- the next one makes another plan
CALL migrate_deploy();
SELECT * FROM state();
SELECT store($$UPDATE mig_rows.migrate_revision SET down_revision = '{}' WHERE revision = 'r2'$$);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store($$UPDATE mig_rows.migrate_revision SET stored_by = 'nobody' WHERE revision = 'r2'$$);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store($$UPDATE mig_rows.migrate_revision SET downgrade_sql = NULL WHERE revision = 'r2'$$, false, down => true);
CALL migrate_deploy();
CALL migrate_revert('base'); -- fails
SELECT * FROM state();
-- a script or checksum runs, and is recorded, as it is then
SELECT store($$UPDATE mig_rows.migrate_revision SET upgrade_sql = 'CREATE TABLE mig_rows.made (b int)', checksum = 'changed' WHERE revision = 'r2'$$);
CALL migrate_deploy();
SELECT * FROM state();
SELECT checksum FROM migrate_applied WHERE revision = 'r2';

-- what is applied
SELECT store('INSERT INTO mig_rows.migrate_applied SELECT '''', revision, false, false, now(), ''me'', NULL, NULL, NULL, ''ran'' FROM mig_rows.migrate_revision', false);
CALL migrate_deploy(); -- fails
SELECT store('DELETE FROM mig_rows.migrate_applied', down => true);
CALL migrate_deploy();
CALL migrate_revert('base'); -- fails
SELECT * FROM state();
SELECT store('UPDATE mig_rows.migrate_applied SET revision = ''other'' WHERE revision = ''r2''', false, down => true);
CALL migrate_deploy();
CALL migrate_revert('base'); -- fails
SELECT * FROM state();
SELECT store('TRUNCATE mig_rows.migrate_applied', false, down => true);
CALL migrate_deploy();
CALL migrate_revert('base'); -- fails
SELECT * FROM state();
-- a parent that is not applied any more
SELECT store('');
SELECT migrate_edit('r2', upgrade => 'DELETE FROM mig_rows.migrate_applied');
CALL migrate_deploy(); -- fails
SELECT * FROM state();

-- edges, marks, log and model are not needed from here on
SELECT store('DELETE FROM mig_rows.migrate_edge; DELETE FROM mig_rows.migrate_progress; DELETE FROM mig_rows.migrate_log; DELETE FROM mig_rows.migrate_model');
CALL migrate_deploy();
SELECT * FROM state();
SELECT store('TRUNCATE mig_rows.migrate_edge, mig_rows.migrate_progress, mig_rows.migrate_log, mig_rows.migrate_model', false);
CALL migrate_deploy();
SELECT * FROM state();
\set VERBOSITY default

---------------------------------------------------------------------------
-- In the caller's transaction: all as it was when the plan was made, or
-- nothing
---------------------------------------------------------------------------
SELECT * FROM attempt($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r2'$$);
SELECT * FROM attempt($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r1'$$);
SELECT * FROM attempt($$DELETE FROM mig_rows.migrate_revision WHERE revision = 'r2'$$, down => true);
SELECT * FROM attempt('TRUNCATE mig_rows.migrate_revision');
SELECT * FROM attempt($$UPDATE mig_rows.migrate_revision SET revision = 'other' WHERE revision = 'r2'$$);
SELECT * FROM attempt($$UPDATE mig_rows.migrate_revision SET upgrade_sql = 'SELECT 1 / 0', down_revision = '{}', transactional = false$$);
SELECT * FROM attempt('UPDATE mig_rows.migrate_revision SET downgrade_sql = NULL', down => true);
SELECT * FROM attempt('DELETE FROM mig_rows.migrate_edge; DELETE FROM mig_rows.migrate_log');
SELECT * FROM attempt('DELETE FROM mig_rows.migrate_applied', down => true);
SELECT * FROM attempt('INSERT INTO mig_rows.migrate_applied SELECT '''', revision, false, false, now(), ''me'', NULL, NULL, NULL, ''ran'' FROM mig_rows.migrate_revision');
SELECT store('');
SELECT revision FROM migrate_upgrade('r1');
SELECT migrate_edit('r2', upgrade => 'DELETE FROM mig_rows.migrate_applied');
SELECT revision FROM migrate_upgrade(); -- fails
SELECT * FROM state();

---------------------------------------------------------------------------
-- The extension itself
---------------------------------------------------------------------------
CREATE SCHEMA mig_rows_other;
SELECT * FROM attempt('DROP EXTENSION pg_migrations CASCADE');
SELECT * FROM attempt('ALTER EXTENSION pg_migrations SET SCHEMA mig_rows_other');
SELECT * FROM attempt('ALTER SCHEMA mig_rows RENAME TO mig_rows_renamed; ALTER SCHEMA mig_rows_renamed RENAME TO mig_rows');
SELECT store('DROP EXTENSION pg_migrations CASCADE');
CALL migrate_deploy(); -- fails
SELECT store('DROP EXTENSION pg_migrations CASCADE', false);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store('ALTER EXTENSION pg_migrations SET SCHEMA mig_rows_other');
CALL migrate_deploy(); -- fails
SELECT store('ALTER EXTENSION pg_migrations SET SCHEMA mig_rows_other', false);
CALL migrate_deploy(); -- fails
SELECT * FROM state();
SELECT store('SELECT 1');
CALL migrate_deploy();
SELECT * FROM state();

---------------------------------------------------------------------------
-- Rows that change places, each of which then stands where another was read
---------------------------------------------------------------------------
CREATE FUNCTION swap_rows(name text) RETURNS text LANGUAGE sql AS $$
    SELECT format('WITH gone AS (DELETE FROM mig_rows.%1$I RETURNING *) INSERT INTO mig_rows.%1$I SELECT * FROM gone; '
        'VACUUM mig_rows.%1$I; WITH gone AS (DELETE FROM mig_rows.%1$I RETURNING *) '
        'INSERT INTO mig_rows.%1$I SELECT * FROM gone ORDER BY revision %2$s',
        name, CASE name WHEN 'migrate_revision' THEN 'DESC' END)
$$;
SELECT store(swap_rows('migrate_revision'), transactional => false);
CALL migrate_deploy();
SELECT * FROM state();
SELECT store(swap_rows('migrate_applied'), transactional => false, down => true);
CALL migrate_deploy();
CALL migrate_revert('base');
SELECT * FROM state();
DROP FUNCTION swap_rows;

---------------------------------------------------------------------------
-- A value that is missing, whoever reads it
---------------------------------------------------------------------------
ALTER TABLE migrate_applied ALTER how DROP NOT NULL, ALTER tip DROP NOT NULL;
UPDATE migrate_applied SET how = NULL;
SELECT migrate_remove('r2'); -- fails
UPDATE migrate_applied SET how = 'ran', tip = NULL;
SELECT migrate_require('r1'); -- fails
DROP EXTENSION pg_migrations;
DROP SCHEMA mig_rows, mig_rows_other CASCADE;
