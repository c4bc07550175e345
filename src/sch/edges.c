/*-------------------------------------------------------------------------
 *
 * sch/edges.c
 *	  Which action goes before which, by the dependencies of objects.
 *
 * An object is created and altered after what it depends on in the new
 * snapshot, and dropped after what depended on it in the old one.  Names that
 * are taken again are seen to by sch/name.c, texts of routines by sch/body.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/edges.h"

#include "kind/column.h"
#include "kind/column_not_null_name.h"
#include "kind/constraint.h"
#include "kind/constraint_parents.h"
#include "kind/index.h"
#include "kind/index_adopted.h"
#include "kind/index_parts.h"
#include "kind/index_renewed.h"
#include "kind/partition_key.h"
#include "kind/table_parents.h"
#include "kind/view.h"
#include "miscadmin.h"
#include "sch/action.h"
#include "sch/debug_trace.h"

/*
 * Let an action go before another; either may be NULL.  The function that says
 * so is the reason that sch/debug_trace.c tells.
 */
#define PRECEDE(first, second)	precede(first, second, __func__)

/* For which step of two what is of a kind must be there. */
typedef enum Step
{
	FIRST,
	SECOND
} Step;

#define MIG_KIND(id, row, body, step) \
	[id] = step,

static const Step steps[MIG_NKINDS] = {
#include "sch/kindlist.h"
};

#undef MIG_KIND

static void precede(MigAction *first, MigAction *second, const char *function);
static void edges_of_privileges(MigDiff *diff, MigAction *action);
static void edges_of_object(MigAction *action, MigObject *object);
static void after_recreated(MigAction *action, const MigObject *table);
static void after_lost_columns(MigAction *action, const MigObject *table);
static void after_routines_of(MigAction *action, const MigObject *on);
static void after_old_keys(MigAction *action, const MigObject *foreign_key);
static void after_views(MigAction *action, const MigObject *object);
static bool may_close_loop(const MigObject *object);
static void after_detached(MigAction *action, const MigObject *table);
static void after_leaving(MigAction *action, const MigObject *parent);
static void edges_of_alter(MigAction *action);
static void edges_of_part_above(MigAction *action, const MigObject *part);
static void after_columns_above(MigAction *action, const MigObject *column);
static void edges_of_shell(MigAction *shell);
static bool has_first(const MigObject *object);
static void edges_of_parts(MigAction *action);
static void edges_of_parts_above(MigAction *action, const MigObject *table);
static void edges_of_new_parts(MigAction *action, const MigObject *table);
static void edge_of_side(MigAction *action, MigAction *other);
static void edges_of_old_parts(MigAction *action, const MigObject *table);
static void edges_of_parents(MigAction *action);
static void edges_of_drop(MigObject *object);
static void edges_of_column(MigAction *action, const MigObject *column,
							const MigObject *old_table);
static void after_object(MigAction *action, const MigObject *on);
static void after_alters(MigAction *action, const MigObject *on);

/* Add the edges that follow from the dependencies of both snapshots. */
void
mig_edges_add(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (action->op == MIG_OP_ALTER)
			edges_of_alter(action);
		if (action->object->kind->id == MIG_DEFAULT_PRIVILEGES)
			edges_of_privileges(diff, action);
	}
	foreach(lc, diff->to->objects)
	{
		MigObject  *object = lfirst(lc);

		if (object->made != NULL && !object->ignored)
			edges_of_object(object->made, object);
	}
	foreach(lc, diff->from->objects)
	{
		MigObject  *object = lfirst(lc);

		if (object->unmade != NULL && !object->ignored &&
			mig_index_adopter(object) == NULL)
			edges_of_drop(object);
	}
}

/*
 * Let an action go before another, once for each reason: waits_for counts the
 * entries in lists of followers, so that an edge may be there twice.  No
 * action goes before itself; parts that are made with their parent share its
 * action, and need no edge.
 */
static void
precede(MigAction *first, MigAction *second, const char *function)
{
	if (first == NULL || second == NULL || first == second)
		return;
	mig_trace_edge(first, second, function);
	first->followers = lappend(first->followers, second);
	second->waits_for++;
}

/* The same for those who know of other reasons. */
void
mig_edge(MigAction *first, MigAction *second)
{
	PRECEDE(first, second);
}

