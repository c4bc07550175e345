/*-------------------------------------------------------------------------
 *
 * rev/tables.c
 *	  Our tables, open for look-ups by index.
 *
 * What a run at head or a plan near the heads needs is a handful of index
 * look-ups.  They are made directly, without the planner: no setting and no
 * stale statistics can turn them into something slow, and no privilege on the
 * tables is needed.  Writing the revisions is store.c's matter.
 *
 * A MigTables holds AccessShareLock on the tables and a registered snapshot
 * from mig_tables_open() to mig_tables_close(); an error releases both.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "rev/tables.h"
#include "util/error.h"
#include "util/row.h"
#include "util/spi.h"
#include "util/sql.h"
#include "util/version.h"

#include "access/detoast.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#define KNOWN_NAMES	16

/* A relation of ours, found by its name. */
typedef struct KnownName
{
	const char *name;			/* by its address; NULL: none */
	Oid			nsp;
	Oid			relid;
} KnownName;

static KnownName known_names[KNOWN_NAMES];

/* a name that is being looked up meanwhile is not kept */
static uint64 times_forgotten = 0;

static Oid	find_name(const char *name, Oid nsp);
static void forget_names(Datum arg, int cacheid, uint32 hashvalue);
static MigColumns columns_of(Relation rel, HeapTuple tuple, int count,
							 uint32 nullable);
static void check_nulls(Relation rel, const bool *isnull, int count,
						uint32 nullable);
pg_noreturn static void refuse_null(Relation rel, AttrNumber column);
static void take_script(MigTables *tables, MigRow *row, Datum script);

/*
 * Open our tables.
 *
 * With read_only everything is seen as by the calling query; otherwise with a
 * new snapshot (in READ COMMITTED), which sees what this command did before.
 */
void
mig_tables_open(MigTables *tables, Oid nsp, const char *schema_name,
				bool read_only)
{
	(void) mig_version_check(nsp, true);
	tables->nsp = nsp;
	tables->schema_name = schema_name;
	tables->read_only = read_only;
	tables->with_scripts = false;
	tables->script_room = work_mem * (Size) 1024;
	tables->revision = mig_table_open("migrate_revision", nsp);
	tables->edge = NULL;
	tables->applied = mig_table_open("migrate_applied", nsp);
	tables->snapshot = RegisterSnapshot(read_only ? GetActiveSnapshot() :
										GetTransactionSnapshot());
}

/* The locks are let go: another look may find another state. */
void
mig_tables_close(MigTables *tables)
{
	UnregisterSnapshot(tables->snapshot);
	table_close(tables->applied, AccessShareLock);
	if (tables->edge != NULL)
		table_close(tables->edge, AccessShareLock);
	table_close(tables->revision, AccessShareLock);
}

/* Most looks at the end of a history need no edges. */
Relation
mig_tables_edge(MigTables *tables)
{
	if (tables->edge == NULL)
		tables->edge = mig_table_open("migrate_edge", tables->nsp);
	return tables->edge;
}

/* Open one of our tables for reading; the caller closes it. */
Relation
mig_table_open(const char *name, Oid nsp)
{
	Oid			relid = find_name(name, nsp);
	Relation	rel;

	rel = OidIsValid(relid) ?
		try_relation_open(relid, AccessShareLock) : NULL;
	if (rel == NULL)
		mig_refuse_missing(ERRCODE_UNDEFINED_TABLE,
						   psprintf("table \"%s\"", name), nsp);
	return rel;
}

/*
 * get_relname_relid(), for a twentieth of its price.  Names are literals of
 * ours, so that few pointers come.
 */
static Oid
find_name(const char *name, Oid nsp)
{
	static bool watched = false;
	static int	next = 0;
	uint64		before;
	KnownName  *slot;
	Oid			relid;

	for (int i = 0; i < KNOWN_NAMES; i++)
	{
		if (known_names[i].name == name && known_names[i].nsp == nsp)
			return known_names[i].relid;
	}
	if (!watched)
	{
		CacheRegisterSyscacheCallback(RELNAMENSP, forget_names, (Datum) 0);
		watched = true;
	}
	before = times_forgotten;
	relid = get_relname_relid(name, nsp);
	if (!OidIsValid(relid) || before != times_forgotten)
		return relid;
	slot = &known_names[next++ % KNOWN_NAMES];
	slot->name = name;
	slot->nsp = nsp;
	slot->relid = relid;
	return relid;
}

/* Some relation has another name, or is gone. */
static void
forget_names(Datum arg, int cacheid, uint32 hashvalue)
{
	memset(known_names, 0, sizeof(known_names));
	times_forgotten++;
}

