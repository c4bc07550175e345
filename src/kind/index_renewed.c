/*-------------------------------------------------------------------------
 *
 * kind/index_renewed.c
 *	  Indexes that are built behind the functions that they call.
 *
 * Where a table is written anew the server builds its indexes, too: by what
 * functions give then, which the same script may alter, or not at all, where
 * the text of one has an old name of what is renamed.  Such an index goes, and
 * comes back behind the function: it is built once, as it would be anyway.
 *
 * Those of partitioned tables and partitions stay as they are, since they
 * belong to each other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/index_renewed.h"

#include "kind/column.h"
#include "kind/computed.h"
#include "kind/routine.h"
#include "kind/table_parents.h"
#include "miscadmin.h"
#include "sch/action.h"

static void renew(const MigObject *object, List **seen);
static bool is_written_anew(const MigObject *table);
static void add_called(const MigObject *object, List **seen, List **awaited);
static void add_altered(const MigObject *object, List **awaited);

/*
 * Have indexes re-created over what is altered and gives something else then,
 * if their tables are written anew.  On the way back a new text has the names
 * that are given back in the end.
 */
void
mig_index_renew(const MigDiff *diff)
{
	const ListCell *lc;

	if (diff->reverse && diff->renames != NIL)
		return;
	foreach(lc, diff->from->objects)
	{
		const MigObject *routine = lfirst(lc);
		List	   *seen = NIL;

		if (routine->kind->id == MIG_FUNCTION && routine->fate == MIG_ALTER &&
			mig_routine_gives_other(routine, routine->twin))
			renew(routine, &seen);
	}
}

static void
renew(const MigObject *object, List **seen)
{
	const ListCell *lc;

	check_stack_depth();
	*seen = lappend(*seen, unconstify(MigObject *, object));
	foreach(lc, object->dependents)
	{
		MigObject  *user = ((MigDepend *) lfirst(lc))->object;

		if (user->ignored || mig_goes(user) || list_member_ptr(*seen, user))
			continue;
		if (mig_computed_passes_on(user))
			renew(user, seen);
		else if (user->kind->id == MIG_INDEX && user->twin != NULL &&
				 is_written_anew(user->twin->parent))
			user->fate = user->twin->fate = MIG_RECREATE;
	}
}

/*
 * Does the server write a table of the new snapshot anew, whose indexes can go
 * by themselves?
 */
static bool
is_written_anew(const MigObject *table)
{
	const ListCell *lc;

	if (table->kind->id != MIG_TABLE || table->twin == NULL ||
		mig_table_is_partitioned(table) || mig_table_is_partition(table))
		return false;
	foreach(lc, table->children)
	{
		const MigObject *column = lfirst(lc);

		if (column->kind->id == MIG_COLUMN && !column->ignored &&
			mig_column_rewrites(column))
			return true;
	}
	return false;
}

/*
 * What comes before an index or a constraint that is made for rows that are
 * there, MigAction *: alterations of what it calls by way of others, which
 * stay.  What it calls itself is seen to by sch/edges.c.
 */
List *
mig_index_awaits_code(const MigObject *object)
{
	List	   *seen = NIL;
	List	   *awaited = NIL;

	if ((object->kind->id == MIG_INDEX ||
		 object->kind->id == MIG_CONSTRAINT) &&
		mig_is_created(object) && object->parent != NULL &&
		object->parent->twin != NULL)
		add_called(object, &seen, &awaited);
	return awaited;
}

static void
add_called(const MigObject *object, List **seen, List **awaited)
{
	const ListCell *lc;

	check_stack_depth();
	foreach(lc, object->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;

		if (on->fate != MIG_KEEP || !mig_computed_passes_on(on) ||
			list_member_ptr(*seen, on))
			continue;
		*seen = lappend(*seen, on);
		add_altered(on, awaited);
		add_called(on, seen, awaited);
	}
}

/* Alterations of what an object calls itself. */
static void
add_altered(const MigObject *object, List **awaited)
{
	const ListCell *lc;
	const ListCell *alter;

	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (!mig_computed_passes_on(on))
			continue;
		foreach(alter, on->alters)
		{
			if (!((const MigAction *) lfirst(alter))->satellite)
				*awaited = lappend(*awaited, lfirst(alter));
		}
	}
}
