--
-- What the revisions build: the model held against it instead of against the
-- database.
--
\set VERBOSITY terse
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
SET search_path = public, mig;
SET client_min_messages = warning;

-- the database is empty all the while
CREATE FUNCTION mig.builds(model text, against text DEFAULT 'head', include text[] DEFAULT NULL)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
	PERFORM mig.migrate_check(model, include => include, against => against);
	RETURN NEXT 'agrees';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS d = pg_exception_detail, h = pg_exception_hint;
	RETURN NEXT format('%s %s', sqlstate, sqlerrm);
	IF d <> '' THEN
		RETURN NEXT d;
	END IF;
	IF sqlstate = 'MG043' THEN
		RETURN NEXT h;
	END IF;
END $$;

-- two trees, a merge, a dependency, a stamp, a late revision
SELECT migrate_revision('a', 'CREATE TABLE a (id serial PRIMARY KEY, m text); INSERT INTO a (m) VALUES (''x''); SELECT setval(''a_id_seq'', 10)',
	'DROP TABLE a', rev_id => 'a1');
SELECT migrate_revision('a, left', 'ALTER TABLE a ADD l int', 'ALTER TABLE a DROP l', head => 'a1', rev_id => 'a2l');
SELECT migrate_revision('a, right', 'ALTER TABLE a ADD r int', 'ALTER TABLE a DROP r', head => 'a1', splice => true, rev_id => 'a2r');
SELECT migrate_merge('a2l, a2r', 'both', rev_id => 'a3');
SELECT migrate_revision('b', 'CREATE TABLE b (a int REFERENCES a)', 'DROP TABLE b', head => 'base', rev_id => 'b1',
	branch_label => 'second', depends_on => 'a2l');
SELECT mig.builds('CREATE TABLE a (id serial PRIMARY KEY, m text)', 'a1');
SELECT mig.builds('CREATE TABLE a (id serial PRIMARY KEY, m text, l int, r int)', 'a3');
SELECT mig.builds('CREATE TABLE a (id serial PRIMARY KEY, m text, l int); CREATE TABLE b (a int REFERENCES a)', 'second@head');
SELECT mig.builds('CREATE TABLE a (id serial PRIMARY KEY, m text, l int, r int); CREATE TABLE b (a int REFERENCES a)', 'heads');
SELECT mig.builds('CREATE TABLE a (id int)', 'head');
SELECT mig.builds('CREATE TABLE a (id int)', 'base');
SELECT mig.builds('CREATE TABLE a (id int)', 'nowhere');
SELECT migrate_stamp('a2r');
SELECT migrate_upgrade('heads');
SELECT migrate_stamp('base');

SELECT mig.builds('CREATE TABLE a (id serial PRIMARY KEY, m text, l int, r int); CREATE TABLE b (a int REFERENCES a)', 'heads');

-- the live schema is another one, and stays so
CREATE TABLE a (other text);
INSERT INTO a VALUES ('here');
SELECT mig.builds('CREATE TABLE a (id serial PRIMARY KEY, m text, l int, r int); CREATE TABLE b (a int REFERENCES a)', 'heads');
SELECT operation, kind, object, upgrade FROM migrate_diff('CREATE TABLE a (id serial PRIMARY KEY, m text, l bigint); CREATE TABLE b (a int REFERENCES a)', against => 'heads');
SELECT * FROM a;

-- a revision without having upgraded; what it is proven from is what the revisions build
SELECT migrate_autogenerate('more', 'CREATE TABLE a (id serial PRIMARY KEY, m text, l int, r int, z text NOT NULL DEFAULT ''''); CREATE TABLE b (a int REFERENCES a)',
	head => 'a3', rev_id => 'a4', against => 'heads');
SELECT upgrade_sql, downgrade_sql FROM migrate_revision WHERE revision = 'a4';
SELECT mig.builds('CREATE TABLE a (id serial PRIMARY KEY, m text, l int, r int, z text NOT NULL DEFAULT ''''); CREATE TABLE b (a int REFERENCES a)', 'heads');
-- renamed, by a mark
SELECT (migrate_autogenerate_sql('CREATE TABLE a (id serial PRIMARY KEY, m text, l int, r int, zz text NOT NULL DEFAULT ''''); CREATE TABLE b (a int REFERENCES a)',
	renames => '{"public.a.z": "zz"}', against => 'heads')).*;
DROP TABLE a;

-- squashed: it builds the same
SELECT migrate_squash('a3:a4', 'both and more') <> '' AS squashed;
SELECT mig.builds('CREATE TABLE a (id serial PRIMARY KEY, m text, l int, r int, z text NOT NULL DEFAULT ''''); CREATE TABLE b (a int REFERENCES a)', 'heads');

-- what cannot be replayed: a first revision that stands for what was there
SELECT migrate_revision('legacy', '', '', head => 'base', rev_id => 'c1');
SELECT migrate_revision('more', E'-- a comment\nCREATE TABLE c (id int);\n\nALTER TABLE legacy ADD x int', '', head => 'c1', rev_id => 'c2');
SELECT mig.builds('CREATE TABLE c (id int)', 'c2');
SELECT migrate_edit('c1', upgrade => 'CREATE TABLE legacy (id int)');
SELECT mig.builds('CREATE TABLE c (id int); CREATE TABLE legacy (id int, x int)', 'c2');
SELECT migrate_edit('c1', upgrade => 'SELECT 1/0');
SELECT migrate_stamp('c1');
SELECT mig.builds('CREATE TABLE c (id int)', 'c2');
SELECT migrate_stamp('base');
-- what is not transactional runs as its transactional twin
SELECT migrate_edit('c1', upgrade => 'CREATE TABLE public.legacy (id int) PARTITION BY RANGE (id); CREATE TABLE legacy1 PARTITION OF legacy FOR VALUES FROM (1) TO (2)');
SELECT migrate_edit('c2', upgrade => 'ALTER TABLE legacy DETACH PARTITION legacy1 CONCURRENTLY; CREATE INDEX CONCURRENTLY i ON legacy1 (id)');
SELECT mig.builds('CREATE TABLE legacy (id int) PARTITION BY RANGE (id); CREATE TABLE legacy1 (id int); CREATE INDEX i ON legacy1 (id)', 'c2');
SELECT migrate_remove('c2');
SELECT migrate_remove('c1');

-- several schemas, one of which was there before; what is in one that no revision uses is not seen
CREATE SCHEMA there;
CREATE TABLE there.old ();
SELECT migrate_revision('d', 'CREATE SCHEMA IF NOT EXISTS made; CREATE TABLE made.x (id int); CREATE TABLE there.y (); ALTER TABLE made.x SET SCHEMA there; CREATE TYPE made.t AS (i int)',
	'', head => 'base', rev_id => 'd1');
SELECT mig.builds('CREATE TABLE there.y (); CREATE TABLE there.x (id int); CREATE SCHEMA made; CREATE TYPE made.t AS (i int)', 'd1', '{there,made}');
SELECT mig.builds('CREATE TABLE there.y (); CREATE TABLE there.x (id int)', 'd1');
SELECT migrate_remove('d1');
DROP SCHEMA there CASCADE;

DROP FUNCTION mig.builds;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig;
