/*-------------------------------------------------------------------------
 *
 * sch/body.c
 *	  What the bodies of routines name, and values that rows get.
 *
 * The server does not know what a body of text depends on.  A routine whose
 * body has the name of something else had better come after it: a default, a
 * check or a materialized view may run it at once.  That is a preference, for
 * dependencies may want the opposite, as where a table has a default by a
 * function that reads the table.  And where a body has the name of something
 * that is made later all the same, bodies must not be checked.
 *
 * The same holds for what a script gives to the rows of a table: it is text,
 * of a mark, or stands in a statement for somebody to complete.
 *
 * Names are compared as words, without their schemas and without regard to
 * what else the words may mean; being wrong costs little.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/body.h"

#include "miscadmin.h"
#include "parser/scansup.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"

/* The actions that make something of a name. */
typedef struct Named
{
	char		name[NAMEDATALEN];	/* key */
	List	   *actions;		/* of MigAction * */
} Named;

/* How the text of a body may use what is of a kind. */
typedef enum Use
{
	UNUSED,
	NAMED,
	UNNAMED						/* or under one of many words */
} Use;

#define MIG_KIND(id, row, body, step) \
	[id] = body,

static const Use uses[MIG_NKINDS] = {
#include "sch/kindlist.h"
};

#undef MIG_KIND

static HTAB *new_names(void);
static void add_name(HTAB *names, const MigObject *object,
					 MigAction *action);
static const char *body_of(const MigAction *action);
static bool can_be_used(const MigObject *object);
static bool is_to_be_used(const MigAction *action);
static void tie_action(MigAction *action, HTAB *names);
static void tie_value(MigAction *action, HTAB *names);
static void tie_columns(MigAction *action);
static bool may_be_read(const MigAction *named);
static void prefer(MigAction *first, MigAction *second);
static void keep_named(MigAction *action, HTAB *dropped);
static bool is_called(const MigObject *routine);
static bool names_any(const char *body, HTAB *names);
static bool has_new_label(const char *body, const MigDiff *diff);
static bool next_word(const char **at, char *word);
static bool has_no_word(const MigAction *action);

/*
 * Let routines prefer to come after what their bodies name, and rank them, so
 * that of those that are held up the one goes first that others name.  What an
 * old body names rather goes when the new one is there.
 */
void
mig_body_tie(MigDiff *diff)
{
	HTAB	   *names = new_names();
	HTAB	   *dropped = new_names();
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		if (!is_to_be_used(action) || action->satellite)
			continue;
		if (action->op != MIG_OP_DROP)
			add_name(names, action->object, action);
		else if (action->object->fate == MIG_DROP)
			add_name(dropped, action->object, action);
	}
	foreach(lc, diff->actions)
	{
		CHECK_FOR_INTERRUPTS();
		tie_action(lfirst(lc), names);
		tie_value(lfirst(lc), names);
		keep_named(lfirst(lc), dropped);
	}
	hash_destroy(names);
	hash_destroy(dropped);
}

/*
 * Does a body name something that is made after its routine, or that is not
 * found where the script runs?
 */
bool
mig_body_names_later(const MigDiff *diff)
{
	HTAB	   *names = new_names();
	bool		found = false;
	bool		any = diff->reverse && diff->renames != NIL;

	for (int i = list_length(diff->actions) - 1; i >= 0 && !found; i--)
	{
		MigAction  *action = list_nth(diff->actions, i);
		const char *body = body_of(action);
		const ListCell *lc;

		CHECK_FOR_INTERRUPTS();
		if (body != NULL)
			found = any || action->object->unchecked ||
				names_any(body, names) || has_new_label(body, diff);
		if (action->op == MIG_OP_DROP || action->satellite)
			continue;
		any = any || has_no_word(action);
		if (is_to_be_used(action))
			add_name(names, action->object, action);
		foreach(lc, action->along)
			add_name(names, lfirst(lc), action);
	}
	hash_destroy(names);
	return found;
}

