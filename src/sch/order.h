/*-------------------------------------------------------------------------
 *
 * sch/order.h
 *	  Orders the actions of a comparison.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ORDER_H
#define MIG_ORDER_H

#include "sch/sch.h"

extern bool mig_order_actions(MigDiff *diff);

#endif							/* MIG_ORDER_H */
