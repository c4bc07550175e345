--
-- Whether a database stands in the catalogs as the model did
--
SET client_min_messages = warning;
CREATE SCHEMA mig_imprint;
CREATE EXTENSION pg_migrations SCHEMA mig_imprint;
CREATE ROLE regress_mig_imprint;
SET search_path = mig_imprint_app, mig_imprint;
\pset format unaligned
\pset tuples_only on

-- Is rolled back.
CREATE FUNCTION mig_imprint.after(change text, level text DEFAULT 'warning') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text := 'agrees';
BEGIN
    BEGIN
        EXECUTE change;
        PERFORM set_config('client_min_messages', level, true);
        PERFORM mig_imprint.migrate_check();
    EXCEPTION WHEN SQLSTATE 'MG021' THEN
        answer := 'differs';
    END;
    SET LOCAL client_min_messages = warning;
    RAISE SQLSTATE 'ROLLB' USING MESSAGE = answer;
EXCEPTION WHEN SQLSTATE 'ROLLB' THEN
    RETURN SQLERRM;
END $$;

SELECT $$
CREATE SCHEMA mig_imprint_app;
COMMENT ON SCHEMA mig_imprint_app IS 'of the model';
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN amount AS numeric DEFAULT 1 CHECK (VALUE >= 0);
CREATE TYPE span AS RANGE (subtype = int4);
CREATE COLLATION plain (provider = libc, locale = 'C');
CREATE SEQUENCE counter INCREMENT 2;
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FUNCTION twice(text, n int DEFAULT 2) RETURNS text LANGUAGE sql IMMUTABLE RETURN repeat($1, n);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE FUNCTION less(mood, mood) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1::text < $2::text';
CREATE OPERATOR <<< (FUNCTION = less, LEFTARG = mood, RIGHTARG = mood);
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text UNIQUE);
CREATE TABLE item (
    id serial PRIMARY KEY, parent bigint REFERENCES parent ON DELETE CASCADE, code text COLLATE plain,
    name text NOT NULL DEFAULT 'x', note text, n int CHECK (n > 0), m mood DEFAULT 'ok', p pair, a amount, s span,
    double int GENERATED ALWAYS AS (n * 2) STORED, next int DEFAULT nextval('counter'), UNIQUE (n, code))
    WITH (toast.autovacuum_enabled = off);
COMMENT ON TABLE item IS 'a table';
COMMENT ON COLUMN item.n IS 'a column';
CREATE INDEX item_lower ON item (lower(name), n) WHERE n > 1;
CREATE INDEX item_m ON item (m);
ALTER TABLE item ALTER COLUMN note SET STATISTICS 10;
CREATE STATISTICS item_stats ON n, lower(name) FROM item;
ALTER TABLE item ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON item TO regress_mig_imprint USING (n > 2);
CREATE TRIGGER noted BEFORE UPDATE OF n ON item FOR EACH ROW WHEN (NEW.n > 1) EXECUTE FUNCTION noted();
CREATE RULE quiet AS ON DELETE TO parent WHERE OLD.code = 'kept' DO INSTEAD NOTHING;
CREATE VIEW items AS SELECT i.id, p.code FROM item i JOIN parent p ON p.id = i.parent;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM item WITH NO DATA;
CREATE TABLE base (a int, b text);
CREATE TABLE child (c int) INHERITS (base);
CREATE TABLE event (at date, item int REFERENCES item) PARTITION BY RANGE (at);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX event_item ON event (item);
CREATE TABLE keyed (k int PRIMARY KEY) PARTITION BY LIST (k);
CREATE TABLE keyed_1 PARTITION OF keyed FOR VALUES IN (1);
CREATE SCHEMA mig_imprint_two;
CREATE TABLE mig_imprint_two.note (id int REFERENCES item);
$$ AS model \gset
:model
SELECT migrate_set_model(:'model');

SELECT mig_imprint.after('SELECT', 'debug1');
SET client_min_messages = debug1;
SELECT * FROM migrate_diff();
SET client_min_messages = warning;

