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

static bool has_single(const MigSnapshot *snapshot);
static bool is_outermost(const MigObject *object);
static void describe_pair(Lines *lines, const MigObject *object);
static bool says_more(const MigObject *object, int attribute);
static char *shown(const char *value, const char *other);
static const char *parting(const char *value, const char *other);
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
		const MigAction *action = lfirst(lc);

		/* comments, owners, grants, and whatever else is not told yet */
		if (action->satellite || lines.n == 0)
			add_line(&lines, psprintf("what is left to do: %s",
									  mig_emit_action(diff, action)));
	}
	if (lines.n > DIFFERENCES_SHOWN)
		appendStringInfo(&lines.buf, "\n... and %d more",
						 lines.n - DIFFERENCES_SHOWN);
	return lines.buf.data;
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
		const char *value = object->values[i];
		const char *other = wanted->values[i];

		if (MIG_CHANGED(object, i) && !mig_same(value, other) &&
			says_more(object, i))
			add_line(lines, psprintf("%s %s: %s is %s instead of %s",
									 object->kind->name, object->identity,
									 object->kind->attributes[i].name,
									 shown(value, other),
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

/*
 * The value of an attribute for people.  What it has in common with another is
 * cut short at the beginning if it is long.
 */
static char *
shown(const char *value, const char *other)
{
	const char *from = value;
	int			length;
	char	   *copy;

	if (value == NULL)
		return pstrdup("nothing");
	if (other != NULL)
		from = parting(value, other);
	length = pg_mbcliplen(from, strlen(from), VALUE_SHOWN);
	copy = pnstrdup(from, length);
	(void) pg_strip_crlf(copy);
	for (char *p = copy; *p != '\0'; p++)
	{
		if (*p == MIG_SEPARATOR)
			*p = ',';
	}
	return psprintf("\"%s%s%s\"", from == value ? "" : "...", copy,
					from[length] == '\0' ? "" : "...");
}

/* The line of a value in which it parts from another, or its beginning. */
static const char *
parting(const char *value, const char *other)
{
	const char *from = value;

	if (strlen(value) <= VALUE_SHOWN && strlen(other) <= VALUE_SHOWN)
		return value;
	for (const char *p = value; *p != '\0' && *p == *other; p++, other++)
	{
		if (*p == '\n')
			from = p + 1;
	}
	return from;
}

static void
add_line(Lines *lines, char *line)
{
	if (lines->n++ >= DIFFERENCES_SHOWN)
		return;
	(void) pg_strip_crlf(line);
	appendStringInfo(&lines->buf, "%s%s", lines->n > 1 ? "\n" : "", line);
}
