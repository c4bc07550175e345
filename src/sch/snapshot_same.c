/*-------------------------------------------------------------------------
 *
 * sch/snapshot_same.c
 *	  Holds two readings of the same catalogs against each other.
 *
 * A build with assertions reads each schema twice, by OIDs and as a whole, see
 * sch/snapshot.c.  All must be the same, with the order of what has one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/snapshot_same.h"

#include "sch/action.h"
#include "sch/outside.h"

#ifdef USE_ASSERT_CHECKING
static const char *difference(const MigObject *one, const MigObject *other);
static bool same_lists(const List *some, const List *others,
					   bool (*same) (const void *one, const void *other));
static bool same_object(const void *one, const void *other);
static bool same_edge(const void *one, const void *other);
static bool same_outside(const void *one, const void *other);
static bool same_address(const void *one, const void *other);

/* Raise an error if they are not. */
void
mig_snapshot_check_same(const MigSnapshot *narrow, const MigSnapshot *whole)
{
	const ListCell *a;
	const ListCell *b;

	forboth(a, narrow->objects, b, whole->objects)
	{
		const MigObject *one = lfirst(a);
		const MigObject *other = lfirst(b);
		const char *what = difference(one, other);

		if (what != NULL)
			elog(ERROR, "read by OIDs %s %s is another than %s %s: %s",
				 one->kind->name, one->identity, other->kind->name,
				 other->identity, what);
	}
	if (list_length(narrow->objects) != list_length(whole->objects))
		elog(ERROR, "%d objects were read by OIDs instead of %d",
			 list_length(narrow->objects), list_length(whole->objects));
	if (hash_get_num_entries(narrow->referred) !=
		hash_get_num_entries(whole->referred))
		elog(ERROR, "what was read by OIDs refers to something else");
}

/* A phrase, or NULL. */
static const char *
difference(const MigObject *one, const MigObject *other)
{
	if (!same_object(one, other) || !mig_same(one->identity, other->identity))
		return "identity";
	if (!same_object(one->parent, other->parent) ||
		!same_object(one->owner_column, other->owner_column))
		return "what it belongs to";
	if (!mig_same(one->nspname, other->nspname) ||
		!mig_same(one->schema, other->schema) ||
		!mig_same(one->name, other->name))
		return "name";
	if (!mig_same(one->owner, other->owner) || !mig_same(one->acl, other->acl))
		return "owner or privileges";
	if (!mig_same(one->comment, other->comment))
		return "comment";
	for (int i = 0; i < one->kind->nattributes; i++)
	{
		if (!mig_same(one->values[i], other->values[i]))
			return one->kind->attributes[i].name;
	}
	if (!same_lists(one->children, other->children, same_object))
		return "parts";
	if (!same_lists(one->depends, other->depends, same_edge) ||
		!same_lists(one->outside, other->outside, same_outside))
		return "what it depends on";
	if (!same_lists(one->dependents, other->dependents, same_edge) ||
		!same_lists(one->outsiders, other->outsiders, same_address))
		return "what depends on it";
	return NULL;
}

/* Are as many the same, in the same order? */
static bool
same_lists(const List *some, const List *others,
		   bool (*same) (const void *one, const void *other))
{
	const ListCell *a;
	const ListCell *b;

	forboth(a, some, b, others)
	{
		if (!same(lfirst(a), lfirst(b)))
			return false;
	}
	return list_length(some) == list_length(others);
}

/* Of objects, or of NULL */
static bool
same_object(const void *one, const void *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return same_address(&((const MigObject *) one)->address,
						&((const MigObject *) other)->address);
}

static bool
same_edge(const void *one, const void *other)
{
	const MigDepend *edge = one;
	const MigDepend *twin = other;

	return edge->deptype == twin->deptype &&
		same_object(edge->object, twin->object);
}

static bool
same_outside(const void *one, const void *other)
{
	const MigOutside *outside = one;
	const MigOutside *twin = other;

	return outside->classid == twin->classid &&
		strcmp(outside->name, twin->name) == 0;
}

static bool
same_address(const void *one, const void *other)
{
	return memcmp(one, other, sizeof(MigAddress)) == 0;
}
#endif
