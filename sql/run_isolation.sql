--
-- What a script changes of the session ends with it
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_isolation;
CREATE EXTENSION pg_migrations SCHEMA mig_run_isolation;
SET search_path = mig_run_isolation;
CREATE ROLE regress_mig_iso;
GRANT ALL ON SCHEMA mig_run_isolation TO regress_mig_iso;

-- What each script saw when it began.
CREATE TABLE seen (script text, work_mem text, path text, usr text, sess text, own text);
GRANT INSERT ON seen TO PUBLIC;
CREATE FUNCTION note(script text) RETURNS void LANGUAGE sql SET search_path = mig_run_isolation AS $$
    INSERT INTO seen VALUES (script, current_setting('work_mem'), current_setting('mig.path', true),
        current_user, session_user, current_setting('mig.own', true))
$$;
CREATE VIEW session AS
    SELECT current_setting('work_mem') AS work_mem, current_setting('search_path') AS path,
        current_setting('statement_timeout') AS statement_timeout, current_setting('lock_timeout') AS lock_timeout,
        current_setting('datestyle') AS datestyle, current_setting('role') AS role,
        session_user = :'USER' AS session_user, current_setting('mig.own', true) AS own,
        current_setting('check_function_bodies') AS bodies,
        current_setting('transaction_read_only') AS read_only;
\set changes 'SET work_mem = ''3MB''; SET LOCAL statement_timeout = ''9s''; SELECT set_config(''lock_timeout'', ''8s'', false); SET datestyle = ''German''; SET mig.own = ''theirs''; SET check_function_bodies = off; SET search_path = pg_temp, pg_catalog;'

SELECT migrate_revision('settings', 'SELECT note(''1''); ' || :'changes'
    || $$SELECT mig_run_isolation.note('1 end')$$, 'SELECT note(''-1'');' || :'changes', rev_id => 'r1');
SELECT migrate_revision('next', 'SELECT note(''2''); CREATE TABLE where_am_i (d text); '
    || $$INSERT INTO where_am_i VALUES ('2020-02-01'::date::text)$$, 'DROP TABLE where_am_i; SELECT note(''-2'')', rev_id => 'r2');
SELECT migrate_revision('roles', $$SET ROLE regress_mig_iso; CREATE TABLE theirs (); SELECT note('3');
    RESET ROLE; SELECT note('3 reset'); SET SESSION AUTHORIZATION regress_mig_iso; SELECT note('3 session')$$,
    'DROP TABLE theirs; SELECT note(''-3''); SET ROLE regress_mig_iso', rev_id => 'r3');
SELECT migrate_revision('next', 'SELECT note(''4'')', 'SELECT note(''-4'')', rev_id => 'r4', verify => 'SET work_mem = ''2MB''; SELECT note(''4 verify'')');
SELECT migrate_revision('next', 'SELECT note(''5'')', 'SELECT note(''-5'')', rev_id => 'r5');

---------------------------------------------------------------------------
-- On success, outside a transaction block
---------------------------------------------------------------------------
SET work_mem = '5MB';
SET mig.own = 'ours';
\pset format unaligned
SELECT * FROM session;
SELECT revision FROM migrate_upgrade();
SELECT * FROM session;
SELECT script, work_mem, replace(usr, :'USER', '(me)') AS usr, replace(sess, :'USER', '(me)') AS sess, own FROM seen;
SELECT * FROM where_am_i;
SELECT relowner::regrole FROM pg_class WHERE oid = 'theirs'::regclass;
TRUNCATE seen;
SELECT revision FROM migrate_downgrade('base');
SELECT * FROM session;
SELECT script, work_mem, replace(usr, :'USER', '(me)') AS usr, replace(sess, :'USER', '(me)') AS sess, own FROM seen;

---------------------------------------------------------------------------
-- In a transaction block; the caller's SET LOCAL stays what it was
---------------------------------------------------------------------------
BEGIN;
SET LOCAL work_mem = '6MB';
SET statement_timeout = '1min';
SELECT count(*) FROM migrate_upgrade();
SELECT * FROM session;
SELECT count(*) FROM migrate_downgrade('base');
SELECT * FROM session;
COMMIT;
SELECT * FROM session;
RESET statement_timeout;

