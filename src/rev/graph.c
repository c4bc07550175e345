/*-------------------------------------------------------------------------
 *
 * rev/graph.c
 *	  The revision graph, read as far as a job needs it.
 *
 * Pure: rows come from a MigGraphSource.  A node is made when its id is first
 * named, by a caller or by a child's row, and loaded when somebody needs its
 * row.  Walks go breadth first, so that they stop early where the caller's
 * question is answered near the heads.  The first few rows are fetched one by
 * one; a longer walk reads whole ranges of generations, each twice as wide as
 * the one before, so that its cost stays linear: a row of a range costs a
 * fraction of one that is looked up.  Children may be of any generation above,
 * so that more of them are fetched one by one.
 *
 * Two facts make the ranges work: an edge always leads to a smaller
 * generation, and once all rows from some generation on have been read, the
 * children of every node from that generation on are known.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph.h"
#include "util/error.h"
#include "util/sql.h"

#include "common/hashfn.h"
#include "miscadmin.h"

/* so many rows are fetched singly before ranges are read */
#define SINGLE_FETCHES	8
/* so many times children are */
#define SINGLE_CHILDREN	32
/* width of the first range, in generations */
#define FIRST_WINDOW	32

static MigNode *enter_node(MigGraph *graph, char *revision, bool lasts);
static uint32 hash_name(const void *key, Size keysize);
static int	compare_names(const void *a, const void *b, Size keysize);
static void link_edges(MigGraph *graph, MigNode *node);
static List *append_node(List *list, MigNode *node);
static void fetch_window(MigGraph *graph, int below);
static void fetch_from(MigGraph *graph, int generation);
static void add_below(MigGraph *graph, MigNodeSet *set, const MigNode *node,
					  MigEdges edges);
static void add_all(MigNodeSet *set, const List *nodes);
static List *release_waiting(List *ready, const List *above, int *waiting);

/*
 * Make an empty graph in the current memory context.
 *
 * data is the source's own state and must live as long as the graph.
 */
MigGraph *
mig_graph_create(const MigGraphSource *source, void *data)
{
	MigGraph   *graph = palloc0(sizeof(MigGraph));
	HASHCTL		ctl = {0};

	graph->context = CurrentMemoryContext;
	graph->source = source;
	graph->source_data = data;
	graph->maxnodes = 64;
	graph->nodes = palloc(graph->maxnodes * sizeof(MigNode *));
	graph->known_from = PG_INT32_MAX;
	graph->window_lo = PG_INT32_MAX;
	ctl.keysize = sizeof(char *);
	ctl.entrysize = sizeof(MigNode);
	ctl.hash = hash_name;
	ctl.match = compare_names;
	ctl.hcxt = CurrentMemoryContext;
	graph->by_revision = hash_create("pg_migrations graph", 16, &ctl,
									 HASH_ELEM | HASH_FUNCTION | HASH_COMPARE |
									 HASH_CONTEXT);
	return graph;
}

/* A key is where a name stands: most take a fraction of the longest. */
static uint32
hash_name(const void *key, Size keysize)
{
	const char *name = *(const char *const *) key;

	return hash_bytes((const unsigned char *) name, strlen(name));
}

static int
compare_names(const void *a, const void *b, Size keysize)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/*
 * Take in a row; called by sources.
 *
 * What the row points to must live as long as the graph, but for the parents.
 * Returns the node, or NULL for a row that is there already, which is ignored.
 */
MigNode *
mig_graph_add(MigGraph *graph, const MigRow *row)
{
	MemoryContext old = MemoryContextSwitchTo(graph->context);
	MigNode    *node = enter_node(graph, row->revision, true);
	bool		is_new = !node->loaded;

	if (is_new)
	{
		node->row = *row;
		node->loaded = true;
		link_edges(graph, node);
	}
	MemoryContextSwitchTo(old);
	return is_new ? node : NULL;
}

/*
 * May be one that has not been read: an edge names it first.  Does the name
 * last as long as the graph?
 */
static MigNode *
enter_node(MigGraph *graph, char *revision, bool lasts)
{
	bool		found;
	MigNode    *node;

	node = hash_search(graph->by_revision, &revision, HASH_ENTER, &found);
	if (found)
		return node;
	node->revision = lasts ? revision : pstrdup(revision);
	memset(((char *) node) + sizeof(node->revision), 0,
		   sizeof(MigNode) - sizeof(node->revision));
	if (graph->nnodes == graph->maxnodes)
	{
		graph->maxnodes *= 2;
		graph->nodes = repalloc(graph->nodes,
								graph->maxnodes * sizeof(MigNode *));
	}
	node->number = graph->nnodes;
	graph->nodes[graph->nnodes++] = node;
	return node;
}

