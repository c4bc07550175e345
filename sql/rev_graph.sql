--
-- migrate_graph(): the graph as a picture
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_graph;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_graph;
SET search_path = mig_rev_graph;
\pset format unaligned
\pset tuples_only on

CREATE FUNCTION forget() RETURNS void LANGUAGE sql AS
    $$ DELETE FROM migrate_applied; DELETE FROM migrate_edge; DELETE FROM migrate_revision $$;

---------------------------------------------------------------------------
-- Nothing
---------------------------------------------------------------------------
SELECT migrate_graph();
SELECT migrate_graph('dot');
SELECT migrate_graph('mermaid');

---------------------------------------------------------------------------
-- A line
---------------------------------------------------------------------------
SELECT migrate_revision('first', rev_id => 'a1');
SELECT migrate_revision('second', rev_id => 'a2');
SELECT migrate_revision('third', rev_id => 'a3');
SELECT migrate_stamp('a2');
SELECT migrate_graph();

---------------------------------------------------------------------------
-- A branch, two of them merged, three at once
---------------------------------------------------------------------------
SELECT migrate_revision('branch', head => 'a1', splice => true, rev_id => 'b2', branch_label => 'bee');
SELECT migrate_graph();
SELECT migrate_merge(rev_id => 'm4');
SELECT migrate_revision('after', rev_id => 'a5');
SELECT migrate_graph();
SELECT migrate_revision('third lane', head => 'a1', splice => true, rev_id => 'c2');
SELECT migrate_revision('fourth lane', head => 'a1', splice => true, rev_id => 'd2');
SELECT migrate_revision('fourth lane goes on', head => 'd2', rev_id => 'd3');
SELECT migrate_merge('a5, c2, d3', rev_id => 'm6');
SELECT migrate_graph();

---------------------------------------------------------------------------
-- Roots of their own, dependencies, one side merged twice
---------------------------------------------------------------------------
SELECT migrate_revision('apart', head => 'base', rev_id => 'x1', branch_label => 'ex', depends_on => 'bee');
SELECT migrate_revision('alone', head => 'base', rev_id => 'y1');
SELECT migrate_revision('uses the other', head => 'x1', rev_id => 'x2', depends_on => 'y1, c2');
SELECT migrate_stamp('x2');
SELECT migrate_graph();
SELECT migrate_graph('text', 'mig_rev_graph');
SELECT migrate_graph('dot');
SELECT migrate_graph('mermaid');
SELECT forget();

---------------------------------------------------------------------------
-- Crossing lanes
---------------------------------------------------------------------------
SELECT migrate_revision('root', rev_id => 'r');
SELECT migrate_revision('left', head => 'r', rev_id => 'l1');
SELECT migrate_revision('right', head => 'r', splice => true, rev_id => 'r1');
SELECT migrate_revision('left goes on', head => 'l1', rev_id => 'l2');
SELECT migrate_merge('l2, r1', 'left takes right', rev_id => 'l3');
SELECT migrate_revision('right goes on', head => 'r1', splice => true, rev_id => 'r2');
SELECT migrate_revision('a leaf on the left', head => 'l1', splice => true, rev_id => 'leaf');
SELECT migrate_merge('r2, l3', 'together', rev_id => 'm');
SELECT migrate_graph();
SELECT forget();

---------------------------------------------------------------------------
-- Odd characters
---------------------------------------------------------------------------
SELECT migrate_import($$-- revision: a"b
-- down_revision:
-- message: "quoted" \back\ <b>&amp; #1; %s
-- branch_labels: l;<1>
-- created: 2026-01-01 00:00:00+00

-- migrate:upgrade

-- revision: c'd
-- down_revision:
-- message: it's
-- depends_on: a"b
-- created: 2026-01-02 00:00:00+00

-- migrate:upgrade
$$);
SELECT migrate_graph();
SELECT migrate_graph('dot');
SELECT migrate_graph('mermaid');

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
SELECT migrate_graph('png'); -- fails
\echo :SQLSTATE
SELECT migrate_graph('TEXT'); -- fails
\echo :SQLSTATE
SELECT migrate_graph('text', 'nonesuch'); -- fails
\echo :SQLSTATE

DROP SCHEMA mig_rev_graph CASCADE;
