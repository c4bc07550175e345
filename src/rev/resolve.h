/*-------------------------------------------------------------------------
 *
 * rev/resolve.h
 *	  From revision identifiers to revisions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RESOLVE_H
#define MIG_RESOLVE_H

#include "rev/graph.h"
#include "rev/ident.h"

/* Where a downgrade is to end, and what tells branches apart. */
typedef struct MigDowngradeTarget
{
	const char *text;			/* as written */
	MigNode    *node;			/* stays applied; NULL: base */
	char	   *branch;			/* as written, or NULL */
	MigNode    *from;			/* applied revision the walk began at */
	MigNode    *undo;			/* last revision of that walk, goes */
} MigDowngradeTarget;

extern MigNode *mig_resolve_one(MigGraph *graph, const MigIdent *ident);
extern List *mig_resolve_many(MigGraph *graph, const MigIdent *ident);
extern MigNode *mig_resolve_branch(MigGraph *graph, const char *branch);
extern char *mig_resolve_suggest(MigGraph *graph, const char *name);
extern List *mig_resolve_upgrade(MigGraph *graph, const char *input);
extern MigNode *mig_resolve_below(MigGraph *graph, const MigIdent *ident,
								  MigNode *node, bool *too_far);
extern MigDowngradeTarget *mig_resolve_downgrade(MigGraph *graph,
												 const char *input);
extern MigNode *mig_resolve_upgrade_from(MigGraph *graph,
										 const MigIdent *ident,
										 const List *current,
										 bool stop_at_end);
extern List *mig_resolve_on_branch(MigGraph *graph, const List *nodes,
								   MigNode *branch);

#endif							/* MIG_RESOLVE_H */
