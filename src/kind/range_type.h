/*-------------------------------------------------------------------------
 *
 * kind/range_type.h
 *	  Range types and their multirange types.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RANGE_TYPE_H
#define MIG_RANGE_TYPE_H

#include "sch/sch.h"

extern bool mig_range_keeps_values(const MigObject *range);

#endif							/* MIG_RANGE_TYPE_H */
