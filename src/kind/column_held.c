/*-------------------------------------------------------------------------
 *
 * kind/column_held.c
 *	  Tables whose rows are values of columns elsewhere.
 *
 * The server does not write a table anew while a column of another, or of a
 * materialized view, has its row type: it lets no type change, and adds no
 * column that has values from the beginning.  So it is with the tables that
 * inherit from it, which are written anew along with it.  A materialized view
 * makes way where it must.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_held.h"

#include "catalog/pg_class.h"
#include "kind/list.h"
#include "kind/table_parents.h"
#include "kind/type.h"
#include "miscadmin.h"
#include "sch/action.h"

static List *holders_of(const MigObject *table);
static bool has_rows(const MigObject *table);
static void add_holders(const MigObject *type, const MigObject *table,
						List **seen, List **holders);
static bool keeps_rows(const MigObject *object, const MigObject *type);
static bool stays(const MigObject *holder);

/*
 * Are rows of an old table, or of one that inherits from it, values of a
 * column elsewhere, and stay it?
 */
bool
mig_column_held(const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, table == NULL ? NIL : holders_of(table))
	{
		if (stays(lfirst(lc)))
			return true;
	}
	return false;
}

/* Have materialized views make way that have rows of an old table. */
void
mig_column_held_free(MigDiff *diff, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, holders_of(table))
	{
		MigObject  *holder = lfirst(lc);

		if (holder->kind->id == MIG_VIEW)
			mig_action_force(diff, holder);
	}
}

/* Warn of what the server refuses for it. */
void
mig_column_held_warn(MigAction *action, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, holders_of(table))
	{
		const MigObject *holder = lfirst(lc);

		if (stays(holder) && holder->kind->id != MIG_VIEW)
			mig_action_warn(action, MIG_NEEDS_ATTENTION,
							"column %s has rows of this table as its values, so that the server refuses this; drop that column first",
							holder->identity);
	}
}

/*
 * Let columns come, and change, before rows are values elsewhere, or when they
 * are not.
 */
void
mig_column_held_prefer(MigDiff *diff)
{
	const ListCell *lc;
	const ListCell *other;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);
		const MigObject *table = action->object->parent;

		if ((action->op != MIG_OP_CREATE && action->op != MIG_OP_ALTER) ||
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

/*
 * The columns of other tables, and the materialized views, in whose values
 * rows of a table are, or of one that inherits from it.
 */
static List *
holders_of(const MigObject *table)
{
	List	   *seen = NIL;
	List	   *holders = NIL;
	const ListCell *lc;

	if (has_rows(table))
		add_holders(table, table, &seen, &holders);
	foreach(lc, mig_table_descendants(table))
	{
		const MigObject *below = lfirst(lc);

		if (has_rows(below))
			add_holders(below, below, &seen, &holders);
	}
	return holders;
}

/* Has it rows itself? */
static bool
has_rows(const MigObject *table)
{
	return table->kind->id == MIG_TABLE &&
		table->values[MIG_TABLE_RELKIND][0] == RELKIND_RELATION;
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

		if ((user->kind->id == MIG_COLUMN && user->parent != table) ||
			keeps_rows(user, type))
			*holders = list_append_unique_ptr(*holders, user);
		if (user->kind->id == MIG_ATTRIBUTE)
			user = user->parent;
		if ((user->kind->id == MIG_COMPOSITE || user->kind->id == MIG_DOMAIN ||
			 user->kind->id == MIG_RANGE) && !list_member_ptr(*seen, user))
			add_holders(user, table, seen, holders);
	}
}

/* Is it a materialized view with a column of a type, or of arrays of it? */
static bool
keeps_rows(const MigObject *object, const MigObject *type)
{
	size_t		length = strlen(type->identity);
	const ListCell *lc;

	if (object->kind->id != MIG_VIEW ||
		object->values[MIG_VIEW_RELKIND][0] != RELKIND_MATVIEW)
		return false;
	foreach(lc, mig_list_split(object->values[MIG_VIEW_COLUMNS]))
	{
		const char *column = lfirst(lc);

		if (strncmp(column, type->identity, length) == 0 &&
			(column[length] == ' ' || column[length] == '['))
			return true;
	}
	return false;
}

static bool
stays(const MigObject *holder)
{
	return holder->fate != MIG_DROP && holder->fate != MIG_RECREATE;
}
