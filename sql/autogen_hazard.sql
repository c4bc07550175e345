--
-- What a generated script may do to the rows that are there
--
SET client_min_messages = warning;
CREATE SCHEMA mig_hazard;
CREATE SCHEMA mig_shop;
CREATE EXTENSION pg_migrations SCHEMA mig_hazard;
RESET client_min_messages;
SET search_path = mig_shop, mig_hazard;
\pset format unaligned
\pset tuples_only on

-- An object, and what is said about it
CREATE FUNCTION mig_hazard.hazards(model text) RETURNS SETOF text LANGUAGE sql AS
    $$SELECT object || ': ' || m[1] FROM mig_hazard.migrate_diff(model),
      regexp_matches(hazard, '((?:LOSES DATA|MAY FAIL|TO COMPLETE)[^;]*)', 'g') m$$;

---------------------------------------------------------------------------
-- Types that hold less
---------------------------------------------------------------------------
CREATE TABLE item (
    s text, v varchar(5), c char(4), n numeric(12,4), m numeric, d double precision,
    t timestamp, z timestamptz, p timestamp, i bigint, a numeric[], w numeric(6,2));
INSERT INTO item VALUES ('abcdef', 'abc  ', 'abcd', 1.2345, 1.5, 1.25,
    '2026-01-02 12:00', '2026-01-02 12:00Z', '2026-01-02 12:00:00.5', 5000000000, '{1.5}', 3.00);
SELECT hazards($$CREATE TABLE item (
    s varchar(5), v varchar(3), c char(3), n numeric(12,2), m integer, d numeric(5,1),
    t date, z time, p timestamp(0), i integer, a integer[], w integer)$$);
-- nothing is lost: no word about it
SELECT hazards($$CREATE TABLE item (
    s varchar(6), v text, c char(5), n numeric(14,4), m numeric(5,1), d numeric,
    t timestamptz, z timestamp, p timestamp(3), i numeric, a numeric[], w numeric(8,3))$$);
-- the downgrade does not know the rows that there will be
BEGIN;
TRUNCATE item;
SELECT hazards('CREATE TABLE item (n numeric(12,2))');
SELECT downgrade FROM migrate_autogenerate_sql($$CREATE TABLE item (
    s text, v varchar(5), c char(4), n numeric(12,5), m numeric, d double precision,
    t timestamp, z timestamptz, p timestamp, i bigint, a numeric[], w numeric(6,2))$$);
ROLLBACK;
DROP TABLE item;

-- types that keep another part of a value; white space is none of it
CREATE TABLE item (i inet, j json, k json, p polygon, t text, u int, z timestamptz(6), r text);
INSERT INTO item VALUES ('10.1.1.1/8', '{"a": 1, "a": 2}', '{"b": 1,   "a": 2}', '((0,0),(1,1),(5,0))', '{"a":   1}', 1, now(), '2026-01-02');
SELECT hazards('CREATE TABLE item (i cidr, j jsonb, k jsonb, p circle, t jsonb, u uuid, z timestamptz, r text)');
SELECT object, hazard FROM migrate_diff('CREATE TABLE item (i inet, j json, k json, p polygon, t text, u int, z timestamptz(6), r date)');
DROP TABLE item;

---------------------------------------------------------------------------
-- Bounds of partitions
---------------------------------------------------------------------------
CREATE TABLE part (a int) PARTITION BY RANGE (a);
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE TABLE part2 PARTITION OF part FOR VALUES FROM (10) TO (20);
CREATE TABLE part_rest PARTITION OF part DEFAULT;
CREATE TABLE loose (a int);
INSERT INTO part SELECT generate_series(0, 25);
INSERT INTO loose VALUES (30), (40);
SELECT hazards($$CREATE TABLE part (a int) PARTITION BY RANGE (a);
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (15);
CREATE TABLE part2 PARTITION OF part FOR VALUES FROM (15) TO (20);
CREATE TABLE part3 PARTITION OF part FOR VALUES FROM (20) TO (24);
CREATE TABLE loose PARTITION OF part FOR VALUES FROM (30) TO (40);
CREATE TABLE part_rest PARTITION OF part DEFAULT$$);
DROP TABLE part, loose;

