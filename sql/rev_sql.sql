--
-- migrate_sql(): a plan as one SQL script, and that the script works
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_sql;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_sql;
SET search_path = mig_rev_sql;
\pset format unaligned
\pset tuples_only on

SELECT migrate_revision('create one', E'CREATE TABLE one (a int);\nINSERT INTO one VALUES (1)', 'DROP TABLE one',
    rev_id => 'r1');
SELECT migrate_revision(E'a comment\nCREATE TABLE sneaked_in ()', E'-- nothing but a comment', '', rev_id => 'r2');
SELECT migrate_revision('ends with a comment', E'ALTER TABLE one ADD b int -- the second column',
    E'ALTER TABLE one DROP b;\n', rev_id => 'r3');

---------------------------------------------------------------------------
-- What it looks like
---------------------------------------------------------------------------
SELECT migrate_sql();
SELECT migrate_sql('r2:r1');
SELECT migrate_sql('r3:r3');
SELECT migrate_sql('base:base');

---------------------------------------------------------------------------
-- It works, and is recorded
---------------------------------------------------------------------------
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('base:r2') AS s (l) \gset
:script
SELECT * FROM one;
SELECT revision, how, tip FROM migrate_applied ORDER BY revision;
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('current:heads') AS s (l) \gset
:script
SELECT * FROM one;
SELECT revision, how, tip FROM migrate_applied ORDER BY revision;
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('r3:r1') AS s (l) \gset
:script
SELECT * FROM one;
SELECT revision, how, tip FROM migrate_applied ORDER BY revision;
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('r1:base') AS s (l) \gset
:script
SELECT * FROM one; -- fails
SELECT count(*) FROM migrate_applied;
-- one target: from the base
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('r1') AS s (l) \gset
:script
SELECT revision, how, tip FROM migrate_applied ORDER BY revision;

---------------------------------------------------------------------------
-- Where the extension is not installed, the bookkeeping is skipped
---------------------------------------------------------------------------
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('r1:r3') AS s (l) \gset
CREATE SCHEMA mig_rev_sql_apart;
CREATE TABLE mig_rev_sql_apart.one (a int);
DROP EXTENSION pg_migrations;
SET search_path = mig_rev_sql_apart;
:script
SELECT count(*) FROM pg_attribute WHERE attrelid = 'mig_rev_sql_apart.one'::regclass AND attname = 'b';
DROP SCHEMA mig_rev_sql_apart CASCADE;
SET search_path = mig_rev_sql;
DROP TABLE one;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_sql;

---------------------------------------------------------------------------
-- Branches, dependencies, a revision that cannot run in a transaction
---------------------------------------------------------------------------
SELECT migrate_revision('first', 'SELECT ''r1''', 'SELECT ''-r1''', rev_id => 'r1');
SELECT migrate_revision('left', 'SELECT ''l2''', 'SELECT ''-l2''', rev_id => 'l2', branch_label => 'left');
SELECT migrate_revision('right', 'VACUUM pg_am', 'SELECT ''-q2''', rev_id => 'q2', head => 'r1', splice => true);
SELECT migrate_revision('apart', 'SELECT ''x1''', NULL, rev_id => 'x1', head => 'base', depends_on => 'left');
SELECT migrate_sql('heads');
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('heads') AS s (l) \gset
:script
SELECT revision, how, tip FROM migrate_applied ORDER BY revision;
SELECT migrate_sql('q2:r1');
SELECT migrate_sql('x1:base'); -- fails
\echo :SQLSTATE
SELECT migrate_sql('nonesuch'); -- fails
\echo :SQLSTATE
SELECT migrate_sql(''); -- fails
\echo :SQLSTATE
SELECT l FROM migrate_sql(E'base:r1\n') AS s (l) LIMIT 2;
SELECT migrate_sql('a:b:c'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- What is recorded beside a script's own revisions stays
---------------------------------------------------------------------------
SELECT migrate_stamp('base');
SELECT migrate_edit('q2', upgrade => 'SELECT 1', transactional => true);
SELECT migrate_revision('left again', 'SELECT 1', 'SELECT 1', rev_id => 'l3', head => 'l2');
SELECT string_agg(revision, ' ') FROM migrate_upgrade('l2, x1');
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('current:heads') AS s (l) \gset
\o /dev/null
:script
\o
SELECT revision, how, tip FROM migrate_applied ORDER BY revision;
SELECT revision FROM migrate_upgrade('heads');
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('q2:r1') AS s (l) \gset
\o /dev/null
:script
\o
SELECT revision, how, tip FROM migrate_applied ORDER BY revision;
SELECT migrate_stamp('base');

---------------------------------------------------------------------------
-- For a target schema with a name that must be quoted
---------------------------------------------------------------------------
CREATE SCHEMA "mig_rev_sql Tenant's";
SELECT migrate_revision('table', 'CREATE TABLE ours ()', 'DROP TABLE ours', head => 'base', rev_id => 't1', branch_label => 'ten');
SELECT migrate_sql('ten', 'mig_rev_sql Tenant''s');
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('ten', 'mig_rev_sql Tenant''s') AS s (l) \gset
:script
SELECT to_regclass('"mig_rev_sql Tenant''s".ours') IS NOT NULL;
SELECT schema_name, revision, how FROM migrate_applied WHERE schema_name <> '';
SELECT migrate_sql('ten', 'nonesuch'); -- fails
\echo :SQLSTATE

-- a script cannot have psql take a part of a string for a command, with strings
-- as they could be before 19 either
SELECT migrate_revision('strings', $$DO 'BEGIN
    IF current_setting(''server_version_num'')::int < 190000 THEN
        SET standard_conforming_strings = off;
    END IF; END';
CREATE TABLE said AS SELECT '\' AS a, ' \echo a command of psql' AS b, N'\', 'c\'
    'd\' AS c, E'\\' AS d, $a$'\'$a$ AS e, 1 AS "f\" -- g\
$$, '', verify => $$SELECT'\'$$, head => 'base', rev_id => 'w1');
SELECT migrate_sql('base:w1');
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('base:w1') AS s (l) \gset
:script
SELECT * FROM said;
RESET standard_conforming_strings;
DROP TABLE said;

RESET search_path;
DROP SCHEMA mig_rev_sql, "mig_rev_sql Tenant's" CASCADE;
