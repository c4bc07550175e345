/*-------------------------------------------------------------------------
 *
 * rev/offline.c
 *	  A plan as one SQL script.
 *
 * Pure.  The script is for psql, on a server that has the schema but perhaps
 * not the extension: before each COMMIT a DO block records what is then
 * applied, if the extension is there.  Or it keeps a table like Alembic's, of
 * the applied revisions that no other applied one needs.  Revisions with
 * statements that cannot run in a transaction block stand between two
 * transactions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/offline.h"
#include "util/sql.h"

#include "utils/builtins.h"

/* Alembic's table has room for ids of this length */
#define ALEMBIC_LENGTH	32

static void begin_transaction(MigOffline *offline);
static void end_transaction(MigOffline *offline);
static void append_record(MigOffline *offline);
static void create_table(MigOffline *offline);
static void append_versions(MigOffline *offline);
static void version_upgraded(MigOffline *offline, const MigNode *node);
static void version_downgraded(MigOffline *offline, MigNode *node);
static List *others_above(MigGraph *graph, MigNode *below, MigNode *node);
static void append_literals(StringInfo buf, const List *nodes);

/*
 * Begin the script of a range; offline->plan is set to its steps.
 */
void
mig_offline_begin(MigOffline *offline, MigGraph *graph, const MigRange *range,
				  const char *schema_name)
{
	memset(offline, 0, sizeof(*offline));
	initStringInfo(&offline->buf);
	offline->graph = graph;
	offline->schema_name = schema_name;
	offline->plan = mig_plan_offline(graph, range);
	offline->from_base = offline->plan->direction == MIG_UPGRADE &&
		range->left == NIL;
	appendStringInfo(&offline->buf, "-- %s ",
					 mig_direction_name(offline->plan->direction));
	mig_append_comment(&offline->buf, range->text);
	appendStringInfo(&offline->buf, ": %d %s\n", offline->plan->nsteps,
					 offline->plan->nsteps == 1 ? "revision" : "revisions");
	if (offline->plan->nsteps > 0 && schema_name[0] != '\0')
	{
		appendStringInfoString(&offline->buf, "SELECT pg_catalog.set_config('search_path', ");
		appendStringInfoString(&offline->buf,
							   quote_literal_cstr(psprintf("%s, ", quote_identifier(schema_name))));
		appendStringInfoString(&offline->buf, " || pg_catalog.current_setting('search_path'), false);\n");
	}
}

/*
 * Keep a version table instead of our own records; to be called before the
 * first step.
 */
void
mig_offline_keep(MigOffline *offline, const char *table)
{
	const char *schema = offline->schema_name;
	char	   *name;

	offline->version_table = mig_quote_qualified(table, &name);
	if (strcmp(offline->version_table, quote_identifier(name)) == 0 &&
		schema[0] != '\0')
		offline->version_table = quote_qualified_identifier(schema, name);
	offline->constraint = quote_identifier(psprintf("%s_pkc", name));
}

/*
 * Write the next step; its scripts follow by mig_offline_script().
 */
void
mig_offline_step(MigOffline *offline)
{
	const MigStep *step = &offline->plan->steps[offline->done];
	const MigNode *node = step->node;
	StringInfo	buf = &offline->buf;
	const char *below = mig_node_names_below(node);

	if (offline->version_table != NULL)
		append_versions(offline);
	else if (offline->done > 0 &&
			 !offline->plan->steps[offline->done - 1].node->row.transactional)
		append_record(offline);
	if (node->row.transactional)
		begin_transaction(offline);
	else
		end_transaction(offline);
	if (offline->done == 0)
		create_table(offline);
	appendStringInfo(buf, "\n-- %s %s -> %s, ",
					 mig_direction_name(step->direction),
					 step->direction == MIG_UPGRADE ? below : node->revision,
					 step->direction == MIG_UPGRADE ? node->revision : below);
	mig_append_comment(buf, node->row.message);
	appendStringInfoChar(buf, '\n');
	if (!node->row.transactional)
		appendStringInfoString(buf, "-- not in a transaction block\n");
	offline->done++;
}

