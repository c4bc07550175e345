/*-------------------------------------------------------------------------
 *
 * kind/column_retype.c
 *	  What a column's change of type does to the values that there are.
 *
 * Of the server's own types it is known which changes leave the table as it
 * is, which keep every value, and which may lose some of it; of all others
 * the worst is assumed, and the rows are asked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>

#include "kind/column_retype.h"
#include "catalog/pg_type.h"
#include "kind/column_users.h"
#include "kind/domain.h"
#include "kind/table_parents.h"
#include "kind/type.h"
#include "kind/type_modifiers.h"
#include "parser/parse_coerce.h"
#include "sch/action.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* Casts by functions that take each value, and keep it */
static const Oid kept[][2] = {
	{INT2OID, OIDOID}, {OIDOID, INT8OID}, {CHAROID, INT4OID},
	{MACADDROID, MACADDR8OID}, {POINTOID, BOXOID}, {BOXOID, POLYGONOID},
	{POLYGONOID, PATHOID},
};

static bool is_relabelled(const MigColumnRetype *change);
static bool has_same_bytes(Oid source, Oid target);
static bool is_same_array(const MigColumnRetype *change);
static bool is_impossible(const MigColumnRetype *change);
static bool widens(const MigColumnRetype *change);
static bool is_kept(Oid source, Oid target);
static void warn_of_blanks(MigAction *action, const MigColumnRetype *change);
static bool drops_blanks(const MigColumnRetype *change);
static const char *asked_of(const MigColumnRetype *change);
static char *count_where(const MigColumnRetype *change,
						 const char *condition);
static void warn_of_loss(MigAction *action, const MigColumnRetype *change,
						 const char *converted);
static bool is_held(const MigColumnRetype *change);
static bool is_always_converted(const MigColumnRetype *change);
static bool bounds_of(const MigColumnRetype *change, MigColumnRetype *bounds);
static Oid	bound_type(Oid type);
static bool takes_bits(const MigColumnRetype *change);
static bool elements_of(const MigColumnRetype *change,
						MigColumnRetype *elements);
static char *element_of(const char *type);
static int	number_rank(Oid type);
static bool is_integer(Oid type);
static bool is_string(Oid type);
static bool is_moment(Oid type);
static bool rounds(const MigColumnRetype *change);
static void warn_of_setting(MigAction *action, const MigColumnRetype *change);
static bool is_zoned(Oid type);
static bool is_dated(Oid type);
static char *is_other(const MigColumnRetype *change, const char *converted);
static bool keeps_less(Oid source);
static bool loses_digits(const MigColumnRetype *change);
static bool has_limit(const MigColumnRetype *change);
static bool has_shorter_limit(const MigColumnRetype *change);
static bool cuts(const MigColumnRetype *change);
static bool is_of_bits(const MigColumnRetype *change);
static void warn_limit(MigAction *action, const MigColumnRetype *change);

/* Can values of two types be compared? */
bool
mig_column_retype_is_comparable(Oid source, Oid target)
{
	if (source == target)
		return OidIsValid(source);
	return (is_integer(source) && is_integer(target)) ||
		(is_string(source) && is_string(target));
}

/* Is every row written anew? */
bool
mig_column_retype_rewrites(const MigColumnRetype *change)
{
	Oid			source = change->source;
	Oid			target = change->target;

	if (is_relabelled(change))
		return false;
	if (change->conversion != NULL || !OidIsValid(source) ||
		(mig_type_is_array(change->target_type) && !is_same_array(change)) ||
		mig_domain_of(change->column) != NULL)
		return true;
	if (source == target)
	{
		if (source == BPCHAROID || source == BITOID)
			return true;
		if (source == NUMERICOID &&
			mig_modifiers_of(change->target_type).first >= 0 &&
			mig_modifiers_of(change->source_type).second !=
			mig_modifiers_of(change->target_type).second)
			return true;
		return !widens(change);
	}
	return mig_modifiers_of(change->target_type).first >= 0 ||
		!has_same_bytes(source, target);
}

