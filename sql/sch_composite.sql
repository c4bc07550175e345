--
-- Composite types in generated scripts, there and back
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- In place, and replaced
---------------------------------------------------------------------------
-- composite free
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a int, b text, z int);
$b$, $b$
CREATE TYPE c AS (a bigint, b text COLLATE "C", d date);
$b$);
-- composite used
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a int, b text, z int);
COMMENT ON COLUMN c.a IS 'aa';
CREATE TABLE t (x c, y c[]);
CREATE VIEW v AS SELECT (x).a FROM t;
CREATE FUNCTION f(c) RETURNS c LANGUAGE sql AS 'SELECT $1';
$b$, $b$
CREATE TYPE c AS (a bigint, b text, z numeric);
COMMENT ON COLUMN c.a IS 'aaa';
CREATE TABLE t (x c, y c[]);
CREATE VIEW v AS SELECT (x).a FROM t;
CREATE FUNCTION f(c) RETURNS c LANGUAGE sql AS 'SELECT $1';
$b$, rows => $b$
INSERT INTO t VALUES (row(1,'x',3), array[row(1,'x',3)::c]);
$b$);
-- composite used add drop
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a int, b text, z int);
CREATE TABLE t (x c, y c[]);
CREATE VIEW v AS SELECT (x).a, (x).z FROM t;
$b$, $b$
CREATE TYPE c AS (a int, b text, n numeric);
CREATE TABLE t (x c, y c[]);
CREATE VIEW v AS SELECT (x).a, (x).n AS z FROM t;
$b$, rows => $b$
INSERT INTO t VALUES (row(1,'x',3), array[row(1,'x',3)::c]);
$b$, reading => $b$
SELECT array_agg(t) FROM t
$b$);
-- composite reorder
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a int, b text);
CREATE TABLE t (x c);
$b$, $b$
CREATE TYPE c AS (b text, n int, a bigint);
CREATE TABLE t (x c);
$b$, rows => $b$
INSERT INTO t VALUES (row(1,'x')), (NULL), (row(NULL,NULL));
$b$, reading => $b$
SELECT array_agg(t) FROM t
$b$);
-- composite reorder within arrays, domains and rows: values keep their names
SELECT mig_round_trip.check($b$
CREATE TYPE pair AS (low int, high numeric(9,3));
CREATE DOMAIN ordered AS pair CHECK ((VALUE).low < (VALUE).high);
CREATE DOMAIN sure AS ordered NOT NULL;
CREATE DOMAIN list AS pair[];
CREATE TYPE box AS (width pair, height ordered, depths pair[], note text, day date);
CREATE TABLE t (id int, one pair, many pair[], tidy ordered, sure sure, listed list, whole box, wholes box[]);
$b$, $b$
CREATE TYPE pair AS (high numeric(9,3), low int);
CREATE DOMAIN ordered AS pair CHECK ((VALUE).low < (VALUE).high);
CREATE DOMAIN sure AS ordered NOT NULL;
CREATE DOMAIN list AS pair[];
CREATE TYPE box AS (width pair, height ordered, depths pair[], note text, day date);
CREATE TABLE t (id int, one pair, many pair[], tidy ordered, sure sure, listed list, whole box, wholes box[]);
$b$, rows => $b$
INSERT INTO t VALUES (1, '(3,4.500)', '{"(5,6)",NULL,"(,)"}', '(7,8.125)', '(0,1)', '{"(9,10)"}',
    ROW('(11,12)', '(13,14)', '{"(15,16)"}', E'a "b", (c)\n', 'infinity'),
    ARRAY[ROW('(17,18)', NULL, NULL, '', '0044-03-15 BC')]::box[]),
    (2, NULL, '{{"(1,2)"},{"(3,4)"}}', NULL, '(0,2)', '{}', NULL, NULL);
$b$, reading => $b$
SELECT string_agg(to_json(t)::text, E'\n' ORDER BY id) FROM t
$b$);
-- composite reorder, attributes come, go, and change
SELECT mig_round_trip.check($b$
CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE TYPE c AS (a int, gone text, m mood, z bigint);
CREATE TABLE t (id int, x c[]);
$b$, $b$
CREATE TYPE mood AS ENUM ('fine', 'sad', 'new');
CREATE TYPE c AS (m mood, z text, n int, a bigint);
CREATE TABLE t (id int, x c[]);
$b$, rows => $b$
INSERT INTO t VALUES (1, ARRAY[ROW(1, 'x', 'sad', 9000000000)::c, NULL]), (2, '{}'), (3, NULL);
$b$, reading => $b$
SELECT string_agg(to_json(t)::text, E'\n' ORDER BY id) FROM t
$b$);
-- what JSON might alter is left to a person
CREATE TYPE c AS (a int, j jsonb);
CREATE TABLE t (x c[]);
INSERT INTO t VALUES (ARRAY[ROW(1, 'null')::c]);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE TYPE c AS (j jsonb, a int);
CREATE TABLE t (x c[]);
$b$, include => '{types}', qualify => false);
DROP SCHEMA types CASCADE;
CREATE SCHEMA types;
-- so is a range of rows
CREATE TYPE c AS (a int, b int);
CREATE TYPE r AS RANGE (subtype = c);
CREATE TABLE t (x r);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE TYPE c AS (b int, a int);
CREATE TYPE r AS RANGE (subtype = c);
CREATE TABLE t (x r);
$b$, include => '{types}', qualify => false);
DROP SCHEMA types CASCADE;
CREATE SCHEMA types;
-- composite to domain array
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a int);
CREATE DOMAIN d AS c[];
CREATE TABLE t (x d);
CREATE FUNCTION f() RETURNS d LANGUAGE sql AS 'SELECT NULL::d';
$b$, $b$
CREATE TYPE c AS (a text);
CREATE DOMAIN d AS c[];
CREATE TABLE t (x d);
CREATE FUNCTION f() RETURNS d LANGUAGE sql AS 'SELECT NULL::d';
$b$, rows => $b$
INSERT INTO t VALUES (array[row(1)::c]);
$b$);
-- empty composite
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (); CREATE TYPE e AS ENUM ();
$b$, $b$
CREATE TYPE c AS (a int); CREATE TYPE e AS ENUM ('b');
$b$);
---------------------------------------------------------------------------
-- Tables of a type
---------------------------------------------------------------------------
-- composite typed table
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a int, b text, z int);
CREATE TABLE t OF c (PRIMARY KEY (a), b WITH OPTIONS DEFAULT 'x');
CREATE INDEX i ON t (b);
CREATE VIEW v AS SELECT a, b FROM t;
$b$, $b$
CREATE TYPE c AS (a bigint, b text, n text);
CREATE TABLE t OF c (PRIMARY KEY (a), b WITH OPTIONS DEFAULT 'y');
CREATE INDEX i ON t (b, n);
CREATE VIEW v AS SELECT a, b FROM t;
$b$, rows => $b$
INSERT INTO t VALUES (1,'x');
$b$);
-- composite typed and used
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a int, b text);
CREATE TABLE t OF c (PRIMARY KEY (a));
CREATE TABLE u (x c);
$b$, $b$
CREATE TYPE c AS (a bigint, b text);
CREATE TABLE t OF c (PRIMARY KEY (a));
CREATE TABLE u (x c);
$b$, rows => $b$
INSERT INTO t VALUES (1,'x'); INSERT INTO u VALUES ('(1,x)');
$b$);
-- typed on off
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a int, b text);
CREATE TABLE t OF c;
CREATE TABLE u (a int, x int);
$b$, $b$
CREATE TYPE c AS (a int, b text);
CREATE TABLE t (a int, b text, n int);
CREATE TABLE u OF c;
$b$, rows => $b$
INSERT INTO t VALUES (1,'x'); INSERT INTO u VALUES (1);
$b$);
-- one leaves, and one comes, as the type changes
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a int, b text, d date);
CREATE TABLE t OF c (PRIMARY KEY (a));
CREATE TABLE u (a bigint, e int);
CREATE TABLE w OF c;
$b$, $b$
CREATE TYPE c AS (a bigint, e int);
CREATE TABLE t (a int PRIMARY KEY, b text, d date);
CREATE TABLE u OF c;
CREATE TABLE w OF c;
$b$, rows => $b$
INSERT INTO t VALUES (1,'x','2024-01-01'); INSERT INTO u VALUES (1,2); INSERT INTO w VALUES (3,'y','2024-01-02');
$b$, reading => 'SELECT concat_ws(E'' '', t::text, (SELECT u::text FROM u)) FROM t');
-- its attributes change places: a script does not move columns, and says so
CREATE TYPE c AS (a int, b text);
CREATE TABLE t OF c;
SELECT * FROM mig_round_trip.migrate_autogenerate_sql('CREATE TYPE c AS (b text, a bigint); CREATE TABLE t OF c', include => '{types}', qualify => false);
DROP TYPE c CASCADE;

