--
-- Changes of type, and what the server parses anew because of them
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

-- what means the same by the types of the model need not do so on the way back
SELECT mig_round_trip.check($b$
CREATE TABLE t (at date, weight integer, code varchar(3),
    CONSTRAINT heavy CHECK (weight > 2), CONSTRAINT coded CHECK (code IN ('a', 'b')));
CREATE INDEX t_weighed ON t (at) WHERE weight <> 0;
CREATE INDEX t_twice ON t ((weight * 2), at);
CREATE STATISTICS s ON at, (weight + 1) FROM t;
$b$, $b$
CREATE TABLE t (at date, weight double precision, code text,
    CONSTRAINT heavy CHECK (weight > (2)::double precision), CONSTRAINT coded CHECK (code IN ('a', 'b')));
CREATE INDEX t_weighed ON t (at) WHERE weight <> (0)::double precision;
CREATE INDEX t_twice ON t ((weight * (2)::double precision), at);
CREATE STATISTICS s ON at, (weight + (1)::double precision) FROM t;
$b$, rows => $b$
INSERT INTO t VALUES ('2020-01-01', 7, 'a');
$b$);
-- where no type changes, nothing is done
SELECT mig_round_trip.check($b$
CREATE TABLE t (code varchar(3), CONSTRAINT coded CHECK (code IN ('a', 'b')), n int);
$b$, $b$
CREATE TABLE t (code varchar(3), CONSTRAINT coded CHECK ((code)::text = ANY (ARRAY[('a'::varchar)::text, ('b'::varchar)::text])), n bigint);
$b$);

-- JSON of what is none, and back
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('x', 'y');
CREATE TYPE c AS (a int, b text[]);
CREATE TABLE t (tags text[] DEFAULT '{}', n int[][], d date, u uuid, k e, r c, ks e[], j text);
$b$, $b$
CREATE TYPE e AS ENUM ('x', 'y');
CREATE TYPE c AS (a int, b text[]);
CREATE TABLE t (tags jsonb DEFAULT '[]', n json, d jsonb, u json, k jsonb, r jsonb, ks jsonb, j jsonb);
$b$, rows => $b$
INSERT INTO t VALUES ('{a,"b c",NULL}', '{{1,2},{3,4}}', '2020-02-03', '5c1b7a51-3b4a-4c3e-9c1e-1b1b1b1b1b1b',
    'x', (1, '{p,q}'), '{x,y}', '{"j": 1}'), ('{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
$b$, reading => 'SELECT json_agg(t) FROM t');
-- the same within domains, which have no JSON where they are over text
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('x', 'y');
CREATE TYPE c AS (a int, b text[]);
CREATE DOMAIN rows AS c CHECK ((VALUE).a > 0);
CREATE DOMAIN numbers AS int[];
CREATE DOMAIN more_numbers AS numbers;
CREATE DOMAIN labels AS e;
CREATE DOMAIN words AS text;
CREATE TABLE t (r rows, n numbers, m more_numbers, k labels, w words);
$b$, $b$
CREATE TYPE e AS ENUM ('x', 'y');
CREATE TYPE c AS (a int, b text[]);
CREATE DOMAIN rows AS c CHECK ((VALUE).a > 0);
CREATE DOMAIN numbers AS int[];
CREATE DOMAIN more_numbers AS numbers;
CREATE DOMAIN labels AS e;
CREATE DOMAIN words AS text;
CREATE TABLE t (r jsonb, n json, m jsonb, k jsonb, w json);
$b$, rows => $b$
INSERT INTO t VALUES ((1, '{p,q}'), '{1,2}', '{{3},{4}}', 'y', '{"j": 1}'), (NULL, NULL, NULL, NULL, NULL);
$b$, reading => 'SELECT json_agg(t) FROM t');
-- by what a domain is over in the end, JSON itself as well
SET timezone = 'UTC';
SELECT mig_round_trip.check($b$
CREATE DOMAIN day AS date;
CREATE DOMAIN late_day AS day CHECK (VALUE > '2000-01-01');
CREATE DOMAIN document AS jsonb;
CREATE DOMAIN large_document AS document;
CREATE TABLE t (d late_day, a late_day[], j jsonb, o document, l large_document, n int[], w json);
$b$, $b$
CREATE DOMAIN day AS date;
CREATE DOMAIN late_day AS day CHECK (VALUE > '2000-01-01');
CREATE DOMAIN document AS jsonb;
CREATE DOMAIN large_document AS document;
CREATE TABLE t (d jsonb, a jsonb, j late_day, o late_day, l int[], n large_document, w large_document);
$b$, rows => $b$
INSERT INTO t VALUES ('2020-02-03', '{2020-02-04}', '"2020-02-05"', '"2020-02-06"', '[7]', '{8}', '{"j": 1}');
$b$, reading => 'SELECT json_agg(t) FROM t');