/* Has a value of one type the same bytes as one of another? */
static bool
has_same_bytes(Oid source, Oid target)
{
	Oid			function;

	return OidIsValid(source) && OidIsValid(target) && source != target &&
		find_coercion_pathway(target, source, COERCION_EXPLICIT,
							  &function) == COERCION_PATH_RELABELTYPE;
}

/* Has a value of an extension's type, or before, the same bytes? */
static bool
is_relabelled(const MigColumnRetype *change)
{
	const MigObject *column = change->column;
	Oid			source;
	Oid			target;

	if (column == NULL || column->twin == NULL || change->conversion != NULL ||
		mig_modifiers_of(change->target_type).first >= 0 ||
		(OidIsValid(change->source) && OidIsValid(change->target)))
		return false;
	source = mig_type_known(column->twin, change->source);
	target = mig_type_known(column, change->target);
	return has_same_bytes(source, target);
}

/* Does a domain over an array come or go? */
static bool
is_same_array(const MigColumnRetype *change)
{
	return change->source == change->target && !change->by_element &&
		strcmp(change->source_type, change->target_type) == 0;
}

/* Is it written anew because of the TimeZone alone? */
bool
mig_column_retype_turns_on_zone(const MigColumnRetype *change)
{
	Oid			source = change->source;
	Oid			target = change->target;
	int			precision = mig_modifiers_of(change->target_type).first;

	return ((source == TIMESTAMPOID && target == TIMESTAMPTZOID) ||
			(source == TIMESTAMPTZOID && target == TIMESTAMPOID)) &&
		change->conversion == NULL && mig_domain_of(change->column) == NULL &&
		(precision < 0 || precision >= MAX_TIME_PRECISION);
}

/* Add what may go wrong, or be lost, with a conversion of values. */
void
mig_column_retype_warn(MigAction *action, const MigColumnRetype *change)
{
	const MigObject *column = change->column;
	const char *table = column->parent->identity;
	const char *name = quote_identifier(column->name);
	const char *converted = change->conversion;
	int			limit = mig_modifiers_of(change->target_type).first;
	MigColumnRetype elements;
	const MigColumnRetype *limited;
	MigHazard  *hazard;

	warn_of_setting(action, change);
	if (mig_column_retype_is_safe(change))
		return;
	if (is_impossible(change))
	{
		hazard = mig_action_warn(action, MIG_NEEDS_ATTENTION,
								 "no value of type %s is one of type %s: write the expression behind USING",
								 change->source_type, change->target_type);
		hazard->table = table;
		return;
	}
	limited = elements_of(change, &elements) ? &elements : change;
	warn_of_blanks(action, change);
	if (has_limit(limited))
	{
		if (!has_shorter_limit(limited))
			warn_limit(action, change);
		return;
	}
	if (converted == NULL)
		converted = psprintf("%s::%s", name, change->target_type);
	if (!is_always_converted(change))
	{
		hazard = mig_action_warn(action, MIG_MAY_FAIL,
								 "values of column \"%s\" that do not fit type %s",
								 column->name, change->target_type);
		hazard->table = table;
		if (is_held(change) && !mig_type_is_array(change->target_type))
			mig_action_warn(action, MIG_LOSES_DATA,
							"whether values within column \"%s\" are text, numbers, or nested",
							column->name)->table = table;
		if (is_of_bits(change))
			hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s WHERE pg_catalog.length(%s) %s %d",
									 table, name,
									 change->target == BITOID ? "<>" : ">",
									 limit);
		if ((cuts(change) && change->conversion == NULL) || is_held(change))
			return;
		hazard->probe = psprintf("SELECT %s FROM %s", converted, table);
		hazard->tries = true;
	}
	if (mig_column_retype_loses(change) && !is_held(change) &&
		!drops_blanks(change))
		warn_of_loss(action, change, converted);
}

/*
 * Add what may be lost of values, or mean something else, where what may go
 * wrong is said already.
 */
