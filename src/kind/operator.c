/*-------------------------------------------------------------------------
 *
 * kind/operator.c
 *	  Operators, their families and classes.
 *
 * An operator's estimators and the members of a family are altered in place.
 * Commutator and negator are set by the server when the other one is created,
 * and reset when it is dropped.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "kind/list.h"
#include "sch/action.h"
#include "util/sql.h"
#include "utils/builtins.h"

enum
{
	ARGUMENTS,					/* types, as the identity has them */
	DEFINITION,					/* function and argument types */
	COMMUTATOR,
	NEGATOR,
	RESTRICT_FUNCTION,
	JOIN_FUNCTION,
	FLAGS,						/* HASHES, MERGES */
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[ARGUMENTS] = {"arguments", MIG_NOT_COMPARED},
	[DEFINITION] = {"definition", MIG_FIXED},
	[COMMUTATOR] = {"commutator"},
	[NEGATOR] = {"negator"},
	[RESTRICT_FUNCTION] = {"restriction estimator"},
	[JOIN_FUNCTION] = {"join estimator"},
	[FLAGS] = {"flags", MIG_FIXED},
};

/* The name of an operator where OPERATOR(...) is written around it. */
#define OPERATOR_NAME(oid) \
	"(SELECT pg_catalog.quote_ident(xn.nspname) || '.' || x.oprname" \
	" FROM pg_catalog.pg_operator x JOIN pg_catalog.pg_namespace xn ON xn.oid = x.oprnamespace" \
	" WHERE x.oid = " oid ")"

static const char query[] =
"SELECT o.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, oprname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(oprowner)::pg_catalog.text, NULL::pg_catalog.text,"
" COALESCE(pg_catalog.format_type(NULLIF(oprleft, 0), NULL), 'NONE') || ', '"
" || COALESCE(pg_catalog.format_type(NULLIF(oprright, 0), NULL), 'NONE'),"
" 'FUNCTION = ' || oprcode || COALESCE(', LEFTARG = ' || pg_catalog.format_type(NULLIF(oprleft, 0), NULL), '')"
" || COALESCE(', RIGHTARG = ' || pg_catalog.format_type(NULLIF(oprright, 0), NULL), ''),"
" " OPERATOR_NAME("o.oprcom") ", " OPERATOR_NAME("o.oprnegate") ","
" NULLIF(oprrest::pg_catalog.oid, 0)::pg_catalog.regproc::pg_catalog.text, NULLIF(oprjoin::pg_catalog.oid, 0)::pg_catalog.regproc::pg_catalog.text,"
" CASE WHEN oprcanhash THEN ', HASHES' ELSE '' END || CASE WHEN oprcanmerge THEN ', MERGES' ELSE '' END"
" FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = oprnamespace"
" WHERE oprnamespace = ANY ($1) AND oprcode <> 0"
" ORDER BY nspname COLLATE \"C\", oprname COLLATE \"C\", 9";

enum
{
	METHOD,						/* of families and classes */
	MEMBERS,					/* of a family, in no class */
	FAMILY_NATTRIBUTES,
	CLASS_DEFINITION = MEMBERS,
	CLASS_NATTRIBUTES
};

static const MigAttribute family_attributes[FAMILY_NATTRIBUTES] = {
	[METHOD] = {"access method", MIG_FIXED},
	[MEMBERS] = {"members"},
};

static const MigAttribute class_attributes[CLASS_NATTRIBUTES] = {
	[METHOD] = {"access method", MIG_FIXED},
	[CLASS_DEFINITION] = {"definition", MIG_FIXED},
};

/*
 * The members that depend on a class or family, an element each: how DROP
 * calls it, a separator, how ADD does.
 */
#define NAME_SEPARATOR	'\x02'
#define MEMBER_TYPES(left, right) \
	"'(' || pg_catalog.format_type(" left ", NULL) || ', ' || pg_catalog.format_type(" right ", NULL) || ')'"
#define MEMBERS_OF(class, oid, drop, separator) \
	"(SELECT pg_catalog.string_agg(m.item, " separator " ORDER BY m.sort, m.number, m.item COLLATE \"C\")" \
	" FROM (SELECT 1 AS sort, amopstrategy AS number, " drop("'OPERATOR ' || amopstrategy || ' ' || " MEMBER_TYPES("amoplefttype", "amoprighttype")) \
	" 'OPERATOR ' || amopstrategy || ' ' || amopopr::pg_catalog.regoperator" \
	" || COALESCE((SELECT ' FOR ORDER BY ' || pg_catalog.quote_ident(fn.nspname) || '.' || pg_catalog.quote_ident(f.opfname)" \
	" FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace" \
	" WHERE f.oid = amopsortfamily), '') AS item" \
	" FROM pg_catalog.pg_amop p JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amop'::pg_catalog.regclass AND d.objid = p.oid" \
	" WHERE d.refclassid = '" class "'::pg_catalog.regclass AND d.refobjid = " oid \
	" UNION ALL SELECT 2, amprocnum, " drop("'FUNCTION ' || amprocnum || ' ' || " MEMBER_TYPES("amproclefttype", "amprocrighttype")) \
	" 'FUNCTION ' || amprocnum || ' ' || " MEMBER_TYPES("amproclefttype", "amprocrighttype") \
	" || ' ' || amproc::pg_catalog.oid::pg_catalog.regprocedure" \
	" FROM pg_catalog.pg_amproc p JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amproc'::pg_catalog.regclass AND d.objid = p.oid" \
	" WHERE d.refclassid = '" class "'::pg_catalog.regclass AND d.refobjid = " oid ") m)"
