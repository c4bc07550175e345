/*-------------------------------------------------------------------------
 *
 * model/history.c
 *	  What revisions build, in a shadow.
 *
 * The scripts of revisions run in the shadow in which a model is built
 * otherwise, one after the other, as a deploy would run them: each with its
 * settings, its deferred constraints and its cursors, which end with it; what
 * cannot run in a transaction as its transactional twin; labels of enums count
 * as committed by the next revision.  Rows come and go in tables of the shadow
 * alone.  In between the caller may look at what stands, try something in a
 * subtransaction, and let scripts run again, the other way too.
 *
 * A script runs as the caller if the role that stored it could act as the
 * caller anyway.  Where the caller has more, it runs as that role, restricted,
 * so that nothing leads back; what one role's scripts have made runs as no
 * other, see code_trust.c.  So nobody gains a privilege because somebody
 * looks.
 *
 * What would outlast the shadow is refused, and what is about the server is
 * skipped and named, see accept.c.  Whatever cannot be replayed is MG043, with
 * the place in the script.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/history.h"
#include "model/code_trust.h"
#include "model/extension_comment.h"
#include "model/met_schemas.h"
#include "rev/graph.h"
#include "rev/graph_files.h"
#include "rev/graph_source.h"
#include "rev/lookup.h"
#include "rev/plan.h"
#include "rev/range.h"
#include "rev/resolve.h"
#include "run/execute.h"
#include "run/script.h"
#include "run/step.h"
#include "sch/diff.h"
#include "sch/imprint.h"
#include "sch/normal.h"
#include "util/error.h"
#include "util/guc.h"
#include "util/settings.h"
#include "util/sql.h"

#include "access/xlog.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/portal.h"

/* Bytes of a statement, and skipped statements, that a message shows */
#define STATEMENT_SHOWN		500
#define SKIPPED_SHOWN		20

/* A step of those that are applied, and its place in a plan. */
typedef struct AppliedStep
{
	MigStep		step;
	int			number;
} AppliedStep;

static MigHistory *load(MigTables *tables, const MigPlan *plan);
static MigPlan *plan_applied(MigGraph *graph);
static void come_after(MigNode *node, const List *needed);
static int	compare_applied(const void *a, const void *b);
static const char *how_applied(MigTables *tables, const char *revision);
static void run_shadow(MigHistory *history, const List *schemas);
static void enter_shadow(const MigShadow *shadow, void *arg);
static MigScript *parse(const MigReplayed *revision, const char *kind,
						const char *source);
static const char *name_of(MigReplay script);
static const char *source_of(const MigReplayed *revision, MigReplay script);
static void replay(MigHistory *history, const MigReplayed *revision,
				   MigScript *script, int commits_from);
static Oid	role_of(const MigReplayed *revision, bool *is_restricted);
static void end_session(const MigScript *script);
static MigScope scope_of(const MigHistory *history);
static void close_cursor(const char *name);
static const char *dropped_at_commit(const Node *stmt);
static void note_played(MigHistory *history, const MigReplayed *revision);
pg_noreturn static void fail(MigHistory *history,
							 const MigReplayed *revision,
							 const MigScript *script, const ErrorData *error);
static bool is_about_revision(int sqlerrcode);
static const char *hint_for(const MigReplayed *revision,
							const ErrorData *error);

/*
 * The revisions that an identifier stands for, and all that they need, from
 * the first; "base" is none.  Those of files, if there are any, stand beside
 * the stored ones.  In the current memory context.
 */
MigHistory *
mig_history_load(Oid nsp, const char *schema_name, const char *target,
				 const MigIncomingBatch *files)
{
	MigTables	tables;
	MigGraph   *graph;
	List	   *targets = NIL;
	MigHistory *history;

	mig_tables_open(&tables, nsp, schema_name, false);
	graph = mig_files_graph(&tables, files);
	if (strcmp(target, "base") != 0)
		targets = mig_resolve_upgrade(graph, target);
	history = load(&tables, mig_plan_from_empty(graph, targets));
	history->targets = targets;
	mig_tables_close(&tables);
	return history;
}

/*
 * Those of a range, and all that they need.  *to_heads tells whether nothing
 * lies above it.
 */
