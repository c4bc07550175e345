/*-------------------------------------------------------------------------
 *
 * rev/plan.c
 *	  From targets to ordered steps.
 *
 * Pure.  An upgrade applies what its targets need, over parents and
 * dependencies, and the target schema lacks.  A downgrade undoes the children
 * of its target, and all that is applied above them.  A stamp changes what is
 * recorded as applied.
 *
 * The walk of an upgrade ends at applied revisions, since all below them is
 * applied too; it goes on only through late ones, which have something below
 * them that is not.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "rev/plan.h"
#include "rev/sort.h"
#include "util/error.h"
#include "util/sql.h"

/* A stamp being planned. */
typedef struct Stamp
{
	MigGraph   *graph;
	MigNodeSet *rows;			/* tips now */
	MigNodeSet *related;		/* those related to some target */
	MigNodeSet *targets;		/* in the order given */
	MigNodeSet *replacing;		/* targets that tips are related to */
} Stamp;

static MigPlan *make_plan(const List *newest_first, MigDirection direction);
static void visit_needed(MigGraph *graph, const MigNode *node,
						 MigNodeSet *seen);
pg_noreturn static void refuse_others(MigGraph *graph, const List *others,
									  const char *tag);
static List *roots_to_undo(MigGraph *graph, const MigDowngradeTarget *target);
static int	count_labels(const List *nodes);
static List *roots_on_branch(MigGraph *graph, const List *roots,
							 const MigDowngradeTarget *target);
static MigNodeSet *applied_above(MigGraph *graph, const List *roots,
								 MigNodeSet **scope);
static MigNodeSet *set_of(const List *nodes);
static void add_stamp_targets(Stamp *stamp, const MigIdent *ident);
static bool add_related(Stamp *stamp, MigNode *node);
static List *stamp_tips(const Stamp *stamp);
static MigStampPlan *stamp_changes(MigGraph *graph, const List *kept,
								   const List *tips);

/*
 * Steps that apply some revisions and what they need.
 *
 * The plan is empty where all of it is applied.
 */
MigPlan *
mig_plan_upgrade(MigGraph *graph, const List *targets)
{
	MigNodeSet *seen = mig_set_create();
	MigNodeSet *todo = mig_set_create();
	bool		passed_applied = false;
	int			next = 0;
	const ListCell *lc;

	foreach(lc, targets)
		mig_set_add(seen, lfirst(lc));
	while (next < list_length(seen->list))
	{
		MigNode    *node = list_nth(seen->list, next++);

		if (!node->row.applied)
			mig_set_add(todo, node);
		else if (node->row.late)
			passed_applied = true;
		else
			continue;
		visit_needed(graph, node, seen);
	}
	return make_plan(mig_sort_newest_first(graph, todo,
										   passed_applied ? seen : todo),
					 MIG_UPGRADE);
}

/*
 * Steps that apply some revisions and what they need where nothing is applied
 * yet, whatever is here.
 */
MigPlan *
mig_plan_from_empty(MigGraph *graph, const List *targets)
{
	MigNodeSet *all = mig_graph_ancestors(graph, targets, MIG_EDGES_ALL);

	return make_plan(mig_sort_newest_first(graph, all, all), MIG_UPGRADE);
}

/*
 * Add what a revision needs directly, by parents and dependencies, to a set.
 */
static void
visit_needed(MigGraph *graph, const MigNode *node, MigNodeSet *seen)
{
	ListCell   *lc;

	foreach(lc, node->down)
	{
		mig_graph_load(graph, lfirst(lc), node->row.generation);
		mig_set_add(seen, lfirst(lc));
	}
	foreach(lc, node->deps)
	{
		mig_graph_load(graph, lfirst(lc), node->row.generation);
		mig_set_add(seen, lfirst(lc));
	}
}

/*
 * A plan of revisions that are sorted with the newest first: an upgrade goes
 * through them from the end, a downgrade from the beginning.
 */
