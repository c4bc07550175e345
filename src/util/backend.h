/*-------------------------------------------------------------------------
 *
 * util/backend.h
 *	  Other sessions, as the server shows them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_BACKEND_H
#define MIG_BACKEND_H

#include "storage/lock.h"
#include "utils/backend_status.h"

/* A transaction that was prepared, and belongs to no process. */
typedef struct MigPrepared
{
	char	   *name;			/* as in: prepared transaction "p" of role "r" */
	char	   *since;
	char	   *hint;			/* how to end it */
} MigPrepared;

extern int	mig_backend_pid(VirtualTransactionId holder);
extern MigPrepared *mig_backend_prepared(VirtualTransactionId holder);
extern const PgBackendStatus *mig_backend_status(int pid);

#endif							/* MIG_BACKEND_H */
