--
-- What child tables and partitions inherit, and lose when a parent does
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- Columns
---------------------------------------------------------------------------
-- a child keeps one that it has from another parent: it stays inherited
SELECT mig_round_trip.check($b$
CREATE TABLE person (name text, phone text);
CREATE TABLE firm (phone text);
CREATE TABLE baker () INHERITS (person, firm);
CREATE TABLE guest () INHERITS (person);
$b$, $b$
CREATE TABLE person (name text);
CREATE TABLE firm (phone text);
CREATE TABLE baker () INHERITS (person, firm);
CREATE TABLE guest () INHERITS (person);
$b$, reading => $r$SELECT string_agg(format('%s, %s parents%s', attrelid::regclass, attinhcount,
    CASE WHEN attislocal THEN ', its own' END), '; ' ORDER BY attrelid::regclass::text)
FROM pg_attribute WHERE attname = 'phone' AND attrelid::regclass::text IN ('baker', 'guest', 'person')$r$);
-- one that has it from there alone must take it as its own
SELECT mig_round_trip.check($b$
CREATE TABLE person (name text, phone text);
CREATE TABLE guest () INHERITS (person);
$b$, $b$
CREATE TABLE person (name text);
CREATE TABLE guest (phone text) INHERITS (person);
$b$, reading => $r$SELECT string_agg(format('%s, %s parents%s', attrelid::regclass, attinhcount,
    CASE WHEN attislocal THEN ', its own' END), '; ' ORDER BY attrelid::regclass::text)
FROM pg_attribute WHERE attname = 'phone' AND attrelid::regclass::text IN ('baker', 'guest', 'person')$r$);
---------------------------------------------------------------------------
-- Checks
---------------------------------------------------------------------------
-- the grandchild leaves before the check goes that it has from above
SELECT mig_round_trip.check($b$
CREATE TABLE person (age int, CONSTRAINT grown CHECK (age > 17));
CREATE TABLE guest () INHERITS (person);
CREATE TABLE member () INHERITS (guest);
$b$, $b$
CREATE TABLE person (age int);
CREATE TABLE guest () INHERITS (person);
CREATE TABLE member (age int);
$b$);
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, CONSTRAINT few CHECK (no > 0)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE lot_1_1 PARTITION OF lot_1 FOR VALUES IN (1);
$b$, $b$
CREATE TABLE lot (k int, no int, CONSTRAINT few CHECK (no > 5)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE lot_1_1 (k int, no int);
$b$);
DROP SCHEMA types;
-- valid in one partition: said there, the parent's stays as it is
CREATE SCHEMA types;
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
ALTER TABLE lot_1 VALIDATE CONSTRAINT few;
$$, include => '{types}');
DROP SCHEMA types CASCADE;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig_round_trip CASCADE;
