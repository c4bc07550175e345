--
-- What is kept of a model: it holds as long as all that it depends on
--
SET client_min_messages = warning;
CREATE SCHEMA mig_kept;
CREATE EXTENSION pg_migrations SCHEMA mig_kept;
CREATE SCHEMA mig_kept_test;
CREATE SCHEMA mig_kept_app;
CREATE SCHEMA mig_kept_own;
CREATE SCHEMA mig_kept_lib;
SET search_path = mig_kept_app, mig_kept_lib, mig_kept;
\pset format unaligned
\pset tuples_only on

-- In a read-only transaction only what is kept can answer.  The session has
-- built something else last, so that this is what is stored.
CREATE FUNCTION mig_kept_test.state(call text DEFAULT 'migrate_check()') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    PERFORM count(*) FROM migrate_diff('CREATE TABLE something_else ()');
    PERFORM set_config('transaction_read_only', 'on', true);
    EXECUTE 'SELECT ' || call;
    RETURN 'kept';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ' ' || SQLERRM || E'\n    ' || detail;
END $$;

CREATE TYPE mig_kept_own.state AS ENUM ('new', 'old');
CREATE TABLE mig_kept_own.parent (id int PRIMARY KEY, v text);
CREATE FUNCTION mig_kept_lib.f(numeric) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT $1';
SELECT $$
    CREATE TABLE item (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        parent int REFERENCES mig_kept_own.parent,
        name varchar(20) NOT NULL UNIQUE DEFAULT 'x',
        state mig_kept_own.state DEFAULT 'new',
        n int CHECK (n > 0), g numeric GENERATED ALWAYS AS (f(n)) STORED);
    COMMENT ON COLUMN item.n IS E'a line\nand another';
    CREATE INDEX ON item (lower(name)) WHERE n > 1;
    CREATE FUNCTION item_name(item) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
    CREATE VIEW items AS SELECT i.id, p.v FROM item i JOIN mig_kept_own.parent p ON p.id = i.parent;
    CREATE TABLE part (id int, at date) PARTITION BY RANGE (at);
    CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
$$ AS model \gset
:model
SELECT migrate_set_model(:'model');
SELECT count(*) FROM migrate_built;

---------------------------------------------------------------------------
-- Nothing is written
---------------------------------------------------------------------------
SELECT mig_kept_test.state();
BEGIN READ ONLY;
SELECT migrate_check();
SELECT count(*) FROM migrate_diff();
SELECT pg_current_xact_id_if_assigned() IS NULL;
COMMIT;
-- a model that is given is remembered by the session
BEGIN READ ONLY;
SELECT migrate_check(:'model' || ' ');          -- fails
ROLLBACK;
SELECT migrate_check(:'model' || ' ');
BEGIN READ ONLY;
SELECT migrate_check(:'model' || ' ');
COMMIT;

---------------------------------------------------------------------------
-- Differences are the same as with a shadow
---------------------------------------------------------------------------
BEGIN;
ALTER TABLE item DROP COLUMN state CASCADE, ALTER name TYPE varchar(30);
DROP VIEW items;
COMMENT ON COLUMN item.n IS 'a line';
CREATE TABLE more (id int);
CREATE TEMP TABLE kept_diff AS SELECT * FROM migrate_diff();
DELETE FROM migrate_built;
SELECT count(*) FROM migrate_diff('CREATE TABLE something_else ()') \gset
CREATE TEMP TABLE built_diff AS SELECT * FROM migrate_diff();
SELECT operation, kind, object FROM kept_diff ORDER BY operation, object COLLATE "C";
SELECT count(*) FROM (TABLE kept_diff EXCEPT TABLE built_diff UNION ALL (TABLE built_diff EXCEPT TABLE kept_diff)) x;
ROLLBACK;
BEGIN;
ALTER TABLE item ADD extra int;
SELECT mig_kept_test.state();
ROLLBACK;

-- texts that differ and may mean the same: the model itself must tell
BEGIN;
SELECT migrate_set_model($$CREATE TABLE item (v varchar(5) CHECK (v IN ('a', 'b')))$$);
DROP TABLE item CASCADE;
CREATE TABLE item (v varchar(5), CONSTRAINT item_v_check CHECK (((v)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))));
DROP TABLE part;
DROP FUNCTION IF EXISTS item_name;
SELECT mig_kept_test.state();
SELECT migrate_check();
ROLLBACK;
-- the same of bodies, which only scripts need
BEGIN;
DROP FUNCTION item_name;
SELECT mig_kept_test.state();
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
SELECT operation, object FROM migrate_diff();
ROLLBACK;

