/*-------------------------------------------------------------------------
 *
 * kind/column_held.c
 *	  Tables whose rows are values of columns elsewhere.
 *
 * The server does not write a table anew while a column of another has its
 * row type: it lets no type change, and adds no column that has values from
 * the beginning.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_held.h"

#include "catalog/pg_class.h"
#include "kind/table_parents.h"
#include "miscadmin.h"
#include "sch/action.h"

static List *holders_of(const MigObject *table);
static void add_holders(const MigObject *type, const MigObject *table,
						List **seen, List **holders);
static bool stays(const MigObject *holder);

/*
 * Are rows of an old table, which has some itself, values of a column
 * elsewhere, and stay it?
 */
bool
mig_column_held(const MigObject *table)
{
	const ListCell *lc;

	if (table == NULL ||
		table->values[MIG_TABLE_RELKIND][0] != RELKIND_RELATION)
		return false;
	foreach(lc, holders_of(table))
	{
		if (stays(lfirst(lc)))
			return true;
	}
	return false;
}

/* Warn of what the server refuses for it. */
void
mig_column_held_warn(MigAction *action, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, holders_of(table))
	{
		const MigObject *holder = lfirst(lc);

		if (stays(holder))
			mig_action_warn(action, MIG_NEEDS_ATTENTION,
							"column %s has rows of this table as its values, so that the server refuses this; drop that column first",
							holder->identity);
	}
}

/* Let columns come before rows are values elsewhere, or when they are not. */
void
mig_column_held_prefer(MigDiff *diff)
{
	const ListCell *lc;
	const ListCell *other;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);
		const MigObject *table = action->object->parent;

		if (action->op != MIG_OP_CREATE ||
			action->object->kind->id != MIG_COLUMN || table->twin == NULL)
			continue;
		foreach(other, holders_of(table))
		{
			const MigObject *holder = lfirst(other);

			if (holder->made != NULL)
				mig_action_prefer(action, holder->made);
		}
		foreach(other, holders_of(table->twin))
		{
			const MigObject *holder = lfirst(other);

			if (holder->unmade != NULL)
				mig_action_prefer(holder->unmade, action);
		}
	}
}

/* The columns of other tables in whose values rows of a table are. */
static List *
holders_of(const MigObject *table)
{
	List	   *seen = NIL;
	List	   *holders = NIL;

	add_holders(table, table, &seen, &holders);
	return holders;
}

/* Those of a type that has them: domains, composite types, and ranges */
static void
add_holders(const MigObject *type, const MigObject *table, List **seen,
			List **holders)
{
	const ListCell *lc;

	check_stack_depth();
	*seen = lappend(*seen, unconstify(MigObject *, type));
	foreach(lc, type->dependents)
	{
		MigObject  *user = ((MigDepend *) lfirst(lc))->object;

		if (user->kind->id == MIG_COLUMN && user->parent != table)
			*holders = list_append_unique_ptr(*holders, user);
		if (user->kind->id == MIG_ATTRIBUTE)
			user = user->parent;
		if ((user->kind->id == MIG_COMPOSITE || user->kind->id == MIG_DOMAIN ||
			 user->kind->id == MIG_RANGE) && !list_member_ptr(*seen, user))
			add_holders(user, table, seen, holders);
	}
}

static bool
stays(const MigObject *holder)
{
	return holder->fate != MIG_DROP && holder->fate != MIG_RECREATE;
}
