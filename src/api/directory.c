/*-------------------------------------------------------------------------
 *
 * api/directory.c
 *	  SQL functions for directories of revision files.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/result.h"
#include "io/bundle.h"
#include "io/dir.h"
#include "io/import.h"
#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/incoming_check.h"
#include "rev/lookup.h"
#include "rev/plan.h"
#include "util/arg.h"
#include "util/guc.h"
#include "util/template.h"

#include "miscadmin.h"

PG_FUNCTION_INFO_V1(migrate_import_directory);
PG_FUNCTION_INFO_V1(migrate_export_directory);

/* A revision and its file. */
typedef struct Written
{
	const char *file;
	const char *revision;
	char	   *content;		/* NULL: it stays as it is */
	bool		is_new;
} Written;

/* What an export works with. */
typedef struct Export
{
	const char *path;
	MigIncomingCheck check;		/* what the files there hold */
	MigTables	tables;
	List	   *written;		/* of Written * */
	HTAB	   *names;			/* of the files that are new */
} Export;

static void add_row(MigResultRow *row, const char *file,
					const char *revision, const char *action);
static void add_missing(MigResultRow *row, Oid nsp, List *incoming);
static void plan_file(Export *export, const MigNode *node);
static void check_own_file(const MigIncoming *in);
static char *new_name(Export *export, const MigNode *node);
static void add_unknown(MigResultRow *row, Oid nsp, const List *incoming);

Datum
migrate_import_directory(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	char	   *path = mig_dir_check(mig_arg_required(fcinfo, 0, "path"),
									 false);
	MigResultRow row;
	List	   *incoming;
	ListCell   *lc;

	mig_result_begin(fcinfo, &row);
	incoming = mig_bundle_parse(mig_dir_read(path));
	(void) mig_import_files(nsp, "migrate_import_directory", incoming);
	foreach(lc, incoming)
	{
		const MigIncoming *in = lfirst(lc);

		add_row(&row, in->file, in->rev.revision,
				mig_incoming_action(in->action));
	}
	add_missing(&row, nsp, incoming);
	return (Datum) 0;
}

static void
add_row(MigResultRow *row, const char *file, const char *revision,
		const char *action)
{
	mig_result_add_text(row, file);
	mig_result_add_text(row, revision);
	mig_result_add_text(row, action);
	mig_result_end_row(row);
}

/* Rows for what is stored and not in the files. */
static void
add_missing(MigResultRow *row, Oid nsp, List *incoming)
{
	MigIncomingCheck check;
	MigTables	tables;
	MigGraph   *graph;
	List	   *missing = NIL;
	ListCell   *lc;

	mig_incoming_check_begin(&check, incoming);
	mig_tables_open(&tables, nsp, "", false);
	graph = mig_tables_graph(&tables);
	mig_graph_load_all(graph);
	for (int i = 0; i < graph->nnodes; i++)
	{
		if (mig_incoming_check_find(&check, graph->nodes[i]->revision) == NULL)
			missing = lappend(missing, graph->nodes[i]);
	}
	list_sort(missing, mig_node_compare);
	foreach(lc, missing)
		add_row(row, NULL, ((MigNode *) lfirst(lc))->revision, "missing");
	mig_tables_close(&tables);
}

/*
 * First everything is worked out, then written, so that what can be refused
 * is refused while nothing has changed.
 */
Datum
migrate_export_directory(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	Export		export = {0};
	char	   *range = mig_arg_required(fcinfo, 1, "range");
	List	   *incoming;
	MigResultRow row;
	ListCell   *lc;

	export.path = mig_dir_check(mig_arg_required(fcinfo, 0, "path"), true);
	mig_result_begin(fcinfo, &row);
	incoming = mig_bundle_parse(mig_dir_read(export.path));
	mig_incoming_check_begin(&export.check, incoming);
	mig_tables_open(&export.tables, nsp, "", false);
	foreach(lc, mig_plan_chosen(mig_tables_graph(&export.tables), range))
	{
		CHECK_FOR_INTERRUPTS();
		plan_file(&export, lfirst(lc));
	}
	mig_tables_close(&export.tables);
	foreach(lc, export.written)
	{
		const Written *written = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (written->content != NULL)
			mig_dir_write(export.path, written->file, written->content);
		add_row(&row, written->file, written->revision,
				written->content == NULL ? "unchanged" :
				written->is_new ? "written" : "updated");
	}
	add_unknown(&row, nsp, incoming);
	return (Datum) 0;
}

/* Find out which file a revision has, and what is to be written there. */
static void
plan_file(Export *export, const MigNode *node)
{
	MigIncoming *in = mig_incoming_check_find(&export->check, node->revision);
	Written    *written = palloc0(sizeof(Written));
	MigRevision *rev = mig_lookup_stored(&export->tables, node->revision);
	StringInfoData buf;

	written->revision = node->revision;
	written->is_new = in == NULL;
	export->written = lappend(export->written, written);
	if (in != NULL)
	{
		in->stored = rev;
		written->file = in->file;
		if (mig_incoming_compare(in) == 0)
			return;
		check_own_file(in);
	}
	else
		written->file = new_name(export, node);
	initStringInfo(&buf);
	mig_revfile_write(&buf, rev);
	written->content = buf.data;
}

/* A file is written anew only if it is ours, and holds this revision alone. */
static void
check_own_file(const MigIncoming *in)
{
	if (in->format != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("file \"%s\" differs from revision \"%s\" and is in the format of %s",
						in->file, in->rev.revision, in->format),
				 errhint("Import the file, or move it away to have it written in the format of revision files.")));
	if (in->shares_file)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("file \"%s\" differs from revision \"%s\" and holds other revisions, too",
						in->file, in->rev.revision),
				 errhint("Give each revision a file of its own.")));
}

/*
 * A file that has the name already is somebody else's, and is not written
 * over.
 */
static char *
new_name(Export *export, const MigNode *node)
{
	char	   *name = mig_template_expand(mig_guc_file_template(),
										   node->revision, node->row.message,
										   node->row.created_at);

	bool		is_taken = false;

	if (export->names == NULL)
		export->names = mig_dir_names();
	if (strlen(name) < MAXPGPATH)
		(void) hash_search(export->names, name, HASH_ENTER, &is_taken);
	if (is_taken || mig_dir_has(export->path, name))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_FILE),
				 errmsg("file \"%s\" exists and does not hold revision \"%s\"",
						name, node->revision),
				 errhint("Move it away, or set migrate.file_template.")));
	return name;
}

/* Rows for what is in the files and not stored. */
static void
add_unknown(MigResultRow *row, Oid nsp, const List *incoming)
{
	MigTables	tables;
	const ListCell *lc;

	mig_tables_open(&tables, nsp, "", false);
	foreach(lc, incoming)
	{
		const MigIncoming *in = lfirst(lc);

		if (!mig_lookup_exists(&tables, in->rev.revision))
			add_row(row, in->file, in->rev.revision, "not stored");
	}
	mig_tables_close(&tables);
}
