/*-------------------------------------------------------------------------
 *
 * sch/filled.c
 *	  New columns of a table that are filled by one UPDATE.
 *
 * A column that is to be NOT NULL and has no value of itself is added, filled,
 * and set to NOT NULL.  Several of a table are added by one statement, and
 * filled by one, so that its rows are written once; but where the value of one
 * is made of another, or may be.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/filled.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_language.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_proc.h"
#include "compat.h"
#include "lib/stringinfo.h"
#include "parser/parser.h"
#include "utils/catcache.h"
#include "utils/syscache.h"

/* Names that a value must not have. */
typedef struct Names
{
	const List *columns;		/* of MigFilled * */
	const char *table;
} Names;

static char *addition_of(const char *source, const RawStmt *raw,
						 const char *head);
static MigFilled *filling_of(const char *source, const RawStmt *raw,
							 const char *table);
static bool uses(Node *node, void *context);
static bool may_read(int cache, const List *name);
static bool operator_has_queries(HeapTuple operator);
static bool has_queries(HeapTuple function);

/*
 * The column that statements of a table add and then give values to in all
 * rows, as a list of one MigFilled *; NIL: they are others.
 */
List *
mig_filled_read(const char *source, const char *head, const char *table)
{
	List	   *statements = raw_parser(source, RAW_PARSE_DEFAULT);
	MigFilled  *filled;
	const char *addition;

	if (list_length(statements) != 2)
		return NIL;
	addition = addition_of(source, linitial_node(RawStmt, statements), head);
	filled = filling_of(source, lsecond_node(RawStmt, statements), table);
	if (addition == NULL || filled == NULL)
		return NIL;
	filled->addition = addition;
	return list_make1(filled);
}

/* What adds a column, behind the head of its statement, or NULL. */
static char *
addition_of(const char *source, const RawStmt *raw, const char *head)
{
	const AlterTableStmt *stmt = (const AlterTableStmt *) raw->stmt;
	size_t		length = strlen(head);

	if (!IsA(stmt, AlterTableStmt) || list_length(stmt->cmds) != 1 ||
		linitial_node(AlterTableCmd, stmt->cmds)->subtype != AT_AddColumn ||
		strncmp(source, head, length) != 0)
		return NULL;
	return pnstrdup(source + length, raw->stmt_len - length);
}

/* What gives a value to one column of all rows, and nothing more, or NULL. */
static MigFilled *
filling_of(const char *source, const RawStmt *raw, const char *table)
{
	const UpdateStmt *stmt = (const UpdateStmt *) raw->stmt;
	char	   *head = psprintf("UPDATE %s SET ", table);
	const char *begin = source + raw->stmt_location;
	MigFilled  *filled;
	const ResTarget *target;

	begin += strspn(begin, "\n");
	if (!IsA(stmt, UpdateStmt) || stmt->whereClause != NULL ||
		stmt->fromClause != NIL || list_length(stmt->targetList) != 1 ||
		strncmp(begin, head, strlen(head)) != 0)
		return NULL;
	target = linitial_node(ResTarget, stmt->targetList);
	begin += strlen(head);
	filled = palloc0(sizeof(MigFilled));
	filled->assignment = pnstrdup(begin, source + raw->stmt_location +
								  raw->stmt_len - begin);
	filled->name = target->name;
	filled->value = target->val;
	return filled;
}

/*
 * Can columns be filled at once with others that come before them?  Not if
 * values are made of those, or of rows of the table of that name, which code
 * of users may read.
 */
bool
mig_filled_fit(const List *first, const List *second, const char *name)
{
	Names		names = {first, name};
	const ListCell *lc;

	foreach(lc, second)
	{
		const MigFilled *filled = lfirst(lc);

		if (uses(unconstify(Node *, filled->value), &names))
			return false;
	}
	return first != NIL && second != NIL;
}

static bool
uses(Node *node, void *context)
{
	const Names *names = context;
	const ListCell *lc;
	const ListCell *ln;

	if (node == NULL)
		return false;
	if (IsA(node, SubLink) ||
		(IsA(node, FuncCall) &&
		 may_read(PROCNAMEARGSNSP, ((FuncCall *) node)->funcname)) ||
		(IsA(node, A_Expr) && ((A_Expr *) node)->kind < AEXPR_BETWEEN &&
		 may_read(OPERNAMENSP, ((A_Expr *) node)->name)))
		return true;
	foreach(lc, IsA(node, ColumnRef) ? ((ColumnRef *) node)->fields : NIL)
	{
		if (!IsA(lfirst(lc), String))
			return true;
		foreach(ln, names->columns)
		{
			const MigFilled *filled = lfirst(ln);

			if (strcmp(strVal(lfirst(lc)), filled->name) == 0)
				return true;
		}
		if (lnext(((ColumnRef *) node)->fields, lc) == NULL &&
			strcmp(strVal(lfirst(lc)), names->table) == 0)
			return true;
	}
	return raw_expression_tree_walker(node, uses, context);
}

/*
 * May a function or an operator of that name, by a cache of them, read rows?
 * So may one that there is not, for the script creates it.
 */
static bool
may_read(int cache, const List *name)
{
	CatCList   *found;
	bool		result;

	found = SearchSysCacheList1(cache, CStringGetDatum(strVal(llast(name))));
	result = found->n_members == 0;
	for (int i = 0; i < found->n_members && !result; i++)
	{
		HeapTuple	tuple = &found->members[i]->tuple;

		result = cache == OPERNAMENSP ? operator_has_queries(tuple) :
			has_queries(tuple);
	}
	ReleaseSysCacheList(found);
	return result;
}

/* The same as has_queries() of an operator's */
static bool
operator_has_queries(HeapTuple operator)
{
	Oid			function = ((Form_pg_operator) GETSTRUCT(operator))->oprcode;
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool		result = !HeapTupleIsValid(tuple) || has_queries(tuple);

	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	return result;
}

/* Is a function, of that row, one of users in a language that has queries? */
static bool
has_queries(HeapTuple function)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(function);

	return form->oid >= FirstNormalObjectId &&
		form->prolang != INTERNALlanguageId && form->prolang != ClanguageId;
}

/* The statements that add and fill columns. */
char *
mig_filled_write(const List *columns, const char *head, const char *table)
{
	const char *joint = list_length(columns) > 1 ? "\n    " : " ";
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%.*s", (int) strlen(head) - 1, head);
	foreach(lc, columns)
		appendStringInfo(&buf, "%s%s%s", foreach_current_index(lc) > 0 ? "," : "",
						 joint, ((const MigFilled *) lfirst(lc))->addition);
	appendStringInfo(&buf, ";\nUPDATE %s SET ", table);
	foreach(lc, columns)
		appendStringInfo(&buf, "%s%s", foreach_current_index(lc) > 0 ? ", " : "",
						 ((const MigFilled *) lfirst(lc))->assignment);
	appendStringInfoString(&buf, ";\n");
	return buf.data;
}
