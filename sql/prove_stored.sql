--
-- The scripts of a stored revision, tried.
--
\set VERBOSITY terse
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
SET search_path = public, mig;
SET client_min_messages = warning;
SELECT migrate_revision('a', 'CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a)', 'DROP TABLE b, a', rev_id => 'r1');
SELECT * FROM migrate_prove('r1');
-- the way back leaves something, or takes too much
SELECT migrate_edit('r1', downgrade => 'DROP TABLE b');
SELECT * FROM migrate_prove('r1');
SELECT migrate_edit('r1', downgrade => 'DROP TABLE b, a');
SELECT migrate_revision('b', 'ALTER TABLE a ADD n int NOT NULL DEFAULT 1; CREATE INDEX i ON b (a)', 'ALTER TABLE a DROP n; DROP TABLE b', rev_id => 'r2');
SELECT * FROM migrate_prove('r2');
SELECT migrate_edit('r2', downgrade => 'ALTER TABLE a DROP n; DROP INDEX i; ALTER TABLE b ALTER a TYPE bigint');
SELECT * FROM migrate_prove('head');
-- it fails, either way
SELECT migrate_edit('r2', downgrade => E'ALTER TABLE a DROP n;\nDROP INDEX j');
SELECT * FROM migrate_prove('head');
SELECT migrate_edit('r2', upgrade => 'ALTER TABLE a ADD n int; ALTER TABLE c ADD n int');
SELECT * FROM migrate_prove('head');
-- its verify script does
SELECT migrate_edit('r2', upgrade => 'ALTER TABLE a ADD n int', downgrade => 'ALTER TABLE a DROP n', verify => 'SELECT 1/count(*) FROM a');
SELECT * FROM migrate_prove('head');
SELECT migrate_edit('r2', verify => 'SELECT n FROM a');
SELECT * FROM migrate_prove('head');
-- a head leads to the model
SELECT migrate_set_model('CREATE TABLE a (id int PRIMARY KEY, n int); CREATE TABLE b (a int REFERENCES a)');
SELECT * FROM migrate_prove('head');
SELECT migrate_set_model('CREATE TABLE a (id int PRIMARY KEY, n bigint); CREATE TABLE b (a int REFERENCES a); CREATE INDEX ON b (a)');
SELECT * FROM migrate_prove('head');
SELECT * FROM migrate_prove('r1');
-- irreversible
SELECT migrate_revision('c', 'DELETE FROM a', NULL, rev_id => 'r3');
SELECT * FROM migrate_prove('r3');
-- what cannot be shown
SELECT migrate_edit('r3', upgrade => 'SELECT pg_reload_conf()');
SELECT * FROM migrate_prove('r3');
SELECT migrate_revision('d', 'SELECT 1', 'SELECT 1', rev_id => 'r4');
SELECT * FROM migrate_prove('r4');
SELECT * FROM migrate_prove('base');
SELECT * FROM migrate_prove(NULL);
SELECT * FROM migrate_prove('nowhere');
SELECT to_regclass('a');

DROP EXTENSION pg_migrations;
DROP SCHEMA mig;
