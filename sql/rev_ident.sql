--
-- Revision identifiers: the whole grammar, and every malformed form
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_ident;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_ident;
SET search_path = mig_rev_ident;

-- ae1027a6acf - ae20f4 - ff01 - ff02        label web at ff01
--                    \- cc03 - cc04         label api at cc03
-- bb                                         label bbq
SELECT migrate_revision('a', rev_id => 'ae1027a6acf');
SELECT migrate_revision('b', rev_id => 'ae20f4');
SELECT migrate_revision('c', rev_id => 'ff01', branch_label => 'web');
SELECT migrate_revision('d', rev_id => 'ff02');
SELECT migrate_revision('e', head => 'ae20f4', splice => true, rev_id => 'cc03', branch_label => 'api');
SELECT migrate_revision('f', head => 'api@head', rev_id => 'cc04');
SELECT migrate_revision('g', head => 'base', rev_id => 'bb', branch_label => 'bbq');

-- What an identifier stands for where one or several revisions are possible,
-- or why it stands for none.
CREATE FUNCTION resolve(identifier text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    lines text;
    detail text;
    hint text;
BEGIN
    SELECT string_agg(substr(l, 11), '; ' ORDER BY n) INTO lines
    FROM mig_rev_ident.migrate_show(identifier) WITH ORDINALITY AS s (l, n)
    WHERE l LIKE 'Revision: %';
    RETURN coalesce(lines, 'nothing');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' ', SQLSTATE || ': ' || SQLERRM || '.', nullif(detail, ''), nullif(hint, ''));
END
$$;

-- What would run on the way to a target.
CREATE FUNCTION plan(target text, down boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    steps text;
    detail text;
BEGIN
    SELECT string_agg(revision, ' ' ORDER BY step) INTO steps
    FROM mig_rev_ident.migrate_plan(target, downgrade => down);
    RETURN coalesce(steps, 'nothing');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE || ': ' || SQLERRM || '.', nullif(detail, ''));
END
$$;

\pset format unaligned
\pset fieldsep ' -> '
\pset tuples_only on

---------------------------------------------------------------------------
-- Fixed identifiers
---------------------------------------------------------------------------
SELECT i, resolve(i) FROM unnest(ARRAY[
    'heads', 'base', 'current', 'ae1027a6acf', 'bb', 'web', 'bbq', ' web ',
    'web@head', 'api@head', 'web@heads', 'api@base', 'ae20f4@heads', 'bbq@head',
    'web@ff02', 'web@ae1027a6acf', 'ff02@ff01', 'web, api', 'heads,bb , ff01', 'bb,bb']) i;

-- head: several; the real one if dependencies tie them together
SELECT i, resolve(i) FROM unnest(ARRAY['head', 'ae20f4@head']) i;

---------------------------------------------------------------------------
-- Prefixes, of ids and labels; candidates shorter than four characters match
-- only whole
---------------------------------------------------------------------------
SELECT i, resolve(i) FROM unnest(ARRAY[
    'ae1', 'ae10', 'ff01', 'cc03', 'ae', 'a', 'ap', 'b', 'w', 'we', 'bbqx', 'AE10',
    'web@ff', 'web@f', 'api@cc0', 'api@ff', 'api@cc04', 'we@head']) i;

---------------------------------------------------------------------------
-- Unknown, ambiguous, not on the branch
---------------------------------------------------------------------------
SELECT i, resolve(i) FROM unnest(ARRAY[
    'ff', 'zzzz', 'ae1027a6acg', 'weg', 'xyz@head', 'ff@head', 'web@cc04', 'bbq@ae20f4', 'web@zzzz']) i;

---------------------------------------------------------------------------
-- Malformed
---------------------------------------------------------------------------
SELECT quote_literal(i), resolve(i) FROM unnest(ARRAY[
    '', ' ', ',', 'web,', ',web', '@', 'web@', '@head', 'head@', 'head@web', 'heads@head',
    'web@head@head', 'web@@head', 'base@head', 'a b', E'a\tb', E'a\nb', 'a/b', E'a\\b', '.a',
    repeat('x', 64), 'a:b', ':', 'web:head', '+', '-', '++1', '--1', '+1-1', '+x', '-x', '+1x',
    'web+', 'web-', 'web+x', 'web-1-1', 'web@+', '+ 1', '+1.5', '+0', '-0', 'web@-0']) i;

---------------------------------------------------------------------------
-- Relative ones, up and down
---------------------------------------------------------------------------
SELECT i, plan(i) FROM unnest(ARRAY[
    '+1', '+2', 'web@+1', 'web@+3', 'ae20f4+1', 'ae20f4+0', 'web@ae20f4+1', 'api@ae20f4+2',
    'ff02-1', 'ff02-2', 'head-1', 'web@head-2', 'bbq@head-0', 'ff01@+4', 'ff02@+5',
    'ae1027a6acf-1', 'ff01+2', 'base+1', 'bbq@base+1', 'heads-1', 'current+1', 'web@current',
    '+99999999999999999999', 'current']) i;
SELECT i, plan(i, true) FROM unnest(ARRAY['+1', '-1', 'web@-1', 'ae10-1', 'ae10-2', 'current']) i;
SELECT revision FROM migrate_upgrade('ff02');
SELECT i, plan(i) FROM unnest(ARRAY['-1', '-2', '-4', '-5', 'web@-1', 'api@-1', 'bbq@-1', '+1',
    'web@+1', 'api@+1', 'api@+2', 'current', '-99999999999999999999']) i;
SELECT i, plan(i, true) FROM unnest(ARRAY['ff01', 'ff02-1', 'ff02-3', 'ff02-4', 'ff02-5', 'ae10+1', 'head', 'heads',
    'web@head', 'base', 'web@base', 'web@ae20f4', 'ff01, ae10', 'current', 'current-1', '+1']) i;

---------------------------------------------------------------------------
-- A head that is only a dependency is not in the way of "head"
---------------------------------------------------------------------------
SELECT migrate_merge('ff02, cc04', rev_id => 'merged');
SELECT i, resolve(i) FROM unnest(ARRAY['head', 'heads']) i;
-- a label and an id that begin alike are two candidates
SELECT migrate_revision('z', head => 'merged', rev_id => 'zeta01', branch_label => 'zeta');
SELECT i, resolve(i) FROM unnest(ARRAY['zeta', 'zeta0', 'zet']) i;
SELECT migrate_remove('zeta');
SELECT migrate_revision('h', head => 'merged', rev_id => 'top', depends_on => 'bbq');
SELECT i, resolve(i) FROM unnest(ARRAY['head', 'heads', 'bbq@head', 'current']) i;

---------------------------------------------------------------------------
-- NULL
---------------------------------------------------------------------------
SELECT migrate_show(NULL); -- fails
SELECT migrate_plan(NULL); -- fails
SELECT migrate_history(NULL); -- fails
SELECT migrate_upgrade(NULL); -- fails
SELECT migrate_downgrade(NULL); -- fails
SELECT migrate_redo(NULL); -- fails
SELECT migrate_stamp(NULL); -- fails
SELECT migrate_require(NULL); -- fails
SELECT migrate_sql(NULL); -- fails
SELECT migrate_graph(NULL); -- fails
\echo :SQLSTATE

DROP SCHEMA mig_rev_ident CASCADE;
