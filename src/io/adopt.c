/*-------------------------------------------------------------------------
 *
 * io/adopt.c
 *	  Takes over what another tool has applied.
 *
 * What its table names becomes a stamp, if nothing is applied so far.  The
 * table itself is left as it is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "io/adopt.h"
#include "io/version_table.h"
#include "rev/graph_source.h"
#include "rev/incoming.h"
#include "rev/plan.h"
#include "run/atomic.h"
#include "run/lock.h"
#include "run/pipeline.h"
#include "util/error.h"
#include "util/sql.h"

#include "miscadmin.h"

static char *heads_to_stamp(Oid nsp, const MigVersionTable *state,
							const char *schema_name, bool *is_new);
static List *matching_nodes(MigGraph *graph, const MigVersionTable *state);
static MigNode *match(MigGraph *graph, const char *version, bool numeric);
static void refuse_gaps(MigGraph *graph, const MigVersionTable *state,
						const List *nodes);
static void refuse_other_state(MigGraph *graph, const MigVersionTable *state,
							   const List *heads);

/*
 * Record as applied what a version table says, in a target schema.
 *
 * Returns the heads of it, with commas, or "base", in the current memory
 * context.  Where all of it is applied already nothing happens.
 */
char *
mig_adopt(Oid nsp, const char *table, const char *schema_name)
{
	MigRequest	request = {.function = "migrate_adopt",.nsp = nsp};
	MigVersionTable *state;
	bool		is_new;
	char	   *heads;

	mig_refuse_in_run("migrate_adopt");
	state = mig_version_table_read(table, schema_name);
	heads = heads_to_stamp(nsp, state, schema_name, &is_new);
	if (!is_new)
	{
		ereport(NOTICE,
				(errmsg("nothing to adopt: what table %s names is applied",
						state->name)));
		return heads;
	}
	PreventCommandIfReadOnly("migrate_adopt()");
	PreventCommandDuringRecovery("migrate_adopt()");
	mig_lock_graph(AccessShareLock);
	mig_lock_run(schema_name, NULL);
	state = mig_version_table_read(table, schema_name);
	heads = heads_to_stamp(nsp, state, schema_name, &is_new);
	request.target = heads;
	request.schema_name = schema_name;
	request.needs_schema = true;
	request.tag = psprintf("adopted from %s", state->name);
	if (is_new)
		mig_pipeline_stamp(&request);
	return heads;
}

/* The heads of what a version table lists; *is_new: they are not applied. */
static char *
heads_to_stamp(Oid nsp, const MigVersionTable *state, const char *schema_name,
			   bool *is_new)
{
	MigTables	tables;
	MigGraph   *graph;
	List	   *nodes;
	List	   *heads;
	ListCell   *lc;

	mig_tables_open(&tables, nsp, schema_name, false);
	graph = mig_tables_graph(&tables);
	mig_graph_load_all(graph);
	nodes = matching_nodes(graph, state);
	if (state->lists_all)
		refuse_gaps(graph, state, nodes);
	heads = mig_plan_maximal(graph, nodes);
	*is_new = false;
	foreach(lc, heads)
		* is_new |= !((MigNode *) lfirst(lc))->row.applied;
	if (*is_new)
		refuse_other_state(graph, state, heads);
	mig_tables_close(&tables);
	return heads == NIL ? pstrdup("base") : mig_node_names(heads, 0);
}

/* The revisions that a version table names; MG002 if some are not stored. */
static List *
matching_nodes(MigGraph *graph, const MigVersionTable *state)
{
	MigNodeSet *nodes = mig_set_create();
	List	   *unknown = NIL;
	ListCell   *lc;

	foreach(lc, state->versions)
	{
		MigNode    *node = match(graph, lfirst(lc), state->numeric);

		if (node == NULL)
			unknown = lappend(unknown, lfirst(lc));
		else
			mig_set_add(nodes, node);
	}
	if (unknown != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_NO_SUCH_REVISION),
				 errmsg_plural("%d revision of table %s is not stored",
							   "%d revisions of table %s are not stored",
							   list_length(unknown), list_length(unknown),
							   state->name),
				 errdetail("Not stored: %s.", mig_join_names(unknown, ", ", 20)),
				 errhint("Import the files first, under the ids that the other tool knows.")));
	return nodes->list;
}

/* Tools that keep numbers know 7 for what a file calls 007. */
static MigNode *
match(MigGraph *graph, const char *version, bool numeric)
{
	MigNode    *node = mig_graph_find(graph, version);
	const char *digits = "0123456789";

	if (node != NULL || !numeric || version[strspn(version, digits)] != '\0')
		return node;
	for (int i = 0; i < graph->nnodes; i++)
	{
		const char *id = graph->nodes[i]->revision;

		if (id[strspn(id, digits)] == '\0' &&
			mig_version_compare(id, version) == 0)
			return graph->nodes[i];
	}
	return NULL;
}

/*
 * A stamp records all that a revision needs, too.  Where a tool has left out
 * something in between that would be wrong.
 */
static void
refuse_gaps(MigGraph *graph, const MigVersionTable *state, const List *nodes)
{
	MigNodeSet *listed = mig_set_create();
	List	   *missing = NIL;
	const ListCell *lc;

	foreach(lc, nodes)
		mig_set_add(listed, lfirst(lc));
	foreach(lc, mig_graph_ancestors(graph, nodes, MIG_EDGES_ALL)->list)
	{
		if (!mig_set_has(listed, lfirst(lc)))
			missing = lappend(missing, lfirst(lc));
	}
	if (missing == NIL)
		return;
	list_sort(missing, mig_node_compare);
	ereport(ERROR,
			(errcode(ERRCODE_MIG_CONTRADICTION),
			 errmsg("table %s does not list all that its revisions stand on",
					state->name),
			 errdetail("Not listed: %s.", mig_node_names(missing, 20)),
			 errhint("Apply them with the other tool first, or give later ones another parent.")));
}

/* Adopting is for the beginning; it undoes nothing that happened since. */
static void
refuse_other_state(MigGraph *graph, const MigVersionTable *state,
				   const List *heads)
{
	List	   *tips = mig_graph_tips(graph);

	if (tips == NIL)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("cannot adopt the state of table %s because revisions are applied already",
					state->name),
			 errdetail("Applied: %s. The table says: %s.",
					   mig_node_names(tips, 20), mig_node_names(heads, 20)),
			 errhint("migrate_stamp() records by hand what is applied.")));
}
