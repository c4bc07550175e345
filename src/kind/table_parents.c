/*-------------------------------------------------------------------------
 *
 * kind/table_parents.c
 *	  What the parts of a table ask of it: its sort, and what it inherits.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/table_parents.h"

#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "kind/column_values.h"
#include "kind/list.h"
#include "miscadmin.h"
#include "sch/action.h"
#include "util/sql.h"

static List *reach(const MigObject *table,
				   List *(*next) (const MigObject *table));
static List *makes_attribute(const MigObject *column);
static bool has_origins(const MigObject *column);
static List *origins(const MigObject *table, const char *name);

bool
mig_table_is_foreign(const MigObject *table)
{
	return table->values[MIG_TABLE_RELKIND][0] == RELKIND_FOREIGN_TABLE;
}

/* Of a view, which may have triggers and columns as well, it is false. */
bool
mig_table_is_partitioned(const MigObject *table)
{
	return table->kind->id == MIG_TABLE &&
		table->values[MIG_TABLE_RELKIND][0] == RELKIND_PARTITIONED_TABLE;
}

/* Is it a partition?  What inherits without a bound is none. */
bool
mig_table_is_partition(const MigObject *table)
{
	return table->values[MIG_TABLE_BOUND] != NULL;
}

/* Does a comparison detach an old table from parents that it has? */
bool
mig_table_is_detached(const MigObject *table)
{
	return list_length(mig_table_lasting_parents(table)) <
		list_length(mig_table_parents(table));
}

/*
 * The parents of a table that it has all through a comparison.  Those that it
 * has in another order are among them: see kind/stand_in.c.
 */
List *
mig_table_lasting_parents(const MigObject *table)
{
	List	   *parents = mig_table_parents(table);
	List	   *lasting = NIL;
	List	   *others;
	const ListCell *lc;

	if (table->kind->id != MIG_TABLE || table->fate != MIG_ALTER ||
		(!MIG_CHANGED(table, MIG_TABLE_BOUND) &&
		 !MIG_CHANGED(table, MIG_TABLE_PARENTS)))
		return parents;
	if (table->leaves || mig_table_is_partition(table) ||
		mig_table_is_partition(table->twin) ||
		mig_same(table->values[MIG_TABLE_PARENTS],
				 table->twin->values[MIG_TABLE_PARENTS]))
		return NIL;
	others = mig_list_split(table->twin->values[MIG_TABLE_PARENTS]);
	foreach(lc, parents)
	{
		if (mig_has_name(others, ((MigObject *) lfirst(lc))->identity))
			lasting = lappend(lasting, lfirst(lc));
	}
	return lasting;
}

/*
 * The table by which a part of another is made, or changes its type, as SQL
 * has it.
 */
const char *
mig_table_place(const MigObject *part)
{
	const MigObject *table = part->parent;

	return part->held && table->stand_in != NULL ?
		table->stand_in : table->identity;
}

/* Have an old table leave its parents, and come to those of the new one. */
void
mig_table_change_parents(MigObject *table)
{
	table->changed |= (uint32) 1 << MIG_TABLE_PARENTS;
	table->twin->changed |= (uint32) 1 << MIG_TABLE_PARENTS;
}

/* Has a parent that the table keeps a part of this kind and name? */
bool
mig_table_keeps_part(const MigObject *part)
{
	const ListCell *lc;

	foreach(lc, mig_table_lasting_parents(part->parent))
	{
		if (mig_table_part_like(lfirst(lc), part) != NULL)
			return true;
	}
	return false;
}

/* The part of a table that has the kind and name of another's, or NULL. */
MigObject *
mig_table_part_like(const MigObject *table, const MigObject *part)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		MigObject  *child = lfirst(lc);

		if (child->kind == part->kind && strcmp(child->name, part->name) == 0)
			return child;
	}
	return NULL;
}

/* Does a comparison attach a new table to parents, one that exists? */
bool
mig_table_is_attached(const MigObject *table)
{
	return mig_table_is_detached(table);
}

/* Its columns are those of the type, in number and order. */
bool
mig_table_is_typed(const MigObject *table)
{
	return table->values[MIG_TABLE_OF_TYPE] != NULL;
}

/* Does a table that stays change as its type does? */
bool
mig_table_follows_type(const MigObject *table)
{
	return mig_table_is_typed(table) && table->twin != NULL &&
		table->fate != MIG_RECREATE && mig_table_is_typed(table->twin) &&
		!MIG_CHANGED(table, MIG_TABLE_OF_TYPE);
}

/* The tables that a table inherits from, MigObject *. */
List *
mig_table_parents(const MigObject *table)
{
	List	   *names;
	List	   *parents = NIL;
	const ListCell *lc;

	if (table->kind->id != MIG_TABLE ||
		table->values[MIG_TABLE_PARENTS] == NULL)
		return NIL;
	names = mig_list_split(table->values[MIG_TABLE_PARENTS]);
	foreach(lc, table->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_TABLE && mig_has_name(names, on->identity))
			parents = list_append_unique_ptr(parents, on);
	}
	return parents;
}

