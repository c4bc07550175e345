/*-------------------------------------------------------------------------
 *
 * sch/distance.h
 *	  How much two snapshots differ.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DISTANCE_H
#define MIG_DISTANCE_H

#include "sch/sch.h"

typedef struct MigDistance
{
	int			changes;		/* objects without a twin, and attributes */
	int			names;			/* indexes and constraints, alike otherwise */
	int			order;			/* columns that stand before others */
} MigDistance;

extern MigDistance mig_distance(const MigDiff *diff);
extern int	mig_distance_compare(const MigDistance *one,
								 const MigDistance *other);

#endif							/* MIG_DISTANCE_H */
