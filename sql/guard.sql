--
-- DDL that no migration makes is logged
--
SET client_min_messages = warning;
CREATE SCHEMA mig_guard;
CREATE EXTENSION pg_migrations SCHEMA mig_guard;
SET search_path = mig_guard;
SET application_name = 'by hand';
CREATE ROLE regress_mig_guard;
CREATE SCHEMA mig_app;
CREATE SCHEMA mig_other;
GRANT USAGE, CREATE ON SCHEMA mig_app, mig_other TO regress_mig_guard;

CREATE VIEW log AS
    SELECT id, action, message, context AS within, objects FROM migrate_log ORDER BY id;

-- what was logged since the last look
CREATE TABLE seen AS SELECT 0::bigint AS id;
CREATE FUNCTION news(OUT message text, OUT within text, OUT objects text[]) RETURNS SETOF record LANGUAGE sql AS $$
    WITH latest AS (UPDATE mig_guard.seen SET id = (SELECT coalesce(max(l.id), 0) FROM mig_guard.migrate_log l) RETURNING id)
    SELECT l.message, l.within, CASE WHEN l.message LIKE 'DROP OWNED%' THEN ARRAY(SELECT unnest(l.objects) COLLATE "C" ORDER BY 1) ELSE l.objects END FROM mig_guard.log l, mig_guard.seen s WHERE l.id > s.id AND EXISTS (SELECT FROM latest)
$$;

---------------------------------------------------------------------------
-- Off is the default
---------------------------------------------------------------------------
CREATE TABLE mig_app.before ();
SELECT count(*) FROM pg_event_trigger;
SELECT * FROM news();

---------------------------------------------------------------------------
-- Who may set it, and to what
---------------------------------------------------------------------------
SELECT migrate_guard('refuse');                             -- fails
SELECT migrate_guard(NULL);                                 -- fails
SELECT migrate_guard('log', '{mig_app, nonesuch}');         -- fails
SELECT migrate_guard('log', ARRAY['mig_app', NULL]);        -- fails
SELECT migrate_guard_event();                               -- fails
SET ROLE regress_mig_guard;
SELECT mig_guard.migrate_guard('log');                      -- fails
RESET ROLE;
GRANT USAGE ON SCHEMA mig_guard TO regress_mig_guard;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_guard TO regress_mig_guard;
SET ROLE regress_mig_guard;
SELECT mig_guard.migrate_guard('log');                      -- fails
RESET ROLE;
SELECT migrate_guard('log');
SELECT mode, schemas, exclude, set_by = current_user AS mine FROM migrate_guard;
SELECT evtname, evtevent, evttags FROM pg_event_trigger ORDER BY evtname;
-- once more changes nothing
SELECT migrate_guard('log');
SELECT count(*) FROM pg_event_trigger;
SELECT action, message, objects FROM log;
SELECT * FROM news();

---------------------------------------------------------------------------
-- Statements and what they are about
---------------------------------------------------------------------------
SET search_path = mig_app, mig_guard;
CREATE TABLE orders (id serial PRIMARY KEY, total int, note text, CHECK (total > 0));
  ALTER TABLE orders ADD COLUMN at date,
     DROP COLUMN note   ;
ALTER TABLE orders RENAME total TO amount;
ALTER TABLE orders RENAME CONSTRAINT orders_total_check TO positive;
CREATE INDEX ON orders (amount);
CREATE TYPE mood AS ENUM ('sad', 'glad');
ALTER TYPE mood ADD VALUE 'mad';
CREATE DOMAIN amounts AS int CHECK (VALUE > 0);
ALTER DOMAIN amounts DROP CONSTRAINT amounts_check;
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1';
CREATE VIEW sums AS SELECT sum(amount) FROM orders;
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER fired BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION fire();
CREATE RULE ruled AS ON DELETE TO orders DO INSTEAD NOTHING;
CREATE POLICY mine ON orders;
CREATE STATISTICS counted ON id, amount FROM orders;
COMMENT ON COLUMN orders.amount IS 'in cents';
GRANT SELECT ON orders, sums TO regress_mig_guard;
GRANT SELECT (id) ON ALL TABLES IN SCHEMA mig_app TO regress_mig_guard;     -- fails
GRANT EXECUTE ON FUNCTION twice(int) TO regress_mig_guard;
GRANT USAGE ON TYPE mood TO regress_mig_guard;
REVOKE ALL ON SCHEMA mig_other FROM regress_mig_guard;
CREATE FOREIGN DATA WRAPPER mig_guard_wrapper;
CREATE SERVER mig_guard_server FOREIGN DATA WRAPPER mig_guard_wrapper;
GRANT USAGE ON FOREIGN DATA WRAPPER mig_guard_wrapper TO regress_mig_guard;
GRANT USAGE ON FOREIGN SERVER mig_guard_server TO regress_mig_guard;
CREATE TRUSTED LANGUAGE mig_guard_language HANDLER plpgsql_call_handler;
GRANT USAGE ON LANGUAGE mig_guard_language TO regress_mig_guard;
ALTER DEFAULT PRIVILEGES IN SCHEMA mig_app, mig_other GRANT SELECT ON TABLES TO regress_mig_guard;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO regress_mig_guard;
ALTER TABLE before SET SCHEMA mig_other;
ALTER TABLE mig_other.before RENAME TO after;
ALTER TABLE mig_other.after OWNER TO regress_mig_guard;
CREATE PUBLICATION mig_guard_pub FOR TABLE orders;
CREATE TABLE copied AS SELECT 1 AS a;
CREATE SCHEMA mig_third CREATE TABLE inside (a int) CREATE VIEW seen AS SELECT a FROM inside;
SELECT * FROM news();

