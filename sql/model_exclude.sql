--
-- Patterns of what comparisons leave alone: how they are read, and that the
-- setting and the argument mean the same.
--
SET client_min_messages = warning;
CREATE SCHEMA mig_exclude;
CREATE SCHEMA mig_app;
CREATE EXTENSION pg_migrations SCHEMA mig_exclude;
RESET client_min_messages;
SET search_path = mig_app, mig_exclude;
\pset format unaligned
\pset tuples_only on

CREATE TABLE "my table" ();
CREATE TABLE "a,b" ();
CREATE TABLE "a.b" ();
CREATE TABLE "with ""quotes""" ();
CREATE TABLE "Upper" ();
CREATE TABLE upper ();
CREATE TABLE "star*" ();
CREATE TABLE "what?" ();
CREATE TABLE "tü" ();
CREATE TABLE "tüü" ();
CREATE TABLE "Über" ();
CREATE TABLE "über" ();
CREATE TABLE "日本語" ();
CREATE TABLE "t😀x" ();
CREATE TABLE job_1 ();
CREATE TABLE job_22 ();

-- What patterns leave alone, given as the setting or as the argument
CREATE FUNCTION mig_exclude.left_alone(patterns text, VARIADIC elements text[]) RETURNS TABLE (by_setting text, same boolean) LANGUAGE plpgsql AS $$
DECLARE
    everything text[] := ARRAY(SELECT format('%I', relname) FROM pg_class WHERE relnamespace = 'mig_app'::regnamespace);
    remaining text[];
    argued text[];
BEGIN
    PERFORM set_config('migrate.exclude', patterns, true);
    remaining := ARRAY(SELECT substr(object, length('mig_app.') + 1) FROM migrate_diff('CREATE SEQUENCE other', include => '{mig_app}') WHERE kind = 'table');
    PERFORM set_config('migrate.exclude', '', true);
    argued := ARRAY(SELECT substr(object, length('mig_app.') + 1) FROM migrate_diff('CREATE SEQUENCE other', include => '{mig_app}', exclude => elements) WHERE kind = 'table');
    RETURN QUERY SELECT (SELECT string_agg(e, ' | ' ORDER BY e COLLATE "C") FROM unnest(everything) e WHERE e <> ALL (remaining)),
        remaining = argued;
END
$$;

---------------------------------------------------------------------------
-- Quotes
---------------------------------------------------------------------------
SELECT * FROM left_alone('"my table", "a,b"', '"my table"', '"a,b"');
SELECT * FROM left_alone('"a.b"', '"a.b"');
SELECT * FROM left_alone('mig_app."a.b"', 'mig_app."a.b"');
SELECT * FROM left_alone('"mig_app"."my"*', '"mig_app"."my"*');
SELECT * FROM left_alone('"with ""quotes"""', '"with ""quotes"""');
SELECT * FROM left_alone('"with ""quotes""", job_?', '"with ""quotes"""', 'job_?');
SELECT * FROM left_alone('Upper', 'Upper');
SELECT * FROM left_alone('"Upper"', '"Upper"');
SELECT * FROM left_alone('"star*"', '"star*"');
SELECT * FROM left_alone('"what?"', '"what?"');
SELECT * FROM left_alone('mig_app.a"."b', 'mig_app.a"."b');
SELECT * FROM left_alone(E'  job_* ,\t"a,b"\n', 'job_*', '"a,b"');
SELECT * FROM left_alone('mig_other.job_*', 'mig_other.job_*');
SELECT * FROM left_alone('*1, *_*2', '*1', '*_*2');
SELECT * FROM left_alone('*o*_*?', '*o*_*?');

