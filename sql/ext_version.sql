--
-- A module and objects of different versions
--
CREATE SCHEMA mig_version;
CREATE EXTENSION pg_migrations SCHEMA mig_version;
SET search_path = mig_version;
SET client_min_messages = warning;
SELECT migrate_revision('one', 'CREATE TABLE mig_version.one ()', 'DROP TABLE mig_version.one', rev_id => 'aaaa');

---------------------------------------------------------------------------
-- Objects newer than the module, in a session that has written before
---------------------------------------------------------------------------
UPDATE pg_extension SET extversion = '0.10.0' WHERE extname = 'pg_migrations';
SELECT migrate_revision('two', '', '');  -- fails
SELECT migrate_revision('two', '', '');  -- fails
SELECT count(*) FROM migrate_upgrade();  -- fails
CALL migrate_deploy();  -- fails
SELECT migrate_set_model('CREATE TABLE mig_version.one ();');  -- fails
SELECT migrate_stamp('head');  -- fails
SELECT migrate_remove('aaaa');  -- fails

-- nothing was written; reading goes on
SELECT to_regclass('mig_version.one');
SELECT revision, marks FROM migrate_history();
SELECT count(*) FROM migrate_current();

-- as soon as the module fits, so does the session
UPDATE pg_extension SET extversion = (SELECT default_version
    FROM pg_available_extensions WHERE name = 'pg_migrations')
WHERE extname = 'pg_migrations';
SELECT revision FROM migrate_upgrade();

---------------------------------------------------------------------------
-- Objects older than the module: a warning, once in a session
---------------------------------------------------------------------------
UPDATE pg_extension SET extversion = '0.1.9' WHERE extname = 'pg_migrations';
\c
SET search_path = mig_version;
SET client_min_messages = warning;
SELECT migrate_revision('two', '', '', rev_id => 'bbbb');
SELECT revision FROM migrate_upgrade();
\c
SET search_path = mig_version;
SELECT revision FROM migrate_current();
SELECT revision FROM migrate_current();

SET client_min_messages = warning;
DROP SCHEMA mig_version CASCADE;
