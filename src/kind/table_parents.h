/*-------------------------------------------------------------------------
 *
 * kind/table_parents.h
 *	  What the parts of a table ask of it: its sort, and what it inherits.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TABLE_PARENTS_H
#define MIG_TABLE_PARENTS_H

#include "sch/sch.h"

/* The attributes of tables, in the order of their query. */
enum
{
	MIG_TABLE_RELKIND,
	MIG_TABLE_PARTITION_KEY,
	MIG_TABLE_PERSISTENCE,
	MIG_TABLE_ACCESS_METHOD,
	MIG_TABLE_TABLESPACE,
	MIG_TABLE_OF_TYPE,
	MIG_TABLE_OPTIONS,
	MIG_TABLE_TOAST_OPTIONS,
	MIG_TABLE_PARENTS,
	MIG_TABLE_BOUND,
	MIG_TABLE_ROW_SECURITY,
	MIG_TABLE_FORCE_ROW_SECURITY,
	MIG_TABLE_REPLICA_IDENTITY,
	MIG_TABLE_CLUSTERED,
	MIG_TABLE_SERVER,
	MIG_TABLE_FOREIGN_OPTIONS,
	MIG_TABLE_BOUND_CHECK,		/* the condition of a partition's rows */
	MIG_TABLE_NATTRIBUTES
};

/* The expression of a default; the first of its values */
#define MIG_DEFAULT_EXPRESSION	0

/*
 * The sort of a constraint, its definition, when it is looked at, whether it
 * is known to hold, whether rows are held against it, and whether it is
 * inherited, and its table's own; among the first of its values
 */
#define MIG_CONSTRAINT_SORT			0
#define MIG_CONSTRAINT_DEFINITION	1
#define MIG_CONSTRAINT_DEFERRABLE	2
#define MIG_CONSTRAINT_VALIDATED	3
#define MIG_CONSTRAINT_IS_ENFORCED	4
#define MIG_CONSTRAINT_INHERITED	5
#define MIG_CONSTRAINT_LOCAL		6

/*
 * The attributes of an index that say whether it is unique, what it is on,
 * how its expressions and its filter are stored, and whether the server uses
 * it, for the same
 */
#define MIG_INDEX_UNIQUE		1
#define MIG_INDEX_DEFINITION	2
#define MIG_INDEX_FILTER		3
#define MIG_INDEX_TREES			14
#define MIG_INDEX_BUILT			15

extern bool mig_table_is_partition(const MigObject *table);
extern bool mig_table_is_foreign(const MigObject *table);
extern bool mig_table_is_partitioned(const MigObject *table);
extern bool mig_table_is_detached(const MigObject *table);
extern bool mig_table_is_attached(const MigObject *table);
extern const char *mig_table_place(const MigObject *part);
extern bool mig_table_is_typed(const MigObject *table);
extern bool mig_table_follows_type(const MigObject *table);
extern List *mig_table_parents(const MigObject *table);
extern List *mig_table_lasting_parents(const MigObject *table);
extern void mig_table_change_parents(MigObject *table);
extern bool mig_table_keeps_part(const MigObject *part);
extern void mig_column_leave_parents(const MigObject *from,
									 const MigObject *to);
extern MigObject *mig_table_part_like(const MigObject *table,
									  const MigObject *part);
extern List *mig_table_heirs(const MigObject *table);
extern List *mig_table_ancestors(const MigObject *table);
extern bool mig_table_remains_below(const MigObject *table,
									const MigObject *above);
extern List *mig_table_descendants(const MigObject *table);
extern List *mig_table_alters(const MigObject *object);
extern List *mig_table_alters_awaiting(const MigObject *object);
extern bool mig_column_is_in_key(const MigObject *column);
extern bool mig_constraint_is_check(const MigObject *constraint);
extern bool mig_constraint_is_exclusion(const MigObject *constraint);
extern bool mig_constraint_is_unique(const MigObject *constraint);
extern MigObject *mig_column_default(const MigObject *column);
extern const char *mig_column_default_expression(const MigObject *column);
extern const MigObject *mig_constraint_refers_to(const MigObject *constraint);
extern MigObject *mig_table_column(const MigObject *table, const char *name);
extern List *mig_columns_below(const MigObject *column);
extern bool mig_column_is_old_below(const MigObject *column);
extern bool mig_is_bound_by_name(const MigObject *part);
extern bool mig_part_inherits(const MigObject *part);
extern bool mig_part_is_local(const MigObject *part);
extern List *mig_table_parts_below(const MigObject *part);

#endif							/* MIG_TABLE_PARENTS_H */