-- a value is the one element of an array, and back; text may be what an array is written like
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('x', 'y');
CREATE DOMAIN d AS int CHECK (VALUE > 0);
CREATE TABLE t (i int, n numeric(5,2), k e, y d, u uuid, s text);
$b$, $b$
CREATE TYPE e AS ENUM ('x', 'y');
CREATE DOMAIN d AS int CHECK (VALUE > 0);
CREATE TABLE t (i int[], n numeric(5,2)[], k e[], y d[], u uuid[], s text[]);
$b$, rows => $b$
INSERT INTO t VALUES (1, 2.5, 'x', 5, '5c1b7a51-3b4a-4c3e-9c1e-1b1b1b1b1b1b', '{p,q}'), (NULL, NULL, NULL, NULL, NULL, NULL);
$b$, reading => 'SELECT json_agg(t) FROM t');
-- several elements are not
CREATE TABLE types.t (i int[], j int[], k int, p point[]);
INSERT INTO types.t VALUES ('{1,2}', '{1}', 1, '{}'), ('{1}', NULL, 2, NULL), ('[0:0]={1}', '{1}', 1, '{"(1,2)"}'), ('{{1}}', NULL, 2, NULL);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql('CREATE SCHEMA types; CREATE TABLE types.t (i int, j bigint, k bigint[], p point)');
DROP TABLE types.t;

-- a cast that an extension has is taken
BEGIN;
CREATE SCHEMA mig_retype_pairs;
CREATE TYPE mig_retype_pairs.pair AS ENUM ('1-2', '3-4');
CREATE FUNCTION mig_retype_pairs.list(mig_retype_pairs.pair) RETURNS jsonb LANGUAGE sql IMMUTABLE
    AS $$SELECT pg_catalog.to_jsonb(pg_catalog.string_to_array($1::text, '-'))$$;
CREATE CAST (mig_retype_pairs.pair AS jsonb) WITH FUNCTION mig_retype_pairs.list(mig_retype_pairs.pair);
ALTER EXTENSION plpgsql ADD TYPE mig_retype_pairs.pair;
ALTER EXTENSION plpgsql ADD FUNCTION mig_retype_pairs.list(mig_retype_pairs.pair);
ALTER EXTENSION plpgsql ADD CAST (mig_retype_pairs.pair AS jsonb);
SELECT mig_round_trip.check($b$
CREATE TABLE t (p mig_retype_pairs.pair DEFAULT '1-2');
$b$, $b$
CREATE TABLE t (p jsonb DEFAULT '[1, 2]');
$b$);
ROLLBACK;

-- the server adds no column with values to a table of which rows are values
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int);
CREATE DOMAIN d AS t;
CREATE TYPE c AS (x d[]);
CREATE TABLE holds (old c);
$b$, $b$
CREATE TABLE t (id int, a text NOT NULL DEFAULT 'a', b int DEFAULT 7, -- migrate:fill id + 1
    e timestamptz DEFAULT clock_timestamp());
