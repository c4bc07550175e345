-- 2. Two developers
--
-- Ada adds data sources. Grace, who has not seen that yet, adds a storage
-- for files to the same revision: the history forks.

SELECT migrate_revision('create data_source',
    rev_id       => '3d1f0c2b9a77',
    branch_label => 'sources',
    upgrade      => $$
        CREATE TABLE data_source (
            id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL UNIQUE,
            kind text NOT NULL CHECK (kind IN ('web', 'database', 'upload'))
        );
        ALTER TABLE conversation ADD COLUMN data_source_id bigint REFERENCES data_source;
    $$,
    downgrade    => $$
        ALTER TABLE conversation DROP COLUMN data_source_id;
        DROP TABLE data_source;
    $$);

SELECT migrate_revision('create file_storage',
    rev_id       => '8c44e1f05d21',
    head         => 'ae1027a6acf4',
    splice       => true,
    branch_label => 'files',
    upgrade      => $$
        CREATE TABLE file_storage (
            id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            message_id bigint NOT NULL REFERENCES message ON DELETE CASCADE,
            path       text NOT NULL UNIQUE,
            bytes      bigint NOT NULL
        );
    $$,
    downgrade    => $$DROP TABLE file_storage;$$);

SELECT revision, message, marks, branch_labels FROM migrate_heads();

-- Which of the two is "head"?

SELECT * FROM migrate_upgrade('head'); -- fails

-- Each branch could be applied alone, or both with "heads". A merge makes
-- one history of them again.

SELECT * FROM migrate_upgrade('files@head');
SELECT migrate_merge('sources, files',
    message => 'merge sources and files', rev_id => 'b02c7714d9e0');
SELECT * FROM migrate_graph();

SELECT step, direction, revision, message, statements FROM migrate_plan();
SELECT * FROM migrate_upgrade();
