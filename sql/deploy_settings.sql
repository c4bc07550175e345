--
-- Settings of a deploy, and what scripts make of the session's
--
SET client_min_messages = warning;
CREATE SCHEMA mig_deploy_settings;
CREATE EXTENSION pg_migrations SCHEMA mig_deploy_settings;
SET search_path = mig_deploy_settings;
SELECT count(*) FROM migrate_heads();
CREATE TABLE seen (n serial, lock_timeout text, statement_timeout text, work_mem text, path text, own text);
CREATE FUNCTION look() RETURNS void LANGUAGE sql AS $$
    INSERT INTO mig_deploy_settings.seen (lock_timeout, statement_timeout, work_mem, path, own)
    SELECT current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('work_mem'),
        current_setting('search_path'), current_setting('app.own', true)
$$;

---------------------------------------------------------------------------
-- The extension's settings
---------------------------------------------------------------------------
SELECT name, setting, unit, context, min_val, max_val, boot_val FROM pg_settings WHERE name LIKE 'migrate.lock%' ORDER BY name COLLATE "C";
SET migrate.lock_retries = -1; -- fails
\set VERBOSITY sqlstate
SET migrate.lock_timeout = -2; -- fails
\set VERBOSITY default
SET migrate.lock_timeout = 'soon'; -- fails

---------------------------------------------------------------------------
-- lock_timeout of scripts
---------------------------------------------------------------------------
SELECT migrate_revision('look', 'SELECT look()', 'SELECT look()', rev_id => 'aaaa');
SELECT migrate_revision('look, mixed', 'SELECT look(); VACUUM seen', 'SELECT look()', rev_id => 'bbbb');
SET lock_timeout = '11s';
CALL migrate_deploy();
SET migrate.lock_timeout = '300ms';
CALL migrate_revert('base');
SET migrate.lock_timeout = 0;
CALL migrate_deploy();
RESET migrate.lock_timeout;
SELECT revision FROM migrate_downgrade('aaaa'); -- fails
SELECT migrate_stamp('aaaa');
SELECT revision FROM migrate_downgrade('base');
SELECT n, lock_timeout FROM seen ORDER BY n;
SHOW lock_timeout;

---------------------------------------------------------------------------
-- What a script sets holds for its rest, and ends with it
---------------------------------------------------------------------------
TRUNCATE seen RESTART IDENTITY;
SET work_mem = '3MB';
SET app.own = 'mine';
SET statement_timeout = '12min';
SELECT migrate_revision('transactional', $$
    SET work_mem = '7MB'; SET search_path = pg_catalog; SET app.own = 'theirs'; SET lock_timeout = '7s';
    SELECT mig_deploy_settings.look()$$, '', rev_id => 'cccc');
SELECT migrate_revision('mixed', $$
    SET work_mem = '7MB'; SET search_path = pg_catalog; SET app.own = 'theirs'; SET lock_timeout = '7s';
    SELECT mig_deploy_settings.look();
    VACUUM mig_deploy_settings.seen;
    SELECT mig_deploy_settings.look();
    RESET work_mem; RESET search_path; RESET app.own; SET statement_timeout = 0;
    SELECT mig_deploy_settings.look()$$, '', rev_id => 'dddd');
SELECT migrate_revision('after', 'SELECT look()', '', rev_id => 'eeee');
CALL migrate_deploy();
SELECT * FROM seen WHERE n > 2 ORDER BY n;
SELECT look();
SELECT * FROM seen ORDER BY n DESC LIMIT 1;

-- the verify script has its own
SELECT migrate_revision('verified', $$SET work_mem = '7MB'; SET lock_timeout = '7s'; VACUUM mig_deploy_settings.seen$$, '',
    verify => 'SELECT look()', rev_id => 'verified');
CALL migrate_deploy(schema => 'mig_deploy_settings');
SELECT work_mem, path FROM seen ORDER BY n DESC LIMIT 1;

-- on failure, too
SELECT migrate_revision('fails', $$
    SET work_mem = '7MB'; SET search_path = pg_catalog; SET app.own = 'theirs'; SET lock_timeout = '7s';
    VACUUM mig_deploy_settings.seen;
    SELECT 1 / 0$$, '', rev_id => 'ffff');
\set VERBOSITY terse
CALL migrate_deploy(); -- fails
SELECT look();
SELECT * FROM seen ORDER BY n DESC LIMIT 1;

-- role
SELECT migrate_edit('ffff', upgrade => $$
    SET work_mem = '7MB'; SET search_path = pg_catalog; SET app.own = 'theirs'; SET lock_timeout = '7s';
    VACUUM mig_deploy_settings.seen;
    SET ROLE pg_monitor;
    CREATE TEMP TABLE whose AS SELECT current_user AS me$$);
CALL migrate_deploy();
SELECT me FROM whose;
SELECT current_user = session_user AS "role is back";
SELECT look();
SELECT * FROM seen ORDER BY n DESC LIMIT 1;

---------------------------------------------------------------------------
-- Settings that are named like those of a transaction, and are not: there is
-- transaction_timeout from 17 on
---------------------------------------------------------------------------
SELECT migrate_revision('limited', $$SELECT set_config(name, '1h', false) FROM pg_settings WHERE name = 'transaction_timeout'; VACUUM mig_deploy_settings.seen$$, '', rev_id => 'limited');
CALL migrate_deploy('limited');
SELECT count(*) FROM pg_settings WHERE name = 'transaction_timeout' AND setting <> reset_val;

RESET statement_timeout;
RESET lock_timeout;
DROP SCHEMA mig_deploy_settings CASCADE;