MigHistory *
mig_history_load_range(Oid nsp, const char *schema_name, const char *range,
					   const MigIncomingBatch *files, bool *to_heads)
{
	MigTables	tables;
	MigGraph   *graph;
	MigRange   *sides;
	List	   *chosen;
	MigHistory *history;
	ListCell   *lc;

	mig_tables_open(&tables, nsp, schema_name, false);
	graph = mig_files_graph(&tables, files);
	mig_graph_load_all(graph);
	sides = mig_range_resolve(graph, range);
	chosen = mig_plan_history(graph, sides);
	history = load(&tables, mig_plan_from_empty(graph, sides->right));
	foreach(lc, history->revisions)
	{
		MigReplayed *revision = lfirst(lc);

		revision->in_range = list_member_ptr(chosen, revision->node);
	}
	*to_heads = list_length(history->revisions) == graph->nnodes;
	mig_tables_close(&tables);
	return history;
}

/* Those applied in a target schema, in the order in which they were. */
MigHistory *
mig_history_load_applied(Oid nsp, const char *schema_name)
{
	MigTables	tables;
	MigHistory *history;

	mig_tables_open(&tables, nsp, schema_name, false);
	history = load(&tables, plan_applied(mig_tables_graph(&tables)));
	mig_tables_close(&tables);
	return history;
}

/* The revisions of a plan, with what is known of each without running it. */
static MigHistory *
load(MigTables *tables, const MigPlan *plan)
{
	MigHistory *history = palloc0(sizeof(MigHistory));

	history->nsp = tables->nsp;
	history->schema_name = tables->schema_name;
	mig_history_scan_begin(&history->built, history->schema_name);
	for (int i = 0; i < plan->nsteps; i++)
	{
		MigReplayed *revision = palloc0(sizeof(MigReplayed));
		bool		is_restricted;

		CHECK_FOR_INTERRUPTS();
		revision->node = plan->steps[i].node;
		revision->stored = revision->node->row.file;
		if (revision->stored == NULL)
			revision->stored = mig_lookup_stored(tables,
												 revision->node->revision);
		if (revision->node->row.applied)
			revision->how = how_applied(tables, revision->node->revision);
		history->revisions = lappend(history->revisions, revision);
		mig_history_scan(&history->built,
						 parse(revision, "upgrade",
							   revision->stored->upgrade_sql));
		if ((OidIsValid(role_of(revision, &is_restricted)) || is_restricted) &&
			!mig_has_name(history->lesser, revision->stored->stored_by))
			history->lesser = lappend(history->lesser,
									  revision->stored->stored_by);
	}
	return history;
}

/*
 * A stamp may be older than that of what it needs, which comes first all the
 * same; of those applied at once the order of a plan holds.
 */
static MigPlan *
plan_applied(MigGraph *graph)
{
	MigPlan    *plan = mig_plan_from_empty(graph, mig_graph_tips(graph));
	AppliedStep *applied = palloc(sizeof(AppliedStep) * (plan->nsteps + 1));
	int			n = 0;

	for (int i = 0; i < plan->nsteps; i++)
	{
		MigNode    *node = plan->steps[i].node;

		if (!node->row.applied)
			continue;
		come_after(node, node->down);
		come_after(node, node->deps);
		applied[n].step = plan->steps[i];
		applied[n].number = n;
		n++;
	}
	qsort(applied, n, sizeof(AppliedStep), compare_applied);
	for (int i = 0; i < n; i++)
		plan->steps[i] = applied[i].step;
	plan->nsteps = n;
	return plan;
}

static void
come_after(MigNode *node, const List *needed)
{
	const ListCell *lc;

	foreach(lc, needed)
	{
		const MigRow *row = &((MigNode *) lfirst(lc))->row;

		if (row->applied && row->applied_at > node->row.applied_at)
			node->row.applied_at = row->applied_at;
	}
}

static int
compare_applied(const void *a, const void *b)
{
	const AppliedStep *first = a;
	const AppliedStep *second = b;
	TimestampTz first_at = first->step.node->row.applied_at;
	TimestampTz second_at = second->step.node->row.applied_at;

	if (first_at != second_at)
		return first_at < second_at ? -1 : 1;
	return first->number - second->number;
}

