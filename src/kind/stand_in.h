/*-------------------------------------------------------------------------
 *
 * kind/stand_in.h
 *	  What a child table has by itself, too, and the order of its parents.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STAND_IN_H
#define MIG_STAND_IN_H

#include "sch/sch.h"

extern void mig_stand_in_judge(MigDiff *diff);
extern void mig_stand_in_complete(MigDiff *diff);
extern List *mig_stand_in_moved(const List *before, const List *after);
extern void mig_stand_in_move(MigDiff *diff, MigObject *table,
							  const List *moved, const List *before);
extern const char *mig_stand_in_name(const MigDiff *diff,
									 const MigObject *table);
extern bool mig_part_may_differ(const MigObject *part);
extern bool mig_part_ends_local(const MigObject *part);
extern bool mig_stand_in_tell(const MigDiff *diff, const char *place);

#endif							/* MIG_STAND_IN_H */
