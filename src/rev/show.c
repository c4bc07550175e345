/*-------------------------------------------------------------------------
 *
 * rev/show.c
 *	  What is worth showing of the graph: current revisions, branch points,
 *	  and one revision in full.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/draw.h"
#include "rev/graph.h"
#include "rev/show.h"
#include "util/sql.h"

#include "utils/timestamp.h"

static void append_line(StringInfo buf, const char *title, const char *value);
static void append_script(StringInfo buf, const char *title,
						  const char *script, const char *otherwise);
static void append_records(StringInfo buf, MigTables *tables,
						   const char *revision);

/*
 * Applied revisions without an applied child: the tips, and what is applied
 * only because others depend on it.  In creation order, children loaded.
 */
List *
mig_show_current(MigTables *tables, MigGraph *graph)
{
	List	   *current = mig_graph_tips(graph);
	ListCell   *lc;

	foreach(lc, mig_graph_nodes(graph, mig_lookup_dependencies(tables)))
	{
		MigNode    *node = lfirst(lc);
		bool		implied = node->row.applied && !node->row.tip;
		ListCell   *c;

		if (!implied)
			continue;
		foreach(c, mig_graph_children(graph, node))
			implied &= !((MigNode *) lfirst(c))->row.applied;
		if (implied)
			current = lappend(current, node);
	}
	foreach(lc, current)
		mig_graph_load_children(graph, lfirst(lc));
	list_sort(current, mig_node_compare);
	return current;
}

static int
compare_newest_first(const ListCell *a, const ListCell *b)
{
	return mig_node_compare(b, a);
}

/* Revisions with more than one child, newest first; reads the whole graph. */
List *
mig_show_branches(MigGraph *graph)
{
	List	   *branches = NIL;

	mig_graph_load_all(graph);
	for (int i = 0; i < graph->nnodes; i++)
	{
		if (list_length(graph->nodes[i]->children) > 1)
			branches = lappend(branches, graph->nodes[i]);
	}
	list_sort(branches, compare_newest_first);
	return branches;
}

/*
 * All about a revision, as text of many lines; scripts only if the caller may
 * read them.
 */
void
mig_show_revision(StringInfo buf, MigTables *tables, MigGraph *graph,
				  MigNode *node, bool readable)
{
	MigRevision *rev = mig_lookup_stored(tables, node->revision);
	char	   *marks;

	mig_graph_load_children(graph, node);
	marks = mig_draw_marks(node, NULL);
	append_line(buf, "Revision", marks == NULL ? rev->revision :
				psprintf("%s (%s)", rev->revision, marks));
	append_line(buf, "Message", rev->message);
	append_line(buf, list_length(rev->down) > 1 ? "Merges" : "Parent",
				rev->down == NIL ? "base" : mig_join_names(rev->down, ", ", 0));
	if (rev->depends_on != NIL)
		append_line(buf, "Depends on", mig_join_names(rev->depends_on, ", ", 0));
	if (rev->labels != NIL)
		append_line(buf, "Branch labels", mig_join_names(rev->labels, ", ", 0));
	if (node->children != NIL)
		append_line(buf, "Children",
					mig_node_names(mig_graph_children(graph, node), 0));
	if (node->dependants != NIL)
		append_line(buf, "Needed by", mig_node_names(node->dependants, 0));
	append_line(buf, "Created", psprintf("%s by %s",
										 timestamptz_to_str(rev->created_at),
										 rev->created_by));
	if (strcmp(rev->stored_by, rev->created_by) != 0)
		append_line(buf, "Stored by", rev->stored_by);
	append_line(buf, "Transactional", rev->transactional ? "yes" : "no");
	append_line(buf, "Checksum", rev->checksum);
	append_records(buf, tables, rev->revision);
	if (rev->description != NULL)
		append_script(buf, "Description", rev->description, "");
	if (!readable)
	{
		append_line(buf, "Scripts", "permission denied");
		return;
	}
	append_script(buf, "Upgrade", rev->upgrade_sql, "nothing to do");
	append_script(buf, "Downgrade",
				  rev->downgrade_sql == NULL ? "" : rev->downgrade_sql,
				  rev->downgrade_sql == NULL ? "irreversible" : "nothing to do");
	if (rev->verify_sql != NULL)
		append_script(buf, "Verify", rev->verify_sql, "");
}

static void
append_line(StringInfo buf, const char *title, const char *value)
{
	appendStringInfo(buf, "%s: %s\n", title, value);
}

/* One line for each target schema that has it. */
static void
append_records(StringInfo buf, MigTables *tables, const char *revision)
{
	ListCell   *lc;

	foreach(lc, mig_lookup_records(tables, revision, NULL))
	{
		MigRecord  *record = lfirst(lc);

		append_line(buf, "Applied",
					psprintf("%s%s by %s%s%s%s%s",
							 strcmp(record->how, "ran") == 0 ? "" :
							 psprintf("%s ", record->how),
							 timestamptz_to_str(record->at), record->by,
							 record->schema_name[0] == '\0' ? "" : " in schema ",
							 record->schema_name,
							 record->tag == NULL ? "" : ", tag ",
							 record->tag == NULL ? "" : record->tag));
	}
}

/* a title, then the lines of a script, indented */
static void
append_script(StringInfo buf, const char *title, const char *script,
			  const char *otherwise)
{
	const char *line = script;

	if (script[strspn(script, " \t\r\n")] == '\0')
	{
		append_line(buf, title, otherwise);
		return;
	}
	appendStringInfo(buf, "%s:\n", title);
	while (*line != '\0')
	{
		int			length = strcspn(line, "\n");

		appendStringInfo(buf, "%s%.*s\n", length == 0 ? "" : "    ", length,
						 line);
		line += length + (line[length] == '\n');
	}
}
