/*-------------------------------------------------------------------------
 *
 * model/hide.c
 *	  Sets live objects aside, so that a model finds their names free.
 *
 * Catalog rows are changed directly, in a subtransaction that is always
 * rolled back: the server's own commands would lock the objects against
 * others.  So nobody notices, but who would change the very rows: GRANT on a
 * managed schema, DROP EXTENSION, ALTER PUBLICATION and the like wait for us.
 *
 * Members of extensions stay reachable: they are moved into the schema that
 * stands in for theirs, relations among them without a strong lock, together
 * with what goes with a relation (row type, indexes, sequences, constraints).
 *
 * The caller has checked that the role may do all this, and calls with rights
 * that suffice.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/hide.h"
#include "util/extension.h"
#include "util/sql.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_am.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_conversion.h"
#include "catalog/pg_default_acl.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_event_trigger.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_init_privs.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_publication.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_subscription.h"
#include "catalog/pg_transform.h"
#include "catalog/pg_ts_config.h"
#include "catalog/pg_ts_dict.h"
#include "catalog/pg_ts_parser.h"
#include "catalog/pg_ts_template.h"
#include "catalog/pg_type.h"
#include "commands/alter.h"
#include "commands/extension.h"
#include "commands/tablecmds.h"
#include "commands/trigger.h"
#include "commands/typecmds.h"
#include "miscadmin.h"
#include "storage/lmgr.h"

#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

/* A catalog of objects that belong to no schema. */
typedef struct Globals
{
	ObjectType	type;
	Oid			catalog;
	AttrNumber	oid;
	AttrNumber	name;			/* InvalidAttrNumber: rows are deleted */
	AttrNumber	database;		/* that the row is for; of shared catalogs */
} Globals;

static const Globals globals[] = {
	{OBJECT_PUBLICATION, PublicationRelationId, Anum_pg_publication_oid,
	Anum_pg_publication_pubname, InvalidAttrNumber},
	{OBJECT_SUBSCRIPTION, SubscriptionRelationId, Anum_pg_subscription_oid,
	Anum_pg_subscription_subname, Anum_pg_subscription_subdbid},
	{OBJECT_EVENT_TRIGGER, EventTriggerRelationId, Anum_pg_event_trigger_oid,
	Anum_pg_event_trigger_evtname, InvalidAttrNumber},
	{OBJECT_FDW, ForeignDataWrapperRelationId,
		Anum_pg_foreign_data_wrapper_oid, Anum_pg_foreign_data_wrapper_fdwname,
	InvalidAttrNumber},
	{OBJECT_FOREIGN_SERVER, ForeignServerRelationId,
		Anum_pg_foreign_server_oid, Anum_pg_foreign_server_srvname,
	InvalidAttrNumber},
	{OBJECT_LANGUAGE, LanguageRelationId, Anum_pg_language_oid,
	Anum_pg_language_lanname, InvalidAttrNumber},
	{OBJECT_ACCESS_METHOD, AccessMethodRelationId, Anum_pg_am_oid,
	Anum_pg_am_amname, InvalidAttrNumber},
	{OBJECT_CAST, CastRelationId, Anum_pg_cast_oid, InvalidAttrNumber,
	InvalidAttrNumber},
	{OBJECT_TRANSFORM, TransformRelationId, Anum_pg_transform_oid,
	InvalidAttrNumber, InvalidAttrNumber},
};

/* Catalogs of what stands in schemas. */
static const Oid in_schemas[] = {
	CollationRelationId, ConstraintRelationId, ConversionRelationId,
	OperatorClassRelationId, OperatorFamilyRelationId, OperatorRelationId,
	ProcedureRelationId, RelationRelationId, StatisticExtRelationId,
	TSConfigRelationId, TSDictionaryRelationId, TSParserRelationId,
	TSTemplateRelationId, TypeRelationId,
};

static void change_value(Relation rel, HeapTuple tuple, AttrNumber attribute,
						 Datum value, bool isnull);
static Datum initial_acl(Oid catalog, Oid oid, int attnum, bool *isnull);
static Datum granted_acl(Oid nsp, bool *isnull);
static void set_acl(Oid nsp, Datum acl, bool isnull);
static List *members_in(Oid nsp, Oid extension);
static bool has_grants_in(Form_pg_depend depend, Oid nsp);
static void reset_grants(Oid catalog, Oid oid, Oid role);
static void reset_columns(Oid relid);
static void reset_acl(Relation rel, HeapTuple tuple, AttrNumber attribute,
					  Oid catalog, Oid oid, int attnum);
