--
-- Proofs of generated scripts: what is proven, what is not, and who is it that
-- a proof runs as
--
SET client_min_messages = warning;
CREATE SCHEMA mig_prove;
CREATE EXTENSION pg_migrations SCHEMA mig_prove;
CREATE ROLE regress_mig_lesser;
CREATE ROLE regress_mig_other;
CREATE SCHEMA mig_app;
SET search_path = mig_app, mig_prove;
SET client_min_messages = notice;
\pset format unaligned
\pset tuples_only on

---------------------------------------------------------------------------
-- Nothing is said of what is proven
---------------------------------------------------------------------------
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE item (id int PRIMARY KEY, price int, mood mood);
CREATE TABLE part (id int PRIMARY KEY, item int REFERENCES item);
CREATE VIEW dear AS SELECT id, price FROM item WHERE price > 100;
INSERT INTO item VALUES (1, 200, 'sad');
SELECT mig_prove.migrate_baseline(include => '{mig_app}', rev_id => 'first');
SELECT mig_prove.migrate_autogenerate('more', $$
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE item (id int PRIMARY KEY, price bigint, mood mood DEFAULT 'ok');
CREATE TABLE part (id int PRIMARY KEY, item int REFERENCES item ON DELETE CASCADE);
CREATE VIEW dear AS SELECT id, price FROM item WHERE price > 100;
$$, rev_id => 'more');
SELECT transactional, upgrade_sql FROM mig_prove.migrate_revision WHERE revision = 'more';
-- and nothing is left of it, not even a lock
BEGIN;
SELECT length(upgrade) > 0 FROM migrate_autogenerate_sql('CREATE TABLE item (id bigint PRIMARY KEY)');
SELECT DISTINCT mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE relnamespace = 'mig_app'::regnamespace;
SELECT count(*) FROM migrate_diff('CREATE TABLE item (id bigint PRIMARY KEY)');
SELECT DISTINCT mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE relnamespace = 'mig_app'::regnamespace;
COMMIT;
SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'migrate\_%';
TABLE item;
-- lines of the downgrade that are to be completed have nothing to do here
ALTER TABLE part ALTER COLUMN item SET NOT NULL;
INSERT INTO part VALUES (1, 1);
SELECT downgrade FROM migrate_autogenerate_sql('CREATE TABLE part (id int PRIMARY KEY)');

