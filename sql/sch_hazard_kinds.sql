--
-- Hazards of more kinds of changes: the same whether there are rows where a
-- script is generated; and what fails over rows has been said where there
-- were none
--
SET client_min_messages = warning;
CREATE SCHEMA mig_kinds;
CREATE EXTENSION pg_migrations SCHEMA mig_kinds;
SET search_path = app, mig_kinds;
SET migrate.prove = off;
\pset format unaligned
\pset tuples_only on
CREATE TABLE mig_kinds.changes (no int GENERATED ALWAYS AS IDENTITY, what text, before text, rows text, after text);
INSERT INTO mig_kinds.changes (what, before, rows, after) VALUES
('exclusion fails', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20))',
    'INSERT INTO t VALUES (1,1),(2,1)',
    'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), EXCLUDE USING gist (int4range(a, a+1) WITH &&))'),
('default volatile', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20))',
    $$INSERT INTO t SELECT i, i, 'x'||i, i*1.11, '2026-01-01'::timestamptz+i*interval '1 h', 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), n uuid NOT NULL DEFAULT gen_random_uuid())'),
('generated stored can fail', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20))',
    'INSERT INTO t VALUES (1, 2147483647)',
    'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), n int GENERATED ALWAYS AS (a + 1) STORED)'),
('generated div', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20))',
    'INSERT INTO t VALUES (1, 0)',
    'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), n int GENERATED ALWAYS AS (10 / a) STORED)'),
('generated stored', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20))',
    $$INSERT INTO t SELECT i, i, 'x'||i, i*1.11, '2026-01-01'::timestamptz+i*interval '1 h', 'v'||i FROM generate_series(1, 50) i$$,
    $$CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), n int GENERATED ALWAYS AS (a + 1) STORED, m text GENERATED ALWAYS AS (upper(b)) STORED, l text GENERATED ALWAYS AS (coalesce(b, '') || e) STORED)$$),
('generated expr changes', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), n int GENERATED ALWAYS AS (a + 1) STORED)',
    $$INSERT INTO t SELECT i, i, 'x'||i, i*1.11, '2026-01-01'::timestamptz+i*interval '1 h', 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), n int GENERATED ALWAYS AS (a + 2) STORED)'),
('retype under generated', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), n bigint GENERATED ALWAYS AS (a + 1) STORED)',
    $$INSERT INTO t SELECT i, i, 'x'||i, i*1.11, '2026-01-01'::timestamptz+i*interval '1 h', 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE t (id int PRIMARY KEY, a bigint, b text, c numeric(12,2), d timestamptz, e varchar(20), n bigint GENERATED ALWAYS AS (a + 1) STORED)'),
('varchar index retype', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20)); CREATE INDEX i ON t (e)',
    $$INSERT INTO t SELECT i, i, 'x'||i, i*1.11, '2026-01-01'::timestamptz+i*interval '1 h', 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e text); CREATE INDEX i ON t (e)'),
('numeric scale', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20))',
    $$INSERT INTO t SELECT i, i, 'x'||i, i*1.11, '2026-01-01'::timestamptz+i*interval '1 h', 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(14,3), d timestamptz, e varchar(20))'),
('timestamptz to (3)', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20))',
    $$INSERT INTO t SELECT i, i, 'x'||i, i*1.11, '2026-01-01'::timestamptz+i*interval '1 h', 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz(3), e varchar(20))'),
('collation', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20)); CREATE INDEX i ON t (b)',
    $$INSERT INTO t SELECT i, i, 'x'||i, i*1.11, '2026-01-01'::timestamptz+i*interval '1 h', 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE t (id int PRIMARY KEY, a int, b text COLLATE "C", c numeric(12,2), d timestamptz, e varchar(20)); CREATE INDEX i ON t (b)'),
('new col of domain not null', 'CREATE TABLE t (a int); CREATE DOMAIN d AS int NOT NULL',
    'INSERT INTO t SELECT generate_series(1, 50)',
    'CREATE DOMAIN d AS int NOT NULL; CREATE TABLE t (a int, b d)'),
