--
-- Values that a script gives to rows, and what the UPDATE fires
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

-- a trigger that stays is named; its new function comes before, behind all columns
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int PRIMARY KEY, a text, gone int, told text);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.gone := 1; NEW.told := ''old''; RETURN NEW; END';
CREATE TRIGGER tells BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tell();
$b$, $b$
CREATE TABLE t (id int PRIMARY KEY,
    a text NOT NULL, -- migrate:fill 'x'
    told text,
    b int NOT NULL, -- migrate:fill 1
    c int NOT NULL -- migrate:fill 2
);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.told := concat(NEW.a, NEW.b, NEW.c); RETURN NEW; END';
CREATE TRIGGER tells BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tell();
CREATE TRIGGER tells_more BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tell();
$b$, rows => 'INSERT INTO t VALUES (1, NULL), (2, ''y'')', reading => 'SELECT string_agg(t::text, '' '' ORDER BY id) FROM t');
-- of triggers and rules those that an UPDATE of the column fires
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int, a text, b text) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE log (id int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER every AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION f();
CREATE TRIGGER of_a AFTER INSERT OR UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER of_b AFTER UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER inserted AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER off AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE t DISABLE TRIGGER off;
CREATE TRIGGER every AFTER UPDATE ON t1 FOR EACH STATEMENT EXECUTE FUNCTION f();
CREATE TRIGGER below AFTER UPDATE ON t1 FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER goes AFTER UPDATE ON t1 FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE noted AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (NEW.id);
CREATE RULE deleted AS ON DELETE TO t DO ALSO INSERT INTO log VALUES (OLD.id);
$b$, $b$
CREATE TABLE t (id int, a text DEFAULT 'x' NOT NULL, b text) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE log (id int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER every AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION f();
CREATE TRIGGER of_a AFTER INSERT OR UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER of_b AFTER UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER inserted AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER off AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE t DISABLE TRIGGER off;
CREATE TRIGGER every AFTER UPDATE ON t1 FOR EACH STATEMENT EXECUTE FUNCTION f();
CREATE TRIGGER below AFTER UPDATE ON t1 FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE noted AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (NEW.id);
CREATE RULE deleted AS ON DELETE TO t DO ALSO INSERT INTO log VALUES (OLD.id);
$b$, rows => 'INSERT INTO t VALUES (1)', reading => 'SELECT a FROM t');

-- what is deferred is done before the table is altered
SELECT mig_round_trip.check($b$
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int REFERENCES p DEFERRABLE INITIALLY DEFERRED, u int UNIQUE DEFERRABLE INITIALLY DEFERRED);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE CONSTRAINT TRIGGER later AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f();
$b$, $b$
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY,
    a int NOT NULL -- migrate:fill 1
    REFERENCES p DEFERRABLE INITIALLY DEFERRED,
    u int UNIQUE DEFERRABLE INITIALLY DEFERRED,
    b int NOT NULL, -- migrate:fill id
    c int NOT NULL);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE CONSTRAINT TRIGGER later AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f();
$b$);
SELECT mig_round_trip.check($b$
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int REFERENCES p DEFERRABLE INITIALLY DEFERRED, u int UNIQUE DEFERRABLE INITIALLY DEFERRED);
$b$, $b$
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY,
    a int NOT NULL -- migrate:fill 1
    REFERENCES p DEFERRABLE INITIALLY DEFERRED,
    u int UNIQUE DEFERRABLE INITIALLY DEFERRED);
