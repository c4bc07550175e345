/*-------------------------------------------------------------------------
 *
 * sch/debug_trace.c
 *	  Tells how a comparison comes to its script, for whoever debugs one.
 *
 * With client_min_messages or log_min_messages at debug2: the objects of both
 * snapshots with what is to become of them, each edge as "this before that"
 * with the function that wants it so, the loops, and the order in the end.
 * Nothing is put together unless somebody is to read it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/debug_trace.h"

#include "sch/action.h"

static void trace_snapshot(const char *side, const MigSnapshot *snapshot);
static void append_changes(StringInfo buf, const MigObject *object);
static void append_needs(StringInfo buf, const MigObject *object);
static const char *fate_name(MigFate fate);

/* Both snapshots, when all have their fates. */
void
mig_trace_objects(const MigDiff *diff, int round)
{
	if (!message_level_is_interesting(DEBUG2))
		return;
	elog(DEBUG2, "comparison for the %s, round %d",
		 diff->reverse ? "downgrade" : "upgrade", round + 1);
	trace_snapshot("old", diff->from);
	trace_snapshot("new", diff->to);
}

/* One message for each object, so that the server's log can be searched. */
static void
trace_snapshot(const char *side, const MigSnapshot *snapshot)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, snapshot->objects)
	{
		const MigObject *object = lfirst(lc);

		resetStringInfo(&buf);
		appendStringInfo(&buf, "%s %s %s: %s", side, object->kind->name,
						 object->identity,
						 object->ignored ? "ignored" :
						 fate_name(object->fate));
		append_changes(&buf, object);
		append_needs(&buf, object);
		elog(DEBUG2, "%s", buf.data);
	}
	pfree(buf.data);
}

/* The attributes that differ. */
static void
append_changes(StringInfo buf, const MigObject *object)
{
	const char *separator = " (";

	for (int i = 0; i < object->kind->nattributes; i++)
	{
		if (!MIG_CHANGED(object, i))
			continue;
		appendStringInfo(buf, "%s%s", separator,
						 object->kind->attributes[i].name);
		separator = ", ";
	}
	if (separator[0] == ',')
		appendStringInfoChar(buf, ')');
}

static void
append_needs(StringInfo buf, const MigObject *object)
{
	const char *separator = "; needs ";
	const ListCell *lc;

	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		appendStringInfo(buf, "%s%s %s", separator, on->kind->name,
						 on->identity);
		separator = ", ";
	}
}

/* What becomes of an object, in one word. */
static const char *
fate_name(MigFate fate)
{
	switch (fate)
	{
		case MIG_KEEP:
			return "keep";
		case MIG_ALTER:
			return "alter";
		case MIG_RECREATE:
			return "re-create";
		case MIG_CREATE:
			return "create";
		case MIG_DROP:
			return "drop";
	}
	return NULL;				/* not reached */
}

/* An action waits for another because a function says so. */
void
mig_trace_edge(const MigAction *first, const MigAction *second,
			   const char *function)
{
	if (message_level_is_interesting(DEBUG2))
		elog(DEBUG2, "edge: %s before %s, because of %s()",
			 mig_action_describe(first), mig_action_describe(second),
			 function);
}

/* Actions that wait for each other. */
void
mig_trace_loop(const List *loop)
{
	if (message_level_is_interesting(DEBUG2))
		elog(DEBUG2, "loop: %s", mig_action_list(loop));
}

/* The actions in the order found. */
void
mig_trace_order(const List *actions)
{
	const ListCell *lc;

	if (!message_level_is_interesting(DEBUG2))
		return;
	foreach(lc, actions)
		elog(DEBUG2, "action %d: %s", foreach_current_index(lc) + 1,
			 mig_action_describe(lfirst(lc)));
}
