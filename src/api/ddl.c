/*-------------------------------------------------------------------------
 *
 * api/ddl.c
 *	  The SQL function that sets the guard, and what its event triggers call.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/ddl_guard.h"
#include "model/ddl_log.h"
#include "util/arg.h"

#include "commands/event_trigger.h"

PG_FUNCTION_INFO_V1(migrate_guard);
PG_FUNCTION_INFO_V1(migrate_guard_event);

Datum
migrate_guard(PG_FUNCTION_ARGS)
{
	mig_ddl_guard_set(mig_arg_schema_oid(fcinfo),
					  mig_arg_required(fcinfo, 0, "mode"),
					  mig_arg_texts(fcinfo, 1));
	PG_RETURN_VOID();
}

Datum
migrate_guard_event(PG_FUNCTION_ARGS)
{
	const EventTriggerData *event = (const EventTriggerData *) fcinfo->context;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("migrate_guard_event() can be called by event triggers only"),
				 errhint("SELECT migrate_guard('log') makes them.")));
	if (strcmp(event->event, "ddl_command_start") == 0)
		mig_ddl_guard_bind(fcinfo->flinfo->fn_oid);
	else
		mig_ddl_log(event, mig_arg_schema_oid(fcinfo));
	PG_RETURN_NULL();
}
