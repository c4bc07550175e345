--
-- Extensions that a model has in another schema, and those that it has not
--
SELECT count(*) < 4 AS lacking FROM pg_available_extensions WHERE name IN ('citext', 'cube', 'earthdistance', 'xml2') \gset
\if :lacking
    \echo left out: the server lacks citext, cube, earthdistance or xml2
    \quit
\endif

SET client_min_messages = warning;
CREATE SCHEMA mig_relocate;
CREATE SCHEMA mig_app;
CREATE SCHEMA mig_old;
CREATE SCHEMA mig_other;
CREATE EXTENSION pg_migrations SCHEMA mig_relocate;
CREATE EXTENSION citext SCHEMA mig_old;
SET search_path = mig_app, mig_relocate;
\pset format unaligned
\pset tuples_only on

CREATE TABLE e (a mig_old.citext DEFAULT 'x'::mig_old.citext, b mig_old.citext[], CHECK (a <> 'q'::mig_old.citext));
CREATE DOMAIN d AS mig_old.citext;
CREATE FUNCTION gone(mig_old.citext) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION stays(mig_old.citext) RETURNS mig_old.citext LANGUAGE sql AS 'SELECT $1';
CREATE INDEX ON e (a);
INSERT INTO e VALUES ('A', '{b}');

CREATE FUNCTION mig_relocate.where_is(extension text) RETURNS regnamespace LANGUAGE sql AS
    'SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = extension';

SELECT $$
CREATE SCHEMA mig_new;
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA mig_new;
CREATE TABLE e (a mig_new.citext DEFAULT 'y'::mig_new.citext, b mig_new.citext[], c mig_new.citext, CHECK (a <> 'q'::mig_new.citext));
CREATE DOMAIN d AS mig_new.citext;
CREATE FUNCTION stays(mig_new.citext) RETURNS mig_new.citext LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION comes(mig_new.citext) RETURNS mig_new.citext LANGUAGE sql AS 'SELECT $1';
CREATE INDEX ON e (a);
$$ AS model \gset
SELECT upgrade, downgrade FROM migrate_autogenerate_sql(:'model');
SELECT where_is('citext');
SELECT migrate_autogenerate('moved', :'model', rev_id => 'aaa1');
SELECT step FROM migrate_upgrade();
SELECT where_is('citext');
SELECT migrate_check(:'model');
SELECT a, b, a = 'a' FROM e;
SELECT step FROM migrate_downgrade('base');
SELECT where_is('citext');
SELECT operation, kind, object FROM migrate_diff(:'model');
SELECT count(*) FROM migrate_upgrade();
SELECT migrate_check(:'model');
SELECT count(*) FROM migrate_downgrade('base');

-- by ALTER; into a schema that is there, and is not the model's
SELECT upgrade, downgrade FROM migrate_autogenerate_sql($$
CREATE EXTENSION citext;
ALTER EXTENSION citext SET SCHEMA mig_other;
CREATE TABLE e (a mig_other.citext);
$$, include => '{mig_app, mig_other}');
-- where nothing is said, it is where it is
SELECT operation, kind, object FROM migrate_diff('CREATE EXTENSION citext; CREATE TABLE e (a mig_old.citext)') WHERE kind = 'extension';
-- a schema that is not there
SELECT operation, kind, object FROM migrate_diff('CREATE EXTENSION citext SCHEMA mig_nowhere; CREATE TABLE e (a mig_old.citext)') WHERE kind = 'extension';
-- together with a schema that is renamed
SELECT upgrade FROM migrate_autogenerate_sql($$
-- migrate:renamed from mig_old
CREATE SCHEMA mig_renamed;
CREATE EXTENSION citext SCHEMA mig_renamed;
CREATE TABLE mig_renamed.t (a mig_renamed.citext);
$$, include => '{mig_renamed}');
-- one that cannot be moved
CREATE EXTENSION xml2 SCHEMA mig_old;
SELECT upgrade FROM migrate_autogenerate_sql('CREATE EXTENSION xml2 SCHEMA mig_other; CREATE TABLE mig_other.t ()', include => '{mig_other}');
DROP EXTENSION xml2;

