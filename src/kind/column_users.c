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
#include "compat.h"
#include "kind/column_equal.h"
#include "kind/constraint_parse.h"
#include "kind/table_parents.h"
#include "kind/type.h"
#include "sch/action.h"
#include "sch/expression.h"
#include "utils/builtins.h"

static char *probe_check(const MigObject *check, const MigObject *column,
						 const char *value);
static void warn_of_key(MigAction *action, const MigObject *key,
						const MigObject *column);
static bool is_unique(const MigObject *object);
static void warn_of_foreign_key(MigAction *action, const MigObject *table,
								const MigObject *key, bool rewrites);
static void warn_of_check(MigAction *action, const MigObject *check,
						  const MigObject *column, const char *collation);
static bool has_order(const MigObject *check, const char *collation);
static bool is_ordered(Node *node, void *context);
static bool is_plain(Node *node);
static char *as_it_will_be(const MigObject *check, const MigObject *column,
						   const char *value);
static void warn_of_index(MigAction *action, const MigObject *index);
static bool is_built_anew(const MigObject *object, bool recollates);

/*
 * Warn of what hangs on a column whose type changes, and says nothing itself
 * because it stays: the table is written anew or not, the collation is another
 * or, NULL, is not.  Where it is written anew, that is said of its own parts.
 */
void
mig_column_users_warn(MigAction *action, const MigObject *column,
					  bool rewrites, const char *collation)
{
	bool		sorts;
	List	   *seen = NIL;
	const ListCell *lc;

	sorts = collation != NULL ||
		mig_column_equal_more(column->twin, column) ||
		mig_column_equal_less(column->twin, column) ||
		mig_column_equal_sorts_anew(column->twin, column);
	foreach(lc, column->dependents)
	{
		MigObject  *user = ((MigDepend *) lfirst(lc))->object;

		if (mig_is_created(user) || list_member_ptr(seen, user))
			continue;
		seen = lappend(seen, user);
		warn_of_key(action, user, column);
		if (user->kind->id == MIG_FOREIGN_KEY)
			warn_of_foreign_key(action, column->parent, user, rewrites);
		else if (rewrites)
			continue;
		else if (mig_constraint_is_check(user))
			warn_of_check(action, user, column, collation);
		else if (is_built_anew(user, sorts))
			warn_of_index(action, user);
	}
}

/*
 * Warn of users of a column whose values become others, as "value" says:
 * different ones may become the same, and good ones bad.
 */
void
mig_column_users_warn_converted(MigAction *action, const MigObject *column,
								const char *value)
{
	List	   *seen = NIL;
	const ListCell *lc;

	foreach(lc, column->dependents)
	{
		MigObject  *user = ((MigDepend *) lfirst(lc))->object;
		bool		checks = mig_constraint_is_check(user);
		MigHazard  *hazard;

		if (mig_is_created(user) || list_member_ptr(seen, user) ||
			(!checks && (!is_unique(user) ||
						 !mig_column_equal_is_key(user, column))))
			continue;			/* it warns itself, or lets all values be */
		seen = lappend(seen, user);
		hazard = mig_action_warn(action, MIG_MAY_FAIL,
								 "rows that violate %s \"%s\" when they are converted",
								 mig_kind_name(user), user->name);
		hazard->table = column->parent->identity;
		hazard->probe = checks ? probe_check(user, column, value) :
			mig_column_equal_probe(user, column, value);
	}
}

/* Ask for rows that a check refuses, with a value for a column; or NULL. */
static char *
probe_check(const MigObject *check, const MigObject *column, const char *value)
{
	char	   *rows = as_it_will_be(check, column, value);

	return rows == NULL ? NULL :
		mig_check_probe(rows, check->values[MIG_CONSTRAINT_DEFINITION]);
}

/* Values may be equal that were not. */
static void
warn_of_key(MigAction *action, const MigObject *key, const MigObject *column)
{
	MigHazard  *hazard;

	if (!is_unique(key) || key->parent != column->parent ||
		!mig_column_equal_more(column->twin, column) ||
		!mig_column_equal_is_key(key, column))
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows that are equal in %s \"%s\" by the new %s",
							 mig_kind_name(key), key->name,
							 mig_same(MIG_TYPE_NAME(column),
									  MIG_TYPE_NAME(column->twin)) ?
							 "collation" : "type");
	hazard->table = column->parent->identity;
	hazard->probe = mig_column_equal_probe(key, column, NULL);
}

