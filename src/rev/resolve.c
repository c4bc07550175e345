/*-------------------------------------------------------------------------
 *
 * rev/resolve.c
 *	  From revision identifiers to revisions.
 *
 * Pure.  Who reads an identifier decides what it may be: a fixed revision or
 * several (resolve_one, resolve_many), or the target of an upgrade or of a
 * downgrade, which may be relative to what is applied.  Ranges are range.c's
 * matter.
 *
 * "On the branch" of a revision lie its ancestors and descendants by parents,
 * and it itself.  A walk by +N or -N goes along parents too; dependencies
 * never count.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "rev/resolve.h"
#include "util/error.h"
#include "util/sql.h"

/* Where a walk has come to. */
typedef struct Walk
{
	MigGraph   *graph;
	const MigIdent *ident;		/* for messages */
	MigNode    *branch;			/* upwards: stay on this branch, if not NULL */
	bool		stop_at_end;	/* too far is no error: stay where it ends */
	MigNode    *node;			/* NULL: base */
	MigNode    *previous;		/* where it came from last */
} Walk;

static MigNode *only_head(MigGraph *graph, const MigIdent *ident,
						  MigNode *branch);
static MigNode *resolve_name(MigGraph *graph, const char *name,
							 MigNode *branch, const char *branch_name);
static MigNode *resolve_prefix(MigGraph *graph, const char *name,
							   MigNode *branch);
static MigNode *resolve_exact(MigGraph *graph, const char *name);
static MigNode *resolve_unbranched(MigGraph *graph, const MigIdent *ident);
static void walk_up(Walk *walk, int steps);
static void walk_down(Walk *walk, int steps);
pg_noreturn static void refuse_too_far(const Walk *walk, int done);
static MigNode *start_of_upgrade(MigGraph *graph, const MigIdent *ident,
								 const List *current, MigNode *branch);
static List *applied_tips_on_branch(MigGraph *graph, MigNode *branch);
static void downgrade_from_current(MigGraph *graph, const MigIdent *ident,
								   MigDowngradeTarget *target);
static List *childless_applied(MigGraph *graph);
static void undo_steps(Walk *walk, int steps);
static MigNode *latest_applied(const List *nodes);

/*
 * What an identifier stands for where one revision at most makes sense.
 *
 * NULL is the base, or the head of an empty history.  Raises MG001 to MG004,
 * and MG010 for a relative identifier.
 */
MigNode *
mig_resolve_one(MigGraph *graph, const MigIdent *ident)
{
	List	   *nodes;

	if (ident->symbol != MIG_SYMBOL_HEADS)
	{
		nodes = mig_resolve_many(graph, ident);
		return nodes == NIL ? NULL : linitial(nodes);
	}
	nodes = mig_resolve_many(graph, ident);
	if (list_length(nodes) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_SEVERAL_HEADS),
				 errmsg("\"%s\" stands for several revisions", ident->text),
				 errdetail("They are: %s.", mig_node_names(nodes, 20)),
				 errhint("Name one of them, or write label@head.")));
	return nodes == NIL ? NULL : linitial(nodes);
}

/*
 * What an identifier stands for where several revisions make sense.
 *
 * A fresh list in creation order; NIL is the base, or an empty history.
 */
List *
mig_resolve_many(MigGraph *graph, const MigIdent *ident)
{
	MigNode    *branch = NULL;
	MigNode    *node;

	mig_ident_require_fixed(ident);
	if (ident->branch != NULL)
		branch = mig_resolve_branch(graph, ident->branch);
	if (ident->symbol == MIG_SYMBOL_BASE)
		return NIL;
	if (ident->symbol == MIG_SYMBOL_HEADS)
	{
		if (branch == NULL)
			return mig_graph_heads(graph, true);
		return mig_resolve_on_branch(graph, mig_graph_heads(graph, false),
									 branch);
	}
	if (ident->symbol == MIG_SYMBOL_HEAD)
		node = only_head(graph, ident, branch);
	else
		node = resolve_name(graph, ident->name, branch, ident->branch);
	return node == NULL ? NIL : list_make1(node);
}

