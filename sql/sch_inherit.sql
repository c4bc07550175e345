--
-- What child tables and partitions inherit, and lose when a parent does
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- Columns
---------------------------------------------------------------------------
-- a child keeps one that it has from another parent: it stays inherited
SELECT mig_round_trip.check($b$
CREATE TABLE person (name text, phone text);
CREATE TABLE firm (phone text);
CREATE TABLE baker () INHERITS (person, firm);
CREATE TABLE guest () INHERITS (person);
$b$, $b$
CREATE TABLE person (name text);
CREATE TABLE firm (phone text);
CREATE TABLE baker () INHERITS (person, firm);
CREATE TABLE guest () INHERITS (person);
$b$, reading => $r$SELECT string_agg(format('%s, %s parents%s', attrelid::regclass, attinhcount,
    CASE WHEN attislocal THEN ', its own' END), '; ' ORDER BY attrelid::regclass::text)
FROM pg_attribute WHERE attname = 'phone' AND attrelid::regclass::text IN ('baker', 'guest', 'person')$r$);
-- one that has it from there alone must take it as its own
SELECT mig_round_trip.check($b$
CREATE TABLE person (name text, phone text);
CREATE TABLE guest () INHERITS (person);
$b$, $b$
CREATE TABLE person (name text);
CREATE TABLE guest (phone text) INHERITS (person);
$b$, reading => $r$SELECT string_agg(format('%s, %s parents%s', attrelid::regclass, attinhcount,
    CASE WHEN attislocal THEN ', its own' END), '; ' ORDER BY attrelid::regclass::text)
FROM pg_attribute WHERE attname = 'phone' AND attrelid::regclass::text IN ('baker', 'guest', 'person')$r$);
-- what it has by itself, too, is made there before, and goes behind
SELECT mig_round_trip.check($$
CREATE TABLE top (a int);
CREATE TABLE base () INHERITS (top);
CREATE TABLE leaf () INHERITS (base)
$$, $$
CREATE TABLE top (a int, b int DEFAULT 1, c text COLLATE "C");
CREATE TABLE base () INHERITS (top);
CREATE TABLE leaf (b int DEFAULT 2, c text COLLATE "C") INHERITS (base)
$$, rows => 'INSERT INTO leaf VALUES (7)', reading => $$
SELECT string_agg(format('%s local %s from %s', attname, attislocal, attinhcount), ', ' ORDER BY attname)
FROM pg_attribute WHERE attrelid = 'leaf'::regclass AND attnum > 0 AND NOT attisdropped
$$);
-- ... from two parents
SELECT mig_round_trip.check('CREATE TABLE p (); CREATE TABLE q (); CREATE TABLE r () INHERITS (p, q)',
    'CREATE TABLE p (a int); CREATE TABLE q (a int); CREATE TABLE r (a int) INHERITS (p, q)');

---------------------------------------------------------------------------
-- Other parents: what is inherited alone stays so
---------------------------------------------------------------------------
CREATE FUNCTION mig_round_trip.own_columns() RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(format('%s.%s local %s from %s', attrelid::regclass, attname, attislocal, attinhcount),
        ', ' ORDER BY attrelid::regclass::text, attname)
    FROM pg_attribute JOIN pg_inherits ON inhrelid = attrelid WHERE attnum > 0 AND NOT attisdropped);
-- where nothing else changes the new one comes first
SELECT mig_round_trip.check($$
CREATE TABLE person (a int, CONSTRAINT few CHECK (a > 0));
CREATE TABLE firm (a int, CONSTRAINT few CHECK (a > 0));
CREATE TABLE guest (b int) INHERITS (person)
$$, $$
CREATE TABLE person (a int, CONSTRAINT few CHECK (a > 0));
CREATE TABLE firm (a int, CONSTRAINT few CHECK (a > 0));
CREATE TABLE guest (b int) INHERITS (firm)
$$, rows => 'INSERT INTO guest VALUES (1, 2)', reading => 'SELECT mig_round_trip.own_columns()');
-- else what stays, changes, comes is that of another table meanwhile
SELECT mig_round_trip.check($$
CREATE TABLE person (a int NOT NULL, t text COLLATE "C", gone int, CONSTRAINT few CHECK (a > 0));
CREATE TABLE guest (b int) INHERITS (person);
CREATE TABLE member () INHERITS (guest)
$$, $$
CREATE TABLE firm (a bigint NOT NULL, t text COLLATE "C", n int DEFAULT 9 NOT NULL,
    g bigint GENERATED ALWAYS AS (a + 1) STORED, CONSTRAINT few CHECK (a > 0), CONSTRAINT more CHECK (n > a));
CREATE TABLE guest (b int) INHERITS (firm);
CREATE TABLE member () INHERITS (guest)
$$, rows => $$INSERT INTO guest VALUES (1, 'x', 2, 3); INSERT INTO member VALUES (2, 'y', 2, 3)$$,
    reading => 'SELECT mig_round_trip.own_columns()');
