--
-- Triggers and policies of a model on tables that are not compared, as those of
-- Supabase's auth and storage
--
SET client_min_messages = warning;
CREATE SCHEMA mig_elsewhere;
CREATE EXTENSION pg_migrations SCHEMA mig_elsewhere;
CREATE SCHEMA mig_app;
CREATE SCHEMA mig_auth;
CREATE ROLE regress_mig_app;
RESET client_min_messages;
SET search_path = mig_app, mig_elsewhere;
\pset format unaligned
\pset tuples_only on

CREATE TYPE mig_auth.kind AS ENUM ('a', 'b');
CREATE TABLE mig_auth.users (gone int, id int PRIMARY KEY, mail text, kind mig_auth.kind);
ALTER TABLE mig_auth.users DROP COLUMN gone;
CREATE FUNCTION mig_auth.theirs() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER theirs BEFORE INSERT ON mig_auth.users FOR EACH ROW EXECUTE FUNCTION mig_auth.theirs();
CREATE FUNCTION mig_auth.uid() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE mig_auth.objects (id int, owner int, path text[]);
ALTER TABLE mig_auth.objects ENABLE ROW LEVEL SECURITY;
CREATE POLICY theirs ON mig_auth.objects USING (true);

-- What stands on these tables now
CREATE VIEW mig_elsewhere.parts AS
    SELECT format('%s on %s %s', tgname, tgrelid::regclass, tgenabled) AS part FROM pg_trigger WHERE tgrelid = 'mig_auth.users'::regclass AND NOT tgisinternal
    UNION ALL SELECT format('%s on %s', polname, polrelid::regclass) FROM pg_policy WHERE polrelid = 'mig_auth.objects'::regclass ORDER BY 1;

---------------------------------------------------------------------------
-- Created, changed, and back
---------------------------------------------------------------------------
SELECT $$
CREATE TABLE profile (id int REFERENCES mig_auth.users);
CREATE FUNCTION new_user() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
DROP TRIGGER IF EXISTS on_user ON mig_auth.users;
CREATE TRIGGER on_user AFTER INSERT OR UPDATE OF mail ON mig_auth.users FOR EACH ROW
    WHEN (NEW.mail IS NOT NULL AND NEW.kind = 'a') EXECUTE FUNCTION new_user();
CREATE TRIGGER off AFTER DELETE ON mig_auth.users EXECUTE FUNCTION new_user();
ALTER TABLE mig_auth.users DISABLE TRIGGER off;
COMMENT ON TRIGGER on_user ON mig_auth.users IS 'ours';
ALTER TABLE mig_auth.objects ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own ON mig_auth.objects;
CREATE POLICY own ON mig_auth.objects FOR SELECT USING (mig_auth.uid() = owner AND path[1] = 'x'
    AND EXISTS (SELECT FROM mig_auth.users u WHERE u.id = objects.owner AND u.kind = 'a'));
CREATE POLICY own_new ON mig_auth.objects FOR INSERT WITH CHECK (id > 0);
COMMENT ON POLICY own ON mig_auth.objects IS 'ours, too';
$$ AS model \gset
SELECT $$
CREATE TABLE profile (id int REFERENCES mig_auth.users);
CREATE FUNCTION new_user() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_user BEFORE INSERT ON mig_auth.users FOR EACH ROW EXECUTE FUNCTION new_user();
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON mig_auth.users DEFERRABLE FOR EACH ROW EXECUTE FUNCTION new_user();
CREATE TRIGGER off AFTER DELETE ON mig_auth.users EXECUTE FUNCTION new_user();
CREATE POLICY own ON mig_auth.objects FOR SELECT USING (mig_auth.uid() = owner);
CREATE POLICY own_new ON mig_auth.objects FOR UPDATE WITH CHECK (id > 0);
$$ AS changed \gset
SET client_min_messages = warning;
SELECT migrate_autogenerate('ours', :'model', rev_id => 'aaa1');
SELECT upgrade_sql, downgrade_sql FROM migrate_revision WHERE revision = 'aaa1';
SELECT step FROM migrate_upgrade();
TABLE parts;
SET client_min_messages = notice;
SELECT migrate_check(:'model');
SET client_min_messages = warning;
SELECT migrate_autogenerate('changed', :'changed', rev_id => 'aaa2');
SELECT upgrade_sql, downgrade_sql FROM migrate_revision WHERE revision = 'aaa2';
SELECT step FROM migrate_upgrade();
TABLE parts;
SELECT migrate_check(:'changed');
SELECT step FROM migrate_downgrade('-1');
SELECT migrate_check(:'model');
SELECT step FROM migrate_downgrade('base');
TABLE parts;
SELECT count(*) FROM migrate_upgrade();
SELECT migrate_check(:'changed');
-- what the model does not have stays, and is in the way
SELECT operation, object, hazard FROM migrate_diff('CREATE TABLE profile (id int REFERENCES mig_auth.users)');
SELECT count(*) FROM migrate_downgrade('base');

