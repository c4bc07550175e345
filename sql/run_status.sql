--
-- What is said about publications that hold the extension's tables, and about
-- target schemas that were renamed
--
SET client_min_messages = warning;
CREATE SCHEMA mig_status;
CREATE SCHEMA mig_status_old;
CREATE EXTENSION pg_migrations SCHEMA mig_status;
SET search_path = mig_status;
SELECT migrate_revision('one', 'CREATE TABLE one (id int)', 'DROP TABLE one', rev_id => 'r1');

---------------------------------------------------------------------------
-- Publications: said by migrate_status, and by the first write of a session
---------------------------------------------------------------------------
-- the server warns of them unless wal_level is logical
SET client_min_messages = error;
CREATE PUBLICATION mig_status_schema FOR TABLES IN SCHEMA mig_status;
CREATE PUBLICATION mig_status_table FOR TABLE mig_status.migrate_applied, mig_status.migrate_revision;
CREATE PUBLICATION mig_status_other FOR TABLES IN SCHEMA mig_status_old;
SET client_min_messages = warning;
SELECT heads, pending FROM migrate_status();
\c -
SET client_min_messages = warning;
SET search_path = mig_status;
SELECT migrate_revision('two', 'CREATE TABLE two (id int)', 'DROP TABLE two', rev_id => 'r2');
SELECT migrate_revision('three', 'CREATE TABLE three (id int)', 'DROP TABLE three', rev_id => 'r3');
DROP PUBLICATION mig_status_schema, mig_status_table, mig_status_other;
SET client_min_messages = error;
CREATE PUBLICATION mig_status_all FOR ALL TABLES;
SET client_min_messages = warning;
SELECT heads, pending FROM migrate_status();
\c -
SET client_min_messages = warning;
SET search_path = mig_status;
SELECT revision FROM migrate_upgrade('r1', schema => 'mig_status_old');
-- nothing is written at head, and nothing said
\c -
SET client_min_messages = warning;
SET search_path = mig_status;
SELECT revision FROM migrate_upgrade('r1', schema => 'mig_status_old');
SELECT migrate_require('r1', schema => 'mig_status_old');
DROP PUBLICATION mig_status_all;
SELECT heads, pending FROM migrate_status();

---------------------------------------------------------------------------
-- A renamed target schema
---------------------------------------------------------------------------
ALTER SCHEMA mig_status_old RENAME TO mig_status_new;
SELECT heads, pending FROM migrate_status();
SELECT heads, pending FROM migrate_status('mig_status_new');
-- as the hint has it
SELECT migrate_stamp('r1', schema => 'mig_status_new');
SELECT migrate_stamp('base', schema => 'mig_status_old');
SELECT heads, pending FROM migrate_status('mig_status_new');
SELECT revision FROM migrate_upgrade(schema => 'mig_status_new');
SELECT relname FROM pg_class WHERE relnamespace = 'mig_status_new'::regnamespace ORDER BY relname COLLATE "C";

DROP EXTENSION pg_migrations;
DROP SCHEMA mig_status, mig_status_new CASCADE;
