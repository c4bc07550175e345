/*-------------------------------------------------------------------------
 *
 * rev/arrange.h
 *	  Brings revisions from files in order.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ARRANGE_H
#define MIG_ARRANGE_H

#include "rev/bulk.h"
#include "rev/tables.h"

extern void mig_arrange(const List *incoming, MigTables *tables,
						MigBulk *bulk);

#endif							/* MIG_ARRANGE_H */