static MigPlan *
make_plan(const List *newest_first, MigDirection direction)
{
	MigPlan    *plan = palloc0(sizeof(MigPlan));
	int			n = list_length(newest_first);
	const ListCell *lc;

	plan->direction = direction;
	plan->nsteps = n;
	plan->steps = palloc(n * sizeof(MigStep));
	foreach(lc, newest_first)
	{
		int			i = foreach_current_index(lc);
		MigStep    *step;

		step = &plan->steps[direction == MIG_UPGRADE ? n - 1 - i :
							i];
		step->node = lfirst(lc);
		step->direction = direction;
	}
	return plan;
}

/* The same steps in the other order and direction. */
MigPlan *
mig_plan_reverse(const MigPlan *plan, MigDirection direction)
{
	MigPlan    *reverse = palloc0(sizeof(MigPlan));

	reverse->direction = direction;
	reverse->nsteps = plan->nsteps;
	reverse->steps = palloc(plan->nsteps * sizeof(MigStep));
	for (int i = 0; i < plan->nsteps; i++)
	{
		reverse->steps[i].node = plan->steps[plan->nsteps - 1 - i].node;
		reverse->steps[i].direction = direction;
	}
	return reverse;
}

/*
 * Does a downgrade undo something, as far as its lowest revisions tell, which
 * spares a walk?
 */
bool
mig_plan_undoes(MigGraph *graph, const MigDowngradeTarget *target)
{
	ListCell   *lc;

	foreach(lc, roots_to_undo(graph, target))
	{
		if (((MigNode *) lfirst(lc))->row.applied)
			return true;
	}
	return false;
}

/*
 * Steps that undo what is applied above a target.
 *
 * MG007 if the target is neither applied nor has anything applied above it.
 */
MigPlan *
mig_plan_downgrade(MigGraph *graph, const MigDowngradeTarget *target)
{
	MigNodeSet *scope;
	MigNodeSet *drop = applied_above(graph, roots_to_undo(graph, target),
									 &scope);

	if (drop->list == NIL && target->node != NULL &&
		!target->node->row.applied)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_DOWNGRADE),
				 errmsg("cannot downgrade to revision \"%s\"",
						target->node->revision),
				 errdetail("It is not applied, and nothing above it is."),
				 errhint("SELECT * FROM %s shows what is applied.",
						 mig_call_text("migrate_current", NULL,
									   graph->schema_name))));
	return make_plan(mig_sort_newest_first(graph, drop, scope),
					 MIG_DOWNGRADE);
}

/*
 * Steps that undo what was applied with a tag, and nothing else.
 *
 * MG015 if something that was applied without it needs one of them.
 */
MigPlan *
mig_plan_before_tag(MigGraph *graph, const List *tagged, const char *tag)
{
	MigNodeSet *scope;
	MigNodeSet *drop = applied_above(graph, tagged, &scope);
	List	   *others;

	if (list_length(drop->list) > list_length(tagged))
	{
		others = list_difference_ptr(mig_sort_newest_first(graph, drop, scope),
									 tagged);
		refuse_others(graph, others, tag);
	}
	return make_plan(mig_sort_newest_first(graph, drop, scope),
					 MIG_DOWNGRADE);
}

/* Raise MG015; the lowest, which goes first, is the last one. */
static void
refuse_others(MigGraph *graph, const List *others, const char *tag)
{
	const MigNode *lowest = llast(others);
	const char *below = "base";

	if (lowest->down != NIL)
		below = ((const MigNode *) linitial(lowest->down))->revision;
	ereport(ERROR,
			(errcode(ERRCODE_MIG_HAS_CHILDREN),
			 errmsg("cannot undo what was applied with tag \"%s\": revision \"%s\" needs it",
					tag, lowest->revision),
			 errdetail("Applied without that tag, and above it: %s.",
					   mig_node_names(others, 20)),
			 errhint("CALL %s undoes it first; or name a target instead of the tag.",
					 mig_call_text("migrate_revert",
								   psprintf("%s@%s", lowest->revision, below),
								   graph->schema_name))));
}

/*
 * The lowest revisions that a downgrade undoes.
 *
 * Where there is only one way down a branch is not looked at, as in Alembic,
 * which counts a base once more for each of its labels.
 */
