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
