--
-- What revisions build is kept by the session, as long as all that it depends on holds
--
SET client_min_messages = warning;
CREATE SCHEMA mig_chain;
CREATE EXTENSION pg_migrations SCHEMA mig_chain;
CREATE SCHEMA mig_chain_test;
CREATE SCHEMA mig_chain_app;
CREATE SCHEMA mig_chain_lib;
SET search_path = mig_chain_app, mig_chain_lib, mig_chain;
\pset format unaligned
\pset tuples_only on

-- in a read-only transaction only what is kept can answer
CREATE FUNCTION mig_chain_test.state(call text DEFAULT 'count(*) FROM migrate_drift()') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('transaction_read_only', 'on', true);
    EXECUTE 'SELECT ' || call;
    RETURN 'kept';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
-- what a script leads to: is it kept?
CREATE FUNCTION mig_chain_test.try(script text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    PERFORM migrate_revision('tried', script, NULL, rev_id => 'ff');
    PERFORM count(*) FROM migrate_diff('CREATE TABLE something ()', against => 'ff');
    answer := mig_chain_test.state('count(*) FROM migrate_diff(''CREATE TABLE something ()'', against => ''ff'')');
    PERFORM migrate_remove('ff');
    RETURN answer;
END $$;

CREATE FUNCTION mig_chain_test.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE TYPE mig_chain_lib.state AS ENUM ('new', 'old');
CREATE DOMAIN mig_chain_lib.positive AS int CHECK (VALUE > 0);
CREATE TABLE mig_chain_lib.base (id int, note text);
CREATE FUNCTION mig_chain_lib.f(numeric) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT $1';
SELECT migrate_revision('first', $$
    CREATE TABLE item (id int PRIMARY KEY, s state, n positive, at timestamptz DEFAULT now(), g numeric GENERATED ALWAYS AS (f(1)) STORED);
    CREATE TABLE copied (LIKE base);
    INSERT INTO item VALUES (1, 'new', 1), (2, 'old', 2);
$$, 'DROP TABLE copied, item', rev_id => '1a');
SELECT migrate_revision('second', $$
    DO $do$
    BEGIN
        IF to_regtype('kind') IS NULL THEN
            CREATE TYPE kind AS ENUM ('a', 'b');
        END IF;
        IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'item_positive') THEN
            ALTER TABLE item ADD CONSTRAINT item_positive CHECK (id > 0);
        END IF;
        IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'item' AND column_name = 'kind') THEN
            EXECUTE format('ALTER TABLE %I ADD %I kind', 'item', 'kind');
        END IF;
        BEGIN
            CREATE TYPE kind AS ENUM ('a', 'b');
        EXCEPTION WHEN duplicate_object THEN NULL;
        END;
    END $do$;
    CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.at := now(); RETURN NEW; END';
    CREATE TRIGGER stamp BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION stamp();
    UPDATE item SET kind = 'a';
    SELECT set_config('search_path', 'mig_chain_app', true);
    CREATE TABLE chosen AS SELECT id, kind FROM item WHERE at < now();
    NOTIFY mig_chain;
$$, 'DROP TABLE chosen; DROP TRIGGER stamp ON item; DROP FUNCTION stamp; ALTER TABLE item DROP kind; DROP TYPE kind', rev_id => '2b');
SELECT count(*) FROM migrate_upgrade();

---------------------------------------------------------------------------
-- Nothing is built, and the answers are the same
---------------------------------------------------------------------------
ALTER TABLE item DROP CONSTRAINT item_positive, ADD extra int;
COMMENT ON COLUMN item.id IS 'by hand';
DROP FUNCTION stamp CASCADE;
SELECT mig_chain_test.state();
SET client_min_messages = notice;
SELECT operation, kind, object, undo FROM migrate_drift();
SELECT mig_chain_test.state();
CREATE TEMP TABLE kept AS SELECT * FROM migrate_drift();
SET client_min_messages = warning;
SET check_function_bodies = off;
SELECT mig_chain_test.state();
CREATE TEMP TABLE fresh AS SELECT * FROM migrate_drift();
RESET check_function_bodies;
SELECT count(*) FROM kept;
SELECT count(*) FROM (TABLE kept EXCEPT TABLE fresh UNION ALL (TABLE fresh EXCEPT TABLE kept)) x;
BEGIN READ ONLY;
SELECT migrate_drift(strict => true);           -- fails
ROLLBACK;

