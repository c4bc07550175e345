--
-- What a model may contain, what is refused, and that nothing of it stays
--
SELECT count(*) < 2 AS lacking FROM pg_available_extensions WHERE name IN ('citext', 'pg_trgm') \gset
\if :lacking
    \echo left out: the server has no citext or no pg_trgm
    \quit
\endif

SET client_min_messages = warning;
CREATE SCHEMA mig_shadow;
CREATE SCHEMA mig_app;
CREATE SCHEMA mig_other;
CREATE SCHEMA mig_ext;
CREATE EXTENSION pg_migrations SCHEMA mig_shadow;
CREATE EXTENSION citext SCHEMA mig_app;
SET search_path = mig_app, mig_shadow;
\pset format unaligned
\pset tuples_only on

-- What would be created, or why the model is refused
CREATE FUNCTION mig_shadow.made(model text, VARIADIC include text[] DEFAULT '{}') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    hint text;
    detail text;
    place text;
BEGIN
    RETURN QUERY SELECT concat_ws(' ', operation, kind, object)
        FROM mig_shadow.migrate_diff(model, include => made.include) ORDER BY kind COLLATE "C", object COLLATE "C";
    IF NOT FOUND THEN
        RETURN NEXT 'no difference';
    END IF;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, place = PG_EXCEPTION_CONTEXT;
    RETURN NEXT SQLSTATE || ' ' || SQLERRM || E'\n    ' || concat_ws(E'\n    ', NULLIF(detail, ''), NULLIF(hint, ''),
        substring(place FROM '[^\n]*line \d+ of the model'));
END $$;
-- What is there; nothing below may change it.
CREATE VIEW mig_shadow.everything AS
    SELECT nspname, nspacl::text, oid::text FROM pg_namespace
    UNION ALL SELECT relname, relacl::text, relnamespace::text FROM pg_class WHERE relnamespace::regnamespace::text LIKE 'mig\_%'
    UNION ALL SELECT proname, proacl::text, pronamespace::text FROM pg_proc WHERE pronamespace::regnamespace::text LIKE 'mig\_%'
    UNION ALL SELECT typname, typacl::text, typnamespace::text FROM pg_type WHERE typnamespace::regnamespace::text LIKE 'mig\_%'
    UNION ALL SELECT extname, extnamespace::text, NULL FROM pg_extension
    UNION ALL SELECT pubname, NULL, NULL FROM pg_publication
    UNION ALL SELECT evtname, evtenabled::text, NULL FROM pg_event_trigger
    UNION ALL SELECT NULL, defaclacl::text, defaclnamespace::text FROM pg_default_acl;
CREATE TABLE mig_other.live (id int PRIMARY KEY, n int);
CREATE FUNCTION mig_other.live_function() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE mig_other.live_sequence;
INSERT INTO mig_other.live VALUES (1, 1);
SET client_min_messages = error;                -- wal_level may be anything
CREATE PUBLICATION mig_publication;
SET client_min_messages = warning;
CREATE FUNCTION mig_other.shout() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'an event trigger has fired: %', tg_tag; END$$;
CREATE TEMP TABLE before AS SELECT * FROM mig_shadow.everything;
CREATE EVENT TRIGGER mig_shout ON ddl_command_start EXECUTE FUNCTION mig_other.shout();
RESET client_min_messages;