static void move_member(const ObjectAddress *member, Oid live, Oid shadow,
						ObjectAddresses *moved);
static void move_extensions(Oid live, Oid shadow, Oid extension);
static void hide_row(Relation rel, HeapTuple tuple, const Globals *kind,
					 const char *prefix, bool all, const List *names);
static bool is_set_aside(Oid function, const char *prefix);
static bool contains(const List *names, const char *name);
static void hide_temporary_in(Oid catalog, const char *prefix);

/*
 * Rename a schema to the prefix followed by its OID; returns that name.
 *
 * ALTER SCHEMA RENAME would keep others from creating anything in it.
 */
char *
mig_hide_schema(Oid nsp, const char *prefix)
{
	Relation	rel = table_open(NamespaceRelationId, RowExclusiveLock);
	HeapTuple	tuple = SearchSysCacheCopy1(NAMESPACEOID,
											ObjectIdGetDatum(nsp));
	char	   *name = psprintf("%s%u", prefix, nsp);

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for schema %u", nsp);
	mig_hide_change_name(rel, tuple, Anum_pg_namespace_nspname, name);
	table_close(rel, RowExclusiveLock);
	CommandCounterIncrement();
	return name;
}

/* Change the name in a row of a catalog. */
void
mig_hide_change_name(Relation rel, HeapTuple tuple, AttrNumber attribute,
					 const char *name)
{
	NameData	new_name;

	namestrcpy(&new_name, name);
	change_value(rel, tuple, attribute, NameGetDatum(&new_name), false);
}

/* Change one value in a row of a catalog. */
static void
change_value(Relation rel, HeapTuple tuple, AttrNumber attribute, Datum value,
			 bool isnull)
{
	int			natts = RelationGetNumberOfAttributes(rel);
	Datum	   *values = palloc0(sizeof(Datum) * natts);
	bool	   *nulls = palloc0(sizeof(bool) * natts);
	bool	   *replace = palloc0(sizeof(bool) * natts);

	values[attribute - 1] = value;
	nulls[attribute - 1] = isnull;
	replace[attribute - 1] = true;
	CatalogTupleUpdate(rel, &tuple->t_self,
					   heap_modify_tuple(tuple, RelationGetDescr(rel), values,
										 nulls, replace));
}

/*
 * Create an empty schema under a name.
 *
 * It belongs to a role and has no other privileges, or with InvalidOid to the
 * owner of the live one.  Then it has the live one's privileges if granted is
 * set, else those that it would have in a new database.  Returns its OID.
 */
Oid
mig_hide_stand_in(const char *name, Oid live, Oid owner, bool granted)
{
	bool		is_like_live = OidIsValid(live) && !OidIsValid(owner);
	Oid			shadow;
	Datum		acl;
	bool		isnull;

	if (is_like_live)
	{
		HeapTuple	tuple = SearchSysCache1(NAMESPACEOID,
											ObjectIdGetDatum(live));

		if (!HeapTupleIsValid(tuple))
			elog(ERROR, "cache lookup failed for schema %u", live);
		owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
		ReleaseSysCache(tuple);
	}
	shadow = NamespaceCreate(name, OidIsValid(owner) ? owner : GetUserId(),
							 false);
	CommandCounterIncrement();
	if (!is_like_live)
		return shadow;
	if (granted)
		acl = granted_acl(live, &isnull);
	else
	{
		acl = initial_acl(NamespaceRelationId, live, 0, &isnull);
		if (!isnull)
			acl = mig_acl_of_owner(acl, owner);
	}
	set_acl(shadow, acl, isnull);
	return shadow;
}

static Datum
granted_acl(Oid nsp, bool *isnull)
{
	HeapTuple	tuple = SearchSysCacheCopy1(NAMESPACEOID,
											ObjectIdGetDatum(nsp));

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for schema %u", nsp);
	return SysCacheGetAttr(NAMESPACEOID, tuple, Anum_pg_namespace_nspacl,
						   isnull);
}

/*
 * Privileges that initdb has given, as on "public", or an extension; of a
 * relation's column, too
 */
