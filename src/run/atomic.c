/*-------------------------------------------------------------------------
 *
 * run/atomic.c
 *	  Runs a plan in the caller's transaction.
 *
 * If anything fails nothing of it has happened, since nothing here catches an
 * error.  What a run leaves outside the transaction (that it is under way,
 * the name shown in pg_stat_activity, the hook of deferred.c) is put back in
 * every case.
 *
 * The caller holds the locks and has made all checks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph.h"
#include "rev/graph_source.h"
#include "run/atomic.h"
#include "run/deferred.h"
#include "run/step.h"
#include "util/error.h"
#include "util/sql.h"

#include "miscadmin.h"
#include "pgstat.h"
#include "portability/instr_time.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* see mig_run_is_active() */
static bool run_active = false;

static void run_steps(MigRun *run, MigTables *tables, const MigPlan *plan,
					  MigOutcome *outcomes);
pg_noreturn static void refuse_label(const MigRun *run, MemoryContext context);
static void hint_about_locks(void *arg);
static void refuse_gone(const MigRun *run, const MigPlan *plan);

/*
 * Raise MG018 where a script, or what it calls, calls one of our functions
 * that change something.
 */
void
mig_refuse_in_run(const char *function)
{
	if (run_active)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_RUN_IN_RUN),
				 errmsg("%s() cannot be called while a migration is running",
						function),
				 errhint("Call it before or after the run, not from a script.")));
}

/* Is a run, or what a shadow runs, under way in this backend? */
bool
mig_run_is_active(void)
{
	return run_active;
}

/* A run begins; mig_run_leave() must follow, on errors too. */
void
mig_run_enter(void)
{
	run_active = true;
	mig_deferred_begin();
}

/* After errors, too; twice does no harm. */
void
mig_run_leave(void)
{
	run_active = false;
	mig_deferred_end();
	mig_script_release_timer();
	pgstat_report_appname(application_name);
}

/*
 * Run a plan and record it.
 *
 * tables must be open, for reading scripts.  Returns the outcome of each
 * step, in the current memory context.
 */
MigOutcome *
mig_atomic_run(MigRun *run, MigTables *tables, const MigPlan *plan)
{
	MigOutcome *outcomes = palloc0(sizeof(MigOutcome) * Max(plan->nsteps, 1));
	bool		any_late = mig_lookup_any_late(tables);
	MemoryContext context = CurrentMemoryContext;

	run->downwards = plan->direction == MIG_DOWNGRADE;
	mig_run_enter();
	PG_TRY();
	{
		run_steps(run, tables, plan, outcomes);
	}
	PG_CATCH();
	{
		mig_run_leave();
		if (geterrcode() == ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE &&
			!run->commits)
			refuse_label(run, context);
		PG_RE_THROW();
	}
	PG_END_TRY();
	mig_run_leave();
	mig_run_record(run, plan, outcomes, any_late);
	return outcomes;
}

/*
 * What a step leaves in memory is freed with it; outcomes, for the caller to
 * record, are in the caller's context.
 */