---------------------------------------------------------------------------
-- As pg_dump and people write it
---------------------------------------------------------------------------
SELECT made($m$
--
-- PostgreSQL database dump
--
\restrict 0aB9zzz
SET statement_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA mig_app;
COMMENT ON SCHEMA mig_app IS 'of the application';
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA mig_app;
COMMENT ON EXTENSION citext IS 'data type for case-insensitive character strings';
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE mig_app.t (id integer NOT NULL, name mig_app.citext);
ALTER TABLE mig_app.t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME mig_app.t_id_seq START WITH 1);
SELECT pg_catalog.setval('mig_app.t_id_seq', 7, true);
ALTER TABLE ONLY mig_app.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
CREATE INDEX i ON mig_app.t USING btree (name);
\unrestrict 0aB9zzz
$m$);
SELECT made('BEGIN; CREATE TABLE t (id int); COMMIT;');
SELECT made('CREATE TABLE t (id int); CREATE INDEX CONCURRENTLY i ON t (id); DROP INDEX CONCURRENTLY i; CREATE INDEX CONCURRENTLY j ON t (id); VACUUM t; ANALYZE t; REINDEX TABLE CONCURRENTLY t; CLUSTER t USING j');
SELECT made('CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY');
SELECT made('CREATE MATERIALIZED VIEW v AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON v (a); REFRESH MATERIALIZED VIEW CONCURRENTLY v');
SELECT made($m$DO $$ BEGIN CREATE TYPE e AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$; ALTER TYPE e ADD VALUE 'b'; CREATE TABLE t (e e)$m$);
SELECT made($m$CREATE TYPE e AS ENUM ('a', 'd'); ALTER TYPE e ADD VALUE 'c' BEFORE 'd'; ALTER TYPE e ADD VALUE IF NOT EXISTS 'c'; CREATE TABLE t (e e DEFAULT 'c', CHECK (e <> 'c'))$m$);
SELECT made('CREATE TABLE t (id int); INSERT INTO t VALUES (1); UPDATE t SET id = 2; DELETE FROM t; TRUNCATE t; CREATE TEMP TABLE u (); SELECT * INTO v FROM t');
SELECT made('CREATE TABLE a (id int PRIMARY KEY, x int); ALTER TABLE a RENAME TO b; ALTER TABLE b DROP COLUMN x; ALTER TABLE b ADD y text; CREATE TABLE c (); DROP TABLE c; CREATE TABLE d (b int REFERENCES b)');
SELECT made('DROP SCHEMA IF EXISTS mig_app CASCADE; CREATE SCHEMA mig_app; CREATE TABLE t ()');
SELECT made('CREATE SCHEMA mig_new; SET search_path = mig_new; CREATE TABLE t (); RESET search_path; CREATE TABLE u ()');
SELECT made('CREATE SCHEMA mig_new CREATE TABLE t (id int) CREATE VIEW v AS SELECT id FROM t');
SELECT made('SET search_path = mig_new, mig_app; CREATE TABLE t (); SELECT set_config($$search_path$$, $$$$, false); CREATE TABLE mig_app.u ()');
SELECT made('SET work_mem = $$1MB$$; SET SESSION AUTHORIZATION DEFAULT; RESET ROLE; SHOW work_mem; CREATE TABLE t ()');
SELECT made('ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; CREATE TABLE t ()');
SELECT made('CREATE PUBLICATION mig_publication; CREATE TABLE t ()');
SELECT made('CREATE VIEW v AS SELECT id FROM mig_other.live; CREATE TABLE t (i int REFERENCES mig_other.live, LIKE mig_other.live); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT nix()$$');
SELECT made('CREATE EXTENSION pg_trgm SCHEMA mig_app; CREATE TABLE t (x text); CREATE INDEX ON t USING gin (x gin_trgm_ops)');
SELECT made('CREATE EXTENSION pg_trgm SCHEMA mig_ext; CREATE TABLE t (x text)');

