--
-- A round trip of generated scripts, for regression tests
--
-- Shows the scripts from one schema "types" to another, and runs them: after
-- the upgrade the database must be the model, after the downgrade what it was.
--
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA mig_round_trip;
CREATE EXTENSION pg_migrations SCHEMA mig_round_trip;
CREATE SCHEMA types;
SET search_path = types, pg_catalog;
\pset format unaligned
\pset tuples_only on
\pset footer off

-- Build "before", then go to "after" and back; rows are what "rows" says.
CREATE FUNCTION mig_round_trip.check(before text, after text, rows text DEFAULT NULL,
    reading text DEFAULT NULL)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    upgrade text;
    downgrade text;
    found text;
    more record;
BEGIN
    EXECUTE before;
    IF rows IS NOT NULL THEN
        EXECUTE rows;
    END IF;
    SELECT s.upgrade, s.downgrade INTO upgrade, downgrade
    FROM mig_round_trip.migrate_autogenerate_sql(after, include => '{types}', qualify => false) s;
    -- not every version puts the table in front of columns of views, or names NOT NULL
    RETURN QUERY SELECT regexp_replace(script, '\m[tv]\.(?=[a-z])(?!.*column)|CONSTRAINT t_\w+_not_null (?=NOT NULL,)|CONSTRAINT (sure|d)_not_null (?=NOT NULL)', '', 'g')
    FROM unnest(ARRAY[upgrade, '-- downgrade', downgrade]) script;
    EXECUTE upgrade;
    IF reading IS NOT NULL THEN
        EXECUTE reading INTO found;
        RETURN NEXT '-- rows: ' || found;
    END IF;
    FOR more IN SELECT * FROM mig_round_trip.migrate_autogenerate_sql(after, include => '{types}') LOOP
        RETURN NEXT CASE WHEN more.upgrade = '' AND more.downgrade = '' THEN '-- is the model'
            ELSE 'FAILED: not the model: ' || more.upgrade END;
    END LOOP;
    EXECUTE downgrade;
    FOR more IN SELECT * FROM mig_round_trip.migrate_autogenerate_sql(before, include => '{types}') LOOP
        RETURN NEXT CASE WHEN more.upgrade = '' AND more.downgrade = '' THEN '-- is as before'
            ELSE 'FAILED: not as before: ' || more.upgrade END;
    END LOOP;
    DROP SCHEMA types CASCADE;
    CREATE SCHEMA types;
END $$;
\set ECHO all