/* Default privileges change when all is created that they would apply to. */
static void
edges_of_privileges(MigDiff *diff, MigAction *action)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		MigAction  *other = lfirst(lc);

		if (other->op == MIG_OP_CREATE &&
			other->object->kind != action->object->kind)
			PRECEDE(other, action);
	}
}

/* An object is made after what it depends on. */
static void
edges_of_object(MigAction *action, MigObject *object)
{
	const ListCell *lc;
	bool		in_steps;

	if (object->parent != NULL)
		PRECEDE(object->parent->made, action);
	in_steps = object->apart && object->kind->create_in_steps != NULL;
	if (object->kind->id == MIG_PUBLICATION_TABLE)
		after_alters(action, object->parent);
	if (object->kind->is_inherited != NULL &&
		object->kind->is_inherited(object))
		return;
	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if ((!in_steps || !may_close_loop(on)) &&
			!(object->by_hand && on == mig_index_above(object)))
			after_object(action, on);
	}
	if (object->kind->id == MIG_COLUMN && action->object == object &&
		object->parent->twin != NULL)
		edges_of_column(action, object, object->parent->twin);
	if (object->kind->id == MIG_TABLE)
	{
		after_detached(action, object);
		after_lost_columns(action, object);
	}
	foreach(lc, mig_index_awaits(object))
		PRECEDE(lfirst(lc), action);
	if (object->kind->id == MIG_FOREIGN_KEY)
		after_old_keys(action, object);
	foreach(lc, mig_constraint_awaits(object))
		PRECEDE(lfirst(lc), action);
	foreach(lc, mig_index_awaits_code(object))
		PRECEDE(lfirst(lc), action);
	if (object->kind->id == MIG_RULE)
	{
		after_routines_of(action, object->parent);
		foreach(lc, object->parent->children)
			after_routines_of(action, lfirst(lc));
	}
	after_views(action, object);
}

/*
 * A body with MERGE is not parsed where the table has rules; that table is one
 * of its dependencies, or a column of it is.  Nothing waits for a rule.
 */
static void
after_routines_of(MigAction *action, const MigObject *on)
{
	const ListCell *lc;

	foreach(lc, on->dependents)
	{
		const MigObject *routine = ((MigDepend *) lfirst(lc))->object;

		if (routine->kind->id == MIG_FUNCTION)
			PRECEDE(routine->made, action);
	}
}

/*
 * The server binds a foreign key to any key that fits, and to each partition
 * that it finds: those that go have gone by then.  Nothing waits for a foreign
 * key, so that this makes no loop.
 */
static void
after_old_keys(MigAction *action, const MigObject *foreign_key)
{
	const ListCell *lc;
	const ListCell *part;

	foreach(lc, mig_partition_key_moves(foreign_key, false))
		PRECEDE(lfirst(lc), action);
	foreach(lc, foreign_key->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;
		const MigObject *old = mig_table_of(on)->twin;

		if (old == NULL || old->kind->id != MIG_TABLE)
			continue;
		foreach(part, old->children)
		{
			const MigObject *key = lfirst(part);

			if (mig_constraint_is_unique(key) || mig_index_is_unique(key))
				PRECEDE(key->unmade, action);
		}
		foreach(part, mig_table_descendants(old))
			PRECEDE(((const MigObject *) lfirst(part))->unmade, action);
	}
}

/* A new partition or child table would have what its parent loses. */
static void
after_lost_columns(MigAction *action, const MigObject *table)
{
	const ListCell *lc;
	const ListCell *child;

	foreach(lc, mig_table_parents(table))
	{
		const MigObject *old = ((MigObject *) lfirst(lc))->twin;

		foreach(child, old == NULL ? NIL : old->children)
		{
			const MigObject *part = lfirst(child);

			if (part->kind->id == MIG_COLUMN && part->unmade != NULL &&
				part->unmade->object == part)
				PRECEDE(part->unmade, action);
		}
	}
}

/*
 * A materialized view is filled from others when these are filled, and before
 * they are emptied.
 */
static void
after_views(MigAction *action, const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, mig_view_awaits(object))
	{
		MigAction  *other = lfirst(lc);

		if (other->late)
			PRECEDE(action, other);
		else
			PRECEDE(other, action);
	}
}

/* Is it something that the first step does without? */
static bool
may_close_loop(const MigObject *object)
{
	return steps[object->kind->id] == SECOND;
}

