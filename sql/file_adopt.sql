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
-- pop; Flyway, which marks what has failed
---------------------------------------------------------------------------
DROP TABLE schema_migrations;
CREATE TABLE schema_migration (version varchar(48) NOT NULL, version_self int NOT NULL DEFAULT 0);
INSERT INTO schema_migration VALUES ('00001'), ('00002');
SELECT migrate_adopt('schema_migration');
SELECT migrate_stamp('base');

CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL,
    type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL,
    installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL, success boolean NOT NULL);
CREATE FUNCTION flyway(rank int, version text, type text, success boolean) RETURNS void LANGUAGE sql AS $$
    INSERT INTO mig_file_adopt_app.flyway_schema_history VALUES (rank, version, 'd', type, 's', 0, 'me', now(), 1, success)
$$;
SELECT flyway(1, '1', 'SQL', true), flyway(2, '2', 'SQL', false);
SELECT migrate_adopt('flyway_schema_history'); -- fails
\echo :SQLSTATE
SELECT count(*) FROM recorded;
UPDATE flyway_schema_history SET success = true;
SELECT flyway(3, NULL, 'SQL', true), flyway(4, '2', 'UNDO_SQL', true), flyway(5, '20240102030405', 'DELETE', true);
SELECT migrate_adopt('flyway_schema_history');
SELECT migrate_stamp('base');
SELECT flyway(6, '2', 'SQL', true);
SELECT migrate_adopt('flyway_schema_history');
SELECT migrate_stamp('base');
SELECT flyway(7, NULL, 'SQL', false);
SELECT migrate_adopt('flyway_schema_history'); -- fails
DROP TABLE flyway_schema_history;

---------------------------------------------------------------------------
-- Tables that look like one of these, and are not
---------------------------------------------------------------------------
CREATE FUNCTION adopted(columns text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE mig_file_adopt_app.some_table (%s)', columns);
    RETURN mig_file_adopt.migrate_adopt('mig_file_adopt_app.some_table');
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT tool, adopted(columns) FROM (VALUES
    ('Alembic and more', 'version_num varchar(32), note text'),
    ('Alembic, a number', 'version_num int'),
    ('goose without time', 'id int, version_id bigint, is_applied boolean'),
    ('goose and more', 'id int, version_id bigint, is_applied boolean, tstamp timestamp, note text'),
    ('golang-migrate, old', 'version bigint'),
    ('golang-migrate and more', 'version bigint, dirty boolean, note text'),
    ('golang-migrate, a text', 'version text, dirty boolean'),
    ('Ecto', 'version bigint, inserted_at timestamp'),
    ('sqlx', 'version bigint, description text, installed_on timestamptz, success boolean, checksum bytea, execution_time bigint'),
    ('refinery', 'version int, name varchar(255), applied_on varchar(255), checksum varchar(255)'),
    ('Flyway 3', 'version_rank int, installed_rank int, version varchar(50), description varchar(200), type varchar(20), script varchar(1000), checksum int, installed_by varchar(100), installed_on timestamp, execution_time int, success boolean'),
    ('Flyway without success', 'installed_rank int, version varchar(50), description varchar(200), type varchar(20), script varchar(1000), checksum int, installed_by varchar(100), installed_on timestamp, execution_time int'),
    ('Django', 'id bigint, app varchar(255), name varchar(255), applied timestamptz'),
    ('Prisma', 'id varchar(36), checksum varchar(64), finished_at timestamptz, migration_name varchar(255), logs text, rolled_back_at timestamptz, started_at timestamptz, applied_steps_count int'),
    ('no columns', '')) AS t (tool, columns);
SELECT migrate_adopt('mig_file_adopt.migrate_log'); -- fails
-- Rails has another table beside the one that dbmate has, too
CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('00001');
CREATE TABLE ar_internal_metadata (key varchar PRIMARY KEY);
SELECT adopted('version text');
SELECT migrate_adopt('schema_migrations') IS NULL; -- fails
DROP TABLE ar_internal_metadata;
-- a column that was dropped does not count
ALTER TABLE schema_migrations ADD note text;
ALTER TABLE schema_migrations DROP note;
SELECT migrate_adopt('schema_migrations');
SELECT migrate_stamp('base');

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
