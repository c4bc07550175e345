/*-------------------------------------------------------------------------
 *
 * sch/imprint.h
 *	  Whether schemas stand in the catalogs as they stood.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_IMPRINT_H
#define MIG_IMPRINT_H

#include "postgres.h"

#include "access/xlogdefs.h"
#include "nodes/pg_list.h"

struct MigImprintMemory;

extern struct MigImprintMemory *mig_imprint_remember(void);
extern void mig_imprint_undo(struct MigImprintMemory *remembered,
							 XLogRecPtr since);
extern char *mig_imprint(struct MigImprintMemory *remembered,
						 const List *schemas, const List *described);

#endif							/* MIG_IMPRINT_H */
