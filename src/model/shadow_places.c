/*-------------------------------------------------------------------------
 *
 * model/shadow_places.c
 *	  Where something was created in a shadow.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/guard.h"
#include "model/shadow_places.h"
#include "util/error.h"

#include "catalog/catalog.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static bool is_member(const ObjectAddress *object);
static Oid	schema_of(const ObjectAddress *object);
static bool is_ours(const List *namespaces, Oid nsp);

/*
 * Raise MG040 if code in the model, or MG043 if code in revisions, has created
 * something in another schema than these (OIDs), which could not be seen
 * beforehand.
 */
void
mig_places_check(const List *namespaces, bool for_revisions)
{
	ListCell   *lc;

	foreach(lc, mig_guard_created())
	{
		const ObjectAddress *object = lfirst(lc);
		Oid			nsp = schema_of(object);

		if (!OidIsValid(nsp) || is_ours(namespaces, nsp) || is_member(object))
			continue;
		ereport(ERROR,
				(errcode(for_revisions ? ERRCODE_MIG_NOT_REPLAYED :
						 ERRCODE_MIG_MODEL_INCOMPLETE),
				 errmsg("%s something in schema \"%s\", which is not managed",
						for_revisions ? "code of the revisions creates" :
						"the model creates", get_namespace_name(nsp)),
				 for_revisions ?
				 errhint("Name the schema in \"include\".") :
				 errhint("Name the schema in \"include\", or leave that out of the model.")));
	}
}

/* Does it belong to an extension?  An array type does with its elements. */
static bool
is_member(const ObjectAddress *object)
{
	Oid			oid = object->objectId;
	Oid			element = InvalidOid;

	if (object->classId == TypeRelationId)
		element = get_element_type(oid);
	return OidIsValid(getExtensionOfObject(object->classId,
										   OidIsValid(element) ?
										   element : oid));
}

/* The schema that something is in; InvalidOid: in none, or it is gone. */
static Oid
schema_of(const ObjectAddress *object)
{
	int			cache;

	if (!is_objectclass_supported(object->classId) ||
		get_object_attnum_namespace(object->classId) == InvalidAttrNumber)
		return InvalidOid;
	cache = get_object_catcache_oid(object->classId);
	if (cache < 0 ||
		!SearchSysCacheExists1(cache, ObjectIdGetDatum(object->objectId)))
		return InvalidOid;
	return get_object_namespace(object);
}

/* Is something in this schema where it may be? */
static bool
is_ours(const List *namespaces, Oid nsp)
{
	if (isAnyTempNamespace(nsp) || IsToastNamespace(nsp))
		return true;
	return list_member_oid(namespaces, nsp);
}
