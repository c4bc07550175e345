/*-------------------------------------------------------------------------
 *
 * run/pipeline.c
 *	  Load, resolve, plan, check, run, record: the way of every run.
 *
 * A run plans first without any lock.  Mostly there is nothing to do, and
 * that is the end of it: some index look-ups, no lock beyond AccessShare on
 * our tables, nothing written; so it works in a read-only transaction and on
 * a standby too.  Otherwise it takes the locks and plans again, since others
 * may have worked meanwhile: of fifty callers one works, and the others wait
 * and then find nothing to do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph_source.h"
#include "rev/plan.h"
#include "rev/stale_snapshot.h"
#include "rev/trust.h"
#include "run/atomic.h"
#include "run/lock.h"
#include "run/pipeline.h"
#include "run/script_check.h"
#include "util/error.h"
#include "util/guc.h"
#include "util/spi.h"
#include "util/sql.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

static MigPlan *plan_upgrade(MigGraph *graph, List *targets);
static MigPlan *plan_tagged(MigTables *tables, MigGraph *graph,
							const char *tag);
static MigPlan *plan_if_maybe_empty(MigTables *tables, MigGraph *graph,
									const MigRequest *request);
static bool is_quietly_done(MigTables *tables, const MigRequest *request);
static void refuse_unknown_tag(const MigRequest *request);
static void tell_nothing_done(MigGraph *graph, const MigPlan *plan,
							  const MigRequest *request);
static void take_locks(const MigRequest *request, const char *waiter);
static char *committing_call(const MigRequest *request);
static void check_reversible(const MigPlan *plan);
static void check_transactional(MigTables *tables, const MigPlan *plan,
								const MigRequest *request);
static bool waits_for_labels(MigTables *tables, const MigStep *step);
static void check_authors(const MigPlan *plan);
static void tell_stamped(const List *before, const MigStampPlan *plan,
						 const char *schema_name);

/*
 * The name of a target schema: '' for the database as a whole, which NULL
 * means too.  3F000 if there is no such schema, unless missing_ok.
 */
const char *
mig_target_schema(const char *schema, bool missing_ok)
{
	if (schema == NULL || schema[0] == '\0')
		return "";
	if (!missing_ok && !OidIsValid(get_namespace_oid(schema, true)))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("schema \"%s\" does not exist", schema),
				 errhint("Create it first; migrate_stamp('base', schema => ...) clears what is recorded for a schema that was dropped.")));
	return schema;
}

/*
 * Keep a target schema from being dropped or renamed to the end of the
 * transaction; 3F000 if it is gone.
 */
void
mig_lock_target_schema(const char *schema_name)
{
	Oid			nsp;

	if (schema_name[0] == '\0')
		return;
	for (;;)
	{
		nsp = get_namespace_oid(schema_name, true);
		if (!OidIsValid(nsp))
			(void) mig_target_schema(schema_name, false);
		LockDatabaseObject(NamespaceRelationId, nsp, 0, AccessShareLock);
		if (get_namespace_oid(schema_name, true) == nsp)
			return;
		UnlockDatabaseObject(NamespaceRelationId, nsp, 0, AccessShareLock);
	}
}

/* May the caller see scripts?  They may hold secrets. */
bool
mig_may_read_scripts(Oid nsp)
{
	Oid			relid = get_relname_relid("migrate_revision", nsp);
	AttrNumber	column = get_attnum(relid, "upgrade_sql");

	return pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK ||
		pg_attribute_aclcheck(relid, column, GetUserId(),
							  ACL_SELECT) == ACLCHECK_OK;
}

/* On whose behalf something is done. */
MigOccasion
mig_occasion(const char *schema_name, const char *tag)
{
	MigOccasion occasion;

	occasion.schema_name = schema_name;
	occasion.tag = tag;
	occasion.role = GetUserNameFromId(GetUserId(), false);
	occasion.session_role = GetUserNameFromId(GetSessionUserId(), false);
	return occasion;
}

