/*-------------------------------------------------------------------------
 *
 * model/rename_catalog.c
 *	  Gives live objects other names for a moment.
 *
 * Catalog rows are changed directly, as in hide.c, in a subtransaction that
 * is rolled back: the server's own commands would lock tables against others.
 * What the server changes along is changed along here: the row type of a
 * table, the index of a constraint, a column in the tables that inherit it.
 *
 * Locks: AccessShare on the table, that nobody may alter it meanwhile; others
 * wait only where they change the very rows.
 *
 * The caller has checked that the role owns the schema.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/hide.h"
#include "model/rename_catalog.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/alter.h"
#include "commands/policy.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "rewrite/rewriteSupport.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

static bool lock_table(const ObjectAddress *object, bool may_wait);
static Datum column_of_row(const ObjectAddress *object, AttrNumber column);
static HeapTuple row_of(Relation catalog, Oid oid);
static bool relation_name_is_free(Oid relid, const char *name, Oid nsp);
static bool routine_name_is_free(Oid routine, const char *name, Oid nsp);
static bool column_name_is_free(Oid relid, const char *name);
static bool constraint_name_is_free(Oid constraint, const char *name);
static char type_of_constraint(Oid constraint);
static void name_relation(Oid relid, const char *name);
static void name_column(Oid relid, const char *old, const char *name);
static void name_constraint(Oid constraint, const char *name);
static void name_inherited(Oid relid, const char *old, const char *name);
static void name_trigger(Oid relid, const char *old, const char *name);
static void name_enum_value(Oid type, const char *old, const char *name);
static void name_row(Oid catalog, Oid oid, const char *name);

/* What has a name of its own on a table, but for columns. */
const MigTablePart mig_rename_parts[MIG_TABLE_PARTS] = {
	{ConstraintRelationId, OBJECT_TABCONSTRAINT, "CONSTRAINT",
	get_relation_constraint_oid, Anum_pg_constraint_conrelid},
	{TriggerRelationId, OBJECT_TRIGGER, "TRIGGER",
	get_trigger_oid, Anum_pg_trigger_tgrelid},
	{PolicyRelationId, OBJECT_POLICY, "POLICY",
	get_relation_policy_oid, Anum_pg_policy_polrelid},
	{RewriteRelationId, OBJECT_RULE, "RULE",
	get_rewrite_oid, Anum_pg_rewrite_ev_class},
};

/*
 * May an object have a name?  A schema that is not NULL is the one where it is
 * to have it.
 */
bool
mig_rename_catalog_is_free(const ObjectAddress *object, const char *name,
						   const char *schema)
{
	Oid			table = mig_rename_catalog_table(object);
	const MigTablePart *part;
	Oid			nsp = InvalidOid;

	if (schema != NULL)
	{
		nsp = get_namespace_oid(schema, true);
		if (!OidIsValid(nsp))
			return true;
	}
	else if (object->classId == RelationRelationId ||
			 object->classId == TypeRelationId ||
			 object->classId == ProcedureRelationId)
		nsp = get_object_namespace(object);

	switch (object->classId)
	{
		case NamespaceRelationId:
			return !OidIsValid(get_namespace_oid(name, true));
		case RelationRelationId:
			if (object->objectSubId != 0)
				return column_name_is_free(object->objectId, name);
			return relation_name_is_free(object->objectId, name, nsp);
		case TypeRelationId:
			return !SearchSysCacheExists2(TYPENAMENSP, CStringGetDatum(name),
										  ObjectIdGetDatum(nsp));
		case EnumRelationId:
			return !SearchSysCacheExists2(ENUMTYPOIDNAME,
										  ObjectIdGetDatum(object->objectId),
										  CStringGetDatum(name));
		case ProcedureRelationId:
			return routine_name_is_free(object->objectId, name, nsp);
		case ConstraintRelationId:
			return constraint_name_is_free(object->objectId, name);
		default:
			part = mig_rename_part(object->classId);
			return part != NULL && !OidIsValid(part->find(table, name, true));
	}
}

/*
 * Give an object a name that is free, in the catalogs alone.
 *
 * A value of an enum has the address of its type, with the class of values.
 * Returns false, with nothing done, if its table is locked against us and we
 * may not wait.
 */
