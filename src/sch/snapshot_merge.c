/*-------------------------------------------------------------------------
 *
 * sch/snapshot_merge.c
 *	  A snapshot made of one that was kept and of one of what has changed.
 *
 * Of a model that is much the same as one that was built before, a part was
 * built, see model/part.c.  What stands there is taken from there, with all
 * that is part of it, and the rest from before.
 *
 * That is right only if nothing else has changed.  So whatever stands in both,
 * and is not marked as something that may be another, must be the same; and
 * names must be those that the server would choose in the presence of all
 * others.  If not, there is no result.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/snapshot_merge.h"

#include "kind/column_values.h"
#include "miscadmin.h"
#include "sch/action.h"
#include "sch/outside.h"
#include "sch/snapshot.h"
#include "util/sql.h"

/*
 * Longer names may have lost letters to a number behind them, two of at most
 * four bytes more than need be.
 */
#define LONG_NAME	(NAMEDATALEN - 8)

/* An object while all of them are put in order. */
typedef struct Placed
{
	MigObject  *object;
	const MigObject *root;
	int			number;			/* among those of its side */
} Placed;

static const char *check_part(const MigSnapshot *before,
							  const MigSnapshot *part);
static const char *check_object(const MigSnapshot *before, MigObject *object);
static const char *difference(const MigObject *one, const MigObject *other);
static bool same_value(const MigAttribute *attribute, const char *one,
					   const char *other);
static bool same_but_numbers(const char *one, const char *other);
static bool same_identity(const MigObject *one, const MigObject *other);
static bool same_texts(List *one, List *other);
static List *edges_of(const List *edges);
static List *outside_of(const MigObject *object);
static const char *check_names(const MigSnapshot *before,
							   const MigSnapshot *part);
static HTAB *new_names(void);
static void enter_name(HTAB *names, MigObject *object, const char *name);
static bool has_name(HTAB *names, MigObject *object, const char *name);
static void put_key(char *key, MigObject *object, const char *name);
static bool may_be_chosen(const MigObject *object);
static bool follows_name(HTAB *changed, MigObject *object, const char *name);
static const char *stem_of(const char *name);
static const char *link_kept(const MigSnapshot *before,
							 const MigSnapshot *part);
static const char *link_object(MigObject *object, const MigSnapshot *part);
static void link_key(MigObject *key, const MigSnapshot *part);
static MigSnapshot *put_together(const MigSnapshot *before,
								 const MigSnapshot *part);
static int	add_objects(Placed *placed, int n, const MigSnapshot *snapshot,
						bool kept);
static int	compare_places(const void *a, const void *b);
static int	compare_texts(const char *one, const char *other);
#ifdef USE_ASSERT_CHECKING
static bool same_order(const List *one, const List *other);
#endif

/*
 * Both are used up.  The objects of "before" are marked by renewal, those of
 * both are numbered by statement.  NULL: it cannot be, and *why is a phrase.
 */
MigSnapshot *
mig_merge(MigSnapshot *before, MigSnapshot *part, const char **why)
{
	const ListCell *lc;

	foreach(lc, part->objects)
		((MigObject *) lfirst(lc))->renewal = MIG_MADE_AGAIN;
	*why = check_part(before, part);
	if (*why == NULL)
		*why = check_names(before, part);
	if (*why == NULL)
		*why = link_kept(before, part);
	return *why == NULL ? put_together(before, part) : NULL;
}

/*
 * Add an object that depends on some of another snapshot: it is given edges of
 * its own, to what stands for those.
 */
void
mig_merge_add(MigSnapshot *snapshot, MigObject *object)
{
	MemoryContext old = MemoryContextSwitchTo(snapshot->context);
	const List *elsewhere = object->depends;
	const ListCell *lc;

	object->depends = NIL;
	foreach(lc, elsewhere)
	{
		const MigDepend *depend = lfirst(lc);
		MigObject  *on = mig_snapshot_find(snapshot, depend->object->kind->id,
										   depend->object->identity);
		MigDepend  *forth = palloc(sizeof(MigDepend));
		MigDepend  *back = palloc(sizeof(MigDepend));

		forth->object = on;
		back->object = object;
		forth->deptype = back->deptype = depend->deptype;
		object->depends = lappend(object->depends, forth);
		on->dependents = lappend(on->dependents, back);
	}
	snapshot->objects = lappend(snapshot->objects, object);
	mig_snapshot_enter(snapshot, object);
	MemoryContextSwitchTo(old);
}

