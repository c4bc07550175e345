/*-------------------------------------------------------------------------
 *
 * util/pattern.h
 *	  Patterns of names, as psql has them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PATTERN_H
#define MIG_PATTERN_H

#include "nodes/pg_list.h"

extern const char *mig_pattern_split(const char *list, List **patterns);
extern const char *mig_pattern_fault(const char *pattern);
extern bool mig_pattern_any(const List *patterns, const char *schema,
							const char *name);
extern bool mig_pattern_any_of_kind(const List *patterns, const char *kind,
									const char *schema, const char *name);

#endif							/* MIG_PATTERN_H */
