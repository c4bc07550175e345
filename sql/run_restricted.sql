-- A superuser who took a lesser role runs what that role stored: the script
-- must not lead back, not even by what it leaves behind
SET client_min_messages = warning;
CREATE SCHEMA regress_mig_restricted;
CREATE EXTENSION pg_migrations SCHEMA regress_mig_restricted;
SET search_path = regress_mig_restricted;
CREATE ROLE regress_mig_lesser;
GRANT USAGE, CREATE ON SCHEMA regress_mig_restricted TO regress_mig_lesser;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA regress_mig_restricted TO regress_mig_lesser;
CREATE VIEW is_super AS
    SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_mig_lesser';

SET ROLE regress_mig_lesser;
CREATE FUNCTION seize() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('role', 'none', false);
    EXECUTE 'ALTER ROLE regress_mig_lesser SUPERUSER';
    RETURN 1;
END$$;
CREATE FUNCTION seize_row() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN PERFORM seize(); RETURN NULL; END$$;
CREATE TABLE trap (a int);
CREATE CONSTRAINT TRIGGER trap AFTER INSERT ON trap
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION seize_row();

-- an ordinary script runs, with the role's rights
SELECT migrate_revision('fine', rev_id => 'fine', upgrade => 'CREATE TABLE t (a int); INSERT INTO t VALUES (1)', downgrade => 'DROP TABLE t');
SELECT revision FROM migrate_upgrade();
RESET ROLE;
SELECT tableowner FROM pg_tables WHERE tablename = 't' AND schemaname = 'regress_mig_restricted';
SET ROLE regress_mig_lesser;

-- taking the role back
SELECT migrate_revision('x', rev_id => 'reset', upgrade => 'RESET ROLE');
SELECT revision FROM migrate_upgrade();                         -- fails
SELECT migrate_edit('reset', upgrade => 'SELECT seize()');
SELECT revision FROM migrate_upgrade();                         -- fails
-- a cursor that would run at the commit
SELECT migrate_edit('reset', upgrade => 'DECLARE c CURSOR WITH HOLD FOR SELECT seize()');
SELECT revision FROM migrate_upgrade();                         -- fails
-- a deferred trigger runs at once, inside the restriction
SELECT migrate_edit('reset', upgrade => 'INSERT INTO trap VALUES (1)');
SELECT revision FROM migrate_upgrade();                         -- fails
-- by way of a default
CREATE FUNCTION fill() RETURNS int LANGUAGE sql AS
    'INSERT INTO trap VALUES (1) RETURNING a';
SELECT migrate_edit('reset', upgrade => 'ALTER TABLE t ADD COLUMN b int DEFAULT fill()');
SELECT revision FROM migrate_upgrade();                         -- fails
-- objects that would shadow others in the session
SELECT migrate_edit('reset', upgrade => 'CREATE TEMP TABLE pg_class (a int)');
SELECT revision FROM migrate_upgrade();                         -- fails
RESET ROLE;
SELECT * FROM is_super;

----------------------------------------------------------------------
-- strings are read alike, whatever the session says; from 19 on it has no say
----------------------------------------------------------------------
SELECT current_setting('server_version_num')::int < 190000 AS has_say \gset
\if :has_say
SET escape_string_warning = off;
SET standard_conforming_strings = off;
\endif
SELECT migrate_edit('reset', upgrade => $$SELECT '\'; ROLLBACK; --'$$);  -- fails
SELECT migrate_edit('reset', upgrade => $$CREATE TABLE s AS SELECT '\' AS a$$, downgrade => 'DROP TABLE s');
SET standard_conforming_strings = on;
SELECT checksum AS before FROM migrate_revision WHERE revision = 'reset' \gset
SELECT migrate_edit('reset', upgrade => $$CREATE TABLE s AS SELECT '\' AS a$$);
SELECT checksum = :'before' AS same FROM migrate_revision WHERE revision = 'reset';
\if :has_say
SET standard_conforming_strings = off;
\endif
SELECT revision FROM migrate_upgrade();
SET standard_conforming_strings = on;
SELECT length(a), a = '\' AS is_backslash FROM s;

----------------------------------------------------------------------
-- each script has its own settings
----------------------------------------------------------------------
SELECT migrate_revision('x', rev_id => 'own', upgrade => 'SET work_mem = ''3MB''; SET search_path = pg_catalog', downgrade => '',
    verify => 'DO $$BEGIN IF current_setting(''work_mem'') = ''3MB'' OR current_schema = ''pg_catalog'' THEN RAISE EXCEPTION ''leaked''; END IF; END$$');
SELECT revision FROM migrate_upgrade();

DROP EXTENSION pg_migrations CASCADE;
DROP SCHEMA regress_mig_restricted CASCADE;
DROP ROLE regress_mig_lesser;
