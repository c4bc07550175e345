/*-------------------------------------------------------------------------
 *
 * io/import.c
 *	  Takes revisions from files into the tables.
 *
 * First everything is looked at without a lock.  Mostly it is stored as the
 * files have it, and that is the end of it: some index look-ups, nothing
 * written; so it works in a read-only transaction and on a standby too.
 * Otherwise the import lock makes those with the same files wait, and after
 * looking again whoever is the first takes the graph lock: as for a new
 * revision, or as for changing one, in which case it never waits for runs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "io/bundle.h"
#include "io/import.h"
#include "io/import_squashed.h"
#include "rev/author.h"
#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/incoming_check.h"
#include "rev/trust.h"
#include "rev/undo_hint.h"
#include "run/atomic.h"
#include "run/lock.h"
#include "run/pipeline.h"
#include "run/script_check.h"
#include "util/error.h"
#include "util/sql.h"

#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* What kinds of work there are. */
typedef struct Work
{
	int			added;
	int			changed;
} Work;

static void check_all(MigIncomingCheck *check, MigTables *tables,
					  const char *role, MigIncomingBatch *batch);
static Work look_up(Oid nsp, List *incoming, MemoryContext context);
static void compare(MigTables *tables, MigIncoming *in);
static bool take_locks(Oid nsp, const char *function, List *incoming,
					   MemoryContext context);
static void settle_parents(MigIncomingCheck *check, MigTables *tables);
static char *version_below(MigGraph *graph, const char *version);
static void read_scripts(Oid nsp, MigTables *tables, List *incoming,
						 const char *role);
static int	given(int diff);
static void read_script(MigIncoming *in);
static void name_place(void *arg);
static void settle_transactional(MigIncoming *in,
								 const MigCheckedScripts *checked);
static bool check_applied(Oid nsp, MigTables *tables, const MigIncoming *in);
pg_noreturn static void refuse_other(const MigIncoming *in);
pg_noreturn static void refuse_differing(MigTables *tables,
										 const List *differing);
static void write_all(Oid nsp, const MigOccasion *occasion,
					  const MigIncomingBatch *batch);
static void log_all(const MigSpi *spi, const MigOccasion *occasion,
					const MigIncomingBatch *batch);
static List *ids_at_and_above(Oid nsp, const List *changed);
static void tell(const MigIncomingBatch *batch, const List *heads);
static char *heads_text(const List *heads);

/*
 * Take in revisions; list of MigIncoming *, whose action is set.
 *
 * Returns the ids of their heads, with commas, in the current memory context.
 * What the files themselves do wrong is MG030 with the line; MG031 where an
 * upgrade script differs from the one that ran.
 */
char *
mig_import_files(Oid nsp, const char *function, List *incoming)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "pg_migrations import",
												  ALLOCSET_DEFAULT_SIZES);
	MigOccasion occasion = mig_occasion("", NULL);
	MigIncomingCheck check;
	MigTables	tables;
	MigIncomingBatch batch;
	List	   *heads;

	mig_refuse_in_run(function);
	mig_incoming_check_begin(&check, incoming);
	if (take_locks(nsp, function, incoming, context))
	{
		mig_tables_open(&tables, nsp, "", false);
		check_all(&check, &tables, occasion.role, &batch);
		mig_tables_close(&tables);
		write_all(nsp, &occasion, &batch);
		heads = mig_incoming_check_heads(&check);
		tell(&batch, heads);
	}
	else
		heads = mig_incoming_check_heads(&check);
	return heads_text(heads);
}

/*
 * What mig_import_files() would write if the text of files were taken in, or
 * NULL for nothing, found out without a lock; it raises the same errors.
 * Everything is in the current memory context.
 *
 * Scripts that the caller may not read are not compared for him: he could try
 * what is in them.
 */
MigIncomingBatch *
mig_import_preview(MigTables *tables, const char *files)
{
	MigIncomingBatch *batch;
	List	   *incoming;
	MigIncomingCheck check;
	ListCell   *lc;

	if (files == NULL)
		return NULL;
	if (!mig_may_read_scripts(tables->nsp))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for the scripts of table \"migrate_revision\""),
				 errdetail("Files are compared with the scripts that are stored."),
				 errhint("GRANT SELECT on table \"migrate_revision\" to the role that calls with files.")));
	incoming = mig_bundle_parse(mig_bundle_split(files));
	batch = palloc(sizeof(MigIncomingBatch));
	mig_incoming_check_begin(&check, incoming);
	foreach(lc, incoming)
	{
		CHECK_FOR_INTERRUPTS();
		compare(tables, lfirst(lc));
	}
	check_all(&check, tables, GetUserNameFromId(GetUserId(), false), batch);
	return batch->added == NIL && batch->changed == NIL ? NULL : batch;
}

