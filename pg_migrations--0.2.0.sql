/* pg_migrations--0.2.0.sql */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION pg_migrations" to load this file. \quit

--
-- The schema.  Who may create functions in it can give them the names of ours
-- and argument types that fit a call better, so that callers run them.  What
-- the owner of the schema and PUBLIC may is looked at, too; the schema public
-- belongs to the owner of the database.
--

DO $$
DECLARE
    schema pg_catalog.text;
    others pg_catalog.text;
BEGIN
    SELECT pg_catalog.quote_ident(n.nspname), pg_catalog.string_agg(DISTINCT
        CASE WHEN r.oid IS NULL THEN 'PUBLIC' ELSE pg_catalog.quote_ident(r.rolname) END
        COLLATE pg_catalog."C", ', ')
    INTO schema, others
    FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
    CROSS JOIN LATERAL (
        SELECT a.grantee
        FROM pg_catalog.aclexplode(COALESCE(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
        WHERE a.privilege_type OPERATOR(pg_catalog.=) 'CREATE'
        UNION SELECT n.nspowner) c
    JOIN pg_catalog.pg_database d ON d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
    CROSS JOIN LATERAL (
        SELECT CASE WHEN pg_catalog.pg_get_userbyid(c.grantee) OPERATOR(pg_catalog.=) 'pg_database_owner'
            THEN d.datdba ELSE c.grantee END AS grantee) g
    LEFT JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) g.grantee
    WHERE e.extname OPERATOR(pg_catalog.=) 'pg_migrations' AND r.rolsuper IS NOT TRUE
    GROUP BY n.nspname;
    IF others IS NOT NULL THEN
        RAISE WARNING 'others may create functions in schema %, where those of pg_migrations are', schema
            USING DETAIL = pg_catalog.format('These are: %s. A function of theirs could take over a call.', others),
                HINT = pg_catalog.format('REVOKE CREATE ON SCHEMA %s FROM %s, or ALTER EXTENSION pg_migrations SET SCHEMA with a schema of its own.', schema, others);
    END IF;
END
$$;

--
-- Tables.  They are written through the functions only; the functions act as
-- the tables' owner while they do so.  Text keys are COLLATE "C", and no
-- table references itself: pg_dump would warn about it at every run.
--

CREATE TABLE migrate_revision
(
    revision        text COLLATE "C" NOT NULL,
    down_revision   text[] COLLATE "C" NOT NULL,
    depends_on      text[] COLLATE "C" NOT NULL,
    branch_labels   text[] COLLATE "C" NOT NULL,
    message         text NOT NULL,
    description     text,
    upgrade_sql     text NOT NULL,
    downgrade_sql   text,
    verify_sql      text,
    transactional   boolean NOT NULL,
    checksum        text COLLATE "C" NOT NULL,
    created_at      timestamptz NOT NULL,
    created_by      text COLLATE "C" NOT NULL,
    stored_by       text COLLATE "C" NOT NULL,
    requires        text[] COLLATE "C" NOT NULL,
    is_head         boolean NOT NULL,
    is_real_head    boolean NOT NULL,
    generation      integer NOT NULL,
    seq             bigint NOT NULL,
    head_count      integer NOT NULL,
    real_head_count integer NOT NULL,
    upgrade_count   integer NOT NULL,
    downgrade_count integer NOT NULL,
    verify_count    integer NOT NULL,
    PRIMARY KEY (revision)
);

-- finds the revision that was stored last
CREATE UNIQUE INDEX migrate_revision_seq_idx ON migrate_revision (seq);
-- finds the latest created_at
CREATE INDEX migrate_revision_created_idx ON migrate_revision (created_at, revision);
-- reads the graph by ranges of generations
CREATE INDEX migrate_revision_generation_idx ON migrate_revision (generation);
-- finds the heads
CREATE INDEX migrate_revision_head_idx ON migrate_revision (seq) WHERE is_head;
-- finds the real heads
CREATE INDEX migrate_revision_real_head_idx ON migrate_revision (seq) WHERE is_real_head;

COMMENT ON TABLE migrate_revision IS
    'revisions: the nodes of the graph, with their scripts';
COMMENT ON COLUMN migrate_revision.revision IS
    'id of the revision';
COMMENT ON COLUMN migrate_revision.down_revision IS
    'parents, in order; empty: a base';
COMMENT ON COLUMN migrate_revision.depends_on IS
    'dependencies as given, ids or branch labels';
COMMENT ON COLUMN migrate_revision.branch_labels IS
    'branch labels given to this revision';
COMMENT ON COLUMN migrate_revision.message IS
    'what the revision does, in one line';
COMMENT ON COLUMN migrate_revision.description IS
    'further lines about the revision';
COMMENT ON COLUMN migrate_revision.upgrade_sql IS
    'script that applies the revision';
COMMENT ON COLUMN migrate_revision.downgrade_sql IS
    'script that undoes the revision; NULL: irreversible, empty: nothing to do';
COMMENT ON COLUMN migrate_revision.verify_sql IS
    'script that runs after the upgrade script and undoes it by raising an error';
COMMENT ON COLUMN migrate_revision.transactional IS
    'whether all statements of the revision can run in a transaction block';
COMMENT ON COLUMN migrate_revision.checksum IS
    'SHA-256 over the tokens of the upgrade script, in hexadecimal';
COMMENT ON COLUMN migrate_revision.created_at IS
    'when the revision was made; breaks ties in the order of a plan';
COMMENT ON COLUMN migrate_revision.created_by IS
    'role that made the revision';
COMMENT ON COLUMN migrate_revision.stored_by IS
    'role that last stored the scripts';
COMMENT ON COLUMN migrate_revision.requires IS
    'derived: ids of the dependencies';
COMMENT ON COLUMN migrate_revision.is_head IS
    'derived: no revision has this one as parent';
COMMENT ON COLUMN migrate_revision.is_real_head IS
    'derived: no revision has this one as parent or dependency';
COMMENT ON COLUMN migrate_revision.generation IS
    'derived: 1 + the largest generation among parents and dependencies';
COMMENT ON COLUMN migrate_revision.seq IS
    'order in which the revisions were stored';
COMMENT ON COLUMN migrate_revision.head_count IS
    'derived: number of heads, true in the row with the largest seq';
COMMENT ON COLUMN migrate_revision.real_head_count IS
    'derived: number of real heads, true in the row with the largest seq';
COMMENT ON COLUMN migrate_revision.upgrade_count IS
    'derived: number of statements in the upgrade script';
COMMENT ON COLUMN migrate_revision.downgrade_count IS
    'derived: number of statements in the downgrade script';
COMMENT ON COLUMN migrate_revision.verify_count IS
    'derived: number of statements in the verify script';

CREATE TABLE migrate_edge
(
    child       text COLLATE "C" NOT NULL,
    kind        "char" NOT NULL,
    position    integer NOT NULL,
    parent      text COLLATE "C" NOT NULL,
    PRIMARY KEY (child, kind, position)
);

-- finds children, dependants and labels
CREATE INDEX migrate_edge_parent_idx ON migrate_edge (parent, kind, child);
-- finds what others depend on
CREATE INDEX migrate_edge_depends_idx ON migrate_edge (parent) WHERE kind = 'd';

COMMENT ON TABLE migrate_edge IS
    'index of the graph, written with the revisions';
COMMENT ON COLUMN migrate_edge.child IS
    'revision that the edge starts from';
COMMENT ON COLUMN migrate_edge.kind IS
    'p: parent, d: dependency, l: branch label';
COMMENT ON COLUMN migrate_edge.position IS
    'place among the edges of the kind, from 1';
COMMENT ON COLUMN migrate_edge.parent IS
    'revision that must be applied before, or the branch label; empty, of kind p: the child is a base';

CREATE TABLE migrate_applied
(
    schema_name text COLLATE "C" NOT NULL,
    revision    text COLLATE "C" NOT NULL,
    tip         boolean NOT NULL,
    late        boolean NOT NULL,
    applied_at  timestamptz NOT NULL,
    applied_by  text COLLATE "C" NOT NULL,
    elapsed     interval,
    checksum    text COLLATE "C",
    tag         text,
    how         text COLLATE "C" NOT NULL,
    PRIMARY KEY (schema_name, revision)
);

-- finds where a revision is applied
CREATE INDEX migrate_applied_revision_idx ON migrate_applied (revision);
-- finds the tips of a target schema
CREATE INDEX migrate_applied_tip_idx ON migrate_applied (schema_name) WHERE tip;
-- finds what waits for a late revision
CREATE INDEX migrate_applied_late_idx ON migrate_applied (schema_name) WHERE late;

COMMENT ON TABLE migrate_applied IS
    'revisions applied, for each target schema';
COMMENT ON COLUMN migrate_applied.schema_name IS
    'target schema; empty: the database as a whole';
COMMENT ON COLUMN migrate_applied.revision IS
    'the applied revision';
COMMENT ON COLUMN migrate_applied.tip IS
    'derived: no other applied revision needs this one';
COMMENT ON COLUMN migrate_applied.late IS
    'derived: a revision that this one needs is not applied';
COMMENT ON COLUMN migrate_applied.applied_at IS
    'when the revision was applied';
COMMENT ON COLUMN migrate_applied.applied_by IS
    'role that applied the revision';
COMMENT ON COLUMN migrate_applied.elapsed IS
    'how long the upgrade took; NULL: stamped';
COMMENT ON COLUMN migrate_applied.checksum IS
    'checksum of the upgrade script that ran; NULL: stamped';
COMMENT ON COLUMN migrate_applied.tag IS
    'free text given to the run';
COMMENT ON COLUMN migrate_applied.how IS
    'ran, stamped or captured';

CREATE TABLE migrate_progress
(
    schema_name text COLLATE "C" NOT NULL,
    revision    text COLLATE "C" NOT NULL,
    direction   text COLLATE "C" NOT NULL,
    statement   integer NOT NULL,
    started_at  timestamptz NOT NULL,
    done        boolean NOT NULL,
    PRIMARY KEY (schema_name, revision, direction, statement)
);

COMMENT ON TABLE migrate_progress IS
    'statements of a non-transactional revision under way';
COMMENT ON COLUMN migrate_progress.schema_name IS
    'target schema; empty: the database as a whole';
COMMENT ON COLUMN migrate_progress.revision IS
    'the revision under way';
COMMENT ON COLUMN migrate_progress.direction IS
    'upgrade or downgrade';
COMMENT ON COLUMN migrate_progress.statement IS
    'number of the statement in its script, from 1';
COMMENT ON COLUMN migrate_progress.started_at IS
    'when the statement was started';
COMMENT ON COLUMN migrate_progress.done IS
    'whether the statement was completed';

CREATE TABLE migrate_log
(
    id               bigserial NOT NULL,
    at               timestamptz NOT NULL,
    schema_name      text COLLATE "C" NOT NULL,
    action           text COLLATE "C" NOT NULL,
    revision         text COLLATE "C",
    outcome          text COLLATE "C" NOT NULL,
    statements       integer,
    elapsed          interval,
    tag              text,
    role_name        text COLLATE "C" NOT NULL,
    session_role     text COLLATE "C" NOT NULL,
    application_name text,
    client_addr      inet,
    sqlstate         text COLLATE "C",
    message          text,
    statement        integer,
    line             integer,
    context          text,
    objects          text[] COLLATE "C",
    PRIMARY KEY (id)
);

COMMENT ON TABLE migrate_log IS
    'what happened, in order; rows are only ever added';
COMMENT ON COLUMN migrate_log.id IS
    'number of the entry';
COMMENT ON COLUMN migrate_log.at IS
    'when it happened';
COMMENT ON COLUMN migrate_log.schema_name IS
    'target schema; empty: the database as a whole';
COMMENT ON COLUMN migrate_log.action IS
    'upgrade, downgrade, stamp, unstamp, revision, merge, edit, remove, import, squash, guard or ddl';
COMMENT ON COLUMN migrate_log.revision IS
    'the revision concerned';
COMMENT ON COLUMN migrate_log.outcome IS
    'done or failed';
COMMENT ON COLUMN migrate_log.statements IS
    'number of statements that ran';
COMMENT ON COLUMN migrate_log.elapsed IS
    'how long it took';
COMMENT ON COLUMN migrate_log.tag IS
    'free text given to the run';
COMMENT ON COLUMN migrate_log.role_name IS
    'role whose rights were used';
COMMENT ON COLUMN migrate_log.session_role IS
    'role that had logged in';
COMMENT ON COLUMN migrate_log.application_name IS
    'application_name of the session';
COMMENT ON COLUMN migrate_log.client_addr IS
    'address of the client; NULL: a local socket';
COMMENT ON COLUMN migrate_log.sqlstate IS
    'of a failure: its SQLSTATE';
COMMENT ON COLUMN migrate_log.message IS
    'of a failure: its message; of an edit, import or squash: what was changed; of guard: what was set; of ddl: the statement';
COMMENT ON COLUMN migrate_log.statement IS
    'of a failure: number of the statement in its script';
COMMENT ON COLUMN migrate_log.line IS
    'of a failure: line of the script';
COMMENT ON COLUMN migrate_log.context IS
    'of a failure: its context; of ddl that the statement did not hold itself: its command tag';
COMMENT ON COLUMN migrate_log.objects IS
    'of ddl: what was created, changed or dropped';

CREATE TABLE migrate_model
(
    branch      text COLLATE "C" NOT NULL,
    ddl         text NOT NULL,
    include     text[],
    exclude     text[],
    updated_at  timestamptz NOT NULL,
    updated_by  text COLLATE "C" NOT NULL,
    PRIMARY KEY (branch)
);

COMMENT ON TABLE migrate_model IS
    'wanted schemas';
COMMENT ON COLUMN migrate_model.branch IS
    'branch label; empty: the default';
COMMENT ON COLUMN migrate_model.ddl IS
    'DDL that builds the wanted schema in an empty database';
COMMENT ON COLUMN migrate_model.include IS
    'managed schemas';
COMMENT ON COLUMN migrate_model.exclude IS
    'patterns of names that are not managed';
COMMENT ON COLUMN migrate_model.updated_at IS
    'when the model was stored';
COMMENT ON COLUMN migrate_model.updated_by IS
    'role that stored the model';

-- not marked for pg_dump: it holds for this database on this server alone
CREATE TABLE migrate_built
(
    branch      text COLLATE "C" NOT NULL,
    key         text NOT NULL,
    snapshot    text NOT NULL,
    PRIMARY KEY (branch)
);

COMMENT ON TABLE migrate_built IS
    'what comes of the stored models, so that they need not be built to be compared';
COMMENT ON COLUMN migrate_built.branch IS
    'that of the model';
COMMENT ON COLUMN migrate_built.key IS
    'what the snapshot depends on';
COMMENT ON COLUMN migrate_built.snapshot IS
    'the schema that the model builds, with a checksum';

CREATE TABLE migrate_guard
(
    mode        text COLLATE "C" NOT NULL,
    schemas     text[],
    exclude     text[] NOT NULL,
    set_at      timestamptz NOT NULL,
    set_by      text COLLATE "C" NOT NULL,
    PRIMARY KEY (mode)
);

COMMENT ON TABLE migrate_guard IS
    'what the guard does, while it is on';
COMMENT ON COLUMN migrate_guard.mode IS
    'log: DDL that no migration made is logged';
COMMENT ON COLUMN migrate_guard.schemas IS
    'schemas that it is about; NULL: all, and what belongs to none';
COMMENT ON COLUMN migrate_guard.exclude IS
    'patterns of names that it passes over';
COMMENT ON COLUMN migrate_guard.set_at IS
    'when it was set';
COMMENT ON COLUMN migrate_guard.set_by IS
    'role that set it';

SELECT pg_catalog.pg_extension_config_dump('migrate_revision', '');
SELECT pg_catalog.pg_extension_config_dump('migrate_edge', '');
SELECT pg_catalog.pg_extension_config_dump('migrate_applied', '');
SELECT pg_catalog.pg_extension_config_dump('migrate_progress', '');
SELECT pg_catalog.pg_extension_config_dump('migrate_log', '');
SELECT pg_catalog.pg_extension_config_dump('migrate_log_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('migrate_model', '');
SELECT pg_catalog.pg_extension_config_dump('migrate_guard', '');

COMMENT ON SEQUENCE migrate_log_id_seq IS 'numbers of the entries of migrate_log';

--
-- Views.
--

CREATE VIEW migrate_version AS
    SELECT schema_name, revision
    FROM migrate_applied
    WHERE tip;

COMMENT ON VIEW migrate_version IS
    'heads of the applied revisions, for each target schema';
COMMENT ON COLUMN migrate_version.schema_name IS
    'target schema; empty: the database as a whole';
COMMENT ON COLUMN migrate_version.revision IS
    'applied revision that no other applied revision needs';

--
-- Functions that store, change and remove revisions.
--

CREATE FUNCTION migrate_revision(
    message text,
    upgrade text DEFAULT '',
    downgrade text DEFAULT NULL,
    verify text DEFAULT NULL,
    head text DEFAULT 'head',
    rev_id text DEFAULT NULL,
    splice boolean DEFAULT false,
    branch_label text DEFAULT NULL,
    depends_on text DEFAULT NULL,
    transactional boolean DEFAULT NULL
)
RETURNS text
AS 'MODULE_PATHNAME', 'migrate_revision'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_revision(text, text, text, text, text, text, boolean, text, text, boolean) IS
    'store a revision and return its id';
REVOKE ALL ON FUNCTION migrate_revision(text, text, text, text, text, text, boolean, text, text, boolean) FROM PUBLIC;

CREATE FUNCTION migrate_merge(
    revisions text DEFAULT 'heads',
    message text DEFAULT NULL,
    branch_label text DEFAULT NULL,
    rev_id text DEFAULT NULL,
    depends_on text DEFAULT NULL
)
RETURNS text
AS 'MODULE_PATHNAME', 'migrate_merge'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_merge(text, text, text, text, text) IS
    'store a revision that joins heads and return its id';
REVOKE ALL ON FUNCTION migrate_merge(text, text, text, text, text) FROM PUBLIC;

CREATE FUNCTION migrate_edit(
    revision text,
    upgrade text DEFAULT NULL,
    downgrade text DEFAULT NULL,
    verify text DEFAULT NULL,
    message text DEFAULT NULL,
    head text DEFAULT NULL,
    transactional boolean DEFAULT NULL,
    irreversible boolean DEFAULT false
)
RETURNS void
AS 'MODULE_PATHNAME', 'migrate_edit'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_edit(text, text, text, text, text, text, boolean, boolean) IS
    'change a stored revision; NULL keeps what is there';
REVOKE ALL ON FUNCTION migrate_edit(text, text, text, text, text, text, boolean, boolean) FROM PUBLIC;

CREATE FUNCTION migrate_remove(revision text)
RETURNS void
AS 'MODULE_PATHNAME', 'migrate_remove'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_remove(text) IS
    'remove a revision that is applied nowhere and has no children';
REVOKE ALL ON FUNCTION migrate_remove(text) FROM PUBLIC;

CREATE FUNCTION migrate_squash(range text, message text)
RETURNS text
AS 'MODULE_PATHNAME', 'migrate_squash'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_squash(text, text) IS
    'replace revisions in a line by the last of them, which takes in their scripts';
REVOKE ALL ON FUNCTION migrate_squash(text, text) FROM PUBLIC;

--
-- Functions for files of revisions.
--

CREATE FUNCTION migrate_import(files text)
RETURNS text
AS 'MODULE_PATHNAME', 'migrate_import'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_import(text) IS
    'store the revisions of files and return their heads';
REVOKE ALL ON FUNCTION migrate_import(text) FROM PUBLIC;

CREATE FUNCTION migrate_export(revision text, file_names boolean DEFAULT false)
RETURNS text
AS 'MODULE_PATHNAME', 'migrate_export'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_export(text, boolean) IS
    'revisions as files, one behind the other';
REVOKE ALL ON FUNCTION migrate_export(text, boolean) FROM PUBLIC;

CREATE FUNCTION migrate_import_directory(path text)
RETURNS TABLE
(
    file text,
    revision text,
    action text
)
AS 'MODULE_PATHNAME', 'migrate_import_directory'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_import_directory(text) IS
    'store the revisions of a directory on the server';
REVOKE ALL ON FUNCTION migrate_import_directory(text) FROM PUBLIC;

CREATE FUNCTION migrate_export_directory(path text, range text DEFAULT 'base:heads')
RETURNS TABLE
(
    file text,
    revision text,
    action text
)
AS 'MODULE_PATHNAME', 'migrate_export_directory'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_export_directory(text, text) IS
    'write revisions into a directory on the server';
REVOKE ALL ON FUNCTION migrate_export_directory(text, text) FROM PUBLIC;

--
-- Functions that change what is applied.
--

CREATE FUNCTION migrate_upgrade(
    target text DEFAULT 'head',
    schema text DEFAULT NULL,
    tag text DEFAULT NULL
)
RETURNS TABLE
(
    step integer,
    revision text,
    message text,
    statements integer,
    elapsed interval
)
AS 'MODULE_PATHNAME', 'migrate_upgrade'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_upgrade(text, text, text) IS
    'apply revisions up to the target, in the caller''s transaction';
REVOKE ALL ON FUNCTION migrate_upgrade(text, text, text) FROM PUBLIC;

CREATE FUNCTION migrate_downgrade(
    target text DEFAULT NULL,
    schema text DEFAULT NULL,
    tag text DEFAULT NULL,
    before_tag text DEFAULT NULL
)
RETURNS TABLE
(
    step integer,
    revision text,
    message text,
    statements integer,
    elapsed interval
)
AS 'MODULE_PATHNAME', 'migrate_downgrade'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_downgrade(text, text, text, text) IS
    'undo revisions down to the target, or all with a tag, in the caller''s transaction';
REVOKE ALL ON FUNCTION migrate_downgrade(text, text, text, text) FROM PUBLIC;

CREATE FUNCTION migrate_redo(target text DEFAULT '-1', schema text DEFAULT NULL)
RETURNS TABLE
(
    step integer,
    revision text,
    message text,
    statements integer,
    elapsed interval
)
AS 'MODULE_PATHNAME', 'migrate_redo'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_redo(text, text) IS
    'undo revisions down to the target and apply them again, in the caller''s transaction';
REVOKE ALL ON FUNCTION migrate_redo(text, text) FROM PUBLIC;

CREATE FUNCTION migrate_stamp(
    target text,
    schema text DEFAULT NULL,
    purge boolean DEFAULT false,
    tag text DEFAULT NULL
)
RETURNS void
AS 'MODULE_PATHNAME', 'migrate_stamp'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_stamp(text, text, boolean, text) IS
    'record revisions as applied without running anything';
REVOKE ALL ON FUNCTION migrate_stamp(text, text, boolean, text) FROM PUBLIC;

CREATE FUNCTION migrate_adopt(
    version_table text DEFAULT 'alembic_version',
    schema text DEFAULT NULL
)
RETURNS text
AS 'MODULE_PATHNAME', 'migrate_adopt'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_adopt(text, text) IS
    'record as applied what another tool''s version table names, and return its heads';
REVOKE ALL ON FUNCTION migrate_adopt(text, text) FROM PUBLIC;

CREATE PROCEDURE migrate_deploy(
    target text DEFAULT 'head',
    schema text DEFAULT NULL,
    tag text DEFAULT NULL,
    wait interval DEFAULT '5 min',
    INOUT applied integer DEFAULT NULL,
    INOUT heads text DEFAULT NULL
)
AS 'MODULE_PATHNAME', 'migrate_deploy'
LANGUAGE C SECURITY INVOKER;

COMMENT ON PROCEDURE migrate_deploy(text, text, text, interval, integer, text) IS
    'apply revisions up to the target, with a commit after each';
REVOKE ALL ON PROCEDURE migrate_deploy(text, text, text, interval, integer, text) FROM PUBLIC;

CREATE PROCEDURE migrate_revert(
    target text DEFAULT NULL,
    schema text DEFAULT NULL,
    tag text DEFAULT NULL,
    wait interval DEFAULT '5 min',
    before_tag text DEFAULT NULL,
    INOUT reverted integer DEFAULT NULL,
    INOUT heads text DEFAULT NULL
)
AS 'MODULE_PATHNAME', 'migrate_revert'
LANGUAGE C SECURITY INVOKER;

COMMENT ON PROCEDURE migrate_revert(text, text, text, interval, text, integer, text) IS
    'undo revisions down to the target, or all with a tag, with a commit after each';
REVOKE ALL ON PROCEDURE migrate_revert(text, text, text, interval, text, integer, text) FROM PUBLIC;

CREATE PROCEDURE migrate_wait(
    revision text,
    schema text DEFAULT NULL,
    wait interval DEFAULT '5 min'
)
AS 'MODULE_PATHNAME', 'migrate_wait'
LANGUAGE C SECURITY INVOKER;

COMMENT ON PROCEDURE migrate_wait(text, text, interval) IS
    'wait until a revision is applied';
GRANT EXECUTE ON PROCEDURE migrate_wait(text, text, interval) TO PUBLIC;

--
-- Functions that look.
--

CREATE FUNCTION migrate_plan(
    target text DEFAULT 'head',
    schema text DEFAULT NULL,
    downgrade boolean DEFAULT false,
    files text DEFAULT NULL
)
RETURNS TABLE
(
    step integer,
    direction text,
    revision text,
    message text,
    transactional boolean,
    statements integer,
    script text,
    hazard text
)
AS 'MODULE_PATHNAME', 'migrate_plan'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_plan(text, text, boolean, text) IS
    'what an upgrade or downgrade to the target would run, with revision files as if they were stored';
GRANT EXECUTE ON FUNCTION migrate_plan(text, text, boolean, text) TO PUBLIC;

CREATE FUNCTION migrate_pending(schema text DEFAULT NULL)
RETURNS TABLE
(
    step integer,
    revision text,
    message text,
    late boolean,
    transactional boolean
)
AS 'MODULE_PATHNAME', 'migrate_pending'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_pending(text) IS
    'revisions that are not applied yet, in the order in which they would run';
GRANT EXECUTE ON FUNCTION migrate_pending(text) TO PUBLIC;

CREATE FUNCTION migrate_sql(
    range text DEFAULT 'base:heads',
    schema text DEFAULT NULL,
    version_table text DEFAULT NULL
)
RETURNS SETOF text
AS 'MODULE_PATHNAME', 'migrate_sql'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_sql(text, text, text) IS
    'a plan as one SQL script, line by line';
REVOKE ALL ON FUNCTION migrate_sql(text, text, text) FROM PUBLIC;

CREATE FUNCTION migrate_require(revision text, schema text DEFAULT NULL)
RETURNS void
AS 'MODULE_PATHNAME', 'migrate_require'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_require(text, text) IS
    'raise an error unless the revision is applied';
GRANT EXECUTE ON FUNCTION migrate_require(text, text) TO PUBLIC;

CREATE FUNCTION migrate_current(schema text DEFAULT NULL)
RETURNS TABLE
(
    revision text,
    message text,
    marks text,
    applied_at timestamptz,
    applied_by text,
    how text,
    tag text
)
AS 'MODULE_PATHNAME', 'migrate_current'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_current(text) IS
    'heads of the applied revisions';
GRANT EXECUTE ON FUNCTION migrate_current(text) TO PUBLIC;

CREATE FUNCTION migrate_heads(resolve_dependencies boolean DEFAULT false)
RETURNS TABLE
(
    revision text,
    message text,
    marks text,
    down_revision text[],
    branch_labels text[],
    created_at timestamptz
)
AS 'MODULE_PATHNAME', 'migrate_heads'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_heads(boolean) IS
    'revisions without children';
GRANT EXECUTE ON FUNCTION migrate_heads(boolean) TO PUBLIC;

CREATE FUNCTION migrate_branches()
RETURNS TABLE
(
    revision text,
    message text,
    children text[],
    branch_labels text[]
)
AS 'MODULE_PATHNAME', 'migrate_branches'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_branches() IS
    'revisions with more than one child';
GRANT EXECUTE ON FUNCTION migrate_branches() TO PUBLIC;

CREATE FUNCTION migrate_history(range text DEFAULT 'base:heads', schema text DEFAULT NULL)
RETURNS TABLE
(
    revision text,
    message text,
    marks text,
    down_revision text[],
    branch_labels text[],
    applied_at timestamptz,
    depends_on text[],
    created_at timestamptz
)
AS 'MODULE_PATHNAME', 'migrate_history'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_history(text, text) IS
    'revisions in a range, newest first';
GRANT EXECUTE ON FUNCTION migrate_history(text, text) TO PUBLIC;

CREATE FUNCTION migrate_show(revision text)
RETURNS SETOF text
AS 'MODULE_PATHNAME', 'migrate_show'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_show(text) IS
    'one revision as text, line by line';
GRANT EXECUTE ON FUNCTION migrate_show(text) TO PUBLIC;

CREATE FUNCTION migrate_graph(format text DEFAULT 'text', schema text DEFAULT NULL)
RETURNS SETOF text
AS 'MODULE_PATHNAME', 'migrate_graph'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_graph(text, text) IS
    'the graph as a picture: text, dot or mermaid';
GRANT EXECUTE ON FUNCTION migrate_graph(text, text) TO PUBLIC;

CREATE FUNCTION migrate_status(schema text DEFAULT NULL)
RETURNS TABLE
(
    heads text,
    pending integer,
    pid integer,
    revision text,
    step integer,
    steps integer,
    statement integer,
    since timestamptz,
    waiting_for text,
    last_action text,
    last_revision text,
    last_outcome text,
    last_at timestamptz,
    last_message text
)
AS 'MODULE_PATHNAME', 'migrate_status'
LANGUAGE C STABLE PARALLEL RESTRICTED SECURITY INVOKER;

COMMENT ON FUNCTION migrate_status(text) IS
    'what is applied and pending, what is running, and how the last run ended';
GRANT EXECUTE ON FUNCTION migrate_status(text) TO PUBLIC;

--
-- Functions: the model.
--

CREATE FUNCTION migrate_set_model(
    ddl text,
    branch text DEFAULT '',
    include text[] DEFAULT NULL,
    exclude text[] DEFAULT NULL
)
RETURNS void
AS 'MODULE_PATHNAME', 'migrate_set_model'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_set_model(text, text, text[], text[]) IS
    'store the wanted schema and its scope';
REVOKE ALL ON FUNCTION migrate_set_model(text, text, text[], text[]) FROM PUBLIC;

CREATE FUNCTION migrate_get_model(
    branch text DEFAULT ''
)
RETURNS text
AS 'MODULE_PATHNAME', 'migrate_get_model'
LANGUAGE C STABLE PARALLEL SAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_get_model(text) IS
    'the wanted schema as it is stored';
REVOKE ALL ON FUNCTION migrate_get_model(text) FROM PUBLIC;

CREATE FUNCTION migrate_diff(
    model text DEFAULT NULL,
    schema text DEFAULT NULL,
    include text[] DEFAULT NULL,
    exclude text[] DEFAULT NULL,
    renames jsonb DEFAULT NULL,
    against text DEFAULT NULL
)
RETURNS TABLE
(
    change integer,
    operation text,
    kind text,
    object text,
    hazard text,
    upgrade text
)
AS 'MODULE_PATHNAME', 'migrate_diff'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_diff(text, text, text[], text[], jsonb, text) IS
    'differences between the database, or what revisions build, and the model, in the order of the script';
REVOKE ALL ON FUNCTION migrate_diff(text, text, text[], text[], jsonb, text) FROM PUBLIC;

CREATE FUNCTION migrate_autogenerate_sql(
    model text DEFAULT NULL,
    schema text DEFAULT NULL,
    include text[] DEFAULT NULL,
    exclude text[] DEFAULT NULL,
    renames jsonb DEFAULT NULL,
    qualify boolean DEFAULT true,
    against text DEFAULT NULL,
    OUT upgrade text,
    OUT downgrade text
)
RETURNS record
AS 'MODULE_PATHNAME', 'migrate_autogenerate_sql'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_autogenerate_sql(text, text, text[], text[], jsonb, boolean, text) IS
    'scripts that lead from the database to the model and back, storing nothing';
REVOKE ALL ON FUNCTION migrate_autogenerate_sql(text, text, text[], text[], jsonb, boolean, text) FROM PUBLIC;

CREATE FUNCTION migrate_autogenerate(
    message text,
    model text DEFAULT NULL,
    schema text DEFAULT NULL,
    include text[] DEFAULT NULL,
    exclude text[] DEFAULT NULL,
    renames jsonb DEFAULT NULL,
    qualify boolean DEFAULT true,
    amend boolean DEFAULT false,
    head text DEFAULT 'head',
    rev_id text DEFAULT NULL,
    branch_label text DEFAULT NULL,
    depends_on text DEFAULT NULL,
    against text DEFAULT NULL
)
RETURNS text
AS 'MODULE_PATHNAME', 'migrate_autogenerate'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_autogenerate(text, text, text, text[], text[], jsonb, boolean, boolean, text, text, text, text, text) IS
    'store the differences between database and model as a revision and return its id';
REVOKE ALL ON FUNCTION migrate_autogenerate(text, text, text, text[], text[], jsonb, boolean, boolean, text, text, text, text, text) FROM PUBLIC;

CREATE FUNCTION migrate_check(
    model text DEFAULT NULL,
    schema text DEFAULT NULL,
    include text[] DEFAULT NULL,
    exclude text[] DEFAULT NULL,
    against text DEFAULT NULL
)
RETURNS void
AS 'MODULE_PATHNAME', 'migrate_check'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_check(text, text, text[], text[], text) IS
    'raise an error unless the database, or what revisions build, and the model agree';
REVOKE ALL ON FUNCTION migrate_check(text, text, text[], text[], text) FROM PUBLIC;

CREATE FUNCTION migrate_prove(revision text)
RETURNS TABLE
(
    direction text,
    result text,
    statement integer,
    object text,
    detail text
)
AS 'MODULE_PATHNAME', 'migrate_prove'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_prove(text) IS
    'what comes of the scripts of a revision where they are tried';
REVOKE ALL ON FUNCTION migrate_prove(text) FROM PUBLIC;

CREATE FUNCTION migrate_drift(
    schema text DEFAULT NULL,
    include text[] DEFAULT NULL,
    exclude text[] DEFAULT NULL,
    strict boolean DEFAULT false,
    renames jsonb DEFAULT NULL
)
RETURNS TABLE
(
    operation text,
    kind text,
    object text,
    seen_at timestamptz,
    seen_by text,
    hazard text,
    undo text
)
AS 'MODULE_PATHNAME', 'migrate_drift'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_drift(text, text[], text[], boolean, jsonb) IS
    'what was changed by hand: the database against what the revisions applied there build';
REVOKE ALL ON FUNCTION migrate_drift(text, text[], text[], boolean, jsonb) FROM PUBLIC;

CREATE FUNCTION migrate_capture(
    message text,
    schema text DEFAULT NULL,
    include text[] DEFAULT NULL,
    exclude text[] DEFAULT NULL,
    head text DEFAULT 'head',
    rev_id text DEFAULT NULL,
    branch_label text DEFAULT NULL,
    depends_on text DEFAULT NULL,
    renames jsonb DEFAULT NULL
)
RETURNS text
AS 'MODULE_PATHNAME', 'migrate_capture'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_capture(text, text, text[], text[], text, text, text, text, jsonb) IS
    'store what was changed by hand as a revision, record it as applied and return its id';
REVOKE ALL ON FUNCTION migrate_capture(text, text, text[], text[], text, text, text, text, jsonb) FROM PUBLIC;

CREATE FUNCTION migrate_schema_sql(
    include text[] DEFAULT NULL,
    exclude text[] DEFAULT NULL
)
RETURNS SETOF text
AS 'MODULE_PATHNAME', 'migrate_schema_sql'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_schema_sql(text[], text[]) IS
    'schema of the database as a model, line by line';
REVOKE ALL ON FUNCTION migrate_schema_sql(text[], text[]) FROM PUBLIC;

CREATE FUNCTION migrate_baseline(
    message text DEFAULT 'baseline',
    include text[] DEFAULT NULL,
    exclude text[] DEFAULT NULL,
    rev_id text DEFAULT NULL
)
RETURNS text
AS 'MODULE_PATHNAME', 'migrate_baseline'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_baseline(text, text[], text[], text) IS
    'store the schema of the database as the first revision, recorded as applied';
REVOKE ALL ON FUNCTION migrate_baseline(text, text[], text[], text) FROM PUBLIC;

CREATE FUNCTION migrate_test(
    range text DEFAULT 'base:heads',
    schema text DEFAULT NULL,
    include text[] DEFAULT NULL,
    exclude text[] DEFAULT NULL,
    strict boolean DEFAULT false,
    files text DEFAULT NULL
)
RETURNS TABLE
(
    test text,
    revision text,
    result text,
    detail text
)
AS 'MODULE_PATHNAME', 'migrate_test'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_test(text, text, text[], text[], boolean, text) IS
    'try revisions up, down and up again, and whether they build the model, with revision files as if they were stored';
REVOKE ALL ON FUNCTION migrate_test(text, text, text[], text[], boolean, text) FROM PUBLIC;

--
-- Functions: the guard.
--

CREATE FUNCTION migrate_guard(
    mode text,
    schemas text[] DEFAULT NULL
)
RETURNS void
AS 'MODULE_PATHNAME', 'migrate_guard'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_guard(text, text[]) IS
    'log DDL that no migration makes, or cease to';
REVOKE ALL ON FUNCTION migrate_guard(text, text[]) FROM PUBLIC;

CREATE FUNCTION migrate_guard_event()
RETURNS event_trigger
AS 'MODULE_PATHNAME', 'migrate_guard_event'
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY INVOKER;

COMMENT ON FUNCTION migrate_guard_event() IS
    'what the event triggers of migrate_guard call';
REVOKE ALL ON FUNCTION migrate_guard_event() FROM PUBLIC;

--
-- Privileges.  Everybody may read the graph and what is applied; scripts, the
-- model and the log need a grant, since they may hold secrets.
--

REVOKE ALL ON migrate_revision, migrate_edge, migrate_applied, migrate_progress,
    migrate_log, migrate_model, migrate_built, migrate_guard, migrate_version FROM PUBLIC;
GRANT SELECT (revision, down_revision, depends_on, branch_labels, message,
    description, transactional, checksum, created_at, created_by, stored_by,
    requires, is_head, is_real_head, generation, seq, head_count,
    real_head_count, upgrade_count, downgrade_count, verify_count) ON migrate_revision TO PUBLIC;
GRANT SELECT ON migrate_edge, migrate_version TO PUBLIC;
GRANT SELECT (schema_name, revision, tip, late, applied_at, applied_by,
    elapsed, checksum, tag, how) ON migrate_applied TO PUBLIC;
