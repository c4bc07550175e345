/*-------------------------------------------------------------------------
 *
 * util/subxact.c
 *	  Functions called in a subtransaction, so that an error ends with it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/subxact.h"

#include "access/xact.h"
#include "utils/resowner.h"

static ErrorData *call(void (*function) (void *arg), void *arg, bool keep);
static void settle_invalidations(void);

/*
 * Call a function in a subtransaction, and roll that back.
 *
 * Returns the error that it raised, or NULL.  That is in the current memory
 * context, in which the function is called, too.
 */
ErrorData *
mig_subxact_try(void (*function) (void *arg), void *arg)
{
	return call(function, arg, false);
}

/* The same, but the error is raised again. */
void
mig_subxact_run(void (*function) (void *arg), void *arg)
{
	ErrorData  *error = call(function, arg, false);

	if (error != NULL)
		ReThrowError(error);
}

/*
 * As mig_subxact_try(), but what the function has done stays unless it raised
 * an error.
 */
ErrorData *
mig_subxact_keep(void (*function) (void *arg), void *arg)
{
	return call(function, arg, true);
}

/* Memory and resources are the caller's again, however it ends. */
static ErrorData *
call(void (*function) (void *arg), void *arg, bool keep)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData  *volatile error = NULL;

	settle_invalidations();
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		function(arg);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
	}
	PG_END_TRY();
	if (keep && error == NULL)
		ReleaseCurrentSubTransaction();
	else
		RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return error;
}

/*
 * ALTER DOMAIN ... DROP CONSTRAINT sends an invalidation behind the last
 * command that counts as one, and the server begins no subtransaction then.
 */
static void
settle_invalidations(void)
{
	if (IsInParallelMode())
		return;
	(void) GetCurrentCommandId(true);
	CommandCounterIncrement();
}

/* Raise an error again that says nothing about what was tried. */
void
mig_subxact_raise_outer(ErrorData *error)
{
	int			category = ERRCODE_TO_CATEGORY(error->sqlerrcode);

	if (category == ERRCODE_OPERATOR_INTERVENTION ||
		category == ERRCODE_INSUFFICIENT_RESOURCES)
		ReThrowError(error);
}
