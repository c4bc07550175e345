/*-------------------------------------------------------------------------
 *
 * sch/normal.h
 *	  Finds out whether definitions that differ in their text are the same.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_NORMAL_H
#define MIG_NORMAL_H

#include "sch/snapshot.h"

extern const MigObject *mig_normal_doubt(const MigDiff *diff);
extern bool mig_normal_doubts(const MigObject *from, const MigObject *to);
extern void mig_normal_forget(const MigSnapshot *snapshot);
extern void mig_normal_equalise(MigDiff *diff, const MigScope *scope);

#endif							/* MIG_NORMAL_H */
