--
-- migrate_merge(): a revision that joins heads
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_merge;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_merge;
SET search_path = mig_rev_merge;

SELECT migrate_merge(); -- fails
\echo :SQLSTATE
SELECT migrate_revision('root', rev_id => 'root');
SELECT migrate_merge('base'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('ada', rev_id => 'ada1');
SELECT migrate_revision('grace', head => 'root', splice => true, rev_id => 'grace1');

---------------------------------------------------------------------------
-- All heads, in creation order; the message says what it does
---------------------------------------------------------------------------
SET client_min_messages = notice;
SELECT migrate_merge(rev_id => 'm1');
SET client_min_messages = warning;
SELECT down_revision, message, upgrade_sql = '' AS up, downgrade_sql = '' AS down,
    transactional, is_head
FROM migrate_revision WHERE revision = 'm1';

-- a merge is undone and redone like any revision
SELECT step, revision, statements FROM migrate_upgrade();
SELECT schema_name, revision FROM migrate_version ORDER BY revision;
SELECT step, revision FROM migrate_downgrade('-1');
SELECT schema_name, revision FROM migrate_version ORDER BY revision;

-- one head: nothing to join, but a child with a message is a child
SELECT migrate_merge(rev_id => 'm2');
SELECT down_revision, message FROM migrate_revision WHERE revision = 'm2';

---------------------------------------------------------------------------
-- Some heads, with everything that a merge can have
---------------------------------------------------------------------------
SELECT migrate_revision('other', head => 'base', rev_id => 'other1', branch_label => 'other');
SELECT migrate_revision('third', head => 'base', rev_id => 'third1', branch_label => 'third');
SELECT migrate_revision('fourth', head => 'base', rev_id => 'fourth1');
SELECT migrate_merge('third, m2', 'join two', branch_label => 'joined', rev_id => 'm3', depends_on => 'other');
SELECT down_revision, depends_on, requires, branch_labels, message
FROM migrate_revision WHERE revision = 'm3';
SELECT migrate_merge('other@head,fourth1,joined@head', E'join all\n\nof them', rev_id => 'm4');
SELECT down_revision, message, description
FROM migrate_revision WHERE revision = 'm4';
SELECT revision, marks, down_revision FROM migrate_heads();

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
SELECT migrate_revision('one more', head => 'base', rev_id => 'last1');
SELECT migrate_merge('m4', 'last1'); -- fails
\echo :SQLSTATE
SELECT migrate_merge('m4', 'joined'); -- fails
\echo :SQLSTATE
SELECT migrate_merge('m4, m4'); -- fails
\echo :SQLSTATE
SELECT migrate_merge('m4, heads'); -- fails
\echo :SQLSTATE
SELECT migrate_merge('m4, root'); -- fails
\echo :SQLSTATE
SELECT migrate_merge('m4, nonesuch'); -- fails
\echo :SQLSTATE
SELECT migrate_merge('head'); -- fails
\echo :SQLSTATE
SELECT migrate_merge(NULL); -- fails
\echo :SQLSTATE
SELECT migrate_merge('m4, last1', rev_id => 'root'); -- fails
\echo :SQLSTATE
SELECT migrate_merge('m4, last1', branch_label => 'other'); -- fails
\echo :SQLSTATE
SELECT migrate_merge('m4, last1', depends_on => 'base'); -- fails
\echo :SQLSTATE

DROP SCHEMA mig_rev_merge CASCADE;
