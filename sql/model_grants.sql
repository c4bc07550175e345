--
-- Privileges on members of extensions: what differs from those that the
-- extension has given is compared with privileges
--
SET client_min_messages = warning;
SET migrate.compare = 'privileges';
CREATE ROLE regress_mig_grants;
CREATE ROLE "regress_mig_grants Two";
CREATE SCHEMA mig_grants;
CREATE SCHEMA mig_app;
CREATE EXTENSION pg_migrations SCHEMA mig_grants;
SET search_path = mig_app, mig_grants;

-- plpgsql is an extension that every server has
CREATE TABLE lookup (id serial PRIMARY KEY, "Code" text);
CREATE VIEW codes AS SELECT "Code" FROM lookup;
CREATE TYPE mood AS ENUM ('ok');
CREATE FUNCTION f(a int, VARIADIC b mood[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(INOUT a int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total(ORDER BY int) (sfunc = int4pl, stype = int, finalfunc = int4abs);
REVOKE EXECUTE ON FUNCTION f FROM PUBLIC;
GRANT SELECT ("Code") ON codes TO PUBLIC;
ALTER EXTENSION plpgsql ADD TABLE lookup;
ALTER EXTENSION plpgsql ADD SEQUENCE lookup_id_seq;
ALTER EXTENSION plpgsql ADD VIEW codes;
ALTER EXTENSION plpgsql ADD TYPE mood;
ALTER EXTENSION plpgsql ADD FUNCTION f(int, mood[]);
ALTER EXTENSION plpgsql ADD PROCEDURE p(int);
ALTER EXTENSION plpgsql ADD AGGREGATE total(ORDER BY int);

-- as the extension has made them
SELECT migrate_check('CREATE TABLE app (id int)', include => '{mig_app}'); -- fails: a table

\set model 'GRANT SELECT ON lookup TO regress_mig_grants WITH GRANT OPTION; GRANT UPDATE ("Code") ON lookup TO "regress_mig_grants Two"; GRANT USAGE ON SEQUENCE lookup_id_seq TO regress_mig_grants; REVOKE SELECT ("Code") ON codes FROM PUBLIC; REVOKE USAGE ON TYPE mood FROM PUBLIC; GRANT EXECUTE ON FUNCTION f TO PUBLIC; REVOKE ALL ON PROCEDURE p FROM PUBLIC, CURRENT_USER; GRANT EXECUTE ON PROCEDURE p TO regress_mig_grants; GRANT EXECUTE ON FUNCTION total(int) TO regress_mig_grants; CREATE TABLE app (id int);'
SELECT operation, object, hazard FROM migrate_diff(:'model', include => '{mig_app}') WHERE kind = 'grants on member';
\pset tuples_only on
\pset format unaligned
SELECT replace(upgrade, current_user, 'OWNER') AS upgrade, '--', replace(downgrade, current_user, 'OWNER') AS downgrade
    FROM migrate_autogenerate_sql(:'model', include => '{mig_app}');
\set ECHO none
SELECT upgrade FROM migrate_autogenerate_sql(:'model', include => '{mig_app}') \gexec
\set ECHO all
\pset format aligned
\pset tuples_only off
SET client_min_messages = notice;
SELECT migrate_check(:'model', include => '{mig_app}');
-- unless they are compared, they stay
SET migrate.compare = '';
SELECT migrate_check('CREATE TABLE app (id int); GRANT USAGE ON TYPE mood TO regress_mig_grants', include => '{mig_app}');
SET migrate.compare = 'privileges';
SET client_min_messages = warning;

-- some differ from what was; others are left alone
SELECT operation, object, upgrade FROM migrate_diff('CREATE TABLE app (id int);
    GRANT SELECT ON lookup TO regress_mig_grants; GRANT UPDATE ("Code") ON lookup TO regress_mig_grants;
    GRANT EXECUTE ON FUNCTION total(int) TO regress_mig_grants', include => '{mig_app}', exclude => '{mig_app.p, mig_app.f}');

-- a privilege on a column is enough for a warning, a name is not
SELECT object, hazard FROM migrate_diff('CREATE TABLE app (id int);
    CREATE TABLE open (id int); GRANT SELECT (id) ON open TO PUBLIC;
    CREATE TABLE "a TO PUBLIC" (id int); GRANT SELECT ON "a TO PUBLIC" TO regress_mig_grants', include => '{mig_app}') WHERE kind = 'table';

-- whoever does not own a member sees none of it, and gets no right by looking
ALTER SCHEMA mig_app OWNER TO regress_mig_grants;
ALTER TABLE app OWNER TO regress_mig_grants;
GRANT USAGE ON SCHEMA mig_grants TO regress_mig_grants;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_grants TO regress_mig_grants;
REVOKE EXECUTE ON PROCEDURE p FROM regress_mig_grants;
SET ROLE regress_mig_grants;
SELECT operation, object FROM migrate_diff('CREATE TABLE app (id int)', include => '{mig_app}');
SELECT operation, object FROM migrate_diff('CREATE TABLE app (id int); DO $$DECLARE a int; BEGIN CALL p(a); END$$', include => '{mig_app}'); -- fails
SELECT operation, object FROM migrate_diff('CREATE TABLE app (id int); GRANT EXECUTE ON PROCEDURE p TO PUBLIC', include => '{mig_app}'); -- fails
RESET ROLE;

-- members that are in no schema are the database's: languages, with those of
-- extensions in the server's own schema; what the model does not say stays
-- where it does not say what the database has
SET migrate.compare = 'privileges, database';
SELECT operation, object, upgrade FROM migrate_diff('GRANT USAGE ON LANGUAGE plpgsql TO regress_mig_grants; CREATE TABLE app (id int)', include => '{mig_app}') WHERE object ~ 'plpgsql';
GRANT USAGE ON LANGUAGE plpgsql TO regress_mig_grants;
SELECT operation, object, upgrade FROM migrate_diff('CREATE TABLE app (id int)', include => '{mig_app}') WHERE object ~ 'plpgsql';
SELECT operation, object, upgrade FROM migrate_diff('GRANT USAGE ON LANGUAGE plpgsql TO regress_mig_grants; CREATE TABLE app (id int)', include => '{mig_app}') WHERE object ~ 'plpgsql';
SET migrate.compare = 'privileges';
SELECT operation, object, upgrade FROM migrate_diff('CREATE TABLE app (id int)', include => '{mig_app}') WHERE object ~ 'plpgsql';
REVOKE USAGE ON LANGUAGE plpgsql FROM regress_mig_grants;

-- "public" is that of a new database, unless the model drops it before
SELECT operation, object, upgrade FROM migrate_diff('CREATE SCHEMA IF NOT EXISTS public; CREATE DOMAIN public.mig_word AS text', include => '{public}') WHERE kind = 'schema';
SELECT operation, object, upgrade FROM migrate_diff('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public; CREATE DOMAIN public.mig_word AS text', include => '{public}') WHERE kind = 'schema';

ALTER EXTENSION plpgsql DROP TABLE lookup;
ALTER EXTENSION plpgsql DROP SEQUENCE lookup_id_seq;
ALTER EXTENSION plpgsql DROP VIEW codes;
ALTER EXTENSION plpgsql DROP TYPE mood;
ALTER EXTENSION plpgsql DROP FUNCTION f(int, mood[]);
ALTER EXTENSION plpgsql DROP PROCEDURE p(int);
ALTER EXTENSION plpgsql DROP AGGREGATE total(ORDER BY int);
DROP SCHEMA mig_app, mig_grants CASCADE;
DROP ROLE regress_mig_grants, "regress_mig_grants Two";
