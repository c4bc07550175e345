/*-------------------------------------------------------------------------
 *
 * kind/column_fill.c
 *	  What rows that are there get in a column.
 *
 * A value comes from a mark in the model ("-- migrate:fill"), or from the
 * default of the column.  Where there is none, the statement that gives it is
 * written for somebody to complete.  Whether there are rows does not matter:
 * where a script runs there may be others than where it was generated.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_fill.h"

#include "kind/column_held.h"
#include "kind/column_not_null.h"
#include "kind/column_values.h"
#include "kind/domain.h"
#include "kind/fired.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "sch/expression.h"
#include "util/hazard.h"
#include "util/sql.h"
#include "utils/builtins.h"

/* How the default of a serial begins */
#define SERIAL	"nextval"

static void warn_of_domain(MigAction *action, const MigObject *column,
						   const char *value, bool is_computed);
static MigHazard *warn_of_fill(MigAction *action, const MigObject *column,
							   const char *value);
static void warn_of_null(MigAction *action, const MigObject *source,
						 const char *value, bool is_mark,
						 const char *condition);
static const char *open_type(const MigObject *column);
static MigAction *add_in_steps(MigDiff *diff, MigAction *action,
							   const char *fill, bool behind);
static void append_update(StringInfo buf, const MigObject *column,
						  const char *value, bool nulls, bool is_open);
static bool may_use_default(const MigObject *column);

/*
 * Does a new column get its default behind, for the rows do not get it by that
 * alone?  A mark says what they get, where the default is one for each, or may
 * be NULL; or the server adds no column with values, see kind/column_held.c.
 */
bool
mig_column_fill_is_behind(const MigDiff *diff, const MigObject *column,
						  bool is_computed)
{
	const MigObject *value = mig_column_default(column);

	if (value == NULL || value->apart || column->values[GENERATED] != NULL ||
		column->values[IDENTITY] != NULL ||
		strncmp(value->values[MIG_DEFAULT_EXPRESSION], SERIAL,
				strlen(SERIAL)) == 0)
		return false;
	return (mig_column_held(column->parent->twin) &&
			mig_domain_of(column) == NULL) ||
		((is_computed ||
		  mig_expression_nullness(column->values[EXPRESSION_TREE]) !=
		  MIG_NEVER_NULL) && mig_column_fill_mark(diff, column) != NULL);
}

/*
 * What rows get in a new column by themselves: its default, or that of its
 * domain.  NULL: nothing.
 */
const char *
mig_column_fill_default(const MigObject *column)
{
	return mig_column_default(column) != NULL ?
		mig_column_default_expression(column) : mig_domain_default_of(column);
}

/*
 * Let a new column have values in the rows that are there.
 *
 * One that is NOT NULL and has no value of itself comes in three steps: added,
 * filled in, set to NOT NULL.
 */
void
mig_column_fill_new(MigDiff *diff, MigAction *action, bool is_computed)
{
	const MigObject *column = action->object;
	const char *fill = mig_column_fill_mark(diff, column);
	const char *value = mig_column_fill_default(column);
	bool		behind = mig_column_fill_is_behind(diff, column, is_computed);
	bool		needs_value;
	MigHazard  *hazard;

	if (mig_table_is_foreign(column->parent) ||
		!mig_may_have_rows(column->parent) ||
		column->values[GENERATED] != NULL)
		return;
	needs_value = value == NULL && ((MIG_IS_TRUE(column->values[NOT_NULL]) &&
									 !mig_column_not_null_waits(column)) ||
									open_type(column) != NULL);
	if (fill != NULL || needs_value || behind)
	{
		action = add_in_steps(diff, action,
							  fill == NULL && value != NULL ? "DEFAULT" : fill,
							  behind);
		if (fill != NULL || needs_value || value != NULL)
			mig_action_warn(action, MIG_SCANS_TABLE,
							"each row is written before, no session can use it meanwhile")->table =
				column->parent->identity;
	}
	if (behind && fill == NULL && is_computed)
		mig_column_fill_warn_computed(action);
	if (fill != NULL)
		value = fill;
	action->value = value;
	if (value != NULL)
		warn_of_domain(action, column, value, false);
	if (value != NULL && (fill != NULL || !is_computed))
		warn_of_null(action, column, value, fill != NULL, "");
	if (value != NULL)
		hazard = warn_of_fill(action, column, value);
	else if (needs_value)
		hazard = mig_action_warn(action, MIG_NEEDS_ATTENTION,
								 MIG_NEEDS_VALUE " \"%s\"",
								 column->name);
	else
		return;
	hazard->table = column->parent->identity;
	hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s",
							 column->parent->identity);
	if (fill != NULL || needs_value || behind)
		mig_fired_warn(action);
}

