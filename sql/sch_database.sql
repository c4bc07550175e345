--
-- Comments, owners, grants, default privileges, and what belongs to a whole
-- database: the scripts, and that they lead there and back
--
CREATE SCHEMA mig_database;
CREATE EXTENSION pg_migrations SCHEMA mig_database;
CREATE ROLE regress_mig_super SUPERUSER;
CREATE ROLE regress_mig_app;
CREATE ROLE regress_mig_owner;
CREATE ROLE "regress_mig Odd ""one""";

-- Bring the database to a first model unless it is NULL, then to a second one
-- and back; the lines of both scripts, and what is wrong about them
CREATE FUNCTION mig_database.round_trip(before text, after text)
RETURNS SETOF text
LANGUAGE plpgsql SET search_path = public, mig_database AS $$
DECLARE
    scope CONSTANT text[] := '{public, app, other}';
    there text;
    back text;
    rest text;
BEGIN
    IF before IS NOT NULL THEN
        SELECT upgrade INTO there FROM migrate_autogenerate_sql(before, include => scope);
        EXECUTE there;
        SELECT upgrade INTO rest FROM migrate_autogenerate_sql(before, include => scope);
    END IF;
    IF rest <> '' THEN
        RETURN QUERY SELECT 'NOT THE FIRST: ' || string_to_table(rest, E'\n');
    END IF;
    SELECT upgrade, downgrade INTO there, back
    FROM migrate_autogenerate_sql(after, include => scope);
    -- versions differ in how they print queries
    RETURN QUERY SELECT line FROM string_to_table(
        regexp_replace(there, E' AS\n SELECT [^;]*;', ' AS ...;', 'g'), E'\n') AS line
    WHERE line <> '';
    RETURN NEXT '------ and back:';
    RETURN QUERY SELECT line FROM string_to_table(
        regexp_replace(back, E' AS\n SELECT [^;]*;', ' AS ...;', 'g'), E'\n') AS line
    WHERE line <> '';
    EXECUTE there;
    SELECT upgrade INTO rest FROM migrate_autogenerate_sql(after, include => scope);
    IF rest <> '' THEN
        RETURN QUERY SELECT 'NOT THERE: ' || string_to_table(rest, E'\n');
    END IF;
    EXECUTE back;
    IF before IS NULL THEN
        RETURN;
    END IF;
    SELECT upgrade INTO rest FROM migrate_autogenerate_sql(before, include => scope);
    IF rest <> '' THEN
        RETURN QUERY SELECT 'NOT BACK: ' || string_to_table(rest, E'\n');
    END IF;
END
$$;
SET ROLE regress_mig_super;
SET migrate.compare = 'privileges, owners, database';
\pset format unaligned
\pset tuples_only on

---------------------------------------------------------------------------
-- Grants: on tables and their columns, with grant option, to odd names
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE TABLE t (a int, b int, c int);
GRANT SELECT, INSERT ON t TO regress_mig_app;
GRANT UPDATE (a, b) ON t TO "regress_mig Odd ""one""";
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE e AS ENUM ('x');
CREATE SEQUENCE s;
GRANT USAGE ON SEQUENCE s TO regress_mig_app WITH GRANT OPTION;
$$, $$
CREATE TABLE t (a int, b int, c int, d int);
GRANT INSERT ON t TO regress_mig_app;
GRANT SELECT (a, d) ON t TO regress_mig_app, regress_mig_owner;
GRANT UPDATE (b, c) ON t TO "regress_mig Odd ""one""" WITH GRANT OPTION;
GRANT ALL ON t TO PUBLIC;
REVOKE DELETE ON t FROM CURRENT_ROLE;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE ALL ON FUNCTION f() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f() TO regress_mig_app;
CREATE TYPE e AS ENUM ('x');
REVOKE ALL ON TYPE e FROM PUBLIC;
CREATE SEQUENCE s;
GRANT USAGE ON SEQUENCE s TO regress_mig_app;
GRANT CREATE ON SCHEMA public TO regress_mig_app;
$$);