/* The OID of one of our indexes. */
Oid
mig_index_of(const char *name, Oid nsp)
{
	Oid			relid = find_name(name, nsp);

	if (!OidIsValid(relid))
		mig_refuse_missing(ERRCODE_UNDEFINED_OBJECT,
						   psprintf("index \"%s\"", name), nsp);
	return relid;
}

/* A scan key: a text column equals a value. */
void
mig_text_key(ScanKey key, AttrNumber column, const char *value)
{
	ScanKeyInit(key, column, BTEqualStrategyNumber, F_TEXTEQ,
				CStringGetTextDatum(value));
}

/*
 * Look a revision up.  *tuple is set to its row, or NULL; it is good until
 * the scan is ended, which is the caller's duty in both cases.
 */
SysScanDesc
mig_scan_revision(MigTables *tables, const char *revision, HeapTuple *tuple)
{
	ScanKeyData key;
	SysScanDesc scan;

	mig_text_key(&key, REV_REVISION, revision);
	scan = systable_beginscan(tables->revision,
							  mig_index_of("migrate_revision_pkey", tables->nsp),
							  true, tables->snapshot, 1, &key);
	*tuple = systable_getnext(scan);
	return scan;
}

/* The same for what is applied in the target schema. */
SysScanDesc
mig_scan_applied(MigTables *tables, const char *revision, HeapTuple *tuple)
{
	ScanKeyData key[2];
	SysScanDesc scan;

	mig_text_key(&key[0], APPLIED_SCHEMA, tables->schema_name);
	mig_text_key(&key[1], APPLIED_REVISION, revision);
	scan = systable_beginscan(tables->applied,
							  mig_index_of("migrate_applied_pkey", tables->nsp),
							  true, tables->snapshot, 2, key);
	*tuple = systable_getnext(scan);
	return scan;
}

/*
 * The row of a revision where a graph has read it, which takes a tenth of
 * looking it up; NULL if it does not stand there any more.  slot is one of
 * the table.
 */
HeapTuple
mig_fetch_revision(MigTables *tables, const MigRow *row, TupleTableSlot *slot)
{
	ItemPointerData place = row->place;

	if (!mig_row_place_exists(tables->revision, &place) ||
		!table_tuple_fetch_row_version(tables->revision, &place,
									   tables->snapshot, slot) ||
		!mig_slot_has_text(slot, REV_REVISION, row->revision))
		return NULL;
	return ExecFetchSlotHeapTuple(slot, false, NULL);
}

/*
 * The children of all edges that end at a name: those of a kind, or
 * MIG_EDGE_ANY.
 */
List *
mig_edges_to(MigTables *tables, const char *parent, char kind)
{
	Relation	edge = mig_tables_edge(tables);
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *children = NIL;

	mig_text_key(&key[0], EDGE_PARENT, parent);
	ScanKeyInit(&key[1], EDGE_KIND, BTEqualStrategyNumber, F_CHAREQ,
				CharGetDatum(kind));
	scan = systable_beginscan(edge,
							  mig_index_of("migrate_edge_parent_idx", tables->nsp),
							  true, tables->snapshot,
							  kind == MIG_EDGE_ANY ? 1 : 2, key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Datum		child = mig_column(edge, tuple, EDGE_CHILD);

		children = lappend(children, TextDatumGetCString(child));
	}
	systable_endscan(scan);
	return children;
}

/*
 * Begin to read rows of an index in its order.  Unlike systable_beginscan()
 * this never falls back to reading the whole table, where the condition of a
 * partial index would be lost.
 */
void
mig_index_scan_begin(MigIndexScan *scan, MigTables *tables, Relation rel,
					 const char *index, int nkeys, ScanKey keys)
{
	scan->index = index_open(mig_index_of(index, tables->nsp),
							 AccessShareLock);
	scan->desc = systable_beginscan_ordered(rel, scan->index,
											tables->snapshot, nkeys, keys);
}

/* The next row, or NULL. */
HeapTuple
mig_index_scan_next(MigIndexScan *scan, ScanDirection direction)
{
	return systable_getnext_ordered(scan->desc, direction);
}

void
mig_index_scan_end(MigIndexScan *scan)
{
	systable_endscan_ordered(scan->desc);
	index_close(scan->index, AccessShareLock);
}

/*
 * Take a row apart.  A later version of the extension may have added columns;
 * the values may point into the tuple.
 */
static MigColumns
columns_of(Relation rel, HeapTuple tuple, int count, uint32 nullable)
{
	int			n = RelationGetNumberOfAttributes(rel);
	MigColumns	columns;

	columns.values = palloc(n * sizeof(Datum));
	columns.isnull = palloc(n * sizeof(bool));
	heap_deform_tuple(tuple, RelationGetDescr(rel), columns.values,
					  columns.isnull);
	check_nulls(rel, columns.isnull, count, nullable);
	return columns;
}

