/*-------------------------------------------------------------------------
 *
 * util/arg.c
 *	  Arguments of SQL functions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/arg.h"
#include "util/sql.h"

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* A text argument as a string, NULL if it is null. */
char *
mig_arg_text(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/*
 * The same for an argument that must not be null: 22004, since a variable
 * that was never set must not look like success.
 */
char *
mig_arg_required(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" of %s() must not be null", name,
						get_func_name(fcinfo->flinfo->fn_oid)),
				 errhint("Is a variable not set?")));
	return text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/*
 * The first argument, a target, or NULL where argument n has the tag that
 * takes its place: 22004 unless one of them is given.
 */
char *
mig_arg_target(FunctionCallInfo fcinfo, int n, const char **before_tag)
{
	if (PG_ARGISNULL(0) == PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 PG_ARGISNULL(n) ?
				 errmsg("one of the arguments \"target\" and \"before_tag\" of %s() must not be null",
						get_func_name(fcinfo->flinfo->fn_oid)) :
				 errmsg("arguments \"target\" and \"before_tag\" of %s() exclude each other",
						get_func_name(fcinfo->flinfo->fn_oid)),
				 PG_ARGISNULL(n) ? errhint("Is a variable not set?") : 0));
	*before_tag = mig_arg_text(fcinfo, n);
	return mig_arg_text(fcinfo, 0);
}

/* A text[] argument as a list of strings; null is the empty list. */
List *
mig_arg_texts(FunctionCallInfo fcinfo, int n)
{
	ArrayType  *array;

	if (PG_ARGISNULL(n))
		return NIL;
	array = PG_GETARG_ARRAYTYPE_P(n);
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("lists of schemas and patterns must not contain nulls")));
	return mig_text_array_list(PointerGetDatum(array));
}

/* A boolean argument; null is the default. */
bool
mig_arg_bool(FunctionCallInfo fcinfo, int n, bool otherwise)
{
	return PG_ARGISNULL(n) ? otherwise : PG_GETARG_BOOL(n);
}

/*
 * The schema of the extension: that of the called function, whatever the
 * search_path is.
 */
Oid
mig_arg_schema_oid(FunctionCallInfo fcinfo)
{
	return get_func_namespace(fcinfo->flinfo->fn_oid);
}
