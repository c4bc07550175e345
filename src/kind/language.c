/*-------------------------------------------------------------------------
 *
 * kind/language.c
 *	  Languages and access methods.
 *
 * A language is replaced in place, so that the functions written in it stay.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_am.h"
#include "catalog/pg_language.h"
#include "sch/action.h"

enum
{
	LANGUAGE_TRUSTED,
	LANGUAGE_HANDLERS,
	LANGUAGE_NATTRIBUTES
};

static const MigAttribute language_attributes[LANGUAGE_NATTRIBUTES] = {
	[LANGUAGE_TRUSTED] = {"trusted"},
	[LANGUAGE_HANDLERS] = {"handlers"},
};

static const char language_query[] =
"SELECT oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, lanname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(lanowner)::pg_catalog.text, " MIG_ACL("lanacl", "l", "lanowner") ","
" lanpltrusted::pg_catalog.text,"
" 'HANDLER ' || lanplcallfoid::pg_catalog.regproc"
" || COALESCE(' INLINE ' || NULLIF(laninline, 0)::pg_catalog.regproc, '')"
" || COALESCE(' VALIDATOR ' || NULLIF(lanvalidator, 0)::pg_catalog.regproc, '')"
" FROM pg_catalog.pg_language WHERE lanispl AND oid >= 16384 AND " MIG_NOT_HIDDEN("lanname")
" ORDER BY lanname COLLATE \"C\"";

enum
{
	METHOD_TYPE,
	METHOD_HANDLER,
	METHOD_NATTRIBUTES
};

static const MigAttribute method_attributes[METHOD_NATTRIBUTES] = {
	[METHOD_TYPE] = {"type", MIG_FIXED},
	[METHOD_HANDLER] = {"handler", MIG_FIXED},
};

static const char method_query[] =
"SELECT oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, amname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text,"
" CASE amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END,"
" amhandler::pg_catalog.regproc::pg_catalog.text"
" FROM pg_catalog.pg_am WHERE oid >= 16384 AND " MIG_NOT_HIDDEN("amname")
" ORDER BY amname COLLATE \"C\"";

static void create_language(StringInfo buf, const MigObject *language);
static void append_language(StringInfo buf, const MigObject *language,
							const char *create);
static void alter_language(MigDiff *diff, MigObject *from, MigObject *to);
static void create_method(StringInfo buf, const MigObject *method);

const MigKind mig_language_kind = {
	.id = MIG_LANGUAGE,
	.name = "language",
	.noun = "LANGUAGE",
	.acl_noun = "LANGUAGE",
	.acl_type = "l",
	.classid = LanguageRelationId,
	.flags = MIG_KIND_DATABASE | MIG_KIND_LATE_DROP,
	.query = language_query,
	.nattributes = LANGUAGE_NATTRIBUTES,
	.attributes = language_attributes,
	.create = create_language,
	.alter = alter_language,
};

const MigKind mig_access_method_kind = {
	.id = MIG_ACCESS_METHOD,
	.name = "access method",
	.noun = "ACCESS METHOD",
	.classid = AccessMethodRelationId,
	.flags = MIG_KIND_DATABASE | MIG_KIND_LATE_DROP,
	.query = method_query,
	.nattributes = METHOD_NATTRIBUTES,
	.attributes = method_attributes,
	.create = create_method,
};

static void
create_language(StringInfo buf, const MigObject *language)
{
	append_language(buf, language, "CREATE");
}

static void
append_language(StringInfo buf, const MigObject *language, const char *create)
{
	appendStringInfo(buf, "%s%s LANGUAGE %s %s", create,
					 MIG_IS_TRUE(language->values[LANGUAGE_TRUSTED]) ?
					 " TRUSTED" : "", language->identity,
					 language->values[LANGUAGE_HANDLERS]);
}

/* As CREATE OR REPLACE has it: functions in it stay. */
static void
alter_language(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData buf;

	initStringInfo(&buf);
	append_language(&buf, to, "CREATE OR REPLACE");
	mig_action_add(diff, MIG_OP_ALTER, to, "handlers", buf.data);
}

static void
create_method(StringInfo buf, const MigObject *method)
{
	appendStringInfo(buf, "CREATE ACCESS METHOD %s TYPE %s HANDLER %s",
					 method->identity, method->values[METHOD_TYPE],
					 method->values[METHOD_HANDLER]);
}
