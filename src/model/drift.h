/*-------------------------------------------------------------------------
 *
 * model/drift.h
 *	  What somebody has changed by hand.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DRIFT_H
#define MIG_DRIFT_H

#include "model/compare.h"

#include "datatype/timestamp.h"

/* When something was changed, and by which role, as the guard has logged. */
typedef struct MigSeen
{
	const char *object;			/* as the server names it, behind its type */
	TimestampTz at;
	const char *by;
} MigSeen;

extern void mig_drift(MigComparison *comparison);
extern const char *mig_drift_operation(const MigAction *action);
extern List *mig_drift_log(const MigComparison *comparison);
extern const MigSeen *mig_drift_seen(const MigComparison *comparison,
									 const List *seen,
									 const MigObject *object);
extern void mig_drift_refuse(const MigComparison *comparison);

#endif							/* MIG_DRIFT_H */
