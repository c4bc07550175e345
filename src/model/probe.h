/*-------------------------------------------------------------------------
 *
 * model/probe.h
 *	  Asks the rows that are there.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PROBE_H
#define MIG_PROBE_H

#include "model/rename.h"

/* What a probe has found. */
typedef struct MigFinding
{
	bool		known;			/* else "reason" may say why not */
	int64		rows;			/* of a count */
	char	   *error;			/* what a trial raised, or NULL */
	char	   *reason;			/* "12 GB", "locked", "permission denied ..." */
} MigFinding;

extern MigFinding mig_probe(const char *query, Oid relid, int64 limit,
							bool tries, const List *left_out,
							const MigRenames *aliases);
extern bool mig_probe_has_rows(Oid relid, const List *left_out);
extern bool mig_probe_has_own_rows(Oid relid);
extern char *mig_probe_size(Oid relid, const List *left_out);
extern char *mig_probe_obstacle(Oid relid, int64 limit,
								const List *left_out);

#endif							/* MIG_PROBE_H */
