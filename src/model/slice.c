/*-------------------------------------------------------------------------
 *
 * model/slice.c
 *	  Which part of a schema is enough to try a pair of scripts.
 *
 * A proof of the whole schema costs what the schema costs.  A slice is what
 * the scripts can reach, and what that needs; what is proven with a slice
 * would be proven with the whole, for nothing that is left out could make a
 * statement fail, or lead elsewhere:
 *
 * - Whatever differs between both sides is in it, and whatever a statement of
 *   either script is about by its name, be the script right or wrong: names
 *   are read from the text, not from what has written it.  So a name that is
 *   taken is there, too; and one that the server chooses can be taken by
 *   nothing else that stays, for both sides have stood as they are.
 * - Of that, all that depends on it, and on that, to the end; where a
 *   statement is about a table as a whole this begins with all of its parts,
 *   but not where it only adds a partition.
 * - Of all this, what it depends on, to the end, and what the scripts merely
 *   refer to.  A table that only others need comes with its columns and what
 *   is written into its CREATE.
 * - Kinds of which there are few, as operators and casts, are in it always:
 *   the server finds them without a name.
 *
 * What code looks at when it runs, nobody can know.  A routine that an
 * expression calls comes with what its body names, and where the body makes
 * names at run time, looks into the catalogs, or is in a language that we do
 * not read, the whole is taken; as it is for statements that reach more than
 * they name, as DO, DROP ... CASCADE, those that change rows, schemas or
 * extensions.
 *
 * Whoever is accused of a slice is judged by the whole: a slice may only miss
 * something, see proof.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/slice.h"

#include "kind/column_values.h"
#include "kind/routine.h"
#include "model/statement_reach.h"
#include "model/words.h"
#include "run/script.h"
#include "util/guc.h"
#include "util/subxact.h"

#include "miscadmin.h"
#include "utils/hsearch.h"

/* Of how many objects in a hundred a slice is worth it. */
#define WORTH_IT	30

/* How much of an object is taken: MigObject.share, each with the former. */
enum
{
	NOTHING,
	NEEDED,						/* of a table, what is in its CREATE */
	ALL,						/* with its parts */
	REACHED,					/* what depends on it may be reached */
	CHANGED						/* and what depends on its parts */
};

/* The objects that have a name, or one that begins with a word. */
typedef struct Named
{
	char		name[NAMEDATALEN];	/* hash key, must be first */
	List	   *objects;		/* of MigObject * */
} Named;

/* A slice that is cut. */
typedef struct Slicing
{
	MigSlice   *slice;
	const MigDiff *diff;
	const char *script;			/* that is read */
	HTAB	   *by_word;		/* Named, of what is named without a table */
	HTAB	   *by_constraint;	/* Named, of the constraints of the beginning
								 * that are not taken for their names yet */
	List	   *owned;			/* of MigObject *, sequences of columns */
	List	   *work;			/* of MigObject *, not followed yet */
	List	   *evaluated;		/* of MigObject *, routines that may run */
} Slicing;

static HTAB *new_names(void);
static void begin(Slicing *slicing, MigSnapshot *snapshot);
static bool is_few(const MigObject *object);
static void add_name(Slicing *slicing, MigObject *object);
static const char *constraint_name(const MigObject *object);
static void add_to(HTAB *names, const char *name, MigObject *object);
static void take(Slicing *slicing, MigObject *object, int share);
static bool is_evaluated(const MigObject *object);
static void take_actions(Slicing *slicing, const MigDiff *diff);
static bool is_changed(const MigObject *object);
static void take_script(Slicing *slicing, const char *source);
static void take_statements(void *arg);
static void take_statement(Slicing *slicing, const MigScript *script,
						   const MigStatement *statement);
static List *objects_of(const Slicing *slicing, const char *word);
static bool is_among(const char *name, const List *words);
static void take_words(Slicing *slicing, const List *words, int share);
static void take_named(Slicing *slicing, const char *name, int share,
					   const List *words);
