/*-------------------------------------------------------------------------
 *
 * rev/graph_source.c
 *	  Our tables as the source of a graph.
 *
 * Rows come by index, without the planner; names that are alike by a query.
 *
 * The newest row of migrate_revision, by seq, carries the number of heads.
 * The heads themselves are the newest entries of a partial index, behind
 * which the dead entries of former heads may wait for vacuum; knowing how
 * many to expect, a scan never gets there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/lookup.h"
#include "rev/nearest.h"
#include "util/spi.h"
#include "util/sql.h"

#include "access/htup_details.h"
#include "access/stratnum.h"
#include "catalog/pg_collation.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

/* of so many revisions what is applied is looked up by their names */
#define MANY_LOOKUPS	1000

/* ... or of so many for each page of all that is applied */
#define LOOKUPS_PER_PAGE	16

/* Takes in a row; revisions are those that are new in the graph. */
typedef void (*RowReader) (MigGraph *graph, HeapTuple tuple,
						   List **revisions);

static bool fetch(MigGraph *graph, const char *revision);
static void add_row(MigGraph *graph, const MigRow *row);
static void read_applied(MigGraph *graph, const char *revision);
static void apply_record(MigGraph *graph, const char *revision,
						 HeapTuple tuple, const Datum *values);
static void fetch_children(MigGraph *graph, const char *revision);
static void fetch_generations(MigGraph *graph, int lo, int hi);
static int	most_lookups(const MigTables *tables);
static void each_row(MigGraph *graph, Relation rel, const char *index,
					 int nkeys, ScanKey keys, RowReader reader,
					 List **revisions);
static void add_fetched(MigGraph *graph, HeapTuple tuple, List **revisions);
static void share_names(MigGraph *graph, MigNode *node);
static void add_applied(MigGraph *graph, HeapTuple tuple, List **revisions);
static char *text_at(const MigColumns *columns, int column);
static MigNewest newest_of(MigGraph *graph);
static List *heads(MigGraph *graph, bool real, int limit);
static List *tips(MigGraph *graph);
static List *bases(MigGraph *graph);
static char *label(MigGraph *graph, const char *name);
static List *matches(MigGraph *graph, const char *prefix);
static MigMatch *read_match(MigTables *tables, Relation rel, HeapTuple tuple,
							char *name);
static void collect_matches(MigTables *tables, Relation rel, const char *index,
							AttrNumber column, const char *prefix,
							List **found);
static List *nearest(MigGraph *graph, const char *name);
static void weigh_name(TupleTableSlot *slot, void *arg);

static const MigGraphSource table_source = {
	.fetch = fetch,
	.fetch_children = fetch_children,
	.fetch_generations = fetch_generations,
	.heads = heads,
	.tips = tips,
	.bases = bases,
	.label = label,
	.matches = matches,
	.nearest = nearest,
};

/* An empty graph over the tables, in the current memory context. */
MigGraph *
mig_tables_graph(MigTables *tables)
{
	MigGraph   *graph = mig_graph_create(&table_source, tables);

	graph->schema_name = tables->schema_name;
	return graph;
}

/* By the primary key, with the snapshot of the tables. */
static bool
fetch(MigGraph *graph, const char *revision)
{
	MigTables  *tables = graph->source_data;
	MemoryContext old = MemoryContextSwitchTo(graph->context);
	HeapTuple	tuple;
	SysScanDesc scan = mig_scan_revision(tables, revision, &tuple);
	bool		found = HeapTupleIsValid(tuple);

	if (found)
	{
		MigColumns	columns;
		MigRow		row;

		columns = mig_revision_columns(tables, tuple);
		row = mig_row_from_tuple(tables, graph->context, tuple, &columns);
		add_row(graph, &row);
	}
	systable_endscan(scan);
	MemoryContextSwitchTo(old);
	return found;
}

