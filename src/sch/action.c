/*-------------------------------------------------------------------------
 *
 * sch/action.c
 *	  Makes actions and their hazards; for the kinds.
 *
 * Everything is allocated in the current memory context.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/action.h"
#include "util/sql.h"

#include "commands/defrem.h"
#include "utils/formatting.h"

/*
 * Add an action to a comparison.
 *
 * The object is of the old snapshot for a drop, else of the new one.  "detail"
 * says what an alteration changes.  "sql" may be NULL: then the kind's create
 * or drop function writes it when the script is put together.
 */
MigAction *
mig_action_add(MigDiff *diff, MigOperation op, MigObject *object,
			   const char *detail, const char *sql)
{
	MigAction  *action = palloc0(sizeof(MigAction));

	action->op = op;
	action->object = object;
	action->detail = detail;
	action->sql = sql;
	action->number = list_length(diff->actions);
	diff->actions = lappend(diff->actions, action);
	if (op == MIG_OP_ALTER)
		object->alters = lappend(object->alters, action);
	return action;
}

/* Add an action that alters an object; the format gives its statement. */
MigAction *
mig_action_alter(MigDiff *diff, MigObject *object, const char *detail,
				 const char *format,...)
{
	va_list		args;
	char	   *sql;

	va_start(args, format);
	sql = mig_format(format, args);
	va_end(args);
	return mig_action_add(diff, MIG_OP_ALTER, object, detail, sql);
}

/*
 * Add a hazard to an action; the caller may set its table and probe.
 *
 * The text is a phrase without capital and period.
 */
MigHazard *
mig_action_warn(MigAction *action, MigHazardCode code, const char *format,...)
{
	MigHazard  *hazard = palloc0(sizeof(MigHazard));
	va_list		args;

	hazard->code = code;
	va_start(args, format);
	hazard->text = mig_format(format, args);
	va_end(args);
	action->hazards = lappend(action->hazards, hazard);
	return hazard;
}

/* Say once that an action locks another table than its own. */
void
mig_action_warn_lock(MigAction *action, const MigObject *other,
					 const char *what)
{
	const char *line;
	const ListCell *lc;

	line = psprintf("%s %s, %s", mig_kind_name(other), other->identity, what);
	foreach(lc, action->hazards)
	{
		const MigHazard *hazard = lfirst(lc);

		if (hazard->code == MIG_LOCKS_ANOTHER &&
			strcmp(hazard->text, line) == 0)
			return;
	}
	mig_action_warn(action, MIG_LOCKS_ANOTHER, "%s", line);
}

/* Is there a hazard of this sort among those of some actions? */
bool
mig_action_any_warns(const List *actions, MigHazardCode code)
{
	const ListCell *lc;
	const ListCell *hazard;

	foreach(lc, actions)
	{
		foreach(hazard, ((const MigAction *) lfirst(lc))->hazards)
		{
			if (((const MigHazard *) lfirst(hazard))->code == code)
				return true;
		}
	}
	return false;
}

/* Say with the drop of an object that another goes along. */
void
mig_action_take_along(MigAction *action, const MigObject *other)
{
	MigHazard  *hazard = NULL;
	const ListCell *lc;

	foreach(lc, action->hazards)
	{
		if (((MigHazard *) lfirst(lc))->code == MIG_LOSES_DATA)
			hazard = lfirst(lc);
	}
	if (hazard == NULL)
		hazard = mig_action_warn(action, MIG_LOSES_DATA, "%s %s",
								 mig_kind_name(action->object),
								 action->object->identity);
	hazard->text = psprintf("%s, and %s %s", hazard->text, mig_kind_name(other),
							other->identity);
}

/* Let an action go before another, if nothing stands against that. */
void
mig_action_prefer(MigAction *first, MigAction *second)
{
	if (first == second)
		return;
	first->preferred_by = lappend(first->preferred_by, second);
	second->prefers_after++;
}

/* Have an old object re-created, whatever it was to become. */
void
mig_action_force(MigDiff *diff, MigObject *object)
{
	if (object->force_recreate || object->fate == MIG_RECREATE ||
		object->twin == NULL)
		return;
	object->force_recreate = true;
	diff->again = true;
}

/*
 * Let an old type that columns have make way for its successor: the same type
 * of the new snapshot, or one of another sort that has its name.
 *
 * Returns false if there is none; then the type just goes.
 */
bool
mig_action_replace(const MigDiff *diff, MigObject *type)
{
	const ListCell *lc;

	if (type->fate != MIG_DROP && type->fate != MIG_RECREATE)
		return false;
	if (type->fate == MIG_RECREATE)
		type->successor = type->twin;
	else
	{
		foreach(lc, diff->to->objects)
		{
			MigObject  *object = lfirst(lc);

			if ((object->kind->flags & MIG_KIND_TYPE) != 0 &&
				(object->kind->flags & MIG_KIND_RELATION) != 0 &&
				!object->ignored && object->twin == NULL &&
				strcmp(object->identity, type->identity) == 0)
				type->successor = object;
		}
	}
	if (type->successor != NULL)
		type->successor->predecessor = type;
	return type->successor != NULL;
}

