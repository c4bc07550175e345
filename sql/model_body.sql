--
-- Bodies of routines that the script's search_path does not find its way in
--
SET client_min_messages = warning;
CREATE SCHEMA mig_model_body;
CREATE EXTENSION pg_migrations SCHEMA mig_model_body;
CREATE SCHEMA ledger;
CREATE TABLE ledger.entry (no int);
SET search_path = public, mig_model_body;
\pset format unaligned
\pset tuples_only on

-- Does the script that leads to a model have bodies checked?
CREATE FUNCTION mig_model_body.checked(model text, OUT up boolean, OUT down boolean) LANGUAGE sql AS
    'SELECT upgrade NOT LIKE ''SET check_function_bodies = off;%'', downgrade NOT LIKE ''SET check_function_bodies = off;%''
     FROM mig_model_body.migrate_autogenerate_sql(model)';

SELECT upgrade, downgrade FROM migrate_autogenerate_sql($$
    CREATE SCHEMA ledger;
    SET search_path = ledger;
    CREATE TABLE entry (no int);
    CREATE FUNCTION entries() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM entry';
$$);
-- variables of PL/pgSQL have types
SELECT * FROM checked($$
    CREATE TABLE ledger.entry (no int);
    SET search_path = ledger;
    CREATE FUNCTION first_entry() RETURNS int LANGUAGE plpgsql AS 'DECLARE e entry%ROWTYPE; BEGIN RETURN 1; END';
$$);
-- the function sets its own path; names have their schema; names are found
SELECT * FROM checked($$
    CREATE TABLE ledger.entry (no int);
    CREATE FUNCTION ledger.entries() RETURNS bigint LANGUAGE sql SET search_path = ledger AS 'SELECT count(*) FROM entry';
$$);
SELECT * FROM checked($$
    CREATE TABLE ledger.entry (no int);
    CREATE FUNCTION ledger.entries() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM ledger.entry';
$$);
SET search_path = ledger, mig_model_body;
SELECT * FROM checked($$
    CREATE TABLE entry (no int);
    CREATE FUNCTION entries() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM entry';
$$);
-- what stands there: replaced, dropped, created again
CREATE TYPE ledger.side AS ENUM ('debit');
CREATE FUNCTION ledger.entries(side) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM entry';
SET search_path = public, mig_model_body;
SELECT * FROM checked($$
    CREATE TABLE ledger.entry (no int);
    CREATE TYPE ledger.side AS ENUM ('debit');
    CREATE FUNCTION ledger.entries(ledger.side) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
$$);
SELECT * FROM checked($$
    CREATE TABLE ledger.entry (no int);
    SET search_path = ledger;
    CREATE TYPE side AS ENUM ('credit');
    CREATE FUNCTION entries(side) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM entry';
$$);
SELECT migrate_baseline(include => '{ledger}') AS base \gset
SELECT upgrade_sql LIKE 'SET check_function_bodies = off;%' FROM migrate_revision WHERE revision = :'base';
-- no body can use an operator family, and no money is in a name that begins so
SELECT upgrade FROM migrate_autogenerate_sql($$
    CREATE SCHEMA found;
    CREATE FUNCTION found.one() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE TYPE found.money2 AS (amount numeric);
    CREATE FUNCTION found.two() RETURNS found.money2 LANGUAGE sql SET search_path = found AS 'SELECT ROW(2)::money2';
    CREATE OPERATOR FAMILY found.family USING hash;
$$, include => '{found}');
-- indexes run bodies, which need what they name
SELECT upgrade FROM migrate_autogenerate_sql($$
    CREATE SCHEMA found;
    CREATE TEXT SEARCH DICTIONARY found.stems (TEMPLATE = simple);
    CREATE TEXT SEARCH CONFIGURATION found.words (COPY = simple);
    CREATE FUNCTION found.words_of(text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS
        'SELECT to_tsvector(''found.words'', $1)';
    CREATE FUNCTION found.stems_of(text) RETURNS text[] LANGUAGE sql IMMUTABLE AS
        'SELECT ts_lexize(''found.stems'', $1)';
    CREATE TABLE found.entry (no int, what text);
    CREATE INDEX entry_stems ON found.entry USING gin (found.stems_of(what));
    CREATE INDEX entry_words ON found.entry USING gin (found.words_of(what));
$$, include => '{found}');

DROP SCHEMA ledger CASCADE;
DROP EXTENSION pg_migrations CASCADE;
DROP SCHEMA mig_model_body CASCADE;