---------------------------------------------------------------------------
-- What does something, rather than define it
---------------------------------------------------------------------------
SELECT made(E'CREATE TABLE t (id int);\nCOPY t FROM stdin;\n1\n\\.\n');
SELECT made(E'CREATE TABLE t (id int);\nCOPY t TO ''/tmp/nix''');
SELECT made(E'CREATE TABLE t (id int);\nCOPY t TO PROGRAM ''true''');
SELECT made(E'CREATE TABLE t (id int);\nSELECT nextval(''s'')');
SELECT made(E'CREATE TABLE t (id int);\nSELECT pg_sleep(0)');
SELECT made(E'CREATE TABLE t (id int);\nWITH x AS (SELECT 1) SELECT * FROM x');
SELECT made(E'CREATE TABLE t (id int);\nVALUES (1)');
SELECT made(E'CREATE PROCEDURE p() LANGUAGE sql AS ''SELECT 1'';\nCALL p()');
SELECT made('NOTIFY x');
SELECT made('LISTEN x');
SELECT made('LOAD ''nix''');
SELECT made('LOCK TABLE mig_other.live');
SELECT made('PREPARE p AS SELECT 1');
SELECT made('DECLARE c CURSOR WITH HOLD FOR SELECT 1');
SELECT made('DISCARD ALL');
SELECT made('RESET ALL');
SELECT made('EXPLAIN ANALYZE SELECT 1');
SELECT made('CHECKPOINT');
-- Transactions
SELECT made(E'CREATE TABLE t ();\nROLLBACK');
SELECT made('SAVEPOINT s');
SELECT made('PREPARE TRANSACTION ''x''');
SELECT made($m$DO $$ BEGIN COMMIT; END $$$m$);
-- psql
SELECT made(E'CREATE TABLE t ();\n\\connect nix');
SELECT made(E'\\i nix');
SELECT made(E'CREATE TABLE t (x text DEFAULT ''\\i nix'')');
-- What belongs to the server
SELECT made('CREATE ROLE regress_mig_nix');
SELECT made('DROP ROLE regress_mig_nix');
SELECT made('CREATE DATABASE nix');
SELECT made('ALTER DATABASE postgres SET work_mem = 1');
SELECT made('ALTER SYSTEM SET work_mem = 1');
SELECT made('CREATE TABLESPACE nix LOCATION ''/nix''');
SELECT made('COMMENT ON DATABASE postgres IS ''x''');
SELECT made('SECURITY LABEL ON DATABASE postgres IS ''x''');
SELECT made('SECURITY LABEL ON ROLE postgres IS ''x''');
SELECT made('COMMENT ON LARGE OBJECT 1 IS ''x''');
SELECT made('DROP EXTENSION citext');
SELECT made('ALTER EXTENSION citext UPDATE');
SELECT made('CREATE SUBSCRIPTION s CONNECTION ''host=nix'' PUBLICATION p');
SELECT made($m$DO $$ BEGIN CREATE ROLE regress_mig_nix; END $$$m$);
SELECT made($m$DO $$ BEGIN ALTER DATABASE postgres SET work_mem = '1MB'; END $$$m$);
SELECT made('CREATE TABLE pg_catalog.nix ()');
SELECT made('CREATE TABLE information_schema.nix ()');

---------------------------------------------------------------------------
-- What is not the model's
---------------------------------------------------------------------------
SELECT made('CREATE TABLE t (); ALTER TABLE mig_other.live ADD COLUMN x int');
SELECT made('CREATE TABLE t (); DROP TABLE mig_other.live');
SELECT made('CREATE TABLE t (); DROP TABLE IF EXISTS mig_other.live');
SELECT made('CREATE TABLE t (); TRUNCATE mig_other.live');
SELECT made('CREATE TABLE t (); INSERT INTO mig_other.live VALUES (2)');
SELECT made('CREATE TABLE t (); WITH x AS (SELECT 2 AS i) UPDATE mig_other.live SET n = i FROM x');
SELECT made('CREATE INDEX ON mig_other.live (n)');
SELECT made('CREATE TRIGGER t BEFORE INSERT ON mig_other.live FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()');
SELECT made('CREATE RULE r AS ON INSERT TO mig_other.live DO NOTHING');
SELECT made('CREATE POLICY p ON mig_other.live');
SELECT made('CREATE TABLE t () INHERITS (mig_other.live)');
SELECT made('CREATE TABLE t (); COMMENT ON TABLE mig_other.live IS ''x''');
SELECT made('CREATE TABLE t (); GRANT SELECT ON mig_other.live TO PUBLIC');
SELECT made('CREATE TABLE t (); GRANT USAGE ON SCHEMA mig_other TO PUBLIC');
SELECT made('CREATE TABLE t (); ALTER SEQUENCE mig_other.live_sequence RESTART');
SELECT made('CREATE TABLE t (); ALTER FUNCTION mig_other.live_function() COST 7');
SELECT made('CREATE OR REPLACE FUNCTION mig_other.live_function() RETURNS int LANGUAGE sql AS ''SELECT 2''');
SELECT made('CREATE TABLE t (); ALTER PUBLICATION mig_publication ADD TABLE mig_other.live');
SELECT made('CREATE TABLE t (); ALTER SCHEMA mig_other RENAME TO mig_another');
SELECT made('CREATE TABLE t (); DROP SCHEMA mig_other CASCADE');
SELECT made('CREATE TABLE t (); DROP EVENT TRIGGER mig_shout');
SELECT made('CREATE TABLE t (); ALTER TABLE t SET SCHEMA mig_other');
SELECT made('CREATE TABLE t (); ALTER TABLE mig_other.live SET SCHEMA mig_app');
SELECT made($m$DO $$ BEGIN INSERT INTO mig_other.live VALUES (2); END $$$m$);
SELECT made($m$DO $$ BEGIN EXECUTE 'ALTER TABLE mig_other.live ADD COLUMN x int'; END $$$m$);
SELECT made($m$DO $$ BEGIN PERFORM * FROM mig_other.live FOR UPDATE; END $$$m$);
SELECT made($m$DO $$ BEGIN LOCK TABLE mig_other.live; END $$$m$);
SELECT made($m$DO $$ BEGIN CREATE TABLE mig_other.made (); END $$$m$);
SELECT made($m$DO $$ BEGIN PERFORM mig_shadow.migrate_stamp('base'); END $$$m$);
SELECT made('CREATE TABLE mig_other.made ()', 'mig_app');
-- read it may
SELECT made($m$DO $$ BEGIN IF EXISTS (SELECT FROM mig_other.live) THEN CREATE TABLE t (); END IF; END $$$m$);

