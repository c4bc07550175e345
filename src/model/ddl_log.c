/*-------------------------------------------------------------------------
 *
 * model/ddl_log.c
 *	  Logs DDL that no migration makes.
 *
 * Called by event triggers, as whoever changes something, before the statement
 * ends.  A statement that only drops comes as sql_drop; of one that changes
 * something, sql_drop has what CASCADE took along, and ddl_command_end the
 * rest.  Whatever happens here must not hinder the statement: errors become
 * warnings, but for a cancel.
 *
 * Passed over are runs and shadows, scripts of extensions, temporary objects,
 * what fills or rebuilds and changes no definition, schemas of extensions (the
 * chunks of TimescaleDB, the tables of pg_repack), partitions of pg_partman,
 * names that are excluded, and schemas that are not guarded.  A worker of
 * logical replication applies changes with session_replication_role "replica",
 * where event triggers are silent; the shadow, too.
 *
 * Objects are named as the server names them in pg_identify_object(), behind
 * their type.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/ddl_log.h"
#include "model/partman.h"
#include "rev/journal.h"
#include "run/atomic.h"
#include "run/pipeline.h"
#include "util/pattern.h"
#include "util/spi.h"
#include "util/sql.h"
#include "util/subxact.h"

#include "catalog/dependency.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/scansup.h"
#include "tcop/deparse_utility.h"
#include "tcop/pquery.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/aclchk_internal.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* Bytes of a statement that are kept */
#define STATEMENT_SIZE	1024

/* pg_repack has a trigger of this name on a table while it works */
#define REPACK_TRIGGER	"repack_trigger"

/* A statement, and what is to be logged of it. */
typedef struct DdlLog
{
	Oid			nsp;			/* schema of the extension */
	const EventTriggerData *event;
	List	   *schemas;		/* of char *: those guarded; NIL: all */
	List	   *exclude;		/* of char *, patterns */
	List	   *parents;		/* of char *: see partman.c */
	List	   *objects;		/* of char * */
} DdlLog;

/* Something that was created, changed or dropped. */
typedef struct Concerned
{
	const char *description;	/* "table public.t" */
	const char *schema;			/* NULL: in none */
	const char *name;			/* of it, or of the table that it is part of */
	const char *table;			/* of an index: its table, or NULL */
} Concerned;

static bool is_drop_event(const EventTriggerData *event);
static bool changes_nothing(const Node *stmt);
static bool is_about_trigger(const AlterTableStmt *stmt, const char *trigger);
static void log_event(void *arg);
static void read_guard(TupleTableSlot *slot, void *arg);
static bool only_drops(const Node *stmt);
static void read_dropped(TupleTableSlot *slot, void *arg);
static void read_command(TupleTableSlot *slot, void *arg);
static void note_grant(DdlLog *log, const InternalGrant *grant);
static Oid	catalog_of(ObjectType type);
static void note_default_privileges(DdlLog *log);
static void note_object(DdlLog *log, const ObjectAddress *object);
static void name_type(Oid type, Concerned *concerned);
static void note(DdlLog *log, const Concerned *concerned);
static bool is_passed_over(const DdlLog *log, const Concerned *concerned);
static bool moves_partitions(const Node *stmt);
static char *statement_text(const DdlLog *log, const char **command);

/*
 * Log what an event trigger sees, in the transaction that it happens in.
 */
void
mig_ddl_log(const EventTriggerData *event, Oid nsp)
{
	DdlLog		log = {.nsp = nsp,.event = event};
	ErrorData  *error;

	if (mig_run_is_active() || creating_extension ||
		changes_nothing(event->parsetree) ||
		(IsA(event->parsetree, DropStmt) && !is_drop_event(event)))
		return;
	error = mig_subxact_keep(log_event, &log);
	if (error == NULL)
		return;
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) ==
		ERRCODE_OPERATOR_INTERVENTION)
		ReThrowError(error);
	ereport(WARNING,
			(errcode(error->sqlerrcode),
			 errmsg("could not log that %s changed the schema: %s",
					GetCommandTagName(event->tag), error->message),
			 error->detail == NULL ? 0 : errdetail_internal("%s", error->detail),
			 error->hint != NULL ? errhint("%s", error->hint) :
			 errhint("The statement itself is not concerned; SELECT migrate_guard('off') ends the logging.")));
}

