/*-------------------------------------------------------------------------
 *
 * kind/range_type.c
 *	  Range types and their multirange types.
 *
 * A range type cannot be altered, it is replaced.  Its constructor functions
 * keep their names when the types are renamed, so that they have to be
 * renamed, too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/range_type.h"

#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	SUBTYPE,
	OPCLASS,
	COLLATION,
	CANONICAL,
	SUBTYPE_DIFF,
	MULTIRANGE,					/* its name, without the schema */
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[SUBTYPE] = {"subtype", MIG_FIXED},
	[OPCLASS] = {"operator class", MIG_FIXED},
	[COLLATION] = {"collation", MIG_FIXED},
	[CANONICAL] = {"canonical function", MIG_FIXED},
	[SUBTYPE_DIFF] = {"subtype difference function", MIG_FIXED},
	[MULTIRANGE] = {"multirange type", MIG_FIXED},
};

static const char query[] =
"SELECT t.oid, 0, 0::pg_catalog.oid, 0, n.nspname::pg_catalog.text, t.typname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(t.typowner)::pg_catalog.text, " MIG_ACL("t.typacl", "T", "t.typowner") ","
" pg_catalog.format_type(rngsubtype, NULL),"
" CASE WHEN NOT opcdefault THEN pg_catalog.quote_ident(o.nspname) || '.' || pg_catalog.quote_ident(opcname) END,"
" CASE WHEN rngcollation <> s.typcollation THEN"
" (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(collname)"
" FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace cn ON cn.oid = collnamespace"
" WHERE c.oid = rngcollation) END,"
" NULLIF(rngcanonical::pg_catalog.text, '-'), NULLIF(rngsubdiff::pg_catalog.text, '-'), m.typname::pg_catalog.text"
" FROM pg_catalog.pg_range"
" JOIN pg_catalog.pg_type t ON t.oid = rngtypid"
" JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
" JOIN pg_catalog.pg_type s ON s.oid = rngsubtype"
" JOIN pg_catalog.pg_type m ON m.oid = rngmultitypid"
" JOIN (SELECT c.oid AS opcid, opcname, opcdefault, nspname FROM pg_catalog.pg_opclass c"
" JOIN pg_catalog.pg_namespace ON pg_namespace.oid = opcnamespace) o ON opcid = rngsubopc"
" WHERE t.typnamespace = ANY ($1)"
" ORDER BY n.nspname COLLATE \"C\", t.typname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *range);
static bool is_usual_name(const MigObject *range);
static void drop(StringInfo buf, const MigObject *range);
static void warn(MigDiff *diff, MigAction *action);
static void give_way(StringInfo buf, const MigObject *range,
					 const char *name);
static char *multirange_name(const MigObject *range);
static const char *current_subtype(const MigObject *range);

const MigKind mig_range_kind = {
	.id = MIG_RANGE,
	.name = "range type",
	.noun = "TYPE",
	.acl_noun = "TYPE",
	.acl_type = "T",
	.classid = TypeRelationId,
	.flags = MIG_KIND_TYPE | MIG_KIND_RELATION,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.give_way = give_way,
	.drop = drop,
	.warn = warn,
};

/*
 * Is a value of a range type one of the type that it is changed to?  How far
 * values are from each other, and names, do not matter.
 */
bool
mig_range_keeps_values(const MigObject *range)
{
	return !MIG_CHANGED(range, SUBTYPE) && !MIG_CHANGED(range, OPCLASS) &&
		!MIG_CHANGED(range, COLLATION) && !MIG_CHANGED(range, CANONICAL);
}

