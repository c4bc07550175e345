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

extern const char *mig_prove_generated(const MigComparison *comparison,
									   bool is_baseline, const char *upgrade,
									   const char *downgrade);

#endif							/* MIG_PROOF_H */
