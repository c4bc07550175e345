-- Writes revisions of the database into files, one for each:
--
--     psql -X -v folder=migrations -f psql/save.sql
--     psql -X -v folder=migrations -v range=ae10:head -f psql/save.sql
--
-- Without "folder" it is migrations, without "range" all revisions.  A revision
-- that has a file there keeps its name; new names come from
-- migrate.file_template.  pg-migrate export also leaves files alone that say the
-- same.

\set ON_ERROR_STOP on
\set QUIET on
\if :{?folder}
\else
\set folder migrations
\endif
\if :{?range}
\else
\set range base:heads
\endif
\setenv MIGRATE_FOLDER :folder
SELECT n.nspname AS mig
FROM pg_catalog.pg_extension e
     JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_migrations' \gset
\pset format unaligned
\pset tuples_only on
\o |LC_ALL=C awk 'BEGIN { dir = ENVIRON["MIGRATE_FOLDER"]; list = "cd \"$MIGRATE_FOLDER\" && grep -r --include=\"*.sql\" \"^-- revision:\" ."; while ((list | getline line) > 0) { i = index(line, ":"); id = substr(line, i + 13); gsub(/[ \t\r]/, "", id); name[id] = substr(line, 3, i - 3) } } function finish(    i) { if (n == 0) return; while (lines[n] == "") n--; file = dir "/" ((id in name) ? name[id] : new); for (i = 1; i <= n; i++) print lines[i] > file; close(file); print file; n = 0 } /^-- migrate:file / { finish(); new = substr($0, 17); next } /^-- revision:/ { id = $3 } { lines[++n] = $0 } END { finish() }'
SELECT :"mig".migrate_export(:'range', file_names => true);
\o
