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

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_ts_config.h"
#include "catalog/pg_ts_dict.h"
#include "catalog/pg_ts_parser.h"
#include "catalog/pg_ts_template.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

/* longer texts are cut in messages; in characters */
#define MIG_CLIP	1000

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

/* The same where a string may be NULL, which becomes null. */
Datum
mig_text_array_nulls(const List *strings)
{
	int			n = list_length(strings);
	int			lower = 1;
	Datum	   *values = palloc(sizeof(Datum) * Max(n, 1));
	bool	   *nulls = palloc(sizeof(bool) * Max(n, 1));

	for (int i = 0; i < n; i++)
	{
		const char *string = list_nth(strings, i);

		nulls[i] = string == NULL;
		values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(string);
	}
	return PointerGetDatum(construct_md_array(values, nulls, 1, &n, &lower,
											  TEXTOID, -1, false,
											  TYPALIGN_INT));
}

/* A text[] without NULLs as a list of strings. */
List *
mig_text_array_list(Datum array)
{
	List	   *strings = NIL;
	ArrayType  *flat;
	Datum	   *values;
	int			n;

	/* an empty array is nothing but its header; most of ours are empty */
	if (VARSIZE_ANY_EXHDR(DatumGetPointer(array)) == EMPTY_ARRAY_SIZE)
		return NIL;
	flat = DatumGetArrayTypeP(array);
	deconstruct_array(flat, TEXTOID, -1, false, TYPALIGN_INT, &values, NULL,
					  &n);
	for (int i = 0; i < n; i++)
		strings = lappend(strings, TextDatumGetCString(values[i]));
	/* callers with much to read keep what is in the context */
	pfree(values);
	if (PointerGetDatum(flat) != array)
		pfree(flat);
	return strings;
}

/* Is a name among others? */
bool
mig_has_name(const List *names, const char *name)
{
	const ListCell *lc;

	foreach(lc, names)
	{
		if (strcmp(lfirst(lc), name) == 0)
			return true;
	}
	return false;
}

/*
 * Is a literal a value, or does it have one as an element of an array, a row
 * or a range?  By the text of both.
 */
bool
mig_literal_has(const char *literal, const char *value)
{
	const char *found = literal;
	size_t		length = strlen(value);

	if (strcmp(literal, value) == 0)
		return true;
	while (length > 0 && (found = strstr(found, value)) != NULL)
	{
		if (found > literal && strchr("{[(,\"", found[-1]) != NULL &&
			found[length] != '\0' && strchr("}]),\"", found[length]) != NULL)
			return true;
		found++;
	}
	return false;
}

/* Are two lists of the same names, in the same order? */
bool
mig_same_names(const List *a, const List *b)
{
	if (list_length(a) != list_length(b))
		return false;
	for (int i = 0; i < list_length(a); i++)
	{
		if (strcmp(list_nth(a, i), list_nth(b, i)) != 0)
			return false;
	}
	return true;
}

/* For list_sort(): strings by bytes, so that each locale has one order. */
int
mig_compare_names(const ListCell *a, const ListCell *b)
{
	return strcmp(lfirst(a), lfirst(b));
}

/* Strings with a separator between them; at most so many (0: all). */
char *
mig_join_names(const List *names, const char *separator, int most)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, names)
	{
		int			n = foreach_current_index(lc);

		if (n > 0)
			appendStringInfoString(&buf, separator);
		if (most > 0 && n == most)
		{
			appendStringInfo(&buf, "and %d more", list_length(names) - n);
			break;
		}
		appendStringInfoString(&buf, lfirst(lc));
	}
	return buf.data;
}

/* Append text for the rest of a comment line; line breaks become blanks. */
void
mig_append_comment(StringInfo buf, const char *string)
{
	for (const char *p = string; *p != '\0'; p++)
		appendStringInfoChar(buf, *p == '\n' || *p == '\r' ? ' ' : *p);
}

/* A string for a message: no more than MIG_CLIP characters of it. */
const char *
mig_clip(const char *string)
{
	size_t		length = strlen(string);
	int			shown;

	if (length <= MIG_CLIP)
		return string;
	shown = pg_mbcharcliplen(string, length, MIG_CLIP);
	return shown == (int) length ? string :
		psprintf("%.*s...", shown, string);
}

/* How many lines end in so many bytes of a string. */
int
mig_newlines(const char *string, int length)
{
	int			n = 0;

	for (int i = 0; i < length; i++)
		n += string[i] == '\n';
	return n;
}

