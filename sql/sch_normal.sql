--
-- Definitions that differ in their text and mean the same
--
SET client_min_messages = warning;
CREATE SCHEMA mig_sch_normal;
CREATE EXTENSION pg_migrations SCHEMA mig_sch_normal;
CREATE SCHEMA normal;
SET search_path = normal;
\pset format unaligned
\pset tuples_only on

-- What the server prints of "a IN ('x', 'y')" comes back otherwise when it is
-- parsed and printed again.
SELECT $$
    CREATE TABLE t (a varchar(10), b int,
        c text GENERATED ALWAYS AS (CASE WHEN a IN ('x', 'y') THEN 'q' END) STORED,
        d boolean DEFAULT ('z'::varchar IN ('x', 'y')),
        CONSTRAINT k CHECK (a IN ('x', 'y')),
        CONSTRAINT e EXCLUDE (b WITH =) WHERE (a IN ('x', 'y')));
    CREATE INDEX i ON t (b, (a IN ('x', 'y'))) WHERE a NOT IN ('x', 'y');
    CREATE VIEW v AS SELECT b, a IN ('x', 'y') AS x FROM t WHERE a IN ('x', 'y');
    CREATE MATERIALIZED VIEW m AS SELECT a IN ('x', 'y') AS x FROM t;
    CREATE RULE r AS ON UPDATE TO t WHERE old.a IN ('x', 'y')
        DO ALSO DELETE FROM t WHERE a IN ('x', 'y') AND b = new.b;
    CREATE RULE ri AS ON INSERT TO t DO ALSO INSERT INTO t (b) SELECT b FROM v WHERE new.a IN ('x', 'y');
    CREATE POLICY p ON t USING (a IN ('x', 'y')) WITH CHECK (a NOT IN ('x', 'y'));
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW WHEN (old.a IN ('x', 'y')) EXECUTE FUNCTION f();
    CREATE FUNCTION fb(p varchar, q boolean DEFAULT 'a'::varchar IN ('x', 'y')) RETURNS boolean
        LANGUAGE sql BEGIN ATOMIC SELECT p IN ('x', 'y'); END;
    CREATE STATISTICS s ON b, (a IN ('x', 'y')) FROM t;
    CREATE DOMAIN dom AS varchar DEFAULT CASE WHEN 'a'::varchar IN ('x', 'y') THEN 'b' ELSE 'y' END
        CONSTRAINT dk CHECK (VALUE IN ('x', 'y'));
    CREATE TABLE pt (a varchar) PARTITION BY LIST ((a IN ('x', 'y')));
$$ AS model \gset
SELECT upgrade AS script FROM mig_sch_normal.migrate_autogenerate_sql(:'model', include => '{normal}') \gset
SELECT :'script' LIKE '%(ARRAY[''x''::character varying, ''y''::character varying])::text[]%';
:script
SELECT bool_and(def LIKE '%ARRAY[(''x''::character varying)::text%')
    FROM (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 't'::regclass
        UNION ALL SELECT pg_get_indexdef('i'::regclass) UNION ALL SELECT pg_get_viewdef('v'::regclass)
        UNION ALL SELECT pg_get_functiondef('fb'::regproc)
        UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'dk'
        UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'g') d(def);

-- nothing differs
SELECT upgrade = '' FROM mig_sch_normal.migrate_autogenerate_sql(:'model', include => '{normal}');

-- everything differs
SELECT operation, kind, object FROM mig_sch_normal.migrate_diff(replace(:'model', '''y''', '''z'''), include => '{normal}')
    ORDER BY kind COLLATE "C", object COLLATE "C", operation COLLATE "C";

-- a constraint trigger is not a trigger, whatever their texts say
SELECT operation, kind, object FROM mig_sch_normal.migrate_diff(replace(:'model', 'CREATE TRIGGER', 'CREATE CONSTRAINT TRIGGER'),
    include => '{normal}') ORDER BY 1;

-- a definition that names what the model does not have
SELECT operation, kind, object FROM mig_sch_normal.migrate_diff($$
    CREATE TABLE t (b int);
    CREATE VIEW v AS SELECT b, true AS x FROM t;
$$, include => '{normal}') WHERE operation = 'alter';

-- no code runs: what is immutable would be called by a planner
CREATE TABLE called (x int);
CREATE SCHEMA mig_sch_normal_other;
CREATE FUNCTION mig_sch_normal_other.f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RAISE EXCEPTION 'called'; END $$;
CREATE VIEW calls AS SELECT mig_sch_normal_other.f(1) AS x;
SELECT operation, kind, object FROM mig_sch_normal.migrate_diff(
    :'model' || 'CREATE TABLE called (x int); CREATE VIEW calls AS SELECT mig_sch_normal_other.f(2) AS x',
    include => '{normal}');

