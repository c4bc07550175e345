--
-- migrate_squash(): one revision instead of several in a line
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_squash;
CREATE SCHEMA mig_rev_squash_app;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_squash;
SET search_path = mig_rev_squash_app, mig_rev_squash;

CREATE FUNCTION file(id text, down text, upgrade text DEFAULT '', downgrade text DEFAULT NULL, verify text DEFAULT NULL,
    labels text DEFAULT '', depends text DEFAULT '')
RETURNS text LANGUAGE sql AS $$
    SELECT format(E'-- revision: %s\n-- down_revision: %s\n-- message: message of %s\n-- branch_labels: %s\n-- depends_on: %s\n-- migrate:upgrade\n%s\n',
            id, down, id, labels, depends, upgrade)
        || coalesce(E'-- migrate:downgrade\n' || downgrade || E'\n', '') || coalesce(E'-- migrate:verify\n' || verify || E'\n', '')
$$;
CREATE VIEW stored AS
    SELECT revision, down_revision AS down, depends_on AS depends, requires, branch_labels AS labels, message, description,
        transactional AS t, stored_by = current_user AS mine, generation AS g, is_head AS h, head_count AS n
    FROM migrate_revision ORDER BY revision;
CREATE VIEW applied AS
    SELECT schema_name, revision, tip, late, how, a.checksum = r.checksum AS same
    FROM migrate_applied a JOIN migrate_revision r USING (revision) ORDER BY 1, 2;
CREATE FUNCTION history() RETURNS text LANGUAGE sql AS $$
    SELECT mig_rev_squash.migrate_import(
        mig_rev_squash_app.file('r1', '', 'CREATE TABLE t (a int)', 'DROP TABLE t', labels => 'one')
        || mig_rev_squash_app.file('r2', 'r1', 'ALTER TABLE t ADD b int; -- second', E'ALTER TABLE t DROP b -- undone', 'SELECT b FROM t', depends => 'other')
        || mig_rev_squash_app.file('r3', 'r2', '', '', depends => 'r1')
        || mig_rev_squash_app.file('r4', 'r3', 'ALTER TABLE t ADD d int', 'ALTER TABLE t DROP d;', 'SELECT d FROM t', labels => 'four, iv', depends => 'x1')
        || mig_rev_squash_app.file('r5', 'r4', 'INSERT INTO t VALUES (1, 2, 3)', 'DELETE FROM t')
        || mig_rev_squash_app.file('x1', '', '', '', labels => 'other'))
$$;
SELECT history();

---------------------------------------------------------------------------
-- Nothing is applied
---------------------------------------------------------------------------
SELECT migrate_export('base:heads') AS before \gset
SELECT migrate_squash('r1:r4', E'the beginning\n\nof all');
SELECT * FROM stored;
SELECT child, kind, position, parent FROM migrate_edge ORDER BY 1, 2, 3;
\pset format unaligned
\pset tuples_only on
SELECT regexp_replace(migrate_export('r4'), 'created: .*?\n', E'created: ...\n') AS squashed \gset
\echo :squashed
\pset format aligned
\pset tuples_only off
SELECT action, revision, message FROM migrate_log WHERE action = 'squash';
-- the same schema, both ways
SELECT revision FROM migrate_upgrade('heads');
SELECT * FROM t;
SELECT revision FROM migrate_downgrade('base');
SELECT to_regclass('t');
SELECT migrate_remove('r5'), migrate_remove('r4'), migrate_remove('x1');
SELECT migrate_import(:'before');
SELECT migrate_export('base:heads') = :'before';

