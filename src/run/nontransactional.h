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

/* A revision under way; only nontransactional.c knows more. */
typedef struct MigNontransRun MigNontransRun;

extern MigNontransRun *mig_nontransactional_create(MigRun *run, MigStep *step,
												   MigSession *session);
extern void mig_nontransactional_run(MigNontransRun *mixed);
extern bool mig_nontransactional_left_nothing(const MigNontransRun *mixed);
extern void mig_nontransactional_withdraw(const MigNontransRun *mixed);

#endif							/* MIG_NONTRANSACTIONAL_H */
