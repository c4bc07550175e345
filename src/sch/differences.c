/*-------------------------------------------------------------------------
 *
 * sch/differences.c
 *	  What is left of the differences between two snapshots, for people.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/differences.h"

#include "common/string.h"
#include "mb/pg_wchar.h"
#include "parser/scansup.h"
#include "sch/action.h"
#include "sch/emit.h"

/* Differences that a message lists */
#define DIFFERENCES_SHOWN	20

/* Bytes of a definition that a message shows */
#define VALUE_SHOWN			200

/* Lines of a message. */
typedef struct Lines
{
	StringInfoData buf;
	int			n;				/* so many, of which not all are shown */
} Lines;

static char *describe_action(const MigDiff *diff, MigAction *action);
static bool has_single(const MigSnapshot *snapshot);
static bool is_outermost(const MigObject *object);
static void describe_pair(Lines *lines, const MigObject *object);
static bool says_more(const MigObject *object, int attribute);
static const char *in_words(const MigAttribute *attribute, const char *value);
static char *shown(const char *value, const char *other);
static const char *parting(const char *value, const char *other);
static bool differs_in_space(const char *value, const char *other);
static const char *space_name(char c);
static void add_line(Lines *lines, char *line);

/*
 * What differs between what stands ("from") and what should ("to"), a line
 * each, with both definitions.  The comparison has run.
 */
char *
mig_rest_describe(const MigDiff *diff)
{
	Lines		lines = {0};
	const ListCell *lc;

	initStringInfo(&lines.buf);
	foreach(lc, diff->from->objects)
	{
		const MigObject *object = lfirst(lc);

		if (object->ignored || !is_outermost(object))
			continue;
		if (object->twin == NULL)
			add_line(&lines, psprintf("%s %s is left over",
									  mig_kind_name(object),
									  object->identity));
		else
			describe_pair(&lines, object);
	}
	foreach(lc, diff->to->objects)
	{
		const MigObject *object = lfirst(lc);

		if (!object->ignored && object->twin == NULL && is_outermost(object))
			add_line(&lines, psprintf("%s %s is missing", mig_kind_name(object),
									  object->identity));
	}
	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		/* comments, owners, grants, and whatever else is not told yet */
		if (action->satellite || lines.n == 0)
			add_line(&lines, describe_action(diff, action));
	}
	if (lines.n > DIFFERENCES_SHOWN)
		appendStringInfo(&lines.buf, "\n... and %d more",
						 lines.n - DIFFERENCES_SHOWN);
	return lines.buf.data;
}

/* By both definitions, or by the statement that is left to do. */
static char *
describe_action(const MigDiff *diff, MigAction *action)
{
	const MigObject *object = action->object;
	const char *value = NULL;
	const char *other = NULL;

	if (action->op == MIG_OP_ALTER && object->twin != NULL &&
		mig_same(action->detail, "comment"))
	{
		value = object->twin->comment;
		other = object->comment;
	}
	else if (action->op == MIG_OP_ALTER && object->twin != NULL &&
			 action->sets_owner)
	{
		value = object->twin->owner;
		other = object->owner;
	}
	if (mig_same(value, other))
		return psprintf("what is left to do: %s",
						mig_emit_action(diff, action));
	return psprintf("%s %s: %s is %s instead of %s", mig_kind_name(object),
					object->identity, action->detail, shown(value, other),
					shown(other, value));
}

/*
 * Is there an object that the other side has not, whether or not an action
 * sees to it?
 */
bool
mig_rest_is_any(const MigDiff *diff)
{
	return has_single(diff->from) || has_single(diff->to);
}

static bool
has_single(const MigSnapshot *snapshot)
{
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		const MigObject *object = lfirst(lc);

		if (!object->ignored && object->twin == NULL)
			return true;
	}
	return false;
}

/* Is it no part of something that has no twin either? */
static bool
is_outermost(const MigObject *object)
{
	return object->parent == NULL || object->parent->twin != NULL ||
		object->twin != NULL;
}