/*
 * Both ways; a node at the other end need not have been read.  The names of
 * the parents are theirs from now on.
 */
static void
link_edges(MigGraph *graph, MigNode *node)
{
	ListCell   *lc;

	foreach(lc, node->row.down)
	{
		MigNode    *parent = enter_node(graph, lfirst(lc), false);

		node->down = append_node(node->down, parent);
		parent->children = append_node(parent->children, node);
	}
	node->row.down = NIL;
	foreach(lc, node->row.requires)
	{
		MigNode    *parent = enter_node(graph, lfirst(lc), false);

		node->deps = append_node(node->deps, parent);
		parent->dependants = append_node(parent->dependants, node);
	}
}

/*
 * lappend(), but that the first member takes no room for others: most nodes
 * have one parent and one child.
 */
static List *
append_node(List *list, MigNode *node)
{
	if (list != NIL)
		return lappend(list, node);
	list = palloc(offsetof(List, initial_elements) + sizeof(ListCell));
	list->type = T_List;
	list->length = list->max_length = 1;
	list->elements = list->initial_elements;
	linitial(list) = node;
	return list;
}

/*
 * The node of a revision, if it is loaded already; else NULL.
 */
MigNode *
mig_graph_peek(MigGraph *graph, const char *revision)
{
	MigNode    *node;

	node = hash_search(graph->by_revision, &revision, HASH_FIND, NULL);
	return node != NULL && node->loaded ? node : NULL;
}

/*
 * The node of a revision, loaded, or NULL if there is no such revision.
 */
MigNode *
mig_graph_find(MigGraph *graph, const char *revision)
{
	MigNode    *node = mig_graph_peek(graph, revision);

	if (node == NULL && strlen(revision) <= MIG_MAX_NAME &&
		graph->source->fetch(graph, revision))
		node = mig_graph_peek(graph, revision);
	return node;
}

/*
 * The same for a revision that our own tables name: MG008 if it is missing.
 */
MigNode *
mig_graph_get(MigGraph *graph, const char *revision)
{
	MigNode    *node = mig_graph_find(graph, revision);

	if (node == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_CONTRADICTION),
				 errmsg("revision \"%s\" is recorded but not stored", revision),
				 errhint("Restore the tables of the extension from a dump; migrate_stamp('base', purge => true) forgets what is recorded as applied.")));
	return node;
}

/*
 * See to it that a node is loaded.
 *
 * below is the generation of a node that has it as parent or dependency.
 */
void
mig_graph_load(MigGraph *graph, MigNode *node, int below)
{
	if (node->loaded)
		return;
	CHECK_FOR_INTERRUPTS();
	if (graph->fetches >= SINGLE_FETCHES && below <= graph->window_lo)
		fetch_window(graph, below);
	if (node->loaded)
		return;
	graph->fetches++;
	(void) mig_graph_get(graph, node->revision);
}

/* Read the next range of generations below what was read so far. */
static void
fetch_window(MigGraph *graph, int below)
{
	int			width;
	int			lo;

	width = graph->window_width == 0 ? FIRST_WINDOW :
		Min(graph->window_width, PG_INT32_MAX / 4) * 2;
	lo = Max(below - width, 0);
	graph->source->fetch_generations(graph, lo, below);
	graph->window_lo = lo;
	graph->window_width = width;
}

/* Read the whole graph. */
void
mig_graph_load_all(MigGraph *graph)
{
	if (graph->known_from > 0)
		graph->source->fetch_generations(graph, 0, PG_INT32_MAX);
	mig_graph_complete(graph);
}

/* All rows are there: neither ranges nor children are fetched any more. */
void
mig_graph_complete(MigGraph *graph)
{
	graph->known_from = 0;
	graph->window_lo = 0;
}

/* See to it that a loaded node's lists of children are complete. */
void
mig_graph_load_children(MigGraph *graph, MigNode *node)
{
	int			generation = node->row.generation;

	Assert(node->loaded);
	if (node->children_known || generation >= graph->known_from)
		return;
	CHECK_FOR_INTERRUPTS();
	if (node->row.is_real_head)
		node->children_known = true;
	else if (graph->fetches++ < SINGLE_CHILDREN)
	{
		graph->source->fetch_children(graph, node->revision);
		node->children_known = true;
	}
	else
		fetch_from(graph, generation);
}