---------------------------------------------------------------------------
-- Characters of several bytes
---------------------------------------------------------------------------
SELECT * FROM left_alone('t?', 't?');
SELECT * FROM left_alone('t??', 't??');
SELECT * FROM left_alone('t?x', 't?x');
SELECT * FROM left_alone('???', '???');
SELECT * FROM left_alone('日*', '日*');
SELECT * FROM left_alone('*語', '*語');
SELECT * FROM left_alone('?本?', '?本?');
-- the server does not fold them either
SELECT * FROM left_alone('Über', 'Über');
SELECT * FROM left_alone('über', 'über');
SELECT * FROM left_alone('"Über"', '"Über"');
SELECT * FROM left_alone('?BER', '?BER');

---------------------------------------------------------------------------
-- What cannot be read
---------------------------------------------------------------------------
SET migrate.exclude = '"my table';              -- fails
SET migrate.exclude = '"a""';                   -- fails
SET migrate.exclude = 'a"b';                    -- fails
SET migrate.exclude = 'a,,b';                   -- fails
SET migrate.exclude = 'a,';                     -- fails
SET migrate.exclude = ', a';                    -- fails
SET migrate.exclude = ',';                      -- fails
SET migrate.exclude = '""';                     -- fails
SET migrate.exclude = 'mig_app.""';             -- fails
SET migrate.exclude = 'mig_app.';               -- fails
SET migrate.exclude = '.job_1';                 -- fails
SET migrate.exclude = '"".job_1';               -- fails
SET migrate.exclude = 'db.mig_app.job_1';       -- fails
SET migrate.exclude = 'my table';               -- fails
SET migrate.exclude = 'audit job_*';            -- fails
SET migrate.exclude = 'job_*', "my table";      -- fails: the quotes are gone
SHOW migrate.exclude;
-- empty is nothing
SET migrate.exclude = '';
SET migrate.exclude = '  ';
SELECT count(*) FROM migrate_diff('CREATE SEQUENCE other', include => '{mig_app}') WHERE kind = 'table';
SET migrate.exclude = 'job_*', '"my table"';
SHOW migrate.exclude;
SELECT count(*) FROM migrate_diff('CREATE SEQUENCE other', include => '{mig_app}') WHERE kind = 'table';
RESET migrate.exclude;
-- in an argument commas and blanks part nothing
SELECT count(*) FROM migrate_diff('CREATE SEQUENCE other', include => '{mig_app}', exclude => ARRAY['my table', 'a,b']) WHERE kind = 'table';
SELECT migrate_diff('CREATE SEQUENCE other', exclude => ARRAY['"my table']);        -- fails
SELECT migrate_check('CREATE SEQUENCE other', exclude => ARRAY['job_*', '']);       -- fails
SELECT migrate_autogenerate_sql('CREATE SEQUENCE other', exclude => ARRAY['a.']);   -- fails
SELECT migrate_schema_sql(exclude => ARRAY['a.b.c']);                               -- fails
SELECT migrate_set_model('CREATE SEQUENCE other', exclude => ARRAY['.a']);          -- fails
SELECT migrate_autogenerate('x', 'CREATE SEQUENCE other', exclude => ARRAY['"']);   -- fails
SELECT migrate_baseline(exclude => ARRAY['""']);                                    -- fails

---------------------------------------------------------------------------
-- Kinds
---------------------------------------------------------------------------
CREATE SCHEMA mig_kinds;
SET search_path = mig_kinds, mig_exclude;
CREATE TABLE sync (id int CONSTRAINT sync_positive CHECK (id > 0));
CREATE TABLE other (id int PRIMARY KEY);
CREATE INDEX sync_index ON other (id);
CREATE VIEW sync_view AS SELECT 1 AS one;
CREATE MATERIALIZED VIEW sync_kept AS SELECT 1 AS one;
CREATE FUNCTION sync() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE PROCEDURE sync_all() LANGUAGE sql AS '';
CREATE TRIGGER sync AFTER INSERT ON other EXECUTE FUNCTION sync();
CREATE POLICY sync ON other;
CREATE TYPE sync_state AS ENUM ('done');
CREATE DOMAIN sync_number AS int;
CREATE FUNCTION mig_exclude.dropped(VARIADIC patterns text[]) RETURNS text LANGUAGE sql AS
    $$ SELECT string_agg(kind || ' ' || replace(object, 'mig_kinds.', ''), ', ' ORDER BY kind, object)
       FROM migrate_diff('CREATE TABLE other (id int PRIMARY KEY)', exclude => patterns) $$;
