--
-- Calls that might mean another routine, and casts that are written
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

-- a default makes f(1) the call of either
SELECT mig_round_trip.check($b$
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (x int DEFAULT f(1), CONSTRAINT c CHECK (f(x) > 0));
CREATE VIEW v AS SELECT f(1) AS a;
$b$, $b$
CREATE FUNCTION f(a int, b int DEFAULT 0) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE TABLE t (x int DEFAULT f(1) + 1, CONSTRAINT c CHECK (f(x) > 1));
CREATE VIEW v AS SELECT f(1) AS a, 2 AS b;
$b$, rows => 'INSERT INTO t VALUES (2)');
-- so do arguments of any type, and of any number
SELECT mig_round_trip.check($b$
CREATE FUNCTION f(a anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (x int DEFAULT f(1));
$b$, $b$
CREATE FUNCTION f(a anycompatible, VARIADIC b text[] DEFAULT '{}') RETURNS anycompatible LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (x int DEFAULT f(2));
$b$, rows => 'INSERT INTO t VALUES (2)');
-- where a call says which one it means, what has it is altered in place
SELECT mig_round_trip.check($b$
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (x int DEFAULT f(1));
$b$, $b$
CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE TABLE t (x int DEFAULT f(1, 2));
$b$, rows => 'INSERT INTO t VALUES (2)');

-- nothing depends on a cast, and what is written with it needs it
SET migrate.compare = 'database';
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE c AS (x int);
$b$, $b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE c AS (x int);
CREATE FUNCTION to_int(e) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT CASE WHEN $1 = 'a' THEN 1 ELSE 2 END$$;
CREATE CAST (e AS int) WITH FUNCTION to_int(e);
CREATE CAST (c AS int) WITH INOUT;
CREATE TABLE t (x e, g int GENERATED ALWAYS AS (x::int) STORED, CONSTRAINT k CHECK (x::int > 0));
CREATE TABLE t2 (y c, CONSTRAINT k CHECK (y::int IS NOT NULL));
CREATE VIEW v AS SELECT x::int AS a FROM t;
$b$);
RESET migrate.compare;

---------------------------------------------------------------------------
-- What a check calls may run while the table is rewritten: what its old body
-- names is there as long as it has that
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE FUNCTION old_part(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TEXT SEARCH CONFIGURATION old_words (COPY = simple);
CREATE FUNCTION words(text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN to_tsvector('old_words', old_part($1)); END$$;
CREATE TABLE t (a text, CONSTRAINT k CHECK (words(a) IS NOT NULL));
$b$, $b$
CREATE FUNCTION new_part(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TEXT SEARCH CONFIGURATION new_words (COPY = simple);
CREATE FUNCTION words(text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN to_tsvector('new_words', new_part($1)); END$$;
CREATE TABLE t (a varchar, CONSTRAINT k CHECK (words(a) IS NOT NULL));
$b$, rows => $b$INSERT INTO t VALUES ('x')$b$);

---------------------------------------------------------------------------
-- Routines that are made anew while values are of a type that calls them
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE FUNCTION less(x float8, y float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT x - y';
CREATE TYPE span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = less);
CREATE FUNCTION usual() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 7';
CREATE DOMAIN number AS int DEFAULT usual();
CREATE TABLE t (s span, n number, m number[] DEFAULT ARRAY[usual()]);
$b$, $b$
CREATE FUNCTION less(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = less);
CREATE FUNCTION usual() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 8::bigint';
CREATE DOMAIN number AS bigint DEFAULT usual();
CREATE TABLE t (s span, n number, m number[] DEFAULT ARRAY[usual()]);
$b$, rows => $b$INSERT INTO t VALUES ('[1,2)')$b$, reading => 'SELECT t::text FROM t');

---------------------------------------------------------------------------
-- A body that the server looks into gives rows that lose a column
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int, b int);
CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t WHERE b > 0; END;
CREATE VIEW v AS SELECT a FROM f();
$b$, $b$
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t WHERE a > 0; END;
CREATE VIEW v AS SELECT a FROM f();
$b$);

DROP SCHEMA types, mig_round_trip CASCADE;