/* Write a script of the step, and what ends its last statement. */
void
mig_offline_script(MigOffline *offline, const char *script,
				   const char *terminator)
{
	size_t		length = strlen(script);

	while (length > 0 && script[length - 1] == '\n')
		length--;
	appendBinaryStringInfo(&offline->buf, script, length);
	appendStringInfoString(&offline->buf, terminator);
	if (length > 0)
		appendStringInfoChar(&offline->buf, '\n');
}

/* End the script; its text is in offline->buf. */
void
mig_offline_end(MigOffline *offline)
{
	end_transaction(offline);
	append_record(offline);
}

/* Adjacent transactional revisions share one, as in a run. */
static void
begin_transaction(MigOffline *offline)
{
	if (!offline->in_transaction)
		appendStringInfoString(&offline->buf, "\nBEGIN;\n");
	offline->in_transaction = true;
}

/* The record comes with what it records. */
static void
end_transaction(MigOffline *offline)
{
	if (offline->in_transaction)
	{
		append_record(offline);
		appendStringInfoString(&offline->buf, "\nCOMMIT;\n");
	}
	offline->in_transaction = false;
}

/*
 * Write down the steps so far: what was applied before, with them or without.
 * A stamp with purge says exactly what is applied, and keeps the records of
 * what stays so.
 */
static void
append_record(MigOffline *offline)
{
	const MigPlan *plan = offline->plan;
	bool		up = plan->direction == MIG_UPGRADE;
	List	   *done = NIL;
	const char *names;
	const char *schema_name = quote_literal_cstr(offline->schema_name);
	const char *quote;

	if (offline->version_table != NULL)
		append_versions(offline);
	if (offline->recorded == offline->done)
		return;
	offline->recorded = offline->done;
	for (int i = 0; i < offline->done; i++)
		done = lappend(done, plan->steps[i].node);
	if (up)
		done = mig_plan_maximal(offline->graph, done);
	names = quote_literal_cstr(mig_node_names(done, 0));
	quote = mig_dollar_tag(psprintf("%s %s", names, schema_name));
	appendStringInfo(&offline->buf,
					 "\n-- record it, where the extension is installed\n"
					 "DO %s\n"
					 "DECLARE\n"
					 "    nsp text := (SELECT n.nspname FROM pg_catalog.pg_extension e\n"
					 "        JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace\n"
					 "        WHERE e.extname = 'pg_migrations');\n"
					 "BEGIN\n"
					 "    IF nsp IS NOT NULL THEN\n"
					 "        EXECUTE pg_catalog.format(\n"
					 "            'SELECT %%1$I.migrate_stamp(coalesce((SELECT pg_catalog.string_agg(r, '','') FROM ('\n"
					 "            'SELECT revision FROM %%1$I.migrate_applied WHERE schema_name = %%2$L '\n"
					 "            '%s SELECT pg_catalog.unnest(pg_catalog.string_to_array(%%3$L, '', ''))) a (r)), '\n"
					 "            '''base''), schema => %%2$L, purge => true)',\n"
					 "            nsp, %s, %s);\n"
					 "    END IF;\n"
					 "END\n"
					 "%s;\n",
					 quote, up ? "UNION" : "EXCEPT", schema_name, names, quote);
}

/* Make the version table where the script begins at the base. */
static void
create_table(MigOffline *offline)
{
	const MigPlan *plan = offline->plan;
	size_t		longest = 0;

	if (offline->version_table == NULL || !offline->from_base)
		return;
	for (int i = 0; i < plan->nsteps; i++)
		longest = Max(longest, strlen(plan->steps[i].node->revision));
	appendStringInfo(&offline->buf,
					 "\nCREATE TABLE IF NOT EXISTS %s (\n"
					 "    version_num VARCHAR(%d) NOT NULL,\n"
					 "    CONSTRAINT %s PRIMARY KEY (version_num)\n"
					 ");\n",
					 offline->version_table,
					 longest > ALEMBIC_LENGTH ? MIG_MAX_NAME : ALEMBIC_LENGTH,
					 offline->constraint);
}

