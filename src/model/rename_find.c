/*-------------------------------------------------------------------------
 *
 * model/rename_find.c
 *	  Finds what is to be renamed, while others have their new names already.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/rename_find.h"

#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "miscadmin.h"
#include "model/rename_catalog.h"
#include "util/sql.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static bool find_schema(const char *name, ObjectAddress *object);
static bool find_in_schema(const MigRenames *aliases,
						   const MigRenameWish *wish, Oid nsp,
						   const char *name, ObjectAddress *object);
static bool find_routine(const MigRenames *aliases, const MigRenameWish *wish,
						 Oid nsp, ObjectAddress *object);
static bool find_member(const MigRenameWish *wish, const ObjectAddress *on,
						ObjectAddress *object);
static bool find_on_table(const MigRenameWish *wish, Oid relid,
						  ObjectAddress *object);
static bool find_on_type(const MigRenameWish *wish, Oid type,
						 ObjectAddress *object);
static const char *schema_now(const MigRenames *aliases,
							  const char *name);
static bool find_renamed(const MigRenames *aliases, const char *schema,
						 const char *name, ObjectAddress *object);

/* Find what a wish is about, under the names that hold now. */
bool
mig_rename_find(const MigRenames *aliases, const MigRenameWish *wish,
				ObjectAddress *object)
{
	const char *schema;
	ObjectAddress on;
	Oid			nsp;

	if (!wish->any_type && wish->type == OBJECT_SCHEMA)
		return find_schema(wish->object, object);
	if (wish->schema == NULL)
		return false;
	schema = schema_now(aliases, wish->schema);
	nsp = get_namespace_oid(schema, true);
	if (!OidIsValid(nsp) || !mig_has_name(aliases->schemas, schema))
		return false;
	if (wish->member == NULL)
		return find_in_schema(aliases, wish, nsp, wish->object, object);
	if ((wish->by_new_name ||
		 !find_renamed(aliases, schema, wish->object, &on)) &&
		!find_in_schema(aliases, wish, nsp, wish->object, &on))
		return false;
	return find_member(wish, &on, object);
}

/* Find what has the name, now, that a wish is for. */
bool
mig_rename_find_occupant(const MigRenames *aliases, const MigRenameWish *wish,
						 ObjectAddress *object)
{
	MigRenameWish other = *wish;

	if (wish->member == NULL)
		other.object = wish->name;
	else
		other.member = wish->name;
	if (wish->to_schema != NULL)
		other.schema = wish->to_schema;
	return mig_rename_find(aliases, &other, object);
}

/*
 * When is it a wish's turn?  Names in a name hold by then: schemas are renamed
 * before what is in them, and that before its members.
 */
MigRenameLevel
mig_rename_level(const MigRenameWish *wish)
{
	if (!wish->any_type && wish->type == OBJECT_SCHEMA)
		return MIG_RENAME_SCHEMAS;
	return wish->member == NULL ? MIG_RENAME_OBJECTS : MIG_RENAME_MEMBERS;
}

/* Is it known to be about a routine? */
bool
mig_rename_is_routine(const MigRenameWish *wish)
{
	return !wish->any_type &&
		(wish->type == OBJECT_FUNCTION || wish->type == OBJECT_PROCEDURE ||
		 wish->type == OBJECT_AGGREGATE);
}

/* The name that a wish is to change. */
char *
mig_rename_old_name(const MigRenameWish *wish)
{
	return wish->member == NULL ? wish->object : wish->member;
}

/* Are two addresses the same? */
bool
mig_rename_same(const ObjectAddress *a, const ObjectAddress *b)
{
	return a->classId == b->classId && a->objectId == b->objectId &&
		a->objectSubId == b->objectSubId;
}

/* A schema by its name, if the caller owns it: others cannot rename it. */
static bool
find_schema(const char *name, ObjectAddress *object)
{
	ObjectAddressSet(*object, NamespaceRelationId,
					 get_namespace_oid(name, true));
	return OidIsValid(object->objectId) &&
		object_ownercheck(NamespaceRelationId, object->objectId, GetUserId());
}

/*
 * An object by its name in a schema: a relation, else a type, else a routine.
 *
 * What the wish says about the type is used only to tell routines from the
 * rest, for relations and types share their names; and routines have no
 * members.
 */
static bool
find_in_schema(const MigRenames *aliases, const MigRenameWish *wish, Oid nsp,
			   const char *name, ObjectAddress *object)
{
	bool		is_routine = mig_rename_is_routine(wish);

	if (!is_routine)
	{
		ObjectAddressSet(*object, RelationRelationId,
						 get_relname_relid(name, nsp));
		if (OidIsValid(object->objectId))
			return true;
		ObjectAddressSet(*object, TypeRelationId,
						 GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
										 CStringGetDatum(name),
										 ObjectIdGetDatum(nsp)));
		if (OidIsValid(object->objectId))
			return true;
	}
	return (is_routine || wish->any_type) && wish->member == NULL &&
		find_routine(aliases, wish, nsp, object);
}

