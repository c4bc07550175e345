/*-------------------------------------------------------------------------
 *
 * model/part.h
 *	  Which part of a model is enough to know what comes of it, where a
 *	  snapshot is known of one that is much the same.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PART_H
#define MIG_PART_H

#include "model/parse.h"
#include "sch/sch.h"

typedef struct MigPart
{
	bool	   *runs;			/* which of its statements do */
	int			nruns;
	HTAB	   *names;			/* of what it is about */
	HTAB	   *words;			/* of its statements */
	const char *whole;			/* why all of it is to run, or NULL */
} MigPart;

extern void mig_part_find(MigPart *part, const MigModel *model,
						  const MigModel *before, MigSnapshot *snapshot,
						  const MigSnapshot *live);
extern const char *mig_part_number(const MigPart *part,
								   const MigSnapshot *snapshot);
extern bool mig_part_leaves(const MigPart *part, const char *name);

#endif							/* MIG_PART_H */
