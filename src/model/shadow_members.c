/*-------------------------------------------------------------------------
 *
 * model/shadow_members.c
 *	  Where members of extensions are while a shadow stands.
 *
 * Extensions are not set aside: their members are in the schemas that stand
 * in for theirs.  A schema that a script creates by itself is not there
 * before, and must not be.  Until then its members stay with the live schema,
 * where nothing finds them; they come when the schema does, and go before it
 * is dropped.  CREATE EXTENSION does not run where the extension is there, but
 * it is found from then on, where the statement has it.
 *
 * Catalog rows are changed as in hide.c, with the rights of a superuser, since
 * members belong to others.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/accept.h"
#include "model/guard.h"
#include "model/hide.h"
#include "model/shadow_members.h"
#include "util/extension.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

/* Who was the current user. */
typedef struct Before
{
	Oid			user;
	int			security;
} Before;

/* An extension that scripts have created. */
typedef struct Made
{
	Oid			extension;
	Oid			from;			/* where it was before */
} Made;

/* Of the shadow that stands; lists are never changed in place. */
static List *made = NIL;
static MemoryContext made_context = NULL;

static List *extensions_in(Oid nsp);
static Before become_superuser(void);
static void come_back(const Before *before);
static void leave_name(const List *schemas, const char *name);
static void leave(const List *schemas, const char *name);
static void come(const List *schemas, const CreateExtensionStmt *stmt);
static void go(const List *schemas, const char *name);
static Made *find_made(Oid extension);
static bool is_relocatable(Oid extension);
static void move_within(Oid extension, Oid to);
static void move(const List *schemas, const char *name, Oid place);
static Oid	place_for(const CreateExtensionStmt *stmt);
static bool have_extensions(const List *schemas);
static bool is_absent(const MigShadowSchema *schema);

/* Note what is in live schemas, MigShadowSchema, that come later. */
void
mig_shadow_members_note(const List *schemas)
{
	const ListCell *lc;

	made = NIL;
	made_context = CurrentMemoryContext;
	foreach(lc, schemas)
	{
		MigShadowSchema *schema = lfirst(lc);

		if (OidIsValid(schema->live) && schema->comes_later)
			schema->extensions = extensions_in(schema->live);
	}
}

static List *
extensions_in(Oid nsp)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, NULL, 0,
										  NULL);
	List	   *extensions = NIL;
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_extension extension = (Form_pg_extension) GETSTRUCT(tuple);

		if (extension->extnamespace == nsp)
			extensions = lappend_oid(extensions, extension->oid);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return extensions;
}

/*
 * Move the members of extensions from live schemas, MigShadowSchema, to those
 * that stand under their names.  For the role see mig_hide_move_members(); if
 * the model says what the database has it is the same with what stands in no
 * schema, and is of an extension in the server's.
 */
void
mig_shadow_members_enter(const List *schemas, Oid role, bool database)
{
	Before		before = become_superuser();
	const ListCell *lc;

	foreach(lc, schemas)
	{
		const MigShadowSchema *schema = lfirst(lc);

		if (OidIsValid(schema->live) && !is_absent(schema))
			mig_hide_move_members(schema->live,
								  get_namespace_oid(schema->name, false),
								  role);
	}
	if (OidIsValid(role) && database)
		mig_hide_reset_grants(PG_CATALOG_NAMESPACE, role);
	come_back(&before);
}

static Before
become_superuser(void)
{
	Before		before;

	GetUserIdAndSecContext(&before.user, &before.security);
	SetUserIdAndSecContext(BOOTSTRAP_SUPERUSERID,
						   before.security | SECURITY_LOCAL_USERID_CHANGE);
	return before;
}

static void
come_back(const Before *before)
{
	SetUserIdAndSecContext(before->user, before->security);
}

/* A statement of a script is about to run that may drop or rename a schema. */
void
mig_shadow_members_leave(const List *schemas, const Node *stmt)
{
	const DropStmt *drop = (const DropStmt *) stmt;
	const RenameStmt *rename = (const RenameStmt *) stmt;
	Before		before;
	const ListCell *lc;

	if ((!IsA(stmt, DropStmt) || drop->removeType != OBJECT_SCHEMA) &&
		(!IsA(stmt, RenameStmt) || rename->renameType != OBJECT_SCHEMA))
		return;
	before = become_superuser();
	mig_guard_look_away(true);
	if (IsA(stmt, RenameStmt))
		leave_name(schemas, rename->subname);
	else
	{
		foreach(lc, drop->objects)
			leave(schemas, strVal(lfirst(lc)));
	}
	mig_guard_look_away(false);
	come_back(&before);
}

/*
 * A schema gets another name: what is in the live one of the old name, and no
 * script has created, does not go along.
 */
static void
leave_name(const List *schemas, const char *name)
{
	Oid			shadow = get_namespace_oid(name, true);
	const ListCell *lc;
	const ListCell *each;

	foreach(lc, schemas)
	{
		const MigShadowSchema *schema = lfirst(lc);

		if (strcmp(schema->name, name) != 0)
			continue;
		foreach(each, schema->extensions)
		{
			Oid			extension = lfirst_oid(each);

			if (find_made(extension) == NULL &&
				mig_hide_extension_schema(extension) == shadow)
				mig_hide_move_extension(extension, schema->live);
		}
	}
}

