--
-- The model: stored, compared, made into scripts and revisions
--
SET client_min_messages = warning;
CREATE SCHEMA mig_autogen;
CREATE SCHEMA mig_app;
CREATE EXTENSION pg_migrations SCHEMA mig_autogen;
RESET client_min_messages;
SET search_path = mig_app, mig_autogen;
\pset format unaligned
\pset tuples_only on

-- The steps, and nothing that takes another value each time
CREATE FUNCTION mig_autogen.differences(model text DEFAULT NULL) RETURNS SETOF text LANGUAGE sql AS
    $$SELECT concat_ws(' ', change, operation, kind, object) FROM mig_autogen.migrate_diff(model)$$;

---------------------------------------------------------------------------
-- Nothing there yet
---------------------------------------------------------------------------
SELECT migrate_get_model() IS NULL;
SELECT * FROM migrate_diff();                   -- fails: no model
SELECT migrate_check();                         -- fails
SELECT migrate_autogenerate('nothing');         -- fails
SELECT migrate_set_model('');                   -- fails: defines nothing
SELECT migrate_set_model('-- only a comment');  -- fails
SELECT migrate_set_model('CREATE EXTENSION IF NOT EXISTS plpgsql');    -- fails
SELECT migrate_set_model(NULL);                 -- fails
SELECT migrate_check('');                       -- fails
SELECT * FROM migrate_diff('');                 -- fails
SELECT migrate_autogenerate('nothing', model => '');    -- fails
SELECT migrate_autogenerate(NULL);              -- fails
-- The scripts alone may be asked for: what would be dropped
SELECT * FROM migrate_autogenerate_sql('');
SELECT migrate_schema_sql();

---------------------------------------------------------------------------
-- The first model, on an empty schema
---------------------------------------------------------------------------
SELECT migrate_set_model($$
CREATE TYPE state AS ENUM ('open', 'closed');
CREATE TABLE customer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE
);
CREATE TABLE "Order" (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customer,
    state state NOT NULL DEFAULT 'open'
);
CREATE INDEX ON "Order" (customer_id);
COMMENT ON TABLE "Order" IS 'what a customer has ordered';
CREATE VIEW open_order AS SELECT o.id, c.email FROM "Order" o JOIN customer c ON c.id = customer_id WHERE state = 'open';
$$);
SELECT left(migrate_get_model(), 20) = E'\nCREATE TYPE state AS';
SELECT migrate_get_model('other') IS NULL;
SELECT migrate_get_model(NULL);                 -- fails
SELECT differences();
SELECT migrate_check();                         -- fails
\t off
SELECT operation, object, hazard, upgrade FROM migrate_diff() WHERE kind = 'table' ORDER BY change;
SELECT upgrade, downgrade FROM migrate_autogenerate_sql();
\t on
SELECT count(*) FROM pg_class WHERE relnamespace = 'mig_app'::regnamespace;

---------------------------------------------------------------------------
-- As a revision
---------------------------------------------------------------------------
SELECT migrate_autogenerate('create orders', rev_id => 'r1', branch_label => 'shop');
SELECT migrate_autogenerate('again', rev_id => 'r2');   -- fails: r1 is not applied
\echo :SQLSTATE
SELECT migrate_autogenerate('again', rev_id => 'r2', head => 'base') IS NOT NULL;    -- a second root
SELECT migrate_remove('r2');
SELECT revision FROM migrate_upgrade();
SELECT migrate_check();
SELECT migrate_autogenerate('nothing new', rev_id => 'r2') IS NULL;
SELECT revision, branch_labels FROM migrate_heads();

