/*-------------------------------------------------------------------------
 *
 * model/accept.c
 *	  What a kind of statement means for a model, and in a replay of revisions.
 *
 * A model is often the output of pg_dump, or of a program that creates a
 * database.  What of it means nothing in a shadow is skipped; what waits or
 * commits for its own sake is done in the simple way; what would have effects
 * that survive the shadow, or belongs to the server, is refused.  Revisions
 * may do more, since they have rows; what they do to the server is skipped.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/accept.h"
#include "model/guard.h"
#include "model/hide.h"
#include "util/error.h"
#include "util/extension.h"

#include "catalog/pg_extension.h"
#include "commands/defrem.h"
#include "commands/extension.h"
#include "utils/lsyscache.h"

/* a statement as one of its kind */
#define AS(type) ((const type *) stmt)

static bool extension_stands(const Node *stmt);
static const char *refused_effect(const Node *stmt);
static const char *refused_scope(const Node *stmt);
static const char *refused_type(ObjectType type);
static bool transaction_skipped(const TransactionStmt *stmt);
static bool setting_skipped(const char *name);
static bool is_installed(const char *extension);
static bool is_in(const char *extension, const char *schema);
static bool has_created(const char *extension);
static bool drops_created(const DropStmt *stmt);
static const char *called_function(const SelectStmt *select);
static bool restores_statistics(const SelectStmt *select);
static bool connects(const CreateSubscriptionStmt *stmt);
static Node *adapt_schema(CreateSchemaStmt *stmt);

/*
 * Is a statement refused?  If so, *fault says why.
 */
bool
mig_model_fault(const Node *stmt, MigModelFault *fault)
{
	memset(fault, 0, sizeof(*fault));
	if (IsA(stmt, TransactionStmt) &&
		!transaction_skipped(AS(TransactionStmt)))
	{
		fault->code = ERRCODE_MIG_SCRIPT_REFUSED;
		fault->detail = "A model is built in a transaction that is always rolled back.";
		fault->hint = "BEGIN and COMMIT may surround a model; leave out the rest.";
		return true;
	}
	fault->detail = refused_effect(stmt);
	if (fault->detail != NULL)
	{
		fault->code = ERRCODE_MIG_MODEL_INCOMPLETE;
		fault->hint = "A model says what is to exist, by CREATE, ALTER and COMMENT.";
		return true;
	}
	fault->detail = refused_scope(stmt);
	if (fault->detail == NULL)
		return false;
	fault->code = ERRCODE_MIG_MODEL_REFUSED;
	if (IsA(stmt, CreateSubscriptionStmt))
		fault->hint = "Add WITH (connect = false).";
	else
		fault->hint = "Leave it out of the model, and do it in a revision where it is needed.";
	return true;
}

/*
 * The same of a statement in a DO block or a function, where what reaches
 * beyond the transaction is refused, and what the server refuses anyway.
 */
bool
mig_model_fault_in_code(const Node *stmt, MigModelFault *fault)
{
	switch (nodeTag(stmt))
	{
		case T_TransactionStmt:
		case T_CallStmt:
		case T_ExplainStmt:
		case T_LockStmt:
		case T_VariableSetStmt:
			return false;
		default:
			return mig_model_fault(stmt, fault);
	}
}

/* Statements that do something, rather than define it. */
static const char *
refused_effect(const Node *stmt)
{
	const char *function;

	switch (nodeTag(stmt))
	{
		case T_CopyStmt:
			return "Rows are no part of a model.";
		case T_SelectStmt:
			function = called_function(AS(SelectStmt));
			if (AS(SelectStmt)->intoClause != NULL ||
				(function != NULL &&
				 (strcmp(function, "set_config") == 0 ||
				  strcmp(function, "setval") == 0)) ||
				restores_statistics(AS(SelectStmt)))
				return NULL;
			return "A query could have effects that last.";
		case T_CallStmt:
		case T_ExplainStmt:
		case T_CheckPointStmt:
		case T_LockStmt:
		case T_NotifyStmt:
			return "It does something, and defines nothing.";
		case T_ListenStmt:
		case T_UnlistenStmt:
		case T_LoadStmt:
		case T_DiscardStmt:
		case T_PrepareStmt:
		case T_ExecuteStmt:
		case T_DeallocateStmt:
		case T_DeclareCursorStmt:
		case T_FetchStmt:
		case T_ClosePortalStmt:
			return "It concerns the session, which goes on.";
		case T_VariableSetStmt:
			if (AS(VariableSetStmt)->kind == VAR_RESET_ALL)
				return "It concerns the session, which goes on.";
			return NULL;
		default:
			return NULL;
	}
}

