-- Going down, and up again, where a late revision lies below
SET client_min_messages = warning;
CREATE SCHEMA regress_mig_late_down;
CREATE EXTENSION pg_migrations SCHEMA regress_mig_late_down;
SET search_path = regress_mig_late_down;
SELECT migrate_revision('y', rev_id => 'yyyy', upgrade => 'CREATE TABLE y ()', downgrade => 'DROP TABLE y');
SELECT migrate_revision('b', rev_id => 'bbbb', upgrade => 'CREATE TABLE b ()', downgrade => 'DROP TABLE b');
SELECT revision FROM migrate_upgrade();
SELECT migrate_revision('x', rev_id => 'xxxx', head => 'yyyy', splice => true, upgrade => 'CREATE TABLE x ()', downgrade => 'DROP TABLE x');
SELECT migrate_edit('bbbb', head => 'xxxx');
CREATE VIEW state AS
    SELECT revision, tip, late FROM migrate_applied ORDER BY revision COLLATE "C";
SELECT * FROM state;

-- what is left is current, and nothing waits any more
BEGIN;
SELECT revision FROM migrate_downgrade('yyyy');
SELECT * FROM state;
SELECT revision, marks FROM migrate_current();
SELECT revision FROM migrate_downgrade('-1');
SELECT * FROM state;
ROLLBACK;

-- what is undone and done again still waits
BEGIN;
SELECT revision FROM migrate_redo();
SELECT * FROM state;
SELECT revision, late FROM migrate_pending();
SELECT revision FROM migrate_upgrade();
SELECT * FROM state;
ROLLBACK;

-- a stamp of what waits says that all below it is done
BEGIN;
SELECT migrate_stamp('bbbb');
SELECT revision, tip, late, how FROM migrate_applied ORDER BY revision COLLATE "C";
SELECT revision FROM migrate_pending();
ROLLBACK;

DROP EXTENSION pg_migrations CASCADE;
DROP SCHEMA regress_mig_late_down CASCADE;