-- one that waits for what comes to the table above its parent
SELECT mig_round_trip.check($$
CREATE TABLE person (a int);
CREATE TABLE firm (a int);
CREATE TABLE guest () INHERITS (firm);
CREATE TABLE member () INHERITS (person)
$$, $$
CREATE TABLE person (a int);
CREATE TABLE firm (a int, n int, CONSTRAINT few CHECK (n > 0));
CREATE TABLE guest () INHERITS (firm);
CREATE TABLE member () INHERITS (guest)
$$, reading => 'SELECT mig_round_trip.own_columns()');
-- a column of one parent becomes that of another, which stays
SELECT mig_round_trip.check($$
CREATE TABLE person (a int);
CREATE TABLE firm (b int);
CREATE TABLE guest () INHERITS (person);
CREATE TABLE member () INHERITS (guest, firm)
$$, $$
CREATE TABLE person (a int);
CREATE TABLE firm (b int);
CREATE TABLE guest () INHERITS (person, firm);
CREATE TABLE member () INHERITS (guest)
$$, rows => 'INSERT INTO member VALUES (1, 2)', reading => 'SELECT mig_round_trip.own_columns()');
SELECT mig_round_trip.check($$
CREATE TABLE person (a int);
CREATE TABLE firm (b int);
CREATE TABLE guest () INHERITS (person, firm);
CREATE TABLE member () INHERITS (guest)
$$, $$
CREATE TABLE person (a int);
CREATE TABLE firm (b int);
CREATE TABLE guest () INHERITS (person);
CREATE TABLE member () INHERITS (guest, firm)
$$, rows => 'INSERT INTO member VALUES (1, 2)', reading => 'SELECT mig_round_trip.own_columns()');
-- what a table has had by itself stays so, and that is said
CREATE TABLE person (a int);
CREATE TABLE guest (a int);
SET client_min_messages = notice;
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql(
    'CREATE TABLE person (a int); CREATE TABLE guest () INHERITS (person)', include => '{types}', qualify => false);
SET client_min_messages = warning;
DROP TABLE person, guest;
-- a default of its own is that of the new type, which comes from above
SELECT mig_round_trip.check($$
CREATE TABLE person (a int DEFAULT 1);
CREATE TABLE guest (a int DEFAULT 2) INHERITS (person)
$$, $$
CREATE TABLE person (a text DEFAULT 'q');
CREATE TABLE guest (a text DEFAULT 'r') INHERITS (person)
$$, rows => 'INSERT INTO guest VALUES (7)', reading => 'SELECT array_agg(a) FROM person');
-- ... or of a type
SELECT mig_round_trip.check('CREATE TYPE pair AS (a int, b int); CREATE TABLE lot OF pair',
    'CREATE TYPE pair AS (a bigint, b int, c date); CREATE TABLE lot OF pair (c DEFAULT DATE ''2020-01-01'')');
-- rows of those that inherit get their values after an identity column has come
SELECT mig_round_trip.check('CREATE TABLE person (a int); CREATE TABLE guest () INHERITS (person)',
    'CREATE TABLE person (a int, id int GENERATED BY DEFAULT AS IDENTITY (START 5) PRIMARY KEY); CREATE TABLE guest () INHERITS (person)',
    rows => 'INSERT INTO person VALUES (1), (1); INSERT INTO guest VALUES (1)', reading => 'SELECT array_agg(id ORDER BY id) FROM person');

