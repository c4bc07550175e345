--
-- Names and literals that look like words that the server prints
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

-- the options of an index stand before the predicate, not in a name
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int, ") WHERE (" int);
$b$, $b$
CREATE TABLE t (a int, ") WHERE (" int);
ALTER TABLE t ADD CONSTRAINT x EXCLUDE (a WITH =, ") WHERE (" WITH =) WITH (fillfactor = 50) WHERE (a > 1);
ALTER TABLE t ADD CONSTRAINT y EXCLUDE (") WHERE (" WITH =) WITH (fillfactor = 60);
$b$);

-- what a foreign key does when rows go stands behind its columns
CREATE TABLE p (a int, b int, c int, UNIQUE (a, b), UNIQUE (a, c));
CREATE TABLE t (" ON DELETE " int, b int, CONSTRAINT k FOREIGN KEY (" ON DELETE ", b) REFERENCES p (a, b));
INSERT INTO p VALUES (1, 2, 3);
INSERT INTO t VALUES (1, 2);
SELECT operation, object, hazard FROM mig_round_trip.migrate_diff($b$
CREATE TABLE p (a int, b int, c int, UNIQUE (a, b), UNIQUE (a, c));
CREATE TABLE t (" ON DELETE " int, b int, CONSTRAINT k FOREIGN KEY (" ON DELETE ", b) REFERENCES p (a, c));
$b$, include => '{types}');
DROP TABLE t, p;

-- a literal behind one that looks like the body is of the new label: @commit
CREATE TYPE mood AS ENUM ('a');
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE FUNCTION f(x text DEFAULT E'\nAS ', m mood DEFAULT 'b') RETURNS int LANGUAGE sql AS 'SELECT 1';
$b$, include => '{types}');
DROP TYPE mood;

---------------------------------------------------------------------------
-- Aggregates are functions to GRANT, which has no words between arguments
---------------------------------------------------------------------------
SET migrate.compare = 'privileges';
SELECT mig_round_trip.check('', $b$
CREATE AGGREGATE every_row(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
CREATE AGGREGATE at_least(p float8 ORDER BY "ORDER BY " anyelement) (STYPE = internal, SFUNC = ordered_set_transition,
    FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE of_all(ORDER BY int) (SFUNC = int4pl, STYPE = int, FINALFUNC = int4abs);
CREATE AGGREGATE rank_of(VARIADIC "any" ORDER BY VARIADIC "any") (STYPE = internal,
    SFUNC = ordered_set_transition_multi, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
REVOKE EXECUTE ON FUNCTION every_row(), at_least(float8, anyelement), of_all(int), rank_of(VARIADIC "any") FROM PUBLIC;
$b$);
RESET migrate.compare;

---------------------------------------------------------------------------
-- A new column of a domain whose check is false of NULL, however it says so
---------------------------------------------------------------------------
CREATE TABLE t (a int);
INSERT INTO t VALUES (1);
CREATE FUNCTION mig_round_trip.is_there(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 IS NOT NULL; END';
CREATE FUNCTION mig_round_trip.is_small(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS 'BEGIN RETURN $1 < 9; END';
SELECT condition, upgrade FROM (VALUES
    ('VALUE IS NOT NULL'),
    ('CASE WHEN VALUE > 0 THEN true ELSE false END'),
    ('GREATEST(VALUE, 0) > 5'),
    ('VALUE IS DISTINCT FROM NULL'),
    ('mig_round_trip.is_there(VALUE)'),
    -- false of no NULL
    ('mig_round_trip.is_small(VALUE) AND VALUE > 0 OR VALUE IN (7, 8)'),
    ('VALUE::text <> '' IS '' COLLATE "C"')
) AS c (condition), LATERAL mig_round_trip.migrate_autogenerate_sql(format(
    'CREATE DOMAIN d AS int CHECK (%s);
    CREATE TABLE t (a int,
        b d -- migrate:fill 8
    )', condition), include => '{types}', qualify => false);
DROP TABLE t;

DROP SCHEMA types, mig_round_trip CASCADE;