---------------------------------------------------------------------------
-- The next one: head, rev_id, amend
---------------------------------------------------------------------------
SELECT replace(migrate_get_model(), 'email text NOT NULL UNIQUE', 'email text NOT NULL UNIQUE, name varchar(100)') AS model \gset
SELECT migrate_check(:'model');                 -- fails
SELECT migrate_set_model(:'model');
SELECT migrate_autogenerate('add a name', rev_id => 'r1');  -- fails: taken
SELECT migrate_autogenerate('add a name', rev_id => 'a b'); -- fails
SELECT migrate_autogenerate('r1', rev_id => 'r2');          -- fails: a message that is a revision
SELECT migrate_autogenerate('add a name', head => 'nix');   -- fails
SELECT migrate_autogenerate('add a name', head => NULL);    -- fails
SELECT migrate_autogenerate('add a name', amend => true);   -- fails: r1 is applied
SELECT migrate_autogenerate('add a name', head => 'shop@head', rev_id => 'r2');
SELECT upgrade_sql, downgrade_sql FROM migrate_revision WHERE revision = 'r2';
SELECT migrate_autogenerate('more');            -- fails: r2 is not applied
SELECT migrate_set_model(replace(:'model', 'varchar(100)', 'varchar(200) DEFAULT ''''::varchar'));
SELECT migrate_autogenerate('add a longer name', amend => true);
SELECT message, down_revision, upgrade_sql, downgrade_sql FROM migrate_revision WHERE revision = 'r2';
SELECT revision FROM migrate_upgrade();
SELECT migrate_check();
SELECT revision FROM migrate_downgrade('base');
SELECT differences();
SELECT migrate_schema_sql();
SELECT revision FROM migrate_upgrade();
SELECT migrate_check();

---------------------------------------------------------------------------
-- A database that has gone its own way
---------------------------------------------------------------------------
CREATE TABLE stray (id int);
ALTER TABLE customer ADD COLUMN stray int;
DROP INDEX "Order_customer_id_idx";
SELECT differences();
SELECT migrate_check();                         -- fails
SELECT migrate_check(exclude => '{mig_app.stray}');     -- fails: two are left
SELECT migrate_check(exclude => '{stray,mig_app.*der_customer_id_idx}');   -- fails: the column
SET migrate.exclude = 'stray';
SELECT migrate_check();                         -- fails: two are left
ALTER TABLE customer DROP COLUMN stray;
CREATE INDEX "Order_customer_id_idx" ON "Order" (customer_id);
SELECT migrate_check();
SET migrate.exclude = 'mig_app.s*, audit';
SELECT migrate_check();
RESET migrate.exclude;
SELECT migrate_check(exclude => '{NULL}');      -- fails
SELECT migrate_check(include => '{NULL}');      -- fails
SELECT migrate_check(include => '{mig_nix}');   -- fails: the model is about mig_app
-- stored with the model
SELECT migrate_set_model(migrate_get_model(), exclude => '{stray}');
SELECT migrate_check();
DROP TABLE stray;
-- state tables of other tools are nobody's business
CREATE TABLE alembic_version (version_num text);
SELECT migrate_check();
DROP TABLE alembic_version;

---------------------------------------------------------------------------
-- Several schemas; a schema that is named, and names without it
---------------------------------------------------------------------------
CREATE SCHEMA mig_tenant;
SELECT * FROM migrate_autogenerate_sql('CREATE TABLE t (id int PRIMARY KEY); CREATE INDEX ON t (id)', schema => 'mig_tenant');
SELECT * FROM migrate_autogenerate_sql('CREATE TABLE mig_tenant.t (id int)', qualify => false);
SELECT * FROM migrate_autogenerate_sql('CREATE TABLE mig_tenant.t (id int); CREATE TABLE t (id int)', qualify => false, exclude => '{customer}');  -- fails
SELECT * FROM migrate_autogenerate_sql('CREATE TABLE t (id int)', schema => 'mig_nix');    -- fails
SELECT migrate_autogenerate('for tenants', 'CREATE TABLE t (id int PRIMARY KEY)', schema => 'mig_tenant', head => 'base', rev_id => 't1', branch_label => 'tenant');
SELECT revision FROM migrate_upgrade('tenant@head', schema => 'mig_tenant');
SELECT migrate_check('CREATE TABLE t (id int PRIMARY KEY)', schema => 'mig_tenant');
SELECT migrate_check('CREATE TABLE t (id int PRIMARY KEY, n int)', schema => 'mig_tenant');    -- fails
-- the model of one schema does not see the other
SELECT migrate_check();
SELECT differences('CREATE TABLE mig_tenant.t (id int PRIMARY KEY)');
-- unless it is included: then what is not in the model goes
SELECT operation, object, hazard FROM migrate_diff('CREATE TABLE mig_tenant.u (id int)', include => '{mig_tenant}');
SELECT migrate_check('CREATE TABLE mig_tenant.t (id int PRIMARY KEY)', include => '{mig_app}');    -- fails: outside
-- with something for the one that is included the others are context: built for what refers to them, and not compared
SELECT operation, object FROM migrate_diff($$
    CREATE SCHEMA mig_shared;
    CREATE TYPE mig_shared.mood AS ENUM ('good', 'bad');
    CREATE TABLE mig_shared.org (id int PRIMARY KEY);
    CREATE TABLE mig_tenant.t (id int PRIMARY KEY, org int REFERENCES mig_shared.org, mood mig_shared.mood);
$$, include => '{mig_tenant}');
-- a schema that the model makes
SELECT upgrade, downgrade FROM migrate_autogenerate_sql('CREATE SCHEMA mig_new; CREATE TABLE mig_new.t (id int)');
SELECT migrate_downgrade('tenant@base', schema => 'mig_tenant') IS NULL;
DROP SCHEMA mig_tenant CASCADE;

---------------------------------------------------------------------------
-- What is compared besides: migrate.compare
---------------------------------------------------------------------------
CREATE ROLE regress_mig_reader;
GRANT SELECT ON customer TO regress_mig_reader;
SELECT migrate_check();
SET migrate.compare = 'privileges';
SELECT upgrade, downgrade FROM migrate_autogenerate_sql();
RESET migrate.compare;
ALTER TABLE customer OWNER TO regress_mig_reader;
SELECT migrate_check();
SET migrate.compare = 'owners';
SELECT replace(upgrade, quote_ident(current_user), '(me)') FROM migrate_autogenerate_sql();
SET migrate.compare = 'owner';                  -- fails
RESET migrate.compare;
ALTER TABLE customer OWNER TO CURRENT_USER;
REVOKE ALL ON customer FROM regress_mig_reader;
SET client_min_messages = error;                -- wal_level may be anything
CREATE PUBLICATION mig_publication FOR TABLE customer;
RESET client_min_messages;
SELECT migrate_check();
SET migrate.compare = 'database';
SELECT operation, kind, object FROM migrate_diff() WHERE kind LIKE 'publication%';
RESET migrate.compare;
DROP PUBLICATION mig_publication;

---------------------------------------------------------------------------
-- The search_path: empty, or without the extension's schema
---------------------------------------------------------------------------
SET search_path = '';
SELECT mig_autogen.migrate_check();             -- fails: nowhere to create
SELECT mig_autogen.migrate_check(mig_autogen.migrate_get_model(), schema => 'mig_app');  -- fails: behind
SELECT mig_autogen.migrate_stamp('heads', schema => 'mig_app');
SELECT mig_autogen.migrate_check(mig_autogen.migrate_get_model(), schema => 'mig_app');
SELECT mig_autogen.migrate_stamp('base', schema => 'mig_app');
SELECT mig_autogen.migrate_check('CREATE TABLE mig_app.customer (id int)');     -- fails: differs
SET search_path = mig_app, mig_autogen;
SET search_path = mig_app;
SELECT mig_autogen.migrate_check();
SET search_path = mig_app, mig_autogen;

---------------------------------------------------------------------------
-- The codes of what is refused
---------------------------------------------------------------------------
CREATE FUNCTION mig_autogen.code_of(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'none';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT code_of($$SELECT migrate_check('CREATE TABLE t ()')$$);
SELECT code_of($$SELECT migrate_check('CREATE TABLE t (x nix)')$$);
SELECT code_of($$SELECT migrate_check('CREATE TABLE t (')$$);
SELECT code_of($$SELECT migrate_check('CREATE TABLE t (); COPY t FROM STDIN')$$);
SELECT code_of($$SELECT migrate_check('CREATE DATABASE d')$$);
SELECT code_of($$SELECT migrate_check('CREATE TABLE t (); SELECT 1/0')$$);
SELECT code_of($$SELECT migrate_check('')$$);
SELECT code_of($$SELECT * FROM migrate_diff(renames => '[1]')$$);
SELECT code_of($$SELECT * FROM migrate_diff(renames => '{"a": 1}')$$);
SELECT code_of($$SELECT * FROM migrate_diff(renames => '{"a.b.c.d": "e"}')$$);
SELECT code_of($$SELECT migrate_autogenerate('x', 'CREATE TABLE t ()', head => 'nix')$$);
SELECT code_of($$SELECT migrate_autogenerate('x', 'CREATE TABLE t ()', amend => true, head => 'heads')$$);

---------------------------------------------------------------------------
-- Inside a transaction block, in a read-only one, and in a run
---------------------------------------------------------------------------
BEGIN;
CREATE TABLE later (id int);
SELECT differences();
SAVEPOINT s;
SELECT migrate_check();                         -- fails
ROLLBACK TO s;
SELECT differences();
ROLLBACK;
BEGIN READ ONLY;
SELECT migrate_check();
SELECT migrate_check('CREATE TABLE t ()');      -- fails
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT migrate_check();
COMMIT;
SELECT migrate_revision('compares', 'SELECT mig_autogen.migrate_check()', rev_id => 'r3', downgrade => '', head => 'r2');
SELECT revision FROM migrate_upgrade('r3');     -- fails
SELECT migrate_remove('r3');

---------------------------------------------------------------------------
-- Without superuser: the owner of the schema, and who is not
---------------------------------------------------------------------------
CREATE ROLE regress_mig_owner;
GRANT USAGE ON SCHEMA mig_autogen TO regress_mig_owner, regress_mig_reader;
GRANT EXECUTE ON FUNCTION migrate_diff, migrate_autogenerate_sql, migrate_autogenerate, migrate_check, migrate_set_model,
    migrate_schema_sql TO regress_mig_owner, regress_mig_reader;
GRANT EXECUTE ON FUNCTION migrate_upgrade TO regress_mig_owner;
SET ROLE regress_mig_reader;
SELECT migrate_get_model();                     -- fails
SELECT migrate_check();                         -- fails: mig_app belongs to another
SELECT migrate_check('CREATE TABLE mig_app.t ()');      -- fails
RESET ROLE;
REVOKE EXECUTE ON FUNCTION migrate_check FROM regress_mig_reader;
SET ROLE regress_mig_reader;
SELECT migrate_check();                         -- fails
RESET ROLE;
CREATE SCHEMA mig_owned AUTHORIZATION regress_mig_owner;
SET ROLE regress_mig_owner;
SET search_path = mig_owned, mig_autogen;
SELECT migrate_autogenerate('theirs', 'CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL)', head => 'base', rev_id => 'o1');
SELECT revision FROM migrate_upgrade('o1');
SELECT migrate_check('CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL)');
SELECT relowner::regrole FROM pg_class WHERE oid = 'mig_owned.t'::regclass;
SELECT migrate_check('CREATE SCHEMA mig_theirs; CREATE TABLE mig_theirs.t ()');     -- fails: no right to create
SELECT migrate_set_model('CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL); SELECT setval(''s'', 1)', branch => 'x');
SELECT migrate_set_model('CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL)');
RESET ROLE;
SELECT migrate_check();                         -- fails: a superuser with a lesser role's model
SELECT migrate_check('CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL)');
SET migrate.superuser_runs_any = on;
SELECT migrate_check();
RESET migrate.superuser_runs_any;

---------------------------------------------------------------------------
-- A baseline of what is there
---------------------------------------------------------------------------
SELECT migrate_baseline('as it is');            -- fails: there are revisions
SET client_min_messages = warning;
DROP EXTENSION pg_migrations CASCADE;
CREATE EXTENSION pg_migrations SCHEMA mig_autogen;
SET client_min_messages = notice;
SET search_path = mig_app, mig_autogen;
SELECT migrate_baseline('as it is', include => '{mig_app}', rev_id => 'base1');
SELECT upgrade_sql FROM migrate_revision;
SELECT revision FROM migrate_current();
SELECT migrate_baseline('once more');           -- fails
SELECT string_agg(line, E'\n') AS dumped FROM migrate_schema_sql(include => '{mig_app}') AS line \gset
SELECT migrate_check(:'dumped');
SELECT migrate_schema_sql(include => '{mig_app}', exclude => ARRAY['customer', '"Order"', 'open_*', 'state']);

---------------------------------------------------------------------------
-- Clean up
---------------------------------------------------------------------------
SET client_min_messages = warning;
DROP SCHEMA mig_app, mig_autogen, mig_owned CASCADE;
DROP ROLE regress_mig_reader, regress_mig_owner;
