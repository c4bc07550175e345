/*-------------------------------------------------------------------------
 *
 * run/lock.c
 *	  The extension's advisory locks.
 *
 * They are advisory locks of classes of our own (pg_locks.objsubid), which no
 * SQL function can take; of the functions that release locks only
 * pg_advisory_unlock_all() finds those of the session.
 *
 * The graph lock protects the revisions.  A run or stamp takes AccessShare;
 * a new revision takes ShareUpdateExclusive, so that two new ones on "head"
 * do not fork it silently; whatever changes or removes a revision takes
 * AccessExclusive, without waiting, so that nothing changes under a run.
 *
 * The run lock, one for each target schema, protects what is applied there.
 * A run or stamp takes it Exclusive, after the graph lock.
 *
 * Both are held to the end of the transaction.  AccessExclusive is never
 * waited for.  Two transactions that each make revisions and run some can
 * wait for each other; the server ends one of them, as with any locks.
 *
 * The deploy lock, one for each target schema, is for runs with transactions
 * of their own.  A deploy takes it Exclusive, and the graph lock AccessShare,
 * for its session, by polling: a wait would hold a snapshot, for which CREATE
 * INDEX CONCURRENTLY in the holder would wait in turn.  A run in the caller's
 * transaction takes it Share, without waiting.
 *
 * The shadow lock is taken Exclusive by whoever builds a model, to the end of
 * the subtransaction in which it stands: two at once would wait for each
 * other's catalog rows.
 *
 * The import lock is taken Exclusive, before the graph lock, by whoever has
 * files that are not stored as they are.  Others with the same files wait for
 * it and then find nothing to do, also where the first one changes revisions:
 * were they to wait for the graph lock, it could not get that AccessExclusive.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/lock.h"
#include "util/backend.h"
#include "compat.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/timestamp.h"

/* locktag_field4 of our locks; the server uses 1 and 2 */
#define GRAPH_LOCK_CLASS	0x4D47
#define RUN_LOCK_CLASS		0x4D48
#define DEPLOY_LOCK_CLASS	0x4D49
#define SHADOW_LOCK_CLASS	0x4D4B
#define IMPORT_LOCK_CLASS	0x4D4A

static MigHolder find_holder(const LOCKTAG *tag, LOCKMODE mode);
static void graph_tag(LOCKTAG *tag);
static void schema_tag(LOCKTAG *tag, const char *schema_name, uint16 class);
static void acquire(const LOCKTAG *tag, LOCKMODE mode);
static void waited_for_prepared(void *arg);

/* Take the graph lock to the end of the transaction, waiting for it. */
void
mig_lock_graph(LOCKMODE mode)
{
	LOCKTAG		tag;

	graph_tag(&tag);
	acquire(&tag, mode);
}

/*
 * Take a lock to the end of the transaction, waiting for it.  A session ends
 * some day; a prepared transaction stays until somebody ends it, who is told
 * so before the wait and when it is given up.
 */
static void
acquire(const LOCKTAG *tag, LOCKMODE mode)
{
	ErrorContextCallback callback;
	MigHolder	holder;

	if (LockAcquire(tag, mode, false, true) != LOCKACQUIRE_NOT_AVAIL)
		return;
	holder = find_holder(tag, mode);
	if (holder.hint != NULL)
		ereport(NOTICE,
				(errmsg("waiting for a prepared transaction"),
				 errdetail_internal("%s", holder.detail),
				 errhint("%s", holder.hint)));
	callback.callback = waited_for_prepared;
	callback.arg = &holder;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	(void) LockAcquire(tag, mode, false, false);
	error_context_stack = callback.previous;
}

/* Says who holds the lock only where the wait has timed out. */
static void
waited_for_prepared(void *arg)
{
	const MigHolder *holder = arg;

	if (holder->hint == NULL || geterrcode() != ERRCODE_LOCK_NOT_AVAILABLE)
		return;
	errdetail_internal("%s", holder->detail);
	errhint("%s", holder->hint);
}

