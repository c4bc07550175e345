/*-------------------------------------------------------------------------
 *
 * kind/index_renewed.h
 *	  Indexes that are built behind the functions that they call.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INDEX_RENEWED_H
#define MIG_INDEX_RENEWED_H

#include "sch/sch.h"

extern void mig_index_renew(const MigDiff *diff);
extern List *mig_index_awaits_code(const MigObject *object);

#endif							/* MIG_INDEX_RENEWED_H */
