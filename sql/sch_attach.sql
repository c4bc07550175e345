--
-- Indexes and keys of partitioned tables: valid and not, made with those of
-- partitions, or attached
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

-- The state of all indexes; "none" stands above those that stand alone.
CREATE FUNCTION mig_round_trip.tree() RETURNS text LANGUAGE sql AS $$
SELECT string_agg(format('%s%s below %s', c.relname, CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END,
    COALESCE(p.relname, 'none')), ', ' ORDER BY c.relname)
FROM pg_index x JOIN pg_class c ON c.oid = indexrelid
LEFT JOIN pg_inherits h ON inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = inhparent
WHERE c.relnamespace = 'types'::regnamespace
$$;

---------------------------------------------------------------------------
-- One that is not valid is completed
---------------------------------------------------------------------------
-- a key that no partition has; foreign keys wait for it
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int NOT NULL, no int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
ALTER TABLE ONLY lot ADD PRIMARY KEY (k, no);
CREATE TABLE bid (k int, no int);
$b$, $b$
CREATE TABLE lot (k int NOT NULL, no int NOT NULL, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE bid (k int, no int, CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot (k, no));
$b$, reading => 'SELECT mig_round_trip.tree()');
-- one partition's is attached, one is there, under another name, one misses
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE TABLE lot_3 PARTITION OF lot FOR VALUES IN (3);
CREATE INDEX by_no ON ONLY lot (no);
CREATE INDEX by_no_1 ON lot_1 (no);
CREATE INDEX second ON lot_2 (no);
ALTER INDEX by_no ATTACH PARTITION by_no_1;
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE TABLE lot_3 PARTITION OF lot FOR VALUES IN (3);
CREATE INDEX by_no_1 ON lot_1 (no);
CREATE INDEX by_no ON lot (no);
$b$, reading => 'SELECT mig_round_trip.tree()');
-- below a partition, which makes valid what is above; a new one comes, too
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY RANGE (no);
CREATE TABLE lot_1_few PARTITION OF lot_1 FOR VALUES FROM (0) TO (9);
CREATE INDEX by_no ON ONLY lot (no);
CREATE INDEX lot_1_no_idx ON ONLY lot_1 (no);
ALTER INDEX by_no ATTACH PARTITION lot_1_no_idx;
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY RANGE (no);
CREATE TABLE lot_1_few PARTITION OF lot_1 FOR VALUES FROM (0) TO (9);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE INDEX by_no ON lot (no);
$b$, reading => 'SELECT mig_round_trip.tree()');
-- the one that misses it goes: the server does not look again
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE INDEX by_no ON ONLY lot (no);
CREATE INDEX lot_1_no_idx ON lot_1 (no);
ALTER INDEX by_no ATTACH PARTITION lot_1_no_idx;
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX by_no ON lot (no);
$b$, reading => 'SELECT mig_round_trip.tree()');
---------------------------------------------------------------------------
-- One stays invalid
---------------------------------------------------------------------------
-- the server would give the new partition an index
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX by_no ON ONLY lot (no);
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE INDEX by_no ON ONLY lot (no);
$b$, reading => 'SELECT mig_round_trip.tree()');
-- a plain unique index that keys of partitions belong to, one after the other
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int NOT NULL, no int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot (PRIMARY KEY (k, no)) FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot (PRIMARY KEY (k, no)) FOR VALUES IN (2);
CREATE UNIQUE INDEX once ON ONLY lot (k, no);
$b$, $b$
CREATE TABLE lot (k int NOT NULL, no int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot (PRIMARY KEY (k, no)) FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot (PRIMARY KEY (k, no)) FOR VALUES IN (2);
CREATE UNIQUE INDEX once ON ONLY lot (k, no);
ALTER INDEX once ATTACH PARTITION lot_2_pkey;
$b$, reading => 'SELECT mig_round_trip.tree()');
-- new partitions, at two levels, bring theirs to one that is there; foreign
-- keys wait for it
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int NOT NULL, no int NOT NULL) PARTITION BY LIST (k);
CREATE UNIQUE INDEX once ON lot (k, no);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE bid (k int, no int, CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot (k, no));
$b$, $b$
CREATE TABLE lot (k int NOT NULL, no int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot (PRIMARY KEY (k, no)) FOR VALUES IN (2);
CREATE UNIQUE INDEX once ON lot (k, no);
CREATE TABLE bid (k int, no int, CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot (k, no));
$b$, reading => 'SELECT mig_round_trip.tree()');
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int NOT NULL, no int NOT NULL) PARTITION BY LIST (k);
CREATE UNIQUE INDEX once ON lot (k, no);
$b$, $b$
CREATE TABLE lot (k int NOT NULL, no int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY RANGE (no);
CREATE TABLE lot_1_1 PARTITION OF lot_1 (UNIQUE (k, no)) FOR VALUES FROM (1) TO (9);
CREATE UNIQUE INDEX once ON lot (k, no);
$b$, reading => 'SELECT mig_round_trip.tree()');
---------------------------------------------------------------------------
-- What the server would not make like that
---------------------------------------------------------------------------
-- names that pg_dump writes, of a whole tree
SELECT mig_round_trip.check($b$
CREATE TABLE other (no int);
$b$, $b$
CREATE TABLE other (no int);
CREATE TABLE lot (k int NOT NULL, no int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
ALTER TABLE ONLY lot ADD CONSTRAINT lot_key PRIMARY KEY (k, no);
ALTER TABLE ONLY lot_1 ADD CONSTRAINT first_key PRIMARY KEY (k, no);
ALTER INDEX lot_key ATTACH PARTITION first_key;
CREATE INDEX by_no ON ONLY lot (no);
CREATE INDEX by_no_1 ON lot_1 (no);
ALTER INDEX by_no ATTACH PARTITION by_no_1;
$b$, reading => 'SELECT mig_round_trip.tree()');
-- settings and names of a new partition; other settings of one that is there
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int NOT NULL, no int NOT NULL, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX by_no ON lot ((no + 1));
$b$, $b$
CREATE TABLE lot (k int NOT NULL, no int NOT NULL, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX by_no ON lot ((no + 1));
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
ALTER INDEX lot_2_pkey RENAME TO second_key;
ALTER INDEX lot_2_expr_idx SET (fillfactor = 70);
ALTER INDEX lot_2_expr_idx ALTER COLUMN 1 SET STATISTICS 9;
COMMENT ON INDEX lot_2_expr_idx IS 'of the second';
COMMENT ON INDEX second_key IS 'its key';
COMMENT ON CONSTRAINT second_key ON lot_2 IS 'too';
ALTER TABLE lot_1 REPLICA IDENTITY USING INDEX lot_1_pkey;
ALTER TABLE lot_1 CLUSTER ON lot_1_expr_idx;
ALTER INDEX lot_1_expr_idx SET (fillfactor = 60);
$b$, reading => 'SELECT mig_round_trip.tree()');
-- one of two that are alike, and not the one that the server would take
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX first ON lot_1 (no);
CREATE INDEX second ON lot_1 (no);
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX second ON lot_1 (no);
CREATE INDEX by_no ON lot (no);
CREATE INDEX first ON lot_1 (no);
$b$, reading => 'SELECT mig_round_trip.tree()');
-- another one is attached
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX by_no ON lot (no);
CREATE INDEX second ON lot_1 (no);
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX second ON lot_1 (no);
CREATE INDEX by_no ON lot (no);
CREATE INDEX lot_1_no_idx ON lot_1 (no);
$b$, reading => 'SELECT mig_round_trip.tree()');
-- options of all
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX by_no ON lot (no);
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX by_no ON lot (no) WITH (fillfactor = 70);
$b$, reading => 'SELECT mig_round_trip.tree()');
-- the server makes those of partitions anew where a column gets another type:
-- what they have of their own is kept
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, name text) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2) PARTITION BY LIST (k);
CREATE TABLE lot_2_2 PARTITION OF lot_2 FOR VALUES IN (2);
CREATE INDEX by_name ON lot (name);
CREATE INDEX by_no ON lot (no);
ALTER INDEX lot_1_name_idx RENAME TO first;
COMMENT ON INDEX lot_2_2_name_idx IS 'of the second';
$b$, $b$
CREATE TABLE lot (k int, no bigint, name varchar(9)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2) PARTITION BY LIST (k);
CREATE TABLE lot_2_2 PARTITION OF lot_2 FOR VALUES IN (2);
CREATE INDEX by_name ON lot (name);
CREATE INDEX by_no ON lot (no);
ALTER INDEX lot_1_name_idx RENAME TO other;
COMMENT ON INDEX lot_2_2_name_idx IS 'of the second';
$b$, rows => $$INSERT INTO lot VALUES (1, 2, 'a'), (2, 3, 'b')$$, reading => 'SELECT array_agg(name ORDER BY k) FROM lot');
---------------------------------------------------------------------------
-- Tables that are attached bring indexes along
---------------------------------------------------------------------------
-- one takes the name that the server would choose; the other stays alone
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE INDEX by_no ON lot (no);
CREATE TABLE lot_1 (k int, no int);
CREATE INDEX own ON lot_1 (no);
CREATE TABLE lot_2 (k int, no int);
CREATE INDEX second ON lot_2 (no);
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE INDEX by_no ON lot (no);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE INDEX second ON lot_2 (no);
$b$, reading => 'SELECT mig_round_trip.tree()');
-- it has none, and the name is to be another
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE INDEX by_no ON lot (no);
CREATE TABLE lot_1 (k int, no int);
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE INDEX by_no ON lot (no);
CREATE TABLE lot_1 (k int, no int);
CREATE INDEX by_no_1 ON lot_1 (no);
ALTER TABLE lot ATTACH PARTITION lot_1 FOR VALUES IN (1);
$b$, reading => 'SELECT mig_round_trip.tree()');
-- a table leaves one that is attached elsewhere, where its rows would not fit
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (no);
CREATE TABLE lot_2 PARTITION OF lot_1 FOR VALUES IN (1);
CREATE TABLE lot_3 PARTITION OF lot FOR VALUES IN (2);
$b$, $b$
CREATE TABLE lot (k int, no int) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (2) PARTITION BY LIST (no);
CREATE TABLE lot_3 PARTITION OF lot_1 FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (1);
$b$, rows => 'INSERT INTO lot VALUES (1, 1), (2, 1)', reading => 'SELECT array_agg(k ORDER BY k) FROM lot');
---------------------------------------------------------------------------
-- Tables that are detached keep their indexes and keys
---------------------------------------------------------------------------
-- the partitioned table is made anew, or goes: nothing is built again, and
-- foreign keys to a partition stay; NOT NULL has a name, too, from 18 on, which
-- is given here, so that the scripts are those of all versions
CREATE FUNCTION mig_round_trip.made() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
RETURN (SELECT string_agg(indexrelid::text, ' ' ORDER BY indexrelid) FROM pg_index WHERE indrelid = 'lot_1'::regclass) || ' ' ||
    (SELECT string_agg(oid::text, ' ' ORDER BY oid) FROM pg_constraint WHERE conrelid IN ('lot_1'::regclass, 'bid'::regclass));
