--
-- The tables of the extension are known to a session until they are others:
-- none is written that could run code of others
--
SET client_min_messages = warning;
CREATE SCHEMA mig_tables;
CREATE EXTENSION pg_migrations SCHEMA mig_tables;
SET search_path = mig_tables;
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
SELECT migrate_revision('first', '', '', rev_id => 'r1');
-- dropped and created
DROP EXTENSION pg_migrations;
CREATE EXTENSION pg_migrations SCHEMA mig_tables;
SELECT migrate_revision('first', '', '', rev_id => 'r1');
CREATE TRIGGER t BEFORE INSERT ON migrate_progress EXECUTE FUNCTION nothing();
SELECT migrate_upgrade(); -- fails
DROP TRIGGER t ON migrate_progress;
SELECT revision FROM migrate_upgrade();
-- and back again
BEGIN;
DROP EXTENSION pg_migrations;
CREATE EXTENSION pg_migrations SCHEMA mig_tables;
SELECT migrate_revision('first', '', '', rev_id => 'r1');
SELECT revision FROM migrate_upgrade();
ROLLBACK;
SELECT revision FROM migrate_redo();
CREATE TRIGGER t BEFORE INSERT ON migrate_progress EXECUTE FUNCTION nothing();
SELECT migrate_redo(); -- fails
DROP TRIGGER t ON migrate_progress;
-- created for the first time, and never
DROP EXTENSION pg_migrations;
BEGIN;
CREATE EXTENSION pg_migrations SCHEMA mig_tables;
SELECT migrate_revision('first', '', '', rev_id => 'r1');
ROLLBACK;
CREATE EXTENSION pg_migrations SCHEMA mig_tables;
SELECT migrate_revision('first', '', '', rev_id => 'r1');
CREATE TRIGGER t BEFORE INSERT ON migrate_progress EXECUTE FUNCTION nothing();
SELECT migrate_upgrade(); -- fails
DROP TRIGGER t ON migrate_progress;
-- moved, with what is in a schema of another name
CREATE SCHEMA mig_tables_other;
ALTER EXTENSION pg_migrations SET SCHEMA mig_tables_other;
CREATE TRIGGER t BEFORE INSERT ON mig_tables_other.migrate_log EXECUTE FUNCTION nothing();
SELECT mig_tables_other.migrate_upgrade(); -- fails
DROP TRIGGER t ON mig_tables_other.migrate_log;
SELECT revision FROM mig_tables_other.migrate_upgrade();
ALTER EXTENSION pg_migrations SET SCHEMA mig_tables;
SELECT revision FROM migrate_redo();
-- a table that takes the place of another
SELECT count(*) FROM migrate_downgrade('base');
ALTER EXTENSION pg_migrations DROP TABLE migrate_progress;
ALTER TABLE migrate_progress RENAME TO earlier;
CREATE TABLE migrate_progress (LIKE earlier INCLUDING ALL);
ALTER EXTENSION pg_migrations ADD TABLE migrate_progress;
CREATE TRIGGER t BEFORE INSERT ON migrate_progress EXECUTE FUNCTION nothing();
SELECT migrate_upgrade(); -- fails
DROP TRIGGER t ON migrate_progress;
DROP TABLE earlier;
SELECT revision FROM migrate_upgrade();
-- another version
UPDATE pg_extension SET extversion = '0.1.9' WHERE extname = 'pg_migrations';
SELECT revision FROM migrate_redo();
UPDATE pg_extension SET extversion = (SELECT default_version
    FROM pg_available_extensions WHERE name = 'pg_migrations')
WHERE extname = 'pg_migrations';
SELECT revision FROM migrate_redo();
-- a table of another extension, while ours is gone
SELECT count(*) FROM migrate_downgrade('base');
SELECT migrate_edit('r1', upgrade => $$DO 'BEGIN
    ALTER EXTENSION pg_migrations DROP TABLE mig_tables.migrate_revision;
    ALTER EXTENSION plpgsql ADD TABLE mig_tables.migrate_revision;
    DROP EXTENSION pg_migrations CASCADE;
    END'$$, transactional => false);
CALL migrate_deploy(); -- fails
DROP SCHEMA mig_tables, mig_tables_other CASCADE;