/*
 * The only head; where dependencies tie the heads together, the only real one.
 */
static MigNode *
only_head(MigGraph *graph, const MigIdent *ident, MigNode *branch)
{
	List	   *names = NIL;
	List	   *heads;

	if (branch == NULL)
	{
		names = graph->source->heads(graph, false, 2);
		if (list_length(names) > 1)
			names = graph->source->heads(graph, true, 2);
		if (list_length(names) <= 1)
			return names == NIL ? NULL : mig_graph_get(graph, linitial(names));
	}
	heads = mig_graph_heads(graph, false);
	if (branch != NULL)
		heads = mig_resolve_on_branch(graph, heads, branch);
	if (list_length(heads) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_SEVERAL_HEADS),
				 errmsg("\"%s\" is ambiguous: there are several heads",
						ident->text),
				 errdetail("The heads are: %s.", mig_node_names(heads, 20)),
				 errhint("Say heads for all of them, label@head or the id of one, or join them with migrate_merge().")));
	return heads == NIL ? NULL : linitial(heads);
}

/* Those of some nodes that lie on a revision's branch, in the same order. */
List *
mig_resolve_on_branch(MigGraph *graph, const List *nodes, MigNode *branch)
{
	List	   *found = NIL;
	const ListCell *lc;

	foreach(lc, nodes)
	{
		if (mig_graph_related(graph, lfirst(lc), branch))
			found = lappend(found, lfirst(lc));
	}
	return found;
}

/*
 * The revision that stands for a branch: the labelled one, or one by its id.
 */
MigNode *
mig_resolve_branch(MigGraph *graph, const char *branch)
{
	return resolve_name(graph, branch, NULL, NULL);
}

/*
 * The revision that has an id or a label, or alone begins with it; never NULL.
 *
 * With a branch, which is given as a revision and as it was written, it must
 * be on that.  Raises MG002 to MG004.
 */
static MigNode *
resolve_name(MigGraph *graph, const char *name, MigNode *branch,
			 const char *branch_name)
{
	MigNode    *node = resolve_exact(graph, name);

	if (node == NULL)
		node = resolve_prefix(graph, name, branch);
	if (branch != NULL &&
		!mig_graph_related(graph, node, branch))
		ereport(ERROR,
				(errcode(ERRCODE_MIG_NOT_ON_BRANCH),
				 errmsg("revision \"%s\" is not on branch \"%s\"",
						node->revision, branch_name),
				 errhint("migrate_graph() shows the branches.")));
	return node;
}

/*
 * The revision with just this id, else the one with this label, else NULL.
 * Ids come first, so that a label can never hide a revision.
 */
static MigNode *
resolve_exact(MigGraph *graph, const char *name)
{
	MigNode    *node = mig_graph_find(graph, name);
	char	   *revision;

	if (node != NULL)
		return node;
	revision = graph->source->label(graph, name);
	return revision == NULL ? NULL : mig_graph_get(graph, revision);
}

/*
 * The one id or label that begins with a text; candidates shorter than four
 * characters match only whole.
 */