---------------------------------------------------------------------------
-- Nothing of this matters
---------------------------------------------------------------------------
SELECT mig_imprint.after(change, 'debug1') FROM (VALUES
    ('ALTER TABLE item ADD gone int; ALTER TABLE item DROP gone'),
    ('ALTER TABLE item DROP note; ALTER TABLE item ADD note text; ALTER TABLE item ALTER note SET STATISTICS 10'),
    ('ANALYZE item'),
    ('GRANT SELECT ON item TO PUBLIC'),
    ('ALTER TABLE base OWNER TO regress_mig_imprint'),
    ('DROP INDEX item_m; CREATE INDEX item_m ON item (m)'),
    ('CREATE OR REPLACE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS ''SELECT $1 * 2'''),
    ('INSERT INTO base VALUES (1)'),
    ('DROP TABLE keyed_1; CREATE TABLE keyed_1 (k int CONSTRAINT keyed_k_not_null NOT NULL CONSTRAINT keyed_1_pkey PRIMARY KEY);'
     'ALTER TABLE keyed ATTACH PARTITION keyed_1 FOR VALUES IN (1)'),
    ('CREATE TEMP TABLE item ()')) c (change);
-- this does, and only a comparison of all can tell that nothing differs
SELECT mig_imprint.after(change, 'debug1') FROM (VALUES
    ('CREATE TABLE alembic_version ()'),
    ('REFRESH MATERIALIZED VIEW counted'),
    ('SET migrate.exclude = ''nothing''')) c (change);

