/*-------------------------------------------------------------------------
 *
 * sch/alike.c
 *	  In what two objects of a kind differ, and pairs whose names do not.
 *
 * Programs that write models make names up, each in its way.  Where names of
 * constraints are not compared, a constraint or index is paired with one that
 * is the same but for the name, and has its name from then on, so that no
 * statement names what is not there.  A new one whose name is not free then
 * gets another.  Names of NOT NULL are the live ones, too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/alike.h"

#include "commands/defrem.h"
#include "kind/index_parts.h"
#include "kind/kinds.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* How parts are paired. */
#define BY_NAME		0x01
#define UNCHANGED	0x02
#define ANY_ORIGIN	0x04		/* of indexes, whether or not inherited */

static void pair_all(MigDiff *diff, int how);
static bool pair_parts(MigObject *from, int how);
static bool is_candidate(const MigObject *from, const MigObject *to, int how);
static bool is_same_below(const MigObject *from, const MigObject *to);
static void take_names(MigDiff *diff, MigObject *from, MigObject *to);
static MigObject *who_takes(const MigDiff *diff, const MigObject *from,
							const MigObject *to);
static char *free_name(const MigDiff *diff, const char *name);
static bool has_name(const MigSnapshot *snapshot, const char *name);
static void set_name(MigDiff *diff, MigObject *object, const char *name);

/* Does an attribute that is compared differ? */
bool
mig_alike_differs_in(const MigObject *from, const MigObject *to,
					 int attribute)
{
	MigCompare	compare = from->kind->attributes[attribute].compare;

	return compare != MIG_NOT_COMPARED &&
		(compare != MIG_MENDED || MIG_IS_TRUE(to->values[attribute])) &&
		(from->same & (uint32) 1 << attribute) == 0 &&
		!mig_same(from->values[attribute], to->values[attribute]);
}

/*
 * The attributes in which two objects of a kind differ, a bit for each; that
 * there are not more than bits is asserted in kind/kinds.c.
 */
uint32
mig_alike_changes(const MigObject *from, const MigObject *to)
{
	uint32		changed = 0;

	for (int i = 0; i < from->kind->nattributes; i++)
	{
		if (mig_alike_differs_in(from, to, i))
			changed |= (uint32) 1 << i;
	}
	return changed;
}

/* Would one have to be dropped for the other? */
bool
mig_alike_is_fixed_otherwise(const MigObject *from, const MigObject *to)
{
	for (int i = 0; i < from->kind->nattributes; i++)
	{
		if (from->kind->attributes[i].compare == MIG_FIXED &&
			mig_alike_differs_in(from, to, i))
			return true;
	}
	return false;
}

/* Is it a constraint, or an index? */
bool
mig_alike_is_named_freely(const MigObject *object)
{
	MigKindId	kind = object->kind->id;

	return kind == MIG_CONSTRAINT || kind == MIG_DOMAIN_CHECK ||
		kind == MIG_FOREIGN_KEY || kind == MIG_INDEX;
}

/* Pair those that differ in their names alone, when those of one name are. */
void
mig_alike_find_renamed(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->from->objects)
	{
		MigObject  *from = lfirst(lc);

		if (pair_parts(from, UNCHANGED))
			from->renamed = from->twin->renamed = true;
	}
	foreach(lc, diff->from->objects)
	{
		MigObject  *from = lfirst(lc);

		if (pair_parts(from, UNCHANGED | ANY_ORIGIN))
			from->renamed = from->twin->renamed = true;
	}
}

/*
 * The same where names do not matter: first those that are the same, name and
 * all, then those that are the same otherwise, and then what has the name.
 */
void
mig_alike_without_names(MigDiff *diff)
{
	const ListCell *lc;

	pair_all(diff, BY_NAME | UNCHANGED);
	pair_all(diff, UNCHANGED);
	pair_all(diff, UNCHANGED | ANY_ORIGIN);
	pair_all(diff, BY_NAME);
	foreach(lc, diff->from->objects)
	{
		MigObject  *from = lfirst(lc);

		if (from->twin != NULL)
			take_names(diff, from, from->twin);
	}
}

static void
pair_all(MigDiff *diff, int how)
{
	const ListCell *lc;

	foreach(lc, diff->from->objects)
		(void) pair_parts(lfirst(lc), how);
}

/* Pair an object that is not paired yet with one of those beside it. */
static bool
pair_parts(MigObject *from, int how)
{
	const ListCell *lc;

	if (from->twin != NULL || from->ignored || from->parent == NULL ||
		from->parent->twin == NULL || !mig_alike_is_named_freely(from))
		return false;
	foreach(lc, from->parent->twin->children)
	{
		MigObject  *to = lfirst(lc);

		if (!is_candidate(from, to, how))
			continue;
		from->twin = to;
		to->twin = from;
		return true;
	}
	return false;
}

/*
 * Inherited ones go by the name of the part above, and stay among them; but
 * indexes of partitions have names of their own.
 */