---------------------------------------------------------------------------
-- A table that the model has, and that is excluded
---------------------------------------------------------------------------
SELECT $$
CREATE SCHEMA mig_auth;
CREATE TABLE mig_auth.users (id int PRIMARY KEY);
CREATE FUNCTION mig_auth.theirs() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
CREATE TRIGGER theirs AFTER INSERT ON mig_auth.users EXECUTE FUNCTION mig_auth.theirs();
$$ || :'changed' AS model \gset
DROP TABLE IF EXISTS profile;
SELECT operation, kind, object FROM migrate_diff(regexp_replace(:'model', 'CREATE POLICY[^;]*;', '', 'g'), exclude => '{mig_auth}');
SELECT operation, kind, object FROM migrate_diff(regexp_replace(:'model', 'CREATE POLICY[^;]*;', '', 'g'), exclude => '{mig_auth, trigger:on_user}');
SELECT upgrade FROM migrate_autogenerate_sql(regexp_replace(:'model', 'CREATE POLICY[^;]*;', '', 'g'), exclude => '{mig_auth}');
-- of a schema that is not managed
SELECT upgrade FROM migrate_autogenerate_sql(regexp_replace(:'model', 'CREATE POLICY[^;]*;', '', 'g'), include => '{mig_app}');

---------------------------------------------------------------------------
-- Rights
---------------------------------------------------------------------------
ALTER SCHEMA mig_app OWNER TO regress_mig_app;
GRANT USAGE ON SCHEMA mig_auth, mig_elsewhere TO regress_mig_app;
GRANT ALL ON ALL TABLES IN SCHEMA mig_elsewhere TO regress_mig_app;
GRANT ALL ON ALL SEQUENCES IN SCHEMA mig_elsewhere TO regress_mig_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA mig_elsewhere TO regress_mig_app;
GRANT TRIGGER ON mig_auth.users TO regress_mig_app;
SET ROLE regress_mig_app;
SELECT $$
CREATE FUNCTION new_user() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_user AFTER INSERT ON mig_auth.users FOR EACH ROW EXECUTE FUNCTION new_user();
$$ AS model \gset
SELECT upgrade, downgrade FROM migrate_autogenerate_sql(:'model');
SELECT migrate_autogenerate('as app', :'model', rev_id => 'bbb1', head => 'base');
SELECT step FROM migrate_upgrade('bbb1');
SELECT upgrade, downgrade FROM migrate_autogenerate_sql(replace(:'model', 'AFTER', 'BEFORE') || $$
CREATE TRIGGER more BEFORE INSERT ON mig_auth.objects FOR EACH ROW EXECUTE FUNCTION new_user();
CREATE POLICY own ON mig_auth.objects;
$$);
RESET ROLE;
REVOKE USAGE ON SCHEMA mig_auth FROM regress_mig_app;
SET ROLE regress_mig_app;
SELECT migrate_diff(:'model');          -- fails
RESET ROLE;
-- there is no such table; in code the model may not
SELECT migrate_diff('CREATE TABLE t (); CREATE POLICY p ON mig_auth.nothing');
SELECT migrate_diff('CREATE TABLE t (); DO $d$ BEGIN CREATE POLICY p ON mig_auth.objects; END $d$');
SELECT migrate_diff('CREATE TABLE t (); ALTER TABLE mig_auth.objects DISABLE ROW LEVEL SECURITY');

DROP SCHEMA mig_app, mig_auth, mig_elsewhere CASCADE;
DROP ROLE regress_mig_app;
