/*-------------------------------------------------------------------------
 *
 * util/row.c
 *	  Writes single rows of our tables, without a plan.
 *
 * What a run records are a few rows that are found by their key.  Statements
 * for them cost several times what the rows do.  The calls of the executor by
 * which a subscriber applies what it is sent fill indexes and check
 * constraints as statements do.
 *
 * Callers are between mig_spi_begin() and mig_spi_end(): no trigger, rule or
 * policy is passed over, and the expressions of the table run as its owner.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "util/error.h"
#include "util/row.h"
#include "util/version.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/nodeModifyTable.h"
#include "rewrite/rewriteHandler.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

static bool find_tid(const MigRowWriter *writer, Oid index, int n,
					 const char *const *key, ItemPointer tid);
static TM_Result lock_row(MigRowWriter *writer, ItemPointer tid);
static void compute_generated(const MigRowWriter *writer);
static void fill_defaults(MigRowWriter *writer, int n);
static void check_column(const MigRowWriter *writer, AttrNumber column,
						 Oid type);

/* Open a table.  The lock is kept; mig_row_writer_end() does the rest. */
void
mig_row_writer_begin(MigRowWriter *writer, const MigSpi *spi,
					 const char *table)
{
	Oid			relid = get_relname_relid(table, spi->nsp);

	Assert(!spi->read_only);
	if (!OidIsValid(relid))
		mig_refuse_missing(ERRCODE_UNDEFINED_TABLE,
						   psprintf("table \"%s\"", table), spi->nsp);
	PushActiveSnapshot(GetTransactionSnapshot());
	writer->rel = table_open(relid, RowExclusiveLock);
	writer->estate = CreateExecutorState();
	writer->result = makeNode(ResultRelInfo);
	InitResultRelInfo(writer->result, writer->rel, 0, NULL, 0);
	ExecOpenIndices(writer->result, false);
	writer->row = table_slot_create(writer->rel, NULL);
	writer->found = table_slot_create(writer->rel, NULL);
}

/* Add a row, of which the first columns are given. */
void
mig_row_insert(MigRowWriter *writer, int n, const MigParam *columns)
{
	TupleTableSlot *row = ExecClearTuple(writer->row);

	memset(row->tts_isnull, true,
		   row->tts_tupleDescriptor->natts * sizeof(bool));
	for (int i = 0; i < n; i++)
	{
		check_column(writer, i + 1, columns[i].type);
		row->tts_values[i] = columns[i].value;
		row->tts_isnull[i] = columns[i].isnull;
	}
	fill_defaults(writer, n);
	ExecStoreVirtualTuple(row);
	ExecSimpleRelationInsert(writer->result, writer->estate, row);
	ResetPerTupleExprContext(writer->estate);
}

/*
 * Look for the row with a key, which is the first columns of the table, each a
 * text, and lock it.
 *
 * Like a statement this waits for those who are changing the row.  What they
 * leave is found in READ COMMITTED; with a snapshot of the transaction it is a
 * serialization failure.
 */
bool
mig_row_find(MigRowWriter *writer, const char *index, int n,
			 const char *const *key)
{
	Oid			relid;

	relid = get_relname_relid(index, RelationGetNamespace(writer->rel));
	if (!OidIsValid(relid))
		mig_refuse_missing(ERRCODE_UNDEFINED_OBJECT,
						   psprintf("index \"%s\"", index),
						   RelationGetNamespace(writer->rel));
	for (int i = 0; i < n; i++)
		check_column(writer, i + 1, TEXTOID);
	for (;;)
	{
		ItemPointerData tid;
		TM_Result	result = TM_Ok;
		bool		found;

		PushActiveSnapshot(GetTransactionSnapshot());
		found = find_tid(writer, relid, n, key, &tid);
		if (found)
			result = lock_row(writer, &tid);
		PopActiveSnapshot();
		if (result == TM_Ok)
			return found;
		if (result != TM_Updated && result != TM_Deleted)
			elog(ERROR, "could not lock a row of table \"%s\": %d",
				 RelationGetRelationName(writer->rel), result);
		if (IsolationUsesXactSnapshot())
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("could not serialize access due to concurrent update")));
	}
}

static TM_Result
lock_row(MigRowWriter *writer, ItemPointer tid)
{
	TM_FailureData failure;

	return table_tuple_lock(writer->rel, tid, GetActiveSnapshot(),
							ExecClearTuple(writer->found),
							GetCurrentCommandId(false), LockTupleExclusive,
							LockWaitBlock,
							TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS, &failure);
}

/* Is there such a place?  The table may be shorter than it was. */
bool
mig_row_place_exists(Relation rel, const ItemPointerData *place)
{
	return ItemPointerIsValid(place) &&
		ItemPointerGetBlockNumber(place) < RelationGetNumberOfBlocks(rel);
}

/*
 * The same where the row was read before, for a tenth of the search.  False
 * if it does not stand there any more, or is being changed: then look for it.
 */
