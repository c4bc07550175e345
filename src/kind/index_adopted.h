/*-------------------------------------------------------------------------
 *
 * kind/index_adopted.h
 *	  Unique indexes that become those of constraints.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INDEX_ADOPTED_H
#define MIG_INDEX_ADOPTED_H

#include "sch/sch.h"

extern void mig_index_adopt(const MigDiff *diff);
extern MigObject *mig_index_adopter(const MigObject *index);
extern const MigObject *mig_index_adopted(const MigObject *constraint);
extern void mig_index_adopt_settings(MigDiff *diff, const MigObject *index,
									 MigObject *constraint);

#endif							/* MIG_INDEX_ADOPTED_H */
