--
-- Constraints and indexes whose names do not matter: those that differ in
-- nothing else are the same, and no statement names what is not there
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file
SET migrate.compare = '-constraint_names';

-- all sorts; nothing is to be done
SELECT mig_round_trip.check($b$
CREATE DOMAIN amount AS int CONSTRAINT d1 CHECK (VALUE > 0);
CREATE TABLE a (id int CONSTRAINT k1 PRIMARY KEY, u int CONSTRAINT u1 UNIQUE, c amount CONSTRAINT c1 CHECK (c > 0),
    CONSTRAINT x1 EXCLUDE USING btree (c WITH =));
CREATE TABLE b (id int CONSTRAINT f1 REFERENCES a);
CREATE INDEX i1 ON b (id);
$b$, $b$
CREATE DOMAIN amount AS int CONSTRAINT d2 CHECK (VALUE > 0);
CREATE TABLE a (id int CONSTRAINT k2 PRIMARY KEY, u int CONSTRAINT u2 UNIQUE, c amount CONSTRAINT c2 CHECK (c > 0),
    CONSTRAINT x2 EXCLUDE USING btree (c WITH =));
CREATE TABLE b (id int CONSTRAINT f2 REFERENCES a);
CREATE INDEX i2 ON b (id);
$b$);
-- names that are exchanged
SELECT mig_round_trip.check($b$
CREATE TABLE a (m int CONSTRAINT c1 CHECK (m > 1), n int CONSTRAINT c2 CHECK (n > 2));
CREATE INDEX i1 ON a (m); CREATE INDEX i2 ON a (n);
$b$, $b$
CREATE TABLE a (m int CONSTRAINT c2 CHECK (m > 1), n int CONSTRAINT c1 CHECK (n > 2));
CREATE INDEX i2 ON a (m); CREATE INDEX i1 ON a (n);
$b$);
-- what differs in more, too
SELECT mig_round_trip.check($b$
CREATE TABLE a (m int CONSTRAINT c1 CHECK (m > 1), n int CONSTRAINT c2 UNIQUE);
CREATE INDEX i1 ON a (m);
$b$, $b$
CREATE TABLE a (m int CONSTRAINT c3 CHECK (m > 2), n int CONSTRAINT c4 UNIQUE DEFERRABLE);
CREATE INDEX i2 ON a (m DESC);
$b$);
-- a comment and options are those of the live name
SELECT mig_round_trip.check($b$
CREATE TABLE a (m int CONSTRAINT c1 CHECK (m > 1), n int CONSTRAINT u1 UNIQUE);
CREATE INDEX i1 ON a (m);
$b$, $b$
CREATE TABLE a (m int CONSTRAINT c2 CHECK (m > 1), n int CONSTRAINT u2 UNIQUE);
CREATE INDEX i2 ON a (m);
COMMENT ON CONSTRAINT c2 ON a IS 'more than one';
COMMENT ON INDEX i2 IS 'by m';
COMMENT ON CONSTRAINT u2 ON a IS 'once';
$b$);
-- a new one wants the name of one that stays
SELECT mig_round_trip.check($b$
CREATE TABLE a (m int CONSTRAINT c1 CHECK (m > 1), n int);
CREATE INDEX i1 ON a (m);
$b$, $b$
CREATE TABLE a (m int CONSTRAINT c2 CHECK (m > 1), n int CONSTRAINT c1 CHECK (n > 0));
CREATE INDEX i2 ON a (m); CREATE INDEX i1 ON a (n);
$b$);
-- so does a table, whose name matters
SELECT mig_round_trip.check($b$
CREATE TABLE a (m int);
CREATE INDEX b ON a (m);
$b$, $b$
CREATE TABLE a (m int);
CREATE INDEX i ON a (m);
CREATE TABLE b (m int);
$b$);
-- partitions and child tables
SELECT mig_round_trip.check($b$
CREATE TABLE p (id int, k int, CONSTRAINT pk1 PRIMARY KEY (id), CONSTRAINT c1 CHECK (k > 0)) PARTITION BY LIST (id);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX i1 ON p (k);
CREATE TABLE q (id int CONSTRAINT qc1 CHECK (id > 0));
CREATE TABLE q_1 () INHERITS (q);
$b$, $b$
CREATE TABLE p (id int, k int, CONSTRAINT pk2 PRIMARY KEY (id), CONSTRAINT c2 CHECK (k > 0)) PARTITION BY LIST (id);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX i2 ON p (k);
CREATE TABLE q (id int CONSTRAINT qc2 CHECK (id > 0));
CREATE TABLE q_1 () INHERITS (q);
$b$);
-- NOT NULL has a name in 18, that of a domain in 17
SELECT mig_round_trip.check($b$
CREATE DOMAIN amount AS int CONSTRAINT n1 NOT NULL;
CREATE TABLE a (m int CONSTRAINT n1 NOT NULL, n int);
$b$, $b$
CREATE DOMAIN amount AS int CONSTRAINT n2 NOT NULL;
CREATE TABLE a (m int CONSTRAINT n2 NOT NULL, n int);
$b$);
SELECT mig_round_trip.check($b$
CREATE TABLE a (m int CONSTRAINT n1 NOT NULL, n int);
$b$, $b$
CREATE TABLE a (m bigint);
$b$);

SET client_min_messages = warning;
DROP SCHEMA types, mig_round_trip CASCADE;