/* Take the members out of a schema, as far as there is a place for them. */
static void
leave(const List *schemas, const char *name)
{
	Oid			shadow = get_namespace_oid(name, true);
	const ListCell *lc;
	const ListCell *each;

	if (!mig_guard_has_created(NamespaceRelationId, shadow))
		return;
	foreach(lc, schemas)
	{
		const MigShadowSchema *schema = lfirst(lc);

		foreach(each, schema->extensions)
		{
			if (mig_hide_extension_schema(lfirst_oid(each)) == shadow)
				mig_hide_move_extension(lfirst_oid(each), schema->live);
		}
	}
	foreach(lc, schemas)
	{
		const MigShadowSchema *schema = lfirst(lc);

		if (strcmp(schema->name, name) == 0 && OidIsValid(schema->live))
			mig_hide_move_members(shadow, schema->live, InvalidOid);
	}
}

static bool
is_absent(const MigShadowSchema *schema)
{
	return !OidIsValid(get_namespace_oid(schema->name, true));
}

/* A statement has run that may have created a schema, or given it its name. */
void
mig_shadow_members_follow(const List *schemas, const Node *stmt, Oid role)
{
	if (!IsA(stmt, CreateSchemaStmt) &&
		(!IsA(stmt, DoStmt) || !have_extensions(schemas)) &&
		(!IsA(stmt, RenameStmt) ||
		 ((const RenameStmt *) stmt)->renameType != OBJECT_SCHEMA))
		return;
	CommandCounterIncrement();
	mig_guard_look_away(true);
	mig_shadow_members_enter(schemas, role, false);
	mig_guard_look_away(false);
}

/* Is something in live schemas that come later? */
static bool
have_extensions(const List *schemas)
{
	const ListCell *lc;

	foreach(lc, schemas)
	{
		if (((const MigShadowSchema *) lfirst(lc))->extensions != NIL)
			return true;
	}
	return false;
}

/*
 * A statement does not run.  If it creates an extension, let that be where the
 * statement would create it, wherever somebody has moved it; and where it was
 * before that, if it drops one.
 */
void
mig_shadow_members_skip(const List *schemas, const Node *stmt)
{
	const DropStmt *drop = (const DropStmt *) stmt;
	const ListCell *lc;

	CommandCounterIncrement();
	if (IsA(stmt, CreateExtensionStmt))
		come(schemas, (const CreateExtensionStmt *) stmt);
	else if (IsA(stmt, DropStmt) && drop->removeType == OBJECT_EXTENSION)
	{
		foreach(lc, drop->objects)
			go(schemas, strVal(lfirst(lc)));
	}
}

/* One that has come before stays where it is. */
static void
come(const List *schemas, const CreateExtensionStmt *stmt)
{
	Oid			extension = get_extension_oid(stmt->extname, true);
	Oid			place = place_for(stmt);
	MemoryContext old;
	Made	   *entry;

	if (!OidIsValid(extension) || find_made(extension) != NULL)
		return;
	old = MemoryContextSwitchTo(made_context);
	entry = palloc(sizeof(Made));
	entry->extension = extension;
	entry->from = mig_hide_extension_schema(extension);
	made = lappend(list_copy(made), entry);
	MemoryContextSwitchTo(old);
	if (OidIsValid(place) && is_relocatable(extension))
		move_within(extension, place);
	else
		move(schemas, stmt->extname, place);
}

static void
go(const List *schemas, const char *name)
{
	Made	   *entry = find_made(get_extension_oid(name, true));
	MemoryContext old;

	if (entry != NULL && is_relocatable(entry->extension) &&
		SearchSysCacheExists1(NAMESPACEOID, ObjectIdGetDatum(entry->from)))
		move_within(entry->extension, entry->from);
	else
		move(schemas, name, InvalidOid);
	old = MemoryContextSwitchTo(made_context);
	made = list_delete_ptr(list_copy(made), entry);
	MemoryContextSwitchTo(old);
}

static Made *
find_made(Oid extension)
{
	const ListCell *lc;

	foreach(lc, made)
	{
		Made	   *entry = lfirst(lc);

		if (entry->extension == extension)
			return entry;
	}
	return NULL;
}

/* Such a one can have been moved; others may have a schema of their own. */
static bool
is_relocatable(Oid extension)
{
	HeapTuple	row = mig_extension_row(extension);

	return HeapTupleIsValid(row) &&
		((Form_pg_extension) GETSTRUCT(row))->extrelocatable;
}

/* What was created so far; for a subtransaction that is rolled back. */
List *
mig_shadow_members_made(void)
{
	return made;
}

void
mig_shadow_members_made_again(List *before)
{
	made = before;
}

/*
 * Move an extension from the live schema that it was in to a place, or with
 * InvalidOid back.
 */
static void
move(const List *schemas, const char *name, Oid place)
{
	Oid			extension = get_extension_oid(name, true);
	const ListCell *lc;

	foreach(lc, schemas)
	{
		const MigShadowSchema *schema = lfirst(lc);

		if (list_member_oid(schema->extensions, extension) &&
			(!OidIsValid(place) ||
			 mig_hide_extension_schema(extension) == schema->live))
			move_within(extension, OidIsValid(place) ? place :
						schema->live);
	}
}

static void
move_within(Oid extension, Oid to)
{
	mig_guard_look_away(true);
	mig_shadow_members_move(extension, to);
	mig_guard_look_away(false);
}

/* Move an extension to a schema, in a shadow. */
void
mig_shadow_members_move(Oid extension, Oid to)
{
	Before		before = become_superuser();

	mig_hide_move_extension(extension, to);
	come_back(&before);
}

/* The schema that it says, or the first in which something can be created. */
static Oid
place_for(const CreateExtensionStmt *stmt)
{
	const char *extension;
	const char *schema;
	List	   *path;

	if (mig_model_places_extension((const Node *) stmt, &extension, &schema))
		return get_namespace_oid(schema, true);
	path = fetch_search_path(false);
	return path == NIL ? InvalidOid : linitial_oid(path);
}
