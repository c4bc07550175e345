--
-- Collations in generated scripts, there and back
--
SELECT count(*) = 0 AS lacking FROM pg_collation WHERE collprovider = 'i' AND collname <> 'unicode' \gset
\if :lacking
    \echo left out: the server has no ICU
    \quit
\endif

\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

-- collation change
SELECT mig_round_trip.check($b$
CREATE COLLATION c (provider = icu, locale = 'de-u-co-phonebk');
CREATE DOMAIN d AS text COLLATE c;
CREATE TYPE comp AS (a text COLLATE c);
CREATE TABLE t (x text COLLATE c PRIMARY KEY, y d, z comp, w varchar(10) COLLATE "C");
CREATE INDEX ON t (w COLLATE c);
CREATE VIEW v AS SELECT w COLLATE c AS w FROM t;
$b$, $b$
CREATE COLLATION c (provider = icu, locale = 'sv', deterministic = false);
CREATE DOMAIN d AS text COLLATE c;
CREATE TYPE comp AS (a text COLLATE c);
CREATE TABLE t (x text COLLATE c PRIMARY KEY, y d, z comp, w varchar(10) COLLATE "POSIX");
CREATE INDEX ON t (w COLLATE c);
CREATE VIEW v AS SELECT w COLLATE c AS w FROM t;
$b$, rows => $b$
INSERT INTO t VALUES ('a','b','(c)','d');
$b$, reading => $b$
SELECT array_agg(t) FROM t
$b$);

-- text becomes an array, and is one again, whatever its collation takes to be the same
SELECT mig_round_trip.check($b$
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE t (id int, a text COLLATE ci);
$b$, $b$
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE t (id int, a text[] COLLATE ci);
$b$, rows => $b$INSERT INTO t VALUES (1, 'x'), (2, '{x,y}')$b$, reading => $b$SELECT string_agg(t::text, ' ' ORDER BY id) FROM t$b$);

-- texts that are equal by one collation, and not by the other
CREATE COLLATION c (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE t (a text UNIQUE, b text COLLATE c PRIMARY KEY);
CREATE TABLE r (b text COLLATE c REFERENCES t);
INSERT INTO t VALUES ('a', 'a'), ('A', 'b');
INSERT INTO r VALUES ('a'), ('A'), ('b');
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE COLLATION c (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE t (a text COLLATE c UNIQUE, b text PRIMARY KEY);
CREATE TABLE r (b text REFERENCES t);
$b$, include => '{types}', qualify => false);

-- what a check says of them is otherwise either way
CREATE TABLE k (a text CONSTRAINT k_a CHECK (a <> 'X'), b text COLLATE c CONSTRAINT k_b CHECK (b = 'X' OR b IN ('a', 'b')));
INSERT INTO k VALUES ('x', 'A'), ('y', 'X');
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE COLLATION c (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE t (a text UNIQUE, b text COLLATE c PRIMARY KEY);
CREATE TABLE r (b text COLLATE c REFERENCES t);
CREATE TABLE k (a text COLLATE c CONSTRAINT k_a CHECK (a <> 'X'), b text CONSTRAINT k_b CHECK (b = 'X' OR b IN ('a', 'b')));
$b$, include => '{types}', qualify => false);

DROP SCHEMA types, mig_round_trip CASCADE;
