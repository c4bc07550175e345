/*-------------------------------------------------------------------------
 *
 * kind/stand_in.c
 *	  What a child table has by itself, too, and the order of its parents.
 *
 * Of a column or check that a child table inherits the server notes whether
 * it is the table's own as well (attislocal, conislocal): so it stays when
 * that of the parents goes, and pg_dump prints it.  The last parent that
 * leaves makes it so, and nothing but a new column takes it back.  So where
 * parents change their order, or a single column or check comes to be what it
 * was not, a table stands in for parents meanwhile: it has what the child
 * inherits, which never is without a parent.
 *
 * A column that is the table's own as well and would not be in the model stays
 * so, and mig_stand_in_tell() says so.  Partitions have nothing of their own
 * in this sense.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/stand_in.h"

#include "kind/column.h"
#include "kind/column_not_null_name.h"
#include "kind/column_values.h"
#include "kind/constraint.h"
#include "kind/list.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "sch/alike.h"
#include "util/sql.h"
#include "utils/builtins.h"

/* Columns that a message names */
#define COLUMNS_SHOWN	20

static bool part_differs(const MigObject *part);
static void note_change(MigObject *part, int attribute);
static void complete(MigDiff *diff, MigObject *table);
static void come_last(MigAction *action);
static void own_columns(MigDiff *diff, MigObject *table, bool generated);
static void append_columns(StringInfo buf, const List *columns);
static void own_check(MigDiff *diff, MigObject *table,
					  const MigObject *check);
static void disown_checks(MigDiff *diff, MigObject *table,
						  const List *checks);
static void come_after(MigAction *action, const MigObject *table,
					   const MigObject *check);
static const List *parents_with(const MigObject *table, const List *checks);
static void append_like(StringInfo buf, const MigObject *table,
						const char *name);
static void append_inherit(StringInfo buf, const MigObject *table,
						   const char *verb, const List *parents);

/*
 * Note what becomes a child table's own, or ceases to be, while it stays.  On
 * the way back columns do neither: what was their table's own has stayed so.
 */
void
mig_stand_in_judge(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		MigObject  *part = lfirst(lc);
		bool		is_column = part->kind->id == MIG_COLUMN;

		if (part->ignored || part->twin == NULL)
			continue;
		if (is_column && mig_not_null_has_old_name(part))
			note_change(part, NOT_NULL_NAME);
		if (is_column && diff->reverse)
			continue;
		if (part_differs(part) && (mig_part_is_local(part) || !is_column))
			note_change(part, is_column ? LOCAL : MIG_CONSTRAINT_LOCAL);
	}
}

/* Do both sides of a pair inherit, and one alone has it by itself, too? */
static bool
part_differs(const MigObject *part)
{
	return mig_part_may_differ(part) && mig_part_inherits(part->twin) &&
		mig_part_is_local(part) != mig_part_is_local(part->twin);
}

static void
note_change(MigObject *part, int attribute)
{
	part->changed |= (uint32) 1 << attribute;
	part->twin->changed |= (uint32) 1 << attribute;
	if (part->fate == MIG_KEEP)
		part->fate = part->twin->fate = MIG_ALTER;
}

/* Is it a column or check that a child table inherits? */
bool
mig_part_may_differ(const MigObject *part)
{
	return (part->kind->id == MIG_COLUMN || mig_constraint_is_check(part)) &&
		part->parent->kind->id == MIG_TABLE && mig_part_inherits(part) &&
		!mig_table_is_partition(part->parent);
}

/*
 * Will it be the table's own once all else is done?  So is what no parent
 * keeps up, and what is made before the table has its parents.
 */
bool
mig_part_ends_local(const MigObject *part)
{
	if (part->twin == NULL || part->fate == MIG_RECREATE)
		return !part->held && !part->kind->is_inherited(part);
	if (part->held)
		return mig_part_is_local(part->twin) || !mig_part_inherits(part->twin);
	return mig_part_is_local(part->twin) ||
		!mig_table_keeps_part(part->twin) || !mig_table_keeps_part(part);
}

/*
 * Complete what tables have that stay and have parents, behind all else that
 * happens to them.  All other actions have been made.
 */
void
mig_stand_in_complete(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		MigObject  *table = lfirst(lc);

		if (table->kind->id == MIG_TABLE && !table->ignored &&
			table->made == NULL && table->twin != NULL &&
			table->values[MIG_TABLE_PARENTS] != NULL &&
			!mig_table_is_partition(table))
			complete(diff, table);
	}
}

static void
complete(MigDiff *diff, MigObject *table)
{
	List	   *checks = NIL;
	const ListCell *lc;

	if (!diff->reverse)
	{
		own_columns(diff, table, false);
		own_columns(diff, table, true);
	}
	foreach(lc, table->children)
	{
		MigObject  *part = lfirst(lc);

		if (part->ignored || part->kind->id == MIG_COLUMN ||
			!mig_part_may_differ(part) ||
			mig_part_is_local(part) == mig_part_ends_local(part))
			continue;
		if (mig_part_is_local(part))
			own_check(diff, table, part);
		else
			checks = lappend(checks, part);
	}
	if (checks != NIL)
		disown_checks(diff, table, checks);
}

