/*-------------------------------------------------------------------------
 *
 * rev/incoming_order.h
 *	  Brings revisions from files in order.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INCOMING_ORDER_H
#define MIG_INCOMING_ORDER_H

#include "rev/incoming.h"
#include "rev/store.h"
#include "rev/tables.h"

/* What is to be written. */
typedef struct MigIncomingBatch
{
	List	   *added;			/* of MigNewRow *, parents before children */
	List	   *changed;		/* of MigIncoming * */
	bool		edges_changed;	/* parents or dependencies of stored ones */
	MigHeadChange heads;
} MigIncomingBatch;

extern void mig_incoming_sort(const List *incoming, MigTables *tables,
							  MigIncomingBatch *batch);

#endif							/* MIG_INCOMING_ORDER_H */
