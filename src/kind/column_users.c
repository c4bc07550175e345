/*-------------------------------------------------------------------------
 *
 * kind/column_users.c
 *	  What else the server does where a column's type changes.
 *
 * It builds indexes anew, holds rows against checks, and holds the rows of
 * other tables against foreign keys, and locks all of them: also where the
 * table itself stays as it is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_users.h"

#include "catalog/pg_constraint.h"
#include "kind/table_parents.h"
#include "sch/action.h"

static void warn_of_foreign_key(MigAction *action, const MigObject *table,
								const MigObject *key, bool rewrites);
static void warn_of_check(MigAction *action, const MigObject *check,
						  bool recollates);
static void warn_of_index(MigAction *action, const MigObject *index);
static bool is_built_anew(const MigObject *object, bool recollates);

/*
 * Warn of what hangs on a column whose type changes, and says nothing itself
 * because it stays: the table is written anew or not, the collation is another
 * or not.  Where it is written anew, that is said of its own parts.
 */
void
mig_column_users_warn(MigAction *action, const MigObject *column,
					  bool rewrites, bool recollates)
{
	const ListCell *lc;

	foreach(lc, column->dependents)
	{
		const MigObject *user = ((MigDepend *) lfirst(lc))->object;

		if (mig_is_created(user))
			continue;
		if (user->kind->id == MIG_FOREIGN_KEY)
		{
			warn_of_foreign_key(action, column->parent, user, rewrites);
		}
		else if (rewrites)
			continue;
		else if (user->kind->id == MIG_CONSTRAINT &&
				 user->values[MIG_CONSTRAINT_SORT][0] == CONSTRAINT_CHECK)
			warn_of_check(action, user, recollates);
		else if (is_built_anew(user, recollates))
			warn_of_index(action, user);
	}
}

/*
 * The table at the other end of a key is locked, and its rows are read where
 * this one is written anew.
 */
static void
warn_of_foreign_key(MigAction *action, const MigObject *table,
					const MigObject *key, bool rewrites)
{
	const MigObject *other = key->parent;

	if (other == table)
		other = mig_constraint_refers_to(key);
	if (other == NULL || (other == table && !rewrites))
		return;
	if (!rewrites)
	{
		mig_action_warn_lock(action, other, MIG_LOCKS_ALL);
		return;
	}
	mig_action_warn(action, MIG_SCANS_TABLE,
					"no session can use table %s while its rows are held against foreign key \"%s\" again",
					other->identity, key->name)->table = other->identity;
}

static void
warn_of_check(MigAction *action, const MigObject *check, bool recollates)
{
	const char *table = check->parent->identity;

	mig_action_warn(action, MIG_SCANS_TABLE,
					"no session can use it meanwhile")->table = table;
	if (recollates)
		mig_action_warn(action, MIG_MAY_FAIL,
						"rows that violate constraint \"%s\" when they are compared by another collation",
						check->name)->table = table;
}

static void
warn_of_index(MigAction *action, const MigObject *index)
{
	mig_action_warn(action, MIG_BLOCKS_WRITES,
					"no session can read or write the table while index \"%s\" is built anew",
					index->name)->table = index->parent->identity;
}

/* The server keeps what is on columns alone, and sorted as before. */
static bool
is_built_anew(const MigObject *object, bool recollates)
{
	if (object->kind->id == MIG_CONSTRAINT)
		return recollates ||
			object->values[MIG_CONSTRAINT_SORT][0] == CONSTRAINT_EXCLUSION;
	return object->kind->id == MIG_INDEX &&
		(recollates || object->values[MIG_INDEX_TREES] != NULL);
}
