/*-------------------------------------------------------------------------
 *
 * kind/aggregate.c
 *	  Aggregates.
 *
 * The server prints no definition of an aggregate, so the query puts it
 * together.  An aggregate is replaced in place where its arguments, its sort
 * and its result stay the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/aggregate.h"

#include "catalog/pg_proc.h"
#include "kind/routine.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	SORT,						/* plain, ordered-set or hypothetical */
	RESULT,
	ARGUMENTS,					/* with their names */
	DEFINITION,
	TYPES,						/* of the arguments */
	FUNCTION_TYPES,				/* the same, as a function has them */
	PLAIN_TYPES,				/* and without marks */
	NAMES,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[SORT] = {"sort", MIG_FIXED},
	[RESULT] = {"result", MIG_FIXED},
	[ARGUMENTS] = {"arguments"},
	[DEFINITION] = {"definition"},
	[TYPES] = {"types of the arguments", MIG_NOT_COMPARED},
	[FUNCTION_TYPES] = {"types as of a function", MIG_NOT_COMPARED},
	[PLAIN_TYPES] = {"types without marks", MIG_NOT_COMPARED},
	[NAMES] = {"names of the arguments", MIG_NOT_COMPARED},
};

/* An option whose value is a function, unless it has none. */
#define FUNCTION_OPTION(name, column) \
	" CASE WHEN " column " <> 0 THEN '" name " = ' || " column "::pg_catalog.regproc::pg_catalog.text END,"

/* What becomes of the state, where that is not what it is by default. */
#define MODIFY_OPTION(name, column) \
	" CASE WHEN " column " <> CASE WHEN aggkind = 'n' THEN 'r' ELSE 'w' END THEN '" name " = ' || CASE " column \
	" WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,"

/* Those behind ORDER BY; a variadic one is named twice. */
#define TYPES_OF_ORDERED_SET \
	"COALESCE(" MIG_ROUTINE_TYPES("1", "aggnumdirectargs", VARIADIC_MARKER) " || ' ', '') || 'ORDER BY '" \
	" || " MIG_ROUTINE_TYPES("LEAST(aggnumdirectargs + 1, pronargs)", "pronargs", VARIADIC_MARKER)

#define VARIADIC_MARKER "CASE WHEN provariadic <> 0 AND o = pronargs THEN 'VARIADIC ' ELSE '' END"