static void follow(Slicing *slicing);
static void follow_object(Slicing *slicing, MigObject *object);
static void take_inherited(Slicing *slicing, MigObject *trigger);
static List *parts_above(const MigObject *part);
static void take_namesakes(Slicing *slicing, const MigObject *column);
static bool stands_above(const MigObject *column, const char *name);
static void follow_sequences(Slicing *slicing);
static void follow_code(Slicing *slicing);
static void read_routine(Slicing *slicing, const MigObject *routine);
static bool looks_around(const char *word);
static void leave_out(Slicing *slicing, const MigSnapshot *snapshot);

/*
 * Find the slice for the scripts of a comparison, and let the rest of both of
 * its sides be ignored, until mig_slice_undo().
 *
 * "down" holds the marks of the last comparison of both.
 */
void
mig_slice_cut(MigSlice *slice, const MigDiff *up, const MigDiff *down,
			  const char *upgrade, const char *downgrade)
{
	Slicing		slicing = {.slice = slice,.diff = up};

	memset(slice, 0, sizeof(*slice));
	slicing.by_word = new_names();
	slicing.by_constraint = new_names();
	begin(&slicing, up->from);
	begin(&slicing, up->to);
	take_actions(&slicing, up);
	take_actions(&slicing, down);
	take_script(&slicing, upgrade);
	take_script(&slicing, downgrade);
	follow_code(&slicing);
	leave_out(&slicing, up->from);
	if (slice->whole == NULL && !mig_guc_checks_slices() &&
		slice->ntaken * 100 > slice->nobjects * WORTH_IT)
		slice->whole = "it would be most of the schema";
	if (slice->whole == NULL)
		leave_out(&slicing, up->to);
	else
		mig_slice_undo(slice);
	hash_destroy(slicing.by_word);
	hash_destroy(slicing.by_constraint);
}

/* Let what was left out be compared again. */
void
mig_slice_undo(const MigSlice *slice)
{
	const ListCell *lc;

	foreach(lc, slice->left_out)
	{
		MigObject  *object = lfirst(lc);

		object->ignored = object->left_out = false;
	}
}

static HTAB *
new_names(void)
{
	HASHCTL		ctl = {.keysize = NAMEDATALEN,.entrysize = sizeof(Named),
	.hcxt = CurrentMemoryContext};

	return hash_create("pg_migrations names of a slice", 1024, &ctl,
					   HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

static void
begin(Slicing *slicing, MigSnapshot *snapshot)
{
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		MigObject  *object = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		object->share = NOTHING;
		if (object->ignored)
			continue;
		add_name(slicing, object);
		if (snapshot == slicing->diff->from)
			add_to(slicing->by_constraint, constraint_name(object), object);
		if (object->owner_column != NULL)
			slicing->owned = lappend(slicing->owned, object);
		if (is_changed(object))
			take(slicing, object, CHANGED);
		else if (object->parent == NULL && is_few(object))
			take(slicing, object, ALL);
	}
}

/* Is it of a kind that a schema has few of? */
static bool
is_few(const MigObject *object)
{
	static const MigKindId many[] = {MIG_ENUM, MIG_COMPOSITE, MIG_DOMAIN,
	MIG_SEQUENCE, MIG_TABLE, MIG_FUNCTION, MIG_VIEW, MIG_STATISTICS};

	for (size_t i = 0; i < lengthof(many); i++)
	{
		if (object->kind->id == many[i])
			return false;
	}
	return true;
}

/*
 * Let it be found by a word of its name; what has none is taken.  Schemas and
 * extensions are named with what is of them, and hold what is not reached.
 */
static void
add_name(Slicing *slicing, MigObject *object)
{
	const char *at = object->name;
	char		word[NAMEDATALEN];

	if (at == NULL || object->kind->id == MIG_SCHEMA ||
		object->kind->id == MIG_EXTENSION ||
		(object->parent != NULL &&
		 (object->kind->flags & MIG_KIND_RELATION) == 0))
		return;
	if (!mig_word_next(&at, word))
	{
		take(slicing, object, CHANGED);
		return;
	}
	add_to(slicing->by_word, word, object);
}

/* The name of a constraint, or of the one that a column has; NULL: none. */
static const char *
constraint_name(const MigObject *object)
{
	if (object->kind->id == MIG_COLUMN)
		return object->values[NOT_NULL_CONSTRAINT];
	return object->kind->id == MIG_CONSTRAINT ||
		object->kind->id == MIG_FOREIGN_KEY ? object->name : NULL;
}

static void
add_to(HTAB *names, const char *name, MigObject *object)
{
	bool		found;
	Named	   *entry;

	if (name == NULL)
		return;
	entry = hash_search(names, name, HASH_ENTER, &found);
	if (!found)
		entry->objects = NIL;
	entry->objects = lappend(entry->objects, object);
}

/* Take at least so much of an object. */
static void
take(Slicing *slicing, MigObject *object, int share)
{
	if (object == NULL || object->ignored)
		return;
	if (share == NEEDED && object->parent == NULL &&
		object->kind->id != MIG_TABLE)
		share = ALL;
	if (object->share >= share)
		return;
	if (object->share == NOTHING && is_evaluated(object))
		slicing->evaluated = lappend(slicing->evaluated, object);
	object->share = share;
	slicing->work = lappend(slicing->work, object);
}

/*
 * Is it a routine that an expression may call?  What only triggers call is not
 * run, for there are no rows.
 */
static bool
is_evaluated(const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, object->kind->id == MIG_FUNCTION ? object->dependents : NIL)
	{
		const MigObject *user = ((MigDepend *) lfirst(lc))->object;

		if (user->kind->id != MIG_TRIGGER &&
			user->kind->id != MIG_EVENT_TRIGGER)
			return true;
	}
	return false;
}

