/*-------------------------------------------------------------------------
 *
 * model/rename_swap.c
 *	  Objects that are to have each other's names.
 *
 * Where the names that wishes are for are taken by what other wishes are
 * about, all around, one object steps aside under a third name.  Names do not
 * tell whether that has been done already: both are there before and after.
 * So the comparison is made with the names as they are and with the others,
 * and the nearer one holds; see model/compare.c, which sets the state.
 *
 * Routines are left out: one that has another's name and body is replaced.
 *
 * A view that has the name which a table is to have steps aside as well, with
 * no wish about it: what it has can be had again, rows cannot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "commands/defrem.h"
#include "model/rename_catalog.h"
#include "model/rename_swap.h"
#include "utils/lsyscache.h"

static List *view_steps(const MigRenames *aliases, const MigRenameWish *wish);
static bool is_view(const ObjectAddress *object);
static bool models_view(const MigRenames *aliases, const char *schema,
						const char *name);
static List *circle_of(const MigRenames *aliases, MigRenameWish *wish,
					   MigRenameLevel level);
static MigRenameWish *wish_about(const MigRenames *aliases,
								 MigRenameLevel level, const char *name,
								 const ObjectAddress *object);
static MigSwap *swap_of(const MigRenames *aliases, const MigRenameWish *wish);
static MigRenameWish *step(const MigRenameWish *wish);

/*
 * The first wish of a circle that is to be gone round, or NULL.  Circles that
 * nobody has seen yet are noted, for a decision.
 */
MigRenameWish *
mig_rename_swap_first(MigRenames *aliases, MigRenameLevel level)
{
	for (int i = 0; i < list_length(aliases->wishes); i++)
	{
		MigRenameWish *wish = list_nth(aliases->wishes, i);
		MigSwap    *swap = swap_of(aliases, wish);
		List	   *circle = circle_of(aliases, wish, level);

		if (circle == NIL)
			continue;
		if (swap == NULL)
		{
			swap = palloc0(sizeof(MigSwap));
			swap->wishes = circle;
			aliases->swaps = lappend(aliases->swaps, swap);
		}
		if (swap->state == MIG_SWAP_WANTED)
			return wish;
	}
	return NULL;
}

/* Two wishes that stand for one: for a third name, and from there. */
List *
mig_rename_swap_steps(MigRenameWish *wish, const ObjectAddress *object)
{
	MigRenameWish *aside = step(wish);
	MigRenameWish *back = step(wish);
	const char *old = mig_rename_old_name(wish);
	char	   *name = makeObjectName(old, NULL, "swap");

	for (int i = 2; !mig_rename_catalog_is_free(object, name, NULL); i++)
		name = makeObjectName(old, NULL, psprintf("swap%d", i));
	aside->name = name;
	aside->to_schema = NULL;
	if (wish->member == NULL)
		back->object = name;
	else
		back->member = name;
	wish->done = true;
	return list_make2(aside, back);
}

/* Likewise for the first view that is in the way of a wish, or NIL. */
List *
mig_rename_swap_view(const MigRenames *aliases)
{
	const ListCell *lc;

	foreach(lc, aliases->wishes)
	{
		const MigRenameWish *wish = lfirst(lc);
		List	   *steps = NIL;

		if (!wish->done && !wish->derived && wish->to_schema == NULL &&
			mig_rename_level(wish) == MIG_RENAME_OBJECTS &&
			!mig_rename_is_swap(aliases, wish))
			steps = view_steps(aliases, wish);
		if (steps != NIL)
			return steps;
	}
	return NIL;
}

/*
 * A view goes on to the name that becomes free if the model has one there;
 * else the third name is the one that it goes under.
 */
static List *
view_steps(const MigRenames *aliases, const MigRenameWish *wish)
{
	MigRenameWish *other;
	ObjectAddress object;
	ObjectAddress view;
	List	   *steps;

	if (!mig_rename_find(aliases, wish, &object) ||
		object.classId != RelationRelationId || is_view(&object) ||
		mig_rename_is_refused(aliases, &object, wish->name) ||
		!mig_rename_find_occupant(aliases, wish, &view) || !is_view(&view) ||
		models_view(aliases, wish->schema, wish->name) ||
		OidIsValid(getExtensionOfObject(view.classId, view.objectId)))
		return NIL;
	other = palloc0(sizeof(MigRenameWish));
	other->type = OBJECT_VIEW;
	other->schema = wish->schema;
	other->object = wish->name;
	other->name = wish->object;
	steps = mig_rename_swap_steps(other, &view);
	((MigRenameWish *) linitial(steps))->makes_way = true;
	return models_view(aliases, wish->schema, wish->object) ? steps :
		list_truncate(steps, 1);
}