/*
 * A partition is made or attached after others are dropped and detached, whose
 * bounds may overlap with its own; and after its own, whose rows need not fit.
 */
static void
after_detached(MigAction *action, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, table->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind == table->kind && on->twin != NULL)
			after_leaving(action, on->twin);
	}
	if (table->twin != NULL && mig_table_is_partitioned(table->twin))
		after_leaving(action, table->twin);
}

/* An action comes after what inherits from an old table leaves it, or goes. */
static void
after_leaving(MigAction *action, const MigObject *parent)
{
	const ListCell *lc;
	const ListCell *alter;

	foreach(lc, parent->dependents)
	{
		const MigObject *old = ((MigDepend *) lfirst(lc))->object;

		if (old->kind != parent->kind || old->twin == action->object)
			continue;
		PRECEDE(old->unmade, action);
		if (old->twin == NULL)
			continue;
		foreach(alter, old->twin->alters)
		{
			if (((MigAction *) lfirst(alter))->first)
				PRECEDE(lfirst(alter), action);
		}
	}
}

/*
 * An object is altered after the new objects that it needs, and before the
 * old ones that it does not need any more.
 */
static void
edges_of_alter(MigAction *action)
{
	MigObject  *object = action->object;
	const ListCell *lc;
	MigAction  *previous = NULL;

	if (action == object->shell)
	{
		edges_of_shell(action);
		return;
	}
	foreach(lc, object->alters)
	{
		if (lfirst(lc) == action)
			break;
		if (!((MigAction *) lfirst(lc))->satellite)
			previous = lfirst(lc);
	}
	PRECEDE(previous, action);
	PRECEDE(object->made, action);
	edges_of_part_above(action, object);
	foreach(lc, mig_column_not_null_awaits(action))
		PRECEDE(lfirst(lc), action);
	foreach(lc, mig_column_not_null_made_behind(action))
		PRECEDE(action, lfirst(lc));
	for (MigObject *parent = object->parent; parent; parent = parent->parent)
	{
		PRECEDE(parent->made, action);
		foreach(lc, parent->alters)
		{
			MigAction  *alter = lfirst(lc);

			if ((action->last && alter->last) ||
				(object->kind->id == MIG_IDENTITY_SEQUENCE &&
				 alter->sets_identity))
				PRECEDE(alter, action);
		}
	}
	if (object->owner_column != NULL && action->satellite && !action->first)
		after_object(action, object->owner_column);
	if (object->twin != NULL && object->twin->owner_column != NULL &&
		action->first)
		PRECEDE(action, object->twin->owner_column->unmade);
	if (action->first || action->last)
		edges_of_parts(action);
	if (object->kind->id == MIG_TABLE && !action->satellite &&
		(action->first || action->last))
		edges_of_parents(action);
	if (action->last && object->kind->id == MIG_TABLE)
		after_detached(action, object);
	if (action->satellite)
		return;
	foreach(lc, action->attaches ? mig_index_awaits(object) : NIL)
		PRECEDE(lfirst(lc), action);
	after_views(action, object);
	if (!action->first && !action->away)
	{
		foreach(lc, object->depends)
		{
			const MigObject *on = ((MigDepend *) lfirst(lc))->object;

			if (!object->by_hand || on != mig_index_above(object))
				after_object(action, on);
		}
	}
	if (object->twin == NULL || object->fate == MIG_RECREATE ||
		(!action->first && !action->away && has_first(object)))
		return;
	foreach(lc, mig_index_needs(object->twin))
		PRECEDE(action, ((MigDepend *) lfirst(lc))->object->unmade);
}

/*
 * What a column inherits is its own when the parent's has changed, or gone; it
 * changes before a new one is made there.  A check is there when the parent's
 * has been added, and gets its name when those have gone that it is tied to.
 */
