/*-------------------------------------------------------------------------
 *
 * rev/incoming_order.c
 *	  Brings revisions from files in order.
 *
 * Answers: does nothing go round in a circle, in which order can the new ones
 * be stored, and what becomes of the heads?  Only where a stored revision
 * gets other parents or dependencies is the whole graph read.
 *
 * Callers hold the graph lock.  Everything is in the current memory context.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/incoming_order.h"
#include "rev/lookup.h"
#include "util/sql.h"

#include "utils/timestamp.h"

/* as many revisions of a circle are named */
#define CIRCLE_SHOWN	10

/* A revision while all are brought in order. */
typedef struct Vertex
{
	char		revision[MIG_MAX_NAME + 1]; /* hash key, must be first */
	const List *down;
	const List *requires;
	MigIncoming *in;			/* NULL: only stored */
	int			waiting;		/* parents and dependencies not in order yet */
	List	   *above;			/* of Vertex *, once for each edge */
	bool		has_child;
	MigNewRow  *row;			/* of a new one */
} Vertex;

/* All of them. */
typedef struct Vertices
{
	HTAB	   *by_revision;
	List	   *list;			/* of Vertex * */
} Vertices;

static void collect_vertices(Vertices *vertices, const List *incoming,
							 MigGraph *graph, bool whole);
static Vertex *enter_vertex(Vertices *vertices, const char *revision,
							const List *down, const List *requires,
							MigIncoming *in);
static void link_vertices(Vertices *vertices);
static void link_edges(Vertices *vertices, Vertex *vertex, const List *below,
					   bool are_parents);
static List *in_order(Vertices *vertices);
pg_noreturn static void refuse_circle(Vertices *vertices);
static int	line_of_edge(const Vertex *vertex, const Vertex *below);
static Vertex *waiting_below(Vertices *vertices, const Vertex *vertex);
static void derive_rows(Vertices *vertices, const List *order,
						MigGraph *graph, MigIncomingBatch *batch);
static int	generation_of(Vertices *vertices, MigGraph *graph,
						  const MigRevision *rev);
static void change_heads(Vertices *vertices, MigTables *tables,
						 MigGraph *graph, MigIncomingBatch *batch);
static void note_below(Vertices *vertices, MigGraph *graph,
					   MigNodeSet *seen[2], const List *below, bool parents);
static void set_times(MigTables *tables, const List *order);

/*
 * Fill in the revisions to be added, parents before children, and how the
 * heads change; and the time of those whose file tells none.
 *
 * What becomes of stored ones is known: batch->edges_changed says whether one
 * of them gets other parents or dependencies.  MG030 for a circle.
 */
void
mig_incoming_sort(const List *incoming, MigTables *tables,
				  MigIncomingBatch *batch)
{
	MigGraph   *graph = mig_tables_graph(tables);
	Vertices	vertices = {0};
	List	   *order;

	collect_vertices(&vertices, incoming, graph, batch->edges_changed);
	link_vertices(&vertices);
	order = in_order(&vertices);
	if (list_length(order) < list_length(vertices.list))
		refuse_circle(&vertices);
	derive_rows(&vertices, order, batch->edges_changed ? NULL : graph, batch);
	if (batch->added == NIL)
		return;
	change_heads(&vertices, tables, graph, batch);
	set_times(tables, order);
}

/* The incoming revisions, and (whole) all others that are stored. */
static void
collect_vertices(Vertices *vertices, const List *incoming, MigGraph *graph,
				 bool whole)
{
	const ListCell *lc;

	vertices->by_revision = mig_name_table("pg_migrations order",
										   sizeof(Vertex));
	foreach(lc, incoming)
	{
		MigIncoming *in = lfirst(lc);

		enter_vertex(vertices, in->rev.revision, in->rev.down,
					 in->rev.requires, in);
	}
	if (!whole)
		return;
	mig_graph_load_all(graph);
	for (int i = 0; i < graph->nnodes; i++)
	{
		const MigNode *node = graph->nodes[i];

		if (hash_search(vertices->by_revision, node->revision, HASH_FIND,
						NULL) == NULL)
			enter_vertex(vertices, node->revision, mig_node_ids(node->down),
						 node->row.requires, NULL);
	}
}

