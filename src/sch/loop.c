/*-------------------------------------------------------------------------
 *
 * sch/loop.c
 *	  Breaks loops of actions that wait for each other.
 *
 * A loop is broken by writing a part of a CREATE TABLE as a statement of its
 * own, by dropping a foreign key apart from its table, or while tables become
 * logged or unlogged, by creating a view in two steps, by a third name, or by
 * dropping and creating what was to be altered.  This changes the actions, so
 * that the caller makes them again.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "sch/loop.h"

#include "miscadmin.h"
#include "sch/action.h"
#include "sch/alike.h"
#include "sch/debug_trace.h"

pg_noreturn static void give_up(const List *loop);
static List *find_loops(const MigDiff *diff);
static bool loosen_create(const MigDiff *diff, const List *loop);
static bool loosen_drop(const MigDiff *diff, const List *loop);
static bool loosen_views(const List *loop);
static bool loosen_names(const List *loop);
static bool loosen_logging(const List *loop);
static bool sets_logging(const List *loop, const MigObject *table);
static bool loosen_alter(const List *loop);

/*
 * Set marks by which the loops that are found do not come up again when the
 * actions are made anew.  Raises an error if there is no way.
 */
void
mig_loop_break(MigDiff *diff)
{
	List	   *loops = find_loops(diff);
	bool		any = false;
	const ListCell *lc;

	foreach(lc, loops)
	{
		const List *loop = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		mig_trace_loop(loop);
		any = loosen_create(diff, loop) || loosen_drop(diff, loop) ||
			loosen_names(loop) || loosen_logging(loop) ||
			loosen_alter(loop) || loosen_views(loop) || any;
	}
	if (!any && loops != NIL)
		give_up(linitial(loops));
}

/*
 * Nothing can be loosened any more; the changes that wait for each other are
 * named, for the user to do one of them earlier.
 */
static void
give_up(const List *loop)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("could not find an order for changes that need each other"),
			 errdetail("In the loop are %s.", mig_action_list(loop)),
			 errhint("Make the change in two revisions.")));
}

/*
 * Find loops that have no action in common.
 *
 * Every action that is left waits for at least one that is left, too: going
 * from each to one of these ends in a loop.
 */
static List *
find_loops(const MigDiff *diff)
{
	List	   *loops = NIL;
	const ListCell *lc;
	const ListCell *follower;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		if (action->done)
			continue;
		foreach(follower, action->followers)
		{
			MigAction  *waiting = lfirst(follower);

			if (waiting->blocker == NULL)
				waiting->blocker = action;
		}
	}
	for (int i = list_length(diff->actions) - 1; i >= 0; i--)
	{
		MigAction  *at = list_nth(diff->actions, i);
		List	   *loop = NIL;

		if (at->done || at->seen != 0)
			continue;
		for (; at->seen == 0; at = at->blocker)
			at->seen = i + 1;
		if (at->seen != i + 1)
			continue;			/* a loop that has been found before */
		for (; at->seen > 0; at = at->blocker)
		{
			loop = lappend(loop, at);
			at->seen = -1;
		}
		loops = lappend(loops, loop);
	}
	return loops;
}

/* Take a part out of a CREATE TABLE: what makes it wait for the loop. */
static bool
loosen_create(const MigDiff *diff, const List *loop)
{
	const ListCell *lc;
	bool		any = false;

	foreach(lc, diff->to->objects)
	{
		MigObject  *object = lfirst(lc);
		const ListCell *on;

		if (object->made == NULL || object->made->object == object ||
			object->kind->id == MIG_COLUMN || object->apart ||
			(object->kind->flags & MIG_KIND_INLINE) == 0 ||
			(object->kind->flags & MIG_KIND_ATTACHED) != 0 ||
			!list_member_ptr(loop, object->made))
			continue;
		foreach(on, object->depends)
		{
			const MigObject *needed = ((MigDepend *) lfirst(on))->object;

			if (needed->made != NULL && needed->made != object->made &&
				list_member_ptr(loop, needed->made))
				object->apart = any = true;
		}
	}
	return any;
}

