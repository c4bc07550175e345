/*-------------------------------------------------------------------------
 *
 * model/rename.c
 *	  Lets live objects have the names that the model has for them.
 *
 * That something is to be renamed is said by marks in the model and by the
 * argument "renames" of the functions.  Such a wish is granted where the old
 * name is in the database and the new one is not; others are taken to be
 * fulfilled already.  Then the live schema is read while its objects have
 * their new names, so that all that depends on them compares equal, and the
 * statements that rename them are put at the script's head.
 *
 * Wishes are gone through until none is granted any more, for one may make
 * the way free for another: first schemas, then what is in them, then columns
 * and other members.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/rename.h"
#include "model/rename_along.h"
#include "model/rename_catalog.h"
#include "model/rename_find.h"
#include "model/rename_sql.h"
#include "model/rename_swap.h"
#include "util/settings.h"
#include "util/sql.h"
#include "util/subxact.h"

#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "compat.h"

/* What is called while names are changed. */
typedef struct Renamed
{
	MigRenames *aliases;
	void		(*within) (void *arg);
	void	   *arg;
} Renamed;

static MigRenameWish *wish_of_mark(const MigRenameMark *mark);
static MigRenameWish *wish_of_change(const MigRenames *aliases,
									 const MigNameChange *change);
static void split_target(const MigRenames *aliases, MigRenameWish *wish);
static List *split_name(const char *name);
static const char *behind_prefix(const MigNameChange *change);
static bool is_schema(const MigRenames *aliases, const char *name);
static void note_vain(MigRenames *aliases);
static bool has_member(const MigRenames *aliases, const MigRenameWish *wish);
static char *describe_vain(const MigRenameWish *wish, const char *why);
static void call_renamed(void *arg);
static bool change_catalog(const MigRename *alias, bool may_wait);
static void grant_wishes(MigRenames *aliases);
static bool grant_level(MigRenames *aliases, MigRenameLevel level);
static bool grant_swap(MigRenames *aliases, MigRenameLevel level);
static bool grant_view_aside(MigRenames *aliases);
static bool grant(MigRenames *aliases, MigRenameWish *wish);
static bool find(const MigRenames *aliases, const MigRenameWish *wish,
				 ObjectAddress *object);
static const char *namespace_of(const ObjectAddress *object);
static bool grant_move(MigRenames *aliases, MigRenameWish *wish,
					   const ObjectAddress *object);
static void add_schema(MigRenames *aliases, const char *name);
static bool is_kept(const MigRenames *aliases, const MigRenameWish *wish);
static void add_alias(MigRenames *aliases, MigRenameWish *wish,
					  const ObjectAddress *object, const char *to_schema);
static void add_constructors(MigRenames *aliases, const MigRename *type,
							 const char *from);
static void grant_along(MigRenames *aliases, List *wishes);

/* Note all wishes; model and schemas are set. */
void
mig_rename_begin(MigRenames *aliases, const List *changes)
{
	const ListCell *lc;

	foreach(lc, aliases->model->renames)
		aliases->wishes = lappend(aliases->wishes, wish_of_mark(lfirst(lc)));
	foreach(lc, changes)
		aliases->wishes = lappend(aliases->wishes,
								  wish_of_change(aliases, lfirst(lc)));
}

/*
 * The schemas that objects are to leave for others of the model, char *; they
 * have to be managed.
 */
List *
mig_rename_schemas_left(const MigModel *model, const List *changes)
{
	List	   *schemas = NIL;
	const ListCell *lc;

	foreach(lc, model->renames)
	{
		const MigRenameMark *mark = lfirst(lc);

		if (mark->old_schema != NULL)
			schemas = lappend(schemas, mark->old_schema);
	}
	foreach(lc, changes)
	{
		const MigNameChange *change = lfirst(lc);
		List	   *from = split_name(change->old);
		List	   *to = split_name(change->name);

		if (list_length(from) == 2 && list_length(to) == 2 &&
			mig_has_name(model->schemas, linitial(to)))
			schemas = lappend(schemas, linitial(from));
	}
	return schemas;
}

/*
 * The wish that a comment in the model stands for.
 *
 * The model has new names everywhere: a member's mark names its table as it
 * will be, hence by_new_name.  Of members only triggers, rules and policies
 * are told apart from columns by what the mark stands at.
 */
