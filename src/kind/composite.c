/*-------------------------------------------------------------------------
 *
 * kind/composite.c
 *	  Composite types and their attributes.
 *
 * Attributes are added at the end, dropped, and altered in place where the
 * server does so; typed tables follow.  Otherwise, where their order changes
 * or where a column has the type and the type of an attribute changes, the
 * whole type is replaced.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/composite.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "kind/column_fill.h"
#include "kind/table_parents.h"
#include "kind/type.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	SHAPE,
	NATTRIBUTES
};

enum
{
	TYPE = MIG_TYPE_ATTRIBUTE,
	COLLATION,
	CAST_TYPE,					/* OID of a type of the server, or '0' */
	ATTRIBUTE_NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[SHAPE] = {"attributes"},
};

static const MigAttribute attribute_attributes[ATTRIBUTE_NATTRIBUTES] = {
	[TYPE] = {"type"},
	[COLLATION] = {"collation"},
	[CAST_TYPE] = {"type to cast from", MIG_NOT_COMPARED},
};

static const char query[] =
"SELECT t.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, typname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(typowner)::pg_catalog.text, " MIG_ACL("typacl", "T", "typowner") ","
" (SELECT pg_catalog.string_agg(attname || ' ' || pg_catalog.format_type(atttypid, atttypmod)"
" || COALESCE(' ' || (SELECT collname FROM pg_catalog.pg_collation WHERE pg_collation.oid = attcollation), ''), E'\\x01' ORDER BY attnum) FROM pg_catalog.pg_attribute"
" WHERE attrelid = typrelid AND attnum > 0 AND NOT attisdropped)"
" FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = typnamespace"
" JOIN pg_catalog.pg_class c ON c.oid = typrelid"
" WHERE relkind = 'c' AND typnamespace = ANY ($1)"
" ORDER BY nspname COLLATE \"C\", typname COLLATE \"C\"";

static const char attribute_query[] =
"SELECT c.oid, attnum::pg_catalog.int4, reltype, 0, NULL::pg_catalog.text, attname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text,"
" pg_catalog.format_type(atttypid, atttypmod),"
" CASE WHEN attcollation <> typcollation THEN"
" (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(collname)"
" FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = collnamespace"
" WHERE co.oid = attcollation) END, " MIG_CAST_TYPE
" FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class c ON c.oid = attrelid"
" JOIN pg_catalog.pg_type t ON t.oid = atttypid"
" WHERE relkind = 'c' AND relnamespace = ANY ($1) AND attnum > 0 AND NOT attisdropped"
" ORDER BY attrelid, attnum";

static void create(StringInfo buf, const MigObject *type);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static bool grows_at_end(const MigObject *from, const MigObject *to);
static bool attributes_differ(const MigObject *from);
static void identify_attribute(StringInfo buf, const MigObject *attribute);
static void create_attribute(StringInfo buf, const MigObject *attribute);
static void part_attribute(StringInfo buf, const MigObject *attribute);
static void drop_attribute(StringInfo buf, const MigObject *attribute);
static MigFate judge_attribute(MigDiff *diff, MigObject *from, MigObject *to);
static void alter_attribute(MigDiff *diff, MigObject *from, MigObject *to);
static void warn_attribute(MigDiff *diff, MigAction *action);
static void warn_table(MigAction *action, const MigObject *table);
static const char *cascade(const MigObject *attribute);

const MigKind mig_composite_kind = {
	.id = MIG_COMPOSITE,
	.name = "composite type",
	.noun = "TYPE",
	.acl_noun = "TYPE",
	.acl_type = "T",
	.classid = TypeRelationId,
	.flags = MIG_KIND_TYPE | MIG_KIND_RELATION,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.judge = judge,
};

const MigKind mig_attribute_kind = {
	.id = MIG_ATTRIBUTE,
	.name = "attribute",
	.noun = "COLUMN",
	.classid = RelationRelationId,
	.parent_classid = TypeRelationId,
	.flags = MIG_KIND_INLINE | MIG_KIND_ATTACHED,
	.query = attribute_query,
	.nattributes = ATTRIBUTE_NATTRIBUTES,
	.attributes = attribute_attributes,
	.identify = identify_attribute,
	.create = create_attribute,
	.part = part_attribute,
	.drop = drop_attribute,
	.judge = judge_attribute,
	.alter = alter_attribute,
	.warn = warn_attribute,
};

/* The type of the server that an attribute has, or a domain over it; or 0. */
Oid
mig_attribute_cast_type(const MigObject *attribute)
{
	return atooid(attribute->values[CAST_TYPE]);
}

static void
create(StringInfo buf, const MigObject *type)
{
	bool		any = false;
	const ListCell *lc;

	appendStringInfo(buf, "CREATE TYPE %s AS (", type->identity);
	foreach(lc, type->children)
	{
		const MigObject *attribute = lfirst(lc);

		if (attribute->made != type->made || attribute->ignored)
			continue;
		appendStringInfoString(buf, any ? ",\n    " : "\n    ");
		part_attribute(buf, attribute);
		any = true;
	}
	appendStringInfoString(buf, any ? "\n)" : ")");
}

/*
 * Attributes are added behind the others, and not at all where a column of a
 * table would have to be rewritten.
 */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	if (!grows_at_end(from, to))
		return MIG_RECREATE;
	return attributes_differ(from) && mig_type_columns(from) != NIL ?
		MIG_RECREATE : MIG_ALTER;
}

