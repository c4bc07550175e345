/*-------------------------------------------------------------------------
 *
 * model/compare_part.h
 *	  A comparison with a model of which only a part is built.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COMPARE_PART_H
#define MIG_COMPARE_PART_H

#include "model/compare.h"

extern bool mig_compare_part(MigComparing *building,
							 struct MigShadowOptions *options);

#endif							/* MIG_COMPARE_PART_H */
