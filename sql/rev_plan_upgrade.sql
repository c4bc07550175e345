--
-- Plans of upgrades: what runs, in which order, and the heads after each step
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_plan_upgrade;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_plan_upgrade;
SET search_path = mig_rev_plan_upgrade;

CREATE FUNCTION forget() RETURNS void LANGUAGE sql AS
    $$ DELETE FROM migrate_applied; DELETE FROM migrate_edge; DELETE FROM migrate_revision $$;
CREATE FUNCTION heads() RETURNS text LANGUAGE sql AS
    $$ SELECT string_agg(revision, ' ' ORDER BY revision) FROM migrate_version $$;

---------------------------------------------------------------------------
-- An empty history
---------------------------------------------------------------------------
SELECT step, revision FROM migrate_upgrade();
SELECT step, revision FROM migrate_upgrade('heads');
SELECT step, revision FROM migrate_upgrade('base');
SELECT step, revision FROM migrate_upgrade('+1'); -- fails
\echo :SQLSTATE
SELECT step, revision FROM migrate_plan();
SELECT step, revision FROM migrate_pending();

---------------------------------------------------------------------------
-- A line
---------------------------------------------------------------------------
SELECT migrate_revision('a', 'SELECT 1', 'SELECT 1; SELECT 2', 'SELECT 3; SELECT 4', rev_id => 'a1');
SELECT migrate_revision('b', 'SELECT 1; SELECT 2;', '', rev_id => 'a2');
SELECT migrate_revision('c', '', '', rev_id => 'a3');
SELECT migrate_revision('d', 'VACUUM', '', rev_id => 'a4');
SELECT * FROM migrate_plan();
SELECT * FROM migrate_plan('a2');
SELECT * FROM migrate_pending();
SELECT step, revision, message, statements, elapsed >= interval '0' AS elapsed FROM migrate_upgrade('+1');
SELECT step, revision, message, statements FROM migrate_upgrade('a1+1');
SELECT step, revision, message, statements FROM migrate_upgrade('a3');
SELECT heads();
-- it never goes down
SELECT step, revision FROM migrate_upgrade('a1');
SELECT step, revision FROM migrate_upgrade('base');
SELECT heads();
SELECT * FROM migrate_pending();
SELECT forget();

---------------------------------------------------------------------------
-- Branches: b, then c1 d1 on one and c2 d2 on the other
---------------------------------------------------------------------------
SELECT migrate_revision('b', rev_id => 'b');
SELECT migrate_revision('c1', rev_id => 'c1', branch_label => 'one');
SELECT migrate_revision('c2', head => 'b', splice => true, rev_id => 'c2', branch_label => 'two');
SELECT migrate_revision('d1', head => 'c1', rev_id => 'd1');
SELECT migrate_revision('d2', head => 'c2', rev_id => 'd2');
SELECT step, revision FROM migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_plan('heads');
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_plan('d2, c1');
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_plan('c1, d1, b');
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_plan('two@head');
-- siblings are not touched; several heads are several rows
SELECT step, revision FROM migrate_upgrade('one@head');
SELECT heads();
SELECT step, revision FROM migrate_upgrade('two@+1');
SELECT heads();
SELECT step, revision FROM migrate_upgrade('+1'); -- fails
\echo :SQLSTATE
SELECT step, revision FROM migrate_upgrade('heads');
SELECT heads();
SELECT forget();

