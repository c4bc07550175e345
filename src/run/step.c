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
 * A superuser who took another role and runs what a lesser role stored must
 * not be led back: such scripts cannot change the role at all.
 *
 * The timer of statement_timeout belongs to the client's statement, so that a
 * script that sets it gets a timer of its own, started anew with each of its
 * statements.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/deferred.h"
#include "run/script.h"
#include "run/statement.h"
#include "run/step.h"
#include "compat.h"

#include "access/xact.h"
#include "catalog/namespace.h"
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

/* A script under way; the error context callback reads it. */
typedef struct ScriptRun
{
	const MigScript *script;
	const MigStatement *current;	/* NULL: behind the last one */
	int			callers_timeout;	/* statement_timeout before the script */
	bool		own_timer;		/* the script has set it */
} ScriptRun;

static bool is_restricted(const MigStep *step);
static void set_search_path(const char *schema_name);
static int	run_script(const char *source, const char *title);
static void script_error_callback(void *arg);
static void run_statement(ScriptRun *run, const MigStatement *stmt);
static void run_planned(PlannedStmt *planned, const char *source);
static void run_query(PlannedStmt *planned, const char *source);
static void run_utility(PlannedStmt *planned, const char *source);
static void arm_timer(ScriptRun *run);
static void set_timer(int timeout);

/*
 * Run a step; returns the number of statements that ran.
 *
 * scripts->downgrade_sql must not be NULL if the step goes down.  Errors of
 * the scripts are raised as they are, with a context line.
 */
int
mig_step_run(const MigStep *step, const MigScripts *scripts,
			 const char *schema_name)
{
	const char *revision = step->node->revision;
	int			guc_level;
	int			statements;
	Oid			user;
	int			context;

	GetUserIdAndSecContext(&user, &context);
	if (is_restricted(step))
		SetUserIdAndSecContext(user, context | SECURITY_LOCAL_USERID_CHANGE);
	guc_level = NewGUCNestLevel();
	if (schema_name[0] != '\0')
		set_search_path(schema_name);
	if (step->direction == MIG_DOWNGRADE)
		statements = run_script(scripts->downgrade_sql,
								mig_script_title("downgrade", revision));
	else
	{
		statements = run_script(scripts->upgrade_sql,
								mig_script_title("upgrade", revision));
		if (scripts->verify_sql != NULL)
			statements += run_script(scripts->verify_sql,
									 mig_script_title("verify", revision));
	}
	AtEOXact_GUC(false, guc_level);
	SetUserIdAndSecContext(user, context);
	return statements;
}

/* The name of a script in messages. */
char *
mig_script_title(const char *kind, const char *revision)
{
	return psprintf("%s script of revision \"%s\"", kind, revision);
}

/* Is the session a superuser's, but neither the role nor the script? */
static bool
is_restricted(const MigStep *step)
{
	Oid			author;

	if (superuser() ||
		!(superuser_arg(GetSessionUserId()) ||
		  superuser_arg(GetAuthenticatedUserId())))
		return false;
	author = get_role_oid(step->node->row.stored_by, true);
	return !OidIsValid(author) || !superuser_arg(author);
}

/* The target schema, then the caller's path. */
static void
set_search_path(const char *schema_name)
{
	char	   *path = psprintf("%s%s%s", quote_identifier(schema_name),
								namespace_search_path[0] == '\0' ? "" : ", ",
								namespace_search_path);

	(void) set_config_option("search_path", path, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

static int
run_script(const char *source, const char *title)
{
	ScriptRun	run = {0};
	ErrorContextCallback callback;
	MemoryContext per_statement;
	MemoryContext old;
	bool		only_ddl = true;

	run.script = mig_script_parse(source, title);
	run.callers_timeout = StatementTimeout;
	callback.callback = script_error_callback;
	callback.arg = &run;
	callback.previous = error_context_stack;
	error_context_stack = &callback;

	per_statement = AllocSetContextCreate(CurrentMemoryContext,
										  "pg_migrations statement",
										  ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(per_statement);
	for (int i = 0; i < run.script->nstatements; i++)
	{
		run.current = &run.script->statements[i];
		only_ddl &= mig_statement_is_ddl(run.current->raw->stmt);
		CHECK_FOR_INTERRUPTS();
		arm_timer(&run);
		run_statement(&run, run.current);
		MemoryContextReset(per_statement);
	}
	run.current = NULL;
	if (!only_ddl)
		mig_deferred_check();
	if (run.own_timer)
		set_timer(run.callers_timeout);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(per_statement);
	CommandCounterIncrement();
	error_context_stack = callback.previous;
	return run.script->nstatements;
}

/*
 * Point into the statement instead of the client's query, and say where the
 * statement stands.
 */
static void
script_error_callback(void *arg)
{
	ScriptRun  *run = arg;
	const MigStatement *stmt = run->current;
	const char *source = run->script->text;
	int			position = geterrposition();

	if (stmt == NULL)
	{
		errcontext("deferred constraints at the end of %s",
				   run->script->title);
		return;
	}
	if (position > 0)
		position -= pg_mbstrlen_with_len(source, stmt->start);
	if (position > 0 || (geterrposition() == 0 && getinternalerrposition() == 0))
		mig_script_point_into(source, stmt->start, stmt->length,
							  Max(position, 0));
	errcontext("statement %d, line %d of %s",
			   (int) (stmt - run->script->statements) + 1, stmt->line,
			   run->script->title);
}

static void
run_statement(ScriptRun *run, const MigStatement *stmt)
{
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
	bool		snapshot = planned->utilityStmt == NULL ||
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
	QueryDesc  *desc = CreateQueryDesc(planned, source, GetActiveSnapshot(), NULL,
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

/*
 * Set the timer to what a script made of statement_timeout.
 *
 * As long as the script does not change the setting, the client's timer runs
 * on; once it has, each statement gets the whole time.
 */
static void
arm_timer(ScriptRun *run)
{
	if (StatementTimeout != run->callers_timeout)
		run->own_timer = true;
	if (run->own_timer)
		set_timer(StatementTimeout);
}

static void
set_timer(int timeout)
{
	if (timeout > 0)
		enable_timeout_after(STATEMENT_TIMEOUT, timeout);
	else
		disable_timeout(STATEMENT_TIMEOUT, false);
}
