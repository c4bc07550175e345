/*-------------------------------------------------------------------------
 *
 * kind/constraint_rows.c
 *	  What rows that are there mean for constraints that are added.
 *
 * They are asked as they will be: a column that the same script adds has its
 * default in each of them, or is NULL.  Where each has a value of its own, or
 * one that somebody has still to write, nothing can be asked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/constraint_rows.h"

#include "kind/column.h"
#include "kind/column_equal.h"
#include "kind/column_fill.h"
#include "kind/column_values.h"
#include "kind/constraint_parse.h"
#include "kind/domain.h"
#include "kind/exclusion_rows.h"
#include "kind/table_parents.h"
#include "kind/type.h"
#include "kind/view.h"
#include "nodes/parsenodes.h"
#include "sch/action.h"
#include "sch/expression.h"
#include "util/token.h"
#include "utils/builtins.h"

/* What a third of a page has room for, without the heads of a tuple */
#define LONGEST_KEYS	((int) MAXALIGN_DOWN((BLCKSZ - 56) / 3) - 16)

/* What is known of the values in a new column of rows that are there. */
typedef enum NewValue
{
	VALUE_OLD,					/* the column is not new */
	VALUE_NULL,
	VALUE_SAME,					/* what its default gives, or is made of
								 * others */
	VALUE_FILLED,				/* what a mark says */
	VALUE_OF_ITS_OWN,			/* each row has a value of its own */
	VALUE_OPEN					/* somebody has to write it */
} NewValue;

static char *size_of_keys(const MigObject *index, const char *keys);
static bool may_be_long(const char *type);
static bool types_stay(const MigObject *index);
static bool held_before(const MigObject *constraint, bool is_key);
static bool does_else_alone(const MigObject *constraint);
static size_t length_without_actions(const char *definition);
static bool loses_rows(const MigObject *table);
static bool cannot_fail(const MigDiff *diff, const MigObject *table,
						const Constraint *parsed);
static NewValue value_of(const MigDiff *diff, const MigObject *column);
static char *rows_as_they_will_be(const MigDiff *diff,
								  const MigObject *constraint,
								  char **constant);
static bool meets_old_rows(const MigObject *constraint,
						   const MigObject *column);
static bool is_of_replaced(const MigObject *constraint);
static bool gets_another_type(const MigObject *column);
static const char *value_as_sql(const MigDiff *diff, const MigObject *column,
								NewValue nature);
static char *probe_key(const char *rows, const Constraint *key);
static char *probe_equal(const char *rows, const char *keys,
						 const char *filter, bool nulls_not_distinct);
static List *attached_to(const MigObject *table);
static char *probe_foreign_key(const char *rows, const MigObject *table,
							   const MigObject *other, const List *attached,
							   const Constraint *key);
static void append_unmatched(StringInfo buf, const char *name,
							 const MigObject *table, const MigObject *other,
							 const Constraint *key);
static char *equal_columns(const MigObject *table, const MigObject *other,
						   const Constraint *key);
static char *referred(const MigObject *other, const char *name);
static char *key_names(const List *names);

/*
 * Warn that rows are looked at, and what is closed meanwhile: a check locks
 * its table, a foreign key forbids to write to two.
 */
void
mig_constraint_rows_warn_scan(MigAction *action, const MigObject *constraint)
{
	const MigObject *other = mig_constraint_refers_to(constraint);
	MigHazard  *hazard;

	if (mig_constraint_is_check(constraint))
		hazard = mig_action_warn(action, MIG_SCANS_TABLE,
								 "no session can use it meanwhile");
	else if (other == NULL || other->fate == MIG_CREATE)
		hazard = mig_action_warn(action, MIG_SCANS_TABLE,
								 "nobody can write to it meanwhile");
	else
		hazard = mig_action_warn(action, MIG_SCANS_TABLE,
								 "nobody can write to it, or to table %s, meanwhile",
								 other->identity);
	hazard->table = constraint->parent->identity;
}

