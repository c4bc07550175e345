/*-------------------------------------------------------------------------
 *
 * kind/column_equal.c
 *	  Which values of a column are equal, before and after a change of it.
 *
 * Values that a change of type leaves as they are may be equal by the new type
 * or collation and were not before: then a key does not hold.  If they were,
 * and are not any more, a foreign key does not.  What the type of an extension
 * takes for equal is not known.  Values that lose something are another
 * matter, see kind/column_retype.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_equal.h"

#include "access/transam.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "compat.h"
#include "kind/collation.h"
#include "kind/column_values.h"
#include "kind/constraint_parse.h"
#include "kind/kinds.h"
#include "kind/table_parents.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "sch/action.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

static bool merges_more(const MigObject *from, const MigObject *to);
static bool is_deterministic(const MigObject *column);
static bool is_of_extension(const MigObject *column);
static bool is_text(Oid type);
static bool is_moment(Oid type);
static List *key_of(const MigObject *user);

/* May values be equal that were not? */
bool
mig_column_equal_more(const MigObject *from, const MigObject *to)
{
	Oid			source = atooid(from->values[CAST_TYPE]);
	Oid			target = atooid(to->values[CAST_TYPE]);

	if (merges_more(from, to))
		return true;
	if (mig_same(MIG_TYPE_NAME(from), MIG_TYPE_NAME(to)))
		return false;
	return is_of_extension(to) ||
		(is_text(source) && (target == BPCHAROID ||
							 mig_type_is_array(MIG_TYPE_NAME(to)))) ||
		(is_moment(source) && is_moment(target));
}

/* The collation by which a column is compared from now on, as SQL, or "" */
const char *
mig_column_equal_by(const MigObject *column)
{
	const char *name = column->values[COLLATION];

	if (column->twin == NULL ||
		mig_same(name, column->twin->values[COLLATION]))
		return "";
	return psprintf(" COLLATE %s", name == NULL ?
					"pg_catalog.\"default\"" : name);
}

/* May values be equal no more that were? */
bool
mig_column_equal_less(const MigObject *from, const MigObject *to)
{
	Oid			source = atooid(from->values[CAST_TYPE]);

	if (merges_more(to, from))
		return true;
	if (mig_same(MIG_TYPE_NAME(from), MIG_TYPE_NAME(to)))
		return false;
	return is_of_extension(from) ||
		(is_text(atooid(to->values[CAST_TYPE])) &&
		 (source == BPCHAROID || source == NUMERICOID ||
		  source == FLOAT4OID || source == FLOAT8OID ||
		  source == INTERVALOID || source == JSONBOID));
}

/* Are values of the server's own types sorted by other operators? */
bool
mig_column_equal_sorts_anew(const MigObject *from, const MigObject *to)
{
	Oid			source = atooid(from->values[CAST_TYPE]);
	Oid			target = atooid(to->values[CAST_TYPE]);

	return OidIsValid(source) && OidIsValid(target) && source != target &&
		GetDefaultOpClass(source, BTREE_AM_OID) !=
		GetDefaultOpClass(target, BTREE_AM_OID);
}

/* May one refer to the other, as far as collations go? */
bool
mig_column_equal_may_refer(const MigObject *from, const MigObject *to)
{
	return !MIG_KEYS_SHARE_COLLATION ||
		(!merges_more(from, to) && !merges_more(to, from));
}

/* Does a collation take texts for equal that another does not, or may it? */
static bool
merges_more(const MigObject *from, const MigObject *to)
{
	return !is_deterministic(to) &&
		(is_deterministic(from) ||
		 !mig_same(from->values[COLLATION], to->values[COLLATION]));
}

