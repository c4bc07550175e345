/*-------------------------------------------------------------------------
 *
 * sch/freeze.h
 *	  Snapshots as text, to be kept.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_FREEZE_H
#define MIG_FREEZE_H

#include "sch/sch.h"

extern char *mig_freeze_format(void);
extern char *mig_freeze(MigSnapshot *snapshot, const char *self);
extern MigSnapshot *mig_thaw(const char *frozen, const char *self);

#endif							/* MIG_FREEZE_H */
