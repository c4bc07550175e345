/*-------------------------------------------------------------------------
 *
 * run/nontransactional.c
 *	  Runs a revision with statements that cannot run in a transaction.
 *
 * Its statements are committed one by one: those that can, in a transaction
 * with their mark; the others at top level, between a mark that they were
 * begun and one that they are done.  The revision is recorded, and its marks
 * are cleared, in a last transaction.  If it breaks off anywhere the next
 * deploy goes on at the first statement without the mark that it is done.
 *
 * What a script sets holds for the rest of it, and is put back at the end; SET
 * statements are run again on every try.  lock_timeout is 0 for statements at
 * top level: it would cancel CONCURRENTLY's wait for old snapshots.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/progress.h"
#include "run/lock.h"
#include "run/nontransactional.h"
#include "run/pipeline.h"
#include "run/restriction.h"
#include "run/resume.h"
#include "run/statement.h"
#include "run/toplevel.h"
#include "run/transaction.h"

#include "miscadmin.h"
#include "portability/instr_time.h"
#include "storage/proc.h"
#include "utils/timestamp.h"

/* A revision under way. */
struct MigNontransRun
{
	MigRun	   *run;
	MigStep    *step;
	MigScripts	scripts;
	bool		any_late;		/* before the step */
	MigMarks	marks;
	int			lock_timeout;	/* of transactional statements, in ms */
	MigSession *session;		/* what is changed of its settings */
	MigScriptRun script;
	int			open_mark;		/* statement at top level, from 1; 0: none */
};

static void read_scripts(MigNontransRun *mixed);
static void run_statements(MigNontransRun *mixed);
static void run_marked(MigNontransRun *mixed, int n);
static void run_in_transaction(MigNontransRun *mixed, int n);
static void set_lock_timeout(int milliseconds);
static bool runs_at_top_level(const MigNontransRun *mixed, const Node *stmt);
static void run_at_top_level(MigNontransRun *mixed, int n, MigMark mark);
static bool repair(const MigStatement *stmt);
static void commit(MigNontransRun *mixed);
static void finish(MigNontransRun *mixed, int64 elapsed);

/*
 * Prepare to run a step; the result is in the current memory context, which
 * survives transactions.
 *
 * session notes what is changed of the session's settings; after an error the
 * caller ends the run, asks mig_nontransactional_left_nothing(), and puts them
 * back.
 */
MigNontransRun *
mig_nontransactional_create(MigRun *run, MigStep *step, MigSession *session)
{
	MigNontransRun *mixed = palloc0(sizeof(MigNontransRun));

	mixed->run = run;
	mixed->step = step;
	mixed->session = session;
	return mixed;
}

/* Run the step and commit it. */
void
mig_nontransactional_run(MigNontransRun *mixed)
{
	instr_time	start;
	instr_time	end;

	INSTR_TIME_SET_CURRENT(start);
	read_scripts(mixed);
	mixed->run->done++;
	mig_run_announce(mixed->run, mixed->step);
	mig_run_enter();
	run_statements(mixed);
	mig_session_restore(mixed->session);
	commit(mixed);
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, start);
	finish(mixed, INSTR_TIME_GET_MICROSEC(end));
	mig_run_leave();
}

/*
 * After an error that was caught, in a new transaction: was it in a statement
 * at top level that left nothing behind?  Then it has not been begun, and is
 * to lose its mark; otherwise the next attempt would take somebody else's
 * object for its success.
 */
bool
mig_nontransactional_left_nothing(const MigNontransRun *mixed)
{
	const MigStatement *stmt;

	if (mixed->open_mark == 0)
		return false;
	stmt = &mixed->script.script->statements[mixed->open_mark - 1];
	return mig_resume_look(stmt->raw->stmt, false).repairs == NIL;
}

/* Forget that this statement was begun. */
void
mig_nontransactional_withdraw(const MigNontransRun *mixed)
{
	mig_progress_withdraw(&mixed->marks, mixed->open_mark);
}

/* Into the memory of the caller, which survives the commits. */
static void
read_scripts(MigNontransRun *mixed)
{
	MigRun	   *run = mixed->run;
	const char *revision = mixed->step->node->revision;
	MigTables	tables;

	mig_tables_open(&tables, run->nsp, run->occasion.schema_name, false);
	mig_lookup_scripts(&tables, mixed->step, &mixed->scripts);
	mixed->any_late = mig_lookup_any_late(&tables);
	mig_tables_close(&tables);
	mixed->marks.nsp = run->nsp;
	mixed->marks.schema_name = run->occasion.schema_name;
	mixed->marks.revision = revision;
	mixed->marks.direction = mixed->step->direction;
}

/*
 * What is set holds for the session, since no transaction lasts as long as the
 * script.
 */
