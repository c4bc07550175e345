/*-------------------------------------------------------------------------
 *
 * api/file.c
 *	  SQL functions for revision files.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "io/adopt.h"
#include "io/bundle.h"
#include "io/import.h"
#include "rev/graph_source.h"
#include "rev/lookup.h"
#include "rev/plan.h"
#include "run/pipeline.h"
#include "run/squash.h"
#include "util/arg.h"
#include "util/guc.h"
#include "util/template.h"

#include "miscadmin.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(migrate_import);
PG_FUNCTION_INFO_V1(migrate_export);
PG_FUNCTION_INFO_V1(migrate_adopt);
PG_FUNCTION_INFO_V1(migrate_squash);

Datum
migrate_import(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	char	   *files = mig_arg_required(fcinfo, 0, "files");
	List	   *incoming = mig_bundle_parse(mig_bundle_split(files));

	PG_RETURN_TEXT_P(cstring_to_text(mig_import_files(nsp, "migrate_import",
													  incoming)));
}

/*
 * One revision or several, parents before children; with a line above each
 * that names its file if file_names is set.
 */
Datum
migrate_export(PG_FUNCTION_ARGS)
{
	char	   *revision = mig_arg_required(fcinfo, 0, "revision");
	bool		file_names = mig_arg_bool(fcinfo, 1, false);
	MigTables	tables;
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	mig_tables_open(&tables, mig_arg_schema_oid(fcinfo), "", true);
	foreach(lc, mig_plan_chosen(mig_tables_graph(&tables), revision))
	{
		const MigNode *node = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (buf.len > 0)
			appendStringInfoChar(&buf, '\n');
		if (file_names)
			appendStringInfo(&buf, "%s%s\n", MIG_FILE_LINE,
							 mig_template_expand(mig_guc_file_template(),
												 node->revision,
												 node->row.message,
												 node->row.created_at));
		mig_revfile_write(&buf, mig_lookup_stored(&tables, node->revision));
	}
	mig_tables_close(&tables);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(buf.data, buf.len));
}

Datum
migrate_adopt(PG_FUNCTION_ARGS)
{
	char	   *table = mig_arg_required(fcinfo, 0, "version_table");
	const char *schema_name = mig_target_schema(mig_arg_text(fcinfo, 1),
												false);

	PG_RETURN_TEXT_P(cstring_to_text(mig_adopt(mig_arg_schema_oid(fcinfo),
											   table, schema_name)));
}

Datum
migrate_squash(PG_FUNCTION_ARGS)
{
	char	   *range = mig_arg_required(fcinfo, 0, "range");
	char	   *message = mig_arg_required(fcinfo, 1, "message");

	PG_RETURN_TEXT_P(cstring_to_text(mig_squash(mig_arg_schema_oid(fcinfo),
												range, message)));
}
