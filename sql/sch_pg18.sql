--
-- What PostgreSQL 18 adds to tables, in generated scripts, there and back
--
-- Older servers end it at once: expected/sch_pg18_1.out, until there are none.
--
SELECT current_setting('server_version_num')::int < 180000 AS older \gset
\if :older
\quit
\endif
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- Generated columns that are not stored
---------------------------------------------------------------------------
SELECT mig_round_trip.check('CREATE TABLE t (a int)',
    'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL NOT NULL)');
SELECT mig_round_trip.check('CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)',
    'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED)',
    rows => 'INSERT INTO t VALUES (4)', reading => 'SELECT b FROM t');
-- the values are not kept
SELECT mig_round_trip.check('CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)',
    'CREATE TABLE t (a int, b int)', rows => 'INSERT INTO t VALUES (4)');
-- another expression; a child table has its own
SELECT mig_round_trip.check($$
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL);
CREATE TABLE v (b int GENERATED ALWAYS AS (a * 7) VIRTUAL) INHERITS (t)
$$, $$
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 3) VIRTUAL);
CREATE TABLE v (b int GENERATED ALWAYS AS (a * 8) VIRTUAL) INHERITS (t)
$$);

-- it holds nothing of what it is made by
SELECT mig_round_trip.check($$
CREATE TEXT SEARCH CONFIGURATION cfg (COPY = simple);
CREATE TABLE t (a text, b text GENERATED ALWAYS AS (to_tsvector('types.cfg', a)::text) VIRTUAL, c text GENERATED ALWAYS AS (to_tsvector('types.cfg', a)::text) STORED, CONSTRAINT k CHECK (b <> '-'))
$$, $$
CREATE TEXT SEARCH CONFIGURATION cfg (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION cfg ALTER MAPPING FOR word WITH english_stem;
CREATE TABLE t (a text, b text GENERATED ALWAYS AS (to_tsvector('types.cfg', a)::text) VIRTUAL, c text GENERATED ALWAYS AS (to_tsvector('types.cfg', a)::text) STORED, CONSTRAINT k CHECK (b <> '-'))
$$);

-- new in tables that are there, a child table has another
SELECT mig_round_trip.check($$
CREATE TABLE t (a int);
CREATE TABLE v () INHERITS (t);
CREATE TABLE w () INHERITS (v)
$$, $$
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL);
CREATE TABLE v () INHERITS (t);
ALTER TABLE v ALTER COLUMN b SET EXPRESSION AS (a * 3);
CREATE TABLE w (b int GENERATED ALWAYS AS (a * 4) VIRTUAL) INHERITS (v)
$$, rows => 'INSERT INTO w VALUES (1)', reading => 'SELECT b FROM w');

-- rows for which a new one, or one made anew, would be NULL
SELECT mig_round_trip.check('CREATE TABLE t (a int)',
    'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) VIRTUAL NOT NULL)',
    rows => 'INSERT INTO t VALUES (4)');
SELECT mig_round_trip.check('CREATE TABLE t (a int, c int, b int GENERATED ALWAYS AS (a) VIRTUAL)',
    'CREATE TABLE t (a int, c int, b int GENERATED ALWAYS AS (10 / c) VIRTUAL NOT NULL)',
    rows => 'INSERT INTO t VALUES (4, 5)', reading => 'SELECT b FROM t');

---------------------------------------------------------------------------
-- NOT NULL constraints
---------------------------------------------------------------------------
-- name
SELECT mig_round_trip.check('CREATE TABLE t (a int, b int NOT NULL, c int)',
    'CREATE TABLE t (a int CONSTRAINT a_is_there NOT NULL, b int CONSTRAINT b_too NOT NULL, c int NOT NULL)');
-- validated, where rows are there
SELECT mig_round_trip.check($$
CREATE TABLE t (a int);
ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID
$$, 'CREATE TABLE t (a int CONSTRAINT nn NOT NULL)', rows => 'INSERT INTO t VALUES (1)');
-- not inherited, taken up by a child table, and inherited
SELECT mig_round_trip.check('CREATE TABLE t (a int); CREATE TABLE v () INHERITS (t)',
    'CREATE TABLE t (a int CONSTRAINT nn NOT NULL NO INHERIT); CREATE TABLE v () INHERITS (t)');
SELECT mig_round_trip.check($$
CREATE TABLE t (a int CONSTRAINT nn NOT NULL NO INHERIT);
CREATE TABLE v () INHERITS (t)
$$, $$
CREATE TABLE t (a int CONSTRAINT nn NOT NULL);
CREATE TABLE v () INHERITS (t)
$$);
-- gone from a parent table, and kept in a child
SELECT mig_round_trip.check('CREATE TABLE t (a int NOT NULL); CREATE TABLE v () INHERITS (t)',
    'CREATE TABLE t (a int); CREATE TABLE v (CONSTRAINT t_a_not_null NOT NULL a) INHERITS (t)');
