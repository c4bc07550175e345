--
-- What an extension has in a schema of the model: the model sees it as it is,
-- and it is afterwards where it was
--
SET client_min_messages = warning;
CREATE SCHEMA mig_members;
CREATE SCHEMA mig_app;
CREATE EXTENSION pg_migrations SCHEMA mig_members;
SET search_path = mig_app, mig_members;

-- plpgsql is an extension that every server has
CREATE TABLE lookup (id serial PRIMARY KEY, code text UNIQUE CHECK (code <> ''),
    parent int REFERENCES lookup, number int GENERATED ALWAYS AS IDENTITY);
CREATE VIEW codes AS SELECT code FROM lookup;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM lookup;
CREATE TYPE mood AS ENUM ('ok');
CREATE TYPE pair AS (a int, b mood);
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER EXTENSION plpgsql ADD TABLE lookup;
ALTER EXTENSION plpgsql ADD SEQUENCE lookup_id_seq;
ALTER EXTENSION plpgsql ADD VIEW codes;
ALTER EXTENSION plpgsql ADD MATERIALIZED VIEW kept;
ALTER EXTENSION plpgsql ADD TYPE mood;
ALTER EXTENSION plpgsql ADD TYPE pair;
ALTER EXTENSION plpgsql ADD FUNCTION f();
CREATE TABLE app (id int REFERENCES lookup, m mood);

CREATE VIEW places AS
    SELECT pg_describe_object(classid, objid, 0) AS object, deptype FROM pg_depend
    WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'mig_app'::regnamespace
    UNION ALL
    SELECT format('constraint %s in %s', conname, connamespace::regnamespace), contype FROM pg_constraint
    WHERE conrelid IN ('mig_app.lookup'::regclass, 'mig_app.app'::regclass)
    ORDER BY 1;
CREATE TABLE mig_members.before AS SELECT * FROM places;

SELECT operation, kind, object FROM migrate_diff('CREATE TABLE app (id int REFERENCES lookup, m mood)',
    include => '{mig_app}', exclude => '{mig_app.places}');
SELECT upgrade FROM migrate_autogenerate_sql('CREATE TABLE app (id int REFERENCES lookup (id), m mood, p pair DEFAULT (f(), ''ok''));
    CREATE INDEX ON app (p);
    CREATE VIEW v AS SELECT * FROM codes JOIN lookup USING (code) JOIN kept USING (id)',
    include => '{mig_app}', exclude => '{mig_app.places}');
-- the model may use it, not change it
SELECT migrate_check('CREATE TABLE app (id int); ALTER TABLE lookup ADD COLUMN more int', include => '{mig_app}'); -- fails
SELECT migrate_check('CREATE TABLE lookup (id int)', include => '{mig_app}'); -- fails

(TABLE places EXCEPT ALL TABLE mig_members.before) UNION ALL (TABLE mig_members.before EXCEPT ALL TABLE places);
INSERT INTO lookup (code) VALUES ('a');
SELECT * FROM lookup;

ALTER EXTENSION plpgsql DROP TABLE lookup;
ALTER EXTENSION plpgsql DROP SEQUENCE lookup_id_seq;
ALTER EXTENSION plpgsql DROP VIEW codes;
ALTER EXTENSION plpgsql DROP MATERIALIZED VIEW kept;
ALTER EXTENSION plpgsql DROP TYPE mood;
ALTER EXTENSION plpgsql DROP TYPE pair;
ALTER EXTENSION plpgsql DROP FUNCTION f();
DROP SCHEMA mig_app, mig_members CASCADE;
