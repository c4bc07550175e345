/*-------------------------------------------------------------------------
 *
 * sch/diff.c
 *	  Compares two snapshots.
 *
 * In three passes.  Objects of the same kind and identity are paired; a
 * constraint or index whose name alone differs is paired, too.  Then each
 * object gets its fate: by what differs in it, and because of what becomes of
 * the objects that it depends on.  Where one is dropped and created, or
 * altered in a way that its dependents forbid, they are dropped and created
 * as well, and theirs.  Last come the actions; sch/order.c puts them in order.
 *
 * The dependencies of the old snapshot decide what must be re-created: it is
 * the old objects that stand in the way.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/diff.h"

#include "kind/column.h"
#include "kind/column_not_null.h"
#include "kind/column_not_null_name.h"
#include "kind/column_rows.h"
#include "kind/column_setting.h"
#include "kind/constraint.h"
#include "kind/constraint_parents.h"
#include "kind/counter.h"
#include "kind/index.h"
#include "kind/index_adopted.h"
#include "kind/index_parts.h"
#include "kind/index_renewed.h"
#include "kind/kinds.h"
#include "kind/metadata.h"
#include "kind/part_drop.h"
#include "kind/partition_key.h"
#include "kind/routine.h"
#include "kind/sequence.h"
#include "kind/stand_in.h"
#include "kind/table_inherit.h"
#include "kind/table_parents.h"
#include "miscadmin.h"
#include "sch/action.h"
#include "sch/alike.h"
#include "sch/foresee.h"
#include "sch/order.h"
#include "sch/snapshot.h"
#include "sch/upsert.h"
#include "sch/debug_trace.h"
#include "utils/builtins.h"

/* How often loops may be broken before we give up. */
#define MAX_ROUNDS	1000

static void forget(MigSnapshot *snapshot, bool everything);
static void doubt_sameness(MigDiff *diff);
static void ignore_privileges(MigSnapshot *snapshot);
static void pair_by_name(MigDiff *diff, bool replaced);
static void judge(MigDiff *diff);
static MigFate judge_pair(MigDiff *diff, MigObject *from, MigObject *to);
static bool parts_with(const MigObject *from, const MigObject *to);
static void spread(MigDiff *diff);
static List *spread_from(MigDiff *diff, MigObject *object, List *work);
static List *make_way(MigDiff *diff, MigObject *object, List *seen);
static MigFate follow(MigDiff *diff, MigObject *object, MigObject *on);
static bool stays_on(const MigObject *object, const MigObject *on);
static void set_fate(MigObject *from, MigFate fate);
static void add_actions(MigDiff *diff);
static void name_what_goes_along(MigDiff *diff);
static bool is_on_another(const MigObject *object, const MigObject *column);
static void add_creation(MigDiff *diff, MigObject *object);
static void create_in_steps(MigDiff *diff, MigObject *object);
static MigAction *add_drop(MigDiff *diff, MigObject *object);
static MigAction *drop_above(MigDiff *diff, const MigObject *object);
static MigAction *drop_together(MigDiff *diff, MigObject *object);
static MigObject *attached_to(const MigObject *key);
static MigObject *dropped_with(MigObject *object);
static void add_alterations(MigDiff *diff, MigObject *to);

/* Pair the objects of two snapshots. */
void
mig_diff_pair(MigDiff *diff)
{
	forget(diff->from, true);
	forget(diff->to, true);
	if (!diff->privileges)
	{
		ignore_privileges(diff->from);
		ignore_privileges(diff->to);
	}
	pair_by_name(diff, false);
	if (diff->any_names)
		mig_alike_without_names(diff);
	else
	{
		mig_alike_find_renamed(diff);
		pair_by_name(diff, true);
	}
}

/*
 * Pair what has the same name, but, unless "replaced", constraints and indexes
 * that one would be dropped and the other created: they may be there under
 * other names.
 */
static void
pair_by_name(MigDiff *diff, bool replaced)
{
	const ListCell *lc;

	foreach(lc, diff->from->objects)
	{
		MigObject  *from = lfirst(lc);
		bool		freely = mig_alike_is_named_freely(from);
		MigObject  *to;

		if (from->ignored || from->twin != NULL ||
			(freely && diff->any_names))
			continue;
		to = mig_snapshot_find(diff->to, from->kind->id, from->identity);
		if (to == NULL || to->ignored || to->twin != NULL ||
			(freely && !replaced && mig_alike_is_fixed_otherwise(from, to)))
			continue;
		from->twin = to;
		to->twin = from;
	}
}

