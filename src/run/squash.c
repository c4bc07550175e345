/*-------------------------------------------------------------------------
 *
 * run/squash.c
 *	  One revision instead of several in a line.
 *
 * The last one stays, with the scripts of all one behind the other; the others
 * go.  What is recorded as applied must mean the same afterwards: each target
 * schema has all of them or none.  This is the one case in which the script
 * of an applied revision changes; it is logged.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "rev/author.h"
#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/incoming.h"
#include "rev/plan.h"
#include "rev/trust.h"
#include "run/atomic.h"
#include "run/lock.h"
#include "run/pipeline.h"
#include "run/script.h"
#include "run/script_check.h"
#include "run/squash.h"
#include "util/error.h"
#include "util/sql.h"
#include "util/token.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

/* What is put together. */
typedef struct Squash
{
	Oid			nsp;
	List	   *nodes;			/* of MigNode *, oldest first */
	List	   *revisions;		/* of MigRevision *, the same */
	List	   *ids;			/* of char *, the same */
	List	   *gone;			/* of char *, all but the last */
	int			verifies;		/* verify scripts that go */
	MigIncoming result;
} Squash;

/* The first row of a query, as strings. */
typedef struct Found
{
	char	   *first;			/* NULL: there is none */
	char	   *second;
} Found;

static void take_locks(Oid nsp);
static void choose_line(Squash *squash, MigTables *tables,
						const char *range);
static void check_line(const Squash *squash, const char *range);
static void check_above(const Squash *squash, const MigNode *node);
static void check_records(const Squash *squash);
pg_noreturn static void refuse_broken(const char *revision, const char *call);
static const char *target_below(const Squash *squash, const char *revision);
static void note_found(TupleTableSlot *slot, void *arg);
static void put_together(Squash *squash, MigGraph *graph,
						 const MigOccasion *occasion);
static char *join_scripts(const Squash *squash, MigDirection direction);
static void refuse_settings(const char *script, const char *revision,
							MigDirection direction);
static void join_dependencies(Squash *squash, MigGraph *graph);
static List *authors(const Squash *squash);
static void write_result(Squash *squash, const MigOccasion *occasion);
static void write_records(const MigSpi *spi, const Squash *squash);
static void tell(const Squash *squash);

/*
 * Replace the revisions of a range by its last one; returns its id, in the
 * current memory context.
 */
char *
mig_squash(Oid nsp, const char *range, const char *message)
{
	MigOccasion occasion = mig_occasion("", NULL);
	Squash		squash = {.nsp = nsp};
	MigTables	tables;
	MigGraph   *graph;
	const char *first_line;
	const char *description;

	take_locks(nsp);
	mig_tables_open(&tables, nsp, "", false);
	choose_line(&squash, &tables, range);
	check_line(&squash, range);
	check_records(&squash);
	graph = mig_tables_graph(&tables);
	put_together(&squash, graph, &occasion);
	mig_tables_close(&tables);
	mig_author_split_message(message, &first_line, &description);
	squash.result.rev.message = unconstify(char *, first_line);
	squash.result.rev.description = unconstify(char *, description);
	write_result(&squash, &occasion);
	tell(&squash);
	return squash.result.rev.revision;
}

/*
 * Without waiting for other authors: whoever comes second has to look again.
 */
static void
take_locks(Oid nsp)
{
	mig_refuse_in_run("migrate_squash");
	PreventCommandIfReadOnly("migrate_squash()");
	PreventCommandDuringRecovery("migrate_squash()");
	mig_lock_graph_nowait();
	mig_refuse_stale(nsp, "");
}

/* The revisions of the range, and what is stored of them. */
static void
choose_line(Squash *squash, MigTables *tables, const char *range)
{
	MigGraph   *graph = mig_tables_graph(tables);
	ListCell   *lc;

	(void) mig_range_resolve(graph, range);
	squash->nodes = mig_plan_chosen(graph, range);
	foreach(lc, squash->nodes)
	{
		char	   *id = ((MigNode *) lfirst(lc))->revision;

		squash->revisions = lappend(squash->revisions,
									mig_lookup_stored(tables, id));
		squash->ids = lappend(squash->ids, id);
		if (lnext(squash->nodes, lc) != NULL)
			squash->gone = lappend(squash->gone, id);
	}
}

