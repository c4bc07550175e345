/*-------------------------------------------------------------------------
 *
 * sch/order.c
 *	  Orders the actions of a comparison.
 *
 * A topological sort.  The edges come from the dependencies of both
 * snapshots: an object is created or altered after what it depends on in the
 * new one, and dropped after what depended on it in the old one; and from
 * names: one that is taken again must be free.  Among actions that may come
 * next the first in reading order does: drops of what stands on tables, then
 * by kind, what belongs to a table together, and in the end the drops of
 * tables and what they are made of.
 *
 * What stands in a loop is seen to by sch/loop.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/order.h"

#include "kind/column_cast.h"
#include "kind/column_held.h"
#include "kind/counter_order.h"
#include "kind/fired.h"
#include "kind/routine.h"
#include "kind/table_parents.h"
#include "lib/binaryheap.h"
#include "miscadmin.h"
#include "sch/action.h"
#include "sch/body.h"
#include "sch/edges.h"
#include "sch/leaving.h"
#include "sch/create_table.h"
#include "sch/loop.h"
#include "sch/logging.h"
#include "sch/name.h"
#include "sch/debug_trace.h"
#include "sch/upsert.h"

/* Phases: renames, drops by kind, the rest by kind, late drops by kind. */
#define PHASE_RENAME		0
#define PHASE_DROP			1
#define PHASE_MAKE			(PHASE_DROP + MIG_NKINDS)
#define PHASE_LATE_DROP		(PHASE_MAKE + MIG_NKINDS)

static void set_phase(MigAction *action);
static void prefer_operators(MigDiff *diff);
static bool uses_operator(const MigObject *object);
static void prefer_casts(MigDiff *diff);
static bool may_cast(const MigObject *object, const MigObject *cast);
static bool makes_cast(const MigObject *routine, const MigObject *cast);
static void prefer_untyped(MigDiff *diff);
static void prefer_to_type(MigAction *action, const MigObject *type,
						   bool before);
static void prefer_attributes(MigDiff *diff);
static List *sort(MigDiff *diff);
static void release(binaryheap *heap, MigAction *action);
static MigAction *first_held_up(const MigDiff *diff);
static int	compare(Datum a, Datum b, void *arg);
static int	compare_actions(const MigAction *a, const MigAction *b);

/*
 * Put the actions into order.
 *
 * Returns false if there was a loop; then marks have been set on objects by
 * which the actions come out differently when they are made again.  Raises an
 * error if a loop cannot be broken.
 */
bool
mig_order_actions(MigDiff *diff)
{
	const ListCell *lc;
	List	   *sorted;

	foreach(lc, diff->actions)
		set_phase(lfirst(lc));
	mig_column_cast_prefer(diff);
	mig_body_tie(diff);
	mig_edges_add(diff);
	prefer_operators(diff);
	prefer_casts(diff);
	mig_column_held_prefer(diff);
	mig_fired_prefer(diff);
	prefer_untyped(diff);
	prefer_attributes(diff);
	mig_leaving_prefer(diff);
	mig_counter_tie(diff, mig_edge);
	mig_logging_tie(diff, mig_edge);
	mig_upsert_tie(diff, mig_edge);
	mig_name_tie(diff, mig_edge);
	mig_fold_tie(diff);
	sorted = sort(diff);
	if (list_length(sorted) < list_length(diff->actions))
	{
		mig_loop_break(diff);
		return false;
	}
	mig_trace_order(sorted);
	diff->actions = sorted;
	mig_fold_parts(diff);
	return true;
}

/*
 * Where nothing else decides: renames, then drops in the reverse order of
 * kinds, then what is made, then late drops.
 */
static void
set_phase(MigAction *action)
{
	const MigObject *object = action->object;
	const MigKind *kind = object->kind;

	action->group = "";
	switch (action->op)
	{
		case MIG_OP_RENAME:
			action->phase = PHASE_RENAME;
			break;
		case MIG_OP_DROP:
			if (kind->id == MIG_COLUMN && object->fate == MIG_DROP)
			{
				action->phase = PHASE_MAKE + MIG_TABLE;
				action->group = mig_table_of(object)->identity;
				action->last = true;
			}
			else if ((kind->flags & MIG_KIND_LATE_DROP) != 0 &&
					 object->fate == MIG_DROP)
				action->phase = PHASE_LATE_DROP + MIG_NKINDS - kind->id;
			else
				action->phase = PHASE_DROP + MIG_NKINDS - 1 - kind->id;
			break;
		case MIG_OP_CREATE:
		case MIG_OP_ALTER:
			action->phase = PHASE_MAKE + kind->id;
			if (kind->id == MIG_COLUMN && action->op == MIG_OP_CREATE)
				action->behind = true;
			if (object->parent != NULL && kind->id != MIG_FOREIGN_KEY)
				action->phase = PHASE_MAKE + mig_table_of(object)->kind->id;
			action->group = mig_table_of(object)->identity;
			break;
	}
}

