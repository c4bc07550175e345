-- Stores the revision files of a folder in the database, and applies them if
-- asked:
--
--     psql -X -v folder=migrations -f psql/load.sql
--     psql -X -v folder=migrations -v upgrade=1 -f psql/load.sql
--
-- Without "folder" it is migrations.  All of it is one transaction; what fails
-- leaves nothing behind.  pg-migrate import and upgrade can do more.

\set ON_ERROR_STOP on
\set QUIET on
\if :{?folder}
\else
\set folder migrations
\endif
\setenv MIGRATE_FOLDER :folder
-- \set would take a command that failed for an empty text.
\set files `cd "$MIGRATE_FOLDER" && find . -name '.?*' -prune -o -name '*.sql' -type f -print | LC_ALL=C sort | while IFS= read -r file; do printf '%s %s\n' '-- migrate:file' "${file#./}"; cat "$file"; echo; done`
SELECT :'files' = '' AS nothing \gset
\if :nothing
\warn load.sql: there are no revision files in :folder
SELECT 1 / 0 AS "no revision files";
\endif

BEGIN;
SELECT n.nspname AS mig
FROM pg_catalog.pg_extension e
     JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_migrations' \gset
SELECT :"mig".migrate_import(:'files') AS heads \gset
\if :{?upgrade}
\pset footer off
SELECT step, revision, pg_catalog.left(message, 40) AS message, statements
FROM :"mig".migrate_upgrade(:'heads');
\endif
COMMIT;
\echo heads: :heads
