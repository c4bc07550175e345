--
-- Whose scripts they are: a superuser never becomes the one who stored what a
-- lesser role has written, by no function that writes scripts
--
SET client_min_messages = warning;
CREATE SCHEMA mig_ext_authors;
CREATE EXTENSION pg_migrations SCHEMA mig_ext_authors;
SET search_path = mig_ext_authors;
CREATE SCHEMA mig_ext_authors_app;
CREATE ROLE regress_mig_author;
CREATE ROLE regress_mig_author2;
CREATE ROLE regress_mig_gone;
CREATE ROLE regress_mig_boss SUPERUSER;
GRANT USAGE ON SCHEMA mig_ext_authors, mig_ext_authors_app
    TO regress_mig_author, regress_mig_author2, regress_mig_gone;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_ext_authors
    TO regress_mig_author, regress_mig_author2, regress_mig_gone;
CREATE FUNCTION file(id text, down text, upgrade text, downgrade text, verify text, message text DEFAULT 'theirs') RETURNS text LANGUAGE sql AS
    $$SELECT concat(E'-- revision: ', id, E'\n-- down_revision: ', down, E'\n-- message: ', message,
        E'\n\n-- migrate:upgrade\n', upgrade, E'\n-- migrate:downgrade\n', downgrade, E'\n-- migrate:verify\n' || verify, E'\n')$$;
-- what the roles are, not what their names happen to be
CREATE FUNCTION author(id text) RETURNS text LANGUAGE sql AS
    $$SELECT CASE WHEN stored_by = CURRENT_USER THEN 'mine' ELSE stored_by END
    FROM mig_ext_authors.migrate_revision WHERE revision = id$$;
