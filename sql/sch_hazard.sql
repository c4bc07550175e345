--
-- Hazards: what a change may do to the rows that there are
--
SET client_min_messages = warning;
CREATE SCHEMA mig_hazard;
CREATE SCHEMA mig_app;
CREATE EXTENSION pg_migrations SCHEMA mig_hazard;
SET search_path = mig_app, mig_hazard;
\pset format unaligned
\pset tuples_only on
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE t (id int, n int, s text, v varchar(10), d timestamp, p int, e text);
CREATE TABLE empty (id int, n int, s text, p int);
INSERT INTO parent VALUES (1), (2);
INSERT INTO t SELECT i, NULLIF(i % 4, 0), CASE WHEN i = 7 THEN 'seven' ELSE i::text END, left(md5(i::text), i % 10), '2020-01-01 12:34', i % 4, 'e' || i % 2
    FROM generate_series(1, 100) i;
-- What is asked is asked of rows; sizes do not depend on the server.
CREATE FUNCTION mig_hazard.sized(script text) RETURNS text LANGUAGE sql AS $$SELECT regexp_replace(script, '\d+ (kB|bytes)', '(size)', 'g')$$;
CREATE FUNCTION mig_hazard.hazards(model text, others text DEFAULT 'CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE empty (id int, n int, s text, p int);') RETURNS SETOF text LANGUAGE sql AS
    $$SELECT concat_ws(' ', operation, kind, object) || COALESCE(E'\n    ' || replace(mig_hazard.sized(hazard), '; ', E'\n    '), '')
      FROM mig_hazard.migrate_diff(others || model)$$;
\set t 'CREATE TABLE t (id int, n int, s text, v varchar(10), d timestamp, p int, e text);'
RESET client_min_messages;
SELECT hazards(:'t');

