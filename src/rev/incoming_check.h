/*-------------------------------------------------------------------------
 *
 * rev/incoming_check.h
 *	  Weaves revisions from files into the graph.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INCOMING_CHECK_H
#define MIG_INCOMING_CHECK_H

#include "rev/incoming_order.h"

/* Incoming revisions, findable by id and label. */
typedef struct MigIncomingCheck
{
	List	   *incoming;		/* of MigIncoming * */
	HTAB	   *names;			/* ids and labels of incoming */
} MigIncomingCheck;

extern void mig_incoming_check_begin(MigIncomingCheck *check, List *incoming);
extern MigIncoming *mig_incoming_check_find(const MigIncomingCheck *check,
											const char *revision);
extern void mig_incoming_check_order(MigIncomingCheck *check,
									 MigTables *tables,
									 MigIncomingBatch *batch);
extern List *mig_incoming_check_heads(const MigIncomingCheck *check);

#endif							/* MIG_INCOMING_CHECK_H */
