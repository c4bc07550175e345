/*-------------------------------------------------------------------------
 *
 * rev/graph_source.h
 *	  Our tables as the source of a graph.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_GRAPH_SOURCE_H
#define MIG_GRAPH_SOURCE_H

#include "rev/tables.h"

extern MigGraph *mig_tables_graph(MigTables *tables);

#endif							/* MIG_GRAPH_SOURCE_H */