END $$;
CREATE TABLE item (k int PRIMARY KEY);
CREATE TABLE lot (k int CONSTRAINT k NOT NULL, no int, PRIMARY KEY (k), UNIQUE (k, no), CONSTRAINT lot_of FOREIGN KEY (no) REFERENCES item) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE INDEX by_no ON lot (no);
CREATE TABLE bid (k int CONSTRAINT bid_for REFERENCES lot_1);
INSERT INTO item VALUES (5);
INSERT INTO lot VALUES (1, 5);
INSERT INTO bid VALUES (1);
SELECT mig_round_trip.made() AS made \gset
SELECT upgrade, downgrade FROM mig_round_trip.migrate_autogenerate_sql($$
CREATE TABLE item (k int PRIMARY KEY);
CREATE TABLE lot (k int CONSTRAINT k NOT NULL, no int, PRIMARY KEY (k), UNIQUE (k, no), CONSTRAINT lot_of FOREIGN KEY (no) REFERENCES item) PARTITION BY RANGE (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES FROM (1) TO (2);
CREATE INDEX by_no ON lot (no);
CREATE TABLE bid (k int CONSTRAINT bid_for REFERENCES lot_1);
$$, include => '{types}') \gset
SET client_min_messages = warning;
:upgrade
SELECT mig_round_trip.made() = :'made';
:downgrade
SELECT mig_round_trip.made() = :'made';
SELECT upgrade, downgrade FROM mig_round_trip.migrate_autogenerate_sql($$
CREATE TABLE item (k int PRIMARY KEY);
CREATE TABLE lot_1 (k int CONSTRAINT k NOT NULL CONSTRAINT lot_1_pkey PRIMARY KEY, no int, CONSTRAINT lot_1_k_no_key UNIQUE (k, no), CONSTRAINT lot_of FOREIGN KEY (no) REFERENCES item);
CREATE INDEX lot_1_no_idx ON lot_1 (no);
CREATE TABLE bid (k int CONSTRAINT bid_for REFERENCES lot_1);
$$, include => '{types}') \gset
:upgrade
SELECT mig_round_trip.made() = :'made';
:downgrade
SELECT mig_round_trip.made() = :'made';
DROP TABLE lot, item, bid;
-- so they do where the partition and its key get other names as well
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int CONSTRAINT k NOT NULL PRIMARY KEY) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
$b$, $b$
CREATE TABLE lot (k int CONSTRAINT k NOT NULL PRIMARY KEY) PARTITION BY RANGE (k);
-- migrate:renamed from lot_1
CREATE TABLE lot_one PARTITION OF lot FOR VALUES FROM (1) TO (2);
$b$, rows => 'INSERT INTO lot VALUES (1)', reading => 'SELECT array_agg(k) FROM lot');
-- it goes with what its key is made of: an operator class, a collation, a
-- function, a type that a value is cast to; a partition of it as well
SELECT mig_round_trip.check($b$
CREATE FUNCTION whole(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE COLLATION letters (provider = libc, locale = 'C');
CREATE DOMAIN no AS int;
CREATE OPERATOR CLASS sorted FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
CREATE TABLE lot (k int, n text, m int) PARTITION BY RANGE (whole(k));
CREATE TABLE odd PARTITION OF lot FOR VALUES FROM (1) TO (5) PARTITION BY LIST (n COLLATE letters);
CREATE TABLE lot_1 PARTITION OF odd FOR VALUES IN ('a') PARTITION BY RANGE ((m::no));
CREATE TABLE lot_1a PARTITION OF lot_1 FOR VALUES FROM (0) TO (9);
CREATE TABLE bid (k int) PARTITION BY RANGE (k sorted);
CREATE TABLE bid_1 PARTITION OF bid FOR VALUES FROM (0) TO (9);
$b$, $b$
CREATE FUNCTION whole(int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1::bigint';
CREATE COLLATION letters (provider = libc, locale = 'POSIX');
CREATE DOMAIN no AS bigint;
CREATE FUNCTION other(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp($2, $1)';
CREATE OPERATOR CLASS sorted FOR TYPE int USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 other(int, int);
CREATE TABLE lot (k int, n text, m int) PARTITION BY RANGE (whole(k));
CREATE TABLE odd PARTITION OF lot FOR VALUES FROM (1) TO (5) PARTITION BY LIST (n COLLATE letters);
CREATE TABLE lot_1 PARTITION OF odd FOR VALUES IN ('a') PARTITION BY RANGE ((m::no));
CREATE TABLE lot_1a PARTITION OF lot_1 FOR VALUES FROM (0) TO (9);
CREATE TABLE bid (k int) PARTITION BY RANGE (k sorted);
CREATE TABLE bid_1 PARTITION OF bid FOR VALUES FROM (9) TO (0);
$b$, rows => $b$INSERT INTO lot VALUES (1, 'a', 2); INSERT INTO bid VALUES (3)$b$, reading => $b$
SELECT array_agg(l)::text || (SELECT array_agg(k) FROM bid)::text FROM lot l
$b$);
---------------------------------------------------------------------------
-- Rows elsewhere refer to what moves
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, before_k int, before_no int, PRIMARY KEY (k, no),
    CONSTRAINT after_lot FOREIGN KEY (before_k, before_no) REFERENCES lot) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE TABLE bid (k int, no int, CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot);
COMMENT ON CONSTRAINT bid_for ON bid IS 'bids are for lots';
$b$, $b$
CREATE TABLE lot (k int, no int, before_k int, before_no int, PRIMARY KEY (k, no),
    CONSTRAINT after_lot FOREIGN KEY (before_k, before_no) REFERENCES lot) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1, 3);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE TABLE bid (k int, no int, CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot);
COMMENT ON CONSTRAINT bid_for ON bid IS 'bids are for lots';
$b$, rows => 'INSERT INTO lot VALUES (1, 1), (2, 2); UPDATE lot SET (before_k, before_no) = (1, 1) WHERE k = 2; INSERT INTO bid VALUES (1, 1), (2, 2)',
    reading => 'SELECT count(*) FROM bid JOIN lot USING (k, no)');
