/*-------------------------------------------------------------------------
 *
 * run/execute.c
 *	  Runs the statements of a script, one after the other.
 *
 * Statements are analysed, planned and run one after the other, so that each
 * sees the DDL before it; this is how the server runs extension scripts.
 *
 * To the server, and so to hooks and extensions, each is a text of its own,
 * which current_query() returns meanwhile.  It has a memory context of its
 * own, too, as SPI gives one: what hooks remember of a statement ends with it.
 *
 * The timer of statement_timeout belongs to the client's statement.  A script
 * that sets it gets a timer of its own, started anew with each of its
 * statements; the client's stands still meanwhile.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/execute.h"
#include "run/statement.h"
#include "run/toplevel.h"
#include "util/error.h"
#include "util/sql.h"
#include "compat.h"

#include "access/xact.h"
#include "commands/extension.h"
#include "executor/execdesc.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/analyze.h"
#include "storage/proc.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "tcop/utility.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

/* How a statement is run. */
typedef void (*StatementRunner) (const MigScriptRun *run,
								 const MigStatement *stmt);

static MigPosition position = {0};

/* The client's statement_timeout: is it stopped, and how many ms are left? */
static bool timer_held = false;
static int	timer_left = 0;		/* 0: it was not running */

static void script_error_callback(void *arg);
static bool is_error(void);
static void run_current(MigScriptRun *run, StatementRunner runner);
static void run_in_transaction(const MigScriptRun *run,
							   const MigStatement *stmt);
static void run_at_top_level(const MigScriptRun *run,
							 const MigStatement *stmt);
static void run_planned(const MigScriptRun *run, PlannedStmt *planned,
						const char *source);
static void run_query(PlannedStmt *planned, const char *source);
static void run_utility(PlannedStmt *planned, const char *source,
						ProcessUtilityContext context);
static bool is_for_citus(const Node *stmt);
static void hold_clients_timer(void);

/*
 * Begin to run a script's statements: errors from here on point into it.
 *
 * The current memory context must last as long as the run.
 */
void
mig_script_run_begin(MigScriptRun *run, const MigScript *script,
					 bool own_timer)
{
	run->script = script;
	run->current = NULL;
	run->at_end = false;
	run->is_model = false;
	run->context = AllocSetContextCreate(CurrentMemoryContext,
										 "pg_migrations statement",
										 ALLOCSET_DEFAULT_SIZES);
	mig_script_position_clear();
	position.kind = script->kind;
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
	position.kind = NULL;
	error_context_stack = run->callback.previous;
	MemoryContextDelete(run->context);
}

/*
 * Raise the error that was caught, with the place in the script at the end of
 * its message, since some drivers print nothing but that.
 *
 * Not in the error context callback: an error that a block of the script
 * catches is none of a driver's, and the block may look at its message.
 */
void
mig_script_run_rethrow(const MigScriptRun *run)
{
	const MigScript *script = run->script;
	ErrorData  *edata;

	if (script->revision == NULL)
		PG_RE_THROW();
	MemoryContextSwitchTo(MemoryContextGetParent(run->context));
	edata = CopyErrorData();
	FlushErrorState();
	position.message_length = strlen(edata->message);
	edata->message = psprintf("%s (revision %s, %s%s)", edata->message,
							  script->revision, script->kind,
							  run->current == NULL ? "" :
							  psprintf(", line %d", position.line));
	ReThrowError(edata);
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
	memset(&position, 0, sizeof(position));
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
		line += mig_newlines(source + stmt->start,
							 pg_mbcharcliplen(source + stmt->start,
											  stmt->length, at - 1));
	if (is_error())
		position.line = line;
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
	run_current(run, run_in_transaction);
}

/* Run it at top level, as toplevel.c describes. */
void
mig_script_run_at_top_level(MigScriptRun *run)
{
	run_current(run, run_at_top_level);
}

/*
 * Errors leave the client's own query in place, for the log and for whoever
 * catches them.
 */
static void
run_current(MigScriptRun *run, StatementRunner runner)
{
	MemoryContext old = MemoryContextSwitchTo(run->context);
	const char *clients_query = debug_query_string;
	MigStatement stmt = *run->current;

	if (stmt.text == NULL)
		mig_script_detach(run->script, &stmt);
	PG_TRY();
	{
		debug_query_string = stmt.text;
		runner(run, &stmt);
	}
	PG_FINALLY();
	{
		debug_query_string = clients_query;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(old);
	MemoryContextReset(run->context);
}

/*
 * The statement may commit: no snapshot is active, and no resource of ours
 * held.
 */
static void
run_at_top_level(const MigScriptRun *run, const MigStatement *stmt)
{
	mig_toplevel_run(stmt->raw, stmt->text);
}

/*
 * As exec_simple_query() does, without portals: rules may make more than one
 * query of a statement, and none.
 */
static void
run_in_transaction(const MigScriptRun *run, const MigStatement *stmt)
{
	bool		snapshot = analyze_requires_snapshot(stmt->raw);
	List	   *planned;
	ListCell   *lc;

	/* be sure the parser sees any DDL done so far */
	CommandCounterIncrement();
	if (snapshot)
		PushActiveSnapshot(GetTransactionSnapshot());
	planned = pg_analyze_and_rewrite_fixedparams(stmt->raw, stmt->text, NULL,
												 0, NULL);
	planned = pg_plan_queries(planned, stmt->text, CURSOR_OPT_PARALLEL_OK,
							  NULL);
	if (snapshot)
		PopActiveSnapshot();
	foreach(lc, planned)
	{
		CommandCounterIncrement();
		run_planned(run, lfirst_node(PlannedStmt, lc), stmt->text);
	}
}

/* With its own snapshot, which sees what the statements before it did. */
static void
run_planned(const MigScriptRun *run, PlannedStmt *planned, const char *source)
{
	bool		snapshot;

	snapshot = planned->utilityStmt == NULL ||
		PlannedStmtRequiresSnapshot(planned);
	if (snapshot)
		PushActiveSnapshot(GetTransactionSnapshot());
	if (planned->utilityStmt == NULL)
		run_query(planned, source);
	else if (!run->is_model && is_for_citus(planned->utilityStmt))
		run_utility(planned, source, PROCESS_UTILITY_TOPLEVEL);
	else
		run_utility(planned, source, PROCESS_UTILITY_QUERY);
	if (snapshot)
		PopActiveSnapshot();
}

/* Rows that it returns go nowhere. */
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
run_utility(PlannedStmt *planned, const char *source,
			ProcessUtilityContext context)
{
	ProcessUtility(planned, source, false, context, NULL, NULL,
				   CreateDestReceiver(DestNone), NULL);
}

/*
 * Does a statement have to pass for one of the client's?
 *
 * Citus makes a table of a distributed schema distributed if such a statement
 * creates it or moves it there, and leaves it local otherwise.  Elsewhere the
 * truth is better: pgaudit takes it amiss.
 */
static bool
is_for_citus(const Node *stmt)
{
	return (IsA(stmt, CreateStmt) || IsA(stmt, CreateForeignTableStmt) ||
			IsA(stmt, CreateTableAsStmt) ||
			IsA(stmt, AlterObjectSchemaStmt)) &&
		OidIsValid(get_extension_oid("citus", true));
}
