/*-------------------------------------------------------------------------
 *
 * kind/collation.h
 *	  Collations.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLLATION_KIND_H
#define MIG_COLLATION_KIND_H

#include "sch/sch.h"

extern bool mig_collation_is_deterministic(const MigObject *collation);

#endif							/* MIG_COLLATION_KIND_H */
