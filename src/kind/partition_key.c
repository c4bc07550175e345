/*-------------------------------------------------------------------------
 *
 * kind/partition_key.c
 *	  Foreign keys that refer to rows of partitions that are moved.
 *
 * The server does not let a partition go while rows elsewhere refer to its
 * own, even if it comes back in the next statement.  So these keys go
 * meanwhile, and those that go for good do so before.  A partition that goes
 * for good is detached before: then the server looks whether rows refer to its
 * own, and lets the keys be.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/partition_key.h"

#include "kind/table_parents.h"
#include "miscadmin.h"
#include "sch/action.h"

static bool leaves(const MigObject *table, const MigObject *above);
static bool any_leaves(const MigObject *table);
static bool refers_in_turn(const MigObject *root, const MigObject *wanted,
						   List **seen);
static bool is_moved(const MigObject *table);
static bool goes_without(const MigObject *part, const MigObject *key);
static const MigObject *root_of(const MigObject *table);
static bool release_keys(const MigObject *table);
static bool refers_to(const MigObject *key, const MigObject *table);

/*
 * Does a foreign key stay when part of a partition goes that it depends on,
 * since it refers to a table which that leaves?  Not one whose rows leave as
 * well, and cannot leave before since others refer to them: those of the same
 * tree, or of one that it refers to in turn.
 */
bool
mig_partition_key_stays(const MigObject *key, const MigObject *part)
{
	const MigObject *other = mig_constraint_refers_to(key);
	const MigObject *table = mig_table_of(part);

	return key->kind->id == MIG_FOREIGN_KEY && key->twin != NULL &&
		other != NULL && table != other && !mig_goes(other) &&
		list_member_ptr(mig_table_ancestors(table), other) &&
		root_of(key->parent) != root_of(other) && leaves(table, other) &&
		!(any_leaves(key->parent) &&
		  refers_in_turn(root_of(other), root_of(key->parent), NULL));
}

/* Does any part of an old table leave it? */
static bool
any_leaves(const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, mig_table_descendants(table))
	{
		if (leaves(lfirst(lc), table))
			return true;
	}
	return false;
}

/* Refers a tree of tables to another, be it by way of a third?  By roots. */
static bool
refers_in_turn(const MigObject *root, const MigObject *wanted, List **seen)
{
	List	   *roots = NIL;
	List	   *tables;
	const ListCell *lc;
	const ListCell *child;

	check_stack_depth();
	if (seen == NULL)
		seen = &roots;
	*seen = lappend(*seen, unconstify(MigObject *, root));
	tables = lcons(unconstify(MigObject *, root), mig_table_descendants(root));
	foreach(lc, tables)
	{
		foreach(child, ((const MigObject *) lfirst(lc))->children)
		{
			const MigObject *key = lfirst(child);
			const MigObject *other = NULL;

			if (key->kind->id == MIG_FOREIGN_KEY)
				other = mig_constraint_refers_to(key);
			if (other == NULL || list_member_ptr(*seen, root_of(other)))
				continue;
			if (root_of(other) == wanted ||
				refers_in_turn(root_of(other), wanted, seen))
				return true;
		}
	}
	return false;
}

/* Is an old partition dropped, or not below the other table any more? */
static bool
leaves(const MigObject *table, const MigObject *above)
{
	return table->fate == MIG_DROP ||
		(table->twin != NULL && !mig_goes(table) &&
		 !mig_table_remains_below(table, above));
}

/*
 * Have keys made anew that refer to what moves within a partitioned table.
 * Returns whether there are any.
 */
bool
mig_partition_key_release(MigDiff *diff)
{
	bool		any = false;
	const ListCell *lc;
	const ListCell *above;

	foreach(lc, diff->to->objects)
	{
		const MigObject *table = lfirst(lc);

		if (table->kind->id != MIG_TABLE || table->ignored ||
			!is_moved(table))
			continue;
		foreach(above, mig_table_ancestors(table->twin))
			any |= release_keys(lfirst(above));
	}
	return any;
}

/* Does a partition leave its place, and come to one under the same table? */
static bool
is_moved(const MigObject *table)
{
	return table->twin != NULL && table->fate == MIG_ALTER &&
		(MIG_CHANGED(table, MIG_TABLE_BOUND) ||
		 MIG_CHANGED(table, MIG_TABLE_PARENTS)) &&
		mig_table_is_partition(table) && mig_table_is_partition(table->twin) &&
		root_of(table)->twin == root_of(table->twin);
}

/* The table that a partition is at last a part of. */
static const MigObject *
root_of(const MigObject *table)
{
	while (mig_table_is_partition(table) && mig_table_parents(table) != NIL)
		table = linitial(mig_table_parents(table));
	return table;
}

/* Release those that refer to an old table; are there any? */
static bool
release_keys(const MigObject *table)
{
	bool		any = false;
	const ListCell *lc;
	const ListCell *ld;

	foreach(lc, table->children)
	{
		foreach(ld, ((const MigObject *) lfirst(lc))->dependents)
		{
			MigObject  *key = ((MigDepend *) lfirst(ld))->object;

			if (key->kind->id != MIG_FOREIGN_KEY || key->ignored ||
				key->kind->is_inherited(key) || key->twin == NULL ||
				key->fate == MIG_RECREATE || !refers_to(key, table))
				continue;
			key->fate = key->twin->fate = MIG_RECREATE;
			any = true;
		}
	}
	return any;
}

/*
 * Does a key refer to a table, and not to a single partition of it?  It may be
 * the table's own.
 */
static bool
refers_to(const MigObject *key, const MigObject *table)
{
	const MigObject *other = mig_constraint_refers_to(key);

	return other == table ||
		(key->parent == table &&
		 (other == NULL || root_of(other) == root_of(table)));
}

/*
 * Does a partition leave tables that an old foreign key refers to for good?
 * The server looks for rows that refer to it, which need not be where the key
 * goes as well.  One within the same tree of tables may be in need of it.
 */
static bool
goes_without(const MigObject *part, const MigObject *key)
{
	return mig_table_is_detached(part->twin) &&
		root_of(key->parent) != root_of(part->twin);
}

/*
 * The actions by which partitions leave tables that an old foreign key needs,
 * or come to those that a new one needs, MigAction *.
 */
List *
mig_partition_key_moves(const MigObject *key, bool leave)
{
	List	   *actions = NIL;
	const ListCell *lc;
	const ListCell *below;
	const ListCell *alter;

	foreach(lc, key->kind->id == MIG_FOREIGN_KEY ? key->depends : NIL)
	{
		const MigObject *table;

		table = mig_table_of(((MigDepend *) lfirst(lc))->object);
		if (!mig_table_is_partitioned(table) || !refers_to(key, table))
			continue;
		foreach(below, mig_table_descendants(table))
		{
			const MigObject *part = lfirst(below);

			if (leave)
				part = part->twin;
			foreach(alter, part != NULL &&
					(is_moved(part) ||
					 (leave && goes_without(part, key))) ?
					part->alters : NIL)
			{
				MigAction  *action = lfirst(alter);

				if (leave ? action->first : action->last)
					actions = list_append_unique_ptr(actions, action);
			}
		}
	}
	return actions;
}
