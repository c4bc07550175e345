--
-- Names that shells, file systems or SQL read as something else are refused
-- for new revisions, and kept where files have them; long messages and names
-- of files
--
SET client_min_messages = warning;
CREATE SCHEMA mig_names;
CREATE EXTENSION pg_migrations SCHEMA mig_names;
SET search_path = mig_names;

CREATE FUNCTION attempt(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE command;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = pg_exception_detail;
    RETURN concat_ws(' ', sqlstate, sqlerrm, detail);
END $$;

---------------------------------------------------------------------------
-- New ones
---------------------------------------------------------------------------
SELECT migrate_revision('first', rev_id => 'what?'); -- fails
SELECT c, attempt(format('SELECT mig_names.migrate_revision(%L, rev_id => %L)', 'first', 'a' || c || 'b')) AS id,
    attempt(format('SELECT mig_names.migrate_revision(%L, branch_label => %L)', 'first', 'a' || c)) AS label
FROM unnest(string_to_array('* ? < > | " '' $ `', ' ')) AS c;
SELECT migrate_revision('first', rev_id => 'a_b.c!d#e%f&g(h)i=j[k]l^m{n}o~p;q');
SELECT attempt('SELECT mig_names.migrate_merge(rev_id => ''a*b'')');

---------------------------------------------------------------------------
-- Those that files have
---------------------------------------------------------------------------
SELECT migrate_import($$-- revision: it's "$5"
-- down_revision: a_b.c!d#e%f&g(h)i=j[k]l^m{n}o~p;q
-- message: odd$$ || E'\n' || $$
-- migrate:upgrade
CREATE TABLE odd (id int);
$$); -- fails
SELECT migrate_import($$-- revision: it's_"$5"_`?*<|>
-- down_revision: a_b.c!d#e%f&g(h)i=j[k]l^m{n}o~p;q
-- branch_labels: q?
-- message: odd

-- migrate:upgrade
CREATE TABLE odd (id int);
-- migrate:downgrade
DROP TABLE odd;
$$);
SELECT revision FROM migrate_upgrade($$it's_"$5"_`?*<|>$$);
SELECT revision FROM migrate_downgrade('-1');
SELECT revision FROM migrate_upgrade('q?');
SELECT migrate_import(migrate_export('q?'));
SELECT migrate_revision('on it', head => $$it's_"$5"_`?*<|>$$, rev_id => 'on_it');

---------------------------------------------------------------------------
-- A long message is stored whole and cut in notices, between characters.
---------------------------------------------------------------------------
SELECT migrate_revision(repeat(U&'\00e4', 1000), rev_id => 'just');
SELECT migrate_revision(repeat(U&'\00e4', 1001), rev_id => 'over');
SELECT length(message), octet_length(message) FROM migrate_revision WHERE revision IN ('just', 'over') ORDER BY seq;
SET client_min_messages = notice;
\set VERBOSITY terse
SELECT step, revision FROM migrate_upgrade('over');
SELECT step, revision FROM migrate_downgrade('-1');
SET client_min_messages = warning;

---------------------------------------------------------------------------
-- Names of files, of which the file system takes 255 bytes
---------------------------------------------------------------------------
SELECT set_config('migrate.file_template', repeat('x', 247) || '<revision>', false) IS NOT NULL AS set;
SELECT length(split_part(migrate_export('just', true), E'\n', 1)) - length('-- migrate:file ') AS length;
SELECT set_config('migrate.file_template', repeat('x', 248) || '<revision>', false) IS NOT NULL AS set;
SELECT attempt('SELECT mig_names.migrate_export(''just'', true)') ~ '^22023 .* It, or a folder in it, is longer than 255 bytes\.$' AS refused;
SELECT set_config('migrate.file_template', repeat('x', 255) || '/<revision>', false) IS NOT NULL AS set;
SELECT length(split_part(migrate_export('just', true), E'\n', 1)) - length('-- migrate:file ') AS length;
SELECT set_config('migrate.file_template', repeat('x', 256) || '/<revision>', false) IS NOT NULL AS set;
SELECT attempt('SELECT mig_names.migrate_export(''just'', true)') ~ '^22023 .* It, or a folder in it, is longer than 255 bytes\.$' AS refused;

DROP EXTENSION pg_migrations;
DROP SCHEMA mig_names CASCADE;
