/*-------------------------------------------------------------------------
 *
 * api/migrate.c
 *	  SQL functions that change what is applied, and those that tell what
 *	  they would do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/result.h"
#include "io/import.h"
#include "rev/graph.h"
#include "rev/graph_files.h"
#include "rev/graph_source.h"
#include "rev/offline.h"
#include "rev/plan.h"
#include "run/pipeline.h"
#include "run/plan_hazard.h"
#include "run/script.h"
#include "util/arg.h"
#include "util/error.h"
#include "util/token.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(migrate_upgrade);
PG_FUNCTION_INFO_V1(migrate_downgrade);
PG_FUNCTION_INFO_V1(migrate_redo);
PG_FUNCTION_INFO_V1(migrate_stamp);
PG_FUNCTION_INFO_V1(migrate_plan);
PG_FUNCTION_INFO_V1(migrate_pending);
PG_FUNCTION_INFO_V1(migrate_sql);
PG_FUNCTION_INFO_V1(migrate_require);

static MigRequest make_request(FunctionCallInfo fcinfo, const char *function,
							   bool missing_ok);
static MigRequest request_to(FunctionCallInfo fcinfo, const char *function,
							 const char *target, bool missing_ok);
static Datum run_and_return(FunctionCallInfo fcinfo,
							const MigRequest *request);
static void plan_row(MigResultRow *row, int number, const MigStep *step,
					 Datum script);
static char *step_hazard(const MigRow *rev, Datum script, int nstatements);
static char *offline_text(MigTables *tables, const char *range,
						  const char *version_table);
static void write_script(MigOffline *offline, const char *script);
static void require_applied(MigGraph *graph, MigNode *node);

Datum
migrate_upgrade(PG_FUNCTION_ARGS)
{
	MigRequest	request = make_request(fcinfo, "migrate_upgrade", false);

	request.direction = MIG_UPGRADE;
	request.tag = mig_arg_text(fcinfo, 2);
	return run_and_return(fcinfo, &request);
}

Datum
migrate_downgrade(PG_FUNCTION_ARGS)
{
	const char *before_tag;
	char	   *target = mig_arg_target(fcinfo, 3, &before_tag);
	MigRequest	request = request_to(fcinfo, "migrate_downgrade", target,
									 false);

	request.direction = MIG_DOWNGRADE;
	request.before_tag = before_tag;
	request.tag = mig_arg_text(fcinfo, 2);
	return run_and_return(fcinfo, &request);
}

/*
 * Down and up again in one transaction, so that an error leaves the revision
 * applied.
 */
Datum
migrate_redo(PG_FUNCTION_ARGS)
{
	MigRequest	request = make_request(fcinfo, "migrate_redo", false);

	request.direction = MIG_DOWNGRADE;
	request.redo = true;
	return run_and_return(fcinfo, &request);
}

/* the first two arguments of all these functions are target and schema */
static MigRequest
make_request(FunctionCallInfo fcinfo, const char *function, bool missing_ok)
{
	return request_to(fcinfo, function,
					  mig_arg_required(fcinfo, 0, "target"), missing_ok);
}

static MigRequest
request_to(FunctionCallInfo fcinfo, const char *function, const char *target,
		   bool missing_ok)
{
	MigRequest	request = {0};

	request.function = function;
	request.nsp = mig_arg_schema_oid(fcinfo);
	request.target = target;
	request.needs_schema = !missing_ok;
	request.schema_name = mig_target_schema(mig_arg_text(fcinfo, 1),
											missing_ok);
	return request;
}

/* Rows come after the run: what is said meanwhile are NOTICEs. */
static Datum
run_and_return(FunctionCallInfo fcinfo, const MigRequest *request)
{
	MigResult	result;
	MigResultRow row;

	mig_result_begin(fcinfo, &row);
	result = mig_pipeline_run(request);
	for (int i = 0; i < result.n; i++)
	{
		const MigOutcome *outcome = &result.outcomes[i];
		Interval	elapsed = {outcome->elapsed, 0, 0};

		mig_result_add(&row, Int32GetDatum(i + 1));
		mig_result_add_text(&row, outcome->step->node->revision);
		mig_result_add_text(&row, outcome->step->node->row.message);
		mig_result_add(&row, Int32GetDatum(outcome->statements));
		mig_result_add(&row, IntervalPGetDatum(&elapsed));
		mig_result_end_row(&row);
	}
	return (Datum) 0;
}

