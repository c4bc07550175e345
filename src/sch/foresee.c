/*-------------------------------------------------------------------------
 *
 * sch/foresee.c
 *	  Hazards that the order of all actions tells.
 *
 * What is dropped to be created again says where it comes back; what is
 * created says if everybody gets at it, which is known when all grants are;
 * and what comes or goes with a foreign key or a partition says which other
 * table is locked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/foresee.h"

#include "kind/metadata.h"
#include "kind/table_parents.h"
#include "miscadmin.h"
#include "sch/action.h"

static void warn_of_key_that_goes(const MigObject *key);
static void warn_of_key_that_comes(const MigObject *key);
static void warn_of_partition_that_goes(const MigObject *table);
static bool goes(const MigObject *table);
static void warn_of_lock(MigAction *action, const MigObject *other,
						 const char *what);
static void warn_of_return(const MigDiff *diff, MigAction *drop);
static bool is_dependent(const MigObject *object);
static const MigAction *change_before(const MigDiff *diff,
									  const MigAction *create);

/* Add them to the actions, which are in order. */
void
mig_foresee(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
		((MigAction *) lfirst(lc))->place = foreach_current_index(lc);
	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (action->op == MIG_OP_DROP && is_dependent(action->object))
			warn_of_return(diff, action);
		if (action->op == MIG_OP_CREATE && action->object->fate == MIG_CREATE)
			mig_metadata_warn(diff, action);
	}
	foreach(lc, diff->from->objects)
	{
		const MigObject *object = lfirst(lc);

		if (object->kind->id == MIG_FOREIGN_KEY)
			warn_of_key_that_goes(object);
		else if (object->kind->id == MIG_TABLE)
			warn_of_partition_that_goes(object);
	}
	foreach(lc, diff->to->objects)
	{
		const MigObject *object = lfirst(lc);

		if (object->kind->id == MIG_FOREIGN_KEY)
			warn_of_key_that_comes(object);
	}
}

/* The triggers of a foreign key go from both tables. */
static void
warn_of_key_that_goes(const MigObject *key)
{
	const MigObject *other = mig_constraint_refers_to(key);

	if (key->unmade != NULL && key->unmade->op == MIG_OP_DROP &&
		other != NULL && !goes(other))
		warn_of_lock(key->unmade, other,
					 "which no session can use until the transaction ends");
}

/*
 * The same of one that comes with a new table.  Where rows are held against it
 * that is said with the scan.
 */
static void
warn_of_key_that_comes(const MigObject *key)
{
	const MigObject *other = mig_constraint_refers_to(key);

	if (key->made != NULL && key->parent->made != NULL && other != NULL &&
		!mig_is_created(other))
		warn_of_lock(key->made, other,
					 "to which nobody can write until the transaction ends");
}

/* Its parent is told that it goes. */
static void
warn_of_partition_that_goes(const MigObject *table)
{
	const ListCell *lc;

	if (table->unmade == NULL || !mig_table_is_partition(table))
		return;
	foreach(lc, mig_table_parents(table))
	{
		const MigObject *parent = lfirst(lc);

		if (!goes(parent))
			warn_of_lock(table->unmade, parent,
						 "which no session can use until the transaction ends");
	}
}

static bool
goes(const MigObject *table)
{
	return table->fate == MIG_DROP || table->fate == MIG_RECREATE;
}

/* Say once that an action locks another table than its own. */
static void
warn_of_lock(MigAction *action, const MigObject *other, const char *what)
{
	char	   *line = psprintf("table %s, %s", other->identity, what);
	const ListCell *lc;

	foreach(lc, action->hazards)
	{
		const MigHazard *hazard = lfirst(lc);

		if (hazard->code == MIG_LOCKS_ANOTHER &&
			strcmp(hazard->text, line) == 0)
			return;
	}
	mig_action_warn(action, MIG_LOCKS_ANOTHER, "%s", line);
}

/* Say of a dependent that is dropped behind what it comes back. */
static void
warn_of_return(const MigDiff *diff, MigAction *drop)
{
	const MigObject *object = drop->object;
	const MigAction *create = object->twin->made;
	const MigAction *before;

	if (create == NULL || create->object != object->twin)
		return;
	before = change_before(diff, create);
	mig_action_warn(drop, MIG_RECREATES_DEPENDENTS,
					"%s %s goes here, and comes back behind: %s",
					mig_kind_name(object), object->identity,
					before == NULL || before == drop ? "this" :
					mig_action_describe(before));
}

/*
 * Does an object go because something that it depends on goes or changes, so
 * that it is missed meanwhile?  Parts of a table are seen to by the ALTER
 * TABLE that they stand in.
 */
static bool
is_dependent(const MigObject *object)
{
	const ListCell *lc;

	if (object->fate != MIG_RECREATE || object->successor != NULL ||
		object->kind->id == MIG_COLUMN || object->kind->id == MIG_DEFAULT ||
		object->kind->id == MIG_CONSTRAINT)
		return false;
	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->disrupts || on->fate == MIG_DROP || on->fate == MIG_RECREATE)
			return true;
	}
	return false;
}

/* The last change before an action that brings nothing back itself, or NULL */
static const MigAction *
change_before(const MigDiff *diff, const MigAction *create)
{
	for (int i = create->place - 1; i >= 0; i--)
	{
		const MigAction *action = list_nth(diff->actions, i);

		if (action->op == MIG_OP_ALTER ||
			(action->op == MIG_OP_DROP && action->object->fate == MIG_DROP) ||
			(action->op == MIG_OP_CREATE &&
			 (action->object->fate == MIG_CREATE ||
			  action->object->changed != 0)))
			return action;
	}
	return NULL;
}
