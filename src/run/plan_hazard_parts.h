/*-------------------------------------------------------------------------
 *
 * run/plan_hazard_parts.h
 *	  The statements within a statement.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PLAN_HAZARD_PARTS_H
#define MIG_PLAN_HAZARD_PARTS_H

#include "nodes/parsenodes.h"

extern List *mig_plan_hazard_parts(const Node *stmt);
extern const RangeVar *mig_plan_hazard_made(const Node *stmt);

#endif							/* MIG_PLAN_HAZARD_PARTS_H */
