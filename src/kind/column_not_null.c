/*-------------------------------------------------------------------------
 *
 * kind/column_not_null.c
 *	  NOT NULL constraints of columns.
 *
 * From 18 on they are constraints with a name, which can be NOT VALID, NO
 * INHERIT, and have a comment.  Here they stay attributes of their columns,
 * for there is one of them at most.  Older servers have none of these
 * attributes; all that is asked of the version is whether there is a name.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_not_null.h"

#include "kind/column_not_null_name.h"
#include "kind/column_values.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"

static bool comes_late(const MigObject *column);
static bool comes_late_above(const MigObject *column);
static void append_rest_below(StringInfo buf, const MigObject *column);
static bool is_not_null(const MigObject *column);
static bool is_inheritable(const MigObject *column);
static const MigObject *not_null_above(const MigObject *column);
static const char *place_of(const MigObject *column);
static void append_comment(StringInfo buf, const MigObject *column);
static MigAction *add(MigDiff *diff, MigObject *to);
static bool makes_way(const MigObject *column);
static bool goes_for_other(const MigObject *column);
static void drop(MigDiff *diff, MigObject *to);
static bool is_kept_below(const MigObject *column);
static bool is_kept(const MigObject *column);
static bool is_taken_below(const MigObject *column);
static void give_again(MigAction *action, const MigObject *column);
static bool is_valid_below(const MigObject *column);
static bool goes_with_parents(const MigObject *from, const MigObject *to);
static bool comes_with_parents(const MigObject *to);
static void alter_constraint(MigDiff *diff, MigObject *from, MigObject *to);
static const char *name_by_then(const MigObject *from, const MigObject *to);
static const char *last_name(const MigObject *column);
static void alter_inheritance(MigDiff *diff, MigObject *to, const char *name);
static bool validates_above(const MigObject *column);
static void append_anew(StringInfo buf, const MigObject *column);
static bool waits_again(const MigObject *column);
static const MigObject *first_not_valid(const MigObject *column);
static const MigObject *top_of(const MigObject *column);
static bool makes_parents_anew(const MigObject *column);
static bool is_made_anew(const MigObject *to);

/*
 * Append it to the definition of a column; ADD COLUMN and CREATE TABLE cannot
 * say NOT VALID.
 */
void
mig_column_not_null_part(StringInfo buf, const MigObject *column)
{
	bool		named = !mig_not_null_gets_name(column);

	if (!is_not_null(column) || mig_column_not_null_waits(column) ||
		(column->values[IDENTITY] != NULL && !named &&
		 is_inheritable(column)))
		return;
	if (named)
	{
		const char *name = column->values[NOT_NULL_CONSTRAINT];

		appendStringInfo(buf, " CONSTRAINT %s", quote_identifier(name));
	}
	appendStringInfoString(buf, " NOT NULL");
	if (!is_inheritable(column))
		appendStringInfoString(buf, " NO INHERIT");
}

/*
 * Has an inherited column a constraint of its own, under another name than it
 * would inherit, or would get of a primary key?  CREATE TABLE can say so.
 */
bool
mig_column_not_null_renames(const MigObject *column)
{
	const MigObject *above = not_null_above(column);

	if (!is_not_null(column) || mig_column_not_null_waits(column))
		return false;
	return above != NULL ?
		!mig_same(column->values[NOT_NULL_CONSTRAINT],
				  above->values[NOT_NULL_CONSTRAINT]) :
		!mig_not_null_gets_name(column) && mig_column_is_in_key(column);
}

/* Append what the definition of a new column could not say. */
void
mig_column_not_null_settings(StringInfo buf, const MigObject *column)
{
	if (!is_not_null(column) || comes_late(column) ||
		(mig_not_null_is_inherited(column) && comes_late_above(column)))
		return;
	if (column->kind->is_inherited(column) ?
		not_null_above(column) == NULL &&
		!mig_column_not_null_renames(column) :
		mig_column_not_null_waits(column))
		mig_column_not_null_add(buf, column);
	else
		append_comment(buf, column);
}

/*
 * Child tables that are new would inherit it as valid: where it is not to be,
 * it comes when they are there.
 */
