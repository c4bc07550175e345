/*-------------------------------------------------------------------------
 *
 * api/inspect.c
 *	  SQL functions that show revisions and what is applied.
 *
 * All of them see what the calling query sees, and write nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/result.h"
#include "rev/draw.h"
#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/plan.h"
#include "rev/show.h"
#include "run/pipeline.h"
#include "run/status.h"
#include "util/arg.h"
#include "util/sql.h"

#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(migrate_current);
PG_FUNCTION_INFO_V1(migrate_heads);
PG_FUNCTION_INFO_V1(migrate_branches);
PG_FUNCTION_INFO_V1(migrate_history);
PG_FUNCTION_INFO_V1(migrate_show);
PG_FUNCTION_INFO_V1(migrate_graph);
PG_FUNCTION_INFO_V1(migrate_status);

static List *newest_first(MigGraph *graph);
static void add_positive(MigResultRow *row, int value);
static void add_time(MigResultRow *row, TimestampTz value);

Datum
migrate_current(PG_FUNCTION_ARGS)
{
	const char *schema_name = mig_target_schema(mig_arg_text(fcinfo, 0),
												false);
	MigTables	tables;
	MigResultRow row;
	ListCell   *lc;

	mig_result_begin(fcinfo, &row);
	mig_tables_open(&tables, mig_arg_schema_oid(fcinfo), schema_name, true);
	foreach(lc, mig_show_current(&tables, mig_tables_graph(&tables)))
	{
		MigNode    *node = lfirst(lc);
		MigRecord  *record = linitial(mig_lookup_records(&tables,
														 node->revision,
														 schema_name));

		mig_result_add_text(&row, node->revision);
		mig_result_add_text(&row, node->row.message);
		mig_result_add_text(&row, mig_draw_marks(node, NULL));
		mig_result_add(&row, TimestampTzGetDatum(record->at));
		mig_result_add_text(&row, record->by);
		mig_result_add_text(&row, record->how);
		mig_result_add_text(&row, record->tag);
		mig_result_end_row(&row);
	}
	mig_tables_close(&tables);
	return (Datum) 0;
}

Datum
migrate_heads(PG_FUNCTION_ARGS)
{
	MigTables	tables;
	MigGraph   *graph;
	MigResultRow row;
	ListCell   *lc;

	mig_result_begin(fcinfo, &row);
	mig_tables_open(&tables, mig_arg_schema_oid(fcinfo), "", true);
	graph = mig_tables_graph(&tables);
	foreach(lc, mig_graph_heads(graph, mig_arg_bool(fcinfo, 0, false)))
	{
		MigNode    *node = lfirst(lc);

		mig_graph_load_children(graph, node);
		mig_result_add_text(&row, node->revision);
		mig_result_add_text(&row, node->row.message);
		mig_result_add_text(&row, mig_draw_marks(node, NULL));
		mig_result_add_texts(&row, mig_node_ids(node->down));
		mig_result_add_texts(&row, node->row.labels);
		mig_result_add(&row, TimestampTzGetDatum(node->row.created_at));
		mig_result_end_row(&row);
	}
	mig_tables_close(&tables);
	return (Datum) 0;
}

Datum
migrate_branches(PG_FUNCTION_ARGS)
{
	MigTables	tables;
	MigGraph   *graph;
	MigResultRow row;
	ListCell   *lc;

	mig_result_begin(fcinfo, &row);
	mig_tables_open(&tables, mig_arg_schema_oid(fcinfo), "", true);
	graph = mig_tables_graph(&tables);
	foreach(lc, mig_show_branches(graph))
	{
		MigNode    *node = lfirst(lc);
		List	   *children = NIL;
		ListCell   *c;

		foreach(c, mig_graph_children(graph, node))
			children = lcons(((MigNode *) lfirst(c))->revision, children);
		mig_result_add_text(&row, node->revision);
		mig_result_add_text(&row, node->row.message);
		mig_result_add_texts(&row, children);
		mig_result_add_texts(&row, node->row.labels);
		mig_result_end_row(&row);
	}
	mig_tables_close(&tables);
	return (Datum) 0;
}

Datum
migrate_history(PG_FUNCTION_ARGS)
{
	char	   *range = mig_arg_required(fcinfo, 0, "range");
	const char *schema_name = mig_target_schema(mig_arg_text(fcinfo, 1),
												false);
	MigTables	tables;
	MigGraph   *graph;
	MigNodeSet *late;
	List	   *nodes;
	MigResultRow row;
	MemoryContext old;
	ListCell   *lc;

	mig_result_begin(fcinfo, &row);
	mig_tables_open(&tables, mig_arg_schema_oid(fcinfo), schema_name, true);
	graph = mig_tables_graph(&tables);
	mig_graph_load_all(graph);
	late = mig_plan_late(graph);
	nodes = mig_plan_history(graph, mig_range_resolve(graph, range));
	old = mig_result_many(&row);
	foreach(lc, nodes)
	{
		MigNode    *node = lfirst(lc);

		mig_result_add_text(&row, node->revision);
		mig_result_add_text(&row, node->row.message);
		mig_result_add_text(&row, mig_draw_marks(node, late));
		mig_result_add_texts(&row, mig_node_ids(node->down));
		mig_result_add_texts(&row, node->row.labels);
		if (node->row.applied)
			mig_result_add(&row, TimestampTzGetDatum(node->row.applied_at));
		else
			mig_result_add_null(&row);
		mig_result_add_texts(&row, node->row.depends_on);
		mig_result_add(&row, TimestampTzGetDatum(node->row.created_at));
		mig_result_end_row(&row);
	}
	MemoryContextSwitchTo(old);
	mig_tables_close(&tables);
	return (Datum) 0;
}

/* Scripts are left out for who may not read the table. */
Datum
migrate_show(PG_FUNCTION_ARGS)
{
	char	   *revision = mig_arg_required(fcinfo, 0, "revision");
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	bool		readable = mig_may_read_scripts(nsp);
	MigTables	tables;
	MigGraph   *graph;
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	mig_tables_open(&tables, nsp, "", true);
	graph = mig_tables_graph(&tables);
	foreach(lc, mig_range_side(graph, revision))
	{
		if (buf.len > 0)
			appendStringInfoChar(&buf, '\n');
		mig_show_revision(&buf, &tables, graph, lfirst(lc), readable);
	}
	mig_tables_close(&tables);
	mig_result_lines(fcinfo, buf.data);
	return (Datum) 0;
}

