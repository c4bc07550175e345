/*-------------------------------------------------------------------------
 *
 * rev/draw.c
 *	  Revisions as people see them: marks, and pictures of the graph.
 *
 * Pure.  All functions want the whole graph loaded, and return text of many
 * lines in the current memory context.
 *
 * The text picture has a lane for each line of revisions that is open, and
 * draws it like git log --graph: newest on top, "*" for an applied revision,
 * "o" for another.  A fork joins lanes from the right above the revision, a
 * merge opens lanes to the right below it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/draw.h"
#include "util/sql.h"

/* The lanes of a text picture: the revision each leads to, or NULL. */
typedef struct Lanes
{
	StringInfo	buf;
	MigNode   **next;
	int			n;
	int			max;
} Lanes;

static bool is_implied(const MigNode *node);
static const char *dependencies(const MigNode *node);
static int	take_lane(Lanes *lanes, MigNode *node);
static int	open_lane(Lanes *lanes, MigNode *node, int from);
static void join_lanes(Lanes *lanes, MigNode *node, int lane);
static void draw_node(Lanes *lanes, const MigNode *node, int lane,
					  const MigNodeSet *late);
static void draw_link(Lanes *lanes, int left, int right, char mark);
static void leave_node(Lanes *lanes, MigNode *node, int lane);
static void append_trimmed(StringInfo buf, char *line, int length);
static void append_dot_string(StringInfo buf, const char *string);
static int *number_nodes(const List *nodes);
static void append_mermaid_string(StringInfo buf, const char *string);

/*
 * The marks of a revision, with commas; NULL if it has none.  Its children
 * must have been loaded.
 *
 * late may be NULL where nothing is known about that.
 */
char *
mig_draw_marks(const MigNode *node, const MigNodeSet *late)
{
	List	   *marks = NIL;

	if (node->children == NIL)
		marks = lappend(marks, pstrdup(node->dependants == NIL ? "head" :
									   "effective head"));
	if (node->row.tip)
		marks = lappend(marks, pstrdup("current"));
	else if (is_implied(node))
		marks = lappend(marks, pstrdup("implied"));
	if (list_length(node->children) > 1)
		marks = lappend(marks, pstrdup("branch point"));
	if (list_length(node->down) > 1)
		marks = lappend(marks, pstrdup("merge point"));
	if (node->row.late || (late != NULL && mig_set_has(late, node)))
		marks = lappend(marks, pstrdup("late"));
	return marks == NIL ? NULL : mig_join_names(marks, ", ", 0);
}

/* Is a revision applied only because others depend on it? */
static bool
is_implied(const MigNode *node)
{
	bool		needed = false;
	ListCell   *lc;

	foreach(lc, node->children)
	{
		if (((MigNode *) lfirst(lc))->row.applied)
			return false;
	}
	foreach(lc, node->dependants)
		needed |= ((MigNode *) lfirst(lc))->row.applied;
	return node->row.applied && needed;
}

static const char *
dependencies(const MigNode *node)
{
	return node->deps == NIL ? "" :
		psprintf(" [needs %s]", mig_node_names(node->deps, 0));
}

/* The graph as text, newest on top. */
char *
mig_draw_text(const List *newest_first, const MigNodeSet *late)
{
	StringInfoData buf;
	Lanes		lanes = {&buf, NULL, 0, 16};
	const ListCell *lc;

	initStringInfo(&buf);
	lanes.next = palloc0(lanes.max * sizeof(MigNode *));
	foreach(lc, newest_first)
	{
		MigNode    *node = lfirst(lc);
		int			lane = take_lane(&lanes, node);

		join_lanes(&lanes, node, lane);
		draw_node(&lanes, node, lane, late);
		leave_node(&lanes, node, lane);
	}
	return buf.data;
}

/* The leftmost lane that leads to a node; a new one if none does. */
static int
take_lane(Lanes *lanes, MigNode *node)
{
	for (int i = 0; i < lanes->n; i++)
	{
		if (lanes->next[i] == node)
			return i;
	}
	return open_lane(lanes, node, 0);
}