DROP TRIGGER fired ON orders;
DROP POLICY mine ON orders;
DROP INDEX orders_amount_idx;
DROP FUNCTION twice(int);
DROP TYPE mood;
DROP DOMAIN amounts;
DROP TABLE copied, mig_third.inside CASCADE;
DROP SCHEMA mig_third;
ALTER TABLE orders DROP COLUMN amount CASCADE;
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM regress_mig_guard;
DROP PUBLICATION mig_guard_pub;
DROP LANGUAGE mig_guard_language;
DROP FOREIGN DATA WRAPPER mig_guard_wrapper CASCADE;
DROP OWNED BY regress_mig_guard;
GRANT USAGE, CREATE ON SCHEMA mig_app, mig_other TO regress_mig_guard;
GRANT USAGE ON SCHEMA mig_guard TO regress_mig_guard;
SELECT * FROM news();

---------------------------------------------------------------------------
-- Who, and by what
---------------------------------------------------------------------------
SET ROLE regress_mig_guard;
CREATE TABLE mig_app.mine (a int);
RESET ROLE;
DO $$ BEGIN EXECUTE 'ALTER TABLE mig_app.mine ADD b int'; END $$;
CREATE FUNCTION mig_app.work() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN CREATE TABLE mig_app.worked (); DROP TABLE mig_app.worked; END $$;
ALTER FUNCTION mig_app.work() OWNER TO regress_mig_guard;
SELECT mig_app.work();
PREPARE make AS SELECT 1 AS x;
CREATE TABLE mig_app.prepared AS EXECUTE make;
SELECT role_name = current_user AS own, session_role = session_user AS login, application_name, message, context, objects, revision, outcome
FROM migrate_log WHERE id > (SELECT id FROM seen) AND 'function mig_app.news()' <> ALL (objects) ORDER BY id;
-- several statements at once, each by itself
CREATE TABLE mig_app.first ()\; CREATE /* second */ TABLE mig_app.second ()\; SELECT 1;
SELECT message, objects FROM log ORDER BY id DESC LIMIT 2;
-- the beginning of a long one
\set ECHO none
SELECT format('CREATE TABLE mig_app.long (a int DEFAULT length(%L))', repeat('é', 2000)) \gexec
\set ECHO all
SELECT octet_length(message) FROM log ORDER BY id DESC LIMIT 1;
-- what is rolled back is not logged
BEGIN;
CREATE TABLE mig_app.never ();
ROLLBACK;
SELECT message FROM log ORDER BY id DESC LIMIT 1 \gset
SELECT :'message' LIKE '%never%' AS never;
UPDATE seen SET id = (SELECT max(l.id) FROM log l);

