--
-- Plans of downgrades: what is undone, in which order, and what stays
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_plan_downgrade;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_plan_downgrade;
SET search_path = mig_rev_plan_downgrade;

CREATE FUNCTION forget() RETURNS void LANGUAGE sql AS
    $$ DELETE FROM migrate_applied; DELETE FROM migrate_edge; DELETE FROM migrate_revision $$;
CREATE FUNCTION heads() RETURNS text LANGUAGE sql AS
    $$ SELECT string_agg(revision, ' ' ORDER BY revision) FROM migrate_version $$;
CREATE FUNCTION plan(target text) RETURNS text LANGUAGE sql AS
    $$ SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_plan(target, downgrade => true) $$;

---------------------------------------------------------------------------
-- A line
---------------------------------------------------------------------------
SELECT migrate_revision('a', 'SELECT 1', 'SELECT 1; SELECT 2', 'SELECT 3', rev_id => 'a1');
SELECT migrate_revision('b', 'SELECT 1', 'SELECT 2', rev_id => 'a2');
SELECT migrate_revision('c', '', '', rev_id => 'a3');
SELECT migrate_revision('d', '', '', rev_id => 'a4');
SELECT step FROM migrate_downgrade('-1'); -- fails
\echo :SQLSTATE
SELECT step FROM migrate_downgrade('base');
SELECT step FROM migrate_downgrade('a1'); -- fails
\echo :SQLSTATE
SELECT revision FROM migrate_upgrade();
SELECT * FROM migrate_plan('-1');
SELECT * FROM migrate_plan('base', downgrade => true);
SELECT step, revision, message, statements, elapsed >= interval '0' AS elapsed FROM migrate_downgrade('-1');
SELECT step, revision FROM migrate_downgrade('a4'); -- fails
\echo :SQLSTATE
-- to where we are: nothing to do
SELECT step, revision FROM migrate_downgrade('a3');
SELECT step, revision FROM migrate_downgrade('a3-1');
SELECT step, revision FROM migrate_downgrade('a1+1');
SELECT heads();
SELECT step, revision FROM migrate_downgrade('-3'); -- fails
\echo :SQLSTATE
SELECT step, revision FROM migrate_downgrade('+1'); -- fails
\echo :SQLSTATE
SELECT step, revision, statements FROM migrate_downgrade('base');
SELECT heads();
SELECT forget();

---------------------------------------------------------------------------
-- Branches: all children of the target go, or those of one branch
---------------------------------------------------------------------------
SELECT migrate_revision('a', rev_id => 'a', branch_label => 'root');
SELECT migrate_revision('b', rev_id => 'b');
SELECT migrate_revision('c1', rev_id => 'c1', branch_label => 'one');
SELECT migrate_revision('c2', head => 'b', splice => true, rev_id => 'c2', branch_label => 'two');
SELECT migrate_revision('d1', head => 'c1', rev_id => 'd1');
SELECT migrate_revision('d2', head => 'c2', rev_id => 'd2');
SELECT migrate_revision('z', head => 'base', rev_id => 'z', branch_label => 'zed');
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('heads');
SELECT t, plan(t) FROM unnest(ARRAY['b', 'one@b', 'two@b', 'c1', 'one@c1', 'a', 'base', 'zed@base', 'one@base',
    'd1-1', 'd1-2', 'one@-1', 'one@-2', 'one@-3', 'zed@-1', 'c1@-1', 'one@head']) t;
SELECT migrate_downgrade('head'); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade('root@-1'); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade('zed@b'); -- fails
\echo :SQLSTATE
SELECT plan('one@-4');
SELECT migrate_downgrade('one@-5'); -- fails
\echo :SQLSTATE
-- -N undoes the revisions applied last
SELECT plan('-1'), plan('-2');
SELECT step, revision FROM migrate_downgrade('one@b');
SELECT heads();
SELECT step, revision FROM migrate_upgrade('c1');
SELECT plan('-1');
SELECT step, revision FROM migrate_downgrade('zed@base');
SELECT step, revision FROM migrate_downgrade('b');
SELECT heads();
SELECT forget();

---------------------------------------------------------------------------
-- Undoing a merge: both parents are heads again
---------------------------------------------------------------------------
SELECT migrate_revision('a', rev_id => 'a');
SELECT migrate_revision('b', rev_id => 'b');
SELECT migrate_revision('c', head => 'a', splice => true, rev_id => 'c');
SELECT migrate_merge(rev_id => 'm');
SELECT migrate_revision('n', rev_id => 'n');
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade();
SELECT plan('-1'), plan('-2'), plan('-3'), plan('-4'), plan('m'), plan('b');
SELECT migrate_downgrade('n-2'); -- fails
\echo :SQLSTATE
SELECT step, revision FROM migrate_downgrade('-2');
SELECT heads();
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade();
-- the way back to one parent does not touch the other branch
SELECT step, revision FROM migrate_downgrade('b');
SELECT heads();
SELECT forget();

---------------------------------------------------------------------------
-- Dependencies: what depends on what goes, goes too; what was pulled in stays
---------------------------------------------------------------------------
SELECT migrate_revision('a1', rev_id => 'a1');
SELECT migrate_revision('a2', rev_id => 'a2');
SELECT migrate_revision('b1', head => 'base', rev_id => 'b1', branch_label => 'plug', depends_on => 'a2');
SELECT migrate_revision('b2', head => 'b1', rev_id => 'b2');
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('b2');
SELECT heads();
SELECT plan('a1'), plan('b1'), plan('plug@base'), plan('base');
-- applied as a dependency only: nothing above it by parents, nothing to do
SELECT step, revision FROM migrate_downgrade('a2');
SELECT step, revision FROM migrate_downgrade('plug@base');
SELECT heads();
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('b2');
SELECT step, revision FROM migrate_downgrade('a1');
SELECT heads();

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
\set VERBOSITY terse
SELECT migrate_downgrade(); -- fails
\set VERBOSITY default
SELECT migrate_downgrade('a1, b1'); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade('a2:a1'); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade('nonesuch'); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade('b2'); -- fails
\echo :SQLSTATE
BEGIN READ ONLY;
SELECT migrate_downgrade('base'); -- fails
\echo :SQLSTATE
ROLLBACK;

DROP SCHEMA mig_rev_plan_downgrade CASCADE;