---------------------------------------------------------------------------
-- Each thing that the snapshot depends on
---------------------------------------------------------------------------
SELECT mig_kept_test.state();
SELECT mig_kept_test.state('migrate_check(include => ''{mig_kept_app,mig_kept_own}'')');
CREATE SCHEMA mig_kept_tenant;
SELECT mig_kept_test.state('migrate_check(schema => ''mig_kept_tenant'')');
BEGIN;
UPDATE migrate_model SET ddl = ddl || ' ';
SELECT mig_kept_test.state();
ROLLBACK;

-- settings
SET migrate.compare = 'privileges';
SELECT mig_kept_test.state();
SET migrate.compare = 'owners';
SELECT mig_kept_test.state();
SET migrate.compare = 'database';
SELECT mig_kept_test.state();
RESET migrate.compare;
SET search_path = mig_kept_app, mig_kept, mig_kept_lib;
SELECT mig_kept_test.state();
SET search_path = mig_kept_app, mig_kept_lib, mig_kept;
CREATE ROLE regress_mig_kept SUPERUSER;
CREATE ROLE regress_mig_kept_lesser;
GRANT ALL ON SCHEMA mig_kept, mig_kept_test, mig_kept_lib TO regress_mig_kept_lesser;
GRANT EXECUTE ON FUNCTION migrate_diff, migrate_check, migrate_set_model TO regress_mig_kept_lesser;
-- extensions
BEGIN;
SET allow_system_table_mods = on;
UPDATE pg_extension SET extversion = '1.1' WHERE extname = 'plpgsql';
SELECT mig_kept_test.state();
ROLLBACK;
BEGIN;
CREATE FUNCTION mig_kept_app.h() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER EXTENSION plpgsql ADD FUNCTION mig_kept_app.h();
SELECT mig_kept_test.state();
ROLLBACK;
-- the server, the database, the version: as after a copy of the files
BEGIN;
UPDATE migrate_built SET key = regexp_replace(key, '\nserver: \d+', E'\nserver: 1');
SELECT mig_kept_test.state();
ROLLBACK;
BEGIN;
UPDATE migrate_built SET key = regexp_replace(key, 'database: \d+', 'database: 1');
SELECT mig_kept_test.state();
ROLLBACK;
SET client_min_messages = notice;
BEGIN;
UPDATE migrate_built SET key = regexp_replace(key, 'version of the server: [^\n]+', 'version of the server: 15.1');
SELECT mig_kept_test.state();
SELECT mig_kept_test.state();        -- said once
ROLLBACK;
SET client_min_messages = warning;
BEGIN;
UPDATE migrate_built SET key = regexp_replace(key, 'format: 2', 'format: 0');
SELECT mig_kept_test.state();
ROLLBACK;
BEGIN;
CREATE TABLE other ();      -- or the catalogs would say it all
UPDATE migrate_built SET snapshot = replace(snapshot, 'item_n_check', 'item_m_check');
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
UPDATE migrate_built SET snapshot = left(snapshot, 500);
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
UPDATE migrate_built SET snapshot = '', key = '';
SELECT mig_kept_test.state();
ROLLBACK;

