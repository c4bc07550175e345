/*-------------------------------------------------------------------------
 *
 * kind/view.c
 *	  Views and materialized views, and their columns.
 *
 * A view is replaced in place where its columns stay as they are and new ones
 * come behind them; otherwise, and always if it is materialized, it is dropped
 * and created with what depends on it.  Its columns come with it; they are
 * objects because they have comments, grants, defaults and dependents.
 *
 * A materialized view that has been filled is not emptied by an upgrade: a
 * model that was dumped without data says of none that it is filled.  What an
 * upgrade has filled is empty again after the downgrade.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/view.h"

#include "access/tableam.h"
#include "catalog/pg_class.h"
#include "kind/column.h"
#include "kind/list.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "sch/action.h"
#include "sch/expression.h"
#include "util/sql.h"
#include "utils/builtins.h"

enum
{
	RELKIND = MIG_VIEW_RELKIND,
	COLUMNS = MIG_VIEW_COLUMNS, /* a list: type, collation AS name */
	DEFINITION,
	OPTIONS,
	TOAST_OPTIONS,
	ACCESS_METHOD,
	TABLESPACE,
	POPULATED,
	TREE,						/* of the query, as pg_rewrite has it; NULL:
								 * there are no materialized views */
	RULE_COMMENT,				/* on the rule that makes it a view */
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[RELKIND] = {"sort", MIG_FIXED,.words = "v view,m materialized view"},
	[COLUMNS] = {"columns"},
	[DEFINITION] = {"definition", MIG_ALTERABLE, true},
	[OPTIONS] = {"options"},
	[TOAST_OPTIONS] = {"options of its TOAST table"},
	[ACCESS_METHOD] = {"access method"},
	[TABLESPACE] = {"tablespace"},
	[POPULATED] = {"populated"},
	[TREE] = {"tree of the query", MIG_NOT_COMPARED},
	[RULE_COMMENT] = {"comment on its rule"},
};

enum
{
	COLUMN_STORAGE,
	COLUMN_COMPRESSION,
	COLUMN_STATISTICS,
	COLUMN_OPTIONS,
	COLUMN_TYPE_STORAGE,		/* what the storage is where it is NULL */
	COLUMN_NATTRIBUTES
};

static const MigAttribute column_attributes[COLUMN_NATTRIBUTES] = {
	[COLUMN_STORAGE] = {"storage"},
	[COLUMN_COMPRESSION] = {"compression"},
	[COLUMN_STATISTICS] = {"statistics target"},
	[COLUMN_OPTIONS] = {"options"},
	[COLUMN_TYPE_STORAGE] = {"storage of the type", MIG_NOT_COMPARED},
};

/* Settings of a column, and what undoes them. */
static const struct
{
	int			attribute;
	const char *clause;
	const char *otherwise;		/* NULL: that of the type */
}			settings[] = {
	{COLUMN_STORAGE, "STORAGE", NULL},
	{COLUMN_COMPRESSION, "COMPRESSION", "DEFAULT"},
	{COLUMN_STATISTICS, "STATISTICS", "-1"},
};

/* The query of a view without its semicolon. */
static const char query[] =
"SELECT c.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, relname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(relowner)::pg_catalog.text, " MIG_ACL("relacl", "r", "relowner") ","
" relkind::pg_catalog.text,"
" (SELECT pg_catalog.string_agg(pg_catalog.format_type(atttypid, atttypmod)"
" || CASE WHEN attcollation <> typcollation THEN ' COLLATE '"
" || attcollation::pg_catalog.regcollation::pg_catalog.text ELSE '' END"
" || ' AS ' || pg_catalog.quote_ident(attname), E'\\x01' ORDER BY attnum)"
" FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_type t ON t.oid = atttypid"
" WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),"
" pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';'), " MIG_LIST("reloptions") ","
" (SELECT " MIG_LIST("t.reloptions") " FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid),"
" amname::pg_catalog.text,"
" (SELECT spcname::pg_catalog.text FROM pg_catalog.pg_tablespace t WHERE t.oid = reltablespace),"
" relispopulated::pg_catalog.text,"
" CASE WHEN relkind = 'm' OR EXISTS (SELECT FROM pg_catalog.pg_class m WHERE m.relkind = 'm'"
" AND m.relnamespace = ANY ($1)) THEN (SELECT ev_action::pg_catalog.text FROM pg_catalog.pg_rewrite"
" WHERE ev_class = c.oid AND rulename = '_RETURN') END,"
" (SELECT description FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_description d ON objoid = r.oid"
" WHERE ev_class = c.oid AND rulename = '_RETURN' AND classoid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass)"
" FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace"
" LEFT JOIN pg_catalog.pg_am a ON a.oid = relam"
" WHERE relkind IN ('v', 'm') AND relnamespace = ANY ($1)"
" ORDER BY nspname COLLATE \"C\", relname COLLATE \"C\"";