static Datum
initial_acl(Oid catalog, Oid oid, int attnum, bool *isnull)
{
	Relation	rel = table_open(InitPrivsRelationId, AccessShareLock);
	ScanKeyData keys[3];
	SysScanDesc scan;
	HeapTuple	tuple;
	Datum		acl = (Datum) 0;

	ScanKeyInit(&keys[0], Anum_pg_init_privs_objoid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(oid));
	ScanKeyInit(&keys[1], Anum_pg_init_privs_classoid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(catalog));
	ScanKeyInit(&keys[2], Anum_pg_init_privs_objsubid, BTEqualStrategyNumber,
				F_INT4EQ, Int32GetDatum(attnum));
	scan = systable_beginscan(rel, InitPrivsObjIndexId, true, NULL, 3, keys);
	tuple = systable_getnext(scan);
	*isnull = !HeapTupleIsValid(tuple);
	if (HeapTupleIsValid(tuple))
	{
		acl = heap_getattr(tuple, Anum_pg_init_privs_initprivs,
						   RelationGetDescr(rel), isnull);
		acl = PointerGetDatum(PG_DETOAST_DATUM_COPY(acl));
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return acl;
}

/* Past ALTER and GRANT, which would ask for rights and call hooks. */
static void
set_acl(Oid nsp, Datum acl, bool isnull)
{
	Relation	rel = table_open(NamespaceRelationId, RowExclusiveLock);
	HeapTuple	tuple = SearchSysCacheCopy1(NAMESPACEOID,
											ObjectIdGetDatum(nsp));

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for schema %u", nsp);
	change_value(rel, tuple, Anum_pg_namespace_nspacl, acl, isnull);
	table_close(rel, RowExclusiveLock);
	CommandCounterIncrement();
}

/* Give a schema what the default privileges of its owner say of a new one. */
void
mig_hide_grant_by_default(Oid nsp)
{
	HeapTuple	tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(nsp));
	Oid			owner;
	Acl		   *acl;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for schema %u", nsp);
	owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
	acl = get_user_default_acl(OBJECT_SCHEMA, owner, InvalidOid);
	ReleaseSysCache(tuple);
	set_acl(nsp, PointerGetDatum(acl), acl == NULL);
}

/* Are there members of extensions in a schema? */
bool
mig_hide_has_members(Oid nsp)
{
	return members_in(nsp, InvalidOid) != NIL;
}

/*
 * Move the members of extensions from a schema to the one that stands in.
 *
 * With a role they have the privileges again that their extensions have given
 * them, and so has what is of extensions there and stands in no schema.  The
 * role's code may run then: what it could not grant to itself stays as it is.
 */
void
mig_hide_move_members(Oid live, Oid shadow, Oid role)
{
	ObjectAddresses *moved = new_object_addresses();
	List	   *members = members_in(live, InvalidOid);
	ListCell   *lc;

	foreach(lc, members)
		move_member(lfirst(lc), live, shadow, moved);
	free_object_addresses(moved);
	move_extensions(live, shadow, InvalidOid);
	CommandCounterIncrement();
	if (OidIsValid(role))
		mig_hide_reset_grants(shadow, role);
}

/*
 * For members of extensions that stand in a schema; in that of the server,
 * only for what its extensions have that stands in none, as a language.
 */
