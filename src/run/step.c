/*-------------------------------------------------------------------------
 *
 * run/step.c
 *	  Runs one step: the scripts of a revision in one direction.
 *
 * Statements are analysed, planned and run one after the other, so that each
 * sees the DDL before it; this is how the server runs extension scripts.
 *
 * A script runs with the rights of the current role.  What it changes of the
 * settings, role and session authorization included, is put back at its end,
 * on success too; an error does it through the end of the (sub)transaction.
 *
 * Where a superuser has taken a lesser role and runs what such a role stored,
 * the script must not lead back.  Forbidding it to change the role is not
 * enough, since it could leave something behind that runs at the commit, or
 * later: a cursor WITH HOLD, a deferred trigger, a temporary table, a prepared
 * statement.  So it runs as a security-restricted operation, in which the
 * server refuses all of these; constraints are made immediate first.
 *
 * The timer of statement_timeout belongs to the client's statement.  A script
 * that sets it gets a timer of its own, started anew with each of its
 * statements; the client's stands still meanwhile.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/deferred.h"
#include "run/script.h"
#include "run/statement.h"
#include "run/step.h"
#include "util/error.h"
#include "util/guc.h"
#include "compat.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "executor/execdesc.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/analyze.h"
#include "storage/proc.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

static MigPosition position = {0, 0};

/* The client's statement_timeout: is it stopped, and how many ms are left? */
static bool timer_held = false;
static int	timer_left = 0;		/* 0: it was not running */

static void set_for_script(const char *name, const char *value);
static int	run_script(const MigStep *step, const char *kind,
					   const char *source, const MigStepOptions *options);
static void script_error_callback(void *arg);
static bool is_error(void);
static void run_planned(PlannedStmt *planned, const char *source);
static void run_query(PlannedStmt *planned, const char *source);
static void run_utility(PlannedStmt *planned, const char *source);
static void hold_clients_timer(void);

/*
 * Run a step; returns the number of statements that ran.
 *
 * scripts->downgrade_sql must not be NULL if the step goes down.  Errors of
 * the scripts are raised as they are, with a context line.
 */
int
mig_step_run(const MigStep *step, const MigScripts *scripts,
			 const MigStepOptions *options)
{
	if (step->direction == MIG_DOWNGRADE)
		return run_script(step, "downgrade", scripts->downgrade_sql, options);
	return run_script(step, "upgrade", scripts->upgrade_sql, options) +
		mig_step_verify(step, scripts, options);
}

/* Run the verify script of a step alone, if it has one. */
int
mig_step_verify(const MigStep *step, const MigScripts *scripts,
				const MigStepOptions *options)
{
	if (step->direction == MIG_DOWNGRADE || scripts->verify_sql == NULL)
		return 0;
	return run_script(step, "verify", scripts->verify_sql, options);
}

