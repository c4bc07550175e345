/*-------------------------------------------------------------------------
 *
 * sch/body.h
 *	  What the bodies of routines name.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_BODY_H
#define MIG_BODY_H

#include "sch/sch.h"

extern void mig_body_tie(MigDiff *diff);
extern bool mig_body_names_later(const MigDiff *diff);
extern List *mig_body_named_ignored(const MigDiff *diff,
									const MigSnapshot *snapshot);

#endif							/* MIG_BODY_H */
