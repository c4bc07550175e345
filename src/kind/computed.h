/*-------------------------------------------------------------------------
 *
 * kind/computed.h
 *	  What keeps what code gave when it was computed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COMPUTED_H
#define MIG_COMPUTED_H

#include "sch/sch.h"

extern void mig_computed_warn(MigAction *action, MigObject *object,
							  const char *what);
extern bool mig_computed_passes_on(const MigObject *user);

#endif							/* MIG_COMPUTED_H */
