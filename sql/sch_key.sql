--
-- Keys in generated scripts, there and back: one is bound to by others, and
-- stands in the way of the next
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- A table has one primary key at a time
---------------------------------------------------------------------------
-- it moves to another column, and the old one goes
SELECT mig_round_trip.check($b$
CREATE TABLE member (no int CONSTRAINT member_by_no PRIMARY KEY, email text NOT NULL);
$b$, $b$
CREATE TABLE member (email text CONSTRAINT member_by_email PRIMARY KEY);
$b$);
-- both columns are others; a view groups by the key
SELECT mig_round_trip.check($b$
CREATE TABLE room (no int CONSTRAINT room_by_no PRIMARY KEY, label text);
CREATE VIEW labels AS SELECT label AS shown FROM room GROUP BY no;
$b$, $b$
CREATE TABLE room (code text CONSTRAINT room_by_code PRIMARY KEY, label text);
CREATE VIEW labels AS SELECT label AS shown FROM room GROUP BY code;
$b$);
-- of several columns one goes, in a partitioned table
SELECT mig_round_trip.check($b$
CREATE TABLE reading (day date, no int, CONSTRAINT reading_of_day PRIMARY KEY (day, no)) PARTITION BY RANGE (day);
CREATE TABLE reading_old PARTITION OF reading FOR VALUES FROM (MINVALUE) TO ('2001-01-01');
$b$, $b$
CREATE TABLE reading (day date, CONSTRAINT one_a_day PRIMARY KEY (day)) PARTITION BY RANGE (day);
CREATE TABLE reading_old PARTITION OF reading FOR VALUES FROM (MINVALUE) TO ('2001-01-01');
$b$);
---------------------------------------------------------------------------
-- Exclusion constraints with columns in expressions and predicates
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE booking (room int, week int, half int, cancelled boolean,
    CONSTRAINT once EXCLUDE USING btree (week WITH =) WHERE (NOT cancelled),
    CONSTRAINT one_half EXCLUDE USING btree ((week * 2 + half) WITH =),
    CONSTRAINT one_room EXCLUDE USING btree (room WITH =));