static const char column_query[] =
"SELECT c.oid, attnum::pg_catalog.int4, c.oid, 0, NULL::pg_catalog.text, attname::pg_catalog.text, NULL::pg_catalog.text,"
" CASE WHEN attacl IS NOT NULL THEN NULLIF(" MIG_ACL_LINES("attacl", "relowner") ", '') END,"
" CASE WHEN relkind = 'm' AND attstorage <> typstorage THEN " MIG_STORAGE_NAME("attstorage") " END,"
" CASE WHEN relkind = 'm' THEN CASE attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END END,"
" NULLIF(attstattarget, -1)::pg_catalog.text,"
" " MIG_COLUMN_OPTIONS ","
" " MIG_STORAGE_NAME("typstorage")
" FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class c ON c.oid = attrelid"
" JOIN pg_catalog.pg_type t ON t.oid = atttypid"
" WHERE relkind IN ('v', 'm') AND relnamespace = ANY ($1)"
" AND attnum > 0 AND NOT attisdropped"
" ORDER BY attrelid, attnum";

static const char *noun_of(const MigObject *view);
static bool is_materialized(const MigObject *view);
static void create(StringInfo buf, const MigObject *view);
static void append_view(StringInfo buf, const MigObject *view, bool populated);
static bool is_filled(const MigObject *view);
static bool create_in_steps(StringInfo first, StringInfo second,
							const MigObject *view);
static void append_replacement(StringInfo buf, const MigObject *view);
static void append_with(StringInfo buf, const MigObject *view);
static void append_rule_comment(StringInfo buf, const MigObject *view);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static bool is_prefix(const char *list, const char *of);
static void warn(MigDiff *diff, MigAction *action);
static void warn_of_query(MigAction *action, const MigObject *view);
static bool query_may_fail(const MigObject *view, List **tables, bool *asks);
static bool keeps_values(const MigObject *column);
static void warn_of_options(MigAction *action, const MigObject *from,
							const MigObject *to);
static bool is_on(const MigObject *view, const char *option);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void empty(MigDiff *diff, MigObject *view);
static bool is_read(const MigObject *view);
static bool fills(const MigObject *object);
static List *read_by(List *views, const MigObject *view);
static void identify_column(StringInfo buf, const MigObject *column);
static void append_settings(StringInfo buf, const MigObject *column);
static void store(MigDiff *diff, MigObject *view, const char *what,
				  const char *name);
static char *alter_text(const MigObject *column);
static void alter_column(MigDiff *diff, MigObject *from, MigObject *to);
static void in_statement(StringInfo buf, const MigObject *view,
						 int attribute, const char *definition);

const MigKind mig_view_kind = {
	.id = MIG_VIEW,
	.name = "view",
	.noun = "VIEW",
	.acl_noun = "TABLE",
	.acl_type = "r",
	.classid = RelationRelationId,
	.flags = MIG_KIND_RELATION | MIG_KIND_HOLDS_TYPE,
	.query = query,
	.whole = "c.oid",
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.noun_of = noun_of,
	.create = create,
	.create_in_steps = create_in_steps,
	.judge = judge,
	.alter = alter,
	.warn = warn,
	.in_statement = in_statement,
};