/* Is it done, and the view that stepped aside has the old name? */
bool
mig_rename_swap_has_view(const MigRenames *aliases, const MigRenameWish *wish)
{
	ObjectAddress view;
	ObjectAddress object;

	return mig_rename_level(wish) == MIG_RENAME_OBJECTS &&
		wish->to_schema == NULL &&
		mig_rename_find(aliases, wish, &view) && is_view(&view) &&
		mig_rename_find_occupant(aliases, wish, &object) &&
		!is_view(&object) &&
		models_view(aliases, wish->schema, wish->object) &&
		!models_view(aliases, wish->schema, wish->name);
}

static bool
is_view(const ObjectAddress *object)
{
	char		relkind = get_rel_relkind(object->objectId);

	return object->classId == RelationRelationId &&
		(relkind == RELKIND_VIEW || relkind == RELKIND_MATVIEW);
}

/* Does the model create a view of the name? */
static bool
models_view(const MigRenames *aliases, const char *schema, const char *name)
{
	const ListCell *lc;

	foreach(lc, aliases->model->objects)
	{
		const MigModelObject *object = lfirst(lc);

		if ((object->type == OBJECT_VIEW || object->type == OBJECT_MATVIEW) &&
			object->member == NULL &&
			mig_model_object_is_at(object, schema, name))
			return true;
	}
	return false;
}

static MigRenameWish *
step(const MigRenameWish *wish)
{
	MigRenameWish *copy = palloc(sizeof(MigRenameWish));

	*copy = *wish;
	copy->derived = copy->in_swap = true;
	return copy;
}

/* Is a wish part of a circle, whatever becomes of that? */
bool
mig_rename_is_swap(const MigRenames *aliases, const MigRenameWish *wish)
{
	return swap_of(aliases, wish) != NULL;
}

/* One that is not decided, or NULL. */
MigSwap *
mig_rename_open_swap(const MigRenames *aliases)
{
	const ListCell *lc;

	foreach(lc, aliases->swaps)
	{
		if (((MigSwap *) lfirst(lc))->state == MIG_SWAP_OPEN)
			return lfirst(lc);
	}
	return NULL;
}

/* The wishes of those of which nothing tells whether they are done. */
List *
mig_rename_unknown_swaps(const MigRenames *aliases)
{
	List	   *wishes = NIL;
	const ListCell *lc;

	foreach(lc, aliases->swaps)
	{
		const MigSwap *swap = lfirst(lc);

		if (swap->state == MIG_SWAP_UNKNOWN)
			wishes = list_concat(wishes, swap->wishes);
	}
	return wishes;
}

/*
 * The wishes from one to the next, each about what has the name that the one
 * before is for, if they end where they begin.
 */
static List *
circle_of(const MigRenames *aliases, MigRenameWish *wish,
		  MigRenameLevel level)
{
	List	   *circle = NIL;
	MigRenameWish *at = wish;

	if (wish->done || wish->derived || mig_rename_level(wish) != level)
		return NIL;
	do
	{
		ObjectAddress object;
		ObjectAddress occupant;

		if (!mig_rename_find(aliases, at, &object) ||
			mig_rename_is_refused(aliases, &object, at->name) ||
			!mig_rename_find_occupant(aliases, at, &occupant))
			return NIL;
		circle = lappend(circle, at);
		at = wish_about(aliases, level, at->name, &occupant);
		if (at == NULL || (at != wish && list_member_ptr(circle, at)))
			return NIL;
	} while (at != wish);
	return list_length(circle) > 1 ? circle : NIL;
}

static MigRenameWish *
wish_about(const MigRenames *aliases, MigRenameLevel level, const char *name,
		   const ObjectAddress *object)
{
	const ListCell *lc;

	foreach(lc, aliases->wishes)
	{
		MigRenameWish *wish = lfirst(lc);
		ObjectAddress found;

		if (!wish->done && !wish->derived &&
			mig_rename_level(wish) == level &&
			strcmp(mig_rename_old_name(wish), name) == 0 &&
			mig_rename_find(aliases, wish, &found) &&
			mig_rename_same(&found, object))
			return wish;
	}
	return NULL;
}

static MigSwap *
swap_of(const MigRenames *aliases, const MigRenameWish *wish)
{
	const ListCell *lc;

	foreach(lc, aliases->swaps)
	{
		MigSwap    *swap = lfirst(lc);

		if (list_member_ptr(swap->wishes, wish))
			return swap;
	}
	return NULL;
}
