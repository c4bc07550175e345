/*-------------------------------------------------------------------------
 *
 * model/partman.h
 *	  Partitions that pg_partman keeps.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PARTMAN_H
#define MIG_PARTMAN_H

#include "nodes/pg_list.h"

extern List *mig_partman_parents(void);
extern List *mig_partman_names(const char *name);
extern bool mig_partman_has_parent(const List *parents, const char *schema,
								   const char *name);
extern bool mig_partman_keeps(const List *parents, const char *schema,
							  const char *name);

#endif							/* MIG_PARTMAN_H */