/*
 * Everything that can be refused, once it is known what is stored; a label
 * that moves changes revisions whose files do not differ.
 */
static void
check_all(MigIncomingCheck *check, MigTables *tables, const char *role,
		  MigIncomingBatch *batch)
{
	settle_parents(check, tables);
	mig_import_refuse_squashed(check, tables);
	read_scripts(tables->nsp, tables, check->incoming, role);
	mig_incoming_check_order(check, tables, batch);
	read_scripts(tables->nsp, tables, batch->changed, role);
}

/*
 * Find what is stored of each revision, and how it differs; what is stored is
 * kept in context, which is reset first.
 */
static Work
look_up(Oid nsp, List *incoming, MemoryContext context)
{
	MemoryContext old;
	MigTables	tables;
	Work		work = {0, 0};
	ListCell   *lc;

	MemoryContextReset(context);
	old = MemoryContextSwitchTo(context);
	mig_tables_open(&tables, nsp, "", false);
	foreach(lc, incoming)
	{
		MigIncoming *in = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		compare(&tables, in);
		work.added += in->stored == NULL;
		work.changed += in->stored != NULL && in->diff != 0;
	}
	mig_tables_close(&tables);
	MemoryContextSwitchTo(old);
	return work;
}

/* What the file leaves open is as it is stored. */
static void
compare(MigTables *tables, MigIncoming *in)
{
	MigRevision *rev = &in->rev;

	in->stored = mig_lookup_revision(tables, rev->revision);
	in->diff = 0;
	in->action = MIG_ACTION_STORED;
	if (in->stored == NULL)
		return;
	in->diff = mig_incoming_compare(in);
	in->action = in->diff == 0 ? MIG_ACTION_UNCHANGED : MIG_ACTION_UPDATED;
	if (!in->has_down)
		rev->down = in->stored->down;
	if (!in->has_created)
		rev->created_at = in->stored->created_at;
}

/* Take the locks if there is anything to do; false if there is not. */
static bool
take_locks(Oid nsp, const char *function, List *incoming,
		   MemoryContext context)
{
	Work		work = look_up(nsp, incoming, context);

	if (work.added + work.changed == 0)
		return false;
	PreventCommandIfReadOnly(psprintf("%s()", function));
	PreventCommandIfParallelMode(psprintf("%s()", function));
	PreventCommandDuringRecovery(psprintf("%s()", function));
	mig_lock_import();
	work = look_up(nsp, incoming, context);
	if (work.added + work.changed == 0)
	{
		mig_lock_import_release();
		return false;
	}
	if (work.changed == 0)
	{
		mig_lock_graph(ShareUpdateExclusiveLock);
		work = look_up(nsp, incoming, context);
	}
	if (work.changed > 0)
	{
		mig_lock_graph_nowait();
		(void) look_up(nsp, incoming, context);
	}
	mig_refuse_stale(nsp, "");
	return true;
}

/*
 * Files of other tools stand on each other by their numbers; the first of
 * those given on what is stored with the next smaller number.
 */
static void
settle_parents(MigIncomingCheck *check, MigTables *tables)
{
	ListCell   *lc;

	foreach(lc, check->incoming)
	{
		MigIncoming *in = lfirst(lc);
		char	   *below;

		if (in->has_down || in->stored != NULL)
			continue;
		below = version_below(mig_tables_graph(tables),
							  in->rev.revision);
		in->rev.down = below == NULL ? NIL : list_make1(below);
	}
}

/*
 * The highest version in the database that is lower, so that files that come
 * later go on from there.
 */
static char *
version_below(MigGraph *graph, const char *version)
{
	char	   *found = NULL;

	mig_graph_load_all(graph);
	for (int i = 0; i < graph->nnodes; i++)
	{
		char	   *id = graph->nodes[i]->revision;

		if (id[strspn(id, "0123456789")] == '\0' &&
			mig_version_compare(id, version) < 0 &&
			(found == NULL || mig_version_compare(found, id) < 0))
			found = id;
	}
	return found;
}

/*
 * Check the scripts of all that is new or changes, and fill in what follows
 * from them.
 */
static void
read_scripts(Oid nsp, MigTables *tables, List *incoming, const char *role)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "pg_migrations script",
												  ALLOCSET_DEFAULT_SIZES);
	List	   *differing = NIL;
	ListCell   *lc;

	foreach(lc, incoming)
	{
		MigIncoming *in = lfirst(lc);
		MemoryContext old;
		bool		differs;

		CHECK_FOR_INTERRUPTS();
		if (in->action == MIG_ACTION_UNCHANGED || in->rev.checksum != NULL)
			continue;
		old = MemoryContextSwitchTo(context);
		read_script(in);
		differs = in->stored != NULL && !check_applied(nsp, tables, in);
		MemoryContextSwitchTo(old);
		if (differs)
			differing = lappend(differing, in);
		in->rev.checksum = pstrdup(in->rev.checksum);
		in->rev.stored_by = in->stored == NULL ? unconstify(char *, role) :
			mig_trust_change(role, in->stored, given(in->diff), 0, NIL);
		in->rev.created_by = in->rev.stored_by;
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
	if (differing != NIL)
		refuse_differing(tables, differing);
}