bool
mig_rename_catalog(const ObjectAddress *object, const char *old,
				   const char *name, bool may_wait)
{
	Oid			oid = object->objectId;

	if (!lock_table(object, may_wait))
		return false;
	switch (object->classId)
	{
		case RelationRelationId:
			if (object->objectSubId != 0)
				name_column(oid, old, name);
			else
				name_relation(oid, name);
			break;
		case TypeRelationId:
			RenameTypeInternal(oid, name, get_object_namespace(object));
			break;
		case EnumRelationId:
			name_enum_value(oid, old, name);
			break;
		case ConstraintRelationId:
			name_constraint(oid, name);
			break;
		case TriggerRelationId:
			name_trigger(mig_rename_catalog_table(object), old, name);
			break;
		default:
			name_row(object->classId, oid, name);
	}
	CommandCounterIncrement();
	return true;
}

/* Can an object move to another schema by itself? */
bool
mig_rename_catalog_can_move(const ObjectAddress *object)
{
	Oid			table;
	int32		column;
	char		relkind;

	if (object->classId != RelationRelationId)
		return object->classId == TypeRelationId ||
			object->classId == ProcedureRelationId;
	relkind = get_rel_relkind(object->objectId);
	if (relkind == RELKIND_SEQUENCE)
		return !sequenceIsOwned(object->objectId, DEPENDENCY_AUTO, &table,
								&column) &&
			!sequenceIsOwned(object->objectId, DEPENDENCY_INTERNAL, &table,
							 &column);
	return relkind != RELKIND_INDEX && relkind != RELKIND_PARTITIONED_INDEX;
}

/*
 * Move an object to a schema that is there, with what the server moves along,
 * in the catalogs alone.  Returns false as mig_rename_catalog() does.
 */
bool
mig_rename_catalog_move(const ObjectAddress *object, const char *schema,
						bool may_wait)
{
	Oid			nsp = get_namespace_oid(schema, false);
	Oid			oid = object->objectId;
	ObjectAddresses *moved;

	if (!lock_table(object, may_wait))
		return false;
	moved = new_object_addresses();
	if (object->classId != RelationRelationId)
		(void) AlterObjectNamespace_oid(object->classId, oid, nsp, moved);
	else if (get_rel_relkind(oid) == RELKIND_COMPOSITE_TYPE)
		(void) AlterObjectNamespace_oid(TypeRelationId, get_rel_type_id(oid),
										nsp, moved);
	else
		mig_hide_move_relation(oid, get_rel_namespace(oid), nsp, moved);
	free_object_addresses(moved);
	CommandCounterIncrement();
	return true;
}

/* Make a schema, as the caller's CREATE SCHEMA would. */
Oid
mig_rename_catalog_add_schema(const char *name)
{
	Oid			nsp = NamespaceCreate(name, GetUserId(), false);

	CommandCounterIncrement();
	return nsp;
}

/* Keep others from altering a table meanwhile. */
static bool
lock_table(const ObjectAddress *object, bool may_wait)
{
	Oid			relid = mig_rename_catalog_table(object);

	if (!OidIsValid(relid))
		return true;
	if (!may_wait)
		return ConditionalLockRelationOid(relid, AccessShareLock);
	LockRelationOid(relid, AccessShareLock);
	return true;
}

/* The part of tables that a class holds, or NULL. */
const MigTablePart *
mig_rename_part(Oid class_id)
{
	for (int i = 0; i < MIG_TABLE_PARTS; i++)
	{
		if (mig_rename_parts[i].class_id == class_id)
			return &mig_rename_parts[i];
	}
	return NULL;
}

/* The relation that an object is or is on, or InvalidOid. */
Oid
mig_rename_catalog_table(const ObjectAddress *object)
{
	const MigTablePart *part = mig_rename_part(object->classId);

	if (object->classId == RelationRelationId)
		return object->objectId;
	return part == NULL ? InvalidOid :
		DatumGetObjectId(column_of_row(object, part->table));
}

/* The domain that a constraint is on, or InvalidOid. */
Oid
mig_rename_catalog_domain(const ObjectAddress *constraint)
{
	return DatumGetObjectId(column_of_row(constraint,
										  Anum_pg_constraint_contypid));
}

/* The name of an object, as it stands in its row; without its schema. */
char *
mig_rename_catalog_name(const ObjectAddress *object)
{
	Datum		name = column_of_row(object,
									 get_object_attnum_name(object->classId));

	if (name == (Datum) 0)
		elog(ERROR, "could not find object %u of catalog %u",
			 object->objectId, object->classId);
	return NameStr(*DatumGetName(name));
}

