--
-- What a lesser role may try when it calls over a superuser's revisions, or a
-- superuser over its own: it gains nothing, and nothing outlasts the call
--
\set VERBOSITY terse
CREATE ROLE regress_mig_owner;
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
GRANT USAGE ON SCHEMA mig TO PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig TO regress_mig_owner;
CREATE SCHEMA app AUTHORIZATION regress_mig_owner;
CREATE SCHEMA vault;
CREATE TABLE vault.secret AS SELECT 'sesame'::text AS word;
CREATE TABLE vault.seen (by text);
SET search_path = app, mig;
SET client_min_messages = error;
\pset format unaligned
\pset tuples_only on

-- a superuser's revision, with code that only superusers' rights make dangerous
SELECT migrate_revision('high', $$
CREATE TABLE t (id int, by text);
CREATE FUNCTION word() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $x$ BEGIN RETURN (SELECT word FROM vault.secret); END $x$;
CREATE FUNCTION obey(command text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $x$ BEGIN EXECUTE command; END $x$;
CREATE FUNCTION obeys() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $x$ BEGIN EXECUTE new.by; RETURN new; END $x$;
CREATE TABLE commands (by text);
CREATE TRIGGER obeys BEFORE INSERT ON commands FOR EACH ROW EXECUTE FUNCTION obeys();
$$, 'DROP TABLE t, commands; DROP FUNCTION word, obey, obeys', rev_id => 'high');
SELECT count(*) FROM migrate_upgrade();
REVOKE ALL ON FUNCTION obey, word FROM PUBLIC;
ALTER SCHEMA app OWNER TO regress_mig_owner;
SET ROLE regress_mig_owner;
SELECT migrate_revision('low', 'SELECT 1', 'SELECT 1', rev_id => 'low');
RESET ROLE;
SELECT migrate_stamp('low');
-- the last one is a superuser's again, and does what many do
SELECT migrate_revision('top', $$
INSERT INTO t VALUES (1, 'x');
UPDATE t SET id = id + 1 WHERE id = 1 AND by || 'y' = 'xy';
DELETE FROM t WHERE length(by) > 3;
ALTER TABLE t ADD n text DEFAULT lower('X');
CREATE TABLE after (id int);
DO 'BEGIN PERFORM count(*) FROM t WHERE id <= 7 AND by LIKE ''x%''; END';
$$, 'DROP TABLE after; ALTER TABLE t DROP n; DELETE FROM t', rev_id => 'top');

CREATE TEMP TABLE attempts (n serial, label text, script text);
GRANT SELECT ON attempts TO PUBLIC;
INSERT INTO attempts (label, script) VALUES
('what the superuser''s code reads', 'CREATE TABLE leak AS SELECT app.word()'),
('a function that does what it is told', 'SELECT app.obey(''ALTER ROLE regress_mig_owner SUPERUSER'')'),
('a trigger that does', 'INSERT INTO app.commands VALUES (''ALTER ROLE regress_mig_owner SUPERUSER'')'),
('the right to call it', 'GRANT EXECUTE ON FUNCTION app.obey TO PUBLIC; SELECT app.obey(''INSERT INTO vault.seen VALUES (current_user)'')'),
('a trigger of its own on a table of the shadow', 'CREATE FUNCTION app.own() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN INSERT INTO vault.seen VALUES (current_user); RETURN new; END''; CREATE TRIGGER own BEFORE INSERT OR UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.own()'),
('one whose definer it is', 'CREATE FUNCTION app.own() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS ''BEGIN ALTER ROLE regress_mig_owner SUPERUSER; RETURN new; END''; CREATE TRIGGER own BEFORE INSERT OR UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.own()'),
('a constraint trigger for later', 'CREATE FUNCTION app.own() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN ALTER ROLE regress_mig_owner SUPERUSER; RETURN new; END''; CREATE CONSTRAINT TRIGGER own AFTER INSERT ON app.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.own()'),
('a rule', 'CREATE FUNCTION app.own() RETURNS int LANGUAGE plpgsql AS ''BEGIN INSERT INTO vault.seen VALUES (current_user); RETURN 1; END''; CREATE RULE own AS ON INSERT TO app.t DO ALSO SELECT app.own()'),
('a policy', 'CREATE FUNCTION app.own() RETURNS bool LANGUAGE plpgsql AS ''BEGIN INSERT INTO vault.seen VALUES (current_user); RETURN true; END''; ALTER TABLE app.t ENABLE ROW LEVEL SECURITY; ALTER TABLE app.t FORCE ROW LEVEL SECURITY; CREATE POLICY own ON app.t USING (app.own()) WITH CHECK (app.own())'),
('a default, a check, an index', 'CREATE FUNCTION app.own(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS ''BEGIN INSERT INTO vault.seen VALUES (current_user); RETURN 1; END''; ALTER TABLE app.t ADD m int DEFAULT app.own(1), ADD CHECK (app.own(id) = 1); CREATE INDEX ON app.t (app.own(id))'),
('a function that is found first', 'CREATE FUNCTION app.lower(text) RETURNS text LANGUAGE plpgsql AS ''BEGIN INSERT INTO vault.seen VALUES (current_user); RETURN $1; END''; ALTER FUNCTION app.lower(text) OWNER TO regress_mig_owner'),
('one that fits better', 'CREATE FUNCTION app.length(varchar) RETURNS int LANGUAGE plpgsql AS ''BEGIN INSERT INTO vault.seen VALUES (current_user); RETURN 1; END''; ALTER TABLE app.t ALTER by TYPE varchar'),
('an operator', 'CREATE FUNCTION app.own(int, int) RETURNS bool LANGUAGE plpgsql AS ''BEGIN INSERT INTO vault.seen VALUES (current_user); RETURN true; END''; CREATE OPERATOR app.= (leftarg = int, rightarg = int, function = app.own); CREATE OPERATOR app.<= (leftarg = int, rightarg = int, function = app.own)'),
('operators, functions and tables in pg_temp', 'CREATE FUNCTION pg_temp.own(text, text) RETURNS text LANGUAGE plpgsql AS ''BEGIN INSERT INTO vault.seen VALUES (current_user); RETURN $1; END''; CREATE OPERATOR pg_temp.|| (leftarg = text, rightarg = text, function = pg_temp.own); CREATE FUNCTION pg_temp.lower(text) RETURNS text LANGUAGE sql AS ''SELECT $1''; CREATE TEMP TABLE migrate_revision (revision text, upgrade_sql text); CREATE TEMP TABLE pg_class (oid oid); CREATE TEMP VIEW migrate_log AS SELECT 1'),
('a cast and a type of our names', 'CREATE TYPE app.text AS (a int); CREATE FUNCTION app.own(app.text) RETURNS pg_catalog.text LANGUAGE plpgsql AS ''BEGIN INSERT INTO vault.seen VALUES (current_user); RETURN 1; END''; CREATE CAST (app.text AS pg_catalog.text) WITH FUNCTION app.own(app.text) AS IMPLICIT'),
('an event trigger', 'CREATE FUNCTION app.own() RETURNS event_trigger LANGUAGE plpgsql AS ''BEGIN ALTER ROLE regress_mig_owner SUPERUSER; END''; CREATE EVENT TRIGGER own ON ddl_command_end EXECUTE FUNCTION app.own()'),
('default privileges of others', 'ALTER DEFAULT PRIVILEGES FOR ROLE ' || current_user || ' GRANT ALL ON TABLES TO regress_mig_owner'),
('its own default privileges', 'ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC; ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT ALL ON TABLES TO PUBLIC'),
('the role, by a setting', 'SELECT set_config(''role'', ''none'', false); SELECT set_config(''session_authorization'', ''default'', false); ALTER ROLE regress_mig_owner SUPERUSER'),
('the role, in code', 'DO ''BEGIN EXECUTE ''''RESET ROLE''''; EXECUTE ''''ALTER ROLE regress_mig_owner SUPERUSER''''; END'''),
('the role, in a function with a setting', 'CREATE FUNCTION app.own() RETURNS void LANGUAGE plpgsql SET role = ''none'' AS ''BEGIN ALTER ROLE regress_mig_owner SUPERUSER; END''; SELECT app.own()'),
('the role, by UPDATE of pg_settings', 'UPDATE pg_settings SET setting = ''none'' WHERE name = ''role''; ALTER ROLE regress_mig_owner SUPERUSER'),
('settings for good', 'SELECT set_config(''search_path'', ''app'', false), set_config(''migrate.superuser_runs_any'', ''on'', false), set_config(''app.left'', ''1'', false)'),
('settings of superusers', 'SET session_replication_role = replica'),
('a prepared statement', 'PREPARE attack AS INSERT INTO vault.seen VALUES (current_user)'),
('one by its name', 'DO ''BEGIN EXECUTE ''''PREPARE attack AS SELECT 1''''; END'''),
('a cursor that stays open', 'DECLARE attack CURSOR WITH HOLD FOR SELECT 1'),
('one in code', 'DO ''DECLARE c refcursor := ''''attack''''; BEGIN OPEN c FOR SELECT 1; END'''),
('LISTEN', 'LISTEN attack'),
('NOTIFY', 'NOTIFY attack'),
('pg_notify()', 'SELECT pg_notify(''attack'', ''x'')'),
('an advisory lock', 'SELECT pg_advisory_lock(1)'),
('one of the transaction', 'SELECT pg_advisory_xact_lock(2)'),
('another''s table, locked', 'LOCK TABLE vault.secret'),
('another''s table, read', 'CREATE TABLE app.leak AS SELECT * FROM vault.secret'),
('a subscription', 'CREATE SUBSCRIPTION attack CONNECTION ''dbname=postgres'' PUBLICATION p WITH (connect = false)'),
('a file', 'COPY app.t TO ''/tmp/attack'''),
('a program', 'COPY app.t FROM PROGRAM ''id'''),
('a server''s file', 'CREATE TABLE app.leak AS SELECT pg_read_file(''PG_VERSION'')'),
('a large object', 'SELECT lo_create(4711)'),
('a sequence of others', 'SELECT nextval(''mig.migrate_log_id_seq'')'),
('what we store', 'UPDATE mig.migrate_revision SET stored_by = ''' || current_user || ''''),
('our own functions', 'SELECT mig.migrate_edit(''low'', upgrade => ''SELECT 2'')'),
('one that stores', 'SELECT mig.migrate_revision(''more'', ''SELECT 1'', head => ''low'')'),
('a SECURITY LABEL, a COMMENT on the database', 'DO ''BEGIN EXECUTE format(''''COMMENT ON DATABASE %I IS ''''''''attack'''''''''''', current_database()); END'''),
('the owner of the schema', 'ALTER SCHEMA app OWNER TO ' || current_user || '; ALTER SCHEMA vault OWNER TO regress_mig_owner'),
('a table given away, and its trigger', 'CREATE TABLE app.given (id int); ALTER TABLE app.given OWNER TO ' || current_user);

CREATE FUNCTION mig.results(name text) RETURNS text LANGUAGE plpgsql SECURITY INVOKER AS $$
BEGIN
	RETURN (SELECT string_agg(revision || ' ' || result, ', ') FROM mig.migrate_test(name) WHERE test = 'upgrade');
END $$;
CREATE FUNCTION mig.looks() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM mig.migrate_drift();
	PERFORM mig.migrate_capture('by hand');
	RAISE SQLSTATE 'LOOKS';
EXCEPTION WHEN OTHERS THEN NULL;
END $$;
CREATE PROCEDURE mig.attempt(label text, script text) LANGUAGE plpgsql AS $$
DECLARE
	super text := current_user;
	said text;
BEGIN
	SET LOCAL ROLE regress_mig_owner;
	PERFORM mig.migrate_edit('low', upgrade => script);
	RESET ROLE;
	RAISE INFO '%', label;
	RAISE INFO '  superuser: %', mig.results('low:top');
	PERFORM mig.looks();
	SET LOCAL ROLE regress_mig_owner;
	BEGIN
		said := mig.results('high:low');
		PERFORM mig.looks();
	EXCEPTION WHEN OTHERS THEN said := SQLERRM;
	END;
	RESET ROLE;
	RAISE INFO '  owner: %', said;
	IF current_user <> super OR (SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_mig_owner') OR
		EXISTS (SELECT FROM vault.seen) OR EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'attack') OR
		EXISTS (SELECT FROM pg_cursors WHERE name = 'attack') OR EXISTS (SELECT pg_listening_channels()) OR
		EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objid IN (1, 2) AND classid = 0) OR
		EXISTS (SELECT FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname IN ('migrate_revision', 'migrate_log', 'pg_class')) OR
		EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'own') OR EXISTS (SELECT FROM pg_default_acl) OR
		EXISTS (SELECT FROM pg_largeobject_metadata WHERE oid = 4711) OR EXISTS (SELECT FROM pg_subscription WHERE subname = 'attack') OR
		current_setting('app.left', true) <> '' OR current_setting('migrate.superuser_runs_any') <> 'off' OR
		EXISTS (SELECT FROM pg_namespace WHERE nspname = 'vault' AND nspowner <> super::regrole) OR
		EXISTS (SELECT FROM mig.migrate_revision WHERE revision = 'low' AND stored_by <> 'regress_mig_owner') OR
		(SELECT count(*) FROM mig.migrate_revision) <> 3
	THEN
		RAISE EXCEPTION 'it has gained something';
	END IF;
END $$;
SELECT format('CALL mig.attempt(%L, %L)', label, script) FROM attempts ORDER BY n
\gexec
DROP EXTENSION pg_migrations;
DROP SCHEMA mig, app, vault CASCADE;
DROP ROLE regress_mig_owner;
