--
-- What somebody has changed by hand: found, undone, or made a revision.
--
\set VERBOSITY terse
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
SET search_path = public, mig;
SELECT migrate_drift();
SELECT migrate_revision('first', $$
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, m mood DEFAULT 'ok');
CREATE TABLE child (id int PRIMARY KEY, parent bigint REFERENCES parent, note varchar(10), CONSTRAINT positive CHECK (id > 0));
CREATE INDEX child_parent ON child (parent);
CREATE VIEW pairs AS SELECT p.name, c.note FROM parent p JOIN child c ON c.parent = p.id;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON child FOR EACH ROW EXECUTE FUNCTION touch();
COMMENT ON TABLE child IS 'of a parent';
CREATE SEQUENCE counter;
CREATE TABLE log (at timestamptz NOT NULL) PARTITION BY RANGE (at);
$$, 'DROP VIEW pairs; DROP TABLE child, parent, log; DROP FUNCTION touch; DROP TYPE mood; DROP SEQUENCE counter', rev_id => 'r1');
SELECT migrate_revision('rows', $$INSERT INTO parent (name) VALUES ('x'); CREATE INDEX CONCURRENTLY parent_name ON parent (name); ALTER TYPE mood ADD VALUE 'happy'$$,
	'DROP INDEX parent_name', rev_id => 'r2');
SET client_min_messages = warning;
CALL migrate_deploy();
SET client_min_messages = notice;
SELECT * FROM migrate_drift(strict => true);
-- partitions made by a job are none
CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
SELECT * FROM migrate_drift();
-- changed at night, which the guard has logged for some of it
SELECT migrate_guard('log');
ALTER TABLE child ADD COLUMN extra int DEFAULT 1;
ALTER TABLE parent ALTER name DROP NOT NULL;
SELECT migrate_guard('off');
DROP INDEX child_parent;
CREATE INDEX by_hand ON child (note);
DROP TRIGGER touched ON child;
CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.note := ''!''; RETURN NEW; END';
ALTER TABLE child DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (id > 10);
COMMENT ON TABLE child IS 'changed';
CREATE TABLE added (id int);
DROP SEQUENCE counter;
ALTER TYPE mood ADD VALUE 'elated';
CREATE OR REPLACE VIEW pairs AS SELECT p.name, c.note, c.extra FROM parent p JOIN child c ON c.parent = p.id;
\a\t
SELECT operation, kind, object, hazard FROM migrate_drift();
SELECT operation, kind, object, seen_at > now() - interval '1 day' AS seen, seen_by = current_user AS by_us FROM migrate_drift() WHERE seen_by IS NOT NULL;
SELECT undo FROM migrate_drift(exclude => '{added}');
\set VERBOSITY default
SELECT migrate_drift(strict => true);
\echo :LAST_ERROR_SQLSTATE
\set VERBOSITY terse
\a\t

-- undone, it is gone
BEGIN;
SELECT string_agg(undo, '' ORDER BY n) AS undo FROM migrate_drift() WITH ORDINALITY AS d (operation, kind, object, seen_at, seen_by, hazard, undo, n) \gset
:undo
SELECT migrate_drift(strict => true);
ROLLBACK;
-- taken over: a revision, applied here
SELECT migrate_capture('what was done at night', rev_id => 'r3');
SELECT migrate_drift(strict => true);
SELECT revision, how FROM migrate_current();
SELECT migrate_capture('once more');
\a\t
SELECT upgrade_sql FROM migrate_revision WHERE revision = 'r3';
SELECT downgrade_sql FROM migrate_revision WHERE revision = 'r3';
\a\t
SELECT string_agg(l, E'\n') AS model FROM migrate_schema_sql(exclude => '{log_2026}') l \gset
-- the revisions build now what is there, elsewhere too
SELECT migrate_check(:'model', against => 'head');
SET client_min_messages = warning;
SELECT count(*) FROM migrate_downgrade('r2');
SELECT migrate_drift(strict => true);
CALL migrate_deploy();
SELECT migrate_drift(strict => true);
SET client_min_messages = notice;
SELECT migrate_check(:'model');
-- recorded, and never run
CREATE TABLE by_orm (id int);
SELECT migrate_revision('by_orm', 'CREATE TABLE by_orm (id bigint)', 'DROP TABLE by_orm', rev_id => 'r4');
SELECT migrate_stamp('r4');
SELECT operation, kind, object, undo FROM migrate_drift();
DROP TABLE by_orm;
SELECT operation, kind, object FROM migrate_drift();
SELECT migrate_stamp('r3');
-- what is not applied does not count, nor does its text
SELECT migrate_drift(strict => true);
-- a revision that goes on what is not applied
SELECT migrate_capture('x');
SELECT migrate_remove('r4');