/* It is all that happens to what a table has by itself. */
static void
come_last(MigAction *action)
{
	action->last = action->sets_own = true;
}

/*
 * Columns that the table is to have by itself, too: they are so when one that
 * they come from, as well, goes from that table alone.
 */
static void
own_columns(MigDiff *diff, MigObject *table, bool generated)
{
	const char *name = mig_stand_in_name(diff, table);
	List	   *columns = NIL;
	StringInfoData buf;
	const ListCell *lc;

	foreach(lc, table->children)
	{
		MigObject  *column = lfirst(lc);

		if (column->kind->id == MIG_COLUMN && !column->ignored &&
			mig_part_may_differ(column) && mig_part_is_local(column) &&
			!mig_part_ends_local(column) &&
			(mig_column_generation(column) != NULL) == generated)
			columns = lappend(columns, column);
	}
	if (columns == NIL)
		return;
	initStringInfo(&buf);
	if (generated)
		append_like(&buf, table, name);
	else
	{
		appendStringInfo(&buf, "CREATE TABLE %s (", name);
		append_columns(&buf, columns);
		appendStringInfoString(&buf, ");\n");
	}
	append_inherit(&buf, table, "INHERIT", list_make1(pstrdup(name)));
	foreach(lc, columns)
		appendStringInfo(&buf, "ALTER TABLE ONLY %s DROP COLUMN %s;\n", name,
						 quote_identifier(((MigObject *) lfirst(lc))->name));
	append_inherit(&buf, table, "NO INHERIT", list_make1(pstrdup(name)));
	appendStringInfo(&buf, "DROP TABLE %s", name);
	come_last(mig_action_add(diff, MIG_OP_ALTER, table, "columns of its own",
							 buf.data));
}

static void
append_columns(StringInfo buf, const List *columns)
{
	const ListCell *lc;

	foreach(lc, columns)
	{
		const MigObject *column = lfirst(lc);

		appendStringInfo(buf, "%s%s %s",
						 foreach_current_index(lc) > 0 ? ", " : "",
						 quote_identifier(column->name),
						 column->values[TYPE]);
		if (column->values[COLLATION] != NULL)
			appendStringInfo(buf, " COLLATE %s", column->values[COLLATION]);
	}
}

/* The server takes it for the one that is there. */
static void
own_check(MigDiff *diff, MigObject *table, const MigObject *check)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "ALTER TABLE %s ADD ", table->identity);
	check->kind->part(&buf, check);
	if (!mig_constraint_is_validated(check))
		appendStringInfoString(&buf, " NOT VALID");
	come_last(mig_action_add(diff, MIG_OP_ALTER, table, "check of its own",
							 buf.data));
}

/*
 * Checks that the table is to have from its parents alone: its own are
 * dropped while it has no parent with them, and come with those of the table
 * that stands in.
 */
static void
disown_checks(MigDiff *diff, MigObject *table, const List *checks)
{
	const char *name = mig_stand_in_name(diff, table);
	const List *parents = parents_with(table, checks);
	StringInfoData buf;
	MigAction  *action;
	const ListCell *lc;

	initStringInfo(&buf);
	append_like(&buf, table, name);
	foreach(lc, checks)
		appendStringInfo(&buf, "ALTER TABLE %s DROP CONSTRAINT %s;\n", name,
						 quote_identifier(((MigObject *) lfirst(lc))->name));
	append_inherit(&buf, table, "INHERIT", list_make1(pstrdup(name)));
	append_inherit(&buf, table, "NO INHERIT", parents);
	foreach(lc, checks)
	{
		const MigObject *check = lfirst(lc);

		appendStringInfo(&buf, "ALTER TABLE %s DROP CONSTRAINT %s;\nALTER TABLE %s ADD ",
						 table->identity, quote_identifier(check->name), name);
		check->kind->part(&buf, check);
		appendStringInfoString(&buf, mig_constraint_is_validated(check) ?
							   ";\n" : " NOT VALID;\n");
		if (check->comment != NULL)
			appendStringInfo(&buf, "COMMENT ON CONSTRAINT %s ON %s IS %s;\n",
							 quote_identifier(check->name), table->identity,
							 quote_literal_cstr(check->comment));
	}
	append_inherit(&buf, table, "INHERIT", parents);
	append_inherit(&buf, table, "NO INHERIT", list_make1(pstrdup(name)));
	appendStringInfo(&buf, "DROP TABLE %s", name);
	action = mig_action_add(diff, MIG_OP_ALTER, table,
							"checks of its parents alone", buf.data);
	come_last(action);
	foreach(lc, checks)
		come_after(action, table, lfirst(lc));
	mig_action_warn(action, MIG_SCANS_TABLE,
					"no session can use it meanwhile")->table =
		table->identity;
}

