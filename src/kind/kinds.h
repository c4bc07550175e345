/*-------------------------------------------------------------------------
 *
 * kind/kinds.h
 *	  The registry of kinds, and what is done alike for all of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_KINDS_H
#define MIG_KINDS_H

#include "sch/sch.h"

extern const MigKind *mig_kind(MigKindId id);
extern void mig_kind_identify(StringInfo buf, const MigObject *object);
extern void mig_kind_identify_on_parent(StringInfo buf,
										const MigObject *object);
extern void mig_kind_create(StringInfo buf, const MigObject *object);
extern void mig_kind_drop(StringInfo buf, const MigObject *object);

#endif							/* MIG_KINDS_H */