CREATE DOMAIN d AS t;
CREATE TYPE c AS (x d[]);
CREATE TABLE holds (old c);
$b$, rows => 'INSERT INTO t VALUES (1)', reading => 'SELECT json_agg(json_build_array(id, a, b, e > now())) FROM t');
-- it comes before they are, or when they no more are
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int);
CREATE TABLE no_more (old t);
$b$, $b$
CREATE TABLE t (id int, a text DEFAULT 'a');
CREATE TABLE comes (old t[]);
$b$, rows => 'INSERT INTO t VALUES (1)', reading => 'SELECT a FROM t');
-- what cannot come in steps is to be completed
CREATE TABLE types.t (id int);
CREATE TABLE types.holds (old types.t);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($$
CREATE SCHEMA types;
CREATE TABLE types.t (id int, g int GENERATED ALWAYS AS (id + 1) STORED, s serial);
CREATE TABLE types.holds (old types.t)$$);
DROP TABLE types.holds, types.t;
-- a mark says what rows get, and the default what others get
SELECT mig_round_trip.check('CREATE TABLE t (id int)', $b$
CREATE TABLE t (id int, a int NOT NULL DEFAULT 5, -- migrate:fill id + 1
    b timestamptz NOT NULL DEFAULT clock_timestamp() -- migrate:fill to_timestamp(id)
);
$b$, rows => 'INSERT INTO t VALUES (1)', reading => 'SELECT json_build_array(a, extract(epoch FROM b)) FROM t');

-- text that is not written like an array becomes the one element of it; the
-- first element becomes the value, also by a cast
SELECT mig_round_trip.check('CREATE TABLE t (id int, a text, b varchar(9), c int[], d text[])',
    'CREATE TABLE t (id int, a text[], b varchar(9)[], c bigint, d int)',
    rows => $$INSERT INTO t VALUES (1, 'x', 'y', '{4}', '{5}'), (2, '{x,NULL}', '{}', NULL, '{6,7}'), (3, NULL, '', '{8,NULL}', NULL)$$,
    reading => $$SELECT string_agg(t::text, ' ' ORDER BY id) FROM t$$);

-- arrays and ranges are what their elements and bounds are; a domain within is
-- what it is over
SELECT mig_round_trip.check($b$
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TABLE t (a positive[], b numeric(10,2)[], c varchar(5)[], d bit(3)[], e int[], f text,
    r int4range, m int4multirange, n numrange, s tsrange, v daterange, w int4range[], x span);
$b$, $b$
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE t (a bigint[], b numeric(10,1)[], c varchar(4)[], d bit(4)[], e positive[], f text[],
    r int8range, m int8multirange, n int8range, s tstzrange, v tsrange, w int8range[], x span);
$b$, rows => $b$
INSERT INTO t (a, b, c, e, f, r, m, n, s, v, w, x) VALUES ('{1}', '{1.5}', '{abcd,ef}', '{7}', 'A, B', '[1,5)', '{[1,2)}', '[1,3)',
    '[2020-01-01,2020-01-02)', '[2020-01-01,2020-01-02)', '{"[1,2)"}', '[0.5,1)');
$b$, reading => 'SELECT json_agg(t) FROM t');
-- a materialized view with rows of a table makes way where the table is written
-- anew; what comes in steps needs no such thing
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int);
CREATE MATERIALIZED VIEW v AS SELECT t AS whole, ARRAY[t] AS list FROM t;
CREATE INDEX v_id ON v (((whole).id));
$b$, $b$
CREATE TABLE t (id bigint, s int GENERATED ALWAYS AS (1) STORED);
CREATE MATERIALIZED VIEW v AS SELECT t AS whole, ARRAY[t] AS list FROM t;
CREATE INDEX v_id ON v (((whole).id));
$b$, rows => 'INSERT INTO t VALUES (1); REFRESH MATERIALIZED VIEW v', reading => 'SELECT json_agg(v) FROM v');
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int);
CREATE MATERIALIZED VIEW v AS SELECT t AS whole FROM t;
$b$, $b$
CREATE TABLE t (id int, a int DEFAULT 7, b numeric(5,2) DEFAULT NULL::numeric);
CREATE MATERIALIZED VIEW v AS SELECT t AS whole FROM t;
$b$, rows => 'INSERT INTO t VALUES (1); REFRESH MATERIALIZED VIEW v', reading => 'SELECT json_agg(t) FROM t');
-- nor is a table written anew of which a child's or a partition's rows are values
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int);
CREATE TABLE child (note text) INHERITS (t);
CREATE TABLE p (id int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE holds (child child, part p1[]);
$b$, $b$
CREATE TABLE t (id int, a int DEFAULT 7);
CREATE TABLE child (note text) INHERITS (t);
CREATE TABLE p (id int, b int DEFAULT 8) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE holds (child child, part p1[]);
$b$, rows => 'INSERT INTO child VALUES (1); INSERT INTO p VALUES (1)', reading => 'SELECT json_build_array(a, b) FROM t, p');

