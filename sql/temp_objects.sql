--
-- Temporary objects of the session that are named like what we look up:
-- catalogs, their types, our own tables.  Whatever is called gives the same
-- with them and without, and runs none of their code.
--
SET client_min_messages = warning;
CREATE SCHEMA mig_temp;
CREATE SCHEMA mig_app;
CREATE EXTENSION pg_migrations SCHEMA mig_temp;
CREATE ROLE regress_mig_temp;
CREATE SCHEMA mig_spy AUTHORIZATION regress_mig_temp;
SET search_path = mig_app, mig_temp;
\pset format unaligned
\pset tuples_only on

CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
CREATE TABLE a (id serial PRIMARY KEY, x text DEFAULT 'a', m mood, s short, v varchar(9) CHECK (v IN ('a', 'b')));
CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY, a int REFERENCES a, p pair, n name, t timestamptz DEFAULT now());
CREATE VIEW v AS SELECT a.id, b.n FROM a JOIN b ON b.a = a.id;
CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS $$SELECT x FROM a WHERE x = $1$$;
CREATE INDEX ON a (lower(x));
INSERT INTO a (x, v) VALUES ('one', 'a');

-- Everything that can be called, one after the other, as lines
CREATE FUNCTION mig_temp.everything() RETURNS SETOF pg_catalog.text LANGUAGE plpgsql AS $$
DECLARE
    model pg_catalog.text := (SELECT string_agg(l, E'\n') FROM mig_temp.migrate_schema_sql(include => '{mig_app}') l);
    other pg_catalog.text := replace(model, 'DEFAULT ''a''::text', 'DEFAULT ''b'' NOT NULL CONSTRAINT c CHECK (x <> ''two'')')
        || 'CREATE TABLE mig_app.made (id int PRIMARY KEY, x text UNIQUE, n name);';
    call pg_catalog.text;
    line pg_catalog.text;
BEGIN
    FOREACH call IN ARRAY ARRAY[
        $c$SELECT migrate_check(%1$L)$c$,
        $c$SELECT d::pg_catalog.text FROM migrate_diff(%2$L) d$c$,
        $c$SELECT d::pg_catalog.text FROM migrate_diff(%2$L, schema => 'mig_app') d$c$,
        $c$SELECT s::pg_catalog.text FROM migrate_autogenerate_sql(%2$L) s$c$,
        $c$SELECT s::pg_catalog.text FROM migrate_autogenerate_sql(%2$L, qualify => false, include => '{mig_app}') s$c$,
        $c$SELECT l FROM migrate_schema_sql(include => '{mig_app}') l$c$,
        $c$SELECT migrate_set_model(%2$L)$c$,
        $c$SELECT md5(migrate_get_model())$c$,
        $c$SELECT migrate_autogenerate('made', rev_id => 'aaa1')$c$,
        $c$SELECT migrate_autogenerate('made anew', amend => true, rev_id => NULL)$c$,
        $c$SELECT migrate_remove('aaa1')$c$,
        $c$SELECT migrate_revision('one', 'CREATE TABLE one ()', 'DROP TABLE one', rev_id => 'aaa1')$c$,
        $c$SELECT revision FROM migrate_upgrade()$c$,
        $c$SELECT migrate_revision('two', 'CREATE TABLE two ()', 'DROP TABLE two', 'SELECT FROM two', rev_id => 'aaa2')$c$,
        $c$SELECT migrate_revision('three', 'CREATE TABLE three ()', 'DROP TABLE three', head => 'aaa1', splice => true, rev_id => 'aaa3', branch_label => 'lab')$c$,
        $c$SELECT migrate_merge('aaa2, aaa3', rev_id => 'aaa4')$c$,
        $c$SELECT migrate_edit('aaa4', message => 'joined')$c$,
        $c$SELECT direction, revision FROM migrate_plan()$c$,
        $c$SELECT revision, step FROM migrate_upgrade('heads')$c$,
        $c$SELECT revision FROM migrate_redo()$c$,
        $c$SELECT migrate_require('heads')$c$,
        $c$SELECT revision FROM migrate_current()$c$,
        $c$SELECT revision FROM migrate_heads()$c$,
        $c$SELECT b::pg_catalog.text FROM migrate_branches() b$c$,
        $c$SELECT revision, message FROM migrate_history()$c$,
        $c$SELECT l FROM migrate_graph() l$c$,
        $c$SELECT l FROM migrate_sql() l$c$,
        $c$SELECT heads, pending, last_outcome FROM migrate_status()$c$,
        $c$SELECT revision FROM migrate_pending()$c$,
        $c$SELECT count(*) FROM migrate_show('aaa1')$c$,
        $c$SELECT revision FROM migrate_downgrade('base')$c$,
        $c$SELECT migrate_stamp('aaa2')$c$,
        $c$SELECT migrate_stamp('aaa1')$c$,
        $c$SELECT migrate_export('aaa3')$c$,
        $c$SELECT migrate_remove('aaa4')$c$,
        $c$SELECT migrate_import(regexp_replace(migrate_export('aaa2'), 'aaa2', 'aaa5'))$c$,
        $c$SELECT migrate_remove('aaa5')$c$,
        $c$SELECT migrate_remove('aaa3')$c$,
        $c$SELECT migrate_stamp('aaa2')$c$,
        $c$SELECT migrate_squash('aaa1:aaa2', 'squashed')$c$,
        $c$SELECT migrate_stamp('base', purge => true)$c$,
        $c$SELECT migrate_remove('aaa2')$c$,
        $c$SELECT migrate_baseline(rev_id => 'bbb1', include => '{mig_app}')$c$,
        $c$SELECT migrate_stamp('base', purge => true)$c$,
        $c$SELECT migrate_remove('bbb1')$c$]
    LOOP
        BEGIN
            FOR line IN EXECUTE 'SELECT q::pg_catalog.text FROM (' || CASE WHEN call LIKE '%\%_$L%' THEN format(call, model, other) ELSE call END || ') q' LOOP
                RETURN NEXT split_part(regexp_replace(call, '^.*?(migrate_\w+).*$', '\1'), '(', 1) || ': ' ||
                    regexp_replace(line, '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^ "]*|created.at:.*?\n|[0-9a-f]{64}', '', 'g');
            END LOOP;
        EXCEPTION WHEN OTHERS THEN
            RETURN NEXT call || ' fails: ' || SQLSTATE || ' ' || SQLERRM;
        END;
    END LOOP;
