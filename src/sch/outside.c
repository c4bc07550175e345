/*-------------------------------------------------------------------------
 *
 * sch/outside.c
 *	  What objects need of the database that is not compared.
 *
 * A foreign table has a server, a function a language, a table an access
 * method.  Where the model makes it and the database is not compared as a
 * whole, the script has no statement for it, and ends in an error unless
 * somebody makes it first.  That is said above the statement that needs it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/outside.h"

#include "catalog/objectaddress.h"
#include "catalog/pg_am.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_language.h"
#include "commands/defrem.h"
#include "commands/proclang.h"
#include "foreign/foreign.h"
#include "sch/action.h"
#include "utils/lsyscache.h"

static const char *name_of(const MigAddress *address);
static bool is_there(const MigOutside *outside);

/*
 * An object that is read depends on something that is not: note it, if it is
 * of a kind that scripts have statements for.  The note lives in the current
 * memory context.
 */
void
mig_outside_note(MigObject *object, const MigAddress *address)
{
	const char *name = name_of(address);
	ObjectAddress catalog = {address->classid, address->objid, 0};
	MigOutside *outside;

	if (name == NULL)
		return;
	outside = palloc(sizeof(MigOutside));
	outside->classid = address->classid;
	outside->name = name;
	outside->description = getObjectDescription(&catalog, false);
	object->outside = lappend(object->outside, outside);
}

/* Warn of what the script relies on, and the database has not. */
void
mig_outside_warn(MigDiff *diff)
{
	const ListCell *lc;
	const ListCell *need;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		if (action->op == MIG_OP_DROP || action->satellite)
			continue;
		foreach(need, action->object->outside)
		{
			const MigOutside *outside = lfirst(need);

			if (!is_there(outside))
				mig_action_warn(action, MIG_NEEDS_ATTENTION,
								"there is no %s, which a script makes where migrate.compare has \"database\"",
								outside->description);
		}
	}
}

static const char *
name_of(const MigAddress *address)
{
	switch (address->classid)
	{
		case AccessMethodRelationId:
			return get_am_name(address->objid);
		case ForeignServerRelationId:
			return pstrdup(GetForeignServer(address->objid)->servername);
		case LanguageRelationId:
			return get_language_name(address->objid, false);
	}
	return NULL;
}

static bool
is_there(const MigOutside *outside)
{
	switch (outside->classid)
	{
		case AccessMethodRelationId:
			return OidIsValid(get_am_oid(outside->name, true));
		case ForeignServerRelationId:
			return OidIsValid(get_foreign_server_oid(outside->name, true));
		case LanguageRelationId:
			return OidIsValid(get_language_oid(outside->name, true));
	}
	return true;
}
