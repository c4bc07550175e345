/*-------------------------------------------------------------------------
 *
 * kind/column_setting.c
 *	  What CREATE TABLE and ADD COLUMN cannot say of a column.
 *
 * That is most of all what sets the column of a partition or child table apart
 * from that of its parent, with which it comes, and may not go.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "kind/column_setting.h"

#include "compat.h"
#include "kind/column_fill.h"
#include "kind/column_not_null.h"
#include "kind/column_values.h"
#include "kind/counter.h"
#include "kind/list.h"
#include "kind/sequence_options.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"

static void alter_setting(MigDiff *diff, MigObject *column, int attribute,
						  const char *clause, const char *otherwise);
static bool is_to_be_set(const MigObject *column, int attribute);
static bool reaches_below(const MigObject *column, int attribute);
static const MigObject *first_above(const MigObject *column);
static const MigObject *column_above(const MigObject *column);
static void append_difference(StringInfo buf, const MigObject *column,
							  const MigObject *above);
static void append_expression(StringInfo buf, const MigObject *column);

/* Append the statements that give a new column its settings. */
void
mig_column_setting_append(StringInfo buf, const MigObject *column)
{
	const char *table = column->parent->identity;
	const char *name = quote_identifier(column->name);

	bool		has_storage = false;

	mig_column_not_null_settings(buf, column);	/* identity asks for it */
	if (column->kind->is_inherited(column))
	{
		const MigObject *above = column_above(column);

		has_storage = above != NULL &&
			mig_same(column->values[STORAGE], above->values[STORAGE]);
		if (above != NULL)
			append_difference(buf, column, above);
	}
	if (column->values[STORAGE] != NULL && !has_storage)
		appendStringInfo(buf, "ALTER TABLE %s ALTER COLUMN %s SET STORAGE %s;\n",
						 table, name, column->values[STORAGE]);
	if (column->values[STATISTICS] != NULL)
		appendStringInfo(buf,
						 "ALTER TABLE %s ALTER COLUMN %s SET STATISTICS %s;\n",
						 table, name, column->values[STATISTICS]);
	if (column->values[OPTIONS] != NULL)
	{
		appendStringInfo(buf, "ALTER TABLE %s ALTER COLUMN %s SET (", table,
						 name);
		mig_list_append_options(buf, column->values[OPTIONS], "");
		appendStringInfoString(buf, ");\n");
	}
}

/*
 * Append "GENERATED ALWAYS AS IDENTITY (...)".  The name that the server would
 * choose for the sequence is not free where it has added a number.
 */
void
mig_column_setting_append_identity(StringInfo buf, const MigObject *column)
{
	const char *name = mig_counter_name(column);
	StringInfoData options;

	initStringInfo(&options);
	if (column->values[SEQUENCE_GIVEN] != NULL ||
		isdigit((unsigned char) name[strlen(name) - 1]))
		appendStringInfo(&options, " SEQUENCE NAME %s",
						 mig_counter_sequence(column));
	mig_sequence_append_options(&options, column->values[SEQUENCE]);
	appendStringInfo(buf, "GENERATED %s AS IDENTITY",
					 column->values[IDENTITY][0] == 'a' ?
					 "ALWAYS" : "BY DEFAULT");
	if (options.len > 0)
		appendStringInfo(buf, " (%s)", options.data + 1);
}

/*
 * Append the definition of a new identity column of a table that others
 * inherit from, where the server does not add one: it becomes one then, and
 * rows get their values.
 */
bool
mig_column_setting_append_late(StringInfo buf, const MigObject *column)
{
	const MigObject *table = column->parent;
	const char *name = quote_identifier(column->name);
	int			length;

	if (column->values[IDENTITY] == NULL ||
		(mig_table_heirs(table) == NIL &&
		 (table->twin == NULL || mig_table_heirs(table->twin) == NIL)) ||
		(MIG_PARTITIONS_HAVE_IDENTITY && mig_table_is_partitioned(table)))
		return false;
	appendStringInfo(buf, "%s %s DEFAULT 0", name, column->values[TYPE]);
	length = buf->len;
	mig_column_not_null_part(buf, column);
	if (buf->len == length)
		appendStringInfoString(buf, " NOT NULL");
	appendStringInfo(buf, ";\nALTER TABLE %s ALTER COLUMN %s DROP DEFAULT, ALTER COLUMN %s ADD ",
					 table->identity, name, name);
	mig_column_setting_append_identity(buf, column);
	appendStringInfo(buf, ";\nUPDATE %s SET %s = DEFAULT", table->identity,
					 name);
	return true;
}

/*
 * Alter the settings of a column that stays.
 *
 * ALTER COLUMN TYPE forgets storage and compression.
 */
void
mig_column_setting_alter(MigDiff *diff, MigObject *column)
{
	alter_setting(diff, column, STORAGE, "STORAGE",
				  column->values[TYPE_STORAGE]);
	alter_setting(diff, column, COMPRESSION, "COMPRESSION", "DEFAULT");
	alter_setting(diff, column, STATISTICS, "STATISTICS", "-1");
}

