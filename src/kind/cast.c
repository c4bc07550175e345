/*-------------------------------------------------------------------------
 *
 * kind/cast.c
 *	  Casts, conversions and transforms.
 *
 * None of them can be altered: what differs is dropped and created.  Casts
 * stand in no schema; where what belongs to none is not compared, those are
 * that have a type or a function in managed ones.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_cast.h"
#include "catalog/pg_conversion.h"
#include "catalog/pg_transform.h"

/* What stands behind the name in CREATE; for conversions there is one more. */
enum
{
	DEFINITION,
	IS_DEFAULT,					/* of conversions */
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[DEFINITION] = {"definition", MIG_FIXED},
	[IS_DEFAULT] = {"default", MIG_FIXED},
};

#define CASTS(which) \
	"SELECT c.oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, '(' || pg_catalog.format_type(castsource, NULL)" \
	" || ' AS ' || pg_catalog.format_type(casttarget, NULL) || ')', NULL::pg_catalog.text, NULL::pg_catalog.text," \
	" CASE castmethod WHEN 'f' THEN 'WITH FUNCTION ' || castfunc::pg_catalog.regprocedure" \
	" WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END" \
	" || CASE castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END" \
	" FROM pg_catalog.pg_cast c WHERE c.oid >= 16384" which \
	" AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass" \
	" AND d.objid = c.oid AND d.deptype = 'i') ORDER BY 6"

static const char cast_query[] = CASTS("");
static const char cast_managed_query[] =
CASTS(" AND (EXISTS (SELECT FROM pg_catalog.pg_type WHERE oid IN (castsource, casttarget) AND typnamespace = ANY ($1))"
	  " OR EXISTS (SELECT FROM pg_catalog.pg_proc WHERE oid = castfunc AND pronamespace = ANY ($1)))");

static const char conversion_query[] =
"SELECT c.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, conname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(conowner)::pg_catalog.text, NULL::pg_catalog.text,"
" 'FOR ' || pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(conforencoding))"
" || ' TO ' || pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(contoencoding))"
" || ' FROM ' || conproc, condefault::pg_catalog.text"
" FROM pg_catalog.pg_conversion c JOIN pg_catalog.pg_namespace n ON n.oid = connamespace"
" WHERE connamespace = ANY ($1) ORDER BY nspname COLLATE \"C\", conname COLLATE \"C\"";

static const char transform_query[] =
"SELECT t.oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, 'FOR ' || pg_catalog.format_type(trftype, NULL)"
" || ' LANGUAGE ' || pg_catalog.quote_ident(lanname), NULL::pg_catalog.text, NULL::pg_catalog.text,"
" '(' || pg_catalog.concat_ws(', ',"
" 'FROM SQL WITH FUNCTION ' || NULLIF(trffromsql, 0)::pg_catalog.regprocedure,"
" 'TO SQL WITH FUNCTION ' || NULLIF(trftosql, 0)::pg_catalog.regprocedure) || ')'"
" FROM pg_catalog.pg_transform t JOIN pg_catalog.pg_language l ON l.oid = trflang"
" WHERE t.oid >= 16384 ORDER BY 6";

static void identify(StringInfo buf, const MigObject *object);
static void create(StringInfo buf, const MigObject *object);
static void create_conversion(StringInfo buf, const MigObject *conversion);

const MigKind mig_cast_kind = {
	.id = MIG_CAST,
	.name = "cast",
	.noun = "CAST",
	.classid = CastRelationId,
	.flags = MIG_KIND_DATABASE,
	.query = cast_query,
	.managed = cast_managed_query,
	.nattributes = IS_DEFAULT,
	.attributes = attributes,
	.identify = identify,
	.create = create,
};

const MigKind mig_conversion_kind = {
	.id = MIG_CONVERSION,
	.name = "conversion",
	.noun = "CONVERSION",
	.classid = ConversionRelationId,
	.query = conversion_query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create_conversion,
};

const MigKind mig_transform_kind = {
	.id = MIG_TRANSFORM,
	.name = "transform",
	.noun = "TRANSFORM",
	.classid = TransformRelationId,
	.flags = MIG_KIND_DATABASE,
	.query = transform_query,
	.nattributes = IS_DEFAULT,
	.attributes = attributes,
	.identify = identify,
	.create = create,
};

/* The query has put it together. */
static void
identify(StringInfo buf, const MigObject *object)
{
	appendStringInfoString(buf, object->name);
}

static void
create(StringInfo buf, const MigObject *object)
{
	appendStringInfo(buf, "CREATE %s %s %s", object->kind->noun,
					 object->identity, object->values[DEFINITION]);
}

static void
create_conversion(StringInfo buf, const MigObject *conversion)
{
	appendStringInfo(buf, "CREATE %sCONVERSION %s %s",
					 MIG_IS_TRUE(conversion->values[IS_DEFAULT]) ?
					 "DEFAULT " : "", conversion->identity,
					 conversion->values[DEFINITION]);
}
