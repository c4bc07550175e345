/*-------------------------------------------------------------------------
 *
 * model/stub.c
 *	  Stands in for tables of schemas that are not managed.
 *
 * A model may have triggers and policies on tables that are others': those of
 * Supabase's auth and storage, for example.  To make them there would lock the
 * table, and needs rights on it.  So they are made on a stub, an empty table
 * of the same name and columns in a schema of the shadow; all that they say of
 * the table they say of its columns.  What reads the shadow calls the schema
 * by the name that it stands for, see sch/snapshot.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/stub.h"
#include "model/guard.h"

#include "access/relation.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/toasting.h"
#include "commands/tablecmds.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

/* a statement as one of its kind */
#define AS(type) ((type *) stmt)

static RangeVar **relation_of(Node *stmt);
static bool concerns_triggers(const AlterTableStmt *stmt);
static List **name_of(Node *stmt);
static List *without_last(List *name);
static bool stands_outside(Oid relid);
static const char *stub_of(List **stubs, const char *prefix, Oid relid);
static MigStub *stub_schema(List **stubs, const char *prefix, Oid nsp);
static void make_stub(Oid relid, const MigStub *schema);

/*
 * Let a statement about a trigger or policy on a table outside of the shadow
 * be about the table's stub; others are left alone.
 *
 * "stubs" are those that have been made, MigStub *, in the list's own context;
 * prefix is what names begin with that nobody else has.
 */
void
mig_stub_redirect(List **stubs, const char *prefix, Node *stmt)
{
	RangeVar  **relation = relation_of(stmt);
	List	  **name = name_of(stmt);
	RangeVar   *named;
	Oid			relid;

	if (relation != NULL)
		named = *relation;
	else if (name == NULL)
		return;
	else
		named = makeRangeVarFromNameList(without_last(*name));
	relid = RangeVarGetRelid(named, NoLock, true);
	if (!OidIsValid(relid) || !stands_outside(relid))
		return;
	named->schemaname = pstrdup(stub_of(stubs, prefix, relid));
	if (name != NULL)
		*name = list_make3(makeString(named->schemaname),
						   makeString(named->relname), llast(*name));
}

static List *
without_last(List *name)
{
	return list_truncate(list_copy(name), list_length(name) - 1);
}

/* Let a snapshot have what is on stubs, too. */
void
mig_stub_read(MigScope *scope, const List *stubs)
{
	const ListCell *lc;

	foreach(lc, stubs)
		scope->namespaces = lappend_oid(scope->namespaces,
										((const MigStub *) lfirst(lc))->nsp);
	scope->stubs = stubs;
}

/* Where a statement about a trigger or policy has its table, or NULL. */
static RangeVar **
relation_of(Node *stmt)
{
	switch (nodeTag(stmt))
	{
		case T_CreateTrigStmt:
			return &AS(CreateTrigStmt)->relation;
		case T_CreatePolicyStmt:
			return &AS(CreatePolicyStmt)->table;
		case T_AlterPolicyStmt:
			return &AS(AlterPolicyStmt)->table;
		case T_RenameStmt:
			return AS(RenameStmt)->renameType == OBJECT_TRIGGER ||
				AS(RenameStmt)->renameType == OBJECT_POLICY ?
				&AS(RenameStmt)->relation : NULL;
		case T_AlterTableStmt:
			return concerns_triggers(AS(AlterTableStmt)) ?
				&AS(AlterTableStmt)->relation : NULL;
		default:
			return NULL;
	}
}

/* Does it do nothing but to enable and disable triggers and row security? */
static bool
concerns_triggers(const AlterTableStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->cmds)
	{
		switch (lfirst_node(AlterTableCmd, lc)->subtype)
		{
			case AT_EnableTrig:
			case AT_EnableAlwaysTrig:
			case AT_EnableReplicaTrig:
			case AT_DisableTrig:
			case AT_EnableRowSecurity:
				break;
			default:
				return false;
		}
	}
	return true;
}

/* The same where the table stands in a list, with the member behind it. */
static List **
name_of(Node *stmt)
{
	if (IsA(stmt, DropStmt) &&
		(AS(DropStmt)->removeType == OBJECT_TRIGGER ||
		 AS(DropStmt)->removeType == OBJECT_POLICY))
		return (List **) &linitial(AS(DropStmt)->objects);
	if (IsA(stmt, CommentStmt) &&
		(AS(CommentStmt)->objtype == OBJECT_TRIGGER ||
		 AS(CommentStmt)->objtype == OBJECT_POLICY))
		return (List **) &AS(CommentStmt)->object;
	return NULL;
}

/* Is it a table that the shadow has not made, and no server's own? */
static bool
stands_outside(Oid relid)
{
	switch (get_rel_relkind(relid))
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
		case RELKIND_FOREIGN_TABLE:
			break;
		default:
			return false;
	}
	return relid >= FirstNormalObjectId &&
		!mig_guard_has_created(RelationRelationId, relid) &&
		!mig_guard_has_created(NamespaceRelationId, get_rel_namespace(relid));
}

/* The schema in which the stub of a table stands, which is made if need be. */
static const char *
stub_of(List **stubs, const char *prefix, Oid relid)
{
	MigStub    *stub = stub_schema(stubs, prefix, get_rel_namespace(relid));

	if (!OidIsValid(get_relname_relid(get_rel_name(relid), stub->nsp)))
		make_stub(relid, stub);
	return stub->name;
}

static MigStub *
stub_schema(List **stubs, const char *prefix, Oid nsp)
{
	const char *schema = get_namespace_name(nsp);
	MemoryContext old;
	MigStub    *stub;
	ListCell   *lc;

	foreach(lc, *stubs)
	{
		if (strcmp(((MigStub *) lfirst(lc))->schema, schema) == 0)
			return lfirst(lc);
	}
	old = MemoryContextSwitchTo(CurTransactionContext);
	stub = palloc(sizeof(MigStub));
	stub->schema = pstrdup(schema);
	stub->name = psprintf("%s%u_stub", prefix, nsp);
	stub->nsp = NamespaceCreate(stub->name, GetUserId(), false);
	*stubs = lappend(*stubs, stub);
	MemoryContextSwitchTo(old);
	mig_guard_adopt(NamespaceRelationId, stub->nsp);
	CommandCounterIncrement();
	return stub;
}

/* A plain table will do: what its columns are is all that is asked of it. */
static void
make_stub(Oid relid, const MigStub *schema)
{
	CreateStmt *stmt = makeNode(CreateStmt);
	Relation	rel = relation_open(relid, AccessShareLock);
	TupleDesc	desc = RelationGetDescr(rel);
	ObjectAddress made;

	stmt->relation = makeRangeVar(pstrdup(schema->name),
								  pstrdup(RelationGetRelationName(rel)), -1);
	stmt->oncommit = ONCOMMIT_NOOP;
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(desc, i);

		if (!attr->attisdropped)
			stmt->tableElts = lappend(stmt->tableElts,
									  makeColumnDef(NameStr(attr->attname),
													attr->atttypid,
													attr->atttypmod,
													attr->attcollation));
	}
	relation_close(rel, NoLock);
	made = DefineRelation(stmt, RELKIND_RELATION, GetUserId(), NULL, NULL);
	CommandCounterIncrement();
	NewRelationCreateToastTable(made.objectId, (Datum) 0);
	CommandCounterIncrement();
}