static List *
roots_to_undo(MigGraph *graph, const MigDowngradeTarget *target)
{
	List	   *roots;

	if (target->from != NULL && target->branch == NULL)
		return list_make1(target->undo);
	if (target->node == NULL)
		roots = mig_graph_bases(graph);
	else
		roots = mig_graph_children(graph, target->node);
	if (target->branch != NULL &&
		list_length(roots) +
		(target->node == NULL ? count_labels(roots) : 0) > 1)
		roots = roots_on_branch(graph, roots, target);
	return roots;
}

/* How many labels some revisions have, as roots_to_undo() counts them. */
static int
count_labels(const List *nodes)
{
	int			n = 0;
	const ListCell *lc;

	foreach(lc, nodes)
		n += list_length(((MigNode *) lfirst(lc))->row.labels);
	return n;
}

/*
 * Those roots that lead to the revision that a branch names; or, where its
 * label hangs further down, to the applied revision that the walk began at or
 * to those on the branch.
 */
static List *
roots_on_branch(MigGraph *graph, const List *roots,
				const MigDowngradeTarget *target)
{
	MigNode    *branch = mig_resolve_branch(graph, target->branch);
	List	   *leads = list_make1(branch);
	List	   *found = NIL;

	for (int attempt = 0; attempt < 2 && found == NIL; attempt++)
	{
		const ListCell *lc;

		foreach(lc, roots)
		{
			MigNode    *root = lfirst(lc);
			const ListCell *l;

			foreach(l, leads)
			{
				if (mig_graph_is_ancestor(graph, root, lfirst(l),
										  MIG_EDGES_PARENTS))
					found = list_append_unique_ptr(found, root);
			}
		}
		if (target->from != NULL)
			leads = list_make1(target->from);
		else
			leads = mig_resolve_on_branch(graph, mig_graph_tips(graph),
										  branch);
	}
	if (found == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_DOWNGRADE),
				 errmsg("cannot downgrade to \"%s\"", target->text),
				 errdetail("None of the revisions above the target is on branch \"%s\".",
						   target->branch),
				 errhint("Name the target without the branch to undo all of them.")));
	return found;
}

/*
 * What is applied at or above some roots.  *scope is set to what lies between.
 *
 * Above a revision that is not applied nothing is, unless the target schema
 * has late ones: its tips then tell whether there is anything to look for.
 */
static MigNodeSet *
applied_above(MigGraph *graph, const List *roots, MigNodeSet **scope)
{
	MigNodeSet *seen = mig_set_create();
	MigNodeSet *drop = mig_set_create();
	bool		any_late = false;
	int			top = 0;
	int			bottom = PG_INT32_MAX;
	int			next = 0;
	const ListCell *lc;

	foreach(lc, mig_graph_tips(graph))
	{
		MigNode    *tip = lfirst(lc);

		any_late |= tip->row.late;
		top = Max(top, tip->row.generation);
	}
	foreach(lc, roots)
	{
		MigNode    *root = lfirst(lc);

		mig_set_add(seen, root);
		bottom = Min(bottom, root->row.generation);
	}
	mig_graph_expect_span(graph, top - bottom);
	while (next < list_length(seen->list))
	{
		MigNode    *node = list_nth(seen->list, next++);

		if (node->row.applied)
			mig_set_add(drop, node);
		else if (!any_late)
			continue;
		if (node->row.tip)
			continue;
		mig_graph_load_children(graph, node);
		foreach(lc, node->children)
			mig_set_add(seen, lfirst(lc));
		foreach(lc, node->dependants)
			mig_set_add(seen, lfirst(lc));
	}
	*scope = any_late ? seen : drop;
	return drop;
}

/*
 * What recording some revisions as the applied ones changes.
 *
 * The tips that are related to one of the targets, over all edges, make room
 * for the first target that lies above or below one of them; a target that
 * does not joins the tips, and one that is a tip already changes nothing.
 * This is Alembic's way; where it ends with a tip below another, or not at
 * all, the maximal ones are taken.  Reads the whole graph.
 */
