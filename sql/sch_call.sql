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
-- what is written as before means one that has come, and is made anew
SELECT mig_round_trip.check($b$
CREATE FUNCTION any_of(x anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT x';
CREATE FUNCTION least_of(VARIADIC x int[]) RETURNS int LANGUAGE sql IMMUTABLE RETURN x[1];
CREATE TABLE t (x int DEFAULT any_of(1), CONSTRAINT c CHECK (any_of(x) > 0));
CREATE VIEW kept AS SELECT any_of('a'::text) AS a;
CREATE VIEW v AS SELECT any_of(5) AS a, any_of('b'::text) AS b;
CREATE VIEW w AS SELECT any_of(6) AS a, least_of(1, 2) AS b;
$b$, $b$
CREATE FUNCTION any_of(x anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT x';
CREATE FUNCTION any_of(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x + 1';
CREATE FUNCTION least_of(VARIADIC x int[]) RETURNS int LANGUAGE sql IMMUTABLE RETURN x[1];
CREATE FUNCTION least_of(x int, y int) RETURNS int LANGUAGE sql IMMUTABLE RETURN y;
CREATE TABLE t (x int DEFAULT any_of(1), CONSTRAINT c CHECK (any_of(x) > 0));
CREATE VIEW kept AS SELECT any_of('a'::text) AS a;
CREATE VIEW v AS SELECT any_of(5) AS a, any_of('b'::text) AS b;
CREATE VIEW w AS SELECT any_of(6) AS a, least_of(1, 2) AS b;
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
-- Casts that the model has, from or to a type of managed schemas or by a
-- function, are compared in any case; others go with what they are of alone
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE FUNCTION number_of(e) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT CASE WHEN $1 = 'a' THEN 1 ELSE 2 END$$;
CREATE CAST (e AS int) WITH FUNCTION number_of(e) AS IMPLICIT;
COMMENT ON CAST (e AS int) IS 'a is one';
CREATE FUNCTION lines_of(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (text AS int) WITH FUNCTION lines_of(text);
CREATE TABLE t (x e, y text);
CREATE VIEW v AS SELECT x + 1 AS n, y::int AS m FROM t;
$b$, $b$
CREATE TYPE e AS ENUM ('b', 'a');
CREATE FUNCTION number_of(e) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT CASE WHEN $1 = 'a' THEN 1 ELSE 2 END$$;
CREATE CAST (e AS int) WITH FUNCTION number_of(e) AS ASSIGNMENT;
COMMENT ON CAST (e AS int) IS 'a is not null';
CREATE FUNCTION lines_of(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2';
CREATE CAST (text AS int) WITH FUNCTION lines_of(text);
CREATE TABLE t (x e, y text);
CREATE VIEW v AS SELECT x::int + 1 AS n, y::int AS m FROM t;
$b$, rows => $b$INSERT INTO t VALUES ('a', 'x')$b$, reading => 'SELECT json_agg(v) FROM v');
-- values go by a cast that comes, though its function names the column
SELECT mig_round_trip.check($b$
CREATE TABLE t (status text);
$b$, $b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE FUNCTION status_of(status text) RETURNS e LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN CASE WHEN status = 'one' THEN 'a'::e ELSE 'b'::e END; END$$;
CREATE CAST (text AS e) WITH FUNCTION status_of(text);
CREATE TABLE t (status e);
$b$, rows => $b$INSERT INTO t VALUES ('one'), ('two')$b$, reading => 'SELECT json_agg(t) FROM t');
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE gone AS ENUM ('a', 'b');
CREATE CAST (varchar AS e) WITH INOUT AS IMPLICIT;
CREATE CAST (varchar AS gone) WITH INOUT AS IMPLICIT;
SELECT * FROM mig_round_trip.migrate_autogenerate_sql($$CREATE TYPE e AS ENUM ('a', 'b')$$, include => '{types}', qualify => false);
SELECT mig_round_trip.migrate_check($$CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE gone AS ENUM ('a', 'b')$$, include => '{types}');
SELECT mig_round_trip.migrate_check($$CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE gone AS ENUM ('a', 'b'); CREATE CAST (varchar AS e) WITH INOUT$$, include => '{types}');
SELECT mig_round_trip.migrate_check($$CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE gone AS ENUM ('a', 'b'); CREATE CAST (varchar AS e) WITH INOUT AS IMPLICIT; CREATE CAST (text AS gone) WITH INOUT$$, include => '{types}');
DROP TYPE e, gone CASCADE;

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
-- What holds what a function gave before it gives something else, also by
-- other transforms; the index of an exclusion constraint is one as others are
---------------------------------------------------------------------------
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
SELECT mig_round_trip.check($b$
CREATE FUNCTION other(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION turned(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE t (a int, CONSTRAINT x EXCLUDE USING btree (other(a) WITH =), CONSTRAINT k CHECK (turned(a) > 0));
$b$, $b$
CREATE FUNCTION other(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 % 2';
CREATE FUNCTION turned(int) RETURNS int TRANSFORM FOR TYPE int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE t (a int, CONSTRAINT x EXCLUDE USING btree (other(a) WITH =), CONSTRAINT k CHECK (turned(a) > 0));
$b$);
DROP TRANSFORM FOR int LANGUAGE sql;

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

---------------------------------------------------------------------------
-- What updates rows on conflict uses all columns, in routines and in rules
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE PROCEDURE same(x int) LANGUAGE sql BEGIN ATOMIC
    INSERT INTO t (id, a) VALUES (x, 1) ON CONFLICT (id) DO UPDATE SET a = excluded.a; END;
CREATE PROCEDURE other(x int) LANGUAGE sql BEGIN ATOMIC
    INSERT INTO t (id, a) VALUES (x, 1) ON CONFLICT (id) DO UPDATE SET a = excluded.a; END;
CREATE FUNCTION filled(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
CREATE TABLE u (id int DEFAULT filled(1));
CREATE RULE r AS ON INSERT TO u DO ALSO
    INSERT INTO t (id, a) VALUES (NEW.id, 1) ON CONFLICT (id) DO UPDATE SET a = excluded.a;
CREATE POLICY p ON t USING (b > 0);
$b$, $b$
CREATE TABLE t (id int PRIMARY KEY, a int, c int);
CREATE PROCEDURE same(x int) LANGUAGE sql BEGIN ATOMIC
    INSERT INTO t (id, a) VALUES (x, 1) ON CONFLICT (id) DO UPDATE SET a = excluded.a; END;
CREATE PROCEDURE other(x int) LANGUAGE sql BEGIN ATOMIC
    INSERT INTO t (id, a) VALUES (x, 2) ON CONFLICT (id) DO UPDATE SET a = excluded.a; END;
CREATE FUNCTION filled(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC
    INSERT INTO t (id, a) VALUES (x, 2) ON CONFLICT (id) DO UPDATE SET a = excluded.a RETURNING a; END;
CREATE FUNCTION new(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC
    INSERT INTO t (id, a) VALUES (x, 3) ON CONFLICT (id) DO UPDATE SET a = excluded.a RETURNING a; END;
CREATE TABLE u (id int DEFAULT filled(1));
CREATE RULE r AS ON INSERT TO u DO ALSO
    INSERT INTO t (id, a) VALUES (NEW.id, 2) ON CONFLICT (id) DO UPDATE SET a = excluded.a;
CREATE POLICY p ON t USING (a > 0);
$b$);

---------------------------------------------------------------------------
-- What is altered otherwise, and names a routine that is another one
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE FUNCTION norm(x text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(x)';
CREATE FUNCTION old(x text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE DOMAIN d AS text DEFAULT norm('D') CHECK (norm(VALUE) <> 'q');
CREATE TABLE t (a text, b text);
CREATE INDEX i ON t (norm(a));
CREATE STATISTICS s ON norm(a), b FROM t;
CREATE VIEW v AS SELECT norm(a)::text AS n FROM t;
CREATE POLICY p ON t TO PUBLIC USING (norm(a) IS NOT NULL);
CREATE POLICY q ON t TO PUBLIC USING (norm(a) IS NOT NULL) WITH CHECK (old(a));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (norm(NEW.a) IS NULL) EXECUTE FUNCTION f();
CREATE RULE r AS ON DELETE TO t WHERE norm(OLD.a) IS NULL DO INSTEAD NOTHING;
$b$, $b$
CREATE FUNCTION norm(x text, n int DEFAULT 1) RETURNS varchar LANGUAGE sql IMMUTABLE AS 'SELECT lower(x)';
CREATE DOMAIN d AS text DEFAULT norm('D') CHECK (norm(VALUE) <> 'q');
CREATE TABLE t (a text, b text);
CREATE INDEX i ON t (norm(a)) WITH (fillfactor = 70);
CREATE STATISTICS s ON norm(a), b FROM t;
ALTER STATISTICS s SET STATISTICS 50;
CREATE VIEW v WITH (security_barrier) AS SELECT norm(a)::text AS n FROM t;
CREATE POLICY p ON t TO CURRENT_USER USING (norm(a) IS NOT NULL);
CREATE POLICY q ON t TO PUBLIC USING (norm(a) IS NOT NULL) WITH CHECK (a > '');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (norm(NEW.a) IS NULL) EXECUTE FUNCTION f();
ALTER TABLE t DISABLE TRIGGER g;
CREATE RULE r AS ON DELETE TO t WHERE norm(OLD.a) IS NULL DO INSTEAD NOTHING;
ALTER TABLE t ENABLE ALWAYS RULE r;
$b$);

---------------------------------------------------------------------------
-- A function, a procedure and an aggregate take each other's names
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE FUNCTION x(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE PROCEDURE y(int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE z(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE AGGREGATE everything(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE within(float8 ORDER BY anyelement)
    (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE TABLE t (a int DEFAULT x(1));
CREATE VIEW v AS SELECT z(a) AS s, everything(*) AS n FROM t;
$b$, $b$
CREATE PROCEDURE x(int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE y(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE FUNCTION z(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION everything() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION within(float8, anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT $2';
CREATE TABLE t (a int DEFAULT z(1));
CREATE VIEW v AS SELECT y(a) AS s, everything() AS n FROM t;
$b$);

---------------------------------------------------------------------------
-- Expressions of routines that are written with a new cast
---------------------------------------------------------------------------
SET migrate.compare = 'database';
SELECT mig_round_trip.check($b$
CREATE TYPE a AS (x int);
CREATE TYPE b AS (y int);
$b$, $b$
CREATE TYPE a AS (x int);
CREATE TYPE b AS (y int);
CREATE FUNCTION least_b() RETURNS b LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT ROW(0)::b; END;
CREATE FUNCTION b_of(a) RETURNS b LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT COALESCE(ROW(($1).x)::b, least_b()); END;
CREATE CAST (a AS b) WITH FUNCTION b_of(a);
CREATE FUNCTION arrives(v a) RETURNS b LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT v::b; END;
CREATE FUNCTION asks(v b DEFAULT ROW(1)::a::b) RETURNS int LANGUAGE sql AS 'SELECT 1';
$b$);
RESET migrate.compare;

---------------------------------------------------------------------------
-- Expressions with a row of a table that has more columns by then, or fewer
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE pair (a int, b int, c text);
CREATE FUNCTION least_of(pair) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE t (id int, p pair DEFAULT ROW(1, 2, 'x')::pair, n int CHECK (n <> (ROW(n, 2, 'x')::pair).a));
CREATE INDEX t_least ON t (least_of(ROW(id, 2, 'x')::pair));
CREATE VIEW shown AS SELECT ROW(id, 2, 'x')::pair AS p FROM t;
CREATE FUNCTION made() RETURNS pair LANGUAGE sql BEGIN ATOMIC SELECT ROW(1, 2, 'x')::pair; END;
$b$, $b$
CREATE TABLE pair (a int, b int);
CREATE FUNCTION least_of(pair) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE t (id int, p pair DEFAULT ROW(1, 2)::pair, n int CHECK (n <> (ROW(n, 2)::pair).a));
CREATE INDEX t_least ON t (least_of(ROW(id, 2)::pair));
CREATE VIEW shown AS SELECT ROW(id, 2)::pair AS p FROM t;
CREATE FUNCTION made() RETURNS pair LANGUAGE sql BEGIN ATOMIC SELECT ROW(1, 2)::pair; END;
$b$, rows => 'INSERT INTO t (id) VALUES (1)', reading => 'SELECT array_agg(id) FROM t');

DROP SCHEMA types, mig_round_trip CASCADE;
