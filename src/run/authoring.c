/*-------------------------------------------------------------------------
 *
 * run/authoring.c
 *	  What the functions that store revisions have in common.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/atomic.h"
#include "run/authoring.h"
#include "run/lock.h"
#include "run/pipeline.h"
#include "run/script_check.h"
#include "util/arg.h"

#include "miscadmin.h"
#include "tcop/utility.h"

/*
 * What the functions that store revisions begin with: refusals, and the graph
 * lock, for a new revision or (exclusive) for changing what is there.
 */
void
mig_authoring_begin(FunctionCallInfo fcinfo, const char *function,
					bool exclusive)
{
	mig_refuse_in_run(function);
	PreventCommandIfReadOnly(psprintf("%s()", function));
	PreventCommandDuringRecovery(psprintf("%s()", function));
	if (exclusive)
		mig_lock_graph_nowait();
	else
		mig_lock_graph(ShareUpdateExclusiveLock);
	mig_refuse_stale(mig_arg_schema_oid(fcinfo), "");
}

/*
 * Check the scripts of a draft, and find out what follows from them.
 */
void
mig_authoring_check(MigDraft *draft, const char *revision,
					bool has_transactional, bool transactional)
{
	MigCheckedScripts checked;

	if (draft->verify_sql != NULL && draft->verify_sql[0] == '\0')
		draft->verify_sql = NULL;
	checked = mig_check_scripts(revision, draft->upgrade_sql,
								draft->downgrade_sql, draft->verify_sql);
	if (has_transactional && transactional && !checked.transactional)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("revision \"%s\" cannot be transactional", revision),
				 errdetail("Statement %d of its %s script cannot run in a transaction block.",
						   checked.statement, checked.script),
				 errhint("Leave out transactional => true.")));
	draft->checksum = checked.checksum;
	draft->counts = checked.counts;
	draft->transactional = checked.transactional &&
		(!has_transactional || transactional);
}
