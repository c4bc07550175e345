/*-------------------------------------------------------------------------
 *
 * sch/name.c
 *	  Who takes a name waits for who gives it up.
 *
 * Relations and types of a schema share their names, and the sequences of
 * identity columns, which are no objects here, have such names, too.  The
 * names of an extension's members change as that moves.  Routines share names
 * with others, and yet a call might mean the one that is to go.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/name.h"

#include "kind/aggregate.h"
#include "kind/column.h"
#include "kind/counter.h"
#include "kind/routine.h"
#include "kind/schema.h"
#include "sch/action.h"
#include "sch/alike.h"
#include "utils/hsearch.h"

/* Size of a key by which a name is found. */
#define NAME_SIZE	(2 * NAMEDATALEN + 8)

/* An entry of the table of names that are given up. */
typedef struct FreedName
{
	char		name[NAME_SIZE];	/* key */
	List	   *actions;		/* of MigAction *, those that free it */
} FreedName;

static void tie_extension(const MigDiff *diff, MigAction *move,
						  MigPrecede precede);
static void free_names(HTAB *names, const MigObject *object,
					   MigAction *action);
static void take_names(HTAB *names, const MigObject *object,
					   MigAction *action, MigPrecede precede);
static void free_sequence(HTAB *names, const MigObject *column);
static void take_sequence(HTAB *names, const MigObject *column,
						  MigPrecede precede);
static void take_calls(HTAB *names, const MigObject *routine,
					   MigPrecede precede);
static void precede_writing(MigAction *action, const MigObject *object,
							MigPrecede precede);
static void free_key(HTAB *names, const char *key, MigAction *action);
static void take_key(HTAB *names, const char *key, MigAction *action,
					 MigPrecede precede);
static bool sequence_key(const MigObject *column, char *key);
static void name_key(const MigObject *object, char *key);
static bool routine_key(const MigObject *object, char *key);
static bool constraint_key(const MigObject *object, char *key);

/*
 * Have names taken after they were given up.  "precede" notes that an action
 * comes before another.
 */
void
mig_name_tie(MigDiff *diff, MigPrecede precede)
{
	const ListCell *lc;
	HASHCTL		ctl = {0};
	HTAB	   *names;

	ctl.keysize = sizeof(((FreedName *) NULL)->name);
	ctl.entrysize = sizeof(FreedName);
	ctl.hcxt = CurrentMemoryContext;
	names = hash_create("pg_migrations names", 256, &ctl,
						HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	foreach(lc, diff->from->objects)
	{
		MigObject  *object = lfirst(lc);

		if (object->renamed && object->twin->alters != NIL)
			free_names(names, object, linitial(object->twin->alters));
		else if (object->unmade != NULL &&
				 mig_table_of(object)->successor == NULL)
			free_names(names, object, object->unmade);
		if (object->kind->id == MIG_COLUMN)
			free_sequence(names, object);
	}
	foreach(lc, diff->to->objects)
	{
		MigObject  *object = lfirst(lc);

		if (mig_alike_naming(object) != NULL)
			take_names(names, object, mig_alike_naming(object), precede);
		else if (object->made != NULL)
			take_names(names, object, object->made, precede);
		if (object->kind->id == MIG_COLUMN)
			take_sequence(names, object, precede);
		if (object->kind->id == MIG_FUNCTION)
			take_calls(names, object, precede);
	}
	hash_destroy(names);
	foreach(lc, diff->actions)
	{
		if (mig_extension_moves(lfirst(lc)))
			tie_extension(diff, lfirst(lc), precede);
	}
}

/*
 * An extension has moved in all that a script names: it moves first on the way
 * there, and last on the way back, or the other way round, see MigDiff; but
 * its new schema is made before, and its old one dropped behind.
 */
static void
tie_extension(const MigDiff *diff, MigAction *move, MigPrecede precede)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		MigAction  *other = lfirst(lc);
		bool		is_before = diff->reverse != diff->captures;

		/* nor does its comment mind where it is */
		if (other->object == move->object || mig_extension_moves(other))
			continue;
		if (other->object->kind->id == MIG_SCHEMA)
			is_before = other->op != MIG_OP_DROP;
		if (is_before)
			precede(other, move);
		else
			precede(move, other);
	}
}

/* An action may take the name from here on. */
static void
free_names(HTAB *names, const MigObject *object, MigAction *action)
{
	char		key[NAME_SIZE];

	name_key(object, key);
	free_key(names, key, action);
	if (constraint_key(object, key) || routine_key(object, key))
		free_key(names, key, action);
}

/*
 * So does the sequence of an identity column that is no more; but where
 * another goes on from there under its name, it is renamed before.
 */
static void
free_sequence(HTAB *names, const MigObject *column)
{
	char		key[NAME_SIZE];
	MigAction  *action = column->unmade;

	if (column->counterpart != NULL &&
		mig_counter_takes_name(column->counterpart, column))
		return;
	if (action == NULL && column->twin != NULL)
		action = mig_column_identity_action(column->twin);
	if (action != NULL && sequence_key(column, key))
		free_key(names, key, action);
}

