--
-- Extensions that revisions make, and a model does not mention, stay when it is
-- held against what the revisions build
--
SELECT count(*) = 0 AS lacking FROM pg_available_extensions WHERE name = 'citext' \gset
\if :lacking
    \echo left out: the server has no citext
    \quit
\endif

SET client_min_messages = warning;
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
SET search_path = public, mig;
\pset format unaligned
\pset tuples_only on

SELECT migrate_revision('e', 'CREATE EXTENSION citext; CREATE TABLE e (id int)', 'DROP TABLE e; DROP EXTENSION citext', rev_id => 'e1');
SELECT operation, kind, object FROM migrate_diff('CREATE TABLE e (id int)', against => 'head');
SELECT operation, kind, object FROM migrate_diff('CREATE EXTENSION citext; CREATE TABLE e (id int, t citext)', against => 'head');
-- but where the model speaks for the whole database
SET migrate.compare = 'database';
SELECT operation, kind, object FROM migrate_diff('CREATE TABLE e (id int)', against => 'head');
RESET migrate.compare;

SELECT migrate_remove('e1') \g /dev/null

-- somebody has put one into a schema that a revision creates
SELECT migrate_revision('own', 'CREATE SCHEMA hist_a; CREATE TABLE hist_a.t (id int)', 'DROP TABLE hist_a.t; DROP SCHEMA hist_a', rev_id => 'a1');
SELECT migrate_revision('later', 'CREATE SCHEMA hist_b', 'DROP SCHEMA hist_b', rev_id => 'a2');
SELECT count(*) FROM migrate_upgrade();
CREATE EXTENSION citext SCHEMA hist_b;
CREATE TABLE hist_a.by_hand (c hist_b.citext);
SELECT operation, kind, object, undo FROM migrate_drift();
SELECT test, revision, result FROM migrate_test(strict => true);
SELECT migrate_capture('by hand', rev_id => 'a3');
SELECT count(*) FROM migrate_drift(strict => true);
DROP EXTENSION citext CASCADE;
SELECT count(*) FROM migrate_downgrade('base');
SELECT count(migrate_remove(r)) FROM unnest('{a3,a2,a1}'::text[]) AS r;

-- revisions create the schema and the extension in it, and let both go
SELECT migrate_revision('first', 'CREATE SCHEMA hist_a; CREATE EXTENSION citext SCHEMA hist_a; CREATE TABLE u (c hist_a.citext)', 'DROP TABLE u; DROP EXTENSION citext; DROP SCHEMA hist_a', rev_id => 'b1');
SELECT migrate_revision('other', 'DROP TABLE u; DROP EXTENSION citext; DROP SCHEMA hist_a; CREATE SCHEMA hist_b; CREATE EXTENSION citext SCHEMA hist_b; CREATE TABLE u (c hist_b.citext)', 'DROP TABLE u; DROP EXTENSION citext; DROP SCHEMA hist_b; CREATE SCHEMA hist_a; CREATE EXTENSION citext SCHEMA hist_a; CREATE TABLE u (c hist_a.citext)', rev_id => 'b2');
SELECT count(*) FROM migrate_upgrade();
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_test(strict => true);
SELECT count(*) FROM migrate_downgrade('b1');
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_test(strict => true);
SELECT count(*) FROM migrate_downgrade('base');
SELECT count(migrate_remove(r)) FROM unnest('{b2,b1}'::text[]) AS r;

-- it is in a schema of its own from a later revision on, or by another name
SELECT migrate_revision('plain', 'CREATE EXTENSION citext; CREATE TABLE u (c citext)', 'DROP TABLE u; DROP EXTENSION citext', rev_id => 'c1');
SELECT migrate_revision('moved', 'CREATE SCHEMA hist_a; ALTER EXTENSION citext SET SCHEMA hist_a; CREATE TABLE v (c hist_a.citext)', 'DROP TABLE v; ALTER EXTENSION citext SET SCHEMA public; DROP SCHEMA hist_a', rev_id => 'c2');
SELECT migrate_revision('renamed', 'ALTER SCHEMA hist_a RENAME TO hist_b; CREATE TABLE w (c hist_b.citext)', 'DROP TABLE w; ALTER SCHEMA hist_b RENAME TO hist_a', rev_id => 'c3');
SELECT count(*) FROM migrate_upgrade();
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_test(strict => true);
SET migrate.compare = 'database, privileges';
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_test(strict => true);
RESET migrate.compare;
SELECT count(*) FROM migrate_downgrade('base');
SELECT count(migrate_remove(r)) FROM unnest('{c3,c2,c1}'::text[]) AS r;

-- a DO block creates both
SELECT migrate_revision('code', 'DO $$BEGIN CREATE SCHEMA hist_a; CREATE EXTENSION IF NOT EXISTS citext SCHEMA hist_a; END$$; CREATE TABLE u (c hist_a.citext)', 'DROP TABLE u; DROP EXTENSION citext; DROP SCHEMA hist_a', rev_id => 'd1');
SELECT count(*) FROM migrate_upgrade();
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_test(strict => true);
SELECT count(*) FROM migrate_downgrade('base');
SELECT migrate_remove('d1') \g /dev/null