/*
 * What uses an operator rather comes when all operators are there: it may ask
 * for the one that is its negator or commutator, of which the server knows no
 * dependency.
 */
static void
prefer_operators(MigDiff *diff)
{
	List	   *operators = NIL;
	const ListCell *lc;
	const ListCell *other;

	foreach(lc, diff->actions)
	{
		const MigAction *action = lfirst(lc);

		if (action->op == MIG_OP_CREATE &&
			action->object->kind->id == MIG_OPERATOR)
			operators = lappend(operators, lfirst(lc));
	}
	foreach(lc, operators == NIL ? NIL : diff->to->objects)
	{
		const MigObject *object = lfirst(lc);

		if (object->made == NULL || object->ignored ||
			object->kind->body != NULL || !uses_operator(object))
			continue;
		foreach(other, operators)
			mig_action_prefer(lfirst(other), object->made);
	}
}

/* Operators and their classes wait for no other. */
static bool
uses_operator(const MigObject *object)
{
	const ListCell *lc;

	if (object->kind->id == MIG_OPERATOR || object->kind->id == MIG_OPCLASS ||
		object->kind->id == MIG_OPFAMILY)
		return false;
	foreach(lc, object->depends)
	{
		if (((MigDepend *) lfirst(lc))->object->kind->id == MIG_OPERATOR)
			return true;
	}
	return false;
}

/*
 * An expression that is written with a cast depends on the cast's function and
 * on its types, but not on the cast.
 */
static void
prefer_casts(MigDiff *diff)
{
	const ListCell *lc;
	const ListCell *other;
	const ListCell *alter;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		if (action->op != MIG_OP_CREATE ||
			action->object->kind->id != MIG_CAST)
			continue;
		foreach(other, diff->to->objects)
		{
			const MigObject *object = lfirst(other);

			if (object->ignored || !may_cast(object, action->object))
				continue;
			if (object->made != NULL)
				mig_action_prefer(action, object->made);
			foreach(alter, object->alters)
				mig_action_prefer(action, lfirst(alter));
		}
	}
}

/*
 * May an object have an expression that is written with a cast?  Types, and
 * tables as types, may be what the cast itself is made of, and so may
 * routines; of these, others have expressions in defaults, or as their body.
 */
static bool
may_cast(const MigObject *object, const MigObject *cast)
{
	const ListCell *lc;
	const ListCell *column;

	if ((object->kind->flags & MIG_KIND_TYPE) != 0 ||
		(object->kind->id == MIG_FUNCTION &&
		 (!mig_routine_has_expressions(object) ||
		  makes_cast(object, cast))) ||
		object->kind->id == MIG_CAST ||
		mig_depends_on(cast, mig_table_of(object)))
		return false;
	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (mig_depends_on(cast, on))
			return true;
		foreach(column, on->kind->id == MIG_COLUMN ? on->depends : NIL)
		{
			if (mig_depends_on(cast, ((MigDepend *) lfirst(column))->object))
				return true;
		}
	}
	return false;
}

/* Is a routine that of a cast, or one that it uses? */
static bool
makes_cast(const MigObject *routine, const MigObject *cast)
{
	const ListCell *lc;

	foreach(lc, cast->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on == routine || mig_depends_on(on, routine))
			return true;
	}
	return false;
}

/*
 * A table that ceases to be of a type does so before the type changes, and one
 * that becomes so does it behind that.
 */
static void
prefer_untyped(MigDiff *diff)
{
	const ListCell *lc;
	const ListCell *on;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);
		const MigObject *table = action->object;

		if (table->kind->id != MIG_TABLE || table->twin == NULL ||
			mig_table_is_typed(table) == mig_table_is_typed(table->twin))
			continue;
		foreach(on, action->first ? table->twin->depends : NIL)
			prefer_to_type(action, ((MigDepend *) lfirst(on))->object, true);
		foreach(on, action->last ? table->depends : NIL)
			prefer_to_type(action, ((MigDepend *) lfirst(on))->object, false);
	}
}

