/*-------------------------------------------------------------------------
 *
 * kind/column_not_null_name.c
 *	  Names of NOT NULL constraints.
 *
 * The server chooses one if a table does not say it.  A name that another part
 * of the table has as yet is taken later, by way of another.
 *
 * A constraint that is inherited has the name of that of the parent table, or
 * its own from before it was, and cannot be renamed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_not_null_name.h"

#include "commands/defrem.h"
#include "kind/column_values.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"

/* A table that has a constraint of some name. */
typedef struct Holder
{
	char		name[2 * NAMEDATALEN];	/* hash key, must be first: with
										 * schema */
	const MigObject *table;		/* NULL: several have it */
} Holder;

static void add_holder(HTAB *holders, const MigObject *column);
static Holder *holder_of(HTAB *holders, const MigObject *column,
						 HASHACTION action, bool *found);
static bool is_let_go_below(const MigObject *table, const MigObject *column);
static bool is_heir(const MigObject *part, const MigObject *column);
static bool holds_name(const MigObject *part, const MigObject *column);
static const char *spare_name(const MigObject *column, const char *wish);
static bool is_taken(const MigObject *table, const char *name);
static List *named_otherwise(const MigObject *column);
static List *lasting_below(const MigObject *column);
static bool comes_from_elsewhere(const MigObject *below,
								 const MigObject *column);
static List *renamed_beside(const MigObject *column);
static bool has_constraint(const MigObject *table, const char *name);
static bool takes_name_alone(const MigObject *column);
static List *name_holders(const MigObject *column);
static List *add_holders(List *holders, const MigObject *table,
						 const MigObject *column);
static List *add_early(List *actions, const MigObject *object);

/*
 * Find the columns whose constraint has a name that the server would choose,
 * and could not while a table that stays has it.
 */
