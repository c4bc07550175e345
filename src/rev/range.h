/*-------------------------------------------------------------------------
 *
 * rev/range.h
 *	  Ranges of the history.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RANGE_H
#define MIG_RANGE_H

#include "rev/resolve.h"

/* A range of a history; a side is NIL where it is base or empty. */
typedef struct MigRange
{
	const char *text;			/* as written */
	bool		has_left;		/* begins at the left side, not at the base */
	List	   *left;			/* of MigNode *, must lie below the right */
	List	   *right;			/* of MigNode * */
} MigRange;

extern List *mig_range_side(MigGraph *graph, const char *input);
extern List *mig_range_below_heads(MigGraph *graph, const MigIdent *ident,
								   bool *has_base);
extern MigRange *mig_range_resolve(MigGraph *graph, const char *input);

#endif							/* MIG_RANGE_H */
