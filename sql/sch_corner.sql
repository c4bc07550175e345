--
-- Corners: from one schema to another and back, where nothing may be left
--
SET client_min_messages = warning;
CREATE SCHEMA mig_sch_corner;
CREATE EXTENSION pg_migrations SCHEMA mig_sch_corner;
SET search_path = mig_sch_corner;
\pset format unaligned
\pset tuples_only on

-- What is left of differences after the upgrade and after the downgrade.
CREATE FUNCTION rest(before text, after text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    up text;
    down text;
    rest_up text;
    rest_down text;
BEGIN
    DROP SCHEMA IF EXISTS corner CASCADE;
    CREATE SCHEMA corner;
    PERFORM set_config('search_path', 'corner', true);
    EXECUTE before;
    SELECT upgrade, downgrade INTO up, down
        FROM mig_sch_corner.migrate_autogenerate_sql(after, include => '{corner}');
    EXECUTE up;
    SELECT upgrade INTO rest_up FROM mig_sch_corner.migrate_autogenerate_sql(after, include => '{corner}');
    EXECUTE down;
    SELECT upgrade INTO rest_down FROM mig_sch_corner.migrate_autogenerate_sql(before, include => '{corner}');
    PERFORM set_config('search_path', 'mig_sch_corner', true);
    RETURN COALESCE(NULLIF(rest_up, ''), 'nothing') || ', ' || COALESCE(NULLIF(rest_down, ''), 'nothing');
END $$;

-- The upgrade script alone.
CREATE FUNCTION script(before text, after text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    up text;
BEGIN
    DROP SCHEMA IF EXISTS corner CASCADE;
    CREATE SCHEMA corner;
    PERFORM set_config('search_path', 'corner', true);
    EXECUTE before;
    SELECT upgrade INTO up
        FROM mig_sch_corner.migrate_autogenerate_sql(after, include => '{corner}', qualify => false);
    PERFORM set_config('search_path', 'mig_sch_corner', true);
    RETURN rtrim(up, E'\n');
END $$;

---------------------------------------------------------------------------
-- Partitions that are detached and attached while their parent changes
---------------------------------------------------------------------------
-- columns and checks of the parent come and go
SELECT rest($$
    CREATE TABLE m (a int, b text) PARTITION BY RANGE (a);
    CREATE TABLE p PARTITION OF m FOR VALUES FROM (0) TO (10);
    CREATE TABLE z PARTITION OF m FOR VALUES FROM (10) TO (20) PARTITION BY LIST (b);
    CREATE TABLE za PARTITION OF z FOR VALUES IN ('a');
    CREATE TABLE zd PARTITION OF z DEFAULT;
    ALTER TABLE p ADD PRIMARY KEY (a);
    ALTER TABLE m ADD CHECK (a >= 0);
    CREATE INDEX ON m (b);
    CREATE TABLE r (x int REFERENCES p);
$$, $$
    CREATE TABLE m (a int, b text, d int DEFAULT 5) PARTITION BY RANGE (a);
    CREATE TABLE p PARTITION OF m FOR VALUES FROM (0) TO (5);
    CREATE TABLE p2 PARTITION OF m FOR VALUES FROM (5) TO (10);
    CREATE TABLE z PARTITION OF m FOR VALUES FROM (10) TO (30) PARTITION BY LIST (b);
    CREATE TABLE za PARTITION OF z FOR VALUES IN ('a', 'b');
    ALTER TABLE m ADD PRIMARY KEY (a, b);
    ALTER TABLE m ADD CHECK (d > 0);
    CREATE TABLE r (x int, y text, FOREIGN KEY (x, y) REFERENCES m);
$$);

-- to another parent
SELECT rest($$
    CREATE TABLE m (a int, b int) PARTITION BY LIST (a);
    CREATE TABLE n (a int, b int) PARTITION BY LIST (a);
    CREATE TABLE p PARTITION OF m FOR VALUES IN (1);
    CREATE INDEX ON m (b);
    ALTER TABLE m ADD CHECK (b > 0);
$$, $$
    CREATE TABLE m (a int, b int) PARTITION BY LIST (a);
    CREATE TABLE n (a int, b int, c text NOT NULL DEFAULT 'x') PARTITION BY LIST (a);
    CREATE TABLE p PARTITION OF n FOR VALUES IN (1);
    CREATE UNIQUE INDEX ON n (a, b);
    ALTER TABLE n ADD CHECK (b > 1);
$$);

-- another partition key; its key stays behind with the partition
SELECT rest($$
    CREATE TABLE m (a int, b int) PARTITION BY RANGE (a);
    CREATE TABLE p PARTITION OF m FOR VALUES FROM (1) TO (2);
    CREATE VIEW v AS SELECT * FROM m;
$$, $$
    CREATE TABLE m (a bigint, b int, PRIMARY KEY (a, b)) PARTITION BY RANGE (a, b);
    CREATE TABLE p PARTITION OF m FOR VALUES FROM (1, 1) TO (2, 2);
    CREATE VIEW v AS SELECT * FROM m;
    CREATE TABLE r (x bigint, y int, FOREIGN KEY (x, y) REFERENCES m);
$$);

-- a key to a partition whose columns change with the parent's
SELECT rest($$
    CREATE TABLE m (a int, b int, PRIMARY KEY (a, b)) PARTITION BY LIST (b);
    CREATE TABLE p PARTITION OF m FOR VALUES IN (1);
    CREATE TABLE r (a int, b int, FOREIGN KEY (a, b) REFERENCES p);
$$, $$
    CREATE TABLE m (a bigint, b int, PRIMARY KEY (a, b)) PARTITION BY LIST (b);
    CREATE TABLE p PARTITION OF m FOR VALUES IN (1);
    CREATE TABLE r (a bigint, b int, FOREIGN KEY (a, b) REFERENCES p);
    CREATE TABLE s (a bigint, b int, FOREIGN KEY (a, b) REFERENCES p);
$$);

-- a foreign key of the partition's own instead of the parent's
SELECT rest($$
    CREATE TABLE o (a int PRIMARY KEY);
    CREATE TABLE m (a int) PARTITION BY LIST (a);
    CREATE TABLE p PARTITION OF m FOR VALUES IN (1);
    ALTER TABLE m ADD FOREIGN KEY (a) REFERENCES o;
$$, $$
    CREATE TABLE o (a int PRIMARY KEY);
    CREATE TABLE m (a int) PARTITION BY LIST (a);
    CREATE TABLE p PARTITION OF m FOR VALUES IN (1, 2);
    ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES o;
$$);

-- an index of the parent is none of what was a partition
SELECT rest($$
    CREATE TABLE m (a int) PARTITION BY LIST (a);
    CREATE TABLE p PARTITION OF m FOR VALUES IN (1);
$$, $$
    CREATE TABLE m (a int PRIMARY KEY) PARTITION BY LIST (a);
    CREATE INDEX ON m (a);
    CREATE TABLE p (a int);
$$);

-- an index that misses the one of a partition
SELECT rest('', $$
    CREATE TABLE m (a int) PARTITION BY LIST (a);
    CREATE TABLE p PARTITION OF m FOR VALUES IN (1);
    CREATE TABLE q PARTITION OF m FOR VALUES IN (2);
    CREATE INDEX mi ON ONLY m (a);
    CREATE INDEX pi ON p (a);
    ALTER INDEX mi ATTACH PARTITION pi;
$$);

---------------------------------------------------------------------------
-- Inheritance
---------------------------------------------------------------------------
-- one parent more, one less, another order
SELECT rest($$
    CREATE TABLE a (x int, y int CHECK (y > 0));
    CREATE TABLE b (y int, z text DEFAULT 'q');
    CREATE TABLE c (w int) INHERITS (a, b);
    CREATE TABLE d () INHERITS (c);
    CREATE TABLE e (x int) INHERITS (a);
$$, $$
    CREATE TABLE a (x bigint, y int CHECK (y > 1), n int NOT NULL DEFAULT 3);
    CREATE TABLE b (y int, z text DEFAULT 'r');
    CREATE TABLE c (w int) INHERITS (b, a);
    CREATE TABLE d (z text) INHERITS (c, b);
    CREATE TABLE e (x bigint, y int);
$$);

-- columns that stay when the parent's goes, and others that have to go by themselves
SELECT script($$
    CREATE TABLE a (x int, y int, z int);
    CREATE TABLE b () INHERITS (a);
    CREATE TABLE c (z int) INHERITS (a);
$$, $$
    CREATE TABLE a (x int);
    CREATE TABLE b (y int) INHERITS (a);
    CREATE TABLE c () INHERITS (a);
$$);
SELECT rest($$
    CREATE TABLE a (x int, y int, z int);
    CREATE TABLE b () INHERITS (a);
    CREATE TABLE c (z int) INHERITS (a);
    CREATE TABLE d () INHERITS (b);
$$, $$
    CREATE TABLE a (x int, w int);
    CREATE TABLE b (y int) INHERITS (a);
    CREATE TABLE c () INHERITS (a);
    CREATE TABLE d () INHERITS (b);
$$);

-- columns that differ from the parent's
SELECT script('', $$
    CREATE TABLE a (x int DEFAULT 5, y text, w int);
    ALTER TABLE a ALTER y SET STORAGE external;
    CREATE TABLE b (w int GENERATED ALWAYS AS IDENTITY) INHERITS (a);
    ALTER TABLE ONLY b ALTER x DROP DEFAULT;
    ALTER TABLE b ALTER y SET STORAGE extended;
$$);
SELECT rest($$
    CREATE TABLE a (v int);
    CREATE TABLE b () INHERITS (a);
$$, $$
    CREATE TABLE a (v int, x int DEFAULT 5, y text);
    ALTER TABLE a ALTER y SET STORAGE external;
    CREATE TABLE b () INHERITS (a);
    ALTER TABLE ONLY b ALTER x DROP DEFAULT;
    ALTER TABLE b ALTER y SET STORAGE extended;
    COMMENT ON COLUMN b.x IS 'no default';
$$);

-- defaults that differ from the parent's
SELECT rest('', $$
    CREATE TABLE m (a int DEFAULT 5, b timestamp DEFAULT now(), k int) PARTITION BY LIST (k);
    CREATE TABLE p PARTITION OF m FOR VALUES IN (1);
    ALTER TABLE p ALTER a SET DEFAULT 7, ALTER b SET DEFAULT NULL::timestamp, ALTER k SET DEFAULT 1;
    CREATE TABLE a (x int DEFAULT 5);
    CREATE TABLE b () INHERITS (a);
    ALTER TABLE b ALTER x SET DEFAULT 7;
$$);

---------------------------------------------------------------------------
-- What is the same by its text alone
---------------------------------------------------------------------------
-- the same text calls another function
SELECT rest($$
    CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION g(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
    CREATE TABLE t (a int DEFAULT f(), CHECK (g(1) = 1));
$$, $$
    CREATE FUNCTION f(int DEFAULT 1) RETURNS bigint LANGUAGE sql AS 'SELECT 2';
    CREATE FUNCTION g(bigint) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
    CREATE TABLE t (a bigint DEFAULT f(), CHECK (g(1) = 1));
$$);

-- keys that differ in their names alone
SELECT rest('', $$
    CREATE TABLE t (a int CONSTRAINT one UNIQUE, b int);
    ALTER TABLE t ADD CONSTRAINT two UNIQUE (a), ADD CONSTRAINT three UNIQUE (b), ADD PRIMARY KEY (b);
$$);

-- statistics on columns in another order
SELECT rest($$
    CREATE TABLE t (a int, b int, c int);
    CREATE STATISTICS s ON a, b, c FROM t;
$$, $$
    CREATE TABLE t (c int, b int, a int);
    CREATE STATISTICS s ON a, b, c FROM t;
$$);

-- a policy that is a query, a class without members
SELECT rest('', $$
    CREATE TABLE t (a int);
    CREATE POLICY p ON t USING ((SELECT count(*) > 0 FROM pg_catalog.pg_class));
    CREATE OPERATOR CLASS c FOR TYPE int USING btree AS STORAGE int;
$$);

-- the server refuses it, and the script says so
SELECT script($$
    CREATE TABLE a (x int);
    CREATE TABLE b (a a);
$$, $$
    CREATE TABLE a (x bigint);
    CREATE TABLE b (a a);
$$);

---------------------------------------------------------------------------
-- Names and texts
---------------------------------------------------------------------------
SELECT rest('CREATE TABLE t (a int)', $x$
    CREATE TABLE "t
-- DROP TABLE t; "" $$" ("a'b" int PRIMARY KEY, "c\d" text DEFAULT E'x\\''\n', "%s %1$s" int);
    COMMENT ON TABLE "t
-- DROP TABLE t; "" $$" IS E'one\n-- two\r\n*/ $$ $function$ '' \\ "';
    CREATE INDEX "i
" ON "t
-- DROP TABLE t; "" $$" ("c\d", ("a'b" + 1)) WHERE "%s %1$s" > 1;
    CREATE TYPE "e'""
" AS ENUM ('a''b', 'c
d', E'x\\y', '', ' ');
    CREATE TABLE e (e "e'""
" DEFAULT 'c
d', f "e'""
"[]);
    CREATE FUNCTION "f'(""
x"("a b" int, "c""d" "e'""
" DEFAULT 'c
d') RETURNS int LANGUAGE plpgsql AS $_$ BEGIN RETURN 1; -- $function$ $$ 'x
END $_$;
    CREATE POLICY "p""'
" ON e USING (e = 'c
d');
$x$);

-- names change places
SELECT rest($$
    CREATE TABLE a (x int); CREATE TYPE b AS (y int); CREATE TABLE u (c b);
    CREATE TABLE d (x int CONSTRAINT g PRIMARY KEY); CREATE INDEX f ON d (x);
$$, $$
    CREATE TYPE a AS (y int); CREATE TABLE b (x int); CREATE TABLE u (c a);
    CREATE TABLE f (x int CONSTRAINT d PRIMARY KEY); CREATE INDEX g ON f (x);
$$);

---------------------------------------------------------------------------
-- Settings of indexes, also of those of constraints; what statistics collect
---------------------------------------------------------------------------
SELECT script($$
    CREATE TABLE t (a int, b int, UNIQUE (a) WITH (fillfactor = 70), CONSTRAINT c CHECK (b > 0));
    CREATE STATISTICS s ON a, b FROM t;
    CREATE INDEX i ON t ((a + b), (a * b));
    ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 100;
$$, $$
    CREATE TABLE t (a int, b int, UNIQUE (a) WITH (fillfactor = 80));
    ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID;
    CREATE STATISTICS s ON a, b FROM t;
    ALTER STATISTICS s SET STATISTICS 50;
    CREATE INDEX i ON t ((a + b), (a * b));
    ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 200;
    CREATE TABLE u (a int, UNIQUE (a) WITH (fillfactor = 60) DEFERRABLE);
    CREATE TABLE x (a int,
        CONSTRAINT x1 EXCLUDE (a WITH =) WITH (fillfactor = 50, deduplicate_items = off) WHERE (a > 1) DEFERRABLE,
        CONSTRAINT x2 EXCLUDE (a WITH =) USING INDEX TABLESPACE pg_default WHERE (a > 2));
$$);
SELECT rest($$
    CREATE TABLE t (a int, b int, UNIQUE (a) WITH (fillfactor = 70), CONSTRAINT c CHECK (b > 0));
    CREATE STATISTICS s ON a, b FROM t;
    CREATE INDEX i ON t ((a + b), (a * b));
    ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 100;
    CREATE TABLE x (a int, CONSTRAINT xe EXCLUDE (a WITH =) WITH (fillfactor = 50));
    CREATE TABLE y (a int, CONSTRAINT ye EXCLUDE (a WITH =) WITH (fillfactor = 50) WHERE (a > 1));
$$, $$
    CREATE TABLE t (a int, b int, UNIQUE (a) WITH (fillfactor = 80));
    ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID;
    CREATE STATISTICS s ON a, b FROM t;
    ALTER STATISTICS s SET STATISTICS 50;
    CREATE INDEX i ON t ((a + b), (a * b));
    ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 200;
    CREATE TABLE u (a int, UNIQUE (a) WITH (fillfactor = 60) DEFERRABLE);
    CREATE TABLE x (a int, CONSTRAINT xe EXCLUDE (a WITH =) WITH (fillfactor = 60));
    CREATE TABLE y (a int, CONSTRAINT ye EXCLUDE (a WITH =) WITH (fillfactor = 50) WHERE (a > 2));
$$);

-- many columns, and none of the work is by their square
DO $$
DECLARE
    model text := (SELECT format('CREATE TABLE t (%s)', string_agg(format('c%s int DEFAULT %s', i, i), ', '))
                   FROM generate_series(1, 1600) i);
BEGIN
    DROP SCHEMA corner CASCADE;
    CREATE SCHEMA corner;
    EXECUTE 'SET search_path = corner';
    EXECUTE model;
    ASSERT (SELECT count(*) FROM mig_sch_corner.migrate_diff(model, include => '{corner}')) = 0;
    ASSERT (SELECT count(*) FROM mig_sch_corner.migrate_diff(replace(model, 'c7 int', 'c7 bigint'),
            include => '{corner}')) = 1;
    SET search_path = mig_sch_corner;
END $$;

DROP SCHEMA corner CASCADE;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig_sch_corner CASCADE;
