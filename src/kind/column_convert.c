/*-------------------------------------------------------------------------
 *
 * kind/column_convert.c
 *	  How the values of a column change over to another type.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_convert.h"

#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "kind/column_base.h"
#include "kind/column_retype.h"
#include "kind/composite.h"
#include "kind/composite_convert.h"
#include "kind/domain.h"
#include "kind/enum.h"
#include "kind/list.h"
#include "kind/range_type.h"
#include "kind/type.h"
#include "sch/action.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static bool becomes_element(const MigObject *from, const MigObject *to);
static bool gives_element(const MigObject *from, const MigObject *to);
static bool takes_element(const MigObject *from, const MigObject *to);
static bool is_array_of(const char *array, const char *type);
static char *hstore_of(const MigObject *to, const char *json);
static const char *json_type(const MigObject *object);
static bool needs_holder(const MigObject *object);
static bool is_row(const MigObject *object);
static bool has_json_of_its_own(const MigObject *object, Oid type);
static char *json_holder(const MigObject *column);
static const MigObject *replaced_type(const MigObject *column);
static const MigObject *replaced_by(const MigObject *object,
									const MigObject *type);
static bool goes_by_name(const MigObject *column, const MigObject *type);
static const MigObject *single_of(const MigObject *composite,
								  const MigObject *domain,
								  const MigObject *column);
static void append_attribute(StringInfo buf, const char *column,
							 const MigObject *attribute);
static bool is_cast(const MigObject *from, const MigObject *to);
static bool any_cast(const MigObject *type);
static bool type_is_replaced(const MigObject *attribute);
static void warn_enum(MigAction *action, const MigObject *column,
					  const MigObject *type);
static void warn_other(MigAction *action, const MigObject *column,
					   const MigObject *type);
static void warn_lost(MigAction *action, const MigObject *column,
					  const MigObject *type);
static bool loses(const MigObject *from, const MigObject *to);
static bool is_other(const MigObject *type);
static bool takes_all(const MigObject *attribute);
static bool uses_other(const MigObject *object);
static char *literals(const List *strings);

/*
 * The expression by which a column changes over to the successor of its type.
 *
 * Text is what the two have in common, but for rows whose attributes are
 * others, or in another order: there text would let values change places.
 * Where such rows are within arrays, domains or other rows, JSON carries them
 * over, which has names at any depth; what JSON might alter is left to a
 * person, as a cast that the server refuses.
 */
char *
mig_column_convert_write(const MigObject *from, const MigObject *to)
{
	const char *name = quote_identifier(to->name);
	const MigObject *type = replaced_type(from);
	const MigObject *single;
	StringInfoData buf;
	const ListCell *lc;

	if (goes_by_name(from, type))
		return mig_composite_has_names(type) ?
			mig_composite_convert(type, MIG_TYPE_NAME(to), name) :
			psprintf("%s::%s", name, MIG_TYPE_NAME(to));
	if (type != NULL && type->kind->id == MIG_DOMAIN &&
		type->successor->kind == type->kind)
	{
		switch (mig_domain_cast(type, type->successor))
		{
			case MIG_CAST_ASSIGNMENT:
				return NULL;	/* a cast would cut what is too long */
			case MIG_CAST_EXPLICIT:
				return psprintf("%s::%s", name, MIG_TYPE_NAME(to));
			case MIG_CAST_TEXT:
				break;
		}
	}
	if (type == NULL)
		return psprintf("%s::text::%s", name, MIG_TYPE_NAME(to));
	single = single_of(type, type->successor, to);
	if (single != NULL)
		return psprintf("(%s).%s::%s", name, quote_identifier(single->name),
						MIG_TYPE_NAME(to));
	if (single_of(type->successor, type, to) != NULL)
		return psprintf("CASE WHEN %s IS NOT NULL THEN ROW(%s)::%s END", name,
						name, MIG_TYPE_NAME(to));
	if (type->kind->id != MIG_COMPOSITE ||
		type->successor->kind != type->kind ||
		mig_type_is_array(MIG_TYPE_NAME(to)) ||
		(!mig_composite_goes_by_position(type) && !any_cast(type)))
		return psprintf("%s::text::%s", name, MIG_TYPE_NAME(to));
	initStringInfo(&buf);
	appendStringInfo(&buf, "CASE WHEN %s IS DISTINCT FROM NULL THEN ROW(",
					 name);
	foreach(lc, type->successor->children)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(&buf, ", ");
		append_attribute(&buf, name, lfirst(lc));
	}
	appendStringInfo(&buf, ")::%s END", MIG_TYPE_NAME(to));
	return buf.data;
}

