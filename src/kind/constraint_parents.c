/*-------------------------------------------------------------------------
 *
 * kind/constraint_parents.c
 *	  Checks of tables and those of the tables that inherit from them.
 *
 * And that a table has one primary key at a time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_constraint.h"
#include "kind/column.h"
#include "kind/constraint.h"
#include "kind/constraint_parents.h"
#include "kind/part_drop.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "sch/alike.h"
#include "utils/builtins.h"

static bool is_primary_key(const MigObject *constraint);
static bool is_on_bound(const MigObject *check, const MigObject *partition);
static bool outlives_column(const MigObject *check);
static List *of_other_parents(const MigObject *constraint,
							  const MigObject *below, const MigObject *old);

/* What goes, and comes back, with a check of a parent table, MigObject *. */
List *
mig_constraint_below(const MigObject *constraint)
{
	List	   *checks = NIL;
	const ListCell *lc;

	if (!mig_constraint_is_check(constraint))
		return NIL;
	foreach(lc, mig_table_descendants(constraint->parent))
	{
		MigObject  *below = mig_constraint_counterpart(lfirst(lc),
													   constraint);

		if (below != NULL && below->twin != NULL &&
			below->kind->is_inherited(below) &&
			below->kind->is_inherited(below->twin) &&
			!mig_part_is_local(below) &&
			!mig_table_is_detached(below->parent))
			checks = lappend(checks, below);
	}
	return checks;
}

/*
 * The actions that a new constraint comes after, MigAction *: a table has one
 * primary key at a time, and child tables get a check when theirs of the same
 * name has gone; those that have it as their own get it before.  Child tables
 * that are new would have it as valid: one that is not comes when they are
 * there.
 */
List *
mig_constraint_awaits(const MigObject *constraint)
{
	List	   *awaited = NIL;
	List	   *tables = NIL;
	const ListCell *lc;

	if (is_primary_key(constraint))
		tables = list_make1(constraint->parent);
	else if (mig_constraint_is_check(constraint))
		tables = mig_table_descendants(constraint->parent);
	foreach(lc, tables)
	{
		const MigObject *table = lfirst(lc);
		const MigObject *below;
		const MigObject *old = NULL;

		below = mig_constraint_counterpart(table, constraint);
		if (table->twin != NULL)
			old = mig_constraint_counterpart(table->twin, constraint);
		if (old != NULL && old->unmade != NULL)
			awaited = lappend(awaited, old->unmade);
		awaited = list_concat(awaited,
							  of_other_parents(constraint, below, old));
		if (below == NULL || below == constraint)
			continue;
		if (table->made == NULL && mig_constraint_is_said_twice(below))
			awaited = lappend(awaited, below->made);
		if (table->made != NULL && !mig_constraint_is_validated(constraint))
			awaited = lappend(awaited, table->made);
	}
	return awaited;
}

/*
 * One of several parents gives a child table its check when those of the
 * others have gone that it had the old one of, and have got their name: the
 * server makes one of two that are the same, but for a new name.
 */
static List *
of_other_parents(const MigObject *constraint, const MigObject *below,
				 const MigObject *old)
{
	List	   *awaited = NIL;
	const ListCell *lc;

	foreach(lc, old == NULL ? NIL : mig_constraint_above(old))
		awaited = lappend(awaited, ((const MigObject *) lfirst(lc))->unmade);
	foreach(lc, below == NULL ? NIL : mig_constraint_above(below))
	{
		if (lfirst(lc) != constraint)
			awaited = lappend(awaited, mig_alike_naming(lfirst(lc)));
	}
	return awaited;
}

static bool
is_primary_key(const MigObject *constraint)
{
	return constraint->kind->id == MIG_CONSTRAINT &&
		constraint->values[MIG_CONSTRAINT_SORT][0] == CONSTRAINT_PRIMARY;
}

/*
 * Is it a check of a table that becomes a partition, about what its bound is
 * on, and in nobody's way there?  The server does not look at rows where a
 * check proves the bound.
 */
bool
mig_constraint_may_prove(const MigObject *check)
{
	const ListCell *lc;

	if (!mig_constraint_is_check(check) || check->fate != MIG_DROP ||
		check->unmade == NULL || check->unmade->object != check ||
		!mig_table_is_partition(check->parent->twin))
		return false;
	foreach(lc, mig_table_parents(check->parent->twin))
	{
		if (mig_table_part_like(lfirst(lc), check) != NULL)
			return false;
	}
	return is_on_bound(check, check->parent->twin);
}

/*
 * May such a check still be there when a column of it changes?  Not where the
 * values do.
 */
