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
#include "model/rename_catalog.h"
#include "model/rename_sql.h"
#include "util/settings.h"
#include "util/sql.h"
#include "util/subxact.h"

#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/catcache.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "compat.h"

/* What is called while names are changed. */
typedef struct Renamed
{
	MigRenames *aliases;
	void		(*within) (void *arg);
	void	   *arg;
} Renamed;

/* Which wishes are granted now. */
typedef enum Level
{
	SCHEMAS,
	OBJECTS,
	MEMBERS,
	NLEVELS
} Level;

static MigRenameWish *wish_of_mark(const MigRenameMark *mark);
static MigRenameWish *wish_of_change(const MigRenames *aliases,
									 const MigNameChange *change);
static List *split_name(const char *name);
static const char *behind_prefix(const MigNameChange *change);
static bool is_schema(const MigRenames *aliases, const char *name);
static Level level_of(const MigRenameWish *wish);
static void call_renamed(void *arg);
static void grant_wishes(MigRenames *aliases);
static bool grant_level(MigRenames *aliases, Level level);
static bool grant(MigRenames *aliases, MigRenameWish *wish);
static bool is_refused(const MigRenames *aliases, const ObjectAddress *object,
					   const char *name);
static bool is_kept(const MigRenames *aliases, const MigRenameWish *wish);
static bool find_object(const MigRenames *aliases, const MigRenameWish *wish,
						ObjectAddress *object);
static bool find_schema(const char *name, ObjectAddress *object);
static bool find_in_schema(const MigRenames *aliases,
						   const MigRenameWish *wish, Oid nsp,
						   const char *name, ObjectAddress *object);
static bool find_routine(const MigRenames *aliases, const MigRenameWish *wish,
						 Oid nsp, ObjectAddress *object);
static bool find_member(const MigRenameWish *wish, const ObjectAddress *on,
						ObjectAddress *object);
static bool find_on_table(const MigRenameWish *wish, Oid relid,
						  ObjectAddress *object);
static bool find_on_type(const MigRenameWish *wish, Oid type,
						 ObjectAddress *object);
static const char *current_name(const MigRenames *aliases, Oid class_id,
								const char *schema, const char *name);
static void add_alias(MigRenames *aliases, MigRenameWish *wish,
					  const ObjectAddress *object);
static void wish_for_sequences(MigRenames *aliases, const MigRename *alias);
static void wish_for_sequence(MigRenames *aliases, const MigRename *alias,
							  Oid sequence);
static void wish_for_multirange(MigRenames *aliases, const MigRename *alias);
static char *multirange_name(const char *range);
static void derive_wish(MigRenames *aliases, ObjectType type, Oid nsp,
						char *old, char *name);

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

	wish->type = mark->type;
	wish->schema = mark->schema;
	if (mark->member == NULL)
	{
		wish->object = mark->old;
		wish->name = mark->object;
		return wish;
	}
	if (mark->type != OBJECT_TRIGGER && mark->type != OBJECT_RULE &&
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
	if (n > 2)
		wish->member = lthird(parts);
	if (n < 2 || n > 3)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("malformed name \"%s\" in renames", change->old),
				 errhint("For example: {\"public.users.name\": \"full_name\"}.")));
	return wish;
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

		if (level_of(wish) == SCHEMAS && strcmp(wish->object, name) == 0)
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
	ErrorData  *error;

	if (aliases->wishes == NIL)
	{
		within(arg);
		return;
	}
	error = mig_subxact_try(call_renamed, &renamed);
	if (error != NULL)
		ReThrowError(error);
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
		const MigRename *alias = lfirst(lc);

		if (!mig_rename_catalog(&alias->address, alias->old, alias->name,
								false))
			return false;
	}
	return true;
}

/*
 * Take back aliases of which nothing comes: what has the new name in the model
 * is none of their objects.  The comparison must be made once more.
 */
void
mig_rename_refuse(MigRenames *aliases, List *useless)
{
	const ListCell *lc;
	List	   *kept = NIL;

	aliases->refused = list_concat(aliases->refused, useless);
	aliases->found = NIL;
	foreach(lc, aliases->wishes)
	{
		MigRenameWish *wish = lfirst(lc);

		wish->done = false;
		if (!wish->derived)
			kept = lappend(kept, wish);
	}
	aliases->wishes = kept;
}