bool
mig_row_find_at(MigRowWriter *writer, const ItemPointerData *place, int n,
				const char *const *key)
{
	ItemPointerData tid = *place;
	bool		found;

	if (!mig_row_place_exists(writer->rel, &tid))
		return false;
	PushActiveSnapshot(GetTransactionSnapshot());
	found = table_tuple_fetch_row_version(writer->rel, &tid,
										  GetActiveSnapshot(), writer->found);
	for (int i = 0; i < n && found; i++)
		found = mig_slot_has_text(writer->found, i + 1, key[i]);
	found = found && lock_row(writer, &tid) == TM_Ok;
	PopActiveSnapshot();
	return found;
}

/* Where the row with a key is, as the active snapshot sees it. */
static bool
find_tid(const MigRowWriter *writer, Oid index, int n,
		 const char *const *key, ItemPointer tid)
{
	ScanKeyData keys[INDEX_MAX_KEYS];
	SysScanDesc scan;
	HeapTuple	tuple;

	for (int i = 0; i < n; i++)
		ScanKeyInit(&keys[i], i + 1, BTEqualStrategyNumber, F_TEXTEQ,
					CStringGetTextDatum(key[i]));
	scan = systable_beginscan(writer->rel, index, true, GetActiveSnapshot(),
							  n, keys);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		*tid = tuple->t_self;
	systable_endscan(scan);
	return HeapTupleIsValid(tuple);
}

/* A column of the row that was found, which must not be null. */
Datum
mig_row_value(MigRowWriter *writer, AttrNumber column)
{
	return mig_slot_value(writer->found, column);
}

/* Change a column of the row that was found. */
void
mig_row_change(MigRowWriter *writer, AttrNumber column, MigParam value)
{
	TupleTableSlot *row = ExecClearTuple(writer->row);
	TupleTableSlot *found = writer->found;
	EPQState	no_triggers = {0};
	int			n = found->tts_tupleDescriptor->natts;

	check_column(writer, column, value.type);
	slot_getallattrs(found);
	memcpy(row->tts_values, found->tts_values, n * sizeof(Datum));
	memcpy(row->tts_isnull, found->tts_isnull, n * sizeof(bool));
	row->tts_values[column - 1] = value.value;
	row->tts_isnull[column - 1] = value.isnull;
	ExecStoreVirtualTuple(row);
	compute_generated(writer);
	ExecSimpleRelationUpdate(writer->result, writer->estate, &no_triggers,
							 found, row);
	ResetPerTupleExprContext(writer->estate);
}

/*
 * Columns may have been added by hand.  An update computes those alone that
 * depend on columns it is said to set, which a plan would say.
 */
static void
compute_generated(const MigRowWriter *writer)
{
	TupleConstr *constr = RelationGetDescr(writer->rel)->constr;

	if (constr != NULL && constr->has_generated_stored)
		ExecComputeStoredGenerated(writer->result, writer->estate,
								   writer->row, CMD_INSERT);
}

/* Delete the row that was found. */
void
mig_row_delete(MigRowWriter *writer)
{
	EPQState	no_triggers = {0};

	ExecSimpleRelationDelete(writer->result, writer->estate, &no_triggers,
							 writer->found);
}

/* What was written is seen by what follows. */
void
mig_row_writer_end(MigRowWriter *writer)
{
	ExecDropSingleTupleTableSlot(writer->row);
	ExecDropSingleTupleTableSlot(writer->found);
	ExecCloseIndices(writer->result);
	FreeExecutorState(writer->estate);
	table_close(writer->rel, NoLock);
	PopActiveSnapshot();
	CommandCounterIncrement();
}

/*
 * Columns behind those that a row gives were added by hand; they have their
 * defaults, which are expressions of the table's owner.
 */
static void
fill_defaults(MigRowWriter *writer, int n)
{
	TupleTableSlot *row = writer->row;

	for (int i = n; i < row->tts_tupleDescriptor->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(row->tts_tupleDescriptor, i);
		Node	   *expr = NULL;
		ExprState  *state;

		if (!column->attisdropped && column->attgenerated == '\0')
			expr = build_column_default(writer->rel, i + 1);
		if (expr == NULL)
			continue;
		state = ExecPrepareExpr((Expr *) expr, writer->estate);
		row->tts_values[i] =
			ExecEvalExprSwitchContext(state,
									  GetPerTupleExprContext(writer->estate),
									  &row->tts_isnull[i]);
	}
}

/* Raise MG008 if somebody has changed the table. */
static void
check_column(const MigRowWriter *writer, AttrNumber column, Oid type)
{
	TupleDesc	desc = RelationGetDescr(writer->rel);

	if (column <= desc->natts &&
		TupleDescAttr(desc, column - 1)->atttypid == type)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_MIG_CONTRADICTION),
			 errmsg("column %d of table \"%s\" of extension \"pg_migrations\" is not of type %s",
					column, RelationGetRelationName(writer->rel),
					format_type_be(type)),
			 errdetail("The table was changed by hand."),
			 errhint("Restore the tables of the extension from a dump.")));
}
