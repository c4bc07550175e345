/*-------------------------------------------------------------------------
 *
 * sch/expression.c
 *	  What is known of an expression without asking rows.
 *
 * Whether a row can give an error is told by the nodes and the functions of
 * its tree: a leakproof function tells nothing of its arguments, not even by
 * an error, and of some others it is known.  Of all the rest it is assumed.
 * The tree is read as text, for it may come from a snapshot that was kept.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/expression.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "parser/parse_coerce.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* The deepest tree that is looked into */
#define MAX_DEPTH	200

/* A place in a tree, and the nodes that it is in. */
typedef struct Walk
{
	const char *at;
	int			depth;
	bool		by_text[MAX_DEPTH]; /* is the node a conversion by text? */
} Walk;

static bool may_fail_here(Walk *walk);
static bool node_may_fail(Walk *walk);
static bool function_may_fail(Oid function);
static bool is_in(const Oid *list, size_t n, Oid function);
static bool takes_nothing(Oid function);
static bool gives_value(const char *tree);
static bool is_one_of(const char *tree, const char *const *names, size_t n);
static bool parts_give_value(const char *tree, bool all);
static bool function_gives_value(Oid function);
static bool is_scalar(Oid type);
static bool number_after(const char *at, const char *field, Oid *number);
static bool stays(const MigObject *object, List **seen);

/* Nodes that give no error themselves, as the server's versions call them */
static const char *const nodes[] = {
	"VAR", "CONST", "FUNCEXPR", "OPEXPR", "DISTINCTEXPR", "NULLIFEXPR",
	"SCALARARRAYOPEXPR", "BOOLEXPR", "CASE", "WHEN", "CASEEXPR", "CASEWHEN",
	"CASETESTEXPR", "COALESCE", "COALESCEEXPR", "MINMAX", "MINMAXEXPR",
	"NULLTEST", "BOOLEANTEST", "RELABELTYPE", "COLLATE", "COLLATEEXPR",
	"ROW", "ROWEXPR", "FIELDSELECT", "ARRAY", "ARRAYEXPR", "COERCEVIAIO",
	"QUERY", "RTE", "RANGETBLENTRY", "RTEPERMISSIONINFO", "RANGETBLREF",
	"FROMEXPR", "JOINEXPR", "TARGETENTRY", "SORTGROUPCLAUSE", "ALIAS",
	"AGGREF", "SUBLINK", "COMMONTABLEEXPR", "SETOPERATIONSTMT",
};

/*
 * Functions that give no error, though they are not leakproof; but for numbers
 * that nobody has
 */
static const Oid functions[] = {
	F_TEXTCAT, F_UPPER_TEXT, F_LOWER_TEXT, F_INITCAP, F_BTRIM_TEXT,
	F_BTRIM_TEXT_TEXT, F_LTRIM_TEXT, F_LTRIM_TEXT_TEXT, F_RTRIM_TEXT,
	F_RTRIM_TEXT_TEXT, F_LENGTH_TEXT, F_CHAR_LENGTH_TEXT,
	F_OCTET_LENGTH_TEXT, F_REPLACE, F_MD5_TEXT, F_LEFT, F_RIGHT,
	F_STARTS_WITH, F_TEXTLIKE, F_TEXTNLIKE, F_TEXTICLIKE, F_TEXTICNLIKE,
	F_NUMERIC_ADD, F_NUMERIC_SUB, F_NUMERIC_MUL, F_NUMERIC_UMINUS,
	F_FLOAT8PL, F_FLOAT8MI, F_FLOAT8MUL, F_NUMERIC_ABS,
	F_ROUND_NUMERIC_INT4, F_NUMERIC_INT2, F_NUMERIC_INT4, F_NUMERIC_INT8,
	F_INT4_BOOL, F_DATE_TIMESTAMP, F_DATE_TIMESTAMPTZ,
	F_TIMEZONE_TEXT_TIMESTAMPTZ, F_TIMEZONE_TEXT_TIMESTAMP,
	F_JSONB_OBJECT_FIELD, F_JSONB_OBJECT_FIELD_TEXT, F_JSONB_ARRAY_ELEMENT,
	F_JSONB_ARRAY_ELEMENT_TEXT, F_JSONB_EXTRACT_PATH,
	F_JSONB_EXTRACT_PATH_TEXT, F_JSONB_EXISTS, F_JSONB_CONTAINS,
	F_ARRAY_LENGTH, F_CARDINALITY, F_NEXTVAL, F_ENUM_EQ, F_ENUM_NE, F_ENUM_LT,
	F_ENUM_GT, F_ENUM_LE, F_ENUM_GE,
};

