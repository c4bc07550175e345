/*-------------------------------------------------------------------------
 *
 * kind/routine.c
 *	  Functions, procedures and window functions.
 *
 * A routine is its name and the types of its arguments; another set of types
 * is another routine.  It is replaced in place where the server allows that:
 * names of arguments may be added, defaults too, but neither may be taken
 * away, and the result must stay the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/routine.h"

#include "catalog/pg_proc.h"
#include "common/string.h"
#include "kind/computed.h"
#include "kind/list.h"
#include "sch/action.h"
#include "sch/sql_body.h"
#include "utils/builtins.h"

enum
{
	SORT,						/* prokind */
	RESULT,
	DEFINITION,					/* from the list of arguments on */
	LANGUAGE,					/* as SQL has it */
	VARIADIC,					/* the last argument is */
	TYPES,						/* of the arguments */
	PLAIN_TYPES,				/* the same of a procedure, without marks */
	NAMES,						/* of the input arguments, a list */
	NDEFAULTS,
	POLYMORPHIC,				/* the types of defaults may change */
	DEFAULTS,					/* a list as SQL has it */
	BODY,
	RULES,						/* what else decides the result */
	UNSAFE_DEFINER,				/* runs as its owner, with the caller's
								 * search_path */
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[SORT] = {"sort", MIG_FIXED,
	.words = "f function,p procedure,w window function"},
	[RESULT] = {"result", MIG_FIXED},
	[DEFINITION] = {"definition", MIG_ALTERABLE, true},
	[LANGUAGE] = {"language", MIG_NOT_COMPARED},
	[VARIADIC] = {"variadic", MIG_NOT_COMPARED},
	[TYPES] = {"types of the arguments", MIG_NOT_COMPARED},
	[PLAIN_TYPES] = {"types without marks", MIG_NOT_COMPARED},
	[NAMES] = {"names of the arguments", MIG_NOT_COMPARED},
	[NDEFAULTS] = {"number of defaults", MIG_NOT_COMPARED},
	[POLYMORPHIC] = {"polymorphic", MIG_NOT_COMPARED},
	[DEFAULTS] = {"defaults", MIG_NOT_COMPARED},
	[BODY] = {"body", MIG_NOT_COMPARED},
	[RULES] = {"rules", MIG_NOT_COMPARED},
	[UNSAFE_DEFINER] = {"unsafe definer", MIG_NOT_COMPARED},
};

/*
 * The result of a routine with OUT arguments is a row of them.  Functions that
 * come with a type, as the constructors of a range do, are left out.
 */
static const char query[] =
"SELECT p.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, proname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(proowner)::pg_catalog.text, " MIG_ACL("proacl", "f", "proowner") ","
" prokind::pg_catalog.text,"
" COALESCE(pg_catalog.pg_get_function_result(p.oid), '') || CASE WHEN prorettype = 2249 THEN"
" COALESCE((SELECT pg_catalog.string_agg(COALESCE(proargnames[i], '') || ' '"
" || pg_catalog.format_type(proallargtypes[i], NULL), E'\\x01' ORDER BY i)"
" FROM pg_catalog.generate_series(1, pg_catalog.cardinality(proallargtypes)) i"
" WHERE proargmodes[i] IN ('o', 'b', 't')), '') ELSE '' END,"
" pg_catalog.substr(pg_catalog.pg_get_functiondef(p.oid), 1 + pg_catalog.length('CREATE OR REPLACE '"
" || CASE prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END"
" || pg_catalog.quote_ident(nspname) || '.' || pg_catalog.quote_ident(proname))),"
" pg_catalog.quote_ident(lanname), (provariadic <> 0)::pg_catalog.text,"
" CASE WHEN prokind <> 'p' THEN NULLIF(pg_catalog.oidvectortypes(proargtypes), '') ELSE"
" " MIG_ROUTINE_TYPES("1", "pronargs", "CASE WHEN EXISTS"
					  " (SELECT FROM pg_catalog.pg_proc q WHERE q.proname = p.proname"
					  " AND q.pronamespace = p.pronamespace AND q.prokind = 'p'"
					  " AND 'o' = ANY (q.proargmodes)) THEN 'IN ' ELSE '' END") " END,"
