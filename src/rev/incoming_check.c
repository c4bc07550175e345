/*-------------------------------------------------------------------------
 *
 * rev/incoming_check.c
 *	  Weaves revisions from files into the graph.
 *
 * Answers, for files in any order: is each name free, and does each parent and
 * dependency exist?  Their order is incoming_order.c's matter.
 *
 * Callers hold the graph lock.  Everything is in the current memory context.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/incoming_check.h"
#include "rev/incoming_order.h"
#include "rev/lookup.h"
#include "util/error.h"
#include "util/sql.h"

#include "miscadmin.h"

/* An id or label of an incoming revision. */
typedef struct GivenName
{
	char		name[MIG_MAX_NAME + 1]; /* hash key, must be first */
	MigIncoming *in;
	bool		is_label;
} GivenName;

static void enter_name(MigIncomingCheck *check, const char *name,
					   MigIncoming *in,
					   bool is_label, int line);
pg_noreturn static void refuse_other(const MigIncoming *in,
									 const MigIncoming *other);
static const char *place_of(const MigIncoming *in);
static int	compare_created(const ListCell *a, const ListCell *b);
static void check_names(MigIncomingCheck *check, MigTables *tables,
						MigIncoming *in);
static void check_free(MigIncomingCheck *check, MigTables *tables,
					   const MigIncoming *in, const char *kind,
					   const char *name, int line);
static void resolve_dependencies(MigIncomingCheck *check, MigTables *tables,
								 MigIncoming *in);
static void check_parents(MigIncomingCheck *check, MigTables *tables,
						  const MigIncoming *in);
static bool exists(MigIncomingCheck *check, MigTables *tables,
				   const char *revision);
static const GivenName *find_name(const MigIncomingCheck *check,
								  const char *name);
static void check_labels_left(MigIncomingCheck *check, MigGraph *graph,
							  const MigIncoming *in);
static bool edges_differ(const MigIncoming *in);

/*
 * Begin: make incoming revisions findable.  MG030 where an id or label is
 * given twice.
 */
void
mig_incoming_check_begin(MigIncomingCheck *check, List *incoming)
{
	ListCell   *lc;

	check->incoming = incoming;
	check->names = mig_name_table("pg_migrations names", sizeof(GivenName));
	foreach(lc, incoming)
	{
		MigIncoming *in = lfirst(lc);
		ListCell   *l;

		enter_name(check, in->rev.revision, in, false, in->lines.revision);
		foreach(l, in->rev.labels)
			enter_name(check, lfirst(l), in, true, in->lines.labels);
	}
}

/* Ids and labels share one space of names. */
static void
enter_name(MigIncomingCheck *check, const char *name, MigIncoming *in,
		   bool is_label,
		   int line)
{
	bool		found;
	GivenName  *entry = hash_search(check->names, name, HASH_ENTER, &found);

	if (found)
	{
		const MigIncoming *other = entry->in;

		if (!is_label && !entry->is_label &&
			mig_incoming_is_other(in, &other->rev))
			refuse_other(in, other);
		mig_incoming_refuse(in->file, line,
							psprintf("%s \"%s\" is given twice, first %s%s%sline %d.",
									 is_label ? "Branch label" : "Revision",
									 name,
									 other->file == NULL ? "" : "in file \"",
									 other->file == NULL ? "" : other->file,
									 other->file == NULL ? "in " : "\", ",
									 entry->is_label ? other->lines.labels :
									 other->lines.revision),
							"Ids and labels share one name space.");
	}
	entry->in = in;
	entry->is_label = is_label;
}

/* Two trees of one project may have the same ids. */
static void
refuse_other(const MigIncoming *in, const MigIncoming *other)
{
	ereport(ERROR,
			(errcode(ERRCODE_MIG_BAD_NAME),
			 errmsg("another revision has this id: \"%s\"",
					in->rev.revision),
			 errdetail("In %s it is \"%s\", in %s \"%s\".", place_of(other),
					   other->rev.message, place_of(in), in->rev.message),
			 errhint("Give the revisions of one of the two trees other ids.")));
}

/* For messages about another revision than the one that is read. */
static const char *
place_of(const MigIncoming *in)
{
	return in->file == NULL ? psprintf("line %d", in->lines.revision) :
		psprintf("line %d of file \"%s\"", in->lines.revision, in->file);
}

/* What is too long for a key is the name of nothing. */
static const GivenName *
find_name(const MigIncomingCheck *check, const char *name)
{
	if (strlen(name) > MIG_MAX_NAME)
		return NULL;
	return hash_search(check->names, name, HASH_FIND, NULL);
}