-- what it refers to elsewhere
BEGIN;
ALTER TABLE mig_kept_own.parent RENAME v TO w;
SELECT mig_kept_test.state();
ROLLBACK;
BEGIN;
ALTER TABLE mig_kept_own.parent ADD w text;
SELECT mig_kept_test.state();
ROLLBACK;
BEGIN;
ALTER TYPE mig_kept_own.state RENAME TO status;
SELECT mig_kept_test.state();
ROLLBACK;
BEGIN;
ALTER SCHEMA mig_kept_own RENAME TO mig_kept_theirs;
SELECT mig_kept_test.state();
ROLLBACK;
BEGIN;
CREATE OR REPLACE FUNCTION mig_kept_lib.f(numeric) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1';
SELECT mig_kept_test.state();
ROLLBACK;
-- in one transaction, which a row alone would not show
BEGIN;
ALTER TABLE mig_kept_own.parent RENAME v TO w;
ALTER TABLE mig_kept_own.parent RENAME w TO v;
SELECT migrate_set_model(:'model');
SELECT mig_kept_test.state();
ALTER TABLE mig_kept_own.parent RENAME v TO w;
SELECT mig_kept_test.state();
ROLLBACK;
-- what its names may mean
BEGIN;
CREATE FUNCTION mig_kept_lib.f(int) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT 1.0';
SELECT mig_kept_test.state();
DROP FUNCTION mig_kept_lib.f(int);
SELECT mig_kept_test.state();
CREATE DOMAIN mig_kept_own.other AS text;
SELECT mig_kept_test.state();
DROP DOMAIN mig_kept_own.other;
CREATE OPERATOR mig_kept_lib.> (FUNCTION = int4gt, LEFTARG = int, RIGHTARG = int);
SELECT mig_kept_test.state();
DROP OPERATOR mig_kept_lib.> (int, int);
CREATE TABLE mig_kept_lib.parent ();
SELECT mig_kept_test.state();
DROP TABLE mig_kept_lib.parent;
CREATE CAST (mig_kept_own.state AS bytea) WITH INOUT;
SELECT mig_kept_test.state();
DROP CAST (mig_kept_own.state AS bytea);
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO regress_mig_kept_lesser;
SELECT mig_kept_test.state();
ROLLBACK;
-- what the model does not see does not matter
BEGIN;
CREATE FUNCTION mig_kept_app.f(int) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT 1.0';
CREATE TABLE mig_kept_tenant.parent ();
SELECT mig_kept_test.state();
ROLLBACK;

-- roles: only where the model speaks of them, or others have default privileges
SET ROLE regress_mig_kept;
SELECT mig_kept_test.state();
RESET ROLE;
SELECT migrate_set_model($$CREATE TABLE item (id int, CHECK (current_user <> session_user)); CREATE POLICY p ON item TO PUBLIC USING (current_user = 'x')$$);
SET ROLE regress_mig_kept;
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
SELECT migrate_set_model($$CREATE TABLE item (id int); CREATE POLICY p ON item TO current_user$$);
RESET ROLE;
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
SELECT migrate_set_model(:'model');
BEGIN;
CREATE TABLE granted ();
GRANT SELECT ON granted TO regress_mig_kept_lesser;
SELECT migrate_set_model(:'model' || '; CREATE TABLE granted (); GRANT SELECT ON granted TO regress_mig_kept_lesser');
SELECT mig_kept_test.state();
ALTER ROLE regress_mig_kept_lesser RENAME TO regress_mig_kept_other;
SELECT mig_kept_test.state();
ALTER ROLE regress_mig_kept_other RENAME TO regress_mig_kept_lesser;
SELECT mig_kept_test.state();
SET ROLE regress_mig_kept;
SELECT mig_kept_test.state();
ROLLBACK;

-- what a new session has of settings that say where tables go
\c -reuse-previous=on "options='-c default_tablespace=pg_default -c client_min_messages=warning'"
SET search_path = mig_kept_app, mig_kept_lib, mig_kept;
SELECT mig_kept_test.state();
\c -reuse-previous=on "options='-c client_min_messages=warning'"
SET search_path = mig_kept_app, mig_kept_lib, mig_kept;
SET default_tablespace = pg_default;
SELECT mig_kept_test.state();

---------------------------------------------------------------------------
-- What cannot be kept
---------------------------------------------------------------------------
CREATE FUNCTION mig_kept_test.kept(model text) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    PERFORM migrate_set_model(model, branch => 'try');
    RETURN EXISTS (SELECT FROM migrate_built WHERE branch = 'try');
