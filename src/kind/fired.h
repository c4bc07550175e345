/*-------------------------------------------------------------------------
 *
 * kind/fired.h
 *	  What an UPDATE fires that gives values to rows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_FIRED_H
#define MIG_FIRED_H

#include "sch/sch.h"

extern bool mig_fired_is_replaced(const MigObject *column);
extern void mig_fired_warn(MigAction *action);
extern char *mig_fired_deferred(const MigObject *column);
extern void mig_fired_prefer(MigDiff *diff);

#endif							/* MIG_FIRED_H */
