--
-- migrate_history(), migrate_current(), migrate_heads(), migrate_branches()
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_history;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_history;
SET search_path = mig_rev_history;

---------------------------------------------------------------------------
-- Nothing there
---------------------------------------------------------------------------
SELECT * FROM migrate_history();
SELECT * FROM migrate_history(':');
SELECT * FROM migrate_current();
SELECT * FROM migrate_heads();
SELECT * FROM migrate_branches();
SELECT * FROM migrate_graph();

---------------------------------------------------------------------------
-- a - b - c1 - d1 - m - n        one at c1
--      \- c2 - d2 -/             two at c2
-- p - q (needs c1)               plug at p
---------------------------------------------------------------------------
SELECT migrate_revision('first', rev_id => 'a');
SELECT migrate_revision('second', rev_id => 'b');
SELECT migrate_revision('left', rev_id => 'c1', branch_label => 'one');
SELECT migrate_revision('right', head => 'b', splice => true, rev_id => 'c2', branch_label => 'two,deux');
SELECT migrate_revision('left again', head => 'c1', rev_id => 'd1');
SELECT migrate_revision('right again', head => 'c2', rev_id => 'd2');
SELECT migrate_merge('d1, d2', 'together', rev_id => 'm');
SELECT migrate_revision('last', rev_id => 'n');
SELECT migrate_revision('plugin', head => 'base', rev_id => 'p', branch_label => 'plug');
SELECT migrate_revision('plugin needs left', head => 'p', rev_id => 'q', depends_on => 'one');

SELECT revision, message, marks, down_revision, branch_labels, applied_at IS NULL AS "not applied",
    depends_on, created_at IS NOT NULL AS created
FROM migrate_history();
SELECT revision, message, marks, down_revision, branch_labels, created_at IS NOT NULL AS created
FROM migrate_heads();
SELECT revision, marks FROM migrate_heads(true);
SELECT * FROM migrate_branches();

SELECT revision FROM migrate_upgrade('d1');
SELECT migrate_stamp('p');
SELECT revision, marks, applied_at IS NOT NULL AS applied FROM migrate_history();
SELECT revision, message, marks, applied_at IS NOT NULL AS applied, applied_by = current_user AS me, how, tag
FROM migrate_current();

---------------------------------------------------------------------------
-- Ranges: the left side counts, dependencies are listed from base only
---------------------------------------------------------------------------
CREATE FUNCTION history(range text) RETURNS text LANGUAGE sql AS
    $$ SELECT string_agg(revision, ' ') FROM mig_rev_history.migrate_history(range) $$;
SELECT r, history(r) FROM unnest(ARRAY[
    'base:heads', ':', 'base:', ':heads', ' : ', 'base:base', 'base:b', ':c1', 'b:d1', 'b:m', 'd1:d1',
    'c2:', 'm:heads', 'one@base:n', 'b:one@head', ':plug@head', 'p:q', 'c1:q', 'a:current',
    'base:current', 'd1:+1', ':plug@+1', 'a:n-1', 'm:n', 'one:d1', 'm:+5']) r;

-- -N on the left is N below each real head
SELECT history('-1:'), history('plug@-1:');
SELECT migrate_history('-1:n'); -- fails
\echo :SQLSTATE
SELECT migrate_history('-3:'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
SELECT migrate_history(''); -- fails
\echo :SQLSTATE
SELECT migrate_history('head'); -- fails
\echo :SQLSTATE
SELECT migrate_history('a:b:c'); -- fails
\echo :SQLSTATE
SELECT migrate_history('nonesuch:'); -- fails
\echo :SQLSTATE
SELECT migrate_history('a:head'); -- fails
\echo :SQLSTATE
SELECT migrate_history('d1:d2'); -- fails
\echo :SQLSTATE
SELECT migrate_history('n:a'); -- fails
\echo :SQLSTATE
SELECT migrate_history('a:base'); -- fails
\echo :SQLSTATE
SELECT migrate_history('b:+1'); -- fails
\echo :SQLSTATE
SELECT migrate_history('a:n-2'); -- fails
\echo :SQLSTATE
SELECT migrate_history('+1:head'); -- fails
\echo :SQLSTATE
SELECT migrate_history('one@c2:'); -- fails
\echo :SQLSTATE
SELECT migrate_history('current@head:'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- A target schema has its own marks
---------------------------------------------------------------------------
SELECT migrate_stamp('heads', 'mig_rev_history');
SELECT revision, marks, applied_at IS NOT NULL AS applied
FROM migrate_history(schema => 'mig_rev_history');
SELECT revision, marks, how FROM migrate_current('mig_rev_history');
SELECT migrate_history(schema => 'nonesuch'); -- fails
\echo :SQLSTATE

-- all of this in a read-only transaction
BEGIN READ ONLY;
SELECT count(*) FROM migrate_history();
SELECT count(*) FROM migrate_current();
SELECT count(*) FROM migrate_heads();
SELECT count(*) FROM migrate_branches();
ROLLBACK;

DROP SCHEMA mig_rev_history CASCADE;
