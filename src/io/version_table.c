/*-------------------------------------------------------------------------
 *
 * io/version_table.c
 *	  The tables in which other tools keep what is applied.
 *
 * A table is known by its columns, all of them, their names and types: tables
 * of several tools have a column "version" and mean different things by it.
 * What is marked as failed is never taken over.
 *
 * It is read as the caller, row by row and without the planner, so that no
 * code of others can run: not that of a view, nor of a type or a policy.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "io/version_table.h"

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

/* no tool has more columns */
#define MAX_COLUMNS 10

/* What a column says; letters stand in the table below. */
typedef enum Meaning
{
	IS_NOTHING,
	IS_VERSION,
	IS_ORDER,					/* of the rows: the last about a version
								 * counts */
	IS_APPLIED,					/* false: taken back */
	IS_KIND,					/* Flyway's: of what was done */
	IS_BROKEN,					/* true: broken off in the middle */
	IS_SUCCESS,					/* false: failed */
} Meaning;

#define MEANINGS (IS_SUCCESS + 1)

typedef enum Kind
{
	A_NUMBER = 1,
	A_TEXT,
	A_BOOLEAN,
	A_TIME,
} Kind;

typedef struct Column
{
	const char *name;
	Kind		kind;
	Meaning		meaning;
} Column;

/* A tool and the columns of its table, in any order. */
typedef struct Tool
{
	const char *name;
	bool		lists_all;		/* all that is applied, not the heads alone */
	bool		numeric;		/* versions are numbers */
	const char *not_beside;		/* a table of another tool, or NULL */
	Column		columns[MAX_COLUMNS + 1];	/* no name: the end */
} Tool;

static const Tool tools[] = {
	{"Alembic", false, false, NULL, {
			{"version_num", A_TEXT, IS_VERSION},
	}},
	{"goose", true, true, NULL, {
			{"id", A_NUMBER, IS_ORDER},
			{"version_id", A_NUMBER, IS_VERSION},
			{"is_applied", A_BOOLEAN, IS_APPLIED},
			{"tstamp", A_TIME, IS_NOTHING},
	}},
	{"golang-migrate", false, true, NULL, {
			{"version", A_NUMBER, IS_VERSION},
			{"dirty", A_BOOLEAN, IS_BROKEN},
	}},
	/* the table of Rails looks the same */
	{"dbmate", true, true, "ar_internal_metadata", {
			{"version", A_TEXT, IS_VERSION},
	}},
	{"pop", true, true, NULL, {
			{"version", A_TEXT, IS_VERSION},
			{"version_self", A_NUMBER, IS_NOTHING},
	}},
	{"Flyway", true, true, NULL, {
			{"installed_rank", A_NUMBER, IS_ORDER},
			{"version", A_TEXT, IS_VERSION},
			{"description", A_TEXT, IS_NOTHING},
			{"type", A_TEXT, IS_KIND},
			{"script", A_TEXT, IS_NOTHING},
			{"checksum", A_NUMBER, IS_NOTHING},
			{"installed_by", A_TEXT, IS_NOTHING},
			{"installed_on", A_TIME, IS_NOTHING},
			{"execution_time", A_NUMBER, IS_NOTHING},
			{"success", A_BOOLEAN, IS_SUCCESS},
	}},
};

/* Where the columns of a tool are in its table; 0: there is none. */
typedef struct Columns
{
	AttrNumber	number[MEANINGS];
} Columns;

/* A row about a version. */
typedef struct Row
{
	int64		order;
	char	   *version;
	bool		is_applied;
} Row;

static Relation open_table(const char *name, const char *schema_name);
pg_noreturn static void refuse_missing(const char *name, const RangeVar *rv);
static void check_readable(Relation rel);
static const Tool *find_tool(Relation rel, Columns *columns);
static bool has_columns(TupleDesc desc, const Tool *tool, Columns *columns);
static bool is_of_kind(Oid type, Kind kind);
pg_noreturn static void refuse_unknown(const char *name);
static List *read_rows(Relation rel, const Columns *columns,
					   const MigVersionTable *state);