static MigRenameWish *
wish_of_mark(const MigRenameMark *mark)
{
	MigRenameWish *wish = palloc0(sizeof(MigRenameWish));

	wish->marked = true;
	wish->type = mark->type;
	wish->schema = mark->schema;
	if (mark->member == NULL)
	{
		wish->object = mark->old;
		wish->name = mark->object;
		wish->behind = mark->behind;
		if (mark->old_schema != NULL &&
			strcmp(mark->old_schema, mark->schema) != 0)
		{
			wish->to_schema = mark->schema;
			wish->schema = mark->old_schema;
		}
		return wish;
	}
	if (mark->is_constraint)
		wish->type = OBJECT_TABCONSTRAINT;
	else if (mark->type != OBJECT_TRIGGER && mark->type != OBJECT_RULE &&
			 mark->type != OBJECT_POLICY)
		wish->type = OBJECT_COLUMN;
	wish->by_new_name = true;
	wish->object = mark->object;
	wish->member = mark->old;
	wish->name = mark->member;
	return wish;
}

/*
 * The parts of the old name say schema, object, member; without the schema it
 * is the first one.
 */
static MigRenameWish *
wish_of_change(const MigRenames *aliases, const MigNameChange *change)
{
	MigRenameWish *wish = palloc0(sizeof(MigRenameWish));
	List	   *parts = split_name(change->old);
	int			n = list_length(parts);

	wish->any_type = true;
	wish->name = pstrdup(behind_prefix(change));
	if (n < 3 && !is_schema(aliases, linitial(parts)) &&
		aliases->first_schema != NULL)
	{
		if (n == 1 && mig_has_name(aliases->schemas, wish->name))
		{
			wish->any_type = false;
			wish->type = OBJECT_SCHEMA;
			wish->object = linitial(parts);
			return wish;
		}
		parts = lcons(pstrdup(aliases->first_schema), parts);
		n++;
	}
	wish->schema = linitial(parts);
	if (n > 1)
		wish->object = lsecond(parts);
	if (n == 2)
		split_target(aliases, wish);
	if (n > 2)
		wish->member = lthird(parts);
	if (n < 2 || n > 3)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("malformed name \"%s\" in renames", change->old),
				 errhint("For example: {\"public.users.name\": \"full_name\"}.")));
	return wish;
}

/* Is the new name of an object one in another schema that is managed? */
static void
split_target(const MigRenames *aliases, MigRenameWish *wish)
{
	List	   *parts = split_name(wish->name);

	if (list_length(parts) != 2 ||
		!mig_has_name(aliases->schemas, linitial(parts)))
		return;
	wish->name = lsecond(parts);
	if (strcmp(linitial(parts), wish->schema) != 0)
		wish->to_schema = linitial(parts);
}

/* The parts of a name with dots; quoted ones may have dots and quotes. */
static List *
split_name(const char *name)
{
	List	   *parts = NIL;
	StringInfoData part;
	bool		quoted = false;

	initStringInfo(&part);
	for (; *name != '\0'; name++)
	{
		if (*name == '"' && quoted && name[1] == '"')
			appendStringInfoChar(&part, *name++);
		else if (*name == '"')
			quoted = !quoted;
		else if (*name == '.' && !quoted)
		{
			parts = lappend(parts, pstrdup(part.data));
			resetStringInfo(&part);
		}
		else
			appendStringInfoChar(&part, *name);
	}
	return lappend(parts, part.data);
}

/* The new name, without what it repeats of the old one before the last dot. */
static const char *
behind_prefix(const MigNameChange *change)
{
	const char *dot = strrchr(change->old, '.');
	size_t		length = dot == NULL ? 0 : dot + 1 - change->old;

	if (length > 0 && strncmp(change->old, change->name, length) == 0)
		return change->name + length;
	return change->name;
}

/* Is it the name of a managed schema, before or after it is renamed? */
static bool
is_schema(const MigRenames *aliases, const char *name)
{
	const ListCell *lc;

	foreach(lc, aliases->wishes)
	{
		const MigRenameWish *wish = lfirst(lc);

		if (mig_rename_level(wish) == MIG_RENAME_SCHEMAS &&
			strcmp(wish->object, name) == 0)
			return true;
	}
	return mig_has_name(aliases->schemas, name);
}

/*
 * Rename, call back, and undo it all.
 *
 * Called in a transaction that the caller rolls back or not; what the callback
 * allocates is in the current memory context.  Errors are raised as they are.
 */
