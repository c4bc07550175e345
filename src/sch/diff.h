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
extern bool mig_diff_attribute_differs(const MigObject *from,
									   const MigObject *to, int attribute);

#endif							/* MIG_DIFF_H */
