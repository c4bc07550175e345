--
-- Partitions that jobs make and drop: marked, by pg_partman's configuration,
-- and where the model has one for the rest alone
--
SET client_min_messages = warning;
CREATE SCHEMA mig_jobs;
CREATE EXTENSION pg_migrations SCHEMA mig_jobs;
CREATE SCHEMA mig_app;
SET search_path = mig_app, mig_jobs;
\pset format unaligned
\pset tuples_only on

CREATE TABLE event (id int, at date NOT NULL, v int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE event_2001 PARTITION OF event FOR VALUES FROM ('2001-01-01') TO ('2002-01-01');
CREATE TABLE event_2002 PARTITION OF event FOR VALUES FROM ('2002-01-01') TO ('2003-01-01') PARTITION BY RANGE (at);
CREATE TABLE event_2002_h1 PARTITION OF event_2002 FOR VALUES FROM ('2002-01-01') TO ('2002-07-01');
CREATE TABLE event_default PARTITION OF event DEFAULT;
CREATE INDEX ON event_2001 (v);
INSERT INTO event VALUES (1, '2001-05-05', 1), (2, '2002-02-02', 2), (3, '2010-10-10', 3);

---------------------------------------------------------------------------
-- The mark
---------------------------------------------------------------------------
SET client_min_messages = notice;
SELECT $$
-- migrate:partitions elsewhere
CREATE TABLE event (id int, at date NOT NULL, v bigint, w text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE event_2001 PARTITION OF event FOR VALUES FROM ('2001-01-01') TO ('2002-01-01');
CREATE TABLE event_1999 PARTITION OF event FOR VALUES FROM ('1999-01-01') TO ('2000-01-01');
CREATE INDEX event_w ON event (w);
ALTER TABLE event ADD CONSTRAINT positive CHECK (v > 0);
$$ AS model \gset
SELECT upgrade, downgrade FROM migrate_autogenerate_sql(:'model');
SET client_min_messages = warning;
SELECT migrate_autogenerate('wider', :'model', rev_id => 'aaa1');
SELECT step FROM migrate_upgrade();
SELECT migrate_check(:'model');
SELECT tableoid::regclass, * FROM event ORDER BY id;
SELECT step FROM migrate_downgrade('base');
SELECT tableoid::regclass, * FROM event ORDER BY id;
-- where it may stand
SELECT count(*) FROM migrate_diff('CREATE TABLE event ( -- migrate:partitions elsewhere
    id int, at date NOT NULL, v int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE TABLE event_x PARTITION OF event FOR VALUES FROM (''1990-01-01'') TO (''1991-01-01'')');
SELECT count(*) FROM migrate_diff('CREATE TABLE event (id int, at date NOT NULL, v int, PRIMARY KEY (id, at))
    PARTITION BY RANGE (at); -- migrate:partitions elsewhere
    CREATE TABLE event_x PARTITION OF event FOR VALUES FROM (''1990-01-01'') TO (''1991-01-01'')');
SELECT count(*) FROM migrate_diff('CREATE TABLE event (
    id int, at date NOT NULL, v int, PRIMARY KEY (id, at)
) PARTITION BY RANGE (at) -- migrate:partitions elsewhere
; CREATE TABLE event_x PARTITION OF event FOR VALUES FROM (''1990-01-01'') TO (''1991-01-01'')');
-- the table itself goes
SELECT upgrade FROM migrate_autogenerate_sql('CREATE TABLE other ()');
-- it is renamed
SELECT upgrade FROM migrate_autogenerate_sql('-- migrate:renamed from event
-- migrate:partitions elsewhere
CREATE TABLE happening (id int, at date NOT NULL, v int, CONSTRAINT event_pkey PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE event_x PARTITION OF happening FOR VALUES FROM (''1990-01-01'') TO (''1991-01-01'')');
-- misplaced, malformed, in vain
SELECT migrate_diff('-- migrate:partitions elsewhere
CREATE VIEW v AS SELECT 1 AS one');
SELECT migrate_diff('-- migrate:partitions by partman
CREATE TABLE t (id int)');
SELECT migrate_diff('-- migrate:partition elsewhere
CREATE TABLE t (id int)');
SET client_min_messages = notice;
SELECT count(*) FROM migrate_diff('-- migrate:partitions elsewhere
CREATE TABLE t (id int)', exclude => '{event*}');
SET client_min_messages = warning;

---------------------------------------------------------------------------
-- One for the rest alone
---------------------------------------------------------------------------
SELECT operation, kind, object FROM migrate_diff('CREATE TABLE event (id int, at date NOT NULL, v int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE event_default PARTITION OF event DEFAULT');
-- another besides it: the model means them all
SELECT operation, kind, object FROM migrate_diff('CREATE TABLE event (id int, at date NOT NULL, v int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE event_default PARTITION OF event DEFAULT; CREATE TABLE event_2001 PARTITION OF event FOR VALUES FROM (''2001-01-01'') TO (''2002-01-01'');
CREATE INDEX event_2001_v_idx ON event_2001 (v)');
-- none: those that are there are named, at any depth, but for what is excluded
SET client_min_messages = notice;
SELECT migrate_remove('aaa1');
SELECT migrate_autogenerate('none of them', 'CREATE TABLE event (id int, at date NOT NULL, v int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)');
SELECT migrate_check('CREATE TABLE event (id int, at date NOT NULL, v int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)', exclude => '{event_2002*}');
SELECT migrate_check('-- migrate:partitions elsewhere
CREATE TABLE event (id int, at date NOT NULL, v int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)');

SET client_min_messages = warning;
DROP SCHEMA mig_app, mig_jobs CASCADE;
