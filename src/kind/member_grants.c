/*-------------------------------------------------------------------------
 *
 * kind/member_grants.c
 *	  Privileges on members of extensions.
 *
 * A member is what its extension has made of it, and is not compared.  What
 * can be said of it is who may use it: an object here is a member whose grants
 * are not those that its extension has given (pg_init_privs), as in a dump.
 * They are read with privileges alone, of members in managed schemas; of those
 * that stand in no schema, if their extension is in one.
 *
 * Who is not the owner of a member could not change them: they are not seen.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_extension.h"
#include "catalog/pg_init_privs.h"
#include "kind/grant.h"
#include "kind/list.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	NOUN,						/* for GRANT: ROUTINE, ... */
	TYPES,						/* of a routine's arguments, in parentheses */
	TYPE_LETTER,				/* as acldefault() takes it */
	OWNER,
	GRANTS,						/* as MIG_ACL_LINES prints them */
	COLUMN_GRANTS,				/* list: column, \x02, the same */
	INITIAL_GRANTS,
	INITIAL_COLUMN_GRANTS,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[NOUN] = {"kind", MIG_NOT_COMPARED},
	[TYPES] = {"arguments", MIG_NOT_COMPARED},
	[TYPE_LETTER] = {"type of objects", MIG_NOT_COMPARED},
	[OWNER] = {"owner", MIG_NOT_COMPARED},
	[GRANTS] = {"grants"},
	[COLUMN_GRANTS] = {"grants"},
	[INITIAL_GRANTS] = {"initial grants", MIG_NOT_COMPARED},
	[INITIAL_COLUMN_GRANTS] = {"initial grants", MIG_NOT_COMPARED},
};

#define LINES(acl) \
	"COALESCE(" MIG_ACL_LINES("COALESCE(" acl ", pg_catalog.acldefault(letter, owner))", "owner") ", '')"
#define COLUMN_LINES(acl) \
	"pg_catalog.string_agg(pg_catalog.quote_ident(attname) || E'\\x02' || " MIG_ACL_LINES(acl, "owner") \
	", E'\\x01' ORDER BY attnum)"

/* Something of another catalog: as in the first arm. */
#define MEMBERS(catalog, prefix, noun, letter) \
	" UNION ALL SELECT 'pg_catalog." catalog "'::pg_catalog.regclass, oid, 0, " prefix "name, ''," \
	" '" noun "', '" letter "'::pg_catalog.\"char\", " prefix "owner, " prefix "acl FROM pg_catalog." catalog

static const char query[] =
"SELECT objid, classid::pg_catalog.int4, extension, 0, nspname::pg_catalog.text, name::pg_catalog.text,"
" NULL::pg_catalog.text, NULL::pg_catalog.text, noun, types, letter::pg_catalog.text,"
" pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(owner)), grants, columns, initial, initial_columns"
" FROM (SELECT o.objid, o.classid, CASE WHEN e.oid >= 16384 THEN e.oid ELSE 0::pg_catalog.oid END AS extension,"
" nspname, name, noun, types, letter, owner, " LINES("acl") " AS grants, " LINES("initprivs") " AS initial,"
" (SELECT " COLUMN_LINES("attacl") " FROM pg_catalog.pg_attribute"
" WHERE o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND attrelid = o.objid AND NOT attisdropped) AS columns,"
" (SELECT " COLUMN_LINES("c.initprivs") " FROM pg_catalog.pg_init_privs c"
" JOIN pg_catalog.pg_attribute ON attrelid = c.objoid AND attnum = c.objsubid"
" WHERE c.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.classid = c.classoid"
" AND c.objoid = o.objid AND NOT attisdropped) AS initial_columns"
" FROM (SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, oid, relnamespace, relname, '',"
" CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,"
" (CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::pg_catalog.\"char\", relowner, relacl"
" FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"
" UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, pronamespace, proname,"
" '(' || pg_catalog.oidvectortypes(proargtypes) || ')', 'ROUTINE', 'f'::pg_catalog.\"char\", proowner, proacl"
" FROM pg_catalog.pg_proc"
" UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid, typnamespace, typname, '',"
" 'TYPE', 'T'::pg_catalog.\"char\", typowner, typacl FROM pg_catalog.pg_type"
MEMBERS("pg_language", "lan", "LANGUAGE", "l")
MEMBERS("pg_foreign_data_wrapper", "fdw", "FOREIGN DATA WRAPPER", "F")
MEMBERS("pg_foreign_server", "srv", "FOREIGN SERVER", "S")
") o (classid, objid, nsp, name, types, noun, letter, owner, acl)"
" JOIN pg_catalog.pg_depend d ON d.classid = o.classid AND d.objid = o.objid AND deptype = 'e'"
" JOIN pg_catalog.pg_extension e ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND e.oid = d.refobjid"
" LEFT JOIN pg_catalog.pg_namespace n ON n.oid = nsp"
" LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = o.objid AND i.classoid = o.classid AND i.objsubid = 0"
" WHERE ((CASE nsp WHEN 0 THEN extnamespace ELSE nsp END) = ANY ($1)"
" OR (nsp = 0 AND extnamespace = 'pg_catalog'::pg_catalog.regnamespace)) AND extname <> 'pg_migrations'"
" AND pg_catalog.pg_has_role(owner, 'USAGE')"
" AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(initprivs) WHERE grantor <> owner)) m"
" WHERE grants <> initial OR columns IS DISTINCT FROM m.initial_columns"
" ORDER BY nspname COLLATE \"C\" NULLS FIRST, noun, name COLLATE \"C\", types COLLATE \"C\"";

