/*-------------------------------------------------------------------------
 *
 * rev/incoming_check.h
 *	  Weaves revisions from files into the graph.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INCOMING_CHECK_H
#define MIG_INCOMING_CHECK_H

#include "rev/incoming.h"
#include "rev/incoming_write.h"
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

#endif							/* MIG_INCOMING_CHECK_H */
