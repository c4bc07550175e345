/*-------------------------------------------------------------------------
 *
 * model/probe.c
 *	  Asks the rows that are there.
 *
 * A probe is a query over one table, in a subtransaction that is rolled back:
 * no lock stays behind, and an error is a finding.  It does not wait: a table
 * that somebody has locked, or that is too large, is not asked.
 *
 * It may hold expressions of the model and call functions that stand in the
 * database.  So it runs as the owner of the table if the caller has all of his
 * rights, else as the caller, whose text it is; as a security-restricted
 * operation, from which nobody comes back to another role; and under watch,
 * see code_trust.c.  What is refused there is not checked.
 *
 * Whether there are rows at all is seen without a query: that needs nobody's
 * rights and runs nobody's code.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/probe.h"
#include "model/code_trust.h"
#include "model/row_filter.h"
#include "util/error.h"
#include "util/settings.h"
#include "util/spi.h"
#include "util/sql.h"
#include "util/subxact.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* What is asked, and what came of it. */
typedef struct Question
{
	const char *query;
	Oid			relid;
	int64		limit;
	bool		tries;
	const List *left_out;
	const MigRenames *aliases;
	MigFinding	finding;
} Question;

static void ask_if_free(void *arg);
static void ask(const Question *question, MigFinding *finding);
static Oid	role_for(Oid relid);
static bool is_about_values(int sqlerrcode);
static bool is_refusal(int sqlerrcode);
static bool holds_row(Oid relid);
static void take_number(TupleTableSlot *slot, void *arg);
static char *size_text(int64 size);
static int64 tree_size(Oid relid, const List *left_out);

/*
 * Ask a table.
 *
 * A query that counts returns one int8; one that tries is run for the error
 * that it may raise.  Tables of more than "limit" bytes are not asked.  The
 * query has the names of "aliases", which may be NULL.  The finding is
 * allocated in the current context.  "left_out" are MigLeftOut *.  Raises
 * nothing but a cancel.
 */
MigFinding
mig_probe(const char *query, Oid relid, int64 limit, bool tries,
		  const List *left_out, const MigRenames *aliases)
{
	Question	question = {query, relid, limit, tries, left_out, aliases,
	{0}};
	MigFinding *finding = &question.finding;
	ErrorData  *error;
	MigWatch	watch;

	watch = mig_watch_begin(MIG_WATCH_PROBE, role_for(relid));
	error = mig_subxact_try(ask_if_free, &question);
	mig_watch_end(&watch);
	mig_row_filter_next(NIL);
	if (error != NULL)
	{
		mig_subxact_raise_outer(error);
		finding->known = tries && is_about_values(error->sqlerrcode);
		if (finding->known)
			finding->error = error->message;
		else if (is_refusal(error->sqlerrcode))
			finding->reason = error->message;
	}
	return *finding;
}

/* A partition that is locked would be waited for as well. */
static void
ask_if_free(void *arg)
{
	Question   *question = arg;
	Oid			relid = question->relid;
	int64		size = -1;

	if (ConditionalLockRelationOid(relid, AccessShareLock) &&
		mig_rename_again(question->aliases))
		size = tree_size(relid, question->left_out);
	if (size < 0 || size > question->limit)
		question->finding.reason = size_text(size);
	else
		ask(question, &question->finding);
}

/* Does an error tell about values that cannot be converted? */
static bool
is_about_values(int sqlerrcode)
{
	int			category = ERRCODE_TO_CATEGORY(sqlerrcode);

	return category == ERRCODE_DATA_EXCEPTION ||
		sqlerrcode == ERRCODE_CARDINALITY_VIOLATION ||
		category == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION;
}

/* Does an error tell about rights and rules, rather than about the query? */
static bool
is_refusal(int sqlerrcode)
{
	return sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE ||
		sqlerrcode == ERRCODE_MIG_MODEL_INCOMPLETE ||
		sqlerrcode == ERRCODE_MIG_MODEL_REFUSED;
}

/*
 * Has a table a row, in itself or in what inherits from it?  If that cannot
 * be seen, because it is locked or its rows are elsewhere, it has.
 */
bool
mig_probe_has_rows(Oid relid, const List *left_out)
{
	const List *parts = mig_row_filter_parts(left_out, relid);
	bool		found = false;
	ListCell   *lc;

	foreach(lc, find_all_inheritors(relid, NoLock, NULL))
	{
		if (found)
			break;
		CHECK_FOR_INTERRUPTS();
		found = !list_member_oid(parts, lfirst_oid(lc)) &&
			mig_probe_has_own_rows(lfirst_oid(lc));
	}
	return found;
}

