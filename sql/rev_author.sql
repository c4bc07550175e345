--
-- migrate_revision(): what it stores, and what it refuses
--
CREATE SCHEMA mig_rev_author;
CREATE EXTENSION pg_migrations SCHEMA mig_rev_author;
SET search_path = mig_rev_author;

CREATE VIEW stored AS
    SELECT revision, down_revision AS parents, depends_on, requires,
        branch_labels AS labels, is_head AS head, is_real_head AS real,
        generation AS gen, message
    FROM migrate_revision ORDER BY seq;

---------------------------------------------------------------------------
-- The first revision is a base, whatever "head" is
---------------------------------------------------------------------------
SELECT migrate_revision('create account', 'CREATE TABLE account ()',
    'DROP TABLE account', rev_id => 'a1');
SELECT migrate_revision('add name', 'ALTER TABLE account ADD name text',
    'ALTER TABLE account DROP name', rev_id => 'a2');

-- without a downgrade script it is irreversible; with nothing to do it is not
SELECT migrate_revision('drop name', 'ALTER TABLE account DROP name', rev_id => 'a3');
SELECT migrate_revision('a landmark', rev_id => 'a4');
SELECT migrate_revision('blanks only', E' \n\t', rev_id => 'a5');
SELECT revision, upgrade_sql, downgrade_sql, verify_sql, transactional
FROM migrate_revision ORDER BY seq;

-- who, when, checksum: the checksum looks at tokens only
SELECT bool_and(created_by = current_user) AS created_by,
    bool_and(stored_by = current_user) AS stored_by,
    bool_and(checksum ~ '^[0-9a-f]{64}$') AS checksum
FROM migrate_revision;
SELECT bool_and(later) AS "created_at increases"
FROM (SELECT created_at > lag(created_at) OVER (ORDER BY seq) AS later
      FROM migrate_revision) r;
SELECT a.checksum = b.checksum AS "nothing and blanks are the same"
FROM migrate_revision a, migrate_revision b
WHERE a.revision = 'a4' AND b.revision = 'a5';

