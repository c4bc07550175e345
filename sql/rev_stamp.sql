--
-- migrate_stamp(): what is recorded as applied, without running anything
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_stamp;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_stamp;
SET search_path = mig_rev_stamp;

CREATE VIEW applied AS
    SELECT schema_name AS schema, string_agg(revision, ' ' ORDER BY revision) AS revisions,
        string_agg(revision, ' ' ORDER BY revision) FILTER (WHERE tip) AS tips,
        string_agg(DISTINCT how, ', ') AS how
    FROM migrate_applied GROUP BY 1 ORDER BY 1;

-- Scripts that fail show that none runs.
SELECT migrate_revision('a', 'SELECT 1/0', 'SELECT 1/0', rev_id => 'a');
SELECT migrate_revision('b', 'SELECT 1/0', 'SELECT 1/0', rev_id => 'b');
SELECT migrate_revision('c1', 'SELECT 1/0', 'SELECT 1/0', rev_id => 'c1', branch_label => 'one');
SELECT migrate_revision('d1', 'SELECT 1/0', 'SELECT 1/0', rev_id => 'd1');
SELECT migrate_revision('c2', 'SELECT 1/0', 'SELECT 1/0', head => 'b', splice => true, rev_id => 'c2', branch_label => 'two');
SELECT migrate_revision('z', 'VACUUM', NULL, head => 'base', rev_id => 'z', branch_label => 'zed', depends_on => 'a');

---------------------------------------------------------------------------
-- One target: related heads are replaced, up and down, others stay
---------------------------------------------------------------------------
SELECT migrate_stamp('d1', tag => 'taken over');
SELECT * FROM applied;
SELECT revision, marks, how, tag, applied_by = current_user AS me FROM migrate_current();
SELECT migrate_stamp('c1');
SELECT * FROM applied;
SELECT migrate_stamp('two@head');
SELECT * FROM applied;
SELECT migrate_stamp('b');
SELECT * FROM applied;
SELECT migrate_stamp('one');
SELECT migrate_stamp('z');
SELECT * FROM applied;
SELECT migrate_stamp('head'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('base');
SELECT migrate_stamp('heads');
SELECT * FROM applied;

---------------------------------------------------------------------------
-- base; with a branch, what lies on it
---------------------------------------------------------------------------
SELECT migrate_stamp('zed@base');
SELECT * FROM applied;
SELECT migrate_stamp('heads');
SELECT migrate_stamp('base');
SELECT * FROM applied;
SELECT migrate_stamp('base');

---------------------------------------------------------------------------
-- Several targets; one below another is included in it
---------------------------------------------------------------------------
SELECT migrate_stamp('d1, c2');
SELECT * FROM applied;
SELECT migrate_stamp('c1,z');
SELECT * FROM applied;
SELECT migrate_stamp('base');
SELECT migrate_stamp('a, c1');
SELECT * FROM applied;
SELECT migrate_stamp('base, c2');
SELECT * FROM applied;

---------------------------------------------------------------------------
-- What ran and stays keeps its record
---------------------------------------------------------------------------
SELECT migrate_stamp('base');
SELECT migrate_edit('a', upgrade => '', downgrade => '');
SELECT migrate_edit('b', upgrade => '', downgrade => '');
SELECT revision FROM migrate_upgrade('b', tag => 'a real run');
SELECT migrate_stamp('d1', tag => 'a stamp');
SELECT revision, how, tag, tip, elapsed IS NULL AS elapsed, checksum IS NULL AS checksum
FROM migrate_applied ORDER BY revision;
SELECT migrate_stamp('a');
SELECT revision, how, tag, tip FROM migrate_applied ORDER BY revision;

---------------------------------------------------------------------------
-- purge: even what is recorded of revisions that nobody knows
---------------------------------------------------------------------------
SELECT migrate_stamp('d1');
INSERT INTO migrate_applied (schema_name, revision, tip, late, applied_at, applied_by, how)
VALUES ('', 'lost', true, false, now(), current_user, 'ran');
SELECT migrate_current(); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('b', purge => true);
SELECT * FROM applied;
SELECT migrate_stamp('base', purge => true);
SELECT * FROM applied;

---------------------------------------------------------------------------
-- Other schemas are not touched
---------------------------------------------------------------------------
CREATE SCHEMA mig_rev_stamp_tenant;
SELECT migrate_stamp('c1');
SELECT migrate_stamp('two', schema => 'mig_rev_stamp_tenant');
SELECT * FROM applied;
SELECT migrate_stamp('base', purge => true);
SELECT * FROM applied;
DROP SCHEMA mig_rev_stamp_tenant;
SELECT migrate_stamp('b', schema => 'mig_rev_stamp_tenant'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('base', schema => 'mig_rev_stamp_tenant');
SELECT * FROM applied;

---------------------------------------------------------------------------
-- Refusals
---------------------------------------------------------------------------
SELECT migrate_stamp('nonesuch'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('+1'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('d1-1'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('current'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('a:b'); -- fails
\echo :SQLSTATE
SELECT migrate_stamp('one@c2'); -- fails
\echo :SQLSTATE
BEGIN READ ONLY;
SELECT migrate_stamp('b'); -- fails
\echo :SQLSTATE
ROLLBACK;

-- each change of state is logged
SELECT action, string_agg(revision, ' ' ORDER BY id) FROM migrate_log
WHERE action LIKE '%stamp' AND tag = 'taken over' GROUP BY action;

DROP SCHEMA mig_rev_stamp CASCADE;
