/*-------------------------------------------------------------------------
 *
 * kind/column_held.h
 *	  Tables whose rows are values of columns elsewhere.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_HELD_H
#define MIG_COLUMN_HELD_H

#include "sch/sch.h"

extern bool mig_column_held(const MigObject *table);
extern void mig_column_held_free(MigDiff *diff, const MigObject *table);
extern void mig_column_held_warn(MigAction *action, const MigObject *table);
extern void mig_column_held_prefer(MigDiff *diff);

#endif							/* MIG_COLUMN_HELD_H */