-- the same under another name
SELECT mig_round_trip.check('CREATE TABLE t (a int NOT NULL); CREATE TABLE v () INHERITS (t)',
    'CREATE TABLE t (a int); CREATE TABLE v (CONSTRAINT kept NOT NULL a) INHERITS (t)');
-- attached: it gets the name
SELECT mig_round_trip.check($$
CREATE TABLE t (a int NOT NULL) PARTITION BY LIST (a);
CREATE TABLE v (a int NOT NULL)
$$, $$
CREATE TABLE t (a int NOT NULL) PARTITION BY LIST (a);
CREATE TABLE v PARTITION OF t FOR VALUES IN (1)
$$);
-- the name that a new table would give it is that of a partition yet
SELECT mig_round_trip.check($$
CREATE TABLE t (a int NOT NULL) PARTITION BY LIST (a);
CREATE TABLE v PARTITION OF t FOR VALUES IN (1)
$$, 'CREATE TABLE t (a int NOT NULL); CREATE TABLE v (a int NOT NULL)');
-- or of another table, and a serial column cannot say it
SELECT mig_round_trip.check('CREATE TABLE v (a int CONSTRAINT t_a_not_null NOT NULL)', $$
CREATE TABLE t (a serial);
CREATE TABLE v (a int CONSTRAINT t_a_not_null NOT NULL)
$$);
-- comment
SELECT mig_round_trip.check('CREATE TABLE t (a int NOT NULL)', $$
CREATE TABLE t (a int NOT NULL);
COMMENT ON CONSTRAINT t_a_not_null ON t IS 'because'
$$);

