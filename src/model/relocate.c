/*-------------------------------------------------------------------------
 *
 * model/relocate.c
 *	  Extensions that a model has in another schema.
 *
 * A model says where an extension is to be by CREATE EXTENSION ... SCHEMA, or
 * by ALTER EXTENSION ... SET SCHEMA.  Where it is installed in another one, it
 * is moved in the shadow, and there alone: catalog rows change in a
 * subtransaction that is rolled back, and no other session waits.  The live
 * schema is read with the extension where it is to be, so that all that uses
 * its types and functions compares equal; what is left is that it moves.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/accept.h"
#include "model/guard.h"
#include "model/hide.h"
#include "model/relocate.h"
#include "model/rename_catalog.h"
#include "model/shadow_members.h"
#include "sch/snapshot.h"

#include "catalog/namespace.h"
#include "commands/extension.h"
#include "kind/schema.h"
#include "sch/action.h"
#include "util/sql.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/*
 * Those of a model that are installed elsewhere; the last word counts.  Where
 * revisions stand for the model (NULL), there are none.
 */
List *
mig_relocations(const MigModel *model)
{
	List	   *relocations = NIL;

	if (model == NULL)
		return NIL;
	for (int i = 0; i < model->script->nstatements; i++)
	{
		const Node *stmt = model->script->statements[i].raw->stmt;
		MigRelocation *relocation = palloc(sizeof(MigRelocation));
		Oid			extension;
		Oid			schema;

		if (!mig_model_places_extension(stmt, &relocation->extension,
										&relocation->schema))
			continue;
		extension = get_extension_oid(relocation->extension, true);
		if (!OidIsValid(extension))
			continue;
		schema = mig_hide_extension_schema(extension);
		relocation->from = get_namespace_name(schema);
		if (!mig_same(relocation->from, relocation->schema))
			relocations = lappend(relocations, relocation);
	}
	return relocations;
}

/*
 * Those that one snapshot has elsewhere than another, which is the database's,
 * for mig_relocate_live().
 */
List *
mig_relocations_between(const MigSnapshot *live, const MigSnapshot *wanted)
{
	List	   *relocations = NIL;
	const ListCell *lc;

	foreach(lc, live->objects)
	{
		const MigObject *extension = lfirst(lc);
		const MigObject *other;
		MigRelocation *relocation;

		if (extension->kind->id != MIG_EXTENSION)
			continue;
		other = mig_snapshot_find(wanted, MIG_EXTENSION,
								  extension->identity);
		if (other == NULL || mig_same(mig_extension_schema(extension),
									  mig_extension_schema(other)))
			continue;
		relocation = palloc(sizeof(MigRelocation));
		relocation->extension = pstrdup(extension->name);
		relocation->schema = pstrdup(mig_extension_schema(other));
		relocation->from = pstrdup(mig_extension_schema(extension));
		relocations = lappend(relocations, relocation);
	}
	return relocations;
}

/*
 * Let them be where they are to be, in a subtransaction that the caller rolls
 * back.  Returns those of a list of schemas, by name, that are no schema made
 * for that.
 */
List *
mig_relocate_live(const List *relocations, const List *schemas)
{
	List	   *made = NIL;
	List	   *others = NIL;
	const ListCell *lc;

	foreach(lc, relocations)
	{
		const MigRelocation *relocation = lfirst(lc);
		Oid			schema = get_namespace_oid(relocation->schema, true);

		if (!OidIsValid(schema))
		{
			schema = mig_rename_catalog_add_schema(relocation->schema);
			made = lappend(made, unconstify(char *, relocation->schema));
		}
		mig_shadow_members_move(get_extension_oid(relocation->extension,
												  false), schema);
	}
	foreach(lc, schemas)
	{
		if (!mig_has_name(made, lfirst(lc)))
			others = lappend(others, lfirst(lc));
	}
	return others;
}

/* Note in a snapshot that was read so where they are. */
void
mig_relocate_note(const List *relocations, MigSnapshot *live)
{
	const ListCell *lc;

	foreach(lc, relocations)
	{
		const MigRelocation *relocation = lfirst(lc);
		const char *name = quote_identifier(relocation->extension);
		MigObject  *extension = mig_snapshot_find(live, MIG_EXTENSION, name);

		if (extension != NULL)
			mig_extension_set_schema(extension, relocation->from);
	}
}

/*
 * In a shadow in which a script has moved extensions to where they are live,
 * let them be where they are to be; returns those of the list that it has.
 */
List *
mig_relocate_back(const List *relocations)
{
	List	   *moved = NIL;
	const ListCell *lc;

	foreach(lc, relocations)
	{
		MigRelocation *relocation = lfirst(lc);

		if (!OidIsValid(get_namespace_oid(relocation->schema, true)) ||
			get_namespace_oid(relocation->from, true) !=
			mig_hide_extension_schema(get_extension_oid(relocation->extension,
														false)))
			continue;
		mig_shadow_members_move(get_extension_oid(relocation->extension,
												  false),
								get_namespace_oid(relocation->schema, false));
		moved = lappend(moved, relocation);
	}
	return moved;
}

void
mig_relocate_forth(const List *moved)
{
	const ListCell *lc;

	foreach(lc, moved)
	{
		const MigRelocation *relocation = lfirst(lc);

		mig_shadow_members_move(get_extension_oid(relocation->extension,
												  false),
								get_namespace_oid(relocation->from, false));
	}
}

/*
 * Run a statement that moves an extension, in a shadow.  Returns false if it
 * is none, or has nothing to move to.
 */
bool
mig_relocate_run(const Node *stmt, bool in_model)
{
	const char *extension;
	const char *name;
	Oid			schema;

	if (!mig_model_places_extension(stmt, &extension, &name) ||
		(IsA(stmt, CreateExtensionStmt) && !in_model) ||
		!OidIsValid(get_extension_oid(extension, true)))
		return false;
	schema = get_namespace_oid(name, IsA(stmt, CreateExtensionStmt));
	if (!OidIsValid(schema))
		return true;
	mig_guard_look_away(true);
	mig_shadow_members_move(get_extension_oid(extension, false), schema);
	mig_guard_look_away(false);
	return true;
}
