/*-------------------------------------------------------------------------
 *
 * model/prerequisites.c
 *	  What is not compared, but must stand where something is tried.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/prerequisites.h"

#include "miscadmin.h"
#include "sch/body.h"
#include "sch/snapshot.h"

static void need(MigObject *object, List **needed, List **work);

/*
 * What is ignored, and what objects that are compared depend on, there or in
 * the end, or bodies that the scripts make are about; it is not ignored any
 * more.
 */
List *
mig_needed_find(const MigSnapshot *from, const MigSnapshot *to,
				const MigDiff *up, const MigDiff *down)
{
	List	   *needed = NIL;
	List	   *work = list_copy(from->objects);
	const ListCell *lc;
	const ListCell *on;

	foreach(lc, to->objects)
	{
		const MigObject *object = lfirst(lc);

		foreach(on, object->ignored ? NIL : object->depends)
		{
			const MigObject *other = ((MigDepend *) lfirst(on))->object;

			if (other->ignored)
				need(mig_snapshot_find(from, other->kind->id,
									   other->identity), &needed, &work);
		}
	}
	foreach(lc, list_concat(mig_body_named_ignored(up, from),
							mig_body_named_ignored(down, from)))
		need(lfirst(lc), &needed, &work);
	while (work != NIL)
	{
		MigObject  *object = llast(work);

		CHECK_FOR_INTERRUPTS();
		work = list_delete_last(work);
		if (object->ignored)
			continue;
		foreach(lc, object->depends)
			need(((MigDepend *) lfirst(lc))->object, &needed, &work);
		need(object->parent, &needed, &work);
		need(object->owner_column, &needed, &work);
	}
	return needed;
}

/* Leave them out, or let them count again. */
void
mig_needed_ignore(const List *needed, bool ignored)
{
	const ListCell *lc;

	foreach(lc, needed)
		((MigObject *) lfirst(lc))->ignored = ignored;
}

/* Of a table that is only needed, its columns and what stands in them. */
static void
need(MigObject *object, List **needed, List **work)
{
	ListCell   *lc;

	if (object == NULL || !object->ignored || object->elsewhere ||
		(object->kind->flags & MIG_KIND_PRIVILEGES) != 0)
		return;
	object->ignored = object->left_out = false;
	*needed = lappend(*needed, object);
	*work = lappend(*work, object);
	foreach(lc, object->children)
	{
		MigObject  *child = lfirst(lc);

		if ((child->kind->flags & MIG_KIND_INLINE) != 0)
			need(child, needed, work);
	}
}
