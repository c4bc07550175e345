--
-- Nobody gains a privilege because somebody replays what others stored.
--
\set VERBOSITY terse
CREATE ROLE regress_mig_owner;
CREATE ROLE regress_mig_dev IN ROLE regress_mig_owner;
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
GRANT USAGE ON SCHEMA mig TO PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig TO regress_mig_owner;
CREATE SCHEMA app AUTHORIZATION regress_mig_owner;
SET search_path = app, mig;
SET client_min_messages = warning;

-- the lesser role's revision says as whom it runs
SET ROLE regress_mig_owner;
SELECT migrate_revision('its own', $$
CREATE TABLE t (id int);
CREATE FUNCTION whoami() RETURNS int LANGUAGE plpgsql AS $x$ BEGIN RAISE 'it runs as %', current_user; END $x$;
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN PERFORM app.whoami(); RETURN NEW; END $x$;
CREATE TABLE with_default (id int, n int DEFAULT whoami());
CREATE TABLE with_check (id int CHECK (whoami() > 0));
CREATE TABLE with_trigger (id int);
CREATE TRIGGER x BEFORE INSERT ON with_trigger FOR EACH ROW EXECUTE FUNCTION trg();
CREATE TABLE with_rule (id int);
CREATE RULE x AS ON INSERT TO with_rule DO ALSO SELECT whoami();
CREATE FUNCTION fixed(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $x$ BEGIN RAISE 'it runs as %', current_user; END $x$;
CREATE TABLE with_index (id int);
CREATE INDEX ON with_index (fixed(id));
CREATE DOMAIN checked AS int CHECK (fixed(VALUE) > 0);
CREATE VIEW v AS SELECT whoami() FROM t;
CREATE PROCEDURE p() LANGUAGE plpgsql AS $x$ BEGIN PERFORM app.whoami(); END $x$;
CREATE OPERATOR !!! (FUNCTION = fixed, RIGHTARG = int);
CREATE FUNCTION cur() RETURNS text LANGUAGE sql AS 'SELECT current_user::text';
CREATE TABLE said AS SELECT cur() AS role;
CREATE TYPE box_of AS (i int);
CREATE FUNCTION opened(b box_of) RETURNS int LANGUAGE plpgsql AS $x$ BEGIN RAISE 'it runs as %', current_user; END $x$;
CREATE CAST (box_of AS int) WITH FUNCTION opened(box_of) AS IMPLICIT;
CREATE TABLE with_generated (id int, n int GENERATED ALWAYS AS (fixed(id)) STORED);
CREATE TABLE with_statistics (id int);
CREATE STATISTICS st ON (fixed(id)) FROM with_statistics;
CREATE TABLE with_deferred (id int);
CREATE CONSTRAINT TRIGGER x AFTER INSERT ON with_deferred DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trg();
CREATE TABLE with_policy (id int);
ALTER TABLE with_policy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY x ON with_policy USING (whoami() > 0) WITH CHECK (whoami() > 0);
CREATE FUNCTION sum_of(int, int) RETURNS int LANGUAGE plpgsql AS $x$ BEGIN RAISE 'it runs as %', current_user; END $x$;
CREATE AGGREGATE total(int) (SFUNC = sum_of, STYPE = int, INITCOND = '0');
CREATE FUNCTION smaller(int, int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $x$ BEGIN RAISE 'it runs as %', current_user; END $x$;
CREATE FUNCTION defined(i int DEFAULT whoami()) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION definer() RETURNS int SECURITY DEFINER LANGUAGE plpgsql AS $x$ BEGIN RAISE 'it runs as %', current_user; END $x$;
$$, NULL, rev_id => 'low');
RESET ROLE;

CREATE FUNCTION mig.tried(script text, by text DEFAULT 'postgres', caller text DEFAULT NULL) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE d text; h text; r text := format('SET LOCAL ROLE %I', by);
BEGIN
	SET LOCAL client_min_messages = error;
	EXECUTE CASE WHEN by = 'postgres' THEN 'RESET ROLE' ELSE r END;
	PERFORM mig.migrate_revision('r', script, NULL, head => 'low', rev_id => 'top');
	EXECUTE CASE WHEN caller IS NULL THEN 'RESET ROLE' ELSE format('SET LOCAL ROLE %I', caller) END;
	BEGIN
		PERFORM mig.migrate_diff('CREATE TABLE t (id int)', against => 'head');
		RETURN NEXT 'it runs';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS d = pg_exception_detail, h = pg_exception_hint;
		RETURN NEXT format('%s %s', sqlstate, sqlerrm);
	END;
	RESET ROLE;
	PERFORM mig.migrate_remove('top');
END $$;
-- without the words that the server has for it, which are others since 16
CREATE FUNCTION mig.cut(told text) RETURNS text LANGUAGE sql AS $$SELECT regexp_replace(told, ': .* (from a file|"postgres")', ': ... \1')$$;

-- a superuser's does not call what the lesser one's has made, in any way
SELECT mig.tried('SELECT 1');
SELECT mig.tried('SELECT whoami()');
SELECT mig.tried('CALL p()');
SELECT mig.tried('DO $x$ BEGIN PERFORM whoami(); END $x$');
SELECT mig.tried('INSERT INTO with_default (id) VALUES (1)');
SELECT mig.tried('ALTER TABLE t ADD n int DEFAULT whoami()');
SELECT mig.tried('INSERT INTO t VALUES (1); ALTER TABLE t ADD n int DEFAULT whoami()');
SELECT mig.tried('INSERT INTO with_check VALUES (1)');
SELECT mig.tried('INSERT INTO with_trigger VALUES (1)');
SELECT mig.tried('INSERT INTO with_rule VALUES (1)');
SELECT mig.tried('INSERT INTO with_index VALUES (1)');
SELECT mig.tried('SELECT 1::checked');
SELECT mig.tried('INSERT INTO t VALUES (1); SELECT * FROM v');
SELECT mig.tried('SELECT !!! 1');
SELECT mig.tried('INSERT INTO t VALUES (1); CREATE MATERIALIZED VIEW m AS SELECT whoami() FROM t');
SELECT mig.tried('INSERT INTO t VALUES (1); ALTER TABLE t ALTER id TYPE text USING fixed(id)');
SELECT mig.tried('SELECT 1 + ROW(1)::box_of');
SELECT mig.tried('INSERT INTO with_generated VALUES (1)');
SELECT mig.tried('INSERT INTO with_statistics VALUES (1); ANALYZE with_statistics');
SELECT mig.tried('INSERT INTO with_deferred VALUES (1)');
SELECT mig.tried('INSERT INTO with_policy VALUES (1); SELECT * FROM with_policy');
SELECT mig.tried('SELECT total(i) FROM generate_series(1, 2) i');
SELECT mig.tried('SELECT defined()');
SELECT mig.tried('SELECT definer()');
SELECT mig.tried('DECLARE c CURSOR WITH HOLD FOR SELECT whoami()');
SELECT mig.tried('INSERT INTO t VALUES (1); CREATE INDEX ON t (fixed(id))');
SELECT mig.tried('INSERT INTO t VALUES (1); CREATE TABLE copied AS SELECT whoami() FROM t');
SELECT mig.tried('CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION trg()');
SELECT mig.tried('CREATE TRIGGER mine BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trg(); INSERT INTO t VALUES (1)');
-- the lesser one's own does, as that role, whoever replays it
SELECT mig.tried('SELECT whoami()', 'regress_mig_owner');
SELECT mig.tried('DO $x$ BEGIN IF (SELECT role FROM said) <> current_user OR current_user <> ''regress_mig_owner'' THEN RAISE ''it was %'', current_user; END IF; END $x$', 'regress_mig_owner');
-- and finds no way back
SELECT mig.tried('RESET ROLE', 'regress_mig_owner');
SELECT mig.tried('SET ROLE postgres', 'regress_mig_owner');
SELECT mig.tried('SET SESSION AUTHORIZATION DEFAULT', 'regress_mig_owner');
SELECT mig.tried('SELECT set_config(''role'', ''postgres'', false)', 'regress_mig_owner');
SELECT mig.tried('CREATE TEMP TABLE x (id int)', 'regress_mig_owner');
SELECT mig.tried('DECLARE c CURSOR WITH HOLD FOR SELECT 1', 'regress_mig_owner');
SELECT mig.cut(mig.tried('COPY t FROM ''/etc/passwd''', 'regress_mig_owner'));
SELECT mig.tried('CREATE FUNCTION l() RETURNS int LANGUAGE internal AS ''lo_export''', 'regress_mig_owner');
SELECT mig.tried('SET session_replication_role = replica', 'regress_mig_owner');
SELECT mig.cut(mig.tried('ALTER FUNCTION whoami OWNER TO postgres', 'regress_mig_owner'));
SELECT mig.tried('COPY t FROM PROGRAM ''true''', 'regress_mig_owner');
SELECT mig.tried('COPY t TO PROGRAM ''true''', 'regress_mig_owner');
SELECT mig.tried('SELECT lo_import(''/etc/passwd'')', 'regress_mig_owner');
SELECT mig.tried('SELECT lo_create(0)', 'regress_mig_owner');
SELECT mig.tried('SELECT pg_read_file(''PG_VERSION'')', 'regress_mig_owner');
SELECT mig.tried('SELECT pg_advisory_lock(1)', 'regress_mig_owner');
SELECT mig.tried('DO $x$ BEGIN PERFORM pg_notify(''a'', ''b''); END $x$', 'regress_mig_owner');
SELECT mig.tried('LOAD ''plpgsql''', 'regress_mig_owner');
SELECT mig.tried('CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION trg()', 'regress_mig_owner');
SELECT mig.tried('CREATE FUNCTION set_role() RETURNS void LANGUAGE sql SET role = postgres AS ''SELECT 1''; SELECT set_role()', 'regress_mig_owner');
SELECT mig.tried('DO $x$ BEGIN EXECUTE ''RESET ROLE''; END $x$', 'regress_mig_owner');
SELECT mig.tried('DO $x$ BEGIN RESET SESSION AUTHORIZATION; END $x$', 'regress_mig_owner');
SELECT mig.tried('RESET ALL', 'regress_mig_owner');
SELECT mig.tried('INSERT INTO with_deferred VALUES (1)', 'regress_mig_owner');
SELECT mig.tried('CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN RESET ROLE; ALTER ROLE regress_mig_owner SUPERUSER; RETURN NULL; END $x$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late(); INSERT INTO t VALUES (1)', 'regress_mig_owner');
SELECT mig.tried('GRANT regress_mig_owner TO CURRENT_USER; CREATE CAST (text AS int) WITH FUNCTION opened(box_of)', 'regress_mig_owner');
SELECT mig.tried('UPDATE mig.migrate_revision SET stored_by = ''postgres''', 'regress_mig_owner');
SELECT mig.tried('SELECT mig.migrate_edit(''low'', upgrade => ''SELECT 2'')', 'regress_mig_owner');
SELECT mig.tried('CREATE TRIGGER x BEFORE INSERT ON mig.migrate_log FOR EACH ROW EXECUTE FUNCTION trg()', 'regress_mig_owner');
-- a table that stands in for it has the trigger: nothing has been left behind
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
SELECT count(*) FROM pg_largeobject_metadata;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'mig.migrate_log'::regclass;
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_mig_owner';
SELECT current_user = session_user, count(*) FROM pg_cursors WHERE name = 'c' GROUP BY 1;
-- nor in a session that has taken the role
SELECT mig.tried('RESET ROLE', 'regress_mig_owner', 'regress_mig_owner');
SELECT mig.tried('SELECT whoami()', 'regress_mig_owner', 'regress_mig_owner');
-- what a superuser stored runs as the caller
SELECT mig.tried('DO $x$ BEGIN RAISE ''it runs as %'', current_user; END $x$', 'postgres', 'regress_mig_owner');
-- as does what a member of the role stored
SELECT mig.tried('DO $x$ BEGIN RAISE ''it runs as %'', current_user; END $x$', 'regress_mig_dev', 'regress_mig_owner');
SELECT mig.tried('RESET ROLE', 'regress_mig_dev', 'regress_mig_owner');
-- unless a superuser says so
SET migrate.superuser_runs_any = on;
SELECT mig.tried('DO $x$ BEGIN RAISE ''it runs as superuser: %'', (SELECT rolsuper FROM pg_roles WHERE rolname = current_user); END $x$', 'regress_mig_owner');
RESET migrate.superuser_runs_any;

-- what is generated from it is its author's text
SELECT migrate_autogenerate('x', 'CREATE TABLE t (id int, n int)', head => 'low', rev_id => 'gen', against => 'low');
SELECT stored_by FROM migrate_revision WHERE revision = 'gen';
SELECT migrate_remove('gen');
-- a role that is gone
SELECT stored_by = 'regress_mig_owner' FROM migrate_revision WHERE revision = 'low';
UPDATE migrate_revision SET stored_by = 'regress_mig_gone' WHERE revision = 'low';
SELECT mig.tried('SELECT 1');
-- a role that does not own the schema
ALTER SCHEMA app OWNER TO CURRENT_USER;
GRANT USAGE ON SCHEMA app TO regress_mig_owner;
SET ROLE regress_mig_owner;
SELECT migrate_check('CREATE TABLE t ()', against => 'base');
RESET ROLE;

DROP FUNCTION mig.tried, mig.cut;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig;
DROP SCHEMA app;
DROP ROLE regress_mig_dev, regress_mig_owner;
