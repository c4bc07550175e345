/*-------------------------------------------------------------------------
 *
 * kind/exclusion_rows.c
 *	  Rows that an exclusion constraint does not let be there together.
 *
 * A key WITHOUT OVERLAPS is such a constraint, too.  Each row is held against
 * each other, for nearly no operator of them can be sorted or hashed: so a few
 * thousand rows are asked, and more are not.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/exclusion_rows.h"

#include "kind/constraint_parse.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "util/token.h"
#include "utils/builtins.h"

/* Twelve million pairs: a second or two */
#define MOST_ROWS	5000

static List *split(const char *definition, const char **filter);
static char *without_class(char *key, const IndexElem *element);
static void append_condition(StringInfo buf, int number, const List *operator);

/*
 * The query that counts them, of a constraint and its definition; it gives
 * NULL if there are too many rows.  Which operator it is the type says, not
 * the operator class.
 */
char *
mig_exclusion_probe(const char *rows, const char *definition,
					const Constraint *parsed)
{
	const char *filter;
	List	   *keys = split(definition, &filter);
	StringInfoData columns;
	StringInfoData condition;
	const ListCell *lc;

	if (list_length(keys) != list_length(parsed->exclusions))
		return NULL;
	initStringInfo(&columns);
	initStringInfo(&condition);
	foreach(lc, parsed->exclusions)
	{
		const List *exclusion = lfirst_node(List, lc);
		int			number = foreach_current_index(lc);

		appendStringInfo(&columns, ", (%s) AS k%d",
						 without_class(list_nth(keys, number),
									   linitial_node(IndexElem, exclusion)),
						 number);
		append_condition(&condition, number, lsecond_node(List, exclusion));
	}
	return psprintf("WITH k AS MATERIALIZED (SELECT pg_catalog.row_number() OVER () AS n%s FROM %s x WHERE %s LIMIT %d)"
					" SELECT CASE WHEN (SELECT pg_catalog.count(*) FROM k) OPERATOR(pg_catalog.<=) %d THEN"
					" (SELECT pg_catalog.count(*) FROM k x WHERE EXISTS"
					" (SELECT FROM k y WHERE y.n OPERATOR(pg_catalog.<>) x.n%s)) END",
					columns.data, rows, filter, MOST_ROWS + 1, MOST_ROWS,
					condition.data);
}

/* Does a key forbid overlaps, or a foreign key refer by what they cover? */
bool
mig_temporal_is(const char *definition)
{
	return mig_token_find(definition, " WITHOUT OVERLAPS") != NULL ||
		mig_token_find(definition, ", PERIOD ") != NULL;
}

/*
 * The same for a key WITHOUT OVERLAPS, by the names of its columns: the last
 * is the period, which must not be empty either.
 */
char *
mig_temporal_probe(const char *rows, const List *names)
{
	const char *period = quote_identifier(strVal(llast(names)));
	StringInfoData definition;
	const ListCell *lc;

	initStringInfo(&definition);
	foreach(lc, names)
		appendStringInfo(&definition, "%s%s WITH %s",
						 definition.len == 0 ? "EXCLUDE USING gist (" : ", ",
						 quote_identifier(strVal(lfirst(lc))),
						 lnext(names, lc) == NULL ? "&&)" : "=");
	return psprintf("SELECT (%s)"
					" OPERATOR(pg_catalog.+)"
					" (SELECT pg_catalog.count(*) FROM %s x WHERE pg_catalog.isempty(x.%s))",
					mig_exclusion_probe(rows, definition.data,
										mig_constraint_parse(definition.data)),
					rows, period);
}

/* A key as the server prints it, up to its operator class */
static char *
without_class(char *key, const IndexElem *element)
{
	StringInfoData name;
	char	   *at;
	char	   *last = NULL;
	const ListCell *lc;

	initStringInfo(&name);
	foreach(lc, element->opclass)
		appendStringInfo(&name, "%c%s", name.len > 0 ? '.' : ' ',
						 quote_identifier(strVal(lfirst(lc))));
	for (at = key; name.len > 0 && (at = strstr(at, name.data)); at++)
		last = at;
	return last == NULL ? key : pnstrdup(key, last - key);
}

/* That two rows are in each other's way by one of the keys */
static void
append_condition(StringInfo buf, int number, const List *operator)
{
	const ListCell *lc;

	appendStringInfo(buf, " AND x.k%d OPERATOR(", number);
	if (list_length(operator) == 1)
		appendStringInfoString(buf, "pg_catalog.");
	foreach(lc, operator)
		appendStringInfo(buf, "%s%s", lnext(operator, lc) == NULL ? "" :
						 quote_identifier(strVal(lfirst(lc))),
						 lnext(operator, lc) == NULL ? strVal(lfirst(lc)) :
						 ".");
	appendStringInfo(buf, ") y.k%d", number);
}

/*
 * The expressions of the keys, char *, as the server prints them: "EXCLUDE
 * USING gist (room WITH =, during WITH &&) WHERE ((room > 0))".
 */
static List *
split(const char *definition, const char **filter)
{
	List	   *keys = NIL;
	int			depth = 0;
	int			begin = -1;
	bool		closed = false;
	MigTokens	tokens;

	*filter = "true";
	mig_token_begin(&tokens, definition);
	while (mig_token_next(&tokens))
	{
		int			at = tokens.location;

		if (tokens.token == '(' && depth++ == 0 && !closed)
			begin = at + 1;
		else if (tokens.token == ')' && --depth == 0)
			closed = true;
		else if (tokens.token == ',' && depth == 1 && !closed)
			begin = at + 1;
		else if (depth == 1 && begin >= 0 && !closed &&
				 strcmp(tokens.source, "WITH") == 0)
		{
			keys = lappend(keys, pnstrdup(definition + begin, at - begin));
			begin = -1;
		}
		else if (depth == 0 && closed &&
				 strcmp(tokens.source, "WHERE") == 0)
			*filter = definition + at + strlen("WHERE");
	}
	return keys;
}