static void
run_steps(MigRun *run, MigTables *tables, const MigPlan *plan,
		  MigOutcome *outcomes)
{
	MemoryContext per_step = AllocSetContextCreate(CurrentMemoryContext,
												   "pg_migrations step",
												   ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = CurrentMemoryContext;
	ErrorContextCallback callback;
	TimestampTz last = 0;

	callback.callback = hint_about_locks;
	callback.arg = run;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	for (int i = 0; i < plan->nsteps; i++)
	{
		MigOutcome *outcome = &outcomes[i];
		MigScripts	scripts;
		instr_time	start;
		instr_time	end;

		CHECK_FOR_INTERRUPTS();
		outcome->step = &plan->steps[i];
		run->done++;
		mig_run_announce(run, outcome->step);
		MemoryContextSwitchTo(per_step);
		INSTR_TIME_SET_CURRENT(start);
		mig_lookup_scripts(tables, outcome->step, &scripts);
		outcome->checksum = MemoryContextStrdup(caller, scripts.checksum);
		outcome->statements = mig_step_run(outcome->step, &scripts,
										   &run->options);
		INSTR_TIME_SET_CURRENT(end);
		INSTR_TIME_SUBTRACT(end, start);
		outcome->elapsed = INSTR_TIME_GET_MICROSEC(end);
		last = Max(GetCurrentTimestamp(), last + 1);
		outcome->at = last;
		MemoryContextSwitchTo(caller);
		MemoryContextReset(per_step);
	}
	error_context_stack = callback.previous;
	MemoryContextDelete(per_step);
}

/* Raise the error that was caught as one of those that a deploy has not. */
static void
refuse_label(const MigRun *run, MemoryContext context)
{
	ErrorData  *error;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	FlushErrorState();
	error->sqlerrcode = ERRCODE_MIG_NOT_TRANSACTIONAL;
	error->detail = pstrdup("All revisions run in one transaction. A value that it adds to an enumerated type can be used there if the tables that have the type are empty, or made by it.");
	error->hint = psprintf("CALL %s runs them outside a transaction block, and commits the value.",
						   mig_call_with(run->downwards ? "migrate_revert" :
										 "migrate_deploy", run->target,
										 run->occasion.schema_name,
										 run->before));
	ReThrowError(error);
}

/* Show the step to the client and in pg_stat_activity. */
void
mig_run_announce(const MigRun *run, const MigStep *step)
{
	const MigNode *node = step->node;
	char		name[NAMEDATALEN];

	snprintf(name, sizeof(name), "migrate %d/%d %s", run->done, run->total,
			 node->revision);
	pgstat_report_appname(name);
	if (!message_level_is_interesting(NOTICE))
		return;
	if (step->direction == MIG_UPGRADE)
		ereport(NOTICE,
				(errmsg("[%d/%d] upgrade %s -> %s, %s", run->done, run->total,
						mig_node_names_below(node), node->revision,
						mig_clip(node->row.message))));
	else
		ereport(NOTICE,
				(errmsg("[%d/%d] downgrade %s -> %s, %s", run->done,
						run->total, node->revision, mig_node_names_below(node),
						mig_clip(node->row.message))));
}

/*
 * A transaction holds a lock for each object that it creates; a long run may
 * exhaust the lock table.
 */
static void
hint_about_locks(void *arg)
{
	MigRun	   *run = arg;

	if (geterrcode() == ERRCODE_OUT_OF_MEMORY && run->done > 1 &&
		!run->commits)
		errhint("If the lock table is full: a transaction holds a lock for each object that it changes. Use CALL %s, go in parts (for example '%+d'), or increase max_locks_per_transaction.",
				mig_call_with(run->downwards ? "migrate_revert" :
							  "migrate_deploy", run->target,
							  run->occasion.schema_name, run->before),
				Max(run->done / 2, 1) * (run->downwards ? -1 : 1));
}

/*
 * Write down what came of a plan.  any_late tells whether the target schema
 * had late revisions before.
 */
void
mig_run_record(MigRun *run, const MigPlan *plan, const MigOutcome *outcomes,
			   bool any_late)
{
	MigSpi		spi;
	MigTables	tables;

	if (plan->nsteps == 0)
		return;
	if (plan->direction == MIG_UPGRADE)
		refuse_gone(run, plan);
	mig_spi_begin(&spi, run->nsp, false);
	mig_journal_steps(&spi, &run->occasion, plan->direction, outcomes,
					  plan->nsteps);
	for (int i = 0; i < plan->nsteps; i++)
		plan->steps[i].node->row.applied = plan->direction == MIG_UPGRADE;
	if (any_late)
	{
		mig_tables_open(&tables, run->nsp, run->occasion.schema_name, false);
		mig_journal_refresh(&spi, mig_tables_graph(&tables),
							run->occasion.schema_name);
		mig_tables_close(&tables);
	}
	mig_spi_end(&spi);
}

/*
 * Raise MG002 if a revision that has run was deleted meanwhile, be it by its
 * own script: what is recorded as applied must be stored.
 */
static void
refuse_gone(const MigRun *run, const MigPlan *plan)
{
	MigTables	tables;
	const char *gone;

	mig_tables_open(&tables, run->nsp, run->occasion.schema_name, false);
	gone = mig_lookup_gone(&tables, plan);
	if (gone != NULL)
		mig_lookup_refuse_gone(gone);
	mig_tables_close(&tables);
}