---------------------------------------------------------------------------
-- What is passed over
---------------------------------------------------------------------------
-- temporary objects
CREATE TEMP TABLE t (a serial PRIMARY KEY, b int) ON COMMIT DROP;
CREATE TEMP TABLE t (a serial PRIMARY KEY, b int);
CREATE TRIGGER tt BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION mig_app.fire();
CREATE POLICY tp ON t;
CREATE INDEX ON t (b);
COMMENT ON COLUMN t.b IS 'temporary';
GRANT SELECT ON t TO PUBLIC;
CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql RETURN 1;
CREATE TYPE pg_temp.e AS ENUM ('a');
CREATE TEMP VIEW tv AS SELECT * FROM t;
SELECT 1 AS a INTO TEMP u;
DROP TRIGGER tt ON t;
DROP POLICY tp ON t;
ALTER TABLE t DROP COLUMN b CASCADE;
DROP TABLE t, u;
DROP FUNCTION pg_temp.f();
DROP TYPE pg_temp.e;
-- what fills and rebuilds
CREATE TABLE mig_app.plain (a int PRIMARY KEY);
CREATE MATERIALIZED VIEW mig_app.filled AS SELECT a FROM mig_app.plain;
CREATE UNIQUE INDEX ON mig_app.filled (a);
UPDATE seen SET id = (SELECT max(l.id) FROM log l);
REFRESH MATERIALIZED VIEW mig_app.filled;
REFRESH MATERIALIZED VIEW CONCURRENTLY mig_app.filled;
REINDEX TABLE mig_app.plain;
CLUSTER mig_app.plain USING plain_pkey;
VACUUM FULL mig_app.plain;
ANALYZE mig_app.plain;
TRUNCATE mig_app.plain;
CREATE TABLE IF NOT EXISTS mig_app.plain ();
DROP TABLE IF EXISTS mig_app.nonesuch;
-- what a superuser says is replayed
SET session_replication_role = replica;
CREATE TABLE mig_app.replayed ();
DROP TABLE mig_app.replayed;
RESET session_replication_role;
SELECT * FROM news();

-- migrations, however they make it
SELECT migrate_revision('one', 'CREATE TABLE mig_app.one (a int); DO $d$ BEGIN EXECUTE ''CREATE TABLE mig_app.two ()''; END $d$; DROP TABLE mig_app.two',
    'DROP TABLE mig_app.one', 'DO $d$ BEGIN CREATE TABLE mig_app.tried (); RAISE NOTICE ''verified''; DROP TABLE mig_app.tried; END $d$', rev_id => 'r1');
SELECT migrate_revision('two', 'CREATE INDEX CONCURRENTLY one_a ON mig_app.one (a); COMMENT ON TABLE mig_app.one IS ''one''', 'DROP INDEX CONCURRENTLY mig_app.one_a', rev_id => 'r2');
SELECT revision FROM migrate_upgrade('r1');
CALL migrate_deploy();
CALL migrate_revert('base');
CALL migrate_deploy();
SELECT migrate_stamp('base');
SELECT migrate_stamp('r2');
-- shadows
SELECT operation, object FROM migrate_diff('CREATE TABLE one (a int, b text)', include => '{mig_app}', exclude => '{orders*, mine, plain, filled, first, second, long, prepared}') WHERE operation <> 'drop';
SELECT count(*) > 10 FROM migrate_schema_sql();
SELECT action, message, objects FROM log WHERE id > (SELECT id FROM seen) AND action = 'ddl';
-- after a failure of a run the guard is there
SELECT migrate_revision('bad', 'CREATE TABLE mig_app.bad (); SELECT 1 / 0', '', rev_id => 'r3');
CALL migrate_deploy();      -- fails
SELECT migrate_upgrade();   -- fails
DO $$ BEGIN PERFORM mig_guard.migrate_upgrade(); EXCEPTION WHEN division_by_zero THEN CREATE TABLE mig_app.caught (); END $$;
SELECT message, within, objects FROM log WHERE id > (SELECT id FROM seen) AND action = 'ddl';
SELECT migrate_remove('r3');
-- not within a migration
SELECT migrate_edit('r2', upgrade => $$SELECT mig_guard.migrate_guard('off')$$, downgrade => '');
SELECT migrate_stamp('r1');
SELECT migrate_upgrade();   -- fails

-- what pg_repack does to a table of ours, and in its own schema
CREATE SCHEMA repack;
CREATE FUNCTION repack.repack_trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
SET allow_system_table_mods = on;
INSERT INTO pg_extension SELECT 99001, 'pg_repack', 10, oid, false, '1.0' FROM pg_namespace WHERE nspname = 'pg_catalog';
ALTER EXTENSION pg_repack ADD SCHEMA repack;
UPDATE seen SET id = (SELECT max(l.id) FROM log l);
CREATE TABLE repack.log_1 (id bigserial PRIMARY KEY, row mig_app.plain);
CREATE TRIGGER repack_trigger AFTER INSERT OR DELETE OR UPDATE ON mig_app.plain FOR EACH ROW EXECUTE FUNCTION repack.repack_trigger('a');
ALTER TABLE mig_app.plain ENABLE ALWAYS TRIGGER repack_trigger;
CREATE TABLE repack.table_1 AS SELECT * FROM mig_app.plain;
CREATE UNIQUE INDEX index_1 ON repack.table_1 (a);
DROP TRIGGER repack_trigger ON mig_app.plain;
DROP TABLE repack.log_1, repack.table_1;
SELECT * FROM news();
DROP EXTENSION pg_repack CASCADE;

