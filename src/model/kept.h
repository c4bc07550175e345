/*-------------------------------------------------------------------------
 *
 * model/kept.h
 *	  Snapshots of models that were built before.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_KEPT_H
#define MIG_KEPT_H

#include "model/key.h"

/* A snapshot as it is kept. */
typedef struct MigKept
{
	char	   *key;			/* the first part */
	char	   *outside;		/* the second part */
	char	   *snapshot;		/* see sch/freeze.c */
} MigKept;

/* A snapshot that is to be kept, while the model is built. */
typedef struct MigKeeping
{
	const MigRecipe *built;
	MigKept    *kept;			/* NULL: it cannot be kept */
	List	   *references;		/* see mig_key_references() */
} MigKeeping;

extern MigSnapshot *mig_kept_find(const MigRecipe *built, const char *branch,
								  const char **missing);
extern const char *mig_kept_doubt(const MigDiff *diff, bool agrees_only);
extern void mig_keep_begin(MigKeeping *keeping, const MigRecipe *built);
extern void mig_keep_snapshot(MigKeeping *keeping, MigSnapshot *snapshot);
extern MigKept *mig_keep_end(MigKeeping *keeping);
extern void mig_kept_store(Oid nsp, const char *branch, const MigKept *kept);

#endif							/* MIG_KEPT_H */
