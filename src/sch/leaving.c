/*-------------------------------------------------------------------------
 *
 * sch/leaving.c
 *	  Tables that have left those above them when rows are asked.
 *
 * A partition or child table may be dropped or detached by the script that
 * holds the rows of its parent against something new.  Its own do not count
 * there: it rather leaves before that, and hazards say which tables have left
 * by then.  What comes back to the same table in the end does not leave it,
 * nor does what goes with it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/leaving.h"

#include "kind/table_parents.h"
#include "miscadmin.h"
#include "sch/action.h"
#include "util/sql.h"

/* That a table, and what is below it, leaves one of those above it. */
typedef struct Departure
{
	const MigObject *above;		/* of the old snapshot */
	List	   *tables;			/* of MigObject *, what leaves */
	MigAction  *action;
} Departure;

static List *departures(const MigDiff *diff);
static MigAction *leaving(const MigObject *table);
static List *what_leaves(const MigObject *table, const MigObject *above);
static bool remains(const MigObject *table, const MigObject *above);
static bool asks(const MigHazard *hazard, const MigObject *table);
static List *note(List *left, const Departure *departure);

/* Let tables rather leave before the rows of those above them are asked. */
void
mig_leaving_prefer(const MigDiff *diff)
{
	List	   *leaving = departures(diff);
	const ListCell *lc;
	const ListCell *lh;
	const ListCell *ld;

	foreach(lc, leaving == NIL ? NIL : diff->actions)
	{
		MigAction  *action = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		foreach(lh, action->hazards)
		{
			foreach(ld, leaving)
			{
				const Departure *departure = lfirst(ld);

				if (asks(lfirst(lh), departure->above))
					mig_action_prefer(departure->action, action);
			}
		}
	}
}

/* Note with each hazard which tables have left; the actions are in order. */
void
mig_leaving_note(const MigDiff *diff)
{
	List	   *leaving = departures(diff);
	const ListCell *lc;
	const ListCell *lh;
	const ListCell *ld;

	foreach(lc, leaving == NIL ? NIL : diff->actions)
	{
		const MigAction *action = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		foreach(lh, action->hazards)
		{
			MigHazard  *hazard = lfirst(lh);

			foreach(ld, leaving)
			{
				const Departure *departure = lfirst(ld);

				if (asks(hazard, departure->above) &&
					departure->action->place < action->place)
					hazard->left = note(hazard->left, departure);
			}
		}
	}
}

/* All of them, Departure *. */
static List *
departures(const MigDiff *diff)
{
	List	   *found = NIL;
	const ListCell *lc;
	const ListCell *above;

	foreach(lc, diff->from->objects)
	{
		const MigObject *table = lfirst(lc);
		MigAction  *action = table->ignored ? NULL : leaving(table);

		foreach(above, action == NULL ? NIL : mig_table_ancestors(table))
		{
			const MigObject *other = lfirst(above);
			Departure  *departure;

			if (other->ignored || remains(table, other) ||
				(mig_goes(other) && mig_goes(table)))
				continue;
			departure = palloc(sizeof(Departure));
			departure->above = other;
			departure->tables = what_leaves(table, other);
			departure->action = action;
			found = lappend(found, departure);
		}
	}
	return found;
}

/* The action by which an old table leaves what it inherits from, or NULL. */
static MigAction *
leaving(const MigObject *table)
{
	MigAction  *last = NULL;
	const ListCell *lc;

	if (table->kind->id != MIG_TABLE ||
		table->values[MIG_TABLE_PARENTS] == NULL)
		return NULL;
	if (mig_goes(table))
		return table->unmade;
	foreach(lc, mig_table_is_detached(table) ? table->twin->alters : NIL)
	{
		MigAction  *alter = lfirst(lc);

		if (alter->first && !alter->satellite)
			return alter;
		if (alter->last && !alter->satellite)
			last = alter;
	}
	return last;
}

/* A table, and what is below it, but for what stays below the other. */
static List *
what_leaves(const MigObject *table, const MigObject *above)
{
	List	   *tables = list_make1(unconstify(MigObject *, table));
	const ListCell *lc;

	foreach(lc, mig_table_descendants(table))
	{
		if (!remains(lfirst(lc), above))
			tables = lappend(tables, lfirst(lc));
	}
	return tables;
}

/* Is an old table below another when the script has run? */
static bool
remains(const MigObject *table, const MigObject *above)
{
	return table->twin != NULL && !mig_goes(table) &&
		list_member_ptr(mig_table_ancestors(table->twin), above->twin);
}

/* Is a table among those that a hazard is about? */
static bool
asks(const MigHazard *hazard, const MigObject *table)
{
	return mig_same(hazard->table, table->identity) ||
		mig_has_name(hazard->others, table->identity);
}

/* Add the names of the tables to those that have left the other. */
static List *
note(List *left, const Departure *departure)
{
	MigLeft    *entry = NULL;
	const ListCell *lc;

	foreach(lc, left)
	{
		MigLeft    *other = lfirst(lc);

		if (strcmp(other->above, departure->above->identity) == 0)
			entry = other;
	}
	if (entry == NULL)
	{
		entry = palloc0(sizeof(MigLeft));
		entry->above = departure->above->identity;
		left = lappend(left, entry);
	}
	foreach(lc, departure->tables)
	{
		const MigObject *table = lfirst(lc);

		entry->tables = lappend(entry->tables, pstrdup(table->identity));
	}
	return left;
}
