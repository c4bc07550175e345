/*-------------------------------------------------------------------------
 *
 * kind/index.h
 *	  Indexes, and the indexes of constraints.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INDEX_KIND_H
#define MIG_INDEX_KIND_H

#include "sch/sch.h"

/*
 * Attributes that indexes and constraints with an index have, one after the
 * other in their values.
 */
enum
{
	MIG_INDEX_OPTIONS,
	MIG_INDEX_TABLESPACE,
	MIG_INDEX_REPLICA_IDENTITY,
	MIG_INDEX_CLUSTERED
};

extern bool mig_index_is_unique(const MigObject *index);
extern bool mig_index_is_valid(const MigObject *index);
extern bool mig_index_gains_key(const MigObject *from, const MigObject *to);
extern bool mig_index_holds(const MigObject *index, const MigObject *key);

extern void mig_index_append_options(StringInfo buf, const char *options);
extern void mig_index_append_settings(StringInfo buf, const char *table,
									  const char *index, const char *name,
									  bool replica_identity, bool clustered);
extern void mig_index_alter_settings(MigDiff *diff, MigObject *from,
									 MigObject *to, const char *index,
									 char **before, char **after);

#endif							/* MIG_INDEX_KIND_H */
