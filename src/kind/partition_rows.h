/*-------------------------------------------------------------------------
 *
 * kind/partition_rows.h
 *	  What rows that are there mean for partitions that come and go.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PARTITION_ROWS_H
#define MIG_PARTITION_ROWS_H

#include "sch/sch.h"

extern void mig_partition_rows_warn_new(MigAction *action,
										const MigObject *partition);
extern void mig_partition_rows_warn_attached(const MigDiff *diff,
											 MigAction *action,
											 const MigObject *partition);
extern void mig_partition_rows_drop(MigAction *action,
									const MigObject *partition);
extern void mig_partition_rows_warn_detached(MigAction *action,
											 const MigObject *partition);

#endif							/* MIG_PARTITION_ROWS_H */