/*
 * Find the actions that lead from one snapshot to the other, in order.
 *
 * The snapshots have been paired, in either direction.  Raises an error if no
 * order can be found.
 *
 * A round that ends in a loop, or in which it is found that more must be
 * replaced (again), leaves marks on objects and starts anew.  Marks are only
 * ever added, and forget() keeps them, so that rounds come to an end.
 */
void
mig_diff_run(MigDiff *diff)
{
	if (diff->reverse)
		doubt_sameness(diff);
	for (int round = 0; round < MAX_ROUNDS; round++)
	{
		forget(diff->from, false);
		forget(diff->to, false);
		diff->actions = NIL;
		diff->again = false;
		judge(diff);
		mig_index_adopt(diff);
		mig_index_renew(diff);
		mig_stand_in_judge(diff);
		mig_constraint_unsettle(diff);
		spread(diff);
		if (mig_partition_key_release(diff))
			spread(diff);
		if (diff->again)
			continue;
		mig_counter_pair(diff);
		mig_index_plan_parts(diff);
		mig_index_keep_targets(diff);
		mig_table_inherit_plan(diff);
		mig_column_not_null_find_taken(diff);
		mig_trace_objects(diff, round);
		add_actions(diff);
		if (diff->again)
			continue;
		mig_stand_in_complete(diff);
		name_what_goes_along(diff);
		if (mig_order_actions(diff))
		{
			mig_foresee(diff);
			return;
		}
	}
	elog(ERROR, "could not find an order for the changes");
}

/* Forget what a comparison noted; what breaks loops only with everything. */
static void
forget(MigSnapshot *snapshot, bool everything)
{
	size_t		from = offsetof(MigObject, changed);
	const ListCell *lc;

	StaticAssertStmt(MIG_KEEP == 0, "what is forgotten is kept");

	if (everything)
		from = offsetof(MigObject, twin);
	foreach(lc, snapshot->objects)
	{
		MigObject  *object = lfirst(lc);

		memset((char *) object + from, 0, sizeof(MigObject) - from);
	}
}

/*
 * What means the same does so by the names and types of the model, see
 * sch/normal.c.  On the way back the server parses the model's texts anew
 * where the type of a column changes, and what comes out nobody has seen.
 */
static void
doubt_sameness(MigDiff *diff)
{
	const ListCell *lc;
	const ListCell *on;

	foreach(lc, diff->from->objects)
	{
		MigObject  *object = lfirst(lc);

		object->force_recreate = false; /* that was for the way there */
		if (object->twin != NULL)
			object->twin->force_recreate = false;
		foreach(on, object->same != 0 ? object->depends : NIL)
		{
			const MigObject *column = ((MigDepend *) lfirst(on))->object;

			if (column->kind->id == MIG_COLUMN && column->twin != NULL &&
				mig_column_differs_in_type(column))
				object->same = object->twin->same = 0;
		}
	}
}

/* Leave out the kinds that belong to privileges. */
static void
ignore_privileges(MigSnapshot *snapshot)
{
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		MigObject  *object = lfirst(lc);

		if ((object->kind->flags & MIG_KIND_PRIVILEGES) != 0)
			mig_snapshot_ignore(object);
	}
}

/*
 * First fates: of each object by itself, without a look at what it depends on.
 *
 * Afterwards the two of a pair have one fate, which set_fate() keeps that way;
 * an old object without a twin has MIG_DROP, a new one MIG_CREATE, and those
 * that are ignored keep MIG_KEEP.  Whoever comes later relies on it and asks
 * either of a pair.
 */
