--
-- Models that a pg_dump of a later server has written
--
SET client_min_messages = warning;
CREATE SCHEMA mig_newer;
CREATE EXTENSION pg_migrations SCHEMA mig_newer;
SET search_path = mig_newer;

-- settings that mean nothing here are read over
SELECT count(*) FROM migrate_diff($$
--
-- PostgreSQL database dump
--

-- Dumped from database version 99.1
-- Dumped by pg_dump version 99.2 (Debian 99.2-1)

SET statement_timeout = 0;
SET some_later_timeout = 0;
SET some_later_behaviour TO 'on', 'off';

CREATE TABLE t (a int);
$$, include => '{mig_newer}');

-- syntax is not, and the error has the line and both versions
CREATE FUNCTION mig_newer.complain(model text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    message text;
    place text;
BEGIN
    PERFORM mig_newer.migrate_diff(E'-- Dumped by pg_dump version 99.2\n\n' || model, include => '{mig_newer}');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, place = PG_EXCEPTION_CONTEXT;
    RAISE WARNING E'%\n%', message, regexp_replace(place, 'PostgreSQL [0-9]+', 'PostgreSQL N');
END
$$;
SELECT complain('CREATE TABLE t (a int LATER)');
-- neither is what can be parsed, and is not there
SELECT complain('CREATE TABLE t (a int) WITH (later = 1)');
SELECT complain('CREATE TABLE t (a int DEFAULT later())');

-- of no dump, or one of this version: a setting that is not there is a mistake
SELECT migrate_diff('SET serach_path = mig_newer; CREATE TABLE t ()');  -- fails
SELECT migrate_diff(E'-- Dumped by pg_dump version 15.0\nSET serach_path = mig_newer; CREATE TABLE t ()');  -- fails

DROP SCHEMA mig_newer CASCADE;
