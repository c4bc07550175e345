/*-------------------------------------------------------------------------
 *
 * kind/statistics.h
 *	  Extended statistics.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STATISTICS_KIND_H
#define MIG_STATISTICS_KIND_H

#include "sch/sch.h"

extern const MigKind mig_statistics_kind;

#endif							/* MIG_STATISTICS_KIND_H */
