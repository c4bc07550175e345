/*-------------------------------------------------------------------------
 *
 * run/plan_hazard_rights.h
 *	  What the kind of a statement tells of rights, and of what holds rows
 *	  back.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PLAN_HAZARD_RIGHTS_H
#define MIG_PLAN_HAZARD_RIGHTS_H

#include "nodes/parsenodes.h"

extern List *mig_plan_hazard_rights(const Node *stmt, const List *made,
									const List *secured);
extern const RangeVar *mig_plan_hazard_secured(const Node *stmt);

#endif							/* MIG_PLAN_HAZARD_RIGHTS_H */