void
mig_column_retype_warn_lost(MigAction *action, const MigColumnRetype *change)
{
	warn_of_setting(action, change);
	warn_of_blanks(action, change);
	if (!mig_column_retype_is_safe(change) && !is_impossible(change) &&
		mig_column_retype_loses(change) && !is_held(change) &&
		!drops_blanks(change))
		warn_of_loss(action, change, change->conversion != NULL ?
					 change->conversion :
					 psprintf("%s::%s", quote_identifier(change->column->name),
							  change->target_type));
}

/*
 * Blanks at the end of a text do not count in char(n): whether there were any
 * is not known any more.
 */
static void
warn_of_blanks(MigAction *action, const MigColumnRetype *change)
{
	const MigObject *column = change->column;
	MigHazard  *hazard;

	if (!drops_blanks(change))
		return;
	hazard = mig_action_warn(action, MIG_LOSES_DATA,
							 "blanks at the end of values of column \"%s\", which do not count in type %s",
							 column->name, change->target_type);
	hazard->table = column->parent->identity;
	hazard->probe = count_where(change, psprintf("pg_catalog.right(%s, 1) OPERATOR(pg_catalog.=) ' '",
												 asked_of(change)));
}

static bool
drops_blanks(const MigColumnRetype *change)
{
	MigColumnRetype elements;

	if (elements_of(change, &elements))
		return drops_blanks(&elements);
	return (is_string(change->source) || change->source == NAMEOID) &&
		change->target == BPCHAROID;
}

/* What a condition is about: the value, or each element of an array */
static const char *
asked_of(const MigColumnRetype *change)
{
	return mig_type_is_array(change->target_type) ? "e" :
		quote_identifier(change->column->name);
}

/* Rows whose value, or an element of it, fulfils a condition */
static char *
count_where(const MigColumnRetype *change, const char *condition)
{
	if (mig_type_is_array(change->target_type))
		condition = psprintf("EXISTS (SELECT FROM pg_catalog.unnest(%s) e WHERE %s)",
							 quote_identifier(change->column->name),
							 condition);
	return psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s",
					change->column->parent->identity, condition);
}

static void
warn_of_loss(MigAction *action, const MigColumnRetype *change,
			 const char *converted)
{
	const MigObject *column = change->column;
	const char *table = column->parent->identity;
	MigHazard  *hazard;

	mig_column_users_warn_converted(action, column, converted);
	hazard = mig_action_warn(action, MIG_LOSES_DATA,
							 "what values of column \"%s\" have that type %s has not",
							 column->name, change->target_type);
	hazard->table = table;
	if (mig_type_is_array(change->source_type) ||
		!mig_type_is_array(change->target_type))
		hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s",
								 table, is_other(change, converted));
}

/* Is it written with a type that is there for the statement alone? */
static bool
is_held(const MigColumnRetype *change)
{
	return (change->source == JSONOID || change->source == JSONBOID) &&
		(mig_type_is_array(change->target_type) ||
		 mig_type_is_hstore(change->column));
}