-- not valid, on tables that are new: as the last, or it would be valid below
SELECT mig_round_trip.check('CREATE TABLE t (a int)', $$
CREATE TABLE t (a int);
CREATE TABLE p (a int, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (a);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);
ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID
$$);
-- on a table that is not, with a new partition
SELECT mig_round_trip.check($$
CREATE TABLE p (a int, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)
$$, $$
CREATE TABLE p (a int, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID
$$);
-- ... while a child table has a valid one
SELECT mig_round_trip.check('CREATE TABLE t (a int); CREATE TABLE v () INHERITS (t)', $$
CREATE TABLE t (a int);
CREATE TABLE v (CONSTRAINT own NOT NULL a) INHERITS (t);
ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID
$$, rows => 'INSERT INTO t VALUES (NULL)');
-- validated in one partition, and not valid again there alone
SELECT mig_round_trip.check($$
CREATE TABLE p (a int, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3);
ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID;
ALTER TABLE p2 VALIDATE CONSTRAINT nn
$$, $$
CREATE TABLE p (a int, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3);
ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID;
ALTER TABLE p1 VALIDATE CONSTRAINT nn;
ALTER TABLE p2 VALIDATE CONSTRAINT nn
$$, reading => $$
SELECT string_agg(format('%s %s', conrelid::regclass, convalidated), ', ' ORDER BY conrelid)
FROM pg_constraint WHERE contype = 'n' AND connamespace = 'types'::regnamespace
$$);
-- valid in some of the partitions, which are new
SELECT mig_round_trip.check('', $$
CREATE TABLE p (a int, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (a);
CREATE TABLE p21 PARTITION OF p2 FOR VALUES IN (1);
CREATE TABLE p22 PARTITION OF p2 FOR VALUES IN (2);
ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID;
ALTER TABLE p1 VALIDATE CONSTRAINT nn;
COMMENT ON CONSTRAINT nn ON p1 IS 'holds';
ALTER TABLE p22 VALIDATE CONSTRAINT nn
$$);
-- in some of those that are there, after it was in all
SELECT mig_round_trip.check($$
CREATE TABLE p (a int CONSTRAINT nn NOT NULL, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (a);
CREATE TABLE p21 PARTITION OF p2 FOR VALUES IN (1);
CREATE TABLE p22 PARTITION OF p2 FOR VALUES IN (2);
COMMENT ON CONSTRAINT nn ON p2 IS 'stays'
$$, $$
CREATE TABLE p (a int, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (a);
CREATE TABLE p21 PARTITION OF p2 FOR VALUES IN (1);
CREATE TABLE p22 PARTITION OF p2 FOR VALUES IN (2);
ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID;
ALTER TABLE p1 VALIDATE CONSTRAINT nn;
ALTER TABLE p22 VALIDATE CONSTRAINT nn;
COMMENT ON CONSTRAINT nn ON p2 IS 'stays'
$$, reading => $$
SELECT string_agg(format('%s %s', conrelid::regclass, convalidated), ', ' ORDER BY conrelid)
FROM pg_constraint WHERE contype = 'n' AND connamespace = 'types'::regnamespace
$$);
-- validated, and not valid again with all partitions
SELECT mig_round_trip.check($$
CREATE TABLE p (a int, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID
$$, $$
CREATE TABLE p (a int CONSTRAINT nn NOT NULL, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)
$$);
-- a child's own one becomes the parent's, and its own again: neither it nor
-- its name stays behind
SELECT mig_round_trip.check($$
CREATE TABLE t (a int);
CREATE TABLE v (CONSTRAINT own NOT NULL a) INHERITS (t);
CREATE TABLE w () INHERITS (v)
$$, $$
CREATE TABLE t (a int CONSTRAINT nn NOT NULL);
CREATE TABLE v () INHERITS (t);
CREATE TABLE w () INHERITS (v)
$$, reading => $$
SELECT string_agg(format('%s.%s local %s', conrelid::regclass, conname, conislocal), ', ' ORDER BY conrelid)
FROM pg_constraint WHERE contype = 'n' AND connamespace = 'types'::regnamespace
$$);
-- the same where it is there and gets inherited, with comments and keys
SELECT mig_round_trip.check($$
CREATE TABLE t (a int CONSTRAINT nn NOT NULL NO INHERIT);
CREATE TABLE v () INHERITS (t);
CREATE TABLE w (CONSTRAINT own NOT NULL a) INHERITS (v);
COMMENT ON CONSTRAINT own ON w IS 'stays';
CREATE TABLE x (CONSTRAINT own NOT NULL a, PRIMARY KEY (a)) INHERITS (v)
$$, $$
CREATE TABLE t (a int CONSTRAINT nn NOT NULL);
CREATE TABLE v () INHERITS (t);
CREATE TABLE w () INHERITS (v);
COMMENT ON CONSTRAINT nn ON w IS 'stays';
CREATE TABLE x (PRIMARY KEY (a)) INHERITS (v)
$$, reading => $$
SELECT string_agg(format('%s.%s', conrelid::regclass, conname), ', ' ORDER BY conrelid)
FROM pg_constraint WHERE contype = 'n' AND connamespace = 'types'::regnamespace
$$);
-- the same in a partition, and below it where a key needs it
SELECT mig_round_trip.check($$
CREATE TABLE p (a int, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p (a CONSTRAINT own NOT NULL) FOR VALUES IN (1)
$$, $$
CREATE TABLE p (a int CONSTRAINT nn NOT NULL, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)
$$);
SELECT mig_round_trip.check('CREATE TABLE t (a int); CREATE TABLE v (a int PRIMARY KEY) INHERITS (t)',
    'CREATE TABLE t (a int CONSTRAINT nn NOT NULL); CREATE TABLE v (a int PRIMARY KEY) INHERITS (t)');
-- it goes down to a child table with its column, and up; a key needs it there
SELECT mig_round_trip.check($$
CREATE TABLE t (k int, a int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b int CONSTRAINT nn NOT NULL);
CREATE TABLE v () INHERITS (t);
CREATE TABLE w () INHERITS (v)
$$, $$
CREATE TABLE t (k int);
CREATE TABLE v (a int CONSTRAINT own NOT NULL, b int) INHERITS (t);
CREATE TABLE w () INHERITS (v)
$$, reading => $$SELECT string_agg(concat_ws(' ', conrelid::regclass, conname, CASE WHEN conislocal THEN 'own' END,
    coninhcount), ', ' ORDER BY conrelid::regclass::text, conname) FROM pg_constraint
WHERE contype = 'n' AND connamespace = 'types'::regnamespace$$);
-- one that comes with another parent is inherited alone; a partition takes its name
SELECT mig_round_trip.check($$
CREATE TABLE t (a int, b int);
CREATE TABLE v (z int) INHERITS (t);
CREATE TABLE w () INHERITS (v)
$$, $$
CREATE TABLE t (a int, b int);
CREATE TABLE u (a int NOT NULL, b int CONSTRAINT nn NOT NULL);
CREATE TABLE v (z int) INHERITS (u);
CREATE TABLE w () INHERITS (v)
$$, rows => 'INSERT INTO w VALUES (1, 2)', reading => $$SELECT string_agg(concat_ws(' ', conrelid::regclass, conname,
    CASE WHEN conislocal THEN 'own' END, coninhcount), ', ' ORDER BY conrelid::regclass::text, conname) FROM pg_constraint
WHERE contype = 'n' AND connamespace = 'types'::regnamespace$$);
SELECT mig_round_trip.check($$
CREATE TABLE p (a int NOT NULL, b int CONSTRAINT x NOT NULL, c int CONSTRAINT y NOT NULL) PARTITION BY LIST (b);
CREATE TABLE q (a int NOT NULL, b int CONSTRAINT y NOT NULL, c int CONSTRAINT x NOT NULL) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)
$$, $$
CREATE TABLE p (a int NOT NULL, b int CONSTRAINT x NOT NULL, c int CONSTRAINT y NOT NULL) PARTITION BY LIST (b);
CREATE TABLE q (a int NOT NULL, b int CONSTRAINT y NOT NULL, c int CONSTRAINT x NOT NULL) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF q FOR VALUES IN (1)
$$, reading => $$SELECT string_agg(concat_ws(' ', conname, coninhcount), ', ' ORDER BY conname) FROM pg_constraint
WHERE contype = 'n' AND conrelid = 'p1'::regclass$$);
-- names that something else in the table has as yet: another column's, which
-- moves on, or swaps, or ends, and a check that is renamed
SELECT mig_round_trip.check($$
CREATE TABLE t (a int CONSTRAINT x NOT NULL, b int CONSTRAINT y NOT NULL);
CREATE TABLE v (a int CONSTRAINT x NOT NULL, b int CONSTRAINT y NOT NULL);
CREATE TABLE w (a int CONSTRAINT x NOT NULL, b int);
CREATE TABLE q (a int, CONSTRAINT q_a_not_null CHECK (a > 0))
$$, $$
CREATE TABLE t (a int CONSTRAINT y NOT NULL, b int CONSTRAINT z NOT NULL);
CREATE TABLE v (a int CONSTRAINT y NOT NULL, b int CONSTRAINT x NOT NULL);
COMMENT ON CONSTRAINT x ON v IS 'of b';
CREATE TABLE w (a int, b int CONSTRAINT x NOT NULL);
CREATE TABLE q (a int NOT NULL, CONSTRAINT c CHECK (a > 0))
$$, rows => 'INSERT INTO w VALUES (1, 1); INSERT INTO q VALUES (1)');

-- renamed with those that inherit it, which change otherwise as well: comments,
-- what is validated, what is no longer inherited
SELECT mig_round_trip.check($$
CREATE TABLE p (a int CONSTRAINT old NOT NULL, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 3) PARTITION BY LIST (b);
CREATE TABLE p13 PARTITION OF p1 FOR VALUES IN (3);
CREATE TABLE q (a int) PARTITION BY LIST (a);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1);
CREATE TABLE q2 PARTITION OF q FOR VALUES IN (2);
ALTER TABLE q ADD CONSTRAINT old NOT NULL a NOT VALID;
CREATE TABLE t (a int CONSTRAINT old NOT NULL);
CREATE TABLE v () INHERITS (t);
CREATE TABLE w () INHERITS (t)
$$, $$
CREATE TABLE p (a int CONSTRAINT new NOT NULL, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 3) PARTITION BY LIST (b);
COMMENT ON CONSTRAINT new ON p1 IS 'of p1';
CREATE TABLE p13 PARTITION OF p1 FOR VALUES IN (3);
COMMENT ON CONSTRAINT new ON p13 IS 'of p13';
CREATE TABLE q (a int) PARTITION BY LIST (a);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1);
CREATE TABLE q2 PARTITION OF q FOR VALUES IN (2);
ALTER TABLE q ADD CONSTRAINT new NOT NULL a NOT VALID;
ALTER TABLE q1 VALIDATE CONSTRAINT new;
CREATE TABLE t (a int CONSTRAINT new NOT NULL NO INHERIT);
CREATE TABLE v (a int CONSTRAINT old NOT NULL) INHERITS (t);
COMMENT ON CONSTRAINT old ON v IS 'of v';
CREATE TABLE w () INHERITS (t)
$$);
-- names that change places
SELECT mig_round_trip.check($$
CREATE TABLE t (a int CONSTRAINT x NOT NULL, b int CONSTRAINT y NOT NULL);
CREATE TABLE v () INHERITS (t)
$$, $$
CREATE TABLE t (a int CONSTRAINT y NOT NULL, b int CONSTRAINT x NOT NULL);
CREATE TABLE v () INHERITS (t);
COMMENT ON CONSTRAINT y ON v IS 'of a';
COMMENT ON CONSTRAINT x ON v IS 'of b'
$$);
-- while a child table keeps both, others go along, one is new, one is attached
SELECT mig_round_trip.check($$
CREATE TABLE t (a int CONSTRAINT x NOT NULL, b int CONSTRAINT y NOT NULL);
CREATE TABLE v (a int CONSTRAINT x NOT NULL, b int CONSTRAINT y NOT NULL) INHERITS (t);
CREATE TABLE w () INHERITS (t);
CREATE TABLE ww () INHERITS (w)
$$, $$
CREATE TABLE t (a int CONSTRAINT y NOT NULL, b int CONSTRAINT x NOT NULL);
CREATE TABLE v (a int CONSTRAINT x NOT NULL, b int CONSTRAINT y NOT NULL) INHERITS (t);
COMMENT ON CONSTRAINT y ON v IS 'of b';
CREATE TABLE w () INHERITS (t);
COMMENT ON CONSTRAINT x ON w IS 'of b';
CREATE TABLE ww () INHERITS (w);
COMMENT ON CONSTRAINT y ON ww IS 'of a'
$$, rows => 'INSERT INTO t VALUES (1, 1)', reading => $$
SELECT string_agg(format('%s.%s (%s)', conrelid::regclass, conname, conkey[1]), ', ' ORDER BY conrelid, conkey)
FROM pg_constraint WHERE contype = 'n' AND connamespace = 'types'::regnamespace
$$);
SELECT mig_round_trip.check($$
CREATE TABLE t (a int CONSTRAINT x NOT NULL, b int CONSTRAINT y NOT NULL, c int);
CREATE TABLE u () INHERITS (t);
CREATE TABLE v (a int CONSTRAINT x NOT NULL, b int CONSTRAINT y NOT NULL, c int)
$$, $$
CREATE TABLE t (a int CONSTRAINT y NOT NULL, b int CONSTRAINT x NOT NULL, c int);
CREATE TABLE u (c int) INHERITS (t);
CREATE TABLE v (a int CONSTRAINT y NOT NULL, b int CONSTRAINT x NOT NULL, c int) INHERITS (t);
CREATE TABLE w () INHERITS (t);
COMMENT ON CONSTRAINT x ON w IS 'of b'
$$, reading => $$
SELECT string_agg(format('%s.%s (%s)', conrelid::regclass, conname, conkey[1]), ', ' ORDER BY conrelid, conkey)
FROM pg_constraint WHERE contype = 'n' AND connamespace = 'types'::regnamespace
$$);
-- a part of a partition has the name, and gets another one
SELECT mig_round_trip.check($$
CREATE TABLE p (a int, b int) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p (CONSTRAINT p_b_not_null NOT NULL a) FOR VALUES IN (1) PARTITION BY LIST (a);
CREATE TABLE p11 PARTITION OF p1 (CONSTRAINT x CHECK (a > 0)) FOR VALUES IN (1)
$$, $$
CREATE TABLE p (a int, b int NOT NULL) PARTITION BY LIST (b);
CREATE TABLE p1 PARTITION OF p (CONSTRAINT x NOT NULL a) FOR VALUES IN (1) PARTITION BY LIST (a);
CREATE TABLE p11 PARTITION OF p1 (CONSTRAINT y CHECK (a > 0)) FOR VALUES IN (1)
$$, rows => 'INSERT INTO p VALUES (1, 1)', reading => 'SELECT a FROM p');
SELECT mig_round_trip.check($$
CREATE TABLE t (a int, b int);
CREATE TABLE v (CONSTRAINT x NOT NULL a) INHERITS (t)
$$, $$
CREATE TABLE t (a int, b int CONSTRAINT x NOT NULL);
CREATE TABLE v (CONSTRAINT y NOT NULL a) INHERITS (t)
$$, rows => 'INSERT INTO v VALUES (1, 1)', reading => 'SELECT a FROM t');
-- the server fails where one that inherits it has another name
SELECT mig_round_trip.check($$
CREATE TABLE p (a int CONSTRAINT old NOT NULL, b int, PRIMARY KEY (a, b)) PARTITION BY LIST (b);
CREATE TABLE p1 (a int CONSTRAINT own NOT NULL, b int NOT NULL);
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE p3 (a int CONSTRAINT own NOT NULL, b int NOT NULL) PARTITION BY LIST (b);
CREATE TABLE p33 PARTITION OF p3 FOR VALUES IN (3);
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES IN (3)
$$, $$
CREATE TABLE p (a int CONSTRAINT new NOT NULL, b int, PRIMARY KEY (a, b)) PARTITION BY LIST (b);
CREATE TABLE p1 (a int CONSTRAINT own NOT NULL, b int NOT NULL);
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
COMMENT ON CONSTRAINT own ON p1 IS 'of p1';
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE p3 (a int CONSTRAINT own NOT NULL, b int NOT NULL) PARTITION BY LIST (b);
CREATE TABLE p33 PARTITION OF p3 FOR VALUES IN (3);
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES IN (3)
$$, rows => 'INSERT INTO p VALUES (1, 1), (1, 2), (1, 3)', reading => $$
SELECT string_agg(format('%s.%s', conrelid::regclass, conname), ', ' ORDER BY conrelid, conname)
FROM pg_constraint WHERE contype IN ('c', 'n') AND connamespace = 'types'::regnamespace
$$);
-- or has the new one, or has it of another table as well
SELECT mig_round_trip.check($$
CREATE TABLE t (a int CONSTRAINT old NOT NULL);
CREATE TABLE v (a int CONSTRAINT new NOT NULL) INHERITS (t);
CREATE TABLE w () INHERITS (t);
CREATE TABLE x (a int CONSTRAINT x NOT NULL);
CREATE TABLE y () INHERITS (t, x)
$$, $$
CREATE TABLE t (a int CONSTRAINT new NOT NULL);
CREATE TABLE v (a int CONSTRAINT new NOT NULL) INHERITS (t);
CREATE TABLE w () INHERITS (t);
COMMENT ON CONSTRAINT new ON w IS 'of w';
CREATE TABLE x (a int CONSTRAINT x NOT NULL);
CREATE TABLE y (a int CONSTRAINT old NOT NULL) INHERITS (t, x)
$$, rows => 'INSERT INTO t VALUES (1)', reading => $$
SELECT string_agg(format('%s.%s', conrelid::regclass, conname), ', ' ORDER BY conrelid)
FROM pg_constraint WHERE contype = 'n' AND connamespace = 'types'::regnamespace
$$);

---------------------------------------------------------------------------
-- Constraints that are not enforced
---------------------------------------------------------------------------
SELECT mig_round_trip.check('CREATE TABLE t (a int)',
    'CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED)');
-- foreign keys are enforced in place
SELECT mig_round_trip.check($$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int CONSTRAINT k REFERENCES t DEFERRABLE NOT ENFORCED)
$$, $$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int CONSTRAINT k REFERENCES t DEFERRABLE)
$$, rows => 'INSERT INTO t VALUES (1); INSERT INTO v VALUES (1)');
SELECT mig_round_trip.check($$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int CONSTRAINT k REFERENCES t NOT ENFORCED) PARTITION BY LIST (a);
CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1)
$$, $$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int CONSTRAINT other REFERENCES t) PARTITION BY LIST (a);
CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1)
$$);
-- not what comes without a look at the rows
SELECT mig_round_trip.check($$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int CONSTRAINT k REFERENCES t NOT ENFORCED)
$$, $$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int);
ALTER TABLE v ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES t NOT VALID
$$);
-- of a table that is attached, under one that enforces it
SELECT mig_round_trip.check($$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int CONSTRAINT k REFERENCES t) PARTITION BY LIST (a);
CREATE TABLE v1 (a int CONSTRAINT k REFERENCES t NOT ENFORCED)
$$, $$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int CONSTRAINT k REFERENCES t) PARTITION BY LIST (a);
CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1)
$$, rows => 'INSERT INTO t VALUES (1); INSERT INTO v1 VALUES (1)');
-- a partitioned table has it for new rows first
SELECT mig_round_trip.check($$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int) PARTITION BY LIST (a);
CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1);
ALTER TABLE v ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES t NOT VALID
$$, $$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int CONSTRAINT k REFERENCES t) PARTITION BY LIST (a);
CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1)
$$, rows => 'INSERT INTO t VALUES (1); INSERT INTO v VALUES (1)');
-- single partitions have it valid: those that are there, new, attached, and a
-- part of the tree; its name is the server's
SELECT mig_round_trip.check($$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int, b int) PARTITION BY LIST (b);
CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1);
CREATE TABLE v2 PARTITION OF v FOR VALUES IN (2);
CREATE TABLE v3 PARTITION OF v FOR VALUES IN (3, 4) PARTITION BY LIST (b);
CREATE TABLE v33 PARTITION OF v3 FOR VALUES IN (3);
CREATE TABLE v6 (a int, b int);
ALTER TABLE v6 ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES t NOT VALID;
ALTER TABLE v ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES t NOT VALID
$$, $$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int, b int) PARTITION BY LIST (b);
CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1);
CREATE TABLE v2 PARTITION OF v FOR VALUES IN (2);
CREATE TABLE v3 PARTITION OF v FOR VALUES IN (3, 4) PARTITION BY LIST (b);
CREATE TABLE v33 PARTITION OF v3 FOR VALUES IN (3);
CREATE TABLE v5 PARTITION OF v FOR VALUES IN (5);
CREATE TABLE v6 (a int CONSTRAINT k REFERENCES t, b int);
ALTER TABLE v ADD CONSTRAINT other FOREIGN KEY (a) REFERENCES t NOT VALID;
ALTER TABLE v ATTACH PARTITION v6 FOR VALUES IN (6);
ALTER TABLE v1 VALIDATE CONSTRAINT other;
ALTER TABLE v3 VALIDATE CONSTRAINT other;
ALTER TABLE v5 VALIDATE CONSTRAINT other
$$, rows => 'INSERT INTO t VALUES (1); INSERT INTO v VALUES (1, 1), (1, 2), (1, 3)', reading => $$
SELECT string_agg(conrelid::regclass::text, ', ' ORDER BY conrelid) FROM pg_constraint
WHERE contype = 'f' AND convalidated AND connamespace = 'types'::regnamespace
$$);
-- and no longer
SELECT mig_round_trip.check($$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int) PARTITION BY LIST (a);
CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1);
CREATE TABLE v2 PARTITION OF v FOR VALUES IN (2);
ALTER TABLE v ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES t NOT VALID;
ALTER TABLE v1 VALIDATE CONSTRAINT k
$$, $$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE v (a int) PARTITION BY LIST (a);
CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1);
CREATE TABLE v2 PARTITION OF v FOR VALUES IN (2);
ALTER TABLE v ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES t NOT VALID;
ALTER TABLE v2 VALIDATE CONSTRAINT k
$$, rows => 'INSERT INTO t VALUES (1); INSERT INTO v VALUES (1)');
-- it keeps a check in one partition alone
SELECT mig_round_trip.check($$
CREATE TABLE v (a int CONSTRAINT k CHECK (a > 0)) PARTITION BY LIST (a);
CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1);
CREATE TABLE v2 PARTITION OF v FOR VALUES IN (2)
$$, $$
CREATE TABLE v (a int) PARTITION BY LIST (a);
CREATE TABLE v1 PARTITION OF v (CONSTRAINT k CHECK (a > 0)) FOR VALUES IN (1);
CREATE TABLE v2 PARTITION OF v FOR VALUES IN (2)
$$);