Datum
migrate_stamp(PG_FUNCTION_ARGS)
{
	char	   *target = mig_arg_required(fcinfo, 0, "target");
	MigRequest	request = make_request(fcinfo, "migrate_stamp",
									   strcmp(target, "base") == 0);

	request.purge = mig_arg_bool(fcinfo, 2, false);
	request.tag = mig_arg_text(fcinfo, 3);
	mig_pipeline_stamp(&request);
	PG_RETURN_VOID();
}

/*
 * A target of the form -N, with or without a branch, implies a downgrade.
 */
Datum
migrate_plan(PG_FUNCTION_ARGS)
{
	MigRequest	request = make_request(fcinfo, "migrate_plan", false);
	MigIdent   *ident = linitial(mig_ident_parse_list(request.target));
	MigTables	tables;
	const MigIncomingBatch *files;
	MigPlan    *plan;
	MigResultRow row;
	MemoryContext old;

	if (mig_arg_bool(fcinfo, 2, false) ||
		(ident->symbol == MIG_SYMBOL_NONE && ident->offset < 0))
		request.direction = MIG_DOWNGRADE;
	mig_result_begin(fcinfo, &row);
	mig_tables_open(&tables, request.nsp, request.schema_name, true);
	tables.with_scripts = mig_may_read_scripts(request.nsp);
	tables.direction = request.direction;
	files = mig_import_preview(&tables, mig_arg_text(fcinfo, 3));
	plan = mig_pipeline_plan(mig_files_graph(&tables, files),
							 request.direction, request.target);
	old = mig_result_many(&row);
	for (int i = 0; i < plan->nsteps; i++)
	{
		CHECK_FOR_INTERRUPTS();
		plan_row(&row, i + 1, &plan->steps[i],
				 mig_lookup_script(&tables, &plan->steps[i]));
	}
	MemoryContextSwitchTo(old);
	mig_tables_close(&tables);
	return (Datum) 0;
}

static void
plan_row(MigResultRow *row, int number, const MigStep *step, Datum script)
{
	const MigRow *rev = &step->node->row;
	bool		up = step->direction == MIG_UPGRADE;

	mig_result_add(row, Int32GetDatum(number));
	mig_result_add_text(row, mig_direction_name(step->direction));
	mig_result_add_text(row, step->node->revision);
	mig_result_add_text(row, rev->message);
	mig_result_add(row, BoolGetDatum(rev->transactional));
	mig_result_add(row, Int32GetDatum(up ? rev->counts.upgrade +
									  rev->counts.verify :
									  rev->counts.downgrade));
	if (DatumGetPointer(script) == NULL)
		mig_result_add_null(row);
	else
		mig_result_add(row, script);
	mig_result_add_text(row, step_hazard(rev, script,
										 up ? rev->counts.upgrade :
										 rev->counts.downgrade));
	mig_result_end_row(row);
}

/* What of a step may hurt, as far as it is known; NULL if nothing is. */
static char *
step_hazard(const MigRow *rev, Datum script, int nstatements)
{
	const char *no_way_back = NULL;

	if (rev->irreversible)
		no_way_back = "no way back";
	else if (rev->counts.upgrade > 0 && rev->counts.downgrade == 0)
		no_way_back = "no way back: the downgrade script is empty";
	return mig_plan_hazard(DatumGetPointer(script) == NULL ? NULL :
						   TextDatumGetCString(script), nstatements,
						   no_way_back);
}

