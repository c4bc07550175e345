/*-------------------------------------------------------------------------
 *
 * io/version_table.h
 *	  The tables in which other tools keep what is applied.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_VERSION_TABLE_H
#define MIG_VERSION_TABLE_H

#include "nodes/pg_list.h"

typedef struct MigVersionTable
{
	const char *name;			/* of the table, qualified */
	List	   *versions;		/* of char * */
	bool		lists_all;		/* all that is applied, not the heads alone */
	bool		numeric;		/* versions may have lost leading zeros */
} MigVersionTable;

extern MigVersionTable *mig_version_table_read(const char *table,
											   const char *schema_name);

#endif							/* MIG_VERSION_TABLE_H */
