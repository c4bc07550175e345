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

----------------------------------------------------------------------
-- each way in which a table could run the code of others, on each table of
-- the extension; all functions that write look at all tables
----------------------------------------------------------------------
RESET search_path;
CREATE SCHEMA regress_mig_triggers_ways;
CREATE ROLE regress_mig_other;
GRANT USAGE, CREATE ON SCHEMA regress_mig_triggers_ways TO regress_mig_other;
CREATE TABLE regress_mig_triggers_ways.way (way text, statements text);
INSERT INTO regress_mig_triggers_ways.way VALUES
    ('none', 'SELECT 1'),
    ('trigger', 'CREATE TRIGGER t BEFORE INSERT ON %1$s FOR EACH ROW EXECUTE FUNCTION regress_mig_triggers.seize()'),
    ('disabled trigger', 'CREATE TRIGGER t BEFORE UPDATE ON %1$s EXECUTE FUNCTION regress_mig_triggers.seize();
        ALTER TABLE %1$s DISABLE TRIGGER t'),
    ('constraint trigger', 'CREATE CONSTRAINT TRIGGER t AFTER DELETE ON %1$s DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION regress_mig_triggers.seize()'),
    ('also rule', 'CREATE RULE r AS ON INSERT TO %1$s DO ALSO SELECT 1'),
    ('instead rule', 'CREATE RULE r AS ON UPDATE TO %1$s DO INSTEAD NOTHING'),
    ('row security', 'ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY'),
    ('forced row security', 'ALTER TABLE %1$s FORCE ROW LEVEL SECURITY'),
    ('child table', 'CREATE TABLE regress_mig_triggers_ways.child () INHERITS (%1$s)'),
    ('another owner', 'GRANT CREATE ON SCHEMA regress_mig_triggers TO regress_mig_other;
        ALTER TABLE %1$s OWNER TO regress_mig_other');
CREATE FUNCTION regress_mig_triggers_ways.outcome(writes text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE writes;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END$$;
CREATE FUNCTION regress_mig_triggers_ways.outcome_of(rel regclass, statements text, writes text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    outcome text;
BEGIN
    BEGIN
        EXECUTE format(statements, rel);
        outcome := regress_mig_triggers_ways.outcome(writes);
        RAISE EXCEPTION 'undo';
    EXCEPTION WHEN raise_exception THEN
        RETURN outcome;
    END;
END$$;
CREATE VIEW regress_mig_triggers_ways.own_table AS
    SELECT c.oid::regclass AS rel, relname
    FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
    WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND c.relkind IN ('r', 'p')
        AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pg_migrations');
SELECT relname FROM regress_mig_triggers_ways.own_table ORDER BY relname COLLATE "C";
-- several functions, be it that they write to other tables
SELECT way, string_agg(DISTINCT regress_mig_triggers_ways.outcome_of(rel, statements, writes), ', ') AS outcomes,
    count(DISTINCT rel) = (SELECT count(*) FROM regress_mig_triggers_ways.own_table) AS "all tables"
FROM regress_mig_triggers_ways.way, regress_mig_triggers_ways.own_table, (VALUES
    ('SELECT regress_mig_triggers.migrate_revision(''x'')'),
    ('SELECT regress_mig_triggers.migrate_set_model(''CREATE TABLE public.regress_mig_t ()'')'),
    ('SELECT regress_mig_triggers.migrate_import(E''-- revision: bbbb\n-- down_revision:\n-- message: x\n\n-- migrate:upgrade\n'')'),
    ('SELECT regress_mig_triggers.migrate_stamp(''heads'')')) AS f (writes)
GROUP BY way ORDER BY way COLLATE "C";
-- a foreign key to each table that has a key to refer to
SELECT relname, regress_mig_triggers_ways.outcome_of(rel,
    format('CREATE TABLE regress_mig_triggers_ways.t (LIKE %%1$s, FOREIGN KEY (%1$s) REFERENCES %%1$s (%1$s))', columns),
    'SELECT regress_mig_triggers.migrate_revision(''x'')')
FROM regress_mig_triggers_ways.own_table,
    LATERAL (SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_index JOIN pg_attribute ON attrelid = indrelid
        AND attnum = ANY (indkey) WHERE indrelid = rel AND indisprimary) AS k (columns)
ORDER BY relname COLLATE "C";
-- what they say
CREATE RULE r AS ON INSERT TO regress_mig_triggers.migrate_model DO ALSO SELECT 1;
SELECT regress_mig_triggers.migrate_revision('x');             -- fails
DROP RULE r ON regress_mig_triggers.migrate_model;
ALTER TABLE regress_mig_triggers.migrate_edge ENABLE ROW LEVEL SECURITY;
SELECT regress_mig_triggers.migrate_revision('x');             -- fails
ALTER TABLE regress_mig_triggers.migrate_edge DISABLE ROW LEVEL SECURITY;
CREATE TABLE regress_mig_triggers_ways.child () INHERITS (regress_mig_triggers.migrate_progress);
SELECT regress_mig_triggers.migrate_revision('x');             -- fails
DROP TABLE regress_mig_triggers_ways.child;
ALTER TABLE regress_mig_triggers.migrate_applied OWNER TO regress_mig_other;
SELECT regress_mig_triggers.migrate_revision('x');             -- fails
ALTER TABLE regress_mig_triggers.migrate_applied OWNER TO CURRENT_USER;
SELECT regress_mig_triggers.migrate_revision('x', rev_id => 'cccc');
-- a table that was taken out of the extension
ALTER EXTENSION pg_migrations DROP TABLE regress_mig_triggers.migrate_revision;
SELECT regress_mig_triggers.migrate_revision('x');             -- fails
ALTER EXTENSION pg_migrations ADD TABLE regress_mig_triggers.migrate_revision;
SELECT regress_mig_triggers.migrate_remove('cccc');

DROP EXTENSION pg_migrations;
DROP SCHEMA regress_mig_triggers_ways CASCADE;
DROP SCHEMA regress_mig_triggers CASCADE;
DROP ROLE regress_mig_other;
DROP ROLE regress_mig_plain;
