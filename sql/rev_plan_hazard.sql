--
-- migrate_plan(): what may hurt
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_plan_hazard;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_plan_hazard;
SET search_path = mig_rev_plan_hazard;
\pset format unaligned
\pset tuples_only on
-- Of a script, a line for each thing
CREATE FUNCTION hazards(script text, down text DEFAULT 'SELECT 1') RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM migrate_remove(revision) FROM migrate_heads();
    PERFORM migrate_revision('step', upgrade => script, downgrade => down);
    RETURN QUERY SELECT regexp_split_to_table(hazard, '; ') FROM migrate_plan();
END $$;

---------------------------------------------------------------------------
-- Comments above statements
---------------------------------------------------------------------------
SELECT hazards($$-- NOT PROVEN: a line is to be completed

-- rewrites the table: no session can use it meanwhile (16 kB)
-- MAY FAIL: values that do not fit
-- LOSES DATA: column t.a and its values (3 rows now)
-- UPDATE t SET a = 1;
ALTER TABLE t DROP COLUMN a;
  -- TO COMPLETE: a value
ALTER TABLE t ADD COLUMN b int; -- a remark
-- rewrites the table: no session can use it meanwhile (16 kB)
CLUSTER t$$);
-- a value that somebody has completed is not asked for any more
SELECT hazards($$-- NOT PROVEN: a line is to be completed

-- TO COMPLETE: the rows that are there need a value in column "b" (3 rows now)
ALTER TABLE t ADD COLUMN b int;
-- UPDATE t SET b = ... WHERE b IS NULL;
ALTER TABLE t ALTER COLUMN b SET NOT NULL;

-- TO COMPLETE: the rows that are there need a value in column "E "mail"" (3 rows now)
ALTER TABLE t ADD COLUMN "E ""mail""" int;
UPDATE t SET "E ""mail""" = 1 WHERE "E ""mail""" IS NULL;
ALTER TABLE t ALTER COLUMN "E ""mail""" SET NOT NULL$$);
SELECT hazards($$-- NOT PROVEN: a line is to be completed

-- FILLS ROWS: column "a" of the rows that are there becomes 1 (3 rows now)
-- TO COMPLETE: the rows that are there need a value in column "b" (3 rows now)
ALTER TABLE t ADD COLUMN b int;
UPDATE t SET b = 1 WHERE b IS NULL;
ALTER TABLE t ALTER COLUMN b SET NOT NULL$$);
-- what only looks like one: within a string, a body, another comment
SELECT hazards($$SELECT 'a
-- LOSES DATA: no';
DO $x$ BEGIN
-- LOSES DATA: no
END $x$;
/*
 -- LOSES DATAS: no */
-- LOSES DATA of no kind
-- loses data: no
SELECT 1$$);
-- within a comment of several lines, which says no more of the statement than any other
SELECT hazards($$/*
-- LOSES DATA: no
/* nested */
-- LOSES DATA: no */ -- MAY FAIL: yes, /* and this is no comment
DROP TABLE a;
SELECT 1 /* ; */ ; /* -- LOSES DATA: no */
-- FILLS ROWS: yes
SELECT 2$$);
-- behind the last statement
SELECT hazards(E'SELECT 1;\r\n-- FORGETS COUNTER: yes\r\n');

-- a column that may not be NULL, without a value for the rows that are there
SELECT hazards($$ALTER TABLE t ADD COLUMN a int NOT NULL, ADD COLUMN b int PRIMARY KEY, ADD c int NOT NULL DEFAULT 1, ADD d serial NOT NULL,
    ADD e int NOT NULL GENERATED ALWAYS AS IDENTITY, ADD f int NOT NULL GENERATED ALWAYS AS (1) STORED, ADD g int NULL, ADD h serial_number NOT NULL, ADD i bigserial NOT NULL;
CREATE TABLE made (x int); ALTER TABLE made ADD COLUMN y int NOT NULL$$);

