/*-------------------------------------------------------------------------
 *
 * run/transaction.h
 *	  Transactions of a procedure's own, and waiting between them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TRANSACTION_H
#define MIG_TRANSACTION_H

#include "fmgr.h"

/* Asked again and again while waiting; true ends the wait. */
typedef bool (*MigPoll) (void *arg);

extern void mig_transaction_gate(FunctionCallInfo fcinfo,
								 const char *procedure, const char *reason);
extern void mig_transaction_next(void);
extern void mig_transaction_abort(void);
extern bool mig_transaction_wait(MigPoll poll, void *arg, int64 timeout);
extern void mig_transaction_pause(long milliseconds);

#endif							/* MIG_TRANSACTION_H */
