/*-------------------------------------------------------------------------
 *
 * rev/graph_files.c
 *	  Revisions from files beside the stored ones, as the source of a graph.
 *
 * The graph is what it would be if the files were taken in; nothing is
 * written.  All of it is in memory from the beginning, and no row is ever
 * fetched: with new parents of stored revisions everything above them moves.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph_files.h"
#include "rev/graph_source.h"
#include "rev/nearest.h"
#include "rev/plan.h"
#include "util/sql.h"

#include "utils/builtins.h"

static void add_rows(MigGraph *graph, MigTables *tables,
					 const MigIncomingBatch *batch);
static void add_row(MigGraph *graph, const MigTables *tables,
					const MigRevision *rev, const MigNode *stored);
static void derive(MigGraph *graph);
static bool fetch(MigGraph *graph, const char *revision);
static List *heads(MigGraph *graph, bool real, int limit);
static List *tips(MigGraph *graph);
static List *bases(MigGraph *graph);
static char *label(MigGraph *graph, const char *name);
static List *matches(MigGraph *graph, const char *prefix);
static List *all_names(MigGraph *graph);
static int	compare_matches(const ListCell *a, const ListCell *b);
static List *nearest(MigGraph *graph, const char *name);

static const MigGraphSource files_source = {
	.fetch = fetch,
	.heads = heads,
	.tips = tips,
	.bases = bases,
	.label = label,
	.matches = matches,
	.nearest = nearest,
};

/*
 * The graph of the tables and of what is to be written into them, which NULL
 * says is nothing; in the current memory context.
 */
MigGraph *
mig_files_graph(MigTables *tables, const MigIncomingBatch *batch)
{
	MigGraph   *graph;

	if (batch == NULL)
		return mig_tables_graph(tables);
	graph = mig_graph_create(&files_source, NULL);
	graph->schema_name = tables->schema_name;
	add_rows(graph, tables, batch);
	mig_graph_complete(graph);
	derive(graph);
	return graph;
}

/* Of what is added twice the first counts. */
static void
add_rows(MigGraph *graph, MigTables *tables, const MigIncomingBatch *batch)
{
	MigGraph   *stored = mig_tables_graph(tables);
	const ListCell *lc;

	mig_graph_load_all(stored);
	foreach(lc, batch->added)
		add_row(graph, tables, ((MigNewRow *) lfirst(lc))->rev, NULL);
	foreach(lc, batch->changed)
	{
		const MigRevision *rev = &((MigIncoming *) lfirst(lc))->rev;

		add_row(graph, tables, rev, mig_graph_get(stored, rev->revision));
	}
	for (int i = 0; i < stored->nnodes; i++)
	{
		const MigNode *node = stored->nodes[i];
		MigRow		row = node->row;

		row.down = mig_node_ids(node->down);
		if (node->loaded)
			mig_graph_add(graph, &row);
	}
}

/* A revision of a file; whether it is applied is known of a stored one. */
static void
add_row(MigGraph *graph, const MigTables *tables, const MigRevision *rev,
		const MigNode *stored)
{
	const char *script = rev->upgrade_sql;
	MigRow		row = {0};

	if (stored != NULL)
		row = stored->row;
	row.revision = rev->revision;
	row.message = rev->message;
	row.stored_by = rev->stored_by;
	row.down = rev->down;
	row.requires = rev->requires;
	row.depends_on = rev->depends_on;
	row.labels = rev->labels;
	row.created_at = rev->created_at;
	row.transactional = rev->transactional;
	row.irreversible = rev->downgrade_sql == NULL;
	row.counts = rev->counts;
	row.script = NULL;
	row.script_apart = false;
	row.file = rev;
	if (tables->direction == MIG_DOWNGRADE)
		script = rev->downgrade_sql;
	if (tables->with_scripts && script != NULL)
		row.script = cstring_to_text(script);
	mig_graph_add(graph, &row);
}

/* What follows from the edges, and from what is applied. */
static void
derive(MigGraph *graph)
{
	List	   *applied_tips;
	List	   *late;
	const ListCell *lc;

	foreach(lc, mig_graph_parents_first(graph))
		mig_graph_place(lfirst(lc));
	mig_plan_applied(graph, &applied_tips, &late);
	for (int i = 0; i < graph->nnodes; i++)
		graph->nodes[i]->row.tip = graph->nodes[i]->row.late = false;
	foreach(lc, applied_tips)
		((MigNode *) lfirst(lc))->row.tip = true;
	foreach(lc, late)
		((MigNode *) lfirst(lc))->row.late = true;
}

/* What is not there from the beginning is not there. */
static bool
fetch(MigGraph *graph, const char *revision)
{
	return false;
}

static List *
heads(MigGraph *graph, bool real, int limit)
{
	List	   *found = NIL;

	for (int i = 0; i < graph->nnodes; i++)
	{
		const MigRow *row = &graph->nodes[i]->row;

		if (limit > 0 && list_length(found) == limit)
			break;
		if (real ? row->is_real_head : row->is_head)
			found = lappend(found, graph->nodes[i]->revision);
	}
	return found;
}

static List *
tips(MigGraph *graph)
{
	List	   *found = NIL;

	for (int i = 0; i < graph->nnodes; i++)
	{
		if (graph->nodes[i]->row.tip)
			found = lappend(found, graph->nodes[i]->revision);
	}
	return found;
}

static List *
bases(MigGraph *graph)
{
	List	   *found = NIL;

	for (int i = 0; i < graph->nnodes; i++)
	{
		if (graph->nodes[i]->down == NIL)
			found = lappend(found, graph->nodes[i]->revision);
	}
	return found;
}

static char *
label(MigGraph *graph, const char *name)
{
	for (int i = 0; i < graph->nnodes; i++)
	{
		if (mig_has_name(graph->nodes[i]->row.labels, name))
			return graph->nodes[i]->revision;
	}
	return NULL;
}

static List *
matches(MigGraph *graph, const char *prefix)
{
	List	   *found = NIL;
	ListCell   *lc;

	foreach(lc, all_names(graph))
	{
		const MigMatch *match = lfirst(lc);

		if (strncmp(match->name, prefix, strlen(prefix)) == 0)
			found = lappend(found, lfirst(lc));
	}
	return found;
}

/* Ids and labels, in order: list of MigMatch *. */
static List *
all_names(MigGraph *graph)
{
	List	   *names = NIL;

	for (int i = 0; i < graph->nnodes; i++)
	{
		MigNode    *node = graph->nodes[i];
		MigMatch   *match = palloc(sizeof(MigMatch));
		const ListCell *lc;

		match->name = match->revision = node->revision;
		names = lappend(names, match);
		foreach(lc, node->row.labels)
		{
			match = palloc(sizeof(MigMatch));
			match->name = lfirst(lc);
			match->revision = node->revision;
			names = lappend(names, match);
		}
	}
	list_sort(names, compare_matches);
	return names;
}

static int
compare_matches(const ListCell *a, const ListCell *b)
{
	return strcmp(((MigMatch *) lfirst(a))->name,
				  ((MigMatch *) lfirst(b))->name);
}

static List *
nearest(MigGraph *graph, const char *name)
{
	MigNearest	state;
	ListCell   *lc;

	if (!mig_nearest_begin(&state, name))
		return NIL;
	foreach(lc, all_names(graph))
		mig_nearest_weigh(&state, ((MigMatch *) lfirst(lc))->name);
	return state.found;
}
