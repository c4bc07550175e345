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

DROP EXTENSION pg_migrations;
DROP SCHEMA mig;
