--
-- Generated scripts that carry code of objects which lesser roles own are
-- stored as theirs: a superuser does not run them
--
SET client_min_messages = warning;
CREATE SCHEMA mig_ext_carried;
CREATE EXTENSION pg_migrations SCHEMA mig_ext_carried;
CREATE SCHEMA mig_ext_carried_app;
CREATE SCHEMA mig_ext_carried_out;
CREATE ROLE regress_mig_lesser;
CREATE ROLE regress_mig_lesser2;
CREATE ROLE regress_mig_boss SUPERUSER;
GRANT USAGE, CREATE ON SCHEMA mig_ext_carried_app, mig_ext_carried_out
    TO regress_mig_lesser, regress_mig_lesser2, regress_mig_boss;
SET search_path = mig_ext_carried_app;

-- What both have, outside of what is managed
CREATE FUNCTION mig_ext_carried_out.mine(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION mig_ext_carried_out.fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
GRANT CREATE ON SCHEMA mig_ext_carried_out TO PUBLIC;
SET ROLE regress_mig_lesser;
CREATE FUNCTION mig_ext_carried_out.theirs(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';
CREATE FUNCTION mig_ext_carried_out.theirs_diff(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION mig_ext_carried_out.theirs_diff(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 1.0::float8';
CREATE FUNCTION mig_ext_carried_out.theirs_fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE OPERATOR mig_ext_carried_out.## (RIGHTARG = integer, FUNCTION = mig_ext_carried_out.theirs);
CREATE DOMAIN mig_ext_carried_out.theirs_domain AS integer CHECK (mig_ext_carried_out.theirs(VALUE) = 1);
CREATE VIEW mig_ext_carried_out.theirs_view AS SELECT mig_ext_carried_out.theirs(1);
CREATE TABLE mig_ext_carried_out.theirs_table (a integer);
CREATE TYPE mig_ext_carried_out.theirs_enum AS ENUM ('a');
CREATE TYPE mig_ext_carried_out.theirs_composite AS (a mig_ext_carried_out.theirs_domain);
RESET ROLE;

-- Who is the author of the scripts that drop what there is, and of a baseline
-- of it; the statements run as a superuser and as a lesser role
CREATE FUNCTION mig_ext_carried_out.authors(superuser_does text, lesser_does text,
    OUT generated text, OUT baseline text) LANGUAGE plpgsql AS $$
DECLARE
    me text := CURRENT_USER;
BEGIN
    BEGIN
        EXECUTE superuser_does;
        SET LOCAL ROLE regress_mig_lesser;
        EXECUTE lesser_does;
        RESET ROLE;
        BEGIN
            PERFORM mig_ext_carried.migrate_baseline(include => '{mig_ext_carried_app}');
            SELECT stored_by INTO baseline FROM mig_ext_carried.migrate_revision;
            RAISE EXCEPTION 'undo';
        EXCEPTION WHEN raise_exception THEN
            IF SQLERRM <> 'undo' THEN RAISE; END IF;
        END;
        PERFORM mig_ext_carried.migrate_autogenerate('x', 'CREATE TABLE mig_ext_carried_app.mine ()', include => '{mig_ext_carried_app}');
        SELECT stored_by INTO generated FROM mig_ext_carried.migrate_revision;
        RAISE EXCEPTION 'undo';
    EXCEPTION WHEN raise_exception THEN
        IF SQLERRM <> 'undo' THEN RAISE; END IF;
    END;
    generated := CASE generated WHEN me THEN 'mine' ELSE generated END;
    baseline := CASE baseline WHEN me THEN 'mine' ELSE baseline END;
END$$;

---------------------------------------------------------------------------
-- What a lesser role has made
---------------------------------------------------------------------------
CREATE TEMP TABLE cases (n serial, superuser_does text DEFAULT '', lesser_does text DEFAULT '');
INSERT INTO cases (lesser_does) VALUES
    -- no code
    (''),
    ('CREATE TABLE t (a integer PRIMARY KEY, b text DEFAULT ''x'', c integer NOT NULL DEFAULT 1 + 1)'),
    ('CREATE TABLE t (a serial, b integer GENERATED ALWAYS AS IDENTITY, c timestamptz DEFAULT now(), d uuid DEFAULT gen_random_uuid())'),
    ('CREATE TABLE t (a integer CHECK (a > 0), b integer GENERATED ALWAYS AS (abs(1)) STORED); CREATE INDEX ON t (abs(a)) WHERE a > 1'),
    ('CREATE TABLE u (a integer UNIQUE); CREATE TABLE t (a integer REFERENCES u (a))'),
    ('CREATE TABLE t (a integer) PARTITION BY RANGE (abs(a)); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9)'),
    ('CREATE TYPE e AS ENUM (''a''); CREATE TABLE t (e e, f e[])'),
    ('CREATE TYPE c AS (a integer, b text)'),
    ('CREATE SEQUENCE s'),
    -- code
    ('CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1'''),
    ('CREATE FUNCTION f() RETURNS integer LANGUAGE sql RETURN 1'),
    ('CREATE PROCEDURE p() LANGUAGE sql AS '''''),
    ('CREATE AGGREGATE a (integer) (SFUNC = int4pl, STYPE = integer)'),
    ('CREATE OPERATOR ## (RIGHTARG = integer, FUNCTION = mig_ext_carried_out.mine)'),
    ('CREATE VIEW v AS SELECT 1'),
    ('CREATE MATERIALIZED VIEW v AS SELECT 1'),
    ('CREATE TABLE t (a integer); CREATE RULE r AS ON INSERT TO t DO ALSO SELECT 1'),
    ('CREATE TABLE t (a integer); CREATE POLICY p ON t USING (true)'),
    ('CREATE TABLE t (a integer); CREATE TRIGGER t BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()'),
    ('CREATE TABLE t (a integer); CREATE TRIGGER t BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION mig_ext_carried_out.fires()'),
    ('CREATE DOMAIN d AS integer CHECK (VALUE > 0)'),
    ('CREATE TYPE e AS ENUM (''a''); CREATE FUNCTION f(e) RETURNS integer LANGUAGE sql AS ''SELECT 1''; CREATE CAST (e AS integer) WITH FUNCTION f(e)'),
    ('CREATE TABLE t (a integer DEFAULT mig_ext_carried_out.theirs(1))'),
    ('CREATE TABLE t (a integer CHECK (mig_ext_carried_out.theirs(a) = 1))'),
    ('CREATE TABLE t (a integer GENERATED ALWAYS AS (mig_ext_carried_out.theirs(1)) STORED)'),
    ('CREATE TABLE t (a integer); CREATE INDEX ON t (mig_ext_carried_out.theirs(a))'),
    ('CREATE TABLE t (a integer); CREATE INDEX ON t (a) WHERE mig_ext_carried_out.theirs(a) = 1'),
    ('CREATE TABLE t (a integer) PARTITION BY RANGE (mig_ext_carried_out.theirs(a))'),
    ('CREATE TABLE t (a integer, EXCLUDE ((mig_ext_carried_out.theirs(a)) WITH =))'),
    ('CREATE TABLE t (a integer); CREATE STATISTICS s ON (mig_ext_carried_out.theirs(a)) FROM t'),
    -- code by what is handed to functions of the server
    ('CREATE TABLE t (a xml DEFAULT query_to_xml(''SELECT theirs()'', true, true, ''''))'),
    ('CREATE TABLE t (a xml DEFAULT table_to_xml(''pg_class'', true, true, ''''))'),
    ('CREATE TABLE t (a oid DEFAULT lo_import(''/etc/passwd''))'),
    ('CREATE TABLE t (a text CHECK (set_config(''role'', a, true) = a))'),
    ('CREATE TABLE t (a text); ALTER TABLE t ALTER a SET DEFAULT pg_read_file(''x'')');
-- in the hands of a superuser, but of a lesser role
INSERT INTO cases (superuser_does) VALUES
    ('CREATE TABLE t (a integer DEFAULT mig_ext_carried_out.mine(1), b text DEFAULT set_config(''role'', ''none'', true), CHECK (mig_ext_carried_out.mine(a) = 1));
      CREATE INDEX ON t (mig_ext_carried_out.mine(a));
      CREATE VIEW v AS SELECT mig_ext_carried_out.mine(a), pg_catalog.now() FROM t; CREATE MATERIALIZED VIEW mv AS TABLE v;
      CREATE RULE r AS ON INSERT TO t DO ALSO SELECT 1; CREATE POLICY p ON t USING (mig_ext_carried_out.mine(1) = 1);
      CREATE TRIGGER t BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION mig_ext_carried_out.fires();
      CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1''; CREATE DOMAIN d AS integer CHECK (VALUE = 1)'),
    ('CREATE VIEW v AS TABLE mig_ext_carried_out.theirs_table'),
    ('CREATE TABLE t (a mig_ext_carried_out.theirs_enum)'),
    ('CREATE TABLE t (a integer DEFAULT mig_ext_carried_out.theirs(1))'),
    ('CREATE TABLE t (a integer CHECK (mig_ext_carried_out.theirs(a) = 1))'),
    ('CREATE TABLE t (a integer CHECK (OPERATOR(mig_ext_carried_out.##) a = 1))'),
    ('CREATE TABLE t (a integer GENERATED ALWAYS AS (mig_ext_carried_out.theirs(1)) STORED)'),
    ('CREATE TABLE t (a integer); CREATE INDEX ON t (mig_ext_carried_out.theirs(a))'),
    ('CREATE TABLE t (a mig_ext_carried_out.theirs_domain)'),
    ('CREATE TABLE t (a mig_ext_carried_out.theirs_domain[])'),
    ('CREATE TABLE t (a mig_ext_carried_out.theirs_composite)'),
    ('CREATE DOMAIN d AS mig_ext_carried_out.theirs_domain'),
    ('CREATE DOMAIN d AS integer DEFAULT mig_ext_carried_out.theirs(1)'),
    ('CREATE DOMAIN d AS integer CHECK (mig_ext_carried_out.theirs(VALUE) = 1)'),
    ('CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = mig_ext_carried_out.theirs_diff)'),
    ('CREATE VIEW v AS SELECT mig_ext_carried_out.theirs(1)'),
    ('CREATE MATERIALIZED VIEW v AS TABLE mig_ext_carried_out.theirs_view'),
    ('CREATE VIEW w AS TABLE mig_ext_carried_out.theirs_view; CREATE MATERIALIZED VIEW v AS TABLE w'),
    ('CREATE TABLE t (a integer); CREATE TRIGGER t BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION mig_ext_carried_out.theirs_fires()'),
    ('CREATE TABLE t (a integer); CREATE TRIGGER t BEFORE UPDATE ON t FOR EACH ROW WHEN (mig_ext_carried_out.theirs(NEW.a) = 1) EXECUTE FUNCTION mig_ext_carried_out.fires()'),
    ('CREATE TABLE t (a integer); CREATE RULE r AS ON INSERT TO t DO ALSO SELECT mig_ext_carried_out.theirs(1)'),
    ('CREATE TABLE t (a integer); CREATE POLICY p ON t USING (mig_ext_carried_out.theirs(1) = 1)'),
    ('CREATE AGGREGATE a (integer) (SFUNC = mig_ext_carried_out.theirs_diff, STYPE = integer)'),
    ('CREATE OPERATOR ## (RIGHTARG = integer, FUNCTION = mig_ext_carried_out.theirs)'),
    ('CREATE FUNCTION f(a integer DEFAULT mig_ext_carried_out.theirs(1)) RETURNS integer LANGUAGE sql AS ''SELECT 1'''),
    ('CREATE FUNCTION f() RETURNS integer LANGUAGE sql RETURN mig_ext_carried_out.theirs(1)'),
    ('CREATE TYPE e AS ENUM (''a''); CREATE FUNCTION f(text) RETURNS e LANGUAGE sql AS ''SELECT NULL::mig_ext_carried_app.e'';
      ALTER FUNCTION f(text) OWNER TO regress_mig_lesser2; CREATE CAST (text AS e) WITH FUNCTION f(text)'),
    ('CREATE OPERATOR CLASS o FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
      FUNCTION 1 mig_ext_carried_out.theirs_diff(integer, integer)');
SET client_min_messages = error; -- what is lost is told elsewhere
SELECT n, left(coalesce(nullif(lesser_does, ''), 'superuser: ' || superuser_does), 100) AS case, a.*
FROM cases, mig_ext_carried_out.authors(superuser_does, lesser_does) AS a ORDER BY n;
SET client_min_messages = warning;

---------------------------------------------------------------------------
-- What is altered, not made; the upgrade's calls of what is there
---------------------------------------------------------------------------
CREATE FUNCTION mig_ext_carried_out.altered(live text, wanted text, OUT generated text) LANGUAGE plpgsql AS $$
DECLARE
    me text := CURRENT_USER;
BEGIN
    BEGIN
        EXECUTE live;
        RESET ROLE;
        PERFORM mig_ext_carried.migrate_autogenerate('x', 'SET search_path = mig_ext_carried_app; ' || wanted, include => '{mig_ext_carried_app}');
        SELECT stored_by INTO generated FROM mig_ext_carried.migrate_revision;
        RAISE EXCEPTION 'undo';
    EXCEPTION WHEN raise_exception THEN
        IF SQLERRM <> 'undo' THEN RAISE; END IF;
    END;
    generated := CASE generated WHEN me THEN 'mine' ELSE generated END;
END$$;
SELECT what, generated FROM (VALUES
    (1, 'default of another', 'CREATE TABLE t (a integer DEFAULT mig_ext_carried_out.theirs(1))', 'CREATE TABLE t (a integer DEFAULT 1)'),
    (2, 'default', 'CREATE TABLE t (a integer DEFAULT 2)', 'CREATE TABLE t (a integer DEFAULT 1)'),
    (3, 'type', 'CREATE TABLE t (a mig_ext_carried_out.theirs_domain)', 'CREATE TABLE t (a integer)'),
    (4, 'column', 'CREATE TABLE t (a mig_ext_carried_out.theirs_domain, b integer)', 'CREATE TABLE t (a mig_ext_carried_out.theirs_domain)'),
    (5, 'their table', 'SET ROLE regress_mig_lesser; CREATE TABLE t (a integer, b integer CHECK (mig_ext_carried_out.theirs(b) = 1))',
        'CREATE TABLE t (a bigint, b integer CHECK (mig_ext_carried_out.theirs(b) = 1))'),
    (6, 'comment', 'SET ROLE regress_mig_lesser; CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1''; COMMENT ON FUNCTION f() IS ''x''',
        'CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1'''),
    (7, 'body', 'SET ROLE regress_mig_lesser; CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1''',
        'CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 2'''),
    (8, 'view', 'SET ROLE regress_mig_lesser; CREATE VIEW v AS SELECT 1 AS a', 'CREATE VIEW v AS SELECT 2 AS a'),
    (9, 'dropped by the upgrade', 'CREATE TABLE t (a integer)', ''),
    (10, 'called by the upgrade', 'CREATE TABLE t (a integer); SET ROLE regress_mig_lesser; CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1''',
        'CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1''; CREATE TABLE t (a integer, b integer DEFAULT f())'),
    (11, 'called by what stays', 'SET ROLE regress_mig_lesser; CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1''; CREATE TABLE t (a integer DEFAULT f())',
        'CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1''; CREATE TABLE t (a integer DEFAULT f(), b integer)'),
    (12, 'called by the upgrade, own', 'CREATE TABLE t (a integer); CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1''',
        'CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1''; CREATE TABLE t (a integer, b integer DEFAULT f())')
    ) AS c (n, what, live, wanted), mig_ext_carried_out.altered(live, wanted || '; CREATE TABLE other ()') AS a ORDER BY n;

---------------------------------------------------------------------------
-- The attack, and what is said
---------------------------------------------------------------------------
SET ROLE regress_mig_lesser;
CREATE FUNCTION seize() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER) THEN
        ALTER ROLE regress_mig_lesser SUPERUSER;
    END IF;
    RETURN 1;
END$$;
CREATE MATERIALIZED VIEW trap AS SELECT seize();
RESET ROLE;
SET ROLE regress_mig_lesser2;
CREATE VIEW another AS SELECT 1 AS a;
RESET ROLE;
SET client_min_messages = notice;
SELECT mig_ext_carried.migrate_autogenerate('clean up', 'CREATE TABLE mine (id int)', include => '{mig_ext_carried_app}', rev_id => 'clean');
SET client_min_messages = warning;
SELECT mig_ext_carried.migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT mig_ext_carried.migrate_remove('clean');
-- by a lesser role it is its own, without a word
GRANT USAGE ON SCHEMA mig_ext_carried TO regress_mig_lesser;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_ext_carried TO regress_mig_lesser;
ALTER SCHEMA mig_ext_carried_app OWNER TO regress_mig_lesser;
GRANT CREATE ON DATABASE :DBNAME TO regress_mig_lesser;
SET client_min_messages = notice;
SET ROLE regress_mig_lesser;
SELECT mig_ext_carried.migrate_autogenerate('clean up', 'CREATE TABLE mine (id int)', include => '{mig_ext_carried_app}', rev_id => 'clean');
RESET ROLE;
SELECT stored_by FROM mig_ext_carried.migrate_revision;
SELECT mig_ext_carried.migrate_remove('clean');
-- a baseline, whose scripts run elsewhere, or after a downgrade
SELECT mig_ext_carried.migrate_baseline(include => '{mig_ext_carried_app}', rev_id => 'all');
SET client_min_messages = warning;
SELECT mig_ext_carried.migrate_downgrade('base'); -- fails
SELECT mig_ext_carried.migrate_redo(); -- fails
SELECT mig_ext_carried.migrate_stamp('base');
SELECT mig_ext_carried.migrate_upgrade(); -- fails
CALL mig_ext_carried.migrate_deploy(); -- fails
SELECT rolname, rolsuper FROM pg_roles WHERE rolname = 'regress_mig_lesser';

REVOKE CREATE ON DATABASE :DBNAME FROM regress_mig_lesser;
RESET search_path;
DROP SCHEMA mig_ext_carried, mig_ext_carried_app, mig_ext_carried_out CASCADE;
DROP ROLE regress_mig_lesser, regress_mig_lesser2, regress_mig_boss;
