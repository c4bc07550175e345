/*-------------------------------------------------------------------------
 *
 * model/kept_chain.h
 *	  Snapshots of revisions that were replayed before.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_KEPT_CHAIN_H
#define MIG_KEPT_CHAIN_H

#include "model/history.h"
#include "sch/snapshot.h"

/* What is replayed, and what is read of it. */
typedef struct MigChain
{
	MigHistory *history;
	const List *schemas;		/* char *: those that are read */
	const char *unqualified;	/* see MigScope */
	bool		database;		/* as in migrate.compare */
	bool		is_applied;		/* the revisions that are applied */

	/* while it is replayed */
	char	   *key;			/* NULL: it cannot be kept */
	char	   *snapshot;
} MigChain;

extern MigSnapshot *mig_chain_find(MigChain *chain);
extern void mig_chain_begin(MigChain *chain);
extern void mig_chain_read(MigChain *chain, MigSnapshot *snapshot);
extern void mig_chain_refuse(MigChain *chain, const char *reason);
extern void mig_chain_end(MigChain *chain);

#endif							/* MIG_KEPT_CHAIN_H */