-- what pg_partman does
CREATE SCHEMA partman;
CREATE TABLE partman.part_config (parent_table text PRIMARY KEY, control text);
INSERT INTO pg_extension SELECT 99002, 'pg_partman', 10, oid, false, '1.0' FROM pg_namespace WHERE nspname = 'partman';
ALTER EXTENSION pg_partman ADD TABLE partman.part_config;
RESET allow_system_table_mods;
CREATE TABLE mig_app.events (at date NOT NULL, n int) PARTITION BY RANGE (at);
CREATE TABLE mig_app.others (at date NOT NULL, n int) PARTITION BY RANGE (at);
INSERT INTO partman.part_config VALUES ('mig_app.events', 'at');
UPDATE seen SET id = (SELECT max(l.id) FROM log l);
CREATE TABLE mig_app.events_p20240101 (LIKE mig_app.events INCLUDING ALL);
ALTER TABLE mig_app.events_p20240101 OWNER TO regress_mig_guard;
CREATE INDEX one_day ON mig_app.events_p20240101 (n);
ALTER TABLE mig_app.events ATTACH PARTITION mig_app.events_p20240101 FOR VALUES FROM ('2024-01-01') TO ('2024-01-02');
CREATE TABLE mig_app.events_default PARTITION OF mig_app.events DEFAULT;
GRANT SELECT ON mig_app.events_default TO regress_mig_guard;
ALTER TABLE mig_app.events DETACH PARTITION mig_app.events_p20240101;
DROP TABLE mig_app.events_p20240101;
SELECT * FROM news();
-- others, and other changes of the parent
CREATE TABLE mig_app.others_p20240101 PARTITION OF mig_app.others FOR VALUES FROM ('2024-01-01') TO ('2024-01-02');
CREATE TABLE mig_app.events_plan ();
CREATE TABLE mig_other.events_p20240101 ();
ALTER TABLE mig_app.events ADD COLUMN m int;
SELECT message, objects FROM news();
DROP EXTENSION pg_partman CASCADE;
DROP SCHEMA partman CASCADE;

---------------------------------------------------------------------------
-- Some schemas, and excluded names
---------------------------------------------------------------------------
SET migrate.exclude = 'mig_app.job_*, "Audit"';
SELECT migrate_guard('log', '{mig_app}');
SELECT mode, schemas, exclude FROM migrate_guard;
RESET migrate.exclude;
UPDATE seen SET id = (SELECT max(l.id) FROM log l);
CREATE TABLE mig_other.elsewhere ();
CREATE TABLE mig_app.job_1 (a int);
CREATE INDEX found ON mig_app.job_1 (a);
CREATE TRIGGER fired BEFORE INSERT ON mig_app.job_1 FOR EACH ROW EXECUTE FUNCTION mig_app.fire();
CREATE TABLE mig_app."Audit" ();
CREATE PUBLICATION mig_guard_pub;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO regress_mig_guard;
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM regress_mig_guard;
DROP PUBLICATION mig_guard_pub;
SELECT * FROM news();
-- nobody keeps out of it by his own setting
SET ROLE regress_mig_guard;
SET migrate.exclude = '*';
CREATE TABLE mig_app.hidden ();
RESET migrate.exclude;
RESET ROLE;
CREATE TABLE mig_app.kept ();
ALTER TABLE mig_app.kept SET SCHEMA mig_other;
DROP TABLE mig_app.hidden, mig_app.job_1;
SELECT message, objects FROM news();