$b$, $b$
CREATE TABLE booking (week int);
$b$);
-- the predicate is about a generated column, which is made again
SELECT mig_round_trip.check($b$
CREATE TABLE booking (week int, half int, late boolean GENERATED ALWAYS AS (week > 26) STORED,
    CONSTRAINT once EXCLUDE USING btree (half WITH =) WHERE (late));
$b$, $b$
CREATE TABLE booking (week int, half int, late boolean GENERATED ALWAYS AS (week > 40) STORED,
    CONSTRAINT once EXCLUDE USING btree (half WITH =) WHERE (late));
$b$);
---------------------------------------------------------------------------
-- Foreign keys are bound to what stays
---------------------------------------------------------------------------
-- the key is another; of those that refer to it one stays, one goes
SELECT mig_round_trip.check($b$
CREATE TABLE city (zip int CONSTRAINT city_old PRIMARY KEY);
CREATE TABLE street (zip int CONSTRAINT street_in REFERENCES city (zip));
CREATE TABLE bridge (zip int CONSTRAINT bridge_in REFERENCES city (zip));
$b$, $b$
CREATE TABLE city (zip int NOT NULL CONSTRAINT city_new UNIQUE);
CREATE TABLE street (zip int CONSTRAINT street_in REFERENCES city (zip));
$b$);
-- an index is the key, and the table refers to itself
SELECT mig_round_trip.check($b$
CREATE TABLE part (no int, in_no int);
CREATE UNIQUE INDEX part_no ON part (no);
ALTER TABLE part ADD CONSTRAINT part_in FOREIGN KEY (in_no) REFERENCES part (no);
CREATE TABLE stock (no int CONSTRAINT stock_of REFERENCES part (no));
$b$, $b$
CREATE TABLE part (no int CONSTRAINT part_key UNIQUE, in_no int CONSTRAINT part_in REFERENCES part (no));
$b$);
-- partitioned tables refer to each other, and to partitions that go
SELECT mig_round_trip.check($b$
CREATE TABLE debit (k text, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE credit (k text, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
ALTER TABLE debit ADD CONSTRAINT debit_for FOREIGN KEY (k, no) REFERENCES credit;
ALTER TABLE credit ADD CONSTRAINT credit_for FOREIGN KEY (k, no) REFERENCES debit;
$b$, $b$
CREATE TABLE debit (k text, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE credit (k text, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE debit_eu PARTITION OF debit FOR VALUES IN ('eu');
CREATE TABLE credit_eu PARTITION OF credit FOR VALUES IN ('eu');
ALTER TABLE debit ADD CONSTRAINT debit_for FOREIGN KEY (k, no) REFERENCES credit;
ALTER TABLE credit ADD CONSTRAINT credit_for FOREIGN KEY (k, no) REFERENCES debit;
$b$);
-- a foreign key is new, a partition goes
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE TABLE bid (k int, no int);
$b$, $b$
CREATE TABLE lot (k int, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE bid (k int, no int, CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot);
$b$);
---------------------------------------------------------------------------
-- Indexes of partitioned tables that hold keys of partitions
---------------------------------------------------------------------------
-- the index goes, the key stays
SELECT mig_round_trip.check($b$
CREATE TABLE meter (k int, no int) PARTITION BY LIST (k);
CREATE TABLE meter_1 PARTITION OF meter (CONSTRAINT meter_1_key UNIQUE (k, no)) FOR VALUES IN (1);
CREATE UNIQUE INDEX meter_no ON meter (k, no);
$b$, $b$
CREATE TABLE meter (k int, no int) PARTITION BY LIST (k);
CREATE TABLE meter_1 PARTITION OF meter (CONSTRAINT meter_1_key UNIQUE (k, no)) FOR VALUES IN (1);
$b$);
-- a column of both has another type
SELECT mig_round_trip.check($b$
CREATE TABLE meter (k int, no int) PARTITION BY LIST (k);
CREATE TABLE meter_1 PARTITION OF meter (CONSTRAINT meter_1_key UNIQUE (k, no)) FOR VALUES IN (1);
CREATE UNIQUE INDEX meter_no ON meter (k, no);
$b$, $b$
CREATE TABLE meter (k int, no bigint) PARTITION BY LIST (k);
CREATE TABLE meter_1 PARTITION OF meter (CONSTRAINT meter_1_key UNIQUE (k, no)) FOR VALUES IN (1);
CREATE UNIQUE INDEX meter_no ON meter (k, no);
$b$);
-- the key goes, or its partition does, and the index stays
SELECT mig_round_trip.check($b$
CREATE TABLE meter (k int, no int) PARTITION BY LIST (k);
CREATE TABLE meter_1 PARTITION OF meter (CONSTRAINT meter_1_key UNIQUE (k, no)) FOR VALUES IN (1);
CREATE TABLE meter_2 PARTITION OF meter (CONSTRAINT meter_2_key UNIQUE (k, no)) FOR VALUES IN (2);
CREATE UNIQUE INDEX meter_no ON meter (k, no);
$b$, $b$
CREATE TABLE meter (k int, no int) PARTITION BY LIST (k);
CREATE TABLE meter_1 PARTITION OF meter FOR VALUES IN (1);
CREATE UNIQUE INDEX meter_no ON meter (k, no);
$b$);
SELECT mig_round_trip.check($b$
CREATE TABLE meter (k int, no int) PARTITION BY LIST (k);
CREATE TABLE meter_1 PARTITION OF meter (CONSTRAINT meter_1_key UNIQUE (k, no)) FOR VALUES IN (1);
CREATE UNIQUE INDEX meter_no ON meter (k, no);
$b$, $b$
CREATE TABLE meter (k int, no int) PARTITION BY LIST (k);
CREATE TABLE meter_2 PARTITION OF meter FOR VALUES IN (2);
CREATE UNIQUE INDEX meter_no ON meter (no, k);
$b$);
-- the server would take a unique constraint for the primary key of its table, whether a partition or one that becomes such
SELECT mig_round_trip.check('CREATE TABLE t (a int NOT NULL) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); ALTER TABLE t1 ADD CONSTRAINT once UNIQUE (a)',
    'CREATE TABLE t (a int CONSTRAINT t_pkey PRIMARY KEY) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); ALTER TABLE t1 ADD CONSTRAINT once UNIQUE (a)',
    rows => 'INSERT INTO t VALUES (1)');
SELECT mig_round_trip.check('CREATE TABLE t (a int CONSTRAINT t_pkey PRIMARY KEY) PARTITION BY LIST (a); CREATE TABLE t1 (a int NOT NULL, CONSTRAINT once UNIQUE (a))',
    'CREATE TABLE t (a int CONSTRAINT t_pkey PRIMARY KEY) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); ALTER TABLE t1 ADD CONSTRAINT once UNIQUE (a)',
    rows => 'INSERT INTO t1 VALUES (1)');

---------------------------------------------------------------------------
-- When a key is looked at
---------------------------------------------------------------------------
-- foreign keys change in place, in partitions with that of the parent; keys are made anew
SELECT mig_round_trip.check($b$
CREATE TABLE house (no int CONSTRAINT house_no PRIMARY KEY, label text CONSTRAINT house_label UNIQUE);
CREATE TABLE guest (house int CONSTRAINT guest_in REFERENCES house, host int CONSTRAINT guest_of REFERENCES house INITIALLY DEFERRED) PARTITION BY LIST (house);
CREATE TABLE guest_1 PARTITION OF guest FOR VALUES IN (1);
CREATE TABLE visit (house int, host int, CONSTRAINT visit_in FOREIGN KEY (house) REFERENCES house ON DELETE CASCADE DEFERRABLE);
ALTER TABLE visit ADD CONSTRAINT visit_of FOREIGN KEY (host) REFERENCES house NOT VALID;
$b$, $b$
CREATE TABLE house (no int CONSTRAINT house_no PRIMARY KEY, label text CONSTRAINT house_label UNIQUE DEFERRABLE);
CREATE TABLE guest (house int CONSTRAINT guest_in REFERENCES house DEFERRABLE, host int CONSTRAINT guest_of REFERENCES house DEFERRABLE) PARTITION BY LIST (house);
CREATE TABLE guest_1 PARTITION OF guest FOR VALUES IN (1);
CREATE TABLE visit (house int, host int, CONSTRAINT visit_in FOREIGN KEY (house) REFERENCES house ON DELETE CASCADE);
ALTER TABLE visit ADD CONSTRAINT visit_of FOREIGN KEY (host) REFERENCES house INITIALLY DEFERRED NOT VALID;
$b$, rows => 'INSERT INTO house VALUES (1); INSERT INTO guest VALUES (1, 1); INSERT INTO visit VALUES (1, 1); SET CONSTRAINTS ALL IMMEDIATE', reading => 'TABLE visit');
-- the server takes one of a table that is attached for its parent's where they are the same in all
SELECT mig_round_trip.check($b$
CREATE TABLE house (no int CONSTRAINT house_no PRIMARY KEY);
CREATE TABLE guest (house int CONSTRAINT guest_in REFERENCES house DEFERRABLE, host int CONSTRAINT guest_of REFERENCES house) PARTITION BY LIST (house);
CREATE TABLE guest_1 (house int CONSTRAINT guest_in REFERENCES house, host int);
ALTER TABLE guest_1 ADD CONSTRAINT guest_of FOREIGN KEY (host) REFERENCES house NOT VALID;
$b$, $b$
CREATE TABLE house (no int CONSTRAINT house_no PRIMARY KEY);
CREATE TABLE guest (house int CONSTRAINT guest_in REFERENCES house DEFERRABLE, host int CONSTRAINT guest_of REFERENCES house) PARTITION BY LIST (house);
CREATE TABLE guest_1 PARTITION OF guest FOR VALUES IN (1);
$b$, rows => 'INSERT INTO house VALUES (1); INSERT INTO guest_1 VALUES (1, 1)', reading => 'TABLE guest_1');
-- two keys that differ in that alone are two
SELECT mig_round_trip.check($b$
CREATE TABLE before (a int);
$b$, $b$
CREATE TABLE house (no int, CONSTRAINT house_no UNIQUE (no), CONSTRAINT house_no_late UNIQUE (no) INITIALLY DEFERRED);
$b$);

---------------------------------------------------------------------------
-- Names that keys, indexes and other constraints take from each other
---------------------------------------------------------------------------
-- two unique constraints that others refer to; the comment stays with its own
SELECT mig_round_trip.check($b$
CREATE TABLE member (x int, y int, CONSTRAINT a UNIQUE (x), CONSTRAINT b UNIQUE (y));
COMMENT ON CONSTRAINT a ON member IS 'about x';
CREATE TABLE ref (x int REFERENCES member (x), y int REFERENCES member (y));
$b$, $b$
CREATE TABLE member (x int, y int, CONSTRAINT a UNIQUE (y), CONSTRAINT b UNIQUE (x));
COMMENT ON CONSTRAINT b ON member IS 'about x';
CREATE TABLE ref (x int REFERENCES member (x), y int REFERENCES member (y));
$b$);
-- three indexes, and one that has more columns while another has the old ones
SELECT mig_round_trip.check($b$
CREATE TABLE member (x int, y int, z int, w int); CREATE INDEX a ON member (x); CREATE INDEX b ON member (y); CREATE INDEX c ON member (z); CREATE INDEX d ON member (w);
$b$, $b$
CREATE TABLE member (x int, y int, z int, w int); CREATE INDEX b ON member (x); CREATE INDEX c ON member (y); CREATE INDEX a ON member (z); CREATE INDEX d ON member (w, x); CREATE INDEX e ON member (w);
$b$);
-- of different kinds, in one table and in several
SELECT mig_round_trip.check($b$
CREATE TABLE member (x int, y int, CONSTRAINT a UNIQUE (x), CONSTRAINT b CHECK (y > 0));
$b$, $b$
CREATE TABLE member (x int, y int, CONSTRAINT b UNIQUE (x), CONSTRAINT a CHECK (y > 0));
$b$);
SELECT mig_round_trip.check($b$
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE member (x int, y int, CONSTRAINT a FOREIGN KEY (x) REFERENCES p, CONSTRAINT b CHECK (y > 0));
CREATE INDEX c ON member (y); CREATE TABLE other (x int CONSTRAINT d UNIQUE);
$b$, $b$
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE member (x int, y int, CONSTRAINT b FOREIGN KEY (x) REFERENCES p, CONSTRAINT a CHECK (y > 0));
CREATE INDEX d ON member (y); CREATE TABLE other (x int CONSTRAINT c UNIQUE);
$b$);
-- of domains, materialized views, tables above others
SELECT mig_round_trip.check($b$
CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 0) CONSTRAINT b CHECK (VALUE < 9);
CREATE TABLE t (x int, y int, CONSTRAINT a CHECK (x > 0), CONSTRAINT b CHECK (y > 0)) ;
CREATE TABLE u (z int) INHERITS (t);
CREATE TABLE q (x int, y int, CONSTRAINT qa UNIQUE (x), CONSTRAINT qb UNIQUE (x, y)) PARTITION BY LIST (x);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a, 2 AS b; CREATE UNIQUE INDEX ma ON m (a); CREATE INDEX mb ON m (b);
$b$, $b$
CREATE DOMAIN d AS int CONSTRAINT b CHECK (VALUE > 0) CONSTRAINT a CHECK (VALUE < 9);
CREATE TABLE t (x int, y int, CONSTRAINT b CHECK (x > 0), CONSTRAINT a CHECK (y > 0)) ;
CREATE TABLE u (z int) INHERITS (t);
CREATE TABLE q (x int, y int, CONSTRAINT qb UNIQUE (x), CONSTRAINT qa UNIQUE (x, y)) PARTITION BY LIST (x);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a, 2 AS b; CREATE UNIQUE INDEX mb ON m (a); CREATE INDEX ma ON m (b);
$b$);
-- one has the name of what goes with its column, and another has its name
SELECT mig_round_trip.check($b$
CREATE TABLE t (x int, y int, z int, CONSTRAINT a UNIQUE (x), CONSTRAINT b UNIQUE (y)); CREATE INDEX a_swap ON t (z);
$b$, $b$
CREATE TABLE t (y int, z int, CONSTRAINT a UNIQUE (y), CONSTRAINT b UNIQUE (z)); CREATE INDEX a_swap ON t (z);
$b$);
-- a third name that is taken
SELECT mig_round_trip.check($b$
CREATE TABLE t (x int, y int, z int, CONSTRAINT a UNIQUE (x), CONSTRAINT b UNIQUE (y)); CREATE INDEX a_swap ON t (z); CREATE INDEX b_swap ON t (x);
$b$, $b$
CREATE TABLE t (x int, y int, z int, CONSTRAINT a UNIQUE (y), CONSTRAINT b UNIQUE (x)); CREATE INDEX b_swap ON t (z); CREATE INDEX a_swap ON t (x);
$b$);
-- a type changes, too
SELECT mig_round_trip.check($b$
CREATE TABLE t (x int, y int, z int, CONSTRAINT a UNIQUE (x), CONSTRAINT b UNIQUE (y)); CREATE INDEX c ON t (x) WHERE y > 0; CREATE INDEX d ON t (z);
$b$, $b$
CREATE TABLE t (x text, y int, z int, CONSTRAINT a UNIQUE (y), CONSTRAINT b UNIQUE (x)); CREATE INDEX d ON t (x) WHERE y > 0; CREATE INDEX c ON t (z);
$b$);
-- foreign keys are on one that goes, and get another name, or are altered
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int NOT NULL CONSTRAINT t_id_key UNIQUE);
CREATE TABLE r (a int CONSTRAINT old REFERENCES t (id), b int CONSTRAINT b REFERENCES t (id), c int);
ALTER TABLE r ADD CONSTRAINT c FOREIGN KEY (c) REFERENCES t (id) NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
$b$, $b$
CREATE TABLE t (id int NOT NULL CONSTRAINT t_pkey PRIMARY KEY);
CREATE TABLE r (a int CONSTRAINT new REFERENCES t, b int CONSTRAINT b REFERENCES t DEFERRABLE, c int CONSTRAINT c REFERENCES t);
$b$);

---------------------------------------------------------------------------
-- A unique index becomes that of a constraint
---------------------------------------------------------------------------
-- under its name or another, with what it has besides; foreign keys stay
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int NOT NULL, b text, c int, d int);
CREATE UNIQUE INDEX first ON t (id);
CREATE UNIQUE INDEX second ON t (b) INCLUDE (id) WITH (fillfactor = 70);
CREATE UNIQUE INDEX third ON t (c, d);
COMMENT ON INDEX first IS 'of id';
COMMENT ON INDEX second IS 'of b';
ALTER TABLE t CLUSTER ON second;
ALTER TABLE t REPLICA IDENTITY USING INDEX first;
CREATE TABLE r (id int CONSTRAINT r REFERENCES t (id));
$b$, $b$
CREATE TABLE t (id int CONSTRAINT t_pkey PRIMARY KEY, b text, c int, d int,
    CONSTRAINT second UNIQUE (b) INCLUDE (id), CONSTRAINT t_c_d_key UNIQUE (c, d) DEFERRABLE INITIALLY DEFERRED);
