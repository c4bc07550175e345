--
-- The text that the server, and so hooks and extensions, get of a script:
-- that of one statement at a time
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_text;
CREATE EXTENSION pg_migrations SCHEMA mig_run_text;
SET search_path = mig_run_text;
CREATE TABLE seen (n serial, what text, query text);

---------------------------------------------------------------------------
-- What current_query() and others say of it
---------------------------------------------------------------------------
CREATE FUNCTION see_command() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO mig_run_text.seen (what, query) VALUES (tg_tag, current_query()); END $$;
CREATE EVENT TRIGGER mig_run_text_see ON ddl_command_end EXECUTE FUNCTION see_command();
SELECT migrate_revision('all of them', $$-- a comment; not a statement
CREATE TABLE t (a int) /* within */
	-- and behind
; ;
/* first /* nested */ */ CREATE INDEX ON t (a); INSERT INTO seen (what, query) SELECT 'ü', current_query();
CREATE TABLE u AS SELECT current_query();
DO 'BEGIN INSERT INTO mig_run_text.seen (what, query) VALUES (''block'', current_query()); END';
PREPARE p AS INSERT INTO seen (what, query) SELECT 'prepared', statement FROM pg_prepared_statements;
EXECUTE p; DEALLOCATE p;
CREATE FUNCTION f() RETURNS text BEGIN ATOMIC SELECT 1; SELECT current_query(); END;
INSERT INTO seen (what, query) VALUES ('called', f())$$, $$
DROP FUNCTION f; DROP TABLE u, t$$, verify => $$
SELECT 1; INSERT INTO seen (what, query) VALUES ('verify', current_query())$$, rev_id => 'a');
SELECT statements FROM migrate_upgrade();
SELECT statements FROM migrate_downgrade('base');
SELECT what, query FROM seen ORDER BY n;
TRUNCATE seen;

-- the same outside a transaction
CREATE PROCEDURE see() LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO mig_run_text.seen (what, query) VALUES ('procedure', current_query()); COMMIT;
    INSERT INTO mig_run_text.seen (what, query) VALUES ('committed', current_query()); END $$;
TRUNCATE seen;
SELECT migrate_edit('a', upgrade => $$CREATE TABLE t (a int);
-- at top level
CREATE INDEX CONCURRENTLY i ON t (a);
INSERT INTO seen (what, query) VALUES ('between', current_query()); CALL see();
SELECT f.a FROM t AS f$$, downgrade => 'DROP TABLE t; VACUUM', verify => '');
SELECT migrate_edit('a', transactional => false);
CALL migrate_deploy();
SELECT what, query FROM seen ORDER BY n;
SELECT current_query();
CALL migrate_revert('base');
TRUNCATE seen;

-- settings of the script, which 19 has no more, do not change how the rest of it is read
SELECT migrate_edit('a', upgrade => $$DO 'BEGIN
    IF current_setting(''server_version_num'')::int < 190000 THEN
        SET standard_conforming_strings = off;
        SET escape_string_warning = off;
    END IF; END';
INSERT INTO seen (what) VALUES ('back\\slash')$$, downgrade => '', transactional => true);
SELECT statements FROM migrate_upgrade();
SELECT what FROM seen;
SELECT statements FROM migrate_downgrade('base');

-- what the parser has to say of a statement is said once
SET client_min_messages = notice;
SELECT migrate_edit('a', upgrade => $$SELECT 1; SELECT 1 AS a_name_of_more_than_63_bytes_is_cut_and_somebody_should_be_told_of_it$$);
SELECT statements FROM migrate_upgrade();
SELECT statements FROM migrate_downgrade('base');
SELECT migrate_edit('a', upgrade => $$SELECT 1 AS a_name_of_more_than_63_bytes_is_cut_and_somebody_should_be_told_of_it$$);
SELECT statements FROM migrate_upgrade();
SELECT statements FROM migrate_downgrade('base');
SET client_min_messages = warning;