static bool
is_drop_event(const EventTriggerData *event)
{
	return strcmp(event->event, "sql_drop") == 0;
}

/* Does a statement leave all definitions as they are, or is it known? */
static bool
changes_nothing(const Node *stmt)
{
	switch (nodeTag(stmt))
	{
		case T_RefreshMatViewStmt:
		case T_ReindexStmt:
		case T_AlterExtensionStmt:
		case T_AlterExtensionContentsStmt:
			return true;
		case T_AlterObjectSchemaStmt:
			return ((const AlterObjectSchemaStmt *) stmt)->objectType ==
				OBJECT_EXTENSION;
		case T_AlterTableStmt:
			return is_about_trigger((const AlterTableStmt *) stmt,
									REPACK_TRIGGER);
		default:
			return false;
	}
}

/* Does it do nothing but enable or disable this trigger? */
static bool
is_about_trigger(const AlterTableStmt *stmt, const char *trigger)
{
	const ListCell *lc;

	foreach(lc, stmt->cmds)
	{
		const AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

		if (cmd->subtype < AT_EnableTrig || cmd->subtype > AT_DisableTrig ||
			strcmp(cmd->name, trigger) != 0)
			return false;
	}
	return true;
}

/* all that may fail */
static void
log_event(void *arg)
{
	DdlLog	   *log = arg;
	MigOccasion occasion = mig_occasion("", NULL);
	const char *command;
	const char *statement = statement_text(log, &command);
	MigParam	drops[] = {
		MIG_PARAM(BOOLOID, BoolGetDatum(only_drops(log->event->parsetree))),
	};
	MigSpi		spi;

	mig_spi_begin(&spi, log->nsp, false);
	mig_spi_each(&spi, "SELECT schemas, exclude FROM @migrate_guard"
				 " WHERE mode = 'log'", 0, NULL,
				 read_guard, log);
	log->parents = mig_partman_parents();
	if (is_drop_event(log->event))
		mig_spi_each(&spi,
					 "SELECT object_type || ' ' || object_identity,"
					 " coalesce(schema_name, CASE WHEN object_type = 'schema'"
					 " OR pg_catalog.cardinality(address_names) > 2"
					 " THEN address_names[1] END),"
					 " coalesce(object_name, address_names[2], address_names[1])"
					 " FROM pg_catalog.pg_event_trigger_dropped_objects()"
					 " WHERE NOT is_temporary"
					 " AND address_names[3] IS DISTINCT FROM '_RETURN'"
					 " AND (CASE WHEN $1 THEN original OR normal"
					 " ELSE normal AND NOT original END)",
					 lengthof(drops), drops, read_dropped, log);
	else
		mig_spi_each(&spi,
					 "SELECT classid, objid, objsubid, command"
					 " FROM pg_catalog.pg_event_trigger_ddl_commands()",
					 0, NULL, read_command, log);
	if (log->objects != NIL)
		mig_journal_ddl(&spi, &occasion, statement, command, log->objects);
	mig_spi_end(&spi);
}

/* Without a row, which a dump of the schema alone leaves out, all is seen. */
static void
read_guard(TupleTableSlot *slot, void *arg)
{
	DdlLog	   *log = arg;

	slot_getallattrs(slot);
	if (!slot->tts_isnull[0])
		log->schemas = mig_text_array_list(slot->tts_values[0]);
	log->exclude = mig_text_array_list(mig_slot_value(slot, 2));
}

/*
 * Is nothing left of what the statement names?  Of an ALTER, the other event
 * has it.
 */
static bool
only_drops(const Node *stmt)
{
	return IsA(stmt, DropStmt) || IsA(stmt, DropOwnedStmt) ||
		IsA(stmt, DropUserMappingStmt) || IsA(stmt, DropSubscriptionStmt);
}

