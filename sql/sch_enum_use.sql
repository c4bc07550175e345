--
-- Values of enumerated types that the script that adds them uses
--
-- It is committed between its statements, and so not transactional.
--
SET client_min_messages = warning;
CREATE SCHEMA mig_use;
CREATE EXTENSION pg_migrations SCHEMA mig_use;
CREATE SCHEMA types;
SET search_path = types, mig_use;
\pset format unaligned
\pset tuples_only on
\pset footer off
CREATE TABLE mig_use.trip (before text, after text);

-- Begin anew
CREATE FUNCTION mig_use.forget() RETURNS void LANGUAGE sql AS $$
    DROP SCHEMA types CASCADE;
    CREATE SCHEMA types;
    DELETE FROM mig_use.migrate_version;
    DELETE FROM mig_use.migrate_edge;
    DELETE FROM mig_use.migrate_revision;
    DELETE FROM mig_use.trip;
$$;

-- Build "before" with its rows, and store the revision that leads to "after"
CREATE FUNCTION mig_use.prepare(before text, after text, rows text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    made text;
BEGIN
    PERFORM mig_use.forget();
    INSERT INTO mig_use.trip VALUES (before, after);
    EXECUTE before;
    EXECUTE COALESCE(rows, 'SELECT');
    made := mig_use.migrate_autogenerate('trip', after, include => '{types}', qualify => false, rev_id => 'trip');
    -- not every version puts the table in front of columns of views
    RETURN (SELECT CASE WHEN transactional THEN E'-- transactional\n' ELSE '' END
            || regexp_replace(upgrade_sql || E'-- downgrade\n' || downgrade_sql, '(?n)(^ *| SELECT | WHERE \()t\.(?=[a-z]+(,|$| = ))', '\1', 'g')
        FROM mig_use.migrate_revision WHERE revision = made);
END $$;

-- What differs from a model now
CREATE FUNCTION mig_use.differs(model text) RETURNS SETOF text LANGUAGE sql AS
    $$ SELECT format('%s %s %s', operation, kind, object) FROM mig_use.migrate_diff(model, include => '{types}') $$;

-- There, by a deploy, and back
\set trip 'CALL migrate_deploy(); SELECT mig_use.differs(after) FROM mig_use.trip; CALL migrate_revert(\'-1\'); SELECT mig_use.differs(before) FROM mig_use.trip;'

-- enum used default
SELECT prepare($b$
CREATE TYPE e AS ENUM ('b', 'd');
CREATE TABLE t (id int, x e DEFAULT 'b', y e[] DEFAULT '{b}', CHECK (x <> 'd'));
CREATE INDEX ON t (x) WHERE x = 'b';
CREATE UNIQUE INDEX ON t (x, id);
$b$, $b$
CREATE TYPE e AS ENUM ('b', 'c', 'd');
CREATE TABLE t (id int, x e DEFAULT 'c', y e[] DEFAULT '{b}', CHECK (x <> 'd'));
CREATE INDEX ON t (x) WHERE x = 'b';
CREATE UNIQUE INDEX ON t (x, id);
$b$, $b$
INSERT INTO t VALUES (1,'b',array['b','d']::e[]);
$b$);
:trip
-- two values used, and one that is not: each is committed before
SELECT prepare($b$
CREATE TYPE e AS ENUM ('b');
CREATE TABLE t (id int, x e DEFAULT 'b');
$b$, $b$
CREATE TYPE e AS ENUM ('a', 'b', 'c', 'd');
CREATE TABLE t (id int, x e DEFAULT 'a', CHECK (x <> 'd'));
$b$, $b$
INSERT INTO t VALUES (1, 'b');
$b$);
:trip
-- enum used array default
SELECT prepare($b$
CREATE TYPE e AS ENUM ('b', 'd');
CREATE TABLE t (id int, y e[] DEFAULT '{b}');
$b$, $b$
CREATE TYPE e AS ENUM ('b', 'd', 'x y');
CREATE TABLE t (id int, y e[] DEFAULT '{b,"x y"}');
$b$);
:trip
-- enum fn default
SELECT prepare($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (x e);
CREATE FUNCTION f(e DEFAULT 'a') RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE v e := 'a'; BEGIN RETURN 1; END $$;
$b$, $b$
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (x e);
CREATE FUNCTION f(e DEFAULT 'c') RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE v e := 'c'; BEGIN RETURN 1; END $$;
$b$);
:trip
-- same names two schemas
SELECT prepare($b$
CREATE TYPE e AS ENUM ('x', 'y'); CREATE TYPE e2 AS ENUM ('x', 'y');
CREATE TABLE t (c e, d e2); CREATE TABLE t2 (c e, d e2);
$b$, $b$
CREATE TYPE e AS ENUM ('y', 'x'); CREATE TYPE e2 AS ENUM ('x', 'y', 'ü''"', '$x$');
CREATE TABLE t (c e, d e2 DEFAULT 'ü''"'); CREATE TABLE t2 (c e, d e2);
$b$, $b$
INSERT INTO t VALUES ('x', 'y');
$b$);
:trip
-- enum partition bound
SELECT prepare($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int, x e) PARTITION BY LIST (x);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a');
$b$, $b$
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (id int, x e) PARTITION BY LIST (x);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a');
CREATE TABLE t2 PARTITION OF t FOR VALUES IN ('c');
$b$, $b$
INSERT INTO t VALUES (1,'a');
$b$);
:trip
-- enum text swap
SELECT prepare($b$
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int, x e DEFAULT 'a', y text DEFAULT 'b');
$b$, $b$
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (id int, x text DEFAULT 'a', y e DEFAULT 'b');
$b$, $b$
INSERT INTO t VALUES (1,'a','c'),(2,'b','a');
$b$);
:trip
---------------------------------------------------------------------------
-- What uses a value: literals of the type, of arrays, domains and rows of it
---------------------------------------------------------------------------
SELECT prepare($b$
CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS e; CREATE TYPE c AS (x e, n int); CREATE TYPE r AS RANGE (subtype = e);
CREATE TABLE t (id int, x e, y d, z c, w r, b boolean GENERATED ALWAYS AS (id > 1) STORED);
CREATE FUNCTION sf(e, e) RETURNS e IMMUTABLE LANGUAGE sql AS 'SELECT $2';
CREATE AGGREGATE ag (e) (sfunc = sf, stype = e);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
$b$, $b$
CREATE TYPE e AS ENUM ('a', 'n'); CREATE DOMAIN d AS e DEFAULT 'n'; CREATE TYPE c AS (x e, n int); CREATE TYPE r AS RANGE (subtype = e);
CREATE TABLE t (id int, x e CHECK (x <> 'n'), y d, z c DEFAULT '(n,1)', w r DEFAULT '[a,n]', b boolean GENERATED ALWAYS AS (id > 1) STORED, f boolean GENERATED ALWAYS AS (x = 'n') STORED);
CREATE INDEX ON t (id) WHERE x = 'n';
CREATE FUNCTION sf(e, e) RETURNS e IMMUTABLE LANGUAGE sql AS 'SELECT $2';
CREATE AGGREGATE ag (e) (sfunc = sf, stype = e, initcond = 'n');
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.x = 'n') EXECUTE FUNCTION tf();
CREATE VIEW v AS SELECT * FROM t WHERE x = 'n';
CREATE POLICY p ON t USING (x = 'n');
CREATE FUNCTION g() RETURNS e LANGUAGE sql BEGIN ATOMIC SELECT 'n'::e; END;
$b$, $b$
INSERT INTO t VALUES (1, 'a', 'a', '(a,1)', '[a,a]');
$b$);
:trip
-- an enum whose name, labels and schema are to be quoted
SELECT prepare($b$
CREATE TYPE "E ""'e" AS ENUM ('a'); CREATE TABLE "T t" ("C c" "E ""'e");
$b$, $b$
CREATE TYPE "E ""'e" AS ENUM ('it''s', 'a', 'x,y', '"', E'back\\slash'); CREATE TABLE "T t" ("C c" "E ""'e" DEFAULT 'it''s', d "E ""'e"[] DEFAULT '{"x,y"}');
$b$, $b$
INSERT INTO "T t" VALUES ('a');
$b$);
:trip
-- no use: the same text of another type, labels and comments, bodies, arguments
SELECT prepare($b$
CREATE TYPE e AS ENUM ('a'); CREATE TYPE o AS ENUM ('a');
CREATE TABLE t (x e, y o, z text, j jsonb);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
$b$, $b$
CREATE TYPE e AS ENUM ('a', 'n'); CREATE TYPE o AS ENUM ('n', 'a');
CREATE TABLE t (x e, y o, z text DEFAULT 'n', j jsonb DEFAULT '["n"]', k text[] DEFAULT '{n}', CHECK (z <> 'n' OR x = 'a'));
CREATE INDEX ON t (x) WHERE z = 'n';
COMMENT ON TYPE e IS 'n';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.x = 'a') EXECUTE FUNCTION tf('n');
CREATE FUNCTION f(e) RETURNS e LANGUAGE sql AS $$ SELECT 'n'::e $$;
CREATE VIEW v AS SELECT x, 'n'::text AS z FROM t;
CREATE TYPE q AS ENUM ('n');
ALTER TABLE t ADD COLUMN l q DEFAULT 'n';
$b$, $b$
INSERT INTO t VALUES ('a', 'a', 'x', '[]');
$b$);
SELECT count(*) FROM migrate_upgrade();
SELECT mig_use.differs(after) FROM mig_use.trip;
---------------------------------------------------------------------------
-- In one transaction: where the tables that have the type are empty or new
---------------------------------------------------------------------------
\set VERBOSITY sqlstate
SELECT prepare($b$
CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (x e[]); CREATE TABLE t (id int, x e); CREATE INDEX ON t (x); CREATE TABLE u (z c);
$b$, $b$
CREATE TYPE e AS ENUM ('n', 'a'); CREATE TYPE c AS (x e[]); CREATE TABLE t (id int, x e DEFAULT 'n'); CREATE INDEX ON t (x); CREATE TABLE u (z c);
$b$);
-- of an index that was there nothing stays
BEGIN;
SELECT count(*) FROM migrate_upgrade();
INSERT INTO t SELECT i FROM generate_series(1, 1000) i;
ROLLBACK;
INSERT INTO t SELECT i, 'a' FROM generate_series(1, 1000) i;
SET enable_seqscan = off;
SELECT count(*) FROM t WHERE x = 'a';
RESET enable_seqscan;
-- rows in a table, or in one whose column is built on the type
SELECT count(*) FROM migrate_upgrade(); -- fails
TRUNCATE t;
INSERT INTO u VALUES ('({a})');
SELECT count(*) FROM migrate_upgrade(); -- fails
\set VERBOSITY default
SELECT count(*) FROM migrate_upgrade(); -- fails
TRUNCATE u;
SELECT count(*) FROM migrate_upgrade();
SELECT mig_use.differs(after) FROM mig_use.trip;
-- and down, and up again, in one transaction
SELECT count(*) FROM migrate_redo();
INSERT INTO t VALUES (1, DEFAULT), (2, 'a');
SELECT id, x FROM t ORDER BY x;
-- two revisions, the second of which uses what the first adds
SELECT forget();
SELECT migrate_revision('makes', 'CREATE TYPE types.e AS ENUM (''a''); ALTER TYPE types.e ADD VALUE ''b''', 'DROP TYPE types.e', rev_id => 'makes');
SELECT migrate_revision('uses', 'CREATE TABLE types.t (x types.e DEFAULT ''b''); INSERT INTO types.t VALUES (DEFAULT)', 'DROP TABLE types.t', rev_id => 'uses');
SELECT count(*) FROM migrate_upgrade();
SELECT x FROM t;
-- a script that says itself that it commits, and one that has to
SELECT migrate_revision('by hand', 'ALTER TYPE types.e RENAME VALUE ''a'' TO ''c''', '', transactional => false, rev_id => 'hand');
SELECT count(*) FROM migrate_upgrade(); -- fails
SELECT migrate_edit('hand', upgrade => 'ALTER TYPE types.e ADD VALUE ''d''; VACUUM types.t');
SELECT count(*) FROM migrate_upgrade(); -- fails
-- tables of others are left alone
SELECT forget();
CREATE ROLE regress_mig_use;
GRANT ALL ON SCHEMA types TO regress_mig_use;
GRANT USAGE ON SCHEMA mig_use TO regress_mig_use;
CREATE TYPE types.e AS ENUM ('a');
CREATE TABLE types.t (x types.e PRIMARY KEY);
ALTER TYPE types.e OWNER TO regress_mig_use;
GRANT EXECUTE ON FUNCTION migrate_revision, migrate_upgrade TO regress_mig_use;
SET ROLE regress_mig_use;
SELECT migrate_revision('adds', 'ALTER TYPE types.e ADD VALUE ''b''', rev_id => 'adds');
SELECT migrate_revision('uses', 'CREATE TABLE types.u (x types.e DEFAULT ''b'')', rev_id => 'uses');
SELECT count(*) FROM migrate_upgrade(); -- fails
SELECT count(*) FROM migrate_upgrade('adds');
SELECT count(*) FROM migrate_upgrade('uses');
RESET ROLE;

DROP SCHEMA types, mig_use CASCADE;
DROP OWNED BY regress_mig_use;
DROP ROLE regress_mig_use;