#define WITH_DROP(expression)	expression " || E'\\x02' ||"
#define WITHOUT_DROP(expression)

static const char family_query[] =
"SELECT f.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, opfname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(opfowner)::pg_catalog.text, NULL::pg_catalog.text, amname::pg_catalog.text,"
" " MEMBERS_OF("pg_opfamily", "f.oid", WITH_DROP, "E'\\x01'")
" FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace n ON n.oid = opfnamespace"
" JOIN pg_catalog.pg_am a ON a.oid = opfmethod"
" WHERE opfnamespace = ANY ($1) ORDER BY nspname COLLATE \"C\", opfname COLLATE \"C\", amname COLLATE \"C\"";

static const char class_query[] =
"SELECT c.oid, 0, 0::pg_catalog.oid, 0, n.nspname::pg_catalog.text, opcname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(opcowner)::pg_catalog.text, NULL::pg_catalog.text, amname::pg_catalog.text,"
" CASE WHEN opcdefault THEN 'DEFAULT ' ELSE '' END || 'FOR TYPE ' || pg_catalog.format_type(opcintype, NULL)"
" || ' USING ' || pg_catalog.quote_ident(amname) || ' FAMILY ' || pg_catalog.quote_ident(fn.nspname)"
" || '.' || pg_catalog.quote_ident(opfname) || E' AS\\n    ' || COALESCE(NULLIF(pg_catalog.concat_ws(E',\\n    ',"
" " MEMBERS_OF("pg_opclass", "c.oid", WITHOUT_DROP, "E',\\n    '") ","
" 'STORAGE ' || pg_catalog.format_type(NULLIF(opckeytype, 0), NULL)), ''),"
" 'STORAGE ' || pg_catalog.format_type(opcintype, NULL))"
" FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_namespace n ON n.oid = opcnamespace"
" JOIN pg_catalog.pg_am a ON a.oid = opcmethod"
" JOIN pg_catalog.pg_opfamily f ON f.oid = opcfamily"
" JOIN pg_catalog.pg_namespace fn ON fn.oid = opfnamespace"
" WHERE opcnamespace = ANY ($1) ORDER BY n.nspname COLLATE \"C\", opcname COLLATE \"C\", amname COLLATE \"C\"";

static void identify(StringInfo buf, const MigObject *operator);
static void create(StringInfo buf, const MigObject *operator);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static bool sets_itself(const MigDiff *diff, const MigObject *from,
						const MigObject *to, int attribute);
static bool has_operator(const MigSnapshot *snapshot, const char *name);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void identify_by_method(StringInfo buf, const MigObject *object);
static void create_family(StringInfo buf, const MigObject *family);
static void alter_family(MigDiff *diff, MigObject *from, MigObject *to);
static void append_members(StringInfo buf, const MigObject *family,
						   const List *members, bool add);
static void create_class(StringInfo buf, const MigObject *class);

const MigKind mig_operator_kind = {
	.id = MIG_OPERATOR,
	.name = "operator",
	.noun = "OPERATOR",
	.classid = OperatorRelationId,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = identify,
	.create = create,
	.judge = judge,
	.alter = alter,
};

const MigKind mig_opfamily_kind = {
	.id = MIG_OPFAMILY,
	.name = "operator family",
	.noun = "OPERATOR FAMILY",
	.classid = OperatorFamilyRelationId,
	.query = family_query,
	.nattributes = FAMILY_NATTRIBUTES,
	.attributes = family_attributes,
	.identify = identify_by_method,
	.create = create_family,
	.alter = alter_family,
};

const MigKind mig_opclass_kind = {
	.id = MIG_OPCLASS,
	.name = "operator class",
	.noun = "OPERATOR CLASS",
	.classid = OperatorClassRelationId,
	.query = class_query,
	.nattributes = CLASS_NATTRIBUTES,
	.attributes = class_attributes,
	.identify = identify_by_method,
	.create = create_class,
};

/* "s.=== (integer, integer)" */
static void
identify(StringInfo buf, const MigObject *operator)
{
	if (operator->schema != NULL)
		appendStringInfo(buf, "%s.", quote_identifier(operator->schema));
	appendStringInfo(buf, "%s (%s)", operator->name,
					 operator->values[ARGUMENTS]);
}