void
mig_rename_run(MigRenames *aliases, void (*within) (void *arg), void *arg)
{
	Renamed		renamed = {aliases, within, arg};

	if (aliases->wishes == NIL)
	{
		within(arg);
		return;
	}
	mig_subxact_run(call_renamed, &renamed);
}

static void
call_renamed(void *arg)
{
	const Renamed *renamed = arg;

	grant_wishes(renamed->aliases);
	renamed->within(renamed->arg);
}

/*
 * Rename once more, in a subtransaction that the caller rolls back.
 *
 * Returns false if somebody has a table locked; it does not wait.
 */
bool
mig_rename_again(const MigRenames *aliases)
{
	const ListCell *lc;

	if (aliases == NULL)
		return true;
	foreach(lc, aliases->found)
	{
		if (!change_catalog(lfirst(lc), false))
			return false;
	}
	return true;
}

/* A step of renaming or moving; false if it would have to wait and may not. */
static bool
change_catalog(const MigRename *alias, bool may_wait)
{
	if (alias->old == NULL)
		(void) mig_rename_catalog_add_schema(alias->name);
	else if (alias->to_schema != NULL)
		return mig_rename_catalog_move(&alias->address, alias->to_schema,
									   may_wait);
	else
		return mig_rename_catalog(&alias->address, alias->old, alias->name,
								  may_wait);
	return true;
}

/*
 * Take back aliases of which nothing comes: what has the new name in the model
 * is none of their objects.  The comparison must be made once more.
 */
void
mig_rename_refuse(MigRenames *aliases, List *useless)
{
	aliases->refused = list_concat(aliases->refused, useless);
	(void) mig_rename_restart(aliases);
}

/* Grant no wish, for the comparison to be made once more: true. */
bool
mig_rename_restart(MigRenames *aliases)
{
	const ListCell *lc;
	List	   *kept = NIL;

	aliases->found = NIL;
	foreach(lc, aliases->wishes)
	{
		MigRenameWish *wish = lfirst(lc);

		wish->done = false;
		if (!wish->derived)
			kept = lappend(kept, wish);
	}
	aliases->wishes = kept;
	return true;
}

/* Names are printed as the scripts have them. */
static void
grant_wishes(MigRenames *aliases)
{
	int			level = NewGUCNestLevel();

	mig_settings_set("search_path", mig_names_path(aliases->unqualified));
	for (MigRenameLevel i = 0; i < MIG_RENAME_LEVELS; i++)
	{
		while (grant_level(aliases, i) || grant_swap(aliases, i) ||
			   (i == MIG_RENAME_OBJECTS && grant_view_aside(aliases)))
			CHECK_FOR_INTERRUPTS();
	}
	note_vain(aliases);
	AtEOXact_GUC(false, level);
}

/* Returns whether a wish was granted. */
static bool
grant_level(MigRenames *aliases, MigRenameLevel level)
{
	bool		any = false;

	for (int i = 0; i < list_length(aliases->wishes); i++)
	{
		MigRenameWish *wish = list_nth(aliases->wishes, i);

		if (!wish->done && mig_rename_level(wish) == level &&
			grant(aliases, wish))
			any = true;
	}
	return any;
}

/* One object steps aside, that others can have each other's names. */
static bool
grant_swap(MigRenames *aliases, MigRenameLevel level)
{
	MigRenameWish *wish = mig_rename_swap_first(aliases, level);
	ObjectAddress object;
	List	   *steps;

	if (wish == NULL || !mig_rename_find(aliases, wish, &object))
		return false;
	steps = mig_rename_swap_steps(wish, &object);
	aliases->wishes = list_concat(aliases->wishes, steps);
	return grant(aliases, linitial(steps));
}

/* A view steps aside, that a table can have its name. */
static bool
grant_view_aside(MigRenames *aliases)
{
	List	   *steps = mig_rename_swap_view(aliases);

	if (steps == NIL)
		return false;
	aliases->wishes = list_concat(aliases->wishes, steps);
	return grant(aliases, linitial(steps));
}

/*
 * Note the marks of which nothing can come: what they name is there under both
 * names, or under neither; or its member was meant.  Of what is not there,
 * members say nothing.
 */