-- those of one whose partitions stay are not lost with it
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE odd PARTITION OF lot FOR VALUES IN (1, 3) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF odd FOR VALUES IN (1);
CREATE TABLE bid (k int, no int, CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot);
$b$, $b$
CREATE TABLE lot (k int, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE bid (k int, no int, CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot);
$b$, rows => 'INSERT INTO lot VALUES (1, 1); INSERT INTO bid VALUES (1, 1)',
    reading => 'SELECT count(*) FROM bid JOIN lot USING (k, no)');
-- an identity column comes to the partitions of a partition that is attached
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, id int GENERATED ALWAYS AS IDENTITY) PARTITION BY LIST (k);
CREATE TABLE odd PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF odd FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE lot_1a PARTITION OF lot_1 DEFAULT;
$b$, $b$
CREATE TABLE lot (k int, id int GENERATED ALWAYS AS IDENTITY) PARTITION BY LIST (k);
CREATE TABLE odd PARTITION OF lot FOR VALUES IN (1, 3) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF odd FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE lot_1a PARTITION OF lot_1 DEFAULT;
$b$, rows => 'INSERT INTO lot VALUES (1)', reading => 'SELECT array_agg(id) FROM lot');
-- a partition moves up, while what is above changes
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, n int) PARTITION BY LIST (k);
CREATE TABLE odd PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (n);
CREATE TABLE lot_1 PARTITION OF odd FOR VALUES IN (1);
$b$, $b$
CREATE TABLE lot (k int, n int, m int, CHECK (n > 0)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
$b$, rows => 'INSERT INTO lot VALUES (1, 1)', reading => 'SELECT array_agg(n) FROM lot');
-- rows and partition key of one that goes need not fit
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, n int) PARTITION BY LIST (k);
CREATE TABLE odd PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (n);
CREATE TABLE lot_1 PARTITION OF odd DEFAULT;
CREATE TABLE even PARTITION OF lot FOR VALUES IN (2);
$b$, $b$
CREATE TABLE lot (k int, n int CHECK (n > 1), PRIMARY KEY (k)) PARTITION BY LIST (k);
CREATE TABLE even PARTITION OF lot FOR VALUES IN (2);
$b$, rows => 'INSERT INTO lot VALUES (1, NULL), (1, 1), (2, 2)', reading => 'SELECT array_agg(n) FROM lot');
-- a check that proves the bound is dropped behind; one that is in the way, or on what changes, before
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int NOT NULL, n int, CONSTRAINT same CHECK (n > 0)) PARTITION BY LIST (k);
CREATE TABLE lot_1 (k int NOT NULL, n int, w int, CONSTRAINT proof CHECK (k = 1), CONSTRAINT same CHECK (k > 0), CONSTRAINT width CHECK (w > n));
$b$, $b$
CREATE TABLE lot (k int NOT NULL, n int, CONSTRAINT same CHECK (n > 0)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
$b$, rows => 'INSERT INTO lot_1 VALUES (1, 2, 3)', reading => 'SELECT array_agg(n) FROM lot');
-- foreign keys stay when partitions leave that have a key of their own then, or none, or go
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1) PARTITION BY LIST (no);
CREATE TABLE lot_1a PARTITION OF lot_1 DEFAULT;
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE TABLE lot_3 PARTITION OF lot FOR VALUES IN (3) PARTITION BY LIST (no);
CREATE TABLE lot_3a PARTITION OF lot_3 FOR VALUES IN (1);
CREATE TABLE lot_3b PARTITION OF lot_3 FOR VALUES IN (2);
CREATE TABLE bid (k int, no int, CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot) PARTITION BY LIST (k);
CREATE TABLE bid_1 PARTITION OF bid FOR VALUES IN (1);
CREATE TABLE bid_3 PARTITION OF bid FOR VALUES IN (3);
$b$, $b$
CREATE TABLE lot (k int, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE lot_1 (k int NOT NULL, no int NOT NULL) PARTITION BY LIST (no);
CREATE TABLE lot_1a PARTITION OF lot_1 DEFAULT;
CREATE TABLE lot_3 PARTITION OF lot FOR VALUES IN (3) PARTITION BY LIST (no);
CREATE TABLE lot_3b PARTITION OF lot_3 FOR VALUES IN (2);
CREATE TABLE bid (k int, no int, CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot) PARTITION BY LIST (k);
CREATE TABLE bid_3 PARTITION OF bid FOR VALUES IN (3);
$b$, rows => 'INSERT INTO lot VALUES (1, 1), (2, 2), (3, 2); INSERT INTO bid VALUES (1, 1), (3, 2)',
    reading => 'SELECT count(*) FROM bid JOIN lot USING (k, no)');
