/*-------------------------------------------------------------------------
 *
 * kind/partition_rows.c
 *	  What rows that are there mean for partitions that come and go.
 *
 * Rows of a table that is attached must fit its bound, and those of a default
 * partition must not; indexes that the table lacks are built.  A partition is
 * not detached while other tables refer to its rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/partition_rows.h"

#include "kind/constraint_rows.h"
#include "kind/index.h"
#include "kind/index_parts.h"
#include "kind/table_parents.h"
#include "sch/action.h"

/* How the condition of a partition by hash begins */
#define HASH_CONDITION	"satisfies_hash_partition"

static bool warn_of_referrers(MigAction *action,
							  const MigObject *partition);
static void warn_of_bound(MigAction *action, const MigObject *partition,
						  const MigObject *table, const char *not);
static char *hash_condition(const MigObject *partition, const char *check);
static void warn_of_default(MigAction *action, const MigObject *partition);
static void warn_of_indexes(const MigDiff *diff, MigAction *action,
							const MigObject *partition);
static void warn_of_index(const MigDiff *diff, MigAction *action,
						  const MigObject *index);
static void warn_of_keys(MigAction *action, const MigObject *partition);
static List *lasting_keys(const MigObject *table);

/* Warn of what a new partition asks of the others. */
void
mig_partition_rows_warn_new(MigAction *action, const MigObject *partition)
{
	warn_of_default(action, partition);
}

/* Warn of what is done with a table that becomes a partition. */
void
mig_partition_rows_warn_attached(const MigDiff *diff, MigAction *action,
								 const MigObject *partition)
{
	mig_action_warn(action, MIG_SCANS_TABLE,
					"no session can use it while its rows are held against the bound, unless a CHECK constraint proves it")->table =
		partition->identity;
	warn_of_bound(action, partition, partition, "NOT ");
	warn_of_default(action, partition);
	warn_of_indexes(diff, action, partition);
	warn_of_keys(action, partition);
}

/*
 * Warn of rows elsewhere that refer to those of an old partition, by keys that
 * stay; and of tables that it refers to, by keys that it has with the parent.
 */
void
mig_partition_rows_warn_detached(MigAction *action,
								 const MigObject *partition)
{
	const ListCell *lc;

	(void) warn_of_referrers(action, partition);
	foreach(lc, partition->children)
	{
		const MigObject *key = lfirst(lc);
		const MigObject *other = mig_constraint_refers_to(key);

		if (key->kind->id == MIG_FOREIGN_KEY && other != NULL &&
			key->kind->is_inherited(key) && other->fate != MIG_DROP)
			mig_action_warn_lock(action, other, MIG_LOCKS_WRITERS);
	}
}

/*
 * Detach a partition before it is dropped if foreign keys stay that refer to
 * what is above it.
 */
void
mig_partition_rows_drop(MigAction *action, const MigObject *partition)
{
	if (warn_of_referrers(action, partition))
		action->sql = psprintf("ALTER TABLE %s DETACH PARTITION %s;\nDROP TABLE %s",
							   partition->values[MIG_TABLE_PARENTS],
							   partition->identity, partition->identity);
}

/* Do keys that stay refer to what is above?  Warns of rows that do. */
static bool
warn_of_referrers(MigAction *action, const MigObject *partition)
{
	bool		any = false;
	List	   *above = mig_table_parents(partition);
	const ListCell *lc;

	for (int i = 0; i < list_length(above); i++)
	{
		const MigObject *parent = list_nth(above, i);

		above = list_concat_unique_ptr(above, mig_table_parents(parent));
		foreach(lc, lasting_keys(parent))
			any |= mig_constraint_rows_warn_detached(action, lfirst(lc),
													 parent, partition);
	}
	return any;
}

/*
 * Warn of rows that fit the bound of a partition, or do not: "not" is what
 * stands before the condition.
 */
static void
warn_of_bound(MigAction *action, const MigObject *partition,
			  const MigObject *table, const char *not)
{
	const char *check = partition->values[MIG_TABLE_BOUND_CHECK];
	MigHazard  *hazard;

	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows of table %s that the bound does not let be there",
							 table->identity);
	hazard->table = table->identity;
	if (check != NULL && strstr(check, HASH_CONDITION) != NULL)
		check = hash_condition(partition, check);
	if (check != NULL)
		hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s(%s)",
								 table->identity, not, check);
}