void
mig_column_not_null_complete(MigDiff *diff, MigObject *column)
{
	StringInfoData buf;

	if (!comes_late(column))
		return;
	initStringInfo(&buf);
	mig_column_not_null_add(&buf, column);
	append_rest_below(&buf, column);
	mig_action_add(diff, MIG_OP_ALTER, column, "not null",
				   buf.data)->late = true;
}

static bool
comes_late(const MigObject *column)
{
	const ListCell *lc;

	if (!mig_column_not_null_waits(column) ||
		mig_not_null_is_inherited(column))
		return false;
	foreach(lc, mig_columns_below(column))
	{
		const MigObject *below = lfirst(lc);

		if (mig_column_not_null_waits(below) && mig_is_created(below->parent))
			return true;
	}
	return false;
}

/* Is that so of a table that a new one inherits it from? */
static bool
comes_late_above(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_table_parents(column->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), column->name);

		if (above != NULL && (comes_late(above) || comes_late_above(above)))
			return true;
	}
	return false;
}

/* Append what new child tables, which have it with that one, have besides. */
static void
append_rest_below(StringInfo buf, const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_columns_below(column))
	{
		const MigObject *below = lfirst(lc);

		if (!mig_not_null_is_inherited(below) ||
			!mig_is_created(below->parent))
			continue;
		if (!mig_column_not_null_waits(below) &&
			mig_column_not_null_waits(not_null_above(below)))
			appendStringInfo(buf, "ALTER TABLE %s VALIDATE CONSTRAINT %s;\n",
							 below->parent->identity,
							 quote_identifier(mig_not_null_first_name(below)));
		append_comment(buf, below);
	}
}

/* Append the statements that add it to a column that is there. */
void
mig_column_not_null_add(StringInfo buf, const MigObject *column)
{
	const char *table = place_of(column);

	if (mig_column_not_null_is_plain(column))
		appendStringInfo(buf, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;\n",
						 table, quote_identifier(column->name));
	else
	{
		appendStringInfo(buf, "ALTER TABLE %s ADD ", table);
		mig_column_not_null_append(buf, column);
		appendStringInfo(buf, "%s;\n",
						 mig_column_not_null_waits(column) ? " NOT VALID" : "");
	}
	append_comment(buf, column);
}

/* Alter it; returns the action by which it comes, or NULL. */
MigAction *
mig_column_not_null_alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	MigAction  *comes = NULL;

	if (is_not_null(from) && is_not_null(to))
		alter_constraint(diff, from, to);
	else if (is_not_null(to) && !comes_with_parents(to))
		comes = add(diff, to);
	else if (is_not_null(from) && !goes_with_parents(from, to))
		drop(diff, to);
	if (is_not_null(to) && mig_not_null_is_name_held(to))
		mig_not_null_take_name(diff, to);
	return comes;
}

/* Do the words NOT NULL say all there is to say? */
bool
mig_column_not_null_is_plain(const MigObject *column)
{
	return is_not_null(column) && mig_not_null_gets_name(column) &&
		is_inheritable(column) && !mig_column_not_null_waits(column);
}

static bool
is_not_null(const MigObject *column)
{
	return MIG_IS_TRUE(column->values[NOT_NULL]);
}

/* Not known before 18, where each holds. */
bool
mig_column_not_null_waits(const MigObject *column)
{
	return column->values[NOT_NULL_VALIDATED] != NULL &&
		!MIG_IS_TRUE(column->values[NOT_NULL_VALIDATED]);
}

/* Do the columns of child tables inherit it? */
static bool
is_inheritable(const MigObject *column)
{
	return !MIG_IS_TRUE(column->values[NOT_NULL_NO_INHERIT]);
}

/* The column of a parent table that it would inherit NOT NULL from, or NULL */
static const MigObject *
not_null_above(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_table_parents(column->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), column->name);

		if (above != NULL && is_not_null(above) && is_inheritable(above))
			return above;
	}
	return NULL;
}

/* The table that is given it, as SQL has it. */
static const char *
place_of(const MigObject *column)
{
	return mig_not_null_is_inherited(column) ? mig_table_place(column) :
		column->parent->identity;
}

