/*-------------------------------------------------------------------------
 *
 * util/spi.c
 *	  Our own SQL statements, run as the owner of our tables.
 *
 * Between mig_spi_begin() and mig_spi_end() the backend acts as the owner of
 * the extension's tables, under search_path "pg_catalog, pg_temp", so that a
 * role needs no privilege but EXECUTE on our functions.  Nothing but our own
 * statements may run there: no script, no model, no commit, and no trigger or
 * rule; see own_tables.c.  On an error the end of the
 * (sub)transaction puts everything back.
 *
 * Statements are constant strings in which "@" stands for the extension's
 * schema and a dot.  Their plans are kept for the session, by the string's
 * address and the schema's name, so that they survive ALTER EXTENSION SET
 * SCHEMA, renaming the schema, and DROP and CREATE EXTENSION.  Sequential
 * scans are switched off because a plan made while the tables were small is
 * kept when they have grown.  Those of queries that look at catalogs alone are
 * kept otherwise, see catalog_plan.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "util/catalog_plan.h"
#include "util/error.h"
#include "util/own_tables.h"
#include "util/settings.h"
#include "util/spi.h"
#include "util/version.h"

#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define MAX_PARAMS	24

/* A kept plan. */
typedef struct KeptPlan
{
	const char *query;			/* hash key */
	char		schema[NAMEDATALEN];	/* that it was made for */
	SPIPlanPtr	plan;
} KeptPlan;

/* A destination that hands each row to a function. */
typedef struct RowReceiver
{
	DestReceiver pub;
	MigRowFunction function;
	void	   *arg;
	MemoryContext context;		/* in which the function is called */
} RowReceiver;

static HTAB *kept_plans = NULL;

/* Where nothing of others is found, temporary objects last */
#define SAFE_PATH	"pg_catalog, pg_temp"

static void begin(MigSpi *spi, Oid nsp, bool read_only,
				  const char *names_path);
static SPIPlanPtr get_plan(const MigSpi *spi, const char *query, int nparams,
						   const MigParam *params);
static SPIPlanPtr make_plan(const char *query, const char *schema,
							int nparams, const MigParam *params);
static uint64 execute(const MigSpi *spi, const char *query, int nparams,
					  const MigParam *params, DestReceiver *dest);
static bool run_on_catalogs(const MigSpi *spi, const char *query, int nparams,
							const MigParam *params, DestReceiver *dest);
static ParamListInfo list_of_params(int nparams, const MigParam *params);
static void fetch(const MigSpi *spi, SPIPlanPtr plan, ParamListInfo params,
				  DestReceiver *dest);
static RowReceiver row_receiver(const MigSpi *spi, MigRowFunction function,
								void *arg);
static bool receive_row(TupleTableSlot *slot, DestReceiver *self);
static void receiver_startup(DestReceiver *self, int operation,
							 TupleDesc typeinfo);
static void receiver_noop(DestReceiver *self);

/* A text parameter; NULL is null. */
MigParam
mig_text_param(const char *value)
{
	if (value == NULL)
		return MIG_NULL(TEXTOID);
	return MIG_PARAM(TEXTOID, CStringGetTextDatum(value));
}

/* OIDs as oid[]. */
MigParam
mig_oids_param(const List *oids)
{
	Datum	   *elements = palloc(sizeof(Datum) * (list_length(oids) + 1));
	const ListCell *lc;

	foreach(lc, oids)
		elements[foreach_current_index(lc)] = ObjectIdGetDatum(lfirst_oid(lc));
	return MIG_PARAM(OIDARRAYOID,
					 PointerGetDatum(construct_array(elements,
													 list_length(oids),
													 OIDOID, sizeof(Oid), true,
													 TYPALIGN_INT)));
}

/*
 * Begin to run statements as the tables' owner.
 *
 * With read_only statements see the active snapshot; otherwise each of them
 * takes a new one and sees what was done before it.
 */
void
mig_spi_begin(MigSpi *spi, Oid nsp, bool read_only)
{
	if (read_only)
		(void) mig_version_check(nsp, true);
	else
		mig_own_tables_check(nsp);
	begin(spi, nsp, read_only, NULL);
	SetUserIdAndSecContext(mig_own_tables_owner(nsp),
						   spi->save_context | SECURITY_LOCAL_USERID_CHANGE);
	mig_settings_set("enable_seqscan", "off");
}

/*
 * Begin to read the catalogs as the caller.
 *
 * What pg_get_viewdef() and its kin print depends on the search_path: rows are
 * fetched under names_path, see mig_names_path(), which must live as long as
 * this.  Statements are still analysed under "pg_catalog, pg_temp".
 */
void
mig_spi_begin_catalog(MigSpi *spi, const char *names_path)
{
	begin(spi, PG_CATALOG_NAMESPACE, false, names_path);
}

/*
 * Nothing is worth compiling: queries of the catalogs are run once, and whole
 * scans of our tables only count as dear, being discouraged.
 */
