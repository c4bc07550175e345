/*-------------------------------------------------------------------------
 *
 * kind/table_inherit.c
 *	  Tables that leave parents, and come to others.  Partitions do not.
 *
 * The server makes a column or check that no parent has any more the table's
 * own, and never takes that back.  What is to come from the new parents alone
 * needs to have one all the time: the new parent comes first where nothing
 * changes meanwhile; else a table stands in for the parents, which has what
 * stays, and is the one that is altered: what is added to it comes to the
 * table as inherited.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/table_inherit.h"

#include "kind/column_generated.h"
#include "kind/column_rows.h"
#include "kind/column_values.h"
#include "kind/constraint.h"
#include "kind/constraint_parents.h"
#include "kind/list.h"
#include "kind/stand_in.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "util/sql.h"
#include "utils/builtins.h"

static bool changes_parents(const MigObject *table);
static void plan(MigDiff *diff, MigObject *table);
static bool is_new(const MigObject *part);
static bool is_gainful(const MigObject *part);
static bool has_parent_all_along(const MigObject *part);
static bool may_hold_column(const MigObject *column);
static bool may_hold_check(const MigObject *check);
static bool holds_columns_of(const MigObject *part);
static bool nothing_changes(const MigObject *table);
static bool parts_stay(const MigObject *table);
static void change_at_once(MigDiff *diff, MigObject *table,
						   const List *going, const List *coming);
static void change_meanwhile(MigDiff *diff, MigObject *table,
							 const List *going, const List *coming);
static MigAction *add_action(MigDiff *diff, MigObject *table,
							 StringInfo statements);
static void append_stand_in(StringInfo buf, const MigObject *table);
static void append_column(StringInfo buf, const MigObject *from,
						  const MigObject *to);
static void append_each(StringInfo buf, const MigObject *table,
						const char *verb, const List *parents);
static List *except(const List *names, const List *others);
static void leave(MigDiff *diff, MigObject *table, const List *parents);
static void join(MigDiff *diff, MigObject *table, const List *parents);

/* Find out how each table changes its parents; all fates are known. */
void
mig_table_inherit_plan(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		MigObject  *table = lfirst(lc);

		if (table->kind->id == MIG_TABLE && !table->ignored &&
			table->twin != NULL && changes_parents(table))
			plan(diff, table);
	}
}

/* Are there parents to come, for a table that is no partition? */
static bool
changes_parents(const MigObject *table)
{
	return table->fate == MIG_ALTER &&
		MIG_CHANGED(table, MIG_TABLE_PARENTS) &&
		table->values[MIG_TABLE_PARENTS] != NULL &&
		!mig_table_is_partition(table) && !mig_table_is_partition(table->twin);
}

/* Hold what can be, if that is of use. */
static void
plan(MigDiff *diff, MigObject *table)
{
	bool		gains = false;
	const ListCell *lc;

	foreach(lc, table->children)
	{
		MigObject  *part = lfirst(lc);

		part->held = part->kind->id == MIG_COLUMN && may_hold_column(part);
	}
	foreach(lc, table->children)
	{
		MigObject  *part = lfirst(lc);

		if (mig_constraint_is_check(part))
			part->held = may_hold_check(part);
		else if (part->held && mig_column_is_generated(part))
			part->held = holds_columns_of(part);
		if (part->held && is_gainful(part))
			gains = true;
	}
	if (gains && !nothing_changes(table))
		table->stand_in = mig_stand_in_name(diff, table);
	foreach(lc, gains ? NIL : table->children)
		((MigObject *) lfirst(lc))->held = false;
}

static bool
is_new(const MigObject *part)
{
	return part->twin == NULL || part->fate == MIG_RECREATE;
}

/* Would the table have it by itself, and need not? */
static bool
is_gainful(const MigObject *part)
{
	bool		gains;

	unconstify(MigObject *, part)->held = false;
	gains = !mig_part_is_local(part) && mig_part_ends_local(part);
	unconstify(MigObject *, part)->held = true;
	return gains && !mig_part_ends_local(part);
}

/* Does a parent that stays give it to the table, before and afterwards? */
static bool
has_parent_all_along(const MigObject *part)
{
	if (is_new(part))
		return part->kind->is_inherited(part);
	return mig_table_keeps_part(part) && mig_table_keeps_part(part->twin);
}

/*
 * Columns that are inherited in the end; none whose expression changes, which
 * the server does in a table and its parent at once.
 */
