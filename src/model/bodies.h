/*-------------------------------------------------------------------------
 *
 * model/bodies.h
 *	  Finds bodies of routines that are not valid where a script runs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_BODIES_H
#define MIG_BODIES_H

#include "sch/sch.h"

extern const MigObject *mig_bodies_to_be_checked(const MigDiff *diff);
extern void mig_bodies_check_wanted(const MigDiff *diff);
extern bool mig_bodies_check_all(const MigSnapshot *snapshot);
extern void mig_bodies_check_live(const MigDiff *diff, const MigSnapshot *live,
								  bool stands);

#endif							/* MIG_BODIES_H */
