/*-------------------------------------------------------------------------
 *
 * kind/rule.c
 *	  Rules of tables and views.
 *
 * The rule that makes a view a view belongs to the view.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_class.h"
#include "catalog/pg_rewrite.h"
#include "kind/kinds.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	EVENT,
	DEFINITION,					/* what comes behind the table */
	ENABLED,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[EVENT] = {"event"},
	[DEFINITION] = {"definition", MIG_ALTERABLE, true},
	[ENABLED] = {"enabled"},
};

static const char query[] =
"SELECT r.oid, 0, ev_class, 0, NULL::pg_catalog.text, rulename::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text, e.event,"
" pg_catalog.substr(pg_catalog.pg_get_ruledef(r.oid), 1 + pg_catalog.length('CREATE RULE '"
" || pg_catalog.quote_ident(rulename) || E' AS\\n    ON ' || e.event || ' TO '"
" || pg_catalog.quote_ident(nspname) || '.' || pg_catalog.quote_ident(relname))),"
" " MIG_ENABLED("ev_enabled")
" FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = ev_class"
" JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace"
" CROSS JOIN LATERAL (SELECT CASE ev_type WHEN '2' THEN 'UPDATE' WHEN '3' THEN 'INSERT'"
" ELSE 'DELETE' END AS event) e"
" WHERE ev_type <> '1' AND relnamespace = ANY ($1)"
" ORDER BY ev_class, rulename COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *rule);
static void append_definition(StringInfo buf, const MigObject *rule);
static void append_enabled(StringInfo buf, const MigObject *rule);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void in_statement(StringInfo buf, const MigObject *rule,
						 int attribute, const char *definition);

const MigKind mig_rule_kind = {
	.id = MIG_RULE,
	.name = "rule",
	.noun = "RULE",
	.classid = RewriteRelationId,
	.parent_classid = RelationRelationId,
	.flags = MIG_KIND_HOLDS_TYPE,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = mig_kind_identify_on_parent,
	.create = create,
	.alter = alter,
	.in_statement = in_statement,
};

static void
create(StringInfo buf, const MigObject *rule)
{
	appendStringInfoString(buf, "CREATE ");
	append_definition(buf, rule);
	if (!MIG_IS_ENABLED(rule->values[ENABLED]))
	{
		appendStringInfoChar(buf, '\n');	/* the definition ends with ; */
		append_enabled(buf, rule);
	}
}

static void
append_definition(StringInfo buf, const MigObject *rule)
{
	appendStringInfo(buf, "RULE %s AS\n    ON %s TO %s%s",
					 quote_identifier(rule->name), rule->values[EVENT],
					 rule->parent->identity, rule->values[DEFINITION]);
}

/* CREATE RULE has no word for it. */
static void
append_enabled(StringInfo buf, const MigObject *rule)
{
	appendStringInfo(buf, "ALTER TABLE %s %s RULE %s", rule->parent->identity,
					 rule->values[ENABLED], quote_identifier(rule->name));
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (MIG_CHANGED(to, EVENT) || MIG_CHANGED(to, DEFINITION))
	{
		appendStringInfoString(&buf, "CREATE OR REPLACE ");
		append_definition(&buf, to);
		mig_action_add(diff, MIG_OP_ALTER, to, "definition", buf.data);
		initStringInfo(&buf);
	}
	if (MIG_CHANGED(to, ENABLED))
	{
		append_enabled(&buf, to);
		mig_action_add(diff, MIG_OP_ALTER, to, "enabled", buf.data);
	}
}

/* Another name is no harm: the statement is parsed, not run. */
static void
in_statement(StringInfo buf, const MigObject *rule, int attribute,
			 const char *definition)
{
	appendStringInfo(buf, "CREATE RULE r AS ON %s TO %s%s",
					 rule->values[EVENT], rule->parent->identity, definition);
}
