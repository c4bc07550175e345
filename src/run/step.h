/*-------------------------------------------------------------------------
 *
 * run/step.h
 *	  Runs one step: the scripts of a revision in one direction.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STEP_H
#define MIG_STEP_H

#include "rev/lookup.h"
#include "rev/rev.h"
#include "run/execute.h"

/* How scripts are to be run. */
typedef struct MigStepOptions
{
	const char *schema_name;	/* target schema, '' for the database */
	bool		own_timer;		/* statement_timeout counts per statement */
	int			lock_timeout;	/* milliseconds; -1: as the session has it */
} MigStepOptions;

extern int	mig_step_run(const MigStep *step, const MigScripts *scripts,
						 const MigStepOptions *options);
extern int	mig_step_verify(const MigStep *step, const MigScripts *scripts,
							const MigStepOptions *options);
extern char *mig_step_search_path(const char *schema_name);
extern MigScript *mig_step_parse(const MigStep *step, const char *kind,
								 const char *source);

#endif							/* MIG_STEP_H */