void
mig_column_not_null_find_taken(MigDiff *diff)
{
	HASHCTL		ctl = {.keysize = sizeof(((Holder *) NULL)->name),
	.entrysize = sizeof(Holder),.hcxt = CurrentMemoryContext};
	HTAB	   *holders = hash_create("pg_migrations names of not null", 64,
									  &ctl,
									  HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	const ListCell *lc;

	foreach(lc, diff->from->objects)
	{
		const MigObject *column = lfirst(lc);

		if (column->kind->id == MIG_COLUMN &&
			column->values[NOT_NULL_CONSTRAINT] != NULL &&
			column->parent->fate != MIG_DROP &&
			column->parent->fate != MIG_RECREATE)
			add_holder(holders, column);
	}
	foreach(lc, diff->to->objects)
	{
		MigObject  *column = lfirst(lc);
		const Holder *holder;

		if (column->kind->id != MIG_COLUMN ||
			column->values[NOT_NULL_CONSTRAINT] == NULL)
			continue;
		holder = holder_of(holders, column, HASH_FIND, NULL);
		column->name_taken = holder != NULL &&
			holder->table != column->parent->twin;
	}
}

/* Several tables may have it, as one that inherits from the other. */
static void
add_holder(HTAB *holders, const MigObject *column)
{
	bool		found;
	Holder	   *holder = holder_of(holders, column, HASH_ENTER, &found);

	if (!found)
		holder->table = column->parent;
	else if (holder->table != column->parent)
		holder->table = NULL;
}

/* The entry of the name that a column's constraint has in its schema. */
static Holder *
holder_of(HTAB *holders, const MigObject *column, HASHACTION action,
		  bool *found)
{
	char		name[sizeof(((Holder *) NULL)->name)];

	snprintf(name, sizeof(name), "%s.%s", column->parent->nspname,
			 column->values[NOT_NULL_CONSTRAINT]);
	return hash_search(holders, name, action, found);
}

/* Is it inherited?  Then its name is not compared. */
bool
mig_not_null_is_inherited(const MigObject *column)
{
	return column->values[NOT_NULL_CONSTRAINT] != NULL &&
		column->values[NOT_NULL_NAME] == NULL;
}

/*
 * Has a partition that comes to another table its NOT NULL, which is inherited
 * on both sides, by the name that the old one gave it?  It is renamed on the
 * way, if the name is free, there and back; of other tables nobody sees it.
 */
bool
mig_not_null_has_old_name(const MigObject *column)
{
	const MigObject *twin = column->twin;
	const char *name = column->values[NOT_NULL_CONSTRAINT];
	const char *old = twin->values[NOT_NULL_CONSTRAINT];

	return mig_table_is_partition(column->parent) &&
		mig_table_is_partition(twin->parent) &&
		mig_table_is_attached(column->parent) &&
		mig_not_null_is_inherited(column) &&
		mig_not_null_is_inherited(twin) &&
		!mig_same(name, old) && !has_constraint(twin->parent, name) &&
		!has_constraint(column->parent, old);
}

/*
 * Does the server choose its name for it, or has it none?  What a child table
 * has it under, the server does not take for another.
 */
bool
mig_not_null_gets_name(const MigObject *column)
{
	const char *name = column->values[NOT_NULL_CONSTRAINT];
	const ListCell *lc;

	if (name == NULL)
		return true;
	if (column->name_taken || mig_not_null_is_name_held(column) ||
		strcmp(name, makeObjectName(column->parent->name, column->name,
									"not_null")) != 0)
		return false;
	foreach(lc, mig_columns_below(column))
	{
		const MigObject *below = lfirst(lc);

		if ((below->held ||
			 (below->twin != NULL &&
			  (MIG_IS_TRUE(below->twin->values[NOT_NULL]) ||
			   mig_table_is_attached(below->parent)))) &&
			mig_same(below->values[NOT_NULL_CONSTRAINT], name))
			return false;
	}
	return true;
}

/*
 * Has another part of the old table its name, which will have another one or
 * none, but need not have it yet?  Constraints that go have gone before.
 */
bool
mig_not_null_is_name_held(const MigObject *column)
{
	const MigObject *table = column->parent;
	const ListCell *lc;

	if (column->twin == NULL || table->fate == MIG_RECREATE ||
		column->values[NOT_NULL_CONSTRAINT] == NULL ||
		(mig_not_null_is_inherited(column) &&
		 (!mig_table_is_attached(table) ||
		  mig_not_null_is_inherited(column->twin))))
		return false;
	foreach(lc, table->twin->children)
	{
		const MigObject *part = lfirst(lc);

		if (holds_name(part, column) &&
			(part->kind == column->kind || part->fate == MIG_ALTER))
			return true;
	}
	foreach(lc, mig_table_descendants(table))
	{
		if (((MigObject *) lfirst(lc))->twin != NULL &&
			is_let_go_below(((MigObject *) lfirst(lc))->twin, column))
			return true;
	}
	return false;
}

/* Has a part of an old table below the name, and gets another one? */
static bool
is_let_go_below(const MigObject *table, const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, table->fate == MIG_RECREATE ? NIL : table->children)
	{
		const MigObject *part = lfirst(lc);

		if (holds_name(part, column) && !is_heir(part, column) &&
			(part->kind == column->kind ?
			 part->twin != NULL && !holds_name(part->twin, column) :
			 part->fate == MIG_ALTER))
			return true;
	}
	return false;
}

/* Is a part of a table below the column that comes from one above? */
static bool
is_heir(const MigObject *part, const MigObject *column)
{
	return part->kind == column->kind &&
		strcmp(part->name, column->name) == 0;
}

/* Has a part of a table the name that a column's constraint is to have? */
static bool
holds_name(const MigObject *part, const MigObject *column)
{
	const char *name = column->values[NOT_NULL_CONSTRAINT];

	if (part->kind == column->kind)
		return part != column->twin &&
			mig_same(part->values[NOT_NULL_CONSTRAINT], name);
	return (part->kind->id == MIG_CONSTRAINT ||
			part->kind->id == MIG_FOREIGN_KEY) &&
		strcmp(part->name, name) == 0;
}

