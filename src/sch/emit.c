/*-------------------------------------------------------------------------
 *
 * sch/emit.c
 *	  Writes the script of a comparison.
 *
 * A statement per action, or one for several that change a table, with the
 * hazards as comments above it, and an empty line between what belongs to
 * different objects.  Names are qualified and quoted
 * as the snapshots were read.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/emit.h"

#include "kind/metadata.h"
#include "sch/action.h"
#include "sch/alter_table.h"
#include "sch/body.h"
#include "util/sql.h"
#include "util/token.h"

static char *with_settings(const MigDiff *diff, const char *script);
static bool has_money(const char *script);
static void append_renames(StringInfo buf, const MigDiff *diff);
static void append_statement(StringInfo buf, const MigDiff *diff,
							 const List *actions, const char *source);
static void append_satellites(StringInfo buf, const MigDiff *diff,
							  MigObject *object);
static bool stands_alone(const MigPassage *statement,
						 const MigPassage *previous);
static bool has_hazards(const MigPassage *statement);
static bool is_long(const MigAction *action);
static void append_hazards(StringInfo buf, const MigPassage *statement);
static bool is_said(const List *said, const MigHazard *hazard);

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
	const MigPassage *previous = NULL;

	initStringInfo(&buf);
	if (!diff->reverse)
		append_renames(&buf, diff);
	foreach(lc, mig_merge_statements(diff))
	{
		const MigPassage *statement = lfirst(lc);

		if (previous != NULL && stands_alone(statement, previous))
			appendStringInfoChar(&buf, '\n');
		append_hazards(&buf, statement);
		append_statement(&buf, diff, statement->actions, statement->text);
		if (mig_action_any_warns(statement->actions, MIG_ENUM_USED_AT_ONCE))
			appendStringInfoString(&buf, "-- @commit\n");
		previous = statement;
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
	if (has_money(script))
		appendStringInfoString(&buf, "SET lc_monetary = 'C';\n");
	if (buf.len > 0)
		appendStringInfoChar(&buf, '\n');
	appendStringInfoString(&buf, script);
	return buf.data;
}

/* Has a script an amount of money, and not of a type whose name begins so? */
static bool
has_money(const char *script)
{
	static const char cast[] = ":money";

	while ((script = strstr(script, cast)) != NULL)
	{
		script += strlen(cast);
		if (!mig_token_is_in_name(*script))
			return true;
	}
	return false;
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
	append_statement(&buf, diff, list_make1(unconstify(MigAction *, action)),
					 mig_merge_text(action));
	return buf.data;
}

/*
 * A text, and what its actions have besides; no line of a literal or body in
 * it reads as one of a revision file.
 */
static void
append_statement(StringInfo buf, const MigDiff *diff, const List *actions,
				 const char *source)
{
	StringInfoData statement;
	const ListCell *lc;

	initStringInfo(&statement);
	appendStringInfoString(&statement, source);
	foreach(lc, actions)
	{
		const MigAction *action = lfirst(lc);

		if (action->op == MIG_OP_CREATE)
			append_satellites(&statement, diff, action->object);
	}
	appendStringInfoString(buf, mig_token_unmarked(statement.data));
}

/* The hazards of an action in one line; NULL if there are none. */
char *
mig_emit_hazards(const MigAction *action)
{
	StringInfoData buf;
	const ListCell *lc;

	if (action->hazards == NIL)
		return NULL;
	initStringInfo(&buf);
	foreach(lc, action->hazards)
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? "; " : "",
						 mig_emit_hazard(lfirst(lc)));
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

/* What a new object and its parts have besides: comments, owner, grants. */
static void
append_satellites(StringInfo buf, const MigDiff *diff, MigObject *object)
{
	const ListCell *lc;

	mig_metadata_create(buf, diff, object);
	foreach(lc, object->made->object == object ? object->made->along : NIL)
		mig_metadata_create(buf, diff, lfirst(lc));
	foreach(lc, object->children)
	{
		MigObject  *child = lfirst(lc);

		if (child->made == object->made && !child->ignored)
			append_satellites(buf, diff, child);
	}
}

/* Is an empty line wanted above a statement? */
static bool
stands_alone(const MigPassage *statement, const MigPassage *previous)
{
	const MigAction *action = linitial(statement->actions);
	const MigAction *before = llast(previous->actions);

	if (has_hazards(statement) || has_hazards(previous) ||
		list_length(statement->actions) > 1 ||
		list_length(previous->actions) > 1)
		return true;
	if ((action->op == MIG_OP_CREATE || before->op == MIG_OP_CREATE) &&
		!(action->object->kind == before->object->kind &&
		  (action->object->kind->id == MIG_INDEX ||
		   action->object->kind->id == MIG_FOREIGN_KEY)))
		return true;
	if (action->object != before->object &&
		(is_long(action) || is_long(before)))
		return true;
	return (action->op == MIG_OP_DROP) != (before->op == MIG_OP_DROP) ||
		strcmp(action->group, before->group) != 0;
}

static bool
has_hazards(const MigPassage *statement)
{
	const ListCell *lc;

	foreach(lc, statement->actions)
	{
		if (((const MigAction *) lfirst(lc))->hazards != NIL)
			return true;
	}
	return false;
}

/* Does its statement take more than a line? */
static bool
is_long(const MigAction *action)
{
	return action->sql != NULL && strchr(action->sql, '\n') != NULL;
}

/*
 * Comments before the statements, so that they stay with the revision; what
 * several changes have in common is said once for a table.
 */
static void
append_hazards(StringInfo buf, const MigPassage *statement)
{
	List	   *said = NIL;
	const ListCell *lc;
	const ListCell *lh;

	foreach(lc, statement->actions)
	{
		foreach(lh, ((const MigAction *) lfirst(lc))->hazards)
		{
			MigHazard  *hazard = lfirst(lh);

			if (is_said(said, hazard))
				continue;
			said = lappend(said, hazard);
			appendStringInfo(buf, "-- %s\n", mig_emit_hazard(hazard));
		}
	}
}

/* Has the same statement said it already? */
static bool
is_said(const List *said, const MigHazard *hazard)
{
	const ListCell *lc;

	foreach(lc, said)
	{
		const MigHazard *other = lfirst(lc);

		if (other->code == hazard->code &&
			mig_same(other->table, hazard->table) &&
			mig_same(other->text, hazard->text) &&
			mig_same(other->result, hazard->result))
			return true;
	}
	return false;
}
