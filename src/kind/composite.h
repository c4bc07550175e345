/*-------------------------------------------------------------------------
 *
 * kind/composite.h
 *	  Composite types and their attributes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COMPOSITE_KIND_H
#define MIG_COMPOSITE_KIND_H

#include "sch/sch.h"

extern const MigKind mig_composite_kind;
extern const MigKind mig_attribute_kind;

#endif							/* MIG_COMPOSITE_KIND_H */
