--
-- Models that ask the catalogs what is there find what they would in an empty
-- database, whatever is live, and whatever they ask with
--
SET client_min_messages = warning;
CREATE SCHEMA mig_guards;
CREATE SCHEMA mig_app;
CREATE SCHEMA mig_util;
CREATE EXTENSION pg_migrations SCHEMA mig_guards;
SET search_path = mig_app, mig_guards;
\pset format unaligned
\pset tuples_only on

---------------------------------------------------------------------------
-- Everything has a guard: what is made by the first run is found by none
---------------------------------------------------------------------------
SELECT migrate_set_model($m$
CREATE TABLE k (a int, b text);
CREATE FUNCTION kf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'by_class') THEN CREATE TABLE by_class (); END IF;
    IF NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'mig_app' AND relname = 'by_join') THEN CREATE TABLE by_join (); END IF;
    IF NOT EXISTS (SELECT FROM pg_tables WHERE tablename = 'by_tables') THEN CREATE TABLE by_tables (); END IF;
    IF NOT EXISTS (SELECT FROM information_schema.tables WHERE table_schema = 'mig_app' AND table_name = 'by_standard') THEN CREATE TABLE by_standard (); END IF;
    IF (SELECT count(*) = 0 FROM information_schema.tables WHERE table_name = 'by_count') THEN CREATE TABLE by_count (); END IF;
    IF to_regclass('by_regclass') IS NULL THEN CREATE TABLE by_regclass (); END IF;
    IF to_regclass('mig_app.by_full') IS NULL THEN CREATE TABLE by_full (); END IF;
    PERFORM FROM pg_class WHERE relname = 'by_found'; IF NOT FOUND THEN CREATE TABLE by_found (); END IF;
    BEGIN PERFORM 'by_exception'::regclass; EXCEPTION WHEN undefined_table THEN CREATE TABLE by_exception (); END;
    IF NOT EXISTS (SELECT FROM pg_stat_user_tables WHERE relname = 'by_statistics') THEN CREATE TABLE by_statistics (); END IF;
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'k'::regclass AND attname = 'by_attribute') THEN ALTER TABLE k ADD by_attribute int; END IF;
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attname = 'by_any') THEN ALTER TABLE k ADD by_any int; END IF;
    IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'k' AND column_name = 'by_columns') THEN ALTER TABLE k ADD by_columns int; END IF;
    IF NOT EXISTS (SELECT FROM pg_attrdef d JOIN pg_attribute a ON (adrelid, adnum) = (attrelid, attnum) WHERE attname = 'b') THEN ALTER TABLE k ALTER b SET DEFAULT 'x'; END IF;
    IF NOT EXISTS (SELECT FROM information_schema.columns WHERE column_name = 'b' AND is_nullable = 'NO') THEN ALTER TABLE k ALTER b SET NOT NULL; END IF;
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'by_constraint') THEN ALTER TABLE k ADD CONSTRAINT by_constraint CHECK (a > 0); END IF;
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE contype = 'p' AND connamespace = 'mig_app'::regnamespace) THEN ALTER TABLE k ADD PRIMARY KEY (a); END IF;
    IF NOT EXISTS (SELECT FROM information_schema.table_constraints WHERE constraint_name = 'by_standard_constraint') THEN ALTER TABLE k ADD CONSTRAINT by_standard_constraint UNIQUE (b); END IF;
    IF NOT EXISTS (SELECT FROM information_schema.check_constraints WHERE constraint_name = 'by_check') THEN ALTER TABLE k ADD CONSTRAINT by_check CHECK (a > 1); END IF;
    IF NOT EXISTS (SELECT FROM information_schema.key_column_usage WHERE constraint_name = 'by_key') THEN ALTER TABLE k ADD CONSTRAINT by_key UNIQUE (b, a); END IF;
    IF NOT EXISTS (SELECT FROM information_schema.referential_constraints WHERE constraint_name = 'by_reference') THEN ALTER TABLE k ADD CONSTRAINT by_reference FOREIGN KEY (by_any) REFERENCES k; END IF;
    IF NOT EXISTS (SELECT FROM information_schema.constraint_column_usage WHERE constraint_name = 'by_usage') THEN ALTER TABLE k ADD CONSTRAINT by_usage CHECK (a > 2); END IF;
    IF NOT EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE relname = 'by_index') THEN CREATE INDEX by_index ON k (a); END IF;
    IF NOT EXISTS (SELECT FROM pg_indexes WHERE indexname = 'by_indexes') THEN CREATE INDEX by_indexes ON k (a, b); END IF;
    IF NOT EXISTS (SELECT FROM pg_stat_user_indexes WHERE indexrelname = 'by_statistics_index') THEN CREATE INDEX by_statistics_index ON k (b); END IF;
    IF NOT EXISTS (SELECT FROM pg_policy WHERE polname = 'by_policy') THEN CREATE POLICY by_policy ON k; END IF;
    IF NOT EXISTS (SELECT FROM pg_policies WHERE tablename = 'k' AND policyname = 'by_policies') THEN CREATE POLICY by_policies ON k; END IF;
    IF NOT (SELECT bool_or(relrowsecurity) FROM pg_class WHERE relname = 'k') THEN ALTER TABLE k ENABLE ROW LEVEL SECURITY; END IF;
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'by_trigger') THEN CREATE TRIGGER by_trigger BEFORE INSERT ON k FOR EACH ROW EXECUTE FUNCTION kf(); END IF;
    IF NOT EXISTS (SELECT FROM information_schema.triggers WHERE trigger_name = 'by_triggers') THEN CREATE TRIGGER by_triggers BEFORE INSERT ON k FOR EACH ROW EXECUTE FUNCTION kf(); END IF;
    IF NOT EXISTS (SELECT FROM pg_rules WHERE rulename = 'by_rules') THEN CREATE RULE by_rules AS ON DELETE TO k DO INSTEAD NOTHING; END IF;
    IF NOT EXISTS (SELECT FROM pg_rewrite WHERE rulename = 'by_rewrite') THEN CREATE RULE by_rewrite AS ON UPDATE TO k DO INSTEAD NOTHING; END IF;
    IF NOT EXISTS (SELECT FROM pg_views WHERE viewname = 'by_views') THEN CREATE VIEW by_views AS SELECT 1; END IF;
    IF NOT EXISTS (SELECT FROM information_schema.views WHERE table_name = 'by_standard_views') THEN CREATE VIEW by_standard_views AS SELECT 1; END IF;
    IF NOT EXISTS (SELECT FROM pg_matviews WHERE matviewname = 'by_matviews') THEN CREATE MATERIALIZED VIEW by_matviews AS SELECT 1; END IF;
    IF NOT EXISTS (SELECT FROM pg_sequences WHERE sequencename = 'by_sequences') THEN CREATE SEQUENCE by_sequences; END IF;
    IF NOT EXISTS (SELECT FROM information_schema.sequences WHERE sequence_name = 'by_standard_sequences') THEN CREATE SEQUENCE by_standard_sequences; END IF;
    IF NOT EXISTS (SELECT FROM pg_sequence WHERE seqincrement = 7) THEN CREATE SEQUENCE by_sequence INCREMENT 7; END IF;
    IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'by_type') THEN CREATE TYPE by_type AS ENUM ('a'); END IF;
    IF to_regtype('by_regtype') IS NULL THEN CREATE TYPE by_regtype AS (a int); END IF;
    IF NOT EXISTS (SELECT FROM pg_enum WHERE enumlabel = 'by_enum') THEN CREATE TYPE by_enum AS ENUM ('by_enum'); END IF;
    IF NOT EXISTS (SELECT FROM pg_range r JOIN pg_type t ON t.oid = rngtypid WHERE typname = 'by_range') THEN CREATE TYPE by_range AS RANGE (subtype = float4); END IF;
    IF NOT EXISTS (SELECT FROM information_schema.domains WHERE domain_name = 'by_domains') THEN CREATE DOMAIN by_domains AS text; END IF;
    IF NOT EXISTS (SELECT FROM information_schema.user_defined_types WHERE user_defined_type_name = 'by_defined') THEN CREATE TYPE by_defined AS (a int); END IF;
    IF NOT EXISTS (SELECT FROM pg_proc WHERE proname = 'by_proc') THEN CREATE FUNCTION by_proc() RETURNS int LANGUAGE sql AS 'SELECT 1'; END IF;
    IF to_regprocedure('by_regprocedure()') IS NULL THEN CREATE FUNCTION by_regprocedure() RETURNS int LANGUAGE sql AS 'SELECT 1'; END IF;
    IF NOT EXISTS (SELECT FROM information_schema.routines WHERE routine_name = 'by_routines') THEN CREATE FUNCTION by_routines() RETURNS int LANGUAGE sql AS 'SELECT 1'; END IF;
    IF NOT EXISTS (SELECT FROM pg_aggregate WHERE aggfnoid::text LIKE '%by_aggregate') THEN CREATE AGGREGATE by_aggregate (int) (sfunc = int4pl, stype = int); END IF;
    IF NOT EXISTS (SELECT FROM pg_operator WHERE oprname = '=%=') THEN CREATE OPERATOR =%= (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int); END IF;
    IF NOT EXISTS (SELECT FROM pg_collation WHERE collname = 'by_collation') THEN CREATE COLLATION by_collation FROM "C"; END IF;
    IF NOT EXISTS (SELECT FROM pg_ts_config WHERE cfgname = 'by_config') THEN CREATE TEXT SEARCH CONFIGURATION by_config (COPY = simple); END IF;
    IF NOT EXISTS (SELECT FROM pg_statistic_ext WHERE stxname = 'by_extended') THEN CREATE STATISTICS by_extended ON a, b FROM k; END IF;
    IF NOT EXISTS (SELECT FROM pg_description WHERE description = 'by_description') THEN COMMENT ON TABLE k IS 'by_description'; END IF;
    IF NOT EXISTS (SELECT FROM pg_description WHERE description = 'by_column_description') THEN COMMENT ON COLUMN k.a IS 'by_column_description'; END IF;
    IF NOT EXISTS (SELECT FROM pg_inherits) THEN CREATE TABLE by_inherits () INHERITS (k); END IF;
    IF NOT EXISTS (SELECT FROM pg_partitioned_table) THEN CREATE TABLE by_partitioned (a int) PARTITION BY LIST (a); END IF;
    IF NOT EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_class'::regclass AND refobjid = 'k'::regclass AND deptype = 'a' AND classid = 'pg_class'::regclass AND objid::regclass::text LIKE '%by_depend')
        THEN CREATE INDEX by_depend ON k (b, by_any); END IF;