static bool
is_unique(const MigObject *object)
{
	if (object->kind->id == MIG_INDEX)
		return MIG_IS_TRUE(object->values[MIG_INDEX_UNIQUE]);
	return object->kind->id == MIG_CONSTRAINT &&
		!mig_constraint_is_check(object);
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

/* A collation as SQL names it, of one that a column has or NULL. */
const char *
mig_column_users_collation(const char *name)
{
	return name == NULL ? "pg_catalog.\"default\"" : name;
}

static void
warn_of_check(MigAction *action, const MigObject *check,
			  const MigObject *column, const char *collation)
{
	const char *table = check->parent->identity;
	MigHazard  *hazard;

	mig_action_warn(action, MIG_SCANS_TABLE,
					"no session can use it meanwhile")->table = table;
	if (collation == NULL ||
		(!mig_column_equal_less(column->twin, column) &&
		 !has_order(check, collation)))
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows that violate constraint \"%s\" when they are compared by another collation",
							 check->name);
	hazard->table = table;
	hazard->probe = probe_check(check, column,
								psprintf("%s COLLATE %s",
										 quote_identifier(column->name),
										 collation));
}

/*
 * May the order of letters, or what is one, decide what a check says?  What is
 * equal is so in each collation of the server, and as long; but for what has
 * been equal by another alone.
 */
static bool
has_order(const MigObject *check, const char *collation)
{
	const char *definition = check->values[MIG_CONSTRAINT_DEFINITION];

	return strncmp(collation, "pg_catalog.", strlen("pg_catalog.")) != 0 ||
		is_ordered(mig_constraint_parse(definition)->raw_expr, NULL);
}

/* Is a column used otherwise than for its being equal, its length or NULL? */
static bool
is_ordered(Node *node, void *context)
{
	A_Expr	   *compared = (A_Expr *) node;

	if (node == NULL || IsA(node, NullTest))
		return false;
	if (IsA(node, ColumnRef) || IsA(node, CollateClause))
		return true;
	if (IsA(node, FuncCall))
	{
		const char *name = strVal(llast(((const FuncCall *) node)->funcname));

		if (strcmp(name, "length") == 0 || strcmp(name, "char_length") == 0 ||
			strcmp(name, "octet_length") == 0)
			return false;
	}
	if (IsA(node, A_Expr) && compared->kind != AEXPR_LIKE &&
		(strcmp(strVal(llast(compared->name)), "=") == 0 ||
		 strcmp(strVal(llast(compared->name)), "<>") == 0))
		return (!is_plain(compared->lexpr) &&
				is_ordered(compared->lexpr, context)) ||
			(!is_plain(compared->rexpr) &&
			 is_ordered(compared->rexpr, context));
	return raw_expression_tree_walker(node, is_ordered, context);
}

/* Is it a column, as it is or as another type? */
static bool
is_plain(Node *node)
{
	while (node != NULL && IsA(node, TypeCast))
		node = ((TypeCast *) node)->arg;
	return node != NULL && IsA(node, ColumnRef);
}

/*
 * What to select from, with a value for the column; NULL: others of those that
 * the check is on change as well.
 */
static char *
as_it_will_be(const MigObject *check, const MigObject *column,
			  const char *value)
{
	StringInfoData buf;
	List	   *seen = NIL;
	const ListCell *lc;

	if (!mig_expression_stays(check))
		return NULL;
	initStringInfo(&buf);
	foreach(lc, check->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind != column->kind || list_member_ptr(seen, on))
			continue;
		if (on != column && on->fate != MIG_KEEP)
			return NULL;
		seen = lappend(seen, on);
		appendStringInfo(&buf, "%s%s AS %s", buf.len > 0 ? ", " : "",
						 on == column ? value : quote_identifier(on->name),
						 quote_identifier(on->name));
	}
	return psprintf("(SELECT %s FROM %s)", buf.data, check->parent->identity);
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
		return recollates || mig_constraint_is_exclusion(object);
	return object->kind->id == MIG_INDEX &&
		(recollates || object->values[MIG_INDEX_TREES] != NULL);
}
