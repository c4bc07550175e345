/*-------------------------------------------------------------------------
 *
 * run/plan_hazard.h
 *	  What in a script of a plan may hurt.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PLAN_HAZARD_H
#define MIG_PLAN_HAZARD_H

extern char *mig_plan_hazard(const char *source, int nstatements,
							 const char *no_way_back);

#endif							/* MIG_PLAN_HAZARD_H */