/*
 * Returns the ignored objects of a snapshot that bodies which a script makes
 * may be about: the server looks for them as the script runs.
 */
List *
mig_body_named_ignored(const MigDiff *diff, const MigSnapshot *snapshot)
{
	HTAB	   *names = new_names();
	List	   *named = NIL;
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		const char *body = body_of(lfirst(lc));
		char		word[NAMEDATALEN];

		CHECK_FOR_INTERRUPTS();
		while (body != NULL && next_word(&body, word))
			hash_search(names, word, HASH_ENTER, NULL);
	}
	foreach(lc, snapshot->objects)
	{
		MigObject  *object = lfirst(lc);

		if (object->ignored && object->name != NULL && can_be_used(object) &&
			hash_search(names, object->name, HASH_FIND, NULL) != NULL)
			named = lappend(named, object);
	}
	hash_destroy(names);
	return named;
}

/* Names as SQL has them, cut to their length; without schemas. */
static HTAB *
new_names(void)
{
	HASHCTL		ctl = {0};

	ctl.keysize = NAMEDATALEN;
	ctl.entrysize = sizeof(Named);
	ctl.hcxt = CurrentMemoryContext;
	return hash_create("pg_migrations bodies", 256, &ctl,
					   HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

static void
add_name(HTAB *names, const MigObject *object, MigAction *action)
{
	Named	   *entry;
	bool		found;

	if (object->name == NULL)
		return;
	entry = hash_search(names, object->name, HASH_ENTER, &found);
	if (!found)
		entry->actions = NIL;
	entry->actions = lappend(entry->actions, action);
}

/* Is it something that a body uses by its name? */
static bool
can_be_used(const MigObject *object)
{
	return uses[object->kind->id] == NAMED;
}

/* Does an action make something of that, and not call a body itself? */
static bool
is_to_be_used(const MigAction *action)
{
	return can_be_used(action->object) &&
		!(action->fires && action->op == MIG_OP_ALTER);
}

/* The text of the body of a routine that is made, or NULL. */
static const char *
body_of(const MigAction *action)
{
	const MigKind *kind = action->object->kind;

	if (action->op == MIG_OP_DROP || action->satellite || kind->body == NULL)
		return NULL;
	return kind->body(action->object);
}

/*
 * Its rank is one more than that of what it names, as far as that is known.
 * What the routine is needed for comes behind it all the same.
 */
static void
tie_action(MigAction *action, HTAB *names)
{
	const char *body = body_of(action);
	char		word[NAMEDATALEN];
	int			rank = 0;

	if (body == NULL || action->rank != 0)
		return;
	check_stack_depth();
	action->rank = 1;			/* while we are at it */
	while (next_word(&body, word))
	{
		const Named *entry = hash_search(names, word, HASH_FIND, NULL);
		const ListCell *lc;

		if (entry == NULL)
			continue;
		foreach(lc, entry->actions)
		{
			MigAction  *named = lfirst(lc);

			if (named->object == action->object ||
				list_member_ptr(action->preferred_by, named))
				continue;
			tie_action(named, names);
			rank = Max(rank, named->rank);
			prefer(named, action);
		}
	}
	action->rank = rank + 1;
}

/* A value rather comes behind what it calls, or reads. */
static void
tie_value(MigAction *action, HTAB *names)
{
	const char *value = action->value;
	char		word[NAMEDATALEN];
	bool		tied = false;

	while (value != NULL && next_word(&value, word))
	{
		const Named *entry = hash_search(names, word, HASH_FIND, NULL);
		const ListCell *lc;

		foreach(lc, entry == NULL ? NIL : entry->actions)
		{
			if (!may_be_read(lfirst(lc)))
				continue;
			prefer(lfirst(lc), action);
			tied = true;
		}
	}
	if (tied)
		tie_columns(action);
}

/*
 * The columns that follow one which gets such a value rather come behind it:
 * theirs may be made of it, and they keep their order.
 */
static void
tie_columns(MigAction *action)
{
	const MigObject *column = action->object;
	bool		follows = false;
	const ListCell *lc;

	foreach(lc, column->parent == NULL ? NIL : column->parent->children)
	{
		const MigObject *other = lfirst(lc);

		if (follows && other->kind->id == MIG_COLUMN && other->made != NULL &&
			other->made != action)
			prefer(action, other->made);
		follows |= other == column;
	}
}

/* Is it something that a value may use?  Types have been made by then. */
static bool
may_be_read(const MigAction *named)
{
	MigKindId	kind = named->object->kind->id;

	return kind == MIG_FUNCTION || kind == MIG_AGGREGATE || kind == MIG_VIEW ||
		(kind == MIG_TABLE && named->op == MIG_OP_CREATE);
}

/* Note that an action should go first; it may have been noted just now. */
static void
prefer(MigAction *first, MigAction *second)
{
	if (first->preferred_by != NIL && llast(first->preferred_by) == second)
		return;
	first->preferred_by = lappend(first->preferred_by, second);
	second->prefers_after++;
}

/*
 * Let what an old body names go after the routine is replaced: where indexes,
 * checks and the like call it, it may run until then.
 */
static void
keep_named(MigAction *action, HTAB *dropped)
{
	MigObject  *old = action->object->twin;
	const char *body;
	char		word[NAMEDATALEN];

	if (body_of(action) == NULL || action->op != MIG_OP_ALTER ||
		!is_called(old))
		return;
	body = old->kind->body(old);
	while (body != NULL && next_word(&body, word))
	{
		const Named *entry = hash_search(dropped, word, HASH_FIND, NULL);
		const ListCell *lc;

		foreach(lc, entry == NULL ? NIL : entry->actions)
			prefer(action, lfirst(lc));
	}
}

/* Is a routine called by something that the server knows of? */
static bool
is_called(const MigObject *routine)
{
	const ListCell *lc;

	foreach(lc, routine->dependents)
	{
		MigKindId	user = ((MigDepend *) lfirst(lc))->object->kind->id;

		if (user != MIG_TRIGGER && user != MIG_EVENT_TRIGGER)
			return true;
	}
	return false;
}

/* Does a body have one of the names? */
static bool
names_any(const char *body, HTAB *names)
{
	char		word[NAMEDATALEN];

	while (next_word(&body, word))
	{
		if (hash_search(names, word, HASH_FIND, NULL) != NULL)
			return true;
	}
	return false;
}

/*
 * Has a body a label that the script adds to an enumerated type?  The server
 * does not accept it in the transaction that has added it.
 */
static bool
has_new_label(const char *body, const MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		const MigAction *action = lfirst(lc);

		if (action->label != NULL &&
			strstr(body, quote_literal_cstr(action->label)) != NULL)
			return true;
	}
	return false;
}

/*
 * Copy the next word of a text, as the server would take it for a name, and
 * go on behind it.  Returns false at the end.
 */
static bool
next_word(const char **at, char *word)
{
	const char *start;
	char	   *name;

	for (start = *at; *start != '\0'; start++)
	{
		if (*start == '"' || *start == '_' || IS_HIGHBIT_SET(*start) ||
			isalpha((unsigned char) *start))
			break;
	}
	if (*start == '\0')
		return false;
	if (*start == '"')
	{
		size_t		length = strcspn(++start, "\"");

		name = pnstrdup(start, length);
		truncate_identifier(name, length, false);
		*at = start + length + (start[length] == '"' ? 1 : 0);
	}
	else
	{
		const char *end = start;

		while (*end == '_' || *end == '$' || IS_HIGHBIT_SET(*end) ||
			   isalnum((unsigned char) *end))
			end++;
		name = downcase_truncate_identifier(start, end - start, false);
		*at = end;
	}
	strlcpy(word, name, NAMEDATALEN);
	pfree(name);
	return true;
}

/* Can what is made be used without its name, or under one of many words? */
static bool
has_no_word(const MigAction *action)
{
	const MigObject *object = action->object;

	return uses[object->kind->id] == UNNAMED ||
		(object->name != NULL && strchr(object->name, '"') != NULL);
}