/* Take in a row and what is applied of it. */
static void
add_row(MigGraph *graph, const MigRow *row)
{
	if (mig_graph_add(graph, row) != NULL)
		read_applied(graph, row->revision);
}

/* Read whether a loaded revision is applied in the target schema. */
static void
read_applied(MigGraph *graph, const char *revision)
{
	MigTables  *tables = graph->source_data;
	HeapTuple	tuple;
	SysScanDesc scan = mig_scan_applied(tables, revision, &tuple);

	if (HeapTupleIsValid(tuple))
	{
		MigColumns	columns;

		columns = mig_applied_columns(tables, tuple);
		apply_record(graph, revision, tuple, columns.values);
	}
	systable_endscan(scan);
}

/* Take in a row of migrate_applied, if its revision is loaded. */
static void
apply_record(MigGraph *graph, const char *revision, HeapTuple tuple,
			 const Datum *values)
{
	MigNode    *node = mig_graph_peek(graph, revision);

	if (node == NULL)
		return;
	node->row.applied = true;
	node->row.applied_place = tuple->t_self;
	node->row.tip = DatumGetBool(values[APPLIED_TIP - 1]);
	node->row.late = DatumGetBool(values[APPLIED_LATE - 1]);
	node->row.applied_at = DatumGetTimestampTz(values[APPLIED_AT - 1]);
}

/* Names alone: they are read when they are reached. */
static void
fetch_children(MigGraph *graph, const char *revision)
{
	MigTables  *tables = graph->source_data;
	ListCell   *lc;

	foreach(lc, mig_edges_to(tables, revision, MIG_EDGE_ANY))
		(void) mig_graph_get(graph, lfirst(lc));
}

/* The revision that was stored last, in the memory of the graph. */
static MigNewest
newest_of(MigGraph *graph)
{
	MemoryContext old = MemoryContextSwitchTo(graph->context);
	MigNewest	newest = mig_lookup_newest(graph->source_data);

	MemoryContextSwitchTo(old);
	return newest;
}

/*
 * Usually there is one head, and the newest revision is it; else an index that
 * has heads alone.
 */
static List *
heads(MigGraph *graph, bool real, int limit)
{
	MigTables  *tables = graph->source_data;
	const char *index;
	MigIndexScan scan;
	List	   *found = NIL;
	MigNewest	newest = newest_of(graph);
	bool		is_head = real ? newest.row.is_real_head : newest.row.is_head;

	index = real ? "migrate_revision_real_head_idx" :
		"migrate_revision_head_idx";
	if (limit == 0 || limit > newest.count[real])
		limit = newest.count[real];
	if (limit == 0)
		return NIL;
	if (limit == 1 && is_head)
	{
		add_row(graph, &newest.row);
		return list_make1(newest.row.revision);
	}
	mig_index_scan_begin(&scan, tables, tables->revision, index, 0, NULL);
	while (list_length(found) < limit)
	{
		HeapTuple	tuple = mig_index_scan_next(&scan, BackwardScanDirection);
		Datum		revision;

		if (!HeapTupleIsValid(tuple))
			break;
		revision = mig_column(tables->revision, tuple, REV_REVISION);
		found = lappend(found, TextDatumGetCString(revision));
	}
	mig_index_scan_end(&scan);
	return found;
}

/*
 * What is applied and needed by nothing else that is applied, for the target
 * schema.
 */
static List *
tips(MigGraph *graph)
{
	MigTables  *tables = graph->source_data;
	ScanKeyData key;
	MigIndexScan scan;
	HeapTuple	tuple;
	List	   *found = NIL;

	mig_text_key(&key, APPLIED_SCHEMA, tables->schema_name);
	mig_index_scan_begin(&scan, tables, tables->applied,
						 "migrate_applied_tip_idx", 1, &key);
	while ((tuple = mig_index_scan_next(&scan, ForwardScanDirection)) != NULL)
	{
		Datum		revision = mig_column(tables->applied, tuple,
										  APPLIED_REVISION);

		found = lappend(found, TextDatumGetCString(revision));
	}
	mig_index_scan_end(&scan);
	return found;
}