---------------------------------------------------------------------------
-- A role that changes something gains nothing, and hinders nobody
---------------------------------------------------------------------------
SELECT migrate_guard('log');
UPDATE seen SET id = (SELECT max(l.id) FROM log l);
SET ROLE regress_mig_guard;
SELECT * FROM mig_guard.migrate_log;            -- fails
-- functions and operators of his own, found first
CREATE SCHEMA AUTHORIZATION regress_mig_guard;  -- fails
CREATE FUNCTION mig_app.coalesce(text, text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE WARNING ''runs as %'', current_user; RETURN 1; END';
CREATE FUNCTION pg_temp.cardinality(text[]) RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE WARNING ''runs as %'', current_user; RETURN 1; END';
CREATE FUNCTION mig_app.same(text, text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE WARNING ''runs as %'', current_user; RETURN true; END';
CREATE OPERATOR mig_app.= (FUNCTION = mig_app.same, LEFTARG = text, RIGHTARG = text);
CREATE TEMP TABLE migrate_guard (schemas text[], exclude text[]);
CREATE TEMP TABLE migrate_log (a int);
CREATE TEMP TABLE part_config (parent_table text);
SET search_path = pg_temp, mig_app, pg_catalog;
CREATE TABLE mig_app."'; DROP TABLE x; --" ("%s" int);
DROP TABLE mig_app."'; DROP TABLE x; --";
SELECT current_user;
RESET ROLE;
SET search_path = mig_app, mig_guard;
DROP TABLE pg_temp.migrate_guard, pg_temp.migrate_log, pg_temp.part_config;
DROP OPERATOR mig_app.= (text, text);
DROP FUNCTION mig_app.same(text, text), mig_app.coalesce(text, text), pg_temp.cardinality(text[]);
SELECT message, objects FROM news() WHERE message LIKE '%x; --%';

-- what cannot be logged is done all the same
SET client_min_messages = warning;
CREATE FUNCTION seize() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
SET session_replication_role = replica;
CREATE TRIGGER seized BEFORE INSERT ON mig_guard.migrate_log FOR EACH ROW EXECUTE FUNCTION seize();
RESET session_replication_role;
CREATE TABLE mig_app.not_logged (a int);
ALTER TABLE mig_app.not_logged DROP COLUMN a;
DROP TABLE mig_app.not_logged;
DROP TRIGGER seized ON mig_guard.migrate_log;
SELECT message, objects FROM news();
---------------------------------------------------------------------------
-- A comparison of the whole database does not see it
---------------------------------------------------------------------------
SET migrate.compare = 'database';
SELECT operation, kind, object FROM migrate_diff('CREATE SCHEMA mig_none', include => '{mig_none}') WHERE kind = 'event trigger';
SELECT l FROM migrate_schema_sql() l WHERE l LIKE '%EVENT TRIGGER%';
CREATE EVENT TRIGGER mig_guard_own ON ddl_command_end WHEN TAG IN ('CREATE OPERATOR') EXECUTE FUNCTION migrate_guard_event();
CREATE FUNCTION own() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER mig_guard_theirs ON ddl_command_end WHEN TAG IN ('CREATE OPERATOR') EXECUTE FUNCTION own();
SELECT operation, kind, object FROM migrate_diff('CREATE SCHEMA mig_none', include => '{mig_none}') WHERE kind = 'event trigger';
RESET migrate.compare;
DROP EVENT TRIGGER mig_guard_theirs;

---------------------------------------------------------------------------
-- Off, and away
---------------------------------------------------------------------------
SELECT migrate_guard('off');
SELECT count(*) FROM pg_event_trigger;
SELECT * FROM migrate_guard;
UPDATE seen SET id = (SELECT max(l.id) FROM log l);
CREATE TABLE mig_app.unseen ();
SELECT * FROM news();
SELECT migrate_guard('off');

-- the extension takes it along, and moves with it
CREATE SCHEMA mig_moved;
SELECT migrate_guard('log');
DROP VIEW log CASCADE;
ALTER EXTENSION pg_migrations SET SCHEMA mig_moved;
CREATE TABLE mig_app.moved ();
SELECT message FROM mig_moved.migrate_log ORDER BY id DESC LIMIT 1;
DROP EXTENSION pg_migrations;
SELECT count(*) FROM pg_event_trigger;
CREATE TABLE mig_app.gone ();
CREATE EXTENSION pg_migrations SCHEMA mig_guard;
CREATE TABLE mig_app.fresh ();
SELECT count(*) FROM mig_guard.migrate_log;
SELECT migrate_guard('log');
CREATE TABLE mig_app.fresher ();
SELECT action, message FROM mig_guard.migrate_log ORDER BY id;

-- as after a restore: nothing but the function ties them to the extension
DELETE FROM pg_depend WHERE classid = 'pg_event_trigger'::regclass AND refclassid = 'pg_extension'::regclass;
DROP EXTENSION pg_migrations;
SELECT count(*) FROM pg_event_trigger;

DROP SCHEMA mig_app, mig_other, mig_guard, mig_moved CASCADE;
DROP OWNED BY regress_mig_guard;
DROP ROLE regress_mig_guard;