Datum
migrate_pending(PG_FUNCTION_ARGS)
{
	const char *schema_name = mig_target_schema(mig_arg_text(fcinfo, 0),
												false);
	MigTables	tables;
	MigGraph   *graph;
	MigPlan    *plan;
	MigNodeSet *late;
	MigResultRow row;
	MemoryContext old;

	mig_result_begin(fcinfo, &row);
	mig_tables_open(&tables, mig_arg_schema_oid(fcinfo), schema_name, true);
	graph = mig_tables_graph(&tables);
	plan = mig_plan_upgrade(graph, mig_graph_heads(graph, true));
	late = mig_plan_late(graph);
	old = mig_result_many(&row);
	for (int i = 0; i < plan->nsteps; i++)
	{
		MigNode    *node = plan->steps[i].node;

		mig_result_add(&row, Int32GetDatum(i + 1));
		mig_result_add_text(&row, node->revision);
		mig_result_add_text(&row, node->row.message);
		mig_result_add(&row, BoolGetDatum(mig_set_has(late, node)));
		mig_result_add(&row, BoolGetDatum(node->row.transactional));
		mig_result_end_row(&row);
	}
	MemoryContextSwitchTo(old);
	mig_tables_close(&tables);
	return (Datum) 0;
}

Datum
migrate_sql(PG_FUNCTION_ARGS)
{
	char	   *range = mig_arg_required(fcinfo, 0, "range");
	const char *schema_name = mig_target_schema(mig_arg_text(fcinfo, 1),
												false);
	MigTables	tables;

	mig_tables_open(&tables, mig_arg_schema_oid(fcinfo), schema_name, true);
	mig_result_lines(fcinfo, offline_text(&tables, range,
										  mig_arg_text(fcinfo, 2)));
	mig_tables_close(&tables);
	return (Datum) 0;
}

/* A single target means from the beginning. */
static char *
offline_text(MigTables *tables, const char *range, const char *version_table)
{
	MigGraph   *graph = mig_tables_graph(tables);
	MigOffline	offline;
	MigPlan    *plan;

	if (strchr(range, ':') == NULL)
	{
		(void) mig_ident_parse_list(range);
		range = psprintf("base:%s", range);
	}
	mig_graph_load_all(graph);
	mig_offline_begin(&offline, graph, mig_range_resolve(graph, range),
					  tables->schema_name);
	if (version_table != NULL)
		mig_offline_keep(&offline, version_table);
	plan = offline.plan;
	for (int i = 0; i < plan->nsteps; i++)
	{
		bool		up = plan->direction == MIG_UPGRADE;
		MigScripts	scripts;
		const char *script;

		CHECK_FOR_INTERRUPTS();
		mig_lookup_scripts(tables, &plan->steps[i], &scripts);
		script = up ? scripts.upgrade_sql : scripts.downgrade_sql;
		mig_offline_step(&offline);
		write_script(&offline, script);
		if (up && scripts.verify_sql != NULL)
			write_script(&offline, scripts.verify_sql);
	}
	mig_offline_end(&offline);
	return offline.buf.data;
}

/* psql must find the ends of strings where they are, whatever was set. */
static void
write_script(MigOffline *offline, const char *script)
{
	mig_offline_script(offline, mig_token_portable(script),
					   mig_script_terminator(script));
}

Datum
migrate_require(PG_FUNCTION_ARGS)
{
	char	   *revision = mig_arg_required(fcinfo, 0, "revision");
	const char *schema_name = mig_target_schema(mig_arg_text(fcinfo, 1),
												false);
	MigTables	tables;
	MigGraph   *graph;
	ListCell   *lc;

	mig_tables_open(&tables, mig_arg_schema_oid(fcinfo), schema_name, true);
	graph = mig_tables_graph(&tables);
	foreach(lc, mig_resolve_upgrade(graph, revision))
		require_applied(graph, lfirst(lc));
	mig_tables_close(&tables);
	PG_RETURN_VOID();
}

/* A revision under which others are missing counts as not applied. */
static void
require_applied(MigGraph *graph, MigNode *node)
{
	const char *schema_name = graph->schema_name;

	if (node->row.applied && !node->row.late)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_MIG_NOT_APPLIED),
			 node->row.applied ?
			 errmsg("revision \"%s\" is applied, but not all that it needs",
					node->revision) :
			 errmsg("revision \"%s\" is not applied", node->revision),
			 schema_name[0] == '\0' ? 0 :
			 errdetail("The target schema is \"%s\".", schema_name),
			 errhint("%s applies it.",
					 mig_pipeline_call(mig_plan_upgrade(graph,
														list_make1(node)),
									   node->revision, schema_name))));
}
