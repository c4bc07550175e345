--
-- Settings of tables, columns, indexes and views: storage, options, where they
-- live, whether they fire; from one schema to another and back
--
SET client_min_messages = warning;
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE regress_mig_space LOCATION '';
CREATE ACCESS METHOD regress_mig_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE SCHEMA mig_sch_settings;
CREATE EXTENSION pg_migrations SCHEMA mig_sch_settings;
SET search_path = mig_sch_settings;
\pset format unaligned
\pset tuples_only on

-- The upgrade script, the downgrade script, and what is left of differences
-- after each of them.
CREATE FUNCTION scripts(before text, after text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    up text;
    down text;
    rest_up text;
    rest_down text;
BEGIN
    DROP SCHEMA IF EXISTS setting CASCADE;
    CREATE SCHEMA setting;
    PERFORM set_config('search_path', 'setting', true);
    EXECUTE before;
    SELECT upgrade, downgrade INTO up, down
        FROM mig_sch_settings.migrate_autogenerate_sql(after, include => '{setting}', qualify => false);
    EXECUTE up;
    SELECT upgrade INTO rest_up FROM mig_sch_settings.migrate_autogenerate_sql(after, include => '{setting}');
    EXECUTE down;
    SELECT upgrade INTO rest_down FROM mig_sch_settings.migrate_autogenerate_sql(before, include => '{setting}');
    PERFORM set_config('search_path', 'mig_sch_settings', true);
    RETURN concat(up, E'-- down\n', down, '-- left: ', COALESCE(NULLIF(rest_up, ''), 'nothing'), ', ',
                  COALESCE(NULLIF(rest_down, ''), 'nothing'));
END $$;

---------------------------------------------------------------------------
-- Columns
---------------------------------------------------------------------------
SELECT scripts($$
    CREATE TABLE t (a text, b text, c int, d text);
$$, $$
    CREATE TABLE t (a text, b text COMPRESSION pglz, c int, d text);
    ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER c SET STATISTICS 50;
    ALTER TABLE t ALTER d SET (n_distinct = 5);
$$);

-- a storage that is set stays with another type; options change
SELECT scripts($$
    CREATE TABLE t (a varchar(5), d text);
    ALTER TABLE t ALTER a SET STORAGE EXTERNAL;
    ALTER TABLE t ALTER d SET (n_distinct = 5);
$$, $$
    CREATE TABLE t (a text, d text);
    ALTER TABLE t ALTER a SET STORAGE MAIN;
    ALTER TABLE t ALTER d SET (n_distinct_inherited = 7);
$$);

-- new tables and columns with them
SELECT scripts($$
    CREATE TABLE u (a int);
$$, $$
    CREATE TABLE u (a int, b text COMPRESSION pglz);
    ALTER TABLE u ALTER b SET STORAGE EXTERNAL, ALTER b SET (n_distinct = 3), ALTER b SET STATISTICS 7;
    CREATE TABLE t (a text COMPRESSION pglz, b text);
    ALTER TABLE t ALTER a SET STORAGE MAIN, ALTER b SET (n_distinct = 3);
$$);

-- what is generated no longer: the parent's column takes along those that
-- inherit it, in child tables and partitions (PostgreSQL 16 refuses it where
-- a child has children)
SELECT scripts($$
    CREATE TABLE p (a int, b int GENERATED ALWAYS AS (a + 1) STORED);
    CREATE TABLE k () INHERITS (p);
    CREATE TABLE m (a int, b int GENERATED ALWAYS AS (a + 1) STORED) PARTITION BY RANGE (a);
    CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
$$, $$
    CREATE TABLE p (a int, b int);
    CREATE TABLE k () INHERITS (p);
    CREATE TABLE m (a int, b int) PARTITION BY RANGE (a);
    CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
$$);

---------------------------------------------------------------------------
-- Tables: access method, tablespace, options, replica identity, cluster
---------------------------------------------------------------------------
SELECT scripts($$
    CREATE TABLE t (a int);
    CREATE TABLE s (a int);
    CREATE TABLE o (a int) WITH (fillfactor = 50, autovacuum_enabled = off);
$$, $$
    CREATE TABLE t (a int) USING regress_mig_heap;
    CREATE TABLE s (a int) TABLESPACE regress_mig_space;
    CREATE TABLE o (a int) WITH (fillfactor = 60, toast_tuple_target = 200);
$$);

SELECT scripts('', $$
    CREATE TABLE t (a int) USING regress_mig_heap TABLESPACE regress_mig_space;
    CREATE TABLE f (a int);
    ALTER TABLE f REPLICA IDENTITY FULL;
    CREATE TABLE n (a int);
    ALTER TABLE n REPLICA IDENTITY NOTHING;
$$);

SELECT scripts($$
    CREATE TABLE f (a int);
    CREATE TABLE n (a int);
    ALTER TABLE n REPLICA IDENTITY FULL;
    CREATE TABLE i (a int NOT NULL);
    CREATE UNIQUE INDEX i_a ON i (a);
    CREATE TABLE c (a int);
    CREATE INDEX c_a ON c (a);
    ALTER TABLE c CLUSTER ON c_a;
$$, $$
    CREATE TABLE f (a int);
    ALTER TABLE f REPLICA IDENTITY FULL;
    CREATE TABLE n (a int);
    ALTER TABLE n REPLICA IDENTITY NOTHING;
    CREATE TABLE i (a int NOT NULL);
    CREATE UNIQUE INDEX i_a ON i (a);
    ALTER TABLE i REPLICA IDENTITY USING INDEX i_a;
    ALTER TABLE i CLUSTER ON i_a;
    CREATE TABLE c (a int);
    CREATE INDEX c_a ON c (a);
$$);

---------------------------------------------------------------------------
-- Indexes and constraints
---------------------------------------------------------------------------
SELECT scripts($$
    CREATE TABLE t (a int, b int);
    CREATE INDEX t_a ON t (a) WITH (fillfactor = 50);
    CREATE INDEX t_b ON t (b);
    CREATE INDEX t_e ON t ((a + b));
    ALTER TABLE t ADD CONSTRAINT t_u UNIQUE (a, b);
$$, $$
    CREATE TABLE t (a int, b int);
    CREATE INDEX t_a ON t (a) WITH (deduplicate_items = off);
    CREATE INDEX t_b ON t (b) TABLESPACE regress_mig_space;
    CREATE INDEX t_e ON t ((a + b));
    ALTER INDEX t_e ALTER COLUMN 1 SET STATISTICS 20;
    ALTER TABLE t ADD CONSTRAINT t_u UNIQUE (a, b);
    COMMENT ON INDEX t_u IS 'of both';
$$);

SELECT scripts('CREATE TABLE t (a int, b int)', $$
    CREATE TABLE t (a int, b int);
    CREATE INDEX t_e ON t ((a + b)) TABLESPACE regress_mig_space;
    ALTER INDEX t_e ALTER COLUMN 1 SET STATISTICS 20;
    ALTER TABLE t ADD CONSTRAINT t_u UNIQUE (a) USING INDEX TABLESPACE regress_mig_space;
    COMMENT ON INDEX t_u IS 'of one';
$$);

-- targets: one changes, one goes, one stays, one comes
SELECT scripts($$
    CREATE TABLE t (a int, b int);
    CREATE INDEX t_e ON t ((a + b), (a - b), (a * b), (a / 2));
    ALTER INDEX t_e ALTER COLUMN 1 SET STATISTICS 10, ALTER COLUMN 2 SET STATISTICS 20, ALTER COLUMN 3 SET STATISTICS 30;
$$, $$
    CREATE TABLE t (a int, b int);
    CREATE INDEX t_e ON t ((a + b), (a - b), (a * b), (a / 2));
    ALTER INDEX t_e ALTER COLUMN 1 SET STATISTICS 11, ALTER COLUMN 3 SET STATISTICS 30, ALTER COLUMN 4 SET STATISTICS 40;
$$);

---------------------------------------------------------------------------
-- Materialized views
---------------------------------------------------------------------------
SELECT scripts($$
    CREATE MATERIALIZED VIEW m AS SELECT 'x'::text AS a, 1 AS b WHERE false;
    CREATE MATERIALIZED VIEW n AS SELECT 1 AS a;
$$, $$
    CREATE MATERIALIZED VIEW m USING regress_mig_heap TABLESPACE regress_mig_space AS SELECT 'x'::text AS a, 1 AS b WHERE false;
    ALTER MATERIALIZED VIEW m ALTER a SET COMPRESSION pglz;
    ALTER MATERIALIZED VIEW m ALTER b SET STATISTICS 10;
    CREATE MATERIALIZED VIEW n WITH (fillfactor = 50) AS SELECT 1 AS a;
    ALTER MATERIALIZED VIEW n ALTER a SET (n_distinct = 5);
$$);

SELECT scripts('', $$
    CREATE MATERIALIZED VIEW m USING regress_mig_heap TABLESPACE regress_mig_space AS SELECT 'x'::text AS a, 1 AS b WHERE false;
    ALTER MATERIALIZED VIEW m ALTER a SET COMPRESSION pglz;
    ALTER MATERIALIZED VIEW m ALTER b SET STATISTICS 10, ALTER b SET (n_distinct = 5);
$$);

---------------------------------------------------------------------------
-- Rules and triggers that do not fire, or always
---------------------------------------------------------------------------
SELECT scripts($$
    CREATE TABLE t (a int);
    CREATE RULE r AS ON DELETE TO t DO ALSO NOTHING;
    CREATE RULE x AS ON UPDATE TO t DO ALSO NOTHING;
    ALTER TABLE t DISABLE RULE x;
$$, $$
    CREATE TABLE t (a int);
    CREATE RULE r AS ON DELETE TO t DO ALSO NOTHING;
    ALTER TABLE t ENABLE REPLICA RULE r;
    CREATE RULE x AS ON UPDATE TO t DO ALSO NOTHING;
    CREATE RULE z AS ON INSERT TO t DO ALSO NOTHING;
    ALTER TABLE t ENABLE ALWAYS RULE z;
$$);

-- triggers, too
SELECT scripts($$
    CREATE TABLE t (a int);
    CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
    CREATE TRIGGER h BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
    ALTER TABLE t DISABLE TRIGGER g;
$$, $$
    CREATE TABLE t (a int);
    CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
    CREATE TRIGGER h BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
    ALTER TABLE t ENABLE REPLICA TRIGGER h;
$$);

---------------------------------------------------------------------------
-- Operators with a negator and estimates of joins
---------------------------------------------------------------------------
SELECT scripts('', $$
    CREATE FUNCTION same(int, text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN $1::text = $2;
    CREATE FUNCTION other(int, text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN $1::text <> $2;
    CREATE OPERATOR === (FUNCTION = same, LEFTARG = int, RIGHTARG = text, NEGATOR = !==, RESTRICT = eqsel, JOIN = eqjoinsel);
    CREATE OPERATOR !== (FUNCTION = other, LEFTARG = int, RIGHTARG = text, NEGATOR = ===);
$$);

---------------------------------------------------------------------------
SET client_min_messages = warning;
DROP SCHEMA setting CASCADE;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig_sch_settings CASCADE;
DROP ACCESS METHOD regress_mig_heap;
DROP TABLESPACE regress_mig_space;