void
mig_hide_reset_grants(Oid nsp, Oid role)
{
	Relation	rel = table_open(DependRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_depend_refclassid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(ExtensionRelationId));
	scan = systable_beginscan(rel, DependReferenceIndexId, true, NULL, 1,
							  &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend depend = (Form_pg_depend) GETSTRUCT(tuple);

		CHECK_FOR_INTERRUPTS();
		if (has_grants_in(depend, nsp))
			reset_grants(depend->classid, depend->objid, role);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	CommandCounterIncrement();
}

/* Is it a member with privileges that counts among those of a schema? */
static bool
has_grants_in(Form_pg_depend depend, Oid nsp)
{
	ObjectAddress member;
	Oid			of;

	if (depend->deptype != DEPENDENCY_EXTENSION ||
		!is_objectclass_supported(depend->classid) ||
		get_object_attnum_acl(depend->classid) == InvalidAttrNumber ||
		depend->classid == NamespaceRelationId)
		return false;
	ObjectAddressSet(member, depend->classid, depend->objid);
	of = get_object_namespace(&member);
	if (OidIsValid(of) && nsp == PG_CATALOG_NAMESPACE)
		return false;
	if (!OidIsValid(of))
		of = mig_hide_extension_schema(depend->refobjid);
	return of == nsp &&
		strcmp(get_extension_name(depend->refobjid), "pg_migrations") != 0;
}

/* Back to what the extension has given, if the role may change them. */
static void
reset_grants(Oid catalog, Oid oid, Oid role)
{
	bool		is_relation = catalog == RelationRelationId;
	Relation	rel = table_open(catalog, RowExclusiveLock);
	HeapTuple	tuple;
	Datum		owner;
	bool		isnull;

	tuple = get_catalog_object_by_oid(rel, get_object_attnum_oid(catalog),
									  oid);
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for object %u of catalog %u", oid,
			 catalog);
	owner = heap_getattr(tuple, get_object_attnum_owner(catalog),
						 RelationGetDescr(rel), &isnull);
	if (has_privs_of_role(role, DatumGetObjectId(owner)))
	{
		if (is_relation)
			tuple = mig_lock_class_row(oid);
		reset_acl(rel, tuple, get_object_attnum_acl(catalog), catalog, oid, 0);
		if (is_relation)
		{
			mig_unlock_class_row(rel, &tuple->t_self);
			reset_columns(oid);
		}
	}
	table_close(rel, RowExclusiveLock);
}

/* Those of each column of a relation. */
static void
reset_columns(Oid relid)
{
	Relation	rel = table_open(AttributeRelationId, RowExclusiveLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_attribute_attrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relid));
	scan = systable_beginscan(rel, AttributeRelidNumIndexId, true, NULL, 1,
							  &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_attribute column = (Form_pg_attribute) GETSTRUCT(tuple);

		reset_acl(rel, tuple, Anum_pg_attribute_attacl, RelationRelationId,
				  relid, column->attnum);
	}
	systable_endscan(scan);
	table_close(rel, RowExclusiveLock);
}

/* Put the initial privileges into a row of a catalog that has others. */
static void
reset_acl(Relation rel, HeapTuple tuple, AttrNumber attribute, Oid catalog,
		  Oid oid, int attnum)
{
	bool		has_none;
	bool		had_none;
	Datum		present = heap_getattr(tuple, attribute, RelationGetDescr(rel),
									   &has_none);
	Datum		initial = initial_acl(catalog, oid, attnum, &had_none);

	if (has_none || had_none ? has_none == had_none :
		aclequal(DatumGetAclP(present), DatumGetAclP(initial)))
		return;
	change_value(rel, tuple, attribute, initial, had_none);
}

/* Move an extension from the schema that it is in to another. */
void
mig_hide_move_extension(Oid extension, Oid to)
{
	ObjectAddresses *moved = new_object_addresses();
	Oid			from = mig_hide_extension_schema(extension);
	ListCell   *lc;

	if (from == to)
		return;
	foreach(lc, members_in(from, extension))
		move_member(lfirst(lc), from, to, moved);
	free_object_addresses(moved);
	move_extensions(from, to, extension);
	CommandCounterIncrement();
}

/* The schema that an extension is in; InvalidOid: there is no such one. */
Oid
mig_hide_extension_schema(Oid extension)
{
	HeapTuple	row = mig_extension_row(extension);

	return HeapTupleIsValid(row) ?
		((Form_pg_extension) GETSTRUCT(row))->extnamespace : InvalidOid;
}

/* Are there members of extensions in a schema, which may not be there? */
bool
mig_hide_holds_members(const char *schema)
{
	Oid			nsp = get_namespace_oid(schema, true);

	return OidIsValid(nsp) && members_in(nsp, InvalidOid) != NIL;
}

/*
 * The members of an extension, or with InvalidOid of all, that stand in a
 * schema, as ObjectAddress
 */
static List *
members_in(Oid nsp, Oid extension)
{
	Relation	rel = table_open(DependRelationId, AccessShareLock);
	List	   *members = NIL;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_depend_refclassid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(ExtensionRelationId));
	scan = systable_beginscan(rel, DependReferenceIndexId, true, NULL, 1,
							  &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend depend = (Form_pg_depend) GETSTRUCT(tuple);
		ObjectAddress *member;

		if (depend->deptype != DEPENDENCY_EXTENSION ||
			(OidIsValid(extension) && depend->refobjid != extension))
			continue;
		member = palloc(sizeof(ObjectAddress));
		ObjectAddressSet(*member, depend->classid, depend->objid);
		if (get_object_namespace(member) == nsp)
			members = lappend(members, member);
		else
			pfree(member);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return members;
}