static MigNode *
resolve_prefix(MigGraph *graph, const char *name, MigNode *branch)
{
	List	   *names = NIL;
	List	   *elsewhere = NIL;
	MigNode    *found = NULL;
	ListCell   *lc;

	foreach(lc, graph->source->matches(graph, name))
	{
		MigMatch   *match = lfirst(lc);
		MigNode    *node;

		if (strlen(match->name) <= 3)
			continue;
		node = mig_graph_get(graph, match->revision);
		if (branch != NULL &&
			!mig_graph_related(graph, node, branch))
		{
			elsewhere = lappend(elsewhere, match->name);
			continue;
		}
		found = node;
		names = lappend(names, match->name);
	}
	if (list_length(names) == 1)
		return found;
	if (names != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_AMBIGUOUS_PREFIX),
				 errmsg("revision identifier \"%s\" is ambiguous", name),
				 errdetail("It could be: %s.",
						   mig_join_names(names, ", ", 10)),
				 errhint("Write more characters of it.")));
	if (elsewhere != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_NOT_ON_BRANCH),
				 errmsg("no revision \"%s\" is on that branch", name),
				 errdetail("Elsewhere there is: %s.",
						   mig_join_names(elsewhere, ", ", 10)),
				 errhint("migrate_graph() shows the branches.")));
	ereport(ERROR,
			(errcode(ERRCODE_MIG_NO_SUCH_REVISION),
			 errmsg("there is no revision or branch label \"%s\"", name),
			 errhint("%s", mig_resolve_suggest(graph, name))));
	return NULL;				/* keep compiler quiet */
}

/* What may have been meant by a name that nothing has, for a hint. */
char *
mig_resolve_suggest(MigGraph *graph, const char *name)
{
	List	   *nearest = graph->source->nearest(graph, name);

	if (nearest == NIL)
		return pstrdup("SELECT * FROM migrate_history() lists the revisions; new ones come with migrate_import() or migrate_revision().");
	return psprintf("Did you mean %s?", mig_join_names(nearest, " or ", 3));
}

/*
 * Targets of an upgrade: a text of one or several identifiers, each of them
 * fixed or relative to what is applied.
 *
 * NIL: nothing to do.  In creation order, none twice.
 */
List *
mig_resolve_upgrade(MigGraph *graph, const char *input)
{
	List	   *targets = NIL;
	ListCell   *lc;

	foreach(lc, mig_ident_parse_list(input))
	{
		MigIdent   *ident = lfirst(lc);
		MigNode    *node;

		if (!ident->relative)
		{
			targets = list_concat_unique_ptr(targets,
											 mig_resolve_many(graph, ident));
			continue;
		}
		node = mig_resolve_upgrade_from(graph, ident, mig_graph_tips(graph),
										false);
		if (node != NULL)
			targets = list_append_unique_ptr(targets, node);
	}
	list_sort(targets, mig_node_compare);
	return targets;
}

/*
 * +N from what is applied, and a symbol with +N or -N.
 *
 * current are the applied tips.  With stop_at_end, +N beyond the head is the
 * head.  NULL is the base.
 */
MigNode *
mig_resolve_upgrade_from(MigGraph *graph, const MigIdent *ident,
						 const List *current,
						 bool stop_at_end)
{
	Walk		walk = {graph, ident, NULL, stop_at_end, NULL, NULL};

	if (ident->symbol == MIG_SYMBOL_NONE)
	{
		if (ident->offset < 0)
			ereport(ERROR,
					(errcode(ERRCODE_MIG_TOO_FAR),
					 errmsg("\"%s\" does not lead upwards", ident->text),
					 errhint("SELECT * FROM %s goes down.",
							 mig_call_text("migrate_downgrade", ident->text,
										   graph->schema_name))));
		if (ident->branch != NULL)
			walk.branch = mig_resolve_branch(graph, ident->branch);
		walk.node = start_of_upgrade(graph, ident, current, walk.branch);
		walk_up(&walk, ident->offset);
		return walk.node;
	}
	if (ident->offset > 0)
	{
		walk.node = resolve_unbranched(graph, ident);
		if (ident->branch != NULL)
			walk.branch = mig_resolve_branch(graph, ident->branch);
		walk_up(&walk, ident->offset);
	}
	else
	{
		MigIdent	start = *ident;

		start.relative = false;
		walk.node = mig_resolve_one(graph, &start);
		walk_down(&walk, -ident->offset);
		if (walk.node == NULL && ident->offset < 0)
		{
			walk.node = walk.previous;
			refuse_too_far(&walk, -ident->offset - 1);
		}
	}
	return walk.node;
}

