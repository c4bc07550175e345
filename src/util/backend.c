/*-------------------------------------------------------------------------
 *
 * util/backend.c
 *	  Other sessions, as the server shows them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/backend.h"
#include "util/spi.h"
#include "compat.h"

#include "access/twophase.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

static void read_prepared(TupleTableSlot *slot, void *arg);

/* The process of a transaction that holds a lock; 0 if it has ended. */
int
mig_backend_pid(VirtualTransactionId holder)
{
	PGPROC	   *proc = ProcNumberGetProc(mig_vxid_proc(holder));

	return proc == NULL ? 0 : proc->pid;
}

/*
 * The prepared transaction that holds a lock, in the current memory context;
 * NULL if the holder is a process.
 *
 * It keeps the name of the virtual transaction that it was, whose process may
 * be doing something else, and may be this one.
 */
MigPrepared *
mig_backend_prepared(VirtualTransactionId holder)
{
	MigPrepared *prepared = NULL;
	bool		more = false;
	TransactionId xid = TwoPhaseGetXidByVirtualXID(holder, &more);
	MigSpi		spi;

	if (!TransactionIdIsValid(xid))
		return NULL;
	PushActiveSnapshot(GetTransactionSnapshot());
	mig_spi_begin_catalog(&spi, "pg_catalog, pg_temp");
	mig_spi_once(&spi,
				 psprintf("SELECT gid, owner::pg_catalog.text, prepared, database::pg_catalog.text,"
						  " database <> pg_catalog.current_database()"
						  " FROM pg_catalog.pg_prepared_xacts WHERE transaction = '%u'",
						  xid),
				 read_prepared, &prepared);
	mig_spi_end(&spi);
	PopActiveSnapshot();
	return prepared;
}

/*
 * A transaction that was prepared in another database can be ended only there,
 * which the hint has to say.
 */
static void
read_prepared(TupleTableSlot *slot, void *arg)
{
	MigPrepared *prepared = palloc(sizeof(MigPrepared));
	char	   *gid = TextDatumGetCString(mig_slot_value(slot, 1));
	char	   *owner = TextDatumGetCString(mig_slot_value(slot, 2));
	TimestampTz since = DatumGetTimestampTz(mig_slot_value(slot, 3));
	char	   *database = TextDatumGetCString(mig_slot_value(slot, 4));
	bool		elsewhere = DatumGetBool(mig_slot_value(slot, 5));

	prepared->name = psprintf("prepared transaction \"%s\" of role \"%s\"",
							  gid, owner);
	prepared->since = pstrdup(timestamptz_to_str(since));
	gid = quote_literal_cstr(gid);
	prepared->hint = psprintf("COMMIT PREPARED %s or ROLLBACK PREPARED %s%s ends it.",
							  gid, gid, !elsewhere ? "" :
							  psprintf(" in database \"%s\"", database));
	*(MigPrepared **) arg = prepared;
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
