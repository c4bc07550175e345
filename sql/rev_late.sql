--
-- Late revisions: an applied revision gets a new, unapplied ancestor
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rev_late;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_late;
SET search_path = mig_rev_late;

CREATE VIEW applied AS
    SELECT string_agg(revision, ' ' ORDER BY revision) AS applied,
        string_agg(revision, ' ' ORDER BY revision) FILTER (WHERE tip) AS tips,
        string_agg(revision, ' ' ORDER BY revision) FILTER (WHERE late) AS waiting
    FROM migrate_applied WHERE schema_name = '';

SELECT migrate_revision('first', 'CREATE TABLE t1 ()', 'DROP TABLE t1', rev_id => 'r1');
SELECT migrate_revision('second', 'CREATE TABLE t2 ()', 'DROP TABLE t2', rev_id => 'r2');
SELECT migrate_revision('third', 'CREATE TABLE t3 ()', 'DROP TABLE t3', rev_id => 'r3');
SELECT migrate_revision('apart', 'CREATE TABLE s1 ()', 'DROP TABLE s1', head => 'base', rev_id => 's1', depends_on => 'r1');
SELECT revision FROM migrate_upgrade('heads');

---------------------------------------------------------------------------
-- A revision is slipped in below r2
---------------------------------------------------------------------------
SELECT migrate_revision('slipped in', 'CREATE TABLE t15 ()', 'DROP TABLE t15',
    head => 'r1', splice => true, rev_id => 'r15');
SELECT * FROM applied;
SELECT migrate_edit('r2', head => 'r15');
SELECT * FROM applied;
SELECT * FROM migrate_pending();
SELECT revision, marks FROM migrate_current();
SELECT revision, marks, applied_at IS NOT NULL AS applied FROM migrate_history();
SELECT * FROM migrate_graph();
SELECT migrate_require('r3'); -- fails
\echo :SQLSTATE
SELECT migrate_require('s1');
SELECT migrate_require('r1');

---------------------------------------------------------------------------
-- An upgrade to what is applied already runs what is late
---------------------------------------------------------------------------
SELECT step, revision FROM migrate_plan('r3');
BEGIN READ ONLY;
SELECT step, revision FROM migrate_upgrade('r3'); -- fails
\echo :SQLSTATE
ROLLBACK;
-- not below: no business of its
SELECT step, revision FROM migrate_upgrade('r1');
SELECT step, revision FROM migrate_upgrade('s1');
SELECT step, revision, message FROM migrate_upgrade('r3');
SELECT * FROM applied;
SELECT * FROM migrate_pending();
SELECT migrate_require('heads');
SELECT step, revision FROM migrate_upgrade('heads');

---------------------------------------------------------------------------
-- Two late ones, one of them a dependency of the other, and new ones on top
---------------------------------------------------------------------------
SELECT migrate_revision('dependency', head => 'base', rev_id => 'dep');
SELECT migrate_revision('also slipped in', 'CREATE TABLE t25 ()', 'DROP TABLE t25',
    head => 'r2', splice => true, rev_id => 'r25', depends_on => 'dep');
SELECT migrate_edit('r3', head => 'r25');
SELECT migrate_revision('fourth', 'CREATE TABLE t4 ()', 'DROP TABLE t4', head => 'r3', rev_id => 'r4');
SELECT * FROM migrate_pending();
-- one of the two first
SELECT step, revision FROM migrate_upgrade('dep');
SELECT * FROM applied;
SELECT * FROM migrate_pending();
SELECT step, revision FROM migrate_upgrade('heads');
SELECT * FROM applied;

---------------------------------------------------------------------------
-- Downgrades over a late revision
---------------------------------------------------------------------------
SELECT migrate_revision('late base', 'CREATE TABLE t0 ()', 'DROP TABLE t0', head => 'base', rev_id => 'r0');
SELECT migrate_edit('r1', head => 'r0');
SELECT * FROM applied;
SELECT step, revision FROM migrate_downgrade('-1');
SELECT * FROM applied;
SELECT step, revision FROM migrate_downgrade('r2');
SELECT * FROM applied;
SELECT step, revision FROM migrate_plan('r0', downgrade => true);
SELECT step, revision FROM migrate_upgrade('r3');
SELECT * FROM applied;
SELECT step, revision FROM migrate_downgrade('base');
SELECT * FROM applied;

---------------------------------------------------------------------------
-- Stamps: what counts as applied includes the ancestors
---------------------------------------------------------------------------
SELECT migrate_stamp('r2');
SELECT * FROM applied;
SELECT migrate_revision('late again', head => 'r1', splice => true, rev_id => 'r12');
SELECT migrate_edit('r2', head => 'r12, r15');
SELECT * FROM applied;
SELECT migrate_stamp('r3');
SELECT * FROM applied;

-- giving the old parents back heals it, too
SELECT migrate_revision('and again', head => 'base', rev_id => 'r00');
SELECT migrate_edit('r0', head => 'r00');
SELECT * FROM applied;
SELECT migrate_edit('r0', head => 'base');
SELECT * FROM applied;
SELECT * FROM migrate_pending();

---------------------------------------------------------------------------
-- Target schemas apart
---------------------------------------------------------------------------
CREATE SCHEMA mig_rev_late_tenant;
SELECT migrate_stamp('r1', 'mig_rev_late_tenant');
SELECT migrate_edit('r1', head => 'r00, r0');
SELECT schema_name, string_agg(revision, ' ' ORDER BY revision) FILTER (WHERE late) AS waiting
FROM migrate_applied GROUP BY schema_name ORDER BY schema_name;
SELECT revision FROM migrate_upgrade('r1', 'mig_rev_late_tenant');
SELECT schema_name, string_agg(revision, ' ' ORDER BY revision) FILTER (WHERE late) AS waiting
FROM migrate_applied GROUP BY schema_name ORDER BY schema_name;

DROP SCHEMA mig_rev_late, mig_rev_late_tenant CASCADE;
