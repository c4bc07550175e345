/*-------------------------------------------------------------------------
 *
 * kind/schema.c
 *	  Schemas and extensions.
 *
 * An extension that is installed is the server's business, not the model's,
 * which passes over its CREATE EXTENSION: neither version nor schema differ.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/schema.h"

#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	EXTENSION_SCHEMA,
	EXTENSION_COMMENT,			/* that its control file gives */
	EXTENSION_NATTRIBUTES
};

static const MigAttribute extension_attributes[EXTENSION_NATTRIBUTES] = {
	[EXTENSION_SCHEMA] = {"schema", MIG_NOT_COMPARED},
	[EXTENSION_COMMENT] = {"comment of the control file", MIG_NOT_COMPARED},
};

static const char schema_query[] =
"SELECT oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, nspname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(nspowner)::pg_catalog.text, " MIG_ACL("nspacl", "n", "nspowner")
" FROM pg_catalog.pg_namespace WHERE oid = ANY ($1) ORDER BY nspname COLLATE \"C\"";

static const char extension_query[] =
"SELECT e.oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, extname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text, nspname::pg_catalog.text, a.comment"
" FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = extnamespace"
" LEFT JOIN pg_catalog.pg_available_extensions() a ON a.name = extname"
" WHERE e.oid >= 16384 AND extname <> 'pg_migrations' ORDER BY extname COLLATE \"C\"";

static void create_schema(StringInfo buf, const MigObject *schema);
static void create_extension(StringInfo buf, const MigObject *extension);

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
};

/* The comment that an extension has from its control file, or NULL. */
const char *
mig_extension_comment(const MigObject *extension)
{
	return extension->values[EXTENSION_COMMENT];
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
	appendStringInfo(buf, "CREATE EXTENSION %s SCHEMA %s", extension->identity,
					 quote_identifier(extension->values[EXTENSION_SCHEMA]));
}
