-- 1. A database for a chat application
--
-- The extension goes into a schema of its own; the application's objects
-- stay in public.

CREATE SCHEMA migrate;
CREATE EXTENSION pg_migrations SCHEMA migrate;
ALTER DATABASE chat SET search_path = "$user", public, migrate;
\connect chat

-- The first revision: a message, the way up, the way down. Its id is random
-- unless it is given, as here, to keep the story readable.

SELECT migrate_revision('create conversation',
    rev_id    => '1975ea83b712',
    upgrade   => $$
        CREATE TABLE conversation (
            id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            title      text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        COMMENT ON TABLE conversation IS 'one thread of the chat';
    $$,
    downgrade => $$DROP TABLE conversation;$$);

-- The second one goes on top of it.

SELECT migrate_revision('create message',
    rev_id    => 'ae1027a6acf4',
    upgrade   => $$
        CREATE TABLE message (
            id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            conversation_id bigint NOT NULL REFERENCES conversation,
            author          text NOT NULL,
            body            text,
            sent_at         timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX message_conversation_idx ON message (conversation_id, sent_at);
    $$,
    downgrade => $$DROP TABLE message;$$,
    verify    => $$SELECT conversation_id, author, body FROM message LIMIT 0;$$);

-- Nothing has run so far. What would?

SELECT step, direction, revision, message, statements FROM migrate_plan();
SELECT * FROM migrate_upgrade();

SELECT revision, message, marks FROM migrate_current();
\d message

-- The call that every replica of the application makes when it starts finds
-- nothing to do, takes no lock and writes nothing.

SELECT * FROM migrate_upgrade('head');

INSERT INTO conversation (title) VALUES ('first steps');
INSERT INTO message (conversation_id, author, body)
    VALUES (1, 'ada', 'hello'), (1, 'grace', 'hello, Ada'), (1, 'ada', NULL);