/* The scripts that a file has otherwise than they are stored. */
static int
given(int diff)
{
	return (diff & MIG_DIFF_UPGRADE ? MIG_GIVES_UPGRADE : 0) |
		(diff & MIG_DIFF_DOWNGRADE ? MIG_GIVES_DOWNGRADE : 0) |
		(diff & MIG_DIFF_VERIFY ? MIG_GIVES_VERIFY : 0);
}

/* Errors of the parser say the file and the line within it. */
static void
read_script(MigIncoming *in)
{
	ErrorContextCallback callback;
	MigCheckedScripts checked;

	callback.callback = name_place;
	callback.arg = in;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	checked = mig_check_scripts(in->rev.revision, in->rev.upgrade_sql,
								in->rev.downgrade_sql, in->rev.verify_sql);
	error_context_stack = callback.previous;
	in->rev.checksum = checked.checksum;
	in->rev.counts = checked.counts;
	settle_transactional(in, &checked);
	if (in->stored != NULL &&
		strcmp(in->stored->checksum, checked.checksum) != 0)
		in->action = MIG_ACTION_REPLACED;
}

/* In an error context callback: where the revision stands in the files. */
static void
name_place(void *arg)
{
	const MigIncoming *in = arg;

	if (in->file == NULL)
		errcontext("revision file at line %d", in->lines.revision);
	else
		errcontext("revision file \"%s\" at line %d", in->file,
				   in->lines.revision);
}

/*
 * Where the file does not say whether the revision is transactional its
 * statements do; unless it was said not to be though they are.
 */
static void
settle_transactional(MigIncoming *in, const MigCheckedScripts *checked)
{
	const MigRevision *old = in->stored;

	if (in->has_transactional && in->rev.transactional &&
		!checked->transactional)
		mig_incoming_refuse(in->file, in->lines.transactional,
							psprintf("Revision \"%s\" cannot be transactional: statement %d of its %s script cannot run in a transaction block.",
									 in->rev.revision, checked->statement,
									 checked->script),
							"Write \"-- transactional: no\", or leave the line out.");
	if (in->has_transactional)
		return;
	in->rev.transactional = checked->transactional;
	if (old != NULL && !old->transactional && checked->transactional &&
		mig_check_scripts(old->revision, old->upgrade_sql, old->downgrade_sql,
						  old->verify_sql).transactional)
		in->rev.transactional = false;
}

/*
 * What ran cannot be changed afterwards; false if the upgrade script differs
 * from it.
 */
static bool
check_applied(Oid nsp, MigTables *tables, const MigIncoming *in)
{
	const MigRevision *old = in->stored;
	bool		ran = mig_lookup_ran_anywhere(tables, old->revision);

	if (ran && in->action == MIG_ACTION_REPLACED)
		return false;
	if (mig_incoming_is_other(in, old))
		refuse_other(in);
	if (ran && in->rev.transactional != old->transactional)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_IS_APPLIED),
				 errmsg("cannot change whether revision \"%s\" is transactional because it is applied",
						old->revision),
				 errhint("%s Or make a new revision.",
						 mig_undo_text(nsp, old->revision))));
	if (in->diff & MIG_DIFF_UPGRADE)
		mig_script_check_under_way(nsp, old->revision, MIG_UPGRADE,
								   old->upgrade_sql,
								   in->rev.upgrade_sql);
	if ((in->diff & MIG_DIFF_DOWNGRADE) && old->downgrade_sql != NULL &&
		in->rev.downgrade_sql != NULL)
		mig_script_check_under_way(nsp, old->revision, MIG_DOWNGRADE,
								   old->downgrade_sql, in->rev.downgrade_sql);
	return true;
}

/* Two trees of one project may have the same ids. */
static void
refuse_other(const MigIncoming *in)
{
	const char *id = in->rev.revision;

	ereport(ERROR,
			(errcode(ERRCODE_MIG_BAD_NAME),
			 errmsg("another revision has this id: \"%s\"", id),
			 errdetail("Stored is \"%s\", and line %d of %s has \"%s\": message, parents and upgrade script are not the same.",
					   in->stored->message, in->lines.revision,
					   in->file == NULL ? "the revision files" :
					   psprintf("file \"%s\"", in->file), in->rev.message),
			 errhint("Give the revisions of one of the two trees other ids. If it is the same revision, migrate_edit(%s, message => ...) with the new message says so.",
					 quote_literal_cstr(id))));
}

