/*-------------------------------------------------------------------------
 *
 * run/resume.c
 *	  What a statement that was broken off has left behind.
 *
 * Asked of a statement that cannot run in a transaction, when its mark says
 * that it was begun and not that it was done: the server, or the session, may
 * have gone down between its end and the mark.  Then the catalogs decide.  An
 * index that is there and valid was built; one that is not valid is dropped
 * before the next try, unless somebody holds a lock on it.  A detached
 * partition that waits for its end is finalised.  What is not known here is
 * run again: VACUUM, ALTER SYSTEM and their like do no harm twice.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "run/resume.h"
#include "util/sql.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_subscription.h"
#include "commands/dbcommands.h"
#include "commands/defrem.h"
#include "commands/tablespace.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

static MigResume look_at_index(const IndexStmt *stmt, bool check_locks);
static MigResume look_at_drop(const DropStmt *stmt);
static MigResume look_at_reindex(const ReindexStmt *stmt, bool check_locks);
static MigResume look_at_detach(const AlterTableStmt *stmt);
static bool is_valid_index(Oid index, Oid table);
static bool is_same_index(Oid index, const IndexStmt *stmt);
static char *drop_command(Oid index, bool check_locks);
static List *drop_leftovers(Oid table, Oid nsp, bool check_locks);
static bool is_leftover_name(const char *name);

/*
 * Look what is left of a statement.
 *
 * To be called inside a transaction; takes no lock that outlives it.  The
 * result is in the current memory context.  With check_locks 55P03 if somebody
 * may be working on an invalid index.
 */
MigResume
mig_resume_look(const Node *stmt, bool check_locks)
{
	MigResume	resume = {0};
	const char *name;

	switch (nodeTag(stmt))
	{
		case T_IndexStmt:
			return look_at_index((const IndexStmt *) stmt, check_locks);
		case T_DropStmt:
			return look_at_drop((const DropStmt *) stmt);
		case T_ReindexStmt:
			return look_at_reindex((const ReindexStmt *) stmt, check_locks);
		case T_AlterTableStmt:
			return look_at_detach((const AlterTableStmt *) stmt);
		case T_CreatedbStmt:
			name = ((const CreatedbStmt *) stmt)->dbname;
			resume.is_done = OidIsValid(get_database_oid(name, true));
			break;
		case T_DropdbStmt:
			name = ((const DropdbStmt *) stmt)->dbname;
			resume.is_done = !OidIsValid(get_database_oid(name, true));
			break;
		case T_CreateTableSpaceStmt:
			name = ((const CreateTableSpaceStmt *) stmt)->tablespacename;
			resume.is_done = OidIsValid(get_tablespace_oid(name, true));
			break;
		case T_DropTableSpaceStmt:
			name = ((const DropTableSpaceStmt *) stmt)->tablespacename;
			resume.is_done = !OidIsValid(get_tablespace_oid(name, true));
			break;
		case T_CreateSubscriptionStmt:
			name = ((const CreateSubscriptionStmt *) stmt)->subname;
			resume.is_done = OidIsValid(get_subscription_oid(name, true));
			break;
		case T_DropSubscriptionStmt:
			name = ((const DropSubscriptionStmt *) stmt)->subname;
			resume.is_done = !OidIsValid(get_subscription_oid(name, true));
			break;
		default:
			break;
	}
	return resume;
}

/* CREATE INDEX CONCURRENTLY name ON table */
static MigResume
look_at_index(const IndexStmt *stmt, bool check_locks)
{
	MigResume	resume = {0};
	Oid			table = RangeVarGetRelid(stmt->relation, NoLock, true);
	Oid			index;

	if (!OidIsValid(table))
		return resume;
	index = get_relname_relid(stmt->idxname, get_rel_namespace(table));
	if (!OidIsValid(index) || IndexGetRelation(index, true) != table)
		return resume;
	if (is_valid_index(index, table))
		resume.is_done = is_same_index(index, stmt);
	else
		resume.repairs = list_make1(drop_command(index, check_locks));
	return resume;
}

/* One that is half built or half dropped is not. */
static bool
is_valid_index(Oid index, Oid table)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	bool		valid = false;

	if (HeapTupleIsValid(tuple))
	{
		Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);

		valid = form->indrelid == table && form->indisvalid &&
			form->indisready && form->indislive;
		ReleaseSysCache(tuple);
	}
	return valid;
}

/* As far as the parse tree tells: uniqueness, method, columns, predicate. */
static bool
is_same_index(Oid index, const IndexStmt *stmt)
{
	Relation	rel = index_open(index, AccessShareLock);
	List	   *columns = list_concat_copy(stmt->indexParams,
										   stmt->indexIncludingParams);
	bool		same;
	ListCell   *lc;

	same = rel->rd_index->indisunique == stmt->unique &&
		rel->rd_index->indnkeyatts == list_length(stmt->indexParams) &&
		rel->rd_index->indnatts == list_length(columns) &&
		(stmt->accessMethod == NULL ||
		 strcmp(get_am_name(rel->rd_rel->relam), stmt->accessMethod) == 0) &&
		(stmt->whereClause == NULL) ==
		heap_attisnull(rel->rd_indextuple, Anum_pg_index_indpred, NULL);
	foreach(lc, columns)
	{
		const char *name = lfirst_node(IndexElem, lc)->name;
		AttrNumber	column;

		if (!same)
			break;
		column = rel->rd_index->indkey.values[foreach_current_index(lc)];
		same = column == (name == NULL ? InvalidAttrNumber :
						  get_attnum(rel->rd_index->indrelid, name));
	}
	index_close(rel, AccessShareLock);
	return same;
}