-- with those that refer to them, which go first
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE TABLE a_bid (k int, no int, UNIQUE (k, no), CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot) PARTITION BY LIST (k);
CREATE TABLE a_bid_1 PARTITION OF a_bid FOR VALUES IN (1);
CREATE TABLE a_bid_2 PARTITION OF a_bid FOR VALUES IN (2);
CREATE TABLE on_bid (k int, no int, CONSTRAINT bid FOREIGN KEY (k, no) REFERENCES a_bid (k, no)) PARTITION BY LIST (k);
CREATE TABLE on_bid_1 PARTITION OF on_bid FOR VALUES IN (1);
CREATE TABLE on_bid_2 PARTITION OF on_bid FOR VALUES IN (2);
$b$, $b$
CREATE TABLE lot (k int, no int, PRIMARY KEY (k, no)) PARTITION BY LIST (k);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
CREATE TABLE a_bid (k int, no int, UNIQUE (k, no), CONSTRAINT bid_for FOREIGN KEY (k, no) REFERENCES lot) PARTITION BY LIST (k);
CREATE TABLE a_bid_2 PARTITION OF a_bid FOR VALUES IN (2);
CREATE TABLE on_bid (k int, no int, CONSTRAINT bid FOREIGN KEY (k, no) REFERENCES a_bid (k, no)) PARTITION BY LIST (k);
CREATE TABLE on_bid_2 PARTITION OF on_bid FOR VALUES IN (2);
$b$, rows => 'INSERT INTO lot VALUES (1, 1), (2, 2); INSERT INTO a_bid SELECT * FROM lot; INSERT INTO on_bid SELECT * FROM lot',
    reading => 'SELECT count(*) FROM on_bid JOIN lot USING (k, no)');