static const char *
how_applied(MigTables *tables, const char *revision)
{
	List	   *records = mig_lookup_records(tables, revision,
											 tables->schema_name);

	return records == NIL ? NULL : ((MigRecord *) linitial(records))->how;
}

/*
 * Call back while an empty shadow stands, for scripts to be played in it.
 * That may happen again where they have met a live schema, see met_schemas.c.
 *
 * Set aside are the schemas that the revisions use, and those that are given.
 * Whoever owns them may do so; see mig_shadow_run() for locks and errors.
 * Errors of the callback are raised as they are; MG043 if code in a script has
 * created something elsewhere.
 */
void
mig_history_run(MigHistory *history, const List *schemas,
				void (*within) (MigHistory *history, void *arg), void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	bool		again;

	history->within = within;
	history->arg = arg;
	mig_met_schemas_begin(&history->built, history->nsp);
	do
	{
		again = false;
		PG_TRY();
		{
			run_shadow(history, schemas);
		}
		PG_CATCH();
		{
			MemoryContextSwitchTo(context);
			if (!is_about_revision(geterrcode()) ||
				!mig_met_schemas_take(&history->built))
				PG_RE_THROW();
			FlushErrorState();
			again = true;
		}
		PG_END_TRY();
	} while (again);
	history->shadow = NULL;
}

static void
run_shadow(MigHistory *history, const List *schemas)
{
	MigShadowOptions options = {0};
	MigModel   *model;
	const ListCell *lc;

	options.function = history->function;
	options.schemas = list_copy(history->built.schemas);
	foreach(lc, schemas)
	{
		if (!mig_has_name(options.schemas, lfirst(lc)))
			options.schemas = lappend(options.schemas, lfirst(lc));
	}
	options.database = mig_guc_compares("database");
	options.privileges = mig_guc_compares("privileges");
	options.for_scripts = options.for_revisions = true;
	options.defaults = history->built.defaults;
	options.made = history->built.made;
	options.standing = mig_history_standing(history, options.schemas);
	mig_met_schemas_stand(options.standing);
	options.within = enter_shadow;
	options.arg = history;
	model = mig_model_parse("", history->schema_name[0] == '\0' ? NULL :
							history->schema_name,
							get_namespace_name(history->nsp));
	model->objects = history->built.globals;
	mig_shadow_run(model, &options);
}

static void
enter_shadow(const MigShadow *shadow, void *arg)
{
	MigHistory *history = arg;

	history->shadow = shadow;
	history->skipped = history->by_rows = history->comments = NIL;
	history->imprints = mig_imprint_remember();
	history->within(history, history->arg);
	mig_met_schemas_check();
	mig_shadow_check_places(shadow);
}

/*
 * Those of some schemas that stand before the first revision runs, empty.
 * What no revision creates was there before, if it is there; every database
 * has "public".  Where schemas are compared, too, that holds of those that the
 * revisions use.
 */
List *
mig_history_standing(const MigHistory *history, const List *schemas)
{
	List	   *standing = list_make1(pstrdup("public"));
	const ListCell *lc;

	if (mig_guc_compares("database"))
		schemas = history->built.schemas;
	foreach(lc, schemas)
	{
		if (!mig_has_name(history->built.made, lfirst(lc)) &&
			OidIsValid(get_namespace_oid(lfirst(lc), true)))
			standing = lappend(standing, lfirst(lc));
	}
	return standing;
}

/* Run all upgrade scripts; from the callback alone. */
void
mig_history_play_all(MigHistory *history)
{
	const ListCell *lc;

	foreach(lc, history->revisions)
		mig_history_play(history, lfirst(lc), MIG_REPLAY_UPGRADE);
}

/*
 * Run a script of a revision in the shadow; from the callback alone.
 *
 * Raises MG043 if it cannot be replayed.
 */
