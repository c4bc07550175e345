/*-------------------------------------------------------------------------
 *
 * sch/foresee.h
 *	  Hazards that the order of all actions tells.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_FORESEE_H
#define MIG_FORESEE_H

#include "sch/sch.h"

extern void mig_foresee(MigDiff *diff);

#endif							/* MIG_FORESEE_H */
