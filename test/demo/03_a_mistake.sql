-- 3. A mistake
--
-- A message must have a body, says Grace. One of Ada's has none.

SELECT migrate_revision('message needs a body',
    rev_id    => '5e6fa91b3c08',
    upgrade   => $$
        ALTER TABLE message ADD COLUMN edited_at timestamptz;
        CREATE INDEX message_edited_idx ON message (edited_at) WHERE edited_at IS NOT NULL;
        ALTER TABLE message
            ALTER COLUMN body SET NOT NULL;
    $$,
    downgrade => $$
        ALTER TABLE message ALTER COLUMN body DROP NOT NULL;
        ALTER TABLE message DROP COLUMN edited_at;
    $$);

-- The error is the script's own, with the place where it happened.

SELECT * FROM migrate_upgrade(); -- fails

-- All of it or nothing: neither the column nor the index remains.

SELECT revision, message, marks FROM migrate_current();
SELECT count(*) AS edited_at FROM pg_attribute
    WHERE attrelid = 'message'::regclass AND attname = 'edited_at';

-- A revision that is applied nowhere may be edited. A typing error does not
-- even get that far.

SELECT migrate_edit('5e6fa91b3c08', upgrade => $$
        ALTER TABLE message ADD COLUMN edited_at timestamptz;
        CREATE INDEX ON message (edited_at WHERE edited_at IS NOT NULL;
    $$); -- fails

SELECT migrate_edit('5e6fa91b3c08', upgrade => $$
        ALTER TABLE message ADD COLUMN edited_at timestamptz;
        CREATE INDEX message_edited_idx ON message (edited_at) WHERE edited_at IS NOT NULL;
        UPDATE message SET body = '' WHERE body IS NULL;
        ALTER TABLE message ALTER COLUMN body SET NOT NULL;
    $$);
SELECT * FROM migrate_upgrade();

-- Now that it is applied, its upgrade script is history and stays as it is.

SELECT migrate_edit('5e6fa91b3c08', upgrade => 'SELECT 1'); -- fails