-- GRANT on a member is no change of what is not the model's
GRANT EXECUTE ON FUNCTION mig_old.citext(boolean) TO pg_monitor;
SELECT count(*) FROM migrate_diff($$
CREATE EXTENSION citext;
CREATE TABLE t ();
REVOKE ALL ON FUNCTION mig_old.citext(boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION mig_old.citext(boolean) TO pg_monitor;
$$, exclude => '{mig_app}');

-- a baseline begins with the extensions that are there
CREATE TABLE mig_app.keeps (a mig_old.citext);
SELECT migrate_remove(revision) FROM migrate_revision;
SELECT migrate_baseline(include => '{mig_app, mig_old}', rev_id => 'first');
SELECT upgrade_sql, downgrade_sql FROM migrate_revision;

-- dropped, with what requires them and their schema
CREATE SCHEMA mig_ext;
CREATE EXTENSION cube SCHEMA mig_ext;
CREATE EXTENSION earthdistance SCHEMA mig_ext;
SET migrate.compare = database;
SELECT upgrade, downgrade FROM migrate_autogenerate_sql('CREATE SCHEMA mig_app; CREATE TABLE mig_app.t (a mig_old.citext)', exclude => '{mig_app, mig_old, mig_other, public}');
RESET migrate.compare;

-- one that is missing comes with the script, and goes with it
SELECT upgrade, downgrade FROM migrate_autogenerate_sql('CREATE SCHEMA mig_seg; CREATE EXTENSION seg SCHEMA mig_seg; CREATE TABLE mig_seg.t (a mig_seg.seg)', include => '{mig_seg}');

-- the comment of one that is installed is what the model says
DROP SCHEMA mig_relocate, mig_app, mig_old, mig_other, mig_ext CASCADE;
CREATE SCHEMA mig_relocate;
CREATE SCHEMA mig_app;
CREATE SCHEMA mig_old;
CREATE SCHEMA mig_other;
CREATE EXTENSION pg_migrations SCHEMA mig_relocate;
CREATE EXTENSION citext SCHEMA mig_old;
SELECT 'CREATE TABLE t (a mig_old.citext); CREATE EXTENSION citext;' AS model \gset
SELECT :'model' || $$ COMMENT ON EXTENSION citext IS 'ours';$$ AS said \gset
CREATE TABLE t (a mig_old.citext);
SELECT migrate_check(:'model');
SELECT upgrade, downgrade FROM migrate_autogenerate_sql(:'said');
SELECT migrate_autogenerate('said', :'said', rev_id => 'c0');
SELECT step FROM migrate_upgrade();
SELECT migrate_check(:'said');
SELECT migrate_check(:'said');
-- by hand, and what the session remembers of the model
COMMENT ON EXTENSION citext IS 'theirs';
SELECT migrate_check(:'said'); -- fails
SELECT upgrade, downgrade FROM migrate_autogenerate_sql(:'said');
COMMENT ON EXTENSION citext IS NULL;
SELECT upgrade, downgrade FROM migrate_autogenerate_sql(:'said');
-- where nothing is said it stays, unless all of the database is compared
COMMENT ON EXTENSION citext IS 'theirs';
SELECT migrate_check(:'model');
SET migrate.compare = database;
SELECT upgrade, downgrade FROM migrate_autogenerate_sql(:'model');
SELECT upgrade FROM migrate_autogenerate_sql('CREATE TABLE t (a mig_old.citext)');
RESET migrate.compare;
-- against revisions, and what somebody has done to what they build
SELECT upgrade FROM migrate_autogenerate_sql(:'said', against => 'c0');
SELECT upgrade FROM migrate_autogenerate_sql(:'said' || $$ COMMENT ON EXTENSION citext IS 'anew';$$, against => 'c0');
SELECT kind, object, undo FROM migrate_drift();
SELECT test, revision, result, detail FROM migrate_test();
SELECT step FROM migrate_downgrade('base');
SELECT obj_description(oid) FROM pg_extension WHERE extname = 'citext';
-- moved, too
SELECT upgrade, downgrade FROM migrate_autogenerate_sql($$CREATE EXTENSION citext SCHEMA mig_other; COMMENT ON EXTENSION citext IS 'moved'; CREATE TABLE t (a mig_other.citext);$$);
-- one that code would create, were it not there, stays where all of the database is compared
CREATE EXTENSION cube SCHEMA mig_old;
SET migrate.compare = database;
SELECT operation, object FROM migrate_diff($m$
CREATE TABLE t (a int);
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citext') THEN CREATE EXTENSION Citext; END IF;
END $$;
$m$) WHERE kind = 'extension';
RESET migrate.compare;
-- rows and counters of one go with it
CREATE SCHEMA mig_own;
CREATE EXTENSION xml2 SCHEMA mig_own;
CREATE TABLE mig_own.settings (id serial, a text);
CREATE VIEW mig_own.shown AS SELECT a FROM mig_own.settings;
ALTER EXTENSION xml2 ADD TABLE mig_own.settings;
ALTER EXTENSION xml2 ADD SEQUENCE mig_own.settings_id_seq;
ALTER EXTENSION xml2 ADD VIEW mig_own.shown;
SET migrate.compare = 'database';
SELECT object, hazard FROM migrate_diff('CREATE TABLE mig_own.t (a int)', include => '{mig_own}') WHERE object = 'xml2';
RESET migrate.compare;
DROP SCHEMA mig_own CASCADE;
DROP SCHEMA mig_relocate, mig_app, mig_old, mig_other CASCADE;