static void
read_dropped(TupleTableSlot *slot, void *arg)
{
	Concerned	concerned = {0};

	concerned.description = mig_slot_text(slot, 1);
	concerned.schema = mig_slot_text(slot, 2);
	concerned.name = mig_slot_text(slot, 3);
	note(arg, &concerned);
}

/* Grants and default privileges name no object but in the server's notes. */
static void
read_command(TupleTableSlot *slot, void *arg)
{
	DdlLog	   *log = arg;
	const CollectedCommand *command;
	ObjectAddress object;

	slot_getallattrs(slot);
	command = (const CollectedCommand *) DatumGetPointer(slot->tts_values[3]);
	if (command->in_extension)
		return;
	if (command->type == SCT_Grant)
		note_grant(log, command->d.grant.istmt);
	else if (command->type == SCT_AlterDefaultPrivileges)
		note_default_privileges(log);
	else
	{
		ObjectAddressSubSet(object, DatumGetObjectId(slot->tts_values[0]),
							DatumGetObjectId(slot->tts_values[1]),
							DatumGetInt32(slot->tts_values[2]));
		note_object(log, &object);
	}
}

/* GRANT is reported without its objects: the parser has found them. */
static void
note_grant(DdlLog *log, const InternalGrant *grant)
{
	ObjectAddress object = {catalog_of(grant->objtype), InvalidOid, 0};
	const ListCell *lc;

	if (!OidIsValid(object.classId))
		return;
	foreach(lc, grant->objects)
	{
		object.objectId = lfirst_oid(lc);
		note_object(log, &object);
	}
}

/* The catalog of what privileges are granted on; InvalidOid: no schema's. */
static Oid
catalog_of(ObjectType type)
{
	switch (type)
	{
		case OBJECT_TABLE:
		case OBJECT_SEQUENCE:
			return RelationRelationId;
		case OBJECT_FUNCTION:
		case OBJECT_PROCEDURE:
		case OBJECT_ROUTINE:
			return ProcedureRelationId;
		case OBJECT_TYPE:
		case OBJECT_DOMAIN:
			return TypeRelationId;
		case OBJECT_SCHEMA:
			return NamespaceRelationId;
		case OBJECT_LANGUAGE:
			return LanguageRelationId;
		case OBJECT_FDW:
			return ForeignDataWrapperRelationId;
		case OBJECT_FOREIGN_SERVER:
			return ForeignServerRelationId;
		default:
			return InvalidOid;
	}
}

/* No object has changed: what is concerned is in the statement. */
static void
note_default_privileges(DdlLog *log)
{
	Concerned	concerned = {.description = "default privileges"};
	const ListCell *lc;
	const ListCell *schema;
	bool		in_schema = false;

	concerned.name = concerned.description;
	foreach(lc, castNode(AlterDefaultPrivilegesStmt,
						 log->event->parsetree)->options)
	{
		const DefElem *option = lfirst_node(DefElem, lc);

		if (strcmp(option->defname, "schemas") != 0)
			continue;
		in_schema = true;
		foreach(schema, (const List *) option->arg)
		{
			concerned.schema = strVal(lfirst(schema));
			concerned.name = concerned.schema;
			concerned.description =
				psprintf("default privileges in schema %s",
						 quote_identifier(concerned.schema));
			note(log, &concerned);
		}
	}
	if (!in_schema)
		note(log, &concerned);
}

/* What is gone already is in sql_drop; members of extensions are not ours. */
static void
note_object(DdlLog *log, const ObjectAddress *object)
{
	Concerned	concerned = {0};
	List	   *names = NIL;
	List	   *args = NIL;
	const char *identity = getObjectIdentityParts(object, &names, &args, true);
	Oid			table;

	if (identity == NULL || names == NIL ||
		OidIsValid(getExtensionOfObject(object->classId, object->objectId)))
		return;
	concerned.description = psprintf("%s %s",
									 getObjectTypeDescription(object, true),
									 identity);
	concerned.name = llast(names);
	if (object->classId == TypeRelationId)
		name_type(object->objectId, &concerned);
	else if (object->classId == NamespaceRelationId)
		concerned.schema = concerned.name;
	else if (list_length(names) > 2 ||
			 OidIsValid(get_object_namespace(object)))
	{
		concerned.schema = linitial(names);
		concerned.name = lsecond(names);
	}
	if (object->classId == RelationRelationId)
	{
		table = IndexGetRelation(object->objectId, true);
		if (OidIsValid(table))
			concerned.table = get_rel_name(table);
	}
	note(log, &concerned);
}

