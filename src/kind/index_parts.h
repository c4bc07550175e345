/*-------------------------------------------------------------------------
 *
 * kind/index_parts.h
 *	  Indexes of partitions that belong to one of the partitioned table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INDEX_PARTS_H
#define MIG_INDEX_PARTS_H

#include "sch/sch.h"

/*
 * Attributes that indexes and constraints with an index have, one after the
 * other in their values.
 */
enum
{
	MIG_INDEX_VALID,			/* all partitions have theirs; NULL: there is
								 * no index */
	MIG_INDEX_OPTIONS,
	MIG_INDEX_TABLESPACE,
	MIG_INDEX_REPLICA_IDENTITY,
	MIG_INDEX_CLUSTERED,
	MIG_INDEX_NAMES,			/* of its columns, with "_" between, where it
								 * belongs to one of a partitioned table */
	MIG_INDEX_REST,				/* statistics targets of an index, comment on
								 * that of a constraint */
	MIG_INDEX_NVALUES
};

/* Where they begin in an index, and in a constraint */
#define MIG_INDEX_FIRST			4
#define MIG_CONSTRAINT_FIRST	7

#define MIG_INDEX_NAMES_QUERY(index) \
	"CASE WHEN " index ".relispartition THEN" \
	" (SELECT pg_catalog.string_agg(attname, '_' ORDER BY attnum)" \
	" FROM pg_catalog.pg_attribute WHERE attrelid = " index ".oid) END"

extern bool mig_index_is_any(const MigObject *object);
extern char **mig_index_values(const MigObject *object);
extern char *mig_index_sql_name(const MigObject *object);
extern bool mig_index_holds(const MigObject *index, const MigObject *key);
extern const MigObject *mig_index_above(const MigObject *part);
extern List *mig_index_needs(const MigObject *part);
extern bool mig_index_stays_behind(const MigObject *part,
								   const MigObject *on);
extern bool mig_index_is_alone(const MigObject *index);
extern bool mig_index_part_ways(const MigObject *from, const MigObject *to);
extern bool mig_index_gains_part(const MigObject *from, const MigObject *to);
extern bool mig_index_is_in_the_way(const MigObject *from,
									const MigObject *to);
extern void mig_index_plan_parts(MigDiff *diff);
extern List *mig_index_awaits(const MigObject *index);
extern void mig_index_append_parts(StringInfo buf, const MigObject *index);
extern void mig_index_attach_parts(MigDiff *diff, MigObject *index);
extern bool mig_index_is_special(const MigDiff *diff, const MigObject *part);
extern char *mig_index_usual_name(const MigObject *part);
extern bool mig_index_has_special_parts(const MigObject *index);

#endif							/* MIG_INDEX_PARTS_H */
