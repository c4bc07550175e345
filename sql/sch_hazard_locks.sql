--
-- What a script says of locks, scans and rewrites is what the server does:
-- each statement of a script runs over rows, and its locks in pg_locks, files
-- and scans are held against the comments above it; tables that are locked
-- are those that it is about, or the comments name them
--
SET client_min_messages = warning;
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE regress_mig_locks LOCATION '';
CREATE ACCESS METHOD regress_mig_locks TYPE TABLE HANDLER heap_tableam_handler;
CREATE ROLE regress_mig_locks;
CREATE SCHEMA mig_locks;
CREATE EXTENSION pg_migrations SCHEMA mig_locks;
SET migrate.prove = off;
\pset format unaligned
\pset tuples_only on
CREATE TABLE mig_locks.changes (no int GENERATED ALWAYS AS IDENTITY, what text, before text, rows text, after text, compare text);
INSERT INTO mig_locks.changes (what, before, rows, after)
SELECT what, before, $$INSERT INTO t (a, b, c) SELECT i, 'v' || i, i FROM generate_series(1, 300) i$$, after FROM (VALUES
('not null', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int NOT NULL, b text, c int NOT NULL)'),
('a check', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int CHECK (a > 0), b text, c int)'),
('a check that is not validated', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int); ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID'),
('a check that is validated', 'CREATE TABLE t (a int, b text, c int); ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID', 'CREATE TABLE t (a int, b text, c int, CONSTRAINT k CHECK (a > 0))'),
('a check on a new column', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int, d int DEFAULT 1 CHECK (d > 0))'),
('a key', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int UNIQUE)'),
('a primary key on another column', 'CREATE TABLE t (a int PRIMARY KEY, b text, c int)', 'CREATE TABLE t (a int, b text, c int PRIMARY KEY)'),
('a key that becomes deferrable', 'CREATE TABLE t (a int, b text, c int UNIQUE)', 'CREATE TABLE t (a int, b text, c int UNIQUE DEFERRABLE)'),
('an exclusion constraint', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int, EXCLUDE USING gist (int4range(a, a + 1) WITH &&))'),
('indexes', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int); CREATE INDEX ON t (a); CREATE UNIQUE INDEX ON t (lower(b)) WHERE a > 3'),
('another sort of index', 'CREATE TABLE t (a int, b text, c int); CREATE INDEX i ON t (a)', 'CREATE TABLE t (a int, b text, c int); CREATE INDEX i ON t USING hash (a)'),
('defaults', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int DEFAULT 3, b text DEFAULT now(), c int, d int NOT NULL DEFAULT 4, e timestamptz DEFAULT now())'),
('a default that is volatile', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int, d uuid DEFAULT gen_random_uuid())'),
('a new identity column', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int, d int GENERATED ALWAYS AS IDENTITY)'),
('a new serial column', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int, d bigserial)'),
('a column that becomes identity', 'CREATE TABLE t (a int NOT NULL, b text, c int)', 'CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b text, c int)'),
('a key that becomes identity', 'CREATE TABLE t (a int PRIMARY KEY, b text, c int)', 'CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b text, c int)'),
('a new stored column', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int, d int GENERATED ALWAYS AS (a + c) STORED)'),
('a stored column that becomes plain', 'CREATE TABLE t (a int, b text, c int, d int GENERATED ALWAYS AS (a + c) STORED)', 'CREATE TABLE t (a int, b text, c int, d int)'),
('a domain with a check', 'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a int, b text, c int)', 'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a int, b text, c int, x d, y d DEFAULT 3, z d[])'),
('a column that gets such a domain', 'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a int, b text, c int)', 'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a d, b text, c int)'),
('a domain that gets constraints', 'CREATE DOMAIN d AS int; CREATE TABLE t (a d, b text, c int)', 'CREATE DOMAIN d AS int NOT NULL CHECK (VALUE > 0); CREATE TABLE t (a d, b text, c int)'),
('a longer varchar', 'CREATE TABLE t (a int, b varchar(9), c int)', 'CREATE TABLE t (a int, b varchar(20), c int)'),
('a longer varchar in an index', 'CREATE TABLE t (a int, b varchar(9) UNIQUE, c int); CREATE INDEX ON t (b)', 'CREATE TABLE t (a int, b varchar(20) UNIQUE, c int); CREATE INDEX ON t (b)'),
('a longer varchar in an expression', 'CREATE TABLE t (a int, b varchar(9), c int); CREATE INDEX ON t (lower(b))', 'CREATE TABLE t (a int, b varchar(20), c int); CREATE INDEX ON t (lower(b))'),
('a longer varchar in a filter', $$CREATE TABLE t (a int, b varchar(9), c int); CREATE INDEX ON t (a) WHERE b <> 'x'$$, $$CREATE TABLE t (a int, b text, c int); CREATE INDEX ON t (a) WHERE b <> 'x'$$),
('a longer varchar in a check', 'CREATE TABLE t (a int, b varchar(9) CHECK (length(b) > 1), c int)', 'CREATE TABLE t (a int, b varchar(20) CHECK (length(b) > 1), c int)'),
('a shorter varchar', 'CREATE TABLE t (a int, b varchar(9), c int)', 'CREATE TABLE t (a int, b varchar(5), c int)'),
('text that becomes varchar', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b varchar, c int)'),
('a collation', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text COLLATE "C", c int)'),
('a collation in an index', 'CREATE TABLE t (a int, b text UNIQUE, c int); CREATE INDEX ON t (b)', 'CREATE TABLE t (a int, b text COLLATE "C" UNIQUE, c int); CREATE INDEX ON t (b)'),
('a collation in a check', $$CREATE TABLE t (a int, b text CHECK (b > 'a'), c int)$$, $$CREATE TABLE t (a int, b text COLLATE "C" CHECK (b > 'a'), c int)$$),
('bigint', 'CREATE TABLE t (a int, b text, c int); CREATE INDEX ON t (a)', 'CREATE TABLE t (a bigint, b text, c int); CREATE INDEX ON t (a)'),
('numeric', 'CREATE TABLE t (a int, b text, c numeric(9,2))', 'CREATE TABLE t (a int, b text, c numeric(12,2))'),
('numeric with another scale', 'CREATE TABLE t (a int, b text, c numeric(9,2))', 'CREATE TABLE t (a int, b text, c numeric(12,3))'),
('storage and settings', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int) WITH (fillfactor = 70); ALTER TABLE t ALTER b SET STORAGE EXTERNAL, ALTER a SET STATISTICS 50; COMMENT ON TABLE t IS $c$c$c$'),
('unlogged', 'CREATE TABLE t (a int, b text, c int)', 'CREATE UNLOGGED TABLE t (a int, b text, c int)'),
('a column that goes', 'CREATE TABLE t (a int, b text, c int, d int, CHECK (d > a)); CREATE INDEX ON t (d, a)', 'CREATE TABLE t (a int, b text, c int)'),
('row security and a trigger', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a > 0); CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()'),
('an enumerated type', $$CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a int, b text, c int, d e)$$, $$CREATE TYPE e AS ENUM ('b'); CREATE TABLE t (a int, b text, c int, d e)$$),
('views', 'CREATE TABLE t (a int, b text, c int); CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM v', 'CREATE TABLE t (a bigint, b text, c int); CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM v'),
('a fill', 'CREATE TABLE t (a int, b text, c int)', E'CREATE TABLE t (a int, b text, c int, d int NOT NULL -- migrate:fill 5\n)'),
('a domain that lets nothing be NULL', 'CREATE DOMAIN d AS int NOT NULL; CREATE TABLE t (a int, b text, c int)', E'CREATE DOMAIN d AS int NOT NULL; CREATE TABLE t (a int, b text, c int, x d -- migrate:fill a\n)'),
('inherited', 'CREATE TABLE t (a int, b text, c int); CREATE TABLE u () INHERITS (t)', 'CREATE TABLE t (a int NOT NULL CHECK (a > 0), b text, c int); CREATE TABLE u () INHERITS (t)'),
('partitions', 'CREATE TABLE t (a int, b text, c int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (1000)',
    'CREATE TABLE t (a int, b text CHECK (b <> $c$$c$), c int NOT NULL, UNIQUE (a)) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (1000); CREATE INDEX ON t (c)'),
