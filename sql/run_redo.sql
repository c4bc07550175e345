--
-- migrate_redo(): down and up again in one transaction
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_redo;
CREATE EXTENSION pg_migrations SCHEMA mig_run_redo;
SET search_path = mig_run_redo;

CREATE TABLE trace (n serial, what text);
CREATE FUNCTION trace(text) RETURNS void LANGUAGE sql AS 'INSERT INTO mig_run_redo.trace (what) VALUES ($1)';
SELECT migrate_revision('first', 'SELECT trace(''r1'')', 'SELECT trace(''-r1'')', rev_id => 'r1');
SELECT migrate_revision('second', 'SELECT trace(''r2'')', 'SELECT trace(''-r2''); SELECT 1', 'SELECT trace(''r2?'')', rev_id => 'r2', branch_label => 'two');
SELECT migrate_revision('third', 'SELECT trace(''r3'')', 'SELECT trace(''-r3'')', rev_id => 'r3');
SELECT migrate_revision('fork', 'SELECT trace(''f2'')', 'SELECT trace(''-f2'')', head => 'r1', splice => true, rev_id => 'f2', branch_label => 'fork');

---------------------------------------------------------------------------
-- Nothing to redo
---------------------------------------------------------------------------
SELECT migrate_redo(); -- fails
\echo :SQLSTATE
SELECT step FROM migrate_redo('base');
SELECT migrate_redo('r1'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- The last step, several, a branch, everything
---------------------------------------------------------------------------
SELECT count(*) FROM migrate_upgrade('two@head');
TRUNCATE trace;
SELECT step, revision, message, statements, elapsed >= interval '0' AS elapsed FROM migrate_redo();
SELECT string_agg(what, ' ' ORDER BY n) FROM trace;
SELECT step, revision, statements FROM migrate_redo('-2');
SELECT step, revision FROM migrate_redo('r3');
SELECT count(*) FROM migrate_upgrade('fork');
TRUNCATE trace;
SELECT step, revision FROM migrate_redo('two@r1');
SELECT string_agg(what, ' ' ORDER BY n) FROM trace;
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_redo('base');
SELECT revision, tip FROM migrate_applied ORDER BY revision;
SELECT step, revision FROM migrate_redo();

-- numbered through in the notices
SET client_min_messages = notice;
SELECT count(*) FROM migrate_redo('r2');
SET client_min_messages = warning;

---------------------------------------------------------------------------
-- A failure on the way up undoes the way down, too
---------------------------------------------------------------------------
SELECT migrate_edit('r3', downgrade => 'CREATE TABLE in_the_way ()');
SELECT migrate_revision('fourth', 'SELECT 1', 'DROP TABLE nonesuch', head => 'r3', rev_id => 'r4');
SELECT count(*) FROM migrate_upgrade('r4');
TRUNCATE trace;
SELECT migrate_redo('r2'); -- fails
SELECT migrate_edit('r4', downgrade => '', verify => 'SELECT 1 / count(*) FROM pg_class WHERE relname = ''nonesuch''');
SELECT migrate_redo('r2'); -- fails
SELECT count(*) FROM trace;
SELECT to_regclass('in_the_way');
SELECT revision FROM migrate_version ORDER BY revision;

-- refusals are those of a downgrade
SELECT migrate_redo('r1, r2'); -- fails
\echo :SQLSTATE
BEGIN READ ONLY;
SELECT migrate_redo('r2'); -- fails
\echo :SQLSTATE
ROLLBACK;

DROP SCHEMA mig_run_redo CASCADE;