static const char query[] =
"SELECT p.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, proname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(proowner)::pg_catalog.text, " MIG_ACL("proacl", "f", "proowner") ","
" CASE aggkind WHEN 'n' THEN 'plain' ELSE CASE aggkind WHEN 'o' THEN 'ordered-set' ELSE 'hypothetical-set' END"
" || ' with direct arguments: ' || aggnumdirectargs END || CASE WHEN provariadic <> 0 THEN ', variadic' ELSE '' END,"
" pg_catalog.pg_get_function_result(p.oid),"
" COALESCE(NULLIF(pg_catalog.pg_get_function_arguments(p.oid), ''), '*'),"
" pg_catalog.concat_ws(E',\\n    ', 'SFUNC = ' || aggtransfn::pg_catalog.regproc::pg_catalog.text,"
" 'STYPE = ' || pg_catalog.format_type(aggtranstype, NULL),"
" 'SSPACE = ' || NULLIF(aggtransspace, 0),"
FUNCTION_OPTION("FINALFUNC", "aggfinalfn")
" CASE WHEN aggfinalextra THEN 'FINALFUNC_EXTRA' END,"
MODIFY_OPTION("FINALFUNC_MODIFY", "aggfinalmodify")
FUNCTION_OPTION("COMBINEFUNC", "aggcombinefn")
FUNCTION_OPTION("SERIALFUNC", "aggserialfn")
FUNCTION_OPTION("DESERIALFUNC", "aggdeserialfn")
" 'INITCOND = ' || pg_catalog.quote_literal(agginitval),"
FUNCTION_OPTION("MSFUNC", "aggmtransfn")
FUNCTION_OPTION("MINVFUNC", "aggminvtransfn")
" 'MSTYPE = ' || CASE WHEN aggmtranstype <> 0 THEN pg_catalog.format_type(aggmtranstype, NULL) END,"
" 'MSSPACE = ' || NULLIF(aggmtransspace, 0),"
FUNCTION_OPTION("MFINALFUNC", "aggmfinalfn")
" CASE WHEN aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,"
MODIFY_OPTION("MFINALFUNC_MODIFY", "aggmfinalmodify")
" 'MINITCOND = ' || pg_catalog.quote_literal(aggminitval),"
" 'SORTOP = ' || (SELECT CASE WHEN pg_catalog.pg_operator_is_visible(o.oid) THEN oprname::pg_catalog.text"
" ELSE 'OPERATOR(' || pg_catalog.quote_ident(s.nspname) || '.' || oprname || ')' END"
" FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace s ON s.oid = oprnamespace"
" WHERE o.oid = aggsortop),"
" CASE proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,"
" CASE WHEN aggkind = 'h' THEN 'HYPOTHETICAL' END,"
" CASE WHEN prosupport <> 0 THEN 'SUPPORT = ' || prosupport::pg_catalog.regproc::pg_catalog.text END),"
" CASE WHEN aggkind = 'n' THEN COALESCE(" MIG_ROUTINE_TYPES("1", "pronargs", VARIADIC_MARKER) ", '*')"
" ELSE " TYPES_OF_ORDERED_SET " END,"
" COALESCE(" MIG_ROUTINE_TYPES("1", "pronargs", VARIADIC_MARKER) ", ''),"
" pg_catalog.oidvectortypes(proargtypes),"
" " MIG_ROUTINE_NAMES
" FROM pg_catalog.pg_aggregate JOIN pg_catalog.pg_proc p ON p.oid = aggfnoid"
" JOIN pg_catalog.pg_namespace n ON n.oid = pronamespace"
" WHERE pronamespace = ANY ($1)"
" ORDER BY nspname COLLATE \"C\", proname COLLATE \"C\", p.oid";

static void identify(StringInfo buf, const MigObject *aggregate);
static void create(StringInfo buf, const MigObject *aggregate);
static void append_definition(StringInfo buf, const MigObject *aggregate);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);

const MigKind mig_aggregate_kind = {
	.id = MIG_AGGREGATE,
	.name = "aggregate",
	.noun = "AGGREGATE",
	.acl_noun = "FUNCTION",
	.acl_type = "f",
	.classid = ProcedureRelationId,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = identify,
	.create = create,
	.judge = judge,
	.alter = alter,
};

static void
identify(StringInfo buf, const MigObject *aggregate)
{
	appendStringInfo(buf, "%s(%s)",
					 quote_qualified_identifier(aggregate->schema,
												aggregate->name),
					 aggregate->values[TYPES]);
}

static void
create(StringInfo buf, const MigObject *aggregate)
{
	appendStringInfoString(buf, "CREATE ");
	append_definition(buf, aggregate);
}

/* What CREATE and CREATE OR REPLACE have in common. */
static void
append_definition(StringInfo buf, const MigObject *aggregate)
{
	appendStringInfo(buf, "AGGREGATE %s(%s) (\n    %s\n)",
					 quote_qualified_identifier(aggregate->schema,
												aggregate->name),
					 aggregate->values[ARGUMENTS],
					 aggregate->values[DEFINITION]);
}

/* The name of an aggregate for GRANT, to which it is a function. */
char *
mig_aggregate_function_name(const MigObject *aggregate)
{
	return psprintf("%s(%s)",
					quote_qualified_identifier(aggregate->schema,
											   aggregate->name),
					aggregate->values[FUNCTION_TYPES]);
}

/* The name and types by which the server tells it from other routines. */
char *
mig_aggregate_signature(const MigObject *aggregate)
{
	return psprintf("%s(%s)",
					quote_qualified_identifier(aggregate->schema,
											   aggregate->name),
					aggregate->values[PLAIN_TYPES]);
}

/* CREATE OR REPLACE takes no other names of arguments. */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	return mig_routine_keeps_names(from->values[NAMES], to->values[NAMES]) ?
		MIG_ALTER : MIG_RECREATE;
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "CREATE OR REPLACE ");
	append_definition(&buf, to);
	mig_action_add(diff, MIG_OP_ALTER, to, "definition", buf.data);
}