void
mig_history_play(MigHistory *history, const MigReplayed *revision,
				 MigReplay script)
{
	const char *source = source_of(revision, script);
	MigScript  *parsed;
	MemoryContext context;
	MemoryContext old;

	if (source == NULL)
		return;
	CHECK_FOR_INTERRUPTS();
	context = AllocSetContextCreate(CurrentMemoryContext,
									"pg_migrations step",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	parsed = parse(revision, name_of(script), source);
	/* what is not transactional, a deploy commits statement by statement */
	replay(history, revision, parsed,
		   revision->node->row.transactional ? parsed->nstatements : 0);
	MemoryContextSwitchTo(old);
	note_played(history, revision);
	MemoryContextDelete(context);
}

/* Parse a script; what the server has to say of it was said before. */
static MigScript *
parse(const MigReplayed *revision, const char *kind,
	  const char *source)
{
	MigStep		step = {.node = revision->node};
	int			level = NewGUCNestLevel();
	MigScript  *script;

	mig_settings_set("client_min_messages", "error");
	script = mig_step_parse(&step, kind, source);
	AtEOXact_GUC(true, level);
	return script;
}

static const char *
name_of(MigReplay script)
{
	switch (script)
	{
		case MIG_REPLAY_UPGRADE:
			return "upgrade";
		case MIG_REPLAY_VERIFY:
			return "verify";
		case MIG_REPLAY_DOWNGRADE:
			return "downgrade";
	}
	pg_unreachable();
}

static const char *
source_of(const MigReplayed *revision, MigReplay script)
{
	switch (script)
	{
		case MIG_REPLAY_UPGRADE:
			return revision->stored->upgrade_sql;
		case MIG_REPLAY_VERIFY:
			return revision->stored->verify_sql;
		case MIG_REPLAY_DOWNGRADE:
			return revision->stored->downgrade_sql;
	}
	pg_unreachable();
}

/*
 * Run a script in the shadow as the role that stored it; errors name the
 * revision.
 */
static void
replay(MigHistory *history, const MigReplayed *revision, MigScript *script,
	   int commits_from)
{
	MemoryContext context = CurrentMemoryContext;
	bool		is_restricted;
	Oid			role = role_of(revision, &is_restricted);

	PG_TRY();
	{
		mig_shadow_replay(history->shadow, script, role, is_restricted,
						  commits_from);
		end_session(script);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (!is_about_revision(error->sqlerrcode))
			PG_RE_THROW();
		FlushErrorState();
		fail(history, revision, script, error);
	}
	PG_END_TRY();
}

/*
 * The role that a revision's scripts run as; InvalidOid for the caller.  Then
 * *is_restricted tells whether the session could do more than the scripts may.
 */
static Oid
role_of(const MigReplayed *revision, bool *is_restricted)
{
	const char *name = revision->stored->stored_by;
	Oid			author = get_role_oid(name, true);

	*is_restricted = false;
	if (mig_guc_superuser_runs_any())
		return InvalidOid;
	if (OidIsValid(author) && is_member_of_role(author, GetUserId()))
	{
		*is_restricted = !is_member_of_role(author, GetSessionUserId()) ||
			!is_member_of_role(author, GetAuthenticatedUserId());
		return InvalidOid;
	}
	if (OidIsValid(author) && is_member_of_role(GetUserId(), author))
		return author;
	if (superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("revision \"%s\" was stored by role \"%s\", which does not exist",
						revision->node->revision, name),
				 errdetail("A superuser would run it with all rights."),
				 errhint("SET ROLE to the role that owns the schema, or read the script (SELECT migrate_show(%s)) and set migrate.superuser_runs_any.",
						 quote_literal_cstr(revision->node->revision))));
	*is_restricted = true;
	return InvalidOid;
}

/* What a commit would end: cursors, and tables that live no longer. */
static void
end_session(const MigScript *script)
{
	for (int i = 0; i < script->nstatements; i++)
	{
		const Node *stmt = script->statements[i].raw->stmt;
		const char *table = dropped_at_commit(stmt);
		ObjectAddress object;

		if (IsA(stmt, DeclareCursorStmt))
			close_cursor(((const DeclareCursorStmt *) stmt)->portalname);
		if (table == NULL)
			continue;
		ObjectAddressSet(object, RelationRelationId,
						 RangeVarGetRelid(makeRangeVar(pstrdup("pg_temp"),
													   pstrdup(table), -1),
										  NoLock, true));
		if (OidIsValid(object.objectId))
			performDeletion(&object, DROP_CASCADE, PERFORM_DELETION_INTERNAL);
	}
}

static void
close_cursor(const char *name)
{
	Portal		portal = GetPortalByName(name);

	if (PortalIsValid(portal))
		PortalDrop(portal, false);
}

