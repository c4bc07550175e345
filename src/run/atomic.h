/*-------------------------------------------------------------------------
 *
 * run/atomic.h
 *	  Runs a plan in the caller's transaction.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ATOMIC_H
#define MIG_ATOMIC_H

#include "rev/journal.h"
#include "rev/lookup.h"

/* A run under way. */
typedef struct MigRun
{
	Oid			nsp;			/* schema of the extension */
	MigOccasion occasion;
	int			done;			/* steps done before this plan */
	int			total;			/* steps of all plans of the run */
} MigRun;

extern void mig_refuse_in_run(const char *function);
extern MigOutcome *mig_atomic_run(MigRun *run, MigTables *tables,
								  const MigPlan *plan);

#endif							/* MIG_ATOMIC_H */