const MigKind mig_view_column_kind = {
	.id = MIG_VIEW_COLUMN,
	.name = "view column",
	.noun = "COLUMN",
	.classid = RelationRelationId,
	.parent_classid = RelationRelationId,
	.flags = MIG_KIND_VIRTUAL,
	.query = column_query,
	.whole = "c.oid",
	.nattributes = COLUMN_NATTRIBUTES,
	.attributes = column_attributes,
	.identify = identify_column,
	.alter = alter_column,
};

static const char *
noun_of(const MigObject *view)
{
	return is_materialized(view) ? "MATERIALIZED VIEW" : "VIEW";
}

static bool
is_materialized(const MigObject *view)
{
	return view->values[RELKIND][0] == RELKIND_MATVIEW;
}

/* One that had rows has rows again. */
static void
create(StringInfo buf, const MigObject *view)
{
	append_view(buf, view, is_filled(view) ||
				(view->twin != NULL && is_filled(view->twin)));
}

/* Settings of its columns follow in statements of their own. */
static void
append_view(StringInfo buf, const MigObject *view, bool populated)
{
	const ListCell *lc;

	appendStringInfo(buf, "CREATE %s %s", noun_of(view), view->identity);
	if (view->values[ACCESS_METHOD] != NULL &&
		strcmp(view->values[ACCESS_METHOD], default_table_access_method) != 0)
		appendStringInfo(buf, " USING %s",
						 quote_identifier(view->values[ACCESS_METHOD]));
	append_with(buf, view);
	if (view->values[TABLESPACE] != NULL)
		appendStringInfo(buf, " TABLESPACE %s",
						 quote_identifier(view->values[TABLESPACE]));
	appendStringInfo(buf, " AS\n%s", view->values[DEFINITION]);
	if (is_materialized(view) && !populated)
		appendStringInfoString(buf, "\n  WITH NO DATA");
	appendStringInfoString(buf, ";\n");
	foreach(lc, view->children)
	{
		const MigObject *child = lfirst(lc);

		if (child->kind == &mig_view_column_kind && !child->ignored)
			append_settings(buf, child);
	}
	if (view->values[RULE_COMMENT] != NULL)
		append_rule_comment(buf, view);
}

/* Is it a materialized view that can be read? */
static bool
is_filled(const MigObject *view)
{
	return is_materialized(view) && MIG_IS_TRUE(view->values[POPULATED]);
}

/* First a view with the same columns and no rows. */
static bool
create_in_steps(StringInfo first, StringInfo second, const MigObject *view)
{
	const ListCell *lc;

	if (is_materialized(view))
		return false;
	if (first == NULL || second == NULL)
		return true;
	appendStringInfo(first, "CREATE VIEW %s AS\n SELECT", view->identity);
	foreach(lc, mig_list_split(view->values[COLUMNS]))
		appendStringInfo(first, "%sNULL::%s",
						 foreach_current_index(lc) > 0 ? ",\n    " : " ",
						 (char *) lfirst(lc));
	append_replacement(second, view);
	if (view->values[RULE_COMMENT] != NULL)
	{
		appendStringInfoString(second, ";\n");
		append_rule_comment(second, view);
	}
	return true;
}

/* Options are set with it: without WITH the old ones would go. */
static void
append_replacement(StringInfo buf, const MigObject *view)
{
	appendStringInfo(buf, "CREATE OR REPLACE VIEW %s", view->identity);
	append_with(buf, view);
	appendStringInfo(buf, " AS\n%s", view->values[DEFINITION]);
}

/* Options of the TOAST table, of a materialized view, among the others. */
static void
append_with(StringInfo buf, const MigObject *view)
{
	if (view->values[OPTIONS] == NULL && view->values[TOAST_OPTIONS] == NULL)
		return;
	appendStringInfoString(buf, " WITH (");
	mig_list_append_options(buf, view->values[OPTIONS], "");
	mig_list_append_options(buf, view->values[TOAST_OPTIONS], "toast.");
	appendStringInfoChar(buf, ')');
}

static void
append_rule_comment(StringInfo buf, const MigObject *view)
{
	const char *comment = view->values[RULE_COMMENT];

	appendStringInfo(buf, "COMMENT ON RULE \"_RETURN\" ON %s IS %s",
					 view->identity, comment == NULL ? "NULL" :
					 quote_literal_cstr(comment));
}

