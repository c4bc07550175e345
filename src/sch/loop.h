/*-------------------------------------------------------------------------
 *
 * sch/loop.h
 *	  Breaks loops of actions that wait for each other.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LOOP_H
#define MIG_LOOP_H

#include "sch/sch.h"

extern void mig_loop_break(MigDiff *diff);

#endif							/* MIG_LOOP_H */