static void
take_actions(Slicing *slicing, const MigDiff *diff)
{
	const ListCell *lc;
	const ListCell *along;

	foreach(lc, diff->actions)
	{
		const MigAction *action = lfirst(lc);

		take(slicing, action->object, CHANGED);
		foreach(along, action->along)
			take(slicing, lfirst(along), CHANGED);
	}
	if (diff->renames != NIL)
		slicing->slice->whole = "something is renamed";
}

/* Does an object differ from its twin, or has it none? */
static bool
is_changed(const MigObject *object)
{
	return object->twin == NULL || object->fate != MIG_KEEP ||
		object->changed != 0 || object->renamed;
}

/* What cannot be parsed is said of the whole. */
static void
take_script(Slicing *slicing, const char *source)
{
	slicing->script = source;
	if (mig_subxact_try(take_statements, slicing) != NULL)
		slicing->slice->whole = "a script cannot be parsed";
}

static void
take_statements(void *arg)
{
	Slicing    *slicing = arg;
	MigScript  *script = mig_script_parse(slicing->script, "the script");

	for (int i = 0; i < script->nstatements; i++)
		take_statement(slicing, script, &script->statements[i]);
}

static void
take_statement(Slicing *slicing, const MigScript *script,
			   const MigStatement *statement)
{
	const Node *stmt = statement->raw->stmt;
	MigReach	reach = mig_reach_of(stmt);
	List	   *words;
	const ListCell *lc;

	words = mig_words_of(pnstrdup(script->text + statement->start,
								  statement->length),
						 IsA(stmt, CommentStmt) ? MIG_WORDS_BUT_LAST :
						 MIG_WORDS_ALL);
	if (words == NIL || reach == MIG_REACH_ANYTHING)
	{
		slicing->slice->whole = "a statement may reach anything";
		return;
	}
	take_words(slicing, words, reach == MIG_REACH_NAMED ? CHANGED :
			   reach == MIG_REACH_NOTE ? ALL : NEEDED);
	if (reach == MIG_REACH_RELATION || reach == MIG_REACH_PARTITION)
	{
		foreach(lc, mig_reach_relations(stmt))
			take_named(slicing, ((const RangeVar *) lfirst(lc))->relname,
					   reach == MIG_REACH_RELATION ? REACHED : ALL, words);
	}
	if (IsA(stmt, CreateFunctionStmt))
	{
		const List *name = ((const CreateFunctionStmt *) stmt)->funcname;

		take_named(slicing, strVal(llast(name)), REACHED, NIL);
	}
}

