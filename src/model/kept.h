/*-------------------------------------------------------------------------
 *
 * model/kept.h
 *	  Snapshots of models that were built before.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_KEPT_H
#define MIG_KEPT_H

#include "model/kept_key.h"

/* A snapshot as it is kept. */
typedef struct MigKept
{
	char	   *key;			/* the first part */
	char	   *outside;		/* the second part */
	char	   *imprint;		/* see sch/imprint.c, below a line for people
								 * that says what there is; or '' */
	char	   *text;			/* of the model; NULL: it stands elsewhere */
	char	   *snapshot;		/* as sch/snapshot_text.c writes it; NULL: not
								 * read yet */
} MigKept;

/* A snapshot that is to be kept, while the model is built. */
typedef struct MigKeeping
{
	const MigRecipe *built;
	MigKept    *kept;			/* NULL: it cannot be kept */
	List	   *references;		/* see mig_key_references() */
} MigKeeping;

extern MigKept *mig_kept_find(const MigRecipe *built, const char *branch,
							  const char **missing);
extern char *mig_kept_stands(const MigRecipe *built, const MigKept *kept);
extern MigSnapshot *mig_kept_snapshot(const MigRecipe *built,
									  const char *branch, MigKept *kept,
									  const char **missing);
extern const char *mig_kept_doubt(const MigDiff *diff, bool agrees_only);
extern void mig_keep_begin(MigKeeping *keeping, const MigRecipe *built);
extern const char *mig_kept_text(void);
extern void mig_keep_merged(MigKeeping *keeping, MigSnapshot *snapshot,
							List *references);
extern void mig_keep_snapshot(MigKeeping *keeping, MigSnapshot *snapshot,
							  const MigScope *scope);
extern MigKept *mig_keep_end(MigKeeping *keeping, const MigSnapshot *snapshot);
extern void mig_kept_store(Oid nsp, const char *branch, const MigKept *kept);

#endif							/* MIG_KEPT_H */