END $$;
$m$);
SELECT migrate_autogenerate('one', rev_id => 'a001');
SELECT DISTINCT m[1] COLLATE "C" FROM migrate_revision, regexp_matches(upgrade_sql, 'by_\w+', 'g') m WHERE revision = 'a001' ORDER BY 1;
SELECT revision FROM migrate_upgrade();
SELECT migrate_check();
SELECT count(*) FROM migrate_diff();
SELECT migrate_autogenerate('two');
SELECT migrate_check();
-- what goes from the model goes, what comes into it comes
SELECT operation, object FROM migrate_diff((SELECT regexp_replace(ddl, E'\n[^\n]*by_policies[^\n]*', '')
    || $$DO 'BEGIN IF NOT EXISTS (SELECT FROM pg_class WHERE relname = ''new'') THEN CREATE TABLE new (); END IF; END'$$ FROM migrate_model));

---------------------------------------------------------------------------
-- Whatever asks
---------------------------------------------------------------------------
CREATE VIEW mig_util.tables AS SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace;
CREATE FUNCTION mig_util.in_plpgsql(name text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN EXISTS (SELECT FROM pg_class WHERE relname = name); END';
CREATE FUNCTION mig_util.nested(name text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN mig_util.in_plpgsql(name); END';
CREATE FUNCTION mig_util.in_sql(name text) RETURNS boolean LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM pg_class WHERE relname = name)';
CREATE FUNCTION mig_util.as_standard(name text) RETURNS boolean LANGUAGE sql STABLE RETURN EXISTS (SELECT FROM pg_class WHERE relname = name);
CREATE FUNCTION mig_util.as_set(name text) RETURNS SETOF name LANGUAGE sql STABLE AS 'SELECT relname FROM pg_class WHERE relname = name';
CREATE FUNCTION mig_util.as_definer(name text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT EXISTS (SELECT FROM pg_class WHERE relname = name)';
CREATE FUNCTION mig_util.dynamic(name text) RETURNS boolean LANGUAGE plpgsql AS $$DECLARE found boolean; BEGIN EXECUTE 'SELECT EXISTS (SELECT FROM pg_class WHERE relname = $1)' INTO found USING name; RETURN found; END$$;
CREATE FUNCTION mig_util.of_table(name text) RETURNS boolean LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM mig_util.tables WHERE relname = name)';
CREATE FUNCTION mig_util.counted(name text) RETURNS boolean LANGUAGE plpgsql AS 'DECLARE n int; BEGIN SELECT count(*) INTO n FROM mig_util.as_set(name); RETURN n > 0; END';
CREATE FUNCTION mig_util.in_c(name text) RETURNS boolean LANGUAGE sql AS $$SELECT EXISTS (SELECT FROM ts_stat('SELECT array_to_tsvector(ARRAY[relname::text]) FROM pg_class') WHERE word = name)$$;
CREATE FUNCTION mig_util.in_cursor(name text) RETURNS boolean LANGUAGE plpgsql AS $$DECLARE c CURSOR FOR SELECT relname FROM pg_class WHERE relname = name; r record; BEGIN OPEN c; FETCH c INTO r; CLOSE c; RETURN r IS NOT NULL; END$$;
CREATE FUNCTION mig_util.in_cte(name text) RETURNS boolean LANGUAGE sql AS 'WITH RECURSIVE c AS MATERIALIZED (SELECT relname FROM pg_class UNION SELECT relname FROM c WHERE false) SELECT name::name IN (SELECT relname FROM c)';
CREATE FUNCTION mig_util.in_outer_join(name text) RETURNS boolean LANGUAGE sql AS 'SELECT c.oid IS NOT NULL FROM (VALUES (name)) v (n) LEFT JOIN pg_class c ON c.relname = n';
SELECT string_agg(format('IF NOT mig_util.%I(%L) THEN CREATE TABLE %I (); END IF;', proname, 'asked_' || proname, 'asked_' || proname), E'\n' ORDER BY proname COLLATE "C") AS asking
    FROM pg_proc WHERE pronamespace = 'mig_util'::regnamespace AND prorettype = 'bool'::regtype \gset
SELECT count(*), bool_or(mig_util.in_plpgsql('x')) FROM regexp_matches(:'asking', 'IF NOT', 'g');
-- all of them have plans when the model is built
CREATE FUNCTION mig_util.asked() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    f text;
    is_there boolean;
    answers text := '';
BEGIN
    FOR f IN SELECT proname FROM pg_proc WHERE pronamespace = 'mig_util'::regnamespace AND prorettype = 'bool'::regtype ORDER BY proname COLLATE "C" LOOP
        EXECUTE format('SELECT mig_util.%I(%L)', f, 'asked_' || f) INTO is_there;
        answers := answers || CASE WHEN is_there THEN 'yes ' ELSE 'no ' END;
    END LOOP;
    RETURN answers;
END $$;
SELECT migrate_set_model(format('DO $$BEGIN %s END$$; CREATE FUNCTION mine(name text) RETURNS SETOF name LANGUAGE sql STABLE AS ''SELECT relname FROM pg_class WHERE relname = name'';
    DO $$BEGIN IF NOT EXISTS (SELECT FROM mine(''asked_mine'')) THEN CREATE TABLE asked_mine (); END IF; END$$', :'asking'), include => '{mig_app}');
SELECT migrate_autogenerate('asked', amend => false, rev_id => 'a002');
SELECT DISTINCT m[1] COLLATE "C" FROM migrate_revision, regexp_matches(upgrade_sql, 'CREATE TABLE mig_app.(\w+)', 'g') m WHERE revision = 'a002' ORDER BY 1;
SELECT mig_util.asked();
SELECT revision FROM migrate_upgrade();
SELECT mig_util.asked();
PREPARE asked AS SELECT count(*) FROM pg_class WHERE relname LIKE 'asked\_%';
EXECUTE asked;
SELECT migrate_check();
EXECUTE asked;
SELECT mig_util.asked();
SELECT migrate_check();
SELECT migrate_autogenerate('three');

---------------------------------------------------------------------------
-- What is hidden ends with the model, also by an error and by a cancel
---------------------------------------------------------------------------
SELECT count(*) FROM migrate_diff($$DO 'BEGIN PERFORM mig_util.asked(); RAISE EXCEPTION ''stop''; END'$$, include => '{mig_app}');     -- fails
SELECT mig_util.asked();
EXECUTE asked;
\set VERBOSITY terse
SET statement_timeout = 100;
SELECT count(*) FROM migrate_diff($$DO 'BEGIN PERFORM mig_util.asked(); LOOP END LOOP; END'$$, include => '{mig_app}');              -- fails
RESET statement_timeout;
\set VERBOSITY default
SELECT mig_util.asked();
EXECUTE asked;
DO $$
BEGIN
    PERFORM count(*) FROM mig_guards.migrate_diff($m$DO 'BEGIN PERFORM mig_util.asked(); RAISE EXCEPTION ''stop''; END'$m$, include => '{mig_app}');
EXCEPTION WHEN raise_exception THEN
    RAISE WARNING '%', mig_util.asked();
END $$;

---------------------------------------------------------------------------
-- The same rows as in an empty schema, in every catalog and view
---------------------------------------------------------------------------
CREATE SCHEMA mig_all;
CREATE TABLE mig_util.empty (r text); CREATE TABLE mig_util.crowded (r text);
CREATE FUNCTION mig_util.rows() RETURNS SETOF text LANGUAGE sql AS $f$
    SELECT m[1] FROM mig_guards.migrate_autogenerate_sql($m$
        CREATE TABLE mig_all.made (id int);
        DO $$
        DECLARE
            name regclass;
            n bigint;
            noted text := '';
        BEGIN
            FOR name IN SELECT oid FROM pg_class WHERE relkind IN ('r', 'v') AND relnamespace::regnamespace::text IN ('pg_catalog', 'information_schema')
                AND NOT relisshared AND relname NOT IN ('pg_statistic', 'pg_largeobject') AND relname !~ '^pg_(stats$|stat_|statio_|shmem|hba|ident|backend|timezone|locks|settings|shdepend)' LOOP
                CONTINUE WHEN NOT has_table_privilege(name, 'SELECT');
                EXECUTE format('SELECT count(*) FROM %s', name) INTO n;
                noted := noted || format(E'row %s %s\n', name, n);
            END LOOP;
            SELECT count(*) INTO n FROM pg_shdepend WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database());
            noted := noted || format(E'row pg_shdepend %s\n', n);
            SELECT count(*) INTO n FROM pg_stats WHERE tablename = 'a';     -- autovacuum may come to others
            noted := noted || format(E'row pg_stats %s\n', n);
            SELECT count(*) INTO n FROM pg_shdescription WHERE description LIKE 'mig\_%';
            noted := noted || format(E'row pg_shdescription %s\n', n);
            EXECUTE format('COMMENT ON TABLE mig_all.made IS %L', noted);
        END $$;
    $m$, include => '{mig_all}'), regexp_matches(upgrade, 'row ([^\n]+)', 'g') m
$f$;
CREATE ROLE regress_mig_asks;
CREATE TEMP TABLE temporary_first ();          -- makes the schema
SET migrate.compare = 'privileges, database';
INSERT INTO mig_util.empty SELECT * FROM mig_util.rows() r;
SELECT count(*) > 120 FROM mig_util.empty;
SET search_path = mig_all, mig_guards;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE pair AS (a int, b varchar(9));
CREATE DOMAIN short AS int CHECK (VALUE < 9);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE a (id serial PRIMARY KEY, x varchar(9) DEFAULT 'a' NOT NULL, m mood, s short CHECK (s > 1), toasted text);
CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY, a int REFERENCES a, n name);
COMMENT ON TABLE a IS 'a'; COMMENT ON COLUMN a.x IS 'x';
CREATE TABLE parted (id int, x int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE child () INHERITS (a);
CREATE INDEX ai ON a (lower(x)); COMMENT ON INDEX ai IS 'i';
CREATE STATISTICS st ON id, x FROM a; COMMENT ON STATISTICS st IS 's'; INSERT INTO a DEFAULT VALUES; ANALYZE a; DELETE FROM a;
CREATE VIEW v AS SELECT a.id, b.n FROM a JOIN b ON b.a = a.id;
CREATE MATERIALIZED VIEW mv AS SELECT 'toasted' AS one; CREATE TEMP TABLE temporary_toasted (x text);
CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS 'SELECT x FROM a WHERE x = $1'; COMMENT ON FUNCTION f IS 'f';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION tf(); COMMENT ON TRIGGER tr ON a IS 't';
CREATE POLICY po ON a; COMMENT ON POLICY po ON a IS 'p';
CREATE RULE ru AS ON DELETE TO b DO INSTEAD NOTHING; COMMENT ON RULE ru ON b IS 'r';
CREATE AGGREGATE agg (int) (sfunc = int4pl, stype = int);
CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int); COMMENT ON OPERATOR === (int, int) IS 'o';
CREATE OPERATOR FAMILY fam USING btree;
CREATE OPERATOR CLASS cls FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
CREATE COLLATION co FROM "C"; CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH CONFIGURATION tsc (COPY = simple); CREATE TEXT SEARCH DICTIONARY tsd (TEMPLATE = simple);
CREATE TEXT SEARCH PARSER tsp (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE tst (LEXIZE = dsimple_lexize);
CREATE CAST (pair AS mood) WITH INOUT; COMMENT ON CAST (pair AS mood) IS 'c';
CREATE SEQUENCE sq;
ALTER DEFAULT PRIVILEGES IN SCHEMA mig_all GRANT SELECT ON TABLES TO PUBLIC; GRANT SELECT ON a TO PUBLIC, regress_mig_asks;
CREATE FOREIGN DATA WRAPPER mig_wrapper; CREATE SERVER mig_server FOREIGN DATA WRAPPER mig_wrapper; CREATE USER MAPPING FOR PUBLIC SERVER mig_server;
CREATE FOREIGN TABLE ft (a int) SERVER mig_server;
SET client_min_messages = error;                -- wal_level may be anything
CREATE PUBLICATION mig_publication FOR TABLE a; CREATE PUBLICATION mig_schemas FOR TABLES IN SCHEMA mig_all;
CREATE SUBSCRIPTION mig_subscription CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false, slot_name = NONE);
COMMENT ON SUBSCRIPTION mig_subscription IS 'mig_comment';
SET client_min_messages = warning;
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end'; CREATE EVENT TRIGGER mig_event ON ddl_command_end EXECUTE FUNCTION et();
INSERT INTO mig_util.crowded SELECT * FROM mig_util.rows() r;
SELECT e.r, c.r FROM mig_util.empty e FULL JOIN mig_util.crowded c USING (r) WHERE e.r IS NULL OR c.r IS NULL;
-- ... and to a role that may not read some of them
ALTER SCHEMA mig_all OWNER TO regress_mig_asks;
GRANT USAGE ON SCHEMA mig_util, mig_guards TO regress_mig_asks;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_guards TO regress_mig_asks;
RESET migrate.compare;
SET ROLE regress_mig_asks;
SELECT count(*) > 120 FROM mig_util.rows();
RESET ROLE;
DROP SUBSCRIPTION mig_subscription;
DROP PUBLICATION mig_publication, mig_schemas;
DROP EVENT TRIGGER mig_event;
DROP FOREIGN DATA WRAPPER mig_wrapper CASCADE;

---------------------------------------------------------------------------
-- What is not the model's matter is seen: roles, extensions, other schemas;
-- what the conditions are made of cannot be exchanged
---------------------------------------------------------------------------
SELECT operation, object FROM migrate_diff($m$
CREATE TABLE mig_all.base ();
CREATE FUNCTION mig_all.no(oid, oid) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'exchanged'; END$$;
CREATE OPERATOR mig_all.= (FUNCTION = mig_all.no, LEFTARG = oid, RIGHTARG = oid);
CREATE OPERATOR mig_all.<> (FUNCTION = mig_all.no, LEFTARG = oid, RIGHTARG = oid);
CREATE FUNCTION mig_all.starts_with(text, text) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'exchanged'; END$$;
CREATE TYPE mig_all.oid AS (a int);
SET search_path = mig_all, pg_catalog;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'regress_mig_asks') THEN CREATE TABLE of_roles (); END IF;
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_migrations') THEN CREATE TABLE of_extensions (); END IF;
    IF EXISTS (SELECT FROM pg_class WHERE relname = 'tables') THEN CREATE TABLE of_others (); END IF;
    IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'ai') THEN CREATE TABLE of_own (); END IF;
    IF EXISTS (SELECT FROM pg_class WHERE relname = 'base') THEN CREATE TABLE of_made (); END IF;
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid OPERATOR(pg_catalog.=) 'pg_class'::regclass::pg_catalog.oid) THEN CREATE TABLE of_server (); END IF;
END $$
$m$, include => '{mig_all}') WHERE operation = 'create' AND kind = 'table' ORDER BY object COLLATE "C";

