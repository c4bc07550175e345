/*-------------------------------------------------------------------------
 *
 * kind/range_type.h
 *	  Range types and their multirange types.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RANGE_KIND_H
#define MIG_RANGE_KIND_H

#include "sch/sch.h"

extern const MigKind mig_range_kind;

#endif							/* MIG_RANGE_KIND_H */