SELECT dropped('nothing');
SELECT dropped('sync*');
SELECT dropped('table:sync*');
SELECT dropped('function:sync*', 'view:*');
SELECT dropped('trigger:sync', 'policy:mig_kinds.sync', 'procedure:*');
SELECT dropped('trigger:mig_app.sync', 'type:sync*', 'index:"sync_index"');
-- a constraint of a table that stays
SELECT operation, object FROM migrate_diff('CREATE TABLE sync (id int); CREATE TABLE other (id int PRIMARY KEY)', exclude => '{constraint:sync*}')
WHERE kind = 'constraint';
SELECT operation, object FROM migrate_diff('CREATE TABLE sync (id int); CREATE TABLE other (id int PRIMARY KEY)')
WHERE kind = 'constraint';
-- what has more than one word
CREATE TEXT SEARCH CONFIGURATION sync_text (PARSER = default);
CREATE TEXT SEARCH DICTIONARY sync_text (TEMPLATE = simple);
CREATE TEXT SEARCH TEMPLATE sync_text (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH PARSER sync_text (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE OPERATOR FAMILY sync_order USING btree;
CREATE OPERATOR CLASS sync_order FOR TYPE int USING btree FAMILY sync_order AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);
SELECT dropped('configuration:*', 'family:*', 'table:*', 'view:*', 'function:*', 'procedure:*', 'type:*', 'domain:*', 'trigger:*', 'policy:*', 'index:*');
SELECT dropped('dictionary:sync_text', 'template:mig_kinds.*', 'parser:sync_t???', 'class:sync_order', 'table:*', 'view:*', 'function:*', 'procedure:*', 'type:*', 'domain:*', 'trigger:*', 'policy:*', 'index:*');
SELECT dropped('"table:sync"');
SELECT dropped('tabel:sync');   -- fails
SELECT dropped('table:');       -- fails
SELECT dropped('TABLE:sync');   -- fails
SELECT dropped(':sync');        -- fails
SELECT dropped('table:a:b');    -- fails
SET migrate.exclude = 'table:sync*, funktion:audit';    -- fails
SET migrate.exclude = 'table:sync*, function:audit';
SELECT dropped('x');
RESET migrate.exclude;
DROP SCHEMA mig_kinds CASCADE;
SET search_path = mig_app, mig_exclude;

-- the list of what else is compared is read as lists of names are
SET migrate.compare = ' "privileges" , OWNERS';
SET migrate.compare = '"privileges, owners"';   -- fails
SET migrate.compare = '"Owners"';               -- fails
SET migrate.compare = 'privileges,';            -- fails
RESET migrate.compare;
-- schemas are named as they are, without quotes and patterns
CREATE SCHEMA "My, Schema";
CREATE TABLE "My, Schema".t ();
SELECT operation, object FROM migrate_diff('CREATE SEQUENCE "My, Schema".other', include => ARRAY['My, Schema']) ORDER BY 1, 2;
SELECT operation, object FROM migrate_diff('CREATE SEQUENCE "My, Schema".other', include => ARRAY['My, Schema'], exclude => '{"\"My, Schema\".?"}') ORDER BY 1, 2;
-- a schema that an extension has made comes with the extension
BEGIN;
CREATE SCHEMA mig_made;
ALTER EXTENSION plpgsql ADD SCHEMA mig_made;
SELECT operation, object FROM migrate_diff('CREATE TABLE mig_made.t ()', include => '{mig_made}');
ROLLBACK;

SET client_min_messages = warning;
DROP SCHEMA mig_app, mig_exclude, "My, Schema" CASCADE;