/* The checks of the tables above come before, as far as they are new. */
static void
come_after(MigAction *action, const MigObject *table, const MigObject *check)
{
	const ListCell *lc;

	foreach(lc, mig_table_parents(table))
	{
		const MigObject *above = mig_table_part_like(lfirst(lc), check);

		if (above == NULL)
			continue;
		if (above->made != NULL)
			mig_action_prefer(above->made, action);
		come_after(action, lfirst(lc), check);
	}
}

/* The names of a table's parents, from the first one with a check on. */
static const List *
parents_with(const MigObject *table, const List *checks)
{
	List	   *names = mig_list_split(table->values[MIG_TABLE_PARENTS]);
	const ListCell *lc;
	const ListCell *other;

	foreach(lc, names)
	{
		foreach(other, mig_table_parents(table))
		{
			const MigObject *parent = lfirst(other);
			const ListCell *check;

			if (!mig_same(parent->identity, lfirst(lc)))
				continue;
			foreach(check, checks)
			{
				if (mig_table_part_like(parent, lfirst(check)) != NULL)
					return list_copy_tail(names, foreach_current_index(lc));
			}
		}
	}
	return names;
}

/*
 * Those of the new parents, by name, that are not behind each other as they
 * should once the others have come behind those that stay.
 */
List *
mig_stand_in_moved(const List *before, const List *after)
{
	List	   *order = NIL;
	const ListCell *lc;

	foreach(lc, before)
	{
		if (mig_has_name(after, lfirst(lc)))
			order = lappend(order, lfirst(lc));
	}
	foreach(lc, after)
	{
		if (!mig_has_name(before, lfirst(lc)))
			order = lappend(order, lfirst(lc));
	}
	foreach(lc, after)
	{
		int			i = foreach_current_index(lc);

		if (strcmp(lfirst(lc), list_nth(order, i)) != 0)
			return list_copy_tail(after, i);
	}
	return NIL;
}

/* Have these parents of a table, of which it has some, behind the others. */
void
mig_stand_in_move(MigDiff *diff, MigObject *table, const List *moved,
				  const List *before)
{
	const char *name = mig_stand_in_name(diff, table);
	List	   *old = NIL;
	StringInfoData buf;
	const ListCell *lc;

	foreach(lc, moved)
	{
		if (mig_has_name(before, lfirst(lc)))
			old = lappend(old, lfirst(lc));
	}
	initStringInfo(&buf);
	append_like(&buf, table, name);
	append_inherit(&buf, table, "INHERIT", list_make1(pstrdup(name)));
	append_inherit(&buf, table, "NO INHERIT", old);
	append_inherit(&buf, table, "INHERIT", moved);
	append_inherit(&buf, table, "NO INHERIT", list_make1(pstrdup(name)));
	appendStringInfo(&buf, "DROP TABLE %s", name);
	mig_action_add(diff, MIG_OP_ALTER, table, "order of parents",
				   buf.data)->last = true;
}

/* The name of the table that stands in, as SQL has it. */
const char *
mig_stand_in_name(const MigDiff *diff, const MigObject *table)
{
	return quote_qualified_identifier(table->schema,
									  mig_alike_free_name(diff, table->name,
														  "stand_in"));
}

/* With all that the table has and may have inherited. */
static void
append_like(StringInfo buf, const MigObject *table, const char *name)
{
	appendStringInfo(buf, "CREATE TABLE %s (LIKE %s INCLUDING CONSTRAINTS INCLUDING GENERATED);\n",
					 name, table->identity);
}

static void
append_inherit(StringInfo buf, const MigObject *table, const char *verb,
			   const List *parents)
{
	const ListCell *lc;

	foreach(lc, parents)
		appendStringInfo(buf, "ALTER TABLE %s %s %s;\n", table->identity, verb,
						 (const char *) lfirst(lc));
}

/*
 * Say what is a table's own as well, or will be, and is not where the
 * comparison leads to; place names that, NULL is the model.  Returns false if
 * there is nothing.
 */
bool
mig_stand_in_tell(const MigDiff *diff, const char *place)
{
	const char *more = "";
	List	   *names = NIL;
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		const MigObject *column = lfirst(lc);

		if (column->kind->id == MIG_COLUMN && !column->ignored &&
			column->twin != NULL && column->fate != MIG_RECREATE &&
			mig_part_may_differ(column) && !mig_part_is_local(column) &&
			mig_part_ends_local(column))
			names = lappend(names, pstrdup(column->identity));
	}
	if (names == NIL)
		return false;
	if (place == NULL)
	{
		place = "the model";
		more = " Write such columns into the tables in the model, too, as pg_dump does.";
	}
	ereport(NOTICE,
			(errmsg_plural("%d column is inherited and its table's own as well, in %s it is inherited alone",
						   "%d columns are inherited and their tables' own as well, in %s they are inherited alone",
						   list_length(names), list_length(names), place),
			 errdetail_internal("%s.",
								mig_join_names(names, ", ", COLUMNS_SHOWN)),
			 errhint("No statement of the server changes that.%s", more)));
	return true;
}