/* Are the attributes that stay in the same order, new ones behind them? */
static bool
grows_at_end(const MigObject *from, const MigObject *to)
{
	List	   *stay = NIL;
	const ListCell *lc;

	foreach(lc, from->children)
	{
		MigObject  *attribute = lfirst(lc);

		if (attribute->twin != NULL)
			stay = lappend(stay, attribute->twin);
	}
	foreach(lc, stay)
	{
		if (lfirst(lc) != list_nth(to->children, foreach_current_index(lc)))
			return false;
	}
	return true;
}

/* Does an attribute that stays differ? */
static bool
attributes_differ(const MigObject *from)
{
	const ListCell *lc;

	foreach(lc, from->children)
	{
		const MigObject *attribute = lfirst(lc);

		if (attribute->changed != 0)
			return true;
	}
	return false;
}

static void
identify_attribute(StringInfo buf, const MigObject *attribute)
{
	appendStringInfo(buf, "%s.%s", attribute->parent->identity,
					 quote_identifier(attribute->name));
}

static void
create_attribute(StringInfo buf, const MigObject *attribute)
{
	appendStringInfo(buf, "ALTER TYPE %s ADD ATTRIBUTE ",
					 attribute->parent->identity);
	part_attribute(buf, attribute);
	appendStringInfoString(buf, cascade(attribute));
}

static void
part_attribute(StringInfo buf, const MigObject *attribute)
{
	appendStringInfo(buf, "%s %s", quote_identifier(attribute->name),
					 attribute->values[TYPE]);
	if (attribute->values[COLLATION] != NULL)
		appendStringInfo(buf, " COLLATE %s", attribute->values[COLLATION]);
}

static void
drop_attribute(StringInfo buf, const MigObject *attribute)
{
	appendStringInfo(buf, "ALTER TYPE %s DROP ATTRIBUTE %s%s",
					 attribute->parent->identity,
					 quote_identifier(attribute->name), cascade(attribute));
}

/* What looks into rows stands in the way of a change. */
static MigFate
judge_attribute(MigDiff *diff, MigObject *from, MigObject *to)
{
	from->disrupts = to->disrupts = true;
	return MIG_ALTER;
}

static void
alter_attribute(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData collate;
	MigAction  *action;
	const ListCell *lc;

	initStringInfo(&collate);
	if (to->values[COLLATION] != NULL)
		appendStringInfo(&collate, " COLLATE %s", to->values[COLLATION]);
	action = mig_action_alter(diff, to, "type",
							  "ALTER TYPE %s ALTER ATTRIBUTE %s TYPE %s%s%s",
							  to->parent->identity, quote_identifier(to->name),
							  to->values[TYPE], collate.data, cascade(to));
	foreach(lc, mig_composite_tables(to->parent))
	{
		if (mig_table_follows_type(lfirst(lc)))
			mig_action_warn_lock(action, lfirst(lc), MIG_LOCKS_ALL);
	}
}

/* The values are in columns of other tables, and tables of the type follow. */
static void
warn_attribute(MigDiff *diff, MigAction *action)
{
	const MigObject *attribute = action->object;
	const ListCell *lc;

	foreach(lc, mig_composite_tables(attribute->parent))
		warn_table(action, lfirst(lc));
	if (action->op != MIG_OP_DROP)
		return;
	foreach(lc, mig_type_columns(attribute->parent))
	{
		const MigObject *column = lfirst(lc);
		MigHazard  *hazard;

		hazard = mig_action_warn(action, MIG_LOSES_DATA,
								 "attribute \"%s\" of the values of column %s",
								 attribute->name, column->identity);
		hazard->table = column->parent->identity;
		if (mig_same(MIG_TYPE_NAME(column), attribute->parent->identity))
			hazard->probe = psprintf("SELECT pg_catalog.count((%s).%s) FROM %s",
									 quote_identifier(column->name),
									 quote_identifier(attribute->name),
									 column->parent->identity);
	}
}

/* A table of the type is locked, and has its column with the attribute. */
static void
warn_table(MigAction *action, const MigObject *table)
{
	const MigObject *attribute = action->object;
	MigHazard  *hazard;

	if (!mig_table_follows_type(table))
		return;
	mig_action_warn_lock(action, table, MIG_LOCKS_ALL);
	if (action->op != MIG_OP_DROP)
	{
		mig_column_fill_warn_typed(action,
								   mig_table_column(table, attribute->name));
		return;
	}
	hazard = mig_action_warn(action, MIG_LOSES_DATA,
							 "column %s.%s and its values", table->identity,
							 quote_identifier(attribute->name));
	hazard->table = table->identity;
	hazard->probe = psprintf("SELECT pg_catalog.count(%s) FROM %s",
							 quote_identifier(attribute->name),
							 table->identity);
}

/* Tables of the type have to follow. */
static const char *
cascade(const MigObject *attribute)
{
	return mig_composite_tables(attribute->parent) == NIL ? "" : " CASCADE";
}

/* The tables that are of a type, MigObject *. */
List *
mig_composite_tables(const MigObject *type)
{
	List	   *tables = NIL;
	const ListCell *lc;

	foreach(lc, type->dependents)
	{
		MigObject  *user = ((MigDepend *) lfirst(lc))->object;

		if (user->kind->id == MIG_TABLE)
			tables = list_append_unique_ptr(tables, user);
	}
	return tables;
}