/* Nodes that are NULL only where one of their parts is, in each version */
static const char *const strict_nodes[] = {
	"FUNCEXPR", "OPEXPR", "BOOLEXPR", "RELABELTYPE", "COERCEVIAIO", "COLLATE",
	"COLLATEEXPR", "COERCETODOMAIN",
};

/* Nodes that are NULL only where all of their parts are */
static const char *const choices[] = {
	"COALESCE", "COALESCEEXPR", "MINMAX", "MINMAXEXPR",
};

/* Nodes that are never NULL */
static const char *const values[] = {
	"SQLVALUEFUNCTION", "NULLTEST", "BOOLEANTEST", "DISTINCTEXPR", "ARRAY",
	"ARRAYEXPR",
};

/* Functions of the server whose value is NULL at times, without arguments */
static const Oid at_times[] = {
	F_CURRENT_SCHEMA, F_INET_CLIENT_ADDR, F_INET_CLIENT_PORT,
	F_INET_SERVER_ADDR, F_INET_SERVER_PORT, F_CURRENT_QUERY,
	F_TXID_CURRENT_IF_ASSIGNED, F_PG_CURRENT_XACT_ID_IF_ASSIGNED,
	F_PG_CURRENT_LOGFILE_, F_PG_LAST_WAL_RECEIVE_LSN,
	F_PG_LAST_WAL_REPLAY_LSN, F_PG_LAST_XACT_REPLAY_TIMESTAMP,
};

/* ... and with: for what is not found, or not known any more */
static const char *const by_name[] = {
	"regexp_substr", "current_setting", "txid_status", "has_column_privilege",
};

/* Functions that give a value, whatever their types */
static const Oid giving[] = {
	F_NEXTVAL, F_CURRVAL, F_TEXTANYCAT, F_ANYTEXTCAT, F_CONCAT,
};

/* May a row give an error where an expression of this tree is evaluated? */
bool
mig_expression_may_fail(const char *tree)
{
	Walk		walk = {0};

	if (tree == NULL)
		return true;
	for (walk.at = tree; *walk.at != '\0'; walk.at++)
	{
		if (walk.at[0] == '\\' && walk.at[1] != '\0')
			walk.at++;
		else if (may_fail_here(&walk))
			return true;
	}
	return false;
}

static bool
may_fail_here(Walk *walk)
{
	Oid			number;

	switch (*walk->at)
	{
		case '{':
			return node_may_fail(walk);
		case '}':
			walk->depth--;
			return walk->depth < 0;
		case ':':
			if (number_after(walk->at, ":funcid ", &number) ||
				number_after(walk->at, ":opfuncid ", &number))
				return function_may_fail(number);
			if (number_after(walk->at, ":aggfnoid ", &number))
				return number >= FirstNormalObjectId;
			if (number_after(walk->at, ":subLinkType ", &number))
				return number == ROWCOMPARE_SUBLINK || number == EXPR_SUBLINK;
			return number_after(walk->at, ":resulttype ", &number) &&
				walk->depth > 0 && walk->by_text[walk->depth - 1] &&
				number != TEXTOID && number != VARCHAROID;
		default:
			return false;
	}
}