static void
alter_setting(MigDiff *diff, MigObject *column, int attribute,
			  const char *clause, const char *otherwise)
{
	const char *value = column->values[attribute];

	if (!is_to_be_set(column, attribute))
		return;
	mig_action_alter(diff, column, column->kind->attributes[attribute].name,
					 "ALTER TABLE %s%s ALTER COLUMN %s SET %s %s",
					 reaches_below(column, attribute) ? "" : "ONLY ",
					 column->parent->identity, quote_identifier(column->name),
					 clause, value != NULL ? value : otherwise);
}

/* Would a column not have a setting by itself, or by its parent's? */
static bool
is_to_be_set(const MigObject *column, int attribute)
{
	const MigObject *above = column_above(column);
	const char *before = column->twin->values[attribute];

	if (attribute != STATISTICS &&
		(MIG_CHANGED(column, TYPE) || MIG_CHANGED(column, COLLATION)))
		before = NULL;
	if (above != NULL && above->fate == MIG_ALTER &&
		MIG_IS_TRUE(column->twin->values[INHERITED]) &&
		attribute != COMPRESSION && reaches_below(above, attribute) &&
		is_to_be_set(above, attribute))
		before = above->values[attribute];
	return !mig_same(before, column->values[attribute]);
}

/*
 * Is a setting that of all tables below, too?  Else it is made in the one
 * alone.  The server sets the compression of one table by itself.
 */
static bool
reaches_below(const MigObject *column, int attribute)
{
	const ListCell *lc;

	if (attribute == COMPRESSION)
		return true;
	foreach(lc, mig_table_descendants(column->parent))
	{
		const MigObject *below = mig_table_column(lfirst(lc), column->name);

		if (below == NULL || !mig_same(below->values[attribute],
									   column->values[attribute]))
			return false;
	}
	return true;
}

/*
 * Give a column its settings that comes with one that is added to its parent
 * table, or with an attribute that is to the type of its table.
 */
void
mig_column_setting_follow(MigDiff *diff, MigObject *column)
{
	const MigObject *above = column_above(column);
	MigAction  *action;
	StringInfoData buf;

	if (above != NULL)
		column->made = above->made;
	else if (mig_table_alters(column) != NIL)
		column->made = linitial(mig_table_alters(column));
	else
		return;
	initStringInfo(&buf);
	mig_column_setting_append(&buf, column);
	if (buf.len == 0)
		return;
	action = mig_action_add(diff, MIG_OP_ALTER, column, "settings", buf.data);
	if (above == NULL || !MIG_IS_TRUE(above->values[NOT_NULL]) ||
		MIG_IS_TRUE(above->values[NOT_NULL_NO_INHERIT]))
		mig_column_fill_follow(diff, action,
							   above == NULL ? NULL : first_above(above));
}

/* The column that it comes with in the end, or itself. */
static const MigObject *
first_above(const MigObject *column)
{
	while (column->kind->is_inherited(column) && column_above(column) != NULL)
		column = column_above(column);
	return column;
}

/* The column that it comes with, or NULL. */
static const MigObject *
column_above(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, mig_table_lasting_parents(column->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), column->name);

		if (above != NULL)
			return above;
	}
	return NULL;
}

/* What a column would have from its parent's, but has not. */
static void
append_difference(StringInfo buf, const MigObject *column,
				  const MigObject *above)
{
	const char *table = column->parent->identity;
	const char *name = quote_identifier(column->name);

	if (mig_column_default(above) != NULL &&
		mig_column_default(column) == NULL)
		appendStringInfo(buf, "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT;\n",
						 table, name);
	append_expression(buf, column);
	if (column->values[IDENTITY] != NULL)
	{
		appendStringInfo(buf, "ALTER TABLE %s ALTER COLUMN %s ADD ", table,
						 name);
		mig_column_setting_append_identity(buf, column);
		appendStringInfoString(buf, ";\n");
	}
	if (column->values[STORAGE] == NULL && above->values[STORAGE] != NULL)
		appendStringInfo(buf, "ALTER TABLE %s ALTER COLUMN %s SET STORAGE %s;\n",
						 table, name, column->values[TYPE_STORAGE]);
	if (!mig_same(column->values[COMPRESSION], above->values[COMPRESSION]))
		appendStringInfo(buf,
						 "ALTER TABLE %s ALTER COLUMN %s SET COMPRESSION %s;\n",
						 table, name, column->values[COMPRESSION] == NULL ?
						 "DEFAULT" : column->values[COMPRESSION]);
}

/*
 * A column that comes into a table that is there is generated as the one that
 * it comes with, wherever that is made.
 */
static void
append_expression(StringInfo buf, const MigObject *column)
{
	const MigObject *above = first_above(column);

	if (MIG_SET_EXPRESSION && column->parent->made == NULL &&
		column->values[GENERATED] != NULL &&
		above->values[GENERATED] != NULL &&
		!mig_same(column->values[GENERATED], above->values[GENERATED]))
		appendStringInfo(buf,
						 "ALTER TABLE ONLY %s ALTER COLUMN %s"
						 " SET EXPRESSION AS (%s);\n",
						 column->parent->identity,
						 quote_identifier(column->name),
						 column->values[GENERATED]);
}
