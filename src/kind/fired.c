/*-------------------------------------------------------------------------
 *
 * kind/fired.c
 *	  What an UPDATE fires that gives values to rows.
 *
 * Triggers and rules of the table that stay are there while a script fills a
 * column: they may write other columns and tables.  That is said, and a
 * function of theirs that is replaced comes before, as it belongs to what the
 * table becomes; so do the columns that it may be about.  What is deferred is
 * done at once, for a table with events that are pending cannot be altered.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/fired.h"

#include "catalog/pg_trigger.h"
#include "kind/kinds.h"
#include "kind/table_parents.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "sch/action.h"
#include "utils/builtins.h"

static List *fired_by(const MigObject *column);
static void add_fired(List **fired, const MigObject *table,
					  const MigObject *column, bool is_below);
static bool is_fired(const MigObject *object, const char *column,
					 bool is_below);
static bool stays(const MigObject *object);
static bool is_deferred(const MigObject *object);
static List *statements_of(const MigObject *object);
static List *new_functions(const MigObject *column);
static void prefer(MigAction *fill);

/* Is the function of a trigger that an UPDATE of a column fires replaced? */
bool
mig_fired_is_replaced(const MigObject *column)
{
	return new_functions(column) != NIL;
}

/* Say what is fired by the UPDATE of an action, which is about a column. */
void
mig_fired_warn(MigAction *action)
{
	const MigObject *column = action->object;
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, fired_by(column))
	{
		const MigObject *object = lfirst(lc);

		appendStringInfo(&buf, "%s%s \"%s\"", buf.len > 0 ? ", " : "",
						 mig_kind_name(object), object->name);
		if (object->parent != column->parent->twin)
			appendStringInfo(&buf, " of table %s", object->parent->identity);
	}
	if (buf.len == 0)
		return;
	action->fires = true;
	mig_action_warn(action, MIG_FILLS_ROWS,
					"fired by the UPDATE: %s", buf.data)->table =
		column->parent->identity;
}

/*
 * What an UPDATE of a column would leave to the end of the transaction, as SET
 * CONSTRAINTS names it; or NULL.
 */
char *
mig_fired_deferred(const MigObject *column)
{
	List	   *objects = fired_by(column);
	StringInfoData buf;
	const ListCell *lc;

	foreach(lc, column->twin == NULL ? NIL : column->twin->dependents)
	{
		MigObject  *user = ((MigDepend *) lfirst(lc))->object;

		if (user->parent == column->twin->parent && stays(user))
			objects = list_append_unique_ptr(objects, user);
	}
	initStringInfo(&buf);
	foreach(lc, objects)
	{
		const MigObject *object = ((const MigObject *) lfirst(lc))->twin;

		if (is_deferred(lfirst(lc)))
			appendStringInfo(&buf, "%s%s", buf.len > 0 ? ", " : "",
							 quote_qualified_identifier(object->parent->schema,
														object->name));
	}
	return buf.len > 0 ? buf.data : NULL;
}

/* Have fills come behind what the functions that they fire belong to. */
void
mig_fired_prefer(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		if (action->fires)
			prefer(action);
	}
}

/* What is in the old snapshot, stays, and is fired, MigObject *. */
static List *
fired_by(const MigObject *column)
{
	const MigObject *table = column->parent->twin;
	List	   *fired = NIL;
	const ListCell *lc;

	if (table == NULL)
		return NIL;
	add_fired(&fired, table, column, false);
	foreach(lc, mig_table_descendants(table))
		add_fired(&fired, lfirst(lc), column, true);
	return fired;
}

static void
add_fired(List **fired, const MigObject *table, const MigObject *column,
		  bool is_below)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		MigObject  *object = lfirst(lc);

		if (stays(object) && is_fired(object, column->name, is_below))
			*fired = lappend(*fired, object);
	}
}

static bool
stays(const MigObject *object)
{
	return !object->ignored &&
		(object->fate == MIG_KEEP || object->fate == MIG_ALTER);
}

/*
 * Is it fired by an UPDATE of a column, or of the same column of a table
 * above?  Its statements tell.
 */
