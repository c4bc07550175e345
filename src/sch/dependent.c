/*-------------------------------------------------------------------------
 *
 * sch/dependent.c
 *	  What is not compared, and depends on what a script ends or alters.
 *
 * A view in a schema that is not managed, a foreign key, a function, a default
 * or a trigger there: the server refuses to drop what they depend on, and to
 * change the type of a column that a view shows.  The script does not touch
 * them, so they are named above the statement that they are in the way of.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/dependent.h"

#include "catalog/catalog.h"
#include "catalog/dependency.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_rewrite.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "util/sql.h"
#include "utils/lsyscache.h"

static void warn(const MigObject *object);
static MigAction *action_against(const MigObject *object);
static List *dependents_of(const MigObject *object);
static void say(MigAction *action, const char *dependent);
static char *describe(const MigAddress *address);

/*
 * Something that is not read depends on an object that is: note it, in the
 * current memory context.  Its own parts do not count, such as the TOAST table
 * of a table, nor what goes with it without a word; a partition does count.
 */
void
mig_dependent_note(MigObject *on, const MigAddress *address, char deptype)
{
	bool		is_relation = address->classid == RelationRelationId;
	MigAddress *copy;

	if (deptype != DEPENDENCY_NORMAL &&
		!(deptype == DEPENDENCY_AUTO && is_relation &&
		  on->kind->id == MIG_TABLE))
		return;
	/* of an extension: columns and routines; the rest may be its own parts */
	if (on->kind->id == MIG_EXTENSION &&
		!(is_relation && address->objsubid != 0) &&
		address->classid != ProcedureRelationId)
		return;
	if (is_relation &&
		IsToastNamespace(get_rel_namespace(address->objid)))
		return;
	copy = palloc(sizeof(MigAddress));
	*copy = *address;
	on->outsiders = lappend(on->outsiders, copy);
}

/* Name what is in the way; on the way back it still is. */
void
mig_dependent_warn(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->from->objects)
	{
		const MigObject *object = lfirst(lc);

		if (!object->ignored)
			warn(object);
	}
}

static void
warn(const MigObject *object)
{
	MigAction  *action = action_against(object);
	List	   *names;
	const ListCell *lc;

	if (action == NULL)
		return;
	names = dependents_of(object);
	if (object->twin != NULL)
		names = list_concat(names, dependents_of(object->twin));
	list_sort(names, mig_compare_names);
	foreach(lc, names)
		say(action, lfirst(lc));
}

/* What depends on an object and is not compared, char *. */
static List *
dependents_of(const MigObject *object)
{
	List	   *names = NIL;
	const ListCell *lc;

	foreach(lc, object->outsiders)
	{
		char	   *name = describe(lfirst(lc));

		if (name != NULL)
			names = lappend(names, name);
	}
	foreach(lc, object->dependents)
	{
		const MigDepend *depend = lfirst(lc);
		const MigObject *dependent = depend->object;

		if (dependent->ignored &&
			mig_table_of(dependent) != mig_table_of(object) &&
			(depend->deptype == DEPENDENCY_NORMAL ||
			 depend->deptype == MIG_DEPEND_ON_ROW ||
			 dependent->kind->id == MIG_TABLE))
			names = lappend(names, psprintf("%s %s", dependent->kind->name,
											dependent->identity));
	}
	return names;
}

/* The action that ends an object, or that it must be free for, or NULL. */
static MigAction *
action_against(const MigObject *object)
{
	List	   *alters = NIL;

	if (mig_goes(object))
		return object->unmade != NULL || object->parent == NULL ?
			object->unmade : action_against(object->parent);
	if (object->fate == MIG_ALTER && object->disrupts &&
		object->kind->id == MIG_COLUMN)
		alters = mig_table_alters(object->twin);
	return alters == NIL ? NULL : linitial(alters);
}

/* Once for each action. */
static void
say(MigAction *action, const char *dependent)
{
	const char *phrase;
	const ListCell *lc;

	phrase = psprintf("%s depends on %s %s", dependent,
					  action->object->kind->name, action->object->identity);
	foreach(lc, action->hazards)
	{
		if (strcmp(((const MigHazard *) lfirst(lc))->text, phrase) == 0)
			return;
	}
	mig_action_warn(action, MIG_DEPENDS_OUTSIDE, "%s", phrase);
}

/* "view rep.v"; NULL if it is gone. */
static char *
describe(const MigAddress *address)
{
	static const char view[] = "\"_RETURN\" on ";
	ObjectAddress object = {address->classid, address->objid,
	address->objsubid};
	char	   *identity = getObjectIdentity(&object, true);

	if (identity == NULL)
		return NULL;
	if (address->classid == RewriteRelationId &&
		strncmp(identity, view, strlen(view)) == 0)
		return psprintf("view %s", identity + strlen(view));
	return psprintf("%s %s", getObjectTypeDescription(&object, true),
					identity);
}