-- what a child table has by itself, too: no statement takes it back
SET client_min_messages = warning;
SELECT migrate_revision('kin', 'CREATE TABLE top (a int); CREATE TABLE below () INHERITS (top); CREATE TABLE beside (a int) INHERITS (top)', 'DROP TABLE below, beside, top', rev_id => 'r4');
SELECT count(*) FROM migrate_upgrade();
DROP TABLE beside;
CREATE TABLE beside () INHERITS (top);
SET client_min_messages = notice;
SELECT operation, kind, object, undo FROM migrate_drift();
SELECT migrate_drift(strict => true);
SELECT migrate_capture('x');
SELECT undo FROM migrate_drift() \gexec
DROP TABLE below;
SET client_min_messages = warning;
CREATE TABLE below (a int) INHERITS (top);
SET client_min_messages = notice;
SELECT * FROM migrate_drift(strict => true);
-- which no script undoes, but one does it elsewhere
BEGIN;
SET client_min_messages = warning;
SELECT migrate_capture('x') IS NULL AS none;
SET client_min_messages = notice;
SELECT upgrade_sql, downgrade_sql FROM migrate_revision WHERE message = 'x';
SELECT migrate_drift(strict => true);
ROLLBACK;
SET client_min_messages = warning;
SELECT count(*) FROM migrate_downgrade('r3');
SELECT migrate_remove('r4');
SET client_min_messages = notice;

-- a target schema
CREATE SCHEMA tenant;
SET client_min_messages = warning;
SELECT migrate_revision('tenant', 'CREATE TABLE of_tenant (id int, parent bigint REFERENCES public.parent)', 'DROP TABLE of_tenant', head => 'base', rev_id => 't1');
SELECT count(*) FROM migrate_upgrade('t1', schema => 'tenant');
SET client_min_messages = notice;
SELECT migrate_drift('tenant', strict => true);
ALTER TABLE tenant.of_tenant ADD x int;
SELECT operation, kind, object, undo FROM migrate_drift('tenant');
SELECT migrate_capture('x', schema => 'tenant', head => 't1', rev_id => 't2');
SELECT upgrade_sql FROM migrate_revision WHERE revision = 't2';
SELECT revision, how FROM migrate_current('tenant');
SELECT migrate_drift('tenant', strict => true);
SELECT migrate_drift(strict => true);

-- nor are templates of pg_partman any
CREATE SCHEMA partman;
CREATE TABLE partman.part_config (parent_table text PRIMARY KEY, template_table text);
SET allow_system_table_mods = on;
INSERT INTO pg_extension SELECT 99002, 'pg_partman', 10, oid, false, '1.0' FROM pg_namespace WHERE nspname = 'partman';
RESET allow_system_table_mods;
ALTER EXTENSION pg_partman ADD TABLE partman.part_config;
CREATE TABLE template ();
SELECT operation, kind, object FROM migrate_drift();
INSERT INTO partman.part_config VALUES ('public.log', 'public.template');
SELECT operation, kind, object FROM migrate_drift();

-- schemas that code of a DO block creates, in strings that it runs, too
SET client_min_messages = warning;
SELECT migrate_revision('schemas', $r$
DO $do$ /* CREATE SCHEMA drift_none */
BEGIN
	CREATE SCHEMA drift_a;
	EXECUTE 'create  schema "drift ""b""" AUTHORIZATION ' || quote_ident(current_user);
	IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'drift_c') THEN
		CREATE SCHEMA /* the */ Drift_C; -- one
	END IF;
	CREATE SCHEMA IF NOT EXISTS drift_d;
	EXECUTE format('CREATE TABLE drift_d.%I (id int)', 'made');
END
$do$;
CREATE TABLE "drift ""b""".t (c int);
CREATE TABLE drift_c.t (c int)
$r$, 'DROP SCHEMA drift_a, "drift ""b""", drift_c, drift_d CASCADE', head => 'base', branch_label => 'code', rev_id => 's1');
SELECT count(*) FROM migrate_upgrade('s1');
SELECT operation, kind, object FROM migrate_drift();
SELECT count(*) FROM migrate_test('s1:s1', strict => true);
ALTER TABLE drift_c.t ADD x int;
CREATE INDEX by_hand ON "drift ""b""".t (c);
CREATE TABLE drift_a.by_hand ();
DROP TABLE drift_d.made;
SELECT operation, kind, object FROM migrate_drift();
SELECT count(*) FROM migrate_downgrade('code@base');
SELECT migrate_remove('s1');
-- nor by a name that is put together
SELECT migrate_revision('a name', 'DO $do$ BEGIN EXECUTE ''CREATE SCHEMA drift_'' || ''e''; END $do$', 'DROP SCHEMA drift_e', head => 'base', branch_label => 'name', rev_id => 's2');
SELECT count(*) FROM migrate_upgrade('s2');
SELECT operation, kind, object FROM migrate_drift();
SELECT count(*) FROM migrate_downgrade('name@base');
SELECT migrate_edit('s2', upgrade => 'CREATE SCHEMA drift_e; DO $do$ BEGIN EXECUTE ''CREATE SCHEMA IF NOT EXISTS drift_'' || ''e''; END $do$');
SELECT count(*) FROM migrate_upgrade('s2');
SELECT operation, kind, object FROM migrate_drift();
SELECT count(*) FROM migrate_downgrade('name@base');
SELECT migrate_remove('s2');

SET client_min_messages = warning;
DROP EXTENSION pg_partman CASCADE;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig, tenant, partman CASCADE;
DROP TABLE child, parent, added, log, template CASCADE;
DROP FUNCTION touch;
DROP TYPE mood;