static void
begin(MigSpi *spi, Oid nsp, bool read_only, const char *names_path)
{
	int			rc;

	spi->context = CurrentMemoryContext;
	rc = SPI_connect();
	if (rc != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed: %s", SPI_result_code_string(rc));
	spi->nsp = nsp;
	spi->read_only = read_only;
	spi->names_path = names_path;
	GetUserIdAndSecContext(&spi->save_user, &spi->save_context);
	spi->guc_level = NewGUCNestLevel();
	mig_settings_set("search_path", SAFE_PATH);
	mig_settings_set("jit", "off");
}

/* End it; what was allocated in SPI's context is gone. */
void
mig_spi_end(MigSpi *spi)
{
	AtEOXact_GUC(true, spi->guc_level);
	SetUserIdAndSecContext(spi->save_user, spi->save_context);
	SPI_finish();
}

/* Run a statement that changes our tables. */
void
mig_spi_write(const MigSpi *spi, const char *query, int nparams,
			  const MigParam *params)
{
	Assert(!spi->read_only);
	(void) execute(spi, query, nparams, params, NULL);
}

/* The same where it matters how many rows it finds, which it returns. */
uint64
mig_spi_change(const MigSpi *spi, const char *query, int nparams,
			   const MigParam *params)
{
	Assert(!spi->read_only);
	return execute(spi, query, nparams, params, NULL);
}

/*
 * Run a query and call a function with each row, in the memory context in
 * which mig_spi_begin() was called.
 */
void
mig_spi_each(const MigSpi *spi, const char *query, int nparams,
			 const MigParam *params, MigRowFunction function, void *arg)
{
	RowReceiver receiver = row_receiver(spi, function, arg);

	(void) execute(spi, query, nparams, params, &receiver.pub);
}

/*
 * Run a query that is not a constant string, and call a function with each
 * row; NULL: with none.  For mig_spi_begin_catalog() alone.  The query holds
 * expressions that were printed under names_path, and is analysed under it.
 */
void
mig_spi_once(const MigSpi *spi, const char *query, MigRowFunction function,
			 void *arg)
{
	RowReceiver receiver = row_receiver(spi, function, arg);
	SPIExecuteOptions options = {0};
	int			level = NewGUCNestLevel();
	int			rc;

	Assert(spi->nsp == PG_CATALOG_NAMESPACE);
	mig_settings_set("search_path", spi->names_path);
	options.read_only = true;
	options.dest = &receiver.pub;
	rc = SPI_execute_extended(query, &options);
	if (rc < 0)
		elog(ERROR, "could not execute \"%s\": %s", query,
			 SPI_result_code_string(rc));
	AtEOXact_GUC(true, level);
}

/*
 * Plans are kept; with read_only no command counter is incremented and the
 * caller's snapshot is used.
 */
static uint64
execute(const MigSpi *spi, const char *query, int nparams,
		const MigParam *params, DestReceiver *dest)
{
	Datum		values[MAX_PARAMS];
	char		nulls[MAX_PARAMS];
	SPIPlanPtr	plan;
	int			rc;

	if (dest != NULL && run_on_catalogs(spi, query, nparams, params, dest))
		return 0;
	plan = get_plan(spi, query, nparams, params);
	for (int i = 0; i < nparams; i++)
	{
		values[i] = params[i].value;
		nulls[i] = params[i].isnull ? 'n' : ' ';
	}
	if (dest == NULL)
		rc = SPI_execute_plan(plan, values, nulls, spi->read_only, 0);
	else
	{
		SPIExecuteOptions options = {0};
		ParamListInfo list = list_of_params(nparams, params);

		if (spi->names_path != NULL)
		{
			fetch(spi, plan, list, dest);
			return 0;
		}
		options.params = list;
		options.read_only = spi->read_only;
		options.dest = dest;
		rc = SPI_execute_plan_extended(plan, &options);
	}
	if (rc < 0)
		elog(ERROR, "could not execute \"%s\": %s", query,
			 SPI_result_code_string(rc));
	return SPI_processed;
}

/* Run a query of the catalogs by a plan that outlasts a shadow, if it can. */
static bool
run_on_catalogs(const MigSpi *spi, const char *query, int nparams,
				const MigParam *params, DestReceiver *dest)
{
	return spi->nsp == PG_CATALOG_NAMESPACE && !spi->read_only &&
		strchr(query, '@') == NULL &&
		mig_catalog_plan_run(query, list_of_params(nparams, params),
							 spi->names_path, dest);
}

static ParamListInfo
list_of_params(int nparams, const MigParam *params)
{
	ParamListInfo list = makeParamList(nparams);

	for (int i = 0; i < nparams; i++)
	{
		list->params[i].value = params[i].value;
		list->params[i].isnull = params[i].isnull;
		list->params[i].pflags = PARAM_FLAG_CONST;
		list->params[i].ptype = params[i].type;
	}
	return list;
}

/*
 * Run a query whose rows are fetched under another search_path than it was
 * analysed under: an open portal no longer looks up names, where a plan would
 * be made anew.
 */
static void
fetch(const MigSpi *spi, SPIPlanPtr plan, ParamListInfo params,
	  DestReceiver *dest)
{
	Portal		portal = SPI_cursor_open_with_paramlist(NULL, plan, params,
														spi->read_only);
	int			level = NewGUCNestLevel();

	mig_settings_set("search_path", spi->names_path);
	(void) PortalRunFetch(portal, FETCH_FORWARD, FETCH_ALL, dest);
	AtEOXact_GUC(true, level);
	SPI_cursor_close(portal);
}

/*
 * By the address of the query's text, which is a constant of ours, and the
 * schema, which may have been renamed since.
 */
static SPIPlanPtr
get_plan(const MigSpi *spi, const char *query, int nparams,
		 const MigParam *params)
{
	char	   *schema = get_namespace_name(spi->nsp);
	KeptPlan   *kept;
	bool		found;

	if (schema == NULL)
		mig_refuse_missing(ERRCODE_UNDEFINED_SCHEMA, "the schema", spi->nsp);
	Assert(nparams <= MAX_PARAMS);
	if (kept_plans == NULL)
	{
		HASHCTL		ctl = {0};

		ctl.keysize = sizeof(const char *);
		ctl.entrysize = sizeof(KeptPlan);
		kept_plans = hash_create("pg_migrations plans", 32, &ctl,
								 HASH_ELEM | HASH_BLOBS);
	}
	kept = hash_search(kept_plans, &query, HASH_ENTER, &found);
	if (!found)
		kept->plan = NULL;
	if (kept->plan != NULL && strcmp(kept->schema, schema) == 0)
		return kept->plan;
	if (kept->plan != NULL)
		SPI_freeplan(kept->plan);
	kept->plan = NULL;
	kept->plan = make_plan(query, schema, nparams, params);
	strlcpy(kept->schema, schema, NAMEDATALEN);
	return kept->plan;
}

/* An @ in a query stands for the extension's schema and a dot. */
static SPIPlanPtr
make_plan(const char *query, const char *schema, int nparams,
		  const MigParam *params)
{
	const char *quoted = quote_identifier(schema);
	StringInfoData buf;
	Oid			types[MAX_PARAMS];
	SPIPlanPtr	plan;
	int			rc;

	initStringInfo(&buf);
	for (const char *p = query; *p != '\0'; p++)
	{
		if (*p == '@')
			appendStringInfo(&buf, "%s.", quoted);
		else
			appendStringInfoChar(&buf, *p);
	}
	for (int i = 0; i < nparams; i++)
		types[i] = params[i].type;
	plan = SPI_prepare_cursor(buf.data, nparams, types,
							  CURSOR_OPT_GENERIC_PLAN |
							  CURSOR_OPT_NO_SCROLL);
	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", buf.data,
			 SPI_result_code_string(SPI_result));
	rc = SPI_keepplan(plan);
	if (rc != 0)
		elog(ERROR, "SPI_keepplan failed: %s", SPI_result_code_string(rc));
	return plan;
}

