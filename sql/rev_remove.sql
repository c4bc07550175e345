--
-- migrate_remove(): a revision that nobody needs
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_remove;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_remove;
SET search_path = mig_rev_remove;

SELECT migrate_revision('first', rev_id => 'r1', branch_label => 'main');
SELECT migrate_revision('second', rev_id => 'r2');
SELECT migrate_revision('third', rev_id => 'r3', branch_label => 'extra');
SELECT migrate_revision('fork', head => 'r1', splice => true, rev_id => 'f2');
SELECT migrate_revision('apart', head => 'base', rev_id => 's1', depends_on => 'f2');

---------------------------------------------------------------------------
-- Others stand on it, as parent or as dependency
---------------------------------------------------------------------------
SELECT migrate_remove('r1'); -- fails
\echo :SQLSTATE
SELECT migrate_remove('f2'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- It is applied, by running or by stamp, somewhere
---------------------------------------------------------------------------
SELECT revision FROM migrate_upgrade('r3');
SELECT migrate_remove('r3'); -- fails
\echo :SQLSTATE
SELECT revision FROM migrate_downgrade('r2');
CREATE SCHEMA mig_rev_remove_tenant;
SELECT migrate_stamp('r3', schema => 'mig_rev_remove_tenant');
SELECT migrate_remove('r3'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('base', schema => 'mig_rev_remove_tenant');

---------------------------------------------------------------------------
-- Done; what lay below is a head again, and the names are free
---------------------------------------------------------------------------
SELECT migrate_remove('extra');
SELECT migrate_remove('s1');
SELECT revision, is_head, is_real_head, head_count, real_head_count
FROM migrate_revision ORDER BY seq;
SELECT child, kind, parent FROM migrate_edge ORDER BY child, kind, position;
SELECT migrate_show('extra'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('third again', head => 'r2', rev_id => 'r3', branch_label => 'extra');

-- the revision stored last is gone: the count of heads is right all the same
SELECT migrate_remove('r3');
SELECT migrate_remove('main'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('head is ambiguous'); -- fails
\echo :SQLSTATE
SELECT migrate_remove('f2');
SELECT migrate_revision('head is not', rev_id => 'r3');
SELECT migrate_remove('head');
SELECT revision FROM migrate_downgrade('base');
SELECT migrate_remove('r2');
SELECT migrate_remove('r1');
SELECT count(*) AS revisions, (SELECT count(*) FROM migrate_edge) AS edges FROM migrate_revision;
SELECT migrate_revision('from the beginning', rev_id => 'r1');
SELECT revision, down_revision, generation, head_count FROM migrate_revision;

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
SELECT migrate_remove(NULL); -- fails
\echo :SQLSTATE
SELECT migrate_remove('nonesuch'); -- fails
\echo :SQLSTATE
SELECT migrate_remove('base'); -- fails
\echo :SQLSTATE
SELECT migrate_remove('r1, r2'); -- fails
\echo :SQLSTATE

SELECT action, revision FROM migrate_log
WHERE action IN ('revision', 'remove') ORDER BY id;

DROP SCHEMA mig_rev_remove, mig_rev_remove_tenant CASCADE;