" CASE prokind WHEN 'p' THEN pg_catalog.oidvectortypes(proargtypes) END,"
" " MIG_ROUTINE_NAMES ", pronargdefaults::pg_catalog.text,"
" (proargtypes::pg_catalog.oid[] && ARRAY(SELECT oid FROM pg_catalog.pg_type WHERE typtype = 'p'))::pg_catalog.text,"
" pg_catalog.pg_get_expr(proargdefaults, 0),"
" CASE WHEN prosqlbody IS NULL AND lanname NOT IN ('internal', 'c') THEN prosrc END,"
" pg_catalog.concat_ws(E'\\x01', prosecdef, proisstrict, proconfig,"
" (SELECT pg_catalog.string_agg(pg_catalog.format_type(t, NULL), ',' ORDER BY n)"
" FROM pg_catalog.unnest(protrftypes) WITH ORDINALITY x (t, n)),"
" CASE WHEN prosqlbody IS NOT NULL THEN pg_catalog.pg_get_function_sqlbody(p.oid)"
" WHEN lanname IN ('internal', 'c') THEN pg_catalog.concat_ws(E'\\x01', prosrc, probin) END),"
" (prosecdef AND NOT EXISTS (SELECT FROM pg_catalog.unnest(proconfig) s"
" WHERE pg_catalog.starts_with(s, 'search_path=')))::pg_catalog.text"
" FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = pronamespace"
" JOIN pg_catalog.pg_language l ON l.oid = prolang"
" WHERE prokind <> 'a' AND pronamespace = ANY ($1)"
" AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass"
" AND d.objid = p.oid AND d.deptype = 'i')"
" ORDER BY nspname COLLATE \"C\", proname COLLATE \"C\", p.oid";

static const MigObject *mistaken_for(const MigObject *object,
									 const MigObject *routine);
static void complete(MigObject *routine);
static bool is_inexact(const MigObject *routine);
static int	least_arguments(const MigObject *routine);
static int	most_arguments(const MigObject *routine);
static void identify(StringInfo buf, const MigObject *routine);
static const char *noun_of(const MigObject *routine);
static void create(StringInfo buf, const MigObject *routine);
static void append_definition(StringInfo buf, const MigObject *routine);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static bool is_unsafe_definer(const MigObject *routine);
static void warn_of_definer(MigAction *action, const MigObject *routine);
static void warn(MigDiff *diff, MigAction *action);
static const char *body(const MigObject *routine);
static void in_statement(StringInfo buf, const MigObject *routine,
						 int attribute, const char *definition);

const MigKind mig_function_kind = {
	.id = MIG_FUNCTION,
	.name = "function",
	.noun = "FUNCTION",
	.acl_noun = "ROUTINE",
	.acl_type = "f",
	.classid = ProcedureRelationId,
	.flags = MIG_KIND_HOLDS_TYPE,
	.query = query,
	.whole = "p.oid",
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.complete = complete,
	.identify = identify,
	.noun_of = noun_of,
	.create = create,
	.judge = judge,
	.alter = alter,
	.warn = warn,
	.body = body,
	.in_statement = in_statement,
};

static void
complete(MigObject *routine)
{
	routine->values[DEFINITION] =
		mig_sql_body_readable(routine->values[DEFINITION],
							  routine->address.objid);
}

/*
 * May a routine whose input arguments have the first names be replaced by one
 * where they have the second?  An argument without a name can get one.
 */
bool
mig_routine_keeps_names(const char *from, const char *to)
{
	const ListCell *before;
	const ListCell *after;

	forboth(before, mig_list_split(from), after, mig_list_split(to))
	{
		const char *name = lfirst(before);

		if (*name != '\0' && strcmp(name, lfirst(after)) != 0)
			return false;
	}
	return true;
}

/*
 * Might a call mean either of two routines of one name?  Where the server
 * prints a call, only the arguments that are written tell what it means; they
 * are of the very types of one routine unless that is polymorphic.
 */
bool
mig_routine_may_be_mistaken(const MigObject *a, const MigObject *b)
{
	return (is_inexact(a) || is_inexact(b)) &&
		least_arguments(a) <= most_arguments(b) &&
		least_arguments(b) <= most_arguments(a);
}

/*
 * Does an object that is written as before mean another routine by a name,
 * since that has come, or is found where the old one stays?
 *
 * Types are left alone, for their values' sake, and what uses a routine that
 * goes is made anew in any case.
 */
