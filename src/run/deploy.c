/*-------------------------------------------------------------------------
 *
 * run/deploy.c
 *	  Runs a plan with transactions of its own.
 *
 * Each revision is committed together with its record, so that a failure at
 * the seventh leaves six applied; the failure is logged too.  Revisions with
 * statements that cannot run in a transaction are nontransactional.c's matter.
 *
 * A deploy holds the deploy lock of the target schema and the graph lock for
 * its session; whoever comes second polls, and mostly finds nothing to do.
 * After every revision it is checked that the locks are still held.
 *
 * Waits for locks on tables are short, since other sessions queue behind
 * them; a revision that does not get its lock is tried again after a pause,
 * and so is one that met a deadlock or a serialization failure.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/resolve.h"
#include "run/atomic.h"
#include "run/blockers.h"
#include "run/deploy.h"
#include "run/lock.h"
#include "run/nontransactional.h"
#include "run/toplevel.h"
#include "run/transaction.h"
#include "util/error.h"
#include "util/guc.h"
#include "util/sql.h"

#include "common/pg_prng.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/timeout.h"

/* lock_timeout of scripts in a deploy, unless it is set */
#define DEFAULT_LOCK_TIMEOUT	2000

/* pauses before another try, in milliseconds: first and longest */
#define FIRST_BACKOFF	100
#define LONGEST_BACKOFF 10000

/* A deploy under way. */
typedef struct Deploy
{
	const MigRequest *request;
	MigRun		run;
	MigPlan    *plan;
	MemoryContext context;		/* survives transactions */
	bool		done_by_other;	/* nothing is left to do */
	bool		told;			/* the user knows that we wait */
	MigSession	session;		/* its settings, before a mixed revision */
	MigNontransRun *mixed;		/* that revision, or NULL */
} Deploy;

static void wait_for_lock(Deploy *deploy, int64 wait);
static bool try_lock(void *arg);
static void run_locked(Deploy *deploy);
static void make_plan(Deploy *deploy);
static void run_with_retries(Deploy *deploy, MigStep *step);
static ErrorData *try_step(Deploy *deploy, MigStep *step);
static void clean_up(Deploy *deploy);
static void forget_error(Deploy *deploy);
static void run_step(Deploy *deploy, MigStep *step);
static bool may_retry(const ErrorData *edata, int attempt);
static void back_off(const ErrorData *edata, int attempt);
pg_noreturn static void fail(Deploy *deploy, const MigStep *step,
							 ErrorData *edata);
static void add_progress(const Deploy *deploy, const MigStep *step,
						 ErrorData *edata);
static const char *absolute_target(const Deploy *deploy);
static bool is_scripts_fault(const ErrorData *edata);
static void log_failure(const Deploy *deploy, const MigStep *step,
						const ErrorData *edata);
static bool is_applied(void *arg);
static void tell_unknown(MigGraph *graph, const char *name);
static bool is_stored(MigGraph *graph, const char *name);

/*
 * Run what a request asks for; returns the number of revisions.
 *
 * wait is how many microseconds to wait for another deploy.  The caller has
 * passed the gate of transaction.c.
 */