/* The name that it has until mig_not_null_take_name() gives it its own. */
const char *
mig_not_null_first_name(const MigObject *column)
{
	return mig_not_null_is_name_held(column) ?
		spare_name(column, makeObjectName(column->parent->name, column->name,
										  "migrate")) :
		column->values[NOT_NULL_CONSTRAINT];
}

/* The name of the check that shows for a while that there are no NULLs. */
const char *
mig_not_null_check_name(const MigObject *column)
{
	return spare_name(column, "migrate_not_null");
}

/* A name that no constraint has or gets, of the table and of those below. */
static const char *
spare_name(const MigObject *column, const char *wish)
{
	const MigObject *table = column->parent;
	const char *name = wish;

	for (int i = 2; is_taken(table, name) || is_taken(table->twin, name); i++)
		name = makeObjectName(wish, NULL, psprintf("%d", i));
	return name;
}

static bool
is_taken(const MigObject *table, const char *name)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		if (mig_same(((MigObject *) lfirst(lc))->name, name))
			return true;
	}
	foreach(lc, mig_table_heirs(table))
	{
		if (is_taken(lfirst(lc), name))
			return true;
	}
	return false;
}

void
mig_not_null_take_name(MigDiff *diff, MigObject *column)
{
	StringInfoData buf;

	initStringInfo(&buf);
	mig_not_null_append_rename(&buf, column, mig_not_null_first_name(column),
							   column->values[NOT_NULL_CONSTRAINT]);
	mig_action_add(diff, MIG_OP_ALTER, column, "name of not null",
				   buf.data)->late = true;
}

/*
 * Append the statements that rename it.  The server renames those that inherit
 * it as well, and fails where one has another name: there a check that is
 * renamed in its place stands in for it.
 */
void
mig_not_null_append_rename(StringInfo buf, const MigObject *column,
						   const char *old, const char *new)
{
	const char *table = column->parent->identity;
	const char *old_name = quote_identifier(old);
	const char *new_name = quote_identifier(new);
	bool		alone = mig_not_null_is_renamed_alone(column);
	bool		held = mig_not_null_is_name_held(column);
	bool		is_last = mig_same(new, column->values[NOT_NULL_CONSTRAINT]);
	List	   *others = alone ? NIL : named_otherwise(column);
	const ListCell *lc;

	if (alone)
		appendStringInfo(buf, "ALTER TABLE %s ALTER CONSTRAINT %s NO INHERIT;\n",
						 table, old_name);
	foreach(lc, others)
	{
		const MigObject *other = ((const MigObject *) lfirst(lc))->parent;

		appendStringInfo(buf, "ALTER TABLE %s ADD CONSTRAINT %s CHECK (true)%s NOT VALID;\n",
						 other->identity, old_name,
						 mig_table_is_partitioned(other) ? "" : " NO INHERIT");
	}
	appendStringInfo(buf, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s", table,
					 old_name, new_name);
	foreach(lc, others)
		appendStringInfo(buf, ";\nALTER TABLE %s DROP CONSTRAINT %s",
						 ((const MigObject *) lfirst(lc))->parent->identity,
						 new_name);
	foreach(lc, alone ? renamed_beside(column) : NIL)
	{
		const MigObject *below = lfirst(lc);

		appendStringInfoString(buf, ";\n");
		mig_not_null_append_rename(buf, below, held && is_last ? old :
								   below->twin->values[NOT_NULL_CONSTRAINT],
								   !is_last ? new :
								   below->values[NOT_NULL_CONSTRAINT]);
	}
	if (alone)
		appendStringInfo(buf, ";\nALTER TABLE %s ALTER CONSTRAINT %s INHERIT",
						 table, new_name);
}

