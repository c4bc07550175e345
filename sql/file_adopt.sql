--
-- migrate_adopt(): the state of another tool becomes a stamp
--
SET client_min_messages = warning;
CREATE SCHEMA mig_file_adopt;
CREATE SCHEMA mig_file_adopt_app;
CREATE EXTENSION pg_migrations SCHEMA mig_file_adopt;
CREATE ROLE regress_mig_adopter;
GRANT USAGE ON SCHEMA mig_file_adopt TO regress_mig_adopter;
GRANT ALL ON SCHEMA mig_file_adopt_app TO regress_mig_adopter;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_file_adopt TO regress_mig_adopter;
SET search_path = mig_file_adopt_app, mig_file_adopt;
CREATE VIEW recorded AS SELECT schema_name, revision, tip, how, tag FROM migrate_applied ORDER BY schema_name, revision;

SELECT migrate_import($$
-- revision: aaaa
-- down_revision:
-- migrate:upgrade
-- revision: bbbb
-- down_revision: aaaa
-- migrate:upgrade
-- revision: cccc
-- down_revision: aaaa
-- migrate:upgrade
-- revision: dddd
-- down_revision: bbbb, cccc
-- migrate:upgrade
$$);

---------------------------------------------------------------------------
-- Alembic
---------------------------------------------------------------------------
SELECT migrate_adopt(); -- fails
\echo :SQLSTATE
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);
SELECT migrate_adopt();
SELECT count(*) FROM recorded;
INSERT INTO alembic_version VALUES ('bbbb'), ('cccc');
SELECT migrate_adopt();
SELECT * FROM recorded;
SELECT action, revision, tag FROM migrate_log WHERE action = 'stamp' ORDER BY revision;
-- again, and after more was applied: nothing
SELECT migrate_adopt();
SELECT revision FROM migrate_upgrade();
SELECT migrate_adopt();
SELECT * FROM recorded;
-- another state
SELECT migrate_stamp('bbbb', purge => true);
SELECT migrate_adopt(); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('base');
-- not stored; a prefix is not enough
INSERT INTO alembic_version VALUES ('xxxx'), ('dd');
SELECT migrate_adopt(); -- fails
\echo :SQLSTATE
TRUNCATE alembic_version;
INSERT INTO alembic_version VALUES ('dddd');
-- in a target schema, where the table is looked for; another name, another schema
SELECT migrate_adopt(schema => 'mig_file_adopt_none'); -- fails
\echo :SQLSTATE
SELECT migrate_adopt(schema => 'mig_file_adopt'); -- fails
\echo :SQLSTATE
SELECT migrate_adopt(schema => 'mig_file_adopt_app');
SELECT migrate_adopt('mig_file_adopt_app.alembic_version', schema => 'mig_file_adopt');
SELECT schema_name, revision FROM migrate_version ORDER BY 1, 2;
SELECT migrate_stamp('base', schema => 'mig_file_adopt_app'), migrate_stamp('base', schema => 'mig_file_adopt');
ALTER TABLE alembic_version RENAME TO "Odd; name";
SELECT migrate_adopt('"Odd; name"');
SELECT tag FROM recorded WHERE tip;
SELECT migrate_stamp('base');

---------------------------------------------------------------------------
-- goose, golang-migrate and dbmate, with numbers
---------------------------------------------------------------------------
SELECT migrate_import($$
-- revision: 00001
-- down_revision:
-- migrate:upgrade
-- revision: 00002
-- down_revision: 00001
-- migrate:upgrade
-- revision: 20240102030405
-- down_revision: 00002
-- migrate:upgrade
$$);
CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp DEFAULT now());
SELECT migrate_adopt(); -- fails
INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true), (2, true), (20240102030405, true), (20240102030405, false);
SELECT migrate_adopt('goose_db_version');
SELECT * FROM recorded;
SELECT migrate_stamp('base');
INSERT INTO goose_db_version (version_id, is_applied) VALUES (20240102030405, true), (2, false);
SELECT migrate_adopt('goose_db_version'); -- fails
\echo :SQLSTATE
DELETE FROM goose_db_version WHERE version_id > 0;
SELECT migrate_adopt('goose_db_version');

CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);
INSERT INTO schema_migrations VALUES (2, true);
SELECT migrate_adopt('schema_migrations'); -- fails
\echo :SQLSTATE
UPDATE schema_migrations SET dirty = false;
SELECT migrate_adopt('schema_migrations');
SELECT migrate_stamp('base');
DROP TABLE schema_migrations;

CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('00001'), ('00002'), ('20240102030405');
SELECT migrate_adopt('schema_migrations');
SELECT migrate_stamp('base');
INSERT INTO schema_migrations VALUES ('3');
SELECT migrate_adopt('schema_migrations'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
SELECT migrate_adopt(NULL); -- fails
\echo :SQLSTATE
SELECT migrate_adopt(''); -- fails
\echo :SQLSTATE
SELECT migrate_adopt('a.b.c.d'); -- fails
\echo :SQLSTATE
SELECT migrate_adopt('pg_catalog.pg_class'); -- fails
\echo :SQLSTATE
CREATE VIEW version_view AS SELECT 'aaaa'::text AS version_num;
SELECT migrate_adopt('version_view'); -- fails
\echo :SQLSTATE
BEGIN READ ONLY;
SELECT migrate_adopt('"Odd; name"'); -- fails
ROLLBACK;
-- read with the caller's rights
SET ROLE regress_mig_adopter;
SELECT migrate_adopt('"Odd; name"'); -- fails
\echo :SQLSTATE
RESET ROLE;
GRANT SELECT ON "Odd; name" TO regress_mig_adopter;
ALTER TABLE "Odd; name" ENABLE ROW LEVEL SECURITY;
SET ROLE regress_mig_adopter;
SELECT migrate_adopt('"Odd; name"'); -- fails
\echo :SQLSTATE
RESET ROLE;
ALTER TABLE "Odd; name" DISABLE ROW LEVEL SECURITY;
SET ROLE regress_mig_adopter;
SELECT migrate_adopt('"Odd; name"');
RESET ROLE;
SET client_min_messages = notice;
SELECT migrate_adopt('"Odd; name"');
SET client_min_messages = warning;

DROP SCHEMA mig_file_adopt, mig_file_adopt_app CASCADE;
DROP ROLE regress_mig_adopter;
