/*-------------------------------------------------------------------------
 *
 * run/blockers.c
 *	  Who keeps a script from a lock.
 *
 * When lock_timeout strikes the server has forgotten which lock was waited
 * for.  So while scripts run a timer looks, several times within that time,
 * whether this backend waits, and notes the lock.  The signal handler reads
 * nothing but this process's own entry and the tag of the lock that it waits
 * for, which cannot go away before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/blockers.h"
#include "compat.h"

#include "lib/stringinfo.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/backend_status.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

/* looks within one lock_timeout, and their shortest distance in ms */
#define LOOKS			5
#define SHORTEST_LOOK	5

static TimeoutId watch_timer = MAX_TIMEOUTS;
static volatile bool has_waited = false;
static LOCKTAG waited_for;
static LOCKMODE waited_mode;

static void note_wait(void);
static void append_blocker(StringInfo buf, int pid);

/* Begin to watch, for scripts that wait at most so many milliseconds. */
void
mig_blockers_watch(int lock_timeout)
{
	int			distance = Max(lock_timeout / LOOKS, SHORTEST_LOOK);

	has_waited = false;
	if (lock_timeout <= 0)
		return;
	if (watch_timer == MAX_TIMEOUTS)
		watch_timer = RegisterTimeout(USER_TIMEOUT, note_wait);
	enable_timeout_every(watch_timer,
						 TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
													 distance),
						 distance);
}

void
mig_blockers_unwatch(void)
{
	if (watch_timer != MAX_TIMEOUTS)
		disable_timeout(watch_timer, false);
}

static void
note_wait(void)
{
	LOCK	   *lock = MyProc->waitLock;

	if (lock == NULL)
		return;
	waited_for = lock->tag;
	waited_mode = MyProc->waitLockMode;
	has_waited = true;
}

/*
 * Sentences about those who hold the lock that was waited for, or NULL if
 * that is not known.
 */
char *
mig_blockers_describe(void)
{
	VirtualTransactionId *holders;
	StringInfoData buf;

	if (!has_waited)
		return NULL;
	initStringInfo(&buf);
	holders = GetLockConflicts(&waited_for, waited_mode, NULL);
	for (; VirtualTransactionIdIsValid(*holders); holders++)
	{
		PGPROC	   *proc = ProcNumberGetProc(mig_vxid_proc(*holders));

		if (proc != NULL && proc->pid != 0)
			append_blocker(&buf, proc->pid);
	}
	return buf.len == 0 ? NULL : buf.data;
}

static void
append_blocker(StringInfo buf, int pid)
{
	for (int i = 1; i <= pgstat_fetch_stat_numbackends(); i++)
	{
		LocalPgBackendStatus *status = pgstat_get_local_beentry_by_index(i);
		long		age;

		if (status == NULL || status->backendStatus.st_procpid != pid)
			continue;
		age = (GetCurrentTimestamp() -
			   status->backendStatus.st_activity_start_timestamp) / 1000000;
		appendStringInfo(buf, "%sIt is blocked by process %d, application_name \"%s\", whose query began %ld s ago.",
						 buf->len == 0 ? "" : " ", pid,
						 status->backendStatus.st_appname, age);
		return;
	}
}
