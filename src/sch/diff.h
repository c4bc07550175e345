/*-------------------------------------------------------------------------
 *
 * sch/diff.h
 *	  Compares two snapshots.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DIFF_H
#define MIG_DIFF_H

#include "sch/sch.h"

extern void mig_diff_pair(MigDiff *diff);
extern void mig_diff_run(MigDiff *diff);

#endif							/* MIG_DIFF_H */
