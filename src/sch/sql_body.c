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
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

/* An argument without a name; other things may have it within their quotes */
#define UNNAMED	"\"\""

static char *printed_body(PGFunction print, Oid routine);
static char *numbered_body(Oid routine);

/* The definition of a routine, or its end, so that it can be read. */
char *
mig_sql_body_readable(char *definition, Oid routine)
{
	char	   *body;
	char	   *at;

	if (strstr(definition, UNNAMED) == NULL)
		return definition;
	body = printed_body(pg_get_function_sqlbody, routine);
	at = body == NULL ? NULL : strstr(definition, body);
	if (at == NULL)
		return definition;
	return psprintf("%.*s%s%s", (int) (at - definition), definition,
					printed_body(mig_sql_body, routine), at + strlen(body));
}

static char *
printed_body(PGFunction print, Oid routine)
{
	LOCAL_FCINFO(fcinfo, 1);
	Datum		result;

	InitFunctionCallInfoData(*fcinfo, NULL, 1, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = ObjectIdGetDatum(routine);
	fcinfo->args[0].isnull = false;
	result = print(fcinfo);
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
	return CStringGetTextDatum(numbered_body(PG_GETARG_OID(0)));
}

/* The tree is a query, or the list of those between BEGIN ATOMIC and END. */
static char *
numbered_body(Oid routine)
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
		return pg_get_querydef((Query *) body, false);
	initStringInfo(&buf);
	appendStringInfoString(&buf, "BEGIN ATOMIC\n");
	foreach(lc, linitial_node(List, (List *) body))
		appendStringInfo(&buf, "%s;\n",
						 pg_get_querydef(lfirst_node(Query, lc), false));
	appendStringInfoString(&buf, "END");
	return buf.data;
}