$b$, rows => 'INSERT INTO p VALUES (1); INSERT INTO t VALUES (1); SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED',
reading => 'SELECT string_agg(t::text, '' '' ORDER BY id) FROM t');
-- new columns are filled at once, but with what is made of others of them, or read
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int PRIMARY KEY);
$b$, $b$
CREATE TABLE t (id int PRIMARY KEY,
    a int NOT NULL, -- migrate:fill id + 1
    b text NOT NULL, -- migrate:fill 'x'
    c text NOT NULL, -- migrate:fill b || a
    d int NOT NULL, -- migrate:fill 2
    e int NOT NULL, -- migrate:fill (SELECT max(t.id) FROM t)
    f text NOT NULL, -- migrate:fill to_json(t)
    g int NOT NULL DEFAULT 7 -- migrate:fill 3
);
$b$, rows => 'INSERT INTO t VALUES (1), (2)', reading => 'SELECT string_agg(t::text, '' '' ORDER BY id) FROM t');
-- so with what code of users may read
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int PRIMARY KEY);
CREATE FUNCTION d_of(i int, j int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT d + j FROM t WHERE id = i); END';
CREATE OPERATOR <+> (FUNCTION = d_of, LEFTARG = int, RIGHTARG = int);
$b$, $b$
CREATE TABLE t (id int PRIMARY KEY,
    a int NOT NULL, -- migrate:fill 5
    b int NOT NULL, -- migrate:fill abs(id) + 1
    c int NOT NULL, -- migrate:fill a_of(id)
    d int NOT NULL, -- migrate:fill 2
    e int NOT NULL -- migrate:fill id <+> 1
);
CREATE FUNCTION a_of(i int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT a FROM t WHERE id = i); END';
CREATE FUNCTION d_of(i int, j int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT d + j FROM t WHERE id = i); END';
CREATE OPERATOR <+> (FUNCTION = d_of, LEFTARG = int, RIGHTARG = int);
$b$, rows => 'INSERT INTO t VALUES (1), (2)', reading => 'SELECT string_agg(t::text, '' '' ORDER BY id) FROM t');
-- a value comes behind what is new and needed for it, as does what may be completed
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int PRIMARY KEY, o text, p text, q text);
$b$, $b$
CREATE FUNCTION value_of() RETURNS text LANGUAGE plpgsql VOLATILE AS $$BEGIN RETURN 'x'; END$$;
CREATE TABLE t (id int PRIMARY KEY,
    b int NOT NULL, -- migrate:fill id + 1
    c int NOT NULL, -- migrate:fill (SELECT count(*) FROM zoo)
    d int NOT NULL, -- migrate:fill (SELECT max(id) FROM every)
    o text NOT NULL DEFAULT value_of(),
    p text NOT NULL, -- migrate:fill value_of()
    q text
);
CREATE TABLE zoo (id int);
CREATE VIEW every AS SELECT 1 AS id;
$b$, rows => 'INSERT INTO t VALUES (1, ''o''), (2, ''o'')', reading => 'SELECT string_agg(t::text, '' '' ORDER BY id) FROM t');

-- where it is not known that a default gives a value, a mark comes before it
CREATE FUNCTION nothing() RETURNS text LANGUAGE sql VOLATILE RETURN NULL;
CREATE DOMAIN always AS text NOT NULL;
CREATE TABLE t (id int, a text, b text);
INSERT INTO t VALUES (1, 'A', NULL), (2, NULL, 'b');
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE FUNCTION nothing() RETURNS text LANGUAGE sql VOLATILE RETURN NULL;
CREATE DOMAIN always AS text NOT NULL;
CREATE TABLE t (id int, a text, b text,
    c text NOT NULL DEFAULT current_setting('my.unset', true), -- migrate:fill 'c'
    d text NOT NULL DEFAULT 'd', -- migrate:fill 'e'
    e always DEFAULT current_setting('my.unset', true) -- migrate:fill 'e'
)$b$, include => '{types}', qualify => false);
-- what may be NULL is said: a default, the value of a mark
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE FUNCTION nothing() RETURNS text LANGUAGE sql VOLATILE RETURN NULL;
CREATE DOMAIN always AS text NOT NULL;
CREATE TABLE t (id int,
    a text NOT NULL DEFAULT current_setting('my.unset', true),
    b text NOT NULL, -- migrate:fill upper(a)
    c text NOT NULL DEFAULT current_setting('my.unset', true), d text NOT NULL DEFAULT nothing(), e text NOT NULL DEFAULT lower(NULL),
    f text NOT NULL, -- migrate:fill lower(a)
    g text NOT NULL DEFAULT coalesce(current_setting('my.unset', true), 'g'), h timestamptz NOT NULL DEFAULT now() + '1 day',
    i text NOT NULL DEFAULT current_user, j text[] NOT NULL DEFAULT '{}', k date NOT NULL DEFAULT current_date,
    l name NOT NULL DEFAULT current_schema, m timestamptz NOT NULL DEFAULT now(), n varchar(3) NOT NULL DEFAULT 'n'::text,
    o text NOT NULL -- migrate:fill 'o'
)$b$, include => '{types}', qualify => false);
DROP TABLE t;
DROP FUNCTION nothing();
DROP DOMAIN always;

-- a new column that is NOT NULL in a child table or partition alone, or in a table of a type, where it comes with that
CREATE DOMAIN seven AS int DEFAULT 7;
CREATE DOMAIN never AS int NOT NULL;
CREATE TYPE y AS (a int);
CREATE TABLE typed OF y;
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE above (a int);
CREATE TABLE below () INHERITS (above);
INSERT INTO typed VALUES (1);
INSERT INTO p VALUES (1);
INSERT INTO below VALUES (1), (2);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE DOMAIN seven AS int DEFAULT 7;
CREATE DOMAIN never AS int NOT NULL;
CREATE TYPE y AS (a int, b seven, c int, d int, e never);
CREATE TABLE typed OF y (b DEFAULT 8 NOT NULL, c DEFAULT 5 NOT NULL, d NOT NULL);
CREATE TABLE p (a int, b int, c int DEFAULT 1, d int -- migrate:fill 2
) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p (b DEFAULT 5 NOT NULL, c DEFAULT 6 NOT NULL, d DEFAULT 7 NOT NULL) FOR VALUES IN (1);
CREATE TABLE above (a int, b int);
CREATE TABLE below () INHERITS (above);
ALTER TABLE below ALTER b SET NOT NULL;
$b$, include => '{types}', qualify => false);
DROP TABLE typed, p, above, below;
DROP TYPE y;
DROP DOMAIN seven, never;

