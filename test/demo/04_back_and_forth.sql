-- 4. Back and forth
--
-- A dry run is a transaction that is rolled back.

BEGIN;
SELECT * FROM migrate_downgrade('-1');
SELECT revision, message, marks FROM migrate_current();
ROLLBACK;
SELECT revision, message, marks FROM migrate_current();

-- Down to the revision that both branches began with, and up again.

SELECT step, direction, revision, message, statements
    FROM migrate_plan('ae10', downgrade => true);
SELECT * FROM migrate_downgrade('ae10');
SELECT * FROM migrate_pending();
SELECT * FROM migrate_upgrade('files@+1');
SELECT * FROM migrate_upgrade('heads');

-- The messages are still there.

SELECT id, author, body FROM message ORDER BY id;

-- An application that may not migrate asks whether its revision is there.

SELECT migrate_require('5e6f');
SELECT migrate_require('c0ffee'); -- fails