/*
 * The one attribute that rows of a composite type have, if a domain is over
 * its type and these are the values of a column; or NULL.
 */
static const MigObject *
single_of(const MigObject *composite, const MigObject *domain,
		  const MigObject *column)
{
	const MigObject *single = NULL;
	const ListCell *lc;

	if (composite->kind->id != MIG_COMPOSITE ||
		domain->kind->id != MIG_DOMAIN ||
		mig_type_is_array(MIG_TYPE_NAME(column)))
		return NULL;
	foreach(lc, composite->children)
	{
		const MigObject *attribute = lfirst(lc);

		if (attribute->kind->id != MIG_ATTRIBUTE)
			continue;
		if (single != NULL ||
			!mig_same(MIG_TYPE_NAME(attribute), MIG_TYPE_NAME(domain)))
			return NULL;
		single = attribute;
	}
	return single;
}

/*
 * The expression by which a column changes over by a cast that only an
 * expression does.  Text that is not written like an array becomes the one
 * element of it.
 */
char *
mig_column_convert_cast(const MigObject *from, const MigObject *to)
{
	const char *name = quote_identifier(to->name);
	Oid			source = mig_type_known(from, InvalidOid);
	char	   *cast = psprintf("%s::%s", name, MIG_TYPE_NAME(to));

	if (!mig_type_is_array(MIG_TYPE_NAME(to)) || !OidIsValid(source) ||
		mig_type_category(source) != TYPCATEGORY_STRING)
		return cast;
	return psprintf("CASE WHEN %s COLLATE \"C\" LIKE '{%%}' THEN %s WHEN %s IS NOT NULL THEN ARRAY[%s]::%s END",
					name, cast, name, name, MIG_TYPE_NAME(to));
}

/*
 * The expression by which a column changes over to a type to which there is no
 * cast.  "source" is the old type, if it is the server's.  What was the one
 * element of an array is a value again.
 *
 * Text is what the two have in common, but JSON has forms of its own: arrays
 * and rows have other brackets there, and strings have quotes.  Text itself,
 * and what is like it, may hold JSON.
 */
char *
mig_column_convert_text(const MigObject *from, const MigObject *to, Oid source)
{
	const char *name = quote_identifier(to->name);
	const char *json = json_type(from);

	if (becomes_element(from, to))
		return psprintf("CASE WHEN %s IS NOT NULL THEN ARRAY[%s]::%s END",
						name, name, MIG_TYPE_NAME(to));
	if (gives_element(from, to))
		return is_array_of(MIG_TYPE_NAME(from), MIG_TYPE_NAME(to)) ?
			psprintf("%s[1]", name) :
			psprintf("%s[1]::%s", name, MIG_TYPE_NAME(to));
	if (json != NULL && mig_type_is_hstore(to))
		return hstore_of(to, json);
	if (json_type(to) != NULL && json == NULL &&
		has_json_of_its_own(from, source))
		return psprintf("pg_catalog.to_%s(%s)", json_type(to), name);
	if (json == NULL || json_type(to) != NULL)
		return psprintf("%s::text::%s", name, MIG_TYPE_NAME(to));
	if (needs_holder(to))
		return mig_composite_unwrap(json, json_holder(to), "value", name);
	if (is_row(to))
		return psprintf("pg_catalog.%s_populate_record(NULL::%s, %s)",
						json, MIG_TYPE_NAME(to), name);
	return psprintf("(%s #>> '{}')::%s", name, MIG_TYPE_NAME(to));
}