/*
 * The name of an object where no other of its schema may have it, or by which
 * the server chooses others; NULL: it has none.
 */
const char *
mig_merge_name(const MigObject *object)
{
	if (mig_merge_is_frame(object))
		return NULL;
	if (object->kind->id == MIG_COLUMN)
		return object->values[NOT_NULL_CONSTRAINT];
	return object->parent == NULL || may_be_chosen(object) ?
		object->name : NULL;
}

/* Is all there that must be, and nothing else? */
static const char *
check_part(const MigSnapshot *before, const MigSnapshot *part)
{
	const ListCell *lc;

	foreach(lc, part->objects)
	{
		const char *why = check_object(before, lfirst(lc));

		CHECK_FOR_INTERRUPTS();
		if (why != NULL)
			return why;
	}
	foreach(lc, before->objects)
	{
		MigObject  *object = lfirst(lc);

		if (!mig_merge_stays(object) && object->renewal != MIG_MAY_DIFFER &&
			mig_snapshot_find(part, object->kind->id,
							  object->identity) == NULL)
			return psprintf("%s %s is missing", object->kind->name,
							object->identity);
	}
	return NULL;
}

static const char *
check_object(const MigSnapshot *before, MigObject *object)
{
	const MigObject *root = mig_table_of(object);
	MigObject  *was = mig_snapshot_find(before, object->kind->id,
										object->identity);
	const MigObject *root_was = mig_snapshot_find(before, root->kind->id,
												  root->identity);
	const char *what;

	if (root_was == NULL || root_was->renewal == MIG_MAY_DIFFER ||
		(was != NULL && was->renewal == MIG_MAY_DIFFER))
		return NULL;
	if (was == NULL || mig_merge_stays(was))
		return psprintf("%s %s is made, too", object->kind->name,
						object->identity);
	what = difference(was, object);
	return what == NULL ? NULL :
		psprintf("%s %s has changed: %s", object->kind->name, object->identity,
				 what);
}

/* Is it taken from before?  Not what stands in each shadow. */
bool
mig_merge_stays(const MigObject *object)
{
	const MigObject *root = mig_table_of(object);

	return object->renewal == MIG_LEFT_OUT ||
		(root->renewal == MIG_AS_BEFORE && !mig_merge_is_frame(root));
}

/* Does it stand in each shadow? */
bool
mig_merge_is_frame(const MigObject *object)
{
	return object->kind->id == MIG_SCHEMA || object->kind->id == MIG_EXTENSION;
}

/*
 * What two objects differ in, a phrase, or NULL; but for their parts, and for
 * what depends on them.
 */
static const char *
difference(const MigObject *one, const MigObject *other)
{
	const char *what = mig_merge_difference(one, other);

	if (what != NULL)
		return what;
	if (one->address.objsubid != other->address.objsubid)
		return "place";
	if (!mig_same(one->owner, other->owner) || !mig_same(one->acl, other->acl))
		return "owner or privileges";
	if (!same_texts(edges_of(one->depends), edges_of(other->depends)) ||
		!same_texts(outside_of(one), outside_of(other)))
		return "what it depends on";
	return NULL;
}

/* The same, but for what imprints leave out, and for what they depend on. */
const char *
mig_merge_difference(const MigObject *one, const MigObject *other)
{
	if (!same_identity(one, other) ||
		!mig_same(one->nspname, other->nspname) ||
		!mig_same(one->schema, other->schema) ||
		!mig_same(one->name, other->name))
		return "name";
	if (!same_identity(one->parent, other->parent) ||
		!same_identity(one->owner_column, other->owner_column))
		return "what it belongs to";
	if (!mig_same(one->comment, other->comment))
		return "comment";
	for (int i = 0; i < one->kind->nattributes; i++)
	{
		if (!same_value(&one->kind->attributes[i], one->values[i],
						other->values[i]))
			return one->kind->attributes[i].name;
	}
	return NULL;
}