('new col of domain check not null', 'CREATE TABLE t (a int); CREATE DOMAIN d AS int CHECK (VALUE IS NOT NULL)',
    'INSERT INTO t SELECT generate_series(1, 50)',
    'CREATE DOMAIN d AS int CHECK (VALUE IS NOT NULL); CREATE TABLE t (a int, b d)'),
('new col of domain with default', 'CREATE TABLE t (a int); CREATE DOMAIN d AS int NOT NULL DEFAULT 5',
    'INSERT INTO t SELECT generate_series(1, 50)',
    'CREATE DOMAIN d AS int NOT NULL DEFAULT 5; CREATE TABLE t (a int, b d)'),
('domain check ok', 'CREATE DOMAIN d AS int; CREATE TABLE t (a d)',
    'INSERT INTO t SELECT generate_series(1, 50)',
    'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a d)'),
('fk action changed', 'CREATE TABLE p (id int PRIMARY KEY, x int); CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), CONSTRAINT f FOREIGN KEY (a) REFERENCES p)',
    $$INSERT INTO p SELECT i FROM generate_series(1, 50) i;INSERT INTO t SELECT i, i, 'x'||i, i*1.11, '2026-01-01'::timestamptz+i*interval '1 h', 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE p (id int PRIMARY KEY, x int); CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), CONSTRAINT f FOREIGN KEY (a) REFERENCES p ON DELETE CASCADE)'),
('validate check fails', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20)); ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID',
    'INSERT INTO t SELECT 1; ALTER TABLE t DROP CONSTRAINT k; INSERT INTO t VALUES (2,-1); ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID',
    'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), CONSTRAINT k CHECK (a > 0))'),
('pk to other column', 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c numeric(12,2), d timestamptz, e varchar(20))',
    $$INSERT INTO t SELECT i, i, 'x'||i, i*1.11, '2026-01-01'::timestamptz+i*interval '1 h', 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE t (id int, a int, b text, c numeric(12,2), d timestamptz, e varchar(20), PRIMARY KEY (a))'),
('partitions, default with rows, new partition', $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); CREATE TABLE evd PARTITION OF ev DEFAULT$$,
    $$INSERT INTO ev SELECT i, '2025-06-01'::date+i, 'v'||i, i FROM generate_series(1, 50) i;INSERT INTO ev VALUES (1,'2027-05-05')$$,
    $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); CREATE TABLE evd PARTITION OF ev DEFAULT;CREATE TABLE ev3 PARTITION OF ev FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')$$),
('partitions, attach proven', $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int) PARTITION BY RANGE (at); CREATE TABLE ev1 (id bigint NOT NULL, at date NOT NULL, v text, n int, CONSTRAINT k CHECK (at >= '2025-01-01' AND at < '2026-01-01'))$$,
    $$INSERT INTO ev1 VALUES (1,'2025-02-02')$$,
    $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int) PARTITION BY RANGE (at);CREATE TABLE ev1 PARTITION OF ev (CONSTRAINT k CHECK (at >= '2025-01-01' AND at < '2026-01-01')) FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')$$),
('partitions, index', $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')$$,
    $$INSERT INTO ev SELECT i, '2025-06-01'::date+i, 'v'||i, i FROM generate_series(1, 50) i$$,
    $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); CREATE INDEX i ON ev (n)$$),
('partitions, pk', $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')$$,
    $$INSERT INTO ev SELECT i, '2025-06-01'::date+i, 'v'||i, i FROM generate_series(1, 50) i$$,
    $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')$$),
('partitions, fk to it', $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); CREATE TABLE r (id bigint, at date)$$,
    $$INSERT INTO ev SELECT i, '2025-06-01'::date+i, 'v'||i, i FROM generate_series(1, 50) i;INSERT INTO r SELECT id, at FROM ev$$,
    $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); CREATE TABLE r (id bigint, at date, FOREIGN KEY (id, at) REFERENCES ev)$$),
