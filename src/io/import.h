/*-------------------------------------------------------------------------
 *
 * io/import.h
 *	  Takes revisions from files into the tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_IMPORT_H
#define MIG_IMPORT_H

#include "rev/incoming_order.h"

extern MigIncomingBatch *mig_import_preview(MigTables *tables,
											const char *files);
extern char *mig_import_files(Oid nsp, const char *function, List *incoming);

#endif							/* MIG_IMPORT_H */
