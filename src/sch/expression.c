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
static bool takes_nothing(Oid function);
static bool is_of_session(Oid function);
static const char *last_argument(const char *tree);
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

/* Functions of the server whose value is that of a session, or NULL */
static const Oid of_session[] = {
	F_CURRENT_SETTING_TEXT_BOOL, F_CURRENT_SCHEMA, F_INET_CLIENT_ADDR,
	F_INET_CLIENT_PORT, F_INET_SERVER_ADDR, F_INET_SERVER_PORT,
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
	const char *name = walk->at + 1;
	size_t		length = strcspn(name, " }");

	if (walk->depth >= MAX_DEPTH)
		return true;
	walk->by_text[walk->depth++] = strncmp(name, "COERCEVIAIO", length) == 0;
	for (size_t i = 0; i < lengthof(nodes); i++)
	{
		if (strlen(nodes[i]) == length && strncmp(name, nodes[i], length) == 0)
			return false;
	}
	return true;
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
	for (size_t i = 0; i < lengthof(functions); i++)
	{
		if (functions[i] == function)
			return false;
	}
	return !get_func_leakproof(function);
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
 * What is known of whether an expression of this tree, which sees no rows, is
 * NULL.  But for what depends on the session and for functions of users, it is
 * always so, or never.
 */
MigNullness
mig_expression_nullness(const char *tree)
{
	static const char function[] = "funcid ";
	const char *found;

	if (tree == NULL)
		return MIG_NULL_IN_SESSIONS;
	if (strncmp(tree, "{COALESCE", strlen("{COALESCE")) == 0 &&
		mig_expression_nullness(last_argument(tree)) == MIG_NEVER_NULL)
		return MIG_NEVER_NULL;
	if (strstr(tree, psprintf("{SQLVALUEFUNCTION :op %d ",
							  SVFOP_CURRENT_SCHEMA)) != NULL)
		return MIG_NULL_IN_SESSIONS;
	found = strstr(tree, function);
	if (found == NULL && strncmp(tree, "{CONST ", strlen("{CONST ")) == 0 &&
		strstr(tree, ":constisnull true") == NULL)
		return MIG_NEVER_NULL;
	for (; found != NULL; found = strstr(found + 1, function))
	{
		if (is_of_session(atooid(found + strlen(function))))
			return MIG_NULL_IN_SESSIONS;
	}
	if (strncmp(tree, "{SQLVALUEFUNCTION ", strlen("{SQLVALUEFUNCTION ")) == 0)
		return MIG_NEVER_NULL;
	found = strstr(tree, function);
	return strncmp(tree, "{FUNCEXPR ", strlen("{FUNCEXPR ")) == 0 &&
		takes_nothing(atooid(found + strlen(function))) ?
		MIG_NEVER_NULL : MIG_NULL_AS_IT_IS;
}

static bool
is_of_session(Oid function)
{
	for (size_t i = 0; i < lengthof(of_session); i++)
	{
		if (of_session[i] == function)
			return true;
	}
	return function >= FirstNormalObjectId && !takes_nothing(function) &&
		(!SearchSysCacheExists1(PROCOID, ObjectIdGetDatum(function)) ||
		 func_volatile(function) != PROVOLATILE_IMMUTABLE);
}

/* The last of the nodes within a node */
static const char *
last_argument(const char *tree)
{
	const char *last = NULL;
	int			depth = 0;

	for (; *tree != '\0'; tree++)
	{
		if (tree[0] == '\\' && tree[1] != '\0')
			tree++;
		else if (*tree == '{' && ++depth == 2)
			last = tree;
		else if (*tree == '}')
			depth--;
	}
	return last;
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
