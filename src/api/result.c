/*-------------------------------------------------------------------------
 *
 * api/result.c
 *	  Rows that SQL functions return.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/result.h"
#include "util/sql.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

static void check_room(const MigResultRow *row);

/* Prepare a function to return a set, and a row to be filled. */
void
mig_result_begin(FunctionCallInfo fcinfo, MigResultRow *row)
{
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	row->rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	row->values_in = NULL;
	row->n = 0;
}

/*
 * Thousands of rows may follow: whatever is allocated for one goes with it.
 * Returns the context to switch back to.
 */
MemoryContext
mig_result_many(MigResultRow *row)
{
	row->no_texts = mig_text_array(NIL);
	row->values_in = AllocSetContextCreate(CurrentMemoryContext,
										   "pg_migrations row",
										   ALLOCSET_DEFAULT_SIZES);
	return MemoryContextSwitchTo(row->values_in);
}

/* Add a column. */
void
mig_result_add(MigResultRow *row, Datum value)
{
	check_room(row);
	row->nulls[row->n] = false;
	row->values[row->n++] = value;
}

void
mig_result_add_null(MigResultRow *row)
{
	check_room(row);
	row->nulls[row->n++] = true;
}

/*
 * The SQL script may be of another version than the library, so that these
 * are no mere assertions.
 */
static void
check_room(const MigResultRow *row)
{
	if (row->n >= Min(row->rsinfo->setDesc->natts,
					  (int) lengthof(row->values)))
		elog(ERROR, "row has more columns than the %d of the function",
			 row->rsinfo->setDesc->natts);
}

/* A column of type text; NULL is null. */
void
mig_result_add_text(MigResultRow *row, const char *value)
{
	if (value == NULL)
		mig_result_add_null(row);
	else
		mig_result_add(row, CStringGetTextDatum(value));
}

/* A column of type text[], from strings. */
void
mig_result_add_texts(MigResultRow *row, const List *values)
{
	mig_result_add(row, values == NIL && row->values_in != NULL ?
				   row->no_texts : mig_text_array(values));
}

/* Return the row, and begin the next one. */
void
mig_result_end_row(MigResultRow *row)
{
	if (row->n != row->rsinfo->setDesc->natts)
		elog(ERROR, "row has %d columns instead of the %d of the function",
			 row->n, row->rsinfo->setDesc->natts);
	tuplestore_putvalues(row->rsinfo->setResult, row->rsinfo->setDesc,
						 row->values, row->nulls);
	row->n = 0;
	if (row->values_in != NULL)
		MemoryContextReset(row->values_in);
}

/* Return a text line by line. */
void
mig_result_lines(FunctionCallInfo fcinfo, const char *string)
{
	MigResultRow row;
	const char *line = string;

	mig_result_begin(fcinfo, &row);
	while (*line != '\0')
	{
		size_t		length = strcspn(line, "\n");

		CHECK_FOR_INTERRUPTS();
		mig_result_add(&row,
					   PointerGetDatum(cstring_to_text_with_len(line,
																length)));
		mig_result_end_row(&row);
		line += length + (line[length] == '\n');
	}
}
