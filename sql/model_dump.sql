--
-- Dumps as models: what pg_dump writes besides the schema, and what another
-- server does not have
--
SELECT count(*) = 0 AS lacking FROM pg_available_extensions WHERE name = 'citext' \gset
\if :lacking
    \echo left out: the server has no citext
    \quit
\endif

SET client_min_messages = warning;
CREATE SCHEMA mig_model_dump;
CREATE EXTENSION pg_migrations SCHEMA mig_model_dump;
CREATE EXTENSION citext SCHEMA mig_model_dump;
CREATE SCHEMA dumped;
CREATE ROLE regress_mig_dump_there;
SET client_min_messages = notice;
SET search_path = dumped, mig_model_dump;
\pset format unaligned
\pset tuples_only on

---------------------------------------------------------------------------
-- pg_dump --clean --if-exists --create
---------------------------------------------------------------------------
SELECT upgrade FROM migrate_autogenerate_sql($$
    DROP INDEX IF EXISTS dumped.part_name;
    ALTER TABLE IF EXISTS ONLY dumped.part DROP CONSTRAINT IF EXISTS part_pkey;
    DROP TABLE IF EXISTS dumped.part;
    DROP EXTENSION IF EXISTS citext;
    DROP SCHEMA IF EXISTS dumped;
    COMMENT ON DATABASE nowhere IS 'where the dump comes from';
    CREATE SCHEMA dumped;
    CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA mig_model_dump;
    CREATE TABLE dumped.part (no int NOT NULL, name mig_model_dump.citext);
    ALTER TABLE ONLY dumped.part ADD CONSTRAINT part_pkey PRIMARY KEY (no);
    CREATE INDEX part_name ON dumped.part (name);
$$);
-- a view that stands on a primary key; a schema that holds an extension
SELECT upgrade FROM migrate_autogenerate_sql($$
    CREATE OR REPLACE VIEW dumped.named AS SELECT NULL::int AS no, NULL::text AS name;
    ALTER TABLE IF EXISTS ONLY dumped.part DROP CONSTRAINT IF EXISTS part_pkey;
    DROP VIEW IF EXISTS dumped.named;
    DROP TABLE IF EXISTS dumped.part;
    DROP EXTENSION IF EXISTS citext;
    DROP SCHEMA IF EXISTS mig_model_dump;
    DROP SCHEMA IF EXISTS dumped;
    CREATE SCHEMA mig_model_dump;
    CREATE SCHEMA dumped;
    CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA mig_model_dump;
    CREATE TABLE dumped.part (no int NOT NULL, name mig_model_dump.citext);
    CREATE VIEW dumped.named AS SELECT NULL::int AS no, NULL::text AS name;
    ALTER TABLE ONLY dumped.part ADD CONSTRAINT part_pkey PRIMARY KEY (no);
    CREATE OR REPLACE VIEW dumped.named AS SELECT no, name::text FROM dumped.part GROUP BY no;
$$, include => '{dumped}');
-- what the model has created is dropped with its schema
SELECT upgrade FROM migrate_autogenerate_sql($$
    CREATE TABLE dumped.gone (no int);
    DROP SCHEMA dumped CASCADE;
    CREATE SCHEMA dumped;
    CREATE TABLE dumped.part (no int);
    CREATE SCHEMA elsewhere;
    DROP SCHEMA elsewhere;
$$, include => '{dumped,elsewhere}');
-- fails
SELECT upgrade FROM migrate_autogenerate_sql('DROP EXTENSION citext; CREATE TABLE part (no int)');

