/*-------------------------------------------------------------------------
 *
 * kind/base_type.c
 *	  Base types and shell types.
 *
 * A base type and its functions need each other: it is created as a shell,
 * the functions follow, then its definition.  They go together, too.  One that
 * differs while columns have it cannot be replaced, for its functions would
 * have to be there twice.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_type.h"
#include "sch/action.h"

enum
{
	DEFINITION,					/* NULL: a shell */
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[DEFINITION] = {"definition", MIG_FIXED},
};

#define FUNCTION(name, column) \
	"'" name " = ' || NULLIF(" column "::pg_catalog.text, '-')"

static const char query[] =
"SELECT t.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, typname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(typowner)::pg_catalog.text, " MIG_ACL("typacl", "T", "typowner") ","
" CASE WHEN typisdefined THEN pg_catalog.concat_ws(E',\\n    ',"
" " FUNCTION("input", "typinput") ", " FUNCTION("output", "typoutput") ","
" " FUNCTION("receive", "typreceive") ", " FUNCTION("send", "typsend") ","
" " FUNCTION("typmod_in", "typmodin") ", " FUNCTION("typmod_out", "typmodout") ","
" " FUNCTION("analyze", "typanalyze") ", " FUNCTION("subscript", "typsubscript") ","
" 'internallength = ' || CASE WHEN typlen < 0 THEN 'variable' ELSE typlen::pg_catalog.text END,"
" CASE WHEN typbyval THEN 'passedbyvalue' END,"
" 'alignment = ' || CASE typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2'"
" WHEN 'i' THEN 'int4' ELSE 'double' END,"
" 'storage = ' || CASE typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'"
" WHEN 'm' THEN 'main' ELSE 'extended' END,"
" CASE WHEN typcategory <> 'U' THEN 'category = ' || pg_catalog.quote_literal(typcategory::pg_catalog.text) END,"
" CASE WHEN typispreferred THEN 'preferred = true' END,"
" 'default = ' || pg_catalog.quote_literal(typdefault),"
" CASE WHEN typelem <> 0 THEN 'element = ' || pg_catalog.format_type(typelem, NULL) END,"
" CASE WHEN typdelim <> ',' THEN 'delimiter = ' || pg_catalog.quote_literal(typdelim::pg_catalog.text) END,"
" CASE WHEN typcollation <> 0 THEN 'collatable = true' END) END"
" FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = typnamespace"
" WHERE typnamespace = ANY ($1) AND (typtype = 'b' OR (typtype = 'p' AND NOT typisdefined))"
" AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)"
" ORDER BY nspname COLLATE \"C\", typname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *type);
static void drop(StringInfo buf, const MigObject *type);
static void warn(MigDiff *diff, MigAction *action);

const MigKind mig_base_type_kind = {
	.id = MIG_BASE_TYPE,
	.name = "base type",
	.noun = "TYPE",
	.acl_noun = "TYPE",
	.acl_type = "T",
	.classid = TypeRelationId,
	.flags = MIG_KIND_TYPE | MIG_KIND_RELATION,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.drop = drop,
	.warn = warn,
};

/* Without a definition it is the shell that its functions need. */
static void
create(StringInfo buf, const MigObject *type)
{
	appendStringInfo(buf, "CREATE TYPE %s", type->identity);
	if (type->values[DEFINITION] != NULL)
		appendStringInfo(buf, " (\n    %s\n)", type->values[DEFINITION]);
}

/* Its functions go with it. */
static void
drop(StringInfo buf, const MigObject *type)
{
	appendStringInfo(buf, "DROP TYPE %s%s", type->identity,
					 type->values[DEFINITION] != NULL ? " CASCADE" : "");
}

/*
 * Values on disk are the affair of the type's functions: a change is refused.
 */
static void
warn(MigDiff *diff, MigAction *action)
{
	MigObject  *type = action->object;

	if (type->predecessor != NULL || type->successor != NULL)
		mig_action_refuse(type);
	if (action->op == MIG_OP_CREATE && type->values[DEFINITION] != NULL)
		mig_action_shell(diff, type);
}