int
mig_deploy_run(const MigRequest *request, int64 wait)
{
	Deploy		deploy = {.request = request};
	MemoryContext old;

	mig_refuse_in_run(request->function);
	if (mig_pipeline_is_done(request))
		return 0;
	PreventCommandIfReadOnly(psprintf("%s()", request->function));
	PreventCommandDuringRecovery(psprintf("%s()", request->function));
	deploy.context = AllocSetContextCreate(PortalContext,
										   "pg_migrations deploy",
										   ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(deploy.context);
	mig_session_begin(&deploy.session);
	disable_timeout(STATEMENT_TIMEOUT, false);
	wait_for_lock(&deploy, wait);
	if (!deploy.done_by_other)
	{
		PG_TRY();
		{
			run_locked(&deploy);
		}
		PG_FINALLY();
		{
			mig_lock_deploy_release(request->schema_name);
		}
		PG_END_TRY();
	}
	MemoryContextSwitchTo(old);
	return deploy.run.done;
}

/* Take the deploy lock, or find that somebody else has done the work. */
static void
wait_for_lock(Deploy *deploy, int64 wait)
{
	const char *schema_name = deploy->request->schema_name;
	const char *before = mig_pipeline_before(deploy->request);
	MigHolder	holder;

	mig_transaction_next();
	if (mig_transaction_wait(try_lock, deploy, wait))
		return;
	holder = mig_lock_deploy_holder(schema_name);
	ereport(ERROR,
			(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
			 errmsg("another migration is still running"),
			 errdetail_internal("%s", holder.detail),
			 holder.hint != NULL ? errhint("%s", holder.hint) :
			 errhint("CALL %s waits longer; SELECT * FROM %s shows what goes on.",
					 mig_call_with(deploy->request->function,
								   deploy->request->target, schema_name,
								   psprintf("%s%swait => '15 min'", before,
											before[0] == '\0' ? "" : ", ")),
					 mig_call_text("migrate_status", NULL, schema_name))));
}

/*
 * For mig_transaction_wait(): asked in a transaction of its own each time, so
 * that no snapshot is held while we wait.
 */
static bool
try_lock(void *arg)
{
	Deploy	   *deploy = arg;
	const char *schema_name = deploy->request->schema_name;

	if (mig_lock_deploy_try(schema_name))
		return true;
	if (!deploy->told)
	{
		MigHolder	holder = mig_lock_deploy_holder(schema_name);

		ereport(NOTICE,
				(errmsg("waiting for another migration"),
				 errdetail_internal("%s", holder.detail),
				 holder.hint != NULL ? errhint("%s", holder.hint) : 0));
	}
	deploy->told = true;
	deploy->done_by_other = mig_pipeline_is_done(deploy->request);
	return deploy->done_by_other;
}

/*
 * The plan is made after the lock is had: who held it may have applied what we
 * wanted to.
 */
static void
run_locked(Deploy *deploy)
{
	mig_transaction_next();
	make_plan(deploy);
	for (int i = 0; i < deploy->plan->nsteps; i++)
		run_with_retries(deploy, &deploy->plan->steps[i]);
}

/*
 * The graph is in the deploy's context, which outlives the transactions of the
 * steps.
 */
static void
make_plan(Deploy *deploy)
{
	const MigRequest *request = deploy->request;
	MigTables	tables;

	mig_tables_open(&tables, request->nsp, request->schema_name, false);
	deploy->plan = mig_pipeline_steps(&tables, request);
	mig_pipeline_check(&tables, deploy->plan, request);
	mig_tables_close(&tables);
	deploy->run.nsp = request->nsp;
	deploy->run.occasion = mig_occasion(request->schema_name, request->tag);
	deploy->run.target = request->target;
	deploy->run.before = mig_pipeline_before(request);
	deploy->run.commits = true;
	deploy->run.total = deploy->plan->nsteps;
	deploy->run.options.schema_name = request->schema_name;
	deploy->run.options.own_timer = true;
	deploy->run.options.lock_timeout =
		mig_guc_lock_timeout(DEFAULT_LOCK_TIMEOUT);
}

/* Each try counts as the same step, so that "[3/7]" is said of it again. */
static void
run_with_retries(Deploy *deploy, MigStep *step)
{
	int			done = deploy->run.done;

	for (int attempt = 0;; attempt++)
	{
		ErrorData  *edata = try_step(deploy, step);

		if (edata == NULL)
			return;
		deploy->run.done = done;
		if (!may_retry(edata, attempt))
			fail(deploy, step, edata);
		back_off(edata, attempt);
	}
}

/*
 * Run a step and commit it.  An error is caught and returned, in a new
 * transaction.
 */
static ErrorData *
try_step(Deploy *deploy, MigStep *step)
{
	ErrorData  *volatile edata = NULL;
	MemoryContext per_step = AllocSetContextCreate(deploy->context,
												   "pg_migrations deploy step",
												   ALLOCSET_DEFAULT_SIZES);

	MemoryContextSwitchTo(per_step);
	deploy->mixed = NULL;
	mig_script_position_clear();
	mig_blockers_watch(deploy->run.options.lock_timeout);
	PG_TRY();
	{
		run_step(deploy, step);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(deploy->context);
		edata = CopyErrorData();
		FlushErrorState();
	}
	PG_END_TRY();
	mig_blockers_unwatch();
	disable_timeout(STATEMENT_TIMEOUT, false);
	MemoryContextSwitchTo(deploy->context);
	if (edata != NULL)
		clean_up(deploy);
	MemoryContextDelete(per_step);
	return edata;
}

/*
 * After an error: end run and transaction, and put back settings, whatever
 * else goes wrong.
 */
static void
clean_up(Deploy *deploy)
{
	volatile bool withdraw = false;

	mig_run_leave();
	mig_transaction_abort();
	/* names mean what they meant in the script until settings are put back */
	PG_TRY();
	{
		withdraw = deploy->mixed != NULL &&
			mig_nontransactional_left_nothing(deploy->mixed);
	}
	PG_CATCH();
	{
		forget_error(deploy);
	}
	PG_END_TRY();
	mig_session_restore(&deploy->session);
	mig_transaction_next();
	if (withdraw)
	{
		mig_nontransactional_withdraw(deploy->mixed);
		mig_transaction_next();
	}
}

/* An error on the way of another one is of no interest. */
static void
forget_error(Deploy *deploy)
{
	MemoryContextSwitchTo(deploy->context);
	FlushErrorState();
	mig_transaction_abort();
}

/*
 * One step, committed: marks, script and record in one transaction, or, where
 * the script cannot run in one, statement by statement.
 */
static void
run_step(Deploy *deploy, MigStep *step)
{
	MigPlan		one = {.direction = step->direction,.nsteps = 1,.steps = step};
	MigTables	tables;

	mig_lock_target_schema(deploy->request->schema_name);
	if (!step->node->row.transactional)
	{
		deploy->mixed = mig_nontransactional_create(&deploy->run, step,
													&deploy->session);
		mig_nontransactional_run(deploy->mixed);
		return;
	}
	mig_tables_open(&tables, deploy->run.nsp,
					deploy->run.occasion.schema_name, false);
	(void) mig_atomic_run(&deploy->run, &tables, &one);
	mig_tables_close(&tables);
	mig_lock_deploy_check(deploy->run.occasion.schema_name);
	mig_transaction_next();
}

/* Only what somebody else's end can mend. */
static bool
may_retry(const ErrorData *edata, int attempt)
{
	switch (edata->sqlerrcode)
	{
		case ERRCODE_LOCK_NOT_AVAILABLE:
		case ERRCODE_T_R_DEADLOCK_DETECTED:
		case ERRCODE_T_R_SERIALIZATION_FAILURE:
			return attempt < mig_guc_lock_retries();
		default:
			return false;
	}
}

/* Pause before another try: longer each time, and never quite the same. */
static void
back_off(const ErrorData *edata, int attempt)
{
	long		pause = FIRST_BACKOFF;

	for (int i = 0; i < attempt && pause < LONGEST_BACKOFF; i++)
		pause *= 2;
	pause = Min(pause, LONGEST_BACKOFF);
	pause = pause / 2 + (long) (pg_prng_double(&pg_global_prng_state) * pause);
	ereport(NOTICE,
			(errmsg("trying again, %d of %d: %s", attempt + 1,
					mig_guc_lock_retries(), edata->message)));
	mig_transaction_pause(pause);
}

/* Log a failure, and raise it, even if it cannot be logged. */
static void
fail(Deploy *deploy, const MigStep *step, ErrorData *edata)
{
	if (edata->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE &&
		edata->detail == NULL)
		mig_blockers_describe(&edata->detail, &edata->hint);
	if (edata->hint == NULL)
		edata->hint = mig_toplevel_hint(edata);
	add_progress(deploy, step, edata);
	PG_TRY();
	{
		log_failure(deploy, step, edata);
		mig_transaction_next();
	}
	PG_CATCH();
	{
		forget_error(deploy);
		ereport(WARNING,
				(errmsg("could not log that revision \"%s\" failed",
						step->node->revision)));
	}
	PG_END_TRY();
	ReThrowError(edata);
}

/*
 * Say how far the deploy has come, and what comes next, behind the hint that
 * the error may have: the server has its own for a full disk or a full lock
 * table.
 */
static void
add_progress(const Deploy *deploy, const MigStep *step, ErrorData *edata)
{
	const MigRequest *request = deploy->request;
	const char *kind = mig_script_position().kind;
	const char *target = absolute_target(deploy);
	const char *call = mig_call_with(request->function, target,
									 request->schema_name,
									 deploy->run.before);
	const char *next;

	if (is_scripts_fault(edata))
		next = psprintf("Mend the cause, or the script with SELECT migrate_edit(%s, %s => ...); then CALL %s goes on from there.",
						quote_literal_cstr(step->node->revision), kind, call);
	else
		next = psprintf("CALL %s goes on from there.", call);
	edata->hint = psprintf("%s%s%d of %d revisions were done and stay. %s",
						   edata->hint == NULL ? "" : edata->hint,
						   edata->hint == NULL ? "" : " ", deploy->run.done,
						   deploy->run.total, next);
}

/*
 * The target as it still means the same after some of the steps: a relative
 * one counts from what is applied.
 */
static const char *
absolute_target(const Deploy *deploy)
{
	const MigPlan *plan = deploy->plan;
	const MigNode *lowest = plan->steps[plan->nsteps - 1].node;

	if (deploy->request->before_tag != NULL ||
		strpbrk(deploy->request->target, "+-") == NULL)
		return deploy->request->target;
	if (plan->direction == MIG_UPGRADE)
		return mig_node_names(plan->targets, 0);
	if (lowest->down == NIL)
		return psprintf("%s@base", lowest->revision);
	return ((const MigNode *) linitial(lowest->down))->revision;
}

/*
 * Did a script fail, rather than something around it?  Then it would fail
 * again.
 */
static bool
is_scripts_fault(const ErrorData *edata)
{
	if (mig_script_position().kind == NULL ||
		edata->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE)
		return false;
	switch (ERRCODE_TO_CATEGORY(edata->sqlerrcode))
	{
		case ERRCODE_TRANSACTION_ROLLBACK:
		case ERRCODE_INSUFFICIENT_RESOURCES:
		case ERRCODE_OPERATOR_INTERVENTION:
		case ERRCODE_SYSTEM_ERROR:
		case ERRCODE_INTERNAL_ERROR:
			return false;
		default:
			return true;
	}
}

/* In a transaction of its own, since that of the script has been aborted. */
static void
log_failure(const Deploy *deploy, const MigStep *step, const ErrorData *edata)
{
	MigPosition at = mig_script_position();
	ErrorData	logged = *edata;
	MigSpi		spi;

	/* the place has columns of its own */
	if (at.message_length > 0)
		logged.message = pnstrdup(edata->message, at.message_length);
	mig_spi_begin(&spi, deploy->run.nsp, false);
	mig_journal_failure(&spi, &deploy->run.occasion, step, &logged,
						at.statement, at.line);
	mig_spi_end(&spi);
}

/* What mig_deploy_wait() waits for. */
typedef struct Awaited
{
	Oid			nsp;
	const char *revision;
	const char *schema_name;
	bool		unknown;		/* it is not stored */
	bool		told;			/* the user knows that */
} Awaited;

pg_noreturn static void refuse_not_applied(const Awaited *awaited);

/*
 * Wait until a revision is applied, so many microseconds at most; MG022 if it
 * then is not.  A revision that is not stored yet is waited for too.
 */
void
mig_deploy_wait(Oid nsp, const char *revision, const char *schema_name,
				int64 wait)
{
	Awaited		awaited = {nsp, revision, schema_name, false, false};

	if (is_applied(&awaited))
		return;
	mig_transaction_next();
	if (!mig_transaction_wait(is_applied, &awaited, wait))
		refuse_not_applied(&awaited);
}

/* Raise MG022, with who is in the way. */
static void
refuse_not_applied(const Awaited *awaited)
{
	const char *schema_name = awaited->schema_name;
	const char *call = mig_call_text("migrate_deploy", awaited->revision,
									 schema_name);
	const char *detail = "Nobody applied it while this session waited.";
	MigHolder	holder = {NULL, NULL};

	if (awaited->unknown)
		detail = "Nobody has stored it while this session waited.";
	if (mig_lock_is_busy(schema_name))
	{
		holder = mig_lock_deploy_holder(schema_name);
		detail = psprintf("%s %s", detail, holder.detail);
	}
	ereport(ERROR,
			(errcode(ERRCODE_MIG_NOT_APPLIED),
			 errmsg("revision \"%s\" is not applied", awaited->revision),
			 errdetail_internal("%s", detail),
			 holder.hint != NULL ? errhint("%s", holder.hint) :
			 awaited->unknown ?
			 errhint("Is the name right? If so migrate_import() stores it, and CALL %s applies it.",
					 call) :
			 errhint("CALL %s applies it.", call)));
}

/*
 * In a new transaction each time.  An unknown revision is noted, and no error
 * yet: it may be imported while we wait.
 */
static bool
is_applied(void *arg)
{
	Awaited    *awaited = arg;
	MigTables	tables;
	MigGraph   *graph;
	bool		applied = true;
	ListCell   *lc;

	mig_tables_open(&tables, awaited->nsp, awaited->schema_name, false);
	graph = mig_tables_graph(&tables);
	awaited->unknown = false;
	foreach(lc, mig_ident_parse_list(awaited->revision))
	{
		const MigIdent *ident = lfirst(lc);
		const char *unknown;

		unknown = !is_stored(graph, ident->branch) ? ident->branch :
			ident->symbol == MIG_SYMBOL_NAME &&
			!is_stored(graph, ident->name) ? ident->name : NULL;
		if (unknown == NULL)
			continue;
		if (!awaited->told)
			tell_unknown(graph, unknown);
		awaited->told = true;
		awaited->unknown = true;
		applied = false;
	}
	if (applied)
	{
		foreach(lc, mig_resolve_upgrade(graph, awaited->revision))
		{
			const MigRow *row = &((MigNode *) lfirst(lc))->row;

			applied &= row->applied && !row->late;
		}
	}
	mig_tables_close(&tables);
	return applied;
}

/*
 * Say what nobody has stored: another process may yet do so, or the name is
 * misspelt.
 */
static void
tell_unknown(MigGraph *graph, const char *name)
{
	ereport(NOTICE,
			(errmsg("waiting for revision \"%s\", which nobody has stored yet",
					name),
			 errhint("%s", mig_resolve_suggest(graph, name))));
}

/* Can a name in an identifier stand for a revision that is there? */
static bool
is_stored(MigGraph *graph, const char *name)
{
	return name == NULL || mig_graph_find(graph, name) != NULL ||
		graph->source->label(graph, name) != NULL ||
		graph->source->matches(graph, name) != NIL;
}

/* The current revisions of a target schema, with commas. */
char *
mig_deploy_heads(Oid nsp, const char *schema_name)
{
	MigTables	tables;
	char	   *heads;

	mig_tables_open(&tables, nsp, schema_name, false);
	heads = mig_node_names(mig_graph_tips(mig_tables_graph(&tables)), 0);
	mig_tables_close(&tables);
	return heads;
}