/*
 * Is it a type that goes for good, from columns that get another?  It is there
 * until they have that.
 */
bool
mig_action_is_left(const MigObject *type)
{
	const ListCell *lc;

	if (type->fate != MIG_DROP || (type->kind->flags & MIG_KIND_TYPE) == 0)
		return false;
	foreach(lc, type->dependents)
	{
		const MigObject *user = ((MigDepend *) lfirst(lc))->object;

		if (user->kind->id == MIG_COLUMN && !user->ignored &&
			user->fate != MIG_DROP && user->fate != MIG_RECREATE)
			return true;
	}
	return false;
}

/* "create", "alter", "drop", "re-create" or "rename" */
const char *
mig_action_verb(const MigAction *action)
{
	switch (action->op)
	{
		case MIG_OP_RENAME:
			return "rename";
		case MIG_OP_CREATE:
			return action->object->fate == MIG_RECREATE ? "re-create" : "create";
		case MIG_OP_ALTER:
			return "alter";
		case MIG_OP_DROP:
			return action->object->fate == MIG_RECREATE ? "drop to re-create" : "drop";
	}
	return NULL;				/* not reached */
}

/* An action for people: "alter column public.item.price (type)" */
char *
mig_action_describe(const MigAction *action)
{
	char	   *what = psprintf("%s %s %s", mig_action_verb(action),
								mig_kind_name(action->object),
								action->object->identity);

	if (action->detail == NULL)
		return what;
	return psprintf("%s (%s)", what, action->detail);
}

/* Some of them, with commas. */
char *
mig_action_list(const List *actions)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, actions)
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? ", " : "",
						 mig_action_describe(lfirst(lc)));
	return buf.data;
}

/* Raise that a type cannot be replaced while columns have it. */
void
mig_action_refuse(const MigObject *type)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot replace %s %s while columns have it",
					mig_kind_name(type), type->identity),
			 errdetail("Its functions would have to be there twice."),
			 errhint("Create the new type under another name, and change the columns over.")));
}

/*
 * Have a type created as a shell first, for functions that it needs and that
 * have it as an argument or result.
 */
void
mig_action_shell(MigDiff *diff, MigObject *type)
{
	type->shell = mig_action_alter(diff, type, "shell", "CREATE TYPE %s",
								   type->identity);
}

/* Do a type and a function need each other? */
bool
mig_needs_shell(const MigObject *type, const MigObject *function)
{
	return (type->kind->flags & MIG_KIND_TYPE) != 0 &&
		function->kind->id == MIG_FUNCTION &&
		mig_depends_on(type, function) && mig_depends_on(function, type);
}

/* Does an object depend on another, not by way of a third? */
bool
mig_depends_on(const MigObject *object, const MigObject *on)
{
	const ListCell *lc;

	foreach(lc, object->depends)
	{
		if (((MigDepend *) lfirst(lc))->object == on)
			return true;
	}
	return false;
}

/* The name that a type has once its successor is there. */
char *
mig_replaced_name(const MigObject *type)
{
	return makeObjectName(type->name, NULL, "replaced");
}

/* What an object is for people: "table", "materialized view" ... */
const char *
mig_kind_name(const MigObject *object)
{
	const MigKind *kind = object->kind;

	if (kind->noun_of == NULL)
		return kind->name;
	return asc_tolower(kind->noun_of(object),
					   strlen(kind->noun_of(object)));
}

/* What SQL calls an object: TABLE, VIEW, FUNCTION ... */
const char *
mig_kind_noun(const MigObject *object)
{
	const MigKind *kind = object->kind;

	return kind->noun_of != NULL ? kind->noun_of(object) : kind->noun;
}

/* Are two texts the same?  NULL is the same as NULL alone. */
bool
mig_same(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

/* The object itself, or the outermost of its parents. */
const MigObject *
mig_table_of(const MigObject *object)
{
	while (object->parent != NULL)
		object = object->parent;
	return object;
}

/* Does the script create an object, be it once more? */
bool
mig_is_created(const MigObject *object)
{
	return object->fate == MIG_CREATE || object->fate == MIG_RECREATE;
}

/* Is an old object dropped, for good or to be created again? */
bool
mig_goes(const MigObject *object)
{
	return object->fate == MIG_DROP || object->fate == MIG_RECREATE;
}

/* May a table have rows?  One that the script creates has none. */
bool
mig_may_have_rows(const MigObject *table)
{
	return !mig_is_created(table);
}