/* The keys of an object of JSON, and its values as text */
static char *
hstore_of(const MigObject *to, const char *json)
{
	const char *value = psprintf("%s%s", quote_identifier(to->name),
								 strcmp(json, "json") == 0 ? "::jsonb" : "");
	const char *parts[] = {"key", "value"};
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s(", MIG_TYPE_NAME(to));
	for (size_t i = 0; i < lengthof(parts); i++)
		appendStringInfo(&buf, "%s%s", i > 0 ? ", " : "",
						 mig_composite_unwrap("jsonb", json_holder(to), "value",
											  psprintf("pg_catalog.jsonb_path_query_array(%s, '$.keyvalue().%s')",
													   value, parts[i])));
	appendStringInfoChar(&buf, ')');
	return buf.data;
}

/* Does any value become one of the new type, by functions of JSON? */
bool
mig_column_convert_is_safe(const MigObject *from, const MigObject *to,
						   Oid source)
{
	return json_type(to) != NULL && json_type(from) == NULL &&
		has_json_of_its_own(from, source);
}

/*
 * Does a value become the one element of an array?  One that is text, or JSON,
 * may be what an array is written like.
 */
static bool
becomes_element(const MigObject *from, const MigObject *to)
{
	Oid			source;
	Oid			element;

	if (!mig_type_is_array(MIG_TYPE_NAME(to)) ||
		mig_type_is_array(MIG_TYPE_NAME(from)) || json_type(from) != NULL)
		return false;
	source = mig_type_known(from, InvalidOid);
	if (OidIsValid(source) &&
		mig_type_category(source) == TYPCATEGORY_STRING)
		return false;
	if (is_array_of(MIG_TYPE_NAME(to), MIG_TYPE_NAME(from)))
		return true;
	element = get_element_type(mig_type_known(to, InvalidOid));
	return OidIsValid(source) && OidIsValid(element) &&
		mig_type_cast(source, element) != MIG_CAST_TEXT;
}

/*
 * Does the first element of an array become the value?  So it does where that
 * is of the type, is cast to it, or is text that may be written like it.
 */
static bool
gives_element(const MigObject *from, const MigObject *to)
{
	Oid			source = mig_type_known(from, InvalidOid);
	Oid			target = mig_type_known(to, InvalidOid);
	Oid			element;

	if (json_type(to) != NULL || mig_type_is_array(MIG_TYPE_NAME(to)) ||
		mig_type_cast(source, target) != MIG_CAST_TEXT)
		return false;
	if (is_array_of(MIG_TYPE_NAME(from), MIG_TYPE_NAME(to)))
		return true;
	element = get_element_type(source);
	return OidIsValid(element) && OidIsValid(target) &&
		!mig_column_retype_reads_array(target) &&
		(mig_type_cast(element, target) != MIG_CAST_TEXT ||
		 mig_type_category(element) == TYPCATEGORY_STRING);
}

/* Is each element of an array a value of another type? */
static bool
takes_element(const MigObject *from, const MigObject *to)
{
	MigColumnRetype change = {0};

	if (is_array_of(MIG_TYPE_NAME(from), MIG_TYPE_NAME(to)))
		return true;
	change.source = get_element_type(mig_type_known(from, InvalidOid));
	change.target = mig_type_known(to, InvalidOid);
	change.source_type = format_type_be(change.source);
	change.target_type = MIG_TYPE_NAME(to);
	return mig_column_retype_is_safe(&change);
}

/* Is a type that of arrays of another? */
static bool
is_array_of(const char *array, const char *type)
{
	size_t		length = strlen(type);

	return strncmp(array, type, length) == 0 &&
		strcmp(array + length, "[]") == 0;
}

/*
 * Warn of values of a column that do not fit its new type.
 *
 * Returns false where the type is none of ours, or a domain that takes all
 * that its base type does and that is converted to ("of_base"), so that the
 * caller has to.
 */
bool
mig_column_convert_warn(MigAction *action, const MigObject *from,
						const MigObject *to, bool of_base)
{
	bool		ours = false;
	MigHazard  *hazard;
	const ListCell *lc;

	if (becomes_element(from, to) &&
		is_array_of(MIG_TYPE_NAME(to), MIG_TYPE_NAME(from)))
		return true;			/* any value does */
	if (gives_element(from, to))
	{
		hazard = mig_action_warn(action, MIG_LOSES_DATA,
								 "all but element 1 of values of column \"%s\"",
								 to->name);
		hazard->table = to->parent->identity;
		if (!takes_element(from, to))
			mig_action_warn(action, MIG_MAY_FAIL,
							"element 1 of values of column \"%s\" that does not fit type %s",
							to->name, MIG_TYPE_NAME(to))->table =
				hazard->table;
		/* other elements, another first subscript, dimensions, none */
		hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s::pg_catalog.text <> ARRAY[%s[1]]::pg_catalog.text",
								 hazard->table, quote_identifier(to->name),
								 quote_identifier(to->name));
		return true;
	}
	foreach(lc, to->depends)
	{
		const MigObject *type = ((MigDepend *) lfirst(lc))->object;

		if ((type->kind->flags & MIG_KIND_TYPE) == 0 ||
			(type->kind->flags & MIG_KIND_RELATION) == 0 ||
			(of_base && mig_column_base_takes_all(to, type)))
			continue;
		ours = true;
		if (type->kind->id == MIG_ENUM)
			warn_enum(action, from, type);
		else
			warn_other(action, from, type);
	}
	return ours;
}