static Row *read_row(const TupleTableSlot *slot, const Columns *columns,
					 const MigVersionTable *state);
static bool is_undone(const char *kind);
static bool value_bool(const TupleTableSlot *slot, AttrNumber column,
					   bool without);
static char *value_text(const TupleTableSlot *slot, AttrNumber column);
static List *applied_versions(List *rows);
pg_noreturn static void refuse_failed(const MigVersionTable *state,
									  const char *version, bool is_dirty);

/*
 * Read a version table; without a schema of its own it is looked for in the
 * target schema, or (schema_name is '') in the search_path.
 *
 * Takes AccessShareLock on it, to the end of the transaction.  The result is
 * in the current memory context.  42P01 if there is no such table.
 */
MigVersionTable *
mig_version_table_read(const char *table, const char *schema_name)
{
	MigVersionTable *state = palloc0(sizeof(MigVersionTable));
	Relation	rel = open_table(table, schema_name);
	Columns		columns;
	const Tool *tool;

	const char *nsp;

	check_readable(rel);
	nsp = get_namespace_name(RelationGetNamespace(rel));
	state->name = quote_qualified_identifier(nsp,
											 RelationGetRelationName(rel));
	tool = find_tool(rel, &columns);
	if (tool == NULL)
		refuse_unknown(state->name);
	state->numeric = tool->numeric;
	state->lists_all = tool->lists_all;
	state->versions = applied_versions(read_rows(rel, &columns, state));
	table_close(rel, NoLock);
	return state;
}

/*
 * Without a schema in its name it is looked for in the target schema, if there
 * is one.
 */
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
		"schema_migration", "flyway_schema_history",
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

/*
 * SELECT on the whole table: the rows are read by a scan, which checks
 * nothing.
 */
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

/* The tool whose table has the columns of this one, or NULL. */
static const Tool *
find_tool(Relation rel, Columns *columns)
{
	for (size_t i = 0; i < lengthof(tools); i++)
	{
		const Tool *tool = &tools[i];

		if (has_columns(RelationGetDescr(rel), tool, columns) &&
			(tool->not_beside == NULL ||
			 !OidIsValid(get_relname_relid(tool->not_beside,
										   RelationGetNamespace(rel)))))
			return tool;
	}
	return NULL;
}

/*
 * All columns of the tool must be there; those that it has besides, as later
 * versions do, do not matter.
 */
static bool
has_columns(TupleDesc desc, const Tool *tool, Columns *columns)
{
	int			known = 0;
	int			found = 0;

	memset(columns, 0, sizeof(*columns));
	while (tool->columns[known].name != NULL)
		known++;
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		const Column *column = tool->columns;

		if (att->attisdropped)
			continue;
		while (column->name != NULL &&
			   strcmp(column->name, NameStr(att->attname)) != 0)
			column++;
		if (column->name == NULL || !is_of_kind(att->atttypid, column->kind))
			return false;
		columns->number[column->meaning] = att->attnum;
		found++;
	}
	return found == known;
}

/* By the types that the tools really use. */
static bool
is_of_kind(Oid type, Kind kind)
{
	switch (kind)
	{
		case A_NUMBER:
			return type == INT4OID || type == INT8OID;
		case A_TEXT:
			return type == TEXTOID || type == VARCHAROID;
		case A_BOOLEAN:
			return type == BOOLOID;
		case A_TIME:
			return type == TIMESTAMPOID || type == TIMESTAMPTZOID;
	}
	return false;
}

/* Says what it would have known. */
static void
refuse_unknown(const char *name)
{
	StringInfoData known;

	initStringInfo(&known);
	for (size_t i = 0; i < lengthof(tools); i++)
	{
		appendStringInfo(&known, "%s%s (", i == 0 ? "" :
						 i + 1 < lengthof(tools) ? ", " : " and ",
						 tools[i].name);
		for (const Column *column = tools[i].columns; column->name != NULL;
			 column++)
			appendStringInfo(&known, "%s%s", column == tools[i].columns ?
							 "" : ", ", column->name);
		appendStringInfoChar(&known, ')');
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
			 errmsg("table %s is no version table that is known", name),
			 errdetail("Known are those of %s, with these columns and no others.",
					   known.data),
			 errhint("migrate_stamp() records by hand what is applied.")));
}