/* Warn that the index of a key is built, and what is closed meanwhile. */
void
mig_constraint_rows_warn_build(MigAction *action, const MigObject *key)
{
	const MigObject *table = key->parent;
	MigHazard  *hazard;

	hazard = mig_table_is_partitioned(table) ?
		mig_action_warn(action, MIG_UNIQUE_ON_PARTITIONS,
						"no session can use the table, and nobody can write to any of them, until the last index is built; ALTER TABLE ONLY, and keys of the partitions USING INDEX, let them write") :
		mig_action_warn(action, MIG_BLOCKS_WRITES,
						"no session can read or write the table while its index is built");
	hazard->table = table->identity;
}

/* Warn of rows that violate a constraint, whose definition is given. */
void
mig_constraint_rows_warn(const MigDiff *diff, MigAction *action,
						 const MigObject *constraint, const char *definition)
{
	const Constraint *parsed = mig_constraint_parse(definition);
	bool		is_key;
	char	   *constant;
	char	   *rows;
	MigHazard  *hazard;

	is_key = parsed->contype != CONSTR_CHECK &&
		parsed->contype != CONSTR_FOREIGN;
	if (held_before(constraint, is_key) ||
		cannot_fail(diff, constraint->parent, parsed))
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows that violate constraint \"%s\"",
							 constraint->name);
	hazard->table = constraint->parent->identity;
	rows = rows_as_they_will_be(diff, constraint, &constant);
	if (rows == NULL ||
		(parsed->contype == CONSTR_CHECK && is_of_replaced(constraint)))
		return;
	if (parsed->contype == CONSTR_CHECK)
	{
		hazard->probe = mig_check_probe(rows, definition);
		if (constant != NULL)
			hazard->constant = mig_check_probe(constant, definition);
	}
	else if (parsed->contype == CONSTR_FOREIGN)
	{
		const MigObject *other = mig_constraint_refers_to(constraint);
		List	   *attached = attached_to(other);
		const ListCell *lc;

		if (other != NULL)
			hazard->others = list_make1(pstrdup(other->identity));
		foreach(lc, attached)
		{
			const MigObject *part = lfirst(lc);

			hazard->others = lappend(hazard->others, pstrdup(part->identity));
		}
		if (!mig_temporal_is(definition))
			hazard->probe = probe_foreign_key(rows, constraint->parent, other,
											  attached, parsed);
	}
	else if (parsed->contype == CONSTR_EXCLUSION)
		hazard->probe = mig_exclusion_probe(rows, definition, parsed);
	else if (mig_temporal_is(definition))
		hazard->probe = mig_temporal_probe(rows, parsed->keys);
	else
	{
		hazard->probe = probe_key(rows, parsed);
		mig_constraint_rows_warn_long(diff, action, constraint, NULL, NULL);
	}
}

/* A table that is attached is held against foreign keys of the parent. */
void
mig_constraint_rows_warn_attached(const MigDiff *diff,
								  const MigObject *foreign_key,
								  const char *definition)
{
	const MigObject *table = foreign_key->parent;
	const MigObject *other = mig_constraint_refers_to(foreign_key);
	const ListCell *lc;

	foreach(lc, mig_table_is_attached(table) ? table->alters : NIL)
	{
		MigAction  *action = lfirst(lc);

		if (action->last && !action->satellite)
		{
			if (other != NULL)
				mig_action_warn(action, MIG_SCANS_TABLE,
								"nobody can write to table %s while the rows of the partition are held against foreign key \"%s\"",
								other->identity,
								foreign_key->name)->table = table->identity;
			mig_constraint_rows_warn(diff, action, foreign_key, definition);
		}
	}
}

/*
 * Warn of rows for which a partition cannot be detached, if an old foreign key
 * refers to a table above it: those that refer to rows of the partition.
 * Returns whether the key does.
 */