---------------------------------------------------------------------------
-- A domain in the place of rows that have one attribute of its type
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TYPE sum AS (value numeric);
CREATE TABLE bill (no int, sum sum);
$b$, $b$
CREATE DOMAIN sum AS numeric CHECK (VALUE > 0);
CREATE TABLE bill (no int, sum sum);
$b$, rows => 'INSERT INTO bill VALUES (1, ROW(2.5)), (2, NULL)', reading => $r$SELECT string_agg(bill::text, ' ' ORDER BY no) FROM bill$r$);

---------------------------------------------------------------------------
-- Rows of views as values
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE stop (no int, label text, zone int);
CREATE VIEW stop_shown AS SELECT no, label, zone FROM stop;
CREATE TABLE seen (at int, stop stop_shown NOT NULL DEFAULT ROW(0, 'none', 0)::stop_shown, all_of stop_shown[], CHECK ((stop).no >= 0));
CREATE INDEX seen_label ON seen (((stop).label));
$b$, $b$
CREATE TABLE stop (no int, label text, bay int);
CREATE VIEW stop_shown AS SELECT bay, label, no FROM stop;
CREATE TABLE seen (at int, stop stop_shown NOT NULL DEFAULT ROW(0, 'none', 0)::stop_shown, all_of stop_shown[], CHECK ((stop).no >= 0));
CREATE INDEX seen_label ON seen (((stop).label));
$b$, rows => $b$
INSERT INTO seen VALUES (1, ROW(7, 'a', 1), ARRAY[ROW(8, 'b', 2), NULL, ROW(9, 'c', 3)]::stop_shown[]), (2, DEFAULT, NULL);
$b$, reading => $b$
SELECT string_agg(seen::text, ' ' ORDER BY at) FROM seen
$b$);
-- of a materialized view
SELECT mig_round_trip.check($b$
CREATE MATERIALIZED VIEW price AS SELECT 1 AS no, 2.5 AS net;
CREATE TABLE offer (price price);
$b$, $b$
CREATE MATERIALIZED VIEW price AS SELECT 1 AS no, 2.5 AS gross, 2.5 AS net;
CREATE TABLE offer (price price);
$b$);
-- within values of other types: rows, rows of rows, arrays, domains
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int, b text, c int);
CREATE VIEW v AS SELECT a, c FROM t;
CREATE TYPE leg AS (no int, stop v);
CREATE TYPE trip AS (legs leg[], name text);
CREATE DOMAIN shown AS v CHECK ((VALUE).a > 0);
CREATE DOMAIN first_leg AS leg;
CREATE TYPE alone AS (no int, name text);
CREATE TABLE tour (at int, leg leg DEFAULT ROW(0, NULL)::leg, trip trip, shown shown, first_leg first_leg, alone alone);
$b$, $b$
CREATE TABLE t (a int, b text, c int);
CREATE VIEW v AS SELECT b, a FROM t;
CREATE TYPE leg AS (stop v, no int);
CREATE TYPE trip AS (legs leg[], name text);
CREATE DOMAIN shown AS v CHECK ((VALUE).a > 0);
CREATE DOMAIN first_leg AS leg;
CREATE TYPE alone AS (name text, no int);
CREATE TABLE tour (at int, leg leg DEFAULT ROW(NULL, 0)::leg, trip trip, shown shown, first_leg first_leg, alone alone);
$b$, rows => $b$
INSERT INTO tour VALUES (1, ROW(7, ROW(8, 9)), ROW(ARRAY[ROW(1, ROW(2, 3)), NULL]::leg[], 'x'), ROW(4, 5), ROW(5, ROW(6, 7)), ROW(1, 'y')),
    (2, DEFAULT, NULL, NULL, NULL, NULL);
$b$, reading => $b$
SELECT string_agg(tour::text, ' ' ORDER BY at) FROM tour
$b$);

-- new attributes come in their order, whatever their types wait for
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a int);
CREATE TABLE t OF c;
$b$, $b$
CREATE DOMAIN d AS text;
CREATE TYPE c AS (a int, b d, "C" int);
CREATE TABLE t OF c;
$b$, rows => 'INSERT INTO t VALUES (1)', reading => 'SELECT json_agg(t) FROM t');

DROP SCHEMA types, mig_round_trip CASCADE;
