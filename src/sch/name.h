/*-------------------------------------------------------------------------
 *
 * sch/name.h
 *	  Who takes a name waits for who gives it up.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_NAME_H
#define MIG_NAME_H

#include "sch/sch.h"

/* Note that an action comes before another; either may be NULL. */
typedef void (*MigPrecede) (MigAction *first, MigAction *second);

extern void mig_name_tie(MigDiff *diff, MigPrecede precede);

#endif							/* MIG_NAME_H */
