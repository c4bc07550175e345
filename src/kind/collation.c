/*-------------------------------------------------------------------------
 *
 * kind/collation.c
 *	  Collations.
 *
 * A collation cannot be altered, it is replaced as types are.  Which version
 * of it the operating system has is not compared.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/collation.h"

#include "catalog/pg_collation.h"
#include "compat.h"
#include "utils/builtins.h"

enum
{
	PROVIDER,
	LOCALE,
	COLLATE,
	CTYPE,
	DETERMINISTIC,
	RULES,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[PROVIDER] = {"provider", MIG_FIXED},
	[LOCALE] = {"locale", MIG_FIXED},
	[COLLATE] = {"sort order", MIG_FIXED},
	[CTYPE] = {"character classification", MIG_FIXED},
	[DETERMINISTIC] = {"deterministic", MIG_FIXED},
	[RULES] = {"rules", MIG_FIXED},
};

static const char query[] =
"SELECT c.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, collname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(collowner)::pg_catalog.text, NULL::pg_catalog.text,"
" CASE collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'default' END,"
" COALESCE(" MIG_COLLATION_LOCALE ", CASE WHEN collcollate = collctype THEN collcollate END)::pg_catalog.text,"
" CASE WHEN collcollate <> collctype THEN collcollate END::pg_catalog.text,"
" CASE WHEN collcollate <> collctype THEN collctype END::pg_catalog.text,"
" collisdeterministic::pg_catalog.text, " MIG_COLLATION_RULES
" FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = collnamespace"
" WHERE collnamespace = ANY ($1) AND collencoding IN (-1, pg_catalog.pg_char_to_encoding(pg_catalog.getdatabaseencoding()))"
" ORDER BY nspname COLLATE \"C\", collname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *collation);
static void append_option(StringInfo buf, const char *name,
						  const char *value);

const MigKind mig_collation_kind = {
	.id = MIG_COLLATION,
	.name = "collation",
	.noun = "COLLATION",
	.classid = CollationRelationId,
	.flags = MIG_KIND_TYPE,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
};

/* Are texts equal only if their bytes are? */
bool
mig_collation_is_deterministic(const MigObject *collation)
{
	return MIG_IS_TRUE(collation->values[DETERMINISTIC]);
}

static void
create(StringInfo buf, const MigObject *collation)
{
	char	  **values = collation->values;

	appendStringInfo(buf, "CREATE COLLATION %s (provider = %s",
					 collation->identity, values[PROVIDER]);
	append_option(buf, "locale", values[LOCALE]);
	append_option(buf, "lc_collate", values[COLLATE]);
	append_option(buf, "lc_ctype", values[CTYPE]);
	append_option(buf, "rules", values[RULES]);
	if (!MIG_IS_TRUE(values[DETERMINISTIC]))
		appendStringInfoString(buf, ", deterministic = false");
	appendStringInfoChar(buf, ')');
}

/* NULL where the provider has no such option, or its own default. */
static void
append_option(StringInfo buf, const char *name, const char *value)
{
	if (value != NULL)
		appendStringInfo(buf, ", %s = %s", name, quote_literal_cstr(value));
}