---------------------------------------------------------------------------
-- Grants that others than the owner have made
---------------------------------------------------------------------------
DROP TABLE t;
CREATE TABLE t (a int);
GRANT SELECT, UPDATE, INSERT ON t TO regress_mig_app WITH GRANT OPTION;
SET ROLE regress_mig_app;
GRANT SELECT, UPDATE, INSERT ON t TO regress_mig_owner WITH GRANT OPTION;
SET ROLE regress_mig_owner;
GRANT SELECT, INSERT ON t TO PUBLIC;
SET ROLE regress_mig_super;
SELECT * FROM mig_database.round_trip(NULL, $$
CREATE TABLE t (a int);
GRANT SELECT, UPDATE ON t TO regress_mig_app WITH GRANT OPTION;
GRANT UPDATE ON t TO regress_mig_owner WITH GRANT OPTION;
GRANT INSERT ON t TO PUBLIC;
$$);
-- one of a column, from a role that has its option on the table
BEGIN;
DROP TABLE t;
CREATE TABLE t (a int);
GRANT SELECT ON t TO regress_mig_app WITH GRANT OPTION;
SET ROLE regress_mig_app;
GRANT SELECT (a) ON t TO regress_mig_owner;
SET ROLE regress_mig_super;
SELECT object, upgrade FROM mig_database.migrate_diff('CREATE TABLE t (a int)') WHERE operation = 'alter';
ROLLBACK;

---------------------------------------------------------------------------
-- What is dropped and created keeps grants, owners and comments of others
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t;
ALTER VIEW v OWNER TO regress_mig_owner;
GRANT SELECT (a) ON v TO regress_mig_app;
GRANT DELETE ON v TO PUBLIC;
COMMENT ON COLUMN v.a IS 'a''s';
ALTER TABLE t OWNER TO regress_mig_owner;
$$, $$
CREATE TABLE t (a bigint, b text);
CREATE VIEW v AS SELECT a, b FROM t;
ALTER VIEW v OWNER TO regress_mig_owner;
GRANT SELECT (a) ON v TO regress_mig_app;
GRANT DELETE ON v TO PUBLIC;
COMMENT ON COLUMN v.a IS 'a''s';
ALTER TABLE t OWNER TO regress_mig_owner;
$$);
SET migrate.compare = 'database';
SELECT * FROM mig_database.round_trip($$
CREATE TABLE t (a bigint, b text);
CREATE VIEW v AS SELECT a, b FROM t;
COMMENT ON COLUMN v.a IS 'a''s';
$$, $$
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t;
COMMENT ON COLUMN v.a IS 'a''s';
$$);
-- a new object is as the model states it, what stays is not looked at
SELECT * FROM mig_database.round_trip($$
CREATE TABLE t (a bigint, b text);
$$, $$
CREATE TABLE t (a bigint, b text);
CREATE TABLE u (a int);
ALTER TABLE u OWNER TO regress_mig_owner;
GRANT SELECT ON t, u TO regress_mig_app;
CREATE FUNCTION g() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
REVOKE ALL ON FUNCTION g() FROM PUBLIC;
$$);
SET migrate.compare = 'privileges, owners, database';

---------------------------------------------------------------------------
-- Owners; sequences go with their tables
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE SCHEMA app;
CREATE TABLE app.t (a serial, b int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE app."T 2" (b int);
CREATE SEQUENCE app.s;
CREATE DOMAIN app.d AS int;
CREATE PROCEDURE app.p() LANGUAGE sql AS '';
CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int);
CREATE STATISTICS app.st ON a, b FROM app.t;
$$, $$
CREATE SCHEMA app;
ALTER SCHEMA app OWNER TO regress_mig_owner;
CREATE TABLE app.t (a serial, b int GENERATED ALWAYS AS IDENTITY);
ALTER TABLE app.t OWNER TO regress_mig_owner;
CREATE TABLE app."T 2" (a serial, b int);
ALTER TABLE app."T 2" OWNER TO regress_mig_owner;
GRANT SELECT ON app.t TO regress_mig_app;
CREATE SEQUENCE app.s;
ALTER SEQUENCE app.s OWNER TO regress_mig_owner;
CREATE DOMAIN app.d AS int;
ALTER DOMAIN app.d OWNER TO regress_mig_owner;
CREATE PROCEDURE app.p() LANGUAGE sql AS '';
ALTER PROCEDURE app.p() OWNER TO regress_mig_owner;
CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int);
ALTER AGGREGATE app.total(int) OWNER TO regress_mig_owner;
GRANT EXECUTE ON FUNCTION app.total(int) TO regress_mig_app;
CREATE STATISTICS app.st ON a, b FROM app.t;
ALTER STATISTICS app.st OWNER TO regress_mig_owner;
CREATE TABLE app.u (id serial PRIMARY KEY);
ALTER TABLE app.u OWNER TO regress_mig_owner;
$$);