static bool
same_value(const MigAttribute *attribute, const char *one, const char *other)
{
	static const char *const with_oids[] = {
		"tree of the expression", "trees of its expressions",
		"tree of the query", "condition of the bound",
	};

	if (one == NULL || other == NULL)
		return one == other;
	for (size_t i = 0; i < lengthof(with_oids); i++)
	{
		if (strcmp(attribute->name, with_oids[i]) == 0)
			return same_but_numbers(one, other);
	}
	return strcmp(one, other) == 0;
}

/* For some of these are OIDs. */
static bool
same_but_numbers(const char *one, const char *other)
{
	do
	{
		one += strspn(one, "-0123456789");
		other += strspn(other, "-0123456789");
		if (*one != *other)
			return false;
		one++;
		other++;
	} while (one[-1] != '\0');
	return true;
}

static bool
same_identity(const MigObject *one, const MigObject *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return one->kind == other->kind &&
		strcmp(one->identity, other->identity) == 0;
}

/* In whichever order. */
static bool
same_texts(List *one, List *other)
{
	const ListCell *a;
	const ListCell *b;

	if (list_length(one) != list_length(other))
		return false;
	list_sort(one, mig_compare_names);
	list_sort(other, mig_compare_names);
	forboth(a, one, b, other)
	{
		if (strcmp(lfirst(a), lfirst(b)) != 0)
			return false;
	}
	return true;
}

static List *
edges_of(const List *edges)
{
	List	   *texts = NIL;
	const ListCell *lc;

	foreach(lc, edges)
	{
		const MigDepend *depend = lfirst(lc);

		texts = lappend(texts, psprintf("%d %c %s", depend->object->kind->id,
										depend->deptype,
										depend->object->identity));
	}
	return texts;
}

static List *
outside_of(const MigObject *object)
{
	List	   *texts = NIL;
	const ListCell *lc;

	foreach(lc, object->outside)
	{
		const MigOutside *outside = lfirst(lc);

		texts = lappend(texts, psprintf("%u %s %s", outside->classid,
										outside->name, outside->description));
	}
	return texts;
}

/*
 * Would names be the same if all stood there?  None of what is new may be the
 * name of what is not in the part, nor may one there be chosen because of
 * something that may be another: then it has a number behind it, and the same
 * letters before that.  What is left out has its name from its statement.
 */
static const char *
check_names(const MigSnapshot *before, const MigSnapshot *part)
{
	HTAB	   *kept = new_names();
	HTAB	   *changed = new_names();
	const ListCell *lc;
	const char *why = NULL;

	foreach(lc, before->objects)
	{
		MigObject  *object = lfirst(lc);

		if (mig_merge_stays(object))
			enter_name(kept, object, mig_merge_name(object));
		else if (object->renewal == MIG_MAY_DIFFER)
			enter_name(changed, object, stem_of(mig_merge_name(object)));
	}
	foreach(lc, part->objects)
	{
		MigObject  *object = lfirst(lc);
		const MigObject *was = mig_snapshot_find(before, object->kind->id,
												 object->identity);

		if (was != NULL && was->renewal != MIG_MAY_DIFFER)
			continue;
		enter_name(changed, object, stem_of(mig_merge_name(object)));
		if (has_name(kept, object, mig_merge_name(object)))
			why = psprintf("the name of %s %s is there twice",
						   object->kind->name, object->identity);
	}
	foreach(lc, before->objects)
	{
		MigObject  *object = lfirst(lc);

		if (mig_merge_stays(object) && object->renewal != MIG_LEFT_OUT &&
			may_be_chosen(object) &&
			follows_name(changed, object, mig_merge_name(object)))
			why = psprintf("the server may choose another name for %s %s",
						   object->kind->name, object->identity);
	}
	hash_destroy(kept);
	hash_destroy(changed);
	return why;
}

