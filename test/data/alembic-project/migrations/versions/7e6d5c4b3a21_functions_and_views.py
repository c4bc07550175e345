"""functions and views,
with a message of two lines

Revision ID: 7e6d5c4b3a21
Revises: a91c3d4e5f60
Create Date: 2024-02-05 08:00:00.000001

"""
from alembic import op

revision = "7e6d5c4b3a21"
down_revision = "a91c3d4e5f60"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
        	-- a tab, a % and a ; stand in this body
            NEW.note := to_char(100 % 7, '99') || ';' || E'\\t' || NEW.kind;
            RETURN NEW;
        END $$;
        CREATE TRIGGER touch BEFORE INSERT ON "order"
            FOR EACH ROW EXECUTE FUNCTION touch()
    """)
    op.execute("""CREATE VIEW trade AS
        SELECT id, net::numeric AS net, '10:30:00'::time AS at
        FROM "order" WHERE kind = 'trade' -- only these""")
    op.execute("""CREATE FUNCTION double(n integer) RETURNS integer
        BEGIN ATOMIC
            SELECT CASE WHEN n > 0 THEN n * 2 ELSE 0 END;
        END""")


def downgrade():
    op.execute("DROP FUNCTION double; DROP VIEW trade;")
    op.execute('DROP TRIGGER touch ON "order"')
    op.execute("DROP FUNCTION touch()")