static void
judge(MigDiff *diff)
{
	const ListCell *lc;

	/* all changes first: a kind may look at those of its parts */
	foreach(lc, diff->from->objects)
	{
		MigObject  *from = lfirst(lc);

		if (!from->ignored && from->twin != NULL)
			from->changed = from->twin->changed =
				mig_alike_changes(from, from->twin);
	}
	foreach(lc, diff->from->objects)
	{
		MigObject  *from = lfirst(lc);

		if (from->ignored)
			continue;
		if (from->twin == NULL)
			from->fate = MIG_DROP;
		else
			set_fate(from, judge_pair(diff, from, from->twin));
	}
	foreach(lc, diff->to->objects)
	{
		MigObject  *to = lfirst(lc);

		if (!to->ignored && to->twin == NULL)
			to->fate = MIG_CREATE;
	}
}

/*
 * The fate of a pair by what differs in it, strongest reason first.
 *
 * A pair that is renamed and nothing else is altered.  Kinds decide for
 * themselves where no attribute that cannot be altered has changed.
 */
static MigFate
judge_pair(MigDiff *diff, MigObject *from, MigObject *to)
{
	const MigKind *kind = from->kind;

	if (from->force_recreate || to->force_recreate || parts_with(from, to) ||
		mig_constraint_goes_up(from, to) || mig_constraint_is_tied(from) ||
		mig_index_part_ways(from, to) || mig_index_is_in_the_way(from, to))
		return MIG_RECREATE;
	if (from->changed == 0 && mig_routine_meaning_changes(from, to))
		return MIG_RECREATE;
	if (from->changed == 0)
		return from->renamed || mig_index_gains_part(from, to) ?
			MIG_ALTER : MIG_KEEP;
	if (mig_alike_is_fixed_otherwise(from, to))
		return MIG_RECREATE;
	return kind->judge == NULL ? MIG_ALTER : kind->judge(diff, from, to);
}

/*
 * Does a part of a partition lose what it was inherited from, while the
 * partition stays where it is?  Then it goes with that.  Other tables keep
 * their checks.
 */
static bool
parts_with(const MigObject *from, const MigObject *to)
{
	bool		(*is_inherited) (const MigObject *) = from->kind->is_inherited;

	return is_inherited != NULL && from->parent->kind->id == MIG_TABLE &&
		from->kind->id != MIG_COLUMN && from->kind->id != MIG_DEFAULT &&
		is_inherited(from) && !is_inherited(to) &&
		!(mig_constraint_is_check(from) &&
		  !mig_table_is_partition(from->parent)) &&
		!mig_table_is_detached(from->parent);
}

/*
 * Let what becomes of objects decide over what depends on them.
 *
 * Runs over the old snapshot alone: pairs have one fate, and what is new
 * stands in nobody's way.  An object joins the list only when its fate or
 * disrupts changes, and never after it goes, for good or to be created again:
 * so it ends.  Sequences, and types that are replaced, come last, since they
 * follow fates that do not change any more.
 */
static void
spread(MigDiff *diff)
{
	List	   *work = NIL;
	List	   *seen = NIL;
	const ListCell *lc;

	foreach(lc, diff->from->objects)
	{
		MigObject  *object = lfirst(lc);

		if (mig_goes(object) || object->disrupts)
			work = lappend(work, object);
	}
	for (int i = 0; i < list_length(work); i++)
		work = spread_from(diff, list_nth(work, i), work);
	mig_column_rows_settle(diff);
	foreach(lc, diff->from->objects)
	{
		MigObject  *object = lfirst(lc);

		if (object->kind->id == MIG_SEQUENCE)
			mig_sequence_follow_owner(object);
		if (object->successor != NULL || mig_action_is_left(object))
			seen = make_way(diff, object, seen);
	}
}

/*
 * What a type is built on stays as long as the type itself, and a routine that
 * it calls makes way under another name, as it does.  A part needs what
 * it is part of, so that the objects are noted which have been seen.
 */
static List *
make_way(MigDiff *diff, MigObject *object, List *seen)
{
	const ListCell *lc;

	if (list_member_ptr(seen, object))
		return seen;
	seen = lappend(seen, object);
	foreach(lc, object->children)
		seen = make_way(diff, lfirst(lc), seen);
	foreach(lc, object->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;

		if ((on->kind->flags & MIG_KIND_TYPE) != 0 && on->successor == NULL &&
			(mig_action_replace(diff, on) || on->fate == MIG_DROP))
			seen = make_way(diff, on, seen);
		if (on->kind->id == MIG_FUNCTION)
			mig_routine_make_way(diff, on);
	}
	return seen;
}

