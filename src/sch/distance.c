/*-------------------------------------------------------------------------
 *
 * sch/distance.c
 *	  How much two snapshots differ.
 *
 * Of use where it is to be seen which of two ways to pair objects is meant:
 * that the columns of a table stand in another order is no difference to a
 * comparison, but it tells which of them is which.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/distance.h"

#include "kind/column_values.h"
#include "sch/action.h"
#include "sch/alike.h"

static int	changes_of(const MigObject *from);
static bool follows_name(const MigObject *object, int attribute);
static int	columns_out_of_order(const MigObject *table);

/* The snapshots have been paired. */
MigDistance
mig_distance(const MigDiff *diff)
{
	MigDistance distance = {0};
	const ListCell *lc;

	foreach(lc, diff->from->objects)
	{
		const MigObject *from = lfirst(lc);

		if (from->ignored)
			continue;
		distance.changes += changes_of(from);
		distance.names += from->renamed;
		if (from->kind->id == MIG_TABLE && from->twin != NULL)
			distance.order += columns_out_of_order(from);
	}
	foreach(lc, diff->to->objects)
	{
		const MigObject *to = lfirst(lc);

		distance.changes += !to->ignored && to->twin == NULL;
	}
	return distance;
}

/*
 * Which is greater?  Names decide where nothing else does: those that the
 * server made of the name of a table do not follow it, so that partitions
 * which have changed places differ in them alone.  Nor does the order count.
 */
int
mig_distance_compare(const MigDistance *one, const MigDistance *other)
{
	if (one->changes != other->changes)
		return one->changes - other->changes;
	return one->names - other->names;
}

static int
changes_of(const MigObject *from)
{
	int			n;

	if (from->twin == NULL)
		return 1;
	n = !mig_same(from->comment, from->twin->comment);
	for (int i = 0; i < from->kind->nattributes; i++)
		n += !follows_name(from, i) &&
			mig_alike_differs_in(from, from->twin, i);
	return n;
}

/* Is it a name that the server makes of that of the table, if nobody does? */
static bool
follows_name(const MigObject *object, int attribute)
{
	return object->kind->id == MIG_COLUMN &&
		(attribute == NOT_NULL_NAME || attribute == SEQUENCE_GIVEN);
}

/* Columns that the other table has before the one that precedes them here */
static int
columns_out_of_order(const MigObject *table)
{
	int			n = 0;
	int			last = 0;
	const ListCell *lc;

	foreach(lc, table->children)
	{
		const MigObject *column = lfirst(lc);

		if (column->kind->id != MIG_COLUMN || column->twin == NULL)
			continue;
		n += column->twin->address.objsubid < last;
		last = column->twin->address.objsubid;
	}
	return n;
}