bool
mig_constraint_rows_warn_detached(MigAction *action,
								  const MigObject *foreign_key,
								  const MigObject *above,
								  const MigObject *partition)
{
	const char *table = foreign_key->parent->identity;
	const char *definition = foreign_key->values[MIG_CONSTRAINT_DEFINITION];
	const Constraint *parsed = mig_constraint_parse(definition);
	MigHazard  *hazard;

	if (strcmp(parsed->pktable->relname, above->name) != 0 ||
		!mig_same(parsed->pktable->schemaname, above->schema))
		return false;
	mig_action_warn(action, MIG_SCANS_TABLE,
					"no session can use table %s while rows of it are sought that refer to the partition by foreign key \"%s\"",
					table, foreign_key->name)->table = table;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows of table %s that refer to the partition by foreign key \"%s\"",
							 table, foreign_key->name);
	hazard->table = table;
	hazard->others = list_make1(pstrdup(partition->identity));
	if (!mig_temporal_is(definition))
		hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s x"
								 " WHERE EXISTS (SELECT FROM %s y WHERE %s)",
								 table, partition->identity,
								 equal_columns(foreign_key->parent, NULL,
											   parsed));
	return true;
}

/*
 * Warn of rows that are equal in the keys of a unique index, as SQL.
 * "columns" are the same if no key is an expression, else NULL.
 */
void
mig_constraint_rows_warn_unique(const MigDiff *diff, MigAction *action,
								const MigObject *index,
								const MigUniqueIndex *unique)
{
	MigHazard  *hazard;
	char	   *rows;

	if (held_before(index, true) ||
		(unique->columns != NULL &&
		 cannot_fail(diff, index->parent,
					 mig_constraint_parse(psprintf("UNIQUE %s(%s)",
												   unique->nulls_not_distinct ?
												   "NULLS NOT DISTINCT " : "",
												   unique->columns)))))
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows that are equal in (%s)%s%s", unique->keys,
							 unique->filter != NULL ? " WHERE " : "",
							 unique->filter != NULL ? unique->filter : "");
	hazard->table = index->parent->identity;
	if (mig_is_created(index->parent))
		rows = mig_view_rows(index->parent, hazard);
	else
		rows = rows_as_they_will_be(diff, index, NULL);
	if (rows != NULL)
		hazard->probe = probe_equal(rows, unique->keys, unique->filter,
									unique->nulls_not_distinct);
}

/*
 * Warn of rows for which the expressions of an index, or its filter, give an
 * error.  "keys" and "filter" may be NULL.
 */
void
mig_constraint_rows_warn_index(const MigDiff *diff, MigAction *action,
							   const MigObject *index, const char *keys,
							   const char *filter)
{
	MigHazard  *hazard;
	char	   *rows;

	if (held_before(index, false) ||
		index->values[MIG_INDEX_TREES] == NULL ||
		!mig_expression_may_fail(index->values[MIG_INDEX_TREES]))
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows for which an expression of index \"%s\" gives an error",
							 index->name);
	hazard->table = index->parent->identity;
	rows = rows_as_they_will_be(diff, index, NULL);
	if (rows == NULL || !types_stay(index))
		return;
	hazard->tries = true;
	hazard->probe = psprintf("SELECT %s FROM %s x WHERE %s",
							 keys == NULL ? "" : keys, rows,
							 filter == NULL ? "true" : filter);
}

/*
 * Warn of rows whose keys in a btree index are longer than it can have; not in
 * words, for nearly no column has such.  The server would make an index of
 * them smaller where they are made by an expression.  "keys" are what is not
 * all columns, and may be NULL, as "filter" may.
 */