---------------------------------------------------------------------------
-- Locks on what a statement does not name, and writes of all rows
---------------------------------------------------------------------------
SELECT hazards($$CREATE TABLE n (a int REFERENCES u, b int, FOREIGN KEY (b) REFERENCES app."V v"); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE m (a int REFERENCES n) PARTITION BY LIST (a); CREATE TABLE m1 PARTITION OF m DEFAULT; DROP INDEX app.i; DROP INDEX CONCURRENTLY j$$);
SELECT hazards($$UPDATE app."T t" SET a = 1; UPDATE t SET a = 2 WHERE b; CREATE TABLE made (a int); UPDATE made SET a = 1; DELETE FROM made; DELETE FROM t$$);
SELECT hazards($$LOCK TABLE t; LOCK app.u IN SHARE MODE; LOCK v IN ACCESS SHARE MODE$$);
SELECT hazards($$REINDEX TABLE t; REINDEX INDEX app.i; REINDEX TABLE CONCURRENTLY t; REINDEX (CONCURRENTLY) INDEX i$$);
SELECT hazards($$REFRESH MATERIALIZED VIEW m; REFRESH MATERIALIZED VIEW CONCURRENTLY m; REFRESH MATERIALIZED VIEW m WITH NO DATA$$);
SELECT hazards($$ALTER TABLE t ADD a int REFERENCES u, ADD b int UNIQUE, ADD c int DEFAULT 1 CHECK (c > 0), ADD d int DEFAULT 1 REFERENCES v, ADD e text DEFAULT lower(random()::text), ADD f int GENERATED ALWAYS AS (a) STORED$$);
SELECT hazards($$ALTER TABLE ONLY app.t ADD CONSTRAINT k PRIMARY KEY (a), ALTER b SET NOT NULL$$);
SELECT hazards($$TRUNCATE t RESTART IDENTITY; TRUNCATE u CASCADE; ALTER SEQUENCE s RESTART WITH 5; ALTER SEQUENCE s INCREMENT 2; ALTER TABLE t ALTER a RESTART; ALTER TABLE t ALTER a SET INCREMENT 2$$);
SELECT hazards($$ALTER TYPE app.c DROP ATTRIBUTE b CASCADE, ADD ATTRIBUTE d int; DROP POLICY "p P" ON app.t$$);