/* One step of it; returns the list with the objects it has reached. */
static List *
spread_from(MigDiff *diff, MigObject *object, List *work)
{
	const ListCell *lc;

	CHECK_FOR_INTERRUPTS();
	if (mig_goes(object))
	{
		foreach(lc, object->children)
		{
			MigObject  *child = lfirst(lc);

			if (child->ignored || mig_goes(child))
				continue;
			set_fate(child, MIG_RECREATE);
			work = lappend(work, child);
		}
		foreach(lc, object->depends)
		{
			MigObject  *key = ((MigDepend *) lfirst(lc))->object;

			if (!mig_index_holds(object, key) ||
				key->ignored || mig_goes(key) ||
				mig_table_is_detached(key->parent))
				continue;
			set_fate(key, MIG_RECREATE);
			work = lappend(work, key);
		}
		foreach(lc, object->fate == MIG_RECREATE ?
				mig_constraint_below(object) : NIL)
		{
			MigObject  *below = lfirst(lc);

			if (below->ignored || mig_goes(below))
				continue;
			set_fate(below, MIG_RECREATE);
			work = lappend(work, below);
		}
	}
	foreach(lc, object->dependents)
	{
		MigObject  *dependent = ((MigDepend *) lfirst(lc))->object;
		MigFate		before = dependent->fate;
		bool		disrupted = dependent->disrupts;
		MigFate		fate;

		if (dependent->ignored || mig_goes(dependent))
			continue;
		fate = follow(diff, dependent, object);
		if (fate == before && dependent->disrupts == disrupted)
			continue;
		if (fate == MIG_RECREATE && dependent->parent != NULL &&
			(dependent->kind->flags & MIG_KIND_ATTACHED) != 0)
			dependent = dependent->parent;
		set_fate(dependent, fate);
		work = lappend(work, dependent);
	}
	return work;
}

/* What becomes of an object when one that it depends on goes or changes? */
static MigFate
follow(MigDiff *diff, MigObject *object, MigObject *on)
{
	const MigKind *kind = object->kind;

	if (on->fate == MIG_DROP && mig_routine_gives_rows_of(object, on->parent))
		return MIG_RECREATE;	/* its result is another when it is gone */
	if (on->fate == MIG_DROP && object->fate == MIG_ALTER &&
		!((on->kind->flags & MIG_KIND_TYPE) != 0 &&
		  mig_action_replace(diff, on)) && !stays_on(object, on) &&
		!mig_upsert_uses_old(object->twin, on))
		return MIG_ALTER;		/* it is altered to do without */
	if (on->fate == MIG_DROP && object->fate == MIG_KEEP && object->same != 0)
		return MIG_RECREATE;	/* what means the same uses something else */
	if (kind->follow != NULL)
		return kind->follow(diff, object, on);
	if (on->disrupts && !mig_goes(on))
		return (kind->flags & MIG_KIND_HOLDS_TYPE) != 0 ?
			MIG_RECREATE : object->fate;
	return (kind->flags & MIG_KIND_DATA) != 0 ? object->fate : MIG_RECREATE;
}

/*
 * Is an object altered, but not in what is on another?  It has another name
 * alone, or is a foreign key, which stays on its key.  Or an expression names
 * the other, and what is to be there means something else by that name: the
 * same function with other arguments, for example.
 */
static bool
stays_on(const MigObject *object, const MigObject *on)
{
	if (object->changed == 0 || object->kind->id == MIG_FOREIGN_KEY ||
		mig_routine_is_mistaken(object->twin, on))
		return true;
	for (int i = 0; i < object->kind->nattributes; i++)
	{
		const char *value = object->values[i];

		if (object->kind->attributes[i].deparsed && value != NULL &&
			!MIG_CHANGED(object, i) &&
			strstr(value, quote_identifier(on->name)) != NULL)
			return true;
	}
	return false;
}

/*
 * Set the fate of an old object and of its twin, which is the same: the
 * actions of the new one are chosen by it.
 */
static void
set_fate(MigObject *from, MigFate fate)
{
	from->fate = fate;
	if (from->twin != NULL)
		from->twin->fate = fate;
}

/*
 * Make the actions of all fates; they get their order later.
 *
 * Both snapshots list parents before their children, so that a parent's action
 * is there when a part shares it.
 */