Datum
migrate_graph(PG_FUNCTION_ARGS)
{
	char	   *format = mig_arg_required(fcinfo, 0, "format");
	const char *schema_name = mig_target_schema(mig_arg_text(fcinfo, 1),
												false);
	MigTables	tables;
	MigGraph   *graph;
	MigNodeSet *late;
	List	   *nodes;
	char	   *picture = NULL;

	mig_tables_open(&tables, mig_arg_schema_oid(fcinfo), schema_name, true);
	graph = mig_tables_graph(&tables);
	nodes = newest_first(graph);
	late = mig_plan_late(graph);
	if (strcmp(format, "text") == 0)
		picture = mig_draw_text(nodes, late);
	else if (strcmp(format, "dot") == 0)
		picture = mig_draw_dot(nodes, late);
	else if (strcmp(format, "mermaid") == 0)
		picture = mig_draw_mermaid(nodes, late);
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown format \"%s\"", format),
				 errhint("The formats are text, dot and mermaid.")));
	mig_tables_close(&tables);
	mig_result_lines(fcinfo, picture);
	return (Datum) 0;
}

/* The whole graph in the order of the history. */
static List *
newest_first(MigGraph *graph)
{
	return mig_plan_history(graph, mig_range_resolve(graph, ":"));
}

Datum
migrate_status(PG_FUNCTION_ARGS)
{
	const char *schema_name = mig_target_schema(mig_arg_text(fcinfo, 0),
												false);
	MigTables	tables;
	MigStatus	status;
	MigResultRow row;

	mig_result_begin(fcinfo, &row);
	mig_tables_open(&tables, mig_arg_schema_oid(fcinfo), schema_name, true);
	mig_status_read(&tables, &status);
	mig_tables_close(&tables);
	mig_result_add_text(&row, status.heads);
	mig_result_add(&row, Int32GetDatum(status.pending));
	add_positive(&row, status.pid);
	mig_result_add_text(&row, status.revision);
	add_positive(&row, status.step);
	add_positive(&row, status.steps);
	add_positive(&row, status.statement);
	add_time(&row, status.since);
	mig_result_add_text(&row, status.blockers == NIL ? NULL :
						mig_join_names(status.blockers, ", ", 0));
	mig_result_add_text(&row, status.action);
	mig_result_add_text(&row, status.last_revision);
	mig_result_add_text(&row, status.outcome);
	add_time(&row, status.at);
	mig_result_add_text(&row, status.message);
	mig_result_end_row(&row);
	return (Datum) 0;
}

/* a number that is null where it is not known */
static void
add_positive(MigResultRow *row, int value)
{
	if (value > 0)
		mig_result_add(row, Int32GetDatum(value));
	else
		mig_result_add_null(row);
}

/* Zero is no time. */
static void
add_time(MigResultRow *row, TimestampTz value)
{
	if (value != 0)
		mig_result_add(row, TimestampTzGetDatum(value));
	else
		mig_result_add_null(row);
}