---------------------------------------------------------------------------
-- Default privileges, and new objects under them
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE SCHEMA app;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO regress_mig_app;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_mig_owner GRANT USAGE ON SEQUENCES TO regress_mig_app;
CREATE TABLE app.t (a int);
$$, $$
CREATE SCHEMA app;
CREATE TABLE app.u (a int);
CREATE TABLE app.t (a int);
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT ON TABLES TO regress_mig_app;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO PUBLIC;
CREATE TABLE app.v (a int);
$$);
SELECT * FROM mig_database.round_trip('', $$
CREATE SCHEMA app;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO regress_mig_app WITH GRANT OPTION;
CREATE TABLE app.t (a int);
$$);

---------------------------------------------------------------------------
-- Comments on all sorts of things
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE TYPE c AS (x int, "Y y" text);
CREATE DOMAIN d AS int CONSTRAINT positive CHECK (VALUE > 0);
CREATE TABLE t (id int PRIMARY KEY, CONSTRAINT "is so" CHECK (id > 0));
CREATE INDEX i ON t (id);
CREATE POLICY p ON t;
COMMENT ON TABLE t IS 'old';
COMMENT ON COLUMN c.x IS 'going';
$$, $$
CREATE TYPE c AS (x int, "Y y" text);
CREATE DOMAIN d AS int CONSTRAINT positive CHECK (VALUE > 0);
CREATE TABLE t (id int PRIMARY KEY, CONSTRAINT "is so" CHECK (id > 0));
CREATE INDEX i ON t (id);
CREATE POLICY p ON t;
COMMENT ON TABLE t IS E'new\nline \\ and ''quote''';
COMMENT ON COLUMN c."Y y" IS 'attribute';
COMMENT ON CONSTRAINT positive ON DOMAIN d IS 'check of a domain';
COMMENT ON CONSTRAINT "is so" ON t IS 'check';
COMMENT ON CONSTRAINT t_pkey ON t IS 'key';
COMMENT ON INDEX i IS 'index';
COMMENT ON POLICY p ON t IS 'policy';
COMMENT ON SCHEMA public IS 'ours';
$$);

---------------------------------------------------------------------------
-- Languages and access methods
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE TRUSTED LANGUAGE "L 1" HANDLER plpgsql_call_handler;
CREATE FUNCTION f() RETURNS int LANGUAGE "L 1" AS 'BEGIN RETURN 1; END';
$$, $$
CREATE TRUSTED LANGUAGE "L 1" HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
COMMENT ON LANGUAGE "L 1" IS 'ours';
REVOKE ALL ON LANGUAGE "L 1" FROM PUBLIC;
CREATE FUNCTION f() RETURNS int LANGUAGE "L 1" AS 'BEGIN RETURN 1; END';
CREATE ACCESS METHOD "heap 2" TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD "heap 2" IS 'ours';
CREATE TABLE t (a int) USING "heap 2";
$$);

---------------------------------------------------------------------------
-- Foreign data
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1', b 'it''s');
CREATE SERVER "S 1" TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h', "Odd x" 'x=y');
CREATE USER MAPPING FOR PUBLIC SERVER "S 1" OPTIONS (password 'p');
CREATE USER MAPPING FOR regress_mig_app SERVER "S 1";
CREATE SERVER s2 FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR regress_mig_app SERVER s2;
CREATE FOREIGN TABLE ft (a int OPTIONS (x '1'), b int) SERVER "S 1" OPTIONS (t 't');
GRANT USAGE ON FOREIGN SERVER "S 1" TO regress_mig_app;
$$, $$
CREATE FOREIGN DATA WRAPPER w VALIDATOR postgresql_fdw_validator;
ALTER FOREIGN DATA WRAPPER w NO VALIDATOR OPTIONS (b 'is', c '3');
COMMENT ON FOREIGN DATA WRAPPER w IS 'ours';
GRANT USAGE ON FOREIGN DATA WRAPPER w TO regress_mig_app;
CREATE SERVER "S 1" TYPE 'x' FOREIGN DATA WRAPPER w OPTIONS ("Odd x" 'z');
COMMENT ON SERVER "S 1" IS 'far';
CREATE USER MAPPING FOR PUBLIC SERVER "S 1" OPTIONS (password 'q', "user" 'u');
CREATE USER MAPPING FOR "regress_mig Odd ""one""" SERVER "S 1";
CREATE FOREIGN TABLE ft (a int OPTIONS (x '2', y ''), b int OPTIONS (z '3')) SERVER "S 1";
COMMENT ON FOREIGN TABLE ft IS 'far';
$$);

