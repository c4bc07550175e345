/*-------------------------------------------------------------------------
 *
 * model/hazard_rows.c
 *	  What the rows that are there say about hazards.
 *
 * Numbers and sizes are added; no hazard comes or goes for its rows, so that a
 * script is the same whatever rows there are where it is generated.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/hazard_rows.h"
#include "kind/table_parents.h"
#include "model/probe.h"
#include "model/row_filter.h"
#include "sch/snapshot.h"
#include "util/guc.h"
#include "util/sql.h"

#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"

/* A table that has been asked. */
typedef struct Asked
{
	Oid			relid;			/* key */
	bool		any;			/* has it rows? */
} Asked;

/* Partitions that a message names */
#define PARTITIONS_SHOWN	20

static const MigObject *find_table(const MigSnapshot *live, const char *name);
static void refuse_to_empty(const MigObject *table);
static void refuse_to_take_along(const MigObject *table);
static const char *what_is_fixed(const MigObject *table);
static void forget_unfound(const List *actions);
static List *left_out_of(const MigHazard *hazard, const MigSnapshot *live);
static bool is_obstructed(MigHazard *hazard, const MigSnapshot *live,
						  const List *left_out);
static bool others_have_rows(HTAB *tables, const MigHazard *hazard,
							 const MigSnapshot *live, const List *left_out);
static bool has_rows(HTAB *tables, Oid relid, const List *left_out);
static void ask(MigHazard *hazard, Oid relid, bool any,
				const List *left_out, const MigRenames *aliases);
static void ask_counter(MigHazard *hazard, const MigSnapshot *live,
						const MigObject *table, const MigRenames *aliases);
static bool is_about_size(const MigHazard *hazard);
static void ask_probe(MigHazard *hazard, Oid relid, const List *left_out,
					  const MigRenames *aliases);
static char *number_of_rows(int64 n);

/*
 * Ask the rows about the hazards of actions that lead away from a snapshot,
 * the names of which are those of "aliases".
 */