static void
create(StringInfo buf, const MigObject *range)
{
	static const char *const names[NATTRIBUTES] = {
		[SUBTYPE] = "subtype",
		[OPCLASS] = "subtype_opclass",
		[COLLATION] = "collation",
		[CANONICAL] = "canonical",
		[SUBTYPE_DIFF] = "subtype_diff",
	};

	appendStringInfo(buf, "CREATE TYPE %s AS RANGE (", range->identity);
	for (int i = 0; i < MULTIRANGE; i++)
	{
		if (range->values[i] != NULL)
			appendStringInfo(buf, "%s\n    %s = %s", i > 0 ? "," : "",
							 names[i], range->values[i]);
	}
	if (!is_usual_name(range))
		appendStringInfo(buf, ",\n    multirange_type_name = %s",
						 multirange_name(range));
	appendStringInfoString(buf, "\n)");
}

/* Has the multirange type the name that the server would give to it? */
static bool
is_usual_name(const MigObject *range)
{
	const char *name = range->name;
	const char *found = strstr(name, "range");
	char	   *usual;

	if (found == NULL)
		usual = psprintf("%s_multirange", name);
	else
		usual = psprintf("%.*smulti%s", (int) (found - name), name, found);
	return strlen(usual) < NAMEDATALEN &&
		mig_same(usual, range->values[MULTIRANGE]);
}

/* A canonical function goes with it, for it has the range as its argument. */
static void
drop(StringInfo buf, const MigObject *range)
{
	appendStringInfo(buf, "DROP TYPE %s%s", range->identity,
					 range->values[CANONICAL] != NULL ? " CASCADE" : "");
}

/* That function needs a shell of the type before it is made. */
static void
warn(MigDiff *diff, MigAction *action)
{
	MigObject  *range = action->object;

	if (range->values[CANONICAL] == NULL)
		return;
	if (range->predecessor != NULL || range->successor != NULL)
		mig_action_refuse(range);
	if (action->op == MIG_OP_CREATE)
		mig_action_shell(diff, range);
}

/* Append what lets a successor take the names, in front of its creation. */
static void
give_way(StringInfo buf, const MigObject *range, const char *name)
{
	const char *range_name = range->identity;
	const char *multirange = multirange_name(range);
	const char *subtype = current_subtype(range);
	char	   *new_name = pstrdup(quote_identifier(name));
	char	   *new_multirange;

	new_multirange = makeObjectName(range->values[MULTIRANGE], NULL,
									"replaced");
	new_multirange = pstrdup(quote_identifier(new_multirange));
	appendStringInfo(buf, "ALTER FUNCTION %s(%s, %s) RENAME TO %s;\n",
					 range_name, subtype, subtype, new_name);
	appendStringInfo(buf, "ALTER FUNCTION %s(%s, %s, text) RENAME TO %s;\n",
					 range_name, subtype, subtype, new_name);
	appendStringInfo(buf, "ALTER FUNCTION %s() RENAME TO %s;\n",
					 multirange, new_multirange);
	appendStringInfo(buf, "ALTER FUNCTION %s(%s) RENAME TO %s;\n",
					 multirange, range_name, new_multirange);
	appendStringInfo(buf, "ALTER FUNCTION %s(%s[]) RENAME TO %s;\n",
					 multirange, range_name, new_multirange);
	appendStringInfo(buf, "ALTER TYPE %s RENAME TO %s;\n", multirange,
					 new_multirange);
	appendStringInfo(buf, "ALTER TYPE %s RENAME TO %s;\n", range_name,
					 new_name);
}

static char *
multirange_name(const MigObject *range)
{
	return quote_qualified_identifier(range->schema,
									  range->values[MULTIRANGE]);
}

/* The subtype, under the name that it may have got already */
static const char *
current_subtype(const MigObject *range)
{
	const ListCell *lc;

	foreach(lc, range->depends)
	{
		const MigObject *type = ((MigDepend *) lfirst(lc))->object;

		if (type->successor != NULL &&
			mig_same(type->identity, range->values[SUBTYPE]))
			return quote_qualified_identifier(type->schema,
											  mig_replaced_name(type));
	}
	return range->values[SUBTYPE];
}
