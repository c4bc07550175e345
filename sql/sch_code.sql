--
-- Scripts for objects that hold code: views, routines, rules, triggers,
-- policies, statistics
--
SET client_min_messages = warning;
CREATE SCHEMA mig_sch_code;
CREATE EXTENSION pg_migrations SCHEMA mig_sch_code;
CREATE ROLE regress_mig_code;
SET search_path = mig_sch_code;
\pset format unaligned
\pset tuples_only on

-- From one schema to another and back, by what is generated.  Returns the
-- scripts, and what is left of differences after each of them.  Names are
-- shown without the tables in front of them, which not every version prints.
CREATE FUNCTION round_trip(before text, after text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    up text;
    down text;
    rest text;
BEGIN
    DROP SCHEMA IF EXISTS code CASCADE;
    CREATE SCHEMA code;
    PERFORM set_config('search_path', 'code', true);
    EXECUTE before;
    SELECT upgrade, downgrade INTO up, down
        FROM mig_sch_code.migrate_autogenerate_sql(after, include => '{code}', qualify => false);
    RETURN QUERY SELECT rtrim(regexp_replace(script, '(?<!column )(?!\m(old|new)\M)("([^"]|"")+"|\m[a-z_]+)\.(?=["a-z])', '', 'gi'), E'\n')
        FROM unnest(ARRAY['-- upgrade', up, '-- downgrade', down]) script;
    EXECUTE up;
    SELECT upgrade INTO rest FROM mig_sch_code.migrate_autogenerate_sql(after, include => '{code}');
    RETURN NEXT '-- left after the upgrade: ' || COALESCE(NULLIF(rest, ''), 'nothing');
    EXECUTE down;
    SELECT upgrade INTO rest FROM mig_sch_code.migrate_autogenerate_sql(before, include => '{code}');
    RETURN NEXT '-- left after the downgrade: ' || COALESCE(NULLIF(rest, ''), 'nothing');
    PERFORM set_config('search_path', 'mig_sch_code', true);
END $$;

---------------------------------------------------------------------------
-- Views
---------------------------------------------------------------------------
-- a column behind the others: in place
SELECT round_trip($$
    CREATE TABLE t (a int, b int, c text);
    CREATE VIEW v AS SELECT a FROM t WHERE c > 'x';
    CREATE VIEW w AS SELECT a + 1 AS x FROM v;
$$, $$
    CREATE TABLE t (a int, b int);
    CREATE VIEW v WITH (security_barrier) AS SELECT a, b FROM t;
    ALTER VIEW v ALTER COLUMN b SET DEFAULT 1;
    COMMENT ON COLUMN v.b IS 'new';
    CREATE VIEW w AS SELECT a + 1 AS x FROM v;
$$);

-- a column before another: dropped and created, with all that stands on it
SELECT round_trip($$
    CREATE TABLE t (a int, b int, c text);
    CREATE VIEW v AS SELECT a, b FROM t;
    COMMENT ON COLUMN v.a IS 'first';
    ALTER VIEW v ALTER COLUMN a SET DEFAULT 7;
    CREATE RULE vi AS ON INSERT TO v DO INSTEAD INSERT INTO t (a) VALUES (new.a);
    CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT a, b::text FROM v;
    ALTER MATERIALIZED VIEW m ALTER COLUMN b SET STATISTICS 50;
    CREATE UNIQUE INDEX mi ON m (a);
    COMMENT ON INDEX mi IS 'index';
$$, $$
    CREATE TABLE t (a int, b int, c text);
    CREATE VIEW v AS SELECT a, c, b FROM t;
    COMMENT ON COLUMN v.a IS 'first';
    ALTER VIEW v ALTER COLUMN a SET DEFAULT 7;
    CREATE RULE vi AS ON INSERT TO v DO INSTEAD INSERT INTO t (a) VALUES (new.a);
    CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT a, b::text FROM v;
    ALTER MATERIALIZED VIEW m ALTER COLUMN b SET STATISTICS 50;
    CREATE UNIQUE INDEX mi ON m (a);
    COMMENT ON INDEX mi IS 'index';
$$);

-- options; another sort of relation under the same name; rows of old
SELECT round_trip($$
    CREATE TABLE t (a int, b text);
    CREATE VIEW o AS SELECT a FROM t;
    CREATE VIEW v AS SELECT a FROM t;
    CREATE TABLE tv (a int);
    CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
    CREATE MATERIALIZED VIEW e AS SELECT a, b FROM t WITH NO DATA;
    CREATE VIEW d AS SELECT v.a, tv.a AS b FROM v, tv;
$$, $$
    CREATE TABLE t (a int, b text);
    CREATE VIEW o WITH (security_invoker = on, check_option = local) AS SELECT a FROM t;
    CREATE MATERIALIZED VIEW v AS SELECT a FROM t;
    CREATE VIEW tv AS SELECT a FROM t;
    CREATE MATERIALIZED VIEW m WITH (autovacuum_enabled = off) AS SELECT a, b FROM t WITH NO DATA;
    ALTER MATERIALIZED VIEW m ALTER COLUMN b SET STORAGE EXTERNAL;
    ALTER MATERIALIZED VIEW m ALTER COLUMN b SET (n_distinct = 5);
    CREATE MATERIALIZED VIEW e AS SELECT a, b FROM t;
    CREATE VIEW d AS SELECT v.a, tv.a AS b FROM v, tv;
$$);

-- views that select from each other
SELECT round_trip('CREATE TABLE t (a int)', $$
    CREATE TABLE t (a int);
    CREATE VIEW v AS SELECT 1 AS a, 'x' COLLATE "C" AS "b c";
    CREATE VIEW w AS SELECT a, "b c" AS d FROM v;
    CREATE OR REPLACE VIEW v AS SELECT a, d AS "b c" FROM w WHERE a > 1 UNION ALL SELECT a, 'y' COLLATE "C" FROM t;
    COMMENT ON COLUMN v.a IS 'comment';
$$);

---------------------------------------------------------------------------
-- The type of a column changes under everything
---------------------------------------------------------------------------
SELECT round_trip($$
    CREATE TABLE t (id int PRIMARY KEY, a int, b text);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE FUNCTION total(i int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(a) FROM t WHERE id = i; END;
    CREATE VIEW v AS SELECT id, a FROM t;
    CREATE VIEW w AS SELECT a * 2 AS x, total(id) AS y FROM v;
    CREATE RULE r AS ON UPDATE TO t WHERE new.a > 3 DO INSTEAD NOTHING;
    CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (old.a <> new.a) EXECUTE FUNCTION f();
    ALTER TABLE t DISABLE TRIGGER g;
    COMMENT ON TRIGGER g ON t IS 'stays';
    CREATE POLICY p ON t USING (a > 0);
    CREATE STATISTICS s ON a, b FROM t;
    ALTER STATISTICS s SET STATISTICS 77;
$$, $$
    CREATE TABLE t (id int PRIMARY KEY, a bigint, b text);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE FUNCTION total(i int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(a) FROM t WHERE id = i; END;
    CREATE VIEW v AS SELECT id, a FROM t;
    CREATE VIEW w AS SELECT a * 2 AS x, total(id) AS y FROM v;
    CREATE RULE r AS ON UPDATE TO t WHERE new.a > 3 DO INSTEAD NOTHING;
    CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (old.a <> new.a) EXECUTE FUNCTION f();
    ALTER TABLE t DISABLE TRIGGER g;
    COMMENT ON TRIGGER g ON t IS 'stays';
    CREATE POLICY p ON t USING (a > 0);
    CREATE STATISTICS s ON a, b FROM t;
    ALTER STATISTICS s SET STATISTICS 77;
$$);

---------------------------------------------------------------------------
-- Routines
---------------------------------------------------------------------------
-- replaced where the server allows it
SELECT round_trip($$
    CREATE FUNCTION body(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
    CREATE FUNCTION gets_name(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
    CREATE FUNCTION renamed(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
    CREATE FUNCTION loses_default(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT a';
    CREATE FUNCTION other_row(OUT b int, OUT c text) LANGUAGE sql AS 'SELECT 1, ''x''';
    CREATE FUNCTION turns() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE TABLE t (x int DEFAULT renamed(1), CHECK (loses_default(x, 1) > 0));
    CREATE VIEW v AS SELECT b FROM other_row();
$$, $$
    CREATE FUNCTION body(a int) RETURNS int LANGUAGE sql STRICT COST 5 AS 'SELECT a + 1';
    CREATE FUNCTION gets_name(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
    CREATE FUNCTION renamed(b int) RETURNS int LANGUAGE sql AS 'SELECT b';
    CREATE FUNCTION loses_default(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a';
    CREATE FUNCTION other_row(OUT b int, OUT d text) LANGUAGE sql AS 'SELECT 1, ''x''';
    CREATE PROCEDURE turns() LANGUAGE sql AS 'SELECT 1';
    CREATE TABLE t (x int DEFAULT renamed(1), CHECK (loses_default(x, 1) > 0));
    CREATE VIEW v AS SELECT b FROM other_row();
$$);

-- procedures that differ in what they give back
SELECT round_trip($$
    CREATE PROCEDURE p(a int) LANGUAGE plpgsql AS 'BEGIN END';
$$, $$
    CREATE PROCEDURE p(a int, OUT b int) LANGUAGE plpgsql AS 'BEGIN END';
    CREATE PROCEDURE p(a int, b text) LANGUAGE plpgsql AS 'BEGIN END';
    COMMENT ON PROCEDURE p(IN int, IN text) IS 'two';
$$);

-- a body of text comes behind what it names
SELECT round_trip('', $$
    CREATE VIEW z_source AS SELECT 1 AS x;
    CREATE FUNCTION y_helper() RETURNS SETOF z_source LANGUAGE sql STABLE AS 'SELECT * FROM code.z_source';
    CREATE FUNCTION b_caller() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM code.y_helper()';
    CREATE MATERIALIZED VIEW a AS SELECT b_caller() AS n;
$$);

-- bodies that name each other, and a table that needs one that reads it
SELECT round_trip('', $$
    SET check_function_bodies = off;
    CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT CASE WHEN $1 > 0 THEN code.g($1 - 1) END';
    CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS 'SELECT code.f($1)';
    CREATE FUNCTION next_one() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM code.t';
    CREATE TABLE t (a bigint DEFAULT next_one());
$$);

-- aggregates
SELECT round_trip($$
    CREATE AGGREGATE plain(int) (SFUNC = int4pl, STYPE = int);
    CREATE AGGREGATE renamed(x int) (SFUNC = int4pl, STYPE = int);
    CREATE VIEW v AS SELECT plain(x), renamed(x) FROM generate_series(1, 3) x;
$$, $$
    CREATE AGGREGATE plain(int) (SFUNC = int4larger, STYPE = int, INITCOND = '10', SSPACE = 4,
        COMBINEFUNC = int4larger, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MINITCOND = '0',
        SORTOP = >, PARALLEL = SAFE);
    CREATE AGGREGATE renamed(y int) (SFUNC = int4pl, STYPE = int);
    CREATE AGGREGATE everything(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
    CREATE AGGREGATE ordered(p float8 ORDER BY anyelement) (STYPE = internal, SFUNC = ordered_set_transition,
        FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA, FINALFUNC_MODIFY = SHAREABLE);
    CREATE AGGREGATE hypothetical(VARIADIC "any" ORDER BY VARIADIC "any") (STYPE = internal,
        SFUNC = ordered_set_transition_multi, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
    COMMENT ON AGGREGATE hypothetical(VARIADIC "any" ORDER BY VARIADIC "any") IS 'what if';
    CREATE VIEW v AS SELECT plain(x), renamed(x) FROM generate_series(1, 3) x;
$$);

---------------------------------------------------------------------------
-- Triggers and rules
---------------------------------------------------------------------------
SELECT round_trip($$
    CREATE TABLE t (a int, b int);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE TRIGGER to_constraint AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
    CREATE TRIGGER tables BEFORE INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION f();
    CREATE TRIGGER state AFTER UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();
    ALTER TABLE t ENABLE REPLICA TRIGGER state;
    CREATE RULE event AS ON INSERT TO t DO ALSO NOTIFY x;
    CREATE RULE enabled AS ON DELETE TO t DO INSTEAD NOTHING;
$$, $$
    CREATE TABLE t (a int, b int);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE CONSTRAINT TRIGGER to_constraint AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f();
    CREATE TRIGGER tables AFTER INSERT ON t REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION f('x');
    CREATE TRIGGER state AFTER UPDATE OF b, a ON t FOR EACH ROW EXECUTE FUNCTION f();
    ALTER TABLE t ENABLE REPLICA TRIGGER state;
    CREATE RULE event AS ON UPDATE TO t DO ALSO NOTIFY x;
    CREATE RULE enabled AS ON DELETE TO t DO INSTEAD NOTHING;
    ALTER TABLE t ENABLE ALWAYS RULE enabled;
$$);

-- partitions: a trigger of the parent's is theirs, its state is their own
SELECT round_trip($$
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE TABLE p (a int, b int) PARTITION BY RANGE (a);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
    CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
    CREATE TABLE p3 (a int, b int);
    CREATE TRIGGER g AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
    CREATE TRIGGER h AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
    CREATE TRIGGER g AFTER INSERT ON p3 FOR EACH ROW EXECUTE FUNCTION f();
    ALTER TABLE p2 DISABLE TRIGGER h;
$$, $$
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE TABLE p (a int, b int) PARTITION BY RANGE (a);
    CREATE TABLE p1 (a int, b int);
    CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
    CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (30);
    CREATE TRIGGER g AFTER INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION f();
    CREATE TRIGGER g AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
    CREATE TRIGGER h AFTER INSERT ON p FOR EACH ROW WHEN (new.b > 1) EXECUTE FUNCTION f();
    ALTER TABLE p2 DISABLE TRIGGER h;
    ALTER TABLE p3 ENABLE ALWAYS TRIGGER g;
$$);

---------------------------------------------------------------------------
-- Policies and statistics
---------------------------------------------------------------------------
SELECT round_trip($$
    CREATE TABLE o (a int);
    CREATE TABLE t (a int, b int, c text);
    CREATE POLICY altered ON t TO regress_mig_code USING (a IN (SELECT a FROM o));
    CREATE POLICY "loses using" ON t USING (a = 1) WITH CHECK (b = 2);
    CREATE POLICY command ON t FOR INSERT WITH CHECK (a = 1);
    CREATE STATISTICS kinds ON a, b FROM t;
    CREATE STATISTICS with_column ON a, c FROM t;
    CREATE STATISTICS target ON b, c FROM t;
$$, $$
    CREATE TABLE o (a int);
    CREATE TABLE t (a int, b int);
    CREATE POLICY altered ON t USING (a > 0 AND ')' <> '(') WITH CHECK (true);
    CREATE POLICY "loses using" ON t WITH CHECK (b = 2);
    CREATE POLICY command ON t AS RESTRICTIVE FOR ALL USING (a = 1);
    CREATE STATISTICS kinds (mcv) ON a, b FROM t;
    CREATE STATISTICS target ON a, (b + 1) FROM t;
    ALTER STATISTICS target SET STATISTICS 9;
$$);

---------------------------------------------------------------------------
-- Names of all sorts
---------------------------------------------------------------------------
SELECT round_trip($$
    CREATE TABLE "T ""q"" ü" ("a b" int, "C'd" text);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
$$, $$
    CREATE TABLE "T ""q"" ü" ("a b" int, "C'd" text);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE VIEW "V AS x" AS SELECT "a b", 1 AS " WITH NO DATA" FROM "T ""q"" ü";
    CREATE FUNCTION "F (x)"("p q" "T ""q"" ü") RETURNS int LANGUAGE sql AS 'SELECT 2';
    COMMENT ON FUNCTION "F (x)"("T ""q"" ü") IS 'it''s';
    CREATE TRIGGER " ON code.t " BEFORE UPDATE OF "a b" ON "T ""q"" ü" FOR EACH ROW
        EXECUTE FUNCTION f(' ON code."T ""q"" ü" ');
    CREATE RULE "R AS ON INSERT TO" AS ON INSERT TO "V AS x"
        DO INSTEAD INSERT INTO "T ""q"" ü" VALUES (new."a b");
    CREATE POLICY "P ON t" ON "T ""q"" ü" USING ("C'd" = 'it''s ( " ');
    CREATE STATISTICS "S.t" ON "a b", "C'd" FROM "T ""q"" ü";
    CREATE AGGREGATE "Ag g"("x y" int) (SFUNC = int4pl, STYPE = int);
$$);

---------------------------------------------------------------------------
-- An index over a function that changes, of a table that is written anew
---------------------------------------------------------------------------
SELECT round_trip($$
    CREATE TABLE t (id int, state text, title text, UNIQUE (title));
    CREATE FUNCTION is_open(t) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1.state = ''a''';
    CREATE FUNCTION head(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT left($1, 1)';
    CREATE FUNCTION heads(text) RETURNS text LANGUAGE sql IMMUTABLE RETURN head($1);
    CREATE INDEX t_open ON t (is_open(t));
    COMMENT ON INDEX t_open IS 'those that are';
    CREATE TABLE u (id int, title text);
    CREATE INDEX u_head ON u (heads(title));
    CREATE TABLE still (title text);
    CREATE INDEX still_head ON still (heads(title));
    CREATE TABLE held (title text);
    CREATE TABLE p (title text) PARTITION BY LIST (title);
    CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');
    CREATE INDEX p_head ON p (head(title));
    INSERT INTO t VALUES (1, 'a', 'x'), (2, 'b', 'y');
    INSERT INTO u VALUES (1, 'x'), (2, 'y');
$$, $$
    CREATE TABLE t (id bigint, status text, -- migrate:renamed from state
        title text, UNIQUE (title));
    CREATE FUNCTION is_open(t) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1.status = ''a''';
    CREATE FUNCTION head(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT left($1, 2)';
    CREATE FUNCTION heads(text) RETURNS text LANGUAGE sql IMMUTABLE RETURN head($1);
    CREATE INDEX t_open ON t (is_open(t));
    COMMENT ON INDEX t_open IS 'those that are';
    CREATE TABLE u (id int, title text, key uuid DEFAULT gen_random_uuid());
    CREATE INDEX u_head ON u (heads(title));
    CREATE TABLE still (title text);
    CREATE INDEX still_head ON still (heads(title));
    CREATE TABLE held (title text, CHECK (heads(title) <> 'aa'));
    CREATE TABLE p (title text, key uuid DEFAULT gen_random_uuid()) PARTITION BY LIST (title);
    CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');
    CREATE INDEX p_head ON p (head(title));
$$);

-- clean up
RESET search_path;
DROP SCHEMA code CASCADE;
DROP SCHEMA mig_sch_code CASCADE;
DROP ROLE regress_mig_code;
