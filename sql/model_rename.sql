--
-- What is renamed: by the argument, by marks in the model, and back
--
-- From 18 on NOT NULL has a name, too, which follows a new name of the table.
-- Here it is given, and stays, so that the scripts are those of all versions.
--
SET client_min_messages = warning;
CREATE SCHEMA mig_rename;
CREATE SCHEMA mig_app;
CREATE EXTENSION pg_migrations SCHEMA mig_rename;
SET search_path = mig_app, mig_rename;
\pset format unaligned
\pset tuples_only on

-- Both scripts; they are run there and back, and must leave nothing behind.
CREATE FUNCTION mig_rename.scripts_of(model text, renames jsonb DEFAULT NULL, schema text DEFAULT NULL) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    scripts record;
    before text := (SELECT string_agg(l, E'\n') FROM mig_rename.migrate_schema_sql() l);
BEGIN
    SELECT * INTO scripts FROM mig_rename.migrate_autogenerate_sql(model, schema => scripts_of.schema, renames => scripts_of.renames);
    RETURN QUERY SELECT * FROM string_to_table(rtrim(scripts.upgrade, E'\n'), E'\n');
    RETURN NEXT '-- and back';
    RETURN QUERY SELECT * FROM string_to_table(rtrim(scripts.downgrade, E'\n'), E'\n');
    PERFORM set_config('search_path', concat_ws(', ', scripts_of.schema, 'mig_app'), true);
    EXECUTE scripts.upgrade;
    RESET check_function_bodies;
    PERFORM mig_rename.migrate_check(model, schema => scripts_of.schema);
    EXECUTE scripts.downgrade;
    RESET check_function_bodies;
    IF before <> (SELECT string_agg(l, E'\n') FROM mig_rename.migrate_schema_sql() l) THEN
        RAISE EXCEPTION 'the way back leads elsewhere';
    END IF;
END $$;
RESET client_min_messages;

