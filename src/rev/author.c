/*-------------------------------------------------------------------------
 *
 * rev/author.c
 *	  Rules for making, changing and removing revisions.
 *
 * Callers hold the graph lock: ShareUpdateExclusive for a new revision,
 * AccessExclusive for everything else.  Scripts have been checked, and what
 * may change of an applied revision too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/author.h"
#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/resolve.h"
#include "rev/trust.h"
#include "rev/undo_hint.h"
#include "util/error.h"
#include "util/sql.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

/* as many heads are named in a notice */
#define HEADS_SHOWN		5

static char *idents_text(const char *input);
static char *choose_id(MigTables *tables, const char *rev_id);
static char *random_id(void);
static List *choose_labels(MigTables *tables, const char *revision,
						   const char *branch_label);
static void check_free(MigTables *tables, const char *kind, const char *name);
static void refuse_self(const MigRevision *rev, const char *input);
static List *choose_parents(MigGraph *graph, const MigDraft *draft);
static void choose_dependencies(MigGraph *graph, const char *depends_on,
								MigRevision *rev, List **nodes);
static MigHeadChange change_of_heads(MigTables *tables, const List *parents,
									 const List *deps, MigNewRow *row);
static void tell_stored(const MigRevision *rev, const List *parents,
						const List *heads_before, int head_count);
static MigRevision changed_revision(const MigRevision *old,
									const MigChange *change);
static void tell_author(const char *revision, const char *stored_by,
						const char *role, const char *others_have);

/*
 * Make a revision; its id, in the current memory context.
 */
char *
mig_author_create(Oid nsp, const MigOccasion *occasion, const MigDraft *draft)
{
	MigTables	tables;
	MigGraph   *graph;
	MigRevision rev = {0};
	MigNewRow	row = {.rev = &rev,.is_head = true,.is_real_head = true};
	MigHeadChange heads;
	const char *draft_message = draft->message;
	const char *message;
	const char *description;
	List	   *parents;
	List	   *deps = NIL;
	List	   *heads_before = NIL;
	MigSpi		spi;

	mig_tables_open(&tables, nsp, "", false);
	graph = mig_tables_graph(&tables);
	if (draft->message == NULL)
		draft_message = psprintf("merge %s", idents_text(draft->head));
	rev.revision = choose_id(&tables, draft->rev_id);
	rev.labels = choose_labels(&tables, rev.revision, draft->branch_label);
	mig_author_split_message(draft_message, &message, &description);
	rev.message = unconstify(char *, message);
	rev.description = unconstify(char *, description);
	refuse_self(&rev, draft->head);
	parents = choose_parents(graph, draft);
	if (parents == NIL && draft->needs_parent)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_NO_SUCH_REVISION),
				 errmsg("there is nothing to merge"),
				 errhint("SELECT * FROM migrate_heads() lists the heads.")));
	rev.down = mig_node_ids(parents);
	if (draft->depends_on != NULL)
		choose_dependencies(graph, draft->depends_on, &rev, &deps);
	rev.upgrade_sql = unconstify(char *, draft->upgrade_sql);
	rev.downgrade_sql = unconstify(char *, draft->downgrade_sql);
	rev.verify_sql = unconstify(char *, draft->verify_sql);
	rev.checksum = unconstify(char *, draft->checksum);
	rev.transactional = draft->transactional;
	rev.counts = draft->counts;
	rev.created_at = Max(GetCurrentTimestamp(),
						 mig_lookup_last_created(&tables) + 1);
	rev.created_by = unconstify(char *, occasion->role);
	rev.stored_by = mig_trust_author(occasion->role, draft->others);
	heads = change_of_heads(&tables, parents, deps, &row);
	if (message_level_is_interesting(NOTICE))
		heads_before = graph->source->heads(graph, false,
											HEADS_SHOWN +
											list_length(parents));
	mig_tables_close(&tables);

	mig_spi_begin(&spi, nsp, false);
	mig_store_insert(&spi, list_make1(&row), &heads);
	mig_journal_event(&spi, occasion, draft->action, rev.revision, NULL);
	mig_spi_end(&spi);
	if (!draft->is_done)
		tell_stored(&rev, parents, heads_before, heads.head_count);
	tell_author(rev.revision, rev.stored_by, occasion->role,
				draft->others_have);
	return rev.revision;
}

/* Identifiers as written, with commas. */
static char *
idents_text(const char *input)
{
	List	   *names = NIL;
	ListCell   *lc;

	foreach(lc, mig_ident_parse_list(input))
		names = lappend(names, ((MigIdent *) lfirst(lc))->text);
	return mig_join_names(names, ", ", 0);
}

