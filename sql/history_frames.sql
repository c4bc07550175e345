--
-- Each revision of a replay has a frame of its own, and what would outlast the
-- replay does not run.
--
\set VERBOSITY terse
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
SET search_path = public, mig;
SET client_min_messages = warning;

-- revisions with these scripts, replayed: what comes of it, but for the table "kept"
CREATE FUNCTION mig.replayed(VARIADIC scripts text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE s text; n int := 0; d text; l text;
BEGIN
	SET LOCAL client_min_messages = error;
	FOREACH s IN ARRAY scripts LOOP
		n := n + 1;
		PERFORM mig.migrate_revision('r', s, NULL, head => CASE n WHEN 1 THEN 'base' ELSE 'r' || n - 1 END, rev_id => 'r' || n);
	END LOOP;
	BEGIN
		SELECT string_agg(operation || ' ' || kind || ' ' || object, ', ' ORDER BY change) INTO l
		FROM mig.migrate_diff('CREATE TABLE kept ()', against => 'head');
		RETURN NEXT coalesce(l, 'as it should be');
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS d = pg_exception_detail;
		RETURN NEXT format('%s %s', sqlstate, sqlerrm);
		IF d <> '' THEN
			RETURN NEXT d;
		END IF;
	END;
	FOR i IN REVERSE n..1 LOOP
		PERFORM mig.migrate_remove('r' || i);
	END LOOP;
END $$;
SELECT mig.replayed('CREATE TABLE kept ()');

-- settings end with the script
SELECT mig.replayed('CREATE SCHEMA other; SET search_path = other; CREATE TABLE t ()', 'CREATE TABLE kept (); DROP SCHEMA other CASCADE');
SELECT mig.replayed('SET statement_timeout = ''1h''; CREATE TABLE kept ()',
	'DO $x$ BEGIN IF current_setting(''statement_timeout'') <> ''0'' THEN RAISE ''still %'', current_setting(''statement_timeout''); END IF; END $x$');
SELECT mig.replayed('SET ROLE regress_mig_nobody');
-- deferred constraints fire at the end of each
SELECT mig.replayed('CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED); INSERT INTO c VALUES (1); INSERT INTO p VALUES (1)',
	'DROP TABLE c, p; CREATE TABLE kept ()');
SELECT mig.replayed('CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED); INSERT INTO c VALUES (1)',
	'DROP TABLE c, p; CREATE TABLE kept ()');
-- cursors end, and tables that a commit would drop
SELECT mig.replayed('CREATE TABLE kept (); DECLARE c CURSOR FOR TABLE kept; FETCH c', 'DECLARE c CURSOR FOR TABLE kept; MOVE c; CLOSE c; ALTER TABLE kept ADD x int', 'ALTER TABLE kept DROP x');
SELECT mig.replayed('CREATE TEMP TABLE t ON COMMIT DROP AS SELECT 1 AS x', 'CREATE TEMP TABLE t (x int) ON COMMIT DROP', 'CREATE TABLE kept ()');
-- labels of enums are there for the next one
SELECT mig.replayed('CREATE TYPE mood AS ENUM (''a''); CREATE TABLE kept (m mood)', 'ALTER TYPE mood ADD VALUE ''b''', 'INSERT INTO kept VALUES (''b''); CREATE INDEX ON kept (m) WHERE m = ''b''',
	'DROP TABLE kept; DROP TYPE mood; CREATE TABLE kept ()');
SELECT mig.replayed('CREATE TYPE mood AS ENUM (''a''); CREATE TABLE kept (m mood)', 'ALTER TYPE mood ADD VALUE ''b''; CREATE INDEX CONCURRENTLY i ON kept (m); INSERT INTO kept VALUES (''b'')',
	'DROP TABLE kept; DROP TYPE mood; CREATE TABLE kept ()');
-- rows, functions, procedures, triggers, blocks
SELECT mig.replayed('CREATE TABLE t (id serial PRIMARY KEY, n int); CREATE FUNCTION fill(i int) RETURNS int LANGUAGE plpgsql AS $x$ BEGIN INSERT INTO t (n) VALUES (i); RETURN i; END $x$',
	'SELECT fill(i) FROM generate_series(1, 3) i; CREATE PROCEDURE more() LANGUAGE sql AS ''INSERT INTO t (n) SELECT n FROM t''; CALL more()',
	'CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN NEW.n := NEW.n * 10; RETURN NEW; END $x$; CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION trg(); UPDATE t SET n = n + 1',
	'DO $x$ BEGIN IF (SELECT sum(n) FROM t) <> 180 THEN RAISE ''% instead'', (SELECT sum(n) FROM t); END IF; END $x$; SELECT setval(''t_id_seq'', max(id)) FROM t; ALTER TABLE t ADD UNIQUE (id, n)',
	'DROP TABLE t; DROP FUNCTION fill, trg; DROP PROCEDURE more; CREATE TABLE kept ()');
SELECT mig.replayed('CREATE TABLE t (n int); INSERT INTO t VALUES (1), (1)', 'CREATE UNIQUE INDEX ON t (n)');

-- about the server, or others: skipped and named
SELECT migrate_revision('about the server', $$
CREATE ROLE regress_mig_none; ALTER ROLE postgres SET work_mem = '1GB'; ALTER SYSTEM SET work_mem = '1GB'; CREATE DATABASE regress_mig_none;
ALTER DATABASE regression SET work_mem = '1GB'; COMMENT ON DATABASE regression IS 'x'; GRANT pg_monitor TO postgres;
GRANT CONNECT ON DATABASE regression TO postgres; CREATE TABLESPACE none LOCATION '/none'; REASSIGN OWNED BY postgres TO postgres; DROP OWNED BY regress_mig_none;
NOTIFY x; LISTEN x; UNLISTEN x; CHECKPOINT; VACUUM; VACUUM FULL pg_class; ANALYZE; REINDEX TABLE pg_class; ALTER EXTENSION pg_migrations UPDATE; DROP EXTENSION IF EXISTS pg_migrations;
CREATE EXTENSION IF NOT EXISTS plpgsql; COMMENT ON EXTENSION plpgsql IS 'x'; CREATE SUBSCRIPTION s CONNECTION 'host=none' PUBLICATION p; DROP SUBSCRIPTION IF EXISTS s;
DO $x$ BEGIN CREATE ROLE regress_mig_none; EXECUTE 'GRANT pg_monitor TO regress_mig_none'; END $x$;
CREATE TABLE kept ()
$$, NULL, rev_id => 's1');
\set VERBOSITY default
SET client_min_messages = notice;
SELECT migrate_check('CREATE TABLE kept ()', against => 'head');
SET client_min_messages = warning;
\set VERBOSITY terse
SELECT count(*) FROM pg_roles WHERE rolname = 'regress_mig_none';
SELECT migrate_remove('s1');

-- but for a subscription that they have made, unless its publisher is asked
CREATE FUNCTION mig.subscribed(script text) RETURNS TABLE (connection text, publication text, options text) LANGUAGE plpgsql AS $$
DECLARE made text;
BEGIN
	SET LOCAL migrate.compare = database;
	SET LOCAL client_min_messages = warning;
	PERFORM mig.migrate_revision('r', 'CREATE TABLE kept (); CREATE SUBSCRIPTION regress_mig_none CONNECTION ''host=none'' PUBLICATION p WITH (connect = false, slot_name = NONE); ' || script, NULL, rev_id => 'r1');
	SET LOCAL client_min_messages = notice;
	SELECT downgrade INTO made FROM mig.migrate_autogenerate_sql('CREATE TABLE kept ()', against => 'r1', include => '{public}');
	PERFORM mig.migrate_remove('r1');
	RETURN QUERY SELECT (regexp_match(made, 'CONNECTION ''(.*?)'''))[1], (regexp_match(made, 'PUBLICATION ([^\n]*)'))[1], (regexp_match(made, 'binary = \w+'))[1];
END $$;
SELECT * FROM mig.subscribed('ALTER SUBSCRIPTION regress_mig_none SET PUBLICATION q WITH (refresh = false);'
	' ALTER SUBSCRIPTION regress_mig_none ADD PUBLICATION r WITH (refresh = false)');
SELECT * FROM mig.subscribed('ALTER SUBSCRIPTION regress_mig_none SET (binary = true); ALTER SUBSCRIPTION regress_mig_none CONNECTION ''host=other''');
SELECT * FROM mig.subscribed('ALTER SUBSCRIPTION regress_mig_none SET PUBLICATION q');
SELECT * FROM mig.subscribed('ALTER SUBSCRIPTION regress_mig_none DROP PUBLICATION p WITH (refresh = true)');
SELECT * FROM mig.subscribed('ALTER SUBSCRIPTION regress_mig_none REFRESH PUBLICATION');
SELECT * FROM mig.subscribed('DROP SUBSCRIPTION regress_mig_none');
SET client_min_messages = warning;
DROP FUNCTION mig.subscribed;

-- what would outlast it is refused, one by one
SELECT mig.replayed('CREATE TABLE kept (); COPY kept TO ''/tmp/regress_mig_none''');
SELECT mig.replayed('CREATE TABLE kept (); COPY kept TO PROGRAM ''false''');
SELECT mig.replayed('CREATE TABLE kept (); COPY kept FROM PROGRAM ''false''');
SELECT mig.replayed('DO $x$ BEGIN EXECUTE ''COPY pg_class TO PROGRAM ''''false''''''; END $x$');
SELECT mig.replayed('CREATE TABLE kept (); CREATE PROCEDURE p() LANGUAGE plpgsql AS $x$ BEGIN COMMIT; END $x$; CALL p()');
SELECT mig.replayed('DO $x$ BEGIN COMMIT; END $x$');
SELECT mig.replayed('SELECT pg_notify(''a'', ''b'')');
SELECT mig.replayed('DO $x$ BEGIN PERFORM pg_advisory_lock(1); END $x$');
SELECT mig.replayed('SELECT pg_advisory_xact_lock(1); CREATE TABLE kept ()');
SELECT mig.replayed('SELECT lo_export(1, ''/tmp/regress_mig_none'')');
SELECT mig.replayed('SELECT lo_import(''/tmp/regress_mig_none'')');
SELECT mig.replayed('SELECT pg_reload_conf()');
SELECT mig.replayed('SELECT pg_terminate_backend(0)');
SELECT mig.replayed('SELECT pg_create_restore_point(''x'')');
SELECT mig.replayed('SELECT pg_logical_emit_message(false, ''a'', ''b'')');
SELECT mig.replayed('SELECT setseed(0.5)');
SELECT mig.replayed('PREPARE regress_mig AS SELECT 1');
SELECT mig.replayed('LOAD ''plpgsql''');
SELECT mig.replayed('DISCARD TEMP');
SELECT mig.replayed('IMPORT FOREIGN SCHEMA x FROM SERVER y INTO z');
SELECT count(*) FROM pg_prepared_statements WHERE name = 'regress_mig';

-- what stands outside of it is seen, and stays as it is
CREATE SCHEMA outside;
CREATE TABLE outside.t (id int PRIMARY KEY);
INSERT INTO outside.t VALUES (1);
CREATE SEQUENCE outside.s;
SELECT mig.replayed('CREATE TABLE x (t int REFERENCES outside.t); INSERT INTO x SELECT id FROM outside.t; DROP TABLE x; CREATE TABLE kept ()');
SELECT mig.replayed('INSERT INTO outside.t VALUES (2)');
SELECT mig.replayed('UPDATE outside.t SET id = 2');
SELECT mig.replayed('DO $x$ BEGIN DELETE FROM outside.t; END $x$');
SELECT mig.replayed('CREATE FUNCTION f() RETURNS void LANGUAGE sql AS ''TRUNCATE outside.t''; SELECT f()');
SELECT mig.replayed('ALTER TABLE outside.t ADD x int');
SELECT mig.replayed('DROP TABLE outside.t');
SELECT mig.replayed('COMMENT ON TABLE outside.t IS ''x''');
SELECT mig.replayed('GRANT SELECT ON outside.t TO PUBLIC');
SELECT mig.replayed('CREATE TABLE x (id int PRIMARY KEY); UPDATE pg_index SET indisready = false WHERE indrelid = ''x''::regclass');
SELECT mig.replayed('LOCK TABLE outside.t');
SELECT mig.replayed('DO $x$ BEGIN LOCK TABLE outside.t; END $x$');
SELECT mig.replayed('SELECT * FROM outside.t FOR UPDATE');
SELECT mig.replayed('SELECT nextval(''outside.s'')');
SELECT mig.replayed('SELECT setval(''outside.s'', 10)');
SELECT mig.replayed('DO $x$ BEGIN PERFORM nextval(''outside.s''); END $x$');
SELECT mig.replayed('DO $x$ BEGIN CREATE TABLE outside.made (); END $x$');
SELECT mig.replayed('SELECT mig.migrate_stamp(''base'')');
SELECT mig.replayed('DELETE FROM mig.migrate_revision');
SELECT * FROM outside.t;
SELECT is_called FROM outside.s;

-- a foreign key may look at its rows
SELECT mig.replayed('CREATE TABLE x (t int REFERENCES outside.t); INSERT INTO x VALUES (2)');
-- but nothing that runs then may change them
SELECT mig.replayed('CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int REFERENCES p ON DELETE CASCADE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);
	CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN UPDATE outside.t SET id = 3; RETURN OLD; END $x$; CREATE TRIGGER t BEFORE DELETE ON c FOR EACH ROW EXECUTE FUNCTION t(); DELETE FROM p');
SELECT * FROM outside.t;

-- one that takes too long
SET migrate.shadow_timeout = '100ms';
SELECT mig.replayed('DO $x$ BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN OTHERS THEN NULL; END $x$');
SELECT migrate_check('CREATE TABLE t (); DO $x$ BEGIN PERFORM pg_sleep(600); END $x$');
RESET migrate.shadow_timeout;

DROP SCHEMA outside CASCADE;
DROP FUNCTION mig.replayed;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig;