('columns of partitions', 'CREATE TABLE t (a int, b text, c int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (1000)',
    'CREATE TABLE t (a int, b text, c bigint, d int GENERATED ALWAYS AS (a) STORED) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (1000)'),
('a default partition', 'CREATE TABLE t (a int, b text, c int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT',
    'CREATE TABLE t (a int, b text, c int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (1000) TO (2000)'),
('a table that is attached', 'CREATE TABLE p (a int, b text, c int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE TABLE t (a int, b text, c int)',
    'CREATE TABLE p (a int, b text, c int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE TABLE t PARTITION OF p FOR VALUES FROM (0) TO (1000)'),
('a partition that is detached', 'CREATE TABLE t (a int, b text, c int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (1000)',
    'CREATE TABLE t (a int, b text, c int) PARTITION BY RANGE (a); CREATE TABLE t1 (a int, b text, c int)'),
('a table that is attached, and has indexes', 'CREATE TABLE p (a int PRIMARY KEY, b text, c int) PARTITION BY RANGE (a); CREATE INDEX ON p (c); CREATE TABLE t (a int PRIMARY KEY, b text, c int); CREATE INDEX t_c_idx ON t (c)',
    'CREATE TABLE p (a int PRIMARY KEY, b text, c int) PARTITION BY RANGE (a); CREATE INDEX ON p (c); CREATE TABLE t PARTITION OF p FOR VALUES FROM (0) TO (1000)'),
