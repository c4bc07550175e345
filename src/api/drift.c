/*-------------------------------------------------------------------------
 *
 * api/drift.c
 *	  SQL functions that hold the database, or a revision, against what
 *	  revisions build.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/changes.h"
#include "api/result.h"
#include "model/drift.h"
#include "model/generate.h"
#include "model/trial.h"
#include "run/authoring.h"
#include "run/pipeline.h"
#include "sch/action.h"
#include "sch/emit.h"
#include "util/arg.h"
#include "util/settings.h"

#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(migrate_drift);
PG_FUNCTION_INFO_V1(migrate_capture);
PG_FUNCTION_INFO_V1(migrate_prove);

static void add_change(MigResultRow *row, const char *operation,
					   const MigObject *object, const MigSeen *seen);

Datum
migrate_drift(PG_FUNCTION_ARGS)
{
	MigComparison comparison = {0};
	MigResultRow row;
	List	   *log;
	const ListCell *lc;
	int			level;

	comparison.function = "migrate_drift";
	comparison.nsp = mig_arg_schema_oid(fcinfo);
	comparison.schema = mig_target_schema(mig_arg_text(fcinfo, 0), false);
	comparison.include = mig_arg_texts(fcinfo, 1);
	comparison.exclude = mig_arg_texts(fcinfo, 2);
	comparison.renames = mig_changes_arg(fcinfo, 4);
	mig_drift(&comparison);
	if (mig_arg_bool(fcinfo, 3, false))
		mig_drift_refuse(&comparison);
	level = mig_settings_pin();
	mig_compare_probe(&comparison);
	log = mig_drift_log(&comparison);
	mig_result_begin(fcinfo, &row);
	foreach(lc, comparison.up.actions)
	{
		MigAction  *action = lfirst(lc);

		add_change(&row, mig_drift_operation(action), action->object,
				   mig_drift_seen(&comparison, log, action->object));
		mig_result_add_text(&row, mig_emit_hazards(action));
		mig_result_add_text(&row, mig_emit_action(&comparison.up, action));
		mig_result_end_row(&row);
	}
	foreach(lc, comparison.down.renames)
	{
		const MigRenaming *renaming = lfirst(lc);

		add_change(&row, "renamed", renaming->object,
				   mig_drift_seen(&comparison, log, renaming->object));
		mig_result_add_null(&row);
		mig_result_add_text(&row, psprintf("%s;\n", renaming->sql));
		mig_result_end_row(&row);
	}
	AtEOXact_GUC(true, level);
	return (Datum) 0;
}

/* The columns that say what was done, when and by whom. */
static void
add_change(MigResultRow *row, const char *operation, const MigObject *object,
		   const MigSeen *seen)
{
	mig_result_add_text(row, operation);
	mig_result_add_text(row, object->kind->name);
	mig_result_add_text(row, object->identity);
	if (seen == NULL)
		mig_result_add_null(row);
	else
		mig_result_add(row, TimestampTzGetDatum(seen->at));
	mig_result_add_text(row, seen == NULL ? NULL : seen->by);
}

Datum
migrate_capture(PG_FUNCTION_ARGS)
{
	MigComparison comparison = {0};
	MigDraft	draft = {0};
	char	   *revision;

	draft.action = "revision";
	draft.message = mig_arg_required(fcinfo, 0, "message");
	comparison.function = "migrate_capture";
	comparison.nsp = mig_arg_schema_oid(fcinfo);
	comparison.schema = mig_target_schema(mig_arg_text(fcinfo, 1), false);
	comparison.include = mig_arg_texts(fcinfo, 2);
	comparison.exclude = mig_arg_texts(fcinfo, 3);
	draft.head = mig_arg_required(fcinfo, 4, "head");
	draft.rev_id = mig_arg_text(fcinfo, 5);
	draft.branch_label = mig_arg_text(fcinfo, 6);
	draft.depends_on = mig_arg_text(fcinfo, 7);
	comparison.renames = mig_changes_arg(fcinfo, 8);
	mig_authoring_begin(fcinfo, "migrate_capture", false);
	revision = mig_generate_capture(&comparison, &draft);
	if (revision == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(revision));
}

Datum
migrate_prove(PG_FUNCTION_ARGS)
{
	MigResultRow row;
	List	   *findings = mig_trial(mig_arg_schema_oid(fcinfo),
									 mig_arg_required(fcinfo, 0, "revision"));
	const ListCell *lc;

	mig_result_begin(fcinfo, &row);
	foreach(lc, findings)
	{
		const MigFindingRow *finding = lfirst(lc);

		mig_result_add_text(&row, mig_direction_name(finding->direction));
		mig_result_add_text(&row, finding->result);
		if (finding->statement == 0)
			mig_result_add_null(&row);
		else
			mig_result_add(&row, Int32GetDatum(finding->statement));
		mig_result_add_text(&row, finding->object);
		mig_result_add_text(&row, finding->detail);
		mig_result_end_row(&row);
	}
	return (Datum) 0;
}