/* The tables that inherit from a table, partitions, too, MigObject *. */
List *
mig_table_heirs(const MigObject *table)
{
	List	   *heirs = NIL;
	const ListCell *lc;

	foreach(lc, table->dependents)
	{
		MigObject  *dependent = ((MigDepend *) lfirst(lc))->object;

		if (dependent->kind->id == MIG_TABLE &&
			list_member_ptr(mig_table_parents(dependent), table))
			heirs = list_append_unique_ptr(heirs, dependent);
	}
	return heirs;
}

/* The parents of a table, and all that is above them, MigObject *. */
List *
mig_table_ancestors(const MigObject *table)
{
	return reach(table, mig_table_parents);
}

/* Is an old table below another when the script has run? */
bool
mig_table_remains_below(const MigObject *table, const MigObject *above)
{
	return table->twin != NULL && !mig_goes(table) &&
		list_member_ptr(mig_table_ancestors(table->twin), above->twin);
}

/* The heirs of a table, and all that is below them, MigObject *. */
List *
mig_table_descendants(const MigObject *table)
{
	return reach(table, mig_table_heirs);
}

/* What is next to a table, and what is so to that. */
static List *
reach(const MigObject *table, List *(*next) (const MigObject *table))
{
	List	   *reached = NIL;
	const ListCell *lc;

	foreach(lc, next(table))
	{
		MigObject  *other = lfirst(lc);

		reached = list_append_unique_ptr(reached, other);
		reached = list_concat_unique_ptr(reached, reach(other, next));
	}
	return reached;
}

/* The column of a name, or NULL. */
MigObject *
mig_table_column(const MigObject *table, const char *name)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		MigObject  *child = lfirst(lc);

		if (child->kind->id == MIG_COLUMN && strcmp(child->name, name) == 0)
			return child;
	}
	return NULL;
}

/* The columns of its name in all tables that inherit from its own. */
List *
mig_columns_below(const MigObject *column)
{
	List	   *columns = NIL;
	const ListCell *lc;

	foreach(lc, mig_table_descendants(column->parent))
	{
		MigObject  *below = mig_table_column(lfirst(lc), column->name);

		if (below != NULL)
			columns = lappend(columns, below);
	}
	return columns;
}

/* Have rows values in a new column, for a table that inherits it has one? */
bool
mig_column_is_old_below(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_columns_below(column))
	{
		const MigObject *below = lfirst(lc);

		if (below->twin != NULL && below->fate != MIG_RECREATE)
			return true;
	}
	return false;
}

/* Is a part the same in a table and its parents by its name alone? */
bool
mig_is_bound_by_name(const MigObject *part)
{
	return part->kind->id == MIG_COLUMN || mig_constraint_is_check(part);
}

/* Does a column or check come from a parent of its table? */
bool
mig_part_inherits(const MigObject *part)
{
	return MIG_IS_TRUE(part->values[part->kind->id == MIG_COLUMN ? INHERITED :
									MIG_CONSTRAINT_INHERITED]);
}

/* Has its table it by itself, or by itself as well? */
bool
mig_part_is_local(const MigObject *part)
{
	return MIG_IS_TRUE(part->values[part->kind->id == MIG_COLUMN ? LOCAL :
									MIG_CONSTRAINT_LOCAL]);
}

/* The like of a part in the tables that have its own for a parent all along */
List *
mig_table_parts_below(const MigObject *part)
{
	List	   *parts = NIL;
	const ListCell *lc;

	foreach(lc, mig_table_heirs(part->parent))
	{
		MigObject  *table = lfirst(lc);
		MigObject  *below = mig_table_part_like(table, part);

		if (below != NULL && !table->ignored &&
			list_member_ptr(mig_table_lasting_parents(table), part->parent))
			parts = lappend(parts, below);
	}
	return parts;
}

/*
 * Have a table leave all its parents while a column changes its type that
 * comes from several, which do not have it of one: the server lets none of
 * them change it.
 */
void
mig_column_leave_parents(const MigObject *from, const MigObject *to)
{
	MigObject  *table = from->parent;

	if (!has_origins(from) || !has_origins(to))
		return;
	mig_table_change_parents(table);
	table->leaves = table->twin->leaves = true;
	if (table->fate == MIG_KEEP)
		table->fate = table->twin->fate = MIG_ALTER;
}

static bool
has_origins(const MigObject *column)
{
	int			parents = 0;
	const ListCell *lc;

	foreach(lc, mig_table_parents(column->parent))
	{
		if (mig_table_column(lfirst(lc), column->name) != NULL)
			parents++;
	}
	return parents > 1 &&
		list_length(origins(column->parent, column->name)) > 1;
}