MigStampPlan *
mig_plan_stamp(MigGraph *graph, const char *input, bool purge)
{
	Stamp		stamp = {.graph = graph};
	List	   *rows;
	List	   *tips;
	MigNodeSet *kept;
	ListCell   *lc;

	mig_graph_load_all(graph);
	rows = purge ? NIL : mig_graph_tips(graph);
	stamp.rows = set_of(rows);
	stamp.related = mig_set_create();
	stamp.targets = mig_set_create();
	stamp.replacing = mig_set_create();
	foreach(lc, mig_ident_parse_list(input))
		add_stamp_targets(&stamp, lfirst(lc));

	tips = stamp_tips(&stamp);
	kept = set_of(tips);
	/* what is named counts as applied with all that it needs */
	for (int i = list_length(rows) - 1; i >= 0; i--)
	{
		if (!mig_set_has(kept, list_nth(rows, i)) ||
			mig_set_has(stamp.targets, list_nth(rows, i)))
			rows = list_delete_nth_cell(rows, i);
	}
	return stamp_changes(graph, rows, tips);
}

/* The nodes of a list as a set; the list stays as it is. */
static MigNodeSet *
set_of(const List *nodes)
{
	MigNodeSet *set = mig_set_create();
	const ListCell *lc;

	foreach(lc, nodes)
		mig_set_add(set, lfirst(lc));
	return set;
}

/* Resolve an identifier, and find the tips that are related to it. */
static void
add_stamp_targets(Stamp *stamp, const MigIdent *ident)
{
	List	   *found;
	bool		has_base;
	const ListCell *lc;

	if (ident->relative && ident->symbol == MIG_SYMBOL_NONE &&
		ident->offset < 0 && stamp->rows->list == NIL)
		found = mig_range_below_heads(stamp->graph, ident, &has_base);
	else
		found = mig_resolve_many(stamp->graph, ident);
	if (ident->branch != NULL && stamp->rows->list != NIL)
		(void) add_related(stamp, mig_resolve_branch(stamp->graph,
													 ident->branch));
	else if (ident->symbol == MIG_SYMBOL_BASE)
	{
		foreach(lc, stamp->rows->list)
			mig_set_add(stamp->related, lfirst(lc));
	}
	foreach(lc, found)
	{
		mig_set_add(stamp->targets, lfirst(lc));
		if (add_related(stamp, lfirst(lc)))
			mig_set_add(stamp->replacing, lfirst(lc));
	}
}

/* Tips above, below or at a node become related; false if there are none. */
static bool
add_related(Stamp *stamp, MigNode *node)
{
	MigNodeSet *lineage[2];
	bool		any = false;

	if (mig_set_has(stamp->rows, node))
	{
		/* no tip lies above or below another */
		mig_set_add(stamp->related, node);
		return true;
	}
	if (stamp->rows->list == NIL)
		return false;
	lineage[0] = mig_graph_ancestors(stamp->graph, list_make1(node),
									 MIG_EDGES_ALL);
	lineage[1] = mig_graph_descendants(stamp->graph, list_make1(node),
									   MIG_EDGES_ALL);
	for (int i = 0; i < 2; i++)
	{
		const ListCell *lc;

		foreach(lc, lineage[i]->list)
		{
			if (!mig_set_has(stamp->rows, lfirst(lc)))
				continue;
			mig_set_add(stamp->related, lfirst(lc));
			any = true;
		}
		mig_set_free(lineage[i]);
	}
	return any;
}

/* The tips afterwards, before the maximal ones are taken. */
static List *
stamp_tips(const Stamp *stamp)
{
	bool		replaced = stamp->targets->list == NIL;
	List	   *tips = NIL;
	const ListCell *lc;

	foreach(lc, stamp->targets->list)
	{
		if (mig_set_has(stamp->replacing, lfirst(lc)) &&
			!mig_set_has(stamp->related, lfirst(lc)))
			replaced = true;
	}
	foreach(lc, stamp->rows->list)
	{
		if (!replaced || !mig_set_has(stamp->related, lfirst(lc)))
			tips = lappend(tips, lfirst(lc));
	}
	foreach(lc, stamp->targets->list)
	{
		if (!mig_set_has(stamp->related, lfirst(lc)))
			tips = lappend(tips, lfirst(lc));
	}
	return tips;
}

