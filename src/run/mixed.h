/*-------------------------------------------------------------------------
 *
 * run/mixed.h
 *	  Runs a revision with statements that cannot run in a transaction.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_MIXED_H
#define MIG_MIXED_H

#include "run/atomic.h"
#include "run/session.h"

extern void mig_mixed_run(MigRun *run, MigStep *step, MigSession *session);

#endif							/* MIG_MIXED_H */
