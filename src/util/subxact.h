/*-------------------------------------------------------------------------
 *
 * util/subxact.h
 *	  Functions called in a subtransaction, so that an error ends with it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SUBXACT_H
#define MIG_SUBXACT_H

extern ErrorData *mig_subxact_try(void (*function) (void *arg), void *arg);
extern void mig_subxact_run(void (*function) (void *arg), void *arg);
extern ErrorData *mig_subxact_keep(void (*function) (void *arg), void *arg);
extern void mig_subxact_raise_outer(ErrorData *error);

#endif							/* MIG_SUBXACT_H */
