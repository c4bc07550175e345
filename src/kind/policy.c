/*-------------------------------------------------------------------------
 *
 * kind/policy.c
 *	  Policies of row security.
 *
 * Whether row security is in force is an attribute of the table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_class.h"
#include "catalog/pg_policy.h"
#include "kind/kinds.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	COMMAND,
	PERMISSIVE,
	ROLES,
	USING,
	CHECK,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[COMMAND] = {"command", MIG_FIXED},
	[PERMISSIVE] = {"permissive", MIG_FIXED},
	[ROLES] = {"roles"},
	[USING] = {"using", MIG_ALTERABLE, true},
	[CHECK] = {"check", MIG_ALTERABLE, true},
};

static const char query[] =
"SELECT y.oid, 0, polrelid, 0, NULL::pg_catalog.text, polname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text,"
" CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'"
" WHEN 'd' THEN 'DELETE' ELSE 'ALL' END, polpermissive::pg_catalog.text,"
" (SELECT pg_catalog.string_agg(r.name, ', ' ORDER BY r.name COLLATE \"C\") FROM (SELECT"
" CASE o WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o)) END AS name"
" FROM pg_catalog.unnest(polroles) o) r),"
" pg_catalog.pg_get_expr(polqual, polrelid), pg_catalog.pg_get_expr(polwithcheck, polrelid)"
" FROM pg_catalog.pg_policy y JOIN pg_catalog.pg_class c ON c.oid = polrelid"
" WHERE relnamespace = ANY ($1)"
" ORDER BY polrelid, polname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *policy);
static void append_expression(StringInfo buf, const char *clause,
							  const char *expression);
static bool is_in_parentheses(const char *expression);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void warn(MigDiff *diff, MigAction *action);
static void in_statement(StringInfo buf, const MigObject *policy,
						 int attribute, const char *definition);

const MigKind mig_policy_kind = {
	.id = MIG_POLICY,
	.name = "policy",
	.noun = "POLICY",
	.classid = PolicyRelationId,
	.parent_classid = RelationRelationId,
	.flags = MIG_KIND_HOLDS_TYPE,
	.query = query,
	.whole = "polrelid",
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = mig_kind_identify_on_parent,
	.create = create,
	.judge = judge,
	.alter = alter,
	.warn = warn,
	.in_statement = in_statement,
};

static void
create(StringInfo buf, const MigObject *policy)
{
	char	  **values = policy->values;

	appendStringInfo(buf, "CREATE POLICY %s", policy->identity);
	if (!MIG_IS_TRUE(values[PERMISSIVE]))
		appendStringInfoString(buf, " AS RESTRICTIVE");
	if (strcmp(values[COMMAND], "ALL") != 0)
		appendStringInfo(buf, " FOR %s", values[COMMAND]);
	if (strcmp(values[ROLES], "PUBLIC") != 0)
		appendStringInfo(buf, " TO %s", values[ROLES]);
	append_expression(buf, "USING", values[USING]);
	append_expression(buf, "WITH CHECK", values[CHECK]);
}

/* On a line of its own; nothing if there is none. */
static void
append_expression(StringInfo buf, const char *clause, const char *expression)
{
	if (expression == NULL)
		return;
	appendStringInfo(buf, is_in_parentheses(expression) ?
					 "\n    %s %s" : "\n    %s (%s)", clause, expression);
}

/*
 * Do the parentheses at both ends belong together?  Those of a query do not
 * count, it needs them for itself.
 */
static bool
is_in_parentheses(const char *expression)
{
	const char *p = expression + strspn(expression, "( ");
	int			depth = 0;
	char		quote = '\0';

	if (strncmp(p, "SELECT", 6) == 0 || strncmp(p, "VALUES", 6) == 0 ||
		strncmp(p, "WITH", 4) == 0)
		return false;
	for (p = expression; *p != '\0'; p++)
	{
		if (quote != '\0')
			quote = *p == quote ? '\0' : quote;
		else if (*p == '\'' || *p == '"')
			quote = *p;
		else if (*p == '(')
			depth++;
		else if (*p == ')')
			depth--;
		if (depth == 0)
			break;
	}
	return depth == 0 && *p == ')' && p[1] == '\0';
}

/* ALTER POLICY cannot take an expression away. */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	if (from->values[USING] != NULL && to->values[USING] == NULL)
		return MIG_RECREATE;
	if (from->values[CHECK] != NULL && to->values[CHECK] == NULL)
		return MIG_RECREATE;
	return MIG_ALTER;
}

/* Roles and conditions: the rest cannot be altered, and makes a new policy. */
static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "ALTER POLICY %s", to->identity);
	if (MIG_CHANGED(to, ROLES))
		appendStringInfo(&buf, " TO %s", to->values[ROLES]);
	if (MIG_CHANGED(to, USING))
		append_expression(&buf, "USING", to->values[USING]);
	if (MIG_CHANGED(to, CHECK))
		append_expression(&buf, "WITH CHECK", to->values[CHECK]);
	mig_action_warn(mig_action_add(diff, MIG_OP_ALTER, to, "policy", buf.data),
					MIG_WEAKENS_SECURITY,
					"policy \"%s\" of table %s may let through other rows than before",
					to->name, to->parent->identity);
}

/*
 * A restrictive policy that goes holds nobody back, and a new permissive one
 * lets more rows through, where row security is in force already.
 */
static void
warn(MigDiff *diff, MigAction *action)
{
	const MigObject *policy = action->object;
	const MigObject *table = policy->parent;

	if (policy->fate == MIG_RECREATE && policy->changed == 0)
		return;
	if (action->op == MIG_OP_DROP && !MIG_IS_TRUE(policy->values[PERMISSIVE]))
		mig_action_warn(action, MIG_WEAKENS_SECURITY,
						"policy \"%s\" of table %s, which is restrictive, goes",
						policy->name, table->identity);
	if (action->op == MIG_OP_CREATE &&
		MIG_IS_TRUE(policy->values[PERMISSIVE]) && table->twin != NULL &&
		MIG_IS_TRUE(table->twin->values[MIG_TABLE_ROW_SECURITY]))
		mig_action_warn(action, MIG_WEAKENS_SECURITY,
						"policy \"%s\" of table %s lets through more rows",
						policy->name, table->identity);
}

/* As a query of the table has it. */
static void
in_statement(StringInfo buf, const MigObject *policy, int attribute,
			 const char *definition)
{
	appendStringInfo(buf, "SELECT (%s) FROM %s", definition,
					 policy->parent->identity);
}