/* Each attribute that still differs, and the name. */
static void
describe_pair(Lines *lines, const MigObject *object)
{
	const MigObject *wanted = object->twin;

	for (int i = 0; i < object->kind->nattributes; i++)
	{
		const MigAttribute *attribute = &object->kind->attributes[i];
		const char *value = in_words(attribute, object->values[i]);
		const char *other = in_words(attribute, wanted->values[i]);

		if (MIG_CHANGED(object, i) && !mig_same(value, other) &&
			says_more(object, i))
			add_line(lines, psprintf("%s %s: %s is %s instead of %s",
									 mig_kind_name(object), object->identity,
									 attribute->name, shown(value, other),
									 shown(other, value)));
	}
	if (object->renamed)
		add_line(lines, psprintf("%s %s should be %s", mig_kind_name(object),
								 object->identity, wanted->identity));
}

/* Not if it tells of what one of a pair lacks, which is a line of its own. */
static bool
says_more(const MigObject *object, int attribute)
{
	int			whole = object->kind->attributes[attribute].detail_of;

	return whole == 0 || !MIG_CHANGED(object, whole) ||
		(object->values[attribute] != NULL &&
		 object->twin->values[attribute] != NULL);
}

/* What a letter of an attribute stands for, or the value as it is. */
static const char *
in_words(const MigAttribute *attribute, const char *value)
{
	const char *words = value == NULL ? NULL : attribute->words;

	while (words != NULL)
	{
		size_t		length = strcspn(words, ",");

		if (words[0] == value[0] && value[1] == '\0')
			return pnstrdup(words + 2, length - 2);
		words = words[length] == '\0' ? NULL : words + length + 1;
	}
	return value;
}

/*
 * The value of an attribute for people.  What it has in common with another is
 * cut short at the beginning if it is long.  White space is told where nothing
 * else differs.
 */
static char *
shown(const char *value, const char *other)
{
	const char *from = value;
	int			length;
	bool		is_cut;
	bool		tells_space;
	StringInfoData buf;

	if (value == NULL)
		return pstrdup("nothing");
	if (other != NULL)
		from = parting(value, other);
	tells_space = other != NULL && differs_in_space(value, other);
	length = pg_mbcliplen(from, strlen(from), VALUE_SHOWN);
	is_cut = from[length] != '\0';
	while (!tells_space && length > 0 &&
		   (from[length - 1] == '\n' || from[length - 1] == '\r'))
		length--;
	initStringInfo(&buf);
	appendStringInfoString(&buf, from == value ? "\"" : "\"...");
	for (int i = 0; i < length; i++)
	{
		if (from[i] == MIG_SEPARATOR)
			appendStringInfoChar(&buf, ',');
		else if (tells_space && space_name(from[i]) != NULL)
			appendStringInfoString(&buf, space_name(from[i]));
		else
			appendStringInfoChar(&buf, from[i]);
	}
	appendStringInfoString(&buf, is_cut ? "...\"" : "\"");
	return buf.data;
}

/*
 * The line of a value in which it parts from another, or its beginning; what
 * stands shortly before, where that line is long.
 */
static const char *
parting(const char *value, const char *other)
{
	const char *from = value;
	const char *p;

	if (strlen(value) <= VALUE_SHOWN && strlen(other) <= VALUE_SHOWN)
		return value;
	for (p = value; *p != '\0' && *p == *other; p++, other++)
	{
		if (*p == '\n')
			from = p + 1;
	}
	while (p - from > VALUE_SHOWN / 2)
		from += pg_mblen(from);
	return from;
}

/* Are two texts the same but for white space? */
static bool
differs_in_space(const char *value, const char *other)
{
	for (;;)
	{
		while (scanner_isspace(*value))
			value++;
		while (scanner_isspace(*other))
			other++;
		if (*value != *other)
			return false;
		if (*value == '\0')
			return true;
		value++;
		other++;
	}
}

/* White space that cannot be told from other, as it is written in E''. */
static const char *
space_name(char c)
{
	switch (c)
	{
		case '\f':
			return "\\f";
		case '\n':
			return "\\n";
		case '\r':
			return "\\r";
		case '\t':
			return "\\t";
		default:
			return NULL;
	}
}

static void
add_line(Lines *lines, char *line)
{
	if (lines->n++ >= DIFFERENCES_SHOWN)
		return;
	(void) pg_strip_crlf(line);
	appendStringInfo(&lines->buf, "%s%s", lines->n > 1 ? "\n" : "", line);
}
