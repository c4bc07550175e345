/*-------------------------------------------------------------------------
 *
 * kind/constraint_parents.h
 *	  Checks of tables and those of the tables that inherit from them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CONSTRAINT_PARENTS_H
#define MIG_CONSTRAINT_PARENTS_H

#include "sch/sch.h"

extern List *mig_table_part_changes(const MigObject *table);
extern List *mig_table_stricter_above(const MigObject *old_table);
extern List *mig_constraint_below(const MigObject *constraint);
extern List *mig_constraint_awaits(const MigObject *constraint);
extern bool mig_constraint_may_prove(const MigObject *check);
extern bool mig_constraint_outlasts(const MigObject *check,
									const MigAction *change);
extern bool mig_constraint_goes_first(const MigObject *constraint);
extern bool mig_constraint_is_tied(const MigObject *check);
extern List *mig_constraint_ties(const MigObject *check);

#endif							/* MIG_CONSTRAINT_PARENTS_H */
