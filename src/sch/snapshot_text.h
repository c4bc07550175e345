/*-------------------------------------------------------------------------
 *
 * sch/snapshot_text.h
 *	  Snapshots as text, to be kept.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SNAPSHOT_TEXT_H
#define MIG_SNAPSHOT_TEXT_H

#include "sch/sch.h"

extern char *mig_freeze_format(void);
extern char *mig_freeze(MigSnapshot *snapshot, const char *self);
extern MigSnapshot *mig_thaw(const char *frozen, const char *self);

#endif							/* MIG_SNAPSHOT_TEXT_H */