-- against them, with a model that is kept, too; and as scripts
SELECT $$CREATE TYPE kind AS ENUM ('a', 'b', 'c'); CREATE TABLE item (id int PRIMARY KEY, kind kind)$$ AS model \gset
SELECT mig_chain_test.state(format('migrate_check(%L, against => ''head'')', :'model'));
SELECT migrate_check(:'model', against => 'head');              -- fails
CREATE TEMP TABLE kept_model AS SELECT operation, kind, object, upgrade FROM migrate_diff(:'model', against => 'head');
BEGIN READ ONLY;
SELECT operation, kind, object FROM migrate_diff(:'model', against => 'head');
SELECT operation, kind, object FROM migrate_diff(:'model', against => '1a');            -- fails
ROLLBACK;
SET check_function_bodies = off;
CREATE TEMP TABLE fresh_model AS SELECT operation, kind, object, upgrade FROM migrate_diff(:'model', against => 'head');
RESET check_function_bodies;
SELECT count(*) FROM (TABLE kept_model EXCEPT TABLE fresh_model UNION ALL (TABLE fresh_model EXCEPT TABLE kept_model)) x;
-- what is kept serves scripts that are proven
SELECT upgrade, downgrade FROM migrate_autogenerate_sql($$CREATE TABLE item (id int PRIMARY KEY); CREATE FUNCTION stamp() RETURNS int LANGUAGE sql AS 'SELECT 2'$$, against => 'head');
SELECT migrate_capture('by hand', rev_id => '3c');
SELECT upgrade_sql, downgrade_sql FROM migrate_revision WHERE revision = '3c';
SELECT count(*) FROM migrate_drift();
SELECT mig_chain_test.state();