/* "CONSTRAINT name NOT NULL column" */
void
mig_column_not_null_append(StringInfo buf, const MigObject *column)
{
	appendStringInfo(buf, "CONSTRAINT %s NOT NULL %s%s",
					 quote_identifier(mig_not_null_first_name(column)),
					 quote_identifier(column->name),
					 is_inheritable(column) ? "" : " NO INHERIT");
}

static void
append_comment(StringInfo buf, const MigObject *column)
{
	if (column->values[NOT_NULL_COMMENT] != NULL)
		appendStringInfo(buf, "COMMENT ON CONSTRAINT %s ON %s IS %s;\n",
						 quote_identifier(mig_not_null_first_name(column)),
						 column->parent->identity,
						 quote_literal_cstr(column->values[NOT_NULL_COMMENT]));
}

/* What is to be inherited comes by way of the table that stands in. */
static MigAction *
add(MigDiff *diff, MigObject *to)
{
	const char *table = place_of(to);
	const char *name = quote_identifier(to->name);
	bool		scans = false;
	MigAction  *action;
	StringInfoData buf;

	initStringInfo(&buf);
	mig_column_not_null_make_way(&buf, to);
	if (diff->safe_constraints && !mig_column_not_null_waits(to) &&
		to->values[NOT_NULL_CONSTRAINT] != NULL)
	{
		appendStringInfo(&buf, "ALTER TABLE %s ADD ", table);
		mig_column_not_null_append(&buf, to);
		appendStringInfo(&buf, " NOT VALID;\nALTER TABLE %s VALIDATE CONSTRAINT %s;\n",
						 table, quote_identifier(mig_not_null_first_name(to)));
		append_comment(&buf, to);
	}
	else if (diff->safe_constraints && !mig_column_not_null_waits(to))
		appendStringInfo(&buf,
						 "ALTER TABLE %1$s ADD CONSTRAINT %3$s CHECK (%2$s IS NOT NULL) NOT VALID;\n"
						 "ALTER TABLE %1$s VALIDATE CONSTRAINT %3$s;\n"
						 "ALTER TABLE %1$s ALTER COLUMN %2$s SET NOT NULL;\n"
						 "ALTER TABLE %1$s DROP CONSTRAINT %3$s",
						 table, name,
						 quote_identifier(mig_not_null_check_name(to)));
	else
	{
		scans = !mig_column_not_null_waits(to);
		mig_column_not_null_add(&buf, to);
	}
	if (comes_late(to))
		append_rest_below(&buf, to);
	action = mig_action_add(diff, MIG_OP_ALTER, to, "not null", buf.data);
	action->late = comes_late(to);
	action->behind = true;
	if (scans)
		mig_action_warn(action, MIG_SCANS_TABLE,
						"no session can use it meanwhile")->table =
			to->parent->identity;
	return action;
}

/*
 * Append what makes way in child tables, whose own constraint would stay
 * besides and keep its name: it goes, for it is inherited from now on, unless
 * a primary key needs it.  In partitions it is taken for the inherited one,
 * once it has the name.  One that holds, while the parent's is not valid, they
 * have before.
 */
void
mig_column_not_null_make_way(StringInfo buf, const MigObject *column)
{
	const ListCell *lc;

	if (!is_not_null(column) || !is_inheritable(column))
		return;
	foreach(lc, mig_columns_below(column))
	{
		const MigObject *below = lfirst(lc);
		const char *old;
		const char *new;

		if (below->twin == NULL || !mig_not_null_is_inherited(below))
			continue;
		if (mig_column_not_null_waits(column) &&
			!mig_column_not_null_waits(below) && !is_not_null(below->twin))
			mig_column_not_null_add(buf, below);
		if (!makes_way(below))
			continue;
		old = below->twin->values[NOT_NULL_CONSTRAINT];
		new = below->values[NOT_NULL_CONSTRAINT];
		if (goes_for_other(below))
			appendStringInfo(buf, "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL;\n",
							 below->parent->identity,
							 quote_identifier(below->name));
		else if (!mig_same(old, new))
		{
			mig_not_null_append_rename(buf, below, old, new);
			appendStringInfoString(buf, ";\n");
		}
	}
}

