/*-------------------------------------------------------------------------
 *
 * rev/range.c
 *	  Ranges of the history: from:to, from:, :to.
 *
 * Pure.  Alembic's reading: +N on the right counts from the left side, and -N
 * on the left lies N below each real head.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/range.h"
#include "util/error.h"

static List *range_left(MigGraph *graph, const char *side, bool *has_left);
static List *labelled_heads(MigGraph *graph, const char *label);
static List *range_right(MigGraph *graph, const char *side, const List *left);
static bool carries_label(MigGraph *graph, MigNode *node, MigNode *labelled);

/*
 * Identifiers where "current" may stand too: it is the applied tips.
 */
List *
mig_range_side(MigGraph *graph, const char *input)
{
	List	   *nodes = NIL;
	ListCell   *lc;

	foreach(lc, mig_ident_parse_list(input))
	{
		MigIdent   *ident = lfirst(lc);
		List	   *found;

		if (ident->symbol == MIG_SYMBOL_CURRENT && ident->branch == NULL &&
			!ident->relative)
			found = mig_graph_tips(graph);
		else
			found = mig_resolve_many(graph, ident);
		nodes = list_concat_unique_ptr(nodes, found);
	}
	return nodes;
}

/*
 * A range of the history; MG010 unless the text is one.
 */
MigRange *
mig_range_resolve(MigGraph *graph, const char *input)
{
	MigRange   *range = palloc0(sizeof(MigRange));
	char	   *left;
	char	   *right;
	List	   *kept = NIL;
	MigNode    *branch;
	ListCell   *lc;
	MigIdent   *ident;

	if (!mig_ident_parse_range(input, &left, &right))
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_IDENTIFIER),
				 errmsg("\"%s\" is not a range", input),
				 errhint("Write from:to, from: or :to, for example base:head or ae10:.")));
	range->text = input;
	range->left = range_left(graph, left, &range->has_left);
	range->right = range_right(graph, right, range->left);
	if (left == NULL)
		return range;
	ident = mig_ident_parse_one(left);
	if (ident->branch == NULL)
		return range;
	/* a branch on the left drops what does not carry its label */
	branch = mig_resolve_branch(graph, ident->branch);
	foreach(lc, range->right)
	{
		if (carries_label(graph, lfirst(lc), branch))
			kept = lappend(kept, lfirst(lc));
	}
	range->right = kept;
	return range;
}

/* The lower end; a negative offset counts from the heads. */
static List *
range_left(MigGraph *graph, const char *side, bool *has_left)
{
	MigIdent   *ident;
	List	   *nodes;
	bool		has_base = false;

	*has_left = false;
	if (side == NULL)
		return NIL;
	ident = mig_ident_parse_one(side);
	if (ident->relative && ident->symbol == MIG_SYMBOL_NONE &&
		ident->offset < 0)
		nodes = mig_range_below_heads(graph, ident, &has_base);
	else
		nodes = mig_range_side(graph, side);
	*has_left = (nodes != NIL && !has_base);
	return nodes;
}

/*
 * -N on the left of a range, or of a stamp where nothing is applied: N
 * parents below each real head, or below those that carry a label.
 *
 * *has_base is set if that is beyond the base for one of them; MG011 if it is
 * just the base below one of several.
 */
List *
mig_range_below_heads(MigGraph *graph, const MigIdent *ident, bool *has_base)
{
	List	   *heads = labelled_heads(graph, ident->branch);
	List	   *nodes = NIL;
	int			bases = 0;
	ListCell   *lc;

	*has_base = false;
	foreach(lc, heads)
	{
		bool		too_far;
		MigNode    *node = mig_resolve_below(graph, ident, lfirst(lc),
											 &too_far);

		if (too_far)
			*has_base = true;
		else if (node != NULL)
			nodes = list_append_unique_ptr(nodes, node);
		else
			bases++;
	}
	if (bases > 0 && list_length(heads) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_NOT_A_RANGE),
				 errmsg("\"%s\" is not the beginning of a range", ident->text),
				 errdetail("%d below one of the heads lies the base.",
						   -ident->offset),
				 errhint("Name the revision to begin at.")));
	return nodes;
}

/* Real heads; with a label, those for which it holds. */
static List *
labelled_heads(MigGraph *graph, const char *label)
{
	List	   *heads = mig_graph_heads(graph, true);
	List	   *found = NIL;
	char	   *labelled;
	ListCell   *lc;

	if (label == NULL)
		return heads;
	labelled = graph->source->label(graph, label);
	foreach(lc, heads)
	{
		if (labelled != NULL &&
			carries_label(graph, lfirst(lc), mig_graph_get(graph, labelled)))
			found = lappend(found, lfirst(lc));
	}
	return found;
}

/* The upper end, which counts from the lower one if it is relative. */
static List *
range_right(MigGraph *graph, const char *side, const List *left)
{
	List	   *nodes;
	MigIdent   *ident;

	if (side == NULL)
		return mig_graph_heads(graph, true);
	ident = mig_ident_parse_one(side);
	if (ident->relative)
	{
		MigNode    *node = mig_resolve_upgrade_from(graph, ident, left, true);

		return node == NULL ? NIL : list_make1(node);
	}
	nodes = mig_range_side(graph, side);
	if (nodes == NIL && ident->symbol == MIG_SYMBOL_CURRENT)
		return mig_graph_heads(graph, true);
	return nodes;
}

/*
 * Does a label hold for a node?  It does for the labelled revision and its
 * descendants, and for its ancestors down to the nearest fork or merge if
 * nothing forks or merges above either.
 */
static bool
carries_label(MigGraph *graph, MigNode *node, MigNode *labelled)
{
	MigNode    *n = labelled;

	if (mig_graph_is_ancestor(graph, labelled, node, MIG_EDGES_PARENTS))
		return true;
	for (;;)
	{
		mig_graph_load_children(graph, n);
		if (list_length(n->children) + list_length(n->dependants) > 1 ||
			list_length(n->down) > 1)
			return false;
		if (n->children == NIL)
			break;
		n = linitial(n->children);
	}
	for (n = labelled; n->down != NIL;)
	{
		MigNode    *parent = linitial(n->down);

		mig_graph_load(graph, parent, n->row.generation);
		mig_graph_load_children(graph, parent);
		if (list_length(parent->children) +
			list_length(parent->dependants) > 1 ||
			list_length(parent->down) > 1)
			return false;
		if (parent == node)
			return true;
		n = parent;
	}
	return false;
}
