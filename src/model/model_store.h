/*-------------------------------------------------------------------------
 *
 * model/model_store.h
 *	  Models as they are stored.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_MODEL_STORE_H
#define MIG_MODEL_STORE_H

#include "nodes/pg_list.h"

/* A stored model. */
typedef struct MigWanted
{
	char	   *ddl;
	List	   *include;		/* of char *; NIL: none given */
	List	   *exclude;
	char	   *updated_by;		/* role that stored it */
} MigWanted;

extern MigWanted *mig_wanted_read(Oid nsp, const char *branch);
extern void mig_wanted_write(Oid nsp, const char *branch,
							 const MigWanted *wanted);

#endif							/* MIG_MODEL_STORE_H */