/*
 * Take the graph lock AccessExclusive, or raise 55P03 with who holds it.
 */
void
mig_lock_graph_nowait(void)
{
	LOCKTAG		tag;
	MigHolder	holder;

	graph_tag(&tag);
	if (LockAcquire(&tag, AccessExclusiveLock, false, true) !=
		LOCKACQUIRE_NOT_AVAIL)
		return;
	holder = find_holder(&tag, AccessExclusiveLock);
	ereport(ERROR,
			(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
			 errmsg("cannot change revisions while others use them"),
			 errdetail_internal("%s", holder.detail),
			 holder.hint != NULL ? errhint("%s", holder.hint) :
			 errhint("Try again when it has ended.")));
}

/*
 * The fourth field keeps it apart from the advisory locks of SQL functions,
 * where it is 1 or 2.
 */
static void
import_tag(LOCKTAG *tag)
{
	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, 0, 0, IMPORT_LOCK_CLASS);
}

/* Take the import lock to the end of the transaction, waiting for it. */
void
mig_lock_import(void)
{
	LOCKTAG		tag;

	import_tag(&tag);
	acquire(&tag, ExclusiveLock);
}

/* Release it early, where nothing was to be done. */
void
mig_lock_import_release(void)
{
	LOCKTAG		tag;

	import_tag(&tag);
	(void) LockRelease(&tag, ExclusiveLock, false);
}

/*
 * Take the shadow lock to the end of the (sub)transaction.  If somebody else
 * holds it the client is told so before the wait.
 */
void
mig_lock_shadow(void)
{
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, 0, 0, SHADOW_LOCK_CLASS);
	if (LockAcquire(&tag, ExclusiveLock, false, true) !=
		LOCKACQUIRE_NOT_AVAIL)
		return;
	ereport(NOTICE,
			(errmsg("waiting for another session that compares a model with this database"),
			 errdetail_internal("%s", find_holder(&tag, ExclusiveLock).detail)));
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
}

/*
 * Take the run lock of a target schema to the end of the transaction.  55P03
 * while a deploy is running there; waiter, if not NULL, is a call that waits
 * for that one.
 */
void
mig_lock_run(const char *schema_name, const char *waiter)
{
	LOCKTAG		tag;

	schema_tag(&tag, schema_name, DEPLOY_LOCK_CLASS);
	if (LockAcquire(&tag, ShareLock, false, true) == LOCKACQUIRE_NOT_AVAIL)
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("a deploy is running"),
				 errdetail_internal("%s", find_holder(&tag, ShareLock).detail),
				 waiter == NULL ? errhint("Try again when it has ended.") :
				 errhint("Try again when it has ended, or use CALL %s, which waits.",
						 waiter)));
	schema_tag(&tag, schema_name, RUN_LOCK_CLASS);
	acquire(&tag, ExclusiveLock);
}

/* The run lock's tag; that of the deploy lock differs in its class alone. */
void
mig_lock_schema_tag(LOCKTAG *tag, const char *schema_name)
{
	schema_tag(tag, schema_name, RUN_LOCK_CLASS);
}

/*
 * Two schemas of the same hash exclude each other, which is a wait and nothing
 * worse.
 */
static void
schema_tag(LOCKTAG *tag, const char *schema_name, uint16 class)
{
	uint64		hash = hash_bytes_extended((const unsigned char *) schema_name,
										   strlen(schema_name), 0);

	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, (uint32) (hash >> 32),
						 (uint32) hash, class);
}

/*
 * Take the deploy lock of a target schema, and the graph lock, for the
 * session; false if somebody else holds one of them.
 */
bool
mig_lock_deploy_try(const char *schema_name)
{
	LOCKTAG		deploy;
	LOCKTAG		graph;

	graph_tag(&graph);
	schema_tag(&deploy, schema_name, DEPLOY_LOCK_CLASS);
	if (LockAcquire(&deploy, ExclusiveLock, true,
					true) == LOCKACQUIRE_NOT_AVAIL)
		return false;
	if (LockAcquire(&graph, AccessShareLock, true,
					true) != LOCKACQUIRE_NOT_AVAIL)
		return true;
	LockRelease(&deploy, ExclusiveLock, true);
	return false;
}

