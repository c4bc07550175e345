/*-------------------------------------------------------------------------
 *
 * kind/initial_grants.h
 *	  What new objects grant by themselves.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INITIAL_GRANTS_H
#define MIG_INITIAL_GRANTS_H

#include "sch/sch.h"

extern List *mig_initial_grants(const MigDiff *diff, const MigObject *object);
extern List *mig_initial_grants_modelled(const MigDiff *diff,
										 const MigObject *object);

#endif							/* MIG_INITIAL_GRANTS_H */
