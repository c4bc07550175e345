/*-------------------------------------------------------------------------
 *
 * sch/create_table.c
 *	  Writes into CREATE TABLE what the order lets stand there.
 *
 * Foreign keys are actions of their own, since two tables may refer to each
 * other.  Tables prefer to come after those that they refer to; a key whose
 * action could have come right behind that of its table then stands within
 * it.  So does the sequence of a serial column.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/create_table.h"

#include "kind/constraint.h"
#include "kind/serial.h"
#include "kind/table_parents.h"
#include "miscadmin.h"
#include "sch/action.h"

/* Where mig_fold_tie() is with a table; in MigAction.seen */
#define ON_THE_WAY	(-1)
#define DONE		1

static void tie_table(MigAction *create);
static MigAction *holder_of(const MigAction *action);
static MigAction *table_of_key(const MigAction *action);
static MigAction *column_of_sequence(const MigAction *action);
static bool waits_between(const MigAction *action, const MigAction *holder);
static void hand_over(List *actions);
static MigAction *whole(MigAction *action);

/*
 * Let new tables prefer to come after those that their foreign keys refer to,
 * but where that leads round in a circle: then one of them comes first.  Its
 * own partitions come behind a table whatever refers to them.
 */
void
mig_fold_tie(const MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		if (action->op == MIG_OP_CREATE &&
			action->object->kind->id == MIG_TABLE && action->seen == 0)
			tie_table(action);
	}
	foreach(lc, diff->actions)
		((MigAction *) lfirst(lc))->seen = 0;
}

/*
 * It rather comes behind the tables that its keys refer to, but those that
 * lead back.
 */
static void
tie_table(MigAction *create)
{
	List	   *partitions = mig_table_descendants(create->object);
	const ListCell *lc;
	const ListCell *on;

	check_stack_depth();
	create->seen = ON_THE_WAY;
	foreach(lc, create->object->children)
	{
		const MigObject *key = lfirst(lc);

		if (key->kind->id != MIG_FOREIGN_KEY || key->made == NULL)
			continue;
		foreach(on, key->depends)
		{
			const MigDepend *depend = lfirst(on);
			MigAction  *other = mig_table_of(depend->object)->made;

			if (other == NULL || other == create ||
				other->object->kind->id != MIG_TABLE ||
				list_member_ptr(partitions, other->object))
				continue;
			if (other->seen == 0)
				tie_table(other);
			if (other->seen == ON_THE_WAY)
				continue;
			mig_action_prefer(other, create);
		}
	}
	create->seen = DONE;
}

/*
 * Take out the actions of a sorted list that the creation of a table or column
 * sees to.
 */
void
mig_fold_parts(MigDiff *diff)
{
	List	   *kept = NIL;
	const ListCell *lc;
	int			n = 0;

	foreach(lc, diff->actions)
		((MigAction *) lfirst(lc))->place = n++;
	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);
		const ListCell *follower;

		foreach(follower, action->followers)
		{
			MigAction  *other = lfirst(follower);

			other->latest = Max(other->latest, action->place);
		}
	}
	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		action->folded_into = holder_of(action);
	}
	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);
		MigObject  *object = action->object;

		if (action->folded_into == NULL)
			kept = lappend(kept, action);
		else if (action->op == MIG_OP_CREATE)
		{
			object->made = action->folded_into;
			if (object->parent == NULL)
				object->made->along = lappend(object->made->along, object);
		}
	}
	hand_over(diff->actions);
	diff->actions = kept;
}

/* The creation that an action becomes a part of, or NULL. */
static MigAction *
holder_of(const MigAction *action)
{
	if (action->object->kind->id == MIG_FOREIGN_KEY)
		return table_of_key(action);
	if (action->object->kind->id == MIG_SEQUENCE)
		return column_of_sequence(action);
	return NULL;
}

static MigAction *
table_of_key(const MigAction *action)
{
	const MigObject *key = action->object;
	MigAction  *create = key->parent->made;

	if (action->op != MIG_OP_CREATE || create == NULL || create->sql != NULL ||
		key->apart || !mig_constraint_is_validated(key) ||
		action->latest > create->place)
		return NULL;
	return create;
}

/* The statement that makes it is folded, and the one that ties it. */
static MigAction *
column_of_sequence(const MigAction *action)
{
	const MigObject *sequence = action->object;
	const MigObject *column = sequence->owner_column;
	MigAction  *create;

	if (column == NULL || sequence->made == NULL || column->made == NULL)
		return NULL;
	create = column->made;
	if (create->sql != NULL || create->op != MIG_OP_CREATE ||
		!mig_serial_fits(sequence) || waits_between(sequence->made, create))
		return NULL;
	return create;
}

/* Is there something before the holder that waits for the action? */
static bool
waits_between(const MigAction *action, const MigAction *holder)
{
	const ListCell *lc;

	foreach(lc, action->followers)
	{
		if (((MigAction *) lfirst(lc))->place < holder->place)
			return true;
	}
	return false;
}

/* What goes before and after what is folded does so with the whole. */
static void
hand_over(List *actions)
{
	const ListCell *lc;
	const ListCell *follower;

	foreach(lc, actions)
	{
		MigAction  *action = lfirst(lc);
		List	   *followers = NIL;

		foreach(follower, action->followers)
			followers = lappend(followers, whole(lfirst(follower)));
		action->followers = followers;
	}
	foreach(lc, actions)
	{
		MigAction  *action = lfirst(lc);

		if (action->folded_into != NULL)
			action->folded_into->followers =
				list_concat(action->folded_into->followers, action->followers);
	}
}

static MigAction *
whole(MigAction *action)
{
	return action->folded_into == NULL ? action : action->folded_into;
}
