/*-------------------------------------------------------------------------
 *
 * sch/snapshot_same.h
 *	  Holds two readings of the same catalogs against each other.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SNAPSHOT_SAME_H
#define MIG_SNAPSHOT_SAME_H

#include "sch/sch.h"

#ifdef USE_ASSERT_CHECKING
extern void mig_snapshot_check_same(const MigSnapshot *narrow,
									const MigSnapshot *whole);
#endif

#endif							/* MIG_SNAPSHOT_SAME_H */
