--
-- Scripts: statement by statement, where errors point, what is refused
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_script;
CREATE EXTENSION pg_migrations SCHEMA mig_run_script;
SET search_path = mig_run_script;

---------------------------------------------------------------------------
-- DDL can be used by the next statement; results go nowhere
---------------------------------------------------------------------------
SELECT migrate_revision('many kinds', $$
    CREATE TABLE one (a int);
    INSERT INTO one SELECT generate_series(1, 3) RETURNING a;
    ALTER TABLE one ADD b text DEFAULT 'x';
    UPDATE one SET b = b || a;
    CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1';
    SELECT twice(a) FROM one; ;
    DO $do$ BEGIN INSERT INTO mig_run_script.one VALUES (4, 'do; do'); END $do$;
    CREATE TABLE two AS SELECT a, twice(a) AS c FROM one;
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE RULE r AS ON DELETE TO two DO INSTEAD (INSERT INTO one VALUES (0, 'rule'); UPDATE two SET c = 0);
    DELETE FROM two WHERE a = 4;
    WITH w AS (INSERT INTO one VALUES (5, 'with') RETURNING a) INSERT INTO two SELECT a FROM w;
    PREPARE p AS INSERT INTO one VALUES (6, 'prepared');
    EXECUTE p;
    DEALLOCATE p;
    CREATE TEMP TABLE scratch ON COMMIT DROP AS SELECT 1;
    TRUNCATE scratch;
    CREATE SCHEMA mig_run_script_in CREATE TABLE elsewhere (a int) CREATE VIEW v AS SELECT a FROM elsewhere;
    EXPLAIN SELECT 1;
    VALUES (1), (2);
    $$, $$
    DROP SCHEMA mig_run_script_in CASCADE; DROP TABLE two; DROP TYPE mood; DROP FUNCTION twice; DROP TABLE one $$, rev_id => 'r1');
SELECT statements FROM migrate_upgrade();
SELECT * FROM one ORDER BY a, b;
SELECT * FROM two ORDER BY a;
SELECT statements FROM migrate_downgrade('base');
SELECT to_regclass('one');

-- nothing, comments, semicolons only
SELECT migrate_revision('nothing', E' ;; -- nothing\n/* at /* all */ */ ; ', '', rev_id => 'r2');
SELECT statements FROM migrate_upgrade();
SELECT statements FROM migrate_downgrade('base');

---------------------------------------------------------------------------
-- Errors keep their own fields, and say where
---------------------------------------------------------------------------
SELECT migrate_revision('fails', '', '', rev_id => 'f');
CREATE FUNCTION try(script text) RETURNS void LANGUAGE sql AS $$
    SELECT mig_run_script.migrate_edit('f', upgrade => script)