/*
 * Complete the statement that changes a column over: what it needs is there
 * for as long as it runs.
 */
void
mig_column_convert_frame(StringInfo statement, const MigObject *from,
						 const MigObject *to)
{
	const MigObject *type = replaced_type(from);
	const char *holder = NULL;
	char	   *frame;

	if (json_type(from) != NULL && json_type(to) == NULL &&
		(needs_holder(to) || mig_type_is_hstore(to)))
		holder = json_holder(to);
	else if (mig_same(MIG_TYPE_NAME(from), MIG_TYPE_NAME(to)) &&
			 goes_by_name(from, type) && mig_composite_has_names(type))
		holder = mig_composite_holder(type, MIG_TYPE_NAME(to));
	if (holder == NULL)
		return;
	frame = mig_composite_frame(holder, "value",
								mig_type_is_hstore(to) ?
								"text[]" : MIG_TYPE_NAME(to),
								statement->data);
	resetStringInfo(statement);
	appendStringInfoString(statement, frame);
}

/* "json" or "jsonb" where it is one of these, or a domain over it; or NULL. */
static const char *
json_type(const MigObject *object)
{
	const char *type = MIG_TYPE_NAME(object);
	const ListCell *lc;

	if (strcmp(type, "json") == 0 || strcmp(type, "jsonb") == 0)
		return type;
	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_DOMAIN && mig_same(on->identity, type))
			return json_type(on);
	}
	return NULL;
}

/*
 * Is a value read from JSON as the attribute of a row?  An array is, and so
 * is what is of a domain over arrays or rows.
 */
static bool
needs_holder(const MigObject *object)
{
	const ListCell *lc;

	if (mig_type_is_array(MIG_TYPE_NAME(object)))
		return true;
	foreach(lc, object->depends)
	{
		const MigObject *type = ((MigDepend *) lfirst(lc))->object;

		if (type->kind->id == MIG_DOMAIN &&
			(is_row(type) || needs_holder(type)))
			return true;
	}
	return false;
}

/* Are the values of a column, or of a domain, rows? */
static bool
is_row(const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, object->depends)
	{
		const MigObject *type = ((MigDepend *) lfirst(lc))->object;

		if (type->kind->id == MIG_COMPOSITE)
			return mig_same(type->identity, MIG_TYPE_NAME(object));
	}
	return false;
}

/*
 * Is the text of a column, or of a domain, none of JSON, though JSON can be
 * made of it?  Of hstore by a cast, which comes and goes with the extension.
 */
static bool
has_json_of_its_own(const MigObject *object, Oid type)
{
	const ListCell *lc;

	if (mig_type_is_array(MIG_TYPE_NAME(object)) ||
		mig_type_is_hstore(object))
		return true;
	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;
		MigKindId	kind = on->kind->id;

		if (kind == MIG_ENUM || kind == MIG_COMPOSITE || kind == MIG_RANGE ||
			(kind == MIG_DOMAIN &&
			 has_json_of_its_own(on, mig_domain_base_type(on))))
			return true;
	}
	return OidIsValid(type) &&
		mig_type_category(type) != TYPCATEGORY_STRING;
}

/* The type around values that are made of JSON */
static char *
json_holder(const MigObject *column)
{
	return quote_qualified_identifier(column->parent->schema,
									  makeObjectName(column->parent->name,
													 column->name, "values"));
}

/* The type of a column or of its elements, if it is replaced. */
static const MigObject *
replaced_type(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, column->depends)
	{
		const MigObject *type = ((MigDepend *) lfirst(lc))->object;

		if ((type->kind->flags & MIG_KIND_RELATION) != 0 &&
			type->successor != NULL)
			return type;
	}
	return NULL;
}

/*
 * What a type comes in place of, if values of an old column, or domain, are of
 * that; or NULL.
 */
static const MigObject *
replaced_by(const MigObject *object, const MigObject *type)
{
	const ListCell *lc;

	if (mig_depends_on(object, type->predecessor))
		return type->predecessor;
	foreach(lc, object->depends)
	{
		const MigObject *domain = ((MigDepend *) lfirst(lc))->object;

		if (domain->kind->id == MIG_DOMAIN &&
			replaced_by(domain, type) != NULL)
			return type->predecessor;
	}
	return NULL;
}