/* Had it one of its own, and has now that of a parent table? */
static bool
makes_way(const MigObject *column)
{
	return mig_not_null_is_inherited(column) &&
		column->twin->values[NOT_NULL_NAME] != NULL &&
		!mig_table_is_attached(column->parent);
}

/* Does that go, then, or is it taken for the other? */
static bool
goes_for_other(const MigObject *column)
{
	return !mig_table_is_partition(column->parent) &&
		!MIG_IS_TRUE(column->values[NOT_NULL_LOCAL]) &&
		!mig_column_is_in_key(column->twin);
}

/*
 * Child tables that keep it have it by themselves afterwards; 17 and older
 * take it from them, too, and do not leave it to partitions.
 */
static void
drop(MigDiff *diff, MigObject *to)
{
	bool		alone = is_kept_below(to) && !is_taken_below(to);
	MigAction  *action;

	action = mig_action_alter(diff, to, "not null",
							  "ALTER TABLE %s%s ALTER COLUMN %s DROP NOT NULL",
							  alone ? "ONLY " : "", to->parent->identity,
							  quote_identifier(to->name));
	if (is_taken_below(to))
		give_again(action, to);
}

/* Have child tables NOT NULL still when the parent's is gone? */
static bool
is_kept_below(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_columns_below(column))
	{
		if (is_kept(lfirst(lc)))
			return true;
	}
	return false;
}

static bool
is_kept(const MigObject *column)
{
	return column != NULL && column->twin != NULL && is_not_null(column) &&
		is_not_null(column->twin) && column->fate != MIG_RECREATE;
}

/* Does the server take it from partitions whether they keep it or not? */
static bool
is_taken_below(const MigObject *column)
{
	return column->twin->values[NOT_NULL_CONSTRAINT] == NULL &&
		mig_table_is_partitioned(column->parent);
}

/* Partitions that are to keep what is taken from them get it once more. */
static void
give_again(MigAction *action, const MigObject *column)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	appendStringInfoString(&buf, action->sql);
	foreach(lc, mig_table_descendants(column->parent))
	{
		const MigObject *partition = lfirst(lc);
		const MigObject *above = linitial(mig_table_parents(partition));

		if (!is_kept(mig_table_column(partition, column->name)) ||
			is_kept(mig_table_column(above, column->name)))
			continue;
		appendStringInfo(&buf, ";\nALTER TABLE %s ALTER COLUMN %s SET NOT NULL",
						 partition->identity, quote_identifier(column->name));
		mig_action_warn(action, MIG_SCANS_TABLE,
						"no session can use it meanwhile")->table =
			partition->identity;
	}
	action->sql = buf.data;
}

/* Have child tables a valid NOT NULL, and keep it as it is? */
static bool
is_valid_below(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_columns_below(column))
	{
		const MigObject *below = lfirst(lc);

		if (is_not_null(below) && !mig_column_not_null_waits(below))
			return true;
	}
	return false;
}

/* Does the server take it away together with that of a parent table? */
static bool
goes_with_parents(const MigObject *from, const MigObject *to)
{
	const ListCell *lc;

	if (MIG_IS_TRUE(from->values[NOT_NULL_LOCAL]) ||
		!MIG_IS_TRUE(from->values[INHERITED]) ||
		!MIG_IS_TRUE(to->values[INHERITED]))
		return false;
	foreach(lc, mig_table_lasting_parents(from->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), from->name);

		if (above != NULL && above->twin != NULL && is_not_null(above) &&
			is_inheritable(above) && !is_not_null(above->twin) &&
			above->fate != MIG_RECREATE &&
			(is_taken_below(above->twin) || !is_kept_below(above->twin)))
			return true;
	}
	return false;
}

