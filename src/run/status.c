/*-------------------------------------------------------------------------
 *
 * run/status.c
 *	  What goes on in a target schema.
 *
 * Whoever migrates holds the run lock or the deploy lock, and shows its step
 * as application_name; nothing else is asked, so that nobody is waited for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph.h"
#include "rev/graph_source.h"
#include "rev/plan.h"
#include "run/lock.h"
#include "run/status.h"
#include "util/own_tables.h"
#include "util/publication_check.h"
#include "util/sql.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

static void read_running(TupleTableSlot *slot, void *arg);
static void read_prepared(const MigSpi *spi, MigParam *params,
						  MigStatus *status);
static void warn_of_gone(TupleTableSlot *slot, void *arg);
static void read_last(TupleTableSlot *slot, void *arg);

/*
 * Read the status of the tables' target schema, into the current memory
 * context.  The last message may hold secrets as the log may: who may not read
 * the log does not get it.
 */
void
mig_status_read(MigTables *tables, MigStatus *status)
{
	MigGraph   *graph = mig_tables_graph(tables);
	LOCKTAG		tag;
	MigSpi		spi;
	MigParam	params[] = {
		mig_text_param(tables->schema_name),
		MIG_NULL(INT8OID),
		MIG_NULL(INT8OID),
		MIG_NULL(INT4OID),
	};

	memset(status, 0, sizeof(*status));
	status->heads = mig_node_names(mig_graph_tips(graph), 0);
	status->pending = mig_plan_upgrade(graph,
									   mig_graph_heads(graph, true))->nsteps;
	mig_lock_schema_tag(&tag, tables->schema_name);
	params[1] = MIG_PARAM(INT8OID, Int64GetDatum(tag.locktag_field2));
	params[2] = MIG_PARAM(INT8OID, Int64GetDatum(tag.locktag_field3));
	mig_publication_warn(tables->nsp, mig_own_tables(tables->nsp));
	mig_spi_begin(&spi, tables->nsp, true);
	mig_spi_each(&spi,
				 "SELECT l.pid, a.application_name, a.query_start,"
				 " pg_catalog.pg_blocking_pids(l.pid)::pg_catalog.text[],"
				 " (SELECT pg_catalog.min(p.statement) FROM @migrate_progress p"
				 " WHERE p.schema_name = $1 AND NOT p.done"
				 " AND a.application_name LIKE '% ' || p.revision)"
				 " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
				 " WHERE l.locktype = 'advisory' AND l.granted"
				 " AND l.mode = 'ExclusiveLock'"
				 " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"
				 " WHERE d.datname = pg_catalog.current_database())"
				 " AND l.classid = $2::pg_catalog.oid AND l.objid = $3::pg_catalog.oid"
				 " AND l.objsubid IN (19784, 19785)"
				 " LIMIT 1",
				 3, params, read_running, status);
	read_prepared(&spi, params, status);
	mig_spi_each(&spi,
				 "SELECT schema_name, pg_catalog.string_agg(revision, ', ' ORDER BY revision)"
				 " FROM @migrate_applied WHERE tip AND schema_name <> ''"
				 " AND NOT EXISTS (SELECT FROM pg_catalog.pg_namespace"
				 " WHERE nspname = schema_name)"
				 " GROUP BY schema_name ORDER BY schema_name LIMIT 5",
				 0, NULL, warn_of_gone, NULL);
	mig_spi_each(&spi,
				 "SELECT action, revision, outcome, at, message"
				 " FROM @migrate_log WHERE schema_name = $1"
				 " AND action IN ('upgrade', 'downgrade', 'stamp', 'unstamp')"
				 " ORDER BY id DESC LIMIT 1",
				 1, params, read_last, status);
	mig_spi_end(&spi);
	if (pg_class_aclcheck(get_relname_relid("migrate_log", tables->nsp),
						  GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		status->message = NULL;
}

/*
 * What others see of a run before it commits is the application_name that
 * mig_run_announce() has given it.
 */
static void
read_running(TupleTableSlot *slot, void *arg)
{
	MigStatus  *status = arg;
	char		revision[MIG_MAX_NAME + 1];
	char	   *name = mig_slot_text(slot, 2);

	slot_getallattrs(slot);
	status->pid = DatumGetInt32(slot->tts_values[0]);
	if (name != NULL && sscanf(name, "migrate %d/%d %63s", &status->step,
							   &status->steps, revision) == 3)
		status->revision = pstrdup(revision);
	if (!slot->tts_isnull[2])
		status->since = DatumGetTimestampTz(slot->tts_values[2]);
	if (!slot->tts_isnull[3])
		status->blockers = mig_text_array_list(slot->tts_values[3]);
	if (!slot->tts_isnull[4])
		status->statement = DatumGetInt32(slot->tts_values[4]);
}

/*
 * Name the prepared transactions that hold what the session waits for, where
 * the server says 0; or our locks, when nobody migrates.
 */
static void
read_prepared(const MigSpi *spi, MigParam *params, MigStatus *status)
{
	List	   *blockers = NIL;
	ListCell   *lc;

	if (status->pid != 0 && !mig_has_name(status->blockers, "0"))
		return;
	foreach(lc, status->blockers)
	{
		if (strcmp(lfirst(lc), "0") != 0)
			blockers = lappend(blockers, lfirst(lc));
	}
	status->blockers = blockers;
	params[3] = MIG_PARAM(INT4OID, Int32GetDatum(status->pid));
	mig_spi_each(spi,
				 "SELECT DISTINCT pg_catalog.format('prepared transaction \"%s\"', p.gid)"
				 " FROM pg_catalog.pg_prepared_xacts p"
				 " JOIN pg_catalog.pg_locks x ON x.transactionid = p.transaction"
				 " AND x.locktype = 'transactionid' AND x.pid IS NULL"
				 " JOIN pg_catalog.pg_locks h ON h.pid IS NULL"
				 " AND h.virtualtransaction = x.virtualtransaction"
				 " LEFT JOIN pg_catalog.pg_locks w ON w.pid = $4 AND NOT w.granted"
				 " WHERE CASE WHEN $4 = 0 THEN h.locktype = 'advisory'"
				 " AND h.database = (SELECT d.oid FROM pg_catalog.pg_database d"
				 " WHERE d.datname = pg_catalog.current_database())"
				 " AND (h.classid = $2::pg_catalog.oid AND h.objid = $3::pg_catalog.oid"
				 " AND h.objsubid IN (19784, 19785)"
				 " OR h.objsubid = 19783 AND h.mode = 'AccessExclusiveLock')"
				 " ELSE (h.locktype, h.database, h.relation, h.page, h.tuple,"
				 " h.virtualxid, h.transactionid, h.classid, h.objid,"
				 " h.objsubid) IS NOT DISTINCT FROM (w.locktype, w.database,"
				 " w.relation, w.page, w.tuple, w.virtualxid,"
				 " w.transactionid, w.classid, w.objid, w.objsubid) END"
				 " ORDER BY 1",
				 4, params, mig_spi_add_text, &status->blockers);
}

/* What is applied in a schema that is not there any more. */
static void
warn_of_gone(TupleTableSlot *slot, void *arg)
{
	const char *schema = TextDatumGetCString(mig_slot_value(slot, 1));
	const char *tips = TextDatumGetCString(mig_slot_value(slot, 2));

	ereport(WARNING,
			(errmsg("revisions are recorded as applied in schema \"%s\", which does not exist",
					schema),
			 errdetail("Current there: %s.", tips),
			 errhint("If it was renamed, SELECT migrate_stamp(%s, schema => 'its new name') records them there. SELECT %s forgets what is recorded for the old name.",
					 quote_literal_cstr(tips),
					 mig_call_text("migrate_stamp", "base", schema))));
}

/* The last entry of the log for the target schema. */
static void
read_last(TupleTableSlot *slot, void *arg)
{
	MigStatus  *status = arg;

	status->action = mig_slot_text(slot, 1);
	status->last_revision = mig_slot_text(slot, 2);
	status->outcome = mig_slot_text(slot, 3);
	status->at = DatumGetTimestampTz(mig_slot_value(slot, 4));
	status->message = mig_slot_text(slot, 5);
}