/*
 * A NULL where there must be none is an error, since somebody has written the
 * table by hand.
 */
MigColumns
mig_revision_columns(const MigTables *tables, HeapTuple tuple)
{
	return columns_of(tables->revision, tuple, REV_COLUMNS, REV_NULLABLE);
}

/* See mig_revision_columns(). */
MigColumns
mig_applied_columns(const MigTables *tables, HeapTuple tuple)
{
	return columns_of(tables->applied, tuple, APPLIED_COLUMNS,
					  APPLIED_NULLABLE);
}

/*
 * Raise MG008 if one of the first columns is null that must not be: somebody
 * has changed the table's definition and its rows.
 */
static void
check_nulls(Relation rel, const bool *isnull, int count, uint32 nullable)
{
	for (int i = 0; i < count; i++)
	{
		if (i >= RelationGetNumberOfAttributes(rel) ||
			(isnull[i] && (nullable & (1 << (i + 1))) == 0))
			refuse_null(rel, i + 1);
	}
}

/* One column of a row, which must not be null; MG008 if it is. */
Datum
mig_column(Relation rel, HeapTuple tuple, AttrNumber column)
{
	bool		isnull = true;
	Datum		value = (Datum) 0;

	if (column <= RelationGetNumberOfAttributes(rel))
		value = heap_getattr(tuple, column, RelationGetDescr(rel), &isnull);
	if (isnull)
		refuse_null(rel, column);
	return value;
}

/* The column is named by its number where it is gone. */
static void
refuse_null(Relation rel, AttrNumber column)
{
	const char *name = psprintf("%d", column);

	if (column <= RelationGetNumberOfAttributes(rel))
		name = psprintf("\"%s\"", NameStr(TupleDescAttr(RelationGetDescr(rel),
														column - 1)->attname));
	ereport(ERROR,
			(errcode(ERRCODE_MIG_CONTRADICTION),
			 errmsg("table \"%s\" of extension \"pg_migrations\" lacks a value in column %s",
					RelationGetRelationName(rel), name),
			 errdetail("The table was changed by hand."),
			 errhint("Restore the tables of the extension from a dump.")));
}

/*
 * A row of migrate_revision, without what is applied; what a graph keeps of it
 * is in a context, the parents are in the current one.
 */
MigRow
mig_row_from_tuple(MigTables *tables, MemoryContext context,
				   HeapTuple tuple, const MigColumns *columns)
{
	const Datum *values = columns->values;
	const bool *isnull = columns->isnull;
	MigRow		row = {0};
	MemoryContext old;
	int			script;

	row.place = tuple->t_self;
	row.down = mig_text_array_list(values[REV_DOWN - 1]);
	old = MemoryContextSwitchTo(context);
	row.revision = TextDatumGetCString(values[REV_REVISION - 1]);
	row.message = TextDatumGetCString(values[REV_MESSAGE - 1]);
	row.stored_by = TextDatumGetCString(values[REV_STORED_BY - 1]);
	row.requires = mig_text_array_list(values[REV_REQUIRES - 1]);
	row.depends_on = mig_text_array_list(values[REV_DEPENDS - 1]);
	row.labels = mig_text_array_list(values[REV_LABELS - 1]);
	row.created_at = DatumGetTimestampTz(values[REV_CREATED_AT - 1]);
	row.generation = DatumGetInt32(values[REV_GENERATION - 1]);
	row.is_head = DatumGetBool(values[REV_IS_HEAD - 1]);
	row.is_real_head = DatumGetBool(values[REV_IS_REAL_HEAD - 1]);
	row.transactional = DatumGetBool(values[REV_TRANSACTIONAL - 1]);
	row.irreversible = isnull[REV_DOWNGRADE - 1];
	script = tables->direction == MIG_UPGRADE ? REV_UPGRADE : REV_DOWNGRADE;
	if (tables->with_scripts && !isnull[script - 1])
		take_script(tables, &row, values[script - 1]);
	row.counts.upgrade = DatumGetInt32(values[REV_UPGRADE_COUNT - 1]);
	row.counts.downgrade = DatumGetInt32(values[REV_DOWNGRADE_COUNT - 1]);
	row.counts.verify = DatumGetInt32(values[REV_VERIFY_COUNT - 1]);
	MemoryContextSwitchTo(old);
	return row;
}

/* What finds no room is read where it is needed. */
static void
take_script(MigTables *tables, MigRow *row, Datum script)
{
	Size		size = toast_raw_datum_size(script);

	row->script_apart = size > tables->script_room;
	if (row->script_apart)
		return;
	tables->script_room -= size;
	row->script = DatumGetTextPCopy(script);
}