void
mig_constraint_rows_warn_long(const MigDiff *diff, MigAction *action,
							  const MigObject *index, const char *keys,
							  const char *filter)
{
	char	   *rows;
	char	   *size;
	MigHazard  *hazard;

	if (diff->reverse || diff->of_revisions || held_before(index, true) ||
		!types_stay(index))
		return;
	size = size_of_keys(index, keys);
	rows = size == NULL ? NULL : rows_as_they_will_be(diff, index, NULL);
	if (rows == NULL)
		return;
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "rows whose keys in index \"%s\" are longer than the %d bytes that it can have",
							 index->name, LONGEST_KEYS);
	hazard->table = index->parent->identity;
	hazard->if_found = true;
	hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s x WHERE %s > %d AND %s",
							 rows, size, LONGEST_KEYS,
							 filter == NULL ? "true" : filter);
}

/* How many bytes the keys of a row have; NULL: never too many */
static char *
size_of_keys(const MigObject *index, const char *keys)
{
	StringInfoData buf;
	List	   *seen = NIL;
	bool		any_long = keys != NULL;
	const ListCell *lc;

	if (keys != NULL)
		return psprintf("pg_catalog.pg_column_size((%s))", keys);
	initStringInfo(&buf);
	foreach(lc, index->depends)
	{
		MigObject  *column = ((MigDepend *) lfirst(lc))->object;

		if (column->kind->id != MIG_COLUMN || list_member_ptr(seen, column) ||
			column->parent != index->parent)
			continue;
		seen = lappend(seen, column);
		any_long |= may_be_long(MIG_TYPE_NAME(column));
		appendStringInfo(&buf, "%sCOALESCE(pg_catalog.pg_column_size(%s), 0)",
						 buf.len > 0 ? " + " : "",
						 quote_identifier(column->name));
	}
	return any_long ? buf.data : NULL;
}

/* Has a type values of any length?  A limit of characters may be short. */
static bool
may_be_long(const char *type)
{
	static const char *const names[] = {
		"text", "bytea", "jsonb", "character varying",
	};
	const char *limit = strchr(type, '(');

	if (mig_type_is_array(type))
		return true;
	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (strncmp(type, names[i], strlen(names[i])) == 0)
			return limit == NULL || atoi(limit + 1) > LONGEST_KEYS / 4;
	}
	return false;
}

/* Can its literals be read before the script has run? */
static bool
types_stay(const MigObject *index)
{
	const ListCell *lc;

	foreach(lc, index->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id != MIG_TABLE && on->fate != MIG_KEEP &&
			(on->kind->flags & MIG_KIND_TYPE) != 0)
			return false;
	}
	return true;
}

/*
 * Is it dropped and created as it was, and held for these rows?  A key might
 * not, where values become others; where a function or what a column is
 * generated by is another, it does not mean what it did; and a foreign key may
 * lose what it refers to with a partition.  A materialized view has the rows
 * that it had if what it reads has.
 */
static bool
held_before(const MigObject *constraint, bool is_key)
{
	const ListCell *lc;

	if (constraint->fate != MIG_RECREATE ||
		(constraint->changed != 0 && !does_else_alone(constraint)))
		return false;
	foreach(lc, constraint->twin->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_COLUMN)
		{
			if (on->fate == MIG_RECREATE || loses_rows(on->parent) ||
				(on->twin != NULL && (is_key ?
									  mig_column_differs_in_type(on) :
									  mig_column_equal_less(on, on->twin))))
				return false;
		}
		else if (on->fate != MIG_KEEP &&
				 mig_table_of(on)->kind->id != MIG_TABLE &&
				 !mig_view_stays_filled(mig_table_of(on)))
			return false;
	}
	return true;
}

/*
 * Does a foreign key differ from the old one in nothing but what is done when
 * rows go or change, and when it is looked at?
 */
static bool
does_else_alone(const MigObject *constraint)
{
	const MigObject *old = constraint->twin;
	const char *before = old->values[MIG_CONSTRAINT_DEFINITION];
	const char *after = constraint->values[MIG_CONSTRAINT_DEFINITION];
	size_t		length = length_without_actions(after);

	return constraint->kind->id == MIG_FOREIGN_KEY &&
		!MIG_CHANGED(constraint, MIG_CONSTRAINT_VALIDATED) &&
		!MIG_CHANGED(constraint, MIG_CONSTRAINT_IS_ENFORCED) &&
		length == length_without_actions(before) &&
		strncmp(before, after, length) == 0;
}