-- in single partitions, of checks and foreign keys
SELECT mig_round_trip.check($$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE p (a int, k int) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)
$$, $$
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE p (a int, k int, CONSTRAINT x CHECK (k > 0) NOT ENFORCED) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p (CONSTRAINT c CHECK (a > 0) NOT ENFORCED,
    CONSTRAINT f FOREIGN KEY (a) REFERENCES t NOT ENFORCED) FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p (CONSTRAINT c CHECK (a > 0),
    CONSTRAINT f FOREIGN KEY (a) REFERENCES t) FOR VALUES IN (2)
$$, rows => 'INSERT INTO p VALUES (-1, 1), (NULL, 2)');

---------------------------------------------------------------------------
-- Keys of times
---------------------------------------------------------------------------
SELECT mig_round_trip.check($$
CREATE TABLE room (no int4range, week int4range, CONSTRAINT room_key PRIMARY KEY (no, week));
CREATE TABLE stay (room int4range, week int4range)
$$, $$
CREATE TABLE room (no int4range, week int4range, CONSTRAINT room_key PRIMARY KEY (no, week WITHOUT OVERLAPS));
CREATE TABLE stay (room int4range, week int4range, CONSTRAINT stay_in FOREIGN KEY (room, PERIOD week) REFERENCES room (no, PERIOD week) DEFERRABLE)
$$, rows => $$INSERT INTO room VALUES ('[1,2)', '[1,53)'); INSERT INTO stay VALUES ('[1,2)', '[5,6)')$$);
-- with columns of other types; GiST compares values of one type alone
SELECT mig_round_trip.check($$
CREATE TABLE room (no int4range, week int4range, CONSTRAINT room_key UNIQUE (no, week WITHOUT OVERLAPS));
CREATE TABLE stay (room int4range, week int4range, CONSTRAINT stay_in FOREIGN KEY (room, PERIOD week) REFERENCES room (no, PERIOD week))
$$, $$
CREATE TABLE room (no int8range, week int4range, CONSTRAINT room_key UNIQUE (no, week WITHOUT OVERLAPS));
CREATE TABLE stay (room int8range, week int4range, CONSTRAINT stay_in FOREIGN KEY (room, PERIOD week) REFERENCES room (no, PERIOD week))
$$, rows => $$INSERT INTO room VALUES ('[1,2)', '[1,53)'); INSERT INTO stay VALUES ('[1,2)', '[5,6)')$$, reading => 'TABLE stay');