-- options that come again stand behind the others, which is no difference
SELECT * FROM mig_database.round_trip($$
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (a '1', b '2');
CREATE FOREIGN TABLE ft (a int OPTIONS (x '1', y '2')) SERVER s OPTIONS (t '1', u '2');
$$, $$
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (b '2');
CREATE FOREIGN TABLE ft (a int OPTIONS (y '2')) SERVER s OPTIONS (u '2');
$$);

-- another server takes foreign tables along
SELECT * FROM mig_database.round_trip($$
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s TYPE 'a' FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (a 'b');
CREATE FOREIGN TABLE ft (a int) SERVER s;
GRANT SELECT (a) ON ft TO regress_mig_app;
GRANT USAGE ON FOREIGN SERVER s TO regress_mig_app;
CREATE VIEW v AS SELECT * FROM ft;
GRANT SELECT ON v TO regress_mig_app;
$$, $$
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s TYPE 'b' FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (a 'b');
CREATE FOREIGN TABLE ft (a int) SERVER s;
GRANT SELECT (a) ON ft TO regress_mig_app;
GRANT USAGE ON FOREIGN SERVER s TO regress_mig_app;
CREATE VIEW v AS SELECT * FROM ft;
GRANT SELECT ON v TO regress_mig_app;
$$);

