/*-------------------------------------------------------------------------
 *
 * kind/column_generated.c
 *	  Generated columns.
 *
 * One that is stored gets another expression in place from 17 on, and keeps
 * what depends on it.  One that is not is dropped and created unless it is
 * inherited: that costs nothing, and the server refuses the other way where
 * the table is part of a publication, of which a comparison may know nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_generated.h"

#include "compat.h"
#include "kind/column_values.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "sch/expression.h"
#include "utils/builtins.h"

static bool stays_inherited(const MigObject *column);
static char *as_they_will_be(const MigObject *column);

bool
mig_column_is_generated(const MigObject *column)
{
	return column->values[GENERATED] != NULL;
}

/* Is it generated when it is read? */
bool
mig_column_is_virtual(const MigObject *column)
{
	return column->values[STORED] != NULL &&
		strcmp(column->values[STORED], "VIRTUAL") == 0;
}

/*
 * Has an inherited column another expression than it would inherit?  From 16
 * on CREATE TABLE can say so.
 */
bool
mig_column_generated_differs(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_table_parents(column->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), column->name);

		if (above != NULL && mig_column_is_generated(above) &&
			!mig_same(column->values[GENERATED], above->values[GENERATED]))
			return true;
	}
	return false;
}

/* Append that to CREATE TABLE. */
void
mig_column_generated_part_inherited(StringInfo buf, const MigObject *column)
{
	appendStringInfoString(buf, quote_identifier(column->name));
	if (!mig_table_is_partition(column->parent))
		appendStringInfo(buf, " %s", column->values[TYPE]);
	appendStringInfo(buf, " GENERATED ALWAYS AS (%s) %s",
					 column->values[GENERATED], column->values[STORED]);
}

/* Must the column be created anew to be what it is to be? */
bool
mig_column_generated_anew(const MigObject *from, const MigObject *to)
{
	if (!mig_column_is_generated(to))
		return mig_column_is_virtual(from);
	if (MIG_CHANGED(to, STORED))
		return true;
	if (!MIG_CHANGED(to, GENERATED))
		return false;
	return !MIG_SET_EXPRESSION || MIG_CHANGED(to, TYPE) ||
		MIG_CHANGED(to, COLLATION) ||
		(mig_column_is_virtual(to) && !stays_inherited(to));
}

/* Is it inherited from a column that is not created anew with it? */
static bool
stays_inherited(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_table_lasting_parents(column->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), column->name);

		if (above != NULL && above->twin != NULL &&
			mig_same(above->values[GENERATED], column->values[GENERATED]) &&
			!mig_same(above->values[GENERATED],
					  above->twin->values[GENERATED]))
			return false;
	}
	return MIG_IS_TRUE(column->values[INHERITED]);
}

/* May the columns of child tables change together with it? */
bool
mig_column_generated_spreads(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_columns_below(column))
	{
		const MigObject *below = lfirst(lc);

		if (!mig_same(below->values[GENERATED], column->values[GENERATED]))
			return false;
	}
	return true;
}

/* Add what gives it another expression, or ends that it is generated. */
void
mig_column_generated_alter(MigDiff *diff, MigObject *to)
{
	const char *table = to->parent->identity;
	const char *name = quote_identifier(to->name);
	MigAction  *action;

	if (!mig_column_is_generated(to))
	{
		mig_action_alter(diff, to, "generation expression",
						 "ALTER TABLE %s ALTER COLUMN %s DROP EXPRESSION",
						 table, name);
		return;
	}
	action = mig_action_alter(diff, to, "generation expression",
							  "ALTER TABLE %s%s ALTER COLUMN %s SET EXPRESSION AS (%s)",
							  mig_column_generated_spreads(to) ? "" : "ONLY ",
							  table, name, to->values[GENERATED]);
	if (!mig_column_is_virtual(to))
		mig_action_warn(action, MIG_REWRITES_TABLE,
						"each row gets a value of its own, and no session can use it meanwhile")->table = table;
	mig_column_generated_warn(action, to);
}

/*
 * Warn of rows for which a value cannot be made: one that is stored, or that
 * the server makes once, to see that it is not NULL.  They are asked, with
 * columns as they will be, if the expression means the same to the database as
 * it is, and a cast would not cut what the server refuses.
 */
void
mig_column_generated_warn(MigAction *action, const MigObject *column)
{
	const char *table = column->parent->identity;
	char	   *rows = as_they_will_be(column);
	const char *type = column->values[TYPE];
	const char *expression = column->values[GENERATED];
	bool		asks;
	MigHazard  *hazard;

	if (mig_column_is_virtual(column))
	{
		if (!MIG_IS_TRUE(column->values[NOT_NULL]))
			return;
		mig_action_warn(action, MIG_SCANS_TABLE,
						"no session can use it meanwhile")->table = table;
	}
	asks = rows != NULL && strchr(type, '(') == NULL;
	if (mig_expression_may_fail(column->values[EXPRESSION_TREE]))
	{
		hazard = mig_action_warn(action, MIG_MAY_FAIL,
								 "rows for which the expression of column \"%s\" gives an error",
								 column->name);
		hazard->table = table;
		hazard->tries = asks;
		if (asks)
			hazard->probe = psprintf("SELECT (%s)::%s FROM %s x", expression,
									 type, rows);
	}
	if (!MIG_IS_TRUE(column->values[NOT_NULL]))
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL, "column \"%s\" has NULLs",
							 column->name);
	hazard->table = table;
	if (asks)
		hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s x WHERE (%s) IS NULL",
								 rows, expression);
}

/*
 * What to select from: the table, or what a column is made of, with casts to
 * the types that it will have; NULL: something else changes.
 */
static char *
as_they_will_be(const MigObject *column)
{
	StringInfoData buf;
	List	   *seen = NIL;
	bool		retyped = false;
	const ListCell *lc;

	if (!mig_expression_stays(column))
		return NULL;
	initStringInfo(&buf);
	foreach(lc, column->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;
		bool		is_cast;

		if (on->kind != column->kind || on->parent != column->parent)
		{
			if (on->fate != MIG_KEEP && on != column->parent)
				return NULL;
			continue;
		}
		if (list_member_ptr(seen, on))
			continue;
		if (on->twin == NULL || mig_goes(on))
			return NULL;
		seen = lappend(seen, on);
		is_cast = !mig_same(on->values[TYPE], on->twin->values[TYPE]);
		retyped |= is_cast;
		appendStringInfo(&buf, "%s%s%s%s AS %s", buf.len > 0 ? ", " : "",
						 quote_identifier(on->name), is_cast ? "::" : "",
						 is_cast ? on->values[TYPE] : "",
						 quote_identifier(on->name));
	}
	return retyped ? psprintf("(SELECT %s FROM %s)", buf.data,
							  column->parent->identity) :
		pstrdup(column->parent->identity);
}
