--
-- What PostgreSQL 19 adds, in generated scripts, there and back
--
-- Older servers end it at once: expected/sch_pg19_1.out, until there are none.
--
SELECT current_setting('server_version_num')::int < 190000 AS older \gset
\if :older
\quit
\endif
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- Publications: without tables, with sequences
---------------------------------------------------------------------------
SET migrate.compare = 'database';
SELECT mig_round_trip.check($$
CREATE TABLE t ();
CREATE TABLE v ();
CREATE PUBLICATION regress_mig_p FOR ALL TABLES
$$, $$
CREATE TABLE t ();
CREATE TABLE v ();
CREATE PUBLICATION regress_mig_p FOR ALL TABLES EXCEPT (TABLE t, v);
CREATE PUBLICATION regress_mig_s FOR ALL TABLES, ALL SEQUENCES
$$);
DROP PUBLICATION regress_mig_p;

---------------------------------------------------------------------------
-- Subscriptions: more options
---------------------------------------------------------------------------
SET client_min_messages = error;
SELECT mig_round_trip.check('CREATE TABLE t ()', $$
CREATE TABLE t ();
CREATE SUBSCRIPTION regress_mig_s CONNECTION 'dbname=nowhere' PUBLICATION p
    WITH (connect = false, slot_name = NONE, retain_dead_tuples = true, max_retention_duration = 500, wal_receiver_timeout = '10s')
$$);
-- of a foreign server, whose wrapper says how to connect
SELECT mig_round_trip.check($$
CREATE FUNCTION connection(oid, oid, internal) RETURNS text LANGUAGE internal AS 'pg_size_pretty';
CREATE FOREIGN DATA WRAPPER regress_mig_w;
$$, $$
CREATE FUNCTION connection(oid, oid, internal) RETURNS text LANGUAGE internal AS 'pg_size_pretty';
CREATE FOREIGN DATA WRAPPER regress_mig_w CONNECTION connection;
CREATE SERVER regress_mig_far FOREIGN DATA WRAPPER regress_mig_w;
$$);
DROP FOREIGN DATA WRAPPER regress_mig_w CASCADE;
-- foreign tables cannot alter whether a check is enforced
SELECT mig_round_trip.check($$
CREATE FOREIGN DATA WRAPPER regress_mig_w;
CREATE SERVER regress_mig_s FOREIGN DATA WRAPPER regress_mig_w;
CREATE FOREIGN TABLE f (a int CONSTRAINT k CHECK (a > 0) NOT ENFORCED) SERVER regress_mig_s
$$, $$
CREATE FOREIGN DATA WRAPPER regress_mig_w;
CREATE SERVER regress_mig_s FOREIGN DATA WRAPPER regress_mig_w;
CREATE FOREIGN TABLE f (a int CONSTRAINT k CHECK (a > 0)) SERVER regress_mig_s
$$);
DROP FOREIGN DATA WRAPPER regress_mig_w CASCADE;
SET client_min_messages = warning;
RESET migrate.compare;

---------------------------------------------------------------------------
-- Checks that are enforced from now on, in place
---------------------------------------------------------------------------
SELECT mig_round_trip.check('CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0) NOT ENFORCED)',
    'CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0))', rows => 'INSERT INTO t VALUES (1)');

---------------------------------------------------------------------------
-- Statistics on generated columns that are not stored
---------------------------------------------------------------------------
SELECT mig_round_trip.check('CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)', $$
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL);
CREATE STATISTICS s ON a, b FROM t
$$);

---------------------------------------------------------------------------
-- Aggregates with a support function, settings that are empty lists
---------------------------------------------------------------------------
SELECT mig_round_trip.check($$
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int)
$$, $$
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, SUPPORT = window_row_number_support);
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET temp_tablespaces TO NULL RETURN 1
$$);

DROP SCHEMA types, mig_round_trip CASCADE;