---------------------------------------------------------------------------
-- What a kind of statement tells
---------------------------------------------------------------------------
SELECT hazards($$DROP TABLE a, app."B b"; DROP TABLE IF EXISTS a CASCADE; DROP VIEW v; DROP INDEX i$$);
SELECT hazards($$ALTER TABLE app.t DROP COLUMN a, DROP "B b", ADD c int, ALTER d DROP IDENTITY; ALTER VIEW v ALTER a DROP DEFAULT; ALTER FOREIGN TABLE f DROP COLUMN a$$);
SELECT hazards($$TRUNCATE a, app.b; DELETE FROM c; DELETE FROM d WHERE id = 1; WITH x AS (SELECT 1) DELETE FROM ONLY e$$);
SELECT hazards($$DROP SEQUENCE s; DROP SCHEMA a; DROP SCHEMA "B b" CASCADE; DROP TYPE t; DROP TYPE app.t CASCADE; DROP DOMAIN d CASCADE; DROP EXTENSION x CASCADE; DROP OWNED BY CURRENT_USER$$);
SELECT hazards($$ALTER TABLE t DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY; GRANT SELECT ON t TO someone, PUBLIC; REVOKE SELECT ON t FROM PUBLIC; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC$$);
-- locks, and rows in the way
SELECT hazards($$CREATE INDEX ON t (a); CREATE UNIQUE INDEX i ON app.t (b); CREATE UNIQUE INDEX j ON ONLY t (a); CLUSTER t; ALTER INDEX i SET (fillfactor = 50); DROP INDEX i$$);
SELECT hazards($$ALTER TABLE t ALTER a SET NOT NULL, ADD PRIMARY KEY (a), ADD CONSTRAINT k CHECK (a > 0), ADD CHECK (b > 0) NOT VALID, ADD UNIQUE USING INDEX i$$);
SELECT hazards($$ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES app.u; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT k; ALTER TABLE ONLY t ADD UNIQUE (a)$$);
SELECT hazards($$ALTER TABLE t ALTER a TYPE bigint, ALTER b TYPE varchar(20), ALTER c TYPE text; ALTER TABLE u ALTER d TYPE date USING d::date; ALTER TABLE v ALTER e TYPE text[]$$);
SELECT hazards($$ALTER TABLE a ADD x int DEFAULT 3, ADD y timestamptz DEFAULT now(); ALTER TABLE b ADD id uuid DEFAULT gen_random_uuid(); ALTER TABLE c ADD id bigserial; ALTER TABLE d ADD id int GENERATED ALWAYS AS IDENTITY; ALTER TABLE e SET LOGGED; ALTER TABLE f SET (fillfactor = 50)$$);
SELECT hazards($$ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1); ALTER TABLE p DETACH PARTITION r; ALTER DOMAIN d ADD CHECK (VALUE > 0); ALTER DOMAIN d ADD CHECK (VALUE > 1) NOT VALID; ALTER DOMAIN e SET NOT NULL; ALTER DOMAIN f VALIDATE CONSTRAINT k; ALTER DOMAIN g DROP NOT NULL$$);
SELECT hazards($$DROP POLICY p ON app.t; ALTER POLICY p ON t USING (true); CREATE POLICY p ON t$$);
-- statements within others
SELECT hazards($$WITH x AS (UPDATE app.t SET a = 1 RETURNING a), y AS (DELETE FROM u RETURNING b), z AS (DELETE FROM v WHERE c RETURNING d), w AS (INSERT INTO i SELECT 1) SELECT count(*) FROM x, y, z;
WITH x AS (DELETE FROM o RETURNING *) INSERT INTO archive SELECT * FROM x; COPY (DELETE FROM q RETURNING a) TO '/dev/null'; EXPLAIN (ANALYZE) UPDATE e SET a = 1; EXPLAIN DELETE FROM f; SELECT * FROM (SELECT 1) s WHERE EXISTS (SELECT 2)$$);
SELECT hazards($$MERGE INTO app.t USING s ON t.a = s.a WHEN MATCHED AND s.gone THEN DELETE WHEN MATCHED THEN UPDATE SET b = 1 WHEN NOT MATCHED THEN INSERT VALUES (1); MERGE INTO u USING s ON u.a = s.a WHEN MATCHED THEN UPDATE SET b = 1$$);
-- what cannot be known
SELECT hazards($$DO 'BEGIN END'; CALL app.p(1); SELECT f()$$);
-- what the script has made, by other names as well
SELECT hazards($$SELECT a INTO made FROM t UNION SELECT 1; DELETE FROM made; CREATE TABLE new (a int); INSERT INTO new SELECT a FROM t; DROP TABLE t; ALTER TABLE new RENAME TO t; CREATE INDEX ON t (a); ALTER TABLE t ALTER a SET NOT NULL; CREATE MATERIALIZED VIEW m AS SELECT 1; REFRESH MATERIALIZED VIEW m$$);
-- files that are copied, and partitions that go
SELECT hazards($$ALTER INDEX app.i SET TABLESPACE s; ALTER MATERIALIZED VIEW m SET TABLESPACE s; ALTER TABLE t SET TABLESPACE s; ALTER TABLE ALL IN TABLESPACE s SET TABLESPACE r; ALTER MATERIALIZED VIEW m SET ACCESS METHOD heap; ALTER TABLE p DETACH PARTITION app.r; ALTER TABLE p DETACH PARTITION s CONCURRENTLY; ALTER TABLE p DETACH PARTITION q FINALIZE$$);
-- triggers
SELECT hazards($$ALTER TABLE app.t DISABLE TRIGGER "G g", ENABLE TRIGGER h, ENABLE REPLICA TRIGGER i; ALTER TABLE u DISABLE TRIGGER USER; ALTER TABLE v DISABLE TRIGGER ALL; SET session_replication_role = replica; SET LOCAL session_replication_role TO 'origin'; RESET session_replication_role$$);
-- rights
SELECT hazards($$CREATE FUNCTION app.f() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g() RETURNS int SECURITY DEFINER SET search_path = pg_catalog LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION h() RETURNS int SECURITY DEFINER LANGUAGE sql RETURN 1; ALTER FUNCTION i(int) SECURITY DEFINER; ALTER PROCEDURE j SECURITY DEFINER SET search_path = a; ALTER FUNCTION k SECURITY INVOKER$$);
SELECT hazards($$ALTER VIEW app.v RESET (security_invoker); ALTER VIEW w SET (security_invoker = off, security_barrier); ALTER VIEW x SET (check_option = local)$$);
SELECT hazards($$CREATE POLICY p ON app.t USING (true); CREATE POLICY q ON t AS RESTRICTIVE USING (a); CREATE TABLE n (a int); CREATE POLICY r ON n; CREATE POLICY s ON u; ALTER TABLE u ENABLE ROW LEVEL SECURITY; DROP POLICY x ON a.b$$);
-- what goes along
SELECT hazards($$DROP VIEW app.v CASCADE; DROP FUNCTION f(int) CASCADE; DROP TYPE y CASCADE; DROP SCHEMA s CASCADE; DROP EXTENSION e CASCADE; DROP CAST (int AS text) CASCADE; DROP OPERATOR + (int, int) CASCADE; ALTER TABLE t DROP COLUMN c CASCADE, DROP CONSTRAINT k CASCADE, DROP CONSTRAINT l; DROP OWNED BY a CASCADE; DROP AGGREGATE g(*) CASCADE; DROP VIEW w$$);
-- statements that do no harm
SELECT hazards($$CREATE TABLE n (a int PRIMARY KEY, b int REFERENCES t); CREATE INDEX ON n (b); ALTER TABLE n ALTER b SET NOT NULL, ADD CHECK (b > 0), ALTER b TYPE bigint; CREATE VIEW w AS SELECT 1; COMMENT ON TABLE t IS ''; INSERT INTO t VALUES (1); UPDATE t SET a = 1 WHERE a = 2;
    ALTER TABLE t ALTER a SET DEFAULT 1, ALTER a DROP NOT NULL, DROP CONSTRAINT k, ADD b int, ENABLE ROW LEVEL SECURITY; CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1; ALTER TYPE e ADD VALUE 'x'; REVOKE ALL ON t FROM PUBLIC; CREATE SEQUENCE s; ALTER SEQUENCE s RESTART; ANALYZE t$$);