/* Is no value refused, though part of it may be lost? */
static bool
is_always_converted(const MigColumnRetype *change)
{
	Oid			source = change->source;
	Oid			target = change->target;
	MigModifiers from = mig_modifiers_of(change->source_type);
	MigModifiers to = mig_modifiers_of(change->target_type);
	MigColumnRetype elements;

	/* the elements of arrays go by way of text, see kind/column_cast.c */
	if (elements_of(change, &elements))
		return !mig_type_is_truth(elements.source, elements.target) &&
			is_always_converted(&elements);
	if (change->conversion != NULL)
		return (source == INT4OID && target == BOOLOID) ||
			(source == BOOLOID && target == INT4OID) ||
			(mig_type_is_truth(source, target) &&
			 (target != NUMERICOID || to.first < 0 || to.first > to.second)) ||
			(source == XID8OID && target == XIDOID) ||
			(source == BITOID && from.first > 0 &&
			 ((target == INT4OID && from.first <= 32) ||
			  (target == INT8OID && from.first <= 64)));
	if (source == NUMERICOID && target == NUMERICOID)
		return from.first > 0 &&	/* rounding may add a digit */
			to.first - to.second > from.first - from.second;
	if (source == target)
		return is_moment(source) || source == TIMEOID ||
			source == TIMETZOID || source == INTERVALOID;
	if (target == TIMEOID)
		return is_moment(source) || source == TIMETZOID;
	if (target == BPCHAROID && to.first < 0)
		return is_string(source);
	if (target == FLOAT4OID || target == FLOAT8OID)
		return is_integer(source) ||
			(source == NUMERICOID && from.first >= 0 &&
			 from.first - from.second <= FLT_MAX_10_EXP &&
			 from.second <= -FLT_MIN_10_EXP);
	if (target == NUMERICOID)
		return to.first < 0 && (source == FLOAT4OID || source == FLOAT8OID ||
								source == MONEYOID);
	if (target == NAMEOID)
		return is_string(source) || source == BPCHAROID;
	return (is_moment(source) && is_dated(target)) ||
		(source == INT4OID && target == MONEYOID) ||
		(source == INETOID && target == CIDROID) ||
		(source == TIMEOID && target == INTERVALOID) ||
		(source == TIMEOID && target == TIMETZOID);
}

/* Say what the meaning of the new values depends on. */
static void
warn_of_setting(MigAction *action, const MigColumnRetype *change)
{
	Oid			source = change->source;
	Oid			target = change->target;
	bool		to_text = is_string(target) || target == BPCHAROID;
	bool		of_text = is_string(source) || source == BPCHAROID;
	const char *setting = NULL;
	MigColumnRetype elements;

	if (elements_of(change, &elements) || bounds_of(change, &elements))
	{
		warn_of_setting(action, &elements);
		return;
	}
	if (source == target)
		return;
	if (is_zoned(source) || is_zoned(target))
		setting = to_text || of_text ? "TimeZone and DateStyle" : "TimeZone";
	else if ((to_text && is_dated(source)) || (of_text && is_dated(target)))
		setting = "DateStyle";
	else if (source == MONEYOID || target == MONEYOID)
		setting = "lc_monetary";
	if (setting != NULL)
		mig_action_warn(action, MIG_CHANGES_MEANING,
						"values of column \"%s\" are converted by the %s of the session that runs it",
						change->column->name, setting)->table =
			change->column->parent->identity;
}

static bool
is_zoned(Oid type)
{
	return type == TIMESTAMPTZOID || type == TIMETZOID;
}

static bool
is_dated(Oid type)
{
	return type == DATEOID || is_moment(type);
}

/* The condition that a value is another once it is converted and back */
static char *
is_other(const MigColumnRetype *change, const char *converted)
{
	const char *name = quote_identifier(change->column->name);
	MigColumnRetype bounds;

	/* ranges have no casts to each other */
	if (bounds_of(change, &bounds))
		return psprintf("((%s)::pg_catalog.text::%s) IS DISTINCT FROM %s",
						converted, change->source_type, name);
	if (change->target == BOOLOID &&
		mig_type_is_truth(change->source, change->target))
		return psprintf("((%s)::pg_catalog.int4) IS DISTINCT FROM %s",
						converted, name);
	/* white space and the order of keys do not count, keys do */
	if (change->target == JSONBOID || change->target == JSONBARRAYOID)
		return psprintf("pg_catalog.length(pg_catalog.regexp_replace((%s)::pg_catalog.text, '\\s', '', 'g'))"
						" OPERATOR(pg_catalog.<>) pg_catalog.length(pg_catalog.regexp_replace(%s::pg_catalog.text, '\\s', '', 'g'))",
						converted, name);
	/* the cast to text writes a netmask that was not there */
	if (change->target == INETOID)
		return psprintf("pg_catalog.format('%%s', %s)::%s IS DISTINCT FROM %s",
						converted, change->source_type, name);
	if (change->target == INETARRAYOID)
		return psprintf("(%s)::pg_catalog.text IS DISTINCT FROM %s::pg_catalog.text",
						converted, name);
	if (OidIsValid(change->source) &&
		OidIsValid(lookup_type_cache(change->source,
									 TYPECACHE_EQ_OPR)->eq_opr))
		return psprintf("((%s)::%s) IS DISTINCT FROM %s::%s", converted,
						change->source_type, name, change->source_type);
	return psprintf("((%s)::%s)::pg_catalog.text IS DISTINCT FROM %s::pg_catalog.text",
					converted, change->source_type, name);
}