/* The incoming revision that has an id, or NULL. */
MigIncoming *
mig_incoming_check_find(const MigIncomingCheck *check, const char *revision)
{
	const GivenName *entry = find_name(check, revision);

	return entry == NULL || entry->is_label ? NULL : entry->in;
}

/*
 * The revisions among the incoming on which no other of them stands, in
 * creation order: list of MigIncoming *.
 */
List *
mig_incoming_check_heads(const MigIncomingCheck *check)
{
	HTAB	   *below = mig_name_table("pg_migrations below",
									   MIG_MAX_NAME + 1);
	List	   *heads = NIL;
	ListCell   *lc;

	foreach(lc, check->incoming)
	{
		MigIncoming *in = lfirst(lc);
		ListCell   *l;

		foreach(l, in->rev.down)
			hash_search(below, lfirst(l), HASH_ENTER, NULL);
		foreach(l, in->rev.depends_on)
		{
			const GivenName *name = find_name(check, lfirst(l));

			if (name != NULL)
				hash_search(below, name->in->rev.revision, HASH_ENTER, NULL);
		}
	}
	foreach(lc, check->incoming)
	{
		MigIncoming *in = lfirst(lc);

		if (hash_search(below, in->rev.revision, HASH_FIND, NULL) == NULL)
			heads = lappend(heads, in);
	}
	list_sort(heads, compare_created);
	return heads;
}

static int
compare_created(const ListCell *a, const ListCell *b)
{
	const MigRevision *x = &((MigIncoming *) lfirst(a))->rev;
	const MigRevision *y = &((MigIncoming *) lfirst(b))->rev;

	if (x->created_at != y->created_at)
		return x->created_at < y->created_at ? -1 : 1;
	return strcmp(x->revision, y->revision);
}

/*
 * Find out what is to be written for the incoming revisions, whose diff and
 * action are known.
 *
 * Fills in the dependencies' ids and the time of creation.  MG030 with the
 * line for an unknown parent or dependency and for a circle; MG013 where a
 * name belongs to a revision that is not among them.
 */
void
mig_incoming_check_order(MigIncomingCheck *check, MigTables *tables,
						 MigIncomingBatch *batch)
{
	MigGraph   *graph;
	ListCell   *lc;

	memset(batch, 0, sizeof(*batch));
	foreach(lc, check->incoming)
	{
		MigIncoming *in = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		check_names(check, tables, in);
		resolve_dependencies(check, tables, in);
		check_parents(check, tables, in);
		if (in->stored == NULL)
			continue;
		if (edges_differ(in))
		{
			batch->edges_changed = true;
			if (in->action == MIG_ACTION_UNCHANGED)
			{
				/* a label that it depends on has moved */
				in->diff |= MIG_DIFF_DEPENDS;
				in->action = MIG_ACTION_UPDATED;
			}
		}
		if (in->action != MIG_ACTION_UNCHANGED)
			batch->changed = lappend(batch->changed, in);
	}
	graph = mig_tables_graph(tables);
	foreach(lc, batch->changed)
		check_labels_left(check, graph, lfirst(lc));
	mig_incoming_sort(check->incoming, tables, batch);
}

/* New names must be free. */
static void
check_names(MigIncomingCheck *check, MigTables *tables, MigIncoming *in)
{
	ListCell   *lc;

	if (in->stored == NULL)
		check_free(check, tables, in, "revision id", in->rev.revision,
				   in->lines.revision);
	if (in->stored != NULL && (in->diff & MIG_DIFF_LABELS) == 0)
		return;
	foreach(lc, in->rev.labels)
		check_free(check, tables, in, "branch label", lfirst(lc),
				   in->lines.labels);
}

/*
 * Raise MG013 if a stored revision has a name, unless that is itself among
 * the incoming ones: then what its file says counts.
 */
static void
check_free(MigIncomingCheck *check, MigTables *tables, const MigIncoming *in,
		   const char *kind, const char *name, int line)
{
	char	   *owner;
	const GivenName *entry;

	if (!mig_lookup_name_taken(tables, name, &owner) ||
		strcmp(owner, in->rev.revision) == 0)
		return;
	entry = find_name(check, owner);
	if (entry != NULL && !entry->is_label && strcmp(owner, name) != 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_MIG_BAD_NAME),
			 errmsg("%s \"%s\" is in use", kind, name),
			 strcmp(owner, name) == 0 ?
			 errdetail("There is a revision with this id.") :
			 errdetail("Revision \"%s\" has this branch label.", owner),
			 errhint("Ids and labels share one name space; choose another."),
			 errcontext("line %d of %s", line, in->file == NULL ?
						"the revision files" :
						psprintf("revision file \"%s\"", in->file))));
}

