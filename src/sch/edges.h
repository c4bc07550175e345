/*-------------------------------------------------------------------------
 *
 * sch/edges.h
 *	  Which action goes before which, by the dependencies of objects.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_EDGES_H
#define MIG_EDGES_H

#include "sch/sch.h"

extern void mig_edges_add(MigDiff *diff);
extern void mig_edge(MigAction *first, MigAction *second);

#endif							/* MIG_EDGES_H */
