/*-------------------------------------------------------------------------
 *
 * model/agree.c
 *	  Refuses where the database is not what the model says.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/agree.h"
#include "rev/graph_source.h"
#include "rev/plan.h"
#include "run/pipeline.h"
#include "sch/action.h"
#include "util/error.h"
#include "util/sql.h"

#include "utils/builtins.h"

/* Differences that an error message lists */
#define DIFFERENCES_SHOWN	20

static void refuse_behind(const MigComparison *comparison);
static bool is_separate(const MigPlan *plan);
static void refuse_differences(const MigComparison *comparison,
							   const char *given);
static char *given_arguments(const MigComparison *comparison);
static void append_names(StringInfo buf, const char *argument,
						 const List *names);
static bool is_whole_table(const MigAction *action);
static void append_difference(StringInfo buf, const MigAction *action, int n);

/*
 * Compare, and raise MG020 where revisions wait to be applied to the database,
 * MG021 where it differs from the model, or the revisions do.
 */
void
mig_agree(MigComparison *comparison)
{
	char	   *given = given_arguments(comparison);

	comparison->qualify = true;
	comparison->agrees_only = comparison->may_agree = true;
	mig_compare(comparison);
	if (comparison->against == NULL)
		refuse_behind(comparison);
	if (mig_compare_count(comparison) > 0)
		refuse_differences(comparison, given);
	ereport(NOTICE,
			(errmsg(comparison->unsaid == NIL ? "%s and model agree (%s)" :
					"the %s has what the model says (%s), and more",
					mig_compared_name(comparison),
					comparison->agreed != NULL ? comparison->agreed :
					mig_snapshot_summary(comparison->wanted))));
}

/*
 * MG020 where revisions wait to be applied: what differs from the model may
 * be what they do.
 */
static void
refuse_behind(const MigComparison *comparison)
{
	MigTables	tables;
	MigGraph   *graph;
	MigPlan    *pending;
	List	   *all;
	List	   *heads = NIL;
	ListCell   *lc;

	mig_tables_open(&tables, comparison->nsp, comparison->schema, false);
	graph = mig_tables_graph(&tables);
	all = mig_graph_heads(graph, true);
	foreach(lc, all)
	{
		pending = mig_plan_upgrade(graph, list_make1(lfirst(lc)));
		if (mig_graph_tips(graph) == NIL || !is_separate(pending))
			heads = lappend(heads, lfirst(lc));
	}
	pending = mig_plan_upgrade(graph, heads);
	if (pending->nsteps > 0)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BEHIND),
				 errmsg("the database is behind: revision \"%s\" is not applied",
						pending->steps[0].node->revision),
				 errdetail_plural("%d revision is pending.",
								  "%d revisions are pending.",
								  pending->nsteps, pending->nsteps),
				 errhint("%s applies what is pending.",
						 mig_pipeline_call(pending, list_length(all) == 1 ?
										   "head" : mig_node_names(heads, 0),
										   comparison->schema))));
	mig_tables_close(&tables);
}

/*
 * Do the steps to a head begin at a base?  Where other revisions are applied
 * such a head may be meant for other target schemas.
 */
static bool
is_separate(const MigPlan *plan)
{
	for (int i = 0; i < plan->nsteps; i++)
	{
		ListCell   *lc;

		foreach(lc, plan->steps[i].node->down)
		{
			if (((MigNode *) lfirst(lc))->row.applied)
				return false;
		}
	}
	return plan->nsteps > 0;
}

/* MG021, with what differs. */
static void
refuse_differences(const MigComparison *comparison, const char *given)
{
	StringInfoData buf;
	int			n = 0;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, comparison->up.renames)
		appendStringInfo(&buf, "%s%s", n++ > 0 ? "\n" : "",
						 ((const MigRenaming *) lfirst(lc))->sql);
	/* whole tables first: they say most */
	foreach(lc, comparison->up.actions)
	{
		if (is_whole_table(lfirst(lc)))
			append_difference(&buf, lfirst(lc), n++);
	}
	foreach(lc, comparison->up.actions)
	{
		if (!is_whole_table(lfirst(lc)))
			append_difference(&buf, lfirst(lc), n++);
	}
	if (n > DIFFERENCES_SHOWN)
		appendStringInfo(&buf, "\n... and %d more", n - DIFFERENCES_SHOWN);
	ereport(ERROR,
			(errcode(ERRCODE_MIG_DIFFERS),
			 errmsg_plural("%s and model differ in %d place",
						   "%s and model differ in %d places", n,
						   mig_compared_name(comparison), n),
			 errdetail_internal("%s", buf.data),
			 errhint("SELECT * FROM %s shows them with their statements; SELECT %s makes a revision of them.",
					 mig_call_with("migrate_diff", NULL, comparison->schema,
								   given),
					 mig_call_with("migrate_autogenerate", "...",
								   comparison->schema, given))));
}

/* The arguments that say what to compare, as they would be written. */
static char *
given_arguments(const MigComparison *comparison)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (comparison->model != NULL)
		appendStringInfoString(&buf, "model => ...");
	append_names(&buf, "include", comparison->include);
	append_names(&buf, "exclude", comparison->exclude);
	if (comparison->against != NULL)
		appendStringInfo(&buf, "%sagainst => %s", buf.len > 0 ? ", " : "",
						 quote_literal_cstr(comparison->against));
	return buf.data;
}

/* As the caller would write them, for the hint to be copied. */
static void
append_names(StringInfo buf, const char *argument, const List *names)
{
	const ListCell *lc;

	if (names == NIL)
		return;
	appendStringInfo(buf, "%s%s => ARRAY[", buf->len > 0 ? ", " : "", argument);
	foreach(lc, names)
		appendStringInfo(buf, "%s%s",
						 foreach_current_index(lc) == 0 ? "" : ", ",
						 quote_literal_cstr(lfirst(lc)));
	appendStringInfoChar(buf, ']');
}

/* What there is to say of its columns is said with it. */
static bool
is_whole_table(const MigAction *action)
{
	return action->object->kind->id == MIG_TABLE &&
		(action->op == MIG_OP_CREATE || action->op == MIG_OP_DROP);
}

/* Append a line, unless there are enough; n were there before. */
static void
append_difference(StringInfo buf, const MigAction *action, int n)
{
	if (n >= DIFFERENCES_SHOWN)
		return;
	appendStringInfo(buf, "%s%s %s %s", n > 0 ? "\n" : "",
					 mig_action_verb(action), mig_kind_name(action->object),
					 action->object->identity);
	if (action->detail != NULL)
		appendStringInfo(buf, " (%s)", action->detail);
}
