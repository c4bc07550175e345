/*-------------------------------------------------------------------------
 *
 * rev/stale_snapshot.c
 *	  Does a transaction's snapshot miss what others did?
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/lookup.h"
#include "rev/stale_snapshot.h"
#include "util/sql.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* columns of migrate_log, as in the install script */
#define LOG_ID				1
#define LOG_SCHEMA			3
#define LOG_ACTION			4

/* so many entries of the log tell two states apart */
#define STALE_LOG_ENTRIES	1000

static char *state_signature(Oid nsp, const char *schema_name,
							 Snapshot snapshot);
static bool log_entry_concerns(Relation log, HeapTuple tuple,
							   const char *schema_name);

/*
 * Has the graph, or what is applied in a target schema, changed since the
 * transaction's snapshot was taken?
 *
 * To be asked under the run lock, in REPEATABLE READ and SERIALIZABLE.
 */
bool
mig_stale_snapshot(Oid nsp, const char *schema_name)
{
	char	   *old = state_signature(nsp, schema_name,
									  GetTransactionSnapshot());
	char	   *now = state_signature(nsp, schema_name, GetLatestSnapshot());

	return strcmp(old, now) != 0;
}

/*
 * The newest revision, the tips of a target schema and the last entries of
 * the log about either, as seen by a snapshot.  Whatever changes a
 * revision or what is applied is logged; the entries, rather than the last
 * one's number, because numbers may become visible out of order.
 */
static char *
state_signature(Oid nsp, const char *schema_name, Snapshot snapshot)
{
	MigTables	tables;
	Relation	log = mig_table_open("migrate_log", nsp);
	Relation	index;
	SysScanDesc scan;
	HeapTuple	tuple;
	StringInfoData buf;
	MigGraph   *graph;
	MigNewest	newest;

	mig_tables_open(&tables, nsp, schema_name, false);
	UnregisterSnapshot(tables.snapshot);
	tables.snapshot = RegisterSnapshot(snapshot);
	initStringInfo(&buf);
	graph = mig_tables_graph(&tables);
	newest = mig_lookup_newest(&tables);
	appendStringInfo(&buf, INT64_FORMAT ";%s;", newest.seq,
					 mig_join_names(graph->source->tips(graph), ",", 0));
	index = index_open(mig_index_of("migrate_log_pkey", nsp), AccessShareLock);
	scan = systable_beginscan_ordered(log, index, tables.snapshot, 0, NULL);
	for (int i = 0; i < STALE_LOG_ENTRIES; i++)
	{
		tuple = systable_getnext_ordered(scan, BackwardScanDirection);
		if (!HeapTupleIsValid(tuple))
			break;
		if (log_entry_concerns(log, tuple, schema_name))
			appendStringInfo(&buf, INT64_FORMAT ",",
							 DatumGetInt64(mig_column(log, tuple, LOG_ID)));
	}
	systable_endscan_ordered(scan);
	index_close(index, AccessShareLock);
	table_close(log, AccessShareLock);
	mig_tables_close(&tables);
	return buf.data;
}

/* Is an entry of the log about a target schema, or about the revisions? */
static bool
log_entry_concerns(Relation log, HeapTuple tuple, const char *schema_name)
{
	char	   *schema;
	char	   *action;

	schema = TextDatumGetCString(mig_column(log, tuple, LOG_SCHEMA));
	action = TextDatumGetCString(mig_column(log, tuple, LOG_ACTION));
	return strcmp(schema, schema_name) == 0 ||
		strcmp(action, "revision") == 0 || strcmp(action, "merge") == 0 ||
		strcmp(action, "edit") == 0 || strcmp(action, "remove") == 0 ||
		strcmp(action, "import") == 0 || strcmp(action, "squash") == 0;
}