/* Is there no cast, and no value whose text the new type reads? */
static bool
is_impossible(const MigColumnRetype *change)
{
	if (mig_type_is_array(change->source_type) &&
		!mig_type_is_array(change->target_type) && OidIsValid(change->target))
		return mig_type_cast(change->source, change->target) ==
			MIG_CAST_TEXT && !mig_column_retype_reads_array(change->target);
	return mig_type_cast(change->source, change->target) == MIG_CAST_TEXT &&
		!mig_type_is_truth(change->source, change->target) &&
		!mig_type_is_array(change->source_type) &&
		!mig_type_is_array(change->target_type) &&
		!mig_type_may_read(change->source, change->target);
}

/* May a value be written as an array is?  Objects of JSON begin like it. */
bool
mig_column_retype_reads_array(Oid type)
{
	return type == JSONOID || type == JSONBOID || type == RECORDOID ||
		mig_type_category(type) == TYPCATEGORY_STRING;
}

/* Does the same type take at least what it took before? */
static bool
widens(const MigColumnRetype *change)
{
	MigModifiers from = mig_modifiers_of(change->source_type);
	MigModifiers to = mig_modifiers_of(change->target_type);

	if (change->source != change->target || !OidIsValid(change->source) ||
		mig_modifiers_have_less_fields(change->source_type,
									   change->target_type))
		return false;
	if (change->source == INTERVALOID &&
		!mig_modifiers_have_seconds(change->source_type))
		return true;			/* it has no fractions to be rounded */
	if ((is_zoned(change->source) || is_moment(change->source) ||
		 change->source == TIMEOID || change->source == INTERVALOID) &&
		to.first >= MAX_TIME_PRECISION)
		return true;
	if (to.first < 0)
		return true;
	if (from.first < 0)
		return false;
	if (change->source == NUMERICOID)
		return to.second >= from.second &&
			to.first - to.second >= from.first - from.second;
	return to.first >= from.first;
}

/* Is every value converted, and none of it lost? */
bool
mig_column_retype_is_safe(const MigColumnRetype *change)
{
	Oid			source = change->source;
	Oid			target = change->target;
	MigColumnRetype elements;
	int			rank = number_rank(source);
	bool		limited = mig_modifiers_of(change->target_type).first >= 0;

	if (elements_of(change, &elements))
		return mig_column_retype_is_safe(&elements);
	if (bounds_of(change, &elements))
		return is_zoned(elements.source) == is_zoned(elements.target) &&
			mig_column_retype_is_safe(&elements);
	if ((widens(change) && source != BITOID) || takes_bits(change))
		return true;
	if (is_relabelled(change) ||
		(!limited && !drops_blanks(change) && is_kept(source, target)) ||
		(!limited && mig_type_is_array(change->source_type) &&
		 is_string(get_element_type(target))))
		return true;
	if (source == JSONBOID && target == JSONOID)
		return true;
	if (!limited && is_string(target))
		return true;
	if (rank > 0 && !limited &&
		(target == NUMERICOID ? source != FLOAT4OID && source != FLOAT8OID :
		 rank < number_rank(target)))
		return !(source == INT8OID && target == FLOAT8OID) &&
			!(target == FLOAT4OID && source != INT2OID);
	return !limited && is_moment(source) && is_moment(target);
}

/* Is it known of a cast of the server that it keeps each value? */
static bool
is_kept(Oid source, Oid target)
{
	for (size_t i = 0; i < lengthof(kept); i++)
	{
		if (kept[i][0] == source && kept[i][1] == target)
			return true;
	}
	return has_same_bytes(source, target);
}