/* The same, without its children. */
bool
mig_probe_has_own_rows(Oid relid)
{
	bool		found;

	if (!ConditionalLockRelationOid(relid, AccessShareLock))
		return true;
	found = holds_row(relid);
	UnlockRelationOid(relid, AccessShareLock);
	return found;
}

/* Of a table that is locked, without its children. */
static bool
holds_row(Oid relid)
{
	Relation	rel = try_table_open(relid, NoLock);
	TupleTableSlot *slot;
	TableScanDesc scan;
	bool		found;

	if (rel == NULL)
		return false;
	if (!RELKIND_HAS_TABLE_AM(rel->rd_rel->relkind))
	{
		found = rel->rd_rel->relkind == RELKIND_FOREIGN_TABLE;
		table_close(rel, NoLock);
		return found;
	}
	slot = table_slot_create(rel, NULL);
	scan = mig_table_beginscan(rel, GetActiveSnapshot());
	found = table_scan_getnextslot(scan, ForwardScanDirection, slot);
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, NoLock);
	return found;
}

/* The size of a table and of what inherits from it, for people. */
char *
mig_probe_size(Oid relid, const List *left_out)
{
	return size_text(tree_size(relid, left_out));
}

/* Why a table is not asked: it is locked, or larger than "limit"; or NULL. */
char *
mig_probe_obstacle(Oid relid, int64 limit, const List *left_out)
{
	int64		size = tree_size(relid, left_out);

	return size < 0 || size > limit ? size_text(size) : NULL;
}

static char *
size_text(int64 size)
{
	if (size < 0)
		return pstrdup("locked");
	return TextDatumGetCString(DirectFunctionCall1(pg_size_pretty,
												   Int64GetDatum(size)));
}

/* The role that asks a table; see the top. */
static Oid
role_for(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid			owner = GetUserId();

	if (HeapTupleIsValid(tuple))
	{
		owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
	}
	return has_privs_of_role(GetUserId(), owner) ? owner : GetUserId();
}

/* Names in the query that have no schema are of the table's. */
static void
ask(const Question *question, MigFinding *finding)
{
	Oid			relid = question->relid;
	bool		tries = question->tries;
	char	   *schema = get_namespace_name(get_rel_namespace(relid));
	MigSpi		spi;

	mig_spi_begin_catalog(&spi, mig_names_path(schema));
	SetUserIdAndSecContext(role_for(relid), spi.save_context |
						   SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
	mig_settings_set("max_parallel_workers", "0");
	mig_settings_set("row_security", "off");
	mig_row_filter_next(question->left_out);
	mig_spi_once(&spi, question->query, tries ? NULL : take_number,
				 &finding->rows);
	mig_spi_end(&spi);
	finding->known = tries || finding->rows >= 0;
}

/* NULL: the query does not know. */
static void
take_number(TupleTableSlot *slot, void *arg)
{
	bool		isnull;
	Datum		number = slot_getattr(slot, 1, &isnull);

	*(int64 *) arg = isnull ? -1 : DatumGetInt64(number);
}

/*
 * The size of a table and of what inherits from it, without indexes; -1: one
 * of them is locked.  What is left out has no size, but is locked all the
 * same when the query is planned.
 */
static int64
tree_size(Oid relid, const List *left_out)
{
	const List *parts = mig_row_filter_parts(left_out, relid);
	int64		size = 0;
	ListCell   *lc;

	foreach(lc, find_all_inheritors(relid, NoLock, NULL))
	{
		Oid			part = lfirst_oid(lc);

		LOCAL_FCINFO(fcinfo, 1);

		CHECK_FOR_INTERRUPTS();
		if (!ConditionalLockRelationOid(part, AccessShareLock))
			return -1;
		InitFunctionCallInfoData(*fcinfo, NULL, 1, InvalidOid, NULL, NULL);
		fcinfo->args[0].value = ObjectIdGetDatum(part);
		fcinfo->args[0].isnull = false;
		if (!list_member_oid(parts, part))
			size += DatumGetInt64(pg_table_size(fcinfo));
		UnlockRelationOid(part, AccessShareLock);
	}
	return size;
}