/*
 * A walk up over so many generations begins: if it would come to ranges
 * anyway, no single revision's children are fetched before.
 */
void
mig_graph_expect_span(MigGraph *graph, int generations)
{
	if (generations > SINGLE_CHILDREN)
		graph->fetches = Max(graph->fetches, SINGLE_CHILDREN);
}

/*
 * Read all rows from a generation on that have not been read for this; and
 * some more below, for a walk that goes down.
 */
static void
fetch_from(MigGraph *graph, int generation)
{
	int			lo = Max(generation - graph->children_width, 0);

	graph->source->fetch_generations(graph, lo, graph->known_from);
	graph->known_from = lo;
	graph->children_width = Max(graph->children_width * 2, FIRST_WINDOW);
}

/*
 * Children by parents, in creation order.
 *
 * A fresh list in the current memory context.
 */
List *
mig_graph_children(MigGraph *graph, MigNode *node)
{
	List	   *children;

	mig_graph_load_children(graph, node);
	children = list_copy(node->children);
	list_sort(children, mig_node_compare);
	return children;
}

/*
 * The loaded nodes of ids that our own tables name, in creation order.
 *
 * A fresh list in the current memory context.
 */
List *
mig_graph_nodes(MigGraph *graph, const List *revisions)
{
	List	   *nodes = NIL;
	const ListCell *lc;

	foreach(lc, revisions)
		nodes = lappend(nodes, mig_graph_get(graph, lfirst(lc)));
	list_sort(nodes, mig_node_compare);
	return nodes;
}

/* Revisions without children, or (real) without dependants either. */
List *
mig_graph_heads(MigGraph *graph, bool real)
{
	return mig_graph_nodes(graph, graph->source->heads(graph, real, 0));
}

/* Revisions without parents, in creation order. */
List *
mig_graph_bases(MigGraph *graph)
{
	return mig_graph_nodes(graph, graph->source->bases(graph));
}

/* Tips of the target schema, in creation order. */
List *
mig_graph_tips(MigGraph *graph)
{
	return mig_graph_nodes(graph, graph->source->tips(graph));
}

/*
 * All ancestors of some nodes, with these nodes themselves.
 *
 * The result is in the current memory context, nearest first.
 */
MigNodeSet *
mig_graph_ancestors(MigGraph *graph, const List *start, MigEdges edges)
{
	MigNodeSet *set = mig_set_create();

	add_all(set, start);
	for (int next = 0; next < list_length(set->list); next++)
		add_below(graph, set, list_nth(set->list, next), edges);
	return set;
}

/*
 * All descendants of some nodes, with these nodes themselves.
 *
 * The result is in the current memory context, nearest first.
 */
MigNodeSet *
mig_graph_descendants(MigGraph *graph, const List *start, MigEdges edges)
{
	MigNodeSet *set = mig_set_create();
	int			next = 0;

	add_all(set, start);
	while (next < list_length(set->list))
	{
		MigNode    *node = list_nth(set->list, next++);

		mig_graph_load_children(graph, node);
		add_all(set, node->children);
		if (edges == MIG_EDGES_ALL)
			add_all(set, node->dependants);
	}
	return set;
}

/*
 * All nodes, each behind what it stands on or needs.  Reads the whole graph;
 * the result is in the current memory context.
 */
List *
mig_graph_parents_first(MigGraph *graph)
{
	List	   *ready = NIL;
	int		   *waiting;
	int			next = 0;

	mig_graph_load_all(graph);
	waiting = palloc(sizeof(int) * Max(graph->nnodes, 1));
	for (int i = 0; i < graph->nnodes; i++)
	{
		MigNode    *node = graph->nodes[i];

		waiting[i] = list_length(node->down) + list_length(node->deps);
		if (waiting[i] == 0)
			ready = lappend(ready, node);
	}
	while (next < list_length(ready))
	{
		MigNode    *node = list_nth(ready, next++);

		ready = release_waiting(ready, node->children, waiting);
		ready = release_waiting(ready, node->dependants, waiting);
	}
	return ready;
}

/* Add to a list those nodes for which nothing below is left to wait for. */
static List *
release_waiting(List *ready, const List *above, int *waiting)
{
	const ListCell *lc;

	foreach(lc, above)
	{
		MigNode    *node = lfirst(lc);

		if (--waiting[node->number] == 0)
			ready = lappend(ready, node);
	}
	return ready;
}

/*
 * Set what a node's row says of its place by its edges; what lies below has
 * its right generation already.  Did anything change?
 */
