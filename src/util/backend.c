/*-------------------------------------------------------------------------
 *
 * util/backend.c
 *	  Other sessions, as the server shows them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/backend.h"
#include "compat.h"

#include "storage/proc.h"
#include "storage/procarray.h"

/* The process of a transaction that holds a lock; 0 if it has ended. */
int
mig_backend_pid(VirtualTransactionId holder)
{
	PGPROC	   *proc = ProcNumberGetProc(mig_vxid_proc(holder));

	return proc == NULL ? 0 : proc->pid;
}

/* What a process shows in pg_stat_activity, or NULL. */
const PgBackendStatus *
mig_backend_status(int pid)
{
	for (int i = 1; i <= pgstat_fetch_stat_numbackends(); i++)
	{
		LocalPgBackendStatus *local = pgstat_get_local_beentry_by_index(i);

		if (local != NULL && local->backendStatus.st_procpid == pid)
			return &local->backendStatus;
	}
	return NULL;
}
