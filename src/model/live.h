/*-------------------------------------------------------------------------
 *
 * model/live.h
 *	  Reads the live schema for a comparison.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LIVE_H
#define MIG_LIVE_H

#include "model/comparison.h"

extern void mig_live_read(void *arg);
extern MigSnapshot *mig_live_snapshot(const MigComparison *comparison,
									  const List *schemas, const List *only);

#endif							/* MIG_LIVE_H */
