/*-------------------------------------------------------------------------
 *
 * util/spi.c
 *	  Our own SQL statements, run as the owner of our tables.
 *
 * Between mig_spi_begin() and mig_spi_end() the backend acts as the owner of
 * the extension's tables, under search_path "pg_catalog, pg_temp", so that a
 * role needs no privilege but EXECUTE on our functions.  Nothing but our own
 * statements may run there: no script, no model, no commit, and no trigger or
 * rule; see refuse_foreign_code().  On an error the end of the
 * (sub)transaction puts everything back.
 *
 * Statements are constant strings in which "@" stands for the extension's
 * schema and a dot.  Their plans are kept for the session, by the string's
 * address and the schema's name, so that they survive ALTER EXTENSION SET
 * SCHEMA, renaming the schema, and DROP and CREATE EXTENSION.  Sequential
 * scans are switched off because a plan made while the tables were small is
 * kept when they have grown.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "util/error.h"
#include "util/publication_check.h"
#include "util/settings.h"
#include "util/spi.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

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

/*
 * The tables of the extension, for refuse_foreign_code(), as they were found
 * last: that holds as long as its version is the same and none was changed,
 * renamed or dropped.  Without a schema, or without an extension, nothing is
 * known.
 */
static struct
{
	Oid			nsp;
	Oid			extension;
	char	   *version;
	List	   *tables;
}			known = {InvalidOid, InvalidOid, NULL, NIL};

/* Where nothing of others is found, temporary objects last */
#define SAFE_PATH	"pg_catalog, pg_temp"

static int	compare_versions(const char *a, const char *b);
static void find_extension(char **version, Oid *nsp);
static Oid	table_owner(Oid nsp);
static void begin(MigSpi *spi, Oid nsp, bool read_only,
				  const char *names_path);
static void refuse_foreign_code(Oid nsp);
static bool lock_tables(Oid owner);
static void learn_tables(Oid nsp);
static Oid	our_extension(Oid nsp);
static void forget_tables(Datum arg, Oid relid);
pg_noreturn static void refuse_table(Relation rel, const char *what,
									 const char *hint);
static SPIPlanPtr get_plan(const MigSpi *spi, const char *query, int nparams,
						   const MigParam *params);
static SPIPlanPtr make_plan(const char *query, const char *schema,
							int nparams, const MigParam *params);
static uint64 execute(const MigSpi *spi, const char *query, int nparams,
					  const MigParam *params, DestReceiver *dest);
static void fetch(const MigSpi *spi, SPIPlanPtr plan, ParamListInfo params,
				  DestReceiver *dest);
static RowReceiver row_receiver(const MigSpi *spi, MigRowFunction function,
								void *arg);
static bool receive_row(TupleTableSlot *slot, DestReceiver *self);
static void receiver_startup(DestReceiver *self, int operation,
							 TupleDesc typeinfo);
static void receiver_noop(DestReceiver *self);

/*
 * Hold this module's version against that of the extension's objects.
 *
 * A module serves objects of earlier versions as they were, and says so once
 * in a session: new files must not stop applications.  Objects of later
 * versions may have what it does not know; it reads them, but does not write
 * them.  A session keeps its module while others run ALTER EXTENSION UPDATE,
 * hence the look before each write.
 */
void
mig_check_version(Oid nsp, bool read_only)
{
	static Oid	checked = InvalidOid;
	char	   *version;
	Oid			installed;
	int			order;

	if (read_only && nsp == checked)
		return;
	find_extension(&version, &installed);
	if (known.version != NULL &&
		strcmp(version == NULL ? "" : version, known.version) != 0)
		known.extension = InvalidOid;
	order = version == NULL ? 0 : compare_versions(version, MIG_VERSION);
	if (order > 0 && !read_only)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("extension \"pg_migrations\" has version %s, its module has %s",
						version, MIG_VERSION),
				 errdetail("An older module does not write what a newer version may read in another way."),
				 errhint("Connect again, or install the files of version %s on the server.",
						 version)));
	if (order < 0 && nsp != checked)
		ereport(WARNING,
				(errmsg("extension \"pg_migrations\" has version %s, its module has %s",
						version, MIG_VERSION),
				 errhint("Run ALTER EXTENSION pg_migrations UPDATE.")));
	checked = nsp;
}

