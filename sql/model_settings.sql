--
-- What a session has set changes neither what a model means, nor the scripts
-- that are generated, nor what these do
--
SET client_min_messages = warning;
CREATE SCHEMA mig_settings;
CREATE SCHEMA mig_set;
CREATE SCHEMA mig_elsewhere;
CREATE EXTENSION pg_migrations SCHEMA mig_settings;
CREATE ACCESS METHOD mig_other TYPE TABLE HANDLER heap_tableam_handler;
SET search_path = mig_set, mig_settings;
\pset format unaligned
\pset tuples_only on

CREATE TABLE live (id int PRIMARY KEY, d date DEFAULT '2024-02-01', t timestamptz DEFAULT '2024-01-01 12:00+00', i interval DEFAULT '-1 day 02:03:04', b bytea DEFAULT '\x0102',
    s text DEFAULT 'a\b', f float8 DEFAULT 0.1234567890123456, n text DEFAULT '5', gone money DEFAULT '1.50');
INSERT INTO live (id) VALUES (1);
SELECT migrate_set_model($m$
CREATE TABLE live (id int PRIMARY KEY, d date DEFAULT '2025-02-03', t timestamptz DEFAULT '2025-01-01 12:00+00', i interval DEFAULT '-1 day -02:03:04' NOT NULL, b bytea DEFAULT '\x0103',
    s text DEFAULT 'a\c' CHECK (s <> '\'), f float4 DEFAULT 0.1234567890123456, n int DEFAULT 5);
CREATE TABLE made (d date DEFAULT '02/01/2024', t timestamptz DEFAULT '2024-01-01 12:00', i interval DEFAULT '-1 day 02:03:04', j interval DEFAULT '-1 year -2 mons +3 days -04:05:06.7', k interval DEFAULT '1-2',
    b bytea DEFAULT '\x0102', f float8 DEFAULT '0.1234567890123456', m money DEFAULT '12.50', s text DEFAULT 'a\b', a text[] DEFAULT '{NULL,"null",a\\b}', u timetz DEFAULT '12:00+02',
    r tstzrange DEFAULT '[2024-01-01 00:00+01,)', "Quoted Name" text COLLATE "C", CHECK (s = NULL OR d > '2024-03-04'), CHECK (t < '2030-01-01 00:00+00'), CHECK (s ~ '^\d+$'));
CREATE TABLE parted (d timestamptz) PARTITION BY RANGE (d);
CREATE TABLE part PARTITION OF parted FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2024-02-01 00:00+00');
CREATE TABLE listed (b bytea) PARTITION BY LIST (b);
CREATE TABLE list PARTITION OF listed FOR VALUES IN ('\x01', NULL);
CREATE VIEW v AS SELECT d, t, i, '2024-01-01'::timestamptz AS c, '\x00'::bytea AS z, 'x\y' AS w, interval '1 day 2 hours' AS iv, ARRAY['a', NULL] AS arr FROM made WHERE t > '2024-06-01 12:00+00';
CREATE MATERIALIZED VIEW mv AS SELECT DATE '2024-05-06' AS d;
CREATE INDEX ON made (d) WHERE t > '2024-06-01 12:00+00' AND s <> 'a\b';
CREATE FUNCTION f(a timestamptz DEFAULT '2024-01-01 00:00+00', b text DEFAULT 'a\b', c interval DEFAULT '-1 day 02:00', d bytea DEFAULT '\x01') RETURNS text LANGUAGE sql AS $f$SELECT 'a\b'$f$;
CREATE FUNCTION g() RETURNS date LANGUAGE sql RETURN DATE '2024-05-06';
CREATE FUNCTION p() RETURNS text LANGUAGE plpgsql SET datestyle = 'German' AS $f$BEGIN RETURN '\d'; END$f$;
CREATE DOMAIN dom AS timestamptz DEFAULT '2024-01-01 00:00+00' CHECK (VALUE > '2000-01-01 00:00+00');
CREATE TRIGGER tr BEFORE UPDATE ON made FOR EACH ROW WHEN (NEW.t > '2024-06-01 12:00+00' AND NEW.s <> '\') EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE POLICY pol ON made USING (d > '2024-03-04' AND i > '-1 day 02:00');
CREATE RULE ru AS ON DELETE TO made WHERE OLD.d > '2024-03-04' DO INSTEAD NOTHING;
CREATE TYPE mood AS ENUM ('a\b', 'c');
COMMENT ON TABLE made IS 'back\slash';
$m$);
-- Settings that a session may have, all of a round at once; those without a round are in each
CREATE TABLE mig_elsewhere.foreign_settings (round int, name text, value text);
INSERT INTO mig_elsewhere.foreign_settings VALUES
    (1, 'DateStyle', 'SQL, DMY'), (2, 'DateStyle', 'German'), (3, 'DateStyle', 'Postgres, YMD'),
    (1, 'IntervalStyle', 'sql_standard'), (2, 'IntervalStyle', 'iso_8601'), (3, 'IntervalStyle', 'postgres_verbose'),
    (1, 'TimeZone', 'Asia/Tokyo'), (2, 'TimeZone', 'America/St_Johns'), (3, 'TimeZone', 'UTC'),
    (NULL, 'bytea_output', 'escape'), (NULL, 'extra_float_digits', '-10'), (NULL, 'standard_conforming_strings', 'off'), (NULL, 'quote_all_identifiers', 'on'),
    (NULL, 'array_nulls', 'off'), (NULL, 'transform_null_equals', 'on'), (NULL, 'backslash_quote', 'off'), (NULL, 'xmlbinary', 'hex'), (NULL, 'xmloption', 'document'),
    (NULL, 'lc_monetary', 'POSIX'), (NULL, 'lc_numeric', 'POSIX'), (NULL, 'lc_time', 'POSIX'), (NULL, 'default_table_access_method', 'mig_other'), (NULL, 'default_tablespace', 'pg_default'),
    (NULL, 'search_path', 'mig_set, pg_temp, mig_settings, pg_catalog'), (NULL, 'check_function_bodies', 'off'), (NULL, 'default_text_search_config', 'simple'), (NULL, 'row_security', 'off'),
    (NULL, 'session_replication_role', 'replica'), (NULL, 'client_encoding', 'LATIN1'), (NULL, 'escape_string_warning', 'off');
-- Whatever is generated, as text
CREATE FUNCTION mig_elsewhere.generated() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(E'\n', s.upgrade, s.downgrade, (SELECT string_agg(d::text, E'\n') FROM mig_settings.migrate_diff(include => '{mig_set}') d),
        (SELECT string_agg(l, E'\n') FROM mig_settings.migrate_schema_sql(include => '{mig_set}') l))
    FROM mig_settings.migrate_autogenerate_sql(include => '{mig_set}') s
$$;
SELECT migrate_autogenerate('made', include => '{mig_set}', rev_id => 'aaaa');
-- Up, compared with the model, down, compared with what was there; then undone
CREATE FUNCTION mig_elsewhere.applied() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    CREATE TEMP TABLE before AS SELECT l FROM mig_settings.migrate_schema_sql(include => '{mig_set}') l;
    PERFORM mig_settings.migrate_upgrade();
    SELECT string_agg(d::text, E'\n') INTO result FROM mig_settings.migrate_diff(include => '{mig_set}') d;
    PERFORM mig_settings.migrate_downgrade('base');
    SELECT concat_ws(E'\n', result, string_agg(concat_ws(' not ', b.l, a.l), E'\n')) INTO result
        FROM before b FULL JOIN mig_settings.migrate_schema_sql(include => '{mig_set}') a (l) USING (l) WHERE a.l IS NULL OR b.l IS NULL;
    RAISE EXCEPTION 'done %', result;
EXCEPTION WHEN raise_exception THEN
    RETURN SQLERRM;
END $$;
-- What a round generates otherwise, or does otherwise
CREATE FUNCTION mig_elsewhere.tried(plain text, round int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    setting record;
    kept text[] := '{}';
    result text;
BEGIN
    FOR setting IN SELECT name, value FROM mig_elsewhere.foreign_settings s WHERE coalesce(s.round, tried.round) = tried.round LOOP
        BEGIN
            kept := kept || ARRAY[[setting.name, set_config(setting.name, setting.value, true)]];
        EXCEPTION WHEN feature_not_supported OR invalid_parameter_value OR undefined_object THEN
            CONTINUE;           -- 19 reads strings as the standard says, always
        END;
    END LOOP;
    result := CASE WHEN mig_elsewhere.generated() = plain THEN 'the same' ELSE mig_elsewhere.generated() END || ', ' || mig_elsewhere.applied();
    FOR i IN 1 .. array_length(kept, 1) LOOP
        IF current_setting(kept[i][1]) <> kept[i][2] THEN
            result := result || ', ' || kept[i][1] || ' has not stayed';
        END IF;
    END LOOP;
    RETURN CASE WHEN array_length(kept, 1) >= 22 THEN 'all: ' ELSE array_length(kept, 1) || ' settings: ' END || result;
END $$;
SELECT mig_elsewhere.generated() AS plain \gset
SELECT mig_elsewhere.tried(:'plain', 1);
SELECT mig_elsewhere.tried(:'plain', 2);
SELECT mig_elsewhere.tried(:'plain', 3);
SELECT upgrade_sql FROM migrate_revision;

---------------------------------------------------------------------------
-- Where the database has another access method, tables say which is theirs
---------------------------------------------------------------------------
SELECT format('ALTER DATABASE %I SET default_table_access_method = mig_other', current_database()) AS set_for_all, format('ALTER DATABASE %I RESET default_table_access_method', current_database()) AS set_back \gset
:set_for_all;
\c -
SET search_path = mig_set, mig_settings;
SELECT upgrade FROM migrate_diff('CREATE TABLE usual (); CREATE TABLE other () USING heap; CREATE MATERIALIZED VIEW mv USING heap AS SELECT 1', include => '{mig_set}') WHERE operation = 'create';
SET default_table_access_method = heap;
SELECT upgrade FROM migrate_diff('CREATE TABLE usual (); CREATE TABLE other () USING heap; CREATE MATERIALIZED VIEW mv USING heap AS SELECT 1', include => '{mig_set}') WHERE operation = 'create';
:set_back;
\c -
SET client_min_messages = warning;
SET search_path = mig_set, mig_settings;

SET client_min_messages = error;
DROP SCHEMA mig_set, mig_elsewhere, mig_settings CASCADE;
DROP ACCESS METHOD mig_other;
