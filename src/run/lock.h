/*-------------------------------------------------------------------------
 *
 * run/lock.h
 *	  The extension's advisory locks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LOCK_H
#define MIG_LOCK_H

#include "storage/lock.h"

/* Who holds a lock. */
typedef struct MigHolder
{
	const char *detail;			/* a sentence */
	const char *hint;			/* how to end a prepared one, or NULL */
} MigHolder;

extern void mig_lock_graph(LOCKMODE mode);
extern void mig_lock_graph_nowait(void);
extern void mig_lock_shadow(void);
extern void mig_lock_import(void);
extern void mig_lock_import_release(void);
extern void mig_lock_run(const char *schema_name, const char *waiter);
extern void mig_lock_schema_tag(LOCKTAG *tag, const char *schema_name);
extern bool mig_lock_deploy_try(const char *schema_name);
extern void mig_lock_deploy_check(const char *schema_name);
extern void mig_lock_deploy_release(const char *schema_name);
extern MigHolder mig_lock_deploy_holder(const char *schema_name);
extern bool mig_lock_is_busy(const char *schema_name);

#endif							/* MIG_LOCK_H */
