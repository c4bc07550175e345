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

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

static void fill(const MigRowWriter * writer, int n, const MigParam *columns);
static void check_column(const MigRowWriter * writer, AttrNumber column,
						 Oid type);

/* Open a table.  The lock is kept; mig_row_writer_end() does the rest. */
void
mig_row_writer_begin(MigRowWriter * writer, const MigSpi *spi,
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

/* Add a row; columns behind those that are given are null. */
void
mig_row_insert(MigRowWriter * writer, int n, const MigParam *columns)
{
	fill(writer, n, columns);
	ExecSimpleRelationInsert(writer->result, writer->estate, writer->row);
	ResetPerTupleExprContext(writer->estate);
}

/*
 * Look for the row with a key, which is the first columns of the table, and
 * lock it, when those who are changing it have ended.
 */
bool
mig_row_find(MigRowWriter * writer, int n, const MigParam *key)
{
	Oid			index = mig_primary_key_index(writer->rel);

	if (!OidIsValid(index))
		mig_refuse_missing(ERRCODE_UNDEFINED_OBJECT,
						   psprintf("primary key of table \"%s\"",
									RelationGetRelationName(writer->rel)),
						   RelationGetNamespace(writer->rel));
	fill(writer, n, key);
	return mig_find_row(writer->rel, index, LockTupleExclusive, writer->row,
						writer->found);
}

/* A column of the row that was found, which must not be null. */
Datum
mig_row_value(MigRowWriter * writer, AttrNumber column)
{
	return mig_slot_value(writer->found, column);
}

/* Change a column of the row that was found. */
void
mig_row_change(MigRowWriter * writer, AttrNumber column, MigParam value)
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
	ExecSimpleRelationUpdate(writer->result, writer->estate, &no_triggers,
							 found, row);
	ResetPerTupleExprContext(writer->estate);
}

/* Delete the row that was found. */
void
mig_row_delete(MigRowWriter * writer)
{
	EPQState	no_triggers = {0};

	ExecSimpleRelationDelete(writer->result, writer->estate, &no_triggers,
							 writer->found);
}

/* What was written is seen by what follows. */
void
mig_row_writer_end(MigRowWriter * writer)
{
	ExecDropSingleTupleTableSlot(writer->row);
	ExecDropSingleTupleTableSlot(writer->found);
	ExecCloseIndices(writer->result);
	FreeExecutorState(writer->estate);
	table_close(writer->rel, NoLock);
	PopActiveSnapshot();
	CommandCounterIncrement();
}

/* The values live as long as the parameters do. */
static void
fill(const MigRowWriter * writer, int n, const MigParam *columns)
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
	ExecStoreVirtualTuple(row);
}

/* Raise MG008 if somebody has changed the table. */
static void
check_column(const MigRowWriter * writer, AttrNumber column, Oid type)
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