-- that of the same table does not: its rows refer to those that go with them
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int, no int, before_k int, before_no int, PRIMARY KEY (k, no),
    CONSTRAINT after_lot FOREIGN KEY (before_k, before_no) REFERENCES lot) PARTITION BY LIST (k);
CREATE TABLE lot_1 PARTITION OF lot FOR VALUES IN (1);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
$b$, $b$
CREATE TABLE lot (k int, no int, before_k int, before_no int, PRIMARY KEY (k, no),
    CONSTRAINT after_lot FOREIGN KEY (before_k, before_no) REFERENCES lot) PARTITION BY LIST (k);
CREATE TABLE lot_2 PARTITION OF lot FOR VALUES IN (2);
$b$, rows => 'INSERT INTO lot VALUES (1, 1, 1, 1), (2, 2, 2, 2)', reading => 'SELECT count(*) FROM lot');
-- a table that others refer to becomes a partition that they refer to, and goes back: their rows are there all the while
SELECT mig_round_trip.check($b$
CREATE TABLE bill (id int UNIQUE, yr int DEFAULT 2024, amt int);
CREATE TABLE line (bill int REFERENCES bill (id), n int);
$b$, $b$
CREATE TABLE bills (id int, yr int DEFAULT 2024, amt int, UNIQUE (id, yr)) PARTITION BY LIST (yr);
CREATE TABLE bill_24 PARTITION OF bills FOR VALUES IN (2024); -- migrate:renamed from bill
CREATE TABLE line (bill int, yr int DEFAULT 2024, n int, FOREIGN KEY (bill, yr) REFERENCES bills (id, yr));
$b$, rows => $b$
INSERT INTO bill VALUES (1,2024,5); INSERT INTO line VALUES (1,1);
$b$);
-- rows that will be attached are referred to, others are not
SELECT mig_round_trip.check($b$
CREATE TABLE bills (id int, yr int DEFAULT 2024, amt int, UNIQUE (id, yr)) PARTITION BY LIST (yr);
CREATE TABLE bill_23 PARTITION OF bills FOR VALUES IN (2023);
CREATE TABLE bill_24 (id int, yr int DEFAULT 2024, amt int, UNIQUE (id, yr));
CREATE TABLE line (bill int, yr int, n int);
CREATE TABLE line2 (bill int, yr int, n int);
$b$, $b$
CREATE TABLE bills (id bigint, yr int DEFAULT 2024, amt int, UNIQUE (id, yr)) PARTITION BY LIST (yr);
CREATE TABLE bill_23 PARTITION OF bills FOR VALUES IN (2023);
CREATE TABLE bill_24 PARTITION OF bills FOR VALUES IN (2024);
CREATE TABLE line (bill bigint, yr int, n int, FOREIGN KEY (bill, yr) REFERENCES bills (id, yr));
CREATE TABLE line2 (bill bigint, yr int, n int, FOREIGN KEY (bill, yr) REFERENCES bills (id, yr));
$b$, rows => $b$
INSERT INTO bills VALUES (1,2023,5); INSERT INTO bill_24 VALUES (2,2024,5); INSERT INTO line VALUES (1,2023,1),(2,2024,1); INSERT INTO line2 VALUES (3,NULL,1);
$b$);
-- an index that is built anew where a partition is attached is said, be its name as it was, with the rows that may be in its way
SELECT mig_round_trip.check($b$
CREATE TABLE hot (id int, at date) PARTITION BY RANGE (at);
CREATE UNIQUE INDEX hot_id ON hot (id, at);
CREATE TABLE cold (id int, at date) PARTITION BY RANGE (at);
CREATE UNIQUE INDEX cold_id ON cold (id DESC, at);
CREATE TABLE y23 PARTITION OF hot FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
$b$, $b$
CREATE TABLE hot (id int, at date) PARTITION BY RANGE (at);
CREATE UNIQUE INDEX hot_id ON hot (id, at);
CREATE TABLE cold (id int, at date) PARTITION BY RANGE (at);
CREATE UNIQUE INDEX cold_id ON cold (id DESC, at);
CREATE TABLE y23 PARTITION OF cold FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
$b$, rows => $$INSERT INTO hot VALUES (1, '2023-03-03'), (2, '2023-04-04')$$, reading => 'SELECT count(*) FROM y23');
DROP SCHEMA types;
DROP EXTENSION pg_migrations;
DROP SCHEMA mig_round_trip CASCADE;