/* Each stands on the one before alone, and nothing else stands on that. */
static void
check_line(const Squash *squash, const char *range)
{
	int			n = list_length(squash->nodes);

	if (n < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is nothing to squash in range \"%s\"", range),
				 n == 0 ? errdetail("It has no revisions.") :
				 errdetail("It has one revision.")));
	for (int i = 0; i < n - 1; i++)
	{
		const MigNode *node = list_nth(squash->nodes, i);
		const MigNode *next = list_nth(squash->nodes, i + 1);

		if (list_length(next->down) != 1 || linitial(next->down) != node)
			ereport(ERROR,
					(errcode(ERRCODE_MIG_NOT_A_RANGE),
					 errmsg("the revisions of range \"%s\" are not in a line",
							range),
					 errdetail("The parents of \"%s\" are: %s.", next->revision,
							   mig_node_names_below(next)),
					 errhint("Squash the parts before and behind a branch or merge for themselves.")));
		check_above(squash, node);
	}
}

/* Those of the line may depend on each other. */
static void
check_above(const Squash *squash, const MigNode *node)
{
	List	   *above = list_union_ptr(node->children, node->dependants);
	List	   *others = list_difference_ptr(above, squash->nodes);

	if (others != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_HAS_CHILDREN),
				 errmsg("cannot squash revision \"%s\" because others stand on it",
						node->revision),
				 errdetail("They are: %s.", mig_node_names(others, 20)),
				 errhint("Squash the parts before and behind it for themselves.")));
}

/* Each target schema has all of them or none, and none is under way. */
static void
check_records(const Squash *squash)
{
	Found		divided = {NULL, NULL};
	Found		broken = {NULL, NULL};
	Found		undone = {NULL, NULL};
	MigSpi		spi;
	MigParam	params[] = {
		MIG_PARAM(TEXTARRAYOID, mig_text_array(squash->ids)),
		MIG_PARAM(INT8OID, Int64GetDatum(list_length(squash->ids))),
	};

	mig_spi_begin(&spi, squash->nsp, false);
	mig_spi_each(&spi,
				 "SELECT schema_name, pg_catalog.string_agg(revision, ', ' ORDER BY revision)"
				 " FROM @migrate_applied WHERE revision = ANY ($1)"
				 " GROUP BY schema_name HAVING pg_catalog.count(*) <> $2"
				 " ORDER BY schema_name LIMIT 1",
				 lengthof(params), params, note_found, &divided);
	mig_spi_each(&spi,
				 "SELECT revision, schema_name FROM @migrate_progress"
				 " WHERE revision = ANY ($1) AND direction = 'upgrade'"
				 " ORDER BY revision LIMIT 1",
				 1, params, note_found, &broken);
	mig_spi_each(&spi,
				 "SELECT revision, schema_name FROM @migrate_progress"
				 " WHERE revision = ANY ($1) AND direction = 'downgrade'"
				 " ORDER BY revision LIMIT 1",
				 1, params, note_found, &undone);
	mig_spi_end(&spi);
	if (divided.first != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_IS_APPLIED),
				 divided.first[0] == '\0' ?
				 errmsg("cannot squash because the database stands in the middle") :
				 errmsg("cannot squash because target schema \"%s\" stands in the middle",
						divided.first),
				 errdetail("Of the revisions are applied there: %s.",
						   divided.second),
				 errhint("CALL %s applies all of them.",
						 mig_call_text("migrate_deploy", llast(squash->ids),
									   divided.first))));
	if (broken.first != NULL)
		refuse_broken(broken.first,
					  mig_call_text("migrate_deploy", broken.first,
									broken.second));
	if (undone.first != NULL)
		refuse_broken(undone.first,
					  mig_call_text("migrate_revert",
									target_below(squash, undone.first),
									undone.second));
}

/* Marks of statements count in a script that would be another one. */
static void
refuse_broken(const char *revision, const char *call)
{
	ereport(ERROR,
			(errcode(ERRCODE_MIG_IS_APPLIED),
			 errmsg("cannot squash revision \"%s\" because a deploy was broken off in it",
					revision),
			 errhint("CALL %s goes on with it.", call)));
}

