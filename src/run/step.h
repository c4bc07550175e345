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

extern int	mig_step_run(const MigStep *step, const MigScripts *scripts,
						 const char *schema_name);
extern char *mig_script_title(const char *kind, const char *revision);

#endif							/* MIG_STEP_H */