-- of a partitioned table, which the key of another refers to
SELECT mig_round_trip.check($$
CREATE TABLE room (no int4range, week int4range) PARTITION BY LIST (no);
CREATE TABLE room_1 PARTITION OF room FOR VALUES IN ('[1,2)');
CREATE TABLE room_2 (no int4range, week int4range, CONSTRAINT own PRIMARY KEY (no, week WITHOUT OVERLAPS));
CREATE TABLE stay (room int4range, week int4range)
$$, $$
CREATE TABLE room (no int4range, week int4range, CONSTRAINT room_key PRIMARY KEY (no, week WITHOUT OVERLAPS)) PARTITION BY LIST (no);
CREATE TABLE room_1 PARTITION OF room FOR VALUES IN ('[1,2)');
CREATE TABLE room_2 (no int4range, week int4range, CONSTRAINT own PRIMARY KEY (no, week WITHOUT OVERLAPS));
ALTER TABLE room ATTACH PARTITION room_2 FOR VALUES IN ('[2,3)');
CREATE TABLE stay (room int4range, week int4range, CONSTRAINT stay_in FOREIGN KEY (room, PERIOD week) REFERENCES room (no, PERIOD week))
$$, rows => $$INSERT INTO room VALUES ('[1,2)', '[1,53)'); INSERT INTO room_2 VALUES ('[2,3)', '[1,53)');
INSERT INTO stay VALUES ('[2,3)', '[5,6)')$$, reading => 'SELECT count(*) FROM room');
-- an exclusion constraint that says the same
SELECT mig_round_trip.check('CREATE TABLE room (no int4range, week int4range, CONSTRAINT k EXCLUDE USING gist (no WITH =, week WITH &&))',
    'CREATE TABLE room (no int4range, week int4range, CONSTRAINT k UNIQUE (no, week WITHOUT OVERLAPS))');

