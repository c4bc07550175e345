/*-------------------------------------------------------------------------
 *
 * kind/exclusion_rows.h
 *	  Rows that an exclusion constraint does not let be there together.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_EXCLUSION_ROWS_H
#define MIG_EXCLUSION_ROWS_H

#include "nodes/parsenodes.h"

extern char *mig_exclusion_probe(const char *rows, const char *definition,
								 const Constraint *parsed);
extern bool mig_temporal_is(const char *definition);
extern char *mig_temporal_probe(const char *rows, const List *names);

#endif							/* MIG_EXCLUSION_ROWS_H */