void
mig_rows_ask(const List *actions, const MigSnapshot *live,
			 const MigRenames *aliases)
{
	HASHCTL		ctl = {0};
	HTAB	   *tables;
	const ListCell *lc;
	const ListCell *lh;

	mig_rows_forget_harmless(actions, live, aliases);
	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(Asked);
	ctl.hcxt = CurrentMemoryContext;
	tables = hash_create("pg_migrations rows", 64, &ctl,
						 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	foreach(lc, actions)
	{
		CHECK_FOR_INTERRUPTS();
		foreach(lh, ((const MigAction *) lfirst(lc))->hazards)
		{
			MigHazard  *hazard = lfirst(lh);
			List	   *left_out = left_out_of(hazard, live);
			const MigObject *table = NULL;

			if (hazard->table != NULL && hazard->result == NULL)
				table = find_table(live, hazard->table);
			if (hazard->counts)
				ask_counter(hazard, live, table, aliases);
			else if (table != NULL && !is_obstructed(hazard, live, left_out))
				ask(hazard, table->address.objid,
					has_rows(tables, table->address.objid, left_out) ||
					others_have_rows(tables, hazard, live, left_out),
					left_out, aliases);
		}
	}
	hash_destroy(tables);
	forget_unfound(actions);
}

/* What does not count as rows of the tables that are asked, MigLeftOut *. */
static List *
left_out_of(const MigHazard *hazard, const MigSnapshot *live)
{
	List	   *left_out = NIL;
	const ListCell *lc;
	const ListCell *lt;

	foreach(lc, hazard->left)
	{
		const MigLeft *left = lfirst(lc);
		const MigObject *above = find_table(live, left->above);
		MigLeftOut *entry = palloc0(sizeof(MigLeftOut));

		if (above == NULL)
			continue;
		entry->relid = above->address.objid;
		foreach(lt, left->tables)
		{
			const MigObject *table = find_table(live, lfirst(lt));

			if (table != NULL)
				entry->parts = lappend_oid(entry->parts,
										   table->address.objid);
		}
		left_out = lappend(left_out, entry);
	}
	return left_out;
}

/* Forget what is said of rows that are found alone, where none was. */
static void
forget_unfound(const List *actions)
{
	const ListCell *lc;
	ListCell   *lh;

	foreach(lc, actions)
	{
		MigAction  *action = lfirst(lc);

		foreach(lh, action->hazards)
		{
			const MigHazard *hazard = lfirst(lh);

			if (hazard->if_found && !hazard->found)
				action->hazards = foreach_delete_current(action->hazards, lh);
		}
	}
}

/*
 * Forget what does not depend on rows and does no harm: a check that the
 * default of a new column satisfies.
 */
void
mig_rows_forget_harmless(const List *actions, const MigSnapshot *live,
						 const MigRenames *aliases)
{
	const ListCell *lc;
	ListCell   *lh;

	foreach(lc, actions)
	{
		MigAction  *action = lfirst(lc);

		foreach(lh, action->hazards)
		{
			MigHazard  *hazard = lfirst(lh);
			const MigObject *table = NULL;
			MigFinding	finding;

			if (hazard->constant != NULL)
				table = find_table(live, hazard->table);
			if (table == NULL)
				continue;
			finding = mig_probe(hazard->constant, table->address.objid,
								INT64_MAX, false, NIL, aliases);
			if (finding.known && finding.rows == 0)
				action->hazards = foreach_delete_current(action->hazards, lh);
		}
	}
}

/* A table of a name, or a materialized view; or NULL. */
static const MigObject *
find_table(const MigSnapshot *live, const char *name)
{
	const MigObject *table = mig_snapshot_find(live, MIG_TABLE, name);

	return table != NULL ? table : mig_snapshot_find(live, MIG_VIEW, name);
}

/*
 * Refuse to drop a table with rows only to create it again: what differs in
 * it cannot be altered.  A partitioned table has none itself, and children
 * keep theirs; partitions that are left alone would go with it, and so would
 * those that are to be created again.
 */
void
mig_rows_refuse_to_empty(const MigAction *action)
{
	const MigObject *table = action->object;
	const ListCell *lc;

	if (action->op != MIG_OP_DROP || table->kind->id != MIG_TABLE)
		return;
	refuse_to_empty(table);
	if (!mig_table_is_partitioned(table))
		return;
	refuse_to_take_along(table);
	foreach(lc, mig_table_descendants(table))
	{
		const MigObject *partition = lfirst(lc);

		if (partition->unmade == action)
			refuse_to_empty(partition);
	}
}

static void
refuse_to_empty(const MigObject *table)
{
	if (table->fate != MIG_RECREATE ||
		get_rel_relkind(table->address.objid) != RELKIND_RELATION ||
		!mig_probe_has_own_rows(table->address.objid))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("table %s cannot become what the model wants while it has rows",
					table->identity),
			 errdetail("It would be dropped and created, since this cannot be altered: %s.",
					   what_is_fixed(table)),
			 errhint("Rename it in a revision of its own, generate the new table, copy the rows, and drop the old one; migrate_diff() shows all differences.")));
}

/*
 * The server says nothing of partitions that go with their table.  Where a job
 * sees to them, and the table goes for good, so do they.  Those in schemas
 * that are not managed are in no snapshot.
 */
static void
refuse_to_take_along(const MigObject *table)
{
	List	   *known = NIL;
	List	   *names = NIL;
	const ListCell *lc;

	foreach(lc, mig_table_descendants(table))
	{
		const MigObject *partition = lfirst(lc);

		known = lappend_oid(known, partition->address.objid);
		if (partition->ignored &&
			(partition->excluded || table->fate == MIG_RECREATE))
			names = lappend(names, pstrdup(partition->identity));
	}
	foreach(lc, table->fate == MIG_RECREATE ?
			find_all_inheritors(table->address.objid, NoLock, NULL) : NIL)
	{
		Oid			relid = lfirst_oid(lc);
		char	   *name;

		if (relid == table->address.objid || list_member_oid(known, relid))
			continue;
		name = mig_quote_relation(relid);
		if (name != NULL)
			names = lappend(names, name);
	}
	if (names == NIL)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("table %s cannot be dropped while partitions of it are left alone",
					table->identity),
			 table->fate == MIG_RECREATE ?
			 errdetail("They would go with it: %s. It would be dropped and created, since this cannot be altered: %s.",
					   mig_join_names(names, ", ", PARTITIONS_SHOWN),
					   what_is_fixed(table)) :
			 errdetail("They would go with it: %s.",
					   mig_join_names(names, ", ", PARTITIONS_SHOWN)),
			 errhint("Put the partitions into the model, or detach or drop them in a revision of its own.")));
}

