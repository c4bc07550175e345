/*-------------------------------------------------------------------------
 *
 * kind/metadata.h
 *	  What objects of all kinds have: comments, owners, grants.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_METADATA_H
#define MIG_METADATA_H

#include "sch/sch.h"

extern void mig_metadata_create(StringInfo buf, const MigDiff *diff,
								const MigObject *object);
extern void mig_metadata_alter(MigDiff *diff, MigObject *from,
							   MigObject *to);
extern void mig_metadata_follow(MigDiff *diff, MigObject *part);
extern bool mig_metadata_has_same_grants(const MigDiff *diff,
										 const MigObject *object);
extern void mig_metadata_warn(const MigDiff *diff, MigAction *create);

#endif							/* MIG_METADATA_H */
