/*-------------------------------------------------------------------------
 *
 * sch/differences.h
 *	  What is left of the differences between two snapshots, for people.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DIFFERENCES_H
#define MIG_DIFFERENCES_H

#include "sch/sch.h"

extern char *mig_rest_describe(const MigDiff *diff);
extern bool mig_rest_is_any(const MigDiff *diff);

#endif							/* MIG_DIFFERENCES_H */