/* Statements about what no schema and no database holds. */
static const char *
refused_scope(const Node *stmt)
{
	switch (nodeTag(stmt))
	{
		case T_CreateRoleStmt:
		case T_AlterRoleStmt:
		case T_AlterRoleSetStmt:
		case T_DropRoleStmt:
		case T_GrantRoleStmt:
		case T_ReassignOwnedStmt:
		case T_DropOwnedStmt:
			return refused_type(OBJECT_ROLE);
		case T_CreatedbStmt:
		case T_AlterDatabaseStmt:
		case T_AlterDatabaseSetStmt:
		case T_DropdbStmt:
			return refused_type(OBJECT_DATABASE);
		case T_CreateTableSpaceStmt:
		case T_DropTableSpaceStmt:
		case T_AlterTableSpaceOptionsStmt:
		case T_AlterTableMoveAllStmt:
			return refused_type(OBJECT_TABLESPACE);
		case T_AlterSystemStmt:
			return "Settings of the server belong to no database.";
		case T_ImportForeignSchemaStmt:
		case T_AlterSubscriptionStmt:
		case T_DropSubscriptionStmt:
			return "It would connect to another server.";
		case T_CreateSubscriptionStmt:
			return connects(AS(CreateSubscriptionStmt)) ?
				"It would connect to another server." : NULL;
		case T_AlterExtensionStmt:
		case T_AlterExtensionContentsStmt:
			return refused_type(OBJECT_EXTENSION);
		case T_DropStmt:
			return AS(DropStmt)->removeType == OBJECT_EXTENSION &&
				AS(DropStmt)->missing_ok ? NULL :
				refused_type(AS(DropStmt)->removeType);
		case T_GrantStmt:
			return refused_type(AS(GrantStmt)->objtype);
		case T_CommentStmt:
			return AS(CommentStmt)->objtype == OBJECT_EXTENSION ||
				AS(CommentStmt)->objtype == OBJECT_DATABASE ? NULL :
				refused_type(AS(CommentStmt)->objtype);
		case T_SecLabelStmt:
			return refused_type(AS(SecLabelStmt)->objtype);
		case T_AlterOwnerStmt:
			return refused_type(AS(AlterOwnerStmt)->objectType);
		case T_RenameStmt:
			return refused_type(AS(RenameStmt)->renameType);
		default:
			return NULL;
	}
}

static const char *
refused_type(ObjectType type)
{
	switch (type)
	{
		case OBJECT_ROLE:
			return "Roles belong to the server, not to a database.";
		case OBJECT_DATABASE:
			return "A model tells what is in the database, not what the database is.";
		case OBJECT_TABLESPACE:
			return "Tablespaces belong to the server, not to a database.";
		case OBJECT_EXTENSION:
			return "Extensions that are installed stay as they are; a model can only create them.";
		case OBJECT_LARGEOBJECT:
			return "Large objects are data.";
		default:
			return NULL;
	}
}

/*
 * Does a statement that is not refused mean nothing in a shadow?
 */
bool
mig_model_skips(const Node *stmt)
{
	const char *function;

	switch (nodeTag(stmt))
	{
		case T_TransactionStmt:
		case T_ConstraintsSetStmt:
		case T_VacuumStmt:
		case T_ReindexStmt:
		case T_VariableShowStmt:
			return true;
		case T_VariableSetStmt:
			return AS(VariableSetStmt)->kind == VAR_SET_MULTI ||
				setting_skipped(AS(VariableSetStmt)->name);
		case T_SelectStmt:
			function = called_function(AS(SelectStmt));
			return restores_statistics(AS(SelectStmt)) ||
				(function != NULL && strcmp(function, "setval") == 0);
		case T_CreateExtensionStmt:
			return extension_stands(stmt);
		case T_DropStmt:
			/* what pg_dump --clean begins with */
			return AS(DropStmt)->removeType == OBJECT_EXTENSION;
		case T_CommentStmt:
			return AS(CommentStmt)->objtype == OBJECT_DATABASE ||
				(AS(CommentStmt)->objtype == OBJECT_EXTENSION &&
				 is_installed(strVal(AS(CommentStmt)->object)));
		default:
			return false;
	}
}