-- what names the row type of a table in an expression is in the way, too; a
-- function that has rows as arguments alone is not
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int, a text);
CREATE FUNCTION id_of(t) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1.id;
CREATE FUNCTION plain(t) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE VIEW v AS SELECT id_of(t) AS i, plain(t) AS p, (NULL::t).a AS a FROM t;
CREATE TABLE o (n int DEFAULT coalesce((NULL::t).id, 1), CHECK (coalesce((NULL::t).id, n) > 0));
$b$, $b$
CREATE TABLE t (id int, a text, b int DEFAULT 7);
CREATE FUNCTION id_of(t) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1.id;
CREATE FUNCTION plain(t) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE VIEW v AS SELECT id_of(t) AS i, plain(t) AS p, (NULL::t).a AS a FROM t;
CREATE TABLE o (n int DEFAULT coalesce((NULL::t).id, 1), CHECK (coalesce((NULL::t).id, n) > 0));
$b$, rows => 'INSERT INTO t VALUES (1); INSERT INTO o DEFAULT VALUES', reading => 'SELECT json_agg(v) FROM v');
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int, a text);
CREATE FUNCTION id_of(t) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1.id;
$b$, $b$
CREATE TABLE t (id bigint, a text);
CREATE FUNCTION id_of(t) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1.id;
$b$);

-- values that were not equal may be so by the new type
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int, a text, b text UNIQUE, c timestamp PRIMARY KEY, d varchar(5), UNIQUE (id, a));
CREATE UNIQUE INDEX t_d ON t (d, id) INCLUDE (c);
CREATE UNIQUE INDEX t_lower ON t (lower(d));
$b$, $b$
CREATE TABLE t (id int, a char(5), b char(5) UNIQUE, c timestamptz PRIMARY KEY, d char(5), UNIQUE (id, a));
CREATE UNIQUE INDEX t_d ON t (d, id) INCLUDE (c);
CREATE UNIQUE INDEX t_lower ON t (lower(d));
$b$, rows => $b$
INSERT INTO t VALUES (1, 'a', 'a', '2020-01-01', 'a'), (2, 'a ', 'b', '2020-01-02', 'b')
$b$, reading => 'SELECT json_agg(a || b) FROM t');
CREATE TABLE t (id int, a text, UNIQUE (id, a), b text UNIQUE);
INSERT INTO t VALUES (1, 'a', 'a'), (1, 'a ', 'b');
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE TABLE t (id int, a char(5), UNIQUE (id, a), b char(5) UNIQUE);
$b$, include => '{types}', qualify => false);
DROP TABLE t;
-- and those that were may not, so that a row does not refer to another
CREATE TABLE t (id numeric PRIMARY KEY);
CREATE TABLE r (id numeric REFERENCES t);
INSERT INTO t VALUES (1.0), (2);
INSERT INTO r VALUES (1), (1.0), (2);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE TABLE t (id text PRIMARY KEY);
CREATE TABLE r (id text REFERENCES t);
$b$, include => '{types}', qualify => false);
DROP TABLE t, r;