-- rows that overlap, and an empty one, where equal ones would be refused as well
CREATE TABLE room (no int4range, week int4range);
INSERT INTO room VALUES ('[1,2)', '[1,5)'), ('[1,2)', '[4,6)'), ('[2,3)', '[4,6)'), ('[3,4)', 'empty'), (NULL, '[1,9)'), (NULL, '[1,9)');
SELECT hazard FROM mig_round_trip.migrate_diff('CREATE TABLE room (no int4range, week int4range, CONSTRAINT k UNIQUE (no, week WITHOUT OVERLAPS))') WHERE hazard IS NOT NULL;
-- rows that refer are not asked: several may cover what one refers to
DELETE FROM room WHERE isempty(week);
UPDATE room SET week = '[5,6)' WHERE week = '[4,6)';
DELETE FROM room WHERE no IS NULL;
ALTER TABLE room ADD CONSTRAINT k UNIQUE (no, week WITHOUT OVERLAPS);
CREATE TABLE stay (room int4range, week int4range);
INSERT INTO stay VALUES ('[1,2)', '[2,6)');
SELECT hazard FROM mig_round_trip.migrate_diff($$
CREATE TABLE room (no int4range, week int4range, CONSTRAINT k UNIQUE (no, week WITHOUT OVERLAPS));
CREATE TABLE stay (room int4range, week int4range, CONSTRAINT stay_in FOREIGN KEY (room, PERIOD week) REFERENCES room (no, PERIOD week))
$$) WHERE hazard IS NOT NULL;
DROP TABLE stay, room;