/* A temporary table that a statement has created, and a commit drops. */
static const char *
dropped_at_commit(const Node *stmt)
{
	if (IsA(stmt, CreateStmt) &&
		((const CreateStmt *) stmt)->oncommit == ONCOMMIT_DROP)
		return ((const CreateStmt *) stmt)->relation->relname;
	if (IsA(stmt, CreateTableAsStmt) &&
		((const CreateTableAsStmt *) stmt)->into->onCommit == ONCOMMIT_DROP)
		return ((const CreateTableAsStmt *) stmt)->into->rel->relname;
	return NULL;
}

/* What the run has left out, and whether it went by rows. */
static void
note_played(MigHistory *history, const MigReplayed *revision)
{
	List	   *comments;
	const ListCell *lc;

	foreach(lc, mig_watch_take_skipped(&comments))
		history->skipped = lappend(history->skipped,
								   psprintf("%s of revision \"%s\"",
											(const char *) lfirst(lc),
											revision->node->revision));
	foreach(lc, comments)
		history->comments = mig_extension_comment_add(history->comments,
													  lfirst(lc));
	if (mig_watch_take_follows_rows())
		history->by_rows = lappend(history->by_rows,
								   revision->node->revision);
}

/*
 * Call a function in a subtransaction, and roll that back; from the callback
 * alone.  What it plays has not happened then.  Returns its error, or NULL, in
 * the current memory context.
 */
ErrorData *
mig_history_try(MigHistory *history, void (*function) (void *arg), void *arg)
{
	List	   *comments = history->comments;
	XLogRecPtr	since = GetXLogInsertRecPtr();
	ErrorData  *error = mig_shadow_try(history->shadow, function, arg);

	mig_imprint_undo(history->imprints, since);
	history->comments = comments;
	return error;
}

/* What stands now in the schemas of the revisions; from the callback alone. */
MigSnapshot *
mig_history_read(const MigHistory *history)
{
	MigScope	scope = scope_of(history);
	MigSnapshot *snapshot = mig_snapshot_read(&scope);

	mig_history_describe(history, snapshot);
	return snapshot;
}

/* Put into what was read what the revisions say of extensions. */
void
mig_history_describe(const MigHistory *history, MigSnapshot *snapshot)
{
	mig_extension_comments_replayed(history->comments, snapshot);
}

/*
 * The imprint of the same, see sch/imprint.c; from the callback alone.  NULL:
 * it cannot be told by one, as owners and privileges cannot.
 */
char *
mig_history_imprint(const MigHistory *history)
{
	MigScope	scope = scope_of(history);
	List	   *names = NIL;
	char	   *imprint;
	const ListCell *lc;

	if (scope.database || scope.privileges || mig_guc_compares("owners"))
		return NULL;
	foreach(lc, scope.namespaces)
		names = lappend(names, get_namespace_name(lfirst_oid(lc)));
	imprint = mig_imprint(history->imprints, scope.namespaces, names);
	return imprint == NULL ? NULL :
		psprintf("%s%s", imprint,
				 mig_extension_comments_text(history->comments));
}

/*
 * Compare what stands now with what stood before; the diff has run then.  From
 * the callback alone.
 */
void
mig_history_compare(const MigHistory *history, MigSnapshot *wanted,
					MigDiff *diff)
{
	MigScope	scope = scope_of(history);

	mig_normal_forget(wanted);
	memset(diff, 0, sizeof(*diff));
	mig_scope_begin_diff(diff, mig_history_read(history), wanted, GetUserId());
	if (history->rules != NULL)
		(void) mig_scope_filter(history->rules, NULL, diff->from, wanted);
	mig_diff_pair(diff);
	mig_normal_equalise(diff, &scope);
	mig_diff_run(diff);
}

/*
 * The schemas that revisions have built, or those of them that are included.
 */
static MigScope
scope_of(const MigHistory *history)
{
	MigScope	scope = {.hidden = history->shadow->hidden};
	const List *include = NIL;
	const ListCell *lc;

	if (history->rules != NULL)
		include = history->rules->include;
	foreach(lc, history->shadow->schemas)
	{
		const MigShadowSchema *schema = lfirst(lc);

		if (OidIsValid(schema->shadow) &&
			(include == NIL || mig_has_name(include, schema->name)))
			scope.namespaces = lappend_oid(scope.namespaces, schema->shadow);
	}
	scope.database = mig_guc_compares("database");
	scope.privileges = mig_guc_compares("privileges");
	scope.only = history->only;
	return scope;
}

