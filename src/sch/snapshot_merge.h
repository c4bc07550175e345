/*-------------------------------------------------------------------------
 *
 * sch/snapshot_merge.h
 *	  A snapshot made of one that was kept and of one of what has changed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SNAPSHOT_MERGE_H
#define MIG_SNAPSHOT_MERGE_H

#include "sch/sch.h"

extern MigSnapshot *mig_merge(MigSnapshot *before, MigSnapshot *part,
							  const char **why);
extern void mig_merge_add(MigSnapshot *snapshot, MigObject *object);
extern const char *mig_merge_difference(const MigObject *one,
										const MigObject *other);
extern bool mig_merge_stays(const MigObject *object);
extern bool mig_merge_is_frame(const MigObject *object);
extern const char *mig_merge_name(const MigObject *object);
#ifdef USE_ASSERT_CHECKING
extern bool mig_merge_same_edges(const MigObject *one,
								 const MigObject *other);
extern void mig_merge_check(const MigSnapshot *merged,
							const MigSnapshot *whole);
#endif

#endif							/* MIG_SNAPSHOT_MERGE_H */
