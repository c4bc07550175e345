/*-------------------------------------------------------------------------
 *
 * sch/upsert.h
 *	  What writes rows into a table or, on conflict, updates them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_UPSERT_H
#define MIG_UPSERT_H

#include "sch/name.h"

extern bool mig_upsert_uses_old(const MigObject *object,
								const MigObject *old);
extern void mig_upsert_tie(MigDiff *diff, MigPrecede precede);

#endif							/* MIG_UPSERT_H */
