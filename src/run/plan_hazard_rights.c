/*-------------------------------------------------------------------------
 *
 * run/plan_hazard_rights.c
 *	  What the kind of a statement tells of rights, and of what holds rows
 *	  back.
 *
 * Of statements that somebody has written: what lets somebody see or do more
 * than before, and what no longer looks at rows that are written.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/plan_hazard_rights.h"

#include "catalog/namespace.h"
#include "commands/defrem.h"
#include "nodes/makefuncs.h"
#include "run/plan_hazard_rows.h"
#include "util/hazard.h"
#include "util/sql.h"
#include "utils/builtins.h"

static List *of_grant(const GrantStmt *stmt);
static List *of_new_policy(const CreatePolicyStmt *stmt, const List *made,
						   const List *secured);
static List *of_policy(const AlterPolicyStmt *stmt);
static List *of_drop(const DropStmt *stmt);
static List *of_table(const AlterTableStmt *stmt, const List *made);
static List *of_command(const AlterTableCmd *cmd, const char *table);
static List *of_trigger(const AlterTableCmd *cmd, const char *table,
						const char *what);
static List *of_view(const AlterTableStmt *stmt);
static List *of_new_function(const CreateFunctionStmt *stmt);
static List *of_function(const AlterFunctionStmt *stmt);
static List *of_routine(const List *options, const char *kind, List *name,
						const char *unless);
static const DefElem *last_option(const List *options, const char *name);
static List *of_setting(const VariableSetStmt *stmt);

/*
 * The lines that tell of a statement, char *; of tables that the script has
 * made, or for which it turns row security on, whose names are given, what may
 * be known of them is not said.
 */
List *
mig_plan_hazard_rights(const Node *stmt, const List *made, const List *secured)
{
	const GrantStmt *action;

	switch (nodeTag(stmt))
	{
		case T_GrantStmt:
			return of_grant((const GrantStmt *) stmt);
		case T_AlterDefaultPrivilegesStmt:
			action = ((const AlterDefaultPrivilegesStmt *) stmt)->action;
			return of_grant(action);
		case T_CreatePolicyStmt:
			return of_new_policy((const CreatePolicyStmt *) stmt, made,
								 secured);
		case T_AlterPolicyStmt:
			return of_policy((const AlterPolicyStmt *) stmt);
		case T_DropStmt:
			return of_drop((const DropStmt *) stmt);
		case T_AlterTableStmt:
			return of_table((const AlterTableStmt *) stmt, made);
		case T_CreateFunctionStmt:
			return of_new_function((const CreateFunctionStmt *) stmt);
		case T_AlterFunctionStmt:
			return of_function((const AlterFunctionStmt *) stmt);
		case T_VariableSetStmt:
			return of_setting((const VariableSetStmt *) stmt);
		default:
			return NIL;
	}
}

/* The table for which a statement turns row security on, or NULL */
const RangeVar *
mig_plan_hazard_secured(const Node *stmt)
{
	const ListCell *lc;

	foreach(lc, IsA(stmt, AlterTableStmt) ?
			((const AlterTableStmt *) stmt)->cmds : NIL)
	{
		if (lfirst_node(AlterTableCmd, lc)->subtype == AT_EnableRowSecurity)
			return ((const AlterTableStmt *) stmt)->relation;
	}
	return NULL;
}

static List *
of_grant(const GrantStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->is_grant ? stmt->grantees : NIL)
	{
		if (lfirst_node(RoleSpec, lc)->roletype == ROLESPEC_PUBLIC)
			return mig_say(NIL, MIG_WEAKENS_SECURITY, "all roles get a privilege");
	}
	return NIL;
}

/* Where row security is on, one that does not restrict lets more through. */
static List *
of_new_policy(const CreatePolicyStmt *stmt, const List *made,
			  const List *secured)
{
	char	   *table = mig_plan_hazard_name(stmt->table);

	if (!stmt->permissive || mig_has_name(made, table) ||
		mig_has_name(secured, table))
		return NIL;
	return mig_say(NIL, MIG_WEAKENS_SECURITY,
				   "policy \"%s\" of table %s lets through more rows, if its row security is on",
				   stmt->policy_name, table);
}

static List *
of_policy(const AlterPolicyStmt *stmt)
{
	return mig_say(NIL, MIG_WEAKENS_SECURITY,
				   "policy \"%s\" of table %s may let through other rows than before",
				   stmt->policy_name, mig_plan_hazard_name(stmt->table));
}

/* A policy is named by the names of its table and its own. */
static List *
of_drop(const DropStmt *stmt)
{
	List	   *lines = NIL;
	const ListCell *lc;

	foreach(lc, stmt->removeType == OBJECT_POLICY ? stmt->objects : NIL)
	{
		const List *names = lfirst_node(List, lc);
		List	   *table = list_truncate(list_copy(names),
										  list_length(names) - 1);

		lines = mig_say(lines, MIG_WEAKENS_SECURITY,
						"policy \"%s\" of table %s goes", strVal(llast(names)),
						NameListToQuotedString(table));
	}
	return lines;
}