/* The first free lane from some lane on, now leading to a node. */
static int
open_lane(Lanes *lanes, MigNode *node, int from)
{
	int			lane = from;

	while (lane < lanes->n && lanes->next[lane] != NULL)
		lane++;
	if (lane == lanes->n)
	{
		if (lanes->n == lanes->max)
		{
			lanes->max *= 2;
			lanes->next = repalloc(lanes->next,
								   lanes->max * sizeof(MigNode *));
		}
		lanes->n++;
	}
	lanes->next[lane] = node;
	return lane;
}

/* Lead all other lanes that go to a node into its own, one at a time. */
static void
join_lanes(Lanes *lanes, MigNode *node, int lane)
{
	for (int i = lanes->n - 1; i > lane; i--)
	{
		if (lanes->next[i] != node)
			continue;
		lanes->next[i] = NULL;
		draw_link(lanes, lane, i, '/');
	}
	while (lanes->n > 0 && lanes->next[lanes->n - 1] == NULL)
		lanes->n--;
}

/* A lane without a next node is a gap, which the next branch fills. */
static void
draw_node(Lanes *lanes, const MigNode *node, int lane, const MigNodeSet *late)
{
	char	   *marks = mig_draw_marks(node, late);

	for (int i = 0; i < lanes->n; i++)
	{
		char		mark = lanes->next[i] == NULL ? ' ' : '|';

		if (i == lane)
			mark = node->row.applied ? '*' : 'o';
		appendStringInfoChar(lanes->buf, mark);
		appendStringInfoChar(lanes->buf, ' ');
	}
	appendStringInfo(lanes->buf, "%s%s%s%s%s %s\n", node->revision,
					 marks == NULL ? "" : " (", marks == NULL ? "" : marks,
					 marks == NULL ? "" : ")", dependencies(node),
					 node->row.message);
}

/* A line that links a lane with one to its right, over those between. */
static void
draw_link(Lanes *lanes, int left, int right, char mark)
{
	int			length = Max(2 * lanes->n, 2 * right + 2);
	char	   *line = palloc(length + 1);

	memset(line, ' ', length);
	for (int i = 0; i < lanes->n; i++)
	{
		if (lanes->next[i] != NULL && !(mark == '\\' && i == right))
			line[2 * i] = '|';
	}
	for (int i = 2 * left + 1; i < 2 * right - 1; i++)
	{
		if (line[i] == ' ')
			line[i] = '_';
	}
	line[2 * right - 1] = mark;
	append_trimmed(lanes->buf, line, length);
}

/* From a node the lanes go on to its parents. */
static void
leave_node(Lanes *lanes, MigNode *node, int lane)
{
	ListCell   *lc;

	lanes->next[lane] = NULL;
	foreach(lc, node->down)
	{
		if (lanes->next[lane] == NULL)
			lanes->next[lane] = lfirst(lc);
		else
			draw_link(lanes, lane, open_lane(lanes, lfirst(lc), lane + 1),
					  '\\');
	}
	while (lanes->n > 0 && lanes->next[lanes->n - 1] == NULL)
		lanes->n--;
}

/* So that the output has no blanks at the end of lines. */
static void
append_trimmed(StringInfo buf, char *line, int length)
{
	while (length > 0 && line[length - 1] == ' ')
		length--;
	appendBinaryStringInfo(buf, line, length);
	appendStringInfoChar(buf, '\n');
}