static void
run_statements(MigNontransRun *mixed)
{
	bool		up = mixed->step->direction == MIG_UPGRADE;
	const char *schema_name = mixed->run->occasion.schema_name;
	MigScript  *script;

	script = mig_step_parse(mixed->step,
							mig_direction_name(mixed->step->direction),
							up ? mixed->scripts.upgrade_sql :
							mixed->scripts.downgrade_sql);
	mig_session_save(mixed->session);
	if (schema_name[0] != '\0')
		mig_session_set("search_path", mig_step_search_path(schema_name));
	mixed->lock_timeout = mixed->run->options.lock_timeout;
	commit(mixed);
	mig_script_run_begin(&mixed->script, script, true);
	PG_TRY();
	{
		for (int i = 0; i < script->nstatements; i++)
			run_marked(mixed, i);
	}
	PG_CATCH();
	{
		mig_script_run_rethrow(&mixed->script);
	}
	PG_END_TRY();
	mig_script_run_end(&mixed->script);
}

/* Run a statement, counted from 0, unless its mark says that it is done. */
static void
run_marked(MigNontransRun *mixed, int n)
{
	const Node *stmt = mixed->script.script->statements[n].raw->stmt;
	MigMark		mark = mig_progress_get(&mixed->marks, n + 1);

	if (mark == MIG_MARK_DONE && !mig_statement_sets(stmt))
		return;
	mig_lock_target_schema(mixed->run->occasion.schema_name);
	if (runs_at_top_level(mixed, stmt))
		run_at_top_level(mixed, n, mark);
	else
		run_in_transaction(mixed, n);
}

/* The statement and the mark that it is done: both or neither. */
static void
run_in_transaction(MigNontransRun *mixed, int n)
{
	MigRestriction restriction;

	set_lock_timeout(mixed->lock_timeout);
	mig_script_run_at(&mixed->script, n);
	mig_restriction_begin(&restriction, mixed->step->node->row.stored_by);
	mig_script_run_statement(&mixed->script);
	mig_restriction_end(&restriction);
	/* the script may have set it */
	mixed->lock_timeout = LockTimeout;
	mig_progress_put(&mixed->marks, n + 1, true);
	commit(mixed);
}

/*
 * For the session, as all that the script sets; mig_session_restore() puts it
 * back.
 */
static void
set_lock_timeout(int milliseconds)
{
	mig_session_set("lock_timeout", psprintf("%dms", milliseconds));
}

/* A procedure cannot be restricted while it commits. */
static bool
runs_at_top_level(const MigNontransRun *mixed, const Node *stmt)
{
	const char *stored_by = mixed->step->node->row.stored_by;

	if (IsA(stmt, CallStmt) && mig_restriction_needed(stored_by))
		return false;
	return mig_statement_likes_top_level(stmt);
}

/*
 * A crash in between leaves the mark that the statement was begun, and the
 * next deploy looks for what it has left.
 */
static void
run_at_top_level(MigNontransRun *mixed, int n, MigMark mark)
{
	const MigStatement *stmt = &mixed->script.script->statements[n];
	bool		is_done = false;

	set_lock_timeout(0);
	mig_script_run_at(&mixed->script, n);
	if (mark == MIG_MARK_STARTED)
		is_done = repair(stmt);
	else
		mig_progress_put(&mixed->marks, n + 1, false);
	mixed->open_mark = n + 1;
	commit(mixed);
	if (!is_done)
	{
		mig_lock_target_schema(mixed->run->occasion.schema_name);
		mig_script_run_at(&mixed->script, n);
		mig_script_run_at_top_level(&mixed->script);
	}
	mixed->open_mark = 0;
	commit(mixed);
	mig_progress_put(&mixed->marks, n + 1, true);
	commit(mixed);
}

/* Clear away what an earlier attempt left; true if it left nothing to do. */
static bool
repair(const MigStatement *stmt)
{
	MigResume	resume = mig_resume_look(stmt->raw->stmt, true);
	ListCell   *lc;

	foreach(lc, resume.repairs)
	{
		mig_transaction_next();
		mig_toplevel_run_text(lfirst(lc));
	}
	return resume.is_done || resume.replaces;
}

/*
 * Never without a look whether the lock of the deploy is still ours: DISCARD
 * ALL or pg_advisory_unlock_all() in a script may have let it go.
 */
static void
commit(MigNontransRun *mixed)
{
	mig_lock_deploy_check(mixed->run->occasion.schema_name);
	mig_transaction_next();
}

/* Verify, record and forget the marks, in one transaction. */
static void
finish(MigNontransRun *mixed, int64 elapsed)
{
	MigStep    *step = mixed->step;
	MigPlan		one = {.direction = step->direction,.nsteps = 1,.steps = step};
	MigOutcome	outcome = {0};

	outcome.step = step;
	outcome.checksum = mixed->scripts.checksum;
	outcome.statements = mixed->script.script->nstatements +
		mig_step_verify(step, &mixed->scripts, &mixed->run->options);
	outcome.elapsed = elapsed;
	outcome.at = GetCurrentTimestamp();
	mig_run_record(mixed->run, &one, &outcome, mixed->any_late);
	mig_progress_clear(&mixed->marks);
	commit(mixed);
}
