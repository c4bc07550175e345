--
-- Where ranges begin: labels at tips, steps below heads; several branchpoints
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_range;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_range;
SET search_path = mig_rev_range;
\pset tuples_only on
\pset format unaligned

SELECT migrate_revision('a', rev_id => 'a');
SELECT migrate_revision('b', rev_id => 'b');
SELECT migrate_revision('c', rev_id => 'c', branch_label => 'top');
SELECT migrate_revision('z', head => 'base', rev_id => 'z');
SELECT migrate_revision('y', head => 'z', rev_id => 'y');

---------------------------------------------------------------------------
-- A label at a tip: it is that of the revisions below, too, and of no others
---------------------------------------------------------------------------
SELECT string_agg(revision, ' ') FROM migrate_history('top@-1:heads');
SELECT string_agg(revision, ' ') FROM migrate_history('top@-2:top');
SELECT string_agg(revision, ' ') FROM migrate_history('top@-3:top');
SELECT string_agg(revision, ' ') FROM migrate_history('top@-9:top');
-- below each head
SELECT string_agg(revision, ' ') FROM migrate_history('-1:heads');
-- below one head lies the base, and not below the other
SELECT string_agg(revision, ' ') FROM migrate_history('-2:heads'); -- fails
SELECT string_agg(revision, ' ') FROM migrate_history('-9:heads');

SELECT migrate_stamp('top@-1');
SELECT string_agg(revision, ' ' ORDER BY revision) FROM migrate_applied;
SELECT migrate_stamp('base');
SELECT migrate_stamp('-1');
SELECT string_agg(revision, ' ' ORDER BY revision) FROM migrate_applied;

---------------------------------------------------------------------------
-- current, where several revisions are
---------------------------------------------------------------------------
SELECT migrate_edit('current', message => 'x'); -- fails

---------------------------------------------------------------------------
-- Several branchpoints, the newest first
---------------------------------------------------------------------------
SELECT migrate_revision('b2', head => 'a', splice => true, rev_id => 'b2');
SELECT migrate_revision('y2', head => 'z', splice => true, rev_id => 'y2');
SELECT * FROM migrate_branches();

---------------------------------------------------------------------------
DROP EXTENSION pg_migrations;
DROP SCHEMA mig_rev_range CASCADE;
