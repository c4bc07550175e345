/*-------------------------------------------------------------------------
 *
 * model/live_part.h
 *	  Reads of the live schema what a part of a model is about.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LIVE_PART_H
#define MIG_LIVE_PART_H

#include "model/comparison.h"

extern bool mig_live_may_stand(const MigComparing *building);
extern bool mig_live_read_part(MigComparing *building, MigSnapshot *live,
							   const MigSnapshot *before);
extern bool mig_live_read_rest(MigComparing *building, const MigDiff *diff);
extern void mig_live_need(MigComparing *building);

#endif							/* MIG_LIVE_PART_H */
