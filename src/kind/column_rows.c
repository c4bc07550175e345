/*-------------------------------------------------------------------------
 *
 * kind/column_rows.c
 *	  Columns whose values are rows of a view or of another table, or have such
 *	  rows within them.
 *
 * The server lets no relation go while columns have its rows, and the old and
 * the new one cannot be there together, as those of types can; nor can types
 * with such rows.  So the values are kept as jsonb meanwhile, which knows the
 * attributes by their names: those that the new rows do not have are lost, and
 * new ones are NULL.
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

static bool is_relation(const MigObject *object);
static bool goes_with_rows(const MigObject *type);
static void warn_lost(MigAction *action, const MigObject *to);
static List *add_types(List *types, const MigObject *type);
static List *add_type(List *types, const MigObject *part);
static bool has_attribute(const MigObject *relation, const char *name);
static bool is_attribute(const MigObject *child);
static char *back(const MigObject *column);

/*
 * Have types with rows of a relation that goes make way for no successor:
 * they are dropped and created.
 */
void
mig_column_rows_settle(MigDiff *diff)
{
	const ListCell *lc;
	const ListCell *on;

	foreach(lc, diff->from->objects)
	{
		const MigObject *relation = lfirst(lc);

		if (!is_relation(relation) || (relation->fate != MIG_DROP &&
									   relation->fate != MIG_RECREATE))
			continue;
		foreach(on, mig_type_built_on(relation))
		{
			MigObject  *type = lfirst(on);

			if (type->successor != NULL)
				type->successor->predecessor = NULL;
			type->successor = NULL;
		}
	}
}

static bool
is_relation(const MigObject *object)
{
	return object->kind->id == MIG_VIEW || object->kind->id == MIG_TABLE;
}

/* Are the values of a column, or their elements, rows of a relation? */
bool
mig_column_rows_are_of(const MigObject *column, const MigObject *relation)
{
	return is_relation(relation) && mig_type_is_of(column, relation);
}

/*
 * The relation whose rows are the values of a new column, or their elements;
 * or the type of these if it has such rows within it, and goes with them.
 * NULL: there is none.  Attributes and domains have values, too.
 */
MigObject *
mig_column_rows_of(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, column->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;

		if ((is_relation(on) || goes_with_rows(on)) &&
			mig_type_is_of(column, on))
			return on;
	}
	return NULL;
}

/* Is it a type of the new snapshot whose old self has no successor? */
static bool
goes_with_rows(const MigObject *type)
{
	return (type->kind->id == MIG_COMPOSITE || type->kind->id == MIG_DOMAIN) &&
		type->fate == MIG_RECREATE && type->predecessor == NULL;
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

/* What rows had and will not have, those within rows, too */
static void
warn_lost(MigAction *action, const MigObject *to)
{
	List	   *types = list_make1(mig_column_rows_of(to));
	const ListCell *lc;

	for (int i = 0; i < list_length(types); i++)
	{
		const MigObject *type = list_nth(types, i);

		types = add_types(types, type);
		foreach(lc, type->twin == NULL ? NIL : type->twin->children)
		{
			const MigObject *old = lfirst(lc);

			if (is_attribute(old) && !has_attribute(type, old->name))
				mig_action_warn(action, MIG_LOSES_DATA,
								"attribute \"%s\" of the values of column %s",
								old->name, to->identity)->table =
					to->parent->identity;
		}
	}
}

/* Add what the attributes of a type are of, or what a domain is over. */
static List *
add_types(List *types, const MigObject *type)
{
	const ListCell *lc;

	if (type->kind->id == MIG_DOMAIN)
		return add_type(types, type);
	foreach(lc, type->children)
	{
		const MigObject *child = lfirst(lc);

		if (child->kind->id == MIG_ATTRIBUTE)
			types = add_type(types, child);
	}
	return types;
}

/* Add what has rows and is the type of an attribute, or under a domain. */
static List *
add_type(List *types, const MigObject *part)
{
	MigObject  *type = mig_column_rows_of(part);

	return type == NULL ? types : list_append_unique_ptr(types, type);
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
	return child->kind->id == MIG_COLUMN ||
		child->kind->id == MIG_VIEW_COLUMN || child->kind->id == MIG_ATTRIBUTE;
}

/*
 * An array, or a value of a domain, is read as the attribute of a row, which
 * needs a type.
 */
static char *
back(const MigObject *column)
{
	const MigObject *table = column->parent;
	bool		alone;
	const char *type = MIG_TYPE_NAME(column);
	const char *name = quote_identifier(column->name);
	const char *row;
	char	   *statement;

	alone = !mig_type_is_array(type) &&
		mig_column_rows_of(column)->kind->id != MIG_DOMAIN;
	row = quote_qualified_identifier(table->schema,
									 makeObjectName(table->name, column->name,
													"row"));
	statement = psprintf("ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s",
						 table->identity, name, type, !alone ?
						 mig_composite_unwrap("jsonb", row, column->name, name) :
						 psprintf("pg_catalog.jsonb_populate_record(NULL::%s, %s)",
								  type, name));
	return alone ? statement :
		mig_composite_frame(row, column->name, type, statement);
}