/* Compare numbers with dots between them. */
static int
compare_versions(const char *a, const char *b)
{
	while (*a != '\0' || *b != '\0')
	{
		char	   *a_end;
		char	   *b_end;
		long		a_number = strtol(a, &a_end, 10);
		long		b_number = strtol(b, &b_end, 10);

		if (a_number != b_number)
			return a_number < b_number ? -1 : 1;
		a = *a_end == '.' ? a_end + 1 : "";
		b = *b_end == '.' ? b_end + 1 : "";
	}
	return 0;
}

/* Version and schema of the extension in this database; NULL: it has none. */
static void
find_extension(char **version, Oid *nsp)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	*version = NULL;
	*nsp = InvalidOid;
	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber,
				F_NAMEEQ, CStringGetDatum("pg_migrations"));
	scan = systable_beginscan(rel, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		isnull;
		Datum		datum = heap_getattr(tuple, Anum_pg_extension_extversion,
										 RelationGetDescr(rel), &isnull);

		*version = TextDatumGetCString(datum);
		*nsp = ((Form_pg_extension) GETSTRUCT(tuple))->extnamespace;
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
}

/*
 * Raise an error for something of ours that is not in the schema of the
 * function that was called; the extension may have been dropped or moved
 * since.
 */
void
mig_refuse_missing(int sqlstate, const char *what, Oid nsp)
{
	char	   *version;
	Oid			installed;

	find_extension(&version, &installed);
	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("%s of extension \"pg_migrations\" is missing", what),
			 version == NULL ?
			 errdetail("The extension is not installed any more.") :
			 installed != nsp ?
			 errdetail("The extension is in schema \"%s\" now.",
					   get_namespace_name(installed)) : 0,
			 version != NULL && installed != nsp ?
			 errhint("Call its functions there.") :
			 errhint("Tables and functions of the extension must be in one schema; create the extension anew.")));
}

/* A text parameter; NULL is null. */
MigParam
mig_text_param(const char *value)
{
	if (value == NULL)
		return MIG_NULL(TEXTOID);
	return MIG_PARAM(TEXTOID, CStringGetTextDatum(value));
}