/* CREATE OR REPLACE VIEW takes new columns behind those that there are. */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	if (MIG_CHANGED(to, DEFINITION) && is_materialized(to))
		return MIG_RECREATE;
	if (MIG_CHANGED(to, COLUMNS) &&
		(is_materialized(to) ||
		 !is_prefix(from->values[COLUMNS], to->values[COLUMNS])))
		return MIG_RECREATE;
	if (to->changed == (uint32) 1 << POPULATED &&
		(diff->of_revisions || is_filled(diff->reverse ? to : from)))
		return MIG_KEEP;
	return MIG_ALTER;
}

/* Does a list begin with the elements of another?  NULL has none. */
static bool
is_prefix(const char *list, const char *of)
{
	size_t		length = list == NULL ? 0 : strlen(list);

	if (length == 0)
		return true;
	return of != NULL && strncmp(list, of, length) == 0 &&
		(of[length] == '\0' || of[length] == MIG_SEPARATOR);
}

/* Say what an option of a view kept from those who read it. */
static void
warn_of_options(MigAction *action, const MigObject *from,
				const MigObject *to)
{
	static const char *const names[] = {"security_invoker", "security_barrier"};

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (is_on(from, names[i]) && !is_on(to, names[i]))
			mig_action_warn(action, MIG_WEAKENS_SECURITY,
							"view %s is without %s", to->identity, names[i]);
	}
}

/* The catalogs keep an option's value as it was written. */
static bool
is_on(const MigObject *view, const char *option)
{
	const char *value = mig_list_value(mig_list_split(view->values[OPTIONS]),
									   option);
	bool		on;

	return value != NULL && parse_bool(value, &on) && on;
}

/* A downgrade makes it as it was before the upgrade, filled or not. */
static void
warn(MigDiff *diff, MigAction *action)
{
	MigObject  *view = action->object;
	StringInfoData buf;

	if (action->op != MIG_OP_CREATE)
		return;
	if (is_filled(view) || (!diff->reverse && is_materialized(view) &&
							view->twin != NULL && is_filled(view->twin)))
		warn_of_query(action, view);
	if (view->twin == NULL)
		return;
	if (diff->reverse && !diff->of_revisions && is_materialized(view))
	{
		initStringInfo(&buf);
		append_view(&buf, view, is_filled(view) || is_read(view));
		action->sql = buf.data;
		if (!is_filled(view) && is_read(view))
			empty(diff, view);
	}
	warn_of_options(action, view->twin, view);
}

/* Warn of rows over which the query of a materialized view gives an error. */
static void
warn_of_query(MigAction *action, const MigObject *view)
{
	bool		asks = true;
	List	   *tables = NIL;
	MigHazard  *hazard;

	if (!query_may_fail(view, &tables, &asks) || tables == NIL)
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows for which the query of materialized view %s gives an error",
							 view->identity);
	hazard->table = linitial(tables);
	hazard->others = tables;
	if (!asks)
		return;
	hazard->tries = true;
	hazard->probe = psprintf("SELECT * FROM (%s) q",
							 view->values[DEFINITION]);
}

/*
 * May the query of a view give an error, or that of a view that it reads?
 * Gathers the tables, a materialized view being one, and tells whether all is
 * now as it will be then.
 */
static bool
query_may_fail(const MigObject *view, List **tables, bool *asks)
{
	bool		fails = mig_expression_may_fail(view->values[TREE]);
	const ListCell *lc;

	check_stack_depth();
	*asks &= mig_expression_stays(view);
	foreach(lc, view->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;
		const MigObject *relation = mig_table_of(on);

		if (relation == view || (relation->kind->id != MIG_TABLE &&
								 relation->kind != &mig_view_kind))
			continue;
		*asks &= on->fate == MIG_KEEP && relation->fate == MIG_KEEP;
		if (relation->kind == &mig_view_kind && !is_materialized(relation))
			fails |= query_may_fail(relation, tables, asks);
		else if (!mig_has_name(*tables, relation->identity))
			*tables = lappend(*tables, pstrdup(relation->identity));
	}
	return fails;
}

