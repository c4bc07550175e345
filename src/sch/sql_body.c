/*-------------------------------------------------------------------------
 *
 * sch/sql_body.c
 *	  Bodies of routines that the server has parsed.
 *
 * Where some arguments of a routine have names, or the columns of its result
 * have, the server prints one without by a name that is empty, and nothing can
 * read that.  Such a body is printed with the numbers of all its arguments.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sql_body.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

/* An argument without a name; other things may have it within their quotes */
#define UNNAMED	"\"\""

static char *print_query(Query *query);
static char *server_body(Oid routine);
static char *numbered_body(Oid routine, char *(*print) (Query *query));

/*
 * The definition of a routine, or its end, so that it can be read.  NULL, as
 * the server has it of one that is gone meanwhile, is that.
 */
char *
mig_sql_body_readable(char *definition, Oid routine)
{
	return definition == NULL || strstr(definition, UNNAMED) == NULL ?
		definition : mig_sql_body_print(definition, routine, print_query);
}

/*
 * The same, with the queries of the body as a function prints them, which sees
 * no names of arguments.
 */
char *
mig_sql_body_print(char *definition, Oid routine,
				   char *(*print) (Query *query))
{
	char	   *body = server_body(routine);
	char	   *at = NULL;

	if (body != NULL && body[0] != '\0')
	{
		/* defaults of arguments stand before it */
		for (char *next = strstr(definition, body); next != NULL;
			 next = strstr(next + 1, body))
			at = next;
	}
	if (at == NULL)
		return definition;
	return psprintf("%.*s%s%s", (int) (at - definition), definition,
					numbered_body(routine, print), at + strlen(body));
}

static char *
print_query(Query *query)
{
	return pg_get_querydef(query, false);
}

/* As the server prints it, or NULL if it is none */
static char *
server_body(Oid routine)
{
	LOCAL_FCINFO(fcinfo, 1);
	Datum		result;

	InitFunctionCallInfoData(*fcinfo, NULL, 1, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = ObjectIdGetDatum(routine);
	fcinfo->args[0].isnull = false;
	result = pg_get_function_sqlbody(fcinfo);
	return fcinfo->isnull ? NULL : TextDatumGetCString(result);
}

/* Like pg_get_function_sqlbody(), but so that it can be read. */
Datum
mig_sql_body(PG_FUNCTION_ARGS)
{
	Datum		result = pg_get_function_sqlbody(fcinfo);

	if (fcinfo->isnull ||
		strstr(TextDatumGetCString(result), UNNAMED) == NULL)
		return result;
	return CStringGetTextDatum(numbered_body(PG_GETARG_OID(0), print_query));
}

/* The tree is a query, or the list of those between BEGIN ATOMIC and END. */
static char *
numbered_body(Oid routine, char *(*print) (Query *query))
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(routine));
	bool		is_null;
	Datum		tree;
	Node	   *body;
	const ListCell *lc;
	StringInfoData buf;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", routine);
	tree = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosqlbody, &is_null);
	Assert(!is_null);
	body = stringToNode(TextDatumGetCString(tree));
	ReleaseSysCache(tuple);
	if (!IsA(body, List))
		return print((Query *) body);
	initStringInfo(&buf);
	appendStringInfoString(&buf, "BEGIN ATOMIC\n");
	foreach(lc, linitial_node(List, (List *) body))
		appendStringInfo(&buf, "%s;\n", print(lfirst_node(Query, lc)));
	appendStringInfoString(&buf, "END");
	return buf.data;
}