static bool
node_may_fail(Walk *walk)
{
	if (walk->depth >= MAX_DEPTH)
		return true;
	walk->by_text[walk->depth++] =
		strncmp(walk->at, "{COERCEVIAIO ", strlen("{COERCEVIAIO ")) == 0;
	return !is_one_of(walk->at, nodes, lengthof(nodes));
}

/*
 * One in C that takes no argument has nothing to fail over, as those that give
 * a time, a random number or an identifier.
 */
static bool
function_may_fail(Oid function)
{
	if (!OidIsValid(function))
		return true;
	if (takes_nothing(function))
		return false;
	if (function >= FirstNormalObjectId)
		return true;
	return !is_in(functions, lengthof(functions), function) &&
		!get_func_leakproof(function);
}

static bool
is_in(const Oid *list, size_t n, Oid function)
{
	for (size_t i = 0; i < n; i++)
	{
		if (list[i] == function)
			return true;
	}
	return false;
}

/* Is it a function in C, of the server or of a library, without arguments? */
static bool
takes_nothing(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool		result = false;

	if (HeapTupleIsValid(tuple))
	{
		Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);

		result = form->pronargs == 0 &&
			(form->prolang == INTERNALlanguageId ||
			 form->prolang == ClanguageId);
		ReleaseSysCache(tuple);
	}
	return result;
}

/*
 * How much of what an expression of this tree gives changes from one time to
 * the next: as with its functions.  One that is not there any more, as those
 * of a model, may be volatile.
 */
char
mig_expression_volatility(const char *tree)
{
	static const char function[] = "funcid ";
	const char *found = tree == NULL ? NULL : strstr(tree, function);
	char		result = PROVOLATILE_IMMUTABLE;

	if (tree != NULL && strstr(tree, "{SQLVALUEFUNCTION ") != NULL)
		result = PROVOLATILE_STABLE;
	for (; found != NULL; found = strstr(found + 1, function))
	{
		Oid			oid = atooid(found + strlen(function));

		if (!OidIsValid(oid))
			continue;
		if (!SearchSysCacheExists1(PROCOID, ObjectIdGetDatum(oid)) ||
			func_volatile(oid) == PROVOLATILE_VOLATILE)
			return PROVOLATILE_VOLATILE;
		if (func_volatile(oid) == PROVOLATILE_STABLE)
			result = PROVOLATILE_STABLE;
	}
	return result;
}

/*
 * What is known of whether an expression of this tree, which sees no rows, is
 * NULL.  Where nothing of it changes from one time to the next, it is always
 * so, or never.
 */
MigNullness
mig_expression_nullness(const char *tree)
{
	if (tree == NULL)
		return MIG_NULL_AT_TIMES;
	if (gives_value(tree))
		return MIG_NEVER_NULL;
	return mig_expression_volatility(tree) == PROVOLATILE_IMMUTABLE ?
		MIG_NULL_AS_IT_IS : MIG_NULL_AT_TIMES;
}

/* Is a node known to be never NULL? */
static bool
gives_value(const char *tree)
{
	const char *field = tree + strcspn(tree, ":");
	Oid			number;
	Oid			calls;

	check_stack_depth();
	if (strncmp(tree, "{CONST ", strlen("{CONST ")) == 0)
	{
		const char *null = strstr(tree, ":constisnull ");

		return null != NULL && null[strlen(":constisnull ")] == 'f';
	}
	if (is_one_of(tree, values, lengthof(values)))
		return !number_after(field, ":op ", &number) ||
			number != SVFOP_CURRENT_SCHEMA;
	if (is_one_of(tree, choices, lengthof(choices)))
		return parts_give_value(tree, false);
	if (!is_one_of(tree, strict_nodes, lengthof(strict_nodes)))
		return false;
	/* an operator of a model is not there any more */
	if (number_after(field, ":opno ", &number))
		calls = get_opcode(number);
	else if (!number_after(field, ":funcid ", &calls))
		return parts_give_value(tree, true);
	return function_gives_value(calls) && parts_give_value(tree, true);
}