/*
 * The condition of a partition by hash names the partitioned table by its OID,
 * "satisfies_hash_partition('1'::oid, ...)": there must be such a table, with
 * the same key.  NULL if there is none.
 */
static char *
hash_condition(const MigObject *partition, const char *check)
{
	const MigObject *parent = linitial(mig_table_parents(partition));
	const MigObject *live = parent->twin;
	const char *from = strchr(check, '\'');
	const char *to = from == NULL ? NULL : strchr(from + 1, '\'');

	if (to == NULL || live == NULL || parent->fate == MIG_RECREATE ||
		strncmp(check, HASH_CONDITION, strlen(HASH_CONDITION)) != 0)
		return NULL;
	return psprintf("%.*s%u%s", (int) (from - check + 1), check,
					live->address.objid, to);
}

/* A default partition must not have rows of a new one. */
static void
warn_of_default(MigAction *action, const MigObject *partition)
{
	const ListCell *lc;
	const ListCell *lp;

	foreach(lp, mig_table_parents(partition))
	{
		const MigObject *parent = ((const MigObject *) lfirst(lp))->twin;

		foreach(lc, parent == NULL || parent->fate == MIG_RECREATE ?
				NIL : mig_table_heirs(parent))
		{
			const MigObject *other = lfirst(lc);

			if (mig_table_is_partition(other) &&
				strcmp(other->values[MIG_TABLE_BOUND], "DEFAULT") == 0 &&
				other->twin != partition && other->fate != MIG_DROP)
			{
				mig_action_warn(action, MIG_SCANS_TABLE,
								"no session can use default partition %s while its rows are held against the new bound",
								other->identity)->table = other->identity;
				warn_of_bound(action, partition, other, "");
			}
		}
	}
}

/* The server builds what the table lacks of the indexes above. */
static void
warn_of_indexes(const MigDiff *diff, MigAction *action,
				const MigObject *partition)
{
	const ListCell *lc;

	foreach(lc, partition->children)
	{
		const MigObject *index = lfirst(lc);

		if (mig_index_is_any(index) && mig_is_created(index) &&
			!index->by_hand && mig_index_above(index) != NULL)
			warn_of_index(diff, action, index);
	}
}

static void
warn_of_index(const MigDiff *diff, MigAction *action, const MigObject *index)
{
	mig_action_warn(action, MIG_BLOCKS_WRITES,
					"no session can use the table while index \"%s\" is built; one that was built CONCURRENTLY before is taken instead",
					index->name)->table = index->parent->identity;
	if (index->kind->id == MIG_CONSTRAINT)
		mig_constraint_rows_warn(diff, action, index,
								 index->values[MIG_CONSTRAINT_DEFINITION]);
	else
		mig_index_warn_rows(diff, action, index);
}

/* The tables whose foreign keys refer to it from now on are locked. */
static void
warn_of_keys(MigAction *action, const MigObject *partition)
{
	const ListCell *lc;
	const ListCell *lp;

	foreach(lp, mig_table_parents(partition))
	{
		const MigObject *parent = ((const MigObject *) lfirst(lp))->twin;

		foreach(lc, parent == NULL ? NIL : lasting_keys(parent))
		{
			const MigObject *key = lfirst(lc);

			if (mig_constraint_refers_to(key) == parent &&
				key->parent != parent)
				mig_action_warn_lock(action, key->parent, MIG_LOCKS_WRITERS);
		}
	}
}

/*
 * The foreign keys that stay and need columns of an old table, MigObject *:
 * its own, and those that refer to it.
 */
static List *
lasting_keys(const MigObject *table)
{
	List	   *keys = NIL;
	const ListCell *lc;
	const ListCell *ld;

	foreach(lc, table->children)
	{
		foreach(ld, ((const MigObject *) lfirst(lc))->dependents)
		{
			MigObject  *key = ((MigDepend *) lfirst(ld))->object;

			if (key->kind->id == MIG_FOREIGN_KEY && !key->ignored &&
				!key->kind->is_inherited(key) &&
				(key->fate == MIG_KEEP || key->fate == MIG_ALTER))
				keys = list_append_unique_ptr(keys, key);
		}
	}
	return keys;
}