('statistics', 'CREATE TABLE t (a int, b text, c int); CREATE STATISTICS s ON a, c FROM t', 'CREATE TABLE t (a int, b text, c int); CREATE STATISTICS r (ndistinct) ON a, b FROM t; CREATE STATISTICS s ON a, c FROM t; ALTER STATISTICS s SET STATISTICS 50; COMMENT ON STATISTICS s IS $c$c$c$'),
('triggers', 'CREATE TABLE t (a int, b text, c int); CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); CREATE TRIGGER h BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    'CREATE TABLE t (a int, b text, c int); CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); ALTER TABLE t DISABLE TRIGGER g'),
('policies', 'CREATE TABLE t (a int, b text, c int); CREATE POLICY p ON t USING (a > 0); CREATE POLICY q ON t USING (a > 0)', 'CREATE TABLE t (a int, b text, c int); CREATE POLICY p ON t USING (a > 1); CREATE POLICY r ON t FOR SELECT USING (a > 0); ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'),
('rules', 'CREATE TABLE t (a int, b text, c int); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING', 'CREATE TABLE t (a int, b text, c int); CREATE RULE s AS ON UPDATE TO t DO ALSO NOTHING; ALTER TABLE t DISABLE RULE s'),
('comments', 'CREATE TABLE t (a int, b text, c int, CONSTRAINT k CHECK (a > 0)); CREATE INDEX i ON t (a)', 'CREATE TABLE t (a int, b text, c int, CONSTRAINT k CHECK (a > 0)); CREATE INDEX i ON t (a); COMMENT ON COLUMN t.a IS $c$c$c$; COMMENT ON CONSTRAINT k ON t IS $c$c$c$; COMMENT ON INDEX i IS $c$c$c$'),
('settings of columns and indexes', 'CREATE TABLE t (a int, b text, c int); CREATE INDEX i ON t (a)', 'CREATE TABLE t (a int, b text, c int) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false); ALTER TABLE t ALTER b SET STORAGE MAIN, ALTER a SET (n_distinct = 5); CREATE INDEX i ON t (a) WITH (fillfactor = 70)'),
('what an index is for', 'CREATE TABLE t (a int NOT NULL, b text, c int); CREATE UNIQUE INDEX i ON t (a)', 'CREATE TABLE t (a int NOT NULL, b text, c int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t REPLICA IDENTITY USING INDEX i, CLUSTER ON i'),
('an identity that changes', 'CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY, b text, c int)', 'CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (INCREMENT 2), b text, c int)'),
('an identity that goes', 'CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY, b text, c int)', 'CREATE TABLE t (a int NOT NULL, b text, c int)'),
('a sequence', 'CREATE SEQUENCE s; CREATE TABLE t (a int DEFAULT nextval($c$s$c$), b text, c int); ALTER SEQUENCE s OWNED BY t.a', 'CREATE SEQUENCE s AS int INCREMENT 2 CYCLE; CREATE TABLE t (a int DEFAULT nextval($c$s$c$), b text, c int)'),
('a table that inherits', 'CREATE TABLE p (a int, CONSTRAINT k CHECK (a > 0)); CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE p (a int, CONSTRAINT k CHECK (a > 0)); CREATE TABLE t (b text, c int) INHERITS (p)'),
('a table of a type', 'CREATE TYPE y AS (a int, b text, c int); CREATE TABLE t (a int, b text, c int)', 'CREATE TYPE y AS (a int, b text, c int); CREATE TABLE t OF y'),
('indexes of a materialized view', 'CREATE TABLE t (a int, b text, c int); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t', 'CREATE TABLE t (a int, b text, c int); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t; CREATE UNIQUE INDEX ON m (a); CREATE INDEX ON m (lower(b))'),
('a materialized view with another query', 'CREATE TABLE t (a int, b text, c int); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t', 'CREATE TABLE t (a int, b text, c int); CREATE MATERIALIZED VIEW m AS SELECT a, c FROM t'),
('values of an enumerated type', $$CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a int, b text, c int, d e DEFAULT 'a')$$, $$CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a int, b text, c int, d e DEFAULT 'a')$$),
('a domain that is validated', $$CREATE DOMAIN d AS text; ALTER DOMAIN d ADD CONSTRAINT k CHECK (VALUE <> '') NOT VALID; CREATE TABLE t (a int, b d, c int)$$, $$CREATE DOMAIN d AS text CONSTRAINT k CHECK (VALUE <> ''); CREATE TABLE t (a int, b d, c int)$$)) v (what, before, after);