/*
 * The revision so many parents below another, NULL if that is the base.
 * *too_far is set if not even the base is reached in so many steps.
 */
MigNode *
mig_resolve_below(MigGraph *graph, const MigIdent *ident, MigNode *node,
				  bool *too_far)
{
	Walk		walk = {graph, ident, NULL, true, node, NULL};
	int			steps = -ident->offset;

	walk_down(&walk, steps - 1);
	*too_far = walk.node == NULL;
	if (walk.node != NULL)
		walk_down(&walk, 1);
	return walk.node;
}

/*
 * The symbol without its branch, which then only guides the walk.
 *
 * Where that is ambiguous the branch decides after all.
 */
static MigNode *
resolve_unbranched(MigGraph *graph, const MigIdent *ident)
{
	MigIdent	start = *ident;

	start.relative = false;
	if ((start.symbol == MIG_SYMBOL_HEAD ||
		 start.symbol == MIG_SYMBOL_HEADS) &&
		start.branch != NULL &&
		list_length(graph->source->heads(graph, true, 2)) > 1)
		return mig_resolve_one(graph, &start);
	start.branch = NULL;
	return mig_resolve_one(graph, &start);
}

/* The revision that +N or label@+N counts from; NULL: the base. */
static MigNode *
start_of_upgrade(MigGraph *graph, const MigIdent *ident, const List *current,
				 MigNode *branch)
{
	const List *start = current;

	if (branch != NULL)
	{
		start = mig_resolve_on_branch(graph, current, branch);
		if (start == NIL)
			start = applied_tips_on_branch(graph, branch);
	}
	if (list_length(start) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_AMBIGUOUS_WALK),
				 errmsg("\"%s\" is ambiguous: several revisions are current",
						ident->text),
				 errdetail("They are: %s.", mig_node_names(start, 20)),
				 errhint("Say label@%+d, or name a revision: %s%+d.",
						 ident->offset,
						 ((MigNode *) linitial(start))->revision,
						 ident->offset)));
	return start == NIL ? NULL : linitial(start);
}

/*
 * Applied revisions on a branch that no other applied one on it needs.
 */
static List *
applied_tips_on_branch(MigGraph *graph, MigNode *branch)
{
	MigNodeSet *below = mig_graph_ancestors(graph, list_make1(branch),
											MIG_EDGES_PARENTS);
	MigNodeSet *above = mig_graph_descendants(graph, list_make1(branch),
											  MIG_EDGES_PARENTS);
	MigNodeSet *needed = mig_set_create();
	List	   *applied = NIL;
	List	   *tips = NIL;
	ListCell   *lc;

	foreach(lc, list_concat_unique_ptr(below->list, above->list))
	{
		MigNode    *node = lfirst(lc);
		ListCell   *p;

		if (!node->row.applied)
			continue;
		applied = lappend(applied, node);
		foreach(p, node->down)
			mig_set_add(needed, lfirst(p));
		foreach(p, node->deps)
			mig_set_add(needed, lfirst(p));
	}
	foreach(lc, applied)
	{
		if (!mig_set_has(needed, lfirst(lc)))
			tips = lappend(tips, lfirst(lc));
	}
	return tips;
}

