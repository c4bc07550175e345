/*-------------------------------------------------------------------------
 *
 * rev/source.c
 *	  Our tables as the source of a graph.
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
#include "rev/lookup.h"
#include "rev/source.h"
#include "rev/store.h"

#include "access/htup_details.h"
#include "access/stratnum.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

static bool fetch(MigGraph *graph, const char *revision);
static void fetch_children(MigGraph *graph, const char *revision);
static List *heads(MigGraph *graph, bool real, int limit);
static List *tips(MigGraph *graph);
static List *bases(MigGraph *graph);
static char *label(MigGraph *graph, const char *name);
static List *matches(MigGraph *graph, const char *prefix);
static void collect_matches(MigTables *tables, Relation rel, const char *index,
							AttrNumber column, const char *prefix,
							List **found);

static const MigGraphSource table_source = {
	.fetch = fetch,
	.fetch_children = fetch_children,
	.fetch_generations = mig_store_fetch_generations,
	.heads = heads,
	.tips = tips,
	.bases = bases,
	.label = label,
	.matches = matches,
	.nearest = mig_store_nearest,
};

/* An empty graph over the tables, in the current memory context. */
MigGraph *
mig_tables_graph(MigTables *tables)
{
	return mig_graph_create(&table_source, tables);
}

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
		Datum		values[REVISION_COLUMNS];
		bool		isnull[REVISION_COLUMNS];
		MigRow		row;

		heap_deform_tuple(tuple, RelationGetDescr(tables->revision),
						  values, isnull);
		row = mig_row_from_tuple(graph->context, values, isnull);
		mig_graph_add(graph, &row);
		mig_source_read_applied(graph, row.revision);
	}
	systable_endscan(scan);
	MemoryContextSwitchTo(old);
	return found;
}

/* Read whether a loaded revision is applied in the target schema. */
void
mig_source_read_applied(MigGraph *graph, const char *revision)
{
	MigTables  *tables = graph->source_data;
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	mig_text_key(&key[0], APPLIED_SCHEMA, tables->schema_name);
	mig_text_key(&key[1], APPLIED_REVISION, revision);
	scan = systable_beginscan(tables->applied,
							  mig_index_of("migrate_applied_pkey", tables->nsp),
							  true, tables->snapshot, 2, key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		Datum		values[APPLIED_COLUMNS];
		bool		isnull[APPLIED_COLUMNS];

		heap_deform_tuple(tuple, RelationGetDescr(tables->applied),
						  values, isnull);
		mig_source_apply(graph, revision, values);
	}
	systable_endscan(scan);
}

/* Take in a row of migrate_applied, if its revision is loaded. */
void
mig_source_apply(MigGraph *graph, const char *revision, const Datum *values)
{
	MigNode    *node = mig_graph_peek(graph, revision);

	if (node == NULL)
		return;
	node->row.applied = true;
	node->row.tip = DatumGetBool(values[APPLIED_TIP - 1]);
	node->row.late = DatumGetBool(values[APPLIED_LATE - 1]);
	node->row.applied_at = DatumGetTimestampTz(values[APPLIED_AT - 1]);
}

static void
fetch_children(MigGraph *graph, const char *revision)
{
	MigTables  *tables = graph->source_data;
	const char	kinds[] = {MIG_EDGE_PARENT, MIG_EDGE_DEPENDS};

	for (size_t i = 0; i < lengthof(kinds); i++)
	{
		ListCell   *lc;

		foreach(lc, mig_edges_to(tables, revision, kinds[i]))
			(void) mig_graph_get(graph, lfirst(lc));
	}
}

static List *
heads(MigGraph *graph, bool real, int limit)
{
	MigTables  *tables = graph->source_data;
	const char *name = real ? "migrate_revision_real_head_idx" :
		"migrate_revision_head_idx";
	Relation	index;
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *found = NIL;
	int64		seq;
	int			count[2];

	mig_lookup_counts(tables, &seq, &count[0], &count[1]);
	if (limit == 0 || limit > count[real])
		limit = count[real];
	if (limit == 0)
		return NIL;
	index = index_open(mig_index_of(name, tables->nsp), AccessShareLock);
	scan = systable_beginscan_ordered(tables->revision, index,
									  tables->snapshot, 0, NULL);
	while (list_length(found) < limit &&
		   HeapTupleIsValid(tuple = systable_getnext_ordered(scan, BackwardScanDirection)))
	{
		bool		isnull;
		Datum		revision = heap_getattr(tuple, REV_REVISION,
											RelationGetDescr(tables->revision),
											&isnull);

		found = lappend(found, TextDatumGetCString(revision));
	}
	systable_endscan_ordered(scan);
	index_close(index, AccessShareLock);
	return found;
}

static List *
tips(MigGraph *graph)
{
	MigTables  *tables = graph->source_data;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *found = NIL;

	mig_text_key(&key, APPLIED_SCHEMA, tables->schema_name);
	scan = systable_beginscan(tables->applied,
							  mig_index_of("migrate_applied_tip_idx", tables->nsp),
							  true, tables->snapshot, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		Datum		revision = heap_getattr(tuple, APPLIED_REVISION,
											RelationGetDescr(tables->applied),
											&isnull);

		found = lappend(found, TextDatumGetCString(revision));
	}
	systable_endscan(scan);
	return found;
}

/* Revisions without parents have an edge to the empty name. */
static List *
bases(MigGraph *graph)
{
	return mig_edges_to(graph->source_data, "", MIG_EDGE_PARENT);
}

static char *
label(MigGraph *graph, const char *name)
{
	List	   *labelled = mig_edges_to(graph->source_data, name, MIG_EDGE_LABEL);

	return labelled == NIL ? NULL : linitial(labelled);
}

static List *
matches(MigGraph *graph, const char *prefix)
{
	MigTables  *tables = graph->source_data;
	List	   *found = NIL;

	collect_matches(tables, tables->revision, "migrate_revision_pkey",
					REV_REVISION, prefix, &found);
	collect_matches(tables, tables->edge, "migrate_edge_parent_idx",
					EDGE_PARENT, prefix, &found);
	return found;
}

/* Names that begin with a prefix: a range of an index in "C" order. */
static void
collect_matches(MigTables *tables, Relation rel, const char *index,
				AttrNumber column, const char *prefix, List **found)
{
	Relation	irel = index_open(mig_index_of(index, tables->nsp), AccessShareLock);
	TupleDesc	desc = RelationGetDescr(rel);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, column, BTGreaterEqualStrategyNumber, F_TEXT_GE,
				CStringGetTextDatum(prefix));
	scan = systable_beginscan_ordered(rel, irel, tables->snapshot, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext_ordered(scan, ForwardScanDirection)))
	{
		MigMatch   *match = palloc(sizeof(MigMatch));
		bool		isnull;

		match->name = TextDatumGetCString(heap_getattr(tuple, column, desc,
													   &isnull));
		if (strncmp(match->name, prefix, strlen(prefix)) != 0)
			break;
		match->revision = match->name;
		if (rel == tables->edge)
		{
			if (DatumGetChar(heap_getattr(tuple, EDGE_KIND, desc,
										  &isnull)) != MIG_EDGE_LABEL)
				continue;
			match->revision = TextDatumGetCString(heap_getattr(tuple, EDGE_CHILD,
															   desc, &isnull));
		}
		*found = lappend(*found, match);
	}
	systable_endscan_ordered(scan);
	index_close(irel, AccessShareLock);
}
