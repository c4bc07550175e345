--
-- migrate_import() of files of other tools
--
SET client_min_messages = warning;
CREATE SCHEMA mig_file_foreign;
CREATE EXTENSION pg_migrations SCHEMA mig_file_foreign;
SET search_path = mig_file_foreign;
CREATE VIEW stored AS
    SELECT revision, down_revision AS down, message, upgrade_sql, coalesce(downgrade_sql, 'irreversible') AS downgrade_sql,
        transactional AS t, created_at AT TIME ZONE 'UTC' AS created
    FROM migrate_revision ORDER BY seq;
CREATE FUNCTION refused(files text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    d text; h text;
BEGIN
    PERFORM mig_file_foreign.migrate_import(files);
    RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
    RETURN concat_ws(E'\n    ', SQLSTATE || ' ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;

---------------------------------------------------------------------------
-- goose
---------------------------------------------------------------------------
SELECT migrate_import($f$-- migrate:file db/20240102030405_create_author.sql
-- about authors

-- +goose Up
CREATE TABLE author (id int);
-- +goose StatementBegin
CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    RETURN 1;
END $$
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION two() RETURNS int LANGUAGE sql AS $$ SELECT 2; $$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION one(), two();
DROP TABLE author;
-- migrate:file db/20240203040506_index.sql
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY author_idx ON author (id);

-- +goose Down
-- migrate:file db/20240101000000_nothing.sql
-- +goose up
$f$);
SELECT * FROM stored;
SELECT count(*) FROM migrate_log;
\pset format unaligned
\pset tuples_only on
SELECT migrate_export('base:heads') AS first \gset
\echo :first
SELECT migrate_import(:'first');
\pset format aligned
\pset tuples_only off
SELECT count(*) FROM migrate_log;

-- a file in between: those behind it stand on it
SELECT migrate_import($f$-- migrate:file 20240102030405_create_author.sql
-- +goose Up
CREATE TABLE author (id int);
-- migrate:file 20240110000000_late.sql
-- +goose Up
SELECT 1;
-- migrate:file 20240203040506_index.sql
-- +goose no transaction
-- +goose Up
CREATE INDEX CONCURRENTLY author_idx ON author (id);
-- +goose Down
$f$);
SELECT revision, down FROM stored ORDER BY revision;
-- one alone: it stands on what is stored with the next smaller number
SELECT migrate_import(E'-- migrate:file 20240300000000_alone.sql\n-- +goose Up\n');
SELECT revision, down FROM stored ORDER BY revision OFFSET 3;

SELECT refused(E'-- +goose Up\n');
SELECT refused(E'-- migrate:file create.sql\n-- +goose Up\n');
SELECT refused(E'-- migrate:file 1.sql\n-- +goose Down\n');
SELECT refused(E'-- migrate:file 1.sql\n-- +goose Up\n-- +goose Up\n');
SELECT refused(E'-- migrate:file 1.sql\n-- +goose Up\n-- +goose Down\n-- +goose Down\n');
SELECT refused(E'-- migrate:file 1.sql\nSELECT 1;\n-- +goose Up\n');
SELECT refused(E'-- migrate:file 1.sql\n-- +goose Up\n\n-- +goose StatementBegin\nSELECT 1;\n');
SELECT refused(E'-- migrate:file 1.sql\n-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose Down\n');
SELECT refused(E'-- migrate:file 1.sql\n-- +goose Up\n-- +goose StatementEnd\n');
SELECT refused(E'-- migrate:file 1.sql\n-- +goose NO TRANSACTION\n');
SELECT refused(E'-- migrate:file 1.sql\n-- +goose ENVSUB ON\n-- +goose Up\n');
SELECT refused(E'-- migrate:file 1.sql\n-- +goose Sideways\n-- +goose Up\n');
SELECT refused(E'-- migrate:file 1_a.sql\n-- +goose Up\n-- migrate:file 1_b.sql\n-- +goose Up\n');
SELECT refused(format(E'-- migrate:file %s.sql\n-- +goose Up\n', repeat('1', 64)));

---------------------------------------------------------------------------
-- dbmate
---------------------------------------------------------------------------
DROP EXTENSION pg_migrations CASCADE;
CREATE EXTENSION pg_migrations;
CREATE VIEW stored AS
    SELECT revision, down_revision AS down, message, upgrade_sql, coalesce(downgrade_sql, 'irreversible') AS downgrade_sql, transactional AS t
    FROM migrate_revision ORDER BY seq;
SELECT migrate_import(E'-- migrate:file 20150102_b.sql\r\n--migrate:up transaction:false\r\nALTER TYPE e ADD VALUE \'x\';\r\n\r\n'
    || E'-- migrate:down  transaction:true\r\nSELECT \'a\r\nb\'\n'
    || E'-- migrate:file 20150101_create_e.sql\n-- migrate:up\nCREATE TYPE e AS ENUM ();\n-- migrate:down\n'
    || E'-- migrate:file 20150103.sql\n-- migrate:up\n');
SELECT * FROM stored;
SELECT refused(E'-- migrate:up\n');
SELECT refused(E'-- migrate:file 1.sql\n-- migrate:down\n-- migrate:up\n');
SELECT refused(E'-- migrate:file 1.sql\n-- migrate:up\n-- migrate:up\n');
SELECT refused(E'-- migrate:file 1.sql\nSELECT 1;\n-- migrate:up\n');
SELECT refused(E'-- migrate:file 1.sql\n-- migrate:up foo:bar\n');
SELECT refused(E'-- migrate:file 1.sql\n-- migrate:up\nSELEC 1');

---------------------------------------------------------------------------
-- golang-migrate: pairs
---------------------------------------------------------------------------
DROP EXTENSION pg_migrations CASCADE;
CREATE EXTENSION pg_migrations;
CREATE VIEW stored AS
    SELECT revision, down_revision AS down, message, upgrade_sql, coalesce(downgrade_sql, 'irreversible') AS downgrade_sql, transactional AS t
    FROM migrate_revision ORDER BY seq;
SELECT migrate_import($f$-- migrate:file 10_third.up.sql
-- remark
BEGIN;
SELECT 3;
COMMIT; 
-- migrate:file 2_second.up.sql
begin transaction;
SELECT 2;
-- migrate:file 1_first.up.sql
SELECT 1
-- migrate:file 2_second.down.sql
SELECT -2;
-- migrate:file 1_first.down.sql

-- nothing
$f$);
SELECT migrate_import($f$-- migrate:file 10_third.up.sql
-- remark
BEGIN;
SELECT 3;
COMMIT; 
-- migrate:file 2_second.up.sql
SELECT 2;
-- migrate:file 1_first.up.sql
SELECT 1
-- migrate:file 2_second.down.sql
SELECT -2;
-- migrate:file 1_first.down.sql

-- nothing
$f$);
SELECT * FROM stored;
SELECT refused(E'-- migrate:file 1_first.down.sql\nSELECT 1');
SELECT refused(E'-- migrate:file 1_first.down.sql\nSELECT 1\n-- migrate:file 2_second.up.sql\nSELECT 2');
SELECT refused(E'-- migrate:file first.up.sql\nSELECT 1');
-- an empty file is a step with nothing to do, on either way
SELECT migrate_import(E'-- migrate:file 11_up.up.sql\n-- migrate:file 11_up.down.sql\nSELECT -11;\n'
    || E'-- migrate:file 12_down.up.sql\nSELECT 12;\n-- migrate:file 12_down.down.sql\n \r\n'
    || E'-- migrate:file 13_both.up.sql\n-- migrate:file 13_both.down.sql');
SELECT * FROM stored OFFSET 3;
SELECT count(*) FROM migrate_upgrade();
SELECT count(*) FROM migrate_downgrade('10');
SELECT refused(E'-- migrate:file 14_own.sql\n');

---------------------------------------------------------------------------
-- Pairs for several databases, as pop has them
---------------------------------------------------------------------------
DROP EXTENSION pg_migrations CASCADE;
CREATE EXTENSION pg_migrations;
CREATE VIEW stored AS
    SELECT revision, down_revision AS down, message, upgrade_sql, coalesce(downgrade_sql, 'irreversible') AS downgrade_sql, transactional AS t
    FROM migrate_revision ORDER BY seq;
SET client_min_messages = notice;
SELECT migrate_import($f$-- migrate:file 1_users.postgres.up.sql
SELECT 'postgres';
-- migrate:file 1_users.mysql.up.sql
CREATE TABLE `users` (id int auto_increment primary key);
-- migrate:file 1_users.sqlite3.up.sql
PRAGMA foreign_keys = off;
-- migrate:file 1_users.cockroach.autocommit.up.sql
SELECT 'cockroach';
-- migrate:file 1_users.up.sql
SELECT 'any';
-- migrate:file 1_users.down.sql
SELECT 'any';
-- migrate:file 1_users.mysql.down.sql
SELECT `no`;
-- migrate:file 2_mysql_only.mysql.up.sql
SELECT `no`;
-- migrate:file 2_mysql_only.mysql.down.sql
-- migrate:file db/3_all.up.sql
SELECT 3;
-- migrate:file db/3_all.postgres.down.sql
SELECT -3;
-- migrate:file db/3_all.down.sql
SELECT 'not this one';
-- migrate:file 4_index.postgresql.autocommit.up.sql
CREATE INDEX CONCURRENTLY i ON t (a);
-- migrate:file 4_index.autocommit.down.sql
-- migrate:file 5_down_alone.up.sql
SELECT 5;
-- migrate:file 5_down_alone.autocommit.down.sql
SELECT -5;
-- migrate:file 6_v1.2.up.sql
SELECT 6;
-- migrate:file 7_postgres.up.sql
SELECT 7;
$f$);
SET client_min_messages = warning;
SELECT * FROM stored;
SELECT refused(E'-- migrate:file 1.mysql.up.sql\nSELECT `1`\n-- migrate:file 1.sqlite.down.sql\n');
SELECT refused(E'-- migrate:file 1_a.mysql.up.sql\nSELECT `1`\n-- migrate:file 1_a.down.sql\n');

---------------------------------------------------------------------------
-- Byte order marks and ends of lines, in each file for itself
---------------------------------------------------------------------------
DROP EXTENSION pg_migrations CASCADE;
CREATE EXTENSION pg_migrations;
SELECT migrate_import(E'\uFEFF-- migrate:file 1_goose.sql\n\uFEFF-- +goose Up\nSELECT 1;\n'
    || E'\uFEFF-- migrate:file 2_dbmate.sql\r\n\uFEFF-- migrate:up\r\nSELECT \'a\r\nb\';\r\n-- migrate:down\r\nSELECT 2;\r\n'
    || E'-- migrate:file 3_pair.up.sql\n\uFEFFSELECT 3;\n-- migrate:file 3_pair.down.sql\n\uFEFF'
    || E'-- migrate:file own.sql\n\uFEFF\uFEFF-- revision: 4\n-- down_revision: 3\n-- migrate:upgrade\nSELECT \'\uFEFFkept\';\n'
    || E'\uFEFF-- revision: 5\r\n-- down_revision: 4\r\n-- migrate:upgrade\r\nSELECT \'a\r\nb\';\r\n'
    || E'\uFEFF-- revision: 6\n-- down_revision: 5\n-- migrate:upgrade\nSELECT \'a\r\nb\';\n');
SELECT revision, to_json(replace(upgrade_sql, E'\uFEFF', '<mark>')) AS up, to_json(downgrade_sql) AS down FROM migrate_revision ORDER BY seq;
-- a script cannot hold what would be read as the beginning of a file
SELECT refused(E'-- migrate:file 7_x.up.sql\n/*\n\uFEFF-- migrate:x\n*/');
SELECT migrate_revision('x', E'SELECT 1; /*\n\uFEFF-- revision: 8\n*/'); -- fails
\echo :SQLSTATE

DROP SCHEMA mig_file_foreign CASCADE;
