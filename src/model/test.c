/*-------------------------------------------------------------------------
 *
 * model/test.c
 *	  Tests revisions in a shadow.
 *
 * Of each revision the scripts run as they would one after the other: up,
 * verify, down, up again.  After the downgrade the schema must be what it was
 * before, after the second upgrade what it was after the first.  That happens
 * in a subtransaction, so that a fault of one revision is none of the next,
 * which begins where a plain upgrade leads.  What needs a revision that does
 * not go up cannot be tested; others can.
 *
 * Rows are what the scripts make of them, and nothing else: a shadow begins
 * empty.  What is compared is what migrate.compare says, as always.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/compare.h"
#include "model/history.h"
#include "model/model_store.h"
#include "model/scope.h"
#include "model/test.h"
#include "sch/differences.h"
#include "sch/narrow.h"
#include "sch/snapshot.h"
#include "util/error.h"
#include "util/settings.h"
#include "util/sql.h"
#include "util/subxact.h"

#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/memutils.h"

/* Failures that an error message lists */
#define FAILURES_SHOWN		20

/* The tests of a revision; the last one is of all. */
typedef enum Stage
{
	UPGRADE,
	VERIFY,
	DOWNGRADE,
	UPGRADE_AGAIN,
	MODEL
} Stage;

static const char *const stage_names[] = {
	[UPGRADE] = "upgrade",
	[VERIFY] = "verify",
	[DOWNGRADE] = "downgrade",
	[UPGRADE_AGAIN] = "upgrade again",
	[MODEL] = "model"
};

StaticAssertDecl(lengthof(stage_names) == MODEL + 1,
				 "each test has its name");

/* What stands; all is NULL: not read yet. */
typedef struct Standing
{
	char	   *imprint;		/* NULL: none, the snapshot says it */
	MigSnapshot *snapshot;		/* NULL: the imprint is enough */
#ifdef USE_ASSERT_CHECKING
	MigSnapshot *whole;			/* where the snapshot is of a part */
#endif
} Standing;

/* What attempts change: where imprints differ, the rest is not read. */
typedef struct Part
{
	HTAB	   *written;		/* objects whose rows they write */
	HTAB	   *objects;		/* that this concerns */
	HTAB	   *found;			/* that it concerns in the one under way */
} Part;

/* Tests under way. */
typedef struct Testing
{
	MigTest    *test;
	MigHistory *history;
	MigScopeRules rules;
	bool		to_heads;		/* nothing lies above what is tested */
	Standing	before;			/* what stands now */
	List	   *broken;			/* of MigNode *, revisions that do not stand */
} Testing;

/* One revision. */
typedef struct Attempt
{
	Testing    *testing;
	const MigReplayed *revision;	/* NULL: all */
	Stage		stage;			/* the test under way */
	bool		is_reversible;
	Standing	after;			/* what it leads to, if it is reversible */
	bool		reads_before;	/* a snapshot of what stands before it */
	bool		reads_after;	/* ... of what it leads to */
	const Standing *doubtful;	/* imprints leave a doubt about it */
	MigPoint	begin;			/* of the one under way */
	Part	   *part;			/* that snapshots are of; NULL: of all */
	bool		in_doubt;		/* a part has not said what is different */
	bool		went_up;
	bool		without_verify; /* it has failed */
} Attempt;

static void load(Testing *testing);
static void test_revisions(MigHistory *history, void *arg);
static MigNode *broken_below(const Testing *testing, const MigNode *node);
static void test_revision(Testing *testing, const MigReplayed *revision);
static ErrorData *try_until_sure(Attempt *attempt);
static void begin_again(const Attempt *attempt, Attempt *start);
static void try_revision(void *arg);
static void judge_error(Attempt *attempt, const ErrorData *error);
static char *text_of(const ErrorData *error);
static bool shows_nothing(int sqlerrcode);
static void look(Attempt *attempt, Standing *standing, bool reads);
static void narrow(const Attempt *attempt, bool in_attempt);
static void forget(Standing *standing);
static bool hold_against(Attempt *attempt, const Standing *wanted);
static char *compare(const MigHistory *history, MigSnapshot *wanted);
#ifdef USE_ASSERT_CHECKING
static void check(const char *part, const char *whole);
#endif
static void widen(Attempt *attempt);
static void test_model(Testing *testing);
static void compare_with_model(void *arg);
static void add_row(const Attempt *attempt, MigTestResult result,
					const char *detail);