---------------------------------------------------------------------------
-- Each thing that they depend on
---------------------------------------------------------------------------
-- scripts
BEGIN;
UPDATE migrate_revision SET upgrade_sql = upgrade_sql || ' ' WHERE revision = '1a';
SELECT mig_chain_test.state();
ROLLBACK;
BEGIN;
UPDATE migrate_revision SET transactional = false WHERE revision = '3c';
SELECT mig_chain_test.state();
ROLLBACK;
CREATE ROLE regress_mig_chain;
CREATE ROLE regress_mig_chain_lesser;
SELECT mig_chain_test.state();
SELECT count(*) FROM migrate_drift();
BEGIN;
UPDATE migrate_revision SET stored_by = 'regress_mig_chain' WHERE revision = '3c';
SELECT mig_chain_test.state();
ROLLBACK;
BEGIN;
SELECT count(*) FROM migrate_downgrade('-1');
SELECT mig_chain_test.state();
ROLLBACK;
-- scope and settings
SELECT mig_chain_test.state('count(*) FROM migrate_drift(include => ''{mig_chain_app,mig_chain_lib}'')');
SET migrate.compare = 'privileges';
SELECT mig_chain_test.state();
SET migrate.compare = 'owners';
SELECT mig_chain_test.state();
SET migrate.compare = 'database';
SELECT mig_chain_test.state();
RESET migrate.compare;
SET search_path = mig_chain_app, mig_chain, mig_chain_lib;
SELECT mig_chain_test.state();
SET search_path = mig_chain_app, mig_chain_lib, mig_chain;
SET check_function_bodies = off;
SELECT mig_chain_test.state();
RESET check_function_bodies;
SELECT mig_chain_test.state();
-- all that stands elsewhere
CREATE FUNCTION mig_chain_test.after(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    BEGIN
        EXECUTE change;
        answer := mig_chain_test.state();
        RAISE EXCEPTION 'take it back' USING ERRCODE = 'MIG99';
    EXCEPTION WHEN SQLSTATE 'MIG99' THEN
        RETURN answer;
    END;
END $$;
SELECT count(*) FROM migrate_drift();
SELECT change, mig_chain_test.after(change) FROM (VALUES
    (1, $$SELECT 1$$),
    (2, $$ALTER TYPE mig_chain_lib.state ADD VALUE 'older'$$),
    (3, $$ALTER TYPE mig_chain_lib.state RENAME VALUE 'old' TO 'gone'$$),
    (4, $$ALTER DOMAIN mig_chain_lib.positive SET DEFAULT 1$$),
    (5, $$ALTER DOMAIN mig_chain_lib.positive ADD CHECK (VALUE < 10)$$),
    (6, $$ALTER TABLE mig_chain_lib.base ALTER note TYPE varchar$$),
    (7, $$ALTER TABLE mig_chain_lib.base ADD more int$$),
    (8, $$ALTER TABLE mig_chain_lib.base ALTER id SET DEFAULT 7$$),
    (9, $$CREATE OR REPLACE FUNCTION mig_chain_lib.f(numeric) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1'$$),
    (10, $$CREATE FUNCTION mig_chain_lib.f(int) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT 1.0'$$),
    (11, $$CREATE TYPE mig_chain_lib.kind AS (a int)$$),
    (12, $$CREATE TABLE mig_chain_test.elsewhere (id int CONSTRAINT item_positive CHECK (id > 0))$$),
    (13, $$CREATE SCHEMA mig_chain_new$$),
    (14, $$CREATE ROLE regress_mig_chain_new$$),
    (15, $$GRANT regress_mig_chain TO regress_mig_chain_lesser$$),
    (16, $$ALTER ROLE regress_mig_chain SUPERUSER$$),
    (17, $$GRANT CREATE ON SCHEMA mig_chain_app TO regress_mig_chain$$),
    (18, $$ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO regress_mig_chain$$),
    (19, $$CREATE CAST (mig_chain_lib.state AS int) WITH INOUT AS IMPLICIT$$),
    (20, $$CREATE OPERATOR mig_chain_lib.+ (LEFTARG = text, RIGHTARG = text, FUNCTION = textcat)$$),
    (21, $$CREATE COLLATION mig_chain_lib.c FROM "C"$$),
    (22, $$CREATE TEXT SEARCH CONFIGURATION mig_chain_lib.t (PARSER = "default")$$),
    (23, $$CREATE FOREIGN DATA WRAPPER mig_chain$$),
    (24, $$CREATE EVENT TRIGGER mig_chain ON ddl_command_end EXECUTE FUNCTION mig_chain_test.on_ddl()$$),
    (25, $$CREATE RULE r AS ON INSERT TO mig_chain_lib.base DO ALSO NOTHING$$),
    (26, $$CREATE INDEX ON mig_chain_lib.base (id)$$),
    (27, $$COMMENT ON TABLE mig_chain_lib.base IS 'commented'$$),
    (28, $$ALTER EXTENSION plpgsql ADD FUNCTION mig_chain_lib.f(numeric)$$),
    (29, $$DROP TABLE mig_chain_lib.base$$),
    -- and what does not matter
    (50, $$CREATE TABLE mig_chain_app.by_hand (id serial PRIMARY KEY, s mig_chain_lib.state, CHECK (id > 1)); CREATE TABLE mig_chain_app.by_hand2 (c text COLLATE "C") $$),
    (51, $$CREATE FUNCTION mig_chain_app.by_hand() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE mig_chain_app.by_hand AS ENUM ('a')$$),
    (52, $$CREATE TEMP TABLE temporary (id serial PRIMARY KEY, t text)$$),
    (53, $$INSERT INTO mig_chain_lib.base VALUES (1); ANALYZE mig_chain_lib.base$$)
) AS v (number, change) ORDER BY number;
SELECT mig_chain_test.state();

---------------------------------------------------------------------------
-- Scripts that may build something else the next time
---------------------------------------------------------------------------
SELECT script, mig_chain_test.try(script) FROM (VALUES
    (1, $$CREATE TABLE t (id int)$$),
    (2, $$DO 'BEGIN EXECUTE format(''CREATE TABLE t_%s ()'', 1); END'$$),
    (3, $$DO 'BEGIN EXECUTE format(''CREATE TABLE t_%s ()'', to_char(now(), ''YYYY'')); END'$$),
    (4, $$DO 'BEGIN EXECUTE format(''CREATE TABLE t_%s ()'', extract(year FROM CURRENT_DATE)); END'$$),
    (5, $$DO 'BEGIN IF random() < 2 THEN CREATE TABLE t (); END IF; END'$$),
    (6, $$DO 'BEGIN CREATE TABLE t (); PERFORM random(); CREATE TABLE t2 (); END'$$),
    (7, $$CREATE TABLE t (id int); DO 'DECLARE n int; BEGIN FOR n IN SELECT id FROM t LOOP CREATE TABLE t2 (); END LOOP; END'$$),
    (8, $$CREATE TABLE t (id int); DO 'DECLARE n int; BEGIN FOR n IN SELECT id FROM t LOOP CREATE TABLE t2 (); END LOOP; CREATE TABLE t3 (); END'$$),
    (9, $$CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS 'BEGIN CREATE TABLE t (); END'; SELECT make()$$),
    (10, $$CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS 'BEGIN CREATE TABLE t (); END'; DO 'BEGIN PERFORM make(); END'$$),
    (11, $$CREATE FUNCTION make() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN CREATE TABLE t2 (); RETURN NULL; END';
        CREATE TABLE t (id int); CREATE TRIGGER make AFTER INSERT ON t EXECUTE FUNCTION make(); INSERT INTO t VALUES (1)$$),
    (12, $$CREATE PROCEDURE make() LANGUAGE plpgsql AS 'BEGIN CREATE TABLE t (); END'; CALL make()$$),
    (13, $$DO 'BEGIN PERFORM set_config(''search_path'', ''mig_chain_lib'', false); END'$$),
    (14, $$DO 'BEGIN SET check_function_bodies = off; END'$$),
    (15, $$CREATE TABLE t (id date DEFAULT 'today')$$),
    (16, $$CREATE TABLE t (id date DEFAULT 'Now ()')$$),
    (17, $$CREATE TABLE t (id date) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (now()) TO (MAXVALUE)$$),
    (18, $$CREATE TABLE t (id date) PARTITION BY RANGE (id); DO 'BEGIN CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (now()) TO (MAXVALUE); END'$$),
    (19, $$CREATE TABLE t (id int); INSERT INTO t SELECT id FROM base$$),
    (20, $$CREATE TABLE t AS SELECT * FROM base$$),
    (21, $$CREATE TABLE t (id int); DO 'BEGIN UPDATE t SET id = 1; END'$$),
    (22, $$CREATE TABLE t (id uuid DEFAULT gen_random_uuid(), at timestamptz); INSERT INTO t (at) VALUES (now()); UPDATE t SET at = clock_timestamp()$$),
    (23, $$SET check_function_bodies = off; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT nothing()'$$),
    (24, $$CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN CREATE TABLE IF NOT EXISTS t2 (); END';
        CREATE EVENT TRIGGER on_ddl ON ddl_command_end WHEN tag IN ('CREATE VIEW') EXECUTE FUNCTION on_ddl(); CREATE VIEW v AS SELECT 1 AS one$$),
    (25, $$DO 'BEGIN IF CURRENT_DATE > DATE ''2100-01-01'' THEN CREATE TABLE t (); END IF; END'$$),
    (26, $$CREATE SCHEMA mig_chain_made CREATE TABLE t (id int) CREATE VIEW v AS SELECT id FROM t$$),
    (27, $$DO 'DECLARE d date := ''to'' || ''day''; BEGIN EXECUTE format(''CREATE TABLE t_%s ()'', extract(year FROM (''to'' || ''day'')::date)); END'$$),
    (28, $$SELECT set_config('search_path', 'mig_chain_app', false); CREATE TABLE t (id int)$$),
    (29, $$CREATE FUNCTION mig_chain_app.set_config(text, text, bool) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN pg_catalog.set_config($1, current_setting($2), $3); END';
        SELECT mig_chain_app.set_config('search_path', 'search_path', false)$$),
    (30, $$CREATE FUNCTION make() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id > 9 THEN CREATE TABLE t2 (); END IF; RETURN NULL; END';
        CREATE TABLE t (id int); CREATE TRIGGER make AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION make(); INSERT INTO t VALUES (1)$$),
    (31, $$CREATE FUNCTION n() RETURNS int LANGUAGE plpgsql AS 'BEGIN IF now() > DATE ''2100-01-01'' THEN EXECUTE ''CREATE TABLE t ()''; END IF; RETURN 1; END'; SELECT n()$$),
    (32, $$CREATE FUNCTION n() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN extract(year FROM now()); END'; CREATE TABLE t (id int DEFAULT n()); INSERT INTO t DEFAULT VALUES$$),
    -- the present time, however it is written
    (33, $$CREATE TABLE t (id date DEFAULT U&'\006eow')$$),
    (34, $$CREATE TABLE t (id timestamp DEFAULT E'\x6e\x6f\x77')$$),
    (35, $$CREATE TABLE t (id date DEFAULT 'tom'
        'orrow')$$),
    (36, $$CREATE TABLE t (id date DEFAULT ('n' || 'ow')::date)$$),
    (37, $$CREATE TABLE t (id tstzrange DEFAULT '[now,)')$$),
    (38, $$CREATE TABLE t (id date[] DEFAULT '{yesterday}')$$),
    (39, $$CREATE TYPE c AS (d date); CREATE TABLE t (id c DEFAULT '(now)')$$),
    (40, $$CREATE TABLE t (id time DEFAULT U&'\006eow')$$),
    (41, $$CREATE TABLE t (id timetz(0) DEFAULT U&'\006eow')$$),
    (42, $$SET timezone = 'Asia/Kathmandu'; CREATE TABLE t (id time(2) DEFAULT U&'\006eow')$$),
    (43, $$CREATE VIEW v AS SELECT timestamptz U&'\006eow' AS n$$),
    (44, $$CREATE FUNCTION f(a date DEFAULT U&'\006eow') RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END$$),
    (45, $$DO 'BEGIN EXECUTE ''CREATE TABLE t (d date DEFAULT ''''no'' || ''w'''')''; END'$$),
    (46, $$DO 'BEGIN IF DATE U&''\006eow'' > ''2100-01-01'' THEN CREATE TABLE t (); END IF; END'$$),
    (47, $$DO 'BEGIN IF lower((''[no'' || ''w,)'')::daterange) > ''2100-01-01'' THEN CREATE TABLE t (); END IF; END'$$),
    (48, $$DO 'DECLARE d date[]; BEGIN d := ''{no'' || ''w}''; IF d[1] > ''2100-01-01'' THEN CREATE TABLE t (); END IF; END'$$),
    (49, $$CREATE TABLE t (id timestamptz DEFAULT now(), d date DEFAULT '2001-02-03'); COMMENT ON TABLE t IS 'now'$$),
    -- code that does not run today
    (50, $$CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS 'BEGIN CREATE TABLE t (); END';
        DO 'BEGIN IF now() > ''2100-01-01'' THEN PERFORM "make" (); END IF; END'$$),
    (51, $$CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS 'BEGIN CREATE TABLE t (); END';
        CREATE FUNCTION n() RETURNS int LANGUAGE plpgsql AS 'BEGIN IF now() > ''2100-01-01'' THEN PERFORM make(); END IF; RETURN 1; END';
        CREATE FUNCTION o() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN N(); END'; SELECT o()$$),
    (52, $$CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS 'BEGIN CREATE TABLE t (); END';
        SELECT CASE WHEN now() > '2100-01-01' THEN make() END$$),
    (53, $$CREATE FUNCTION again(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN IF n > 0 THEN RETURN again(n - 1); END IF; RETURN 0; END'; SELECT again(2)$$),
    (58, $$CREATE FUNCTION make() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.created_at := now(); NEW.securityÄ := NEW.no_comment$; RETURN NEW; END'$$),
    (59, $$CREATE FUNCTION re_create() RETURNS text LANGUAGE sql AS 'SELECT ''recreated''::text AS created'; SELECT re_create()$$),
    (60, $$CREATE FUNCTION make() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.created_at := now();CREATE TABLE IF NOT EXISTS t (); RETURN NEW; END'$$),
    -- what a session is asked
    (54, $$DO 'BEGIN IF current_setting(''work_mem'') = ''1kB'' OR pg_backend_pid() = 0 THEN CREATE TABLE t (); END IF; END'$$),
    (55, $$CREATE SEQUENCE s; DO 'BEGIN IF nextval(''s'') > 5 THEN CREATE TABLE t (); END IF; END'$$),
    (56, $$DO 'BEGIN IF EXISTS (SELECT FROM pg_stat_activity WHERE pid = 0) THEN CREATE TABLE t (); END IF; END'$$),
    (57, $$DO 'BEGIN IF session_user = ''nobody'' THEN CREATE TABLE t (); END IF; END'$$)
) AS v (number, script) ORDER BY number;

---------------------------------------------------------------------------
-- Nobody believes another
---------------------------------------------------------------------------
GRANT ALL ON SCHEMA mig_chain, mig_chain_test, mig_chain_app, mig_chain_lib TO regress_mig_chain_lesser;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_chain TO regress_mig_chain_lesser;
GRANT SELECT ON mig_chain_lib.base TO regress_mig_chain_lesser;
ALTER SCHEMA mig_chain_app OWNER TO regress_mig_chain_lesser;
SELECT $$count(*) FROM migrate_diff('CREATE TABLE something ()', against => '1a')$$ AS call \gset
SET ROLE regress_mig_chain_lesser;
SELECT :call;
SELECT mig_chain_test.state(:'call');
RESET ROLE;
SELECT mig_chain_test.state(:'call');
SELECT :call;
SELECT mig_chain_test.state(:'call');
-- what somebody puts in the way is seen
SET ROLE regress_mig_chain_lesser;
CREATE FUNCTION mig_chain_lib.f(int) RETURNS numeric IMMUTABLE LANGUAGE plpgsql AS 'BEGIN CREATE ROLE regress_mig_chain_new; RETURN 1; END';
SELECT mig_chain_test.state(:'call');
RESET ROLE;
SELECT mig_chain_test.state(:'call');
SELECT :call;           -- fails
SET ROLE regress_mig_chain_lesser;
DROP FUNCTION mig_chain_lib.f(int);
SELECT migrate_edit('1a', upgrade => 'CREATE TABLE item ()');           -- fails
RESET ROLE;
SELECT :call;

DROP EXTENSION pg_migrations CASCADE;
DROP SCHEMA mig_chain, mig_chain_test, mig_chain_app, mig_chain_lib CASCADE;
DROP ROLE regress_mig_chain, regress_mig_chain_lesser;