static void
take_words(Slicing *slicing, const List *words, int share)
{
	const ListCell *word;
	const ListCell *lc;

	foreach(word, words)
	{
		foreach(lc, objects_of(slicing, lfirst(word)))
			take(slicing, lfirst(lc), share);
	}
}

/* Those that a word may be the name of, or the beginning of it. */
static List *
objects_of(const Slicing *slicing, const char *word)
{
	const Named *entry = hash_search(slicing->by_word, word, HASH_FIND, NULL);

	return entry == NULL ? NIL : entry->objects;
}

/*
 * So much of what has a name; of what is reached, those of its parts that are
 * among the words are changed.
 */
static void
take_named(Slicing *slicing, const char *name, int share, const List *words)
{
	const char *at = name;
	char		word[NAMEDATALEN];
	const ListCell *lc;
	const ListCell *part;

	foreach(lc, mig_word_next(&at, word) ? objects_of(slicing, word) : NIL)
	{
		MigObject  *object = lfirst(lc);

		if (strcmp(object->name, name) != 0)
			continue;
		take(slicing, object, share);
		foreach(part, share == REACHED ? object->children : NIL)
		{
			if (is_among(((MigObject *) lfirst(part))->name, words))
				take(slicing, lfirst(part), CHANGED);
		}
	}
}

/* May a name be among the words of a text? */
static bool
is_among(const char *name, const List *words)
{
	char		word[NAMEDATALEN];
	const ListCell *lc;

	if (name == NULL)
		return false;
	if (!mig_word_next(&name, word))
		return true;
	foreach(lc, words)
	{
		if (strcmp(lfirst(lc), word) == 0)
			return true;
	}
	return false;
}

/* Take what is tied to what is taken. */
static void
follow(Slicing *slicing)
{
	while (slicing->work != NIL)
	{
		while (slicing->work != NIL)
		{
			MigObject  *object = llast(slicing->work);

			CHECK_FOR_INTERRUPTS();
			slicing->work = list_delete_last(slicing->work);
			follow_object(slicing, object);
		}
		follow_sequences(slicing);
	}
}

static void
follow_object(Slicing *slicing, MigObject *object)
{
	int			share = object->share;
	const ListCell *lc;

	take(slicing, object->twin, share);
	foreach(lc, object->children)
	{
		MigObject  *part = lfirst(lc);

		if (share > NEEDED || (part->kind->flags & MIG_KIND_INLINE) != 0)
			take(slicing, part, share == REACHED ? ALL : share);
		else if (part->kind->id == MIG_TRIGGER &&
				 part->kind->is_inherited(part))
			take_inherited(slicing, part);
	}
	foreach(lc, object->depends)
		take(slicing, ((MigDepend *) lfirst(lc))->object, NEEDED);
	if (object->parent != NULL)
		take(slicing, object->parent,
			 object->parent->kind->id == MIG_TABLE ? NEEDED : ALL);
	take(slicing, object->owner_column, NEEDED);
	if (object->kind->id == MIG_COLUMN)
		take_namesakes(slicing, object);
	foreach(lc, share >= REACHED ? object->dependents : NIL)
		take(slicing, ((MigDepend *) lfirst(lc))->object, CHANGED);
}

/*
 * A trigger that a partition has from the table above comes with it by itself
 * where that table has it, which it then does.
 */
static void
take_inherited(Slicing *slicing, MigObject *trigger)
{
	const ListCell *lc;

	take(slicing, trigger, NEEDED);
	foreach(lc, parts_above(trigger))
		take(slicing, lfirst(lc), NEEDED);
}

/* The parts of its kind and name of what the table of a part depends on. */
static List *
parts_above(const MigObject *part)
{
	List	   *parts = NIL;
	const ListCell *lc;
	const ListCell *other;

	foreach(lc, part->parent->depends)
	{
		foreach(other, ((MigDepend *) lfirst(lc))->object->children)
		{
			MigObject  *above = lfirst(other);

			if (above->kind == part->kind &&
				strcmp(above->name, part->name) == 0)
				parts = lappend(parts, above);
		}
	}
	return parts;
}

