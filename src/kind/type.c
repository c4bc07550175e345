/*-------------------------------------------------------------------------
 *
 * kind/type.c
 *	  What all types have in common: who uses them, and casts.
 *
 * Users of a type are those of the types built on it, too: domains over it,
 * composite types with it, ranges of it.  Arrays stand for their elements.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/type.h"

#include "catalog/pg_type.h"
#include "common/string.h"
#include "compat.h"
#include "parser/parse_coerce.h"
#include "utils/lsyscache.h"

/* A walk from a type to its users. */
typedef struct Walk
{
	List	   *types;			/* that have been visited */
	List	   *users;			/* of MigObject * */
	bool		nested;			/* a column has values within others */
} Walk;

static bool reads_much(Oid type);
static void walk_users(Walk *walk, const MigObject *type, bool nested);
static void visit_user(Walk *walk, MigObject *user, bool nested);

/*
 * The objects that depend on a type or on types built on it, MigObject *;
 * without ignored ones and without the types themselves.
 */
List *
mig_type_users(const MigObject *type)
{
	Walk		walk = {0};

	walk_users(&walk, type, false);
	return walk.users;
}

/* A type and those that are built on it, MigObject *, but arrays. */
List *
mig_type_built_on(const MigObject *type)
{
	Walk		walk = {0};

	walk_users(&walk, type, false);
	return walk.types;
}

/* The columns of tables that hold values of a type. */
List *
mig_type_columns(const MigObject *type)
{
	List	   *columns = NIL;
	const ListCell *lc;

	foreach(lc, mig_type_users(type))
	{
		MigObject  *user = lfirst(lc);

		if (user->kind->id == MIG_COLUMN)
			columns = lappend(columns, user);
	}
	return columns;
}

/* Do columns hold values of a type within arrays, rows or ranges? */
bool
mig_type_is_nested(const MigObject *type)
{
	Walk		walk = {0};

	walk_users(&walk, type, false);
	return walk.nested;
}

/*
 * Are the values of a column, an attribute or a domain of a type, or rows of
 * a relation; or arrays of them?
 */
bool
mig_type_is_of(const MigObject *object, const MigObject *type)
{
	const char *name = MIG_TYPE_NAME(object);
	size_t		length = strlen(type->identity);

	return strncmp(name, type->identity, length) == 0 &&
		(name[length] == '\0' || name[length] == '[');
}

/* Is it an array of something? */
bool
mig_type_is_array(const char *type)
{
	size_t		length = strlen(type);

	return length > 2 && strcmp(type + length - 2, "[]") == 0;
}

/*
 * The type of a column where casts are known of it: one of the server, which
 * is given, or one that is none of ours, as of extensions; or 0.
 */
Oid
mig_type_known(const MigObject *column, Oid type)
{
	int32		typmod;

	if (OidIsValid(type))
		return type;
	return !mig_type_is_ours(column) &&
		mig_parse_type(MIG_TYPE_NAME(column), &type, &typmod) ?
		type : InvalidOid;
}

/* Is the type of a column, or of its elements, one that is compared? */
bool
mig_type_is_ours(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, column->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id != MIG_EXTENSION && mig_type_is_of(column, on))
			return true;
	}
	return false;
}

/*
 * Is it of the type of contrib's hstore, be it there or not yet?  Its function
 * of the same name makes a value of two arrays, and there is none that reads
 * JSON.
 */
bool
mig_type_is_hstore(const MigObject *object)
{
	const char *type = MIG_TYPE_NAME(object);

	return (strcmp(type, "hstore") == 0 ||
			pg_str_endswith(type, ".hstore")) && !mig_type_is_ours(object);
}

/*
 * How values of one type of the server become values of another; 0 stands for
 * any other type.
 */
MigCast
mig_type_cast(Oid source, Oid target)
{
	Oid			function;

	if (target == TEXTOID || target == VARCHAROID || target == BPCHAROID)
		return MIG_CAST_ASSIGNMENT;
	if (!OidIsValid(source) || !OidIsValid(target))
		return MIG_CAST_TEXT;
	if (find_coercion_pathway(target, source, COERCION_ASSIGNMENT,
							  &function) != COERCION_PATH_NONE ||
		source == target)
		return MIG_CAST_ASSIGNMENT;
	if (find_coercion_pathway(target, source, COERCION_EXPLICIT,
							  &function) != COERCION_PATH_NONE)
		return MIG_CAST_EXPLICIT;
	return MIG_CAST_TEXT;
}

/*
 * Is one of them truth, and the other a number that the server has no cast for
 * between the two?  Integers have one.
 */
bool
mig_type_is_truth(Oid source, Oid target)
{
	Oid			number = source == BOOLOID ? target : source;

	return (source == BOOLOID) != (target == BOOLOID) &&
		(number == INT2OID || number == INT8OID || number == NUMERICOID);
}

/*
 * Can a type have values that another reads in their text?  Where it is not
 * known that it cannot, it can.
 */
bool
mig_type_may_read(Oid source, Oid target)
{
	char		from;
	char		to;

	if (!OidIsValid(source) || !OidIsValid(target) || source == target)
		return true;
	from = mig_type_category(source);
	to = mig_type_category(target);
	if (reads_much(target) || to == TYPCATEGORY_STRING)
		return true;
	if (source == UUIDOID)
		return false;
	switch (from)
	{
		case TYPCATEGORY_NUMERIC:
			return strchr("NDTBV", to) != NULL || target == CIDROID ||
				target == MACADDROID;
		case TYPCATEGORY_DATETIME:
		case TYPCATEGORY_TIMESPAN:
			return to == TYPCATEGORY_DATETIME || to == TYPCATEGORY_TIMESPAN;
		case TYPCATEGORY_BOOLEAN:
		case TYPCATEGORY_NETWORK:
			return from == to;
		default:
			return true;
	}
}

/* The category of a type of the server */
char
mig_type_category(Oid type)
{
	char		category;
	bool		preferred;

	get_type_category_preferred(type, &category, &preferred);
	return category;
}

/* Does a type take the text of about any value? */
static bool
reads_much(Oid type)
{
	return type == BYTEAOID || type == JSONOID || type == JSONBOID ||
		type == XMLOID || type == TSVECTOROID || type == TSQUERYOID;
}

/* A type may be reached by more than one way; it is walked once. */
static void
walk_users(Walk *walk, const MigObject *type, bool nested)
{
	const ListCell *lc;

	if (list_member_ptr(walk->types, type))
		return;
	walk->types = lappend(walk->types, unconstify(MigObject *, type));
	foreach(lc, type->dependents)
		visit_user(walk, ((MigDepend *) lfirst(lc))->object, nested);
}

/* Attributes and ranges hide a type from the columns that have it. */
static void
visit_user(Walk *walk, MigObject *user, bool nested)
{
	if (user->ignored)
		return;
	if (user->kind->id == MIG_ATTRIBUTE)
		walk_users(walk, user->parent, true);
	else if (user->kind->id == MIG_RANGE)
		walk_users(walk, user, true);
	else if (user->kind->id == MIG_DOMAIN)
		walk_users(walk, user,
				   nested || mig_type_is_array(MIG_TYPE_NAME(user)));
	else if (user->kind->id == MIG_COLUMN &&
			 (nested || mig_type_is_array(MIG_TYPE_NAME(user))))
		walk->nested = true;
	walk->users = list_append_unique_ptr(walk->users, user);
}