/* DROP INDEX for an invalid index that nobody works on. */
static char *
drop_command(Oid index, bool check_locks)
{
	char	   *name = mig_quote_relation(index);
	Oid			table;

	/* while it waits CREATE INDEX CONCURRENTLY locks only the table */
	table = IndexGetRelation(index, true);
	if (!check_locks || !OidIsValid(table))
		return psprintf("DROP INDEX CONCURRENTLY %s", name);
	if (!ConditionalLockRelationOid(table, ShareUpdateExclusiveLock))
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("invalid index %s is in use", name),
				 errdetail("An earlier attempt left it; it is dropped before the next one."),
				 errhint("Is another session building it?")));
	UnlockRelationOid(table, ShareUpdateExclusiveLock);
	return psprintf("DROP INDEX CONCURRENTLY %s", name);
}

/* DROP INDEX CONCURRENTLY: done if none is there any more */
static MigResume
look_at_drop(const DropStmt *stmt)
{
	MigResume	resume = {0};
	ListCell   *lc;

	resume.is_done = true;
	foreach(lc, stmt->objects)
	{
		RangeVar   *name = makeRangeVarFromNameList(castNode(List,
															 lfirst(lc)));

		if (OidIsValid(RangeVarGetRelid(name, NoLock, true)))
			resume.is_done = false;
	}
	return resume;
}

/* REINDEX CONCURRENTLY: drop the copies that were not finished */
static MigResume
look_at_reindex(const ReindexStmt *stmt, bool check_locks)
{
	MigResume	resume = {0};
	Oid			table = InvalidOid;
	Oid			nsp = InvalidOid;

	if (stmt->relation != NULL)
	{
		table = RangeVarGetRelid(stmt->relation, NoLock, true);
		if (OidIsValid(table) && stmt->kind == REINDEX_OBJECT_INDEX)
			table = IndexGetRelation(table, true);
		if (!OidIsValid(table))
			return resume;
	}
	else if (stmt->kind == REINDEX_OBJECT_SCHEMA)
		nsp = get_namespace_oid(stmt->name, true);
	resume.repairs = drop_leftovers(table, nsp, check_locks);
	return resume;
}

/*
 * DROP INDEX commands for all invalid "_ccnew" and "_ccold" indexes of a
 * table, of a schema, or (both invalid) of the database.
 */
static List *
drop_leftovers(Oid table, Oid nsp, bool check_locks)
{
	Relation	rel = table_open(IndexRelationId, AccessShareLock);
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *commands = NIL;

	scan = systable_beginscan(rel, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
		char	   *name;

		if (form->indisvalid ||
			(OidIsValid(table) && form->indrelid != table))
			continue;
		name = get_rel_name(form->indexrelid);
		if (name == NULL || !is_leftover_name(name) ||
			(OidIsValid(nsp) && get_rel_namespace(form->indexrelid) != nsp))
			continue;
		commands = lappend(commands,
						   drop_command(form->indexrelid, check_locks));
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return commands;
}

/* name_ccnew, name_ccold, both perhaps with a number behind */
static bool
is_leftover_name(const char *name)
{
	const char *end = name + strlen(name);

	while (end > name && end[-1] >= '0' && end[-1] <= '9')
		end--;
	return end - name > 6 && (strncmp(end - 6, "_ccnew", 6) == 0 ||
							  strncmp(end - 6, "_ccold", 6) == 0);
}

/* ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY */
static MigResume
look_at_detach(const AlterTableStmt *stmt)
{
	MigResume	resume = {0};
	AlterTableCmd *cmd = linitial_node(AlterTableCmd, stmt->cmds);
	Oid			parent = RangeVarGetRelid(stmt->relation, NoLock, true);
	Oid			child;
	Relation	rel;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	if (cmd->subtype != AT_DetachPartition || !OidIsValid(parent))
		return resume;
	child = RangeVarGetRelid(castNode(PartitionCmd, cmd->def)->name, NoLock,
							 true);
	if (!OidIsValid(child))
		return resume;
	resume.is_done = true;
	rel = table_open(InheritsRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_inherits_inhrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(child));
	scan = systable_beginscan(rel, InheritsRelidSeqnoIndexId, true, NULL, 1,
							  &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_inherits form = (Form_pg_inherits) GETSTRUCT(tuple);

		if (form->inhparent != parent)
			continue;
		resume.is_done = false;
		resume.replaces = form->inhdetachpending;
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	if (resume.replaces)
		resume.repairs =
			list_make1(psprintf("ALTER TABLE %s DETACH PARTITION %s FINALIZE",
								mig_quote_relation(parent),
								mig_quote_relation(child)));
	return resume;
}