/*
 * Is a statement to create an extension that is there already, in the schema
 * that it says?  Extensions are not set aside in a shadow.
 */
static bool
extension_stands(const Node *stmt)
{
	const char *extension;
	const char *schema;

	return IsA(stmt, CreateExtensionStmt) &&
		is_installed(AS(CreateExtensionStmt)->extname) &&
		(!mig_model_places_extension(stmt, &extension, &schema) ||
		 is_in(extension, schema));
}

/* Does it drop an extension that a script has created in the shadow? */
static bool
drops_created(const DropStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->objects)
	{
		if (has_created(strVal(lfirst(lc))))
			return true;
	}
	return false;
}

/*
 * Does a script alter or drop extensions that it has itself created in the
 * shadow, and no others?
 */
bool
mig_replay_owns_extension(const Node *stmt)
{
	const ListCell *lc;

	if (IsA(stmt, AlterExtensionStmt))
		return has_created(AS(AlterExtensionStmt)->extname);
	if (IsA(stmt, AlterExtensionContentsStmt))
		return has_created(AS(AlterExtensionContentsStmt)->extname);
	if (!IsA(stmt, DropStmt) || AS(DropStmt)->removeType != OBJECT_EXTENSION)
		return false;
	foreach(lc, AS(DropStmt)->objects)
	{
		if (!has_created(strVal(lfirst(lc))))
			return false;
	}
	return true;
}

/* Is there an extension that a script has created in the shadow? */
static bool
has_created(const char *extension)
{
	Oid			oid = get_extension_oid(extension, true);

	return OidIsValid(oid) && mig_guard_has_created(ExtensionRelationId, oid);
}

/*
 * Is a statement about what a shadow cannot begin without: an extension that
 * is there, or the schema that its members are in?
 */
bool
mig_model_needs_no_run(const Node *stmt)
{
	const ListCell *lc;

	switch (nodeTag(stmt))
	{
		case T_CreateExtensionStmt:
			return extension_stands(stmt);
		case T_CommentStmt:
			return AS(CommentStmt)->objtype == OBJECT_EXTENSION &&
				is_installed(strVal(AS(CommentStmt)->object));
		case T_CreateSchemaStmt:
			return AS(CreateSchemaStmt)->schemaname != NULL &&
				mig_hide_holds_members(AS(CreateSchemaStmt)->schemaname);
		case T_DropStmt:
			if (AS(DropStmt)->removeType == OBJECT_EXTENSION)
				return !drops_created(AS(DropStmt));
			if (AS(DropStmt)->removeType != OBJECT_SCHEMA)
				return false;
			foreach(lc, AS(DropStmt)->objects)
			{
				if (!mig_hide_holds_members(strVal(lfirst(lc))))
					return false;
			}
			return true;
		default:
			return false;
	}
}

/*
 * Why a statement is refused where revisions are replayed, or NULL: it would
 * have effects that last.
 */
const char *
mig_replay_fault(const Node *stmt)
{
	switch (nodeTag(stmt))
	{
		case T_CopyStmt:
			if (AS(CopyStmt)->is_program)
				return "A program that has run stays so.";
			return !AS(CopyStmt)->is_from && AS(CopyStmt)->filename != NULL ?
				"The file would stay." : NULL;
		case T_ImportForeignSchemaStmt:
			return "It would connect to another server.";
		case T_LoadStmt:
		case T_DiscardStmt:
		case T_PrepareStmt:
		case T_ExecuteStmt:
		case T_DeallocateStmt:
			return "It concerns the session, which goes on.";
		default:
			return NULL;
	}
}

/*
 * Is a statement left out where revisions are replayed?  *is_named tells
 * whether that is to be said, since the schema might be another with it.
 */
