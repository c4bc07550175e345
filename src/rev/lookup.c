/*-------------------------------------------------------------------------
 *
 * rev/lookup.c
 *	  Single facts from our tables, by index.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph.h"
#include "rev/lookup.h"
#include "util/error.h"
#include "util/row.h"
#include "util/spi.h"
#include "util/sql.h"

#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/tableam.h"
#include "executor/tuptable.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

/* where the last revision was found, see mig_lookup_newest() */
static int64 last_seq = 0;

/* and where the last one that is applied, see is_applied() */
static ItemPointerData last_applied;

static bool read_newest(MigTables *tables, int64 from, MigNewest *newest);
static void begin_newest(MigIndexScan *scan, MigTables *tables, int64 from);
static bool is_only_head(const Datum *values);
static bool is_applied(MigTables *tables, const char *revision);
static bool is_still_applied(MigTables *tables, const char *revision);
static int	compare_records(const ListCell *a, const ListCell *b);
static char *text_of(const MigColumns *columns, int column);
static void check_unchanged(const MigNode *node, const MigColumns *columns);
static bool look_anywhere(MigTables *tables, const char *revision,
						  const char *how);

/*
 * The revision that was stored last, in the current memory context.
 *
 * The scan begins where the last one of the session found it, so that it does
 * not read the whole last page of the index; where there is nothing any more,
 * it begins anew.
 */
MigNewest
mig_lookup_newest(MigTables *tables)
{
	MigNewest	newest = {0};

	if (last_seq == 0 || !read_newest(tables, last_seq, &newest))
		(void) read_newest(tables, 0, &newest);
	last_seq = newest.seq;
	return newest;
}

/* The last of those from a number on; false if there is none. */
static bool
read_newest(MigTables *tables, int64 from, MigNewest *newest)
{
	MigIndexScan scan;
	HeapTuple	tuple;

	begin_newest(&scan, tables, from);
	tuple = mig_index_scan_next(&scan, BackwardScanDirection);
	if (HeapTupleIsValid(tuple))
	{
		MigColumns	columns = mig_revision_columns(tables, tuple);
		const Datum *values = columns.values;

		newest->seq = DatumGetInt64(values[REV_SEQ - 1]);
		newest->count[0] = DatumGetInt32(values[REV_HEAD_COUNT - 1]);
		newest->count[1] = DatumGetInt32(values[REV_REAL_HEAD_COUNT - 1]);
		newest->row = mig_row_from_tuple(tables, CurrentMemoryContext, tuple,
										 &columns);
	}
	mig_index_scan_end(&scan);
	return HeapTupleIsValid(tuple);
}

static void
begin_newest(MigIndexScan *scan, MigTables *tables, int64 from)
{
	ScanKeyData key;

	ScanKeyInit(&key, REV_SEQ, BTGreaterEqualStrategyNumber, F_INT8GE,
				Int64GetDatum(from));
	mig_index_scan_begin(scan, tables, tables->revision,
						 "migrate_revision_seq_idx", from == 0 ? 0 : 1, &key);
}

/*
 * Is there one head, whatever "head" and "heads" mean, and it is applied in
 * the target schema?  What most calls at the start of an application find.
 */
bool
mig_lookup_is_at_head(MigTables *tables)
{
	MigIndexScan scan;
	HeapTuple	tuple;
	char	   *head = NULL;

	begin_newest(&scan, tables, last_seq);
	tuple = mig_index_scan_next(&scan, BackwardScanDirection);
	if (HeapTupleIsValid(tuple))
	{
		MigColumns	columns = mig_revision_columns(tables, tuple);

		last_seq = DatumGetInt64(columns.values[REV_SEQ - 1]);
		if (is_only_head(columns.values))
			head = text_of(&columns, REV_REVISION);
	}
	mig_index_scan_end(&scan);
	return head != NULL && is_applied(tables, head);
}

/* Is it, by parents alone and by dependencies, too? */
static bool
is_only_head(const Datum *values)
{
	return DatumGetBool(values[REV_IS_HEAD - 1]) &&
		DatumGetBool(values[REV_IS_REAL_HEAD - 1]) &&
		DatumGetInt32(values[REV_HEAD_COUNT - 1]) == 1 &&
		DatumGetInt32(values[REV_REAL_HEAD_COUNT - 1]) == 1;
}

/*
 * Is a revision applied in the target schema?  Its row is looked for where the
 * session has found one before, which takes a fifth of what the index does.
 */
static bool
is_applied(MigTables *tables, const char *revision)
{
	HeapTuple	tuple;
	SysScanDesc scan;
	bool		found;

	if (is_still_applied(tables, revision))
		return true;
	scan = mig_scan_applied(tables, revision, &tuple);
	found = HeapTupleIsValid(tuple);
	if (found)
		last_applied = tuple->t_self;
	systable_endscan(scan);
	return found;
}

