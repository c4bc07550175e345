/*-------------------------------------------------------------------------
 *
 * sch/foresee.c
 *	  Hazards that the order of all actions tells.
 *
 * What is dropped to be created again says where it comes back; what is
 * created says if everybody gets at it, which is known when all grants are;
 * and what comes or goes with a foreign key, a partition or an index says
 * which table is locked that the statement is not about.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/foresee.h"

#include "kind/column.h"
#include "kind/composite.h"
#include "kind/index_adopted.h"
#include "kind/metadata.h"
#include "kind/table_parents.h"
#include "miscadmin.h"
#include "sch/action.h"
#include "sch/leaving.h"

static void warn_of_key_that_goes(const MigObject *key);
static void warn_of_key_that_comes(const MigObject *key);
static void warn_of_key_that_rests(const MigObject *key);
static bool is_scanned_for(const MigObject *key);
static void warn_of_partition_that_goes(const MigObject *table);
static void warn_of_partition_that_comes(const MigObject *table);
static void warn_of_index_that_goes(const MigObject *index);
static void warn_of_typed_tables(const MigObject *attribute);
static void warn_of_return(const MigDiff *diff, MigAction *drop);
static bool is_dependent(const MigObject *object);
static const MigAction *change_before(const MigDiff *diff,
									  const MigAction *create);
static List *what_it_needs(const MigObject *object, List *needs);
static const MigAction *last_change(const MigDiff *diff,
									const MigAction *create,
									const List *objects);

/* Add them to the actions, which are in order. */
void
mig_foresee(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
		((MigAction *) lfirst(lc))->place = foreach_current_index(lc);
	mig_leaving_note(diff);
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
		else if (object->kind->id == MIG_INDEX)
			warn_of_index_that_goes(object);
	}
	foreach(lc, diff->to->objects)
	{
		const MigObject *object = lfirst(lc);

		if (object->kind->id == MIG_FOREIGN_KEY)
		{
			warn_of_key_that_comes(object);
			warn_of_key_that_rests(object);
		}
		else if (object->kind->id == MIG_TABLE)
			warn_of_partition_that_comes(object);
		else if (object->kind->id == MIG_ATTRIBUTE)
			warn_of_typed_tables(object);
	}
}

/* The triggers of a foreign key go from both tables. */
static void
warn_of_key_that_goes(const MigObject *key)
{
	const MigObject *other = mig_constraint_refers_to(key);

	if (key->unmade != NULL && key->unmade->op == MIG_OP_DROP &&
		other != NULL && !mig_goes(other))
		mig_action_warn_lock(key->unmade, other, MIG_LOCKS_ALL);
}

/* They come to both.  Where rows are read that is said with the scan. */
static void
warn_of_key_that_comes(const MigObject *key)
{
	const MigObject *other = mig_constraint_refers_to(key);

	if (key->made != NULL && other != NULL && other != key->parent &&
		!mig_is_created(other) && !is_scanned_for(key))
		mig_action_warn_lock(key->made, other, MIG_LOCKS_WRITERS);
}

/* One that is not enforced any more has no triggers on either. */
static void
warn_of_key_that_rests(const MigObject *key)
{
	const MigObject *other = mig_constraint_refers_to(key);
	const ListCell *lc;

	if (other == NULL || key->twin == NULL ||
		!MIG_CHANGED(key, MIG_CONSTRAINT_IS_ENFORCED) ||
		MIG_IS_TRUE(key->values[MIG_CONSTRAINT_IS_ENFORCED]))
		return;
	foreach(lc, key->alters)
	{
		MigAction  *action = lfirst(lc);

		if (strcmp(action->detail, "enforced") == 0)
			mig_action_warn_lock(action, other, MIG_LOCKS_ALL);
	}
}

