/*-------------------------------------------------------------------------
 *
 * run/lock.c
 *	  The extension's advisory locks.
 *
 * They are advisory locks of classes of our own (pg_locks.objsubid), which no
 * SQL function can take or release.
 *
 * The graph lock protects the revisions.  A run or stamp takes AccessShare;
 * a new revision takes ShareUpdateExclusive, so that two new ones on "head"
 * do not fork it silently; whatever changes or removes a revision takes
 * AccessExclusive, without waiting, so that nothing changes under a run.
 *
 * The run lock, one for each target schema, protects what is applied there.
 * A run or stamp takes it Exclusive, after the graph lock.
 *
 * All are held to the end of the transaction.  Nobody who holds a run lock
 * waits for the graph lock, and AccessExclusive is never waited for, so that
 * the two cannot deadlock with each other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/lock.h"
#include "compat.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/sinvaladt.h"
#include "utils/backend_status.h"
#include "utils/timestamp.h"

/* locktag_field4 of our locks; the server uses 1 and 2 */
#define GRAPH_LOCK_CLASS	0x4D47
#define RUN_LOCK_CLASS		0x4D48

static void graph_tag(LOCKTAG *tag);
static const char *describe_holder(const LOCKTAG *tag, LOCKMODE mode);

/* Take the graph lock to the end of the transaction, waiting for it. */
void
mig_lock_graph(LOCKMODE mode)
{
	LOCKTAG		tag;

	graph_tag(&tag);
	(void) LockAcquire(&tag, mode, false, false);
}

/*
 * Take the graph lock AccessExclusive, or raise 55P03 with who holds it.
 */
void
mig_lock_graph_nowait(void)
{
	LOCKTAG		tag;

	graph_tag(&tag);
	if (LockAcquire(&tag, AccessExclusiveLock, false, true) ==
		LOCKACQUIRE_NOT_AVAIL)
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("cannot change revisions while a migration is running"),
				 errdetail_internal("%s", describe_holder(&tag, AccessExclusiveLock)),
				 errhint("Try again when it has ended.")));
}

/* Take the run lock of a target schema to the end of the transaction. */
void
mig_lock_run(const char *schema_name)
{
	uint64		hash = hash_bytes_extended((const unsigned char *) schema_name,
										   strlen(schema_name), 0);
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (hash >> 32),
						 (uint32) hash, RUN_LOCK_CLASS);
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
}

static void
graph_tag(LOCKTAG *tag)
{
	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, 0, 0, GRAPH_LOCK_CLASS);
}

/* A sentence about a session that holds a conflicting lock. */
static const char *
describe_holder(const LOCKTAG *tag, LOCKMODE mode)
{
	VirtualTransactionId *holders = GetLockConflicts(tag, mode, NULL);
	PGPROC	   *proc;
	int			pid;

	if (!VirtualTransactionIdIsValid(holders[0]))
		return "It has ended just now.";
	proc = ProcNumberGetProc(mig_vxid_proc(holders[0]));
	if (proc == NULL || (pid = proc->pid) == 0)
		return "It has ended just now.";
	for (int i = 1; i <= pgstat_fetch_stat_numbackends(); i++)
	{
		LocalPgBackendStatus *status = pgstat_get_local_beentry_by_index(i);

		if (status != NULL && status->backendStatus.st_procpid == pid)
			return psprintf("Process %d holds the lock, in a transaction since %s, with application_name \"%s\".",
							pid,
							timestamptz_to_str(status->backendStatus.st_xact_start_timestamp),
							status->backendStatus.st_appname);
	}
	return psprintf("Process %d holds the lock.", pid);
}
