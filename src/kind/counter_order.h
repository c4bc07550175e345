/*-------------------------------------------------------------------------
 *
 * kind/counter_order.h
 *	  In which order counters go on from where others are.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COUNTER_ORDER_H
#define MIG_COUNTER_ORDER_H

#include "sch/name.h"

extern void mig_counter_tie(MigDiff *diff, MigPrecede precede);

#endif							/* MIG_COUNTER_ORDER_H */
