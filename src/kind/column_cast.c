/*-------------------------------------------------------------------------
 *
 * kind/column_cast.c
 *	  By which cast the values of a column become those of another type.
 *
 * Casts of users are asked for where they are compared: one that stays, or
 * that the script makes before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_cast.h"

#include "catalog/pg_type.h"
#include "kind/column_convert.h"
#include "kind/column_values.h"
#include "sch/action.h"
#include "sch/expression.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static char *by_way_of(const MigObject *from, const MigObject *to);
static char *text_of_array(const MigObject *from, const MigObject *to);
static void prefer_with_function(const MigObject *cast, MigAction *action);
static const MigObject *cast_of_users(const MigObject *from,
									  const MigObject *to);
static const MigObject *cast_named(const MigObject *type, const char *name);
static char *without_modifiers(const char *type);

/* How the values of an old column become those of the new one. */
MigCast
mig_column_cast(const MigObject *from, const MigObject *to)
{
	return mig_type_cast(mig_type_known(from, atooid(from->values[CAST_TYPE])),
						 mig_type_known(to, atooid(to->values[CAST_TYPE])));
}

/* The expression that makes new values of old ones, or NULL; "back": again. */
char *
mig_column_cast_write(const MigObject *from, const MigObject *to, bool back)
{
	if (mig_same(from->values[TYPE], to->values[TYPE]))
		return mig_column_convert_write(from, to);
	if (cast_of_users(from, to) != NULL)
		return psprintf("%s::%s", quote_identifier(to->name),
						to->values[TYPE]);
	switch (mig_column_cast(from, to))
	{
		case MIG_CAST_ASSIGNMENT:
			return back ? text_of_array(from, to) : NULL;
		case MIG_CAST_EXPLICIT:
			return mig_column_convert_cast(from, to);
		case MIG_CAST_TEXT:
			return by_way_of(from, to);
	}
	return NULL;				/* not reached */
}

/* By way of text, but for truth, as a number or from one */
static char *
by_way_of(const MigObject *from, const MigObject *to)
{
	const char *name = quote_identifier(to->name);
	Oid			source = atooid(from->values[CAST_TYPE]);
	Oid			target = atooid(to->values[CAST_TYPE]);

	if (!mig_type_is_truth(source, target))
		return mig_column_convert_text(from, to, source);
	return target == BOOLOID ? psprintf("%s <> 0", name) :
		psprintf("%s::%s::%s", name, format_type_be(INT4OID),
				 MIG_TYPE_NAME(to));
}

/*
 * The expression that makes text of an array of texts, where
 * mig_column_convert_cast() has made that of text: one element is what it was,
 * unless that would be read as an array; or NULL.
 */
static char *
text_of_array(const MigObject *from, const MigObject *to)
{
	const char *name = quote_identifier(to->name);
	Oid			element = get_element_type(atooid(from->values[CAST_TYPE]));
	Oid			target = atooid(to->values[CAST_TYPE]);

	if (!OidIsValid(element) || !OidIsValid(target) ||
		mig_type_category(element) != TYPCATEGORY_STRING ||
		mig_type_category(target) != TYPCATEGORY_STRING)
		return NULL;
	return psprintf("CASE WHEN pg_catalog.cardinality(%s) = 1 AND %s[1] COLLATE \"C\" NOT LIKE '{%%}' THEN %s[1] ELSE %s::text END",
					name, name, name, name);
}

/*
 * Warn of values for which a cast of users may give an error.  Returns false
 * where there is no such cast, so that the caller has to.
 */
bool
mig_column_cast_warn(MigAction *action, const MigObject *from,
					 const MigObject *to)
{
	const MigObject *cast = cast_of_users(from, to);
	MigHazard  *hazard;

	if (cast == NULL)
		return false;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "values of column \"%s\" for which cast %s gives an error",
							 to->name, cast->identity);
	hazard->table = to->parent->identity;
	if (cast->fate == MIG_KEEP && mig_expression_stays(cast))
	{
		hazard->tries = true;
		hazard->probe = psprintf("SELECT %s::%s FROM %s",
								 quote_identifier(to->name), to->values[TYPE],
								 hazard->table);
	}
	return true;
}

/* Have casts that the script makes come before columns that use them. */
void
mig_column_cast_prefer(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);
		const MigObject *column = action->object;
		const MigObject *cast = NULL;

		if (action->op == MIG_OP_ALTER && column->kind->id == MIG_COLUMN &&
			column->twin != NULL && MIG_CHANGED(column, TYPE))
			cast = cast_of_users(column->twin, column);
		if (cast != NULL && cast->made != NULL)
			prefer_with_function(cast, action);
	}
}

/* A function would wait for the end of the script, and the cast for it. */
static void
prefer_with_function(const MigObject *cast, MigAction *action)
{
	const ListCell *lc;

	foreach(lc, cast->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_FUNCTION && on->made != NULL)
			mig_action_prefer(on->made, action);
	}
	mig_action_prefer(cast->made, action);
}

/* The cast as it will be, or NULL; of arrays, that of their elements */
static const MigObject *
cast_of_users(const MigObject *from, const MigObject *to)
{
	char	   *source = without_modifiers(MIG_TYPE_NAME(from));
	char	   *target = without_modifiers(MIG_TYPE_NAME(to));
	const MigObject *cast = NULL;
	const char *name;
	const ListCell *lc;

	if (mig_type_is_array(source) && mig_type_is_array(target))
	{
		source[strlen(source) - 2] = '\0';
		target[strlen(target) - 2] = '\0';
	}
	name = psprintf("(%s AS %s)", source, target);
	foreach(lc, to->depends)
	{
		if (cast == NULL)
			cast = cast_named(((MigDepend *) lfirst(lc))->object, name);
	}
	foreach(lc, from->depends)
	{
		if (cast == NULL)
			cast = cast_named(((MigDepend *) lfirst(lc))->object->twin, name);
	}
	return cast;
}

/* One that is compared, from or to a type */
static const MigObject *
cast_named(const MigObject *type, const char *name)
{
	const ListCell *lc;

	foreach(lc, type == NULL ? NIL : type->dependents)
	{
		const MigObject *object = ((MigDepend *) lfirst(lc))->object;

		if (object->kind->id == MIG_CAST && !object->ignored &&
			strcmp(object->name, name) == 0)
			return object;
	}
	return NULL;
}

/* A type as casts name it, "timestamp without time zone" */
static char *
without_modifiers(const char *type)
{
	const char *open = strchr(type, '(');
	const char *close = open == NULL ? NULL : strchr(open, ')');

	return close == NULL ? pstrdup(type) :
		psprintf("%.*s%s", (int) (open - type), type, close + 1);
}