static bool
is_candidate(const MigObject *from, const MigObject *to, int how)
{
	if (to->twin != NULL || to->ignored || to->kind != from->kind)
		return false;
	if ((how & BY_NAME) != 0 && strcmp(from->name, to->name) != 0)
		return false;
	if ((how & BY_NAME) == 0 && from->kind->is_inherited != NULL &&
		from->kind->is_inherited(from) != to->kind->is_inherited(to) &&
		((how & ANY_ORIGIN) == 0 || !mig_index_is_any(from)))
		return false;
	return (how & UNCHANGED) == 0 || mig_alike_changes(from, to) == 0 ||
		is_same_below(from, to);
}

/*
 * Are two foreign keys of a partition the same but that one is known to hold?
 * Their names are the server's.
 */
static bool
is_same_below(const MigObject *from, const MigObject *to)
{
	return from->kind->id == MIG_FOREIGN_KEY &&
		from->kind->is_inherited(from) && to->kind->is_inherited(to) &&
		mig_alike_changes(from, to) ==
		(uint32) 1 << MIG_CONSTRAINT_VALIDATED;
}

/*
 * Add the renaming of a constraint or index.  The statement is "head", the old
 * name, "joint" and the new name.  Where others wait for the old name, and the
 * new one is theirs, it steps aside under a third name first.
 */
void
mig_alike_rename(MigDiff *diff, const MigObject *from, MigObject *to,
				 const char *head, const char *joint)
{
	const char *old = from->name;

	if (to->aside)
	{
		const char *third = mig_alike_free_name(diff, old, "swap");

		mig_action_alter(diff, to, "name", "%s%s%s%s", head,
						 quote_identifier(old), joint,
						 quote_identifier(third));
		old = third;
	}
	mig_action_alter(diff, to, "name", "%s%s%s%s", head,
					 quote_identifier(old), joint,
					 quote_identifier(to->name));
}

/* The action by which a renamed object gets its name, or NULL. */
MigAction *
mig_alike_naming(const MigObject *object)
{
	int			place = object->aside ? 1 : 0;

	if (!object->renamed || list_length(object->alters) <= place)
		return NULL;
	return list_nth(object->alters, place);
}

/* Let an object of the new snapshot have the names of its twin. */
static void
take_names(MigDiff *diff, MigObject *from, MigObject *to)
{
	MemoryContext context = diff->to->context;
	MigObject  *other;

	for (int i = 0; i < to->kind->nattributes; i++)
	{
		if (to->kind->attributes[i].is_name && to->values[i] != NULL &&
			from->values[i] != NULL)
			to->values[i] = MemoryContextStrdup(context, from->values[i]);
	}
	if (!mig_alike_is_named_freely(from) || mig_same(from->name, to->name))
		return;
	other = who_takes(diff, from, to);
	if (other != NULL && !mig_alike_is_named_freely(other))
	{
		from->renamed = to->renamed = true;
		return;
	}
	if (other != NULL)
		set_name(diff, other, free_name(diff, other->name));
	set_name(diff, to, from->name);
}

/* The new object that is to have the name of an old one, or NULL. */
static MigObject *
who_takes(const MigDiff *diff, const MigObject *from, const MigObject *to)
{
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		MigObject  *other = lfirst(lc);

		if (other == to || other->twin != NULL || other->ignored ||
			strcmp(other->name, from->name) != 0)
			continue;
		if (other->parent == to->parent ||
			((other->kind->flags & MIG_KIND_RELATION) != 0 &&
			 (to->kind->flags & MIG_KIND_RELATION) != 0 &&
			 mig_same(other->nspname, to->nspname)))
			return other;
	}
	return NULL;
}

/* A name that nothing has, made of a name and a word. */
const char *
mig_alike_free_name(const MigDiff *diff, const char *name, const char *word)
{
	const char *made = makeObjectName(name, NULL, word);

	return has_name(diff->from, made) || has_name(diff->to, made) ?
		free_name(diff, made) : made;
}

/* A name that nothing has, made of one that is taken. */
static char *
free_name(const MigDiff *diff, const char *name)
{
	for (int i = 1;; i++)
	{
		char	   *free = makeObjectName(name, NULL, psprintf("%d", i));

		if (!has_name(diff->from, free) && !has_name(diff->to, free))
			return free;
	}
}

static bool
has_name(const MigSnapshot *snapshot, const char *name)
{
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		if (strcmp(((const MigObject *) lfirst(lc))->name, name) == 0)
			return true;
	}
	return false;
}

/* In the new snapshot; what finds objects there by their names does not. */
static void
set_name(MigDiff *diff, MigObject *object, const char *name)
{
	MemoryContext old = MemoryContextSwitchTo(diff->to->context);
	StringInfoData buf;

	object->name = pstrdup(name);
	initStringInfo(&buf);
	mig_kind_identify(&buf, object);
	object->identity = buf.data;
	MemoryContextSwitchTo(old);
}