/*
 * Raise 55000 if the locks are lost: pg_advisory_unlock_all() in a script
 * releases them, and then others may have worked in between.
 */
void
mig_lock_deploy_check(const char *schema_name)
{
	LOCKTAG		deploy;
	LOCKTAG		graph;

	schema_tag(&deploy, schema_name, DEPLOY_LOCK_CLASS);
	graph_tag(&graph);
	if (!mig_lock_held(&deploy, ExclusiveLock) ||
		!mig_lock_held(&graph, AccessShareLock))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the deploy has lost its lock"),
				 errhint("A script must not call pg_advisory_unlock_all().")));
}

/* Release the locks, as far as they are held. */
void
mig_lock_deploy_release(const char *schema_name)
{
	LOCKTAG		tag;

	schema_tag(&tag, schema_name, DEPLOY_LOCK_CLASS);
	if (mig_lock_held(&tag, ExclusiveLock))
		LockRelease(&tag, ExclusiveLock, true);
	graph_tag(&tag);
	if (mig_lock_held(&tag, AccessShareLock))
		LockRelease(&tag, AccessShareLock, true);
}

/* Our own locks do not count, nor those of our lock group. */
static bool
is_held_by_others(const LOCKTAG *tag, LOCKMODE mode)
{
	VirtualTransactionId *holders = GetLockConflicts(tag, mode, NULL);

	return VirtualTransactionIdIsValid(holders[0]);
}

/* Whom a deploy waits for. */
MigHolder
mig_lock_deploy_holder(const char *schema_name)
{
	LOCKTAG		tag;

	schema_tag(&tag, schema_name, DEPLOY_LOCK_CLASS);
	if (!is_held_by_others(&tag, ExclusiveLock))
	{
		/* somebody changes revisions */
		graph_tag(&tag);
		return find_holder(&tag, AccessShareLock);
	}
	return find_holder(&tag, ExclusiveLock);
}

/* Does anybody migrate a target schema, or hold up whoever wants to? */
bool
mig_lock_is_busy(const char *schema_name)
{
	LOCKTAG		deploy;
	LOCKTAG		graph;

	schema_tag(&deploy, schema_name, DEPLOY_LOCK_CLASS);
	graph_tag(&graph);
	return is_held_by_others(&deploy, ExclusiveLock) ||
		is_held_by_others(&graph, AccessShareLock);
}

/* One lock for all revisions of the database. */
static void
graph_tag(LOCKTAG *tag)
{
	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, 0, 0, GRAPH_LOCK_CLASS);
}

/*
 * Who holds a conflicting lock: a sentence, and for a prepared transaction how
 * to end it.
 */
static MigHolder
find_holder(const LOCKTAG *tag, LOCKMODE mode)
{
	VirtualTransactionId *holders = GetLockConflicts(tag, mode, NULL);
	MigHolder	holder = {"It has ended just now.", NULL};
	MigPrepared *prepared;
	const PgBackendStatus *status;
	const char *since;
	int			pid;

	if (!VirtualTransactionIdIsValid(holders[0]))
		return holder;
	prepared = mig_backend_prepared(holders[0]);
	if (prepared != NULL)
	{
		holder.detail = psprintf("The lock is held by %s, since %s.",
								 prepared->name, prepared->since);
		holder.hint = prepared->hint;
		return holder;
	}
	pid = mig_backend_pid(holders[0]);
	if (pid == 0)
		return holder;
	status = mig_backend_status(pid);
	if (status == NULL)
	{
		holder.detail = psprintf("Process %d holds the lock.", pid);
		return holder;
	}
	since = timestamptz_to_str(status->st_xact_start_timestamp);
	holder.detail = psprintf("Process %d holds the lock, in a transaction since %s, with application_name \"%s\".",
							 pid, since, status->st_appname);
	return holder;
}
