/*-------------------------------------------------------------------------
 *
 * rev/sort.c
 *	  The order in which revisions run.
 *
 * Pure.  The order is Alembic's, down to its ties: from the newest revisions
 * go down one line as long as nothing above waits; at a fork fall back to the
 * line that still has something above it, the leftmost first; at a merge go
 * on with the first parent and queue the others at the end.  Upgrades run the
 * result backwards.
 *
 * The lines are a list of entries, each the revision to look at next.  Alembic
 * asks of every other entry whether the revision is among its ancestors, which
 * is quadratic; here a walk upwards over what has not been emitted yet finds
 * the entries that wait above.  In all but contrived graphs that walk is as
 * long as the fork is wide.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/sort.h"

#include "lib/ilist.h"
#include "miscadmin.h"

typedef struct Entry
{
	dlist_node	link;
	int			slot;			/* grows from the list's left to its right */
	MigNode    *node;
} Entry;

typedef struct Sort
{
	MigGraph   *graph;
	const MigNodeSet *set;		/* what is sorted */
	const MigNodeSet *scope;	/* what paths between them run through */
	dlist_head	entries;
	int			nslots;
	Entry	  **entry_of;		/* by node number, NULL: no entry */
	bool	   *emitted;		/* by node number */
	uint32	   *visit;			/* by node number, last walk that saw it */
	uint32		walk;			/* number of the walk under way */
	List	   *result;
} Sort;

static void add_entry(Sort *sort, MigNode *node);
static void add_maxima(Sort *sort);
static bool is_below(const List *above, const MigNodeSet *set);
static Entry *leftmost_above(Sort *sort, MigNode *node);
static List *next_below(Sort *sort, MigNode *node);
static bool is_implied(const MigNode *node, const MigNode *dependency);
static void add_loaded(MigNodeSet *set, const List *parents,
					   const MigNode *dependency);
static Entry *advance(Sort *sort, Entry *entry, List *below);

/*
 * Sort a set of loaded nodes, newest first.
 *
 * scope holds the set and all loaded nodes on paths between its members; it
 * is the set itself where nothing else lies between them.  The result is in
 * the current memory context.
 */
List *
mig_sort_newest_first(MigGraph *graph, const MigNodeSet *set,
					  const MigNodeSet *scope)
{
	Sort		sort = {.graph = graph,.set = set,.scope = scope};
	Entry	   *entry;

	if (set->list == NIL)
		return NIL;
	dlist_init(&sort.entries);
	sort.entry_of = palloc0(graph->nnodes * sizeof(Entry *));
	sort.emitted = palloc0(graph->nnodes * sizeof(bool));
	sort.visit = palloc0(graph->nnodes * sizeof(uint32));
	add_maxima(&sort);
	entry = dlist_head_element(Entry, link, &sort.entries);
	while (entry != NULL)
	{
		Entry	   *waiting = leftmost_above(&sort, entry->node);

		CHECK_FOR_INTERRUPTS();
		if (waiting != NULL)
		{
			entry = waiting;
			continue;
		}
		sort.emitted[entry->node->number] = true;
		sort.result = lappend(sort.result, entry->node);
		entry = advance(&sort, entry, next_below(&sort, entry->node));
	}
	Assert(list_length(sort.result) == list_length(set->list));
	pfree(sort.entry_of);
	pfree(sort.emitted);
	pfree(sort.visit);
	return sort.result;
}

/* The list is sorted in place; the number of the node finds its entry. */
static void
add_entry(Sort *sort, MigNode *node)
{
	Entry	   *entry = palloc(sizeof(Entry));

	entry->slot = sort->nslots++;
	entry->node = node;
	sort->entry_of[node->number] = entry;
	dlist_push_tail(&sort->entries, &entry->link);
}

/* Begin with what has nothing right above it, in creation order. */
static void
add_maxima(Sort *sort)
{
	List	   *maxima = NIL;
	ListCell   *lc;

	foreach(lc, sort->set->list)
	{
		MigNode    *node = lfirst(lc);

		if (!is_below(node->children, sort->set) &&
			!is_below(node->dependants, sort->set))
			maxima = lappend(maxima, node);
	}
	list_sort(maxima, mig_node_compare);
	foreach(lc, maxima)
		add_entry(sort, lfirst(lc));
	list_free(maxima);
}