/* How long the definition of a foreign key is up to its actions. */
static size_t
length_without_actions(const char *definition)
{
	const char *actions = mig_token_find(definition, " ON UPDATE ");

	if (actions == NULL)
		actions = mig_token_find(definition, " ON DELETE ");
	return actions == NULL ? strlen(definition) :
		(size_t) (actions - definition);
}

/* Goes a table below an old one, with its rows? */
static bool
loses_rows(const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, mig_table_descendants(table))
	{
		const MigObject *below = lfirst(lc);

		if (mig_goes(below) || mig_table_is_detached(below))
			return true;
	}
	return false;
}

/*
 * Is a column of it new, so that no row can be in its way?  A foreign key lets
 * NULL pass, with MATCH FULL if all of its columns are; a key lets NULL pass
 * as well, unless it says otherwise, and values that each row has for itself.
 */
static bool
cannot_fail(const MigDiff *diff, const MigObject *table,
			const Constraint *parsed)
{
	bool		is_key;
	const List *names;
	int			nulls = 0;
	const ListCell *lc;

	is_key = parsed->contype == CONSTR_UNIQUE ||
		parsed->contype == CONSTR_PRIMARY;
	names = is_key ? parsed->keys : parsed->fk_attrs;
	if (!is_key && parsed->contype != CONSTR_FOREIGN)
		return false;
	foreach(lc, names)
	{
		const MigObject *column;
		NewValue	value = VALUE_OLD;

		column = mig_table_column(table, strVal(lfirst(lc)));
		if (column != NULL)
			value = value_of(diff, column);

		if (value == VALUE_OF_ITS_OWN && is_key)
			return true;
		nulls += value == VALUE_NULL && !parsed->nulls_not_distinct;
	}
	return parsed->fk_matchtype == FKCONSTR_MATCH_FULL ?
		nulls == list_length(names) : nulls > 0;
}

/* What rows that are there have in a column when the script has run. */
static NewValue
value_of(const MigDiff *diff, const MigObject *column)
{
	if (!mig_is_created(column))
		return VALUE_OLD;
	if (mig_column_fill_mark(diff, column) != NULL)
		return VALUE_FILLED;
	if (mig_column_generation(column) != NULL)
		return VALUE_SAME;
	if (mig_column_is_computed(column))
		return VALUE_OF_ITS_OWN;
	if (mig_column_fill_default(column) != NULL)
		return VALUE_SAME;
	return MIG_IS_TRUE(column->values[NOT_NULL]) ? VALUE_OPEN : VALUE_NULL;
}

/*
 * What to select from: the table, or the columns that the constraint is on, if
 * some are new or of a new type.  NULL if their values are not known, or what
 * is called will be another by then, or a materialized view.  "constant", which
 * may be NULL, is set to the one row that all are like, or NULL.
 */