/*
 * Must it be renamed without those that inherit it?  The server renames none
 * that comes from elsewhere, too, and the check needs names that are free.
 * Partitions have one parent, and cannot do without its constraint.
 */
bool
mig_not_null_is_renamed_alone(const MigObject *column)
{
	const char *old = column->twin->values[NOT_NULL_CONSTRAINT];
	const char *new = mig_not_null_first_name(column);
	const ListCell *lc;

	if (mig_table_is_partitioned(column->parent) || mig_same(old, new) ||
		mig_not_null_is_inherited(column) ||
		MIG_IS_TRUE(column->values[NOT_NULL_NO_INHERIT]))
		return false;
	foreach(lc, lasting_below(column))
	{
		const MigObject *below = lfirst(lc);

		if (mig_same(below->values[NOT_NULL_CONSTRAINT], old) ?
			(!mig_same(below->twin->values[NOT_NULL_CONSTRAINT],
					   column->values[NOT_NULL_CONSTRAINT]) ||
			 comes_from_elsewhere(below, column)) :
			has_constraint(below->parent, old) ||
			has_constraint(below->parent, new))
			return true;
	}
	return false;
}

/*
 * The columns that get another name of their own, MigObject *, while that of
 * the parent table is renamed alone.
 */
static List *
renamed_beside(const MigObject *column)
{
	List	   *beside = NIL;
	const ListCell *lc;

	foreach(lc, lasting_below(column))
	{
		const MigObject *below = lfirst(lc);

		if (list_member_ptr(mig_table_parents(below->parent),
							column->twin->parent) &&
			mig_not_null_is_inherited(below->twin) &&
			!mig_same(below->values[NOT_NULL_CONSTRAINT],
					  below->twin->values[NOT_NULL_CONSTRAINT]) &&
			!comes_from_elsewhere(below, column))
			beside = lappend(beside, below->twin);
	}
	return beside;
}

/*
 * The name that one that is inherited has in that case when its table's turn
 * comes: that of the parent table as long as it waits for its own.
 */
const char *
mig_not_null_name_beside(const MigObject *column, const MigObject *above)
{
	if (!list_member_ptr(renamed_beside(above), column))
		return column->twin->values[NOT_NULL_CONSTRAINT];
	return mig_not_null_is_name_held(above) ? mig_not_null_first_name(above) :
		column->values[NOT_NULL_CONSTRAINT];
}

/*
 * The old columns that inherit it under another name, MigObject *; those of
 * partitions below such a one have the check with it.
 */
static List *
named_otherwise(const MigObject *column)
{
	const char *name = column->twin->values[NOT_NULL_CONSTRAINT];
	List	   *covered = NIL;
	List	   *others = NIL;
	const ListCell *lc;

	foreach(lc, lasting_below(column))
	{
		MigObject  *below = lfirst(lc);

		if (mig_same(below->values[NOT_NULL_CONSTRAINT], name) ||
			list_member_ptr(covered, below->parent))
			continue;
		others = lappend(others, below);
		if (mig_table_is_partitioned(below->parent))
			covered = list_concat(covered,
								  mig_table_descendants(below->parent));
	}
	return others;
}

/* The old columns that inherit it and stay where they are, MigObject *. */
static List *
lasting_below(const MigObject *column)
{
	List	   *lasting = NIL;
	const ListCell *lc;

	if (MIG_IS_TRUE(column->twin->values[NOT_NULL_NO_INHERIT]))
		return NIL;
	foreach(lc, mig_columns_below(column->twin))
	{
		MigObject  *below = lfirst(lc);

		if (below->twin != NULL && MIG_IS_TRUE(below->values[NOT_NULL]) &&
			below->parent->fate != MIG_RECREATE &&
			!mig_table_is_detached(below->parent))
			lasting = lappend(lasting, below);
	}
	return lasting;
}