/* Names are printed as the scripts have them. */
static void
grant_wishes(MigRenames *aliases)
{
	int			level = NewGUCNestLevel();

	mig_settings_set("search_path", mig_names_path(aliases->unqualified));
	for (Level i = SCHEMAS; i < NLEVELS; i++)
	{
		while (grant_level(aliases, i))
			CHECK_FOR_INTERRUPTS();
	}
	AtEOXact_GUC(false, level);
}

/* Returns whether a wish was granted. */
static bool
grant_level(MigRenames *aliases, Level level)
{
	bool		any = false;

	for (int i = 0; i < list_length(aliases->wishes); i++)
	{
		MigRenameWish *wish = list_nth(aliases->wishes, i);

		if (!wish->done && level_of(wish) == level &&
			grant(aliases, wish))
			any = true;
	}
	return any;
}

/*
 * When is it a wish's turn?  Names in a name hold by then: schemas are renamed
 * before what is in them, and that before its members.
 */
static Level
level_of(const MigRenameWish *wish)
{
	if (!wish->any_type && wish->type == OBJECT_SCHEMA)
		return SCHEMAS;
	return wish->member == NULL ? OBJECTS : MEMBERS;
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

	if (is_kept(aliases, wish) || !find_object(aliases, wish, &object) ||
		is_refused(aliases, &object, wish->name) ||
		OidIsValid(getExtensionOfObject(object.classId, object.objectId)) ||
		!mig_rename_catalog_is_free(&object, wish->name))
		return false;
	/* there may be more routines of the name */
	wish->done = object.classId != ProcedureRelationId;
	add_alias(aliases, wish, &object);
	return true;
}

/* Has it turned out that nothing comes of renaming an object? */
static bool
is_refused(const MigRenames *aliases, const ObjectAddress *object,
		   const char *name)
{
	const ListCell *lc;

	foreach(lc, aliases->refused)
	{
		const MigRename *alias = lfirst(lc);

		if (alias->address.classId == object->classId &&
			alias->address.objectId == object->objectId &&
			alias->address.objectSubId == object->objectSubId &&
			strcmp(alias->name, name) == 0)
			return true;
	}
	return false;
}

/* Does the model still create what has the old name, and not the new one? */
static bool
is_kept(const MigRenames *aliases, const MigRenameWish *wish)
{
	bool		has_old = false;
	bool		has_new = false;
	const ListCell *lc;

	if (wish->member != NULL)
		return false;
	foreach(lc, aliases->model->objects)
	{
		const MigModelObject *object = lfirst(lc);

		if (object->name == NULL || object->member != NULL ||
			(wish->schema != NULL && object->schema != NULL &&
			 strcmp(object->schema, wish->schema) != 0))
			continue;
		has_old |= strcmp(object->name, wish->object) == 0;
		has_new |= strcmp(object->name, wish->name) == 0;
	}
	return has_old && !has_new;
}

/* Find what a wish is about, under the names that hold now. */
static bool
find_object(const MigRenames *aliases, const MigRenameWish *wish,
			ObjectAddress *object)
{
	const char *schema;
	const char *name = wish->object;
	ObjectAddress on;
	Oid			nsp;

	if (level_of(wish) == SCHEMAS)
		return find_schema(wish->object, object);
	if (wish->schema == NULL)
		return false;
	schema = current_name(aliases, NamespaceRelationId, NULL, wish->schema);
	nsp = get_namespace_oid(schema, true);
	if (!OidIsValid(nsp) || !mig_has_name(aliases->schemas, schema))
		return false;
	if (wish->member == NULL)
		return find_in_schema(aliases, wish, nsp, name, object);
	if (!wish->by_new_name)
		name = current_name(aliases, InvalidOid, schema, name);
	return find_in_schema(aliases, wish, nsp, name, &on) &&
		find_member(wish, &on, object);
}

/* A schema by its name, if the caller owns it: others cannot rename it. */
static bool
find_schema(const char *name, ObjectAddress *object)
{
	ObjectAddressSet(*object, NamespaceRelationId,
					 get_namespace_oid(name, true));
	return OidIsValid(object->objectId) &&
		object_ownercheck(NamespaceRelationId, object->objectId, GetUserId());
}

