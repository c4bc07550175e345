/*-------------------------------------------------------------------------
 *
 * model/slice.h
 *	  Which part of a schema is enough to try a pair of scripts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SLICE_H
#define MIG_SLICE_H

#include "sch/sch.h"

/* What of two snapshots is left out of a proof. */
typedef struct MigSlice
{
	const char *whole;			/* why nothing is, a phrase; NULL: something
								 * is */
	List	   *left_out;		/* of MigObject *, ignored for it */
	int			nobjects;		/* of the beginning */
	int			ntaken;			/* of these */
} MigSlice;

extern void mig_slice_cut(MigSlice *slice, const MigDiff *up,
						  const MigDiff *down, const char *upgrade,
						  const char *downgrade);
extern void mig_slice_undo(const MigSlice *slice);

#endif							/* MIG_SLICE_H */