/* N steps up along parents, from the bases if the walk is at the base. */
static void
walk_up(Walk *walk, int steps)
{
	for (int n = 0; n < steps; n++)
	{
		List	   *ways;

		ways = walk->node == NULL ? mig_graph_bases(walk->graph) :
			mig_graph_children(walk->graph, walk->node);
		if (walk->branch != NULL)
			ways = mig_resolve_on_branch(walk->graph, ways, walk->branch);
		if (ways == NIL)
		{
			if (!walk->stop_at_end)
				refuse_too_far(walk, n);
			return;
		}
		if (list_length(ways) > 1)
			ereport(ERROR,
					(errcode(ERRCODE_MIG_AMBIGUOUS_WALK),
					 errmsg("\"%s\" is ambiguous: there is more than one way up",
							walk->ident->text),
					 errdetail("From \"%s\" a step leads to: %s.",
							   walk->node ? walk->node->revision : "base",
							   mig_node_names(ways, 20)),
					 errhint("Name the revision, or say which branch: label@%+d.",
							 walk->ident->offset)));
		walk->previous = walk->node;
		walk->node = linitial(ways);
	}
}

/* N steps down along parents; below a base lies the base. */
static void
walk_down(Walk *walk, int steps)
{
	if (walk->node == NULL && steps > 0)
	{
		if (walk->stop_at_end)
			return;
		refuse_too_far(walk, 0);
	}
	for (int n = 0; n < steps; n++)
	{
		List	   *ways;

		if (walk->node == NULL)
		{
			if (walk->stop_at_end)
				return;
			refuse_too_far(walk, n);
		}
		ways = walk->node->down;
		if (list_length(ways) > 1)
			ereport(ERROR,
					(errcode(ERRCODE_MIG_AMBIGUOUS_WALK),
					 errmsg("\"%s\" is ambiguous: there is more than one way down",
							walk->ident->text),
					 errdetail("Revision \"%s\" merges: %s.",
							   walk->node->revision,
							   mig_node_names(ways, 20)),
					 errhint("Name the revision.")));
		walk->previous = walk->node;
		walk->node = NULL;
		if (ways != NIL)
		{
			walk->node = linitial(ways);
			mig_graph_load(walk->graph, walk->node,
						   walk->previous->row.generation);
		}
	}
}

/*
 * A walk has left the history; done is how many steps it could make.  MG006.
 */
static void
refuse_too_far(const Walk *walk, int done)
{
	ereport(ERROR,
			(errcode(ERRCODE_MIG_TOO_FAR),
			 errmsg("\"%s\" goes too far", walk->ident->text),
			 errdetail("It got %d of %d steps, to \"%s\".", done,
					   abs(walk->ident->offset),
					   walk->node != NULL ? walk->node->revision : "base"),
			 errhint("SELECT * FROM %s lists the revisions.",
					 mig_call_text("migrate_history", NULL,
								   walk->graph->schema_name))));
}

/*
 * Target of a downgrade: one identifier, fixed or relative.
 *
 * A branch before a fixed identifier does not narrow what that stands for;
 * it tells apart what is to be undone (plan.c).
 */
MigDowngradeTarget *
mig_resolve_downgrade(MigGraph *graph, const char *input)
{
	MigDowngradeTarget *target = palloc0(sizeof(MigDowngradeTarget));
	List	   *idents = mig_ident_parse_list(input);
	MigIdent   *ident = linitial(idents);
	Walk		walk = {graph, ident, NULL, false, NULL, NULL};

	if (list_length(idents) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_IDENTIFIER),
				 errmsg("a downgrade has one target, not \"%s\"", input),
				 errhint("Downgrade to one after the other, or name what they all stand on.")));
	target->text = ident->text;
	target->branch = ident->branch;
	if (ident->relative && ident->symbol == MIG_SYMBOL_NONE)
	{
		downgrade_from_current(graph, ident, target);
		return target;
	}
	if (!ident->relative)
	{
		mig_ident_require_fixed(ident);
		target->node = resolve_unbranched(graph, ident);
	}
	else if (ident->offset > 0)
	{
		if (ident->branch != NULL)
			walk.branch = mig_resolve_branch(graph, ident->branch);
		walk.node = resolve_unbranched(graph, ident);
		walk_up(&walk, ident->offset);
		target->node = walk.node;
	}
	else
	{
		MigIdent	start = *ident;

		start.relative = false;
		walk.node = mig_resolve_one(graph, &start);
		walk_down(&walk, -ident->offset);
		target->node = walk.node;
	}
	return target;
}

