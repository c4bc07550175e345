/*-------------------------------------------------------------------------
 *
 * model/rename_along.c
 *	  Wishes that follow from others.
 *
 * A sequence is renamed with its column, a multirange type with its range
 * type.  What a table takes along to another schema, its indexes and
 * sequences, may find its name taken there: it steps aside first, and gets the
 * name back once that is free.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/rename_along.h"
#include "model/rename_catalog.h"

#include "access/relation.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "mb/pg_wchar.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

static List *wish_for_sequences(const MigRename *alias);
static List *wish_for_sequence(const MigRename *alias, Oid sequence);
static bool multirange_of(const MigRename *alias, ObjectAddress *multirange);
static List *wish_for_multirange(const MigRename *alias);
static char *multirange_name(const char *range);
static List *derive(ObjectType type, Oid nsp, char *old, char *name,
					const char *to_schema);
static List *taken_along(Oid relid);
static List *step_aside(const MigRenameWish *wish, Oid table, Oid part,
						Oid nsp);

/* What is to be renamed, or moved, with what was. */
List *
mig_rename_along(const MigRename *alias)
{
	return list_concat(wish_for_sequences(alias), wish_for_multirange(alias));
}

/* The sequences of serial and identity columns have names like theirs. */
static List *
wish_for_sequences(const MigRename *alias)
{
	List	   *wishes = NIL;
	const ListCell *lc;

	if (alias->address.classId != RelationRelationId ||
		alias->to_schema != NULL)
		return NIL;
	foreach(lc, getOwnedSequences(alias->address.objectId))
		wishes = list_concat(wishes, wish_for_sequence(alias, lfirst_oid(lc)));
	return wishes;
}

/*
 * The sequence of a serial or identity column is renamed along, if its name is
 * still the one that the server makes of the table's and the column's old
 * names.  Whoever chose another name keeps it.
 */
static List *
wish_for_sequence(const MigRename *alias, Oid sequence)
{
	Oid			table;
	int32		number;
	char	   *column;
	const char *old_table;
	const char *old_column;

	if ((!sequenceIsOwned(sequence, DEPENDENCY_AUTO, &table, &number) &&
		 !sequenceIsOwned(sequence, DEPENDENCY_INTERNAL, &table, &number)) ||
		get_rel_namespace(sequence) != get_rel_namespace(table) ||
		(alias->address.objectSubId != 0 &&
		 alias->address.objectSubId != number))
		return NIL;
	column = get_attname(table, number, false);
	old_table = alias->address.objectSubId == 0 ? alias->old :
		get_rel_name(table);
	old_column = alias->address.objectSubId == 0 ? column : alias->old;
	if (strcmp(get_rel_name(sequence),
			   makeObjectName(old_table, old_column, "seq")) != 0)
		return NIL;
	return derive(OBJECT_SEQUENCE, get_rel_namespace(sequence),
				  get_rel_name(sequence),
				  makeObjectName(get_rel_name(table), column, "seq"), NULL);
}

/* The multirange type of a range type; false: it is none. */
static bool
multirange_of(const MigRename *alias, ObjectAddress *multirange)
{
	if (alias->address.classId != TypeRelationId ||
		get_typtype(alias->address.objectId) != TYPTYPE_RANGE)
		return false;
	ObjectAddressSet(*multirange, TypeRelationId,
					 get_range_multirange(alias->address.objectId));
	return true;
}

/*
 * So is the name of a multirange type made of that of the range type.  It
 * stays behind when the range type moves, where the server lets it.
 */
static List *
wish_for_multirange(const MigRename *alias)
{
	ObjectAddress address;
	Oid			nsp;
	char	   *name;

	if (!multirange_of(alias, &address))
		return NIL;
	nsp = get_object_namespace(&address);
	name = mig_rename_catalog_name(&address);
	if (alias->to_schema != NULL)
		return strcmp(get_namespace_name(nsp), alias->to_schema) == 0 ? NIL :
			derive(OBJECT_TYPE, nsp, name, name, alias->to_schema);
	if (strcmp(name, multirange_name(alias->old)) != 0)
		return NIL;
	return derive(OBJECT_TYPE, nsp, name, multirange_name(alias->name), NULL);
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

static List *
derive(ObjectType type, Oid nsp, char *old, char *name, const char *to_schema)
{
	MigRenameWish *wish = palloc0(sizeof(MigRenameWish));

	wish->type = type;
	wish->derived = true;
	wish->schema = get_namespace_name(nsp);
	wish->object = old;
	wish->name = name;
	wish->to_schema = unconstify(char *, to_schema);
	return list_make1(wish);
}

/*
 * Before a relation moves to where a wish says: what goes along steps aside
 * where its name is taken there.
 */
List *
mig_rename_make_way(const MigRenameWish *wish, const ObjectAddress *object)
{
	Oid			nsp = get_namespace_oid(wish->to_schema, true);
	List	   *wishes = NIL;
	const ListCell *lc;

	if (object->classId != RelationRelationId || !OidIsValid(nsp))
		return NIL;
	foreach(lc, taken_along(object->objectId))
	{
		Oid			part = lfirst_oid(lc);

		if (OidIsValid(get_relname_relid(get_rel_name(part), nsp)))
			wishes = list_concat(wishes,
								 step_aside(wish, object->objectId, part,
											nsp));
	}
	return wishes;
}

/* Indexes, and sequences that stand in the same schema. */
static List *
taken_along(Oid relid)
{
	Relation	rel = relation_open(relid, AccessShareLock);
	List	   *parts = RelationGetIndexList(rel);
	const ListCell *lc;

	foreach(lc, getOwnedSequences(relid))
	{
		if (get_rel_namespace(lfirst_oid(lc)) == RelationGetNamespace(rel))
			parts = lappend_oid(parts, lfirst_oid(lc));
	}
	relation_close(rel, AccessShareLock);
	return parts;
}

/*
 * For a third name, and back from there; of a constraint's index, for the
 * constraint.
 */
static List *
step_aside(const MigRenameWish *wish, Oid table, Oid part, Oid nsp)
{
	MigRenameWish *aside = palloc0(sizeof(MigRenameWish));
	MigRenameWish *back = palloc(sizeof(MigRenameWish));
	Oid			here = get_rel_namespace(part);
	bool		is_member = OidIsValid(get_index_constraint(part));
	char	   *old = get_rel_name(part);
	char	   *name = makeObjectName(old, NULL, "swap");

	for (int i = 2; OidIsValid(get_relname_relid(name, here)) ||
		 OidIsValid(get_relname_relid(name, nsp)); i++)
		name = makeObjectName(old, NULL, psprintf("swap%d", i));

	aside->type = is_member ? OBJECT_TABCONSTRAINT :
		get_rel_relkind(part) == RELKIND_SEQUENCE ? OBJECT_SEQUENCE :
		OBJECT_INDEX;
	aside->by_new_name = aside->derived = aside->in_swap = true;
	aside->makes_way = true;
	aside->schema = get_namespace_name(here);
	aside->object = is_member ? get_rel_name(table) : old;
	aside->member = is_member ? old : NULL;
	aside->name = name;

	*back = *aside;
	back->schema = wish->to_schema;
	back->object = is_member ? wish->name : name;
	back->member = is_member ? name : NULL;
	back->name = old;
	return list_make2(aside, back);
}
