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

extern void mig_constraint_rows_warn(const MigDiff *diff, MigAction *action,
									 const MigObject *constraint,
									 const char *definition);

#endif							/* MIG_CONSTRAINT_ROWS_H */