---------------------------------------------------------------------------
-- What it misses
---------------------------------------------------------------------------
SET session_replication_role = replica;
CREATE TABLE there (id int PRIMARY KEY);
RESET session_replication_role;
SELECT made('CREATE VIEW v AS SELECT * FROM there');
SELECT made(E'CREATE TABLE t (\n    x nix)');
SELECT made('CREATE TABLE t (x int DEFAULT nix())');
SELECT made('CREATE TABLE t (x int REFERENCES mig_app.there)');
SELECT made('CREATE TABLE mig_nix.t (x int)');
SELECT made('GRANT SELECT ON there TO PUBLIC; CREATE TABLE t ()');
SELECT made('CREATE TABLE t (); GRANT SELECT ON t TO regress_mig_nix');
SELECT made('CREATE TABLE t (); ALTER TABLE t OWNER TO regress_mig_nix');
-- Other errors are what they are.
SELECT made(E'CREATE TABLE t (x int);\n\nCREATE TABLE t (x int)');
SELECT made(E'CREATE TABLE t (x int);\n\nCREAT TABLE');
SELECT made('CREATE TABLE t (x int CHECK (x > ''a''))');
SELECT made('CREATE TABLE t (x int); INSERT INTO t VALUES (1, 2)');
SET session_replication_role = replica;
DROP TABLE there;
RESET session_replication_role;

---------------------------------------------------------------------------
-- All of that has left nothing behind.
---------------------------------------------------------------------------
DROP EVENT TRIGGER mig_shout;
SELECT * FROM mig_shadow.everything EXCEPT ALL SELECT * FROM before;
SELECT * FROM before EXCEPT ALL SELECT * FROM mig_shadow.everything;
SELECT * FROM mig_other.live;
SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype NOT IN ('virtualxid', 'relation');
SHOW search_path;
SHOW session_replication_role;
SELECT current_setting('work_mem') <> '1MB';
SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'citext';
SELECT 'A'::citext = 'a';

