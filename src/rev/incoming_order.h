/*-------------------------------------------------------------------------
 *
 * rev/incoming_order.h
 *	  Brings revisions from files in order.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INCOMING_ORDER_H
#define MIG_INCOMING_ORDER_H

#include "rev/incoming_write.h"
#include "rev/tables.h"

extern void mig_incoming_sort(const List *incoming, MigTables *tables,
							  MigIncomingBatch *bulk);

#endif							/* MIG_INCOMING_ORDER_H */
