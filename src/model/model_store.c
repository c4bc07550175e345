/*-------------------------------------------------------------------------
 *
 * model/model_store.c
 *	  Models as they are stored.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/model_store.h"
#include "rev/trust.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "util/guc.h"
#include "util/spi.h"
#include "util/sql.h"

static void take_row(TupleTableSlot *slot, void *arg);
static List *list_of(TupleTableSlot *slot, int column);

/* The model of a branch in the current memory context, or NULL. */
MigStoredModel *
mig_model_store_read(Oid nsp, const char *branch)
{
	MigStoredModel *wanted = NULL;
	MigParam	param = mig_text_param(branch);
	MigSpi		spi;

	mig_spi_begin(&spi, nsp, true);
	mig_spi_each(&spi,
				 "SELECT ddl, include, exclude, updated_by FROM @migrate_model"
				 " WHERE branch = $1", 1, &param, take_row, &wanted);
	mig_spi_end(&spi);
	return wanted;
}

/* Store the model of a branch; the current role becomes who stored it. */
void
mig_model_store_write(Oid nsp, const char *branch,
					  const MigStoredModel *wanted)
{
	MigParam	params[5];
	MigSpi		spi;

	params[0] = mig_text_param(branch);
	params[1] = mig_text_param(wanted->ddl);
	params[2] = wanted->include == NIL ? MIG_NULL(TEXTARRAYOID) :
		MIG_PARAM(TEXTARRAYOID, mig_text_array(wanted->include));
	params[3] = wanted->exclude == NIL ? MIG_NULL(TEXTARRAYOID) :
		MIG_PARAM(TEXTARRAYOID, mig_text_array(wanted->exclude));
	params[4] = mig_text_param(GetUserNameFromId(GetUserId(), false));
	mig_spi_begin(&spi, nsp, false);
	mig_spi_write(&spi,
				  "INSERT INTO @migrate_model AS m"
				  " (branch, ddl, include, exclude, updated_at, updated_by)"
				  " VALUES ($1, $2, $3, $4, pg_catalog.clock_timestamp(), $5)"
				  " ON CONFLICT (branch) DO UPDATE SET ddl = excluded.ddl,"
				  " include = excluded.include, exclude = excluded.exclude,"
				  " updated_at = excluded.updated_at,"
				  " updated_by = excluded.updated_by", 5, params);
	mig_spi_end(&spi);
}

static void
take_row(TupleTableSlot *slot, void *arg)
{
	MigStoredModel *wanted = palloc0(sizeof(MigStoredModel));

	wanted->ddl = TextDatumGetCString(mig_slot_value(slot, 1));
	wanted->include = list_of(slot, 2);
	wanted->exclude = list_of(slot, 3);
	wanted->updated_by = TextDatumGetCString(mig_slot_value(slot, 4));
	*(MigStoredModel **) arg = wanted;
}

static List *
list_of(TupleTableSlot *slot, int column)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, column, &isnull);

	return isnull ? NIL : mig_text_array_list(value);
}

/* A superuser does not run what a lesser role has stored. */
void
mig_model_store_refuse(const char *stored_by)
{
	if (!superuser() || mig_guc_superuser_runs_any())
		return;
	if (!mig_trust_role(stored_by))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("a superuser cannot run the model, which was stored by role \"%s\"",
						stored_by),
				 errdetail("It would run with all rights of a superuser."),
				 errhint("SET ROLE to the role that owns the schema, or read the model (SELECT migrate_get_model()) and set migrate.superuser_runs_any.")));
}