---------------------------------------------------------------------------
-- Checks
---------------------------------------------------------------------------
-- the grandchild leaves before the check goes that it has from above
SELECT mig_round_trip.check($b$
CREATE TABLE person (age int, CONSTRAINT grown CHECK (age > 17));
CREATE TABLE guest () INHERITS (person);
CREATE TABLE member () INHERITS (guest);
$b$, $b$
CREATE TABLE person (age int);
CREATE TABLE guest () INHERITS (person);
CREATE TABLE member (age int);
$b$);
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, CONSTRAINT few CHECK (no > 0)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE lot_1_1 PARTITION OF lot_1 FOR VALUES IN (1);
$b$, $b$
CREATE TABLE lot (k int, no int, CONSTRAINT few CHECK (no > 5)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE lot_1_1 (k int, no int);
$b$);
-- what a parent has goes down to child tables, and up: checks with their columns
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, a int NOT NULL DEFAULT 4 CONSTRAINT pos CHECK (a > 0), CONSTRAINT more CHECK (a > k));
CREATE TABLE bid (b int) INHERITS (lot);
CREATE TABLE ask (b int) INHERITS (lot);
$b$, $b$
CREATE TABLE lot (k int);
CREATE TABLE bid (a int NOT NULL DEFAULT 4 CONSTRAINT pos CHECK (a > 0), b int, CONSTRAINT more CHECK (a > k)) INHERITS (lot);
CREATE TABLE ask (a int NOT NULL DEFAULT 4, b int) INHERITS (lot);
$b$, rows => 'INSERT INTO lot VALUES (0, 1); INSERT INTO bid VALUES (1, 2, 3)', reading => $r$SELECT string_agg(concat_ws(' ', conrelid::regclass, conname,
    CASE WHEN conislocal THEN 'own' END, coninhcount), ', ' ORDER BY conrelid::regclass::text, conname) FROM pg_constraint
WHERE contype = 'c' AND connamespace = 'types'::regnamespace$r$);
-- by way of a table that loses both, and where a child table loses them
SELECT mig_round_trip.check($b$
CREATE TABLE top (a int DEFAULT 1 CONSTRAINT pos CHECK (a > 0));
CREATE TABLE lot () INHERITS (top);
CREATE TABLE bid () INHERITS (lot);
CREATE TABLE ask () INHERITS (top);
$b$, $b$
CREATE TABLE top ();
CREATE TABLE lot () INHERITS (top);
CREATE TABLE bid (a int DEFAULT 1 CONSTRAINT pos CHECK (a > 0)) INHERITS (lot);
CREATE TABLE ask () INHERITS (top);
$b$, rows => 'INSERT INTO bid VALUES (1); INSERT INTO ask VALUES (2), (3)', reading => 'SELECT array_agg(a) FROM bid');
-- a check alone, which gets another name, or the parent has it for itself
SELECT mig_round_trip.check($b$
CREATE TABLE lot (a int, CONSTRAINT pos CHECK (a > 0), CONSTRAINT few CHECK (a < 9), CONSTRAINT odd CHECK (a <> 4));
CREATE TABLE bid () INHERITS (lot);
CREATE TABLE ask () INHERITS (lot);
$b$, $b$
CREATE TABLE lot (a int, CONSTRAINT few CHECK (a < 9) NO INHERIT);
CREATE TABLE bid (CONSTRAINT positive CHECK (a > 0), CONSTRAINT few CHECK (a < 9)) INHERITS (lot);
CREATE TABLE ask (CONSTRAINT pos CHECK (a > 0), CONSTRAINT odd CHECK (a <> 4)) INHERITS (lot);
$b$, rows => 'INSERT INTO bid VALUES (1)', reading => 'SELECT array_agg(a) FROM lot');
-- the values of child tables are not lost
CREATE TABLE lot (k int, a int);
CREATE TABLE bid () INHERITS (lot);
CREATE TABLE ask () INHERITS (lot);
INSERT INTO lot VALUES (1, 2);
INSERT INTO bid VALUES (1, 2), (3, 4);
INSERT INTO ask VALUES (1, 2), (3, 4), (5, NULL);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($$
CREATE TABLE lot (k int);
CREATE TABLE bid (a int) INHERITS (lot);
CREATE TABLE ask () INHERITS (lot);
$$, include => '{types}', qualify => false);
DROP TABLE lot, bid, ask;
---------------------------------------------------------------------------
-- Checks that are valid in some tables alone
---------------------------------------------------------------------------
CREATE FUNCTION mig_round_trip.validity() RETURNS text LANGUAGE sql AS $$
SELECT string_agg(conrelid::regclass || CASE WHEN convalidated THEN ' valid' ELSE ' not valid' END ||
    COALESCE(' "' || obj_description(oid) || '"', ''), ', ' ORDER BY conrelid::regclass::text)
