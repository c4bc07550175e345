/*-------------------------------------------------------------------------
 *
 * sch/snapshot_query.h
 *	  Queries for what objects are known by and depend on.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SNAPSHOT_QUERY_H
#define MIG_SNAPSHOT_QUERY_H

#include "sch/sch.h"
#include "util/spi.h"

extern const char mig_alias_query[];
extern const char mig_alias_query_narrow[];
extern const char mig_depend_query[];
extern const char mig_depend_query_narrow[];
extern const char mig_comment_query[];
extern const char mig_comment_query_narrow[];

extern MigParam mig_link_members(const MigSnapshot *snapshot);

#endif							/* MIG_SNAPSHOT_QUERY_H */
