/*-------------------------------------------------------------------------
 *
 * kind/computed.c
 *	  What keeps what code gave when it was computed.
 *
 * Indexes, generated columns, checks and the places of rows in partitions hold
 * what functions and text search configurations said of the rows, and go on to
 * do so where these change in place.  Materialized views are computed anew
 * whenever they are refreshed, and left out.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/computed.h"

#include "kind/column_generated.h"
#include "kind/index_parts.h"
#include "kind/table_parents.h"
#include "miscadmin.h"
#include "sch/action.h"
#include "utils/builtins.h"

static void warn_of(MigAction *action, MigObject *object, const char *what,
					List **seen);
static int	compare_texts(const ListCell *a, const ListCell *b);

/*
 * Warn of what keeps what an object gave before it is altered, which "what"
 * says in a word or two.
 */
void
mig_computed_warn(MigAction *action, MigObject *object, const char *what)
{
	List	   *seen = NIL;

	warn_of(action, object, what, &seen);
	list_sort(action->hazards, compare_texts);
}

/*
 * Whoever calls it by itself, or by way of others.  "seen" are the objects
 * that have been looked at, which may call each other.
 */
static void
warn_of(MigAction *action, MigObject *object, const char *what, List **seen)
{
	const ListCell *lc;

	check_stack_depth();
	*seen = lappend(*seen, object);
	foreach(lc, object->dependents)
	{
		MigObject  *user = ((MigDepend *) lfirst(lc))->object;
		MigKindId	id = user->kind->id;

		if (mig_goes(user) || list_member_ptr(*seen, user))
			continue;
		if (id == MIG_INDEX || mig_constraint_is_exclusion(user))
			mig_action_warn(action, MIG_CHANGES_MEANING,
							"index %1$s has what the %2$s gave before; REINDEX INDEX %1$s builds it anew",
							mig_index_sql_name(user), what);
		else if (mig_computed_passes_on(user))
			warn_of(action, user, what, seen);
		else if (id == MIG_COLUMN)
			mig_action_warn(action, MIG_CHANGES_MEANING,
							"generated column %s has what the %s gave before; UPDATE %s SET %s = DEFAULT gives it anew",
							user->identity, what, user->parent->identity,
							quote_identifier(user->name));
		else if (id == MIG_CONSTRAINT || id == MIG_DOMAIN_CHECK)
			mig_action_warn(action, MIG_CHANGES_MEANING,
							"rows that are there are not held against constraint %s again",
							user->identity);
		else if (id == MIG_TABLE && mig_table_is_partitioned(user))
			mig_action_warn(action, MIG_CHANGES_MEANING,
							"rows of table %s stay in the partitions that the %s gave before, and are not found there",
							user->identity, what);
	}
}

/*
 * Does a user of code give something else where that does?  A virtual column
 * holds nothing itself.
 */
bool
mig_computed_passes_on(const MigObject *user)
{
	MigKindId	id = user->kind->id;

	return id == MIG_FUNCTION || id == MIG_OPERATOR || id == MIG_CAST ||
		id == MIG_OPCLASS || id == MIG_OPFAMILY ||
		id == MIG_TS_CONFIGURATION ||
		(id == MIG_COLUMN && mig_column_is_virtual(user));
}

/* The order of dependencies tells nothing: it is that of the catalog. */
static int
compare_texts(const ListCell *a, const ListCell *b)
{
	return strcmp(((const MigHazard *) lfirst(a))->text,
				  ((const MigHazard *) lfirst(b))->text);
}