/*
 * Test the revisions of a range; rows are in the current memory context.
 *
 * MG043 if a revision below the range cannot be replayed; see
 * mig_history_run() for locks and further errors.
 */
void
mig_test_run(MigTest *test)
{
	Testing		testing = {.test = test};
	int			level = mig_settings_pin();

	mig_scope_search_path(test->schema);
	load(&testing);
	if (testing.history->revisions != NIL)
	{
		mig_history_run(testing.history, test->include, test_revisions,
						&testing);
		mig_history_tell_skipped(testing.history);
		test_model(&testing);
	}
	AtEOXact_GUC(true, level);
}

static void
load(Testing *testing)
{
	MigTest    *test = testing->test;

	testing->history = mig_history_load_range(test->nsp, test->schema,
											  test->range, test->files,
											  &testing->to_heads);
	testing->history->function = "migrate_test";
	mig_scope_begin(&testing->rules, test->nsp, test->include, test->exclude);
	testing->history->rules = &testing->rules;
}

/* In the shadow, where nothing stands yet. */
static void
test_revisions(MigHistory *history, void *arg)
{
	Testing    *testing = arg;
	const ListCell *lc;

	testing->test->rows = testing->broken = NIL;
	memset(&testing->before, 0, sizeof(testing->before));
	foreach(lc, history->revisions)
	{
		const MigReplayed *revision = lfirst(lc);
		MigNode    *below = broken_below(testing, revision->node);

		CHECK_FOR_INTERRUPTS();
		if (below != NULL)
		{
			Attempt		attempt = {.testing = testing,.revision = revision};

			testing->broken = lappend(testing->broken, revision->node);
			if (revision->in_range)
				add_row(&attempt, MIG_TEST_SKIPPED,
						psprintf("It needs revision \"%s\", which was not applied.",
								 below->revision));
		}
		else if (revision->in_range)
			test_revision(testing, revision);
		else
			mig_history_play(history, revision, MIG_REPLAY_UPGRADE);
	}
}

/* Of what a revision stands on or needs, one that was not applied, or NULL. */
static MigNode *
broken_below(const Testing *testing, const MigNode *node)
{
	const ListCell *lc;

	foreach(lc, testing->broken)
	{
		if (list_member_ptr(node->down, lfirst(lc)) ||
			list_member_ptr(node->deps, lfirst(lc)))
			return lfirst(lc);
	}
	return NULL;
}

/*
 * Try it, then apply it.  What stands is read only where it is to be come back
 * to, and as a snapshot only where imprints leave a doubt.
 */
static void
test_revision(Testing *testing, const MigReplayed *revision)
{
	MigHistory *history = testing->history;
	Attempt		attempt = {.testing = testing,.revision = revision};
	int			skipped = list_length(history->skipped);
	ErrorData  *error;

	attempt.is_reversible = revision->stored->downgrade_sql != NULL;
	if (attempt.is_reversible)
		look(&attempt, &testing->before, false);
	error = try_until_sure(&attempt);
	if (error != NULL && attempt.stage == VERIFY)
	{
		judge_error(&attempt, error);
		attempt.without_verify = true;
		error = try_until_sure(&attempt);
	}
	history->skipped = list_truncate(history->skipped, skipped);
	if (error != NULL)
		judge_error(&attempt, error);
	if (!attempt.went_up)
	{
		testing->broken = lappend(testing->broken, revision->node);
		return;
	}
	if (attempt.part != NULL)
		forget(&attempt.after);
	forget(&testing->before);
	testing->before = attempt.after;
	mig_history_play(history, revision, MIG_REPLAY_UPGRADE);
}