/* The role that owns our tables. */
static Oid
table_owner(Oid nsp)
{
	Oid			relid = get_relname_relid("migrate_revision", nsp);
	HeapTuple	tuple;
	Oid			owner;

	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	if (!HeapTupleIsValid(tuple))
		mig_refuse_missing(ERRCODE_UNDEFINED_TABLE,
						   "table \"migrate_revision\"", nsp);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
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
	/* behind the locks, which an update of the extension may have held */
	do
	{
		if (!read_only)
			refuse_foreign_code(nsp);
		mig_check_version(nsp, read_only);
	} while (!read_only && !OidIsValid(known.extension));
	begin(spi, nsp, read_only, NULL);
	SetUserIdAndSecContext(table_owner(nsp),
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

/*
 * Refuse to write tables that would run code of others as their owner.
 *
 * What only the owner of a table can give it, as a default or a check, is the
 * owner's own code, as long as all tables have the one owner.  Triggers, those
 * of foreign keys among them, come by grants; rules, policies and child tables
 * may bring in what belongs to others.  The locks are kept, so that nothing
 * can be added before the transaction ends.
 */
static void
refuse_foreign_code(Oid nsp)
{
	Oid			owner = table_owner(nsp);

	if (known.nsp == nsp && our_extension(nsp) == known.extension &&
		lock_tables(owner) && known.nsp == nsp)
		return;
	learn_tables(nsp);
	(void) lock_tables(owner);
	mig_publication_warn_once(nsp, known.tables);
}

/* Returns false if a table is gone. */
static bool
lock_tables(Oid owner)
{
	bool		complete = true;
	ListCell   *lc;

	foreach(lc, known.tables)
	{
		Relation	rel = try_table_open(lfirst_oid(lc), RowExclusiveLock);

		if (rel == NULL)
		{
			complete = false;
			continue;
		}
		if (rel->trigdesc != NULL)
			refuse_table(rel, "triggers",
						 "Drop its triggers, and foreign keys that refer to it.");
		if (rel->rd_rules != NULL)
			refuse_table(rel, "rules", "Drop its rules.");
		if (rel->rd_rel->relrowsecurity || rel->rd_rel->relforcerowsecurity)
			refuse_table(rel, "row-level security",
						 "ALTER TABLE ... DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY.");
		if (rel->rd_rel->relhassubclass &&
			find_inheritance_children(RelationGetRelid(rel), NoLock) != NIL)
			refuse_table(rel, "child tables", "Drop its child tables.");
		if (rel->rd_rel->relowner != owner)
			refuse_table(rel, "an owner of its own",
						 "ALTER TABLE ... OWNER TO gives it the owner of migrate_revision.");
		table_close(rel, NoLock);
	}
	return complete;
}

/*
 * The version is read first: tables of a later one are found wanting by
 * mig_check_version(), those of an earlier one would not be.
 */
static void
learn_tables(Oid nsp)
{
	static bool watched = false;
	List	   *tables;
	MemoryContext old;
	char	   *version;
	Oid			installed;

	if (!watched)
		CacheRegisterRelcacheCallback(forget_tables, (Datum) 0);
	watched = true;
	find_extension(&version, &installed);
	known.nsp = InvalidOid;
	known.extension = our_extension(nsp);
	tables = mig_spi_tables(nsp);
	list_free(known.tables);
	known.tables = NIL;
	if (known.version != NULL)
		pfree(known.version);
	known.version = NULL;
	old = MemoryContextSwitchTo(TopMemoryContext);
	known.tables = list_copy(tables);
	known.version = pstrdup(version == NULL ? "" : version);
	MemoryContextSwitchTo(old);
	known.nsp = nsp;
}

/*
 * Another may take the place of a table that was renamed: that something has
 * happened to a table is told, at the latest, when it is locked.
 */
static void
forget_tables(Datum arg, Oid relid)
{
	if (!OidIsValid(relid) || list_member_oid(known.tables, relid))
		known.nsp = InvalidOid;
}

/* The extension is the one that our main table belongs to. */
static Oid
our_extension(Oid nsp)
{
	Oid			extension;

	extension = getExtensionOfObject(RelationRelationId,
									 get_relname_relid("migrate_revision", nsp));
	if (!OidIsValid(extension))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" does not belong to extension \"pg_migrations\"",
						"migrate_revision"),
				 errhint("ALTER EXTENSION pg_migrations ADD TABLE puts it back.")));
	return extension;
}

/*
 * The tables of the extension, whatever their names are, in the order of their
 * OIDs.
 */
List *
mig_spi_tables(Oid nsp)
{
	Oid			extension = our_extension(nsp);
	Relation	depend;
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *tables = NIL;

	depend = table_open(DependRelationId, AccessShareLock);
	ScanKeyInit(&key[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(ExtensionRelationId));
	ScanKeyInit(&key[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(extension));
	scan = systable_beginscan(depend, DependReferenceIndexId, true, NULL,
							  lengthof(key), key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend member = (Form_pg_depend) GETSTRUCT(tuple);

		if (member->deptype == DEPENDENCY_EXTENSION &&
			member->classid == RelationRelationId &&
			get_rel_relkind(member->objid) == RELKIND_RELATION)
			tables = lappend_oid(tables, member->objid);
	}
	systable_endscan(scan);
	table_close(depend, AccessShareLock);
	list_sort(tables, list_oid_cmp);
	return tables;
}

/*
 * Triggers, rules and row security would run code of others as the owner of
 * the tables.
 */
static void
refuse_table(Relation rel, const char *what, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("table \"%s\" of extension \"pg_migrations\" has %s",
					RelationGetRelationName(rel), what),
			 errdetail("Code of others could run with the rights of the owner of the extension's tables."),
			 errhint("%s", hint)));
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
	SPIPlanPtr	plan = get_plan(spi, query, nparams, params);
	int			rc;

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
		ParamListInfo list = makeParamList(nparams);

		for (int i = 0; i < nparams; i++)
		{
			list->params[i].value = params[i].value;
			list->params[i].isnull = params[i].isnull;
			list->params[i].pflags = PARAM_FLAG_CONST;
			list->params[i].ptype = params[i].type;
		}
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
