/*-------------------------------------------------------------------------
 *
 * kind/column_held.c
 *	  Tables whose rows are values of columns elsewhere.
 *
 * The server does not write a table anew while a column of another, or of a
 * materialized view, has its row type: it lets no type change, and adds no
 * column that has values from the beginning.  So it is with the tables that
 * inherit from it, which are written anew along with it.  A materialized view
 * makes way where it must, and so does what names the row type in an
 * expression, as the body of a function, which the server refuses, too, since
 * PostgreSQL 15.20.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_held.h"

#include "catalog/pg_class.h"
#include "kind/column_generated.h"
#include "kind/list.h"
#include "kind/routine.h"
#include "kind/table_parents.h"
#include "kind/type.h"
#include "miscadmin.h"
#include "sch/action.h"

static List *in_the_way(const MigObject *table);
static List *namers_of(const MigObject *table);
static bool names(const MigObject *object, const MigObject *table);
static void prefer_namers(MigAction *action, const MigObject *table);
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

/* Have what can make way for an old table that is written anew. */
void
mig_column_held_free(MigDiff *diff, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, table == NULL ? NIL : in_the_way(table))
	{
		MigObject  *object = lfirst(lc);

		if (object->kind->id != MIG_COLUMN || mig_column_is_generated(object))
			mig_action_force(diff, object);
	}
}

/* What has rows of a table, and what names the row type in an expression */
static List *
in_the_way(const MigObject *table)
{
	List	   *objects = list_concat_unique_ptr(holders_of(table),
												 namers_of(table));
	const ListCell *lc;

	foreach(lc, mig_table_descendants(table))
		objects = list_concat_unique_ptr(objects, namers_of(lfirst(lc)));
	return objects;
}

/* What names the row type of a table, which has rows, in an expression */
static List *
namers_of(const MigObject *table)
{
	List	   *namers = NIL;
	const ListCell *lc;

	foreach(lc, has_rows(table) ? table->dependents : NIL)
	{
		const MigDepend *depend = lfirst(lc);

		if (depend->deptype == MIG_DEPEND_ON_ROW &&
			names(depend->object, table))
			namers = list_append_unique_ptr(namers, depend->object);
	}
	return namers;
}

static bool
names(const MigObject *object, const MigObject *table)
{
	static const MigKindId kinds[] = {MIG_VIEW, MIG_RULE, MIG_CONSTRAINT,
		MIG_DOMAIN_CHECK, MIG_DEFAULT, MIG_INDEX, MIG_POLICY, MIG_STATISTICS,
	};
	int			entries = 0;
	const ListCell *lc;

	for (size_t i = 0; i < lengthof(kinds); i++)
	{
		if (object->kind->id == kinds[i])
			return true;
	}
	if (object->kind->id == MIG_COLUMN)
		return mig_column_is_generated(object) &&
			!mig_type_is_of(object, table);
	if (object->kind->id != MIG_FUNCTION)
		return false;
	foreach(lc, table->dependents)
	{
		const MigDepend *depend = lfirst(lc);

		if (depend->object == object && depend->deptype == MIG_DEPEND_ON_ROW)
			entries++;
	}
	return mig_routine_uses_rows_of(object, table, entries);
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
 * are not.  An expression with a row of the table has as many values as that
 * has columns, by then.
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

		if (action->op == MIG_OP_RENAME ||
			action->object->kind->id != MIG_COLUMN || table->twin == NULL)
			continue;
		if (action->op == MIG_OP_DROP)
		{
			prefer_namers(action, table->twin);
			continue;
		}
		prefer_namers(action, table);
		foreach(other, in_the_way(table))
		{
			const MigObject *holder = lfirst(other);

			if (holder->made != NULL)
				mig_action_prefer(action, holder->made);
		}
		foreach(other, in_the_way(table->twin))
		{
			const MigObject *holder = lfirst(other);

			if (holder->unmade != NULL)
				mig_action_prefer(holder->unmade, action);
		}
	}
}

/* Before what names the row type of a new table, and is made or altered */
static void
prefer_namers(MigAction *action, const MigObject *table)
{
	const ListCell *lc;
	const ListCell *alter;

	foreach(lc, table->dependents)
	{
		const MigDepend *depend = lfirst(lc);
		const MigObject *namer = depend->object;

		if (depend->deptype != MIG_DEPEND_ON_ROW || !names(namer, table))
			continue;
		if (namer->made != NULL)
			mig_action_prefer(action, namer->made);
		foreach(alter, namer->alters)
			mig_action_prefer(action, lfirst(alter));
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