-- casts of users, also of elements; one that comes with the script
SET migrate.compare = database;
SELECT mig_round_trip.check($b$
CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE FUNCTION number(mood) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 'sad' THEN 1 ELSE 2 END $$;
CREATE FUNCTION moody(int) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 1 THEN 'sad' WHEN 2 THEN 'fine' END::types.mood $$;
CREATE CAST (mood AS int) WITH FUNCTION number(mood);
CREATE CAST (int AS mood) WITH FUNCTION moody(int) AS ASSIGNMENT;
CREATE TABLE t (id int, m mood, many mood[], n numeric(3,1));
$b$, $b$
CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE FUNCTION number(mood) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 'sad' THEN 1 ELSE 2 END $$;
CREATE FUNCTION moody(int) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 1 THEN 'sad' WHEN 2 THEN 'fine' END::types.mood $$;
CREATE FUNCTION moody(numeric) RETURNS mood LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT CASE WHEN $1 < 2 THEN 'sad' ELSE 'fine' END::types.mood $$;
CREATE CAST (mood AS int) WITH FUNCTION number(mood);
CREATE CAST (int AS mood) WITH FUNCTION moody(int) AS ASSIGNMENT;
CREATE CAST (numeric AS mood) WITH FUNCTION moody(numeric);
CREATE TABLE t (id int, m int, many int[], n mood);
$b$, rows => $b$
INSERT INTO t VALUES (1, 'sad', '{sad,fine}', NULL)
$b$, reading => 'SELECT string_agg(t::text, '' '') FROM t');
RESET migrate.compare;
-- one that the model does not have comes again with its type and function
SELECT mig_round_trip.check($b$
CREATE TYPE mood AS ENUM ('sad', 'fine', 'other');
CREATE FUNCTION number(mood) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 'sad' THEN 1 ELSE 2 END $$;
CREATE CAST (mood AS int) WITH FUNCTION number(mood);
COMMENT ON CAST (mood AS int) IS 'a number';
CREATE TABLE t (m mood);
$b$, $b$
CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE FUNCTION number(mood) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 'sad' THEN 1 ELSE 2 END $$;
CREATE TABLE t (m mood);
$b$, rows => $b$INSERT INTO t VALUES ('fine')$b$, reading => 'SELECT m::int || obj_description(c.oid, ''pg_cast'') FROM t, pg_cast c WHERE castsource = ''mood''::regtype');

-- elements of arrays and attributes of rows lose what values of columns do
SELECT mig_round_trip.check($b$
CREATE TYPE c AS (a timestamp, b numeric(10,3), c text);
CREATE TABLE t (a numeric(10,2)[], b timestamptz[], c json[], d timestamp(6)[], e varchar(5)[], f int[], x c);
$b$, $b$
CREATE TYPE c AS (a date, b numeric(10,1), c text);
CREATE TABLE t (a int[], b timestamp[], c jsonb[], d timestamp(0)[], e varchar(3)[], f bigint[], x c);
$b$, rows => $b$
INSERT INTO t VALUES ('{1.55,2}', '{2020-01-01 12:00+00}', ARRAY['{"a":1,"a":2}'::json], '{2020-01-01 00:00:00.123456}', '{abc}', '{1}', ROW('2020-01-01 12:00', 1.234, 'x')),
    ('{1}', NULL, ARRAY['{"b" : 1, "a":2}'::json], NULL, NULL, NULL, NULL)
$b$, reading => 'SELECT string_agg(t::text, '' '' ORDER BY a DESC) FROM t');

-- every array is one of text, and a network takes each address; a view of nothing fails
SELECT mig_round_trip.check($b$
CREATE TYPE e AS ENUM ('a b', 'c,d');
CREATE DOMAIN d AS text CHECK (VALUE <> '');
CREATE TABLE t (a e[], b d[], c inet);
CREATE MATERIALIZED VIEW v AS SELECT 1 / cardinality(a) AS a FROM t;
$b$, $b$
CREATE DOMAIN d AS text CHECK (VALUE <> '');
CREATE TABLE t (a text[], b text[], c cidr);
CREATE VIEW v AS SELECT 1 / cardinality(a) AS a FROM t;
$b$, rows => $b$
INSERT INTO t VALUES (ARRAY['a b', 'c,d']::e[], '{x}', '10.0.0.1/24')
$b$, reading => 'SELECT string_agg(t::text, '' '') FROM t');

-- six digits are all that there are
SELECT mig_round_trip.check('CREATE TABLE t (a interval, b interval(3), c time, d timestamptz(2), e interval day to second)',
    'CREATE TABLE t (a interval(6), b interval(6), c time(6), d timestamptz(6), e interval day to second(6))', rows => $b$INSERT INTO t VALUES ('1 day 2.345678 s', '1.2 s')$b$);

-- fields that come take nothing away, nor do fractions that there were none of
SELECT mig_round_trip.check('CREATE TABLE t (a interval year, b interval day, c interval day to hour, d interval day)',
    'CREATE TABLE t (a interval year to month, b interval day to second, c interval, d interval day to second(3))',
    rows => $b$INSERT INTO t VALUES ('3 years', '3 days', '3 days 2 hours', '1 year 1 day')$b$, reading => 'SELECT t::text FROM t');