/* The names above are one string for types. */
static void
name_type(Oid type, Concerned *concerned)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Form_pg_type row = (Form_pg_type) GETSTRUCT(tuple);

	concerned->schema = get_namespace_name_or_temp(row->typnamespace);
	concerned->name = pstrdup(NameStr(row->typname));
	ReleaseSysCache(tuple);
}

static void
note(DdlLog *log, const Concerned *concerned)
{
	if (!is_passed_over(log, concerned) &&
		(only_drops(log->event->parsetree) ||
		 !mig_has_name(log->objects, concerned->description)))
		log->objects = lappend(log->objects,
							   pstrdup(concerned->description));
}

/* What is excluded, not named, temporary, or kept by an extension. */
static bool
is_passed_over(const DdlLog *log, const Concerned *concerned)
{
	const char *schema = concerned->schema;
	const char *table = concerned->table;
	Oid			nsp;

	if (table == NULL)
		table = concerned->name;
	if (mig_pattern_any(log->exclude, schema, concerned->name) ||
		mig_pattern_any(log->exclude, schema, table))
		return true;
	if (schema == NULL)
		return log->schemas != NIL;
	if (strcmp(schema, "pg_temp") == 0 ||
		(log->schemas != NIL && !mig_has_name(log->schemas, schema)) ||
		strncmp(concerned->description, "trigger " REPACK_TRIGGER " on ",
				strlen("trigger " REPACK_TRIGGER " on ")) == 0)
		return true;
	nsp = get_namespace_oid(schema, true);
	if (OidIsValid(nsp) &&
		OidIsValid(getExtensionOfObject(NamespaceRelationId, nsp)))
		return true;
	return mig_partman_keeps(log->parents, schema, table) ||
		(moves_partitions(log->event->parsetree) &&
		 mig_partman_has_parent(log->parents, schema, table));
}

/* Does it do nothing but attach or detach partitions? */
static bool
moves_partitions(const Node *stmt)
{
	const ListCell *lc;

	if (!IsA(stmt, AlterTableStmt))
		return false;
	foreach(lc, ((const AlterTableStmt *) stmt)->cmds)
	{
		switch (lfirst_node(AlterTableCmd, lc)->subtype)
		{
			case AT_AttachPartition:
			case AT_DetachPartition:
			case AT_DetachPartitionFinalize:
				break;
			default:
				return false;
		}
	}
	return true;
}

/*
 * The beginning of the client's statement.  If that is not the DDL itself, but
 * calls code that has it, command becomes its tag, otherwise NULL.
 */
static char *
statement_text(const DdlLog *log, const char **command)
{
	const char *source = debug_query_string == NULL ? "" : debug_query_string;
	int			length = strlen(source);

	*command = GetCommandTagName(log->event->tag);
	if (ActivePortal != NULL && ActivePortal->sourceText != NULL &&
		list_length(ActivePortal->stmts) == 1)
	{
		const PlannedStmt *stmt = linitial_node(PlannedStmt,
												ActivePortal->stmts);

		source = ActivePortal->sourceText + Max(stmt->stmt_location, 0);
		length = stmt->stmt_len > 0 ? stmt->stmt_len : (int) strlen(source);
		if (stmt->utilityStmt != NULL &&
			CreateCommandTag(stmt->utilityStmt) == log->event->tag)
			*command = NULL;
	}
	for (; length > 0 && scanner_isspace(*source); length--)
		source++;
	while (length > 0 && scanner_isspace(source[length - 1]))
		length--;
	return pnstrdup(source, pg_mbcliplen(source, length, STATEMENT_SIZE));
}