-- of a script with one statement, too, which is parsed once, it has the text without what surrounds it
SELECT migrate_edit('a', upgrade => $$/* first */
	-- second
INSERT INTO seen (what, query) SELECT 'ü', current_query() ; -- behind
;$$);
SELECT statements FROM migrate_upgrade();
SELECT query FROM seen WHERE what = 'ü';
SELECT statements FROM migrate_downgrade('base');
SELECT migrate_edit('a', upgrade => $$-- ü
/* second */ SELECT none FROM
	seen;$$);
SELECT statements FROM migrate_upgrade(); -- fails

---------------------------------------------------------------------------
-- After errors it is the client's own again
---------------------------------------------------------------------------
SELECT migrate_edit('a', upgrade => $$SELECT 1; SELECT 1 / 0$$);
DO $$ BEGIN
    PERFORM mig_run_text.migrate_upgrade();
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING '%: %', SQLERRM, current_query();
END $$;
CALL migrate_deploy(); -- fails
SELECT current_query();
-- in models
DO $$ BEGIN
    PERFORM mig_run_text.migrate_check(model => 'CREATE TABLE m (a int); DO ''BEGIN RAISE EXCEPTION USING MESSAGE = current_query(); END''');
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING E'%\n%', SQLERRM, current_query();
END $$;

---------------------------------------------------------------------------
-- Errors point into the statement, wherever it stands in the script
---------------------------------------------------------------------------
CREATE FUNCTION try(script text) RETURNS void LANGUAGE sql AS $$
    SELECT mig_run_text.migrate_edit('a', upgrade => script)
$$;
SELECT try(E'SELECT ''äöü€𝄞''; -- ß\n/* ä */ SELECT ''ö'',\n\t''ü'', nonesuch');
SELECT migrate_upgrade(); -- fails
SELECT try(E'SELECT 1;\n\nCREATE TABLE t (\n\ta int,\n\tb nonesuch\n)');
SELECT migrate_upgrade(); -- fails
SELECT try(E'SELECT ''ä'';\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$\nBEGIN\n\tRETURN ''ö'' +;\nEND $f$');
SELECT migrate_upgrade(); -- fails
SELECT try(E'SELECT ''ä'';\nCREATE FUNCTION f() RETURNS int BEGIN ATOMIC\n\tSELECT ''ö'';\n\tSELECT nonesuch; END');
SELECT migrate_upgrade(); -- fails
SELECT try(E'SELECT ''ä'';\nCREATE VIEW v AS\n\tSELECT nonesuch;\nSELECT 3');
SELECT migrate_upgrade(); -- fails
SELECT try(E'SELECT ''ä'';\nDO $d$ BEGIN\n\tPERFORM ''ö'', nonesuch; END $d$');
SELECT migrate_upgrade(); -- fails
SELECT try(E'SELECT ''ä'';\nPREPARE p AS SELECT 1 / $1; -- 2\n/* 3 */ EXECUTE p (nonesuch)');
SELECT migrate_upgrade(); -- fails
SELECT try(E'SELECT 1; SELECT ''ä'';\nVACUUM nonesuch');
SELECT migrate_edit('a', transactional => false);
CALL migrate_deploy(); -- fails
SELECT try(E'SELECT 1; SELECT ''ä'';\n/* ö */ ALTER TABLE seen\n\tDROP COLUMN nonesuch; VACUUM');
CALL migrate_deploy(); -- fails
SELECT statement, line FROM migrate_log WHERE outcome = 'failed' ORDER BY at;
-- models
SELECT migrate_check(model => E'CREATE TABLE m (a int); -- ä\nCREATE TABLE n (\n\tb nonesuch)'); -- fails
SELECT migrate_check(model => E'CREATE TABLE m (a int); -- ä\n\nSELECT 1'); -- fails

DROP EVENT TRIGGER mig_run_text_see;
DROP SCHEMA mig_run_text CASCADE;