/* What becomes of the bounds, where both are ranges, or sets of them */
static bool
bounds_of(const MigColumnRetype *change, MigColumnRetype *bounds)
{
	*bounds = *change;
	bounds->source = bound_type(change->source);
	bounds->target = bound_type(change->target);
	if (!OidIsValid(bounds->source) || !OidIsValid(bounds->target) ||
		OidIsValid(get_multirange_range(change->source)) !=
		OidIsValid(get_multirange_range(change->target)))
		return false;
	bounds->source_type = format_type_be(bounds->source);
	bounds->target_type = format_type_be(bounds->target);
	return true;
}

static Oid
bound_type(Oid type)
{
	Oid			range = get_multirange_range(type);

	return get_range_subtype(OidIsValid(range) ? range : type);
}

/* Does a string of bits have room, be it of one length or of any up to it? */
static bool
takes_bits(const MigColumnRetype *change)
{
	int			before = mig_modifiers_of(change->source_type).first;
	int			after = mig_modifiers_of(change->target_type).first;

	return change->target == VARBITOID && change->conversion == NULL &&
		(change->source == BITOID || change->source == VARBITOID) &&
		(after < 0 || (before > 0 && before <= after));
}

/* What becomes of the elements, where both are arrays */
static bool
elements_of(const MigColumnRetype *change, MigColumnRetype *elements)
{
	*elements = *change;
	elements->source = get_element_type(change->source);
	elements->target = get_element_type(change->target);
	if (!OidIsValid(elements->source) || !OidIsValid(elements->target))
		return false;
	elements->source_type = element_of(change->source_type);
	elements->target_type = element_of(change->target_type);
	return true;
}

static char *
element_of(const char *type)
{
	return pnstrdup(type, strlen(type) -
					(mig_type_is_array(type) ? strlen("[]") : 0));
}

/* A type of a larger number takes all integers of a smaller one. */
static int
number_rank(Oid type)
{
	switch (type)
	{
		case INT2OID:
			return 1;
		case INT4OID:
			return 2;
		case INT8OID:
			return 3;
		case FLOAT4OID:
			return 4;
		case FLOAT8OID:
			return 5;
		default:
			return 0;
	}
}