/* Does its row stand where the last one was? */
static bool
is_still_applied(MigTables *tables, const char *revision)
{
	ItemPointerData place = last_applied;
	TupleTableSlot *slot;
	bool		found;

	if (!mig_row_place_exists(tables->applied, &place))
		return false;
	slot = table_slot_create(tables->applied, NULL);
	found = table_tuple_fetch_row_version(tables->applied, &place,
										  tables->snapshot, slot) &&
		mig_slot_has_text(slot, APPLIED_SCHEMA, tables->schema_name) &&
		mig_slot_has_text(slot, APPLIED_REVISION, revision);
	ExecDropSingleTupleTableSlot(slot);
	return found;
}

/* The latest created_at of all revisions; DT_NOBEGIN if there are none. */
TimestampTz
mig_lookup_last_created(MigTables *tables)
{
	TimestampTz latest = DT_NOBEGIN;
	MigIndexScan scan;
	HeapTuple	tuple;

	mig_index_scan_begin(&scan, tables, tables->revision,
						 "migrate_revision_created_idx", 0, NULL);
	tuple = mig_index_scan_next(&scan, BackwardScanDirection);
	if (HeapTupleIsValid(tuple))
	{
		Datum		created = mig_column(tables->revision, tuple,
										 REV_CREATED_AT);

		latest = DatumGetTimestampTz(created);
	}
	mig_index_scan_end(&scan);
	return latest;
}

/*
 * The records of a revision being applied, in one target schema or (NULL) in
 * all of them, in "C" order of the schemas: list of MigRecord *.
 */
List *
mig_lookup_records(MigTables *tables, const char *revision,
				   const char *schema_name)
{
	const char *index;
	ScanKeyData key[2];
	int			nkeys = 0;
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *records = NIL;

	index = schema_name == NULL ?
		"migrate_applied_revision_idx" : "migrate_applied_pkey";
	if (schema_name != NULL)
		mig_text_key(&key[nkeys++], APPLIED_SCHEMA, schema_name);
	mig_text_key(&key[nkeys++], APPLIED_REVISION, revision);
	scan = systable_beginscan(tables->applied,
							  mig_index_of(index, tables->nsp),
							  true, tables->snapshot, nkeys, key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		MigRecord  *record = palloc(sizeof(MigRecord));
		MigColumns	columns;

		columns = mig_applied_columns(tables, tuple);
		record->schema_name = text_of(&columns, APPLIED_SCHEMA);
		record->at = DatumGetTimestampTz(columns.values[APPLIED_AT - 1]);
		record->by = text_of(&columns, APPLIED_BY);
		record->tag = text_of(&columns, APPLIED_TAG);
		record->how = text_of(&columns, APPLIED_HOW);
		records = lappend(records, record);
	}
	systable_endscan(scan);
	list_sort(records, compare_records);
	return records;
}

static int
compare_records(const ListCell *a, const ListCell *b)
{
	return strcmp(((MigRecord *) lfirst(a))->schema_name,
				  ((MigRecord *) lfirst(b))->schema_name);
}

/* What is applied in the target schema with a tag: list of char *. */
List *
mig_lookup_tagged(MigTables *tables, const char *tag)
{
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *found = NIL;

	mig_text_key(&key, APPLIED_SCHEMA, tables->schema_name);
	scan = systable_beginscan(tables->applied,
							  mig_index_of("migrate_applied_pkey",
										   tables->nsp),
							  true, tables->snapshot, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		MigColumns	columns = mig_applied_columns(tables, tuple);
		char	   *own = text_of(&columns, APPLIED_TAG);

		if (own != NULL && strcmp(own, tag) == 0)
			found = lappend(found, text_of(&columns, APPLIED_REVISION));
	}
	systable_endscan(scan);
	return found;
}

/* The revisions that some other depends on: list of char *. */
List *
mig_lookup_dependencies(MigTables *tables)
{
	Relation	edge = mig_tables_edge(tables);
	MigIndexScan scan;
	HeapTuple	tuple;
	List	   *found = NIL;

	mig_index_scan_begin(&scan, tables, edge, "migrate_edge_depends_idx", 0,
						 NULL);
	while ((tuple = mig_index_scan_next(&scan, ForwardScanDirection)) != NULL)
	{
		Datum		value = mig_column(edge, tuple, EDGE_PARENT);
		char	   *parent = TextDatumGetCString(value);

		/* they come in the index's order */
		if (found == NIL || strcmp(llast(found), parent) != 0)
			found = lappend(found, parent);
	}
	mig_index_scan_end(&scan);
	return found;
}