static MigHazard *
warn_of_fill(MigAction *action, const MigObject *column, const char *value)
{
	return mig_action_warn(action, MIG_FILLS_ROWS,
						   "column \"%s\" of the rows that are there becomes %s",
						   column->name, mig_clip(value));
}

/*
 * Warn of what rows get in a new column that comes with an attribute of the
 * type of their table: the default of its domain, and that of the column comes
 * later.
 */
void
mig_column_fill_warn_typed(MigAction *action, const MigObject *column)
{
	const char *value = mig_domain_default_of(column);
	const char *table = column->parent->identity;
	MigHazard  *hazard;

	if (mig_domain_of(column) != NULL)
		mig_action_warn(action, MIG_REWRITES_TABLE,
						"no session can use it meanwhile")->table = table;
	warn_of_domain(action, column, value != NULL ? value : "NULL", false);
	if (value == NULL)
		return;
	hazard = warn_of_fill(action, column, value);
	hazard->table = table;
	hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s", table);
}

/*
 * Let rows have values in a new column that comes with that of a parent table,
 * or of the type of its table, and is NOT NULL alone.  They have what the
 * column above gives them, by whose statement it comes, which may be nothing,
 * or NULL.
 */
void
mig_column_fill_follow(MigDiff *diff, MigAction *action,
					   const MigObject *above)
{
	const MigObject *column = action->object;
	const char *fill = NULL;
	const char *value;

	if (!MIG_IS_TRUE(column->values[NOT_NULL]) ||
		mig_column_not_null_waits(column))
		return;
	mig_action_warn(action, MIG_SCANS_TABLE,
					"no session can use it meanwhile")->table =
		column->parent->identity;
	if (above != NULL)
		fill = mig_column_fill_mark(diff, above);
	if (fill != NULL)
		value = fill;
	else
		value = above == NULL ? mig_domain_default_of(column) :
			mig_column_fill_default(above);
	if (value == NULL)
		mig_column_fill_nulls(diff, action);
	else if (above != NULL)
		warn_of_null(action, above, value, fill != NULL, "");
}

/*
 * Warn of a default that gives each row a value of its own: it may give an
 * error, or what the type of the column does not take.  That of a serial has a
 * sequence of its type.
 */
void
mig_column_fill_warn_computed(MigAction *action)
{
	const MigObject *column = action->object;
	const MigObject *standard = mig_column_default(column);
	const char *value = mig_column_fill_default(column);
	const char *table = column->parent->identity;
	MigHazard  *hazard;

	if (column->values[GENERATED] != NULL || value == NULL ||
		mig_table_is_foreign(column->parent) ||
		!mig_may_have_rows(column->parent))
		return;
	warn_of_domain(action, column, value, true);
	warn_of_null(action, column, value, false, "");
	if (strncmp(value, SERIAL, strlen(SERIAL)) == 0 ||
		!mig_expression_may_fail(column->values[EXPRESSION_TREE]))
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows for which the default of column \"%s\" gives an error",
							 column->name);
	hazard->table = table;
	hazard->tries = standard != NULL && mig_expression_stays(standard);
	if (hazard->tries)
		hazard->probe = psprintf("SELECT %s FROM %s", value, table);
}

/*
 * The type of a new column may not take what its rows get, the same or each
 * its own.
 */
