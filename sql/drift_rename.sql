--
-- What was renamed by hand, and is captured as that: the revision renames, and
-- keeps the rows of others who apply it.
--
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
SET search_path = public, mig;
SET client_min_messages = warning;
SELECT migrate_revision('first', $$
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE person (id int PRIMARY KEY, full_name text NOT NULL, m mood);
CREATE TABLE pet (id int PRIMARY KEY, owner int REFERENCES person, CHECK (id > 0));
CREATE INDEX pet_owner ON pet (owner);
CREATE VIEW owners AS SELECT p.full_name FROM person p JOIN pet ON pet.owner = p.id;
$$, 'DROP VIEW owners; DROP TABLE pet, person; DROP TYPE mood', rev_id => '1a');
SELECT count(*) FROM migrate_upgrade();
INSERT INTO person VALUES (1, 'Ann', 'ok');
INSERT INTO pet VALUES (7, 1);

ALTER TABLE person RENAME TO people;
ALTER TABLE people RENAME full_name TO name;
ALTER TYPE mood RENAME TO feeling;
ALTER TABLE people ADD email text;
ALTER INDEX pet_owner RENAME TO pet_by_owner;
SELECT operation, kind, object, hazard FROM migrate_drift() WHERE kind IN ('table', 'column', 'type');

-- what undoes it, the names last
SELECT '{"public.person": "people", "person.full_name": "name", "public.mood": "feeling", "pet_owner": "pet_by_owner"}' AS renames \gset
SELECT operation, kind, object, hazard, undo FROM migrate_drift(renames => :'renames');
SELECT migrate_drift(strict => true, renames => :'renames');
BEGIN;
SELECT string_agg(undo, '' ORDER BY ordinality) AS undo FROM migrate_drift(renames => :'renames') WITH ORDINALITY \gset
:undo
SELECT migrate_drift(strict => true);
ROLLBACK;

SET client_min_messages = notice;
SELECT migrate_capture('renamed at night', rev_id => '2b', renames => :'renames');
SELECT upgrade_sql, downgrade_sql FROM migrate_revision WHERE revision = '2b';
SELECT migrate_drift();
SELECT * FROM migrate_test('1a:2b');

-- both ways with rows
SELECT count(*) FROM migrate_downgrade('1a');
SELECT * FROM person;
SELECT count(*) FROM migrate_upgrade();
SELECT * FROM people;
SELECT migrate_drift();

-- a name alone, and none that there is; nothing else has changed
ALTER TABLE pet RENAME owner TO keeper;
SELECT migrate_capture('one name', rev_id => '3c', renames => '{"pet.owner": "keeper", "public.nobody": "somebody"}');
SELECT upgrade_sql, downgrade_sql FROM migrate_revision WHERE revision = '3c';
-- what was not renamed by hand is none
SELECT migrate_capture('nothing', renames => '{"people.name": "nick"}');
-- nor is a table of another shape refused, that has taken the name
ALTER TABLE pet RENAME TO animal;
CREATE TABLE pet (id int);
SELECT migrate_capture('another', rev_id => '4d', renames => '{"public.pet": "animal"}');
SELECT upgrade_sql, downgrade_sql FROM migrate_revision WHERE revision = '4d';
SELECT migrate_drift();
SELECT migrate_capture('no object', renames => '["a"]');

-- neither does a comparison with revisions end in trying a name that comes of nothing
SELECT operation, kind, object FROM migrate_diff($$
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE person (id int PRIMARY KEY, full_name text NOT NULL, m mood);
CREATE TABLE pet (id int PRIMARY KEY, owner int REFERENCES person, CHECK (id > 0));
CREATE VIEW owners AS SELECT p.full_name FROM person p JOIN pet ON pet.owner = p.id;
$$, against => '1a', renames => '{"pet.owner": "keeper", "public.mood": "feeling", "pet_owner": "pet_by_owner"}');

SET client_min_messages = warning;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig CASCADE;
DROP VIEW owners;
DROP TABLE pet, animal, people CASCADE;
DROP TYPE feeling;
