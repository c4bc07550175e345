-- What there is before the server is upgraded, in three databases.  "model" is
-- the path of the model.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE ROLE app_owner;
CREATE ROLE reader;
CREATE DATABASE app;
CREATE DATABASE tenants;
CREATE DATABASE halfway;

-- A model, generated revisions, branches with labels, settings
ALTER DATABASE app SET migrate.compare = 'privileges, owners';
ALTER DATABASE app SET search_path = public, migrate;
ALTER ROLE app_owner IN DATABASE app SET migrate.lock_timeout = '7s';
\c app
SET client_min_messages = warning;
CREATE SCHEMA migrate;
CREATE EXTENSION pg_migrations SCHEMA migrate;
GRANT SET ON PARAMETER migrate.superuser_runs_any TO app_owner;
GRANT USAGE ON SCHEMA migrate TO app_owner;
GRANT EXECUTE ON FUNCTION migrate_upgrade, migrate_revision, migrate_downgrade TO app_owner;
SELECT migrate_set_model(pg_read_file(:'model'), exclude => '{public.kept_*}');
SELECT migrate_autogenerate('all of it', rev_id => '5a57d1ef7330');
SELECT count(*) FROM migrate_upgrade();
INSERT INTO person (name, mail, years) VALUES ('ann', 'ann@example.org', 30), ('bob', NULL, 7);
INSERT INTO event (at, who) VALUES ('2026-05-01', 1), ('2031-05-01', 2);
SET ROLE app_owner;
SELECT migrate_revision('kept', 'CREATE TABLE kept_a (x integer NOT NULL)', 'DROP TABLE kept_a',
    verify => 'SELECT EXISTS (SELECT FROM kept_a) IS NOT NULL', rev_id => '9cf34cde3a01',
    head => 'base', branch_label => 'kept');
SELECT count(*) FROM migrate_upgrade('kept@head');
RESET ROLE;
SELECT migrate_revision('left', '', '', rev_id => '30c1b09a2d77', head => '5a57d1ef7330');
SELECT migrate_revision('right', '', '', rev_id => 'd09b2f6a1c38', head => '5a57d1ef7330', splice => true,
    depends_on => '9cf34cde3a01');
SELECT migrate_merge('30c1b09a2d77, d09b2f6a1c38', 'together', rev_id => 'e1f0a8c4b6d2');
SELECT count(*) FROM migrate_upgrade('heads');

SET migrate.exclude = 'public.kept_*';
SELECT migrate_guard('log', '{public}');
RESET migrate.exclude;

-- Target schemas, beside the extension in public
\c tenants
SET client_min_messages = warning;
CREATE EXTENSION pg_migrations;
CREATE SCHEMA "Tenant A";
CREATE SCHEMA b;
SELECT migrate_revision('t', 'CREATE TABLE t (x integer NOT NULL)', 'DROP TABLE t', rev_id => '1f1f1f1f1f1f');
SELECT migrate_revision('u', 'CREATE TABLE u (x integer)', 'DROP TABLE u', rev_id => '2f2f2f2f2f2f');
SELECT count(*) FROM migrate_upgrade(schema => 'Tenant A');
SELECT count(*) FROM migrate_upgrade('1f1f', schema => 'b');

-- A deploy that has stopped between two statements
\c halfway
SET client_min_messages = warning;
CREATE EXTENSION pg_migrations;
CREATE TABLE t (x integer);
INSERT INTO t VALUES (1), (1);
SELECT migrate_revision('indexes', 'CREATE INDEX CONCURRENTLY a ON t (x);
CREATE UNIQUE INDEX CONCURRENTLY b ON t (x);
CREATE INDEX CONCURRENTLY c ON t (x)', 'DROP TABLE t', rev_id => '3f3f3f3f3f3f');
\set ON_ERROR_STOP off
CALL migrate_deploy();