bool
mig_routine_meaning_changes(const MigObject *from, const MigObject *to)
{
	const ListCell *lc;

	if ((from->kind->flags & (MIG_KIND_DATA | MIG_KIND_TYPE)) != 0)
		return false;
	foreach(lc, to->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;
		const MigObject *old;

		if (on->kind != &mig_function_kind)
			continue;
		old = mistaken_for(from, on);
		if (old != NULL && old->twin != NULL &&
			!(mig_depends_on(to, old->twin) && mig_depends_on(from, on->twin)))
			return true;
	}
	return false;
}

/*
 * Does an object depend on a routine that is called by the name of another,
 * which a call in it might mean as well?
 */
bool
mig_routine_is_mistaken(const MigObject *object, const MigObject *routine)
{
	return routine->kind == &mig_function_kind &&
		mistaken_for(object, routine) != NULL;
}

/* The routine that an object depends on by the name of another, or NULL. */
static const MigObject *
mistaken_for(const MigObject *object, const MigObject *routine)
{
	const ListCell *lc;

	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind == routine->kind && on != routine->twin &&
			mig_same(on->nspname, routine->nspname) &&
			mig_same(on->name, routine->name) &&
			mig_routine_may_be_mistaken(routine, on))
			return on;
	}
	return NULL;
}

/* May its call be written otherwise than with the types of its arguments? */
static bool
is_inexact(const MigObject *routine)
{
	return MIG_IS_TRUE(routine->values[POLYMORPHIC]) ||
		least_arguments(routine) < most_arguments(routine);
}

static int
least_arguments(const MigObject *routine)
{
	return list_length(mig_list_split(routine->values[NAMES])) -
		pg_strtoint32(routine->values[NDEFAULTS]);
}

static int
most_arguments(const MigObject *routine)
{
	if (MIG_IS_TRUE(routine->values[VARIADIC]))
		return PG_INT32_MAX;
	return list_length(mig_list_split(routine->values[NAMES]));
}

/*
 * Has it a body that the server has looked into, and gives it rows of a
 * relation or type?  NULL: of none.
 */
bool
mig_routine_gives_rows_of(const MigObject *routine, const MigObject *type)
{
	return type != NULL && routine->kind == &mig_function_kind &&
		routine->values[BODY] == NULL && mig_routine_result_is(routine, type);
}

/* Is its result of a type, or a set of that? */
bool
mig_routine_result_is(const MigObject *routine, const MigObject *type)
{
	static const char many[] = "SETOF ";
	const char *result = routine->values[RESULT];

	if (strncmp(result, many, strlen(many)) == 0)
		result += strlen(many);
	return strcmp(result, type->identity) == 0;
}

/*
 * Have an old function make way under another name, if it goes, for its new
 * self, or for another of its name that a call would not mean while it is
 * there.
 */
void
mig_routine_make_way(const MigDiff *diff, MigObject *function)
{
	MigObject  *successor = NULL;
	const ListCell *lc;

	if (function->fate == MIG_RECREATE)
		successor = function->twin;
	foreach(lc, function->fate == MIG_DROP ? diff->to->objects : NIL)
	{
		MigObject  *object = lfirst(lc);

		if (object->kind == function->kind && object->twin == NULL &&
			!object->ignored && object->predecessor == NULL &&
			mig_same(object->schema, function->schema) &&
			mig_same(object->name, function->name))
			successor = object;
	}
	if (successor == NULL)
		return;
	function->successor = successor;
	successor->predecessor = function;
}

/*
 * Does a routine name the row type of a table beside its arguments and its
 * result, which are one entry of pg_depend, and of which it has so many?
 */
bool
mig_routine_uses_rows_of(const MigObject *routine, const MigObject *table,
						 int entries)
{
	const char *result = routine->values[RESULT];
	const char *types = routine->values[TYPES];
	bool		is_said;

	is_said = (result != NULL && strstr(result, table->identity) != NULL) ||
		(types != NULL && strstr(types, table->identity) != NULL);
	return entries > (is_said ? 1 : 0);
}

/*
 * May a call that is there give something else?  A default that comes is not
 * used by any; what else the planner is told decides nothing.
 */