/*
 * What to select from to have the rows of a new materialized view; NULL: they
 * are not known before the script has run.  The tables are those of a hazard.
 */
char *
mig_view_rows(const MigObject *view, MigHazard *hazard)
{
	List	   *tables = NIL;
	bool		asks = true;

	if (view->kind != &mig_view_kind)
		return NULL;
	query_may_fail(view, &tables, &asks);
	if (!asks || tables == NIL)
		return NULL;
	hazard->table = linitial(tables);
	hazard->others = tables;
	return psprintf("(%s)", view->values[DEFINITION]);
}

/*
 * Has an old view, or what belongs to one, the rows that it had once it is
 * created again?  That of a column may be another type for the same values.
 */
bool
mig_view_stays_filled(const MigObject *object)
{
	const MigObject *view = mig_table_of(object);
	const ListCell *lc;

	check_stack_depth();
	if (view->kind != &mig_view_kind || view->twin == NULL ||
		MIG_CHANGED(view, DEFINITION) || !mig_expression_stays(view))
		return false;
	foreach(lc, view->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;
		const MigObject *relation = mig_table_of(on);

		if (relation == view || on == relation || on->fate == MIG_KEEP)
			continue;
		if (relation->kind == &mig_view_kind ?
			!mig_view_stays_filled(relation) :
			!keeps_values(on))
			return false;
	}
	return true;
}

/* Differs an old column in nothing but a type of the same values? */
static bool
keeps_values(const MigObject *column)
{
	return column->kind->id == MIG_COLUMN && column->fate == MIG_ALTER &&
		mig_column_differs_in_type(column) &&
		pg_popcount32(column->changed) == 1 &&
		mig_column_stays_comparable(column, column->twin);
}

/* What replaces the definition comes first: new columns are made by it. */
static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData buf;

	if (MIG_CHANGED(to, DEFINITION) || MIG_CHANGED(to, COLUMNS))
	{
		initStringInfo(&buf);
		append_replacement(&buf, to);
		mig_action_add(diff, MIG_OP_ALTER, to, "definition", buf.data);
	}
	else
		mig_list_alter_options(diff, to,
							   psprintf("ALTER %s %s", noun_of(to),
										to->identity),
							   from->values[OPTIONS], to->values[OPTIONS],
							   from->values[TOAST_OPTIONS],
							   to->values[TOAST_OPTIONS]);
	if (to->alters != NIL && MIG_CHANGED(to, OPTIONS))
		warn_of_options(llast(to->alters), from, to);
	if (MIG_CHANGED(to, ACCESS_METHOD))
		store(diff, to, "access method", to->values[ACCESS_METHOD]);
	if (MIG_CHANGED(to, TABLESPACE))
		store(diff, to, "tablespace", to->values[TABLESPACE] == NULL ?
			  "pg_default" : to->values[TABLESPACE]);
	if (MIG_CHANGED(to, POPULATED) && !diff->of_revisions &&
		is_filled(diff->reverse ? from : to))
	{
		if (diff->reverse)
			empty(diff, to);
		else
			warn_of_query(mig_action_alter(diff, to, "populated",
										   "REFRESH MATERIALIZED VIEW %s",
										   to->identity), to);
	}
	if (MIG_CHANGED(to, RULE_COMMENT))
	{
		initStringInfo(&buf);
		append_rule_comment(&buf, to);
		mig_action_add(diff, MIG_OP_ALTER, to, "comment",
					   buf.data)->satellite = true;
	}
}

/* How or where a materialized view is stored: its files are copied. */
static void
store(MigDiff *diff, MigObject *view, const char *what, const char *name)
{
	MigAction  *action;

	action = mig_action_alter(diff, view, what,
							  "ALTER MATERIALIZED VIEW %s SET %s %s",
							  view->identity,
							  what[0] == 't' ? "TABLESPACE" : "ACCESS METHOD",
							  quote_identifier(name));
	mig_action_warn(action, MIG_REWRITES_TABLE,
					"its files are copied, and no session can use it meanwhile")->table =
		view->identity;
}