---------------------------------------------------------------------------
-- On an error: outside, in a block, in a subtransaction
---------------------------------------------------------------------------
SELECT migrate_revision('fails', :'changes' || 'SET ROLE regress_mig_iso; SELECT 1/0', '', rev_id => 'r6');
SELECT migrate_upgrade(); -- fails
SELECT * FROM session;
BEGIN;
SET LOCAL work_mem = '7MB';
SAVEPOINT s;
SELECT migrate_upgrade(); -- fails
ROLLBACK TO s;
SELECT * FROM session;
COMMIT;
SELECT * FROM session;
DO $$
BEGIN
    PERFORM mig_run_isolation.migrate_upgrade();
EXCEPTION WHEN division_by_zero THEN
    RAISE WARNING 'caught; role is %, work_mem is %', current_setting('role'), current_setting('work_mem');
END
$$;
SELECT * FROM session;
SELECT count(*) FROM migrate_applied;
SELECT migrate_remove('r6');

---------------------------------------------------------------------------
-- RESET ALL, DISCARD PLANS, read-only; a role without rights fails as itself
---------------------------------------------------------------------------
SELECT migrate_edit('r1', upgrade => 'RESET ALL; DISCARD PLANS; SET mig.own = ''x''', downgrade => '');
SELECT count(*) FROM migrate_upgrade('r1');
SELECT * FROM session;
SELECT migrate_revision('read only', 'SET TRANSACTION READ ONLY', '', head => 'r1', splice => true, rev_id => 'q2');
SELECT count(*) FROM migrate_upgrade('q2');
SELECT * FROM session;
SELECT migrate_revision('no right', 'SET ROLE regress_mig_iso; DROP TABLE mig_run_isolation.seen', '', head => 'q2', rev_id => 'q3');
SELECT migrate_upgrade('q3'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- Timeouts that a script sets take effect, each statement has the whole time
---------------------------------------------------------------------------
SELECT migrate_edit('q3', upgrade => 'SET statement_timeout = ''1s''; SELECT pg_sleep(0.4); SELECT pg_sleep(0.4); SELECT pg_sleep(0.4)');
SELECT revision FROM migrate_upgrade('q3');
SELECT revision FROM migrate_downgrade('q2');
SELECT migrate_edit('q3', upgrade => 'SET statement_timeout = ''50ms''; SELECT pg_sleep(20)');
SELECT migrate_upgrade('q3'); -- fails
\echo :SQLSTATE
-- the caller's runs on, unless the script sets its own
SELECT migrate_edit('q3', upgrade => 'SET LOCAL statement_timeout = 0; SELECT pg_sleep(0.7)');
SET statement_timeout = '500ms';
SELECT revision FROM migrate_upgrade('q3');
RESET statement_timeout;
SELECT revision FROM migrate_downgrade('q2');
SELECT migrate_edit('q3', upgrade => 'SELECT pg_sleep(20)');
SET statement_timeout = '500ms';
SELECT migrate_upgrade('q3'); -- fails
\echo :SQLSTATE
-- and works for what comes next
SELECT pg_sleep(20); -- fails
RESET statement_timeout;
-- lock_timeout that a script sets does not outlive it
SELECT migrate_edit('q3', upgrade => 'SET lock_timeout = ''1s''; LOCK TABLE mig_run_isolation.seen');
SELECT revision FROM migrate_upgrade('q3');
SHOW lock_timeout;
SELECT revision FROM migrate_downgrade('q2');

-- application_name shows the revision while it runs
SELECT migrate_edit('q3', upgrade => $$CREATE TABLE named AS SELECT application_name, current_setting('application_name') AS setting
    FROM pg_stat_activity WHERE pid = pg_backend_pid()$$);
SELECT revision FROM migrate_upgrade('q3');
SELECT * FROM named;
SELECT application_name = current_setting('application_name') AS "as before" FROM pg_stat_activity WHERE pid = pg_backend_pid();

DROP SCHEMA mig_run_isolation CASCADE;
DROP ROLE regress_mig_iso;