/* The ids that dependencies stand for. */
static void
resolve_dependencies(MigIncomingCheck *check, MigTables *tables,
					 MigIncoming *in)
{
	ListCell   *lc;

	in->rev.requires = NIL;
	foreach(lc, in->rev.depends_on)
	{
		const char *given = lfirst(lc);
		const GivenName *entry = find_name(check, given);
		char	   *owner = NULL;

		if (entry != NULL)
			owner = entry->in->rev.revision;
		else if (mig_lookup_name_taken(tables, given, &owner) &&
				 strcmp(owner, given) != 0 && find_name(check, owner) != NULL)
			owner = NULL;		/* its file does not have the label any more */
		if (owner == NULL)
			mig_incoming_refuse(in->file, in->lines.depends,
								psprintf("Revision \"%s\" depends on \"%s\", which is neither in the files nor stored.",
										 in->rev.revision, given),
								"Name the id or branch label of a revision, whole.");
		if (strcmp(owner, in->rev.revision) == 0)
			mig_incoming_refuse(in->file, in->lines.depends,
								psprintf("Revision \"%s\" depends on itself.",
										 in->rev.revision), NULL);
		if (!mig_has_name(in->rev.requires, owner))
			in->rev.requires = lappend(in->rev.requires, owner);
	}
}

/*
 * What is stored, and stays where it is, has been checked when it was stored.
 */
static void
check_parents(MigIncomingCheck *check, MigTables *tables,
			  const MigIncoming *in)
{
	ListCell   *lc;

	if (in->stored != NULL && (in->diff & MIG_DIFF_PARENTS) == 0)
		return;
	foreach(lc, in->rev.down)
	{
		const char *parent = lfirst(lc);

		if (strcmp(parent, in->rev.revision) == 0)
			mig_incoming_refuse(in->file, in->lines.down,
								psprintf("Revision \"%s\" is its own parent.",
										 in->rev.revision), NULL);
		if (!exists(check, tables, parent))
			mig_incoming_refuse(in->file, in->lines.down,
								psprintf("Parent \"%s\" of revision \"%s\" is neither in the files nor stored.",
										 parent, in->rev.revision),
								"Name the ids of the parents, whole, and give their files as well.");
	}
}

/* In the batch, or in the database. */
static bool
exists(MigIncomingCheck *check, MigTables *tables, const char *revision)
{
	const GivenName *entry = find_name(check, revision);
	HeapTuple	tuple;
	SysScanDesc scan;

	if (entry != NULL)
		return !entry->is_label;
	scan = mig_scan_revision(tables, revision, &tuple);
	systable_endscan(scan);
	return tuple != NULL;
}

/*
 * A label that goes, or goes to another revision, must not be what a revision
 * depends on that is not among the incoming ones.
 */
static void
check_labels_left(MigIncomingCheck *check, MigGraph *graph,
				  const MigIncoming *in)
{
	MigNode    *node;
	ListCell   *lc;

	if ((in->diff & MIG_DIFF_LABELS) == 0 || in->stored->labels == NIL)
		return;
	node = mig_graph_get(graph, in->rev.revision);
	mig_graph_load_children(graph, node);
	foreach(lc, node->dependants)
	{
		const char *id = ((MigNode *) lfirst(lc))->revision;
		ListCell   *l;

		if (mig_incoming_check_find(check, id) != NULL)
			continue;
		foreach(l, mig_graph_get(graph, id)->row.depends_on)
		{
			if (strcmp(lfirst(l), in->rev.revision) != 0 &&
				!mig_has_name(in->rev.labels, lfirst(l)) &&
				mig_has_name(in->stored->labels, lfirst(l)))
				mig_incoming_refuse(in->file, in->lines.labels != 0 ?
									in->lines.labels : in->lines.revision,
									psprintf("Revision \"%s\" loses branch label \"%s\", on which revision \"%s\" depends.",
											 in->rev.revision,
											 (char *) lfirst(l), id),
									"Give the file of that one, too.");
		}
	}
}

/* Do parents or dependencies differ from what is stored? */
static bool
edges_differ(const MigIncoming *in)
{
	if (in->diff & MIG_DIFF_EDGES)
		return true;
	if (list_length(in->rev.requires) != list_length(in->stored->requires))
		return true;
	for (int i = 0; i < list_length(in->rev.requires); i++)
	{
		if (strcmp(list_nth(in->rev.requires, i),
				   list_nth(in->stored->requires, i)) != 0)
			return true;
	}
	return false;
}