/*
 * Try it once more where a snapshot is needed: first one of what the revision
 * changes, then one of all.  Returns the error, or NULL.
 */
static ErrorData *
try_until_sure(Attempt *attempt)
{
	Testing    *testing = attempt->testing;
	MigTest    *test = testing->test;
	Attempt		start = *attempt;
	int			nrows = list_length(test->rows);

	for (;;)
	{
		ErrorData  *error = mig_history_try(testing->history, try_revision,
											attempt);

		testing->history->only = NULL;
		if (attempt->part != NULL && attempt->doubtful == NULL &&
			!mig_narrow_has_all(attempt->part->objects, attempt->part->found))
		{
			attempt->doubtful = &testing->before;
			attempt->in_doubt = true;
		}
		if (attempt->doubtful == NULL)
			return error;
		begin_again(attempt, &start);
		*attempt = start;
		test->rows = list_truncate(test->rows, nrows);
	}
}

/* What an attempt has found out is known to the next one. */
static void
begin_again(const Attempt *attempt, Attempt *start)
{
	Testing    *testing = attempt->testing;

	start->after = attempt->after;
	start->in_doubt = attempt->in_doubt;
	start->part = attempt->in_doubt ? NULL : attempt->part;
	start->reads_before |= attempt->doubtful == &testing->before;
	start->reads_after |= attempt->doubtful != &testing->before;
	if (attempt->part != NULL)
	{
		forget(&start->after);
		forget(&testing->before);
	}
	if (start->part != NULL)
	{
		mig_narrow_reach(start->part->objects, start->part->written);
		start->part->found = mig_narrow_objects();
	}
	look(start, &testing->before, start->reads_before);
}

/* all that is rolled back */
static void
try_revision(void *arg)
{
	Attempt    *attempt = arg;
	MigHistory *history = attempt->testing->history;
	const MigReplayed *revision = attempt->revision;

	attempt->begin = mig_narrow_begin();
	attempt->stage = UPGRADE;
	mig_history_play(history, revision, MIG_REPLAY_UPGRADE);
	if (!attempt->went_up)
	{
		attempt->went_up = true;
		add_row(attempt, MIG_TEST_OK, NULL);
	}
	if (attempt->is_reversible)
		look(attempt, &attempt->after, attempt->reads_after);
	if (revision->stored->verify_sql != NULL && !attempt->without_verify)
	{
		attempt->stage = VERIFY;
		mig_history_play(history, revision, MIG_REPLAY_VERIFY);
		add_row(attempt, MIG_TEST_OK, NULL);
	}
	attempt->stage = DOWNGRADE;
	if (!attempt->is_reversible)
	{
		add_row(attempt, MIG_TEST_EXCUSED,
				"The revision is declared irreversible.");
		return;
	}
	mig_history_play(history, revision, MIG_REPLAY_DOWNGRADE);
	if (!hold_against(attempt, &attempt->testing->before))
		return;
	attempt->stage = UPGRADE_AGAIN;
	mig_history_play(history, revision, MIG_REPLAY_UPGRADE);
	(void) hold_against(attempt, &attempt->after);
}

/* The test under way has ended in an error. */
static void
judge_error(Attempt *attempt, const ErrorData *error)
{
	MigTestResult result = MIG_TEST_FAILED;

	if (error->sqlerrcode != ERRCODE_MIG_NOT_REPLAYED)
		ReThrowError(unconstify(ErrorData *, error));
	if (shows_nothing(attempt->testing->history->sqlerrcode))
		result = MIG_TEST_SKIPPED;
	add_row(attempt, result, text_of(error));
}

static char *
text_of(const ErrorData *error)
{
	return error->detail == NULL ? error->message :
		psprintf("%s\n%s", error->message, error->detail);
}

/* Is it about what may run in a shadow, and not about the script? */
static bool
shows_nothing(int sqlerrcode)
{
	return sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE ||
		sqlerrcode == ERRCODE_MIG_MODEL_INCOMPLETE ||
		sqlerrcode == ERRCODE_MIG_MODEL_REFUSED;
}

