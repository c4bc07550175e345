/*-------------------------------------------------------------------------
 *
 * rev/source.h
 *	  Our tables as the source of a graph.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SOURCE_H
#define MIG_SOURCE_H

#include "rev/tables.h"

extern MigGraph *mig_tables_graph(MigTables *tables);
extern void mig_source_read_applied(MigGraph *graph, const char *revision);
extern void mig_source_apply(MigGraph *graph, const char *revision,
							 const Datum *values);

#endif							/* MIG_SOURCE_H */
