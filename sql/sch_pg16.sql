--
-- What PostgreSQL 16 adds, in generated scripts, there and back
--
-- Older servers end it at once: expected/sch_pg16_1.out, until there are none.
--
SELECT current_setting('server_version_num')::int < 160000 AS older \gset
\if :older
\quit
\endif
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- Tables: storage, truncate triggers of foreign tables, statistics without a name
---------------------------------------------------------------------------
SELECT mig_round_trip.check('CREATE TABLE t (a text)', 'CREATE TABLE t (a text STORAGE external, b text STORAGE main)');
SET client_min_messages = error;
SELECT mig_round_trip.check($$
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FOREIGN DATA WRAPPER regress_mig_w;
CREATE SERVER regress_mig_s FOREIGN DATA WRAPPER regress_mig_w;
CREATE FOREIGN TABLE far (a int) SERVER regress_mig_s;
CREATE TABLE near (a int, b int)
$$, $$
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FOREIGN TABLE far (a int) SERVER regress_mig_s;
CREATE TRIGGER emptied BEFORE TRUNCATE ON far EXECUTE FUNCTION f();
CREATE TABLE near (a int, b int);
CREATE STATISTICS ON a, b FROM near
$$);
DROP FOREIGN DATA WRAPPER regress_mig_w CASCADE;
SET client_min_messages = warning;

---------------------------------------------------------------------------
-- SQL/JSON, and numbers as they are written now
---------------------------------------------------------------------------
SELECT mig_round_trip.check('CREATE TABLE t (a jsonb, k text)', $$
CREATE TABLE t (a jsonb, k text CONSTRAINT object CHECK (k IS JSON OBJECT WITH UNIQUE KEYS), n int DEFAULT 0x1F + 1_000);
CREATE VIEW made AS
    SELECT JSON_OBJECT('k' VALUE k ABSENT ON NULL WITH UNIQUE KEYS RETURNING jsonb) AS o, JSON_ARRAY(k NULL ON NULL) AS r FROM (SELECT k FROM t);
CREATE VIEW counted AS
    SELECT JSON_OBJECTAGG(k : a ABSENT ON NULL) AS o, JSON_ARRAYAGG(a ORDER BY k) AS r, any_value(k) AS k FROM t
$$);

---------------------------------------------------------------------------
-- Collations of any provider by their locale
---------------------------------------------------------------------------
SELECT mig_round_trip.check($$CREATE COLLATION c (provider = libc, locale = 'C')$$,
    $$CREATE COLLATION c (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX')$$);

---------------------------------------------------------------------------
-- Subscriptions: more options
---------------------------------------------------------------------------
SET migrate.compare = 'database';
SET client_min_messages = error;
SELECT mig_round_trip.check($$
CREATE SUBSCRIPTION regress_mig_s CONNECTION 'dbname=nowhere password=x' PUBLICATION p
    WITH (connect = false, slot_name = NONE, streaming = off)
$$, $$
CREATE SUBSCRIPTION regress_mig_s CONNECTION 'dbname=nowhere password=x' PUBLICATION p
    WITH (connect = false, slot_name = NONE, streaming = on, origin = none, password_required = false, run_as_owner = true)
$$);
DROP SUBSCRIPTION regress_mig_s;
SET client_min_messages = warning;
RESET migrate.compare;

DROP SCHEMA types, mig_round_trip CASCADE;
