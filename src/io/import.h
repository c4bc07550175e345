/*-------------------------------------------------------------------------
 *
 * io/import.h
 *	  Takes revisions from files into the tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_IMPORT_H
#define MIG_IMPORT_H

#include "rev/incoming.h"
#include "rev/tables.h"

extern MigGraph *mig_import_preview(MigTables *tables, List *incoming);
extern char *mig_import_files(Oid nsp, const char *function, List *incoming);

#endif							/* MIG_IMPORT_H */