FROM pg_constraint WHERE contype = 'c' AND connamespace = 'types'::regnamespace
$$;
-- in one partition, and back: the parent's is added again
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
ALTER TABLE lot_1 VALIDATE CONSTRAINT few;
$b$, reading => 'SELECT mig_round_trip.validity()');
-- the other one, which stays as it is, is validated again, and has its comment
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
ALTER TABLE lot_1 VALIDATE CONSTRAINT few;
ALTER TABLE lot_2 VALIDATE CONSTRAINT few;
COMMENT ON CONSTRAINT few ON lot_2 IS 'of the second';
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
ALTER TABLE lot_2 VALIDATE CONSTRAINT few;
COMMENT ON CONSTRAINT few ON lot_2 IS 'of the second';
$b$, $b$
INSERT INTO lot VALUES (1, 1), (2, 1)
$b$, reading => 'SELECT mig_round_trip.validity()');
-- in the parent alone it is valid no more; of a partition with partitions
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, CONSTRAINT few CHECK (no > 0)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY RANGE (no);
CREATE TABLE lot_1_1 PARTITION OF lot_1 FOR VALUES FROM (1) TO (9);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY RANGE (no);
CREATE TABLE lot_1_1 PARTITION OF lot_1 FOR VALUES FROM (1) TO (9);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
ALTER TABLE lot_1 VALIDATE CONSTRAINT few;
$b$, $b$
INSERT INTO lot VALUES (1, 1), (2, 1)
$b$, reading => 'SELECT mig_round_trip.validity()');
-- a new partition has it valid, or not
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
$b$, reading => 'SELECT mig_round_trip.validity()');
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
$b$, reading => 'SELECT mig_round_trip.validity()');
-- all are new
SELECT mig_round_trip.check($b$
CREATE TABLE other (k int);
$b$, $b$
CREATE TABLE other (k int);
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
$b$, reading => 'SELECT mig_round_trip.validity()');
-- another definition
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 0) NOT VALID;
ALTER TABLE lot_1 VALIDATE CONSTRAINT few;
COMMENT ON CONSTRAINT few ON lot_1 IS 'of the first';
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
ALTER TABLE lot ADD CONSTRAINT few CHECK (no > 5) NOT VALID;
ALTER TABLE lot_1 VALIDATE CONSTRAINT few;
COMMENT ON CONSTRAINT few ON lot_1 IS 'of the first';
$b$, reading => 'SELECT mig_round_trip.validity()');
-- child tables, one of which has it twice
SELECT mig_round_trip.check($b$
CREATE TABLE person (age int);
CREATE TABLE firm (age int);
CREATE TABLE guest () INHERITS (person);
CREATE TABLE host () INHERITS (person, firm);
ALTER TABLE person ADD CONSTRAINT grown CHECK (age > 17) NOT VALID;
ALTER TABLE firm ADD CONSTRAINT grown CHECK (age > 17) NOT VALID;
ALTER TABLE guest VALIDATE CONSTRAINT grown;
ALTER TABLE host VALIDATE CONSTRAINT grown;
$b$, $b$
CREATE TABLE person (age int);
CREATE TABLE firm (age int);
CREATE TABLE guest () INHERITS (person);
CREATE TABLE host () INHERITS (person, firm);
ALTER TABLE person ADD CONSTRAINT grown CHECK (age > 17) NOT VALID;
ALTER TABLE firm ADD CONSTRAINT grown CHECK (age > 17) NOT VALID;
ALTER TABLE guest VALIDATE CONSTRAINT grown;
$b$, reading => 'SELECT mig_round_trip.validity()');
-- a check that child tables have as their own, too, and have again
CREATE FUNCTION mig_round_trip.origin() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s has %s%s%s%s', conrelid::regclass, conname, CASE WHEN NOT convalidated THEN ' not valid' END,
        CASE WHEN conislocal THEN ' as its own' END, CASE WHEN coninhcount > 0 THEN ' from ' || coninhcount END), '; ' ORDER BY conrelid::regclass::text)
    FROM pg_constraint WHERE connamespace = 'types'::regnamespace AND contype = 'c'
