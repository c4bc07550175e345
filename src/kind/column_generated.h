/*-------------------------------------------------------------------------
 *
 * kind/column_generated.h
 *	  Generated columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_GENERATED_H
#define MIG_COLUMN_GENERATED_H

#include "sch/sch.h"

extern bool mig_column_is_generated(const MigObject *column);
extern bool mig_column_is_virtual(const MigObject *column);
extern bool mig_column_generated_differs(const MigObject *column);
extern void mig_column_generated_part_inherited(StringInfo buf,
												const MigObject *column);
extern bool mig_column_generated_anew(const MigObject *from,
									  const MigObject *to);
extern bool mig_column_generated_spreads(const MigObject *column);
extern void mig_column_generated_alter(MigDiff *diff, MigObject *to);
extern void mig_column_generated_warn(MigAction *action,
									  const MigObject *column);

#endif							/* MIG_COLUMN_GENERATED_H */