---------------------------------------------------------------------------
-- Each with rows that are in the way, with others, and without rows
---------------------------------------------------------------------------
-- NOT NULL
SELECT hazards('CREATE TABLE t (id int NOT NULL, n int NOT NULL, s text, v varchar(10), d timestamp, p int, e text)');
SELECT hazards(:'t', 'CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE empty (id int NOT NULL, n int NOT NULL, s text, p int);');
-- Keys, unique indexes
SELECT hazards(:'t' || 'ALTER TABLE t ADD PRIMARY KEY (id)');
SELECT hazards(:'t' || 'ALTER TABLE t ADD PRIMARY KEY (n)');
SELECT hazards(:'t' || 'ALTER TABLE t ADD UNIQUE (id); ALTER TABLE t ADD UNIQUE (e, p)');
SELECT hazards(:'t' || 'ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (n)');
SELECT hazards(:'t' || 'CREATE UNIQUE INDEX i ON t (n); CREATE UNIQUE INDEX j ON t ((id + 1)); CREATE INDEX k ON t (n); CREATE UNIQUE INDEX l ON t (p) WHERE id < 3');
SELECT hazards(:'t' || 'ALTER TABLE empty ADD PRIMARY KEY (id); CREATE UNIQUE INDEX i ON empty (n)');
SELECT hazards(:'t' || 'ALTER TABLE t ADD EXCLUDE USING btree (id WITH =)');
-- Checks
SELECT hazards(:'t' || 'ALTER TABLE t ADD CHECK (id > 0), ADD CHECK (n > 1), ADD CHECK (n < 10) NOT VALID');
SELECT hazards(:'t' || 'ALTER TABLE empty ADD CHECK (id > 0)');
-- Foreign keys: p has 0 and 3, which are no parents
SELECT hazards(:'t' || 'ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES parent');
SELECT hazards(:'t' || 'ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES parent NOT VALID');
SELECT hazards(:'t' || 'ALTER TABLE empty ADD FOREIGN KEY (p) REFERENCES parent');
SELECT hazards(:'t' || 'CREATE TABLE new (id int PRIMARY KEY); ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES new');
-- Types
SELECT hazards('CREATE TABLE t (id bigint, n int, s int, v varchar(5), d timestamptz, p text, e text)');
SELECT hazards('CREATE TABLE t (id int, n int, s text, v varchar(20), d timestamp, p int, e varchar)');
SELECT hazards('CREATE TABLE t (id int, n int, s text, v text, d date, p smallint, e char(1))');
ALTER TABLE t ALTER p TYPE numeric(10,2), ALTER n TYPE float8;
UPDATE t SET p = 1.25 WHERE id = 1;
UPDATE t SET n = 0.1 WHERE id = 1;
SELECT hazards('CREATE TABLE t (id bool, n int, s text, v varchar(10), d timestamp(0), p numeric(12,1), e text)');
SELECT hazards('CREATE TABLE t (id float4, n real, s char(5), v varchar(10), d time, p numeric(12,2), e text)');
SELECT hazards('CREATE TABLE t (id float8, n numeric, s text COLLATE "C", v char(10), d timestamp, p numeric, e text)');
CREATE TABLE lists (a varchar(10)[], b int[], c int[], d varchar(10)[], e bit(4));
INSERT INTO lists VALUES ('{a}', '{1}', '{1}', '{b}', B'1010');
SELECT hazards('CREATE TABLE t (id int, n float8, s text, v varchar(10), d timestamp, p numeric(10,2), e text);
    CREATE TABLE lists (a varchar(5)[], b bigint[], c text[], d varchar(20)[], e bit(8))');
DROP TABLE lists;
ALTER TABLE t ALTER p TYPE int, ALTER n TYPE int;
UPDATE t SET n = NULLIF(id % 4, 0), p = id % 4;
SELECT hazards('CREATE TYPE e AS ENUM (''e0'', ''e1''); CREATE TABLE t (id int, n int, s text, v varchar(10), d timestamp, p int, e e)');
SELECT hazards('CREATE TYPE e AS ENUM (''e0''); CREATE TABLE t (id int, n int, s text, v varchar(10), d timestamp, p int, e e)');
SELECT hazards(:'t', 'CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE empty (id bigint, n int, s int, p int);');
-- What is dropped
SELECT hazards('CREATE TABLE t (id int)');
SELECT hazards('', 'CREATE TABLE parent (id int PRIMARY KEY);');
CREATE VIEW view_of_t AS SELECT id FROM t;
CREATE INDEX index_of_t ON t (id);
SELECT hazards(:'t');
DROP VIEW view_of_t;
DROP INDEX index_of_t;
-- Columns that are NOT NULL and new
SELECT hazards(:'t' || 'ALTER TABLE t ADD a int NOT NULL, ADD b int NOT NULL DEFAULT 1, ADD b2 timestamp DEFAULT now(), ADD b3 float8 DEFAULT random(), ADD c int GENERATED ALWAYS AS IDENTITY, ADD d2 int GENERATED ALWAYS AS (id + 1) STORED; ALTER TABLE empty ADD a int NOT NULL');
SELECT sized(upgrade) AS upgrade FROM migrate_autogenerate_sql(:'t' || 'CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE empty (id int, n int, s text, p int, a int NOT NULL); ALTER TABLE t ADD a int NOT NULL');
-- Partitions, storage
SELECT hazards(replace(:'t', ');', ') WITH (fillfactor = 50);') || 'ALTER TABLE t SET UNLOGGED');
SELECT hazards('CREATE TABLE root (id int) PARTITION BY RANGE (id); CREATE TABLE root1 PARTITION OF root FOR VALUES FROM (1) TO (2);' || :'t');
-- Rows are asked as they will be: of another type, made anew, with a default;
-- what the default of a new column satisfies is no hazard
SELECT hazards('CREATE TABLE t (id int, n int GENERATED ALWAYS AS (id / 50) STORED UNIQUE, s text, v varchar(10), d date, p int, e text, CHECK (d > ''2020-01-01''), CHECK (n < 2));');
SELECT hazards(:'t' || 'ALTER TABLE t ADD a int DEFAULT 3 CHECK (a > 0), ADD b text DEFAULT ''x'' CHECK (b <> ''x''), ADD c int CHECK (c > 7), ADD x int DEFAULT 60, ADD CHECK (x > id)');
-- Enums
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE has_e (e e);
INSERT INTO has_e VALUES ('a'), ('c');
SELECT hazards('CREATE TYPE e AS ENUM (''a'', ''c''); CREATE TABLE has_e (e e);' || :'t');
SELECT hazards('CREATE TYPE e AS ENUM (''a'', ''b''); CREATE TABLE has_e (e e);' || :'t');
SELECT hazards('CREATE TYPE e AS ENUM (''a'', ''b'', ''c'', ''d''); CREATE TABLE has_e (e e);' || :'t');
DROP TABLE has_e;
DROP TYPE e;

---------------------------------------------------------------------------
-- In the script: above its statement, and with line breaks taken out
---------------------------------------------------------------------------
CREATE TABLE "a
DROP TABLE t;" (id int);
SELECT sized(upgrade) AS upgrade FROM migrate_autogenerate_sql(replace(:'t', 'n int', 'n int NOT NULL') || 'CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE empty (id int, n int, s text, p int); ALTER TABLE t ADD UNIQUE (p)');
DROP TABLE "a
DROP TABLE t;";
-- The downgrade knows of no rows, but tells what it loses.
SELECT downgrade FROM migrate_autogenerate_sql(:'t' || 'CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE empty (id int, n int, s text, p int); ALTER TABLE t ADD x int; ALTER TABLE t ALTER n SET NOT NULL; CREATE TABLE new ()');

---------------------------------------------------------------------------
-- migrate.safe_constraints
---------------------------------------------------------------------------
SET migrate.safe_constraints = on;
SELECT hazards(:'t' || 'ALTER TABLE t ADD CHECK (id > 0), ADD FOREIGN KEY (p) REFERENCES parent');
SELECT sized(upgrade) AS upgrade FROM migrate_autogenerate_sql(:'t' || 'CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE empty (id int NOT NULL, n int, s text, p int, CHECK (id > 0));
    ALTER TABLE t ADD CHECK (id > 0), ADD FOREIGN KEY (n) REFERENCES parent') \gset
\echo :upgrade
RESET migrate.safe_constraints;
-- The script works once the rows are right.
BEGIN;
INSERT INTO parent VALUES (3);
:upgrade
ROLLBACK;

---------------------------------------------------------------------------
-- What the model has for the whole database, which is not compared
---------------------------------------------------------------------------
\set database 'CREATE FOREIGN DATA WRAPPER regress_mig_w; CREATE SERVER regress_mig_s FOREIGN DATA WRAPPER regress_mig_w; CREATE ACCESS METHOD regress_mig_heap TYPE TABLE HANDLER heap_tableam_handler; CREATE LANGUAGE regress_mig_l HANDLER plpgsql_call_handler;'
\set users 'CREATE FOREIGN TABLE f () SERVER regress_mig_s; CREATE TABLE h () USING regress_mig_heap; CREATE FUNCTION l() RETURNS int LANGUAGE regress_mig_l AS ''RETURN 1'''
SELECT hazards(:'t' || :'database' || :'users');
-- It is there.
BEGIN;
:database
SELECT hazards(:'t' || :'database' || :'users');
ROLLBACK;

---------------------------------------------------------------------------
-- migrate.probe_size: what is larger is not asked
---------------------------------------------------------------------------
SET migrate.probe_size = 0;
SELECT hazards(replace(:'t', 'n int', 'n int NOT NULL') || 'ALTER TABLE t ADD UNIQUE (p)');
SELECT hazards('CREATE TABLE t (id int)');
RESET migrate.probe_size;
SHOW migrate.probe_size;
SET migrate.probe_size = '1kB';
SELECT hazards(replace(:'t', 'n int', 'n int NOT NULL'));
RESET migrate.probe_size;

---------------------------------------------------------------------------
-- A table with rows is not dropped to be created again
---------------------------------------------------------------------------
SELECT upgrade FROM migrate_autogenerate_sql('CREATE TABLE t (id int) PARTITION BY LIST (id)');      -- fails
SELECT operation, object FROM migrate_diff('CREATE TABLE t (id int) PARTITION BY LIST (id)')
    WHERE object = 'mig_app.t';

-- nor is one with partitions that are left alone, rows or not
CREATE TABLE lot (id int, n int) PARTITION BY LIST (id);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (n);
CREATE TABLE lot_11 PARTITION OF lot_1 FOR VALUES IN (1);
SELECT migrate_autogenerate_sql(:'t' || '; CREATE TABLE lot (id int, n int) PARTITION BY RANGE (id)');   -- fails
SELECT migrate_autogenerate_sql(:'t', exclude => '{lot_11}');   -- fails
CREATE TABLE mig_hazard.lot_2 PARTITION OF lot FOR VALUES IN (2);
SELECT migrate_autogenerate_sql(:'t' || '; CREATE TABLE lot (id int, n int) PARTITION BY RANGE (id); CREATE TABLE lot_1 PARTITION OF lot FOR VALUES FROM (1) TO (2)');   -- fails
DROP TABLE lot;
-- or with one that has rows and would be created again, too
CREATE TABLE lot (id int, n int) PARTITION BY LIST (id);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
INSERT INTO lot VALUES (1, 1);
SELECT migrate_autogenerate_sql(:'t' || '; CREATE TABLE lot (id bigint, n int) PARTITION BY LIST (id); CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (n)');   -- fails
DROP TABLE lot;
---------------------------------------------------------------------------
-- Who may not read the rows is told so
---------------------------------------------------------------------------
SET client_min_messages = warning;
CREATE ROLE regress_mig_owner;
GRANT USAGE ON SCHEMA mig_hazard TO regress_mig_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_hazard TO regress_mig_owner;
ALTER SCHEMA mig_app OWNER TO regress_mig_owner;
ALTER TABLE t OWNER TO regress_mig_owner;
RESET client_min_messages;
SET ROLE regress_mig_owner;
SELECT hazards('CREATE TABLE t (id int NOT NULL)', '');
RESET ROLE;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
SET ROLE regress_mig_owner;
SELECT hazards('CREATE TABLE t (id int, n int NOT NULL, s text, v varchar(10), d timestamp, p int, e text)', 'CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE empty (id int, n int, s text, p int);');
RESET ROLE;

---------------------------------------------------------------------------
-- Clean up
---------------------------------------------------------------------------
SET client_min_messages = warning;
DROP SCHEMA mig_app, mig_hazard CASCADE;
DROP ROLE regress_mig_owner;