/*
 * An object by its name in a schema: a relation, else a type, else a routine.
 *
 * What the wish says about the type is used only to tell routines from the
 * rest, for relations and types share their names; and routines have no
 * members.
 */
static bool
find_in_schema(const MigRenames *aliases, const MigRenameWish *wish, Oid nsp,
			   const char *name, ObjectAddress *object)
{
	bool		is_routine;

	is_routine = !wish->any_type &&
		(wish->type == OBJECT_FUNCTION || wish->type == OBJECT_PROCEDURE ||
		 wish->type == OBJECT_AGGREGATE);
	if (!is_routine)
	{
		ObjectAddressSet(*object, RelationRelationId,
						 get_relname_relid(name, nsp));
		if (OidIsValid(object->objectId))
			return true;
		ObjectAddressSet(*object, TypeRelationId,
						 GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
										 CStringGetDatum(name),
										 ObjectIdGetDatum(nsp)));
		if (OidIsValid(object->objectId))
			return true;
	}
	return (is_routine || wish->any_type) && wish->member == NULL &&
		find_routine(aliases, wish, nsp, object);
}

/* Of several with the name, one after the other is found. */
static bool
find_routine(const MigRenames *aliases, const MigRenameWish *wish, Oid nsp,
			 ObjectAddress *object)
{
	CatCList   *list = SearchSysCacheList1(PROCNAMEARGSNSP,
										   CStringGetDatum(wish->object));
	bool		found = false;

	for (int i = 0; i < list->n_members && !found; i++)
	{
		Form_pg_proc form = (Form_pg_proc) GETSTRUCT(&list->members[i]->tuple);

		ObjectAddressSet(*object, ProcedureRelationId, form->oid);
		found = form->pronamespace == nsp &&
			!is_refused(aliases, object, wish->name) &&
			mig_rename_catalog_is_free(object, wish->name);
	}
	ReleaseSysCacheList(list);
	return found;
}

/* A part of what was found, by the old name of it. */
static bool
find_member(const MigRenameWish *wish, const ObjectAddress *on,
			ObjectAddress *object)
{
	if (on->classId == RelationRelationId)
		return find_on_table(wish, on->objectId, object);
	return find_on_type(wish, on->objectId, object);
}

/* A column, constraint, trigger, policy or rule that is not inherited. */
static bool
find_on_table(const MigRenameWish *wish, Oid relid, ObjectAddress *object)
{
	const char *name = wish->member;
	bool		any = wish->any_type;
	AttrNumber	column;

	column = any || wish->type == OBJECT_COLUMN ?
		get_attnum(relid, name) : InvalidAttrNumber;
	if (column > 0)
	{
		HeapTuple	tuple = SearchSysCacheAttNum(relid, column);
		bool		inherited;

		inherited = ((Form_pg_attribute) GETSTRUCT(tuple))->attinhcount > 0;
		ReleaseSysCache(tuple);
		ObjectAddressSubSet(*object, RelationRelationId, relid, column);
		return !inherited;
	}
	for (int i = 0; i < MIG_TABLE_PARTS; i++)
	{
		const MigTablePart *part = &mig_rename_parts[i];

		if (!any && wish->type != part->type)
			continue;
		ObjectAddressSet(*object, part->class_id,
						 part->find(relid, name, true));
		if (OidIsValid(object->objectId))
			return true;
	}
	return false;
}

/* A value of an enum, or a constraint of a domain. */
static bool
find_on_type(const MigRenameWish *wish, Oid type, ObjectAddress *object)
{
	if (SearchSysCacheExists2(ENUMTYPOIDNAME, ObjectIdGetDatum(type),
							  CStringGetDatum(wish->member)))
	{
		ObjectAddressSet(*object, EnumRelationId, type);
		return true;
	}
	ObjectAddressSet(*object, ConstraintRelationId,
					 get_domain_constraint_oid(type, wish->member, true));
	return OidIsValid(object->objectId);
}

/* What has the name now that it had before; of any class: InvalidOid. */
static const char *
current_name(const MigRenames *aliases, Oid class_id, const char *schema,
			 const char *name)
{
	const ListCell *lc;

	foreach(lc, aliases->found)
	{
		const MigRename *alias = lfirst(lc);
		const MigRenameWish *wish = alias->wish;

		if (wish->member != NULL || strcmp(alias->old, name) != 0 ||
			(OidIsValid(class_id) && alias->address.classId != class_id))
			continue;
		if (schema == NULL ||
			strcmp(current_name(aliases, NamespaceRelationId, NULL,
								wish->schema), schema) == 0)
			return alias->name;
	}
	return name;
}

