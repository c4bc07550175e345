/*-------------------------------------------------------------------------
 *
 * kind/column_fill.h
 *	  What rows that are there get in a column.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_FILL_H
#define MIG_COLUMN_FILL_H

#include "sch/sch.h"

extern const char *mig_column_fill_default(const MigObject *column);
extern const char *mig_column_fill_mark(const MigDiff *diff,
										const MigObject *column);
extern const char *mig_column_fill_source(const MigObject *column);
extern bool mig_column_fill_is_behind(const MigDiff *diff,
									  const MigObject *column,
									  bool is_computed);
extern void mig_column_fill_new(MigDiff *diff, MigAction *action,
								bool is_computed);
extern void mig_column_fill_warn_typed(MigAction *action,
									   const MigObject *column);
extern void mig_column_fill_follow(MigDiff *diff, MigAction *action,
								   const MigObject *above);
extern void mig_column_fill_warn_computed(MigAction *action);
extern void mig_column_fill_nulls(MigDiff *diff, MigAction *action);

#endif							/* MIG_COLUMN_FILL_H */
