--
-- migrate_edit(): what may change of a stored revision, and when
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_edit;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_edit;
SET search_path = mig_rev_edit;

CREATE VIEW edited AS
    SELECT revision, message, upgrade_sql AS upgrade,
        coalesce(downgrade_sql, 'irreversible') AS downgrade,
        coalesce(verify_sql, 'none') AS verify, transactional
    FROM migrate_revision ORDER BY seq;

SELECT migrate_revision('first', 'CREATE TABLE one ()', 'DROP TABLE one', rev_id => 'r1');
SELECT migrate_revision('second', 'CREATE TABLE two ()', 'DROP TABLE two', rev_id => 'r2', branch_label => 'lab');

---------------------------------------------------------------------------
-- Not applied: everything may change, NULL keeps
---------------------------------------------------------------------------
SELECT migrate_edit('r2');
SELECT migrate_edit('r2', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT * FROM edited;
SELECT checksum AS before FROM migrate_revision WHERE revision = 'r2' \gset
SELECT migrate_edit('lab', upgrade => 'CREATE TABLE two (a int)', verify => 'SELECT a FROM two');
SELECT migrate_edit('lab@head', message => 'second, with a column');
SELECT * FROM edited;
SELECT checksum <> :'before' AS "checksum follows" FROM migrate_revision WHERE revision = 'r2';
SELECT migrate_edit('r2', verify => '');
SELECT migrate_edit('r2', irreversible => true);
SELECT * FROM edited;
SELECT migrate_edit('r2', downgrade => '');
SELECT migrate_edit('r2', upgrade => 'CREATE INDEX CONCURRENTLY two_idx ON two (a)');
SELECT * FROM edited;
SELECT migrate_edit('r2', upgrade => '', downgrade => 'DROP TABLE two');
SELECT migrate_edit('r2', transactional => false);
SELECT * FROM edited;
SELECT migrate_edit('r2', upgrade => 'CREATE TABLE two ()', transactional => true);
SELECT * FROM edited;


-- transactional => false stays through other changes; a message of several
-- lines is split
SELECT migrate_edit('r2', transactional => false);
SELECT migrate_edit('r2', message => E'second\n\nand more\nabout it');
SELECT migrate_edit('r2', downgrade => 'DROP TABLE IF EXISTS two');
SELECT transactional, message, description FROM migrate_revision WHERE revision = 'r2';
SELECT migrate_edit('r2', message => 'second', downgrade => 'DROP TABLE two', transactional => true);
SELECT transactional, message, description FROM migrate_revision WHERE revision = 'r2';

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
SELECT migrate_edit('r2', message => 'lab'); -- fails
\echo :SQLSTATE
SELECT migrate_edit(NULL); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r3'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('base'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r2', upgrade => 'COMMIT'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r2', downgrade => 'DROP TABL two'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r2', upgrade => 'VACUUM', transactional => true); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r2', downgrade => '', irreversible => true); -- fails
\echo :SQLSTATE
SELECT * FROM edited;

---------------------------------------------------------------------------
-- Applied: upgrade script and transactional stay; the rest may be repaired
---------------------------------------------------------------------------
SELECT revision FROM migrate_upgrade();
SELECT migrate_edit('r1', upgrade => 'CREATE TABLE one (a int)'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r1', transactional => false); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r1', downgrade => 'VACUUM'); -- fails
\echo :SQLSTATE

-- comments, white space and a semicolon at the end are no change; letter case is
SELECT migrate_edit('r1', upgrade => E'-- the first table\nCREATE  TABLE one ()/* no columns */ ;\n');
SELECT migrate_edit('r1', upgrade => 'create table one ()'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r1', downgrade => 'DROP TABLE IF EXISTS one', verify => 'SELECT FROM one',
    message => 'the first one');
SELECT * FROM edited;
SELECT migrate_edit('r1', irreversible => true);
SELECT revision FROM migrate_downgrade('base'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r1', downgrade => 'DROP TABLE one');
SELECT revision FROM migrate_downgrade('base');
SELECT migrate_edit('r1', upgrade => 'CREATE TABLE one (a int)');

-- applied in some schema is applied; stamped only is not
CREATE SCHEMA mig_rev_edit_tenant;
SELECT revision FROM migrate_upgrade('r1', schema => 'mig_rev_edit_tenant');
SELECT migrate_edit('r1', upgrade => 'CREATE TABLE one (b int)'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('base', schema => 'mig_rev_edit_tenant');
SELECT migrate_stamp('r2');
SELECT migrate_edit('r1', upgrade => 'CREATE TABLE one (b int)');
SELECT migrate_stamp('base');

---------------------------------------------------------------------------
-- Other parents
---------------------------------------------------------------------------
SELECT migrate_revision('third', rev_id => 'r3');
SELECT migrate_revision('apart', head => 'base', rev_id => 's1', depends_on => 'r2');
SELECT migrate_edit('r3', head => 's1');
SELECT migrate_edit('r2', head => 'base');
SELECT revision, down_revision, is_head, is_real_head, generation FROM migrate_revision ORDER BY seq;
SELECT * FROM migrate_graph();
SELECT migrate_edit('r3', head => 'r1, s1');
SELECT revision, down_revision, is_head, is_real_head, generation FROM migrate_revision ORDER BY seq;
SELECT (SELECT head_count FROM migrate_revision
        WHERE seq = (SELECT max(seq) FROM migrate_revision)) AS head_count,
    count(*) FILTER (WHERE is_head) AS heads FROM migrate_revision;

-- no cycle, over dependencies neither
SELECT migrate_edit('r3', head => 'r3'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r1', head => 'r3'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r2', head => 's1'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r3', head => 'r1, r1'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r3', head => 'nonesuch'); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r3', head => '', message => 'not stored'); -- fails
\echo :SQLSTATE
SELECT message FROM migrate_revision WHERE revision = 'r3';

---------------------------------------------------------------------------
-- Who stored it
---------------------------------------------------------------------------
CREATE ROLE regress_mig_edit;
GRANT USAGE ON SCHEMA mig_rev_edit TO regress_mig_edit;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_rev_edit TO regress_mig_edit;
SET ROLE regress_mig_edit;
SELECT migrate_edit('r3', message => 'a message is no script');
SELECT migrate_edit('r1', downgrade => 'DROP TABLE one CASCADE');
RESET ROLE;
SELECT revision, stored_by = 'regress_mig_edit' AS lesser, created_by = current_user AS kept
FROM migrate_revision WHERE revision IN ('r1', 'r3') ORDER BY revision;
-- a superuser who replaces one of two scripts does not vouch for the other
SELECT migrate_edit('r1', downgrade => 'DROP TABLE one');
SELECT stored_by = 'regress_mig_edit' AS lesser FROM migrate_revision WHERE revision = 'r1';
SELECT migrate_edit('r1', upgrade => 'CREATE TABLE one ()', downgrade => 'DROP TABLE one', verify => '');
SELECT stored_by = 'regress_mig_edit' AS lesser FROM migrate_revision WHERE revision = 'r1';

-- what was changed is logged
SELECT action, revision, message FROM migrate_log WHERE action = 'edit' ORDER BY id;

DROP SCHEMA mig_rev_edit, mig_rev_edit_tenant CASCADE;
DROP ROLE regress_mig_edit;