/* Does the server give it together with that of a parent table? */
static bool
comes_with_parents(const MigObject *to)
{
	const ListCell *lc;

	if (!MIG_IS_TRUE(to->values[INHERITED]))
		return false;
	foreach(lc, mig_table_lasting_parents(to->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), to->name);

		if (above != NULL && above->twin != NULL && is_not_null(above) &&
			is_inheritable(above) && above->fate != MIG_RECREATE &&
			(!is_not_null(above->twin) || !is_inheritable(above->twin)))
			return true;
	}
	return false;
}

/* What changes in one that stays. */
static void
alter_constraint(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *table = to->parent->identity;
	const char *old = name_by_then(from, to);
	const char *new = mig_not_null_first_name(to);
	bool		moves;
	MigAction  *action;
	StringInfoData buf;

	moves = mig_table_is_detached(from->parent) ||
		mig_table_is_attached(to->parent);
	initStringInfo(&buf);
	if (is_made_anew(to) || makes_parents_anew(to))
	{
		append_anew(&buf, top_of(to));
		mig_action_add(diff, MIG_OP_ALTER, to, "not null", buf.data);
		if (is_made_anew(to))
			return;
	}
	if (MIG_CHANGED(to, NOT_NULL_NAME) && !mig_same(old, new) &&
		(moves || !mig_not_null_is_inherited(to)))
	{
		initStringInfo(&buf);
		mig_not_null_append_rename(&buf, to, old, new);
		mig_action_add(diff, MIG_OP_ALTER, to, "name of not null", buf.data);
	}
	else if (!makes_way(to) || !comes_with_parents(to))
		new = old;
	if (MIG_CHANGED(to, NOT_NULL_VALIDATED) &&
		!mig_column_not_null_waits(to) &&
		(!mig_not_null_is_inherited(to) || moves || !validates_above(to)))
	{
		action = mig_action_alter(diff, to, "validated",
								  "ALTER TABLE %s VALIDATE CONSTRAINT %s",
								  table, quote_identifier(new));
		mig_column_not_null_warn(action, to);
	}
	if (MIG_CHANGED(to, NOT_NULL_NO_INHERIT) &&
		(!mig_not_null_is_inherited(to) || moves))
		alter_inheritance(diff, to, new);
	if (MIG_CHANGED(to, NOT_NULL_COMMENT) ||
		(to->values[NOT_NULL_COMMENT] != NULL && makes_way(to) &&
		 comes_with_parents(to) && goes_for_other(to)))
		mig_action_alter(diff, to, "comment on not null",
						 "COMMENT ON CONSTRAINT %s ON %s IS %s",
						 quote_identifier(new), table,
						 to->values[NOT_NULL_COMMENT] == NULL ? "NULL" :
						 quote_literal_cstr(to->values[NOT_NULL_COMMENT]));
}

/*
 * The name that an old one has when its table's turn comes: one that it
 * inherits is renamed with that of the parent table, or made anew with it.
 */
static const char *
name_by_then(const MigObject *from, const MigObject *to)
{
	const char *name = from->values[NOT_NULL_CONSTRAINT];
	const ListCell *lc;

	if (!mig_not_null_is_inherited(from))
		return name;
	foreach(lc, mig_table_lasting_parents(to->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), to->name);

		if (above == NULL || above->twin == NULL || !is_not_null(above) ||
			!is_not_null(above->twin) || !is_inheritable(above->twin) ||
			above->fate == MIG_RECREATE)
			continue;
		if (mig_not_null_is_renamed_alone(above))
			return mig_not_null_name_beside(to, above);
		if (is_made_anew(above) ? waits_again(to) :
			mig_same(above->twin->values[NOT_NULL_CONSTRAINT], name))
			return last_name(above);
	}
	return name;
}

/* The name that it has after its table's turn, but for one that is held. */
static const char *
last_name(const MigObject *column)
{
	return mig_not_null_is_inherited(column) ?
		name_by_then(column->twin, column) : mig_not_null_first_name(column);
}

