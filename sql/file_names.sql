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

DROP SCHEMA mig_file_names CASCADE;
