/*-------------------------------------------------------------------------
 *
 * sch/fold.h
 *	  Writes into CREATE TABLE what the order lets stand there.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_FOLD_H
#define MIG_FOLD_H

#include "sch/sch.h"

extern void mig_fold_tie(const MigDiff *diff);
extern void mig_fold_parts(MigDiff *diff);

#endif							/* MIG_FOLD_H */
