--
-- Nobody's code runs with more rights because somebody compares
--
SET client_min_messages = warning;
CREATE SCHEMA mig_trust;
CREATE SCHEMA mig_app;
CREATE SCHEMA mig_tools;
CREATE EXTENSION pg_migrations SCHEMA mig_trust;
CREATE ROLE regress_mig_mallory;
CREATE ROLE regress_mig_app;
CREATE ROLE regress_mig_owner IN ROLE regress_mig_app;
GRANT USAGE ON SCHEMA mig_trust TO PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_trust TO PUBLIC;
GRANT USAGE, CREATE ON SCHEMA mig_tools TO PUBLIC;
ALTER SCHEMA mig_app OWNER TO regress_mig_app;
SET search_path = mig_app, mig_trust;
\pset format unaligned
\pset tuples_only on

-- Why a model is refused; what runs says so in a warning
CREATE FUNCTION mig_trust.looked(model text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM mig_trust.migrate_diff(model);
    RETURN 'compared';
EXCEPTION WHEN OTHERS THEN
    RETURN replace(SQLSTATE || ' ' || SQLERRM, session_user, 'SESSION_USER');
END $$;
-- What else of the rows could not be asked
CREATE FUNCTION mig_trust.unasked(model text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT object || ': ' || coalesce(replace(substring(hazard FROM 'not checked: ([^)]*\)?[^)]*)\)'), session_user, 'SESSION_USER'), 'asked')
    FROM mig_trust.migrate_diff(model) ORDER BY object COLLATE "C" $$;
CREATE FUNCTION mig_trust.privileged() RETURNS SETOF text LANGUAGE sql AS
    $$SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'regress\_mig\_%' AND (rolsuper OR rolcreaterole) $$;

---------------------------------------------------------------------------
-- Whatever way a model comes to a function of a lesser role
---------------------------------------------------------------------------
SET ROLE regress_mig_mallory;
CREATE FUNCTION mig_tools.seize() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'ALTER ROLE regress_mig_mallory SUPERUSER';
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'as %: %', current_user, SQLERRM;
END $$;
CREATE FUNCTION mig_tools.f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$BEGIN PERFORM mig_tools.seize(); RETURN $1; END$$;
CREATE FUNCTION mig_tools.f(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT mig_tools.f($1::int)::bigint';
CREATE FUNCTION mig_tools.is(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$BEGIN PERFORM mig_tools.seize(); RETURN true; END$$;
CREATE FUNCTION mig_tools.equal(int, int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$BEGIN PERFORM mig_tools.seize(); RETURN true; END$$;
CREATE FUNCTION mig_tools.difference(float8, float8) RETURNS float8 LANGUAGE plpgsql IMMUTABLE AS $$BEGIN PERFORM mig_tools.seize(); RETURN 1; END$$;
CREATE FUNCTION mig_tools.step(int, int) RETURNS int LANGUAGE plpgsql AS $$BEGIN PERFORM mig_tools.seize(); RETURN $1; END$$;
CREATE FUNCTION mig_tools.rows() RETURNS SETOF int LANGUAGE plpgsql AS $$BEGIN PERFORM mig_tools.seize(); RETURN NEXT 1; END$$;
CREATE PROCEDURE mig_tools.p() LANGUAGE plpgsql AS $$BEGIN PERFORM mig_tools.seize(); END$$;
CREATE TYPE mig_tools.pair AS (a int);
CREATE FUNCTION mig_tools.to_pair(int) RETURNS mig_tools.pair LANGUAGE plpgsql IMMUTABLE AS $$BEGIN PERFORM mig_tools.seize(); RETURN ROW($1); END$$;
CREATE CAST (int AS mig_tools.pair) WITH FUNCTION mig_tools.to_pair(int);
CREATE OPERATOR mig_tools.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = mig_tools.equal);
CREATE DOMAIN mig_tools.d AS int CHECK (mig_tools.is(VALUE));
CREATE TYPE mig_tools.span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = mig_tools.difference);
CREATE AGGREGATE mig_tools.total(int) (SFUNC = mig_tools.step, STYPE = int, INITCOND = 0);
CREATE VIEW mig_tools.v AS SELECT mig_tools.f(1) AS a;
GRANT SELECT ON mig_tools.v TO PUBLIC;
RESET ROLE;
CREATE TABLE mig_trust.attacks (id int GENERATED ALWAYS AS IDENTITY, model text);
INSERT INTO mig_trust.attacks (model) VALUES
    ('INSERT INTO t VALUES (mig_tools.f(1))'),
    ('INSERT INTO t VALUES (mig_tools.f(1::bigint))'),
    ('ALTER TABLE t ADD b int DEFAULT mig_tools.f(1)'),
    ('ALTER TABLE t ALTER a SET DEFAULT mig_tools.f(1); INSERT INTO t DEFAULT VALUES'),
    ('ALTER TABLE t ALTER a TYPE int USING mig_tools.f(a)'),
    ('ALTER TABLE t ALTER a TYPE mig_tools.pair USING a::mig_tools.pair'),
    ('ALTER TABLE t ADD CHECK (mig_tools.is(a))'),
    ('ALTER TABLE t ADD CHECK (a OPERATOR(mig_tools.===) 1)'),
    ('ALTER TABLE t ADD CHECK (mig_tools.is(a)) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT t_a_check'),
    ('CREATE INDEX ON t (mig_tools.f(a))'),
    ('CREATE INDEX ON t (a) WHERE mig_tools.is(a)'),
    ('ALTER TABLE t ADD b int GENERATED ALWAYS AS (mig_tools.f(a)) STORED'),
    ('ALTER TABLE t ADD EXCLUDE USING btree (mig_tools.f(a) WITH =)'),
    ('ALTER TABLE t ALTER a TYPE mig_tools.d'),
    ('CREATE DOMAIN e AS mig_tools.d; INSERT INTO t VALUES (1::e)'),
    ('CREATE TABLE r (a mig_tools.span); INSERT INTO r SELECT mig_tools.span(i, i + 1) FROM generate_series(1, 500) i; CREATE INDEX ON r USING gist (a)'),
    ('CREATE TABLE p (a int) PARTITION BY LIST (mig_tools.f(a)); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); INSERT INTO p VALUES (1)'),
    ('CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (mig_tools.f(1))'),
    ('CREATE TABLE u AS SELECT mig_tools.total(a) FROM t'),
    ('CREATE TABLE u AS SELECT mig_tools.total(a) OVER () FROM t'),
    ('CREATE TABLE u AS SELECT mig_tools.rows()'),
    ('SELECT * INTO u FROM mig_tools.rows()'),
    ('INSERT INTO t SELECT * FROM mig_tools.v'),
    ('CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT mig_tools.f(1)''; INSERT INTO t VALUES (f())'),
    ('DO $$BEGIN PERFORM mig_tools.f(1); END$$'),
    ('DO $$DECLARE x int := mig_tools.f(1); BEGIN END$$'),
    ('DO $$BEGIN CALL mig_tools.p(); END$$'),
    ('DO $$BEGIN EXECUTE ''SELECT mig_tools.seize()''; END$$');
GRANT SELECT ON mig_trust.attacks TO PUBLIC;
SELECT id, mig_trust.looked('CREATE TABLE t (a int); INSERT INTO t VALUES (1); ' || model) FROM mig_trust.attacks ORDER BY id;
-- also by all others that compare
SET SESSION AUTHORIZATION regress_mig_app;
SELECT migrate_check('CREATE TABLE t (a int); INSERT INTO t VALUES (mig_tools.f(1))');
SELECT migrate_autogenerate('x', 'CREATE TABLE t (a int); INSERT INTO t VALUES (mig_tools.f(1))');
SELECT * FROM migrate_autogenerate_sql('CREATE TABLE t (a int); INSERT INTO t VALUES (mig_tools.f(1))');
SELECT migrate_set_model('CREATE TABLE t (a int); INSERT INTO t VALUES (mig_tools.f(1))');
RESET SESSION AUTHORIZATION;
-- as the owner of the schema, logged in and not
SET ROLE regress_mig_app;
SELECT id, mig_trust.looked('CREATE TABLE t (a int); INSERT INTO t VALUES (1); ' || model) FROM mig_trust.attacks WHERE id IN (1, 4, 8, 16, 25) ORDER BY id;
RESET ROLE;
SET SESSION AUTHORIZATION regress_mig_app;
SELECT id, mig_trust.looked('CREATE TABLE t (a int); INSERT INTO t VALUES (1); ' || model) FROM mig_trust.attacks WHERE id IN (1, 4, 8, 16, 25) ORDER BY id;
RESET SESSION AUTHORIZATION;
-- what is not evaluated may be there
SELECT mig_trust.looked('CREATE TABLE t (a int DEFAULT mig_tools.f(1), b mig_tools.d, c int GENERATED ALWAYS AS (mig_tools.f(a)) STORED, CHECK (mig_tools.is(a))); ALTER TABLE t ADD CHECK (mig_tools.is(a)); CREATE INDEX ON t (mig_tools.f(a)); CREATE VIEW v AS SELECT mig_tools.f(a) FROM t; CREATE MATERIALIZED VIEW m AS SELECT mig_tools.f(1) AS a; CREATE UNIQUE INDEX ON m (a); REFRESH MATERIALIZED VIEW m');
-- the text of the model is the caller's, whoever is to own the function
SELECT mig_trust.looked('CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS ''BEGIN RETURN 1; END''; ALTER FUNCTION f() OWNER TO regress_mig_mallory; INSERT INTO t VALUES (f())');
-- the owner could act as the role anyway
SET ROLE regress_mig_owner;
CREATE FUNCTION mig_tools.ours() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
RESET ROLE;
SET SESSION AUTHORIZATION regress_mig_app;
SELECT mig_trust.looked('CREATE TABLE t (a int); INSERT INTO t VALUES (mig_tools.ours())');
RESET SESSION AUTHORIZATION;
SELECT mig_trust.looked('CREATE TABLE t (a int); INSERT INTO t VALUES (mig_tools.ours())');
SELECT mig_trust.privileged();

---------------------------------------------------------------------------
-- Materialized views: never filled, and as populated as the model says
---------------------------------------------------------------------------
SELECT upgrade FROM migrate_autogenerate_sql($m$
CREATE MATERIALIZED VIEW a AS SELECT 1 / 0 AS x;
CREATE MATERIALIZED VIEW b AS SELECT 1 / 0 AS x WITH NO DATA;
CREATE MATERIALIZED VIEW c AS SELECT 1 / 0 AS x WITH NO DATA;
REFRESH MATERIALIZED VIEW c;
CREATE MATERIALIZED VIEW d AS SELECT 1 / 0 AS x;
REFRESH MATERIALIZED VIEW d WITH NO DATA;
DO $$BEGIN CREATE MATERIALIZED VIEW e AS SELECT count(*) AS x FROM a; REFRESH MATERIALIZED VIEW e; END$$;
CREATE MATERIALIZED VIEW IF NOT EXISTS b AS SELECT 1 AS x;
$m$);

CREATE MATERIALIZED VIEW a AS SELECT 1 AS x;
CREATE MATERIALIZED VIEW b AS SELECT 1 AS x WITH NO DATA;
SELECT operation, object, upgrade FROM migrate_diff('CREATE MATERIALIZED VIEW a AS SELECT 1 AS x; CREATE MATERIALIZED VIEW b AS SELECT 1 AS x WITH NO DATA');
SELECT operation, object, upgrade FROM migrate_diff('CREATE MATERIALIZED VIEW a AS SELECT 1 AS x; CREATE MATERIALIZED VIEW b AS SELECT 1 AS x');
SELECT mig_trust.looked('CREATE TABLE t (); REFRESH MATERIALIZED VIEW mig_tools.nix');
DROP MATERIALIZED VIEW a, b;

---------------------------------------------------------------------------
-- A superuser who took the role of the schema's owner does not get back
---------------------------------------------------------------------------
SET ROLE regress_mig_app;
CREATE TABLE t (a int);
INSERT INTO t VALUES (1);
CREATE FUNCTION mig_tools.back(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    way text;
    open text := '';
BEGIN
    FOREACH way IN ARRAY ARRAY['SET ROLE NONE', 'RESET ROLE', 'SELECT set_config(''role'', ''none'', false)',
        'RESET SESSION AUTHORIZATION', 'SET LOCAL SESSION AUTHORIZATION DEFAULT', 'SELECT set_config(''session_authorization'', session_user, true)',
        'CREATE TEMP TABLE pg_class (a int)', 'CREATE TEMP VIEW pg_class AS SELECT 1', 'DECLARE c CURSOR WITH HOLD FOR SELECT 1', 'PREPARE x AS SELECT 1',
        'LISTEN x', 'ALTER ROLE regress_mig_app SUPERUSER'] LOOP
        BEGIN
            EXECUTE way;
            open := open || way || '; ';
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END LOOP;
    IF open <> '' THEN
        RAISE '% run as %', open, current_user;
    END IF;
    RETURN true;
END $$;
CREATE FUNCTION mig_tools.back_row() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM mig_tools.back(1); RETURN NULL; END$$;
SELECT mig_trust.looked('CREATE TABLE t (a int); INSERT INTO t VALUES (1); ALTER TABLE t ADD CHECK (mig_tools.back(a))');
-- since 17 triggers fire in a shadow as well, and the server refuses deferred ones
SELECT mig_trust.looked('CREATE TABLE t (a int); CREATE CONSTRAINT TRIGGER x AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mig_tools.back_row(); INSERT INTO t VALUES (1)')
    IN ('compared', '42501 cannot fire deferred trigger within security-restricted operation') AS harmless;
SELECT mig_trust.looked('CREATE TABLE t (a int); DO $$BEGIN PERFORM mig_tools.back(1); END$$');
SELECT migrate_set_model('CREATE TABLE t (a int CHECK (mig_tools.back(a))); INSERT INTO t VALUES (1)') IS NULL;
SELECT mig_trust.unasked(NULL);
-- the caller's own text may set the role, and what it sets ends with it
SELECT mig_trust.looked('CREATE TABLE t (a int); RESET ROLE; CREATE TABLE u (a int); SET SESSION AUTHORIZATION DEFAULT; CREATE TABLE v (a int)');
SELECT current_user;
SELECT mig_trust.looked('CREATE TABLE t (a int); RESET ROLE; DO $$BEGIN PERFORM mig_tools.back(1); END$$');
SELECT current_user;
-- text that the role stored may not
SELECT migrate_set_model('CREATE TABLE t (a int); RESET ROLE') IS NULL;
SELECT mig_trust.looked(NULL);
RESET ROLE;
SELECT mig_trust.looked(NULL);                                  -- nor does a superuser run it
SELECT current_user = session_user;
SELECT mig_trust.privileged();

---------------------------------------------------------------------------
-- What a model reaches makes nothing that counts as the model's
---------------------------------------------------------------------------
SET ROLE regress_mig_app;
CREATE FUNCTION mig_tools.make(sql text) RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN EXECUTE sql; RETURN 1; END$$;
CREATE FUNCTION mig_tools.body() RETURNS text LANGUAGE sql AS $$SELECT 'int LANGUAGE plpgsql AS ''BEGIN EXECUTE ''''ALTER ROLE regress_mig_mallory SUPERUSER''''; RETURN 1; END'''$$;
ALTER FUNCTION mig_tools.body() SECURITY DEFINER;
RESET ROLE;
-- it drops the model's function, and makes another one
SELECT mig_trust.looked($$CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; DO 'BEGIN PERFORM mig_tools.make(''DROP FUNCTION mig_app.g(); CREATE FUNCTION mig_app.g() RETURNS '' || mig_tools.body()); END'; DO 'BEGIN PERFORM g(); END'$$);
-- it replaces the one that the model gives to it, before and after a call
SELECT mig_trust.looked($$CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION g() OWNER TO regress_mig_app; DO 'BEGIN PERFORM mig_tools.make(''CREATE OR REPLACE FUNCTION mig_app.g() RETURNS '' || mig_tools.body()); END'; DO 'BEGIN PERFORM g(); END'$$);
SELECT mig_trust.looked($$CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'; ALTER FUNCTION g() OWNER TO regress_mig_app; DO 'DECLARE i int; BEGIN FOR n IN 1..2 LOOP i := g(); PERFORM mig_tools.make(''CREATE OR REPLACE FUNCTION mig_app.g() RETURNS '' || mig_tools.body()); END LOOP; END'$$);
-- it takes the name of the model's with another one that the model gives to it
SELECT mig_trust.looked($$CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION h() OWNER TO regress_mig_app; DO 'BEGIN PERFORM mig_tools.make(''DROP FUNCTION mig_app.g(); ALTER FUNCTION mig_app.h() RENAME TO g''); END'; DO 'BEGIN PERFORM g(); END'$$);
-- what the model alone has made runs, whoever owns it
SELECT mig_trust.looked($$CREATE FUNCTION g() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; ALTER FUNCTION g() OWNER TO regress_mig_app; CREATE TABLE t (a int DEFAULT g()); DO 'BEGIN PERFORM mig_tools.make(''CREATE TABLE mig_app.u (a int)''); INSERT INTO t DEFAULT VALUES; END'; SET ROLE regress_mig_app; CREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'SELECT g()'; RESET ROLE; INSERT INTO t VALUES (h())$$);
SELECT mig_trust.privileged();

---------------------------------------------------------------------------
-- Rows are asked as the owner of their table
---------------------------------------------------------------------------
CREATE TABLE mig_app.s (a int);
INSERT INTO s VALUES (1);
SET ROLE regress_mig_app;
CREATE FUNCTION mig_tools.who(int) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE WARNING 'asked as %', current_user; RETURN true; END$$;
CREATE TABLE forced (a int);
INSERT INTO forced VALUES (1);
ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
RESET ROLE;
CREATE VIEW mig_trust.model AS SELECT format('CREATE TABLE t (a int CHECK (mig_tools.%1$s(a))); CREATE TABLE s (a int CHECK (mig_tools.%1$s(a))); '
    'CREATE TABLE forced (a int CHECK (a > 0)); ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', f) AS model, f FROM unnest(ARRAY['who', 'is', 'ours']) f;
GRANT SELECT ON mig_trust.model TO PUBLIC;
SELECT mig_trust.unasked(model) FROM mig_trust.model WHERE f = 'who';
SELECT mig_trust.unasked(model) FROM mig_trust.model WHERE f = 'is';
SET ROLE regress_mig_app;
SELECT mig_trust.unasked(model) FROM mig_trust.model WHERE f = 'who';
-- who has not got the rights of the owner asks as himself, not with the owner's
RESET ROLE;
GRANT SELECT ON s TO regress_mig_app;
SET ROLE regress_mig_app;
SELECT mig_trust.unasked('CREATE TABLE t (a int); CREATE TABLE s (a int CHECK (pg_read_file(''PG_VERSION'') = '''')); CREATE TABLE forced (a int);ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY');
-- effects that would last
CREATE SEQUENCE mig_tools.counter;
SELECT mig_trust.unasked('CREATE TABLE t (a int CHECK (nextval(''mig_tools.counter'') > 0), CHECK (pg_try_advisory_lock(1))); CREATE TABLE s (a int); CREATE TABLE forced (a int); ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY');
SELECT is_called FROM mig_tools.counter;
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objid = 1;
RESET ROLE;
SELECT mig_trust.privileged();

DROP EXTENSION pg_migrations;
DROP SCHEMA mig_trust, mig_app, mig_tools CASCADE;
DROP ROLE regress_mig_mallory, regress_mig_owner, regress_mig_app;