static bool
is_below(const List *above, const MigNodeSet *set)
{
	const ListCell *lc;

	foreach(lc, above)
	{
		if (mig_set_has(set, lfirst(lc)))
			return true;
	}
	return false;
}

/* The leftmost entry that still waits above a node, or NULL. */
static Entry *
leftmost_above(Sort *sort, MigNode *node)
{
	List	   *stack = list_make1(node);
	Entry	   *found = NULL;

	sort->walk++;
	while (stack != NIL)
	{
		MigNode    *n = llast(stack);
		Entry	   *entry = sort->entry_of[n->number];
		ListCell   *lc;
		List	   *above[2] = {n->children, n->dependants};

		stack = list_delete_last(stack);
		if (n != node && entry != NULL &&
			(found == NULL || entry->slot < found->slot))
			found = entry;
		for (int i = 0; i < 2; i++)
		{
			foreach(lc, above[i])
			{
				MigNode    *child = lfirst(lc);

				/* the graph may have more nodes than our arrays */
				if (!mig_set_has(sort->scope, child) ||
					sort->visit[child->number] == sort->walk ||
					sort->emitted[child->number])
					continue;
				sort->visit[child->number] = sort->walk;
				stack = lappend(stack, child);
			}
		}
	}
	return found;
}

/* Parents and dependencies to look at after a node, in their order. */
static List *
next_below(Sort *sort, MigNode *node)
{
	List	   *next = NIL;
	ListCell   *lc;

	foreach(lc, node->down)
	{
		MigNode    *parent = lfirst(lc);

		if (mig_set_has(sort->set, parent) &&
			!sort->emitted[parent->number] &&
			sort->entry_of[parent->number] == NULL)
			next = list_append_unique_ptr(next, parent);
	}
	foreach(lc, node->deps)
	{
		MigNode    *parent = lfirst(lc);

		if (mig_set_has(sort->set, parent) &&
			!sort->emitted[parent->number] &&
			sort->entry_of[parent->number] == NULL &&
			!is_implied(node, parent))
			next = list_append_unique_ptr(next, parent);
	}
	return next;
}

/*
 * Does an ancestor of a node, along parents, depend on the same revision?
 * Then the dependency is followed from there.
 */
static bool
is_implied(const MigNode *node, const MigNode *dependency)
{
	MigNodeSet *seen;
	bool		found = false;

	if (list_length(dependency->dependants) < 2)
		return false;
	seen = mig_set_create();
	add_loaded(seen, node->down, dependency);
	for (int next = 0; !found && next < list_length(seen->list); next++)
	{
		const MigNode *below = list_nth(seen->list, next);

		found = list_member_ptr(below->deps, dependency);
		add_loaded(seen, below->down, dependency);
	}
	mig_set_free(seen);
	return found;
}

/* Add parents that may lie above a dependency; what matters is loaded. */
static void
add_loaded(MigNodeSet *set, const List *parents, const MigNode *dependency)
{
	const ListCell *lc;

	foreach(lc, parents)
	{
		MigNode    *parent = lfirst(lc);

		if (parent->loaded &&
			parent->row.generation > dependency->row.generation)
			mig_set_add(set, parent);
	}
}

/*
 * Put what lies below in an entry's place; the entry to look at next.  The
 * list is freed, for there is one for each node.
 */
static Entry *
advance(Sort *sort, Entry *entry, List *below)
{
	const ListCell *lc;

	sort->entry_of[entry->node->number] = NULL;
	if (below == NIL)
	{
		Entry	   *next;

		if (dlist_has_prev(&sort->entries, &entry->link))
			next = dlist_container(Entry, link,
								   dlist_prev_node(&sort->entries,
												   &entry->link));
		else if (dlist_has_next(&sort->entries, &entry->link))
			next = dlist_container(Entry, link,
								   dlist_next_node(&sort->entries,
												   &entry->link));
		else
			next = NULL;
		dlist_delete(&entry->link);
		pfree(entry);
		return next;
	}
	entry->node = linitial(below);
	sort->entry_of[entry->node->number] = entry;
	for_each_from(lc, below, 1)
		add_entry(sort, lfirst(lc));
	list_free(below);
	return entry;
}
