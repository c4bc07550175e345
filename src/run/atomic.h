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
#include "run/step.h"

/* A run under way. */
typedef struct MigRun
{
	Oid			nsp;			/* schema of the extension */
	MigOccasion occasion;
	const char *target;			/* as it was given, for messages */
	const char *before;			/* or a tag as an argument, else '' */
	int			done;			/* steps done before this plan */
	int			total;			/* steps of all plans of the run */
	bool		downwards;		/* the plan under way goes down */
	bool		commits;		/* after each step: a deploy */
	MigStepOptions options;		/* how scripts are run */
} MigRun;

extern void mig_refuse_in_run(const char *function);
extern bool mig_run_is_active(void);
extern void mig_run_enter(void);
extern void mig_run_leave(void);
extern void mig_run_announce(const MigRun *run, const MigStep *step);
extern void mig_run_record(MigRun *run, const MigPlan *plan,
						   const MigOutcome *outcomes, bool any_late);
extern MigOutcome *mig_atomic_run(MigRun *run, MigTables *tables,
								  const MigPlan *plan);

#endif							/* MIG_ATOMIC_H */