/* Is anything applied in the target schema that waits for a late revision? */
bool
mig_lookup_any_late(MigTables *tables)
{
	ScanKeyData key;
	MigIndexScan scan;
	bool		found;

	mig_text_key(&key, APPLIED_SCHEMA, tables->schema_name);
	mig_index_scan_begin(&scan, tables, tables->applied,
						 "migrate_applied_late_idx", 1, &key);
	found = mig_index_scan_next(&scan, ForwardScanDirection) != NULL;
	mig_index_scan_end(&scan);
	return found;
}

/* A text of a row, or NULL. */
static char *
text_of(const MigColumns *columns, int column)
{
	return columns->isnull[column - 1] ? NULL :
		TextDatumGetCString(columns->values[column - 1]);
}

/*
 * The scripts of a step, in the current memory context; the one that it runs
 * is never NULL.
 *
 * Rows may be changed by hand at any time, by the scripts themselves too:
 * MG002 if the revision is gone, MG008 if it is not what the plan was made
 * for, MG009 if it cannot be undone.
 */
void
mig_lookup_scripts(MigTables *tables, const MigStep *step,
				   MigScripts *scripts)
{
	const char *revision = step->node->revision;
	TupleTableSlot *slot = table_slot_create(tables->revision, NULL);
	HeapTuple	tuple = mig_fetch_revision(tables, &step->node->row, slot);
	SysScanDesc scan = NULL;
	MigColumns	columns;

	if (tuple == NULL)
		scan = mig_scan_revision(tables, revision, &tuple);
	if (!HeapTupleIsValid(tuple))
		mig_lookup_refuse_gone(revision);
	columns = mig_revision_columns(tables, tuple);
	check_unchanged(step->node, &columns);
	scripts->upgrade_sql = text_of(&columns, REV_UPGRADE);
	scripts->downgrade_sql = text_of(&columns, REV_DOWNGRADE);
	scripts->verify_sql = text_of(&columns, REV_VERIFY);
	scripts->checksum = text_of(&columns, REV_CHECKSUM);
	if (scan != NULL)
		systable_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	if (step->direction == MIG_DOWNGRADE && scripts->downgrade_sql == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_IRREVERSIBLE),
				 errmsg("revision \"%s\" is irreversible", revision),
				 errdetail("It has no downgrade script."),
				 errhint("SELECT migrate_edit(%s, downgrade => ...) gives it one.",
						 quote_literal_cstr(revision))));
}

/* Raise MG002 for a revision that was there when the plan was made. */
void
mig_lookup_refuse_gone(const char *revision)
{
	ereport(ERROR,
			(errcode(ERRCODE_MIG_NO_SUCH_REVISION),
			 errmsg("revision \"%s\" was removed while the migration was running",
					revision),
			 errdetail("Its row in table \"migrate_revision\" was deleted by hand."),
			 errhint("Store the revision again, or restore the tables of the extension from a dump.")));
}

/*
 * The script that a step of a plan runs, if its row was to carry it: a text;
 * NULL if there is none.
 */
Datum
mig_lookup_script(MigTables *tables, const MigStep *step)
{
	MigScripts	scripts;

	if (!step->node->row.script_apart)
		return PointerGetDatum(step->node->row.script);
	mig_lookup_scripts(tables, step, &scripts);
	return CStringGetTextDatum(step->direction == MIG_UPGRADE ?
							   scripts.upgrade_sql : scripts.downgrade_sql);
}

/* Is a row still what the plan was made for? */
static void
check_unchanged(const MigNode *node, const MigColumns *columns)
{
	const MigRow *row = &node->row;
	const Datum *values = columns->values;

	if (DatumGetBool(values[REV_TRANSACTIONAL - 1]) == row->transactional &&
		mig_same_names(mig_text_array_list(values[REV_DOWN - 1]),
					   mig_node_ids(node->down)) &&
		mig_same_names(mig_text_array_list(values[REV_REQUIRES - 1]),
					   row->requires) &&
		strcmp(TextDatumGetCString(values[REV_STORED_BY - 1]),
			   row->stored_by) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_MIG_CONTRADICTION),
			 errmsg("revision \"%s\" was changed while the migration was running",
					row->revision),
			 errdetail("Its row in table \"migrate_revision\" was changed by hand."),
			 errhint("Look at it with migrate_show(%s); the next call makes a new plan.",
					 quote_literal_cstr(row->revision))));
}

/*
 * All that is stored of a revision, in the current memory context; NULL if
 * there is no such revision.
 */
