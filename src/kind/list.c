/*-------------------------------------------------------------------------
 *
 * kind/list.c
 *	  Attributes that are lists: options, parents, labels.
 *
 * A list comes from the catalogs as one text, its elements separated by
 * MIG_SEPARATOR; an option is "name=value".  Options of relations and columns
 * are written "name=value", those of foreign objects "name 'value'".
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/list.h"

#include "sch/action.h"
#include "util/sql.h"
#include "utils/builtins.h"

static void append_option(StringInfo buf, const char *option,
						  const char *prefix);
static void append_changes(StringInfo set, StringInfo reset,
						   const char *from, const char *to,
						   const char *prefix);
static char *option_name(const char *option);
static const char *option_value(const char *option);

/* The elements of a list; NULL has none. */
List *
mig_list_split(const char *value)
{
	List	   *elements = NIL;
	const char *end;

	if (value == NULL)
		return NIL;
	while ((end = strchr(value, MIG_SEPARATOR)) != NULL)
	{
		elements = lappend(elements, pnstrdup(value, end - value));
		value = end + 1;
	}
	return lappend(elements, pstrdup(value));
}

/* The value of the option of a name, "" if it has none; NULL: there is none. */
const char *
mig_list_value(const List *options, const char *name)
{
	const ListCell *lc;

	foreach(lc, options)
	{
		if (strcmp(option_name(lfirst(lc)), name) == 0)
			return option_value(lfirst(lc));
	}
	return NULL;
}

/*
 * Append storage options, separated by commas, each with a prefix ("toast.").
 * Something is put before them if there is text in front of them already that
 * ends in neither an opening parenthesis nor a blank.
 */
void
mig_list_append_options(StringInfo buf, const char *options,
						const char *prefix)
{
	const ListCell *lc;

	foreach(lc, mig_list_split(options))
		append_option(buf, lfirst(lc), prefix);
}

/*
 * Add the actions that alter the options of a relation or a column, and of a
 * TOAST table; "alter" is what stands before SET.
 */
void
mig_list_alter_options(MigDiff *diff, MigObject *object, const char *alter,
					   const char *from, const char *to,
					   const char *from_toast, const char *to_toast)
{
	StringInfoData set;
	StringInfoData toast;
	StringInfoData reset;

	initStringInfo(&set);
	initStringInfo(&toast);
	initStringInfo(&reset);
	append_changes(&set, &reset, from, to, "");
	append_changes(from_toast == NULL ? &toast : &set, &reset, from_toast,
				   to_toast, "toast.");
	if (set.len > 0)
		mig_action_alter(diff, object, "options", "%s SET (%s)", alter,
						 set.data);
	if (toast.len > 0)
		mig_action_alter(diff, object, "options", "%s SET (%s)", alter,
						 toast.data)->last = true;
	if (reset.len > 0)
		mig_action_alter(diff, object, "options", "%s RESET (%s)", alter,
						 reset.data);
}

/* Append to "set" the options to set, to "reset" the names of those to reset. */
static void
append_changes(StringInfo set, StringInfo reset, const char *from,
			   const char *to, const char *prefix)
{
	List	   *before = mig_list_split(from);
	List	   *after = mig_list_split(to);
	const ListCell *lc;

	foreach(lc, after)
	{
		if (!mig_has_name(before, lfirst(lc)))
			append_option(set, lfirst(lc), prefix);
	}
	foreach(lc, before)
	{
		const char *name = option_name(lfirst(lc));

		if (mig_list_value(after, name) == NULL)
			appendStringInfo(reset, "%s%s%s", reset->len > 0 ? ", " : "",
							 prefix, quote_identifier(name));
	}
}

/* Append the options of a foreign object, as in OPTIONS (...). */
void
mig_list_append_generic(StringInfo buf, const char *options)
{
	const ListCell *lc;

	foreach(lc, mig_list_split(options))
		appendStringInfo(buf, "%s%s %s",
						 foreach_current_index(lc) > 0 ? ", " : "",
						 quote_identifier(option_name(lfirst(lc))),
						 quote_literal_cstr(option_value(lfirst(lc))));
}

/*
 * Append the changes of the options of a foreign object: nothing where only
 * their order differs.
 */
void
mig_list_alter_generic(StringInfo buf, const char *from, const char *to)
{
	List	   *before = mig_list_split(from);
	List	   *after = mig_list_split(to);
	const char *comma = "";
	const ListCell *lc;

	foreach(lc, before)
	{
		const char *name = option_name(lfirst(lc));

		if (mig_list_value(after, name) != NULL)
			continue;
		appendStringInfo(buf, "%sDROP %s", comma, quote_identifier(name));
		comma = ", ";
	}
	foreach(lc, after)
	{
		const char *name = option_name(lfirst(lc));

		if (mig_has_name(before, lfirst(lc)))
			continue;
		appendStringInfo(buf, "%s%s %s %s", comma,
						 mig_list_value(before, name) == NULL ? "ADD" : "SET",
						 quote_identifier(name),
						 quote_literal_cstr(option_value(lfirst(lc))));
		comma = ", ";
	}
}

/* Numbers and plain words need no quotes, nor do the booleans. */
static void
append_option(StringInfo buf, const char *option, const char *prefix)
{
	const char *value = option_value(option);

	if (buf->len > 0 && buf->data[buf->len - 1] != '(')
		appendStringInfoString(buf, ", ");
	appendStringInfo(buf, "%s%s", prefix,
					 quote_identifier(option_name(option)));
	if (strspn(value, "0123456789.") == strlen(value) && *value != '\0')
		appendStringInfo(buf, "=%s", value);
	else if (strcmp(quote_identifier(value), value) == 0 ||
			 strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
		appendStringInfo(buf, "=%s", value);
	else
		appendStringInfo(buf, "=%s", quote_literal_cstr(value));
}

static char *
option_name(const char *option)
{
	return pnstrdup(option, strcspn(option, "="));
}

static const char *
option_value(const char *option)
{
	const char *equals = strchr(option, '=');

	return equals == NULL ? "" : equals + 1;
}