/*
 * Several may free a name one after the other, as by a swap; all are waited
 * for.
 */
static void
free_key(HTAB *names, const char *key, MigAction *action)
{
	FreedName  *entry;
	bool		found;

	entry = hash_search(names, key, HASH_ENTER, &found);
	if (!found)
		entry->actions = NIL;
	entry->actions = lappend(entry->actions, action);
}

/* Whoever frees the name goes first. */
static void
take_names(HTAB *names, const MigObject *object, MigAction *action,
		   MigPrecede precede)
{
	char		key[NAME_SIZE];

	name_key(object, key);
	take_key(names, key, action, precede);
	if (constraint_key(object, key))
		take_key(names, key, action, precede);
}

/* A serial or identity column brings a sequence, whose name nobody writes. */
static void
take_sequence(HTAB *names, const MigObject *column, MigPrecede precede)
{
	char		key[NAME_SIZE];
	MigAction  *action = column->made;

	if (action == NULL)
		action = mig_column_identity_action(column);
	if (action != NULL && sequence_key(column, key))
		take_key(names, key, action, precede);
}

/*
 * Calls of a routine mean it when those that they might mean as well have
 * gone.  Those that go with a type are for the type.
 */
static void
take_calls(HTAB *names, const MigObject *routine, MigPrecede precede)
{
	FreedName  *entry;
	char		key[NAME_SIZE];
	const ListCell *lc;
	const ListCell *user;

	routine_key(routine, key);
	entry = hash_search(names, key, HASH_FIND, NULL);
	foreach(lc, entry == NULL ? NIL : entry->actions)
	{
		MigAction  *drop = lfirst(lc);

		if (drop->op != MIG_OP_DROP ||
			drop->object->kind != routine->kind ||
			drop->object->twin == routine ||
			!mig_routine_may_be_mistaken(drop->object, routine))
			continue;
		precede_writing(drop, routine, precede);
		foreach(user, routine->dependents)
			precede_writing(drop, ((MigDepend *) lfirst(user))->object,
							precede);
	}
}

/*
 * An action comes before whatever writes an object's definition.  Domains
 * write theirs in steps, the first of which lets the old one go.
 */
static void
precede_writing(MigAction *action, const MigObject *object,
				MigPrecede precede)
{
	const ListCell *lc;

	if (object->made != NULL)
		precede(action, object->made);
	foreach(lc, (object->kind->flags & (MIG_KIND_DATA | MIG_KIND_TYPE)) != 0 ?
			NIL : object->alters)
		precede(action, lfirst(lc));
}

/* Nothing to wait for where nobody has had the name. */
static void
take_key(HTAB *names, const char *key, MigAction *action, MigPrecede precede)
{
	FreedName  *entry;
	const ListCell *lc;

	entry = hash_search(names, key, HASH_FIND, NULL);
	if (entry == NULL)
		return;
	foreach(lc, entry->actions)
		precede(lfirst(lc), action);
}

/*
 * Relations and types of a schema share their names, and so do functions and
 * aggregates with the same types of arguments.  Other kinds do not.
 */
static void
name_key(const MigObject *object, char *key)
{
	memset(key, 0, NAME_SIZE);
	if ((object->kind->flags & MIG_KIND_RELATION) != 0 &&
		object->nspname != NULL)
		snprintf(key, NAME_SIZE, "r %s.%s", object->nspname, object->name);
	else if (object->kind->id == MIG_FUNCTION)
		snprintf(key, NAME_SIZE, "p %s", mig_routine_signature(object));
	else if (object->kind->id == MIG_AGGREGATE)
		snprintf(key, NAME_SIZE, "p %s", mig_aggregate_signature(object));
	else
		snprintf(key, NAME_SIZE, "%d %s", (int) object->kind->id,
				 object->identity);
}

/* Foreign keys and other constraints share the names of their table. */
static bool
constraint_key(const MigObject *object, char *key)
{
	if (object->kind->id != MIG_CONSTRAINT &&
		object->kind->id != MIG_FOREIGN_KEY)
		return false;
	memset(key, 0, NAME_SIZE);
	snprintf(key, NAME_SIZE, "c %s", object->identity);
	return true;
}

/* The name of a routine without the types of its arguments. */
static bool
routine_key(const MigObject *object, char *key)
{
	if (object->kind->id != MIG_FUNCTION)
		return false;
	memset(key, 0, NAME_SIZE);
	snprintf(key, NAME_SIZE, "f %s.%s", object->nspname, object->name);
	return true;
}

/* The key is compared as bytes, so all of it is set. */
static bool
sequence_key(const MigObject *column, char *key)
{
	const char *name = mig_column_sequence(column);

	memset(key, 0, NAME_SIZE);
	if (name != NULL)
		snprintf(key, NAME_SIZE, "r %s", name);
	return name != NULL;
}