/* Say which statements did not run. */
void
mig_history_tell_skipped(const MigHistory *history)
{
	int			n = list_length(history->skipped);

	if (n == 0)
		return;
	ereport(NOTICE,
			(errmsg_plural("%d statement of the revisions is about the server, and was not replayed",
						   "%d statements of the revisions are about the server, and were not replayed",
						   n, n),
			 errdetail_internal("%s.", mig_join_names(history->skipped, ", ",
													  SKIPPED_SHOWN))));
}

/* Raise MG043: a revision could not be replayed. */
static void
fail(MigHistory *history, const MigReplayed *revision,
	 const MigScript *script, const ErrorData *error)
{
	MigPosition position = mig_script_position();
	const char *hint = hint_for(revision, error);
	StringInfoData detail;

	history->sqlerrcode = error->sqlerrcode;
	history->statement = position.statement;
	history->message = error->message;
	initStringInfo(&detail);
	if (position.statement > 0 && position.statement <= script->nstatements)
	{
		const MigStatement *stmt = &script->statements[position.statement - 1];
		const char *source = script->text + stmt->start;

		appendStringInfo(&detail, "Statement %d: %s", position.statement,
						 pnstrdup(source,
								  pg_mbcliplen(source, stmt->length,
											   STATEMENT_SHOWN)));
	}
	if (error->detail != NULL)
		appendStringInfo(&detail, "%s%s", detail.len > 0 ? "\n" : "",
						 error->detail);
	ereport(ERROR,
			(errcode(ERRCODE_MIG_NOT_REPLAYED),
			 errmsg("revision \"%s\" cannot be replayed: %s (%s, line %d)",
					revision->node->revision, error->message, script->kind,
					Max(position.line, 1)),
			 detail.len == 0 ? 0 : errdetail_internal("%s", detail.data),
			 errhint("%s", hint),
			 error->context == NULL ? 0 :
			 errcontext("%s", error->context)));
}

/* Is it an error of a script, and not of the server's state or the client? */
static bool
is_about_revision(int sqlerrcode)
{
	int			category = ERRCODE_TO_CATEGORY(sqlerrcode);

	return category != ERRCODE_OPERATOR_INTERVENTION &&
		category != ERRCODE_INSUFFICIENT_RESOURCES &&
		category != ERRCODE_SYSTEM_ERROR &&
		category != ERRCODE_TO_CATEGORY(ERRCODE_INTERNAL_ERROR) &&
		sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE &&
		sqlerrcode != ERRCODE_T_R_DEADLOCK_DETECTED;
}

/* What the replay of a revision wants, by the error that it met. */
static const char *
hint_for(const MigReplayed *revision, const ErrorData *error)
{
	const char *id = quote_literal_cstr(revision->node->revision);

	if (error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE)
		return psprintf("It runs here with the rights of role \"%s\", which stored it, where the caller has more. SET ROLE to the role that runs the migrations.",
						revision->stored->stored_by);
	if (revision->how != NULL && strcmp(revision->how, "stamped") == 0)
		return psprintf("It was stamped here, and never ran: SELECT migrate_edit(%s, upgrade => ...) gives it the schema that it stands for.",
						id);
	switch (error->sqlerrcode)
	{
		case ERRCODE_UNDEFINED_TABLE:
		case ERRCODE_UNDEFINED_COLUMN:
		case ERRCODE_UNDEFINED_FUNCTION:
		case ERRCODE_UNDEFINED_SCHEMA:
		case ERRCODE_UNDEFINED_OBJECT:
			return "A replay begins with an empty schema, without rows: what was there before the first revision must be made by one. A revision that is stamped, or not applied, may be given its schema with migrate_edit(revision, upgrade => ...).";
		case ERRCODE_DUPLICATE_SCHEMA:
			return "A replay begins without the schemas that the scripts create, as far as they belong to the caller.";
		default:
			return error->hint != NULL ? error->hint :
				"A replay begins with an empty schema, without rows, and is rolled back.";
	}
}