('partitions, key column retyped', $$CREATE TABLE ev (id bigint NOT NULL, at date NOT NULL, v text, n int) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')$$,
    $$INSERT INTO ev SELECT i, '2025-06-01'::date+i, 'v'||i, i FROM generate_series(1, 50) i$$,
    $$CREATE TABLE ev (id bigint NOT NULL, at timestamp NOT NULL, v text, n int) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')$$),
('partitions, detached and referred to', 'CREATE TABLE ev (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (1) TO (100); CREATE TABLE r (id int REFERENCES ev)',
    'INSERT INTO ev VALUES (7); INSERT INTO r VALUES (7)',
    'CREATE TABLE ev (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE ev1 (id int PRIMARY KEY); CREATE TABLE r (id int REFERENCES ev)'),
('partitions, moved and referred to by another partition', 'CREATE TABLE ev (id int, up int REFERENCES ev, PRIMARY KEY (id)) PARTITION BY RANGE (id); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (1) TO (100); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM (100) TO (200)',
    'INSERT INTO ev VALUES (7, NULL), (100, 7)',
    'CREATE TABLE ev (id int, up int REFERENCES ev, PRIMARY KEY (id)) PARTITION BY RANGE (id); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (0) TO (100); CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM (100) TO (200)'),
('partitions below partitions, detached and referred to', 'CREATE TABLE ev (id int, n int, PRIMARY KEY (id, n)) PARTITION BY RANGE (id); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (1) TO (100) PARTITION BY RANGE (n); CREATE TABLE ev11 PARTITION OF ev1 DEFAULT; CREATE TABLE r (id int, n int, FOREIGN KEY (id, n) REFERENCES ev)',
    'INSERT INTO ev VALUES (7, 7); INSERT INTO r VALUES (7, 7)',
    'CREATE TABLE ev (id int, n int, PRIMARY KEY (id, n)) PARTITION BY RANGE (id); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (1) TO (100) PARTITION BY RANGE (n); CREATE TABLE ev11 (id int, n int, PRIMARY KEY (id, n)); CREATE TABLE r (id int, n int, FOREIGN KEY (id, n) REFERENCES ev)'),
('partitions, attached with rows that are the same', 'CREATE TABLE ev (id int PRIMARY KEY, n int) PARTITION BY RANGE (id); CREATE TABLE ev1 (id int NOT NULL, n int)',
    'INSERT INTO ev1 VALUES (7), (7)',
    'CREATE TABLE ev (id int PRIMARY KEY, n int) PARTITION BY RANGE (id); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (1) TO (100)'),
('partitions, attached with rows that are the same, an index', 'CREATE TABLE ev (id int, n int) PARTITION BY RANGE (id); CREATE UNIQUE INDEX i ON ev (id, lower(n::text)); CREATE TABLE ev1 (id int, n int)',
    'INSERT INTO ev1 VALUES (7, 1), (7, 1)',
    'CREATE TABLE ev (id int, n int) PARTITION BY RANGE (id); CREATE UNIQUE INDEX i ON ev (id, lower(n::text)); CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (1) TO (100)'),
('inherit: check', 'CREATE TABLE p (a int); CREATE TABLE c () INHERITS (p)',
    'INSERT INTO c SELECT generate_series(1, 50); INSERT INTO p VALUES (1)',
    'CREATE TABLE p (a int CHECK (a > 0)); CREATE TABLE c () INHERITS (p)'),
('a sequence, max', 'CREATE SEQUENCE s',
    $$SELECT setval('s', 500)$$,
    'CREATE SEQUENCE s MAXVALUE 100'),
('a sequence, max not passed', 'CREATE SEQUENCE s',
    $$SELECT setval('s', 50)$$,
    'CREATE SEQUENCE s MAXVALUE 100'),
('a sequence, type', 'CREATE SEQUENCE s',
    $$SELECT setval('s', 50000)$$,
    'CREATE SEQUENCE s AS smallint'),
('a sequence, down', 'CREATE SEQUENCE s',
    $$SELECT setval('s', 500)$$,
    'CREATE SEQUENCE s INCREMENT -1'),
('identity max', 'CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int)',
    'INSERT INTO t (b) SELECT generate_series(1,200)',
    'CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (MAXVALUE 100), b int)'),
('identity type smaller by seq only', 'CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY, b int)',
    $$SELECT setval('t_a_seq', 40000)$$,
    'CREATE TABLE t (a smallint GENERATED BY DEFAULT AS IDENTITY, b int)'),
('serial becomes smallserial', 'CREATE TABLE t (a serial, b int)',
    $$SELECT setval('t_a_seq', 40000)$$,
    'CREATE TABLE t (a smallserial, b int)'),
('function body under unique index', $c$CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (f(a))$c$,
    'INSERT INTO t SELECT generate_series(1,50)',
    $c$CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 2'; CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (f(a))$c$),
('function re-created under unique index', $$CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x'; CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (f(a))$$,
    'INSERT INTO t SELECT generate_series(1,50)',
    $$CREATE FUNCTION f(y int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT y / 2'; CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (f(a))$$),
('function re-created under check', $$CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x'; CREATE TABLE t (a int CHECK (f(a) > 0))$$,
    'INSERT INTO t SELECT generate_series(1,50)',
    $$CREATE FUNCTION f(y int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT -y'; CREATE TABLE t (a int CHECK (f(a) > 0))$$),
('function re-created under generated', $$CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x'; CREATE TABLE t (a int, b int GENERATED ALWAYS AS (f(a)) STORED)$$,
    'INSERT INTO t SELECT generate_series(1,50)',
    $$CREATE FUNCTION f(y int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1 / (y - 3)'; CREATE TABLE t (a int, b int GENERATED ALWAYS AS (f(a)) STORED)$$),
('function re-created under plain index', $$CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x'; CREATE TABLE t (a int); CREATE INDEX i ON t (f(a))$$,
    'INSERT INTO t SELECT generate_series(1,50)',
    $$CREATE FUNCTION f(y int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1 / (y - 3)'; CREATE TABLE t (a int); CREATE INDEX i ON t (f(a))$$),
('function body changed, new unique index and check over it', $c$CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (a int)$c$,
    'INSERT INTO t SELECT generate_series(1,50)',
    $c$CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 2'; CREATE TABLE t (a int CHECK (f(a) > 0)); CREATE UNIQUE INDEX i ON t (f(a))$c$),
('new function, new unique index over it', 'CREATE TABLE t (a int)',
    'INSERT INTO t SELECT generate_series(1,50)',
    $c$CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 2'; CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (f(a))$c$),
('new plain index expr that fails', 'CREATE TABLE t (a int)',
    'INSERT INTO t SELECT generate_series(0,50)',
    'CREATE TABLE t (a int); CREATE INDEX i ON t ((10/a))'),
('new plain index cast fails', 'CREATE TABLE t (a text)',
    $$INSERT INTO t VALUES ('x')$$,
    'CREATE TABLE t (a text); CREATE INDEX i ON t ((a::int))'),
('index partial predicate fails', 'CREATE TABLE t (a int)',
    'INSERT INTO t SELECT generate_series(0,50)',
    'CREATE TABLE t (a int); CREATE INDEX i ON t (a) WHERE 10/a > 2'),
('text to enum fails', $$CREATE TABLE t (a text DEFAULT 'a')$$,
    $$INSERT INTO t VALUES ('z')$$,
    $$CREATE TYPE e AS ENUM ('a','b'); CREATE TABLE t (a e DEFAULT 'a')$$),
('int to uuid', 'CREATE TABLE t (a int, b bigint)',
    'INSERT INTO t VALUES (1,2)',
    'CREATE TABLE t (a uuid, b inet)'),
('json', 'CREATE TABLE t (a text, b json, c jsonb)',
    $$INSERT INTO t VALUES ('{"a": 1, "a":2}','{"x":1}','{"x":1}')$$,
    'CREATE TABLE t (a jsonb, b jsonb, c json)'),
('arrays2', 'CREATE TABLE t (b int[], d varchar(9)[])',
    $$INSERT INTO t VALUES ('{100000}','{aaaaaa}')$$,
    'CREATE TABLE t (b smallint[], d varchar(3)[])'),
('lossy 2', 'CREATE TABLE t (a interval, b date, c text, d bit(8), e varbit, f int4range, g int8, h float4, i macaddr8, j varchar(10), k timetz, l numeric(8,4), m text, n tsvector)',
    $$INSERT INTO t VALUES ('1 day', '2020-01-01', '2020-01-01 10:00', B'10101010', B'101', '[1,5)', 5, 1.1, '08:00:2b:01:02:03:04:05', 'x  ', '10:00+02', 1.2345, 'a ', 'a:1 b:2')$$,
    'CREATE TABLE t (a time, b text, c date, d bit(4), e bit(3), f text, g int4, h int, i macaddr, j char(10), k time, l numeric(8,2), m char(3), n text)'),
('varchar grows with check', 'CREATE TABLE t (a int, e varchar(20) CHECK (length(e) < 15))',
    $$INSERT INTO t (a,e) SELECT i, 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE t (a int, e varchar(30) CHECK (length(e) < 15))'),
('collation with check', $$CREATE TABLE t (a int, e text CHECK (e > 'a'))$$,
    $$INSERT INTO t (a,e) SELECT i, 'v'||i FROM generate_series(1, 50) i$$,
    $$CREATE TABLE t (a int, e text COLLATE "C" CHECK (e > 'a'))$$),
('generated, plain and base to enum', $$CREATE TYPE en AS ENUM ('x','y'); CREATE TABLE t (a en, n text GENERATED ALWAYS AS (CASE WHEN a = 'x' THEN 'X' ELSE 'Y' END) STORED)$$,
    $$INSERT INTO t VALUES ('x')$$,
    $$CREATE TYPE en AS ENUM ('y','x'); CREATE TABLE t (a en, n text)$$),
('generated, plain text to int', $$CREATE TABLE t (a int, n text GENERATED ALWAYS AS (CASE WHEN a > 1 THEN '1' ELSE '2' END) STORED)$$,
    'INSERT INTO t VALUES (4)',
    'CREATE TABLE t (a bigint, n int)'),
('generated, plain of enum', $$CREATE TYPE en AS ENUM ('x','y'); CREATE TABLE t (a int, n en GENERATED ALWAYS AS (CASE WHEN a > 1 THEN 'x'::en ELSE 'y'::en END) STORED)$$,
    'INSERT INTO t VALUES (4)',
    $$CREATE TYPE en AS ENUM ('y','x'); CREATE TABLE t (a bigint, n en)$$),
('domain fills', 'CREATE DOMAIN d AS int NOT NULL; CREATE TABLE t (a int)',
    'INSERT INTO t VALUES (4)',
    E'CREATE DOMAIN d AS int NOT NULL; CREATE TABLE t (a int, b d, -- migrate:fill 4\n c d DEFAULT 7, e d NOT NULL)'),
('domain nested', 'CREATE DOMAIN d AS int NOT NULL; CREATE DOMAIN f AS d CHECK (VALUE > 0); CREATE DOMAIN g AS int CHECK (VALUE > 3); CREATE TABLE t (a int)',
    'INSERT INTO t VALUES (4)',
    'CREATE DOMAIN d AS int NOT NULL; CREATE DOMAIN f AS d CHECK (VALUE > 0);CREATE DOMAIN g AS int CHECK (VALUE > 3); CREATE TABLE t (a int, b f[], c g, h f)'),
('generated, plain with default', 'CREATE TABLE t (a int, e text, n int GENERATED ALWAYS AS (a + 1) STORED)',
    $$INSERT INTO t (a,e) SELECT i, 'v'||i FROM generate_series(1, 50) i$$,
    'CREATE TABLE t (a bigint, e text, n int DEFAULT 4 NOT NULL)'),
('a materialized view that divides', 'CREATE TABLE t (a int)', 'INSERT INTO t VALUES (0)', 'CREATE TABLE t (a int); CREATE VIEW v AS SELECT 10 / a AS x FROM t; CREATE MATERIALIZED VIEW m AS SELECT x FROM v'),
('a materialized view that is filled', 'CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT 10 / a AS x FROM t WITH NO DATA', 'INSERT INTO t VALUES (0)', 'CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT 10 / a AS x FROM t'),
('a materialized view of one row', 'CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1), (2)', 'CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT (SELECT a FROM t) AS x'),
('a materialized view that cannot fail', 'CREATE TABLE t (a int, b text)', 'INSERT INTO t VALUES (0)', 'CREATE TABLE t (a int, b text); CREATE MATERIALIZED VIEW m AS SELECT lower(b) AS b, count(*), sum(a) FROM t JOIN (SELECT a AS x FROM t) y ON x = a WHERE a > 3 AND EXISTS (SELECT FROM t u WHERE u.a = t.a) GROUP BY 1'),
('a default that its domain refuses', 'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)', 'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a int, b d DEFAULT -1)'),
('defaults that their domains take', 'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)', 'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE DOMAIN e AS text CHECK (VALUE <> $$$$); CREATE TABLE t (a int, b d DEFAULT 1, c e DEFAULT $$x$$)'),
('a domain that refuses values, of a key', 'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a int)', 'INSERT INTO t VALUES (-1)', 'CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a d UNIQUE)'),
('types that refuse nothing', 'CREATE TABLE t (a int, b numeric(8,2), c varchar(5), d time, e timestamptz, g money, h bigint)', $$INSERT INTO t VALUES (1, 3.45, 'abc', '10:00', now(), '5', 7)$$, 'CREATE TABLE t (a float8, b numeric(9,1), c char(7), d interval, e time, g numeric, h real)'),
('a domain that refuses its own default', 'CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)', 'CREATE DOMAIN b AS int DEFAULT 0; CREATE DOMAIN d AS b CHECK (VALUE > 0); CREATE TABLE t (a int, b d)'),
('a domain that takes its own default', 'CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)', 'CREATE DOMAIN d AS int DEFAULT 1 CHECK (VALUE > 0); CREATE TABLE t (a int, b d)'),
('a default that gives an error', 'CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)', 'CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION $m$no more$m$; END $f$; CREATE TABLE t (a int, b text DEFAULT f())'),
('a default that may give one', 'CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)', 'CREATE TABLE t (a int, b int DEFAULT (random() * 10)::int)'),
('defaults that give none', 'CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)', 'CREATE TABLE t (a int, b float8 DEFAULT random() * 2, c uuid DEFAULT gen_random_uuid(), d timestamptz DEFAULT clock_timestamp(), e smallserial)'),
('a volatile default that a domain refuses', 'CREATE DOMAIN d AS float8 CHECK (VALUE > 0); CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)', 'CREATE DOMAIN d AS float8 CHECK (VALUE > 0); CREATE TABLE t (a int, b d DEFAULT random() - 2)'),
('a key over what marks fill', 'CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1), (2)', E'CREATE TABLE t (a int, b int NOT NULL UNIQUE CHECK (b > 10), -- migrate:fill a + 10\n c int NOT NULL UNIQUE -- migrate:fill 7\n)'),
('partitions that follow each other', 'CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)', 'INSERT INTO t VALUES (1)', 'CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2)'),
('a default comes, and what only the planner is told', $$CREATE FUNCTION f(a int, b int, c int DEFAULT 3) RETURNS int LANGUAGE sql IMMUTABLE RETURN a + b + c; CREATE TABLE t (a int); CREATE INDEX i ON t (f(a, 2))$$,
    'INSERT INTO t VALUES (1)',
    $$CREATE FUNCTION f(a int, b int DEFAULT 2, c int DEFAULT 3) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 7 RETURN a + b + c; CREATE TABLE t (a int); CREATE INDEX i ON t (f(a, 2))$$),
('a default that calls use', $$CREATE FUNCTION f(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql IMMUTABLE RETURN a + b; CREATE TABLE t (a int); CREATE INDEX i ON t (f(a))$$,
    'INSERT INTO t VALUES (1)',
    $$CREATE FUNCTION f(a int, b int DEFAULT 3) RETURNS int LANGUAGE sql IMMUTABLE RETURN a + b; CREATE TABLE t (a int); CREATE INDEX i ON t (f(a))$$),
('NULLs that a function is called for', $$CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE STRICT RETURN COALESCE(a, 1); CREATE TABLE t (a int); CREATE INDEX i ON t (f(a))$$,
    'INSERT INTO t VALUES (1)',
    $$CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE RETURN COALESCE(a, 1); CREATE TABLE t (a int); CREATE INDEX i ON t (f(a))$$),
('partitions that go with a table that comes again', 'CREATE TABLE t (a int, b int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2) PARTITION BY LIST (b); CREATE TABLE t21 PARTITION OF t2 FOR VALUES IN (1); CREATE TABLE t22 PARTITION OF t2 FOR VALUES IN (2)', 'INSERT INTO t VALUES (1, 1), (2, 1), (2, 2)', 'CREATE TABLE t (a bigint, b int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE t22 (a int, b int)'),
('partitions that go with a table, and one that stays', 'CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2)', 'INSERT INTO t VALUES (1), (2)', 'CREATE TABLE t1 (a int)'),
('a function in a partition key', $$CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a; CREATE TABLE t (a int) PARTITION BY LIST (f(a)); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)$$,
    'INSERT INTO t VALUES (1)',
    $$CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a + 1; CREATE TABLE t (a int) PARTITION BY LIST (f(a)); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)$$),
('a function that hashes partition keys', $$CREATE FUNCTION f(int, int8) RETURNS int8 LANGUAGE sql IMMUTABLE AS 'SELECT $1::int8'; CREATE OPERATOR CLASS o FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 2 f(int, int8); CREATE TABLE t (a int) PARTITION BY HASH (a o)$$,
    'SELECT',
    $$CREATE FUNCTION f(int, int8) RETURNS int8 LANGUAGE sql IMMUTABLE AS 'SELECT $1::int8 + 1'; CREATE OPERATOR CLASS o FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 2 f(int, int8); CREATE TABLE t (a int) PARTITION BY HASH (a o)$$),
('a text search configuration and its dictionary', $$CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION c (COPY = simple); ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR word WITH d; CREATE FUNCTION f(text) RETURNS tsvector LANGUAGE sql IMMUTABLE RETURN to_tsvector('c'::regconfig, $1); CREATE TABLE t (a text, b tsvector GENERATED ALWAYS AS (to_tsvector('c'::regconfig, a)) STORED); CREATE INDEX i ON t USING gin (f(a))$$,
    $$INSERT INTO t VALUES ('The cats')$$,
    $$CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, accept = false); CREATE TEXT SEARCH CONFIGURATION c (COPY = english); ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR word WITH d; CREATE FUNCTION f(text) RETURNS tsvector LANGUAGE sql IMMUTABLE RETURN to_tsvector('c'::regconfig, $1); CREATE TABLE t (a text, b tsvector GENERATED ALWAYS AS (to_tsvector('c'::regconfig, a)) STORED); CREATE INDEX i ON t USING gin (f(a))$$);

-- The script without what rows and sizes add to its comments
CREATE FUNCTION mig_kinds.script(what mig_kinds.changes, filled boolean, OUT upgrade text, OUT names text) LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL client_min_messages = error;
    CREATE SCHEMA app;
    EXECUTE what.before;
    IF filled THEN
        EXECUTE what.rows;
    END IF;
    SELECT s.upgrade INTO upgrade FROM mig_kinds.migrate_autogenerate_sql(what.after, include => '{app}') s;
    upgrade := regexp_replace(upgrade, '^(-- [A-Za-z].*) \((?:-?[0-9]+ rows? now|-?[0-9]+ now|[0-9]+ [kMG]B|[0-9]+ bytes|not checked[^()]*|[^()]*"[^()]*"[^()]*|division by zero|more than one row [^()]*|[^()]* out of range[^()]*)\)$', '\1', 'gn');
    SELECT string_agg(DISTINCT m[1], ', ') INTO names FROM regexp_matches(upgrade, '^-- ([A-Z][A-Z ]+|(?:rewrites|scans) the table|blocks writes|locks also|indexes all partitions|re-creates dependents): ', 'gn') m;
    DROP SCHEMA app CASCADE;
END $$;
-- What comes of it over rows
CREATE FUNCTION mig_kinds.outcome(what mig_kinds.changes, upgrade text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    error text;
BEGIN
    SET LOCAL client_min_messages = error;
    CREATE SCHEMA app;
    EXECUTE what.before;
    EXECUTE what.rows;
    BEGIN
        EXECUTE regexp_replace(upgrade, '^-- @commit$', '', 'gn');
    EXCEPTION WHEN OTHERS THEN
        error := SQLERRM;
    END;
    DROP SCHEMA app CASCADE;
    RETURN CASE WHEN error IS NULL THEN 'runs' WHEN upgrade ~ '-- (MAY FAIL|TO COMPLETE): ' THEN 'fails' ELSE 'FAILS UNSAID: ' || error END;
END $$;

SELECT no, what, empty.names, CASE WHEN empty.upgrade = filled.upgrade THEN outcome(c, empty.upgrade)
    ELSE empty.upgrade || E'\n-- with rows\n' || filled.upgrade END AS outcome
    FROM changes c, LATERAL script(c, false) empty, LATERAL script(c, true) filled ORDER BY no;

---------------------------------------------------------------------------
-- Which tables lose rows when a partitioned one goes: those that go with it
---------------------------------------------------------------------------
SELECT what, line FROM changes c, LATERAL script(c, true) s, LATERAL regexp_split_to_table(s.upgrade, E'\n') line
    WHERE what LIKE 'partitions that go %' AND line ~ '^(-- LOSES DATA|DROP TABLE)' ORDER BY no;

---------------------------------------------------------------------------
-- What is said of rows that are found alone: too long for an index
---------------------------------------------------------------------------
CREATE SCHEMA app;
CREATE TABLE app.t (a text, b varchar(100), c text, d int, e bytea);
INSERT INTO app.t SELECT x, 'b', lpad('c', 5000, 'c'), 1, decode(x, 'hex') FROM (SELECT string_agg(md5(i::text), '') AS x FROM generate_series(1, 400) i) r;
\set model 'CREATE TABLE t (a text, b varchar(100) UNIQUE, c text UNIQUE, d int, e bytea); CREATE INDEX t_a ON t (a); CREATE INDEX t_hash ON t USING hash (a); CREATE UNIQUE INDEX t_db ON t (d, b); CREATE INDEX t_e ON t (d, e) WHERE d > 0; CREATE INDEX t_lower ON t (lower(a)); CREATE INDEX t_left ON t (left(a, 10)); CREATE INDEX t_none ON t (a) WHERE d > 1'
SELECT object, regexp_replace(hazard, '\d+ kB', 'N kB') FROM migrate_diff(:'model', include => '{app}') WHERE hazard ~ 'longer' ORDER BY object COLLATE "C";
TRUNCATE app.t;
SELECT count(*) FROM migrate_diff(:'model', include => '{app}') WHERE hazard ~ 'longer';
DROP SCHEMA app CASCADE;

---------------------------------------------------------------------------
-- What holds without rows is said of the way back, too
---------------------------------------------------------------------------
CREATE SCHEMA app;
CREATE TABLE app.t (a int, b date CHECK (b > '1900-01-01'), c int CHECK (c IS NOT NULL));
SELECT downgrade FROM migrate_autogenerate_sql('CREATE TABLE t (a int)', include => '{app}');
DROP SCHEMA app CASCADE;

---------------------------------------------------------------------------
-- A policy that let rows through opens nothing when it goes
---------------------------------------------------------------------------
CREATE SCHEMA app;
CREATE TABLE app.t (a int);
ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON app.t USING (a > 0);
CREATE POLICY q ON app.t USING (a > 1) WITH CHECK (a > 2);
CREATE POLICY r ON app.t AS RESTRICTIVE USING (a > 0);
SELECT operation, object, hazard FROM migrate_diff('CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY q ON t USING (a > 1)', include => '{app}');
DROP SCHEMA app CASCADE;

DROP EXTENSION pg_migrations;
DROP SCHEMA mig_kinds CASCADE;
