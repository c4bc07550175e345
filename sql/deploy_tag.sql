--
-- Undo what was applied with a tag: migrate_revert and migrate_downgrade
--
CREATE SCHEMA mig_deploy_tag;
CREATE EXTENSION pg_migrations SCHEMA mig_deploy_tag;
SET search_path = mig_deploy_tag;
SET client_min_messages = warning;

SELECT migrate_revision('create a', 'CREATE TABLE a ()', 'DROP TABLE a', rev_id => 'aaaa');
SELECT migrate_revision('create b', 'CREATE TABLE b ()', 'DROP TABLE b', rev_id => 'bbbb');
SELECT migrate_revision('create c', 'CREATE TABLE c ()', 'DROP TABLE c', rev_id => 'cccc');
SELECT migrate_revision('create d', 'CREATE TABLE d ()', 'DROP TABLE d', rev_id => 'dddd', head => 'aaaa', splice => true);
RESET client_min_messages;

CREATE VIEW applied AS
    SELECT string_agg(revision || coalesce(':' || tag, ''), ' ' ORDER BY revision) FROM migrate_applied WHERE schema_name = '';

---------------------------------------------------------------------------
-- What has the tag goes, what is beside it stays
---------------------------------------------------------------------------
CALL migrate_deploy('aaaa', tag => 'release 1');
CALL migrate_deploy('cccc', tag => 'release 2');
CALL migrate_deploy('dddd', tag => 'release 3');
TABLE applied;
CALL migrate_revert(before_tag => 'release 2', tag => 'back');
TABLE applied;
-- the second of two finds nothing to do
CALL migrate_revert(before_tag => 'release 2');
-- nor does one that failed or only went down
CALL migrate_revert(before_tag => 'back');
SELECT revision FROM migrate_downgrade(before_tag => 'release 3');
SELECT revision FROM migrate_downgrade(before_tag => 'release 3');
TABLE applied;

---------------------------------------------------------------------------
-- Exactly one of target and tag, and a tag that there is
---------------------------------------------------------------------------
CALL migrate_revert(); -- fails
\echo :SQLSTATE
CALL migrate_revert('base', before_tag => 'release 1'); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade(); -- fails
SELECT migrate_downgrade('base', before_tag => 'release 1'); -- fails
CALL migrate_revert(before_tag => 'release 11'); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade(before_tag => 'release 11'); -- fails
SELECT migrate_downgrade(before_tag => ''); -- fails
TABLE applied;

---------------------------------------------------------------------------
-- Refused where something else needs it
---------------------------------------------------------------------------
CALL migrate_deploy('bbbb', tag => 'release 2');
CALL migrate_deploy('cccc', tag => 'it''s 1');
CALL migrate_revert(before_tag => 'release 2'); -- fails
\echo :SQLSTATE
SELECT migrate_downgrade(before_tag => 'release 1'); -- fails
TABLE applied;
-- as the hint says
CALL migrate_revert('bbbb@aaaa');
CALL migrate_revert(before_tag => 'release 1');
-- one that depends on it counts too
SET client_min_messages = warning;
SELECT migrate_revision('needs b', '', '', rev_id => 'eeee', head => 'base', splice => true, depends_on => 'bbbb');
CALL migrate_deploy('bbbb', tag => 'release 4');
CALL migrate_deploy('eeee');
RESET client_min_messages;
CALL migrate_revert(before_tag => 'release 4'); -- fails
-- and what came late, below what was there
CALL migrate_revert('eeee@base');
CALL migrate_revert(before_tag => 'release 4');
SET client_min_messages = warning;
SELECT migrate_revision('late', '', '', rev_id => 'ffff', head => 'base', splice => true);
CALL migrate_deploy('bbbb', tag => 'early');
RESET client_min_messages;
SELECT migrate_import(replace(migrate_export('bbbb'), '-- down_revision: aaaa', '-- down_revision: aaaa, ffff'));
CALL migrate_deploy('bbbb', tag => 'late');
CALL migrate_revert(before_tag => 'late'); -- fails
CALL migrate_revert(before_tag => 'early'); -- undoes both of it
TABLE applied;
CALL migrate_revert(before_tag => 'late');

---------------------------------------------------------------------------
-- Stamped, of one target schema
---------------------------------------------------------------------------
CREATE SCHEMA mig_deploy_tag_t;
SELECT migrate_stamp('dddd', tag => 'here');
SELECT migrate_stamp('dddd', schema => 'mig_deploy_tag_t', tag => 'there');
CALL migrate_revert(before_tag => 'there'); -- fails
CREATE TABLE mig_deploy_tag_t.a ();
CREATE TABLE mig_deploy_tag_t.d ();
CALL migrate_revert(schema => 'mig_deploy_tag_t', before_tag => 'there');
TABLE applied;
SELECT migrate_stamp('base');

---------------------------------------------------------------------------
-- Calls in hints have the tag
---------------------------------------------------------------------------
SET client_min_messages = warning;
SELECT migrate_revision('index', 'CREATE INDEX CONCURRENTLY d_idx ON d ((1))', 'DROP INDEX CONCURRENTLY d_idx; SELECT 1 / (SELECT count(*) FROM mig_deploy_tag_ok)', rev_id => '1111', head => 'dddd');
SELECT migrate_revision('more', 'CREATE TABLE more ()', 'DROP TABLE more', rev_id => '2222', head => '1111');
CALL migrate_deploy('2222', tag => 'it''s 2');
RESET client_min_messages;
SELECT revision FROM migrate_downgrade(before_tag => 'it''s 2'); -- fails
\echo :SQLSTATE
CREATE TABLE mig_deploy_tag_ok ();
CALL migrate_revert(before_tag => 'it''s 2'); -- fails
TABLE applied;
INSERT INTO mig_deploy_tag_ok DEFAULT VALUES;
CALL migrate_revert(before_tag => 'it''s 2');
TABLE applied;

-- a downgrade that is not there
SET client_min_messages = warning;
SELECT migrate_revision('no way', 'SELECT 1', NULL, rev_id => '3333', head => 'base', splice => true);
CALL migrate_deploy('3333', tag => 'no way back');
RESET client_min_messages;
CALL migrate_revert(before_tag => 'no way back'); -- fails
TABLE applied;

SET client_min_messages = warning;
DROP SCHEMA mig_deploy_tag, mig_deploy_tag_t CASCADE;