bool
mig_graph_place(MigNode *node)
{
	bool		is_head = node->children == NIL;
	bool		is_real_head = is_head && node->dependants == NIL;
	int			generation = 0;
	ListCell   *lc;

	foreach(lc, node->down)
		generation = Max(generation, ((MigNode *) lfirst(lc))->row.generation);
	foreach(lc, node->deps)
		generation = Max(generation, ((MigNode *) lfirst(lc))->row.generation);
	generation++;
	if (node->row.generation == generation && node->row.is_head == is_head &&
		node->row.is_real_head == is_real_head)
		return false;
	node->row.generation = generation;
	node->row.is_head = is_head;
	node->row.is_real_head = is_real_head;
	return true;
}

/*
 * Does one node lie below another, or is it the same?
 */
bool
mig_graph_is_ancestor(MigGraph *graph, const MigNode *ancestor, MigNode *node,
					  MigEdges edges)
{
	MigNodeSet *seen;
	bool		found = node == ancestor;

	if (found || node->row.generation <= ancestor->row.generation)
		return found;
	seen = mig_set_create();
	mig_set_add(seen, node);
	for (int next = 0; !found && next < list_length(seen->list); next++)
	{
		MigNode    *below = list_nth(seen->list, next);

		found = below == ancestor;
		if (below->row.generation > ancestor->row.generation)
			add_below(graph, seen, below, edges);
	}
	mig_set_free(seen);
	return found;
}

/* Load what lies right below a node, and add it to a set. */
static void
add_below(MigGraph *graph, MigNodeSet *set, const MigNode *node,
		  MigEdges edges)
{
	ListCell   *lc;

	foreach(lc, node->down)
		mig_graph_load(graph, lfirst(lc), node->row.generation);
	add_all(set, node->down);
	if (edges == MIG_EDGES_PARENTS)
		return;
	foreach(lc, node->deps)
		mig_graph_load(graph, lfirst(lc), node->row.generation);
	add_all(set, node->deps);
}

/* Is one node an ancestor or descendant of another by parents, or the same? */
bool
mig_graph_related(MigGraph *graph, MigNode *a, MigNode *b)
{
	if (a->row.generation > b->row.generation)
		return mig_graph_is_ancestor(graph, b, a, MIG_EDGES_PARENTS);
	return mig_graph_is_ancestor(graph, a, b, MIG_EDGES_PARENTS);
}

/*
 * Creation order, for list_sort(): the order that breaks all ties.
 */
int
mig_node_compare(const ListCell *a, const ListCell *b)
{
	if (lfirst(a) == lfirst(b))
		return 0;
	return mig_node_before(lfirst(a), lfirst(b)) ? -1 : 1;
}

/* Was one revision made before another? */
bool
mig_node_before(const MigNode *a, const MigNode *b)
{
	if (a->row.created_at != b->row.created_at)
		return a->row.created_at < b->row.created_at;
	return strcmp(a->revision, b->revision) < 0;
}

/*
 * The ids of some nodes, with commas, for messages; at most so many (0: all).
 */
char *
mig_node_names(const List *nodes, int most)
{
	return mig_join_names(mig_node_ids(nodes), ", ", most);
}

/* The ids of some nodes, as a list. */
List *
mig_node_ids(const List *nodes)
{
	List	   *ids = NIL;
	const ListCell *lc;

	foreach(lc, nodes)
		ids = lappend(ids, ((MigNode *) lfirst(lc))->revision);
	return ids;
}

/* An empty set in the current memory context. */
MigNodeSet *
mig_set_create(void)
{
	return palloc0(sizeof(MigNodeSet));
}

/* The nodes are the graph's, and stay. */
void
mig_set_free(MigNodeSet *set)
{
	list_free(set->list);
	bms_free(set->members);
	pfree(set);
}

/* Add a node, unless it is in the set. */
void
mig_set_add(MigNodeSet *set, MigNode *node)
{
	if (bms_is_member(node->number, set->members))
		return;
	set->members = bms_add_member(set->members, node->number);
	set->list = lappend(set->list, node);
}

/* By the node's number, in constant time. */
bool
mig_set_has(const MigNodeSet *set, const MigNode *node)
{
	return bms_is_member(node->number, set->members);
}

static void
add_all(MigNodeSet *set, const List *nodes)
{
	const ListCell *lc;

	foreach(lc, nodes)
		mig_set_add(set, lfirst(lc));
}

/* The parents of a node for a message: their ids, or "base". */
const char *
mig_node_names_below(const MigNode *node)
{
	return node->down == NIL ? "base" : mig_node_names(node->down, 0);
}
