--
-- What the server changes along with what a script changes, there and back
--
\getenv directory PG_ABS_SRCDIR
\set file :directory '/test/data/round_trip.sql'
\i :file

---------------------------------------------------------------------------
-- A new type forgets storage and compression
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE letter (body text COMPRESSION pglz, reply text COLLATE "C", stamp text COMPRESSION pglz);
ALTER TABLE letter ALTER body SET STORAGE EXTERNAL, ALTER body SET STATISTICS 77, ALTER reply SET STORAGE MAIN;
$b$, $b$
CREATE TABLE letter (body varchar(50) COMPRESSION pglz, reply text COLLATE "POSIX", stamp varchar(20));
ALTER TABLE letter ALTER body SET STORAGE EXTERNAL, ALTER body SET STATISTICS 77, ALTER reply SET STORAGE MAIN;
$b$);
-- tables below have their own
SELECT mig_round_trip.check($b$
CREATE TABLE sent (body text, reply text);
CREATE TABLE received () INHERITS (sent);
CREATE TABLE copied () INHERITS (sent);
ALTER TABLE received ALTER body SET COMPRESSION pglz, ALTER body SET STORAGE MAIN, ALTER reply SET STORAGE EXTERNAL, ALTER reply SET STATISTICS 5;
$b$, $b$
CREATE TABLE sent (body varchar(50), reply text);
ALTER TABLE sent ALTER reply SET STORAGE MAIN, ALTER reply SET STATISTICS 3;
CREATE TABLE received () INHERITS (sent);
CREATE TABLE copied () INHERITS (sent);
ALTER TABLE received ALTER body SET COMPRESSION pglz, ALTER body SET STORAGE MAIN, ALTER reply SET STORAGE EXTERNAL, ALTER reply SET STATISTICS 5;
ALTER TABLE copied ALTER reply SET STORAGE MAIN, ALTER reply SET STATISTICS 3;
$b$);
-- partitions have the same
SELECT mig_round_trip.check($b$
CREATE TABLE sent (k int, body text COMPRESSION pglz, reply text) PARTITION BY LIST (k);
CREATE TABLE sent_1 PARTITION OF sent FOR VALUES IN (1);
ALTER TABLE sent_1 ALTER body SET COMPRESSION pglz;
$b$, $b$
CREATE TABLE sent (k int, body varchar COMPRESSION pglz, reply text) PARTITION BY LIST (k);
CREATE TABLE sent_1 PARTITION OF sent FOR VALUES IN (1);
ALTER TABLE sent_1 ALTER body SET COMPRESSION pglz;
ALTER TABLE sent ALTER reply SET STORAGE EXTERNAL;
$b$);
-- and the statistics targets of indexes on expressions, be they of partitions, which may have others
SELECT mig_round_trip.check($b$
CREATE TABLE p (a int, b int, k int) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_e ON p ((a+b), (a-b));
ALTER INDEX p1_expr_expr1_idx ALTER COLUMN 1 SET STATISTICS 300;
ALTER INDEX p_e ALTER COLUMN 2 SET STATISTICS 200;
CREATE TABLE t (a int, b int);
CREATE INDEX t_e ON t ((a+b), (b-a)); ALTER INDEX t_e ALTER COLUMN 2 SET STATISTICS 7; ALTER INDEX t_e ALTER COLUMN 1 SET STATISTICS 8;
CREATE INDEX t_f ON t ((a*b)); ALTER INDEX t_f ALTER COLUMN 1 SET STATISTICS 9;
$b$, $b$
CREATE TABLE p (a bigint, b bigint, k int) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_e ON p ((a+b), (a-b));
ALTER INDEX p1_expr_expr1_idx ALTER COLUMN 1 SET STATISTICS 300;
ALTER INDEX p_e ALTER COLUMN 2 SET STATISTICS 200;
CREATE TABLE t (a bigint, b bigint);
CREATE INDEX t_e ON t ((a+b), (b-a)); ALTER INDEX t_e ALTER COLUMN 2 SET STATISTICS 6; ALTER INDEX t_e ALTER COLUMN 1 SET STATISTICS 8;
CREATE INDEX t_f ON t ((a*b));
$b$);
---------------------------------------------------------------------------
-- A table carries the sequences that it owns along when it is logged or not
---------------------------------------------------------------------------
SELECT mig_round_trip.check($b$
CREATE TABLE visit (no bigint NOT NULL, day serial);
CREATE SEQUENCE a_visit OWNED BY visit.no;
CREATE UNLOGGED TABLE view_of (no serial);
ALTER SEQUENCE view_of_no_seq SET LOGGED;
$b$, $b$
CREATE UNLOGGED TABLE visit (no bigint NOT NULL, day serial);
CREATE SEQUENCE a_visit OWNED BY visit.no;
CREATE TABLE view_of (no serial);
$b$);

