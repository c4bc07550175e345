/*-------------------------------------------------------------------------
 *
 * rev/nearest.h
 *	  Names that may have been meant.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_NEAREST_H
#define MIG_NEAREST_H

#include "nodes/pg_list.h"

typedef struct MigNearest
{
	const char *name;			/* that nothing has */
	int			best;			/* most edits that are of interest */
	List	   *found;			/* of char *, the nearest so far, quoted */
} MigNearest;

extern bool mig_nearest_begin(MigNearest *nearest, const char *name);
extern void mig_nearest_weigh(MigNearest *nearest, const char *name);

#endif							/* MIG_NEAREST_H */
