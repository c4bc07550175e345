/*-------------------------------------------------------------------------
 *
 * kind/initial_grants.c
 *	  What new objects grant by themselves.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/initial_grants.h"

#include "kind/default_privileges.h"
#include "kind/grant.h"
#include "sch/snapshot.h"

static const MigObject *find_defaults(const MigSnapshot *snapshot,
									  const char *role, const char *nspname,
									  const char *type);

/*
 * What an object has when the script has created it, a list of MigGrant.
 *
 * What the database grants by itself to everything in general it may have
 * been told not to; what it grants in a schema comes on top of that.  Where
 * privileges are not compared, the database's own stay as they are.
 */
List *
mig_initial_grants(const MigDiff *diff, const MigObject *object)
{
	const char *type = object->kind->acl_type;
	const MigSnapshot *snapshot = diff->from;
	const MigObject *general;
	const MigObject *local = NULL;
	List	   *grants;

	if (diff->reverse && !diff->privileges)
		snapshot = diff->to;
	general = find_defaults(snapshot, diff->role, NULL, type);
	if (object->nspname != NULL)
		local = find_defaults(snapshot, diff->role, object->nspname, type);
	grants = general == NULL ? mig_grants_default(type) :
		mig_default_privileges_grants(general);
	if (local != NULL)
		grants = mig_grants_add(grants, mig_default_privileges_grants(local));
	return grants;
}

/*
 * What an object had in the model before a GRANT or REVOKE there, when
 * privileges are not compared: the database's own general defaults hold there,
 * unless the model has some.
 */
List *
mig_initial_grants_modelled(const MigDiff *diff, const MigObject *object)
{
	const char *type = object->kind->acl_type;
	const MigObject *general = find_defaults(diff->from, diff->role, NULL,
											 type);
	const MigObject *kept = find_defaults(diff->to, diff->role, NULL, type);

	if (general == NULL || kept == NULL)
		return mig_grants_default(type);
	return mig_default_privileges_grants(general);
}

/* The default privileges of a role, in a schema or in general, or NULL. */
static const MigObject *
find_defaults(const MigSnapshot *snapshot, const char *role,
			  const char *nspname, const char *type)
{
	return mig_snapshot_find(snapshot, MIG_DEFAULT_PRIVILEGES,
							 mig_default_privileges_identity(role, nspname,
															 type));
}
