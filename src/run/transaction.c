/*-------------------------------------------------------------------------
 *
 * run/transaction.c
 *	  Transactions of a procedure's own, and waiting between them.
 *
 * A procedure called at top level outside a transaction block may commit and
 * abort.  It must not do so below a PL, whose SPI stack and snapshots it would
 * pull away: the gate finds that out before anything happens.
 *
 * Whoever waits must not be waited for: CREATE INDEX CONCURRENTLY in another
 * session waits for every snapshot older than its own, without the deadlock
 * detector noticing.  So a wait begins in a new transaction, without a
 * snapshot; a single look into the catalogs would set one up again.
 *
 * The caller keeps what must survive in a context below PortalContext.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/transaction.h"

#include "access/xact.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "tcop/pquery.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

/* pauses between two looks, in milliseconds: first and longest */
#define FIRST_PAUSE		20
#define LONGEST_PAUSE	500

/*
 * Raise 25001 unless the procedure may commit; reason tells why it does.
 */
void
mig_transaction_gate(FunctionCallInfo fcinfo, const char *procedure,
					 const char *reason)
{
	bool		nonatomic;

	nonatomic = fcinfo->context != NULL &&
		IsA(fcinfo->context, CallContext) &&
		!castNode(CallContext, fcinfo->context)->atomic;
	if (!nonatomic)
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("%s() cannot run inside a transaction block", procedure),
				 errdetail("%s", reason),
				 errhint("CALL it alone, with autocommit on, outside BEGIN ... COMMIT and outside functions.")));
	if (MyXactFlags & XACT_FLAGS_PIPELINING)
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("%s() cannot run within a pipeline", procedure),
				 errdetail("It would commit what came before it."),
				 errhint("Send a Sync before it.")));
	if (SPI_inside_nonatomic_context())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("%s() cannot be called from a procedure or DO block",
						procedure),
				 errhint("CALL it directly from the client.")));
}

/* Commit, and begin the next transaction, in the same memory context. */
void
mig_transaction_next(void)
{
	MemoryContext context = CurrentMemoryContext;

	ForgetPortalSnapshots();
	CommitTransactionCommand();
	StartTransactionCommand();
	MemoryContextSwitchTo(context);
}

/*
 * Abort, and begin the next transaction, in the same memory context.
 *
 * May be called after an error was caught and flushed.
 */
void
mig_transaction_abort(void)
{
	MemoryContext context = CurrentMemoryContext;

	AbortCurrentTransaction();
	/* the snapshot is gone, but only a commit tells our caller's portal */
	if (ActivePortal != NULL)
		ActivePortal->portalSnapshot = NULL;
	StartTransactionCommand();
	MemoryContextSwitchTo(context);
}

/*
 * Poll until something is true, or so many microseconds have passed; returns
 * what the last poll said.  Commits before each pause.
 */
bool
mig_transaction_wait(MigPoll poll, void *arg, int64 timeout)
{
	TimestampTz end = GetCurrentTimestamp() + timeout;
	MemoryContext per_poll = AllocSetContextCreate(CurrentMemoryContext,
												   "pg_migrations poll",
												   ALLOCSET_DEFAULT_SIZES);
	long		pause = FIRST_PAUSE;
	bool		done;

	for (;;)
	{
		MemoryContext old = MemoryContextSwitchTo(per_poll);

		done = poll(arg);
		MemoryContextSwitchTo(old);
		MemoryContextReset(per_poll);
		if (done || GetCurrentTimestamp() >= end)
			break;
		mig_transaction_pause(pause);
		pause = Min(pause * 2, LONGEST_PAUSE);
	}
	MemoryContextDelete(per_poll);
	return done;
}

/* Sleep, without a transaction that others could wait for. */
void
mig_transaction_pause(long milliseconds)
{
	mig_transaction_next();
	InvalidateCatalogSnapshot();
	if (TransactionIdIsValid(MyProc->xmin) ||
		TransactionIdIsValid(GetTopTransactionIdIfAny()))
		elog(ERROR, "a snapshot is held while waiting");
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
					 milliseconds, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}