/*
 * As ALTER EXTENSION SET SCHEMA would, but for what it refuses and for one
 * schema alone.
 */
static void
move_member(const ObjectAddress *member, Oid live, Oid shadow,
			ObjectAddresses *moved)
{
	CHECK_FOR_INTERRUPTS();
	if (member->classId == RelationRelationId)
		mig_hide_move_relation(member->objectId, live, shadow, moved);
	else
		(void) AlterObjectNamespace_oid(member->classId, member->objectId,
										shadow, moved);
}

/*
 * Move a relation and what goes with it, as ALTER TABLE SET SCHEMA would; that
 * locks sequences.
 */
void
mig_hide_move_relation(Oid relid, Oid live, Oid shadow,
					   ObjectAddresses *moved)
{
	Relation	catalog = table_open(RelationRelationId, RowExclusiveLock);
	Relation	rel = relation_open(relid, AccessShareLock);
	ListCell   *lc;

	AlterRelationNamespaceInternal(catalog, relid, live, shadow, true, moved);
	if (OidIsValid(rel->rd_rel->reltype))
		mig_move_type(rel->rd_rel->reltype, shadow, moved);
	foreach(lc, RelationGetIndexList(rel))
		AlterRelationNamespaceInternal(catalog, lfirst_oid(lc), live, shadow,
									   false, moved);
	foreach(lc, getOwnedSequences(relid))
	{
		if (get_rel_namespace(lfirst_oid(lc)) == live)
			AlterRelationNamespaceInternal(catalog, lfirst_oid(lc), live,
										   shadow, true, moved);
	}
	AlterConstraintNamespaces(relid, live, shadow, false, moved);
	relation_close(rel, AccessShareLock);
	table_close(catalog, RowExclusiveLock);
}

/*
 * Let an extension of a schema, or with InvalidOid all of them, say that it is
 * in another.
 */
static void
move_extensions(Oid live, Oid shadow, Oid extension)
{
	Relation	rel = table_open(ExtensionRelationId, RowExclusiveLock);
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, NULL, 0,
										  NULL);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		HeapTuple	copy;

		if (((Form_pg_extension) GETSTRUCT(tuple))->extnamespace != live ||
			(OidIsValid(extension) &&
			 ((Form_pg_extension) GETSTRUCT(tuple))->oid != extension))
			continue;
		copy = heap_copytuple(tuple);
		((Form_pg_extension) GETSTRUCT(copy))->extnamespace = shadow;
		CatalogTupleUpdate(rel, &copy->t_self, copy);
	}
	systable_endscan(scan);
	table_close(rel, RowExclusiveLock);
}

/*
 * Set aside the objects of a kind that belong to no schema, except for the
 * server's own and members of extensions: all of them, or those of the given
 * names.  Casts and transforms, which have no names, are deleted; so is a cast
 * by a function in a schema that is set aside in any case.
 */
void
mig_hide_globals(const char *prefix, ObjectType type, bool all,
				 const List *names)
{
	if (!all && names == NIL && type != OBJECT_CAST)
		return;
	for (size_t i = 0; i < lengthof(globals); i++)
	{
		Relation	rel;
		SysScanDesc scan;
		HeapTuple	tuple;

		if (globals[i].type != type)
			continue;
		rel = table_open(globals[i].catalog, RowExclusiveLock);
		scan = systable_beginscan(rel, InvalidOid, false, NULL, 0, NULL);
		while (HeapTupleIsValid(tuple = systable_getnext(scan)))
			hide_row(rel, tuple, &globals[i], prefix, all, names);
		systable_endscan(scan);
		table_close(rel, RowExclusiveLock);
	}
	CommandCounterIncrement();
}

/*
 * Rename it, or delete it where it has no name; not what the system or an
 * extension has.
 */
