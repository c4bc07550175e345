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
#include "util/backend.h"

#include "lib/stringinfo.h"
#include "storage/lock.h"
#include "storage/proc.h"
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

/* What was noted stays, for mig_blockers_describe(). */
void
mig_blockers_unwatch(void)
{
	if (watch_timer != MAX_TIMEOUTS)
		disable_timeout(watch_timer, false);
}

/* In a signal handler: nothing here may allocate, lock or fail. */
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
 * Sentences about those who hold the lock that was waited for, and how to end
 * a prepared transaction among them; both are left alone where nothing is
 * known.
 */
void
mig_blockers_describe(char **detail, char **hint)
{
	VirtualTransactionId *holders;
	StringInfoData buf;

	if (!has_waited)
		return;
	initStringInfo(&buf);
	holders = GetLockConflicts(&waited_for, waited_mode, NULL);
	for (; VirtualTransactionIdIsValid(*holders); holders++)
	{
		MigPrepared *prepared = mig_backend_prepared(*holders);
		int			pid = mig_backend_pid(*holders);

		if (prepared != NULL)
		{
			appendStringInfo(&buf, "%sIt is blocked by %s, prepared at %s.",
							 buf.len == 0 ? "" : " ", prepared->name,
							 prepared->since);
			*hint = prepared->hint;
		}
		else if (pid != 0)
			append_blocker(&buf, pid);
	}
	if (buf.len > 0)
		*detail = buf.data;
}

/* A backend that has ended meanwhile blocks nobody and is left out. */
static void
append_blocker(StringInfo buf, int pid)
{
	const PgBackendStatus *status = mig_backend_status(pid);
	long		age;

	if (status == NULL)
		return;
	age = (GetCurrentTimestamp() -
		   status->st_activity_start_timestamp) / 1000000;
	appendStringInfo(buf, "%sIt is blocked by process %d, application_name \"%s\", whose query began %ld s ago.",
					 buf->len == 0 ? "" : " ", pid, status->st_appname, age);
}
