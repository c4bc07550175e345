/*-------------------------------------------------------------------------
 *
 * model/part_pair.h
 *	  Which statements of two models are the same.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PART_PAIR_H
#define MIG_PART_PAIR_H

#include "model/parse.h"

typedef struct MigPairing
{
	int		   *was;			/* where statements were before, or -1 */
	bool	   *stays;			/* which of those before are still there */
	int			nsame;			/* how many are there in both */
	bool		counts_otherwise;	/* one of these is skipped in one alone */
} MigPairing;

extern void mig_part_pair(MigPairing *pairing, const MigModel *model,
						  const MigModel *before);

#endif							/* MIG_PART_PAIR_H */
