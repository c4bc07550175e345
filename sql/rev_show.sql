--
-- migrate_show(): one revision in full
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_show;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_show;
SET search_path = mig_rev_show;
\pset format unaligned
\pset tuples_only on

-- Times and roles differ from run to run.
CREATE FUNCTION show(revision text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT replace(regexp_replace(line, '\d{4}-\d\d-\d\d .* by ', '(time) by '),
        ' by ' || current_user, ' by (me)')
    FROM mig_rev_show.migrate_show(revision) AS s (line)
$$;

SELECT migrate_revision('first', E'CREATE TABLE one (\n    a int\n);\n\n\tSELECT 1;', 'DROP TABLE one',
    rev_id => 'r1');
SELECT migrate_revision(E'second\n\nMore words\n  about it.', 'CREATE TABLE two ()', rev_id => 'r2',
    verify => 'TABLE two', branch_label => 'main, trunk');
SELECT migrate_revision('apart', rev_id => 's1', head => 'base', depends_on => 'main');
SELECT migrate_merge('r2, s1', 'both', rev_id => 'm3', depends_on => 'r1');
SELECT migrate_revision('by hand', 'VACUUM', '', rev_id => 'v4');

---------------------------------------------------------------------------
-- Nothing is applied
---------------------------------------------------------------------------
SELECT show('r1');
SELECT show('trunk');
SELECT show('s1');
SELECT show('m3');
SELECT show('v4');

---------------------------------------------------------------------------
-- Applied: where, when, by whom, with which tag
---------------------------------------------------------------------------
CREATE SCHEMA mig_rev_show_tenant;
SELECT count(*) FROM migrate_upgrade('m3', tag => 'release 1');
SELECT migrate_stamp('r1', schema => 'mig_rev_show_tenant');
SELECT line FROM show('r1') AS s (line) WHERE line LIKE 'Applied:%';
SELECT line FROM show('m3') AS s (line) WHERE line ~ '^(Revision|Applied):';

---------------------------------------------------------------------------
-- Several, and none
---------------------------------------------------------------------------
SELECT line FROM show('head') AS s (line) WHERE line LIKE 'Revision:%';
SELECT line FROM show('current') AS s (line) WHERE line LIKE 'Revision:%';
SELECT line FROM show('s1, m3') AS s (line) WHERE line LIKE 'Revision:%' OR line = '';
SELECT show('base');

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
SELECT migrate_show('r9'); -- fails
\echo :SQLSTATE
SELECT migrate_show('-1'); -- fails
\echo :SQLSTATE
SELECT migrate_show('r1:r2'); -- fails
\echo :SQLSTATE

DROP SCHEMA mig_rev_show, mig_rev_show_tenant CASCADE;
