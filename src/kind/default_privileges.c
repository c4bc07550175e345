/*-------------------------------------------------------------------------
 *
 * kind/default_privileges.c
 *	  Default privileges.
 *
 * They are changed behind everything that a script creates, so that new
 * objects get what the old ones say; see sch/order.c.  They are compared with
 * privileges alone, but read in any case.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/default_privileges.h"

#include "catalog/pg_default_acl.h"
#include "kind/grant.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	TYPE_LETTER,				/* letter as acldefault() takes it */
	NOUN,						/* TABLES, ... */
	GRANTS,						/* as MIG_ACL_LINES prints them */
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[TYPE_LETTER] = {"type of objects", MIG_NOT_COMPARED},
	[NOUN] = {"type of objects", MIG_NOT_COMPARED},
	[GRANTS] = {"grants"},
};

/* The letters that acldefault() takes, and the nouns. */
static const struct
{
	const char *type;
	const char *noun;
}			types[] = {
	{"r", "TABLES"},
	{"s", "SEQUENCES"},
	{"f", "FUNCTIONS"},
	{"T", "TYPES"},
	{"n", "SCHEMAS"},
	{"L", "LARGE OBJECTS"},
};

/* What they are on, in a sentence */
#define WHAT_COMES	"what is made later"

#define OBJECTS(letter) \
	"CASE " letter " WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'" \
	" WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'" \
	" WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END"

static const char query[] =
"SELECT d.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, pg_catalog.pg_get_userbyid(defaclrole)::pg_catalog.text,"
" NULL::pg_catalog.text, NULL::pg_catalog.text,"
" CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END::pg_catalog.text,"
" " OBJECTS("defaclobjtype") ", COALESCE(" MIG_ACL_LINES("defaclacl", "defaclrole") ", '')"
" FROM pg_catalog.pg_default_acl d"
" LEFT JOIN pg_catalog.pg_namespace n ON n.oid = defaclnamespace"
" WHERE defaclnamespace = 0 OR defaclnamespace = ANY ($1)"
" ORDER BY nspname COLLATE \"C\" NULLS FIRST, pg_catalog.pg_get_userbyid(defaclrole) COLLATE \"C\", defaclobjtype";

static void identify(StringInfo buf, const MigObject *object);
static void append_identity(StringInfo buf, const char *role,
							const char *nspname, const char *noun);
static void create(StringInfo buf, const MigObject *object);
static void drop(StringInfo buf, const MigObject *object);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void append_change(StringInfo buf, const MigObject *object,
						  const List *from, const List *to);
static List *by_nature(const MigObject *object);
static void warn(MigDiff *diff, MigAction *action);

const MigKind mig_default_privileges_kind = {
	.id = MIG_DEFAULT_PRIVILEGES,
	.name = "default privileges",
	.classid = DefaultAclRelationId,
	.flags = MIG_KIND_LATE_DROP | MIG_KIND_PRIVILEGES,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = identify,
	.create = create,
	.drop = drop,
	.alter = alter,
	.warn = warn,
};

/* The identity of default privileges; the type is a letter of acldefault(). */
char *
mig_default_privileges_identity(const char *role, const char *nspname,
								const char *type)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (size_t i = 0; i < lengthof(types); i++)
	{
		if (strcmp(types[i].type, type) == 0)
			append_identity(&buf, role, nspname, types[i].noun);
	}
	return buf.data;
}

/* What default privileges grant, a list of MigGrant. */
List *
mig_default_privileges_grants(const MigObject *object)
{
	return mig_grants_parse(NIL, object->values[GRANTS], NULL);
}

/* "FOR ROLE r IN SCHEMA s ON TABLES" */
static void
identify(StringInfo buf, const MigObject *object)
{
	append_identity(buf, object->name, object->nspname, object->values[NOUN]);
}

static void
append_identity(StringInfo buf, const char *role, const char *nspname,
				const char *noun)
{
	appendStringInfo(buf, "FOR ROLE %s", quote_identifier(role));
	if (nspname != NULL)
		appendStringInfo(buf, " IN SCHEMA %s", quote_identifier(nspname));
	appendStringInfo(buf, " ON %s", noun);
}

/* The difference to what roles have without any. */
static void
create(StringInfo buf, const MigObject *object)
{
	append_change(buf, object, by_nature(object),
				  mig_default_privileges_grants(object));
}

/* Back to what roles have without any. */
static void
drop(StringInfo buf, const MigObject *object)
{
	append_change(buf, object,
				  mig_default_privileges_grants(object),
				  by_nature(object));
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	List	   *before = mig_default_privileges_grants(from);
	List	   *after = mig_default_privileges_grants(to);
	StringInfoData buf;

	initStringInfo(&buf);
	append_change(&buf, to, before, after);
	mig_grants_warn(mig_action_add(diff, MIG_OP_ALTER, to, "grants", buf.data),
					before, after, WHAT_COMES);
}

/* As the grants of an object, with FOR ROLE and IN SCHEMA before each. */
static void
append_change(StringInfo buf, const MigObject *object, const List *from,
			  const List *to)
{
	MigGrantTarget target = {.on = object->values[NOUN]};
	StringInfoData prefix;

	initStringInfo(&prefix);
	appendStringInfo(&prefix, "ALTER DEFAULT PRIVILEGES FOR ROLE %s ",
					 quote_identifier(object->name));
	if (object->nspname != NULL)
		appendStringInfo(&prefix, "IN SCHEMA %s ",
						 quote_identifier(object->nspname));
	target.prefix = prefix.data;
	target.owner = quote_identifier(object->name);
	target.type = object->values[TYPE_LETTER];
	mig_grants_change(buf, &target, from, to);
}

/* What holds where nobody has said anything. */
static List *
by_nature(const MigObject *object)
{
	return object->nspname != NULL ? NIL :
		mig_grants_default(object->values[TYPE_LETTER]);
}

static void
warn(MigDiff *diff, MigAction *action)
{
	List	   *nature = by_nature(action->object);
	List	   *grants = mig_default_privileges_grants(action->object);

	if (action->op == MIG_OP_CREATE)
		mig_grants_warn(action, nature, grants, WHAT_COMES);
	else
		mig_grants_warn(action, grants, nature, WHAT_COMES);
}
