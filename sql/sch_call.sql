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
-- What an index calls may run while the table is rewritten: what its old body
-- names is there as long as it has that
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE FUNCTION old_part(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TEXT SEARCH CONFIGURATION old_words (COPY = simple);
CREATE FUNCTION words(text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN to_tsvector('old_words', old_part($1)); END$$;
CREATE TABLE t (a text);
CREATE INDEX i ON t USING gin (words(a));
$b$, $b$
CREATE FUNCTION new_part(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TEXT SEARCH CONFIGURATION new_words (COPY = simple);
CREATE FUNCTION words(text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN to_tsvector('new_words', new_part($1)); END$$;
CREATE TABLE t (a varchar);
CREATE INDEX i ON t USING gin (words(a));
$b$, rows => $b$INSERT INTO t VALUES ('x')$b$);

DROP SCHEMA types, mig_round_trip CASCADE;