-- the same with another table that foreign keys refer to
INSERT INTO mig_locks.changes (what, before, rows, after)
SELECT what, before, $$INSERT INTO p SELECT i FROM generate_series(1, 300) i; INSERT INTO t SELECT i FROM generate_series(1, 300) i$$, after FROM (VALUES
('a foreign key', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int)', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p)'),
('a foreign key on a new column', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int)', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int, b int REFERENCES p)'),
('a foreign key that is validated', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES p NOT VALID',
    'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int CONSTRAINT k REFERENCES p)'),
('a foreign key that deletes', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p)', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p ON DELETE CASCADE)'),
('types of both sides', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p)', 'CREATE TABLE p (a bigint PRIMARY KEY); CREATE TABLE t (a bigint REFERENCES p)'),
('types of both sides that stay as they are', 'CREATE TABLE p (a varchar(9) PRIMARY KEY); CREATE TABLE t (a varchar(9) REFERENCES p)', 'CREATE TABLE p (a varchar(20) PRIMARY KEY); CREATE TABLE t (a varchar(20) REFERENCES p)'),
('a foreign key of partitions', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT',
    'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT'),
('a foreign key to partitions', 'CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE TABLE t (a int)',
    'CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE TABLE t (a int REFERENCES p)'),
('a table that is attached, with indexes', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE q (a int PRIMARY KEY REFERENCES p) PARTITION BY RANGE (a); CREATE INDEX ON q ((a + 1)); CREATE TABLE t (a int NOT NULL)',
    'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE q (a int PRIMARY KEY REFERENCES p) PARTITION BY RANGE (a); CREATE INDEX ON q ((a + 1)); CREATE TABLE t PARTITION OF q FOR VALUES FROM (0) TO (1000)'),
