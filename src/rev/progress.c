/*-------------------------------------------------------------------------
 *
 * rev/progress.c
 *	  How far a non-transactional revision has come.
 *
 * A mark is committed before a statement that cannot run in a transaction,
 * and completed after it; a transactional statement is marked as done in its
 * own transaction.  The marks of a revision go when it is recorded.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/progress.h"

#include "catalog/pg_type.h"

static void fill_params(MigParam *params, const MigMarks *marks,
						int statement);
static void get_done(TupleTableSlot *slot, void *arg);
static void get_number(TupleTableSlot *slot, void *arg);

/* Schema, revision, direction and statement as parameters $1 to $4. */
static void
fill_params(MigParam *params, const MigMarks *marks, int statement)
{
	params[0] = mig_text_param(marks->schema_name);
	params[1] = mig_text_param(marks->revision);
	params[2] = mig_text_param(mig_direction_name(marks->direction));
	params[3] = MIG_PARAM(INT4OID, Int32GetDatum(statement));
}

/* The mark of a statement, counted from 1. */
MigMark
mig_progress_get(const MigMarks *marks, int statement)
{
	MigParam	params[4];
	MigMark		mark = MIG_MARK_NONE;
	MigSpi		spi;

	fill_params(params, marks, statement);
	mig_spi_begin(&spi, marks->nsp, false);
	mig_spi_each(&spi,
				 "SELECT done FROM @migrate_progress WHERE schema_name = $1"
				 " AND revision = $2 AND direction = $3 AND statement = $4",
				 lengthof(params), params, get_done, &mark);
	mig_spi_end(&spi);
	return mark;
}

/* A row is a mark; without one arg stays what it was. */
static void
get_done(TupleTableSlot *slot, void *arg)
{
	*(MigMark *) arg = DatumGetBool(mig_slot_value(slot, 1)) ?
		MIG_MARK_DONE : MIG_MARK_STARTED;
}

/* Mark a statement as begun, or as done. */
void
mig_progress_put(const MigMarks *marks, int statement, bool done)
{
	MigParam	params[4];
	MigSpi		spi;

	fill_params(params, marks, statement);
	mig_spi_begin(&spi, marks->nsp, false);
	if (done)
		mig_spi_write(&spi,
					  "INSERT INTO @migrate_progress"
					  " VALUES ($1, $2, $3, $4, pg_catalog.clock_timestamp(), true)"
					  " ON CONFLICT (schema_name, revision, direction, statement)"
					  " DO UPDATE SET done = true",
					  lengthof(params), params);
	else
		mig_spi_write(&spi,
					  "INSERT INTO @migrate_progress"
					  " VALUES ($1, $2, $3, $4, pg_catalog.clock_timestamp(), false)"
					  " ON CONFLICT (schema_name, revision, direction, statement)"
					  " DO UPDATE SET started_at = excluded.started_at",
					  lengthof(params), params);
	mig_spi_end(&spi);
}

/* Forget that a statement was begun. */
void
mig_progress_withdraw(const MigMarks *marks, int statement)
{
	MigParam	params[4];
	MigSpi		spi;

	fill_params(params, marks, statement);
	mig_spi_begin(&spi, marks->nsp, false);
	mig_spi_write(&spi,
				  "DELETE FROM @migrate_progress WHERE schema_name = $1"
				  " AND revision = $2 AND direction = $3 AND statement = $4"
				  " AND NOT done",
				  lengthof(params), params);
	mig_spi_end(&spi);
}

/* Forget the marks of a revision. */
void
mig_progress_clear(const MigMarks *marks)
{
	MigParam	params[4];
	MigSpi		spi;

	fill_params(params, marks, 0);
	mig_spi_begin(&spi, marks->nsp, false);
	mig_spi_write(&spi,
				  "DELETE FROM @migrate_progress WHERE schema_name = $1"
				  " AND revision = $2 AND direction = $3",
				  3, params);
	mig_spi_end(&spi);
}

/*
 * The last statement of a revision's script that is done in any target schema
 * though the revision is not; 0 if there is none.
 */
int
mig_progress_last(Oid nsp, const char *revision, MigDirection direction)
{
	MigParam	params[] = {
		mig_text_param(revision),
		mig_text_param(mig_direction_name(direction)),
	};
	int			last = 0;
	MigSpi		spi;

	mig_spi_begin(&spi, nsp, false);
	mig_spi_each(&spi,
				 "SELECT coalesce(pg_catalog.max(statement), 0) FROM @migrate_progress"
				 " WHERE revision = $1 AND direction = $2 AND done",
				 lengthof(params), params, get_number, &last);
	mig_spi_end(&spi);
	return last;
}

static void
get_number(TupleTableSlot *slot, void *arg)
{
	*(int *) arg = DatumGetInt32(mig_slot_value(slot, 1));
}
