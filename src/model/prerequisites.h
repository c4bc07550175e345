/*-------------------------------------------------------------------------
 *
 * model/prerequisites.h
 *	  What is not compared, but must stand where something is tried.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PREREQUISITES_H
#define MIG_PREREQUISITES_H

#include "sch/sch.h"

extern List *mig_needed_find(const MigSnapshot *from, const MigSnapshot *to,
							 const MigDiff *up, const MigDiff *down);
extern void mig_needed_ignore(const List *needed, bool ignored);

#endif							/* MIG_PREREQUISITES_H */