static char *
rows_as_they_will_be(const MigDiff *diff, const MigObject *constraint,
					 char **constant)
{
	StringInfoData buf;
	List	   *seen = NIL;		/* a column may be there twice */
	bool		any_old = false;
	bool		any_new = false;
	const ListCell *lc;

	if (!mig_expression_stays(constraint) ||
		mig_is_created(constraint->parent))
		return NULL;
	initStringInfo(&buf);
	foreach(lc, constraint->depends)
	{
		MigObject  *column = ((MigDepend *) lfirst(lc))->object;
		NewValue	nature;
		bool		retyped;

		if (column->kind->id != MIG_COLUMN || list_member_ptr(seen, column) ||
			column->parent != constraint->parent)
			continue;
		seen = lappend(seen, column);
		nature = value_of(diff, column);
		if (nature == VALUE_OF_ITS_OWN || nature == VALUE_OPEN ||
			(mig_is_created(column) && meets_old_rows(constraint, column)))
			return NULL;
		any_old |= nature == VALUE_OLD || nature == VALUE_FILLED ||
			mig_column_generation(column) != NULL;
		retyped = nature != VALUE_OLD || gets_another_type(column);
		any_new |= retyped;
		appendStringInfo(&buf, "%s(%s)%s%s AS %s", buf.len > 0 ? ", " : "",
						 value_as_sql(diff, column, nature),
						 retyped ? "::" : "",
						 retyped ? MIG_TYPE_NAME(column) : "",
						 quote_identifier(column->name));
	}
	if (constant != NULL)
		*constant = any_new && !any_old ? psprintf("(SELECT %s)", buf.data) :
			NULL;
	if (!any_new)
		return pstrdup(constraint->parent->identity);
	return psprintf("(SELECT %s FROM %s)", buf.data,
					constraint->parent->identity);
}

/*
 * Are there rows with values in a new column, for a table that inherits it has
 * one already, and that has not held them against the same?
 */
static bool
meets_old_rows(const MigObject *constraint, const MigObject *column)
{
	const ListCell *lc;
	const ListCell *part;

	foreach(lc, mig_columns_below(column))
	{
		const MigObject *old = ((const MigObject *) lfirst(lc))->twin;
		bool		held = old == NULL || old->fate == MIG_RECREATE;

		foreach(part, old == NULL ? NIL : old->parent->children)
		{
			const MigObject *other = lfirst(part);

			held |= other->kind == constraint->kind &&
				mig_same(other->name, constraint->name) &&
				mig_same(other->values[MIG_CONSTRAINT_DEFINITION],
						 constraint->values[MIG_CONSTRAINT_DEFINITION]);
		}
		if (!held)
			return true;
	}
	return false;
}

/*
 * Does a type that is replaced decide what a check says, by the order of its
 * labels or the names of its attributes?  What is equal stays so.
 */
static bool
is_of_replaced(const MigObject *constraint)
{
	const ListCell *lc;
	const ListCell *on;

	foreach(lc, constraint->depends)
	{
		const MigObject *column = ((MigDepend *) lfirst(lc))->object;

		if (column->kind->id != MIG_COLUMN)
			continue;
		foreach(on, column->depends)
		{
			const MigObject *type = ((MigDepend *) lfirst(on))->object;

			if (type->predecessor != NULL)
				return true;
		}
	}
	return false;
}

/* A domain lets values be what they are. */
static bool
gets_another_type(const MigObject *column)
{
	return column->twin != NULL && mig_domain_of(column) == NULL &&
		!mig_same(MIG_TYPE_NAME(column), MIG_TYPE_NAME(column->twin));
}

static const char *
value_as_sql(const MigDiff *diff, const MigObject *column, NewValue nature)
{
	const char *generation = mig_column_generation(column);

	switch (nature)
	{
		case VALUE_OLD:
			return quote_identifier(column->name);
		case VALUE_SAME:
			return generation != NULL ? generation :
				mig_column_fill_default(column);
		case VALUE_FILLED:
			return mig_column_fill_mark(diff, column);
		default:
			return "NULL";
	}
}

/* Rows that are equal in all columns of a key. */
static char *
probe_key(const char *rows, const Constraint *key)
{
	return probe_equal(rows, key_names(key->keys), NULL,
					   key->nulls_not_distinct);
}

/* NULL is equal to nothing, but where an index says otherwise. */
static char *
probe_equal(const char *rows, const char *keys, const char *filter,
			bool nulls_not_distinct)
{
	return psprintf("SELECT COALESCE(pg_catalog.sum(n), 0)::pg_catalog.int8 FROM"
					" (SELECT pg_catalog.count(*) AS n FROM %s x WHERE %s AND %s"
					" GROUP BY %s HAVING pg_catalog.count(*) > 1) d",
					rows, filter != NULL ? psprintf("(%s)", filter) : "true",
					nulls_not_distinct ? "true" :
					psprintf("(%s) IS NOT NULL", keys), keys);
}