-- somebody has moved one
SELECT migrate_revision('to be moved', 'CREATE EXTENSION citext; CREATE SCHEMA hist_a; CREATE TABLE u (c citext DEFAULT ''q'', d citext[]); CREATE VIEW uv AS SELECT c FROM u; CREATE FUNCTION uf(citext) RETURNS citext LANGUAGE sql AS ''SELECT $1''', 'DROP FUNCTION uf; DROP VIEW uv; DROP TABLE u; DROP EXTENSION citext; DROP SCHEMA hist_a', rev_id => 'f1');
SELECT count(*) FROM migrate_upgrade();
ALTER EXTENSION citext SET SCHEMA hist_a;
SELECT operation, kind, object, undo FROM migrate_drift();
ALTER TABLE u DROP d;
CREATE TABLE by_hand (c hist_a.citext);
BEGIN;
SELECT string_agg(undo, '' ORDER BY n) AS undo FROM migrate_drift() WITH ORDINALITY AS d (operation, kind, object, seen_at, seen_by, hazard, undo, n) \gset
:undo
SELECT count(*) FROM migrate_drift(strict => true);
ROLLBACK;
SELECT migrate_capture('moved', rev_id => 'f2');
SELECT upgrade_sql FROM migrate_revision WHERE revision = 'f2';
SELECT downgrade_sql FROM migrate_revision WHERE revision = 'f2';
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_downgrade('f1');
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_upgrade();
SELECT count(*) FROM migrate_drift(strict => true);
SELECT test, revision, result FROM migrate_test('f2:f2', strict => true);
SELECT count(*) FROM migrate_downgrade('base');
SELECT count(migrate_remove(r)) FROM unnest('{f2,f1}'::text[]) AS r;

-- ... into a schema that stands before its CREATE EXTENSION is replayed
SELECT migrate_revision('schema', 'CREATE SCHEMA hist_a; CREATE TABLE t0 (id int)', 'DROP TABLE t0; DROP SCHEMA hist_a', rev_id => 'g1');
SELECT migrate_revision('extension', 'CREATE EXTENSION citext; CREATE TABLE u (c citext)', 'DROP TABLE u; DROP EXTENSION citext', rev_id => 'g2');
SELECT migrate_revision('there is one', 'CREATE EXTENSION IF NOT EXISTS citext SCHEMA hist_a; CREATE TABLE v (c citext)', 'DROP TABLE v', rev_id => 'g3');
SELECT count(*) FROM migrate_upgrade();
ALTER EXTENSION citext SET SCHEMA hist_a;
SELECT operation, kind, object, undo FROM migrate_drift();
SELECT count(*) FROM migrate_test(strict => true);
SELECT migrate_capture('moved', rev_id => 'g4');
SELECT upgrade_sql, downgrade_sql FROM migrate_revision WHERE revision = 'g4';
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_test(strict => true);
SELECT direction, result FROM migrate_prove('g4');
SELECT count(*) FROM migrate_downgrade('base');
SELECT count(migrate_remove(r)) FROM unnest('{g4,g3,g2,g1}'::text[]) AS r;

-- ... out of one that a revision has given another name, to where none is
SELECT migrate_revision('in one', 'CREATE SCHEMA hist_a; CREATE EXTENSION citext SCHEMA hist_a; CREATE TABLE u (c hist_a.citext)', 'DROP TABLE u; DROP EXTENSION citext; DROP SCHEMA hist_a', rev_id => 'h1');
SELECT migrate_revision('renamed', 'ALTER SCHEMA hist_a RENAME TO hist_b; CREATE TABLE hist_b.w (c hist_b.citext)', 'DROP TABLE hist_b.w; ALTER SCHEMA hist_b RENAME TO hist_a', rev_id => 'h2');
SELECT count(*) FROM migrate_upgrade();
CREATE SCHEMA hist_c;
ALTER EXTENSION citext SET SCHEMA hist_c;
SELECT operation, kind, object, undo FROM migrate_drift();
SELECT count(*) FROM migrate_test(strict => true);
ALTER EXTENSION citext SET SCHEMA public;
SELECT operation, kind, object, undo FROM migrate_drift();
SELECT count(*) FROM migrate_test(strict => true);
SELECT migrate_capture('moved', rev_id => 'h3');
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_test(strict => true);
SELECT direction, result FROM migrate_prove('h3');
SELECT count(*) FROM migrate_downgrade('base');
DROP SCHEMA hist_c;
SELECT count(migrate_remove(r)) FROM unnest('{h3,h2,h1}'::text[]) AS r;

-- somebody has put one into a schema that a revision has given another name
SELECT migrate_revision('schema', 'CREATE SCHEMA hist_a', 'DROP SCHEMA hist_a', rev_id => 'i1');
SELECT migrate_revision('renamed', 'ALTER SCHEMA hist_a RENAME TO hist_b; CREATE TABLE hist_b.x (id int)', 'DROP TABLE hist_b.x; ALTER SCHEMA hist_b RENAME TO hist_a', rev_id => 'i2');
SELECT count(*) FROM migrate_upgrade();
CREATE EXTENSION citext SCHEMA hist_b;
CREATE TABLE by_hand (c hist_b.citext);
SELECT operation, kind, object, undo FROM migrate_drift();
SELECT count(*) FROM migrate_test(strict => true);
SELECT migrate_capture('by hand', rev_id => 'i3');
SELECT count(*) FROM migrate_drift(strict => true);
SELECT count(*) FROM migrate_test(strict => true);
SELECT count(*) FROM migrate_downgrade('i2');
DROP EXTENSION citext;
SELECT count(*) FROM migrate_downgrade('base');
SELECT count(migrate_remove(r)) FROM unnest('{i3,i2,i1}'::text[]) AS r;

-- a model that creates such a schema with what is in it
CREATE SCHEMA hist_a;
CREATE EXTENSION citext SCHEMA hist_a;
SELECT operation, kind, object FROM migrate_diff('CREATE SCHEMA hist_a CREATE TABLE t (a int); CREATE TABLE hist_a.u (c hist_a.citext)', include => '{hist_a}');
DROP SCHEMA hist_a CASCADE;

DROP EXTENSION pg_migrations;
DROP SCHEMA mig;
