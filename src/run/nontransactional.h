/*-------------------------------------------------------------------------
 *
 * run/nontransactional.h
 *	  Runs a revision with statements that cannot run in a transaction.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_NONTRANSACTIONAL_H
#define MIG_NONTRANSACTIONAL_H

#include "run/atomic.h"
#include "run/session.h"

/* A revision under way; only mixed.c knows more. */
typedef struct MigMixed MigMixed;

extern MigMixed *mig_mixed_create(MigRun *run, MigStep *step,
								  MigSession *session);
extern void mig_mixed_run(MigMixed *mixed);
extern bool mig_mixed_left_nothing(const MigMixed *mixed);
extern void mig_mixed_withdraw(const MigMixed *mixed);

#endif							/* MIG_NONTRANSACTIONAL_H */