/* The tables from which a table has its column of a name, or itself */
static List *
origins(const MigObject *table, const char *name)
{
	List	   *found = NIL;
	const ListCell *lc;

	check_stack_depth();
	foreach(lc, mig_table_parents(table))
	{
		if (mig_table_column(lfirst(lc), name) != NULL)
			found = list_concat_unique_ptr(found, origins(lfirst(lc), name));
	}
	return found != NIL ? found : list_make1(unconstify(MigObject *, table));
}

/* The action that makes the attribute that a new column comes with. */
static List *
makes_attribute(const MigObject *column)
{
	const ListCell *lc;
	const ListCell *part;

	foreach(lc, column->parent->depends)
	{
		const MigObject *type = ((MigDepend *) lfirst(lc))->object;

		if (type->kind->id != MIG_COMPOSITE ||
			!mig_same(column->parent->values[MIG_TABLE_OF_TYPE],
					  type->identity))
			continue;
		foreach(part, type->children)
		{
			const MigObject *attribute = lfirst(part);

			if (attribute->made != NULL &&
				strcmp(attribute->name, column->name) == 0)
				return list_make1(attribute->made);
		}
	}
	return NIL;
}

/*
 * The alterations of an object, or of the column that it comes with; for a new
 * one that comes with an attribute of its table's type, what makes that.
 */
List *
mig_table_alters(const MigObject *object)
{
	const ListCell *lc;

	if (object->kind->id == MIG_COLUMN && object->fate == MIG_CREATE &&
		mig_table_follows_type(object->parent))
		return makes_attribute(object);
	if (object->kind->id != MIG_COLUMN || object->fate != MIG_ALTER ||
		object->alters != NIL)
		return object->alters;
	foreach(lc, mig_table_lasting_parents(object->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), object->name);

		if (above != NULL)
			return mig_table_alters(above);
	}
	return NIL;
}

/*
 * The alterations of the column that an old one comes with, if its table is
 * partitioned by it and goes: the server makes none while it is there.
 */
List *
mig_table_alters_awaiting(const MigObject *object)
{
	List	   *alters = NIL;
	const ListCell *lc;

	if (object->kind->id != MIG_COLUMN ||
		!MIG_IS_TRUE(object->values[PARTITIONS]))
		return NIL;
	foreach(lc, mig_table_parents(object->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), object->name);

		if (above != NULL && above->twin != NULL)
			alters = list_concat(alters,
								 list_copy(mig_table_alters(above->twin)));
	}
	return alters;
}

/* Is a column one of a primary key? */
bool
mig_column_is_in_key(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, column->dependents)
	{
		const MigObject *key = ((MigDepend *) lfirst(lc))->object;

		if (key->kind->id == MIG_CONSTRAINT &&
			key->values[MIG_CONSTRAINT_SORT][0] == CONSTRAINT_PRIMARY)
			return true;
	}
	return false;
}

/* Foreign keys are a kind of their own. */
bool
mig_constraint_is_check(const MigObject *constraint)
{
	return constraint->kind->id == MIG_CONSTRAINT &&
		constraint->values[MIG_CONSTRAINT_SORT][0] == CONSTRAINT_CHECK;
}

bool
mig_constraint_is_exclusion(const MigObject *constraint)
{
	return constraint->kind->id == MIG_CONSTRAINT &&
		constraint->values[MIG_CONSTRAINT_SORT][0] == CONSTRAINT_EXCLUSION;
}

/* Is it a primary key, or unique? */
bool
mig_constraint_is_unique(const MigObject *constraint)
{
	char		sort;

	if (constraint->kind->id != MIG_CONSTRAINT)
		return false;
	sort = constraint->values[MIG_CONSTRAINT_SORT][0];
	return sort == CONSTRAINT_PRIMARY || sort == CONSTRAINT_UNIQUE;
}

/* The default of a column, or NULL. */
MigObject *
mig_column_default(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, column->children)
	{
		MigObject  *child = lfirst(lc);

		if (child->kind->id == MIG_DEFAULT && !child->ignored)
			return child;
	}
	return NULL;
}

/* Its expression, or NULL; a default that is NULL is none. */
const char *
mig_column_default_expression(const MigObject *column)
{
	const MigObject *value = mig_column_default(column);
	const char *expression;

	if (value == NULL)
		return NULL;
	expression = value->values[MIG_DEFAULT_EXPRESSION];
	return strcmp(expression, "NULL") == 0 ||
		strncmp(expression, "NULL::", strlen("NULL::")) == 0 ?
		NULL : expression;
}

/*
 * The other table that a foreign key refers to, or NULL.  Its parts for single
 * partitions of that table refer to these; which comes first is not said.
 */
const MigObject *
mig_constraint_refers_to(const MigObject *constraint)
{
	const MigObject *found = NULL;
	const ListCell *lc;

	foreach(lc, constraint->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;
		const MigObject *table = mig_table_of(on);

		if (table->kind->id == MIG_TABLE && table != constraint->parent &&
			(found == NULL ||
			 list_member_ptr(mig_table_ancestors(found), table)))
			found = table;
	}
	return found;
}
