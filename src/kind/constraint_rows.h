/*-------------------------------------------------------------------------
 *
 * kind/constraint_rows.h
 *	  What rows that are there mean for constraints that are added.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CONSTRAINT_ROWS_H
#define MIG_CONSTRAINT_ROWS_H

#include "sch/sch.h"

/* What a unique index lets be there once. */
typedef struct MigUniqueIndex
{
	const char *columns;		/* NULL: some keys are expressions */
	const char *keys;
	const char *filter;			/* or NULL */
	bool		nulls_not_distinct;
} MigUniqueIndex;

extern void mig_constraint_rows_warn_scan(MigAction *action,
										  const MigObject *constraint);
extern void mig_constraint_rows_warn_build(MigAction *action,
										   const MigObject *key);
extern void mig_constraint_rows_warn(const MigDiff *diff, MigAction *action,
									 const MigObject *constraint,
									 const char *definition);
extern void mig_constraint_rows_warn_attached(const MigDiff *diff,
											  const MigObject *foreign_key,
											  const char *definition);
extern bool mig_constraint_rows_warn_detached(MigAction *action,
											  const MigObject *foreign_key,
											  const MigObject *above,
											  const MigObject *partition);
extern void mig_constraint_rows_warn_index(const MigDiff *diff,
										   MigAction *action,
										   const MigObject *index,
										   const char *keys,
										   const char *filter);
extern void mig_constraint_rows_warn_long(const MigDiff *diff,
										  MigAction *action,
										  const MigObject *index,
										  const char *keys,
										  const char *filter);
extern void mig_constraint_rows_warn_unique(const MigDiff *diff,
											MigAction *action,
											const MigObject *index,
											const MigUniqueIndex *unique);

#endif							/* MIG_CONSTRAINT_ROWS_H */
