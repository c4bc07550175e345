--
-- migrate_import() of what is stored already: what may change, and when
--
SET client_min_messages = warning;
CREATE SCHEMA mig_file_reimport;
CREATE EXTENSION pg_migrations SCHEMA mig_file_reimport;
SET search_path = mig_file_reimport;

-- a file in one line: id, parents, then what is given
CREATE FUNCTION file(id text, down text, upgrade text DEFAULT '', downgrade text DEFAULT NULL, verify text DEFAULT NULL,
    message text DEFAULT NULL, labels text DEFAULT '', depends text DEFAULT '', extra text DEFAULT '')
RETURNS text LANGUAGE sql AS $$
    SELECT format(E'-- revision: %s\n-- down_revision: %s\n-- message: %s\n-- branch_labels: %s\n-- depends_on: %s\n%s-- migrate:upgrade\n%s\n',
            id, down, coalesce(message, id), labels, depends, extra, upgrade)
        || coalesce(E'-- migrate:downgrade\n' || downgrade || E'\n', '') || coalesce(E'-- migrate:verify\n' || verify || E'\n', '')
$$;
CREATE VIEW stored AS
    SELECT revision, down_revision AS down, requires, branch_labels AS labels, message, upgrade_sql AS up,
        coalesce(downgrade_sql, 'none') AS down_sql, verify_sql AS verify, transactional AS t, generation AS g, is_head AS h,
        is_real_head AS rh, head_count AS n
    FROM migrate_revision ORDER BY revision;
CREATE VIEW logged AS SELECT revision, message FROM migrate_log WHERE action = 'import' ORDER BY id;
CREATE VIEW applied AS SELECT schema_name, revision, tip, late, how FROM migrate_applied ORDER BY schema_name, revision;

SELECT migrate_import(file('r1', '', 'CREATE TABLE t1 ()', 'DROP TABLE t1')
    || file('r2', 'r1', 'CREATE TABLE t2 ()', 'DROP TABLE t2') || file('r3', 'r2', 'CREATE TABLE t3 ()', 'DROP TABLE t3'));

---------------------------------------------------------------------------
-- Not applied: everything may change; the heads are those of the files, also
-- where newer revisions are stored
---------------------------------------------------------------------------
SELECT migrate_import(file('r1', '', 'CREATE TABLE t1 ()', 'DROP TABLE t1') || file('r2', 'r1', 'CREATE TABLE t2 ()', 'DROP TABLE t2'));
SELECT migrate_import(file('r2', 'r1', 'CREATE TABLE t2 (a int)', 'DROP TABLE t2', 'SELECT a FROM t2', 'second'));
SELECT migrate_import(file('r2', 'r1', 'CREATE INDEX CONCURRENTLY t2_idx ON t1 (a)'));
SELECT migrate_import(file('r2', 'r1', 'CREATE TABLE t2 ()', 'DROP TABLE t2', labels => 'lab', extra => E'-- transactional: no\n--   more\n'));
SELECT * FROM stored;
SELECT * FROM logged;
-- without the line "transactional" it stays by hand what it is
SELECT migrate_import(file('r2', 'r1', 'CREATE TABLE t2 (); -- new', 'DROP TABLE t2', extra => E'--   more\n'));
SELECT transactional, branch_labels, description FROM migrate_revision WHERE revision = 'r2';
SELECT migrate_import(file('r2', 'r1', 'CREATE TABLE t2 ()', 'DROP TABLE t2', extra => E'-- transactional: yes\n'));
-- created
SELECT migrate_import(file('r3', 'r2', 'CREATE TABLE t3 ()', 'DROP TABLE t3', extra => E'-- created: 2030-01-01 00:00:00+00\n'));
SELECT created_at = '2030-01-01 00:00:00+00' FROM migrate_revision WHERE revision = 'r3';
SELECT * FROM logged ORDER BY revision OFFSET 3;

---------------------------------------------------------------------------
-- Applied by running: the upgrade script and "transactional" stay
---------------------------------------------------------------------------
SELECT revision FROM migrate_upgrade('r2');
SELECT migrate_import(file('r2', 'r1', 'CREATE TABLE t2 (a int)', 'DROP TABLE t2')); -- fails
\echo :SQLSTATE
SELECT migrate_import(E'-- migrate:file second.sql\n' || file('r2', 'r1', 'CREATE TABLE t2 (a int)', 'DROP TABLE t2')); -- fails
\echo :SQLSTATE
-- of several the one nearest to the base is named
SELECT migrate_import(file('r2', 'r1', 'SELECT 2') || file('r1', '', 'SELECT 1')); -- fails
SELECT migrate_import(file('r2', 'r1', 'CREATE TABLE t2 ()', 'DROP TABLE t2', extra => E'-- transactional: no\n')); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('r2', 'r1', 'CREATE TABLE t2 ()', 'VACUUM')); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('r2', 'r1', E'/* only */ CREATE   TABLE t2 -- comments\n();', 'DROP TABLE IF EXISTS t2', 'SELECT FROM t2',
    'second', 'lab'));
