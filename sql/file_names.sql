--
-- migrate.file_template: names of files
--
SET client_min_messages = warning;
CREATE SCHEMA mig_file_names;
CREATE EXTENSION pg_migrations SCHEMA mig_file_names;
SET search_path = mig_file_names;

CREATE FUNCTION named(id text, message text, template text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    PERFORM set_config('migrate.file_template', coalesce(template, current_setting('migrate.file_template')), true);
    PERFORM mig_file_names.migrate_import(format(E'-- revision: %s\n-- down_revision:\n-- message: %s\n'
        '-- created: 2026-01-02 03:04:05.678+00\n-- migrate:upgrade\n', id, message));
    name := substring(mig_file_names.migrate_export(id, true) FROM '^-- migrate:file ([^\n]*)');
    RAISE EXCEPTION USING ERRCODE = 'MG999';
EXCEPTION WHEN SQLSTATE 'MG999' THEN
    RETURN name;
END $$;

---------------------------------------------------------------------------
-- Slugs
---------------------------------------------------------------------------
SHOW migrate.file_template;
SELECT named('ae10', 'create conversation');
SELECT named('ae10', '  Add "users".name (varchar), and -- more! ');
SELECT named('ae10', '');
SELECT named('ae10', '!!!');
SELECT named('ae10', '_a__b_');
SELECT named('ae10', 'a message of exactly forty characters ok');
SELECT named('ae10', 'a message of more than forty characters, cut at a word');
SELECT named('ae10', repeat('x', 60));
SELECT named('ae10', '../../etc/passwd');

---------------------------------------------------------------------------
-- Templates; those of Alembic too
---------------------------------------------------------------------------
SELECT t AS template, named('ae10', 'create it', t) FROM unnest(ARRAY[
    'YYYYMMDD_HHMM_<revision>_<slug>',
    '<revision>_<slug>',
    '<rev>_<slug>.sql',
    '%%(rev)s_%%(slug)s',
    '%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s',
    '%(year)d-%(month)02d-%(day)d_%(epoch)s_%(second).2d_%(rev)s',
    '<year>-<month>-<day>T<hour>.<minute>.<second>_<epoch>_<revision>',
    'YYYY/MM/HHMMSS_HHMISS_<revision>',
    'YYYY-MM-DD-HH-MM-SS-<revision>',
    'MM_HH_MM_<revision>',
    'SSH_COMMAND_DDL_<revision>_100%',
    'v<revision>%%'
]) t;

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
SET migrate.file_template = ''; -- fails
SET migrate.file_template = '<slug>'; -- fails
SET migrate.file_template = '<revision'; -- fails
SET migrate.file_template = '<revision>_<what>'; -- fails
SET migrate.file_template = '%(rev'; -- fails
SET migrate.file_template = '%(rev)x'; -- fails
SET migrate.file_template = '/tmp/<revision>'; -- fails
SET migrate.file_template = '../<revision>'; -- fails
SET migrate.file_template = 'a/../<revision>'; -- fails
SET migrate.file_template = 'a//<revision>'; -- fails
SET migrate.file_template = '<revision>/'; -- fails
SET migrate.file_template = '.<revision>'; -- fails
SET migrate.file_template = 'a\<revision>'; -- fails
SET migrate.file_template = E'a\n<revision>'; -- fails
SELECT named('ae10', '', '<slug>/<revision>'); -- fails
SELECT named('ae10', '', 'a/<slug>/<revision>'); -- fails

---------------------------------------------------------------------------
-- Letters of all scripts are kept, signs of all of them are not; which case
-- letters have is the locale's matter
---------------------------------------------------------------------------
SELECT lower(named('ae10', U&'M\00E4h \00AB\0416\0443\043A\00BB 1\00AA 2\00B5 3\00BA 4\00A7', '<revision>-<slug>'))
    = lower(U&'ae10-m\00E4h_\0416\0443\043A_1\00AA_2\00B5_3\00BA_4.sql') AS letters;
SELECT to_hex(ascii(sign)) AS sign, named('ae10', format('a%sb', sign), '<slug>-<revision>') AS name
    FROM unnest(string_to_array(U&'\00A0 \00D7 \00F7 \1680 \2000 \206F \20AC \2192 \3001 \300C \FEFF \FFFD \+01F600', ' ')) sign;
SELECT to_hex(ascii(letter)) AS letter, named('ae10', format('a%sb', letter), '<slug>-<revision>') = format('a%sb-ae10.sql', lower(letter)) AS kept
    FROM unnest(string_to_array(U&'\00D6 \00D8 \167F \1FFF \2070 \20D0 \218F \2C00 \3005 \4E2D \FE70 \+010000 \+020000', ' ')) letter;

DROP SCHEMA mig_file_names CASCADE;