/* The target of a downgrade that undoes a revision of the line. */
static const char *
target_below(const Squash *squash, const char *revision)
{
	const ListCell *lc;

	foreach(lc, squash->revisions)
	{
		const MigRevision *rev = lfirst(lc);

		if (strcmp(rev->revision, revision) == 0 && rev->down != NIL)
			return linitial(rev->down);
	}
	return psprintf("%s@base", revision);
}

/* For a query that returns one row, or none. */
static void
note_found(TupleTableSlot *slot, void *arg)
{
	Found	   *found = arg;

	found->first = TextDatumGetCString(mig_slot_value(slot, 1));
	found->second = TextDatumGetCString(mig_slot_value(slot, 2));
}

/* What the last revision becomes, but for the message. */
static void
put_together(Squash *squash, MigGraph *graph, const MigOccasion *occasion)
{
	MigRevision *rev = &squash->result.rev;
	const MigRevision *first = linitial(squash->revisions);
	const MigRevision *last = llast(squash->revisions);
	MigCheckedScripts checked;
	bool		transactional = true;
	ListCell   *lc;

	*rev = *last;
	rev->down = first->down;
	rev->labels = NIL;
	foreach(lc, squash->revisions)
	{
		const MigRevision *part = lfirst(lc);

		rev->labels = list_concat(rev->labels, part->labels);
		transactional &= part->transactional;
		squash->verifies += part != last && part->verify_sql != NULL;
	}
	join_dependencies(squash, graph);
	rev->upgrade_sql = join_scripts(squash, MIG_UPGRADE);
	rev->downgrade_sql = join_scripts(squash, MIG_DOWNGRADE);
	checked = mig_check_scripts(rev->revision, rev->upgrade_sql,
								rev->downgrade_sql, rev->verify_sql);
	rev->checksum = checked.checksum;
	rev->counts = checked.counts;
	rev->transactional = checked.transactional && transactional;
	rev->stored_by = mig_trust_author(occasion->role, authors(squash));
}

/*
 * The scripts one behind the other in the order in which they run; NULL if
 * there is none for the way down.
 */
static char *
join_scripts(const Squash *squash, MigDirection direction)
{
	bool		up = direction == MIG_UPGRADE;
	int			n = list_length(squash->revisions);
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < n; i++)
	{
		const MigRevision *rev = list_nth(squash->revisions,
										  up ? i : n - 1 - i);
		char	   *script = up ? rev->upgrade_sql : rev->downgrade_sql;

		if (script == NULL)
			return NULL;
		script = mig_script_trimmed(script);
		if (script[0] == '\0')
			continue;
		if (i < n - 1)
			refuse_settings(script, rev->revision, direction);
		if (buf.len > 0)
			appendStringInfoString(&buf, "\n\n");
		appendStringInfo(&buf, MIG_SQUASH_PART "%s: ", rev->revision);
		mig_append_comment(&buf, rev->message);
		appendStringInfo(&buf, "\n%s%s", script,
						 mig_script_terminator(script));
	}
	return buf.data;
}

/*
 * Settings end with the script that makes them, and would now go on into the
 * next.
 */
static void
refuse_settings(const char *script, const char *revision,
				MigDirection direction)
{
	const char *title = mig_direction_name(direction);
	MigScript  *parsed = mig_script_parse(script, title);
	MigTokens	tokens;
	bool		sets = false;

	/* in code that is quoted, too, but not in comments */
	mig_token_begin(&tokens, script);
	while (mig_token_next(&tokens))
		sets |= strcasestr(tokens.source, "set_config") != NULL;
	for (int i = 0; i < parsed->nstatements; i++)
	{
		const Node *stmt = parsed->statements[i].raw->stmt;

		sets |= IsA(stmt, VariableSetStmt) || IsA(stmt, ConstraintsSetStmt);
	}
	if (sets)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot squash revision \"%s\" because its %s script changes settings",
						revision, title),
				 errdetail("They would go on into the script behind it."),
				 errhint("Leave the revision out of the range, or make it the last one that runs.")));
}

