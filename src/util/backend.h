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

extern int	mig_backend_pid(VirtualTransactionId holder);
extern const PgBackendStatus *mig_backend_status(int pid);

#endif							/* MIG_BACKEND_H */