/* A random one is tried until it is free, which is once. */
static char *
choose_id(MigTables *tables, const char *rev_id)
{
	char	   *id;
	char	   *owner;

	if (rev_id != NULL)
	{
		check_free(tables, "revision id", rev_id);
		return pstrdup(rev_id);
	}
	do
		id = random_id();
	while (mig_lookup_name_taken(tables, id, &owner));
	return id;
}

/* 12 random hexadecimal digits */
static char *
random_id(void)
{
	uint8		bytes[6];

	if (!pg_strong_random(bytes, sizeof(bytes)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate a random revision id")));
	return psprintf("%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2],
					bytes[3], bytes[4], bytes[5]);
}

/* Labels, one or several with commas between them. */
static List *
choose_labels(MigTables *tables, const char *revision,
			  const char *branch_label)
{
	List	   *labels = NIL;
	char	   *rest;
	char	   *label;

	if (branch_label == NULL || branch_label[0] == '\0')
		return NIL;
	rest = pstrdup(branch_label);
	while ((label = strsep(&rest, ",")) != NULL)
	{
		size_t		length;

		label += strspn(label, " ");
		length = strlen(label);
		while (length > 0 && label[length - 1] == ' ')
			label[--length] = '\0';
		check_free(tables, "branch label", label);
		if (mig_has_name(labels, label))
			ereport(ERROR,
					(errcode(ERRCODE_MIG_BAD_NAME),
					 errmsg("branch label \"%s\" is given twice", label)));
		if (strcmp(label, revision) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_MIG_BAD_NAME),
					 errmsg("branch label \"%s\" is the id of the revision",
							label)));
		labels = lappend(labels, label);
	}
	return labels;
}

/* Raise MG013 unless a name is well-formed and not in use. */
static void
check_free(MigTables *tables, const char *kind, const char *name)
{
	const char *fault = mig_new_name_fault(name);
	char	   *owner;

	if (fault != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_NAME),
				 errmsg("invalid %s \"%s\"", kind, name),
				 errdetail_internal("%s", fault),
				 errhint("Use up to %d letters, digits, underscores and dots.",
						 MIG_MAX_NAME)));
	if (mig_lookup_name_taken(tables, name, &owner))
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_NAME),
				 errmsg("%s \"%s\" is in use", kind, name),
				 strcmp(owner, name) == 0 ?
				 errdetail("There is a revision with this id.") :
				 errdetail("Revision \"%s\" has this branch label.", owner),
				 errhint("Ids and labels share one name space; choose another.")));
}

/*
 * Take a message apart: its first line, and the others as description, which
 * is NULL if there are none.  Line breaks around it do not count.
 */
void
mig_author_split_message(const char *input, const char **message,
						 const char **description)
{
	const char *start = input + strspn(input, "\r\n");
	size_t		length = strcspn(start, "\r\n");
	const char *rest = start + length + strspn(start + length, "\r\n");
	const char *end = rest + strlen(rest);

	while (end > rest && strchr(" \t\r\n", end[-1]) != NULL)
		end--;
	*message = pnstrdup(start, length);
	*description = end == rest ? NULL :
		mig_plain_lines(pnstrdup(rest, end - rest));
}

/*
 * Refuse a message that names a revision: somebody meant another function, or
 * another argument.
 */
void
mig_author_check_message(Oid nsp, const char *message, const char *hint)
{
	MigTables	tables;
	char	   *owner;
	bool		taken;

	mig_tables_open(&tables, nsp, "", false);
	taken = mig_lookup_name_taken(&tables, message, &owner);
	mig_tables_close(&tables);
	if (taken)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("message \"%s\" is the name of a revision",
						mig_clip(message)),
				 errhint("%s", hint)));
}

/* Raise MG013 where a revision names itself. */
static void
refuse_self(const MigRevision *rev, const char *input)
{
	ListCell   *lc;

	foreach(lc, mig_ident_parse_list(input))
	{
		const MigIdent *ident = lfirst(lc);
		bool		is_self;
		ListCell   *l;

		is_self = ident->symbol == MIG_SYMBOL_NAME &&
			strcmp(ident->name, rev->revision) == 0;
		foreach(l, rev->labels)
			is_self |= ident->symbol == MIG_SYMBOL_NAME &&
			strcmp(ident->name, lfirst(l)) == 0;
		if (is_self)
			ereport(ERROR,
					(errcode(ERRCODE_MIG_BAD_NAME),
					 errmsg("revision \"%s\" cannot have itself as parent or dependency",
							rev->revision)));
	}
}

