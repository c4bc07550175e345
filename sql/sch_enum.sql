--
-- Enumerated types in generated scripts, there and back
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- Labels are added in place, each where it belongs
---------------------------------------------------------------------------
-- enum add positions
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('b', 'd');
CREATE TABLE t (id int, x e DEFAULT 'b');
$b$, $b$
CREATE TYPE e AS ENUM ('a0', 'a1', 'b', 'c', 'd', 'it''s', 'f\g');
CREATE TABLE t (id int, x e DEFAULT 'b');
$b$, rows => $b$
INSERT INTO t VALUES (1,'b'),(2,'d');
$b$);
-- enum not used lookalike
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('b');
CREATE TABLE t (id int, c text DEFAULT 'c', x e, CHECK (c <> 'c'));
$b$, $b$
CREATE TYPE e AS ENUM ('b', 'c');
CREATE TABLE t (id int, c text DEFAULT 'c', x e, CHECK (c <> 'c'));
$b$);
-- enum plpgsql body
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (x e);
CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE v e := 'a'; BEGIN RETURN 1; END $$;
$b$, $b$
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (x e);
CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE v e := 'c'; BEGIN RETURN 1; END $$;
$b$);
---------------------------------------------------------------------------
-- A label that goes or that moves: the type is replaced
---------------------------------------------------------------------------
-- enum remove
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a', 'b', 'c');
COMMENT ON TYPE e IS 'an enum';
CREATE TABLE t (id int, x e DEFAULT 'a' NOT NULL, y e[]);
$b$, $b$
CREATE TYPE e AS ENUM ('b', 'a');
COMMENT ON TYPE e IS 'an enum';
CREATE TABLE t (id int, x e DEFAULT 'a' NOT NULL, y e[]);
$b$, rows => $b$
INSERT INTO t VALUES (1,'b','{a,b}');
$b$, reading => $b$
SELECT array_agg(t) FROM t
$b$);
-- enum remove deep2
SELECT mig_round_trip.check($b$
CREATE TYPE "E e" AS ENUM ('a', 'b', 'c');
CREATE DOMAIN d AS "E e" DEFAULT 'a' CHECK (VALUE <> 'c');
CREATE TYPE comp AS (x "E e", y d, n int);
COMMENT ON COLUMN comp.n IS 'number';
CREATE TYPE r AS RANGE (subtype = "E e", multirange_type_name = mr);
CREATE TABLE t (id int, x "E e" DEFAULT 'b', y d, z comp, zz comp[], r1 r, m mr, yy d[]);
CREATE VIEW v AS SELECT x, (z).x AS zx FROM t WHERE y::text = 'a';
CREATE FUNCTION f("E e") RETURNS r LANGUAGE sql AS 'SELECT r($1, $1)';
$b$, $b$
CREATE TYPE "E e" AS ENUM ('a', 'b', 'n');
CREATE DOMAIN d AS "E e" DEFAULT 'a' CHECK (VALUE <> 'n');
CREATE TYPE comp AS (x "E e", y d, n int);
COMMENT ON COLUMN comp.n IS 'number';
CREATE TYPE r AS RANGE (subtype = "E e", multirange_type_name = mr);
CREATE TABLE t (id int, x "E e" DEFAULT 'b', y d, z comp, zz comp[], r1 r, m mr, yy d[]);
CREATE VIEW v AS SELECT x, (z).x AS zx FROM t WHERE y::text = 'a';
CREATE FUNCTION f("E e") RETURNS r LANGUAGE sql AS 'SELECT r($1, $1)';
$b$, rows => $b$
INSERT INTO t VALUES (1,'b','a',row('b','a',3)::comp, array[row('b','a',3)::comp], '[a,b]', '{[a,b]}', '{a,b}');
$b$, reading => $b$
SELECT array_agg(t) FROM t
$b$);
-- enum generated
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE FUNCTION g(e) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT CASE $1 WHEN 'a' THEN 'x' ELSE 'y' END $$;
CREATE TABLE t (id int, x e, gx boolean GENERATED ALWAYS AS (x = 'a') STORED, gy text GENERATED ALWAYS AS (g(x)) STORED);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (x = 'a');
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE OF x ON t FOR EACH ROW WHEN (NEW.x = 'a') EXECUTE FUNCTION tf();
CREATE STATISTICS st ON id, x FROM t;
$b$, $b$
CREATE TYPE e AS ENUM ('b', 'a');
CREATE FUNCTION g(e) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT CASE $1 WHEN 'a' THEN 'x' ELSE 'y' END $$;
CREATE TABLE t (id int, x e, gx boolean GENERATED ALWAYS AS (x = 'a') STORED, gy text GENERATED ALWAYS AS (g(x)) STORED);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (x = 'a');
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE OF x ON t FOR EACH ROW WHEN (NEW.x = 'a') EXECUTE FUNCTION tf();
CREATE STATISTICS st ON id, x FROM t;
$b$, rows => $b$
INSERT INTO t VALUES (1,'a');
$b$, reading => $b$
SELECT array_agg(t) FROM t
$b$);
-- enum in aggregate
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE FUNCTION sf(e, e) RETURNS e LANGUAGE sql AS 'SELECT $2';
CREATE AGGREGATE agg(e) (sfunc = sf, stype = e, initcond = 'a');
CREATE TABLE t (x e, PRIMARY KEY (x));
CREATE TABLE u (y e REFERENCES t, EXCLUDE (y WITH =));
CREATE MATERIALIZED VIEW m AS SELECT agg(x) FROM t;
CREATE PROCEDURE p(INOUT z e) LANGUAGE sql BEGIN ATOMIC SELECT z; END;
$b$, $b$
CREATE TYPE e AS ENUM ('c', 'b');
CREATE FUNCTION sf(e, e) RETURNS e LANGUAGE sql AS 'SELECT $2';
CREATE AGGREGATE agg(e) (sfunc = sf, stype = e, initcond = 'c');
CREATE TABLE t (x e, PRIMARY KEY (x));
CREATE TABLE u (y e REFERENCES t, EXCLUDE (y WITH =));
CREATE MATERIALIZED VIEW m AS SELECT agg(x) FROM t;
CREATE PROCEDURE p(INOUT z e) LANGUAGE sql BEGIN ATOMIC SELECT z; END;
$b$, rows => $b$
INSERT INTO t VALUES ('b'); INSERT INTO u VALUES ('b');
$b$, reading => $b$
SELECT * FROM t
$b$);
---------------------------------------------------------------------------
-- Keys of partitions: they are attached to a new parent
---------------------------------------------------------------------------
-- enum partition key deep
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int, x e DEFAULT 'a', n serial, PRIMARY KEY (id, x)) PARTITION BY LIST (x);
COMMENT ON TABLE t IS 'parent';
CREATE INDEX ti ON t (n);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a') PARTITION BY RANGE (id);
CREATE TABLE t11 PARTITION OF t1 FOR VALUES FROM (1) TO (10);
CREATE TABLE t2 PARTITION OF t DEFAULT;
CREATE TABLE f (id int, x e, FOREIGN KEY (id, x) REFERENCES t);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
$b$, $b$
CREATE TYPE e AS ENUM ('b', 'a');
CREATE TABLE t (id int, x e DEFAULT 'a', n serial, PRIMARY KEY (id, x)) PARTITION BY LIST (x);
COMMENT ON TABLE t IS 'parent';
CREATE INDEX ti ON t (n);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a') PARTITION BY RANGE (id);
CREATE TABLE t11 PARTITION OF t1 FOR VALUES FROM (1) TO (10);
CREATE TABLE t2 PARTITION OF t DEFAULT;
CREATE TABLE f (id int, x e, FOREIGN KEY (id, x) REFERENCES t);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
$b$, rows => $b$
INSERT INTO t VALUES (1,'a'),(2,'b'); INSERT INTO f VALUES (1,'a');
$b$, reading => $b$
SELECT array_agg(t) FROM t
$b$);
---------------------------------------------------------------------------
-- One sort of type becomes another
---------------------------------------------------------------------------
-- enum kind change
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int, x e, y e[]);
CREATE FUNCTION f(e) RETURNS int LANGUAGE sql AS 'SELECT 1';
$b$, $b$
CREATE DOMAIN e AS text CHECK (VALUE IN ('a', 'b'));
CREATE TABLE t (id int NOT NULL, x e, y e[]);
CREATE FUNCTION f(e) RETURNS int LANGUAGE sql AS 'SELECT 1';
$b$, rows => $b$
INSERT INTO t VALUES (1,'a','{a,b}');
$b$);
-- enum to enum
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int, x e DEFAULT 'a');
$b$, $b$
CREATE TYPE e2 AS ENUM ('a', 'b');
CREATE TABLE t (id int, x e2 DEFAULT 'a');
$b$, rows => $b$
INSERT INTO t VALUES (1,'a');
$b$);
-- domain over text to enum
SELECT mig_round_trip.check($b$
CREATE DOMAIN d AS text COLLATE "C";
CREATE TABLE t (x d DEFAULT 'a');
$b$, $b$
CREATE TYPE d AS ENUM ('a');
CREATE TABLE t (x d DEFAULT 'a');
$b$, rows => $b$
INSERT INTO t VALUES ('a');
$b$);
-- type created with users
SELECT mig_round_trip.check($b$
CREATE TABLE t (x text DEFAULT 'a', y int);
$b$, $b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE DOMAIN p AS int CHECK (VALUE > 0);
CREATE TYPE c AS (a e, b p);
CREATE TABLE t (x e DEFAULT 'a', y p, z c, w e[]);
$b$, rows => $b$
INSERT INTO t VALUES ('a', 1);
$b$);
-- enum drop all
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (x e); CREATE DOMAIN d AS c[]; CREATE TYPE r AS RANGE (subtype = e);
CREATE FUNCTION f(r) RETURNS d LANGUAGE sql AS 'SELECT NULL::d';
CREATE TABLE t (a e, b c, c d, d r); CREATE VIEW v AS SELECT * FROM t; CREATE SEQUENCE s; CREATE COLLATION co (locale = 'C');
$b$, $b$
CREATE TABLE z (i int);
$b$);

DROP SCHEMA types, mig_round_trip CASCADE;
