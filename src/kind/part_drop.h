/*-------------------------------------------------------------------------
 *
 * kind/part_drop.h
 *	  Columns and checks that go, and those of child tables that stay.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PART_DROP_H
#define MIG_PART_DROP_H

#include "sch/sch.h"

extern void mig_column_drop(StringInfo buf, const MigObject *column);
extern void mig_column_drop_warn(MigAction *action);
extern bool mig_part_drop_only(const MigObject *part);
extern bool mig_part_stays_below(const MigObject *part);
extern bool mig_part_stays_behind(const MigObject *part);

#endif							/* MIG_PART_DROP_H */