static void
note_vain(MigRenames *aliases)
{
	const ListCell *lc;

	aliases->vain = NIL;
	foreach(lc, aliases->wishes)
	{
		MigRenameWish *wish = lfirst(lc);
		ObjectAddress object;
		bool		has_old;

		if (!wish->marked || wish->done || mig_rename_is_routine(wish) ||
			mig_rename_is_swap(aliases, wish) ||
			mig_rename_swap_has_view(aliases, wish))
			continue;
		has_old = mig_rename_find(aliases, wish, &object);
		if (has_old == mig_rename_find_occupant(aliases, wish, &object))
			aliases->vain = lappend(aliases->vain,
									describe_vain(wish, has_old ?
												  "both are there" :
												  "neither is there"));
		else if (!has_old && wish->behind && has_member(aliases, wish))
			aliases->vain = lappend(aliases->vain,
									describe_vain(wish,
												  "that is a name within it, whose mark stands before the end of the statement"));
	}
}

/* Has what is there already a member with the old name? */
static bool
has_member(const MigRenames *aliases, const MigRenameWish *wish)
{
	MigRenameWish member = *wish;
	ObjectAddress object;

	member.any_type = member.by_new_name = true;
	member.object = wish->name;
	member.member = wish->object;
	if (wish->to_schema != NULL)
		member.schema = wish->to_schema;
	return mig_rename_find(aliases, &member, &object);
}

/* A renaming that changes nothing, and why. */
static char *
describe_vain(const MigRenameWish *wish, const char *why)
{
	return psprintf("%s%s%s from %s: %s",
					wish->member == NULL ? "" :
					quote_qualified_identifier(wish->schema, wish->object),
					wish->member == NULL ? "" : ".",
					wish->to_schema == NULL ? quote_identifier(wish->name) :
					quote_qualified_identifier(wish->to_schema, wish->name),
					wish->to_schema == NULL ?
					quote_identifier(mig_rename_old_name(wish)) :
					quote_qualified_identifier(wish->schema, wish->object),
					why);
}

/* Say which marks these are. */
void
mig_rename_tell_vain(const MigRenames *aliases)
{
	StringInfoData buf;
	List	   *vain = list_copy(aliases->vain);
	const ListCell *lc;

	foreach(lc, mig_rename_unknown_swaps(aliases))
		vain = lappend(vain, describe_vain(lfirst(lc), "both are there"));
	if (vain == NIL)
		return;
	initStringInfo(&buf);
	foreach(lc, vain)
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? "\n" : "",
						 (const char *) lfirst(lc));
	ereport(NOTICE,
			(errmsg_plural("%d mark of the model renames nothing",
						   "%d marks of the model rename nothing",
						   list_length(vain), list_length(vain)),
			 errdetail_internal("%s", buf.data),
			 errhint("Is the old name right? A mark that has done its work can be taken out.")));
}

/*
 * Rename what a wish is about, if it is there, is not an extension's, and the
 * new name is free.  False if nothing was renamed: it may become possible when
 * others are renamed, and is tried again.
 */
static bool
grant(MigRenames *aliases, MigRenameWish *wish)
{
	ObjectAddress object;

	if (is_kept(aliases, wish) || !find(aliases, wish, &object) ||
		mig_rename_is_refused(aliases, &object, wish->name) ||
		OidIsValid(getExtensionOfObject(object.classId, object.objectId)) ||
		!mig_rename_catalog_is_free(&object, wish->name, wish->to_schema))
		return false;
	if (wish->to_schema != NULL &&
		strcmp(namespace_of(&object), wish->to_schema) != 0)
		return grant_move(aliases, wish, &object);
	/* there may be more routines of the name */
	wish->done = object.classId != ProcedureRelationId;
	add_alias(aliases, wish, &object, NULL);
	return true;
}

/* What another has moved along is found where it is. */
static bool
find(const MigRenames *aliases, const MigRenameWish *wish,
	 ObjectAddress *object)
{
	MigRenameWish moved = *wish;

	if (mig_rename_find(aliases, wish, object))
		return true;
	moved.schema = wish->to_schema;
	return wish->to_schema != NULL &&
		mig_rename_find(aliases, &moved, object) &&
		!mig_rename_catalog_can_move(object);
}

static const char *
namespace_of(const ObjectAddress *object)
{
	return get_namespace_name(get_object_namespace(object));
}

/*
 * Move an object, and rename it before or after that, as names are free.  The
 * schema is made if it is not there.
 */
