/*-------------------------------------------------------------------------
 *
 * rev/graph_files.h
 *	  Revisions from files beside the stored ones, as the source of a graph.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_GRAPH_FILES_H
#define MIG_GRAPH_FILES_H

#include "rev/incoming_order.h"

extern MigGraph *mig_files_graph(MigTables *tables,
								 const MigIncomingBatch *batch);

#endif							/* MIG_GRAPH_FILES_H */