/* The graph for Graphviz. */
char *
mig_draw_dot(const List *newest_first, const MigNodeSet *late)
{
	StringInfoData buf;
	const ListCell *lc;
	const ListCell *p;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "digraph migrations {\n"
						   "    rankdir = BT;\n"
						   "    node [shape = box];\n");
	foreach(lc, newest_first)
	{
		MigNode    *node = lfirst(lc);
		char	   *marks = mig_draw_marks(node, late);

		appendStringInfoString(&buf, "    \"");
		append_dot_string(&buf, node->revision);
		appendStringInfoString(&buf, "\" [label = \"");
		append_dot_string(&buf, node->revision);
		if (marks != NULL)
			appendStringInfo(&buf, " (%s)", marks);
		appendStringInfoString(&buf, "\\n");
		append_dot_string(&buf, node->row.message);
		appendStringInfo(&buf, "\"%s];\n",
						 node->row.applied ? ", style = filled" : "");
	}
	foreach(lc, newest_first)
	{
		MigNode    *node = lfirst(lc);
		List	   *edges[2] = {node->down, node->deps};

		for (int i = 0; i < 2; i++)
		{
			foreach(p, edges[i])
			{
				appendStringInfoString(&buf, "    \"");
				append_dot_string(&buf, ((MigNode *) lfirst(p))->revision);
				appendStringInfoString(&buf, "\" -> \"");
				append_dot_string(&buf, node->revision);
				appendStringInfo(&buf, "\"%s;\n",
								 i == 0 ? "" : " [style = dashed]");
			}
		}
	}
	appendStringInfoString(&buf, "}\n");
	return buf.data;
}

/* Labels of DOT know the backslash; newlines have been replaced before. */
static void
append_dot_string(StringInfo buf, const char *string)
{
	for (const char *p = string; *p != '\0'; p++)
	{
		if (*p == '"' || *p == '\\')
			appendStringInfoChar(buf, '\\');
		appendStringInfoChar(buf, *p);
	}
}

/* The graph for Mermaid; its nodes are numbered as they come. */
char *
mig_draw_mermaid(const List *newest_first, const MigNodeSet *late)
{
	int		   *numbers = number_nodes(newest_first);
	StringInfoData buf;
	const ListCell *lc;
	const ListCell *p;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "flowchart BT\n");
	foreach(lc, newest_first)
	{
		MigNode    *node = lfirst(lc);
		char	   *marks = mig_draw_marks(node, late);

		appendStringInfo(&buf, "    r%d[\"", numbers[node->number]);
		append_mermaid_string(&buf, node->revision);
		if (marks != NULL)
			appendStringInfo(&buf, " (%s)", marks);
		appendStringInfoString(&buf, "<br/>");
		append_mermaid_string(&buf, node->row.message);
		appendStringInfo(&buf, "\"]%s\n",
						 node->row.applied ? ":::applied" : "");
	}
	foreach(lc, newest_first)
	{
		MigNode    *node = lfirst(lc);

		foreach(p, node->down)
			appendStringInfo(&buf, "    r%d --> r%d\n",
							 numbers[((MigNode *) lfirst(p))->number],
							 numbers[node->number]);
		foreach(p, node->deps)
			appendStringInfo(&buf, "    r%d -.-> r%d\n",
							 numbers[((MigNode *) lfirst(p))->number],
							 numbers[node->number]);
	}
	appendStringInfoString(&buf, "    classDef applied fill:#cfc\n");
	return buf.data;
}

/* By node number: the place of each node of a list, from 1. */
static int *
number_nodes(const List *nodes)
{
	int			max = 0;
	int		   *numbers;
	const ListCell *lc;

	foreach(lc, nodes)
		max = Max(max, ((MigNode *) lfirst(lc))->number);
	numbers = palloc0(sizeof(int) * (max + 1));
	foreach(lc, nodes)
		numbers[((MigNode *) lfirst(lc))->number] = foreach_current_index(lc) +
		1;
	return numbers;
}

/* Mermaid has no escapes but character codes. */
static void
append_mermaid_string(StringInfo buf, const char *string)
{
	for (const char *p = string; *p != '\0'; p++)
	{
		if (strchr("\"<>&#;", *p) != NULL)
			appendStringInfo(buf, "#%d;", (unsigned char) *p);
		else
			appendStringInfoChar(buf, *p);
	}
}