---------------------------------------------------------------------------
-- Settings, views, bodies
---------------------------------------------------------------------------
SELECT mig_round_trip.check('CREATE TABLE t (a int, b text) WITH (vacuum_truncate = off)', $$
CREATE TABLE t (a int, b text)
    WITH (vacuum_max_eager_freeze_failure_rate = 0.5, autovacuum_vacuum_max_threshold = 100000, toast.vacuum_truncate = off)
$$);
SELECT mig_round_trip.check('CREATE TABLE near (a int PRIMARY KEY, b int)', $$
CREATE TABLE near (a int PRIMARY KEY, b int, id uuid DEFAULT uuidv7());
CREATE VIEW sums AS SELECT a + 1 AS x, count(*) AS n FROM near GROUP BY GROUPING SETS ((a + 1), ()) HAVING a + 1 > 1;
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC UPDATE near SET b = b + 1 WHERE a = 1 RETURNING new.b - old.b; END
$$);
SELECT mig_round_trip.check($$CREATE COLLATION c (provider = builtin, locale = 'C.UTF-8'); CREATE TABLE t (a text COLLATE c)$$,
    $$CREATE COLLATION c (provider = builtin, locale = 'PG_UNICODE_FAST'); CREATE TABLE t (a text COLLATE c)$$);