$$;
SELECT try($$SELECT 1;
SELECT nonesuch FROM pg_class;$$);
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT try(E'-- first\n/* second\n third */ SELECT 1;\n\n\t-- a comment before; with a semicolon\n\tSELECT 2,\n\t\tnonesuch;\nSELECT 3');
SELECT migrate_upgrade(); -- fails
SELECT try('CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1), (2); INSERT INTO t VALUES (2)');
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT to_regclass('t');
SELECT try('DO $do$ BEGIN RAISE EXCEPTION ''my message'' USING DETAIL = ''my detail'', HINT = ''my hint'', ERRCODE = ''XY123''; END $do$');
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
-- inside a function that the script calls
SELECT try($$CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1 / a';
CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM nonesuch; END';
SELECT f(0);$$);
SELECT migrate_upgrade(); -- fails
SELECT try($$CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM nonesuch; END';
SELECT g();$$);
SELECT migrate_upgrade(); -- fails
-- the body of a function that the script creates
SELECT try($$SELECT 1;
CREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'SELECT nonesuch';$$);
SELECT migrate_upgrade(); -- fails
-- a long statement is shown by the lines around the error
SELECT try('SELECT 1;' || E'\nSELECT\n' || repeat(E'    1 + 1 AS two,\n', 200) || E'    nonesuch,\n' || repeat(E'    3,\n', 50) || '    4');
SELECT migrate_upgrade(); -- fails
SELECT try('SELECT ' || repeat('1 + ', 1500) || 'nonesuch');
\set VERBOSITY sqlstate
SELECT migrate_upgrade(); -- fails
\set VERBOSITY default
-- in a downgrade and in a verify script
SELECT migrate_edit('f', upgrade => '', verify => E'SELECT 1;\nSELECT 1 / 0');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('f', verify => '', downgrade => E'\n\n\nDROP TABLE nonesuch');
SELECT revision FROM migrate_upgrade();
SELECT migrate_downgrade('-1'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('r2');

---------------------------------------------------------------------------
-- Syntax errors are found when a script is stored
---------------------------------------------------------------------------
SELECT migrate_revision('x', E'CREATE TABLE t ();\n\nCREATE TABEL u ();', rev_id => 's1'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('x', '', E'-- a comment\nDROP u', rev_id => 's1'); -- fails
SELECT migrate_revision('the message', '', '', 'SELECT (1', rev_id => NULL); -- fails
SELECT migrate_revision('x', 'SELECT ''open', rev_id => 's1'); -- fails
SELECT migrate_revision('x', 'SELECT 1 /* open', rev_id => 's1'); -- fails
SELECT migrate_revision('x', E'SELECT 1;\n' || repeat(E'SELECT 2;\n', 300) || 'SELECT;;SELEKT 3', rev_id => 's1'); -- fails

---------------------------------------------------------------------------
-- Statements that cannot be in a script
---------------------------------------------------------------------------
CREATE FUNCTION refused(script text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    context text;
BEGIN
    PERFORM mig_run_script.migrate_revision('x', script, '', rev_id => 'x1');
    PERFORM mig_run_script.migrate_remove('x1');
    RETURN 'stored';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
    RETURN SQLSTATE || ': ' || SQLERRM || ', ' || split_part(context, E'\n', 1);
END
$$;
\pset format unaligned
\pset tuples_only on
SELECT s, refused(s) FROM unnest(ARRAY[
    'BEGIN', 'SELECT 1; COMMIT', 'ROLLBACK', 'START TRANSACTION', 'END', 'ABORT', 'SAVEPOINT s',
    'RELEASE SAVEPOINT s', 'ROLLBACK TO SAVEPOINT s', E'SELECT 1;\nPREPARE TRANSACTION ''x''',
    'COMMIT PREPARED ''x''', 'COPY t FROM STDIN', 'COPY t TO STDOUT',
    'COPY (SELECT 1) TO STDOUT', 'COPY t FROM ''/file''', 'COPY t TO PROGRAM ''cat''',
    E'COPY t FROM stdin;\n1\t2\n\\.\n', '\d', E'SELECT 1;\n\\connect other', E'SELECT 1 \\g', 'SELECT E''\\n'', ''\d''',
    'DISCARD ALL', 'DISCARD TEMP', 'DISCARD PLANS', 'DEALLOCATE ALL', 'DEALLOCATE p', 'CREATE INDEX CONCURRENTLY ON t (a)',
    'CREATE INDEX CONCURRENTLY i ON t (a)', 'CREATE INDEX ON t (a)', '-- migrate:downgrade', E'SELECT 1;\n-- migrate:upgrade',
    '-- revision: x', ' -- migrate:upgrade', '--migrate:upgrade', '/* -- migrate:upgrade */', E'/*\n-- migrate:verify */',
    'DO ''BEGIN COMMIT; END''', 'CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC SELECT 1; END']) s;
SELECT migrate_revision('x', E'SELECT ''ü€😀'';\n    COMMIT;\nSELECT 2', rev_id => 'x1'); -- fails
SELECT migrate_revision('x', E'COPY t (a) FROM stdin;\n1\n2\n\\.\nSELECT 1;', rev_id => 'x1'); -- fails

---------------------------------------------------------------------------
-- Other statements fail when they run
---------------------------------------------------------------------------
SELECT try('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
SELECT migrate_upgrade(); -- fails
SELECT try('DO ''BEGIN COMMIT; END''');
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- Comments nested deeper than the server reads in time; strings stay whole
---------------------------------------------------------------------------
SELECT migrate_revision('deep', repeat('/*', 1500) || repeat('*/', 1500)
    || $$ CREATE TABLE mig_run_script.deep AS SELECT '/* a */' AS a, $t$/**/-- b$t$ AS "/*"/* '
 */, 1+/* " */2 AS c; $$ || repeat('-- /*/*', 100) || E'\n' || repeat('/* /*/**/ */ */', 300) || 'SELECT 1', rev_id => 'deep',
    head => 'base', splice => true);
SELECT migrate_revision('flat', $$CREATE TABLE mig_run_script.deep AS SELECT '/* a */' AS a, $t$/**/-- b$t$ AS "/*", 1+2 AS c;
    SELECT 1$$, rev_id => 'flat', head => 'base', splice => true);
SELECT count(DISTINCT checksum), max(length(upgrade_sql)) > 10000 AS kept FROM migrate_revision WHERE revision IN ('deep', 'flat');
SELECT statements FROM migrate_upgrade('deep');
TABLE deep;
\pset format unaligned
\pset tuples_only on
SELECT refused(repeat('/*', 1500) || repeat('*/', 1500) || E'\nSELECT 1;\n/* */ SELEC');
SELECT left(refused(repeat(E'/**/\n', 1500) || 'SELECT 1 /* /* */'), 46);
SELECT migrate_revision('x', 'SELECT 1' || repeat('/*', 300000) || repeat('*/', 300000), rev_id => 'x2',
    head => 'base', splice => true);

---------------------------------------------------------------------------
-- An only statement is shown whole, whatever stands before it
---------------------------------------------------------------------------
SELECT migrate_revision('only', E';;; -- ü\n;;;;;;;;;;;;;;;;;;;\n\nSELECT\n  no_column;', rev_id => 'only', head => 'base', splice => true);
SELECT migrate_upgrade('only'); -- fails
SELECT migrate_edit('only', upgrade => E'\n/* ü */\n -- c\n SELECT\n  no_column ; -- d');
SELECT migrate_upgrade('only'); -- fails
SELECT migrate_edit('only', upgrade => E';/* ü */;DO $$BEGIN RAISE EXCEPTION ''%'', current_query(); END$$;');
SELECT migrate_upgrade('only'); -- fails
SELECT migrate_remove('only');

---------------------------------------------------------------------------
-- A long script is parsed in pieces, none of which ends inside a statement
---------------------------------------------------------------------------
SELECT migrate_revision('pieces', (SELECT string_agg(format($$CREATE TABLE piece%1$s (a text DEFAULT 'ü; BEGIN ATOMIC');
    CREATE RULE r AS ON DELETE TO piece%1$s DO ALSO (SELECT 1; SELECT 2);
    CREATE FUNCTION piece%1$s() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT /* ; */ %1$s; END$$, n), E';\n' ORDER BY n)
    FROM generate_series(1, 1300) n), rev_id => 'pieces', head => 'base', splice => true);
SELECT octet_length(upgrade_sql) > 262144 AS is_long FROM migrate_revision WHERE revision = 'pieces';
SELECT statements FROM migrate_plan('pieces');
CREATE PROCEDURE run_pieces() LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mig_run_script.migrate_upgrade('pieces');
    RAISE NOTICE '%, % tables, % rules', piece1300(), (SELECT count(*) FROM pg_class WHERE relname ~ '^piece'),
        (SELECT count(*) FROM pg_rules WHERE tablename ~ '^piece');
    ROLLBACK;
END $$;
SET client_min_messages = notice;
CALL run_pieces();
SET client_min_messages = warning;
SELECT migrate_edit('pieces', upgrade => repeat(E'SELECT ''ü'';\n', 50000) || E'SELECT ''ü'', 1;\nSELECT ''ä'' FORM t'); -- fails
SELECT migrate_edit('pieces', upgrade => repeat(E'SELECT ''ü'';\n', 50000) || E'SELECT ''ü'', 1;\nSELECT ''ä'''';'); -- fails
SELECT migrate_edit('pieces', upgrade => repeat(E'SELECT ''ü'';\n', 50000) || E'SELECT ''ü'', 1;\nCOMMIT'); -- fails

---------------------------------------------------------------------------
-- A large script can be cancelled while it is stored, moved and run
---------------------------------------------------------------------------
SELECT migrate_revision('large', (SELECT string_agg('SELECT ' || n, E';\n') FROM generate_series(1, 50000) n), rev_id => 'large',
    head => 'base', splice => true);
CREATE TABLE file AS SELECT replace(migrate_export('large'), '-- revision: large', '-- revision: other') AS text;
\set VERBOSITY sqlstate
SET statement_timeout = 1;
SELECT migrate_edit('large', upgrade => repeat('SELECT 1;', 100000)); -- fails
SELECT migrate_edit('large', upgrade => repeat('/*', 1000000) || repeat('*/', 1000000)); -- fails
SELECT migrate_import(text) FROM file; -- fails
SELECT migrate_upgrade('large'); -- fails
SELECT migrate_sql('base:large'); -- fails
RESET statement_timeout;
\set VERBOSITY default
SELECT statements FROM migrate_upgrade('large');

DROP SCHEMA mig_run_script, mig_run_script_in CASCADE;