/*
 * The difference between what is applied and what is to be.
 *
 * Below the kept tips what is applied stays, with its gaps; below the others
 * everything counts as applied.
 */
static MigStampPlan *
stamp_changes(MigGraph *graph, const List *kept, const List *tips)
{
	MigStampPlan *plan = palloc0(sizeof(MigStampPlan));
	MigNodeSet *below_kept = mig_graph_ancestors(graph, kept, MIG_EDGES_ALL);
	MigNodeSet *stamped;

	stamped = mig_graph_ancestors(graph, list_difference_ptr(tips, kept),
								  MIG_EDGES_ALL);
	for (int i = 0; i < graph->nnodes; i++)
	{
		MigNode    *node = graph->nodes[i];
		bool		wanted;

		wanted = mig_set_has(stamped, node) ||
			(node->row.applied && mig_set_has(below_kept, node));
		if (wanted && !node->row.applied)
			plan->added = lappend(plan->added, node);
		else if (!wanted && node->row.applied)
			plan->removed = lappend(plan->removed, node);
	}
	plan->tips = mig_plan_maximal(graph, tips);
	plan->named = unconstify(List *, tips);
	return plan;
}

/*
 * The tips among what is applied, and what of it is above something that is
 * not.  Reads the whole graph.
 */
void
mig_plan_applied(MigGraph *graph, List **tips, List **late)
{
	List	   *applied = NIL;
	List	   *missing = NIL;
	MigNodeSet *above;
	ListCell   *lc;

	mig_graph_load_all(graph);
	for (int i = 0; i < graph->nnodes; i++)
	{
		MigNode    *node = graph->nodes[i];

		if (node->row.applied)
			applied = lappend(applied, node);
		else
			missing = lappend(missing, node);
	}
	*tips = mig_plan_maximal(graph, applied);
	*late = NIL;
	above = mig_graph_descendants(graph, missing, MIG_EDGES_ALL);
	foreach(lc, applied)
	{
		if (mig_set_has(above, lfirst(lc)))
			*late = lappend(*late, lfirst(lc));
	}
}

/* Those of some nodes that no other of them needs, in creation order. */
List *
mig_plan_maximal(MigGraph *graph, const List *nodes)
{
	MigNodeSet *needed = mig_set_create();
	List	   *maximal = NIL;
	const ListCell *lc;

	foreach(lc, nodes)
		visit_needed(graph, lfirst(lc), needed);
	needed = mig_graph_ancestors(graph, needed->list, MIG_EDGES_ALL);
	foreach(lc, nodes)
	{
		if (!mig_set_has(needed, lfirst(lc)))
			maximal = lappend(maximal, lfirst(lc));
	}
	list_sort(maximal, mig_node_compare);
	return maximal;
}

/*
 * The revisions that a list of identifiers names, or those of a range, in
 * which parents come before children.
 */
List *
mig_plan_chosen(MigGraph *graph, const char *chosen)
{
	List	   *newest_first;
	List	   *nodes = NIL;

	if (strchr(chosen, ':') == NULL)
		return mig_range_side(graph, chosen);
	newest_first = mig_plan_history(graph, mig_range_resolve(graph, chosen));
	for (int i = list_length(newest_first) - 1; i >= 0; i--)
		nodes = lappend(nodes, list_nth(newest_first, i));
	return nodes;
}

/*
 * The revisions of a range, newest first.
 *
 * Seen from the base dependencies are listed too; from a named start only
 * what descends from it by parents.  MG011 unless all of the left side lies
 * below the right side.  Reads the whole graph.
 */