---------------------------------------------------------------------------
-- What child tables have of a parent, and by themselves
---------------------------------------------------------------------------
-- a child's check becomes the parent's, and its own again
SELECT mig_round_trip.check($b$
CREATE TABLE p (a int);
CREATE TABLE c (CONSTRAINT k CHECK (a > 0)) INHERITS (p);
CREATE TABLE d () INHERITS (c);
$b$, $b$
CREATE TABLE p (a int, CONSTRAINT k CHECK (a > 0));
CREATE TABLE c () INHERITS (p);
CREATE TABLE d () INHERITS (c);
$b$, reading => $r$
SELECT string_agg(format('%s local %s', conrelid::regclass, conislocal), ', ' ORDER BY conrelid) FROM pg_constraint WHERE conname = 'k'
$r$);
-- the child keeps it
SELECT mig_round_trip.check($b$
CREATE TABLE p (a int);
CREATE TABLE c (CONSTRAINT k CHECK (a > 0)) INHERITS (p);
$b$, $b$
CREATE TABLE p (a int, CONSTRAINT k CHECK (a > 0));
CREATE TABLE c (CONSTRAINT k CHECK (a > 0)) INHERITS (p);
$b$);
-- a new child has it of its own, too
SELECT mig_round_trip.check('CREATE TABLE p (a int, CONSTRAINT k CHECK (a > 0))', $b$
CREATE TABLE p (a int, CONSTRAINT k CHECK (a > 0));
CREATE TABLE c (CONSTRAINT k CHECK (a > 0)) INHERITS (p);
$b$, reading => $r$
SELECT string_agg(format('%s local %s', conrelid::regclass, conislocal), ', ' ORDER BY conrelid) FROM pg_constraint WHERE conname = 'k'
$r$);
-- one that is not valid: as the last, or it would be valid in new partitions
SELECT mig_round_trip.check('CREATE TABLE t (a int)', $b$
CREATE TABLE t (a int);
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p ADD CONSTRAINT k CHECK (a > 0) NOT VALID;
$b$);
-- a parent's default goes, and some children keep theirs
SELECT mig_round_trip.check($b$
CREATE TABLE p (a int, b int DEFAULT 5);
CREATE TABLE c () INHERITS (p);
CREATE TABLE d () INHERITS (p);
CREATE TABLE e () INHERITS (c);
$b$, $b$
CREATE TABLE p (a int, b int);
CREATE TABLE c (b int DEFAULT 5) INHERITS (p);
CREATE TABLE d () INHERITS (p);
CREATE TABLE e () INHERITS (c);
$b$);
-- it goes from all of them
SELECT mig_round_trip.check($b$
CREATE TABLE p (a int, b int DEFAULT 5);
CREATE TABLE c () INHERITS (p);
$b$, $b$
CREATE TABLE p (a int, b int);
CREATE TABLE c () INHERITS (p);
$b$);

---------------------------------------------------------------------------
-- Partitions have comments of their own on what comes with the parent's
---------------------------------------------------------------------------
\set log 'CREATE TABLE day (k int PRIMARY KEY); CREATE TABLE log (k int) PARTITION BY LIST (k); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS \'BEGIN RETURN NEW; END\';'
SELECT mig_round_trip.check(:'log' || $b$
CREATE TABLE log_1 PARTITION OF log FOR VALUES IN (1);
CREATE TABLE log_2 (k int);
$b$, :'log' || $b$
CREATE TABLE log_1 PARTITION OF log FOR VALUES IN (1);
CREATE TABLE log_2 PARTITION OF log FOR VALUES IN (2);
CREATE TABLE log_3 PARTITION OF log FOR VALUES IN (3);
ALTER TABLE log ADD CONSTRAINT log_day FOREIGN KEY (k) REFERENCES day;
CREATE CONSTRAINT TRIGGER g AFTER INSERT ON log FOR EACH ROW EXECUTE FUNCTION f();
COMMENT ON CONSTRAINT log_day ON log_1 IS 'first key';
COMMENT ON CONSTRAINT log_day ON log_2 IS 'second key';
COMMENT ON CONSTRAINT log_day ON log_3 IS 'third key';
COMMENT ON TRIGGER g ON log_1 IS 'first';
COMMENT ON TRIGGER g ON log_2 IS 'second';
COMMENT ON TRIGGER g ON log_3 IS 'third';
$b$);
-- one that is made anew
SELECT mig_round_trip.check(:'log' || $b$
CREATE TABLE log_1 PARTITION OF log FOR VALUES IN (1);
CREATE CONSTRAINT TRIGGER g AFTER INSERT ON log FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE log_1 DISABLE TRIGGER g;
COMMENT ON TRIGGER g ON log_1 IS 'first';
$b$, :'log' || $b$
CREATE TABLE log_1 PARTITION OF log FOR VALUES IN (1);
CREATE CONSTRAINT TRIGGER g AFTER UPDATE ON log DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE log_1 DISABLE TRIGGER g;
COMMENT ON TRIGGER g ON log_1 IS 'first';
$b$);
-- tables that refer to each other become unlogged: none can be first
SELECT mig_round_trip.check($b$
CREATE TABLE lot (k int CONSTRAINT k NOT NULL PRIMARY KEY, best int);
CREATE TABLE bid (k int CONSTRAINT k NOT NULL PRIMARY KEY, lot int CONSTRAINT bid_for REFERENCES lot);
ALTER TABLE lot ADD CONSTRAINT lot_best FOREIGN KEY (best) REFERENCES bid DEFERRABLE;
$b$, $b$
CREATE UNLOGGED TABLE lot (k int CONSTRAINT k NOT NULL PRIMARY KEY, best int);
CREATE UNLOGGED TABLE bid (k int CONSTRAINT k NOT NULL PRIMARY KEY, lot int CONSTRAINT bid_for REFERENCES lot);
ALTER TABLE lot ADD CONSTRAINT lot_best FOREIGN KEY (best) REFERENCES bid DEFERRABLE;
$b$, rows => 'INSERT INTO lot VALUES (1)', reading => 'SELECT array_agg(k) FROM lot');

DROP SCHEMA types, mig_round_trip CASCADE;