---------------------------------------------------------------------------
-- What is left alone stands where bodies of the scripts are about it
---------------------------------------------------------------------------
CREATE FUNCTION left_alone(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE TABLE left_rows (n int);
CREATE FUNCTION shout(text) RETURNS text LANGUAGE sql AS 'SELECT left_alone($1) FROM left_rows';
SELECT unnest(ARRAY[upgrade, downgrade]) FROM migrate_autogenerate_sql(
	'CREATE FUNCTION shout(text) RETURNS text LANGUAGE sql AS ''SELECT upper($1)'';', include => '{mig_app}', exclude => '{left_*,item,part,dear,mood}');
DROP FUNCTION shout, left_alone;
DROP TABLE left_rows;

---------------------------------------------------------------------------
-- What is to be completed is not proven; migrate.prove decides about it
---------------------------------------------------------------------------
\set model 'CREATE TABLE item (id int PRIMARY KEY, weight int NOT NULL)'
SELECT upgrade FROM migrate_autogenerate_sql(:'model');
SET migrate.prove = require;
SELECT upgrade FROM migrate_autogenerate_sql(:'model');  -- fails: MG044
\echo :LAST_ERROR_SQLSTATE
SELECT migrate_autogenerate('weight', :'model', amend => true);  -- fails
SELECT message FROM mig_prove.migrate_revision WHERE revision = 'more';
SELECT length(upgrade) FROM migrate_autogenerate_sql('CREATE TABLE item (id int PRIMARY KEY)');
SET migrate.prove = off;
SELECT upgrade FROM migrate_autogenerate_sql(:'model');
SET migrate.prove = sometimes;  -- fails
RESET migrate.prove;

---------------------------------------------------------------------------
-- Code runs as the role that owns it
---------------------------------------------------------------------------
-- a function that tells on whoever runs it: of a statement that uses it in the
-- beginning, in the upgrade, in the downgrade
DROP VIEW dear;
GRANT CREATE, USAGE ON SCHEMA mig_app TO regress_mig_lesser, regress_mig_other;
SET ROLE regress_mig_lesser;
CREATE FUNCTION trap(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
        RAISE EXCEPTION 'trap runs as a superuser';
    END IF;
    RETURN $1;
END $$;
RESET ROLE;
CREATE TABLE trapped (a int CHECK (a > trap(1)));
\set kept 'CREATE TYPE mood AS ENUM (''sad'', ''happy''); CREATE TABLE item (id int PRIMARY KEY, price int, mood mood); CREATE TABLE part (id int PRIMARY KEY, item int REFERENCES item);'
SELECT upgrade FROM migrate_autogenerate_sql(:'kept');
SELECT replace(upgrade, E'\n', ' ') FROM migrate_autogenerate_sql(:'kept' || $$
CREATE FUNCTION trap(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE trapped (a int CHECK (a > trap(1)), b int DEFAULT trap(2));
$$);
-- of several roles it runs as none
ALTER FUNCTION trap(int) OWNER TO regress_mig_lesser;
SET ROLE regress_mig_other;
CREATE FUNCTION trap2(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
RESET ROLE;
SELECT left(upgrade, 90) FROM migrate_autogenerate_sql(:'kept');
-- nor does it run as a role without rights over it
DROP FUNCTION trap2;
ALTER SCHEMA mig_app OWNER TO regress_mig_other;
GRANT USAGE ON SCHEMA mig_prove TO regress_mig_other;
GRANT EXECUTE ON FUNCTION migrate_autogenerate_sql TO regress_mig_other;
SET ROLE regress_mig_other;
SELECT left(upgrade, 90) FROM migrate_autogenerate_sql(:'kept');
RESET ROLE;
-- the owner of it all needs no more than that
DROP TABLE trapped;
DROP FUNCTION trap;
ALTER TABLE item OWNER TO regress_mig_other;
ALTER TABLE part OWNER TO regress_mig_other;
ALTER TYPE mood OWNER TO regress_mig_other;
SET ROLE regress_mig_other;
SELECT replace(upgrade, E'\n', ' ') FROM migrate_autogenerate_sql(:'kept' || 'CREATE INDEX ON item (price)');
RESET ROLE;

---------------------------------------------------------------------------
-- That role need not own the schema, unless the scripts are about its owner
---------------------------------------------------------------------------
CREATE SCHEMA mig_owned;
GRANT USAGE, CREATE ON SCHEMA mig_owned TO regress_mig_lesser;
SET ROLE regress_mig_lesser;
CREATE FUNCTION mig_owned.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW mig_owned.v AS SELECT mig_owned.f() AS f;
RESET ROLE;
SET migrate.compare = 'owners';
\set model 'SET ROLE regress_mig_lesser; CREATE FUNCTION mig_owned.f() RETURNS int LANGUAGE sql AS ''SELECT 1''; CREATE VIEW mig_owned.v AS SELECT mig_owned.f() AS f, 1 AS g;'
SELECT upgrade FROM migrate_autogenerate_sql(:'model', include => '{mig_owned}');
SET client_min_messages = error;
SELECT left(upgrade, 55) FROM migrate_autogenerate_sql(:'model' || 'RESET ROLE; ALTER SCHEMA mig_owned OWNER TO regress_mig_other;', include => '{mig_owned}');
-- others have granted back to the owner, who runs all of it, and is not
-- another behind a RESET ROLE; where owners are not compared that is left alone
CREATE SCHEMA mig_back AUTHORIZATION regress_mig_lesser;
\set rights 'GRANT USAGE ON SCHEMA mig_back TO regress_mig_other; SET ROLE regress_mig_lesser; '
\set view 'CREATE VIEW mig_back.v AS SELECT 1 AS f;'
\set granted 'GRANT SELECT ON mig_back.v TO regress_mig_other WITH GRANT OPTION; SET ROLE regress_mig_other; GRANT SELECT ON mig_back.v TO regress_mig_lesser WITH GRANT OPTION; RESET ROLE;'
\set more 'CREATE VIEW mig_back.w AS SELECT f FROM mig_back.v;'
SELECT format('%s %s %s', :'rights', :'view', :'granted') \gexec
SET client_min_messages = notice;
SELECT upgrade FROM migrate_autogenerate_sql(:'rights' || :'view' || :'more', include => '{mig_back}');
SET migrate.compare = 'privileges, owners';
SELECT upgrade FROM migrate_autogenerate_sql(:'rights' || :'view' || :'more' || :'granted', include => '{mig_back}');
SET migrate.compare = 'privileges';
SELECT upgrade FROM migrate_autogenerate_sql(:'rights' || :'view' || :'more' || :'granted', include => '{mig_back}');
SELECT upgrade FROM migrate_autogenerate_sql(:'rights' || :'view' || :'more' || 'GRANT SELECT ON mig_back.v TO regress_mig_other WITH GRANT OPTION;', include => '{mig_back}');
SELECT upgrade FROM migrate_autogenerate_sql(:'rights' || :'view' || :'more', include => '{mig_back}') \gset
:upgrade
SELECT relacl::text LIKE '%mig_other%' AS is_left FROM pg_class WHERE oid = 'mig_back.v'::regclass;
RESET migrate.compare;
SET client_min_messages = warning;
DROP SCHEMA mig_owned, mig_back CASCADE;
SET client_min_messages = notice;

---------------------------------------------------------------------------
-- What others have granted to an owner
---------------------------------------------------------------------------
SET migrate.compare = 'privileges';
GRANT SELECT ON item TO regress_mig_lesser WITH GRANT OPTION;
SET ROLE regress_mig_lesser;
GRANT SELECT ON item TO regress_mig_other;
RESET ROLE;
SELECT upgrade FROM migrate_autogenerate_sql(:'kept', include => '{mig_app}');
RESET migrate.compare;

SET client_min_messages = warning;
DROP SCHEMA mig_app, mig_prove CASCADE;
DROP ROLE regress_mig_lesser, regress_mig_other;
