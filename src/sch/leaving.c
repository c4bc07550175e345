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

typedef void (*Asked) (const Departure *departure, MigAction *action,
					   MigHazard *hazard);

static void each_asked(const MigDiff *diff, Asked function);
static void prefer(const Departure *departure, MigAction *action,
				   MigHazard *hazard);
static void note(const Departure *departure, MigAction *action,
				 MigHazard *hazard);
static List *departures(const MigDiff *diff);
static MigAction *leaving(const MigObject *table);
static List *what_leaves(const MigObject *table, const MigObject *above);
static bool asks(const MigHazard *hazard, const MigObject *table);

/* Let tables rather leave before the rows of those above them are asked. */
void
mig_leaving_prefer(const MigDiff *diff)
{
	each_asked(diff, prefer);
}

/* Note with each hazard which tables have left; the actions are in order. */
void
mig_leaving_note(const MigDiff *diff)
{
	each_asked(diff, note);
}

/* Call a function for each hazard about the rows of what a table leaves. */
static void
each_asked(const MigDiff *diff, Asked function)
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
					function(departure, action, lfirst(lh));
			}
		}
	}
}

static void
prefer(const Departure *departure, MigAction *action, MigHazard *hazard)
{
	mig_action_prefer(departure->action, action);
}

/* Add the names of the tables to those that have left the other by then. */
static void
note(const Departure *departure, MigAction *action, MigHazard *hazard)
{
	MigLeft    *entry = NULL;
	const ListCell *lc;

	if (departure->action->place >= action->place)
		return;
	foreach(lc, hazard->left)
	{
		MigLeft    *other = lfirst(lc);

		if (strcmp(other->above, departure->above->identity) == 0)
			entry = other;
	}
	if (entry == NULL)
	{
		entry = palloc0(sizeof(MigLeft));
		entry->above = departure->above->identity;
		hazard->left = lappend(hazard->left, entry);
	}
	foreach(lc, departure->tables)
	{
		const MigObject *table = lfirst(lc);

		entry->tables = lappend(entry->tables, pstrdup(table->identity));
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

			if (other->ignored || mig_table_remains_below(table, other) ||
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
		if (!mig_table_remains_below(lfirst(lc), above))
			tables = lappend(tables, lfirst(lc));
	}
	return tables;
}

/* Is a table among those that a hazard is about? */
static bool
asks(const MigHazard *hazard, const MigObject *table)
{
	return mig_same(hazard->table, table->identity) ||
		mig_has_name(hazard->others, table->identity);
}