static void
add_actions(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->from->objects)
	{
		MigObject  *object = lfirst(lc);

		if (!object->ignored && mig_goes(object) &&
			mig_index_adopter(object) == NULL)
			(void) add_drop(diff, object);
	}
	foreach(lc, diff->to->objects)
	{
		MigObject  *object = lfirst(lc);

		if (object->ignored)
			continue;
		if (mig_is_created(object))
			add_creation(diff, object);
		else
			add_alterations(diff, object);
	}
}

/* Say with the drop of a column what goes along that is on others, too. */
static void
name_what_goes_along(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->from->objects)
	{
		const MigObject *object = lfirst(lc);
		const MigObject *column = NULL;

		if (object->unmade != NULL)
			column = object->unmade->object;
		if (column != NULL && column->kind->id == MIG_COLUMN &&
			object->unmade->op == MIG_OP_DROP && object->fate == MIG_DROP &&
			is_on_another(object, column))
			mig_action_take_along(object->unmade, object);
	}
}

/* Is an object on another column of a table than the one that is given? */
static bool
is_on_another(const MigObject *object, const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, object == column ? NIL : object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind == column->kind && on->parent == column->parent &&
			on != column)
			return true;
	}
	return false;
}

/*
 * Make the action that creates an object, or share that of its parent, which
 * has been made: parents come before their children in a snapshot.
 *
 * made stays NULL for what comes with something that stays, such as a column
 * that a table that exists inherits.
 */
static void
add_creation(MigDiff *diff, MigObject *object)
{
	const MigKind *kind = object->kind;
	MigObject  *parent = object->parent;

	if (kind->is_inherited != NULL && kind->is_inherited(object))
	{
		object->made = parent->made;
		if ((kind->flags & MIG_KIND_CLONED) != 0)
			kind->alter(diff, NULL, object);
		if (kind->id == MIG_COLUMN && object->made == NULL)
		{
			mig_column_setting_follow(diff, object);
			mig_metadata_alter(diff, NULL, object);
		}
		mig_index_follow(diff, object);
		mig_constraint_follow(diff, object);
		return;
	}
	if ((kind->flags & MIG_KIND_INLINE) != 0 && parent->made != NULL &&
		!object->apart &&
		(kind->fits_inline == NULL || kind->fits_inline(object)))
	{
		object->made = parent->made;
		if (kind->id == MIG_COLUMN)
			mig_column_not_null_complete(diff, object);
		return;
	}
	if ((kind->flags & MIG_KIND_VIRTUAL) != 0)
	{
		object->made = parent->made;
		if (object->made != NULL)
			return;
		if (parent->alters != NIL)
			object->made = kind->id == MIG_IDENTITY_SEQUENCE ?
				mig_column_identity_action(parent) : linitial(parent->alters);
		mig_metadata_alter(diff, NULL, object);
		return;
	}
	if (object->apart && kind->create_in_steps != NULL)
	{
		create_in_steps(diff, object);
		return;
	}
	object->made = mig_action_add(diff, MIG_OP_CREATE, object, NULL, NULL);
	if (kind->warn != NULL)
		kind->warn(diff, object->made);
}

/* Create it without what it needs of a loop, then complete it. */
static void
create_in_steps(MigDiff *diff, MigObject *object)
{
	StringInfoData first;
	StringInfoData second;

	initStringInfo(&first);
	initStringInfo(&second);
	(void) object->kind->create_in_steps(&first, &second, object);
	object->made = mig_action_add(diff, MIG_OP_CREATE, object, NULL,
								  first.data);
	mig_action_add(diff, MIG_OP_ALTER, object, "definition",
				   second.data)->late = true;
}

/* Returns the action that ends an object, which may be another's. */
static MigAction *
add_drop(MigDiff *diff, MigObject *object)
{
	MigObject  *with;

	if (object->unmade != NULL)
		return object->unmade;
	if (object->drop_with != NULL)
		return drop_together(diff, object);
	with = dropped_with(object);
	if (with != NULL)
		object->unmade = add_drop(diff, with);
	else if (object->kind->is_inherited != NULL &&
			 object->kind->is_inherited(object) &&
			 ((object->kind->flags & MIG_KIND_CLONED) != 0 ||
			  !mig_table_is_detached(object->parent) ||
			  mig_table_keeps_part(object)) &&
			 !mig_part_stays_behind(object))
		object->unmade = drop_above(diff, object);
	else if ((object->kind->flags & MIG_KIND_VIRTUAL) == 0)
	{
		object->unmade = mig_action_add(diff, MIG_OP_DROP, object, NULL, NULL);
		if (object->kind->warn != NULL)
			object->kind->warn(diff, object->unmade);
	}
	return object->unmade;
}