/* Does the collation of a column tell all texts apart?  A default one does. */
static bool
is_deterministic(const MigObject *column)
{
	const char *name = column->values[COLLATION];
	List	   *names;
	Oid			collation;
	const ListCell *lc;

	foreach(lc, name == NULL ? NIL : column->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_COLLATION && mig_same(on->identity, name))
			return mig_collation_is_deterministic(on);
	}
	if (name == NULL)
		return true;
	names = textToQualifiedNameList(cstring_to_text(name));
	collation = get_collation_oid(names, true);
	return !OidIsValid(collation) || get_collation_isdeterministic(collation);
}

static bool
is_of_extension(const MigObject *column)
{
	Oid			type = mig_type_known(column,
									  atooid(column->values[CAST_TYPE]));

	return OidIsValid(type) ? type >= FirstNormalObjectId :
		!mig_type_is_ours(column);
}

static bool
is_text(Oid type)
{
	return type == TEXTOID || type == VARCHAROID;
}

/* One of an hour that a time zone has twice, or leaves out, is another. */
static bool
is_moment(Oid type)
{
	return type == TIMESTAMPOID || type == TIMESTAMPTZOID;
}

/*
 * Is a column in the key of a unique constraint or index, and not beside it?
 * It may be in an expression.
 */
bool
mig_column_equal_is_key(const MigObject *user, const MigObject *column)
{
	const List *names = key_of(user);

	return names == NIL ||
		list_member(names, makeString(unconstify(char *, column->name)));
}

/*
 * Ask for rows that are equal in a unique constraint or index when a column is
 * of its new type and collation, by way of a value, which may be NULL.  NULL:
 * that cannot be asked, for there is an expression in it, or a new column.
 */
char *
mig_column_equal_probe(const MigObject *user, const MigObject *column,
					   const char *value)
{
	const char *table = column->parent->identity;
	StringInfoData values;
	StringInfoData names;
	const ListCell *lc;

	initStringInfo(&values);
	initStringInfo(&names);
	foreach(lc, key_of(user))
	{
		const char *name = strVal(lfirst(lc));
		const MigObject *key = mig_table_column(column->parent, name);

		if (key == NULL || key->twin == NULL || mig_goes(key))
			return NULL;
		appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
						 quote_identifier(name));
		appendStringInfo(&values, "%s%s", values.len > 0 ? ", " : "",
						 key == column && value != NULL ? value :
						 quote_identifier(name));
		if (key != column && key->fate == MIG_KEEP)
			continue;
		if (key != column || value == NULL)
			appendStringInfo(&values, "::%s", MIG_TYPE_NAME(key));
		appendStringInfo(&values, "%s AS %s", mig_column_equal_by(key),
						 quote_identifier(name));
	}
	if (names.len == 0)
		return NULL;
	return psprintf("SELECT COALESCE(pg_catalog.sum(n), 0)::pg_catalog.int8 FROM"
					" (SELECT pg_catalog.count(*) AS n FROM (SELECT %s FROM %s) x WHERE (%s) IS NOT NULL"
					" GROUP BY %s HAVING pg_catalog.count(*) > 1) d",
					values.data, table, names.data, names.data);
}

/* The names of the columns of a key, as its statement says; NIL: not all */
static List *
key_of(const MigObject *user)
{
	List	   *names = NIL;
	StringInfoData buf;
	const Node *statement;
	const ListCell *lc;

	if (user->kind->id == MIG_CONSTRAINT)
	{
		const char *definition = user->values[MIG_CONSTRAINT_DEFINITION];

		return mig_constraint_parse(definition)->keys;
	}
	initStringInfo(&buf);
	mig_kind_create(&buf, user);
	statement = linitial_node(RawStmt, raw_parser(buf.data,
												  RAW_PARSE_DEFAULT))->stmt;
	if (!IsA(statement, IndexStmt) ||
		((const IndexStmt *) statement)->whereClause != NULL)
		return NIL;
	foreach(lc, ((const IndexStmt *) statement)->indexParams)
	{
		const IndexElem *element = lfirst(lc);

		if (element->name == NULL || element->collation != NIL)
			return NIL;
		names = lappend(names, makeString(element->name));
	}
	return names;
}
