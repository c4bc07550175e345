--
-- What is not compared, and depends on what a script drops or alters, is named
--
SET client_min_messages = warning;
CREATE SCHEMA mig_dependent;
CREATE EXTENSION pg_migrations SCHEMA mig_dependent;
CREATE SCHEMA types;
CREATE SCHEMA mig_outside;
SET search_path = types, mig_dependent;
\pset format unaligned
\pset tuples_only on

CREATE TABLE t (id int PRIMARY KEY, a int, b int, gone int);
CREATE TYPE mood AS ENUM ('x', 'y');
CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE SEQUENCE s;
CREATE VIEW v AS SELECT one.id FROM t one, t two;
CREATE TABLE p (k int, a int) PARTITION BY LIST (k);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE mig_outside.p1 PARTITION OF p FOR VALUES IN (1);
CREATE VIEW mig_outside.of_part AS SELECT a FROM p2;
CREATE VIEW mig_outside.v AS SELECT a, gone FROM t;
CREATE MATERIALIZED VIEW mig_outside.mv AS SELECT b FROM t;
CREATE VIEW mig_outside.vv AS SELECT * FROM v;
CREATE TABLE mig_outside.r (t int REFERENCES t, m mood, many mood[], c pair, d int DEFAULT nextval('s'), e int DEFAULT f(1));
CREATE INDEX ON mig_outside.r (f(t));
CREATE TRIGGER tt BEFORE INSERT ON mig_outside.r FOR EACH ROW EXECUTE FUNCTION trg();
CREATE RULE ru AS ON INSERT TO mig_outside.r DO ALSO SELECT id FROM t;
CREATE POLICY po ON mig_outside.r USING (EXISTS (SELECT FROM t WHERE id = 1));
CREATE FUNCTION mig_outside.row_of(t) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION mig_outside.h() RETURNS int BEGIN ATOMIC SELECT max(b) FROM t; END;
CREATE TABLE excluded (id int REFERENCES t);
CREATE PUBLICATION mig_dependent FOR TABLE t;

-- altered
\set model 'CREATE TABLE t (id bigint PRIMARY KEY, a bigint, b int); CREATE TABLE p (k int, a bigint) PARTITION BY LIST (k); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)'
SELECT upgrade FROM migrate_autogenerate_sql(:'model', include => '{types}', exclude => '{excluded}');
-- on the way back, too
SELECT downgrade FROM migrate_autogenerate_sql(:'model', include => '{types}', exclude => '{excluded}');
-- dropped
SELECT upgrade FROM migrate_autogenerate_sql('CREATE TABLE q ()', include => '{types}', exclude => '{excluded}');
-- what is left alone stands in nobody's way
\set model 'CREATE TABLE t (id int PRIMARY KEY, a int, b int, gone int, more int)'
SELECT object, hazard FROM migrate_diff(:'model', include => '{types}', exclude => '{excluded, f, trg, s, v, p, p2, mood, pair}');
-- it is said when a revision is generated
SET client_min_messages = notice;
\set model 'CREATE TABLE t (id int PRIMARY KEY, a int, b int)'
SELECT migrate_autogenerate('narrower', :'model', rev_id => 'aaa1', include => '{types}', exclude => '{excluded, f, trg, s, v, p, p2, mood, pair}');
\set VERBOSITY terse
SELECT count(*) FROM migrate_upgrade();         -- fails as foretold
\set VERBOSITY default

SET client_min_messages = warning;
DROP PUBLICATION mig_dependent;
DROP SCHEMA mig_outside, types, mig_dependent CASCADE;