/* Revisions of the batch and stored ones that move are alike here. */
static Vertex *
enter_vertex(Vertices *vertices, const char *revision, const List *down,
			 const List *requires, MigIncoming *in)
{
	Vertex	   *vertex = hash_search(vertices->by_revision, revision,
									 HASH_ENTER, NULL);

	vertex->down = down;
	vertex->requires = requires;
	vertex->in = in;
	vertex->waiting = 0;
	vertex->above = NIL;
	vertex->has_child = false;
	vertex->row = NULL;
	vertices->list = lappend(vertices->list, vertex);
	return vertex;
}

/* After all have been entered, since files come in any order. */
static void
link_vertices(Vertices *vertices)
{
	ListCell   *lc;

	foreach(lc, vertices->list)
	{
		Vertex	   *vertex = lfirst(lc);

		link_edges(vertices, vertex, vertex->down, true);
		link_edges(vertices, vertex, vertex->requires, false);
	}
}

/* What is not of the batch is there already, and is not waited for. */
static void
link_edges(Vertices *vertices, Vertex *vertex, const List *below,
		   bool are_parents)
{
	const ListCell *lc;

	foreach(lc, below)
	{
		Vertex	   *other = hash_search(vertices->by_revision, lfirst(lc),
										HASH_FIND, NULL);

		if (other == NULL)
			continue;
		other->above = lappend(other->above, vertex);
		other->has_child |= are_parents;
		vertex->waiting++;
	}
}

/* What stands on nothing comes first; what is in a circle never comes. */
static List *
in_order(Vertices *vertices)
{
	List	   *order = NIL;
	ListCell   *lc;

	foreach(lc, vertices->list)
	{
		if (((Vertex *) lfirst(lc))->waiting == 0)
			order = lappend(order, lfirst(lc));
	}
	for (int i = 0; i < list_length(order); i++)
	{
		foreach(lc, ((Vertex *) list_nth(order, i))->above)
		{
			Vertex	   *vertex = lfirst(lc);

			if (--vertex->waiting == 0)
				order = lappend(order, vertex);
		}
	}
	return order;
}

/* Name the revisions of a circle, beginning with one that is in a file. */
static void
refuse_circle(Vertices *vertices)
{
	Vertex	   *vertex = NULL;
	const Vertex *first;
	List	   *names = NIL;
	ListCell   *lc;

	foreach(lc, vertices->list)
	{
		vertex = lfirst(lc);
		if (vertex->waiting > 0)
			break;
	}
	/* going down from anything that waits ends in a circle */
	for (int i = 0; i < list_length(vertices->list); i++)
		vertex = waiting_below(vertices, vertex);
	for (int i = 0; i < list_length(vertices->list) && vertex->in == NULL; i++)
		vertex = waiting_below(vertices, vertex);
	first = vertex;
	do
	{
		names = lappend(names, vertex->revision);
		vertex = waiting_below(vertices, vertex);
	} while (vertex != first);
	names = lappend(names, pstrdup(first->revision));
	vertex = waiting_below(vertices, first);
	mig_incoming_refuse(first->in == NULL ? NULL : first->in->file,
						line_of_edge(first, vertex),
						list_length(names) == 2 ?
						psprintf("Revision \"%s\" stands on itself.",
								 first->revision) :
						psprintf("Revisions stand on each other in a circle: %s.",
								 mig_join_names(names, " -> ", CIRCLE_SHOWN)),
						NULL);
}

/* The line of a file that names another revision. */
static int
line_of_edge(const Vertex *vertex, const Vertex *below)
{
	if (vertex->in == NULL)
		return 0;
	return mig_has_name(vertex->down, below->revision) ?
		vertex->in->lines.down : vertex->in->lines.depends;
}

/* One of those that a vertex waits for, to show a circle. */
static Vertex *
waiting_below(Vertices *vertices, const Vertex *vertex)
{
	const List *edges[] = {vertex->down, vertex->requires};

	for (int i = 0; i < 2; i++)
	{
		const ListCell *lc;

		foreach(lc, edges[i])
		{
			Vertex	   *below = hash_search(vertices->by_revision, lfirst(lc),
											HASH_FIND, NULL);

			if (below != NULL && below->waiting > 0)
				return below;
		}
	}
	elog(ERROR, "nothing waits below revision \"%s\"", vertex->revision);
}

