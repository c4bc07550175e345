/*-------------------------------------------------------------------------
 *
 * run/lock.h
 *	  The extension's advisory locks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LOCK_H
#define MIG_LOCK_H

#include "storage/lockdefs.h"

extern void mig_lock_graph(LOCKMODE mode);
extern void mig_lock_graph_nowait(void);
extern void mig_lock_run(const char *schema_name);

#endif							/* MIG_LOCK_H */
