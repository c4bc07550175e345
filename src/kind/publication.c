/*-------------------------------------------------------------------------
 *
 * kind/publication.c
 *	  Publications, and what they publish.
 *
 * A table of a publication, with its columns and its row filter, and a schema
 * of one are objects of their own, so that a publication is altered in place,
 * and a table leaves it while a column is changed that its filter uses.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_publication.h"
#include "catalog/pg_publication_namespace.h"
#include "catalog/pg_publication_rel.h"
#include "compat.h"
#include "kind/list.h"
#include "sch/action.h"
#include "util/sql.h"
#include "utils/builtins.h"

enum
{
	EVERYTHING,					/* "ALL TABLES" and the like, or NULL */
	OPTIONS,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[EVERYTHING] = {"all tables", MIG_FIXED},
	[OPTIONS] = {"options"},
};

static const char query[] =
"SELECT oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, pubname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(pubowner)::pg_catalog.text, NULL::pg_catalog.text, " MIG_PUBLISHES_ALL ","
" pg_catalog.array_to_string(ARRAY['publish=''' || pg_catalog.concat_ws(', ',"
" CASE WHEN pubinsert THEN 'insert' END, CASE WHEN pubupdate THEN 'update' END,"
" CASE WHEN pubdelete THEN 'delete' END, CASE WHEN pubtruncate THEN 'truncate' END) || '''',"
" 'publish_via_partition_root=' || pubviaroot, " MIG_PUBLISH_GENERATED "], E'\\x01')"
" FROM pg_catalog.pg_publication p WHERE " MIG_NOT_HIDDEN("pubname")
" ORDER BY pubname COLLATE \"C\"";

/* Options that CREATE PUBLICATION need not name. */
static const char *const otherwise[] = {
	"publish='insert, update, delete, truncate'",
	"publish_via_partition_root=false",
	"publish_generated_columns=none",
};

enum
{
	TABLE_COLUMNS,
	TABLE_FILTER,
	TABLE_NATTRIBUTES
};

static const MigAttribute table_attributes[TABLE_NATTRIBUTES] = {
	[TABLE_COLUMNS] = {"columns", MIG_FIXED},
	[TABLE_FILTER] = {"filter", MIG_FIXED, true},
};

static const char table_query[] =
"SELECT r.oid, 0, prpubid, 0, NULL::pg_catalog.text, prrelid::pg_catalog.regclass::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text,"
" (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(attname), ', ' ORDER BY attname COLLATE \"C\")"
" FROM pg_catalog.pg_attribute WHERE attrelid = prrelid AND attnum = ANY (prattrs::pg_catalog.int2[])),"
" pg_catalog.pg_get_expr(prqual, prrelid)"
" FROM pg_catalog.pg_publication_rel r" MIG_PUBLISHED " ORDER BY prpubid, 6";

static const char schema_query[] =
"SELECT p.oid, 0, pnpubid, 0, NULL::pg_catalog.text, nspname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text"
" FROM pg_catalog.pg_publication_namespace p JOIN pg_catalog.pg_namespace n ON n.oid = pnnspid"
" ORDER BY pnpubid, nspname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *publication);
static void append_options(StringInfo buf, const List *options,
						   const List *without);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void identify_part(StringInfo buf, const MigObject *object);
static void create_part(StringInfo buf, const MigObject *object);
static void append_table(StringInfo buf, const MigObject *table);
static void append_schema(StringInfo buf, const MigObject *schema);
static void drop_table(StringInfo buf, const MigObject *table);
static void drop_schema(StringInfo buf, const MigObject *schema);
static void in_statement(StringInfo buf, const MigObject *table,
						 int attribute, const char *definition);

const MigKind mig_publication_kind = {
	.id = MIG_PUBLICATION,
	.name = "publication",
	.noun = "PUBLICATION",
	.classid = PublicationRelationId,
	.flags = MIG_KIND_DATABASE,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.alter = alter,
};

const MigKind mig_publication_table_kind = {
	.id = MIG_PUBLICATION_TABLE,
	.name = "table of a publication",
	.classid = PublicationRelRelationId,
	.parent_classid = PublicationRelationId,
	.flags = MIG_KIND_DATABASE | MIG_KIND_INLINE | MIG_KIND_HOLDS_TYPE,
	.query = table_query,
	.nattributes = TABLE_NATTRIBUTES,
	.attributes = table_attributes,
	.identify = identify_part,
	.create = create_part,
	.part = append_table,
	.drop = drop_table,
	.in_statement = in_statement,
};