/* The dependencies on anything but the revisions themselves, each once. */
static void
join_dependencies(Squash *squash, MigGraph *graph)
{
	MigRevision *rev = &squash->result.rev;
	List	   *seen = NIL;
	ListCell   *lc;

	rev->depends_on = NIL;
	rev->requires = NIL;
	foreach(lc, squash->ids)
		seen = lappend(seen, mig_graph_get(graph, lfirst(lc)));
	foreach(lc, squash->revisions)
	{
		const MigRevision *part = lfirst(lc);
		ListCell   *l;

		foreach(l, part->depends_on)
		{
			MigNode    *node = mig_graph_find(graph, lfirst(l));

			if (node == NULL)
				node = mig_graph_get(graph, graph->source->label(graph,
																 lfirst(l)));
			if (list_member_ptr(seen, node))
				continue;
			seen = lappend(seen, node);
			rev->depends_on = lappend(rev->depends_on, lfirst(l));
			rev->requires = lappend(rev->requires, node->revision);
		}
	}
}

/*
 * Roles whose text is in the result: of the verify scripts the last one alone
 * is.
 */
static List *
authors(const Squash *squash)
{
	List	   *roles = NIL;
	ListCell   *lc;

	foreach(lc, squash->revisions)
	{
		const MigRevision *part = lfirst(lc);

		if (part->counts.upgrade + part->counts.downgrade > 0 ||
			(lnext(squash->revisions, lc) == NULL && part->counts.verify > 0))
			roles = lappend(roles, part->stored_by);
	}
	return roles;
}

/* The record of what is applied first: a step of it may name what goes. */
static void
write_result(Squash *squash, const MigOccasion *occasion)
{
	MigSpi		spi;
	ListCell   *lc;

	mig_spi_begin(&spi, squash->nsp, false);
	write_records(&spi, squash);
	mig_store_change(&spi, list_make1(&squash->result.rev));
	foreach(lc, squash->gone)
		mig_store_delete(&spi, lfirst(lc));
	mig_author_refresh(&spi, squash->nsp,
					   list_make1(squash->result.rev.revision));
	mig_journal_event(&spi, occasion, "squash", squash->result.rev.revision,
					  psprintf("takes in: %s",
							   mig_join_names(squash->gone, ", ", 0)));
	mig_spi_end(&spi);
}

/* Where they are applied the last one stands for all. */
static void
write_records(const MigSpi *spi, const Squash *squash)
{
	MigParam	params[] = {
		MIG_PARAM(TEXTARRAYOID, mig_text_array(squash->ids)),
		mig_text_param(squash->result.rev.revision),
		mig_text_param(squash->result.rev.checksum),
	};
	MigParam	gone[] = {
		MIG_PARAM(TEXTARRAYOID, mig_text_array(squash->gone)),
	};

	mig_spi_write(spi,
				  "UPDATE @migrate_applied a"
				  " SET how = CASE WHEN s.ran THEN 'ran' ELSE 'stamped' END,"
				  " checksum = CASE WHEN s.ran THEN $3 END,"
				  " elapsed = s.elapsed"
				  " FROM (SELECT schema_name, pg_catalog.bool_or(how = 'ran') AS ran,"
				  " pg_catalog.sum(elapsed) AS elapsed FROM @migrate_applied"
				  " WHERE revision = ANY ($1) GROUP BY schema_name) s"
				  " WHERE a.schema_name = s.schema_name AND a.revision = $2",
				  lengthof(params), params);
	mig_spi_write(spi,
				  "DELETE FROM @migrate_applied WHERE revision = ANY ($1)",
				  lengthof(gone), gone);
}

/* Verify scripts are named, for they are the one thing that is lost. */
static void
tell(const Squash *squash)
{
	const MigRevision *rev = &squash->result.rev;

	ereport(NOTICE,
			(errmsg_plural("revision \"%s\" takes in %d other",
						   "revision \"%s\" takes in %d others",
						   list_length(squash->gone), rev->revision,
						   list_length(squash->gone)),
			 errdetail("Gone: %s.", mig_join_names(squash->gone, ", ", 20))));
	if (squash->verifies > 0)
		ereport(NOTICE,
				(errmsg_plural("%d verify script is gone",
							   "%d verify scripts are gone",
							   squash->verifies, squash->verifies),
				 errdetail("Only that of the last revision stays.")));
	if (rev->downgrade_sql == NULL)
		ereport(NOTICE,
				(errmsg("revision \"%s\" is irreversible: it has no downgrade script",
						rev->revision)));
}