bool
mig_replay_skips(const Node *stmt, bool *is_named)
{
	*is_named = false;
	switch (nodeTag(stmt))
	{
		case T_ReindexStmt:
			return true;
		case T_VacuumStmt:
			*is_named = AS(VacuumStmt)->is_vacuumcmd;
			return true;
		case T_CreateExtensionStmt:
			return is_installed(AS(CreateExtensionStmt)->extname);
		case T_CommentStmt:
			if (AS(CommentStmt)->objtype == OBJECT_EXTENSION)
				return is_installed(strVal(AS(CommentStmt)->object));
			*is_named = AS(CommentStmt)->objtype == OBJECT_DATABASE ||
				refused_scope(stmt) != NULL;
			break;
		case T_DropStmt:
			*is_named = AS(DropStmt)->removeType == OBJECT_EXTENSION ||
				refused_scope(stmt) != NULL;
			break;
		case T_CheckPointStmt:
		case T_NotifyStmt:
		case T_ListenStmt:
		case T_UnlistenStmt:
			*is_named = true;
			break;
		case T_ImportForeignSchemaStmt:
			break;
		default:
			*is_named = refused_scope(stmt) != NULL;
			break;
	}
	return *is_named;
}

/*
 * Does a statement say in which schema an extension is to be?
 *
 * The server's own schema is not meant: what is there stays there.
 */
bool
mig_model_places_extension(const Node *stmt, const char **extension,
						   const char **schema)
{
	*schema = NULL;
	if (IsA(stmt, CreateExtensionStmt))
	{
		*extension = AS(CreateExtensionStmt)->extname;
		*schema = mig_extension_option(AS(CreateExtensionStmt), "schema");
	}
	else if (IsA(stmt, AlterObjectSchemaStmt) &&
			 AS(AlterObjectSchemaStmt)->objectType == OBJECT_EXTENSION)
	{
		*extension = strVal(AS(AlterObjectSchemaStmt)->object);
		*schema = AS(AlterObjectSchemaStmt)->newschema;
	}
	return *schema != NULL && strcmp(*schema, "pg_catalog") != 0;
}

/* Dumps in one transaction have them; savepoints they have not. */
static bool
transaction_skipped(const TransactionStmt *stmt)
{
	return stmt->kind == TRANS_STMT_BEGIN || stmt->kind == TRANS_STMT_START ||
		stmt->kind == TRANS_STMT_COMMIT;
}

/*
 * Settings that are ours while a model is built, or the caller's.  pg_dump
 * sets many of them, some of a later server's.
 */