static void
warn_of_domain(MigAction *action, const MigObject *column, const char *value,
			   bool is_computed)
{
	const char *table = column->parent->identity;
	const MigObject *domain = mig_domain_of(column);
	char	   *refused = NULL;
	MigHazard  *hazard;

	if (domain != NULL)
		refused = mig_domain_refused(domain, value, is_computed ?
									 psprintf(" FROM %s", table) : "");
	if (refused == NULL)
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "value %s of column \"%s\", which does not fit type %s",
							 mig_clip(value), column->name, domain->identity);
	hazard->table = table;
	if (is_computed)
		hazard->probe = refused;
	else
		hazard->constant = refused;
}

/*
 * What rows get in a column that is NOT NULL may be NULL: what a mark gives
 * them, or the default of a column that is the source, which may give each its
 * own.  The condition has those that get it, as it is written in front of
 * another.
 */
static void
warn_of_null(MigAction *action, const MigObject *source, const char *value,
			 bool is_mark, const char *condition)
{
	const MigObject *column = action->object;
	const char *table = column->parent->identity;
	MigNullness nullness = MIG_NULL_AS_IT_IS;
	MigHazard  *hazard;

	if (!is_mark)
		nullness = mig_expression_nullness(source->values[EXPRESSION_TREE]);
	if (!MIG_IS_TRUE(column->values[NOT_NULL]) ||
		mig_column_not_null_waits(column) || nullness == MIG_NEVER_NULL)
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows that get NULL in column \"%s\" from %s",
							 column->name, mig_clip(value));
	hazard->table = table;
	hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s(%s) IS NULL",
							 table, condition, value);
	/* which rows others have where it runs is not known */
	if (nullness == MIG_NULL_AS_IT_IS && strcasestr(value, "select") == NULL)
		hazard->constant = psprintf("SELECT pg_catalog.count(*) FROM (SELECT %s) AS of (value) WHERE value IS NULL",
									value);
}

/*
 * Let a column that becomes NOT NULL have values where it has none.  What is
 * not validated does not need them, but takes those of a mark.
 */
void
mig_column_fill_nulls(MigDiff *diff, MigAction *action)
{
	const MigObject *column = action->object;
	const char *fill = mig_column_fill_mark(diff, column);
	const char *value = mig_column_default_expression(column);
	bool		validated = !mig_column_not_null_waits(column);
	StringInfoData buf;
	MigHazard  *hazard;

	if (mig_table_is_foreign(column->parent) || (fill == NULL && !validated))
		return;
	if (fill == NULL && value != NULL && may_use_default(column))
		fill = value;
	action->value = fill != NULL ? fill : value;
	mig_column_not_null_warn(action, column);
	initStringInfo(&buf);
	if (fill != NULL)
	{
		append_update(&buf, column, fill, true, false);
		hazard = llast(action->hazards);
		hazard->code = MIG_FILLS_ROWS;
		hazard->text = psprintf("column \"%s\" becomes %s where it is NULL",
								column->name, mig_clip(fill));
		warn_of_null(action, column, fill, fill != value,
					 column->twin == NULL ? "" :
					 psprintf("%s IS NULL AND ",
							  quote_identifier(column->name)));
	}
	else if (column->values[GENERATED] == NULL)
		append_update(&buf, column, value, true, true);
	if (buf.len > 0)
		mig_fired_warn(action);
	appendStringInfoString(&buf, action->sql);
	action->sql = buf.data;
}

/*
 * Where rows have their values from, so that a mark says nothing, for people;
 * or NULL.  An old column that becomes an identity takes those of a mark.
 */
const char *
mig_column_fill_source(const MigObject *column)
{
	const char *value = mig_column_default_expression(column);

	if (column->values[GENERATED] != NULL)
		return "generated";
	if (column->twin != NULL || column->parent->twin == NULL)
		return NULL;
	if (column->values[IDENTITY] != NULL)
		return "an identity column";
	return value != NULL && strncmp(value, SERIAL, strlen(SERIAL)) == 0 ?
		"numbered by a sequence" : NULL;
}

/* The value that the model has for rows that have none, or NULL. */
const char *
mig_column_fill_mark(const MigDiff *diff, const MigObject *column)
{
	const ListCell *lc;

	if (mig_column_fill_source(column) != NULL)
		return NULL;
	foreach(lc, diff->fills)
	{
		const MigFill *fill = lfirst(lc);

		if (strcmp(fill->column, column->identity) == 0)
			return fill->value;
	}
	return NULL;
}