static void
hide_row(Relation rel, HeapTuple tuple, const Globals *kind,
		 const char *prefix, bool all, const List *names)
{
	TupleDesc	desc = RelationGetDescr(rel);
	bool		isnull;
	Oid			oid = DatumGetObjectId(heap_getattr(tuple, kind->oid, desc,
													&isnull));
	Datum		name;

	if (oid < FirstNormalObjectId ||
		OidIsValid(getExtensionOfObject(kind->catalog, oid)))
		return;
	if (kind->database != InvalidAttrNumber &&
		DatumGetObjectId(heap_getattr(tuple, kind->database, desc,
									  &isnull)) != MyDatabaseId)
		return;
	if (kind->name == InvalidAttrNumber)
	{
		if (all || names != NIL ||
			is_set_aside(((Form_pg_cast) GETSTRUCT(tuple))->castfunc, prefix))
			CatalogTupleDelete(rel, &tuple->t_self);
		return;
	}
	name = heap_getattr(tuple, kind->name, desc, &isnull);
	if (!all && !contains(names, NameStr(*DatumGetName(name))))
		return;
	mig_hide_change_name(rel, tuple, kind->name, psprintf("%s%u", prefix, oid));
}

/* Is a function, if there is one, in a schema that has the prefix? */
static bool
is_set_aside(Oid function, const char *prefix)
{
	char	   *schema = NULL;

	if (OidIsValid(function))
		schema = get_namespace_name(get_func_namespace(function));
	return schema != NULL && strncmp(schema, prefix, strlen(prefix)) == 0;
}

static bool
contains(const List *names, const char *name)
{
	const ListCell *lc;

	foreach(lc, names)
	{
		if (lfirst(lc) != NULL && strcmp(lfirst(lc), name) == 0)
			return true;
	}
	return false;
}

/* Delete default privileges that are bound to no schema. */
void
mig_hide_default_privileges(void)
{
	Relation	rel = table_open(DefaultAclRelationId, RowExclusiveLock);
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, NULL, 0,
										  NULL);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_default_acl acl = (Form_pg_default_acl) GETSTRUCT(tuple);

		if (!OidIsValid(acl->defaclnamespace))
			CatalogTupleDelete(rel, &tuple->t_self);
	}
	systable_endscan(scan);
	table_close(rel, RowExclusiveLock);
	CommandCounterIncrement();
}

/* Let no event trigger fire, but those that are made from here on. */
void
mig_hide_event_triggers(void)
{
	Relation	rel = table_open(EventTriggerRelationId, RowExclusiveLock);
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, NULL, 0,
										  NULL);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		HeapTuple	copy = heap_copytuple(tuple);
		Form_pg_event_trigger form = (Form_pg_event_trigger) GETSTRUCT(copy);

		if (form->evtenabled == TRIGGER_DISABLED)
			continue;
		form->evtenabled = TRIGGER_DISABLED;
		CatalogTupleUpdate(rel, &copy->t_self, copy);
	}
	systable_endscan(scan);
	table_close(rel, RowExclusiveLock);
	CommandCounterIncrement();
}

/*
 * Set temporary objects of the session aside.  Nobody else knows them, and the
 * schema that they are in cannot be exchanged.
 */
void
mig_hide_temporary(const char *prefix)
{
	Oid			nsp;
	Oid			toast;

	GetTempNamespaceState(&nsp, &toast);
	if (!OidIsValid(nsp))
		return;
	for (size_t i = 0; i < lengthof(in_schemas); i++)
		hide_temporary_in(in_schemas[i], prefix);
	CommandCounterIncrement();
}

/* Rename those that the rows of one catalog stand for. */
static void
hide_temporary_in(Oid catalog, const char *prefix)
{
	AttrNumber	nsp = get_object_attnum_namespace(catalog);
	Relation	rel = table_open(catalog, RowExclusiveLock);
	TupleDesc	desc = RelationGetDescr(rel);
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, NULL, 0,
										  NULL);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		Oid			oid = DatumGetObjectId(heap_getattr(tuple, nsp, desc,
														&isnull));

		if (!isTempOrTempToastNamespace(oid))
			continue;
		oid = DatumGetObjectId(heap_getattr(tuple,
											get_object_attnum_oid(catalog),
											desc, &isnull));
		if (catalog == RelationRelationId)
			tuple = mig_lock_class_row(oid);
		mig_hide_change_name(rel, tuple, get_object_attnum_name(catalog),
							 psprintf("%s%u", prefix, oid));
		if (catalog == RelationRelationId)
			mig_unlock_class_row(rel, &tuple->t_self);
	}
	systable_endscan(scan);
	table_close(rel, RowExclusiveLock);
}
