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

extern const MigKind mig_collation_kind;

#endif							/* MIG_COLLATION_KIND_H */