---------------------------------------------------------------------------
-- Dependencies: on a branch of its own, on another tip, on a label; they are
-- pulled in before what needs them
---------------------------------------------------------------------------
SELECT migrate_revision('a1', rev_id => 'a1', branch_label => 'main');
SELECT migrate_revision('a2', rev_id => 'a2');
SELECT migrate_revision('a3', rev_id => 'a3');
SELECT migrate_revision('b1', head => 'base', rev_id => 'b1', branch_label => 'plug', depends_on => 'a2');
SELECT migrate_revision('b2', head => 'b1', rev_id => 'b2');
SELECT migrate_revision('c1', head => 'base', rev_id => 'c1', depends_on => 'plug, a1');
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_plan('c1');
SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_plan('heads');
SELECT step, revision FROM migrate_upgrade('b1');
SELECT heads();
-- a2 is applied, but implied by b1: a3 goes on from there
SELECT revision, marks FROM migrate_current();
SELECT step, revision FROM migrate_upgrade('main@+1');
SELECT heads();
SELECT step, revision FROM migrate_upgrade('c1');
SELECT heads();
SELECT step, revision FROM migrate_upgrade('heads');
SELECT heads();
SELECT forget();

---------------------------------------------------------------------------
-- A merge whose parents depend on each other
---------------------------------------------------------------------------
SELECT migrate_revision('p1', rev_id => 'p1');
SELECT migrate_revision('p2', rev_id => 'p2');
SELECT migrate_revision('q', head => 'base', rev_id => 'q', depends_on => 'p2');
SELECT migrate_revision('r', head => 'base', rev_id => 'r');
SELECT migrate_merge('p2, q, r', rev_id => 'm');
SELECT step, revision FROM migrate_upgrade('m');
SELECT heads();
SELECT forget();

---------------------------------------------------------------------------
-- A plan in a target schema of its own, with transactional => false
---------------------------------------------------------------------------
SELECT migrate_revision('a1', 'SELECT 1', '', rev_id => 'a1');
SELECT migrate_revision('a2', 'VACUUM', '', rev_id => 'a2');
SELECT migrate_revision('a3', 'SELECT 1', '', rev_id => 'a3', transactional => false);
SELECT step, revision FROM migrate_upgrade('a1', 'mig_rev_plan_upgrade');
SELECT step, revision, transactional, script FROM migrate_plan(schema => 'mig_rev_plan_upgrade');
SELECT step, revision, transactional FROM migrate_pending('mig_rev_plan_upgrade');
SELECT step, revision FROM migrate_plan(downgrade => true, schema => 'mig_rev_plan_upgrade', target => 'base');

---------------------------------------------------------------------------
-- migrate_require()
---------------------------------------------------------------------------
SELECT migrate_require('a1'); -- fails
\echo :SQLSTATE
SELECT migrate_require('a1', 'mig_rev_plan_upgrade');
SELECT migrate_require('a1, a2', 'mig_rev_plan_upgrade'); -- fails
\echo :SQLSTATE
SELECT migrate_require('heads', 'mig_rev_plan_upgrade'); -- fails
\echo :SQLSTATE
SELECT migrate_require('base');
SELECT migrate_require('nonesuch'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('head');
BEGIN READ ONLY;
SELECT migrate_require('heads');
SELECT migrate_require('head');
SELECT step FROM migrate_upgrade();
ROLLBACK;

---------------------------------------------------------------------------
-- More scripts than work_mem has room for
---------------------------------------------------------------------------
SELECT forget();
SELECT count(*) FROM (SELECT migrate_revision('long ' || i, rev_id => 'long' || i,
    upgrade => 'SELECT ' || i || ' -- ' || (SELECT string_agg(md5((1000 * i + j)::text), '') FROM generate_series(1, 900) j),
    downgrade => CASE WHEN i <> 3 THEN 'SELECT -' || i || repeat(' ', 20000) END) FROM generate_series(1, 6) i) r;
SET work_mem = '64kB';
SELECT step, revision, length(p.script), p.script = r.upgrade_sql AS same, hazard
    FROM migrate_plan() p JOIN migrate_revision r USING (revision) ORDER BY step;
SELECT migrate_stamp('heads');
SELECT step, revision, length(p.script), p.script = r.downgrade_sql AS same, hazard
    FROM migrate_plan('base', downgrade => true) p JOIN migrate_revision r USING (revision) ORDER BY step;
RESET work_mem;

DROP SCHEMA mig_rev_plan_upgrade CASCADE;