/*
 * Raise MG031 for the one nearest to the base: whoever wants the files' way
 * has to go down below it.
 */
static void
refuse_differing(MigTables *tables, const List *differing)
{
	MigGraph   *graph = mig_tables_graph(tables);
	const MigIncoming *lowest = linitial(differing);
	int			others = list_length(differing) - 1;
	int			generation = PG_INT32_MAX;
	const ListCell *lc;

	foreach(lc, differing)
	{
		const MigIncoming *in = lfirst(lc);
		const MigNode *node = mig_graph_get(graph, in->rev.revision);

		if (node->row.generation >= generation)
			continue;
		lowest = in;
		generation = node->row.generation;
	}
	ereport(ERROR,
			(errcode(ERRCODE_MIG_OTHER_SCRIPT),
			 errmsg("the upgrade script of revision \"%s\" differs from the one that was applied",
					lowest->rev.revision),
			 errdetail("It is in line %d of %s.%s", lowest->lines.upgrade,
					   lowest->file == NULL ? "the revision files" :
					   psprintf("file \"%s\"", lowest->file),
					   others == 0 ? "" :
					   psprintf(" %d %s, too.", others,
								others == 1 ? "other differs" : "others differ")),
			 errhint("%s Or make a new revision.",
					 mig_undo_text(tables->nsp, lowest->rev.revision))));
}

/* In one statement for each table, however many there are. */
static void
write_all(Oid nsp, const MigOccasion *occasion, const MigIncomingBatch *batch)
{
	List	   *changed = NIL;
	const ListCell *lc;
	MigSpi		spi;

	foreach(lc, batch->changed)
		changed = lappend(changed, &((MigIncoming *) lfirst(lc))->rev);
	mig_spi_begin(&spi, nsp, false);
	mig_store_change(&spi, changed);
	mig_store_insert(&spi, batch->added, &batch->heads);
	if (batch->edges_changed)
		mig_author_refresh(&spi, nsp, ids_at_and_above(nsp, batch->changed));
	log_all(&spi, occasion, batch);
	mig_spi_end(&spi);
}

/* One entry for each revision. */
static void
log_all(const MigSpi *spi, const MigOccasion *occasion,
		const MigIncomingBatch *batch)
{
	List	   *revisions = NIL;
	List	   *messages = NIL;
	ListCell   *lc;

	foreach(lc, batch->added)
	{
		revisions = lappend(revisions,
							((MigNewRow *) lfirst(lc))->rev->revision);
		messages = lappend(messages, NULL);
	}
	foreach(lc, batch->changed)
	{
		const MigIncoming *in = lfirst(lc);

		revisions = lappend(revisions, in->rev.revision);
		messages = lappend(messages, mig_incoming_describe(in->diff));
	}
	mig_journal_events(spi, occasion, "import", revisions, messages);
}

/* Revisions whose edges changed, and all that stands on them. */
static List *
ids_at_and_above(Oid nsp, const List *changed)
{
	MigTables	tables;
	MigGraph   *graph;
	List	   *nodes = NIL;
	List	   *ids;
	const ListCell *lc;

	mig_tables_open(&tables, nsp, "", false);
	graph = mig_tables_graph(&tables);
	mig_graph_load_all(graph);
	foreach(lc, changed)
	{
		const MigIncoming *in = lfirst(lc);

		if (in->diff & MIG_DIFF_EDGES)
			nodes = lappend(nodes, mig_graph_get(graph, in->rev.revision));
	}
	ids = mig_node_ids(mig_graph_descendants(graph, nodes,
											 MIG_EDGES_ALL)->list);
	mig_tables_close(&tables);
	return ids;
}

/* Say what was done. */
static void
tell(const MigIncomingBatch *batch, const List *heads)
{
	int			counts[] = {0, 0, 0, 0};
	List	   *parts = NIL;
	ListCell   *lc;

	counts[MIG_ACTION_STORED] = list_length(batch->added);
	foreach(lc, batch->changed)
		counts[((MigIncoming *) lfirst(lc))->action]++;
	for (int i = MIG_ACTION_STORED; i <= MIG_ACTION_REPLACED; i++)
	{
		if (counts[i] > 0)
			parts = lappend(parts, psprintf("%d %s", counts[i],
											mig_incoming_action(i)));
	}
	ereport(NOTICE,
			(errmsg("revisions from files: %s",
					mig_join_names(parts, ", ", 0)),
			 errdetail("Their heads: %s.", heads_text(heads))));
}

static char *
heads_text(const List *heads)
{
	List	   *ids = NIL;
	const ListCell *lc;

	foreach(lc, heads)
		ids = lappend(ids, ((MigIncoming *) lfirst(lc))->rev.revision);
	return mig_join_names(ids, ", ", 0);
}