SELECT * FROM stored WHERE revision = 'r2';
SELECT a.checksum = r.checksum AS same FROM migrate_applied a JOIN migrate_revision r USING (revision) WHERE revision = 'r2';

---------------------------------------------------------------------------
-- Only stamped: replaced
---------------------------------------------------------------------------
SELECT migrate_stamp('r3');
SELECT migrate_import(file('r3', 'r2', 'CREATE TABLE t3 (b int)', 'DROP TABLE t3'));
SELECT up FROM stored WHERE revision = 'r3';
SELECT migrate_stamp('r2');

---------------------------------------------------------------------------
-- Other parents: of what is not applied, of what is applied, and late ones
---------------------------------------------------------------------------
SELECT migrate_import(file('r3', 'r1', 'CREATE TABLE t3 (b int)', 'DROP TABLE t3'));
SELECT * FROM stored;
SELECT migrate_import(file('r3', 'r2', 'CREATE TABLE t3 (b int)', 'DROP TABLE t3'));
-- r2 gets a new parent between itself and r1, in a target schema too
CREATE SCHEMA mig_file_reimport_tenant;
SELECT migrate_stamp('r3', schema => 'mig_file_reimport_tenant');
SELECT migrate_import(file('r15', 'r1', 'CREATE TABLE t15 ()', 'DROP TABLE t15')
    || file('r2', 'r15', 'CREATE TABLE t2()', 'DROP TABLE IF EXISTS t2', labels => 'lab'));
SELECT * FROM stored;
SELECT * FROM applied;
SELECT revision, late FROM migrate_pending();
SELECT revision FROM migrate_upgrade('heads');
SELECT * FROM applied;
SELECT revision FROM migrate_upgrade('heads', 'mig_file_reimport_tenant');
SELECT revision FROM migrate_downgrade('r1');
SELECT revision FROM migrate_upgrade('head');
SELECT * FROM applied;
-- a circle through what is stored
SELECT migrate_import(file('r1', 'r3', 'CREATE TABLE t1 ()', 'DROP TABLE t1')); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('r1', '', 'CREATE TABLE t1 ()', 'DROP TABLE t1', depends => 'lab')); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- Labels move; dependencies by label follow
---------------------------------------------------------------------------
SELECT migrate_import(file('d1', '', labels => 'dep') || file('d2', 'd1') || file('e1', '', depends => 'dep'));
SELECT revision, requires, generation FROM migrate_revision WHERE revision IN ('d1', 'd2', 'e1') ORDER BY 1;
SELECT migrate_import(file('d1', '') || file('d2', 'd1', labels => 'dep') || file('e1', '', depends => 'dep'));
SELECT revision, requires, generation, is_real_head FROM migrate_revision WHERE revision IN ('d1', 'd2', 'e1') ORDER BY 1;
SELECT migrate_import(file('d1', '', labels => 'dep') || file('e1', '', depends => 'dep')); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('d2', 'd1') || file('e1', '', depends => 'dep')); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('d2', 'd1')); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('d1', '', labels => 'dep') || file('d2', 'd1')); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('d2', 'd1', labels => 'dep, more'));
SELECT migrate_import(file('d2', 'd1', labels => 'dep'));

---------------------------------------------------------------------------
-- Where a deploy was broken off, what is done stays
---------------------------------------------------------------------------
SELECT migrate_import(file('n1', 'd2', 'CREATE INDEX CONCURRENTLY n1_idx ON n1 (a); SELECT 1/0;'));
CREATE TABLE n1 (a int);
CALL migrate_deploy('n1'); -- fails
SELECT migrate_import(file('n1', 'd2', 'CREATE INDEX CONCURRENTLY n1_other ON n1 (a); SELECT 1;')); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('n1', 'd2', 'CREATE INDEX CONCURRENTLY n1_idx ON n1 (a); SELECT 1;'));
CALL migrate_deploy('n1');