/* Write down the steps since the last time in the version table. */
static void
append_versions(MigOffline *offline)
{
	for (; offline->recorded < offline->done; offline->recorded++)
	{
		MigNode    *node = offline->plan->steps[offline->recorded].node;

		appendStringInfoChar(&offline->buf, '\n');
		if (offline->plan->direction == MIG_UPGRADE)
			version_upgraded(offline, node);
		else
			version_downgraded(offline, node);
	}
}

/* The revision takes the place of those that it needs. */
static void
version_upgraded(MigOffline *offline, const MigNode *node)
{
	List	   *below = list_union_ptr(node->down, node->deps);

	if (below != NIL)
	{
		appendStringInfo(&offline->buf, "DELETE FROM %s WHERE version_num IN (",
						 offline->version_table);
		append_literals(&offline->buf, below);
		appendStringInfoString(&offline->buf, ");\n");
	}
	appendStringInfo(&offline->buf,
					 "INSERT INTO %s (version_num) VALUES (%s);\n",
					 offline->version_table,
					 quote_literal_cstr(node->revision));
}

/*
 * What the revision needed takes its place, unless something else that is
 * applied needs it.  Which of the other branches are applied is not known
 * here: the statement looks.
 */
static void
version_downgraded(MigOffline *offline, MigNode *node)
{
	List	   *below = list_union_ptr(node->down, node->deps);
	ListCell   *lc;

	appendStringInfo(&offline->buf, "DELETE FROM %s WHERE version_num = %s;\n",
					 offline->version_table,
					 quote_literal_cstr(node->revision));
	foreach(lc, mig_plan_maximal(offline->graph, below))
	{
		MigNode    *parent = lfirst(lc);
		List	   *others = others_above(offline->graph, parent, node);

		appendStringInfo(&offline->buf, "INSERT INTO %s (version_num) ",
						 offline->version_table);
		if (others == NIL)
			appendStringInfo(&offline->buf, "VALUES (%s)",
							 quote_literal_cstr(parent->revision));
		else
		{
			appendStringInfo(&offline->buf,
							 "SELECT %s\n"
							 "    WHERE NOT EXISTS (SELECT FROM %s WHERE version_num IN (",
							 quote_literal_cstr(parent->revision),
							 offline->version_table);
			append_literals(&offline->buf, others);
			appendStringInfoString(&offline->buf, "))");
		}
		appendStringInfoString(&offline->buf, ";\n");
	}
}

/* What stands on one revision, and not on another one that does. */
static List *
others_above(MigGraph *graph, MigNode *below, MigNode *node)
{
	MigNodeSet *above;
	List	   *others = NIL;
	ListCell   *lc;

	if (list_length(list_union_ptr(below->children, below->dependants)) == 1)
		return NIL;
	above = mig_graph_descendants(graph, list_make1(node), MIG_EDGES_ALL);
	mig_set_add(above, below);
	foreach(lc, mig_graph_descendants(graph, list_make1(below),
									  MIG_EDGES_ALL)->list)
	{
		if (!mig_set_has(above, lfirst(lc)))
			others = lappend(others, lfirst(lc));
	}
	list_sort(others, mig_node_compare);
	return others;
}

static void
append_literals(StringInfo buf, const List *nodes)
{
	const ListCell *lc;

	foreach(lc, nodes)
	{
		const MigNode *node = lfirst(lc);

		appendStringInfo(buf, "%s%s",
						 foreach_current_index(lc) == 0 ? "" : ", ",
						 quote_literal_cstr(node->revision));
	}
}
