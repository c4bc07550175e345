/*-------------------------------------------------------------------------
 *
 * model/trial.h
 *	  Tries the scripts of a stored revision.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TRIAL_H
#define MIG_TRIAL_H

#include "nodes/pg_list.h"
#include "rev/rev.h"

/* Something that has come of it. */
typedef struct MigFindingRow
{
	MigDirection direction;
	const char *result;
	int			statement;		/* of the script, from 1; 0: none */
	const char *object;			/* or NULL */
	const char *detail;			/* or NULL */
} MigFindingRow;

extern List *mig_trial(Oid nsp, const char *revision);

#endif							/* MIG_TRIAL_H */