/* Nodes of the parents, in order; MG012 if they cannot be. */
static List *
choose_parents(MigGraph *graph, const MigDraft *draft)
{
	List	   *parents = NIL;
	ListCell   *lc;

	foreach(lc, mig_ident_parse_list(draft->head))
	{
		ListCell   *l;

		foreach(l, mig_resolve_many(graph, lfirst(lc)))
		{
			MigNode    *node = lfirst(l);

			if (list_member_ptr(parents, node))
				ereport(ERROR,
						(errcode(ERRCODE_MIG_BAD_PARENT),
						 errmsg("revision \"%s\" is given twice as parent",
								node->revision)));
			if (!node->row.is_head && !draft->splice)
				ereport(ERROR,
						(errcode(ERRCODE_MIG_BAD_PARENT),
						 errmsg("revision \"%s\" is not a head", node->revision),
						 errdetail("Its children are: %s.",
								   mig_node_names(mig_graph_children(graph,
																	 node),
												  20)),
						 errhint("Give the head, or splice => true to begin a new branch here.")));
			parents = lappend(parents, node);
		}
	}
	return parents;
}

/*
 * Dependencies: as given where that is a label, else as full ids.
 */
static void
choose_dependencies(MigGraph *graph, const char *depends_on, MigRevision *rev,
					List **nodes)
{
	ListCell   *lc;

	if (depends_on[strspn(depends_on, " ")] == '\0')
		return;
	refuse_self(rev, depends_on);
	foreach(lc, mig_ident_parse_list(depends_on))
	{
		MigIdent   *ident = lfirst(lc);
		MigNode    *node = mig_resolve_one(graph, ident);
		char	   *labelled = NULL;

		if (node == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_MIG_NO_SUCH_REVISION),
					 errmsg("a revision cannot depend on \"%s\"", ident->text),
					 errhint("Name a revision or a branch label.")));
		if (list_member_ptr(*nodes, node))
			continue;
		if (ident->symbol == MIG_SYMBOL_NAME && ident->branch == NULL)
			labelled = graph->source->label(graph, ident->name);
		rev->depends_on = lappend(rev->depends_on,
								  labelled != NULL ? ident->name :
								  node->revision);
		rev->requires = lappend(rev->requires, node->revision);
		*nodes = lappend(*nodes, node);
	}
}

/* What becomes of the heads, and the generation of the new one. */
static MigHeadChange
change_of_heads(MigTables *tables, const List *parents, const List *deps,
				MigNewRow *row)
{
	MigNewest	newest = mig_lookup_newest(tables);
	MigHeadChange change = {0};
	List	   *below = list_union_ptr(parents, deps);
	ListCell   *lc;

	change.seq = newest.seq + 1;
	change.head_count = newest.count[0] + 1;
	change.real_head_count = newest.count[1] + 1;
	foreach(lc, below)
	{
		MigNode    *node = lfirst(lc);
		bool		is_parent = list_member_ptr(parents, node);

		row->generation = Max(row->generation, node->row.generation);
		if (is_parent && node->row.is_head)
		{
			change.head_count--;
			change.parents = lappend(change.parents, node->revision);
		}
		if (node->row.is_real_head)
			change.real_head_count--;
		if (node->row.is_real_head || (is_parent && node->row.is_head))
			change.below = lappend(change.below, node->revision);
	}
	row->generation++;
	return change;
}

/*
 * Not made where nobody hears it: names of parents and heads cost a look at
 * the graph.
 */
