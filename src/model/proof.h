/*-------------------------------------------------------------------------
 *
 * model/proof.h
 *	  Tries generated scripts before they are stored.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PROOF_H
#define MIG_PROOF_H

#include "model/compare.h"

/* What has been shown of a pair of scripts. */
typedef enum MigVerdict
{
	MIG_PROVEN,
	MIG_DISPROVEN,
	MIG_NOT_PROVEN				/* nothing is shown */
} MigVerdict;

/* What is tried, and what has come of it. */
typedef struct MigProof
{
	const MigComparison *comparison;
	bool		is_baseline;	/* it leads from nothing to the live schema */
	const char *upgrade;
	const char *downgrade;

	/* result */
	MigVerdict	verdict;
	const char *script;			/* that it is about, "upgrade"; NULL: neither */
	int			statement;		/* of it, from 1; 0: none */
	const char *source;			/* of the statement */
	const char *message;		/* the server's error, or the reason */
	const char *differences;	/* what still differs; lines */
} MigProof;

extern void mig_prove(MigProof *proof);
extern const char *mig_prove_generated(const MigComparison *comparison,
									   bool is_baseline, const char *upgrade,
									   const char *downgrade);

#endif							/* MIG_PROOF_H */