$$;
SELECT mig_round_trip.check($b$
CREATE TABLE person (age int, CONSTRAINT grown CHECK (age > 17));
CREATE TABLE firm (age int, CONSTRAINT grown CHECK (age > 17));
CREATE TABLE guest (CONSTRAINT grown CHECK (age > 17)) INHERITS (person);
CREATE TABLE host (CONSTRAINT grown CHECK (age > 17)) INHERITS (guest, firm);
$b$, $b$
CREATE TABLE person (age int);
CREATE TABLE firm (age int);
CREATE TABLE guest () INHERITS (person);
CREATE TABLE host () INHERITS (guest, firm);
ALTER TABLE guest ADD CONSTRAINT grown CHECK (age > 17) NOT VALID;
ALTER TABLE person ADD CONSTRAINT grown CHECK (age > 17) NOT VALID;
ALTER TABLE firm ADD CONSTRAINT grown CHECK (age > 17) NOT VALID;
$b$, reading => 'SELECT mig_round_trip.origin()');
SELECT mig_round_trip.check($b$
CREATE TABLE person (age int, CONSTRAINT grown CHECK (age > 17));
CREATE TABLE guest (CONSTRAINT grown CHECK (age > 17)) INHERITS (person);
CREATE TABLE host () INHERITS (guest);
$b$, $b$
CREATE TABLE person (age int, CONSTRAINT grown CHECK (age > 20));
CREATE TABLE guest (CONSTRAINT grown CHECK (age > 20)) INHERITS (person);
CREATE TABLE host () INHERITS (guest);
$b$, reading => 'SELECT mig_round_trip.origin()');
SELECT mig_round_trip.check($b$
CREATE TABLE person (age int, CONSTRAINT grown CHECK (age > 17));
CREATE TABLE guest (CONSTRAINT grown CHECK (age > 17)) INHERITS (person);
$b$, $b$
CREATE TABLE person (age int);
CREATE TABLE guest () INHERITS (person);
$b$, reading => 'SELECT mig_round_trip.origin()');

