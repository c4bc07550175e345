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

extern List *mig_composite_tables(const MigObject *type);
extern Oid	mig_attribute_cast_type(const MigObject *attribute);

#endif							/* MIG_COMPOSITE_KIND_H */