---------------------------------------------------------------------------
-- Applied everywhere or nowhere
---------------------------------------------------------------------------
CREATE SCHEMA mig_rev_squash_ran;
CREATE SCHEMA mig_rev_squash_stamped;
CREATE SCHEMA mig_rev_squash_before;
SELECT revision FROM migrate_upgrade('r3', schema => 'mig_rev_squash_ran');
SELECT migrate_stamp('r5', schema => 'mig_rev_squash_stamped');
SELECT revision FROM migrate_upgrade('r1', schema => 'mig_rev_squash_before');
SELECT migrate_squash('r2:r4', 'middle'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('r1:r2', 'middle'); -- fails
\echo :SQLSTATE
SELECT revision FROM migrate_upgrade('r2');
SELECT migrate_squash('r2:r3', 'middle'); -- fails
\echo :SQLSTATE
SELECT revision FROM migrate_downgrade('base');
SELECT migrate_squash('r2:r3', 'middle');
SELECT * FROM applied;
SELECT revision FROM migrate_upgrade('r5', schema => 'mig_rev_squash_ran');
SELECT * FROM mig_rev_squash_ran.t;
SELECT revision FROM migrate_downgrade('base', schema => 'mig_rev_squash_ran');
SELECT to_regclass('mig_rev_squash_ran.t');
-- once more, after everything is applied; what ran cannot be changed still
SELECT revision FROM migrate_upgrade('r5', schema => 'mig_rev_squash_before');
SELECT revision FROM migrate_upgrade('heads', schema => 'mig_rev_squash_ran');
SELECT migrate_squash('r1:r5', 'all');
SELECT * FROM applied;
SELECT migrate_edit('r5', upgrade => 'SELECT 1'); -- fails
\echo :SQLSTATE
SELECT migrate_import(migrate_export('r5'));
SELECT * FROM stored;
SELECT revision FROM migrate_downgrade('base', schema => 'mig_rev_squash_ran');
SELECT to_regclass('mig_rev_squash_ran.t');
SELECT migrate_stamp('base', schema => s) FROM unnest('{mig_rev_squash_stamped,mig_rev_squash_before,mig_rev_squash_ran}'::text[]) s;
SELECT migrate_remove('r5'), migrate_remove('x1');

---------------------------------------------------------------------------
-- Not in a line, others stand on it, nothing to do
---------------------------------------------------------------------------
SELECT history();
SELECT migrate_import(file('b1', 'r2') || file('m1', 'b1, r5'));
SELECT migrate_squash('r1:r3', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('r5:m1', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('base:r4', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('x1:r5', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('r5:r3', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('r3:r3', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('r3', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash(NULL, 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('r3:r5', NULL); -- fails
\echo :SQLSTATE
SELECT migrate_squash('r3:zz', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('x2', '', depends => 'r4'));
SELECT migrate_squash('r3:r5', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_remove('x2');
SELECT migrate_squash('r3:r5', 'x');
SELECT migrate_squash('r1:r2', 'x');
SELECT * FROM stored;

---------------------------------------------------------------------------
-- Settings would leak; irreversible; not transactional
---------------------------------------------------------------------------
SELECT migrate_import(file('s1', '', 'SET search_path = x', '') || file('s2', 's1', '', 'SELECT Set_Config(''a.b'', ''c'', false)')
    || file('s3', 's2', 'SET CONSTRAINTS ALL IMMEDIATE', '') || file('s4', 's3') || file('s5', 's4', 'VACUUM', ''));
SELECT migrate_squash('s1:s2', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('s2:s3', 'x');
SELECT migrate_squash('s3:s4', 'x'); -- fails
\echo :SQLSTATE
SELECT migrate_squash('s4:s5', 'x');
SELECT upgrade_sql, downgrade_sql, transactional FROM migrate_revision WHERE revision = 's5';

-- comments set nothing, quoted code may
SELECT migrate_import(file('s6', 's5', E'-- not SET_CONFIG()\nSELECT 1 /* set_config() */', '')
    || file('s7', 's6', 'DO $d$ BEGIN PERFORM set_config(''a.b'', ''c'', true); END $d$', '') || file('s8', 's7'));
SELECT migrate_squash('s6:s7', 'x');
SELECT migrate_squash('s7:s8', 'x'); -- fails

---------------------------------------------------------------------------
-- A deploy was broken off in it
---------------------------------------------------------------------------
CREATE TABLE n (a int);
SELECT migrate_import(file('n1', '', 'CREATE INDEX CONCURRENTLY n_idx ON n (a); SELECT 1/0;') || file('n2', 'n1'));
CALL migrate_deploy('n1'); -- fails
SELECT migrate_squash('n1:n2', 'x'); -- fails
\echo :SQLSTATE

SELECT migrate_edit('n1', upgrade => 'CREATE INDEX CONCURRENTLY n_idx ON n (a); SELECT 1');
SELECT migrate_edit('n2', upgrade => 'VACUUM n', downgrade => 'VACUUM n; SELECT 1/0');
CALL migrate_deploy('n2');
CALL migrate_revert('n1'); -- fails
SELECT migrate_squash('n1:n2', 'x'); -- fails

---------------------------------------------------------------------------
-- What a lesser role stored does not become trusted
---------------------------------------------------------------------------
CREATE ROLE regress_mig_squasher;
GRANT USAGE ON SCHEMA mig_rev_squash, mig_rev_squash_app TO regress_mig_squasher;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_rev_squash TO regress_mig_squasher;
SELECT migrate_import(file('q1', '', 'SELECT 1'));
SET ROLE regress_mig_squasher;
SELECT migrate_import(file('q2', 'q1', 'SELECT 2'));
RESET ROLE;
SELECT migrate_import(file('q3', 'q2', 'SELECT 3'));
SELECT migrate_squash('q1:q3', 'x');
SELECT stored_by FROM migrate_revision WHERE revision = 'q3';
REVOKE EXECUTE ON FUNCTION migrate_squash FROM regress_mig_squasher;
SET ROLE regress_mig_squasher;
SELECT migrate_squash('q1:q3', 'x'); -- fails
\echo :SQLSTATE
RESET ROLE;

---------------------------------------------------------------------------
-- Files that were squashed elsewhere would run again what ran here
---------------------------------------------------------------------------
CREATE FUNCTION squashed() RETURNS text LANGUAGE sql AS $$
    SELECT mig_rev_squash_app.file('w3', '', E'-- from w1: one\nCREATE TABLE IF NOT EXISTS w (a int);\n\n'
        '-- from w2: two\nALTER TABLE w ADD b int;\n\n-- from w3: three\nALTER TABLE w ADD c int')
$$;
SELECT migrate_import(file('w1', '', 'CREATE TABLE w (a int)') || file('w2', 'w1', 'ALTER TABLE w ADD b int'));
SELECT migrate_import(squashed()); -- fails: not stored
\echo :SQLSTATE
SELECT migrate_import(file('w3', 'w2', 'ALTER TABLE w ADD c int'));
SELECT revision FROM migrate_upgrade('w2');
SELECT migrate_import(squashed()); -- fails: stored
SELECT step, revision FROM migrate_plan('w3', files => squashed()); -- fails
SELECT migrate_squash('w1:w3', 'x'); -- fails: divided
SELECT revision FROM migrate_upgrade('w3');
SELECT migrate_import(squashed()); -- fails: applied
SELECT migrate_squash('w1:w3', 'x');
SELECT migrate_import(file('w3', '', upgrade_sql)) FROM migrate_revision WHERE revision = 'w3';
-- a comment that is one by chance
SELECT migrate_import(file('w4', 'w3', E'-- from nowhere: x\n-- from w4: y\n-- from w3\nSELECT 4'));
SELECT migrate_import(file('w5', 'w4', E'SELECT 5;\n-- from w3: x'));
-- the parts are among the files
SELECT migrate_import(file('w3', '', upgrade_sql) || file('w6', 'w3', E'-- from w3: x\nSELECT 6'))
FROM migrate_revision WHERE revision = 'w3';
SELECT revision, down_revision FROM migrate_revision WHERE revision LIKE 'w%' ORDER BY 1;

---------------------------------------------------------------------------
-- Notices; not while others run
---------------------------------------------------------------------------
SET client_min_messages = notice;
SELECT migrate_import(file('v1', '', 'SELECT 1', '', 'SELECT 1') || file('v2', 'v1', 'SELECT 2', NULL, 'SELECT 2'));
BEGIN READ ONLY;
SELECT migrate_squash('v1:v2', 'x'); -- fails
ROLLBACK;
SELECT migrate_squash('v1:v2', 'x');
SET client_min_messages = warning;

DROP SCHEMA mig_rev_squash, mig_rev_squash_app, mig_rev_squash_ran, mig_rev_squash_stamped, mig_rev_squash_before CASCADE;
DROP ROLE regress_mig_squasher;