static bool
setting_skipped(const char *name)
{
	static const char *const names[] = {
		"check_function_bodies", "client_encoding", "client_min_messages",
		"event_triggers", "idle_in_transaction_session_timeout",
		"lock_timeout", "row_security", "session_replication_role",
		"standard_conforming_strings", "statement_timeout",
		"transaction_timeout",
	};

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (pg_strcasecmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/* In the database, whatever its version. */
static bool
is_installed(const char *extension)
{
	return OidIsValid(get_extension_oid(extension, true));
}

static bool
is_in(const char *extension, const char *schema)
{
	Oid			oid = get_extension_oid(extension, false);
	char	   *name = get_namespace_name(mig_hide_extension_schema(oid));

	return name != NULL && strcmp(name, schema) == 0;
}

/*
 * The function that a plain SELECT calls, and nothing but it, without its
 * schema; NULL if it does anything else.
 */
static const char *
called_function(const SelectStmt *select)
{
	const char *function = NULL;
	ListCell   *lc;

	if (select->targetList == NIL || select->fromClause != NIL ||
		select->whereClause != NULL || select->op != SETOP_NONE ||
		select->intoClause != NULL || select->withClause != NULL ||
		select->sortClause != NIL)
		return NULL;
	foreach(lc, select->targetList)
	{
		Node	   *value = lfirst_node(ResTarget, lc)->val;
		const char *name;

		if (!IsA(value, FuncCall))
			return NULL;
		name = strVal(llast(((FuncCall *) value)->funcname));
		if (function != NULL && strcmp(function, name) != 0)
			return NULL;
		function = name;
	}
	return function;
}

/*
 * Is it SELECT * FROM pg_catalog.pg_restore_relation_stats(...) or alike, as
 * pg_dump --statistics writes it?
 */
static bool
restores_statistics(const SelectStmt *select)
{
	RangeFunction *from;
	const FuncCall *call;
	const char *name;

	if (list_length(select->fromClause) != 1 || select->op != SETOP_NONE ||
		select->whereClause != NULL || select->withClause != NULL ||
		!IsA(linitial(select->fromClause), RangeFunction))
		return false;
	from = linitial(select->fromClause);
	call = linitial(linitial_node(List, from->functions));
	if (list_length(from->functions) != 1 || !IsA(call, FuncCall))
		return false;
	name = strVal(llast(call->funcname));
	return strcmp(name, "pg_restore_relation_stats") == 0 ||
		strcmp(name, "pg_restore_attribute_stats") == 0 ||
		strcmp(name, "pg_restore_extended_stats") == 0;
}

static bool
connects(const CreateSubscriptionStmt *stmt)
{
	ListCell   *lc;

	foreach(lc, stmt->options)
	{
		DefElem    *option = lfirst_node(DefElem, lc);

		if (strcmp(option->defname, "connect") == 0)
			return defGetBoolean(option);
	}
	return true;
}

/*
 * Change the parse tree of a statement to what is to run: nothing concurrent,
 * and schemas that stand already are as good as new.
 */
Node *
mig_model_adapt(Node *stmt)
{
	mig_model_in_transaction(stmt);
	if (IsA(stmt, CreateSchemaStmt))
		return adapt_schema((CreateSchemaStmt *) stmt);
	return stmt;
}

/* Change the parse tree of a statement to one that is not concurrent. */
void
mig_model_in_transaction(Node *stmt)
{
	ListCell   *lc;

	switch (nodeTag(stmt))
	{
		case T_IndexStmt:
			((IndexStmt *) stmt)->concurrent = false;
			break;
		case T_DropStmt:
			((DropStmt *) stmt)->concurrent = false;
			break;
		case T_RefreshMatViewStmt:
			((RefreshMatViewStmt *) stmt)->concurrent = false;
			break;
		case T_AlterTableStmt:
			foreach(lc, ((AlterTableStmt *) stmt)->cmds)
			{
				AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

				if (cmd->subtype == AT_DetachPartition)
					castNode(PartitionCmd, cmd->def)->concurrent = false;
			}
			break;
		default:
			break;
	}
}

/*
 * The schema stands already, unless its statement has elements; what is left
 * to do is to set its owner.
 */
static Node *
adapt_schema(CreateSchemaStmt *stmt)
{
	AlterOwnerStmt *owner;

	if (stmt->schemaElts != NIL)
		return (Node *) stmt;
	stmt->if_not_exists = true;
	if (stmt->authrole == NULL ||
		(stmt->schemaname == NULL &&
		 stmt->authrole->roletype != ROLESPEC_CSTRING))
		return (Node *) stmt;
	owner = makeNode(AlterOwnerStmt);
	owner->objectType = OBJECT_SCHEMA;
	owner->object = (Node *) makeString(stmt->schemaname != NULL ?
										stmt->schemaname :
										stmt->authrole->rolename);
	owner->newowner = stmt->authrole;
	return (Node *) owner;
}

/*
 * Fold ALTER TYPE ... ADD VALUE into the CREATE TYPE of the same model, since
 * servers before 17 do not let a new value be used in its transaction.  False
 * if that cannot be done; then the statement runs as it is.
 */
bool
mig_model_fold_value(CreateEnumStmt *create, const AlterEnumStmt *alter)
{
	int			at = list_length(create->vals);
	ListCell   *lc;

	if (alter->oldVal != NULL)
		return false;
	foreach(lc, create->vals)
	{
		if (strcmp(strVal(lfirst(lc)), alter->newVal) == 0)
			return alter->skipIfNewValExists;
	}
	if (alter->newValNeighbor != NULL)
	{
		at = -1;
		foreach(lc, create->vals)
		{
			if (strcmp(strVal(lfirst(lc)), alter->newValNeighbor) == 0)
				at = foreach_current_index(lc) + alter->newValIsAfter;
		}
	}
	if (at < 0)
		return false;
	create->vals = list_insert_nth(create->vals, at,
								   makeString(alter->newVal));
	return true;
}