static void
tell_stored(const MigRevision *rev, const List *parents,
			const List *heads_before, int head_count)
{
	List	   *heads = list_make1(rev->revision);
	const char *runner;
	int			more;
	ListCell   *lc;
	ListCell   *p;

	if (!message_level_is_interesting(NOTICE))
		return;
	foreach(lc, heads_before)
	{
		bool		is_parent = false;

		foreach(p, parents)
			is_parent |= strcmp(((MigNode *) lfirst(p))->revision,
								lfirst(lc)) == 0;
		if (!is_parent)
			heads = lappend(heads, lfirst(lc));
	}
	more = head_count - HEADS_SHOWN;
	runner = rev->transactional ? "SELECT * FROM migrate_upgrade" :
		"CALL migrate_deploy";
	ereport(NOTICE,
			(parents == NIL ?
			 errmsg("stored revision \"%s\" as a base", rev->revision) :
			 errmsg("stored revision \"%s\" on %s", rev->revision,
					mig_node_names(parents, 0)),
			 head_count == 1 ? errdetail("It is the only head.") :
			 errdetail("There are %d heads: %s%s.", head_count,
					   mig_join_names(list_truncate(heads, HEADS_SHOWN), ", ", 0),
					   more <= 0 ? "" : psprintf(" and %d more", more)),
			 head_count == 1 ?
			 errhint("%s() applies it.", runner) :
			 errhint("%s applies it; migrate_merge() joins the heads.",
					 mig_call_text(runner, rev->revision, ""))));
	if (rev->downgrade_sql == NULL)
		ereport(NOTICE,
				(errmsg("revision \"%s\" is irreversible: it has no downgrade script",
						rev->revision)));
}

/*
 * All that is stored of the one revision that an identifier names.
 */
MigRevision *
mig_author_find(MigTables *tables, const char *revision)
{
	MigGraph   *graph = mig_tables_graph(tables);
	MigIdent   *ident = mig_ident_parse_one(revision);
	List	   *tips = NIL;
	MigNode    *node = NULL;

	if (ident->symbol == MIG_SYMBOL_CURRENT)
		tips = mig_graph_tips(graph);
	else
		node = mig_resolve_one(graph, ident);
	if (list_length(tips) == 1)
		node = linitial(tips);
	if (list_length(tips) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_SEVERAL_HEADS),
				 errmsg("\"%s\" stands for several revisions", revision),
				 errdetail("They are: %s.", mig_node_names(tips, 20)),
				 errhint("Name one of them.")));
	if (node == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_NO_SUCH_REVISION),
				 errmsg("\"%s\" stands for no revision", revision),
				 errhint("migrate_history() lists the revisions.")));
	return mig_lookup_stored(tables, node->revision);
}

/* Change scripts or message of a revision. */
void
mig_author_change(Oid nsp, const MigOccasion *occasion,
				  const MigRevision *old, const MigChange *change,
				  const char *what)
{
	int			given = 0;
	MigRevision rev;
	MigSpi		spi;

	if (change->upgrade_sql)
		given |= MIG_GIVES_UPGRADE;
	if (change->downgrade_sql)
		given |= MIG_GIVES_DOWNGRADE;
	if (change->verify_sql)
		given |= MIG_GIVES_VERIFY;
	rev = changed_revision(old, change);
	rev.stored_by = mig_trust_change(occasion->role, old, given,
									 change->irreversible ?
									 MIG_GIVES_DOWNGRADE : 0, change->others);
	mig_spi_begin(&spi, nsp, false);
	mig_store_change(&spi, list_make1(&rev));
	mig_journal_event(&spi, occasion, "edit", old->revision, what);
	mig_spi_end(&spi);
	if (given != 0)
		tell_author(old->revision, rev.stored_by, occasion->role,
					change->others_have);
}

/* Shares what has not changed with the old one. */
static MigRevision
changed_revision(const MigRevision *old, const MigChange *change)
{
	MigRevision rev = *old;

	rev.transactional = change->transactional;
	rev.counts = change->counts;
	if (change->upgrade_sql != NULL)
	{
		rev.upgrade_sql = unconstify(char *, change->upgrade_sql);
		rev.checksum = unconstify(char *, change->checksum);
	}
	if (change->irreversible)
		rev.downgrade_sql = NULL;
	else if (change->downgrade_sql != NULL)
		rev.downgrade_sql = unconstify(char *, change->downgrade_sql);
	if (change->verify_sql != NULL)
		rev.verify_sql = change->verify_sql[0] == '\0' ? NULL :
			unconstify(char *, change->verify_sql);
	if (change->message != NULL)
	{
		rev.message = unconstify(char *, change->message);
		rev.description = unconstify(char *, change->description);
	}
	return rev;
}

/* Where a superuser has not become the one who stored it, say so. */
static void
tell_author(const char *revision, const char *stored_by, const char *role,
			const char *others_have)
{
	if (strcmp(stored_by, role) == 0)
		return;
	ereport(NOTICE,
			(errmsg("revision \"%s\" counts as stored by role \"%s\"",
					revision, stored_by),
			 others_have == NULL ?
			 errdetail("Another script of it stays as that role stored it, so that no superuser runs the revision.") :
			 errdetail("It has code of lesser roles, so that no superuser runs it: %s.",
					   others_have),
			 errhint("SET ROLE %s before it is run; or read it (SELECT migrate_show(%s)) and store all of its scripts anew with migrate_edit().",
					 quote_identifier(stored_by),
					 quote_literal_cstr(revision))));
}

