--
-- What stands together in generated scripts: changes of a table in one
-- ALTER TABLE, foreign keys and sequences within CREATE TABLE
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- ALTER TABLE: one pass over the rows
---------------------------------------------------------------------------
-- types, with the defaults and checks that stand in their way; new and old
-- columns, keys
SELECT mig_round_trip.check($b$
CREATE TABLE reading (id int, no int DEFAULT 1, at date, code varchar(5) DEFAULT 'x', weight int CONSTRAINT heavy CHECK (weight > 0), gone text);
$b$, $b$
CREATE TABLE reading (id bigint, no bigint DEFAULT 2, at timestamp, code int DEFAULT 5, weight numeric CONSTRAINT heavy CHECK (weight > 1), mark text DEFAULT 'm', UNIQUE (id, mark));
$b$, rows => $b$
INSERT INTO reading VALUES (1, 2, '2026-01-02', '3', 4, 'z');
$b$, reading => $b$
SELECT to_jsonb(r) - 'mark' - 'gone' FROM reading r
$b$);
-- a view that goes meanwhile, a function that the new default calls, and a
-- column that comes back as another one
SELECT mig_round_trip.check($b$
CREATE TABLE item (a int, b int, c int);
CREATE VIEW items AS SELECT i.a, j.b FROM item i, item j;
$b$, $b$
CREATE FUNCTION start() RETURNS bigint LANGUAGE sql AS 'SELECT 7::bigint';
CREATE TABLE item (a bigint DEFAULT start(), b int, d bigint GENERATED ALWAYS AS (a * 2) STORED);
CREATE VIEW items AS SELECT i.a, j.d FROM item i, item j;
$b$, rows => $b$
INSERT INTO item VALUES (1, 2, 3);
$b$);
-- what is given in rows comes after the types that it may have to do with, and
-- all of it before NOT NULL
SELECT mig_round_trip.check($b$
CREATE TABLE stock (a int, b int, c int);
$b$, $b$
CREATE TABLE stock (a bigint DEFAULT 1 NOT NULL, b bigint DEFAULT 2 NOT NULL, c text);
$b$, rows => $b$
INSERT INTO stock VALUES (NULL, 5, 6), (7, NULL, NULL);
$b$, reading => $b$
SELECT array_agg(s ORDER BY c) FROM stock s
$b$);
-- the server would have another order: the bounds of an identity column change
-- before its type becomes a smaller one
SELECT mig_round_trip.check($b$
CREATE TABLE serving (id bigint GENERATED ALWAYS AS IDENTITY, x int);
$b$, $b$
CREATE TABLE serving (id smallint GENERATED ALWAYS AS IDENTITY, x bigint);
$b$);
-- of its own each: what is not for the children, and children themselves
SELECT mig_round_trip.check($b$
CREATE TABLE top (a int, b int);
CREATE TABLE below (c int, d int) INHERITS (top);
$b$, $b$
CREATE TABLE top (a bigint, b bigint);
CREATE TABLE below (c bigint, d bigint) INHERITS (top);
$b$);
-- a scan that does not lock stays apart
SET migrate.safe_constraints = on;
SELECT mig_round_trip.check($b$
CREATE TABLE safe (a int, b int);
$b$, $b$
CREATE TABLE safe (a bigint, b bigint, CHECK (a > 0), CHECK (b > 0) NOT VALID);
$b$);
RESET migrate.safe_constraints;

---------------------------------------------------------------------------
-- CREATE TABLE: foreign keys
---------------------------------------------------------------------------
-- behind what they refer to; one of a circle comes later, and so does one that
-- needs an index, or is not valid; those of partitioned tables stay apart
SELECT mig_round_trip.check('', $b$
CREATE TABLE z (id int PRIMARY KEY);
CREATE TABLE y (id int PRIMARY KEY, z int REFERENCES z, up int REFERENCES y);
CREATE TABLE x (id int PRIMARY KEY, y int CONSTRAINT "to y" REFERENCES y ON DELETE CASCADE DEFERRABLE, w int);
COMMENT ON CONSTRAINT "to y" ON x IS 'it''s y';
CREATE TABLE w (id int PRIMARY KEY, x int REFERENCES x);
ALTER TABLE x ADD FOREIGN KEY (w) REFERENCES w;
CREATE TABLE v (id int);
CREATE UNIQUE INDEX v_id ON v (id);
CREATE TABLE u (v int REFERENCES v (id), z int);
ALTER TABLE u ADD FOREIGN KEY (z) REFERENCES z NOT VALID;
CREATE TABLE part (id int PRIMARY KEY, z int REFERENCES z) PARTITION BY LIST (id);
CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1);
CREATE TABLE a (part int REFERENCES part);
$b$);
-- one that refers to a table that is there, and changes
SELECT mig_round_trip.check($b$
CREATE TABLE old (id int PRIMARY KEY, code text);
$b$, $b$
CREATE TABLE old (id bigint PRIMARY KEY, code text UNIQUE);
CREATE TABLE new (code text REFERENCES old (code), old bigint REFERENCES old (id));
$b$);

---------------------------------------------------------------------------
-- Serial columns
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE has (x int);
$b$, $b$
CREATE TABLE "Plain" (id serial PRIMARY KEY, b bigserial, "S s" smallserial, c text);
CREATE UNLOGGED TABLE fast (id serial);
CREATE TABLE has (x int, id serial, y serial);
$b$, rows => $b$
INSERT INTO has VALUES (1), (2);
$b$);
-- what is not all that serial makes: its name, type, start, NULLs, owner,
-- default; one that others use before
SELECT mig_round_trip.check('', $b$
CREATE SEQUENCE named;
CREATE TABLE named_by (id bigint NOT NULL DEFAULT nextval('named'));
ALTER SEQUENCE named OWNED BY named_by.id;
CREATE SEQUENCE typed_id_seq;
CREATE TABLE typed (id int NOT NULL DEFAULT nextval('typed_id_seq'));
ALTER SEQUENCE typed_id_seq OWNED BY typed.id;
CREATE TABLE start (id serial);
ALTER SEQUENCE start_id_seq START 5 INCREMENT 5;
CREATE TABLE nulls (id serial);
ALTER TABLE nulls ALTER id DROP NOT NULL;
CREATE SEQUENCE free_id_seq AS int;
CREATE TABLE free (id int NOT NULL DEFAULT nextval('free_id_seq'));
CREATE TABLE summed (id serial);
ALTER TABLE summed ALTER id SET DEFAULT nextval('summed_id_seq') + 1;
CREATE TABLE shared (id serial);
CREATE TABLE again (id int DEFAULT nextval('shared_id_seq'));
$b$);
-- what the sequence has besides
SET migrate.compare = 'privileges, owners';
CREATE ROLE regress_mig_merge;
SELECT mig_round_trip.check('', $b$
CREATE TABLE kept (id serial);
ALTER TABLE kept OWNER TO regress_mig_merge;
COMMENT ON SEQUENCE kept_id_seq IS 'numbers';
GRANT USAGE ON SEQUENCE kept_id_seq TO PUBLIC;
$b$);
RESET migrate.compare;

DROP SCHEMA types;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig_round_trip CASCADE;
DROP ROLE regress_mig_merge;
