-- 7. Files
--
-- Revisions belong in git as well, where they are reviewed. This is the newest
-- one as a file.

\pset format unaligned
\pset tuples_only on
SELECT migrate_export('head');
\pset format aligned
\pset tuples_only off

-- An application has its files in its image, and hands them over when it
-- starts, in one text and in any order. Here are all of them, and a new one.

SELECT migrate_export('base:heads') || E'\n' ||
$$-- revision: 70be1f6c92d5
-- down_revision: $$ || revision || $$
-- message: messages may be pinned
-- created: 2026-11-20 09:30:00+00

-- migrate:upgrade
ALTER TABLE message ADD COLUMN pinned boolean NOT NULL DEFAULT false;

-- migrate:downgrade
ALTER TABLE message DROP COLUMN pinned;
$$ AS files FROM migrate_heads() \gset
BEGIN;
SELECT step, revision, message, statements FROM migrate_upgrade(migrate_import(:'files'));

-- The next replica brings the same files. They are stored as they are: no
-- lock, nothing written.

SELECT step, revision, message, statements FROM migrate_upgrade(migrate_import(:'files'));

-- What has run can no longer change. Somebody wants the column to be smaller.

SELECT migrate_import(replace(:'files', 'pinned boolean', 'pinned smallint')); -- fails
ROLLBACK;