---------------------------------------------------------------------------
-- Operators, classes and families
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE FUNCTION lt(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 < $2';
CREATE OPERATOR <<<< (FUNCTION = lt, LEFTARG = text, RIGHTARG = text, RESTRICT = scalarltsel);
CREATE OPERATOR FAMILY fam USING btree;
$$, $$
CREATE FUNCTION lt(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 < $2';
CREATE FUNCTION gt(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 > $2';
CREATE FUNCTION cmp(text, text) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT 0';
CREATE FUNCTION neg(int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT - $1';
CREATE OPERATOR <<<< (FUNCTION = lt, LEFTARG = text, RIGHTARG = text, COMMUTATOR = >>>>, JOIN = scalarltjoinsel);
CREATE OPERATOR >>>> (FUNCTION = gt, LEFTARG = text, RIGHTARG = text, COMMUTATOR = <<<<);
CREATE OPERATOR ~~~~ (FUNCTION = neg, RIGHTARG = int);
COMMENT ON OPERATOR ~~~~ (NONE, int) IS 'negative';
CREATE OPERATOR FAMILY fam USING btree;
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (int4, int8), FUNCTION 1 (int4, int8) btint48cmp(int4, int8);
CREATE OPERATOR CLASS cls FOR TYPE text USING btree FAMILY fam AS OPERATOR 1 <<<<, OPERATOR 5 >>>>, FUNCTION 1 cmp(text, text);
COMMENT ON OPERATOR CLASS cls USING btree IS 'odd order';
COMMENT ON OPERATOR FAMILY fam USING btree IS 'odd orders';
CREATE TABLE t (a text);
CREATE INDEX i ON t (a cls);
$$);

-- an operator that stays under what uses it gets another function
SELECT * FROM mig_database.round_trip($$
CREATE TYPE r AS (a int);
CREATE FUNCTION lt(r, r) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a < ($2).a';
CREATE OPERATOR <# (FUNCTION = lt, LEFTARG = r, RIGHTARG = r);
CREATE FUNCTION cmp(r, r) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE OPERATOR CLASS cls FOR TYPE r USING btree AS OPERATOR 1 <#, FUNCTION 1 cmp(r, r);
COMMENT ON OPERATOR CLASS cls USING btree IS 'kept';
CREATE TABLE t (a r);
CREATE INDEX i ON t (a cls);
CREATE VIEW v AS SELECT a <# a AS x FROM t;
$$, $$
CREATE TYPE r AS (a int);
CREATE FUNCTION lt2(r, r) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a < ($2).a';
CREATE OPERATOR <# (FUNCTION = lt2, LEFTARG = r, RIGHTARG = r);
CREATE FUNCTION cmp(r, r) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE OPERATOR CLASS cls FOR TYPE r USING btree AS OPERATOR 1 <#, FUNCTION 1 cmp(r, r);
COMMENT ON OPERATOR CLASS cls USING btree IS 'kept';
CREATE TABLE t (a r);
CREATE INDEX i ON t (a cls);
CREATE VIEW v AS SELECT a <# a AS x FROM t;
$$);

---------------------------------------------------------------------------
-- Casts, conversions, transforms
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE TYPE e AS ENUM ('x');
CREATE TYPE r AS (a int);
CREATE FUNCTION to_e(int) RETURNS e LANGUAGE sql AS $f$SELECT 'x'::e$f$;
CREATE CAST (int AS e) WITH FUNCTION to_e(int);
CREATE CAST (text AS r) WITH INOUT;
CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
$$, $$
CREATE TYPE e AS ENUM ('x');
CREATE TYPE r AS (a int);
CREATE FUNCTION to_e(int) RETURNS e LANGUAGE sql AS $f$SELECT 'x'::e$f$;
CREATE CAST (int AS e) WITH FUNCTION to_e(int) AS IMPLICIT;
COMMENT ON CAST (int AS e) IS 'ours';
CREATE DEFAULT CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION conv IS 'ours';
CREATE TYPE range AS RANGE (SUBTYPE = float8);
CREATE FUNCTION sends(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'prsd_lextype';
CREATE TRANSFORM FOR r LANGUAGE plpgsql (FROM SQL WITH FUNCTION sends(internal));
COMMENT ON TRANSFORM FOR r LANGUAGE plpgsql IS 'ours';
$$);

---------------------------------------------------------------------------
-- Text search
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = snowball, Language = english, StopWords = english);
CREATE TEXT SEARCH CONFIGURATION cfg (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION cfg ADD MAPPING FOR asciiword, word WITH dict, simple;
ALTER TEXT SEARCH CONFIGURATION cfg ADD MAPPING FOR email WITH simple;
CREATE TABLE t (a text);
CREATE INDEX i ON t USING gin (to_tsvector('public.cfg', a));
$$, $$
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = snowball, Language = german);
CREATE TEXT SEARCH DICTIONARY "Dict 2" (TEMPLATE = simple);
COMMENT ON TEXT SEARCH DICTIONARY dict IS 'ours';
CREATE TEXT SEARCH CONFIGURATION cfg (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION cfg ADD MAPPING FOR asciiword WITH dict, simple;
ALTER TEXT SEARCH CONFIGURATION cfg ADD MAPPING FOR word, numword, url WITH "Dict 2";
CREATE TABLE t (a text);
CREATE INDEX i ON t USING gin (to_tsvector('public.cfg', a));
CREATE TEXT SEARCH PARSER prs (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE tmpl (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH CONFIGURATION other (PARSER = prs);
$$);

-- another template takes the index along
SELECT * FROM mig_database.round_trip($$
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION cfg (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION cfg ADD MAPPING FOR word WITH dict;
CREATE TABLE t (a text);
CREATE INDEX i ON t USING gin (to_tsvector('public.cfg', a));
$$, $$
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION cfg (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION cfg ADD MAPPING FOR word WITH dict;
ALTER TEXT SEARCH CONFIGURATION cfg OWNER TO regress_mig_owner;
CREATE TABLE t (a text);
CREATE INDEX i ON t USING gin (to_tsvector('public.cfg', a));
$$);

---------------------------------------------------------------------------
-- Publications, while their tables change
---------------------------------------------------------------------------
SET client_min_messages = error;  -- wal_level need not be logical
SELECT * FROM mig_database.round_trip($$
CREATE SCHEMA app;
CREATE TABLE t (a int PRIMARY KEY, b int, c text);
CREATE TABLE u (a int PRIMARY KEY);
CREATE PUBLICATION "P 1" FOR TABLE t WHERE (a > 0), u;
CREATE PUBLICATION p2 FOR TABLE t (a, c);
CREATE PUBLICATION p3 FOR ALL TABLES;
$$, $$
CREATE SCHEMA app;
CREATE TABLE t (a bigint PRIMARY KEY, b int);
CREATE TABLE w (a int PRIMARY KEY);
CREATE PUBLICATION "P 1" FOR TABLE t WHERE (a > 0), w, TABLES IN SCHEMA app
    WITH (publish = 'insert', publish_via_partition_root = true);
COMMENT ON PUBLICATION "P 1" IS 'ours';
CREATE PUBLICATION p2 FOR TABLE t (a);
CREATE PUBLICATION p3;
$$);

SELECT * FROM mig_database.round_trip($$
CREATE SCHEMA app;
CREATE TABLE app."T t" (a int, b text) PARTITION BY LIST (a);
CREATE TABLE app.p1 PARTITION OF app."T t" FOR VALUES IN (1);
CREATE PUBLICATION p FOR TABLE app."T t";
CREATE PUBLICATION q FOR TABLES IN SCHEMA app;
$$, $$
CREATE SCHEMA app;
CREATE TABLE app."T t" (a int, b text) PARTITION BY LIST (a);
CREATE TABLE app.p1 PARTITION OF app."T t" FOR VALUES IN (1);
CREATE PUBLICATION p FOR TABLE app."T t" (a) WHERE (a > 5 AND a < 7), app.p1
    WITH (publish_via_partition_root = true, publish = 'insert');
CREATE PUBLICATION q FOR TABLES IN SCHEMA public;
$$);

-- the order of its columns is that of no table
SELECT * FROM mig_database.round_trip($$
CREATE TABLE t (a int PRIMARY KEY, x int, b int);
CREATE PUBLICATION p FOR TABLE t (a, x);
$$, $$
CREATE TABLE t (a int PRIMARY KEY, z int, b int);
CREATE PUBLICATION p FOR TABLE t (a, b, z);
$$);

---------------------------------------------------------------------------
-- Functions of a foreign-data wrapper; the filter of a publication
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE TABLE t (a int, b int PRIMARY KEY);
CREATE PUBLICATION "P 1" FOR TABLE t WHERE (b IN (1, 2));
CREATE FOREIGN DATA WRAPPER w VALIDATOR postgresql_fdw_validator;
CREATE FOREIGN DATA WRAPPER w2;
$$, $$
CREATE TABLE t (a int, b int PRIMARY KEY);
CREATE PUBLICATION "P 1" FOR TABLE t WHERE (b IN (1, 3));
CREATE FOREIGN DATA WRAPPER w;
CREATE FOREIGN DATA WRAPPER w2 VALIDATOR postgresql_fdw_validator;
$$);

---------------------------------------------------------------------------
-- Subscriptions
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE SUBSCRIPTION regress_mig_one CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false);
CREATE SUBSCRIPTION regress_mig_two CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = 'odd');
$$, $$
CREATE SUBSCRIPTION regress_mig_one CONNECTION 'dbname=y' PUBLICATION p, "P 2"
    WITH (connect = false, slot_name = NONE, binary = true, synchronous_commit = local);
COMMENT ON SUBSCRIPTION regress_mig_one IS 'ours';
$$);
RESET client_min_messages;

---------------------------------------------------------------------------
-- Event triggers
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip($$
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER one ON ddl_command_end EXECUTE FUNCTION et();
CREATE EVENT TRIGGER two ON sql_drop EXECUTE FUNCTION et();
$$, $$
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER one ON ddl_command_end EXECUTE FUNCTION et();
ALTER EVENT TRIGGER one DISABLE;
COMMENT ON EVENT TRIGGER one IS 'ours';
CREATE EVENT TRIGGER two ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION et();
ALTER EVENT TRIGGER two ENABLE ALWAYS;
$$);

---------------------------------------------------------------------------
-- Clean-up
---------------------------------------------------------------------------
SELECT * FROM mig_database.round_trip('', 'CREATE SCHEMA app');
\pset format aligned
\pset tuples_only off
RESET migrate.compare;
RESET ROLE;
DROP EXTENSION pg_migrations;
DROP FUNCTION mig_database.round_trip(text, text);
DROP SCHEMA mig_database;
DROP ROLE regress_mig_super, regress_mig_app, regress_mig_owner, "regress_mig Odd ""one""";
