--
-- Revisions that create schemas under names that only their code knows: what
-- stands under these is set aside as the replay comes upon it
--
SET client_min_messages = warning;
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
SET search_path = public, mig;
\pset format unaligned
\pset tuples_only on

SELECT migrate_revision('tenants', $$
CREATE TABLE tenants (n text);
INSERT INTO tenants VALUES ('a'), ('b'), ('c');
CREATE FUNCTION add_tenant(t text) RETURNS void LANGUAGE plpgsql AS
	'BEGIN EXECUTE format(''CREATE SCHEMA %I'', ''tenant_'' || t); EXECUTE format(''CREATE TABLE %I.x (id int)'', ''tenant_'' || t); END';
SELECT add_tenant(n) FROM tenants;
$$, $$
DO 'DECLARE t text; BEGIN FOR t IN SELECT n FROM tenants LOOP EXECUTE format(''DROP SCHEMA %I CASCADE'', ''tenant_'' || t); END LOOP; END';
DROP FUNCTION add_tenant;
DROP TABLE tenants;
$$, rev_id => 'a1');
-- the error that tells of it may be caught
SELECT migrate_revision('caught', $$
DO 'BEGIN
	BEGIN EXECUTE ''CREATE '' || ''SCHEMA later''; EXCEPTION WHEN duplicate_schema THEN NULL; END;
	CREATE TABLE later.y (id int);
	EXECUTE ''CREATE '' || ''SCHEMA IF NOT EXISTS late''; CREATE TABLE late.z (id int);
END'
$$, 'DROP SCHEMA later CASCADE; DROP SCHEMA late CASCADE', rev_id => 'a2');
-- one that is dropped first, and gets the name of another
SELECT migrate_revision('renamed', $$
DO 'BEGIN
	EXECUTE ''DROP '' || ''SCHEMA IF EXISTS one CASCADE''; EXECUTE ''CREATE '' || ''SCHEMA one''; CREATE TABLE one.y (id int);
	EXECUTE ''ALTER '' || ''SCHEMA one RENAME TO two'';
END'
$$, 'DROP SCHEMA two CASCADE', rev_id => 'a3');
SELECT count(*) FROM migrate_upgrade();
-- there may be one of the name, which no revision has
CREATE SCHEMA one;
CREATE TABLE one.by_hand (id int);
SELECT operation, kind, object FROM migrate_drift();
DROP SCHEMA one CASCADE;
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_test(strict => true);
SELECT result FROM migrate_prove('a3');
SELECT operation, object FROM migrate_diff('CREATE SCHEMA tenant_a; CREATE TABLE tenant_a.x (id int, y int)', against => 'head');

-- what is changed in them by hand, and a revision that names them
CREATE TABLE tenant_b.by_hand (id int);
ALTER TABLE tenant_a.x ADD y int;
DROP TABLE two.y;
SELECT operation, kind, object FROM migrate_drift();
BEGIN;
SELECT string_agg(undo, '' ORDER BY n) AS undo FROM migrate_drift() WITH ORDINALITY AS d (operation, kind, object, seen_at, seen_by, hazard, undo, n) \gset
:undo
SELECT count(*) FROM migrate_drift(strict => true);
ROLLBACK;
SELECT migrate_capture('by hand', rev_id => 'a4');
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_test(strict => true);
SELECT result FROM migrate_prove('a4');

-- whoever does not own one cannot set it aside
CREATE ROLE regress_mig_met;
GRANT CREATE ON SCHEMA public TO regress_mig_met;
GRANT ALL ON DATABASE contrib_regression TO regress_mig_met;
GRANT USAGE ON SCHEMA mig TO regress_mig_met;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig TO regress_mig_met;
SELECT count(*) FROM migrate_downgrade('base');
SELECT count(migrate_remove(r)) FROM unnest('{a4,a3,a2,a1}'::text[]) AS r;
CREATE SCHEMA met_mine AUTHORIZATION regress_mig_met;
CREATE SCHEMA met_theirs;
ALTER SCHEMA public OWNER TO regress_mig_met;
SET ROLE regress_mig_met;
SELECT migrate_revision('mine', $$DO 'BEGIN EXECUTE ''CREATE '' || ''SCHEMA met_mine''; CREATE TABLE met_mine.t (id int); END'$$, 'DROP SCHEMA met_mine CASCADE', rev_id => 'b1');
SELECT test, result FROM migrate_test();
SELECT migrate_revision('theirs', $$DO 'BEGIN EXECUTE ''CREATE '' || ''SCHEMA met_theirs''; END'$$, NULL, rev_id => 'b2');
SELECT test, revision, result, detail FROM migrate_test('b2:b2');
\set VERBOSITY terse
SELECT migrate_edit('b2', upgrade => $$DO 'BEGIN EXECUTE ''DROP '' || ''SCHEMA met_theirs CASCADE''; END'$$) \g /dev/null
SELECT test, revision, result, detail FROM migrate_test('b2:b2');
SELECT migrate_edit('b2', upgrade => $$DO 'BEGIN EXECUTE ''CREATE '' || ''SCHEMA mig''; END'$$) \g /dev/null
SELECT test, revision, result, detail FROM migrate_test('b2:b2');
RESET ROLE;
SELECT nspname FROM pg_namespace WHERE nspname ~ '^met_' ORDER BY nspname COLLATE "C";

SELECT count(migrate_remove(r)) FROM unnest('{b2,b1}'::text[]) AS r;
ALTER SCHEMA public OWNER TO pg_database_owner;
DROP SCHEMA met_mine, met_theirs;
DROP OWNED BY regress_mig_met;
DROP ROLE regress_mig_met;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig;
