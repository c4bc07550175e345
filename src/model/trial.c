/*-------------------------------------------------------------------------
 *
 * model/trial.c
 *	  Tries the scripts of a stored revision.
 *
 * What its parents build is replayed, then its upgrade and verify scripts run,
 * and its downgrade script; that must lead back to what stood before.  Where
 * it is a head and there is a model, the upgrade must lead to that.
 *
 * As in a proof there are three answers: what cannot be replayed before it,
 * and what a replay cannot show, is nobody's fault.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/compare.h"
#include "model/history.h"
#include "model/model_store.h"
#include "model/trial.h"
#include "rev/graph.h"
#include "sch/action.h"
#include "util/error.h"
#include "util/settings.h"
#include "util/subxact.h"

#include "utils/guc.h"

#define FUNCTION	"migrate_prove"

/* A trial under way. */
typedef struct Trial
{
	MigHistory *history;		/* the revision comes last */
	const MigReplayed *revision;
	bool		reached;		/* it is its turn */
	MigDirection direction;		/* that runs then */
	bool		verifies;		/* the verify script runs */
	List	   *rows;			/* MigFindingRow * */
} Trial;

static void find_way_up(Trial *trial);
static void run_history(void *arg);
static void run_scripts(MigHistory *history, void *arg);
static void add_row(Trial *trial, const char *result, int statement,
					const char *object, const char *detail);
static void add_actions(Trial *trial, const MigDiff *diff);
static void judge_error(Trial *trial, const ErrorData *error);
static bool shows_nothing(int sqlerrcode);

/*
 * Try a revision, by its identifier; list of MigFindingRow * in the current
 * memory context.
 *
 * Errors are raised for what is about no script: a revision that is not there,
 * rights, a cancel.
 */
List *
mig_trial(Oid nsp, const char *revision)
{
	Trial		trial = {0};
	int			level = mig_settings_pin();
	ErrorData  *error;

	trial.history = mig_history_load(nsp, "", revision, NULL);
	trial.history->function = FUNCTION;
	if (list_length(trial.history->targets) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" does not stand for one revision", revision),
				 errhint("SELECT * FROM migrate_heads() lists the heads.")));
	trial.revision = llast(trial.history->revisions);
	error = mig_subxact_try(run_history, &trial);
	if (error != NULL && error->sqlerrcode != ERRCODE_MIG_NOT_REPLAYED)
		ReThrowError(error);
	if (error != NULL)
		judge_error(&trial, error);
	else
		find_way_up(&trial);
	AtEOXact_GUC(true, level);
	return trial.rows;
}

static void
run_history(void *arg)
{
	Trial	   *trial = arg;

	mig_history_run(trial->history, NIL, run_scripts, trial);
}

/* In the shadow, where nothing stands yet. */
static void
run_scripts(MigHistory *history, void *arg)
{
	Trial	   *trial = arg;
	MigSnapshot *before;
	MigDiff		diff;
	const ListCell *lc;

	trial->rows = NIL;
	trial->reached = trial->verifies = false;
	trial->direction = MIG_UPGRADE;
	foreach(lc, history->revisions)
	{
		if (lfirst(lc) != trial->revision)
			mig_history_play(history, lfirst(lc), MIG_REPLAY_UPGRADE);
	}
	before = mig_history_read(history);
	trial->reached = true;
	mig_history_play(history, trial->revision, MIG_REPLAY_UPGRADE);
	trial->verifies = true;
	mig_history_play(history, trial->revision, MIG_REPLAY_VERIFY);
	trial->verifies = false;
	trial->direction = MIG_DOWNGRADE;
	if (trial->revision->stored->downgrade_sql == NULL)
	{
		add_row(trial, "skipped", 0, NULL, "the revision is irreversible");
		return;
	}
	mig_history_play(history, trial->revision, MIG_REPLAY_DOWNGRADE);
	mig_history_compare(history, before, &diff);
	add_actions(trial, &diff);
}

/*
 * The scripts run.  Does the upgrade of a head lead to the model?  What is
 * found comes first.
 */
static void
find_way_up(Trial *trial)
{
	List	   *downwards = trial->rows;
	MigComparison comparison = {
		.function = FUNCTION,
		.nsp = trial->history->nsp,
		.branch = "",
		.schema = "",
		.qualify = true,
	};

	trial->rows = NIL;
	trial->direction = MIG_UPGRADE;
	if (trial->revision->node->row.is_real_head &&
		mig_model_store_read(comparison.nsp, "") != NULL)
	{
		comparison.against = trial->revision->node->revision;
		mig_compare(&comparison);
		add_actions(trial, &comparison.up);
	}
	else
		add_row(trial, "proven", 0, NULL, NULL);
	trial->rows = list_concat(trial->rows, downwards);
}

static void
add_row(Trial *trial, const char *result, int statement, const char *object,
		const char *detail)
{
	MigFindingRow *row = palloc(sizeof(MigFindingRow));

	row->direction = trial->direction;
	row->result = result;
	row->statement = statement;
	row->object = object;
	row->detail = detail;
	trial->rows = lappend(trial->rows, row);
}

/* What is left to do; nothing is what it should be. */
static void
add_actions(Trial *trial, const MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		const MigAction *action = lfirst(lc);

		add_row(trial, "disproven", 0,
				psprintf("%s %s", action->object->kind->name,
						 action->object->identity),
				psprintf("left to do: %s%s%s", mig_action_verb(action),
						 action->detail == NULL ? "" : ", ",
						 action->detail == NULL ? "" : action->detail));
	}
	if (diff->actions == NIL)
		add_row(trial, "proven", 0, NULL, NULL);
}

/* A script could not be replayed: is it about the revision? */
static void
judge_error(Trial *trial, const ErrorData *error)
{
	const MigHistory *history = trial->history;

	trial->rows = NIL;
	if (!trial->reached)
	{
		add_row(trial, "not proven", 0, NULL, error->message);
		return;
	}
	if (trial->direction == MIG_DOWNGRADE)
		find_way_up(trial);
	trial->direction = trial->rows == NIL ? MIG_UPGRADE : MIG_DOWNGRADE;
	add_row(trial, shows_nothing(history->sqlerrcode) ? "not proven" :
			"disproven", history->statement, NULL,
			trial->verifies ? psprintf("verify script: %s", history->message) :
			history->message);
}

/* Is an error of the replay, which lets alone what is not its own? */
static bool
shows_nothing(int sqlerrcode)
{
	return sqlerrcode == ERRCODE_MIG_MODEL_REFUSED ||
		sqlerrcode == ERRCODE_MIG_MODEL_INCOMPLETE ||
		sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE ||
		sqlerrcode == ERRCODE_INVALID_TRANSACTION_TERMINATION;
}
