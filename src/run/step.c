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

/* What a script may change, as it was before. */
typedef struct Shelter
{
	Oid			user;
	int			context;
	int			guc_level;
} Shelter;

static MigPosition position = {0, 0};

static void enter_shelter(Shelter *shelter, const MigStep *step,
						  const MigStepOptions *options);
static void leave_shelter(const Shelter *shelter);
static void set_for_script(const char *name, const char *value);
static int	run_script(const char *source, const char *title, bool own_timer);
static void script_error_callback(void *arg);
static void run_planned(PlannedStmt *planned, const char *source);
static void run_query(PlannedStmt *planned, const char *source);
static void run_utility(PlannedStmt *planned, const char *source);
static void set_timer(int timeout);

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
	const char *revision = step->node->revision;
	Shelter		shelter;
	int			statements;

	enter_shelter(&shelter, step, options);
	if (step->direction == MIG_DOWNGRADE)
		statements = run_script(scripts->downgrade_sql,
								mig_script_title("downgrade", revision),
								options->own_timer);
	else
		statements = run_script(scripts->upgrade_sql,
								mig_script_title("upgrade", revision),
								options->own_timer);
	if (step->direction == MIG_UPGRADE && scripts->verify_sql != NULL)
		statements += run_script(scripts->verify_sql,
								 mig_script_title("verify", revision),
								 options->own_timer);
	leave_shelter(&shelter);
	return statements;
}

/* Run the verify script of a step alone, if it has one. */
int
mig_step_verify(const MigStep *step, const MigScripts *scripts,
				const MigStepOptions *options)
{
	Shelter		shelter;
	int			statements;

	if (step->direction == MIG_DOWNGRADE || scripts->verify_sql == NULL)
		return 0;
	enter_shelter(&shelter, step, options);
	statements = run_script(scripts->verify_sql,
							mig_script_title("verify", step->node->revision),
							options->own_timer);
	leave_shelter(&shelter);
	return statements;
}

/* What scripts change from here on is put back by leave_shelter(). */
static void
enter_shelter(Shelter *shelter, const MigStep *step,
			  const MigStepOptions *options)
{
	GetUserIdAndSecContext(&shelter->user, &shelter->context);
	if (mig_step_is_restricted(step))
		SetUserIdAndSecContext(shelter->user,
							   shelter->context | SECURITY_LOCAL_USERID_CHANGE);
	shelter->guc_level = NewGUCNestLevel();
	if (options->schema_name[0] != '\0')
		set_for_script("search_path",
					   mig_step_search_path(options->schema_name));
	if (options->lock_timeout >= 0)
		set_for_script("lock_timeout",
					   psprintf("%dms", options->lock_timeout));
}

static void
leave_shelter(const Shelter *shelter)
{
	AtEOXact_GUC(false, shelter->guc_level);
	SetUserIdAndSecContext(shelter->user, shelter->context);
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

/* Is the session a superuser's, but neither the role nor the script? */
bool
mig_step_is_restricted(const MigStep *step)
{
	Oid			author;

	if (superuser() ||
		!(superuser_arg(GetSessionUserId()) ||
		  superuser_arg(GetAuthenticatedUserId())))
		return false;
	author = get_role_oid(step->node->row.stored_by, true);
	return !OidIsValid(author) || !superuser_arg(author);
}

/* The search_path of a script: the target schema, then the caller's path. */
char *
mig_step_search_path(const char *schema_name)
{
	return psprintf("%s%s%s", quote_identifier(schema_name),
					namespace_search_path[0] == '\0' ? "" : ", ",
					namespace_search_path);
}

static int
run_script(const char *source, const char *title, bool own_timer)
{
	MigScriptRun run;
	MemoryContext per_statement;
	MemoryContext old;
	bool		only_ddl = true;

	mig_script_run_begin(&run, mig_script_parse(source, title), own_timer);
	per_statement = AllocSetContextCreate(CurrentMemoryContext,
										  "pg_migrations statement",
										  ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(per_statement);
	for (int i = 0; i < run.script->nstatements; i++)
	{
		mig_script_run_at(&run, i);
		only_ddl &= mig_statement_is_ddl(run.current->raw->stmt);
		mig_script_run_statement(&run);
		MemoryContextReset(per_statement);
	}
	run.current = NULL;
	if (!only_ddl)
		mig_deferred_check();
	MemoryContextSwitchTo(old);
	MemoryContextDelete(per_statement);
	CommandCounterIncrement();
	mig_script_run_end(&run);
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
	run->callers_timeout = StatementTimeout;
	run->own_timer = own_timer;
	run->callback.callback = script_error_callback;
	run->callback.arg = run;
	run->callback.previous = error_context_stack;
	error_context_stack = &run->callback;
}

/* Go to a statement, counted from 0, and start its timer. */
void
mig_script_run_at(MigScriptRun *run, int n)
{
	run->current = &run->script->statements[n];
	position.statement = n + 1;
	position.line = run->current->line;
	CHECK_FOR_INTERRUPTS();
	if (StatementTimeout != run->callers_timeout)
		run->own_timer = true;
	if (run->own_timer)
		set_timer(StatementTimeout);
}

/* End it; the client's timer goes on. */
void
mig_script_run_end(MigScriptRun *run)
{
	if (run->own_timer)
		set_timer(run->callers_timeout);
	error_context_stack = run->callback.previous;
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

	if (stmt == NULL)
	{
		errcontext("deferred constraints at the end of %s",
				   run->script->title);
		return;
	}
	if (at > 0)
		at -= pg_mbstrlen_with_len(source, stmt->start);
	if (at > 0 || (geterrposition() == 0 && getinternalerrposition() == 0))
		mig_script_point_into(source, stmt->start, stmt->length, Max(at, 0));
	errcontext("statement %d, line %d of %s",
			   (int) (stmt - run->script->statements) + 1, stmt->line,
			   run->script->title);
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

/* Start a timer for the statement, or stop the one that runs. */
static void
set_timer(int timeout)
{
	if (timeout > 0)
		enable_timeout_after(STATEMENT_TIMEOUT, timeout);
	else
		disable_timeout(STATEMENT_TIMEOUT, false);
}
