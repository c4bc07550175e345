-- 11. The same in a shell
--
-- pg-migrate has Alembic's commands over these functions, and a folder of files
-- that decides what runs. It and psql see the same.

CREATE DATABASE shop;
\connect shop
CREATE SCHEMA migrate;
CREATE EXTENSION pg_migrations SCHEMA migrate;
SET search_path = public, migrate;
\setenv PGDATABASE shop
\cd `dirname "$(dirname "$(command -v pg-migrate)")"`/shop

-- The model may be classes of SQLAlchemy; here it is DDL.

\! echo 'CREATE TABLE item (id bigint PRIMARY KEY, name text NOT NULL);' > schema.sql
\! pg-migrate init --models schema.sql
\! pg-migrate revision --autogenerate -m "create item"

-- Nothing is stored yet: the file was generated, to be reviewed and committed.

SELECT count(*) FROM migrate_history();
\! pg-migrate plan
\! pg-migrate upgrade
SELECT message, how FROM migrate_current();

-- A column more, there and back, and a check for CI.

\! sed -i 's/NOT NULL/NOT NULL, price numeric/' schema.sql
\! pg-migrate diff
\! pg-migrate revision --autogenerate -m "add item.price"
\! pg-migrate upgrade
\! pg-migrate downgrade -1
SELECT message FROM migrate_pending();
\! pg-migrate upgrade
\! pg-migrate check
\! pg-migrate history -i
