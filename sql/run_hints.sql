--
-- What comes next: messages name the call, with its target and target schema
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_hints;
CREATE EXTENSION pg_migrations SCHEMA mig_run_hints;
SET search_path = mig_run_hints;
CREATE SCHEMA mig_run_hints_t;
SELECT migrate_revision('one', 'CREATE TABLE one (i int)', 'DROP TABLE one', rev_id => 'ae1027a6acf4');
SELECT migrate_revision('two', 'CREATE TABLE two (i int)', NULL, rev_id => '1975ea83b712', branch_label => 'billing');
SELECT migrate_revision('three', E'CREATE TABLE three (i int);\n\nINSERT INTO three\n    SELECT j FROM one',
    E'-- LOSES DATA: table three\nDROP TABLE three;\n  -- LOSES DATA: more', rev_id => 'b02c7714d9e0');
RESET client_min_messages;

---------------------------------------------------------------------------
-- An error in a script: its message says where, once, and keeps the rest
---------------------------------------------------------------------------
SELECT step FROM migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT step FROM migrate_upgrade(schema => 'mig_run_hints_t'); -- fails
-- a block of the script that catches an error sees the server's message
SELECT migrate_edit('b02c', upgrade => $$
DO $do$
BEGIN
    PERFORM 1 / 0;
EXCEPTION WHEN division_by_zero THEN
    RAISE EXCEPTION 'caught: %', SQLERRM USING ERRCODE = 'P0009', DETAIL = 'detail', HINT = 'hint';
END $do$ $$);
SELECT step FROM migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT migrate_edit('b02c', upgrade => 'CREATE TABLE three (i int PRIMARY KEY, j int REFERENCES three DEFERRABLE INITIALLY DEFERRED);
INSERT INTO three VALUES (1, 2)');
SELECT step FROM migrate_upgrade(); -- fails
SELECT migrate_edit('b02c', upgrade => 'CREATE TABLE three (i int)', verify => E'SELECT 1;\n\nSELECT 1 / 0');
SELECT step FROM migrate_upgrade(); -- fails

---------------------------------------------------------------------------
-- A deploy that failed: mend, then go on, also from a relative target
---------------------------------------------------------------------------
CALL migrate_deploy(); -- fails
CALL migrate_deploy('+1', schema => 'mig_run_hints_t');
CALL migrate_deploy('+2', schema => 'mig_run_hints_t'); -- fails
SELECT migrate_edit('b02c', verify => '', upgrade => E'VACUUM;\nSELECT 1 / 0');
CALL migrate_deploy('heads', schema => 'mig_run_hints_t'); -- fails
SELECT schema_name, action, revision, sqlstate, message, statement, line FROM migrate_log WHERE outcome = 'failed' ORDER BY id;
SELECT migrate_edit('b02c', upgrade => E'VACUUM;\nCREATE TABLE three (i int)');
SELECT migrate_require('head', schema => 'mig_run_hints_t'); -- fails
SELECT step FROM migrate_upgrade('head', schema => 'mig_run_hints_t'); -- fails
CALL migrate_deploy('head', schema => 'mig_run_hints_t');
CALL migrate_deploy('head');

---------------------------------------------------------------------------
-- There is nothing to do
---------------------------------------------------------------------------
CALL migrate_deploy('head', schema => 'mig_run_hints_t');
SELECT step FROM migrate_upgrade('b02c');
SELECT step FROM migrate_upgrade('heads', schema => 'mig_run_hints_t');
SELECT step FROM migrate_upgrade('ae10', schema => 'mig_run_hints_t');
CALL migrate_deploy('ae10');
SELECT step FROM migrate_upgrade('-1', schema => 'mig_run_hints_t'); -- fails
SELECT step FROM migrate_downgrade('+1', schema => 'mig_run_hints_t'); -- fails
SELECT step FROM migrate_downgrade('head-7', schema => 'mig_run_hints_t'); -- fails
SET client_min_messages = warning;
SELECT step FROM migrate_upgrade();
RESET client_min_messages;

---------------------------------------------------------------------------
-- The way back
---------------------------------------------------------------------------
SELECT step, direction, revision, hazard FROM migrate_plan('base', downgrade => true);
SELECT step FROM migrate_redo('-1', schema => 'mig_run_hints_t'); -- fails
SELECT migrate_edit('b02c', downgrade => 'VACUUM; SELECT 1 / 0');
CALL migrate_revert('-1', schema => 'mig_run_hints_t'); -- fails
SELECT migrate_edit('b02c', downgrade => 'VACUUM; DROP TABLE three');
CALL migrate_revert('-1', schema => 'mig_run_hints_t');
CALL migrate_revert('-1', schema => 'mig_run_hints_t'); -- fails
SELECT step, direction, revision, hazard FROM migrate_plan('head', schema => 'mig_run_hints_t');
SELECT migrate_stamp('base', schema => 'mig_run_hints_t');
SELECT step, direction, revision, hazard FROM migrate_plan('head', schema => 'mig_run_hints_t');
SELECT count(*) FROM migrate_sql('1975:ae10'); -- fails

---------------------------------------------------------------------------
-- What is applied is undone before it changes
---------------------------------------------------------------------------
SELECT migrate_stamp('base', schema => 'mig_run_hints_t');
SELECT migrate_stamp('head', schema => 'mig_run_hints_t');
SELECT migrate_stamp('billing', schema => 'mig_run_hints_t', purge => true);
SELECT migrate_edit('ae10', upgrade => 'SELECT 1'); -- fails
SELECT migrate_edit('b02c', upgrade => 'SELECT 1'); -- fails
SELECT migrate_edit('ae10', transactional => false); -- fails
SELECT migrate_import(replace(migrate_export('b02c'), 'three (i int)', 'three (j int)')); -- fails
SELECT migrate_remove('b02c'); -- fails
SELECT migrate_remove('ae10'); -- fails
SELECT migrate_stamp('ae10');
SELECT migrate_remove('1975'); -- fails

---------------------------------------------------------------------------
-- Names that nothing has
---------------------------------------------------------------------------
SELECT migrate_show('ae1027a6afc4'); -- fails
SELECT migrate_show('ae1o'); -- fails
SELECT migrate_show('biling'); -- fails
SELECT migrate_show('3d1f0c2b9a77'); -- fails
CALL migrate_wait('ae1027a6afc4', wait => '0'); -- fails
CALL migrate_wait('biling@head', schema => 'mig_run_hints_t', wait => '0'); -- fails
CALL migrate_wait('b02c', schema => 'mig_run_hints_t', wait => '0'); -- fails
CALL migrate_wait('1975', schema => 'mig_run_hints_t', wait => '0');

---------------------------------------------------------------------------
-- A check: behind, then different
---------------------------------------------------------------------------
SELECT migrate_check('CREATE TABLE one (i int)'); -- fails
SELECT migrate_check('CREATE TABLE one (i int)', schema => 'mig_run_hints_t'); -- fails
SET client_min_messages = warning;
SELECT migrate_stamp('head', schema => 'mig_run_hints_t');
-- another tree is none of this schema's concern
SELECT migrate_revision('apart', 'SELECT 1', rev_id => 'apart', head => 'base', splice => true);
SELECT migrate_stamp('1975', schema => 'mig_run_hints_t', purge => true);
RESET client_min_messages;
SELECT migrate_check('CREATE TABLE one (i int)', schema => 'mig_run_hints_t'); -- fails
SET client_min_messages = warning;
SELECT migrate_stamp('b02c', schema => 'mig_run_hints_t', purge => true);
RESET client_min_messages;
SELECT migrate_check('CREATE TABLE one (i text)', schema => 'mig_run_hints_t', exclude => '{t*,it''s}'); -- fails
SELECT migrate_set_model('CREATE TABLE mig_run_hints_t.model (i int)', include => '{mig_run_hints_t}');
SELECT migrate_check(schema => 'mig_run_hints_t', include => '{mig_run_hints_t}'); -- fails
SELECT migrate_check(schema => 'mig_run_hints_t'); -- fails

SET client_min_messages = warning;
DROP SCHEMA mig_run_hints, mig_run_hints_t CASCADE;
