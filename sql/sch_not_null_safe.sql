--
-- NOT NULL in the steps of migrate.safe_constraints
--
-- There are two expected outputs: 15 to 17 need a check for it, from 18 on the
-- constraint can be NOT VALID itself.  The first goes with 17.
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file
SET migrate.safe_constraints = on;
SELECT mig_round_trip.check('CREATE TABLE t (id int, s text)', 'CREATE TABLE t (id int NOT NULL, s text)',
    rows => 'INSERT INTO t VALUES (1)');
-- with a value for rows that have none
SELECT mig_round_trip.check('CREATE TABLE t (id int, s text)', E'CREATE TABLE t (id int, s text NOT NULL -- migrate:fill ''x''\n)',
    rows => 'INSERT INTO t VALUES (1)', reading => 'SELECT s FROM t');
-- the same without rows
SELECT mig_round_trip.check('CREATE TABLE t (id int)', 'CREATE TABLE t (id int NOT NULL)');
-- child tables
SELECT mig_round_trip.check('CREATE TABLE t (id int); CREATE TABLE v () INHERITS (t)', 'CREATE TABLE t (id int NOT NULL); CREATE TABLE v () INHERITS (t)',
    rows => 'INSERT INTO v VALUES (1)');
-- the name of the check is taken, in the table and below
SELECT mig_round_trip.check(
    'CREATE TABLE t (id int, a int, CONSTRAINT migrate_not_null CHECK (a > 0)); CREATE TABLE v (CONSTRAINT migrate_not_null_2 CHECK (a > 1)) INHERITS (t)',
    'CREATE TABLE t (id int NOT NULL, a int NOT NULL, CONSTRAINT migrate_not_null CHECK (a > 0)); CREATE TABLE v (CONSTRAINT migrate_not_null_2 CHECK (a > 1)) INHERITS (t)',
    rows => 'INSERT INTO v VALUES (1, 2)');
DROP SCHEMA types, mig_round_trip CASCADE;