/* The steps to a target; the graph knows the target schema. */
MigPlan *
mig_pipeline_plan(MigGraph *graph, MigDirection direction, const char *target)
{
	if (direction == MIG_UPGRADE)
		return plan_upgrade(graph, mig_resolve_upgrade(graph, target));
	return mig_plan_downgrade(graph, mig_resolve_downgrade(graph, target));
}

/* The steps of a request. */
MigPlan *
mig_pipeline_steps(MigTables *tables, const MigRequest *request)
{
	MigGraph   *graph = mig_tables_graph(tables);

	if (request->before_tag != NULL)
		return plan_tagged(tables, graph, request->before_tag);
	return mig_pipeline_plan(graph, request->direction, request->target);
}

static MigPlan *
plan_tagged(MigTables *tables, MigGraph *graph, const char *tag)
{
	List	   *revisions = mig_lookup_tagged(tables, tag);

	return mig_plan_before_tag(graph, mig_graph_nodes(graph, revisions), tag);
}

/* The tag of a request as an argument of calls in hints; '' without one. */
const char *
mig_pipeline_before(const MigRequest *request)
{
	if (request->before_tag == NULL)
		return "";
	return psprintf("before_tag => %s",
					quote_literal_cstr(request->before_tag));
}

static MigPlan *
plan_upgrade(MigGraph *graph, List *targets)
{
	MigPlan    *plan = mig_plan_upgrade(graph, targets);

	plan->targets = targets;
	return plan;
}

/* The same; NULL where a look at its end shows that it is not empty. */
static MigPlan *
plan_if_maybe_empty(MigTables *tables, MigGraph *graph,
					const MigRequest *request)
{
	MigDowngradeTarget *target;
	List	   *targets;
	ListCell   *lc;

	if (request->before_tag != NULL)
	{
		if (mig_lookup_tagged(tables, request->before_tag) != NIL)
			return NULL;
		refuse_unknown_tag(request);
		return plan_tagged(tables, graph, request->before_tag);
	}
	if (request->direction == MIG_DOWNGRADE)
	{
		target = mig_resolve_downgrade(graph, request->target);
		return mig_plan_undoes(graph, target) ? NULL :
			mig_plan_downgrade(graph, target);
	}
	targets = mig_resolve_upgrade(graph, request->target);
	foreach(lc, targets)
	{
		if (!((MigNode *) lfirst(lc))->row.applied)
			return NULL;
	}
	return plan_upgrade(graph, targets);
}

/*
 * Run what a request asks for; the outcomes of all steps, in the current
 * memory context.
 */
MigResult
mig_pipeline_run(const MigRequest *request)
{
	MigResult	result = {0, NULL};
	MigTables	tables;
	MigPlan    *plan;
	MigRun		run = {.nsp = request->nsp};

	mig_refuse_in_run(request->function);
	if (mig_pipeline_is_done(request))
		return result;
	take_locks(request, request->redo ? NULL : committing_call(request));
	mig_tables_open(&tables, request->nsp, request->schema_name, false);
	plan = mig_pipeline_steps(&tables, request);
	mig_pipeline_check(&tables, plan, request);
	run.occasion = mig_occasion(request->schema_name, request->tag);
	run.target = request->target;
	run.before = mig_pipeline_before(request);
	run.options.schema_name = request->schema_name;
	run.options.lock_timeout = mig_guc_lock_timeout(-1);
	run.total = plan->nsteps * (request->redo ? 2 : 1);
	result.n = plan->nsteps;
	result.outcomes = mig_atomic_run(&run, &tables, plan);
	if (request->redo && plan->nsteps > 0)
	{
		MigPlan    *again = mig_plan_reverse(plan, MIG_UPGRADE);
		MigOutcome *more;

		run.target = plan->steps[0].node->revision;
		more = mig_atomic_run(&run, &tables, again);
		result.outcomes = repalloc(result.outcomes,
								   sizeof(MigOutcome) * 2 * result.n);
		memcpy(result.outcomes + result.n, more,
			   sizeof(MigOutcome) * result.n);
		result.n *= 2;
	}
	mig_tables_close(&tables);
	return result;
}