/* By schema and name. */
static HTAB *
new_names(void)
{
	HASHCTL		ctl = {.keysize = NAMEDATALEN * 2,
		.entrysize = NAMEDATALEN * 2,
	.hcxt = CurrentMemoryContext};

	return hash_create("pg_migrations names of a schema", 1024, &ctl,
					   HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

static void
enter_name(HTAB *names, MigObject *object, const char *name)
{
	char		key[NAMEDATALEN * 2];

	if (name == NULL)
		return;
	put_key(key, object, name);
	(void) hash_search(names, key, HASH_ENTER, NULL);
}

static bool
has_name(HTAB *names, MigObject *object, const char *name)
{
	char		key[NAMEDATALEN * 2];

	if (name == NULL)
		return false;
	put_key(key, object, name);
	return hash_search(names, key, HASH_FIND, NULL) != NULL;
}

static void
put_key(char *key, MigObject *object, const char *name)
{
	const char *nspname = object->nspname;

	if (nspname == NULL)
		nspname = mig_table_of(object)->nspname;
	snprintf(key, NAMEDATALEN * 2, "%s.%s", nspname == NULL ? "" : nspname,
			 name);
}

/* Does the server choose a name for it, if none is given? */
static bool
may_be_chosen(const MigObject *object)
{
	static const MigKindId chosen[] = {MIG_COLUMN, MIG_CONSTRAINT,
		MIG_FOREIGN_KEY, MIG_INDEX, MIG_IDENTITY_SEQUENCE, MIG_DOMAIN_CHECK,
	MIG_SEQUENCE, MIG_STATISTICS};

	for (size_t i = 0; i < lengthof(chosen); i++)
	{
		if (object->kind->id == chosen[i])
			return true;
	}
	return false;
}

/* Has it a number behind a name whose stem is among those that changed? */
static bool
follows_name(HTAB *changed, MigObject *object, const char *name)
{
	const char *stem = stem_of(name);

	if (name == NULL || strcmp(stem, name) == 0 ||
		hash_get_num_entries(changed) == 0)
		return false;
	return strlen(name) >= LONG_NAME || has_name(changed, object, stem);
}

/* A name without the number behind it; NULL for NULL. */
static const char *
stem_of(const char *name)
{
	size_t		length = name == NULL ? 0 : strlen(name);

	while (length > 0 && name[length - 1] >= '0' && name[length - 1] <= '9')
		length--;
	return name == NULL ? NULL : pnstrdup(name, length);
}

/* Let what is taken from before refer to what is made again. */
static const char *
link_kept(const MigSnapshot *before, const MigSnapshot *part)
{
	const ListCell *lc;

	foreach(lc, before->objects)
	{
		MigObject  *object = lfirst(lc);
		const char *why;

		CHECK_FOR_INTERRUPTS();
		if (!mig_merge_stays(object))
			continue;
		if (object->renewal == MIG_LEFT_OUT)
			link_key(object, part);
		why = link_object(object, part);
		if (why != NULL)
			return why;
	}
	return NULL;
}

/* What is made again depends on nothing that is not, see difference(). */
static const char *
link_object(MigObject *object, const MigSnapshot *part)
{
	ListCell   *lc;

	if (object->owner_column != NULL && !mig_merge_stays(object->owner_column))
		return "a sequence is left behind";
	foreach(lc, object->dependents)
	{
		if (!mig_merge_stays(((MigDepend *) lfirst(lc))->object))
			object->dependents = foreach_delete_current(object->dependents,
														lc);
	}
	foreach(lc, object->depends)
	{
		MigDepend  *depend = lfirst(lc);
		MigObject  *on = depend->object;
		MemoryContext old;
		MigDepend  *back;

		if (mig_merge_stays(on))
			continue;
		if (on->renewal == MIG_MAY_DIFFER)
			return "something depends on what may be another";
		depend->object = mig_snapshot_find(part, on->kind->id, on->identity);
		Assert(depend->object != NULL);
		old = MemoryContextSwitchTo(part->context);
		back = palloc(sizeof(MigDepend));
		back->object = object;
		back->deptype = depend->deptype;
		depend->object->dependents = lappend(depend->object->dependents, back);
		MemoryContextSwitchTo(old);
	}
	return NULL;
}

/* Put a foreign key among the parts of its table, which are in order. */
static void
link_key(MigObject *key, const MigSnapshot *part)
{
	MigObject  *table = mig_snapshot_find(part, key->parent->kind->id,
										  key->parent->identity);
	MemoryContext old = MemoryContextSwitchTo(part->context);
	int			at = 0;

	Assert(table != NULL);
	while (at < list_length(table->children))
	{
		const MigObject *other = list_nth(table->children, at);

		if (other->kind->id > key->kind->id ||
			(other->kind == key->kind && strcmp(other->name, key->name) > 0))
			break;
		at++;
	}
	table->children = list_insert_nth(table->children, at, key);
	key->parent = table;
	MemoryContextSwitchTo(old);
}

/* In the order in which all of them would be read. */
static MigSnapshot *
put_together(const MigSnapshot *before, const MigSnapshot *part)
{
	MigSnapshot *merged = mig_snapshot_empty();
	MemoryContext old = MemoryContextSwitchTo(merged->context);
	Placed	   *placed;
	int			n;

	placed = MemoryContextAllocHuge(merged->context,
									sizeof(Placed) *
									(list_length(before->objects) +
									 list_length(part->objects) + 1));
	n = add_objects(placed, 0, before, true);
	n = add_objects(placed, n, part, false);
	qsort(placed, n, sizeof(Placed), compare_places);
	for (int i = 0; i < n; i++)
	{
		merged->objects = lappend(merged->objects, placed[i].object);
		mig_snapshot_enter(merged, placed[i].object);
	}
	pfree(placed);
	MemoryContextSwitchTo(old);
	return merged;
}

static int
add_objects(Placed *placed, int n, const MigSnapshot *snapshot, bool kept)
{
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		MigObject  *object = lfirst(lc);

		if (kept && !mig_merge_stays(object))
			continue;
		placed[n].object = object;
		placed[n].root = mig_table_of(object);
		placed[n].number = foreach_current_index(lc);
		n++;
	}
	return n;
}

/*
 * Whole objects and statistics by their names, other parts by what they are
 * part of, in the order in which that is made; foreign keys then by name.
 */
static int
compare_places(const void *a, const void *b)
{
	const Placed *one = a;
	const Placed *other = b;
	const MigObject *x = one->object;
	const MigObject *y = other->object;
	int			order = (int) x->kind->id - (int) y->kind->id;

	if (order == 0 && (x->parent == NULL || x->kind->id == MIG_STATISTICS))
	{
		order = compare_texts(x->nspname, y->nspname);
		if (order == 0)
			order = compare_texts(x->name, y->name);
	}
	else if (order == 0)
		order = one->root->statement - other->root->statement;
	if (order == 0 && x->parent == y->parent && x->kind->id == MIG_FOREIGN_KEY)
		order = compare_texts(x->name, y->name);
	return order != 0 ? order : one->number - other->number;
}

/* NULL before all others */
static int
compare_texts(const char *one, const char *other)
{
	if (one == NULL || other == NULL)
		return (one != NULL) - (other != NULL);
	return strcmp(one, other);
}

#ifdef USE_ASSERT_CHECKING
/* Do both depend on the same, and the same on both? */
bool
mig_merge_same_edges(const MigObject *one, const MigObject *other)
{
	return same_texts(edges_of(one->depends), edges_of(other->depends)) &&
		same_texts(edges_of(one->dependents), edges_of(other->dependents));
}

/* Raise an error if a snapshot is not that of the whole. */
void
mig_merge_check(const MigSnapshot *merged, const MigSnapshot *whole)
{
	int			n = Min(list_length(merged->objects),
						list_length(whole->objects));

	for (int i = 0; i < n; i++)
	{
		const MigObject *one = list_nth(merged->objects, i);
		const MigObject *other = list_nth(whole->objects, i);
		const char *what;

		if (!same_identity(one, other))
			elog(ERROR, "a part of the model has led to %s %s, the whole to %s %s",
				 one->kind->name, one->identity, other->kind->name,
				 other->identity);
		what = difference(one, other);
		if (what != NULL)
			elog(ERROR, "a part of the model has led to another %s %s: %s",
				 one->kind->name, one->identity, what);
		if (!same_texts(edges_of(one->dependents),
						edges_of(other->dependents)))
			elog(ERROR, "other things depend on %s %s by a part of the model",
				 one->kind->name, one->identity);
		if (!same_order(one->children, other->children))
			elog(ERROR, "a part of the model has led to other parts of %s %s",
				 one->kind->name, one->identity);
	}
	if (list_length(merged->objects) != list_length(whole->objects))
		elog(ERROR, "a part of the model has led to %d objects, the whole to %d",
			 list_length(merged->objects), list_length(whole->objects));
}

static bool
same_order(const List *one, const List *other)
{
	const ListCell *a;
	const ListCell *b;

	forboth(a, one, b, other)
	{
		if (!same_identity(lfirst(a), lfirst(b)))
			return false;
	}
	return list_length(one) == list_length(other);
}
#endif
