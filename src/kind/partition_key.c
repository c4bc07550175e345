/*-------------------------------------------------------------------------
 *
 * kind/partition_key.c
 *	  Foreign keys that refer to rows of partitions that are moved.
 *
 * The server does not let a partition go while rows elsewhere refer to its
 * own, even if it comes back in the next statement.  So these keys go
 * meanwhile.  A partition that goes for good takes rows along: there the
 * server has the last word.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/partition_key.h"

#include "kind/table_parents.h"
#include "sch/action.h"

static bool is_moved(const MigObject *table);
static const MigObject *root_of(const MigObject *table);
static bool release_keys(const MigObject *table);
static bool refers_to(const MigObject *key, const MigObject *table);

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
			foreach(alter, part != NULL && is_moved(part) ?
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
