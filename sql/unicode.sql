--
-- Ids, labels, messages and scripts in other alphabets; error positions are
-- characters, not bytes.  Needs a database in UTF-8.
--
SET client_min_messages = warning;
SET client_encoding = 'UTF8';
CREATE SCHEMA mig_unicode;
CREATE EXTENSION pg_migrations SCHEMA mig_unicode;
SET search_path = mig_unicode;

SELECT migrate_revision('Größe hinzufügen 😀', 'CREATE TABLE "größe" ("länge" int)', 'DROP TABLE "größe"',
    rev_id => 'änderung1', branch_label => 'ветка');
SELECT migrate_revision('第二', $$INSERT INTO "größe" VALUES (1) /* ü */; SELECT 'ß', "länge" FROM "größe"$$, '',
    rev_id => '版本二', depends_on => 'ветка');
SELECT migrate_revision('ветвь', head => 'änderung1', splice => true, rev_id => 'ветвь1');
SELECT revision, message, down_revision, branch_labels, depends_on FROM migrate_history();
SELECT * FROM migrate_graph();
\pset format unaligned
\pset tuples_only on
SELECT migrate_graph('dot');

-- identifiers
SELECT message FROM migrate_plan('ветк@版本二');
SELECT message FROM migrate_plan('вет'); -- fails
SELECT message FROM migrate_plan('änd');
SELECT message FROM migrate_plan('ветка+0');
SELECT migrate_show('anderung1'); -- fails
SELECT migrate_show('änderung2'); -- fails
SELECT migrate_show('ветка@ü'); -- fails
SELECT migrate_show('版 本'); -- fails
SELECT migrate_revision('zu lang', head => 'base', rev_id => repeat('ü', 31) || 'x') = repeat('ü', 31) || 'x' AS "63 bytes";
SELECT migrate_revision('zu lang', head => 'base', rev_id => repeat('ü', 32)); -- fails
\echo :SQLSTATE

SET client_min_messages = notice;
SELECT revision FROM migrate_upgrade('版本二', tag => 'версия');
SET client_min_messages = warning;
SELECT "länge" FROM "größe";

-- positions
SELECT migrate_revision('x', E'SELECT ''äöü😀'' AS "ß";\nSELECT ''äöü'', SELEKT ''版'' 1;', head => '版本二', rev_id => 'f1'); -- fails
SELECT migrate_revision('x', E'-- ä\nSELECT ''äöü😀'' AS "ß"; SELECT ''版本'', "längе", 1;', head => '版本二', rev_id => 'f1');
SELECT migrate_upgrade('f1'); -- fails
SELECT migrate_edit('f1', upgrade => 'SELECT 1; SELECT ' || repeat(E'\'äöü版本😀\',\n', 300) || E'\'ü\', nonesuch');
SELECT migrate_upgrade('f1'); -- fails

-- in a script
SELECT l FROM migrate_sql('änderung1:版本二') AS s (l) LIMIT 7;

DROP SCHEMA mig_unicode CASCADE;