---------------------------------------------------------------------------
-- A table with all that hangs on it
---------------------------------------------------------------------------
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE users (id serial CONSTRAINT a NOT NULL PRIMARY KEY, name text CONSTRAINT b NOT NULL UNIQUE, mood mood, boss int REFERENCES users, CHECK (name <> ''));
CREATE INDEX users_mood_idx ON users (mood) WHERE name IS NOT NULL;
CREATE VIEW named AS SELECT id, name AS n FROM users;
CREATE FUNCTION name_of(u users, m mood) RETURNS text LANGUAGE sql AS 'SELECT name FROM users';
CREATE TABLE child (x int) INHERITS (users);
CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE POLICY p ON users USING (name = current_user);
COMMENT ON COLUMN users.name IS 'in full';
INSERT INTO users (name) VALUES ('ann'), ('bob');
\set model '-- migrate:renamed from mood\nCREATE TYPE feeling AS ENUM (''sad'', ''ok'');\n/* migrate:renamed from this_is_no_mark */\n-- migrate:renamed from users\nCREATE TABLE people (\n    id serial CONSTRAINT a NOT NULL PRIMARY KEY,\n    full_name text CONSTRAINT b NOT NULL UNIQUE, -- migrate:renamed from name\n    -- migrate:renamed from mood\n    feeling feeling,\n    boss int REFERENCES people,\n    CHECK (full_name <> ''''),\n    age int NOT NULL -- migrate:fill length(full_name) + 20\n);\n-- migrate:renamed from users_mood_idx\nCREATE INDEX people_feeling_idx ON people (feeling) WHERE full_name IS NOT NULL;\nCREATE VIEW named AS SELECT id, full_name AS n FROM people;\n-- migrate:renamed from name_of\nCREATE FUNCTION full_name_of(u people, m feeling) RETURNS text LANGUAGE sql AS ''SELECT full_name FROM people'';\nCREATE TABLE child (x int) INHERITS (people);\n-- migrate:renamed from t\nCREATE TRIGGER tt BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();\n-- migrate:renamed from p\nCREATE POLICY pp ON people USING (full_name = current_user);\nCOMMENT ON COLUMN people.full_name IS ''in full'';\n'
SELECT replace(:'model', '\n', E'\n') AS model \gset
SELECT scripts_of(:'model');
SELECT concat_ws(' ', change, operation, kind, object), hazard FROM migrate_diff(:'model');
SELECT migrate_check(:'model');                 -- fails
-- Nothing has happened to the table.
SELECT name, mood FROM users ORDER BY name;
-- Applied, the marks mean nothing any more.
SELECT upgrade FROM migrate_autogenerate_sql(:'model') \gset
SET client_min_messages = error;
BEGIN;
:upgrade
SELECT full_name, age, feeling FROM people ORDER BY full_name;
SELECT migrate_check(:'model');
RESET client_min_messages;
SELECT count(*) FROM migrate_diff(:'model');
ROLLBACK;
RESET client_min_messages;
-- Without the marks it is another table.
SELECT concat_ws(' ', operation, kind, object), hazard FROM migrate_diff(replace(:'model', 'migrate:renamed', '')) WHERE kind = 'table';
-- Rows are asked under the names that they have.
SELECT object, hazard FROM migrate_diff(replace(replace(:'model', 'feeling feeling', 'feeling feeling NOT NULL'), 'INHERITS (people)', ''));

---------------------------------------------------------------------------
-- The argument: quoted names, several kinds, what is stale
---------------------------------------------------------------------------
DROP TABLE users, child CASCADE;
DROP TYPE mood;
CREATE TABLE "My Table" (id int CONSTRAINT a NOT NULL PRIMARY KEY, "Old Col" int);
CREATE MATERIALIZED VIEW mv AS SELECT id AS a FROM "My Table";
CREATE INDEX mvi ON mv (a);
CREATE VIEW vv AS SELECT id AS a FROM "My Table";
CREATE SEQUENCE s START 7;
SELECT scripts_of('CREATE TABLE "New.T" (id int CONSTRAINT a NOT NULL PRIMARY KEY, "New Col" int); CREATE MATERIALIZED VIEW mv2 AS SELECT id AS b FROM "New.T";
    CREATE VIEW vv2 AS SELECT id AS b FROM "New.T"; CREATE INDEX mvi ON mv2 (b); CREATE SEQUENCE s2 START 7;',
    '{"mig_app.\"My Table\".Old Col": "New Col", "My Table": "New.T", "mv": "mv2", "mv.a": "b", "mig_app.vv": "mig_app.vv2", "vv.a": "b", "s": "s2",
      "stale": "x", "mig_app.vv.stale": "b", "mig_nix.t": "u", "mig_nix.t.c": "d", "pg_catalog.pg_class": "x"}');
DROP TABLE "My Table" CASCADE;
DROP SEQUENCE s;
-- One makes the way free for another.
CREATE TABLE a (i int);
CREATE TABLE b (i text, j int);
SELECT scripts_of('CREATE TABLE b (i int); CREATE TABLE c (j text, k int);', '{"a": "b", "b": "c", "b.i": "j", "b.j": "k"}');
-- A new table takes the old name.
SELECT scripts_of('CREATE TABLE a (x date); CREATE TABLE a2 (i int); CREATE TABLE b (i text, j int)', '{"a": "a2"}');
-- The model does not have the new name: nothing is renamed.
SELECT scripts_of('CREATE TABLE b (i text, j int)', '{"a": "b2"}');
SELECT scripts_of('CREATE TABLE a (i int); CREATE TABLE b (i text, j int)', '{"a": "b2", "b.i": "k"}');
SELECT scripts_of('CREATE TABLE a (i int); CREATE TABLE b (i text, j int)', '{"a": "b"}');
-- The model says so by a DO block.
SELECT scripts_of('DO $$ BEGIN CREATE TABLE d (i int); CREATE TABLE b (i text, j int); END $$', '{"a": "d"}');
DROP TABLE a, b;

---------------------------------------------------------------------------
-- Types
---------------------------------------------------------------------------
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE c AS (x int, y e);
CREATE TABLE typed OF c;
CREATE DOMAIN d AS int CONSTRAINT dc CHECK (VALUE > 0);
CREATE TYPE r AS RANGE (subtype = float8);
CREATE TYPE int_range AS RANGE (subtype = int);
CREATE TABLE t (e e DEFAULT 'a', c c, d d, ea e[], r r, m r_multirange, i int_multirange);
INSERT INTO t VALUES ('a', ROW(1, 'b'), 3, '{a}');
SELECT scripts_of('CREATE TYPE e2 AS ENUM (''aa'', ''b''); CREATE TYPE c2 AS (x2 int, y e2); CREATE TABLE typed OF c2;
    CREATE DOMAIN d2 AS int CONSTRAINT dc2 CHECK (VALUE > 0); CREATE TYPE r2 AS RANGE (subtype = float8); CREATE TYPE int4_range AS RANGE (subtype = int);
    CREATE TABLE t (e e2 DEFAULT ''aa'', c c2, d d2, ea e2[], r r2, m r2_multirange, i int4_multirange);',
    '{"e": "e2", "e.a": "aa", "c": "c2", "c.x": "x2", "d": "d2", "d.dc": "dc2", "r": "r2", "int_range": "int4_range"}');
DROP TABLE t, typed;
DROP TYPE c, e, d, r, int_range;

---------------------------------------------------------------------------
-- Routines: all of the name, or the one that is marked
---------------------------------------------------------------------------
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE agg(int) (sfunc = int4pl, stype = int);
SELECT scripts_of('CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS ''SELECT 1''; CREATE FUNCTION g(text) RETURNS int LANGUAGE sql AS ''SELECT 1'';
    CREATE PROCEDURE p2() LANGUAGE sql AS ''SELECT 1''; CREATE AGGREGATE agg2(int) (sfunc = int4pl, stype = int);',
    '{"f": "g", "p": "p2", "agg": "agg2"}');
SELECT scripts_of(E'-- migrate:renamed from f\nCREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS ''SELECT 1'';\nCREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS ''SELECT 1'';
-- migrate:renamed from p\nCREATE PROCEDURE p2() LANGUAGE sql AS ''SELECT 1'';
-- migrate:renamed from agg\nCREATE AGGREGATE agg2(int) (sfunc = int4pl, stype = int);');
DROP ROUTINE f(int), f(text), p(), agg(int);

---------------------------------------------------------------------------
-- Members of a partitioned table
---------------------------------------------------------------------------
CREATE TABLE p (id int CONSTRAINT a NOT NULL, k int, CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT ck CHECK (k > 0), CONSTRAINT u UNIQUE (id, k)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TRIGGER tr BEFORE UPDATE ON p FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TABLE other (i int CONSTRAINT fk REFERENCES p);
CREATE RULE ru AS ON DELETE TO other DO ALSO NOTIFY x;
CREATE INDEX ix ON p (k);
SELECT scripts_of('CREATE TABLE q (id2 int CONSTRAINT a NOT NULL, k int, CONSTRAINT pk2 PRIMARY KEY (id2), CONSTRAINT ck2 CHECK (k > 0), CONSTRAINT u2 UNIQUE (id2, k)) PARTITION BY RANGE (id2);
    CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (1) TO (10);
    CREATE TRIGGER tr2 BEFORE UPDATE ON q FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
    CREATE TABLE other (i int CONSTRAINT fk2 REFERENCES q); CREATE RULE ru2 AS ON DELETE TO other DO ALSO NOTIFY x; CREATE INDEX ix2 ON q (k);',
    '{"p": "q", "p1": "q1", "p.id": "id2", "p.pk": "pk2", "p.ck": "ck2", "p.u": "u2", "p.tr": "tr2", "other.fk": "fk2", "other.ru": "ru2", "ix": "ix2"}');
DROP TABLE p, other;

---------------------------------------------------------------------------
-- Schemas, and names without one
---------------------------------------------------------------------------
CREATE SCHEMA mig_one;
CREATE TABLE mig_one.t (i int);
INSERT INTO mig_one.t VALUES (1), (NULL);
SELECT scripts_of(E'-- migrate:renamed from mig_one\nCREATE SCHEMA mig_two; CREATE TABLE mig_two.u (j int NOT NULL -- migrate:fill 1 migrate:renamed from i\n);', '{"mig_one.t": "u"}');
SELECT scripts_of('CREATE SCHEMA mig_two; CREATE TABLE mig_two.t (i int)', '{"mig_one": "mig_two"}');
SELECT scripts_of('CREATE TABLE u (j int)', '{"t": "u", "u.i": "k", "t.i": "j"}', schema => 'mig_one');
DROP SCHEMA mig_one CASCADE;

---------------------------------------------------------------------------
-- Values for rows that there are
---------------------------------------------------------------------------
CREATE TABLE t (i int, j text);
SELECT scripts_of(E'CREATE TABLE t (i int, j text NOT NULL, -- migrate:fill ''x''\n k int NOT NULL -- migrate:fill i\n)');
INSERT INTO t VALUES (1, 'one'), (2, NULL);
SELECT scripts_of(E'CREATE TABLE t (i int, j text NOT NULL, -- migrate:fill i::text || '' migrate''\n k int NOT NULL --migrate:fill length(j);\n)');
DROP TABLE t;

---------------------------------------------------------------------------
-- Misuse
---------------------------------------------------------------------------
SELECT * FROM migrate_diff(E'CREATE TABLE t (i int NOT NULL -- migrate:fill i::\n)');          -- fails
SELECT * FROM migrate_diff(E'CREATE TABLE t (i int NOT NULL -- migrate:fill 1); DROP TABLE x\n)');     -- fails
SELECT * FROM migrate_diff(E'CREATE TABLE t (i int NOT NULL -- migrate:fill\n)');              -- fails
SELECT * FROM migrate_diff(E'-- migrate:fill 1\nCREATE TABLE t (i int NOT NULL)');             -- fails
SELECT * FROM migrate_diff(E'CREATE TYPE t AS (\n i int -- migrate:fill 1\n)');                -- fails
---------------------------------------------------------------------------
-- Values of enums, and marks of which nothing comes
---------------------------------------------------------------------------
DROP SCHEMA mig_app CASCADE;
CREATE SCHEMA mig_app;
CREATE TABLE one (id serial PRIMARY KEY, low int, high text, third date);
CREATE TABLE two (id int, x int);
CREATE TYPE state AS ENUM ('open', 'in work', 'over');
CREATE TABLE job (s state DEFAULT 'open');
SELECT scripts_of(E'CREATE TABLE one (id serial PRIMARY KEY, low int, high text, third date);
CREATE TABLE two (id int, x int);
CREATE TYPE state AS ENUM (''opened'', -- migrate:renamed from open
    -- migrate:renamed from ''in work''
    ''working'', ''done'' -- migrate:renamed from "over"
);
CREATE TABLE job (s state DEFAULT ''opened'');');
-- both are there, or neither
SELECT * FROM migrate_diff(E'CREATE TABLE one (id serial PRIMARY KEY, low int, -- migrate:renamed from high\n high text, third date);
CREATE TABLE two (id int, x int, y int -- migrate:renamed from z\n);
CREATE TYPE state AS ENUM (''open'', ''in work'', ''over'');
-- migrate:renamed from tasks\nCREATE TABLE jobs (s state DEFAULT ''open'')');
-- behind the last line: of the table, but a name within it is meant
SELECT object FROM migrate_diff(E'CREATE TABLE one (id serial PRIMARY KEY, high int, third date,\n low int); -- migrate:renamed from high
CREATE TABLE two (id int,\n z int); -- migrate:renamed from x
CREATE TYPE state AS ENUM (''open'', ''in work'',\n ''done''); -- migrate:renamed from over
CREATE TABLE job (s state DEFAULT ''open''); -- migrate:renamed from jobs');
SELECT * FROM migrate_diff(E'CREATE TABLE t (i int -- migrate:rename from j\n)');          -- fails
SELECT * FROM migrate_diff(E'CREATE TABLE t (i int -- migrate:fil 1\n)');                  -- fails
SELECT * FROM migrate_diff(E'-- migrate:upgrade\nCREATE TABLE t (i int)');                 -- fails
SELECT * FROM migrate_diff(E'CREATE TABLE t (i int -- migrate:renamed\n)');                    -- fails
SELECT * FROM migrate_diff(E'CREATE TABLE t (i int -- migrate:renamed from a b\n)');           -- fails
SELECT * FROM migrate_diff(E'CREATE TABLE t (i int,\n CHECK (i > 0) -- migrate:renamed from j\n)');    -- fails
SELECT * FROM migrate_diff(E'CREATE TABLE t (i int);\n-- migrate:renamed from u\n');           -- fails
SELECT * FROM migrate_diff(E'-- migrate:renamed from u\nSET work_mem = ''1MB''; CREATE TABLE t (i int)');      -- fails
SELECT * FROM migrate_diff('CREATE TABLE t ()', renames => '["a"]');       -- fails
SELECT * FROM migrate_diff('CREATE TABLE t ()', renames => '"a"');         -- fails
SELECT * FROM migrate_diff('CREATE TABLE t ()', renames => '{"a": ["b"]}');        -- fails
SELECT * FROM migrate_diff('CREATE TABLE t ()', renames => '{"a.b.c.d": "e"}');    -- fails
SELECT * FROM migrate_diff('CREATE TABLE t ()', renames => '{}');

---------------------------------------------------------------------------
-- Names that change places, by way of a third
---------------------------------------------------------------------------
DROP SCHEMA mig_app CASCADE;
CREATE SCHEMA mig_app;
CREATE TABLE one (id serial CONSTRAINT n NOT NULL, a text, b int, c date);
CREATE TABLE two (id serial CONSTRAINT n NOT NULL, x int CHECK (x > 0));
CREATE TYPE e AS ENUM ('low', 'high');
CREATE TABLE t (v e DEFAULT 'low', CONSTRAINT p CHECK (v IS NOT NULL), CONSTRAINT q CHECK (v <> 'low'));
CREATE VIEW v AS SELECT a FROM one;
INSERT INTO one (a, b) VALUES ('a', 5);
INSERT INTO t VALUES ('high');
SELECT scripts_of(E'-- migrate:renamed from two\nCREATE TABLE one (id serial CONSTRAINT n NOT NULL, x int CHECK (x > 0));
-- migrate:renamed from one\nCREATE TABLE two (id serial CONSTRAINT n NOT NULL,
    b text, -- migrate:renamed from a
    c int,  -- migrate:renamed from b
    a date  -- migrate:renamed from c
);
CREATE TYPE e AS ENUM (''high'', -- migrate:renamed from low
    ''low'' -- migrate:renamed from high
);
CREATE TABLE t (v e DEFAULT ''high'',
    CONSTRAINT q CHECK (v IS NOT NULL), -- migrate:renamed from p
    CONSTRAINT p CHECK (v <> ''high'') -- migrate:renamed from q
);
CREATE VIEW v AS SELECT b AS a FROM two;');
-- Done already: what is there is what the model says.
DROP TABLE one, two, t CASCADE;
DROP TYPE e;
CREATE TABLE one (a int, b text);
SELECT * FROM migrate_diff(E'CREATE TABLE one (\na int, -- migrate:renamed from b\nb text -- migrate:renamed from a\n)');
-- Of the same type: their order tells.
DROP TABLE one;
CREATE TABLE one (a int, b int);
SELECT scripts_of(E'CREATE TABLE one (\nb int, -- migrate:renamed from a\na int -- migrate:renamed from b\n)');
SELECT scripts_of('CREATE TABLE one (b int, a int)', '{"one.a": "b", "one.b": "a"}');
SELECT * FROM migrate_diff(E'CREATE TABLE one (\na int, -- migrate:renamed from b\nb int -- migrate:renamed from a\n)');
-- Nothing tells.
CREATE TABLE two (a int, b int);
SELECT * FROM migrate_diff(E'-- migrate:renamed from two\nCREATE TABLE one (a int, b int);\n-- migrate:renamed from one\nCREATE TABLE two (a int, b int)');
DROP TABLE one, two;
-- A view in the way steps aside: for the name that becomes free, or to go.
CREATE TABLE person (id int CONSTRAINT n NOT NULL, name text);
INSERT INTO person VALUES (1, 'ann');
CREATE VIEW people AS SELECT id FROM person;
CREATE VIEW ids AS SELECT id FROM people;
SELECT scripts_of(E'-- migrate:renamed from person\nCREATE TABLE people (id int CONSTRAINT n NOT NULL, name text, age int);
CREATE VIEW person AS SELECT id FROM people;\nCREATE VIEW ids AS SELECT id FROM person;');
SELECT scripts_of('CREATE TABLE people (id int CONSTRAINT n NOT NULL, name text)', '{"person": "people"}');
DROP VIEW people, ids;
CREATE MATERIALIZED VIEW people AS SELECT id FROM person;
SELECT scripts_of(E'-- migrate:renamed from person\nCREATE TABLE people (id int CONSTRAINT n NOT NULL, name text);\nCREATE VIEW person AS SELECT * FROM people;');
SELECT name FROM person;
-- A view with a name that is not wished for stays; and where all is done.
SELECT upgrade FROM migrate_autogenerate_sql('CREATE TABLE one (id int CONSTRAINT n NOT NULL, name text); CREATE MATERIALIZED VIEW people AS SELECT id FROM one', renames => '{"person": "one"}');
DROP MATERIALIZED VIEW people;
ALTER TABLE person RENAME TO people;
CREATE VIEW person AS SELECT id FROM people;
SELECT * FROM migrate_diff(E'-- migrate:renamed from person\nCREATE TABLE people (id int CONSTRAINT n NOT NULL, name text);\nCREATE VIEW person AS SELECT id FROM people;');
DROP TABLE people CASCADE;

---------------------------------------------------------------------------
-- From schema to schema
---------------------------------------------------------------------------
CREATE TYPE k AS ENUM ('x', 'y');
CREATE TYPE r AS RANGE (subtype = float8);
CREATE DOMAIN d AS int CHECK (VALUE > 0);
CREATE TABLE t (id serial CONSTRAINT n NOT NULL CONSTRAINT pk PRIMARY KEY, k k DEFAULT 'x', d d, r r);
CREATE TABLE ref (t int REFERENCES t);
CREATE VIEW v AS SELECT id FROM t;
CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'SELECT $1.id';
CREATE TABLE stays (i int);
INSERT INTO t DEFAULT VALUES;
SELECT 'CREATE SCHEMA mig_new;
-- migrate:renamed from mig_app.k
CREATE TYPE mig_new.k AS ENUM (''x'', ''y'');
-- migrate:renamed from mig_app.r
CREATE TYPE mig_new.r AS RANGE (subtype = float8);
-- migrate:renamed from mig_app.d
CREATE DOMAIN mig_new.d AS int CHECK (VALUE > 0);
-- migrate:renamed from mig_app.t
CREATE TABLE mig_new.u (id serial CONSTRAINT n NOT NULL CONSTRAINT pk PRIMARY KEY, k mig_new.k DEFAULT ''x'', d mig_new.d, r mig_new.r);
CREATE TABLE ref (t int REFERENCES mig_new.u);
-- migrate:renamed from mig_app.v
CREATE VIEW mig_new.v AS SELECT id FROM mig_new.u;
-- migrate:renamed from mig_app.f
CREATE FUNCTION mig_new.f(mig_new.u) RETURNS int LANGUAGE sql AS ''SELECT $1.id'';
CREATE TABLE stays (i int);
' AS model \gset
SELECT scripts_of(:'model');
-- The same by the argument, whose names come in another order
SELECT scripts_of(regexp_replace(:'model', '-- migrate:renamed from [^\n]*\n', '', 'g'),
    '{"mig_app.k": "mig_new.k", "mig_app.r": "mig_new.r", "mig_app.d": "mig_new.d", "mig_app.t": "mig_new.u", "mig_app.v": "mig_new.v", "mig_app.f": "mig_new.f"}')
EXCEPT SELECT scripts_of(:'model');
-- A schema that the model does not speak of loses what moves, and no more.
SELECT scripts_of(E'CREATE SCHEMA mig_new;\n-- migrate:renamed from mig_app.stays\nCREATE TABLE mig_new.stays (i int)');
-- Two change places.
CREATE SCHEMA mig_new;
CREATE TABLE mig_new.stays (j text);
SELECT upgrade FROM migrate_autogenerate_sql(E'-- migrate:renamed from mig_new.stays\nCREATE TABLE mig_app.stays (j text);\n-- migrate:renamed from mig_app.stays\nCREATE TABLE mig_new.stays (i int)', include => '{mig_app,mig_new}', exclude => '{k,r,d,t,ref,v,f}');
-- So do their indexes, whose names are equal: these step aside.
CREATE TABLE mig_app.p (i int CONSTRAINT pk2 PRIMARY KEY, n text);
CREATE INDEX p_n ON mig_app.p (n);
CREATE TABLE mig_new.p (j int CONSTRAINT pk2 PRIMARY KEY, n date, s serial CONSTRAINT n NOT NULL);
CREATE INDEX p_n ON mig_new.p (n);
SELECT E'-- migrate:renamed from mig_app.p\nCREATE TABLE mig_new.p (i int CONSTRAINT pk2 PRIMARY KEY, n text);\nCREATE INDEX p_n ON mig_new.p (n);
-- migrate:renamed from mig_new.p\nCREATE TABLE mig_app.p (j int CONSTRAINT pk2 PRIMARY KEY, n date, s serial CONSTRAINT n NOT NULL);\nCREATE INDEX p_n ON mig_app.p (n);' AS model \gset
SELECT upgrade, downgrade FROM migrate_autogenerate_sql(:'model', include => '{mig_app,mig_new}', exclude => '{k,r,d,t,ref,v,f,stays}');
-- Two partitions: that the names of their indexes do not follow says nothing.
CREATE TABLE mig_app.w (k int, n int) PARTITION BY LIST (k);
CREATE TABLE mig_app.w_now PARTITION OF mig_app.w FOR VALUES IN (2);
CREATE TABLE mig_app.w_old PARTITION OF mig_app.w FOR VALUES IN (1);
CREATE INDEX w_n ON mig_app.w (n);
CREATE INDEX w_kn ON mig_app.w (k, n);
SELECT upgrade FROM migrate_autogenerate_sql(E'CREATE TABLE mig_app.w (k int, n int) PARTITION BY LIST (k);
-- migrate:renamed from mig_app.w_old\nCREATE TABLE mig_app.w_now PARTITION OF mig_app.w FOR VALUES IN (1);
-- migrate:renamed from mig_app.w_now\nCREATE TABLE mig_app.w_old PARTITION OF mig_app.w FOR VALUES IN (2);
CREATE INDEX w_n ON mig_app.w (n);
CREATE INDEX w_kn ON mig_app.w (k, n);', exclude => '{k,r,d,t,ref,v,f,stays,p}');
DROP TABLE mig_app.w;
-- One that goes where another has an index of the name stays beside it.
SELECT upgrade FROM migrate_autogenerate_sql(E'CREATE TABLE mig_new.p (j int CONSTRAINT pk2 PRIMARY KEY, n date, s serial CONSTRAINT n NOT NULL);\nCREATE INDEX p_n ON mig_new.p (n);
-- migrate:renamed from mig_app.p\nCREATE TABLE mig_new.q (i int CONSTRAINT pk3 PRIMARY KEY, n text);', include => '{mig_app,mig_new}', exclude => '{k,r,d,t,ref,v,f,stays}');
DROP TABLE mig_app.p, mig_new.p;
SET client_min_messages = warning;
DROP SCHEMA mig_new, mig_app CASCADE;
RESET client_min_messages;

---------------------------------------------------------------------------
-- A line in a string that would begin a section of a revision file
---------------------------------------------------------------------------
CREATE SCHEMA mig_app;
SELECT 'CREATE TABLE t ("a
-- migrate:file" text DEFAULT ''x
-- migrate:down\y'');
COMMENT ON TABLE t IS ''it''''s\n
-- revision: x'';
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$
-- migrate:upgrade
SELECT ''a\b''$$;' AS model \gset
SELECT scripts_of(:'model');
BEGIN;
SELECT migrate_autogenerate('marks', :'model', rev_id => 'marks');
SELECT count(*) FROM migrate_import(migrate_export('marks'));
ROLLBACK;

---------------------------------------------------------------------------
-- Clean up
---------------------------------------------------------------------------
SET client_min_messages = warning;
DROP SCHEMA mig_app, mig_rename CASCADE;