/* Take the imprint of what stands, and the snapshot, if that is to be read. */
static void
look(Attempt *attempt, Standing *standing, bool reads)
{
	MigHistory *history = attempt->testing->history;

	if (standing->imprint == NULL && standing->snapshot == NULL)
		standing->imprint = mig_history_imprint(history);
	if (standing->snapshot != NULL || (!reads && standing->imprint != NULL))
		return;
#ifdef USE_ASSERT_CHECKING
	if (attempt->part != NULL)
		standing->whole = mig_history_read(history);
#endif
	narrow(attempt, standing == &attempt->after);
	standing->snapshot = mig_history_read(history);
	history->only = NULL;
}

/* Read and compare nothing but what attempts have changed. */
static void
narrow(const Attempt *attempt, bool in_attempt)
{
	const Part *part = attempt->part;
	HTAB	   *written;

	if (part == NULL)
		return;
	if (in_attempt)
	{
		written = mig_narrow_objects();
		mig_narrow_written(written, &attempt->begin);
		mig_narrow_reach(part->found, written);
		hash_destroy(written);
	}
	attempt->testing->history->only = mig_narrow_array(part->objects,
													   part->found);
}

/* Snapshots of a part hold for one revision. */
static void
forget(Standing *standing)
{
	if (standing->snapshot != NULL)
		MemoryContextDelete(standing->snapshot->context);
	standing->snapshot = NULL;
#ifdef USE_ASSERT_CHECKING
	if (standing->whole != NULL)
		MemoryContextDelete(standing->whole->context);
	standing->whole = NULL;
#endif
}

/* What stands must be what is wanted.  Returns false if that is not known. */
static bool
hold_against(Attempt *attempt, const Standing *wanted)
{
	MigHistory *history = attempt->testing->history;
	char	   *rest;

	if (wanted->snapshot == NULL)
	{
		char	   *imprint = mig_history_imprint(history);

		if (imprint != NULL && strcmp(imprint, wanted->imprint) == 0)
		{
			add_row(attempt, MIG_TEST_OK, NULL);
			return true;
		}
		attempt->doubtful = wanted;
		if (!attempt->in_doubt)
			widen(attempt);
		return false;
	}
	narrow(attempt, true);
	rest = compare(history, wanted->snapshot);
	history->only = NULL;
	if (rest == NULL && attempt->part != NULL)
	{
		attempt->doubtful = wanted;
		attempt->in_doubt = true;
		return false;
	}
#ifdef USE_ASSERT_CHECKING
	if (attempt->part != NULL)
		check(rest, compare(history, wanted->whole));
#endif
	add_row(attempt, rest == NULL ? MIG_TEST_OK : MIG_TEST_FAILED, rest);
	return true;
}

/* What differs from what was wanted, or NULL. */
static char *
compare(const MigHistory *history, MigSnapshot *wanted)
{
	MigDiff		diff;
	char	   *rest;

	mig_history_compare(history, wanted, &diff);
	rest = diff.actions == NIL ? NULL : mig_rest_describe(&diff);
	MemoryContextDelete(diff.from->context);
	return rest;
}

#ifdef USE_ASSERT_CHECKING
/* A part must say what the whole says. */
static void
check(const char *part, const char *whole)
{
	if (whole == NULL || strcmp(part, whole) != 0)
		elog(ERROR, "wrong difference of a part:\n%s\ninstead of:\n%s", part,
			 whole == NULL ? "none" : whole);
}
#endif

/* The next attempt reads what this one has changed, too. */
static void
widen(Attempt *attempt)
{
	Part	   *part = attempt->part;

	if (part == NULL)
	{
		part = palloc0(sizeof(Part));
		part->written = mig_narrow_objects();
		part->objects = mig_narrow_objects();
		attempt->part = part;
	}
	mig_narrow_written(part->written, &attempt->begin);
	mig_narrow_reach(part->objects, part->written);
}