static void
edges_of_part_above(MigAction *action, const MigObject *part)
{
	const ListCell *lc;

	foreach(lc, mig_constraint_above(part))
		PRECEDE(((const MigObject *) lfirst(lc))->made, action);
	foreach(lc, part->renamed && part->twin != NULL ?
			mig_constraint_ties(part->twin) : NIL)
		PRECEDE(((const MigObject *) lfirst(lc))->unmade, action);
	if (!mig_is_bound_by_name(part) || action->satellite)
		return;
	foreach(lc, part->twin == NULL ? NIL :
			mig_table_lasting_parents(part->twin->parent))
	{
		const MigObject *above = mig_table_part_like(lfirst(lc), part->twin);

		if (above != NULL)
			PRECEDE(above->unmade, action);
	}
	if (part->kind->id != MIG_COLUMN)
		return;
	after_columns_above(action, part);
	foreach(lc, part->twin == NULL ? NIL :
			mig_table_lasting_parents(part->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), part->name);

		if (above != NULL)
			PRECEDE(action, above->made);
	}
}

/* A parent's may stay as it is, between one that changes and this one. */
static void
after_columns_above(MigAction *action, const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_table_lasting_parents(column->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), column->name);

		if (above == NULL)
			continue;
		after_alters(action, above);
		after_columns_above(action, above);
	}
}

/* A shell needs nothing but its schema. */
static void
edges_of_shell(MigAction *shell)
{
	const ListCell *lc;

	foreach(lc, shell->object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_SCHEMA)
			PRECEDE(on->made, shell);
	}
	PRECEDE(shell, shell->object->made);
}

/* Is there an alteration that sees to what the old object depends on? */
static bool
has_first(const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, object->alters)
	{
		const MigAction *alter = lfirst(lc);

		if ((alter->first || alter->away) && !alter->satellite)
			return true;
	}
	return false;
}

/*
 * A table is attached after its parts and those of its new parent are as they
 * are to be, and detached before its own change.
 */
static void
edges_of_parts(MigAction *action)
{
	MigObject  *table = action->object;

	edges_of_new_parts(action, table);
	if (table->twin != NULL)
		edges_of_old_parts(action, table->twin);
	if (action->last)
		edges_of_parts_above(action, table);
}

/* What stands in for parents has all that comes from those above these. */
static void
edges_of_parts_above(MigAction *action, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, table->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind != table->kind)
			continue;
		edges_of_new_parts(action, on);
		if (action->object->stand_in != NULL)
			edges_of_parts_above(action, on);
	}
}

/*
 * Columns and constraints of a table as it is to be: made and altered before
 * it is attached, or after it is detached.
 */
static void
edges_of_new_parts(MigAction *action, const MigObject *table)
{
	const ListCell *lc;
	const ListCell *alter;

	foreach(lc, table->children)
	{
		const MigObject *part = lfirst(lc);

		if ((part->kind->id != MIG_COLUMN &&
			 part->kind->id != MIG_CONSTRAINT && !part->by_hand) ||
			mig_index_is_in_the_way(part->twin, part))
			continue;
		edge_of_side(action, part->made);
		foreach(alter, part->alters)
		{
			if (!((MigAction *) lfirst(alter))->late)
				edge_of_side(action, lfirst(alter));
		}
	}
}

static void
edge_of_side(MigAction *action, MigAction *other)
{
	PRECEDE(action->last ? other : action, action->last ? action : other);
}

/*
 * Columns and constraints of a table as it was: they go on the same side of
 * the change.  A part that goes with that of a parent goes before it either
 * way, since it could not be dropped by itself while the table hangs there.
 */
static void
edges_of_old_parts(MigAction *action, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		const MigObject *part = lfirst(lc);
		bool		inherited;

		inherited = part->kind->is_inherited != NULL &&
			part->kind->is_inherited(part);
		if (!mig_is_bound_by_name(part) && !(inherited && action->first) &&
			!mig_index_is_in_the_way(part, part->twin))
			continue;
		if (!mig_is_bound_by_name(part) && part->unmade != NULL &&
			part->unmade->object != part &&
			part->unmade->object->kind == part->kind)
			PRECEDE(part->unmade, action);	/* goes with its parent's */
		else if (action->last && mig_constraint_may_prove(part))
			mig_action_prefer(action, part->unmade);
		else
			edge_of_side(action, part->unmade);
	}
}

/*
 * A table is detached before columns and checks of what is above it change,
 * which would change its own; and attached when they have.
 */
