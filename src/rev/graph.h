/*-------------------------------------------------------------------------
 *
 * rev/graph.h
 *	  The revision graph, read as far as a job needs it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_GRAPH_H
#define MIG_GRAPH_H

#include "rev/rev.h"

/* Which edges a walk follows. */
typedef enum MigEdges
{
	MIG_EDGES_PARENTS,			/* parents only: branches, heads, walks */
	MIG_EDGES_ALL,				/* dependencies too: what must be applied */
} MigEdges;

extern MigGraph *mig_graph_create(const MigGraphSource *source, void *data);
extern MigNode *mig_graph_add(MigGraph *graph, const MigRow *row);
extern MigNode *mig_graph_peek(MigGraph *graph, const char *revision);
extern MigNode *mig_graph_find(MigGraph *graph, const char *revision);
extern MigNode *mig_graph_get(MigGraph *graph, const char *revision);
extern void mig_graph_load(MigGraph *graph, MigNode *node, int below);
extern void mig_graph_load_all(MigGraph *graph);
extern void mig_graph_complete(MigGraph *graph);
extern void mig_graph_expect_span(MigGraph *graph, int generations);
extern void mig_graph_load_children(MigGraph *graph, MigNode *node);
extern List *mig_graph_children(MigGraph *graph, MigNode *node);
extern List *mig_graph_nodes(MigGraph *graph, const List *revisions);
extern List *mig_graph_heads(MigGraph *graph, bool real);
extern List *mig_graph_bases(MigGraph *graph);
extern List *mig_graph_tips(MigGraph *graph);
extern MigNodeSet *mig_graph_ancestors(MigGraph *graph, const List *start,
									   MigEdges edges);
extern MigNodeSet *mig_graph_descendants(MigGraph *graph, const List *start,
										 MigEdges edges);
extern List *mig_graph_parents_first(MigGraph *graph);
extern bool mig_graph_place(MigNode *node);
extern bool mig_graph_is_ancestor(MigGraph *graph, const MigNode *ancestor,
								  MigNode *node, MigEdges edges);
extern bool mig_graph_related(MigGraph *graph, MigNode *a, MigNode *b);
extern int	mig_node_compare(const ListCell *a, const ListCell *b);
extern bool mig_node_before(const MigNode *a, const MigNode *b);
extern List *mig_node_ids(const List *nodes);
extern char *mig_node_names(const List *nodes, int most);
extern const char *mig_node_names_below(const MigNode *node);

extern MigNodeSet *mig_set_create(void);
extern void mig_set_free(MigNodeSet *set);
extern void mig_set_add(MigNodeSet *set, MigNode *node);
extern bool mig_set_has(const MigNodeSet *set, const MigNode *node);

#endif							/* MIG_GRAPH_H */