static bool
grant_move(MigRenames *aliases, MigRenameWish *wish,
		   const ObjectAddress *object)
{
	bool		renames = strcmp(wish->object, wish->name) != 0;
	bool		moves_first;

	moves_first = mig_rename_catalog_is_free(object, wish->object,
											 wish->to_schema);
	if (!mig_rename_catalog_can_move(object) ||
		(!moves_first &&
		 !mig_rename_catalog_is_free(object, wish->name, NULL)))
		return false;
	wish->done = object->classId != ProcedureRelationId;
	grant_along(aliases, mig_rename_make_way(wish, object));
	if (!OidIsValid(get_namespace_oid(wish->to_schema, true)))
		add_schema(aliases, wish->to_schema);
	if (moves_first)
		add_alias(aliases, wish, object, wish->to_schema);
	if (renames)
		add_alias(aliases, wish, object, NULL);
	if (!moves_first)
		add_alias(aliases, wish, object, wish->to_schema);
	return true;
}

/* Make a schema for what moves there. */
static void
add_schema(MigRenames *aliases, const char *name)
{
	MigRename  *alias = palloc0(sizeof(MigRename));

	alias->wish = palloc0(sizeof(MigRenameWish));
	alias->name = name;
	alias->upgrade = psprintf("CREATE SCHEMA %s", quote_identifier(name));
	alias->downgrade = psprintf("DROP SCHEMA %s", quote_identifier(name));
	(void) change_catalog(alias, true);
	ObjectAddressSet(alias->address, NamespaceRelationId,
					 get_namespace_oid(name, false));
	alias->identity = mig_rename_identity(&alias->address);
	aliases->found = lappend(aliases->found, alias);
}

/* Does the model still create what has the old name, and not the new one? */
static bool
is_kept(const MigRenames *aliases, const MigRenameWish *wish)
{
	bool		has_old = false;
	bool		has_new = false;
	const ListCell *lc;

	if (wish->member != NULL || wish->in_swap)
		return false;
	foreach(lc, aliases->model->objects)
	{
		const MigModelObject *object = lfirst(lc);

		if (object->member != NULL)
			continue;
		has_old |= mig_model_object_is_at(object, wish->schema, wish->object);
		has_new |= mig_model_object_is_at(object, wish->to_schema != NULL ?
										  wish->to_schema : wish->schema,
										  wish->name);
	}
	return has_old && !has_new;
}

/* Rename an object, or move it, and note the statements. */
static void
add_alias(MigRenames *aliases, MigRenameWish *wish,
		  const ObjectAddress *object, const char *to_schema)
{
	MigRename  *alias = palloc0(sizeof(MigRename));
	const char *from = to_schema == NULL ? NULL : namespace_of(object);

	alias->wish = wish;
	alias->address = *object;
	alias->identity = mig_rename_identity(object);
	alias->old = mig_rename_old_name(wish);
	alias->name = wish->name;
	alias->to_schema = to_schema;
	alias->upgrade = to_schema != NULL ?
		mig_move_sql(object, to_schema, aliases->unqualified) :
		mig_rename_sql(object, alias->old, alias->name, aliases->unqualified);
	(void) change_catalog(alias, true);
	alias->downgrade = to_schema != NULL ?
		mig_move_sql(object, from, aliases->unqualified) :
		mig_rename_sql(object, alias->name, alias->old, aliases->unqualified);
	aliases->found = lappend(aliases->found, alias);
	add_constructors(aliases, alias, from);
	grant_along(aliases, mig_rename_along(alias));
}

/*
 * The constructor functions of a range type are called like it; from is the
 * schema that it was in.
 */
static void
add_constructors(MigRenames *aliases, const MigRename *type, const char *from)
{
	ListCell   *lc;

	if (type->address.classId != TypeRelationId)
		return;
	foreach(lc, mig_rename_catalog_constructors(type->address.objectId))
	{
		ObjectAddress function;

		ObjectAddressSet(function, ProcedureRelationId, lfirst_oid(lc));
		if (type->to_schema == NULL ?
			strcmp(mig_rename_catalog_name(&function), type->old) == 0 :
			strcmp(namespace_of(&function), from) == 0)
			add_alias(aliases, type->wish, &function, type->to_schema);
	}
}

/* Grant what follows from a wish that was granted. */
static void
grant_along(MigRenames *aliases, List *wishes)
{
	const ListCell *lc;

	aliases->wishes = list_concat(aliases->wishes, wishes);
	foreach(lc, wishes)
		(void) grant(aliases, lfirst(lc));
}