static void
set_for_script(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

/* The name of a script in messages. */
char *
mig_script_title(const char *kind, const char *revision)
{
	return psprintf("%s script of revision \"%s\"", kind, revision);
}

/* The search_path of a script: the target schema, then the caller's path. */
char *
mig_step_search_path(const char *schema_name)
{
	return psprintf("%s%s%s", quote_identifier(schema_name),
					namespace_search_path[0] == '\0' ? "" : ", ",
					namespace_search_path);
}

/*
 * Restrict what is to run for a step, if it must be; mig_restriction_end()
 * undoes it.
 */
void
mig_restriction_begin(MigRestriction *restriction, const MigStep *step)
{
	ConstraintsSetStmt *immediate;

	restriction->active = mig_restriction_needed(step);
	if (!restriction->active)
		return;
	GetUserIdAndSecContext(&restriction->user, &restriction->context);
	immediate = makeNode(ConstraintsSetStmt);
	AfterTriggerSetState(immediate);
	SetUserIdAndSecContext(restriction->user, restriction->context |
						   SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
}

void
mig_restriction_end(const MigRestriction *restriction)
{
	if (restriction->active)
		SetUserIdAndSecContext(restriction->user, restriction->context);
}

/* Is the session a superuser's, but neither the role nor the script? */
bool
mig_restriction_needed(const MigStep *step)
{
	Oid			author;

	if (superuser() || mig_guc_superuser_runs_any() ||
		!(superuser_arg(GetSessionUserId()) ||
		  superuser_arg(GetAuthenticatedUserId())))
		return false;
	author = get_role_oid(step->node->row.stored_by, true);
	return !OidIsValid(author) || !superuser_arg(author);
}

/* Run a script whose settings end with it. */
static int
run_script(const MigStep *step, const char *kind, const char *source,
		   const MigStepOptions *options)
{
	char	   *title = mig_script_title(kind, step->node->revision);
	MigRestriction restriction;
	int			guc_level;
	MigScriptRun run;
	MemoryContext per_statement;
	MemoryContext old;
	bool		only_ddl = true;
	bool		all_set = false;

	mig_restriction_begin(&restriction, step);
	guc_level = NewGUCNestLevel();
	if (options->schema_name[0] != '\0')
		set_for_script("search_path",
					   mig_step_search_path(options->schema_name));
	if (options->lock_timeout >= 0)
		set_for_script("lock_timeout",
					   psprintf("%dms", options->lock_timeout));
	mig_script_run_begin(&run, mig_script_parse(source, title),
						 options->own_timer);
	per_statement = AllocSetContextCreate(CurrentMemoryContext,
										  "pg_migrations statement",
										  ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(per_statement);
	for (int i = 0; i < run.script->nstatements; i++)
	{
		mig_script_run_at(&run, i);
		only_ddl &= mig_statement_is_ddl(run.current->raw->stmt);
		all_set |= IsA(run.current->raw->stmt, ConstraintsSetStmt);
		mig_script_run_statement(&run);
		MemoryContextReset(per_statement);
	}
	run.current = NULL;
	run.at_end = true;
	if (!only_ddl)
		mig_deferred_check(all_set);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(per_statement);
	CommandCounterIncrement();
	mig_script_run_end(&run);
	AtEOXact_GUC(false, guc_level);
	mig_restriction_end(&restriction);
	return run.script->nstatements;
}

/*
 * Begin to run a script's statements: errors from here on point into it.
 */
void
mig_script_run_begin(MigScriptRun *run, const MigScript *script,
					 bool own_timer)
{
	run->script = script;
	run->current = NULL;
	run->at_end = false;
	mig_script_position_clear();
	run->callers_timeout = StatementTimeout;
	run->own_timer = own_timer;
	run->callback.callback = script_error_callback;
	run->callback.arg = run;
	run->callback.previous = error_context_stack;
	error_context_stack = &run->callback;
}

/*
 * Go to a statement, counted from 0.
 *
 * As long as the script leaves statement_timeout alone the client's timer
 * runs on; then it stands still, and each statement gets the whole time.
 */
void
mig_script_run_at(MigScriptRun *run, int n)
{
	const char *hint;
	const char *fault;

	run->current = &run->script->statements[n];
	position.statement = n + 1;
	position.line = run->current->line;
	CHECK_FOR_INTERRUPTS();
	fault = mig_statement_fault(run->current->raw->stmt, &hint);
	if (fault != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_SCRIPT_REFUSED),
				 errmsg_internal("%s", fault),
				 hint == NULL ? 0 : errhint("%s", hint)));
	if (StatementTimeout != run->callers_timeout)
		run->own_timer = true;
	if (!run->own_timer)
		return;
	hold_clients_timer();
	if (StatementTimeout > 0)
		enable_timeout_after(STATEMENT_TIMEOUT, StatementTimeout);
	else
		disable_timeout(STATEMENT_TIMEOUT, false);
}

/* End it; the client's timer goes on. */
void
mig_script_run_end(MigScriptRun *run)
{
	mig_script_release_timer();
	error_context_stack = run->callback.previous;
}

/* Stop the client's timer, and remember what is left of it. */
static void
hold_clients_timer(void)
{
	TimestampTz left;

	if (timer_held)
		return;
	timer_held = true;
	timer_left = 0;
	if (!get_timeout_active(STATEMENT_TIMEOUT))
		return;
	left = get_timeout_finish_time(STATEMENT_TIMEOUT) - GetCurrentTimestamp();
	timer_left = Max(left / 1000, 1);
}

/* Let the client's timer go on, if it was stopped; after errors too. */
void
mig_script_release_timer(void)
{
	if (!timer_held)
		return;
	timer_held = false;
	if (timer_left > 0)
		enable_timeout_after(STATEMENT_TIMEOUT, timer_left);
	else
		disable_timeout(STATEMENT_TIMEOUT, false);
}

/* Forget where the last script has come to. */
void
mig_script_position_clear(void)
{
	position.statement = position.line = 0;
}

/* Where the last script has come to, to be read after an error. */
MigPosition
mig_script_position(void)
{
	return position;
}

/*
 * Point into the statement instead of the client's query, and say where the
 * statement stands.
 */
static void
script_error_callback(void *arg)
{
	MigScriptRun *run = arg;
	const MigStatement *stmt = run->current;
	const char *source = run->script->text;
	int			at = geterrposition();
	int			line;

	if (stmt == NULL)
	{
		errcontext(run->at_end ? "deferred constraints at the end of %s" :
				   "%s", run->script->title);
		return;
	}
	line = stmt->line;
	if (at > 0)
	{
		int			end = pg_mbcharcliplen(source, strlen(source), at - 1);

		for (int i = stmt->start; i < end; i++)
			line += source[i] == '\n';
		at -= pg_mbstrlen_with_len(source, stmt->start);
		position.line = line;
	}
	if (at > 0 || (is_error() && getinternalerrposition() == 0))
		mig_script_point_into(source, stmt->start, stmt->length, Max(at, 0));
	errcontext("statement %d, line %d of %s",
			   (int) (stmt - run->script->statements) + 1, line,
			   run->script->title);
}

/*
 * Is it an error that is being reported?  Notices and warnings are not to
 * carry the whole statement along.
 */
static bool
is_error(void)
{
	int			category = ERRCODE_TO_CATEGORY(geterrcode());

	return category != ERRCODE_SUCCESSFUL_COMPLETION &&
		category != ERRCODE_WARNING;
}

/* Run the statement that the script is at, inside a transaction. */
void
mig_script_run_statement(MigScriptRun *run)
{
	const MigStatement *stmt = run->current;
	const char *source = run->script->text;
	bool		snapshot = analyze_requires_snapshot(stmt->raw);
	List	   *planned;
	ListCell   *lc;

	/* be sure the parser sees any DDL done so far */
	CommandCounterIncrement();
	if (snapshot)
		PushActiveSnapshot(GetTransactionSnapshot());
	planned = pg_analyze_and_rewrite_fixedparams(stmt->raw, source, NULL, 0,
												 NULL);
	planned = pg_plan_queries(planned, source, CURSOR_OPT_PARALLEL_OK, NULL);
	if (snapshot)
		PopActiveSnapshot();
	foreach(lc, planned)
	{
		CommandCounterIncrement();
		run_planned(lfirst_node(PlannedStmt, lc), source);
	}
}

static void
run_planned(PlannedStmt *planned, const char *source)
{
	bool		snapshot;

	snapshot = planned->utilityStmt == NULL ||
		PlannedStmtRequiresSnapshot(planned);
	if (snapshot)
		PushActiveSnapshot(GetTransactionSnapshot());
	if (planned->utilityStmt == NULL)
		run_query(planned, source);
	else
		run_utility(planned, source);
	if (snapshot)
		PopActiveSnapshot();
}

static void
run_query(PlannedStmt *planned, const char *source)
{
	QueryDesc  *desc = CreateQueryDesc(planned, source, GetActiveSnapshot(),
									   NULL,
									   CreateDestReceiver(DestNone), NULL,
									   NULL, 0);

	ExecutorStart(desc, 0);
	mig_executor_run(desc);
	ExecutorFinish(desc);
	ExecutorEnd(desc);
	FreeQueryDesc(desc);
}

static void
run_utility(PlannedStmt *planned, const char *source)
{
	ProcessUtility(planned, source, false, PROCESS_UTILITY_QUERY, NULL, NULL,
				   CreateDestReceiver(DestNone), NULL);
}