/* What stands in the row of an object, which may be NULL; 0 if it is gone. */
static Datum
column_of_row(const ObjectAddress *object, AttrNumber column)
{
	Relation	rel = table_open(object->classId, AccessShareLock);
	HeapTuple	tuple = row_of(rel, object->objectId);
	Datum		value = (Datum) 0;
	bool		isnull;

	if (HeapTupleIsValid(tuple))
		value = heap_getattr(tuple, column, RelationGetDescr(rel), &isnull);
	table_close(rel, AccessShareLock);
	return value;
}

/* A copy of the row of an object, or NULL. */
static HeapTuple
row_of(Relation catalog, Oid oid)
{
	AttrNumber	key = get_object_attnum_oid(RelationGetRelid(catalog));

	return get_catalog_object_by_oid(catalog, key, oid);
}

/* Is a name free among relations, and among types if there is a row type? */
static bool
relation_name_is_free(Oid relid, const char *name, Oid nsp)
{
	return !OidIsValid(get_relname_relid(name, nsp)) &&
		(!OidIsValid(get_rel_type_id(relid)) ||
		 !SearchSysCacheExists2(TYPENAMENSP, CStringGetDatum(name),
								ObjectIdGetDatum(nsp)));
}

/* Routines need a name of their own among those with the same arguments. */
static bool
routine_name_is_free(Oid routine, const char *name, Oid nsp)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(routine));
	Form_pg_proc form;
	bool		is_free;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_proc) GETSTRUCT(tuple);
	is_free = !SearchSysCacheExists3(PROCNAMEARGSNSP, CStringGetDatum(name),
									 PointerGetDatum(&form->proargtypes),
									 ObjectIdGetDatum(nsp));
	ReleaseSysCache(tuple);
	return is_free;
}

/*
 * A column is renamed in all tables that inherit it: none of them may have the
 * name, nor a system column.
 */
static bool
column_name_is_free(Oid relid, const char *name)
{
	const ListCell *lc;

	foreach(lc, mig_rename_catalog_tables(relid))
	{
		if (get_attnum(lfirst_oid(lc), name) != InvalidAttrNumber)
			return false;
	}
	return true;
}

/*
 * A constraint with an index needs the name among relations, too; a foreign
 * key only refers to the index of another table.
 */
static bool
constraint_name_is_free(Oid constraint, const char *name)
{
	ObjectAddress address = {ConstraintRelationId, constraint, 0};
	Oid			relid = mig_rename_catalog_table(&address);
	Oid			index = get_constraint_index(constraint);

	if (OidIsValid(relid))
		return !OidIsValid(get_relation_constraint_oid(relid, name, true)) &&
			(!OidIsValid(index) ||
			 type_of_constraint(constraint) == CONSTRAINT_FOREIGN ||
			 relation_name_is_free(index, name, get_rel_namespace(index)));
	return true;				/* of a domain; few have the same name */
}

/* pg_constraint.contype */
static char
type_of_constraint(Oid constraint)
{
	ObjectAddress address = {ConstraintRelationId, constraint, 0};

	return DatumGetChar(column_of_row(&address, Anum_pg_constraint_contype));
}

/* a relation with its row type, an index with its constraint */
static void
name_relation(Oid relid, const char *name)
{
	Relation	rel = table_open(RelationRelationId, RowExclusiveLock);
	HeapTuple	tuple = mig_lock_class_row(relid);
	ItemPointerData place;
	Form_pg_class form;
	Oid			constraint = InvalidOid;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	place = tuple->t_self;
	form = (Form_pg_class) GETSTRUCT(tuple);
	namestrcpy(&form->relname, name);
	CatalogTupleUpdate(rel, &place, tuple);
	mig_unlock_class_row(rel, &place);
	table_close(rel, RowExclusiveLock);
	if (OidIsValid(form->reltype))
		RenameTypeInternal(form->reltype, name, form->relnamespace);
	if (form->relkind == RELKIND_INDEX ||
		form->relkind == RELKIND_PARTITIONED_INDEX)
		constraint = get_index_constraint(relid);
	if (OidIsValid(constraint))
		name_row(ConstraintRelationId, constraint, name);
}

/*
 * Rename a column in a table and all that inherit it, or in a composite type
 * and the tables of that type.
 */
static void
name_column(Oid relid, const char *old, const char *name)
{
	Relation	rel = table_open(AttributeRelationId, RowExclusiveLock);
	const ListCell *lc;

	foreach(lc, mig_rename_catalog_tables(relid))
	{
		HeapTuple	tuple = SearchSysCacheCopyAttName(lfirst_oid(lc), old);

		if (HeapTupleIsValid(tuple))
			mig_hide_change_name(rel, tuple, Anum_pg_attribute_attname, name);
	}
	table_close(rel, RowExclusiveLock);
}

