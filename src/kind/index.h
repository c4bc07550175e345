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

extern bool mig_index_is_unique(const MigObject *index);
extern void mig_index_warn_rows(const MigDiff *diff, MigAction *action,
								const MigObject *index);

extern void mig_index_append_settings(StringInfo buf, const char *table,
									  const char *name, bool replica_identity,
									  bool clustered);
extern void mig_index_follow(MigDiff *diff, MigObject *part);
extern void mig_index_alter(MigDiff *diff, MigObject *to, char **before);
extern void mig_index_keep_targets(MigDiff *diff);

#endif							/* MIG_INDEX_KIND_H */
