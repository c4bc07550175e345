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

extern char *mig_aggregate_function_name(const MigObject *aggregate);
extern char *mig_aggregate_signature(const MigObject *aggregate);

#endif							/* MIG_AGGREGATE_KIND_H */
