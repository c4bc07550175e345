/*-------------------------------------------------------------------------
 *
 * kind/sequence_options.c
 *	  The options of sequences, and of those of identity columns.
 *
 * They are a list "name=value" of those that are not the default of the type.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/sequence_options.h"

#include "kind/list.h"
#include "sch/action.h"
#include "utils/builtins.h"

/* How an option is written, and how its default is. */
static const struct
{
	const char *name;
	const char *clause;
	const char *otherwise;		/* NULL: see start_of() */
}			options[] = {
	{"increment", "INCREMENT BY ", "INCREMENT BY 1"},
	{"minvalue", "MINVALUE ", "NO MINVALUE"},
	{"maxvalue", "MAXVALUE ", "NO MAXVALUE"},
	{"start", "START WITH ", NULL},
	{"cache", "CACHE ", "CACHE 1"},
	{"cycle", "CYCLE", "NO CYCLE"},
};

/* Places there */
enum
{
	MINVALUE = 1,
	MAXVALUE
};

static bool is_bound(size_t option);
static bool runs_down(const List *list);
static int64 start_of(const List *list);
static int64 bound_of(const List *list, bool upper);
static int64 number(const char *digits);

/* Append the options as CREATE SEQUENCE has them, each after a blank. */
void
mig_sequence_append_options(StringInfo buf, const char *given)
{
	List	   *list = mig_list_split(given);

	for (size_t i = 0; i < lengthof(options); i++)
	{
		const char *value = mig_list_value(list, options[i].name);

		if (value != NULL)
			appendStringInfo(buf, " %s%s", options[i].clause, value);
	}
}

/*
 * Append the options that differ, each after a blank and a prefix ("SET ").
 *
 * Where the statement changes the type, too, the server gives the sequence the
 * limit of the new one for each bound that is that of the old one, even if
 * the other direction has another default: so it is told the numbers.
 */
void
mig_sequence_alter_options(StringInfo buf, const char *from, const char *to,
						   bool retyped, const char *prefix)
{
	List	   *before = mig_list_split(from);
	List	   *after = mig_list_split(to);
	bool		turned = runs_down(before) != runs_down(after);

	for (size_t i = 0; i < lengthof(options); i++)
	{
		const char *old = mig_list_value(before, options[i].name);
		const char *value = mig_list_value(after, options[i].name);

		if (options[i].otherwise == NULL)
		{
			if (start_of(before) != start_of(after))
				appendStringInfo(buf, " %sSTART WITH " INT64_FORMAT, prefix,
								 start_of(after));
		}
		else if (mig_same(old, value) &&
				 !(is_bound(i) && (value != NULL ? retyped : turned)))
			continue;
		else if (value != NULL)
			appendStringInfo(buf, " %s%s%s", prefix, options[i].clause, value);
		else if (retyped && i == (runs_down(after) ? MAXVALUE : MINVALUE))
			appendStringInfo(buf, " %s%s" INT64_FORMAT, prefix,
							 options[i].clause,
							 bound_of(after, i == MAXVALUE));
		else
			appendStringInfo(buf, " %s%s", prefix, options[i].otherwise);
	}
}

/*
 * The statement that lets a sequence go to where its new bounds are, before
 * they change, if it has not come as far; NULL: none is needed.  Where nothing
 * is within both the old and the new bounds it has to start anew: *restart.
 *
 * "name" is the sequence as SQL has it.
 */
char *
mig_sequence_move(const char *from, const char *to, const char *name,
				  bool *restart)
{
	List	   *before = mig_list_split(from);
	List	   *after = mig_list_split(to);
	int64		start = start_of(before);
	int64		least = bound_of(after, false);
	int64		most = bound_of(after, true);
	int64		where = start < least ? least : most;

	*restart = false;
	if (start >= least && start <= most)
		return NULL;
	*restart = where < bound_of(before, false) ||
		where > bound_of(before, true);
	if (*restart)
		return NULL;
	return psprintf("SELECT pg_catalog.setval(%s, " INT64_FORMAT
					", false) FROM %s WHERE last_value %c " INT64_FORMAT,
					quote_literal_cstr(name), where, name,
					where > start ? '<' : '>', where);
}

/* The bounds of a sequence of a type with options. */
MigSequenceBounds
mig_sequence_bounds(const char *type, const char *given)
{
	List	   *list = mig_list_split(given);
	MigSequenceBounds bounds = {0};
	int64		most = PG_INT64_MAX;

	if (strcmp(type, "smallint") == 0)
		most = PG_INT16_MAX;
	else if (strcmp(type, "integer") == 0)
		most = PG_INT32_MAX;
	bounds.runs_down = runs_down(list);
	bounds.is_least_given = mig_list_value(list, "minvalue") != NULL;
	bounds.is_most_given = mig_list_value(list, "maxvalue") != NULL;
	bounds.least = Max(bound_of(list, false), -1 - most);
	bounds.most = Min(bound_of(list, true), most);
	bounds.start = start_of(list);
	return bounds;
}

static bool
is_bound(size_t option)
{
	return option == MINVALUE || option == MAXVALUE;
}

static bool
runs_down(const List *list)
{
	const char *increment = mig_list_value(list, "increment");

	return increment != NULL && increment[0] == '-';
}

/* Where a sequence starts */
static int64
start_of(const List *list)
{
	const char *start = mig_list_value(list, "start");

	return start != NULL ? number(start) : bound_of(list, runs_down(list));
}

/* A bound, as far as it is known without the type */
static int64
bound_of(const List *list, bool upper)
{
	const char *bound = mig_list_value(list, upper ? "maxvalue" : "minvalue");
	bool		down = runs_down(list);

	if (bound != NULL)
		return number(bound);
	if (upper)
		return down ? -1 : PG_INT64_MAX;
	return down ? PG_INT64_MIN : 1;
}

static int64
number(const char *digits)
{
	return strtoi64(digits, NULL, 10);
}