/*
 * From 18 on the server chooses names for NOT NULL that no constraint of the
 * schema has; what has one that is chosen must stand there, but not all the
 * tables that have it from one above.
 */
static void
take_namesakes(Slicing *slicing, const MigObject *column)
{
	const char *name = constraint_name(column);
	Named	   *entry = NULL;
	const ListCell *lc;

	if (name != NULL)
		entry = hash_search(slicing->by_constraint, name, HASH_FIND, NULL);
	if (entry == NULL)
		return;
	foreach(lc, entry->objects)
	{
		if (!stands_above(lfirst(lc), name))
			take(slicing, lfirst(lc), NEEDED);
	}
	entry->objects = NIL;		/* once is enough */
}

/* Has a table above that of a column a NOT NULL of the name, too? */
static bool
stands_above(const MigObject *column, const char *name)
{
	const ListCell *lc;

	foreach(lc, parts_above(column))
	{
		const char *above = constraint_name(lfirst(lc));

		if (above != NULL && strcmp(above, name) == 0)
			return true;
	}
	return false;
}

/* A sequence goes with the column that it is of. */
static void
follow_sequences(Slicing *slicing)
{
	const ListCell *lc;

	foreach(lc, slicing->owned)
	{
		MigObject  *sequence = lfirst(lc);

		if (sequence->owner_column->share > NEEDED)
			take(slicing, sequence, sequence->owner_column->share);
	}
}

/* Take what the routines name that expressions call, and others of these. */
static void
follow_code(Slicing *slicing)
{
	int			nread = 0;
	const ListCell *lc;

	do
	{
		follow(slicing);
		for_each_from(lc, slicing->evaluated, nread)
			read_routine(slicing, lfirst(lc));
		nread = list_length(slicing->evaluated);
	} while (slicing->work != NIL);
}

/* What its body names may be called, too. */
static void
read_routine(Slicing *slicing, const MigObject *routine)
{
	const char *body = routine->kind->body(routine);
	const char *language = mig_routine_language(routine);
	List	   *words = mig_words_add(NIL, body == NULL ? "" : body);
	const ListCell *word;
	const ListCell *lc;

	if (strcmp(language, "sql") != 0 && strcmp(language, "plpgsql") != 0)
		slicing->slice->whole = "code in another language may look at anything";
	foreach(word, words)
	{
		if (looks_around(lfirst(word)))
			slicing->slice->whole = "code may look at anything";
		foreach(lc, objects_of(slicing, lfirst(word)))
		{
			MigObject  *object = lfirst(lc);

			take(slicing, object, NEEDED);
			if (object->kind->id == MIG_FUNCTION)
				slicing->evaluated =
					list_append_unique_ptr(slicing->evaluated, object);
		}
	}
}

/* Does a body with this word make names, or look into the catalogs? */
static bool
looks_around(const char *word)
{
	static const char *const beginnings[] = {
		"execute", "information_schema", "pg_", "to_reg", "reg", "has_",
		"dblink", "query_to_", "table_to_", "schema_to_", "database_to_",
		"cursor_to_", "obj_description", "col_description", "current_schema",
		"format_type",
	};

	if (strcmp(word, "pg_catalog") == 0)
		return false;
	for (size_t i = 0; i < lengthof(beginnings); i++)
	{
		if (strncmp(word, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	}
	return false;
}

static void
leave_out(Slicing *slicing, const MigSnapshot *snapshot)
{
	MigSlice   *slice = slicing->slice;
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		MigObject  *object = lfirst(lc);

		if (object->ignored)
			continue;
		if (snapshot == slicing->diff->from)
			slice->nobjects++;
		if (object->share > NOTHING)
		{
			if (snapshot == slicing->diff->from)
				slice->ntaken++;
			continue;
		}
		object->ignored = object->left_out = true;
		slice->left_out = lappend(slice->left_out, object);
	}
}
