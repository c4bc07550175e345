/*-------------------------------------------------------------------------
 *
 * rev/offline.h
 *	  A plan as one SQL script.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_OFFLINE_H
#define MIG_OFFLINE_H

#include "lib/stringinfo.h"
#include "rev/plan.h"

/* A script being written. */
typedef struct MigOffline
{
	StringInfoData buf;
	MigGraph   *graph;
	MigPlan    *plan;
	const char *schema_name;	/* target schema, '' for the database */
	const char *version_table;	/* quoted; NULL: the extension records */
	const char *constraint;		/* quoted, name of that table's key */
	bool		from_base;		/* an upgrade from nothing */
	bool		in_transaction; /* a transaction block is open */
	int			done;			/* steps written */
	int			recorded;		/* steps for which the record was written */
} MigOffline;

extern void mig_offline_begin(MigOffline *offline, MigGraph *graph,
							  const MigRange *range, const char *schema_name);
extern void mig_offline_keep(MigOffline *offline, const char *table);
extern void mig_offline_step(MigOffline *offline);
extern void mig_offline_script(MigOffline *offline, const char *script,
							   const char *terminator);
extern void mig_offline_end(MigOffline *offline);

#endif							/* MIG_OFFLINE_H */
