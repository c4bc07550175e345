--
-- Rights: what everybody may see, what EXECUTE is enough for, and what a
-- superuser does not run
--
SET client_min_messages = warning;
CREATE SCHEMA mig_ext_rights;
CREATE EXTENSION pg_migrations SCHEMA mig_ext_rights;
CREATE SCHEMA mig_ext_rights_app;
CREATE ROLE regress_mig_owner;
CREATE ROLE regress_mig_deployer;
CREATE ROLE regress_mig_app;
CREATE ROLE regress_mig_super SUPERUSER;
GRANT USAGE ON SCHEMA mig_ext_rights TO PUBLIC;
GRANT ALL ON SCHEMA mig_ext_rights_app TO regress_mig_owner, regress_mig_deployer;
GRANT USAGE ON SCHEMA mig_ext_rights_app TO regress_mig_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_ext_rights TO regress_mig_deployer;
GRANT regress_mig_deployer TO regress_mig_owner;
SET search_path = mig_ext_rights_app, mig_ext_rights;

SELECT migrate_revision('first', 'CREATE TABLE t (password text DEFAULT ''secret'')', 'DROP TABLE t', 'TABLE t',
    rev_id => 'r1', branch_label => 'main');
SELECT revision FROM migrate_upgrade(tag => 'a tag');
SELECT migrate_revision(E'second\n\ndescribed', 'SELECT ''secret''', 'SELECT ''secret''', rev_id => 'r2');

---------------------------------------------------------------------------
-- Everybody reads the graph and what is applied, no scripts
---------------------------------------------------------------------------
SET ROLE regress_mig_app;
SELECT revision FROM migrate_version;
SELECT revision, message, down_revision, branch_labels FROM migrate_revision ORDER BY seq;
SELECT child, kind, parent FROM migrate_edge ORDER BY child, kind;
SELECT revision, tip, how FROM migrate_applied;
SELECT revision, marks FROM migrate_history();
SELECT revision, marks, tag FROM migrate_current();
SELECT revision FROM migrate_heads();
SELECT revision FROM migrate_branches();
SELECT revision, late FROM migrate_pending();
SELECT migrate_graph();
SELECT migrate_require('r1');
SELECT step, direction, revision, transactional, statements, script FROM migrate_plan();
SELECT step, direction, revision, statements, script FROM migrate_plan('-1');
SELECT line FROM migrate_show('r2') AS s (line) WHERE line !~ '^(Created|Checksum)';
SELECT upgrade_sql FROM migrate_revision; -- fails
SELECT * FROM migrate_revision; -- fails
SELECT * FROM migrate_log; -- fails
SELECT * FROM migrate_model; -- fails
SELECT * FROM migrate_progress; -- fails
SELECT migrate_sql(); -- fails
SELECT migrate_export('r1'); -- fails

---------------------------------------------------------------------------
-- ... and changes nothing
---------------------------------------------------------------------------
SELECT migrate_revision('x'); -- fails
SELECT migrate_merge('r1'); -- fails
SELECT migrate_edit('r2', message => 'x'); -- fails
SELECT migrate_remove('r2'); -- fails
SELECT migrate_upgrade(); -- fails
SELECT migrate_downgrade('base'); -- fails
SELECT migrate_redo(); -- fails
SELECT migrate_stamp('base'); -- fails
SELECT migrate_import(''); -- fails
SELECT migrate_import_directory('/'); -- fails
SELECT migrate_export_directory('/'); -- fails
SELECT migrate_adopt(); -- fails
SELECT migrate_squash('r1:r2', 'x'); -- fails
\echo :SQLSTATE
UPDATE migrate_revision SET message = 'x'; -- fails
DELETE FROM migrate_applied; -- fails
INSERT INTO migrate_version VALUES ('', 'r2'); -- fails
TRUNCATE migrate_edge; -- fails