---------------------------------------------------------------------------
-- Constraints
---------------------------------------------------------------------------
CREATE TABLE customer (id int, "E mail" text, k int, l int);
INSERT INTO customer VALUES (1, 'a', 1, 1), (2, 'a', 1, NULL), (3, 'b', 1, 1), (NULL, NULL, NULL, NULL);
CREATE TABLE invoice (customer int, k int, l int, amount int);
INSERT INTO invoice VALUES (1, 1, 1, 5), (7, 1, NULL, -5), (8, 2, 2, NULL);
SELECT hazards($$
CREATE TABLE customer (id int PRIMARY KEY, "E mail" text UNIQUE, k int, l int, UNIQUE (k, l),
    EXCLUDE (k WITH =));
CREATE UNIQUE INDEX ON customer (k);
CREATE TABLE invoice (customer int REFERENCES customer, k int, l int, amount int CHECK (amount > 0) NO INHERIT,
    FOREIGN KEY (l, k) REFERENCES customer (l, k))$$);
SELECT hazards('CREATE TABLE customer (id int, "E mail" text, k int, l int);
CREATE TABLE invoice (customer int, k int, l int, amount int CHECK (amount <> 4))');
-- foreign keys of columns that are new, and NULL in all rows or not
SELECT hazards('CREATE TABLE customer (id int PRIMARY KEY, "E mail" text, k int, l int, UNIQUE (k, l));
CREATE TABLE invoice (customer int, k int, l int, amount int, paid_by int REFERENCES customer,
    was int DEFAULT 1 REFERENCES customer, m int, n int, FOREIGN KEY (k, m) REFERENCES customer (k, l),
    FOREIGN KEY (l, m) REFERENCES customer (k, l) MATCH FULL, FOREIGN KEY (m, n) REFERENCES customer (k, l) MATCH FULL)');

---------------------------------------------------------------------------
-- Functions that run as their owner, whatever their bodies say
---------------------------------------------------------------------------
SELECT object, hazard FROM mig_hazard.migrate_diff($$
CREATE TABLE customer (id int, "E mail" text, k int, l int);
CREATE TABLE invoice (customer int, k int, l int, amount int);
CREATE FUNCTION caller() RETURNS text LANGUAGE sql AS 'SELECT ''SECURITY DEFINER''';
CREATE FUNCTION safe() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';
CREATE FUNCTION unsafe() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT '' SET search_path TO ''';
CREATE PROCEDURE unsafe_too() LANGUAGE sql SECURITY DEFINER SET work_mem = '4MB' AS 'SELECT 1'$$) WHERE kind IN ('function', 'procedure');

---------------------------------------------------------------------------
-- What is announced
---------------------------------------------------------------------------
-- tables that no revision has made
SELECT migrate_autogenerate('more', rev_id => 'h1', model => $$
CREATE TABLE customer (id int, "E mail" text NOT NULL, k int, l int, since date NOT NULL);
CREATE TABLE invoice (customer int, k int, l int)$$);
SELECT migrate_remove('h1');
SELECT migrate_autogenerate('nothing', model => $$
CREATE TABLE customer (id int, "E mail" text, k int, l int);
CREATE TABLE invoice (customer int, k int, l int, amount int)$$);
-- rows that there are not are not announced
TRUNCATE customer, invoice;
SELECT migrate_autogenerate('less', rev_id => 'h1', model => 'CREATE TABLE customer (id int)');
SELECT migrate_autogenerate('less', rev_id => 'h2', head => 'base',
    model => 'CREATE TABLE customer (id int)') IS NOT NULL;
-- nor the place of a counter that is brought within its bounds before; of its type and its options one says what is not
SELECT migrate_remove(revision) FROM migrate_revision;
ALTER TABLE customer ADD pass int GENERATED ALWAYS AS IDENTITY, ADD seat int GENERATED ALWAYS AS IDENTITY, ADD row int GENERATED ALWAYS AS IDENTITY;
INSERT INTO customer (id) VALUES (1);
SELECT setval('customer_seat_seq', 40000), setval('customer_row_seq', 2000);
SELECT migrate_autogenerate('smaller', rev_id => 'h3', model => $$
CREATE TABLE customer (id int, "E mail" text, k int, l int, pass smallint GENERATED ALWAYS AS IDENTITY (MINVALUE 100),
    seat smallint GENERATED ALWAYS AS IDENTITY (MINVALUE 100), row smallint GENERATED ALWAYS AS IDENTITY (MAXVALUE 1000));
CREATE TABLE invoice (customer int, k int, l int, amount int)$$);

---------------------------------------------------------------------------
-- Clean up
---------------------------------------------------------------------------
SET client_min_messages = warning;
DROP SCHEMA mig_shop, mig_hazard CASCADE;
