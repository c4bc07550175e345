/*-------------------------------------------------------------------------
 *
 * kind/partition_key.h
 *	  Foreign keys that refer to rows of partitions that are moved.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PARTITION_KEY_H
#define MIG_PARTITION_KEY_H

#include "sch/sch.h"

extern bool mig_partition_key_stays(const MigObject *key,
									const MigObject *part);
extern bool mig_partition_key_release(MigDiff *diff);
extern List *mig_partition_key_moves(const MigObject *key, bool leave);

#endif							/* MIG_PARTITION_KEY_H */