/* The rows about versions: list of Row *. */
static List *
read_rows(Relation rel, const Columns *columns, const MigVersionTable *state)
{
	Snapshot	snapshot = RegisterSnapshot(GetTransactionSnapshot());
	TableScanDesc scan = mig_table_beginscan(rel, snapshot);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	List	   *rows = NIL;

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		Row		   *row;

		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		row = read_row(slot, columns, state);
		if (row->version != NULL)
			rows = lappend(rows, row);
	}
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	UnregisterSnapshot(snapshot);
	return rows;
}

/*
 * A migration that has failed is refused at once: nobody knows what it has
 * left.
 */
static Row *
read_row(const TupleTableSlot *slot, const Columns *columns,
		 const MigVersionTable *state)
{
	const AttrNumber *number = columns->number;
	Row		   *row = palloc0(sizeof(Row));
	char	   *order = value_text(slot, number[IS_ORDER]);
	char	   *kind = value_text(slot, number[IS_KIND]);

	row->version = value_text(slot, number[IS_VERSION]);
	if (value_bool(slot, number[IS_BROKEN], false))
		refuse_failed(state, row->version, true);
	if (!value_bool(slot, number[IS_SUCCESS], true))
		refuse_failed(state, row->version, false);
	row->order = order == NULL ? 0 : strtoi64(order, NULL, 10);
	row->is_applied = value_bool(slot, number[IS_APPLIED], true) &&
		(kind == NULL || !is_undone(kind));
	/* goose itself puts in a row for version 0 */
	if (number[IS_APPLIED] != 0 && row->version != NULL &&
		strcmp(row->version, "0") == 0)
		row->version = NULL;
	return row;
}

/* Does such a row of Flyway say that a version is applied no longer? */
static bool
is_undone(const char *kind)
{
	return strncmp(kind, "UNDO", 4) == 0 || strcmp(kind, "DELETE") == 0;
}

/* A boolean; null is false, and without is for no such column. */
static bool
value_bool(const TupleTableSlot *slot, AttrNumber column, bool without)
{
	if (column == 0)
		return without;
	return !slot->tts_isnull[column - 1] &&
		DatumGetBool(slot->tts_values[column - 1]);
}

/* A number or text as text; NULL if it is null, or there is no such column. */
static char *
value_text(const TupleTableSlot *slot, AttrNumber column)
{
	Datum		value;

	if (column == 0 || slot->tts_isnull[column - 1])
		return NULL;
	value = slot->tts_values[column - 1];
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

/* By version, then by the order in which the tool applied them. */
static int
compare_rows(const ListCell *a, const ListCell *b)
{
	const Row  *x = lfirst(a);
	const Row  *y = lfirst(b);
	int			order = strcmp(x->version, y->version);

	if (order != 0)
		return order;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Of the rows about a version the last one counts. */
static List *
applied_versions(List *rows)
{
	List	   *versions = NIL;

	list_sort(rows, compare_rows);
	for (int i = 0; i < list_length(rows); i++)
	{
		const Row  *row = list_nth(rows, i);
		const Row  *next;

		next = i + 1 < list_length(rows) ? list_nth(rows, i + 1) : NULL;
		if (row->is_applied &&
			(next == NULL || strcmp(next->version, row->version) != 0))
			versions = lappend(versions, row->version);
	}
	return versions;
}

/* The version is NULL for what Flyway repeats. */
static void
refuse_failed(const MigVersionTable *state, const char *version,
			  bool is_dirty)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 version == NULL ?
			 errmsg("a row of table %s is marked as %s", state->name,
					is_dirty ? "dirty" : "failed") :
			 errmsg("version %s in table %s is marked as %s", version,
					state->name, is_dirty ? "dirty" : "failed"),
			 errdetail("The tool broke off in the middle of it."),
			 is_dirty ?
			 errhint("Mend the schema by hand, set version and dirty as it is then, and try again.") :
			 errhint("Mend the schema by hand, have the tool repair its table, and try again.")));
}