const MigKind mig_publication_schema_kind = {
	.id = MIG_PUBLICATION_SCHEMA,
	.name = "schema of a publication",
	.classid = PublicationNamespaceRelationId,
	.parent_classid = PublicationRelationId,
	.flags = MIG_KIND_DATABASE | MIG_KIND_INLINE,
	.query = schema_query,
	.identify = identify_part,
	.create = create_part,
	.part = append_schema,
	.drop = drop_schema,
};

/* With its tables and schemas, but for those that come later. */
static void
create(StringInfo buf, const MigObject *publication)
{
	StringInfoData options;
	List	   *without = NIL;
	const ListCell *lc;
	bool		any = false;

	appendStringInfo(buf, "CREATE PUBLICATION %s", publication->identity);
	if (publication->values[EVERYTHING] != NULL)
		appendStringInfo(buf, " FOR %s", publication->values[EVERYTHING]);
	foreach(lc, publication->children)
	{
		const MigObject *child = lfirst(lc);

		if (child->made != publication->made || child->ignored)
			continue;
		appendStringInfoString(buf, any ? ",\n    " : " FOR ");
		child->kind->part(buf, child);
		any = true;
	}
	for (size_t i = 0; i < lengthof(otherwise); i++)
		without = lappend(without, unconstify(char *, otherwise[i]));
	initStringInfo(&options);
	append_options(&options, mig_list_split(publication->values[OPTIONS]),
				   without);
	if (options.len > 0)
		appendStringInfo(buf, " WITH (%s)", options.data);
}

/* Append those of the options that are not among others. */
static void
append_options(StringInfo buf, const List *options, const List *without)
{
	const ListCell *lc;

	foreach(lc, options)
	{
		const char *option = lfirst(lc);
		int			length = strcspn(option, "=");

		if (!mig_has_name(without, option))
			appendStringInfo(buf, "%s%.*s = %s", buf->len > 0 ? ", " : "",
							 length, option, option + length + 1);
	}
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData options;

	initStringInfo(&options);
	append_options(&options, mig_list_split(to->values[OPTIONS]),
				   mig_list_split(from->values[OPTIONS]));
	mig_action_alter(diff, to, "options", "ALTER PUBLICATION %s SET (%s)",
					 to->identity, options.data);
}

static void
identify_part(StringInfo buf, const MigObject *object)
{
	appendStringInfo(buf, "%s of %s", object->name, object->parent->identity);
}

static void
create_part(StringInfo buf, const MigObject *object)
{
	appendStringInfo(buf, "ALTER PUBLICATION %s ADD ",
					 object->parent->identity);
	object->kind->part(buf, object);
}

static void
append_table(StringInfo buf, const MigObject *table)
{
	appendStringInfo(buf, "TABLE %s", table->name);
	if (table->values[TABLE_COLUMNS] != NULL)
		appendStringInfo(buf, " (%s)", table->values[TABLE_COLUMNS]);
	if (table->values[TABLE_FILTER] != NULL)
		appendStringInfo(buf, " WHERE (%s)", table->values[TABLE_FILTER]);
}

static void
append_schema(StringInfo buf, const MigObject *schema)
{
	appendStringInfo(buf, "TABLES IN SCHEMA %s",
					 quote_identifier(schema->name));
}

static void
drop_table(StringInfo buf, const MigObject *table)
{
	appendStringInfo(buf, "ALTER PUBLICATION %s DROP TABLE %s",
					 table->parent->identity, table->name);
}

static void
drop_schema(StringInfo buf, const MigObject *schema)
{
	appendStringInfo(buf, "ALTER PUBLICATION %s DROP TABLES IN SCHEMA %s",
					 schema->parent->identity, quote_identifier(schema->name));
}

/* A filter sees the columns of the table. */
static void
in_statement(StringInfo buf, const MigObject *table, int attribute,
			 const char *definition)
{
	appendStringInfo(buf, "SELECT (%s) FROM %s", definition, table->name);
}
