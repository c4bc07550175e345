--
-- Revisions tried up, down and up again, in a shadow
--
CREATE SCHEMA mig;
CREATE EXTENSION pg_migrations SCHEMA mig;
SET search_path = public, mig;
SET client_min_messages = warning;
CREATE ROLE regress_mig_tester;

---------------------------------------------------------------------------
-- Nothing to test, and misuse
---------------------------------------------------------------------------
SELECT * FROM migrate_test();
SELECT * FROM migrate_test(strict => true);         -- fails
SELECT migrate_test(NULL);                          -- fails
SELECT migrate_test('nowhere:');                    -- fails
SELECT migrate_test('a1');                          -- fails
SELECT migrate_test(schema => 'nonesuch');          -- fails
SELECT migrate_test(exclude => ARRAY['']);          -- fails

---------------------------------------------------------------------------
-- Two trees, a merge, a dependency, rows, code, labels of enums, statements
-- that cannot run in a transaction: all of it right
---------------------------------------------------------------------------
SELECT migrate_revision('a', $$CREATE TABLE a (id serial PRIMARY KEY, m text NOT NULL); INSERT INTO a (m) VALUES ('x');
	CREATE FUNCTION twice(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 2 * $1; END'; SELECT twice(1)$$,
	'DROP TABLE a; DROP FUNCTION twice(int)', 'SELECT 1 / count(*) FROM a', rev_id => 'a1');
SELECT migrate_revision('left', $$ALTER TABLE a ADD l int DEFAULT twice(2); UPDATE a SET l = 3$$, 'ALTER TABLE a DROP l', head => 'a1', rev_id => 'a2l');
SELECT migrate_revision('right', $$CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE a ADD mood mood$$, 'ALTER TABLE a DROP mood; DROP TYPE mood',
	head => 'a1', splice => true, rev_id => 'a2r');
SELECT migrate_merge('a2l, a2r', 'both', rev_id => 'a3');
SELECT migrate_revision('label', $$ALTER TYPE mood ADD VALUE 'glad'$$, head => 'a3', rev_id => 'a4');
SELECT migrate_revision('use it', $$UPDATE a SET mood = 'glad'; CREATE INDEX CONCURRENTLY a_m ON a (m)$$, $$DROP INDEX CONCURRENTLY a_m; UPDATE a SET mood = 'sad'$$, rev_id => 'a5');
SELECT migrate_revision('view', 'CREATE VIEW v AS SELECT id, m FROM a; COMMENT ON VIEW v IS ''of a''; CREATE SCHEMA more CREATE TABLE t (a int)', 'DROP SCHEMA more CASCADE; DROP VIEW v', rev_id => 'a6');
SELECT migrate_revision('b', 'CREATE TABLE b (a int REFERENCES a)', 'DROP TABLE b', head => 'base', rev_id => 'b1', branch_label => 'second', depends_on => 'a2l');
SELECT * FROM migrate_test();
SELECT * FROM migrate_test('a2l:second@head');
SELECT * FROM migrate_test('a5:a6', strict => true);
SELECT count(*) FROM migrate_test('base:heads', strict => true);
-- nothing stays, and nothing was written
SELECT count(*) FROM pg_class WHERE relnamespace IN ('public'::regnamespace) AND relname IN ('a', 'b', 'v');
SELECT to_regnamespace('more'), to_regtype('mood');
SELECT * FROM migrate_current();
SELECT DISTINCT action FROM migrate_log ORDER BY 1;

-- the same whatever is applied, stamped or late, and whatever stands here
SELECT migrate_stamp('a4');
CREATE TABLE a (other text);
INSERT INTO a VALUES ('here');
SELECT count(*) FROM migrate_test(strict => true);
SELECT * FROM a;
-- nobody is kept waiting
BEGIN;
SELECT count(*) FROM migrate_test(strict => true);
SELECT relation::regclass, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'a'::regclass;
COMMIT;
DROP TABLE a;
SELECT migrate_stamp('base');
CALL migrate_deploy('a5');
SELECT migrate_revision('late', 'CREATE TABLE late (a int)', 'DROP TABLE late', head => 'a1', splice => true, rev_id => 'l1');
SELECT migrate_edit('a2l', head => 'l1');
SELECT * FROM migrate_test('l1:a2l');
SELECT count(*) FROM migrate_test(strict => true);
SELECT migrate_edit('a4', downgrade => '');
SELECT count(*) FROM migrate_test(strict => true);      -- fails
SELECT migrate_edit('a4', irreversible => true);
CALL migrate_revert('base');      -- fails: irreversible
SELECT migrate_squash('a3:a5', 'squashed');
SELECT * FROM migrate_test('a5:a5');

---------------------------------------------------------------------------
-- The model
---------------------------------------------------------------------------
SELECT migrate_set_model($$CREATE FUNCTION twice(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 2 * $1; END';
	CREATE TYPE mood AS ENUM ('sad', 'glad');
	CREATE TABLE a (id serial PRIMARY KEY, m text NOT NULL, l bigint DEFAULT twice(2), mood mood, extra int); CREATE INDEX a_m ON a (m);
	CREATE VIEW v AS SELECT id, m FROM a; COMMENT ON VIEW v IS 'of all'; CREATE SCHEMA more CREATE TABLE t (a int);
	CREATE TABLE b (a int REFERENCES a); CREATE TABLE late (a int)$$);
SELECT * FROM migrate_test() WHERE test = 'model';
SELECT * FROM migrate_test(strict => true);             -- fails
SELECT * FROM migrate_test('base:a1') WHERE test = 'model';
SELECT migrate_set_model(replace(replace(replace(migrate_get_model(), 'bigint', 'int'), ', extra int', ''), 'of all', 'of a'));
SELECT * FROM migrate_test() WHERE test = 'model';
SELECT count(*) FROM migrate_test(strict => true);
SELECT migrate_set_model('CREATE TABLE a (id nonesuch)');
SELECT * FROM migrate_test() WHERE test = 'model';
SELECT migrate_set_model('CREATE TABLE only_here (id int)', include => '{public}', exclude => '{a, b, v, mood, twice, late}');
SELECT * FROM migrate_test(exclude => '{a, b, v, mood, twice, late, only_here}') WHERE test = 'model';

DROP EXTENSION pg_migrations;
DROP TABLE a CASCADE;
DROP TYPE mood;
DROP FUNCTION twice(int);
CREATE EXTENSION pg_migrations SCHEMA mig;

---------------------------------------------------------------------------
-- Faults, each of one revision
---------------------------------------------------------------------------
SELECT migrate_revision('verify fails, down is right', 'CREATE TABLE t (a int, b text, c text, CHECK (a > 0))', 'DROP TABLE t', 'SELECT 1 / count(*) FROM t', rev_id => 'f1');
SELECT migrate_revision('leaves something over', 'CREATE TABLE more (a int); ALTER TABLE t ADD d int', 'ALTER TABLE t DROP d', rev_id => 'f2');
SELECT migrate_revision('takes too much', 'ALTER TABLE t ADD e int', 'ALTER TABLE t DROP e, DROP b', rev_id => 'f3');
SELECT migrate_revision('other type', 'ALTER TABLE t ALTER b TYPE varchar(10)', 'ALTER TABLE t ALTER b TYPE varchar(20)', rev_id => 'f4');
SELECT migrate_revision('other default, not null, comment, name', 'ALTER TABLE t ALTER c SET DEFAULT ''x'', ALTER c SET NOT NULL; COMMENT ON TABLE t IS ''t''; ALTER TABLE t RENAME CONSTRAINT t_a_check TO positive',
	'ALTER TABLE t ALTER c SET DEFAULT ''y''', rev_id => 'f5');
SELECT migrate_revision('no way down', 'CREATE INDEX i ON t (a)', 'DROP INDEX nonesuch', rev_id => 'f6');
SELECT migrate_revision('rows that stay', 'INSERT INTO t (a, c) SELECT 1, ''x'' WHERE NOT EXISTS (SELECT FROM t); ALTER TABLE t ADD f int; ALTER TABLE t ADD PRIMARY KEY (a); INSERT INTO t (a, c) VALUES (2, ''x'')',
	'ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t DROP f; UPDATE t SET a = 7', rev_id => 'f7');
SELECT migrate_revision('nothing down', 'CREATE VIEW w AS SELECT a FROM t', '', rev_id => 'f8');
SELECT migrate_revision('same by other words', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT 1''', 'DROP FUNCTION f()', rev_id => 'f9');
SELECT migrate_revision('another body', 'CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT 2''', 'CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT 3''', rev_id => 'f10');
SELECT migrate_revision('does not go up', 'ALTER TABLE t DROP nonesuch', '', rev_id => 'f11');
SELECT migrate_revision('above it', 'CREATE TABLE above ()', 'DROP TABLE above', rev_id => 'f12');
SELECT migrate_revision('beside it', 'CREATE TABLE beside ()', 'DROP TABLE beside', head => 'f10', splice => true, rev_id => 'g1');
SELECT migrate_merge('f12, g1', rev_id => 'f13');
SELECT migrate_revision('what is left out', 'CREATE TABLE job_1 (a int)', '', head => 'base', rev_id => 'h1');
SELECT migrate_revision('of the server', 'CREATE ROLE regress_mig_never; VACUUM; CREATE TABLE s ()', 'DROP TABLE s; DROP ROLE regress_mig_never', rev_id => 'h2', head => 'h1');
SELECT * FROM migrate_test();
RESET client_min_messages;
SELECT * FROM migrate_test('h1:h2', exclude => '{job_*}', strict => true);
SET client_min_messages = warning;
SET migrate.exclude = 'job_*';
SELECT * FROM migrate_test('base:h1');
RESET migrate.exclude;
SELECT migrate_test(strict => true);                -- fails
SELECT migrate_test('f12:');                        -- fails: below the range
-- privileges and owners count where they are compared
SELECT migrate_revision('grants', 'CREATE TABLE granted (); GRANT SELECT ON granted TO regress_mig_tester', 'DROP TABLE granted', head => 'base', rev_id => 'p1');
SELECT migrate_revision('dropped', 'DROP TABLE granted', 'CREATE TABLE granted ()', head => 'p1', rev_id => 'p2');
SELECT * FROM migrate_test('p1:p2');
SET migrate.compare = 'privileges';
SELECT * FROM migrate_test('p1:p2');
RESET migrate.compare;
DROP EXTENSION pg_migrations;
CREATE EXTENSION pg_migrations SCHEMA mig;

---------------------------------------------------------------------------
-- What a way back forgets, each told with both definitions
---------------------------------------------------------------------------
SELECT migrate_revision('first', $a$CREATE TABLE t (id int, n text DEFAULT 'x'); CREATE TABLE u (id int PRIMARY KEY); CREATE INDEX ti ON t (id);
	COMMENT ON TABLE t IS 'c'; CREATE SEQUENCE s; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id > 1);
	CREATE TABLE o (n text DEFAULT 'x'); COMMENT ON COLUMN o.n IS 'of o'; INSERT INTO t VALUES (1); CREATE STATISTICS st ON id, n FROM t; GRANT SELECT ON t TO regress_mig_tester;
	CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $f$  SELECT 1 $f$$a$, rev_id => 'a0');
CREATE FUNCTION wrong(id text, message text, up text, down text, verify text DEFAULT NULL, head text DEFAULT 'a0') RETURNS void LANGUAGE sql AS
	$$SELECT migrate_revision(message, up, down, verify, head => head, rev_id => id, splice => true)$$;
SELECT wrong('w01', 'index', 'DROP INDEX ti', 'SELECT 1'),
	wrong('w02', 'comment', 'COMMENT ON TABLE t IS ''other''; COMMENT ON COLUMN t.n IS ''n''', 'COMMENT ON COLUMN t.n IS ''m''', head => 'w01'),
	wrong('w03', 'default', 'ALTER TABLE t ALTER n DROP DEFAULT', 'ALTER TABLE t ALTER n SET DEFAULT ''y'''),
	wrong('w04', 'sequence', 'ALTER SEQUENCE s INCREMENT 5 START 3', 'ALTER SEQUENCE s INCREMENT 1'),
	wrong('w05', 'type', 'CREATE TYPE mood AS ENUM (''x''); ALTER TABLE t ADD m mood', 'ALTER TABLE t DROP m'),
	wrong('w06', 'policy', 'DROP POLICY p ON t; ALTER TABLE t DISABLE ROW LEVEL SECURITY', 'CREATE POLICY p ON t USING (id > 2)'),
	wrong('w07', 'storage', 'DROP STATISTICS st; ALTER TABLE t ALTER n SET STORAGE external, SET (fillfactor = 50), REPLICA IDENTITY FULL; ALTER TABLE u SET UNLOGGED; DROP FUNCTION f(); CREATE PROCEDURE f() LANGUAGE sql AS $x$$x$', 'ALTER TABLE t RESET (fillfactor)'),
	wrong('w08', 'up again fails', 'CREATE TABLE IF NOT EXISTS z (); CREATE SCHEMA zz', 'SELECT 1'),
	wrong('w09', 'up again differs', 'DO $x$BEGIN IF EXISTS (SELECT FROM u) THEN CREATE TABLE z2 (i int); ELSE CREATE TABLE z2 (j text); INSERT INTO u VALUES (9); END IF; END$x$', 'DROP TABLE z2'),
	wrong('w10', 'verify', 'ALTER TABLE t ADD k int', 'ALTER TABLE t DROP k', 'DO $x$BEGIN ASSERT (SELECT bool_and(k > 0) FROM t), ''k is empty''; END$x$'),
	wrong('w11', 'leaves a setting', 'SET check_function_bodies = off', 'SELECT 1'),
	wrong('w12', 'needs it', 'CREATE FUNCTION g() RETURNS int LANGUAGE sql AS ''SELECT nothing''', 'DROP FUNCTION g()', head => 'w11'),
	wrong('w13', 'leaves a cursor', 'DECLARE c CURSOR WITH HOLD FOR SELECT 1', 'SELECT 1'),
	wrong('w14', 'needs it', 'FETCH c', 'SELECT 1', head => 'w13'),
	wrong('w15', 'deferred', 'ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u DEFERRABLE INITIALLY DEFERRED NOT VALID; UPDATE t SET id = 5', 'ALTER TABLE t DROP CONSTRAINT t_id_fkey'),
	wrong('w16', 'loses what a column had', 'ALTER TABLE o DROP n', 'ALTER TABLE o ADD n text; COMMENT ON TABLE o IS ''o'''),
	wrong('w17', 'white space', 'CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $f$ SELECT 2 $f$', E'CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $f$ \tSELECT 1\n $f$'),
	wrong('w18', 'long line', format('CREATE FUNCTION l() RETURNS text LANGUAGE sql AS $f$SELECT %1$L$f$; CREATE FUNCTION m() RETURNS text LANGUAGE sql AS $f$SELECT %1$L$f$', repeat('é', 400) || 'one'), 'DROP FUNCTION l(), m()'),
	wrong('w19', 'its end', 'DROP FUNCTION m()', format('CREATE FUNCTION m() RETURNS text LANGUAGE sql AS $f$SELECT %L$f$', repeat('é', 400) || 'two'), head => 'w18'),
	wrong('w20', 'white space there', 'DROP FUNCTION l()', format('CREATE FUNCTION l() RETURNS text LANGUAGE sql AS $f$SELECT %L$f$', repeat('é', 400) || E'one\n'), head => 'w18'),
	wrong('w21', 'grant', 'REVOKE SELECT ON t FROM regress_mig_tester', 'GRANT INSERT ON t TO regress_mig_tester');
SELECT revision, test, result, detail FROM migrate_test() WHERE result <> 'ok' ORDER BY revision COLLATE "C", test;
SET migrate.compare = 'privileges, owners';
SELECT revision, test, result, detail FROM migrate_test('a0:w21') WHERE result <> 'ok';
SELECT wrong('w22', 'owner', 'ALTER TABLE t OWNER TO regress_mig_tester', 'COMMENT ON TABLE t IS ''c''');
SELECT revision, test, result, detail FROM migrate_test('a0:w22') WHERE result <> 'ok';
SELECT migrate_test('a0:w22', strict => true);      -- fails
RESET migrate.compare;
DROP FUNCTION wrong;
DROP EXTENSION pg_migrations;
CREATE EXTENSION pg_migrations SCHEMA mig;

---------------------------------------------------------------------------
-- Files: what is stored counts as far as they do not have it otherwise
---------------------------------------------------------------------------
CREATE FUNCTION file(id text, down text, up text, back text, more text DEFAULT '')
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format(E'-- revision: %s\n-- down_revision: %s\n-- message: %s\n%s-- migrate:upgrade\n%s\n-- migrate:downgrade\n%s\n', id, down, 'say ' || id, more, up, back)
$$;
SELECT migrate_import(file('f1', '', 'CREATE TABLE f (i int)', 'DROP TABLE f'));
SELECT migrate_set_model('CREATE TABLE f (i int, t text)');
SELECT * FROM migrate_test(files => file('f2', 'f1', 'ALTER TABLE f ADD t text', 'ALTER TABLE f DROP t'));
SELECT * FROM migrate_test('f2:', files => file('f2', 'f1', 'ALTER TABLE f ADD t text', '') || file('f3', '', '', '', E'-- depends_on: f2\n'));
-- one that is stored, and another below it
SELECT * FROM migrate_test(files => file('f0', '', 'CREATE SCHEMA more', 'DROP SCHEMA more') || file('f1', 'f0', 'CREATE TABLE more.f (i int)', 'DROP TABLE f'));
SELECT * FROM migrate_test(files => migrate_export('f1'));
SELECT count(*) FROM migrate_test('f4:', strict => true, files => file('f2', 'f1', '', ''));         -- fails
SELECT count(*) FROM migrate_test(files => file('f2', 'f1', 'SELEC', ''));                           -- fails
SELECT count(*) FROM migrate_test(files => '');                                                      -- fails
-- what ran is not changed
SELECT count(*) FROM migrate_upgrade();
SELECT count(*) FROM migrate_test(files => file('f1', '', 'CREATE TABLE f (i bigint)', ''));         -- fails
SELECT revision, message FROM migrate_history();
SELECT count(*) FROM migrate_downgrade('base');
DROP FUNCTION file;
DROP EXTENSION pg_migrations;
CREATE EXTENSION pg_migrations SCHEMA mig;

---------------------------------------------------------------------------
-- Tenants
---------------------------------------------------------------------------
CREATE SCHEMA tenant;
CREATE SCHEMA other;
CREATE TABLE tenant.there (a int);
SELECT migrate_revision('t', 'CREATE TABLE t (a int)', 'DROP TABLE t', 'SELECT FROM t', rev_id => 't1');
SELECT migrate_revision('u', 'CREATE TABLE u (a int); ALTER TABLE t ADD b int', 'DROP TABLE u', rev_id => 't2');
SELECT * FROM migrate_test(schema => 'tenant');
SELECT * FROM migrate_test(schema => 'tenant', include => '{other}');
SELECT relname FROM pg_class WHERE relnamespace = 'tenant'::regnamespace;
SELECT count(*) FROM migrate_upgrade(schema => 'tenant');
SELECT count(*) FROM migrate_test(schema => 'tenant');
SELECT count(*) FROM migrate_downgrade('base', schema => 'tenant');

---------------------------------------------------------------------------
-- Rights, runs and transactions
---------------------------------------------------------------------------
SET ROLE regress_mig_tester;
SELECT * FROM mig.migrate_test();                   -- fails
RESET ROLE;
GRANT USAGE ON SCHEMA mig TO regress_mig_tester;
GRANT EXECUTE ON FUNCTION migrate_test, migrate_revision TO regress_mig_tester;
SET ROLE regress_mig_tester;
SELECT * FROM migrate_test();                       -- fails
SELECT count(*) FROM migrate_test(files => '');      -- fails
RESET ROLE;
SELECT migrate_edit('t2', upgrade => 'SELECT mig.migrate_test()', downgrade => '');
SELECT * FROM migrate_upgrade();                    -- fails
SELECT * FROM migrate_test('t1:t2');
-- a superuser runs what a lesser role has stored as that role, which may nothing here
SET ROLE regress_mig_tester;
SELECT migrate_revision('theirs', 'CREATE TABLE theirs (a int)', 'DROP TABLE theirs', head => 'base', rev_id => 'u1');
SELECT migrate_revision('escape', 'RESET ROLE; RESET SESSION AUTHORIZATION; ALTER ROLE regress_mig_tester SUPERUSER', '', head => 'base', rev_id => 'u2');
RESET ROLE;
SELECT * FROM migrate_test('u1:u1');
SELECT * FROM migrate_test('u2:u2');
SELECT migrate_test('u1:u1', strict => true);       -- fails
GRANT CREATE ON SCHEMA public TO regress_mig_tester;
SELECT * FROM migrate_test('u1:u1');
REVOKE CREATE ON SCHEMA public FROM regress_mig_tester;
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_mig_tester';
BEGIN TRANSACTION READ ONLY;
SELECT * FROM migrate_test();                       -- fails
ROLLBACK;

DROP EXTENSION pg_migrations;
DROP SCHEMA mig, tenant, other CASCADE;
DROP ROLE regress_mig_tester;