/*
 * Give a revision other parents; MG013 if a cycle would arise.
 *
 * An applied revision may so get an ancestor that is not applied: it and what
 * is above it are late then.
 */
void
mig_author_reparent(Oid nsp, const MigOccasion *occasion,
					const char *revision, const char *head)
{
	MigDraft	draft = {.head = head,.splice = true};
	MigTables	tables;
	MigGraph   *graph;
	MigNode    *node;
	MigRevision *rev;
	List	   *parents;
	List	   *affected;
	ListCell   *lc;
	MigSpi		spi;

	mig_tables_open(&tables, nsp, "", false);
	graph = mig_tables_graph(&tables);
	node = mig_graph_get(graph, revision);
	parents = choose_parents(graph, &draft);
	affected = mig_node_ids(mig_graph_descendants(graph, list_make1(node),
												  MIG_EDGES_ALL)->list);
	foreach(lc, parents)
	{
		MigNode    *parent = lfirst(lc);

		if (mig_graph_is_ancestor(graph, node, parent, MIG_EDGES_ALL))
			ereport(ERROR,
					(errcode(ERRCODE_MIG_BAD_NAME),
					 errmsg("revision \"%s\" cannot be a parent of \"%s\"",
							parent->revision, revision),
					 parent == node ?
					 errdetail("They are the same.") :
					 errdetail("It is a descendant of it; there would be a cycle.")));
	}
	rev = mig_lookup_stored(&tables, revision);
	rev->down = mig_node_ids(parents);
	mig_tables_close(&tables);

	mig_spi_begin(&spi, nsp, false);
	mig_store_change(&spi, list_make1(rev));
	mig_author_refresh(&spi, nsp, affected);
	mig_journal_event(&spi, occasion, "edit", revision,
					  psprintf("parents are now: %s", parents == NIL ? "base" :
							   mig_node_names(parents, 0)));
	mig_spi_end(&spi);
}

/*
 * Work out anew what is derived from the edges: heads and generations, and
 * tips and lateness wherever one of the affected revisions is applied.
 */
void
mig_author_refresh(const MigSpi *spi, Oid nsp, const List *affected)
{
	MigTables	tables;
	ListCell   *lc;

	mig_tables_open(&tables, nsp, "", false);
	mig_store_refresh(spi, mig_tables_graph(&tables));
	mig_tables_close(&tables);
	foreach(lc, mig_journal_schemas_of(spi, affected))
	{
		mig_tables_open(&tables, nsp, lfirst(lc), false);
		mig_journal_refresh(spi, mig_tables_graph(&tables), lfirst(lc));
		mig_tables_close(&tables);
	}
}

/* Remove a revision that nothing stands on. */
void
mig_author_remove(Oid nsp, const MigOccasion *occasion, const char *revision)
{
	MigTables	tables;
	MigGraph   *graph;
	MigNode    *node;
	List	   *above;
	MigSpi		spi;

	mig_tables_open(&tables, nsp, "", false);
	graph = mig_tables_graph(&tables);
	node = mig_graph_get(graph, revision);
	mig_graph_load_children(graph, node);
	above = list_union_ptr(node->children, node->dependants);
	if (above != NIL)
	{
		char	   *child;

		child = quote_literal_cstr(((MigNode *) linitial(above))->revision);
		ereport(ERROR,
				(errcode(ERRCODE_MIG_HAS_CHILDREN),
				 errmsg("cannot remove revision \"%s\" because others stand on it",
						revision),
				 errdetail("They are: %s.", mig_node_names(above, 20)),
				 errhint("Remove them first (SELECT migrate_remove(%s)), or give them another parent with migrate_edit(%s, head => ...).",
						 child, child)));
	}
	if (mig_lookup_applied_anywhere(&tables, revision))
		ereport(ERROR,
				(errcode(ERRCODE_MIG_IS_APPLIED),
				 errmsg("cannot remove revision \"%s\" because it is applied",
						revision),
				 errhint("%s", mig_undo_text(nsp, revision))));
	mig_tables_close(&tables);

	mig_spi_begin(&spi, nsp, false);
	mig_store_delete(&spi, revision);
	mig_author_refresh(&spi, nsp, NIL);
	mig_journal_event(&spi, occasion, "remove", revision, NULL);
	mig_spi_end(&spi);
}
