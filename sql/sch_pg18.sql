--
-- What PostgreSQL 18 adds to tables, in generated scripts, there and back
--
-- Older servers end it at once: expected/sch_pg18_1.out, until there are none.
--
SELECT current_setting('server_version_num')::int < 180000 AS older \gset
\if :older
\quit
\endif
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- Generated columns that are not stored
---------------------------------------------------------------------------
SELECT mig_round_trip.check('CREATE TABLE t (a int)',
    'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL NOT NULL)');
SELECT mig_round_trip.check('CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)',
    'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED)',
    rows => 'INSERT INTO t VALUES (4)', reading => 'SELECT b FROM t');
SELECT mig_round_trip.check('CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)',
    'CREATE TABLE t (a int, b int)');

---------------------------------------------------------------------------
-- Constraints that are not enforced
---------------------------------------------------------------------------
SELECT mig_round_trip.check('CREATE TABLE t (a int)',
    'CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED)');

DROP SCHEMA types, mig_round_trip CASCADE;