---------------------------------------------------------------------------
-- A function that takes the search_path over has the model's, and nothing that
-- the session has set
---------------------------------------------------------------------------
CREATE SCHEMA mig_model_path;
CREATE FUNCTION mig_model_path.current_model() RETURNS text LANGUAGE sql AS $$
    SELECT E'SET search_path = mig_model_path, public;\n'
        'CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS ''SELECT 1'';\n'
        'SELECT pg_catalog.set_config(''search_path'', '''', false);\n'
        'CREATE FUNCTION mig_model_path.g() RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS ''SELECT 1'';\n'
        'SET search_path TO DEFAULT;\n'
        'CREATE FUNCTION mig_model_path.h() RETURNS int LANGUAGE sql AS ''SELECT 1'';\n'
        'ALTER FUNCTION mig_model_path.h() SET search_path FROM CURRENT;'
$$;
SELECT upgrade FROM migrate_autogenerate_sql(mig_model_path.current_model(), exclude => '{current_model}') \gset
SET client_min_messages = warning;
:upgrade
RESET client_min_messages;
SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'mig_model_path'::regnamespace AND proconfig IS NOT NULL ORDER BY 1;
SELECT migrate_check(mig_model_path.current_model(), exclude => '{current_model}');
SET client_min_messages = warning;
DROP SCHEMA mig_model_path CASCADE;
RESET client_min_messages;

---------------------------------------------------------------------------
-- What a session has set changes neither what the model means nor the scripts
---------------------------------------------------------------------------
CREATE SCHEMA mig_model_set;
CREATE TABLE mig_model_set.live (d date DEFAULT '2024-02-01', t timestamptz DEFAULT '2024-01-01 12:00+00', s text DEFAULT 'a\b', i interval DEFAULT '-1 day 02:03:04');
CREATE FUNCTION mig_shadow.generated() RETURNS text LANGUAGE sql AS $f$
    SELECT upgrade || downgrade FROM mig_shadow.migrate_autogenerate_sql($m$
        CREATE TABLE mig_model_set.made (d date DEFAULT '02/01/2024', t timestamptz DEFAULT '2024-01-01 12:00', i interval DEFAULT '-1 day 02:03:04',
            b bytea DEFAULT '\x0102', f float8 DEFAULT '0.1234567890123456', m money DEFAULT '12.50', s text DEFAULT 'a\b')
    $m$, include => '{mig_model_set}')
$f$;
SELECT mig_shadow.generated() AS plain \gset
SELECT :'plain' LIKE '%2024-02-01%2024-01-01 12:00:00+00%0.1234567890123456%';
SET DateStyle = 'SQL, DMY';
SET TimeZone = 'Asia/Tokyo';
SET IntervalStyle = sql_standard;
SET bytea_output = escape;
SET extra_float_digits = -10;
SET quote_all_identifiers = on;
SELECT mig_shadow.generated() = :'plain';
SHOW DateStyle;
RESET DateStyle; RESET TimeZone; RESET IntervalStyle; RESET bytea_output; RESET extra_float_digits; RESET quote_all_identifiers;
DROP FUNCTION mig_shadow.generated();
DROP TABLE mig_model_set.live;
DROP SCHEMA mig_model_set;

---------------------------------------------------------------------------
-- A label that a statement adds can be used by the next, as psql would commit
-- it; what the caller has not committed stays uncommitted
---------------------------------------------------------------------------
SELECT operation, kind, object
FROM migrate_diff('CREATE TYPE mig_model_enum.e AS ENUM (''a''); ALTER TYPE mig_model_enum.e ADD VALUE ''b''; CREATE TABLE mig_model_enum.t (x mig_model_enum.e DEFAULT ''b'')');
CREATE SCHEMA mig_model_enum;
CREATE TYPE mig_model_enum.e AS ENUM ('a');
BEGIN;
ALTER TYPE mig_model_enum.e ADD VALUE 'c';
SELECT operation, kind, object
FROM migrate_diff('CREATE TYPE mig_model_enum.e AS ENUM (''a''); ALTER TYPE mig_model_enum.e ADD VALUE ''c''; CREATE TABLE mig_model_enum.t (x mig_model_enum.e DEFAULT ''c'')');
SAVEPOINT before_error;
SELECT migrate_diff('CREATE TABLE mig_model_enum.t (x mig_model_enum.e DEFAULT ''c'')');     -- fails
ROLLBACK TO before_error;
SELECT 'c'::mig_model_enum.e;                   -- fails
ROLLBACK;
DROP SCHEMA mig_model_enum CASCADE;

---------------------------------------------------------------------------
-- Clean up
---------------------------------------------------------------------------
SET client_min_messages = warning;
DROP PUBLICATION mig_publication;
DROP SCHEMA mig_app, mig_other, mig_ext, mig_shadow CASCADE;
