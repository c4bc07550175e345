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
	int			order;			/* columns that stand before others */
} MigDistance;

extern MigDistance mig_distance(const MigDiff *diff);

#endif							/* MIG_DISTANCE_H */
