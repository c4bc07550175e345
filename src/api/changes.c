/*-------------------------------------------------------------------------
 *
 * api/changes.c
 *	  The argument "renames" of functions that compare.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "api/changes.h"
#include "model/rename.h"

#include "utils/jsonb.h"

/* {"public.users.name": "full_name", ...} as MigNameChange. */
List *
mig_changes_arg(FunctionCallInfo fcinfo, int n)
{
	JsonbIterator *iterator;
	JsonbValue	value;
	JsonbIteratorToken token;
	MigNameChange *change = NULL;
	List	   *changes = NIL;

	if (PG_ARGISNULL(n))
		return NIL;
	iterator = JsonbIteratorInit(&PG_GETARG_JSONB_P(n)->root);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			change = palloc0(sizeof(MigNameChange));
			change->old = pnstrdup(value.val.string.val, value.val.string.len);
		}
		else if (token == WJB_VALUE && change != NULL &&
				 value.type == jbvString)
		{
			change->name = pnstrdup(value.val.string.val,
									value.val.string.len);
			changes = lappend(changes, change);
		}
		else if (token != WJB_BEGIN_OBJECT && token != WJB_END_OBJECT)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("renames must be an object of strings"),
					 errhint("For example: {\"public.users.name\": \"full_name\"}.")));
	}
	return changes;
}