---------------------------------------------------------------------------
-- Roles that are not there
---------------------------------------------------------------------------
SELECT upgrade FROM migrate_autogenerate_sql($$
    CREATE SCHEMA dumped AUTHORIZATION regress_mig_dump_absent;
    CREATE TABLE dumped.part (no int);
    ALTER TABLE dumped.part OWNER TO regress_mig_dump_absent;
    CREATE FUNCTION dumped.parts() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
    ALTER FUNCTION dumped.parts() OWNER TO regress_mig_dump_absent;
    GRANT SELECT ON dumped.part TO regress_mig_dump_there, "regress_mig_dump Absent too";
    REVOKE EXECUTE ON FUNCTION dumped.parts() FROM regress_mig_dump_absent;
    ALTER DEFAULT PRIVILEGES FOR ROLE regress_mig_dump_absent IN SCHEMA dumped
        GRANT SELECT ON TABLES TO regress_mig_dump_there;
    ALTER DEFAULT PRIVILEGES IN SCHEMA dumped GRANT SELECT ON TABLES TO regress_mig_dump_absent;
$$);
-- where they are compared they must be there
SET migrate.compare = 'owners';
SELECT upgrade FROM migrate_autogenerate_sql($$
    CREATE TABLE dumped.part (no int);
    GRANT SELECT ON dumped.part TO regress_mig_dump_absent;
    ALTER TABLE dumped.part OWNER TO regress_mig_dump_absent;
$$);
-- a schema that is there is given to whom the model says
CREATE SCHEMA given;
SELECT upgrade FROM migrate_autogenerate_sql('CREATE SCHEMA given AUTHORIZATION regress_mig_dump_there', include => '{given}');
SELECT upgrade FROM migrate_autogenerate_sql('CREATE SCHEMA IF NOT EXISTS given', include => '{given}');
DROP SCHEMA given;
SET migrate.compare = 'privileges';
SELECT upgrade FROM migrate_autogenerate_sql($$
    CREATE TABLE dumped.part (no int);
    ALTER TABLE dumped.part OWNER TO regress_mig_dump_absent;
    GRANT SELECT ON dumped.part TO regress_mig_dump_absent;
$$);

---------------------------------------------------------------------------
-- Default privileges of a new schema are those that the model sets before it
---------------------------------------------------------------------------
ALTER DEFAULT PRIVILEGES GRANT CREATE ON SCHEMAS TO regress_mig_dump_there;
SELECT replace(concat_ws(E'\n', upgrade, '-- downgrade', downgrade), quote_ident(current_user), 'self') FROM migrate_autogenerate_sql($$
    CREATE SCHEMA before_it;
    ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO regress_mig_dump_there;
    CREATE SCHEMA behind_it;
$$);
SELECT upgrade AS up FROM migrate_autogenerate_sql($$
    CREATE SCHEMA before_it;
    ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO regress_mig_dump_there;
    CREATE SCHEMA behind_it;
$$) \gset
:up
SELECT nspname, nspacl::text LIKE '%there=U/%' AS uses FROM pg_namespace WHERE nspname LIKE '%\_it' ORDER BY nspname COLLATE "C";
SELECT count(*) FROM migrate_diff($$
    CREATE SCHEMA before_it;
    ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO regress_mig_dump_there;
    CREATE SCHEMA behind_it;
$$);
RESET migrate.compare;

---------------------------------------------------------------------------
-- pg_dump --statistics: what it writes is read over, and nothing besides
---------------------------------------------------------------------------
SELECT upgrade FROM migrate_autogenerate_sql($$
    CREATE TABLE dumped.counted (a int);
    SELECT * FROM pg_catalog.pg_restore_relation_stats('version', '180006'::integer,
        'schemaname', 'dumped', 'relname', 'counted', 'relpages', '1'::integer);
    SELECT * FROM pg_catalog.pg_restore_attribute_stats('schemaname', 'dumped', 'relname', 'counted', 'attname', 'a');
$$, include => '{dumped}');
SELECT upgrade FROM migrate_autogenerate_sql($$SELECT * FROM pg_catalog.pg_restore_relation_stats(), generate_series(1, 2)$$);  -- fails

---------------------------------------------------------------------------
-- SET search_path FROM CURRENT is a new session's, without our own schema
---------------------------------------------------------------------------
SET search_path = dumped, "$user", mig_model_dump, public;
SELECT upgrade FROM migrate_autogenerate_sql($$
    CREATE FUNCTION one() RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS 'SELECT 1';
    SET search_path = dumped, public;
    CREATE FUNCTION two() RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS 'SELECT 2';
$$);

ALTER DEFAULT PRIVILEGES REVOKE ALL ON SCHEMAS FROM regress_mig_dump_there;
DROP SCHEMA before_it, behind_it, dumped;
DROP EXTENSION pg_migrations, citext;
DROP SCHEMA mig_model_dump;
DROP ROLE regress_mig_dump_there;