-- what it has of tables above may be NULL; the first of them gives it
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (a);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);
CREATE TABLE above (a int);
CREATE TABLE below () INHERITS (above);
INSERT INTO p VALUES (1);
INSERT INTO below VALUES (1), (2);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE TABLE p (a int,
    b int, -- migrate:fill nullif(a, 1)
    c int, -- migrate:fill 2
    d text DEFAULT current_setting('my.unset', true),
    e int DEFAULT 3
) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (a);
CREATE TABLE p11 PARTITION OF p1 (b NOT NULL, c NOT NULL, d NOT NULL, e NOT NULL) FOR VALUES IN (1);
CREATE TABLE above (a int, b int DEFAULT nullif((random() < 2)::int, 1));
CREATE TABLE below () INHERITS (above);
ALTER TABLE below ALTER b SET NOT NULL;
$b$, include => '{types}', qualify => false);
DROP TABLE p, above, below;

-- a default that each row has by itself, or each session, may be NULL; most that are written so never are
CREATE TABLE t (id int);
INSERT INTO t VALUES (1), (2);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE TABLE t (id int,
    a int NOT NULL DEFAULT nullif((random() < 2)::int, 1),
    b text NOT NULL DEFAULT substring(session_user::text FROM '^no$'),
    c text NOT NULL DEFAULT CASE WHEN now() < '2000-01-01' THEN 'old' END,
    e text NOT NULL DEFAULT substr(md5(random()::text), 1, 8), f date NOT NULL DEFAULT current_date + 30,
    g timestamp NOT NULL DEFAULT timezone('utc', now()), h numeric NOT NULL DEFAULT extract(epoch FROM clock_timestamp()),
    i text NOT NULL DEFAULT coalesce(nullif(current_user, 'x'), '-') || 'i', j text NOT NULL DEFAULT 'j' || gen_random_uuid(),
    k bool NOT NULL DEFAULT (now() IS NULL OR random() < 0), l text[] NOT NULL DEFAULT ARRAY[current_user::text]
)$b$, include => '{types}', qualify => false);
DROP TABLE t;

-- a new column of a table that a child table has already: its values stay, and may not fit a check
CREATE TABLE above (a int);
CREATE TABLE below (b int, c int) INHERITS (above);
CREATE TABLE other () INHERITS (above);
INSERT INTO below VALUES (1, 2, 3), (1, NULL, NULL);
INSERT INTO other VALUES (1);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE TABLE above (a int,
    b int, -- migrate:fill 7
    c int CHECK (c > 5),
    d int CHECK (d > 5));
CREATE TABLE below (b int, c int) INHERITS (above);
CREATE TABLE other () INHERITS (above);
$b$, include => '{types}', qualify => false);
DROP TABLE above CASCADE;

-- a mark on a column whose values come from elsewhere says nothing
SET client_min_messages = notice;
CREATE TABLE t (id int, becomes int);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($b$
CREATE TABLE t (id int,
    becomes int GENERATED ALWAYS AS IDENTITY, -- migrate:fill id
    numbered int GENERATED ALWAYS AS IDENTITY, -- migrate:fill id
    counted serial, -- migrate:fill id
    twice int GENERATED ALWAYS AS (id * 2) STORED -- migrate:fill 7
);
CREATE TABLE fresh (
    id serial -- migrate:fill 1
);
$b$, include => '{types}', qualify => false);
SET client_min_messages = warning;
DROP TABLE t;

-- one that is made of another, which waits for a function, or only seems to
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int);
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION total() RETURNS int LANGUAGE sql AS 'SELECT 1';
$b$, $b$
CREATE TABLE t (a int,
    b int NOT NULL, -- migrate:fill g()
    c int NOT NULL, -- migrate:fill b + 1
    d text NOT NULL, -- migrate:fill 'total'
    e text NOT NULL -- migrate:fill concat(d, 'x')
);
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION total() RETURNS int LANGUAGE sql AS 'SELECT 2';
$b$, rows => 'INSERT INTO t VALUES (1)', reading => 'SELECT t::text FROM t');

DROP SCHEMA types, mig_round_trip CASCADE;
