/*-------------------------------------------------------------------------
 *
 * kind/counter_order.c
 *	  In which order counters go on from where others are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/counter_order.h"

#include "kind/column.h"
#include "kind/counter.h"
#include "kind/table_parents.h"
#include "sch/action.h"

static void tie_behind_partitions(const MigObject *counter,
								  MigPrecede precede);
static MigAction *beginning_of(const MigObject *counter);
static MigAction *end_of(const MigObject *counter);

/*
 * A counter goes on from where others are before these go, and by the names
 * that these have got.
 */
void
mig_counter_tie(MigDiff *diff, MigPrecede precede)
{
	const ListCell *lc;
	const ListCell *from;

	foreach(lc, diff->to->objects)
	{
		const MigObject *counter = lfirst(lc);
		MigAction  *action;

		if (counter->ignored)
			continue;
		if (!mig_counter_is_taken_over(counter))
		{
			tie_behind_partitions(counter, precede);
			continue;
		}
		action = beginning_of(counter);
		foreach(from, mig_counter_sources(counter))
		{
			const MigObject *old = lfirst(from);

			precede(action, end_of(old));
			if (old->successor != NULL && old->successor != counter)
				precede(beginning_of(old->successor), action);
		}
	}
}

/* Counters go on behind values that partitions bring back with them. */
static void
tie_behind_partitions(const MigObject *counter, MigPrecede precede)
{
	const ListCell *lc;
	const ListCell *below;
	const ListCell *own;
	const ListCell *alter;

	foreach(lc, mig_counter_sources(counter))
	{
		const MigObject *table = ((const MigObject *) lfirst(lc))->parent;

		foreach(below, mig_goes(table) ?
				mig_table_descendants(table->twin) : NIL)
		{
			foreach(own, counter->alters)
			{
				foreach(alter, ((const MigObject *) lfirst(below))->alters)
					precede(lfirst(alter), lfirst(own));
			}
		}
	}
}

static MigAction *
beginning_of(const MigObject *counter)
{
	return counter->kind->id == MIG_COLUMN ?
		mig_column_identity_action(counter) : counter->made;
}

static MigAction *
end_of(const MigObject *counter)
{
	return counter->kind->id == MIG_COLUMN && !mig_goes(counter->parent) ?
		mig_column_identity_action(counter->twin) : counter->unmade;
}
