/*-------------------------------------------------------------------------
 *
 * rev/sort.h
 *	  The order in which revisions run.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SORT_H
#define MIG_SORT_H

#include "rev/graph.h"

extern List *mig_sort_newest_first(MigGraph *graph, const MigNodeSet *set,
								   const MigNodeSet *scope);

#endif							/* MIG_SORT_H */