/* The tables below get it or keep their own: what they have makes way. */
static void
alter_inheritance(MigDiff *diff, MigObject *to, const char *name)
{
	const char *table = to->parent->identity;
	MigAction  *action;
	StringInfoData buf;

	initStringInfo(&buf);
	if (is_inheritable(to))
		mig_column_not_null_make_way(&buf, to);
	appendStringInfo(&buf, "ALTER TABLE %s ALTER CONSTRAINT %s %s", table,
					 quote_identifier(name),
					 is_inheritable(to) ? "INHERIT" : "NO INHERIT");
	action = mig_action_add(diff, MIG_OP_ALTER, to, "inheritance of not null",
							buf.data);
	if (!is_inheritable(to) || mig_table_descendants(to->parent) == NIL)
		return;
	mig_action_warn(action, MIG_SCANS_TABLE,
					"no session can use it meanwhile")->table = table;
	mig_column_not_null_warn(action, to);
}

/*
 * Append what drops and adds it.  Child tables that are to be valid have it by
 * themselves meanwhile, and it is taken from the others.
 */
static void
append_anew(StringInfo buf, const MigObject *column)
{
	bool		alone = is_valid_below(column);
	const ListCell *lc;

	appendStringInfo(buf, "ALTER TABLE %s%s ALTER COLUMN %s DROP NOT NULL;\n",
					 alone ? "ONLY " : "", column->parent->identity,
					 quote_identifier(column->name));
	foreach(lc, mig_columns_below(column))
	{
		const MigObject *below = lfirst(lc);

		if (alone && waits_again(below))
			appendStringInfo(buf, "ALTER TABLE ONLY %s ALTER COLUMN %s DROP NOT NULL;\n",
							 below->parent->identity,
							 quote_identifier(below->name));
	}
	mig_column_not_null_add(buf, column);
	foreach(lc, mig_columns_below(column))
	{
		const MigObject *below = lfirst(lc);

		if (waits_again(below) && !MIG_CHANGED(below, NOT_NULL_COMMENT))
			append_comment(buf, below);
	}
}

/* Is an inherited one to be NOT VALID, whatever it was? */
static bool
waits_again(const MigObject *column)
{
	return column->twin != NULL && is_not_null(column->twin) &&
		mig_not_null_is_inherited(column) && mig_column_not_null_waits(column);
}

/* The first of those that inherit it which is no longer valid, or NULL */
static const MigObject *
first_not_valid(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_columns_below(column))
	{
		const MigObject *below = lfirst(lc);

		if (waits_again(below) && !mig_column_not_null_waits(below->twin))
			return below;
	}
	return NULL;
}

/* The column that one inherits it from at last, or itself */
static const MigObject *
top_of(const MigObject *column)
{
	const MigObject *above = not_null_above(column);

	if (!mig_not_null_is_inherited(column) || above == NULL)
		return column;
	return top_of(above);
}

/*
 * Does one make that of its parent table anew, to be NOT VALID again?  The
 * first one does, if nothing else changes in the parent's.
 */
static bool
makes_parents_anew(const MigObject *column)
{
	const MigObject *top = top_of(column);

	return top != column && top->fate == MIG_KEEP &&
		first_not_valid(top) == column;
}

/* What was valid does not become NOT VALID; foreign tables alter little. */
static bool
is_made_anew(const MigObject *to)
{
	if (mig_not_null_is_inherited(to))
		return false;
	return (mig_column_not_null_waits(to) &&
			(MIG_CHANGED(to, NOT_NULL_VALIDATED) ||
			 first_not_valid(to) != NULL)) ||
		(MIG_CHANGED(to, NOT_NULL_NO_INHERIT) &&
		 mig_table_is_foreign(to->parent));
}

/* Is it valid as soon as that of a parent table is? */
static bool
validates_above(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_table_lasting_parents(column->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), column->name);

		if (above != NULL && MIG_CHANGED(above, NOT_NULL_VALIDATED) &&
			!mig_column_not_null_waits(above))
			return true;
	}
	return false;
}

void
mig_column_not_null_warn(MigAction *action, const MigObject *column)
{
	const char *table = column->parent->identity;
	MigHazard  *hazard = mig_action_warn(action, MIG_MAY_FAIL,
										 "column \"%s\" has NULLs",
										 column->name);

	hazard->table = table;
	hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s%s", table,
							 column->twin == NULL ? "" :
							 psprintf(" WHERE %s IS NULL",
									  quote_identifier(column->name)));
}
