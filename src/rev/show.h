/*-------------------------------------------------------------------------
 *
 * rev/show.h
 *	  Revisions as rows and as text.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SHOW_H
#define MIG_SHOW_H

#include "rev/lookup.h"

extern List *mig_show_current(MigTables *tables, MigGraph *graph);
extern List *mig_show_branches(MigGraph *graph);
extern void mig_show_revision(StringInfo buf, MigTables *tables,
							  MigGraph *graph, MigNode *node, bool readable);

#endif							/* MIG_SHOW_H */
