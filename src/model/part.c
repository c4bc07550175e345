/*-------------------------------------------------------------------------
 *
 * model/part.c
 *	  Which part of a model is enough to know what comes of it, where a
 *	  snapshot is known of one that is much the same.
 *
 * A statement leads to the same as before if it has not changed, nothing that
 * it names has, and nothing that it names has come or gone.  So what may be
 * another is
 *
 * - what statements are about that were changed, added, removed or moved;
 * - what depends on that, to the end, by the snapshot;
 *
 * and to be run is
 *
 * - each statement about any of this, or that has the name of any of it among
 *   its words, in whichever schema, as an expression or in a string: what
 *   comes of it has to be the same as before, or depend on it;
 * - each statement about something that one of these has among its words, and
 *   so on: what they refer to must be there.  Foreign keys are left out where
 *   nothing that they name may be another, lest the whole model is run where
 *   tables refer to one another.
 *
 * Whatever is run is held against the snapshot, see sch/snapshot_merge.c.  So
 * what is taken into the part without need costs time, and what is taken to be
 * the same, and is not, is found out, unless nothing names it.
 *
 * Statements that are about more than they name, and what is not known in
 * statement_about.c, let the whole be built; so do changes of settings.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/part.h"

#include "kind/table_parents.h"
#include "model/part_pair.h"
#include "model/statement_about.h"
#include "model/words.h"
#include "sch/action.h"
#include "sch/normal.h"
#include "sch/snapshot_merge.h"

#include "miscadmin.h"
#include "utils/hsearch.h"

/*
 * Of how many statements in a hundred it is worth it.  Where each part is held
 * against the whole the more are tried, the better.
 */
#ifdef USE_ASSERT_CHECKING
#define WORTH_IT	100
#else
#define WORTH_IT	30
#endif

/* A name of something. */
typedef struct Named
{
	char		name[NAMEDATALEN];	/* hash key, must be first */
	List	   *roots;			/* of MigObject *, that have it or a part that
								 * has */
	List	   *about;			/* of int, statements that are about it */
	List	   *makers;			/* of MigModelObject *, that can have parts */
	List	   *adders;			/* of int, statements that add a foreign key
								 * of this name and do nothing else */
	bool		made;			/* a statement makes it */
	bool		taken;			/* what has it is in the part */
	bool		changed;		/* ... and may be another */
} Named;

/* A word, which may be the name of something or the beginning of it. */
typedef struct Word
{
	char		word[NAMEDATALEN];	/* hash key, must be first */
	List	   *names;			/* of Named * */
	List	   *statements;		/* of int, that have it */
} Word;

/* A part while it is looked for. */
typedef struct Parting
{
	MigPart    *part;
	const MigModel *model;
	const MigModel *before;
	MigSnapshot *snapshot;		/* of the latter */
	MigPairing	pairing;		/* of their statements */
	List	  **words;			/* of Word *, of each statement */
	List	  **names;			/* of Named *, that it is about */
	Named	  **keys;			/* that it adds to a table, or NULL */
	List	   *owned;			/* of MigObject *, sequences of columns */
	List	   *work;			/* of Named *, not followed yet */
} Parting;

static int	maker_of(const MigPart *part, const MigObject *object);
static HTAB *new_table(const char *what, Size entrysize);
static void enter_objects(Parting *parting);
static const char *name_of(const MigObject *object);
static void enter_statements(Parting *parting);
static void enter_key(Parting *parting, int n);
static void enter_makers(Parting *parting);
static bool has_parts(ObjectType type);
static void check_names(Parting *parting);
static void enter_words(Parting *parting, int n);
static Named *enter_name(Parting *parting, const char *name);
static Word *enter_word(Parting *parting, const char *word);
static void begin(Parting *parting);
static void change_names(Parting *parting, const MigModel *model, int n);
static void change(Parting *parting, MigObject *object);
static void take_doubts(Parting *parting, const MigSnapshot *live);
static void take(Parting *parting, Named *named, bool changed);
static void follow(Parting *parting);
static void run_naming(Parting *parting, const char *name);
static void take_root(Parting *parting, MigObject *root);
static void take_names(Parting *parting, const MigObject *object);
static bool is_left(const Parting *parting, const Named *named, int n);
static void run(Parting *parting, int n);
static void leave_keys(Parting *parting);
static void follow_sequences(Parting *parting);
static void give_up(Parting *parting, const char *why);