/*
 * The type that a column which its domain lets not be NULL has, until it has
 * values; NULL: that of its own will do.
 */
static const char *
open_type(const MigObject *column)
{
	const MigObject *domain = mig_domain_of(column);

	return domain == NULL || mig_domain_default(domain) != NULL ? NULL :
		mig_domain_open_type(domain);
}

/*
 * Add a column and fill it; NOT NULL comes last where it has no default, which
 * new rows meanwhile would get, and so does a domain that says the same.  So
 * it does where the default comes behind; one of NULL fills nothing.
 *
 * Returns the action that fills it, which is another where a function that is
 * replaced belongs between.
 */
static MigAction *
add_in_steps(MigDiff *diff, MigAction *action, const char *fill, bool behind)
{
	MigObject  *column = action->object;
	MigObject  *value = mig_column_default(column);
	char	  **values = column->values;
	char	   *not_null = values[NOT_NULL];
	char	   *type = values[TYPE];
	const char *open = NULL;
	bool		last = false;
	StringInfoData buf;

	if (value != NULL)			/* is made with it, or not */
		value->made = value->apart || behind ? NULL : column->made;
	if (value == NULL || value->made == NULL)
	{
		last = MIG_IS_TRUE(not_null);
		open = open_type(column);
	}
	initStringInfo(&buf);
	if (last)
		values[NOT_NULL] = NULL;	/* written without it */
	if (open != NULL)
		values[TYPE] = pstrdup(open);
	column->kind->create(&buf, column);
	values[NOT_NULL] = not_null;
	values[TYPE] = type;
	if (mig_fired_is_replaced(column))
	{
		action->sql = pstrdup(buf.data);
		action = mig_action_add(diff, MIG_OP_ALTER, column, "values", NULL);
		resetStringInfo(&buf);
	}
	if (behind)
	{
		value->kind->create(&buf, value);
		appendStringInfoString(&buf, ";\n");
	}
	if (value != NULL)
		value->made = NULL;		/* comes to be set */
	if (fill != NULL || last || open != NULL)
		append_update(&buf, column, fill,
					  fill == NULL || mig_column_is_old_below(column),
					  fill == NULL);
	if (open != NULL)
		appendStringInfo(&buf, "ALTER TABLE %s ALTER COLUMN %s TYPE %s;\n",
						 column->parent->identity,
						 quote_identifier(column->name), type);
	if (last)
		mig_column_not_null_add(&buf, column);
	action->sql = buf.data;
	return action;
}

/*
 * Append the UPDATE that gives a value to rows: to all, or those that have
 * none.  One that is open is a comment, for somebody to complete or take in.
 */
static void
append_update(StringInfo buf, const MigObject *column, const char *value,
			  bool nulls, bool is_open)
{
	const char *name = quote_identifier(column->name);
	char	   *deferred = mig_fired_deferred(column);
	char	   *update;

	update = psprintf("UPDATE %s SET %s = %s%s%s%s;", column->parent->identity,
					  name, value == NULL ? "..." : value,
					  nulls ? " WHERE " : "", nulls ? name : "",
					  nulls ? " IS NULL" : "");
	if (deferred != NULL)
		appendStringInfo(buf, "SET CONSTRAINTS %s IMMEDIATE;\n", deferred);
	if (is_open)
	{
		appendStringInfoString(buf, "-- ");
		mig_append_comment(buf, update);
	}
	else
		appendStringInfoString(buf, update);
	appendStringInfoChar(buf, '\n');
	if (deferred != NULL)
		appendStringInfo(buf, "SET CONSTRAINTS %s DEFERRED;\n", deferred);
}

/*
 * Can the default of a column be used where the column is altered?  What it
 * needs must not be made, or changed, by the same script, which may do so
 * later.
 */
static bool
may_use_default(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_column_default(column)->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on != column && on->fate != MIG_KEEP)
			return false;
	}
	return true;
}
