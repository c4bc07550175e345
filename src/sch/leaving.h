/*-------------------------------------------------------------------------
 *
 * sch/leaving.h
 *	  Tables that have left those above them when rows are asked.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LEAVING_H
#define MIG_LEAVING_H

#include "sch/sch.h"

extern void mig_leaving_prefer(const MigDiff *diff);
extern void mig_leaving_note(const MigDiff *diff);

#endif							/* MIG_LEAVING_H */