/* Text whose lines all end as comments in SQL do, but with "\n" alone. */
char *
mig_plain_lines(const char *string)
{
	char	   *copy = palloc(strlen(string) + 1);
	char	   *to = copy;

	for (const char *p = string; *p != '\0'; p++)
	{
		if (*p == '\r' && p[1] == '\n')
			continue;
		*to++ = *p == '\r' ? '\n' : *p;
	}
	*to = '\0';
	return copy;
}

/*
 * A call of one of our functions, for hints: with a target unless that is
 * NULL, and with the target schema unless that is the database as a whole.
 */
char *
mig_call_text(const char *function, const char *target,
			  const char *schema_name)
{
	return mig_call_with(function, target, schema_name, "");
}

/* The same with more arguments behind, as they are to be written. */
char *
mig_call_with(const char *function, const char *target,
			  const char *schema_name, const char *more)
{
	StringInfoData buf;
	const char *separator = "";

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s(", function);
	if (target != NULL)
	{
		appendStringInfoString(&buf, quote_literal_cstr(target));
		separator = ", ";
	}
	if (schema_name[0] != '\0')
	{
		appendStringInfo(&buf, "%sschema => %s", separator,
						 quote_literal_cstr(schema_name));
		separator = ", ";
	}
	if (more[0] != '\0')
		appendStringInfo(&buf, "%s%s", separator, more);
	appendStringInfoChar(&buf, ')');
	return buf.data;
}

/* The full name of a relation as SQL; NULL: it is not there any more. */
char *
mig_quote_relation(Oid relid)
{
	char	   *schema = get_namespace_name(get_rel_namespace(relid));
	char	   *name = get_rel_name(relid);

	return schema == NULL || name == NULL ? NULL :
		quote_qualified_identifier(schema, name);
}

/*
 * The name of a table, qualified or not, as it must stand in a statement.
 * *last is set to its last part, as it is.  42602 where it is malformed.
 */
char *
mig_quote_qualified(const char *input, char **last)
{
	List	   *names = textToQualifiedNameList(cstring_to_text(input));
	RangeVar   *rv = makeRangeVarFromNameList(names);

	*last = rv->relname;
	return quote_qualified_identifier(rv->schemaname, rv->relname);
}

/*
 * The search_path under which names are printed and read: those of a schema
 * without it, if it is not NULL, all others in full.  Nothing temporary is
 * taken for what it is named like.
 */
char *
mig_names_path(const char *schema)
{
	if (schema == NULL)
		return pstrdup("pg_catalog, pg_temp");
	return psprintf("%s, pg_temp", quote_identifier(schema));
}

/*
 * Is it what its name means without a schema?  pg_catalog comes first, and may
 * have the same.
 */
bool
mig_is_visible(Oid classid, Oid oid)
{
	switch (classid)
	{
		case RelationRelationId:
			return RelationIsVisible(oid);
		case TypeRelationId:
			return TypeIsVisible(oid);
		case ProcedureRelationId:
			return FunctionIsVisible(oid);
		case OperatorRelationId:
			return OperatorIsVisible(oid);
		case OperatorClassRelationId:
			return OpclassIsVisible(oid);
		case OperatorFamilyRelationId:
			return OpfamilyIsVisible(oid);
		case CollationRelationId:
			return CollationIsVisible(oid);
		case TSParserRelationId:
			return TSParserIsVisible(oid);
		case TSDictionaryRelationId:
			return TSDictionaryIsVisible(oid);
		case TSTemplateRelationId:
			return TSTemplateIsVisible(oid);
		case TSConfigRelationId:
			return TSConfigIsVisible(oid);
		default:
			return true;
	}
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

/* As psprintf(), for functions that take what that takes. */
char *
mig_format(const char *format, va_list args)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (;;)
	{
		va_list		again;
		int			needed;

		va_copy(again, args);
		needed = appendStringInfoVA(&buf, format, again);
		va_end(again);
		if (needed == 0)
			return buf.data;
		enlargeStringInfo(&buf, needed);
	}
}

/* Privileges as they are once the object has another owner. */
Datum
mig_acl_of_owner(Datum acl, Oid owner)
{
	int			first = 1;
	int16		length;
	bool		byval;
	char		align;
	bool		isnull;
	Datum		item;

	get_typlenbyvalalign(ACLITEMOID, &length, &byval, &align);
	item = array_get_element(acl, 1, &first, -1, length, byval, align,
							 &isnull);
	if (isnull)
		return acl;
	return PointerGetDatum(aclnewowner(DatumGetAclP(acl),
									   DatumGetAclItemP(item)->ai_grantor,
									   owner));
}
