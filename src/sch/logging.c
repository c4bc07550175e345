/*-------------------------------------------------------------------------
 *
 * sch/logging.c
 *	  In which order tables become logged or unlogged.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/logging.h"

#include "catalog/pg_class.h"
#include "kind/table_parents.h"
#include "sch/action.h"

static void tie_all(const MigSnapshot *snapshot, MigPrecede precede);
static MigAction *logging_of(const MigObject *table);
static bool is_unlogged(const MigObject *table);

/*
 * Tie those that refer to others, or own them, to these.  "precede" notes that
 * an action comes before another.
 */
void
mig_logging_tie(MigDiff *diff, MigPrecede precede)
{
	tie_all(diff->from, precede);
	tie_all(diff->to, precede);
}

/*
 * A logged table must not refer to an unlogged one: foreign keys go before
 * tables become logged or unlogged and come after it, and those that stay say
 * which table is first.
 */
static void
tie_all(const MigSnapshot *snapshot, MigPrecede precede)
{
	const ListCell *lc;
	const ListCell *on;

	foreach(lc, snapshot->objects)
	{
		const MigObject *key = lfirst(lc);
		MigAction  *action;

		/* a sequence is carried along by the table that owns it */
		if (key->owner_column != NULL && !key->ignored)
			precede(logging_of(key->owner_column->parent), logging_of(key));
		if (key->kind->id != MIG_FOREIGN_KEY || key->ignored)
			continue;
		action = logging_of(key->parent);
		precede(key->unmade, action);
		precede(action, key->made);
		foreach(on, key->depends)
		{
			const MigObject *object = ((MigDepend *) lfirst(on))->object;
			MigAction  *other = logging_of(mig_table_of(object));

			precede(key->unmade, other);
			precede(other, key->made);
			if (key->unmade != NULL || key->made != NULL)
				continue;
			if (action != NULL && is_unlogged(action->object))
				precede(action, other);
			else
				precede(other, action);
		}
	}
}

/* The action by which a table becomes logged or unlogged, or NULL. */
static MigAction *
logging_of(const MigObject *table)
{
	const ListCell *lc;

	if (table->twin == NULL)
		return NULL;
	foreach(lc, table->alters != NIL ? table->alters : table->twin->alters)
	{
		MigAction  *action = lfirst(lc);

		if (action->sets_logging)
			return action;
	}
	return NULL;
}

static bool
is_unlogged(const MigObject *table)
{
	return table->values[MIG_TABLE_PERSISTENCE][0] ==
		RELPERSISTENCE_UNLOGGED;
}
