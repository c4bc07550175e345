/*-------------------------------------------------------------------------
 *
 * util/own_tables.c
 *	  The extension's tables: which they are, whose, and what others put on
 *	  them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/own_tables.h"
#include "util/publication_check.h"
#include "util/version.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_inherits.h"
#include "storage/lmgr.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/*
 * The tables of the extension, as they were found
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

static void refuse_foreign_code(Oid nsp);
static bool lock_tables(Oid owner);
static void check_table(Form_pg_class row, Oid owner);
static void learn_tables(Oid nsp);
static Oid	our_extension(Oid nsp);
static void forget_tables(Datum arg, Oid relid);
pg_noreturn static void refuse_table(const char *name, const char *what,
									 const char *hint);

/* The role that owns our tables. */
Oid
mig_own_tables_owner(Oid nsp)
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
 * Before our tables are written: refuse what is not to be written, and lock
 * them.
 */
void
mig_own_tables_check(Oid nsp)
{
	/* behind the locks, which an update of the extension may have held */
	do
	{
		refuse_foreign_code(nsp);
		if (strcmp(mig_version_check(nsp, false), known.version) != 0)
			known.extension = InvalidOid;
	} while (!OidIsValid(known.extension));
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
	Oid			owner = mig_own_tables_owner(nsp);

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
		Oid			relid = lfirst_oid(lc);
		HeapTuple	tuple;

		LockRelationOid(relid, RowExclusiveLock);
		tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
		if (HeapTupleIsValid(tuple))
		{
			check_table((Form_pg_class) GETSTRUCT(tuple), owner);
			ReleaseSysCache(tuple);
			continue;
		}
		UnlockRelationOid(relid, RowExclusiveLock);
		complete = false;
	}
	return complete;
}

/*
 * Refuse a table that is locked.  It is opened only where it may have what is
 * not in its row: most of them nobody else opens in a session's first call.
 */
static void
check_table(Form_pg_class row, Oid owner)
{
	const char *name = NameStr(row->relname);

	if (row->relhastriggers || row->relhasrules)
	{
		Relation	rel = table_open(row->oid, NoLock);

		if (rel->trigdesc != NULL)
			refuse_table(name, "triggers",
						 "Drop its triggers, and foreign keys that refer to it.");
		if (rel->rd_rules != NULL)
			refuse_table(name, "rules", "Drop its rules.");
		table_close(rel, NoLock);
	}
	if (row->relrowsecurity || row->relforcerowsecurity)
		refuse_table(name, "row-level security",
					 "ALTER TABLE ... DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY.");
	if (row->relhassubclass &&
		find_inheritance_children(row->oid, NoLock) != NIL)
		refuse_table(name, "child tables", "Drop its child tables.");
	if (row->relowner != owner)
		refuse_table(name, "an owner of its own",
					 "ALTER TABLE ... OWNER TO gives it the owner of migrate_revision.");
}

/*
 * The version is read first: tables of a later one are found wanting by
 * mig_version_check(), those of an earlier one would not be.
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
	mig_version_find(&version, &installed);
	known.nsp = InvalidOid;
	known.extension = our_extension(nsp);
	tables = mig_own_tables(nsp);
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
mig_own_tables(Oid nsp)
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
refuse_table(const char *name, const char *what, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("table \"%s\" of extension \"pg_migrations\" has %s",
					name, what),
			 errdetail("Code of others could run with the rights of the owner of the extension's tables."),
			 errhint("%s", hint)));
}