/*
 * Find the part, and mark what of the snapshot comes of it.
 *
 * Both models were parsed the same way, and have not been run.  The snapshot
 * is that of the one before; it is to be compared with the live one, or NULL
 * if that is the same.
 */
void
mig_part_find(MigPart *part, const MigModel *model, const MigModel *before,
			  MigSnapshot *snapshot, const MigSnapshot *live)
{
	int			n = model->script->nstatements;
	Parting		parting = {.part = part,.model = model,.before = before,
	.snapshot = snapshot};

	memset(part, 0, sizeof(*part));
	part->runs = palloc0(sizeof(bool) * (n + 1));
	part->names = new_table("pg_migrations names of a part", sizeof(Named));
	part->words = new_table("pg_migrations words of a model", sizeof(Word));
	mig_part_pair(&parting.pairing, model, before);
	if (parting.pairing.nsame * 100 < n * (100 - WORTH_IT))
		give_up(&parting, "most of the model has changed");
	if (parting.pairing.counts_otherwise)
		give_up(&parting, "a statement counts that did not before");
	if (part->whole == NULL)
	{
		enter_objects(&parting);
		enter_statements(&parting);
	}
	if (part->whole == NULL)
		begin(&parting);
	if (part->whole == NULL && live != NULL)
		take_doubts(&parting, live);
	if (part->whole == NULL)
		follow(&parting);
	if (part->whole == NULL && part->nruns * 100 > n * WORTH_IT)
		part->whole = "it would be most of the model";
	if (part->whole == NULL)
		leave_keys(&parting);
}

/*
 * Number what has parts in a snapshot by the statements that make it, but for
 * what does not stay.  Returns a phrase if it is not known which do, or NULL.
 */
const char *
mig_part_number(const MigPart *part, const MigSnapshot *snapshot)
{
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		MigObject  *object = lfirst(lc);

		object->statement = -1;
		if (object->parent != NULL || object->children == NIL ||
			!mig_merge_stays(object))
			continue;
		object->statement = maker_of(part, object);
		if (object->statement < 0)
			return psprintf("which statement makes %s %s is not known",
							object->kind->name, object->identity);
	}
	return NULL;
}

/* -1: there is none. */
static int
maker_of(const MigPart *part, const MigObject *object)
{
	const Named *named = hash_search(part->names, object->name, HASH_FIND,
									 NULL);
	const ListCell *lc;

	foreach(lc, named == NULL ? NIL : named->makers)
	{
		const MigModelObject *made = lfirst(lc);

		if (mig_model_object_is_at(made, object->nspname, object->name))
			return made->statement;
	}
	return -1;
}

/* Does a statement that does not run have a name among its words? */
bool
mig_part_leaves(const MigPart *part, const char *name)
{
	char		first[NAMEDATALEN];
	const Word *word;
	const ListCell *lc;

	if (!mig_word_next(&name, first))
		return true;
	word = hash_search(part->words, first, HASH_FIND, NULL);
	foreach(lc, word == NULL ? NIL : word->statements)
	{
		if (!part->runs[lfirst_int(lc)])
			return true;
	}
	return false;
}

