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
typedef struct MigStoredModel
{
	char	   *ddl;
	List	   *include;		/* of char *; NIL: none given */
	List	   *exclude;
	char	   *updated_by;		/* role that stored it */
} MigStoredModel;

extern MigStoredModel *mig_model_store_read(Oid nsp, const char *branch);
extern void mig_model_store_write(Oid nsp, const char *branch,
								  const MigStoredModel *wanted);
extern void mig_model_store_refuse(const char *stored_by);

#endif							/* MIG_MODEL_STORE_H */