/* Does an old column inherit it from another table, not below this one? */
static bool
comes_from_elsewhere(const MigObject *below, const MigObject *column)
{
	List	   *tables = mig_table_descendants(column->twin->parent);
	const ListCell *lc;

	foreach(lc, mig_table_parents(below->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), below->name);

		if (above != NULL && above != column->twin &&
			MIG_IS_TRUE(above->values[NOT_NULL]) &&
			!MIG_IS_TRUE(above->values[NOT_NULL_NO_INHERIT]) &&
			!list_member_ptr(tables, above->parent))
			return true;
	}
	return false;
}

static bool
has_constraint(const MigObject *table, const char *name)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		const MigObject *part = lfirst(lc);

		if (part->kind->id == MIG_COLUMN ?
			mig_same(part->values[NOT_NULL_CONSTRAINT], name) :
			(part->kind->id == MIG_CONSTRAINT ||
			 part->kind->id == MIG_FOREIGN_KEY) &&
			strcmp(part->name, name) == 0)
			return true;
	}
	return false;
}

/*
 * What a late action of a column waits for, MigAction *; none for others.  A
 * table below that comes after a constraint that is not valid would have a
 * valid one.
 */
List *
mig_column_not_null_awaits(const MigAction *action)
{
	const MigObject *column = action->object;
	List	   *awaited = NIL;
	const ListCell *lc;

	if (!action->late || column->kind->id != MIG_COLUMN)
		return NIL;
	if (mig_not_null_is_name_held(column))
		awaited = name_holders(column);
	if (takes_name_alone(column))
		return awaited;
	foreach(lc, mig_table_descendants(column->parent))
	{
		const MigObject *table = lfirst(lc);

		if (table->made != NULL)
			awaited = lappend(awaited, table->made);
		awaited = list_concat(awaited, table->alters);
	}
	return awaited;
}

/*
 * What waits for it, MigAction *: a new table below takes the name that the
 * constraint has then, and may have a comment on it.
 */
List *
mig_column_not_null_made_behind(const MigAction *action)
{
	const MigObject *column = action->object;
	List	   *behind = NIL;
	const ListCell *lc;

	if (!action->late || column->kind->id != MIG_COLUMN ||
		!takes_name_alone(column))
		return NIL;
	foreach(lc, mig_table_descendants(column->parent))
	{
		const MigObject *table = lfirst(lc);

		if (table->made != NULL)
			behind = lappend(behind, table->made);
	}
	return behind;
}

/* Is nothing late but that it takes its name? */
static bool
takes_name_alone(const MigObject *column)
{
	return mig_not_null_is_name_held(column) &&
		mig_same(column->values[NOT_NULL_VALIDATED], "true");
}

/*
 * The actions that free the name, MigAction *; what is late does not.  Those
 * that inherit it are named by the other one until then.
 */
static List *
name_holders(const MigObject *column)
{
	List	   *holders = NIL;
	const ListCell *lc;

	foreach(lc, mig_columns_below(column))
		holders = add_early(holders, lfirst(lc));
	holders = add_holders(holders, column->parent->twin, column);
	foreach(lc, mig_table_descendants(column->parent))
	{
		const MigObject *table = ((const MigObject *) lfirst(lc))->twin;

		if (table != NULL)
			holders = add_holders(holders, table, column);
	}
	return holders;
}

/* Those of the parts of an old table, of the column's or one below. */
static List *
add_holders(List *holders, const MigObject *table, const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		const MigObject *part = lfirst(lc);

		if (!holds_name(part, column) ||
			(table != column->parent->twin && is_heir(part, column)))
			continue;
		if (part->unmade != NULL)
			holders = lappend(holders, part->unmade);
		if (part->twin != NULL)
			holders = add_early(holders, part->twin);
	}
	return holders;
}

static List *
add_early(List *actions, const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, object->alters)
	{
		if (!((MigAction *) lfirst(lc))->late)
			actions = lappend(actions, lfirst(lc));
	}
	return actions;
}
