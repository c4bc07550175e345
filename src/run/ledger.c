/*-------------------------------------------------------------------------
 *
 * run/ledger.c
 *	  The tables in which other tools keep what is applied.
 *
 * A table is recognised by its columns:
 *
 *		Alembic			version_num; a row for each head
 *		goose			version_id, is_applied, id; rows are added, the last
 *						one about a version counts
 *		golang-migrate	version, dirty; one row
 *		dbmate			version; a row for each applied file
 *
 * It is read as the caller, row by row and without the planner, so that no
 * code of others can run: not that of a view, nor of a type or a policy.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/ledger.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/varlena.h"

/* The columns that tell one tool from another; 0: there is none. */
typedef struct Columns
{
	AttrNumber	version_num;
	AttrNumber	version_id;
	AttrNumber	is_applied;
	AttrNumber	id;
	AttrNumber	version;
	AttrNumber	dirty;
} Columns;

/* The last row that goose has about a version. */
typedef struct GooseRow
{
	int64		id;
	char	   *version;
	bool		is_applied;
} GooseRow;

static Relation open_table(const char *name, const char *schema_name);
static void refuse_missing(const char *name,
						   const RangeVar *rv) pg_attribute_noreturn();
static void check_readable(Relation rel);
static Columns find_columns(Relation rel);
static void read_rows(Relation rel, const Columns *columns,
					  MigLedger *ledger);
static char *value_text(const TupleTableSlot *slot, AttrNumber column);
static void add_goose_row(List **rows, TupleTableSlot *slot,
						  const Columns *columns);
static List *goose_versions(List *rows);
static void refuse_dirty(const MigLedger *ledger,
						 const char *version) pg_attribute_noreturn();

/*
 * Read a version table; without a schema of its own it is looked for in the
 * target schema, or (schema_name is '') in the search_path.
 *
 * Takes AccessShareLock on it, to the end of the transaction.  The result is
 * in the current memory context.  42P01 if there is no such table.
 */
MigLedger *
mig_ledger_read(const char *table, const char *schema_name)
{
	MigLedger  *ledger = palloc0(sizeof(MigLedger));
	Relation	rel = open_table(table, schema_name);
	Columns		columns;
	const char *nsp;

	check_readable(rel);
	columns = find_columns(rel);
	nsp = get_namespace_name(RelationGetNamespace(rel));
	ledger->name = quote_qualified_identifier(nsp,
											  RelationGetRelationName(rel));
	if (columns.version_num == 0 && columns.version == 0 &&
		(columns.version_id == 0 || columns.is_applied == 0 ||
		 columns.id == 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
				 errmsg("table %s is no version table that is known",
						ledger->name),
				 errdetail("Known are those of Alembic (column version_num), goose (id, version_id, is_applied), golang-migrate (version, dirty) and dbmate (version)."),
				 errhint("migrate_stamp() records by hand what is applied.")));
	ledger->numeric = columns.version_num == 0;
	ledger->lists_all = columns.version_num == 0 && columns.dirty == 0;
	read_rows(rel, &columns, ledger);
	table_close(rel, NoLock);
	return ledger;
}

static Relation
open_table(const char *name, const char *schema_name)
{
	List	   *names = textToQualifiedNameList(cstring_to_text(name));
	RangeVar   *rv = makeRangeVarFromNameList(names);
	Oid			relid;

	if (rv->schemaname == NULL && schema_name[0] != '\0')
		rv->schemaname = pstrdup(schema_name);
	relid = RangeVarGetRelid(rv, AccessShareLock, true);
	if (!OidIsValid(relid))
		refuse_missing(name, rv);
	return table_open(relid, NoLock);
}

/* Name the version table of another tool if there is one. */
static void
refuse_missing(const char *name, const RangeVar *rv)
{
	static const char *const others[] = {
		"alembic_version", "goose_db_version", "schema_migrations",
	};
	const char *found = NULL;

	for (size_t i = 0; i < lengthof(others) && found == NULL; i++)
	{
		RangeVar   *other = makeRangeVar(rv->schemaname,
										 pstrdup(others[i]), -1);

		if (OidIsValid(RangeVarGetRelid(other, NoLock, true)))
			found = others[i];
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE),
			 rv->schemaname == NULL ?
			 errmsg("version table \"%s\" does not exist", name) :
			 errmsg("version table \"%s\" does not exist in schema \"%s\"",
					rv->relname, rv->schemaname),
			 found == NULL ?
			 errhint("Name the table, with its schema: migrate_adopt('app.alembic_version').") :
			 errhint("There is a table \"%s\": migrate_adopt('%s').", found,
					 found)));
}

