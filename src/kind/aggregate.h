/*-------------------------------------------------------------------------
 *
 * kind/aggregate.h
 *	  Aggregates.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_AGGREGATE_KIND_H
#define MIG_AGGREGATE_KIND_H

#include "sch/sch.h"

extern const MigKind mig_aggregate_kind;

#endif							/* MIG_AGGREGATE_KIND_H */