/* Of several with the name, one after the other is found. */
static bool
find_routine(const MigRenames *aliases, const MigRenameWish *wish, Oid nsp,
			 ObjectAddress *object)
{
	CatCList   *list = SearchSysCacheList1(PROCNAMEARGSNSP,
										   CStringGetDatum(wish->object));
	bool		found = false;

	for (int i = 0; i < list->n_members && !found; i++)
	{
		Form_pg_proc form = (Form_pg_proc) GETSTRUCT(&list->members[i]->tuple);

		ObjectAddressSet(*object, ProcedureRelationId, form->oid);
		found = form->pronamespace == nsp &&
			!mig_rename_is_refused(aliases, object, wish->name) &&
			mig_rename_catalog_is_free(object, wish->name,
									   wish->to_schema);
	}
	ReleaseSysCacheList(list);
	return found;
}

/* A part of what was found, by the old name of it. */
static bool
find_member(const MigRenameWish *wish, const ObjectAddress *on,
			ObjectAddress *object)
{
	if (on->classId == RelationRelationId)
		return find_on_table(wish, on->objectId, object);
	return find_on_type(wish, on->objectId, object);
}

/* A column, constraint, trigger, policy or rule that is not inherited. */
static bool
find_on_table(const MigRenameWish *wish, Oid relid, ObjectAddress *object)
{
	const char *name = wish->member;
	bool		any = wish->any_type;
	AttrNumber	column;

	column = any || wish->type == OBJECT_COLUMN ?
		get_attnum(relid, name) : InvalidAttrNumber;
	if (column > 0)
	{
		HeapTuple	tuple = SearchSysCacheAttNum(relid, column);
		bool		inherited;

		inherited = ((Form_pg_attribute) GETSTRUCT(tuple))->attinhcount > 0;
		ReleaseSysCache(tuple);
		ObjectAddressSubSet(*object, RelationRelationId, relid, column);
		return !inherited;
	}
	for (int i = 0; i < MIG_TABLE_PARTS; i++)
	{
		const MigTablePart *part = &mig_rename_parts[i];

		if (!any && wish->type != part->type)
			continue;
		ObjectAddressSet(*object, part->class_id,
						 part->find(relid, name, true));
		if (OidIsValid(object->objectId))
			return true;
	}
	return false;
}

/* A value of an enum, or a constraint of a domain. */
static bool
find_on_type(const MigRenameWish *wish, Oid type, ObjectAddress *object)
{
	if (SearchSysCacheExists2(ENUMTYPOIDNAME, ObjectIdGetDatum(type),
							  CStringGetDatum(wish->member)))
	{
		ObjectAddressSet(*object, EnumRelationId, type);
		return true;
	}
	ObjectAddressSet(*object, ConstraintRelationId,
					 get_domain_constraint_oid(type, wish->member, true));
	return OidIsValid(object->objectId);
}

/* The name that a schema has now, by the one that it had before. */
static const char *
schema_now(const MigRenames *aliases, const char *name)
{
	const ListCell *lc;

	foreach(lc, aliases->found)
	{
		const MigRename *alias = lfirst(lc);

		if (alias->address.classId == NamespaceRelationId &&
			alias->old != NULL && strcmp(alias->old, name) == 0)
			name = alias->name;
	}
	return name;
}

/* What stands in a schema and had a name before it was renamed or moved. */
static bool
find_renamed(const MigRenames *aliases, const char *schema, const char *name,
			 ObjectAddress *object)
{
	const ListCell *lc;

	foreach(lc, aliases->found)
	{
		const MigRename *alias = lfirst(lc);
		const MigRenameWish *wish = alias->wish;

		if (wish->member == NULL && wish->schema != NULL &&
			strcmp(alias->old, name) == 0 &&
			strcmp(schema_now(aliases, wish->schema), schema) == 0)
		{
			*object = alias->address;
			return true;
		}
	}
	return false;
}

/*
 * Has it turned out that nothing comes of renaming an object?  Revisions that
 * are replayed make it anew each time, with another OID.
 */
bool
mig_rename_is_refused(const MigRenames *aliases, const ObjectAddress *object,
					  const char *name)
{
	const ListCell *lc;
	char	   *identity;

	if (aliases->refused == NIL)
		return false;
	identity = mig_rename_identity(object);
	foreach(lc, aliases->refused)
	{
		const MigRename *alias = lfirst(lc);

		if ((mig_rename_same(&alias->address, object) ||
			 strcmp(alias->identity, identity) == 0) &&
			strcmp(alias->name, name) == 0)
			return true;
	}
	return false;
}

/* Its kind and names, of a value of an enum the type's. */
char *
mig_rename_identity(const ObjectAddress *object)
{
	ObjectAddress whole = *object;

	if (whole.classId == EnumRelationId)
		whole.classId = TypeRelationId;
	return psprintf("%s %s", getObjectTypeDescription(&whole, false),
					getObjectIdentity(&whole, false));
}