/* Revisions without parents have an edge to the empty name. */
static List *
bases(MigGraph *graph)
{
	return mig_edges_to(graph->source_data, "", MIG_EDGE_PARENT);
}

/* A label belongs to one revision. */
static char *
label(MigGraph *graph, const char *name)
{
	List	   *labelled = mig_edges_to(graph->source_data, name,
										MIG_EDGE_LABEL);

	return labelled == NIL ? NULL : linitial(labelled);
}

/*
 * Ids and labels, in one list: whether a prefix is unique is decided over
 * both.
 */
static List *
matches(MigGraph *graph, const char *prefix)
{
	MigTables  *tables = graph->source_data;
	List	   *found = NIL;

	collect_matches(tables, tables->revision, "migrate_revision_pkey",
					REV_REVISION, prefix, &found);
	collect_matches(tables, mig_tables_edge(tables), "migrate_edge_parent_idx",
					EDGE_PARENT, prefix, &found);
	return found;
}

/* A name that begins with a prefix; NULL if it stands in another edge. */
static MigMatch *
read_match(MigTables *tables, Relation rel, HeapTuple tuple, char *name)
{
	MigMatch   *match = palloc(sizeof(MigMatch));

	match->name = name;
	match->revision = name;
	if (rel != tables->edge)
		return match;
	if (DatumGetChar(mig_column(rel, tuple, EDGE_KIND)) != MIG_EDGE_LABEL)
		return NULL;
	match->revision = TextDatumGetCString(mig_column(rel, tuple, EDGE_CHILD));
	return match;
}

/* Names that begin with a prefix: a range of an index in "C" order. */
static void
collect_matches(MigTables *tables, Relation rel, const char *index,
				AttrNumber column, const char *prefix, List **found)
{
	ScanKeyData key;
	MigIndexScan scan;

	ScanKeyInit(&key, column, BTGreaterEqualStrategyNumber, F_TEXT_GE,
				CStringGetTextDatum(prefix));
	mig_index_scan_begin(&scan, tables, rel, index, 1, &key);
	for (;;)
	{
		HeapTuple	tuple = mig_index_scan_next(&scan, ForwardScanDirection);
		MigMatch   *match;
		char	   *name;

		if (!HeapTupleIsValid(tuple))
			break;
		name = TextDatumGetCString(mig_column(rel, tuple, column));
		if (strncmp(name, prefix, strlen(prefix)) != 0)
			break;
		match = read_match(tables, rel, tuple, name);
		if (match != NULL)
			*found = lappend(*found, match);
	}
	mig_index_scan_end(&scan);
}

/*
 * By indexes like single rows, so that neither a plan nor a lock is left
 * behind.  Revisions and what is applied are read apart, because most ranges
 * have few rows.
 */
static void
fetch_generations(MigGraph *graph, int lo, int hi)
{
	MigTables  *tables = graph->source_data;
	List	   *revisions = NIL;	/* of char *, new in the graph */
	ScanKeyData keys[2];
	int			nkeys = 1;

	ScanKeyInit(&keys[0], REV_GENERATION, BTGreaterEqualStrategyNumber,
				F_INT4GE, Int32GetDatum(lo));
	ScanKeyInit(&keys[1], REV_GENERATION, BTLessStrategyNumber,
				F_INT4LT, Int32GetDatum(hi));
	each_row(graph, tables->revision, "migrate_revision_generation_idx",
			 lengthof(keys), keys, add_fetched, &revisions);
	mig_text_key(&keys[0], APPLIED_SCHEMA, tables->schema_name);
	if (list_length(revisions) <= most_lookups(tables))
		ScanKeyEntryInitialize(&keys[nkeys++], SK_SEARCHARRAY,
							   APPLIED_REVISION, BTEqualStrategyNumber,
							   InvalidOid, C_COLLATION_OID, F_TEXTEQ,
							   mig_text_array(revisions));
	list_free(revisions);
	each_row(graph, tables->applied, "migrate_applied_pkey", nkeys, keys,
			 add_applied, NULL);
}