/*
 * Has a column rows in another order within its values?  Those that are its
 * values themselves can be taken apart.
 */
static bool
goes_by_name(const MigObject *column, const MigObject *type)
{
	const ListCell *lc;

	if (type == NULL || !mig_composite_goes_by_position(type))
		return false;
	if (type->kind->id != MIG_COMPOSITE ||
		mig_type_is_array(MIG_TYPE_NAME(column)))
		return true;
	foreach(lc, type->children)
	{
		if (mig_composite_goes_by_position(lfirst(lc)))
			return true;
	}
	return false;
}

/* What becomes the value of a new attribute */
static void
append_attribute(StringInfo buf, const char *column,
				 const MigObject *attribute)
{
	const MigObject *from = attribute->twin;

	if (from == NULL)
		appendStringInfoString(buf, "NULL");
	else
		appendStringInfo(buf, "(%s).%s%s", column,
						 quote_identifier(from->name),
						 (from->changed != 0 || type_is_replaced(from)) &&
						 !is_cast(from, attribute) ? "::text" : "");
}

/*
 * Does a cast of the server make other values of an attribute, whose text the
 * new type does not read: numbers with a fraction whole ones, and truth
 * numbers?
 */
static bool
is_cast(const MigObject *from, const MigObject *to)
{
	Oid			source = mig_attribute_cast_type(from);
	Oid			target = mig_attribute_cast_type(to);

	if (source == BOOLOID)
		return target == INT4OID;
	return (source == NUMERICOID || source == FLOAT4OID ||
			source == FLOAT8OID) &&
		(target == INT2OID || target == INT4OID || target == INT8OID);
}

/* The same of any attribute of a type that is replaced */
static bool
any_cast(const MigObject *type)
{
	const ListCell *lc;

	foreach(lc, type->children)
	{
		const MigObject *from = lfirst(lc);

		if (from->kind->id == MIG_ATTRIBUTE && from->twin != NULL &&
			is_cast(from, from->twin))
			return true;
	}
	return false;
}

static bool
type_is_replaced(const MigObject *attribute)
{
	const ListCell *lc;

	foreach(lc, attribute->depends)
	{
		if (((MigDepend *) lfirst(lc))->object->successor != NULL)
			return true;
	}
	return false;
}

/* Values must be labels of the new type. */
static void
warn_enum(MigAction *action, const MigObject *column, const MigObject *type)
{
	const MigObject *old = replaced_by(column, type);
	bool		same = old != NULL && old->kind == type->kind;
	List	   *labels;
	const char *table = column->parent->identity;
	bool		array = mig_type_is_array(MIG_TYPE_NAME(column));
	MigHazard  *hazard;

	labels = same ? mig_enum_lost_labels(old, type) :
		mig_list_split(mig_enum_labels(type));
	if (same && labels == NIL)
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL, same ?
							 "rows that have %2$s in column \"%1$s\"" :
							 "rows that have other than %2$s in column \"%1$s\"",
							 column->name, literals(labels));
	hazard->table = table;
	hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s(%s::pg_catalog.text%s ARRAY[%s]%s)",
							 table, same ? "" : "NOT ",
							 quote_identifier(column->name),
							 !array ? " = ANY (" : same ? "[] &&" : "[] <@",
							 literals(labels), array ? "" : ")");
}

/* Values have to be read by the new type. */
static void
warn_other(MigAction *action, const MigObject *column, const MigObject *type)
{
	const MigObject *old = replaced_by(column, type);
	bool		casts;
	MigHazard  *hazard;

	casts = old != NULL && old->kind == type->kind &&
		type->kind->id == MIG_DOMAIN &&
		mig_domain_cast(old, type) != MIG_CAST_TEXT;
	if (old != NULL)
		warn_lost(action, column, old);
	if (goes_by_name(column, old) && !mig_composite_has_names(old))
		mig_action_warn(action, MIG_NEEDS_ATTENTION,
						"values of column \"%s\" have rows within them, whose attributes change places: write how they become values of type %s",
						column->name, type->identity);
	if (old != NULL && !is_other(type))
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "values of column \"%s\" that do not fit type %s",
							 column->name, type->identity);
	hazard->table = column->parent->identity;
	if (type->kind->id != MIG_DOMAIN || json_type(column) != NULL)
		return;
	if (!mig_domain_is_plain(type))
	{
		if (!mig_type_is_array(MIG_TYPE_NAME(column)))
			hazard->probe =
				mig_domain_refused(type, quote_identifier(column->name),
								   psprintf(" FROM %s", hazard->table));
		return;
	}
	hazard->probe = psprintf("SELECT %s::%s%s%s FROM %s",
							 quote_identifier(column->name),
							 casts ? "" : "text::", MIG_TYPE_NAME(type),
							 mig_type_is_array(MIG_TYPE_NAME(column)) ?
							 "[]" : "", column->parent->identity);
	hazard->tries = true;
}

