/*-------------------------------------------------------------------------
 *
 * model/ddl_guard.c
 *	  Sets event triggers that see DDL which no migration makes.
 *
 * The event triggers are no members of the extension: pg_dump writes them, as
 * any others, behind all the rest, so that a restore does not meet them, and
 * what was guarded is guarded again.  Since they call a function of the
 * extension, DROP EXTENSION would refuse to leave them behind.  So each has an
 * automatic dependency on the extension, too, and goes along.  A dump does not
 * have that dependency; it is put back just before it is needed, by the third
 * of them, which is for DROP EXTENSION alone.
 *
 * What the guard passes over is noted when it is set: migrate.exclude belongs
 * to everybody's session, and nobody shall keep out of the log by it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/ddl_guard.h"
#include "rev/journal.h"
#include "run/atomic.h"
#include "run/pipeline.h"
#include "util/guc.h"
#include "util/spi.h"
#include "util/sql.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_event_trigger.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/event_trigger.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "tcop/utility.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#define FUNCTION	"migrate_guard_event"

static bool parse_mode(const char *mode);
static void create_triggers(Oid nsp);
static void create_trigger(Oid nsp, const char *name, const char *event,
						   List *when);
static List *names(const char *first, const char *second);
static List *our_triggers(Oid function);
static void record(Oid nsp, const char *mode, const List *schemas);

/*
 * Set the guard: "log" or "off"; schemas are char *, none for all.
 *
 * 42501 for all but superusers; MG018 inside of a run; 22023 for another mode;
 * 3F000 for a schema that does not exist.
 */
void
mig_ddl_guard_set(Oid nsp, const char *mode, const List *schemas)
{
	bool		on = parse_mode(mode);
	Oid			function;
	const ListCell *lc;

	mig_refuse_in_run("migrate_guard");
	PreventCommandIfReadOnly("migrate_guard()");
	PreventCommandDuringRecovery("migrate_guard()");
	if (!superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be superuser to set the guard"),
				 errhint("It is made of event triggers, which only superusers may create.")));
	foreach(lc, schemas)
		(void) get_namespace_oid(lfirst(lc), false);
	function = LookupFuncName(names(get_namespace_name(nsp), FUNCTION),
							  0, NULL, false);
	foreach(lc, our_triggers(function))
	{
		ObjectAddress trigger = {EventTriggerRelationId, lfirst_oid(lc), 0};

		performDeletion(&trigger, DROP_RESTRICT, 0);
	}
	if (on)
	{
		create_triggers(nsp);
		CommandCounterIncrement();
		mig_ddl_guard_bind(function);
	}
	record(nsp, on ? mode : NULL, schemas);
}

static bool
parse_mode(const char *mode)
{
	if (strcmp(mode, "log") != 0 && strcmp(mode, "off") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown mode of the guard: \"%s\"", mode),
				 errhint("Modes are log and off.")));
	return strcmp(mode, "log") == 0;
}

static void
create_triggers(Oid nsp)
{
	create_trigger(nsp, "migrate_guard_start", "ddl_command_start",
				   list_make1(makeDefElem(pstrdup("tag"),
										  (Node *) names("DROP EXTENSION", NULL),
										  -1)));
	create_trigger(nsp, "migrate_guard_drop", "sql_drop", NIL);
	create_trigger(nsp, "migrate_guard_end", "ddl_command_end", NIL);
}

static void
create_trigger(Oid nsp, const char *name, const char *event, List *when)
{
	CreateEventTrigStmt *stmt = makeNode(CreateEventTrigStmt);

	stmt->trigname = pstrdup(name);
	stmt->eventname = pstrdup(event);
	stmt->whenclause = when;
	stmt->funcname = names(get_namespace_name(nsp), FUNCTION);
	(void) CreateEventTrigger(stmt);
}

/* One or two names as the parser has them. */
static List *
names(const char *first, const char *second)
{
	List	   *list = list_make1(makeString(pstrdup(first)));

	if (second != NULL)
		list = lappend(list, makeString(pstrdup(second)));
	return list;
}

/* The event triggers that call our function, whatever their names are. */
static List *
our_triggers(Oid function)
{
	Relation	rel = table_open(EventTriggerRelationId, RowExclusiveLock);
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, NULL, 0,
										  NULL);
	HeapTuple	tuple;
	List	   *triggers = NIL;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_event_trigger row = (Form_pg_event_trigger) GETSTRUCT(tuple);

		if (row->evtfoid == function)
			triggers = lappend_oid(triggers, row->oid);
	}
	systable_endscan(scan);
	table_close(rel, RowExclusiveLock);
	return triggers;
}

/* Let DROP EXTENSION take along the event triggers that call our function. */
void
mig_ddl_guard_bind(Oid function)
{
	ObjectAddress extension = {ExtensionRelationId, InvalidOid, 0};
	ListCell   *lc;

	extension.objectId = getExtensionOfObject(ProcedureRelationId, function);
	if (!OidIsValid(extension.objectId))
		return;
	foreach(lc, our_triggers(function))
	{
		ObjectAddress trigger = {EventTriggerRelationId, lfirst_oid(lc), 0};

		(void) deleteDependencyRecordsForClass(EventTriggerRelationId,
											   trigger.objectId,
											   ExtensionRelationId,
											   DEPENDENCY_AUTO);
		recordDependencyOn(&trigger, &extension, DEPENDENCY_AUTO);
	}
}

/* Note what is guarded; mode NULL: nothing.  The log has who set it. */
static void
record(Oid nsp, const char *mode, const List *schemas)
{
	MigOccasion occasion = mig_occasion("", NULL);
	StringInfoData message;
	const ListCell *lc;
	MigSpi		spi;
	MigParam	params[] = {
		mig_text_param(mode),
		{TEXTARRAYOID, mig_text_array(schemas), schemas == NIL},
		MIG_PARAM(TEXTARRAYOID, mig_text_array(mig_guc_exclude())),
		MIG_PARAM(TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp())),
		mig_text_param(occasion.role),
	};

	initStringInfo(&message);
	appendStringInfoString(&message, mode == NULL ? "off" : mode);
	foreach(lc, schemas)
		appendStringInfo(&message, "%s%s",
						 foreach_current_index(lc) == 0 ? ": " : ", ",
						 (char *) lfirst(lc));
	mig_spi_begin(&spi, nsp, false);
	mig_spi_write(&spi, "DELETE FROM @migrate_guard", 0, NULL);
	if (mode != NULL)
		mig_spi_write(&spi,
					  "INSERT INTO @migrate_guard (mode, schemas, exclude,"
					  " set_at, set_by) VALUES ($1, $2, $3, $4, $5)",
					  lengthof(params), params);
	mig_journal_event(&spi, &occasion, "guard", NULL, message.data);
	mig_spi_end(&spi);
}