List *
mig_plan_history(MigGraph *graph, const MigRange *range)
{
	MigNodeSet *below_right;
	MigNodeSet *below_left;
	MigNodeSet *above_left;
	MigNodeSet *found = mig_set_create();
	ListCell   *lc;

	mig_graph_load_all(graph);
	below_right = mig_graph_ancestors(graph, range->right, MIG_EDGES_ALL);
	if (list_length(mig_plan_maximal(graph, range->left)) <
		list_length(range->left))
		ereport(ERROR,
				(errcode(ERRCODE_MIG_NOT_A_RANGE),
				 errmsg("range \"%s\" begins at several revisions, one above another",
						range->text),
				 errdetail("They are: %s.", mig_node_names(range->left, 10))));
	foreach(lc, range->left)
	{
		if (!mig_set_has(below_right, lfirst(lc)))
			ereport(ERROR,
					(errcode(ERRCODE_MIG_NOT_A_RANGE),
					 errmsg("range \"%s\" does not lead from ancestor to descendant",
							range->text),
					 errdetail("Revision \"%s\" is not below: %s.",
							   ((MigNode *) lfirst(lc))->revision,
							   range->right == NIL ? "base" :
							   mig_node_names(range->right, 10))));
	}
	if (!range->has_left)
		return mig_sort_newest_first(graph, below_right, below_right);
	below_left = mig_graph_ancestors(graph, range->left, MIG_EDGES_ALL);
	above_left = mig_graph_descendants(graph, range->left, MIG_EDGES_PARENTS);
	foreach(lc, below_right->list)
	{
		MigNode    *node = lfirst(lc);

		if (mig_set_has(above_left, node) &&
			(!mig_set_has(below_left, node) ||
			 list_member_ptr(range->left, node)))
			mig_set_add(found, node);
	}
	return mig_sort_newest_first(graph, found, below_right);
}

/*
 * Late revisions of the target schema: not applied, below one that is.
 *
 * Walks down from the applied ones that wait for them.
 */
MigNodeSet *
mig_plan_late(MigGraph *graph)
{
	MigNodeSet *seen = mig_set_create();
	MigNodeSet *late = mig_set_create();
	int			next = 0;
	ListCell   *lc;

	foreach(lc, mig_graph_tips(graph))
	{
		if (((MigNode *) lfirst(lc))->row.late)
			mig_set_add(seen, lfirst(lc));
	}
	while (next < list_length(seen->list))
	{
		MigNode    *node = list_nth(seen->list, next++);

		if (node->row.applied && !node->row.late)
			continue;
		if (!node->row.applied)
			mig_set_add(late, node);
		visit_needed(graph, node, seen);
	}
	return late;
}

/*
 * Steps of a script that is to run elsewhere, where the left side of a range
 * is taken as what is applied.  A range that leads down makes a downgrade.
 *
 * Reads the whole graph.
 */
MigPlan *
mig_plan_offline(MigGraph *graph, const MigRange *range)
{
	MigNodeSet *from;
	MigNodeSet *to;
	MigNodeSet *steps = mig_set_create();
	List	   *above = NIL;
	ListCell   *lc;

	mig_graph_load_all(graph);
	from = mig_graph_ancestors(graph, range->left, MIG_EDGES_ALL);
	to = mig_graph_ancestors(graph, range->right, MIG_EDGES_ALL);
	foreach(lc, to->list)
	{
		if (!mig_set_has(from, lfirst(lc)))
			mig_set_add(steps, lfirst(lc));
	}
	if (steps->list != NIL || list_length(from->list) == list_length(to->list))
		return make_plan(mig_sort_newest_first(graph, steps, steps),
						 MIG_UPGRADE);
	if (range->right == NIL)
		above = mig_graph_bases(graph);
	foreach(lc, range->right)
		above = list_concat_unique_ptr(above,
									   mig_graph_children(graph, lfirst(lc)));
	foreach(lc, mig_graph_descendants(graph, above, MIG_EDGES_ALL)->list)
	{
		if (mig_set_has(from, lfirst(lc)))
			mig_set_add(steps, lfirst(lc));
	}
	return make_plan(mig_sort_newest_first(graph, steps, steps),
					 MIG_DOWNGRADE);
}
