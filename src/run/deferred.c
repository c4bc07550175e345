/*-------------------------------------------------------------------------
 *
 * run/deferred.c
 *	  Deferred constraints at the end of a script.
 *
 * A deferred check that fails should fail the script that broke it, and not
 * the commit; and the next script may want to alter the table, which pending
 * trigger events forbid.  So constraints are made immediate at the end of
 * each script, which runs what is pending, and then set back to their
 * defaults.
 *
 * SET CONSTRAINTS ALL would be simple, but there is no way back from it: it
 * would hold for constraints that later scripts create too.  So those are
 * named that have something pending, or all after a script that said SET
 * CONSTRAINTS itself.  The deferrable constraints are read from pg_constraint
 * once in a run, when a script has changed rows for the first time; an object
 * access hook, which does nothing outside of runs, adds those that come later.
 *
 * A namesake in the same schema that is not deferrable keeps a constraint
 * from being set back to deferred: it then stays immediate to the end of the
 * transaction.  Constraints in schemas that the current role may not use are
 * left alone.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/deferred.h"
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_namespace.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

static object_access_hook_type previous_hook = NULL;

static bool hook_installed = false;

/* Deferrable constraints, by OID; may hold dropped and unrelated ones. */
static List *constraints = NIL;
static MemoryContext constraints_context = NULL;
static bool constraints_read = false;

/* Does a table have deferred trigger events that are pending? */
typedef struct Pending
{
	Oid			relid;			/* hash key */
	bool		is_pending;
} Pending;

static void note_constraint(ObjectAccessType access, Oid classId,
							Oid objectId, int subId, void *arg);
static void read_constraints(void);
static HTAB *create_pending(void);
static bool concerns_us(Form_pg_constraint constraint, HTAB *pending);
static bool has_pending(HTAB *pending, Oid relid);
static RangeVar *constraint_name(Form_pg_constraint constraint);
static bool has_strict_namesake(Form_pg_constraint constraint);

/* Begin a run; mig_deferred_end() must follow, on errors too. */
void
mig_deferred_begin(void)
{
	constraints = NIL;
	constraints_read = false;
	constraints_context = CurrentMemoryContext;
	if (hook_installed)
		return;
	previous_hook = object_access_hook;
	object_access_hook = note_constraint;
	hook_installed = true;
}

/* The list itself goes with its memory context, that of the transaction. */
void
mig_deferred_end(void)
{
	constraints = NIL;
	constraints_read = false;
}

/*
 * What the script creates or alters may be deferrable afterwards; that is
 * looked at when it matters, not here.
 */
static void
note_constraint(ObjectAccessType access, Oid classId, Oid objectId, int subId,
				void *arg)
{
	if (previous_hook)
		previous_hook(access, classId, objectId, subId, arg);
	if (classId == ConstraintRelationId && constraints_read &&
		(access == OAT_POST_CREATE || access == OAT_POST_ALTER))
	{
		MemoryContext old = MemoryContextSwitchTo(constraints_context);

		constraints = list_append_unique_oid(constraints, objectId);
		MemoryContextSwitchTo(old);
	}
}

/*
 * Run what is deferred, and set all constraints back to their defaults.
 *
 * To be called at the end of a script that may have changed rows.  all_set
 * tells that it said SET CONSTRAINTS.
 */
void
mig_deferred_check(bool all_set)
{
	ConstraintsSetStmt *immediate = makeNode(ConstraintsSetStmt);
	ConstraintsSetStmt *deferred = makeNode(ConstraintsSetStmt);
	HTAB	   *pending = NULL;
	ListCell   *lc;

	CommandCounterIncrement();
	if (!constraints_read)
		read_constraints();
	if (!all_set && constraints != NIL)
		pending = create_pending();
	foreach(lc, constraints)
	{
		HeapTuple	tuple = SearchSysCache1(CONSTROID,
											ObjectIdGetDatum(lfirst_oid(lc)));
		Form_pg_constraint constraint;

		if (!HeapTupleIsValid(tuple))
			continue;
		constraint = (Form_pg_constraint) GETSTRUCT(tuple);
		if (concerns_us(constraint, pending))
		{
			RangeVar   *name = constraint_name(constraint);

			immediate->constraints = lappend(immediate->constraints, name);
			if (constraint->condeferred && !has_strict_namesake(constraint))
				deferred->constraints = lappend(deferred->constraints, name);
		}
		ReleaseSysCache(tuple);
	}
	if (immediate->constraints != NIL)
		AfterTriggerSetState(immediate);
	deferred->deferred = true;
	if (deferred->constraints != NIL)
		AfterTriggerSetState(deferred);
}

/* A cache of what AfterTriggerPendingOnRel() says, which is slow. */
static HTAB *
create_pending(void)
{
	HASHCTL		ctl = {0};

	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(Pending);
	ctl.hcxt = CurrentMemoryContext;
	return hash_create("pg_migrations pending", 64, &ctl,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/*
 * Is a constraint to be set?  Where pending is given only if one of its
 * tables has pending events.
 */
static bool
concerns_us(Form_pg_constraint constraint, HTAB *pending)
{
	if (!constraint->condeferrable)
		return false;
	if (pending != NULL && !has_pending(pending, constraint->conrelid) &&
		!has_pending(pending, constraint->confrelid))
		return false;
	return object_aclcheck(NamespaceRelationId, constraint->connamespace,
						   GetUserId(), ACL_USAGE) == ACLCHECK_OK;
}

/*
 * The server's list of events is walked once for each table, not for each of
 * its constraints.
 */
static bool
has_pending(HTAB *pending, Oid relid)
{
	bool		found;
	Pending    *entry;

	if (!OidIsValid(relid))
		return false;
	entry = hash_search(pending, &relid, HASH_ENTER, &found);
	if (!found)
		entry->is_pending = AfterTriggerPendingOnRel(relid);
	return entry->is_pending;
}

/* All of the database, by a scan of pg_constraint: once in a run. */
static void
read_constraints(void)
{
	Relation	rel = table_open(ConstraintRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, NULL, 0,
										  NULL);
	MemoryContext old = MemoryContextSwitchTo(constraints_context);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_constraint constraint = (Form_pg_constraint) GETSTRUCT(tuple);

		if (constraint->condeferrable)
			constraints = lappend_oid(constraints, constraint->oid);
	}
	MemoryContextSwitchTo(old);
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	constraints_read = true;
}

/*
 * By its name, since SET CONSTRAINTS takes nothing else; another of the name
 * in the same schema, on another table, is meant as well.
 */
static RangeVar *
constraint_name(Form_pg_constraint constraint)
{
	return makeRangeVar(get_namespace_name(constraint->connamespace),
						pstrdup(NameStr(constraint->conname)), -1);
}

/* Does a constraint share its name with one that is not deferrable? */
static bool
has_strict_namesake(Form_pg_constraint constraint)
{
	Relation	rel = table_open(ConstraintRelationId, AccessShareLock);
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	ScanKeyInit(&key[0], Anum_pg_constraint_conname, BTEqualStrategyNumber,
				F_NAMEEQ, NameGetDatum(&constraint->conname));
	ScanKeyInit(&key[1], Anum_pg_constraint_connamespace,
				BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(constraint->connamespace));
	scan = systable_beginscan(rel, ConstraintNameNspIndexId, true, NULL, 2,
							  key);
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
		found = !((Form_pg_constraint) GETSTRUCT(tuple))->condeferrable;
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return found;
}