-- blanks at the end do not count in char(n), nor in elements and attributes; there may have been some
SELECT mig_round_trip.check($b$
CREATE TYPE y AS (p text);
CREATE DOMAIN code AS varchar(3);
CREATE TABLE t (a text, b varchar(3), c varchar, d text[], e code, f y, g char(3), h name);
$b$, $b$
CREATE TYPE y AS (p char(5));
CREATE DOMAIN code AS char(5);
CREATE TABLE t (a char(5), b char(5), c bpchar, d char(5)[], e code, f y, g char(5), h char(5));
$b$, rows => $b$INSERT INTO t VALUES ('x ', 'x', 'x ', '{x,"y "}', 'x ', ROW('x '), 'x', 'x')$b$);
-- casts of the server that take each value: of them some keep it, some leave the table as it is
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int PRIMARY KEY, b oid, c regclass, e varchar, f bit(3), g cidr);
CREATE TABLE u (a smallint, b oid, c "char", d macaddr, e point, f box, g text, h bit(8), j macaddr8);
$b$, $b$
CREATE TABLE t (a oid PRIMARY KEY, b int, c oid, e bpchar, f varbit, g inet);
CREATE TABLE u (a oid, b bigint, c int, d macaddr8, e box, f polygon, g name, h int, j macaddr);
$b$, rows => $b$INSERT INTO t VALUES (-1, 4294967295, 'pg_class', 'x', '101', '10.0.0.0/8');
INSERT INTO u VALUES (1, 4294967295, 'x', '08:00:2b:01:02:03', '(1,2)', '(1,2),(3,4)', 'g', '00000101', '08:00:2b:01:02:03')$b$,
reading => 'SELECT t::text || u::text FROM t, u');
-- fields of an interval go, though what stays begins the same
SELECT mig_round_trip.check('CREATE TABLE t (a interval day to second, b interval day to second(3)[])',
    'CREATE TABLE t (a interval day, b interval day[])', rows => $b$INSERT INTO t VALUES ('3 days 01:01:01', '{3 days 01:01:01}')$b$,
    reading => 'SELECT t::text FROM t');

-- a domain over an array leaves the rows as they are; not one with a check, or of the elements
SELECT mig_round_trip.check($b$
CREATE DOMAIN d AS int[];
CREATE DOMAIN n AS int;
CREATE DOMAIN c AS int[] CHECK (VALUE <> '{}');
CREATE TABLE t (a int[]);
CREATE TABLE u (a int[]);
CREATE TABLE v (a int[]);
CREATE TABLE w (a n[]);
$b$, $b$
CREATE DOMAIN d AS int[];
CREATE DOMAIN n AS int;
CREATE DOMAIN c AS int[] CHECK (VALUE <> '{}');
CREATE TABLE t (a d);
CREATE TABLE u (a n[]);
CREATE TABLE v (a c);
CREATE TABLE w (a d);
$b$);
-- truth becomes a number, and a number truth, by way of an integer where there is no cast
SELECT mig_round_trip.check($b$
CREATE DOMAIN flag AS smallint CHECK (VALUE IN (0,1));
CREATE TABLE t (id int UNIQUE, a smallint DEFAULT 0, b bigint DEFAULT 1, c numeric(1), d boolean DEFAULT true, e boolean, f boolean, g flag, h smallint, i boolean, CHECK (a IN (0,1)));
CREATE INDEX t_a ON t (a) WHERE b = 1;
$b$, $b$
CREATE DOMAIN flag AS smallint CHECK (VALUE IN (0,1));
CREATE TABLE t (id int UNIQUE, a boolean DEFAULT false, b boolean DEFAULT true, c boolean, d smallint DEFAULT 1, e bigint, f numeric(3,1), g boolean, h boolean, i flag);
CREATE INDEX t_a ON t (a) WHERE b;
$b$, rows => $b$
INSERT INTO t VALUES (1,0,1,1,true,false,NULL,1,1,true),(2,1,NULL,0,false,NULL,true,0,5,false);
$b$, reading => $$SELECT string_agg(t::text, ' ' ORDER BY id) FROM t$$);

DROP SCHEMA types, mig_round_trip CASCADE;
