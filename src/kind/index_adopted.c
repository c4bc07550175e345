/*-------------------------------------------------------------------------
 *
 * kind/index_adopted.c
 *	  Unique indexes that become those of constraints.
 *
 * Where a unique index goes and a primary key or unique constraint comes that
 * would have just such a one, the constraint takes it: nothing is built, and
 * no row is looked at but for NULLs in a primary key.  The server renames it,
 * and leaves what it has besides, and the foreign keys that refer to it, but
 * not if the constraint is deferrable: they cannot be on such.  There is no
 * such way back.
 *
 * An index on expressions, with a filter, of another order, operator class or
 * collation than a constraint makes, or of a partitioned table, does not do,
 * nor does one that was not built to its end.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/index_adopted.h"

#include "kind/column.h"
#include "kind/index.h"
#include "kind/index_parts.h"
#include "kind/table_parents.h"
#include "sch/action.h"

static MigObject *index_for(const MigObject *constraint, bool by_name);
static bool has_name(const MigObject *table, const char *name);
static bool fits(const MigObject *index, const MigObject *constraint);
static bool is_referred_to(const MigObject *index);
static char *definition_for(const MigObject *constraint);

/*
 * Find constraints that may take indexes.  Those of their name first, lest
 * another takes them.
 */
void
mig_index_adopt(const MigDiff *diff)
{
	const ListCell *lc;

	for (int by_name = 1; by_name >= 0; by_name--)
	{
		foreach(lc, diff->to->objects)
		{
			MigObject  *constraint = lfirst(lc);
			MigObject  *index;

			if (!mig_constraint_is_unique(constraint) ||
				constraint->ignored || constraint->fate != MIG_CREATE ||
				constraint->adopts != NULL)
				continue;
			index = index_for(constraint, by_name);
			if (index == NULL)
				continue;
			constraint->adopts = index;
			index->adopts = constraint;
		}
	}
}

/* An old index for a new constraint, of its name or of any; or NULL. */
static MigObject *
index_for(const MigObject *constraint, bool by_name)
{
	const MigObject *table = constraint->parent->twin;
	const ListCell *lc;

	if (table == NULL || mig_table_is_partitioned(constraint->parent) ||
		mig_table_is_partitioned(table) ||
		constraint->kind->is_inherited(constraint))
		return NULL;
	if (!by_name && has_name(table, constraint->name))
		return NULL;			/* which may be taken by another */
	foreach(lc, table->children)
	{
		MigObject  *index = lfirst(lc);

		if (mig_index_is_unique(index) && !index->ignored &&
			index->adopts == NULL && index->fate == MIG_DROP &&
			(!by_name || strcmp(index->name, constraint->name) == 0) &&
			fits(index, constraint))
			return index;
	}
	return NULL;
}

/* Has an old table an index of a name, of a constraint, too? */
static bool
has_name(const MigObject *table, const char *name)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		const MigObject *part = lfirst(lc);

		if (mig_index_is_any(part) && strcmp(part->name, name) == 0)
			return true;
	}
	return false;
}

/* Is an index what the server would make for a constraint? */
static bool
fits(const MigObject *index, const MigObject *constraint)
{
	bool		is_needed;

	/* by what takes no constraint that is deferrable */
	is_needed = is_referred_to(index) ||
		MIG_IS_TRUE(mig_index_values(index)[MIG_INDEX_REPLICA_IDENTITY]);
	return index->values[MIG_INDEX_FILTER] == NULL &&
		index->values[MIG_INDEX_TREES] == NULL && !index->by_hand &&
		!index->kind->is_inherited(index) &&
		MIG_IS_TRUE(index->values[MIG_INDEX_BUILT]) &&
		(constraint->values[MIG_CONSTRAINT_DEFERRABLE] == NULL ||
		 !is_needed) &&
		mig_same(index->values[MIG_INDEX_DEFINITION],
				 definition_for(constraint));
}

/* Does a foreign key stay that is on it? */
static bool
is_referred_to(const MigObject *index)
{
	const ListCell *lc;

	foreach(lc, index->dependents)
	{
		const MigObject *key = ((MigDepend *) lfirst(lc))->object;

		if (key->kind->id == MIG_FOREIGN_KEY && key->fate != MIG_DROP)
			return true;
	}
	return false;
}

/* The definition of its index, "btree (a) INCLUDE (b) NULLS NOT DISTINCT". */
static char *
definition_for(const MigObject *constraint)
{
	const char *definition = constraint->values[MIG_CONSTRAINT_DEFINITION];
	const char *columns = strchr(definition, '(');
	bool		not_distinct;

	not_distinct = strncmp(definition, "UNIQUE NULLS NOT DISTINCT ",
						   strlen("UNIQUE NULLS NOT DISTINCT ")) == 0;
	return psprintf("btree %s%s", columns == NULL ? "" : columns,
					not_distinct ? " NULLS NOT DISTINCT" : "");
}

/*
 * The new constraint that takes an old index, or NULL.  The table and its
 * columns have to stay as they are, which may be known only later.
 */
MigObject *
mig_index_adopter(const MigObject *index)
{
	MigObject  *constraint = index->adopts;
	const ListCell *lc;

	if (index->kind->id != MIG_INDEX || constraint == NULL ||
		index->fate != MIG_DROP || constraint->fate != MIG_CREATE ||
		mig_is_created(constraint->parent))
		return NULL;
	foreach(lc, index->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (mig_goes(on) || (on->kind->id == MIG_COLUMN &&
							 (on->disrupts || on->twin == NULL ||
							  mig_column_differs_in_type(on))))
			return NULL;
	}
	return constraint;
}

/* The old index that a new constraint takes, or NULL. */
const MigObject *
mig_index_adopted(const MigObject *constraint)
{
	const MigObject *index = constraint->adopts;

	return index != NULL && mig_index_adopter(index) == constraint ? index :
		NULL;
}

/* Let an index that is taken be what that of the constraint is to be. */
void
mig_index_adopt_settings(MigDiff *diff, const MigObject *index,
						 MigObject *constraint)
{
	char	  **before = palloc_array(char *, MIG_INDEX_NVALUES);

	memcpy(before, mig_index_values(index),
		   sizeof(char *) * MIG_INDEX_NVALUES);
	before[MIG_INDEX_REST] = unconstify(char *, index->comment);
	mig_index_alter(diff, constraint, before);
}
