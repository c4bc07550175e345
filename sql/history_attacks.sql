--
-- Nobody gains a privilege because somebody tests revisions that others
-- stored, or looks for drift from them, or captures it.
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
SET search_path = app, mig;
SET client_min_messages = warning;

-- a superuser's revision builds what would be dangerous in others' hands
SELECT migrate_revision('of a superuser', $$
CREATE TABLE t (id int);
CREATE FUNCTION word() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $x$ BEGIN RETURN (SELECT word FROM vault.secret); END $x$;
CREATE FUNCTION role() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text';
CREATE VIEW words AS SELECT word() AS word;
$$, 'DROP VIEW words; DROP FUNCTION word, role; DROP TABLE t', rev_id => 'high');
SELECT count(*) FROM migrate_upgrade();
ALTER SCHEMA app OWNER TO regress_mig_owner;

-- in a lesser role's replay that is the lesser role's
SET ROLE regress_mig_owner;
SELECT migrate_revision('it asks', $$DO $x$ BEGIN RAISE 'it runs as %', app.role(); END $x$ $$, 'SELECT 1', rev_id => 'low');
SELECT test, revision, result, detail FROM migrate_test();
SELECT migrate_edit('low', upgrade => 'SELECT app.word()');
SELECT test, revision, result, detail FROM migrate_test();
SELECT migrate_edit('low', upgrade => 'CREATE TABLE leak AS SELECT * FROM app.words');
SELECT test, revision, result, detail FROM migrate_test();
-- live, it is the superuser's, whom nothing of the shadow may reach
SELECT migrate_edit('low', upgrade => $$CREATE OR REPLACE FUNCTION app.role() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $x$ BEGIN RAISE 'it runs as %', current_user; END $x$;
ALTER TABLE t ADD n text DEFAULT app.role(); INSERT INTO t DEFAULT VALUES$$);
SELECT test, revision, result, detail FROM migrate_test();
RESET ROLE;

-- a superuser tests the lesser role's: each of its scripts runs as that role
SELECT test, revision, result, detail FROM migrate_test();
SET ROLE regress_mig_owner;
SELECT migrate_edit('low', upgrade => 'CREATE TABLE low (id int)',
	downgrade => $$DROP TABLE low; DO $x$ BEGIN RAISE 'it runs as %', current_user; END $x$ $$);
RESET ROLE;
SELECT test, revision, result, detail FROM migrate_test();
SET ROLE regress_mig_owner;
SELECT migrate_edit('low', downgrade => 'DROP TABLE low', verify => $$DO $x$ BEGIN RAISE 'it runs as %', current_user; END $x$ $$);
RESET ROLE;
SELECT test, revision, result, detail FROM migrate_test();
SET ROLE regress_mig_owner;
SELECT migrate_edit('low', verify => 'RESET ROLE; ALTER ROLE regress_mig_owner SUPERUSER');
RESET ROLE;
SELECT test, revision, result, detail FROM migrate_test();
-- nor does a superuser's call what that role has made, in any of its scripts
SET ROLE regress_mig_owner;
SELECT migrate_edit('low', upgrade => $$CREATE FUNCTION low() RETURNS int LANGUAGE plpgsql AS $x$ BEGIN RAISE 'it runs as %', current_user; END $x$ $$,
	downgrade => 'DROP FUNCTION low', verify => NULL);
RESET ROLE;
SELECT migrate_revision('top', 'SELECT 1', 'SELECT low()', verify => 'SELECT low()', rev_id => 'top');
SELECT test, revision, result, detail FROM migrate_test('low:top');
SELECT migrate_remove('top');

-- drift, and capture: what is applied runs as above
SET ROLE regress_mig_owner;
SELECT migrate_edit('low', upgrade => $$DO $x$ BEGIN RAISE 'it runs as %', current_user; END $x$ $$);
RESET ROLE;
SELECT migrate_stamp('low');
SELECT * FROM migrate_drift();
SELECT migrate_capture('x');
SET ROLE regress_mig_owner;
SELECT migrate_edit('low', upgrade => 'SELECT app.word()');
SELECT * FROM migrate_drift();
SELECT migrate_capture('x');
SELECT migrate_edit('low', upgrade => 'RESET ROLE');
SELECT * FROM migrate_drift();
RESET ROLE;
SELECT * FROM migrate_drift();
SELECT migrate_capture('x');

-- code that the lesser role has made by hand stays its own
SET ROLE regress_mig_owner;
SELECT migrate_edit('low', upgrade => 'SELECT 1', downgrade => 'SELECT 1');
CREATE FUNCTION by_hand() RETURNS int LANGUAGE plpgsql AS $x$ BEGIN RAISE 'it runs as %', current_user; END $x$;
CREATE TABLE by_hand (id int DEFAULT by_hand(), CHECK (by_hand() > 0));
RESET ROLE;
SELECT operation, kind, object FROM migrate_drift();
SELECT migrate_capture('by hand', rev_id => 'hand');
SELECT stored_by FROM migrate_revision WHERE revision = 'hand';
-- and what a superuser has made by hand, and the lesser one captures, too
CREATE FUNCTION made() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $x$ BEGIN RETURN (SELECT word FROM vault.secret); END $x$;
SET ROLE regress_mig_owner;
SELECT migrate_capture('made', rev_id => 'made');
SELECT stored_by FROM migrate_revision WHERE revision = 'made';
SELECT test, revision, result FROM migrate_test('hand:made');
RESET ROLE;
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_mig_owner';

DROP EXTENSION pg_migrations;
DROP SCHEMA mig, app, vault CASCADE;
DROP ROLE regress_mig_owner;
