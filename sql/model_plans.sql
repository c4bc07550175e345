--
-- Plans of queries of the catalogs are kept through shadows, and stay right
--
SET client_min_messages = warning;
CREATE SCHEMA mig_model_plans;
CREATE EXTENSION pg_migrations SCHEMA mig_model_plans;
CREATE SCHEMA mig_plans;
CREATE ROLE regress_mig_plans;
GRANT USAGE ON SCHEMA mig_model_plans TO regress_mig_plans;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_model_plans TO regress_mig_plans;
SET search_path = mig_plans, mig_model_plans;
\pset format unaligned
\pset tuples_only on
CREATE TABLE kept (id int PRIMARY KEY, name text DEFAULT 'a' CHECK (name <> ''));
CREATE VIEW seen AS SELECT id FROM kept;
CREATE FUNCTION model(more text) RETURNS text LANGUAGE sql AS $$
    SELECT 'CREATE TABLE kept (id int PRIMARY KEY, name text DEFAULT ''a'' CHECK (name <> ''''));'
        'CREATE VIEW seen AS SELECT id FROM kept;'
        'CREATE FUNCTION model(more text) RETURNS text LANGUAGE sql AS ' || quote_literal(prosrc) || ';' || more
    FROM pg_catalog.pg_proc WHERE proname = 'model' AND pronamespace = 'mig_plans'::regnamespace $$;

-- again and again, each time with a shadow
SELECT object, change FROM migrate_diff(model('CREATE TABLE a ()'));
SELECT object, change FROM migrate_diff(model('CREATE TABLE b ()'));
-- what a model asks of the catalogs is not answered by plans made outside
SELECT object, change FROM migrate_diff(model('DO $$BEGIN IF EXISTS (SELECT FROM pg_class WHERE relname = ''only_live'') THEN RAISE ''seen''; END IF; END$$; CREATE TABLE c ()'));
CREATE TABLE only_live ();
SELECT object, change FROM migrate_diff(model('DO $$BEGIN IF EXISTS (SELECT FROM pg_class WHERE relname = ''only_live'') THEN RAISE ''seen''; END IF; END$$; CREATE TABLE c ()'));
DROP TABLE only_live;
-- behind a model that fails
SELECT object, change FROM migrate_diff(model('CREATE TABLE kept ()')); -- fails
SELECT object, change FROM migrate_diff(model('CREATE TABLE d ()'));
-- catalogs that were analyzed, and have grown
ANALYZE pg_class, pg_attribute, pg_constraint;
SELECT object, change FROM migrate_diff(model('CREATE TABLE e ()'));
DO $$ BEGIN FOR i IN 1 .. 300 LOOP EXECUTE format('CREATE TABLE mig_plans.many_%s (a int, b int CHECK (b > 0), c int, d int)', i); END LOOP; END $$;
SELECT count(DISTINCT object) FROM migrate_diff(model('CREATE TABLE e ()'));
DO $$ BEGIN FOR i IN 1 .. 300 LOOP EXECUTE format('DROP TABLE mig_plans.many_%s', i); END LOOP; END $$;
-- the names that are printed follow each call's path
CREATE SCHEMA mig_plans_two;
SELECT upgrade FROM migrate_autogenerate_sql('CREATE VIEW v AS SELECT 1 AS a', include => '{mig_plans_two}', schema => 'mig_plans_two', qualify => false);
SELECT upgrade FROM migrate_autogenerate_sql('CREATE VIEW mig_plans_two.v AS SELECT 1 AS a', include => '{mig_plans_two}');
-- in one transaction, with what it has not committed, and its snapshot
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT object, change FROM migrate_diff(model('CREATE TABLE f ()'));
CREATE TABLE f ();
SELECT object, change FROM migrate_diff(model('CREATE TABLE f ()'));
ROLLBACK;
-- each role has its own rights
SET ROLE regress_mig_plans;
SELECT object, change FROM mig_model_plans.migrate_diff('CREATE TABLE mig_plans.g ()', include => '{mig_plans}'); -- fails
RESET ROLE;

DROP SCHEMA mig_plans, mig_plans_two, mig_model_plans CASCADE;
DROP ROLE regress_mig_plans;