END
$$;
CREATE TABLE mig_temp.plain AS SELECT row_number() OVER () AS n, l FROM mig_temp.everything() l;
SELECT count(*) > 100 FROM mig_temp.plain;
SELECT l FROM mig_temp.plain WHERE l LIKE '%fails: %';
SELECT DISTINCT substring(l FROM 'migrate_\w+') COLLATE "C" FROM mig_temp.plain ORDER BY 1;
SELECT count(*) FROM migrate_revision;

---------------------------------------------------------------------------
-- Tables and types
---------------------------------------------------------------------------
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['pg_class', 'pg_attribute', 'pg_namespace', 'pg_type', 'pg_depend', 'pg_constraint', 'pg_index',
        'pg_proc', 'pg_description', 'pg_inherits', 'pg_rewrite', 'pg_trigger', 'pg_extension', 'pg_enum', 'pg_sequence', 'pg_attrdef',
        'pg_collation', 'pg_language', 'pg_operator', 'pg_cast', 'pg_database', 'pg_locks', 'pg_stat_activity', 'pg_roles',
        'migrate_revision', 'migrate_edge', 'migrate_applied', 'migrate_progress', 'migrate_log', 'migrate_model', 'migrate_built', 'migrate_guard', 'migrate_version',
        'text', 'int4', 'int8', 'bool', 'oid', 'name', 'regclass', 'regproc', 'char', 'varchar', 'int2', 'timestamptz', 'interval',
        'mood', 'pair', 'short', 'a', 'b', 'v'] LOOP
        EXECUTE format('CREATE TEMP TABLE %I (oid pg_catalog.oid, relname pg_catalog.name, x pg_catalog.text)', name);
    END LOOP;