-- each script has the text of its side, here with and without a cast
CREATE SCHEMA normal_casts;
SET search_path = normal_casts;
CREATE FUNCTION f(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE casts (a int CONSTRAINT c CHECK (f(a)), b boolean DEFAULT f(1));
CREATE INDEX casts_a ON casts (f(a));
SELECT upgrade, downgrade FROM mig_sch_normal.migrate_autogenerate_sql(
    'CREATE FUNCTION f(bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS ''SELECT true'';'
    'CREATE TABLE casts (a int CONSTRAINT c CHECK (f(a)), b boolean DEFAULT f(1));'
    'CREATE INDEX casts_a ON casts (f(a))', include => '{normal_casts}', qualify => false);

-- defaults that are the same constant, when they are assigned
CREATE SCHEMA normal_constants;
SET search_path = normal_constants;
CREATE DOMAIN d AS varchar(5) DEFAULT 'a' CHECK (VALUE <> 'never');
CREATE DOMAIN dd AS varchar(5) DEFAULT 'a';
CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE EXCEPTION 'called'; END $$;
CREATE TABLE constants (v varchar DEFAULT '', v5 varchar(5) DEFAULT 'a', c3 char(3) DEFAULT 'a', t text DEFAULT 'a', n name DEFAULT 'a',
    num numeric DEFAULT 0, num2 numeric(10, 2) DEFAULT 0, big bigint DEFAULT 0, neg bigint DEFAULT -1, f float8 DEFAULT 1.5,
    b boolean DEFAULT false, ta text[] DEFAULT '{}', va varchar(5)[] DEFAULT '{a,b}', j jsonb DEFAULT '{}', ts timestamp DEFAULT '2020-01-02',
    d d DEFAULT 'b', day int DEFAULT 86400) PARTITION BY LIST (v);
CREATE TABLE constants_part PARTITION OF constants DEFAULT;
CREATE TABLE others (t text DEFAULT 'a ', num numeric DEFAULT 1.0, v3 varchar(3) DEFAULT 'abc', ts timestamptz DEFAULT now(), d date DEFAULT '2020-01-02',
    tz timestamptz DEFAULT '2020-01-02', i int DEFAULT 1, f float8 DEFAULT 0, big bigint DEFAULT 0, w varchar DEFAULT 'a', dt text DEFAULT 'a');
SELECT operation, kind, object FROM mig_sch_normal.migrate_diff($$
    CREATE DOMAIN d AS varchar(5) DEFAULT 'a'::text CHECK (VALUE <> 'never');
    CREATE DOMAIN dd AS varchar(5) DEFAULT 'b'::text;
    CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql IMMUTABLE AS ' BEGIN RAISE EXCEPTION ''called''; END ';
    CREATE TABLE constants (v varchar DEFAULT ''::text, v5 varchar(5) DEFAULT 'a'::text, c3 char(3) DEFAULT 'a '::text, t text DEFAULT 'a '::bpchar,
        n name DEFAULT 'a'::text, num numeric DEFAULT '0', num2 numeric(10, 2) DEFAULT 0.001, big bigint DEFAULT 0::bigint, neg bigint DEFAULT -1::numeric,
        f float8 DEFAULT '1.5', b boolean DEFAULT (NOT true), ta text[] DEFAULT ARRAY[]::varchar[], va varchar(5)[] DEFAULT ARRAY['a', 'b'],
        j jsonb DEFAULT '{ }'::json, ts timestamp DEFAULT date '2020-01-02', d d DEFAULT 'b'::d, day int DEFAULT 60 * 60 * 24) PARTITION BY LIST (v);
    CREATE TABLE constants_part PARTITION OF constants DEFAULT;
    CREATE TABLE others (t text DEFAULT 'a '::bpchar, num numeric DEFAULT 1, v3 varchar(3) DEFAULT 'abcd'::text, ts timestamptz DEFAULT localtimestamp,
        d date DEFAULT timestamptz '2020-01-02', tz timestamptz DEFAULT date '2020-01-02', i int DEFAULT one(), f float8 DEFAULT '-0', big int DEFAULT 0::int,
        w varchar DEFAULT ('a'::text || NULL), dt text DEFAULT 'a'::dd)
$$, include => '{normal_constants}') ORDER BY kind COLLATE "C", object COLLATE "C", operation COLLATE "C";

-- arguments without names, where others have some: the server prints what it cannot read
CREATE SCHEMA normal_arguments;
SET search_path = normal_arguments;
CREATE TABLE lines (a int, b text);
CREATE FUNCTION found(int) RETURNS TABLE (x int, y text) LANGUAGE sql BEGIN ATOMIC SELECT a, b FROM lines WHERE a = $1; END;
CREATE FUNCTION less(int, int, OUT x int) LANGUAGE sql RETURN $1 - $2;
CREATE PROCEDURE add(int, int, INOUT z int) LANGUAGE sql BEGIN ATOMIC INSERT INTO lines VALUES ($1, '."";'); SELECT $2 + z; END;
SELECT upgrade, downgrade FROM mig_sch_normal.migrate_autogenerate_sql($$
    CREATE TABLE lines (a int, b varchar);
    CREATE FUNCTION found(int) RETURNS TABLE (x int, y text) LANGUAGE sql BEGIN ATOMIC SELECT a, b FROM lines WHERE a = $1; END;
    CREATE FUNCTION less(int, int, OUT x int) LANGUAGE sql RETURN $2 - $1;
    CREATE PROCEDURE add(int, int, INOUT z int) LANGUAGE sql BEGIN ATOMIC INSERT INTO lines VALUES ($1, '."";'); SELECT $2 + z; END;
$$, include => '{normal_arguments}', qualify => false);

-- clean up
RESET search_path;
DROP SCHEMA normal, normal_casts, normal_constants, normal_arguments, mig_sch_normal_other CASCADE;
DROP SCHEMA mig_sch_normal CASCADE;