/* Rename an object, and note its statements. */
static void
add_alias(MigRenames *aliases, MigRenameWish *wish,
		  const ObjectAddress *object)
{
	MigRename  *alias = palloc0(sizeof(MigRename));

	alias->wish = wish;
	alias->address = *object;
	alias->old = wish->member == NULL ? wish->object : wish->member;
	alias->name = wish->name;
	alias->upgrade = mig_rename_sql(object, alias->old, alias->name,
									aliases->unqualified);
	(void) mig_rename_catalog(object, alias->old, alias->name, true);
	alias->downgrade = mig_rename_sql(object, alias->name, alias->old,
									  aliases->unqualified);
	aliases->found = lappend(aliases->found, alias);
	wish_for_sequences(aliases, alias);
	wish_for_multirange(aliases, alias);
}

/* The sequences of serial columns have names like those of the columns. */
static void
wish_for_sequences(MigRenames *aliases, const MigRename *alias)
{
	const ListCell *lc;

	if (alias->address.classId != RelationRelationId)
		return;
	foreach(lc, getOwnedSequences(alias->address.objectId))
		wish_for_sequence(aliases, alias, lfirst_oid(lc));
}

/*
 * The sequence of a serial column is renamed along, if its name is still the
 * one that the server makes of the table's and the column's old names.
 * Whoever chose another name keeps it.
 */
static void
wish_for_sequence(MigRenames *aliases, const MigRename *alias, Oid sequence)
{
	Oid			table;
	int32		number;
	char	   *column;
	const char *old_table;
	const char *old_column;

	if (!sequenceIsOwned(sequence, DEPENDENCY_AUTO, &table, &number) ||
		get_rel_namespace(sequence) != get_rel_namespace(table) ||
		(alias->address.objectSubId != 0 &&
		 alias->address.objectSubId != number))
		return;
	column = get_attname(table, number, false);
	old_table = alias->address.objectSubId == 0 ? alias->old :
		get_rel_name(table);
	old_column = alias->address.objectSubId == 0 ? column : alias->old;
	if (strcmp(get_rel_name(sequence),
			   makeObjectName(old_table, old_column, "seq")) != 0)
		return;
	derive_wish(aliases, OBJECT_SEQUENCE, get_rel_namespace(sequence),
				get_rel_name(sequence),
				makeObjectName(get_rel_name(table), column, "seq"));
}

/* So is the name of a multirange type made of that of the range type. */
static void
wish_for_multirange(MigRenames *aliases, const MigRename *alias)
{
	Oid			multirange;
	ObjectAddress address;
	char	   *name;

	if (alias->address.classId != TypeRelationId ||
		get_typtype(alias->address.objectId) != TYPTYPE_RANGE)
		return;
	multirange = get_range_multirange(alias->address.objectId);
	ObjectAddressSet(address, TypeRelationId, multirange);
	name = multirange_name(alias->old);
	if (strcmp(name, mig_rename_catalog_name(&address)) == 0)
		derive_wish(aliases, OBJECT_TYPE, get_object_namespace(&address), name,
					multirange_name(alias->name));
}

/* The name that the server gives to the multirange type of a range type. */
static char *
multirange_name(const char *range)
{
	const char *at = strstr(range, "range");
	char	   *name;

	if (at == NULL)
		return makeObjectName(range, NULL, "multirange");
	name = psprintf("%.*smulti%s", (int) (at - range), range, at);
	name[pg_mbcliplen(name, strlen(name), NAMEDATALEN - 1)] = '\0';
	return name;
}

/* Wish for what follows from another wish, and grant it. */
static void
derive_wish(MigRenames *aliases, ObjectType type, Oid nsp, char *old,
			char *name)
{
	MigRenameWish *wish = palloc0(sizeof(MigRenameWish));

	wish->type = type;
	wish->derived = true;
	wish->schema = get_namespace_name(nsp);
	wish->object = old;
	wish->name = name;
	aliases->wishes = lappend(aliases->wishes, wish);
	(void) grant(aliases, wish);
}
