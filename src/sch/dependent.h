/*-------------------------------------------------------------------------
 *
 * sch/dependent.h
 *	  What is not compared, and depends on what a script ends or alters.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DEPENDENT_H
#define MIG_DEPENDENT_H

#include "sch/sch.h"

extern void mig_dependent_note(MigObject *on, const MigAddress *address,
							   char deptype);
extern void mig_dependent_warn(MigDiff *diff);

#endif							/* MIG_DEPENDENT_H */