---------------------------------------------------------------------------
-- A schema that only a guard makes
---------------------------------------------------------------------------
SET search_path = mig_guards;
\set made 'DO $$BEGIN IF NOT EXISTS (SELECT FROM information_schema.schemata WHERE schema_name = ''mig_late'') THEN CREATE SCHEMA mig_late; END IF; CREATE TABLE mig_late.t (); END$$'
SELECT operation, object FROM migrate_diff(:'made', include => '{mig_late}');
SELECT upgrade AS script FROM migrate_autogenerate_sql(:'made', include => '{mig_late}') \gset
:script
SELECT operation, object FROM migrate_diff(:'made', include => '{mig_late}');

---------------------------------------------------------------------------
-- Temporary objects of the session are no more there than live ones
---------------------------------------------------------------------------
SET search_path = mig_app, mig_guards;
CREATE TEMP TABLE temporary (id serial PRIMARY KEY, x text DEFAULT 'x');
CREATE TYPE pg_temp.kind AS ENUM ('x');
CREATE FUNCTION pg_temp.called() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT operation, object FROM migrate_diff($m$
DROP TABLE IF EXISTS temporary;
DROP TYPE IF EXISTS kind;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'temporary') THEN CREATE TABLE temporary (); END IF;
    IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'temporary' AND column_name = 'id') THEN ALTER TABLE temporary ADD id int; END IF;
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'temporary_pkey') THEN ALTER TABLE temporary ADD PRIMARY KEY (id); END IF;
    IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'kind') THEN CREATE TYPE kind AS ENUM ('y'); END IF;
    IF NOT EXISTS (SELECT FROM pg_proc WHERE proname = 'called') THEN CREATE FUNCTION called() RETURNS int LANGUAGE sql AS 'SELECT 2'; END IF;
    CREATE TEMP TABLE own ();
    IF EXISTS (SELECT FROM pg_class WHERE relname = 'own') THEN CREATE TABLE found_own (); END IF;
END $$
$m$, include => '{mig_app}') WHERE operation = 'create' ORDER BY object COLLATE "C";
SELECT id, x FROM temporary;
INSERT INTO temporary DEFAULT VALUES RETURNING id, x;
SELECT pg_temp.called(), 'x'::pg_temp.kind;

SET client_min_messages = error;
DROP SCHEMA mig_app, mig_late, mig_util, mig_all, mig_guards CASCADE;
DROP ROLE regress_mig_asks;
