--
-- The interface as declared: to be read whenever it changes
--
SET client_min_messages = warning;
CREATE SCHEMA mig_ext_catalog;
CREATE EXTENSION pg_migrations SCHEMA mig_ext_catalog;
SET search_path = mig_ext_catalog;
\pset format unaligned
\pset tuples_only on

---------------------------------------------------------------------------
-- Functions
---------------------------------------------------------------------------
SELECT proname || E'(\n    ' || replace(pg_get_function_arguments(p.oid), ', ', E',\n    ') || E')\n    '
    || CASE prokind WHEN 'p' THEN 'a procedure'
       ELSE '-> ' || replace(pg_get_function_result(p.oid), ', ', E',\n    ') END
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pg_migrations') AND d.deptype = 'e'
ORDER BY proname;

---------------------------------------------------------------------------
-- Tables and views
---------------------------------------------------------------------------
SELECT relname, attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END
FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid
WHERE relnamespace = 'mig_ext_catalog'::regnamespace AND relkind IN ('r', 'v')
    AND attnum > 0 AND NOT attisdropped
ORDER BY relname, attnum;
SELECT indexdef FROM pg_indexes WHERE schemaname = 'mig_ext_catalog' ORDER BY indexname;

---------------------------------------------------------------------------
-- Settings and the extension itself
---------------------------------------------------------------------------
SELECT migrate_heads(); -- loads the module
SELECT name, setting, unit, context, vartype, short_desc FROM pg_settings WHERE name LIKE 'migrate.%' ORDER BY name;
SELECT extversion = default_version AS version, extrelocatable, superuser, trusted, requires
FROM pg_extension e JOIN pg_available_extensions a ON a.name = extname
    JOIN pg_available_extension_versions v ON v.name = extname AND version = extversion
WHERE extname = 'pg_migrations';

-- a second copy is refused
CREATE EXTENSION pg_migrations; -- fails

DROP SCHEMA mig_ext_catalog CASCADE;