/* Is a node one of some names? */
static bool
is_one_of(const char *tree, const char *const *names, size_t n)
{
	size_t		length = strcspn(tree + 1, " }");

	for (size_t i = 0; i < n; i++)
	{
		if (strlen(names[i]) == length &&
			strncmp(tree + 1, names[i], length) == 0)
			return true;
	}
	return false;
}

/* Are all nodes within a node never NULL, or is one of them? */
static bool
parts_give_value(const char *tree, bool all)
{
	int			depth = 0;

	for (; *tree != '\0'; tree++)
	{
		if (tree[0] == '\\' && tree[1] != '\0')
			tree++;
		else if (*tree == '{' && ++depth == 2 && gives_value(tree) != all)
			return !all;
		else if (*tree == '}' && --depth == 0)
			break;
	}
	return all;
}

/*
 * Does a function give a value wherever its arguments are none of them NULL?
 * Those of the server for numbers, texts and times do, but for some; what
 * fields and formats make of infinite times is not thought of.
 */
static bool
function_gives_value(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Form_pg_proc form;
	bool		result;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_proc) GETSTRUCT(tuple);
	result = function < FirstNormalObjectId && form->proisstrict &&
		!form->proretset && is_scalar(form->prorettype) &&
		strncmp(NameStr(form->proname), "pg_", strlen("pg_")) != 0;
	for (size_t i = 0; i < lengthof(by_name) && result; i++)
		result = strcmp(NameStr(form->proname), by_name[i]) != 0;
	result = result &&
		function != F_SUBSTRING_TEXT_TEXT &&
		function != F_SUBSTRING_TEXT_TEXT_TEXT;
	for (int i = 0; i < form->pronargs && result; i++)
		result = is_scalar(form->proargtypes.values[i]);
	ReleaseSysCache(tuple);
	return result || is_in(giving, lengthof(giving), function) ||
		(takes_nothing(function) &&
		 !is_in(at_times, lengthof(at_times), function));
}

/* Of an OID it may not be known what it is of. */
static bool
is_scalar(Oid type)
{
	switch (TypeCategory(type))
	{
		case TYPCATEGORY_NUMERIC:
			return type == INT2OID || type == INT4OID || type == INT8OID ||
				type == FLOAT4OID || type == FLOAT8OID ||
				type == NUMERICOID || type == MONEYOID;
		case TYPCATEGORY_BOOLEAN:
		case TYPCATEGORY_DATETIME:
		case TYPCATEGORY_TIMESPAN:
		case TYPCATEGORY_STRING:
		case TYPCATEGORY_BITSTRING:
			return true;
		default:
			return type == UUIDOID || type == BYTEAOID;
	}
}

/* Is it this field?  Then its number is given. */
static bool
number_after(const char *at, const char *field, Oid *number)
{
	size_t		length = strlen(field);

	if (strncmp(at, field, length) != 0)
		return false;
	*number = atooid(at + length);
	return true;
}

/*
 * Do the routines that an expression of an object calls stay as they are?
 * Then rows can be asked what it gives before the script has run.
 */
bool
mig_expression_stays(const MigObject *object)
{
	List	   *seen = NIL;

	return stays(object, &seen);
}

static bool
stays(const MigObject *object, List **seen)
{
	const ListCell *lc;

	check_stack_depth();
	*seen = lappend(*seen, unconstify(MigObject *, object));
	foreach(lc, object->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id != MIG_FUNCTION && on->kind->id != MIG_OPERATOR &&
			on->kind->id != MIG_CAST && on->kind->id != MIG_AGGREGATE)
			continue;
		if (on->fate != MIG_KEEP ||
			(!list_member_ptr(*seen, on) && !stays(on, seen)))
			return false;
	}
	return true;
}