---------------------------------------------------------------------------
-- Start of an application; never a newer head than its own
---------------------------------------------------------------------------
SELECT revision FROM migrate_upgrade(migrate_import(file('s1', '', 'CREATE TABLE s1 ()', 'DROP TABLE s1') || file('s2', 's1')));
SELECT revision FROM migrate_upgrade(migrate_import(file('s1', '', 'CREATE TABLE s1 ()', 'DROP TABLE s1')));
CALL migrate_deploy(migrate_import(file('s1', '', 'CREATE TABLE s1 ()', 'DROP TABLE s1') || file('s2', 's1') || file('s3', 's2')
    || file('s4', 's2') || file('s5', 's2', depends => 's3')));
-- in one transaction with its own work, and taken back with it
BEGIN;
SELECT revision FROM migrate_upgrade(migrate_import(file('s6', 's5', 'CREATE TABLE s6 ()')));
ROLLBACK;
SELECT count(*) FROM migrate_revision WHERE revision = 's6';
-- not from a script
SELECT migrate_import(file('x1', '', 'SELECT mig_file_reimport.migrate_import(''anything'')'));
SELECT revision FROM migrate_upgrade('x1'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- Notices
---------------------------------------------------------------------------
SET client_min_messages = notice;
SELECT migrate_import(file('y1', '') || file('y2', 'y1') || file('y3', 'y1'));
SELECT migrate_import(file('y1', '', message => 'one') || file('y2', 'y1', 'SELECT 2') || file('y3', 'y1') || file('y4', 'y2, y3'));
SELECT migrate_import(file('y4', 'y2, y3'));
SET client_min_messages = warning;

---------------------------------------------------------------------------
-- Another revision that has the id: nothing of it is the same
---------------------------------------------------------------------------
SELECT migrate_import(file('o1', '', 'SELECT 1', message => 'core base') || file('o2', 'o1', 'SELECT 2', message => 'core second'));
SELECT migrate_import(file('o1', '', 'SELECT -1', message => 'tenant base')); -- fails
\echo :SQLSTATE
SELECT migrate_import(E'-- migrate:file tenant/2.sql\n' || file('o2', 'r1', 'SELECT -2', message => 'tenant second')); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('n9', '', 'SELECT 0') || file('o2', 'n9', 'SELECT -2', message => 'tenant second')); -- fails
SELECT count(*) FROM migrate_revision WHERE revision = 'n9';
-- comments and white space make no other script; message, parents or script tell that it is the same
SELECT migrate_import(file('o1', '', 'SELECT /* one */ 1', message => 'the base'));
SELECT migrate_import(file('o1', '', 'SELECT 11', message => 'the base'));
SELECT migrate_import(file('o2', 'o1', 'SELECT 22', message => 'the second'));
SELECT migrate_import(file('o2', 'r1', 'SELECT 222', message => 'the second'));
SELECT migrate_import(file('o2', 'o1', 'SELECT  222', message => 'number two'));
-- of a base the time of creation, too
SELECT migrate_import(file('o1', '', 'SELECT 11', message => 'the base', extra => E'-- created: 2020-01-01 00:00:00+00\n'));
SELECT migrate_import(file('o1', '', 'SELECT 12', message => 'first', extra => E'-- created: 2020-01-01 00:00:01+00\n')); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('o1', '', 'SELECT 12', message => 'first', extra => E'-- created: 2020-01-01 00:00:00+00\n'));
-- the way that the hint names
SELECT migrate_edit('o1', message => 'whole new');
SELECT migrate_import(file('o1', '', 'SELECT 13', message => 'whole new'));
SELECT message, upgrade_sql FROM migrate_revision WHERE revision IN ('o1', 'o2') ORDER BY revision;
-- only stamped is not applied; what ran is MG031
SELECT migrate_stamp('o2', purge => true);
SELECT migrate_import(file('o2', 'r1', 'SELECT 0', message => 'tenant second')); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('base');
SELECT revision FROM migrate_upgrade('o2');
SELECT migrate_import(file('o2', 'r1', 'SELECT 0', message => 'tenant second')); -- fails
\echo :SQLSTATE
-- in one text
SELECT migrate_import(file('p1', '', 'SELECT 1', message => 'core') || file('p1', '', 'SELECT 2', message => 'tenant')); -- fails
\echo :SQLSTATE
SELECT migrate_import(E'-- migrate:file core/1_a.up.sql\nSELECT 1;\n-- migrate:file core/1_a.down.sql\nSELECT 1;\n'
    || E'-- migrate:file tenant/1_b.up.sql\nSELECT 2;\n-- migrate:file tenant/1_b.down.sql\nSELECT 2;\n'); -- fails
\echo :SQLSTATE
SELECT migrate_import(file('p1', '', 'SELECT 1') || file('p1', '', 'SELECT 2')); -- fails
\echo :SQLSTATE

DROP SCHEMA mig_file_reimport CASCADE;
DROP SCHEMA mig_file_reimport_tenant CASCADE;
