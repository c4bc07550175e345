/*-------------------------------------------------------------------------
 *
 * rev/offline.c
 *	  A plan as one SQL script.
 *
 * Pure.  The script is for psql, on a server that has the schema but perhaps
 * not the extension: before each COMMIT a DO block records what is then
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
 * Write the next step; its scripts follow by mig_offline_script().
 */
void
mig_offline_step(MigOffline *offline)
{
	const MigStep *step = &offline->plan->steps[offline->done];
	const MigNode *node = step->node;
	StringInfo	buf = &offline->buf;
	const char *below = mig_node_names_below(node);

	if (offline->done > 0 &&
		!offline->plan->steps[offline->done - 1].node->row.transactional)
		append_record(offline);
	if (node->row.transactional)
		begin_transaction(offline);
	else
		end_transaction(offline);
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