('a partition that foreign keys refer to', 'CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1000) TO (2000); CREATE TABLE p2 PARTITION OF p DEFAULT; CREATE TABLE t (a int REFERENCES p)',
    'CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE p1 (a int PRIMARY KEY); CREATE TABLE p2 PARTITION OF p DEFAULT; CREATE TABLE t (a int REFERENCES p)'),
('a new table with a foreign key', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int)', 'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int); CREATE TABLE n (a int REFERENCES p)')) v (what, before, after);

-- the same with what is compared only if asked for
INSERT INTO mig_locks.changes (what, before, rows, after, compare)
SELECT what, before, $$INSERT INTO t (a, b, c) SELECT i, 'v' || i, i FROM generate_series(1, 300) i$$, after, compare FROM (VALUES
('a tablespace', 'CREATE TABLE t (a int PRIMARY KEY, b text, c int)', 'CREATE TABLE t (a int PRIMARY KEY, b text, c int) TABLESPACE regress_mig_locks', ''),
('a tablespace of indexes', 'CREATE TABLE t (a int PRIMARY KEY, b text, c int); CREATE INDEX i ON t (b)', 'CREATE TABLE t (a int PRIMARY KEY USING INDEX TABLESPACE regress_mig_locks, b text, c int); CREATE INDEX i ON t (b) TABLESPACE regress_mig_locks', ''),
('a tablespace of partitions', 'CREATE TABLE t (a int, b text, c int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE INDEX i ON t (b)', 'CREATE TABLE t (a int, b text, c int) PARTITION BY RANGE (a) TABLESPACE regress_mig_locks; CREATE TABLE t1 PARTITION OF t DEFAULT TABLESPACE pg_default; CREATE INDEX i ON t (b) TABLESPACE regress_mig_locks', ''),
('a tablespace of a materialized view', 'CREATE TABLE t (a int, b text, c int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t', 'CREATE TABLE t (a int, b text, c int); CREATE MATERIALIZED VIEW m TABLESPACE regress_mig_locks AS SELECT a FROM t', ''),
('an access method', 'CREATE TABLE t (a int PRIMARY KEY, b text, c int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t', 'CREATE TABLE t (a int PRIMARY KEY, b text, c int) USING regress_mig_locks; CREATE MATERIALIZED VIEW m USING regress_mig_locks AS SELECT a FROM t', ''),
('owners', 'CREATE TABLE t (a serial, b text, c int); CREATE VIEW v AS SELECT a FROM t; CREATE TYPE y AS (a int)', 'CREATE TABLE t (a serial, b text, c int); CREATE VIEW v AS SELECT a FROM t; CREATE TYPE y AS (a int); ALTER TABLE t OWNER TO regress_mig_locks; ALTER VIEW v OWNER TO regress_mig_locks; ALTER TYPE y OWNER TO regress_mig_locks', 'owners'),
('grants', 'CREATE TABLE t (a int, b text, c int)', 'CREATE TABLE t (a int, b text, c int); GRANT SELECT, UPDATE (b) ON t TO regress_mig_locks', 'privileges'),
('publications', 'CREATE TABLE t (a int, b text, c int); CREATE TABLE u (a int); CREATE PUBLICATION regress_mig_locks FOR TABLE u', 'CREATE TABLE t (a int, b text, c int); CREATE TABLE u (a int); CREATE PUBLICATION regress_mig_locks FOR TABLE u WHERE (a > 1), t (a, b); CREATE PUBLICATION regress_mig_locks_2 FOR TABLE t', 'database'),
('a type that gets an attribute', 'CREATE TYPE y AS (x int); CREATE TABLE t (a int, b text, c int, d y)', 'CREATE TYPE y AS (x int, z text); CREATE TABLE t (a int, b text, c int, d y)', ''),
('a type that loses an attribute', 'CREATE TYPE y AS (x int, z text); CREATE TABLE t (a int, b text, c int, d y, e y[])', 'CREATE TYPE y AS (x int); CREATE TABLE t (a int, b text, c int, d y, e y[])', ''),
('an attribute of another type', 'CREATE TYPE y AS (x int); CREATE TABLE t (a int, b text, c int, d y, e y[])', 'CREATE TYPE y AS (x bigint); CREATE TABLE t (a int, b text, c int, d y, e y[])', ''),
('a type of a table', 'CREATE TYPE y AS (a int, b text, c int); CREATE TABLE t OF y', 'CREATE TYPE y AS (a int, b text, c int, d int); CREATE TABLE t OF y', ''),
('a type of a table, and an attribute of another', 'CREATE TYPE y AS (a int, b text, c int); CREATE TABLE t OF y', 'CREATE TYPE y AS (a int, b varchar(20), c bigint); CREATE TABLE t OF y', '')) v (what, before, after, compare);