/* The names of what has changed in a table and cannot be altered. */
static const char *
what_is_fixed(const MigObject *table)
{
	List	   *names = NIL;

	for (int i = 0; i < table->kind->nattributes; i++)
	{
		const MigAttribute *attribute = &table->kind->attributes[i];

		if (MIG_CHANGED(table, i) && attribute->compare == MIG_FIXED)
			names = lappend(names, pstrdup(attribute->name));
	}
	return names == NIL ? "what it depends on" :
		mig_join_names(names, ", ", 0);
}

/* How far a counter is: a sequence, or that of a column of the table. */
static void
ask_counter(MigHazard *hazard, const MigSnapshot *live, const MigObject *table,
			const MigRenames *aliases)
{
	MigFinding	finding;

	if (table == NULL && hazard->table != NULL)
		table = mig_snapshot_find(live, MIG_SEQUENCE, hazard->table);
	if (table == NULL || hazard->probe == NULL)
		return;
	finding = mig_probe(hazard->probe, table->address.objid, INT64_MAX, false,
						NIL, aliases);
	if (!finding.known)
		return;
	hazard->harmless = hazard->least < hazard->most &&
		finding.rows >= hazard->least && finding.rows <= hazard->most;
	hazard->result = psprintf(INT64_FORMAT " now", finding.rows);
}

/* Is one of the other tables too large, or locked?  Then it says so. */
static bool
is_obstructed(MigHazard *hazard, const MigSnapshot *live,
			  const List *left_out)
{
	const ListCell *lc;

	foreach(lc, hazard->others)
	{
		const MigObject *other = mig_snapshot_find(live, MIG_TABLE,
												   lfirst(lc));
		char	   *reason = NULL;

		if (other != NULL)
			reason = mig_probe_obstacle(other->address.objid,
										mig_guc_probe_size(), left_out);
		if (reason != NULL)
			hazard->result = psprintf("not checked: %s", reason);
	}
	return hazard->result != NULL;
}

static bool
others_have_rows(HTAB *tables, const MigHazard *hazard,
				 const MigSnapshot *live, const List *left_out)
{
	const ListCell *lc;

	foreach(lc, hazard->tries || mig_has_name(hazard->others, hazard->table) ?
			hazard->others : NIL)
	{
		const MigObject *other = mig_snapshot_find(live, MIG_TABLE,
												   lfirst(lc));

		if (other != NULL && has_rows(tables, other->address.objid, left_out))
			return true;
	}
	return false;
}

static bool
has_rows(HTAB *tables, Oid relid, const List *left_out)
{
	bool		found;
	Asked	   *asked;

	if (mig_row_filter_parts(left_out, relid) != NIL)
		return mig_probe_has_rows(relid, left_out);
	asked = hash_search(tables, &relid, HASH_ENTER, &found);
	if (!found)
		asked->any = mig_probe_has_rows(relid, NIL);
	return asked->any;
}

static void
ask(MigHazard *hazard, Oid relid, bool any, const List *left_out,
	const MigRenames *aliases)
{
	hazard->no_rows = !any;
	if (!any && (hazard->probe != NULL || is_about_size(hazard)))
		hazard->result = number_of_rows(0);
	else if (hazard->probe != NULL)
		ask_probe(hazard, relid, left_out, aliases);
	else if (is_about_size(hazard))
		hazard->result = mig_probe_size(relid, left_out);
}

/* Does it take the longer, the larger the table is? */
static bool
is_about_size(const MigHazard *hazard)
{
	return hazard->code == MIG_REWRITES_TABLE ||
		hazard->code == MIG_SCANS_TABLE ||
		hazard->code == MIG_BLOCKS_WRITES ||
		hazard->code == MIG_UNIQUE_ON_PARTITIONS;
}

/* Add to a hazard what the rows say, or why they were not asked. */
static void
ask_probe(MigHazard *hazard, Oid relid, const List *left_out,
		  const MigRenames *aliases)
{
	MigFinding	finding = mig_probe(hazard->probe, relid, mig_guc_probe_size(),
									hazard->tries, left_out, aliases);

	if (!finding.known)
		hazard->result = finding.reason == NULL ? "not checked" :
			psprintf("not checked: %s", finding.reason);
	else if (finding.error != NULL)
		hazard->result = finding.error;
	else
	{
		hazard->harmless = finding.rows == 0;
		hazard->found = finding.rows > 0;
		hazard->result = number_of_rows(finding.rows);
	}
}

static char *
number_of_rows(int64 n)
{
	return psprintf(INT64_FORMAT " %s now", n, n == 1 ? "row" : "rows");
}