-- each case begins with a revision that a lesser role has stored, is undone
CREATE FUNCTION after(call text, verify text DEFAULT 'SELECT ''evil''', downgrade text DEFAULT 'SELECT ''evil''',
    by text DEFAULT 'regress_mig_author', OUT author text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', by);
    PERFORM mig_ext_authors.migrate_revision('theirs', 'SELECT ''evil''', downgrade, verify, rev_id => 'case');
    RESET ROLE;
    EXECUTE call;
    SELECT mig_ext_authors.author('case') INTO author;
    PERFORM mig_ext_authors.migrate_remove('case');
END$$;

---------------------------------------------------------------------------
-- migrate_edit()
---------------------------------------------------------------------------
SELECT call, after('SELECT migrate_edit(''case'', ' || call || ')')
FROM (VALUES
    ('message => ''x'''),
    ('irreversible => true'),
    ('transactional => false'),
    ('head => ''base'''),
    ('upgrade => ''SELECT 1'''),
    ('downgrade => ''SELECT 1'''),
    ('verify => ''SELECT 1'''),
    ('verify => '''''),
    ('upgrade => ''SELECT 1'', downgrade => ''SELECT 1'''),
    ('upgrade => ''SELECT 1'', verify => ''SELECT 1'''),
    ('upgrade => ''SELECT 1'', irreversible => true'),
    ('downgrade => ''SELECT 1'', verify => ''SELECT 1'''),
    ('upgrade => ''SELECT 1'', irreversible => true, verify => '''''),
    ('upgrade => ''SELECT 1'', downgrade => ''SELECT 1'', verify => ''SELECT 1''')) AS c (call);
-- in scripts without statements there is nothing to vouch for
SELECT after('SELECT migrate_edit(''case'', upgrade => ''SELECT 1'')', verify => NULL, downgrade => '');
SELECT after('SELECT migrate_edit(''case'', upgrade => ''SELECT 1'')', verify => '-- nothing', downgrade => '-- nothing');
-- a superuser's is taken over by another, and given up by neither to a lesser role
SELECT after('SELECT migrate_edit(''case'', verify => ''SELECT 1'')', by => 'regress_mig_boss');
SELECT migrate_revision('mine', 'SELECT 1', 'SELECT 1', 'SELECT 1', rev_id => 'mine');
SET ROLE regress_mig_author;
SELECT migrate_edit('mine', message => 'theirs');
SELECT stored_by = 'regress_mig_author' AS lesser FROM migrate_revision WHERE revision = 'mine';
SELECT migrate_edit('mine', downgrade => 'SELECT ''evil''');
RESET ROLE;
SELECT author('mine');
SELECT migrate_edit('mine', downgrade => 'SELECT 1');
SELECT author('mine');
-- one step after the other
SELECT migrate_edit('mine', upgrade => 'SELECT 1', downgrade => 'SELECT 1', verify => '');
SELECT author('mine');
SELECT migrate_remove('mine');

---------------------------------------------------------------------------
-- migrate_import()
---------------------------------------------------------------------------
SELECT what, after(format('SELECT migrate_import(%L)', file))
FROM (VALUES
    (1, 'nothing', file('case', '', 'SELECT ''evil''', 'SELECT ''evil''', 'SELECT ''evil''')),
    (2, 'message', file('case', '', 'SELECT ''evil''', 'SELECT ''evil''', 'SELECT ''evil''', 'm')),
    (3, 'upgrade', file('case', '', 'SELECT 1', 'SELECT ''evil''', 'SELECT ''evil''')),
    (4, 'downgrade', file('case', '', 'SELECT ''evil''', 'SELECT 1', 'SELECT ''evil''')),
    (5, 'verify', file('case', '', 'SELECT ''evil''', 'SELECT ''evil''', 'SELECT 1')),
    (6, 'no verify', file('case', '', 'SELECT ''evil''', 'SELECT ''evil''', NULL)),
    (7, 'upgrade, no verify', file('case', '', 'SELECT 1', 'SELECT ''evil''', NULL)),
    (8, 'all but verify', file('case', '', 'SELECT 1', 'SELECT 1', 'SELECT ''evil''')),
    (9, 'all', file('case', '', 'SELECT 1', 'SELECT 1', 'SELECT 1')),
    (10, 'all, no verify', file('case', '', 'SELECT 1', 'SELECT 1', NULL))) AS c (n, what, file)
ORDER BY n;
-- among others, some of them new
SELECT after(format('SELECT migrate_import(%L)', file('i1', '', 'SELECT 1', '', NULL) || file('case', 'i1', 'SELECT 1', 'SELECT ''evil''', NULL)
    || file('i2', 'i1', 'SELECT 2', '', NULL)) || '; SELECT migrate_edit(''case'', head => ''base'')');
SELECT revision, author(revision) FROM migrate_revision ORDER BY seq;
SET ROLE regress_mig_author;
SELECT migrate_import(file('i2', 'i1', 'SELECT 2', 'SELECT ''evil''', NULL));
RESET ROLE;
SELECT revision, author(revision) FROM migrate_revision ORDER BY seq;
SELECT migrate_remove('i2'), migrate_remove('i1');

---------------------------------------------------------------------------
-- migrate_squash()
---------------------------------------------------------------------------
CREATE FUNCTION squash(VARIADIC roles text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    FOR i IN 1 .. cardinality(roles) LOOP
        EXECUTE format('SET LOCAL ROLE %I', roles[i]);
        PERFORM mig_ext_authors.migrate_revision('m', 'SELECT 1', 'SELECT 1', rev_id => 's' || i);
    END LOOP;
    RESET ROLE;
    PERFORM mig_ext_authors.migrate_squash('base:heads', 'x');
    SELECT mig_ext_authors.author(revision) INTO found FROM mig_ext_authors.migrate_revision;
    PERFORM mig_ext_authors.migrate_remove('head');
    RETURN found;
END$$;
SELECT squash('regress_mig_boss', 'regress_mig_boss');
SELECT squash('regress_mig_author', 'regress_mig_boss');
SELECT squash('regress_mig_boss', 'regress_mig_author');
SELECT squash('regress_mig_author2', 'regress_mig_author', 'regress_mig_boss');
-- a merge or an empty revision has no text; of verify scripts the last stays
SELECT migrate_revision('m', 'SELECT 1', 'SELECT 1', rev_id => 's1');
SET ROLE regress_mig_author;
SELECT migrate_revision('empty', verify => 'SELECT ''evil''', rev_id => 's2');
RESET ROLE;
SELECT migrate_revision('m', 'SELECT 1', 'SELECT 1', rev_id => 's3');
SELECT migrate_squash('s1:s3', 'x');
SELECT author('s3');
SET ROLE regress_mig_author;
SELECT migrate_revision('empty', verify => 'SELECT ''evil''', rev_id => 's4');
RESET ROLE;
SELECT migrate_squash('s3:s4', 'x');
SELECT author('s4');
SELECT migrate_remove('s4');

---------------------------------------------------------------------------
-- migrate_autogenerate(amend)
---------------------------------------------------------------------------
SET search_path = mig_ext_authors_app, mig_ext_authors;
SET ROLE regress_mig_author;
SELECT migrate_revision('wip', 'SELECT 1', 'SELECT 1', verify => 'ALTER ROLE regress_mig_author SUPERUSER', rev_id => 'amended');
RESET ROLE;
SET client_min_messages = notice;
SELECT migrate_autogenerate('mine', 'CREATE TABLE t (id int)', include => '{mig_ext_authors_app}', amend => true);
SET client_min_messages = warning;
SELECT author('amended'), upgrade_sql LIKE 'CREATE TABLE%' AS upgrade, verify_sql, verify_count
FROM migrate_revision WHERE revision = 'amended';
SELECT migrate_upgrade(); -- fails
\echo :SQLSTATE
SELECT migrate_edit('amended', verify => '');
SELECT author('amended');
SELECT migrate_autogenerate('mine', 'CREATE TABLE t (id int)', include => '{mig_ext_authors_app}', amend => true);
SELECT author('amended');
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_mig_author';
-- the model that a lesser role stored is its text
SELECT migrate_remove('amended');
GRANT CREATE ON DATABASE :DBNAME TO regress_mig_author;
ALTER SCHEMA mig_ext_authors_app OWNER TO regress_mig_author;
SET ROLE regress_mig_author;
SELECT migrate_set_model('CREATE TABLE mig_ext_authors_app.t (id int)', include => '{mig_ext_authors_app}');
RESET ROLE;
SELECT migrate_autogenerate('of the model', rev_id => 'stored'); -- fails
SET migrate.superuser_runs_any = on;
SELECT migrate_autogenerate('of the model', rev_id => 'stored');
RESET migrate.superuser_runs_any;
SELECT author('stored');
SELECT migrate_set_model('CREATE TABLE mig_ext_authors_app.t (id int)', include => '{mig_ext_authors_app}');
SELECT migrate_autogenerate('of the model', amend => true);
SELECT author('stored');
SELECT migrate_remove('stored');
REVOKE CREATE ON DATABASE :DBNAME FROM regress_mig_author;
ALTER SCHEMA mig_ext_authors_app OWNER TO CURRENT_USER;

---------------------------------------------------------------------------
-- Roles that are gone, or have become something else
---------------------------------------------------------------------------
SET search_path = mig_ext_authors;
SET ROLE regress_mig_gone;
SELECT migrate_revision('m', 'SELECT 1', 'SELECT 1', rev_id => 'gone');
RESET ROLE;
REVOKE ALL ON SCHEMA mig_ext_authors, mig_ext_authors_app FROM regress_mig_gone;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA mig_ext_authors FROM regress_mig_gone;
DROP ROLE regress_mig_gone;
SELECT migrate_edit('gone', downgrade => 'SELECT 2');
SELECT author('gone');
SELECT migrate_import(file('gone', '', 'SELECT 1', 'SELECT 3', NULL));
SELECT author('gone');
SELECT migrate_upgrade(); -- fails
SELECT migrate_edit('gone', upgrade => 'SELECT 1', downgrade => 'SELECT 2');
SELECT author('gone');
SELECT migrate_remove('gone');
-- who is a superuser no longer is a lesser role
SET ROLE regress_mig_boss;
SELECT migrate_revision('m', 'SELECT 1', 'SELECT 1', rev_id => 'fell');
RESET ROLE;
ALTER ROLE regress_mig_boss NOSUPERUSER;
SELECT migrate_edit('fell', downgrade => 'SELECT 2');
SELECT author('fell');

RESET search_path;
DROP SCHEMA mig_ext_authors, mig_ext_authors_app CASCADE;
DROP ROLE regress_mig_author, regress_mig_author2, regress_mig_boss;
