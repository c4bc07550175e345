/*-------------------------------------------------------------------------
 *
 * run/new_label.c
 *	  Values that a script adds to an enumerated type, for use at once.
 *
 * The server lets nobody use a value in the transaction that has added it
 * (55P04): rolled back, the transaction would leave it in pages of indexes,
 * where it could not be compared any more.  Pages that are new go with the
 * transaction.  So where all tables that hold the type are empty or were made
 * by the transaction their indexes are made anew, which takes no time, and
 * the values count as committed.
 *
 * A table with rows is not looked at further: what it has for indexes is not
 * to decide over what a script may do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/new_label.h"

#include "compat.h"
#include "util/enum_labels.h"
#include "util/spi.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/index.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "parser/parse_type.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* Where values of a type are. */
typedef struct Holders
{
	bool		any_rows;		/* in a table that was there before */
	List	   *indexes;		/* OIDs of those that were */
} Holders;

static const char query[] =
"WITH RECURSIVE built AS (SELECT $1 AS oid UNION SELECT x.oid FROM built b CROSS JOIN LATERAL ("
" SELECT t.oid FROM pg_catalog.pg_type t WHERE b.oid IN (typelem, typbasetype)"
" UNION ALL SELECT pg_catalog.unnest(ARRAY[rngtypid, rngmultitypid]) FROM pg_catalog.pg_range WHERE rngsubtype = b.oid"
" UNION ALL SELECT reltype FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class c ON c.oid = attrelid"
" WHERE atttypid = b.oid AND reltype <> 0) x)"
" SELECT DISTINCT COALESCE(indrelid, c.oid), COALESCE(indexrelid, 0)"
" FROM built b JOIN pg_catalog.pg_attribute ON atttypid = b.oid JOIN pg_catalog.pg_class c ON c.oid = attrelid"
" LEFT JOIN pg_catalog.pg_index ON indexrelid = c.oid WHERE relkind IN ('r', 'm', 'i')";

static void add_holder(TupleTableSlot *slot, void *arg);
static bool is_new(Relation rel);
static bool may_be_remade(Relation rel);
static bool has_row(Relation rel);
static void remake_index(Oid index);

/*
 * Let the values that a statement has added be used in the transaction, if
 * that can be.
 */
void
mig_new_label_admit(const AlterEnumStmt *stmt)
{
	Holders		holders = {0};
	MigSpi		spi;
	MigParam	param;
	Oid			type;
	ListCell   *lc;

	CommandCounterIncrement();
	type = LookupTypeNameOid(NULL, makeTypeNameFromNameList(stmt->typeName),
							 true);
	param = MIG_PARAM(OIDOID, ObjectIdGetDatum(type));
	mig_spi_begin_catalog(&spi, NULL);
	mig_spi_each(&spi, query, 1, &param, add_holder, &holders);
	mig_spi_end(&spi);
	if (holders.any_rows)
		return;
	foreach(lc, holders.indexes)
		remake_index(lfirst_oid(lc));
	mig_enum_labels_admit(type);
}

/* Note a table, or an index and its table; the locks are kept. */
static void
add_holder(TupleTableSlot *slot, void *arg)
{
	Holders    *holders = arg;
	Oid			index = DatumGetObjectId(mig_slot_value(slot, 2));
	Relation	rel;

	if (holders->any_rows)
		return;
	rel = try_table_open(DatumGetObjectId(mig_slot_value(slot, 1)),
						 AccessShareLock);
	if (rel == NULL)
		return;
	if (!is_new(rel))
	{
		holders->any_rows = !may_be_remade(rel) || has_row(rel);
		if (OidIsValid(index))
			holders->indexes = lappend_oid(holders->indexes, index);
	}
	table_close(rel, NoLock);
}

/* Is all that it holds, and what its indexes hold, of this transaction? */
static bool
is_new(Relation rel)
{
	return rel->rd_createSubid != InvalidSubTransactionId;
}

/* Others' temporary tables cannot even be read. */
static bool
may_be_remade(Relation rel)
{
	return !RELATION_IS_OTHER_TEMP(rel) &&
		object_ownercheck(RelationRelationId, RelationGetRelid(rel),
						  GetUserId());
}

static bool
has_row(Relation rel)
{
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TableScanDesc scan = mig_table_beginscan(rel, snapshot);
	bool		found = table_scan_getnextslot(scan, ForwardScanDirection,
											   slot);

	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	return found;
}

/* Rows that were added just now go with it. */
static void
remake_index(Oid index)
{
	ReindexParams params = {0};

	mig_reindex_index(index, get_rel_persistence(index), &params);
}