/* Attributes that a type, or one within it, does not have any more. */
static void
warn_lost(MigAction *action, const MigObject *column, const MigObject *type)
{
	const ListCell *lc;
	const ListCell *on;

	if (type->successor == NULL || type->successor->kind != type->kind)
		return;
	foreach(on, type->depends)
		warn_lost(action, column, ((MigDepend *) lfirst(on))->object);
	foreach(lc, type->children)
	{
		const MigObject *attribute = lfirst(lc);

		if (attribute->kind->id != MIG_ATTRIBUTE)
			continue;
		foreach(on, attribute->depends)
			warn_lost(action, column, ((MigDepend *) lfirst(on))->object);
		if (attribute->twin == NULL)
			mig_action_warn(action, MIG_LOSES_DATA,
							"attribute \"%s\" of the values of column %s",
							attribute->name, column->identity)->table =
				column->parent->identity;
		else if (is_cast(attribute, attribute->twin) ?
				 mig_attribute_cast_type(attribute) != BOOLOID &&
				 mig_same(MIG_TYPE_NAME(column), type->identity) :
				 loses(attribute, attribute->twin))
			mig_action_warn(action, MIG_LOSES_DATA,
							"what attribute \"%s\" of the values of column %s has that type %s has not",
							attribute->name, column->identity,
							MIG_TYPE_NAME(attribute->twin))->table =
				column->parent->identity;
	}
}

/*
 * Has an attribute of the new type less of a value?  None becomes a truth but
 * what is written like one.
 */
static bool
loses(const MigObject *from, const MigObject *to)
{
	MigColumnRetype change = {0};

	change.source = mig_attribute_cast_type(from);
	change.target = mig_attribute_cast_type(to);
	change.source_type = MIG_TYPE_NAME(from);
	change.target_type = MIG_TYPE_NAME(to);
	return !mig_same(change.source_type, change.target_type) &&
		OidIsValid(change.source) && OidIsValid(change.target) &&
		change.target != BOOLOID &&
		!mig_column_retype_is_safe(&change) &&
		mig_column_retype_loses(&change);
}

/* Does a type that replaces another, or one that it is built on, differ? */
static bool
is_other(const MigObject *type)
{
	const MigObject *old = type->predecessor;
	const ListCell *lc;

	if (old == NULL)
		return false;
	if (old->kind != type->kind)
		return true;
	if (type->kind->id == MIG_ENUM)
		return mig_enum_lost_labels(old, type) != NIL;
	if (uses_other(type))
		return true;
	if (type->kind->id == MIG_RANGE)
		return !mig_range_keeps_values(old);
	if (type->kind->id != MIG_COMPOSITE)
		return old->changed != 0;
	foreach(lc, type->children)
	{
		const MigObject *attribute = lfirst(lc);

		if ((attribute->changed != 0 && !takes_all(attribute)) ||
			uses_other(attribute))
			return true;
	}
	return false;
}

/* Does an attribute of another type take whatever the old one has? */
static bool
takes_all(const MigObject *attribute)
{
	MigColumnRetype change = {0};

	change.source = mig_attribute_cast_type(attribute->twin);
	change.target = mig_attribute_cast_type(attribute);
	change.source_type = MIG_TYPE_NAME(attribute->twin);
	change.target_type = MIG_TYPE_NAME(attribute);
	return mig_column_retype_is_safe(&change);
}

static bool
uses_other(const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, object->depends)
	{
		if (is_other(((MigDepend *) lfirst(lc))->object))
			return true;
	}
	return false;
}

/* 'a', 'b' */
static char *
literals(const List *strings)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, strings)
		appendStringInfo(&buf, "%s%s", foreach_current_index(lc) > 0 ? ", " : "",
						 quote_literal_cstr(lfirst(lc)));
	return buf.data;
}
