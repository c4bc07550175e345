/*-------------------------------------------------------------------------
 *
 * api/test.c
 *	  The SQL function that tests revisions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/result.h"
#include "io/import.h"
#include "model/test.h"
#include "run/pipeline.h"
#include "util/arg.h"

PG_FUNCTION_INFO_V1(migrate_test);

static MigIncomingBatch *preview(const MigTest *test, const char *files);

Datum
migrate_test(PG_FUNCTION_ARGS)
{
	MigTest		test = {0};
	MigResultRow row;
	const ListCell *lc;

	test.nsp = mig_arg_schema_oid(fcinfo);
	test.range = mig_arg_required(fcinfo, 0, "range");
	test.schema = mig_target_schema(mig_arg_text(fcinfo, 1), false);
	test.include = mig_arg_texts(fcinfo, 2);
	test.exclude = mig_arg_texts(fcinfo, 3);
	test.files = preview(&test, mig_arg_text(fcinfo, 5));
	mig_result_begin(fcinfo, &row);
	mig_test_run(&test);
	if (mig_arg_bool(fcinfo, 4, false))
		mig_test_refuse(&test);
	foreach(lc, test.rows)
	{
		const MigTestRow *result = lfirst(lc);

		mig_result_add_text(&row, result->test);
		mig_result_add_text(&row, result->revision);
		mig_result_add_text(&row, mig_test_word(result->result));
		mig_result_add_text(&row, result->detail);
		mig_result_end_row(&row);
	}
	return (Datum) 0;
}

static MigIncomingBatch *
preview(const MigTest *test, const char *files)
{
	MigTables	tables;
	MigIncomingBatch *batch;

	mig_tables_open(&tables, test->nsp, test->schema, false);
	batch = mig_import_preview(&tables, files);
	mig_tables_close(&tables);
	return batch;
}
