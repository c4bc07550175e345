--
-- migrate_drift() names the revisions that build something by rows: in a
-- replay there are no others than those that revisions write.
--
SET client_min_messages = warning;
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
SET search_path = public, mig;

SELECT migrate_revision('tables', 'CREATE TABLE tenant (name text PRIMARY KEY); CREATE TABLE part (id int PRIMARY KEY, tenant text)',
    '', rev_id => 'r01');
SELECT migrate_revision('of rows', $$
DO $do$
DECLARE
    one text;
BEGIN
    FOR one IN SELECT name FROM tenant LOOP
        EXECUTE format('CREATE TABLE %I ()', one);
    END LOOP;
    IF EXISTS (SELECT FROM tenant) THEN
        ALTER TABLE part ADD is_old boolean;
    END IF;
    CREATE TABLE of_do ();
END
$do$
$$, '', rev_id => 'r02');
SELECT migrate_revision('a function', $$
CREATE FUNCTION grow() RETURNS void LANGUAGE plpgsql AS $f$
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM part LIMIT 5) AS p) > 4 THEN
        CREATE INDEX part_tenant ON part (tenant);
    END IF;
    COMMENT ON TABLE part IS 'grown';
END
$f$;
SELECT grow()
$$, '', rev_id => 'r03');
SELECT migrate_revision('a trigger', $$
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
    n int;
BEGIN
    WITH t AS (SELECT FROM tenant) SELECT count(*) INTO n FROM t;
    EXECUTE format('CREATE TABLE note_%s ()', n);
    RETURN NULL;
END
$f$;
CREATE TRIGGER note AFTER INSERT ON part FOR EACH STATEMENT EXECUTE FUNCTION note();
INSERT INTO part VALUES (1, 'none');
DROP TRIGGER note ON part
$$, '', rev_id => 'r04');

-- none of these
SELECT migrate_revision('catalogs', $$
DO $do$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'part_pkey') THEN
        CREATE TABLE never ();
    END IF;
    IF NOT EXISTS (SELECT FROM information_schema.columns WHERE column_name = 'kind') THEN
        ALTER TABLE part ADD kind text;
    END IF;
END
$do$
$$, '', rev_id => 'r05');
SELECT migrate_revision('the server reads', $$
DO $do$
BEGIN
    UPDATE part SET tenant = NULL WHERE tenant NOT IN (SELECT name FROM tenant);
    INSERT INTO tenant SELECT DISTINCT tenant FROM part WHERE tenant IS NOT NULL;
    ALTER TABLE part ADD FOREIGN KEY (tenant) REFERENCES tenant;
    CREATE TABLE copied AS SELECT name FROM tenant;
    ALTER TABLE part ADD CHECK (id > 0);
END
$do$
$$, '', rev_id => 'r06');
SELECT migrate_revision('one, then the other', $$
DO $do$ BEGIN PERFORM FROM tenant; END $do$;
ALTER TABLE part ADD later int;
SELECT count(*) FROM part;
CREATE TABLE of_none ()
$$, '', rev_id => 'r07');

-- tenants come in between
SELECT count(*) FROM migrate_upgrade('r01');
INSERT INTO tenant VALUES ('acme');
SELECT count(*) FROM migrate_upgrade();
SET client_min_messages = notice;
SELECT operation, kind, object FROM migrate_drift();
SELECT migrate_drift(strict => true);

-- and is nothing said of where nothing differs
DROP TABLE acme, note_1;
ALTER TABLE part DROP is_old;
CREATE TABLE note_0 ();
SELECT migrate_drift();

SET client_min_messages = warning;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig CASCADE;
DROP TABLE part, tenant, of_do, of_none, copied, note_0 CASCADE;
DROP FUNCTION grow, note;
