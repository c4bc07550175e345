--
-- Proofs of a part of the schema: what is in the way elsewhere does not matter,
-- and what is reached does.  A build with assertions holds each of them
-- against a proof of the whole schema.
--
SET client_min_messages = warning;
CREATE SCHEMA mig_slice;
CREATE EXTENSION pg_migrations SCHEMA mig_slice;
CREATE ROLE regress_mig_slice;
CREATE ROLE regress_mig_slice_other;
CREATE SCHEMA mig_app;
SET search_path = mig_app, mig_slice;
\pset format unaligned
\pset tuples_only on

-- the model: a schema of which each change below touches little
CREATE FUNCTION model(change text DEFAULT NULL, by text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE
    ddl text := $$
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN amount AS numeric CHECK (VALUE >= 0);
CREATE SEQUENCE tickets;
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1';
CREATE FUNCTION calls_twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT twice($1)';
CREATE FUNCTION looks() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM pg_class); END';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE hub (id int PRIMARY KEY, code text UNIQUE, kind mood DEFAULT 'sad');
CREATE TABLE spoke (id serial PRIMARY KEY, hub int CONSTRAINT spoke_hub REFERENCES hub, price amount, part pair);
CREATE TABLE far (id int PRIMARY KEY, spoke int CONSTRAINT far_spoke REFERENCES spoke, n int DEFAULT nextval('tickets'), k int CHECK (k > calls_twice(1)));
CREATE TABLE lone (a int, b text, c int DEFAULT 1);
CREATE INDEX lone_a ON lone (a);
CREATE INDEX lone_twice ON lone (twice(a));
CREATE TABLE watched (a int DEFAULT looks());
CREATE TABLE "Odd ""name" (a int);
CREATE TABLE measure (at date NOT NULL, v int) PARTITION BY RANGE (at);
CREATE TABLE measure_1 PARTITION OF measure FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE measure_2 PARTITION OF measure FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE ledger (id int NOT NULL, at date NOT NULL, hub int REFERENCES hub, n int CHECK (n > calls_twice(1)), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX ledger_hub ON ledger (hub);
CREATE TRIGGER touch BEFORE UPDATE ON ledger FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE ledger_1 PARTITION OF ledger FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX ledger_1_n ON ledger_1 (n);
CREATE TABLE ledger_rest PARTITION OF ledger DEFAULT;
CREATE TABLE entry (id int, at date, FOREIGN KEY (id, at) REFERENCES ledger);
CREATE TABLE animal (name text, legs int);
CREATE TABLE cat (color text) INHERITS (animal);
CREATE VIEW cats AS SELECT name, legs FROM cat;
CREATE VIEW hubs AS SELECT id, code FROM hub;
CREATE VIEW hubs_again AS SELECT code FROM hubs WHERE code > 'a';
CREATE MATERIALIZED VIEW spokes AS SELECT hub, count(*) AS n FROM spoke GROUP BY hub;
CREATE TRIGGER touch BEFORE UPDATE ON lone FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY own ON far USING (k > 0);
$$;
BEGIN
    IF change IS NOT NULL AND strpos(ddl, change) = 0 THEN
        RAISE EXCEPTION 'not in the model: %', change;
    END IF;
    RETURN (SELECT string_agg(format('CREATE TABLE other_%s (%s int);', i, (SELECT string_agg('c' || c, ' int, ' ORDER BY c) FROM generate_series(1, 50) c)), E'\n') FROM generate_series(1, 8) i)
        || CASE WHEN change IS NULL THEN ddl || COALESCE(by, '') ELSE replace(ddl, change, by) END;
END $f$;
ALTER FUNCTION model SET SCHEMA mig_slice;
SELECT model() AS ddl \gset
SET client_min_messages = error;
:ddl
-- what a change comes to
CREATE FUNCTION mig_slice.try(change text, by text, rights text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    script text;
    detail text;
BEGIN
    SELECT upgrade INTO script FROM migrate_autogenerate_sql(model(change, by) || rights, include => '{mig_app}');
    RETURN CASE WHEN script LIKE '-- NOT PROVEN%' THEN split_part(script, E'\n', 1) WHEN script = '' THEN 'no difference' ELSE 'proven' END;
EXCEPTION WHEN SQLSTATE 'MG044' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN SQLERRM || ' ' || detail;
END $$;

CREATE TABLE mig_slice.changes (n int GENERATED ALWAYS AS IDENTITY, change text, by text);
INSERT INTO mig_slice.changes (change, by) VALUES
    ('lone (a int, b text', 'lone (a int, b text, d int'),
    ('c int DEFAULT 1', 'c bigint DEFAULT 1'),
    ('b text, c int DEFAULT 1', 'b text'),
    ('lone_a ON lone (a)', 'lone_a ON lone (a DESC)'),
    ('code text UNIQUE', 'code varchar(20) UNIQUE'),
    ('code text UNIQUE', 'code text'),
    ('hub (id int PRIMARY KEY', 'hub (id bigint PRIMARY KEY'),
    ('''sad'', ''happy''', '''sad'', ''ok'', ''happy'''),
    ('''sad'', ''happy''', '''sad'''),
    ('VALUE >= 0', 'VALUE > 0'),
    ('pair AS (a int', 'pair AS (a int, c int'),
    ('spoke_hub REFERENCES hub', 'spoke_hub REFERENCES hub ON DELETE CASCADE'),
    ('nextval(''tickets'')', '0'),
    ('SELECT 2 * $1', 'SELECT $1 + $1'),
    ('twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS ''SELECT 2 * $1''', 'twice(int) RETURNS int LANGUAGE sql STRICT IMMUTABLE AS ''SELECT 2 * $1'''),
    ('measure (at date NOT NULL, v int', 'measure (at date NOT NULL, v bigint'),
    ('2022-01-01', '2023-01-01'),
    ('legs int)', 'legs bigint)'),
    ('SELECT id, code FROM hub', 'SELECT id, code, kind FROM hub'),
    ('SELECT id, code FROM hub', 'SELECT code FROM hub'),
    ('BEFORE UPDATE ON lone', 'BEFORE UPDATE OF a ON lone'),
    ('USING (k > 0)', 'USING (k > 1 AND EXISTS (SELECT FROM lone WHERE lone.a = k))'),
    ('count(*) AS n', 'count(*) AS m'),
    ('"Odd ""name" (a int)', '"Odd ""name" (a text)'),
    (NULL, 'CREATE TABLE fresh (id int PRIMARY KEY, hub int REFERENCES hub, lone int DEFAULT twice(3));'),
    (NULL, 'CREATE TABLE fresh (LIKE lone INCLUDING ALL);'),
    (NULL, 'CREATE TABLE measure_3 PARTITION OF measure FOR VALUES FROM (''2022-01-01'') TO (''2023-01-01'');'),
    (NULL, 'CREATE FUNCTION fresh() RETURNS bigint LANGUAGE sql AS ''SELECT count(*) FROM hubs_again'';'),
    (NULL, 'COMMENT ON TABLE spoke IS ''as other_8'';'),
    (NULL, 'ALTER TABLE lone ADD UNIQUE (b), ADD FOREIGN KEY (a) REFERENCES far;'),
    (NULL, 'CREATE TABLE ledger_2 PARTITION OF ledger (n DEFAULT 9) FOR VALUES FROM (''2022-01-01'') TO (''2023-01-01'') PARTITION BY LIST (id); CREATE TABLE ledger_2_1 PARTITION OF ledger_2 FOR VALUES IN (1); CREATE INDEX ledger_2_n ON ledger_2 (n);');

---------------------------------------------------------------------------
-- All of them are proven
---------------------------------------------------------------------------
SELECT concat_ws(' -> ', change, by), '  ' || try(change, by) FROM changes ORDER BY n;

---------------------------------------------------------------------------
-- What cannot be built is not in the way of changes elsewhere
---------------------------------------------------------------------------
-- an object that nobody can build again: others than its owner have granted
SET migrate.compare = 'privileges';
GRANT USAGE ON SCHEMA mig_app TO regress_mig_slice;
GRANT SELECT ON other_8 TO regress_mig_slice WITH GRANT OPTION;
SET ROLE regress_mig_slice;
GRANT SELECT ON other_8 TO regress_mig_slice_other;
RESET ROLE;
\set rights 'GRANT USAGE ON SCHEMA mig_app TO regress_mig_slice; GRANT SELECT ON other_8 TO regress_mig_slice WITH GRANT OPTION; SET ROLE regress_mig_slice; GRANT SELECT ON other_8 TO regress_mig_slice_other; RESET ROLE;'

SELECT concat_ws(' -> ', change, by), '  ' || try(change, by, :'rights') FROM changes WHERE n % 4 = 1 ORDER BY n;

---------------------------------------------------------------------------
-- It is where they reach it, or may reach it
---------------------------------------------------------------------------
SELECT by, '  ' || try(change, by, :'rights') FROM (VALUES
    (NULL, 'ALTER TABLE other_8 ADD d int;'),
    (NULL, 'ALTER TABLE other_8 ADD PRIMARY KEY (c1); ALTER TABLE lone ADD FOREIGN KEY (a) REFERENCES other_8;'),
    (NULL, 'CREATE VIEW fresh AS SELECT c1 FROM other_8;'),
    (NULL, 'CREATE FUNCTION fresh() RETURNS bigint LANGUAGE sql AS ''SELECT count(*) FROM other_8'';'),
    ('watched (a int', 'watched (a bigint'),
    ('id serial PRIMARY KEY', 'id int PRIMARY KEY')
) AS v (change, by);

-- of the partitions of a table none but the new one
GRANT SELECT ON measure_1 TO regress_mig_slice WITH GRANT OPTION;
SET ROLE regress_mig_slice;
GRANT SELECT ON measure_1 TO regress_mig_slice_other;
RESET ROLE;
\set rights :rights 'GRANT SELECT ON measure_1 TO regress_mig_slice WITH GRANT OPTION; SET ROLE regress_mig_slice; GRANT SELECT ON measure_1 TO regress_mig_slice_other; RESET ROLE;'
SELECT by, '  ' || try(change, by, :'rights') FROM (VALUES
    (NULL, 'CREATE TABLE measure_3 PARTITION OF measure FOR VALUES FROM (''2022-01-01'') TO (''2023-01-01'');'),
    (NULL, 'ALTER TABLE measure ADD d int;')
) AS v (change, by);

SET client_min_messages = warning;
DROP SCHEMA mig_app, mig_slice CASCADE;
DROP ROLE regress_mig_slice, regress_mig_slice_other;
