/*-------------------------------------------------------------------------
 *
 * api/autogen.c
 *	  SQL functions for the model: its differences from the database, the
 *	  scripts that follow from them, checks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "api/changes.h"
#include "api/result.h"
#include "model/agree.h"
#include "model/compare_part.h"
#include "model/compare_print.h"
#include "model/generate.h"
#include "model/kept.h"
#include "model/model_store.h"
#include "model/proof.h"
#include "model/rename.h"
#include "run/authoring.h"
#include "run/pipeline.h"
#include "sch/action.h"
#include "sch/emit.h"
#include "util/arg.h"
#include "util/settings.h"
#include "util/sql.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/guc.h"

PG_FUNCTION_INFO_V1(migrate_set_model);
PG_FUNCTION_INFO_V1(migrate_get_model);
PG_FUNCTION_INFO_V1(migrate_diff);
PG_FUNCTION_INFO_V1(migrate_autogenerate_sql);
PG_FUNCTION_INFO_V1(migrate_autogenerate);
PG_FUNCTION_INFO_V1(migrate_check);
PG_FUNCTION_INFO_V1(migrate_schema_sql);
PG_FUNCTION_INFO_V1(migrate_baseline);

static void begin_comparison(FunctionCallInfo fcinfo, const char *function,
							 MigComparison *comparison);
static void add_renaming(MigResultRow *row, int n,
						 const MigRenaming *renaming);

Datum
migrate_set_model(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	MigComparison comparison = {0};
	MigStoredModel wanted = {0};
	char	   *branch;

	comparison.function = "migrate_set_model";
	comparison.nsp = nsp;
	comparison.model = wanted.ddl = mig_arg_required(fcinfo, 0, "ddl");
	branch = mig_arg_required(fcinfo, 1, "branch");
	comparison.include = wanted.include = mig_arg_texts(fcinfo, 2);
	comparison.exclude = wanted.exclude = mig_arg_texts(fcinfo, 3);
	comparison.schema = "";
	comparison.qualify = true;
	comparison.builds = true;
	mig_compare(&comparison);
	mig_model_store_write(nsp, branch, &wanted);
	mig_kept_store(nsp, branch, comparison.kept);
	ereport(NOTICE,
			(errmsg("model: %s", mig_snapshot_summary(comparison.wanted)),
			 mig_compare_count(&comparison) == 0 ?
			 errdetail("Database and model agree.") :
			 errdetail_plural("There is %d difference from the database.",
							  "There are %d differences from the database.",
							  mig_compare_count(&comparison),
							  mig_compare_count(&comparison))));
	PG_RETURN_VOID();
}

Datum
migrate_get_model(PG_FUNCTION_ARGS)
{
	MigStoredModel *wanted = mig_model_store_read(mig_arg_schema_oid(fcinfo),
												  mig_arg_required(fcinfo, 0, "branch"));

	if (wanted == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(wanted->ddl));
}

Datum
migrate_diff(PG_FUNCTION_ARGS)
{
	MigComparison comparison = {0};
	MigResultRow row;
	const ListCell *lc;
	int			n = 0;
	int			level;

	begin_comparison(fcinfo, "migrate_diff", &comparison);
	comparison.renames = mig_changes_arg(fcinfo, 4);
	comparison.against = mig_arg_text(fcinfo, 5);
	comparison.qualify = comparison.may_agree = true;
	mig_compare(&comparison);
	mig_result_begin(fcinfo, &row);
	if (comparison.agreed != NULL)
		return (Datum) 0;
	level = mig_settings_pin();
	mig_compare_probe(&comparison);
	foreach(lc, comparison.up.renames)
		add_renaming(&row, ++n, lfirst(lc));
	foreach(lc, comparison.up.actions)
	{
		MigAction  *action = lfirst(lc);

		mig_result_add(&row, Int32GetDatum(++n));
		mig_result_add_text(&row, mig_action_verb(action));
		mig_result_add_text(&row, mig_kind_name(action->object));
		mig_result_add_text(&row, action->object->identity);
		mig_result_add_text(&row, mig_emit_hazards(action));
		mig_result_add_text(&row, mig_emit_action(&comparison.up, action));
		mig_result_end_row(&row);
	}
	AtEOXact_GUC(true, level);
	return (Datum) 0;
}

Datum
migrate_autogenerate_sql(PG_FUNCTION_ARGS)
{
	MigComparison comparison = {0};
	TupleDesc	desc;
	Datum		values[2];
	bool		nulls[2] = {false, false};
	const char *upgrade;
	const char *downgrade;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	begin_comparison(fcinfo, "migrate_autogenerate_sql", &comparison);
	comparison.renames = mig_changes_arg(fcinfo, 4);
	comparison.qualify = mig_arg_bool(fcinfo, 5, true);
	comparison.against = mig_arg_text(fcinfo, 6);
	comparison.may_be_empty = true;
	mig_compare(&comparison);
	upgrade = mig_compare_upgrade(&comparison);
	downgrade = mig_compare_downgrade(&comparison);
	upgrade = mig_prove_generated(&comparison, false, upgrade, downgrade);
	values[0] = CStringGetTextDatum(upgrade);
	values[1] = CStringGetTextDatum(downgrade);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc),
													  values, nulls)));
}

Datum
migrate_autogenerate(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	MigComparison comparison = {0};
	MigDraft	draft = {0};
	bool		amend;
	char	   *revision;

	draft.action = "revision";
	draft.message = mig_arg_required(fcinfo, 0, "message");
	comparison.model = mig_arg_text(fcinfo, 1);
	comparison.schema = mig_target_schema(mig_arg_text(fcinfo, 2), false);
	comparison.include = mig_arg_texts(fcinfo, 3);
	comparison.exclude = mig_arg_texts(fcinfo, 4);
	comparison.renames = mig_changes_arg(fcinfo, 5);
	comparison.qualify = mig_arg_bool(fcinfo, 6, true);
	comparison.function = "migrate_autogenerate";
	comparison.nsp = nsp;
	comparison.branch = "";
	comparison.in_part = mig_compare_part;
	amend = mig_arg_bool(fcinfo, 7, false);
	draft.head = mig_arg_required(fcinfo, 8, "head");
	draft.rev_id = mig_arg_text(fcinfo, 9);
	draft.branch_label = mig_arg_text(fcinfo, 10);
	draft.depends_on = mig_arg_text(fcinfo, 11);
	comparison.against = mig_arg_text(fcinfo, 12);
	mig_authoring_begin(fcinfo, "migrate_autogenerate", amend);
	revision = mig_generate(&comparison, &draft, amend);
	if (revision == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(revision));
}

Datum
migrate_check(PG_FUNCTION_ARGS)
{
	MigComparison comparison = {0};

	begin_comparison(fcinfo, "migrate_check", &comparison);
	comparison.against = mig_arg_text(fcinfo, 4);
	mig_agree(&comparison);
	PG_RETURN_VOID();
}

Datum
migrate_schema_sql(PG_FUNCTION_ARGS)
{
	MigComparison comparison = {0};

	comparison.function = "migrate_schema_sql";
	comparison.nsp = mig_arg_schema_oid(fcinfo);
	comparison.include = mig_arg_texts(fcinfo, 0);
	comparison.exclude = mig_arg_texts(fcinfo, 1);
	mig_result_lines(fcinfo, mig_compare_print_live(&comparison));
	return (Datum) 0;
}

Datum
migrate_baseline(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	MigComparison comparison = {0};
	MigDraft	draft = {0};

	draft.action = "revision";
	draft.message = mig_arg_required(fcinfo, 0, "message");
	comparison.function = "migrate_baseline";
	comparison.nsp = nsp;
	comparison.include = mig_arg_texts(fcinfo, 1);
	comparison.exclude = mig_arg_texts(fcinfo, 2);
	draft.rev_id = mig_arg_text(fcinfo, 3);
	draft.head = "base";
	mig_authoring_begin(fcinfo, "migrate_baseline", false);
	PG_RETURN_TEXT_P(cstring_to_text(mig_generate_baseline(&comparison,
														   &draft)));
}

static void
add_renaming(MigResultRow *row, int n, const MigRenaming *renaming)
{
	mig_result_add(row, Int32GetDatum(n));
	mig_result_add_text(row, "rename");
	mig_result_add_text(row, mig_kind_name(renaming->object));
	mig_result_add_text(row, renaming->object->identity);
	mig_result_add_text(row, NULL);
	mig_result_add_text(row, psprintf("%s;\n", renaming->sql));
	mig_result_end_row(row);
}

/* The arguments that come first in all functions that compare. */
static void
begin_comparison(FunctionCallInfo fcinfo, const char *function,
				 MigComparison *comparison)
{
	comparison->function = function;
	comparison->nsp = mig_arg_schema_oid(fcinfo);
	comparison->model = mig_arg_text(fcinfo, 0);
	comparison->branch = "";
	comparison->in_part = mig_compare_part;
	comparison->schema = mig_target_schema(mig_arg_text(fcinfo, 1), false);
	comparison->include = mig_arg_texts(fcinfo, 2);
	comparison->exclude = mig_arg_texts(fcinfo, 3);
}
