-- The tables are written with their owner's rights: never where a trigger of
-- somebody else could run with them
SET client_min_messages = warning;
CREATE SCHEMA regress_mig_triggers;
CREATE EXTENSION pg_migrations SCHEMA regress_mig_triggers;
SET search_path = regress_mig_triggers;
CREATE ROLE regress_mig_plain;
GRANT USAGE, CREATE ON SCHEMA regress_mig_triggers TO regress_mig_plain;
GRANT ALL ON ALL TABLES IN SCHEMA regress_mig_triggers TO regress_mig_plain;
GRANT EXECUTE ON FUNCTION migrate_revision, migrate_upgrade, migrate_remove
    TO regress_mig_plain;

----------------------------------------------------------------------
-- a trigger
----------------------------------------------------------------------
SET ROLE regress_mig_plain;
CREATE FUNCTION seize() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN EXECUTE 'ALTER ROLE regress_mig_plain SUPERUSER'; RETURN NULL; END$$;
CREATE TRIGGER seize AFTER INSERT ON migrate_log
    FOR EACH STATEMENT EXECUTE FUNCTION seize();
SELECT migrate_revision('one', rev_id => 'aaaa');               -- fails
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_mig_plain';
DROP TRIGGER seize ON migrate_log;

----------------------------------------------------------------------
-- a foreign key that refers to one of them, with a trigger of its own
----------------------------------------------------------------------
SET ROLE regress_mig_plain;
SELECT migrate_revision('one', rev_id => 'aaaa');
CREATE TABLE mine (r text COLLATE "C" REFERENCES migrate_revision ON DELETE CASCADE);
CREATE TRIGGER seize AFTER DELETE ON mine
    FOR EACH STATEMENT EXECUTE FUNCTION seize();
INSERT INTO mine VALUES ('aaaa');
SELECT migrate_remove('aaaa');                                  -- fails
RESET ROLE;
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_mig_plain';
-- looking writes nothing and goes on
SELECT revision FROM migrate_history();
DROP TABLE mine;
SET ROLE regress_mig_plain;
SELECT migrate_remove('aaaa');
RESET ROLE;

DROP EXTENSION pg_migrations;
DROP SCHEMA regress_mig_triggers CASCADE;
DROP ROLE regress_mig_plain;
