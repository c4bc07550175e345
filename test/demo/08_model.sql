-- 8. The model
--
-- Instead of scripts one can write down what is wanted. This is the schema as
-- it stands; it can be the model, and the database agrees with it.

\pset format unaligned
\pset tuples_only on
SELECT migrate_schema_sql();
SELECT string_agg(line, E'\n') AS model FROM migrate_schema_sql() AS line \gset
SELECT migrate_check(:'model');

-- From here on it is edited like any source. Conversations get a new field,
-- and the rows that are there need a value in it; authors are called senders;
-- when a message was edited is of no interest any more.

SELECT migrate_set_model($$
    CREATE TABLE data_source (
        id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL UNIQUE,
        kind text NOT NULL CHECK (kind IN ('web', 'database', 'upload'))
    );
    CREATE TABLE conversation (
        id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        title          text NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now(),
        data_source_id bigint REFERENCES data_source,
        new_field      varchar(100) NOT NULL   -- migrate:fill 'none'
    );
    COMMENT ON TABLE conversation IS 'one thread of the chat';
    CREATE TABLE message (
        id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        conversation_id bigint NOT NULL REFERENCES conversation,
        sender          text NOT NULL,         -- migrate:renamed from author
        body            text NOT NULL,
        sent_at         timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX message_conversation_idx ON message (conversation_id, sent_at);
    CREATE INDEX message_sender_idx ON message (sender);
    CREATE TABLE file_storage (
        id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        message_id bigint NOT NULL REFERENCES message ON DELETE CASCADE,
        path       text NOT NULL UNIQUE,
        bytes      bigint NOT NULL
    );
$$);

-- What differs becomes a revision. The next chapter runs it in other schemas
-- as well, so that its names go without one.

SELECT migrate_autogenerate('add new_field to conversation',
    qualify => false, rev_id => '40d7c5be8a19');

-- Both scripts, to be read before they run.

SELECT upgrade_sql FROM migrate_revision WHERE revision = '40d7c5be8a19';
SELECT downgrade_sql FROM migrate_revision WHERE revision = '40d7c5be8a19';
\pset format aligned
\pset tuples_only off

SELECT step, revision, message, statements FROM migrate_upgrade();
SELECT id, title, new_field FROM conversation;
SELECT migrate_check();

-- The way back, and up again.

SELECT step, revision, message, statements FROM migrate_redo();
SELECT id, sender, body FROM message ORDER BY id;

-- Somebody helps the database along by hand. The check in CI, or the
-- monitoring, finds out.

CREATE INDEX message_body_idx ON message (body);
ALTER TABLE conversation ALTER COLUMN title DROP NOT NULL;
SELECT migrate_check(); -- fails
SELECT change, operation, object FROM migrate_diff();

-- Undone.

SELECT upgrade FROM migrate_autogenerate_sql() \gexec
SELECT migrate_check();
SELECT migrate_autogenerate('nothing to do');