/*
 * The rows of new revisions; graph is NULL if what is derived is going to be
 * worked out anew anyway.
 */
static void
derive_rows(Vertices *vertices, const List *order, MigGraph *graph,
			MigIncomingBatch *batch)
{
	const ListCell *lc;

	foreach(lc, order)
	{
		Vertex	   *vertex = lfirst(lc);
		MigNewRow  *row;

		if (vertex->in == NULL || vertex->in->stored != NULL)
			continue;
		row = palloc0(sizeof(MigNewRow));
		row->rev = &vertex->in->rev;
		row->is_head = !vertex->has_child;
		row->is_real_head = vertex->above == NIL;
		if (graph != NULL)
			row->generation = generation_of(vertices, graph, row->rev);
		vertex->row = row;
		batch->added = lappend(batch->added, row);
	}
}

/* One more than the highest below; those have theirs already. */
static int
generation_of(Vertices *vertices, MigGraph *graph, const MigRevision *rev)
{
	const List *edges[] = {rev->down, rev->requires};
	int			generation = 0;

	for (int i = 0; i < 2; i++)
	{
		const ListCell *lc;

		foreach(lc, edges[i])
		{
			Vertex	   *below = hash_search(vertices->by_revision, lfirst(lc),
											HASH_FIND, NULL);
			int			g;

			if (below != NULL && below->row != NULL)
				g = below->row->generation;
			else
				g = mig_graph_get(graph, lfirst(lc))->row.generation;
			generation = Max(generation, g);
		}
	}
	return generation + 1;
}

/* How the heads change, as in a new revision's case (author.c). */
static void
change_heads(Vertices *vertices, MigTables *tables, MigGraph *graph,
			 MigIncomingBatch *batch)
{
	MigNewest	newest = mig_lookup_newest(tables);
	MigNodeSet *seen[2] = {mig_set_create(), mig_set_create()};
	MigHeadChange *heads = &batch->heads;
	ListCell   *lc;

	heads->seq = newest.seq + 1;
	heads->head_count = newest.count[0];
	heads->real_head_count = newest.count[1];
	if (batch->edges_changed)
		return;
	foreach(lc, batch->added)
	{
		const MigNewRow *row = lfirst(lc);

		heads->head_count += row->is_head;
		heads->real_head_count += row->is_real_head;
		note_below(vertices, graph, seen, row->rev->down, true);
		note_below(vertices, graph, seen, row->rev->requires, false);
	}
	foreach(lc, seen[0]->list)
	{
		MigNode    *node = lfirst(lc);

		heads->parents = lappend(heads->parents, node->revision);
		heads->head_count--;
	}
	foreach(lc, seen[1]->list)
	{
		MigNode    *node = lfirst(lc);

		heads->real_head_count -= node->row.is_real_head;
		heads->below = lappend(heads->below, node->revision);
	}
}

/*
 * Gather the stored heads on which a new revision stands: in seen[0] those
 * that were heads and get a child, in seen[1] all that change.
 */
static void
note_below(Vertices *vertices, MigGraph *graph, MigNodeSet *seen[2],
		   const List *below, bool parents)
{
	const ListCell *lc;

	foreach(lc, below)
	{
		const Vertex *vertex = hash_search(vertices->by_revision, lfirst(lc),
										   HASH_FIND, NULL);
		MigNode    *node;

		if (vertex != NULL && vertex->row != NULL)
			continue;
		node = mig_graph_get(graph, lfirst(lc));
		if (parents && node->row.is_head)
			mig_set_add(seen[0], node);
		if (node->row.is_real_head || (parents && node->row.is_head))
			mig_set_add(seen[1], node);
	}
}

/* New revisions whose file tells no time are made now, one after the other. */
static void
set_times(MigTables *tables, const List *order)
{
	TimestampTz next = Max(GetCurrentTimestamp(),
						   mig_lookup_last_created(tables) + 1);
	ListCell   *lc;

	foreach(lc, order)
	{
		const Vertex *vertex = lfirst(lc);

		if (vertex->row != NULL && !vertex->in->has_created)
			vertex->in->rev.created_at = next++;
	}
}