static List *
of_table(const AlterTableStmt *stmt, const List *made)
{
	char	   *table = mig_plan_hazard_name(stmt->relation);
	List	   *lines = NIL;
	const ListCell *lc;

	if (stmt->objtype == OBJECT_VIEW)
		return of_view(stmt);
	if (stmt->objtype != OBJECT_TABLE || mig_has_name(made, table))
		return NIL;
	foreach(lc, stmt->cmds)
		lines = list_concat(lines, of_command(lfirst_node(AlterTableCmd, lc),
											  table));
	return lines;
}

static List *
of_command(const AlterTableCmd *cmd, const char *table)
{
	switch (cmd->subtype)
	{
		case AT_DisableRowSecurity:
			return mig_say(NIL, MIG_WEAKENS_SECURITY,
						   "policies do not hold any more, each row of table %s is seen",
						   table);
		case AT_NoForceRowSecurity:
			return mig_say(NIL, MIG_WEAKENS_SECURITY,
						   "policies do not hold for the owner of table %s any more",
						   table);
		case AT_DisableTrig:
			return of_trigger(cmd, table, "does not fire");
		case AT_EnableReplicaTrig:
			return of_trigger(cmd, table, "fires for replicated rows alone");
		case AT_DisableTrigUser:
			return mig_say(NIL, MIG_DISABLES_TRIGGERS,
						   "triggers of table %s do not fire any more", table);
		case AT_DisableTrigAll:
			return mig_say(NIL, MIG_DISABLES_TRIGGERS,
						   "triggers of table %s do not fire any more, nor are its rows held against foreign keys",
						   table);
		default:
			return NIL;
	}
}

static List *
of_trigger(const AlterTableCmd *cmd, const char *table, const char *what)
{
	return mig_say(NIL, MIG_DISABLES_TRIGGERS, "trigger %s of table %s %s",
				   quote_identifier(cmd->name), table, what);
}

/* An option of a view that goes, or is turned off */
static List *
of_view(const AlterTableStmt *stmt)
{
	List	   *lines = NIL;
	const ListCell *lc;
	const ListCell *ld;

	foreach(lc, stmt->cmds)
	{
		const AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);
		bool		resets = cmd->subtype == AT_ResetRelOptions;

		foreach(ld, resets || cmd->subtype == AT_SetRelOptions ?
				castNode(List, cmd->def) : NIL)
		{
			DefElem    *option = lfirst_node(DefElem, ld);

			if ((strcmp(option->defname, "security_invoker") == 0 ||
				 strcmp(option->defname, "security_barrier") == 0) &&
				(resets || !defGetBoolean(option)))
				lines = mig_say(lines, MIG_WEAKENS_SECURITY, "view %s is without %s",
								mig_plan_hazard_name(stmt->relation),
								option->defname);
		}
	}
	return lines;
}

/* Names in a body that is no text are known when it is made. */
static List *
of_new_function(const CreateFunctionStmt *stmt)
{
	return stmt->sql_body != NULL ? NIL :
		of_routine(stmt->options, stmt->is_procedure ? "procedure" :
				   "function", stmt->funcname, "");
}

static List *
of_function(const AlterFunctionStmt *stmt)
{
	return of_routine(stmt->actions, stmt->objtype == OBJECT_PROCEDURE ?
					  "procedure" : "function", stmt->func->objname,
					  ", unless it has one of its own");
}

/* Does it run as its owner, wherever the caller finds what it names? */
static List *
of_routine(const List *options, const char *kind, List *name,
		   const char *unless)
{
	const DefElem *security = last_option(options, "security");
	const ListCell *lc;

	if (security == NULL || !boolVal(security->arg))
		return NIL;
	foreach(lc, options)
	{
		const DefElem *option = lfirst_node(DefElem, lc);

		if (strcmp(option->defname, "set") == 0 &&
			castNode(VariableSetStmt, option->arg)->kind == VAR_SET_VALUE &&
			strcmp(castNode(VariableSetStmt, option->arg)->name,
				   "search_path") == 0)
			return NIL;
	}
	return mig_say(NIL, MIG_WEAKENS_SECURITY,
				   "%s %s runs as its owner, and names in it are of the caller's search_path%s",
				   kind, NameListToQuotedString(name), unless);
}

static const DefElem *
last_option(const List *options, const char *name)
{
	const DefElem *found = NULL;
	const ListCell *lc;

	foreach(lc, options)
	{
		if (strcmp(lfirst_node(DefElem, lc)->defname, name) == 0)
			found = lfirst(lc);
	}
	return found;
}

/* By it all triggers are silent, those of foreign keys, too. */
static List *
of_setting(const VariableSetStmt *stmt)
{
	A_Const    *value;

	if (stmt->kind != VAR_SET_VALUE || list_length(stmt->args) != 1 ||
		pg_strcasecmp(stmt->name, "session_replication_role") != 0)
		return NIL;
	value = linitial(stmt->args);
	if (IsA(value, A_Const) && IsA(&value->val, String) &&
		pg_strcasecmp(strVal(&value->val), "replica") != 0)
		return NIL;
	return mig_say(NIL, MIG_DISABLES_TRIGGERS,
				   "no trigger fires any more, nor are rows held against foreign keys");
}