static bool
is_scanned_for(const MigObject *key)
{
	const ListCell *lc;

	foreach(lc, key->parent->made != NULL ? NIL : key->made->hazards)
	{
		if (((const MigHazard *) lfirst(lc))->code == MIG_SCANS_TABLE)
			return true;
	}
	return false;
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

		if (!mig_goes(parent))
			mig_action_warn_lock(table->unmade, parent, MIG_LOCKS_ALL);
	}
}

/* The same of one that is made as a partition */
static void
warn_of_partition_that_comes(const MigObject *table)
{
	const ListCell *lc;

	if (table->made == NULL || table->made->object != table ||
		!mig_table_is_partition(table))
		return;
	foreach(lc, mig_table_parents(table))
	{
		const MigObject *parent = lfirst(lc);

		if (!mig_is_created(parent))
			mig_action_warn_lock(table->made, parent, MIG_LOCKS_ALL);
	}
}

/* DROP INDEX does not name the table, and does not wait for its end alone. */
static void
warn_of_index_that_goes(const MigObject *index)
{
	const MigObject *table = index->parent;

	if (index->unmade == NULL || index->unmade->object != index ||
		index->unmade->op != MIG_OP_DROP || mig_goes(table))
		return;
	mig_action_warn_lock(index->unmade, table,
						 mig_table_is_partitioned(table) ? MIG_LOCKS_ALL :
						 MIG_LOCKS_ALL " (CONCURRENTLY, in a revision of its own, does not)");
}

/* What another type of an attribute means for the tables that follow it. */
static void
warn_of_typed_tables(const MigObject *attribute)
{
	const ListCell *lc;
	const ListCell *lt;

	foreach(lc, attribute->alters)
	{
		foreach(lt, mig_composite_tables(attribute->parent))
		{
			const MigObject *table = lfirst(lt);
			const MigObject *column = mig_table_column(table, attribute->name);

			if (mig_table_follows_type(table) && column != NULL &&
				column->twin != NULL && mig_column_differs_in_type(column))
				mig_column_warn_type(lfirst(lc), column->twin, column, NULL);
		}
	}
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

		if (on->disrupts || (mig_goes(on) && mig_index_adopter(on) == NULL))
			return true;
	}
	return false;
}

/*
 * The last change before an action that brings nothing back itself: of what
 * the object needs or needed, of what that is part of, or of anything; NULL if
 * there is none.
 */
static const MigAction *
change_before(const MigDiff *diff, const MigAction *create)
{
	List	   *needs = what_it_needs(create->object, NIL);
	List	   *tables = NIL;
	const MigAction *change;
	const ListCell *lc;

	needs = what_it_needs(create->object->twin, needs);
	change = last_change(diff, create, needs);
	if (change != NULL)
		return change;
	foreach(lc, needs)
	{
		const MigObject *table = mig_table_of(lfirst(lc));

		tables = list_append_unique_ptr(tables,
										unconstify(MigObject *, table));
	}
	change = last_change(diff, create, tables);
	return change != NULL ? change : last_change(diff, create, NIL);
}

/* All that an object depends on, in whatever way, MigObject * */
static List *
what_it_needs(const MigObject *object, List *needs)
{
	const ListCell *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	foreach(lc, object->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;

		if (list_member_ptr(needs, on))
			continue;
		needs = lappend(needs, on);
		needs = what_it_needs(on, needs);
	}
	return needs;
}

/* The last one that is about one of some objects; NIL: about any. */
static const MigAction *
last_change(const MigDiff *diff, const MigAction *create, const List *objects)
{
	for (int i = create->place - 1; i >= 0; i--)
	{
		const MigAction *action = list_nth(diff->actions, i);

		if (objects != NIL && !list_member_ptr(objects, action->object))
			continue;
		if (action->op == MIG_OP_ALTER ||
			(action->op == MIG_OP_DROP && action->object->fate == MIG_DROP) ||
			(action->op == MIG_OP_CREATE &&
			 (action->object->fate == MIG_CREATE ||
			  action->object->changed != 0)))
			return action;
	}
	return NULL;
}