/*
 * Is there nothing to do?  Says so.
 */
bool
mig_pipeline_is_done(const MigRequest *request)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "pg_migrations plan",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	MigTables	tables;
	MigGraph   *graph;
	MigPlan    *plan;
	bool		done;

	mig_tables_open(&tables, request->nsp, request->schema_name, false);
	done = is_quietly_done(&tables, request);
	if (!done)
	{
		graph = mig_tables_graph(&tables);
		plan = plan_if_maybe_empty(&tables, graph, request);
		done = plan != NULL && plan->nsteps == 0;
		if (done)
			tell_nothing_done(graph, plan, request);
	}
	mig_tables_close(&tables);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return done;
}

/*
 * What is asked most, where nobody hears the answer's words: it takes half of
 * what a graph does.
 */
static bool
is_quietly_done(MigTables *tables, const MigRequest *request)
{
	return request->direction == MIG_UPGRADE &&
		(strcmp(request->target, "head") == 0 ||
		 strcmp(request->target, "heads") == 0) &&
		!message_level_is_interesting(NOTICE) &&
		mig_lookup_is_at_head(tables);
}

/*
 * Why there is nothing to do.  An upgrade never goes down, and a downgrade
 * never up.
 */
static void
tell_nothing_done(MigGraph *graph, const MigPlan *plan,
				  const MigRequest *request)
{
	const char *names;
	ListCell   *lc;

	if (!message_level_is_interesting(NOTICE))
		return;
	if (request->before_tag != NULL)
	{
		ereport(NOTICE,
				(errmsg("nothing to undo: nothing is applied with tag \"%s\"",
						request->before_tag)));
		return;
	}
	if (request->direction == MIG_DOWNGRADE)
	{
		ereport(NOTICE,
				(errmsg("nothing to undo: no applied revision is above \"%s\"",
						request->target)));
		return;
	}
	if (plan->targets == NIL)
	{
		ereport(NOTICE,
				(errmsg("nothing to apply: \"%s\" stands for no revision",
						request->target)));
		return;
	}
	foreach(lc, plan->targets)
	{
		if (!((MigNode *) lfirst(lc))->row.tip)
			continue;
		names = mig_node_names(plan->targets, 20);
		ereport(NOTICE,
				(strcmp(names, request->target) == 0 ?
				 errmsg("nothing to apply: already at \"%s\"", names) :
				 errmsg("nothing to apply: already at \"%s\" (%s)",
						request->target, names)));
		return;
	}
	ereport(NOTICE,
			(errmsg("nothing to apply: the database is beyond \"%s\"",
					request->target),
			 errdetail("Current: %s.",
					   mig_node_names(mig_graph_tips(graph), 20)),
			 errhint("%s goes down to it.",
					 mig_call_text(request->own_transactions ?
								   "CALL migrate_revert" :
								   "SELECT * FROM migrate_downgrade",
								   request->target,
								   request->schema_name))));
}

/* A tag that nothing was ever applied with is a typing error. */
static void
refuse_unknown_tag(const MigRequest *request)
{
	MigParam	params[2];
	MigSpi		spi;
	List	   *logged = NIL;

	params[0] = mig_text_param(request->schema_name);
	params[1] = mig_text_param(request->before_tag);
	mig_spi_begin(&spi, request->nsp, true);
	mig_spi_each(&spi,
				 "SELECT action FROM @migrate_log"
				 " WHERE schema_name = $1 AND tag = $2 LIMIT 1",
				 lengthof(params), params, mig_spi_add_text, &logged);
	mig_spi_end(&spi);
	if (logged == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("nothing was ever applied with tag \"%s\"",
						request->before_tag),
				 errhint("SELECT revision, tag FROM migrate_applied shows the tags.")));
}

