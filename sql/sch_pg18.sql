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
-- the values are not kept
SELECT mig_round_trip.check('CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)',
    'CREATE TABLE t (a int, b int)', rows => 'INSERT INTO t VALUES (4)');
-- another expression; a child table has its own
SELECT mig_round_trip.check($$
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL);
CREATE TABLE v (b int GENERATED ALWAYS AS (a * 7) VIRTUAL) INHERITS (t)
$$, $$
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 3) VIRTUAL);
CREATE TABLE v (b int GENERATED ALWAYS AS (a * 8) VIRTUAL) INHERITS (t)
$$);

---------------------------------------------------------------------------
-- NOT NULL constraints
---------------------------------------------------------------------------
-- name
SELECT mig_round_trip.check('CREATE TABLE t (a int, b int NOT NULL, c int)',
    'CREATE TABLE t (a int CONSTRAINT a_is_there NOT NULL, b int CONSTRAINT b_too NOT NULL, c int NOT NULL)');
-- validated, where rows are there
SELECT mig_round_trip.check($$
CREATE TABLE t (a int);
ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID
$$, 'CREATE TABLE t (a int CONSTRAINT nn NOT NULL)', rows => 'INSERT INTO t VALUES (1)');
-- not inherited, taken up by a child table, and inherited
SELECT mig_round_trip.check('CREATE TABLE t (a int); CREATE TABLE v () INHERITS (t)',
    'CREATE TABLE t (a int CONSTRAINT nn NOT NULL NO INHERIT); CREATE TABLE v () INHERITS (t)');
SELECT mig_round_trip.check($$
CREATE TABLE t (a int CONSTRAINT nn NOT NULL NO INHERIT);
CREATE TABLE v () INHERITS (t)
$$, $$
CREATE TABLE t (a int CONSTRAINT nn NOT NULL);
CREATE TABLE v () INHERITS (t)
$$);
-- gone from a parent table, and kept in a child
SELECT mig_round_trip.check('CREATE TABLE t (a int NOT NULL); CREATE TABLE v () INHERITS (t)',
    'CREATE TABLE t (a int); CREATE TABLE v (CONSTRAINT t_a_not_null NOT NULL a) INHERITS (t)');
-- the same under another name
SELECT mig_round_trip.check('CREATE TABLE t (a int NOT NULL); CREATE TABLE v () INHERITS (t)',
    'CREATE TABLE t (a int); CREATE TABLE v (CONSTRAINT kept NOT NULL a) INHERITS (t)');
-- attached: it gets the name
SELECT mig_round_trip.check($$
CREATE TABLE t (a int NOT NULL) PARTITION BY LIST (a);
CREATE TABLE v (a int NOT NULL)
$$, $$
CREATE TABLE t (a int NOT NULL) PARTITION BY LIST (a);
CREATE TABLE v PARTITION OF t FOR VALUES IN (1)
$$);
-- comment
SELECT mig_round_trip.check('CREATE TABLE t (a int NOT NULL)', $$
CREATE TABLE t (a int NOT NULL);
COMMENT ON CONSTRAINT t_a_not_null ON t IS 'because'
$$);

---------------------------------------------------------------------------
-- Constraints that are not enforced
---------------------------------------------------------------------------
SELECT mig_round_trip.check('CREATE TABLE t (a int)',
    'CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED)');

DROP SCHEMA types, mig_round_trip CASCADE;