bool
mig_constraint_outlasts(const MigObject *check, const MigAction *change)
{
	const MigObject *column = change->object;

	return mig_constraint_is_check(check) && column->kind->id == MIG_COLUMN &&
		change->op == MIG_OP_ALTER && !change->behind &&
		!mig_column_differs_in_type(column) &&
		mig_column_generation(column) == NULL &&
		mig_constraint_may_prove(check);
}

/* Is a column that a check is about one of those in a partition's bound? */
static bool
is_on_bound(const MigObject *check, const MigObject *partition)
{
	const char *bound = partition->values[MIG_TABLE_BOUND_CHECK];
	const ListCell *lc;

	foreach(lc, bound == NULL ? NIL : check->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_COLUMN &&
			strstr(bound, quote_identifier(on->name)) != NULL)
			return true;
	}
	return false;
}

/*
 * Must a constraint go before a column that it is on, rather than with it?
 * The server does not let a column go that an exclusion constraint has in an
 * expression or its predicate, and a new primary key waits for the old one.
 * Child tables that keep a column keep the check on it, as an inherited one,
 * which nobody could drop any more.
 */
bool
mig_constraint_goes_first(const MigObject *constraint)
{
	const MigObject *table = constraint->parent;
	const ListCell *lc;

	if (constraint->kind->id != MIG_CONSTRAINT)
		return false;
	if (mig_constraint_is_exclusion(constraint))
		return true;
	if (mig_constraint_is_check(constraint))
		return outlives_column(constraint);
	if (!is_primary_key(constraint) || table->twin == NULL)
		return false;
	foreach(lc, table->twin->children)
	{
		const MigObject *key = lfirst(lc);

		if (is_primary_key(key) && !key->ignored)
			return true;
	}
	return false;
}

/* Is a column that a check is on kept by a table below? */
static bool
outlives_column(const MigObject *check)
{
	const ListCell *lc;

	foreach(lc, check->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_COLUMN && on->parent == check->parent &&
			mig_part_stays_below(on))
			return true;
	}
	return false;
}

/*
 * Can a check not be renamed, since a table below has it from another, too,
 * that stays?
 */
bool
mig_constraint_is_tied(const MigObject *check)
{
	const ListCell *lc;

	foreach(lc, check->renamed ? mig_constraint_ties(check) : NIL)
	{
		if (((const MigObject *) lfirst(lc))->twin != NULL)
			return true;
	}
	return false;
}

/*
 * The checks from which tables below have one, too: those of tables that do
 * not inherit from its table, MigObject *.
 */
List *
mig_constraint_ties(const MigObject *check)
{
	List	   *ties = NIL;
	List	   *tables;
	const ListCell *lc;
	const ListCell *other;

	if (!mig_constraint_is_check(check))
		return NIL;
	tables = mig_table_descendants(check->parent);
	foreach(lc, tables)
	{
		const MigObject *below = mig_constraint_counterpart(lfirst(lc), check);

		foreach(other, below == NULL ? NIL : mig_constraint_above(below))
		{
			MigObject  *above = lfirst(other);

			if (above != check && !list_member_ptr(tables, above->parent))
				ties = list_append_unique_ptr(ties, above);
		}
	}
	return ties;
}

/*
 * What comes to be of the parts of a new table, which may be NULL, and changes
 * of its columns and checks, MigAction *.
 */
List *
mig_table_part_changes(const MigObject *table)
{
	List	   *changes = NIL;
	const ListCell *lc;

	foreach(lc, table == NULL ? NIL : table->children)
	{
		const MigObject *part = lfirst(lc);

		if (part->made != NULL)
			changes = lappend(changes, part->made);
		if (mig_is_bound_by_name(part))
			changes = list_concat(changes, part->alters);
	}
	return changes;
}

/*
 * What makes tables above an old one stricter, MigAction *: its rows need not
 * fit if it goes, nor its partition key.
 */
List *
mig_table_stricter_above(const MigObject *old_table)
{
	List	   *changes = NIL;
	const ListCell *lc;
	const ListCell *child;

	foreach(lc, mig_table_ancestors(old_table))
	{
		const MigObject *table = ((const MigObject *) lfirst(lc))->twin;

		foreach(child, table == NULL ? NIL : table->children)
		{
			const MigObject *part = lfirst(child);

			if (part->kind->id == MIG_COLUMN)
				changes = list_concat(changes, part->alters);
			else if (part->made != NULL &&
					 (part->kind->id == MIG_CONSTRAINT ||
					  part->kind->id == MIG_INDEX))
				changes = lappend(changes, part->made);
		}
	}
	return changes;
}
