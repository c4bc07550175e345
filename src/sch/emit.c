/*-------------------------------------------------------------------------
 *
 * sch/emit.c
 *	  Writes the script of a comparison.
 *
 * A statement per action, the hazards as comments above it, an empty line
 * between what belongs to different objects.  Names are qualified and quoted
 * as the snapshots were read.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/emit.h"

#include "kind/kinds.h"
#include "kind/metadata.h"
#include "sch/body.h"
#include "util/sql.h"

static char *with_settings(const MigDiff *diff, const char *script);
static void append_renames(StringInfo buf, const MigDiff *diff);
static void finish_statement(StringInfo buf);
static void append_satellites(StringInfo buf, const MigDiff *diff,
							  MigObject *object);
static bool stands_alone(const MigAction *action, const MigAction *previous);
static bool is_long(const MigAction *action);
static void append_hazards(StringInfo buf, const MigAction *action);

/*
 * The script for all actions, in their order; '' if there are none.
 *
 * Routines whose bodies are text are not checked where one of them may name
 * what is not found then; amounts of money are read as they are written.
 */
char *
mig_emit_script(MigDiff *diff)
{
	StringInfoData buf;
	const ListCell *lc;
	const MigAction *previous = NULL;

	initStringInfo(&buf);
	if (!diff->reverse)
		append_renames(&buf, diff);
	foreach(lc, diff->actions)
	{
		const MigAction *action = lfirst(lc);

		if (previous != NULL && stands_alone(action, previous))
			appendStringInfoChar(&buf, '\n');
		append_hazards(&buf, action);
		appendStringInfoString(&buf, mig_emit_action(diff, action));
		previous = action;
	}
	if (diff->reverse)
		append_renames(&buf, diff);
	return with_settings(diff, buf.data);
}

/* A script behind the settings that it needs. */
static char *
with_settings(const MigDiff *diff, const char *script)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (mig_body_names_later(diff))
		appendStringInfoString(&buf, "SET check_function_bodies = off;\n");
	if (strstr(script, ":money") != NULL)
		appendStringInfoString(&buf, "SET lc_monetary = 'C';\n");
	if (buf.len > 0)
		appendStringInfoChar(&buf, '\n');
	appendStringInfoString(&buf, script);
	return buf.data;
}

/* What is renamed, apart from the actions. */
static void
append_renames(StringInfo buf, const MigDiff *diff)
{
	const ListCell *lc;

	if (diff->renames == NIL)
		return;
	if (diff->reverse && diff->actions != NIL)
		appendStringInfoChar(buf, '\n');
	foreach(lc, diff->renames)
		appendStringInfo(buf, "%s;\n",
						 ((const MigRenaming *) lfirst(lc))->sql);
	if (!diff->reverse && diff->actions != NIL)
		appendStringInfoChar(buf, '\n');
}

/* The statements of an action, each with a semicolon and a line break. */
char *
mig_emit_action(const MigDiff *diff, const MigAction *action)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (action->sql != NULL)
		appendStringInfoString(&buf, action->sql);
	else if (action->op == MIG_OP_DROP)
		mig_kind_drop(&buf, action->object);
	else
		mig_kind_create(&buf, action->object);
	finish_statement(&buf);
	if (action->op == MIG_OP_CREATE)
		append_satellites(&buf, diff, action->object);
	return buf.data;
}

/* A hazard as one line. */
char *
mig_emit_hazard(const MigHazard *hazard)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s: ", mig_hazard_mark(hazard->code));
	mig_append_comment(&buf, hazard->text);
	if (hazard->result != NULL)
	{
		appendStringInfoString(&buf, " (");
		mig_append_comment(&buf, hazard->result);
		appendStringInfoChar(&buf, ')');
	}
	return buf.data;
}

/* End the last statement with a semicolon and one line break. */
static void
finish_statement(StringInfo buf)
{
	while (buf->len > 0 && buf->data[buf->len - 1] == '\n')
		buf->data[--buf->len] = '\0';
	if (buf->len == 0)
		return;
	appendStringInfoString(buf, buf->data[buf->len - 1] == ';' ? "\n" : ";\n");
}

/* What a new object and its parts have besides: comments, owner, grants. */
static void
append_satellites(StringInfo buf, const MigDiff *diff, MigObject *object)
{
	const ListCell *lc;

	mig_metadata_create(buf, diff, object);
	foreach(lc, object->children)
	{
		MigObject  *child = lfirst(lc);

		if (child->made == object->made && !child->ignored)
			append_satellites(buf, diff, child);
	}
}

/* Is an empty line wanted above an action? */
static bool
stands_alone(const MigAction *action, const MigAction *previous)
{
	if (action->hazards != NIL || previous->hazards != NIL)
		return true;
	if ((action->op == MIG_OP_CREATE || previous->op == MIG_OP_CREATE) &&
		!(action->object->kind == previous->object->kind &&
		  (action->object->kind->id == MIG_INDEX ||
		   action->object->kind->id == MIG_FOREIGN_KEY)))
		return true;
	if (action->object != previous->object &&
		(is_long(action) || is_long(previous)))
		return true;
	return (action->op == MIG_OP_DROP) != (previous->op == MIG_OP_DROP) ||
		strcmp(action->group, previous->group) != 0;
}

/* Does its statement take more than a line? */
static bool
is_long(const MigAction *action)
{
	return action->sql != NULL && strchr(action->sql, '\n') != NULL;
}

/* Comments before the statements, so that they stay with the revision. */
static void
append_hazards(StringInfo buf, const MigAction *action)
{
	const ListCell *lc;

	foreach(lc, action->hazards)
		appendStringInfo(buf, "-- %s\n", mig_emit_hazard(lfirst(lc)));
}
