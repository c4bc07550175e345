/*-------------------------------------------------------------------------
 *
 * kind/schema.c
 *	  Schemas and extensions.
 *
 * An extension that is installed is the server's business, not the model's,
 * which passes over its CREATE EXTENSION: its version does not differ.  It is
 * in another schema where the model says so.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/schema.h"

#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "kind/list.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	EXTENSION_SCHEMA,
	EXTENSION_COMMENT,			/* that its control file gives */
	EXTENSION_RELOCATABLE,
	EXTENSION_VERSION,			/* NULL: the default */
	EXTENSION_TABLES,			/* with rows of their own, a list */
	EXTENSION_SEQUENCES,		/* a list */
	EXTENSION_NATTRIBUTES
};

static const MigAttribute extension_attributes[EXTENSION_NATTRIBUTES] = {
	[EXTENSION_SCHEMA] = {"schema"},
	[EXTENSION_COMMENT] = {"comment of the control file", MIG_NOT_COMPARED},
	[EXTENSION_RELOCATABLE] = {"relocatable", MIG_NOT_COMPARED},
	[EXTENSION_VERSION] = {"version", MIG_NOT_COMPARED},
	[EXTENSION_TABLES] = {"tables", MIG_NOT_COMPARED},
	[EXTENSION_SEQUENCES] = {"sequences", MIG_NOT_COMPARED},
};

static const char schema_query[] =
"SELECT oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, nspname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(nspowner)::pg_catalog.text, " MIG_ACL("nspacl", "n", "nspowner")
" FROM pg_catalog.pg_namespace WHERE oid = ANY ($1) ORDER BY nspname COLLATE \"C\"";

/* The names of members that are relations of some sorts, as a list */
#define MEMBERS(relkinds) \
"(SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', m.nspname, relname), E'\\x01'" \
" ORDER BY m.nspname COLLATE \"C\", relname COLLATE \"C\")" \
" FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = objid" \
" JOIN pg_catalog.pg_namespace m ON m.oid = relnamespace" \
" WHERE refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND refobjid = e.oid" \
" AND classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND relkind IN (" relkinds "))"

static const char extension_query[] =
"SELECT e.oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, extname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text, nspname::pg_catalog.text, a.comment,"
" extrelocatable::pg_catalog.text,"
" CASE WHEN extversion <> default_version THEN extversion END,"
" " MEMBERS("'r', 'p'") ", " MEMBERS("'S'")
" FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = extnamespace"
" LEFT JOIN pg_catalog.pg_available_extensions() a ON a.name = extname"
" WHERE e.oid >= 16384 AND extname <> 'pg_migrations' ORDER BY extname COLLATE \"C\"";

static void create_schema(StringInfo buf, const MigObject *schema);
static void create_extension(StringInfo buf, const MigObject *extension);
static void alter_extension(MigDiff *diff, MigObject *from, MigObject *to);
static void warn_extension(MigDiff *diff, MigAction *action);

const MigKind mig_schema_kind = {
	.id = MIG_SCHEMA,
	.name = "schema",
	.noun = "SCHEMA",
	.acl_noun = "SCHEMA",
	.acl_type = "n",
	.classid = NamespaceRelationId,
	.flags = MIG_KIND_DATA | MIG_KIND_LATE_DROP,
	.query = schema_query,
	.create = create_schema,
};

const MigKind mig_extension_kind = {
	.id = MIG_EXTENSION,
	.name = "extension",
	.noun = "EXTENSION",
	.classid = ExtensionRelationId,
	.flags = MIG_KIND_DATA | MIG_KIND_LATE_DROP,
	.query = extension_query,
	.nattributes = EXTENSION_NATTRIBUTES,
	.attributes = extension_attributes,
	.create = create_extension,
	.alter = alter_extension,
	.warn = warn_extension,
};

/* The comment that an extension has from its control file, or NULL. */
const char *
mig_extension_comment(const MigObject *extension)
{
	return extension->values[EXTENSION_COMMENT];
}

const char *
mig_extension_schema(const MigObject *extension)
{
	return extension->values[EXTENSION_SCHEMA];
}

/* Say that an extension is in another schema than was read. */
void
mig_extension_set_schema(MigObject *extension, const char *schema)
{
	extension->values[EXTENSION_SCHEMA] = pstrdup(schema);
}

/* Does an action move an extension to another schema? */
bool
mig_extension_moves(const MigAction *action)
{
	return action->object->kind == &mig_extension_kind &&
		action->op == MIG_OP_ALTER && !action->satellite;
}

/* Without owner and grants, which metadata.c writes. */
static void
create_schema(StringInfo buf, const MigObject *schema)
{
	appendStringInfo(buf, "CREATE SCHEMA %s", schema->identity);
}

static void
create_extension(StringInfo buf, const MigObject *extension)
{
	const char *version = extension->values[EXTENSION_VERSION];

	appendStringInfo(buf, "CREATE EXTENSION %s SCHEMA %s", extension->identity,
					 quote_identifier(extension->values[EXTENSION_SCHEMA]));
	if (version != NULL)
		appendStringInfo(buf, " VERSION %s", quote_literal_cstr(version));
}

/* Everything else waits for it, or it for everything else: sch/name.c. */
static void
alter_extension(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *schema = to->values[EXTENSION_SCHEMA];
	MigAction  *action;

	action = mig_action_alter(diff, to, "schema",
							  "ALTER EXTENSION %s SET SCHEMA %s",
							  to->identity, quote_identifier(schema));
	action->first = diff->reverse == diff->captures;
	action->late = !action->first;
	if (!MIG_IS_TRUE(from->values[EXTENSION_RELOCATABLE]))
		mig_action_warn(action, MIG_NEEDS_ATTENTION,
						"extension %s is not relocatable: drop it and create it in schema %s, with what depends on it, or let the model have it in schema %s",
						to->identity, quote_identifier(schema),
						quote_identifier(from->values[EXTENSION_SCHEMA]));
}

/* What goes with its tables and sequences, which are no objects of ours */
static void
warn_extension(MigDiff *diff, MigAction *action)
{
	const MigObject *extension = action->object;
	const ListCell *lc;

	if (action->op != MIG_OP_DROP)
		return;
	foreach(lc, mig_list_split(extension->values[EXTENSION_TABLES]))
		mig_action_warn(action, MIG_LOSES_DATA,
						"table %s of the extension and its rows",
						(const char *) lfirst(lc));
	foreach(lc, mig_list_split(extension->values[EXTENSION_SEQUENCES]))
		mig_action_warn(action, MIG_FORGETS_COUNTER,
						"sequence %s of the extension and the place that it has reached",
						(const char *) lfirst(lc));
}