COMMENT ON INDEX t_pkey IS 'of the key';
COMMENT ON CONSTRAINT second ON t IS 'b is unique';
ALTER TABLE t CLUSTER ON second;
ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey;
CREATE TABLE r (id int CONSTRAINT r REFERENCES t (id));
$b$, rows => 'INSERT INTO t VALUES (1, 1, 1, 1), (2, 2, 2, 2); INSERT INTO r VALUES (1)');
-- not one that is another, or of columns that change, or whose name is taken
SELECT mig_round_trip.check($b$
CREATE TABLE t (a int, b text, c int, d int, e int);
CREATE UNIQUE INDEX i1 ON t (a DESC);
CREATE UNIQUE INDEX i2 ON t (b text_pattern_ops);
CREATE UNIQUE INDEX i3 ON t (c) WHERE c > 0;
CREATE UNIQUE INDEX i4 ON t (d);
CREATE UNIQUE INDEX i5 ON t ((e + 1));
CREATE TABLE s (a int, b int);
CREATE UNIQUE INDEX x ON s (a);
CREATE UNIQUE INDEX y ON s (b);
$b$, $b$
CREATE TABLE t (a int, b text, c int, d bigint, e int, CONSTRAINT i1 UNIQUE (a), CONSTRAINT i2 UNIQUE (b), CONSTRAINT i3 UNIQUE (c),
    CONSTRAINT i4 UNIQUE (d), CONSTRAINT i5 UNIQUE (e));
CREATE TABLE s (a int, b int, CONSTRAINT x UNIQUE (b), CONSTRAINT y UNIQUE (a));
$b$);
-- nor a deferrable one where a foreign key stays, which the primary key can have
SELECT mig_round_trip.check($b$
CREATE TABLE t (id int NOT NULL);
CREATE UNIQUE INDEX i ON t (id);
CREATE TABLE r (id int CONSTRAINT r REFERENCES t (id));
$b$, $b$
CREATE TABLE t (id int CONSTRAINT p PRIMARY KEY, CONSTRAINT i UNIQUE (id) DEFERRABLE);
CREATE TABLE r (id int CONSTRAINT r REFERENCES t (id));
$b$);
-- nor one that CREATE INDEX CONCURRENTLY has left invalid
CREATE TABLE t (a int, b int);
CREATE UNIQUE INDEX i ON t (a);
CREATE UNIQUE INDEX j ON t (b);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass;
SELECT upgrade FROM mig_round_trip.migrate_autogenerate_sql('CREATE TABLE t (a int CONSTRAINT i UNIQUE, b int CONSTRAINT j UNIQUE)', include => '{types}', qualify => false) \gset
\echo :upgrade
:upgrade
DROP TABLE t;
-- which is built where the model has it, and not unmade again
CREATE TABLE t (a int, b int, c int);
CREATE UNIQUE INDEX i ON t (a);
CREATE INDEX j ON t (b);
CREATE INDEX k ON t (c);
UPDATE pg_index SET indisvalid = false WHERE indrelid = 't'::regclass;
SELECT upgrade, downgrade FROM mig_round_trip.migrate_autogenerate_sql('CREATE TABLE t (a int, b int, c int); CREATE UNIQUE INDEX i ON t (a); CREATE INDEX other ON t (b)', include => '{types}', qualify => false) \gset
\echo :upgrade
\echo :downgrade
:upgrade
SELECT count(*) FROM mig_round_trip.migrate_diff('CREATE TABLE t (a int, b int, c int); CREATE UNIQUE INDEX i ON t (a); CREATE INDEX other ON t (b)', include => '{types}');
DROP TABLE t;

DROP SCHEMA types;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig_round_trip CASCADE;
