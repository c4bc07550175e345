/*-------------------------------------------------------------------------
 *
 * run/probe.c
 *	  Asks the rows that are there.
 *
 * A probe is a query over one table, run with the caller's rights in a
 * subtransaction that is rolled back: no lock stays behind, and an error is a
 * finding.  It does not wait: a table that somebody has locked, or that is
 * too large, is not asked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/probe.h"
#include "util/spi.h"
#include "util/sql.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

static void ask(const char *query, Oid relid, bool tries,
				MigFinding *finding);
static void take_number(TupleTableSlot *slot, void *arg);
static int64 table_size(Oid relid);

/*
 * Ask a table.
 *
 * A query that counts returns one int8; one that tries is run for the error
 * that it may raise.  Tables of more than "limit" bytes are not asked.  The
 * query has the names of "aliases", which may be NULL.  The finding is
 * allocated in the current context.  Raises nothing but a cancel.
 */
MigFinding
mig_probe(const char *query, Oid relid, int64 limit, bool tries,
		  const MigAliases *aliases)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile MigFinding finding = {0};

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		MigFinding	found = {0};

		if (!ConditionalLockRelationOid(relid, AccessShareLock) ||
			!mig_alias_again(aliases))
			found.reason = pstrdup("locked");
		else if (table_size(relid) > limit)
			found.reason = mig_probe_size(relid);
		else
			ask(query, relid, tries, &found);
		finding = found;
	}
	PG_CATCH();
	{
		ErrorData  *error;
		int			category;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		category = ERRCODE_TO_CATEGORY(error->sqlerrcode);
		if (category == ERRCODE_OPERATOR_INTERVENTION ||
			category == ERRCODE_INSUFFICIENT_RESOURCES)
			PG_RE_THROW();
		FlushErrorState();
		finding.known = tries;
		finding.error = error->message;
		finding.reason = error->message;
	}
	PG_END_TRY();
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return *(MigFinding *) &finding;
}

/* The size of a table with its indexes, for people. */
char *
mig_probe_size(Oid relid)
{
	Datum		size = Int64GetDatum(table_size(relid));

	return TextDatumGetCString(DirectFunctionCall1(pg_size_pretty, size));
}

/* Names in the query that have no schema are of the table's. */
static void
ask(const char *query, Oid relid, bool tries, MigFinding *finding)
{
	char	   *schema = get_namespace_name(get_rel_namespace(relid));
	MigSpi		spi;

	mig_spi_begin_catalog(&spi, mig_names_path(schema));
	(void) set_config_option("row_security", "off", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	mig_spi_once(&spi, query, tries ? NULL : take_number, &finding->rows);
	mig_spi_end(&spi);
	finding->known = true;
}

static void
take_number(TupleTableSlot *slot, void *arg)
{
	bool		isnull;

	*(int64 *) arg = DatumGetInt64(slot_getattr(slot, 1, &isnull));
}

static int64
table_size(Oid relid)
{
	return DatumGetInt64(DirectFunctionCall1(pg_table_size,
											 ObjectIdGetDatum(relid)));
}