static bool
is_integer(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

/* Not char(n), which pads. */
static bool
is_string(Oid type)
{
	return type == TEXTOID || type == VARCHAROID;
}

static bool
is_moment(Oid type)
{
	return type == TIMESTAMPOID || type == TIMESTAMPTZOID;
}

/* Has a time less digits than it had? */
static bool
rounds(const MigColumnRetype *change)
{
	int			before = mig_modifiers_of(change->source_type).first;
	int			after = mig_modifiers_of(change->target_type).first;

	return after >= 0 && after < MAX_TIME_PRECISION &&
		(before < 0 || after < before);
}

/* May a value be converted, and be another then? */
bool
mig_column_retype_loses(const MigColumnRetype *change)
{
	Oid			source = change->source;
	Oid			target = change->target;
	MigColumnRetype elements;

	if (elements_of(change, &elements) || bounds_of(change, &elements))
		return mig_column_retype_loses(&elements);
	if (drops_blanks(change))
		return true;
	if (has_limit(change))
		return false;			/* what is too long is refused */
	if (change->conversion != NULL && cuts(change) &&
		(mig_modifiers_of(change->source_type).first < 0 ||
		 mig_modifiers_of(change->source_type).first >
		 mig_modifiers_of(change->target_type).first))
		return true;
	if (loses_digits(change) || (OidIsValid(source) && source != target &&
								 keeps_less(source)))
		return true;
	if (OidIsValid(source) && source != target &&
		(target == CHAROID ? !is_integer(source) :
		 target == NAMEOID && get_typlen(source) < 0))
		return true;			/* it has less room */
	if (source == TIMESTAMPTZOID && target == TIMESTAMPOID)
		return true;
	if (source == TIMEOID && (target == TIMETZOID || target == INTERVALOID))
		return mig_modifiers_of(change->target_type).first >= 0 ||
			mig_modifiers_have_less_fields(change->source_type,
										   change->target_type);
	if (is_moment(source) || source == INTERVALOID || source == TIMEOID ||
		source == TIMETZOID)
		return !is_moment(target) || rounds(change);
	if (target == BOOLOID && source != BOOLOID)
		return true;
	return (is_string(source) || source == BPCHAROID) &&
		OidIsValid(target) && target != JSONOID &&
		!mig_type_is_array(change->target_type);
}

/* Has each other type, but those known to be safe, less of a value? */
static bool
keeps_less(Oid source)
{
	return source == INETOID || source == JSONOID || source == XID8OID ||
		mig_type_category(source) == TYPCATEGORY_GEOMETRIC;
}

/* Rounding is no error: nothing would tell. */
static bool
loses_digits(const MigColumnRetype *change)
{
	Oid			source = change->source;
	Oid			target = change->target;
	bool		has_fraction;

	has_fraction = source == NUMERICOID || source == FLOAT4OID ||
		source == FLOAT8OID;
	if (source == NUMERICOID && target == NUMERICOID &&
		mig_modifiers_of(change->source_type).first >= 0)
		return mig_modifiers_of(change->target_type).second <
			mig_modifiers_of(change->source_type).second;
	if (has_fraction)
		return number_rank(target) > 0 || target == NUMERICOID ||
			target == MONEYOID;
	if (target == NUMERICOID &&
		mig_modifiers_of(change->target_type).first >= 0)
		return source == MONEYOID ||
			mig_modifiers_of(change->target_type).second < 0;
	return number_rank(source) > 0 &&
		(target == FLOAT4OID || target == FLOAT8OID);
}

/* Are values that are too long refused? */
static bool
has_limit(const MigColumnRetype *change)
{
	return (change->target == VARCHAROID || change->target == BPCHAROID) &&
		change->conversion == NULL &&
		mig_modifiers_of(change->target_type).first > 0;
}

/* Was no value longer than it may be? */
static bool
has_shorter_limit(const MigColumnRetype *change)
{
	int			before = mig_modifiers_of(change->source_type).first;

	return (change->source == VARCHAROID || change->source == BPCHAROID) &&
		before > 0 && before <= mig_modifiers_of(change->target_type).first;
}

/* Would a cast cut what the server refuses, so that it cannot be tried? */
static bool
cuts(const MigColumnRetype *change)
{
	bool		limited = mig_modifiers_of(change->target_type).first >= 0;
	MigColumnRetype elements;

	if (elements_of(change, &elements))
		return cuts(&elements) ||
			(limited && (elements.target == VARCHAROID ||
						 elements.target == BPCHAROID));
	return change->target == BITOID || change->target == VARBITOID ||
		(mig_type_is_array(change->target_type) && limited);
}

/* Is nothing wrong with a value but its length in bits? */
static bool
is_of_bits(const MigColumnRetype *change)
{
	return (change->source == BITOID || change->source == VARBITOID) &&
		(change->target == BITOID || change->target == VARBITOID) &&
		change->conversion == NULL;
}

/*
 * Blanks at the end do not count; a cast would cut all values.  So it is with
 * elements of arrays.
 */
static void
warn_limit(MigAction *action, const MigColumnRetype *change)
{
	const MigObject *column = change->column;
	int			limit = mig_modifiers_of(change->target_type).first;
	MigHazard  *hazard;

	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "values of column \"%s\" %s longer than %d character%s",
							 column->name,
							 mig_type_is_array(change->target_type) ?
							 "with elements that are" : "that are",
							 limit, limit == 1 ? "" : "s");
	hazard->table = column->parent->identity;
	hazard->probe = count_where(change, psprintf("pg_catalog.char_length(pg_catalog.rtrim(%s::pg_catalog.text, ' ')) > %d",
												 asked_of(change), limit));
}
