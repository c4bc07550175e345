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

DROP SCHEMA types, mig_round_trip CASCADE;
