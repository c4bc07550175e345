/*-------------------------------------------------------------------------
 *
 * rev/offline.c
 *	  A plan as one SQL script.
 *
 * Pure.  The script is for psql, on a server that has the schema but perhaps
 * not the extension: before each COMMIT a DO block stamps what is then
 * applied, if the extension is there.  Revisions with statements that cannot
 * run in a transaction block stand between two transactions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/offline.h"
#include "util/sql.h"

#include "utils/builtins.h"

static void begin_transaction(MigOffline *offline);
static void end_transaction(MigOffline *offline);
static void append_record(MigOffline *offline);
static char *stamp_target(MigOffline *offline);

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
	offline->applied = mig_graph_ancestors(graph, range->left, MIG_EDGES_ALL);
	appendStringInfo(&offline->buf, "-- %s %s: %d revision(s)\n",
					 offline->plan->direction == MIG_UPGRADE ? "upgrade" :
					 "downgrade", range->text, offline->plan->nsteps);
	if (offline->plan->nsteps > 0 && schema_name[0] != '\0')
	{
		appendStringInfoString(&offline->buf, "SELECT pg_catalog.set_config('search_path', ");
		appendStringInfoString(&offline->buf,
							   quote_literal_cstr(psprintf("%s, ", quote_identifier(schema_name))));
		appendStringInfoString(&offline->buf, " || pg_catalog.current_setting('search_path'), false);\n");
	}
}

/*
 * Write step n, whose script is given.  ends_open tells that no semicolon
 * stands behind its last statement.
 */
void
mig_offline_step(MigOffline *offline, int n, const char *script,
				 bool ends_open)
{
	const MigStep *step = &offline->plan->steps[n];
	const MigNode *node = step->node;
	StringInfo	buf = &offline->buf;
	const char *below = node->down == NIL ? "base" :
		mig_node_names(node->down, 0);

	if (node->row.transactional)
		begin_transaction(offline);
	else
		end_transaction(offline);
	appendStringInfo(buf, "\n-- %s %s -> %s, ",
					 step->direction == MIG_UPGRADE ? "upgrade" : "downgrade",
					 step->direction == MIG_UPGRADE ? below : node->revision,
					 step->direction == MIG_UPGRADE ? node->revision : below);
	mig_append_comment(buf, node->row.message);
	appendStringInfoChar(buf, '\n');
	if (!node->row.transactional)
		appendStringInfoString(buf, "-- not in a transaction block\n");
	appendStringInfoString(buf, script);
	if (script[0] != '\0' && script[strlen(script) - 1] != '\n')
		appendStringInfoChar(buf, '\n');
	if (ends_open)
		appendStringInfoString(buf, ";\n");
	offline->done = n + 1;
	if (!node->row.transactional)
		append_record(offline);
}

/* End the script; its text is in offline->buf. */
void
mig_offline_end(MigOffline *offline)
{
	end_transaction(offline);
}

static void
begin_transaction(MigOffline *offline)
{
	if (!offline->in_transaction)
		appendStringInfoString(&offline->buf, "\nBEGIN;\n");
	offline->in_transaction = true;
}

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

/* Write down what is applied after the steps so far. */
static void
append_record(MigOffline *offline)
{
	const char *target = stamp_target(offline);
	const char *quote = mig_dollar_tag(psprintf("%s %s", target,
												offline->schema_name));

	if (offline->recorded == offline->done)
		return;
	offline->recorded = offline->done;
	appendStringInfo(&offline->buf,
					 "\n-- record it, where the extension is installed\n"
					 "DO %s\n"
					 "DECLARE\n"
					 "    nsp text := (SELECT n.nspname FROM pg_catalog.pg_extension e\n"
					 "        JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace\n"
					 "        WHERE e.extname = 'pg_migrations');\n"
					 "BEGIN\n"
					 "    IF nsp IS NOT NULL THEN\n"
					 "        EXECUTE pg_catalog.format('SELECT %%I.migrate_stamp(%%L, schema => %%L)',\n"
					 "            nsp, %s, %s);\n"
					 "    END IF;\n"
					 "END\n"
					 "%s;\n",
					 quote, quote_literal_cstr(target),
					 quote_literal_cstr(offline->schema_name), quote);
}

/* Identifiers that stamp what is applied after the steps so far. */
static char *
stamp_target(MigOffline *offline)
{
	const MigPlan *plan = offline->plan;
	List	   *applied = NIL;
	List	   *gone = NIL;
	ListCell   *lc;
	StringInfoData buf;

	for (int i = 0; i < offline->done; i++)
	{
		if (plan->direction == MIG_UPGRADE)
			applied = lappend(applied, plan->steps[i].node);
		else
			gone = lappend(gone, plan->steps[i].node);
	}
	foreach(lc, offline->applied->list)
	{
		if (!list_member_ptr(gone, lfirst(lc)))
			applied = lappend(applied, lfirst(lc));
	}
	if (applied != NIL)
		return mig_node_names(mig_plan_maximal(offline->graph, applied), 0);
	initStringInfo(&buf);
	foreach(lc, mig_plan_maximal(offline->graph, gone))
		appendStringInfo(&buf, "%s%s@base", buf.len == 0 ? "" : ", ",
						 ((MigNode *) lfirst(lc))->revision);
	return buf.data;
}
