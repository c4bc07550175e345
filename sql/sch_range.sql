--
-- Ranges and base types in generated scripts, there and back
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- Ranges
---------------------------------------------------------------------------
-- range change
SELECT mig_round_trip.check($b$
CREATE TYPE r AS RANGE (subtype = float8, multirange_type_name = mr);
COMMENT ON TYPE r IS 'range';
CREATE TABLE t (x r DEFAULT r(1,2), y mr, z r[], zz mr[], CHECK (x <> r(3,4)));
CREATE INDEX ON t USING gist (x);
CREATE FUNCTION f(r) RETURNS float8 LANGUAGE sql AS 'SELECT lower($1)';
CREATE VIEW v AS SELECT r(1,2) AS a, mr(r(1,3)) AS b;
$b$, $b$
CREATE TYPE r AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = mr);
COMMENT ON TYPE r IS 'range';
CREATE TABLE t (x r DEFAULT r(1,2), y mr, z r[], zz mr[], CHECK (x <> r(3,4)));
CREATE INDEX ON t USING gist (x);
CREATE FUNCTION f(r) RETURNS float8 LANGUAGE sql AS 'SELECT lower($1)';
CREATE VIEW v AS SELECT r(1,2) AS a, mr(r(1,3)) AS b;
$b$, rows => $b$
INSERT INTO t VALUES ('[1,4]', '{[1,2],[3,4]}', array[r(1,2)], '{}');
$b$, reading => $b$
SELECT array_agg(t) FROM t
$b$);
-- range text
SELECT mig_round_trip.check($b$
CREATE TYPE "R r" AS RANGE (subtype = text, collation = "C");
CREATE TABLE t (x "R r");
$b$, $b$
CREATE TYPE "R r" AS RANGE (subtype = varchar, subtype_opclass = varchar_pattern_ops, multirange_type_name = "M m");
CREATE TABLE t (x "R r", y "M m");
$b$, rows => $b$
INSERT INTO t VALUES ('[a,b]');
$b$);
-- range drop
SELECT mig_round_trip.check($b$
CREATE TYPE r AS RANGE (subtype = int);
CREATE FUNCTION f(r) RETURNS int LANGUAGE sql AS 'SELECT lower($1)';
CREATE TABLE t (x r);
$b$, $b$
CREATE TABLE t (x text);
$b$);
-- a function of a range changes, while the range that has it is replaced
SELECT mig_round_trip.check($b$
CREATE FUNCTION d(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE r AS RANGE (subtype = float8, subtype_diff = d);
CREATE TABLE t (x r);
$b$, $b$
CREATE FUNCTION d(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 - $2';
CREATE TYPE r AS RANGE (subtype = float8, subtype_diff = d, multirange_type_name = mr);
CREATE TABLE t (x r);
$b$, rows => $b$
INSERT INTO t VALUES ('[1,4]');
$b$);
-- range canonical
SELECT mig_round_trip.check($b$
CREATE TABLE z (i int);
$b$, $b$
CREATE TYPE r;
CREATE FUNCTION canon(r) RETURNS r LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE FUNCTION sd(int, int) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT ($1 - $2)::float8';
CREATE TYPE r AS RANGE (subtype = int, canonical = canon, subtype_diff = sd);
COMMENT ON TYPE r IS 'rr';
CREATE TABLE z (i int, x r DEFAULT '[1,2]');
$b$);
---------------------------------------------------------------------------
-- Base types and shells
---------------------------------------------------------------------------
-- base type change
SELECT mig_round_trip.check($b$
CREATE TYPE b;
CREATE FUNCTION bin(cstring) RETURNS b LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION bout(b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE b (input = bin, output = bout, internallength = 4, passedbyvalue, alignment = int4, default = '3');
CREATE DOMAIN db AS b;
CREATE FUNCTION f(b) RETURNS int LANGUAGE sql AS 'SELECT 1';
$b$, $b$
CREATE TYPE b;
CREATE FUNCTION bin(cstring) RETURNS b LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION bout(b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE b (input = bin, output = bout, internallength = 4, passedbyvalue, alignment = int4, default = '4');
CREATE DOMAIN db AS b;
CREATE FUNCTION f(b) RETURNS int LANGUAGE sql AS 'SELECT 1';
$b$);
---------------------------------------------------------------------------
-- A base type that columns have cannot be replaced
---------------------------------------------------------------------------
CREATE TYPE b;
CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE b (input = b_in, output = b_out, internallength = 4, passedbyvalue, alignment = int4);
CREATE TABLE t (x b);
SELECT mig_round_trip.migrate_autogenerate_sql($b$
CREATE TYPE b;
CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE b (input = b_in, output = b_out, internallength = 4, passedbyvalue, alignment = int4, default = '1');
CREATE TABLE t (x b);
$b$, include => '{types}');	-- fails

DROP SCHEMA types, mig_round_trip CASCADE;