/* Do all revisions build the stored model? */
static void
test_model(Testing *testing)
{
	const MigTest *test = testing->test;
	Attempt		attempt = {.testing = testing,.stage = MODEL};
	ErrorData  *error;

	if (!testing->to_heads || mig_model_store_read(test->nsp, "") == NULL)
		return;
	if (testing->broken != NIL)
	{
		add_row(&attempt, MIG_TEST_SKIPPED, "Not all revisions go up.");
		return;
	}
	error = mig_subxact_try(compare_with_model, &attempt);
	if (error == NULL)
		return;
	mig_subxact_raise_outer(error);
	add_row(&attempt, error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE ?
			MIG_TEST_SKIPPED : MIG_TEST_FAILED, text_of(error));
}

static void
compare_with_model(void *arg)
{
	Attempt    *attempt = arg;
	const MigTest *test = attempt->testing->test;
	MigComparison comparison = {0};
	int			level = NewGUCNestLevel();
	bool		agrees;

	mig_settings_set("client_min_messages", "error");
	comparison.function = "migrate_test";
	comparison.nsp = test->nsp;
	comparison.branch = "";
	comparison.schema = test->schema;
	comparison.include = test->include;
	comparison.exclude = test->exclude;
	comparison.qualify = true;
	comparison.against = "heads";
	comparison.files = test->files;
	mig_compare(&comparison);
	AtEOXact_GUC(true, level);
	agrees = mig_compare_count(&comparison) == 0;
	add_row(attempt, agrees ? MIG_TEST_OK : MIG_TEST_FAILED,
			agrees ? NULL : mig_rest_describe(&comparison.up));
}

static void
add_row(const Attempt *attempt, MigTestResult result, const char *detail)
{
	MigTest    *test = attempt->testing->test;
	MigTestRow *row = palloc0(sizeof(MigTestRow));

	row->test = stage_names[attempt->stage];
	if (attempt->revision != NULL)
		row->revision = attempt->revision->node->revision;
	row->result = result;
	row->detail = detail;
	test->rows = lappend(test->rows, row);
}

/*
 * Raise MG024 if a test has failed, or could not be made without an excuse, or
 * if there is none: then something else went wrong.
 */
void
mig_test_refuse(const MigTest *test)
{
	StringInfoData buf;
	int			n = 0;
	const ListCell *lc;

	if (test->rows == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_TEST_FAILED),
				 errmsg("there is no revision to test"),
				 errhint("Were the files loaded? SELECT * FROM migrate_history() lists what is stored.")));
	initStringInfo(&buf);
	foreach(lc, test->rows)
	{
		const MigTestRow *row = lfirst(lc);

		if (row->result != MIG_TEST_FAILED && row->result != MIG_TEST_SKIPPED)
			continue;
		if (n++ >= FAILURES_SHOWN)
			continue;
		appendStringInfo(&buf, "%s%s%s%s %s", n > 1 ? "\n" : "", row->test,
						 row->revision == NULL ? "" : " of ",
						 row->revision == NULL ? "" : row->revision,
						 mig_test_word(row->result));
		if (row->detail != NULL)
			appendStringInfo(&buf, ": %s", row->detail);
	}
	if (n == 0)
		return;
	if (n > FAILURES_SHOWN)
		appendStringInfo(&buf, "\n... and %d more", n - FAILURES_SHOWN);
	ereport(ERROR,
			(errcode(ERRCODE_MIG_TEST_FAILED),
			 errmsg("%d of %d tests did not succeed", n,
					list_length(test->rows)),
			 errdetail_internal("%s", buf.data),
			 errhint("Without strict, migrate_test() returns all tests as rows.")));
}

/* "ok", "failed" or "skipped" */
const char *
mig_test_word(MigTestResult result)
{
	switch (result)
	{
		case MIG_TEST_OK:
			return "ok";
		case MIG_TEST_FAILED:
			return "failed";
		case MIG_TEST_SKIPPED:
		case MIG_TEST_EXCUSED:
			return "skipped";
	}
	pg_unreachable();
}
