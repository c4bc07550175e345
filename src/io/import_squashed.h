/*-------------------------------------------------------------------------
 *
 * io/import_squashed.h
 *	  Files in which several revisions have become one.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_IMPORT_SQUASHED_H
#define MIG_IMPORT_SQUASHED_H

#include "rev/incoming_check.h"
#include "rev/tables.h"

extern void mig_import_refuse_squashed(const MigIncomingCheck *check,
									   MigTables *tables);

#endif							/* MIG_IMPORT_SQUASHED_H */
