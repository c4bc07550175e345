--
-- Changes that need each other, and no part of them can be put off
--
SET client_min_messages = warning;
CREATE SCHEMA mig_loop;
CREATE SCHEMA mig_app;
CREATE EXTENSION pg_migrations SCHEMA mig_loop;
SET search_path = mig_app, mig_loop;

-- Models can build them, by way of functions that are replaced
SELECT migrate_diff($$
CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql RETURN $1;
CREATE TABLE t (x int) PARTITION BY RANGE (f(x));
CREATE OR REPLACE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql BEGIN ATOMIC SELECT min(x) FROM t; END
$$, include => '{mig_app}');                                    -- fails
SELECT migrate_autogenerate('loop', $$
CREATE FUNCTION g(float8, float8) RETURNS float8 IMMUTABLE LANGUAGE sql RETURN $1 - $2;
CREATE TYPE r AS RANGE (subtype = float8, subtype_diff = g);
CREATE OR REPLACE FUNCTION g(float8, float8) RETURNS float8 IMMUTABLE LANGUAGE sql BEGIN ATOMIC SELECT upper(r($1, $2)); END
$$, include => '{mig_app}');                                    -- fails
\echo :SQLSTATE
-- nothing is stored, and the hint is right
SELECT count(*) FROM migrate_revision;
SELECT migrate_autogenerate('first half', $$
CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql RETURN $1;
CREATE TABLE t (x int) PARTITION BY RANGE (f(x));
$$, rev_id => 'aaaa', include => '{mig_app}');
SELECT revision FROM migrate_upgrade();
SELECT migrate_autogenerate('second half', $$
CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql RETURN $1;
CREATE TABLE t (x int) PARTITION BY RANGE (f(x));
CREATE OR REPLACE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql BEGIN ATOMIC SELECT min(x) FROM t; END
$$, rev_id => 'bbbb', include => '{mig_app}');
SELECT revision FROM migrate_upgrade();
SELECT revision FROM migrate_downgrade('base');

DROP SCHEMA mig_app, mig_loop CASCADE;
