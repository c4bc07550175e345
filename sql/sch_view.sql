--
-- Materialized views with and without rows, there and back
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file
\set filled '$$SELECT string_agg(relname || CASE WHEN relispopulated THEN \' is filled\' ELSE \' is not\' END, \', \' ORDER BY relname) FROM pg_class WHERE relkind = \'m\' AND relnamespace = \'types\'::regnamespace$$'

---------------------------------------------------------------------------
-- What an upgrade fills is empty again after the downgrade
---------------------------------------------------------------------------
-- in the order in which one reads the other, by way of a view or not
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW z AS SELECT a FROM t WITH NO DATA;
CREATE VIEW y AS SELECT a + 1 AS a FROM z;
CREATE MATERIALIZED VIEW v AS SELECT a FROM y WITH NO DATA;
$b$, $b$
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW z AS SELECT a FROM t;
CREATE VIEW y AS SELECT a + 1 AS a FROM z;
CREATE MATERIALIZED VIEW v AS SELECT a FROM y;
CREATE MATERIALIZED VIEW a AS SELECT a FROM v;
$b$, reading => :filled);
-- one that is made anew
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;
CREATE MATERIALIZED VIEW n AS SELECT a FROM t WITH NO DATA;
$b$, $b$
CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
CREATE MATERIALIZED VIEW n AS SELECT a, b FROM t WITH NO DATA;
$b$, reading => :filled);
-- one that was emptied when others had been filled from it
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE MATERIALIZED VIEW n AS SELECT a * 2 AS a FROM m;
CREATE MATERIALIZED VIEW o AS SELECT a FROM n WITH NO DATA;
REFRESH MATERIALIZED VIEW m WITH NO DATA;
$b$, $b$
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE MATERIALIZED VIEW n AS SELECT a * 3 AS a FROM m;
CREATE MATERIALIZED VIEW o AS SELECT a FROM n WITH NO DATA;
$b$, reading => :filled);
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE VIEW v AS SELECT a FROM m;
CREATE MATERIALIZED VIEW n AS SELECT a FROM v;
REFRESH MATERIALIZED VIEW m WITH NO DATA;
$b$, $b$
CREATE TABLE t (a bigint);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE VIEW v AS SELECT a FROM m;
CREATE MATERIALIZED VIEW n AS SELECT a FROM v;
$b$, reading => :filled);

---------------------------------------------------------------------------
-- A model without data empties none, and the way back does not fill it anew
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE MATERIALIZED VIEW n AS SELECT a FROM t;
$b$, $b$
CREATE TABLE t (a int, b text);
CREATE MATERIALIZED VIEW m WITH (fillfactor = 50) AS SELECT a FROM t WITH NO DATA;
CREATE MATERIALIZED VIEW n AS SELECT a, b FROM t WITH NO DATA;
$b$, reading => :filled);

---------------------------------------------------------------------------
-- A comment on the rule that makes a view one
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int, b int);
CREATE VIEW changes AS SELECT a FROM t;
COMMENT ON RULE "_RETURN" ON changes IS 'before';
CREATE VIEW comes AS SELECT a FROM t;
CREATE MATERIALIZED VIEW goes AS SELECT a FROM t WITH NO DATA;
COMMENT ON RULE "_RETURN" ON goes IS 'before';
CREATE VIEW stays AS SELECT a FROM t;
COMMENT ON RULE "_RETURN" ON stays IS 'it''s made anew';
$b$, $b$
CREATE TABLE t (a int, b bigint);
CREATE VIEW changes AS SELECT a FROM t;
COMMENT ON RULE "_RETURN" ON changes IS 'after';
CREATE VIEW comes AS SELECT a FROM t;
COMMENT ON RULE "_RETURN" ON comes IS 'after';
CREATE MATERIALIZED VIEW goes AS SELECT a FROM t WITH NO DATA;
CREATE VIEW stays AS SELECT b FROM t;
COMMENT ON RULE "_RETURN" ON stays IS 'it''s made anew';
$b$, reading => $$SELECT string_agg(relname || ': ' || description, ', ' ORDER BY relname)
    FROM pg_class JOIN pg_rewrite r ON ev_class = pg_class.oid JOIN pg_description ON objoid = r.oid
    WHERE relnamespace = 'types'::regnamespace$$);

---------------------------------------------------------------------------
-- Rows of a table where a column of the model stands between others: names
-- that the server gives to them are not those of other columns
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE t (a text, "B, b" text, c text);
CREATE FUNCTION found(text) RETURNS SETOF t LANGUAGE sql AS 'SELECT t FROM t';
CREATE FUNCTION numbers() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW same AS SELECT f."B, b", f.c FROM found(')') f;
CREATE VIEW kept AS SELECT "B, b" FROM t;
$b$, $b$
CREATE TABLE t (a text, n text, "B, b" text, c text);
CREATE FUNCTION found(text) RETURNS SETOF t LANGUAGE sql AS 'SELECT t FROM t';
CREATE FUNCTION numbers() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION those(x t[]) RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC SELECT u.c FROM unnest(x) u; END;
CREATE VIEW same AS SELECT f."B, b", f.c FROM found(')') f;
CREATE VIEW kept AS SELECT t."B, b", x.c, o.n AS o, r.n AS r, w.n AS w, s.n AS s
    FROM t, t x(first), found('') WITH ORDINALITY o, (VALUES ('1', '2', '3', '4')) r(a, n, "B, b", c),
    unnest(ARRAY[5]) w(n), numbers() s(n);
$b$, rows => $b$INSERT INTO t VALUES ('A', 'B', 'C')$b$, reading => $b$
SELECT array_agg(s)::text || (SELECT array_agg(k)::text FROM kept k) FROM same s
$b$);

-- tables that are joined by a column which gets another name: where it has its old one again, each has its own name for an alias
SELECT mig_round_trip.check($b$
CREATE TABLE one (id int, x int);
CREATE TABLE two (id int, y int);
CREATE VIEW joined AS SELECT * FROM one JOIN two USING (id);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(one.x) FROM one JOIN two USING (id); END;
CREATE TABLE t (i int);
CREATE POLICY p ON t USING (EXISTS (SELECT FROM one JOIN two USING (id) WHERE x = i));
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO one SELECT two.id FROM one JOIN two USING (id);
$b$, $b$
CREATE TABLE one (key int, -- migrate:renamed from id
    x int);
CREATE TABLE two (key int, -- migrate:renamed from id
    y int);
CREATE VIEW joined AS SELECT two.y, one.x FROM one JOIN two USING (key);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(two.y) FROM one JOIN two USING (key); END;
CREATE TABLE t (i int);
CREATE POLICY p ON t USING (EXISTS (SELECT FROM one JOIN two USING (key) WHERE y = i));
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO one SELECT one.key FROM one JOIN two USING (key);
$b$);

DROP SCHEMA types, mig_round_trip CASCADE;
