--
-- What the user is told
--
CREATE SCHEMA mig_run_notices;
CREATE EXTENSION pg_migrations SCHEMA mig_run_notices;
SET search_path = mig_run_notices;

---------------------------------------------------------------------------
-- An empty history
---------------------------------------------------------------------------
SELECT count(*) FROM migrate_upgrade();
SELECT count(*) FROM migrate_downgrade('base');

---------------------------------------------------------------------------
-- Storing
---------------------------------------------------------------------------
SELECT migrate_revision('first', 'CREATE TABLE one ()', 'DROP TABLE one', rev_id => 'r1');
SELECT migrate_revision('second', 'CREATE TABLE two ()', rev_id => 'r2');
SELECT migrate_revision('fork', '', rev_id => 'f2', head => 'r1', splice => true, branch_label => 'fork');
SELECT migrate_merge(rev_id => 'm3');
SELECT migrate_edit('r2', message => 'second, no notice');
SELECT migrate_revision('apart', '', '', rev_id => 's1', head => 'base');

-- many heads are counted; ids are quoted where it matters
SELECT migrate_revision('one of many', rev_id => 'x' || n, head => 'base') FROM generate_series(1, 4) n;
SELECT migrate_revision('one of many', rev_id => 'its', head => 'base');
SELECT migrate_revision('one of many', 'VACUUM', rev_id => 'v1', head => 'base');
SET client_min_messages = warning;
SELECT migrate_remove(revision) FROM migrate_revision WHERE message = 'one of many';
RESET client_min_messages;

---------------------------------------------------------------------------
-- Runs: a line for each revision
---------------------------------------------------------------------------
SELECT count(*) FROM migrate_upgrade('m3');
SELECT count(*) FROM migrate_downgrade('m3');
SELECT count(*) FROM migrate_downgrade('-1');
SELECT count(*) FROM migrate_upgrade('m3, s1');
SELECT migrate_edit('r2', downgrade => 'DROP TABLE two');
SELECT count(*) FROM migrate_downgrade('base');

---------------------------------------------------------------------------
-- Nothing to do: silent where it is what was asked for
---------------------------------------------------------------------------
SELECT count(*) FROM migrate_downgrade('base');
SELECT count(*) FROM migrate_upgrade('base');
SELECT count(*) FROM migrate_upgrade('heads');
SELECT count(*) FROM migrate_upgrade('heads');
SELECT count(*) FROM migrate_upgrade('m3');
SELECT count(*) FROM migrate_upgrade('fork');
SELECT count(*) FROM migrate_upgrade('r1, f2');
SELECT count(*) FROM migrate_upgrade('r1, s1');
SELECT count(*) FROM migrate_upgrade('m3-1'); -- fails
SELECT count(*) FROM migrate_redo('m3');
SELECT migrate_stamp('heads');

---------------------------------------------------------------------------
-- Quiet
---------------------------------------------------------------------------
SET client_min_messages = warning;
SELECT count(*) FROM migrate_redo('base');
SELECT count(*) FROM migrate_upgrade('r1');
SELECT migrate_revision('quiet', 'SELECT 1', head => 's1', rev_id => 's2');

DROP SCHEMA mig_run_notices CASCADE;
