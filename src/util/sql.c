/*-------------------------------------------------------------------------
 *
 * util/sql.c
 *	  Strings, lists of strings and arrays of text; pieces of SQL.
 *
 * Everything is allocated in the current memory context.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/sql.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* size of an empty array behind its length word */
#define EMPTY_ARRAY_SIZE	(sizeof(ArrayType) - VARHDRSZ)

/* A list of strings as text[]. */
Datum
mig_text_array(const List *strings)
{
	Datum	   *values = palloc(sizeof(Datum) * Max(list_length(strings), 1));
	const ListCell *lc;

	foreach(lc, strings)
		values[foreach_current_index(lc)] = CStringGetTextDatum(lfirst(lc));
	return PointerGetDatum(construct_array(values, list_length(strings),
										   TEXTOID, -1, false, TYPALIGN_INT));
}

/* A text[] without NULLs as a list of strings. */
List *
mig_text_array_list(Datum array)
{
	List	   *strings = NIL;
	Datum	   *values;
	int			n;

	/* an empty array is nothing but its header; most of ours are empty */
	if (VARSIZE_ANY_EXHDR(DatumGetPointer(array)) == EMPTY_ARRAY_SIZE)
		return NIL;
	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false,
					  TYPALIGN_INT, &values, NULL, &n);
	for (int i = 0; i < n; i++)
		strings = lappend(strings, TextDatumGetCString(values[i]));
	return strings;
}

/* Append text for the rest of a comment line; line breaks become blanks. */
void
mig_append_comment(StringInfo buf, const char *string)
{
	for (const char *p = string; *p != '\0'; p++)
		appendStringInfoChar(buf, *p == '\n' || *p == '\r' ? ' ' : *p);
}

/* A call of one of our functions, for hints. */
char *
mig_call_text(const char *function, const char *target,
			  const char *schema_name)
{
	if (schema_name[0] == '\0')
		return psprintf("%s(%s)", function, quote_literal_cstr(target));
	return psprintf("%s(%s, schema => %s)", function,
					quote_literal_cstr(target),
					quote_literal_cstr(schema_name));
}

/* A dollar quote that does not occur in a body. */
char *
mig_dollar_tag(const char *body)
{
	char	   *tag = pstrdup("$migrate$");

	for (int n = 1; strstr(body, tag) != NULL; n++)
		tag = psprintf("$migrate%d$", n);
	return tag;
}