static void
create(StringInfo buf, const MigObject *operator)
{
	char	  **values = operator->values;

	appendStringInfoString(buf, "CREATE OPERATOR ");
	if (operator->schema != NULL)
		appendStringInfo(buf, "%s.", quote_identifier(operator->schema));
	appendStringInfo(buf, "%s (%s", operator->name, values[DEFINITION]);
	if (values[COMMUTATOR] != NULL)
		appendStringInfo(buf, ", COMMUTATOR = OPERATOR(%s)",
						 values[COMMUTATOR]);
	if (values[NEGATOR] != NULL)
		appendStringInfo(buf, ", NEGATOR = OPERATOR(%s)", values[NEGATOR]);
	if (values[RESTRICT_FUNCTION] != NULL)
		appendStringInfo(buf, ", RESTRICT = %s", values[RESTRICT_FUNCTION]);
	if (values[JOIN_FUNCTION] != NULL)
		appendStringInfo(buf, ", JOIN = %s", values[JOIN_FUNCTION]);
	appendStringInfo(buf, "%s)", values[FLAGS]);
}

static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	return sets_itself(diff, from, to, COMMUTATOR) &&
		sets_itself(diff, from, to, NEGATOR) ? MIG_ALTER : MIG_RECREATE;
}

/* Does the partner's creation or end see to it? */
static bool
sets_itself(const MigDiff *diff, const MigObject *from, const MigObject *to,
			int attribute)
{
	const char *before = from->values[attribute];
	const char *after = to->values[attribute];

	if (!MIG_CHANGED(to, attribute))
		return true;
	return (before == NULL || !has_operator(diff->from, before)) &&
		(after == NULL || !has_operator(diff->to, after));
}

/* Is there an operator of a name that stays, whatever its arguments? */
static bool
has_operator(const MigSnapshot *snapshot, const char *name)
{
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		const MigObject *object = lfirst(lc);

		if (object->kind == &mig_operator_kind &&
			object->twin != NULL &&
			strcmp(psprintf("%s.%s", quote_identifier(object->nspname),
							object->name), name) == 0)
			return true;
	}
	return false;
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *restriction = to->values[RESTRICT_FUNCTION];
	const char *join = to->values[JOIN_FUNCTION];

	if (MIG_CHANGED(to, RESTRICT_FUNCTION))
		mig_action_alter(diff, to, "restriction estimator",
						 "ALTER OPERATOR %s SET (RESTRICT = %s)", to->identity,
						 restriction == NULL ? "NONE" : restriction);
	if (MIG_CHANGED(to, JOIN_FUNCTION))
		mig_action_alter(diff, to, "join estimator",
						 "ALTER OPERATOR %s SET (JOIN = %s)", to->identity,
						 join == NULL ? "NONE" : join);
}

/* "s.name USING btree" */
static void
identify_by_method(StringInfo buf, const MigObject *object)
{
	appendStringInfo(buf, "%s USING %s",
					 quote_qualified_identifier(object->schema, object->name),
					 quote_identifier(object->values[METHOD]));
}

static void
create_family(StringInfo buf, const MigObject *family)
{
	List	   *members = mig_list_split(family->values[MEMBERS]);

	appendStringInfo(buf, "CREATE OPERATOR FAMILY %s;\n", family->identity);
	if (members != NIL)
		append_members(buf, family, members, true);
}

/* What has changed of a member is dropped and added. */
static void
alter_family(MigDiff *diff, MigObject *from, MigObject *to)
{
	List	   *before = mig_list_split(from->values[MEMBERS]);
	List	   *after = mig_list_split(to->values[MEMBERS]);
	List	   *added = NIL;
	List	   *dropped = NIL;
	const ListCell *lc;
	StringInfoData buf;

	foreach(lc, before)
	{
		if (!mig_has_name(after, lfirst(lc)))
			dropped = lappend(dropped, lfirst(lc));
	}
	foreach(lc, after)
	{
		if (!mig_has_name(before, lfirst(lc)))
			added = lappend(added, lfirst(lc));
	}
	initStringInfo(&buf);
	if (dropped != NIL)
		append_members(&buf, to, dropped, false);
	if (added != NIL)
		append_members(&buf, to, added, true);
	mig_action_add(diff, MIG_OP_ALTER, to, "members", buf.data);
}

/* A member is dropped by its name and added with its whole definition. */
static void
append_members(StringInfo buf, const MigObject *family, const List *members,
			   bool add)
{
	const ListCell *lc;

	appendStringInfo(buf, "ALTER OPERATOR FAMILY %s %s", family->identity,
					 add ? "ADD" : "DROP");
	foreach(lc, members)
	{
		const char *member = lfirst(lc);
		const char *separator = strchr(member, NAME_SEPARATOR);

		appendStringInfoString(buf, foreach_current_index(lc) > 0 ?
							   ",\n    " : "\n    ");
		if (add)
			appendStringInfoString(buf, separator + 1);
		else
			appendBinaryStringInfo(buf, member, separator - member);
	}
	appendStringInfoString(buf, ";\n");
}

static void
create_class(StringInfo buf, const MigObject *class)
{
	appendStringInfo(buf, "CREATE OPERATOR CLASS %s %s",
					 quote_qualified_identifier(class->schema, class->name),
					 class->values[CLASS_DEFINITION]);
}
