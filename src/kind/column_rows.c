/*-------------------------------------------------------------------------
 *
 * kind/column_rows.c
 *	  Columns whose values are rows of a view or of another table.
 *
 * The server lets no relation go while columns have its rows, and the old and
 * the new one cannot be there together, as those of types can.  So the values
 * are kept as jsonb meanwhile, which knows the attributes by their names:
 * those that the new rows do not have are lost, and new ones are NULL.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_rows.h"

#include "commands/defrem.h"
#include "kind/composite_convert.h"
#include "kind/type.h"
#include "sch/action.h"
#include "utils/builtins.h"

static void warn_lost(MigAction *action, const MigObject *to);
static bool has_attribute(const MigObject *relation, const char *name);
static bool is_attribute(const MigObject *child);
static char *back(const MigObject *column);

/* The relation whose rows are the values of a column, or their elements. */
MigObject *
mig_column_rows_of(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, column->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;
		size_t		length = strlen(on->identity);

		if ((on->kind->id == MIG_VIEW || on->kind->id == MIG_TABLE) &&
			strncmp(MIG_TYPE_NAME(column), on->identity, length) == 0 &&
			(MIG_TYPE_NAME(column)[length] == '\0' ||
			 mig_type_is_array(MIG_TYPE_NAME(column))))
			return on;
	}
	return NULL;
}

/* Add the actions that keep the values while the relation is re-created. */
void
mig_column_rows_convert(MigDiff *diff, MigObject *to)
{
	const char *table = to->parent->identity;
	const char *name = quote_identifier(to->name);
	MigAction  *action;

	action = mig_action_alter(diff, to, "type",
							  "ALTER TABLE %s ALTER COLUMN %s TYPE jsonb USING pg_catalog.to_jsonb(%s)",
							  table, name, name);
	action->away = true;
	mig_action_warn(action, MIG_REWRITES_TABLE,
					"no session can use it meanwhile")->table = table;
	warn_lost(action, to);
	action = mig_action_add(diff, MIG_OP_ALTER, to, "type", back(to));
	mig_action_warn(action, MIG_REWRITES_TABLE,
					"no session can use it meanwhile")->table = table;
}

/* What the rows had and will not have */
static void
warn_lost(MigAction *action, const MigObject *to)
{
	const MigObject *relation = mig_column_rows_of(to);
	const ListCell *lc;

	foreach(lc, mig_column_rows_of(to->twin)->children)
	{
		const MigObject *old = lfirst(lc);

		if (is_attribute(old) && !has_attribute(relation, old->name))
			mig_action_warn(action, MIG_LOSES_DATA,
							"attribute \"%s\" of the values of column %s",
							old->name, to->identity)->table =
				to->parent->identity;
	}
}

static bool
has_attribute(const MigObject *relation, const char *name)
{
	const ListCell *lc;

	foreach(lc, relation->children)
	{
		const MigObject *child = lfirst(lc);

		if (is_attribute(child) && strcmp(child->name, name) == 0)
			return true;
	}
	return false;
}

static bool
is_attribute(const MigObject *child)
{
	return child->kind->id == MIG_COLUMN || child->kind->id == MIG_VIEW_COLUMN;
}

/* An array is read as the attribute of a row, which needs a type. */
static char *
back(const MigObject *column)
{
	const MigObject *table = column->parent;
	const char *type = MIG_TYPE_NAME(column);
	const char *name = quote_identifier(column->name);
	const char *row;
	char	   *statement;

	row = quote_qualified_identifier(table->schema,
									 makeObjectName(table->name, column->name,
													"row"));
	statement = psprintf("ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s",
						 table->identity, name, type,
						 mig_type_is_array(type) ?
						 mig_composite_unwrap("jsonb", row, column->name, name) :
						 psprintf("pg_catalog.jsonb_populate_record(NULL::%s, %s)",
								  type, name));
	return mig_type_is_array(type) ?
		mig_composite_frame(row, column->name, type, statement) : statement;
}