-- a script that says itself what it does: of a statement below, too
SELECT hazards($$-- blocks writes: until the index is built (8 kB)
CREATE INDEX ON t (a);
CREATE INDEX ON t (b);

CREATE INDEX ON u (b)$$);
-- the script has made it itself
SELECT hazards($$CREATE TEMP TABLE a AS SELECT 1 AS x; CREATE TABLE app.b (y int); DELETE FROM a; ALTER TABLE app.b DROP y; DROP TABLE a; DROP TABLE app.b; DROP TABLE b$$);
-- it is said above, with numbers
SELECT hazards($$-- LOSES DATA: table a and its rows (7 rows now)
DROP TABLE a;
DROP TABLE b$$);

---------------------------------------------------------------------------
-- What begins harmlessly is looked through where more may follow
---------------------------------------------------------------------------
SELECT hazards($$ Create  Or
 Replace VIEW v AS SELECT 1$$);
SELECT hazards($$CREATE VIEW v AS SELECT 1; DROP TABLE a$$);
SELECT hazards($$SELECT 1; -- a remark
-- LOSES DATA: what the function drops$$);
SELECT hazards($$-- LOSES DATA: what the block drops
DO 'BEGIN DROP TABLE a; END'$$);
SELECT hazards($$CREATE INDEX i ON t (a)$$), hazards($$create table a (x int references t)$$);
SELECT hazards($$SELECT 1;$$, down => $$DELETE FROM a;$$);

---------------------------------------------------------------------------
-- The way back
---------------------------------------------------------------------------
SELECT hazards('SELECT 1', '');
SELECT hazards('DROP TABLE a', NULL);
SELECT hazards('', '');
SELECT hazards('SELECT 1');
-- the way back has hazards of its own
SELECT hazards('CREATE TABLE a (x int)', 'DROP TABLE a');
SELECT revision <> '' FROM migrate_upgrade();
SELECT hazard FROM migrate_plan('-1');

---------------------------------------------------------------------------
-- Who may not read scripts is told no more than that there is no way back
---------------------------------------------------------------------------
SELECT migrate_revision('last', rev_id => 'last', upgrade => 'DROP TABLE a');
CREATE ROLE regress_mig_plan;
GRANT USAGE ON SCHEMA mig_rev_plan_hazard TO regress_mig_plan;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_rev_plan_hazard TO regress_mig_plan;
SET ROLE regress_mig_plan;
SELECT revision, script, hazard FROM migrate_plan();
RESET ROLE;

DROP EXTENSION pg_migrations;
DROP SCHEMA mig_rev_plan_hazard CASCADE;
DROP ROLE regress_mig_plan;