/* Before what happens to the attributes of a type, or behind it. */
static void
prefer_to_type(MigAction *action, const MigObject *type, bool before)
{
	List	   *changes = NIL;
	const ListCell *lc;

	if (type->kind->id != MIG_COMPOSITE || type->twin == NULL ||
		type->made != NULL || type->twin->made != NULL)
		return;
	foreach(lc, list_concat_copy(type->children, type->twin->children))
	{
		const MigObject *attribute = lfirst(lc);

		changes = list_concat(changes, attribute->alters);
		if (attribute->made != NULL)
			changes = lappend(changes, attribute->made);
		if (attribute->unmade != NULL)
			changes = lappend(changes, attribute->unmade);
	}
	foreach(lc, changes)
		mig_action_prefer(before ? action : lfirst(lc),
						  before ? lfirst(lc) : action);
}

/* New attributes come in their order, whatever their types wait for. */
static void
prefer_attributes(MigDiff *diff)
{
	const ListCell *lc;
	const ListCell *child;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		if (action->op != MIG_OP_CREATE ||
			action->object->kind->id != MIG_ATTRIBUTE)
			continue;
		foreach(child, action->object->parent->children)
		{
			const MigObject *attribute = lfirst(child);

			if (attribute == action->object)
				break;
			if (attribute->made != NULL)
				mig_action_prefer(attribute->made, action);
		}
	}
}

/*
 * Kahn's algorithm; what is left out stands in or behind a loop.  Where
 * nothing but preferences hold actions up, the first of them goes ahead.
 */
static List *
sort(MigDiff *diff)
{
	binaryheap *heap = binaryheap_allocate(Max(list_length(diff->actions), 1),
										   compare, NULL);
	List	   *sorted = NIL;
	const ListCell *lc;

	foreach(lc, diff->actions)
		release(heap, lfirst(lc));
	for (;;)
	{
		MigAction  *action;

		CHECK_FOR_INTERRUPTS();
		if (binaryheap_empty(heap))
			action = first_held_up(diff);
		else
			action = (MigAction *)
				DatumGetPointer(binaryheap_remove_first(heap));
		if (action == NULL)
			break;
		action->done = true;
		sorted = lappend(sorted, action);
		foreach(lc, action->followers)
		{
			((MigAction *) lfirst(lc))->waits_for--;
			release(heap, lfirst(lc));
		}
		foreach(lc, action->preferred_by)
		{
			((MigAction *) lfirst(lc))->prefers_after--;
			release(heap, lfirst(lc));
		}
	}
	binaryheap_free(heap);
	return sorted;
}

/* Add an action to the heap if nothing holds it up any more. */
static void
release(binaryheap *heap, MigAction *action)
{
	if (action->waits_for > 0 || action->prefers_after > 0 || action->done ||
		action->released)
		return;
	action->released = true;
	binaryheap_add(heap, PointerGetDatum(action));
}

/* The first action that nothing but preferences hold up, or NULL. */
static MigAction *
first_held_up(const MigDiff *diff)
{
	MigAction  *first = NULL;
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		if (!action->done && action->waits_for == 0 &&
			(first == NULL || compare_actions(action, first) < 0))
			first = action;
	}
	return first;
}

/* The heap gives its largest element first. */
static int
compare(Datum a, Datum b, void *arg)
{
	return -compare_actions((MigAction *) DatumGetPointer(a),
							(MigAction *) DatumGetPointer(b));
}

/*
 * A total order, and the same on each server, so that the same models give the
 * same script.
 */
static int
compare_actions(const MigAction *a, const MigAction *b)
{
	int			result;

	if (a->phase != b->phase)
		return a->phase < b->phase ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	result = strcmp(a->group, b->group);
	if (result != 0)
		return result;
	if (a->last != b->last)
		return a->last ? 1 : -1;
	if (a->object->kind != b->object->kind)
		return a->object->kind->id < b->object->kind->id ? -1 : 1;
	if (a->behind != b->behind)
		return a->behind ? 1 : -1;
	/* columns in the order of the table */
	if (a->object->kind->id == MIG_COLUMN &&
		a->object->address.objsubid != b->object->address.objsubid)
		return a->object->address.objsubid < b->object->address.objsubid ?
			-1 : 1;
	result = strcmp(a->object->identity, b->object->identity);
	if (result != 0)
		return result;
	return a->number < b->number ? -1 : 1;
}