static HTAB *
new_table(const char *what, Size entrysize)
{
	HASHCTL		ctl = {.keysize = NAMEDATALEN,.entrysize = entrysize,
	.hcxt = CurrentMemoryContext};

	return hash_create(what, 1024, &ctl,
					   HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

/* Let the objects of the snapshot be found by what a statement can name. */
static void
enter_objects(Parting *parting)
{
	const ListCell *lc;

	foreach(lc, parting->snapshot->objects)
	{
		MigObject  *object = lfirst(lc);
		const MigObject *root = mig_table_of(object);
		const char *name = name_of(object);
		Named	   *named;

		CHECK_FOR_INTERRUPTS();
		object->renewal = MIG_AS_BEFORE;
		object->statement = -1;
		if (object->owner_column != NULL)
			parting->owned = lappend(parting->owned, object);
		if (name == NULL)
			continue;
		named = enter_name(parting, name);
		named->roots = list_append_unique_ptr(named->roots,
											  unconstify(MigObject *, root));
	}
}

/*
 * The name by which statements may name an object, or NULL: what is within a
 * relation or a type is named with that.  Schemas and extensions hold what is
 * not reached.
 */
static const char *
name_of(const MigObject *object)
{
	MigKindId	id = object->kind->id;

	if (mig_merge_is_frame(object))
		return NULL;
	return object->parent == NULL || id == MIG_INDEX || id == MIG_CONSTRAINT ||
		id == MIG_FOREIGN_KEY || id == MIG_IDENTITY_SEQUENCE ?
		object->name : NULL;
}

/* What each statement is about, and which words it has. */
static void
enter_statements(Parting *parting)
{
	const MigScript *script = parting->model->script;
	int			n = script->nstatements;

	parting->words = palloc0(sizeof(List *) * (n + 1));
	parting->names = palloc0(sizeof(List *) * (n + 1));
	parting->keys = palloc0(sizeof(Named *) * (n + 1));
	for (int i = 0; i < n && parting->part->whole == NULL; i++)
	{
		const Node *stmt = script->statements[i].raw->stmt;
		MigModelObject object;
		List	   *names;
		MigAbout	about;
		const ListCell *lc;

		CHECK_FOR_INTERRUPTS();
		if (parting->model->skipped[i])
			continue;
		about = mig_statement_about(stmt, &names);
		if (about == MIG_ABOUT_ANYTHING)
			give_up(parting, "a statement may be about anything");
		foreach(lc, names)
		{
			Named	   *named = enter_name(parting, lfirst(lc));

			named->about = lappend_int(named->about, i);
			parting->names[i] = lappend(parting->names[i], named);
		}
		enter_key(parting, i);
		if (mig_statement_creates(stmt, &object) && object.name != NULL &&
			about == MIG_ABOUT_NAMES)
			enter_name(parting, object.name)->made = true;
		if (about == MIG_ABOUT_ALL)
			parting->part->runs[i] = true;
		else
			enter_words(parting, i);
	}
	enter_makers(parting);
	check_names(parting);
}

static void
enter_key(Parting *parting, int n)
{
	const MigStatement *stmt = &parting->model->script->statements[n];
	const char *name = mig_statement_adds_key(stmt->raw->stmt);

	if (name == NULL)
		return;
	parting->keys[n] = enter_name(parting, name);
	parting->keys[n]->adders = lappend_int(parting->keys[n]->adders, n);
}

/* Schemas are filled in there. */
static void
enter_makers(Parting *parting)
{
	const ListCell *lc;

	foreach(lc, parting->model->objects)
	{
		MigModelObject *object = lfirst(lc);
		Named	   *named = NULL;

		if (object->member == NULL && has_parts(object->type))
			named = hash_search(parting->part->names, object->name, HASH_FIND,
								NULL);
		if (named != NULL)
			named->makers = lappend(named->makers, object);
	}
}

/* May there be parts of what is of a type? */
static bool
has_parts(ObjectType type)
{
	return type == OBJECT_TABLE || type == OBJECT_VIEW ||
		type == OBJECT_MATVIEW || type == OBJECT_TYPE ||
		type == OBJECT_DOMAIN;
}

/* What has a name that the server has chosen is known only where it stands. */
static void
check_names(Parting *parting)
{
	HASH_SEQ_STATUS status;
	const Named *named;

	hash_seq_init(&status, parting->part->names);
	while ((named = hash_seq_search(&status)) != NULL)
	{
		if (named->about != NIL && named->roots == NIL && !named->made)
			give_up(parting, "a statement is about something unknown");
	}
}

/*
 * A body is not looked into when a routine is made; what it names in an
 * expression the routine depends on.
 */
static void
enter_words(Parting *parting, int n)
{
	const MigScript *script = parting->model->script;
	const MigStatement *stmt = &script->statements[n];
	List	   *words;
	const ListCell *lc;

	words = mig_words_of(pnstrdup(script->text + stmt->start, stmt->length),
						 IsA(stmt->raw->stmt, CreateFunctionStmt) ?
						 MIG_WORDS_BUT_BODY :
						 IsA(stmt->raw->stmt, CommentStmt) ?
						 MIG_WORDS_BUT_LAST : MIG_WORDS_ALL);
	if (words == NIL)
		give_up(parting, "the words of a statement cannot be read");
	foreach(lc, words)
	{
		Word	   *word = enter_word(parting, lfirst(lc));

		if (word->statements != NIL && llast_int(word->statements) == n)
			continue;
		word->statements = lappend_int(word->statements, n);
		parting->words[n] = lappend(parting->words[n], word);
	}
	list_free_deep(words);
}

static Named *
enter_name(Parting *parting, const char *name)
{
	bool		found;
	Named	   *named = hash_search(parting->part->names, name, HASH_ENTER,
									&found);
	char		first[NAMEDATALEN];
	Word	   *word;

	if (found)
		return named;
	memset((char *) named + NAMEDATALEN, 0, sizeof(Named) - NAMEDATALEN);
	if (!mig_word_next(&name, first))
	{
		give_up(parting, "a name has no word");
		return named;
	}
	word = enter_word(parting, first);
	word->names = lappend(word->names, named);
	return named;
}

static Word *
enter_word(Parting *parting, const char *word)
{
	bool		found;
	Word	   *entry = hash_search(parting->part->words, word, HASH_ENTER,
									&found);

	if (!found)
		entry->names = entry->statements = NIL;
	return entry;
}

/*
 * Begin with what statements are about that are not the same as before, and
 * with materialized views, see change_names().
 */
static void
begin(Parting *parting)
{
	const MigScript *script = parting->model->script;

	for (int i = 0; i < parting->before->script->nstatements; i++)
	{
		if (!parting->pairing.stays[i])
			change_names(parting, parting->before, i);
	}
	for (int i = 0; i < script->nstatements; i++)
	{
		if (parting->pairing.was[i] < 0)
			change_names(parting, parting->model, i);
		if (IsA(script->statements[i].raw->stmt, CreateTableAsStmt))
			run(parting, i);
	}
}

static void
change_names(Parting *parting, const MigModel *model, int n)
{
	const Node *stmt = model->script->statements[n].raw->stmt;
	List	   *names;
	const ListCell *name;
	const ListCell *lc;

	/*
	 * More is read of views where one of them is materialized.
	 */
	if (model->skipped[n] || IsA(stmt, CreateTableAsStmt) ||
		mig_statement_about(stmt, &names) != MIG_ABOUT_NAMES)
	{
		give_up(parting, "a statement has changed that may be about anything");
		return;
	}
	foreach(name, names)
	{
		Named	   *named = enter_name(parting, lfirst(name));

		take(parting, named, true);
		foreach(lc, named->roots)
			change(parting, lfirst(lc));
	}
}

/* What is of an object that may be another may be, too. */
static void
change(Parting *parting, MigObject *object)
{
	const char *name = name_of(object);
	const ListCell *lc;

	check_stack_depth();
	if (object->renewal == MIG_MAY_DIFFER || mig_merge_is_frame(object))
		return;
	object->renewal = MIG_MAY_DIFFER;
	if (name != NULL)
		take(parting, enter_name(parting, name), true);
	take_names(parting, mig_table_of(object));
	foreach(lc, object->children)
		change(parting, lfirst(lc));
	foreach(lc, object->dependents)
		change(parting, ((MigDepend *) lfirst(lc))->object);
}

/*
 * Whether texts mean the same is asked where what has them stands, see
 * sch/normal.c.
 */
static void
take_doubts(Parting *parting, const MigSnapshot *live)
{
	const ListCell *lc;

	foreach(lc, parting->snapshot->objects)
	{
		MigObject  *object = lfirst(lc);
		const MigObject *from = mig_snapshot_find(live, object->kind->id,
												  object->identity);

		if (from != NULL && mig_normal_doubts(from, object))
			take_names(parting, mig_table_of(object));
	}
}

static void
take(Parting *parting, Named *named, bool changed)
{
	if (named->taken && (named->changed || !changed))
		return;
	named->taken = true;
	named->changed |= changed;
	parting->work = lappend(parting->work, named);
}

/* Run what is about what is taken, and take what that refers to. */
static void
follow(Parting *parting)
{
	while (parting->work != NIL && parting->part->whole == NULL)
	{
		Named	   *named = llast(parting->work);
		const ListCell *lc;

		CHECK_FOR_INTERRUPTS();
		parting->work = list_delete_last(parting->work);
		foreach(lc, named->roots)
			take_root(parting, lfirst(lc));
		foreach(lc, named->about)
		{
			if (!is_left(parting, named, lfirst_int(lc)))
				run(parting, lfirst_int(lc));
		}
		if (named->changed)
		{
			run_naming(parting, named->name);
			/* arrays of it */
			run_naming(parting, psprintf("_%s", named->name));
		}
		if (parting->work == NIL)
			follow_sequences(parting);
	}
}

/* Run what has a name among its words. */
static void
run_naming(Parting *parting, const char *name)
{
	char		word[NAMEDATALEN];
	const ListCell *lc;

	if (!mig_word_next(&name, word))
		return;
	foreach(lc, enter_word(parting, word)->statements)
		run(parting, lfirst_int(lc));
}

static void
take_root(Parting *parting, MigObject *root)
{
	if (root->renewal == MIG_AS_BEFORE)
		root->renewal = MIG_MADE_AGAIN;
	take_names(parting, root);
}

/* By all names that statements may call it. */
static void
take_names(Parting *parting, const MigObject *object)
{
	const char *name = name_of(object);
	const ListCell *lc;

	if (name != NULL)
		take(parting, enter_name(parting, name), false);
	foreach(lc, object->children)
		take_names(parting, lfirst(lc));
}

/*
 * May what a statement about a name adds be left out, as long as nothing that
 * it names may be another?  Partitions have it from what they are part of.
 */
static bool
is_left(const Parting *parting, const Named *named, int n)
{
	const ListCell *lc;

	if (parting->keys[n] == NULL || named->changed)
		return false;
	foreach(lc, named->roots)
	{
		const MigObject *root = lfirst(lc);

		if (root->kind->id == MIG_TABLE &&
			(mig_table_is_partitioned(root) || mig_table_is_partition(root)))
			return false;
	}
	return true;
}

/* What names a foreign key, but does not add it, wants it to be there. */
static void
run(Parting *parting, int n)
{
	const ListCell *lc;
	const ListCell *name;
	const ListCell *adder;

	if (parting->part->runs[n])
		return;
	parting->part->runs[n] = true;
	parting->part->nruns++;
	foreach(lc, parting->names[n])
		take(parting, lfirst(lc), false);
	foreach(lc, parting->words[n])
	{
		foreach(name, ((const Word *) lfirst(lc))->names)
		{
			Named	   *named = lfirst(name);

			take(parting, named, false);
			foreach(adder, parting->keys[n] == NULL ? named->adders : NIL)
				run(parting, lfirst_int(adder));
		}
	}
}

/*
 * Mark the foreign keys whose statements do not run, though their tables are
 * made.
 */
static void
leave_keys(Parting *parting)
{
	const ListCell *lc;

	foreach(lc, parting->snapshot->objects)
	{
		MigObject  *key = lfirst(lc);
		const Named *named;
		const ListCell *adder;

		if (key->kind->id != MIG_FOREIGN_KEY ||
			key->renewal != MIG_AS_BEFORE ||
			mig_table_of(key)->renewal == MIG_AS_BEFORE)
			continue;
		named = enter_name(parting, key->name);
		foreach(adder, named->adders)
		{
			int			n = lfirst_int(adder);
			const Named *table = linitial(parting->names[n]);

			if (!parting->part->runs[n] &&
				strcmp(table->name, mig_table_of(key)->name) == 0)
				key->renewal = MIG_LEFT_OUT;
		}
	}
}

/* A sequence goes with the column that it is of. */
static void
follow_sequences(Parting *parting)
{
	const ListCell *lc;

	foreach(lc, parting->owned)
	{
		MigObject  *sequence = lfirst(lc);
		MigObject  *column = sequence->owner_column;

		if (column->renewal == MIG_MAY_DIFFER)
			change(parting, sequence);
		else if (mig_table_of(column)->renewal != MIG_AS_BEFORE &&
				 sequence->renewal == MIG_AS_BEFORE)
			take_root(parting, sequence);
	}
}

static void
give_up(Parting *parting, const char *why)
{
	if (parting->part->whole == NULL)
		parting->part->whole = why;
}