/* When those that are filled from it are there. */
static void
empty(MigDiff *diff, MigObject *view)
{
	mig_action_alter(diff, view, "populated",
					 "REFRESH MATERIALIZED VIEW %s WITH NO DATA",
					 view->identity)->late = true;
}

/* Is a materialized view filled from a view, by way of others, too? */
static bool
is_read(const MigObject *view)
{
	const ListCell *lc;

	check_stack_depth();
	if (fills(view))
		return true;
	foreach(lc, view->children)
	{
		if (fills(lfirst(lc)))
			return true;
	}
	return false;
}

/* The same of a view without its columns, or of a column. */
static bool
fills(const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, object->dependents)
	{
		const MigDepend *depend = lfirst(lc);
		const MigObject *reader = mig_table_of(depend->object);

		if (reader->kind == &mig_view_kind &&
			reader != mig_table_of(object) &&
			(is_filled(reader) || is_read(reader)))
			return true;
	}
	return false;
}

/*
 * The actions that fill what a materialized view is filled from, MigAction *:
 * those of the materialized views that it reads, by way of views, too.
 */
List *
mig_view_awaits(const MigObject *object)
{
	List	   *awaited = NIL;
	List	   *work = NIL;

	if (object->kind == &mig_view_kind && is_filled(object))
		work = read_by(NIL, object);
	for (int i = 0; i < list_length(work); i++)
	{
		const MigObject *view = list_nth(work, i);

		if (is_materialized(view))
			awaited = list_concat(awaited, view->alters);
		else
			work = read_by(work, view);
	}
	return awaited;
}

/* Add the views that a view reads to a list. */
static List *
read_by(List *views, const MigObject *view)
{
	const ListCell *lc;

	foreach(lc, view->depends)
	{
		const MigObject *on = mig_table_of(((MigDepend *) lfirst(lc))->object);

		if (on->kind == view->kind && on != view)
			views = list_append_unique_ptr(views, unconstify(MigObject *, on));
	}
	return views;
}

static void
identify_column(StringInfo buf, const MigObject *column)
{
	appendStringInfo(buf, "%s.%s", column->parent->identity,
					 quote_identifier(column->name));
}

/* What CREATE MATERIALIZED VIEW cannot say of a column. */
static void
append_settings(StringInfo buf, const MigObject *column)
{
	char	   *alter = alter_text(column);

	for (size_t i = 0; i < lengthof(settings); i++)
	{
		const char *value = column->values[settings[i].attribute];

		if (value != NULL)
			appendStringInfo(buf, "%s SET %s %s;\n", alter,
							 settings[i].clause, value);
	}
	if (column->values[COLUMN_OPTIONS] != NULL)
	{
		appendStringInfo(buf, "%s SET (", alter);
		mig_list_append_options(buf, column->values[COLUMN_OPTIONS], "");
		appendStringInfoString(buf, ");\n");
	}
}

/* Columns of materialized views are stored, and have settings of that. */
static void
alter_column(MigDiff *diff, MigObject *from, MigObject *to)
{
	char	   *alter = alter_text(to);

	for (size_t i = 0; i < lengthof(settings); i++)
	{
		int			attribute = settings[i].attribute;
		const char *value = to->values[attribute];

		if (value == NULL)
			value = settings[i].otherwise != NULL ? settings[i].otherwise :
				to->values[COLUMN_TYPE_STORAGE];
		if (MIG_CHANGED(to, attribute))
			mig_action_alter(diff, to, column_attributes[attribute].name,
							 "%s SET %s %s", alter, settings[i].clause, value);
	}
	mig_list_alter_options(diff, to, alter, from->values[COLUMN_OPTIONS],
						   to->values[COLUMN_OPTIONS], NULL, NULL);
}

static char *
alter_text(const MigObject *column)
{
	return psprintf("ALTER MATERIALIZED VIEW %s ALTER COLUMN %s",
					column->parent->identity, quote_identifier(column->name));
}

/* The definition is a query already. */
static void
in_statement(StringInfo buf, const MigObject *view, int attribute,
			 const char *definition)
{
	appendStringInfoString(buf, definition);
}
