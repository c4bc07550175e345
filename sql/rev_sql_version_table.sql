--
-- migrate_sql(version_table => ...): scripts that keep a table like Alembic's
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_version;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_version;
SET search_path = mig_rev_version;
\pset format unaligned
\pset tuples_only on

--  aa --- bb --- dd --- ee      cc stands on aa, depends on xx; dd merges
--   \---- cc ---/
--  xx --- yy
SELECT migrate_import($$
-- revision: aa
-- down_revision:
-- migrate:upgrade
CREATE TABLE aa ()
-- migrate:downgrade
DROP TABLE aa
-- revision: bb
-- down_revision: aa
-- migrate:upgrade
-- migrate:downgrade
-- revision: cc
-- down_revision: aa
-- depends_on: xx
-- migrate:upgrade
-- migrate:downgrade
-- revision: dd
-- down_revision: bb, cc
-- migrate:upgrade
-- migrate:downgrade
-- revision: ee
-- down_revision: dd
-- depends_on: aa
-- migrate:upgrade
CREATE INDEX CONCURRENTLY aa_idx ON aa ((1))
-- migrate:downgrade
DROP INDEX CONCURRENTLY aa_idx
-- revision: xx
-- down_revision:
-- migrate:upgrade
-- migrate:downgrade
-- revision: yy
-- down_revision: xx
-- migrate:upgrade
-- migrate:downgrade
$$);

---------------------------------------------------------------------------
-- What it looks like
---------------------------------------------------------------------------
SELECT migrate_sql(version_table => 'alembic_version');
SELECT migrate_sql('heads:dd', version_table => 'alembic_version');
SELECT migrate_sql('bb:dd', version_table => '"Odd; name"');
SELECT migrate_sql('base:aa', schema => 'mig_rev_version', version_table => 'alembic_version');
SELECT migrate_sql('base:aa', schema => 'mig_rev_version', version_table => 'other.versions');
SELECT migrate_sql('aa:aa', version_table => 'alembic_version');

---------------------------------------------------------------------------
-- It works: the rows are those that migrate_version would have, also where
-- other branches are applied that the script knows nothing of
---------------------------------------------------------------------------
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('base:bb', version_table => 'alembic_version') AS s (l) \gset
:script
TABLE alembic_version;
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('bb:dd', version_table => 'alembic_version') AS s (l) \gset
:script
SELECT * FROM alembic_version ORDER BY 1;
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('xx:yy', version_table => 'alembic_version') AS s (l) \gset
:script
SELECT * FROM alembic_version ORDER BY 1;
-- undone: xx stays needed by yy, then by cc
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('dd:aa', version_table => 'alembic_version') AS s (l) \gset
:script
SELECT * FROM alembic_version ORDER BY 1;
SELECT string_agg(l, E'\n') AS script FROM migrate_sql('yy:xx', version_table => 'alembic_version') AS s (l) \gset
:script
SELECT * FROM alembic_version ORDER BY 1;
SELECT count(*) FROM migrate_applied;
-- and it is what is adopted
SELECT migrate_adopt();
SELECT revision FROM migrate_current();
SELECT migrate_stamp('base');

-- from the base up and then down, everywhere: what real runs leave
DROP TABLE aa;
SELECT migrate_edit('ee', upgrade => '', downgrade => '');
CREATE TABLE kept (version_num text PRIMARY KEY);
CREATE FUNCTION kept_by(range text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    script text;
BEGIN
    SELECT string_agg(l, E'\n') INTO script FROM mig_rev_version.migrate_sql(range, version_table => 'kept') s (l)
        WHERE l ~ '^ *(INSERT|DELETE|SELECT|WHERE)';
    EXECUTE script;
    RETURN (SELECT string_agg(version_num, ',' ORDER BY version_num) FROM kept);
END $$;
CREATE FUNCTION differs(up text, down text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    a text;
    b text;
BEGIN
    TRUNCATE kept;
    PERFORM mig_rev_version.migrate_downgrade('base');
    PERFORM mig_rev_version.migrate_upgrade(up);
    a := kept_by('base:' || up);
    b := (SELECT string_agg(revision, ',' ORDER BY revision) FROM mig_rev_version.migrate_version);
    IF a IS DISTINCT FROM b THEN
        RETURN format('up to %s: %s, not %s', up, a, b);
    END IF;
    PERFORM mig_rev_version.migrate_downgrade(down);
    a := kept_by(up || ':' || down);
    b := (SELECT string_agg(revision, ',' ORDER BY revision) FROM mig_rev_version.migrate_version);
    IF a IS DISTINCT FROM b THEN
        RETURN format('down from %s to %s: %s, not %s', up, down, a, b);
    END IF;
    RETURN format('%s, %s: %s', up, down, coalesce(a, 'none'));
END $$;
SELECT differs(up, down)
FROM (VALUES ('aa', 'base'), ('bb', 'aa'), ('bb', 'base'), ('cc', 'aa'), ('cc', 'base'), ('dd', 'bb'), ('dd', 'cc'),
    ('dd', 'aa'), ('dd', 'base'), ('ee', 'dd'), ('ee', 'bb'), ('ee', 'cc'), ('ee', 'aa'), ('ee', 'base'), ('yy', 'xx'),
    ('yy', 'base'), ('heads', 'dd'), ('heads', 'base')) v (up, down);

---------------------------------------------------------------------------
-- Long ids, refusals
---------------------------------------------------------------------------
SELECT migrate_revision('long', rev_id => repeat('l', 33), head => 'base');
SELECT line FROM migrate_sql('base:' || repeat('l', 33), version_table => 'v') AS s (line) WHERE line ~ 'VARCHAR';
SELECT migrate_sql('base:aa', version_table => ''); -- fails
SELECT migrate_sql('base:aa', version_table => 'a.b.c.d'); -- fails
SELECT migrate_sql('base:aa', version_table => 'v; DROP TABLE x'); -- fails
SELECT count(*) > 0 FROM migrate_sql('base:aa', version_table => NULL) AS s (line) WHERE line ~ 'migrate_stamp';

DROP SCHEMA mig_rev_version CASCADE;
