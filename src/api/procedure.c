/*-------------------------------------------------------------------------
 *
 * api/procedure.c
 *	  SQL procedures that commit by themselves.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/atomic.h"
#include "run/deploy.h"
#include "run/transaction.h"
#include "util/arg.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* longest wait, in microseconds */
#define LONGEST_WAIT	1e17

PG_FUNCTION_INFO_V1(migrate_deploy);
PG_FUNCTION_INFO_V1(migrate_revert);
PG_FUNCTION_INFO_V1(migrate_wait);

static Datum deploy(FunctionCallInfo fcinfo, const char *procedure,
					MigDirection direction);
static int64 wait_argument(FunctionCallInfo fcinfo, int n);

Datum
migrate_deploy(PG_FUNCTION_ARGS)
{
	return deploy(fcinfo, "migrate_deploy", MIG_UPGRADE);
}

Datum
migrate_revert(PG_FUNCTION_ARGS)
{
	return deploy(fcinfo, "migrate_revert", MIG_DOWNGRADE);
}

/* Everything that must survive a commit is below PortalContext. */
static Datum
deploy(FunctionCallInfo fcinfo, const char *procedure, MigDirection direction)
{
	MigRequest	request = {0};
	MemoryContext old;
	TupleDesc	desc;
	Datum		values[2];
	bool		nulls[2] = {false, false};
	int64		wait;

	mig_refuse_in_run(procedure);
	mig_transaction_gate(fcinfo, procedure,
						 "It commits each revision by itself.");
	old = MemoryContextSwitchTo(PortalContext);
	request.function = procedure;
	request.nsp = mig_arg_schema_oid(fcinfo);
	request.direction = direction;
	request.own_transactions = true;
	if (direction == MIG_UPGRADE)
		request.target = mig_arg_required(fcinfo, 0, "target");
	else
		request.target = mig_arg_target(fcinfo, 4, &request.before_tag);
	request.schema_name = mig_target_schema(mig_arg_text(fcinfo, 1), false);
	request.tag = mig_arg_text(fcinfo, 2);
	wait = wait_argument(fcinfo, 3);
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	desc = BlessTupleDesc(CreateTupleDescCopy(desc));
	values[0] = Int32GetDatum(mig_deploy_run(&request, wait));
	values[1] = CStringGetTextDatum(mig_deploy_heads(request.nsp,
													 request.schema_name));
	MemoryContextSwitchTo(old);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}

/*
 * An interval in microseconds, a few thousand years at most; null and negative
 * ones are no wait.
 */
static int64
wait_argument(FunctionCallInfo fcinfo, int n)
{
	Interval   *interval;
	float8		wait;

	if (PG_ARGISNULL(n))
		return 0;
	interval = PG_GETARG_INTERVAL_P(n);
	wait = (float8) interval->time + USECS_PER_DAY *
		((float8) interval->day + (float8) interval->month * DAYS_PER_MONTH);
	return (int64) Min(Max(wait, 0), LONGEST_WAIT);
}

Datum
migrate_wait(PG_FUNCTION_ARGS)
{
	MemoryContext old;
	char	   *revision;
	const char *schema_name;

	mig_refuse_in_run("migrate_wait");
	mig_transaction_gate(fcinfo, "migrate_wait",
						 "It waits without a transaction.");
	old = MemoryContextSwitchTo(PortalContext);
	revision = mig_arg_required(fcinfo, 0, "revision");
	schema_name = mig_target_schema(mig_arg_text(fcinfo, 1), false);
	mig_deploy_wait(mig_arg_schema_oid(fcinfo), revision, schema_name,
					wait_argument(fcinfo, 2));
	MemoryContextSwitchTo(old);
	PG_RETURN_VOID();
}