/* A relation, those that inherit from it, and tables of a composite type. */
List *
mig_rename_catalog_tables(Oid relid)
{
	List	   *tables = find_all_inheritors(relid, NoLock, NULL);
	Relation	rel;
	SysScanDesc scan;
	HeapTuple	tuple;

	if (get_rel_relkind(relid) != RELKIND_COMPOSITE_TYPE)
		return tables;
	rel = table_open(RelationRelationId, AccessShareLock);
	scan = systable_beginscan(rel, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

		if (form->reloftype == get_rel_type_id(relid))
			tables = list_concat(tables,
								 find_all_inheritors(form->oid, NoLock, NULL));
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return tables;
}

/* a constraint with its index, or in the tables that inherit it */
static void
name_constraint(Oid constraint, const char *name)
{
	ObjectAddress address = {ConstraintRelationId, constraint, 0};
	Oid			relid = mig_rename_catalog_table(&address);
	char		type = type_of_constraint(constraint);
	char	   *old = get_constraint_name(constraint);

	if (type == CONSTRAINT_CHECK && OidIsValid(relid))
		name_inherited(relid, old, name);
	else if (type != CONSTRAINT_FOREIGN &&
			 OidIsValid(get_constraint_index(constraint)))
		name_relation(get_constraint_index(constraint), name);
	else
		name_row(ConstraintRelationId, constraint, name);
}

/*
 * Rename a constraint in a table and in those that inherit it, each of which
 * has a row of its own.  Of these tables the first alone is locked.
 */
static void
name_inherited(Oid relid, const char *old, const char *name)
{
	const ListCell *lc;

	foreach(lc, find_all_inheritors(relid, NoLock, NULL))
	{
		Oid			constraint = get_relation_constraint_oid(lfirst_oid(lc),
															 old, true);

		if (OidIsValid(constraint))
			name_row(ConstraintRelationId, constraint, name);
	}
}

/* a trigger, and what partitions have of it */
static void
name_trigger(Oid relid, const char *old, const char *name)
{
	List	   *tables;
	const ListCell *lc;

	tables = get_rel_relkind(relid) == RELKIND_PARTITIONED_TABLE ?
		find_all_inheritors(relid, NoLock, NULL) : list_make1_oid(relid);
	foreach(lc, tables)
	{
		Oid			trigger = get_trigger_oid(lfirst_oid(lc), old, true);

		if (OidIsValid(trigger))
			name_row(TriggerRelationId, trigger, name);
	}
}

/*
 * Rename a value of an enum; its order and its oid, which is what tables hold,
 * stay.
 */
static void
name_enum_value(Oid type, const char *old, const char *name)
{
	Relation	rel = table_open(EnumRelationId, RowExclusiveLock);
	HeapTuple	tuple = SearchSysCacheCopy2(ENUMTYPOIDNAME,
											ObjectIdGetDatum(type),
											CStringGetDatum(old));

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for value \"%s\" of type %u", old,
			 type);
	mig_hide_change_name(rel, tuple, Anum_pg_enum_enumlabel, name);
	table_close(rel, RowExclusiveLock);
}

/* Change the name in a row of a catalog that has an OID. */
static void
name_row(Oid catalog, Oid oid, const char *name)
{
	Relation	rel = table_open(catalog, RowExclusiveLock);
	HeapTuple	tuple = row_of(rel, oid);

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "could not find object %u of catalog %u", oid, catalog);
	mig_hide_change_name(rel, tuple, get_object_attnum_name(catalog), name);
	table_close(rel, RowExclusiveLock);
}

/*
 * The functions that came with a range or multirange type, by their OIDs.  The
 * server leaves them where they are when it renames or moves the type.
 */
List *
mig_rename_catalog_constructors(Oid type)
{
	Relation	rel = table_open(DependRelationId, AccessShareLock);
	List	   *functions = NIL;
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(TypeRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(type));
	scan = systable_beginscan(rel, DependReferenceIndexId, true, NULL, 2,
							  keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend row = (Form_pg_depend) GETSTRUCT(tuple);

		if (row->classid == ProcedureRelationId &&
			row->deptype == DEPENDENCY_INTERNAL)
			functions = lappend_oid(functions, row->objid);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return functions;
}