/* -N and label@-N: N steps back from what is applied. */
static void
downgrade_from_current(MigGraph *graph, const MigIdent *ident,
					   MigDowngradeTarget *target)
{
	Walk		walk = {graph, ident, NULL, false, NULL, NULL};
	List	   *tips = mig_graph_tips(graph);

	if (ident->offset > 0)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_TOO_FAR),
				 errmsg("\"%s\" does not lead downwards", ident->text),
				 errhint("SELECT * FROM %s goes up.",
						 mig_call_text("migrate_upgrade", ident->text,
									   graph->schema_name))));
	if (ident->branch != NULL)
	{
		MigNode    *branch = mig_resolve_branch(graph, ident->branch);

		tips = mig_resolve_on_branch(graph, tips, branch);
		if (tips == NIL)
			tips = mig_resolve_on_branch(graph, childless_applied(graph),
										 branch);
		if (list_length(tips) > 1)
			ereport(ERROR,
					(errcode(ERRCODE_MIG_AMBIGUOUS_WALK),
					 errmsg("\"%s\" is ambiguous: several revisions are current on that branch",
							ident->text),
					 errdetail("They are: %s.", mig_node_names(tips, 20)),
					 errhint("Name the revision to go back to.")));
	}
	if (tips == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_TOO_FAR),
				 errmsg("\"%s\" goes too far", ident->text),
				 ident->branch == NULL ? errdetail("No revision is applied.") :
				 errdetail("No revision is applied on branch \"%s\".",
						   ident->branch),
				 errhint("SELECT * FROM %s shows what is applied.",
						 mig_call_text("migrate_current", NULL,
									   graph->schema_name))));
	walk.node = latest_applied(tips);
	target->from = walk.node;
	undo_steps(&walk, -ident->offset);
	target->node = walk.node;
	target->undo = walk.previous;
}

/* Applied revisions without an applied child; reads the whole graph. */
static List *
childless_applied(MigGraph *graph)
{
	List	   *found = NIL;

	mig_graph_load_all(graph);
	for (int i = 0; i < graph->nnodes; i++)
	{
		MigNode    *node = graph->nodes[i];
		bool		childless = node->row.applied;
		ListCell   *lc;

		foreach(lc, node->children)
			childless &= !((MigNode *) lfirst(lc))->row.applied;
		if (childless)
			found = lappend(found, node);
	}
	return found;
}

/*
 * Walk down N steps; each undoes the revision it starts from.
 *
 * The last step may start from a merge, which it undoes; the walk then ends
 * at one of the parents.  Before that, a merge leads on to the parent that
 * was applied last.
 */
static void
undo_steps(Walk *walk, int steps)
{
	for (int n = 0; n < steps; n++)
	{
		List	   *ways;
		ListCell   *lc;

		if (walk->node == NULL)
			refuse_too_far(walk, n);
		ways = walk->node->down;
		foreach(lc, ways)
			mig_graph_load(walk->graph, lfirst(lc),
						   walk->node->row.generation);
		walk->previous = walk->node;
		if (ways == NIL)
			walk->node = NULL;
		else if (n == steps - 1)
			walk->node = linitial(ways);
		else
			walk->node = latest_applied(ways);
	}
}

/*
 * The one of some applied revisions that was applied last; of several stamped
 * at once, the one that was made last.
 */
static MigNode *
latest_applied(const List *nodes)
{
	MigNode    *latest = NULL;
	const ListCell *lc;

	foreach(lc, nodes)
	{
		MigNode    *node = lfirst(lc);

		if (latest == NULL || node->row.applied_at > latest->row.applied_at ||
			(node->row.applied_at == latest->row.applied_at &&
			 mig_node_before(latest, node)))
			latest = node;
	}
	return latest;
}