bool
mig_routine_gives_other(const MigObject *from, const MigObject *to)
{
	const char *before = from->values[DEFAULTS];
	const char *after = to->values[DEFAULTS];

	if (!mig_same(from->values[LANGUAGE], to->values[LANGUAGE]) ||
		!mig_same(from->values[BODY], to->values[BODY]) ||
		!mig_same(from->values[RULES], to->values[RULES]))
		return true;
	if (before == NULL || mig_same(before, after))
		return false;
	return !pg_str_endswith(after, psprintf(", %s", before));
}

/* The name and types by which the server tells it from other routines. */
char *
mig_routine_signature(const MigObject *routine)
{
	const char *types = routine->values[PLAIN_TYPES];

	if (types == NULL)
		types = routine->values[TYPES];
	return psprintf("%s(%s)",
					quote_qualified_identifier(routine->schema, routine->name),
					types == NULL ? "" : types);
}

/* Has a routine what the server has parsed, a default or its body? */
bool
mig_routine_has_expressions(const MigObject *routine)
{
	return strcmp(routine->values[NDEFAULTS], "0") != 0 ||
		(strcmp(routine->values[LANGUAGE], "sql") == 0 &&
		 routine->values[BODY] == NULL);
}

/* The name of its language, as SQL has it. */
const char *
mig_routine_language(const MigObject *routine)
{
	return routine->values[LANGUAGE];
}

/*
 * With the types of its arguments, by which the server tells routines apart.
 */
static void
identify(StringInfo buf, const MigObject *routine)
{
	const char *types = routine->values[TYPES];

	appendStringInfo(buf, "%s(%s)",
					 quote_qualified_identifier(routine->schema,
												routine->name),
					 types == NULL ? "" : types);
}

static const char *
noun_of(const MigObject *routine)
{
	return routine->values[SORT][0] == PROKIND_PROCEDURE ?
		"PROCEDURE" : "FUNCTION";
}

static void
create(StringInfo buf, const MigObject *routine)
{
	appendStringInfoString(buf, "CREATE ");
	append_definition(buf, routine);
}

static void
append_definition(StringInfo buf, const MigObject *routine)
{
	appendStringInfo(buf, "%s %s%s", noun_of(routine),
					 quote_qualified_identifier(routine->schema,
												routine->name),
					 routine->values[DEFINITION]);
}

/* What CREATE OR REPLACE refuses makes another routine. */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	if (!mig_routine_keeps_names(from->values[NAMES], to->values[NAMES]))
		return MIG_RECREATE;
	if (pg_strtoint32(to->values[NDEFAULTS]) <
		pg_strtoint32(from->values[NDEFAULTS]))
		return MIG_RECREATE;
	if (MIG_IS_TRUE(to->values[POLYMORPHIC]) &&
		pg_strtoint32(from->values[NDEFAULTS]) > 0)
		return MIG_RECREATE;
	return MIG_ALTER;
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData buf;
	MigAction  *action;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "CREATE OR REPLACE ");
	append_definition(&buf, to);
	action = mig_action_add(diff, MIG_OP_ALTER, to, "definition", buf.data);
	if (mig_routine_gives_other(from, to))
		mig_computed_warn(action, from, "function");
	if (is_unsafe_definer(to) && !is_unsafe_definer(from))
		warn_of_definer(action, to);
}

static bool
is_unsafe_definer(const MigObject *routine)
{
	return MIG_IS_TRUE(routine->values[UNSAFE_DEFINER]);
}

static void
warn_of_definer(MigAction *action, const MigObject *routine)
{
	mig_action_warn(action, MIG_WEAKENS_SECURITY,
					"%s %s runs as its owner, and names in it are of the caller's search_path",
					noun_of(routine)[0] == 'P' ? "procedure" : "function",
					routine->identity);
}

static void
warn(MigDiff *diff, MigAction *action)
{
	const MigObject *routine = action->object;

	if (action->op == MIG_OP_CREATE && is_unsafe_definer(routine) &&
		(routine->twin == NULL || !is_unsafe_definer(routine->twin)))
		warn_of_definer(action, routine);
}

static const char *
body(const MigObject *routine)
{
	return routine->values[BODY];
}

/* CREATE OR REPLACE, since it is there while it is compared. */
static void
in_statement(StringInfo buf, const MigObject *routine, int attribute,
			 const char *definition)
{
	appendStringInfo(buf, "CREATE OR REPLACE %s %s%s", noun_of(routine),
					 quote_qualified_identifier(routine->schema,
												routine->name), definition);
}