static void identify(StringInfo buf, const MigObject *member);
static void create(StringInfo buf, const MigObject *member);
static void drop(StringInfo buf, const MigObject *member);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void append_change(StringInfo buf, const MigObject *member,
						  const List *from, const List *to);
static List *grants_of(const MigObject *member);
static List *initial_grants(const MigObject *member);
static List *parse(const char *grants, const char *columns);
static void warn(MigDiff *diff, MigAction *action);

const MigKind mig_member_grants_kind = {
	.id = MIG_MEMBER_GRANTS,
	.name = "grants on member",
	.classid = InitPrivsRelationId,
	.parent_classid = ExtensionRelationId,
	.flags = MIG_KIND_PRIVILEGES,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = identify,
	.create = create,
	.drop = drop,
	.alter = alter,
	.warn = warn,
};

/* "ROUTINE public.f(integer)" */
static void
identify(StringInfo buf, const MigObject *member)
{
	appendStringInfo(buf, "%s %s%s", member->values[NOUN],
					 quote_qualified_identifier(member->schema, member->name),
					 member->values[TYPES]);
}

/* From what the extension has given. */
static void
create(StringInfo buf, const MigObject *member)
{
	append_change(buf, member, initial_grants(member), grants_of(member));
}

/* Back to that. */
static void
drop(StringInfo buf, const MigObject *member)
{
	append_change(buf, member, grants_of(member), initial_grants(member));
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	List	   *before = grants_of(from);
	List	   *after = grants_of(to);
	StringInfoData buf;

	initStringInfo(&buf);
	append_change(&buf, to, before, after);
	mig_grants_warn(mig_action_add(diff, MIG_OP_ALTER, to, "grants", buf.data),
					before, after, to->identity);
}

static void
append_change(StringInfo buf, const MigObject *member, const List *from,
			  const List *to)
{
	MigGrantTarget target = {.prefix = "",.on = member->identity};

	target.owner = member->values[OWNER];
	target.type = member->values[TYPE_LETTER];
	mig_grants_change(buf, &target, from, to);
}

static List *
grants_of(const MigObject *member)
{
	return parse(member->values[GRANTS], member->values[COLUMN_GRANTS]);
}

static List *
initial_grants(const MigObject *member)
{
	return parse(member->values[INITIAL_GRANTS],
				 member->values[INITIAL_COLUMN_GRANTS]);
}

/* Those of the object, and those of its columns. */
static List *
parse(const char *grants, const char *columns)
{
	List	   *list = mig_grants_parse(NIL, grants, NULL);
	const ListCell *lc;

	foreach(lc, mig_list_split(columns))
	{
		char	   *column = lfirst(lc);
		char	   *end = strchr(column, '\x02');

		*end = '\0';
		list = mig_grants_parse(list, end + 1, column);
	}
	return list;
}

static void
warn(MigDiff *diff, MigAction *action)
{
	List	   *grants = grants_of(action->object);
	List	   *initial = initial_grants(action->object);

	if (action->op == MIG_OP_CREATE)
		mig_grants_warn(action, initial, grants, action->object->identity);
	else
		mig_grants_warn(action, grants, initial, action->object->identity);
}
