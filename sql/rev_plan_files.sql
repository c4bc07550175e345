--
-- migrate_plan(files => ...): plans with revisions that are not stored
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_plan_files;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_plan_files;
SET search_path = mig_rev_plan_files;

-- A file; without parents given it is a base.
CREATE FUNCTION file(id text, down text, up text, more text DEFAULT '', back text DEFAULT 'SELECT ''back''')
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format(E'-- revision: %s\n-- down_revision: %s\n-- message: %s\n%s-- migrate:upgrade\n%s\n-- migrate:downgrade\n%s\n',
                  id, down, 'say ' || id, more, up, back)
$$;
-- The rows of a plan, or its error
CREATE FUNCTION planned(target text, downgrade boolean, files text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT coalesce(string_agg(p::text, E'\n' ORDER BY step), 'nothing')
            FROM migrate_plan(target, downgrade => downgrade, files => files) p);
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
-- The same after the files were stored, which is taken back
CREATE FUNCTION planned_stored(target text, downgrade boolean, files text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    PERFORM migrate_import(files);
    result := planned(target, downgrade, NULL);
    RAISE EXCEPTION USING ERRCODE = 'TAKEB';
EXCEPTION
    WHEN SQLSTATE 'TAKEB' THEN RETURN result;
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

---------------------------------------------------------------------------
-- New revisions, where nothing can be written and nobody is kept waiting
---------------------------------------------------------------------------
SELECT migrate_import(file('aaaa', '', 'CREATE TABLE a ()', E'-- branch_labels: trunk\n') || file('bbbb', 'aaaa', 'CREATE TABLE b ()'));
SELECT revision FROM migrate_upgrade('aaaa');
SET default_transaction_read_only = on;
SELECT * FROM migrate_plan(files => file('dddd', 'cccc', 'VACUUM') || file('cccc', 'bbbb', E'SELECT 1;\n-- LOSES DATA: c\nSELECT 2'));
SELECT step, revision FROM migrate_plan('+1', files => file('cccc', 'bbbb', ''));
SELECT step, revision FROM migrate_plan('cc', files => file('c', 'bbbb', '')); -- fails
SELECT step, revision FROM migrate_plan('new@head', files => file('c', 'bbbb', '', E'-- branch_labels: new\n'));
-- A further head
SELECT step, revision FROM migrate_plan(files => file('cccc', 'aaaa', '')); -- fails
SELECT step, revision FROM migrate_plan('heads', files => file('cccc', 'aaaa', ''));
SELECT step, revision FROM migrate_plan('cccd', files => file('cccc', 'aaaa', '')); -- fails
BEGIN;
SELECT count(*) FROM migrate_plan(files => file('cccc', 'bbbb', ''));
SELECT count(*) AS locks FROM pg_locks WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock' AND locktype <> 'virtualxid';
COMMIT;
RESET default_transaction_read_only;

---------------------------------------------------------------------------
-- A stored revision that the file has otherwise
---------------------------------------------------------------------------
SELECT revision, statements, script, hazard
    FROM migrate_plan(files => replace(migrate_export('bbbb'), 'CREATE TABLE b ()', E'CREATE TABLE b2 ();\nSELECT 1'));
SELECT revision, script FROM migrate_plan();
-- of an applied one everything but the upgrade script
SELECT step, direction, revision, script FROM migrate_plan('-1', files => replace(migrate_export('aaaa'), '''back''', '''home'''));
SELECT step, revision FROM migrate_plan(files => replace(migrate_export('aaaa'), 'TABLE a', 'TABLE a2')); -- fails
-- what is stored, as it is
SELECT step, revision FROM migrate_plan(files => migrate_export('base:heads'));
-- files may be missing, as for an import
SELECT step, revision FROM migrate_plan(files => file('cccc', 'bbbb', ''));

---------------------------------------------------------------------------
-- What is wrong with the files is the error that an import would give
---------------------------------------------------------------------------
SELECT migrate_plan(files => ''); -- fails
SELECT migrate_plan(files => file('cccc', 'nowhere', '')); -- fails
SELECT migrate_plan(files => file('cccc', 'bbbb', 'SELEC 1')); -- fails
SELECT migrate_plan(files => file('cccc', 'bbbb', 'COMMIT')); -- fails
SELECT migrate_plan(files => file('cccc', 'bbbb', '', E'-- branch_labels: trunk\n')); -- fails
SELECT migrate_plan(files => file('cccc', 'dddd', '') || file('dddd', 'cccc', '')); -- fails
SELECT migrate_plan(files => file('cccc', 'bbbb', '', E'-- depends_on: elsewhere\n')); -- fails

---------------------------------------------------------------------------
-- Whatever the files change, the plan is the one after an import
---------------------------------------------------------------------------
-- two lines that meet, a dependency by label, and gaps in what is applied
SELECT migrate_import(file('cccc', 'aaaa', 'SELECT 3', E'-- branch_labels: side\n') || file('dddd', 'bbbb, cccc', 'SELECT 4')
    || file('eeee', '', 'SELECT 5', E'-- depends_on: side\n-- branch_labels: other\n') || file('ffff', 'eeee', 'SELECT 6'));
SELECT count(*) FROM migrate_upgrade('ffff');
CREATE TABLE change (name text, files text);
INSERT INTO change VALUES
    ('another above', file('gggg', 'dddd', 'SELECT 7')),
    ('a branch, irreversible', replace(file('gggg', 'cccc', 'SELECT 7', E'-- branch_labels: third\n'), E'-- migrate:downgrade\nSELECT ''back''\n', '')),
    ('a merge of all', file('gggg', 'dddd, ffff', '')),
    ('another base, not transactional', file('gggg', '', 'VACUUM', '', 'VACUUM')),
    ('one below what is applied', file('gggg', 'aaaa', 'SELECT 7') || file('cccc', 'gggg', 'SELECT 3', E'-- branch_labels: side\n')),
    ('another parent', file('dddd', 'bbbb', 'SELECT 4')),
    ('another parent of what is applied', file('ffff', 'cccc', 'SELECT 6')),
    ('a label that moves', file('cccc', 'aaaa', 'SELECT 3') || file('bbbb', 'aaaa', 'CREATE TABLE b ()', E'-- branch_labels: side\n')
        || file('eeee', '', 'SELECT 5', E'-- depends_on: side\n-- branch_labels: other\n')),
    ('a dependency that goes', file('eeee', '', 'SELECT 5', E'-- branch_labels: other\n')),
    ('another message, another way back', file('dddd', 'bbbb, cccc', 'SELECT 4', '', 'SELECT 44')),
    ('a label that is missed', file('cccc', 'aaaa', 'SELECT 3')),
    ('a circle with stored ones', file('aaaa', 'dddd', 'CREATE TABLE a ()', E'-- branch_labels: trunk\n')),
    ('an id that is a label', file('side', 'aaaa', '')),
    ('an applied one changed', file('ffff', 'eeee', 'SELECT 66')),
    ('nothing', migrate_export('base:heads'));
CREATE TABLE target (target text, downgrade boolean);
INSERT INTO target SELECT unnest('{head,heads,dddd,gggg,third@head,side,+1,aaaa+1,other@heads,eeee-1,g,hhhh}'::text[]), false
    UNION ALL SELECT unnest('{base,-1,other@-1,trunk@base,aaaa,cccc,eeee,gggg}'::text[]), true;
CREATE VIEW differing AS
    SELECT name, target, downgrade, planned(target, downgrade, files) AS plan, planned_stored(target, downgrade, files) AS afterwards
    FROM change, target;
SELECT * FROM differing WHERE plan <> afterwards ORDER BY name COLLATE "C", target COLLATE "C";
SELECT name, count(DISTINCT plan) AS plans, count(*) FILTER (WHERE plan ~ '^MG') AS errors FROM differing GROUP BY name ORDER BY name COLLATE "C";
-- the same with everything applied, and with nothing
SELECT count(*) FROM migrate_upgrade('heads');
SELECT * FROM differing WHERE plan <> afterwards ORDER BY name COLLATE "C", target COLLATE "C";
SELECT count(*) FROM migrate_downgrade('base');
SELECT * FROM differing WHERE plan <> afterwards ORDER BY name COLLATE "C", target COLLATE "C";
SELECT count(*) FROM migrate_revision;

---------------------------------------------------------------------------
-- Who may not read scripts could try what is in them
---------------------------------------------------------------------------
CREATE ROLE regress_mig_looker;
GRANT USAGE ON SCHEMA mig_rev_plan_files TO regress_mig_looker;
SET ROLE regress_mig_looker;
SELECT step, revision, script FROM migrate_plan('aaaa');
SELECT migrate_plan(files => ''); -- fails
SELECT migrate_plan(files => file('gggg', 'dddd', '')); -- fails
RESET ROLE;
GRANT SELECT (upgrade_sql) ON migrate_revision TO regress_mig_looker;
SET ROLE regress_mig_looker;
SELECT step, revision, script FROM migrate_plan('gggg', files => file('gggg', 'aaaa', 'SELECT 7'));
RESET ROLE;

DROP SCHEMA mig_rev_plan_files CASCADE;
DROP ROLE regress_mig_looker;