---------------------------------------------------------------------------
-- What a child table has as its own as well, and the order of its parents
---------------------------------------------------------------------------
CREATE FUNCTION mig_round_trip.own() RETURNS text LANGUAGE plpgsql AS $$BEGIN RETURN
    (SELECT string_agg(format('%s %s%s', attname, attinhcount, CASE WHEN attislocal THEN ' own' END), ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = 'baker'::regclass AND attnum > 0 AND NOT attisdropped) || '; ' ||
    (SELECT COALESCE(string_agg(format('%s %s%s', conname, coninhcount, CASE WHEN conislocal THEN ' own' END), ', ' ORDER BY conname), '')
        FROM pg_constraint WHERE conrelid = 'baker'::regclass AND contype = 'c') || '; ' ||
    (SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = 'baker'::regclass);
END$$;
\set parents 'CREATE TABLE person (name text COLLATE "C", age int, CONSTRAINT grown CHECK (age > 17)); CREATE TABLE firm (phone text, age int); CREATE TABLE trade ();'
-- one column of several; what it was nothing makes it again, which is said
SELECT mig_round_trip.check(:'parents' || 'CREATE TABLE baker (no int) INHERITS (person)',
    :'parents' || 'CREATE TABLE baker (no int, name text COLLATE "C") INHERITS (person)',
    $$INSERT INTO baker VALUES ('Ann', 18, 1)$$, 'SELECT mig_round_trip.own() || baker::text FROM baker');
SET client_min_messages = notice;
CREATE TABLE person (name text, age int);
CREATE TABLE baker (name text) INHERITS (person);
SELECT mig_round_trip.migrate_check('CREATE TABLE person (name text, age int); CREATE TABLE baker () INHERITS (person)', include => '{types}');
SET client_min_messages = warning;
DROP TABLE person, baker;
-- a check, both ways, with a comment, which is checked for the table below, too
SELECT mig_round_trip.check(:'parents' || $$CREATE TABLE baker (no int) INHERITS (firm, person);
COMMENT ON CONSTRAINT grown ON baker IS 'no children'; CREATE TABLE guest () INHERITS (baker)$$,
    :'parents' || $$CREATE TABLE baker (no int, CONSTRAINT grown CHECK (age > 17)) INHERITS (firm, person);
COMMENT ON CONSTRAINT grown ON baker IS 'no children'; CREATE TABLE guest () INHERITS (baker)$$,
    $$INSERT INTO baker VALUES ('1', 18, 'Ann', 1)$$, 'SELECT mig_round_trip.own() || baker::text FROM baker');
-- a table that comes to have a parent with the check that it has
SELECT mig_round_trip.check(:'parents' || 'CREATE TABLE baker (name text COLLATE "C", age int, CONSTRAINT grown CHECK (age > 17))',
    :'parents' || 'CREATE TABLE baker (name text COLLATE "C", age int) INHERITS (person)',
    $$INSERT INTO baker VALUES ('Ann', 18)$$, 'SELECT mig_round_trip.own() || baker::text FROM baker');
-- parents change places, and what the child has stays inherited alone
SELECT mig_round_trip.check(:'parents' || 'CREATE TABLE baker (no int, next int GENERATED ALWAYS AS (no + 1) STORED) INHERITS (person, firm)',
    :'parents' || 'CREATE TABLE baker (no int, next int GENERATED ALWAYS AS (no + 1) STORED) INHERITS (trade, firm, person)',
    $$INSERT INTO baker VALUES ('Ann', 18, '1', 4)$$, 'SELECT mig_round_trip.own() || baker::text FROM baker');
-- ... and have another one between them; one that leaves changes no places
SELECT mig_round_trip.check(:'parents' || 'CREATE TABLE baker () INHERITS (person, firm)',
    :'parents' || 'CREATE TABLE baker () INHERITS (person, trade, firm)', reading => 'SELECT mig_round_trip.own()');
SELECT mig_round_trip.check(:'parents' || 'CREATE TABLE baker () INHERITS (trade, firm, person)',
    :'parents' || 'CREATE TABLE baker () INHERITS (firm, person)', reading => 'SELECT mig_round_trip.own()');

---------------------------------------------------------------------------
-- NOT NULL, where partitions keep what the parent loses
---------------------------------------------------------------------------
-- versions go different ways
\set lot 'CREATE TABLE lot (k int, no int) PARTITION BY LIST (k); CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1, 2) PARTITION BY LIST (k); CREATE TABLE lot_1_1 PARTITION OF lot_1 FOR VALUES IN (1); CREATE TABLE lot_1_2 PARTITION OF lot_1 FOR VALUES IN (2); CREATE TABLE lot_3 PARTITION OF lot FOR VALUES IN (3);'
\set not_null '$$SELECT string_agg(attrelid::regclass::text, \' \' ORDER BY attrelid::regclass::text) FROM pg_attribute WHERE attname = \'no\' AND attnotnull AND attrelid::regclass::text LIKE \'lot%\'$$'
SELECT line FROM mig_round_trip.check(:'lot' || 'ALTER TABLE lot ALTER no SET NOT NULL',
    :'lot' || 'ALTER TABLE lot_1 ALTER no SET NOT NULL', reading => :not_null) line WHERE line ~ '^(-- (rows|is)|FAILED)';
SELECT line FROM mig_round_trip.check(:'lot' || 'ALTER TABLE lot ALTER no SET NOT NULL',
    :'lot' || 'ALTER TABLE lot_1_2 ALTER no SET NOT NULL; ALTER TABLE lot_3 ALTER no SET NOT NULL', reading => :not_null) line WHERE line ~ '^(-- (rows|is)|FAILED)';
SELECT line FROM mig_round_trip.check(:'lot' || 'ALTER TABLE lot_1_2 ALTER no SET NOT NULL',
    :'lot' || 'ALTER TABLE lot ALTER no SET NOT NULL', reading => :not_null) line WHERE line ~ '^(-- (rows|is)|FAILED)';

---------------------------------------------------------------------------
-- A child table becomes a partition
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int);
CREATE TABLE lot_1 () INHERITS (lot);
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
$b$, rows => 'INSERT INTO lot_1 VALUES (1, 2)', reading => 'SELECT lot::text FROM lot');
---------------------------------------------------------------------------
-- Partitions that are partitioned by a column that gets another type
---------------------------------------------------------------------------
-- they go first, and their partitions keep the rows
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY RANGE (no);
CREATE TABLE lot_1_1 PARTITION OF lot_1 FOR VALUES FROM (1) TO (10);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
$b$, $b$
CREATE TABLE lot (k int, no bigint) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY RANGE (no);
CREATE TABLE lot_1_1 PARTITION OF lot_1 FOR VALUES FROM (1) TO (10);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
$b$, $b$
INSERT INTO lot VALUES (1, 5), (2, 6)
$b$, reading => $r$SELECT string_agg(format('%s %s', tableoid::regclass, no), ', ' ORDER BY no) FROM lot$r$);
-- one of a partition goes for good
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE lot_1_1 PARTITION OF lot_1 FOR VALUES IN (1) PARTITION BY RANGE ((no + 1));
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
$b$, $b$
CREATE TABLE lot (k int, no bigint) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE TABLE lot_1_2 PARTITION OF lot_1 FOR VALUES IN (3);
$b$);
---------------------------------------------------------------------------
-- Foreign keys of a partitioned table, and a table that is attached
---------------------------------------------------------------------------
-- its own is not valid
SELECT mig_round_trip.check($b$
CREATE TABLE item (k int PRIMARY KEY);
CREATE TABLE lot (k int, no int, CONSTRAINT lot_of FOREIGN KEY (k) REFERENCES item) PARTITION BY LIST (no);
CREATE TABLE lot_1 (k int, no int);
ALTER TABLE lot_1 ADD CONSTRAINT lot_of FOREIGN KEY (k) REFERENCES item NOT VALID;
$b$, $b$
CREATE TABLE item (k int PRIMARY KEY);
CREATE TABLE lot (k int, no int, CONSTRAINT lot_of FOREIGN KEY (k) REFERENCES item) PARTITION BY LIST (no);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
$b$);
-- a new default of the parent, from which one partition differs
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
$b$, $b$
CREATE TABLE lot (k int, no int DEFAULT 4, more int DEFAULT 6) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
ALTER TABLE lot_2 ALTER no SET DEFAULT 5, ALTER more SET DEFAULT 7;
CREATE TABLE lot_3 PARTITION OF lot FOR VALUES IN (3);
$b$);
-- a column of several parents changes its type without them
SELECT mig_round_trip.check($b$
CREATE TABLE one (k int, a int);
CREATE TABLE two (k int);
CREATE TABLE both_of () INHERITS (one, two);
CREATE TABLE below () INHERITS (both_of);
$b$, $b$
CREATE TABLE one (k bigint, a int);
CREATE TABLE two (k bigint);
CREATE TABLE both_of () INHERITS (one, two);
CREATE TABLE below () INHERITS (both_of);
$b$, rows => 'INSERT INTO below VALUES (1, 2)', reading => 'SELECT array_agg(k) FROM two');
-- it changes with them where they have it of one
SELECT mig_round_trip.check($b$
CREATE TABLE top (k int);
CREATE TABLE one () INHERITS (top);
CREATE TABLE two () INHERITS (top);
CREATE TABLE both_of () INHERITS (one, two);
$b$, $b$
CREATE TABLE top (k bigint);
CREATE TABLE one () INHERITS (top);
CREATE TABLE two () INHERITS (top);
CREATE TABLE both_of () INHERITS (one, two);
$b$, rows => 'INSERT INTO both_of VALUES (1)', reading => 'SELECT array_agg(k) FROM two');
-- a child becomes a partition, and is a child again
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int NOT NULL);
CREATE TABLE lot_1 () INHERITS (lot);
$b$, $b$
CREATE TABLE lot (k int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
$b$, rows => 'INSERT INTO lot_1 VALUES (1)', reading => 'SELECT array_agg(k) FROM lot');
-- of what a table is partitioned by, an expression has some columns
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, name text) PARTITION BY LIST ((k % 2));
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
$b$, $b$
CREATE TABLE lot (k int, no bigint, name varchar(9)) PARTITION BY LIST ((k % 2));
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
$b$, rows => 'INSERT INTO lot VALUES (1)', reading => 'SELECT array_agg(k) FROM lot');
-- a column that the child has already keeps its default when the parent gets
-- one
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, grade text DEFAULT 'whole');
CREATE TABLE part () INHERITS (lot);
CREATE TABLE piece () INHERITS (part);
$b$, $b$
CREATE TABLE lot (k int);
CREATE TABLE part (grade text DEFAULT 'part') INHERITS (lot);
CREATE TABLE piece () INHERITS (part);
$b$, rows => 'INSERT INTO piece VALUES (1)', reading => 'SELECT array_agg(k) FROM lot');
-- one above an identity column, which never uses it
SELECT mig_round_trip.check($b$
CREATE TABLE lot (no int, k int);
CREATE TABLE part (no int GENERATED BY DEFAULT AS IDENTITY) INHERITS (lot);
$b$, $b$
CREATE TABLE lot (no int DEFAULT 0, k int);
CREATE TABLE part (no int GENERATED BY DEFAULT AS IDENTITY) INHERITS (lot);
$b$, rows => 'INSERT INTO part (k) VALUES (1)', reading => 'SELECT array_agg((no, k)) FROM lot');
-- columns of a child that its parent gets, otherwise, and gives back
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int);
CREATE TABLE part (no int DEFAULT 3, name varchar(5)) INHERITS (lot);
$b$, $b$
CREATE TABLE lot (k int, no bigint, name varchar(10) DEFAULT 'x');
CREATE TABLE part (no bigint) INHERITS (lot);
$b$, rows => 'INSERT INTO part VALUES (1)', reading => 'SELECT array_agg(k) FROM lot');
-- checks that come from two parents: changed, and renamed, in both; or in one
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, CONSTRAINT low CHECK (k > 0), CONSTRAINT high CHECK (k < 9));
CREATE TABLE bid (k int, CONSTRAINT low CHECK (k > 0), CONSTRAINT high CHECK (k < 9));
CREATE TABLE both_of () INHERITS (lot, bid);
$b$, $b$
CREATE TABLE lot (k int, CONSTRAINT low CHECK (k > -1), CONSTRAINT top CHECK (k < 9));
CREATE TABLE bid (k int, CONSTRAINT low CHECK (k > -1), CONSTRAINT top CHECK (k < 9));
CREATE TABLE both_of () INHERITS (lot, bid);
$b$, rows => 'INSERT INTO both_of VALUES (1)', reading => 'SELECT array_agg(k) FROM lot');
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, CONSTRAINT low CHECK (k > 0));
CREATE TABLE bid (k int, CONSTRAINT low CHECK (k > 0));
CREATE TABLE both_of () INHERITS (lot, bid);
$b$, $b$
CREATE TABLE lot (k int);
CREATE TABLE bid (k int, CONSTRAINT positive CHECK (k > 0));
CREATE TABLE both_of () INHERITS (lot, bid);
$b$, rows => 'INSERT INTO both_of VALUES (1)', reading => 'SELECT array_agg(k) FROM lot');
-- it has none, and rows that do not fit
CREATE TABLE item (k int PRIMARY KEY);
CREATE TABLE lot (k int, no int, CONSTRAINT lot_of FOREIGN KEY (k) REFERENCES item) PARTITION BY LIST (no);
CREATE TABLE lot_1 (k int, no int);
INSERT INTO lot_1 VALUES (7, 1);
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($$
CREATE TABLE item (k int PRIMARY KEY);
CREATE TABLE lot (k int, no int, CONSTRAINT lot_of FOREIGN KEY (k) REFERENCES item) PARTITION BY LIST (no);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
$$, include => '{types}', qualify => false);
-- one that is valid holds
ALTER TABLE lot_1 ADD CONSTRAINT lot_of FOREIGN KEY (k) REFERENCES item NOT VALID;
DELETE FROM lot_1;
ALTER TABLE lot_1 VALIDATE CONSTRAINT lot_of;
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql($$
CREATE TABLE item (k int PRIMARY KEY);
CREATE TABLE lot (k int, no int, CONSTRAINT lot_of FOREIGN KEY (k) REFERENCES item) PARTITION BY LIST (no);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
$$, include => '{types}', qualify => false);
DROP TABLE lot, lot_1, item;
-- what is further above changes while a table comes to hang there
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k text);
CREATE TABLE bid () INHERITS (lot);
CREATE TABLE best () INHERITS (bid);
$b$, $b$
CREATE TABLE lot (k varchar(9) CHECK (k > 'a'), n int);
CREATE TABLE bid () INHERITS (lot);
CREATE TABLE best () INHERITS (lot);
$b$, rows => $$INSERT INTO best VALUES ('x')$$, reading => 'SELECT array_agg(k) FROM lot');
-- and where one goes its rows need not fit
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int);
CREATE TABLE bid () INHERITS (lot);
$b$, $b$
CREATE TABLE lot (k int NOT NULL CHECK (k > 1));
$b$, rows => 'INSERT INTO bid VALUES (NULL)', reading => 'SELECT array_agg(k) FROM lot');
DROP SCHEMA types;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig_round_trip CASCADE;