---------------------------------------------------------------------------
-- EXECUTE is enough to store and to run; scripts run with the role's rights
---------------------------------------------------------------------------
SET ROLE regress_mig_deployer;
SELECT migrate_revision('third', 'CREATE TABLE u ()', 'DROP TABLE u', rev_id => 'r3');
SELECT migrate_edit('r3', message => 'the third');
SELECT revision FROM migrate_upgrade(tag => 'deployed');
SELECT revision FROM migrate_redo();
SELECT revision FROM migrate_downgrade('r1');
SELECT migrate_stamp('r2');
SELECT revision FROM migrate_upgrade();
SELECT tableowner FROM pg_tables WHERE tablename = 'u';
SELECT migrate_downgrade('base'); -- fails
SELECT revision FROM migrate_version;
SELECT count(*) > 0 AS "has scripts" FROM migrate_sql();
-- but the tables are closed to it
SELECT upgrade_sql FROM migrate_revision; -- fails
DELETE FROM migrate_applied; -- fails
SELECT script FROM migrate_plan('-1');
SELECT line FROM migrate_show('r3') AS s (line) WHERE line LIKE 'Scripts:%';
-- nor does a script get at them
SELECT migrate_revision('own rights', 'DELETE FROM migrate_applied', '', rev_id => 'r4');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r4', upgrade => 'DROP TABLE t');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r4', upgrade => 'SELECT 1');
RESET ROLE;

-- a grant on the column, or on the table, opens the scripts
GRANT SELECT (upgrade_sql) ON migrate_revision TO regress_mig_app;
SET ROLE regress_mig_app;
SELECT revision, script FROM migrate_plan();
SELECT count(*) > 10 AS "all of it" FROM migrate_show('r2');
RESET ROLE;

---------------------------------------------------------------------------
-- A superuser does not run what a lesser role stored
---------------------------------------------------------------------------
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade('r2'); -- fails
SELECT migrate_redo(); -- fails
SELECT revision FROM migrate_plan();
-- nothing to do is no harm
SELECT revision FROM migrate_upgrade('r3');
SET migrate.superuser_runs_any = on;
SELECT revision FROM migrate_upgrade();
SELECT revision FROM migrate_downgrade('r3');
RESET migrate.superuser_runs_any;
-- only superusers may set it
SET ROLE regress_mig_deployer;
SET migrate.superuser_runs_any = on; -- fails
\echo :SQLSTATE
RESET ROLE;
SET migrate.nonesuch = on; -- fails
-- what the superuser stores anew is the superuser's
SELECT migrate_edit('r4', upgrade => 'SELECT 1', downgrade => '');
SELECT revision FROM migrate_upgrade();
SELECT revision FROM migrate_downgrade('r3');
-- another superuser's will do; a role that is gone will not
SET ROLE regress_mig_super;
SELECT migrate_edit('r4', upgrade => 'SELECT 1', downgrade => '');
RESET ROLE;
SELECT revision FROM migrate_upgrade();
SELECT revision FROM migrate_downgrade('r3');
DROP ROLE regress_mig_super;
SELECT migrate_upgrade(); -- fails

---------------------------------------------------------------------------
-- A superuser who took the lesser role is not led back by its scripts
---------------------------------------------------------------------------
SET ROLE regress_mig_deployer;
SELECT migrate_edit('r4', upgrade => 'RESET ROLE; CREATE ROLE regress_mig_evil SUPERUSER', downgrade => '');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r4', upgrade => 'SET ROLE NONE', downgrade => '');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r4', upgrade => 'SELECT set_config(''role'', ''none'', false)', downgrade => '');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r4', upgrade => 'RESET SESSION AUTHORIZATION', downgrade => '');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r4', upgrade => 'RESET ALL; CREATE TABLE mig_ext_rights_app.mine AS SELECT current_user::text AS usr', downgrade => '');
SELECT revision FROM migrate_upgrade();
SELECT * FROM mine;
SELECT current_user;
SET ROLE regress_mig_owner;
SELECT current_user;
RESET ROLE;
-- nor one who took the lesser session
SET SESSION AUTHORIZATION regress_mig_deployer;
SELECT revision FROM migrate_downgrade('r3');
SELECT migrate_edit('r4', upgrade => 'RESET SESSION AUTHORIZATION', downgrade => '');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r4', upgrade => 'SET ROLE regress_mig_owner', downgrade => '');
SELECT migrate_upgrade(); -- fails
SELECT current_user;
RESET SESSION AUTHORIZATION;

SELECT rolname FROM pg_roles WHERE rolname = 'regress_mig_evil';
RESET search_path;
DROP SCHEMA mig_ext_rights_app, mig_ext_rights CASCADE;
DROP ROLE regress_mig_owner, regress_mig_deployer, regress_mig_app;