END
$$;
CREATE TABLE mig_temp.with_tables AS SELECT pg_catalog.row_number() OVER () AS n, l FROM mig_temp.everything() l;
SELECT * FROM mig_temp.plain p FULL JOIN mig_temp.with_tables t USING (n) WHERE p.l IS DISTINCT FROM t.l;
-- a model that sets its own search_path
SET search_path = mig_app;
SELECT pg_catalog.string_agg(l, E'\n') AS model FROM mig_temp.migrate_schema_sql(include => '{mig_app}') l \gset
SELECT mig_temp.migrate_check('SET search_path = mig_app; ' || :'model');
SELECT mig_temp.migrate_check('SET search_path TO DEFAULT; ' || :'model');
SELECT mig_temp.migrate_check('SELECT pg_catalog.set_config(''search_path'', '''', false); ' || :'model');
SET search_path = '';
SELECT mig_temp.migrate_check(:'model');
SET search_path = mig_app, mig_temp;
DISCARD TEMP;
-- what has no place is not put among temporary objects
SELECT migrate_diff('SET search_path = mig_nix; CREATE TABLE t (id int)');                                      -- fails
SELECT migrate_diff('SELECT pg_catalog.set_config(''search_path'', '''', false); CREATE TABLE t (id int)');     -- fails
SELECT migrate_diff('SET search_path = mig_nix; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS ''SELECT 1''');  -- fails
-- a schema that the model makes is one
SELECT object FROM migrate_diff('CREATE SCHEMA mig_nix; SET search_path = mig_nix; CREATE TABLE t (id int)');

---------------------------------------------------------------------------
-- Views of a lesser role, whose functions would run as whoever looks
---------------------------------------------------------------------------
SET ROLE regress_mig_temp;
CREATE FUNCTION mig_spy.spy() RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'spy runs as %', current_user; END$$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['pg_class', 'pg_attribute', 'pg_namespace', 'pg_type', 'pg_depend', 'pg_constraint', 'pg_index',
        'pg_proc', 'pg_description', 'pg_extension', 'pg_database', 'pg_locks', 'pg_stat_activity'] LOOP
        EXECUTE format('CREATE TEMP VIEW %I AS SELECT 1::pg_catalog.oid AS oid, NULL::pg_catalog.name AS relname WHERE mig_spy.spy()', name);
    END LOOP;
END
$$;
RESET ROLE;
DELETE FROM mig_temp.with_tables;
INSERT INTO mig_temp.with_tables SELECT pg_catalog.row_number() OVER () AS n, l FROM mig_temp.everything() l;
SELECT pg_catalog.count(*) > 100 FROM mig_temp.with_tables;
SELECT * FROM mig_temp.plain p FULL JOIN mig_temp.with_tables t USING (n) WHERE p.l IS DISTINCT FROM t.l;
DISCARD TEMP;

---------------------------------------------------------------------------
-- Operators of the schema whose names are written without it
---------------------------------------------------------------------------
CREATE FUNCTION mig_app.spied() RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'spied runs as %', current_user; END$$;
DO $$
DECLARE
    pair text[];
BEGIN
    FOREACH pair SLICE 1 IN ARRAY ARRAY[['oid', 'regclass'], ['name', 'name'], ['"char"', 'text'], ['int2', 'int8'], ['text', 'name'],
        ['oid', 'int4'], ['regclass', 'oid'], ['regclass', 'regclass'], ['int4', 'oid'], ['text', 'varchar']] LOOP
        EXECUTE format('CREATE FUNCTION mig_app.spied(%s, %s) RETURNS boolean LANGUAGE sql AS ''SELECT mig_app.spied()''', pair[1], pair[2]);
        EXECUTE format('CREATE OPERATOR mig_app.= (FUNCTION = mig_app.spied, LEFTARG = %s, RIGHTARG = %s)', pair[1], pair[2]);
        EXECUTE format('CREATE OPERATOR mig_app.<> (FUNCTION = mig_app.spied, LEFTARG = %s, RIGHTARG = %s)', pair[1], pair[2]);
        EXECUTE format('CREATE OPERATOR mig_app.|| (FUNCTION = mig_app.spied, LEFTARG = %s, RIGHTARG = %s)', pair[1], pair[2]);
        EXECUTE format('CREATE OPERATOR mig_app.>= (FUNCTION = mig_app.spied, LEFTARG = %s, RIGHTARG = %s)', pair[1], pair[2]);
    END LOOP;
END
$$;
SELECT count(*) FROM migrate_diff((SELECT string_agg(l, E'\n') FROM migrate_schema_sql(include => '{mig_app}') l), schema => 'mig_app');
SELECT length(upgrade) > 0 FROM migrate_autogenerate_sql('CREATE TABLE mig_app.t (id int)', qualify => false, include => '{mig_app}');
SELECT length(upgrade) > 0 FROM migrate_autogenerate_sql('CREATE TABLE t (id int)', schema => 'mig_app');

DROP SCHEMA mig_app, mig_temp, mig_spy CASCADE;
DROP ROLE regress_mig_temp;