/*
 * The graph lock and the run lock, to the end of the transaction; waiter is a
 * call that would wait for a deploy, or NULL.
 */
static void
take_locks(const MigRequest *request, const char *waiter)
{
	PreventCommandIfReadOnly(psprintf("%s()", request->function));
	PreventCommandIfParallelMode(psprintf("%s()", request->function));
	PreventCommandDuringRecovery(psprintf("%s()", request->function));
	mig_lock_graph(AccessShareLock);
	mig_lock_run(request->schema_name, waiter);
	if (request->needs_schema)
		mig_lock_target_schema(request->schema_name);
	mig_refuse_stale(request->nsp, request->schema_name);
}

/* The call of the procedure that does the same and commits by itself. */
static char *
committing_call(const MigRequest *request)
{
	return mig_call_with(request->direction == MIG_UPGRADE ?
						 "migrate_deploy" : "migrate_revert",
						 request->target, request->schema_name,
						 mig_pipeline_before(request));
}

/*
 * The call that carries out the steps to a target, for hints: in the caller's
 * transaction where that is possible.
 */
char *
mig_pipeline_call(const MigPlan *plan, const char *target,
				  const char *schema_name)
{
	bool		up = plan->direction == MIG_UPGRADE;

	for (int i = 0; i < plan->nsteps; i++)
	{
		if (!plan->steps[i].node->row.transactional)
			return mig_call_text(up ? "CALL migrate_deploy" :
								 "CALL migrate_revert", target, schema_name);
	}
	return mig_call_text(up ? "SELECT * FROM migrate_upgrade" :
						 "SELECT * FROM migrate_downgrade", target,
						 schema_name);
}

/*
 * Raise 40001 if others have changed the graph, or what is applied in a
 * target schema, and this transaction cannot see it.
 */
void
mig_refuse_stale(Oid nsp, const char *schema_name)
{
	if (IsolationUsesXactSnapshot() && mig_stale_snapshot(nsp, schema_name))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access: another migration has run since this transaction began"),
				 errhint("Try the transaction again, or use READ COMMITTED.")));
}

/* Everything that can be refused before anything runs. */
void
mig_pipeline_check(MigTables *tables, const MigPlan *plan,
				   const MigRequest *request)
{
	if (plan->direction == MIG_DOWNGRADE)
		check_reversible(plan);
	if (!request->own_transactions)
		check_transactional(tables, plan, request);
	if (superuser() && !mig_guc_superuser_runs_any())
		check_authors(plan);
}

/* Before anything runs: a downgrade that stops half-way is worse than none. */
static void
check_reversible(const MigPlan *plan)
{
	List	   *blocking = NIL;
	MigNode    *first;

	for (int i = 0; i < plan->nsteps; i++)
	{
		if (plan->steps[i].node->row.irreversible)
			blocking = lappend(blocking, plan->steps[i].node);
	}
	if (blocking == NIL)
		return;
	first = linitial(blocking);
	ereport(ERROR,
			(errcode(ERRCODE_MIG_IRREVERSIBLE),
			 errmsg_plural("cannot downgrade: %d revision in the way is irreversible",
						   "cannot downgrade: %d revisions in the way are irreversible",
						   list_length(blocking), list_length(blocking)),
			 errdetail("Without a downgrade script: %s.",
					   mig_node_names(blocking, 20)),
			 errhint("SELECT migrate_edit(%s, downgrade => ...) gives it one.",
					 quote_literal_cstr(first->revision))));
}

