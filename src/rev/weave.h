/*-------------------------------------------------------------------------
 *
 * rev/weave.h
 *	  Weaves revisions from files into the graph.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_WEAVE_H
#define MIG_WEAVE_H

#include "rev/bulk.h"
#include "rev/incoming.h"
#include "rev/tables.h"

/* Incoming revisions, findable by id and label. */
typedef struct MigWeave
{
	List	   *incoming;		/* of MigIncoming * */
	HTAB	   *names;			/* ids and labels of incoming */
} MigWeave;

extern void mig_weave_begin(MigWeave *weave, List *incoming);
extern MigIncoming *mig_weave_find(const MigWeave *weave,
								   const char *revision);
extern void mig_weave_order(MigWeave *weave, MigTables *tables,
							MigBulk *bulk);
extern List *mig_weave_heads(const MigWeave *weave);

#endif							/* MIG_WEAVE_H */
