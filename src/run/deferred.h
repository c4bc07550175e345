/*-------------------------------------------------------------------------
 *
 * run/deferred.h
 *	  Deferred constraints at the end of a script.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DEFERRED_H
#define MIG_DEFERRED_H

extern void mig_deferred_begin(void);
extern void mig_deferred_check(bool all_set);
extern void mig_deferred_end(void);

#endif							/* MIG_DEFERRED_H */