static bool
may_hold_column(const MigObject *column)
{
	if (column->ignored || !mig_part_may_differ(column) ||
		has_parent_all_along(column))
		return false;
	if (is_new(column))
		return !mig_part_is_local(column);
	return !MIG_CHANGED(column, GENERATED) &&
		mig_column_rows_of(column) == NULL;
}

static bool
may_hold_check(const MigObject *check)
{
	if (check->ignored || check->apart || !mig_part_may_differ(check) ||
		has_parent_all_along(check) || !holds_columns_of(check))
		return false;
	return is_new(check) ? !mig_part_is_local(check) :
		check->fate == MIG_KEEP && mig_part_inherits(check->twin) &&
		mig_constraint_is_validated(check);
}

/* Are the columns of its table that it is about held? */
static bool
holds_columns_of(const MigObject *part)
{
	const ListCell *lc;

	foreach(lc, part->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on != part && on->kind->id == MIG_COLUMN &&
			on->parent == part->parent && !on->held)
			return false;
	}
	return true;
}

/*
 * Can the new parents come before the old ones leave?  Columns and checks of
 * all of them have to be what they were, and no name is to be free for a new
 * table that an old one has.
 */
static bool
nothing_changes(const MigObject *table)
{
	const MigObject *twin = table->twin;
	bool		drops = false;
	bool		creates = false;
	List	   *before = mig_list_split(twin->values[MIG_TABLE_PARENTS]);
	List	   *after = mig_list_split(table->values[MIG_TABLE_PARENTS]);
	const ListCell *lc;

	if (table->leaves || !parts_stay(table) || !parts_stay(twin) ||
		mig_stand_in_moved(before, after) != NIL)
		return false;
	foreach(lc, mig_table_parents(twin))
	{
		const MigObject *parent = lfirst(lc);

		drops |= parent->fate == MIG_DROP;
		if (parent->fate == MIG_RECREATE ||
			(parent->fate != MIG_DROP && !parts_stay(parent)))
			return false;
	}
	foreach(lc, mig_table_parents(table))
	{
		const MigObject *parent = lfirst(lc);

		creates |= parent->fate == MIG_CREATE;
		if (parent->fate == MIG_RECREATE ||
			(parent->fate != MIG_CREATE && !parts_stay(parent)))
			return false;
	}
	return !(drops && creates);
}

static bool
parts_stay(const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		const MigObject *part = lfirst(lc);

		if (mig_is_bound_by_name(part) && !part->ignored &&
			(part->fate != MIG_KEEP || part->twin == NULL))
			return false;
	}
	return true;
}

/* Inheritance without partitions */
void
mig_table_inherit_alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	List	   *before = mig_list_split(from->values[MIG_TABLE_PARENTS]);
	List	   *after = mig_list_split(to->values[MIG_TABLE_PARENTS]);
	bool		all;
	List	   *going;
	List	   *coming;
	List	   *moved;

	all = to->leaves || mig_same(from->values[MIG_TABLE_PARENTS],
								 to->values[MIG_TABLE_PARENTS]);
	going = all ? before : except(before, after);
	coming = all ? after : except(after, before);
	moved = all ? NIL : mig_stand_in_moved(before, after);
	if (to->stand_in != NULL)
	{
		change_meanwhile(diff, to, going, coming);
		before = after;
	}
	else if (going != NIL && coming != NIL && nothing_changes(to))
		change_at_once(diff, to, going, coming);
	else
	{
		leave(diff, to, going);
		join(diff, to, except(coming, moved));
	}
	if (moved != NIL)
		mig_stand_in_move(diff, to, moved, before);
}

/* New parents come, old ones go. */
static void
change_at_once(MigDiff *diff, MigObject *table, const List *going,
			   const List *coming)
{
	StringInfoData buf;

	initStringInfo(&buf);
	append_each(&buf, table, "INHERIT", coming);
	append_each(&buf, table, "NO INHERIT", going);
	add_action(diff, table, &buf)->last = true;
}

/* Old parents go, a table stands in for them, new ones come. */
static void
change_meanwhile(MigDiff *diff, MigObject *table, const List *going,
				 const List *coming)
{
	const List *stand_in = list_make1(unconstify(char *, table->stand_in));
	StringInfoData first;
	StringInfoData last;

	initStringInfo(&first);
	append_stand_in(&first, table);
	append_each(&first, table, "INHERIT", stand_in);
	append_each(&first, table, "NO INHERIT", going);
	add_action(diff, table, &first)->first = true;
	initStringInfo(&last);
	append_each(&last, table, "INHERIT", coming);
	append_each(&last, table, "NO INHERIT", stand_in);
	appendStringInfo(&last, "DROP TABLE %s;\n", table->stand_in);
	add_action(diff, table, &last)->last = true;
}

