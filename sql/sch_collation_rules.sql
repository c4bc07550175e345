--
-- Rules of ICU collations, from 16 on, in generated scripts, there and back
--
-- Servers without them end it at once: expected/sch_collation_rules_1.out.
--
SELECT current_setting('server_version_num')::int < 160000
    OR count(*) = 0 AS lacking FROM pg_collation WHERE collprovider = 'i' AND collname <> 'unicode' \gset
\if :lacking
    \echo left out: the server has no rules of ICU collations
    \quit
\endif

\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

-- the domain and the column go over, the index is made anew
SELECT mig_round_trip.check($$
CREATE COLLATION c (provider = icu, locale = 'und', rules = '&a < g');
CREATE DOMAIN d AS text COLLATE c;
CREATE TABLE t (a text COLLATE c, b d);
CREATE INDEX i ON t (a)
$$, $$
CREATE COLLATION c (provider = icu, locale = 'und', rules = '&a < g < x', deterministic = false);
CREATE DOMAIN d AS text COLLATE c;
CREATE TABLE t (a text COLLATE c, b d);
CREATE INDEX i ON t (a)
$$, rows => $$INSERT INTO t VALUES ('a', 'b')$$, reading => 'TABLE t');
-- none, and one with a quote
SELECT mig_round_trip.check($$CREATE COLLATION c (provider = icu, locale = 'de')$$,
    $$CREATE COLLATION c (provider = icu, locale = 'de', rules = '&a < ''''')$$);

DROP SCHEMA types, mig_round_trip CASCADE;
