/*-------------------------------------------------------------------------
 *
 * kind/event_trigger.c
 *	  Event triggers, but for those that migrate_guard() makes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_event_trigger.h"
#include "sch/action.h"

enum
{
	DEFINITION,
	ENABLED,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[DEFINITION] = {"definition", MIG_FIXED},
	[ENABLED] = {"enabled"},
};

static const char query[] =
"SELECT oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, evtname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(evtowner)::pg_catalog.text, NULL::pg_catalog.text,"
" 'ON ' || evtevent || COALESCE(E'\\n    WHEN TAG IN ('"
" || (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(tag), ', ' ORDER BY tag COLLATE \"C\")"
" FROM pg_catalog.unnest(evttags) tag) || ')', '') || E'\\n    EXECUTE FUNCTION '"
" || evtfoid::pg_catalog.regproc || '()',"
" " MIG_ENABLED("evtenabled")
" FROM pg_catalog.pg_event_trigger WHERE " MIG_NOT_HIDDEN("evtname")
" AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
" JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid"
" WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = evtfoid"
" AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass"
" AND d.deptype = 'e' AND e.extname = 'pg_migrations')"
" ORDER BY evtname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *trigger);
static void append_enabled(StringInfo buf, const MigObject *trigger);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);

const MigKind mig_event_trigger_kind = {
	.id = MIG_EVENT_TRIGGER,
	.name = "event trigger",
	.noun = "EVENT TRIGGER",
	.classid = EventTriggerRelationId,
	.flags = MIG_KIND_DATABASE,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.alter = alter,
};

static void
create(StringInfo buf, const MigObject *trigger)
{
	appendStringInfo(buf, "CREATE EVENT TRIGGER %s\n    %s;\n",
					 trigger->identity, trigger->values[DEFINITION]);
	if (!MIG_IS_ENABLED(trigger->values[ENABLED]))
		append_enabled(buf, trigger);
}

/* CREATE has no word for it. */
static void
append_enabled(StringInfo buf, const MigObject *trigger)
{
	appendStringInfo(buf, "ALTER EVENT TRIGGER %s %s", trigger->identity,
					 trigger->values[ENABLED]);
}

/* What else differs is a new trigger. */
static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData buf;

	initStringInfo(&buf);
	append_enabled(&buf, to);
	mig_action_add(diff, MIG_OP_ALTER, to, "enabled", buf.data);
}