/*
 * A value of a row of our tables, which must not be null: MG008 if somebody
 * has changed a table's definition and made it so.
 */
Datum
mig_slot_value(TupleTableSlot *slot, int column)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, column, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_CONTRADICTION),
				 errmsg("a table of extension \"pg_migrations\" lacks a value in column \"%s\"",
						NameStr(TupleDescAttr(slot->tts_tupleDescriptor,
											  column - 1)->attname)),
				 errdetail("The table was changed by hand."),
				 errhint("Restore the tables of the extension from a dump.")));
	return value;
}

/* Is a column of a row a text, and that one? */
bool
mig_slot_has_text(TupleTableSlot *slot, int column, const char *value)
{
	TupleDesc	desc = slot->tts_tupleDescriptor;
	bool		isnull = true;
	Datum		text_value = (Datum) 0;

	if (column <= desc->natts &&
		TupleDescAttr(desc, column - 1)->atttypid == TEXTOID)
		text_value = slot_getattr(slot, column, &isnull);
	return !isnull && strcmp(TextDatumGetCString(text_value), value) == 0;
}

/* A text of a row, or NULL. */
char *
mig_slot_text(TupleTableSlot *slot, int column)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* Add the one text of a row to a list; arg is a List **. */
void
mig_spi_add_text(TupleTableSlot *slot, void *arg)
{
	List	  **texts = arg;

	*texts = lappend(*texts, TextDatumGetCString(mig_slot_value(slot, 1)));
}

static RowReceiver
row_receiver(const MigSpi *spi, MigRowFunction function, void *arg)
{
	RowReceiver receiver = {.function = function,.arg = arg};

	receiver.context = spi->context;
	receiver.pub.receiveSlot = receive_row;
	receiver.pub.rStartup = receiver_startup;
	receiver.pub.rShutdown = receiver_noop;
	receiver.pub.rDestroy = receiver_noop;
	receiver.pub.mydest = DestNone;
	return receiver;
}

/* Never ends the query early. */
static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *receiver = (RowReceiver *) self;
	MemoryContext old = MemoryContextSwitchTo(receiver->context);

	if (receiver->function != NULL)
		receiver->function(slot, receiver->arg);
	MemoryContextSwitchTo(old);
	return true;
}

/* The columns are known to who gave the function. */
static void
receiver_startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
}

/* The receiver is on the caller's stack. */
static void
receiver_noop(DestReceiver *self)
{
}
