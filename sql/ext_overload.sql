--
-- A schema in which others may create functions: theirs could take over calls
--
CREATE ROLE regress_mig_overload;
CREATE ROLE "regress_mig Overload";
CREATE SCHEMA mig_ext_overload;
CREATE SCHEMA "mig Ext Overload";

---------------------------------------------------------------------------
-- Nobody else may
---------------------------------------------------------------------------
CREATE EXTENSION pg_migrations SCHEMA mig_ext_overload;
DROP EXTENSION pg_migrations;
GRANT USAGE ON SCHEMA mig_ext_overload TO PUBLIC, regress_mig_overload;
CREATE EXTENSION pg_migrations SCHEMA mig_ext_overload;
DROP EXTENSION pg_migrations;

---------------------------------------------------------------------------
-- A role, several, everybody, the owner of the schema
---------------------------------------------------------------------------
GRANT CREATE ON SCHEMA mig_ext_overload TO regress_mig_overload;
CREATE EXTENSION pg_migrations SCHEMA mig_ext_overload;
-- what they could do
SET ROLE regress_mig_overload;
CREATE FUNCTION mig_ext_overload.migrate_heads(integer) RETURNS text LANGUAGE sql AS
    'SELECT ''taken over, runs as '' || (CURRENT_USER <> ''regress_mig_overload'')';
RESET ROLE;
SELECT mig_ext_overload.migrate_heads(1);
DROP FUNCTION mig_ext_overload.migrate_heads(integer);
DROP EXTENSION pg_migrations;
GRANT CREATE ON SCHEMA mig_ext_overload TO "regress_mig Overload", PUBLIC;
CREATE EXTENSION pg_migrations SCHEMA mig_ext_overload;
DROP EXTENSION pg_migrations;
ALTER SCHEMA "mig Ext Overload" OWNER TO regress_mig_overload;
CREATE EXTENSION pg_migrations SCHEMA "mig Ext Overload";
DROP EXTENSION pg_migrations;
-- superusers may everything anyway
ALTER ROLE regress_mig_overload SUPERUSER;
CREATE EXTENSION pg_migrations SCHEMA "mig Ext Overload";
DROP EXTENSION pg_migrations;
ALTER ROLE regress_mig_overload NOSUPERUSER;

---------------------------------------------------------------------------
-- The question itself is not to be taken over
---------------------------------------------------------------------------
SET ROLE regress_mig_overload;
CREATE FUNCTION "mig Ext Overload".seize(oid, integer) RETURNS boolean LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'caught'; END$$;
CREATE FUNCTION "mig Ext Overload".seize(name, text) RETURNS boolean LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'caught'; END$$;
CREATE FUNCTION "mig Ext Overload".seize(name, name) RETURNS boolean LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'caught'; END$$;
CREATE OPERATOR "mig Ext Overload".= (LEFTARG = oid, RIGHTARG = integer, FUNCTION = "mig Ext Overload".seize);
CREATE OPERATOR "mig Ext Overload".= (LEFTARG = name, RIGHTARG = text, FUNCTION = "mig Ext Overload".seize);
CREATE OPERATOR "mig Ext Overload".= (LEFTARG = name, RIGHTARG = name, FUNCTION = "mig Ext Overload".seize);
CREATE FUNCTION "mig Ext Overload".quote_ident(name) RETURNS text LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'caught'; END$$;
CREATE FUNCTION "mig Ext Overload".aclexplode(aclitem[]) RETURNS SETOF record LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'caught'; END$$;
RESET ROLE;
CREATE EXTENSION pg_migrations SCHEMA "mig Ext Overload";
DROP EXTENSION pg_migrations;

SET client_min_messages = warning;
DROP SCHEMA mig_ext_overload, "mig Ext Overload" CASCADE;
DROP ROLE regress_mig_overload, "regress_mig Overload";
