/*-------------------------------------------------------------------------
 *
 * sch/snapshot_query.h
 *	  Queries for what objects are known by and depend on.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SNAPSHOT_QUERY_H
#define MIG_SNAPSHOT_QUERY_H

extern const char mig_alias_query[];
extern const char mig_alias_query_narrow[];
extern const char mig_depend_query[];
extern const char mig_depend_query_narrow[];
extern const char mig_comment_query[];
extern const char mig_comment_query_narrow[];

#endif							/* MIG_SNAPSHOT_QUERY_H */