static void
edges_of_parents(MigAction *action)
{
	const ListCell *lc;
	const ListCell *child;

	foreach(lc, action->first ?
			mig_table_ancestors(action->object->twin) :
			mig_table_parents(action->object))
	{
		const MigObject *parent = lfirst(lc);
		const MigObject *old = action->first ? parent : parent->twin;
		const MigObject *new = action->first ? parent->twin : parent;

		foreach(child, old == NULL ? NIL : old->children)
		{
			const MigObject *part = lfirst(child);

			if (!mig_is_bound_by_name(part))
				continue;
			if (action->first)
				PRECEDE(action, part->unmade);
			else
				PRECEDE(part->unmade, action);
		}
		foreach(child, action->first ? mig_table_part_changes(new) : NIL)
			PRECEDE(action, lfirst(child));
	}
}

/* An object ends after what depended on it, and before its like is altered. */
static void
edges_of_drop(MigObject *object)
{
	const ListCell *lc;
	const ListCell *alter;

	foreach(lc, mig_partition_key_moves(object, true))
		PRECEDE(object->unmade, lfirst(lc));
	foreach(lc, object->dependents)
	{
		const MigObject *dependent = ((MigDepend *) lfirst(lc))->object;

		if (mig_index_holds(dependent, object))
			PRECEDE(object->unmade, dependent->unmade);
		else
			PRECEDE(dependent->unmade, object->unmade);
	}
	foreach(lc, object->children)
		PRECEDE(((MigObject *) lfirst(lc))->unmade, object->unmade);
	foreach(lc, object->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;

		if (on->successor != NULL &&
			mig_table_of(object)->successor == NULL &&
			!mig_action_is_left(mig_table_of(object)))
			PRECEDE(object->unmade, on->successor->made);
		if (on->twin == NULL ||
			(object->successor != NULL && on->kind->id == MIG_FUNCTION))
			continue;			/* is there while a routine is replaced */
		foreach(alter, mig_table_alters(on->twin))
		{
			MigAction  *action = lfirst(alter);

			if (!action->satellite && !action->first &&
				!mig_constraint_outlasts(object, action))
				PRECEDE(object->unmade, action);
		}
	}
	foreach(alter, mig_table_alters_awaiting(object))
		PRECEDE(object->unmade, lfirst(alter));
	foreach(lc, mig_table_stricter_above(object))
		PRECEDE(object->unmade, lfirst(lc));
	if (mig_is_bound_by_name(object) && object->unmade->object == object)
		edges_of_column(object->unmade, object, object->parent);
	/* what is renamed away is dropped after its successor is there */
	if (object->successor != NULL)
		PRECEDE(object->successor->made, object->unmade);
}

/*
 * A column that a table has by itself, too, comes before that of its parent,
 * with which it would be there, and goes after it; so does a check.
 */
static void
edges_of_column(MigAction *action, const MigObject *column,
				const MigObject *old_table)
{
	const ListCell *lc;

	foreach(lc, mig_table_lasting_parents(column->parent))
	{
		const MigObject *above = mig_table_part_like(lfirst(lc), column);

		PRECEDE(column->made, above == NULL ? NULL : above->made);
		PRECEDE(above == NULL ? NULL : above->unmade, column->unmade);
	}
	after_recreated(action, old_table);
}

/* After partitions of an old table are dropped to be created again. */
static void
after_recreated(MigAction *action, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, table->dependents)
	{
		const MigObject *below = ((MigDepend *) lfirst(lc))->object;

		if (below->kind->id == MIG_TABLE && below->fate == MIG_RECREATE)
			PRECEDE(below->unmade, action);
	}
}

/* The action comes after an object is made and altered. */
static void
after_object(MigAction *action, const MigObject *on)
{
	if (on->shell != NULL && mig_needs_shell(on, action->object))
	{
		PRECEDE(on->shell, action);
		return;
	}
	PRECEDE(on->made, action);
	for (const MigObject *up = action->object; up != NULL; up = up->parent)
	{
		if (up != on)
			continue;			/* alterations do not bind its parts, but
								 * those that a column has from above */
		if (on->kind->id == MIG_COLUMN && on->twin == NULL)
			after_alters(action, on);
		else if (on->kind->id == MIG_COLUMN)
			after_columns_above(action, on);
		return;
	}
	after_alters(action, on);
}

/* The action comes after an object is altered. */
static void
after_alters(MigAction *action, const MigObject *on)
{
	const ListCell *lc;

	foreach(lc, mig_table_alters(on))
	{
		MigAction  *alter = lfirst(lc);

		if (!alter->satellite && !alter->late)
			PRECEDE(alter, action);
	}
}
