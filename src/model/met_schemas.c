/*-------------------------------------------------------------------------
 *
 * model/met_schemas.c
 *	  Live schemas that code of revisions comes upon.
 *
 * Which schemas a replay sets aside is told from scripts before they run, see
 * history_scan.c.  A name that code puts together, or that a function has,
 * becomes known as the statement runs: then there is an error, and the replay
 * begins again, with that schema set aside as well.  Should the code go on
 * behind the error, the replay ends in one.
 *
 * Only what the caller owns can be set aside; else the server says what it
 * has to say.  How often a replay begins again is limited.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/guard.h"
#include "model/met_schemas.h"
#include "util/sql.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/memutils.h"

/* So often a replay begins again at most. */
#define TRIES	100

/* A replay, which may have begun again. */
typedef struct Replay
{
	MemoryContext context;		/* of the names */
	Oid			role;			/* the caller */
	Oid			own_schema;		/* of the extension */
	const MigBuilt *built;		/* what is set aside */
	const List *standing;		/* char *: ... and stands before it, empty */
	List	   *created;		/* char *: met by what would create them */
	List	   *others;			/* char *: ... drop or rename them */
	int			tries;
} Replay;

static Replay replay;

static void meet(const char *name, List **names);
static bool stands_in(const char *name);
pg_noreturn static void note(const char *name, List **names);
static bool can_leave(const char *name, Oid oid);

/* Look out from here on; for the extension's schema nothing can be done. */
void
mig_met_schemas_begin(const MigBuilt *built, Oid own_schema)
{
	memset(&replay, 0, sizeof(replay));
	replay.context = CurrentMemoryContext;
	replay.role = GetUserId();
	replay.own_schema = own_schema;
	replay.built = built;
}

/* It begins, once more perhaps; these schemas stand. */
void
mig_met_schemas_stand(const List *standing)
{
	replay.standing = standing;
}

/* A statement is about to run in a replay. */
void
mig_met_schemas_see(const Node *stmt)
{
	const CreateSchemaStmt *create = (const CreateSchemaStmt *) stmt;
	const DropStmt *drop = (const DropStmt *) stmt;
	const RenameStmt *rename = (const RenameStmt *) stmt;
	const ListCell *lc;

	if (creating_extension)
		return;
	if (IsA(stmt, CreateSchemaStmt) && create->schemaname != NULL)
	{
		meet(create->schemaname, &replay.created);
		if (!create->if_not_exists && stands_in(create->schemaname))
			note(create->schemaname, &replay.created);
	}
	else if (IsA(stmt, DropStmt) && drop->removeType == OBJECT_SCHEMA)
	{
		foreach(lc, drop->objects)
			meet(strVal(lfirst(lc)), &replay.others);
	}
	else if (IsA(stmt, RenameStmt) && rename->renameType == OBJECT_SCHEMA)
	{
		meet(rename->subname, &replay.others);
		meet(rename->newname, &replay.created);
	}
}

/* Raise an error where a live schema has the name. */
static void
meet(const char *name, List **names)
{
	Oid			oid = get_namespace_oid(name, true);

	if (OidIsValid(oid) && !mig_guard_has_created(NamespaceRelationId, oid) &&
		can_leave(name, oid))
		note(name, names);
}

/* Does an empty schema stand for one of which no script tells who makes it? */
static bool
stands_in(const char *name)
{
	return replay.tries < TRIES && strcmp(name, "public") != 0 &&
		mig_has_name(replay.standing, name) &&
		!mig_has_name(replay.built->made, name) &&
		OidIsValid(get_namespace_oid(name, true));
}

static void
note(const char *name, List **names)
{
	MemoryContext old = MemoryContextSwitchTo(replay.context);

	*names = lappend(*names, pstrdup(name));
	MemoryContextSwitchTo(old);
	ereport(ERROR,
			(errcode(ERRCODE_DUPLICATE_SCHEMA),
			 errmsg("schema \"%s\" already exists", name)));
}

/* Can it be set aside when the replay begins again? */
static bool
can_leave(const char *name, Oid oid)
{
	return replay.tries < TRIES && oid != replay.own_schema &&
		!mig_has_name(replay.built->schemas, name) &&
		mig_history_can_build(name) &&
		object_ownercheck(NamespaceRelationId, oid, replay.role);
}

/* The scripts have run: raise an error if they have met one. */
void
mig_met_schemas_check(void)
{
	if (replay.created != NIL || replay.others != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_SCHEMA),
				 errmsg("schema \"%s\" already exists",
						(const char *) linitial(replay.created != NIL ?
												replay.created :
												replay.others))));
}

/* Have those that were met set aside; false: there are none. */
bool
mig_met_schemas_take(MigBuilt *built)
{
	const ListCell *lc;

	if (replay.created == NIL && replay.others == NIL)
		return false;
	foreach(lc, replay.created)
		mig_history_note_made(built, lfirst(lc));
	foreach(lc, replay.others)
		mig_history_note_schema(built, lfirst(lc));
	replay.created = replay.others = NIL;
	replay.tries++;
	return true;
}