MigRevision *
mig_lookup_revision(MigTables *tables, const char *revision)
{
	HeapTuple	tuple;
	SysScanDesc scan = mig_scan_revision(tables, revision, &tuple);
	MigRevision *rev = NULL;

	if (HeapTupleIsValid(tuple))
	{
		MigColumns	columns = mig_revision_columns(tables, tuple);
		const Datum *values = columns.values;

		rev = palloc0(sizeof(MigRevision));
		rev->revision = text_of(&columns, REV_REVISION);
		rev->down = mig_text_array_list(values[REV_DOWN - 1]);
		rev->depends_on = mig_text_array_list(values[REV_DEPENDS - 1]);
		rev->requires = mig_text_array_list(values[REV_REQUIRES - 1]);
		rev->labels = mig_text_array_list(values[REV_LABELS - 1]);
		rev->message = text_of(&columns, REV_MESSAGE);
		rev->description = text_of(&columns, REV_DESCRIPTION);
		rev->upgrade_sql = text_of(&columns, REV_UPGRADE);
		rev->downgrade_sql = text_of(&columns, REV_DOWNGRADE);
		rev->verify_sql = text_of(&columns, REV_VERIFY);
		rev->transactional = DatumGetBool(values[REV_TRANSACTIONAL - 1]);
		rev->counts.upgrade = DatumGetInt32(values[REV_UPGRADE_COUNT - 1]);
		rev->counts.downgrade =
			DatumGetInt32(values[REV_DOWNGRADE_COUNT - 1]);
		rev->counts.verify = DatumGetInt32(values[REV_VERIFY_COUNT - 1]);
		rev->checksum = text_of(&columns, REV_CHECKSUM);
		rev->created_at = DatumGetTimestampTz(values[REV_CREATED_AT - 1]);
		rev->created_by = text_of(&columns, REV_CREATED_BY);
		rev->stored_by = text_of(&columns, REV_STORED_BY);
	}
	systable_endscan(scan);
	return rev;
}

/* The same for a revision that is in the graph: MG002 if it is gone. */
MigRevision *
mig_lookup_stored(MigTables *tables, const char *revision)
{
	MigRevision *rev = mig_lookup_revision(tables, revision);

	if (rev == NULL)
		mig_lookup_refuse_gone(revision);
	return rev;
}

/* Is there such a revision? */
bool
mig_lookup_exists(MigTables *tables, const char *revision)
{
	HeapTuple	tuple;
	SysScanDesc scan = mig_scan_revision(tables, revision, &tuple);
	bool		found = HeapTupleIsValid(tuple);

	systable_endscan(scan);
	return found;
}

/* The first revision of a plan that is not stored any more, or NULL. */
const char *
mig_lookup_gone(MigTables *tables, const MigPlan *plan)
{
	TupleTableSlot *slot = table_slot_create(tables->revision, NULL);
	const char *gone = NULL;

	for (int i = 0; i < plan->nsteps && gone == NULL; i++)
	{
		const MigRow *row = &plan->steps[i].node->row;

		if (mig_fetch_revision(tables, row, slot) == NULL &&
			!mig_lookup_exists(tables, row->revision))
			gone = row->revision;
	}
	ExecDropSingleTupleTableSlot(slot);
	return gone;
}

/*
 * Is a name an id or a label?  *revision is set to the revision that has it.
 */
bool
mig_lookup_name_taken(MigTables *tables, const char *name, char **revision)
{
	List	   *labelled;

	if (mig_lookup_exists(tables, name))
	{
		*revision = pstrdup(name);
		return true;
	}
	labelled = mig_edges_to(tables, name, MIG_EDGE_LABEL);
	if (labelled != NIL)
		*revision = linitial(labelled);
	return labelled != NIL;
}

/* Is a revision applied in any target schema? */
bool
mig_lookup_applied_anywhere(MigTables *tables, const char *revision)
{
	return look_anywhere(tables, revision, NULL);
}

/* Has it run in one of them, rather than being stamped? */
bool
mig_lookup_ran_anywhere(MigTables *tables, const char *revision)
{
	return look_anywhere(tables, revision, "ran");
}

/* how is NULL or what migrate_applied says */
static bool
look_anywhere(MigTables *tables, const char *revision, const char *how)
{
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	mig_text_key(&key, APPLIED_REVISION, revision);
	scan = systable_beginscan(tables->applied,
							  mig_index_of("migrate_applied_revision_idx", tables->nsp),
							  true, tables->snapshot, 1, &key);
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Datum		value = mig_column(tables->applied, tuple, APPLIED_HOW);

		found = how == NULL || strcmp(TextDatumGetCString(value), how) == 0;
	}
	systable_endscan(scan);
	return found;
}
