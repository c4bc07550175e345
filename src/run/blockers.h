/*-------------------------------------------------------------------------
 *
 * run/blockers.h
 *	  Who keeps a script from a lock.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_BLOCKERS_H
#define MIG_BLOCKERS_H

extern void mig_blockers_watch(int lock_timeout);
extern void mig_blockers_unwatch(void);
extern void mig_blockers_describe(char **detail, char **hint);

#endif							/* MIG_BLOCKERS_H */