/* Drop a foreign key, or another part, apart from its table. */
static bool
loosen_drop(const MigDiff *diff, const List *loop)
{
	const ListCell *lc;
	bool		any = false;

	foreach(lc, diff->from->objects)
	{
		MigObject  *object = lfirst(lc);
		const ListCell *on;

		if (object->unmade == NULL || object->unmade->object == object ||
			object->kind->id == MIG_COLUMN || object->apart ||
			(object->kind->flags & MIG_KIND_VIRTUAL) != 0 ||
			!list_member_ptr(loop, object->unmade))
			continue;
		foreach(on, object->depends)
		{
			const MigObject *needed = ((MigDepend *) lfirst(on))->object;

			if (needed->unmade != NULL && needed->unmade != object->unmade &&
				list_member_ptr(loop, needed->unmade))
				object->apart = any = true;
		}
	}
	return any;
}

/* Create a view in two steps; drop views that need each other together. */
static bool
loosen_views(const List *loop)
{
	MigObject  *leader = ((MigAction *) linitial(loop))->object;
	bool		together = list_length(loop) > 1;
	const ListCell *lc;

	foreach(lc, loop)
	{
		const MigAction *action = lfirst(lc);
		MigObject  *object = action->object;

		if (object->kind->create_in_steps == NULL ||
			!object->kind->create_in_steps(NULL, NULL, object))
			together = false;
		else if (action->op == MIG_OP_CREATE && !object->apart)
		{
			object->apart = true;
			return true;
		}
		if (action->op != MIG_OP_DROP)
			together = false;
	}
	foreach(lc, together ? loop : NIL)
	{
		if (((MigAction *) lfirst(lc))->object != leader)
			((MigAction *) lfirst(lc))->object->drop_with = leader;
	}
	return together;
}

/* Let one of those that are to have each other's names step aside. */
static bool
loosen_names(const List *loop)
{
	const ListCell *lc;

	foreach(lc, loop)
	{
		const MigAction *action = lfirst(lc);
		MigObject  *object = action->object;

		if (object->aside || mig_alike_naming(object) != action)
			continue;
		object->aside = true;
		return true;
	}
	return false;
}

/*
 * Drop and create a foreign key between tables that become logged or unlogged:
 * where they refer to each other none can be first.
 */
static bool
loosen_logging(const List *loop)
{
	const ListCell *lc;
	const ListCell *child;
	const ListCell *on;

	foreach(lc, loop)
	{
		const MigAction *action = lfirst(lc);

		foreach(child, action->sets_logging ? action->object->children : NIL)
		{
			MigObject  *key = lfirst(child);

			if (key->kind->id != MIG_FOREIGN_KEY || key->force_recreate)
				continue;
			foreach(on, key->depends)
			{
				const MigObject *other;

				other = mig_table_of(((MigDepend *) lfirst(on))->object);
				if (other == action->object || !sets_logging(loop, other))
					continue;
				key->force_recreate = true;
				return true;
			}
		}
	}
	return false;
}

static bool
sets_logging(const List *loop, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, loop)
	{
		const MigAction *action = lfirst(lc);

		if (action->sets_logging && action->object == table)
			return true;
	}
	return false;
}

/* Drop and create what was to be altered in place. */
static bool
loosen_alter(const List *loop)
{
	const ListCell *lc;

	foreach(lc, loop)
	{
		const MigAction *action = lfirst(lc);
		MigObject  *object = action->object;

		if ((object->kind->flags & MIG_KIND_ATTACHED) != 0)
			object = object->parent;
		if (action->op != MIG_OP_ALTER || object->force_recreate ||
			(object->kind->flags & MIG_KIND_DATA) != 0)
			continue;
		object->force_recreate = true;
		return true;
	}
	return false;
}
