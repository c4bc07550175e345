/*-------------------------------------------------------------------------
 *
 * sch/upsert.c
 *	  What writes rows into a table or, on conflict, updates them.
 *
 * For ON CONFLICT DO UPDATE the server gives a statement a row "excluded" with
 * all columns of the table, so that a rule, or a routine whose body it has
 * parsed, depends on all that are there when it is made: on those as well
 * that the same script drops, if it is made before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/upsert.h"

#include "miscadmin.h"
#include "sch/action.h"

static bool uses_all(const MigObject *object, const MigObject *table);
static bool has_upsert(const MigObject *object);
static void after_drops(const MigObject *object, const MigObject *table,
						MigPrecede precede);

/*
 * Would a new object use an old one, a column, if it replaced what does before
 * that goes?
 */
bool
mig_upsert_uses_old(const MigObject *object, const MigObject *old)
{
	return old->kind->id == MIG_COLUMN && old->parent->twin != NULL &&
		has_upsert(object) && uses_all(object, old->parent->twin);
}

/*
 * Does an object use all columns of a table?  The text may say what it does on
 * conflict of another table, or in a literal; it costs little to be wrong.
 */
static bool
uses_all(const MigObject *object, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		const MigObject *column = lfirst(lc);

		if (column->kind->id == MIG_COLUMN && !mig_depends_on(object, column))
			return false;
	}
	return true;
}

/* As the server prints it, in a body or rule that it has parsed. */
static bool
has_upsert(const MigObject *object)
{
	const MigKind *kind = object->kind;

	if ((kind->id != MIG_FUNCTION && kind->id != MIG_RULE) ||
		(kind->body != NULL && kind->body(object) != NULL))
		return false;
	for (int i = 0; i < kind->nattributes; i++)
	{
		if (kind->attributes[i].deparsed && object->values[i] != NULL &&
			strstr(object->values[i], " DO UPDATE SET ") != NULL)
			return true;
	}
	return false;
}

/*
 * Let it be made when the columns have gone that its tables lose.  "precede"
 * notes that an action comes before another.
 */
void
mig_upsert_tie(MigDiff *diff, MigPrecede precede)
{
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		const MigObject *object = lfirst(lc);
		const MigObject *last = NULL;
		const ListCell *on;

		CHECK_FOR_INTERRUPTS();
		if (object->ignored ||
			(object->made == NULL && object->alters == NIL) ||
			!has_upsert(object))
			continue;
		foreach(on, object->depends)
		{
			const MigObject *column = ((MigDepend *) lfirst(on))->object;

			if (column->kind->id != MIG_COLUMN || column->parent == last)
				continue;
			last = column->parent;
			if (last->twin != NULL && uses_all(object, last))
				after_drops(object, last->twin, precede);
		}
	}
}

/* What makes or replaces an object comes after old columns are dropped. */
static void
after_drops(const MigObject *object, const MigObject *table,
			MigPrecede precede)
{
	const ListCell *lc;
	const ListCell *alter;

	foreach(lc, table->children)
	{
		const MigObject *column = lfirst(lc);

		if (column->kind->id != MIG_COLUMN || column->unmade == NULL)
			continue;
		precede(column->unmade, object->made);
		foreach(alter, object->alters)
		{
			MigAction  *action = lfirst(alter);

			if (!action->satellite)
				precede(column->unmade, action);
		}
	}
}
