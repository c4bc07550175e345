--
-- migrate_import() and migrate_export(): revisions as files
--
SET client_min_messages = warning;
CREATE SCHEMA mig_file_import;
CREATE EXTENSION pg_migrations SCHEMA mig_file_import;
SET search_path = mig_file_import;

CREATE VIEW stored AS
    SELECT revision, down_revision AS down, depends_on AS depends, requires, branch_labels AS labels, message, description,
        transactional AS t, created_at AT TIME ZONE 'UTC' AS created
    FROM migrate_revision ORDER BY seq;

---------------------------------------------------------------------------
-- A file, with everything; header lines in any order
---------------------------------------------------------------------------
SELECT migrate_import($$
-- message: create author
-- created: 2026-01-13 14:30:00.000000+00
-- revision: aaaa
-- transactional: yes
--   who writes books
--
--     indented
-- down_revision:
-- branch_labels: books
-- depends_on:

-- migrate:upgrade
CREATE TABLE author (id int);

-- migrate:downgrade

DROP TABLE author;

-- migrate:verify
SELECT id FROM author LIMIT 0;
$$);
\pset format unaligned
\pset tuples_only on
SELECT migrate_export('aaaa');
SELECT migrate_export('aaaa') AS first \gset

---------------------------------------------------------------------------
-- Several files in any order: merges, dependencies by id and label, an empty
-- and a missing downgrade, times in other zones
---------------------------------------------------------------------------
SET TIME ZONE 'America/New_York';
SET datestyle = 'German';
SELECT migrate_import(:'first' || $$
-- revision: eeee
-- down_revision: bbbb, cccc
-- message: merge
-- created: 2026-01-17 00:00:00+05:30
-- migrate:upgrade
-- migrate:downgrade
-- revision: cccc
-- down_revision: aaaa
-- message: irreversible
-- created: 2026-01-15T10:20
-- migrate:upgrade
DROP TABLE author;
-- revision: bbbb
-- down_revision: aaaa
-- message: create book
-- depends_on: other, cccc
-- created: 2026-01-14 10:20:30Z
-- migrate:upgrade
  CREATE TABLE book (title text DEFAULT '

-- not a mark:
  -- migrate:upgrade
');
-- migrate:downgrade
DROP TABLE book

-- revision: dddd
-- down_revision:
-- branch_labels: other, another
-- message: another base
-- created: 2026-01-16 10:20:30.5-03
-- migrate:upgrade
CREATE INDEX CONCURRENTLY book_idx ON book (title);
$$);
RESET datestyle;
RESET TIME ZONE;
\pset format aligned
\pset tuples_only off
SELECT * FROM stored;
SELECT revision, generation, is_head, is_real_head, head_count, real_head_count FROM migrate_revision ORDER BY seq;
SELECT child, kind, position, parent FROM migrate_edge ORDER BY 1, 2, 3;
SELECT migrate_graph();
\pset format unaligned
\pset tuples_only on
SELECT migrate_export('base:heads', file_names => true);
SELECT migrate_export('base:heads') AS all \gset

---------------------------------------------------------------------------
-- What is stored as the files have it: nothing happens, also where nothing
-- may be written
---------------------------------------------------------------------------
BEGIN;
SELECT migrate_import(:'all');
SELECT count(*) AS locks FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory';
SELECT pg_current_xact_id_if_assigned() IS NULL AS "nothing written";
COMMIT;
BEGIN READ ONLY;
SELECT migrate_import(:'all');
SELECT migrate_import(replace(:'all', 'another base', 'other base')); -- fails
\echo :SQLSTATE
ROLLBACK;
-- so with carriage returns, a byte order mark, white space around, no times
SELECT migrate_import(E'\uFEFF' || replace(:'all', E'\n', E'\r\n'));
SELECT migrate_import(regexp_replace(:'all', E'(?n)^-- (created|transactional):.*\n', '', 'g'));
SELECT migrate_import(replace(:'all', '-- migrate:downgrade', E'\n \n-- migrate:downgrade  \n\t'));
SELECT count(*) FROM migrate_log;

---------------------------------------------------------------------------
-- In another place the same arises; its export is the same to the byte
---------------------------------------------------------------------------
SELECT migrate_remove('eeee'), migrate_remove('bbbb'), migrate_remove('cccc'), migrate_remove('dddd'),
    migrate_remove('aaaa');
SELECT count(*) FROM migrate_revision;
SELECT migrate_import(:'all');
SELECT migrate_export('base:heads') = :'all';
-- with what only the functions can store, too
SELECT migrate_revision(E'  spaces  \nand\r\nmore\n\n   lines ', E'\n\n  SELECT 1;\n\n', E'SELECT \'a\r\nb\';\r\n', '  ', rev_id => 'ffff');
SELECT migrate_export('ffff') AS odd \gset
SELECT migrate_import(:'odd');
SELECT migrate_export('ffff') = :'odd';
SELECT migrate_remove('ffff');
SELECT migrate_import(:'odd');
SELECT migrate_export('ffff') = :'odd';
SELECT migrate_remove('ffff');
-- lists and prefixes; nothing
SELECT count(*) FROM regexp_matches(migrate_export('aaaa, bbbb'), '-- revision:', 'g');
SELECT count(*) FROM regexp_matches(migrate_export('aaaa:heads'), '-- revision:', 'g');
SELECT migrate_export('base') = '';
SELECT migrate_export('xxxx'); -- fails
\echo :SQLSTATE
SELECT migrate_export(NULL); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
CREATE FUNCTION refused(files text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    d text; h text;
BEGIN
    PERFORM mig_file_import.migrate_import(files);
    RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
    RETURN concat_ws(E'\n    ', SQLSTATE || ' ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;

SELECT refused(NULL);
SELECT refused('');
SELECT refused(E' \n\n\t');
SELECT refused('SELECT 1;');
SELECT refused(E'-- some comment\nSELECT 1;');
SELECT refused(E'-- message: no id\n-- down_revision:\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- revision: r2\n-- down_revision:\n-- migrate:upgrade');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- migrate:downgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- author: me\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- message: a\n-- message: b\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- just a remark\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n--  two: blanks\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n/* comment */\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- migrate:upgrade\n-- migrate:downgrade\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- migrate:up\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- migrate:upgrade SELECT 1;\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- migrate:\n');
SELECT refused(E'-- revision:\n-- down_revision:\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: head\n-- down_revision:\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r-1\n-- down_revision:\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: ../../etc/passwd\n-- down_revision:\n-- migrate:upgrade\n');
SELECT refused(format(E'-- revision: %s\n-- down_revision:\n-- migrate:upgrade\n', repeat('r', 64)));
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- migrate:upgrade\nSELECT 1;\n-- message: second\n--   described\n-- revision: r2\n-- down_revision: r1\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision: base\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision: aaaa,\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision: aaaa, aaaa\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision: aaa\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision: books\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision: r1\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- depends_on: r2\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- branch_labels: l1\n-- depends_on: l1\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- branch_labels: l1, l/1\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- branch_labels: r1\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- branch_labels: books\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- branch_labels: aaaa\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: books\n-- down_revision:\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- migrate:upgrade\n\n-- revision: r1\n-- down_revision:\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- migrate:upgrade\n\n-- revision: r2\n-- down_revision:\n-- branch_labels: r1\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision: r2\n-- migrate:upgrade\n-- revision: r2\n-- down_revision: aaaa\n-- depends_on: r3\n-- migrate:upgrade\n-- revision: r3\n-- down_revision: r1\n-- migrate:upgrade\n');
SELECT refused(replace(:'first', 'down_revision:', 'down_revision: eeee'));
SELECT refused(replace(:'first', 'depends_on:', 'depends_on: eeee'));
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- transactional: maybe\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- transactional: yes\n-- migrate:upgrade\nSELECT 1; VACUUM;');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- created: yesterday\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- created: 2026-02-29 10:00:00\n-- migrate:upgrade\n');
SELECT refused(E'-- revision: r1\n-- down_revision:\n-- created: 2026-02-28 10:00:00 Europe/Berlin\n-- migrate:upgrade\n');
-- what is a time says the server, but for what depends on the day, a setting or a machine
SELECT left(value, 40), refused(format(E'-- revision: r1\n-- down_revision: gone\n-- created: %s\n-- migrate:upgrade\n', value)) ~ 'not a time' AS refused
FROM unnest(ARRAY['2026-02-28 10:00', '2026-02-28', '12026-02-28 10:00:00-12:30', '2026-02-28 10:00:00.123456+0530',
    '28-02-2026 10:00', '02/28/2026 10:00', '26-02-28 10:00', '260228 10:00', '2026.059 10:00', '2026-02-28 10:00 CET',
    '2026-02-28 10:00+01+01', '2026-02-28 25:00', '0000-02-28 10:00', '300000-02-28 10:00', '10:00', '10:00Z',
    'now', 'infinity', 'epoch', 'Z', 'T', '-', '+', repeat('1', 200), repeat('1 ', 200)]) WITH ORDINALITY AS v (value, n)
ORDER BY n;
SELECT refused(E'-- migrate:file\n-- revision: r1\n-- down_revision:\n-- migrate:upgrade\n');
SELECT refused(E'-- migrate:file  \n-- revision: r1\n-- down_revision:\n-- migrate:upgrade\n');
SELECT refused(E'-- migrate:file a.sql\n-- revision: r1\n-- down_revision:\n-- migrate:upgrade\n-- migrate:file b.sql\n\n-- revision: r2\n-- migrate:upgrade\n');
SELECT refused(E'-- migrate:file a.sql\n-- revision: r1\n-- down_revision:\n-- migrate:upgrade\n-- migrate:file b.sql\n');
SELECT refused(E'-- migrate:file a.sql\nSELECT 1');
SELECT count(*) FROM migrate_revision;

-- a script may end so, and a mark above a file lets it begin so
BEGIN;
SELECT migrate_import(E'-- revision: r1\n-- down_revision:\n-- migrate:upgrade\nSELECT 1;\n-- message: of the script\n\n-- revision: r2\n-- down_revision: r1\n-- migrate:upgrade\n'
    '-- migrate:file r3.sql\n-- message: third\n-- revision: r3\n-- down_revision: r2\n-- migrate:upgrade\n');
SELECT migrate_import(migrate_export('r1:r3'));
SELECT revision, message, upgrade_sql FROM migrate_revision WHERE revision IN ('r1', 'r2', 'r3') ORDER BY 1;
ROLLBACK;

-- a description stays a comment, also for psql, to which "\r" ends a line
BEGIN;
SELECT migrate_revision(E'one\rtwo\r-- migrate:upgrade\r\nSELECT ''three'';\n\r\nfour', rev_id => 'd1');
SELECT migrate_edit('d1', message => E'one\r\rtwo\rSELECT ''three'';');
SELECT description FROM migrate_revision WHERE revision = 'd1';
SELECT migrate_import(E'-- revision: d2\n-- down_revision: d1\n-- message: me\rSELECT 1;\n--   a\rSELECT 2;\n-- migrate:upgrade\n');
UPDATE migrate_revision SET description = E'a\r\rSELECT 2;\r\nb' WHERE revision = 'd1';  -- as a dump may have it
SELECT regexp_replace(migrate_export('d1:d2'), '^-- created:.*?$', '', 'ng');
SELECT migrate_import(migrate_export('d1:d2')) FROM generate_series(1, 2);
ROLLBACK;

-- scripts are checked as everywhere, and their place is told
SELECT migrate_import(E'-- revision: r1\n-- down_revision:\n-- migrate:upgrade\n\nCREATE TABL x;'); -- fails
SELECT migrate_import(E'-- migrate:file r1.sql\n-- revision: r1\n-- down_revision:\n-- migrate:upgrade\n-- migrate:downgrade\nCOMMIT;'); -- fails

DROP SCHEMA mig_file_import CASCADE;