-- What is there, and what it takes: the files and scans of a table and its indexes
CREATE TABLE mig_locks.seen (oid oid, relfilenode oid, scans bigint, indexes oid[], parts oid[], name text, above text[]);
CREATE FUNCTION mig_locks.look() RETURNS SETOF mig_locks.seen LANGUAGE sql AS $$
    SELECT c.oid, c.relfilenode, pg_stat_get_xact_numscans(c.oid),
        ARRAY(SELECT i.relfilenode FROM pg_index JOIN pg_class i ON i.oid = indexrelid WHERE indrelid = c.oid),
        ARRAY(SELECT indexrelid FROM pg_index WHERE indrelid = c.oid), relname, (WITH RECURSIVE a (oid) AS (SELECT inhparent FROM pg_inherits WHERE inhrelid = c.oid UNION SELECT inhparent FROM pg_inherits, a WHERE inhrelid = a.oid)
            SELECT array_agg(p.relname) FROM a JOIN pg_class p USING (oid))
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'app' AND relkind IN ('r', 'p', 'm', 'v', 'f') $$;
CREATE FUNCTION mig_locks.lies(said text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rewritten text; built text; scanned text; closed boolean; unnamed text; own text;
BEGIN
    SELECT string_agg(old.oid::regclass::text, ',') FILTER (WHERE old.relfilenode <> now.relfilenode),
        string_agg(old.oid::regclass::text, ',') FILTER (WHERE old.relfilenode = now.relfilenode AND NOT now.indexes <@ old.indexes),
        string_agg(old.oid::regclass::text, ',') FILTER (WHERE old.relfilenode = now.relfilenode AND now.indexes <@ old.indexes AND now.scans > old.scans AND locked),
        bool_or(exclusive)
        INTO rewritten, built, scanned, closed
        FROM mig_locks.seen old JOIN mig_locks.look() now USING (oid),
        LATERAL (SELECT COALESCE(bool_or(mode IN ('ShareLock', 'ShareRowExclusiveLock', 'AccessExclusiveLock')), false), COALESCE(bool_or(mode = 'AccessExclusiveLock'), false)
            FROM pg_locks WHERE pid = pg_backend_pid() AND (relation = old.oid OR relation = ANY (old.parts))) l (locked, exclusive);
    statement := regexp_replace(substr(statement, length(said) + 1), '(REFERENCES|PARTITION OF|[AD]TTACH PARTITION|INHERITS \(|INHERIT) (\w+\.)?\w+', '', 'g');
    SELECT string_agg(name, ',') INTO unnamed FROM mig_locks.seen s
        WHERE EXISTS (SELECT FROM pg_locks l WHERE relation = s.oid AND pid = pg_backend_pid() AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))
        AND NOT EXISTS (SELECT FROM unnest(name || above) n WHERE said ~ ('\m' || n || '\M') OR statement ~ ('\m' || n || '\M'));
    own := regexp_replace(said, '(?n)^-- locks also.*$', '', 'g');
    RETURN NULLIF(concat_ws('; ',
        'locks ' || unnamed,
        CASE WHEN rewritten IS NOT NULL AND said !~ '(?n)^-- rewrites the table' THEN 'rewrites ' || rewritten END,
        CASE WHEN rewritten IS NULL AND said ~ '(?n)^-- rewrites the table' THEN 'does not rewrite' END,
        CASE WHEN built IS NOT NULL AND said !~ '(?n)^-- (blocks writes|indexes all partitions)' THEN 'builds indexes of ' || built END,
        CASE WHEN built IS NULL AND rewritten IS NULL AND said ~ '(?n)^-- (blocks writes|indexes all partitions)' THEN 'does not build indexes' END,
        CASE WHEN scanned IS NOT NULL AND said !~ '(?n)^-- scans the table' THEN 'scans ' || scanned END,
        CASE WHEN COALESCE(scanned, built, rewritten) IS NULL AND said ~ '(?n)^-- scans the table' THEN 'does not scan' END,
        CASE WHEN closed AND own ~ 'nobody can write|until the index is built' AND own !~ 'no session can' THEN 'lets nobody read' END,
        CASE WHEN NOT closed AND said ~ 'no session can' THEN 'lets others read' END), '');