/* More than these are not sought one by one: to read all takes less. */
static int
most_lookups(const MigTables *tables)
{
	BlockNumber pages = RelationGetNumberOfBlocks(tables->applied);

	return Min(pages, MANY_LOOKUPS / LOOKUPS_PER_PAGE) * LOOKUPS_PER_PAGE;
}

/* Call a function with each row of a range, in memory of the row's own. */
static void
each_row(MigGraph *graph, Relation rel, const char *index, int nkeys,
		 ScanKey keys, RowReader reader, List **revisions)
{
	MemoryContext per_row = AllocSetContextCreate(CurrentMemoryContext,
												  "pg_migrations row",
												  ALLOCSET_DEFAULT_SIZES);
	MigIndexScan scan;
	HeapTuple	tuple;

	mig_index_scan_begin(&scan, graph->source_data, rel, index, nkeys, keys);
	while ((tuple = mig_index_scan_next(&scan, ForwardScanDirection)) != NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(per_row);

		CHECK_FOR_INTERRUPTS();
		reader(graph, tuple, revisions);
		MemoryContextSwitchTo(old);
		MemoryContextReset(per_row);
	}
	mig_index_scan_end(&scan);
	MemoryContextDelete(per_row);
}

/* What lasts is in the memory of the graph. */
static void
add_fetched(MigGraph *graph, HeapTuple tuple, List **revisions)
{
	MigTables  *tables = graph->source_data;
	MigColumns	columns = mig_revision_columns(tables, tuple);
	MigRow		row;
	MigNode    *node;

	if (mig_graph_peek(graph, text_at(&columns, REV_REVISION)) != NULL)
		return;
	row = mig_row_from_tuple(tables, graph->context, tuple, &columns);
	node = mig_graph_add(graph, &row);
	if (node != NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(graph->context);

		share_names(graph, node);
		*revisions = lappend(*revisions, node->revision);
		MemoryContextSwitchTo(old);
	}
}

/*
 * Let a row that was read have its name where its node has it, and the author
 * of the row before, if it is the same: with thousands of rows that counts.
 */
static void
share_names(MigGraph *graph, MigNode *node)
{
	MigRow	   *row = &node->row;

	if (row->revision != node->revision)
	{
		pfree(row->revision);
		row->revision = node->revision;
	}
	if (graph->author != NULL && strcmp(row->stored_by, graph->author) == 0)
	{
		pfree(row->stored_by);
		row->stored_by = graph->author;
	}
	else
		graph->author = row->stored_by;
}

static void
add_applied(MigGraph *graph, HeapTuple tuple, List **revisions)
{
	MigColumns	columns = mig_applied_columns(graph->source_data, tuple);

	apply_record(graph, text_at(&columns, APPLIED_REVISION), tuple,
				 columns.values);
}

static char *
text_at(const MigColumns *columns, int column)
{
	return TextDatumGetCString(columns->values[column - 1]);
}

static List *
nearest(MigGraph *graph, const char *name)
{
	MigTables  *tables = graph->source_data;
	MigNearest	state;
	MigSpi		spi;

	if (!mig_nearest_begin(&state, name))
		return NIL;
	mig_spi_begin(&spi, tables->nsp, tables->read_only);
	mig_spi_each(&spi,
				 "SELECT revision AS name FROM @migrate_revision"
				 " UNION ALL"
				 " SELECT parent FROM @migrate_edge WHERE kind = 'l'"
				 " ORDER BY name",
				 0, NULL, weigh_name, &state);
	mig_spi_end(&spi);
	return state.found;
}

static void
weigh_name(TupleTableSlot *slot, void *arg)
{
	mig_nearest_weigh(arg, TextDatumGetCString(mig_slot_value(slot, 1)));
}