static bool
is_fired(const MigObject *object, const char *column, bool is_below)
{
	bool		fired = false;
	const ListCell *lc;

	foreach(lc, statements_of(object))
	{
		const Node *statement = lfirst_node(RawStmt, lc)->stmt;

		if (IsA(statement, CreateTrigStmt))
		{
			const CreateTrigStmt *trigger = (const CreateTrigStmt *) statement;

			fired = TRIGGER_FOR_UPDATE(trigger->events) &&
				(trigger->row || !is_below) &&
				(trigger->columns == NIL ||
				 list_member(trigger->columns,
							 makeString(unconstify(char *, column))));
		}
		else if (IsA(statement, RuleStmt))
			fired = !is_below &&
				((const RuleStmt *) statement)->event == CMD_UPDATE;
		else if (IsA(statement, AlterTableStmt))
		{
			const AlterTableStmt *alter = (const AlterTableStmt *) statement;

			switch (linitial_node(AlterTableCmd, alter->cmds)->subtype)
			{
				case AT_DisableTrig:
				case AT_EnableReplicaTrig:
				case AT_DisableRule:
				case AT_EnableReplicaRule:
					return false;
				default:
					break;
			}
		}
	}
	return fired;
}

/* Is it a trigger or constraint that waits for the end of a transaction? */
static bool
is_deferred(const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, statements_of(object))
	{
		const Node *statement = lfirst_node(RawStmt, lc)->stmt;

		if (IsA(statement, CreateTrigStmt))
			return ((const CreateTrigStmt *) statement)->initdeferred;
		if (IsA(statement, AlterTableStmt))
		{
			const AlterTableCmd *cmd;

			cmd = linitial(((const AlterTableStmt *) statement)->cmds);
			if (cmd->subtype == AT_AddConstraint)
				return castNode(Constraint, cmd->def)->initdeferred;
		}
	}
	return false;
}

/* The statements that create a trigger, rule or constraint; NIL: another */
static List *
statements_of(const MigObject *object)
{
	MigKindId	kind = object->kind->id;
	StringInfoData buf;

	if ((kind != MIG_TRIGGER && kind != MIG_RULE && kind != MIG_CONSTRAINT &&
		 kind != MIG_FOREIGN_KEY) ||
		(object->kind->is_inherited != NULL &&
		 object->kind->is_inherited(object)))
		return NIL;
	initStringInfo(&buf);
	mig_kind_create(&buf, object);
	return raw_parser(buf.data, RAW_PARSE_DEFAULT);
}

/* The functions that are replaced, as they will be, MigObject *. */
static List *
new_functions(const MigObject *column)
{
	List	   *functions = NIL;
	const ListCell *lc;
	const ListCell *on;

	foreach(lc, fired_by(column))
	{
		const MigObject *object = ((const MigObject *) lfirst(lc))->twin;

		foreach(on, object->depends)
		{
			MigObject  *function = ((MigDepend *) lfirst(on))->object;

			if (function->kind->id == MIG_FUNCTION &&
				function->fate != MIG_KEEP)
				functions = list_append_unique_ptr(functions, function);
		}
	}
	return functions;
}

/* Behind the functions, and other columns; before new triggers. */
static void
prefer(MigAction *fill)
{
	const List *functions = new_functions(fill->object);
	const ListCell *lc;
	const ListCell *alter;

	if (functions == NIL)
		return;
	foreach(lc, functions)
	{
		const MigObject *function = lfirst(lc);

		if (function->made != NULL)
			mig_action_prefer(function->made, fill);
		foreach(alter, function->alters)
			mig_action_prefer(lfirst(alter), fill);
	}
	foreach(lc, fill->object->parent->children)
	{
		const MigObject *part = lfirst(lc);

		if (part->kind->id == MIG_TRIGGER && part->made != NULL)
			mig_action_prefer(fill, part->made);
		if (part->kind->id != MIG_COLUMN)
			continue;
		if (part->made != NULL)
			mig_action_prefer(part->made, fill);
		foreach(alter, part->alters)
		{
			MigAction  *other = lfirst(alter);

			if (!other->fires && !other->late && !other->behind)
				mig_action_prefer(other, fill);
		}
	}
}
