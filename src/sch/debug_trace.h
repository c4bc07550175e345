/*-------------------------------------------------------------------------
 *
 * sch/debug_trace.h
 *	  Tells how a comparison comes to its script, for whoever debugs one.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DEBUG_TRACE_H
#define MIG_DEBUG_TRACE_H

#include "sch/sch.h"

extern void mig_trace_objects(const MigDiff *diff, int round);
extern void mig_trace_edge(const MigAction *first, const MigAction *second,
						   const char *function);
extern void mig_trace_loop(const List *loop);
extern void mig_trace_order(const List *actions);

#endif							/* MIG_DEBUG_TRACE_H */