END $$;
SELECT mig_kept_test.kept('CREATE TABLE t ()');
SELECT mig_kept_test.kept('CREATE TABLE t (); DO $x$ BEGIN CREATE TABLE u (); END $x$');
SELECT mig_kept_test.kept('CREATE TABLE t (LIKE mig_kept_own.parent INCLUDING ALL)');
SELECT mig_kept_test.kept('CREATE TABLE s (a int); CREATE TABLE t (LIKE s INCLUDING ALL)');
SELECT mig_kept_test.kept('CREATE TABLE parent (a int); CREATE TABLE t (LIKE mig_kept_own.parent)');
SELECT mig_kept_test.kept('CREATE TABLE parent (a int); CREATE TABLE t (LIKE mig_kept_app.parent)');
SET search_path = mig_kept_app, mig_kept_own, mig_kept;
SELECT mig_kept_test.kept('CREATE TABLE t (LIKE parent); CREATE TABLE parent (a int)');
SELECT mig_kept_test.kept('CREATE TABLE parent (a int); DROP TABLE parent; CREATE TABLE t (LIKE parent)');
SET search_path = mig_kept_app, mig_kept_lib, mig_kept;
SELECT mig_kept_test.kept('CREATE TABLE t AS SELECT * FROM mig_kept_own.parent');
SELECT mig_kept_test.kept('SELECT * INTO t FROM mig_kept_own.parent');
SELECT mig_kept_test.kept('CREATE MATERIALIZED VIEW t AS SELECT * FROM mig_kept_own.parent');
SELECT mig_kept_test.kept('CREATE TABLE t (); INSERT INTO t DEFAULT VALUES');
SELECT mig_kept_test.kept('CREATE TABLE t (a date) PARTITION BY RANGE (a); CREATE TABLE u PARTITION OF t FOR VALUES FROM (current_date) TO (MAXVALUE)');
SELECT mig_kept_test.kept('CREATE TABLE t (a date) PARTITION BY RANGE (a); CREATE TABLE u PARTITION OF t FOR VALUES FROM (''today'') TO (MAXVALUE)');
SELECT mig_kept_test.kept('CREATE TABLE t (a date) PARTITION BY RANGE (a); CREATE TABLE u (a date); ALTER TABLE t ATTACH PARTITION u FOR VALUES FROM (date ''2026-01-01'') TO (''2027-01-01'')');
SELECT mig_kept_test.kept('SELECT set_config(''search_path'', ''mig_kept_app'', false); CREATE TABLE t ()');
SELECT mig_kept_test.kept('SELECT set_config(''search_path'', current_setting(''mig.path'', true), false); CREATE TABLE mig_kept_app.t ()');
SELECT mig_kept_test.kept('SET ROLE regress_mig_kept; CREATE TABLE mig_kept_app.t ()');
SELECT mig_kept_test.kept('CREATE TABLE t ()');

---------------------------------------------------------------------------
-- What a lesser role can do
---------------------------------------------------------------------------
ALTER SCHEMA mig_kept_app OWNER TO regress_mig_kept_lesser;
GRANT USAGE ON SCHEMA mig_kept_own TO regress_mig_kept_lesser;
GRANT REFERENCES, SELECT ON mig_kept_own.parent TO regress_mig_kept_lesser;
SET ROLE regress_mig_kept_lesser;
SELECT mig_kept_test.state();
SELECT count(*) FROM migrate_built;                                         -- fails
INSERT INTO migrate_built VALUES ('', '', '');                              -- fails
UPDATE migrate_built SET snapshot = '';                                     -- fails
-- stores something else, under names that mean something else just then
CREATE TYPE mig_kept_lib.what AS (a int);
SELECT migrate_set_model('CREATE TABLE item (id int, w what)');
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
DROP TYPE mig_kept_lib.what;
CREATE TYPE mig_kept_lib.what AS (b text);
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
CREATE TYPE pg_temp.what AS (c text);
SELECT migrate_set_model('CREATE TABLE item (id int, w what)');
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
RESET ROLE;
SELECT mig_kept_test.state();                        -- a superuser takes nothing of it
SELECT migrate_check();                         -- fails
SET migrate.superuser_runs_any = on;
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
RESET migrate.superuser_runs_any;

-- a constant that is the present time, however it is written
CREATE SCHEMA mig_kept_time;
SET search_path = mig_kept_time, mig_kept;
SELECT migrate_set_model($$CREATE TABLE item (d date DEFAULT '2001-02-03', t timestamptz DEFAULT now())$$);
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
SELECT migrate_set_model($$CREATE TABLE item (d tstzrange DEFAULT U&'[\006eow,)')$$);
SELECT mig_kept_test.state('count(*) FROM migrate_diff()');
DROP SCHEMA mig_kept_time;

RESET search_path;
DROP SCHEMA mig_kept_test, mig_kept_app, mig_kept_lib, mig_kept_own, mig_kept_tenant, mig_kept CASCADE;
DROP OWNED BY regress_mig_kept, regress_mig_kept_lesser;
DROP ROLE regress_mig_kept, regress_mig_kept_lesser;
