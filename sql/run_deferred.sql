--
-- Deferred constraints are checked at the end of each script
--
SET client_min_messages = warning;
CREATE SCHEMA mig_run_deferred;
CREATE EXTENSION pg_migrations SCHEMA mig_run_deferred;
SET search_path = mig_run_deferred;

CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (
    pid int CONSTRAINT child_pid_fkey REFERENCES parent DEFERRABLE INITIALLY DEFERRED,
    sib int CONSTRAINT child_sib_fkey REFERENCES parent DEFERRABLE INITIALLY IMMEDIATE,
    u int CONSTRAINT child_u_key UNIQUE DEFERRABLE INITIALLY DEFERRED);

---------------------------------------------------------------------------
-- A violation fails inside the script that made it, not at COMMIT
---------------------------------------------------------------------------
SELECT migrate_revision('late parent', 'INSERT INTO child VALUES (1); INSERT INTO parent VALUES (1)', '', rev_id => 'r1');
SELECT migrate_revision('no parent', 'INSERT INTO child VALUES (9)', '', rev_id => 'r2');
SELECT migrate_revision('no matter', 'SELECT 1', '', rev_id => 'r3');
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT count(*) FROM child;
-- not even with the parent in the next one
SELECT migrate_edit('r3', upgrade => 'INSERT INTO parent VALUES (9)');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r2', upgrade => 'INSERT INTO child (u) VALUES (7), (7)');
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT migrate_edit('r2', upgrade => 'INSERT INTO child (u) VALUES (7), (7); UPDATE child SET u = 8 WHERE ctid = (SELECT max(ctid) FROM child WHERE u = 7)');
SELECT revision FROM migrate_upgrade();
SELECT revision FROM migrate_downgrade('base');
TRUNCATE child, parent;

---------------------------------------------------------------------------
-- The next script may change the table, and defers again
---------------------------------------------------------------------------
SELECT migrate_edit('r2', upgrade => 'ALTER TABLE child ADD x int; ALTER TABLE parent ADD y int', downgrade => 'ALTER TABLE child DROP x; ALTER TABLE parent DROP y');
SELECT migrate_edit('r3', upgrade => 'INSERT INTO child (pid, u, x) VALUES (2, 1, 1); INSERT INTO parent VALUES (2, 2); UPDATE child SET u = 3 - u', downgrade => 'DELETE FROM child WHERE pid = 2; DELETE FROM parent WHERE id = 2');
SELECT revision FROM migrate_upgrade();
SELECT * FROM child ORDER BY pid;
SELECT revision FROM migrate_downgrade('base');
TRUNCATE child, parent;

-- also within one script, after the constraint was made there
SELECT migrate_edit('r1', upgrade => $$
    CREATE TABLE own (id int PRIMARY KEY, up int REFERENCES own DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO own VALUES (1, 2), (2, 1)$$, downgrade => 'DROP TABLE own');
SELECT migrate_edit('r2', upgrade => 'ALTER TABLE own ADD z int; INSERT INTO own VALUES (3, 4); INSERT INTO own VALUES (4, 3)', downgrade => 'ALTER TABLE own DROP z');
SELECT migrate_edit('r3', upgrade => 'INSERT INTO own VALUES (5, 6)', downgrade => '');
SELECT migrate_upgrade(); -- fails
SELECT revision FROM migrate_upgrade('r2');
SELECT revision FROM migrate_downgrade('base');

---------------------------------------------------------------------------
-- Initially immediate stays immediate, also after SET CONSTRAINTS in a script
---------------------------------------------------------------------------
SELECT migrate_edit('r1', upgrade => 'INSERT INTO parent VALUES (1); INSERT INTO child (sib) VALUES (1)', downgrade => '');
SELECT migrate_edit('r2', upgrade => 'INSERT INTO child (sib) VALUES (5); INSERT INTO parent VALUES (5)', downgrade => '');
SELECT migrate_edit('r3', upgrade => '', downgrade => '');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r1', upgrade => 'SET CONSTRAINTS ALL DEFERRED; INSERT INTO child (sib) VALUES (4); INSERT INTO parent VALUES (4)');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('r1', upgrade => 'SET CONSTRAINTS child_pid_fkey IMMEDIATE; INSERT INTO parent VALUES (1)');
SELECT migrate_edit('r2', upgrade => 'INSERT INTO child (pid) VALUES (5); INSERT INTO parent VALUES (5)');
SELECT revision FROM migrate_upgrade();
SELECT revision FROM migrate_downgrade('base');
TRUNCATE child, parent;
SELECT migrate_edit('r1', upgrade => 'SET CONSTRAINTS child_pid_fkey IMMEDIATE; INSERT INTO child VALUES (1)');
SELECT migrate_upgrade('r1'); -- fails

---------------------------------------------------------------------------
-- What holds after the run, in the caller's transaction
---------------------------------------------------------------------------
SELECT migrate_edit('r1', upgrade => 'INSERT INTO child VALUES (1); INSERT INTO parent VALUES (1)');
SELECT migrate_edit('r2', upgrade => '');
BEGIN;
SELECT revision FROM migrate_upgrade('r2');
INSERT INTO child VALUES (2);
INSERT INTO parent VALUES (2);
SAVEPOINT s;
INSERT INTO child (sib) VALUES (3); -- fails
ROLLBACK TO s;
COMMIT;
SELECT count(*) FROM child;
SELECT revision FROM migrate_downgrade('base');
TRUNCATE child, parent;

-- what the caller left open is checked with the script
BEGIN;
INSERT INTO child VALUES (3);
SELECT migrate_upgrade('r1'); -- fails
ROLLBACK;

---------------------------------------------------------------------------
-- Constraint triggers
---------------------------------------------------------------------------
CREATE FUNCTION complain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no row with id %', new.id;
END
$$;
CREATE CONSTRAINT TRIGGER never AFTER INSERT ON parent DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (new.id > 10) EXECUTE FUNCTION complain();
SELECT migrate_edit('r1', upgrade => 'INSERT INTO parent VALUES (1), (11); SELECT 1', verify => 'SELECT 1');
SELECT migrate_upgrade('r1'); -- fails

DROP SCHEMA mig_run_deferred CASCADE;
