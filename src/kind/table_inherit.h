/*-------------------------------------------------------------------------
 *
 * kind/table_inherit.h
 *	  Tables that leave parents, and come to others.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TABLE_INHERIT_H
#define MIG_TABLE_INHERIT_H

#include "sch/sch.h"

extern void mig_table_inherit_plan(MigDiff *diff);
extern void mig_table_inherit_alter(MigDiff *diff, MigObject *from,
									MigObject *to);
extern void mig_table_inherit_leave(MigDiff *diff, MigObject *table);
extern void mig_table_inherit_join(MigDiff *diff, MigObject *table);

#endif							/* MIG_TABLE_INHERIT_H */
