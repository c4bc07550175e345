/*-------------------------------------------------------------------------
 *
 * kind/constraint.h
 *	  Constraints of tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CONSTRAINT_KIND_H
#define MIG_CONSTRAINT_KIND_H

#include "sch/sch.h"

extern bool mig_constraint_is_said_twice(const MigObject *constraint);
extern bool mig_constraint_goes_up(const MigObject *from,
								   const MigObject *to);
extern bool mig_constraint_is_validated(const MigObject *constraint);
extern void mig_constraint_unsettle(MigDiff *diff);
extern List *mig_constraint_above(const MigObject *check);
extern MigObject *mig_constraint_counterpart(const MigObject *table,
											 const MigObject *constraint);
extern void mig_constraint_follow(MigDiff *diff, MigObject *constraint);

#endif							/* MIG_CONSTRAINT_KIND_H */
