/*-------------------------------------------------------------------------
 *
 * rev/plan.h
 *	  From targets to ordered steps.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PLAN_H
#define MIG_PLAN_H

#include "rev/graph.h"
#include "rev/range.h"
#include "rev/resolve.h"

/* What a stamp changes. */
typedef struct MigStampPlan
{
	List	   *added;			/* of MigNode *, become applied */
	List	   *removed;		/* of MigNode *, no longer applied */
	List	   *tips;			/* of MigNode *, tips afterwards */
	List	   *named;			/* of MigNode *, the same in the order given */
} MigStampPlan;

extern MigPlan *mig_plan_upgrade(MigGraph *graph, const List *targets);
extern MigPlan *mig_plan_from_empty(MigGraph *graph, const List *targets);
extern bool mig_plan_undoes(MigGraph *graph,
							const MigDowngradeTarget *target);
extern MigPlan *mig_plan_downgrade(MigGraph *graph,
								   const MigDowngradeTarget *target);
extern MigPlan *mig_plan_before_tag(MigGraph *graph, const List *tagged,
									const char *tag);
extern MigPlan *mig_plan_reverse(const MigPlan *plan, MigDirection direction);
extern MigStampPlan *mig_plan_stamp(MigGraph *graph, const char *input,
									bool purge);
extern MigNodeSet *mig_plan_late(MigGraph *graph);
extern MigPlan *mig_plan_offline(MigGraph *graph, const MigRange *range);
extern List *mig_plan_chosen(MigGraph *graph, const char *chosen);
extern List *mig_plan_history(MigGraph *graph, const MigRange *range);
extern void mig_plan_applied(MigGraph *graph, List **tips, List **late);
extern List *mig_plan_maximal(MigGraph *graph, const List *nodes);

#endif							/* MIG_PLAN_H */