---------------------------------------------------------------------------
-- Parents
---------------------------------------------------------------------------
SET client_min_messages = warning;
SELECT migrate_revision('by id', head => 'a5', rev_id => 'a6');
SELECT migrate_revision('another root', head => 'base', rev_id => 'b1');
SELECT migrate_revision('which head?'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('on one of them', head => 'a6', rev_id => 'a7');
SELECT migrate_revision('two parents', head => 'a7, b1', rev_id => 'm1');
SELECT migrate_revision('not a head', head => 'a2'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('a fork', head => 'a2', splice => true, rev_id => 'c1');
SELECT migrate_revision('one twice', head => 'c1, c1'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('one twice', head => 'c1, m1, heads'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('all heads', head => 'heads', rev_id => 'm2');
SELECT migrate_revision('no such parent', head => 'zz'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('relative', head => '-1'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('relative', head => 'm2-1'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('current', head => 'current'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('range', head => 'a1:a2'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('nothing', head => ''); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- Labels
---------------------------------------------------------------------------
SELECT migrate_revision('labelled', head => 'base', rev_id => 'd1', branch_label => 'billing');
SELECT migrate_revision('two labels', head => 'base', rev_id => 'e1', branch_label => 'mail , post');
SELECT migrate_revision('an empty one', head => 'e1', rev_id => 'e2', branch_label => '');
SELECT migrate_revision('a taken one', head => 'base', branch_label => 'billing'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('an id', head => 'base', branch_label => 'a1'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('its own id', head => 'base', rev_id => 'f1', branch_label => 'f1'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('twice', head => 'base', branch_label => 'x,x'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('one missing', head => 'base', branch_label => 'x,,y'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('malformed', head => 'base', branch_label => 'x-1'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('a word', head => 'base', branch_label => 'heads'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- Dependencies: a label stays a label, all else becomes an id
---------------------------------------------------------------------------
SELECT migrate_revision('by label', head => 'mail@head', rev_id => 'e3', depends_on => 'billing');
SELECT migrate_revision('by id, label and head', head => 'e3', rev_id => 'e4',
    depends_on => 'a1, billing, billing@head');
SELECT migrate_revision('none', head => 'e4', rev_id => 'e5', depends_on => ' ');
SELECT migrate_revision('on base', head => 'e5', depends_on => 'base'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('on several', head => 'e5', depends_on => 'heads'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('on nothing known', head => 'e5', depends_on => 'biling'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('a gap', head => 'e5', depends_on => 'a1,,b1'); -- fails
\echo :SQLSTATE
-- nothing depends on itself or stands on itself
SELECT migrate_revision('itself', head => 'e5', rev_id => 'e6', depends_on => 'e6'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('itself', head => 'e5', rev_id => 'e6', branch_label => 'own', depends_on => 'own'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('itself', head => 'e6', rev_id => 'e6'); -- fails
\echo :SQLSTATE
SELECT * FROM stored;

---------------------------------------------------------------------------
-- Ids
---------------------------------------------------------------------------
SELECT migrate_revision('random', head => 'e5') AS id \gset
SELECT :'id' ~ '^[0-9a-f]{12}$' AS "12 hex digits";
SELECT migrate_remove(:'id');
SELECT migrate_revision('an own one', head => 'base', rev_id => repeat('x', 63));
SELECT migrate_revision('case matters', head => 'base', rev_id => 'A1');
SELECT migrate_revision('taken', head => 'base', rev_id => 'a1'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('a label', head => 'base', rev_id => 'post'); -- fails
\echo :SQLSTATE

CREATE FUNCTION try_id(id text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    PERFORM mig_rev_author.migrate_revision('an id', head => 'base', rev_id => id);
    RETURN 'stored';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ': ' || detail;
END
$$;
SELECT id, try_id(id)
FROM (VALUES (1, ''), (2, '.x'), (3, 'x@y'), (4, 'x-1'), (5, 'x+1'), (6, 'x:y'), (7, 'x,y'),
        (8, 'x/y'), (9, 'x\y'), (10, 'x y'), (11, E'x\ty'), (12, E'x\ny'), (13, E'\x7f'),
        (14, 'head'), (15, 'heads'), (16, 'base'), (17, 'current'), (18, repeat('x', 64)),
        (19, 'x.1'), (20, 'HEAD'), (21, 'x''y"z'), (22, '%s%n'), (23, '*')) v (n, id)
ORDER BY n;

---------------------------------------------------------------------------
-- Messages
---------------------------------------------------------------------------
SELECT migrate_revision(E'first line\r\n\n  second line\nthird line\n', head => 'base', rev_id => 'g1');
SELECT migrate_revision($$
begins with a line break
and goes on
$$, head => 'base', rev_id => 'h1');
SELECT migrate_revision('', head => 'g1', rev_id => 'g2');
SELECT revision, message, description FROM migrate_revision WHERE revision ~ '^[gh].$' ORDER BY seq;
SELECT migrate_revision('a1'); -- fails
\echo :SQLSTATE
SELECT migrate_revision('billing'); -- fails
\echo :SQLSTATE

---------------------------------------------------------------------------
-- NULL where something is needed, and where it is the default
---------------------------------------------------------------------------
SELECT migrate_revision(NULL); -- fails
\echo :SQLSTATE
SELECT migrate_revision('x', upgrade => NULL); -- fails
\echo :SQLSTATE
SELECT migrate_revision('x', head => NULL); -- fails
\echo :SQLSTATE
SELECT migrate_revision('defaults', 'SELECT 1', NULL, NULL, 'g2', 'g3', NULL, NULL, NULL, NULL);

-- a read-only transaction
BEGIN READ ONLY;
SELECT migrate_revision('x', head => 'g3'); -- fails
\echo :SQLSTATE
ROLLBACK;

-- nothing of what failed was stored, and a rollback takes a revision along
BEGIN;
SELECT migrate_revision('rolled back', head => 'g3', rev_id => 'g4');
ROLLBACK;
SELECT count(*) FROM migrate_revision WHERE message IN ('x', 'one twice', 'rolled back');
SELECT revision, head_count, real_head_count,
    (SELECT count(*) FROM migrate_revision WHERE is_head) AS heads,
    (SELECT count(*) FROM migrate_revision WHERE is_real_head) AS real_heads
FROM migrate_revision ORDER BY seq DESC LIMIT 1;

DROP SCHEMA mig_rev_author CASCADE;