static void
check_readable(Relation rel)
{
	Oid			relid = RelationGetRelid(rel);
	AclResult	result;

	if (rel->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not an ordinary table",
						RelationGetRelationName(rel))));
	result = pg_class_aclcheck(relid, GetUserId(), ACL_SELECT);
	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_TABLE, RelationGetRelationName(rel));
	if (check_enable_rls(relid, InvalidOid, false) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("row security hides rows of table \"%s\"",
						RelationGetRelationName(rel)),
				 errhint("Call the function as the table's owner.")));
}

/* Columns of other types than the tools give them do not count. */
static Columns
find_columns(Relation rel)
{
	TupleDesc	desc = RelationGetDescr(rel);
	Columns		columns = {0};

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		const char *name = NameStr(att->attname);
		bool		is_number;
		bool		is_text;

		is_number = att->atttypid == INT4OID ||
			att->atttypid == INT8OID;
		is_text = att->atttypid == TEXTOID ||
			att->atttypid == VARCHAROID;
		if (att->attisdropped)
			continue;
		if (is_text && strcmp(name, "version_num") == 0)
			columns.version_num = att->attnum;
		else if (is_number && strcmp(name, "version_id") == 0)
			columns.version_id = att->attnum;
		else if (is_number && strcmp(name, "id") == 0)
			columns.id = att->attnum;
		else if ((is_number || is_text) && strcmp(name, "version") == 0)
			columns.version = att->attnum;
		else if (att->atttypid == BOOLOID && strcmp(name, "is_applied") == 0)
			columns.is_applied = att->attnum;
		else if (att->atttypid == BOOLOID && strcmp(name, "dirty") == 0)
			columns.dirty = att->attnum;
	}
	return columns;
}

static void
read_rows(Relation rel, const Columns *columns, MigLedger *ledger)
{
	Snapshot	snapshot = RegisterSnapshot(GetTransactionSnapshot());
	TableScanDesc scan = table_beginscan(rel, snapshot, 0, NULL);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	AttrNumber	column;
	List	   *goose = NIL;

	column = columns->version_num != 0 ? columns->version_num :
		columns->version;
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		char	   *version;

		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		if (column == 0)
		{
			add_goose_row(&goose, slot, columns);
			continue;
		}
		version = value_text(slot, column);
		if (version == NULL)
			continue;
		if (columns->version_num == 0 && columns->dirty != 0 &&
			!slot->tts_isnull[columns->dirty - 1] &&
			DatumGetBool(slot->tts_values[columns->dirty - 1]))
			refuse_dirty(ledger, version);
		ledger->versions = lappend(ledger->versions, version);
	}
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	UnregisterSnapshot(snapshot);
	if (column == 0)
		ledger->versions = goose_versions(goose);
}

/* A value of one of the known types as text; NULL if it is null. */
static char *
value_text(const TupleTableSlot *slot, AttrNumber column)
{
	Datum		value = slot->tts_values[column - 1];

	if (slot->tts_isnull[column - 1])
		return NULL;
	switch (TupleDescAttr(slot->tts_tupleDescriptor, column - 1)->atttypid)
	{
		case INT4OID:
			return psprintf("%d", DatumGetInt32(value));
		case INT8OID:
			return psprintf(INT64_FORMAT, DatumGetInt64(value));
		default:
			return TextDatumGetCString(value);
	}
}

static void
add_goose_row(List **rows, TupleTableSlot *slot, const Columns *columns)
{
	GooseRow   *row = palloc(sizeof(GooseRow));
	char	   *id = value_text(slot, columns->id);

	row->version = value_text(slot, columns->version_id);
	/* goose itself puts in a row for version 0 */
	if (id == NULL || row->version == NULL || strcmp(row->version, "0") == 0)
		return;
	row->id = strtoi64(id, NULL, 10);
	row->is_applied = !slot->tts_isnull[columns->is_applied - 1] &&
		DatumGetBool(slot->tts_values[columns->is_applied - 1]);
	*rows = lappend(*rows, row);
}

static int
compare_goose(const ListCell *a, const ListCell *b)
{
	const GooseRow *x = lfirst(a);
	const GooseRow *y = lfirst(b);
	int			order = strcmp(x->version, y->version);

	if (order != 0)
		return order;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* Of the rows about a version the last one counts. */
static List *
goose_versions(List *rows)
{
	List	   *versions = NIL;

	list_sort(rows, compare_goose);
	for (int i = 0; i < list_length(rows); i++)
	{
		const GooseRow *row = list_nth(rows, i);
		const GooseRow *next;

		next = i + 1 < list_length(rows) ? list_nth(rows, i + 1) : NULL;
		if (row->is_applied &&
			(next == NULL || strcmp(next->version, row->version) != 0))
			versions = lappend(versions, row->version);
	}
	return versions;
}

static void
refuse_dirty(const MigLedger *ledger, const char *version)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("version %s in table %s is marked as dirty", version,
					ledger->name),
			 errdetail("The tool broke off in the middle of it."),
			 errhint("Mend the schema by hand, set version and dirty as it is then, and try again.")));
}