---------------------------------------------------------------------------
-- Each of these does
---------------------------------------------------------------------------
SELECT change || ': ' || mig_imprint.after(change) FROM (VALUES
    ('COMMENT ON SCHEMA mig_imprint_app IS NULL'),
    ('COMMENT ON TABLE item IS NULL'),
    ('COMMENT ON COLUMN item.n IS NULL; COMMENT ON COLUMN item.name IS ''a column'''),
    ('COMMENT ON TRIGGER noted ON item IS ''new'''),
    ('COMMENT ON FUNCTION twice(int) IS ''new'''),
    ('COMMENT ON CONSTRAINT item_n_check ON item IS ''new'''),
    ('ALTER TYPE mood RENAME VALUE ''ok'' TO ''fine'''),
    ('ALTER TYPE mood ADD VALUE ''great'''),
    ('ALTER TYPE pair ADD ATTRIBUTE c int'),
    ('ALTER TYPE pair RENAME ATTRIBUTE a TO c'),
    ('ALTER DOMAIN amount SET DEFAULT 2'),
    ('ALTER DOMAIN amount SET NOT NULL'),
    ('ALTER DOMAIN amount DROP CONSTRAINT amount_check; ALTER DOMAIN amount ADD CONSTRAINT amount_check CHECK (VALUE >= 1)'),
    ('ALTER SEQUENCE counter INCREMENT 3'),
    ('ALTER SEQUENCE counter OWNED BY item.n'),
    ('ALTER SEQUENCE item_id_seq OWNED BY NONE'),
    ('ALTER TABLE parent ALTER id SET GENERATED BY DEFAULT'),
    ('ALTER TABLE parent ALTER id SET INCREMENT 5'),
    ('CREATE OR REPLACE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS ''SELECT $1 + $1'''),
    ('CREATE OR REPLACE FUNCTION twice(text, n int DEFAULT 3) RETURNS text LANGUAGE sql IMMUTABLE RETURN repeat($1, n)'),
    ('CREATE OR REPLACE FUNCTION twice(text, n int DEFAULT 2) RETURNS text LANGUAGE sql IMMUTABLE RETURN repeat($1, n + 0)'),
    ('ALTER FUNCTION twice(int) VOLATILE'),
    ('ALTER FUNCTION twice(int) SET search_path = public'),
    ('CREATE FUNCTION twice(bigint) RETURNS int LANGUAGE sql AS ''SELECT 1'''),
    ('DROP AGGREGATE total(int); CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = ''1'')'),
    ('DROP OPERATOR <<< (mood, mood)'),
    ('ALTER TEXT SEARCH CONFIGURATION words DROP MAPPING FOR word'),
    ('ALTER TABLE item DROP CONSTRAINT item_n_check; ALTER TABLE item ADD CONSTRAINT item_n_check CHECK (n > 0) NO INHERIT'),
    ('ALTER TABLE item ALTER name DROP NOT NULL'),
    ('ALTER TABLE item ALTER name SET DEFAULT ''y'''),
    ('ALTER TABLE item ALTER next SET DEFAULT nextval(''item_id_seq'')'),
    ('ALTER TABLE item ALTER name TYPE varchar(5)'),
    ('ALTER TABLE item ALTER code TYPE text COLLATE "C"'),
    ('ALTER TABLE item ALTER note SET STORAGE EXTERNAL'),
    ('ALTER TABLE item ALTER note SET STATISTICS 11'),
    ('ALTER TABLE item ALTER note SET (n_distinct = 3)'),
    ('ALTER TABLE item RENAME note TO notes'),
    ('ALTER TABLE item ADD more int'),
    ('ALTER TABLE item DROP note'),
    ('ALTER TABLE item SET (fillfactor = 50)'),
    ('ALTER TABLE item RESET (toast.autovacuum_enabled)'),
    ('ALTER TABLE item REPLICA IDENTITY FULL'),
    ('ALTER TABLE item CLUSTER ON item_m'),
    ('ALTER TABLE item FORCE ROW LEVEL SECURITY'),
    ('ALTER TABLE item DISABLE TRIGGER noted'),
    ('ALTER TABLE child NO INHERIT base'),
    ('ALTER TABLE event DETACH PARTITION event_1'),
    ('ALTER TABLE item DROP CONSTRAINT item_n_check, ADD CONSTRAINT item_n_check CHECK (n > 1)'),
    ('ALTER TABLE item DROP CONSTRAINT item_n_check, ADD CONSTRAINT item_n_check CHECK (n > 0) NOT VALID'),
    ('ALTER TABLE item DROP CONSTRAINT item_parent_fkey, ADD CONSTRAINT item_parent_fkey FOREIGN KEY (parent) REFERENCES parent'),
    ('ALTER TABLE item ALTER CONSTRAINT item_parent_fkey DEFERRABLE'),
    ('ALTER TABLE item DROP CONSTRAINT item_n_code_key, ADD CONSTRAINT item_n_code_key UNIQUE (code, n)'),
    ('DROP INDEX item_lower; CREATE INDEX item_lower ON item (lower(code), n) WHERE n > 1'),
    ('DROP INDEX item_lower; CREATE INDEX item_lower ON item (lower(name), n) WHERE n > 2'),
    ('DROP INDEX item_lower; CREATE INDEX item_lower ON item (lower(name), n DESC) WHERE n > 1'),
    ('DROP INDEX item_lower; CREATE INDEX item_lower ON item (lower(name), double) WHERE n > 1'),
    ('DROP INDEX item_m; CREATE UNIQUE INDEX item_m ON item (m)'),
    ('DROP INDEX item_m; CREATE INDEX item_m ON item USING hash (m)'),
    ('ALTER INDEX item_lower ALTER COLUMN 1 SET STATISTICS 7'),
    ('ALTER INDEX item_m SET (fillfactor = 50)'),
    ('DROP INDEX event_item; CREATE INDEX event_item ON ONLY event (item); CREATE INDEX event_1_item_idx ON event_1 (item)'),
    ('ALTER STATISTICS item_stats SET STATISTICS 5'),
    ('DROP STATISTICS item_stats; CREATE STATISTICS item_stats ON n, lower(code) FROM item'),
    ('ALTER POLICY mine ON item USING (n > 3)'),
    ('ALTER POLICY mine ON item TO PUBLIC'),
    ('CREATE OR REPLACE TRIGGER noted BEFORE UPDATE OF n ON item FOR EACH ROW WHEN (NEW.n > 2) EXECUTE FUNCTION noted()'),
    ('CREATE OR REPLACE TRIGGER noted BEFORE UPDATE OF m ON item FOR EACH ROW WHEN (NEW.n > 1) EXECUTE FUNCTION noted()'),
    ('CREATE OR REPLACE TRIGGER noted BEFORE UPDATE OF n ON item FOR EACH ROW WHEN (NEW.n > 1) EXECUTE FUNCTION noted(''x'')'),
    ('CREATE OR REPLACE RULE quiet AS ON DELETE TO parent WHERE OLD.code = ''other'' DO INSTEAD NOTHING'),
    ('ALTER TABLE parent DISABLE RULE quiet'),
    ('CREATE OR REPLACE VIEW items AS SELECT i.id, p.code FROM item i LEFT JOIN parent p ON p.id = i.parent'),
    ('ALTER VIEW items SET (security_barrier = true)'),
    ('ALTER VIEW items ALTER id SET DEFAULT 1'),
    ('DROP MATERIALIZED VIEW counted; CREATE MATERIALIZED VIEW counted AS SELECT count(*) + 1 AS n FROM item WITH NO DATA'),
    ('ALTER TABLE base SET UNLOGGED'),
    ('CREATE TABLE added ()'),
    ('DROP TABLE child'),
    ('DROP TABLE mig_imprint_two.note'),
    ('DROP SCHEMA mig_imprint_two CASCADE')) c (change);

SET client_min_messages = warning;
RESET search_path;
DROP SCHEMA mig_imprint_app, mig_imprint_two, mig_imprint CASCADE;
DROP ROLE regress_mig_imprint;
