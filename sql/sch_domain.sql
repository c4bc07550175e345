--
-- Domains in generated scripts, there and back
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- In place, and replaced
---------------------------------------------------------------------------
-- domain all
SELECT mig_round_trip.check($b$
CREATE DOMAIN d AS varchar(10) DEFAULT 'x' CONSTRAINT a CHECK (VALUE <> 'q') CONSTRAINT b CHECK (length(VALUE) < 9);
COMMENT ON DOMAIN d IS 'dom'; COMMENT ON CONSTRAINT a ON DOMAIN d IS 'c a';
CREATE TABLE t (x d, y d);
$b$, $b$
CREATE DOMAIN d AS varchar(10) DEFAULT upper('y') NOT NULL CONSTRAINT a CHECK (VALUE <> 'r') CONSTRAINT bb CHECK (length(VALUE) < 9);
ALTER DOMAIN d ADD CONSTRAINT nv CHECK (VALUE <> 'nv') NOT VALID;
COMMENT ON DOMAIN d IS 'dom2'; COMMENT ON CONSTRAINT a ON DOMAIN d IS 'c a2'; COMMENT ON CONSTRAINT nv ON DOMAIN d IS 'nv';
CREATE TABLE t (x d, y d);
$b$, rows => $b$
INSERT INTO t VALUES ('a','b');
$b$);
-- domain validate
SELECT mig_round_trip.check($b$
CREATE DOMAIN d AS int;
ALTER DOMAIN d ADD CONSTRAINT nv CHECK (VALUE <> 3) NOT VALID;
CREATE TABLE t (x d);
$b$, $b$
CREATE DOMAIN d AS int CONSTRAINT nv CHECK (VALUE <> 3);
CREATE TABLE t (x d);
$b$);
-- rename constraint domain
SELECT mig_round_trip.check($b$
CREATE DOMAIN d AS int CONSTRAINT "A b" CHECK (VALUE > 0);
CREATE TABLE t (x d);
$b$, $b$
CREATE DOMAIN d AS int CONSTRAINT "B b" CHECK (VALUE > 0);
CREATE TABLE t (x d);
$b$);
-- domain base
SELECT mig_round_trip.check($b$
CREATE DOMAIN d AS int DEFAULT 3 CHECK (VALUE > 0);
CREATE TABLE t (x d, y d[], CHECK (x < 10));
CREATE DOMAIN dd AS d CHECK (VALUE > 1);
CREATE TABLE t2 (x dd);
$b$, $b$
CREATE DOMAIN d AS numeric(10,2) DEFAULT 3 CHECK (VALUE > 0);
CREATE TABLE t (x d, y d[], CHECK (x < 10));
CREATE DOMAIN dd AS d CHECK (VALUE > 1);
CREATE TABLE t2 (x dd);
$b$, rows => $b$
INSERT INTO t VALUES (3, '{3,4}'); INSERT INTO t2 VALUES (3);
$b$, reading => $b$
SELECT array_agg(t) FROM t
$b$);
-- domain nested check
SELECT mig_round_trip.check($b$
CREATE DOMAIN d AS int;
CREATE TYPE c AS (x d);
CREATE TABLE t (a d[], b c);
$b$, $b$
CREATE DOMAIN d AS int NOT NULL CHECK (VALUE > 0);
CREATE TYPE c AS (x d);
CREATE TABLE t (a d[], b c);
$b$, rows => $b$
INSERT INTO t VALUES ('{3}', '(4)');
$b$);
-- domain function
SELECT mig_round_trip.check($b$
CREATE FUNCTION ok(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
CREATE DOMAIN d AS text CONSTRAINT k CHECK (ok(VALUE));
CREATE FUNCTION def() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE DOMAIN e AS text DEFAULT def();
CREATE TABLE t (x d, y e);
$b$, $b$
CREATE FUNCTION ok(a text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
CREATE DOMAIN d AS text CONSTRAINT k CHECK (ok(VALUE));
CREATE FUNCTION def() RETURNS varchar LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE DOMAIN e AS text DEFAULT def();
CREATE TABLE t (x d, y e);
$b$);
-- domain drop used by function
SELECT mig_round_trip.check($b$
CREATE DOMAIN d AS int;
CREATE FUNCTION f(d, VARIADIC d[]) RETURNS TABLE (a d, b d[]) LANGUAGE sql AS 'SELECT 1::d, NULL::d[]';
CREATE FUNCTION g(OUT x d) LANGUAGE sql AS 'SELECT 1::d';
CREATE TABLE t (x d DEFAULT 3);
CREATE RULE ru AS ON INSERT TO t DO ALSO SELECT NEW.x;
$b$, $b$
CREATE DOMAIN d AS bigint;
CREATE FUNCTION f(d, VARIADIC d[]) RETURNS TABLE (a d, b d[]) LANGUAGE sql AS 'SELECT 1::d, NULL::d[]';
CREATE FUNCTION g(OUT x d) LANGUAGE sql AS 'SELECT 1::d';
CREATE TABLE t (x d DEFAULT 3);
CREATE RULE ru AS ON INSERT TO t DO ALSO SELECT NEW.x;
$b$, rows => $b$
INSERT INTO t VALUES (1);
$b$);
-- converge domain
SELECT mig_round_trip.check($b$
CREATE TABLE z (i int);
$b$, $b$
CREATE DOMAIN d AS varchar(10) DEFAULT lower('X') CHECK (VALUE IN ('a', 'b')) CHECK (VALUE ~ '^a' OR VALUE::text LIKE 'b%');
CREATE TABLE z (i int, x d, CHECK (x IN ('a','c')));
$b$);
-- a domain goes, and the type that it is over becomes another
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('x', 'y');
CREATE DOMAIN d AS e;
CREATE TYPE c AS (v d, n int);
CREATE TABLE t (id int, a d, b e, c c, d d[]);
$b$, $b$
CREATE TYPE e AS ENUM ('x');
CREATE TABLE t (id int, a e, b e, c text, d e[]);
$b$, rows => $b$
INSERT INTO t VALUES (1, 'x', 'x', '(x,1)', '{x}');
$b$, reading => $b$
SELECT array_agg(t) FROM t
$b$);
-- what asks for the negator of an operator
SELECT mig_round_trip.check($b$
CREATE TYPE cx AS (r int, i int);
CREATE FUNCTION eq(cx, cx) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.r = $2.r';
CREATE FUNCTION ne(cx, cx) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.r <> $2.r';
CREATE OPERATOR === (LEFTARG = cx, RIGHTARG = cx, FUNCTION = eq);
CREATE TABLE t (a cx);
CREATE VIEW v AS SELECT a FROM t WHERE a === '(1,2)';
$b$, $b$
CREATE TYPE cx AS (r int, i int);
CREATE FUNCTION eq(cx, cx) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.r = $2.r';
CREATE FUNCTION ne(cx, cx) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.r <> $2.r';
CREATE OPERATOR === (LEFTARG = cx, RIGHTARG = cx, FUNCTION = eq, COMMUTATOR = ===, NEGATOR = !==);
CREATE OPERATOR !== (LEFTARG = cx, RIGHTARG = cx, FUNCTION = ne, COMMUTATOR = !==, NEGATOR = ===);
CREATE TABLE t (a cx, CHECK (a !== '(0,0)'));
CREATE VIEW v AS SELECT a FROM t WHERE a === '(1,2)';
$b$, rows => $b$
INSERT INTO t VALUES ('(1,2)');
$b$);

-- a constraint comes back with what it calls, while the domain is within others
SELECT mig_round_trip.check($b$
CREATE FUNCTION ok(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > ''a''';
CREATE DOMAIN d AS text CONSTRAINT good CHECK (ok(VALUE));
CREATE TABLE t (id int, a d, b d[]);
$b$, $b$
CREATE FUNCTION ok(text, n int DEFAULT 1) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > ''a''';
CREATE DOMAIN d AS text CONSTRAINT good CHECK (ok(VALUE));
CREATE TABLE t (id int, a d, b d[]);
$b$, rows => $b$
INSERT INTO t VALUES (1, 'x', '{y}');
$b$);

-- numbers with a fraction become whole ones within rows, by a cast
SELECT mig_round_trip.check($b$
CREATE TYPE rate AS (p numeric(5,2), label text, q boolean);
CREATE DOMAIN pct AS numeric(5,2);
CREATE TYPE share AS (p pct, label varchar(5));
CREATE TABLE t (id int, r rate, s share);
$b$, $b$
CREATE TYPE rate AS (label text, p int, q int);
CREATE DOMAIN pct AS int CHECK (VALUE > 1);
CREATE TYPE share AS (p pct, label text);
CREATE TABLE t (id int, r rate, s share);
$b$, rows => $b$
INSERT INTO t VALUES (1, ROW(3, 'a', true), ROW(4, 'b')), (2, NULL, NULL);
$b$, reading => 'SELECT json_agg(t ORDER BY id) FROM t');

-- what becomes of the values is that of the base types; a domain that takes less is no reason to cut
SELECT mig_round_trip.check($b$
CREATE DOMAIN moment AS timestamptz;
CREATE DOMAIN later AS moment;
CREATE DOMAIN size AS numeric;
CREATE DOMAIN code AS varchar(9);
CREATE DOMAIN no AS int;
CREATE DOMAIN sharp AS timestamptz(6);
CREATE DOMAIN place AS bigint CHECK (VALUE > 0);
CREATE TABLE t (a moment, b moment[], c later, d size, e size[], f code DEFAULT 'x', g no, i timestamptz, j moment, k place, m size);
CREATE TABLE u (a sharp);
$b$, $b$
CREATE DOMAIN moment AS date;
CREATE DOMAIN later AS moment;
CREATE DOMAIN size AS int;
CREATE DOMAIN code AS varchar(5);
CREATE DOMAIN no AS bigint;
CREATE DOMAIN sharp AS timestamptz;
CREATE DOMAIN place AS int CHECK (VALUE > 0);
CREATE TABLE t (a moment, b moment[], c later, d size, e size[], f code DEFAULT 'x', g no, i moment, j date, k place, m int);
CREATE TABLE u (a sharp);
$b$, rows => $b$
INSERT INTO t VALUES ('2026-11-30 00:00+00', '{2026-11-30 00:00+00}', '2026-11-30 00:00+00', 3, '{4}', 'abcde', 6, '2026-11-30 00:00+00', '2026-11-30 00:00+00', 7, 8);
INSERT INTO u VALUES (NULL);
$b$, reading => 'SELECT json_agg(t) FROM t');

-- rows get the default of a domain, and what is not NULL needs no other
SELECT mig_round_trip.check($b$
CREATE DOMAIN d AS int DEFAULT 7;
CREATE TABLE t (id int);
$b$, $b$
CREATE DOMAIN d AS int DEFAULT 7;
CREATE TABLE t (id int, a d NOT NULL, b d DEFAULT NULL, c numeric(5,2) DEFAULT NULL::numeric);
$b$, rows => $b$
INSERT INTO t VALUES (1), (2);
$b$, reading => 'SELECT json_agg(t ORDER BY id) FROM t');

DROP SCHEMA types, mig_round_trip CASCADE;