/* Before anything runs, and with the CALL that can do it. */
static void
check_transactional(MigTables *tables, const MigPlan *plan,
					const MigRequest *request)
{
	for (int i = 0; i < plan->nsteps; i++)
	{
		const MigNode *node = plan->steps[i].node;

		if (!node->row.transactional &&
			!waits_for_labels(tables, &plan->steps[i]))
			ereport(ERROR,
					(errcode(ERRCODE_MIG_NOT_TRANSACTIONAL),
					 errmsg("revision \"%s\" has statements that cannot run in a transaction block",
							node->revision),
					 errdetail("%s() runs all revisions in one transaction.",
							   request->function),
					 request->redo ?
					 errhint("CALL %s, then CALL %s, run it outside a transaction block.",
							 committing_call(request),
							 mig_call_text("migrate_deploy",
										   plan->steps[0].node->revision,
										   request->schema_name)) :
					 errhint("CALL %s runs it outside a transaction block.",
							 committing_call(request))));
	}
}

/* Whether it has to wait is seen when it uses them, see run/new_label.c. */
static bool
waits_for_labels(MigTables *tables, const MigStep *step)
{
	MigScripts	scripts;

	mig_lookup_scripts(tables, step, &scripts);
	return mig_scripts_wait_for_labels(step->node->revision,
									   scripts.upgrade_sql,
									   scripts.downgrade_sql,
									   scripts.verify_sql);
}

/*
 * A script is code that runs as whoever runs it: a superuser runs only what a
 * superuser stored.  After SET ROLE to a lesser role scripts are restricted
 * (restriction.c).
 */
static void
check_authors(const MigPlan *plan)
{
	const char *trusted = NULL;

	for (int i = 0; i < plan->nsteps; i++)
	{
		const MigNode *node = plan->steps[i].node;

		if (trusted != NULL && strcmp(node->row.stored_by, trusted) == 0)
			continue;
		if (!mig_trust_role(node->row.stored_by))
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("a superuser cannot run revision \"%s\", which was stored by role \"%s\"",
							node->revision, node->row.stored_by),
					 errdetail("It would run with all rights of a superuser."),
					 errhint("SET ROLE to the role that owns the schema, or read the script (SELECT migrate_show(%s)) and set migrate.superuser_runs_any.",
							 quote_literal_cstr(node->revision))));
		trusted = node->row.stored_by;
	}
}

/* Record revisions as applied, or as not, without running anything. */
void
mig_pipeline_stamp(const MigRequest *request)
{
	MigOccasion occasion;
	MigTables	tables;
	MigGraph   *graph;
	List	   *before;
	MigStampPlan *plan;
	MigSpi		spi;

	mig_refuse_in_run(request->function);
	take_locks(request, NULL);
	occasion = mig_occasion(request->schema_name, request->tag);
	mig_tables_open(&tables, request->nsp, request->schema_name, false);
	graph = mig_tables_graph(&tables);
	before = graph->source->tips(graph);
	list_sort(before, mig_compare_names);
	plan = mig_plan_stamp(graph, request->target, request->purge);
	mig_spi_begin(&spi, request->nsp, false);
	mig_journal_stamp(&spi, &occasion, plan,
					  request->captured ? "captured" : "stamped",
					  request->purge);
	if (mig_lookup_any_late(&tables))
	{
		mig_tables_close(&tables);
		mig_tables_open(&tables, request->nsp, request->schema_name, false);
		mig_journal_refresh(&spi, mig_tables_graph(&tables),
							request->schema_name);
	}
	mig_spi_end(&spi);
	mig_tables_close(&tables);
	if (!request->quiet)
		tell_stamped(before, plan, request->schema_name);
}

/*
 * Also where nothing changed, since a typing error looks the same as success.
 */
static void
tell_stamped(const List *before, const MigStampPlan *plan,
			 const char *schema_name)
{
	const char *names = "base";

	if (plan->tips != NIL)
		names = mig_node_names(plan->tips, 20);
	ereport(NOTICE,
			(plan->added == NIL && plan->removed == NIL ?
			 errmsg("nothing to stamp: already at %s", names) :
			 errmsg("stamped %s -> %s", before == NIL ? "base" :
					mig_join_names(before, ", ", 20), names),
			 schema_name[0] == '\0' ? 0 :
			 errdetail("The target schema is \"%s\".", schema_name)));
}