/* It ends with a line break, and another behind a semicolon. */
static MigAction *
add_action(MigDiff *diff, MigObject *table, StringInfo statements)
{
	statements->data[statements->len - strlen(";\n")] = '\0';
	return mig_action_add(diff, MIG_OP_ALTER, table, "parents",
						  statements->data);
}

/* What is held and there, as it was: columns and checks. */
static void
append_stand_in(StringInfo buf, const MigObject *table)
{
	const char *separator = "\n    ";
	const ListCell *lc;

	appendStringInfo(buf, "CREATE TABLE %s (", table->stand_in);
	foreach(lc, table->children)
	{
		const MigObject *part = lfirst(lc);

		if (!part->held || is_new(part))
			continue;
		appendStringInfoString(buf, separator);
		if (part->kind->id == MIG_COLUMN)
			append_column(buf, part->twin, part);
		else
			part->kind->part(buf, part->twin);
		separator = ",\n    ";
	}
	appendStringInfoString(buf, "\n);\n");
}

/*
 * A child table must have NOT NULL where its parent has.  Servers that note
 * whose it is have it here, too, if it is to stay.
 */
static void
append_column(StringInfo buf, const MigObject *from, const MigObject *to)
{
	appendStringInfo(buf, "%s %s", quote_identifier(from->name),
					 from->values[TYPE]);
	if (from->values[COLLATION] != NULL)
		appendStringInfo(buf, " COLLATE %s", from->values[COLLATION]);
	if (from->values[GENERATED] != NULL)
		appendStringInfo(buf, " GENERATED ALWAYS AS (%s) %s",
						 from->values[GENERATED], from->values[STORED]);
	if (from->values[NOT_NULL_CONSTRAINT] != NULL &&
		MIG_IS_TRUE(from->values[NOT_NULL_VALIDATED]) &&
		!MIG_IS_TRUE(from->values[NOT_NULL_NO_INHERIT]) &&
		!MIG_IS_TRUE(from->values[NOT_NULL_LOCAL]) &&
		mig_same(from->values[NOT_NULL], to->values[NOT_NULL]) &&
		mig_same(from->values[NOT_NULL_NAME], to->values[NOT_NULL_NAME]))
		appendStringInfo(buf, " CONSTRAINT %s NOT NULL",
						 quote_identifier(from->values[NOT_NULL_CONSTRAINT]));
}

static void
append_each(StringInfo buf, const MigObject *table, const char *verb,
			const List *parents)
{
	const ListCell *lc;

	foreach(lc, parents)
		appendStringInfo(buf, "ALTER TABLE %s %s %s;\n", table->identity, verb,
						 (const char *) lfirst(lc));
}

/* Those of some names that are not among others. */
static List *
except(const List *names, const List *others)
{
	List	   *rest = NIL;
	const ListCell *lc;

	foreach(lc, names)
	{
		if (!mig_has_name(others, lfirst(lc)))
			rest = lappend(rest, lfirst(lc));
	}
	return rest;
}

/* A table inherits from parents no more. */
static void
leave(MigDiff *diff, MigObject *table, const List *parents)
{
	const ListCell *lc;

	foreach(lc, parents)
		mig_action_alter(diff, table, "parents", "ALTER TABLE %s NO INHERIT %s",
						 table->identity, (char *) lfirst(lc))->first = true;
}

/* A table inherits from parents from now on. */
static void
join(MigDiff *diff, MigObject *table, const List *parents)
{
	const ListCell *lc;

	foreach(lc, parents)
		mig_action_alter(diff, table, "parents", "ALTER TABLE %s INHERIT %s",
						 table->identity, (char *) lfirst(lc))->last = true;
}

/* What is to be a partition inherits no more. */
void
mig_table_inherit_leave(MigDiff *diff, MigObject *table)
{
	leave(diff, table, mig_list_split(table->twin->values[MIG_TABLE_PARENTS]));
}

/* What was a partition inherits. */
void
mig_table_inherit_join(MigDiff *diff, MigObject *table)
{
	join(diff, table, mig_list_split(table->values[MIG_TABLE_PARENTS]));
}