/* Rows without a match in the other table and what is attached to it. */
static char *
probe_foreign_key(const char *rows, const MigObject *table,
				  const MigObject *other, const List *attached,
				  const Constraint *key)
{
	StringInfoData buf;
	const ListCell *lc;

	/* one NULL lets the others pass, or with MATCH FULL does not */
	initStringInfo(&buf);
	appendStringInfo(&buf, "SELECT pg_catalog.count(*) FROM %s x WHERE ",
					 rows);
	appendStringInfo(&buf, key->fk_matchtype == FKCONSTR_MATCH_FULL ?
					 "NOT ((%s) IS NULL)" : "(%s) IS NOT NULL",
					 key_names(key->fk_attrs));
	if (other == NULL || other->fate != MIG_CREATE)
		append_unmatched(&buf,
						 quote_qualified_identifier(key->pktable->schemaname,
													key->pktable->relname),
						 table, other, key);
	foreach(lc, attached)
		append_unmatched(&buf, ((const MigObject *) lfirst(lc))->identity,
						 table, lfirst(lc), key);
	return buf.data;
}

static void
append_unmatched(StringInfo buf, const char *name, const MigObject *table,
				 const MigObject *other, const Constraint *key)
{
	appendStringInfo(buf, " AND NOT EXISTS (SELECT FROM %s y WHERE %s)", name,
					 equal_columns(table, other, key));
}

/* Tables with rows that become partitions of another, MigObject *. */
static List *
attached_to(const MigObject *table)
{
	List	   *attached = NIL;
	const ListCell *lc;

	foreach(lc, table != NULL && mig_table_is_partitioned(table) ?
			mig_table_descendants(table) : NIL)
	{
		const MigObject *part = lfirst(lc);

		if (part->twin != NULL && !mig_is_created(part) &&
			!mig_table_is_partitioned(part) &&
			(table->twin == NULL ||
			 !list_member_ptr(mig_table_ancestors(part->twin), table->twin)))
			attached = lappend(attached, lfirst(lc));
	}
	return attached;
}

/* The condition that a row x refers by a foreign key to a row y. */
static char *
equal_columns(const MigObject *table, const MigObject *other,
			  const Constraint *key)
{
	const ListCell *lc;
	const ListCell *lp;
	StringInfoData buf;

	initStringInfo(&buf);
	forboth(lc, key->fk_attrs, lp, key->pk_attrs)
	{
		const char *name = strVal(lfirst(lc));
		const MigObject *column = mig_table_column(table, name);

		appendStringInfo(&buf, "%s%s = x.%s%s", buf.len > 0 ? " AND " : "",
						 referred(other, strVal(lfirst(lp))),
						 quote_identifier(name),
						 column == NULL ? "" : mig_column_equal_by(column));
	}
	return buf.data;
}

/* A column of the other table, as it will be; NULL: that stays as it is. */
static char *
referred(const MigObject *other, const char *name)
{
	const MigObject *column = NULL;

	if (other != NULL)
		column = mig_table_column(other, name);
	return psprintf("y.%s%s%s", quote_identifier(name),
					column != NULL && gets_another_type(column) ? "::" : "",
					column != NULL && gets_another_type(column) ?
					MIG_TYPE_NAME(column) : "");
}

/* Column names as SQL, of the table that is called x. */
static char *
key_names(const List *names)
{
	const ListCell *lc;
	StringInfoData buf;

	initStringInfo(&buf);
	foreach(lc, names)
		appendStringInfo(&buf, "%sx.%s", buf.len > 0 ? ", " : "",
						 quote_identifier(strVal(lfirst(lc))));
	return buf.data;
}
