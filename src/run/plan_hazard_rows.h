/*-------------------------------------------------------------------------
 *
 * run/plan_hazard_rows.h
 *	  What the kind of a statement tells of locks, and of rows in its way.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PLAN_HAZARD_ROWS_H
#define MIG_PLAN_HAZARD_ROWS_H

#include "nodes/parsenodes.h"

extern char *mig_plan_hazard_name(const RangeVar *table);
extern bool mig_plan_hazard_is_serial(const TypeName *type);
extern List *mig_plan_hazard_rows(const Node *stmt, const List *made);

#endif							/* MIG_PLAN_HAZARD_ROWS_H */