/* The drop of the column or check that one comes with, or NULL. */
static MigAction *
drop_above(MigDiff *diff, const MigObject *object)
{
	bool		is_check = mig_constraint_is_check(object);
	const ListCell *lc;

	if (object->kind->id != MIG_COLUMN && !is_check)
		return NULL;
	foreach(lc, mig_table_lasting_parents(object->parent))
	{
		MigObject  *above = mig_table_part_like(lfirst(lc), object);

		if (above != NULL && !above->ignored && !mig_goes(above->parent) &&
			(above->fate == MIG_DROP || (is_check && mig_goes(above))))
			return add_drop(diff, above);
	}
	return NULL;
}

/* Name it in the statement that drops another. */
static MigAction *
drop_together(MigDiff *diff, MigObject *object)
{
	MigAction  *action = add_drop(diff, object->drop_with);
	StringInfoData buf;

	initStringInfo(&buf);
	if (action->sql == NULL)
		mig_kind_drop(&buf, action->object);
	else
		appendStringInfoString(&buf, action->sql);
	appendStringInfo(&buf, ", %s", object->identity);
	action->sql = buf.data;
	object->unmade = action;
	return action;
}

/* The object whose drop takes this one along, or NULL. */
static MigObject *
dropped_with(MigObject *object)
{
	bool		inherited;
	const ListCell *lc;

	inherited = object->kind->is_inherited != NULL &&
		object->kind->is_inherited(object);
	if (object->apart && !inherited)
		return NULL;
	if (!object->apart && object->parent != NULL && mig_goes(object->parent))
		return object->parent;
	foreach(lc, object->depends)
	{
		MigDepend  *depend = lfirst(lc);

		if (mig_needs_shell(depend->object, object) &&
			mig_goes(depend->object))
			return depend->object;
		if (!mig_goes(depend->object) || depend->object->ignored)
			continue;
		/* what is inherited stays if its table leaves one that goes */
		if ((inherited && depend->object->kind == object->kind &&
			 !(mig_table_is_detached(object->parent) &&
			   mig_goes(depend->object->parent) && !depend->object->apart)) ||
			(!object->apart && !mig_constraint_goes_first(object) &&
			 (depend->deptype == 'a' || depend->deptype == 'i')))
			return depend->object;
	}
	if (!object->apart && object->owner_column != NULL &&
		object->successor == NULL && object->fate == MIG_DROP &&
		mig_goes(object->owner_column))
		return object->owner_column;
	return attached_to(object);
}

/*
 * The index of a partitioned table that a key of a partition belongs to, if
 * that goes: neither can be dropped without the other.
 */
static MigObject *
attached_to(const MigObject *key)
{
	const ListCell *lc;

	if (key->kind->id != MIG_CONSTRAINT)
		return NULL;
	foreach(lc, key->dependents)
	{
		MigObject  *index = ((MigDepend *) lfirst(lc))->object;

		if (mig_index_holds(index, key) && mig_goes(index))
			return index;
	}
	return NULL;
}

/*
 * Alter what stays.  Comments, owners and the like are compared whatever the
 * fate is: they differ without the object being altered.
 */
static void
add_alterations(MigDiff *diff, MigObject *to)
{
	const ListCell *lc;

	if (to->fate == MIG_ALTER && to->kind->alter != NULL)
		to->kind->alter(diff, to->twin, to);
	mig_metadata_alter(diff, to->twin, to);
	foreach(lc, to->kind->id == MIG_COLUMN ? to->twin->children : NIL)
	{
		MigObject  *part = lfirst(lc);

		if (part->kind->id == MIG_IDENTITY_SEQUENCE && part->twin == NULL)
			part->unmade = mig_column_identity_action(to);
	}
}