END $$;
CREATE PROCEDURE mig_locks.run(script text, INOUT lies text) LANGUAGE plpgsql AS $$
DECLARE
    statement text; found text;
BEGIN
    FOREACH statement IN ARRAY regexp_split_to_array(trim(script, E'\n'), '\n\n') LOOP
        PERFORM pg_stat_force_next_flush();
        COMMIT;
        TRUNCATE mig_locks.seen;
        INSERT INTO mig_locks.seen SELECT * FROM mig_locks.look();
        EXECUTE statement;
        found := mig_locks.lies(COALESCE(substring(statement FROM '^(?:-- .*\n)+'), ''), statement);
        IF found IS NOT NULL THEN
            lies := concat_ws(E'\n', lies, 'It ' || found, statement);
        END IF;
        COMMIT;
    END LOOP;
END $$;
-- The upgrade is generated where there are no rows, the downgrade where there are
CREATE PROCEDURE mig_locks.try_all(INOUT tried int, INOUT lies text) LANGUAGE plpgsql AS $$
DECLARE
    change mig_locks.changes; up text; down text; found text;
BEGIN
    tried := 0;
    FOR change IN SELECT * FROM mig_locks.changes ORDER BY no LOOP
        SET LOCAL client_min_messages = error;
        PERFORM set_config('migrate.compare', COALESCE(change.compare, ''), false);
        PERFORM set_config('search_path', 'app, mig_locks, public', false);
        CREATE SCHEMA app;
        EXECUTE change.before;
        SELECT upgrade INTO up FROM mig_locks.migrate_autogenerate_sql(change.after, include => '{app}');
        EXECUTE change.rows;
        SELECT downgrade INTO down FROM mig_locks.migrate_autogenerate_sql(change.after, include => '{app}');
        found := NULL;
        CALL mig_locks.run(up, found);
        CALL mig_locks.run(down, found);
        DROP SCHEMA app CASCADE;
        DROP PUBLICATION IF EXISTS regress_mig_locks, regress_mig_locks_2;
        tried := tried + 1;
        lies := concat_ws(E'\n', lies, change.what || E':\n' || found);
        COMMIT;
    END LOOP;
END $$;
CALL mig_locks.try_all(NULL, NULL);

DROP EXTENSION pg_migrations;
DROP SCHEMA mig_locks CASCADE;
DROP TABLESPACE regress_mig_locks;
DROP ACCESS METHOD regress_mig_locks;
DROP ROLE regress_mig_locks;
