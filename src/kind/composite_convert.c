/*-------------------------------------------------------------------------
 *
 * kind/composite_convert.c
 *	  Carries rows within other values over to another type of row.
 *
 * As text a row has no names, so that values change places where attributes
 * do.  A column of a row can be taken apart and put together by name; rows in
 * arrays, in domains and in other rows cannot, for an expression of USING has
 * no subquery.  JSON has names at any depth: the value becomes JSON, which
 * fills in the new type.  An array needs a row around it, the holder, a type
 * that is there for as long as the column changes over.
 *
 * What does not come back from JSON as it was is not converted so: JSON
 * itself, types of other schemas that may have their own idea of JSON, rows
 * in ranges, and what is both in other places and of another sort.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/composite_convert.h"

#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "kind/composite.h"
#include "kind/type.h"
#include "sch/action.h"
#include "utils/builtins.h"

static bool has_same_places(const MigObject *type);
static const MigObject *row_under(const MigObject *type);
static bool attribute_has_names(const MigObject *from, const MigObject *to);
static bool is_moment(Oid type);
static bool any_type(const MigObject *object,
					 bool (*holds) (const MigObject *type));

/*
 * Would text put values of an old type, or of types within it, in the places
 * of others?
 */
bool
mig_composite_goes_by_position(const MigObject *type)
{
	const ListCell *lc;

	if (type->kind->id == MIG_COMPOSITE && type->successor != NULL &&
		type->successor->kind == type->kind && !has_same_places(type))
		return true;
	if (any_type(type, mig_composite_goes_by_position))
		return true;
	foreach(lc, type->kind->id == MIG_COMPOSITE ? type->children : NIL)
	{
		if (any_type(lfirst(lc), mig_composite_goes_by_position))
			return true;
	}
	return false;
}

/* Does every value of an old type come over by way of JSON as it is? */
bool
mig_composite_has_names(const MigObject *type)
{
	const ListCell *lc;

	if (type->kind->id == MIG_ENUM)
		return true;
	if (type->kind->id == MIG_RANGE)
		return !mig_composite_goes_by_position(type);
	if (type->successor != NULL && type->successor->kind != type->kind)
		return false;
	if (type->kind->id == MIG_DOMAIN)
		return any_type(type, mig_composite_has_names) &&
			(type->successor == NULL ||
			 mig_same(MIG_TYPE_NAME(type), MIG_TYPE_NAME(type->successor)));
	foreach(lc, type->children)
	{
		const MigObject *attribute = lfirst(lc);

		if (attribute->twin != NULL &&
			!attribute_has_names(attribute, attribute->twin))
			return false;
	}
	return true;
}

/*
 * The type around values of a column, as SQL names it; NULL: none is needed.
 *
 * "type" is the old type of the column or of its elements, "wanted" the
 * column's new one.
 */
char *
mig_composite_holder(const MigObject *type, const char *wanted)
{
	if (!mig_type_is_array(wanted) && row_under(type->successor) != NULL)
		return NULL;
	return quote_qualified_identifier(type->schema,
									  makeObjectName(type->name, NULL,
													 "values"));
}

/* The expression for a value of the column; see mig_composite_holder(). */
char *
mig_composite_convert(const MigObject *type, const char *wanted,
					  const char *value)
{
	const char *holder = mig_composite_holder(type, wanted);

	const MigObject *row = row_under(type->successor);

	if (holder != NULL)
		return mig_composite_unwrap("json", holder, "value", value);
	return psprintf("pg_catalog.json_populate_record(NULL::%s, pg_catalog.to_json(%s))%s%s",
					row->identity, value,
					row == type->successor ? "" : "::",
					row == type->successor ? "" : wanted);
}

/*
 * An expression that reads a value from JSON by way of the one attribute of a
 * holder; "json" is json or jsonb.
 */
char *
mig_composite_unwrap(const char *json, const char *holder,
					 const char *attribute, const char *value)
{
	return psprintf("(pg_catalog.%s_populate_record(NULL::%s, pg_catalog.%s_build_object(%s, %s))).%s",
					json, holder, json, quote_literal_cstr(attribute), value,
					quote_identifier(attribute));
}

/* A statement, and a holder that is there for as long as it runs. */
char *
mig_composite_frame(const char *holder, const char *attribute,
					const char *type, const char *statement)
{
	return psprintf("CREATE TYPE %s AS (%s %s);\n%s;\nDROP TYPE %s", holder,
					quote_identifier(attribute), type, statement, holder);
}

/* Have the attributes of a type the same names, in the same order? */
static bool
has_same_places(const MigObject *type)
{
	const List *to = type->successor->children;
	const ListCell *one;
	const ListCell *other;

	if (list_length(type->children) != list_length(to))
		return false;
	forboth(one, type->children, other, to)
	{
		if (!mig_same(((MigObject *) lfirst(one))->name,
					  ((MigObject *) lfirst(other))->name))
			return false;
	}
	return true;
}

/*
 * The composite type that a type is, or that a domain is over, of which there
 * is a NULL whatever the domain says; or NULL.
 */
static const MigObject *
row_under(const MigObject *type)
{
	const ListCell *lc;

	if (type->kind->id == MIG_COMPOSITE)
		return type;
	foreach(lc, type->kind->id == MIG_DOMAIN ? type->depends : NIL)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (mig_same(on->identity, MIG_TYPE_NAME(type)))
			return row_under(on);
	}
	return NULL;
}

/* Dates and times are written otherwise in JSON than as text. */
static bool
attribute_has_names(const MigObject *from, const MigObject *to)
{
	Oid			source = mig_attribute_cast_type(from);
	Oid			target = mig_attribute_cast_type(to);

	if (!OidIsValid(source) && !OidIsValid(target))
		return mig_same(MIG_TYPE_NAME(from), MIG_TYPE_NAME(to)) &&
			any_type(from, mig_composite_has_names);
	if (source == JSONOID || source == JSONBOID || source == JSONARRAYOID ||
		source == JSONBARRAYOID)
		return false;
	return OidIsValid(source) && OidIsValid(target) &&
		mig_type_is_array(MIG_TYPE_NAME(from)) ==
		mig_type_is_array(MIG_TYPE_NAME(to)) &&
		is_moment(source) == is_moment(target);
}

static bool
is_moment(Oid type)
{
	return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID;
}

/* Is something true of a type that an object has, or is built on? */
static bool
any_type(const MigObject *object, bool (*holds) (const MigObject *type))
{
	const ListCell *lc;

	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if ((on->kind->flags & MIG_KIND_TYPE) != 0 &&
			(on->kind->flags & MIG_KIND_RELATION) != 0 && holds(on))
			return true;
	}
	return false;
}