---------------------------------------------------------------------------
-- Publications of generated columns, privileges on large objects
---------------------------------------------------------------------------
SET migrate.compare = 'privileges, database';
-- foreign tables cannot alter whether it is inherited
SELECT mig_round_trip.check($$
CREATE FOREIGN DATA WRAPPER regress_mig_w;
CREATE SERVER regress_mig_s FOREIGN DATA WRAPPER regress_mig_w;
CREATE FOREIGN TABLE f (a int CONSTRAINT nn NOT NULL) SERVER regress_mig_s
$$, $$
CREATE FOREIGN DATA WRAPPER regress_mig_w;
CREATE SERVER regress_mig_s FOREIGN DATA WRAPPER regress_mig_w;
CREATE FOREIGN TABLE f (a int CONSTRAINT nn NOT NULL NO INHERIT) SERVER regress_mig_s;
COMMENT ON CONSTRAINT nn ON f IS 'here alone'
$$);
DROP FOREIGN DATA WRAPPER regress_mig_w CASCADE;
SELECT mig_round_trip.check($$
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED);
CREATE PUBLICATION regress_mig_p FOR TABLE t
$$, $$
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED);
CREATE PUBLICATION regress_mig_p FOR TABLE t WITH (publish_generated_columns = stored);
ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO pg_monitor
$$);
DROP PUBLICATION regress_mig_p;
RESET migrate.compare;

DROP SCHEMA types, mig_round_trip CASCADE;
